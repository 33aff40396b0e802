"""Made-up staff of Manokwari, near the lines that its policy draws."""

from __future__ import annotations

import datetime
import random

import pyarrow as pa

import asnmerit as am
from asnmerit.originals import original
from asnmerit.rules.editing import Set, node_at, written

MERIT = "manokwari/merit"
ON = "2026-04-01"
STATUSES = ("granted", "refused", "undetermined", "conflict", "error")


def staff(rows: int, seed: int = 0, unknown: int = 10) -> pa.Table:
    """Made-up people near the thresholds of Manokwari: some facts unknown, some rows faulty."""
    draw = random.Random(seed)

    def some(value):
        return None if draw.randrange(100) < unknown else value

    def ratings(most, least=0):
        return [round(draw.uniform(60, 100), 2) for _ in range(draw.randint(least, most))]

    days = [datetime.date(2024, 3, 30), datetime.date(2024, 4, 1), datetime.date(2024, 4, 2), datetime.date(2020, 1, 1)]
    columns = {
        "employee": [f"P{i}" for i in range(rows)],
        "employment": [some("pns") for _ in range(rows)],
        "active": [some(draw.random() < 0.95) for _ in range(rows)],
        "performance_2024": [some(draw.choice(["butuh_perbaikan", "baik", "sangat_baik"])) for _ in range(rows)],
        "performance_2025": [
            draw.choice(["baik", "sangat_baik", "cukup" * (unknown > 0) or "baik"]) for _ in range(rows)
        ],
        "quality_supervisor": [some(ratings(1, 1)) for _ in range(rows)],
        "quality_peers": [ratings(5) for _ in range(rows)],
        "quality_subordinates": [ratings(4) for _ in range(rows)],
        "innovation_panel": [some(ratings(3, 1)) for _ in range(rows)],
        "position_date": [some(draw.choice(days)) for _ in range(rows)],
        "absences": pa.array(
            [
                [{"start": datetime.date(2025, 5, 5), "days": draw.randint(1, 4)}] * draw.randint(0, 1)
                for _ in range(rows)
            ]
        ),
        "sanctions": pa.array([[] for _ in range(rows)], pa.list_(pa.struct([("level", pa.string())]))),
        "under_examination": [False] * rows,
        "projects_led": pa.array([[] for _ in range(rows)], pa.list_(pa.struct([("kind", pa.string())]))),
        "region_of_origin": [draw.choice(["manokwari", "papua_barat", "luar_papua", None]) for _ in range(rows)],
        "sex": [draw.choice(["pria", "wanita"]) for _ in range(rows)],
    }
    return pa.table(columns)


def reloaded(changes: dict[tuple[str | int, ...], str], name: str = MERIT) -> am.Law:
    """The law in force after the document itself was changed."""
    found = original(name)
    sets = [Set(way, written(text, node_at(found.root, way))) for way, text in changes.items()]
    return am.in_force(found.mutated(*sets), on=ON)
