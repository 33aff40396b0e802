"""Rows of a table as written, read into data: nested by key, as series, with bands and holes."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.document import Node, Scalar, Sequence, Table, kind_of
from asnmerit.rules.table import Axis, TableData, shown_key
from asnmerit.rules.types import Bool, Date, Enum, Number
from asnmerit.rules.types import Scalar as ScalarType
from asnmerit.rules.values import read_number, read_value, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from asnmerit.diagnostics import Faults

MAX_CELLS = 100_000
Keys = tuple[Any, ...]
Cells = dict[Keys, tuple[Any, ...]]


@attrs.frozen
class Layout:
    """What a table's declaration says of its rows: the axes (bands still without ends) and the columns."""

    name: str
    axes: tuple[Axis, ...]
    columns: Mapping[str, ScalarType]


def axis_of(name: str, of: ScalarType, match: str | None) -> Axis | str:
    """Make an axis from a key's type; a text says why it cannot be one."""
    lo, hi = _span(of)
    if match == "from":
        if lo is None or hi is None:
            return "a key with `match: from` needs `from` and `to`"
        return Axis(name, of, "from", lo, hi)
    if isinstance(of, Number) and (lo is None or hi is None or of.unit != "integer"):
        return "a number is a key only as an integer with `from` and `to`, or with `match: from`"
    if isinstance(of, Date):
        return "a date is a key only with `match: from`"
    if lo is None or hi is None or hi - lo >= MAX_CELLS:
        return f"a key may take at most {MAX_CELLS} values"
    return Axis(name, of, "exact", lo, hi)


def _span(of: ScalarType) -> tuple[Fraction | None, Fraction | None]:
    match of:
        case Bool():
            return Fraction(0), Fraction(1)
        case Enum():
            return Fraction(0), Fraction(len(of.members) - 1)
        case Date():
            return (None, None) if of.lo is None or of.hi is None else (Fraction(of.lo), Fraction(of.hi))
        case Number():
            return of.lo, of.hi


class RowReader:
    """Reads the rows of one version of a table."""

    def __init__(self, layout: Layout, faults: Faults) -> None:
        """Read for a layout; faults go into the list given."""
        self.layout, self.faults = layout, faults
        self.cells: Cells = {}

    def read(self, rows: Node | None, series: Node | None, otherwise: Node | None, place: Node) -> TableData | None:
        """Read a version: rows, or series, and what holds in holes. None, with faults, when it cannot be."""
        before = len(self.faults.errors)
        if rows is not None:
            self.level(rows, ())
        if series is not None:
            self._series(series)
        default = None if otherwise is None else self._cell(otherwise, "`otherwise`")
        if len(self.faults.errors) > before:
            return None
        return self._data(default, place)

    def fault(self, node: Node, reason: str) -> None:
        """Note what is wrong with a row."""
        self.faults.add("table-row", node.position, table=self.layout.name, reason=reason)

    def level(self, node: Node, keys: Keys) -> None:
        """Read what stands below some keys: more keys, or a cell."""
        if len(keys) == len(self.layout.axes):
            cell = self._cell(node, "a row")
            if cell is not None:
                self.put(keys, cell, node)
            return
        axis = self.layout.axes[len(keys)]
        if not isinstance(node, Table):
            self.fault(node, f"expected rows by `{axis.name}`, got {kind_of(node)}")
            return
        for key, value in node.entries:
            read = read_value(key, axis.type, self.faults, f"key `{axis.name}` of `{self.layout.name}`")
            if read is not None:
                self.level(value, (*keys, read))

    def put(self, keys: Keys, cell: tuple[Any, ...], node: Node) -> None:
        """Put a cell at its keys, once."""
        if keys in self.cells:
            row = ", ".join(shown_key(Fraction(k), a.type) for k, a in zip(keys, self.layout.axes, strict=True))
            self.faults.add("table-duplicate", node.position, table=self.layout.name, row=row)
        self.cells[keys] = cell

    def _cell(self, node: Node, what: str) -> tuple[Any, ...] | None:
        columns = self.layout.columns
        what = f"{what} of `{self.layout.name}`"
        parts: list[Node | None]
        if list(columns) == [""]:
            parts = [node]
        elif isinstance(node, Sequence) and len(node.items) == len(columns):
            parts = list(node.items)
        elif isinstance(node, Table) and {k.text for k, _ in node.entries} == set(columns):
            parts = [node.get(name) for name in columns]
        else:
            self.fault(node, f"expected the columns {', '.join(columns)}, got {kind_of(node)}")
            return None
        read = [
            read_value(p, of, self.faults, what) for p, of in zip(parts, columns.values(), strict=True) if p is not None
        ]
        return None if None in read else tuple(read)

    def _series(self, node: Node) -> None:
        first, *_, last = (*self.layout.axes, self.layout.axes[-1])
        single = first is last
        fits = list(self.layout.columns) == [""] and len(self.layout.axes) <= 2 and isinstance(last.type, Number)  # noqa: PLR2004 - a small number said in place
        if not fits:
            self.fault(node, "series need one column, and one or two keys of which the last is a number")
            return
        if not single and not isinstance(node, Table):
            self.fault(node, f"expected series by `{first.name}`, got {kind_of(node)}")
            return
        for key, value in node.entries if isinstance(node, Table) and not single else [(None, node)]:
            code = None if key is None else read_value(key, first.type, self.faults, f"key of `{self.layout.name}`")
            for run in value.items if isinstance(value, Sequence) else (value,):
                self._run(run, () if code is None else (code,))

    def _run(self, node: Node, keys: Keys) -> None:
        if not isinstance(node, Table) or {k.text for k, _ in node.entries} != {"start", "step", "values"}:
            self.fault(node, "expected {start, step, values}")
            return
        start, step = (read_number(node.get(k), self.faults, f"`{k}` of a series") for k in ("start", "step"))
        values, last = node.get("values"), self.layout.axes[-1].type
        if start is None or step is None or not isinstance(values, Sequence) or not isinstance(last, Number):
            self.fault(node, "expected {start, step, values}")
            return
        for i, item in enumerate(values.items):
            cell = self._cell(item, "a value")
            at = start + i * step
            shown = Scalar(item.position, str(at))
            place = within(
                at, last, shown, self.faults, f"the key of value {i + 1} of a series of `{self.layout.name}`"
            )
            if cell is not None and place is not None:
                self.put((*keys, place), cell, item)

    def _data(self, default: tuple[Any, ...] | None, place: Node) -> TableData | None:
        axes = tuple(self._with_ends(i, axis) for i, axis in enumerate(self.layout.axes))
        size = 1
        for axis in axes:
            size *= axis.size
        if size > MAX_CELLS:
            self.fault(place, f"{size} cells; at most {MAX_CELLS}")
            return None
        found = self._filled(axes)
        holes = [keys for keys, cell in found if cell is None]
        if holes and default is None:
            some = "; ".join(self._row_name(keys, axes) for keys in holes[:3]) + (" …" if len(holes) > 3 else "")  # noqa: PLR2004 - a small number said in place
            self.faults.add("table-coverage", place.position, table=self.layout.name, missing=some)
            return None
        cells = [default if cell is None else cell for _, cell in found]
        columns = {name: tuple(c[i] for c in cells if c is not None) for i, name in enumerate(self.layout.columns)}
        return TableData(
            self.layout.name, axes, columns, dict(self.layout.columns), tuple(c is not None for _, c in found)
        )

    def _row_name(self, keys: Keys, axes: tuple[Axis, ...]) -> str:
        return ", ".join(shown_key(Fraction(k), a.type) for k, a in zip(keys, axes, strict=True))

    def _with_ends(self, i: int, axis: Axis) -> Axis:
        if axis.match != "from":
            return axis
        ends = {keys[i] for keys in self.cells} | {axis.first}
        return attrs.evolve(axis, ends=tuple(sorted(Fraction(e) for e in ends)))

    def _filled(self, axes: tuple[Axis, ...]) -> list[tuple[Keys, tuple[Any, ...] | None]]:
        """Give every place with its cell; in a band axis a cell holds until the next of the same other keys."""
        result: list[tuple[Keys, tuple[Any, ...] | None]] = []
        band = next((i for i, a in enumerate(axes) if a.match == "from"), None)
        current: dict[Keys, tuple[Any, ...]] = {}
        for keys in itertools.product(*(_places(a) for a in axes)):
            cell = self.cells.get(keys)
            if band is not None:
                others = keys[:band] + keys[band + 1 :]
                if cell is not None:
                    current[others] = cell
                cell = current.get(others)
            result.append((keys, cell))
        return result


def _places(axis: Axis) -> Iterator[Any]:
    if axis.match == "from":
        yield from axis.ends
    else:
        yield from (int(axis.first) + i for i in range(axis.size))


def one_band(axes: tuple[Axis, ...]) -> bool:
    """Whether at most one key is a band, as a table may have."""
    return sum(a.match == "from" for a in axes) <= 1


def with_row(data: TableData, keys: Keys, cell: tuple[Any, ...]) -> TableData:
    """Give the table with one row read otherwise (a disputed reading)."""
    at = data.place(keys)
    columns = {name: (*cells[:at], cell[i], *cells[at + 1 :]) for i, (name, cells) in enumerate(data.columns.items())}
    return attrs.evolve(data, columns=columns, present=(*data.present[:at], True, *data.present[at + 1 :]))
