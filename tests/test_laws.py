"""The laws of the language, held by random decisions: settled is settled, all known is settled, none taken back."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.compiled import compiled
from asnmerit.decision import Decision
from asnmerit.edge import read_record
from asnmerit.rules.types import Bool, Enum, Number
from support import compare, people
from support.dice import Drawn, Seeded
from support.policies import law_of, policies, seeded

SETTLED = {"granted", "refused", "conflict"}


DEPTH = settings().max_examples
FEWER = settings(max_examples=max(12, DEPTH // 5))
"""A test that draws a policy and several people is given fewer policies."""


def decided(law, who):
    """Decide a person, checks not asked: random people contradict themselves."""
    given = read_record(law, people.record(Seeded(1), law, who), law.on, ())
    return Decision(law, law.on, given, compiled(law).run(given))


def answer(outcome):
    """What a settled answer says."""
    return outcome.status, outcome.outcome if outcome.status == "granted" else None


# --- S, K, M ---


@FEWER
@given(st.data(), policies())
def test_settled_is_settled(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (10, 30, 60):
        who = people.person(dice, law, law.on, unknown)
        before = decided(law, who)
        for share in (40, 100):
            after = decided(law, people.completed(dice, law, who, law.on, share))
            for name in law.decisions:
                if before[name].status in SETTLED:
                    assert answer(after[name]) == answer(before[name]), made.dump()
                    assert before[name].rule in (None, after[name].rule)
                    assert set(before[name].rules) <= set(after[name].rules)
                if before[name].foregone is not None:
                    assert after[name].status in {before[name].foregone, "undetermined"}, made.dump()


@FEWER
@given(st.data(), policies())
def test_a_record_that_a_check_refuses_stays_refused(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (0, 20, 50):
        who = people.person(dice, law, law.on, unknown)
        values = decided(law, who).values
        broken = {s.key for s in law.steps if s.role == "check" and values[s.key] is False}
        try:
            assert am.decide(law, people.record(dice, law, who)).raw == decided(law, who).raw
        except am.RecordError as error:
            assert broken
            assert {f.code for f in error.faults} == {"check"}
            with pytest.raises(am.RecordError):
                am.decide(law, people.record(dice, law, people.completed(dice, law, who, law.on)))
        else:
            assert not broken


@FEWER
@given(st.data(), policies())
def test_with_all_facts_known_nothing_is_undetermined(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for _ in range(3):
        decision = decided(law, people.person(dice, law, law.on, 0))
        assert None not in decision.raw
        assert all(o.status in SETTLED for o in decision.outcomes.values())


@FEWER
@given(st.data(), policies())
def test_no_step_takes_its_value_back(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (15, 50):
        who = people.person(dice, law, law.on, unknown)
        more = people.completed(dice, law, who, law.on, 50)
        before, after = (compare.computed(law, compare.lanes_of(law, p, law.on)) for p in (who, more))
        assert not compare.not_taken_back(before, after), made.dump()
        assert not compare.not_taken_back(compare.expected(law, who, law.on), compare.expected(law, more, law.on))


@FEWER
@given(st.data(), policies())
def test_foregone_and_total_bounds_hold_for_every_completion(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (10, 40):
        who = people.person(dice, law, law.on, unknown)
        before = decided(law, who)
        for _ in range(4):
            after = decided(law, people.completed(dice, law, who, law.on))
            for name, outcome in before.outcomes.items():
                if outcome.foregone is not None:
                    assert after[name].status == outcome.foregone, made.dump()
                for field, (low, high) in outcome.total_bounds.items():
                    total = after[name].outcome[field]
                    assert low <= total <= high
                    known = outcome.outcome[field]
                    assert known is None or low == high == known or low <= known <= high


# --- missing ---


@FEWER
@given(st.data(), policies(depth=2))
def test_missing_facts_settle_whatever_their_values(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (10, 40):
        who = people.person(dice, law, law.on, unknown)
        decision = decided(law, who)
        for name, outcome in decision.outcomes.items():
            if outcome.status != "undetermined":
                assert not outcome.missing.facts
                continue
            places = people.unknowns(law, who, law.on)
            assert set(outcome.missing.facts) <= set(places)
            for _ in range(6):
                told = {places[f][0]: people.drawn(dice, places[f][1]) for f in outcome.missing}
                after = decided(law, people.with_values(people.presumed(law, who), told))[name]
                assert after.status in SETTLED, (outcome.missing, told, made.dump())


SMALL = (
    {"type": "bool"},
    {"type": "integer", "from": "0", "to": "3"},
    {"type": "integer", "from": "0", "to": "10", "step": "5"},
    {"type": "number", "from": "0", "to": "1", "step": "0.5"},
    {"type": "predikat"},
)
TRUTHS = (
    "{a} {s} {b}",
    "{a} + {b} {s} {c}",
    "{a} {s} p and {b} {s} {c}",
    "{a} {s} p or {b} {s} p",
    "not ({a} {s} {b})",
    "({a} if {a} {s} p else {b}) {s} {c}",
    "min({a}, {b}) {s} p",
    "{a} * {b} {s} {c} / max({a}, 1)",
    "{a} > 3 and {a} < 5",
)


@st.composite
def small_laws(draw):
    """A decision over a few facts with few values, and how many of them are unknown."""
    facts = {f"f{i}": dict(draw(st.sampled_from(SMALL))) for i in range(draw(st.integers(2, 4)))}
    numbers = [n for n, s in facts.items() if s["type"] in {"integer", "number"}] or ["p"]
    bools = [n for n, s in facts.items() if s["type"] == "bool"]
    predicates = [f"{n} >= 'baik'" for n, s in facts.items() if s["type"] == "predikat"]

    def truth():
        options = [*bools, *predicates, None, None, None]
        chosen = draw(st.sampled_from(options))
        if chosen is not None:
            return chosen
        pick = st.sampled_from([*numbers, "p"])
        return draw(st.sampled_from(TRUTHS)).format(
            a=draw(pick), b=draw(pick), c=draw(pick), s=draw(st.sampled_from(("<", ">=", "==")))
        )

    hit = draw(st.sampled_from(("first", "unique", "any", "collect")))
    rules = {}
    for i in range(draw(st.integers(1, 3))):
        needs = {
            f"n{j}": f"({truth()}) {draw(st.sampled_from(('and', 'or')))} ({truth()})"
            for j in range(draw(st.integers(1, 2)))
        }
        rules[f"r{i}"] = {
            "decides": "d",
            "source": "u",
            "requires": needs,
            "grants": {"x": draw(st.sampled_from(["1", "2", *numbers]))},
        }
    decision = {"outcome": {"x": "number"}, "hit": hit}
    if hit == "first":
        decision["order"] = list(rules)
    if hit == "collect":
        decision["total"] = {"x": "sum"}
    document = {
        "asnmerit": 1,
        "policy": "small/law",
        "title": "t",
        "enacted": "2019-12-01",
        "effective": {"from": "2020-01-01"},
        "sources": {"u": {"title": "u", "grade": "A"}},
        "types": {"predikat": {"order": ["kurang", "baik", "sangat baik"]}},
        "facts": facts,
        "parameters": {"p": {"type": "number", "value": draw(st.sampled_from(("0", "1.5", "4")))}},
        "decisions": {"d": decision},
        "rules": rules,
    }
    return document, am.in_force(am.load(document), on="2022-01-01")


def values_of(of):
    match of:
        case Bool():
            return [False, True]
        case Enum():
            return range(len(of.members))
        case Number():
            return [of.lo + k * of.step for k in range(int((of.hi - of.lo) / of.step) + 1)]
    raise AssertionError(of)


def settles(law, who, facts):
    """Try every assignment of the facts."""
    places = people.unknowns(law, who, law.on)
    domains = [values_of(places[f][1]) for f in facts]
    return all(
        decided(law, people.with_values(who, {places[f][0]: v for f, v in zip(facts, told, strict=True)}))["d"].status
        in SETTLED
        for told in itertools.product(*domains)
    )


@given(st.data(), small_laws())
def test_missing_is_enough_and_has_nothing_to_spare_by_enumeration(data, found):
    document, law = found
    dice = Drawn(data.draw)
    who = people.person(dice, law, law.on, 60)
    outcome = decided(law, who)["d"]
    if outcome.status != "undetermined":
        return
    missing = outcome.missing
    assert settles(law, who, missing.facts), document
    if missing.exact:
        for left_out in missing.facts:
            rest = [f for f in missing.facts if f != left_out]
            assert not settles(law, who, rest), (left_out, missing, document)


def test_missing_does_not_ask_for_a_fact_because_of_a_value_off_the_step():
    law = am.in_force(
        am.load(
            {
                "asnmerit": 1,
                "policy": "small/law",
                "title": "t",
                "enacted": "2019-12-01",
                "effective": {"from": "2020-01-01"},
                "facts": {
                    "x": {"type": "integer", "from": 0, "to": 10, "step": 5},
                    "y": {"type": "integer", "from": 0, "to": 10, "step": 5},
                    "a": {"type": "bool"},
                },
                "decisions": {"d": {"hit": "any"}},
                "rules": {
                    "r": {"decides": "d", "requires": {"n": "y == 5 and (a or (not (x + y > 6 and x + y < 10)))"}}
                },
            }
        ),
        on="2022-01-01",
    )
    found = am.decide(law, {"y": 5})["d"].missing
    assert (found.facts, found.exact) == (("x",), True)


# --- the same question, the same answer ---


def test_a_decision_has_the_same_bytes_in_every_process():
    program = (
        "import sys, hashlib\n"
        "sys.path.insert(0, sys.argv[1])\n"
        "from support.policies import seeded\n"
        "from support import people\n"
        "import asnmerit as am\n"
        "for seed in range(6):\n"
        "    made, law, dice = seeded(seed, checks=False)\n"
        "    who = people.record(dice, law, people.person(dice, law, law.on, 20))\n"
        "    decision = am.decide(law, who)\n"
        "    said = [decision.to_json(), law.meaning, *(str(o.missing) for o in decision.outcomes.values())]\n"
        "    print(hashlib.sha256('\\n'.join(said).encode()).hexdigest())\n"
    )
    here = Path(__file__).parent
    printed = set()
    for hash_seed in ("0", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", program, str(here)],
            capture_output=True,
            text=True,
            check=False,
            cwd=here.parent,
            env=environment,
        )
        assert done.returncode == 0, done.stderr
        printed.add(done.stdout)
    assert len(printed) == 1


@pytest.mark.parametrize("seed", range(3))
def test_many_threads_share_a_law(seed):
    _, law, dice = seeded(seed, checks=False)
    records = [people.record(dice, law, people.person(dice, law, law.on, u)) for u in (0, 20, 50) * 8]
    _, fresh, _ = seeded(seed, checks=False)
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda r: am.decide(fresh, r).to_json(), records))
    assert together == [am.decide(law, r).to_json() for r in records]


@FEWER
@given(st.data(), policies(checks=False))
def test_the_order_of_facts_in_a_record_does_not_matter(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    record = people.record(dice, law, people.person(dice, law, law.on, 20))
    shuffled = list(record.items())
    random.Random(7).shuffle(shuffled)
    assert am.decide(law, record).to_json() == am.decide(law, dict(shuffled)).to_json()


@FEWER
@given(st.data(), policies(checks=False))
def test_the_order_of_rules_does_not_matter(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    turned = json.loads(json.dumps(made.document))
    turned["rules"] = dict(reversed(turned["rules"].items()))
    other = am.in_force(am.load(turned), on=law.on, known=law.known)
    for unknown in (0, 25):
        who = people.person(dice, law, law.on, unknown)
        one, two = decided(law, who), decided(other, who)
        for name in law.decisions:
            assert answer(one[name]) == answer(two[name]), made.dump()
            assert set(one[name].rules) == set(two[name].rules)
            if one[name].node.hit in {"collect", "first"}:
                assert one[name].outcome == two[name].outcome


@FEWER
@given(st.data(), policies(checks=False))
def test_a_decision_is_replayed_to_the_same_answer(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    decision = am.decide(law, people.record(dice, law, people.person(dice, law, law.on, 20)))
    assert am.replay(decision.to_dict(), law).status == am.replay(decision.to_json(), law).status
    assert not am.replay(decision.to_json(), law).differences
