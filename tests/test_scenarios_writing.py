"""What is written from decisions runs again as scenarios, and says all that they answer."""

from __future__ import annotations

from itertools import groupby

import pytest

import asnmerit as am
from asnmerit.errors import ArgumentError
from asnmerit.scenarios import books, run_book
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.writing import Case, case_name, expected, write_scenarios

BOOKS = books([am.__path__[0] + "/policies"])
PERSON = {"results_rating": "di_atas", "behaviour_rating": "sesuai"}


def asked(**other):
    law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
    return am.decide(law, {**PERSON, **other})


def decided(book):
    """Give the decisions of a book, under the names of its cases, law by law."""
    made = [(r.scenario.name, r.decision) for r in run_book(book) if r.decision is not None]
    made.sort(key=lambda pair: str(pair[1].law.identity()))
    for _, found in groupby(made, key=lambda pair: str(pair[1].law.identity())):
        yield [Case(case_name(name), decision) for name, decision in found]


@pytest.mark.parametrize("book", BOOKS, ids=[str(b.file).rpartition("policies/")[2] for b in BOOKS])
def test_every_scenario_that_is_shipped_is_written_and_runs_again(book):
    for cases in decided(book):
        again = run_book(book_of(write_scenarios(cases), "again.scenarios.yaml"))
        assert len(again) == len(cases)
        for result, case in zip(again, cases, strict=True):
            assert result.passed, result
            assert result.decision.facts == case.decision.facts
            assert result.decision.as_of == case.decision.as_of
            assert [o.status for o in result.decision.outcomes.values()] == [
                o.status for o in case.decision.outcomes.values()
            ]


def test_what_is_expected_is_held_against_the_answer():
    """A written case fails where the law answers otherwise: its expectations are not empty."""
    text = write_scenarios([Case("one", asked())])
    assert "predicate: baik" in text
    wrong = text.replace("predicate: baik", "predicate: kurang")
    assert not run_book(book_of(wrong, "wrong.scenarios.yaml"))[0].passed


def test_only_some_decisions_and_some_values_are_expected():
    one = asked()
    name = next(iter(one.outcomes))
    assert list(expected(one, only=[name])["decisions"]) == [name]
    value = next(iter(one.values))
    assert list(expected(one, values=[value])["values"]) == [value]


def test_titles_notes_and_names_that_come_twice():
    text = write_scenarios([Case("a", asked(), {"en": "One: a"}, "x # y"), Case("a", asked())], {"en": "All"}, "why")
    book = book_of(text, "names.scenarios.yaml")
    assert [r.scenario.name for r in run_book(book)] == ["a", "a_2"]
    assert all(r.passed for r in run_book(book))


@pytest.mark.parametrize("text", ["", "9", "?!", "  ", "Ä", "x" * 500, "a.b: c >= 48"])
def test_any_text_makes_a_name_of_a_case(text):
    name = case_name(text)
    assert [r.scenario.name for r in run_book(book_of(write_scenarios([Case(name, asked())]), "n.scenarios.yaml"))] == [
        name
    ]


def test_no_cases_and_cases_of_several_laws_are_refused():
    with pytest.raises(ArgumentError, match="at least one"):
        write_scenarios([])
    other = am.decide(am.in_force(am.load("indonesia/satyalancana"), on="2026-04-01"), {})
    with pytest.raises(ArgumentError, match="one law"):
        write_scenarios([Case("a", asked()), Case("b", other)])
