"""Scenarios run against changed policies: which of them notices, if any does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.difference.affected import WHOLE, affected
from asnmerit.decision import Decision, decide
from asnmerit.errors import AsnmeritError
from asnmerit.scenarios.running import Laws, Result, run_one

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy
    from asnmerit.scenarios.book import Book, Scenario


class LawsOf(Laws):
    """The laws of one policy, each made once for all the days on which it holds."""

    def __init__(self, policy: Policy) -> None:
        """Every scenario asks this policy, whatever it is called there."""
        super().__init__()
        self._policy = policy
        self._made: dict[tuple[object, ...], list[Law]] = {}
        self._failed: dict[tuple[object, ...], AsnmeritError] = {}
        self._exact: dict[tuple[object, ...], Law] = {}

    def of(self, scenario: Scenario, book: Book) -> Law:  # noqa: ARG002 - the signature of `Laws`
        """Give a law that holds on the scenario's day."""
        return self.on(scenario.on, scenario.known, scenario.readings)

    def on(self, day: datetime.date, known: datetime.date | None = None, readings: Any = None) -> Law:  # noqa: ANN401 - a mapping
        """Give a law that holds on a day, as known on another.

        Raises:
            AsnmeritError: if the policy has none.
        """
        chosen = tuple(sorted((readings or {}).items()))
        group = self._made.setdefault((known, chosen), [])
        for law in group:
            first, last = law.valid
            if first <= day and (last is None or day < last):
                return law
        key = (day, known, chosen)
        if key in self._failed:
            raise self._failed[key]
        try:
            group.append(self._policy.law(day, known, dict(chosen)))
        except AsnmeritError as error:
            self._failed[key] = error
            raise
        return group[-1]

    def exactly(self, day: datetime.date, known: datetime.date | None = None) -> Law:
        """Give the law of a day itself, not one that holds on it too.

        Raises:
            AsnmeritError: if the policy has none.
        """
        key = (day, known)
        if key not in self._exact:
            law = self.on(day, known)
            self._exact[key] = law if law.on == day else self._policy.law(day, known, {})
        return self._exact[key]


@attrs.frozen(eq=False)
class Case:
    """A scenario that the original policy passes, with the law that it asks."""

    book: Book
    scenario: Scenario
    law: Law

    def run(self, laws: Laws) -> Result:
        """Run it on the laws of a policy."""

        def decided(law: Law, record: dict[str, Any], as_of: Any) -> Decision:  # noqa: ANN401 - a day or None
            return decide(law, record, self.scenario.on if as_of is None else as_of)

        return run_one(self.scenario, self.book, laws, decided)

    def asks(self, found: frozenset[str]) -> bool:
        """Whether what is expected can depend on any of these steps."""
        law, expect = self.law, self.scenario.expect
        checks = any(law.steps[law.index[k]].role == "check" for k in found if k in law.index)
        if WHOLE in found or checks or any(k not in law.index for k in found) or expect.faults:
            return bool(found)
        names = expect.values or {}
        if any(name in found or name not in law.index for name in names):
            return True
        return any(_rests(law, name, found) for name in expect.decisions or ())


def _rests(law: Law, decision: str, found: frozenset[str]) -> bool:
    """Whether a decision rests on any of these steps; its parts are among them if so."""
    node = law.decisions.get(decision)
    if node is None:
        return True
    keys = {r.key for r in node.rules} | {g for r in node.rules for g in r.grants.values()}
    return any(k in keys or k.startswith(f"{decision}.") for k in found)


class Suite:
    """The scenarios of a policy, ready to be run against its mutants; `failing` are those that it does not pass."""

    def __init__(self, policy: Policy, books: Iterable[Book]) -> None:
        """Run every scenario on the policy as it is."""
        self.policy, self.laws = policy, LawsOf(policy)
        self.cases: list[Case] = []
        self.failing: list[str] = []
        for book in books:
            self.add(book)

    def add(self, book: Book) -> list[Case]:
        """Take the scenarios of a book that the policy passes."""
        taken = []
        if book.faulty:
            self.failing.append(book.file)
            return []
        for scenario in book.scenarios:
            try:
                case = Case(book, scenario, self.laws.of(scenario, book))
            except AsnmeritError:
                self.failing.append(scenario.name)
                continue
            if book.policy == self.policy.name and case.run(self.laws).passed:
                taken.append(case)
            else:
                self.failing.append(scenario.name)
        self.cases += taken
        return taken

    def killer(self, mutant: LawsOf, among: Sequence[Case] | None = None) -> Case | None:
        """Give the first scenario that the mutant does not pass, or None."""
        seen: dict[tuple[int, int], frozenset[str]] = {}
        for case in self.cases if among is None else among:
            try:
                law = mutant.of(case.scenario, case.book)
            except AsnmeritError:
                return case
            key = (id(case.law), id(law))
            if key not in seen:
                seen[key] = affected(case.law, law)
            if seen[key] and case.asks(seen[key]) and not case.run(mutant).passed:
                return case
        return None
