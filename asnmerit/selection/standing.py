"""Where people stand by keys that may be unknown, in columns: what is surely before each, what may be, what is alike.

It is `asnmerit.placing` for millions, on weights: a weight of 1 counts people, an amount adds up money. The first key
that tells two people apart decides; where that key is not known of one of them, their order is open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from asnmerit.frames.arrow import np

Array = Any
"""A NumPy array."""
WIDE = 2**63


@attrs.frozen(eq=False)
class Lane:
    """One key of some people: the smallest comes first; `known` is None where it is known of all of them."""

    values: Array
    known: Array | None = None


@attrs.frozen(eq=False)
class Standing:
    """By weight (first axis) and person: what surely comes before, what may come before, and the alike with oneself.

    `order` sorts the people: by group, then by the keys, those of whom a key is unknown at the head of their span.
    `unknown` is true where a key of the person's own keeps the place open.
    """

    before: Array
    maybe: Array
    alike: Array
    order: Array
    unknown: Array


def sorted_by(group: Array, lanes: Sequence[Lane]) -> Array:
    """Sort people by group and keys, the unknown first. Keys are packed into as few columns as 64 bits allow."""
    columns: list[Array] = []
    packed, room = group.astype(np.int64), int(group.max(initial=0)) + 1
    for lane in lanes:
        low, high = int(lane.values.min(initial=0)), int(lane.values.max(initial=0))
        size = high - low + 2
        if room * size >= WIDE or high - low + 2 >= WIDE or low < -WIDE // 2 or high > WIDE // 2:
            columns.append(packed)
            packed, room = np.zeros(len(group), np.int64), 1
        if size >= WIDE // 2:
            columns += [lane.values] if lane.known is None else [lane.known, np.where(lane.known, lane.values, 0)]
            continue
        place = lane.values - low + 1
        packed = packed * size + (place if lane.known is None else np.where(lane.known, place, 0))
        room *= size
    columns.append(packed)
    return np.argsort(columns[0], kind="stable") if len(columns) == 1 else np.lexsort(columns[::-1])


def stand(group: Array, lanes: Sequence[Lane], weights: Array, order: Array | None = None) -> Standing:
    """Place people within their groups. `weights` has a row for each thing added up; `order` saves a second sorting."""
    order = sorted_by(group, lanes) if order is None else order
    shape = weights.shape
    before, maybe, alike = (np.zeros(shape, weights.dtype) for _ in range(3))
    unknown = np.zeros(shape[1], np.bool_)
    active, fresh = order, _changes(group[order])
    sure, open_ = (np.zeros(shape, weights.dtype) for _ in range(2))
    for lane in lanes:
        if not len(active):
            break
        one = _Level(active, fresh, weights[:, active])
        lone = one.lone
        doubt = None if lane.known is None else ~lane.known[active] & ~lone
        done = lone if doubt is None else lone | doubt
        who = active[done]
        before[:, who] = sure[:, done]
        alike[:, who] = one.weights[:, done]
        maybe[:, who] = open_[:, done]
        if doubt is not None and doubt.any():
            maybe[:, active[doubt]] += one.sums[:, one.span[doubt]] - one.weights[:, doubt]
            unknown[active[doubt]] = True
        active, fresh, sure, open_ = one.parted(~done, doubt, lane.values, sure, open_)
    if len(active):
        last = _Level(active, fresh, weights[:, active])
        before[:, active], maybe[:, active], alike[:, active] = sure, open_, last.sums[:, last.span]
    return Standing(before, maybe, alike, order, unknown)


def _changes(values: Array) -> Array:
    """Mark the first of each run of equal values."""
    fresh = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return fresh


class _Level:
    """People who are still together after some keys: runs of alike ones, and what each run adds up to."""

    def __init__(self, active: Array, fresh: Array, weights: Array) -> None:
        self.active, self.weights = active, weights
        starts = np.flatnonzero(fresh)
        self.span = np.cumsum(fresh) - 1
        self.sums = np.add.reduceat(weights, starts, axis=1)
        sizes = np.diff(np.append(starts, len(active)))
        self.lone = (sizes == 1)[self.span]

    def parted(
        self, rest: Array, doubt: Array | None, values: Array, sure: Array, open_: Array
    ) -> tuple[Array, Array, Array, Array]:
        """Part the people that are left by the values of the next key."""
        span, weights, active = self.span[rest], self.weights[:, rest], self.active[rest]
        sure, open_ = sure[:, rest], open_[:, rest]
        if not len(active):
            return active, span, sure, open_
        here = values[active]
        fresh = _changes(span)
        first = fresh.copy()
        np.logical_or(fresh[1:], here[1:] != here[:-1], out=fresh[1:])
        run, group = np.cumsum(fresh) - 1, np.cumsum(first) - 1
        up_to = np.cumsum(weights, axis=1) - weights
        smaller = (up_to[:, fresh])[:, run] - (up_to[:, first])[:, group]
        sure = sure + smaller
        open_ = open_ + smaller
        if doubt is not None and doubt.any():
            held = np.zeros((len(weights), self.sums.shape[1]), weights.dtype)
            for row, mine in zip(held, self.weights, strict=True):
                np.add.at(row, self.span[doubt], mine[doubt])
            open_ = open_ + held[:, span]
        return active, fresh, sure, open_
