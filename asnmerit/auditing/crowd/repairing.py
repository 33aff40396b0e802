"""Lawful people out of drawn ones: who breaks a check gets some lanes of that check anew, a few times over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.auditing.crowd.distances import Distances
from asnmerit.auditing.crowd.drawing import PORTIONS, joined, taken
from asnmerit.auditing.crowd.landmarks import Reading
from asnmerit.auditing.crowd.mutating import change
from asnmerit.frames.kernel import Block
from asnmerit.outcome import cone

if TYPE_CHECKING:
    import datetime
    from collections.abc import Collection, Iterator

    from asnmerit.auditing.crowd.domains import Lane
    from asnmerit.auditing.crowd.drawing import Drawing, Portion
    from asnmerit.rules.law import Law

Array = Any
ROUNDS: Final = 24
FEWEST: Final = 4_000
MOST_GIVEN: Final = 16_384
STOCK: Final = 16_384
ORDERED: Final = 0.4
"""How often two lanes that are compared are put in order instead of one being drawn anew."""


def clusters(law: Law, lanes: Collection[Lane]) -> Iterator[tuple[tuple[str, ...], tuple[Lane, ...]]]:
    """Give the checks of a law in clusters that share no lane with one another, each with its lanes."""
    below = Reading(law).steps
    waiting = [(frozenset({s.key}), below[s.key] & frozenset(lanes)) for s in law.steps if s.role == "check"]
    while waiting:
        keys, shared = waiting.pop(0)
        touching = [w for w in waiting if w[1] & shared]
        if touching:
            waiting = [w for w in waiting if not w[1] & shared]
            waiting.insert(0, (keys.union(*(k for k, _ in touching)), shared.union(*(s for _, s in touching))))
        else:
            yield tuple(s.key for s in law.steps if s.key in keys), tuple(lane for lane in lanes if lane in shared)


class Cluster:
    """Checks that share lanes, and lawful values of those lanes together. People are free in all other lanes."""

    def __init__(
        self, law: Law, as_of: datetime.date, drawing: Drawing, keys: tuple[str, ...], lanes: tuple[Lane, ...]
    ) -> None:
        """`keys` are the checks, `lanes` all that they rest on."""
        needed = set(cone(law, *keys))
        small = attrs.evolve(law, steps=tuple(s for s in law.steps if s.key in needed))
        below = Reading(small).steps
        self.keys, self.lanes, self.drawing = keys, lanes, drawing
        self.own = tuple(tuple(lane for lane in lanes if lane in below[key]) for key in keys)
        self.distances = Distances(small, as_of, keys)
        self.tried = 0
        self._stock: dict[Portion, Block] = {}
        self._given: dict[Portion, int] = {}

    def stocked(self, portion: Portion, rows: int) -> Block:
        """Give lawful values of the lanes for so many people to choose from: some new ones, and those given before."""
        before = self._stock.get(portion)
        given = self._given[portion] = self._given.get(portion, 0) + rows
        if before is not None and given < MOST_GIVEN:
            return before
        new = self.draw(portion, FEWEST if before is None else min(given // 16, STOCK))
        if before is not None:
            self._given[portion] = 0
            new = joined([new, before.slice(0, min(before.rows, STOCK - new.rows))])
        self._stock[portion] = new
        return new

    def draw(self, portion: Portion, rows: int) -> Block:
        """Give lawful values of the lanes: as drawn, or repaired; those beyond repair are left out."""
        values = self.drawing.room(self.lanes, rows)
        self.drawing.fill(values, portion)
        return self.lawful(Block(rows, values), portion)

    def lawful(self, block: Block, portion: Portion = PORTIONS[0]) -> Block:
        """Give those whose checks hold, first as they are, then repaired."""
        good: list[Block] = []
        bad, far = block, self._far(block)
        for round_ in range(ROUNDS + 1):
            fine = (far == 0).all(axis=0)
            good.append(taken(bad, fine))
            bad, far = taken(bad, ~fine), far[:, ~fine]
            if not bad.rows:
                break
            if round_ < ROUNDS:
                bad, far = self._changed(bad, far, portion)
        return joined(good)

    def _far(self, block: Block) -> Array:
        """Say check by check how far each person is from passing it; 0 is there."""
        self.tried += block.rows
        far = self.distances.of(block)
        return np.array([np.broadcast_to(far[key][0], (block.rows,)) for key in self.keys])

    def _changed(self, block: Block, before: Array, portion: Portion) -> tuple[Block, Array]:
        """Change one lane of one broken check of each person; keep the change where that brings nearer or as near."""
        rng, rows = self.drawing.rng, block.rows
        chosen = (rng.random(before.shape) * (before > 0)).argmax(axis=0)
        sizes = np.array([max(len(lanes), 1) for lanes in self.own])
        spot = rng.integers(0, 1 << 30, rows) % sizes[chosen]
        order = self.drawing.some(rows, ORDERED)
        values = dict(block.values)
        for lane in self.lanes:
            asked = np.zeros(rows, np.bool_)
            for i, lanes in enumerate(self.own):
                if lane in lanes:
                    asked |= (chosen == i) & (spot == lanes.index(lane))
            where = np.flatnonzero(asked)
            if len(where):
                self._put(values, lane, where, order, portion)
        after = self._far(Block(rows, values))
        better = after.sum(axis=0) <= before.sum(axis=0)
        kept = {lane: np.where(better, values[lane], old) for lane, old in block.values.items()}
        return Block(rows, kept), np.where(better, after, before)

    def _put(self, values: dict[Lane, Array], lane: Lane, where: Array, order: Array, portion: Portion) -> None:
        """Change a lane in some rows, or order it and a lane that it is compared with."""
        drawing = self.drawing
        column = values[lane] = values[lane].copy()
        change(drawing, values, lane, where)
        if drawing.lanes[lane].kind == "count":
            column[where] = np.minimum(column[where], max(portion.longest, drawing.lanes[lane].low))
        others = [b for a, b in drawing.marks.beside if a == lane and b in values and values[b].ndim == column.ndim]
        if others:
            other = others[int(drawing.rng.integers(0, len(others)))]
            swapped = where[order[where]]
            one, two = values[lane][..., swapped], values[other][..., swapped]
            least, most = np.minimum(one, two), np.maximum(one, two)
            down = drawing.rng.integers(0, 2) == 0
            first, second = (least, most) if down else (most, least)
            values[other] = values[other].copy()
            for at, new in ((lane, first), (other, second)):
                values[at][..., swapped] = drawing.lanes[at].nearest(new)
