"""Questions asked once more among some people alone: those who are granted something, or for whom no rules conflict."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.claims.claim import Bench, Claim, Shown
from asnmerit.auditing.claims.plainest import Plainest
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.proving.driver import Prover
from asnmerit.decision import decide
from asnmerit.rules.law import LawStep

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.rules.law import Law


def reaches_beyond(claim: Claim, shown: Shown) -> bool:
    """Whether who was found against a claim is not among those whom it is about."""
    if claim.among is None or not shown.found:
        return False
    law, as_of = shown.bench.extended, shown.bench.as_of
    at = law.index[claim.among]
    decided = (decide(law, record_of(law, p, as_of), as_of) for p in shown.answer.people)
    return any(d.raw[at] is not True for d in decided)


def asked_among(claims: Sequence[Claim], bench: Bench, budget: Budget) -> dict[Claim, tuple[Shown, ...]]:
    """Ask the questions of claims among those alone whom each is about; as long again may witnesses be made plain."""
    found: dict[Claim, tuple[Shown, ...]] = {}
    until = time.monotonic() + 2 * budget.total
    keys = tuple(dict.fromkeys(c.among for c in claims))
    own = attrs.evolve(budget, total=budget.total / max(1, len(keys)))
    for key in keys:
        group = [c for c in claims if c.among == key]
        law = _alone(bench.extended, str(key))
        here = attrs.evolve(bench, extended=law, simplest=Plainest(law, bench.as_of, until=until), among=True)
        questions = [q for c in group for q in c.questions]
        with Prover(law, own, as_of=bench.as_of) as prover:
            answers = iter(prover.ask_all(questions))
            found |= {c: tuple(Shown(q, next(answers), here) for q in c.questions) for c in group}
    return found


def _alone(law: Law, key: str) -> Law:
    """Give the law whose people are all those for whom a step is true."""
    step = law.steps[law.index[key]]
    check = LawStep(f"checks.{key} here", "check", step.type, step.rich, step.code, step.about)
    return attrs.evolve(law, steps=(*law.steps, check))
