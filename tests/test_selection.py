"""Selecting: against brute force on every completion of small populations; the order of rows never decides."""

import csv
import datetime
import io
import itertools
import json
import random
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import click
import pyarrow as pa
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.cli.selecting import select as selecting_command
from asnmerit.placing import EQUAL, compared
from asnmerit.selection.faults import SelectionError, TiedError
from asnmerit.selection.selecting import select

DOCUMENT = {
    "asnmerit": 1,
    "policy": "test/prize",
    "title": "Prize",
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
    "types": {
        "sex": {"members": ["l", "p"]},
        "colour": {"members": ["red", "blue"]},
        "grade": {"order": ["low", "middle", "high"]},
    },
    "facts": {
        "ok": "bool",
        "colour": "colour",
        "a": {"type": "integer", "from": 0, "to": 2},
        "b": {"type": "number", "from": 0, "to": 2, "step": "0.25"},
        "c": {"type": "number", "from": 0, "to": 100, "step": "0.1"},
        "grade": "grade",
        "since": "date",
        "pay": {"type": "rupiah", "from": 0, "to": 9_000_000_000_000_000},
        "rating": {"type": "integer", "from": 0, "to": 9, "per": "year", "back": 2},
        "sex": {"type": "sex", "protected": True, "immutable": True},
        "birth_date": {"type": "date", "immutable": True},
    },
    "derived": {
        "twice": {"is": "a * 2"},
        "third": {"is": "b / 3"},
        "hidden": {"is": "a + 1 if sex == p else a"},
        "age": {"is": "years_between(birth_date, as_of)"},
    },
    "decisions": {
        "prize": {"kind": "benefit", "outcome": {"amount": {"type": "rupiah"}}, "hit": "unique"},
        "title": {"kind": "finding"},
    },
    "rules": {
        "only": {"decides": "prize", "requires": {"ok": {"is": "ok"}}, "grants": {"amount": "pay"}},
        "named": {"decides": "title", "requires": {"ok": {"is": "ok"}}},
    },
    "rankings": {"elders": {"by": [{"highest": "a"}, {"lowest": "birth_date"}]}},
}
LAW = am.in_force(am.load(DOCUMENT), on="2026-04-01")
KEYS = ["highest:a", "lowest:b"]
TYPES = {"ok": pa.bool_(), "a": pa.int64(), "b": pa.float64(), "pay": pa.int64(), "unit": pa.string()}


def table(people, types=TYPES):
    return pa.table({name: pa.array([p.get(name) for p in people], kind) for name, kind in types.items()})


def run(people, **options):
    options.setdefault("keys", KEYS)
    return select(LAW, table(people), "prize", by="unit", ignore=("id",), **options)


# --- the plain meaning, for people of whom everything is known ---


def vector(p):
    return (-p["a"], p["b"])


def in_line(people):
    """Groups of alike people, in order."""
    ordered = sorted(range(len(people)), key=lambda i: vector(people[i]))
    return [list(run) for _, run in itertools.groupby(ordered, key=lambda i: vector(people[i]))]


def plain_places(people, places, ties):
    left, found = places, {}
    for run in in_line(people):
        whole = len(run) <= left or (left > 0 and ties == "all_in")
        found |= dict.fromkeys(run, "chosen" if whole else "waiting")
        left = left - len(run) if whole else 0
    return found


def plain_line(people, budget, short):
    """Who is paid in full: a line that ends, or that goes on past those for whom the rest is not enough."""
    left, found, ended = budget, {}, False
    for run in in_line(people):
        fit = [i for i in run if people[i]["pay"] <= left and not ended]
        stuck = short == "stop" and any(people[i]["pay"] > left for i in run)
        enough = sum(people[i]["pay"] for i in fit) <= left and not stuck
        for i in run:
            free = people[i]["pay"] == 0
            found[i] = "chosen" if free or (i in fit and enough) else "waiting"
        left -= sum(people[i]["pay"] for i in fit) if enough else 0
        if short == "stop" and not enough and any(people[i]["pay"] for i in run):
            ended = True
    return found


def plain_shares(people, budget):
    total = sum(p["pay"] for p in people)
    if total <= budget:
        return [p["pay"] for p in people]
    exact = [Fraction(budget * p["pay"], total) for p in people]
    paid = [int(x) for x in exact]
    left = budget - sum(paid)
    order = sorted(range(len(people)), key=lambda i: (int(exact[i]) - exact[i], vector(people[i])))
    for _, together in itertools.groupby(order, key=lambda i: (exact[i] - int(exact[i]), vector(people[i]))):
        one = list(together)
        if len(one) > left:
            break
        for i in one:
            paid[i] += 1
        left -= len(one)
    return paid


# --- small populations ---

KNOWN = st.fixed_dictionaries({
    "ok": st.just(True),
    "a": st.integers(0, 2),
    "b": st.sampled_from([0.0, 0.25, 2.0]),
    "pay": st.sampled_from([0, 1, 3, 4, 10]),
    "unit": st.just("x"),
})  # fmt: skip
UNSURE = st.fixed_dictionaries({
    "ok": st.sampled_from([True, True, True, None, False]),
    "a": st.sampled_from([0, 2, None, 1]),
    "b": st.sampled_from([0.0, 2.0, 2.0, None]),
    "pay": st.sampled_from([0, 1, 4, 5]),
    "unit": st.just("x"),
})  # fmt: skip
EXAMPLES = settings(max_examples=60, deadline=None)


def statuses(found):
    return [found.person(i).status for i in range(len(found))]


@EXAMPLES
@given(st.lists(KNOWN, min_size=1, max_size=7), st.integers(1, 8), st.sampled_from(["all_wait", "all_in"]))
def test_places_are_filled_as_the_plain_meaning_says(people, places, ties):
    found = run(people, places=places, ties=ties)
    plain = plain_places(people, places, ties)
    assert statuses(found) == [plain[i] for i in range(len(people))]
    [group] = found.groups
    assert group.left == places - group.chosen
    assert ties == "all_in" or group.left >= 0


@EXAMPLES
@given(st.lists(KNOWN, min_size=1, max_size=7), st.integers(1, 30), st.sampled_from(["stop", "skip"]))
def test_money_in_order_is_spent_as_the_plain_meaning_says(people, budget, short):
    found = run(people, budget=budget, short=short, ties="all_wait")
    plain = plain_line(people, budget, short)
    assert statuses(found) == [plain[i] for i in range(len(people))]
    [group] = found.groups
    assert group.spent + group.left == budget and group.left >= 0
    assert group.spent == sum(p["pay"] for i, p in enumerate(people) if plain[i] == "chosen")


@EXAMPLES
@given(st.lists(KNOWN, min_size=1, max_size=7), st.integers(1, 30))
def test_shares_are_exact_to_the_rupiah(people, budget):
    found = run(people, budget=budget, spend="pro_rata", ties="all_wait")
    paid = [found.person(i).paid for i in range(len(people))]
    assert paid == plain_shares(people, budget)
    [group] = found.groups
    assert group.spent == sum(paid) and group.spent + group.left == budget
    total = sum(p["pay"] for p in people)
    if not found.ties:
        assert sum(paid) == min(budget, total)
    for p, got in zip(people, paid, strict=True):
        exact = min(Fraction(budget * p["pay"], total), p["pay"]) if total else 0
        assert exact - 1 < got < exact + 1


def key_of(p):
    return (None if p["a"] is None else -p["a"], None if p["b"] is None else int(p["b"] * 4))


@EXAMPLES
@given(st.lists(UNSURE, min_size=1, max_size=8))
def test_ranks_agree_with_comparing_every_pair(people):
    found = run(people, places=100)
    eligible = [i for i, p in enumerate(people) if p["ok"]]
    for i in eligible:
        pairs = [compared(key_of(people[o]), key_of(people[i])) for o in eligible if o != i]
        sure = sum(before is True for _, before in pairs)
        may = sum(before is not False for _, before in pairs)
        alike = sum(at == EQUAL for at, _ in pairs)
        mine = found.person(i)
        assert (mine.first, mine.last) == (sure + 1, may + alike + 1)
        assert mine.rank == (mine.first if mine.first == mine.last else None)


def completions(people):
    """Everybody with every gap filled: an unknown key by its ends and between, an open decision both ways."""
    gaps = [(i, name) for i, p in enumerate(people) for name in ("ok", "a", "b") if p[name] is None]
    domain = {"ok": [True, False], "a": [0, 1, 2], "b": [0.0, 0.25, 2.0]}
    for values in itertools.islice(itertools.product(*(domain[name] for _, name in gaps)), 600):
        full = [dict(p) for p in people]
        for (i, name), value in zip(gaps, values, strict=True):
            full[i][name] = value
        yield full


def outcome(full, kind, limit, ties):
    eligible = [i for i, p in enumerate(full) if p["ok"]]
    group = [full[i] for i in eligible]
    if kind == "places":
        found = plain_places(group, limit, ties)
    elif kind == "pro_rata":
        found = dict(enumerate(plain_shares(group, limit)))
    else:
        found = plain_line(group, limit, kind)
    return {eligible[i]: what for i, what in found.items()}


@settings(max_examples=150, deadline=None)
@given(
    st.lists(UNSURE, min_size=1, max_size=5),
    st.sampled_from(["places", "places", "stop", "skip", "pro_rata"]),
    st.integers(1, 9),
    st.sampled_from(["all_wait", "all_in"]),
)
def test_what_is_said_holds_in_every_completion(people, kind, limit, ties):
    """Chosen, waiting and secure are promises; where nobody could change the result, nobody does."""
    ties = ties if kind == "places" else "all_wait"
    options = {"places": limit} if kind == "places" else {"budget": limit}
    options |= {"spend": "pro_rata"} if kind == "pro_rata" else {"short": kind} if kind != "places" else {}
    found = run(people, ties=ties, **options)
    said = [found.person(i) for i in range(len(people))]
    refused = [s.status == "refused" for s in said]
    assert refused == [p["ok"] is False for p in people]
    seen = set()
    for full in completions(people):
        out = outcome(full, kind, limit, ties)
        settled = all(
            p["ok"] == q["ok"] or (p["ok"] is None and not q["ok"]) for p, q in zip(people, full, strict=True)
        )
        for i, mine in enumerate(said):
            if not people[i]["ok"]:
                continue
            what = mine.paid if kind == "pro_rata" else mine.status
            if mine.status == "open":
                continue
            if settled or mine.secure:
                assert out[i] == what, (i, mine)
        seen.add(tuple((i, out[i]) for i, p in enumerate(people) if p["ok"] and said[i].status != "open"))
    if found.complete:
        assert len(seen) == 1
    if kind == "places" and ties == "all_wait":
        entered = {i for full in completions(people) for i, what in outcome(full, kind, limit, ties).items()
                   if people[i]["ok"] is None and what == "chosen"}  # fmt: skip
        assert entered <= {i for i, mine in enumerate(said) if mine.could_change}


@EXAMPLES
@given(
    st.lists(UNSURE, max_size=9),
    st.randoms(use_true_random=False),
    st.sampled_from(["places", "stop", "skip", "pro_rata"]),
)
def test_the_order_of_rows_does_not_matter(people, rng, kind):
    options = {"places": 2} if kind == "places" else {"budget": 7}
    options |= {"spend": "pro_rata"} if kind == "pro_rata" else {"short": kind} if kind != "places" else {}
    people = [{**p, "unit": rng.choice("xy"), "id": f"p{i}"} for i, p in enumerate(people)]
    there = list(range(len(people)))
    rng.shuffle(there)
    mixed = [people[i] for i in there]
    types = {**TYPES, "id": pa.string()}

    def done(some):
        return select(LAW, table(some, types), "prize", by="unit", keys=KEYS, ties="all_wait", identity="id", **options)

    one, other = done(people), done(mixed)
    assert one.table.take(pa.array(there, pa.int64())).equals(other.table)
    assert one.groups == other.groups
    for status in ("chosen", "waiting", "open", "undetermined"):
        names = [[people[i]["id"] for i in one.rows(status)], [mixed[i]["id"] for i in other.rows(status)]]
        assert names[0] == names[1]


@EXAMPLES
@given(st.lists(UNSURE, max_size=8), st.integers(1, 4))
def test_names_of_groups_do_not_matter(people, places):
    people = [{**p, "unit": "xyz"[i % 3]} for i, p in enumerate(people)]
    again = [{**p, "unit": {"x": "q", "y": "a", "z": "m"}[p["unit"]]} for p in people]
    one, other = (run(some, places=places, ties="all_wait") for some in (people, again))
    assert one.table.equals(other.table)


@EXAMPLES
@given(st.lists(UNSURE, max_size=8), st.integers(1, 4))
def test_each_group_is_as_if_it_were_alone(people, places):
    people = [{**p, "unit": "xy"[i % 2]} for i, p in enumerate(people)]
    together = run(people, places=places, ties="all_wait")
    for unit in "xy":
        rows = [i for i, p in enumerate(people) if p["unit"] == unit]
        alone = run([people[i] for i in rows], places=places, ties="all_wait")
        assert together.table.take(pa.array(rows, pa.int64())).equals(alone.table)


# --- the cut-off ---


def test_everybody_learns_the_key_that_decided_and_how_far():
    people = [
        {"ok": True, "a": 2, "b": 0.5, "unit": "x"},
        {"ok": True, "a": 1, "b": 0.25, "unit": "x"},
        {"ok": True, "a": 1, "b": 1.0, "unit": "x"},
        {"ok": True, "a": 0, "b": 0.0, "unit": "x"},
        {"ok": False, "a": 2, "b": 0.0, "unit": "x"},
    ]
    found = select(LAW, table(people), "title", places=2, by="unit", keys=KEYS)
    said = [found.person(i) for i in range(5)]
    assert [(p.status, p.rank, p.decided_by, p.distance) for p in said] == [
        ("chosen", 1, "a", 1),
        ("chosen", 2, "b", am.decide(LAW, {"b": 0.75}).facts["b"]),
        ("waiting", 3, "b", -am.decide(LAW, {"b": 0.75}).facts["b"]),
        ("waiting", 4, "a", -1),
        ("refused", None, None, None),
    ]
    assert str(found.groups[0].cut_off["b"]) == "0.25"
    assert found.table["selection.distance"].to_pylist()[2] == said[2].distance
    assert found.complete and all(p.secure for p in said[:4])
    assert (found.chosen, found.waiting) == ((0, 1), (2, 3))


def test_distances_are_in_the_keys_own_unit():
    day = datetime.date
    people = pa.table({
        "ok": [True] * 4, "grade": ["high", "low", "high", "high"],
        "since": [day(2020, 1, 1), day(2019, 1, 1), day(2020, 1, 31), day(2020, 3, 1)],
    })  # fmt: skip
    found = select(LAW, people, "title", places=2, keys=[{"highest": "grade"}, {"lowest": "since"}])
    said = [found.person(i) for i in range(4)]
    assert [(p.status, p.decided_by, p.distance, p.unit) for p in said] == [
        ("chosen", "since", 60, "days"), ("waiting", "grade", -2, "levels"),
        ("chosen", "since", 30, "days"), ("waiting", "since", -30, "days"),
    ]  # fmt: skip


def test_a_distance_in_thirds_is_a_ratio():
    people = pa.table({"ok": [True, True], "b": [0.25, 0.0]})
    found = select(LAW, people, "title", places=1, keys="highest:third")
    assert found.person(0).distance == Fraction(1, 12)
    assert found.table["selection.distance"].to_pylist()[0] == {"numerator": 1, "denominator": 12}


def test_where_all_come_in_there_is_no_cut_off():
    found = run([{"ok": True, "a": 1, "b": 0.0, "pay": 1, "unit": "x"}], places=5)
    assert found.groups[0].cut_off is None and found.person(0).distance is None
    assert found.groups[0].left == 4


def test_those_not_settled_are_never_a_no():
    people = [
        {"ok": True, "a": 2, "b": 0.0, "unit": "x"},
        {"ok": True, "a": 1, "b": 0.0, "unit": "x"},
        {"ok": None, "a": 2, "b": 0.25, "unit": "x"},
        {"ok": None, "a": 0, "b": 0.25, "unit": "x"},
        {"ok": None, "a": None, "b": None, "unit": "x"},
        {"ok": True, "a": 7, "b": 0.0, "unit": "x"},
    ]
    found = select(LAW, table(people), "title", places=2, by="unit", keys=KEYS)
    said = [found.person(i) for i in range(6)]
    assert [p.status for p in said] == ["chosen"] * 2 + ["undetermined"] * 3 + ["error"]
    assert [p.could_change for p in said] == [False, False, True, False, True, True]
    assert [p.secure for p in said[:2]] == [False, False]
    group = found.groups[0]
    assert (group.undetermined, group.error, group.could_change, group.refused) == (3, 1, 3, 0)
    assert not found.complete
    assert found.rows("undetermined") == (4, 2, 3)
    assert "3 of them could still change the result" in found.to_text("en")
    assert "3 di antaranya masih dapat mengubah hasil" in found.to_text("id")


# --- keys ---


def codes(error):
    return [f.code for f in error.value.faults]


def test_protected_facts_rank_nobody():
    for key in ("highest:sex", "highest:hidden"):
        with pytest.raises(SelectionError) as error:
            run([], places=1, keys=key)
        assert "protected-key" in codes(error)


def test_what_nobody_can_change_ranks_by_the_laws_own_order_alone():
    for key in ("lowest:birth_date", "highest:age"):
        with pytest.raises(SelectionError) as error:
            run([], places=1, keys=key)
        assert codes(error) == ["immutable-key"]
    people = pa.table({"ok": [True] * 3, "a": [1, 1, 2], "birth_date": ["1980-01-02", "1980-01-01", "1990-01-01"]})
    found = select(LAW, people, "title", places=2, keys="ranking:elders")
    assert found.chosen == (2, 1) and found.person(0).decided_by == "birth_date"
    assert select(LAW, people, "title", places=2).chosen == found.chosen, "the law's only ranking, where none is named"


def test_keys_may_be_years_of_a_fact():
    people = pa.table({"ok": [True, True], "rating_2024": [3, 4], "rating_2025": [9, 9]})
    found = select(LAW, people, "title", places=1, keys=["highest:rating_2025", "highest:rating_2024"])
    assert found.chosen == (1,) and found.person(0).decided_by == "rating_2024"
    later = select(LAW, people, "title", "2027-01-05", places=1, keys="highest:rating_2025", ties="all_wait")
    assert later.groups[0].tied == 2
    with pytest.raises(SelectionError):
        select(LAW, people, "title", "2027-01-05", places=1, keys="highest:rating_2024")


def test_without_any_key_all_are_alike():
    people = [{"ok": True, "pay": 1, "unit": "x"}] * 2
    assert run(people, places=2, keys=[]).counts["chosen"] == 2
    with pytest.raises(TiedError, match="alike in no key"):
        run(people, places=1, keys=[])


def test_groups_are_the_same_however_the_column_is_stored():
    units = ["x", "y", None, "x", "y", "x"]
    people = [{"ok": u is not None, "a": i % 3, "b": 0.0} for i, u in enumerate(units)]
    plain = table(people).drop_columns(["unit"])
    text = pa.array(units)
    runs = pa.RunEndEncodedArray.from_arrays(pa.array(range(1, 7), pa.int32()), text)
    stored = [text, text.dictionary_encode(), pa.chunked_array([text[:2], text[2:]]), text.cast(pa.large_string()),
              runs, pa.chunked_array([text[:2].dictionary_encode(), text[2:].dictionary_encode()])]  # fmt: skip
    found = [select(LAW, plain.append_column("unit", column), "title", places=1, by="unit", keys="highest:a",
                    ties="all_wait") for column in stored]  # fmt: skip
    assert all(one.table.equals(found[0].table) and one.groups == found[0].groups for one in found)
    assert [(g.name, g.eligible) for g in found[0].groups] == [("x", 3), ("y", 2)]
    lists = plain.append_column("unit", pa.array([[1]] * 6))
    with pytest.raises(SelectionError) as error:
        select(LAW, lists, "title", places=1, by="unit", keys="highest:a")
    assert codes(error) == ["group-value"]
    nothing = plain.append_column("unit", pa.nulls(6))
    with pytest.raises(SelectionError, match="5 rows have none"):
        select(LAW, nothing, "title", places=1, by="unit", keys="highest:a")


def test_every_fault_is_told_at_once():
    keys = ["highest:twise", "a", "highest:sex", "up:a", "highest:a", "lowest:a", "lowest:colour"]
    with pytest.raises(SelectionError) as error:
        select(LAW, table([]), "prise", places=0, keys=keys, by=["unit", "unit"])
    assert sorted(codes(error)) == sorted([
        "zero-places", "unknown-decision", "unknown-key", "key-direction", "key-order", "protected-key", "key-form",
        "key-twice", "by-form",
    ])  # fmt: skip
    assert "did you mean twice?" in str(error.value) and "did you mean prize?" in str(error.value)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"places": 0}, "zero-places"),
        ({"places": -1}, "negative-places"),
        ({"places": True}, "not-whole"),
        ({"places": 1.5}, "not-whole"),
        ({"places": {"x": 0}}, "zero-places"),
        ({"places": {"x": -1}}, "negative-places"),
        ({"places": {"X": 1, "x": 1}}, "unknown-group"),
        ({"places": {"y": 1}}, "group-without-places"),
        ({"places": 1, "by": None}, None),
        ({"places": {"x": 1}, "by": None}, "groups-without-by"),
        ({"places": 1, "by": "unite"}, "not-there"),
        ({"places": 1, "identity": "nama"}, "not-there"),
        ({"budget": 0}, "empty-budget"),
        ({"budget": -5}, "negative-budget"),
        ({"budget": "5"}, "not-whole"),
        ({"budget": {"y": 1}}, "group-without-budget"),
        ({"budget": 5, "places": 5}, "limit"),
        ({}, "limit"),
        ({"budget": 5, "ties": "all_in"}, "ties-over-budget"),
        ({"budget": 5, "spend": "fairly"}, "option"),
        ({"budget": 5, "amount": "amonut"}, "amount"),
        ({"places": 1, "keys": "ranking:elder"}, "unknown-ranking"),
        ({"places": 1, "keys": 5}, "key-form"),
    ],
)
def test_bad_input_has_a_name(options, code):
    people = [{"ok": True, "a": 1, "b": 0.0, "pay": 1, "unit": "x"}]
    call = {"by": "unit", "keys": KEYS, "ignore": ("unit",), **options}
    if code is None:
        assert select(LAW, table(people), "prize", **call).chosen == (0,)
        return
    with pytest.raises(SelectionError) as error:
        select(LAW, table(people), "prize", **call)
    assert code in codes(error)
    assert isinstance(error.value, am.AsnmeritError)


@pytest.mark.parametrize("decision", [None, ["prize"], {"prize": 1}, 5, "prise"])
def test_what_is_no_decision_is_told(decision):
    with pytest.raises(SelectionError) as error:
        select(LAW, table([]), decision, places=1, keys=KEYS)
    assert codes(error) == ["unknown-decision"]


def test_an_unknown_option_is_told_with_its_near_miss():
    with pytest.raises(am.ArgumentError, match="did you mean places"):
        run([], place=1)


def test_who_may_come_in_needs_a_group():
    people = [{"ok": True, "a": 1, "b": 0.0, "unit": None}]
    with pytest.raises(SelectionError) as error:
        run(people, places=1)
    assert codes(error) == ["person-without-group"]
    assert run([{"ok": False, "unit": None}, {"ok": True, "a": 1, "b": 0.0, "unit": "x"}], places=1).chosen == ()
    assert select(LAW, table([{"ok": False}]), "title", by="unit", keys=KEYS, places=1).counts["refused"] == 1


def test_a_frame_without_rows_has_a_result():
    found = run([], places={"x": 3})
    assert found.counts["chosen"] == 0 and len(found) == 0
    assert [(g.name, g.left, g.cut_off) for g in found.groups] == [("x", 3, None)]
    assert found.table.num_rows == 0 and found.frame().num_rows == 0
    assert run([], budget=5, spend="pro_rata").groups == ()
    assert select(LAW, table([]), "prize", budget=5, keys=KEYS, ignore="unit").groups[0].left == 5


def test_a_group_may_have_no_places():
    people = [{"ok": True, "a": 1, "b": 0.0, "pay": 1, "unit": u} for u in "xy"]
    found = run(people, places={"x": 0, "y": 1})
    assert statuses(found) == ["waiting", "chosen"]
    assert found.person(0).decided_by is None


# --- ties ---


def test_ties_across_the_cut_off_are_told_and_never_broken_by_rows():
    people = [{"ok": True, "a": 1, "b": 0.0, "unit": "x"} for _ in range(3)]
    with pytest.raises(TiedError) as error:
        run([{**p, "pay": 1} for p in people], places=2)
    [tie] = error.value.ties
    assert (tie.group, tie.rows) == ("x", (0, 1, 2))
    assert "3 people alike in a, b (rows, counted from 0: 0, 1, 2)" in str(error.value)
    assert [p.status for p in (run([{**p, "pay": 1} for p in people], places=2, ties=how).person(0)
                               for how in ("all_wait", "all_in"))] == ["waiting", "chosen"]  # fmt: skip
    found = run([{**p, "pay": 1} for p in people], places=2, ties="all_in")
    assert found.groups[0].left == -1 and found.groups[0].tied == 3
    assert "alike in every key across the cut-off: all of them are in" in found.to_text("en")


def test_alike_within_the_places_is_no_tie():
    people = [{"ok": True, "a": a, "b": 0.0, "pay": 1, "unit": "x"} for a in (2, 2, 1)]
    found = run(people, places=2)
    assert statuses(found) == ["chosen", "chosen", "waiting"]
    assert (found.person(0).first, found.person(0).last, found.person(0).tied) == (1, 2, False)


# --- money ---


def test_sums_beyond_64_bits_are_exact():
    big = 9_000_000_000_000_000
    people = [{"ok": True, "a": i % 3, "b": (i // 3 % 9) / 4, "pay": big - i, "unit": "x"} for i in range(27)] * 60
    total = sum(p["pay"] for p in people)
    assert total > 2**63
    budget = total - 12345
    found = run(people, budget=budget, spend="pro_rata", ties="all_wait")
    [group] = found.groups
    assert group.asked == total and group.spent + group.left == budget
    assert group.spent > 2**63
    exact = [Fraction(budget * p["pay"], total) for p in people]
    paid = found.table["selection.paid"].to_pylist()
    assert all(x - 1 < got < x + 1 for x, got in zip(exact, paid, strict=True))
    for short in ("stop", "skip"):
        [group] = run(people, budget=2**63 + 5, short=short, ties="all_wait").groups
        assert group.spent + group.left == 2**63 + 5
    assert run(people, budget=10**30, ties="all_wait").counts["chosen"] == len(people)


def test_the_last_rupiah_goes_by_the_keys():
    people = [{"ok": True, "a": a, "b": 0.0, "pay": 10, "unit": "x"} for a in (0, 2, 1)]
    found = run(people, budget=20, spend="pro_rata")
    assert found.table["selection.paid"].to_pylist() == [6, 7, 7]
    with pytest.raises(TiedError):
        run([{**p, "a": 1} for p in people], budget=20, spend="pro_rata")
    some = run([{**p, "a": 1} for p in people], budget=20, spend="pro_rata", ties="all_wait")
    assert some.table["selection.paid"].to_pylist() == [6, 6, 6] and some.groups[0].left == 2


def test_stop_and_skip_differ_at_the_first_who_is_not_covered():
    people = [{"ok": True, "a": a, "b": 0.0, "pay": pay, "unit": "x"} for a, pay in ((2, 5), (1, 9), (0, 3))]
    stop, skip = (run(people, budget=8, short=short) for short in ("stop", "skip"))
    assert statuses(stop) == ["chosen", "waiting", "waiting"]
    assert statuses(skip) == ["chosen", "waiting", "chosen"]
    assert stop.person(1).lacking == skip.person(1).lacking == 6
    assert (stop.groups[0].left, skip.groups[0].left) == (3, 0)
    assert stop.person(2).decided_by == "a" and skip.person(1).decided_by is None


def test_who_is_granted_nothing_needs_no_money():
    people = [{"ok": True, "a": a, "b": 0.0, "pay": pay, "unit": "x"} for a, pay in ((2, 9), (1, 0))]
    assert statuses(run(people, budget=8)) == ["waiting", "chosen"]


def test_a_law_without_rankings_shares_money_without_keys():
    law = am.in_force(am.load({k: v for k, v in DOCUMENT.items() if k != "rankings"}), on="2026-04-01")
    people = pa.table({"ok": [True, True], "pay": [1, 3]})
    found = select(law, people, "prize", budget=3, spend="pro_rata")
    assert found.table["selection.paid"].to_pylist() == [1, 2]
    with pytest.raises(SelectionError) as error:
        select(law, people, "prize", budget=3)
    assert codes(error) == ["no-keys"]


# --- frames ---


def test_the_kind_of_frame_comes_back():
    pd, pl = pytest.importorskip("pandas"), pytest.importorskip("polars")
    people = [{"ok": True, "a": a, "b": 0.25, "pay": 5, "unit": u} for a, u in ((2, "x"), (1, "x"), (0, "y"))]
    given = table(people)
    arrow = select(LAW, given, "prize", places=1, by="unit", keys=KEYS)
    for frame in (given.to_pandas(), pl.from_arrow(given), given.to_batches()[0]):
        found = select(LAW, frame, "prize", places=1, by="unit", keys=KEYS)
        assert type(found.frame()) is type(frame)
        assert list(found.frame()["selection.status"].tolist() if isinstance(frame, pd.DataFrame) else
                    found.frame()["selection.status"].to_pylist() if isinstance(frame, pa.RecordBatch) else
                    found.frame()["selection.status"].to_list()) == ["chosen", "waiting", "chosen"]  # fmt: skip
        assert found.table.equals(arrow.table)
        assert found.groups == arrow.groups
    with pytest.raises(am.ArgumentError, match="collect it first"):
        select(LAW, pl.from_arrow(given).lazy(), "prize", places=1, by="unit", keys=KEYS)
    assert found.frame(keep=False).schema.names[0] == "selection.status"


def test_groups_may_be_of_several_columns_and_of_any_values():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {"ok": [True] * 4, "a": [2, 1, 0, 2], "b": [0.0] * 4, "unit": ["x", "x", "x", "y"], "n": [1, 1, 2, 1]}
    )
    found = select(LAW, frame, "title", places={("x", 1): 1, ("x", 2): 1, ("y", 1): 1}, by=["unit", "n"], keys=KEYS)
    assert [g.name for g in found.groups] == [("x", 1), ("x", 2), ("y", 1)]
    assert found.rows("waiting") == (1,)
    mixed = pd.DataFrame({"ok": [True] * 3, "a": [2, 1, 0], "b": [0.0] * 3, "unit": ["x", 3, 3]})
    again = select(LAW, mixed, "title", places={"x": 1, 3: 1}, by="unit", keys=KEYS)
    assert [g.name for g in again.groups] == [3, "x"] and again.waiting == (2,)
    fact = select(LAW, table([{"ok": True, "a": 1, "b": 0.0}, {"ok": True, "a": 2, "b": 1.0}]), "title", places=1,
                  by="a", keys="lowest:b", ignore="unit")  # fmt: skip
    assert [g.name for g in fact.groups] == [1, 2], "a fact may make the groups"


def test_true_is_no_group_of_ones():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"ok": [True] * 4, "a": [2, 1, 0, 2], "b": [0.0] * 4})
    for units in ([True, 1, "x", None], [False, 0.0, 1, 2]):
        with pytest.raises(SelectionError, match="True and 1 would be one group"):
            select(LAW, frame.assign(unit=pd.Series(units, dtype=object)), "title", places=1, by="unit", keys=KEYS)
    truths = frame.assign(unit=pd.Series([True, False, True, False], dtype=object))
    assert [g.name for g in select(LAW, truths, "title", places=1, by="unit", keys=KEYS).groups] == [False, True]


def test_groups_stand_in_the_order_of_their_values():
    people = table([{"ok": True, "a": 1, "b": 0.0}] * 2, {k: v for k, v in TYPES.items() if k != "unit"})
    days, numbers = [datetime.date(2020, 1, 10), datetime.date(2020, 1, 9)], [Decimal(10), Decimal("9.5")]
    for units in (days, numbers, ["b", "a"], [10, 9], [datetime.time(2), datetime.time(1)]):
        for rows in (units, units[::-1]):
            frame = people.append_column("unit", pa.array(rows))
            found = select(LAW, frame, "title", places=1, by="unit", keys=KEYS)
            assert [g.name for g in found.groups] == sorted(units)


def test_a_reform_is_selected_by_and_what_is_beyond_delegation_is_said():
    made = am.reform("manokwari/merit", {"parameters": {"minimum_merit_score": 60}}, on="2026-04-01", unbound=True)
    people = am.synthetic(200, seed=3)
    options = {"places": 3, "keys": "highest:merit_score", "ties": "all_in", "ignore": "*"}
    found, same = (select(law, people, "promotion", **options) for law in (made, made.law))
    assert found.table.equals(same.table) and found.law is made.law
    assert found.unbound == ("parameters.minimum_merit_score",) == tuple(found.to_dict()["unbound"])
    assert "BEYOND WHAT IS DELEGATED: parameters.minimum_merit_score" in found.to_text("en")
    assert "BEYOND DELEGATION: parameters.minimum_merit_score" in repr(found)
    assert "DI LUAR YANG DIDELEGASIKAN" in found.to_text()


def test_it_is_said_as_data_and_in_words():
    people = [{"ok": ok, "a": a, "b": b, "pay": 5, "unit": "x", "id": i}
              for ok, a, b, i in ((True, 2, 0.0, "A"), (True, None, 0.0, "B"), (True, 1, 0.5, "C"),
                                 (None, 1, 0.5, "D"))]  # fmt: skip
    found = select(
        LAW, table(people, {**TYPES, "id": pa.string()}), "prize", places=1, by="unit", keys=KEYS, identity="id"
    )
    data = found.to_dict()
    assert data["groups"][0]["open"] == 2 and data["counts"]["open"] == 2
    assert {p["identity"]: p["status"] for p in data["people"]} == {
        "A": "open",
        "B": "open",
        "C": "waiting",
        "D": "undetermined",
    }
    assert found.to_json() == select(LAW, table(people, {**TYPES, "id": pa.string()}), "prize", places=1, by="unit",
                                     keys=KEYS, identity="id").to_json()  # fmt: skip
    assert found.to_text("id").startswith("Seleksi: ") and "B (baris 1)" in found.to_text()
    with pytest.raises(am.ArgumentError):
        found.to_text("fr")
    with pytest.raises(am.ArgumentError):
        found.person(9)
    with pytest.raises(am.ArgumentError):
        found.rows("perhaps")


def test_it_agrees_with_the_seniority_list():
    """The law's own ranking, place for place, on people of whom some facts are unknown."""
    law = am.in_force(am.load("indonesia/duk"), on="2025-12-31")
    rng = random.Random(6)
    people = [
        {
            "employment": rng.choice(["pns", "pns", "pns", "cpns", "pppk", None]),
            "rank": rng.choice(["III/a", "III/b", None, "III/a"]),
            "rank_date": rng.choice(["2020-04-01", "2021-04-01"]),
            "position_kind": "struktural",
            "echelon": rng.choice(["IV.a", "III.a", None]),
            "position_date": rng.choice(["2021-04-01", "2022-04-01", None]),
            "birth_date": rng.choice(["1980-01-01", "1981-01-01"]),
        }
        for _ in range(60)
    ]
    listed = am.rank(law, people)
    found = select(law, pa.Table.from_pylist(people), "duk", places=10_000)
    assert len(listed.rows) > 20
    for row in listed.rows:
        mine = found.person(row.row - 1)
        alike = sum(r.first == row.first and r.place is not None and r.values == row.values for r in listed.rows)
        assert mine.first == row.first
        assert mine.last == (row.last + alike - 1 if row.place is not None else row.last) or row.status == "open"
    assert found.counts["refused"] == len(listed.outside)
    assert found.counts["undetermined"] == len(listed.unsettled)


# --- the command ---


@pytest.fixture
def file(tmp_path):
    text = "name,agency,employment,rank\nA,PU,pns,III/a\nB,PU,pns,III/c\nC,RS,pns,II/a\nD,RS,,III/a\nE,RS,pppk,\n"
    path = tmp_path / "staff.csv"
    path.write_text(text, encoding="utf-8")
    return path


def command(file, *arguments):
    said = [
        "indonesia/duk",
        str(file),
        "--on",
        "2025-12-31",
        "--decision",
        "duk",
        "--by",
        "agency",
        "--key",
        "highest:rank",
    ]
    main = click.Group(commands={"select": selecting_command})
    return CliRunner().invoke(main, ["select", *said, "--identity", "name", "--lang", "en", *map(str, arguments)])


def test_the_command_writes_every_row_beside_its_answer(file):
    done = command(file, "--places", "PU=1", "--places", "RS=1")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["name"], r["selection.status"], r["selection.distance"]) for r in rows] == [
        ("A", "waiting", "-2"), ("B", "chosen", "2"), ("C", "chosen", ""), ("D", "undetermined", ""),
        ("E", "refused", ""),
    ]  # fmt: skip
    assert "5 employees: 2 chosen, 1 waiting, 1 not eligible, 1 not certain to be eligible" in done.stderr


def test_the_command_speaks_and_gives_data(file):
    text = command(file, "--places", 1, "--format", "text").stdout
    assert "1. B (row 2): 2 levels better than the first who waits" in text, "rows of a file count from 1"
    data = json.loads(command(file, "--places", 1, "--format", "json").stdout)
    assert [(p["identity"], p["row"]) for p in data["people"]][:1] == [("B", 2)]
    assert data["groups"][1]["name"] == "RS" and data["groups"][1]["could_change"] == 1


def test_the_command_reads_parquet_and_tells_errors(tmp_path):
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "staff.parquet"
    pq.write_table(pa.table({"name": ["A"], "agency": ["PU"], "employment": ["pns"], "rank": ["III/z"]}), path)
    done = command(path, "--places", 1)
    assert done.exit_code == 1 and "unknown-member" in done.stdout
    assert command(path, "--places", 1, "--allow-row-errors").exit_code == 0


@pytest.mark.parametrize(
    "wrong", [["--places", "x"], ["--places", "1", "--places", "2"], ["--places", "PU=1", "--places", "PU=2"]]
)
def test_the_command_refuses_what_is_no_number(file, wrong):
    assert command(file, *wrong).exit_code == 2


def test_the_command_knows_an_export_by_its_header_as_the_other_commands_do():
    sample = Path(am.__file__).parent / "data" / "pegawai_contoh.csv"
    said = ["manokwari/merit", str(sample), "--on", "2026-04-01", "--decision", "promotion", "--places", "5"]
    main = click.Group(commands={"select": selecting_command})
    more = ["--key", "highest:merit_score", "--ignore", "*", "--lang", "en", "--allow-row-errors"]
    told = [CliRunner().invoke(main, ["select", *said, *more, *kind]) for kind in ([], ["--input-format", "siasn"])]
    assert [done.exit_code for done in told] == [0, 0]
    assert told[0].stdout == told[1].stdout and "5 chosen, 69 waiting" in told[0].stderr


def test_the_command_says_that_a_file_is_empty(file):
    file.write_text("", encoding="utf-8")
    done = command(file, "--places", 1)
    assert done.exit_code == 2 and "the file is empty" in done.stderr


def test_the_command_refuses_a_file_of_uneven_rows(file):
    file.write_text("name,agency\nA\n", encoding="utf-8")
    assert "row 2 has not as many cells" in command(file, "--places", 1).stderr
