"""How the second of a pair of people may differ from the first: any way, upward, or by exactly one step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Enum, Number
from asnmerit.smt import days, tables, truth, whole
from asnmerit.smt.days import Day
from asnmerit.smt.lanes import scalar_of
from asnmerit.smt.truth import conjunction, disjunction, negation
from asnmerit.smt.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.law import Law
    from asnmerit.smt.lanes import Known, Lane, Person, Value
    from asnmerit.smt.truth import Truth


def related(law: Law, a: Person, b: Person, varying: Mapping[Lane, str]) -> list[Any]:
    """Give what holds between two people: in each lane of `varying`, b has any value, or goes `up` from a.

    Of all lanes that are `next`, and of all their rows that are there, exactly one value goes up by one step. Lanes
    outside `varying` are shared already, if b was made from a. Members of an ordered type go by level: what is `up` is
    the same member, or one of a higher level; another of the same level is no more and no less.
    """
    found: list[Truth] = []
    steps: list[tuple[Lane, Known, Known]] = []
    for lane, how in varying.items():
        if how == "any":
            continue
        one, other = a.lanes[lane], b.lanes[lane]
        rows = list(zip(one, other, strict=True)) if isinstance(one, tuple) else [(one, other)]
        found += [truth.alike(x.known, y.known) for x, y in rows]
        if how == "up":
            found += [_up(law, lane, x.value, y.value) for x, y in rows]
        else:
            steps += [(lane, x, y) for x, y in rows]
            if isinstance(one, tuple):
                found += _absent(a.lanes[(lane[0], "#")].value, rows)
    if steps:
        found += _one_step(law, steps)
    return [f for f in found if f is not True]


def _absent(count: Whole, rows: list[tuple[Known, Known]]) -> list[Truth]:
    """Rows that are not there stay as they are: the step is one that can be seen."""
    there = [whole.less(whole.number(count.context, i), count) for i in range(len(rows))]
    return [disjunction((t, _same(x.value, y.value))) for t, (x, y) in zip(there, rows, strict=True)]


def _one_step(law: Law, steps: list[tuple[Lane, Known, Known]]) -> list[Truth]:
    """Exactly one of the values goes up by one step; the others stay."""
    goes = [_next(law, lane, x.value, y.value) for lane, x, y in steps]
    if len(steps) == 1:
        return goes
    stays = [_same(x.value, y.value) for _, x, y in steps]
    either = [disjunction((s, g)) for s, g in zip(stays, goes, strict=True)]
    apart = [disjunction((stays[i], stays[j])) for i in range(len(steps)) for j in range(i)]
    return [*either, *apart, disjunction(negation(s) for s in stays)]


def _same(x: Value, y: Value) -> Truth:
    if isinstance(x, Day):
        return days.equal(x, y)
    return whole.equal(x, y) if isinstance(x, Whole) else truth.alike(x, y)


def _level(law: Law, lane: Lane, x: Whole) -> Whole:
    of = scalar_of(law, lane)
    if isinstance(of, Enum) and of.levels != tuple(range(len(of.members))):
        return tables.looked_up(of.levels, x)
    return x


def _up(law: Law, lane: Lane, x: Value, y: Value) -> Truth:
    if isinstance(x, Day):
        return days.at_most(x, y)
    if isinstance(x, Whole):
        low, high = _level(law, lane, x), _level(law, lane, y)
        if low is x:
            return whole.at_most(x, y)
        return disjunction((whole.equal(x, y), whole.at_most(whole.shifted(low, 1), high)))
    return disjunction((negation(x), y))


def _next(law: Law, lane: Lane, x: Value, y: Value) -> Truth:
    if isinstance(x, Day):
        return _next_day(x, y)
    if not isinstance(x, Whole):
        return conjunction((negation(x), y))
    of = scalar_of(law, lane)
    step = 1
    if isinstance(of, Number):
        step = int_type(of).den if of.step is None else int(of.step * int_type(of).den)
    return whole.equal(whole.shifted(_level(law, lane, x), step), _level(law, lane, y))


def _next_day(x: Day, y: Day) -> Truth:
    """The day after, told by months and days alone."""
    (m, d), (n, e) = x.parts, y.parts
    within = conjunction((whole.equal(m, n), whole.equal(whole.shifted(d, 1), e)))
    ends = whole.equal(d, days.length(m))
    over = conjunction((whole.equal(whole.shifted(m, 1), n), whole.equal(e, whole.number(e.context, 1)), ends))
    return disjunction((within, over))
