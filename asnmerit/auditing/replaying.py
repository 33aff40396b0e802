"""Replaying a witness: by `decide`, and by the reference, which must say the same before anybody is shown it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.decision import Decision, decide
from asnmerit.errors import AsnmeritError
from asnmerit.exact import by_reference, exact_given

if TYPE_CHECKING:
    from asnmerit.rules.law import Law


class ReplayError(AsnmeritError):
    """An engine and the reference differ on a witness: a fault of this library, told and never hidden."""

    def __init__(self, policy: str, step: str) -> None:
        """Keep the policy and the first step that differs."""
        self.policy, self.step = policy, step
        super().__init__(policy, step)

    def __str__(self) -> str:
        """Name both."""
        return f"{self.policy}: the witness replays otherwise by the reference, at `{self.step}`; please report this"


def replay(law: Law, record: Mapping[str, object], as_of: datetime.date | None = None) -> Decision:
    """Decide a witness, and have the reference confirm every step.

    The law may be extended by the steps that measure what is asked: they are confirmed too.

    Raises:
        RecordError: if the record is not one that the edge accepts.
        ReplayError: if the reference has another value for a step.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> replay(law, {"results_rating": "sesuai", "behaviour_rating": "sesuai"})["predikat_kinerja"].status
    'granted'
    """
    decision = decide(law, record, as_of)
    right = by_reference(law, decision.given)
    _, ours = exact_given(decision)
    for key, value in right.items():
        if not same(ours[key], value):
            raise ReplayError(law.policy, key)
    return decision


def same(ours: Any, right: Any) -> bool:  # noqa: ANN401 - exact values, or lists of them
    """Whether two exact values are one, truth values and numbers kept apart."""
    if isinstance(ours, list) and isinstance(right, list):
        return len(ours) == len(right) and all(map(same, ours, right))
    if isinstance(ours, bool) or isinstance(right, bool):
        return ours is right
    if ours is None or right is None:
        return ours is right
    return Fraction(ours) == Fraction(right)


def number(decision: Decision, key: str) -> Fraction | None:
    """Give the value of a step as an exact number: a truth value as 0 or 1; None where it is not known."""
    law = decision.law
    at = law.index[key]
    raw = decision.raw[at]
    return None if raw is None else Fraction(int(raw), law.steps[at].code.type.den)
