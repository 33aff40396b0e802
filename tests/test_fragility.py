"""Flips and stability are those of deciding each person again with each small error."""

import datetime
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest

import asnmerit as am
from asnmerit.sensitivity.fragile import fragility
from support.manokwari import MERIT, ON, reloaded, staff


@pytest.fixture(scope="module")
def merit():
    return am.in_force(am.load(MERIT), on=ON)


@pytest.fixture(scope="module")
def frame():
    return staff(400, seed=3)


def outcome(law, record, day=None):
    """Status, rules and outcome as `decide` has them; None for a faulty record."""
    try:
        found = am.decide(law, record, day, ignore="*")
    except am.RecordError:
        return None
    return {name: (d.status, said(d) if d.status == "granted" else None) for name, d in found.outcomes.items()}


def said(d):
    """All that a granted decision gives: the outcome, or what each rule grants."""
    if d.plan.node.hit == "collect":
        return [(g.rule, dict(g.outcome)) for g in d.grants], d.total
    return d.rule, dict(d.outcome)


def records_of(table):
    return [{k: v for k, v in row.items() if v is not None} for row in table.to_pylist()]


def lawful(record):
    """A record as `decide` takes it: exact numbers, years in a mapping."""
    years = {y: record.pop(f"performance_{y}") for y in (2024, 2025) if f"performance_{y}" in record}
    return {"performance": years} | {
        k: [Fraction(str(n)) for n in v] if k.startswith(("quality_", "innovation_")) else v for k, v in record.items()
    }


RATED = {"quality_supervisor": 1, "quality_peers": 5, "quality_subordinates": 10, "innovation_panel": 3}
ORDER = ["sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik"]


def errors_of(record, size):
    """Every single error of one step: a rating up or down, a predicate up or down; the changed records."""
    for fact, most in RATED.items():
        for row in range(min(most, len(record.get(fact, [])))):
            for sign in (-1, 1):
                moved = list(record[fact])
                moved[row] += sign * size.get(fact, Fraction(1, 100))
                if 0 <= moved[row] <= 100:
                    yield (fact, row, sign), {**record, fact: moved}


@pytest.mark.parametrize("decision", ["promotion", "incentives"])
def test_flips_and_stability_are_those_of_deciding_each_person_again(merit, decision):
    table = staff(70, seed=8)
    size = {"quality_supervisor": 6, "innovation_panel": 9, "quality_peers": 4}
    found = fragility(merit, table, decision, raters=tuple(RATED), errors=size)
    sizes = {k: Fraction(v) for k, v in size.items()}
    laws = {}
    for mode in ("half_even", "half_down"):
        ways = [("indicators", n, "round", "mode") for n in ("quality", "discipline", "innovation")]
        laws[mode] = reloaded(dict.fromkeys([*ways, ("scores", "merit_score", "round", "mode")], mode))
    days = [merit.on - datetime.timedelta(days=1), merit.on + datetime.timedelta(days=1)]
    flips = {}
    stability = []
    settled = 0
    for record in map(lawful, records_of(table)):
        base = outcome(merit, record)
        if base is None or base[decision][0] == "undetermined":
            stability.append(None)
            continue
        settled += 1
        tries = [(k, outcome(merit, r)) for k, r in errors_of(record, sizes)]
        tries += [(("rounding", mode), outcome(law, record)) for mode, law in laws.items()]
        tries += [(("day", str(day)), outcome(merit, record, day)) for day in days]
        asked = [(k, o) for k, o in tries if o is not None]
        for k, o in asked:
            flips[k] = flips.get(k, 0) + (o[decision] != base[decision])
        kept = sum(o[decision] == base[decision] for _, o in asked)
        stability.append(Fraction(kept, len(asked)) if asked else None)
    assert found.stability == tuple(stability)
    assert found.people - found.unsettled == settled > 20
    mine = {}
    for t in found.tried:
        if t.kind == "rating":
            mine[(t.fact, int(t.what.rpartition("[")[2][:-1]) - 1, 1 if t.way == "up" else -1)] = t.flipped
        else:
            mine[(t.kind, t.what)] = t.flipped
    assert {k: n for k, n in mine.items() if n} == {k: n for k, n in flips.items() if n}
    assert any(flips.values()), "somebody must flip"
    assert found.firm == sum(s == 1 for s in stability)


def test_predicates_are_rated_by_level_and_year(merit):
    table = staff(60, seed=4, unknown=0)
    found = fragility(merit, table, "promotion", raters="performance", rounding=(), days=0)
    assert {t.what for t in found.tried} == {"performance[2024]", "performance[2025]"}
    for year in (2024, 2025):
        for way, sign in (("up", 1), ("down", -1)):
            mine = next(t for t in found.tried if t.what == f"performance[{year}]" and t.way == way)
            names = table[f"performance_{year}"].to_pylist()
            moved = [ORDER.index(n) + sign for n in names]
            can = [0 <= m < len(ORDER) for m in moved]
            column = pa.array([ORDER[m] if c else n for m, c, n in zip(moved, can, names, strict=True)])
            other = table.set_column(table.column_names.index(f"performance_{year}"), f"performance_{year}", column)
            before, after = (
                am.decide_frame(merit, t, ignore="*", decisions=["promotion"], keep=False)[
                    "promotion.status"
                ].to_pylist()
                for t in (table, other)
            )
            rows = [i for i, (b, c) in enumerate(zip(before, can, strict=True)) if c and b in {"granted", "refused"}]
            assert mine.asked == len(rows)
            assert mine.flipped == sum(before[i] != after[i] for i in rows)


def test_a_day_in_another_year_reads_other_years(merit):
    """On 1 January the years of the yearly facts move on."""
    law = am.in_force(am.load(MERIT), on="2026-01-01")
    table = staff(60, seed=6)
    found = fragility(law, table, "promotion", raters=(), rounding=(), days=1, as_of="2026-01-01")
    # The law before that day is another version: only the day after is tried.
    assert [t.what for t in found.tried] == ["2026-01-02"]
    found = fragility(merit, table, "promotion", raters=(), rounding=(), days=91)
    assert [t.what for t in found.tried] == ["2026-07-01"]
    found = fragility(merit, table, "promotion", raters=(), rounding=(), days=1, as_of="2026-12-31")
    assert [t.what for t in found.tried] == ["2026-12-30", "2027-01-01"]
    before, after = (
        am.decide_frame(merit, table, d, ignore="*", decisions=["promotion"], keep=False)[
            "promotion.status"
        ].to_pylist()
        for d in ("2026-12-31", "2027-01-01")
    )
    settled = [i for i, b in enumerate(before) if b in {"granted", "refused"} and after[i] != "error"]
    assert found.tried[-1].flipped == sum(before[i] != after[i] for i in settled)


def test_fragility_follows_a_permutation(merit):
    table = staff(150, seed=7)
    order = np.random.default_rng(2).permutation(150)
    one, other = (fragility(merit, t, "incentives") for t in (table, table.take(order)))
    assert one.tried == other.tried and one.raters == other.raters and one.overall == other.overall
    assert [one.stability[i] for i in order] == list(other.stability)


def test_texts_and_tables_of_fragility(merit, frame):
    found = fragility(merit, frame, "incentives")
    assert found.persons.num_rows == frame.num_rows
    assert found.table.num_rows == len(found.tried)
    assert found.raters.keys() >= {"quality_supervisor", "performance"}
    assert found.text("en") != found.text("id") and "<table>" in found._repr_html_()
    assert found.to_dict()["overall"] == str(found.overall)
    empty = fragility(merit, frame.slice(0, 0), "incentives")
    assert empty.overall is None and empty.people == 0 and empty.text("en")


def test_an_error_longer_than_the_scale_cannot_be_made(merit, frame):
    for size in (10**4, 10**40):
        found = fragility(merit, frame, "promotion", raters="quality_supervisor", errors={"quality_supervisor": size})
        ratings = [t for t in found.tried if t.kind == "rating"]
        assert len(ratings) == 2 and {t.asked for t in ratings} == {0}


def test_sets_are_taken_in_one_order(merit, frame):
    """Sets of texts go in another order in each process."""
    modes = {"ceiling", "floor", "half_even", "round_up", "half_down"}
    found = fragility(merit, frame, "promotion", rounding=modes, raters={"quality_peers", "innovation_panel"})
    tried = [t.what for t in found.tried if t.kind == "rounding"]
    assert tried == sorted(tried) and {*tried, *found.unlawful} == modes


def test_bad_fragility_has_named_errors(merit, frame):
    for options, said in (
        ({"raters": "quality_peer"}, "did you mean quality_peers"),
        ({"raters": "active"}, "numbers or an order"),
        ({"raters": 3}, "names of facts"),
        ({"errors": {"quality_peers": "0.001"}}, "steps of 1/100"),
        ({"errors": {"quality_peers": 0.5}}, "steps of"),
        ({"errors": {"quality_peers": -1}}, "above 0"),
        ({"errors": {"qualty_peers": 1}}, "did you mean quality_peers"),
        ({"errors": [1]}, "a mapping"),
        ({"rounding": "nearest"}, "modes"),
        ({"days": -1}, "from 0"),
        ({"days": True}, "from 0"),
        ({"as_of": "2030-99-01"}, "a day"),
    ):
        with pytest.raises(am.ArgumentError, match=said):
            fragility(merit, frame, "promotion", **options)
    with pytest.raises(am.FrameError):
        fragility(merit, frame.select(["active"]), "promotion")
    with pytest.raises(am.ArgumentError, match="law"):
        fragility("x", frame, "promotion")
