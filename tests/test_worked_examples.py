"""Worked examples from regulations, slides, guides and other people's tests, run through the public API."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import asnmerit as am

CASES = Path(__file__).parent / "cases"
BOOK: dict[str, Any] = yaml.safe_load((CASES / "worked_examples.yaml").read_text(encoding="utf-8"))
ALL_IDS = (CASES / "worked_example_ids.txt").read_text(encoding="utf-8").split()


@functools.cache
def law(policy: str, on: str, known: str | None, readings: tuple[tuple[str, str], ...]) -> am.Law:
    """One law for all the cases that ask for it."""
    return am.in_force(am.load(policy), on=on, known=known, readings=dict(readings) or None)


def decided(case: Mapping[str, Any]) -> am.Decision:
    """Decide the person of a case."""
    known = str(case["known"]) if "known" in case else None
    readings = tuple(sorted(case.get("readings", {}).items()))
    base = BOOK["people"][case["person"]]["facts"] if "person" in case else {}
    return am.decide(law(case["policy"], str(case["on"]), known, readings), {**base, **case["facts"]})


def agrees(got: object, expected: object) -> bool:
    """Whether a value is the expected one: numbers exactly, whatever they are shown as."""
    if isinstance(expected, list):
        return isinstance(got, (list, tuple)) and len(got) == len(expected) and all(map(agrees, got, expected))
    if isinstance(expected, str) and expected[:1].isdigit():
        return not isinstance(got, (bool, str)) and got is not None and Fraction(str(got)) == Fraction(expected)
    return type(got) is type(expected) and got == expected


def numbered(cases: list[dict[str, Any]]) -> list[Any]:
    """Give each case a name of its own: its id, and a number where an id has several."""
    seen: dict[str, int] = {}
    params = []
    for case in cases:
        seen[case["id"]] = seen.get(case["id"], 0) + 1
        params.append(pytest.param(case, id=f"{case['id']}/{seen[case['id']]}"))
    return params


@pytest.mark.parametrize("case", numbered(BOOK["cases"]))
def test_worked_example(case: Mapping[str, Any]) -> None:
    decision = decided(case)
    expected = case["expect"]
    wrong = {}
    for name, value in expected.get("values", {}).items():
        got = decision.values[name]
        if not agrees(got, value):
            wrong[name] = (got, value)
    for name, answer in expected.get("decisions", {}).items():
        entry = decision[name]
        if entry.status != answer["status"]:
            wrong[name] = (entry.status, answer["status"], tuple(entry.missing))
        elif "outcome" in answer and dict(entry.outcome) != answer["outcome"]:
            wrong[name] = (dict(entry.outcome), answer["outcome"])
    assert not wrong, f"got and expected: {wrong}"


@pytest.mark.parametrize("case", numbered(BOOK["cases"]))
def test_every_case_expects_something_and_says_whence(case: Mapping[str, Any]) -> None:
    assert any(case["expect"].get(kind) for kind in ("values", "decisions"))
    assert set(case["expect"]) <= {"values", "decisions"}
    assert case["source"]
    assert case["tier"]


def test_every_example_is_covered_or_has_a_reason(record_property: pytest.RecordProperty) -> None:
    covered = {case["id"] for case in BOOK["cases"]}
    left_out = {entry["id"]: entry["reason"] for entry in BOOK["not_covered"]}
    partly = {case["id"]: case["partly"] for case in BOOK["cases"] if "partly" in case}
    for example, reason in {**left_out, **partly}.items():
        record_property(example, reason)
        print(f"{example}: {reason}")  # noqa: T201 - the report of what is not tested, shown by pytest -s
    assert all(left_out.values())
    assert not covered & set(left_out)
    assert sorted(covered | set(left_out)) == sorted(ALL_IDS)
    assert len(ALL_IDS) == len(set(ALL_IDS))
