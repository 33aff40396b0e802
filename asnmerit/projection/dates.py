"""Months and days of a projection as whole numbers: months counted from 1970, days as Arrow has them."""

from __future__ import annotations

import datetime
from typing import Any, Final

from asnmerit.frames.arrow import np

Array = Any
NEVER: Final = 2**30
"""A day that does not come."""
UNKNOWN: Final = -(2**30)
"""A day that is not known."""
_EPOCH: Final = datetime.date(1970, 1, 1).toordinal()


def day_of(date: datetime.date) -> int:
    """Give a date as days since 1970.

    >>> import datetime
    >>> day_of(datetime.date(1970, 2, 1))
    31
    """
    return date.toordinal() - _EPOCH


def months_of(days: Array) -> Array:
    """Give the month of each day."""
    return days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)


def firsts_of(months: Array) -> Array:
    """Give the first day of each month."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def months_between(earlier: Array, later: int) -> Array:
    """Give the completed months from each day to the later day, which is the first of a month."""
    start = months_of(earlier)
    return months_of(np.array([later]))[0] - start - (earlier > firsts_of(start))


def month_starts(first: datetime.date, years: int) -> list[list[datetime.date]]:
    """Give, for each year from a day on, the firsts of months in it; a year ends on the eve of the same day.

    >>> import datetime
    >>> [str(d) for d in month_starts(datetime.date(2026, 4, 2), 1)[0]][::11]
    ['2026-05-01', '2027-04-01']
    """
    found = []
    for year in range(years):
        start, end = anniversary(first, year), anniversary(first, year + 1)
        months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month)
        days = [datetime.date(m // 12, m % 12 + 1, 1) for m in months]
        found.append([d for d in days if start <= d < end])
    return found


def anniversary(first: datetime.date, years: int) -> datetime.date:
    """Give the same day so many years on; 28 February for the 29th where there is none."""
    try:
        return first.replace(year=first.year + years)
    except ValueError:
        return datetime.date(first.year + years, 2, 28)


def retirement_days(birth: Array, age: Array) -> Array:
    """Give the first day of the month after each birthday; `NEVER` where the birth is not known."""
    known = birth != UNKNOWN
    months = months_of(np.where(known, birth, 0)) + 12 * age + 1
    return np.where(known, firsts_of(months), NEVER)


def ages_on(birth: Array, day: datetime.date) -> Array:
    """Give the completed years of each person on a day; -1 where the birth is not known."""
    known = birth != UNKNOWN
    dates = np.where(known, birth, 0)
    months = months_of(dates)
    years, month, of = months // 12 + 1970, months % 12 + 1, dates - firsts_of(months) + 1
    before = (month > day.month) | ((month == day.month) & (of > day.day))
    return np.where(known, day.year - years - before, -1)
