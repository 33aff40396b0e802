"""Running scenarios: each case is decided once, and what came out is held against what was expected, exactly."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.bundle import in_force, load
from asnmerit.decision import Decision, decide
from asnmerit.diagnostics import Diagnostic, Faults
from asnmerit.errors import AsnmeritError, PolicyError, RecordError
from asnmerit.scenarios.book import Book, Scenario, read_book
from asnmerit.scenarios.comparing import Mismatch, answers_differ, faults_differ, values_differ
from asnmerit.scenarios.given import record_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

__all__ = ["Decide", "Mismatch", "Result", "run_book", "run_one", "run_scenarios"]

Decide = Callable[["Law", dict[str, Any], Any], Decision]


@attrs.frozen(eq=False)
class Result:
    """How one case went: `mismatches` where the answer is another one, `diagnostics` where it could not run."""

    book: Book
    name: str
    scenario: Scenario | None = None
    decision: Decision | None = None
    mismatches: tuple[Mismatch, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the case ran and everything came out as expected."""
        return self.scenario is not None and not self.mismatches and not self.diagnostics


class Laws:
    """The policies and laws that scenarios ask for, each made once."""

    def __init__(self, search: Sequence[str | os.PathLike[str]] = ()) -> None:
        """Look policies up in the folders given first."""
        self.search = list(search)
        self.policy = functools.cache(self._policy)
        self.law = functools.cache(self._law)

    def _policy(self, name: str, folders: tuple[Path, ...]) -> Policy:
        return load(name, search=[*self.search, *folders])

    def _law(
        self, name: str, folders: tuple[Path, ...], on: str, known: str | None, readings: tuple[tuple[str, str], ...]
    ) -> Law:
        return in_force(self.policy(name, folders), on=on, known=known, readings=dict(readings) or None)

    def of(self, scenario: Scenario, book: Book) -> Law:
        """Give the law that a scenario asks."""
        known = None if scenario.known is None else str(scenario.known)
        readings = tuple(sorted(scenario.readings.items()))
        return self.law(scenario.policy, folders_of(book), str(scenario.on), known, readings)


def folders_of(book: Book) -> tuple[Path, ...]:
    """Give the folders in which a policy of that name may lie so that the file of scenarios stands beside it."""
    folder = book.folder
    for _ in range(book.policy.count("/")):
        folder = folder / ".."
    return tuple(dict.fromkeys((folder, book.folder)))


def run_scenarios(
    paths: Iterable[str | os.PathLike[str]], search: Sequence[str | os.PathLike[str]] = (), decide: Decide = decide
) -> tuple[Result, ...]:
    """Run files of scenarios and give one result a case; a fault of a file is a result of its own.

    `search` names folders in which policies are looked for first. `decide` is what decides: `asnmerit.decide`, or
    another engine that answers alike.

    >>> from importlib import resources
    >>> file = resources.files("asnmerit") / "policies" / "indonesia" / "disiplin.scenarios.yaml"
    >>> all(result.passed for result in run_scenarios([file]))
    True
    """
    laws = Laws(search)
    return tuple(result for path in paths for result in run_book(read_book(path), laws, decide))


def run_book(book: Book, laws: Laws | None = None, decide: Decide = decide) -> tuple[Result, ...]:
    """Run one file of scenarios."""
    laws = laws or Laws()
    results = []
    if any(d.severity == "error" for d in book.diagnostics):
        results.append(Result(book, "", diagnostics=book.diagnostics))
    results += [run_one(scenario, book, laws, decide) for scenario in book.scenarios]
    return tuple(results)


def _told(error: AsnmeritError) -> str:
    """Say why there is no law; of a faulty policy the first fault, and how many there are."""
    if not isinstance(error, PolicyError):
        return str(error)
    first = error.diagnostics[0]
    return f"the policy has {len(error.diagnostics)} faults, the first at {first.position}: {first.message}"


def run_one(scenario: Scenario, book: Book, laws: Laws, decide: Decide = decide) -> Result:
    """Run one case of a file."""
    faults = Faults()
    result = Result(book, scenario.name, scenario)

    def broken() -> Result:
        return attrs.evolve(result, diagnostics=faults.sorted())

    try:
        law = laws.of(scenario, book)
    except AsnmeritError as error:
        faults.add("scenario-did-not-run", scenario.position, name=scenario.name, reason=_told(error))
        return broken()
    record = record_of(scenario.facts, law, faults)
    if faults.failed:
        return broken()
    try:
        decision = decide(law, record, scenario.as_of)
    except RecordError as error:
        return attrs.evolve(result, mismatches=faults_differ(scenario, error.faults))
    except AsnmeritError as error:
        faults.add("scenario-did-not-run", scenario.position, name=scenario.name, reason=str(error))
        return broken()
    differing = [
        *faults_differ(scenario, ()),
        *values_differ(scenario, decision, faults),
        *answers_differ(scenario, decision, faults),
    ]
    return attrs.evolve(result, decision=decision, mismatches=tuple(differing), diagnostics=faults.sorted())
