"""Attacks on proofs: people and pairs by the hundred thousand against whoever says that there is nobody."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import attrs
import numpy as np

from asnmerit.auditing.claims.tied import tied
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.proving.driver import Prover
from asnmerit.auditing.questions import Exists, Extended, Pairs, both

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from asnmerit.auditing.proving.cases import Answer
    from asnmerit.auditing.questions import Lane, Question, Relation
    from asnmerit.frames.kernel import Block
    from asnmerit.rules.law import Law

ROWS = 100_000
ONCE = 50_000
MOST_DRAWS = 400
IN_VAIN = 40
Asked = tuple["Question", "Answer"]


@attrs.frozen(eq=False)
class Attacked:
    """A proof after its attack: how many people or pairs were tried, and those who refute it, none if it stands."""

    question: Question
    tried: int
    refuting: tuple[Any, ...] = ()


def proofs(asked: Iterable[Asked]) -> list[Asked]:
    """Give the questions of which something is proved: that there is nobody, or that no value passes a bound."""
    assert not any(getattr(q, "within", None) for q, _ in asked), "an audit fixes nobody's lanes"
    return [(q, a) for q, a in asked if a.verdict == "none" or a.bound is not None]


@contextmanager
def overheard() -> Iterator[list[tuple[Law, Question, Answer]]]:
    """Listen to every prover: the law with its measured steps, the question, the answer."""
    heard: list[tuple[Law, Question, Answer]] = []
    ask_all = Prover.ask_all

    def asked(self: Prover, questions: Sequence[Question], seconds: float | None = None) -> list[Answer]:
        answers = ask_all(self, questions, seconds)
        heard.extend((self.law, q, a) for q, a in zip(questions, answers, strict=True))
        return answers

    with patch.object(Prover, "ask_all", asked):
        yield heard


def refuse_refuted(heard: Iterable[tuple[Law, Question, Answer]]) -> int:
    """Attack all that was proved while somebody listened, and fail where a proof does not stand; say how many do.

    Questions that fix what a person is in all but a few facts are left out: there is nobody else to try.
    """
    asked: dict[int, tuple[Law, list[Asked]]] = {}
    for law, question, answer in heard:
        if not getattr(question, "within", None):
            asked.setdefault(id(law), (law, []))[1].append((question, answer))
    stood = 0
    for law, answers in asked.values():
        if not proofs(answers):
            continue
        for one in attack(law, answers):
            assert not one.refuting, (one.question, [People(law).record(p) for p in one.refuting])
            assert one.tried >= ROWS or nobody_to_try(law, one), one.question
            stood += 1
    return stood


def nobody_to_try(law: Law, attacked: Attacked) -> bool:
    """Whether it is proved that there is nobody to try: no person whom the checks let pass, or no pair who differ."""
    question = attacked.question
    if attacked.tried:
        return False
    if isinstance(question, Pairs) and not question.varying:
        return True
    extended = Extended(law)
    somebody = Exists(extended.add("somebody to try", both()))
    with Prover(extended.law()) as prover:
        if prover.ask(somebody).verdict == "none":
            return True
    return isinstance(question, Pairs) and nobody_apart(law, question.varying)


def attack(law: Law, asked: Sequence[Asked], rows: int = ROWS, seed: int = 7) -> list[Attacked]:
    """Attack every proof of a law by so many people, or by so many pairs who differ.

    Everybody whom the answers found is a person to draw around: those at the bounds are among them.
    """
    people = People(law, seed=seed)
    for _, answer in asked:
        for found in answer.people:
            people.seed(found)
    single = [(q, a) for q, a in proofs(asked) if not isinstance(q, Pairs)]
    pairs: dict[Any, list[Asked]] = {}
    for question, answer in proofs(asked):
        if isinstance(question, Pairs):
            pairs.setdefault(tuple(sorted(question.varying.items(), key=str)), []).append((question, answer))
    found = list(_by_people(people, single, rows)) if single else []
    for varying, group in pairs.items():
        found += _by_pairs(people, dict(varying), group, rows)
    return found


def nobody_apart(law: Law, varying: Mapping[Lane, Relation]) -> bool:
    """Whether the checks of a law leave no two people who differ so, by proof, or an audit owns that it is not known.

    Then no pair can be drawn.
    """
    extended = Extended(law)
    found = tied(law, extended, varying)
    with Prover(extended.law()) as prover:
        answers = dict(zip(map(id, found.questions), prover.ask_all(found.questions), strict=True))
    return bool(found.told(lambda question: answers[id(question)].verdict)[1])


def _by_people(people: People, asked: Sequence[Asked], rows: int) -> Iterator[Attacked]:
    keys = {k for q, _ in asked for k in (q.key, getattr(q, "where", None)) if k}
    tried = 0
    refuting: list[tuple[Any, ...]] = [()] * len(asked)
    for turn in range(MOST_DRAWS):
        if tried >= rows or (not tried and turn >= IN_VAIN):
            break
        block = people.draw(ONCE)
        values = people.values(sorted(keys), block)
        tried += block.rows
        for i, (question, answer) in enumerate(asked):
            bad = np.flatnonzero(refutes(question, answer, values, block.rows))
            if len(bad) and not refuting[i]:
                refuting[i] = (people.lanes_at(block, int(bad[0])),)
    for (question, _), people_ in zip(asked, refuting, strict=True):
        yield Attacked(question, tried, people_)


def refutes(question: Any, answer: Answer, values: Any, rows: int) -> Any:
    """Say who refutes what was proved."""
    if isinstance(question, Exists):
        return values[question.key]
    within = np.ones(rows, np.bool_) if question.where is None else values[question.where]
    if answer.verdict == "none":
        return within
    column = values[question.key]
    return within & (column > answer.bound if question.sense == "max" else column < answer.bound)


def _by_pairs(people: People, varying: dict[Lane, Any], asked: Sequence[Asked], rows: int) -> Iterator[Attacked]:
    keys = sorted({q.key for q, _ in asked})
    tried = 0
    refuting: list[tuple[Any, ...]] = [()] * len(asked)
    for turn in range(MOST_DRAWS):
        if tried >= rows or (not tried and turn >= IN_VAIN):
            break
        first, second = people.pairs(people.draw(ONCE), varying)
        tried += int(apart(first, second, varying).sum())
        a, b = people.values(keys, first), people.values(keys, second)
        for i, (question, _) in enumerate(asked):
            x, y = a[question.key], b[question.key]
            gap = x.astype(np.int64) - y.astype(np.int64)
            bad = np.flatnonzero(x != y if question.op == "ne" else gap >= question.by)
            if len(bad) and not refuting[i]:
                refuting[i] = tuple(people.lanes_at(block, int(bad[0])) for block in (first, second))
    for (question, _), people_ in zip(asked, refuting, strict=True):
        yield Attacked(question, tried, people_)


def apart(first: Block, second: Block, varying: Iterable[Lane]) -> Any:
    """Say which pairs differ, in a row of a list that they have if in a list."""
    found = np.zeros(first.rows, np.bool_)
    for lane in varying:
        differs = first.values[lane] != second.values[lane]
        if differs.ndim > 1:
            count = np.maximum(first.values[lane[0], "#"], second.values[lane[0], "#"])
            differs = (differs & (np.arange(len(differs))[:, None] < count)).any(axis=0)
        found |= differs
    return found
