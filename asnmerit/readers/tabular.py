"""CSV files into rows, one after the other. A bad row is told and never stops the rest."""

from __future__ import annotations

import csv
import io
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import BinaryIO, Final

import attrs

from asnmerit.readers.conventions import PLAIN, SIASN, Convention, Reading
from asnmerit.readers.findings import FileRefusedError, Finding, Words, shortened
from asnmerit.readers.layout import FactLike, Layout, lay_out
from asnmerit.readers.rows import Row, refused_row, row_of, told_twice
from asnmerit.readers.siasn import looks_like_siasn
from asnmerit.readers.streams import BorrowedText

LONGEST_ROW: Final = 100_000
MOST_LINES_IN_A_ROW: Final = 50

_WORKBOOK: Final = b"PK\x03\x04"
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_SURROGATE: Final = re.compile("[\udc80-\udcff]")
_SAVE_AS: Final = Words("simpan sebagai CSV UTF-8", "save it as CSV UTF-8")
_PAIRED: Final = Words("setiap kutip pembuka mempunyai penutup", "each opening quotation mark has its closing one")
_UTF_8: Final = Words("teks UTF-8", "UTF-8 text")


@attrs.frozen
class TableOptions:
    """How a CSV file is written.

    Args:
        delimiter: the character between cells.
        decimal_comma: whether 87,5 is a number.
        convention: `PLAIN`, `SIASN`, or None: SIASN if the header has the column `nip_baru` or `pns_id`.
        ignore: names of columns to pass over; `*` passes over every unknown one.
        synonyms: words that mean a member, such as {"cukup": "butuh_perbaikan"}; in lower case.
        aliases: the same for one fact, such as {"performance": {"cukup": "butuh_perbaikan"}}.
        inverted_ratings: whether 3 is the best rating code; in SIASN, and if left out, it is 1.
        date_order: `dmy` or `mdy` for dates with slashes; left out, one with two readings is refused.
        sheet: the sheet of a workbook; the first one if left out.
    """

    delimiter: str = ","
    decimal_comma: bool = False
    convention: Convention | None = None
    ignore: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = attrs.field(factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    inverted_ratings: bool = False
    date_order: str = ""
    sheet: str = ""

    def reading(self, convention: Convention) -> Reading:
        """Say how the cells are to be read."""
        return Reading(
            convention, self.decimal_comma, self.synonyms, self.aliases, self.inverted_ratings, self.date_order
        )


@attrs.frozen
class Table:
    """A table that is being read: its layout, and its rows in order, once."""

    layout: Layout
    rows: Iterator[Row]


@attrs.frozen
class _Line:
    number: int
    text: str
    cut: bool = False


class _Lines:
    """The lines of a text, never more than `LONGEST_ROW` characters of one; some may be put back."""

    def __init__(self, text: io.TextIOBase) -> None:
        self.text = text
        self.waiting: deque[_Line] = deque()
        self.count = 0

    def take(self) -> _Line | None:
        if self.waiting:
            return self.waiting.popleft()
        line = piece = self.text.readline(LONGEST_ROW)
        if not line:
            return None
        self.count += 1
        cut = False
        while len(piece) == LONGEST_ROW and not piece.endswith(("\n", "\r")):
            cut, piece = True, self.text.readline(LONGEST_ROW)
        return _Line(self.count, line, cut)

    def put_back(self, lines: Sequence[_Line]) -> None:
        self.waiting.extendleft(reversed(lines))


@attrs.frozen
class _Record:
    line: int
    cells: list[str] = attrs.field(factory=list)
    fault: str = ""


def _records(lines: _Lines, delimiter: str, width: int | None = None) -> Iterator[_Record]:
    """Split into records. When one that spans lines is broken, only its first line is given up."""
    while (first := lines.take()) is not None:
        if first.cut:
            yield _Record(first.number, fault="row-long")
            continue
        if not first.text.strip("\r\n"):
            continue
        taken = [first]
        try:
            cells = next(csv.reader(_feed(lines, taken), delimiter=delimiter, strict=True))
        except (csv.Error, StopIteration):
            lines.put_back(taken[1:])
            yield _Record(first.number, fault="row-quotes")
            continue
        if len(taken) > 1 and width is not None and len(cells) != width:
            lines.put_back(taken[1:])
            yield _Record(first.number, fault="row-quotes")
            continue
        not_utf_8 = any(_SURROGATE.search(line.text) for line in taken if not line.text.isascii())
        yield _Record(first.number, cells, "row-encoding" if not_utf_8 else "")


def _feed(lines: _Lines, taken: list[_Line]) -> Iterator[str]:
    """Give the lines of one record; a record asks for more while a quotation mark is open."""
    yield taken[0].text
    length = len(taken[0].text)
    while len(taken) < MOST_LINES_IN_A_ROW and length < LONGEST_ROW and (line := lines.take()) is not None:
        taken.append(line)
        length += len(line.text)
        yield "" if line.cut else line.text


def read_csv(stream: BinaryIO, facts: Iterable[FactLike], options: TableOptions | None = None) -> Table:
    r"""Read a CSV file with a header row. The header is read now, the rows as they are asked for.

    >>> import attrs
    >>> from asnmerit.rules.types import Bool
    >>> fact = attrs.make_class("Fact", ["name", "type"])("active", Bool())
    >>> table = read_csv(io.BytesIO(b"id,active\nA1,ya\nA2,maybe\n"), [fact])
    >>> [(row.id, dict(row.record), len(row.refusals)) for row in table.rows]
    [('A1', {'active': True}, 0), ('A2', {}, 1)]

    Raises:
        FileRefusedError: if the file is empty, is not UTF-8 text, or its header cannot be used.
    """
    options = options or TableOptions()
    lines = _Lines(BorrowedText(stream, newline=""))
    header = _header(lines, options.delimiter)
    convention = options.convention or (SIASN if looks_like_siasn(header) else PLAIN)
    layout = lay_out(header, list(facts), convention, options.ignore)
    rows = _rows(lines, options.delimiter, layout, options.reading(convention))
    return Table(layout, told_twice(rows))


def _header(lines: _Lines, delimiter: str) -> list[str]:
    start = lines.take()
    if start is not None:
        lines.put_back([start])
        if start.text[:4].encode("utf-8", "surrogateescape").startswith((_WORKBOOK, _OLD_WORKBOOK)):
            raise FileRefusedError([Finding("file-workbook", hint=_SAVE_AS)])
    first = next(_records(lines, delimiter), None)
    if first is None:
        raise FileRefusedError([Finding("file-empty", hint=_SAVE_AS)])
    if first.fault == "row-encoding" or "\0" in "".join(first.cells):
        raise FileRefusedError([Finding("file-encoding", hint=_SAVE_AS)])
    if first.fault:
        raise FileRefusedError([Finding("header-broken")])
    if len(first.cells) == 1 and (other := next((d for d in ";\t,|" if d in first.cells[0]), "")):
        option = f"--delimiter {other!r}"
        hint = Words(f"kolom dipisah {other!r}? {option}", f"columns split by {other!r}? {option}")
        raise FileRefusedError([Finding("header-delimiter", value=shortened(first.cells[0]), hint=hint)])
    return first.cells


def _rows(lines: _Lines, delimiter: str, layout: Layout, reading: Reading) -> Iterator[Row]:
    width = layout.width
    for number, record in enumerate(_records(lines, delimiter, width), start=1):
        finding = _fault(record, width)
        if finding is None:
            yield row_of(record.cells[:width], layout, reading, number, record.line)
        else:
            yield attrs.evolve(refused_row(number, record.line, finding), id=_id_of(record, layout))


def _fault(record: _Record, width: int) -> Finding | None:
    if record.fault == "row-long":
        most = f"{LONGEST_ROW:,}"
        return Finding("row-long", expected=Words(f"paling banyak {most} karakter", f"at most {most} characters"))
    if record.fault:
        return Finding(record.fault, expected=_PAIRED if record.fault == "row-quotes" else _UTF_8)
    count = len(record.cells)
    if count < width or any(cell.strip() for cell in record.cells[width:]):
        return Finding("row-cells", value=str(count), expected=Words(f"{width} sel", f"{width} cells"))
    return None


def _id_of(record: _Record, layout: Layout) -> str:
    """Name the employee of a broken row where the cell of the number is there and is one."""
    column = layout.using("number") or layout.using("id")
    if column is None or column.index >= len(record.cells):
        return ""
    text = layout.convention.cleaned(record.cells[column.index])
    if column.part:
        return ""
    return shortened(text) if text.isascii() and text.isalnum() else ""
