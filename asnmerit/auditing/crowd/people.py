"""People of a law, hundreds of thousands at a time: lawful, complete, crowded where the law draws its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from asnmerit.auditing.crowd.drawing import PORTIONS, Drawing, Portion, joined, shortened, taken, view
from asnmerit.auditing.crowd.edges import edges
from asnmerit.auditing.crowd.exploring import climbed
from asnmerit.auditing.crowd.landmarks import landmarks
from asnmerit.auditing.crowd.mutating import mutated
from asnmerit.auditing.crowd.partners import partners
from asnmerit.auditing.crowd.records import lanes_of_record, record_of
from asnmerit.auditing.crowd.repairing import Cluster, clusters
from asnmerit.auditing.crowd.simplifying import MOST, Simplifying
from asnmerit.frames.kernel import Answer, Block, BlockKernel

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping

    from asnmerit.auditing.crowd.domains import Lane
    from asnmerit.auditing.crowd.records import Lanes
    from asnmerit.rules.law import Law

Array = Any
FEWEST: Final = 1_000
SHORT: Final = 6
EXPLORED: Final = 20_000
AROUND: Final = 0.3
TURNS: Final = 4


class People:
    """People of one law on one day.

    The same law, seed and calls give the same people. `tried` counts all that were looked at, those included
    who broke a check of the law and were changed or dropped.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> people = People(law, seed=1)
    >>> block = people.draw(1000)
    >>> bool(people.values(["promotion.granted"], block)["promotion.granted"].any())
    True
    >>> asnmerit.decide(law, people.record(people.lanes_at(block, 0)))["promotion"].status in {"granted", "refused"}
    True
    """

    def __init__(self, law: Law, *, seed: int = 0, as_of: datetime.date | None = None) -> None:
        """`as_of` is the day decided for; the law's own day unless said."""
        self.law, self.as_of = law, as_of or law.on
        self.rng = np.random.default_rng(seed)
        self.checks = tuple(s.key for s in law.steps if s.role == "check")
        self._kernels: dict[tuple[str, ...], BlockKernel] = {}
        self._seeds: list[Lanes] = []
        self._notable: Block | None = None
        self.drawing = Drawing(law, landmarks(law, self.as_of), self.as_of, self.rng)
        self.lanes = self.drawing.lanes
        self.clusters = [Cluster(law, self.as_of, self.drawing, *found) for found in clusters(law, self.lanes)]
        bound = {lane for cluster in self.clusters for lane in cluster.lanes}
        self.free = dict.fromkeys(lane for lane in self.lanes if lane not in bound)

    # --- drawing ---

    def draw(self, n: int, unknown: float = 0.0) -> Block:
        """Draw so many people whose checks hold (none where nobody's do). `unknown` is the share of lanes unknown."""
        self.drawing.refreshed(n)
        values, start = self.drawing.room(self.lanes, n), 0
        for portion, rows in self._counts(n):
            start += rows if self._fill(view(values, start, rows), portion, rows) else 0
        block = Block(n, values).slice(0, start)
        return self._with_unknown(block, unknown) if unknown else block

    def _counts(self, n: int) -> list[tuple[Portion | None, int]]:
        """Give how many people of each portion; None: those drawn around notable people, in large draws."""
        near = int(n * AROUND) if n >= FEWEST and self.explored().rows else 0
        counts: list[tuple[Portion | None, int]] = [(p, int((n - near) * p.share)) for p in PORTIONS]
        counts[0] = (PORTIONS[0], n - near - sum(rows for _, rows in counts[1:]))
        return [*counts, (None, near)] if near else counts

    def _fill(self, values: Mapping[Lane, Array], portion: Portion | None, rows: int) -> bool:
        """Draw people of one kind into columns; false where there are none."""
        if portion is None:
            self._around(values, rows)
            return True
        self.drawing.fill({lane: values[lane] for lane in self.free}, portion)
        for cluster in self.clusters:
            lawful = cluster.stocked(portion, rows)
            if not lawful.rows:
                return False
            self._put(values, lawful, self.rng.integers(0, lawful.rows, rows))
        return True

    def _put(self, values: Mapping[Lane, Array], given: Block, which: Array) -> None:
        """Put chosen people of a block into columns; of lists only as many rows as anybody has."""
        for lane, column in given.values.items():
            to = values[lane]
            if column.ndim == 1:
                np.take(column, which, out=to, mode="clip")
                continue
            for i in range(int(given.values[(lane[0], "#")].max(initial=0))):
                np.take(column[i], which, out=to[i], mode="clip")

    def explored(self) -> Block:
        """Give the people worth drawing around: seeds, those who reach what few do, those beside a line of the law."""
        if self._notable is None:
            self._notable = Block(0, self.drawing.room(self.lanes, 0))
            start = self.draw(EXPLORED)
            if start.rows:
                rare = climbed(self, start)
                bases = joined([start.slice(0, EXPLORED // 8), rare, rare])
                self._notable = joined([rare, edges(self, self.mutants(bases))])
        if not self._seeds:
            return self._notable
        seeds = self.block_of(self._seeds)
        return joined([self._notable, *[seeds] * (1 + self._notable.rows // (4 * seeds.rows))])

    def mutants(self, block: Block) -> Block:
        """Give lawful people, each with a lane or more changed; where that breaks a check, as they are."""
        changed = mutated(self.drawing, block)
        return self.lawful_or(changed, block) if self.checks else changed

    def _around(self, values: Mapping[Lane, Array], rows: int) -> None:
        """Draw people around notable ones. Those with long lists are few and stand together: lists cost by length."""
        notable = self.explored()
        long = np.zeros(notable.rows, np.bool_)
        for lane, domain in self.lanes.items():
            if domain.kind == "count":
                long |= notable.values[lane] > SHORT
        groups = [(shortened(taken(notable, ~long), SHORT), rows - rows // 12), (taken(notable, long), rows)]
        start = 0
        for group, stop in groups:
            if group.rows and stop > start:
                parents = taken(group, self.rng.integers(0, group.rows, stop - start))
                for lane, column in self.mutants(parents).values.items():
                    values[lane][..., start:stop][: len(column)] = column
                start = stop
        if start < rows:
            for column in values.values():
                column[..., start:] = column[..., : rows - start]

    def lawful_or(self, block: Block, others: Block) -> Block:
        """Give the people whose checks hold, and in place of those whose do not others, row by row."""
        if not self.checks:
            return block
        good = self.holding(block)
        return Block(block.rows, {lane: np.where(good, v, others.values[lane]) for lane, v in block.values.items()})

    def seed(self, lanes: Mapping[Lane, Any]) -> None:
        """Remember a person worth drawing around, such as one that a solver found, if that person is lawful."""
        person = {lane: lanes[lane] for lane in self.lanes}
        if self.lawful(person):
            self._seeds.append(person)

    def holding(self, block: Block) -> Array:
        """Say for whom no check of the law is broken; an unknown check breaks nothing."""
        answer = self.answers(self.checks, block)
        good = np.ones(block.rows, np.bool_)
        for key in self.checks:
            known = answer.known[key]
            good &= answer.values[key] if known is None else answer.values[key] | ~known
        return good

    @property
    def tried(self) -> int:
        """How many were tried in drawing, those included who broke a check and were changed or dropped."""
        return sum(cluster.tried for cluster in self.clusters)

    def _with_unknown(self, block: Block, share: float) -> Block:
        """Leave lanes unknown here and there; of a list, now and then the whole of it."""
        known = {lane: self.rng.random(values.shape) >= share for lane, values in block.values.items()}
        return Block(block.rows, block.values, known)

    # --- asking ---

    def values(self, keys: Iterable[str], block: Block) -> Mapping[str, Array]:
        """Give the columns of some steps."""
        return self.answers(keys, block).values

    def answers(self, keys: Iterable[str], block: Block) -> Answer:
        """Give the columns of some steps, and where each is known (None: everywhere)."""
        return self._kernel(tuple(dict.fromkeys(keys))).run(block)

    def _kernel(self, keys: tuple[str, ...]) -> BlockKernel:
        if keys not in self._kernels:
            self._kernels[keys] = BlockKernel(self.law, self.as_of.toordinal(), keys)
        return self._kernels[keys]

    # --- pairs ---

    def pairs(self, block: Block, varying: Mapping[Lane, str]) -> tuple[Block, Block]:
        """Give people and a partner for each, alike but in the lanes that vary; both lawful, row by row.

        "any": that lane is drawn anew; "up": the same or more, by level where members have levels; "next": of all
        lanes so marked one is exactly one step up. Where no lawful partner is found the person is left out.
        """
        found: list[tuple[Block, Block]] = []
        rest = block
        for _ in range(TURNS):
            others, good = partners(self.drawing, rest, varying)
            if self.checks and not self.free.keys() >= varying.keys():
                good &= self.holding(others)
            if good.all():
                found.append((rest, others))
                break
            found.append((taken(rest, good), taken(others, good)))
            rest = taken(rest, ~good)
        if len(found) == 1:
            return found[0]
        return joined([one for one, _ in found]), joined([other for _, other in found])

    # --- one person ---

    def lanes_at(self, block: Block, row: int) -> Lanes:
        """Give one person of a block: an integer a lane, a list for a field of a list, None where unknown."""
        found: Lanes = {}
        for lane, domain in self.lanes.items():
            column, known = block.values[lane], block.known.get(lane)
            if domain.field:
                count = (lane[0], "#")
                rows = int(block.values[count][row])
                if count in block.known and not block.known[count][row]:
                    found[lane] = None
                    continue
                found[lane] = [int(column[i, row]) if known is None or known[i, row] else None for i in range(rows)]
            else:
                found[lane] = int(column[row]) if known is None or known[row] else None
        return found

    def block_of(self, people: Iterable[Mapping[Lane, Any]]) -> Block:
        """Lay people out as a block."""
        rows = list(people)
        values: dict[Lane, Array] = {}
        known: dict[Lane, Array] = {}
        for lane, domain in self.lanes.items():
            shape = (domain.rows, len(rows)) if domain.field else (len(rows),)
            column, mask = np.full(shape, domain.low, self.drawing.dtypes[lane]), np.ones(shape, np.bool_)
            for at, person in enumerate(rows):
                given = person[lane]
                if domain.field:
                    for i, value in enumerate(given or ()):
                        mask[i, at] = value is not None
                        column[i, at] = domain.low if value is None else value
                else:
                    mask[at] = given is not None
                    column[at] = domain.low if given is None else given
            values[lane] = column
            if not mask.all():
                known[lane] = mask
        return Block(len(rows), values, known)

    def lawful(self, lanes: Mapping[Lane, Any]) -> bool:
        """Whether a person is within the law's domain: every value lawful, no check broken."""
        for lane, domain in self.lanes.items():
            given = lanes[lane]
            if not all(v is None or domain.holds(v) for v in (given or () if domain.field else (given,))):
                return False
        return bool(self.holding(self.block_of([lanes])).all())

    def simplest(self, lanes: Mapping[Lane, Any], test: Callable[[Lanes], bool], most: int = MOST) -> Lanes:
        """Give a simpler person for whom the test still holds, after at most so many tests."""
        return Simplifying(self.lanes, self.as_of, self.lawful, test, most).simplest(lanes)[0]

    def simplest_pair(
        self,
        one: Mapping[Lane, Any],
        other: Mapping[Lane, Any],
        test: Callable[[Lanes, Lanes], bool],
        most: int = MOST,
    ) -> tuple[Lanes, Lanes]:
        """Give a simpler pair for which the test still holds: fewer and smaller differences, then plainer values.

        Lanes in which they are alike stay so; one in which the second has more never comes to have less.
        """
        first, second = Simplifying(self.lanes, self.as_of, self.lawful, test, most).simplest(one, other)
        return first, second

    def record(self, lanes: Mapping[Lane, Any]) -> dict[str, Any]:
        """Give a person as `decide` takes it: exact and with no more than the law reads."""
        return record_of(self.law, lanes, self.as_of)

    def lanes_of_record(self, record: Mapping[str, object]) -> Lanes:
        """Give the lanes of a record, read by the edge. Raises `RecordError` with every fault."""
        return lanes_of_record(self.law, record, self.as_of)
