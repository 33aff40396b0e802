"""Spending a limited budget: full amounts in order until the money is gone, or shares exact to the rupiah."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from asnmerit.frames.arrow import np
from asnmerit.selection.filling import (
    CHOSEN,
    OPEN,
    WAITING,
    Field,
    Filled,
    Purse,
    blank,
    purse_of,
    settled_money,
)
from asnmerit.selection.limits import Limit
from asnmerit.selection.people import People
from asnmerit.selection.standing import Array, Lane, Standing


def money_spent(people: People, field: Field, limit: Limit, there: Sequence[int]) -> Filled:
    """Spend so much in each group, as the limit says."""
    purse = purse_of(people, field, there)
    done = blank(people, field)
    done.paid, done.lacking = (np.zeros(people.rows, purse.asked.dtype) for _ in range(2))
    if limit.kind == "pro_rata":
        _shared(field, purse, done)
        return done
    sums = field.again(purse.weights)
    if limit.short == "stop":
        _until_gone(field, purse, done, sums)
    else:
        _passing_over(field, purse, done, sums)
    rows = field.rows[field.eligible]
    paid = done.status[rows] == CHOSEN
    done.paid[rows[paid]] = purse.asked[field.eligible][paid]
    settled_money(field, purse, done, sums, skips=limit.short == "skip")
    return done


def _until_gone(field: Field, purse: Purse, done: Filled, sums: Standing) -> None:
    """Pay in order; the first whom the rest does not suffice for ends it. Who is granted 0 needs no money."""
    own, who = purse.asked, field.eligible
    free = own == 0
    chosen = free | (sums.maybe[0] + sums.alike[0] <= purse.there)
    lacking = sums.before[0] + own - purse.there
    waiting = ~chosen & (lacking > 0)
    tied = ~chosen & ~waiting & (field.standing.before[0] == field.standing.maybe[0])
    status = np.where(chosen, CHOSEN, np.where(waiting | tied, WAITING, OPEN)).astype(np.int8)
    done.status[field.rows[who]] = status[who]
    done.tied[field.rows[who]] = tied.astype(np.bool_)[who]
    done.lacking[field.rows[who]] = np.where(waiting, lacking, 0)[who]


def _passing_over(field: Field, purse: Purse, done: Filled, sums: Standing) -> None:
    """Pay in order; whom the rest does not suffice for is passed over, and the next is tried."""
    certain = (purse.asked == 0) | (sums.maybe[0] + sums.alike[0] <= purse.there)
    before, maybe = field.standing.before[0], field.standing.maybe[0]
    for at, run in _by_group(field):
        line = _Line(purse.budgets[at], purse.asked, certain)
        for together in _alike(run, before, maybe):
            settled = bool(before[together[0]] == maybe[together[0]])
            for who, status, tied, lacking in line.next(together, settled=settled):
                row = field.rows[who]
                done.status[row], done.tied[row], done.lacking[row] = status, tied, lacking


def _by_group(field: Field) -> Iterator[tuple[int, list[int]]]:
    """Give the eligible of each group, in their order."""
    order = field.standing.order[field.eligible[field.standing.order]]
    groups = field.group[order]
    for part in np.split(order, np.flatnonzero(np.diff(groups)) + 1) if len(order) else []:
        yield int(field.group[part[0]]), part.tolist()


def _alike(run: list[int], before: Array, maybe: Array) -> Iterator[list[int]]:
    """Put together those who are alike in every key: whose place is the same, and settled."""
    places, ends = before[run].tolist(), maybe[run].tolist()
    start = 0
    for i in range(1, len(run) + 1):
        if i == len(run) or places[i] != places[start] or places[i] != ends[i] or places[start] != ends[start]:
            yield run[start:i]
            start = i


class _Line:
    """People of one group, one after the other, and the money that is left."""

    def __init__(self, there: int, asked: Array, certain: Array) -> None:
        self.there = self.left = there
        self.asked, self.certain = asked, certain
        self.open = False

    def next(self, together: list[int], *, settled: bool) -> Iterator[tuple[int, int, bool, int]]:
        """Give the status of people who are alike: who, status, tied, what the money is short of."""
        asked = {who: int(self.asked[who]) for who in together}
        if self.open or not settled:
            for who, own in asked.items():
                yield self._unsettled(who, own)
            return
        fit = {who: own for who, own in asked.items() if own <= self.left}
        tied = sum(fit.values()) > self.left
        left = self.left
        for who, own in asked.items():
            if who not in fit:
                yield who, WAITING, False, own - left
            elif tied and own:
                yield who, WAITING, True, 0
            else:
                self.left -= own
                yield who, CHOSEN, False, 0

    def _unsettled(self, who: int, own: int) -> tuple[int, int, bool, int]:
        """Of those whose order is open, only what holds in every order is said."""
        if self.certain[who]:
            self.left -= own
            return who, CHOSEN, False, 0
        if own > self.there:
            return who, WAITING, False, own - self.there
        self.open = True
        return who, OPEN, False, 0


# --- pro rata ---


def _shared(field: Field, purse: Purse, done: Filled) -> None:
    """Share the money in proportion; the rupiah left by rounding down go to the largest remainders.

    Remainders that are equal are told apart by the declared keys, and never by the order of the rows.
    """
    who = np.flatnonzero(field.eligible)
    paid, rest, extra, full = _floors(field.group[who], purse, who)
    first = np.zeros(len(field.rows), np.int64)
    first[who] = -rest
    found = field.again(np.stack([field.eligible]).astype(np.int64), Lane(first))
    more = np.array(extra, np.int64)[field.group]
    gets = (found.maybe[0] + found.alike[0] <= more)[who]
    never = (found.before[0] >= more)[who]
    tied = ~gets & ~never & (found.before[0] == found.maybe[0])[who]
    rows = field.rows[who]
    done.status[rows] = np.where(gets | never | tied, CHOSEN, OPEN)
    done.tied[rows] = tied
    done.paid[rows] = paid + gets.astype(np.int64)
    done.lacking[rows] = purse.asked[who] - done.paid[rows]
    unsettled = ~field.eligible & (purse.perhaps > 0)
    done.could[field.rows] = unsettled.astype(np.bool_)
    doubt = np.zeros(len(purse.budgets), np.bool_)
    doubt[field.group[unsettled.astype(np.bool_)]] = True
    most = np.zeros(len(purse.budgets), purse.asked.dtype)
    np.add.at(most, field.group, purse.asked + purse.perhaps)
    # Where even all of them together could be paid in full, nobody takes anything from anybody.
    enough = np.array([f and int(m) <= b for f, m, b in zip(full, most, purse.budgets, strict=True)], np.bool_)
    doubt &= ~enough
    done.could[field.rows[enough[field.group]]] = False
    done.secure[rows] = ~doubt[field.group[who]] & (done.status[rows] == CHOSEN)


def _floors(group: Array, purse: Purse, who: Array) -> tuple[Array, Array, list[int], list[bool]]:
    """Give the shares rounded down, the place of each remainder (larger is more), the rupiah left, and what is full."""
    asked = purse.asked[who]
    paid, rest = np.zeros(len(who), purse.asked.dtype), np.zeros(len(who), np.int64)
    extra, full = [0] * len(purse.budgets), [True] * len(purse.budgets)
    by_group = np.argsort(group, kind="stable")
    ends = np.searchsorted(group[by_group], np.arange(len(purse.budgets) + 1))
    for at, there in enumerate(purse.budgets):
        mine = by_group[ends[at] : ends[at + 1]]
        amounts, place, count = np.unique(asked[mine], return_inverse=True, return_counts=True)
        own = [int(a) for a in amounts]
        total = sum(a * int(n) for a, n in zip(own, count, strict=True))
        if total <= there:
            paid[mine] = asked[mine]
            continue
        full[at] = False
        shares = [divmod(there * a, total) for a in own]
        levels = {r: i for i, r in enumerate(sorted({r for _, r in shares}))}
        paid[mine] = np.array([q for q, _ in shares], paid.dtype)[place.ravel()]
        rest[mine] = np.array([levels[r] for _, r in shares], np.int64)[place.ravel()]
        extra[at] = there - sum(q * int(n) for (q, _), n in zip(shares, count, strict=True))
    return paid, rest, extra, full
