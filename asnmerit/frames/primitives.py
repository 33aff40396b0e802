"""What generated block programs call: NumPy's own functions, and the few that NumPy has none for. Integers only."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from asnmerit.rules import calendar
from asnmerit.rules.rounding import MODES

Column = Any
"""A NumPy array, or a Python integer that holds for all rows."""

UNIX = 719_163
"""The ordinal of 1970-01-01."""


def divided(mode: str, n: Column, d: Column, out: Any, dtype: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Divide by d >= 1 and round in the mode. No temporary exceeds n and d.

    >>> out = np.empty(3, np.int32)
    >>> divided("half_even", np.array([-5, 3, 5], np.int32), 2, out, np.int32); out.tolist()
    [-2, 2, 2]
    """
    q = np.floor_divide(n, d, dtype=dtype)
    r = np.subtract(n, np.multiply(q, d, dtype=dtype), dtype=dtype)
    e = np.subtract(d, r, dtype=dtype)
    match mode:
        case "floor":
            more: Any = False
        case "ceiling":
            more = r > 0
        case "down":
            more = (r > 0) & np.less(n, 0)
        case "up":
            more = (r > 0) & np.greater(n, 0)
        case "half_even":
            more = (r > e) | ((r == e) & (q % 2 == 1))
        case "half_up":
            more = (r > e) | ((r == e) & np.greater(n, 0))
        case "half_down":
            more = (r > e) | ((r == e) & np.less(n, 0))
        case _:
            message = f"no rounding mode {mode}; there are {', '.join(MODES)}"
            raise ValueError(message)
    np.add(q, more, out=out, casting="same_kind")


def choose(test: Any, a: Column, b: Column, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Give a where the test is true, else b."""
    np.copyto(out, b)
    np.copyto(out, a, where=test)


def bucket(ends: tuple[int, ...], x: Any, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Count how many of a few ends are not above x."""
    count = np.greater_equal(x, ends[0]).view(np.int8)
    for end in ends[1:]:
        np.add(count, np.greater_equal(x, end).view(np.int8), out=count)
    np.copyto(out, count)


@cache
def near_days() -> Any:  # noqa: ANN401 - a NumPy array
    """Give 32 times the month index plus the day of the month, for every day of the near calendar by its place."""
    first, last = calendar.date_at(calendar.NEAR_FIRST, 1), calendar.date_at(calendar.NEAR_LAST, 31)
    days = np.arange(first, last + 1)
    months, of_month = np.empty(len(days), np.int32), np.empty(len(days), np.int32)
    far_month_index(days, months)
    far_day(days, of_month)
    return months * 32 + of_month


@cache
def _starts() -> tuple[Any, Any]:
    return np.array(calendar.month_starts(), np.int32), np.array(calendar.month_lengths(), np.int32)


def _as_days(day: Any) -> Any:  # noqa: ANN401 - NumPy's own
    return (np.asarray(day, np.int64) - UNIX).astype("datetime64[D]")


def far_month_index(day: Any, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Give 12 * year + month - 1 of any day."""
    np.copyto(out, _as_days(day).astype("datetime64[M]").astype(np.int64) + 12 * 1970, casting="same_kind")


def far_day(day: Any, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Give the day of the month of any day."""
    days = _as_days(day)
    first = days.astype("datetime64[M]").astype("datetime64[D]")
    np.copyto(out, (days - first).astype(np.int64) + 1, casting="same_kind")


def near_date_at(month: Column, day: Column, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Give a day of a month between 1700 and 2600, clipped to the month's end."""
    starts, lengths = _starts()
    place = np.subtract(month, calendar.NEAR_FIRST)
    np.add(np.take(starts, place), np.minimum(np.take(lengths, place), day), out=out, casting="same_kind")


def far_date_at(month: Column, day: Column, out: Any) -> None:  # noqa: ANN401 - NumPy's own
    """Give a day of any month, clipped to the month's end."""
    months = (np.asarray(month, np.int64) - 12 * 1970).astype("datetime64[M]")
    first = months.astype("datetime64[D]").astype(np.int64)
    length = (months + 1).astype("datetime64[D]").astype(np.int64) - first
    np.copyto(out, first + UNIX - 1 + np.minimum(length, day), casting="same_kind")
