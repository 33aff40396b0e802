"""The least and the most of amounts and scores, and what a person can cost, held against everybody there is."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.claims import bounds, exposure
from asnmerit.auditing.claims.claim import Bench, Shown
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.findings import Kind, Verdict
from asnmerit.auditing.proving.cases import Answer
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.questions import Extended, Extreme
from asnmerit.auditing.replaying import number
from asnmerit.auditing.session import audit
from asnmerit.errors import ArgumentError
from support.small import HEAD, everyone, small_law

SEEDS = range(max(16, settings().max_examples // 25))
RUPIAH = {"type": "rupiah"}
FEW = {"type": "rupiah", "from": 0, "to": 5}


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "sources": {"s": {"title": "S"}}, **sections}), on="2026-04-01")


def benefit(grants, requires=None, of=RUPIAH, **facts):
    """Give a law of one benefit."""
    return law_of(
        facts=facts,
        decisions={"pay": {"kind": "benefit", "outcome": {"amount": of}}},
        rules={"paid": {"decides": "pay", "requires": requires or {}, "grants": {"amount": grants}}},
    )


def asked(law, claims, extended, budget):
    """Give each claim with its answers and what it reads from them."""
    whole = extended.law()
    bench = Bench(law, whole, law.on)
    with Prover(whole, budget) as prover:
        answers = iter(prover.ask_all([q for c in claims for q in c.questions]))
        shown = [tuple(Shown(q, next(answers), bench) for q in c.questions) for c in claims]
    return [(claim, some, claim.read(some)) for claim, some in zip(claims, shown, strict=True)]


def columns(law, block, *keys):
    values = People(law).values(keys, block)
    return [values[k] for k in keys]


def truth(law, block, question):
    """Give the extreme among all people, and None where there is nobody."""
    (column,) = columns(law, block, question.key)
    if question.where is not None:
        column = column[columns(law, block, question.where)[0]]
    if not len(column):
        return None
    return int(column.max() if question.sense == "max" else column.min())


# --- against everybody ---


@pytest.mark.parametrize("seed", SEEDS)
def test_every_bound_is_the_one_that_everybody_shows(seed):
    law = small_law(seed)
    extended = Extended(law)
    claims = [*bounds.claims(law, extended), *exposure.claims(law, extended)]
    block = everyone(law)
    whole = extended.law()
    for claim, shown, found in asked(law, claims, extended, Budget(total=15, samples=20_000, jobs=1)):
        (question,) = claim.questions
        (one,) = found
        right = truth(whole, block, question)
        answer = shown[0].answer
        den = whole.steps[whole.index[question.key]].code.type.den
        if right is None:
            assert answer.verdict == "none"
            assert one.value is None
            assert one.witness is None
            assert one.told["en"].startswith("Proved: there is nobody")
            continue
        assert answer.proved, "these laws are small"
        assert one.value == Fraction(right, den)
        assert "proved, and somebody has it" in one.told["en"]
        measured = am.decide(whole, one.witness.records[0] or {}, law.on)
        assert number(measured, question.key) == one.value


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_person_costs_is_the_sum_of_the_benefits_granted(seed):
    law = small_law(seed)
    extended = Extended(law)
    claims = exposure.claims(law, extended)
    parts = [n for n in law.decisions.values() if n.kind == "benefit" and n.fields["amount"].unit == "rupiah"]
    assert bool(claims) is bool(parts)
    if not parts:
        return
    block = everyone(law)
    total = np.zeros(block.rows, np.int64)
    for node in parts:
        amount, granted = columns(law, block, f"{node.key}.amount", f"{node.key}.granted")
        if node.may_conflict:
            granted = granted & ~columns(law, block, f"{node.key}.conflict")[0]
        total += np.where(granted, amount, 0)
    answers = asked(law, claims, extended, Budget(total=15, samples=20_000, jobs=1))
    ranks = [c.subject for c in claims[1:]]
    if block.rows:
        assert answers[0][2][0].value == total.max()
    for i, _ in enumerate(ranks):
        held = total[block.values["rank", None] == i]
        assert answers[i + 1][2][0].value == (held.max() if len(held) else None)


def test_some_of_these_laws_tell_ranks_apart_and_some_grant_nobody():
    laws = [small_law(seed) for seed in SEEDS]
    claims = [exposure.claims(law, Extended(law)) for law in laws]
    assert any(len(c) > 1 for c in claims)
    assert any(len(c) == 1 for c in claims)
    assert any(not c for c in claims)


# --- honest words ---


def read_as(answer, of=RUPIAH):
    law = benefit("n", None, of, n={"type": "rupiah", "from": 0, "to": 10})
    extended = Extended(law)
    claim = next(c for c in bounds.claims(law, extended) if c.words["en"].startswith("The most"))
    assert isinstance(claim.questions[0], Extreme)
    (found,) = claim.read((Shown(claim.questions[0], answer, Bench(law, extended.law(), law.on)),))
    return found


def test_what_is_not_proved_is_called_the_largest_found():
    person = {("n", None): 7}
    found = read_as(Answer("found", (person,), "solver", 123, value=7, bound=9))
    assert found.told["en"] == "The largest found: Rp 7. Proved to be at most Rp 9."
    assert (found.verdict, found.method, found.samples) == (Verdict.OBSERVED, "samples", 123)
    assert found.witness.decisions[0]["pay"].outcome == {"amount": 7}


def test_what_is_proved_says_so_and_by_what():
    person = {("n", None): 10}
    found = read_as(Answer("found", (person,), "structure", 5, value=10, bound=10, proved=True))
    assert found.told == {
        "id": "Rp10: terbukti, dan ada orangnya.",
        "en": "Rp 10: proved, and somebody has it.",
    }
    assert found.method == "structure"


def test_a_bound_that_nobody_was_found_for_is_only_a_bound():
    found = read_as(Answer("open", samples=9, bound=10))
    assert found.told["en"] == "Nobody was found. Proved to be at most Rp 10."
    assert (found.value, found.witness, found.method) == (None, None, "samples")


def test_a_bound_too_hard_to_prove_is_not_called_proved():
    prime = 1_000_000_000_039
    factor = {"type": "integer", "from": 1, "to": 1_000_000}
    law = benefit(f"(1 if a * b * c == {prime} else 0)", of={"type": "integer"}, a=factor, b=factor, c=factor)
    (most,) = [f for f in audit(law, only="bound", budget=4, samples=20_000) if f.claim["en"].startswith("The most")]
    assert most.value == 0
    assert most.told["en"] == "The largest found: 0. Proved to be at most 1."


# --- declared ranges ---


def range_found(law):
    return [f for f in audit(law, only="bound", budget=10, samples=20_000) if "declared range" in f.claim["en"]]


def test_a_declared_range_that_is_attained_is_proved_with_both_people():
    law = benefit("n", None, {"type": "integer", "from": 0, "to": 4}, n={"type": "integer", "from": 0, "to": 4})
    (found,) = range_found(law)
    assert found.verdict is Verdict.PROVED
    assert [d["pay"].outcome["amount"] for d in found.witness.decisions] == [0, 4]


def test_a_declared_range_wider_than_what_is_attained_is_told():
    law = benefit("2 * n", None, {"type": "integer", "from": -5, "to": 9}, n={"type": "integer", "from": 0, "to": 4})
    (found,) = range_found(law)
    assert found.verdict is Verdict.OBSERVED
    assert found.told["en"] == "Never less than 0 (proved). Never more than 8 (proved)."
    assert found.claim["en"] == "The declared range of pay: amount, -5 to 9"
    assert not found.flaw


def test_of_a_burden_the_bounds_are_asked_where_it_is_imposed():
    law = law_of(
        facts={"n": {"type": "integer", "from": 0, "to": 4}},
        decisions={"cut": {"kind": "burden", "outcome": {"amount": {"type": "integer"}}}},
        rules={"late": {"decides": "cut", "requires": {"some": "n > 1"}, "grants": {"amount": "2 * n"}}},
    )
    said = [f.claim for f in audit(law, only="bound", budget=10, samples=2_000)]
    assert any("where it is imposed" in words["en"] and "bila dikenakan" in words["id"] for words in said)
    assert not any("granted" in words["en"] or "diberikan" in words["id"] for words in said)


# --- odd laws ---


@pytest.mark.parametrize(
    ("law", "values"),
    [
        (law_of(facts={"a": "bool"}, decisions={"d": {}}, rules={"r": {"decides": "d", "requires": {"c": "a"}}}), []),
        (benefit("0", {"c": "a"}, a="bool"), [0, 0, 0]),
        (benefit("-5", {"c": "a"}, a="bool"), [-5, -5, 0]),
        (benefit("7"), [7, 7, 7]),
        (benefit("7", {"c": "a and not a"}, a="bool"), [None, None, 0]),
        (
            benefit("y[0] - y[1]", y={"type": "rupiah", "from": 0, "to": 9, "per": "year", "back": 2}),
            [9, -9, 9],
        ),
        (
            benefit("sum(x.v for x in l)", l={"type": "list", "up_to": 3, "of": {"v": FEW}}),
            [15, 0, 15],
        ),
    ],
)  # fmt: skip
def test_laws_of_little_have_bounds(law, values):
    found = audit(law, only=["bound", "exposure"], budget=10, samples=20_000)
    by_kind = [*found.of(Kind.BOUND), *found.of(Kind.EXPOSURE)]
    most = [f for f in by_kind if "most" in f.claim["en"] and f.kind is Kind.BOUND]
    least = [f for f in by_kind if "least" in f.claim["en"]]
    assert [f.value for f in [*most, *least, *found.of(Kind.EXPOSURE)]] == values
    assert not found.flaws
    assert not found.notes


def test_burdens_and_other_units_cost_nothing():
    law = law_of(
        facts={"a": "bool"},
        decisions={
            "cut": {"kind": "burden", "outcome": {"amount": {"type": "integer"}}},
            "leave": {"kind": "benefit", "outcome": {"days": {"type": "integer"}}},
        },
        rules={
            "r": {"decides": "cut", "requires": {"c": "a"}, "grants": {"amount": "5"}},
            "s": {"decides": "leave", "requires": {"c": "a"}, "grants": {"days": "3"}},
        },
    )
    assert exposure.claims(law, Extended(law)) == []


def test_one_amount_computed_from_another_is_told():
    law = law_of(
        facts={"n": {"type": "rupiah", "from": 0, "to": 10}},
        decisions={
            d: {"kind": "benefit", "outcome": {"amount": RUPIAH}, "otherwise": {"amount": 99}}
            for d in ("base", "bonus")
        },
        rules={
            "r": {"decides": "base", "grants": {"amount": "n"}},
            "s": {"decides": "bonus", "requires": {"c": "base.granted"}, "grants": {"amount": "base.amount"}},
        },
    )
    (found,) = audit(law, only="exposure", budget=10, samples=5_000)
    assert found.value == 20
    assert "base: amount is used in computing bonus: amount" in found.told["en"]


def test_a_fact_to_tell_people_apart_must_be_ordered():
    law = am.in_force(am.load("indonesia/gaji"), on="2026-04-01")
    assert len(exposure.claims(law, Extended(law), by="rank")) == 18
    with pytest.raises(ArgumentError, match="ordered fact"):
        exposure.claims(law, Extended(law), by="nothing")


def test_the_same_seed_gives_the_same_bounds():
    law = small_law(3)
    one, other = (audit(law, only=["bound", "exposure"], budget=40, samples=5_000).to_dict() for _ in range(2))
    assert one == other
