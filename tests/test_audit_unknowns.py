"""What one missing fact leaves open, against `decide`; and what is settled without it, against all that it can be."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.claims import unknowns
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.findings import Verdict
from asnmerit.auditing.session import audit
from asnmerit.phrases import STATUS_NAMES
from support.policies import seeded
from support.small import HEAD, small_law, variants

DEEP = max(10, settings().max_examples // 75)
SAMPLES = 200
FEW = {"type": "integer", "from": 0, "to": 4}


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "sources": {"s": {"title": "S"}}, **sections}), on="2026-04-01")


def decided_by(requires, **facts):
    return law_of(
        facts=facts,
        decisions={"d": {"kind": "benefit"}},
        rules={"r": {"decides": "d", "requires": requires}},
    )


def tried(law, samples=SAMPLES):
    """Give the records of the people whom `observe` tries, in their order."""
    people = People(law, seed=0)
    block = people.draw(samples)
    return [people.record(people.lanes_at(block, i)) for i in range(block.rows)]


def without(record, fact):
    return {k: v for k, v in record.items() if k != fact}


def status(law, record, decision):
    return am.decide(law, record)[decision].status


def by_fact(law, samples=SAMPLES, decision=None):
    """Give the findings by (decision, fact), in their order."""
    found = unknowns.observe(law, samples=samples)
    some = [f for f in found if f.verdict is Verdict.OBSERVED]
    return {tuple(f.subject.split(".")): f for f in some if decision in {None, f.subject.split(".")[0]}}


# --- counts ---


def held_against_decide(law, samples=SAMPLES):
    """Hold what is counted against deciding everybody tried, with the fact and without it; give how many were open."""
    records = tried(law, samples)
    opened = 0
    for (decision, fact), finding in by_fact(law, samples).items():
        if not records:
            assert (finding.value, finding.witness, finding.samples) == (None, None, 0)
            assert finding.told["en"].startswith("Nobody who meets the checks")
            continue
        before = [status(law, r, decision) for r in records]
        after = [status(law, without(r, fact), decision) for r in records]
        assert "undetermined" not in before
        many = after.count("undetermined")
        assert finding.value == {"open": many, "tried": len(records)}
        assert finding.samples == len(records)
        assert all(a in {b, "undetermined"} for a, b in zip(after, before, strict=True))
        opened += many
        if many:
            known, unknown = finding.witness.decisions
            assert known[decision].status != "undetermined"
            assert unknown[decision].status == "undetermined"
            assert without(known.facts, fact) == dict(unknown.facts)
            assert finding.witness.facts == (fact,)
            told = Counter(a for a in after if a != "undetermined")
            words = STATUS_NAMES["en"][law.decisions[decision].kind]
            for name, n in told.items():
                assert f"{n:,} {words[name]}" in finding.told["en"]
        else:
            assert finding.witness is None
            assert "no proof" in finding.told["en"]
    return opened


def test_small_laws_count_who_is_left_open_as_decide_does():
    assert sum(held_against_decide(small_law(seed)) > 0 for seed in range(DEEP)) > DEEP // 2


def test_random_policies_count_who_is_left_open_as_decide_does():
    laws = [seeded(seed)[1] for seed in range(DEEP // 2)]
    assert sum(held_against_decide(law, 60) > 0 for law in laws) > DEEP // 4


@pytest.mark.parametrize("name", ["manokwari/merit", "indonesia/kinerja"])
def test_shipped_policies_count_who_is_left_open_as_decide_does(name):
    assert held_against_decide(am.in_force(am.load(name), on="2026-04-01"), 150)


# --- whatever it is ---


def held_against_all_it_can_be(law, rows=25):
    """Hold what is settled without a fact against all that the fact can be; give how many people were compared."""
    people = People(law, seed=0)
    block = people.draw(rows)
    compared = 0
    for decision, fact in by_fact(law):
        for i in range(block.rows):
            lanes = people.lanes_at(block, i)
            settled = status(law, without(people.record(lanes), fact), decision)
            if settled != "undetermined":
                others = variants(people, lanes, fact)
                assert {status(law, people.record(other), decision) for other in others} == {settled}
                compared += len(others)
    return compared


def test_what_is_settled_without_a_fact_is_so_whatever_it_is():
    assert sum(held_against_all_it_can_be(small_law(seed)) for seed in range(DEEP)) > 100 * DEEP


@pytest.mark.parametrize("seed", range(DEEP))
def test_facts_proved_never_to_matter_never_do(seed):
    law = small_law(seed)
    records = tried(law)
    proved = [f for f in unknowns.observe(law, samples=SAMPLES) if f.verdict is Verdict.PROVED]
    for finding in proved:
        for fact in finding.value:
            for r in records:
                assert status(law, without(r, fact), finding.subject) == status(law, r, finding.subject)
    counted = {(f.subject, fact) for f in proved for fact in f.value}
    told = set(by_fact(law))
    reads = {(d, f) for d in law.decisions for f in law.declared if f in law.reads}
    assert counted | told == reads
    assert not counted & told


# --- order and words ---


def test_the_fact_that_opens_most_comes_first():
    law = decided_by({"c": "a >= 2 and b"}, a={"type": "integer", "from": 0, "to": 100}, b="bool")
    found = by_fact(law, 4_000)
    opened = [f.value["open"] for f in found.values()]
    assert opened == sorted(opened, reverse=True)
    assert opened[0] > opened[-1] > 0


def test_a_fact_that_decides_alone_leaves_everybody_open():
    (found,) = by_fact(decided_by({"c": "a"}, a="bool")).values()
    assert found.value == {"open": SAMPLES, "tried": SAMPLES}
    assert found.claim["en"] == "d, where a alone is not known"
    assert found.told["en"].startswith("200 of 200 people tried (100%;")
    assert "settled" not in found.told["en"]


def test_what_cancels_out_is_open_by_the_law_though_it_cannot_matter():
    (found,) = by_fact(decided_by({"c": "a - a == 0"}, a={"type": "integer", "from": 0, "to": 9})).values()
    assert found.value["open"] in {0, SAMPLES}


def test_the_year_that_matters_is_named():
    law = decided_by(
        {"c": "p[1] >= 2 or (p[0] >= 3 and p[1] >= 1)"},
        p={"type": "integer", "from": 0, "to": 3, "per": "year", "back": 2},
    )
    (found,) = by_fact(law, 1_000).values()
    assert "What matters most often: p 2024" in found.told["en"]


def test_a_list_is_one_fact():
    law = decided_by({"c": "sum(r.v for r in l) >= 2"}, l={"type": "list", "up_to": 3, "of": {"v": FEW}})
    assert list(by_fact(law)) == [("d", "l")]
    assert held_against_decide(law)


def test_a_presumed_fact_never_leaves_it_open():
    law = decided_by({"c": "a and not b"}, a="bool", b={"type": "bool", "assume": False, "source": "s 1"})
    assert list(by_fact(law)) == [("d", "a")]
    (never,) = [f for f in unknowns.observe(law, samples=SAMPLES) if f.verdict is Verdict.PROVED]
    assert never.value == ("b",)
    assert "Presumed by law" in never.told["en"]


def test_laws_without_facts_or_decisions_have_no_unknowns():
    assert unknowns.observe(decided_by({}), samples=50) == []
    constant = law_of(facts={"a": "bool"}, derived={"x": "1 if a else 0"})
    assert unknowns.observe(constant, samples=50) == []


def test_a_law_whose_checks_nobody_meets_says_nothing_of_people():
    law = law_of(
        facts={"a": {"type": "integer", "from": 0, "to": 9}},
        checks={"c": "a > 9"},
        decisions={"d": {"kind": "benefit"}},
        rules={"r": {"decides": "d", "requires": {"c": "a > 3"}}},
    )
    (found,) = unknowns.observe(law, samples=50)
    assert (found.value, found.witness) == (None, None)
    assert found.told["en"].startswith("Nobody who meets the checks of this law was found")


def test_the_same_seed_gives_the_same_unknowns_and_audit_has_them():
    law = small_law(2)
    one, other = (audit(law, only="unknown", budget=20).to_dict() for _ in range(2))
    assert one == other
    assert len(one["findings"]) == len(unknowns.observe(law))


def test_an_interval_holds_the_share():
    for part, whole in ((0, 10), (1, 10), (5, 10), (10, 10), (113, 10_000)):
        low, high = unknowns.interval(part, whole)
        assert 0 <= low <= part / whole <= high <= 1
