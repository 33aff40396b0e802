"""From a rich expression to the kernel: the interpretation that every other engine starts from."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules import calendar
from asnmerit.rules.build import Kernel
from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.kernel import Int, int_of
from asnmerit.rules.table import Cell, CellRef, MonthsRef, TableData, kind_of
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.diagnostics import Faults, Position


@attrs.frozen
class LawData:
    """What one slice of a policy holds: values of parameters (exact), sets of months, tables."""

    parameters: Mapping[str, Any]
    tables: Mapping[str, TableData]
    as_of: tuple[int, int] = (calendar.FIRST, calendar.LAST)

    def resolved(self, const: Any) -> Any:  # noqa: ANN401 - a constant of a call
        """Give what a constant of a call stands for under this law."""
        if isinstance(const, CellRef):
            return Cell(self.tables[const.table], const.column)
        if isinstance(const, MonthsRef):
            return self.parameters[const.key]
        return const


def int_type(of: Scalar) -> Int:
    """Give the kernel type of a declared type."""
    match of:
        case Bool():
            return int_of("bool", 0, 1)
        case Enum():
            return int_of("code", 0, len(of.members) - 1)
        case Date():
            return int_of("date", of.lo or calendar.FIRST, of.hi or calendar.LAST)
        case Number():
            den = of.denominator
            low, high = of.lo if of.lo is not None else Fraction(0), of.hi if of.hi is not None else Fraction(0)
            return int_of("number", int(low * den), int(high * den), den)


class Lowering:
    """Folds one step's expression into the kernel."""

    def __init__(self, law: LawData, types: Mapping[str, Int], lists: Mapping[str, ListOf], k: Kernel) -> None:
        """Take the slice's data, the kernel types of steps made before, the list facts and the maker of nodes."""
        self.law, self.types, self.lists, self.k = law, types, lists, k
        self.memo: dict[int, Expr] = {}

    def expression(self, root: Expr) -> Expr:
        """Lower an expression; nodes met before are shared."""
        return fold(root, self, self.memo)

    def finished(self, root: Expr) -> Expr:
        """Lower a whole step: a ratio cannot be its value."""
        result = self.expression(root)
        if isinstance(result, Call) and result.op == "ratio":
            self.k.fail("division-place")
        return result

    def literal(self, node: Literal) -> Expr:
        """A value written out."""
        if isinstance(node.type, Number):
            return self.k.number(node.value)
        return self.k.constant(kind_of(node.type), int(node.value))

    def fact(self, node: Fact) -> Expr:
        """An input; the day of decision lies within the policy's life."""
        if node.name == "as_of":
            return attrs.evolve(node, type=int_of("date", *self.law.as_of))
        if node.slot == "#":
            return attrs.evolve(node, type=int_of("number", 0, self.lists[node.name].up_to))
        return attrs.evolve(node, type=self._fitting(node))

    def row(self, node: Row) -> Expr:
        """A field of the bound row."""
        return attrs.evolve(node, type=self._fitting(node))

    def _fitting(self, node: Fact | Row) -> Int:
        """Give the kernel type of an input, proved to be one that can be computed with."""
        kind = int_type(node.type)
        self.k.fits(kind.lo, kind.hi, kind.den, ())
        return kind

    def parameter(self, node: Parameter) -> Expr:
        """A value of the law becomes a constant."""
        return self.literal(Literal(node.type, self.law.parameters[node.key], node.position))

    def step(self, node: Step) -> Expr:
        """A named step made before."""
        return attrs.evolve(node, type=self.types[node.key])

    def call(self, node: Call, args: tuple[Expr, ...]) -> Expr:
        """An operator: its row of the catalogue writes it."""
        row = CATALOGUE[node.op]
        if node.position.file:
            self.k.position = node.position
        if row.constant:
            return row.lower(self.k, self.law.resolved(node.const), *args)
        return row.lower(self.k, *args)

    # --- folds over rows ---

    def each(self, node: Each) -> Expr:
        """A fold: the filter goes into the body, except for min and max, which keep it."""
        body = self.expression(node.body)
        where = None if node.where is None else self.expression(node.where)
        make = getattr(self, f"_{node.op}")
        result: Expr = make(node, body, where)
        return result

    def _each(
        self, node: Each, op: str, kind: Int, body: Expr, where: Expr | None = None, default: Expr | None = None
    ) -> Expr:
        return Each(kind, op, node.binder, body, where, default, node.position)

    def _all(self, node: Each, body: Expr, where: Expr | None) -> Expr:
        asked = body if where is None else self.k.either(self.k.negated(where), body)
        return self._each(node, "all", int_of("bool", 0, 1), asked)

    def _any(self, node: Each, body: Expr, where: Expr | None) -> Expr:
        asked = body if where is None else self.k.both(where, body)
        return self._each(node, "any", int_of("bool", 0, 1), asked)

    def _sum(self, node: Each, body: Expr, where: Expr | None) -> Expr:
        if where is not None:
            body = self.k.chosen(where, body, self.k.number(0), strict=True)
        if isinstance(body, Call) and body.op == "ratio":
            self.k.fail("division-place")
        most, t = node.binder.up_to, body.type
        low, high = min(0, t.lo * most), max(0, t.hi * most)
        self.k.fits(low, high, t.den, (body,))
        return self._each(node, "sum", int_of("number", low, high, t.den), body)

    def _count(self, node: Each, body: Expr, where: Expr | None) -> Expr:
        one = self.k.number(1)
        counted = self.k.as_number(body) if body.type.kind == "bool" else one
        return self._sum(node, counted, where)

    def _extreme(self, node: Each, body: Expr, where: Expr | None) -> Expr:
        default = body if node.default is None else self.expression(node.default)
        kind = body.type.kind
        den = 1
        if kind == "number":
            (body, default), den = self.k.aligned(body, default)
        low, high = min(body.type.lo, default.type.lo), max(body.type.hi, default.type.hi)
        return self._each(node, node.op, int_of(kind, low, high, den), body, where, default)

    _min = _extreme
    _max = _extreme

    def _mean(self, node: Each, body: Expr, _where: Expr | None) -> Expr:
        """Sum times 1/k, read from a table on k: exact, and no division. Kept within the range of the values."""
        total, most = self._sum(node, body, None), node.binder.up_to
        over = lcm(*range(1, most + 1))
        shares = self.k.lookup([0, *(over // n for n in range(1, most + 1))], self._length(node), den=over)
        t = body.type
        low, high = (self.k.number(Fraction(n, t.den)) for n in (t.lo, t.hi))
        mean = self.k.arithmetic("min", self.k.arithmetic("max", self.k.times(total, shares), low), high)
        if t.lo >= 0:
            return mean
        none = self.k.compared("eq", self._length(node), self.k.number(0))
        return self.k.chosen(none, low, mean, strict=True)

    def _median(self, node: Each, body: Expr, _where: Expr | None) -> Expr:
        """The mean of the two middle values: the k-th smallest is the least value that k values do not exceed."""
        count = self._length(node)
        lower, upper = (
            self._smallest(
                node,
                body,
                self.k.rounded(
                    "floor",
                    self.k.times(self.k.arithmetic("add", count, self.k.number(n)), self.k.number(Fraction(1, 2))),
                    Fraction(1),
                ),
            )
            for n in (1, 2)
        )
        return self.k.times(self.k.arithmetic("add", lower, upper), self.k.number(Fraction(1, 2)))

    def _smallest(self, node: Each, body: Expr, place: Expr) -> Expr:
        inner = attrs.evolve(node.binder, name=f"{node.binder.name}_")
        other = Row(body.type, inner, "value", node.position)
        below = self.k.as_number(self.k.compared("le", other, body))
        counted = self._sum(attrs.evolve(node, binder=inner), below, None)
        enough = self.k.compared("le", place, counted)
        least = Literal(int_of("number", body.type.lo, body.type.lo, body.type.den), body.type.lo)
        return self._each(node, "min", body.type, body, enough, least)

    def _length(self, node: Each) -> Expr:
        at_most = self.lists[node.binder.list_fact].up_to
        return Fact(int_of("number", 0, at_most), node.binder.list_fact, "#", node.position)


def lowered(
    root: Expr,
    law: LawData,
    types: Mapping[str, Int],
    lists: Mapping[str, ListOf],
    faults: Faults,
    name: str,
    position: Position,
) -> Expr:
    """Lower one step. Raises NotProvedError when a proof fails; the diagnostic is noted by then."""
    return Lowering(law, types, lists, Kernel(faults, name, position)).finished(root)
