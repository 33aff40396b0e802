"""Columns that hold several things: one thing taken out of the cell, or the cell refused.

Staff sheets have headers such as `TEMPAT/TANGGAL LAHIR`, `NAMA/NIP` and `JABATAN (NAMA, TMT)`. A part is taken only
where exactly one is there.
"""

from __future__ import annotations

import re
from typing import Final

from asnmerit.readers.findings import CellRefusedError, Words

_DAY: Final = re.compile(
    r"(?<![0-9])(?:[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{4}|[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"|[0-9]{1,2} [A-Za-z]{3,10}\.? [0-9]{4})(?![0-9])"
)
_NUMBER: Final = re.compile(r"(?<![0-9])[0-9](?:[ .]?[0-9]){17}(?![0-9])")
_AS_A_NUMBER: Final = re.compile(r"[0-9][.,]?[0-9]*[eE]\+?[0-9]{2}")
_SERVICE: Final = re.compile(
    r"([0-9]{1,2})\s*(?:th|thn|tahun)?\.?\s*[,/;-]?\s+?([0-9]{1,2})\s*(?:bl|bln|bulan)?\.?"
    r"|([0-9]{1,2})\s*(?:th|thn|tahun)?\.?\s*[,/;-]\s*([0-9]{1,2})\s*(?:bl|bln|bulan)?\.?",
    re.IGNORECASE,
)
_ONE_DAY: Final = Words("satu tanggal di dalam sel", "one date in the cell")
_ONE_NUMBER: Final = Words("satu NIP 18 angka di dalam sel", "one NIP of 18 digits in the cell")
_YEARS_MONTHS: Final = Words("tahun dan bulan, misalnya 12, 03", "years and months, such as 12, 03")


def day_in(text: str) -> str:
    """Take the one date out of a cell.

    >>> day_in("Manokwari, 17-03-1985"), day_in("Kepala Seksi / 1 April 2022")
    ('17-03-1985', '1 April 2022')

    Raises:
        CellRefusedError: if there is none, or more than one.
    """
    found = _DAY.findall(text)
    if len(found) != 1:
        raise CellRefusedError("cell-combined", "", _ONE_DAY)
    return str(found[0])


def number_in(text: str) -> str:
    """Take the one employee number out of a cell; the name beside it is left.

    >>> number_in("BUDI SANTOSO / 198503172010011003")
    '198503172010011003'

    Raises:
        CellRefusedError: if there is none, or more than one. The cell is not shown: it names a person.
    """
    found = _NUMBER.findall(text) or _AS_A_NUMBER.findall(text)
    if len(found) != 1:
        raise CellRefusedError("cell-combined", "", _ONE_NUMBER)
    return str(found[0]).replace(".", "") if _NUMBER.fullmatch(found[0]) else str(found[0])


def rank_in(text: str) -> str:
    """Take off the date; what is left is the rank.

    >>> rank_in("Penata (III/c), 01-04-2022"), rank_in("III/c 01-04-2022")
    ('Penata (III/c)', 'III/c')
    """
    return _DAY.sub(" ", text).strip(" ,;/\n").replace(",", " ")


def years_in(text: str) -> str:
    """Take the years out of a length of service.

    >>> years_in("12, 03"), years_in("4 th 11 bl")
    ('12', '4')

    Raises:
        CellRefusedError: if it is not years and months.
    """
    return _service(text)[0]


def months_in(text: str) -> str:
    """Take the months out of a length of service.

    >>> months_in("12, 03"), months_in("4 th 11 bl")
    ('03', '11')

    Raises:
        CellRefusedError: if it is not years and months.
    """
    return _service(text)[1]


def _service(text: str) -> tuple[str, str]:
    found = _SERVICE.fullmatch(text.strip())
    if not found:
        raise CellRefusedError("cell-combined", text, _YEARS_MONTHS)
    return found[1] or found[3], found[2] or found[4]
