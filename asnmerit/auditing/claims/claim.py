"""Claims of an audit: the questions to ask of a law, how to read the answers, and what is then said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.questions import Extreme, Pairs
from asnmerit.auditing.replaying import number, replay
from asnmerit.rules.declarations import About

if TYPE_CHECKING:
    import datetime

    from asnmerit.auditing.claims.tied import Tied
    from asnmerit.auditing.proving.cases import Answer
    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.decision import Decision
    from asnmerit.rules.law import Law

Words = Mapping[str, str]
Lanes = Mapping["Lane", Any]
Simplest = Callable[["Question", tuple[Lanes, ...]], tuple[Lanes, ...]]
"""Gives people who show the same, and are as simple as can be."""


def unchanged(_: Question, people: tuple[Lanes, ...]) -> tuple[Lanes, ...]:
    """Leave people as they are."""
    return people


@attrs.frozen(eq=False)
class Bench:
    """Where witnesses are decided: the law itself, the law with the measured steps, the day, and how to simplify.

    `among`: the people are only those whom the claim is about.
    """

    law: Law
    extended: Law
    as_of: datetime.date
    simplest: Simplest = unchanged
    among: bool = False

    def record(self, lanes: Lanes) -> dict[str, Any]:
        """Give a person as the law itself takes it."""
        said = record_of(self.extended, lanes, self.as_of)
        return {name: value for name, value in said.items() if name in self.law.declared}


@attrs.frozen(eq=False, slots=False)
class Shown:
    """A question with its answer; the people are decided when somebody looks."""

    question: Question
    answer: Answer
    bench: Bench

    @property
    def none(self) -> bool:
        """Whether it is proved that there is nobody."""
        return self.answer.verdict == "none"

    @property
    def found(self) -> bool:
        """Whether somebody was found."""
        return self.answer.verdict == "found"

    @cached_property
    def people(self) -> tuple[Lanes, ...]:
        """The people found, as simple as can be."""
        return self.bench.simplest(self.question, tuple(self.answer.people))

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        """What the law answers them, confirmed by the reference."""
        return tuple(replay(self.bench.law, self.bench.record(p), self.bench.as_of) for p in self.people)

    @cached_property
    def measured(self) -> tuple[Decision, ...]:
        """The same by the law with the measured steps, confirmed by the reference."""
        extended = self.bench.extended
        return tuple(replay(extended, record_of(extended, p, self.bench.as_of), self.bench.as_of) for p in self.people)

    def numbers(self, key: str) -> tuple[Fraction | None, ...]:
        """Give the value of a step for each of the people: a truth value as 0 or 1."""
        return tuple(number(d, key) for d in self.measured)


Read = Callable[[tuple[Shown, ...]], Sequence[Finding]]


@attrs.frozen(eq=False)
class Claim:
    """What is claimed, the questions that settle it, and how their answers are read into findings.

    Where one of the questions in `given` has nobody, the claim is empty and not asked: a dead rule is not asked
    whether it is redundant. Where somebody is found for whom the step `among` is not true, it is asked once more among
    those alone for whom it is. `tied` asks whether there is anybody at all of whom a claim of pairs can be refuted.
    """

    kind: Kind
    subject: str
    words: Words
    questions: tuple[Question, ...]
    read: Read
    about: About = attrs.field(factory=About)
    given: tuple[Question, ...] = ()
    among: str | None = None
    tied: Tied | None = None


def identity(question: Question) -> tuple[Any, ...]:
    """Give what makes two questions the same one, so that it is asked once.

    >>> from asnmerit.auditing.questions import Exists
    >>> identity(Exists("x")) == identity(Exists("x"))
    True
    """
    if isinstance(question, Pairs):
        return ("Pairs", question.key, question.op, question.by, _sorted(question.varying))
    where = (question.sense, question.where) if isinstance(question, Extreme) else ()
    return (type(question).__name__, question.key, *where, _sorted(question.within))


def _sorted(lanes: Mapping[Lane, Any]) -> str:
    return repr(sorted(lanes.items(), key=lambda x: (x[0][0], str(x[0][1]))))


def finding(
    claim: Claim,
    verdict: Verdict,
    shown: Sequence[Shown] = (),
    told: Words | None = None,
    /,
    *,
    witness: Witness | None = None,
    flaw: bool = False,
    **more: Any,  # noqa: ANN401 - fields of a finding that differ from the claim's
) -> Finding:
    """Make a finding of a claim; method, samples and seconds are those of the questions it rests on."""
    samples = [s.answer.samples for s in shown if s.answer.verdict == "open"] or [s.answer.samples for s in shown]
    found = Finding(
        claim.kind,
        claim.subject,
        verdict,
        claim.words,
        told or {},
        witness,
        None,
        flaw,
        claim.about,
        _method(shown),
        min(samples, default=0),
        sum(s.answer.seconds for s in shown),
    )
    return attrs.evolve(found, **more) if more else found


def _method(shown: Sequence[Shown]) -> str:
    """Give the farthest that one of the questions had to go."""
    order = ("structure", "samples", "solver")
    return max((s.answer.method for s in shown), key=order.index, default="structure")


def for_nobody(
    claim: Claim,
    shown: Shown,
    told: Callable[[Shown], Words],
    proved: Words | None = None,
    *,
    only: Sequence[str] = (),
    values: Sequence[str] = (),
) -> list[Finding]:
    """Read the answer to a claim that is refuted by anybody who is found."""
    if shown.found:
        witness = Witness(shown.decisions, only=tuple(only), values=tuple(values))
        return [finding(claim, Verdict.COUNTEREXAMPLE, [shown], told(shown), witness=witness, flaw=True)]
    if shown.none:
        return [finding(claim, Verdict.PROVED, [shown], proved)]
    return [finding(claim, Verdict.UNPROVED, [shown])]
