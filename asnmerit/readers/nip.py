"""The employee number in a file: a cell that is one, or is refused; `asnmerit.nip` says what the digits mean.

A well-formed row is not refused because some digits of the number are impossible: that is a doubt.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

import attrs

from asnmerit.nip import DIGITS, NO_SERIAL, PPPK_MARK, SEXES, faults_of, went_through_a_number
from asnmerit.readers.findings import CellRefusedError, Finding, Words, shortened

_EIGHTEEN: Final = re.compile(rf"[0-9]{{{DIGITS}}}")
_SPACES: Final = re.compile(r"[\s\u00a0]+")
_EXPECTED: Final = Words("18 angka yang disimpan sebagai teks", "18 digits stored as text")
_LOST: Final = Words(
    "ekspor ulang dengan kolom NIP bertipe teks; digit yang hilang tidak dapat dikembalikan",
    "export again with the NIP column as text; lost digits cannot be restored",
)
_SEXES: Final = {"pria": "male", "wanita": "female"}
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
        return _SEXES.get(SEXES.get(self.digits[14], ""), "")

    def doubts(self, birth_date: date | None, appointment: date | None, sex: str) -> list[Finding]:
        """Name impossible digits; compare with the row's own columns, those that are known."""
        found = [Finding(f.code, value=f.value) for f in faults_of(self.digits)]
        born = self.birth_date
        if born and birth_date and birth_date != born:
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
    if went_through_a_number(digits) or (_EIGHTEEN.fullmatch(digits) and digits.endswith(NO_SERIAL)):
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
