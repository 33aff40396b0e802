"""People of odd laws: nothing to draw, one value only, ranges of all 64 bits, lists of no rows, checks of nobody."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

import asnmerit as am
from asnmerit.auditing.crowd.distances import Distances
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.crowd.simplifying import Simplifying

DAY = datetime.date(2026, 4, 1)
MOST = 2**63 - 1
BOOL = {"type": "bool"}
ONE_MEMBER = {"types": {"only": {"members": ["it"]}}}


def law_with(**sections):
    head = {"asnmerit": 1, "policy": "audit/odd", "title": "Odd", "enacted": "2019-12-01"}
    return am.in_force(am.load({**head, "effective": {"from": "2020-01-01"}, **sections}), on="2026-04-01")


def whole(low, high, **more):
    return {"type": "integer", "from": low, "to": high, **more}


def rows_of(up_to, **fields):
    return {"type": "list", "up_to": up_to, "of": fields or {"v": whole(0, 9)}}


ODD = {
    "no truth value": {"facts": {"a": whole(0, 99), "b": whole(0, 99)}, "derived": {"x": "a * b"}},
    "no number": {"facts": {"a": BOOL, "b": BOOL}, "derived": {"x": "a and not b"}},
    "no fact": {"derived": {"x": "1 + 1"}},
    "the day alone": {"derived": {"x": "month(as_of)"}},
    "one value": {
        **ONE_MEMBER,
        "facts": {
            "n": whole(7, 7),
            "e": {"type": "only"},
            "d": {"type": "date", "from": "2020-02-29", "to": "2020-02-29"},
        },
        "derived": {"x": "n if e == it and day(d) == 29 else 0"},
    },
    "all bits": {"facts": {"n": whole(-MOST, MOST), "b": BOOL}, "derived": {"x": f"n == {MOST} or b"}},
    "all bits, coarse": {
        "facts": {"n": whole(-MOST, MOST, step=7), "m": whole(-(2**62), 2**62)},
        "derived": {"x": "n > 3", "y": "m == 1"},
    },
    "many hundredths": {
        "facts": {"n": {"type": "number", "from": 0, "to": 90_000_000_000_000_000, "step": "0.01"}},
        "derived": {"x": "n >= 12345678901.23"},
    },
    "thirds": {
        "facts": {"n": {"type": "number", "from": "-1/3", "to": "4/3", "step": "1/3"}},
        "derived": {"x": "n + 0.5"},
    },
    "a row or none": {"facts": {"xs": rows_of(1)}, "derived": {"x": "count(r for r in xs)"}},
    "rows of one value": {
        "facts": {"xs": rows_of(3, v=whole(5, 5), w=BOOL)},
        "derived": {"x": "sum(r.v for r in xs if r.w)", "y": "any(r.v == 5 for r in xs)"},
    },
    "rows always": {
        "indicators": {
            "quality": {
                "scale": {"from": 0, "to": 1, "step": 1},
                "raters": {"peers": {"up_to": 3, "at_least": 2, "required": True}},
                "schemes": [{"peers": "100%"}],
                "round": {"to": "0.01", "mode": "half_up"},
            }
        },
    },
    "rows by number alone": {"facts": {"xs": rows_of(4)}, "derived": {"x": "count(r for r in xs) >= 2"}},
    "a check that is a line": {
        "facts": {"a": whole(0, 10**12), "b": whole(0, 10**12)},
        "checks": {"c": "a + 3 * b == 999_999_999_999".replace("_", "")},
        "derived": {"x": "a"},
    },
}
EACH = pytest.mark.parametrize("name", ODD)


@EACH
def test_people_of_odd_laws_are_lawful(name):
    law = law_with(**ODD[name])
    people = People(law, seed=1)
    keys = [s.key for s in law.steps if s.binder is None]
    for many in (0, 1, 2, 999, 1_000, 5_000):
        block = people.draw(many)
        assert block.rows <= many
        assert block.rows == many or people.checks
        columns = people.values(keys, block)
        for row in range(0, block.rows, max(block.rows // 20, 1)):
            lanes = people.lanes_at(block, row)
            assert people.lawful(lanes)
            assert people.lanes_of_record(people.record(lanes)) == lanes
            raw = am.decide(law, people.record(lanes)).raw
            assert [raw[law.index[k]] for k in keys] == [columns[k][row] for k in keys]
    assert people.draw(5_000).rows


@EACH
def test_pairs_of_odd_laws(name):
    law = law_with(**ODD[name])
    people = People(law, seed=1)
    for many in (0, 1, 2_000):
        block = people.draw(many)
        for how in ("any", "up", "next") if people.lanes else ("any",):
            if how != "any" and any(d.kind == "count" for d in people.lanes.values()):
                continue
            first, second = people.pairs(block, dict.fromkeys(people.lanes, how))
            assert first.rows == second.rows <= block.rows
            for row in range(0, first.rows, max(first.rows // 10, 1)):
                a, b = people.lanes_at(first, row), people.lanes_at(second, row)
                assert people.lawful(a)
                assert people.lawful(b)
                if how == "next":
                    assert a != b


@EACH
def test_odd_people_become_simple(name):
    law = law_with(**ODD[name])
    people = People(law, seed=1)
    lanes = people.lanes_at(people.draw(3_000), 0)
    plain = people.simplest(lanes, lambda _: True)
    assert people.lawful(plain)
    people.lanes_of_record(people.record(plain))


def test_of_a_law_of_all_bits_both_ends_and_any_place_between_are_tried():
    law = law_with(**ODD["all bits"])
    drawn = People(law, seed=1).draw(20_000).values["n", None]
    assert {-MOST, MOST, 0, 1, -1} <= set(drawn.tolist())
    quarter = MOST // 2
    for low, high in ((-MOST, -quarter), (-quarter, 0), (0, quarter), (quarter, MOST)):
        assert ((drawn > low) & (drawn < high)).sum() > 200


def test_of_hundredths_every_value_is_a_hundredth_and_the_line_is_met():
    people = People(law_with(**ODD["many hundredths"]), seed=1)
    block = people.draw(20_000)
    drawn = block.values["n", None]
    line = 1_234_567_890_123
    assert {line - 1, line, 9 * 10**18} <= set(drawn.tolist())


# --- checks ---


IMPOSSIBLE = {
    "one by one": {"a": "n < 3", "b": "n > 5"},
    "in sum": {"a": "n + m == 5", "b": "n + m == 6"},
    "never": {"a": "n < 0"},
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_where_nobody_is_lawful_nobody_is_drawn(name):
    facts = {"n": whole(0, 1_000), "m": whole(0, 1_000), "b": BOOL}
    people = People(law_with(facts=facts, checks=IMPOSSIBLE[name], derived={"x": "n > 500 and b"}), seed=1)
    people.seed({("n", None): 4, ("m", None): 1, ("b", None): 1})
    for many in (0, 1, 3_000):
        block = people.draw(many)
        assert block.rows == 0
        first, second = people.pairs(block, {("n", None): "up"})
        assert first.rows == second.rows == 0
        assert list(people.values(["x"], block)["x"]) == []
    assert people.tried > 1_000
    assert not people.explored().rows


def test_where_few_are_lawful_all_drawn_are_and_there_are_many_of_them():
    facts = {f"n{i}": whole(0, 10**6) for i in range(4)}
    checks = {"order": "n0 < n1 and n1 < n2", "far": "n2 - n0 == 12345", "sum": "n3 == n0 + n1"}
    people = People(law_with(facts=facts, checks=checks, derived={"x": "n3 > 900000"}), seed=1)
    block = people.draw(10_000)
    assert people.holding(block).all()
    assert block.rows > 5_000
    everybody = np.stack([block.values[lane] for lane in people.lanes])
    assert len(np.unique(everybody, axis=1).T) > 200


def test_a_seed_that_is_not_lawful_is_not_drawn_around():
    people = People(law_with(facts={"n": whole(0, 9)}, checks={"c": "n < 5"}, derived={"x": "n == 1"}), seed=1)
    people.seed({("n", None): 7})
    assert set(people.draw(5_000).values["n", None].tolist()) == {0, 1, 2, 3, 4}
    people.seed({("n", None): 3})
    assert people.draw(5_000).rows == 5_000


# --- distances ---


def test_a_distance_is_nothing_where_the_truth_value_is_so_and_something_where_not():
    facts = {
        **{n: whole(-(2**40), 2**40) for n in "ab"},
        "d": {"type": "date"},
        "ok": BOOL,
        "xs": rows_of(4, v=whole(0, 9), w=whole(0, 9)),
    }
    tests = {
        "lt": "a < b",
        "le": "a <= b + 3",
        "eq": "a == b",
        "day": "day(d) >= 15",
        "some": "any(r.v == 3 and r.w > r.v for r in xs)",
        "every": "all(r.v <= 7 for r in xs)",
        "none": "not ok or (a > 3 and not (b == 4 or year(d) < 2001))",
        "chosen": "(a < b) if ok else (a > 2 * b)",
    }
    law = law_with(facts=facts, derived=tests)
    people = People(law, seed=3)
    block = people.draw(4_000)
    columns = people.values(tests, block)
    far = Distances(law, DAY, tests).of(block)
    for key in tests:
        true, false = (np.broadcast_to(part, (block.rows,)) for part in far[key])
        assert columns[key].any(), key
        assert not columns[key].all(), key
        assert ((true == 0) == columns[key]).all(), key
        assert ((false == 0) == ~columns[key]).all(), key
        assert (true >= 0).all()
        assert (false >= 0).all()


# --- pairs at a threshold ---


@pytest.mark.parametrize("line", [50, 0.5, 127.5, 199.5, 200])
@pytest.mark.parametrize("ends", [(53, 39.5), (200, 0), (39.5, 53), (0, 200)])
def test_a_pair_at_a_threshold_ends_one_step_apart_there(line, ends):
    law = law_with(
        facts={"n": {"type": "number", "from": 0, "to": 200, "step": "0.5"}, "m": whole(0, 9)}, derived={"x": "n + m"}
    )
    people = People(law, seed=1)
    one, other = ({("n", None): int(2 * n), ("m", None): 4} for n in ends)
    sides = {n >= line for n in ends}
    if len(sides) < 2:
        return

    def shows(a, b):
        return (a["n", None] >= 2 * line) is (ends[0] >= line) and (b["n", None] >= 2 * line) is (ends[1] >= line)

    pair = people.simplest_pair(one, other, shows)
    assert sorted(p["n", None] for p in pair) == [2 * line - 1, 2 * line]
    assert [p["m", None] for p in pair] == [0, 0]
    assert shows(*pair)


def test_rows_at_a_threshold_end_one_step_apart_too():
    law = law_with(facts={"xs": rows_of(3, v=whole(0, 1_000))}, derived={"x": "sum(r.v for r in xs)"})
    people = People(law, seed=1)
    one = {("xs", "#"): 3, ("xs", ".v"): [900, 800, 5]}
    other = {("xs", "#"): 3, ("xs", ".v"): [10, 20, 5]}

    def shows(a, b):
        return max(a["xs", ".v"], default=0) >= 77 > max(b["xs", ".v"], default=0)

    first, second = people.simplest_pair(one, other, shows)
    assert (first["xs", ".v"], second["xs", ".v"]) == ([77], [76])


def test_no_test_is_made_when_none_is_left():
    law = law_with(facts={"n": whole(0, 99)}, derived={"x": "n"})
    asked = []
    people = People(law, seed=1)
    Simplifying(people.lanes, DAY, lambda _: True, lambda *_: asked.append(1) or True, 0).simplest({("n", None): 55})
    assert not asked
