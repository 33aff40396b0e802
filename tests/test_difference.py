"""Two laws side by side: what is said to be alike is alike, and every region, box and claim holds for everybody."""

from __future__ import annotations

import copy
import itertools
import json
import os
import random
from pathlib import Path

import pytest

import asnmerit as am
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.difference.comparing import diff
from asnmerit.auditing.difference.joining import joint
from asnmerit.auditing.difference.losing import nobody_loses
from asnmerit.errors import ArgumentError, NotInForceError, UnknownDecisionError

SEEDS = range(20) if os.environ.get("ASNMERIT_TEST_PROFILE") == "deep" else (0, 1, 2, 7, 8)
ON = "2026-04-01"
LEVELS = ("low", "middle", "high")
BASE = {
    "asnmerit": 1,
    "policy": "page/small",
    "title": "Small",
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
    "types": {"level": {"order": list(LEVELS)}},
    "facts": {
        "level": {"type": "level"},
        "years": {"type": "integer", "from": 0, "to": 6},
        "points": {"type": "integer", "from": 0, "to": 10},
        "active": {"type": "bool"},
    },
    "parameters": {"least": {"type": "integer", "value": 2}, "enough": {"type": "integer", "value": 5}},
    "derived": {"worth": "points + years"},
    "decisions": {
        "award": {
            "outcome": {"amount": "number"},
            "hit": "first",
            "order": ["long", "good"],
            "otherwise": {"amount": 0},
        },
        "duty": {"kind": "burden", "outcome": {"hours": "integer"}},
    },
    "rules": {
        "long": {
            "decides": "award",
            "requires": {"years": "years >= least", "active": "active"},
            "grants": {"amount": "100 * years"},
        },
        "good": {"decides": "award", "requires": {"points": "worth >= enough"}, "grants": {"amount": "50 * points"}},
        "hard": {"decides": "duty", "requires": {"low": "level < 'high'"}, "grants": {"hours": "10 - points"}},
    },
}
EVERYBODY = [
    {"level": level, "years": years, "points": points, "active": active}
    for level, years, points, active in itertools.product(LEVELS, range(7), range(11), (True, False))
]
CHANGES = {
    ("parameters", "least", "value"): (0, 1, 2, 3, 6),
    ("parameters", "enough", "value"): (0, 4, 5, 6, 16),
    ("derived", "worth"): ("points + years", "years + points", "points", "max(points, years)"),
    ("rules", "long", "grants", "amount"): ("100 * years", "100 * years + points", "years * 100", "90 * years"),
    ("rules", "good", "grants", "amount"): ("50 * points", "25 * points * 2", "60 * points"),
    ("rules", "good", "requires", "points"): ("worth >= enough", "not (worth < enough)", "worth > enough"),
    ("rules", "hard", "requires", "low"): ("level < 'high'", "level != 'high'", "level <= 'low'", "active"),
    ("rules", "hard", "grants", "hours"): ("10 - points", "10 - min(points, 9)", "5"),
    ("decisions", "award", "order"): (["long", "good"], ["good", "long"]),
}


def put(document, path, value):
    for key in path[:-1]:
        document = document[key]
    document[path[-1]] = value


def law(document, on=ON):
    return am.in_force(am.load(document), on=on)


def small(*changes):
    document = copy.deepcopy(BASE)
    for path, value in changes:
        put(document, path, value)
    return law(document)


def random_pair(seed):
    """Give two laws, the second changed in a place or two."""
    rng = random.Random(seed)
    some = [(path, rng.choice(values)) for path, values in rng.sample(list(CHANGES.items()), 3)]
    more = [(path, rng.choice(values)) for path, values in rng.sample(list(CHANGES.items()), rng.randint(1, 2))]
    return small(*some), small(*some, *more)


def answer(decision, name):
    found = decision[name]
    return found.status, None if found.outcome is None else tuple(found.outcome.items())


def compare(a, b, decision=None, **given):
    return diff(a, b, decision, **{"budget": 20, "samples": 5_000, **given})


def inside(region, record):
    """Whether a record is in the box of a region."""
    for side in region.box:
        value, allowed = record[side.column], side.values
        if "among" in allowed and value not in allowed["among"]:
            return False
        if "from" in allowed and not allowed["from"] <= value <= allowed["to"]:
            return False
    return True


def changed_so(region, before, after):
    """Whether an answer changes in the way of a region."""
    name, other = region.names
    one, two = before[name], after[other]
    if region.rules not in {(None, None), (one.rule, two.rule)}:
        return False
    if region.field == "status":
        return f"{one.status} -> {two.status}" == region.kind
    x, y = (o.outcome[region.field] if o.outcome else None for o in (one, two))
    if x is None or y is None or one.status != two.status:
        return False
    return {"more": x < y, "less": y < x}[region.kind]


def hold(found, a, b, everybody=EVERYBODY):
    """Hold a difference against everybody; give how many are answered differently."""
    count = 0
    boxes = 0
    for record in everybody:
        before, after = am.decide(a, record), am.decide(b, record)
        unlike = [n for n in a.decisions if answer(before, n) != answer(after, n)]
        count += bool(unlike)
        for region in found.regions:
            if region.proved and inside(region, record):
                boxes += 1
                assert changed_so(region, before, after), (region.name, region.kind, record)
        if found.complete:
            for name in unlike:
                mine = [r for r in found.regions if r.decision == name]
                assert any(changed_so(r, before, after) for r in mine), (name, record)
    assert bool(count) == bool(found.regions)
    assert found.equivalent is (count == 0)
    assert boxes >= sum(r.proved for r in found.regions)
    return count


@pytest.mark.parametrize("seed", SEEDS)
def test_small_pairs_against_everybody(seed):
    a, b = random_pair(seed)
    found = compare(a, b)
    assert found.complete
    assert all(r.proved for r in found.regions)
    hold(found, a, b)


def test_the_random_pairs_are_alike_now_and_then_and_differ_now_and_then():
    same = 0
    for seed in SEEDS:
        a, b = random_pair(seed)
        same += all(answer(am.decide(a, p), n) == answer(am.decide(b, p), n) for p in EVERYBODY for n in a.decisions)
    assert 0 < same < len(SEEDS)


def test_rewritten_rules_are_proved_equivalent():
    b = small(
        (("derived", "worth"), "years + points"),
        (("rules", "good", "grants", "amount"), "25 * points * 2"),
        (("rules", "hard", "requires", "low"), "level != 'high'"),
    )
    found = compare(small(), b)
    assert found.equivalent is True
    assert found.said == "EQUIVALENT"
    assert "EQUIVALENT (proved)" in found.to_text("en")
    assert "SETARA" in found.to_text("id")
    assert hold(found, small(), b) == 0


def test_a_law_against_itself_takes_no_solver():
    found = compare(small(), small(), budget=1)
    assert found.equivalent is True
    assert found.samples == 0


def test_the_same_seed_gives_the_same_difference():
    b = small((("rules", "hard", "grants", "hours"), "5"))
    one, other = (compare(small(), b, "duty", seed=5, jobs=1) for _ in range(2))
    assert one.regions
    assert one.to_json() == other.to_json()


def test_one_rupiah_in_a_million_is_found():
    money = {**copy.deepcopy(BASE), "facts": {**BASE["facts"], "base": {"type": "rupiah", "from": 0, "to": 10_000_000}}}
    for cap, document in ((3_000_000, a := copy.deepcopy(money)), (3_000_001, b := copy.deepcopy(money))):
        put(document, ("rules", "long", "grants", "amount"), f"min(base, {cap})")
        put(document, ("rules", "good", "grants", "amount"), 0)
        put(document, ("decisions", "award", "outcome", "amount"), "rupiah")
    found = compare(law(a), law(b), "award", samples=1_000)
    assert [(r.kind, r.rules) for r in found.regions if r.rules == ("long", "long")] == [("more", ("long", "long"))]
    (region,) = found.regions
    assert region.proved
    assert {s.column: s.values for s in region.box}["base"] == {"from": 3_000_001, "to": 10_000_000}
    assert region.after["award"].outcome["amount"] - region.before["award"].outcome["amount"] == 1


def test_a_box_says_what_matters_and_no_more():
    found = compare(small(), small((("parameters", "least", "value"), 4)), "award")
    region = next(r for r in found.regions if r.rules == ("long", None))
    box = {s.column: s.values for s in region.box}
    assert box.keys() == {"active", "years", "points"}
    assert box["years"]["from"] >= 2
    assert box["years"]["to"] <= 3
    assert box["years"]["to"] + box["points"]["to"] == 4
    (worth,) = [s for s in region.ranges if s.column == "worth"]
    assert worth.values == {"from": "2", "to": "4"}
    assert region.seen > 0
    before, after = region.derivations("en")
    assert "GRANTED" in str(before)
    assert "REFUSED" in str(after)
    text = found.to_text("en")
    assert "worth: 2 to 4" in text
    assert "- " in text.split("What differs in the reasons:")[1]


# --- claims ---


def test_nobody_loses_is_proved_or_refuted():
    b = small((("rules", "long", "grants", "amount"), "100 * years + points"), (("parameters", "enough", "value"), 4))
    won, lost = compare(small(), b, "duty", claims=[nobody_loses("award"), nobody_loses("duty")]).claims
    assert won.said == "PROVED"
    assert lost.said == "PROVED"
    back = compare(
        b, small(), "award", claims=[nobody_loses("award"), nobody_loses("award", "years < least and points > 6")]
    )
    refuted, proved = back.claims
    assert refuted.said == "COUNTEREXAMPLE"
    one, other = refuted.witness.decisions
    assert one["award"].outcome["amount"] > other["award"].outcome["amount"]
    assert proved.said == "PROVED"
    loses = [
        r for r in EVERYBODY
        if am.decide(b, r)["award"].outcome["amount"] > am.decide(small(), r)["award"].outcome["amount"]
    ]  # fmt: skip
    assert loses
    assert not any(r["years"] < 2 and r["points"] > 6 for r in loses)


def test_a_burden_that_grows_is_a_loss():
    b = small((("rules", "hard", "grants", "hours"), "11 - points"))
    found = compare(small(), b, "duty", claims=[nobody_loses("duty"), nobody_loses("duty", {"level": ["high"]})])
    assert [c.said for c in found.claims] == ["COUNTEREXAMPLE", "PROVED"]
    assert compare(b, small(), "duty", claims=[nobody_loses("duty")]).claims[0].said == "PROVED"


def test_a_burden_is_imposed_and_a_finding_is_found_in_the_words_of_explanations():
    said = {"burden": ("dijatuhkan", "imposed", "not imposed"), "finding": ("terpenuhi", "found", "not found")}
    for kind, (held, imposed, refused) in said.items():
        of_kind = (("decisions", "duty", "kind"), kind)
        a = small(of_kind)
        b = small(of_kind, (("rules", "hard", "requires", "low"), "level <= 'low'"))
        found = compare(a, b, "duty")
        assert f"dari {held} menjadi tidak {held}\n" in found.to_text("id")
        assert f"from {imposed} to {refused}\n" in found.to_text("en")
        assert "diberikan" not in found.to_text("id") and "granted" not in found.to_text("en")


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("years >= ", "where"),
        ("salary > 3", "salary"),
        ("years", "where"),
        ("__import__('os')", "where"),
    ],
)
def test_a_condition_that_cannot_be_read_is_named(where, said):
    with pytest.raises(ArgumentError, match=said):
        compare(small(), small(), claims=[nobody_loses("award", where)])


def test_wrong_claims_are_named():
    with pytest.raises(UnknownDecisionError, match="nothing_such"):
        compare(small(), small(), claims=[nobody_loses("nothing_such")])
    with pytest.raises(ArgumentError, match="claims"):
        compare(small(), small(), claims=["award"])
    with pytest.raises(ArgumentError, match="where"):
        nobody_loses("award", 3)
    with pytest.raises(ArgumentError, match="decision"):
        nobody_loses(3)


# --- facts that are not the same ---


def test_facts_on_one_side_only_and_declared_otherwise():
    document = copy.deepcopy(BASE)
    document["types"]["level"]["order"] = ["low", "middle", "top", "high"]
    document["facts"]["points"] = {"type": "number", "from": 2, "to": 20, "step": "0.5"}
    document["facts"]["honoured"] = {"type": "bool"}
    put(document, ("rules", "good", "requires", "honoured"), "not honoured")
    document["derived"]["worth"] = "floor(points) + years"
    document["rules"]["hard"]["grants"]["hours"] = 3
    a, b = small(), law(document)
    found = compare(a, b, "award")
    assert found.only == ((), ("honoured",))
    assert {r.fact for r in found.redeclared} == {"level", "points"}
    assert found.complete
    assert found.regions
    for region in found.regions:
        assert region.proved
        assert all(k in a.declared for k in region.person)
    everybody = [{**r, "honoured": h} for r in EVERYBODY if r["points"] >= 2 for h in (True, False)]
    checked = 0
    for record in everybody:
        mine = {k: v for k, v in record.items() if k != "honoured"}
        before, after = am.decide(a, mine, ignore="*"), am.decide(b, record, ignore="*")
        for region in found.regions:
            if inside(region, record):
                checked += 1
                assert changed_so(region, before, after)
        if answer(before, "award") != answer(after, "award"):
            assert any(changed_so(r, before, after) for r in found.regions)
    assert checked
    said = found.to_dict()["facts"]
    assert said["only_b"] == ["honoured"]
    assert next(r for r in said["redeclared"] if r["fact"] == "points")["b"]["step"] == "0.5"


def test_members_in_another_order_keep_their_names():
    document = copy.deepcopy(BASE)
    document["types"]["level"]["order"] = ["middle", "low", "high"]
    document["rules"]["hard"]["requires"]["low"] = "level != 'high'"
    found = compare(small(), law(document))
    assert found.equivalent is True
    document["rules"]["hard"]["requires"]["low"] = "level == 'low'"
    found = compare(small(), law(document), "duty")
    (region,) = found.regions
    assert [(s.column, s.values) for s in region.box] == [("level", {"among": ["middle"]})]


def test_a_fact_of_another_kind_is_a_fact_of_its_own():
    document = copy.deepcopy(BASE)
    document["facts"]["active"] = {"type": "integer", "from": 0, "to": 1}
    document["rules"]["long"]["requires"]["active"] = "active == 1"
    found = compare(small(), law(document), "award")
    assert [(r.fact, r.apart) for r in found.redeclared] == [("active", True)]
    assert found.regions
    assert isinstance(found.regions[0].before.facts["active"], bool)
    assert not isinstance(found.regions[0].after.facts["active"], bool)


def test_renamed_facts_and_decisions():
    text = json.dumps(BASE).replace("points", "credit").replace('"award"', '"bonus"')
    b = law(json.loads(text))
    found = compare(small(), b)
    assert {(x.name, x.law) for x in found.lacking} == {("award", "a"), ("bonus", "b")}
    assert found.equivalent is False
    assert found.only == (("points",), ("credit",))
    renamed = {"credit": "points", "bonus": "award"}
    assert compare(small(), b, renamed=renamed).equivalent is True
    other = law(json.loads(text.replace('"value": 5', '"value": 7')))
    found = compare(small(), other, "award", renamed=renamed, claims=[nobody_loses("award")])
    assert found.regions
    assert found.claims[0].said == "COUNTEREXAMPLE"
    for region in found.regions:
        assert region.names == ("award", "bonus")
        assert "credit" in region.after.facts
        assert "points" in region.before.facts
    assert "bonus" in found.to_json()


def test_lists_of_other_lengths():
    def document(most, test):
        made = copy.deepcopy(BASE)
        made["facts"]["spells"] = {
            "type": "list",
            "of": {"days": {"type": "integer", "from": 0, "to": 9}},
            "up_to": most,
        }
        made["derived"]["lost"] = "sum(s.days for s in spells)"
        put(made, ("rules", "long", "requires", "there"), test)
        return law(made)

    a, b = document(4, "lost < 10"), document(2, "lost <= 9")
    found = compare(a, b, "award")
    assert [r.fact for r in found.redeclared] == ["spells"]
    assert (found.complete, found.regions, found.equivalent) == (True, (), False)
    assert [(x.by, x.verdict.value) for x in found.taken] == [("a", "counterexample"), ("b", "proved")]
    assert len(found.taken[0].witness.decisions[0].facts["spells"]) > 2
    found = compare(a, document(2, "lost < 12"), "award")
    assert found.regions
    assert all(len(r.person["spells"]) <= 2 for r in found.regions)


def test_checks_of_one_law_are_told_with_somebody_whom_it_refuses():
    document = copy.deepcopy(BASE)
    document["checks"] = {"young": "years <= points or active"}
    found = compare(small(), law(document))
    assert (found.complete, found.regions, found.equivalent) == (True, (), False)
    by = {t.by: t for t in found.taken}
    assert by["a"].witness is not None
    assert by["a"].faults
    assert by["b"].verdict == "proved"
    assert "takes and a check or a range of the other refuses" in found.to_text("en")


# --- days, regions ---


def test_two_days_of_a_policy_whose_parameter_changed():
    policy = am.load("manokwari/merit")
    found = compare(policy, policy, "promotion", on="2025-06-01", against_on="2026-06-01")
    assert found.values == ("minimum_merit_score",)
    assert [(r.field, r.kind, r.rules) for r in found.regions] == [
        ("status", "granted -> refused", ("promosi_prestasi", None))
    ]
    assert found.complete
    a, b = found.regions[0].before.law, found.regions[0].after.law
    both = joint(a, b, b.on)
    people = People(both.law, seed=99)
    block = people.draw(100_000)
    keys = both.here("promotion.granted").key, both.there("promotion.granted").key
    before, after = (people.values([k], block)[k].astype(bool) for k in keys)
    assert (before & ~after).any()
    assert not (after & ~before).any()


def test_a_policy_on_one_day_against_itself():
    policy = am.load("contoh/tpp")
    found = compare(policy, policy, on=ON)
    assert found.equivalent is True
    assert found.complete


def test_two_regions():
    a, b = (am.load(f"{name}/tpp_pembayaran") for name in ("kepahiang", "sampang"))
    found = compare(a, b, ["potongan_kehadiran", "pembayaran_tpp"], on=ON, claims=[nobody_loses("pembayaran_tpp")])
    assert found.only[1] == ("late_arrivals",)
    assert found.complete
    assert {r.name for r in found.regions} >= {"potongan_kehadiran.status", "pembayaran_tpp.amount"}
    assert found.claims[0].said == "COUNTEREXAMPLE"
    for region in found.regions:
        assert json.loads(json.dumps(region.to_dict()))["change"] == region.kind


def test_a_region_against_its_parent():
    a, b = am.load("indonesia/tukin"), am.load("bgn/tukin")
    found = compare(a, b, on=ON)
    assert found.a["policy"] == "indonesia/tukin"
    assert found.complete
    assert found.regions
    assert any(r.proved for r in found.regions)


# --- what is refused ---


def test_days_without_a_law_and_what_is_no_law():
    policy = am.load("manokwari/merit")
    with pytest.raises(NotInForceError):
        compare(policy, policy, on="1990-01-01")
    with pytest.raises(NotInForceError):
        compare(policy, policy, on=ON, against_on="1990-01-01")
    with pytest.raises(ArgumentError, match="on"):
        compare(policy, policy)
    with pytest.raises(ArgumentError, match="against_on"):
        compare(policy, small(), on=ON, against_on=ON)
    with pytest.raises(ArgumentError, match="a: "):
        compare("manokwari/merit", policy, on=ON)
    with pytest.raises(ArgumentError, match="b: "):
        compare(policy, None, on=ON)
    with pytest.raises(ArgumentError, match="decision"):
        compare(small(), small(), "awards")
    with pytest.raises(ArgumentError, match="id"):
        compare(small(), small()).to_text("fr")


def test_a_law_that_ended_is_compared_on_a_later_day():
    document = copy.deepcopy(BASE)
    document["effective"] = {"from": "2020-01-01", "until": "2021-12-31"}
    b = small((("parameters", "least", "value"), 4))
    old = law(document, on="2021-06-01")
    found = compare(old, b, "award")
    assert found.day == ON
    assert found.regions
    assert found.complete


def test_without_time_nothing_is_said_to_be_proved_that_is_not():
    a, b = small(), small((("parameters", "least", "value"), 3), (("rules", "good", "grants", "amount"), "60 * points"))
    found = compare(a, b, budget=0.01)
    assert not any(r.proved and len(r.box) < len(BASE["facts"]) for r in found.regions) or found.regions
    for record in EVERYBODY:
        before, after = am.decide(a, record), am.decide(b, record)
        for region in found.regions:
            if region.proved and inside(region, record):
                assert changed_so(region, before, after)
    assert found.equivalent in {False, None}


def test_two_known_days_of_one_day():
    """In May a decree was made that holds from January on: by what was known in April, two years were enough."""
    document = copy.deepcopy(BASE)
    later = {"value": 3, "from": "2026-01-01", "enacted": "2026-05-01"}
    first = {"value": 2, "from": "2020-01-01", "enacted": "2019-12-01"}
    document["parameters"]["least"] = {"type": "integer", "versions": [first, later]}
    policy = am.load(document)
    found = compare(policy, policy, "award", on=ON, known="2026-04-01", against_known="2026-06-01")
    assert found.values == ("least",)
    assert found.regions
    assert all(r.person["years"] == 2 for r in found.regions)
    assert "as known 1 April 2026" in found.to_text("en")
    assert compare(policy, policy, "award", on=ON, known="2026-04-01").equivalent is True


def test_progress_is_told_and_an_interruption_leaves_no_process():
    told = []

    def progress(done, total, doing):
        told.append((done, total, doing))
        if doing.startswith("box"):
            raise KeyboardInterrupt

    def children():
        """The processes under this one; other tests may have left theirs."""
        file = Path(f"/proc/self/task/{os.getpid()}/children")
        return set(file.read_text(encoding="ascii").split()) if file.exists() else set()

    before = children()
    b = small((("parameters", "least", "value"), 4))
    with pytest.raises(KeyboardInterrupt):
        compare(small(), b, "award", progress=progress)
    assert any(doing == "samples" for _, _, doing in told)
    assert children() <= before
