"""How an audit is asked: arguments, laws of which little can be said, the same answer each time, and no solver."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import asnmerit as am
from asnmerit.auditing import session
from asnmerit.auditing.session import audit
from asnmerit.errors import ArgumentError, NotInForceError
from support.large import large

CASES = Path(__file__).parent / "cases" / "audit"
DAY = "2026-04-01"
HEAD = "asnmerit: 1\npolicy: audit/small\ntitle: Small\neffective: {from: 2025-01-01}\nenacted: 2024-11-01\n"
NOBODY = "checks:\n  impossible: age < 20 and age > 30\n"


@pytest.fixture(scope="module")
def small():
    return am.in_force(am.load("indonesia/kinerja"), on=DAY)


def written(tmp_path, text):
    file = tmp_path / "small.yaml"
    file.write_text(text, encoding="utf-8")
    return am.load(file)


def verdicts(found):
    return [(f.kind.value, f.subject, f.verdict.value, f.told.get("en")) for f in found]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("only", "gaps"),
        ("only", []),
        ("only", 5),
        ("only", [["gap"]]),
        ("only", ["gap", None]),
        ("budget", -1),
        ("budget", float("nan")),
        ("budget", float("inf")),
        ("budget", "60"),
        ("budget", None),
        ("samples", -1),
        ("samples", 1.5),
        ("samples", True),
        ("jobs", 0),
        ("jobs", "2"),
        ("seed", -1),
        ("seed", None),
        ("progress", 5),
        ("on", DAY),
        ("known", DAY),
        ("readings", {"a": "b"}),
    ],
)
def test_an_argument_that_is_none_is_named(small, name, value):
    with pytest.raises(ArgumentError) as caught:
        audit(small, **{name: value})
    assert caught.value.argument == name


@pytest.mark.parametrize("law", [None, 5, "indonesia/kinerja"])
def test_what_is_no_law_is_refused(law):
    with pytest.raises(ArgumentError, match="law"):
        audit(law, DAY)


def test_a_policy_needs_a_day_on_which_it_is_law():
    policy = am.load("indonesia/kinerja")
    with pytest.raises(ArgumentError, match="no clock"):
        audit(policy)
    with pytest.raises(NotInForceError):
        audit(policy, "1990-01-01")


def test_a_policy_that_waits_for_a_region_says_what_is_missing():
    with pytest.raises(NotInForceError, match="tpp_index"):
        audit(am.load("indonesia/tpp"), DAY)


@pytest.mark.parametrize("text", ["", "facts: {a: {type: bool}}\n"])
def test_a_law_that_decides_nothing_says_so(tmp_path, text):
    found = audit(written(tmp_path, HEAD + text), DAY)
    assert not found.flaws
    assert [n["en"] for n in found.notes] == ["this law decides nothing: of decisions there is nothing to claim"]


def test_a_decision_without_rules_is_a_flaw_of_its_days(tmp_path):
    found = audit(written(tmp_path, HEAD + "decisions:\n  d: {title: D, kind: benefit}\n"), DAY)
    assert [(f.kind, f.subject) for f in found.flaws] == [("date", "d")]


def test_where_nobody_passes_the_checks_nothing_is_proved(tmp_path):
    text = (CASES / "clean.yaml").read_text(encoding="utf-8").replace("checks:\n", NOBODY)
    for only in (None, "guarantee"):
        found = audit(written(tmp_path, text), DAY, only=only)
        assert [(f.subject, f.verdict) for f in found] == [("checks", "counterexample")]
        assert "nobody passes them" in found.flaws[0].told["en"]


def test_without_time_nothing_is_claimed_that_was_not_looked_at(small):
    found = audit(small, budget=0)
    assert {f.verdict for f in found} <= {"proved", "unproved", "observed"}
    assert all(f.method == "structure" for f in found if f.verdict == "proved")
    assert {f.said for f in found.open} == {"NO COUNTEREXAMPLE in 0 samples"}


@pytest.mark.parametrize("checks", ["checks:\n", "no checks"])
def test_without_time_it_is_said_that_nobody_was_looked_for_where_there_are_checks(tmp_path, checks):
    text = (CASES / "clean.yaml").read_text(encoding="utf-8")
    if checks == "no checks":
        text = HEAD + "facts: {a: {type: bool}}\ndecisions:\n  d: {title: D, kind: benefit}\n"
    said = [n["en"] for n in audit(written(tmp_path, text), DAY, budget=0).notes]
    assert any("no time to look for people" in n for n in said) == (checks != "no checks")
    assert not any("nobody was found" in n for n in said)


def test_only_the_kinds_asked_for_are_told(small):
    found = audit(small, only=["protected-matters", "dead-rule"], samples=1000)
    assert {f.kind.value for f in found} == {"protected-matters", "dead-rule"}


def test_progress_is_told_and_may_stop_the_audit(small):
    told = []
    audit(small, only="dead-rule", progress=lambda *said: told.append(said[-1]))
    assert {"checks", "witnesses"} <= set(told)

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        audit(small, progress=stop)


def test_without_the_solver_the_extra_is_named(small, monkeypatch):
    monkeypatch.setattr(session, "find_spec", lambda _: None)
    with pytest.raises(ModuleNotFoundError, match=r"asnmerit\[audit\]") as caught:
        audit(small)
    assert caught.value.name == "z3"


PROGRAM = """
import sys
import asnmerit as am
from asnmerit.auditing.session import audit
kinds = ["dead-rule", "redundant-condition", "merit-hurts", "protected-matters", "conflict", "gap", "guarantee"]
found = audit(am.load(sys.argv[1]), "2026-04-01", only=kinds, samples=20_000, seed=7)
print([(f.kind.value, f.subject, f.verdict.value) for f in found])
"""


def test_the_same_seed_gives_the_same_verdicts_whatever_the_hash_seed():
    root = str(Path(am.__file__).parent.parent)
    said = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root}
        command = [sys.executable, "-c", PROGRAM, str(CASES / "insentif.yaml")]
        said.add(subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(said) == 1
    assert "counterexample" in said.pop()


def test_audits_in_threads_do_not_meet():
    law = am.in_force(am.load(CASES / "insentif.yaml"), on=DAY)
    kinds = ["merit-hurts", "protected-matters", "dead-rule"]
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(audit(law, only=kinds, samples=20_000, jobs=1))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert verdicts(found[0]) == verdicts(found[1])
    assert found[0].flaws


def test_a_law_of_three_hundred_rules_is_audited_within_reason():
    found = audit(large(1, 300), budget=6, samples=4_096)
    assert len(found) > 600
    assert {f.verdict for f in found} >= {"proved", "unproved"}
    assert all(f.samples <= 3 * 4_096 for f in found.open)
    assert any("cliff" in note["en"] for note in found.notes)
