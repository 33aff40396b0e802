"""What is shipped as law: every policy has scenarios that reach it, and every worked example is one of them."""

import re
from pathlib import Path

import pytest
import yaml

import asnmerit as am
from asnmerit.scenarios import coverage, files, read_book, run_scenarios

ROOT = Path(__file__).parent.parent
POLICIES = Path(am.__file__).parent / "policies"
CASES = Path(__file__).parent / "cases"
ALL_IDS = (CASES / "worked_example_ids.txt").read_text(encoding="utf-8").split()
FILES = files([POLICIES])
BOOKS = [read_book(file) for file in FILES]
NUMBERS = yaml.safe_load((CASES / "nip.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def covered():
    return {c.policy: c for c in coverage(run_scenarios(FILES), map(am.load, am.policies()))}


@pytest.mark.parametrize("policy", am.policies())
def test_scenarios_reach_every_rule_and_nine_sides_of_ten(covered, policy):
    found = covered[policy]
    assert found.share("rule") == 100, [str(u) for u in found.left if u.kind == "rule"]
    assert found.share("side") >= 90, [str(u) for u in found.left if u.kind == "side"]


@pytest.mark.parametrize("policy", am.policies())
def test_a_file_of_scenarios_stands_beside_each_policy_that_decides(policy):
    if am.load(policy).own_decisions:
        assert any(book.policy == policy for book in BOOKS) or am.load(policy).abstract


def test_every_worked_example_is_a_scenario_or_is_listed_with_a_reason():
    encoded = {e for book in BOOKS for s in book.scenarios for e in s.examples}
    encoded |= {case["example"] for case in NUMBERS["cases"] if "example" in case}
    left_out = {e: reason for book in BOOKS for e, reason in book.not_encoded.items()}
    assert not encoded & set(left_out)
    assert sorted(encoded | set(left_out)) == sorted(ALL_IDS)
    assert all(len(reason) > 20 for reason in left_out.values())


def test_every_worked_example_says_whence_and_how_strong():
    bare = [
        (book.file, s.name)
        for book in BOOKS
        for s in book.scenarios
        if s.examples and not (s.case.source and s.case.tier)
    ]
    assert not bare


def test_a_partly_tested_example_says_what_is_left():
    assert all(len(s.case.partly) > 10 for book in BOOKS for s in book.scenarios if s.case.partly is not None)


def test_every_disagreement_among_implementations_is_a_case_on_the_page():
    """docs/explanation/disagreements.md lists each case `disagreement_...` with what settles it, and no other."""
    page = (ROOT / "docs" / "explanation" / "disagreements.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`(disagreement_\w+)`", page))
    cases = {s.name for book in BOOKS for s in book.scenarios if s.name.startswith("disagreement_")}
    tests = set(
        re.findall(r"def test_(disagreement_\w+)", (ROOT / "tests" / "test_ranking.py").read_text(encoding="utf-8"))
    )
    assert told == cases | tests


def test_a_disagreement_names_what_settles_it():
    bare = [
        s.name for book in BOOKS for s in book.scenarios
        if s.name.startswith("disagreement_") and not (s.case.source or s.case.note)
    ]  # fmt: skip
    assert not bare
