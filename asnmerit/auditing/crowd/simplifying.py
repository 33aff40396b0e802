"""A witness made plain: as few rows, as round values and as small differences as still show what it shows."""

from __future__ import annotations

import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import attrs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.auditing.crowd.records import Lanes

MOST: Final = 600


@attrs.define
class Simplifying:
    """Makes one person, or several who share most lanes, simpler while a test of all of them holds.

    `lawful` says whether a person may be; it is asked before the test is. `left` is how many tests may still be made.
    """

    domains: Mapping[Lane, Domain]
    as_of: datetime.date
    lawful: Callable[[Lanes], bool]
    test: Callable[..., bool]
    left: int = MOST

    def simplest(self, *people: Mapping[Lane, Any]) -> tuple[Lanes, ...]:
        """Give the simplest found. Two people come closer to each other, before both become plain."""
        best = tuple(dict(person) for person in people)
        before = None
        while best != before and self.left > 0:
            before = best
            for changes in (self._closer, self._shorter, self._plainer):
                best = self._improved(best, changes)
        return best

    def _improved(self, best: tuple[Lanes, ...], changes: Callable[..., Iterator[Any]]) -> tuple[Lanes, ...]:
        """Take, lane after lane, the first change that passes; those that bring closer again and again."""
        again = changes == self._closer
        for lane in self.domains:
            new = self._changed(best, changes(best, lane))
            while new is not None:
                best = new
                new = self._changed(best, changes(best, lane)) if again else None
        return best

    def _changed(self, best: tuple[Lanes, ...], changes: Iterator[Any]) -> tuple[Lanes, ...] | None:
        """Give what the first change that passes makes of people."""
        for change in changes:
            if self.left <= 0:
                return None
            new = tuple({**person, **part} for person, part in zip(best, change, strict=True))
            if new != best and self._passes(new):
                return new
        return None

    def _passes(self, people: tuple[Lanes, ...]) -> bool:
        if not all(self.lawful(person) for person in people):
            return False
        self.left -= 1
        return bool(self.test(*people))

    # --- changes: for each of the people, what becomes of some lanes ---

    def _closer(self, people: tuple[Lanes, ...], lane: Lane) -> Iterator[tuple[Lanes, ...]]:
        """Bring two people closer in a lane: the same, one step apart, half as far; first the second, then the first.

        So two on the two sides of a threshold end one step apart, wherever it lies between them.
        """
        if len(people) == 1 or people[0][lane] == people[1][lane]:
            return
        first, second = people[0][lane], people[1][lane]
        domain = self.domains[lane]
        if domain.field:
            yield from self._closer_rows(people, lane)
        elif domain.kind == "count":
            yield {}, self._rows(people[0], lane[0])
        else:
            for value in between(domain, first, second):
                yield {}, {lane: value}
            for value in islice(between(domain, second, first), 1, None):
                yield {lane: value}, {}

    def _closer_rows(self, people: tuple[Lanes, ...], lane: Lane) -> Iterator[tuple[Lanes, ...]]:
        first, second = people[0][lane], people[1][lane]
        if first is None or second is None or len(first) != len(second):
            return
        yield {}, {lane: list(first)}
        for i, (one, other) in enumerate(zip(first, second, strict=True)):
            if one != other:
                for value in between(self.domains[lane], one, other):
                    yield {}, {lane: [*second[:i], value, *second[i + 1 :]]}
                for value in islice(between(self.domains[lane], other, one), 1, None):
                    yield {lane: [*first[:i], value, *first[i + 1 :]]}, {}

    def _shorter(self, people: tuple[Lanes, ...], lane: Lane) -> Iterator[tuple[Lanes, ...]]:
        """Leave rows of a list out, of all people the same one: all, all but one, one by one."""
        count = people[0][lane]
        if self.domains[lane].kind != "count" or not count or any(p[lane] != count for p in people):
            return
        low = self.domains[lane].low
        wanted: list[tuple[int, ...]] = [tuple(range(low)), *((i,) for i in range(count) if low <= 1)]
        wanted += [tuple(j for j in range(count) if j != i) for i in reversed(range(count))]
        for rows in wanted:
            if low <= len(rows) < count:
                yield tuple({lane: len(rows), **self._kept(p, lane[0], rows)} for p in people)

    def _kept(self, person: Lanes, name: str, rows: tuple[int, ...]) -> Lanes:
        return {
            lane: [column[i] for i in rows]
            for lane, column in person.items()
            if lane[0] == name and isinstance(column, list)
        }

    def _rows(self, person: Lanes, name: str) -> Lanes:
        return {lane: column for lane, column in person.items() if lane[0] == name}

    def _plainer(self, people: tuple[Lanes, ...], lane: Lane) -> Iterator[tuple[Lanes, ...]]:
        """Put a lane in which all are alike at a plainer value."""
        value = people[0][lane]
        if value is None or any(p[lane] != value for p in people):
            return
        domain = self.domains[lane]
        if not domain.field:
            for plain in plainer(domain, value, self.as_of):
                yield tuple({lane: plain} for _ in people)
            return
        for i, one in enumerate(value):
            if one is not None:
                for plain in plainer(domain, one, self.as_of):
                    yield tuple({lane: [*value[:i], plain, *value[i + 1 :]]} for _ in people)


def between(domain: Domain, first: int | None, second: int | None) -> Iterator[int | None]:
    """Give values from the first towards the second, the nearest first; of members those of a level between.

    >>> from asnmerit.auditing.crowd.domains import Domain
    >>> list(between(Domain("number", 0, 101), 10, 50))
    [10, 11, 20, 30, 40]
    """
    yield first
    if first is None or second is None or not domain.ordered or domain.kind == "bool":
        return
    if domain.kind == "code":
        ends = sorted((domain.level(first), domain.level(second)))
        inside = [m for m in range(domain.size) if ends[0] < domain.level(m) < ends[1]]
        yield from sorted(inside, key=lambda m: abs(domain.level(m) - domain.level(first)))
        return
    places = (second - first) // domain.step
    sign = 1 if places > 0 else -1
    seen = dict.fromkeys([sign, *(places * quarter // 4 for quarter in (1, 2, 3))])
    for place in seen:
        if 0 < abs(place) < abs(places):
            yield first + place * domain.step


def plainer(domain: Domain, value: int, as_of: datetime.date) -> Iterator[int]:
    """Give plainer values than one, the plainest first: zero, round numbers, first days of years and months.

    >>> import datetime
    >>> from asnmerit.auditing.crowd.domains import Domain
    >>> list(plainer(Domain("number", 0, 1001), 347, datetime.date(2026, 4, 1)))
    [0, 300, 400, 340, 350]
    """
    for plain in _plain_days(value, as_of) if domain.kind == "date" else _round(domain, value):
        if plain == value:
            return
        if domain.holds(plain):
            yield plain


def _plain_days(value: int, as_of: datetime.date) -> Iterator[int]:
    day = datetime.date.fromordinal(value)
    yield datetime.date(as_of.year - 1, 1, 1).toordinal()
    yield datetime.date(day.year, 1, 1).toordinal()
    yield datetime.date(day.year, day.month, 1).toordinal()


def _round(domain: Domain, value: int) -> Iterator[int]:
    if domain.kind in {"bool", "code", "count"}:
        yield domain.low
        return
    yield 0 if domain.holds(0) else domain.low
    size = domain.den
    while size * 10 <= abs(value):
        size *= 10
    while size > domain.step:
        yield value // size * size
        if value % size == 0:
            return
        yield -(-value // size) * size
        size //= 10
