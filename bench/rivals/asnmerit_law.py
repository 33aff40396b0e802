"""The thirty rules in asnmerit: the policy document, and nothing beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import asnmerit as am

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from . import Answer, Decide, Record

POLICY = Path(__file__).parents[1] / "policies" / "thirty.yaml"
DAY = "2026-04-01"


def read(decision: am.Decision) -> Answer:
    """Return a decision in the common form."""
    promotion, incentives, recognition = decision["promotion"], decision["incentives"], decision["recognition"]
    return {
        "promotion": {"status": promotion.status, **promotion.outcome},
        "incentives": {
            "status": incentives.status,
            "amounts": {grant.rule: grant.outcome["amount"] for grant in incentives.grants},
            "total": incentives.total,
        },
        "recognition": {"status": recognition.status, **recognition.outcome},
    }


def prepare() -> Decide:
    """Return a function that decides and reads the common answer off the decision."""
    law = am.in_force(am.load(POLICY), on=DAY)

    def decide(record: Record, as_of: date) -> Answer:
        return read(am.decide(law, record, as_of=as_of))

    return decide


def prepare_decision() -> Callable[[Record, date], am.Decision]:
    """Return a function that decides, and leaves the decision as it is."""
    law = am.in_force(am.load(POLICY), on=DAY)

    def decide(record: Record, _: date) -> am.Decision:
        return am.decide(law, record)

    return decide


def prepare_record() -> Callable[[Record, date], dict[str, Any]]:
    """Return a function that decides, and writes out all that an explanation is made from."""
    law = am.in_force(am.load(POLICY), on=DAY)

    def decide(record: Record, _: date) -> dict[str, Any]:
        return am.decide(law, record).to_dict()

    return decide
