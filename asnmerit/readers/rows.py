"""One row of a table, or one object of a JSON file, into a record for `decide`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import attrs

from asnmerit.readers.conventions import Reading
from asnmerit.readers.findings import CellRefusedError, Finding, Words, shortened
from asnmerit.readers.layout import YEAR_BESIDE, Column, Layout, Place, scalar_of
from asnmerit.readers.nip import EmployeeNumber, employee_number
from asnmerit.readers.siasn import SEXES
from asnmerit.readers.siasn_codes import folded
from asnmerit.readers.strict_json import strict_json
from asnmerit.readers.text import number, percentage
from asnmerit.rules.types import ListOf, Number, PerMember, Type, Yearly

NONE_AT_ALL: Final = "[]"
WHOLE_YEAR: Final = frozenset({"TAHUNAN", "TAHUN", "1TAHUN", "SETAHUN"})
FORMULA_MARKS: Final = ("=", "#")
FORMULA_ERRORS: Final = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)
IN_THE_NUMBER: Final = {"pria": "male", "wanita": "female"}
NIP_LENGTH: Final = 18
_A_YEAR: Final = Words("tahun empat angka di kolom tahun", "a year of four digits in the column of years")
_CONTROLS: Final = frozenset(map(chr, range(32))) - {"\t", "\n", "\r"} | {"\x7f"}
_LIST: Final = Words('daftar JSON, misalnya [78, "80.5"]', 'a JSON list, such as [78, "80.5"]')
_FAMILY: Final = Words('objek JSON, misalnya {"2025": "baik"}', 'a JSON object, such as {"2025": "baik"}')


@attrs.frozen
class Row:
    """One row of a file: its number (the first employee is 1), its line, and what was made of it.

    `record` is what `decide` takes. With a refusal among the `findings` the row must not be decided. `carries` are the
    facts that the file has a place for, whether this row fills it or not.
    """

    number: int
    line: int
    id: str = ""
    record: Mapping[str, object] = attrs.field(factory=dict)
    findings: tuple[Finding, ...] = ()
    carries: frozenset[str] = frozenset()

    @property
    def refusals(self) -> tuple[Finding, ...]:
        """What keeps the row from being decided."""
        return tuple(f for f in self.findings if f.kind == "refusal")

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What was repaired, and what is doubtful."""
        return tuple(f for f in self.findings if f.kind != "refusal")


def refused_row(number: int, line: int, finding: Finding) -> Row:
    """Make the row of which nothing could be read.

    >>> refused_row(3, 4, Finding("row-long")).refusals[0].code
    'row-long'
    """
    return Row(number, line, findings=(finding,))


def told_twice(rows: Iterable[Row]) -> Iterator[Row]:
    """Note each row whose NIP an earlier row bears; the note names both.

    >>> rows = [Row(1, 2, "198503172010011003"), Row(2, 3, "198503172010011003")]
    >>> [[f.hint.en for f in row.findings] for row in told_twice(rows)]
    [[], ['row 1 and row 2']]
    """
    seen: dict[int, int] = {}
    for row in rows:
        if len(row.id) != NIP_LENGTH or not row.id.isdigit():
            yield row
            continue
        first = seen.setdefault(int(row.id), row.number)
        if first == row.number:
            yield row
            continue
        both = Words(f"baris {first} dan baris {row.number}", f"row {first} and row {row.number}")
        yield attrs.evolve(row, findings=(*row.findings, Finding("nip-twice", hint=both)))


class _Cells:
    """Reads the cells of one row and collects what was found."""

    def __init__(self, cells: Sequence[str], layout: Layout, reading: Reading) -> None:
        self.cells, self.layout, self.reading = cells, layout, reading
        self.findings: list[Finding] = []
        self.values: dict[Place, tuple[object, Column]] = {}
        self.none: dict[str, Column] = {}

    def text(self, column: Column) -> str:
        text = self.layout.convention.cleaned(self.cells[column.index])
        return column.part(text) if column.part and text else text

    def tell(self, finding: Finding, column: Column) -> None:
        self.findings.append(attrs.evolve(finding, column=shortened(column.name)))

    def attempt(self, column: Column, read: Callable[[Column, str], None]) -> None:
        raw = self.cells[column.index]
        if not raw.isprintable() and not _CONTROLS.isdisjoint(raw):
            self.tell(Finding("cell-control", value=shortened(raw)), column)
            return
        if raw[:1] in FORMULA_MARKS and (fault := formula_fault(raw)):
            self.tell(Finding(fault, value=shortened(raw)), column)
            return
        try:
            if text := self.text(column):
                read(column, text)
        except CellRefusedError as error:
            self.tell(error.finding, column)

    def fact(self, column: Column, text: str) -> None:
        place = column.place
        if place is None:
            return
        if text == NONE_AT_ALL and (place.slot or isinstance(place.kind, ListOf)):
            self.none[place.fact] = column
            return
        scalar = scalar_of(place.kind)
        if scalar is None:
            self.put(place, from_json_text(place.kind, text), column)
            return
        text, doubt = self.reading.open_code(column.name, scalar, text)
        if doubt:
            self.tell(doubt, column)
        if text:
            value, told = self.reading.scalar(scalar, text, place.fact)
            if told:
                self.tell(told, column)
            if value is not None and (whose := self._with_its_year(place, column)):
                self.put(whose, value, column)

    def _with_its_year(self, place: Place, column: Column) -> Place | None:
        """Where the year stands in a column of its own, take it from there; None where it is not a whole year."""
        if place.slot != (YEAR_BESIDE,):
            return place
        beside, period = self.layout.using("year"), self.layout.using("period")
        year = self.text(beside) if beside else ""
        part = folded(self.text(period)) if period else ""
        if part and part not in WHOLE_YEAR and part != year:
            self.tell(Finding("period-part", value=shortened(part)), column)
            return None
        if not (len(year) == len("2025") and year.isascii() and year.isdigit()):
            raise CellRefusedError("cell-year", year, _A_YEAR)
        return attrs.evolve(place, slot=(int(year),))

    def put(self, place: Place, value: object, column: Column) -> None:
        if place in self.values and self.values[place][0] != value:
            other = self.values[place][1].name
            said = Words(f"sama dengan kolom {other}", f"the same as column {other}")
            raise CellRefusedError("cells-disagree", self.text(column), said)
        self.values.setdefault(place, (value, column))


def formula_fault(raw: str) -> str:
    """Give the fault of a cell that holds a formula, or the error that a formula gave, instead of a value."""
    if raw.strip().upper() in FORMULA_ERRORS:
        return "cell-formula-error"
    is_text = raw.startswith('="') and raw.find('"', 2) == len(raw) - 1
    return "cell-formula" if raw.startswith("=") and len(raw) > 1 and not is_text else ""


def row_of(cells: Sequence[str], layout: Layout, reading: Reading, number: int, line: int) -> Row:
    """Read one row of a table. Every fault of the row is found, not the first one only.

    Args:
        cells: as many as the layout has columns.
        layout: what each column is.
        reading: how cells are written.
        number: the row's number among the employees.
        line: the line of the file on which the row starts.
    """
    work = _Cells(cells, layout, reading)
    for column in layout.columns:
        if column.place:
            work.attempt(column, work.fact)
        elif column.use == "unclaimed" and cells[column.index].strip():
            work.tell(Finding("cell-unclaimed", value=shortened(cells[column.index])), column)
    identity = _identity(work)
    record = _assembled(work)
    # What stands there and cannot be read is not empty.
    unread = {f.column for f in work.findings if f.kind == "refusal"}
    lost = {c.place.fact for c in layout.columns if c.place and shortened(c.name) in unread} if unread else ()
    return Row(number, line, identity, record, tuple(work.findings), layout.carries.difference(lost))


def _identity(work: _Cells) -> str:
    """Give the employee's number; compare it with the columns that repeat what it says."""
    column = work.layout.using("number")
    if column is None:
        own = work.layout.using("id")
        return shortened(work.text(own)) if own else ""
    found: list[EmployeeNumber] = []

    def read(column: Column, text: str) -> None:
        digits, repaired = employee_number(text)
        found.append(EmployeeNumber(digits))
        if repaired:
            work.tell(Finding("spaces-removed", expected=Words(digits, digits)), column)

    before = len(work.findings)
    work.attempt(column, read)
    if not found and len(work.findings) == before:
        work.tell(Finding("nip-empty"), column)
    for employee in found:
        doubts = employee.doubts(_day(work, "birth_date"), _day(work, "cpns_date"), _sex(work))
        for doubt in doubts:
            work.tell(doubt, column)
        return employee.digits
    return ""


def _witness(work: _Cells, what: str) -> str:
    try:
        return next((work.text(c) for c in work.layout.columns if c.witness == what), "")
    except CellRefusedError:
        return ""


def _day(work: _Cells, what: str) -> date | None:
    text = _witness(work, what)
    try:
        return work.layout.convention.date(text, work.reading.date_order)[0] if text else None
    except CellRefusedError:
        return None


def _sex(work: _Cells) -> str:
    return IN_THE_NUMBER.get(SEXES.get(folded(_witness(work, "sex")), ""), "")


def _assembled(work: _Cells) -> dict[str, object]:
    """Put together what was spread over columns."""
    slots: dict[str, dict[tuple[int | str, ...], object]] = {}
    kinds: dict[str, Type] = {}
    for place, (value, column) in work.values.items():
        inner = slots.setdefault(place.fact, {})
        kinds[place.fact] = place.whole
        if inner and (() in inner) != (place.slot == ()):
            work.tell(Finding("column-clash", value=place.fact), column)
        inner[place.slot] = value
    record = {fact: inner[()] if () in inner else _family(kinds[fact], inner) for fact, inner in slots.items()}
    for fact, column in work.none.items():
        if fact in record and record[fact] != []:
            work.tell(Finding("cells-none-and-some", value=NONE_AT_ALL), column)
        record[fact] = []
    return record


def _family(kind: Type, slots: Mapping[tuple[int | str, ...], object]) -> object:
    """Put together the slots of one fact. Entries after the last filled one are not there at all."""
    if not isinstance(kind, ListOf):
        return {key[0]: value for key, value in slots.items()}
    count = max(int(key[0]) for key in slots)
    if kind.plain:
        return [slots.get((entry,)) for entry in range(1, count + 1)]
    rows: list[dict[str, object]] = [{} for _ in range(count)]
    for (entry, field), value in slots.items():
        rows[int(entry) - 1][str(field)] = value
    return rows


def from_json_text(kind: Type, text: str) -> object:
    """Read a cell that holds a whole list or family as JSON.

    >>> from_json_text(ListOf({"value": Number()}, 5, plain=True), '[78, "80.5"]')
    [78, Decimal('80.5')]

    Raises:
        CellRefusedError: if it is not JSON of that form.
    """
    value = strict_json(text)
    if isinstance(kind, ListOf) and not isinstance(value, list):
        raise CellRefusedError("cell-list", text, _LIST)
    if isinstance(kind, Yearly | PerMember) and not isinstance(value, dict):
        raise CellRefusedError("cell-family", text, _FAMILY)
    return typed(kind, value)


def typed(kind: Type, value: object) -> object:
    """Turn the exact numbers that JSON carries as strings into numbers; leave the rest to the edge.

    >>> typed(Number(), "25/8"), typed(Number(), True)
    (Fraction(25, 8), True)

    Raises:
        CellRefusedError: if a string stands for a number and is not one.
    """
    if isinstance(kind, Number) and isinstance(value, str):
        return percentage(value) if kind.unit == "percent" else number(value)
    if isinstance(kind, Yearly | PerMember) and isinstance(value, dict):
        return {key: typed(kind.of, inner) for key, inner in value.items()}
    if isinstance(kind, ListOf) and isinstance(value, list):
        return [_typed_row(kind, row) for row in value]
    return value


def _typed_row(kind: ListOf, row: object) -> object:
    if kind.plain:
        return typed(kind.fields["value"], row)
    if isinstance(row, dict):
        return {key: typed(kind.fields[key], v) if key in kind.fields else v for key, v in row.items()}
    return row
