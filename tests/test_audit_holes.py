"""Who is left out between two rules is found, whatever kind of decision it is, and nobody else is called so."""

from __future__ import annotations

import pytest

import asnmerit as am
from asnmerit.auditing.claims.holes import observe

HEAD = {
    "asnmerit": 1,
    "policy": "page/holes",
    "title": "Holes",
    "enacted": "2019-12-01",
    "effective": {"from": "2020-01-01"},
    "types": {"grade": {"order": ["poor", "fair", "good", "best"]}},
}
FACTS = {
    "days": {"type": "integer", "from": 0, "to": 200},
    "more": {"type": "integer", "from": 0, "to": 200},
    "money": {"type": "rupiah", "from": 0, "to": 10_000_000},
    "since": {"type": "date"},
    "grade": {"type": "grade"},
    "rated": {"type": "grade", "per": "year", "back": 2},
    "sure": "bool",
}


def holes(first, second, kind="burden", **sections):
    rules = {
        name: {"decides": "cut", "requires": {"c": text}, "grants": {"part": i}}
        for i, (name, text) in enumerate((("one", first), ("two", second)))
    }
    document = {
        **HEAD,
        "facts": FACTS,
        "decisions": {
            "cut": {"kind": kind, "hit": "any", "outcome": {"part": {"type": "integer", "from": 0, "to": 9}}}
        },
        "rules": rules,
        **sections,
    }
    return list(observe(am.in_force(am.load(document), on="2026-04-01")))


@pytest.mark.parametrize("kind", ["benefit", "burden"])
@pytest.mark.parametrize(
    ("first", "second", "left_out"),
    [
        ("days >= 3 and days <= 20", "days > 21", {"days": 21}),
        ("days + more <= 150 and sure", "days + more > 151", None),
        ("money < 1000001", "money > 1000001", {"money": 1_000_001}),
        ("grade == fair", "grade == best", {"grade": "good"}),
        ("days_between(since, as_of) < 400", "days_between(since, as_of) > 400", None),
        ("half_up(days / 2) <= 36", "half_even(days / 2) >= 37 and sure", None),
    ],
)
def test_a_hole_between_two_rules_is_found(first, second, left_out, kind):
    (found,) = holes(first, second, kind)
    assert found.flaw
    (decision,) = found.witness.decisions
    assert decision["cut"].status == "refused"
    if left_out:
        assert left_out.items() <= dict(decision.facts).items()
    assert found.told["en"] != found.told["id"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("days <= 20", "days > 20"),
        ("days <= 20", "days > 22"),  # two values wide: told as observed elsewhere, and no slip of one step
        ("days == 20 or days == 22", "sure and days > 100"),  # one rule on both sides: meant so
        ("grade == poor", "grade == best"),  # two levels wide
        ("days >= 50", "money >= 100 and days >= 60"),
    ],
)
def test_nobody_else_is_called_left_out(first, second):
    assert holes(first, second) == []


def test_whom_a_check_forbids_is_not_left_out():
    assert holes("days <= 20", "days > 21", checks={"never": "days != 21"}) == []


def test_an_audit_tells_of_it_once():
    law = {
        **HEAD,
        "facts": FACTS,
        "decisions": {
            "cut": {"kind": "burden", "hit": "unique", "outcome": {"part": {"type": "integer", "from": 0, "to": 9}}}
        },
        "rules": {
            "one": {"decides": "cut", "requires": {"c": "days >= 3 and days <= 20"}, "grants": {"part": 1}},
            "two": {"decides": "cut", "requires": {"c": "days > 21"}, "grants": {"part": 2}},
        },
    }
    found = am.audit(am.load(law), "2026-04-01", only="gap", budget=10)
    assert [(f.subject, f.flaw) for f in found.flaws] == [("cut", True)]
    assert "21" in found.flaws[0].told["en"]


def sorting(*rules):
    """Give a law of a decision that sets out to sort everybody, of rules that say whom they concern."""
    finding = {"kind": "finding", "hit": "any", "outcome": {"part": {"type": "integer", "from": 0, "to": 9}}}
    written = {
        f"r{i}": {"decides": "cut", "applies": applies, "requires": {"c": text}, "grants": {"part": i}}
        for i, (applies, text) in enumerate(rules)
    }
    law = {**HEAD, "facts": FACTS, "decisions": {"cut": finding}, "rules": written}
    return am.in_force(am.load(law), on="2026-04-01")


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        ([("days <= 20", "sure"), ("days > 20", "not sure")], [("observed", False, "the claim is about nobody")]),
        (
            [("days <= 20", "sure"), ("days > 21", "sure")],
            [("counterexample", True, "with days 21 no rule"), ("observed", False, "the claim is about nobody")],
        ),
        ([("days <= 20", "sure"), ("days > 10", "not sure")], [("proved", False, "")]),
        ([("days <= 20", "sure"), ("days > 10", "sure")], [("counterexample", True, "none of the 2 rules")]),
    ],
)
def test_that_all_are_decided_is_not_proved_of_nobody(rules, told):
    found = am.audit(sorting(*rules), only="gap", budget=20, samples=5_000)
    assert len(found) == len(told)
    for one, (verdict, flaw, words) in zip(found, told, strict=True):
        assert (one.verdict, one.flaw) == (verdict, flaw)
        assert words in one.told.get("en", "")
