"""Pairs of whom a claim says something: none where checks tie a fact to others, none between members of one level."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import asnmerit as am
from asnmerit.auditing.session import audit
from asnmerit.testing import CounterexampleError, Effort, assert_blind_to, assert_merit_never_hurts, pairs

DAY = "2026-04-01"
HEAD = """
asnmerit: 1
policy: tests/tied
title: {id: Terikat, en: Tied}
effective: {from: 2026-01-01}
enacted: 2025-10-01
sources: {x: {title: Peraturan X, grade: illustrative}}
types:
  jk: {members: [l, p]}
  pred: {order: [d, [c1, c2], b, a]}
facts:
  sex: {type: jk, protected: true}
  code: {type: integer, from: 0, to: 1}
  grade: {type: pred, merit: true}
  number: {type: integer, from: 0, to: 3}
  lain: {type: bool}
  marks: {type: list, of: {v: {type: jk}}, up_to: 2, protected: true}
"""
DECIDES = """
decisions:
  satu: {title: S, kind: benefit}
  dua: {title: D, kind: benefit}
  tiga: {title: T, kind: benefit}
rules:
  satu_r: {decides: satu, source: x pasal 1, requires: {s: {is: sex == p, label: P}}}
  dua_r: {decides: dua, source: x pasal 2, requires: {s: {is: grade <= c1, label: R}}}
  tiga_r: {decides: tiga, source: x pasal 3, requires: {s: {is: code == 1, label: K}}}
"""
TIE = """checks:
  one: {is: "(sex == p) == (code == 1)", label: I}
  two: {is: "steps(d, grade) == number", label: I}
"""
LOOSE = """checks:
  one: {is: "sex == p or code == 1 or lain", label: I}
  two: {is: "steps(d, grade) >= number", label: I}
"""
LADDER = """
decisions:
  naik: {title: N, kind: benefit, outcome: {amount: rupiah}, hit: unique}
rules:
  r: {decides: naik, source: x pasal 1, grants: {amount: "AMOUNT"}}
"""
COLLECTED = """
decisions:
  naik: {title: N, kind: benefit, hit: collect}
rules:
  r: {decides: naik, source: x pasal 1, requires: {s: sex == p}}
  q: {decides: naik, source: x pasal 2, requires: {s: sex == l}}
"""
FAIR = "100 if grade == c1 or grade >= b else 50 if grade == c2 else 0"
UNFAIR = "100 if grade == c1 or grade == a else 60 if grade == b else 50 if grade == c2 else 0"


def law(tmp_path, text):
    file = tmp_path / "tied.yaml"
    file.write_text(HEAD + text, encoding="utf-8")
    return am.in_force(am.load(file), on=DAY)


def found(of, **more):
    asked = {"only": ["merit-hurts", "protected-matters"], "budget": 30.0, "samples": 20_000, **more}
    return {f.subject: f for f in audit(of, **asked)}


def test_where_checks_leave_no_pair_nothing_is_called_proved_in_silence(tmp_path):
    told = found(law(tmp_path, TIE + DECIDES))
    for subject in ("satu: sex", "dua: grade"):
        assert (told[subject].verdict, told[subject].flaw) == ("observed", True)
        assert "no two people can differ" in told[subject].told["en"]
        assert "tidak ada dua orang" in told[subject].told["id"]
    assert told["tiga: sex"].verdict == "proved"
    assert "no two people can differ" in told["tiga: sex"].told["en"]


@pytest.mark.parametrize("checks", ["", LOOSE])
def test_where_there_are_pairs_the_same_rules_are_refuted(tmp_path, checks):
    told = found(law(tmp_path, checks + DECIDES))
    assert {s: told[s].verdict for s in ("satu: sex", "dua: grade", "tiga: sex")} == {
        "satu: sex": "counterexample",
        "dua: grade": "counterexample",
        "tiga: sex": "proved",
    }
    assert told["tiga: sex"].told["en"] == "not read, directly or through others"


def test_without_time_a_fact_that_checks_read_is_not_proved_in_silence(tmp_path):
    told = found(law(tmp_path, TIE + DECIDES), budget=0)
    assert told["satu: sex"].verdict == "unproved"
    assert "is not known" in told["tiga: sex"].told["en"]


def test_the_assertions_say_it_too(tmp_path):
    of = law(tmp_path, TIE + DECIDES)
    assert assert_blind_to(of, "sex", "tiga").proved
    for asserted in (
        lambda: assert_blind_to(of, "sex", "satu", effort=Effort(samples=5_000)),
        lambda: assert_merit_never_hurts(of, "grade", "dua", effort=Effort(samples=5_000)),
    ):
        with pytest.raises(CounterexampleError, match="no two people can differ"):
            asserted()


@pytest.mark.parametrize("rule", ["'all(m.v == p for m in marks)'", "'any(m.v == p for m in marks)'"])
def test_of_a_list_that_checks_hold_still_no_pair_is_not_claimed(tmp_path, rule):
    checks = "checks:\n  one: {is: 'count(m for m in marks) == 2 and not any(m.v == l for m in marks)', label: I}\n"
    told = found(law(tmp_path, checks + DECIDES.replace("sex == p", rule)))
    assert told["satu: marks"].verdict == "proved"
    assert "is not known" in told["satu: marks"].told["en"]


@pytest.mark.parametrize(("amount", "verdict"), [(FAIR, "proved"), (UNFAIR, "counterexample")])
def test_another_member_of_one_level_is_no_more_merit(tmp_path, amount, verdict):
    of = law(tmp_path, LADDER.replace("AMOUNT", amount))
    one = found(of)["naik.amount: grade"]
    assert one.verdict == verdict
    if verdict == "proved":
        assert assert_merit_never_hurts(of, "grade").proved
        return
    assert [p["grade"] for p in one.witness.records] == ["c1", "b"]
    with pytest.raises(CounterexampleError):
        assert_merit_never_hurts(of, "grade")


@pytest.mark.parametrize("hit", ["unique", "collect"])
def test_another_member_of_one_level_is_another_answer(tmp_path, hit):
    text = LADDER.replace("amount: rupiah", "amount: pred").replace("unique", hit)
    of = law(tmp_path, text.replace("AMOUNT", "c1 if sex == p else c2"))
    one = found(of)["naik.amount: sex"]
    assert one.verdict == "counterexample"
    assert {d["naik"].status for d in one.witness.decisions} == {"granted"}
    assert "c1" in one.told["en"]
    assert "c2" in one.told["en"]
    with pytest.raises(CounterexampleError):
        assert_blind_to(of, "sex", "naik")


def test_of_a_collection_another_rule_is_another_answer(tmp_path):
    of = law(tmp_path, COLLECTED)
    one = found(of)["naik: sex"]
    assert one.verdict == "counterexample"
    assert {"`r`", "`q`"} <= set(one.told["en"].replace(";", "").split())
    assert one.value in {"sex -> r", "sex -> q"}


def test_drawn_pairs_go_up_by_level(tmp_path):
    of = law(tmp_path, LADDER.replace("AMOUNT", FAIR))
    place = {"d": 0, "c1": 1, "c2": 1, "b": 2, "a": 3}

    def goes_up(pair):
        before, after = pair
        assert place[before["grade"]] < place[after["grade"]]

    settings(max_examples=60, deadline=None)(given(pairs(of, "grade", "up"))(goes_up))()
