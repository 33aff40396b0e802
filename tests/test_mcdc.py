"""Cases that one condition decides, checked by an evaluation of their own: no measure of the search is used here."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import attrs
import pytest
import yaml

import asnmerit as am
from asnmerit.auditing.crossing import MET, UNMET
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.deciders import deciders, units
from asnmerit.auditing.mcdc import mcdc_cases, told_cases
from asnmerit.auditing.proving.driver import Prover
from asnmerit.auditing.replaying import replay
from asnmerit.exact import exact_given
from asnmerit.frames.kernel import BlockKernel
from asnmerit.mutation import mutate, running
from asnmerit.rules.expr import Call, Step
from asnmerit.rules.reference import evaluated
from asnmerit.scenarios import run_scenarios
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.running import Laws, run_book
from support.small import everyone, small_law

CASES = Path(__file__).resolve().parent / "cases" / "mutation"
POLICY = CASES / "tunjangan.yaml"
DAY = "2026-04-01"
ATTACK = 100_000
SEEDS = range(12)


@pytest.fixture(scope="module")
def law():
    return am.in_force(am.load(POLICY), on=DAY)


@pytest.fixture(scope="module")
def found(law):
    return mcdc_cases(law, budget=20)


# --- an evaluation of its own ---


def kleene(op, values):
    match op:
        case "and":
            return False if False in values else None if None in values else True
        case "or":
            return True if True in values else None if None in values else False
        case "not":
            return None if values[0] is None else not values[0]
        case _:
            raise AssertionError(op)


def truth(law, facts, steps, node, path=(), put=None):
    """The truth of a rule's expression for a person, with `put` in place of what stands at the end of a path."""
    if not path and put is not None:
        return put
    if isinstance(node, Step):
        inner = law.steps[law.index[node.key]].rich
        return truth(law, facts, steps, inner, path[1:], put) if path else steps[node.key]
    if isinstance(node, Call) and node.op in {"and", "or", "not"}:
        values = []
        for i, arg in enumerate(node.args):
            inside = bool(path) and path[0] == i
            values.append(truth(law, facts, steps, arg, path[1:] if inside else (), put if inside else None))
        return kleene(node.op, values)
    if isinstance(node, Call) and path:
        args = [
            truth(law, facts, steps, a, path[1:], put) if path[0] == i else evaluated(a, law.data, facts, steps)
            for i, a in enumerate(node.args)
        ]
        values = [sum(1 for a in args if a is True), sum(1 for a in args if a is None)]
        assert node.op == "at_least", node.op
        return law_at_least(law, node, values)
    return evaluated(node, law.data, facts, steps)


def law_at_least(law, node, values):
    wanted = int(law.data.resolved(node.const))
    return True if values[0] >= wanted else None if sum(values) >= wanted else False


def decides(law, unit, decision):
    """Whether a unit alone decides its rule for a person, its own truth, and the truth of the rule."""
    facts, steps = exact_given(decision)
    top = law.steps[law.index[unit.rule.key]].rich
    rule = truth(law, facts, steps, top)
    assert rule is steps[unit.rule.key]
    own = evaluated(unit.expr, law.data, facts, steps)
    as_if = {value: truth(law, facts, steps, top, unit.path, put=value) for value in (True, False)}
    assert as_if[own] is rule
    return as_if[True] is not as_if[False], own, rule


# --- pairs ---


def test_every_condition_and_every_test_is_a_unit(law):
    names = [u.name for u in units(law)]
    assert len(names) == len(set(names))
    wanted = {
        "penuh: requires.nilai": 2,
        "penuh: requires.masa": 0,
        "penuh: requires.terlatih": 0,
        "penuh: unless.cuti": 0,
        "sebagian: requires.salah_satu": 0,
        "sebagian: requires.salah_satu.nilai": 0,
        "sebagian: requires.salah_satu.sikap": 0,
    }
    for name, tests in wanted.items():
        condition = next(
            (n for n in names if n.endswith(name.split(": ")[1]) and n.startswith(name.split(":")[0])), None
        )
        assert condition is not None, (name, names)
        assert sum(n.startswith(f"{condition} test") for n in names) == tests, names


def test_each_condition_has_a_pair_or_a_reason(law, found):
    every = [u.name for u in units(law)]
    assert sorted([p.unit.name for p in found.pairs] + [w.unit.name for w in found.without]) == sorted(every)
    assert found.counts()["none found"] == 0
    reasons = {w.unit.name: w for w in found.without}
    assert len(reasons) == 1
    redundant = next(iter(reasons.values()))  # nilai >= 10 beside nilai >= 15
    assert redundant.unit.name.endswith("nilai test 2")
    assert redundant.proved
    assert "always holds" in redundant.reason


def test_in_each_pair_the_condition_alone_decides(law, found):
    assert len(found.pairs) > 12
    for pair in found.pairs:
        met, unmet = (replay(law, d.facts, d.as_of) for d in (pair.met, pair.unmet))
        alone, own, rule = decides(law, pair.unit, met)
        other_alone, other_own, other_rule = decides(law, pair.unit, unmet)
        assert (alone, other_alone) == (True, True), pair.unit.name
        assert own is not other_own
        assert (rule, other_rule) == (True, False)


def test_on_the_boundary_means_one_step_of_one_fact(law, found):
    people = People(law)
    near = Counter(p.near for p in found.pairs)
    assert near["boundary"] >= 5
    for pair in found.pairs:
        one, other = (people.lanes_of_record(d.facts) for d in (pair.met, pair.unmet))
        longer = {lane[0] for lane in one if lane[1] == "#" and one[lane] != other[lane]}
        apart = [x for x in one if one[x] != other[x] and (x[0] not in longer or x[1] == "#")]
        assert set(pair.facts) == {lane[0] for lane in apart}
        if pair.near != "several facts":
            assert len(apart) == 1, (pair.unit.name, apart)
        if pair.near == "boundary":
            a, b = one[apart[0]], other[apart[0]]
            gaps = [abs(x - y) for x, y in zip(a, b, strict=True)] if isinstance(a, list) else [abs(a - b)]
            assert max(gaps) == people.lanes[apart[0]].step


def test_the_file_of_cases_passes_and_fails_where_a_condition_is_changed(found, tmp_path):
    file = tmp_path / "uji.scenarios.yaml"
    file.write_text(found.text(), encoding="utf-8")
    (tmp_path / "tunjangan.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    results = run_scenarios([file])
    assert len(results) == 2 * len(found.pairs) == len(found.cases)
    assert all(r.passed for r in results)
    other = yaml.safe_load(POLICY.read_text(encoding="utf-8"))
    other["rules"]["penuh"]["requires"]["masa"]["is"] = "bulan > masa"

    class Changed(Laws):
        def of(self, scenario, book):  # noqa: ARG002 - as the one above it
            return am.in_force(am.load(other), on=scenario.on)

    failed = {r.name for r in run_book(book_of(file.read_text(encoding="utf-8"), str(file)), Changed()) if not r.passed}
    assert any("masa" in name and name.endswith("_met") for name in failed)


def test_cases_notice_every_condition_that_is_dropped_or_turned(found, tmp_path, monkeypatch):
    """Whatever has a pair is noticed by it: of the changes of conditions of rules none is left but the redundant."""
    file = tmp_path / "uji.scenarios.yaml"
    file.write_text(found.text(), encoding="utf-8")
    kinds = {"dropped condition", "polarity", "exception", "connective"}
    every = running.mutants

    def of_conditions(root, policy):
        return [m for m in every(root, policy) if m.kind in kinds and m.path[0] in {"rules", "decisions"}]

    monkeypatch.setattr(running, "mutants", of_conditions)
    report = mutate(POLICY, file, on=DAY, samples=2_000)
    asked = [e for e in report.endings if e.fate not in {"stillborn", "equivalent"}]
    assert len(asked) > 10
    assert [str(e.mutant) for e in asked if e.fate != "killed"] == []


# --- what has none ---


def test_proofs_that_there_is_no_pair_are_attacked(law, found):
    extended, every = deciders(law)
    by_name = {d.unit.name: d for d in every}
    proved = [by_name[w.unit.name] for w in found.without if w.proved]
    assert proved
    people = People(law, seed=11)
    block = people.draw(ATTACK)
    assert block.rows == ATTACK
    values = BlockKernel(extended, law.on.toordinal(), [d.measure for d in proved]).run(block).values
    for d in proved:
        column = values[d.measure]
        assert not ((column == MET).any() and (column == UNMET).any()), d.unit.name


def test_small_laws_have_a_pair_wherever_everybody_shows_one():
    """Held against all people that there are: a pair where both sides exist, and a proof only where one does not."""
    seen = Counter()
    for seed in SEEDS:
        law = small_law(seed)
        block, people = everyone(law), People(law)
        if not block.rows:
            continue
        got = mcdc_cases(law, budget=5, samples=2_000)
        extended, every = deciders(law)
        usable = [d for d in every if set(d.lanes) <= people.lanes.keys()]
        idle = any(lane not in block.values for lane in extended.inputs if lane[0] != "as_of")
        if idle:
            continue
        values = BlockKernel(extended, law.on.toordinal(), [d.measure for d in usable]).run(block).values
        paired, proved = {p.unit.name for p in got.pairs}, {w.unit.name for w in got.without if w.proved}
        for d in usable:
            column = values[d.measure]
            both = bool((column == MET).any() and (column == UNMET).any())
            seen[both, d.unit.name in paired] += 1
            assert not (both and d.unit.name in proved), (seed, d.unit.name)
            assert both or d.unit.name not in paired, (seed, d.unit.name)
        for pair in got.pairs:
            for decision in (pair.met, pair.unmet):
                assert decides(law, pair.unit, replay(law, decision.facts, decision.as_of))[0]
    assert seen[True, True] > 15
    assert seen[False, False] > 0
    assert seen[True, False] <= seen[True, True] // 20


def test_without_time_to_prove_it_is_open(law, monkeypatch):
    real = Prover.ask_all

    def open_(self, questions, seconds=None):  # noqa: ARG001 - the signature of `ask_all`
        return [attrs.evolve(a, verdict="open", people=()) for a in real(self, questions, 0.0)]

    monkeypatch.setattr(Prover, "ask_all", open_)
    got = mcdc_cases(law, budget=5, samples=4_000)
    assert got.counts()["none found"] == 1
    assert "4000 people" in next(w for w in got.without if not w.proved).reason
    assert any(line.startswith("  none found") for line in told_cases(got))


# --- as data ---


def test_the_same_seed_finds_the_same(law):
    one, again = (mcdc_cases(law, samples=2_000, seed=3) for _ in range(2))
    assert one.text() == again.text()
    assert one.to_dict() == again.to_dict()


def test_a_law_without_rules_has_no_cases():
    document = {
        "asnmerit": 1, "policy": "uji/kosong", "title": "Kosong", "effective": {"from": "2020-01-01"},
        "enacted": "2019-12-01", "facts": {"n": {"type": "integer", "from": 0, "to": 9}}, "derived": {"m": "n + 1"},
    }  # fmt: skip
    got = mcdc_cases(am.in_force(am.load(document), on=DAY))
    assert (got.pairs, got.without, got.text()) == ([], [], "")


def test_a_bundled_policy_has_all_its_pairs():
    law = am.in_force(am.load("manokwari/merit"), on=DAY)
    got = mcdc_cases(law, budget=20)
    assert len(got.pairs) == 14
    assert not got.without
    book = book_of(got.text(), "merit.scenarios.yaml")
    results = run_book(book)
    assert len(results) == 28
    assert all(r.passed for r in results)
