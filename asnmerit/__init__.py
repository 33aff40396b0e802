"""Merit policy as data: decide, explain and check promotions and incentives of civil servants.

The names below are the library. Each is loaded when it is first used, so that importing the package costs nothing.

>>> import asnmerit as am
>>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
>>> am.decide(law, {})["promotion"].status
'undetermined'
"""

from __future__ import annotations

from contextlib import suppress
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
    from asnmerit.comparison.attributed import Attribution
    from asnmerit.comparison.attributing import TooManyChangesError, attribute
    from asnmerit.comparison.compared import Compared, DecisionCompared
    from asnmerit.comparison.comparing import compare
    from asnmerit.decision import Decision, Outcome, RowError, Score, decide, decide_many, score
    from asnmerit.diagnostics import Diagnostic
    from asnmerit.equity.fairly import fairness
    from asnmerit.equity.report import Fairness
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
    from asnmerit.pictures.person import waterfall
    from asnmerit.pictures.picture import Picture
    from asnmerit.pictures.pipeline import promotion_pipeline
    from asnmerit.pictures.pyramid import rank_pyramid
    from asnmerit.pictures.rates import group_rates
    from asnmerit.pictures.reforms import reform_flow, winners_and_losers
    from asnmerit.pictures.shares import nine_box, predicate_distribution
    from asnmerit.pictures.sweeps import sweep_map
    from asnmerit.population.making import synthetic, synthetic_batches
    from asnmerit.population.shares import population_shares
    from asnmerit.projection.ages import RetirementAge
    from asnmerit.projection.assumptions import Appraisal, Assumptions, Recruitment
    from asnmerit.projection.faults import ProjectionError
    from asnmerit.projection.projected import Projection
    from asnmerit.projection.projecting import project
    from asnmerit.ranked import Comparison, LeftOut, RankedRow, Ranking, RankingKey
    from asnmerit.ranking import rank, rank_duk
    from asnmerit.reforming.reforming import Reform, reform
    from asnmerit.regulations import Regulation, regulation
    from asnmerit.replaying import Replay, replay
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy
    from asnmerit.scenarios import run_scenarios
    from asnmerit.selection.faults import SelectionError, TiedError
    from asnmerit.selection.selected import Selected, Selection
    from asnmerit.selection.selecting import SelectOptions, select
    from asnmerit.sensitivity.fragile import fragility
    from asnmerit.sensitivity.moving import WeightMargins, weight_margins
    from asnmerit.sensitivity.stability import Fragility
    from asnmerit.sensitivity.sweeping import Sweep, sweep

    __all__ = [
        "Appraisal",
        "ArgumentError",
        "AsnmeritError",
        "Assumptions",
        "Attribution",
        "Audit",
        "Compared",
        "Comparison",
        "Decision",
        "DecisionCompared",
        "DecisionRecordError",
        "Diagnostic",
        "Difference",
        "Explanation",
        "Fairness",
        "Fault",
        "Finding",
        "Fragility",
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
        "Picture",
        "Policy",
        "PolicyError",
        "PolicyNotFoundError",
        "Projection",
        "ProjectionError",
        "RankedRow",
        "Ranking",
        "RankingKey",
        "RecordError",
        "Recruitment",
        "Reform",
        "Regulation",
        "Replay",
        "RetirementAge",
        "RoadMap",
        "RowError",
        "Score",
        "SelectOptions",
        "Selected",
        "Selection",
        "SelectionError",
        "Sweep",
        "TiedError",
        "TooManyChangesError",
        "UnknownDecisionError",
        "WeightMargins",
        "WitnessError",
        "WitnessUnavailableError",
        "__version__",
        "answer_schema",
        "attribute",
        "audit",
        "compare",
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
        "fairness",
        "fragility",
        "group_rates",
        "in_force",
        "load",
        "mcdc_cases",
        "mutate",
        "nine_box",
        "nobody_loses",
        "parse_nip",
        "policies",
        "population_shares",
        "predicate_distribution",
        "project",
        "promotion_pipeline",
        "rank",
        "rank_duk",
        "rank_pyramid",
        "reasons_of",
        "reform",
        "reform_flow",
        "regulation",
        "replay",
        "roadmap",
        "run_scenarios",
        "score",
        "select",
        "sweep",
        "sweep_map",
        "synthetic",
        "synthetic_batches",
        "waterfall",
        "weight_margins",
        "winners_and_losers",
    ]

_HOMES = {
    "asnmerit.advice.mapping": ("roadmap",),
    "asnmerit.advice.plans": ("RoadMap",),
    "asnmerit.auditing.difference.comparing": ("diff",),
    "asnmerit.auditing.difference.found": ("Difference",),
    "asnmerit.auditing.difference.losing": ("nobody_loses",),
    "asnmerit.auditing.findings": ("Audit", "Finding"),
    "asnmerit.auditing.mcdc": ("McdcCases", "mcdc_cases"),
    "asnmerit.auditing.session": ("audit",),
    "asnmerit.bundle": ("in_force", "load", "policies"),
    "asnmerit.comparison.attributed": ("Attribution",),
    "asnmerit.comparison.attributing": ("TooManyChangesError", "attribute"),
    "asnmerit.comparison.compared": ("Compared", "DecisionCompared"),
    "asnmerit.comparison.comparing": ("compare",),
    "asnmerit.decision": ("Decision", "Outcome", "RowError", "Score", "decide", "decide_many", "score"),
    "asnmerit.diagnostics": ("Diagnostic",),
    "asnmerit.equity.fairly": ("fairness",),
    "asnmerit.equity.report": ("Fairness",),
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
    "asnmerit.pictures.person": ("waterfall",),
    "asnmerit.pictures.picture": ("Picture",),
    "asnmerit.pictures.pipeline": ("promotion_pipeline",),
    "asnmerit.pictures.pyramid": ("rank_pyramid",),
    "asnmerit.pictures.rates": ("group_rates",),
    "asnmerit.pictures.reforms": ("reform_flow", "winners_and_losers"),
    "asnmerit.pictures.shares": ("nine_box", "predicate_distribution"),
    "asnmerit.pictures.sweeps": ("sweep_map",),
    "asnmerit.population.making": ("synthetic", "synthetic_batches"),
    "asnmerit.population.shares": ("population_shares",),
    "asnmerit.projection.ages": ("RetirementAge",),
    "asnmerit.projection.assumptions": ("Appraisal", "Assumptions", "Recruitment"),
    "asnmerit.projection.faults": ("ProjectionError",),
    "asnmerit.projection.projected": ("Projection",),
    "asnmerit.projection.projecting": ("project",),
    "asnmerit.ranked": ("Comparison", "LeftOut", "RankedRow", "Ranking", "RankingKey"),
    "asnmerit.ranking": ("rank", "rank_duk"),
    "asnmerit.reforming.reforming": ("Reform", "reform"),
    "asnmerit.regulations": ("Regulation", "regulation"),
    "asnmerit.replaying": ("Replay", "replay"),
    "asnmerit.rules.law": ("Law",),
    "asnmerit.rules.policy": ("Policy",),
    "asnmerit.scenarios": ("run_scenarios",),
    "asnmerit.selection.faults": ("SelectionError", "TiedError"),
    "asnmerit.selection.selected": ("Selected", "Selection"),
    "asnmerit.selection.selecting": ("SelectOptions", "select"),
    "asnmerit.sensitivity.fragile": ("fragility",),
    "asnmerit.sensitivity.moving": ("WeightMargins", "weight_margins"),
    "asnmerit.sensitivity.stability": ("Fragility",),
    "asnmerit.sensitivity.sweeping": ("Sweep", "sweep"),
}


def __getattr__(name: str) -> object:
    """Load a name of the library from its home when it is first used."""
    if name == "__all__":
        return __dir__()
    for home, names in _HOMES.items():
        if name in names:
            module = import_module(home)
            for each in names:
                globals()[each] = getattr(module, each)
            return globals()[name]
    message = f"module 'asnmerit' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the names that can be used here, for `import *`, `help` and `dir`.

    What needs a library that is not installed is left out; asked for by its name, it says what to install.
    """
    usable = ["__version__"]
    for home, names in _HOMES.items():
        with suppress(ModuleNotFoundError):
            import_module(home)
            usable += names
    return sorted(usable)
