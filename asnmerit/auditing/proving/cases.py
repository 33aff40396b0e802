"""A question while it is being answered: what was tried, what was found, and its answer in the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.auditing.questions import Extreme

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.questions import Lane, Question

Lanes = dict["Lane", Any]
MOST_TRIES = 8
"""Candidates of one question that may fail to be confirmed before samples of it are looked at no more."""


@attrs.frozen
class Answer:
    """What is known of a question, by which method, after how long.

    `none`: proved that there is nobody; `found`: `people` are one, or a pair, confirmed by the reference; `open`:
    neither. `samples` people or pairs were looked at. Of an `Extreme`: the best `value` found and who has it, the
    `bound` that no value passes, `proved` where the two meet. `note` says what stood in the way.
    """

    verdict: Literal["none", "found", "open"]
    people: tuple[Mapping[Lane, Any], ...] = ()
    method: Literal["structure", "samples", "solver"] = "samples"
    samples: int = 0
    seconds: float = 0.0
    value: int | None = None
    proved: bool = False
    bound: int | None = None
    note: str = ""


@attrs.define(eq=False)
class Case:
    """One question under way."""

    number: int
    question: Question
    verdict: Literal["none", "found", "open"] = "open"
    people: tuple[Lanes, ...] = ()
    method: Literal["structure", "samples", "solver"] = "samples"
    samples: int = 0
    seconds: float = 0.0
    value: int | None = None
    bound: int | None = None
    notes: dict[str, None] = attrs.field(factory=dict)
    refused: int = 0
    closed: Literal["structure", "solver"] = "structure"

    @property
    def keys(self) -> tuple[str, ...]:
        """The steps that are asked about."""
        question = self.question
        where = question.where if isinstance(question, Extreme) else None
        return (question.key,) if where is None else (question.key, where)

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be found out."""
        if isinstance(self.question, Extreme):
            return self.verdict == "none" or (self.value is not None and self.value == self.bound)
        return self.verdict != "open"

    def answer(self) -> Answer:
        """Give the answer as it stands. Of an `Extreme` that is proved, the method is that of the bound."""
        proved = isinstance(self.question, Extreme) and self.settled and self.verdict == "found"
        return Answer(
            self.verdict,
            self.people,
            self.closed if proved else self.method,
            self.samples,
            round(self.seconds, 3),
            self.value,
            self.settled,
            self.bound,
            "; ".join(self.notes),
        )

    def bounded(self, bound: int | None) -> None:
        """Take a bound that the solver proved, where it is closer."""
        if bound is None or not isinstance(self.question, Extreme):
            return
        closer = min if self.question.sense == "max" else max
        new = bound if self.bound is None else closer(self.bound, bound)
        if new != self.bound:
            self.bound, self.closed = new, "solver"

    def better(self, value: int) -> bool:
        """Whether a value is better than the best so far."""
        if self.value is None:
            return True
        assert isinstance(self.question, Extreme)  # noqa: S101 - only such a question has values
        return value > self.value if self.question.sense == "max" else value < self.value
