"""A small policy with flaws, and an audit of it made by hand: the people in it are really decided."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import asnmerit as am
from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict, Witness

FILE = Path(__file__).resolve().parent.parent / "cases" / "audit" / "insentif.yaml"
PERSON = {
    "performance": {2025: "baik"},
    "points": Decimal("79.5"),
    "zone": "kota",
    "hired": "2019-04-30",
    "absences": [{"start": "2025-03-03", "days": 2}, {"start": "2025-05-05", "days": 1}],
    "on_leave": False,
    "unrelated": True,
}
BUDGET = {"total": 60.0, "each": 10.0, "samples": 400_000, "jobs": 2, "seed": 0}


def law(source=FILE, on="2026-04-01"):
    return am.in_force(am.load(source), on=on)


def both(indonesian, english):
    return {"id": indonesian, "en": english}


def person(of, **other):
    return am.decide(of, {**PERSON, **other})


def merit(of):
    pair = Witness((person(of), person(of, points=80)), ("points",), ("incentive",))
    return Finding(
        Kind.MERIT,
        "incentive.amount",
        Verdict.COUNTEREXAMPLE,
        both(
            "Angka kredit yang lebih tinggi tidak pernah menurunkan jumlah insentif.",
            "More credit points never lower the amount of the incentive.",
        ),
        both(
            "Dengan angka kredit 80 alih-alih 79,5 jumlahnya turun dari Rp954.000 menjadi Rp900.000.",
            "With 80 credit points instead of 79.5 the amount falls from Rp 954,000 to Rp 900,000.",
        ),
        pair,
        flaw=True,
        about=of.steps[of.index["bonus"]].about,
        method="solver",
        samples=400_000,
        seconds=0.12,
    )


def protected(of):
    late = {"performance": {2025: "kurang"}}
    pair = Witness((person(of, **late), person(of, **late, zone="desa")), ("zone",), ("incentive",))
    return Finding(
        Kind.PROTECTED,
        "incentive",
        Verdict.COUNTEREXAMPLE,
        both("Wilayah asal tidak mengubah insentif.", "The zone of origin does not change the incentive."),
        both("Orang dari desa diberi, orang dari kota tidak.", "A villager is granted what a townsman is refused."),
        pair,
        flaw=True,
        about=of.decisions["incentive"].rules[1].about,
        method="samples",
        samples=12_345,
    )


def gap(of):
    return Finding(
        Kind.GAP,
        "incentive",
        Verdict.COUNTEREXAMPLE,
        both("Setiap orang diputuskan oleh suatu aturan.", "Everybody is decided by a rule."),
        both("Tidak ada aturan yang berlaku bagi orang ini.", "No rule holds for this person."),
        Witness(
            (person(of, performance={2025: "kurang"}, absences=[], on_leave=None),), (), ("incentive",), ("bonus",)
        ),
        flaw=True,
        about=of.decisions["incentive"].about,
        method="solver",
    )


def dead(of):
    return Finding(
        Kind.DEAD_RULE,
        "other.never",
        Verdict.COUNTEREXAMPLE,
        both("Aturan `never` dapat berlaku bagi seseorang.", "The rule `never` can hold for somebody."),
        both("Syaratnya tidak dapat terpenuhi.", "Its conditions cannot be met."),
        flaw=True,
        about=of.decisions["other"].rules[0].about,
        method="structure",
    )


def claims(of):
    """What is proved, open, refuted without being a flaw, and measured."""
    best = Witness((person(of),), (), ("incentive",), ("bonus",))
    return (
        Finding(
            Kind.DEAD_RULE, "incentive.reguler", Verdict.PROVED,
            both("Aturan `reguler` dapat berlaku.", "The rule `reguler` can hold."), method="samples", witness=best,
        ),
        Finding(
            Kind.MERIT, "incentive", Verdict.PROVED,
            both("Predikat yang lebih baik tidak merugikan.", "A better rating does not hurt."), method="structure",
        ),
        Finding(
            Kind.CONFLICT, "incentive", Verdict.UNPROVED,
            both("Tidak ada dua aturan yang bertentangan.", "No two rules contradict each other."),
            method="solver", samples=400_000, seconds=10.0,
        ),
        Finding(
            Kind.REDUNDANT_RULE, "incentive.perintis", Verdict.COUNTEREXAMPLE,
            both("Tanpa aturan `perintis` ada yang berubah.", "Without the rule `perintis` some answers change."),
            both("Ada yang berubah.", "Some answers change."), method="samples",
        ),
        Finding(
            Kind.BOUND, "bonus", Verdict.OBSERVED, both("Nilai tertinggi.", "The most there is."),
            both("Paling banyak Rp954.000.", "At most Rp 954,000."), best, 954_000, method="solver",
        ),
        Finding(
            Kind.CLIFF, "incentive.amount", Verdict.OBSERVED, both("Penurunan terbesar.", "The largest drop."),
            both("Turun Rp954.000.", "It drops by Rp 954,000."),
            Witness((person(of), person(of, performance={2025: "kurang"})), ("performance_2025",), ("incentive",)),
            954_000, flaw=True, method="search",
        ),
    )  # fmt: skip


def audit(of=None, findings=None):
    of = of or law()
    found = (merit(of), protected(of), gap(of), dead(of), *claims(of)) if findings is None else tuple(findings)
    note = both("Kalender hari kerja tidak diperiksa.", "The calendar of working days was not examined.")
    return Audit(of.identity(), dict(of.title), found, 12.34, BUDGET, (note,))
