"""What the strategies of asnmerit.testing draw: lawful people, both sides of thresholds, pairs, records with gaps."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable

import asnmerit as am
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.records import lanes_of_record
from asnmerit.outcome import facts_below
from asnmerit.rules.types import Enum, ListOf, PerMember, Yearly
from asnmerit.strategies.arguments import keys_of
from asnmerit.strategies.turning import Turning
from asnmerit.testing import Pair, missing, near_threshold, pairs, people
from support.flaws import law
from support.policies import seeded

ROOT = Path(__file__).resolve().parent.parent
DEEP = settings().max_examples > 100
SAME = settings(max_examples=25, derandomize=True, database=None, deadline=None)
MANY = settings(SAME, max_examples=500)
FEW = settings(SAME, max_examples=60 if DEEP else 10)
DAYS = ("2026-04-01", "2022-06-01", "2021-09-01")
POLICIES = [name for name in am.policies() if not am.load(name).abstract]


def law_of(name):
    for on in DAYS:
        try:
            return am.in_force(am.load(name), on=on)
        except am.NotInForceError:
            continue
    raise AssertionError(name)


def drawn(strategy, count=10):
    """What a strategy draws, the same every time."""
    found = []

    @settings(SAME, max_examples=count, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def draw(one):
        found.append(one)

    draw()
    return found


# --- strategies ---


@pytest.mark.parametrize("name", POLICIES)
def test_people_of_every_bundled_policy_are_accepted_and_complete(name):
    found = law_of(name)

    # Hypothesis itself fails where too many draws are thrown away.
    @settings(FEW, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(people(found))
    def accepted(record):
        assert am.decide(found, record).given.sure

    accepted()


@pytest.mark.parametrize("name", POLICIES)
def test_incomplete_people_of_every_bundled_policy_are_accepted(name):
    found = law_of(name)
    for record in drawn(st.one_of(people(found, missing=0.3), missing(found, people(found)))):
        am.decide(found, record)


@pytest.mark.parametrize("name", POLICIES)
def test_pairs_of_every_bundled_policy_differ_in_the_facts_named_alone(name):
    found = law_of(name)
    facts = sorted(found.reads)
    for fact in facts if DEEP else facts[:: len(facts) // 2 + 1]:
        for relation in ("any", "up"):
            try:
                strategy = pairs(found, fact, relation)
            except am.ArgumentError as error:
                assert error.argument == "facts"
                continue
            try:
                made = drawn(strategy, 4)
            except Unsatisfiable:
                # A check of the record may tie a fact to others, so that hardly a pair differs in it alone.
                assert fact in facts_below(found, *(s.key for s in found.steps if s.role == "check"))
                continue
            for pair in made:
                held_to(found, pair, {fact}, relation)


def held_to(found, pair, facts, relation):
    before, after = pair
    assert {n for n in before.keys() | after.keys() if before.get(n) != after.get(n)} <= facts
    assert before != after
    assert am.decide(found, before).given.sure and am.decide(found, after).given.sure
    if relation == "up":
        for name in facts:
            for one, other in zip(
                leaves(found.declared[name].type, before[name]),
                leaves(found.declared[name].type, after[name]),
                strict=True,
            ):
                assert one == other or one[0] < other[0] or (one[0] == other[0] and one[2] == other[2])


def leaves(of, value):
    """The values of a fact in a fixed order: what orders it, its type, and itself."""
    match of:
        case Yearly(inner) | PerMember(inner):
            return [leaf for key in sorted(value, key=str) for leaf in leaves(inner, value[key])]
        case ListOf(fields, _, plain):
            rows = [{"value": v} for v in value] if plain else value
            return [leaf for row in rows for f in sorted(row) for leaf in leaves(fields[f], row[f])]
        case Enum() if of.ordered:
            return [(of.levels[of.members.index(value)], of.name, "")]
        case Enum():
            return [(0, of.name, value)]
        case _:
            return [(value, str(of), "")]


def test_people_of_random_policies_are_accepted():
    """Hardly any random policy is left without people, and where one is, its checks are hard."""
    seeds = range(60 if DEEP else 10)
    without = 0
    for seed in seeds:
        _, found, _ = seeded(seed)
        try:
            records = drawn(people(found), 4)
        except Unsatisfiable:
            assert any(s.role == "check" for s in found.steps)
            without += 1
            continue
        assert records
        for record in records + drawn(near_threshold(found), 4) + drawn(people(found, missing=True), 4):
            am.decide(found, record)
        random_pairs_differ_in_one_fact(found)
    assert without <= len(seeds) / 10


def random_pairs_differ_in_one_fact(found):
    for fact in sorted(found.reads)[:2]:
        try:
            drawn_pairs = drawn(pairs(found, fact), 3)
        except Unsatisfiable:
            assert any(s.role == "check" for s in found.steps)
            continue
        for pair in drawn_pairs:
            held_to(found, pair, {fact}, "any")


DATED = {
    "facts": {
        "mulai": {"type": "date"},
        "akhir": {"type": "date"},
        "nilai": {"type": "number", "from": 0, "to": 100, "step": "0.25", "merit": True},
        "kota": {"type": "kota"},
        "tahunan": {"type": "predikat", "per": "year", "back": 2},
        "hukuman": {"type": "list", "up_to": 4, "of": {"mulai": {"type": "date"}, "akhir": {"type": "date"}}},
    },
    "types": {"kota": {"members": ["manokwari", "sorong"]}, "predikat": {"order": ["kurang", "baik", "sangat_baik"]}},
    "checks": {
        "urut": "mulai <= akhir and akhir <= as_of",
        "hukuman_urut": "all(h.mulai <= h.akhir and h.akhir <= as_of for h in hukuman)",
    },
    "parameters": {"batas": {"type": "date", "value": datetime.date(2025, 1, 1)}},
    "decisions": {"naik": {}},
    "rules": {
        "biasa": {
            "decides": "naik",
            "requires": {
                "lama": "months_between(mulai, as_of) >= 24",
                "cukup": "nilai * 0.8 + 10 >= 80",
                "baik": "all(p >= baik for p in tahunan)",
                "bersih": "not any(h.akhir >= batas for h in hukuman)",
            },
        }
    },
}


def test_people_shrink_to_the_simplest():
    record = find(people(law(**DATED)), lambda _: True, settings=SAME)
    first = datetime.date(2000, 1, 1)
    assert record == {
        "mulai": first,
        "akhir": first,
        "nilai": 0,
        "tahunan": {2025: "kurang", 2024: "kurang"},
        "hukuman": [],
    }


def test_a_failing_person_shrinks_to_what_matters():
    found = law(**DATED)
    record = find(people(found), lambda r: am.decide(found, r)["naik"].status == "granted", settings=MANY)
    assert record["nilai"] == Decimal("87.5")
    assert record["tahunan"] == {2025: "baik", 2024: "baik"}
    assert record["hukuman"] == []
    assert record["mulai"] == datetime.date(2000, 1, 1)


def test_pairs_shrink_to_one_difference():
    found = law(**DATED)
    pair = find(pairs(found, ["tahunan", "nilai"], "up"), lambda _: True, settings=SAME)
    assert len(pair.changes) == 1
    assert eval(repr(pair), {"Pair": Pair, "datetime": datetime}) == pair  # noqa: S307 - its own words


def test_people_near_a_threshold_stand_beside_it():
    found = law(**DATED)
    scores = {r["nilai"] for r in drawn(near_threshold(found, "naik.biasa", fact="nilai"), 40)}
    assert {Decimal("87.25"), Decimal("87.5")} <= scores
    assert len([s for s in scores if abs(s - Decimal("87.5")) <= 1]) >= len(scores) - 1

    days = {r["mulai"] for r in drawn(near_threshold(found, "naik.biasa", fact="mulai"), 80)}
    turn = datetime.date(2024, 4, 1)
    assert {turn, turn + datetime.timedelta(days=1)} <= days


def test_every_condition_is_seen_from_both_sides():
    """Counted: one in twenty people near a threshold at least stands on each side of each condition."""
    found = law(**DATED)
    conditions = ["lama", "cukup", "baik", "bersih"]
    sides = Counter()
    for record in drawn(near_threshold(found, "naik.biasa"), 80):
        values = am.decide(found, record).values
        sides.update((name, values[f"rules.biasa.requires.{name}"]) for name in conditions)
    assert sides.keys() == {(name, side) for name in conditions for side in (True, False)}
    assert min(sides.values()) >= 4


def test_turns_are_found_through_a_score_and_a_table():
    found = law(
        facts={"hari": {"type": "integer", "from": 0, "to": 100_000}},
        tables={"golongan": {"by": {"n": {"type": "integer", "from": 0, "to": 100, "match": "from"}},
                             "gives": "integer", "rows": {0: 1, 70: 2}}},
        derived={"poin": "hari * 7 / 10"},
        decisions={"naik": {"outcome": {"x": "integer"}}},
        rules={"satu": {"decides": "naik", "grants": {"x": "golongan[floor(min(poin, 100), 1)]"}}},
    )  # fmt: skip
    seen = {r["hari"] for r in drawn(near_threshold(found), 60)}
    assert {99, 100} <= seen


def test_people_about_a_rule_hold_no_more_than_it_rests_on():
    found = law(**DATED)
    for record in drawn(people(found, about="naik.biasa"), 5):
        assert record.keys() == {"mulai", "nilai", "tahunan", "hukuman"}
        assert am.decide(found, record)["naik"].status != "undetermined"


def test_what_is_given_stays():
    found = law(**DATED)
    told = {"nilai": 50, "mulai": datetime.date(2026, 3, 31), "tahunan": {2025: "baik"}}
    for record in drawn(people(found, given={**told, "hukuman": st.just([])}), 10):
        assert {n: record[n] for n in told} == told
        assert record["akhir"] in {datetime.date(2026, 3, 31), datetime.date(2026, 4, 1)}
        assert record["hukuman"] == []


def test_something_is_always_missing():
    found = law(**DATED)
    full = drawn(people(found), 1)[0]
    for record in drawn(missing(found, full), 20):
        assert record != full
        assert not am.decide(found, record).given.sure


def test_another_day_of_decision():
    found = law(**DATED)
    for record in drawn(people(found, as_of="2023-01-01"), 20):
        assert record["akhir"] <= datetime.date(2023, 1, 1)
        am.decide(found, record, as_of="2023-01-01")


DIGEST = """
import hashlib, sys
import asnmerit as am
from asnmerit.testing import near_threshold, pairs, people
from hypothesis import given, settings
law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
seen = hashlib.sha256()
for strategy in (people(law, missing=True), near_threshold(law, "promotion"), pairs(law, "performance", "up")):
    @settings(derandomize=True, database=None, deadline=None, max_examples=8)
    @given(strategy)
    def draw(one):
        seen.update(repr(one).encode())
    draw()
print(seen.hexdigest())
"""


def test_the_same_people_are_drawn_in_every_process():
    seen = set()
    for seed in ("0", "1"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", DIGEST], capture_output=True, text=True, check=True, cwd=ROOT, env=environment
        )
        seen.add(done.stdout)
    assert len(seen) == 1 and seen.pop().strip()


WITHOUT = """
import importlib.util, sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name in {"numpy", "z3"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name in {"numpy", "z3"} else there(name, package)
import asnmerit as am
import asnmerit.testing as t
t.assert_guarantees
assert "hypothesis" not in sys.modules
law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
for strategy in (t.people(law), t.near_threshold(law), t.pairs(law, "results_rating"), t.missing(law, t.people(law))):
    strategy.example()
print(t.assert_every_case_decided(law, "predikat_kinerja"))
"""


def test_people_and_examples_need_hypothesis_alone():
    """Importing the assertions does not even need that."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "NO COUNTEREXAMPLE in 300 examples\n", done.stderr


# --- the law that answers turn on ---


def test_a_turn_is_between_two_neighbours():
    found = law(**DATED)
    record = drawn(people(found), 1)[0]
    turning = Turning(found, keys_of(found, "about", "naik"), domains(found))
    lanes = lanes_of_record(found, record)
    spot = (("nilai", None), None)
    (at,) = turning.turns(lanes, spot, found.on.toordinal())
    assert at == 349  # 87.25, the last place that is not enough
