"""Settling claims: by the prover of the audit where its libraries are there, by examples where they are not.

This is the one seam between the assertions and the audit. Whoever is found is decided again, and confirmed by the
reference step by step, before anybody hears of it.
"""

from __future__ import annotations

import importlib.util
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.arguments import LARGEST
from asnmerit.auditing.claims.claim import identity
from asnmerit.auditing.claims.plainest import Plainest
from asnmerit.auditing.claims.wording import Said, count, pair
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.questions import Pairs
from asnmerit.auditing.replaying import replay
from asnmerit.decision import Decision, decide
from asnmerit.errors import ArgumentError
from asnmerit.outcome import facts_below
from asnmerit.strategies.arguments import keys_of_decision
from asnmerit.strategies.claiming import Asked, Claim, answers

if TYPE_CHECKING:
    import datetime

    from asnmerit.auditing.proving.driver import Answer
    from asnmerit.auditing.questions import Extended
    from asnmerit.rules.law import Law

NUMPY: Final = "numpy"
"""What the prover cannot do without."""
SOLVED: Final[Said] = {"id": "ditemukan oleh pemecah", "en": "found by the solver"}
TRIED: Final = ("ditemukan dengan mencoba {0} orang", "found by trying {0} people")
DRAWN: Final[Said] = {"id": "ditemukan dengan contoh acak", "en": "found by drawing examples"}


@attrs.frozen
class Effort:
    """How hard an assertion is tried, all its claims together.

    With the prover: at most so many `seconds`, and so many `samples` of people before the solver is asked. Without
    (no NumPy, or `proof=False`): so many `examples`, drawn by Hypothesis, which never prove anything.
    """

    seconds: float = 20.0
    samples: int = 100_000
    examples: int = 300
    proof: bool = True

    def __attrs_post_init__(self) -> None:
        """See that it is an effort at all: who tries nothing finds nothing.

        Raises:
            ArgumentError: for what is no time, or no number of people or examples.
        """
        seconds: object = self.seconds
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds < math.inf:
            raise ArgumentError("seconds", seconds, "a number of seconds, more than 0")
        counts: tuple[tuple[str, object, int], ...] = (("samples", self.samples, 0), ("examples", self.examples, 1))
        for name, value, least in counts:
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value < LARGEST:
                raise ArgumentError(name, value, f"a whole number from {least}")
        proof: object = self.proof
        if not isinstance(proof, bool):
            raise ArgumentError("proof", self.proof, "True or False")


@attrs.frozen
class Held:
    """What an assertion that did not fail knows: whether it is `proved`, or how many people or pairs were tried.

    `assert assert_blind_to(law, "sex").proved` takes nothing less than a proof. `note` says what stood in the way.

    >>> print(Held(proved=False, tried=1200, method="samples"))
    NO COUNTEREXAMPLE in 1,200 samples
    """

    proved: bool
    tried: int = 0
    method: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Give the verdict."""
        if self.proved:
            return "PROVED"
        return f"NO COUNTEREXAMPLE in {self.tried:,} {self.method}" + (f" ({self.note})" if self.note else "")


@attrs.frozen
class Refuted:
    """A claim that does not hold: for whom, decided by the law itself, what they tell, and how they were found."""

    claim: Claim
    people: tuple[Decision, ...]
    told: Said
    how: Said


def settle(more: Extended, claims: Sequence[Claim], as_of: datetime.date, effort: Effort) -> Held | Refuted:
    """Settle claims about a law together; the first that does not hold is refuted."""
    if not any(claim.asked for claim in claims):
        return Held(proved=True)
    if effort.proof and importlib.util.find_spec(NUMPY) is not None:
        return _by_proof(more, claims, as_of, effort)
    return _by_examples(more, claims, as_of, effort)


# --- by the prover ---


def _by_proof(more: Extended, claims: Sequence[Claim], as_of: datetime.date, effort: Effort) -> Held | Refuted:
    law = more.law()
    asked = [(claim, one) for claim in claims for one in claim.asked]
    budget = Budget(total=effort.seconds, each=effort.seconds, samples=effort.samples)
    with Prover(law, budget, as_of=as_of) as prover:
        found = prover.ask_all([one.question for _, one in asked])
        untold = _untold(prover, claims, asked, found)
    for (claim, one), answer in zip(asked, found, strict=True):
        if answer.verdict == "found":
            simple = Plainest(law, as_of)(one.question, answer.people)
            how = SOLVED if answer.method == "solver" else pair(TRIED, count(answer.samples))
            return _refuted(more, claim, one, [record_of(law, p, as_of) for p in simple], as_of, how)
    return untold or _held([answer for answer in found if answer.verdict == "open"])


def _untold(
    prover: Prover, claims: Sequence[Claim], asked: Sequence[tuple[Claim, Asked]], found: Sequence[Answer]
) -> Held | None:
    """Say of what holds for every pair that there is no pair; what the form of the law proves holds without any."""
    for claim in claims:
        mine = [answer for (of, _), answer in zip(asked, found, strict=True) if of is claim]
        by_form = all(answer.method == "structure" for answer in mine)
        if by_form or any(answer.verdict != "none" for answer in mine):
            continue
        verdicts = dict(zip(map(identity, claim.tied.questions), prover.ask_all(claim.tied.questions), strict=True))
        never, told = claim.tied.told(lambda q, of=verdicts: of[identity(q)].verdict)  # type: ignore[misc]
        if told:
            tried = 0 if never else min((a.samples for a in verdicts.values()), default=0)
            return Held(proved=False, tried=tried, method="samples", note=told["en"])
    return None


def _held(still: Sequence[Answer]) -> Held:
    if not still:
        return Held(proved=True)
    notes = dict.fromkeys(answer.note for answer in still if answer.note)
    return Held(proved=False, tried=min(answer.samples for answer in still), method="samples", note="; ".join(notes))


# --- by examples ---


def _by_examples(more: Extended, claims: Sequence[Claim], as_of: datetime.date, effort: Effort) -> Held | Refuted:
    from asnmerit.strategies.library import first_that  # noqa: PLC0415 - Hypothesis is an extra

    law = more.law()

    def shown(claim: Claim, drawn: Any) -> Asked | None:  # noqa: ANN401 - a pair, or one record
        people = [decide(law, record, as_of) for record in drawn]
        return next((one for one in claim.asked if answers(one.question, people)), None)

    for claim in claims:
        if not claim.asked:
            continue
        strategy = _drawn(more.base, claim, as_of)
        found = first_that(strategy, lambda drawn, c=claim: shown(c, drawn) is not None, effort.examples)  # type: ignore[misc]
        if found is not None and (one := shown(claim, found)) is not None:
            return _refuted(more, claim, one, list(found), as_of, DRAWN)
    return Held(proved=False, tried=effort.examples, method="examples")


def _drawn(law: Law, claim: Claim, as_of: datetime.date) -> Any:  # noqa: ANN401 - a strategy of pairs, or of records alone
    from asnmerit.strategies.library import st  # noqa: PLC0415 - Hypothesis is an extra
    from asnmerit.strategies.offered import near_threshold, pairs, people  # noqa: PLC0415 - as above

    about = (*claim.decided, *claim.values) or None
    if isinstance(claim.asked[0].question, Pairs):
        return pairs(law, claim.facts, "up" if claim.relation == "up" else "any", about=about, as_of=as_of)
    anybody = st.one_of(near_threshold(law, about, as_of=as_of), people(law, as_of=as_of))
    return anybody.map(lambda record: (record,))


# --- whoever was found ---


def _refuted(
    more: Extended, claim: Claim, one: Asked, records: Sequence[dict[str, Any]], as_of: datetime.date, how: Said
) -> Refuted:
    """Show the people by the law itself, after the reference confirmed them by the law that measures.

    They are shown with the facts that matter to what is claimed, where that is enough.
    """
    law = more.base
    checks = [s.key for s in law.steps if s.role == "check"]
    keys = (key for name in claim.decided for key in keys_of_decision(law, law.decisions[name]))
    matter = facts_below(law, *keys, *claim.values, *checks)
    short = [{name: value for name, value in record.items() if name in matter} for record in records]
    if not answers(one.question, [replay(more.law(), record, as_of) for record in short]):
        short = list(records)
        for record in short:
            replay(more.law(), record, as_of)
    people = tuple(decide(law, record, as_of) for record in short)
    confirmed = pair(("{0}, dibenarkan oleh acuan", "{0}, confirmed by the reference"), how)
    return Refuted(claim, people, one.told(people), confirmed)
