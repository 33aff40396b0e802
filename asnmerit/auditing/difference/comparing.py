"""Comparing two laws within a budget: the claims, the regions of change, and a box of facts for each."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

try:
    import numpy  # noqa: F401 - asked for here, so that its lack is told in our words
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "laws are compared on people by the hundred thousand, which needs NumPy: pip install 'asnmerit[audit]'"
    raise ModuleNotFoundError(message, name=error.name) from error

from asnmerit.auditing.arguments import budget_of, heard
from asnmerit.auditing.claims.plainest import Plainest
from asnmerit.auditing.difference.answers import NOBODY, Answers, answers
from asnmerit.auditing.difference.boxes import Boxed
from asnmerit.auditing.difference.claiming import claimed, claims_of, taken
from asnmerit.auditing.difference.found import Difference, Region
from asnmerit.auditing.difference.joining import OTHER, Joint, joint, lasting
from asnmerit.auditing.difference.losing import NobodyLoses, unknown_names
from asnmerit.auditing.difference.measuring import measured, ranges_of
from asnmerit.auditing.difference.regions import Searching
from asnmerit.auditing.difference.renaming import renaming_of
from asnmerit.auditing.difference.sides import sides_of
from asnmerit.auditing.difference.widening import Widening
from asnmerit.auditing.findings import Verdict
from asnmerit.auditing.proving.driver import Prover
from asnmerit.auditing.proving.structure import Structure
from asnmerit.auditing.questions import Exists
from asnmerit.bundle import in_force
from asnmerit.errors import ArgumentError
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.days import day_argument
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.policy import Policy

if TYPE_CHECKING:
    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.difference.answers import Change
    from asnmerit.auditing.difference.found import Claimed
    from asnmerit.auditing.difference.regions import Found
    from asnmerit.auditing.proving.driver import Budget

Progress = Callable[[int, "int | None", str], object]
CLAIMS: Final = 0.25
REGIONS: Final = 0.5
"""The shares of the time that claims and the search for regions may take; boxes have the rest."""


def diff(  # noqa: PLR0913 - every part can be chosen
    a: Law | Policy,
    b: Law | Policy,
    decision: str | Collection[str] | None = None,
    *,
    on: datetime.date | str | None = None,
    against_on: datetime.date | str | None = None,
    known: datetime.date | str | None = None,
    against_known: datetime.date | str | None = None,
    readings: Mapping[str, str] | None = None,
    as_of: datetime.date | str | None = None,
    renamed: Mapping[str, str] | None = None,
    claims: Collection[NobodyLoses] = (),
    budget: float = 60.0,
    seed: int = 0,
    samples: int = 200_000,
    jobs: int = 2,
    progress: Progress | None = None,
) -> Difference:
    """Find out for whom two laws answer differently: two versions, days, known days, or policies.

    The same people are decided by both laws on one day, so that what differs is the law and not their age.

    Args:
        a: the first law, or a policy of which `on` says the day.
        b: the second law, or a policy.
        decision: a decision or score, or several, to be compared; all of them when left out.
        on: the day of the first law, where it is given as a policy.
        against_on: the day of the second; the same day when left out.
        known: the day as known on which the laws are asked for.
        against_known: the same for the second law; as for the first when left out.
        readings: disputed readings of policies, as for `in_force`.
        as_of: the day on which people are decided; that of the second law when left out.
        renamed: names of facts and decisions of the second law, with those that they have in the first.
        claims: claims to prove or refute, as `nobody_loses` makes them.
        budget: seconds that the comparison may take, more or less.
        seed: the same seed gives the same people to try.
        samples: how many people are tried.
        jobs: how many solvers run at the same time.
        progress: told (settled, of how many or None, what is done now) while it works.

    Raises:
        ArgumentError: for a law or policy that is none, a day that is missing or does not belong, an unknown decision,
            names that cannot be renamed so, a claim that cannot be asked.
        UnknownDecisionError: for a claim about a decision that a law does not make.
        NotInForceError: where a policy has no law on its day.
        ModuleNotFoundError: where NumPy is not installed (the extra `audit`).

    >>> import asnmerit
    >>> policy = asnmerit.load("manokwari/merit")
    >>> found = diff(policy, policy, "promotion", on="2025-06-01", against_on="2026-06-01", budget=20, samples=20_000)
    >>> found.said, found.complete, [(r.field, r.kind) for r in found.regions]
    ('DIFFERENT', True, [('status', 'granted -> refused')])
    """
    allowed = budget_of(budget, samples, jobs, seed)
    asked = claims_of(claims)
    one = law_of("a", a, "on", on, known, readings)
    other = law_of(
        "b", b, "against_on", against_on or (on if isinstance(b, Policy) else None),
        against_known or (known if isinstance(b, Policy) else None), readings if isinstance(b, Policy) else None,
    )  # fmt: skip
    day = day_argument("as_of", as_of) if as_of is not None else other.on
    if as_of is not None and not any(_holds(law, day) for law in (one, other)):
        raise ArgumentError("as_of", str(day), "a day on which one of the two laws holds")
    started = time.monotonic()
    called = renaming_of(renamed, one, other)
    wanted = _wanted(decision, one, other, called)
    both = joint(_lasting("a", one, day), _lasting("b", other, day), day, called)
    found = Comparing(both, answers(both, wanted, called), allowed, called, wanted, heard(progress)).compared(asked)
    identities = {**one.identity(), "as_of": str(day)}, {**other.identity(), "as_of": str(day)}
    return attrs.evolve(
        found, a=identities[0], b=identities[1], titles=(one.title, other.title), day=str(day),
        seconds=round(time.monotonic() - started, 3),
    )  # fmt: skip


def law_of(name: str, law: object, day: str, on: Any, known: Any, readings: Any) -> Law:  # noqa: ANN401 - as given
    """Give the law that an argument means: itself, or that of a policy on its day."""
    if isinstance(law, Law):
        for what, value in ((day, on), ("known", known), ("readings", readings)):
            if value is not None:
                raise ArgumentError(what, str(value), "left out: a law has its own; give the policy to choose them")
        return law
    if not isinstance(law, Policy):
        raise ArgumentError(name, law, f"{A_LAW}, or a Policy, as `load` gives it")
    if on is None:
        raise ArgumentError(day, None, "a day: the library has no clock")
    return in_force(law, on, known, readings)


def _holds(law: Law, day: datetime.date) -> bool:
    """Whether a law holds on a day."""
    first, until = law.valid
    return first <= day and (until is None or day < until)


def _lasting(name: str, law: Law, day: datetime.date) -> Law:
    try:
        return lasting(law, day)
    except NotProvedError:
        raise ArgumentError("as_of", str(day), f"a day on which law {name} ({law.policy}) can be computed") from None


def _wanted(decision: Any, a: Law, b: Law, renamed: Mapping[str, str]) -> frozenset[str] | None:  # noqa: ANN401
    """Read what is to be compared."""
    if decision is None:
        return None
    if not isinstance(decision, str | list | tuple | set | frozenset) or not decision:
        raise ArgumentError("decision", decision, "a decision or score, or several of them")
    names = (decision,) if isinstance(decision, str) else tuple(decision)
    if not all(isinstance(n, str) for n in names):
        raise ArgumentError("decision", decision, "names of decisions or scores")
    there = {*a.decisions, *(renamed.get(n, n) for n in b.decisions)}
    there |= {s.key for law in (a, b) for s in law.steps if s.role == "score"}
    missing = tuple(n for n in names if n not in there)
    if missing:
        raise unknown_names(a, missing)
    return frozenset(names)


@attrs.define(eq=False)
class Comparing:
    """One comparison under way."""

    joint: Joint
    answers: Answers
    budget: Budget
    renamed: Mapping[str, str]
    wanted: frozenset[str] | None = None
    progress: Progress | None = None

    def compared(self, claims: tuple[NobodyLoses, ...]) -> Difference:
        """Settle the claims, find the regions, describe each by a box."""
        until = time.monotonic() + self.budget.total
        asked = claimed(self.joint, claims, self.renamed, self._part(CLAIMS * self.budget.total), self.progress)
        apart = taken(self.joint, self._part(CLAIMS * (until - time.monotonic())))
        searching = Searching(
            self.answers.extended, self.answers.changes, self.budget, self.progress,
            measured={name: measured(self.joint, name) for name in {c.decision for c in self.answers.changes} - {""}},
        )  # fmt: skip
        searching.search(REGIONS * (until - time.monotonic()))
        names = {c.key: c.name for c in self.answers.changes}
        found = Difference(
            {}, {}, ({}, {}), "",
            tuple(self._regions(searching.found, searching.people, until)),
            tuple(names[key] for key in searching.open),
            _only(self.joint),
            self.joint.redeclared,
            self.answers.lacking,
            apart,
            asked,
            _values(self.joint.a, self.joint.b),
            searching.samples,
            compared=self.answers.compared,
            left_out=self.answers.left_out,
        )  # fmt: skip
        if found.equivalent:
            return attrs.evolve(found, claims=tuple(map(self._implied, asked)))
        return found

    def _implied(self, one: Claimed) -> Claimed:
        """Take a claim as proved by two laws that are: who is answered alike does not lose."""
        compared = self.wanted is None or one.claim.decision in self.wanted
        if one.verdict is not Verdict.UNPROVED or one.unclear or one.nobody or not compared:
            return one
        return attrs.evolve(one, verdict=Verdict.PROVED, partly=False)

    def _part(self, seconds: float) -> Budget:
        return attrs.evolve(self.budget, total=max(0.1, seconds))

    # --- boxes ---

    def _regions(self, found: Sequence[Found], people: People | None, until: float) -> list[Region]:
        """Describe the regions, each in its share of the time that is left."""
        if not found or people is None:
            return []
        law = people.law = self.answers.extended.law()  # the same people; more is asked of them
        plainest, structure = Plainest(law, law.on), Structure(law)
        boxed = Boxed(law, [f.key for f in found])
        regions = []
        with Prover(
            boxed.law, attrs.evolve(self.budget, samples=0, total=max(0.1, until - time.monotonic()))
        ) as prover:
            widening = Widening(people, boxed, prover)
            for i, one in enumerate(found):
                self._tell(i, len(found), f"box of {one.change.name}")
                share = (until - time.monotonic()) / (len(found) - i)
                person = one.person if share <= 0 else plainest(Exists(one.key), (one.person,))[0]
                deadline = time.monotonic() + max(0.0, share)
                described = widening.describe(one.key, person, structure.cone(one.key), deadline)
                regions.append(self._region(one, person, described))
        return regions

    def _region(self, found: Found, person: Mapping[Any, Any], described: Any) -> Region:  # noqa: ANN401 - a Description
        before, after = self.joint.decided(person)
        return Region(
            found.change.decision,
            found.change.field,
            found.change.kind,
            self._rules(found),
            sides_of(self.joint, described.box),
            described.proved,
            described.samples,
            found.seen,
            before,
            after,
            self._names(found.change),
            ranges_of(self.joint, found.ranges),
        )

    def _rules(self, found: Found) -> tuple[str | None, str | None]:
        """Name the rules that decide in a region."""
        if found.pair is None:
            return None, None
        theirs = {self.renamed.get(name, name): name for name in self.joint.b.decisions}
        name = found.change.decision
        nodes = self.joint.a.decisions[name], self.joint.b.decisions[theirs[name]]
        one, other = (
            None if place == NOBODY else node.rules[place].name for node, place in zip(nodes, found.pair, strict=True)
        )
        return one, other

    def _names(self, change: Change) -> tuple[str, str]:
        """Give what either law calls what changes."""
        theirs = {self.renamed.get(name, name): name for name in self.joint.b.decisions}
        return (change.decision, theirs[change.decision]) if change.decision else (change.field, change.field)

    def _tell(self, done: int, total: int, doing: str) -> None:
        if self.progress is not None:
            self.progress(done, total, doing)


# --- what differs in the documents ---


def _only(joint: Joint) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the facts that one law reads and the other does not."""
    mine, theirs = joint.a.reads, {joint.facts[n] for n in joint.b.reads}
    plain = {n.removeprefix(OTHER) for n in theirs}
    return tuple(sorted(mine - plain)), tuple(sorted(n for n in plain if n not in mine))


def _values(a: Law, b: Law) -> tuple[str, ...]:
    """Give the parameters and tables of both laws whose values differ."""
    found = [k for k, v in a.data.parameters.items() if k in b.data.parameters and b.data.parameters[k] != v]
    for key, table in a.data.tables.items():
        other = b.data.tables.get(key)
        if other is not None and (table.axes, dict(table.columns), table.present) != (
            other.axes, dict(other.columns), other.present
        ):  # fmt: skip
            found.append(key)
    return tuple(found)
