"""Filling limited places: who is in, who waits, whose place is open; and what people not yet settled could change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs

from asnmerit.frames.answers import CONFLICT as IN_CONFLICT
from asnmerit.frames.answers import ERROR as IN_ERROR
from asnmerit.frames.answers import GRANTED, REFUSED
from asnmerit.frames.arrow import np
from asnmerit.selection.limits import Limit
from asnmerit.selection.people import People
from asnmerit.selection.standing import Array, Lane, Standing, stand

STATUSES: Final = ("chosen", "waiting", "open", "refused", "undetermined", "conflict", "error")
CHOSEN, WAITING, OPEN, OUT, UNDETERMINED, CONFLICT, ERROR = range(7)
_AS_DECIDED: Final = (OPEN, OUT, UNDETERMINED, CONFLICT, ERROR)
"""By the status of the decision; the granted are open until they are placed."""
WHOLE_IN_64: Final = 2**62


@attrs.define(eq=False)
class Filled:
    """What came out, by row of the frame. `first` and `last` are 0 where there is no rank.

    `tied` marks those alike across the cut-off, whatever became of them. `secure`: nothing that is not yet known can
    change it. `could` marks the unsettled who could. `paid` and `lacking` are money; `lacking` is 0 where nothing is.
    """

    status: Array
    first: Array
    last: Array
    tied: Array
    secure: Array
    could: Array
    paid: Array
    lacking: Array
    order: Array


@attrs.frozen(eq=False)
class Field:
    """Those who are not refused, by their rows: the eligible, the unsettled, and how they stand among them."""

    rows: Array
    group: Array
    eligible: Array
    lanes: tuple[Lane, ...]
    standing: Standing

    def again(self, weights: Array, first: Lane | None = None) -> Standing:
        """Stand them by other weights, perhaps by one more key before the others."""
        if first is None:
            return stand(self.group, self.lanes, weights, self.standing.order)
        return stand(self.group, (first, *self.lanes), weights)


def field_of(people: People) -> Field:
    """Take those who may have a place: everybody but the refused."""
    rows = np.flatnonzero(people.status != REFUSED)
    status = people.status[rows]
    lanes = tuple(Lane(k.values[rows], None if k.known is None else k.known[rows]) for k in people.lanes)
    eligible = status == GRANTED
    # Of those in error nothing counts as known.
    wrong = status == IN_ERROR
    if wrong.any():
        lanes = tuple(Lane(k.values, (~wrong if k.known is None else k.known & ~wrong)) for k in lanes)
    weights = np.stack([eligible, ~eligible]).astype(np.int64)
    return Field(rows, people.group[rows], eligible, lanes, stand(people.group[rows], lanes, weights))


def blank(people: People, field: Field) -> Filled:
    """Start with what the decision says, and with the ranks."""
    status = np.array(_AS_DECIDED, np.int8)[people.status]
    first, last = (np.zeros(people.rows, np.int64) for _ in range(2))
    found = field.standing
    first[field.rows] = found.before[0] + 1
    mine = field.rows[field.eligible]
    last[mine] = (found.maybe[0] + found.alike[0])[field.eligible]
    tied, secure, could = (np.zeros(people.rows, np.bool_) for _ in range(3))
    paid, lacking = (np.zeros(people.rows, np.int64) for _ in range(2))
    return Filled(status, first, last, tied, secure, could, paid, lacking, field.rows[found.order])


def places_filled(people: People, field: Field, limit: Limit, there: Sequence[int]) -> Filled:
    """Fill so many places in each group."""
    done = blank(people, field)
    most = np.array([min(n, people.rows + 1) for n in there], np.int64)[field.group]
    s, who = field.standing, field.eligible
    chosen, waiting = s.maybe[0] + s.alike[0] <= most, s.before[0] >= most
    tied = ~chosen & ~waiting & (s.before[0] == s.maybe[0])
    also = tied & (limit.ties == "all_in")
    status = np.where(chosen | also, CHOSEN, np.where(waiting | tied, WAITING, OPEN)).astype(np.int8)
    done.status[field.rows[who]] = status[who]
    done.tied[field.rows[who]] = tied[who]
    later = s.maybe[0] + s.maybe[1] + (1 if limit.ties == "all_in" else s.alike[0] + s.alike[1])
    secure = np.where(status == CHOSEN, later <= most, status == WAITING)
    done.secure[field.rows[who]] = secure[who]
    done.could[field.rows[~who]] = ~waiting[~who]
    return done


# --- money ---


@attrs.frozen(eq=False)
class Purse:
    """Money: what each of the eligible is granted, what each of the unsettled may be at most, what there is."""

    asked: Array
    perhaps: Array
    there: Array
    budgets: tuple[int, ...]

    @property
    def weights(self) -> Array:
        """What is surely asked for, and what may be."""
        return np.stack([self.asked, self.perhaps])


def purse_of(people: People, field: Field, there: Sequence[int]) -> Purse:
    """Gather the amounts, in 64 bits where all their sums fit, else in integers of any size."""
    amount = people.amount or Lane(np.zeros(people.rows, np.int64))
    values, known = amount.values[field.rows], amount.known
    status = people.status[field.rows]
    sure = ~np.isin(status, (IN_CONFLICT, IN_ERROR))
    sure = sure if known is None else sure & known[field.rows]
    most = max(people.most, 0)
    top = max(most, int(values.max(initial=0)))
    kind: Any = np.int64 if top * max(len(values), 1) < WHOLE_IN_64 else object
    asked = np.where(field.eligible, values, 0).astype(kind)
    perhaps = np.where(field.eligible, 0, np.where(sure, values, min(most, 2**63 - 1))).astype(kind)
    limits = np.array([n if kind is object else min(n, WHOLE_IN_64) for n in there], kind)
    return Purse(asked, perhaps, limits[field.group], tuple(there))


def settled_money(field: Field, purse: Purse, done: Filled, sums: Standing, *, skips: bool) -> None:
    """Say of those placed whether anything not yet known can change it, and of the unsettled whether they could."""
    who, status = field.eligible, done.status[field.rows]
    worst = sums.maybe[0] + sums.maybe[1] + sums.alike[0] + sums.alike[1]
    if skips:
        paid = np.where(who, done.paid[field.rows], 0).astype(purse.asked.dtype)
        spent = field.again(np.stack([paid])).before[0]
    else:
        spent = sums.before[0]
    could = ~who & (purse.perhaps > 0) & (spent < purse.there)
    doubt = np.zeros(len(purse.budgets), np.bool_)
    doubt[field.group[could]] = True
    waits = (status == WAITING) & (~doubt[field.group] | (purse.asked > purse.there) if skips else True)
    held = (status == CHOSEN) & ((purse.asked == 0) | (worst <= purse.there))
    done.secure[field.rows[who]] = (waits | held).astype(np.bool_)[who]
    done.could[field.rows] = could.astype(np.bool_)
