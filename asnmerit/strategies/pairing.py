"""Pairs of people who differ in chosen facts only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import attrs

from asnmerit.auditing.crowd.domains import Domain, Lane
from asnmerit.strategies.drawing import Drawing, Person, Record
from asnmerit.strategies.library import DrawFn, reject, st
from asnmerit.strategies.turning import FEW, Spot, Turning, moved, spots

Relation = Literal["any", "up"]
NEXT, TURN, ANYWHERE = range(3)


@attrs.frozen(repr=False, eq=True)
class Pair:
    """A person, and the same person with some facts changed. It unpacks: `before, after = pair`.

    >>> before, after = Pair({"rank": "III/a", "score": 80}, {"score": 90})
    >>> after
    {'rank': 'III/a', 'score': 90}
    """

    person: Record
    changes: Mapping[str, Any]

    @property
    def before(self) -> Record:
        """The person."""
        return dict(self.person)

    @property
    def after(self) -> Record:
        """The person with the changes."""
        return {name: self.changes.get(name, value) for name, value in {**self.person, **self.changes}.items()}

    def __iter__(self) -> Iterator[Record]:
        """Give both."""
        return iter((self.before, self.after))

    def __repr__(self) -> str:
        """Show the person once, and what is changed."""
        return f"Pair({self.person!r}, {dict(self.changes)!r})"


class Pairing:
    """How pairs are drawn: the facts in which they may differ, and how: often across a threshold."""

    def __init__(
        self,
        drawing: Drawing,
        facts: tuple[str, ...],
        relation: Relation,
        turning: Turning,
        near: tuple[Lane, ...],
    ) -> None:
        """`near` are the values that may be moved next to a turn first: a cap or a floor is then in play."""
        self.drawing, self.relation, self.turning = drawing, relation, turning
        self.facts = facts
        of = drawing.checks.domains
        self.lanes = tuple(
            lane
            for name in facts
            for lane in drawing.lanes_of[name]
            if lane[1] != "#" and (relation == "any" or of[lane].ordered) and of[lane].size > 1
        )
        self.lists = tuple(n for n in facts if drawing.lanes_of[n][0][1] == "#") if relation == "any" else ()
        self.least = {n: 1 for n in facts if drawing.lanes_of[n][0][1] == "#"} if relation == "up" else {}
        self.near = tuple(lane for lane in near if lane[0] not in facts)

    def __repr__(self) -> str:
        """Name the law and the facts: Hypothesis shows it."""
        return f"{self.drawing!r}, {', '.join(self.facts)}: {self.relation}"

    def pair(self, draw: DrawFn) -> Pair:
        """Draw a pair, both of whom meet the checks."""
        person = self.drawing.person(draw, self.least)
        if len(self.near) > 0 and draw(st.booleans()):
            person = self.drawing.near(draw, person, self.turning, self.near)
        before, after = self._both(draw, person)
        if not (self.drawing.valid(before) and self.drawing.valid(after)):
            reject()
        one, other = self.drawing.record(before), self.drawing.record(after)
        changes = {n: other.get(n) for n in self.facts if other.get(n) != one.get(n)}
        if not changes:
            reject()
        return Pair(one, changes)

    def _both(self, draw: DrawFn, person: Person) -> tuple[Person, Person]:
        movable = [s for s in spots(person.lanes, self.lanes) if s[0][0] not in person.presumed]
        choices = len(movable) + len(self.lists)
        if not choices:
            reject()
        first = draw(st.integers(0, choices - 1))
        if first >= len(movable):
            return person, self._with_new_list(draw, person, self.lists[first - len(movable)])
        before, after = self._moved(draw, person, movable[first])
        others = [s for i, s in enumerate(movable) if i != first]
        if others and draw(st.integers(0, 3)) == 3:  # noqa: PLR2004 - one pair in four differs in several values
            for spot in others:
                if draw(st.booleans()):
                    after = self._raised(draw, after, spot)
        return before, after

    def _with_new_list(self, draw: DrawFn, person: Person, name: str) -> Person:
        lanes = self.drawing.lanes_of[name]
        known = {lane: v for lane, v in person.lanes.items() if lane not in lanes}
        presumed = set(person.presumed) - {name}
        self.drawing.fact(draw, known, presumed, name)
        return Person({lane: known[lane] for lane in person.lanes}, frozenset(presumed))

    # --- one value moved ---

    def _moved(self, draw: DrawFn, person: Person, spot: Spot) -> tuple[Person, Person]:
        """Give the person and one who differs in one value; with `up`, the lower one first."""
        domain = self.drawing.checks.domains[spot[0]]
        here = _value(person, spot)
        how = draw(st.sampled_from((ANYWHERE, NEXT, TURN))) if domain.size > FEW else ANYWHERE
        if how == TURN:
            turns = self.turning.turns(person.lanes, spot, self.drawing.as_of.toordinal())
            if turns:
                at = turns[draw(st.integers(0, len(turns) - 1))]
                low, high = domain.low + at * domain.step, domain.low + (at + 1) * domain.step
                return self._ordered(domain, (_put(person, spot, low), low), (_put(person, spot, high), high))
        if how == NEXT:
            there = here + domain.step if here + domain.step <= domain.high else here - domain.step
        else:
            place = (here - domain.low) // domain.step
            there = self._drawn(draw, person, spot, tuple(_without(domain, place, self.relation == "up")))
        return self._ordered(domain, (person, here), (_put(person, spot, there), there))

    def _raised(self, draw: DrawFn, person: Person, spot: Spot) -> Person:
        """Move one value more, up where pairs go up."""
        domain, here = self.drawing.checks.domains[spot[0]], _value(person, spot)
        if self.relation == "any":
            return _put(person, spot, self._drawn(draw, person, spot, None))
        if domain.levels is None:
            up: Any = range((here - domain.low) // domain.step, domain.size)
        else:
            up = tuple(p for p in range(domain.size) if p == here or domain.level(p) > domain.level(here))
        return _put(person, spot, self._drawn(draw, person, spot, up))

    def _drawn(self, draw: DrawFn, person: Person, spot: Spot, among: Any) -> int:  # noqa: ANN401 - places, or None for all
        (lane, row), known = spot, dict(person.lanes)
        if row is None:
            del known[lane]
        return self.drawing.value(draw, known, lane, row, among or None)

    def _ordered(self, domain: Domain, a: tuple[Person, int], b: tuple[Person, int]) -> tuple[Person, Person]:
        if self.relation == "up":
            one, other = domain.level(a[1]), domain.level(b[1])
            if one == other and a[1] != b[1]:
                reject()
            if other < one:
                a, b = b, a
        return a[0], b[0]


def _without(domain: Domain, place: int, by_level: bool) -> Iterator[int]:  # noqa: FBT001 - private, and named where it is called
    """Give the places of a small domain that are not this one; with levels, those of another level."""
    if domain.size > FEW:
        return
    for p in range(domain.size):
        if p != place and not (by_level and domain.level(p) == domain.level(place)):
            yield p


def _value(person: Person, spot: Spot) -> int:
    lane, row = spot
    found = person.lanes[lane]
    return int(found if row is None else found[row])


def _put(person: Person, spot: Spot, value: int) -> Person:
    return attrs.evolve(person, lanes=moved(person.lanes, spot, value))
