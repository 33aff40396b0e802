"""How far one weight of a score can move, the others scaled to fill the rest, before anything changes: exact shares.

With the weight t of one part, a person's sum is B + t (A - B): A the part's own value, B the mean of the others by
their weights. People are lines in t, so that the first change is where two neighbours meet, or one meets the threshold.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.rules.rounding import divided

if TYPE_CHECKING:
    from asnmerit.sensitivity.weighting import Weighed

Array = Any
SAFE: Final = 2**62
NEAR: Final = 1e-9
"""Floats only find candidates: those this near the least are compared exactly."""


@attrs.frozen
class Line:
    """Where a part's line starts: numerators B and slopes A - B of all people, over one denominator; t now."""

    base: Array
    slope: Array
    now: Fraction
    den: int


@attrs.frozen
class Change:
    """The first change in one direction: how far the weight moves, and the rows of the people it is about."""

    move: Fraction
    rows: tuple[int, ...]


def line(found: Weighed, part: str, values: dict[str, tuple[Array, int]]) -> Line:
    """Give the lines of all people in the weight of one part. The part does not carry all the weight."""
    weights = found.weights
    den = lcm(*(w.denominator for w in weights.values()))
    over = lcm(*(d for _, d in values.values()))
    own = weights[part]
    rest = int((1 - own) * den)
    # What is made of them below is at most so many times as large: two products by `den`, and a few sums.
    scaled = {key: _wide(array, over // d * den * den * 8) * (over // d) for key, (array, d) in values.items()}
    others = sum(int(w * den) * scaled[key] for key, w in weights.items() if key != part)
    return Line(others, scaled[part] * rest - others, own, over * rest)


def _wide(array: Array, factor: int) -> Array:
    """Give Python's integers where a product could leave 64 bits."""
    most = max((abs(int(n)) for n in (array.min(initial=0), array.max(initial=0))), default=0)
    return array.astype(object if most * factor >= SAFE else array.dtype if array.dtype == object else np.int64)


def order_changes(of: Line, rows: Array) -> tuple[Change | None, Change | None]:
    """Give the first move down and up by which two people who are apart would meet; None where none do."""
    sums = of.now.denominator * of.base + of.now.numerator * of.slope
    different, place = np.unique(sums, return_inverse=True)
    if len(different) < 2:  # noqa: PLR2004 - a pair
        return None, None
    by_place = np.argsort(place, kind="stable")
    starts = np.searchsorted(place[by_place], np.arange(len(different)))
    gaps = np.diff(different)

    def change(sign: int, room: Fraction) -> Change | None:
        slopes = sign * of.slope[by_place]
        most, least = np.maximum.reduceat(slopes, starts), np.minimum.reduceat(slopes, starts)
        closing = most[:-1] - least[1:]
        found = _least(gaps, closing)
        if found is None:
            return None
        ratio, at = found
        # The sums were taken `denominator` times; so is the move.
        move = ratio / of.now.denominator
        if move > room:
            return None
        slope = sign * of.slope
        met = np.isin(place, at) & (slope == most[place])
        met |= np.isin(place, at + 1) & (slope == least[place])
        return Change(move, tuple(sorted(rows[met].tolist())))

    return change(-1, of.now), change(1, 1 - of.now)


def _least(gaps: Array, closing: Array) -> tuple[Fraction, Array] | None:
    """Give the least of the quotients whose divisor is above 0, exactly, and all places that have it."""
    places = np.flatnonzero(closing > 0)
    if not len(places):
        return None
    rough = gaps[places].astype(float) / closing[places].astype(float)
    near = places[rough <= rough.min() * (1 + NEAR)]
    exact = [Fraction(int(g), int(c)) for g, c in zip(gaps[near].tolist(), closing[near].tolist(), strict=True)]
    least = min(exact)
    return least, near[[e == least for e in exact]]


def threshold_changes(of: Line, rows: Array, bound: Fraction, *, closed: bool) -> tuple[Change | None, Change | None]:
    """Give the first move down and up by which a person would cross a bound on the exact sum.

    `closed`: who stands on the bound is above it. A smaller move changes nothing; the move itself may.
    """
    now = of.now.denominator * of.base + of.now.numerator * of.slope
    over = lcm(bound.denominator, of.den * of.now.denominator)
    times = over // (of.den * of.now.denominator)
    distance = _wide(now, times) * times - int(bound * over)
    above = distance >= 0 if closed else distance > 0

    def change(sign: int, room: Fraction) -> Change | None:
        # Of those above, whoever falls; of the others, whoever rises.
        nearing = np.where(above, -sign * of.slope, sign * of.slope)
        gap = np.where(above, distance, -distance)
        found = _least(gap, nearing)
        if found is None:
            return None
        ratio, at = found
        move = ratio / (times * of.now.denominator)
        # Who comes to stand on the bound has crossed it where that is the other side; else only a further move crosses.
        if move > room or (move == room and not (above[at] != closed).any()):
            return None
        return Change(move, tuple(sorted(rows[at].tolist())))

    return change(-1, of.now), change(1, 1 - of.now)


def unrounded(threshold: Fraction, mode: str | None, step: Fraction | None) -> tuple[Fraction, bool]:
    """Give the bound on a sum before rounding that is reached exactly when the rounded one reaches a threshold.

    And whether who stands on that bound reaches it.

    >>> from fractions import Fraction
    >>> unrounded(Fraction(80), "half_up", Fraction(1, 100)), unrounded(Fraction(80), "ceiling", Fraction(1))
    ((Fraction(15999, 200), True), (Fraction(79, 1), False))
    """
    if mode is None or step is None:
        return threshold, True
    top = -((-threshold) // step)

    def reached(at: Fraction) -> bool:
        return divided(_SHORT.get(mode, mode), at.numerator, at.denominator) >= top

    if reached(top - Fraction(3, 4)):
        return (top - 1) * step, False
    half = top - Fraction(1, 2)
    if reached(top - Fraction(1, 4)):
        return half * step, reached(half)
    return top * step, True


_SHORT: Final = {"round_down": "down", "round_up": "up"}
