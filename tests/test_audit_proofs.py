"""Every proof of an audit stands against a hundred thousand people or pairs; everybody it shows is decided again."""

from __future__ import annotations

import functools
from pathlib import Path

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.claims import unknowns
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.findings import Kind, Verdict
from asnmerit.auditing.proving.cases import Answer
from asnmerit.auditing.questions import Exists, Extended, Extreme, Pairs, lanes_of, read_step, whole
from asnmerit.auditing.replaying import number, replay
from asnmerit.auditing.session import audit
from asnmerit.errors import NotInForceError
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call
from support.attacking import ROWS, attack, nobody_to_try, overheard, proofs

ATTACKS_ITSELF = True
CASES = Path(__file__).resolve().parent / "cases" / "audit"
DAY = "2026-04-01"
DEEP = settings().max_examples > 1_000
SECONDS = 30.0 if DEEP else 8.0
SAMPLES = 100_000 if DEEP else 30_000
APART = {Kind.CLIFF, Kind.UNKNOWN, Kind.DATE}
"""Kinds that are not claims about people, or are asked by means of their own; only deep tests audit them all."""


def in_force_on(day):
    found = []
    for name in am.policies():
        policy = am.load(name)
        if not policy.abstract:
            try:
                am.in_force(policy, on=day)
            except NotInForceError:
                continue
            found.append(name)
    return found


SOME = ["manokwari/merit", "contoh/tpp", "indonesia/gaji_pppk"]
NAMES = ["clean.yaml", "planted.yaml", *(["hospital.yaml", *in_force_on(DAY)] if DEEP else SOME)]
EACH = pytest.mark.parametrize("name", NAMES)


@functools.cache
def audited(name):
    """Audit a policy once: its law, what was found, and all that was asked and answered, by the law asked of."""
    law = am.in_force(am.load(CASES / name if name.endswith(".yaml") else name), on=DAY)
    with overheard() as heard:
        found = audit(law, budget=SECONDS, samples=SAMPLES, only=None if DEEP else sorted(set(Kind) - APART))
    asked = {}
    for of, question, answer in heard:
        asked.setdefault(id(of), (of, []))[1].append((question, answer))
    return law, found, list(asked.values())


@EACH
def test_every_proof_stands_against_a_hundred_thousand(name):
    law, found, asked = audited(name)
    assert found.findings or not law.decisions
    for of, answers in asked:
        proved = proofs(answers)
        attacked = attack(of, answers)
        assert len(attacked) == len(proved)
        for one in attacked:
            assert not one.refuting, (one.question, [People(of).record(p) for p in one.refuting])
            assert one.tried >= ROWS or nobody_to_try(of, one), one.question


@pytest.mark.parametrize("name", NAMES if DEEP else SOME)
def test_facts_that_never_matter_never_do(name):
    """What is proved of them rests on no question: here it is made one."""
    law, _, _ = audited(name)
    for one in unknowns.observe(law, samples=50):
        lanes = [lane for fact in one.value or () for lane in lanes_of(law, fact)]
        lanes = [lane for lane in lanes if law.declared[lane[0]].assume is None]
        if one.verdict is Verdict.PROVED and lanes:
            question = Pairs(f"{one.subject}.granted", "ne", dict.fromkeys(lanes, "any"))
            (done,) = attack(law, [(question, Answer("none"))])
            assert not done.refuting, one.subject
            assert done.tried >= ROWS, one.subject


@EACH
def test_everybody_who_was_found_is_answered_so_by_the_reference(name):
    law, _, asked = audited(name)
    seen = 0
    for of, answers in asked:
        people = People(of)
        for question, answer in answers:
            if answer.verdict == "found":
                seen += 1
                shows(of, people, question, answer)
    assert seen or not law.decisions


def shows(law, people, question, answer):
    assert all(people.lawful(p) for p in answer.people)
    decided = [replay(law, people.record(p)) for p in answer.people]
    said = [number(d, question.key) for d in decided]
    match question:
        case Exists():
            assert said == [1]
        case Extreme():
            den = law.steps[law.index[question.key]].code.type.den
            assert said == [answer.value / whole(den).value]
            assert question.where is None or number(decided[0], question.where) == 1
        case Pairs():
            one, other = answer.people
            assert {lane for lane in people.lanes if one[lane] != other[lane]} <= set(question.varying)
            raw = [int(d.raw[law.index[question.key]]) for d in decided]
            assert raw[0] != raw[1] if question.op == "ne" else raw[0] - raw[1] >= question.by


@EACH
def test_every_witness_is_decided_so_again(name):
    _, found, _ = audited(name)
    for one in found.findings:
        if one.witness is None:
            continue
        for decision, record in zip(one.witness.decisions, one.witness.records, strict=True):
            assert replay(decision.law, record, decision.as_of).raw == decision.raw
        if one.verdict is Verdict.COUNTEREXAMPLE:
            assert one.witness.decisions


def test_much_is_proved_and_much_refuted():
    """What is attacked above is not nothing."""
    kinds = {Exists: 0, Pairs: 0, Extreme: 0}
    for name in ("clean.yaml", "planted.yaml"):
        for _, answers in audited(name)[2]:
            for question, _ in proofs(answers):
                kinds[type(question)] += 1
    assert min(kinds.values()) > 10, kinds
    methods = {a.method for _, answers in audited("planted.yaml")[2] for _, a in proofs(answers)}
    assert {"structure", "solver"} <= methods
    clean = audited("clean.yaml")[1]
    assert all(one.verdict in {Verdict.PROVED, Verdict.OBSERVED} for one in clean.findings)
    assert len([f for f in audited("planted.yaml")[1].flaws if f.witness]) > 10


def test_nothing_is_proved_of_nobody(tmp_path):
    """Checks that nobody passes are a flaw; a guarantee that holds for nobody is not proved."""
    text = (CASES / "clean.yaml").read_text(encoding="utf-8")
    check = "checks:\n  impossible: age < 20 and base_pay > 1000000 and age > 30\n"
    path = tmp_path / "nobody.yaml"
    path.write_text(text.replace("checks:\n", check, 1), encoding="utf-8")
    law = am.in_force(am.load(path), on=DAY)
    assert not People(law, seed=1).draw(5_000).rows
    with overheard() as heard:
        found = audit(law, budget=SECONDS, samples=10_000)
    assert any(a.verdict == "none" for _, _, a in heard)
    assert found.flaws
    about_people = [one for one in found.findings if one.kind is not Kind.DATE]
    assert not [one for one in about_people if one.verdict is Verdict.PROVED]


# --- an attack finds what is to be found ---


def law_of(**sections):
    head = {"asnmerit": 1, "policy": "page/example", "title": "Example", "effective": {"from": "2020-01-01"}}
    return am.in_force(am.load({**head, "enacted": "2019-12-01", **sections}), on=DAY)


def measured():
    law = law_of(
        facts={
            "pay": {"type": "rupiah", "from": 0, "to": 90_000_000_000},
            "years": {"type": "integer", "from": 0, "to": 40},
            "xs": {"type": "list", "up_to": 4, "of": {"v": {"type": "integer", "from": 0, "to": 1_000_000}}},
        },
        derived={
            "due": "pay - (1 if pay == 12345678 and years == 33 else 0)",
            "deep": "any(x.v == 777777 for x in xs)",
        },
    )
    more = Extended(law)
    odd = more.add("odd", Call(t.BOOL, "lt", (read_step(law, "due"), whole(0)), None))
    return more.law(), odd


def test_an_attack_refutes_what_is_false_and_leaves_what_is_true():
    law, odd = measured()
    up, rows = {("pay", None): "up"}, {("xs", ".v"): "any"}
    asked = [
        (Exists("deep"), Answer("none"), True),
        (Exists(odd), Answer("none"), False),
        (Extreme("due", "max"), Answer("found", bound=89_999_999_998), True),
        (Extreme("due", "max"), Answer("found", bound=90_000_000_000), False),
        (Extreme("due", "min", "deep"), Answer("none"), True),
        (Extreme("due", "min"), Answer("open", bound=1), True),
        (Pairs("due", "gt", up), Answer("none"), False),
        (Pairs("due", "ne", {("years", None): "any"}), Answer("none"), True),
        (Pairs("deep", "ne", rows), Answer("none"), True),
        (Pairs("deep", "gt", up), Answer("none"), False),
        (Exists("deep"), Answer("open"), None),
    ]
    done = {id(one.question): one for one in attack(law, [(q, a) for q, a, _ in asked])}
    for question, answer, false in asked:
        one = done.get(id(question))
        assert (one is None) == (false is None), question
        if one is not None:
            assert bool(one.refuting) is false, (question, answer)
            assert one.tried >= ROWS
