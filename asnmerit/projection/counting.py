"""Counts of a projection by year and run: exact whole numbers; the bands over runs are values that occurred."""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.projection.dates import UNKNOWN, ages_on, day_of, months_of
from asnmerit.projection.draws import Array
from asnmerit.projection.people import People

BAND: Final = 5
"""Years of age that stand together."""
MEASURES: Final = (
    "headcount", "retired", "left", "recruited", "promoted", "level_promoted", "refused", "undetermined", "conflict",
    "error", "not_asked", "no_birth_date",
)  # fmt: skip
STATES: Final = ("promoted", "refused", "undetermined", "conflict", "error")
PAID: Final = ("paid", "not_granted", "undetermined", "conflict", "error")


def band(values: Sequence[int]) -> tuple[int, int, int]:
    """Give the lowest tenth, the middle and the highest tenth of some values, each a value that is there.

    >>> band([5, 1, 4, 2, 3])
    (1, 3, 5)
    """
    ordered = sorted(values)
    low, middle, high = (ordered[max(-(-len(ordered) * part // 100) - 1, 0)] for part in (10, 50, 90))
    return low, middle, high


@attrs.define(eq=False)
class Counts:
    """What was counted, each by year and run."""

    years: int
    runs: range
    numbers: dict[str, Array] = attrs.field(factory=dict)
    cost: Array = attrs.field(default=None)
    payments: dict[str, Array] = attrs.field(factory=dict)
    waits: dict[tuple[int, int], list[Array]] = attrs.field(factory=lambda: defaultdict(list))
    standing: dict[tuple[int, int], Array] = attrs.field(factory=dict)
    pyramid: dict[tuple[int, str, int], Counter[int]] = attrs.field(factory=lambda: defaultdict(Counter))

    def __attrs_post_init__(self) -> None:
        """Begin with nothing."""
        shape = (self.years + 1, self.runs.stop)
        self.numbers = {name: np.zeros(shape, np.int64) for name in MEASURES}
        self.payments = {name: np.zeros(shape, np.int64) for name in PAID}
        self.cost = np.zeros(shape, np.int64)

    def add(self, name: str, year: int, run: Array) -> None:
        """Count people of a year by their runs."""
        self.numbers[name][year] += np.bincount(run, minlength=self.runs.stop)

    def waited(self, year: int, run: Array, months: Array) -> None:
        """Note the months in rank of those who are promoted; -1 is not known."""
        self.add("promoted", year, run)
        for one in np.unique(run):
            mine = months[run == one]
            self.waits[year, int(one)].append(mine[mine >= 0])

    def paid(self, year: int, run: Array, amounts: Array, status: Array) -> None:
        """Add up a month's pay, in whole rupiah."""
        np.add.at(self.cost[year], run, amounts)
        for place, name in enumerate(PAID):
            self.payments[name][year] += np.bincount(run[status == place], minlength=self.runs.stop)

    def closed(self, year: int, people: People, on: datetime.date, rank: str) -> None:
        """Count who is there at the end of a year."""
        self.add("headcount", year, people.run)
        self.add("no_birth_date", year, people.run[people.birth == UNKNOWN])
        if year:
            for place, name in enumerate(STATES[1:], 1):
                self.add(name, year, people.run[people.state == place])
            self.add("not_asked", year, people.run[people.state < 0])
        people.state = np.full(people.rows, -1, np.int8)
        age = ages_on(people.birth, on)
        self._standing(year, people, on)
        keys: Any = zip(people.run.tolist(), people.table[rank].to_pylist(), (age // BAND * BAND).tolist(), strict=True)
        for (run, of, band_), number in Counter(keys).items():
            self.pyramid[year, of or "", max(band_, -1)][run] += number

    def _standing(self, year: int, people: People, on: datetime.date) -> None:
        known = people.rank_day != UNKNOWN
        months = months_of(np.array([day_of(on)]))[0] - months_of(np.where(known, people.rank_day, 0))
        for one in self.runs:
            self.standing[year, one] = months[known & (people.run == one)]
