"""Months and days as whole numbers: months counted from year 0, days since 1970, as Arrow has them."""

from __future__ import annotations

import datetime
from typing import Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np
from asnmerit.population.streams import Array
from asnmerit.rules.days import day_argument

EPOCH: Final = datetime.date(1970, 1, 1).toordinal()
FIRST_ON: Final = datetime.date(2024, 1, 1)
LAST_ON: Final = datetime.date(2030, 12, 31)
_FIRST_MONTH: Final = 1930 * 12
FIRST_DAYS: Final = np.arange("1930-01", "2081-01", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int32)
"""The first day of every month from January 1930 on."""


def first_days(months: Array) -> Array:
    """Give the first day of each month."""
    return FIRST_DAYS[months - _FIRST_MONTH]


@attrs.frozen
class Today:
    """The day for which people are made: as day, month and year.

    >>> today("2026-04-01").years_before(21) == today("2005-04-01", free=True).day
    True
    """

    date: datetime.date

    @property
    def day(self) -> int:
        """Days since 1970."""
        return self.date.toordinal() - EPOCH

    @property
    def month(self) -> int:
        """Months since year 0."""
        return self.date.year * 12 + self.date.month - 1

    @property
    def year(self) -> int:
        """The calendar year."""
        return self.date.year

    def years_before(self, years: int) -> int:
        """Give the latest day of birth of those who have completed so many years."""
        year = self.year - years
        leap = self.date.month == 2 and self.date.day == 29 and year % 4  # noqa: PLR2004 - 29 February; no 1900 here
        born = datetime.date(year, 2, 28) if leap else self.date.replace(year=year)
        return born.toordinal() - EPOCH


def today(value: object, *, free: bool = False) -> Today:
    """Read the day for which people are made. Raises `ArgumentError`: before 2024 no PPPK had four years of service."""
    day = day_argument("on", value)
    if not free and not FIRST_ON <= day <= LAST_ON:
        raise ArgumentError("on", value, f"a day from {FIRST_ON} to {LAST_ON}, near which the published shares hold")
    return Today(day)
