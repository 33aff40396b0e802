"""An audit finds every flaw that was planted, and no other; what it says runs, and the rest is proved."""

from pathlib import Path

import pytest

import asnmerit as am
from asnmerit.auditing import findings
from asnmerit.auditing.session import audit
from asnmerit.scenarios import run_scenarios

CASES = Path(__file__).parent / "cases" / "audit"
DAY = "2026-04-01"
SAMPLES = 50_000
SLOW = {"cliff", "unknown"}  # they try people by the thousand, and have tests of their own

# What was planted, by hand, beside the policies: the flaws, and what is observed of drops and of days.
FLAWS = {
    "planted": {
        "dead-rule": {"promotion.fast_track", "award.early_service"},
        "shadowed-rule": {"promotion.structural", "award.star"},
        "redundant-rule": {"allowance.thanks", "attendance_class.one_day"},
        "constant-condition": {
            "promotion.fast_track.talent",
            "award.early_service.ahead",
            "award.long_service.discipline",
            "award.points.odd",
        },
        "redundant-condition": {
            "promotion.late.credit",
            "cuts.appraisal_cut.any_sanction",
            "award.points.either.more",
        },
        "conflict": {"credit_class: basic / middle", "leave: annual / long_leave", "leave: long_leave / teachers"},
        "gap": {"credit_class", "attendance_class"},
        "merit-hurts": {
            "allowance.amount: appraisal",
            "cuts.amount: appraisal",
            "training_aid.amount: training_hours",
            "coaching: credit",
        },
        "protected-matters": {"allowance.amount: region_of_origin", "extension: sex"},
        "guarantee": {"allowance_cap_holds", "no_promotion_under_sanction"},
        "date": {"coaching", "extension", "fast_track_score", "hourly_pay"},
    },
    "hospital": {
        "dead-rule": {"bonus.excellence", "bonus.veteran"},
        "shadowed-rule": {"bonus.long_paid", "standby.junior"},
        "redundant-rule": {"extras.rounding_left", "standby.nightly"},
        "constant-condition": {
            "bonus.excellence.score",
            "bonus.veteran.years",
            "bonus.procedures_paid.even",
            "course.new_course.licence",
        },
        "redundant-condition": {"bonus.night_paid.hours", "bonus.tutor_paid.one.older"},
        "conflict": {"fine: late_fine / heavy_fine", "fitness: unfit / limited", "rounding: up / down"},
        "gap": {"fitness", "licence_period"},
        "merit-hurts": {
            "bonus.amount: procedures",
            "fine.amount: level",
            "duty_free: procedures",
            "duty_free: certificates",
        },
        "protected-matters": {"course: birth", "leave.days: faith", "extras.amount: home_ward"},
        "guarantee": {"shares_fit", "warned_get_less"},
        "date": {"course", "pension", "pension_rate", "tutor_fee"},
    },
    "scholarship": {
        "dead-rule": {"waiver.star"},
        "shadowed-rule": {"waiver.late"},
        "constant-condition": {"waiver.star.score"},
        "redundant-condition": {"housing.near.enrolled.b", "housing.near.good.genius"},
        "gap": {"tier"},
        "merit-hurts": {"penalty.amount: gpa"},
        "protected-matters": {"waiver: province", "housing: province", "housing: gender"},
    },
    "clean": {},
}
CLIFFS = {  # the largest drops for one step of one fact, reckoned by hand, as long as it is granted
    "planted": {
        "training_aid.amount": 475_000,  # 99 hours at 25,000, then 100 at 20,000
        "allowance.amount": 1_200_000,  # from good to fair: 15% of 8,000,000
    },
}
PAIRS = {
    ("planted", "allowance.amount: appraisal"): ("Rp 250,000", "Rp 200,000"),
    ("planted", "training_aid.amount: training_hours"): ("100 instead of 99", "Rp 2,000,000"),
    ("planted", "coaching: credit"): ("credit 50 instead of 49.5",),
    ("scholarship", "penalty.amount: gpa"): ("gpa 3 instead of 2.99", "Rp 7,500,000 to Rp 8,250,000"),
    ("hospital", "fine.amount: level"): ("mahir instead of terampil", "Rp 200,000 to Rp 250,000"),
}
PATHS = {
    ("planted", "allowance.amount: region_of_origin"): "region_of_origin -> zone -> zone_factor -> allowance.amount",
    ("hospital", "extras.amount: home_ward"): "home_ward -> first_intensity -> extras.amount",
    ("scholarship", "waiver: province"): "province -> total -> thesis_rule -> waiver",
    ("hospital", "course: birth"): "birth -> age -> new_course -> course",
}


@pytest.fixture(scope="module", params=sorted(FLAWS))
def audited(request):
    kinds = [kind for kind in findings.Kind if kind not in SLOW]
    return request.param, audit(am.load(CASES / f"{request.param}.yaml"), DAY, only=kinds, samples=SAMPLES)


def test_every_planted_flaw_is_found_and_no_other(audited):
    name, found = audited
    refuted = {}
    for one in found:
        if one.verdict == "counterexample":
            refuted.setdefault(str(one.kind), []).append(one.subject)
    assert {kind: sorted(subjects) for kind, subjects in refuted.items()} == {
        kind: sorted(subjects) for kind, subjects in FLAWS[name].items()
    }
    assert {f.verdict for f in found.flaws} <= {"counterexample"}


def test_what_is_not_planted_is_proved(audited):
    name, found = audited
    claims = [f for f in found if f.verdict not in {"counterexample", "observed"}]
    assert len(claims) > 50
    assert {f.verdict for f in claims} == {"proved"}, [f.subject for f in claims if f.verdict != "proved"]
    assert name != "clean" or not found.open


def test_witnesses_are_told_and_run(audited, tmp_path):
    _, found = audited
    files = []
    for i, one in enumerate(f for f in found if f.witness is not None):
        file = tmp_path / f"{i}.scenarios.yaml"
        file.write_text(one.scenario(), encoding="utf-8")
        files.append(file)
        assert set(one.told) == {"id", "en"} and all(one.told.values())
    assert len(files) > 10
    ran = run_scenarios(files, [CASES.parent])
    assert len(ran) >= len(files)
    assert not [r for r in ran if not r.passed]


def test_pairs_and_leaks_are_told_by_the_step_that_matters(audited):
    name, found = audited
    seen = 0
    for (policy, subject), parts in PAIRS.items():
        if policy == name:
            (one,) = (f for f in found.flaws if f.subject == subject)
            assert all(part in one.told["en"] for part in parts), one.told["en"]
            seen += 1
    for (policy, subject), path in PATHS.items():
        if policy == name:
            (one,) = (f for f in found.flaws if f.subject == subject)
            assert one.value == path
            seen += 1
    assert seen == sum(policy == name for policy, _ in (*PAIRS, *PATHS))


def test_a_pair_differs_in_the_facts_that_it_names(audited):
    name, found = audited
    pairs = [f.witness for f in found.flaws if f.witness is not None and len(f.witness.decisions) > 1]
    for one in pairs:
        a, b = one.records
        assert one.facts
        assert all(any(column.startswith(fact) for column in one.facts) for fact in a if a[fact] != b[fact])
    assert len(pairs) > 3 or name == "clean"


@pytest.mark.parametrize("name", sorted(CLIFFS))
def test_planted_drops_are_the_largest(name):
    found = audit(am.load(CASES / f"{name}.yaml"), DAY, only="cliff", samples=SAMPLES, budget=30)
    for subject, value in CLIFFS[name].items():
        drops = [f.value for f in found.of("cliff", subject) if f.value is not None and "as long as" in f.claim["en"]]
        assert max(drops) == value
