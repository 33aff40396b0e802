"""The employee number: NIP of a PNS, number of a PPPK. Read, doubted, compared with a record. It is text, always.

NIP of a PNS, 18 digits: birth date (8), year and month of appointment as CPNS (6), sex (1: a man, 2: a woman), serial
from 001 (3). Perka BKN 22/2007 and 43/2007, read in explainers (evidence B). There is no check digit.

Number of a PPPK, 18 digits: birth date (8), year of first appointment (4), `2`, how often appointed 1-9 (1), sex (1),
serial (3). From memory, unverified (evidence M). The digit after the year tells the two apart: a month begins with 0
or 1.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final, Literal

import attrs

from asnmerit.errors import ArgumentError, AsnmeritError
from asnmerit.nip_faults import NipFault, fault
from asnmerit.rules.days import day_argument

DIGITS: Final = 18
LAST_MONTH: Final = 12
PPPK_MARK: Final = "2"
NO_SERIAL: Final = "000"
SEXES: Final[Mapping[str, Literal["pria", "wanita"]]] = {"1": "pria", "2": "wanita"}
_PLAIN: Final = re.compile(r"[0-9]+")
_SPACES: Final = re.compile(r"\s+")
_APOSTROPHES: Final = "'\u2018\u2019`"
_A_NUMBER: Final = re.compile(r"[+-]?[0-9]*[.,]?[0-9]+[eE][+-]?[0-9]+|[0-9]{15,}[.,]0*")


class NipError(AsnmeritError, ValueError):
    """A text is no employee number. Every fault is in `faults`; none of them shows the whole number.

    >>> try:
    ...     parse_nip("199002302015013000")
    ... except NipError as error:
    ...     print([fault.code for fault in error.faults])
    ['nip-date', 'nip-sex-digit', 'nip-serial']
    """

    def __init__(self, faults: tuple[NipFault, ...]) -> None:
        """Keep the faults; the text lists them all."""
        self.faults = faults
        super().__init__(faults)

    def __str__(self) -> str:
        """All faults in English, one a line."""
        return "\n".join(f.text("en") for f in self.faults)


@attrs.frozen
class Nip:
    """A well-formed employee number and what its digits say. `parse_nip` makes it.

    `kind` is `pns` or `pppk`; `entry_month` is None for a PPPK and `frequency` None for a PNS; `sex` is `pria` or
    `wanita`, as in the facts of the policies. `repairs` tells what was taken off the text.

    >>> nip = parse_nip("199001012015012001")
    >>> nip.kind, str(nip.birth_date), nip.entry, nip.sex, nip.serial
    ('pns', '1990-01-01', '2015-01', 'wanita', '001')
    """

    digits: str
    kind: Literal["pns", "pppk"]
    birth_date: date
    entry_year: int
    entry_month: int | None
    sex: Literal["pria", "wanita"]
    frequency: int | None
    serial: str
    repairs: tuple[NipFault, ...] = attrs.field(default=(), eq=False)

    def __str__(self) -> str:
        """The 18 digits."""
        return self.digits

    @property
    def spaced(self) -> str:
        """The number as documents print it: `19900101 201501 2 001`."""
        d = self.digits
        return f"{d[:8]} {d[8:14]} {d[14]} {d[15:]}"

    @property
    def entry(self) -> str:
        """`YYYY-MM` of the appointment as CPNS; `YYYY` of the first appointment of a PPPK."""
        return f"{self.entry_year:04d}" + ("" if self.entry_month is None else f"-{self.entry_month:02d}")

    @property
    def grade(self) -> Literal["B", "M"]:
        """The evidence for the format: B for PNS; M, from memory and unverified, for PPPK."""
        return "B" if self.kind == "pns" else "M"

    @property
    def source(self) -> str:
        """Where the format is laid down."""
        return "Perka BKN 22/2007; Perka BKN 43/2007" if self.kind == "pns" else "from memory, unverified"


def parse_nip(text: str) -> Nip:
    """Read an employee number. Spaces and a leading apostrophe are taken off and told in `repairs`.

    A number or a float is refused, whole or not: spreadsheets keep 15 digits, and a NIP is text. Raises `NipError` with
    every fault: length, other characters, a birth date that does not exist, a month, the sex digit, the PPPK frequency,
    a serial of 000.

    >>> parse_nip("'19900101 202121 1 007").frequency, [r.code for r in parse_nip("'19900101 202121 1 007").repairs]
    (1, ['nip-spaces', 'nip-apostrophe'])
    """
    if not isinstance(text, str):
        raise NipError((fault("nip-not-text", type(text).__name__),))
    repairs = []
    digits = _SPACES.sub("", text)
    if digits != text:
        repairs.append(fault("nip-spaces"))
    if digits and digits[0] in _APOSTROPHES:
        digits = digits[1:]
        repairs.append(fault("nip-apostrophe"))
    if found := tuple(faults_of(digits)):
        raise NipError(found)
    return _read(digits, tuple(repairs))


def _read(digits: str, repairs: tuple[NipFault, ...]) -> Nip:
    pppk = digits[12] == PPPK_MARK
    return Nip(
        digits=digits,
        kind="pppk" if pppk else "pns",
        birth_date=date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])),
        entry_year=int(digits[8:12]),
        entry_month=None if pppk else int(digits[12:14]),
        sex=SEXES[digits[14]],
        frequency=int(digits[13]) if pppk else None,
        serial=digits[15:],
        repairs=repairs,
    )


def went_through_a_number(text: str) -> bool:
    """Say whether a text was a number in between, which keeps 15 digits only.

    >>> went_through_a_number("1.98503E+17"), went_through_a_number("198503172010011003.0")
    (True, True)
    """
    return _A_NUMBER.fullmatch(text) is not None


def faults_of(digits: str) -> Iterator[NipFault]:
    """Find every fault. Parts are read only where the length is right, for else nobody knows which digit is which.

    >>> [fault.code for fault in faults_of("19900101201513100X")]
    ['nip-characters', 'nip-month']
    """
    if went_through_a_number(digits):
        yield fault("nip-lost-digits")
        return
    if digits and not _PLAIN.fullmatch(digits):
        yield fault("nip-characters")
    if len(digits) != DIGITS:
        yield fault("nip-length", str(len(digits)))
        return
    birth, entry, sex, serial = digits[:8], digits[8:14], digits[14], digits[15:]
    if _PLAIN.fullmatch(birth) and not _is_a_day(birth):
        yield fault("nip-date", birth)
    if _PLAIN.fullmatch(entry):
        yield from _faults_of_entry(entry)
    if _PLAIN.fullmatch(sex) and sex not in SEXES:
        yield fault("nip-sex-digit", sex)
    if serial == NO_SERIAL:
        yield fault("nip-serial", serial)


def _is_a_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def _faults_of_entry(entry: str) -> Iterator[NipFault]:
    if int(entry[:4]) == 0:
        yield fault("nip-year", entry[:4])
    if entry[4] == PPPK_MARK:
        if entry[5] == "0":
            yield fault("nip-frequency", entry[4:])
    elif not 1 <= int(entry[4:]) <= LAST_MONTH:
        yield fault("nip-month", entry[4:])


def _expect_nip(nip: object) -> None:
    if not isinstance(nip, Nip):
        raise ArgumentError("nip", type(nip).__name__, "a Nip, as `parse_nip` gives it")


def doubt_nip(
    nip: Nip,
    on: date | str,
    youngest_at_entry: int = 18,
    oldest_at_entry: int = 60,
    oldest: int = 80,
) -> tuple[NipFault, ...]:
    """Doubt a well-formed number: what it says is possible but unlikely, seen from the day `on`.

    The ages are ours, no rules of law: give others where others fit. A month, or the year of a PPPK, counts in favour
    of the number: the youngest age is taken at its end, the oldest at its beginning.

    >>> [d.code for d in doubt_nip(parse_nip("200501012026011001"), on="2025-12-31")]
    ['nip-entry-future']
    """
    _expect_nip(nip)
    day = day_argument("on", on)
    first, last = _entry_days(nip)
    found = []
    if nip.birth_date > day:
        found.append(fault("nip-birth-future", nip.birth_date.isoformat()))
    elif _years(nip.birth_date, day) > oldest:
        found.append(fault("nip-old", str(_years(nip.birth_date, day)), str(oldest)))
    if first > day:
        found.append(fault("nip-entry-future", nip.entry, day.isoformat()))
    if _years(nip.birth_date, last) < youngest_at_entry:
        found.append(fault("nip-young-at-entry", str(_years(nip.birth_date, last)), str(youngest_at_entry)))
    if _years(nip.birth_date, first) > oldest_at_entry:
        found.append(fault("nip-old-at-entry", str(_years(nip.birth_date, first)), str(oldest_at_entry)))
    return tuple(found)


def _entry_days(nip: Nip) -> tuple[date, date]:
    """Give the first and last day on which the entry may have been."""
    year, month = nip.entry_year, nip.entry_month
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _years(born: date, day: date) -> int:
    """Count completed years; negative before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def compare_nip(nip: Nip, record: Mapping[str, object]) -> tuple[NipFault, ...]:
    """Compare a number with the facts of a record: `birth_date`, `cpns_date`, `sex` and `employment`.

    What the record does not know is not compared. Of a PPPK the year of `cpns_date` is compared, of a PNS year and
    month. Which of the two is wrong the number does not say. Raises `ArgumentError` for a day that is none. BKN counts
    the same four among its checks of data quality (CON_1 to CON_4).

    >>> record = {"birth_date": "1990-01-02", "sex": "wanita", "employment": "pppk", "cpns_date": "2015-01-31"}
    >>> [d.code for d in compare_nip(parse_nip("199001012015012001"), record)]
    ['nip-birth-date', 'nip-employment']
    """
    _expect_nip(nip)
    if not isinstance(record, Mapping):
        raise ArgumentError("record", record, "a mapping from fact names to values")
    found = []
    born, entry = (_day(record, name) for name in ("birth_date", "cpns_date"))
    if born is not None and born != nip.birth_date:
        found.append(fault("nip-birth-date", born.isoformat(), nip.birth_date.isoformat()))
    if entry is not None and not entry.isoformat().startswith(nip.entry):
        found.append(fault("nip-appointment", entry.isoformat()[:7], nip.entry))
    sex, employment = record.get("sex"), record.get("employment")
    if sex is not None and sex != nip.sex:
        found.append(fault("nip-sex", str(sex), nip.sex))
    if employment is not None and ("pppk" if employment == "pppk" else "pns") != nip.kind:
        found.append(fault("nip-employment", str(employment), nip.kind))
    return tuple(found)


def _day(record: Mapping[str, object], name: str) -> date | None:
    value = record.get(name)
    return None if value is None else day_argument(name, value)
