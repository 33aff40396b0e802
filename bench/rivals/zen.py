"""The thirty rules in zen-engine: the whole policy, dates and tables and hit policies included.

Two expression nodes, the fastest of what was tried (three decision tables took half as long again), run by
`ZenEngine.evaluate` with a static loader, which compiles once. `create_decision(...).evaluate` is slower
by far: since 0.38 each call of it costs about a quarter of a millisecond (gorules/zen #441). It takes
neither `Decimal` nor `date`: both are turned into what it takes inside the timed call.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from zen import ZenEngine

from . import hand
from .conditions import AWARDS, FIXED_AMOUNTS, INCENTIVES, PROMOTION, RECOGNITION, TRACKS, Condition

if TYPE_CHECKING:
    from datetime import date

    from . import Answer, Decide, Record

DERIVED = {
    "ranks": json.dumps(hand.RANK),
    "bounds": json.dumps({name: {"entry": entry, "top": top} for name, (entry, top) in hand.ENTRY_AND_TOP.items()}),
    "bands": json.dumps({name: {"bottom": bottom, "top": top} for name, (bottom, top) in hand.BAND.items()}),
    "predicates": json.dumps(hand.PREDICATE),
    "needs": json.dumps([float(need) for need in hand.CREDIT_NEED]),
    "rank_level": "$.ranks[rank]",
    "bound": "$.bounds[education]",
    "pita": "$.bands[echelon]",
    "last": "$.predicates[predicate_last]",
    "before": "$.predicates[predicate_before]",
    "today": "d(as_of)",
    "months_in_rank": '$.today.diff(d(rank_date), "month")',
    "months_in_post": '$.today.diff(d(position_date), "month")',
    "years_of_service": 'floor($.today.diff(d(service_date), "month") / 12)',
    "age": 'floor($.today.diff(d(birth_date), "month") / 12)',
    "under_sanction": 'sanction_level in ["sedang", "berat"] and $.today <= d(sanction_end)',
    "good_two_years": f"$.last >= {hand.BAIK} and $.before >= {hand.BAIK}",
    "credit_met": "credit >= $.needs[$.rank_level]",
    "score": "round(quality * 0.5 + max([discipline - 2.5 * absent_days, 0]) * 0.3 + innovation * 0.2, 2)",
}
DEGREE = 'education in ["d4", "s1", "s2", "s3"]'
ADVANCED = 'education in ["s2", "s3"]'
"""The conditions of `conditions.py` that read better, or only, in the engine's own terms."""
TERMS: dict[Condition, str] = {
    ("kind", "==", 0): 'position_kind == "pelaksana"',
    ("kind", "==", 1): 'position_kind == "fungsional"',
    ("kind", "==", 2): 'position_kind == "struktural"',
    ("kind", "<", 2): 'position_kind != "struktural"',
    ("kind", ">", 0): 'position_kind != "pelaksana"',
    ("zone", ">=", 2): 'zone in ["pedalaman", "pegunungan"]',
    ("zone", ">", 0): 'zone != "kota"',
    ("education", ">=", hand.S1): DEGREE,
    ("education", "<", hand.S1): f"not ({DEGREE})",
    ("education", ">=", hand.S2): ADVANCED,
    ("echelon", ">=", 1): 'echelon != "bukan"',
    ("sanction", "==", 0): 'sanction_level == "tidak_ada"',
    ("sanction", "<=", hand.RINGAN): 'sanction_level in ["tidak_ada", "ringan"]',
    ("below_entry", "==", 1): "rank_level < bound.entry",
    ("below_top", "==", 1): "rank_level < bound.top",
    ("within_band", "==", 1): "pita.bottom <= rank_level and rank_level < pita.top",
    ("below_band", "==", 1): "pita.bottom - rank_level == 1",
    ("exam_settled", "==", 1): '(exam_passed or rank not in ["II/d", "III/d"])',
}
FLAGS = {
    "under_sanction",
    "good_two_years",
    "credit_met",
    "under_examination",
    "exam_passed",
    "competency_passed",
    "exceptional_achievement",
    "large_project_led",
    "mentor",
}
HUNDREDTHS = {"score", "quality", "discipline", "innovation"}
AMOUNTS = {name: str(fixed) for name, fixed in FIXED_AMOUNTS.items()} | {
    "tunjangan_merit": "round(base_pay * (score >= 95 ? 0.2 : score >= 90 ? 0.15 : score >= 85 ? 0.1 : "
    "score >= 80 ? 0.075 : 0.05), 0)",
    "tunjangan_terpencil": 'round(base_pay * (zone == "pesisir" ? 0.05 : zone == "pedalaman" ? 0.125 : 0.175), 0)',
    "proyek_tepat_waktu": "400000 * min([projects_on_time, 5])",
    "dua_tahun_terbaik": "round(base_pay * 0.125, 0)",
    "pimpinan": "50000 * min([subordinates, 20])",
    "tunjangan_fungsional": "rank_level >= 15 ? 1480000 : rank_level >= 12 ? 1260000 : rank_level >= 10 ? 960000 : "
    "rank_level >= 8 ? 540000 : rank_level >= 4 ? 300000 : 250000",
}


def term(test: Condition) -> str:
    """Return one condition as an expression over the input and the derived values."""
    name, operator, constant = test
    if test in TERMS:
        return TERMS[test]
    if name in FLAGS:
        return name if constant else f"not {name}"
    if name == "rank":
        return f"rank_level {operator} {constant}"
    if name in HUNDREDTHS:
        return f"{name} {operator} {constant / 100:g}"
    if name == "service_rating":
        return f"{name} {operator} {constant / 10:g}"
    return f"{name} {operator} {constant}"


def holds(tests: tuple[Condition, ...]) -> str:
    """Return the conditions of one rule as one expression."""
    return " and ".join(term(test) for test in tests)


def first_of(rules: dict[str, tuple[Condition, ...]]) -> str:
    """Return an expression for the place of the first rule that holds, or -1 (a null would be left out)."""
    text = "-1"
    for place, tests in reversed(list(enumerate(rules.values()))):
        text = f"({holds(tests)}) ? {place} : ({text})"
    return text


def expression_node(name: str, expressions: dict[str, str], *, whole: bool) -> dict[str, Any]:
    """Return a node of the decision graph."""
    steps = [{"id": f"{name}_{key}", "key": key, "value": text} for key, text in expressions.items()]
    content = {"expressions": steps, "passThrough": whole, "executionMode": "single"}
    return {"id": name, "name": name, "type": "expressionNode", "content": content}


def graph() -> dict[str, Any]:
    """Return the decision graph."""
    paid = ", ".join(f"({holds(tests)}) ? ({AMOUNTS[rule]}) : null" for rule, tests in INCENTIVES.items())
    outcome = {"promotion": first_of(PROMOTION), "incentives": f"[{paid}]", "recognition": first_of(RECOGNITION)}
    nodes = [
        {"id": "input", "name": "input", "type": "inputNode"},
        expression_node("derived", DERIVED, whole=True),
        expression_node("rules", outcome, whole=False),
        {"id": "output", "name": "output", "type": "outputNode"},
    ]
    pairs = [("input", "derived"), ("derived", "rules"), ("rules", "output")]
    edges = [{"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in pairs]
    return {"nodes": nodes, "edges": edges}


DATES = ("rank_date", "position_date", "service_date", "birth_date", "sanction_end")
NUMBERS = ("quality", "discipline", "innovation", "service_rating", "credit")


def context(record: Record, as_of: date) -> dict[str, Any]:
    """Return the record as what the engine takes."""
    taken = {**record, "as_of": as_of.isoformat()}
    for name in DATES:
        taken[name] = record[name].isoformat()
    for name in NUMBERS:
        taken[name] = float(record[name])
    return taken


def read(result: dict[str, Any], record: Record) -> Answer:
    """Return the engine's result in the common form."""
    told: Answer = {
        "promotion": {"status": "refused"},
        "incentives": {"status": "refused", "amounts": {}, "total": 0},
        "recognition": {"status": "refused"},
    }
    if result["promotion"] >= 0:
        rule = PLACES[0][int(result["promotion"])]
        level = min(hand.RANK[record["rank"]] + 1, 16)
        if rule == "penyesuaian_ijazah":
            level = hand.ENTRY_AND_TOP[record["education"]][0]
        told["promotion"] = {"status": "granted", "track": TRACKS.get(rule, rule), "new_rank": hand.RANKS[level]}
    amounts = {rule: int(paid) for rule, paid in zip(PLACES[1], result["incentives"], strict=True) if paid is not None}
    if amounts:
        told["incentives"] = {"status": "granted", "amounts": amounts, "total": sum(amounts.values())}
    if result["recognition"] >= 0:
        rule = PLACES[2][int(result["recognition"])]
        told["recognition"] = {"status": "granted", "award": AWARDS.get(rule, rule)}
    return told


PLACES = (tuple(PROMOTION), tuple(INCENTIVES), tuple(RECOGNITION))


def prepare() -> Decide:
    """Compile the graph, and return a function that evaluates it."""
    engine = ZenEngine({"loader": {"type": "static", "content": {"thirty": graph()}}})

    def decide(record: Record, as_of: date) -> Answer:
        return read(engine.evaluate("thirty", context(record, as_of))["result"], record)

    return decide


def prepare_decision() -> Decide:
    """Compile the graph by `create_decision`, the other call style of the documentation."""
    decision = ZenEngine().create_decision(json.dumps(graph()))

    def decide(record: Record, as_of: date) -> Answer:
        return read(decision.evaluate(context(record, as_of))["result"], record)

    return decide
