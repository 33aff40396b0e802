"""Looking for people, and pairs, by trying hundreds of thousands: one run for all questions that are open."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.proving.cases import MOST_TRIES
from asnmerit.auditing.questions import Exists, Extreme, Pairs

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.proving.cases import Case
    from asnmerit.auditing.proving.confirming import Confirming
    from asnmerit.rules.law import Law

FIRST: Final = 4_096
MOST: Final = 65_536
"""Rows of the first block and of the largest: a block takes a fraction of a second, so that time is kept."""
SMALL: Final = 999
"""Rows of a block for which `People` does not explore the law first."""
EXPLORING: Final = 0.003
"""Seconds that exploring takes for each step of a law, at most."""
FAR: Final = 16
"""A program that computes up to so many times what is asked for is used again: to write one takes time, too."""
CANDIDATES: Final = 3
"""Rows of one block that are tried for one question."""
SHORT: Final = 0.15
"""Seconds that a block may take before the next one is larger."""

Array = Any
Varying = tuple[tuple[Any, str], ...]


def people_of(law: Law, as_of: datetime.date, seed: int) -> People:
    """Give the people of a law.

    Raises:
        ModuleNotFoundError: where NumPy is not installed.
    """
    try:
        from asnmerit.auditing.crowd.people import People  # noqa: PLC0415 - the extra `frames` may be absent
    except ModuleNotFoundError as error:
        message = "an audit tries people by the hundred thousand, which needs NumPy: pip install 'asnmerit[audit]'"
        raise ModuleNotFoundError(message, name=error.name) from error
    return People(law, seed=seed, as_of=as_of)


class Sampling:
    """Tries people for all open questions at once."""

    def __init__(self, people: People, confirming: Confirming) -> None:
        """Take where people come from, and what confirms a candidate."""
        self.people, self.confirming = people, confirming
        self.size = FIRST
        self.explored = False
        self.keys: set[str] = set()
        self.turn = 0

    def run(self, cases: Sequence[Case], samples: int, until: float, tell: Callable[[], object] = lambda: None) -> None:
        """Try so many people a question, or as many as there is time for; questions about pairs take turns.

        A draw that gives nobody at all twice (nobody is lawful) is not repeated. All steps asked for are computed in
        every run, settled or not: one program serves all. `tell` is called after each block.
        """
        keys = self._kept({key for c in cases if not c.settled for key in c.keys})
        done = empty = 0
        while done < samples and time.monotonic() < until and empty < 2:  # noqa: PLR2004 - twice is no chance
            waiting = [c for c in cases if not c.settled and c.refused < MOST_TRIES]
            if not waiting:
                return
            started = time.monotonic()
            block = self.people.draw(min(self._room(until - started), samples - done))
            empty = 0 if block.rows else empty + 1
            done += max(block.rows, 1)
            if block.rows:
                values = self.people.values(keys, block)
                self._single([c for c in waiting if not _within(c)], block, values, until)
                for case in waiting:
                    if _within(case):
                        self._fixed(case, block, until)
                self._pairs(waiting, block, values, until)
            tell()
            if time.monotonic() - started < SHORT:
                self.size = min(self.size * 2, MOST)

    def _kept(self, asked: set[str]) -> list[str]:
        """Give the steps to compute: those of the run before, as long as they are not far too many."""
        if not asked <= self.keys or len(self.keys) > FAR * len(asked):
            self.keys = asked
        return sorted(self.keys)

    def _room(self, seconds: float) -> int:
        """Give how many to draw: few until it is known that there is time to explore the law, which many begin with."""
        if not self.explored and len(self.people.law.steps) * EXPLORING > seconds:
            return SMALL
        self.explored = True
        return self.size

    # --- one person ---

    def _single(self, cases: Sequence[Case], block: Any, values: Mapping[str, Array], until: float) -> None:  # noqa: ANN401 - a Block
        for case in cases:
            if time.monotonic() > until:
                return
            question = case.question
            if isinstance(question, Exists):
                rows = values[question.key].nonzero()[0][:CANDIDATES]
            elif isinstance(question, Extreme):
                rows = self._best(case, question, values)
            else:
                continue
            case.samples += block.rows
            for row in rows:
                if self.confirming.take(case, (self.people.lanes_at(block, int(row)),), "samples"):
                    break

    def _fixed(self, case: Case, block: Any, until: float) -> None:  # noqa: ANN401 - a Block
        """Give everybody the lanes that the question fixes, and look at those who are still lawful."""
        columns = {lane: column.copy() for lane, column in block.values.items()}
        for lane, value in _within(case).items():
            if isinstance(value, list | tuple):
                for i, one in enumerate(value):
                    columns[lane][i, :] = one
            elif lane in columns:
                columns[lane][:] = value
        fixed = attrs.evolve(block, values=columns)
        values = dict(self.people.values(sorted(case.keys), fixed))
        lawful = self.people.holding(fixed)
        place = case.question.where if isinstance(case.question, Extreme) and case.question.where else ""
        if isinstance(case.question, Exists):
            place = case.question.key
        if place:
            values[place] = values[place] & lawful
        elif not lawful.all():
            return
        self._single([case], fixed, values, until)

    def _best(self, case: Case, question: Extreme, values: Mapping[str, Array]) -> Iterable[int]:
        column = values[question.key]
        if question.where is None:
            rows = None
        else:
            rows = values[question.where].nonzero()[0]
            column = column[rows]
        if not len(column):
            return ()
        at = int(column.argmax() if question.sense == "max" else column.argmin())
        return (at if rows is None else int(rows[at]),) if case.better(int(column[at])) else ()

    # --- pairs ---

    def _pairs(self, cases: Sequence[Case], block: Any, values: Mapping[str, Array], until: float) -> None:  # noqa: ANN401
        """Take each set of varying lanes in turn, beginning after the one where the time was up."""
        groups: dict[Varying, list[Case]] = {}
        for case in cases:
            if isinstance(case.question, Pairs):
                place: Varying = tuple(sorted(case.question.varying.items(), key=str))
                groups.setdefault(place, []).append(case)
        order = list(groups)
        for _ in range(len(order)):
            if time.monotonic() > until:
                return
            place = order[self.turn % len(order)]
            self.turn += 1
            first, second = self.people.pairs(block, dict(place))
            if first.rows:
                a = values if first is block else self.people.values(values, first)
                self._group(groups[place], first, second, (a, self.people.values(values, second)))

    def _group(self, cases: Sequence[Case], first: Any, second: Any, values: tuple[Any, Any]) -> None:  # noqa: ANN401
        a, b = values
        for case in cases:
            case.samples += first.rows
            question = case.question
            if not isinstance(question, Pairs):
                continue
            x, y = a[question.key], b[question.key]
            if question.op == "ne":
                rows = (x != y).nonzero()[0]
            else:
                gap = x.astype("int64") - y.astype("int64")
                rows = (gap >= question.by).nonzero()[0]
            for row in rows[:CANDIDATES]:
                pair = self.people.lanes_at(first, int(row)), self.people.lanes_at(second, int(row))
                if self.confirming.take(case, pair, "samples"):
                    break


def _within(case: Case) -> Mapping[Any, Any]:
    return {} if isinstance(case.question, Pairs) else case.question.within
