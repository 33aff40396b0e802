"""The glossary: each word in Indonesian is one that texts say, each regulation one that is known, and no word twice."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from asnmerit.auditing.findings import Verdict
from asnmerit.selection.filling import STATUSES

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "reference" / "glossary.md").read_text(encoding="utf-8")
IN_TEXTS = ("modelling", "guarantees", "simulation")
ACT = re.compile(r"\b(?:UU|PP|Perpres|PermenPANRB|Permendikdasmen|PerBKN|Perka BKN|SE MenPANRB) (\d+/\d{4})")


def rows(name):
    text = PAGE.split(f"<!-- checked: {name} -->\n", 1)[1].split("\n\n", 1)[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def strings():
    """Every text that stands in the code, and every label of the policies, in small letters."""
    found = []
    for path in sorted((ROOT / "asnmerit").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return "\n".join(found).lower()


@pytest.fixture(scope="module")
def texts():
    return strings()


@pytest.mark.parametrize("name", IN_TEXTS)
def test_the_indonesian_words_are_those_of_the_texts(name, texts):
    missing = [
        (word, phrase)
        for word, _, indonesian in rows(name)
        for phrase in re.sub(r"\([^)]*\)", "", indonesian).replace(";", ",").split(",")
        if not re.search(rf"\b{re.escape(phrase.strip().lower())}\b", texts)
    ]
    assert not missing


def test_a_word_that_no_text_says_is_found(texts):
    assert not re.search(r"\bkata yang tidak ada\b", texts)


@pytest.mark.parametrize("name", [*IN_TEXTS, "systems", "glossary"])
def test_rows_are_whole_and_words_stand_once(name):
    found = rows(name)
    assert len(found) > 5
    assert len({len(row) for row in found}) == 1
    assert all(all(row) for row in found)
    assert len({row[0].lower() for row in found}) == len(found)


def known_acts():
    """The number and year of every act that a policy cites, and that tests/cases or pages of regulations name."""
    documents = [p for p in sorted((ROOT / "asnmerit" / "policies").rglob("*.yaml")) if "scenarios" not in p.name]
    titles = [
        s["title"] for p in documents for s in (yaml.safe_load(p.read_text("utf-8")).get("sources") or {}).values()
    ]
    return set(re.findall(r"\d+/\d{4}", " ".join(map(str, titles))))


# Named in the glossary alone: the acts themselves were not read, or nothing is decided by them.
NO_POLICY = {"22/2007", "14/2022"}


def test_acts_of_the_glossary_are_those_that_policies_cite():
    named = {number for row in rows("glossary") for number in ACT.findall(row[3])}
    assert len(named) > 20
    assert named - known_acts() == NO_POLICY


def test_every_status_and_verdict_is_explained():
    said = " ".join(row[0] for name in IN_TEXTS for row in rows(name)).lower()
    words = [*(v.value for v in Verdict), *STATUSES]
    missing = [word for word in words if word not in said and word not in {"error", "waiting"}]
    assert not missing
    assert "waiting list" in said
    assert "row error" in {row[0] for row in rows("systems")}
