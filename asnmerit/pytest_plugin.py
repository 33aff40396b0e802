"""pytest collects files named *.scenarios.yaml: each case is a test, and a failure shows the derivation.

Nothing is to be set up where the library is installed. `--scenario-search DIR` names folders with policies. The
library itself is imported when the first such file is met, so that other projects' tests pay nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from asnmerit.scenarios.book import Book, Scenario
    from asnmerit.scenarios.running import Laws

__all__ = ["pytest_addoption", "pytest_collect_file"]

LOOKS_LIKE = re.compile(r".+\.scenarios?\.(ya?ml|json)\Z", re.IGNORECASE)
"""Also names that are nearly right: they give a test that fails and says so."""
LAWS: pytest.StashKey[Laws] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the plugin."""
    group = parser.getgroup("asnmerit")
    group.addoption(
        "--scenario-search",
        action="append",
        default=[],
        metavar="DIR",
        help="a folder in which policies are looked for",
    )
    group.addoption("--scenario-lang", default="id", choices=["id", "en"], help="language of derivations")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file of scenarios."""
    if LOOKS_LIKE.match(file_path.name):
        return ScenarioModule.from_parent(parent, path=file_path)
    return None


class ScenarioModule(pytest.File):
    """One file of scenarios."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give one test a case; a file with a fault gives a test that fails."""
        from asnmerit.scenarios.book import read_book  # noqa: PLC0415 - see the module's docstring

        book = read_book(self.path)
        if book.faulty:
            yield ScenarioItem.from_parent(self, name="the file", book=book, scenario=None)
        for scenario in book.scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.name, book=book, scenario=scenario)


class ScenarioFailedError(Exception):
    """A case that did not come out as expected; its text is the report."""


class ScenarioItem(pytest.Item):
    """One case."""

    def __init__(self, *, book: Book, scenario: Scenario | None, **more: Any) -> None:  # noqa: ANN401 - pytest's own
        super().__init__(**more)
        self.book, self.scenario = book, scenario

    def runtest(self) -> None:
        """Run the case alone."""
        from asnmerit.scenarios.running import Result, run_one  # noqa: PLC0415 - see the module's docstring
        from asnmerit.scenarios.telling import failure  # noqa: PLC0415 - as above

        if self.scenario is None:
            result = Result(self.book, "", diagnostics=self.book.diagnostics)
        else:
            result = run_one(self.scenario, self.book, self._laws)
        if not result.passed:
            raise ScenarioFailedError("\n".join(failure(result, str(self.config.getoption("--scenario-lang")))))

    @property
    def _laws(self) -> Laws:
        """Give the laws that the scenarios of a session share."""
        from asnmerit.errors import ArgumentError  # noqa: PLC0415 - see the module's docstring
        from asnmerit.scenarios.running import Laws  # noqa: PLC0415 - as above

        stash = self.config.stash
        if LAWS not in stash:
            try:
                stash[LAWS] = Laws(self.config.getoption("--scenario-search"))
            except ArgumentError as error:
                raise pytest.UsageError(f"--scenario-search: {error}") from error
        return stash[LAWS]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:  # noqa: ANN401 - pytest's own
        """Show the report and no Python traceback; anything else as pytest does."""
        if isinstance(excinfo.value, ScenarioFailedError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the file, the line and the case."""
        line = self.scenario.position.line - 1 if self.scenario else 0
        return self.path, line, f"scenario {self.name}"
