"""Questions that can be asked of a law, and the law extended by the steps that measure what is asked.

A question is about one person or about a pair. What it asks for is always the value of a named step, so that the
solver, the sampled people and the reference all read the same thing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.diagnostics import Faults
from asnmerit.rules import types as t
from asnmerit.rules.declarations import About
from asnmerit.rules.expr import NOWHERE, Call, Expr, Fact, Step
from asnmerit.rules.expr import Literal as Written
from asnmerit.rules.law import Law, LawStep
from asnmerit.rules.lower import lowered

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode

Lane = tuple[str, int | str | None]
Relation = Literal["any", "up", "next"]
"""How the second of a pair stands to the first in a lane: any value, the same or more, exactly one step more.

Another member of the same level is not more.
"""


@attrs.frozen
class Exists:
    """Is there a person for whom the boolean step `key` is true? `within` fixes lanes: one person's, all but a few."""

    key: str
    within: Mapping[Lane, Any] = attrs.field(factory=dict)


@attrs.frozen
class Pairs:
    """Is there a pair (a, b), alike in every lane but those of `varying`, with a.key `op` b.key?

    `gt`: a.key - b.key is at least `by`, in the step's own whole numbers (`law.steps[i].code.type.den` make one).
    `ne`: they differ. The step is a number or a truth value.
    """

    key: str
    op: Literal["gt", "ne"]
    varying: Mapping[Lane, Relation]
    by: int = 1


@attrs.frozen
class Extreme:
    """What is the largest (or smallest) value of the number `key`, among those for whom the step `where` is true?

    `within` fixes lanes: one person's, all but a few.
    """

    key: str
    sense: Literal["max", "min"]
    where: str | None = None
    within: Mapping[Lane, Any] = attrs.field(factory=dict)


Question = Exists | Pairs | Extreme

WHOLE: Final = t.INTEGER


def read_step(law: Law, key: str) -> Step:
    """Give an expression that reads a step of the law.

    Raises:
        KeyError: if the law has no such step.
    """
    return Step(law.steps[law.index[key]].type, key)


def whole(n: int | Fraction) -> Written:
    """Write a number."""
    return Written(t.NUMBER if isinstance(n, Fraction) else WHOLE, Fraction(n))


def both(*tests: Expr) -> Expr:
    """Write that all hold."""
    return _joined("and", tests)


def either(*tests: Expr) -> Expr:
    """Write that one holds."""
    return _joined("or", tests)


def negated(test: Expr) -> Expr:
    """Write that something does not hold."""
    return Call(t.BOOL, "not", (test,))


def chosen(test: Expr, yes: Expr, no: Expr) -> Expr:
    """Write a choice."""
    return Call(yes.type, "if", (test, yes, no))


def differ(a: Expr, b: Expr) -> Expr:
    """Write that two values differ."""
    return negated(alike(a, b))


def alike(a: Expr, b: Expr) -> Expr:
    """Write that two values are the same; truth values too."""
    if isinstance(a.type, t.Bool):
        return chosen(a, b, negated(b))
    return Call(t.BOOL, "eq", (a, b), None)


def _joined(op: str, tests: Sequence[Expr]) -> Expr:
    if not tests:
        return Written(t.BOOL, op == "and")
    return tests[0] if len(tests) == 1 else Call(t.BOOL, op, tuple(tests))


class Extended:
    """A law with steps added, each computed from those before it.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> more = Extended(law)
    >>> key = more.add("not promoted", negated(read_step(law, "promotion.granted")))
    >>> more.law().steps[-1].key
    'not promoted'
    """

    def __init__(self, law: Law) -> None:
        """Begin with the law as it is."""
        self.base = law
        self._steps: dict[str, LawStep] = {s.key: s for s in law.steps}
        self._types = {s.key: s.code.type for s in law.steps}
        self._lists = {n: d.type for n, d in law.declared.items() if isinstance(d.type, t.ListOf)}

    def __contains__(self, key: str) -> bool:
        """Whether there is a step of that name."""
        return key in self._steps

    def read(self, key: str) -> Step:
        """Give an expression that reads a step, an added one too."""
        return Step(self._steps[key].type, key)

    def add(self, wanted: str, expr: Expr) -> str:
        """Add a step and give its name, which is the one wanted unless another step bears it.

        Raises:
            NotProvedError: if its value would leave 64 bits.
        """
        key, n = wanted, 1
        while key in self._steps:
            n += 1
            key = f"{wanted} ~{n}"
        code = lowered(expr, self.base.data, self._types, self._lists, Faults(), key, NOWHERE)
        self._types[key] = code.type
        self._steps[key] = LawStep(key, "part", expr.type, expr, code, About())
        return key

    def law(self) -> Law:
        """Give the law with what was added so far."""
        return attrs.evolve(self.base, steps=tuple(self._steps.values()))


# --- what a decision is worth to the person ---


def settled(law: Law, node: DecisionNode) -> Expr:
    """Write that a decision is granted: entitled, and not in conflict."""
    granted = read_step(law, f"{node.key}.granted")
    conflict = f"{node.key}.conflict"
    return both(granted, negated(read_step(law, conflict))) if conflict in law.index else granted


def fields_of(law: Law, node: DecisionNode) -> tuple[str, ...]:
    """Give the fields of an outcome that have a value of their own: totals, where rules are collected."""
    names = node.totals if node.hit == "collect" else tuple(node.fields)
    return tuple(f for f in names if f"{node.key}.{f}" in law.index)


def level(value: Expr) -> Expr:
    """Write a value as a number that orders it: the level of a member, the day of a date, 1 for true.

    Where a type has no order, the number only tells its members apart.
    """
    of = value.type
    match of:
        case t.Bool():
            return chosen(value, whole(1), whole(0))
        case t.Enum(ordered=True):
            lowest = Written(of, min(range(len(of.members)), key=of.levels.__getitem__))
            return Call(WHOLE, "steps", (lowest, value), of)
        case t.Enum():
            return place(value)
        case t.Date():
            return Call(WHOLE, "days_between", (Written(t.DATE, 1), value))
        case _:
            return value


def place(value: Expr) -> Expr:
    """Write a value as a number that no other value has: of members that share a level, the place in the list."""
    of = value.type
    if not isinstance(of, t.Enum) or (of.ordered and len(set(of.levels)) == len(of.levels)):
        return level(value)
    found: Expr = whole(0)
    for code in range(1, len(of.members)):
        found = chosen(Call(t.BOOL, "eq", (value, Written(of, code)), None), whole(code), found)
    return found


def worth(law: Law, node: DecisionNode, field: str | None = None) -> Expr:
    """Write what a decision gives as one number: of a field where granted, one less than its least where not.

    Without a field: 1 where it is granted, else 0. A total is 0 where nothing is granted.
    """
    granted = settled(law, node)
    if field is None:
        return chosen(granted, whole(1), whole(0))
    value = read_step(law, f"{node.key}.{field}")
    if node.hit == "collect":
        return value
    measured = level(value)
    low = law.steps[law.index[f"{node.key}.{field}"]].code.type
    below = whole(-1) if isinstance(value.type, t.Enum | t.Bool | t.Date) else whole(Fraction(low.lo, low.den) - 1)
    return chosen(granted, measured, below)


def better(node: DecisionNode, field: str) -> Literal["higher", "lower"] | None:
    """Say which way a field is better for the person: as declared, else as the kind of decision implies.

    What a benefit gives is better higher, what a burden lays on better lower, where it is a number or has an order. Of
    a finding nothing is implied.
    """
    declared = node.better.get(field)
    if declared is not None:
        return "higher" if declared == "higher" else "lower"
    of = node.fields.get(field)
    ordered = isinstance(of, t.Number) or (isinstance(of, t.Enum) and of.ordered)
    if not ordered or node.kind == "finding":
        return None
    return "higher" if node.kind == "benefit" else "lower"


def lanes_of(law: Law, fact: str) -> tuple[Lane, ...]:
    """Give the lanes of a fact that the law reads."""
    return tuple(lane for lane in law.inputs if lane[0] == fact)


def fact_of(law: Law, name: str, slot: int | str | None = None) -> Fact:
    """Give an expression that reads a scalar fact, or one slot of a family."""
    of = law.declared[name].type
    inner = of.of if isinstance(of, t.Yearly | t.PerMember) else of
    return Fact(inner, name, slot)
