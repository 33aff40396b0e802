"""What a comparison may say is proved: nobody is left out, no two facts become one, no claim is about nobody."""

from __future__ import annotations

import copy
import datetime

import pytest

import asnmerit as am
from asnmerit.auditing.difference.comparing import diff
from asnmerit.auditing.difference.losing import nobody_loses
from asnmerit.errors import ArgumentError
from test_difference import BASE, EVERYBODY, ON, compare, law, put, small


def changed(*changes):
    document = copy.deepcopy(BASE)
    for path, value in changes:
        put(document, path, value)
    return law(document)


def page(condition, *facts):
    """Give a law of one condition over whole numbers."""
    kept = ("asnmerit", "policy", "title", "effective", "enacted")
    return law({
        **{k: BASE[k] for k in kept},
        "facts": {f: {"type": "integer", "from": 0, "to": 20} for f in facts},
        "decisions": {"d": {"outcome": {}}},
        "rules": {"r": {"decides": "d", "requires": {"c": condition}, "grants": {}}},
    })  # fmt: skip


# --- names ---


def test_two_facts_of_one_law_are_never_taken_as_one():
    a, b = page("x >= 3 and x <= 10", "x"), page("x >= 3 and y <= 10", "x", "y")
    for renamed in ({"y": "x"}, {"x": "x", "y": "x"}):
        with pytest.raises(ArgumentError, match="both be x"):
            compare(a, b, renamed=renamed)
    assert compare(a, b).equivalent is False


def test_facts_may_change_their_names_with_each_other():
    a, b = page("x >= 3 and y <= 10", "x", "y"), page("y >= 3 and x <= 10", "x", "y")
    assert compare(a, b, renamed={"x": "y", "y": "x"}).equivalent is True
    assert compare(a, b).equivalent is False


@pytest.mark.parametrize(
    ("renamed", "said"),
    [
        ({"pointz": "points"}, "did you mean points"),
        ({"points": "pointz"}, "did you mean points"),
        ({"award": "points"}, "two facts, or two decisions"),
        ({"points": "active"}, "values in common"),
        ({"points": 3}, "a mapping"),
        ("points", "a mapping"),
    ],
)
def test_names_that_cannot_be_are_refused(renamed, said):
    with pytest.raises(ArgumentError, match=said):
        compare(small(), small(), renamed=renamed)


def test_a_mapping_the_wrong_way_round_is_told():
    with pytest.raises(ArgumentError, match="wrong way round"):
        compare(page("x > 3", "x"), page("z > 3", "z"), renamed={"x": "z"})


# --- whom only one law takes ---


@pytest.mark.parametrize(
    "change",
    [
        (("checks",), {"young": "years <= points"}),
        (("facts", "points", "from"), 1),
        (("types", "level", "order"), ["low", "middle"]),
    ],
)
def test_who_is_granted_and_no_longer_taken_loses(change):
    b = changed(change, (("rules", "hard", "requires", "low"), "active"))
    found = compare(small(), b, "award", claims=[nobody_loses("award")])
    assert (found.regions, found.complete, found.equivalent) == ((), True, False)
    assert "they do not take the same people" in found.to_text("en")
    (claim,) = found.claims
    assert (claim.said, claim.by) == ("COUNTEREXAMPLE", "a")
    assert claim.faults
    assert "Not taken by B:" in found.to_text("en")
    (decision,) = claim.witness.decisions
    assert decision["award"].status == "granted"
    with pytest.raises(am.RecordError):
        am.decide(b, decision.facts)
    back = compare(b, small(), "award", claims=[nobody_loses("award")])
    assert back.equivalent is False
    assert back.claims[0].said == "PROVED"


def test_a_range_of_a_fact_that_only_one_law_reads_counts():
    rest = (("rules", "hard", "requires", "low"), "active")
    a, b = changed(rest), changed(rest, (("facts", "level"), {"type": "integer", "from": 0, "to": 9}))
    assert compare(a, b).equivalent is True  # neither reads it
    document = copy.deepcopy(BASE)
    put(document, ("facts", "level"), {"type": "integer", "from": 0, "to": 9})
    put(document, ("rules", "hard", "requires", "low"), "level <= 9")
    wide = law(document)
    document = copy.deepcopy(document)
    put(document, ("facts", "level", "to"), 5)
    put(document, ("rules", "hard", "requires", "low"), "points <= 10")
    narrow = law(document)
    for first, other, by in ((wide, narrow, "a"), (narrow, wide, "b")):
        found = compare(first, other, claims=[nobody_loses("award")])
        assert found.equivalent is False
        (only,) = [x for x in found.taken if x.witness is not None]
        assert (only.by, "level" in only.faults[0]) == (by, True)
        assert found.claims[0].said == ("COUNTEREXAMPLE" if by == "a" else "PROVED")


def test_a_condition_may_leave_out_whom_the_second_law_refuses():
    b = changed((("facts", "points", "from"), 1))
    kept, lost = compare(
        small(), b, claims=[nobody_loses("award", "points >= 1"), nobody_loses("award", {"points": [0, 1]})]
    ).claims
    assert (kept.said, lost.said) == ("PROVED", "COUNTEREXAMPLE")


def test_a_burden_on_somebody_whom_the_first_law_refused():
    a = changed((("facts", "points", "from"), 1))
    found = compare(a, small(), "duty", claims=[nobody_loses("duty")])
    (claim,) = found.claims
    assert (claim.said, claim.by) == ("COUNTEREXAMPLE", "b")
    assert compare(small(), a, "duty", claims=[nobody_loses("duty")]).claims[0].said == "PROVED"


def test_another_presumption_is_not_equivalent():
    presumed = {"type": "bool", "assume": True, "source": "decree pasal 9"}
    sources = {"decree": {"title": "A decree", "grade": "illustrative"}}
    b = changed((("sources",), sources), (("facts", "active"), presumed))
    found = compare(small(), b, claims=[nobody_loses("award")])
    assert found.equivalent is None
    assert found.claims[0].verdict.value == "unproved"
    assert "Presumed otherwise" in found.to_text("en")


# --- claims ---


def test_a_claim_about_nobody_is_not_proved():
    found = compare(small(), small(), claims=[nobody_loses("award", "years > 3 and years < 3"), nobody_loses("award")])
    nobody, everybody = found.claims
    assert (nobody.verdict.value, nobody.nobody) == ("unproved", True)
    assert "nobody was found" in found.to_text("en")
    assert everybody.said == "PROVED"


def test_what_is_proved_equivalent_proves_its_claims():
    b = small((("derived", "worth"), "years + points"))
    for budget in (0, 0.01, 20):
        found = diff(small(), b, budget=budget, samples=2_000, claims=[nobody_loses("award"), nobody_loses("duty")])
        assert found.equivalent is not True or [c.said for c in found.claims] == ["PROVED", "PROVED"]
    assert found.equivalent is True


def test_a_condition_that_cannot_be_computed_is_an_argument_error():
    with pytest.raises(ArgumentError, match="where"):
        compare(small(), small(), claims=[nobody_loses("award", "10 / points > 3")])


def test_facts_with_values():
    document = copy.deepcopy(BASE)
    document["facts"]["since"] = {"type": "date", "from": "2015-01-01", "to": "2026-12-31"}
    put(document, ("rules", "long", "requires", "since"), "days_between(since, as_of) > 100")
    a = law(document)
    day = datetime.date(2026, 3, 1)
    given = {"years": [0, 1], "active": [True, False], "level": ["low", "high"], "since": [day, "2020-02-29"]}
    found = compare(a, a, claims=[nobody_loses("award", given)])
    assert found.claims[0].said == "PROVED"
    b = small((("parameters", "least", "value"), 4))
    for years in range(7):
        found = compare(small(), b, "award", claims=[nobody_loses("award", {"years": years, "points": [0, 1]})])
        some = [r for r in EVERYBODY if r["years"] == years and r["points"] < 2]
        lost = any(
            am.decide(small(), r)["award"].status == "granted" and am.decide(b, r)["award"].status != "granted"
            for r in some
        )
        assert found.claims[0].said == ("COUNTEREXAMPLE" if lost else "PROVED")


@pytest.mark.parametrize(
    "where", [{"years": []}, {"years": "some"}, {"level": "lower"}, {"yeers": 3}, {"years": True}, {"active": 1}]
)
def test_facts_with_values_that_there_are_not(where):
    with pytest.raises(ArgumentError, match="where"):
        compare(small(), small(), claims=[nobody_loses("award", where)])


# --- kinds, days, arguments ---


def test_a_benefit_that_becomes_a_burden_is_not_the_same():
    b = changed((("decisions", "duty", "kind"), "benefit"))
    found = compare(small(), b)
    assert found.equivalent is False
    assert "Of another kind in each" in found.to_text("en")
    with pytest.raises(ArgumentError, match="one kind in both"):
        compare(small(), b, claims=[nobody_loses("duty")])


def test_a_day_on_which_neither_law_holds():
    with pytest.raises(ArgumentError, match="as_of"):
        compare(small(), small(), as_of="1990-01-01")
    assert compare(small(), small(), as_of=ON).equivalent is True


@pytest.mark.parametrize(
    "given",
    [
        {"budget": "x"}, {"budget": -1}, {"budget": float("nan")}, {"samples": -1}, {"samples": 1.5}, {"jobs": 0},
        {"seed": -1}, {"seed": "x"}, {"claims": "award"}, {"claims": 3}, {"progress": 3}, {"decision": []},
        {"decision": 3}, {"decision": [3]},
    ],
)  # fmt: skip
def test_wrong_arguments_are_named(given):
    with pytest.raises(ArgumentError, match=next(iter(given))):
        compare(small(), small(), **given)
