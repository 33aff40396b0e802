"""Projecting: against futures that can be reckoned by hand, and laws that hold for every future."""

import datetime
import json
import random
from fractions import Fraction

import attrs
import pyarrow as pa
import pytest

import asnmerit as am
from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np
from asnmerit.population.making import synthetic
from asnmerit.projection.ages import RETIREMENT, RetirementAge, retirement_ages
from asnmerit.projection.assumptions import Appraisal, Assumptions, Recruitment
from asnmerit.projection.counting import band
from asnmerit.projection.dates import ages_on, anniversary, day_of, month_starts, months_between, retirement_days
from asnmerit.projection.draws import draws
from asnmerit.projection.faults import ProjectionError
from asnmerit.projection.projecting import project

ON = "2026-04-01"
GRADES = ["a", "b", "c", "d"]
PAY = {"a": 1_000_001, "b": 2_000_003, "c": 3_000_007, "d": 4_000_009}


def policy(months=24):
    return am.load(
        {
            "asnmerit": 1,
            "policy": "test/steps",
            "title": "Steps",
            "effective": {"from": "2020-01-01"},
            "enacted": "2019-12-01",
            "types": {"rank": {"order": GRADES}, "grade": {"order": ["poor", "good"]}},
            "facts": {
                "rank": "rank",
                "rank_date": "date",
                "birth_date": {"type": "date", "immutable": True},
                "performance": {"type": "grade", "per": "year", "back": 3},
                "needed": "bool",
            },
            "tables": {"pay": {"by": {"rank": "rank"}, "gives": "rupiah", "rows": PAY}},
            "decisions": {
                "up": {"kind": "benefit", "outcome": {"new_rank": "rank"}, "hit": "unique"},
                "rated": {"kind": "benefit", "outcome": {"new_rank": "rank"}, "hit": "unique"},
                "asks": {"kind": "benefit", "outcome": {"new_rank": "rank"}, "hit": "unique"},
                "wage": {"kind": "benefit", "outcome": {"amount": {"type": "rupiah"}}, "hit": "unique"},
            },
            "rules": {
                "stay": {
                    "decides": "up",
                    "requires": {
                        "time": {"is": f"months_between(rank_date, as_of) >= {months}"},
                        "room": {"is": "rank < d"},
                    },
                    "grants": {"new_rank": "next(rank)"},
                },
                "good": {
                    "decides": "rated",
                    "requires": {"good": {"is": "performance[0] == good"}, "room": {"is": "rank < d"}},
                    "grants": {"new_rank": "next(rank)"},
                },
                "known": {
                    "decides": "asks",
                    "requires": {"known": {"is": "needed"}, "room": {"is": "rank < d"}},
                    "grants": {"new_rank": "next(rank)"},
                },
                "wages": {
                    "decides": "wage",
                    "requires": {"all": {"is": "rank >= a"}},
                    "grants": {"amount": "pay[rank]"},
                },
            },
        }
    )


POLICY = policy()
QUIET = Assumptions(appraisal=None)


def staff(rows):
    """Rows of rank, rank date, birth date."""
    rank, since, born = zip(*rows, strict=True)
    dates = [[datetime.date.fromisoformat(d) for d in column] for column in (since, born)]
    return pa.table({"rank": list(rank), "rank_date": dates[0], "birth_date": dates[1]})


def run(rows, years, **options):
    options = {"on": ON, "decision": "up", "assumptions": QUIET, "runs": 2, **options}
    return project(options.pop("law", POLICY), rows if isinstance(rows, pa.Table) else staff(rows), years, **options)


YOUNG = ("a", "2026-04-01", "2000-02-03")


# --- futures reckoned by hand ---


@pytest.mark.parametrize("months", [12, 24, 30])
def test_everybody_is_promoted_after_n_months(months):
    found = run([YOUNG] * 7, 10, law=policy(months))
    # The k-th promotion falls in month k * n after the start; there are three ranks above the first.
    expected = [0] * 11
    for k in (1, 2, 3):
        expected[k * months // 12 + 1] += 7
    assert [found.count("promoted", y) for y in range(11)] == [(n, n, n) for n in expected]
    waits = [r for r in found.rows("waiting") if r["who"] == "promoted" and r["median"] is not None]
    assert {r["median"] for r in waits} == {months}
    assert len(waits) == sum(map(bool, expected))


def test_promotion_waits_for_its_months():
    found = run([YOUNG], 4, assumptions=Assumptions(appraisal=None, promotion_months=(10,)))
    assert [found.count("promoted", y)[1] for y in range(1, 5)] == [0, 0, 1, 0]
    assert {r["median"] for r in found.rows("waiting") if r["who"] == "promoted"} == {None, 30}


def test_a_cohort_retires_on_its_day():
    # 58 on 3 July 2026: the first of August is the day. A year's end before it counts them still.
    cohort = [("a", "2026-04-01", "1968-07-03")] * 5 + [("a", "2026-04-01", "1969-03-31")] * 3
    found = run(cohort, 2)
    assert [found.count("retired", y)[1] for y in (1, 2)] == [5, 3]
    assert [found.count("headcount", y)[1] for y in (0, 1, 2)] == [8, 3, 0]
    # Born on 31 March: 58 on 31 March 2027, retired on 1 April 2027, the first day of year 2.
    paid = run(cohort, 2, cost="wage")
    assert [paid.cost(y)[1] for y in (1, 2)] == [PAY["a"] * (5 * 4 + 3 * 12), 0]


def test_cost_is_exact_to_the_rupiah():
    found = run([YOUNG] * 3, 4, cost="wage")
    per_year = [12 * PAY["a"], 12 * PAY["a"], 12 * PAY["b"], 12 * PAY["b"]]
    assert [found.cost(y) for y in range(1, 5)] == [(3 * n,) * 3 for n in per_year]
    assert found.table("cost")["paid"].to_pylist() == [36] * 4
    other = run([YOUNG] * 3, 4, cost=(am.in_force(POLICY, on=ON), "wage"))
    assert other.rows("cost") == found.rows("cost")
    assert run([YOUNG], 1, cost=False).rows("cost") == []


def test_constant_recruitment_is_a_steady_state():
    # Each 1 April one comes, just turned 22, and the eldest goes, just turned 58: 36 are there for ever.
    ages = [("d", "2025-04-01", f"{2003 - k}-03-15") for k in range(36)]
    like = staff([("d", "2026-04-01", "2004-03-15")])
    given = Assumptions(appraisal=None, recruitment=Recruitment(number=1, month=4, like=like))
    found = run(ages, 40, assumptions=given)
    assert [found.count("retired", y) for y in range(1, 41)] == [(1, 1, 1)] * 40
    assert {found.count("headcount", y) for y in range(41)} == {(36, 36, 36)}
    shape = {y: [(r["age"], r["median"]) for r in found.rows("pyramid") if r["year"] == y] for y in (5, 20, 40)}
    assert shape[5] == shape[20] == shape[40]


def test_full_replacement_keeps_the_headcount():
    rng = random.Random(3)
    rows = [("b", "2025-01-01", f"{rng.randint(1966, 2000)}-0{rng.randint(1, 9)}-11") for _ in range(60)]
    given = Assumptions(appraisal=None, recruitment=Recruitment(share="1"), leaving=300)
    found = run(rows, 8, assumptions=given, runs=4)
    for place in range(4):
        gone = came = 0
        for year in range(1, 9):
            gone += found.each("retired", year)[place] + found.each("left", year)[place]
            came += found.each("recruited", year)[place]
            assert found.each("headcount", year)[place] == 60 - gone + came
            assert 0 <= gone - came <= 20
        assert came > 0


def test_half_replacement_loses_nobody_by_rounding():
    rows = [("a", "2025-01-01", f"{1968 + k}-05-05") for k in range(9)]
    given = Assumptions(appraisal=None, recruitment=Recruitment(share=Fraction(1, 2)))
    found = run(rows, 9, assumptions=given)
    # One leaves each year in June; on each January, half of all who have left, rounded down, have been replaced.
    assert [found.count("recruited", y)[1] for y in range(1, 10)] == [0, 1, 0, 1, 0, 1, 0, 1, 0]


def test_the_pyramid_holds_everybody_and_moves_up():
    found = run([YOUNG] * 4 + [("d", "2020-01-01", "1990-01-01")], 3)
    for year in range(4):
        assert sum(r["median"] for r in found.rows("pyramid") if r["year"] == year) == 5
    last = {(r["rank"], r["age"]): r["median"] for r in found.rows("pyramid") if r["year"] == 3}
    assert last == {("b", 25): 4, ("d", 35): 1}


def test_predicates_decide_as_they_are_assumed():
    always = Assumptions(appraisal=Appraisal({"good": 1, "poor": 0}))
    never = Assumptions(appraisal=Appraisal({"good": 0, "poor": 1}))
    # The first January is in year 1, and the rank then rises every month: the law of this test knows no waiting.
    assert run([YOUNG] * 2, 1, decision="rated", assumptions=always).count("promoted", 1) == (6, 6, 6)
    assert run([YOUNG] * 2, 1, decision="rated", assumptions=never).count("promoted", 1) == (0, 0, 0)
    half = Assumptions(appraisal=Appraisal({"good": 1, "poor": 1}), promotion_months=(1,))
    shares = run([YOUNG] * 2000, 1, decision="rated", assumptions=half, runs=5).each("promoted", 1)
    assert all(abs(n - 1000) < 120 for n in shares)
    assert len(set(shares)) > 1


def test_a_predicate_may_be_kept():
    table = staff([YOUNG] * 50).append_column("performance_2025", pa.array(["good", "poor"] * 25))
    kept = Assumptions(appraisal=Appraisal({"poor": 1}, keeps=10_000), promotion_months=(1, 2, 3))
    assert run(table, 1, decision="rated", assumptions=kept).count("promoted", 1)[1] == 25 * 3


def test_functions_replace_assumptions():
    given = Assumptions(
        appraisal=lambda columns, _: ["good" if r == "a" else "poor" for r in columns["rank"]],
        leaving=lambda columns, _: [r == "d" for r in columns["rank"]],
        retirement=lambda columns, _: [40 for _ in columns["rank"]],
    )
    rows = [("a", "2026-04-01", "2000-01-01"), ("d", "2026-04-01", "2000-01-01"), ("b", "2026-04-01", "1986-05-05")]
    found = run(rows, 1, decision="rated", assumptions=given)
    counts = {m: found.count(m, 1)[1] for m in ("retired", "left", "promoted")}
    assert counts == {"retired": 1, "left": 1, "promoted": 3}
    wanted = Assumptions(appraisal=None, renewed={"needed": lambda columns, _: [True] * len(columns["rank"])})
    table = staff([YOUNG]).append_column("needed", pa.array([None], pa.bool_()))
    found = run(table, 1, decision="asks", assumptions=wanted)
    assert found.count("promoted", 1)[1] == 3


def test_undetermined_and_faulty_rows_stand_on_their_own():
    table = staff([YOUNG] * 3).append_column("needed", pa.array([True, False, None]))
    found = run(table, 1, decision="asks")
    said = {m: found.count(m, 1)[1] for m in ("refused", "undetermined", "error")}
    assert said == {"refused": 1, "undetermined": 1, "error": 0}
    wrong = run([YOUNG, ("z", "2026-04-01", "2000-01-01")], 1, cost="wage")
    assert wrong.count("error", 1) == (1, 1, 1)
    assert wrong.rows("cost")[0]["error"] == 12
    assert wrong.cost(1)[1] == 12 * PAY["a"]


def test_without_a_birth_date_nobody_retires_and_it_is_said():
    table = staff([YOUNG] * 2)
    table = table.set_column(2, "birth_date", pa.array([None, datetime.date(1960, 1, 1)], pa.date32()))
    found = run(table, 2)
    assert found.count("headcount", 2)[1] == 1
    assert found.count("no_birth_date", 2)[1] == 1
    assert [r["age"] for r in found.rows("pyramid") if r["year"] == 2] == [None]


def test_who_is_promoted_retires_at_the_age_of_the_new_post():
    """Promoted in April and 58 in May: the next January is too late to look at the age again."""
    older = ("a", "2024-04-01", "1968-05-10")
    ages = (RetirementAge(58, {}, "made up", "illustrative"), RetirementAge(60, {"rank": ("b",)}, "made up", "M"))
    given = Assumptions(appraisal=None, retirement=ages, promotion_months=(4,))
    kept = run([older, ("a", "2026-04-01", "1968-05-10")], 3, assumptions=given, runs=1)
    assert [kept.each("retired", y)[0] for y in (1, 2, 3)] == [1, 0, 1]

    def by_rank(columns, _):
        return [60 if rank == "b" else 58 for rank in columns["rank"]]

    told = run([older], 3, assumptions=Assumptions(appraisal=None, retirement=by_rank), runs=1)
    assert [told.each("retired", y)[0] for y in (1, 2, 3)] == [0, 0, 1]


# --- the law of the country ---


def test_credit_of_a_functional_post_is_what_the_law_reckons():
    # Ahli pertama, 12.5 a year rated good, 50 needed: after the fourth January, not before.
    law = am.load("indonesia/kenaikan_pangkat")
    one = synthetic(400, seed=1).to_pylist()
    some = next(
        p for p in one if p["employment"] == "pns" and p["position_kind"] == "fungsional" and p["sanctions"] == []
    )
    some |= {
        "rank": "III/a", "rank_date": datetime.date(2026, 1, 1), "functional_level": "ahli_pertama", "active": True,
        "previous_credit": 0, "adjustment_credit": 0, "recorded_basic_credit": 0, "conversions": [], "quarters": [],
        "certificates": [], "birth_date": datetime.date(1995, 1, 1), "education": "s1", "education_at_entry": "s1",
        "under_examination": False, "objection_pending": False, "on_study_or_secondment": False,
        "outstanding_achievement": False, "recognised_discovery": False, "level_entry_rank": "III/a",
        "higher_post_available": False,
        "cpns_date": datetime.date(2020, 1, 1), "last_increment_date": datetime.date(2026, 1, 1), "entry_rank": "III/a",
    }  # fmt: skip
    table = pa.Table.from_pylist([some], synthetic(1).schema)
    options = {"on": ON, "runs": 1, "cost": False}
    given = Assumptions(appraisal=Appraisal({"baik": 1}), promotion_months=(2,))
    found = project(law, table, 8, assumptions=given, **options)
    assert [y for y in range(1, 9) if found.count("promoted", y)[1]] == [4, 8]
    given = Assumptions(appraisal=Appraisal({"sangat_baik": 1}), promotion_months=(2,))
    better = project(law, table, 4, assumptions=given, **options)
    # 18.75 a year, 56.25 after three Januaries.
    assert [y for y in range(1, 5) if better.count("promoted", y)[1]] == [3]
    # With a post and the test passed, 100 of the level are there after six Januaries, when ranks take none of it.
    table = pa.Table.from_pylist(
        [some | {"higher_post_available": True, "competency_test": True, "previous_credit": 75, "rank": "III/b",
                 "level_entry_rank": "III/a", "functional_level_date": datetime.date(2020, 1, 1)}],
        table.schema,
    )  # fmt: skip
    level = project(law, table, 4, assumptions=given, **options)
    assert [level.count("level_promoted", y)[1] for y in range(1, 5)] == [0, 1, 0, 0]
    assert "functional_level" not in level.still
    # Where the new level has an age of its own, who is promoted a month before he is 58 stays.
    base = RetirementAge(58, {}, "made up", "illustrative")
    ages = (base, RetirementAge(62, {"functional_level": ("ahli_muda",)}, "made up", "illustrative"))
    old = table.set_column(table.column_names.index("birth_date"), "birth_date", [[datetime.date(1970, 2, 10)]])
    stays = project(law, old, 3, assumptions=attrs.evolve(given, retirement=ages), **options)
    assert [stays.each("level_promoted", y)[0] for y in range(1, 4)] == [0, 1, 0]
    assert stays.each("headcount", 3) == (1,)
    goes = project(law, old, 3, assumptions=attrs.evolve(given, retirement=(base,)), **options)
    assert goes.each("headcount", 3) == (0,)
    none = project(law, table, 2, assumptions=Assumptions(level="", promotion_months=(2,)), **options)
    assert none.count("level_promoted", 2)[1] == 0


@pytest.fixture(scope="module")
def nation():
    people = synthetic(250, seed=11)
    given = Assumptions(recruitment=Recruitment(number=2, share="1/2"), leaving=100, promotion_months=(2, 8))
    options = {"on": ON, "assumptions": given, "seed": 5, "runs": 3}
    return people, options, project(am.load("indonesia/kenaikan_pangkat"), people, 2, **options)


def test_heads_add_up_in_every_year_and_run(nation):
    _, _, found = nation
    for year in (1, 2):
        for place in range(3):
            of = {m: found.each(m, year)[place] for m in ("headcount", "retired", "left", "recruited")}
            before = found.each("headcount", year - 1)[place]
            assert of["headcount"] == before - of["retired"] - of["left"] + of["recruited"]
    assert found.count("recruited", 1)[0] >= 2
    assert found.count("promoted", 1)[1] > 0
    assert found.count("error", 2) == (0, 0, 0)
    assert found.cost(1)[1] > 1_000_000_000


def test_the_order_of_rows_changes_nothing(nation):
    people, options, found = nation
    order = list(range(people.num_rows))
    random.Random(1).shuffle(order)
    shuffled = people.take(order).select(sorted(people.column_names, reverse=True))
    again = project(am.load("indonesia/kenaikan_pangkat"), shuffled, 2, **options)
    assert again.to_dict() == found.to_dict()


def test_a_run_is_the_same_whoever_runs_beside_it(nation, monkeypatch):
    people, options, found = nation
    monkeypatch.setattr("asnmerit.projection.projecting.AT_ONCE", 1)
    alone = project(am.load("indonesia/kenaikan_pangkat"), people, 2, **{**options, "runs": 2})
    for measure in ("headcount", "promoted", "recruited", "left"):
        assert alone.each(measure, 2) == found.each(measure, 2)[:2]


def test_another_seed_is_another_future(nation):
    people, options, found = nation
    again = project(am.load("indonesia/kenaikan_pangkat"), people, 2, **{**options, "seed": 6})
    assert again.rows("cost") != found.rows("cost")
    assert again.count("headcount", 0) == found.count("headcount", 0)


def test_what_is_given_out(nation):
    _, _, found = nation
    plain = found.to_dict()
    assert json.loads(json.dumps(plain)) == plain
    for name in ("years", "pyramid", "waiting", "cost"):
        assert found.table(name).num_rows == len(plain[name]) > 0
    for lang, word in (("id", "Asumsi, bukan peraturan"), ("en", "Assumed, not law")):
        said = found.to_text(lang)
        assert f": {found.policy} {found.decision}" in said.splitlines()[0]
        assert word in said
        assert "UU 20/2023 Pasal 55" in said
        assert "superior_rank" in said
    assert str(found) == found.to_text("en") != found.to_text("id")
    assert set(plain["still"]) >= {"superior_rank", "sanctions"}
    for call in (lambda: found.table("people"), lambda: found.to_text("fr"), lambda: found.count("x", 1)):
        with pytest.raises(ArgumentError):
            call()
    for year in (-1, 3, True):
        with pytest.raises(ArgumentError):
            found.cost(year)


# --- what is asked wrongly ---


def faults(**options):
    rows = options.pop("rows", [YOUNG])
    years = options.pop("years", 2)
    with pytest.raises(ProjectionError) as caught:
        run(rows, years, **options)
    assert str(caught.value).count("\n") == len(caught.value.faults) - 1
    return {(f.code, f.fact) for f in caught.value.faults}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"years": 0}, {("years", "years")}),
        ({"years": 61}, {("years", "years")}),
        ({"years": 2.0}, {("years", "years")}),
        ({"years": True}, {("years", "years")}),
        ({"years": 0, "runs": 0, "seed": -1}, {("years", "years"), ("runs", "runs"), ("seed", "seed")}),
        ({"on": "2026-02-30"}, {("on", "on")}),
        ({"on": "2019-01-01"}, {("law-ends", "law")}),
        ({"law": "test/steps"}, {("law", "law")}),
        ({"decision": "upp"}, {("unknown-decision", "decision")}),
        ({"decision": "wage"}, {("new-rank", "new_rank")}),
        ({"cost": "up"}, {("cost", "cost")}),
        ({"cost": "nothing"}, {("unknown-decision", "cost")}),
        ({"cost": 3}, {("cost", "cost")}),
        ({"assumptions": {"leaving": 1}}, {("assumptions", "assumptions")}),
        ({"assumptions": Assumptions(leaving=10_001, promotion_months=())},
         {("leaving", "leaving"), ("promotion-months", "promotion_months")}),
        ({"assumptions": Assumptions(appraisal=Appraisal({"good": 0}, keeps=-1))},
         {("appraisal-weights", "weights"), ("appraisal-keeps", "keeps")}),
        ({"assumptions": Assumptions(appraisal=Appraisal({"good": -1, "poor": 2}))},
         {("appraisal-weights", "weights")}),
        ({"assumptions": Assumptions(appraisal="baik", rank="", credit=1)},
         {("appraisal", "appraisal"), ("name", "rank"), ("credit", "credit")}),
        ({"assumptions": Assumptions(recruitment=Recruitment(number=-1, share="x", month=13))},
         {("recruitment-number", "number"), ("recruitment-share", "share"), ("recruitment-month", "month")}),
        ({"assumptions": Assumptions(recruitment=Recruitment(share=0.5))}, {("recruitment-share", "share")}),
        ({"assumptions": Assumptions(recruitment=5, renewed=[1])},
         {("recruitment", "recruitment"), ("renewed", "renewed")}),
        ({"assumptions": Assumptions(retirement=(RetirementAge(0, {"rank": ("a",)}, "x", "M"),))},
         {("retirement-age", "age"), ("retirement", "retirement")}),
        ({"assumptions": Assumptions(appraisal=lambda *_: ["good"] * 9)},
         {("assumption-rows", "appraisal")}),
        ({"assumptions": Assumptions(recruitment=Recruitment(like=pa.table({"rank": ["a"]})))},
         {("newcomer-lacks", "rank_date"), ("newcomer-lacks", "birth_date")}),
    ],
)  # fmt: skip
def test_every_fault_is_named(options, expected):
    assert faults(**options) == expected


def test_all_missing_facts_are_named_at_once():
    assert faults(rows=pa.table({"staff": [1]}), decision="asks") == {
        ("not-there", name) for name in ("rank", "rank_date", "birth_date", "needed")
    }
    # Predicates are needed only where nobody assumes them.
    assert faults(decision="rated") == {("not-there", "performance")}


def test_too_many_people_and_a_law_that_ends():
    assert faults(rows=pa.table(staff([YOUNG]).take([0] * 30_000)), runs=1000) == {("too-many", "runs")}
    old = am.in_force(am.load("indonesia/kenaikan_pangkat"), on="2024-05-01")
    assert old.valid[1] is not None
    assert faults(law=old, decision="kenaikan_pangkat", on="2024-05-01") == {("law-ends", "law")}


def test_nobody_at_all():
    found = run(staff([YOUNG]).slice(0, 0), 2, cost="wage", assumptions=Assumptions(recruitment=Recruitment(number=3)))
    assert found.count("headcount", 2) == (0, 0, 0)
    assert found.cost(2) == (0, 0, 0)


# --- the parts ---


def test_days():
    leap = datetime.date(2024, 2, 29)
    assert [anniversary(leap, y).isoformat() for y in (1, 4)] == ["2025-02-28", "2028-02-29"]
    for day in (datetime.date(2026, 4, 1), datetime.date(2026, 4, 2), leap, datetime.date(2026, 12, 31)):
        months = [d for year in month_starts(day, 5) for d in year]
        assert len(months) == 60
        assert months == sorted(set(months))
        assert months[0] >= day
    rng = random.Random(9)
    for _ in range(200):
        born = datetime.date(rng.randint(1950, 2005), rng.randint(1, 12), rng.randint(1, 28))
        on = datetime.date(rng.randint(2020, 2060), rng.randint(1, 12), rng.randint(1, 28))
        age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        assert ages_on(np.array([day_of(born)]), on).tolist() == [age]
        first = on.replace(day=1)
        months = 12 * (first.year - born.year) + first.month - born.month - (born.day > 1)
        assert months_between(np.array([day_of(born)]), day_of(first)).tolist() == [months]
        last = retirement_days(np.array([day_of(born)]), np.array([58]))[0]
        end = datetime.date(born.year + 58 + (born.month == 12), born.month % 12 + 1, 1)
        assert last == day_of(end)


def test_ages_of_retirement_are_those_of_the_synthetic_people():
    people = synthetic(5000, seed=2)
    columns = {n: people[n].to_pylist() for n in {n for a in RETIREMENT for n in a.where}}
    assert retirement_ages(columns, 5000).tolist() == people["retirement_age"].to_pylist()
    days = retirement_days(
        people["birth_date"].cast(pa.int32()).to_numpy().astype(np.int64), retirement_ages(columns, 5000)
    )
    assert days.tolist() == people["retirement_date"].cast(pa.int32()).to_pylist()


def test_bands_are_values_that_occurred():
    rng = random.Random(4)
    for size in range(1, 25):
        values = [rng.randint(0, 99) for _ in range(size)]
        low, middle, high = band(values)
        assert {low, middle, high} <= set(values)
        assert low <= middle <= high
        assert sum(v <= middle for v in values) * 2 >= size
        assert sum(v <= low for v in values) * 10 >= size
        assert sum(v <= high for v in values) * 10 >= 9 * size


def test_chance_hangs_on_the_person_alone():
    runs, people = np.array([0, 0, 1, 1]), np.array([0, 5, 0, 5])
    all_four = draws(3, "leaving", 100, runs, people).numbers
    assert draws(3, "leaving", 100, runs[::-1], people[::-1]).numbers.tolist() == all_four[::-1].tolist()
    assert draws(3, "leaving", 100, runs[1:2], people[1:2]).numbers.tolist() == all_four[1:2].tolist()
    assert len(set(all_four.tolist())) == 4
    # What Philox gives on every machine.
    assert all_four.tolist() == [2042886156, 1381575726, 3672712349, 2994681920]
