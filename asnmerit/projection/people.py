"""The people of a projection, of several runs at once: a table of facts, and beside it what the years move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np, pa, pc
from asnmerit.projection.dates import UNKNOWN
from asnmerit.projection.draws import Array

SERVICES: Final = ("grade_service", "service")
"""Service that grows by the month, in columns of years and of months."""
NO_SERVICE: Final = -1


class Lazy(Mapping[str, Any]):
    """Columns of a table as lists of Python values, each made when it is asked for."""

    def __init__(self, table: Any) -> None:  # noqa: ANN401 - a table of PyArrow
        """Keep the table."""
        self.table = table

    def __getitem__(self, name: str) -> list[Any]:
        """Give the values of a column."""
        if name not in self.table.column_names:
            raise KeyError(name)
        found: list[Any] = self.table[name].to_pylist()
        return found

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.table.column_names)

    def __len__(self) -> int:
        """Count the columns."""
        return int(self.table.num_columns)


@attrs.define(eq=False)
class People:
    """People of several runs; the arrays have a place for each row of the table."""

    table: Any
    run: Array
    person: Array
    birth: Array
    rank_day: Array
    service: dict[str, Array]
    """Months of service by name; `NO_SERVICE` where it is not known."""
    state: Array
    """What the law last said of the person this year, or -1."""

    @property
    def rows(self) -> int:
        """How many there are, all runs together."""
        return len(self.run)

    def kept(self, where: Array) -> People:
        """Give only some of them."""
        parts = {name: months[where] for name, months in self.service.items()}
        run, person, birth, rank_day = (a[where] for a in (self.run, self.person, self.birth, self.rank_day))
        return People(self.table.filter(pa.array(where)), run, person, birth, rank_day, parts, self.state[where])

    def put(self, name: str, column: Any) -> None:  # noqa: ANN401 - an array of PyArrow
        """Set a column, or add it."""
        names = self.table.column_names
        if name in names:
            self.table = self.table.set_column(names.index(name), name, column)
        else:
            self.table = self.table.append_column(name, column)

    def replace(self, name: str, where: Array, values: Any) -> None:  # noqa: ANN401 - an array of PyArrow
        """Set some values of a column; `values` has a place for each row."""
        old = self.table[name].combine_chunks()
        self.put(name, pc.if_else(pa.array(where), values.cast(old.type), old))

    def with_service(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """Give the table with the service of today."""
        for name, months in self.service.items():
            known = months != NO_SERVICE
            for part, values in (("years", months // 12), ("months", months % 12)):
                self.put(f"{name}_{part}", pa.array(values, pa.int64(), mask=~known))
        return self.table


def days_in(table: Any, name: str) -> Array:  # noqa: ANN401 - a table of PyArrow
    """Give a column of dates as days since 1970; `UNKNOWN` where there is none."""
    if name not in table.column_names:
        return np.full(table.num_rows, UNKNOWN, np.int64)
    return table[name].cast(pa.date32()).cast(pa.int32()).cast(pa.int64()).fill_null(UNKNOWN).to_numpy()


def service_in(table: Any) -> dict[str, Array]:  # noqa: ANN401 - a table of PyArrow
    """Give the months of service of a table, where it has both their columns."""
    found = {}
    for name in SERVICES:
        if {f"{name}_years", f"{name}_months"} <= set(table.column_names):
            years, months = (table[f"{name}_{part}"].cast(pa.int64()) for part in ("years", "months"))
            total = pc.add(pc.multiply(years, 12), months)
            found[name] = total.fill_null(NO_SERVICE).to_numpy().copy()
    return found


def plain(table: Any) -> Any:  # noqa: ANN401 - a table of PyArrow
    """Give a table whose columns of words are plain text, in one piece, so that values of any text can be put in."""
    columns = []
    for name in table.column_names:
        column = table[name].combine_chunks()
        kind = _plain_type(column.type)
        if pa.types.is_nested(kind) and kind != column.type:
            column = pa.array(column.to_pylist(), kind)
        columns.append(column.cast(kind) if kind != column.type else column)
    return pa.table(dict(zip(table.column_names, columns, strict=True)))


def _plain_type(of: Any) -> Any:  # noqa: ANN401 - types of PyArrow
    """Give a type with its dictionaries taken out."""
    if pa.types.is_dictionary(of):
        return of.value_type
    if pa.types.is_struct(of):
        return pa.struct([(field.name, _plain_type(field.type)) for field in of])
    return pa.list_(_plain_type(of.value_type)) if pa.types.is_list(of) or pa.types.is_large_list(of) else of


def in_order(table: Any) -> Any:  # noqa: ANN401 - a table of PyArrow
    """Put rows in an order of their own contents, so that the order in which they came changes nothing."""
    nested = [n for n in table.column_names if pa.types.is_nested(table[n].type)]
    sorts = {n: table[n] for n in table.column_names if n not in nested and not pa.types.is_null(table[n].type)}
    for name in nested:
        sorts[f"{name} "] = pa.array([repr(v) for v in table[name].to_pylist()], pa.string())
    if not sorts:
        return table
    by = pa.table(sorts)
    return table.take(pc.sort_indices(by, sort_keys=[(n, "ascending") for n in sorts]))


def crowd(table: Any, runs: range, rank_date: str) -> People:  # noqa: ANN401 - a table of PyArrow
    """Make the same people once for each run."""
    rows, times = table.num_rows, len(runs)
    many = pa.concat_tables([table] * times).combine_chunks()
    return People(
        many,
        np.repeat(np.arange(runs.start, runs.stop), rows),
        np.tile(np.arange(rows), times),
        days_in(many, "birth_date"),
        days_in(many, rank_date),
        service_in(many),
        np.full(rows * times, -1, np.int8),
    )


def joined(first: People, second: People) -> People:
    """Put others behind some people; columns that the others do not have are unknown of them."""
    table = pa.concat_tables([first.table, second.table], promote_options="permissive").combine_chunks()
    run, person, birth, rank_day = (
        np.concatenate([getattr(first, n), getattr(second, n)]) for n in ("run", "person", "birth", "rank_day")
    )
    service = {n: np.concatenate([first.service[n], second.service[n]]) for n in first.service}
    return People(table, run, person, birth, rank_day, service, np.concatenate([first.state, second.state]))
