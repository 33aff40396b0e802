"""Who solves what next: every question gets a short turn before any gets a long one, and encodings take turns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from asnmerit.auditing.proving.asked import Result, Task
from asnmerit.auditing.questions import Exists, Extreme, Pairs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from asnmerit.auditing.proving.cases import Case

ENCODINGS: Final[Mapping[type, tuple[str, ...]]] = {
    Exists: ("few", "abstract", "plain", "fresh", "nonlinear", "seeded"),
    Pairs: ("coarse", "abstract", "few", "plain", "fresh", "nonlinear", "seeded"),
    Extreme: ("plain", "abstract", "fresh"),
}
"""The encodings of each kind of question, the most promising first."""
FIRST: Final = 0.7
TURNS: Final = (FIRST, 2.0, 5.0, 15.0, 60.0)
"""Seconds of each turn."""
FEW: Final = 4
"""So many encodings have a turn in the first round, the most promising."""


class Race:
    """The tasks of some questions, in turns, until they are settled or their time is spent."""

    def __init__(self, cases: Sequence[Case], each: float, seed: int) -> None:
        """`each`: seconds of solving that one question may have, all encodings together."""
        self.cases = {c.number: c for c in cases}
        self.each, self.seed = each, seed
        self.spent = dict.fromkeys(self.cases, 0.0)
        self.over: set[tuple[int, str]] = set()
        self._order = self._tasks(0, len(TURNS))

    def begin(self, first: int, last: int) -> None:
        """Go through these turns: from the first to before the last."""
        self._order = self._tasks(first, last)

    def next(self) -> Task | None:
        """Give the next task, or None when there is none."""
        return next(self._order, None)

    def take(self, task: Task, result: Result) -> None:
        """Note the time a task took, and an encoding that has said all it can."""
        self.spent[task.number] += result.seconds
        if result.told.startswith("done:"):
            self.over.add((task.number, task.encoding))

    def _tasks(self, first: int, last: int) -> Iterator[Task]:
        for turn, limit in list(enumerate(TURNS))[first:last]:
            most = max(len(names) for names in ENCODINGS.values())
            for place in range(FEW if turn == 0 else most):
                for case in self.cases.values():
                    names = ENCODINGS[type(case.question)]
                    if place >= len(names) or case.settled or (case.number, names[place]) in self.over:
                        continue
                    left = self.each - self.spent[case.number]
                    if left > 0:
                        yield self._task(case, names[place], min(limit, left), turn)

    def _task(self, case: Case, encoding: str, limit: float, turn: int) -> Task:
        return Task(
            case.number,
            case.question,
            encoding,
            limit,
            case.value,
            case.bound,
            self.seed * 100 + turn,
        )
