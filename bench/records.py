"""Random employees for the thirty rules: seeded, lawful, every fact known, and often on a threshold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any

from .rivals.hand import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

AS_OF = date(2026, 4, 1)
MONTHS = (0, 5, 6, 11, 12, 13, 23, 24, 35, 36, 47, 48, 49, 60)
YEARS = (9, 10, 15, 19, 20, 25, 29, 30, 31)
SCORES = ("0", "70", "74.99", "75", "75.99", "76", "79.99", "80", "84.99", "85")
HIGH_SCORES = ("85", "89.99", "90", "94.99", "95", "99.99", "100", "100")
RATINGS = ("0", "3.9", "4", "4.4", "4.5", "5")
CREDITS = ("0", "14.999", "15", "20", "50", "99.999", "100", "150", "187.499", "187.5", "200", "2000")
PREDICATES = ("baik", "sangat_baik", "baik", "sangat_baik", "butuh_perbaikan", "kurang", "sangat_kurang")
SANCTIONS = ("tidak_ada", "tidak_ada", "tidak_ada", "ringan", "sedang", "berat")


def months_before(months: int, rng: Random) -> date:
    """Return a day on, or up to a month on either side of, so many months before AS_OF."""
    index = AS_OF.year * 12 + AS_OF.month - 1 - months
    day = date(index // 12, index % 12 + 1, 1)
    return min(day + timedelta(days=rng.choice((0, 0, 0, -1, 1, rng.randint(-30, 30)))), AS_OF)


def number(rng: Random, edges: tuple[str, ...], highest: int, step: str, lowest: int = 0) -> Decimal:
    """Return a number on its step: on an edge four times in ten."""
    if rng.random() < 0.4:
        return Decimal(rng.choice(edges))
    return Decimal(step) * rng.randint(int(lowest / Decimal(step)), int(highest / Decimal(step)))


def count(rng: Random, edges: tuple[int, ...], highest: int) -> int:
    """Return a whole number: on an edge seven times in ten."""
    return rng.choice(edges) if rng.random() < 0.7 else rng.randint(0, highest)


def random_record(rng: Random) -> dict[str, Any]:
    """Return one employee who passes the policy's checks."""
    in_rank = months_before(rng.choice(MONTHS) if rng.random() < 0.6 else rng.randint(0, 120), rng)
    in_service = months_before(12 * rng.choice(YEARS) if rng.random() < 0.5 else rng.randint(0, 480), rng)
    kind = rng.choice(("pelaksana", "fungsional", "struktural"))
    strong = rng.random() < 0.4
    edges, lowest = (HIGH_SCORES, 80) if strong else (SCORES, 0)
    predicates = PREDICATES[:4] if strong else PREDICATES
    return {
        "rank": rng.choice(RANKS),
        "rank_date": in_rank,
        "position_date": months_before(rng.choice(MONTHS), rng),
        "service_date": min(in_service, in_rank),
        "birth_date": months_before(12 * rng.choice((25, 40, 50, 55, 56, 57)), rng),
        "position_kind": kind,
        "echelon": rng.choice(("eselon_4", "eselon_3", "eselon_2")) if kind == "struktural" else "bukan",
        "education": rng.choice(("sma", "d3", "d4", "s1", "s2", "s3")),
        "zone": rng.choice(("kota", "pesisir", "pedalaman", "pegunungan")),
        "predicate_last": rng.choice(predicates),
        "predicate_before": rng.choice(predicates),
        "quality": number(rng, edges, 100, "0.01", lowest),
        "discipline": number(rng, edges, 100, "0.01", lowest),
        "innovation": number(rng, edges, 100, "0.01", lowest),
        "service_rating": number(rng, RATINGS, 5, "0.1"),
        "credit": number(rng, CREDITS, 600, "0.001"),
        "base_pay": rng.randint(1500000, 7000000),
        "absent_days": 0 if strong and rng.random() < 0.6 else count(rng, (0, 0, 0, 1, 3, 4, 10, 11), 60),
        "late_minutes": count(rng, (0, 30, 31, 120, 121), 2000),
        "projects_on_time": count(rng, (0, 1, 2, 5, 6), 20),
        "training_hours": count(rng, (0, 23, 24, 39, 40), 500),
        "subordinates": count(rng, (0, 4, 5, 20, 21), 200),
        "sanction_level": rng.choice(SANCTIONS),
        "sanction_end": AS_OF + timedelta(days=rng.choice((-400, -1, 0, 1, 200))),
        "under_examination": rng.random() < 0.15,
        "exam_passed": rng.random() < 0.6,
        "competency_passed": rng.random() < 0.6,
        "exceptional_achievement": rng.random() < 0.1,
        "large_project_led": rng.random() < 0.3,
        "mentor": rng.random() < 0.4,
    }


def random_records(seed: int, wanted: int) -> Iterator[dict[str, Any]]:
    """Yield so many employees, the same for the same seed."""
    rng = Random(seed)  # noqa: S311 (a benchmark, no secret)
    for _ in range(wanted):
        yield random_record(rng)
