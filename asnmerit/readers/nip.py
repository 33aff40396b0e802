"""The employee number: NIP of a PNS, NI of a PPPK. Eighteen digits, always text.

NIP PNS: birth date (8), month of appointment as CPNS (6), sex (1: male, 2: female), serial 001-999 (3).
NI PPPK: birth date (8), year (4), `2`, frequency 1-9 (1), sex (1), serial (3). There is no check digit.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import attrs

from asnmerit.readers.findings import CellRefusedError, Finding, Words, shortened

_EIGHTEEN: Final = re.compile(r"[0-9]{18}")
_A_NUMBER: Final = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+([eE][+-]?[0-9]+)|[0-9]{15,}[.,]0*")
_SPACES: Final = re.compile(r"[\s\u00a0]+")
_EXPECTED: Final = Words("18 angka yang disimpan sebagai teks", "18 digits stored as text")
_LOST: Final = Words(
    "ekspor ulang dengan kolom NIP bertipe teks; digit yang hilang tidak dapat dikembalikan",
    "export again with the NIP column as text; lost digits cannot be restored",
)
PPPK_MARK: Final = "2"
LETTERS: Final = {"male": "L", "female": "P"}


@attrs.frozen
class EmployeeNumber:
    """A well-formed number and what its digits say.

    >>> number = EmployeeNumber("198503172010011003")
    >>> number.birth_date, number.appointment, number.sex
    (datetime.date(1985, 3, 17), '2010-01', 'male')
    """

    digits: str

    @property
    def birth_date(self) -> date | None:
        """The birth date, None if the digits are not a date."""
        try:
            return date(int(self.digits[:4]), int(self.digits[4:6]), int(self.digits[6:8]))
        except ValueError:
            return None

    @property
    def appointment(self) -> str:
        """`YYYY-MM` of the appointment of a PNS, `YYYY` of a PPPK."""
        year = self.digits[8:12]
        return year if self.digits[12] == PPPK_MARK else f"{year}-{self.digits[12:14]}"

    @property
    def sex(self) -> str:
        """`male`, `female`, or "" when the digit is neither 1 nor 2."""
        return {"1": "male", "2": "female"}.get(self.digits[14], "")

    def doubts(self, birth_date: date | None, appointment: date | None, sex: str) -> list[Finding]:
        """Compare with the row's own columns; what is not known there is not compared."""
        found = []
        born = self.birth_date
        if born is None:
            found.append(Finding("nip-date", value=self.digits[:8]))
        elif birth_date and birth_date != born:
            found.append(Finding("nip-birth-date", value=birth_date.isoformat(), expected=_same(born.isoformat())))
        if appointment and not appointment.isoformat().startswith(self.appointment):
            month = appointment.isoformat()[:7]
            found.append(Finding("nip-appointment", value=month, expected=_same(self.appointment)))
        if sex and self.sex and sex != self.sex:
            found.append(Finding("nip-sex", value=LETTERS[sex], expected=_same(LETTERS[self.sex])))
        return found


def _same(text: str) -> Words:
    return Words(f"{text} seperti pada NIP", f"{text} as in the NIP")


def employee_number(text: str) -> tuple[str, bool]:
    """Read an employee number; say whether spaces had to be removed.

    >>> employee_number("19850317 201001 1 003")
    ('198503172010011003', True)
    >>> try:
    ...     employee_number("1.98503E+17")
    ... except CellRefusedError as error:
    ...     print(error.finding.code)
    nip-lost-digits

    Raises:
        CellRefusedError: if it is not 18 digits, or went through a spreadsheet as a number: those keep
            15 digits, and a serial of 000 does not exist.
    """
    digits = _SPACES.sub("", text)
    if _A_NUMBER.fullmatch(digits) or (_EIGHTEEN.fullmatch(digits) and digits.endswith("000")):
        raise CellRefusedError("nip-lost-digits", masked(text), _EXPECTED, _LOST)
    if not _EIGHTEEN.fullmatch(digits):
        raise CellRefusedError("nip-digits", masked(text), _EXPECTED)
    return digits, digits != text


def masked(text: str) -> str:
    """Show only the beginning of a number that names a person.

    >>> masked("1985031720100110030")
    '19850317…'
    """
    return shortened(text if len(text) <= SHOWN_DIGITS else text[:SHOWN_DIGITS] + "…")


SHOWN_DIGITS: Final = 8
