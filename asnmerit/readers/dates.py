"""Dates as sheets write them. A date that can be read in two ways is refused, never guessed.

SIASN writes day-month-year with dashes. With slashes a sheet may mean day/month or month/day: such a date is read
only where no other reading exists, or where the caller says the order.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final, Literal

from asnmerit.readers.findings import NOTHING, CellRefusedError, Words

Order = Literal["", "dmy", "mdy"]

_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})( 00:00:00(?:\.0+)?|T00:00:00(?:\.0+)?Z?)?")
_PARTS: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_IN_WORDS: Final = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,10})\.?[ -]([0-9]{4})")
_SHORT_YEAR: Final = re.compile(r"[0-9]{1,2}([-/.])[0-9]{1,2}\1[0-9]{2}")
_SERIAL: Final = re.compile(r"[0-9]{5}(?:\.0)?")
MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "januari jan january", "februari pebruari feb peb february", "maret mar march", "april apr", "mei may",
            "juni jun june", "juli jul july", "agustus agu agt ags aug august", "september sep sept",
            "oktober okt oct october", "november nopember nov nop", "desember des dec december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
EITHER: Final = Words(
    "tanggal HH-BB-TTTT atau TTTT-BB-HH, misalnya 01-04-2026",
    "a date DD-MM-YYYY or YYYY-MM-DD, such as 01-04-2026",
)
_ORDER: Final = Words("sebutkan urutannya dengan --date-order dmy atau mdy", "say the order: --date-order dmy or mdy")
_MONTH_FIRST: Final = Words(
    "bila berkas menulis bulan lebih dahulu: --date-order mdy", "if the file writes the month first: --date-order mdy"
)
_FOUR_DIGITS: Final = Words("tulis tahun dengan empat angka", "write the year with four digits")
_SERIAL_HINT: Final = Words(
    "ini nomor urut tanggal Excel; beri kolom itu format tanggal, lalu ekspor ulang",
    "this is an Excel day number; give the column a date format and export again",
)
TWELVE: Final = 12


def sheet_date(text: str, order: str = "") -> tuple[date, bool]:
    """Read a date; say whether it was written in another way than SIASN's.

    >>> sheet_date("1-4-2026"), sheet_date("17/03/1985"), sheet_date("04/01/2026", "mdy")
    ((datetime.date(2026, 4, 1), False), (datetime.date(1985, 3, 17), True), (datetime.date(2026, 4, 1), True))
    >>> try:
    ...     sheet_date("04/01/2026")
    ... except CellRefusedError as error:
    ...     print(error.finding.code)
    cell-date-ambiguous

    Args:
        text: the cell.
        order: `dmy` or `mdy` where the caller knows it; else only what has one reading is read.

    Raises:
        CellRefusedError: if it is not a date, no such day exists, or it can be read in two ways.
    """
    if found := _ISO.fullmatch(text):
        return _day(text, int(found[1]), int(found[2]), int(found[3])), bool(found[4])
    if found := _PARTS.fullmatch(text):
        return _in_parts(text, int(found[1]), int(found[3]), int(found[4]), found[2], order)
    if (found := _IN_WORDS.fullmatch(text)) and (month := MONTHS.get(found[2].lower())):
        return _day(text, int(found[3]), month, int(found[1])), True
    hint = _FOUR_DIGITS if _SHORT_YEAR.fullmatch(text) else _SERIAL_HINT if _SERIAL.fullmatch(text) else NOTHING
    raise CellRefusedError("cell-date", text, EITHER, hint)


def _in_parts(text: str, first: int, second: int, year: int, mark: str, order: str) -> tuple[date, bool]:
    if order == "mdy":
        return _day(text, year, first, second), True
    if mark == "/" and not order and first != second and first <= TWELVE:
        if second <= TWELVE:
            raise CellRefusedError("cell-date-ambiguous", text, EITHER, _ORDER)
        raise CellRefusedError("cell-no-such-date", text, EITHER, _MONTH_FIRST)
    return _day(text, year, second, first), mark != "-"


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        hint = _MONTH_FIRST if month > TWELVE >= day else NOTHING
        raise CellRefusedError("cell-no-such-date", text, EITHER, hint) from None
