"""All interpretations give one answer: the reference, the generated Python, both edges, bounds and proofs."""

from __future__ import annotations

import datetime

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asnmerit.compiled import compiled
from asnmerit.edge import read_record
from asnmerit.edge_source import fast_edge
from asnmerit.errors import RecordError
from asnmerit.rules import expansions, to_python
from asnmerit.rules.bounds import bounded
from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, walk
from asnmerit.rules.surface import ConditionEntry
from support import compare, people
from support.dice import Drawn, Seeded
from support.policies import day_of, law_of, policies, seeded
from support.ranges import boxed, inside

DEPTH = settings().max_examples
SEEDS = max(24, DEPTH // 8)
FEWER = settings(max_examples=max(12, DEPTH // 5))
"""A test that draws a policy and several people is given fewer policies."""


@FEWER
@given(st.data(), policies())
def test_reference_and_generated_python_agree_on_every_step(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (0, 0, 10, 30, 60):
        day = day_of(law, dice)
        who = people.person(dice, law, day, unknown)
        assert not compare.disagreements(law, who, day), made.dump()


@pytest.mark.parametrize("seed", range(SEEDS))
def test_reference_and_generated_python_agree_on_seeded_policies(seed):
    made, law, dice = seeded(seed)
    for unknown in (0, 5, 15, 40):
        day = day_of(law, dice)
        who = people.person(dice, law, day, unknown)
        assert not compare.disagreements(law, who, day), made.dump()


@FEWER
@given(st.data(), policies())
def test_every_kernel_node_lies_within_its_proved_bounds(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for _ in range(3):
        day = day_of(law, dice)
        who = people.person(dice, law, day, 0)
        lanes = compare.lanes_of(law, who, day).lanes
        assert not compare.same(compare.expected(law, who, day), compare.proved(law, lanes)), made.dump()


@FEWER
@given(st.data(), policies())
def test_fast_and_careful_edge_give_the_same_lanes(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    fast = fast_edge(law)
    for unknown in (0, 10, 40):
        day = day_of(law, dice)
        who = people.person(dice, law, day, unknown)
        full = people.record(dice, law, who)
        for record in (full, {k: v for k, v in full.items() if k in law.reads}):
            careful = read_record(law, record, day, ())
            quick = fast(record, day)
            assert quick is None or quick == careful
            assert careful == compare.lanes_of(law, who, day)


@pytest.mark.parametrize("seed", range(SEEDS // 2))
def test_the_fast_edge_reads_common_records_itself(seed):
    _, law, dice = seeded(seed)
    who = people.person(dice, law, law.on, 0)
    plain = {k: v for k, v in people.record(Seeded(0), law, who).items() if k in law.reads}
    some = plain.keys() - {n for n, d in law.declared.items() if not isinstance(plain.get(n), list | dict)}
    for name in some:
        if isinstance(plain[name], list):
            plain[name] = [dict(r) if isinstance(r, dict) else r for r in plain[name]]
    read = fast_edge(law)({k: _common(v) for k, v in plain.items()}, law.on)
    unread = any(
        len(m.type.enum.members) != sum(n == name for n, _ in law.inputs)
        for name, m in law.declared.items()
        if name in law.reads and hasattr(m.type, "enum")
    )
    assert unread or read == read_record(law, plain, law.on, ())


def _common(value):
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, dict):
        return {int(k) if isinstance(k, str) and k.isdigit() else k: _common(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_common(v) for v in value]
    return value


SPOILED = st.sampled_from(
    (
        None,
        True,
        False,
        0,
        1,
        -1,
        10**30,
        0.1,
        1e300,
        float("nan"),
        float("inf"),
        "",
        "x",
        "2024-02-29",
        "2024-02-30",
        b"2024-02-29",
        [],
        {},
        [None],
        [{}],
        [[]],
        {2023: None},
        {"2023": 1},
        datetime.date(2024, 2, 29),
        datetime.datetime(2024, 2, 29, 1),  # noqa: DTZ001 - a moment of no zone is what is tried
        "III/a",
        "utama",
        "iii/a",
        ["utama"],
        {"utama": 1},
        {"utama": True, "lain": None},
    )
)


@FEWER
@given(st.data(), policies())
def test_where_the_fast_edge_answers_the_careful_one_answers_the_same(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    fast = fast_edge(law)
    base = people.record(dice, law, people.person(dice, law, law.on, 10))
    for name in sorted(law.reads):
        record = {k: v for k, v in base.items() if k in law.reads} | {name: data.draw(SPOILED)}
        quick = fast(record, law.on)
        try:
            careful = read_record(law, record, law.on, ())
        except RecordError:
            careful = None
        assert quick is None or quick == careful, (name, record[name])


@FEWER
@given(st.data(), policies())
def test_every_completion_lies_within_the_bounds(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (20, 50):
        who = people.person(dice, law, law.on, unknown)
        box = boxed(dice, law, who, law.on)
        found = bounded(law.steps, box.lanes, box.lists)
        for _ in range(4):
            given_lanes = compare.lanes_of(law, box.completed(dice), law.on).lanes
            raw = compiled(law)._unsure(given_lanes)
            for step, value in zip(law.steps, raw, strict=True):
                assert inside(found[step.key], value, unread=box.unread(step)), (
                    step.key,
                    value,
                    found[step.key],
                    made.dump(),
                )


@FEWER
@given(st.data(), policies())
def test_bounds_of_a_record_without_ranges_are_exact(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (0, 30):
        who = people.person(dice, law, law.on, unknown)
        box = boxed(dice, law, who, law.on, free=0)
        found = bounded(law.steps, box.lanes, box.lists)
        raw = compiled(law)._unsure(compare.lanes_of(law, who, law.on).lanes)
        for step, value in zip(law.steps, raw, strict=True):
            ranges = found[step.key] if step.binder is not None else [found[step.key]]
            values = value if step.binder is not None else [value]
            for r, v in zip(ranges, values or (), strict=True):
                known = r.sure and not r.unsure and r.low == r.high == v
                assert (not r.sure and r.unsure) if v is None else known, (step.key, v, r, made.dump())


# --- what the generator reaches ---


def test_the_generator_reaches_every_row_of_the_catalogue_and_every_fold():
    operators, folds, forms, hits = set(), set(), set(), set()
    for seed in range(200):
        made, law, _ = seeded(seed)
        for step in law.steps:
            for node in walk(step.rich):
                if isinstance(node, Call):
                    operators.add(node.op)
                elif isinstance(node, Each):
                    folds.add(node.op)
        forms |= {
            k
            for d in made.document["rules"].values()
            for part in ("requires", "unless")
            for c in d.get(part, {}).values()
            if isinstance(c, dict)
            for k in c
        }
        hits |= {d["hit"] for d in made.document["decisions"].values()}
        if operators >= set(CATALOGUE) and len(folds) == 8 and len(hits) == 4:
            break
    assert not set(CATALOGUE) - operators
    assert folds == {"sum", "count", "any", "all", "min", "max", "mean", "median"}
    assert hits == {"unique", "first", "any", "collect"}
    written = {"is", "any_of", "all_of", "of", "at_least", "when", "except", "versions"}
    assert written <= {f.metadata["key"] or f.name for f in attrs.fields(ConditionEntry) if "shape" in f.metadata}
    assert forms >= written


# --- planted faults: what a broken engine would do is seen ---


def _caught(seeds=range(60)):
    for seed in seeds:
        _, law, dice = seeded(seed)
        for unknown in (0, 10, 30):
            who = people.person(dice, law, law.on, unknown)
            try:
                if compare.disagreements(law, who, law.on):
                    return True
            except (AssertionError, TypeError, IndexError):
                return True
    return False


def _unknown_to_else(self, c, a, b):
    return self._guarded(f"({a.code} if {c.code} else {b.code})", (), unsure=a.unsure or b.unsure or c.unsure)


def test_if_that_sends_unknown_to_else_is_caught(monkeypatch):
    monkeypatch.setattr(to_python.Writer, "_select", _unknown_to_else)
    assert _caught()


def test_and_that_ignores_the_unknown_is_caught(monkeypatch):
    old = to_python.Writer._joined
    monkeypatch.setattr(
        to_python.Writer,
        "_joined",
        lambda self, op, args: old(self, op, tuple(attrs.evolve(a, unsure=False) for a in args)),
    )
    assert _caught()


def test_a_strict_operator_that_lets_the_unknown_pass_is_caught(monkeypatch):
    monkeypatch.setattr(
        to_python.Writer,
        "_stop_if_unknown",
        lambda self, text, _result: self.source.line(f"if {text.code} is None: continue"),
    )
    assert _caught()


@pytest.mark.parametrize(
    ("row", "lower"),
    [
        ("at_least", lambda k, n, *args: expansions.lower_at_least(k, max(n - 1, 1), *args)),
        ("pick", lambda k, c, a, b: k.chosen(c, a, b)),
        ("ge", expansions.lower_compare("lt", swapped=True)),
        ("prev", expansions.lower_neighbour(1)),
    ],
)
def test_a_wrong_expansion_is_caught(monkeypatch, row, lower):
    monkeypatch.setitem(CATALOGUE, row, attrs.evolve(CATALOGUE[row], lower=lower))
    assert _caught()
