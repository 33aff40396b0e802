"""The edge in SQL: a table's own columns in, integers of the kernel out, and the faults of each row as text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, ListOf, Number, PerMember, Scalar, Yearly
from asnmerit.sql.dialects import Dialect, truth, whole
from asnmerit.sql.lanes import read
from asnmerit.sql.levels import Levels, Part, Text
from asnmerit.sql.names import Names, quoted, quoted_path
from asnmerit.sql.nested import cell, count, entry, misshapen, read_json

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

AT_ONCE: Final = 90
"""PostgreSQL takes no more than a hundred arguments in one call."""
FORMS: Final = ("columns", "nested")


def _names(value: Any) -> Any:  # noqa: ANN401 - whatever a caller hands over
    return tuple(value) if isinstance(value, list) else value


def _text(_table: object, field: attrs.Attribute[str], value: object) -> None:
    if not isinstance(value, str):
        raise ArgumentError(f"Table.{field.name}", value, "a text")


def _texts(_table: object, field: attrs.Attribute[tuple[str, ...]], value: object) -> None:
    if not isinstance(value, tuple) or not all(isinstance(name, str) for name in value):
        raise ArgumentError(f"Table.{field.name}", value, "a tuple or list of names")


def _form(_table: object, field: attrs.Attribute[str], value: object) -> None:
    if value not in FORMS:
        raise ArgumentError(f"Table.{field.name}", value, " or ".join(FORMS))


def _renaming(_table: object, field: attrs.Attribute[Mapping[str, str]], value: object) -> None:
    if not isinstance(value, Mapping) or not all(isinstance(n, str) for pair in value.items() for n in pair):
        raise ArgumentError(f"Table.{field.name}", value, "a mapping from names of the law to columns of the table")


@attrs.frozen
class Table:
    """The table that holds the facts: its name, the columns that say whose row it is, and how lists stand in it.

    With `lists="columns"` a list is spread over numbered columns (`sanctions_1_level`) beside one with the number of
    its rows (`sanctions_count`, empty where the list is not known). With `lists="nested"` it is one column: a LIST in
    DuckDB, a JSONB array in PostgreSQL. `columns` gives columns that bear other names: `{"rank": "gol"}`.

    Raises:
        ArgumentError: for what cannot be a name, names or a mapping between names.

    >>> Table("hr.employees", keys=["nip", "unit"]).keys
    ('nip', 'unit')
    """

    name: str = attrs.field(default="records", validator=_text)
    keys: tuple[str, ...] = attrs.field(default=("nip",), converter=_names, validator=_texts)
    lists: Literal["columns", "nested"] = attrs.field(default="columns", validator=_form)
    columns: Mapping[str, str] = attrs.field(factory=dict, validator=_renaming)


@attrs.define
class Edge:
    """Writes three parts of the query: what is given, the facts as integers, and the facts with the faults."""

    law: Law
    table: Table
    day: datetime.date
    levels: Levels
    keys: list[Text] = attrs.field(factory=list)
    lanes: dict[tuple[str, Any], Any] = attrs.field(factory=dict)
    columns: dict[str, None] = attrs.field(factory=dict)
    error: Text = attrs.field(factory=lambda: Text(""))
    _asked: dict[str, None] = attrs.field(factory=dict)
    _names: Names = attrs.field(factory=Names)
    _given: list[str] = attrs.field(factory=list)
    _raw: list[str] = attrs.field(factory=list)
    _facts: list[str] = attrs.field(factory=list)
    _faults: list[str] = attrs.field(factory=list)

    @property
    def dialect(self) -> Dialect:
        """The dialect of the query."""
        return self.levels.dialect

    def read(self) -> None:
        """Find the columns of every input of the law."""
        for key in self.table.keys:
            column = self.levels.given(f"{key} (key)")
            self._given.append(f"{self._column(key)} AS {column.code}")
            self.keys.append(column)
        for name in dict.fromkeys(name for name, _ in self.law.inputs):
            slots = [slot for other, slot in self.law.inputs if other == name]
            if name == "as_of":
                self.lanes[(name, None)] = self._fact(f"CAST({self.day.toordinal()} AS BIGINT)", name)
                continue
            decl = self.law.declared[name]
            if isinstance(decl.type, ListOf):
                self._list(decl, decl.type, [str(s)[1:] for s in slots if s != "#"])
                continue
            for slot in slots:
                column_name, of = _place(decl, slot, self.day.year)
                self.lanes[(name, slot)] = self._scalar(column_name, of, decl.assume)
        self.error = self.levels.given("error")
        self._all_read()

    def _all_read(self) -> None:
        """Refuse another name for a column that is not read: it would be misspelt, and passed over in silence."""
        unused = [name for name in self.table.columns if name not in self._asked]
        if unused:
            near = [close for name in unused for close in near_misses(name, self._asked)]
            hint = f"; did you mean {' or '.join(dict.fromkeys(near))}?" if near else ""
            raise ArgumentError("Table.columns", ", ".join(unused), f"names that the query reads{hint}")

    def _column(self, name: str) -> str:
        self._asked[name] = None
        actual = self.table.columns.get(name, name)
        if actual in self.columns:
            raise ArgumentError("table", actual, "a column that is read once; give the other another name in `columns`")
        self.columns[actual] = None
        return f"r.{quoted(actual)}"

    def _fact(self, value: str, wanted: str, *, truth: bool = False) -> Text:
        lane = self.levels.given(wanted, truth=truth)
        self._facts.append(f"{value} AS {lane.code}")
        return lane

    def _take(self, value: str, wanted: str) -> str:
        """Put a value of the table into the first part; gives its name there."""
        raw = quoted(self._names.fresh(f"{wanted} (given)"))
        self._given.append(f"{value} AS {raw}")
        self._raw.append(raw)
        return raw

    def _scalar(self, name: str, of: Scalar, assume: Any = None) -> Text:  # noqa: ANN401 - a value of the type
        raw = self._take(self._column(name), name)
        value, code = read(raw, of, self.dialect)
        if assume is not None:
            value = f"CASE WHEN {raw} IS NULL THEN {_constant(assume, of)} ELSE {value} END"
        return self._checked(name, raw, value, code, truth=isinstance(of, Bool))

    def _checked(self, name: str, raw: str, value: str, code: str, *, truth: bool = False) -> Text:
        """Make the column of a fact; a value that is there and does not come through is a fault."""
        lane = self._fact(value, name, truth=truth)
        self._fault(f"{raw} IS NOT NULL AND {lane.code} IS NULL", name, code)
        return lane

    def _fault(self, test: str, name: str, code: str) -> None:
        said = self.dialect.text(f"{self.table.columns.get(name, name)}: ")
        self._faults.append(f"CASE WHEN {test} THEN {said} || {code} END")

    # --- lists ---

    def _list(self, decl: FactDecl, of: ListOf, fields: Sequence[str]) -> None:
        nested = self.table.lists == "nested"
        column = self._column(decl.name) if nested else ""
        wanted = decl.name if nested else f"{decl.name}_count"
        raw = self._take(count(column, self.dialect) if nested else self._column(wanted), wanted)
        rows = Number("integer", Fraction(of.at_least), Fraction(of.up_to), Fraction(1))
        value, code = read(raw, rows, self.dialect)
        if nested:
            code = f"CASE WHEN {raw} < 0 THEN 'wrong-type' WHEN {raw} > {of.up_to} THEN 'too-many' ELSE 'too-few' END"
        if decl.assume is not None:
            value = f"CASE WHEN {raw} IS NULL THEN 0 ELSE {value} END"
        size = self.lanes[(decl.name, "#")] = self._checked(wanted, raw, value, code)
        counted = f"({raw} IS NULL OR {size.code} IS NOT NULL)"
        for i in range(of.up_to):
            if nested and not of.plain:
                self._row(decl.name, column, i, of, size)
        for field in fields:
            self.lanes[(decl.name, f".{field}")] = [
                self._nested(decl.name, column, i, field, of)
                if nested
                else self._cell(decl.name, i, field, of, f"{counted} AND ({size.code} >= {i + 1}) IS NOT TRUE")
                for i in range(of.up_to)
            ]

    def _cell(self, name: str, row: int, field: str, of: ListOf, beyond: str) -> Text:
        """Read a numbered column; what stands in a row that the list has not is a fault."""
        wanted = _cell_name(name, row, field, of)
        lane = self._scalar(wanted, of.fields[field])
        self._fault(f"{self._raw[-1]} IS NOT NULL AND {beyond}", wanted, "'beyond-count'")
        return lane

    def _nested(self, name: str, column: str, row: int, field: str, of: ListOf) -> Text:
        wanted = _cell_name(name, row, field, of)
        raw = self._take(cell(column, row, field, of, self.dialect), wanted)
        value, code = (read if self.dialect.typed else read_json)(raw, of.fields[field], self.dialect)
        return self._checked(wanted, raw, value, code, truth=isinstance(of.fields[field], Bool))

    def _row(self, name: str, column: str, row: int, of: ListOf, size: Text) -> None:
        """Look at a whole row of a nested list: it is there, and it has only the fields that it may have."""
        wanted = f"{name}_{row + 1}"
        if self.dialect.typed:
            gone = self._take(f"({column}[{row + 1}] IS NULL)", wanted)
            self._fault(f"{size.code} >= {row + 1} AND {gone}", wanted, "'wrong-type'")
        else:
            raw = self._take(entry(column, row), wanted)
            self._fault(f"{raw} IS NOT NULL", wanted, misshapen(raw, of, self.dialect))

    # --- writing ---

    def written(self) -> list[Part]:
        """Give the three parts; the last holds what the levels begin with."""
        keys = [k.code for k in self.keys]
        lanes = [t.code for t in self.levels.inputs.values() if t not in self.keys and t is not self.error]
        fence = self.dialect.fence
        faults = joined_faults(self._faults)
        return [
            Part("given", _select([*self._given] or ["1 AS nothing"], f"{quoted_path(self.table.name)} AS r", fence)),
            Part("facts", _select([*keys, *self._raw, *self._facts] or ["1 AS nothing"], "given", fence)),
            Part("checked", _select([*keys, *lanes, f"{faults} AS {self.error.code}"], "facts", fence)),
        ]


def joined_faults(texts: Sequence[str]) -> str:
    """Write the faults of a row as one text, NULL where there is none."""
    found = list(texts)
    while len(found) > AT_ONCE:
        groups = [found[i : i + AT_ONCE] for i in range(0, len(found), AT_ONCE)]
        found = [f"NULLIF(concat_ws('; ',\n    {_lines(g)}), '')" for g in groups]
    return f"NULLIF(concat_ws('; ',\n    {_lines(found)}), '')" if found else "CAST(NULL AS VARCHAR)"


def _lines(texts: Sequence[str]) -> str:
    return ",\n    ".join(texts)


def _select(columns: Sequence[str], source: str, fence: str) -> str:
    return "SELECT\n  " + ",\n  ".join(columns) + f"\n  FROM {source}{fence}"


def _cell_name(name: str, row: int, field: str, of: ListOf) -> str:
    return f"{name}_{row + 1}" if of.plain else f"{name}_{row + 1}_{field}"


def _place(decl: FactDecl, slot: object, year: int) -> tuple[str, Scalar]:
    match decl.type:
        case Yearly(of, _):
            return f"{decl.name}_{year - 1 - int(str(slot))}", of
        case PerMember(of, _):
            return f"{decl.name}_{slot}", of
        case of:
            return decl.name, of  # type: ignore[return-value]  # lists are read by themselves


def _constant(assume: Any, of: Scalar) -> str:  # noqa: ANN401 - a value of the type
    if isinstance(of, Number):
        return f"CAST({whole(int(assume * int_type(of).den))} AS BIGINT)"
    return truth(assume) if isinstance(assume, bool) else f"CAST({whole(int(assume))} AS BIGINT)"
