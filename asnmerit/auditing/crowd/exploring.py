"""People who reach what few reach: found by climbing towards truth values that hardly anybody has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from asnmerit.auditing.crowd.distances import Distances
from asnmerit.auditing.crowd.drawing import joined, taken
from asnmerit.auditing.crowd.mutating import mutated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.people import People
    from asnmerit.frames.kernel import Block

Array = Any
RARE: Final = 30
ROUNDS: Final = 96
FEWEST_ROUNDS: Final = 8
PATIENCE: Final = 12
"""Rounds without a nearer person, after which a goal is given up: most such goals are impossible."""
CHILDREN: Final = 4_000
PARENTS: Final = 16
ENOUGH: Final = 4
MOST_ROWS: Final = 16_000
FEWEST_ROWS: Final = 1_000
WORK: Final = 1_000_000
"""Rows of a round times truth values of the law, at most: of a law of a thousand rules fewer people are tried."""
WORK_OF_ROUNDS: Final = 10_000
"""Rounds times truth values of the law, at most, after the first few."""
Goal = tuple[str, bool]
Near = tuple["Block", Array]
"""People with their distances from a goal, the nearest first."""


def truths(people: People) -> tuple[str, ...]:
    """Give the steps of the law with a truth value that a search tries to make true and false."""
    return tuple(
        s.key for s in people.law.steps if s.code.type.kind == "bool" and s.binder is None and s.role != "check"
    )


def watched(people: People) -> tuple[str, ...]:
    """Give the truth values and the numbers: asked for together, so that one program serves all."""
    return (*truths(people), *_numbers(people))


def most_rows(people: People) -> int:
    """Give how many people may be tried at a time."""
    return max(FEWEST_ROWS, min(MOST_ROWS, WORK // max(len(truths(people)), 1)))


def _numbers(people: People) -> tuple[str, ...]:
    return tuple(s.key for s in people.law.steps if s.code.type.kind == "number" and s.binder is None)


def climbed(people: People, start: Block) -> Block:
    """Search for people who make true or false what hardly anybody of the start does; give those, and the nearest.

    Those of the start who have the most or the least of a number are given too.
    """
    keys = truths(people)
    columns = people.values(watched(people), start)
    goals = [(key, want) for key in keys for want in (True, False) if _many(columns[key], want) < RARE]
    kept = [_those(columns[key], want) for key, want in goals]
    found = [taken(start, rows[:PARENTS]) for rows in kept if len(rows)]
    rows = {int(row): None for key in _numbers(people) for row in (columns[key].argmin(), columns[key].argmax())}
    found.append(taken(start, np.array(list(rows), np.int64)))
    goals = [goal for goal, rows in zip(goals, kept, strict=True) if len(rows) < PARENTS]
    if goals:
        begin = joined([*found, start.slice(0, most_rows(people))])
        found.append(_Climbing(people, goals).run(begin))
    return joined(found)


def _many(column: Array, want: bool) -> int:  # noqa: FBT001 - a value that is sought
    true = int(np.count_nonzero(column))
    return true if want else len(column) - true


def _those(column: Array, want: bool) -> Array:  # noqa: FBT001 - likewise
    return np.flatnonzero(column if want else ~column)


class _Climbing:
    """Hill climbing for many goals at once: the children of each goal's nearest people are tried for every goal."""

    def __init__(self, people: People, goals: list[Goal]) -> None:
        self.people, self.goals, self.rows = people, goals, most_rows(people)
        self.distances = Distances(people.law, people.as_of, dict.fromkeys(key for key, _ in goals))

    def run(self, start: Block) -> Block:
        """Climb, and give the nearest people of each goal."""
        anybody = (start.slice(0, 0), np.full(1, np.inf))
        nearest = self._nearer(start, dict.fromkeys(self.goals, anybody))
        open_ = list(self.goals)
        waited = dict.fromkeys(open_, 0)
        rounds = min(ROUNDS, max(FEWEST_ROUNDS, WORK_OF_ROUNDS // len(truths(self.people))))
        for _ in range(rounds):
            if not open_:
                break
            order = self.people.rng.permutation(len(open_))[: self.rows // PARENTS]
            turn = [open_[i] for i in sorted(order)]
            each = min(CHILDREN, self.rows // len(turn))
            parents = joined([_repeated(nearest[goal][0], each) for goal in turn])
            children = self.people.lawful_or(mutated(self.people.drawing, parents), parents)
            better = self._nearer(children, {goal: nearest[goal] for goal in turn})
            for goal in turn:
                waited[goal] = 0 if better[goal][1][0] < nearest[goal][1][0] else waited[goal] + 1
            nearest |= better
            open_ = [g for g in open_ if waited[g] < PATIENCE and np.count_nonzero(nearest[g][1] == 0) < ENOUGH]
        return joined([block for block, _ in nearest.values()])

    def _nearer(self, block: Block, known: Mapping[Goal, Near]) -> dict[Goal, Near]:
        """Give the nearest people of each goal with their distances, nearest first: of a block and those known."""
        far = self.distances.of(block, dict.fromkeys(key for key, _ in known))
        found = {}
        for (key, want), before in known.items():
            amount = np.broadcast_to(far[key][0 if want else 1], (block.rows,))
            rows = np.flatnonzero(amount <= before[1][-1])
            if len(rows) > 4 * PARENTS:
                rows = rows[np.argpartition(amount[rows], 4 * PARENTS)[: 4 * PARENTS]]
            # Of those equally near a few: not always the first of the block.
            rows = rows[np.lexsort((self.people.rng.random(len(rows)), amount[rows]))][:PARENTS]
            found[key, want] = _best((taken(block, rows), amount[rows]), before)
        return found


def _repeated(block: Block, many: int) -> Block:
    return taken(block, np.arange(many) % max(block.rows, 1))


def _best(one: Near, other: Near) -> Near:
    if not other[0].rows:
        return one
    amounts = np.concatenate([one[1], other[1]])
    order = np.argsort(amounts, kind="stable")[:PARENTS]
    return taken(joined([one[0], other[0]]), order), amounts[order]
