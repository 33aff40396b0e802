"""Pairs of people on the two sides of a test: one fact is moved until it flips, then to where one step does it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.auditing.crowd.drawing import joined, taken
from asnmerit.frames.kernel import Block, BlockKernel, dtype_of, lane_types
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.crowd.records import Lanes
    from asnmerit.auditing.deciders import Decider
    from asnmerit.rules.law import Law

Array = Any
MET: Final = 2
UNMET: Final = 0
GRID: Final = 48
ROWS: Final = 24_000
HALVINGS: Final = 48
MOST_ROWS_OF_A_LIST: Final = 2


@attrs.frozen(eq=False)
class Line:
    """A person of whom one lane is moved; of a field of a list, in one of its rows. `turn`: the decider asked about."""

    turn: int
    person: int
    lane: Lane
    row: int = 0


@attrs.frozen(eq=False)
class Crossing:
    """Two people of a line on the two sides: the values of the lane where the rule holds and where it does not."""

    line: Line
    met: int
    unmet: int
    exact: bool


class Measuring:
    """Asks the steps of an extended law of people of the law itself."""

    def __init__(self, people: People, extended: Law, deciders: Sequence[Decider]) -> None:
        """`deciders` are those of the extended law whose lanes the law itself reads."""
        self.people, self.deciders = people, deciders
        self.keys = [d.measure for d in deciders]
        self.kernel = BlockKernel(extended, people.as_of.toordinal(), self.keys)
        self.types = lane_types(extended)
        self.idle = [lane for lane in extended.inputs if lane not in people.lanes and lane[0] != "as_of"]

    def measures(self, block: Block) -> Array:
        """Give the measure of each decider (a row each) for each person; 1 where a check is broken."""
        idle = {lane: self._idle(lane, block.rows) for lane in self.idle}
        found = self.kernel.run(Block(block.rows, {**block.values, **idle})).values
        table = np.array([found[key] for key in self.keys], dtype=np.int8).reshape(len(self.keys), block.rows)
        if self.people.checks:
            table[:, ~self.people.holding(block)] = 1
        return table

    def _idle(self, lane: Lane, rows: int) -> Array:
        """Fill a lane that the law itself does not read: nothing that is asked rests on it."""
        of = self.kernel.law.declared[lane[0]].type
        shape = (of.up_to, rows) if isinstance(of, ListOf) and lane[1] != "#" else (rows,)
        return np.zeros(shape, dtype_of(self.types[lane]) if lane in self.types else np.int32)

    def of_lines(self, bases: Block, lines: Sequence[Line], values: Sequence[Array]) -> list[Array]:
        """Give for each line the measure of its own decider at each of its values."""
        found: list[Array] = []
        start = 0
        while start < len(lines):
            stop, rows = start, 0
            while stop < len(lines) and (stop == start or rows + len(values[stop]) <= ROWS):
                rows += len(values[stop])
                stop += 1
            found += self._portion(bases, lines[start:stop], values[start:stop])
            start = stop
        return found

    def _portion(self, bases: Block, lines: Sequence[Line], values: Sequence[Array]) -> list[Array]:
        sizes = [len(v) for v in values]
        block = moved(bases, lines, values)
        table = self.measures(block)
        at = np.cumsum([0, *sizes])
        return [table[line.turn, at[i] : at[i + 1]] for i, line in enumerate(lines)]


def moved(bases: Block, lines: Sequence[Line], values: Sequence[Array]) -> Block:
    """Give for each line its person at each of its values, one after another."""
    sizes = [len(v) for v in values]
    block = taken(bases, np.repeat([line.person for line in lines], sizes))
    columns = {lane: v.copy() for lane, v in block.values.items()}
    start = 0
    for line, given, size in zip(lines, values, sizes, strict=True):
        column = columns[line.lane]
        if column.ndim > 1:
            column[line.row, start : start + size] = given
        else:
            column[start : start + size] = given
        start += size
    return Block(block.rows, columns)


def lines_of(people: People, bases: Block, turn: int, persons: Iterable[int], lanes: Iterable[Lane]) -> Iterator[Line]:
    """Give the lines of some people: each lane, and of a list its first rows."""
    for person in persons:
        for lane in lanes:
            if people.lanes[lane].field:
                count = int(bases.values[(lane[0], "#")][person])
                for row in range(min(count, MOST_ROWS_OF_A_LIST)):
                    yield Line(turn, int(person), lane, row)
            else:
                yield Line(turn, int(person), lane)


def grid(people: People, bases: Block, line: Line) -> Array:
    """Give values of a lane in order: all of a few, else where the law draws lines, the ends, and some between."""
    domain = people.lanes[line.lane]
    if domain.size <= GRID:
        return domain.low + np.arange(domain.size) * domain.step
    column = bases.values[line.lane]
    here = int(column[line.row, line.person] if column.ndim > 1 else column[line.person])
    marks = np.asarray(people.drawing.marks.values[line.lane], np.int64)
    if len(marks) > GRID:
        marks = marks[np.linspace(0, len(marks) - 1, GRID).astype(int)]
    spread = domain.low + np.linspace(0, domain.size - 1, 9).astype(np.int64) * domain.step
    near = here + np.array([-400, -40, -4, -1, 0, 1, 4, 40, 400]) * domain.step
    every = np.unique(np.clip(np.concatenate([marks, spread, near]), domain.low, domain.high))
    return every[(every - domain.low) % domain.step == 0]


def crossings(measuring: Measuring, bases: Block, lines: Sequence[Line]) -> list[Crossing]:
    """Give the lines on which somebody crosses, with the two nearest people found on each."""
    people = measuring.people
    values = [grid(people, bases, line) for line in lines]
    found: list[tuple[Line, int, int]] = []
    open_: list[tuple[Line, int, int]] = []
    for line, at, measure in zip(lines, values, measuring.of_lines(bases, lines, values), strict=True):
        domain = people.lanes[line.lane]
        ends = _ends(at, measure, ordered=_ordered(domain))
        if ends is not None:
            (open_ if _ordered(domain) else found).append((line, *ends))
    return [
        *(Crossing(line, met, unmet, exact=False) for line, met, unmet in found),
        *_halved(measuring, bases, open_),
    ]


def _ordered(domain: Domain) -> bool:
    return domain.kind in {"number", "date", "count"} or (domain.kind == "code" and domain.ordered)


def _ends(at: Array, measure: Array, *, ordered: bool) -> tuple[int, int] | None:
    """Give two values of a line, where the rule holds and where it does not, as near to each other as can be."""
    met, unmet = at[measure == MET], at[measure == UNMET]
    if not len(met) or not len(unmet):
        return None
    if not ordered:
        return int(met[0]), int(unmet[0])
    far = np.abs(met[:, None] - unmet[None, :])
    i, j = np.unravel_index(int(far.argmin()), far.shape)
    return int(met[i]), int(unmet[j])


def _halved(measuring: Measuring, bases: Block, open_: list[tuple[Line, int, int]]) -> Iterator[Crossing]:
    """Halve the distance of the two people of each line until it is one step."""
    steps = [measuring.people.lanes[line.lane].step for line, _, _ in open_]
    met, unmet = [m for _, m, _ in open_], [u for _, _, u in open_]
    going = [i for i in range(len(open_)) if abs(met[i] - unmet[i]) > steps[i]]
    for _ in range(HALVINGS):
        if not going:
            break
        middle = [met[i] + (unmet[i] - met[i]) // steps[i] // 2 * steps[i] for i in going]
        lines = [open_[i][0] for i in going]
        said = measuring.of_lines(bases, lines, [np.array([m]) for m in middle])
        left = []
        for i, at, measure in zip(going, middle, said, strict=True):
            if measure[0] == 1 or at in {met[i], unmet[i]}:
                continue
            (met if measure[0] == MET else unmet)[i] = at
            if abs(met[i] - unmet[i]) > steps[i]:
                left.append(i)
        going = left
    for i, (line, _, _) in enumerate(open_):
        yield Crossing(line, met[i], unmet[i], exact=abs(met[i] - unmet[i]) == steps[i])


def pair_of(people: People, bases: Block, crossing: Crossing) -> tuple[Lanes, Lanes]:
    """Give the two people of a crossing."""
    block = moved(bases, [crossing.line], [np.array([crossing.met, crossing.unmet])])
    return people.lanes_at(block, 0), people.lanes_at(block, 1)


def grafted(bases: Block, others: Block, lanes: Iterable[Lane]) -> Block:
    """Give every person of `bases` with some lanes of every person of `others`."""
    one = taken(bases, np.repeat(np.arange(bases.rows), others.rows))
    other = taken(others, np.tile(np.arange(others.rows), bases.rows))
    asked = set(lanes)
    return Block(one.rows, {lane: (other if lane in asked else one).values[lane] for lane in one.values})


def some(rows: Array, most: int) -> Array:
    """Give a few rows, spread over all."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).astype(int)]


def put_together(people: People, block: Block, more: Sequence[Mapping[Lane, Any]]) -> Block:
    """Give a block with some people added."""
    return joined([block, people.block_of(more)]) if more else block
