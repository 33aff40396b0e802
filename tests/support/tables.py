"""People as tables: columns of every type that Arrow has for a fact, both forms of lists, and faulty cells.

A table is made of cells; the record of each row is made of the same cells, so that `decide` says what a frame should.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs
import pyarrow as pa

import asnmerit as am
from asnmerit.rules.law import exact_text
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Yearly
from support import people

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from support.dice import Dice

MOST_FLOAT = 10**15


@attrs.define
class Made:
    """Cells by column, how each column is typed, and the record of each row."""

    cells: dict[str, list[Any]]
    types: dict[str, Any]
    records: list[dict[str, Any]]

    def table(self) -> pa.Table:
        """Give the table as Arrow."""
        arrays = [pa.array(cells, self.types[name]) for name, cells in self.cells.items()]
        return pa.Table.from_arrays(arrays, names=list(self.cells))

    def rows(self, places: list[int]) -> Made:
        """Give some rows, in this order."""
        return Made(
            {n: [c[i] for i in places] for n, c in self.cells.items()}, self.types, [self.records[i] for i in places]
        )


@attrs.frozen
class Kind:
    """How one column's values are written: a type of Arrow, and each value as it is put in and as a record says it."""

    type: Any
    say: Any
    bad: tuple[Any, ...] = ()


def kinds(dice: Dice, of: Scalar, values: list[Any]) -> Kind | None:
    """Choose a type of column that holds these exact values; None where Arrow has none."""
    match of:
        case Bool():
            return Kind(pa.bool_(), bool)
        case Enum():
            kind = dice.pick((pa.string(), pa.large_string(), pa.dictionary(pa.int16(), pa.string()), pa.string_view()))
            return Kind(kind, lambda code: of.members[code], ("bukan_anggota", "", of.members[0].upper() + "x"))
        case Date():
            return _days(dice)
        case Number():
            return _numbers(dice, of, values)


def _days(dice: Dice) -> Kind:
    low = datetime.date(1899, 12, 31)
    far = datetime.date(2300, 1, 1)
    match dice.whole(0, 4):
        case 0:
            return Kind(pa.string(), lambda d: datetime.date.fromordinal(d).isoformat(), ("2020-02-30", "1/2/2020", ""))
        case 1:
            return Kind(pa.date64(), datetime.date.fromordinal, (low, far))
        case 2 | 3:
            unit = dice.pick(("s", "ms", "us"))
            noon = datetime.datetime(2020, 1, 1, 12)  # noqa: DTZ001 - a moment of no zone
            return Kind(
                pa.timestamp(unit),
                lambda d: datetime.datetime.combine(datetime.date.fromordinal(d), datetime.time()),
                (noon, *(datetime.datetime.combine(d, datetime.time()) for d in (low, far))),
            )
        case _:
            return Kind(pa.date32(), datetime.date.fromordinal, (low, far))


def _numbers(dice: Dice, of: Number, values: list[Any]) -> Kind | None:
    low, high = of.lo or Fraction(0), of.hi or Fraction(0)
    texts = [exact_text(v) for v in [*values, low, high]]
    if any("/" in t for t in texts):
        return None
    found = []
    wide = max(abs(low), abs(high), *map(abs, values), 1)
    places = max(len(t.partition(".")[2]) for t in texts)
    if all(v.denominator == 1 for v in values):
        bits = next((b for b in (8, 16, 32, 64) if wide < 2 ** (b - 1)), None)
        if bits is not None:
            ends = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
            bad = tuple(n for n in (int(high) + 1, int(low) - 2, *ends) if ends[0] <= n <= ends[1])
            found.append(Kind(getattr(pa, f"int{bits}")(), int, bad))
            if min(values, default=0) >= 0:
                found.append(Kind(getattr(pa, f"uint{bits}")(), int, (2**bits - 1,)))
    if wide < MOST_FLOAT and all(abs(v) * v.denominator < MOST_FLOAT for v in values):
        bad = (float("inf"), float("nan"), 1e300, -1e300, 0.1 + 0.2, float(high) + 0.5, float(low) - 1e-9)
        found.append(Kind(pa.float64(), lambda v: float(Decimal(exact_text(v))), bad))
    scale = places + dice.whole(0, 4)
    if scale <= 12:
        tiny = Decimal(1).scaleb(-scale)
        bad = tuple(Decimal(exact_text(x)) + d for x in (low, high) for d in (tiny, -tiny, Decimal(1), Decimal(-1)))
        found += [Kind(pa.decimal128(38, scale), lambda v: Decimal(exact_text(v)), bad)] * 2
        found.append(Kind(pa.decimal256(60, scale), lambda v: Decimal(exact_text(v)), bad))
    return dice.pick(found) if found else None


class Maker:
    """Makes the table of some people."""

    def __init__(
        self, dice: Dice, law: Law, day: datetime.date, persons: list[people.Person], bad: int, nan: bool
    ) -> None:
        """`bad` is how many of a hundred cells of some columns are faulty; `nan`: NaN may be one of them."""
        self.nan = nan
        self.dice, self.law, self.day, self.persons, self.bad = dice, law, day, persons, bad
        self.made = Made({}, {}, [{} for _ in persons])

    def make(self) -> Made:
        """Lay out every fact, each in one of its forms; a few facts have no column."""
        for name, decl in self.law.declared.items():
            if self.dice.chance(6):
                continue
            at = [who[name] for who in self.persons]
            match decl.type:
                case ListOf() as of:
                    (self._whole_list if self.dice.chance(50) else self._numbered)(name, of, at)
                case Yearly(inner, _):
                    years = sorted({y for v in at for y in v})
                    self._family(name, inner, at, years)
                case PerMember(inner, enum):
                    self._family(name, inner, at, list(enum.members))
                case of:
                    cells = self._column(name, of, at)
                    self._put(name, cells)
        return self.made

    def _put(self, name: str, cells: list[Any] | None) -> None:
        for record, cell in zip(self.made.records, cells or (), strict=bool(cells)):
            if cell is not None:
                record[name] = cell

    def _said(self, of: Scalar, values: list[Any]) -> tuple[Any, list[Any]] | None:
        kind = kinds(self.dice, of, [v for v in values if v is not None])
        if kind is None:
            return None
        wrong = self.bad if self.bad and self.dice.chance(25) else 0
        cells = []
        for value in values:
            bad = [b for b in kind.bad if self.nan or b == b]  # noqa: PLR0124 - only NaN differs from itself
            if wrong and bad and self.dice.chance(wrong):
                cells.append(self.dice.pick(bad))
            else:
                cells.append(None if value is None else kind.say(value))
        return kind.type, cells

    def _column(self, name: str, of: Scalar, values: list[Any]) -> list[Any] | None:
        found = self._said(of, values)
        if found is None:
            return None
        self.made.types[name], self.made.cells[name] = found
        return found[1]

    def _family(self, name: str, of: Scalar, at: list[Any], slots: list[Any]) -> None:
        if self.dice.chance(30) and slots:
            self._struct(name, of, at, slots)
            return
        columns = {s: self._column(f"{name}_{s}", of, [v.get(s) for v in at]) for s in slots}
        for i, record in enumerate(self.made.records):
            family = {s: cells[i] for s, cells in columns.items() if cells is not None and cells[i] is not None}
            if family:
                record[name] = family

    def _struct(self, name: str, of: Scalar, at: list[Any], slots: list[Any]) -> None:
        said = {s: self._said(of, [v.get(s) for v in at]) for s in slots}
        kept = {str(s): found for s, found in said.items() if found is not None}
        if not kept:
            return
        self.made.types[name] = pa.struct([(s, kind) for s, (kind, _) in kept.items()])
        cells = [{s: column[i] for s, (_, column) in kept.items()} for i in range(len(at))]
        self.made.cells[name] = cells
        self._put(name, cells)

    def _whole_list(self, name: str, of: ListOf, at: list[Any]) -> None:
        columns: dict[str, Any] = {}
        for field, kind in of.fields.items():
            found = self._said(kind, [row[field] for rows in at if rows is not None for row in rows])
            if found is not None:
                columns[field] = (found[0], iter(found[1]))
        if not columns:
            return
        lists = self.dice.pick((pa.list_, pa.large_list))
        inner = columns["value"][0] if of.plain else pa.struct([(f, kind) for f, (kind, _) in columns.items()])
        cells = []
        for rows in at:
            one = None if rows is None else [{f: next(cell) for f, (_, cell) in columns.items()} for _ in rows]
            if one and self.bad and self.dice.chance(3):
                one = one * 20
            if one is not None and of.plain:
                one = [row["value"] for row in one]
            cells.append(one)
        self.made.types[name], self.made.cells[name] = lists(inner), cells
        self._put(name, cells)

    def _numbered(self, name: str, of: ListOf, at: list[Any]) -> None:
        columns: dict[tuple[int, str], list[Any]] = {}
        for entry in range(1, of.up_to + 1):
            for field, kind in of.fields.items():
                values = [rows[entry - 1][field] if rows is not None and len(rows) >= entry else None for rows in at]
                called = f"{name}_{entry}" if of.plain else f"{name}_{entry}_{field}"
                if any(v is not None for v in values) or self.dice.chance(20):
                    cells = self._column(called, kind, values)
                    if cells is not None:
                        columns[(entry, field)] = cells
        for i, record in enumerate(self.made.records):
            there = {at: cells[i] for at, cells in columns.items() if cells[i] is not None}
            if there:
                count = max(entry for entry, _ in there)
                rows = [{f: there[(e, f)] for f in of.fields if (e, f) in there} for e in range(1, count + 1)]
                record[name] = [row.get("value") for row in rows] if of.plain else rows


def table_of(
    dice: Dice, law: Law, day: datetime.date, persons: list[people.Person], bad: int = 0, nan: bool = True
) -> Made:
    """Lay people out in a table."""
    return Maker(dice, law, day, persons, bad, nan).make()


# --- what the answers should be ---


def expected(law: Law, record: dict[str, Any], day: datetime.date) -> dict[str, Any]:
    """Give what `decide` says of a record, by the names of the columns of an answer."""
    try:
        decision = am.decide(law, record, day)
    except am.RecordError as error:
        first = error.faults[0]
        return {"error": first.code, "error_fact": first.fact, **{f"{n}.status": "error" for n in law.decisions}}
    found: dict[str, Any] = {"error": None, "error_fact": None, "presumed": set(decision.presumed)}
    for name in law.decisions:
        outcome = decision[name]
        found[f"{name}.status"] = outcome.status
        if outcome.plan.which is not None and outcome.plan.rules:
            found[f"{name}.rule"] = outcome.rule
        for place in outcome.plan.fields:
            found[f"{name}.{place.name}"] = (outcome.outcome or {}).get(place.name)
        for results in outcome.conditions.values():
            for result in results:
                key = result.node.key.removeprefix("rules.")
                shared = result.part == "unless" and ".unless." not in key
                found[f"{name}.holds.{'unless.' * shared}{key}"] = result.holds
    for key in law.index:
        found.setdefault(key, decision.values[key])
    return found


def plain(value: Any) -> Any:
    """Give a cell of an answer as `decide` has it."""
    if isinstance(value, dict):
        return Fraction(value["numerator"], value["denominator"])
    if isinstance(value, list):
        return tuple(map(plain, value))
    return value


def differences(law: Law, answers: pa.Table, records: list[dict[str, Any]], day: datetime.date) -> list[str]:
    """Name the cells in which answers differ from what `decide` says, with both."""
    wrong = []
    columns = {name: answers[name].to_pylist() for name in answers.column_names}
    for i, record in enumerate(records):
        want = expected(law, record, day)
        for name, value in want.items():
            got = plain(columns[name][i]) if name in columns else "no such column"
            if name == "presumed":
                got = set(got.split(", ")) if got else set()
            if got != value or (isinstance(got, bool) is not isinstance(value, bool)):
                wrong.append(f"row {i}, {name}: {got!r}, but decide says {value!r}")
    return wrong


# --- frames of every kind made comparable ---


def unviewed(of: Any) -> Any:
    """Give the type without what pandas and DuckDB do not take: views, wide decimals, days in milliseconds."""
    if pa.types.is_string_view(of):
        return pa.string()
    if pa.types.is_decimal256(of):
        return pa.decimal128(38, of.scale)
    if pa.types.is_date64(of):
        return pa.date32()
    if pa.types.is_struct(of):
        return pa.struct([pa.field(f.name, unviewed(f.type)) for f in of])
    if pa.types.is_list(of) or pa.types.is_large_list(of):
        return pa.list_(unviewed(of.value_type))
    return of


def as_parquet(table: pa.Table) -> pa.Table:
    """Give the table with types that a Parquet file gives back as they were."""

    def stored(of: Any) -> Any:
        if pa.types.is_dictionary(of):
            return pa.string()
        if pa.types.is_timestamp(of):
            return pa.timestamp("us")
        if pa.types.is_struct(of):
            return pa.struct([pa.field(f.name, stored(f.type)) for f in of])
        if pa.types.is_list(of):
            return pa.list_(stored(of.value_type))
        return unviewed(of)

    return table.cast(pa.schema([pa.field(f.name, stored(unviewed(f.type))) for f in table.schema]))


def plain_rows(frame: Any, names: list[str] | None = None) -> list[dict[str, Any]]:
    """Give the rows of any frame as Python values; None for null, and for NaN."""
    if hasattr(frame, "collect"):
        frame = frame.collect()
    if hasattr(frame, "read_all"):
        frame = frame.read_all()
    if hasattr(frame, "itertuples"):
        columns = {n: frame[n].astype(object).where(frame[n].notna(), None).tolist() for n in names or frame.columns}
    else:
        arrow = frame if isinstance(frame, pa.Table | pa.RecordBatch) else pa.table(frame)
        columns = {n: arrow.column(n).to_pylist() for n in names or arrow.schema.names}
    count = len(next(iter(columns.values()), ()))
    return [{n: _bare(column[i]) for n, column in columns.items()} for i in range(count)]


def _bare(value: Any) -> Any:
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - only NaN differs
