"""Days ahead, one by one: when an answer comes by waiting, and when sooner with some change."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.advice.spreading import DAYS, Rows, with_day
from asnmerit.auditing.crowd.records import lanes_of_record

if TYPE_CHECKING:
    from asnmerit.advice.choices import Choices
    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
MOST_CELLS: Final = 6_000_000
"""So many pairs of a day and a combination are tried; with more, only the cheapest combinations are."""
PART: Final = 131_072
ONE_DAY: Final = datetime.timedelta(days=1)


@attrs.frozen
class Stretch:
    """A run of days of one law and one calendar year, with the person's lanes in that year."""

    law: Law
    first: datetime.date
    last: datetime.date
    lanes: Mapping[Lane, Any]

    @property
    def days(self) -> list[datetime.date]:
        """All of its days."""
        return [self.first + datetime.timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def stretches(
    laws: Sequence[Law], record: Mapping[str, object], first: datetime.date, until: datetime.date
) -> Iterator[Stretch]:
    """Give the days ahead, law by law and year by year: all laws of a policy read one record."""
    for law in laws:
        start, end = law.valid
        day = max(first, start)
        last = until if end is None else min(until, end - ONE_DAY)
        while day <= last:
            close = min(last, datetime.date(day.year, 12, 31))
            yield Stretch(law, day, close, lanes_of_record(law, record, day))
            day = close + ONE_DAY


class Ahead:
    """The days ahead of one person and one decision."""

    def __init__(self, found: Sequence[Stretch], decision: str, wanted: str) -> None:
        """Make the columns of each law once."""
        self.stretches = found
        self.decision, self.wanted = decision, wanted
        self._laws: dict[int, Law] = {}

    def _rows(self, stretch: Stretch) -> Rows:
        law = self._laws.get(id(stretch.law))
        if law is None:
            law = self._laws[id(stretch.law)] = with_day(stretch.law)
        return Rows(law, law.decisions[self.decision], self.wanted, stretch.lanes)

    def waiting(self) -> tuple[list[datetime.date], Any]:
        """Give the days, and on which of them the answer is as wanted without any change."""
        days: list[datetime.date] = []
        good: list[Any] = []
        for stretch in self.stretches:
            here = stretch.days
            column = np.asarray([d.toordinal() for d in here])
            good.append(self._rows(stretch).answered(len(here), {DAYS: column}, {}))
            days += here
        return days, np.concatenate(good) if good else np.zeros(0, np.bool_)

    def sooner(self, found: Choices, count: int) -> list[tuple[datetime.date, int, datetime.date]]:
        """Give (day, place of the combination, last day of its run): each later one costs less than all before it.

        `count`: only the first so many combinations are tried.
        """
        best, plans = count, []
        for stretch in self.stretches:
            rows = self._rows(stretch)
            here = stretch.days
            while best > 0 and here:
                first = self._first(rows, found, best, here)
                if first is None:
                    break
                at, place = first
                plans.append((here[at], place, here[at]))
                best = found.cheaper(int(found.costs[place]))
                here = here[at:]
        return plans

    def _first(self, rows: Rows, found: Choices, count: int, days: list[datetime.date]) -> tuple[int, int] | None:
        """Give the first day on which one of the first combinations does, and the cheapest that does on it."""
        size = max(1, PART // count)
        for start in range(0, len(days), size):
            some = days[start : start + size]
            columns = found.columns(np.arange(count))
            varied = {lane: np.tile(column, len(some)) for lane, column in columns.items()}
            ordinals = np.asarray([d.toordinal() for d in some])
            varied[DAYS] = np.repeat(ordinals, count)
            before = rows.scope(len(some), {DAYS: ordinals})
            scope = {key: (np.repeat(v, count), np.repeat(k, count)) for key, (v, k) in before.items()}
            good = rows.answered(len(some) * count, varied, scope).reshape(len(some), count)
            hits = np.flatnonzero(good.any(axis=1))
            if len(hits):
                return start + int(hits[0]), int(np.argmax(good[hits[0]]))
        return None
