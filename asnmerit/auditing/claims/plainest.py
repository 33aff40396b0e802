"""Witnesses made plain: the simplest person, or pair, of whom what was asked is still so."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.crowd.simplifying import Simplifying
from asnmerit.auditing.questions import Extreme, Pairs
from asnmerit.decision import decide
from asnmerit.errors import RecordError
from asnmerit.outcome import cone

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.rules.law import Law

Lanes = dict["Lane", Any]
MOST = 300
"""So many people are tried to make one witness plainer."""


class Plainest:
    """Makes witnesses of one law plain. The same witness comes out the same each time.

    A step that no witness rests on is left out while people are tried; who comes out is confirmed by others.
    """

    def __init__(self, law: Law, as_of: datetime.date, most: int = MOST, until: float | None = None) -> None:
        """Take the law with the measured steps, and how many people may be tried for one witness.

        After `until`, by the monotonic clock, witnesses are left as they are.
        """
        self.law, self.as_of, self.most = law, as_of, most
        self.until = math.inf if until is None else until
        self._checks = tuple(s.key for s in law.steps if s.role == "check")
        self._laws: dict[tuple[str, ...], Law] = {}
        self._domains = domains(law)

    def __call__(self, question: Question, people: tuple[Mapping[Lane, Any], ...]) -> tuple[Mapping[Lane, Any], ...]:
        """Give a plainer person or pair that answers the question too; the values of an `Extreme` stay the same."""
        if time.monotonic() > self.until:
            return people
        wanted = None
        if isinstance(question, Extreme):
            seen = self._seen((question.key,), dict(people[0]))
            wanted = None if seen is None else seen[question.key]

        def test(*some: Lanes) -> bool:
            return time.monotonic() < self.until and self._answers(question, some, wanted)

        fixed: Mapping[Lane, Any] = getattr(question, "within", {})
        free = {lane: domain for lane, domain in self._domains.items() if lane not in fixed}
        if not test(*(dict(p) for p in people)):  # one that the solver found beyond what is asked here
            return people
        return Simplifying(free, self.as_of, lambda _: True, test, self.most).simplest(*people)

    def _answers(self, question: Question, people: tuple[Lanes, ...], wanted: object) -> bool:
        """Whether people are lawful and answer a question."""
        where = question.where if isinstance(question, Extreme) else None
        keys = (question.key,) if where is None else (question.key, where)
        seen = [s for s in (self._seen(keys, person) for person in people) if s is not None]
        if len(seen) < len(people):
            return False
        first = seen[0][question.key]
        match question:
            case Pairs(_, op, _, by):
                other = seen[1][question.key]
                return bool(first != other) if op == "ne" else int(first) - int(other) >= by
            case Extreme():
                return first == wanted and (where is None or bool(seen[0][where]))
            case _:
                return bool(first)

    def _seen(self, keys: tuple[str, ...], person: Lanes) -> dict[str, Any] | None:
        """Give the values of some steps for a person; None for one who is not of the law's domain."""
        law = self._law(keys)
        try:
            record = record_of(law, {lane: person[lane] for lane in law.inputs if lane in person}, self.as_of)
            raw = decide(law, record, self.as_of).raw
        except RecordError:
            return None
        return {key: raw[law.index[key]] for key in keys}

    def _law(self, keys: tuple[str, ...]) -> Law:
        """Give the law with no more than the steps that some rest on, and the checks."""
        if keys not in self._laws:
            kept = set(cone(self.law, *keys, *self._checks))
            steps = tuple(s for s in self.law.steps if s.key in kept)
            self._laws[keys] = attrs.evolve(self.law, steps=steps, decisions={}, rankings={})
        return self._laws[keys]
