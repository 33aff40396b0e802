"""People drawn for an audit: lawful, complete, the same for a seed, and back through the edge as they were."""

from __future__ import annotations

import datetime
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.crowd.records import lanes_of_record, record_of
from asnmerit.auditing.replaying import replay
from asnmerit.compiled import compiled
from asnmerit.errors import NotInForceError, RecordError
from support import compare, people
from support.dice import Seeded
from support.policies import day_of, seeded

DEPTH = settings().max_examples
DEEP = DEPTH > 1_000
SEEDS = range(max(15, DEPTH // 15))
DAY = datetime.date(2026, 4, 1)


def bundled():
    laws = []
    for name in am.policies():
        policy = am.load(name)
        if not policy.abstract:
            try:
                laws.append(am.in_force(policy, on=DAY))
            except NotInForceError:
                continue
    return laws


def law_with(**sections):
    head = {"asnmerit": 1, "policy": "audit/people", "title": "People", "enacted": "2019-12-01"}
    return am.in_force(am.load({**head, "effective": {"from": "2020-01-01"}, **sections}), on="2026-04-01")


BUNDLED = bundled()
BY_NAME = pytest.mark.parametrize("law", BUNDLED, ids=lambda law: law.policy)
SOME_BY_NAME = pytest.mark.parametrize("law", BUNDLED if DEEP else BUNDLED[::5], ids=lambda law: law.policy)


def check_people(law, as_of, many, looked_at):
    people = People(law, seed=5, as_of=as_of)
    block = people.draw(many)
    assert block.rows == many
    assert people.holding(block).all()
    keys = [s.key for s in law.steps if s.binder is None]
    columns = people.values(keys, block)
    for row in range(0, many, max(many // looked_at, 1)):
        lanes = people.lanes_at(block, row)
        for lane, domain in people.lanes.items():
            assert all(domain.holds(v) for v in (lanes[lane] if domain.field else [lanes[lane]]))
        record = people.record(lanes)
        assert people.lanes_of_record(record) == lanes
        decision = replay(law, record, as_of)  # decided, and every step confirmed by the reference
        assert all(outcome.status in {"granted", "refused", "conflict"} for outcome in decision.outcomes.values())
        assert [int(decision.raw[law.index[k]]) for k in keys] == [int(columns[k][row]) for k in keys]


@BY_NAME
def test_people_of_bundled_policies_are_lawful_and_decided(law):
    check_people(law, law.on, 1_200, 24)


@pytest.mark.parametrize("seed", SEEDS)
def test_people_of_random_policies_are_lawful_and_decided(seed):
    _, law, dice = seeded(seed)
    as_of = day_of(law, dice)
    if lawful_at_all(law, dice, as_of):
        check_people(law, as_of, 1_200, 40)
    else:  # then a few may be found all the same, by repairing those who break a check
        made = People(law, seed=seed, as_of=as_of)
        assert made.holding(made.draw(300)).all()


def lawful_at_all(law, dice, as_of):
    """Whether anybody of many passes the checks, drawn without any of what is tested here."""
    checks = [i for i, s in enumerate(law.steps) if s.role == "check"]
    run = compiled(law)
    people_ = (people.person(dice, law, as_of, 0) for _ in range(400 if checks else 1))
    return any(all(run.run(compare.lanes_of(law, who, as_of))[i] for i in checks) for who in people_)


# --- the same people every time ---

DIGEST = """
import hashlib, asnmerit as am
from asnmerit.auditing.crowd.people import People
law = am.in_force(am.load("manokwari/career"), on="2026-04-01")
people = People(law, seed={seed})
block = people.draw(3000)
first, second = people.pairs(block, {{lane: "up" for lane in people.lanes if lane[0] == "performance"}})
found = hashlib.sha256()
for part in (block, first, second):
    for lane, column in part.values.items():
        found.update(repr(lane).encode() + column.tobytes())
print(found.hexdigest())
"""


def digest(seed, hashes):
    env = {**os.environ, "PYTHONHASHSEED": hashes}
    script = DIGEST.format(seed=seed)
    done = subprocess.run([sys.executable, "-c", script], env=env, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_seed_gives_the_same_people_in_every_process():
    assert digest(1, "0") == digest(1, "77")
    assert digest(1, "0") != digest(2, "0")


# --- what is lawful is what the edge takes ---


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ends_of_a_lane_are_the_ends_of_the_edge(seed):
    _, law, _ = seeded(seed)
    plain = {lane: [] if d.field else d.low for lane, d in domains(law).items()}
    plain |= {lane: [d.low] * domains(law)[(lane[0], "#")].low for lane, d in domains(law).items() if d.field}
    asked = 0
    for lane, domain in domains(law).items():
        if domain.kind not in {"number", "date"} or domain.field:
            continue
        asked += 1
        for value in (domain.low, domain.high):
            lanes_of_record(law, record_of(law, {**plain, lane: value}))
        for value in (domain.low - domain.step, domain.high + domain.step):
            with pytest.raises(RecordError):
                lanes_of_record(law, record_of(law, {**plain, lane: value}))
    assert asked or not any(d.kind in {"number", "date"} and not d.field for d in domains(law).values())


# --- people with something unknown ---


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 2])
def test_people_with_unknowns_come_back_as_they_were(seed):
    _, law, dice = seeded(seed)
    as_of = day_of(law, dice)
    people = People(law, seed=1, as_of=as_of)
    block = people.draw(1_000, unknown=0.3)
    keys = [s.key for s in law.steps if s.binder is None]
    answer = people.answers(keys, block)
    for row in range(0, block.rows, 20):
        lanes = people.lanes_at(block, row)
        read = people.lanes_of_record(people.record(lanes))
        assumed = {name for name, decl in law.declared.items() if decl.assume is not None}
        assert all(read[lane] == value for lane, value in lanes.items() if lane[0] not in assumed)
        if assumed & law.reads:
            continue
        raw = compiled(law).run(compiled(law).read(people.record(lanes), as_of, ()))
        for key in keys:
            known = answer.known[key] is None or bool(answer.known[key][row])
            assert (int(answer.values[key][row]) if known else None) == raw[law.index[key]]


def test_unknown_people_are_unknown_somewhere():
    people = People(BUNDLED[0], seed=1)
    assert any(None in people.lanes_at(people.draw(100, unknown=0.3), row).values() for row in range(50))


# --- pairs ---


def related(domain, how, one, other):
    if how == "any":
        return True
    if how == "up" and domain.ordered:
        return domain.level(one) <= domain.level(other)
    return one == other


def steps_up(domain, one, other):
    """Whether the second is exactly one step above the first."""
    if domain.levels is None:
        return other - one == domain.step
    above = [level for level in domain.levels if level > domain.levels[one]]
    return bool(above) and domain.levels[other] == min(above)


def check_pairs(people, varying, rows=400):
    first, second = people.pairs(people.draw(rows), varying)
    assert first.rows == second.rows
    assert people.holding(first).all()
    assert people.holding(second).all()
    moved = 0
    nexts = [lane for lane, how in varying.items() if how == "next"]
    for row in range(first.rows):
        a, b = people.lanes_at(first, row), people.lanes_at(second, row)
        up = 0
        for lane, domain in people.lanes.items():
            how = varying.get(lane, "same")
            count = varying.get((lane[0], "#")) == "any" and domain.field
            cells = list(zip(a[lane], b[lane], strict=not count)) if domain.field else [(a[lane], b[lane])]
            moved += any(x != y for x, y in cells)
            if how == "next":
                changed = [(x, y) for x, y in cells if x != y]
                assert all(steps_up(domain, x, y) for x, y in changed)
                up += len(changed)
            else:
                assert all(related(domain, how, x, y) for x, y in cells)
        assert not nexts or up == 1
        people.lanes_of_record(people.record(b))
    return first.rows, moved


@SOME_BY_NAME
def test_pairs_agree_but_in_what_varies(law):
    people = People(law, seed=3)
    lanes = list(people.lanes)
    turns = [lanes[i : i + 2] for i in range(0, len(lanes), max(len(lanes) // 3, 1))]
    seen = {"any": 0, "up": 0, "next": 0}
    for some in turns:
        for how in seen:
            if how == "next" and any(people.lanes[lane].kind == "count" for lane in some):
                continue
            if how == "up" and any(people.lanes[lane].kind == "count" for lane in some):
                continue
            seen[how] += check_pairs(people, dict.fromkeys(some, how), 60)[1]
    assert seen["any"], "no partner differed"


@pytest.mark.parametrize("seed", SEEDS[: len(SEEDS) // 2])
def test_pairs_of_random_policies(seed):
    _, law, dice = seeded(seed)
    people = People(law, seed=seed, as_of=day_of(law, dice))
    plain = [lane for lane, d in people.lanes.items() if d.kind != "count"]
    for how in ("any", "up", "next"):
        for _ in range(3):
            check_pairs(people, {dice.pick(plain): how for _ in range(dice.whole(1, 3))}, 120)


LEVELS = {
    "types": {"grade": {"order": [["c", "d"], "b", "a"]}},
    "facts": {
        "g": {"type": "grade"},
        "n": {"type": "number", "from": -1, "to": 1, "step": "0.25"},
        "xs": {"type": "list", "up_to": 3, "of": {"v": {"type": "integer", "from": 0, "to": 9}}},
    },
    "derived": {"total": "n + sum(x.v for x in xs) + (1 if g >= b else 0)"},
}


def test_one_step_up_is_the_next_level_the_next_step_one_row():
    people = People(law_with(**LEVELS), seed=1)
    rows, moved = check_pairs(people, {("g", None): "next", ("n", None): "next", ("xs", ".v"): "next"}, 3_000)
    assert rows == moved > 1_500


# --- what is rare is reached ---


def reached(law, key, n=50_000, seed=1):
    people = People(law, seed=seed)
    return people.values([key], people.draw(n))[key]


DEEP = {
    "facts": {
        **{f"n{i}": {"type": "integer", "from": 0, "to": 1_000_000} for i in range(5)},
        **{f"d{i}": {"type": "date"} for i in range(3)},
        "money": {"type": "rupiah", "from": 0, "to": 10_000_000_000_000},
        "done": {"type": "bool"},
    },
    "derived": {
        "deep": "n0 == 777777 and n1 >= 999990 and n2 < 3 and n3 == n4 and n0 + n3 == 1000000 and "
        "months_between(d0, as_of) == 25 and d1 == add_months(d0, 6) and day(d2) == 31 and d2 < d0 "
        "and money == 7000000001 and done",
    },
}


def test_a_rule_of_eleven_narrow_conditions_is_reached():
    """Each by itself is less likely than one in ten thousand people drawn evenly."""
    assert reached(law_with(**DEEP), "deep").any()


@pytest.mark.parametrize(
    ("expression", "why"),
    [
        ("half_up(0.37 * a + 0.41 * b, 0.01) - half_up(0.37 * a + 0.41 * b, 0.1) == 0.05", "a tie of a rounding"),
        ("7 * a + 3 * b == 3141", "a sum that has one value"),
        ("max(a, b) == 300 and min(a, b) == 299.99", "two values next to each other"),
        ("add_months(add_days(d, 1), 6) == add_months(d, 6)", "two days that half a year later are one"),
        ("day(d) == 29 and month(d) == 2", "a leap day"),
        ("months_between(d, as_of) == 300 and day(d) == day(as_of)", "twenty-five years to the day"),
    ],
)
def test_what_only_arithmetic_shows_is_reached(expression, why):
    facts = {
        **{n: {"type": "number", "from": 0, "to": 1_000, "step": "0.01"} for n in "ab"},
        "d": {"type": "date"},
    }
    assert reached(law_with(facts=facts, derived={"x": expression}), "x").any(), why


def test_a_cap_that_is_one_rupiah_off_is_found():
    facts = {"pay": {"type": "rupiah", "from": 0, "to": 90_000_000_000}}
    derived = {"x": "min(pay, 12345678) == 12345677", "y": "min(pay, 12345678) > 12345677"}
    people = People(law_with(facts=facts, derived=derived), seed=1)
    columns = people.values(["x", "y"], people.draw(20_000))
    assert columns["x"].any()
    assert columns["y"].any()


@SOME_BY_NAME
def test_what_the_law_makes_possible_is_reached(law):
    """Each truth value of the law that random people meet is met by people drawn here, and many more are."""
    keys = [s.key for s in law.steps if s.code.type.kind == "bool" and s.binder is None and s.role != "check"]
    if not keys:
        return
    drawn = People(law, seed=2)
    columns = drawn.values(keys, drawn.draw(20_000))
    dice = Seeded(4)
    plain = [people.person(dice, law, law.on, 0) for _ in range(150)]
    raws = [compiled(law).run(compare.lanes_of(law, who, law.on)) for who in plain]
    checks = [i for i, s in enumerate(law.steps) if s.role == "check"]
    raws = [raw for raw in raws if all(raw[i] for i in checks)]
    for key in keys:
        for raw in raws:
            assert bool(raw[law.index[key]]) in columns[key]


# --- seeds ---


def test_people_are_drawn_around_a_seed():
    people = People(law_with(**DEEP), seed=1)
    block = people.draw(1_000)
    lanes = {**people.lanes_at(block, 0), ("n0", None): 424_242, ("n1", None): 171_717, ("n2", None): 989_898}
    before = people.draw(20_000)
    people.seed(lanes)
    after = people.draw(20_000)

    def near(found):
        wanted = [("n0", None), ("n1", None), ("n2", None)]
        return sum((found.values[lane] == lanes[lane]).astype(int) for lane in wanted) >= 2

    assert not near(before).any()
    assert near(after).sum() > 500


# --- simple witnesses ---


def test_the_simplest_person_keeps_what_is_shown():
    law = BUNDLED[[x.policy for x in BUNDLED].index("manokwari/merit")]
    people = People(law, seed=1)
    block = people.draw(20_000)
    granted = np.flatnonzero(people.values(["promotion.granted"], block)["promotion.granted"])
    assert len(granted)
    for row in granted[:5]:
        asked = []

        def promoted(lanes, asked=asked):
            asked.append(1)
            return am.decide(law, people.record(lanes))["promotion"].status == "granted"

        lanes = people.lanes_at(block, int(row))
        plain = people.simplest(lanes, promoted)
        assert promoted(plain)
        assert people.lawful(plain)
        assert plain[("projects_led", "#")] == plain[("sanctions", "#")] == 0
        assert len(str(people.record(plain))) <= len(str(people.record(lanes)))
        assert len(asked) < 700


def test_the_simplest_pair_differs_in_little():
    people = People(law_with(**LEVELS), seed=1)
    one = {("g", None): 1, ("n", None): -3, ("xs", "#"): 3, ("xs", ".v"): [3, 7, 9]}
    other = {("g", None): 3, ("n", None): 4, ("xs", "#"): 3, ("xs", ".v"): [5, 7, 9]}

    def shows(a, b):
        return a[("g", None)] < 2 <= b[("g", None)]

    first, second = people.simplest_pair(one, other, shows)
    assert {lane for lane in first if first[lane] != second[lane]} == {("g", None)}
    assert (first[("g", None)], second[("g", None)]) == (1, 2)
    assert first[("xs", "#")] == 0
    assert first[("n", None)] == 0


def test_simplifying_stops_when_its_tests_are_spent():
    people = People(law_with(**DEEP), seed=1)
    lanes = people.lanes_at(people.draw(10), 3)
    asked = []

    def never(_):
        asked.append(1)
        return len(asked) < 3

    people.simplest(lanes, never, most=9)
    assert len(asked) <= 9


def test_exact_numbers_are_spelled_as_short_as_they_are():
    facts = {
        "a": {"type": "number", "from": 0, "to": 1, "step": "0.25"},
        "b": {"type": "number", "from": 0, "to": 1, "step": "1/3"},
    }
    people = People(law_with(facts=facts, derived={"x": "a + b"}), seed=1)
    record = people.record({("a", None): 1, ("b", None): 2})
    assert record == {"a": Decimal("0.25"), "b": Fraction(2, 3)}
    assert people.record({("a", None): 4, ("b", None): 0}) == {"a": 1, "b": 0}
