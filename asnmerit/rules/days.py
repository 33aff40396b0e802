"""Days as arguments and in texts."""

from __future__ import annotations

import datetime

from asnmerit.errors import ArgumentError
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY, day_of
from asnmerit.timeline import FOREVER


def day_argument(name: str, value: object) -> datetime.date:
    """Read a day given as an argument: a date, or `YYYY-MM-DD`."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        if FIRST_DAY <= value.toordinal() <= LAST_DAY:
            return value
    elif isinstance(value, str):
        day = day_of(value)
        if day is not None:
            return datetime.date.fromordinal(day)
    raise ArgumentError(name, value, "a day, YYYY-MM-DD, between 1900 and 2199")


def day_text(ordinal: int) -> str:
    """Write a day, or `open` for one that never comes."""
    return "open" if ordinal >= FOREVER else datetime.date.fromordinal(ordinal).isoformat()


def last_day_text(ordinal: int) -> str:
    """Write the last day before one, or `open`."""
    return "open" if ordinal >= FOREVER else day_text(ordinal - 1)
