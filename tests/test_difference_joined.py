"""Two laws as one: the joint law says of everybody what either law says; proved boxes and lists stand up to samples."""

from __future__ import annotations

import datetime
import functools
import os
import time

import pytest

import asnmerit as am
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.difference.answers import answers
from asnmerit.auditing.difference.boxes import Among, Boxed
from asnmerit.auditing.difference.joining import joint, lasting
from asnmerit.auditing.difference.regions import Searching
from asnmerit.auditing.difference.widening import Widening
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.proving.structure import Structure
from asnmerit.rules.build import NotProvedError
from support.policies import seeded

DEEP = os.environ.get("ASNMERIT_TEST_PROFILE") == "deep"
JOINED = range(30, 230) if DEEP else range(30, 40)
CHANGED = [
    ("manokwari/merit", "2025-06-01", "manokwari/merit", "2026-06-01"),
    ("indonesia/tukin", "2026-04-01", "bgn/tukin", "2026-04-01"),
]
SAMPLES = 100_000


@functools.cache
def random_pair(seed):
    """Give two random laws on one day, whose facts bear the same names and are declared otherwise."""
    _, a, _ = seeded(seed)
    _, b, _ = seeded(seed + (100 if seed % 2 else 1))
    try:
        return joint(lasting(a, b.on), lasting(b, b.on), b.on)
    except NotProvedError:
        return None


def exact(law, raw, key):
    step = law.steps[law.index[key]]
    if step.binder is not None:
        return None if raw is None else [None if x is None else x / step.code.type.den for x in raw]
    return None if raw is None else raw / step.code.type.den


def compared(seed):
    """Hold the joint law of two random laws against both; give how many values were compared."""
    both = random_pair(seed)
    if both is None:
        return 0
    people = People(both.law, seed=seed)
    block = people.draw(10)
    count = 0
    for row in range(block.rows):
        lanes = people.lanes_at(block, row)
        joined = am.decide(both.law, people.record(lanes), both.day)
        for law, own, read in zip((both.a, both.b), both.decided(lanes), (both.here, both.there), strict=True):
            for step in law.steps:
                key = read(step.key).key
                one = exact(both.law, joined.raw[both.law.index[key]], key)
                assert one == exact(law, own.raw[law.index[step.key]], step.key), (seed, step.key)
                count += 1
    return count


def test_the_joint_law_says_what_either_law_says():
    total = [compared(seed) for seed in JOINED]
    assert sum(n > 0 for n in total) > len(total) / 3
    assert sum(total) > 500


def test_random_facts_of_one_name_are_declared_otherwise_now_and_then():
    found = [both for both in map(random_pair, JOINED) if both is not None]
    assert any(r.apart for both in found for r in both.redeclared)
    assert any(not r.apart for both in found for r in both.redeclared)


def within(box, block):
    """Say who of a block is in a box."""
    inside = None
    for lane, side in box.sides.items():
        column = block.values[lane]
        here = (
            sum((column == code) for code in side.codes) > 0
            if isinstance(side, Among)
            else (column >= side.low) & (column <= side.high)
        )
        inside = here if inside is None else inside & here
    for rows in box.rows.values():
        for lane, value in rows.lanes.items():
            column = block.values[lane]
            here = (column == value) if not isinstance(value, list) else column[0] == column[0]
            for i, one in enumerate(value if isinstance(value, list) else ()):
                here = here & (column[i] == one)
            inside = here if inside is None else inside & here
    return inside


@pytest.mark.parametrize("case", CHANGED, ids=lambda c: f"{c[0]} {c[2]}")
def test_proved_lists_and_boxes_stand_up_to_samples(case):
    a, b = (am.in_force(am.load(name), on=day) for name, day in (case[:2], case[2:]))
    day = b.on
    both = joint(lasting(a, day), lasting(b, day), day)
    made = answers(both, None, {})
    budget = Budget(total=60, samples=20_000)
    searching = Searching(made.extended, made.changes, budget)
    searching.search(30)
    assert searching.found
    assert not searching.open
    law = made.extended.law()
    people = People(law, seed=4_711)
    block = people.draw(SAMPLES)
    keys = [c.key for c in made.changes] + [f.key for f in searching.found]
    values = people.values(keys, block)
    changed = 0
    for change in made.changes:
        mine = [f.key for f in searching.found if f.change is change]
        rows = values[change.key].astype(bool)
        changed += int(rows.sum())
        for key in mine:
            rows = rows & ~values[key].astype(bool)
        assert not rows.any(), change.name
    assert changed
    attacked = _boxes(searching, law, people, block)
    assert attacked > SAMPLES / 10


def _boxes(searching, law, people, block):
    """Attack every proved box with people moved into it; give how many were in one."""
    boxed = Boxed(law, [f.key for f in searching.found])
    structure = Structure(law)
    count = 0
    with Prover(boxed.law, Budget(total=60, samples=0)) as prover:
        widening = Widening(People(law, seed=1), boxed, prover)
        for found in searching.found:
            described = widening.describe(found.key, found.person, structure.cone(found.key), time.monotonic() + 20)
            assert described.proved or described.samples
            assert described.box.holds(found.person)
            moved = widening._inside(found.person, described.box, block)
            inside = within(described.box, moved)
            lawful = people.holding(moved)
            if inside is not None:
                assert inside.all()
            if described.proved:
                assert people.values([found.key], moved)[found.key].astype(bool)[lawful].all(), found.change.name
                count += int(lawful.sum())
    return count


def test_a_law_that_holds_longer_says_the_same_on_its_own_days():
    _, law, _ = seeded(7, checks=False)
    later = datetime.date(2150, 1, 1)
    longer = lasting(law, later)
    assert longer.valid[1] is None or longer.valid[1] > later
    people = People(law, seed=3)
    block = people.draw(20)
    assert block.rows
    for row in range(block.rows):
        record = people.record(people.lanes_at(block, row))
        assert dict(am.decide(longer, record).values) == dict(am.decide(law, record).values)
