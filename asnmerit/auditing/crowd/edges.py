"""People on both sides of a line of the law: one lane is moved until something flips within one step of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.auditing.crowd.drawing import PORTIONS, joined, taken
from asnmerit.auditing.crowd.exploring import most_rows, truths, watched
from asnmerit.frames.kernel import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.auditing.crowd.domains import Lane
    from asnmerit.auditing.crowd.people import People

Array = Any
HALVINGS: Final = 64
TWO: Final = np.uint64(2)
FEWEST_VALUES: Final = 3


def edges(people: People, bases: Block) -> Block:
    """Give people on both sides of a line of the law, next to each other but for one step of one lane.

    Of each of `bases` one lane is moved to another value; where that changes a truth value of the law, the distance
    is halved until only one step is left. So the line is found however the law draws it: through sums, calendars,
    tables and roundings.
    """
    lanes = [lane for lane, d in people.lanes.items() if d.size >= FEWEST_VALUES and d.kind in {"number", "date"}]
    if not lanes or not bases.rows or not truths(people):
        return bases.slice(0, 0)
    some = people.rng.permutation(bases.rows)[: most_rows(people)]
    moved = _Moved.of(people, taken(bases, some), lanes)
    low, high = moved.ends(people)
    one, two = _bits(people, moved.to(low)), _bits(people, moved.to(high))
    moving = (one != two).any(axis=0) & (low != high)
    watched = ((one != two) * people.rng.random(one.shape)).argmax(axis=0)[None]
    first = np.take_along_axis(one, watched, 0)[0]
    for _ in range(HALVINGS):
        far = _between(low, high)
        open_ = moving & (far > moved.step)
        if not open_.any():
            break
        half = (far // moved.step // TWO * moved.step).astype(np.int64)
        middle = np.where(low < high, low + half, low - half)
        same = np.take_along_axis(_bits(people, moved.to(middle)), watched, 0)[0] == first
        low, high = np.where(open_ & same, middle, low), np.where(open_ & ~same, middle, high)
    both = joined([taken(moved.to(low), moving), taken(moved.to(high), moving)])
    return taken(both, people.holding(both)) if people.checks else both


def _between(low: Array, high: Array) -> Array:
    """Give how far values are apart: more, it may be, than a signed integer holds."""
    return np.where(low < high, high - low, low - high).astype(np.uint64)


def _bits(people: People, block: Block) -> Array:
    keys = truths(people)
    columns = people.values(watched(people), block)
    return np.array([columns[key] for key in keys]).reshape(len(keys), block.rows)


@attrs.frozen(eq=False)
class _Moved:
    """People of whom one lane each can be put at another value; of a field of a list, in one of the rows."""

    bases: Block
    lanes: Sequence[Lane]
    which: Array
    row: Array
    step: Array

    @staticmethod
    def of(people: People, bases: Block, lanes: Sequence[Lane]) -> _Moved:
        """Choose a lane, and a row of its list, for each person."""
        which = people.rng.integers(0, len(lanes), bases.rows)
        row = np.zeros(bases.rows, np.int64)
        for i, lane in enumerate(lanes):
            if people.lanes[lane].field:
                here = np.flatnonzero(which == i)
                row[here] = people.rng.integers(0, np.maximum(bases.values[(lane[0], "#")][here], 1))
        steps = np.array([people.lanes[lane].step for lane in lanes], np.uint64)
        return _Moved(bases, lanes, which, row, steps[which])

    def ends(self, people: People) -> tuple[Array, Array]:
        """Give the values as they are, and others to move towards."""
        low, high = (np.zeros(self.bases.rows, np.int64) for _ in range(2))
        for i, lane in enumerate(self.lanes):
            here = np.flatnonzero(self.which == i)
            column = self.bases.values[lane]
            low[here] = column[self.row[here], here] if column.ndim > 1 else column[here]
            pool = people.drawing.pool(lane, PORTIONS[int(people.rng.integers(0, len(PORTIONS)))])
            high[here] = pool[people.rng.integers(0, len(pool), len(here))]
        return low, high

    def to(self, values: Array) -> Block:
        """Give the people with the lane at some values."""
        columns = dict(self.bases.values)
        for i, lane in enumerate(self.lanes):
            here = np.flatnonzero(self.which == i)
            column = columns[lane] = columns[lane].copy()
            if column.ndim > 1:
                column[self.row[here], here] = values[here]
            else:
                column[here] = values[here]
        return Block(self.bases.rows, columns)
