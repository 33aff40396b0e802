"""Merit policy as data: decide, explain and check promotions and incentives of civil servants.

The names below are the library. Each is loaded when it is first used, so that importing the package costs nothing.

>>> import asnmerit as am
>>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
>>> am.decide(law, {})["promotion"].status
'undetermined'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.advice.mapping import roadmap
    from asnmerit.advice.plans import RoadMap
    from asnmerit.auditing.difference.comparing import diff
    from asnmerit.auditing.difference.found import Difference
    from asnmerit.auditing.difference.losing import nobody_loses
    from asnmerit.auditing.findings import Audit, Finding
    from asnmerit.auditing.mcdc import McdcCases, mcdc_cases
    from asnmerit.auditing.session import audit
    from asnmerit.bundle import in_force, load, policies
    from asnmerit.decision import Decision, Outcome, RowError, Score, decide, decide_many, score
    from asnmerit.diagnostics import Diagnostic
    from asnmerit.errors import (
        ArgumentError,
        AsnmeritError,
        DecisionRecordError,
        Fault,
        FrameError,
        NotInForceError,
        PolicyError,
        PolicyNotFoundError,
        RecordError,
        UnknownDecisionError,
        WitnessError,
        WitnessUnavailableError,
    )
    from asnmerit.explanation import explain
    from asnmerit.frames.dataframes import decide_frame
    from asnmerit.frames.deciding import FrameOptions, answer_schema, decide_batches, reasons_of
    from asnmerit.frames.parquet import decide_parquet
    from asnmerit.frames.single import explain_row
    from asnmerit.lines import Explanation
    from asnmerit.missing import Missing
    from asnmerit.mutation.running import mutate
    from asnmerit.nip import Nip, NipError, compare_nip, doubt_nip, parse_nip
    from asnmerit.nip_faults import NipFault
    from asnmerit.ranked import Comparison, LeftOut, RankedRow, Ranking, RankingKey
    from asnmerit.ranking import rank, rank_duk
    from asnmerit.regulations import Regulation, regulation
    from asnmerit.replaying import Replay, replay
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy
    from asnmerit.scenarios import run_scenarios

_HOMES = {
    "asnmerit.advice.mapping": ("roadmap",),
    "asnmerit.advice.plans": ("RoadMap",),
    "asnmerit.auditing.session": ("audit",),
    "asnmerit.auditing.difference.comparing": ("diff",),
    "asnmerit.auditing.difference.found": ("Difference",),
    "asnmerit.auditing.difference.losing": ("nobody_loses",),
    "asnmerit.auditing.findings": ("Audit", "Finding"),
    "asnmerit.auditing.mcdc": ("McdcCases", "mcdc_cases"),
    "asnmerit.bundle": ("in_force", "load", "policies"),
    "asnmerit.decision": ("Decision", "Outcome", "RowError", "Score", "decide", "decide_many", "score"),
    "asnmerit.diagnostics": ("Diagnostic",),
    "asnmerit.errors": (
        "ArgumentError",
        "AsnmeritError",
        "DecisionRecordError",
        "Fault",
        "FrameError",
        "NotInForceError",
        "PolicyError",
        "PolicyNotFoundError",
        "RecordError",
        "UnknownDecisionError",
        "WitnessError",
        "WitnessUnavailableError",
    ),
    "asnmerit.explanation": ("explain",),
    "asnmerit.frames.dataframes": ("decide_frame",),
    "asnmerit.frames.deciding": ("FrameOptions", "answer_schema", "decide_batches", "reasons_of"),
    "asnmerit.frames.parquet": ("decide_parquet",),
    "asnmerit.frames.single": ("explain_row",),
    "asnmerit.lines": ("Explanation",),
    "asnmerit.missing": ("Missing",),
    "asnmerit.mutation.running": ("mutate",),
    "asnmerit.nip": ("Nip", "NipError", "compare_nip", "doubt_nip", "parse_nip"),
    "asnmerit.nip_faults": ("NipFault",),
    "asnmerit.ranked": ("Comparison", "LeftOut", "RankedRow", "Ranking", "RankingKey"),
    "asnmerit.ranking": ("rank", "rank_duk"),
    "asnmerit.regulations": ("Regulation", "regulation"),
    "asnmerit.replaying": ("Replay", "replay"),
    "asnmerit.rules.law": ("Law",),
    "asnmerit.rules.policy": ("Policy",),
    "asnmerit.scenarios": ("run_scenarios",),
}

__all__ = [
    "ArgumentError",
    "AsnmeritError",
    "Audit",
    "Comparison",
    "Decision",
    "DecisionRecordError",
    "Diagnostic",
    "Difference",
    "Explanation",
    "Fault",
    "Finding",
    "FrameError",
    "FrameOptions",
    "Law",
    "LeftOut",
    "McdcCases",
    "Missing",
    "Nip",
    "NipError",
    "NipFault",
    "NotInForceError",
    "Outcome",
    "Policy",
    "PolicyError",
    "PolicyNotFoundError",
    "RankedRow",
    "Ranking",
    "RankingKey",
    "RecordError",
    "Regulation",
    "Replay",
    "RoadMap",
    "RowError",
    "Score",
    "UnknownDecisionError",
    "WitnessError",
    "WitnessUnavailableError",
    "__version__",
    "answer_schema",
    "audit",
    "compare_nip",
    "decide",
    "decide_batches",
    "decide_frame",
    "decide_many",
    "decide_parquet",
    "diff",
    "doubt_nip",
    "explain",
    "explain_row",
    "in_force",
    "load",
    "mcdc_cases",
    "mutate",
    "nobody_loses",
    "parse_nip",
    "policies",
    "rank",
    "rank_duk",
    "reasons_of",
    "regulation",
    "replay",
    "roadmap",
    "run_scenarios",
    "score",
]


def __getattr__(name: str) -> object:
    """Load a name of the library from its home when it is first used."""
    for home, names in _HOMES.items():
        if name in names:
            module = import_module(home)
            for each in names:
                globals()[each] = getattr(module, each)
            return globals()[name]
    message = f"module 'asnmerit' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the names of the library."""
    return sorted(__all__)
