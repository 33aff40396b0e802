"""Days as numbers: the three date primitives of the kernel, and what derives from them.

A day is its proleptic Gregorian ordinal; a month is its index 12 * year + month - 1.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Final

FIRST: Final = date.min.toordinal()
LAST: Final = date.max.toordinal()
FIRST_MONTH: Final = 12 * date.min.year
LAST_MONTH: Final = 12 * date.max.year + 11


NEAR_FIRST: Final = 12 * 1700
NEAR_LAST: Final = 12 * 2600 + 11


@cache
def month_starts() -> tuple[int, ...]:
    """Give the day before the first of each month from 1700 to 2600, so that adding the day gives the date."""
    return tuple(date(m // 12, m % 12 + 1, 1).toordinal() - 1 for m in range(NEAR_FIRST, NEAR_LAST + 1))


@cache
def month_lengths() -> tuple[int, ...]:
    """Give the length of each month from 1700 to 2600."""
    return tuple(_length(*divmod(m, 12)) for m in range(NEAR_FIRST, NEAR_LAST + 1))


def month_index(day: int) -> int:
    """Give 12 * year + month - 1 of a day.

    >>> month_index(date(2024, 2, 29).toordinal()) - 12 * 2024
    1
    """
    d = date.fromordinal(day)
    return 12 * d.year + d.month - 1


def day_of_month(day: int) -> int:
    """Give the day of the month, 1 to 31."""
    return date.fromordinal(day).day


def date_at(month: int, day: int) -> int:
    """Give a day of a month by its index; a day past the month's end is the month's end.

    >>> date.fromordinal(date_at(12 * 2025 + 1, 31))
    datetime.date(2025, 2, 28)
    """
    year, m = divmod(month, 12)
    return date(year, m + 1, min(day, _length(year, m))).toordinal()


def _length(year: int, month: int) -> int:
    if month == 1:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in {3, 5, 8, 10} else 31
