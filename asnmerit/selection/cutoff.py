"""The cut-off of each group: who is the last to come in and the first to wait, and how far everybody is from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.selection.filling import CHOSEN, WAITING, Field, Filled
from asnmerit.selection.people import People
from asnmerit.selection.standing import WIDE, Array, Lane

NONE: Final = -1


@attrs.frozen(eq=False)
class CutOff:
    """By group: the row of the last chosen and of the first who waits (-1 for none). By row: the key that decided.

    Those chosen are compared with the first who waits, those who wait with the last chosen. `distance` is what lies
    between them in that key, as numerators over its denominator: more than 0 on the good side, less on the other.
    """

    last_in: Array
    first_out: Array
    key: Array
    distance: Array


def cut_off(people: People, field: Field, done: Filled, groups: int, needs: Array | None) -> CutOff:
    """Find the cut-off of each group. `needs` marks those who need the money; the others are not compared."""
    order = field.standing.order[field.eligible[field.standing.order]]
    rows = field.rows[order]
    rows = rows if needs is None else rows[needs[rows]]
    status, group = done.status[rows], people.group[rows]
    last_in, first_out = np.full(groups, NONE, np.int64), np.full(groups, NONE, np.int64)
    chosen, waiting = status == CHOSEN, (status == WAITING)[::-1]
    # Of several that are assigned to one place NumPy keeps the last.
    last_in[group[chosen]] = rows[chosen]
    first_out[group[::-1][waiting]] = rows[::-1][waiting]
    key = np.full(people.rows, NONE, np.int64)
    other = np.where(status == CHOSEN, first_out[group], np.where(status == WAITING, last_in[group], NONE))
    compared = other != NONE
    wide = any(_is_wide(lane) for lane in people.lanes)
    distance = np.zeros(people.rows, object if wide else np.int64)
    _compare(people.lanes, rows[compared], other[compared], key, distance)
    return CutOff(last_in, first_out, key, distance)


def _is_wide(lane: Lane) -> bool:
    """Whether a difference of two values might not fit 64 bits."""
    return int(lane.values.max(initial=0)) - int(lane.values.min(initial=0)) >= WIDE


def _compare(lanes: Sequence[Lane], rows: Array, others: Array, key: Array, distance: Array) -> None:
    for at, lane in enumerate(lanes):
        mine, yours = lane.values[rows], lane.values[others]
        differs = mine != yours
        if lane.known is not None:
            sure = lane.known[rows] & lane.known[others]
            differs &= sure
        key[rows[differs]] = at
        apart: Any = yours[differs].astype(distance.dtype) - mine[differs].astype(distance.dtype)
        distance[rows[differs]] = apart
        alike = ~differs if lane.known is None else ~differs & sure
        rows, others = rows[alike], others[alike]
