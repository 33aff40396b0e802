"""Every shipped policy audited: what is found stands in docs/explanation/findings.md, and nothing else is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

import asnmerit as am
from test_docs import checked_table

PAGE = Path(__file__).resolve().parent.parent / "docs" / "explanation" / "findings.md"
DEEP = settings().max_examples > 100
BUDGET = 30 if DEEP else 8
DAYS = {
    "indonesia/angka_kredit_2022": "2022-06-01",
    "indonesia/kinerja_2021": "2021-08-01",
    "indonesia/pk_guru_2009": "2022-06-01",
    "indonesia/skp_2021": "2021-08-01",
    "lubuklinggau/tpp": "2022-06-01",
}
DAY = "2026-04-01"
POLICIES = [name for name in am.policies() if not am.load(name).abstract]
LONG = {"indonesia/disiplin", "indonesia/jpt", "indonesia/kenaikan_pangkat", "kementan/tukin", "indonesia/gaji_pppk"}
"""These take their whole budget: only what their form and a few people show is looked at in the quick profile."""


def listed():
    """Give what the page lists: policy, kind and subject."""
    return {(row[0], row[1], row[2]) for row in checked_table(PAGE, "findings")[1]}


@pytest.mark.parametrize("name", POLICIES)
def test_what_an_audit_finds_is_listed(name):
    budget = BUDGET / 2 if name in LONG and not DEEP else BUDGET
    found = am.audit(am.load(name), DAYS.get(name, DAY), budget=budget, samples=100_000)
    assert found.findings
    refuted = {(name, f.kind.value, f.subject) for f in found.flaws}
    wanted = {row for row in listed() if row[0] == name}
    assert refuted <= wanted, [(f.kind.value, f.subject, f.told["en"]) for f in found.flaws]
    if DEEP:
        assert refuted == wanted
    assert all(f.witness is None or f.witness.decisions for f in found)


def test_the_page_lists_policies_that_are_shipped():
    rows = listed()
    assert rows
    assert {policy for policy, _, _ in rows} <= set(POLICIES)
