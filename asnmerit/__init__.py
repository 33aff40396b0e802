"""Merit policy as data: decide, explain and check promotions and incentives of civil servants.

>>> import asnmerit as am
>>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
>>> am.decide(law, {})["promotion"].status
'undetermined'
"""

from __future__ import annotations

from asnmerit.bundle import in_force, load, policies
from asnmerit.decide import Decision, Outcome, RowError, Score, decide, decide_many, score
from asnmerit.diagnostics import Diagnostic
from asnmerit.errors import (
    ArgumentError,
    AsnmeritError,
    DecisionRecordError,
    Fault,
    NotInForceError,
    PolicyError,
    PolicyNotFoundError,
    RecordError,
)
from asnmerit.explain import Explanation, explain
from asnmerit.record import Replay, replay
from asnmerit.rules.law import Law
from asnmerit.rules.policy import Policy
from asnmerit.version import __version__

__all__ = [
    "ArgumentError",
    "AsnmeritError",
    "Decision",
    "DecisionRecordError",
    "Diagnostic",
    "Explanation",
    "Fault",
    "Law",
    "NotInForceError",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyNotFoundError",
    "RecordError",
    "Replay",
    "RowError",
    "Score",
    "__version__",
    "decide",
    "decide_many",
    "explain",
    "in_force",
    "load",
    "policies",
    "replay",
    "score",
]
