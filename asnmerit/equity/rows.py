"""One group of people and how a decision treats it: counts, rate, amounts, and both held against a reference group."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import attrs

from asnmerit.equity.intervals import (
    Interval,
    Spread,
    difference_interval,
    mean_interval,
    rate_interval,
    ratio_interval,
)


@attrs.frozen
class Amount:
    """What a group is given: the exact sum, the mean over its settled people, and its interval.

    Of the refused it is 0, or what `otherwise` gives them; who is given an amount that is not known is not in it.

    `less` is the mean less that of the reference group, with Welch's interval.
    """

    total: Fraction
    mean: Fraction | None
    interval: Interval | None
    less: Fraction | None = None
    less_interval: Interval | None = None


@attrs.frozen
class Group:
    """A group: `by` and `labels` say which (None: not recorded), `band` of which score.

    The rate is of those whose answer is settled, granted or refused. `least` and `most` are what it can become when
    the undetermined are settled. `ratio` is the rate over that of the reference group, `reference` marks that group.
    `hidden` says why nothing is shown: `small`, or `secondary` where a difference would reveal a small one.
    """

    by: tuple[str, ...]
    labels: tuple[str | None, ...]
    banded: bool
    band: str | None
    people: int | None
    counts: Mapping[str, int] | None
    rate: Fraction | None = None
    interval: Interval | None = None
    least: Fraction | None = None
    most: Fraction | None = None
    ratio: Fraction | None = None
    ratio_interval: Interval | None = None
    amounts: Mapping[str, Amount] = attrs.field(factory=dict)
    reference: bool = False
    hidden: str = ""

    @property
    def table(self) -> tuple[Any, ...]:
        """Which people it is compared among: the same columns, the same band."""
        return self.by, self.banded, self.band


@attrs.frozen
class Measured:
    """What was counted of a group."""

    counts: Mapping[str, int]
    spreads: Mapping[str, Spread]

    @property
    def settled(self) -> int:
        """Those granted or refused."""
        return self.counts["granted"] + self.counts["refused"]

    @property
    def rate(self) -> Fraction | None:
        """The share of the settled who are granted."""
        return Fraction(self.counts["granted"], self.settled) if self.settled else None


def group_of(empty: Group, of: Measured, against: Measured | None, confidence: float, method: str) -> Group:
    """Fill a group in; `against` is its reference group (perhaps itself), where there is one."""
    granted, settled, undetermined = of.counts["granted"], of.settled, of.counts["undetermined"]
    open_ = settled + undetermined
    other = None if against is None else against.rate
    amounts = {}
    for field, spread in of.spreads.items():
        reference = None if against is None else against.spreads[field]
        less = None
        if reference is not None and spread.mean is not None and reference.mean is not None:
            less = spread.mean - reference.mean
        amounts[field] = Amount(
            spread.total,
            spread.mean,
            mean_interval(spread, confidence),
            less,
            None if reference is None or against is of else difference_interval(spread, reference, confidence),
        )
    return attrs.evolve(
        empty,
        people=sum(of.counts.values()),
        counts=of.counts,
        rate=of.rate,
        interval=rate_interval(granted, settled, confidence, method),
        least=Fraction(granted, open_) if open_ else None,
        most=Fraction(granted + undetermined, open_) if open_ else None,
        ratio=None if of.rate is None or not other else of.rate / other,
        ratio_interval=None
        if against is None or against is of
        else ratio_interval(granted, settled, against.counts["granted"], against.settled, confidence),
        amounts=amounts,
        reference=against is of,
    )
