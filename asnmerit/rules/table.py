"""A table of the law as data: axes, cells and holes; how a cell is read, and how that is written in the kernel."""

from __future__ import annotations

import math
from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.rules.types import Enum, Number, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.build import Kernel
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.kernel import Kind


@attrs.frozen
class Axis:
    """One key. `exact`: members, truth values or a run of integers from `first`; `from`: bands by their lower ends."""

    name: str
    type: Scalar
    match: Literal["exact", "from"]
    first: Fraction
    last: Fraction
    ends: tuple[Fraction, ...] = ()

    @property
    def size(self) -> int:
        """How many places the axis has."""
        return len(self.ends) if self.match == "from" else int(self.last - self.first) + 1

    def place(self, key: Any) -> int:  # noqa: ANN401 - an exact value of the axis' type
        """Give the place of a key."""
        if self.match == "from":
            return bisect_right(self.ends, key) - 1
        return int(key - self.first)


@attrs.frozen(eq=False)
class TableData:
    """Cells in row-major order, one tuple a column; `present` is false in holes."""

    key: str
    axes: tuple[Axis, ...]
    columns: Mapping[str, tuple[Any, ...]]
    types: Mapping[str, Scalar]
    present: tuple[bool, ...]

    def place(self, keys: tuple[Any, ...]) -> int:
        """Give the place of a cell."""
        index = 0
        for axis, key in zip(self.axes, keys, strict=True):
            index = index * axis.size + axis.place(key)
        return index


@attrs.frozen
class CellRef:
    """A column of a table of the law, by name; the law says which version it is."""

    table: str
    column: str


@attrs.frozen
class MonthsRef:
    """A months parameter of the law, by name."""

    key: str


@attrs.frozen(eq=False)
class Cell:
    """A column of one version of a table: what the operators `cell` and `in_table` work on."""

    data: TableData
    column: str

    def read(self, *keys: Any) -> Any:  # noqa: ANN401 - a value of the column's type
        """Read a cell."""
        return self.data.columns[self.column][self.data.place(keys)]

    def present(self, *keys: Any) -> bool:  # noqa: ANN401
        """Whether the table itself has the cell."""
        return self.data.present[self.data.place(keys)]

    def lower(self, k: Kernel, *keys: Expr) -> Expr:
        """Write the reading of a cell in the kernel."""
        cells, of = self.data.columns[self.column], self.data.types[self.column]
        if isinstance(of, Number):
            den = math.lcm(*(c.denominator for c in cells))
            return k.lookup([int(c * den) for c in cells], self._index(k, keys), den=den)
        return k.lookup([int(c) for c in cells], self._index(k, keys), kind=kind_of(of))

    def lower_present(self, k: Kernel, *keys: Expr) -> Expr:
        """Write the test for a cell in the kernel."""
        return k.lookup([int(p) for p in self.data.present], self._index(k, keys), kind="bool")

    def _index(self, k: Kernel, keys: tuple[Expr, ...]) -> Expr:
        index: Expr | None = None
        for axis, key in zip(self.data.axes, keys, strict=True):
            place = self._place(k, axis, key)
            shifted = None if index is None else k.times(index, k.number(axis.size))
            index = place if shifted is None else k.arithmetic("add", shifted, place)
        if index is None:
            return k.number(0)
        return index

    def _place(self, k: Kernel, axis: Axis, key: Expr) -> Expr:
        low, high = (Fraction(n, key.type.den) for n in (key.type.lo, key.type.hi))
        if low < axis.first or high > axis.last:
            k.fail(
                "outside-table",
                key=f"`{axis.name}`",
                low=shown_key(low, axis.type),
                high=shown_key(high, axis.type),
                table=self.data.key,
                first=shown_key(axis.first, axis.type),
                last=shown_key(axis.last, axis.type),
            )
        plain = attrs.evolve(key, type=attrs.evolve(key.type, kind="number", den=1))
        if axis.match == "from":
            ends = tuple(math.ceil(e * key.type.den) for e in axis.ends)
            band = k.call("bucket", plain, const=ends)
            return k.arithmetic("max", k.arithmetic("sub", band, k.number(1)), k.number(0))
        k.whole(key)
        if axis.first == 0:
            return plain
        return k.arithmetic("sub", plain, k.number(axis.first))


def kind_of(of: Scalar) -> Kind:
    """Give the kernel's kind of a type."""
    if isinstance(of, Number):
        return "number"
    if isinstance(of, Enum):
        return "code"
    return "bool" if str(of) == "bool" else "date"


def shown_key(value: Fraction, of: Scalar) -> str:
    """Show an exact value of a type for a diagnostic."""
    if isinstance(of, Enum):
        return of.members[min(max(int(value), 0), len(of.members) - 1)]
    return str(value)
