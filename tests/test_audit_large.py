"""Laws of three hundred rules: every question is answered in the budget, and nothing that is said is untrue."""

from __future__ import annotations

import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import settings

from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.questions import Exists, Extended, Extreme, Pairs, worth
from asnmerit.auditing.replaying import replay
from asnmerit.decision import decide
from support.large import large

DEEP = settings().max_examples > 100
SEEDS = range(1, 4) if DEEP else (1,)
REPLAYED = 60 if DEEP else 8
BUDGET = Budget(total=60 if DEEP else 15, each=4, samples=40_000)
ROWS = 100_000
GRACE = 3
"""Seconds that a machine with other work may take to come back."""


def asked(law):
    """Ask what an audit asks: rules that hold, decisions in conflict, merit that harms, the most there is."""
    more = Extended(law)
    keys = {node.key: more.add(f"{node.key} worth", worth(law, node, "amount")) for node in law.decisions.values()}
    extended = more.law()
    questions = [Exists(rule.key) for node in law.decisions.values() for rule in node.rules]
    questions += [Exists(f"{key}.conflict") for key in keys if f"{key}.conflict" in law.index]
    merit = [lane for lane in law.inputs if lane[0] in law.declared and "merit" in law.declared[lane[0]].marks]
    questions += [Pairs(key, "gt", {lane: "up"}) for key in keys.values() for lane in merit]
    questions += [Pairs(key, "ne", {("b0", None): "any"}) for key in keys.values()]
    questions += [Extreme(key, "max") for key in keys.values()]
    return extended, questions


@pytest.mark.parametrize("seed", SEEDS)
def test_three_hundred_rules_are_answered_in_time_and_truly(seed):
    law, questions = asked(large(seed, 300))
    told = []
    started = time.monotonic()
    with Prover(law, BUDGET, progress=lambda *args: told.append(args)) as prover:
        answers = prover.ask_all(questions)
    assert time.monotonic() - started < BUDGET.total + GRACE
    said = Counter((type(q).__name__, a.verdict) for q, a in zip(questions, answers, strict=True))
    assert said["Exists", "found"] > 150 and said["Exists", "none"] > 3, said
    assert said["Pairs", "found"] > 3, said
    assert len(told) > 5 and told[-1][1] == len(questions)
    _found(law, questions, answers)
    _none(law, questions, answers, seed)


def _found(law, questions, answers):
    """Whoever is shown is what was asked for, by `decide`; and by the reference, of whom it can be asked in time."""
    people = People(law)
    some = (replay,) * REPLAYED + (decide,) * len(answers)
    shown = sorted(zip(questions, answers, strict=True), key=lambda one: isinstance(one[0], Exists))
    for (question, answer), way in zip(shown, some, strict=False):
        values = [int(way(law, people.record(one)).raw[law.index[question.key]]) for one in answer.people]
        if isinstance(question, Extreme):
            assert values == ([] if answer.value is None else [answer.value])
            assert answer.value is None or answer.value <= answer.bound
        elif answer.verdict == "found":
            right = {Exists: values == [1]}.get(type(question))
            if right is None:
                right = values[0] != values[1] if question.op == "ne" else values[0] > values[1]
            assert right, (question, values)


def _none(law, questions, answers, seed):
    """Among a hundred thousand people whom the prover did not see there is nobody of whom it says there is nobody."""
    people = People(law, seed=seed + 1_000)
    none = [q for q, a in zip(questions, answers, strict=True) if a.verdict == "none"]
    tops = [(q, a) for q, a in zip(questions, answers, strict=True) if isinstance(q, Extreme)]
    keys = sorted({q.key for q in questions})
    seen = 0
    while seen < ROWS:
        block = people.draw(50_000)
        assert block.rows
        seen += block.rows
        values = people.values(keys, block)
        for question in none:
            if isinstance(question, Exists):
                assert not values[question.key].any(), question
        for question, answer in tops:
            assert int(values[question.key].max()) <= answer.bound, question
        for question in (q for q in none if isinstance(q, Pairs)):
            first, second = people.pairs(block, question.varying)
            a, b = (people.values([question.key], x)[question.key].astype(np.int64) for x in (first, second))
            assert not (a != b if question.op == "ne" else a > b).any(), question
