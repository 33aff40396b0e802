"""Every proof is held against everybody: random laws so small that all people, and all pairs, can be looked at."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings

from asnmerit.auditing.proving import directions
from asnmerit.auditing.proving.asked import Task
from asnmerit.auditing.proving.cases import Case
from asnmerit.auditing.proving.confirming import Confirming
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.proving.racing import ENCODINGS
from asnmerit.auditing.proving.structure import Structure
from asnmerit.auditing.proving.worker import Watch
from asnmerit.auditing.questions import Exists, Extended, Extreme, Pairs, better, fields_of, settled, worth
from asnmerit.smt.asking import Asking
from support.tiny import Everybody, tiny

DEPTH = settings().max_examples
LAWS = max(48, DEPTH // 5)
SOLVED = max(9, DEPTH // 30)
PROVED = max(3, DEPTH // 60)


def laws(count, start=0, *, lists=False):
    """Give tiny laws, those with lists where it is said, with the steps that audits measure."""
    found, seed = 0, start
    while found < count:
        seed += 1
        made = tiny(seed)
        if made is not None and (not lists or any(slot == "#" for _, slot in made[1].inputs)):
            found += 1
            document, law, dice = made
            more = Extended(law)
            for node in law.decisions.values():
                more.add(f"{node.key} settled", settled(law, node))
                for field in (None, *(f for f in fields_of(law, node) if better(node, f) is not None)):
                    more.add(f"{node.key} {field} worth", worth(law, node, field))
            yield document, more.law(), dice


def questions(everybody, dice, many):
    """Give questions of every shape: about truths, about numbers, about pairs that differ in a fact or a few."""
    law, structure = everybody.law, Structure(everybody.law)
    plain = [s for s in law.steps if s.binder is None and s.role != "check"]
    plain = [s for s in plain if structure.cone(s.key) & everybody.known.keys()] or plain
    truths = [s.key for s in plain if s.code.type.kind == "bool"]
    numbers = [s.key for s in plain if s.code.type.kind == "number"]
    both = truths + numbers
    for _ in range(many):
        if truths:
            yield Exists(dice.pick(truths), within(everybody, dice))
        if numbers:
            where = dice.pick(truths) if truths and dice.chance(40) else None
            yield Extreme(dice.pick(numbers), dice.pick(("max", "min")), where, within(everybody, dice))
        for op, ways in (("ne", ("any",)), ("gt", ("up", "up", "next", "any")), ("gt", ("up", "next"))) if both else ():
            key = dice.pick(both)
            by = dice.pick((1, 1, 2, 5)) if op == "gt" and key in numbers else 1
            yield Pairs(key, op, varying(everybody, dice, ways, structure.cone(key)), by)


def varying(everybody, dice, ways, cone):
    """Choose lanes that reach: of a list its rows, or all of it in any way. Members without order go any way."""
    found = {}
    reach = [lane for lane in everybody.known if lane in cone] if dice.chance(90) else []
    names = list(dict.fromkeys(name for name, _ in reach or everybody.known))
    for _ in range(dice.whole(1, 2)):
        name, how = dice.pick(names), dice.pick(ways)
        lanes = [lane for lane in everybody.known if lane[0] == name]
        if not all(everybody.known[lane].ordered for lane in lanes):
            how = "any"
        if (name, "#") in lanes and how != "any":
            lanes.remove((name, "#"))
        if how == "next" and dice.chance(50):
            lanes = lanes[:1]
        found |= dict.fromkeys(lanes, how)
    return found


def within(everybody, dice):
    """Fix a lane or two, sometimes; a list as a whole."""
    found = {}
    for lane in everybody.known if dice.chance(40) else ():
        name, domain = lane[0], everybody.known[lane]
        if lane[1] == "#" or domain.field or not dice.chance(50):
            continue
        found[name, lane[1]] = domain.low + dice.whole(0, domain.size - 1) * domain.step
    for name in {n for n, slot in everybody.known if slot == "#"} if dice.chance(30) else ():
        count = dice.whole(0, everybody.known[name, "#"].high)
        for lane, domain in everybody.known.items():
            if lane[0] == name:
                rows = [domain.low + dice.whole(0, domain.size - 1) * domain.step for _ in range(count)]
                found[lane] = rows if domain.field else count
    return found


def right(everybody, question):
    """Give what is true: whether there is somebody, or the value."""
    match question:
        case Exists(key, fixed):
            return everybody.exists(key, fixed)
        case Extreme(key, sense, where, fixed):
            return everybody.extreme(key, sense, where, fixed)
        case Pairs(key, op, lanes, by):
            return everybody.pair(key, op, lanes, by)


# --- the form of the law ---


@pytest.mark.parametrize("part", range(6))
def test_what_the_form_of_a_law_settles_is_true_of_everybody(part):
    said = Counter()
    for made, law, dice in laws(LAWS // 6, part * 10_000):
        everybody, structure = Everybody(law), Structure(law)
        for question in questions(everybody, dice, 4):
            found = structure.settled(question)
            if found is None:
                continue
            true = right(everybody, question)
            kind = type(question).__name__
            if found.none:
                said[kind] += 1
                assert not true and (true is None or kind != "Extreme"), (question, made.dump())
            elif kind == "Extreme" and true is not None:
                said["bound"] += 1
                assert true <= found.bound if question.sense == "max" else true >= found.bound, (question, made.dump())
                said["met"] += true == found.bound
    assert said["Pairs"] > 20 and said["bound"] > 10 and said["met"] > 5, said


@pytest.mark.parametrize("op", ["lt", "not", "pick", "select", "lookup", "add", "sub", "min"])
def test_a_wrong_direction_is_caught(monkeypatch, op):
    """Whoever looks at everybody sees that a direction is wrong: here nothing that an operator gives ever falls."""
    right_ = directions._WAYS[op]
    monkeypatch.setitem(directions._WAYS, op, lambda *args: (right_(*args)[0], False))
    for _, law, dice in laws(LAWS * 2, 0):
        everybody, structure = Everybody(law), Structure(law)
        for question in questions(everybody, dice, 4):
            found = structure.settled(question) if isinstance(question, Pairs) else None
            if found is not None and found.none and right(everybody, question):
                return
    pytest.fail("nobody saw it")


# --- each encoding ---


@pytest.mark.parametrize("encoding", sorted({e for names in ENCODINGS.values() for e in names}))
def test_what_the_solver_proves_in_each_encoding_is_true_of_everybody(encoding):
    said = Counter()
    for made, law, dice in laws(SOLVED, 70_000, lists=encoding == "few"):
        everybody, confirming = Everybody(law), Confirming(law, law.on)
        asking = Asking(law, law.on, 4_000)
        for question in questions(everybody, dice, 3):
            if encoding not in ENCODINGS[type(question)]:
                continue
            found = asked(asking, question, encoding)
            if found.told.startswith("done: nothing"):
                continue
            true = right(everybody, question)
            said[found.verdict] += 1
            if isinstance(question, Extreme):
                _bounded(question, found, true, made)
            elif found.verdict == "none":
                assert not true, (question, made.dump())
            elif found.verdict == "found":
                assert true, (question, made.dump())
            if found.verdict == "found":
                case = Case(0, question)
                assert confirming.take(case, found.people, "solver"), (question, case.notes, made.dump())
    assert said["none"] + said["found"] + said["open"] > 0
    assert said["found"] > 0 or encoding in {"coarse", "abstract"}, said
    assert said["none"] > 0 or encoding == "few", said


def asked(asking, question, encoding, limit=2.0):
    watch = Watch(asking.interrupt)
    with watch.watching():
        return asking.answer(Task(0, question, encoding, limit), watch, lambda: watch.start(limit), lambda _: None)


def _bounded(question, found, true, made):
    if found.verdict == "none":
        assert true is None, (question, made.dump())
    sign = 1 if question.sense == "max" else -1
    if true is not None and found.bound is not None:
        assert sign * true <= sign * found.bound, (question, made.dump())
    if true is not None and found.value is not None:
        assert sign * true >= sign * found.value, (question, made.dump())
        if found.value == found.bound:
            assert true == found.value, (question, made.dump())


# --- all together ---


def test_the_answers_of_a_prover_are_true_of_everybody():
    said = Counter()
    for made, law, dice in laws(PROVED, 90_000):
        everybody = Everybody(law)
        asked_ = list(questions(everybody, dice, 5))
        with Prover(law, Budget(total=15, samples=3_000, each=4)) as prover:
            answers = prover.ask_all(asked_)
        for question, answer in zip(asked_, answers, strict=True):
            true = right(everybody, question)
            said[type(question).__name__, answer.verdict] += 1
            assert not answer.note, (answer, made.dump())
            if isinstance(question, Extreme):
                assert (answer.verdict == "none") == (true is None), (question, answer, made.dump())
                assert answer.proved and answer.value == true, (question, answer, made.dump())
            else:
                assert answer.verdict == ("found" if true else "none"), (question, answer, made.dump())
    assert all(said[kind, verdict] for kind in ("Exists", "Pairs") for verdict in ("none", "found")), said
    assert said["Extreme", "found"], said
