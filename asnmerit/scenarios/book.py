"""Reading a file of scenarios: its form, the people it names, the day of each case. Every fault at once."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Diagnostic, Faults, Position, near_misses
from asnmerit.rules.document import Node, Table, kind_of, read_document
from asnmerit.rules.schema import Reader
from asnmerit.scenarios.form import Case, Expected, ScenarioFile

if TYPE_CHECKING:
    from collections.abc import Mapping

SUFFIXES = (".scenarios.yaml", ".scenarios.yml", ".scenarios.json")
MOST_BYTES = 8_000_000


@attrs.frozen(eq=False)
class Scenario:
    """One case made whole: which law is asked, the facts as written, and what must come out."""

    name: str
    policy: str
    on: datetime.date
    known: datetime.date | None
    as_of: datetime.date | None
    readings: Mapping[str, str]
    facts: Mapping[str, Node]
    expect: Expected
    case: Case
    position: Position

    @property
    def examples(self) -> tuple[str, ...]:
        """The worked examples that it encodes."""
        return tuple(e.text for e in self.case.example)


@attrs.frozen(eq=False)
class Book:
    """One file of scenarios. With `diagnostics` that are errors, some or all of its cases are not among `scenarios`."""

    file: str
    policy: str
    title: Mapping[str, str]
    scenarios: tuple[Scenario, ...]
    not_encoded: Mapping[str, str]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def faulty(self) -> bool:
        """Whether something is wrong with the file, so that none of its cases counts."""
        return any(d.severity == "error" for d in self.diagnostics)

    @property
    def folder(self) -> Path:
        """Where the file lies: its policy is looked for there too."""
        return Path(self.file).parent


def read_book(path: str | os.PathLike[str]) -> Book:
    """Read one file of scenarios. What is wrong with it is in `diagnostics`, never raised.

    >>> print(read_book("no_such.scenarios.yaml").diagnostics[0].message)
    the document cannot be read: No such file or directory
    """
    name, faults = os.fspath(path), Faults()
    if not name.endswith(SUFFIXES):
        faults.add("scenario-file-name", Position(name))
        return Book(name, "", {}, (), {}, faults.sorted())
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MOST_BYTES)
    except OSError as error:
        faults.add("document-unreadable", Position(name), reason=error.strerror or str(error))
        return Book(name, "", {}, (), {}, faults.sorted())
    return book_of(content, name)


def book_of(content: bytes | str, file: str) -> Book:
    """Read the text of a file of scenarios."""
    faults = Faults()
    node = read_document(content, file, faults)
    if node is not None and not isinstance(node, Table):
        faults.add("shape-kind", node.position, what="the scenarios", expected="a mapping", got=kind_of(node))
    if isinstance(node, Table) and node.get("asnmerit") is not None and node.get("scenarios") is None:
        faults.add("scenario-is-policy", node.position)
        node = None
    if not isinstance(node, Table):
        return Book(file, "", {}, (), {}, faults.sorted())
    written: ScenarioFile = Reader(faults).entry(node, ScenarioFile, "the scenarios")
    if written.scenarios is not None and written.scenarios.text != "1":
        faults.add("format-version", written.scenarios.position, value=written.scenarios.text[:40])
    if written.cases is not None and not written.cases:
        faults.add("scenario-no-case", node.position)
    policy = written.policy.text if written.policy is not None else ""
    scenarios = [_scenario(name, case, written, policy, faults) for name, case in (written.cases or {}).items()]
    _left_over(written, node.position, faults)
    kept = tuple(s for s in scenarios if s is not None) if policy else ()
    return Book(file, policy, written.title or {}, kept, written.not_encoded, faults.sorted())


def _left_over(written: ScenarioFile, place: Position, faults: Faults) -> None:
    """Find what nothing comes of: people that no case uses, examples on both sides, reasons that are not given."""
    used = {case.person.text for case in (written.cases or {}).values() if case.person is not None}
    for name, person in written.people.items():
        if name not in used:
            faults.add("scenario-unused-person", person.position, name=name)
    encoded = {e.text for case in (written.cases or {}).values() for e in case.example}
    for example, reason in written.not_encoded.items():
        if not reason:
            faults.add("shape-missing", place, what=f"`{example}` in `not_encoded`", key="reason")
        if example in encoded:
            faults.add("scenario-both", place, name=example)


def _scenario(name: str, case: Case, file: ScenarioFile, policy: str, faults: Faults) -> Scenario | None:
    before = len(faults.errors)
    if case.expect is not None:
        _expects(name, case.expect, faults)
    on = case.on if case.on is not None else file.on
    if on is None:
        faults.add("scenario-no-day", case.position, name=name)
    facts: dict[str, Node] = {}
    if case.person is not None:
        base = file.people.get(case.person.text)
        if base is None:
            near = near_misses(case.person.text, file.people)
            faults.add("unknown-name", case.person.position, near, kind="person", name=case.person.text)
        else:
            facts.update(base.facts or {})
    facts.update(case.facts or {})
    if case.expect is None or on is None or len(faults.errors) > before:
        return None
    known = case.known if case.known is not None else file.known
    readings = file.readings if case.readings is None else case.readings
    return Scenario(
        name,
        policy,
        datetime.date.fromordinal(on),
        None if known is None else datetime.date.fromordinal(known),
        None if case.as_of is None else datetime.date.fromordinal(case.as_of),
        {k: v.text for k, v in (readings or {}).items()},
        facts,
        case.expect,
        case,
        case.position,
    )


def _expects(name: str, expect: Expected, faults: Faults) -> None:
    """An expectation that nothing could break is a fault: empty as a whole, or in a part."""
    parts = (expect.values, expect.decisions, expect.faults)
    if not any(parts) or any(part is not None and not part for part in parts):
        faults.add("scenario-expects-nothing", expect.position, name=name)
    for key, answer in (expect.decisions or {}).items():
        if not answer.status:
            continue
        inner = (answer.outcome, answer.total, answer.rules, answer.because, answer.grants)
        if any(part is not None and not part for part in inner):
            faults.add("scenario-expects-nothing", answer.position, name=f"{key} in {name}")
    if expect.faults and (expect.values or expect.decisions):
        faults.add("scenario-refused-and-answered", expect.position, name=name)
