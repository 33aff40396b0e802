"""The assertions of asnmerit.testing: each passes a clean policy and fails its flawed twin, and says for whom."""

from __future__ import annotations

import copy
import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import asnmerit as am
from asnmerit.auditing.proving import driver
from asnmerit.scenarios import run_scenarios
from asnmerit.strategies import settling
from asnmerit.testing import (
    CounterexampleError,
    Effort,
    assert_blind_to,
    assert_every_case_decided,
    assert_guarantees,
    assert_merit_never_hurts,
    missing,
    near_threshold,
    pairs,
    people,
)
from support.flaws import BLIND, DECIDED, GUARANTEED, MERIT, SCORE, filled, law, one_rule, policy, sections

ORIGINAL = importlib.util.find_spec
ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases" / "audit"
CITY = {
    "facts": {"nilai": SCORE, "kota": {"type": "kota"}, "lama": {"type": "integer", "from": 0, "to": 40}},
    "types": {"kota": {"members": ["manokwari", "sorong"]}},
    "decisions": {"naik": {}, "kelas": {"kind": "finding", "outcome": {"k": "integer"}}},
    "rules": {
        "biasa": {"decides": "naik", "requires": {"cukup": "nilai >= 60", "di_sini": "kota == manokwari"}},
        "satu": {"decides": "kelas", "grants": {"k": 1}},
    },
}


# --- wrong arguments ---

NAMED = [
    (lambda _: people(1), "law"),
    (lambda found: people(found, about="naik.biassa"), "naik.biasa"),
    (lambda found: people(found, missing=2), "from 0 to 1"),
    (lambda found: people(found, given={"nilaii": 1}), "nilai"),
    (lambda found: people(found, as_of="2019-01-01"), "as_of"),
    (lambda found: near_threshold(found, fact="lama"), "does not read it"),
    (lambda found: near_threshold(found, "kelas", fact="nilai"), "rests"),
    (lambda found: pairs(found, []), "name of a fact"),
    (lambda found: pairs(found, "nilia"), "nilai"),
    (lambda found: pairs(found, "nilai", "down"), "any or up"),
    (lambda found: pairs(found, "kota", "up"), "more or less"),
    (lambda found: pairs(found, "nilai", given={"nilai": 1}), "given"),
    (lambda found: missing(found, {"nilaii": 1}), "nilai"),
    (lambda found: assert_blind_to(found, "kotta"), "kota"),
    (lambda found: assert_blind_to(found, []), "name of a fact"),
    (lambda _: assert_blind_to(None, "kota"), "law"),
    (lambda found: assert_blind_to(found, "kota", lang="fr"), "id or en"),
    (lambda found: assert_merit_never_hurts(found, "niai"), "nilai"),
    (lambda found: assert_merit_never_hurts(found, []), "name of a fact"),
    (lambda found: assert_merit_never_hurts(found, "kota"), "have an order"),
    (lambda found: assert_merit_never_hurts(found, decision="naikk"), "naik"),
    (lambda found: assert_merit_never_hurts(found, decision="kelas"), "better:"),
    (lambda found: assert_every_case_decided(found, "turun"), "naik"),
    (lambda found: assert_every_case_decided(found, "naik", "rules.biasaa"), "rules.biasa"),
    (lambda found: assert_guarantees(found), "none"),  # noqa: PLW0108 - as the others
    (lambda found: people(found, missing="x"), "from 0 to 1"),
    (lambda found: people(found, about=[]), "at least one"),
    (lambda found: people(found, given=3), "a mapping"),
    (lambda found: pairs(found, "nilai", ["up"]), "any or up"),
    (lambda found: pairs(found, "nilai", given=3), "a mapping"),
    (lambda found: missing(found, None), "a record"),
    (lambda found: assert_blind_to(found, "kota", lang=["en"]), "id or en"),
    (lambda found: assert_blind_to(found, "kota", []), "at least one"),
    (lambda found: assert_blind_to(found, 5), "name of a fact"),
    (lambda _: assert_blind_to(law(facts={"a": SCORE}, derived={"b": "a + 1"}), "a"), "has no decisions"),
    (lambda found: assert_merit_never_hurts(found, "nilai", []), "at least one"),
    (lambda found: assert_every_case_decided(found, ["naik"]), "one decision"),
    (lambda found: assert_every_case_decided(found, "naik", 5), "truth value"),
    (lambda _: assert_guarantees(law(facts={"a": SCORE}, guarantees={"g": "a <= 100"}), []), "at least one"),
    (lambda found: assert_blind_to(found, "kota", effort=3), "effort"),
    *((lambda _, given=given: Effort(**given), next(iter(given))) for given in (
        {"seconds": 0}, {"seconds": -1}, {"seconds": float("nan")}, {"seconds": "x"}, {"seconds": True},
        {"samples": -1}, {"samples": 1.5}, {"examples": 0}, {"proof": 1},
    )),
]  # fmt: skip


@pytest.mark.parametrize(("call", "said"), NAMED, ids=[f"{i}-{said}" for i, (_, said) in enumerate(NAMED)])
def test_wrong_arguments_are_named(call, said):
    with pytest.raises((am.ArgumentError, am.UnknownDecisionError, am.RecordError), match=re.escape(said)):
        call(law(**CITY))


# --- planted flaws ---

EFFORTS = [pytest.param(Effort(seconds=10), id="proof"), pytest.param(Effort(proof=False, examples=200), id="examples")]


def cases(table):
    return pytest.mark.parametrize(("document", "flawed", "clean"), table.values(), ids=table)


def both_ways(document, flawed, clean, asserted, shown):
    """The flaw is found, the person or pair shows it, and the mended policy passes."""
    with pytest.raises(CounterexampleError) as caught:
        asserted(filled(document, flawed))
    shown(filled(document, flawed), *caught.value.people)
    return caught.value, asserted(filled(document, clean))


@pytest.mark.parametrize("effort", EFFORTS)
@cases(MERIT)
def test_merit_that_hurts_is_found(document, flawed, clean, effort):
    def shown(found, before, after):
        a, b = (am.decide(found, r)["naik"] for r in (before, after))
        assert (a.status, dict(a.outcome or {})) != (b.status, dict(b.outcome or {}))
        facts = [n for n in before if before[n] != after[n]]
        assert len(facts) == 1
        order = {"kurang": 0, "baik": 1, "sangat_baik": 2}
        assert order.get(before[facts[0]], before[facts[0]]) < order.get(after[facts[0]], after[facts[0]])

    both_ways(document, flawed, clean, lambda found: assert_merit_never_hurts(found, effort=effort), shown)


@pytest.mark.parametrize("effort", EFFORTS)
@cases(BLIND)
def test_a_fact_that_matters_is_found(document, flawed, clean, effort):
    def shown(found, one, other):
        assert [n for n in one if one[n] != other[n]] == ["asal"]
        a, b = (o for r in (one, other) for o in am.decide(found, r).outcomes.values())
        assert (a.status, dict(a.outcome or {}), a.rules) != (b.status, dict(b.outcome or {}), b.rules)

    both_ways(document, flawed, clean, lambda found: assert_blind_to(found, "asal", effort=effort), shown)


@pytest.mark.parametrize("effort", EFFORTS)
@cases(DECIDED)
def test_a_case_that_is_not_decided_is_found(document, flawed, clean, effort):
    def shown(found, person):
        assert am.decide(found, person)["kelas"].status in {"refused", "conflict"}

    both_ways(document, flawed, clean, lambda found: assert_every_case_decided(found, "kelas", effort=effort), shown)


@pytest.mark.parametrize("effort", EFFORTS)
@cases(GUARANTEED)
def test_a_guarantee_that_fails_is_found(document, flawed, clean, effort):
    def shown(found, person):
        assert am.decide(found, person).values["guarantees.g"] is False

    both_ways(document, flawed, clean, lambda found: assert_guarantees(found, effort=effort), shown)


AUDITED = [
    (lambda found: assert_merit_never_hurts(found), "appraisal"),  # noqa: PLW0108 - as the others
    (lambda found: assert_guarantees(found, "allowance_cap_holds"), "base_pay"),
    (lambda found: assert_blind_to(found, "region_of_origin", "allowance"), "region_of_origin"),
    (lambda found: assert_every_case_decided(found, "credit_class"), "credit"),
    (lambda found: assert_every_case_decided(found, "attendance_class"), "absent_days"),
]


@pytest.mark.parametrize(("asserted", "fact"), AUDITED, ids=[fact for _, fact in AUDITED])
def test_the_planted_policy_of_the_audit_fails_and_its_clean_twin_is_proved(asserted, fact):
    """Of a policy with many facts, a failure shows those that matter."""
    clean, planted = (am.in_force(am.load(CASES / f"{name}.yaml"), on="2026-04-01") for name in ("clean", "planted"))
    assert asserted(clean).proved
    with pytest.raises(CounterexampleError) as caught:
        asserted(planted)
    for person in caught.value.people:
        assert fact in person
        assert len(person) < len(planted.reads) - 3


def test_clean_policies_are_proved_by_the_prover_and_not_by_examples():
    document, _, clean = MERIT["a ceiling on merit"]
    assert str(assert_merit_never_hurts(filled(document, clean))) == "PROVED"
    told = assert_merit_never_hurts(filled(document, clean), effort=Effort(proof=False, examples=50))
    assert str(told) == "NO COUNTEREXAMPLE in 50 examples" and not told.proved


def test_without_numpy_examples_are_drawn_and_nothing_is_said_to_be_proved(monkeypatch):
    document, flawed, clean = GUARANTEED["a bound"]
    monkeypatch.setattr(settling, "NUMPY", "no_such_library")
    assert str(assert_guarantees(filled(document, clean))) == "NO COUNTEREXAMPLE in 300 examples"
    with pytest.raises(CounterexampleError, match="contoh acak"):
        assert_guarantees(filled(document, flawed))


def test_without_the_solver_samples_are_said_to_be_samples_and_why(monkeypatch):
    """A product of two facts is nothing that the form of the law settles."""
    found = law(
        facts={"a": SCORE, "b": SCORE}, derived={"luas": "a * b"}, guarantees={"g": "luas <= 9950.25 or a + b > 199"}
    )
    held = assert_guarantees(found, effort=Effort(samples=5_000))
    assert held.proved
    monkeypatch.setattr(driver, "NO_SOLVER", "the solver is not installed")
    monkeypatch.setattr(driver.importlib.util, "find_spec", lambda name: None if name == "z3" else ORIGINAL(name))
    held = assert_guarantees(found, effort=Effort(samples=5_000))
    assert str(held).startswith("NO COUNTEREXAMPLE in 5,")
    assert "solver" in held.note and not held.proved


def test_who_tried_nobody_does_not_pass(monkeypatch):
    found = law(
        facts={"a": SCORE, "b": SCORE}, derived={"luas": "a * b"}, guarantees={"g": "luas <= 9950.25 or a + b > 199"}
    )
    monkeypatch.setattr(driver.importlib.util, "find_spec", lambda name: None if name == "z3" else ORIGINAL(name))
    with pytest.raises(CounterexampleError, match="tidak seorang pun dicoba"):
        assert_guarantees(found, effort=Effort(samples=0))
    assert not assert_guarantees(found, effort=Effort(samples=2_000)).proved


def test_a_fact_that_is_not_read_is_proved_not_to_matter():
    held = assert_blind_to(law(**CITY), "lama", effort=Effort(proof=False))
    assert held.proved


def test_whom_a_rule_should_decide_can_be_said():
    found = law(
        facts={"nilai": SCORE, "pns": {"type": "bool"}},
        derived={"dinilai": "pns and nilai >= 50", "mustahil": "nilai > 100"},
        **one_rule("nilai >= 60"),
    )
    assert assert_every_case_decided(found, "naik").proved  # a benefit may be refused
    assert assert_every_case_decided(found, "naik", False).proved
    with pytest.raises(CounterexampleError, match="tidak ada aturan yang memutuskan") as caught:
        assert_every_case_decided(found, "naik", "dinilai")
    assert caught.value.people[0]["pns"] is True
    with pytest.raises(CounterexampleError, match="tidak ada aturan yang memutuskan"):
        assert_every_case_decided(found, "naik", where=True)
    with pytest.raises(CounterexampleError, match="tidak ada yang dinyatakan"):
        assert_every_case_decided(found, "naik", "mustahil")


@pytest.mark.parametrize("effort", EFFORTS)
def test_another_day_of_decision(effort):
    found = law(facts={"lahir": {"type": "date"}}, checks={"sudah": "lahir <= as_of"},
                derived={"umur": "months_between(lahir, as_of)"}, guarantees={"g": "umur <= 1515"})  # fmt: skip
    assert_guarantees(found, effort=effort)
    with pytest.raises(CounterexampleError) as caught:
        assert_guarantees(found, as_of="2026-06-01", effort=effort)
    assert "as_of: 2026-06-01" in caught.value.scenario
    with pytest.raises(am.ArgumentError, match="as_of"):
        assert_guarantees(found, as_of="2019-01-01")


def test_an_indicator_stands_for_the_scores_of_its_raters():
    found = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    assert_merit_never_hurts(found, "quality", "promotion", effort=Effort(seconds=10, samples=20_000))


def test_merit_of_a_law_that_marks_none_is_an_error():
    with pytest.raises(am.ArgumentError, match="merit: true"):
        assert_merit_never_hurts(law(facts={"x": {"type": "bool"}}, **one_rule("x")))


# --- what a failure says ---


WORDS = {
    "en": (
        "not so: more of predikat never hurts: naik",
        "with predikat baik instead of kurang, naik turns from GRANTED to ",
        "before: {",
        "after: the same, but {'predikat': 'baik'}",
        "naik granted, rule satu",
        "why (after):",
        "✗",
        "✓",
    ),
    "id": ("tidak benar:", "sesudah: sama, kecuali {'predikat': 'baik'}", "mengapa (sebelum):", "sebagai skenario"),
}


@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("effort", EFFORTS)
def test_a_failure_shows_the_pair_the_reasons_and_scenarios_that_run(effort, lang, tmp_path):
    document, flawed, _ = MERIT["weights, through arithmetic only"]
    found = filled(document, flawed)
    with pytest.raises(CounterexampleError) as caught:
        assert_merit_never_hurts(found, "predikat", effort=effort, lang=lang)
    text = str(caught.value)
    for part in WORDS[lang]:
        assert part in text
    assert caught.value.scenario.splitlines()[0] == "scenarios: 1"
    (tmp_path / "uji").mkdir()
    (tmp_path / "uji" / "contoh.yaml").write_text(written(policy(**sections(document, flawed))), encoding="utf-8")
    file = tmp_path / "uji" / "contoh.scenarios.yaml"
    file.write_text(caught.value.scenario, encoding="utf-8")
    results = list(run_scenarios([file], search=[tmp_path]))
    assert len(results) == 2
    assert all(r.passed for r in results), [str(r) for r in results]


def written(document):
    """A policy as a file: its days are no text."""
    return re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", yaml.safe_dump(document))


def test_a_failure_travels_between_processes():
    document, flawed, _ = GUARANTEED["a bound"]
    with pytest.raises(CounterexampleError) as caught:
        assert_guarantees(filled(document, flawed))
    other = copy.copy(caught.value)  # by the same road as pickle
    assert other is not caught.value
    assert (str(other), other.people, other.scenario) == (str(caught.value), caught.value.people, caught.value.scenario)


def test_the_same_failure_every_time():
    document, flawed, _ = MERIT["weights, through arithmetic only"]
    texts = set()
    for _ in range(2):
        with pytest.raises(CounterexampleError) as caught:
            assert_merit_never_hurts(filled(document, flawed), effort=Effort(proof=False))
        texts.add(str(caught.value))
    assert len(texts) == 1


# --- a project of one's own, as the documents show it ---

PAGE = (ROOT / "docs" / "how-to" / "test-your-own-policy.md").read_text(encoding="utf-8")


def block(language):
    return re.search(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL).group(1)


def run_pytest(folder, *more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", *more]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def test_a_project_of_ones_own(tmp_path):
    """The one test that fails shows a pair as the page does, and no traceback through the library.

    Which pair it is depends on who finds one first; what is said of it does not.
    """
    (tmp_path / "kota").mkdir()
    file = tmp_path / "kota" / "insentif.yaml"
    file.write_text(block("yaml"), encoding="utf-8")
    (tmp_path / "test_insentif.py").write_text(block("python own"), encoding="utf-8")
    said = run_pytest(tmp_path)
    assert "1 failed, 6 passed" in said, said
    assert "FAILED test_insentif.py::test_the_origin_does_not_matter" in said
    shown = "\n".join(line.removeprefix("E").strip() for line in said.splitlines())
    lines = [line.strip() for line in block("text own").splitlines()]
    fixed = [lines[0], *(line for line in lines if line.endswith(":"))]
    assert len(fixed) > 5
    assert [line for line in fixed if line not in shown] == [], said
    assert "asserting.py" not in said and "settling.py" not in said

    file.write_text(block("yaml").replace("pegunungan: 0.5", "pegunungan: 0"), encoding="utf-8")
    assert "2 passed" in run_pytest(tmp_path, "-k", "origin or merit")
