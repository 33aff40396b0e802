"""Regions of change: who is answered differently, told apart by the rules that decide them in either law."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.proving.sampling import people_of
from asnmerit.auditing.questions import Exists, Extended, both, either, negated, whole
from asnmerit.decision import decide
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Expr

if TYPE_CHECKING:
    from collections.abc import Callable

    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.difference.answers import Change
    from asnmerit.auditing.questions import Lane
    from asnmerit.rules.law import Law

    Told = Callable[[int, "int | None", str], object]

Array = Any
Lanes = Mapping["Lane", Any]
Pair = tuple[int, int] | None
"""The numbers of the rules that decide in either law, -1 where none does; None where rules do not tell apart."""
PORTION: Final = 50_000
"""People of one draw."""
SAMPLING: Final = 0.25
"""The share of the time that samples may take, before the solver is asked what they missed."""


@attrs.define(eq=False)
class Found:
    """One region: a change, the rules that decide on either side, somebody, and how many of the samples are in it.

    `key` is the step that is true of its people.
    """

    change: Change
    pair: Pair
    key: str
    person: Lanes
    seen: int = 0
    ranges: dict[str, tuple[int, int]] = attrs.field(factory=dict)
    """The least and the most of what is measured, among those seen."""


@attrs.define(eq=False)
class Searching:
    """Looks for the regions of some changes: among samples, then by asking whether there is anybody else."""

    extended: Extended
    changes: Sequence[Change]
    budget: Budget
    progress: Told | None = None
    found: list[Found] = attrs.field(factory=list)
    open: dict[str, str] = attrs.field(factory=dict)
    samples: int = 0
    people: People | None = None
    measured: Mapping[str, Sequence[str]] = attrs.field(factory=dict)
    """Numbers that decide, by decision: what of them occurs in a region is noted."""

    def search(self, seconds: float) -> None:
        """Find the regions. `open` names the changes of which it is not proved that the regions are all."""
        until = time.monotonic() + seconds
        self._tell("samples")
        self._sample(time.monotonic() + SAMPLING * seconds)
        waiting = list(self.changes)
        while waiting:
            waiting = self._ask(waiting, until)
        self.found.sort(key=lambda f: ([c.key for c in self.changes].index(f.change.key), -f.seen, str(f.pair)))

    def _tell(self, doing: str) -> None:
        if self.progress is not None:
            self.progress(len(self.found), None, doing)

    # --- samples ---

    def _sample(self, until: float) -> None:
        """Draw people, and note each pair of rules by which some of them come to be answered differently."""
        if not self.changes:
            return
        law = self.extended.law()
        people = self.people = people_of(law, law.on, self.budget.seed)
        keys = [c.key for c in self.changes] + [k for c in self.changes for k in c.which or ()]
        keys += [key for c in self.changes for key in self.measured.get(c.decision, ())]
        while self.samples < self.budget.samples and time.monotonic() < until:
            block = people.draw(min(PORTION, self.budget.samples - self.samples))
            if not block.rows:
                return
            self.samples += block.rows
            values = people.values(keys, block)
            for change in self.changes:
                self._among(change, people, block, values)

    def _among(self, change: Change, people: People, block: Any, values: Mapping[str, Array]) -> None:  # noqa: ANN401 - a Block
        rows = values[change.key].nonzero()[0]
        if not len(rows):
            return
        if change.which is None:
            self._seen(change, None, people.lanes_at(block, int(rows[0])), rows, values)
            return
        one, other = (values[k][rows].astype("int64") for k in change.which)
        code = one * MOST_RULES + other
        for value in sorted(set(code.tolist())):
            here = rows[code == value]
            pair = int(one[code == value][0]), int(other[code == value][0])
            self._seen(change, pair, people.lanes_at(block, int(here[0])), here, values)

    def _seen(self, change: Change, pair: Pair, person: Lanes, rows: Array, values: Mapping[str, Array]) -> None:
        """Count people of a region, and note what is measured of them."""
        found, _ = self._noted(change, pair, person)
        found.seen += len(rows)
        for key in self.measured.get(change.decision, ()):
            column = values[key][rows]
            low, high = int(column.min()), int(column.max())
            least, most = found.ranges.get(key, (low, high))
            found.ranges[key] = (min(low, least), max(high, most))

    def _noted(self, change: Change, pair: Pair, person: Lanes) -> tuple[Found, bool]:
        """Give a region, and whether it is a new one."""
        known = next((f for f in self.found if f.change is change and f.pair == pair), None)
        if known is not None:
            return known, False
        key = self.extended.add(f"region: {change.name} {pair}", self._test(change, pair))
        self.found.append(Found(change, pair, key, person))
        return self.found[-1], True

    def _test(self, change: Change, pair: Pair) -> Expr:
        """Write who is in a region."""
        test: Expr = self.extended.read(change.key)
        if change.which is None or pair is None:
            return test
        rules = [
            Call(t.BOOL, "eq", (self.extended.read(key), whole(rule)), None)
            for key, rule in zip(change.which, pair, strict=True)
        ]
        return both(test, *rules)

    # --- the rest ---

    def _ask(self, changes: Sequence[Change], until: float) -> list[Change]:
        """Ask for somebody in no region yet; give the changes of which one was found."""
        rest = {c.key: self._rest(c) for c in changes}
        seconds = max(0.0, until - time.monotonic())
        budget = attrs.evolve(self.budget, total=max(seconds, 0.1), samples=0)
        with Prover(self.extended.law(), budget, self._told) as prover:
            answers = prover.ask_all([Exists(rest[c.key]) for c in changes])
        again = []
        for change, answer in zip(changes, answers, strict=True):
            if answer.verdict == "found" and answer.people:
                person = answer.people[0]
                _, new = self._noted(change, self._pair(change, person), person)
                if new and change.which is not None:
                    again.append(change)
            elif answer.verdict == "open":
                self.open[change.key] = answer.note
        if again and time.monotonic() > until:
            self.open.update(dict.fromkeys((c.key for c in again), "the time was up"))
            return []
        return again

    def _told(self, done: int, total: int, doing: str) -> None:
        if self.progress is not None:
            self.progress(done, total, f"regions: {doing}")

    def _rest(self, change: Change) -> str:
        """Add the step that is true of whom a change meets outside the regions found so far."""
        mine = [self.extended.read(f.key) for f in self.found if f.change is change]
        test = both(self.extended.read(change.key), negated(either(*mine))) if mine else self.extended.read(change.key)
        return self.extended.add(f"rest: {change.name}", test)

    def _pair(self, change: Change, person: Lanes) -> Pair:
        if change.which is None:
            return None
        law = self.extended.law()
        one, other = (evaluated(law, person, key) for key in change.which)
        return one, other


MOST_RULES: Final = 1 << 20


def evaluated(law: Law, person: Lanes, key: str) -> int:
    """Give the kernel's number of a step for a person."""
    found = decide(law, record_of(law, person, law.on), law.on).raw[law.index[key]]
    assert found is not None  # noqa: S101 - all facts are known
    return int(found)
