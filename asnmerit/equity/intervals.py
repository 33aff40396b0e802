"""Confidence intervals: SciPy is used here alone. Each has a closed form, so the order of people cannot matter.

A rate has Wilson's interval (Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857): its coverage is near what it
says also for small groups and for rates near 0 and 1, and it stays between them. `exact` is that of Clopper and Pearson
(1934), which never covers less than it says and is wider. A ratio of rates has the interval of Katz et al. (1978, on
logarithms), with one half added to both groups where one has nobody granted (Walter 1975). A mean has Student's
interval and a difference of means Welch's (1947): the groups need not vary alike. A bootstrap would serve as well but
draws from rows in their order; a closed form does not.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Final

import attrs

from asnmerit.errors import ArgumentError

try:
    from scipy import stats
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "intervals need SciPy: pip install 'asnmerit[simulate]'"
    raise ModuleNotFoundError(message, name=error.name) from error

METHODS: Final = ("wilson", "exact")
Interval = tuple[float, float]


@attrs.frozen
class Spread:
    """What a mean and its interval are made of: how many, their exact sum, and the sum of squares about the mean."""

    count: int
    total: Fraction
    squares: float

    @property
    def mean(self) -> Fraction | None:
        """The exact mean; None of nobody."""
        return self.total / self.count if self.count else None

    @property
    def variance(self) -> float:
        """The variance, for more than one."""
        return self.squares / (self.count - 1)


def confidence_argument(value: object) -> float:
    """Check a confidence level."""
    if isinstance(value, int | float | Fraction) and not isinstance(value, bool) and 0 < value < 1:
        found = float(value)
        # A fraction may be so near an end that it becomes it.
        if 0 < found < 1:
            return found
    raise ArgumentError("confidence", value, "a number between 0 and 1, such as 0.95")


def rate_interval(cases: int, people: int, confidence: float, method: str = "wilson") -> Interval | None:
    """Give the interval of a rate; None of nobody.

    >>> low, high = rate_interval(8, 10, 0.95)
    >>> round(low, 4), round(high, 4)
    (0.4902, 0.9433)
    """
    if not people:
        return None
    found = stats.binomtest(cases, people).proportion_ci(confidence, method)
    return float(found.low), float(found.high)


def ratio_interval(cases: int, people: int, cases_0: int, people_0: int, confidence: float) -> Interval | None:
    """Give the interval of the ratio of two rates, the second below; None where it says nothing: nobody in either.

    >>> low, high = ratio_interval(30, 100, 60, 100, 0.95)
    >>> round(low, 4), round(high, 4)
    (0.3561, 0.7021)
    """
    if not people or not people_0 or (not cases and not cases_0):
        return None
    add = 0.5 if not cases or not cases_0 else 0.0
    a, n, c, m = cases + add, people + add, cases_0 + add, people_0 + add
    # Both rates may be 1: then the error is 0, and rounding must not make it less.
    error = math.sqrt(max(1 / a - 1 / n + 1 / c - 1 / m, 0.0))
    middle, width = math.log(a / n / (c / m)), float(stats.norm.ppf((1 + confidence) / 2)) * error
    return math.exp(middle - width), math.exp(middle + width)


def mean_interval(of: Spread, confidence: float) -> Interval | None:
    """Give the interval of a mean; None of fewer than two."""
    if of.count < 2 or of.mean is None:  # noqa: PLR2004 - a variance needs two
        return None
    width = float(stats.t.ppf((1 + confidence) / 2, of.count - 1)) * math.sqrt(of.variance / of.count)
    return float(of.mean) - width, float(of.mean) + width


def difference_interval(one: Spread, other: Spread, confidence: float) -> Interval | None:
    """Give the interval of the first mean less the second; None where a group has fewer than two."""
    if min(one.count, other.count) < 2 or one.mean is None or other.mean is None:  # noqa: PLR2004
        return None
    middle = float(one.mean - other.mean)
    a, b = one.variance / one.count, other.variance / other.count
    if a + b == 0:
        return middle, middle
    freedom = (a + b) ** 2 / (a**2 / (one.count - 1) + b**2 / (other.count - 1))
    width = float(stats.t.ppf((1 + confidence) / 2, freedom)) * math.sqrt(a + b)
    return middle - width, middle + width
