"""A population in columns for `population.py`: seeded, lawful, every fact known, one value in ten on a threshold."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

AS_OF = datetime.date(2026, 4, 1)
SCORES = (7000, 8500, 6500, 8250, 9000)
RATED = tuple(
    f"{what}_{who}" for what in ("quality", "conduct") for who in ("supervisor", "peer_1", "peer_2", "peer_3", "staff")
)
BOOLS = {"competency_passed": 0.7, "exceptional_achievement": 0.02, "mentor": 0.2, "under_examination": 0.03}
CODES = {
    "education": (0.25, 0.2, 0.4, 0.12, 0.03),
    "position_kind": (0.35, 0.5, 0.15),
    "predicate_before": (0.01, 0.02, 0.07, 0.7, 0.2),
    "predicate_last": (0.01, 0.02, 0.07, 0.7, 0.2),
    "sanction_level": (0.94, 0.03, 0.02, 0.01),
    "zone": (0.5, 0.25, 0.15, 0.1),
}
EDGES = {"training_hours": (23, 24), "absent_days": (0, 1, 10, 11), "subordinates": (4, 5, 20, 21)}
OUTPUTS = (
    "merit_score", "box", "months_in_rank", "credit_total",
    "not_examined", "not_sanctioned", "good_last_year", "good_two_years", "credit_enough", "long_in_rank",
    "some_time_in_rank", "settled_in_post", "high_in_matrix", "below_ceiling", "trained", "present",
    "promotion.granted", "promotion.track", "promotion.new_rank", "incentives.amount",
)  # fmt: skip
"""The steps that every engine hands out, in this order: four numbers, the twelve conditions, what was decided."""
TRUTHS = frozenset(OUTPUTS[4:17])
Columns = dict[str, Any]


def people(rows: int, seed: int = 1) -> Columns:
    """Make so many people: int32 and bool columns by the name of the fact, in the order of the names."""
    rng = np.random.default_rng(seed)
    today = AS_OF.toordinal()
    made: Columns = {}
    for name in (*RATED, "potential"):
        made[name] = _edged(rng, np.clip(rng.normal(7900, 1000, rows), 0, 10000), SCORES)
    for name, share in BOOLS.items():
        made[name] = rng.random(rows) < share
    for name, shares in CODES.items():
        made[name] = rng.choice(len(shares), rows, p=shares).astype(np.int32)
    made["rank"] = np.clip(rng.normal(9, 3, rows).round(), 0, 16).astype(np.int32)
    for name, months in (("rank_date", 90), ("position_date", 80), ("service_date", 400)):
        back = _edged(rng, rng.integers(0, months, rows), (12, 24, 36, 48, 360)) * 30.4375
        made[name] = (today - back.astype(np.int32) - rng.integers(-3, 20, rows)).astype(np.int32)
    made["sanction_end"] = (today + rng.integers(-900, 300, rows)).astype(np.int32)
    made["credit"] = _edged(rng, rng.integers(0, 250_000, rows), (0, 50_000, 87_500, 100_000, 150_000))
    made["base_pay"] = rng.integers(1_500_000, 7_000_001, rows, dtype=np.int32)
    for name, highest in (("absent_days", 20), ("training_hours", 80), ("subordinates", 30)):
        made[name] = _edged(rng, rng.integers(0, highest, rows), EDGES[name])
    made["projects_on_time"] = rng.integers(0, 8, rows, dtype=np.int32)
    return dict(sorted(made.items()))


def _edged(rng: np.random.Generator, drawn: Any, edges: tuple[int, ...]) -> Any:  # noqa: ANN401 - NumPy's own
    on = rng.random(len(drawn)) < 0.1
    return np.where(on, rng.choice(edges, len(drawn)), drawn).astype(np.int32)


def empty_answer(rows: int) -> Columns:
    """Make the columns that an engine writes into."""
    return {name: np.empty(rows, np.bool_ if name in TRUTHS else np.int32) for name in OUTPUTS}


def same(columns: Columns) -> Columns:
    """Take columns in, or read an answer, where nothing is to be done."""
    return columns
