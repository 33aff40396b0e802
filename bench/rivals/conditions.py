"""The thirty rules as integers: for the engines that cannot compute dates or exact numbers themselves.

`facts` turns a record into small integers (levels, hundredths, months, 0 and 1); `RULES` are conditions
`name operator constant` over them; `answer` applies hit policies and amounts to the rules that fired.
This is work which the user of such an engine has to write beside it, so it is timed with the engine.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from . import hand

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from . import Answer, Record

KINDS = {"pelaksana": 0, "fungsional": 1, "struktural": 2}
ZONES = {"kota": 0, "pesisir": 1, "pedalaman": 2, "pegunungan": 3}
PELAKSANA, FUNGSIONAL, STRUKTURAL = 0, 1, 2

Condition = tuple[str, str, int]

FREE: Condition = ("under_sanction", "==", 0)
UNEXAMINED: Condition = ("under_examination", "==", 0)
GOOD: Condition = ("last", ">=", hand.BAIK)
TWICE_GOOD: Condition = ("good_two_years", "==", 1)
BELOW_TOP: Condition = ("below_top", "==", 1)
CREDIT: Condition = ("credit_met", "==", 1)
BELOW_SUMMIT: Condition = ("rank", "<", 16)

PROMOTION: dict[str, tuple[Condition, ...]] = {
    "luar_biasa": (
        ("exceptional_achievement", "==", 1),
        ("months_in_rank", ">=", 12),
        ("last", "==", hand.SANGAT_BAIK),
        BELOW_SUMMIT,
        FREE,
    ),
    "penyesuaian_ijazah": (
        ("kind", "==", PELAKSANA),
        ("below_entry", "==", 1),
        ("months_in_rank", ">=", 12),
        ("exam_passed", "==", 1),
        UNEXAMINED,
    ),
    "struktural_dalam_pita": (
        ("kind", "==", STRUKTURAL),
        ("within_band", "==", 1),
        ("months_in_rank", ">=", 48),
        TWICE_GOOD,
        FREE,
    ),
    "struktural_menuju_pita": (
        ("below_band", "==", 1),
        ("months_in_rank", ">=", 12),
        ("months_in_post", ">=", 12),
        TWICE_GOOD,
        FREE,
    ),
    "fungsional_keahlian": (
        ("kind", "==", FUNGSIONAL),
        ("education", ">=", hand.S1),
        CREDIT,
        BELOW_SUMMIT,
        ("months_in_rank", ">=", 24),
        TWICE_GOOD,
        FREE,
    ),
    "fungsional_keterampilan": (
        ("kind", "==", FUNGSIONAL),
        ("education", "<", hand.S1),
        CREDIT,
        ("rank", "<", 11),
        ("competency_passed", "==", 1),
        GOOD,
    ),
    "reguler": (
        ("kind", "==", PELAKSANA),
        ("months_in_rank", ">=", 48),
        TWICE_GOOD,
        BELOW_TOP,
        ("exam_settled", "==", 1),
    ),
    "reguler_berprestasi": (
        ("kind", "<", STRUKTURAL),
        ("months_in_rank", ">=", 36),
        ("score", ">=", 8500),
        BELOW_TOP,
        UNEXAMINED,
    ),
    "terpencil": (
        ("zone", ">=", 2),
        ("months_in_post", ">=", 24),
        ("months_in_rank", ">=", 36),
        ("score", ">=", 7600),
        BELOW_TOP,
    ),
    "pengabdian": (("age", ">=", 56), ("years_of_service", ">=", 30), GOOD, ("sanction", "==", 0), BELOW_SUMMIT),
}
INCENTIVES: dict[str, tuple[Condition, ...]] = {
    "tunjangan_merit": (("score", ">=", 7600), GOOD, ("training_hours", ">=", 24), FREE),
    "tunjangan_terpencil": (("zone", ">", 0), ("months_in_post", ">=", 6), ("absent_days", "<=", 10)),
    "proyek_tepat_waktu": (("projects_on_time", ">=", 1), ("quality", ">=", 7500), GOOD, UNEXAMINED),
    "proyek_besar": (("large_project_led", "==", 1), ("projects_on_time", ">=", 1), ("score", ">=", 8000), FREE),
    "inovasi": (("innovation", ">=", 8500), ("kind", ">", PELAKSANA), GOOD),
    "kehadiran": (("absent_days", "==", 0), ("late_minutes", "<=", 30), ("discipline", ">=", 9000), FREE),
    "mentor_aktif": (
        ("mentor", "==", 1),
        ("months_in_post", ">=", 24),
        ("quality", ">=", 7500),
        ("education", ">=", hand.S1),
    ),
    "pendidikan_lanjut": (
        ("education", ">=", hand.S2),
        ("training_hours", ">=", 40),
        ("months_in_rank", ">=", 12),
        ("score", ">=", 7600),
    ),
    "dua_tahun_terbaik": (
        ("last", "==", hand.SANGAT_BAIK),
        ("before", "==", hand.SANGAT_BAIK),
        ("score", ">=", 8500),
        FREE,
        UNEXAMINED,
    ),
    "layanan_prima": (("service_rating", ">=", 45), ("late_minutes", "<=", 120), ("absent_days", "<=", 3)),
    "pimpinan": (("echelon", ">=", 1), ("subordinates", ">=", 5), ("score", ">=", 7600), UNEXAMINED),
    "tunjangan_fungsional": (("kind", "==", FUNGSIONAL), ("competency_passed", "==", 1), CREDIT, GOOD, FREE),
}
RECOGNITION: dict[str, tuple[Condition, ...]] = {
    "lencana_emas": (("score", ">=", 9500), ("last", "==", hand.SANGAT_BAIK), ("service_rating", ">=", 45), FREE),
    "lencana_perak": (("score", ">=", 9000), ("score", "<", 9500), TWICE_GOOD, ("service_rating", ">=", 40), FREE),
    "lencana_perunggu": (("score", ">=", 8500), ("score", "<", 9000), TWICE_GOOD, ("training_hours", ">=", 24), FREE),
    "piagam": (("score", ">=", 8000), ("score", "<", 8500), GOOD, ("absent_days", "<=", 10)),
    "setia_30": (("score", "<", 8000), ("years_of_service", ">=", 30), ("sanction", "==", 0), UNEXAMINED),
    "setia_20": (
        ("score", "<", 8000),
        ("years_of_service", ">=", 20),
        ("years_of_service", "<", 30),
        ("sanction", "<=", hand.RINGAN),
        UNEXAMINED,
    ),
    "setia_10": (("score", "<", 8000), ("years_of_service", ">=", 10), ("years_of_service", "<", 20), TWICE_GOOD, FREE),
    "terima_kasih": (
        ("score", "<", 8000),
        ("years_of_service", "<", 10),
        ("projects_on_time", ">=", 1),
        ("quality", ">=", 7000),
    ),
}
RULES = PROMOTION | INCENTIVES | RECOGNITION

TRACKS = {
    "struktural_dalam_pita": "struktural",
    "struktural_menuju_pita": "struktural",
    "fungsional_keahlian": "fungsional",
    "fungsional_keterampilan": "fungsional",
    "reguler_berprestasi": "reguler",
}


def facts(record: Record, as_of: date) -> dict[str, int]:
    """Return the record as the small integers that `RULES` read."""
    d = hand.derive(record, as_of)
    bottom, band_top = hand.BAND[record["echelon"]]
    return {
        "kind": KINDS[record["position_kind"]],
        "zone": ZONES[record["zone"]],
        "rank": d.rank,
        "education": d.education,
        "echelon": d.echelon,
        "last": d.last,
        "before": d.before,
        "sanction": hand.SANCTION[record["sanction_level"]],
        "score": int(d.merit_score * 100),
        "quality": int(record["quality"] * 100),
        "discipline": int(record["discipline"] * 100),
        "innovation": int(record["innovation"] * 100),
        "service_rating": int(record["service_rating"] * 10),
        "months_in_rank": d.months_in_rank,
        "months_in_post": d.months_in_post,
        "years_of_service": d.years_of_service,
        "age": d.age,
        "absent_days": record["absent_days"],
        "late_minutes": record["late_minutes"],
        "projects_on_time": record["projects_on_time"],
        "training_hours": record["training_hours"],
        "subordinates": record["subordinates"],
        "under_sanction": int(d.under_sanction),
        "good_two_years": int(d.good_two_years),
        "below_entry": int(d.rank < d.entry),
        "below_top": int(d.rank < d.top),
        "within_band": int(bottom <= d.rank < band_top),
        "below_band": int(bottom - d.rank == 1),
        "credit_met": int(record["credit"] >= hand.CREDIT_NEED[d.rank]),
        "exam_settled": int(record["exam_passed"] or d.rank not in (7, 11)),
        "under_examination": int(record["under_examination"]),
        "exam_passed": int(record["exam_passed"]),
        "competency_passed": int(record["competency_passed"]),
        "exceptional_achievement": int(record["exceptional_achievement"]),
        "large_project_led": int(record["large_project_led"]),
        "mentor": int(record["mentor"]),
    }


SCORE_FROM = [0, 7600, 8000, 8500, 9000, 9500]
SCORE_RATE = [0, 50, 75, 100, 150, 200]
ZONE_RATE = [0, 50, 125, 175]
FIXED_AMOUNTS = {
    "proyek_besar": 5000000,
    "inovasi": 1500000,
    "kehadiran": 500000,
    "mentor_aktif": 750000,
    "pendidikan_lanjut": 600000,
    "layanan_prima": 450000,
}
AWARDS = {"lencana_emas": "emas", "lencana_perak": "perak", "lencana_perunggu": "perunggu"}


def holds(tests: tuple[Condition, ...]) -> str:
    """Return a rule's conditions as text, for engines that read such."""
    return " and ".join(f"{name} {operator} {constant}" for name, operator, constant in tests)


def thousandths(pay: int, rate: int) -> int:
    """Return the pay at so many thousandths, a half rounded up."""
    return (pay * rate + 500) // 1000


def amount(rule: str, record: Record, values: dict[str, int]) -> int:
    """Return what an incentive rule pays."""
    fixed = FIXED_AMOUNTS.get(rule)
    if fixed is not None:
        return fixed
    pay = record["base_pay"]
    match rule:
        case "tunjangan_merit":
            return thousandths(pay, SCORE_RATE[bisect_right(SCORE_FROM, values["score"]) - 1])
        case "tunjangan_terpencil":
            return thousandths(pay, ZONE_RATE[values["zone"]])
        case "proyek_tepat_waktu":
            return 400000 * min(values["projects_on_time"], 5)
        case "dua_tahun_terbaik":
            return thousandths(pay, 125)
        case "pimpinan":
            return 50000 * min(values["subordinates"], 20)
        case _:
            return hand.ALLOWANCE[values["rank"]]


def answer(fired: Collection[str], record: Record, values: dict[str, int]) -> Answer:
    """Apply the hit policies to the rules that fired."""
    told: Answer = {
        "promotion": {"status": "refused"},
        "incentives": {"status": "refused", "amounts": {}, "total": 0},
        "recognition": {"status": "refused"},
    }
    first = next((rule for rule in PROMOTION if rule in fired), None)
    if first is not None:
        level = min(values["rank"] + 1, 16)
        if first == "penyesuaian_ijazah":
            level = hand.ENTRY_AND_TOP[record["education"]][0]
        told["promotion"] = {"status": "granted", "track": TRACKS.get(first, first), "new_rank": hand.RANKS[level]}
    amounts = {rule: amount(rule, record, values) for rule in INCENTIVES if rule in fired}
    if amounts:
        told["incentives"] = {"status": "granted", "amounts": amounts, "total": sum(amounts.values())}
    given = next((rule for rule in RECOGNITION if rule in fired), None)
    if given is not None:
        told["recognition"] = {"status": "granted", "award": AWARDS.get(given, given)}
    return told
