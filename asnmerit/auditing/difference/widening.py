"""Widening a box from one person: fact after fact as far as samples allow, then cut until a proof says it is right."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.crowd.domains import Domain, domains
from asnmerit.auditing.difference.boxes import Among, Box, Boxed, Rows, Side, Span, around, whole_side
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.proving.driver import Prover
    from asnmerit.auditing.questions import Lane
    from asnmerit.frames.kernel import Block

Array = Any
Lanes = Mapping["Lane", Any]
TRIED: Final = 2_048
"""People tried for one step of widening."""
CHECKED: Final = 20_000
"""People tried inside a box that could not be proved."""
TURNS: Final = 60
"""Cuts after which a box is no longer corrected."""
ZOOMS: Final = 4
OPEN: Final = 3.0
TO_START: Final = 20.0
"""Seconds that one proof may take, and the first, before which processes start."""


@attrs.frozen
class Description:
    """A box and what is known of it: `proved` that all inside are of the region, or so many tried, all of them."""

    box: Box
    proved: bool
    samples: int = 0


@attrs.define(eq=False)
class Widening:
    """Widens boxes for the regions of one law. The same seed gives the same boxes, time allowing."""

    people: People
    boxed: Boxed | None
    prover: Prover | None
    domains: Mapping[Lane, Domain] = attrs.field(init=False)
    _started: bool = False

    def __attrs_post_init__(self) -> None:
        self.domains = domains(self.people.law)

    def describe(self, key: str, person: Lanes, relevant: frozenset[Lane], until: float) -> Description:
        """Give the box around somebody for whom step `key` is true, among the facts that matter to it."""
        whole = around(self.people.law, person)
        box = Box(
            {lane: side for lane, side in whole.sides.items() if lane in relevant},
            {name: rows for name, rows in whole.rows.items() if any(lane in relevant for lane in rows.lanes)},
        )
        pool = self.people.draw(TRIED)
        for lane in self._order(key, person, box, pool):
            if time.monotonic() > until:
                break
            box = self._widened(key, person, box, lane, pool)
        return self._proved(key, person, box, until)

    # --- by samples ---

    def _order(self, key: str, person: Lanes, box: Box, pool: Block) -> list[Lane | str]:
        """Take first the facts that matter least to this person."""
        freed: dict[Lane | str, Box] = {lane: box.but(lane, None) for lane in box.sides}
        freed |= {name: box.without_rows(name) for name in box.rows}
        weight = {lane: self._weight(key, person, one, pool) for lane, one in freed.items()}
        return sorted(weight, key=lambda lane: (weight[lane], str(lane)))

    def _weight(self, key: str, person: Lanes, box: Box, pool: Block) -> float:
        bad, lawful = self._bad(key, self._inside(person, box, pool))
        count = int(lawful.sum())
        return float(bad.sum()) / count if count else 0.0

    def _widened(self, key: str, person: Lanes, box: Box, lane: Lane | str, pool: Block) -> Box:
        """Free a fact as far as nobody who is tried leaves the region."""
        if isinstance(lane, str):
            freed = box.without_rows(lane)
            return box if self._bad(key, self._inside(person, freed, pool))[0].any() else freed
        side: Side = whole_side(self.domains[lane])
        for _ in range(ZOOMS):
            wider = box.but(lane, side)
            block = self._inside(person, wider, pool)
            bad, _lawful = self._bad(key, block)
            if not bad.any():
                return wider.but(lane, None) if side == whole_side(self.domains[lane]) else wider
            cut = kept(side, int(person[lane]), block.values[lane][bad], self.domains[lane])
            if cut is None:
                return box
            side = cut
        return box

    def _inside(self, person: Lanes, box: Box, pool: Block) -> Block:
        """Give the people of the pool, each moved into the box where it is outside; ends of spans come often."""
        rows, rng = pool.rows, self.people.rng
        values = {}
        for lane, column in pool.values.items():
            domain = self.domains[lane]
            given = next((r for r in box.rows.values() if lane in r.lanes), None)
            side = box.sides.get(lane)
            if given is not None:
                values[lane] = _repeated(column, person[lane], domain, rows)
            elif side is None:
                values[lane] = column
            else:
                values[lane] = moved(column, side, domain, rng)
        return attrs.evolve(pool, values=values)

    def _bad(self, key: str, block: Block) -> tuple[Array, Array]:
        """Say who is lawful and not in the region, and who is lawful."""
        inside = self.people.values([key], block)[key]
        lawful = self.people.holding(block)
        return lawful & ~inside.astype(bool), lawful

    # --- by proof ---

    def _proved(self, key: str, person: Lanes, box: Box, until: float) -> Description:
        """Cut the box at everybody whom the solver finds in it outside the region, until there is nobody."""
        for _ in range(TURNS):
            if self.prover is None or self.boxed is None or time.monotonic() > until:
                break
            asked = self.boxed.question(key, box)
            seconds = min(OPEN if self._started else TO_START, max(0.1, until - time.monotonic()))
            answer = self.prover.ask_all([asked], seconds)[0]
            self._started = True
            if answer.verdict == "none":
                return Description(box, proved=True)
            if answer.verdict == "open":
                break
            box = self._cut(key, person, box, answer.people[0])
        return self._tried(key, person, box)

    def _tried(self, key: str, person: Lanes, box: Box) -> Description:
        """Try people in a box without a proof; cut it where one is outside the region."""
        for _ in range(TURNS):
            block = self._inside(person, box, self.people.draw(CHECKED))
            bad, lawful = self._bad(key, block)
            if not bad.any():
                return Description(box, proved=False, samples=int(lawful.sum()))
            box = self._cut(key, person, box, self.people.lanes_at(block, int(bad.nonzero()[0][0])))
        return Description(around(self.people.law, person), proved=True)

    def _cut(self, key: str, person: Lanes, box: Box, other: Lanes) -> Box:
        """Leave somebody out of a box: by the fact that takes them out of the region and costs least."""
        choices: list[tuple[bool, float, str, Box]] = []
        for lane, domain in self.domains.items():
            name = lane[0]
            if isinstance(self.people.law.declared[name].type, ListOf):
                same = all(other[x] == person[x] for x in self.domains if x[0] == name)
                if lane[1] == "#" and not same:
                    rows = Rows({x: person[x] for x in self.domains if x[0] == name})
                    cause = self._in_region(key, {**other, **rows.lanes})
                    choices.append((not cause, 1.0, name, attrs.evolve(box, rows={**box.rows, name: rows})))
            elif other[lane] != person[lane]:
                cause = self._in_region(key, {**other, lane: person[lane]})
                now = box.sides.get(lane) or whole_side(domain)
                side = self._edge(key, person, other, lane, now) if cause else None
                side = side or kept(now, int(person[lane]), _list(other[lane]), domain)
                if side is not None:
                    choices.append((not cause, loss(now, side), str(lane), box.but(lane, side)))
        return min(choices, key=lambda c: c[:3])[3] if choices else around(self.people.law, person)

    def _edge(self, key: str, person: Lanes, other: Lanes, lane: Lane, now: Side) -> Side | None:
        """Go along one fact from the person towards somebody outside the region, and stop before it is left."""
        domain = self.domains[lane]
        if isinstance(now, Among):
            bad = [c for c in sorted(now.codes) if not self._in_region(key, {**other, lane: c})]
            return kept(now, int(person[lane]), _list(*bad), domain)
        good, out = int(person[lane]), int(other[lane])
        while abs(good - out) > domain.step:
            middle = good + (out - good) // domain.step // 2 * domain.step
            if middle == good:
                break
            if self._in_region(key, {**other, lane: middle}):
                good = middle
            else:
                out = middle
        return kept(now, int(person[lane]), _list(out), domain)

    def _in_region(self, key: str, person: Lanes) -> bool:
        """Whether somebody lawful is in the region; a person who is not lawful does not count against it."""
        block = self.people.block_of([{lane: person[lane] for lane in self.domains}])
        bad, _ = self._bad(key, block)
        return not bool(bad[0])


def _list(*values: int) -> list[int]:
    return [int(v) for v in values]


def _repeated(column: Array, given: Any, domain: Domain, rows: int) -> Array:  # noqa: ANN401 - a value, or those of rows
    """Give everybody one value, or the rows of one list."""
    made = column.copy()
    if not domain.field:
        made[:] = given
        return made
    for i, value in enumerate(given):
        made[i, :rows] = value
    return made


def moved(column: Array, side: Side, domain: Domain, rng: Any) -> Array:  # noqa: ANN401 - a NumPy generator
    """Move the values that are outside a side into it: to its ends, or anywhere."""
    made = column.copy()
    if isinstance(side, Among):
        codes = sorted(side.codes)
        outside = ~_member_of(made, codes)
        places = rng.integers(0, len(codes), int(outside.sum()))
        made[outside] = [codes[i] for i in places.tolist()]
        return made
    outside = (made < side.low) | (made > side.high)
    count = int(outside.sum())
    steps = rng.integers(0, (side.high - side.low) // domain.step + 1, count) * domain.step + side.low
    ends = rng.integers(0, 4, count)
    steps[ends == 0], steps[ends == 1] = side.low, side.high
    made[outside] = steps
    return made


def _member_of(column: Array, codes: list[int]) -> Array:
    found = column == codes[0]
    for code in codes[1:]:
        found |= column == code
    return found


def kept(side: Side, value: int, bad: Any, domain: Domain) -> Side | None:  # noqa: ANN401 - an array or list
    """Give what is left of a side around a value when bad values are left out; None where the value itself is bad.

    >>> from asnmerit.auditing.crowd.domains import Domain
    >>> kept(Span(0, 100), 30, [10, 20, 60], Domain("number", 0, 101))
    Span(low=21, high=59)
    """
    values = sorted({int(b) for b in bad})
    if value in values:
        return None
    if isinstance(side, Among):
        return Among(side.codes - set(values))
    low = max((b + domain.step for b in values if b < value), default=side.low)
    high = min((b - domain.step for b in values if b > value), default=side.high)
    return Span(max(low, side.low), min(high, side.high))


def loss(before: Side, after: Side) -> float:
    """Give the share of a side that is lost, for choosing among cuts."""
    if isinstance(before, Among) and isinstance(after, Among):
        return 1 - len(after.codes) / len(before.codes)
    if isinstance(before, Span) and isinstance(after, Span):
        return 1 - (after.high - after.low + 1) / (before.high - before.low + 1)
    return 1.0
