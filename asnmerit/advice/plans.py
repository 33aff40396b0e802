"""What a road map says, as data: changes, plans, the reason of a refusal."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.record import canonical
from asnmerit.views import plain

if TYPE_CHECKING:
    import datetime

    from asnmerit.decision import Decision
    from asnmerit.outcome import ConditionResult
    from asnmerit.rules.types import Scalar

Lane = tuple[str, int | str | None]


@attrs.frozen
class Change:
    """One fact that changes: its column, what it is and what it must become, and what that costs.

    `met` are the conditions of the rule that grants which did not hold before and hold because of it.
    """

    fact: str
    column: str
    lane: Lane
    type: Scalar
    before: Any
    after: Any
    cost: int
    met: tuple[ConditionResult, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """Where the law asks for it."""
        return tuple(dict.fromkeys(str(c) for found in self.met for c in found.about.citations))

    def to_dict(self) -> dict[str, Any]:
        """Give the change as plain data."""
        return {
            "fact": self.fact,
            "column": self.column,
            "before": plain(self.before),
            "after": plain(self.after),
            "cost": self.cost,
            "conditions": [found.name for found in self.met],
            "articles": list(self.articles),
        }


@attrs.frozen
class Plan:
    """One way: on a day, with some changes. `until` is the last day of the run of days on which it holds.

    `proved` says whether it is proved that nothing costs less on that day, or that no day is earlier.
    """

    day: datetime.date
    until: datetime.date
    changes: tuple[Change, ...]
    decision: Decision
    proved: bool

    @property
    def cost(self) -> int:
        """What the changes cost together."""
        return sum(change.cost for change in self.changes)

    def to_dict(self) -> dict[str, Any]:
        """Give the plan as plain data."""
        return {
            "day": self.day.isoformat(),
            "until": self.until.isoformat(),
            "cost": self.cost,
            "proved": self.proved,
            "changes": [change.to_dict() for change in self.changes],
        }


@attrs.frozen
class Reason:
    """Facts that suffice for the answer whatever all others are.

    `least` says whether it is proved that none of them can be left out; without a solver it is only known that the law
    cannot settle the answer without it. `decision` is the answer from these facts alone; from all facts, where the law
    cannot settle it from them. There may be other such sets: one that stands whatever the person does is preferred.
    """

    facts: Mapping[str, Any]
    presumed: tuple[str, ...]
    decision: Decision
    least: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Give the reason as plain data."""
        return {"facts": plain(dict(self.facts)), "presumed": list(self.presumed), "least": self.least}


@attrs.frozen
class RoadMap:
    """What one person can do about one decision.

    `now` is the cheapest change today, `waiting` the first day without any change, `both` the plans in between: each is
    earlier than those that cost less. A part is None, or empty, where there is no such way within `until`.
    """

    name: str
    decision: Decision
    wanted: str
    reason: Reason | None
    now: Plan | None
    waiting: Plan | None
    both: tuple[Plan, ...]
    until: datetime.date
    levers: tuple[str, ...]
    proved: bool
    notes: tuple[Mapping[str, str], ...] = ()

    @property
    def needed(self) -> bool:
        """Whether anything is to be done: the decision does not already answer as wanted."""
        return self.decision[self.name].status != self.wanted

    def __iter__(self) -> Iterator[Plan]:
        """Iterate over all plans, the earliest first."""
        return iter(sorted({(p.day, p.cost): p for p in self.plans}.values(), key=lambda p: (p.day, p.cost)))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """All plans: now, both, waiting."""
        return tuple(p for p in (self.now, *self.both, self.waiting) if p is not None)

    def to_text(self, lang: str = "id") -> str:
        """Write it in words, in Indonesian (`id`) or English (`en`)."""
        from asnmerit.advice.telling import told  # noqa: PLC0415 - words are made when somebody reads them

        return told(self, lang)

    def __str__(self) -> str:
        """Write it in words, in English."""
        return self.to_text("en")

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415 - only a notebook needs it

        return f"<pre>{escape(self.to_text('id'))}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data."""
        return {
            "decision": self.name,
            "law": self.decision.law.identity(),
            "as_of": self.decision.as_of.isoformat(),
            "status": self.decision[self.name].status,
            "wanted": self.wanted,
            "until": self.until.isoformat(),
            "levers": list(self.levers),
            "proved": self.proved,
            "reason": None if self.reason is None else self.reason.to_dict(),
            "now": None if self.now is None else self.now.to_dict(),
            "waiting": None if self.waiting is None else self.waiting.to_dict(),
            "both": [plan.to_dict() for plan in self.both],
            "notes": [dict(note) for note in self.notes],
        }

    def to_json(self) -> str:
        """Give it as canonical JSON: the same bytes for the same road map."""
        return json.dumps(json.loads(canonical(self.to_dict())), ensure_ascii=False, indent=2)
