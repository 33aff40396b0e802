"""People changed in a lane or two: by a step, to a landmark, to any value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from asnmerit.auditing.crowd.drawing import PORTIONS
from asnmerit.frames.kernel import Block

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.auditing.crowd.domains import Lane
    from asnmerit.auditing.crowd.drawing import Drawing

Array = Any
CHANGED: Final = (0, 1, 1, 2, 3)
"""How many lanes change, each as likely."""
MOVED: Final = 0.4
"""Of the numbers and days that change, the share that move by some steps; of these SINGLE by one, the others by any."""
SINGLE: Final = 0.5
BESIDE: Final = 0.2
"""The share put at, or one step beside, a lane that the law compares with this one."""
ALONG: Final = 0.2
"""The share in which a lane that the law compares with this one moves by as much: what held between them holds."""
EVERY_ROW: Final = 0.3


def mutated(drawing: Drawing, block: Block, lanes: Sequence[Lane] = ()) -> Block:
    """Give the people changed in up to three of some lanes (all, unless said); checks are not asked here."""
    rng, rows = drawing.rng, block.rows
    some = list(lanes or drawing.lanes)
    values = dict(block.values)
    if not rows or not some:
        return block
    many = np.array(CHANGED)[rng.integers(0, len(CHANGED), rows)]
    asked: dict[int, list[Array]] = {}
    for turn in range(max(CHANGED)):
        which = np.where(many > turn, rng.integers(0, len(some), rows), -1)
        order = np.argsort(which, kind="stable")
        starts = np.searchsorted(which[order], np.arange(len(some) + 1))
        for i in range(len(some)):
            if starts[i] < starts[i + 1]:
                asked.setdefault(i, []).append(order[starts[i] : starts[i + 1]])
    for i, parts in sorted(asked.items()):
        lane = some[i]
        where = np.unique(np.concatenate(parts))
        values[lane] = values[lane].copy()
        change(drawing, values, lane, where)
    return Block(rows, values)


def change(drawing: Drawing, values: dict[Lane, Array], lane: Lane, where: Array) -> None:
    """Change a lane in some rows, in place; of a field of a list one row, or all of them."""
    rng, domain, column, many = drawing.rng, drawing.lanes[lane], values[lane], len(where)
    row = rng.integers(0, np.maximum(values[(lane[0], "#")][where], 1)) if domain.field else None
    old = _cells(column, row, where)
    new = _anew(drawing, lane, old)
    others = [b for a, b in drawing.marks.beside if a == lane and b in values]
    others = [b for b in others if domain.field or not drawing.lanes[b].field]
    if others:
        other = others[int(rng.integers(0, len(others)))]
        near = _cells(values[other], row, where) + rng.integers(-1, 2, many) * domain.step
        new = np.where(drawing.some(many, BESIDE), near, new)
    if domain.kind == "count":
        room = (len(c) for (fact, _), c in values.items() if fact == lane[0] and c.ndim > 1)
        new = np.minimum(new, min(room, default=domain.high))
    new = domain.nearest(new).astype(column.dtype)
    if row is None:
        column[where] = new
        if others and not domain.field:
            _along(drawing, values, other, where, new - old)
        return
    every = drawing.some(many, EVERY_ROW)
    column[row, where] = new
    column[:, where[every]] = new[every]


def _cells(column: Array, row: Array | None, where: Array) -> Array:
    """Give the values of a lane in some rows of people; of a field of a list, in one row of each list."""
    return (column[row, where] if column.ndim > 1 else column[where]).astype(np.int64)


def _anew(drawing: Drawing, lane: Lane, old: Array) -> Array:
    """Give other values: of the mixture, or a step away, or any number of steps."""
    rng, domain, many = drawing.rng, drawing.lanes[lane], len(old)
    pool = drawing.pool(lane, PORTIONS[int(rng.integers(0, 4))])
    new = pool[rng.integers(0, len(pool), many)].astype(np.int64)
    if domain.kind in {"bool", "code"}:
        return new
    steps = np.where(drawing.some(many, SINGLE), 1, drawing.sizes(domain, many).astype(np.int64))
    moved = old + steps * rng.choice((-1, 1), many) * domain.step
    return np.where(drawing.some(many, MOVED), moved, new)


def _along(drawing: Drawing, values: dict[Lane, Array], lane: Lane, where: Array, by: Array) -> None:
    """Move a lane by as much as one that it is compared with was moved, in some rows."""
    some = drawing.some(len(where), ALONG)
    column = values[lane] = values[lane].copy()
    to = drawing.lanes[lane].nearest(column[where[some]].astype(np.int64) + by[some])
    column[where[some]] = to.astype(column.dtype)
