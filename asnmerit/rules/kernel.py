"""The kernel: the few integer operators that every engine runs, with their exact bounds.

A kernel value is an integer over a static denominator. `BOUNDS` holds, for each strict operator, the interval
that its result can take; the same table proves a policy at load and bounds a record with facts missing.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import attrs

from asnmerit.rules import calendar
from asnmerit.rules.rounding import divided

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Kind = Literal["bool", "number", "date", "code"]
Interval = tuple[int, int]
MOST: Final = 2**63 - 1


@attrs.frozen
class Int:
    """The type of a kernel node: lo <= n <= hi, standing for n / den."""

    kind: Kind
    lo: int
    hi: int
    den: int = 1


int_of = lru_cache(maxsize=65_536)(Int)
"""Make a kernel type, the same object for the same bounds: a law has few of them and pickles each once."""

BOOL: Final = int_of("bool", 0, 1)


def _mul(a: Interval, b: Interval) -> Interval:
    corners = [x * y for x in a for y in b]
    return min(corners), max(corners)


def _lt(a: Interval, b: Interval) -> Interval:
    return int(a[1] < b[0]), int(a[0] < b[1])


def _le(a: Interval, b: Interval) -> Interval:
    return int(a[1] <= b[0]), int(a[0] <= b[1])


def _eq(a: Interval, b: Interval) -> Interval:
    meet = a[0] <= b[1] and b[0] <= a[1]
    return int(a[0] == a[1] == b[0] == b[1]), int(meet)


def _quot(mode: str, n: Interval, d: Interval) -> Interval:
    corners = [divided(mode, x, max(y, 1)) for x in n for y in d]
    return min(corners), max(corners)


def _lookup(array: Sequence[int], i: Interval) -> Interval:
    cells = array[max(i[0], 0) : max(i[1], 0) + 1] or array[-1:]
    return min(cells), max(cells)


def _bucket(thresholds: Sequence[int], x: Interval) -> Interval:
    return bisect_right(thresholds, x[0]), bisect_right(thresholds, x[1])


def _in_calendar(day: int) -> int:
    return min(max(day, calendar.FIRST), calendar.LAST)


def _month_index(x: Interval) -> Interval:
    return calendar.month_index(_in_calendar(x[0])), calendar.month_index(_in_calendar(x[1]))


def _day(x: Interval) -> Interval:
    low, high = _in_calendar(x[0]), _in_calendar(x[1])
    if calendar.month_index(low) == calendar.month_index(high):
        return calendar.day_of_month(low), calendar.day_of_month(high)
    return 1, 31


def _date_at(month: Interval, day: Interval) -> Interval:
    def at(m: int, d: int) -> int:
        inside = min(max(m, calendar.FIRST_MONTH), calendar.LAST_MONTH)
        return calendar.date_at(inside, min(max(d, 1), 31))

    return at(month[0], day[0]), at(month[1], day[1])


def _pick(c: Interval, a: Interval, b: Interval) -> Interval:
    if c == (1, 1):
        return a
    return b if c == (0, 0) else (min(a[0], b[0]), max(a[1], b[1]))


BOUNDS: Final[dict[str, Callable[..., Interval]]] = {
    "add": lambda a, b: (a[0] + b[0], a[1] + b[1]),
    "sub": lambda a, b: (a[0] - b[1], a[1] - b[0]),
    "mul": _mul,
    "quot": _quot,
    "min": lambda a, b: (min(a[0], b[0]), min(a[1], b[1])),
    "max": lambda a, b: (max(a[0], b[0]), max(a[1], b[1])),
    "eq": _eq,
    "lt": _lt,
    "le": _le,
    "pick": _pick,
    "lookup": _lookup,
    "bucket": _bucket,
    "month_index": _month_index,
    "day": _day,
    "date_at": _date_at,
}
"""Interval of each strict operator; operators with a constant (quot, lookup, bucket) take it first."""

WITH_CONSTANT: Final = frozenset({"quot", "lookup", "bucket"})
KLEENE: Final = frozenset({"and", "or", "not", "select"})
"""Operators that may know their answer while an argument is unknown."""


def bounds(op: str, const: object, args: Sequence[Interval]) -> Interval:
    """Give the interval of an operator's result, Kleene operators taken as if all were known.

    >>> bounds("add", None, [(0, 2), (10, 20)])
    (10, 22)
    """
    match op:
        case "and":
            return int(all(a[0] for a in args)), int(all(a[1] for a in args))
        case "or":
            return int(any(a[0] for a in args)), int(any(a[1] for a in args))
        case "not":
            return 1 - args[0][1], 1 - args[0][0]
        case "select":
            return _pick(args[0], args[1], args[2])
        case _:
            row = BOUNDS[op]
            return row(const, *args) if op in WITH_CONSTANT else row(*args)


def common(*denominators: int) -> int:
    """Give the least denominator over which all of them can be written."""
    return math.lcm(*denominators)
