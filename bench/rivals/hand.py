"""The thirty rules as plain Python: what a careful programmer writes by hand for this one policy.

Numbers are `Decimal`, dates are `date`; nothing is checked at the edge, nothing may be unknown, and no
reason is kept. It knows the order of the rules and that the awards exclude each other, so it stops early.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from . import Answer, Decide, Record

RANKS = ("I/a", "I/b", "I/c", "I/d", "II/a", "II/b", "II/c", "II/d")
RANKS += ("III/a", "III/b", "III/c", "III/d", "IV/a", "IV/b", "IV/c", "IV/d", "IV/e")
RANK = {name: level for level, name in enumerate(RANKS)}
EDUCATION = {"sma": 0, "d3": 1, "d4": 2, "s1": 2, "s2": 3, "s3": 4}
PREDICATE = {"sangat_kurang": 0, "kurang": 1, "butuh_perbaikan": 2, "baik": 3, "sangat_baik": 4}
SANCTION = {"tidak_ada": 0, "ringan": 1, "sedang": 2, "berat": 3}
ECHELON = {"bukan": 0, "eselon_4": 1, "eselon_3": 2, "eselon_2": 3}

S1, S2, BAIK, SANGAT_BAIK, RINGAN, SEDANG = 2, 3, 3, 4, 1, 2

ENTRY_AND_TOP = {
    "sma": (RANK["II/a"], RANK["III/b"]),
    "d3": (RANK["II/c"], RANK["III/c"]),
    "d4": (RANK["III/a"], RANK["III/d"]),
    "s1": (RANK["III/a"], RANK["III/d"]),
    "s2": (RANK["III/b"], RANK["IV/a"]),
    "s3": (RANK["III/c"], RANK["IV/b"]),
}
BAND = {
    "bukan": (RANK["I/a"], RANK["I/a"]),
    "eselon_4": (RANK["III/b"], RANK["III/d"]),
    "eselon_3": (RANK["III/d"], RANK["IV/b"]),
    "eselon_2": (RANK["IV/b"], RANK["IV/d"]),
}
CREDIT_NEED = [Decimal(need) for need in (0, 0, 0, 0, 15, 20, 20, 20, 50, 50, 100, 100, 150, 150, "187.5", 200, 0)]
ZONE_RATE = {
    "kota": Decimal(0),
    "pesisir": Decimal("0.05"),
    "pedalaman": Decimal("0.125"),
    "pegunungan": Decimal("0.175"),
}
SCORE_FROM = [Decimal(lower) for lower in (0, 76, 80, 85, 90, 95)]
SCORE_RATE = [Decimal(rate) for rate in ("0", "0.05", "0.075", "0.1", "0.15", "0.2")]
ALLOWANCE = [250000] * 4 + [300000] * 4 + [540000] * 2 + [960000] * 2 + [1260000] * 3 + [1480000] * 2

HALF, THREE_TENTHS, FIFTH = Decimal("0.5"), Decimal("0.3"), Decimal("0.2")
PER_DAY, CENT, RUPIAH = Decimal("2.5"), Decimal("0.01"), Decimal(1)
GOOD_RATING, EXCELLENT_RATING = Decimal("4.0"), Decimal("4.5")
TWICE_EXCELLENT = Decimal("0.125")


class Derived(NamedTuple):
    """The values that several rules read; ordered codes are levels."""

    rank: int
    education: int
    echelon: int
    last: int
    before: int
    entry: int
    top: int
    months_in_rank: int
    months_in_post: int
    years_of_service: int
    age: int
    under_sanction: bool
    good_two_years: bool
    merit_score: Decimal


def months_between(start: date, end: date) -> int:
    """Completed months; a month ends on its last day where it has no such day."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if end.day < start.day and end.day < monthrange(end.year, end.month)[1]:
        return months - 1
    return months


def derive(record: Record, as_of: date) -> Derived:
    """Compute what several rules read."""
    entry, top = ENTRY_AND_TOP[record["education"]]
    last, before = PREDICATE[record["predicate_last"]], PREDICATE[record["predicate_before"]]
    discipline = max(record["discipline"] - PER_DAY * record["absent_days"], Decimal(0))
    merit = record["quality"] * HALF + discipline * THREE_TENTHS + record["innovation"] * FIFTH
    return Derived(
        rank=RANK[record["rank"]],
        education=EDUCATION[record["education"]],
        echelon=ECHELON[record["echelon"]],
        last=last,
        before=before,
        entry=entry,
        top=top,
        months_in_rank=months_between(record["rank_date"], as_of),
        months_in_post=months_between(record["position_date"], as_of),
        years_of_service=months_between(record["service_date"], as_of) // 12,
        age=months_between(record["birth_date"], as_of) // 12,
        under_sanction=SANCTION[record["sanction_level"]] >= SEDANG and as_of <= record["sanction_end"],
        good_two_years=last >= BAIK and before >= BAIK,
        merit_score=merit.quantize(CENT, ROUND_HALF_UP),
    )


def find_track(record: Record, d: Derived) -> str | None:  # noqa: C901, PLR0911 (one branch a rule)
    """Return the track of the first promotion rule that holds."""
    kind = record["position_kind"]
    bottom, band_top = BAND[record["echelon"]]
    free = not d.under_sanction
    if record["exceptional_achievement"] and d.months_in_rank >= 12 and d.last == SANGAT_BAIK and d.rank < 16 and free:
        return "luar_biasa"
    if (
        kind == "pelaksana"
        and d.rank < d.entry
        and d.months_in_rank >= 12
        and record["exam_passed"]
        and not record["under_examination"]
    ):
        return "penyesuaian_ijazah"
    if kind == "struktural" and bottom <= d.rank < band_top and d.months_in_rank >= 48 and d.good_two_years and free:
        return "struktural"
    if bottom - d.rank == 1 and d.months_in_rank >= 12 and d.months_in_post >= 12 and d.good_two_years and free:
        return "struktural"
    if kind == "fungsional" and record["credit"] >= CREDIT_NEED[d.rank]:
        if d.education >= S1 and d.rank < 16 and d.months_in_rank >= 24 and d.good_two_years and free:
            return "fungsional"
        if d.education < S1 and d.rank < 11 and record["competency_passed"] and d.last >= BAIK:
            return "fungsional"
    below_top = d.rank < d.top
    if (
        kind == "pelaksana"
        and d.months_in_rank >= 48
        and d.good_two_years
        and below_top
        and (record["exam_passed"] or d.rank not in (7, 11))
    ):
        return "reguler"
    if (
        kind != "struktural"
        and d.months_in_rank >= 36
        and d.merit_score >= 85
        and below_top
        and not record["under_examination"]
    ):
        return "reguler"
    if (
        record["zone"] in ("pedalaman", "pegunungan")
        and d.months_in_post >= 24
        and d.months_in_rank >= 36
        and d.merit_score >= 76
        and below_top
    ):
        return "terpencil"
    if (
        d.age >= 56
        and d.years_of_service >= 30
        and d.last >= BAIK
        and record["sanction_level"] == "tidak_ada"
        and d.rank < 16
    ):
        return "pengabdian"
    return None


def pay_incentives(record: Record, d: Derived) -> dict[str, int]:  # noqa: C901 (one branch a rule)
    """Return the amount of each incentive rule that holds."""
    amounts = {}
    pay, kind, score = record["base_pay"], record["position_kind"], d.merit_score
    absent, late, projects = record["absent_days"], record["late_minutes"], record["projects_on_time"]
    free, unexamined, good = not d.under_sanction, not record["under_examination"], d.last >= BAIK
    if score >= 76 and good and record["training_hours"] >= 24 and free:
        rate = SCORE_RATE[bisect_right(SCORE_FROM, score) - 1]
        amounts["tunjangan_merit"] = int((pay * rate).quantize(RUPIAH, ROUND_HALF_UP))
    if record["zone"] != "kota" and d.months_in_post >= 6 and absent <= 10:
        amounts["tunjangan_terpencil"] = int((pay * ZONE_RATE[record["zone"]]).quantize(RUPIAH, ROUND_HALF_UP))
    if projects >= 1 and record["quality"] >= 75 and good and unexamined:
        amounts["proyek_tepat_waktu"] = 400000 * min(projects, 5)
    if record["large_project_led"] and projects >= 1 and score >= 80 and free:
        amounts["proyek_besar"] = 5000000
    if record["innovation"] >= 85 and kind != "pelaksana" and good:
        amounts["inovasi"] = 1500000
    if absent == 0 and late <= 30 and record["discipline"] >= 90 and free:
        amounts["kehadiran"] = 500000
    if record["mentor"] and d.months_in_post >= 24 and record["quality"] >= 75 and d.education >= S1:
        amounts["mentor_aktif"] = 750000
    if d.education >= S2 and record["training_hours"] >= 40 and d.months_in_rank >= 12 and score >= 76:
        amounts["pendidikan_lanjut"] = 600000
    if d.last == SANGAT_BAIK and d.before == SANGAT_BAIK and score >= 85 and free and unexamined:
        amounts["dua_tahun_terbaik"] = int((pay * TWICE_EXCELLENT).quantize(RUPIAH, ROUND_HALF_UP))
    if record["service_rating"] >= EXCELLENT_RATING and late <= 120 and absent <= 3:
        amounts["layanan_prima"] = 450000
    if d.echelon >= 1 and record["subordinates"] >= 5 and score >= 76 and unexamined:
        amounts["pimpinan"] = 50000 * min(record["subordinates"], 20)
    if (
        kind == "fungsional"
        and record["competency_passed"]
        and record["credit"] >= CREDIT_NEED[d.rank]
        and good
        and free
    ):
        amounts["tunjangan_fungsional"] = ALLOWANCE[d.rank]
    return amounts


def find_award(record: Record, d: Derived) -> str | None:
    """Return the award of the one recognition rule that holds."""
    score = d.merit_score
    free, unexamined = not d.under_sanction, not record["under_examination"]
    if score >= 95:
        holds = d.last == SANGAT_BAIK and record["service_rating"] >= EXCELLENT_RATING and free
        return "emas" if holds else None
    if score >= 90:
        return "perak" if d.good_two_years and record["service_rating"] >= GOOD_RATING and free else None
    if score >= 85:
        return "perunggu" if d.good_two_years and record["training_hours"] >= 24 and free else None
    if score >= 80:
        return "piagam" if d.last >= BAIK and record["absent_days"] <= 10 else None
    if d.years_of_service >= 30:
        return "setia_30" if record["sanction_level"] == "tidak_ada" and unexamined else None
    if d.years_of_service >= 20:
        return "setia_20" if SANCTION[record["sanction_level"]] <= RINGAN and unexamined else None
    if d.years_of_service >= 10:
        return "setia_10" if d.good_two_years and free else None
    return "terima_kasih" if record["projects_on_time"] >= 1 and record["quality"] >= 70 else None


def decide(record: Record, as_of: date) -> Answer:
    """Decide one person."""
    d = derive(record, as_of)
    answer: Answer = {
        "promotion": {"status": "refused"},
        "incentives": {"status": "refused", "amounts": {}, "total": 0},
        "recognition": {"status": "refused"},
    }
    track = find_track(record, d)
    if track is not None:
        level = d.entry if track == "penyesuaian_ijazah" else min(d.rank + 1, 16)
        answer["promotion"] = {"status": "granted", "track": track, "new_rank": RANKS[level]}
    amounts = pay_incentives(record, d)
    if amounts:
        answer["incentives"] = {"status": "granted", "amounts": amounts, "total": sum(amounts.values())}
    award = find_award(record, d)
    if award is not None:
        answer["recognition"] = {"status": "granted", "award": award}
    return answer


def prepare() -> Decide:
    """Return the function: there is nothing to compile."""
    return decide
