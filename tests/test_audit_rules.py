"""A rule is redundant where nobody misses it: what measures that against the law written without the rule."""

from __future__ import annotations

import itertools

import pytest

import asnmerit as am
from asnmerit.auditing.claims import rules
from asnmerit.auditing.questions import Extended
from support.dice import Seeded

NAMES = ("a", "b", "c", "e")


def law_of(written, order):
    """Give a law of one decision by rules that agree, or by the first of them."""
    hit = {"hit": "first", "order": order} if order else {"hit": "any"}
    document = {
        "asnmerit": 1,
        "policy": "cases/missed",
        "title": "Missed",
        "enacted": "2019-12-01",
        "effective": {"from": "2020-01-01"},
        "sources": {"uu": {"title": "a law", "grade": "A"}},
        "facts": {name: {"type": "bool"} for name in NAMES},
        "decisions": {
            "d": {"kind": "benefit", "outcome": {"amount": {"type": "rupiah"}, "paid": {"type": "bool"}}, **hit}
        },
        "rules": written,
    }
    return am.in_force(am.load(document), on="2026-04-01")


def written(dice):
    """Write some rules; few amounts, so that many agree."""
    found = {}
    for i in range(dice.whole(2, 5)):
        test = " and ".join(dice.pick((n, f"not {n}")) for n in NAMES if dice.chance(50)) or dice.pick(NAMES)
        grants = {"amount": str(dice.whole(1, 2) * 100_000), "paid": dice.pick(("true", "true", "a"))}
        found[f"r{i}"] = {"decides": "d", "source": "uu 1", "requires": {"it": test}, "grants": grants}
    return found


def answer(law, person):
    found = am.decide(law, person)["d"]
    return found.status, dict(found.outcome or {}) if found.status == "granted" else None


@pytest.mark.parametrize("hit", ["any", "first"])
@pytest.mark.parametrize("seed", range(12))
def test_a_rule_is_missed_by_those_whom_the_law_without_it_answers_otherwise(seed, hit):
    all_rules = written(Seeded(seed))
    order = [*all_rules] if hit == "first" else None
    law = law_of(all_rules, order)
    extended = Extended(law)
    rules.claims(law, extended)
    measured = extended.law()
    people = [dict(zip(NAMES, given, strict=True)) for given in itertools.product((False, True), repeat=len(NAMES))]
    missed = 0
    for name in all_rules:
        rest = {n: r for n, r in all_rules.items() if n != name}
        without = law_of(rest, [*rest] if order else None)
        key = next(s.key for s in measured.steps if s.key.endswith("~missed") and f".{name}~" in f".{s.key}")
        for person in people:
            said = bool(am.decide(measured, person).raw[measured.index[key]])
            assert said == (answer(law, person) != answer(without, person)), (name, person)
            missed += said
    assert missed
