"""Confirming who was found: nobody is shown of whom `decide` and the reference do not say what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.questions import Exists, Extreme, Pairs
from asnmerit.auditing.replaying import ReplayError, same
from asnmerit.decision import Decision, decide
from asnmerit.errors import RecordError
from asnmerit.exact import by_reference, exact_given
from asnmerit.rules.expr import Step, walk

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.auditing.proving.cases import Case, Lanes
    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.rules.law import Law


class Confirming:
    """Confirms what samples or the solver found: by `decide`, and step by step by the reference.

    The reference is asked for the steps that the question rests on, and for the checks; all of them are asked when a
    witness is shown.
    """

    def __init__(self, law: Law, as_of: datetime.date) -> None:
        """Take the law with all measured steps."""
        self.law, self.as_of = law, as_of
        self.checks = tuple(s.key for s in law.steps if s.role == "check")
        self._parts: dict[tuple[str, ...], Law] = {}

    def take(
        self,
        case: Case,
        people: tuple[Mapping[Lane, Any], ...],
        method: Literal["samples", "solver"],
        *,
        sure: bool = True,
    ) -> bool:
        """Take a candidate into a case where it is confirmed; say whether it was. `sure`: it should have been."""
        plain = tuple(_plain(p) for p in people)
        try:
            decided = [self._decided(p, case.keys) for p in plain]
            good = self._measured(case, decided)
        except (RecordError, ReplayError) as error:
            case.notes[f"not confirmed: {str(error)[:200]}"] = None
            good = False
        if not good:
            case.refused += sure
            return False
        case.verdict, case.people, case.method = "found", plain, method
        return True

    def _decided(self, lanes: Mapping[Lane, Any], keys: tuple[str, ...]) -> Decision:
        """Decide, and have the reference confirm what was asked for."""
        law = self.law
        decision = decide(law, record_of(law, lanes, self.as_of), self.as_of)
        part = self._part(keys)
        given = dict(zip(law.inputs, decision.given.lanes, strict=True))
        inputs = decision.given._replace(lanes=tuple(given[lane] for lane in part.inputs))
        raw = tuple(decision.raw[law.index[s.key]] for s in part.steps)
        _, ours = exact_given(Decision(part, self.as_of, inputs, raw))
        for key, value in by_reference(part, inputs).items():
            if not same(ours[key], value):
                raise ReplayError(law.policy, key)
        return decision

    def _part(self, keys: tuple[str, ...]) -> Law:
        """Give the law with no more steps than some rest on, as written and as computed; and the checks."""
        if keys not in self._parts:
            law = self.law
            needed: set[str] = set()
            stack = [*keys, *self.checks]
            while stack:
                key = stack.pop()
                if key not in needed:
                    needed.add(key)
                    step = law.steps[law.index[key]]
                    stack += [n.key for of in (step.rich, step.code) for n in walk(of) if isinstance(n, Step)]
            self._parts[keys] = attrs.evolve(law, steps=tuple(s for s in law.steps if s.key in needed))
        return self._parts[keys]

    def _measured(self, case: Case, decided: list[Decision]) -> bool:
        """Read off what was asked; the value of an `Extreme` is kept when it is better."""
        index = self.law.index
        raw = [{key: d.raw[index[key]] for key in (*case.keys, *self.checks)} for d in decided]
        if not held(case.question, decided[0]) or any(r[key] is not True for r in raw for key in self.checks):
            return False
        match case.question:
            case Exists(key):
                return raw[0][key] is True
            case Pairs(key, op, varying):
                a, b = raw[0][key], raw[1][key]
                if a is None or b is None or not related(decided, varying):
                    return False
                return bool(a != b) if op == "ne" else int(a) - int(b) >= case.question.by
            case Extreme(key, _, where, _):
                value = raw[0][key]
                if value is None or (where is not None and raw[0][where] is not True) or not case.better(int(value)):
                    return False
                case.value = int(value)
                return True


def held(question: Question, decided: Decision) -> bool:
    """Whether a person has what the question fixes."""
    if isinstance(question, Pairs):
        return True
    lanes = dict(zip(decided.law.inputs, decided.given.lanes, strict=True))
    return all(_said(lanes[lane]) == _said(v) for lane, v in question.within.items() if lane in lanes)


def _said(value: Any) -> tuple[int, ...]:  # noqa: ANN401 - an integer, or those of the rows
    return tuple(map(int, value)) if isinstance(value, list | tuple) else (int(value),)


def related(decided: list[Decision], varying: Mapping[Lane, str]) -> bool:
    """Whether two people agree in every lane that does not vary, and stand to one another as the others say."""
    law = decided[0].law
    known = domains(law)
    steps: list[int] = []
    for lane, x, y in zip(law.inputs, *(d.given.lanes for d in decided), strict=True):
        how = varying.get(lane)
        if how is None:
            if x != y:
                return False
        elif how != "any":
            domain = known[lane]
            one, two = _said(x), _said(y)
            moved = [(domain.level(a), domain.level(b)) for a, b in zip(one, two, strict=False) if a != b]
            # Another member of the same level is neither more nor one step more.
            if len(one) != len(two) or (how == "up" and any(b <= a for a, b in moved)):
                return False
            if how == "next":
                steps += [_steps(domain, a, b) or -1 for a, b in moved] + [0] * (len(one) - len(moved))
    return "next" not in varying.values() or sorted(steps) == [*[0] * (len(steps) - 1), 1]


def _steps(domain: Domain, one: int, two: int) -> int:
    """Give how many steps up it is from a level to another; -1 where it is down."""
    if domain.levels is None:
        return (two - one) // domain.step if two >= one else -1
    return len({level for level in domain.levels if one < level <= two}) if two >= one else -1


def _plain(lanes: Mapping[Lane, Any]) -> Lanes:
    return {k: [int(x) for x in v] if isinstance(v, list | tuple) else int(v) for k, v in lanes.items()}
