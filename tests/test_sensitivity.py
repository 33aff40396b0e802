"""Every point of a sweep is the law in force with that value; margins and flips are those of brute force."""

import datetime
import random
import time
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.sensitivity.changing import MODES, with_rounding, with_values
from asnmerit.sensitivity.margins import unrounded
from asnmerit.sensitivity.merging import merged
from asnmerit.sensitivity.moving import weight_margins
from asnmerit.sensitivity.sweeping import sweep
from asnmerit.sensitivity.weighting import weighed, with_weights
from support import people, tables
from support.manokwari import MERIT, ON, STATUSES, reloaded, staff
from support.policies import day_of, seeded

DEPTH = settings().max_examples
SEEDS = max(20, DEPTH // 4)


def counts_of(law, frame, decision):
    """What decide_frame says, counted: statuses, and each amount of the granted."""
    done = am.decide_frame(law, frame, ignore="*", keep=False, decisions=[decision], reasons=None)
    status = done[f"{decision}.status"].to_pylist()
    amounts = {}
    for field in ("amount",):
        if f"{decision}.{field}" in done.column_names:
            pairs = zip(status, done[f"{decision}.{field}"].to_pylist(), strict=True)
            amounts[field] = sum(a for s, a in pairs if s == "granted")
    return {s: status.count(s) for s in STATUSES}, amounts


MINIMUM = ("parameters", "minimum_merit_score", "versions", 1, "value")
ALLOWANCE = ("parameters", "special_allowance", "value")
MONTHS = ("parameters", "minimum_months_in_post", "value")
WEIGHTS = ("scores", "merit_score", "schemes", 0)


@pytest.fixture(scope="module")
def merit():
    return am.in_force(am.load(MERIT), on=ON)


@pytest.fixture(scope="module")
def frame():
    return staff(400, seed=3)


# --- sweeps ---


def test_each_point_is_the_law_in_force_with_that_value(frame):
    values = [70, 76, Fraction(161, 2), "84.25", 100]
    found = sweep(am.load(MERIT), frame, {"minimum_merit_score": values}, "incentives", on=ON)
    granted = set()
    for point, text in zip(found.points, ["70", "76", "80.5", "84.25", "100"], strict=True):
        counts, amounts = counts_of(reloaded({MINIMUM: text}), frame, "incentives")
        assert (point.counts, point.amounts) == (counts, amounts)
        granted.add(point.counts["granted"])
    assert len(granted) > 3, "the values must matter"
    assert all(point.counts["undetermined"] and point.counts["error"] for point in found.points)
    assert found.points[0].counts["error"] == sum(1 for p in frame["performance_2025"].to_pylist() if p == "cukup")


def test_two_parameters_are_every_pair_of_values(frame):
    ways = {"minimum_merit_score": ["78", "84"], "minimum_months_in_post": ["12", "24", "25"]}
    found = sweep(am.load(MERIT), frame, ways, "promotion", on=ON, unbound=True)
    assert [p.values for p in found.points] == [(a, b) for a in (78, 84) for b in (12, 24, 25)]
    for point in found.points:
        law = reloaded({MINIMUM: str(point.values[0]), MONTHS: str(point.values[1])})
        assert point.counts == counts_of(law, frame, "promotion")[0]
    assert len({tuple(p.counts.values()) for p in found.points}) > 3


def test_weights_are_swept_too(merit, frame):
    mixes = [{"quality": f"{n}%", "discipline": f"{80 - n}%", "innovation": "20%"} for n in (0, 30, 50, 80)]
    found = sweep(merit, frame, {"merit_score": mixes}, "promotion")
    assert [p.current for p in found.points] == [False, False, True, False]
    for point, n in zip(found.points, (0, 30, 50, 80), strict=True):
        law = reloaded({(*WEIGHTS, "quality"): f"{n}%", (*WEIGHTS, "discipline"): f"{80 - n}%"})
        assert point.counts == counts_of(law, frame, "promotion")[0]
        assert with_weights(merit, "merit_score", mixes[(0, 30, 50, 80).index(n)]).meaning == law.meaning


def test_a_changed_law_means_what_the_changed_document_means(merit):
    law = with_values(merit, {"minimum_merit_score": Fraction(85), "special_allowance": Fraction(7)})
    assert law.meaning == reloaded({MINIMUM: "85", ALLOWANCE: "7"}).meaning != merit.meaning
    for mode in MODES:
        try:
            law = with_rounding(merit, mode)
        except am.PolicyError:
            continue
        ways = [("indicators", name, "round", "mode") for name in ("quality", "discipline", "innovation")]
        short = {"round_up": "up", "round_down": "down"}.get(mode, mode)
        own = reloaded(dict.fromkeys([*ways, ("scores", "merit_score", "round", "mode")], short))
        for key in ("merit_score", "quality"):
            assert merged([law, own]).names[1][key] == key, "written alike"


@pytest.mark.parametrize("seed", range(SEEDS))
def test_random_policies_swept_answer_as_reloaded(seed):
    made, law, dice = seeded(seed)
    day = day_of(law, dice)
    persons = [people.person(dice, law, day, dice.pick((0, 10, 40))) for _ in range(8)]
    given = tables.table_of(dice, law, day, persons, 8, nan=False)
    numbers = [k for k, v in law.data.parameters.items() if isinstance(v, Fraction)]
    if not numbers or not law.decisions:
        pytest.skip("nothing to sweep")
    name = dice.pick(numbers)
    now = law.data.parameters[name]
    tried = [now + n for n in (0, 1, -1, 3)]
    compared = 0
    for value in tried:
        try:
            expected = real(made, law, name, value)
        except am.PolicyError:
            continue
        if expected is None:
            pytest.skip("the parameter has several versions")
        for decision in law.decisions:
            options = {"columns": None, "ignore": "*", "absent": "unknown", "as_of": day}
            found = sweep(law, given.table(), {name: [now, value] if value != now else [now]}, decision, **options)
            done = am.decide_frame(expected, given.table(), day, ignore="*", keep=False, decisions=[decision])
            status = done[f"{decision}.status"].to_pylist()
            assert found.points[-1].counts == {s: status.count(s) for s in STATUSES}
            compared += 1
    assert compared


def real(made, law, name, value):
    """The law of the document with another value; None where the document has several versions of it."""
    import copy

    document = copy.deepcopy(made.document)
    entry = document["parameters"].get(name)
    if not isinstance(entry, dict) or "value" not in entry:
        return None
    text = str(entry["value"])
    entry["value"] = f"{value * 100}%" if text.endswith("%") else str(value)
    return am.in_force(am.load(document), on=law.on, known=law.known)


def test_a_sweep_of_a_permuted_frame_is_the_same(merit, frame):
    shuffled = frame.take(np.random.default_rng(5).permutation(frame.num_rows))
    one, other = (sweep(merit, f, {"minimum_merit_score": range(70, 90)}, "incentives") for f in (frame, shuffled))
    assert one == other


def test_many_points_go_through_several_programs(merit, frame):
    values = {"minimum_merit_score": list(range(80, 100)), "special_allowance": list(range(1, 26))}
    found = sweep(merit, frame, values, "incentives")
    assert len(found.points) == 500
    alone = sweep(merit, frame, {"minimum_merit_score": [91]}, "incentives")
    ones = [p for p in found.points if p.values[0] == 91]
    assert {p.counts["granted"] for p in ones} == {alone.points[0].counts["granted"]} != {0}
    assert [p.amounts["amount"] for p in ones] == [n * ones[0].counts["granted"] for n in range(1, 26)]


def test_a_sweep_is_quicker_than_deciding_again_and_again(merit):
    many = pa.concat_tables([staff(2_000, seed=1)] * 5)
    sweep(merit, many.slice(0, 10), {"minimum_merit_score": range(70, 90)}, "promotion")
    start = time.perf_counter()
    sweep(merit, many, {"minimum_merit_score": range(70, 90)}, "promotion")
    swept = time.perf_counter() - start
    start = time.perf_counter()
    for _ in range(20):
        am.decide_frame(merit, many, ignore="*", decisions=["promotion"], reasons=None, keep=False)
    assert swept < 0.6 * (time.perf_counter() - start)


def test_a_parameter_that_decides_nothing_is_said_to(merit, frame):
    found = sweep(merit, frame, {"special_allowance": [1, 2]}, "promotion")
    assert found.idle == ("special_allowance",)
    assert "special_allowance" in found.text("en") and "special_allowance" in found.text("id")
    assert not sweep(merit, frame, {"special_allowance": [1, 2]}, "incentives").idle


def test_the_table_is_exact_and_the_texts_are_in_both_languages(merit, frame):
    found = sweep(merit, frame, {"minimum_merit_score": ["80.5", 81], "special_allowance": [10**6]}, "incentives")
    assert found.table["minimum_merit_score"].to_pylist() == [pytest.approx(80.5), 81]
    assert found.table["incentives.amount"].to_pylist() == [p.amounts["amount"] for p in found.points]
    assert found.to_dict()["points"][0]["minimum_merit_score"] == "80.5"
    assert found.text("id") != found.text("en") and "<table>" in found._repr_html_()
    with pytest.raises(am.ArgumentError, match="lang"):
        found.text("xx")


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ({"minimum_merit_scor": [1]}, "did you mean minimum_merit_score"),
        ({"minimum_merit_score": []}, "0 values"),
        ({"minimum_merit_score": 80}, "a list of values"),
        ({"minimum_merit_score": "80"}, "a list of values"),
        ({"minimum_merit_score": [80, 80]}, "different values"),
        ({"minimum_merit_score": {80, 85}}, "a list of values"),
        ({"merit_score": [{"quality": "100%"}, {"quality": 1}]}, "different weights"),
        ({"minimum_merit_score": [80.5]}, "no float"),
        ({"minimum_merit_score": [True]}, "exact"),
        ({"minimum_merit_score": ["viel"]}, "number"),
        ({"minimum_merit_score": [60]}, "from 70"),
        ({"minimum_merit_score": [101]}, "100"),
        ({"special_allowance": ["1.5"]}, "whole"),
        ({}, "one or two"),
        ({"a": [1], "b": [1], "c": [1]}, "one or two"),
        ({"minimum_merit_score": range(3000)}, "3000 values"),
        ({"merit_score": [{"quality": "60%", "innovation": "30%"}]}, "90%"),
        ({"merit_score": [{"quality": "60%", "inovation": "40%"}]}, "did you mean innovation"),
        ({"merit_score": [{"quality": 0.6, "innovation": 0.4}]}, "exact share"),
        ({"merit_score": [{"quality": "-60%", "innovation": "160%"}]}, "exact share"),
        ({"quality": [{"supervisor": "100%"}]}, "one scheme"),
    ],
)
def test_bad_sweeps_have_named_errors(frame, parameters, said):
    with pytest.raises(am.ArgumentError) as caught:
        sweep(am.load(MERIT), frame, parameters, "promotion", on=ON)
    assert said in str(caught.value)


def test_a_value_that_is_not_delegated_needs_unbound(frame):
    policy = am.load(MERIT)
    not_own = [k for k, d in policy.declared.parameters.items() if policy.declared.owners[k] is not policy.module]
    delegated = set(policy.module.parent.document.delegates)
    name = next(k for k in not_own if k not in delegated and isinstance(d_value(policy, k), Fraction))
    now = d_value(policy, name)
    with pytest.raises(am.ArgumentError, match="unbound"):
        sweep(policy, frame, {name: [now]}, "promotion", on=ON)
    assert sweep(policy, frame, {name: [now]}, "promotion", on=ON, unbound=True).unbound
    assert "unbound" in sweep(policy, frame, {"minimum_merit_score": [60]}, "promotion", on=ON, unbound=True).text("en")


def d_value(policy, name):
    return am.in_force(policy, on=ON).data.parameters.get(name)


def test_missing_facts_and_wrong_arguments(merit, frame):
    with pytest.raises(am.FrameError) as caught:
        sweep(merit, frame.drop_columns(["active", "innovation_panel"]), {"minimum_merit_score": [80]}, "promotion")
    assert {f.fact for f in caught.value.faults} == {"active", "innovation_panel"}
    with pytest.raises(am.UnknownDecisionError):
        sweep(merit, frame, {"minimum_merit_score": [80]}, "promotio")
    with pytest.raises(am.ArgumentError, match="on:"):
        sweep(am.load(MERIT), frame, {"minimum_merit_score": [80]}, "promotion")
    with pytest.raises(am.ArgumentError, match="law:"):
        sweep("manokwari/merit", frame, {"minimum_merit_score": [80]}, "promotion")
    with pytest.raises(am.ArgumentError, match="did you mean ignore"):
        sweep(merit, frame, {"minimum_merit_score": [80]}, "promotion", ignor="x")


# --- weights ---


def sums_at(law, rows, part, t):
    """The exact weighted sums when one part has the weight t and the others scale with it."""
    weights = weighed(law, "merit_score").weights
    rest = 1 - weights[part]
    moved = {k: t if k == part else w * (1 - t) / rest for k, w in weights.items()}
    return {i: sum(moved[k] * row[k] for k in moved) for i, row in rows.items()}


def parts_of(law, table):
    keys = list(weighed(law, "merit_score").weights)
    done = am.decide_frame(law, table, ignore="*", keep=False, values=keys)
    rows = enumerate(done.select([*keys, "error"]).to_pylist())
    return {
        i: {k: Fraction(r[k]) for k in keys}
        for i, r in rows
        if r["error"] is None and all(r[k] is not None for k in keys)
    }


@pytest.mark.parametrize("seed", range(6))
def test_margins_of_the_order_are_those_of_all_pairs(merit, seed):
    table = staff(25, seed=seed)
    found = weight_margins(merit, table, "merit_score")
    rows = parts_of(merit, table)
    assert found.people == len(rows) > 5 and found.left_out == 25 - len(rows) > 0
    for margin in found.margins:
        now = sums_at(merit, rows, margin.part, margin.weight)
        end = {1: sums_at(merit, rows, margin.part, Fraction(1)), -1: sums_at(merit, rows, margin.part, Fraction(0))}
        for sign, change in ((1, margin.up), (-1, margin.down)):
            room = 1 - margin.weight if sign == 1 else margin.weight
            meet = {}
            for i in rows:
                for j in rows:
                    gap, last = now[i] - now[j], end[sign][i] - end[sign][j]
                    if gap > 0 and last <= 0:
                        meet[(i, j)] = room * gap / (gap - last)
            least = min(meet.values(), default=None)
            assert (None if change is None else change.move) == least
            if change is not None:
                assert set(change.rows) == {i for pair, m in meet.items() if m == least for i in pair}


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mode", ["half_up", "half_even", "floor", "ceiling"])
def test_margins_of_a_threshold_are_where_somebody_crosses(merit, seed, mode):
    try:
        law = with_rounding(merit, mode)
    except am.PolicyError:
        pytest.skip("a value would leave its scale")
    table = staff(20, seed=seed, unknown=5)
    found = weight_margins(law, table, "merit_score", threshold="minimum_merit_score")
    rows = parts_of(law, table)
    changes = 0

    def reaching(part, t):
        """Who reaches the threshold, by the law's own rounding of the exact sum."""
        from asnmerit.rules.rounding import divided

        sums = sums_at(law, rows, part, t)
        return {i for i, s in sums.items() if Fraction(divided(mode, *(s * 100).as_integer_ratio()), 100) >= 80}

    for margin in found.margins:
        now = reaching(margin.part, margin.weight)
        for sign, change in ((1, margin.up), (-1, margin.down)):
            end = Fraction(sign == 1)
            if change is None:
                assert reaching(margin.part, end) == now
                continue
            changes += 1
            short, far = (
                margin.weight + sign * change.move * n for n in (Fraction(999_999, 10**6), Fraction(1_000_001, 10**6))
            )
            assert reaching(margin.part, short) == now
            at = margin.weight + sign * change.move
            beyond = reaching(margin.part, far) if 0 <= far <= 1 else now
            assert reaching(margin.part, at) != now or beyond != now
            assert set(change.rows) >= (reaching(margin.part, at) | beyond | now) - (
                now & beyond & reaching(margin.part, at)
            )
    assert changes


def test_the_bound_before_rounding_is_reached_exactly_when_the_rounded_one_is():
    from asnmerit.rules.rounding import divided

    for mode in MODES:
        short = {"round_up": "up", "round_down": "down"}.get(mode, mode)
        for threshold in (Fraction(-3), Fraction(0), Fraction(2), Fraction(5, 2), Fraction(7, 3)):
            for step in (Fraction(1), Fraction(1, 2)):
                bound, closed = unrounded(threshold, mode, step)
                for n in range(-200, 200):
                    at = Fraction(n, 40)
                    over = at / step
                    reached = divided(short, over.numerator, over.denominator) * step >= threshold
                    assert reached == (at >= bound if closed else at > bound), (mode, threshold, step, at)


def test_margins_do_not_depend_on_the_order_of_rows(merit):
    table = staff(200, seed=9)
    order = np.random.default_rng(1).permutation(200)
    one, other = (weight_margins(merit, t, "merit_score") for t in (table, table.take(order)))
    for a, b in zip(one.margins, other.margins, strict=True):
        for x, y in ((a.up, b.up), (a.down, b.down)):
            assert (x is None) == (y is None)
            if x is not None:
                assert x.move == y.move and set(x.rows) == {int(order[r]) for r in y.rows}


def test_alike_people_and_one_person_change_nothing(merit):
    table = staff(1, seed=2, unknown=0)
    for rows in (0, 1, 3):
        found = weight_margins(merit, pa.concat_tables([table] * rows) if rows else table.slice(0, 0), "merit_score")
        assert found.least is None and found.people == rows
        assert "100" not in found.text("en").splitlines()[1]


def test_bad_margins_have_named_errors(merit, frame):
    for score, said in (("merit_scor", "did you mean merit_score"), ("quality", "one scheme"), (3, "a score")):
        with pytest.raises(am.ArgumentError, match=said):
            weight_margins(merit, frame, score)
    for threshold in ("minimum", 80.5, True, "1/0"):
        with pytest.raises(am.ArgumentError, match="threshold"):
            weight_margins(merit, frame, "merit_score", threshold=threshold)
    found = weight_margins(merit, frame, "merit_score", threshold=80)
    assert found == weight_margins(merit, frame, "merit_score", threshold="minimum_merit_score")
    assert found.table.num_rows == 3 and found.to_dict()["threshold"] == "80" and "<table>" in found._repr_html_()


# --- parameters of every kind ---


def own(**values):
    """A policy whose parameters switch a fact off, divide, and are members, days and shares."""
    parameters = {
        "strict": {"type": "bool", "value": "no"},
        "over": {"type": "integer", "value": 7},
        "least": {"type": "grade", "value": "mid"},
        "start": {"type": "date", "value": "2020-01-01"},
        "share": {"type": "percent", "value": "50%"},
    }
    for name, value in values.items():
        parameters[name]["value"] = value
    return {
        "asnmerit": 1,
        "policy": "test/kinds",
        "title": "Kinds",
        "effective": {"from": "2020-01-01"},
        "enacted": "2019-12-01",
        "types": {"grade": {"order": ["low", "mid", "high"]}},
        "facts": {
            "clean": {"type": "bool"},
            "points": {"type": "integer", "from": 0, "to": 100},
            "rank": {"type": "grade"},
            "since": {"type": "date"},
            "pay": {"type": "rupiah", "from": 0, "to": 9_000_000},
        },
        "parameters": parameters,
        "decisions": {
            "bonus": {"kind": "benefit", "outcome": {"amount": {"type": "rupiah"}}, "hit": "unique"},
        },
        "rules": {
            "given": {
                "decides": "bonus",
                "requires": {
                    "clean": {"is": "clean or not strict"},
                    "points": {"is": "half_up(points / over) >= 5"},
                    "rank": {"is": "rank >= least"},
                    "since": {"is": "since >= start"},
                },
                "grants": {"amount": "floor(pay * share)"},
            }
        },
    }


@pytest.mark.parametrize(
    ("name", "values", "texts"),
    [
        ("strict", [True, "no"], ["yes", "no"]),
        ("over", [1, 7, 20], ["1", "7", "20"]),
        ("least", ["low", "high"], ["low", "high"]),
        ("start", [datetime.date(2010, 5, 5), "2024-06-01"], ["2010-05-05", "2024-06-01"]),
        ("share", ["99.5%", 0, Fraction(1, 8)], ["99.5%", "0%", "12.5%"]),
    ],
)
def test_parameters_of_every_kind_are_swept(name, values, texts):
    draw = random.Random(3)
    table = pa.table(
        {
            "clean": [draw.choice([True, False, None]) for _ in range(300)],
            "points": [draw.randint(0, 100) for _ in range(300)],
            "rank": [draw.choice(["low", "mid", "high"]) for _ in range(300)],
            "since": [datetime.date(draw.randint(2000, 2025), 6, 1) for _ in range(300)],
            "pay": [draw.randint(0, 9_000_000) for _ in range(300)],
        }
    )
    law = am.in_force(am.load(own()), on=ON)
    found = sweep(am.load(own()), table, {name: values}, on=ON)
    assert found.points == sweep(law, table, {name: values}).points
    for point, text in zip(found.points, texts, strict=True):
        assert (point.counts, point.amounts) == counts_of(
            am.in_force(am.load(own(**{name: text})), on=ON), table, "bonus"
        )
    assert len({str(p) for p in found.points}) == len(values)
    assert found.text("en") and found.table.num_rows == len(values)


def test_a_value_that_cannot_be_proved_is_a_fault_of_the_law():
    law = am.in_force(am.load(own()), on=ON)
    table = pa.table(
        {"clean": [True], "points": [50], "rank": ["mid"], "since": [datetime.date(2021, 1, 1)], "pay": [5]}
    )
    with pytest.raises(am.PolicyError) as caught:
        sweep(law, table, {"over": [0]})
    assert {d.code for d in caught.value.diagnostics} == {"divisor"}
    for name, value in (("least", "top"), ("strict", 1), ("start", "2024-02-30"), ("share", 0.5), ("share", "1/3")):
        with pytest.raises(am.ArgumentError, match=name):
            sweep(law, table, {name: [value]})
