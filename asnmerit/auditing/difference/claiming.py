"""Settling claims about two laws: that nobody loses, and that both take the same people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.auditing.claims.plainest import Plainest
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.difference.beyond import Source, decided, sources
from asnmerit.auditing.difference.found import Claimed, Taken
from asnmerit.auditing.difference.losing import NobodyLoses, condition, loses, losing_beyond
from asnmerit.auditing.findings import Verdict, Witness
from asnmerit.auditing.proving.driver import Prover
from asnmerit.auditing.questions import Exists, Extended
from asnmerit.errors import ArgumentError
from asnmerit.rules.build import NotProvedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from asnmerit.auditing.difference.joining import Joint
    from asnmerit.auditing.proving.cases import Answer
    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.rules.expr import Expr

    Told = Callable[[int, "int | None", str], object]

SIDES: Final[tuple[Literal["a", "b"], Literal["a", "b"]]] = ("a", "b")
TRIED: Final = 4_096
"""People tried, whatever the budget, for whether there is anybody whom a claim is about."""


def claims_of(claims: object) -> tuple[NobodyLoses, ...]:
    """Give the claims to settle.

    Raises:
        ArgumentError: for what is no claim.
    """
    wanted = "claims, as `nobody_loses` makes them"
    if isinstance(claims, str | Mapping) or not isinstance(claims, Sequence | set | frozenset):
        raise ArgumentError("claims", claims, wanted)
    for claim in claims:
        if not isinstance(claim, NobodyLoses):
            raise ArgumentError("claims", claim, wanted)
    return tuple(claims)


def claimed(
    joint: Joint,
    claims: tuple[NobodyLoses, ...],
    renamed: Mapping[str, str],
    budget: Budget,
    progress: Told | None = None,
) -> tuple[Claimed, ...]:
    """Prove or refute claims: for those whom both laws take, and for those whom only one does.

    Raises:
        ArgumentError: for a claim that cannot be asked of these laws.
        UnknownDecisionError: for a decision that a law does not make.
    """
    if not claims:
        return ()
    extended = Extended(joint.law)
    asked = [loses(joint, claim, renamed) for claim in claims]
    keys = [_added(extended, claim, f"loses: {claim}", test) for claim, (test, _) in zip(claims, asked, strict=True)]
    meant = [_added(extended, claim, f"meant: {claim}", condition(joint, claim)) for claim in claims]
    law = extended.law()
    with Prover(law, budget, progress) as prover:
        found = prover.ask_all([Exists(key) for key in (*keys, *meant)])
    there = _somebody(People(law, seed=budget.seed), meant, found[len(keys) :])
    plainest = Plainest(law, law.on)
    theirs = {renamed.get(name, name): name for name in joint.b.decisions}
    some = sources(joint)
    presumed = any(r.presumed_apart for r in joint.redeclared)
    settled = []
    for claim, (_, unclear), key, answer, anybody in zip(claims, asked, keys, found, there, strict=False):
        names = (claim.decision, theirs[claim.decision])
        one = attrs.evolve(_claimed(joint, plainest, claim, unclear, key, answer), names=names)
        one = one if anybody else _of_nobody(one)
        one = _not_all(one) if presumed and one.verdict is not Verdict.COUNTEREXAMPLE else one
        settled.append(_beyond(joint, one, some, budget) if one.verdict is not Verdict.COUNTEREXAMPLE else one)
    return tuple(settled)


def _added(extended: Extended, claim: NobodyLoses, wanted: str, test: Expr) -> str:
    """Add a step that a claim asks for."""
    try:
        return extended.add(wanted, test)
    except NotProvedError:
        told = (
            "a condition that can be computed for everybody: no division by what may be 0, no value that may overflow"
        )
        raise ArgumentError("where", claim.where, told) from None


def _somebody(people: People, keys: list[str], answers: Sequence[Answer]) -> list[bool]:
    """Say of each claim whether somebody is known whom it is about."""
    there = [answer.verdict == "found" for answer in answers]
    if not all(there):
        block = people.draw(TRIED)
        lawful, values = people.holding(block), people.values(keys, block)
        there = [one or bool((lawful & values[k].astype(bool)).any()) for one, k in zip(there, keys, strict=True)]
    return there


def _of_nobody(one: Claimed) -> Claimed:
    """Take back the proof of a claim about people of whom nobody was found."""
    if one.verdict is Verdict.COUNTEREXAMPLE:
        return one
    return attrs.evolve(one, verdict=Verdict.UNPROVED, nobody=True)


def _claimed(
    joint: Joint, plainest: Plainest, claim: NobodyLoses, unclear: tuple[str, ...], key: str, answer: Answer
) -> Claimed:
    if answer.verdict == "found":
        person = plainest(Exists(key), answer.people)[0]
        witness = Witness(joint.decided(person), only=(claim.decision,))
        return Claimed(claim, Verdict.COUNTEREXAMPLE, witness, answer.samples, unclear)
    proved = answer.verdict == "none" and not unclear
    return Claimed(claim, Verdict.PROVED if proved else Verdict.UNPROVED, None, answer.samples, unclear)


# --- those whom only one law takes ---


def _beyond(joint: Joint, one: Claimed, some: tuple[Source, ...], budget: Budget) -> Claimed:
    """Ask whether somebody loses for not being taken by the second law: granted by the first, or burdened anew."""
    by = 1 if joint.a.decisions[one.claim.decision].kind == "burden" else 0
    for source in (s for s in some if s.by == by):
        test = losing_beyond(joint, one.claim, one.names, source)
        if test is None:
            one = _not_all(one)
            continue
        extended = Extended(source.law)
        try:
            key = extended.add("loses, taken by one", test)
        except NotProvedError:
            one = _not_all(one)
            continue
        answer, person = _asked(extended, key, budget)
        if person is not None:
            decision, faults = decided(joint, source, person)
            witness = Witness((decision,), only=(one.names[by],))
            return attrs.evolve(
                one, verdict=Verdict.COUNTEREXAMPLE, witness=witness, faults=faults, by=SIDES[by], nobody=False
            )
        if answer.verdict != "none":
            one = attrs.evolve(one, verdict=Verdict.UNPROVED)
        if not source.exact:
            one = _not_all(one)
    return one


def _not_all(one: Claimed) -> Claimed:
    return attrs.evolve(one, verdict=Verdict.UNPROVED, partly=True)


def _asked(extended: Extended, key: str, budget: Budget) -> tuple[Answer, Mapping[Any, Any] | None]:
    """Ask whether there is somebody, and give the plainest."""
    law = extended.law()
    with Prover(law, budget) as prover:
        (answer,) = prover.ask_all([Exists(key)])
    if answer.verdict != "found":
        return answer, None
    return answer, Plainest(law, law.on)(Exists(key), answer.people)[0]


def taken(joint: Joint, budget: Budget) -> tuple[Taken, ...]:
    """Say whether there is somebody whose record only one of the laws takes, where they may not take the same."""
    some = sources(joint)
    if not some:
        return ()
    share = attrs.evolve(budget, total=budget.total / len(some))
    found: dict[int, Taken] = {by: Taken(SIDES[by], Verdict.PROVED) for by in (0, 1)}
    for source in some:
        if found[source.by].verdict is Verdict.COUNTEREXAMPLE:
            continue
        extended = Extended(source.law)
        answer, person = _asked(extended, extended.add("taken by one law only", source.test), share)
        if person is not None:
            decision, faults = decided(joint, source, person)
            found[source.by] = Taken(SIDES[source.by], Verdict.COUNTEREXAMPLE, Witness((decision,)), faults)
        elif answer.verdict != "none" or not source.exact:
            found[source.by] = Taken(SIDES[source.by], Verdict.UNPROVED)
    return tuple(found.values())
