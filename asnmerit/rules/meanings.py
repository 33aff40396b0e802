"""What operators mean: plain functions of exact values, for those that need more than a line of the catalogue."""

from __future__ import annotations

import calendar as months_of
import datetime
from collections.abc import Callable
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from fractions import Fraction
from typing import Any, Final

from asnmerit.rules.types import Enum

Meaning = Callable[..., Any]

_DECIMAL_MODES: Final = {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "round_down": ROUND_DOWN,
    "round_up": ROUND_UP,
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
}


def rounding(name: str) -> Meaning:
    """Give a rounding to a step, by decimal itself."""

    def meaning(x: Fraction, step: Fraction = Fraction(1)) -> Fraction:
        """Round with decimal itself: a Fraction is brought to a Decimal that keeps its side of every tie."""
        steps = x / step
        whole, rest = divmod(steps, 1)
        side = (
            Decimal(0)
            if rest == 0
            else Decimal("0.5")
            if rest * 2 == 1
            else Decimal("0.25" if rest * 2 < 1 else "0.75")
        )
        context = Context(prec=max(50, len(str(whole)) + 5))
        exact = context.add(Decimal(int(whole)), side)
        return Fraction(int(exact.to_integral_value(rounding=_DECIMAL_MODES[name], context=context))) * step

    return meaning


def add_months(day: int, months: Fraction) -> int:
    """Give the same day so many months later, clipped to the month's end."""
    d = datetime.date.fromordinal(day)
    total = d.year * 12 + d.month - 1 + int(months)
    year, month = total // 12, total % 12 + 1
    return datetime.date(year, month, min(d.day, months_of.monthrange(year, month)[1])).toordinal()


def months_between(a: int, b: int) -> Fraction:
    """Give the largest n with add_months(a, n) <= b."""
    first, last = datetime.date.fromordinal(a), datetime.date.fromordinal(b)
    n = (last.year - first.year) * 12 + last.month - first.month
    return Fraction(n if add_months(a, Fraction(n)) <= b else n - 1)


def next_month(listed: frozenset[int], day: int) -> int:
    """Give the day itself if it is the first of a listed month, else the next such first."""
    d = datetime.date.fromordinal(day)
    if d.day > 1:
        d = datetime.date.fromordinal(add_months(d.replace(day=1).toordinal(), Fraction(1)))
    while d.month not in listed:
        d = datetime.date.fromordinal(add_months(d.toordinal(), Fraction(1)))
    return d.toordinal()


def month_start(day: int, k: Fraction) -> int:
    """Give the first of the month so many months later."""
    return add_months(datetime.date.fromordinal(day).replace(day=1).toordinal(), k)


def all_of(*args: bool | None) -> bool | None:
    """Give the Kleene conjunction."""
    return False if False in args else None if None in args else True


def any_of(*args: bool | None) -> bool | None:
    """Give the Kleene disjunction."""
    return True if True in args else None if None in args else False


def at_least(n: int, *args: bool | None) -> bool | None:
    """Say whether at least n hold, as far as that is settled."""
    sure, unsure = args.count(True), args.count(None)
    return True if sure >= n else None if sure + unsure >= n else False


def choice(test: bool | None, a: object, b: object) -> object:  # noqa: FBT001 - a value of the language
    """Choose by a test; with an unknown test, what both branches agree on."""
    if test is None:
        return a if a is not None and a == b else None
    return a if test else b


def by_level(compare: Callable[[Any, Any], bool]) -> Meaning:
    """Compare by level where the type has levels."""

    def meaning(levels: tuple[int, ...] | None, a: Any, b: Any) -> bool:  # noqa: ANN401 - any one ordered kind
        return compare(a, b) if levels is None else compare(levels[a], levels[b])

    return meaning


def neighbour(enum: Enum, code: int, direction: int) -> int:
    """Give the nearest member one level up or down; the ends stay."""
    level = enum.levels[code] + direction
    same = [i for i, at in enumerate(enum.levels) if at == level]
    if not same:
        return code
    return same[0] if direction > 0 else same[-1]
