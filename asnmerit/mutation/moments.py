"""The days on which a changed policy says something else: each once for each pair of laws that differ."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.dated import days_of, reads_the_day
from asnmerit.auditing.difference.affected import affected
from asnmerit.errors import NotInForceError

if TYPE_CHECKING:
    from asnmerit.mutation.trying import LawsOf
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy


@attrs.frozen(eq=False)
class Moment:
    """A day, as known on another or with all that is known: the two laws, and the steps that may differ.

    `after` is None where the changed policy has no law for the day.
    """

    on: datetime.date
    known: datetime.date | None
    before: Law
    after: Law | None
    steps: frozenset[str]


def moments(
    original: Policy, mutant: Policy, before: LawsOf, after: LawsOf, day: datetime.date | None = None
) -> Iterator[Moment]:
    """Give the days on which two policies differ: first with all that is known, then as known on earlier days.

    Of one day only that day, if it is given.
    """
    on = sorted({*original.days()[0], *mutant.days()[0]}) if day is None else [day.toordinal()]
    known = sorted({*original.days()[1], *mutant.days()[1]})
    seen: set[object] = set()
    for seen_on in (None, *known):
        for ordinal in on:
            found = _moment(ordinal, seen_on, before, after)
            if found is not None and (key := _said(found)) not in seen:
                seen.add(key)
                yield found


def _moment(day: int, known: int | None, before: LawsOf, after: LawsOf) -> Moment | None:
    """Give what differs on a day; None where nothing does, or where the original has no law to expect anything of."""
    on = datetime.date.fromordinal(day)
    seen = None if known is None else datetime.date.fromordinal(known)
    try:
        one = before.on(on, seen)
    except NotInForceError:
        return None
    try:
        other = after.on(on, seen)
    except NotInForceError:
        return Moment(on, seen, before.exactly(on, seen), None, frozenset())
    steps = affected(one, other)
    return Moment(on, seen, before.exactly(on, seen), after.exactly(on, seen), steps) if steps else None


def _said(moment: Moment) -> object:
    """Give what tells two laws from others: the very expressions that they are made of, and the days they look at."""
    laws = [law for law in (moment.before, moment.after) if law is not None]
    days = days_of(laws[0], laws[-1]) if any(map(reads_the_day, laws)) else None
    return days, *(tuple(id(s.code) for s in law.steps) for law in laws)
