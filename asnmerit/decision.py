"""Deciding one person, or many: a mapping in, a decision that carries everything it rests on out."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError, Fault, RecordError, UnknownDecisionError
from asnmerit.explanation import explain
from asnmerit.lazily import lazily
from asnmerit.missing import Missing, foregone, missing_facts, total_bounds
from asnmerit.outcome import ConditionResult, Grant, facts_below
from asnmerit.plan import rules_that_count, status_of
from asnmerit.record import canonical, decision_record, facts_of
from asnmerit.rules.days import day_argument
from asnmerit.views import Values
from asnmerit.witness import witness_of

if TYPE_CHECKING:
    from asnmerit.edge import Input
    from asnmerit.plan import DecisionPlan, RulePlan
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

STATUSES = ("granted", "refused", "undetermined", "conflict")


class Decision:
    """What the law says of one person on one day, with every value it rests on. Never changed.

    `decision["promotion"]` gives an `Outcome`; `values` every named step; `facts` what was used; `presumed` the
    facts that a legal presumption stood in for.
    """

    __slots__ = ("__dict__", "_input", "as_of", "law", "raw")

    law: Law
    as_of: datetime.date
    raw: tuple[Any, ...]

    def __init__(self, law: Law, as_of: datetime.date, given: Input, raw: tuple[Any, ...]) -> None:
        """Keep what was computed; the rest is made when someone looks."""
        set_ = object.__setattr__
        set_(self, "law", law)
        set_(self, "as_of", as_of)
        set_(self, "_input", given)
        set_(self, "raw", raw)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a decision is evidence."""
        message = f"a decision does not change: {name}"
        raise AttributeError(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it was made from."""
        return Decision, (self.law, self.as_of, self.given, self.raw)

    @property
    def given(self) -> Input:
        """The lanes that were computed with."""
        return self._input  # type: ignore[attr-defined, no-any-return]

    @property
    def presumed(self) -> tuple[str, ...]:
        """The facts that were unknown and that a legal presumption filled."""
        return self.given.presumed

    @lazily
    def values(self) -> Values:
        """Every named step, exact: Fraction, Decimal, int, date, member, truth value, or None where unknown."""
        return Values(self.law, self.raw, compiled(self.law).viewers)

    @lazily
    def facts(self) -> Mapping[str, Any]:
        """The facts that the law read, as a record would give them; unknown ones left out."""
        return MappingProxyType(facts_of(self))

    def __getitem__(self, name: str) -> Outcome:
        """Give the outcome of a decision by name; `UnknownDecisionError` (a KeyError) where there is none."""
        found = self.outcomes.get(name)
        if found is None:
            raise UnknownDecisionError(name, tuple(self.outcomes))
        return found

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the decisions."""
        return iter(self.law.decisions)

    def __len__(self) -> int:
        """Count the decisions."""
        return len(self.law.decisions)

    @lazily
    def outcomes(self) -> Mapping[str, Outcome]:
        """All outcomes by the name of the decision."""
        return MappingProxyType({name: Outcome(self, plan) for name, plan in compiled(self.law).plans.items()})

    def __repr__(self) -> str:
        """Name the policy, the day and each status."""
        said = ", ".join(f"{n}={o.status}" for n, o in self.outcomes.items())
        return f"<Decision {self.law.policy} {self.as_of}: {said}>"

    def to_dict(self) -> dict[str, Any]:
        """Give the decision record as plain data. See `asnmerit.record`."""
        return decision_record(self)

    def to_json(self) -> str:
        """Give the decision record as canonical JSON: the same bytes for the same decision."""
        return canonical(self.to_dict())

    def _repr_html_(self) -> str:
        return explain(self, lang="en").to_html()


class Outcome:
    """The answer to one question of the law, with its reasons."""

    def __init__(self, decision: Decision, plan: DecisionPlan) -> None:
        """Read one decision's steps out of a decision."""
        parts = self.__dict__
        parts["decision"], parts["plan"] = decision, plan

    decision: Decision
    plan: DecisionPlan

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: an answer is evidence."""
        message = f"an outcome does not change: {name}"
        raise AttributeError(message)

    @property
    def node(self) -> DecisionNode:
        """The decision as the law has it."""
        return self.plan.node

    @property
    def name(self) -> str:
        """The name of the decision."""
        return self.plan.node.key

    @property
    def kind(self) -> str:
        """`benefit`, `burden` or `finding`."""
        return self.plan.node.kind

    def __repr__(self) -> str:
        """Show status and outcome."""
        return f"<Outcome {self.name}: {self.status} {dict(self.outcome) if self.outcome else ''}>"

    @property
    def entitled(self) -> bool | None:
        """Whether a rule holds: true, false, or None when that is not settled."""
        raw = self.decision.raw[self.plan.granted]
        return None if raw is None else bool(raw)

    @lazily
    def status(self) -> str:
        """`granted`, `refused`, `undetermined` or `conflict`. Granted only when the whole outcome is known."""
        return status_of(self.decision.raw, self.plan)

    @property
    def _holding(self) -> list[RulePlan]:
        raw = self.decision.raw
        return [r for r in self.plan.rules if raw[r.at]]

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that hold for certain."""
        return tuple(r.node.name for r in self._holding)

    @property
    def open_rules(self) -> tuple[str, ...]:
        """The rules that are not settled."""
        raw = self.decision.raw
        return tuple(r.node.name for r in self.plan.rules if raw[r.at] is None)

    @property
    def rule(self) -> str | None:
        """The rule that granted, where it is one and known."""
        if self.status != "granted" or self.plan.which is None:
            return None
        which = self.decision.raw[self.plan.which]
        return None if which is None else self.plan.rules[which].node.name

    @lazily
    def outcome(self) -> Mapping[str, Any] | None:
        """The outcome by field when granted; what `otherwise` says when refused; None when nothing is known.

        With `hit: collect` the totals; the single grants are in `grants`.
        """
        raw, plan = self.decision.raw, self.plan
        if plan.node.hit == "collect" or self.status == "granted":
            return MappingProxyType({p.name: p.show(raw[p.at]) for p in plan.fields})
        if self.status == "refused":
            return MappingProxyType({p.name: p.show(raw[p.at]) for p in plan.fields if p.name in plan.node.otherwise})
        return None

    @lazily
    def grants(self) -> tuple[Grant, ...]:
        """Each rule that holds for certain, with what it grants (several only where rules are collected)."""
        raw, holding = self.decision.raw, self._holding
        if self.plan.node.hit != "collect":
            rule = self.rule
            holding = [r for r in holding if r.node.name == rule]
        return tuple(
            [
                Grant(r.node.name, MappingProxyType({p.name: p.show(raw[p.at]) for p in r.grants}), r.node.about)
                for r in holding
            ]
        )

    @property
    def total(self) -> Any:  # noqa: ANN401 - an exact number, or several
        """The total of a `collect` decision: exact; a mapping where several fields are added up; None if unknown."""
        if self.plan.node.hit != "collect":
            return None
        totals = self.outcome or {}
        return next(iter(totals.values())) if len(totals) == 1 else (totals or None)

    @lazily
    def total_bounds(self) -> Mapping[str, tuple[Any, Any]]:
        """Sound bounds of each total, over everything that is unknown: equal where the total is known."""
        return MappingProxyType(total_bounds(self.decision, self.node))

    @lazily
    def missing(self) -> Missing:
        """The facts that settle an undetermined decision whatever their values, none of which can be left out."""
        return missing_facts(self.decision, self.node) if self.status == "undetermined" else Missing((), exact=True)

    @lazily
    def foregone(self) -> str | None:
        """The one status that all completions share, where the ranges show it though the answer is undetermined."""
        return foregone(self.decision, self.node) if self.status == "undetermined" else None

    @lazily
    def conditions(self) -> Mapping[str, tuple[ConditionResult, ...]]:
        """The conditions of each rule with their truth and values, by the name of the rule."""
        raw = self.decision.raw
        return MappingProxyType({r.node.name: tuple([c.result(raw) for c in r.conditions]) for r in self.plan.rules})

    @property
    def grade(self) -> str:
        """The worst grade of evidence that the answer rests on, or an empty text where none is given.

        Rules that do not concern the person do not count, nor do those after the one that granted (`hit: first`).
        """
        return self.plan.grade_of(rules_that_count(self.decision.raw, self.plan))


def decide(
    law: Law,
    record: Mapping[str, object],
    as_of: datetime.date | str | None = None,
    ignore: Collection[str] | str = (),
    *,
    witness: str | None = None,
) -> Decision:
    """Decide one person.

    `record` maps names of facts to values; an absent key or None is not known. `as_of` is the day decided for,
    within `law.valid` (default: the law's own day). `ignore` names keys that do not belong to the law (`"*"`: all
    such keys). `witness="durable"` asks durable_rules too, and raises `WitnessError` where it finds other rules true,
    `WitnessUnavailableError` where it cannot be asked. Raises `RecordError` with every fault of the record,
    `ArgumentError` for a day outside the law's.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> asnmerit.decide(law, {})["promotion"].status
    'undetermined'
    """
    engine = compiled(law)
    day = law.on if as_of is None else day_within(law, as_of)
    given = engine.read(record, day, ignore)
    raw = engine.run(given)
    if engine.checks:
        _checked(law, raw, engine.checks)
    if witness is not None:
        witness_of(law, witness).confirm(given, raw)
    return Decision(law, day, given, raw)


def day_within(law: Law, as_of: datetime.date | str) -> datetime.date:
    """Give the day decided for. Raises `ArgumentError` where the law does not hold on it."""
    day = day_argument("as_of", as_of)
    first, last = law.valid
    if day < first or (last is not None and day >= last):
        until = "" if last is None else f" to {last - datetime.timedelta(days=1)}"
        raise ArgumentError(
            "as_of", str(day), f"a day on which this law holds, {first}{until}; ask in_force for another law"
        )
    return day


def _checked(law: Law, raw: tuple[Any, ...], checks: tuple[int, ...]) -> None:
    """Refuse a record that breaks a check for certain; an undetermined check passes."""
    broken = [law.steps[i] for i in checks if raw[i] is not None and not raw[i]]
    if broken:
        raise RecordError([_broken(law, step) for step in broken])


def _broken(law: Law, step: Any) -> Fault:  # noqa: ANN401 - a step of the law
    label = (step.about.label or {}).get("en", step.key.removeprefix("checks."))
    names = ", ".join(sorted(facts_below(law, step.key)))
    return Fault(
        "check", names, "", f"{label} (check `{step.key.removeprefix('checks.')}`)", "these facts contradict each other"
    )


@attrs.frozen
class RowError:
    """A record that could not be decided: its place (from 1) and every fault. Nothing is lost."""

    row: int
    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        """Name the row and its faults."""
        return f"row {self.row}: " + "; ".join(map(str, self.faults))


def decide_many(
    law: Law,
    records: Iterable[Mapping[str, object]],
    as_of: datetime.date | str | None = None,
    ignore: Collection[str] | str = (),
) -> Iterator[Decision | RowError]:
    """Decide one record after another, in order; a bad record gives a `RowError` and stops nothing.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [type(d).__name__ for d in asnmerit.decide_many(law, [{}, {"no_such_fact": 1}])]
    ['Decision', 'RowError']
    """
    for row, record in enumerate(records, start=1):
        try:
            yield decide(law, record, as_of, ignore)
        except RecordError as error:
            yield RowError(row, error.faults)


@attrs.frozen
class Score(Mapping[str, Any]):
    """Indicators and scores of one person by name, exact; None where unknown."""

    of: Mapping[str, Any]

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401
        """Give an indicator or score."""
        return self.of[key]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.of)

    def __len__(self) -> int:
        """Count them."""
        return len(self.of)


def score(
    law: Law, record: Mapping[str, object], as_of: datetime.date | str | None = None, ignore: Collection[str] | str = ()
) -> Score:
    """Give the indicators and scores of one person, nothing decided. Arguments and errors as for `decide`.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> sorted(asnmerit.score(law, {}))[0]
    'discipline'
    """
    decision = decide(law, record, as_of, ignore)
    named = [s.key for s in law.steps if s.role in {"indicator", "score"}]
    return Score({key: decision.values[key] for key in named})


__all__ = ["STATUSES", "Decision", "Outcome", "RowError", "Score", "decide", "decide_many", "score"]
