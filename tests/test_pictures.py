"""Pictures say what their source says, in both languages, whatever the labels and however few the people."""

import functools
import json
import resource
from decimal import Decimal

import pyarrow as pa
import pytest

import asnmerit as am
from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.frames.answers import reasons
from asnmerit.frames.columns import used_columns
from asnmerit.frames.deciding import ordered
from asnmerit.frames.single import record_of
from asnmerit.pictures.drawing import ADDRESSES, MOST_ROWS
from asnmerit.pictures.person import waterfall
from asnmerit.pictures.pipeline import promotion_pipeline
from asnmerit.pictures.pyramid import rank_pyramid
from asnmerit.pictures.rates import group_rates
from asnmerit.pictures.reforms import reform_flow, winners_and_losers
from asnmerit.pictures.shares import nine_box, predicate_distribution
from asnmerit.pictures.sweeps import sweep_map
from asnmerit.pictures.wording import _WORDS
from asnmerit.projection.counting import band

DAY = "2026-04-01"
HOSTILE = [
    "<script>alert(1)</script>",
    "a'b\"c\\",
    "datum.x",
    "\x00\u202e\ud83d",
    "x" * 3000,
    "a.b[0]",
    "",
    "None",
    "  ",
    "{{0}}",
    "🦉",
]
LIMIT = resource.getrlimit(resource.RLIMIT_AS)[0]
drawn = pytest.mark.skipif(LIMIT != resource.RLIM_INFINITY and ADDRESSES > LIMIT, reason="V8 has no room")


@functools.cache
def law(name="manokwari/merit"):
    return am.in_force(am.load(name), on=DAY)


@functools.cache
def staff():
    return am.synthetic(400, seed=3)


@functools.cache
def compared(empty=False):
    change = am.reform(am.load("manokwari/merit"), {"parameters": {"minimum_merit_score": 85}}, on=DAY)
    people = staff().slice(0, 0) if empty else staff()
    return am.compare(change.before, change, people, by="education", ignore="*")


@functools.cache
def swept(two=False):
    axes = {"minimum_merit_score": [78, 80, 85]}
    if two:
        axes["merit_score"] = [{"quality": f"{a}%", "discipline": f"{60 - a}%", "innovation": "40%"} for a in (20, 40)]
    return am.sweep(am.load("manokwari/merit"), staff(), axes, "incentives", on=DAY, ignore="*", unbound=two)


@functools.cache
def fair():
    return am.fairness(law(), staff(), "promotion", by=["sex", "education"], ignore="*", intersections=False)


def years():
    return pa.table({"year": [2026, 2027], "rank": ["III/a", "IV/a"], "people": [5, 7], "low": [4, 5], "high": [6, 9]})


PICTURES = {
    "distribution": lambda lang: predicate_distribution(law("indonesia/kinerja"), staff(), smallest=5, lang=lang),
    "nine": lambda lang: nine_box(law("indonesia/talenta"), staff(), smallest=30, lang=lang),
    "pipeline": lambda lang: promotion_pipeline(law(), staff(), "promotion", months=3, lang=lang),
    "tracks": lambda lang: promotion_pipeline(
        law("indonesia/kenaikan_pangkat"), staff(), "kenaikan_pangkat", months=0, lang=lang
    ),
    "waterfall": lambda lang: waterfall(am.decide(law(), {"active": False}), "incentives", lang=lang),
    "flow": lambda lang: reform_flow(compared(), "promotion", lang=lang),
    "winners": lambda lang: winners_and_losers(compared(), "incentives", smallest=5, lang=lang),
    "money": lambda lang: winners_and_losers(compared(), "incentives", amount="amount", lang=lang),
    "line": lambda lang: sweep_map(swept(), lang=lang),
    "heat": lambda lang: sweep_map(swept(two=True), "incentives.amount", lang=lang),
    "rates": lambda lang: group_rates(fair(), lang=lang),
    "pyramid": lambda lang: rank_pyramid(years(), lang=lang),
}


def sound(picture):
    """The chart is lawful Vega-Lite with no more rows than Altair allows."""
    said = picture.chart.to_dict(validate=True)  # raises for what the schema does not know
    held = sum(len(v) for v in said.get("datasets", {}).values())
    assert held <= MOST_ROWS
    json.dumps(said, allow_nan=False)
    assert said["title"]["text"] and said["description"]
    return said


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_lawful_and_complete_in_both_languages(name):
    made = {lang: PICTURES[name](lang) for lang in ("id", "en")}
    both = [sound(p) for p in made.values()]
    assert both[0]["title"]["text"] != both[1]["title"]["text"]
    assert made["id"].table.equals(made["en"].table), "the table is of no language"
    assert sound(made["id"].to("en")) == both[1]
    assert made["id"].text("en") == made["en"].text() != made["id"].text()
    assert made["id"].table.num_rows
    bundle, _ = made["id"]._repr_mimebundle_()
    assert bundle["text/plain"] == made["id"].text()


@drawn
@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_can_be_drawn(name, tmp_path):
    picture = PICTURES[name]("id")
    assert picture.to_svg().startswith("<svg")
    assert picture.save(tmp_path / "p.png", scale=0.5).read_bytes().startswith(b"\x89PNG")


def test_every_phrase_is_there_in_both_languages():
    assert all(len(pair) == 2 and all(pair) for pair in _WORDS.values())
    assert all(a.count("{") == b.count("{") for a, b in _WORDS.values())


def test_a_distribution_counts_everybody():
    table = predicate_distribution(law("indonesia/kinerja"), staff(), by="province").table.to_pylist()
    column = list(zip(staff()["province"].to_pylist(), staff()["performance_2025"].to_pylist(), strict=True))
    assert table and all(row["people"] == column.count((row["group"], row["member"])) for row in table)
    assert sum(row["people"] for row in table) == 400


def test_a_hidden_group_has_no_numbers_and_is_said_to_be_hidden():
    staff_ = pa.table({"performance_2025": ["baik"] * 9 + ["kurang"], "unit": ["A"] * 9 + ["B"]})
    picture = predicate_distribution(law("indonesia/kinerja"), staff_, smallest=5, lang="en")
    assert picture.table.to_pylist()[1] == {"group": "B", "member": None, "people": None, "hidden": True}
    said = json.dumps(sound(picture))
    assert "hidden: too small" in said and "kurang" not in said.lower() and "10 people" not in said


def test_the_boxes_hold_everybody():
    found = nine_box(law("indonesia/talenta"), staff()).table.to_pylist()
    told = am.decide_frame(law("indonesia/talenta"), staff(), ignore="*", values=["talent_box"], keep=False)
    boxes = told["talent_box"].to_pylist()
    assert {r["box"] for r in found} >= set(range(1, 10))
    for box in (*range(1, 10), None):
        assert sum(r["people"] for r in found if r["box"] == box) == boxes.count(box)


def test_a_pipeline_counts_what_decide_frame_says():
    found = promotion_pipeline(law(), staff(), "promotion", months=2).table.to_pylist()
    told = am.decide_frame(law(), staff(), ignore="*", keep=False)
    statuses = told["promotion.status"].to_pylist()
    assert {r["name"]: r["people"] for r in found if r["part"] == "status"} == {
        s: statuses.count(s) for s in ("granted", "refused", "undetermined", "conflict", "error")
    }
    later = am.decide_frame(law(), staff(), "2026-06-01", ignore="*")["promotion.status"].to_pylist()
    assert [r["people"] for r in found if r["part"] == "month"][-1] == later.count("granted")


def blocking(conditions, found, *, alone=True, only=""):
    """Note the names of conditions that are not met or not known, and those that stand alone; parts below them."""
    short = [c for c in conditions if c.holds is not True]
    alone = alone and len(short) == 1
    for one in (c for c in short if only in {"", c.part}):
        found[0 if one.holds is False else 1].add((one.node.key, one.part == "unless"))
        if alone and one.holds is False:
            found[2].add((one.node.key, one.part == "unless"))
        blocking(one.children, found, alone=alone)


@pytest.mark.parametrize(
    ("name", "decision", "seed"),
    [
        ("manokwari/merit", "promotion", 3),
        ("manokwari/merit", "incentives", 4),
        ("indonesia/kenaikan_pangkat", "kenaikan_pangkat", 5),
        ("indonesia/kenaikan_pangkat", "kenaikan_jenjang", 6),
    ],
)
def test_what_stands_in_the_way_is_what_each_single_decision_says(name, decision, seed):
    """Rules that do not apply stop nobody; alone is what a rule lacks nothing besides."""
    people = am.synthetic(150, seed=seed)
    plan = compiled(law(name)).plans[decision]
    count = {}
    order = ordered(law(name), None, {"ignore": "*"})
    used = used_columns(law(name), people.column_names, order.how)
    for row in people.to_pylist():
        outcome = am.decide(law(name), record_of(order, used, {u.name: row[u.name] for u in used})[0])[decision]
        rules = [outcome.conditions[r.node.name] for r in plan.rules]
        inside = [r for r in rules if not any(c.part == "applies" and c.holds is False for c in r)]
        found = set(), set(), set()
        for rule in inside or rules:
            blocking(rule, found, only="" if inside else "applies")
        if outcome.status == "refused":
            for at, keys in ((0, found[0]), (1, found[2])):
                for key in keys:
                    count.setdefault(key, [0, 0, 0])[at] += 1
        elif outcome.status == "undetermined":
            for key in found[1]:
                count.setdefault(key, [0, 0, 0])[2] += 1
    rows = promotion_pipeline(law(name), people, decision, months=0).table.to_pylist()
    names = {r.name: (r.key, r.unless) for r in reasons(plan)}
    got = {names[r["name"]]: [r["people"], r["alone"], r["open"]] for r in rows if r["part"] == "condition"}
    assert got == count
    assert any(one[1] for one in got.values())


PERSON = {
    "employment": "pns", "active": True, "position_date": "2023-02-01", "performance": {2025: "baik", 2024: "baik"},
    "quality_supervisor": [86], "quality_peers": [82, 78, 84], "quality_subordinates": [], "sanctions": [],
    "innovation_panel": [75, 80, 90], "absences": [], "under_examination": False,
}  # fmt: skip


def test_a_waterfall_adds_up_to_the_total():
    with pytest.raises(UnknownDecisionError):
        waterfall(am.decide(law(), {}), "no_such")
    rows = waterfall(am.decide(law(), PERSON), "incentives").table.to_pylist()
    grants, (total,) = ([r for r in rows if r["part"] == part] for part in ("grant", "total"))
    assert [g["amount"] for g in grants] == [1_500_000]
    assert total["end"] == sum(g["amount"] for g in grants)
    assert {r["stands"] for r in rows if r["part"] == "condition"} == {"holds", "unknown"}


def test_what_contributes_to_a_score_adds_up_to_it():
    """By hand: 84.13 x 50% + 100 x 30% + 80 x 20% is 88.065, which the policy rounds to 88.07."""
    picture = waterfall(am.decide(law(), PERSON), "promotion", score="merit_score", lang="en")
    rows = [r for r in picture.table.to_pylist() if r["field"] == "merit_score"]
    assert [(r["part"], r["name"], str(r["weight"]), r["amount"]) for r in rows] == [
        ("share", "quality", "0.5", Decimal("42.065")),
        ("share", "discipline", "0.3", 30),
        ("share", "innovation", "0.2", 16),
        ("rounding", "rounding", "None", Decimal("0.005")),
        ("score", "merit_score", "None", Decimal("88.07")),
    ]
    ends = [Decimal(0), *(r["end"] for r in rows)]
    assert all(r["start"] == end for r, end in zip(rows[:-1], ends, strict=False))
    assert "Innovation x 20%" in json.dumps(picture.chart.to_dict())


def test_what_is_not_known_ends_the_contributions():
    known = {k: v for k, v in PERSON.items() if k != "quality_peers"}
    picture = waterfall(am.decide(law(), known), "promotion", score="merit_score", lang="en")
    rows = [r for r in picture.table.to_pylist() if r["field"] == "merit_score"]
    assert [(r["name"], r["amount"], r["end"]) for r in rows] == [
        ("quality", None, None), ("discipline", 30, None), ("innovation", 16, None),
    ]  # fmt: skip
    sound(picture)
    for score in ("quality", "merit", 5):
        with pytest.raises(ArgumentError, match="score"):
            waterfall(am.decide(law(), known), "promotion", score=score)


@functools.cache
def ahead():
    given = am.Assumptions(recruitment=am.Recruitment(share="1/2"), promotion_months=(4, 10))
    policy, people = am.load("indonesia/kenaikan_pangkat"), am.synthetic(60, seed=2, on=DAY)
    return am.project(policy, people, 2, on=DAY, assumptions=given, runs=3)


def test_a_pyramid_of_a_projection_is_what_was_counted():
    """Ranks are counted run by run; ages of the middle runs would not add up to them."""
    rows = rank_pyramid(ahead()).table.to_pylist()
    for year in range(3):
        for rank in {r["rank"] for r in rows}:
            each = [
                sum(n[run] for (y, of, _), n in c.pyramid.items() if (y, of or None) == (year, rank))
                for c in ahead().counts
                for run in c.runs
            ]
            found = [(r["low"], r["people"], r["high"]) for r in rows if (r["year"], r["rank"]) == (year, rank)]
            assert found == ([band(each)] if any(each) else [])
    ages = rank_pyramid(ahead(), ages=True)
    assert ages.table.num_rows == len(ahead().rows("pyramid")) > len(rows)
    assert set(ages.table["age band"].to_pylist()) >= {"30-34", "35-39"}
    assert "3 masa depan" in ages.text() and "2027" in json.dumps(ages.chart.to_dict())
    assert rank_pyramid(ahead().table("pyramid")).table.equals(ages.table)
    sound(ages)
    with pytest.raises(ArgumentError, match="ages"):
        rank_pyramid(years(), ages=True)


def test_flow_and_winners_are_those_of_the_comparison():
    found = compared()["promotion"]
    assert reform_flow(compared(), "promotion").table["people"].to_pylist() == [f.people for f in found.outcomes]
    table = winners_and_losers(compared(), "promotion").table
    assert table["losers"].to_pylist() == [c.losers for c in found.groups.values()]
    assert sum(table["people"].to_pylist()) == 400
    small = winners_and_losers(compared(), "promotion", smallest=20).table.to_pylist()
    assert any(r["hidden"] for r in small) and not any(r["hidden"] for r in small if r["people"])


def test_a_burden_is_imposed_in_pictures_and_in_rates():
    burden, people = "hukuman_tidak_masuk_kerja", staff().slice(0, 40)
    of = law("indonesia/disiplin")
    rates = am.fairness(of, people, burden, by="sex", ignore="*")
    for lang, imposed, wrong in (("id", "dijatuhkan", "diberikan"), ("en", "imposed", "granted")):
        flow = reform_flow(am.compare(of, of, people, ignore="*"), burden, lang=lang).chart
        pipeline = promotion_pipeline(of, people, burden, lang=lang).chart
        told = [json.dumps(chart.to_dict()) for chart in (flow, pipeline)]
        told += [group_rates(rates, lang=lang).title(), rates.text(lang), rates.to_html(lang)]
        assert all(imposed in text and wrong not in text for text in told)
    assert "granted" in fair().text("en") and "rate granted by group" in group_rates(fair(), lang="en").title()


def test_a_sweep_and_rates_keep_the_tables_of_their_source():
    assert sweep_map(swept()).table.equals(swept().table)
    assert group_rates(fair()).table.equals(fair().table)
    assert all(row["by"] in {"", "sex"} for row in group_rates(fair(), by="sex").table.to_pylist())


EMPTY = {
    "distribution": lambda: predicate_distribution(law("indonesia/kinerja"), staff().slice(0, 0)),
    "nine": lambda: nine_box(law("indonesia/talenta"), staff().slice(0, 0)),
    "pipeline": lambda: promotion_pipeline(law(), staff().slice(0, 0), "promotion"),
    "flow": lambda: reform_flow(compared(empty=True), "promotion"),
    "winners": lambda: winners_and_losers(compared(empty=True), "promotion"),
    "pyramid": lambda: rank_pyramid(years().slice(0, 0)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nobody_gives_a_picture_that_says_so(name):
    picture = EMPTY[name]()
    assert not picture.table.num_rows
    assert "Tidak ada data" in json.dumps(sound(picture))
    assert "Nothing to draw" in json.dumps(sound(picture.to("en")))


@drawn
def test_hostile_labels_are_drawn_as_text():
    labels = [x.encode("utf-8", "replace").decode() for x in HOSTILE] + [None]
    people = pa.table({"performance_2025": labels, "unit": labels})
    picture = predicate_distribution(law("indonesia/kinerja"), people)
    sound(picture)
    svg = picture.to_svg()
    assert "<script" not in svg and "\x00" not in svg
    assert sum(picture.table["people"].to_pylist()) == len(labels)
    ranks = pa.table({"year": [2026] * len(labels), "rank": labels, "people": [1] * len(labels)})
    assert rank_pyramid(ranks).to_svg().startswith("<svg")


def test_many_groups_do_not_make_many_rows():
    people = pa.table({"performance_2025": ["baik"] * 20_000, "unit": [f"U{i}" for i in range(20_000)]})
    picture = predicate_distribution(law("indonesia/kinerja"), people)
    assert picture.table.num_rows == 20_000
    sound(picture)


WRONG = {
    "lang": lambda: rank_pyramid(years(), lang="fr"),
    "path": lambda: rank_pyramid(years()).save("x.gif"),
    "scale": lambda: rank_pyramid(years()).to_png(0),
    "columns": lambda: rank_pyramid(pa.table({"year": [1]})),
    "column": lambda: predicate_distribution(law(), staff(), "performanse_2025"),
    "by": lambda: predicate_distribution(law(), staff(), by="unti"),
    "smallest": lambda: nine_box(law("indonesia/talenta"), staff(), smallest=0),
    "law": lambda: nine_box("indonesia/talenta", staff()),
    "months": lambda: promotion_pipeline(law(), staff(), "promotion", months=-1),
    "measure": lambda: sweep_map(swept(), "grantd"),
    "sweep": lambda: sweep_map(staff()),
    "compared": lambda: reform_flow(staff()),
    "amount": lambda: winners_and_losers(compared(), "incentives", amount="money"),
    "fairness": lambda: group_rates(None),
    "bands": lambda: group_rates(fair(), bands=True),
    "decision": lambda: waterfall({}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_argument_is_named(name):
    with pytest.raises(ArgumentError):
        WRONG[name]()


def test_too_little_room_is_an_error_and_not_the_end_of_the_process(monkeypatch):
    monkeypatch.setattr(resource, "getrlimit", lambda _: (1 << 33, 1 << 33))
    with pytest.raises(MemoryError, match="ulimit"):
        rank_pyramid(years()).to_svg()
