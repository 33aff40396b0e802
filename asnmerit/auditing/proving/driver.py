"""Answering questions of a law within a budget: by its form, by trying people, by solvers in a race, in this order.

What is said to be none is proved, what is found was confirmed by the reference, and everything else is open.
"""

from __future__ import annotations

import importlib.util
import threading
import time
from typing import TYPE_CHECKING, Final, Self

import attrs

from asnmerit.auditing.proving.cases import Answer, Case
from asnmerit.auditing.proving.confirming import Confirming
from asnmerit.auditing.proving.racing import TURNS, Race
from asnmerit.auditing.proving.sampling import Sampling, people_of
from asnmerit.auditing.proving.structure import Structure
from asnmerit.auditing.proving.workers import Workers
from asnmerit.auditing.questions import Extreme

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Sequence

    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.proving.asked import Result, Task
    from asnmerit.auditing.questions import Question
    from asnmerit.rules.law import Law

    Told = Callable[[int, int, str], object]

__all__ = ["Answer", "Budget", "Prover"]

NO_SOLVER: Final = "the solver is not installed: pip install 'asnmerit[audit]'"
SAMPLING: Final = 0.3
"""The share of the time that samples may take."""
EARLY: Final = 60_000
"""People tried before the solver is asked for the first time."""
SHORTLY: Final = 0.4
"""The share of the time that its first turns may take."""
MARGIN: Final = 0.3
"""Seconds kept for what is under way when the time is up."""
AGAIN: Final = 20_000
"""People tried once more around those that the solver found."""
PAUSE: Final = 1.0
"""Seconds at least between two such trials, and at most for one."""


@attrs.frozen
class Budget:
    """How much an audit may take: seconds in all and a question, people tried, workers, MB of memory for each.

    `total` is for all questions of one `Prover` together, from its first question on.
    """

    total: float = 60.0
    each: float = 10.0
    samples: int = 400_000
    jobs: int = 2
    memory: int = 2_000
    seed: int = 0


class Prover:
    """Answers questions of one law, extended by the steps that measure them. A context manager: it owns processes.

    >>> import asnmerit
    >>> from asnmerit.auditing.questions import Extended, Pairs, Exists, negated, read_step
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> more = Extended(law)
    >>> key = more.add("undecided", negated(read_step(law, "predikat_kinerja.granted")))
    >>> with Prover(more.law(), Budget(total=5)) as prover:
    ...     prover.ask(Exists(key)).verdict
    'none'
    """

    def __init__(
        self, law: Law, budget: Budget | None = None, progress: Told | None = None, as_of: datetime.date | None = None
    ) -> None:
        """`progress` is told (questions settled, questions in all, what is done now); `as_of`: the day decided for."""
        self.law, self.as_of = law, as_of or law.on
        self.budget = budget or Budget()
        self.structure = Structure(law, self.as_of)
        self.confirming = Confirming(law, self.as_of)
        self._progress = progress
        self._sampling: Sampling | None = None
        self._workers: Workers | None = None
        self._lock = threading.RLock()
        self._until: float | None = None

    def __enter__(self) -> Self:
        """Give itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End all processes."""
        self.close()

    def close(self) -> None:
        """End all processes. The prover may be asked again."""
        workers, self._workers = self._workers, None
        if workers is not None:
            workers.close()

    @property
    def _sampler(self) -> Sampling:
        if self._sampling is None:
            people = people_of(self.law, self.as_of, self.budget.seed)
            self._sampling = Sampling(people, self.confirming)
        return self._sampling

    @property
    def people(self) -> People:
        """The people that are tried: made on first use, with the seed of the budget.

        Raises:
            ModuleNotFoundError: where NumPy is not installed.
        """
        return self._sampler.people

    @property
    def left(self) -> float:
        """Seconds left of the budget."""
        return self.budget.total if self._until is None else max(0.0, self._until - time.monotonic())

    def ask(self, question: Question) -> Answer:
        """Answer one question. Several are answered sooner together: see `ask_all`."""
        return self.ask_all([question])[0]

    def ask_all(self, questions: Sequence[Question], seconds: float | None = None) -> list[Answer]:
        """Answer questions, in their order, within what is left of the budget, or within these seconds of it.

        Raises:
            KeyError: if the law has no step that a question names.
            ModuleNotFoundError: where NumPy is not installed.
        """
        with self._lock:
            now = time.monotonic()
            if self._until is None:
                self._until = now + self.budget.total
            until = self._until if seconds is None else min(self._until, now + seconds)
            cases = [Case(i, q) for i, q in enumerate(questions)]
            try:
                self._answer(cases, until)
            except BaseException:
                self.close()
                raise
            return [c.answer() for c in cases]

    # --- the stages ---

    def _answer(self, cases: list[Case], until: float) -> None:
        self._tell(cases, "structure")
        for case in cases:
            self._by_structure(case)
        if all(c.settled for c in cases):
            return
        solver = self._solver(cases)
        if solver is None:
            self._sample(cases, self.budget.samples, until)
        else:
            solver.start()
            self._in_turns(cases, solver, until)
        self._tell(cases, "")

    def _in_turns(self, cases: Sequence[Case], solver: Workers, until: float) -> None:
        """Try a few people, then ask the solver shortly; then try many, then ask it at length."""
        race = Race(cases, self.budget.each, self.budget.seed)
        early = min(EARLY, self.budget.samples)
        for samples, turns in ((early, (0, 1)), (self.budget.samples - early, (1, len(TURNS)))):
            now = time.monotonic()
            self._sample(cases, samples, now + SAMPLING * max(0.0, until - now))
            now = time.monotonic()
            race.begin(*turns)
            self._race(cases, race, solver, until if turns[0] else now + SHORTLY * max(0.0, until - now))

    def _by_structure(self, case: Case) -> None:
        started = time.monotonic()
        found = self.structure.settled(case.question)
        case.seconds += time.monotonic() - started
        if found is None:
            return
        case.bound = found.bound
        if found.none:
            case.verdict, case.method = "none", "structure"

    def _solver(self, cases: Sequence[Case]) -> Workers | None:
        if self._workers is None and importlib.util.find_spec("z3") is not None:
            self._workers = Workers(self.law, self.as_of, self.budget.jobs, self.budget.memory)
        if self._workers is not None and not self._workers.gone:
            return self._workers
        told = self._workers.absent if self._workers is not None else ""
        for case in cases:
            if not case.settled:
                case.notes[told or NO_SOLVER] = None
        return None

    def _sample(self, cases: Sequence[Case], samples: int, until: float) -> None:
        if samples <= 0 or all(c.settled for c in cases):
            return
        self._tell(cases, "samples")
        sampling = self._sampler
        started = time.monotonic()
        waiting = [c for c in cases if not c.settled]
        sampling.run(waiting, samples, until, lambda: self._tell(cases, "samples"))
        spent = time.monotonic() - started
        for case in waiting:
            case.seconds += spent / max(1, len(waiting))

    # --- the race ---

    def _race(self, cases: Sequence[Case], race: Race, workers: Workers, until: float) -> None:
        if all(c.settled for c in cases):
            return
        last = until - MARGIN
        again = 0.0
        while time.monotonic() < last and not workers.gone:
            workers.start()
            workers.give(race.next, last)
            if not workers.busy:
                break
            self._tell(cases, "solver")
            found = workers.wait(last)
            if found is None:
                continue
            race.take(*found)
            if self._took(cases, workers, *found) and time.monotonic() > again:
                self._around(cases, last)
                again = time.monotonic() + PAUSE
        workers.stop()
        if workers.absent:
            for case in cases:
                if not case.settled:
                    case.notes[workers.absent] = None

    def _took(self, cases: Sequence[Case], workers: Workers, task: Task, result: Result) -> bool:
        """Take what a worker says, and stop the others where that settles it."""
        case = cases[task.number]
        seeded = self._take(case, result)
        if case.settled:
            workers.drop(case.number)
        return seeded

    def _take(self, case: Case, result: Result) -> bool:
        """Take what a worker says; True where it showed somebody new, around whom others may be found."""
        case.seconds += result.seconds
        if case.settled:
            return False
        seeded = False
        if result.people:
            seeded = self.confirming.take(case, result.people, "solver", sure=result.verdict == "found")
            if seeded and self._sampling is not None:
                for person in case.people:
                    self._sampling.people.seed(person)
        if isinstance(case.question, Extreme):
            case.bounded(result.bound)
        if result.verdict == "none" and not result.people and case.value is None:
            case.verdict, case.method = "none", "solver"
        if result.told and not result.told.startswith("done:") and not case.settled:
            case.notes[result.told] = None
        return seeded

    def _around(self, cases: Sequence[Case], until: float) -> None:
        """Try the people that the solver found, and others like them, for the questions that are open."""
        waiting = [c for c in cases if not c.settled]
        if self._sampling is not None and waiting:
            now = time.monotonic()
            self._sampling.run(waiting, AGAIN, min(until, now + PAUSE))

    def _tell(self, cases: Sequence[Case], text: str) -> None:
        if self._progress is not None:
            self._progress(sum(c.settled for c in cases), len(cases), text)
