"""Running scenarios: each case is decided once, and what came out is held against what was expected, exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from asnmerit.bundle import in_folders, in_force, is_bundled, load
from asnmerit.decision import Decision, decide
from asnmerit.diagnostics import Diagnostic, Faults
from asnmerit.errors import ArgumentError, AsnmeritError, PolicyError, PolicyNotFoundError, RecordError
from asnmerit.scenarios.book import Book, Scenario, read_book
from asnmerit.scenarios.comparing import Mismatch, answers_differ, faults_differ, values_differ
from asnmerit.scenarios.finding import files, policy_files
from asnmerit.scenarios.given import record_of

if TYPE_CHECKING:
    import os

    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

__all__ = ["Decide", "Mismatch", "Result", "run_book", "run_one", "run_scenarios"]

T = TypeVar("T")
Decide = Callable[["Law", dict[str, Any], Any], Decision]
"""What decides: called with the law, the record and the day (or None for the law's own day), in this order."""


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
    """The policies and laws that scenarios ask for, each made once; what cannot be made fails alike each time.

    A policy is looked up in the folders of `search`; then beside the file of scenarios, by what the documents there
    say they are; then where its name and the place of the file fit together; then among the bundled ones.
    """

    def __init__(self, search: Sequence[str | os.PathLike[str]] = ()) -> None:
        """Look policies up in the folders given first. Raises `ArgumentError` for one that is not there."""
        self.search = [Path(folder) for folder in search]
        for folder in self.search:
            if not folder.is_dir():
                raise ArgumentError("search", str(folder), "a folder")
        self._policies: dict[tuple[str, Path], Policy | AsnmeritError] = {}
        self._origins: dict[tuple[str, Path], str] = {}
        self._laws: dict[tuple[object, ...], Law | AsnmeritError] = {}

    def policy(self, book: Book) -> Policy:
        """Give the policy that a file of scenarios tests."""
        key = (book.policy, book.folder)
        if key not in self._policies:
            self._policies[key] = _kept(lambda: self._found(book))
        return _given(self._policies[key])

    def _found(self, book: Book) -> Policy:
        key = (book.policy, book.folder)
        self._origins[key] = f"bundled {book.policy}"
        if self.search and (own := in_folders(book.policy, self.search)) is not None:
            self._origins[key] = str(own)
            return load(own, search=self.search)
        beside = [path for path, name in policy_files(book.folder).items() if name == book.policy]
        folders = [*self.search, *folders_of(book)]
        placed = in_folders(book.policy, folders)
        if (where := beside[0] if beside else placed) is not None and not is_bundled(where):
            self._origins[key] = str(where)
        if len(beside) > 1:
            raise ArgumentError("policy", book.policy, f"one document; here are {', '.join(p.name for p in beside)}")
        return load(beside[0] if beside else book.policy, search=folders)

    def origin(self, book: Book) -> str:
        """Say which document is tested: its file, or that it is the bundled one."""
        try:
            self.policy(book)
        except AsnmeritError:
            return ""
        return self._origins[(book.policy, book.folder)]

    def of(self, scenario: Scenario, book: Book) -> Law:
        """Give the law that a scenario asks."""
        readings = tuple(sorted(scenario.readings.items()))
        key = (book.policy, book.folder, scenario.on, scenario.known, readings)
        if key not in self._laws:
            self._laws[key] = _kept(
                lambda: in_force(
                    self.policy(book), on=scenario.on, known=scenario.known, readings=scenario.readings or None
                )
            )
        return _given(self._laws[key])


def _kept(make: Callable[[], T]) -> T | AsnmeritError:
    try:
        return make()
    except AsnmeritError as error:
        return error


def _given(kept: T | AsnmeritError) -> T:
    if isinstance(kept, AsnmeritError):
        raise kept
    return kept


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
    another engine that is called alike, with law, record and day, and that gives a `Decision`. An engine that raises,
    or gives something else, fails the case. Raises `ArgumentError` where there is nothing to run.

    >>> from importlib import resources
    >>> file = resources.files("asnmerit") / "policies" / "indonesia" / "disiplin.scenarios.yaml"
    >>> all(result.passed for result in run_scenarios([file]))
    True
    """
    laws = Laws(search)
    return tuple(result for path in files(paths) for result in run_book(read_book(path), laws, decide))


def run_book(book: Book, laws: Laws | None = None, decide: Decide = decide) -> tuple[Result, ...]:
    """Run one file of scenarios."""
    laws = laws or Laws()
    results = [Result(book, "", diagnostics=book.diagnostics)] if book.faulty else []
    results += [run_one(scenario, book, laws, decide) for scenario in book.scenarios]
    return tuple(results)


def run_one(scenario: Scenario, book: Book, laws: Laws, decide: Decide = decide) -> Result:
    """Run one case of a file. In a file with faults no case counts: part of it may not have been read."""
    faults = Faults()
    result = Result(book, scenario.name, scenario)

    def broken(reason: str) -> Result:
        faults.add("scenario-did-not-run", scenario.position, name=scenario.name, reason=reason)
        return attrs.evolve(result, diagnostics=faults.sorted())

    if book.faulty:
        return broken(f"its file has {len(book.diagnostics)} faults")
    try:
        law = laws.of(scenario, book)
    except AsnmeritError as error:
        return broken(_told(error, book))
    record = record_of(scenario.facts, law, faults)
    if faults.failed:
        return attrs.evolve(result, diagnostics=faults.sorted())
    try:
        decision = decide(law, record, scenario.as_of)
    except RecordError as error:
        return attrs.evolve(result, mismatches=faults_differ(scenario, error.faults))
    except AsnmeritError as error:
        return broken(str(error))
    except Exception as error:  # noqa: BLE001 - somebody else's engine may raise anything; the other cases go on
        return broken(f"the engine raised {type(error).__name__}: {error}")
    if not hasattr(decision, "outcomes"):
        return broken(f"the engine gave {type(decision).__name__}, not a Decision")
    differing = [
        *faults_differ(scenario, ()),
        *values_differ(scenario, decision, faults),
        *answers_differ(scenario, decision, faults),
    ]
    return attrs.evolve(result, decision=decision, mismatches=tuple(differing), diagnostics=faults.sorted())


def _told(error: AsnmeritError, book: Book) -> str:
    """Say why there is no law; of a faulty policy the first fault, and how many there are."""
    if isinstance(error, PolicyNotFoundError):
        return f"{error}; looked beside {book.file}, and among the bundled ones (`search` names other folders)"
    if not isinstance(error, PolicyError):
        return str(error)
    first = error.diagnostics[0]
    return f"the policy has {len(error.diagnostics)} faults, the first at {first.position}: {first.message}"
