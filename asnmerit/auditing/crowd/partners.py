"""Partners for people: the same person but for some lanes, drawn anew, or moved up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from asnmerit.auditing.crowd.drawing import PORTIONS
from asnmerit.frames.kernel import Block

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.auditing.crowd.drawing import Drawing

Array = Any
JUMP, TOP, STEP = range(3)
BESIDE: Final = 0.25
KEPT: Final = 0.4
"""Of lanes that may vary, the share that stay as they are: where many vary, small differences are tried too."""


def partners(drawing: Drawing, block: Block, varying: Mapping[Lane, str]) -> tuple[Block, Array]:
    """Give partners, and for which rows there is one; checks of the law are not asked here."""
    values = dict(block.values)
    good = np.ones(block.rows, np.bool_)
    lanes = [lane for lane in drawing.lanes if lane in varying]
    kept = KEPT if len(lanes) > 1 else 0.0
    nexts = [lane for lane in lanes if varying[lane] == "next"]
    for lane in lanes:
        if varying[lane] == "any":
            values[lane] = _anew(drawing, lane, values[lane], kept)
        elif varying[lane] == "up":
            values[lane] = _up(drawing, lane, values[lane], kept)
    if nexts:
        which = drawing.rng.integers(0, len(nexts), block.rows)
        for i, lane in enumerate(nexts):
            values[lane], moved = _next(drawing, lane, values, which == i)
            good &= moved | (which != i)
    return Block(block.rows, values), good


def _anew(drawing: Drawing, lane: Lane, given: Array, kept: float) -> Array:
    """Give any value: one of the mixture, or one step beside; of a field of a list in all rows, or in one."""
    domain, rng, rows = drawing.lanes[lane], drawing.rng, given.shape[-1]
    pool = np.concatenate([drawing.pool(lane, PORTIONS[i]) for i in (0, 2, 3)])
    new = pool[rng.integers(0, len(pool), given.shape)]
    if domain.kind not in {"bool", "code"}:
        beside = domain.nearest(given.astype(np.int64) + rng.choice((-domain.step, domain.step), given.shape))
        new = np.where(drawing.some(rows, BESIDE), beside, new).astype(given.dtype)
    if domain.field:
        one = np.arange(domain.rows)[: len(given), None] == rng.integers(0, domain.rows, rows)
        new = np.where(one | drawing.some(rows, 0.5), new, given)
    return np.where(drawing.some(rows, kept), given, new) if kept else new


def _up(drawing: Drawing, lane: Lane, given: Array, kept: float) -> Array:
    """Give at least as much: one step more, a landmark or any value above, the most there is, or the same."""
    domain, rng = drawing.lanes[lane], drawing.rng
    if not domain.ordered:
        return given
    shape = given.shape
    keep = rng.random(shape) < max(kept, 0.1)
    if domain.levels is not None:
        pool = np.arange(domain.size)
    else:
        pool = np.concatenate([drawing.pool(lane, PORTIONS[i]) for i in (0, 2)]).astype(np.int64)
    jump = pool[rng.integers(0, len(pool), shape)]
    how = rng.choice((JUMP, JUMP, JUMP, JUMP, TOP, STEP, STEP, STEP), shape)
    raw = given.astype(np.int64)
    new = np.where(how == JUMP, jump, np.where(how == TOP, domain.high, raw + domain.step))
    if domain.levels is not None:
        levels = np.asarray(domain.levels)
        new = np.where(how == TOP, int(np.argmax(levels)), jump)
        new = np.where(levels[new] > levels[raw], new, raw)
    else:
        new = np.minimum(np.maximum(new, raw), domain.high)
    return np.where(keep, raw, new).astype(given.dtype)


def _next(drawing: Drawing, lane: Lane, values: Mapping[Lane, Array], asked: Array) -> tuple[Array, Array]:
    """Move one step up where asked; for a field of a list, in one row of it. Also says where that could be done."""
    domain = drawing.lanes[lane]
    given = values[lane]
    raw = given.astype(np.int64)
    more, can = _stepped(domain, raw)
    if domain.field:
        count = values[(lane[0], "#")]
        row = drawing.rng.integers(0, np.maximum(count, 1))
        at = (np.arange(domain.rows)[:, None] == row) & (row < count) & asked
        return np.where(at & can, more, raw).astype(given.dtype), (at & can).any(axis=0)
    return np.where(asked & can, more, raw).astype(given.dtype), can & asked


def _stepped(domain: Domain, raw: Array) -> tuple[Array, Array]:
    """Give the next value up of each, and where there is one."""
    if not domain.ordered:
        return raw, np.zeros(raw.shape, np.bool_)
    if domain.levels is None:
        return raw + domain.step, raw < domain.high
    above = [
        min((m for m, level in enumerate(domain.levels) if level > own), key=lambda m: domain.levels[m], default=-1)  # type: ignore[index]
        for own in domain.levels
    ]
    more = np.asarray(above)[raw]
    return np.where(more < 0, raw, more), more >= 0
