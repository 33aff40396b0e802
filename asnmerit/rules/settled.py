"""What the law alone settles is not worth saying: years beyond the number that a parameter sets, months not listed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.table import MonthsRef
from asnmerit.rules.types import Bool

if TYPE_CHECKING:
    from asnmerit.rules.lower import LawData

TRUTH = Bool()


def settled(expr: Expr, data: LawData) -> Expr:
    """Leave out the parts of an expression that a slice of constant length does not reach.

    The result means the same under this law. Only tests that the library itself writes for `family[:parameter]` and
    `for m in months` are settled; a comparison that a policy says stays as it is.
    """
    return fold(expr, _Settling(data))


@attrs.frozen
class _Settling:
    data: LawData

    def literal(self, node: Literal) -> Expr:
        return node

    def fact(self, node: Fact) -> Expr:
        return node

    def row(self, node: Row) -> Expr:
        return node

    def parameter(self, node: Parameter) -> Expr:
        return node

    def step(self, node: Step) -> Expr:
        return node

    def each(self, node: Each) -> Expr:
        return node

    def call(self, node: Call, args: tuple[Expr, ...]) -> Expr:
        if (truth := self._truth(node)) is not None:
            return Literal(TRUTH, truth, node.position)
        if node.op in {"and", "or"}:
            return _joined(node, args, neutral=node.op == "and")
        first = args[0] if args else None
        if isinstance(first, Literal) and isinstance(first.type, Bool):
            if node.op == "not":
                return Literal(TRUTH, not first.value, node.position)
            if node.op in {"pick", "if"}:
                return args[1] if first.value else args[2]
        if node.op == "add" and any(_is_zero(a) for a in args) and not all(_is_zero(a) for a in args):
            return next(a for a in args if not _is_zero(a))
        return attrs.evolve(node, args=args)

    def _truth(self, node: Call) -> bool | None:
        """Give the truth of a test that the library wrote: a counted number against a parameter, or in months."""
        if not node.args or not isinstance(node.args[0], Literal):
            return None
        values = [a.value if isinstance(a, Literal) else self._value(a) for a in node.args]
        if node.op == "lt" and isinstance(node.args[1], Parameter) and None not in values:
            return bool(values[0] < values[1])
        if node.op == "in_months" and isinstance(node.const, MonthsRef) and node.const.key in self.data.parameters:
            return bool(CATALOGUE[node.op].meaning(self.data.parameters[node.const.key], *values))
        return None

    def _value(self, node: Expr) -> Any:  # noqa: ANN401 - an exact value of the law
        return self.data.parameters.get(node.key) if isinstance(node, Parameter) else None


def _joined(node: Call, args: tuple[Expr, ...], *, neutral: bool) -> Expr:
    """Join by and, or: what is neutral falls out, what decides is all that is left."""
    kept = []
    for arg in args:
        if isinstance(arg, Literal) and isinstance(arg.type, Bool):
            if bool(arg.value) is not neutral:
                return arg
        else:
            kept.append(arg)
    if not kept:
        return Literal(TRUTH, neutral, node.position)
    return kept[0] if len(kept) == 1 else attrs.evolve(node, args=tuple(kept))


def _is_zero(node: Expr) -> bool:
    return isinstance(node, Literal) and not isinstance(node.type, Bool) and node.value == 0
