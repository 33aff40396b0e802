"""People of a law as Hypothesis draws them: value by value, each within what the checks leave; simple ones first."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from asnmerit.auditing.crowd.domains import Domain, Lane
from asnmerit.auditing.crowd.records import record_of
from asnmerit.compiled import compiled
from asnmerit.decision import day_within
from asnmerit.edge import assumed, fact_lanes
from asnmerit.errors import RecordError
from asnmerit.rules.law import Law
from asnmerit.rules.types import ListOf
from asnmerit.strategies.checks import Checks, Places
from asnmerit.strategies.library import DrawFn, SearchStrategy, reject, st
from asnmerit.strategies.turning import Spot, Turning, moved, spots

NEAR_PAST, NEAR_FUTURE = 45 * 366, 5 * 366
"""Most days are drawn from a working life around the day of decision."""
SHORT_LIST, LONG_LIST = 3, 8
"""Every other list has fewer rows than the first, three of four fewer than the second."""
FACTS_TRIED = 6
Record = dict[str, Any]


@attrs.frozen
class Person:
    """Somebody drawn: the lanes that are computed with, and the facts left out because a presumption fills them."""

    lanes: Mapping[Lane, Any]
    presumed: frozenset[str] = frozenset()


class Drawing:
    """How people of one law are drawn on one day: their facts, those that are fixed, the share left out."""

    def __init__(
        self,
        law: Law,
        as_of: datetime.date | str | None = None,
        facts: Iterable[str] | None = None,
        given: Mapping[str, Any] | None = None,
        percent_missing: int = 0,
    ) -> None:
        """`facts` are those to draw, by default all that are read; `given` fixes some, or says how to draw them."""
        self.law = law
        self.as_of = law.on if as_of is None else day_within(law, as_of)
        self.given = dict(given or {})
        wanted = law.reads if facts is None else set(facts)
        self.facts = tuple(n for n in law.declared if n in wanted and n in law.reads and n not in self.given)
        self.percent_missing = percent_missing
        self.checks = Checks(law, self.as_of)
        self._drawn: dict[Any, SearchStrategy[int]] = {}
        self.lanes_of = _lanes_of(law)

    def __repr__(self) -> str:
        """Name the law and the day: Hypothesis shows it."""
        return f"<{self.law.policy} on {self.as_of}>"

    # --- one person ---

    def person(self, draw: DrawFn, least_rows: Mapping[str, int] | None = None) -> Person:
        """Draw a person who meets the checks."""
        known: dict[Lane, Any] = {}
        presumed: set[str] = set()
        for name, said in self.given.items():
            self._fixed(known, name, draw(said) if isinstance(said, SearchStrategy) else said)
        for name in self.facts:
            self.fact(draw, known, presumed, name, (least_rows or {}).get(name, 0))
        self._without(known, presumed)
        person = Person(known, frozenset(presumed))
        if not self.valid(person):
            reject()
        return person

    def fact(self, draw: DrawFn, known: dict[Lane, Any], presumed: set[str], name: str, least: int = 0) -> None:
        """Draw one fact."""
        decl, lanes = self.law.declared[name], self.lanes_of[name]
        whole = decl.assume is not None or lanes[0][1] == "#"
        if whole and self._left_out(draw):
            self._unknown(known, presumed, name)
            return
        if lanes[0][1] != "#":
            for lane in lanes:
                known[lane] = None if not whole and self._left_out(draw) else self.value(draw, known, lane)
            return
        rows = self._count(draw, known, lanes[0], least)
        known[lanes[0]] = rows
        known.update({lane: [] for lane in lanes[1:]})
        for row in range(rows):
            for lane in lanes[1:]:
                known[lane].append(None if self._left_out(draw) else self.value(draw, known, lane, row))

    def value(
        self, draw: DrawFn, known: Mapping[Lane, Any], lane: Lane, row: int | None = None, among: Places | None = None
    ) -> int:
        """Draw a value within what the checks leave (and `among` some places)."""
        domain, places = self.checks.domains[lane], self.checks.left(known, lane, row)
        if among is not None:
            places = tuple(p for p in among if p in places) if not isinstance(among, range) else _cut(places, among)
        if not places:
            reject()
        place: int = draw(self.places(domain, places))
        if not self.checks.holds(known, lane, row, place):
            place = next((p for p in (places[0], places[-1]) if self.checks.holds(known, lane, row, p)), place)
        return domain.low + place * domain.step

    def places(self, domain: Domain, places: Places) -> SearchStrategy[int]:
        """Give the strategy that draws one of some places of a domain, kept for the next time."""
        key = (domain.kind, domain.low, domain.step, places)
        if key not in self._drawn:
            self._drawn[key] = self._of_places(domain, places)
        return self._drawn[key]

    def _of_places(self, domain: Domain, places: Places) -> SearchStrategy[int]:
        if not isinstance(places, range):
            return st.sampled_from(places)
        if domain.kind != "date":
            return st.integers(places[0], places[-1])
        first, last, today = domain.low + places[0], domain.low + places[-1], self.as_of.toordinal()
        near = max(first, today - NEAR_PAST), min(last, today + NEAR_FUTURE)
        found = _days(first, last)
        if near[0] <= near[1] and near != (first, last):
            found = st.one_of(_days(*near), _days(*near), found)
        return found.map(lambda day: day - domain.low)

    def _count(self, draw: DrawFn, known: Mapping[Lane, Any], lane: Lane, least: int) -> int:
        left = tuple(p for p in self.checks.left(known, lane) if self.checks.domains[lane].low + p >= least)
        if not left:
            reject()
        lengths = (left[:SHORT_LIST], left[:SHORT_LIST], left[:LONG_LIST], left)
        place: int = draw(st.one_of(*map(st.sampled_from, lengths)))
        return self.checks.domains[lane].low + place

    def _left_out(self, draw: DrawFn) -> bool:
        return self.percent_missing > 0 and draw(st.integers(0, 99)) >= 100 - self.percent_missing

    # --- what is fixed, and what is not said ---

    def _fixed(self, known: dict[Lane, Any], name: str, value: object) -> None:
        read, faults = fact_lanes(self.law, self.law.declared[name], value, self.as_of.year)
        if faults:
            raise RecordError(faults)
        for lane in self.lanes_of.get(name, ()):
            lanes = read[lane[1]]
            known[lane] = list(lanes) if isinstance(lanes, tuple) else lanes

    def _unknown(self, known: dict[Lane, Any], presumed: set[str], name: str) -> None:
        decl = self.law.declared[name]
        filled = assumed(decl) if decl.assume is not None else {}
        if filled:
            presumed.add(name)
        for lane in self.lanes_of[name]:
            value = filled.get(lane[1])
            known[lane] = [] if value == () else value

    def _without(self, known: dict[Lane, Any], presumed: set[str]) -> None:
        """Leave out the facts that are read but not drawn."""
        for name in self.lanes_of:
            if name != "as_of" and name not in self.facts and name not in self.given:
                self._unknown(known, presumed, name)

    # --- the person as a record ---

    def record(self, person: Person) -> Record:
        """Give a person as `decide` takes it."""
        said = {lane: v for lane, v in person.lanes.items() if lane[0] not in person.presumed}
        return record_of(self.law, said, self.as_of)

    def valid(self, person: Person) -> bool:
        """Whether the checks hold, or are not settled."""
        engine = compiled(self.law)
        if not engine.checks:
            return True
        raw = engine.run(engine.read(self.record(person), self.as_of, ()))
        return all(raw[i] is None or raw[i] for i in engine.checks)

    # --- near a turn ---

    def near(self, draw: DrawFn, person: Person, turning: Turning, lanes: Iterable[Lane]) -> Person:
        """Move one value of a person next to where something turns; the person as is, where nothing does."""
        by_fact: dict[str, list[Spot]] = {}
        for spot in spots(person.lanes, lanes):
            if spot[0][0] not in self.given and spot[0][0] not in person.presumed:
                by_fact.setdefault(spot[0][0], []).append(spot)
        beside = draw(st.sampled_from((0, 1, -1, 2)))
        for name in _some(draw, tuple(by_fact)):
            spot = draw(st.sampled_from(by_fact[name]))
            turns = turning.turns(person.lanes, spot, self.as_of.toordinal())
            if turns:
                at = turns[draw(st.integers(0, len(turns) - 1))]
                for side in (beside, 0, 1):
                    new = self._put(draw, person, spot, self.at(spot, at + side))
                    if new is not None:
                        return new
        return person

    def _put(self, draw: DrawFn, person: Person, spot: Spot, value: int) -> Person | None:
        """Put a value in; where a check then fails, draw anew what stands in a check with it. None where that fails."""
        new = attrs.evolve(person, lanes=moved(person.lanes, spot, value))
        if self.valid(new):
            return new
        known = dict(new.lanes)
        others = [lane for lane in self.checks.beside(spot[0]) if self._movable(person, lane)]
        for lane in others:
            del known[lane]
        for lane in sorted(others, key=list(person.lanes).index):
            if not self.checks.left(known, lane):
                return None
            known[lane] = self.value(draw, known, lane)
        new = attrs.evolve(new, lanes={lane: known[lane] for lane in person.lanes})
        return new if self.valid(new) else None

    def _movable(self, person: Person, lane: Lane) -> bool:
        """Whether a lane holds one value that is known and may be another."""
        fixed = lane[0] in self.given or lane[0] in person.presumed or lane[1] == "#"
        return not fixed and isinstance(person.lanes.get(lane), int)

    def at(self, spot: Spot, place: int) -> int:
        """Give the value at a place, or at the nearest there is."""
        domain = self.checks.domains[spot[0]]
        return domain.low + min(max(place, 0), domain.size - 1) * domain.step


def _lanes_of(law: Law) -> dict[str, list[Lane]]:
    """Give the lanes of each fact in the order in which they are drawn: rows are counted first, fields as declared."""
    found: dict[str, list[Lane]] = {}
    for lane in law.inputs:
        found.setdefault(lane[0], []).append(lane)
    for name, lanes in found.items():
        of = law.declared[name].type if name in law.declared else None
        if isinstance(of, ListOf):
            order = ["#", *(f".{field}" for field in of.fields)]
            lanes.sort(key=lambda lane, order=order: order.index(str(lane[1])))  # type: ignore[misc]
    return found


def _some(draw: DrawFn, names: tuple[str, ...]) -> tuple[str, ...]:
    """Draw with which fact to begin, and give the next few."""
    first = draw(st.sampled_from(range(len(names)))) if names else 0
    return (names[first:] + names[:first])[:FACTS_TRIED]


def _days(first: int, last: int) -> SearchStrategy[int]:
    day = datetime.date.fromordinal
    return st.dates(day(first), day(last)).map(datetime.date.toordinal)


def _cut(places: Places, among: range) -> Places:
    if isinstance(places, range):
        return range(max(places.start, among.start), max(places.start, among.start, min(places.stop, among.stop)))
    return tuple(p for p in places if p in among)


__all__ = ["Drawing", "Person", "Record"]
