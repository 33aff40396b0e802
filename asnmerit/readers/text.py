"""Text cells into exact values: numbers, dates, yes and no, members of a type.

Nothing is guessed. A cell is read in one documented way or refused with what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final

from asnmerit.diagnostics import near_misses
from asnmerit.readers.findings import NOTHING, CellRefusedError, Words

MOST_DIGITS: Final = 40
LONGEST_COMPARED: Final = 80
_DIGITS: Final = rf"[0-9]{{1,{MOST_DIGITS}}}"
_NUMBER: Final = re.compile(rf"[+-]?{_DIGITS}(?:\.{_DIGITS})?")
_COMMA_NUMBER: Final = re.compile(rf"[+-]?{_DIGITS}(?:,{_DIGITS})?")
_RATIO: Final = re.compile(rf"([+-]?{_DIGITS})/({_DIGITS})")
_ISO_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_DAY_FIRST: Final = re.compile(r"([0-9]{1,2})-([0-9]{1,2})-([0-9]{4})")

BOOLEANS: Final[Mapping[str, bool]] = {
    "ya": True,
    "true": True,
    "1": True,
    "tidak": False,
    "false": False,
    "0": False,
}

_POINT: Final = Words("angka seperti 12.50, 80 atau 25/8", "a number such as 12.50, 80 or 25/8")
_COMMA: Final = Words("angka seperti 12,50, 80 atau 25/8", "a number such as 12,50, 80 or 25/8")
_ISO: Final = Words("tanggal TTTT-BB-HH, misalnya 2026-04-01", "a date YYYY-MM-DD, such as 2026-04-01")
_YES_NO: Final = Words(
    "ya, tidak, true, false, 1 atau 0 (huruf besar atau kecil)",
    "ya, tidak, true, false, 1 or 0 (in any case)",
)
_COMMA_HINT: Final = Words("bila koma dipakai sebagai desimal: --decimal-comma", "for decimal commas: --decimal-comma")
_PLAIN_HINT: Final = Words(
    "tanpa titik ribuan, tanpa Rp, tanpa tanda persen", "no thousands separators, no Rp, no percent sign"
)
_SIASN_HINT: Final = Words(
    "tanggal HH-BB-TTTT dibaca dengan --input-format siasn", "dates DD-MM-YYYY are read with --input-format siasn"
)


def number(text: str, *, decimal_comma: bool = False) -> int | Decimal | Fraction:
    """Read a number exactly: an integer, a decimal, or a ratio.

    >>> number("12.50"), number("25/8"), number("87,5", decimal_comma=True)
    (Decimal('12.50'), Fraction(25, 8), Decimal('87.5'))

    Raises:
        CellRefusedError: if it is not written in one of these ways, or has too many digits.
    """
    if (_COMMA_NUMBER if decimal_comma else _NUMBER).fullmatch(text):
        plain = text.replace(",", ".")
        return Decimal(plain) if "." in plain else int(plain)
    if (ratio := _RATIO.fullmatch(text)) and int(ratio[2]):
        return Fraction(int(ratio[1]), int(ratio[2]))
    hint = _COMMA_HINT if not decimal_comma and _COMMA_NUMBER.fullmatch(text) else NOTHING
    if not hint.en and re.search(r"[Rr]p|%|[0-9][.,][0-9]{3}\b", text):
        hint = _PLAIN_HINT
    raise CellRefusedError("cell-number", text, _COMMA if decimal_comma else _POINT, hint)


def percentage(text: str, *, decimal_comma: bool = False) -> int | Decimal | Fraction:
    """Read a share exactly: 60% or the number 0.6.

    >>> percentage("60%"), percentage("0.6")
    (Fraction(3, 5), Decimal('0.6'))

    Raises:
        CellRefusedError: if it is neither.
    """
    if text.endswith("%"):
        return Fraction(number(text[:-1].rstrip(), decimal_comma=decimal_comma)) / 100
    return number(text, decimal_comma=decimal_comma)


def iso_date(text: str) -> date:
    """Read a date written YYYY-MM-DD, and in no other way.

    >>> iso_date("2026-04-01")
    datetime.date(2026, 4, 1)

    Raises:
        CellRefusedError: if it is written otherwise, or no such day exists.
    """
    if match := _ISO_DATE.fullmatch(text):
        return _day(text, int(match[1]), int(match[2]), int(match[3]), _ISO)
    raise CellRefusedError("cell-date", text, _ISO, _SIASN_HINT if _DAY_FIRST.fullmatch(text) else NOTHING)


def _day(text: str, year: int, month: int, day: int, expected: Words) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise CellRefusedError("cell-no-such-date", text, expected) from None


def boolean(text: str) -> bool:
    """Read ya, tidak, true, false, 1 or 0, in any case.

    >>> boolean("Ya"), boolean("0")
    (True, False)

    Raises:
        CellRefusedError: for every other word.
    """
    found = BOOLEANS.get(text.lower()) if text.isascii() else None
    if found is None:
        raise CellRefusedError("cell-bool", text, _YES_NO)
    return found


def member(text: str, members: Iterable[str]) -> str:
    """Read a member of a type by its exact code.

    >>> member("baik", ["baik", "kurang"])
    'baik'

    Raises:
        CellRefusedError: if it is not a member; the near miss is named.
    """
    known = tuple(members)
    if text in known:
        return text
    raise refused_member(text, known)


def refused_member(text: str, members: Iterable[str]) -> CellRefusedError:
    """Make the refusal of a text that is no member of a type.

    >>> refused_member("baek", ["baik", "kurang"]).finding.hint.en
    'did you mean baik?'
    """
    known = tuple(members)
    listed = ", ".join(known)
    near = near_misses(text[:LONGEST_COMPARED].strip().lower().replace(" ", "_"), known)
    hint = Words(f"maksud Anda {near[0]}?", f"did you mean {near[0]}?") if near else NOTHING
    return CellRefusedError("cell-member", text, Words(f"salah satu dari {listed}", f"one of {listed}"), hint)
