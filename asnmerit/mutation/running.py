"""A run over all mutants of a policy: what its scenarios notice, and who notices the rest."""

from __future__ import annotations

import importlib.util
import os
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.arguments import budget_of, heard
from asnmerit.bundle import in_force
from asnmerit.diagnostics import Faults
from asnmerit.errors import ArgumentError, AsnmeritError, PolicyError
from asnmerit.mutation.differing import Sampled, by_people, by_prover
from asnmerit.mutation.killers import Killer, book_of_killers, killer
from asnmerit.mutation.moments import Moment, moments
from asnmerit.mutation.mutants import Mutant, mutants, some
from asnmerit.mutation.report import Ending, Fate, Report
from asnmerit.mutation.trying import Case, LawsOf, Suite
from asnmerit.originals import Original, original
from asnmerit.rules.days import day_argument
from asnmerit.scenarios.book import read_book
from asnmerit.scenarios.finding import files
from asnmerit.scenarios.given import record_of

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

Told = Callable[[int, int, str], object]
SEEDS: Final = 64
"""The most scenarios whose people others are drawn around."""
EACH: Final = 5.0
"""The most seconds that the prover may take for one mutant on one day."""
NO_NUMPY: Final = (
    "mutants are compared by the people whom they answer otherwise, which needs NumPy: pip install 'asnmerit[audit]'"
)
Source = str | os.PathLike[str]
Looked = tuple[str, "dict[str, object] | None", "datetime.date"]
"""What a look at two laws says, somebody whom they answer otherwise, and on which day."""


def mutate(  # noqa: PLR0913 - every part can be chosen
    policy: Source,
    scenarios: Source | Iterable[Source] = (),
    on: datetime.date | str | None = None,
    *,
    search: Sequence[Source] = (),
    budget: float = 120.0,
    seed: int = 0,
    samples: int = 40_000,
    limit: int | None = None,
    progress: Told | None = None,
) -> Report:
    """Change a policy in every small way, and see whether its scenarios notice.

    Every mutant is run against the scenarios first. Those that none notices are then compared with the policy: by their
    structure, by people who are drawn, and by a solver where one is installed. Whoever is answered otherwise is
    offered as a new scenario.

    Args:
        policy: a bundled name, a name in `search`, or a file.
        scenarios: files, folders or names; those beside the policy if left out.
        on: count only what the law of this day says; the law of every day if left out.
        search: folders in which policies are looked for first.
        budget: seconds that it may take, more or less; what was not tried then is told.
        seed: the same seed draws the same people, and the same mutants where there is a limit.
        samples: people who are drawn for a mutant that no scenario notices.
        limit: the most mutants, drawn by the seed; all if left out.
        progress: told (mutants settled, mutants in all, what is done now).

    Raises:
        PolicyError: if the policy has faults.
        ArgumentError: if there are no scenarios of it, and for arguments that are not what they should be.
        NotInForceError: where the policy has no law on the day.
        ModuleNotFoundError: where NumPy is not installed (the extra `audit`).

    >>> report = mutate("indonesia/kinerja", limit=5)
    >>> len(report.endings)
    5
    """
    start = time.monotonic()
    allowed = attrs.evolve(budget_of(budget, samples, 2, seed), each=EACH)
    told = heard(progress) or (lambda *_: None)
    chosen, day = _limit(limit), None if on is None else day_argument("on", on)
    if importlib.util.find_spec("numpy") is None:
        raise ModuleNotFoundError(NO_NUMPY, name="numpy")
    found = original(_source(policy), search)
    if day is not None:
        in_force(found.policy, day)
    suite = _suite(found, policy, scenarios)
    every = mutants(found.root, found.policy)
    endings = _Run(found, suite, allowed, day, start).endings(some(every, chosen, seed), told)
    given, seconds = len(suite.cases), time.monotonic() - start
    return Report(found.policy.name, found.file, len(every), endings, given, suite.failing, seconds, seed, limit)


def measured_files(place: Source, scenarios: object) -> tuple[Path, ...]:
    """Give the files of scenarios that are measured: those named, or those of the place where the policy lies.

    Raises:
        ArgumentError: for what stands for no files of scenarios.
    """
    if not isinstance(scenarios, str | os.PathLike | Iterable) or isinstance(scenarios, bytes):
        raise ArgumentError("scenarios", scenarios, "files, folders or names; nothing for those beside the policy")
    given = [scenarios] if isinstance(scenarios, str | os.PathLike) else list(scenarios)
    return files(given or [place])


def _source(policy: object) -> Source:
    if not isinstance(policy, str | os.PathLike):
        expected = "a bundled name, a name in `search`, or a file: its document is changed, not a policy that is loaded"
        raise ArgumentError("policy", policy, expected)
    return policy


def _limit(limit: object) -> int | None:
    if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 1):
        raise ArgumentError("limit", limit, "a whole number from 1; all mutants if left out")
    return limit


def _suite(found: Original, policy: Source, scenarios: Source | Iterable[Source]) -> Suite:
    books = [read_book(file) for file in measured_files(found.place, scenarios)]
    suite = Suite(found.policy, [b for b in books if b.policy == found.policy.name or b.faulty])
    if not suite.cases and not suite.failing:
        raise ArgumentError("scenarios", str(policy), f"files of scenarios of {found.policy.name}")
    return suite


class _Run:
    """One run: the policy, its scenarios, the new ones, and the time that is left."""

    def __init__(self, found: Original, suite: Suite, budget: Budget, on: datetime.date | None, start: float) -> None:
        self.found, self.suite, self.budget, self.on = found, suite, budget, on
        self.until = start + budget.total
        self.sampled = Sampled(budget)
        self.new: list[Case] = []
        self._seeded: dict[int, list[dict[str, object]]] = {}

    @property
    def left(self) -> float:
        return self.until - time.monotonic()

    def endings(self, chosen: Sequence[Mutant], progress: Told) -> list[Ending]:
        """Give what becomes of mutants, in their order; those for which there was no time are left out."""
        found: dict[int, Ending] = {}
        survived = []
        for mutant in chosen:
            if self.left <= 0:
                break
            progress(len(found), len(chosen), str(mutant))
            ending = self._tried(mutant)
            if ending is None:
                survived.append(mutant)
            else:
                found[mutant.number] = ending
        for mutant in survived:
            progress(len(found), len(chosen), str(mutant))
            found[mutant.number] = self._compared_with(mutant)
        progress(len(found), len(chosen), "")
        return [found[number] for number in sorted(found)]

    def _tried(self, mutant: Mutant) -> Ending | None:
        """Say what becomes of a mutant that a scenario notices, or that says nothing else; None of all others."""
        try:
            policy = self.found.mutated(*mutant.changes)
        except PolicyError as error:
            return Ending(mutant, "stillborn", error.diagnostics[0].code)
        laws = LawsOf(policy)
        if self.on is not None and not self._moments(policy, laws):
            return Ending(mutant, "equivalent", "on that day")
        noticed = self.suite.killer(laws)
        if noticed is not None:
            return Ending(mutant, "killed", noticed.scenario.name)
        return None if self._moments(policy, laws) else Ending(mutant, "equivalent", "structure")

    def _moments(self, policy: Policy, laws: LawsOf) -> list[Moment]:
        return list(moments(self.found.policy, policy, self.suite.laws, laws, self.on))

    def _compared_with(self, mutant: Mutant) -> Ending:
        """Say what becomes of a mutant that no scenario notices."""
        if self.left <= 0:
            return Ending(mutant, "open")
        policy = self.found.mutated(*mutant.changes)
        laws = LawsOf(policy)
        known = self.suite.killer(laws, self.new)
        if known is not None:
            return Ending(mutant, "witnessed", known.scenario.name)
        return self._compared(mutant, self._moments(policy, laws), laws)

    def _compared(self, mutant: Mutant, differing: Sequence[Moment], laws: LawsOf) -> Ending:
        """Look for somebody on each day on which the laws differ: first by people, then by a solver."""
        before, open_ = self.sampled.tried, list(differing)
        for look in (self._by_people, self._by_prover):
            moments_, open_ = open_, []
            for moment in moments_:
                said, record, day = look(moment) if self.left > 0 else ("open", None, moment.on)
                shown = attrs.evolve(moment, on=day)
                if record is not None and (made := self._kept(mutant, shown, record, laws)) is not None:
                    return Ending(mutant, "witnessed", made.name, made, self.sampled.tried - before)
                if said != "same":
                    open_.append(moment)
        fate: Fate = "open" if open_ else "equivalent"
        return Ending(mutant, fate, "" if open_ else "proof", samples=self.sampled.tried - before)

    def _by_people(self, moment: Moment) -> Looked:
        seeds = self._seeds(moment.before)
        if moment.after is None:
            return "differ", self.sampled.anybody(moment.before, seeds), moment.on
        return *by_people(moment.before, moment.after, self.sampled, seeds), moment.on

    def _by_prover(self, moment: Moment) -> Looked:
        """Ask about every day on which these laws hold, unless the law of one day alone counts."""
        if moment.after is None:
            return "open", None, moment.on
        budget = attrs.evolve(self.budget, each=max(0.1, min(self.budget.each, self.left)))
        return by_prover(moment.before, moment.after, budget, every_day=self.on is None)

    def _seeds(self, law: Law) -> list[dict[str, object]]:
        """Give the people of the scenarios, as far as the law can read them."""
        if id(law) in self._seeded:
            return self._seeded[id(law)]
        found = self._seeded[id(law)] = []
        for case in self.suite.cases[:SEEDS]:
            faults = Faults()
            record = record_of(case.scenario.facts, law, faults)
            if not faults.failed:
                found.append(record)
        return found

    def _kept(self, mutant: Mutant, moment: Moment, record: dict[str, object], laws: LawsOf) -> Killer | None:
        """Write the new scenario, and keep it if it does run as it must: passed by the policy, not by the mutant."""
        made = killer(mutant, moment, record, [c.scenario.name for c in self.new])
        book = book_of_killers(self.found.policy.name, [made])
        if book.faulty:
            return None
        try:
            case = Case(book, book.scenarios[0], self.suite.laws.of(book.scenarios[0], book))
        except AsnmeritError:
            return None
        if not case.run(self.suite.laws).passed or self.suite.killer(laws, [case]) is None:
            return None
        self.new.append(case)
        return made
