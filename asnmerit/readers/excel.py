"""Workbooks (.xlsx) into rows. The one place that knows openpyxl, which comes with `pip install "asnmerit[excel]"`.

A cell is what the sheet shows: the stored result of a formula, a day as a day, a number with the 15 digits that Excel
keeps. An employee number that was stored as a number has lost digits and is refused.
"""

from __future__ import annotations

import datetime
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

from asnmerit.readers.conventions import SIASN, Convention, Reading
from asnmerit.readers.findings import FileRefusedError, Finding, Words, shortened
from asnmerit.readers.headings import SheetRow, Span, heading_of, numbering
from asnmerit.readers.layout import FactLike, Layout, lay_out
from asnmerit.readers.rows import Row, refused_row, row_of, told_twice
from asnmerit.readers.tabular import Table, TableOptions

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MOST_UNPACKED: Final = 400_000_000
MOST_COLUMNS: Final = 500
MOST_ROWS: Final = 200_000
MOST_EXACT: Final = 10**15
SEARCHED_ROWS: Final = 40
_INSTALL: Final = Words('pasang dengan: pip install "asnmerit[excel]"', 'install it: pip install "asnmerit[excel]"')
_XLSX: Final = Words("buku kerja .xlsx tanpa sandi", "an .xlsx workbook without a password")
_AS_CSV: Final = Words("pecah berkasnya, atau simpan sebagai CSV UTF-8", "split the file, or save it as CSV UTF-8")
_A_HEADER: Final = Words(
    "satu baris judul dengan kolom NIP, dalam 40 baris pertama",
    "a header row with a column NIP, within the first 40 rows",
)


def read_excel(stream: BinaryIO, facts: Iterable[FactLike], options: TableOptions | None = None) -> Table:
    """Read one sheet of a workbook: the first, or the one that the options name.

    The header may stand below a title and span several rows; group headings stand before the names below them
    (`PANGKAT` over `TMT` is `PANGKAT TMT`). A row of column numbers below the header is passed over.

    Args:
        stream: the workbook, opened for reading bytes.
        facts: the facts of the law.
        options: sheet, decimal comma, columns to ignore, synonyms, aliases.

    Raises:
        FileRefusedError: if openpyxl is not installed, the workbook cannot be read, or no header is found.
    """
    options = options or TableOptions()
    book, results = _workbook(stream)
    sheet = _sheet(book, options.sheet)
    known = results[sheet.title] if results else sheet
    rows = list(_texts(sheet, known, decimal_comma=options.decimal_comma))
    spans = [Span(r.min_row, r.max_row, r.min_col - 1, r.max_col - 1) for r in sheet.merged_cells.ranges]
    convention = options.convention or SIASN
    heading = heading_of(
        rows[:SEARCHED_ROWS],
        spans,
        is_number=lambda name: _is_number(name, convention),
        is_name=lambda name: convention.same_name(name) in convention.people,
    )
    if heading is None:
        raise FileRefusedError([Finding("header-not-found", expected=_A_HEADER)])
    layout = lay_out(heading.names, list(facts), convention, options.ignore)
    body = [row for row in rows if row.line > heading.last]
    if body and numbering(body[0]):
        body = body[1:]
    return Table(layout, told_twice(_rows(body, layout, options.reading(convention))))


def _is_number(name: str, convention: Convention) -> bool:
    """Say whether a header names the employee's number, alone or with other things."""
    same = convention.same_name(convention.cleaned(name))
    parts = convention.combined.get(same, ())
    return same in convention.numbers or any(what == "number" for what, _ in parts)


def _workbook(stream: BinaryIO) -> tuple[Workbook, Workbook | None]:
    """Open a workbook; where it has formulas, their stored results come in a second one."""
    try:
        import openpyxl  # noqa: PLC0415 - an extra: loaded when a workbook is read
    except ImportError:
        raise FileRefusedError([Finding("excel-missing", hint=_INSTALL)]) from None
    try:
        with zipfile.ZipFile(stream) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise FileRefusedError([Finding("file-too-big", hint=_AS_CSV)])
        with warnings.catch_warnings():
            # What openpyxl warns of (styles, validations, headers) is of no matter to cells.
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(stream)
            if any((sheet.max_row or 0) > MOST_ROWS for sheet in book.worksheets):
                raise FileRefusedError([Finding("file-too-big", hint=_AS_CSV)])
            formulas = any(cell.data_type == "f" for sheet in book.worksheets for row in sheet for cell in row)
            return book, openpyxl.load_workbook(stream, data_only=True) if formulas else None
    except FileRefusedError:
        raise
    except Exception as error:  # noqa: BLE001 - openpyxl raises many kinds for a broken file; none is the caller's fault
        kind = shortened(type(error).__name__)
        raise FileRefusedError([Finding("file-broken", value=kind, expected=_XLSX)]) from None


def _sheet(book: Workbook, name: str) -> Worksheet:
    if name and name in book.sheetnames:
        return book[name]
    if name or not book.worksheets:
        listed = ", ".join(book.sheetnames)
        raise FileRefusedError([Finding("file-sheet", value=shortened(name), expected=Words(listed, listed))])
    return book.worksheets[0]


def _texts(sheet: Worksheet, known: Worksheet, *, decimal_comma: bool) -> Iterator[SheetRow]:
    """Give the rows of a sheet as texts; empty rows are left out."""
    width = min(sheet.max_column or 0, MOST_COLUMNS)
    pairs = zip(sheet.iter_rows(max_col=width), known.iter_rows(max_col=width), strict=True)
    for line, (written, shown) in enumerate(pairs, start=sheet.min_row or 1):
        cells = [_text(a, b, decimal_comma=decimal_comma) for a, b in zip(written, shown, strict=True)]
        if any(cell.strip() for cell in cells):
            yield SheetRow(line, cells)


def _text(written: Cell | MergedCell, shown: Cell | MergedCell, *, decimal_comma: bool) -> str:
    """Give a cell as text; a formula without a stored result is left as it is written, to be refused."""
    if written.data_type == "f" and shown.value is None:
        return str(written.value)
    return text_of(shown.value, decimal_comma=decimal_comma)


def text_of(value: object, *, decimal_comma: bool = False) -> str:
    """Give a value of a workbook as a text that the cells of a table may hold.

    >>> text_of(87.5), text_of(12.0), text_of(0.1 + 0.2), text_of(datetime.datetime(2022, 4, 1)), text_of(True)
    ('87.5', '12', '0.3', '2022-04-01', 'ya')
    >>> text_of(198503172010011003)
    '1.98503172010011e+17'
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int | float):
        if abs(value) >= MOST_EXACT:
            return f"{value:.14e}"
        text = f"{value:.15g}"
        return text.replace(".", ",") if decimal_comma else text
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def _rows(body: Iterable[SheetRow], layout: Layout, reading: Reading) -> Iterator[Row]:
    used = {column.index for column in layout.columns if column.place or column.use == "number"}
    for number, row in enumerate(body, start=1):
        cells = [*row.cells, *[""] * layout.width][: layout.width]
        if not any(reading.convention.cleaned(cells[index]) for index in used):
            yield refused_row(number, row.line, Finding("row-without-employee"))
        else:
            yield row_of(cells, layout, reading, number, row.line)
