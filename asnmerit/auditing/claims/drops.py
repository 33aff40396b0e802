"""The largest drop of a number between two people one step apart: tried by the thousand, then raised until proved."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.auditing.questions import Pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.auditing.crowd.records import Lanes
    from asnmerit.auditing.proving.driver import Answer, Prover
    from asnmerit.auditing.questions import Lane
    from asnmerit.frames.kernel import Block

Array = Any
Way = Literal["up", "down"]
"""Whether the fact goes up, or down, as the number drops."""
Counts = Callable[[Any, Any], Any]
ROUNDS: Final = 60
TESTS: Final = 120
"""How many changes are tried to make a pair simpler."""


@attrs.define(eq=False)
class Drop:
    """The largest found for a lane and way. `people`: who has more first; `most`: what is proved of all such pairs."""

    lane: Lane
    way: Way
    size: int = 0
    people: tuple[Lanes, ...] = ()
    tried: int = 0
    most: int | None = None

    @property
    def exact(self) -> bool:
        """Whether no such pair has a larger drop."""
        return self.most is not None and self.most <= self.size


@attrs.frozen(eq=False)
class Number:
    """What drops: a step that falls by as much as the number does, for a fact that goes up, and that goes down.

    Of what it falls by, `apart` is no drop: it only keeps pairs that do not count below those that do.
    """

    up: str
    down: str
    apart: int = 0

    def key(self, way: Way) -> str:
        """Give the step that drops from the lower of the two to the upper."""
        return self.up if way == "up" else self.down


class Drops:
    """The largest drops of one number among the people of a law, by lane and way."""

    def __init__(self, prover: Prover, number: Number) -> None:
        """The law of `prover` has the steps of `number`; its checks say who counts."""
        self.prover, self.number = prover, number
        self.structure, self.people = prover.structure, prover.people
        self.found: list[Drop] = []
        low, high = self.structure.interval(number.up)
        self.most = max(0, high - low - number.apart)

    @property
    def largest(self) -> list[Drop]:
        """Those found, the largest first."""
        found = [d for d in self.found if d.size > 0]
        return sorted(found, key=lambda d: (-d.size, d.lane[0], str(d.lane[1]), d.way))

    # --- trying ---

    def try_pairs(self, samples: int) -> None:
        """Try pairs of each lane whose step can make a drop; the form of the law proves that of the others."""
        block = self.people.draw(samples)
        reach = self.structure.cone(self.number.up)
        for lane, domain in self.people.lanes.items():
            if lane in reach and domain.ordered and domain.kind != "count" and domain.size > 1:
                flow = self.structure.flow(self.number.up, {lane: "next"})
                ways: list[Way] = ["up"] * flow.fall + ["down"] * flow.rise  # type: ignore[assignment]
                if ways:
                    self._lane(lane, ways, *self.people.pairs(block, {lane: "next"}))
        if not self.found:
            self.most = 0

    def _lane(self, lane: Lane, ways: Sequence[Way], first: Block, second: Block) -> None:
        rise = self._measured(second) - self._measured(first)
        for way in ways:
            drop = Drop(lane, way, tried=first.rows)
            gap = (-rise if way == "up" else rise) - self.number.apart
            at = int(gap.argmax()) if len(gap) else -1
            if at >= 0 and gap[at] > 0:
                pair = self.people.lanes_at(first, at), self.people.lanes_at(second, at)
                drop.size, drop.people = int(gap[at]), _loser_last(pair, way)
            self.found.append(drop)

    def _measured(self, block: Block) -> Array:
        return self.people.values([self.number.up], block)[self.number.up].astype("int64")

    def size(self, pair: Sequence[Mapping[Lane, Any]]) -> int:
        """Give how far the number drops from the first of a pair to the second."""
        values = self._measured(self.people.block_of(pair))
        return max(0, int(values[0]) - int(values[1]) - self.number.apart)

    # --- proving ---

    def prove(self, seconds: float) -> None:
        """Raise the largest drop until it is proved that none is larger, or the time is up; then the largest ones."""
        until = time.monotonic() + seconds
        by = self._best + 1
        for _ in range(ROUNDS):
            if self._best >= self.most or time.monotonic() > until:
                break
            larger, proved = self._asked(self.found, by, until)
            if proved:
                self.most = by - 1
            elif not larger and by == self._best + 1:
                break
            by = self._best + (1 if proved or not larger else max(1, (self.most - self._best) // 2))
        for drop in self.found:
            drop.most = self.most if drop.most is None else min(drop.most, self.most)

    @property
    def _best(self) -> int:
        return max((d.size for d in self.found), default=0)

    def prove_each(self, drops: Sequence[Drop], seconds: float) -> None:
        """Ask of drops, each by itself, whether there is a larger one of its lane and way."""
        open_ = [d for d in drops if not d.exact]
        if open_ and seconds > 0:
            answers = self.prover.ask_all([self._question(d, d.size + 1) for d in open_], seconds)
            for drop, answer in zip(open_, answers, strict=True):
                self._take(drop, answer, drop.size + 1)

    def _asked(self, drops: Sequence[Drop], by: int, until: float) -> tuple[bool, bool]:
        """Ask for a drop of so much in any lane: whether a larger one was found, and whether none is proved."""
        open_ = [d for d in drops if d.most is None or d.most >= by]
        best = self._best
        answers = self.prover.ask_all([self._question(d, by) for d in open_], max(0.1, until - time.monotonic()))
        for drop, answer in zip(open_, answers, strict=True):
            self._take(drop, answer, by)
        return self._best > best, all(d.most is not None and d.most < by for d in open_)

    def _question(self, drop: Drop, by: int) -> Pairs:
        return Pairs(self.number.key(drop.way), "gt", {drop.lane: "next"}, by + self.number.apart)

    def _take(self, drop: Drop, answer: Answer, by: int) -> None:
        if answer.verdict == "none":
            drop.most = by - 1 if drop.most is None else min(drop.most, by - 1)
        elif answer.verdict == "found":
            pair = _loser_last(answer.people, drop.way)
            size = self.size(pair)
            if size > drop.size:
                drop.size, drop.people = size, tuple(dict(p) for p in pair)

    # --- showing ---

    def simplest(self, drop: Drop, tests: int = TESTS) -> tuple[Lanes, ...]:
        """Give a plainer pair with as large a drop: one step apart in the same lane, alike in all others."""
        domain = self.people.lanes[drop.lane]

        def shows(low: Lanes, high: Lanes) -> bool:
            pair = _loser_last((low, high), drop.way)
            return one_step(domain, low[drop.lane], high[drop.lane]) and self.size(pair) >= drop.size

        low, high = _loser_last(drop.people, drop.way)
        return _loser_last(self.people.simplest_pair(low, high, shows, tests), drop.way)


def _loser_last(pair: Sequence[Any], way: Way) -> tuple[Any, ...]:
    """Turn (lower, upper) into (who has more, who has less), or back."""
    return tuple(pair) if way == "up" else tuple(reversed(pair))


def one_step(domain: Domain, low: Any, high: Any) -> bool:  # noqa: ANN401 - an integer, or one a row
    """Whether a value is exactly one step above another; of rows, one of them, and the others alike.

    >>> from asnmerit.auditing.crowd.domains import Domain
    >>> one_step(Domain("number", 0, 10, 5), 5, 10), one_step(Domain("number", 0, 10, rows=3), [1, 2], [1, 4])
    (True, False)
    """
    if isinstance(low, list):
        apart = [(a, b) for a, b in zip(low, high, strict=True) if a != b]
        return len(apart) == 1 and one_step(domain, *apart[0])
    if domain.levels is None:
        return bool(high - low == domain.step)
    above = [level for level in domain.levels if level > domain.levels[low]]
    return bool(above) and domain.levels[high] == min(above)
