"""The reference interpretation: a plain fold over what the policy says, with exact values. Slow, and what is right.

It does not use the kernel: operators mean what their row of the catalogue says, numbers are Fractions, dates are
`datetime` dates, unknown is None. Every engine is tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.types import Bool, Number

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.rules.lower import LawData

Scalars = Mapping[tuple[str, int | str | None], Any]
Lists = Mapping[str, "Sequence[Mapping[str, Any]] | None"]


@attrs.frozen
class Facts:
    """Exact facts of one person: scalars by (name, slot), rows by list; None is unknown."""

    scalars: Scalars
    lists: Lists


@attrs.define
class _Evaluation:
    """Folds one expression with the rows bound so far."""

    law: LawData
    facts: Facts
    steps: dict[str, Any]
    rows: dict[Binder, int] = attrs.field(factory=dict)

    def literal(self, node: Literal) -> Any:  # noqa: ANN401 - an exact value
        return node.value if not isinstance(node.type, Number) else Fraction(node.value)

    def fact(self, node: Fact) -> Any:  # noqa: ANN401
        if node.slot == "#":
            rows = self.facts.lists[node.name]
            return None if rows is None else Fraction(len(rows))
        return self.facts.scalars[(node.name, node.slot)]

    def row(self, node: Row) -> Any:  # noqa: ANN401
        rows = self.facts.lists[node.binder.list_fact]
        return None if rows is None else rows[self.rows[node.binder]].get(node.field)

    def parameter(self, node: Parameter) -> Any:  # noqa: ANN401
        value = self.law.parameters[node.key]
        return Fraction(value) if isinstance(node.type, Number) else value

    def step(self, node: Step) -> Any:  # noqa: ANN401
        value = self.steps[node.key]
        return value if node.binder is None or value is None else value[self.rows[node.binder]]

    def call(self, node: Call, args: tuple[Any, ...]) -> Any:  # noqa: ANN401
        row = CATALOGUE[node.op]
        if row.unknown == "strict" and None in args:
            return None
        return row.meaning(self.law.resolved(node.const), *args) if row.constant else row.meaning(*args)

    def each(self, node: Each) -> Any:  # noqa: ANN401
        rows = self.facts.lists[node.binder.list_fact]
        if rows is None:
            return None
        bodies, wheres = [], []
        for i in range(len(rows)):
            inner = attrs.evolve(self, rows={**self.rows, node.binder: i})
            wheres.append(True if node.where is None else fold(node.where, inner))
            bodies.append(fold(node.body, inner))
        default = node.default
        return aggregate(node, bodies, wheres, None if default is None else lambda: fold(default, self))


def aggregate(node: Each, bodies: list[Any], wheres: list[bool | None], default: Any) -> Any:  # noqa: ANN401, C901, PLR0911 - one case an operator
    """Fold the rows of a list: any and all by Kleene, the rest unknown when a filter or a counted row is."""
    pairs = list(zip(wheres, bodies, strict=True))
    if node.op == "any":
        tests = [False if w is False or b is False else None if w is None or b is None else True for w, b in pairs]
        return True if True in tests else None if None in tests else False
    if node.op == "all":
        tests = [True if w is False or b is True else None if w is None or b is None else False for w, b in pairs]
        return False if False in tests else None if None in tests else True
    if None in wheres:
        return None
    kept = [b for w, b in pairs if w]
    if node.op == "count" and not isinstance(node.body.type, Bool):
        return Fraction(len(kept))
    if None in kept:
        return None
    match node.op:
        case "count":
            return Fraction(sum(kept))
        case "sum":
            return sum(kept, Fraction(0))
        case "min" | "max":
            if not kept:
                return default()
            return min(kept) if node.op == "min" else max(kept)
        case "mean":
            return sum(kept, Fraction(0)) / len(kept) if kept else _lowest(node)
        case _:
            return Fraction(median(kept)) if kept else _lowest(node)


def _lowest(node: Each) -> Fraction:
    return Fraction(node.body.type.lo)


def evaluate(law: Law, facts: Facts) -> dict[str, Any]:
    """Give the exact value of every step, None where it is unknown; rowwise steps give a list, or None."""
    steps: dict[str, Any] = {}
    for step in law.steps:
        evaluation = _Evaluation(law.data, facts, steps)
        if step.binder is None:
            steps[step.key] = fold(step.rich, evaluation)
            continue
        rows = facts.lists[step.binder.list_fact]
        steps[step.key] = (
            None
            if rows is None
            else [fold(step.rich, attrs.evolve(evaluation, rows={step.binder: i})) for i in range(len(rows))]
        )
    return steps


def evaluated(
    expr: Expr,
    law: LawData,
    facts: Facts,
    steps: dict[str, Any] | None = None,
    rows: Mapping[Binder, int] | None = None,
) -> Any:  # noqa: ANN401
    """Give the exact value of one expression, from the values of the steps it reads and the rows it stands in."""
    return fold(expr, _Evaluation(law, facts, {} if steps is None else steps, dict(rows or {})))
