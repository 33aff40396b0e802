"""The second witness: durable_rules finds the same rules true, says so when it does not, and does no harm."""

import ast
import gc
import importlib
import itertools
import os
import pickle
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import attrs
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit import witness
from asnmerit.cli import main
from asnmerit.compiled import compiled
from asnmerit.edge import Input
from asnmerit.rules import chains, to_durable, to_python
from asnmerit.rules.expr import Call
from asnmerit.scenarios import files, run_scenarios
from support import compare, people
from support.dice import Drawn, Seeded
from support.policies import day_of, law_of, policies, seeded

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "how-to" / "second-witness.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "asnmerit" / "data" / "pegawai_contoh.csv"
try:
    import durable_rules_engine as engine
except ImportError as fault:
    engine, WHY = None, str(fault)
else:
    WHY = ""
real = pytest.mark.skipif(engine is None, reason=f"durable_rules is not here: {WHY}")

DEEP = settings().max_examples > 100
FEWER = settings(max_examples=max(12, settings().max_examples // 5))


def law_with(requires, facts=None, on="2026-04-01", **more):
    """A law of one rule with these conditions."""
    head = {"asnmerit": 1, "policy": "case/witnessed", "title": "Case", "effective": {"from": "2020-01-01"},
            "enacted": "2019-12-01", "sources": {"s": {"title": "S", "grade": "illustrative"}}}  # fmt: skip
    rule = {"decides": "d", "source": "s 1", "requires": requires, "grants": {"x": 1}}
    rest = {
        "facts": facts or {},
        "decisions": {"d": {"outcome": {"x": {"type": "integer", "from": 0, "to": 9}}}},
        "rules": {"r": rule},
    }
    return am.in_force(am.load({**head, **rest, **more}), on=on)


def asked(law):
    return witness.witness_of(law).verdicts


def fired(law, given_lanes):
    """What durable_rules finds true, by the name of the verdict."""
    found = witness.witness_of(law)
    values = found._measured(given_lanes)[found._steps :]
    true = set().union(*(r.fired(values) for r in found.rulesets))
    return {v.name for at, v in enumerate(found.verdicts) if at in true and v.step is not None}


def rules_of(law):
    return [rule.key for node in law.decisions.values() for rule in node.rules]


def run(what, count, **environment):
    """Run `support.witnessed` in a process of its own; give what it counted."""
    done = subprocess.run(
        [sys.executable, "-m", "support.witnessed", what, str(count)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))), **environment},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return ast.literal_eval(done.stdout)


# --- it agrees: random policies and people, those bundled, scenarios ---


@real
@FEWER
@given(st.data(), policies())
def test_the_witness_agrees_with_the_reference_on_random_policies(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    for unknown in (0, 0, 10, 30, 60):
        day = day_of(law, dice)
        who = people.person(dice, law, day, unknown)
        reference = compare.expected(law, who, day)
        true = {key for key in rules_of(law) if reference[key] is True}
        assert fired(law, compare.lanes_of(law, who, day).lanes) == true, made.dump()


@real
def test_thousands_of_random_people_are_decided_under_the_witness():
    told = run("random", 400 if DEEP else 70)
    assert told["decisions"] > 1_500
    assert min(told["True"], told["False"], told["None"]) > 500


@real
def test_and_with_the_memory_poisoned():
    told = run("random", 200 if DEEP else 15, MALLOC_PERTURB_="165")
    assert told["decisions"] > 400


@real
@pytest.mark.parametrize("name", am.policies())
def test_random_people_under_every_bundled_policy(name):
    policy = am.load(name)
    if policy.abstract:
        pytest.skip("it leaves values to those that extend it, so there is nothing to decide")
    laws = []
    for on in ("2021-04-01", "2021-10-01", "2022-07-01", "2023-04-01", "2024-04-01", "2026-04-01"):
        try:
            laws.append(am.in_force(policy, on=on))
        except am.NotInForceError:
            continue
    assert laws
    for law in {x.meaning: x for x in laws}.values():
        for i in range(400 if DEEP else 120):
            dice = Seeded(i)
            record = people.record(dice, law, people.person(dice, law, law.on, (0, 0, 5, 20)[i % 4]))
            try:
                am.decide(law, record, witness="durable")
            except am.RecordError:
                continue


@real
def test_every_scenario_that_is_bundled_holds_under_the_witness():
    results = run_scenarios(files([ROOT / "asnmerit" / "policies"]), decide=partial(am.decide, witness="durable"))
    assert len(results) > 500
    assert not [r for r in results if not r.passed]


# --- every form of a condition, on every combination of values and unknowns ---

FACTS = {
    "a": "bool",
    "b": "bool",
    "c": "bool",
    "n": {"type": "integer", "from": -2, "to": 2},
    "m": {"type": "number", "from": -1, "to": 1, "step": "0.5"},
    "g": "grade",
    "day": {"type": "date", "from": "2024-02-28", "to": "2024-03-02"},
    "rows": {"type": "list", "up_to": 1, "of": {"v": {"type": "integer", "from": 0, "to": 1}}},
}
TYPES = {"grade": {"order": ["low", ["mid", "odd"], "high"]}}
DAYS = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]
VALUES = {
    "a": (True, False), "b": (True, False), "c": (True, False), "n": range(-2, 3), "m": (-1, -0.5, 0, 0.5, 1),
    "g": ("low", "mid", "odd", "high"), "day": DAYS, "rows": ([], [{"v": 0}], [{"v": 1}], [{}]),
}  # fmt: skip
FORMS = {
    "a": "a", "not a": "a", "a and b": "ab", "a or b": "ab", "a and (b or not c)": "abc", "not (a and b)": "ab",
    "a if b else c": "abc", "a == b": "ab", "n == 1": "n", "n != 1": "n", "n < 0": "n", "n <= 0": "n", "n > -1": "n",
    "-1 >= n": "n", "n < m": "nm", "m <= n": "nm", "n == m": "nm", "n != m": "nm", "n * m > 1": "nm",
    "g == odd": "g", "g != odd": "g", "g >= mid": "g", "g < high": "g", 'g in ["low", "odd"]': "g",
    'g not in ["low", "odd"]': "g", "day > p_day": ("day",), "months_between(day, as_of) >= 25": ("day",),
    "(n if a else m) >= 1": "anm", "n >= 1 or n <= -1": "n", "n >= 0 and n <= 0": "n",
    "any(r.v == 1 for r in rows)": ("rows",), "sum(r.v for r in rows) >= 1": ("rows",),
    "not all(r.v == 0 for r in rows)": ("rows",), "n / 2 >= m": "nm", "half_up(n / 2) == 1": "n",
}  # fmt: skip


@real
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("part", ["requires", "unless", "when"])
def test_a_form_on_every_combination_of_values_and_unknowns(form, part):
    names = list(FORMS[form])
    requires = {"form": form} if part == "requires" else {}
    if part == "when":
        requires = {"form": {"is": "n == 0", "when": form}}
        names = list(dict.fromkeys([*names, "n"]))
    rule = {"decides": "d", "source": "s 1", "requires": requires, "grants": {"x": 1}}
    if part == "unless":
        rule["unless"] = {"form": form}
    parameters = {"p_day": {"type": "date", "value": "2024-02-29", "source": "s 2"}}
    law = law_with({}, FACTS, types=TYPES, parameters=parameters, rules={"r": rule})
    truths = set()
    for values in itertools.product(*((None, *VALUES[n]) for n in names)):
        record = {n: v for n, v in zip(names, values, strict=True) if v is not None}
        truths.add(am.decide(law, record, witness="durable").raw[law.index[rules_of(law)[0]]])
    assert {True, False} <= truths or part == "when"


@real
@pytest.mark.parametrize(("least", "conditions"), [(2, 3), (3, 4), (4, 9)])
def test_at_least_so_many(least, conditions):
    """The last has 126 ways, and is handed over as 0 or 1."""
    names = [f"c{i}" for i in range(conditions)]
    law = law_with({"some": {"at_least": least, "of": {n: n for n in names}}}, dict.fromkeys(names, "bool"))
    few = len(witness.witness_of(law).rulesets[0]._reads) == conditions
    assert few == (conditions < 9)
    dice = Seeded(1)
    for _ in range(300):
        record = {n: v for n in names if (v := dice.pick((True, False, None))) is not None}
        am.decide(law, record, witness="durable")


# --- a planted fault is seen ---


def decisions(law, count=40):
    for i in range(count):
        dice = Seeded(i)
        record = people.record(dice, law, people.person(dice, law, law.on, 0))
        am.decide(law, record, witness="durable")


@real
@pytest.mark.parametrize("seed", range(12))
def test_a_rule_that_turned_out_otherwise_is_named(seed):
    _, law, dice = seeded(seed)
    lanes = compare.lanes_of(law, people.person(dice, law, law.on, 20), law.on)
    raw = compiled(law)._unsure(lanes.lanes)
    found = witness.witness_of(law)
    found.confirm(lanes, raw)
    for key in rules_of(law):
        at = law.index[key]
        wrong = (*raw[:at], raw[at] is not True, *raw[at + 1 :])
        with pytest.raises(am.WitnessError, match="does not confirm") as caught:
            found.confirm(lanes, wrong)
        assert [d.split(":")[0] for d in caught.value.disagreements] == [key]
        assert law.policy in str(caught.value)


@real
def test_a_comparison_that_our_engine_gets_wrong_is_caught(monkeypatch):
    old = to_python.Writer._strict
    monkeypatch.setattr(
        to_python.Writer,
        "_strict",
        lambda self, node, args: old(self, attrs.evolve(node, op="lt") if node.op == "le" else node, args),
    )
    law = law_with({"enough": "n >= 1"}, FACTS, types=TYPES)
    am.decide(law, {"n": 2}, witness="durable")
    with pytest.raises(am.WitnessError, match="not true here, true there"):
        am.decide(law, {"n": 1}, witness="durable")


@real
def test_an_unknown_that_our_engine_takes_for_true_is_caught(monkeypatch):
    def careless(self, _op, args):
        text = " and ".join(f"({a.code} is not False)" for a in args)
        return self.source.named(to_python.Text(text, atom=False))

    monkeypatch.setattr(to_python.Writer, "_joined", careless)
    law = law_with({"a": "a", "b": "b"}, FACTS, types=TYPES)
    with pytest.raises(am.WitnessError, match="true here, not true there"):
        am.decide(law, {"a": True}, witness="durable")


@real
@pytest.mark.parametrize(
    ("table", "key", "wrong", "form"),
    [
        (chains.COMPARED, "le", "<", "n >= 1"),
        (chains.COMPARED, "lt", "<=", "n < m"),
        (chains.COMPARED, "eq", "<=", "g == mid"),
        (chains.NEGATED, "==", "==", "not (n == 1)"),
        (chains.NEGATED, "<", "<=", "not (n < m)"),
        (chains.SWAPPED, "<=", "<=", "n >= 1"),
        (to_durable.SIGNS, ">=", "$gt", "n >= 1"),
        (to_durable.SIGNS, "!=", "$gt", "n != 1"),
    ],
)
def test_a_wrong_translation_is_caught(monkeypatch, table, key, wrong, form):
    monkeypatch.setitem(table, key, wrong)
    with pytest.raises(am.WitnessError, match="does not confirm"):
        decisions(law_with({"f": form}, FACTS, types=TYPES), 200)


@real
def test_what_is_refused_is_not_decided_and_the_next_one_is():
    law = law_with({"enough": "n >= 1"}, FACTS, types=TYPES)
    found = witness.witness_of(law)
    lanes = compiled(law).read({"n": 1}, law.on, ())
    raw = compiled(law).run(lanes)
    with pytest.raises(am.WitnessError):
        found.confirm(Input((*lanes.lanes[:-1], -1), (), sure=True), raw)
    assert am.decide(law, {"n": 1}, witness="durable")["d"].status == "granted"


# --- limits ---


@real
def test_more_chains_than_one_ruleset_takes_are_shared_out():
    facts = {f"n{i}": {"type": "integer", "from": 0, "to": 3} for i in range(10)}
    ways = " or ".join(f"(n{i} == {a} and n{j} == {b})" for i, j in itertools.combinations(range(10), 2)
                       for a, b in ((1, 2), (2, 1), (3, 3)))  # fmt: skip
    law = law_with({"some": {"any_of": {f"w{i}": w for i, w in enumerate(ways.split(" or "))}}}, facts)
    found = witness.witness_of(law)
    assert [len(r._verdicts) for r in found.rulesets] == [48, 48, 39]
    decisions(law, 300)


@real
def test_a_conjunction_of_many_alternatives_is_asked_about_in_parts():
    facts = {f"n{i}": {"type": "integer", "from": 0, "to": 3} for i in range(8)}
    law = law_with({f"c{i}": f"n{i} == 1 or n{i} == 3" for i in range(8)}, facts)
    verdicts = asked(law)
    assert len(verdicts) > 1
    assert {v.wanted for v in verdicts[1:]} == {True, False}
    decisions(law, 300)
    dice = Seeded(3)
    for _ in range(300):
        record = {n: v for n in facts if (v := dice.pick((1, 3, 1, 3, 1, 3, 2, None))) is not None}
        am.decide(law, record, witness="durable")


@real
def test_a_part_that_was_handed_over_wrongly_is_caught(monkeypatch):
    facts = {f"n{i}": {"type": "integer", "from": 0, "to": 3} for i in range(8)}
    law = law_with({f"c{i}": f"n{i} == 1 or n{i} == 3" for i in range(8)}, facts)
    found = witness.witness_of(law)
    lanes = compiled(law).read(dict.fromkeys(facts, 1), law.on, ())
    raw = compiled(law).run(lanes)
    found.confirm(lanes, raw)
    at = next(v.value for v in found.verdicts if v.step is None) + found._steps
    right = found._measured(lanes.lanes)
    assert right[at] is True
    monkeypatch.setattr(found, "_measured", lambda _: (*right[:at], False, *right[at + 1 :]))
    with pytest.raises(am.WitnessError, match="a part of"):
        found.confirm(lanes, raw)


def test_a_policy_beyond_the_limits_is_refused_with_the_limit_named(monkeypatch):
    names = [f"b{i}" for i in range(to_durable.MOST_VALUES + 1)]
    law = law_with({n: n for n in names}, dict.fromkeys(names, "bool"))
    with pytest.raises(am.WitnessUnavailableError, match="joins 201 tests, more than 200"):
        to_durable.to_durable(law)
    monkeypatch.setattr(to_durable, "MOST_IN_ALL", 2)
    small = law_with({"f": "n == 1 or n == 0 or n == -1"}, FACTS, types=TYPES)
    with pytest.raises(am.WitnessUnavailableError, match="has 3 chains of tests, more than 2"):
        to_durable.to_durable(small)


@real
def test_as_many_values_as_a_ruleset_takes():
    names = [f"b{i}" for i in range(to_durable.MOST_VALUES)]
    law = law_with({n: n for n in names}, dict.fromkeys(names, "bool"))
    assert am.decide(law, dict.fromkeys(names, True), witness="durable")["d"].status == "granted"
    assert am.decide(law, dict.fromkeys(names, True) | {"b7": None}, witness="durable")["d"].status == "undetermined"


@real
@pytest.mark.parametrize("size", [2**31, 2**53 + 1, 2**61, 2**62 - 1, 2**62, 2**62 + 1])
def test_numbers_of_any_size(size):
    """Beyond 2**62 the truth of the comparison is handed over."""
    law = law_with({"f": f"n >= {size - 2} or n == {1 - size}"}, {"n": {"type": "integer", "from": -size, "to": size}})
    handed = law.steps[law.index[rules_of(law)[0]]]
    assert handed.role == "rule"
    for n in (-size, 1 - size, 2 - size, 0, size - 3, size - 2, size - 1, size):
        status = am.decide(law, {"n": n}, witness="durable")["d"].status
        assert status == ("granted" if n >= size - 2 or n == 1 - size else "refused")


def test_only_what_the_recipe_allows_reaches_the_engine():
    """Generated names, constants on the right, the marker first, no `or`, the sentinel last."""
    import json

    for seed in range(30):
        _, law, _ = seeded(seed)
        for ruleset in to_durable.to_durable(law).rulesets:
            rules = json.loads(ruleset.text)
            assert [*rules] == [f"r{i}" for i in range(len(ruleset.verdicts))] + ["z"]
            assert rules.pop("z") == {"all": [{"m": {"k": 1}}]}
            assert len(rules) <= to_durable.MOST_CHAINS
            assert len(ruleset.reads) <= to_durable.MOST_VALUES
            for rule in rules.values():
                (only,) = rule["all"]
                tests = only["m"].get("$and", [only["m"]])
                assert tests[0] == {"k": 1}
                for test in tests[1:]:
                    ((name, constant),) = test.items()
                    if name in to_durable.SIGNS.values():
                        ((name, constant),) = constant.items()
                    assert name[0] == "f"
                    assert int(name[1:]) < len(ruleset.reads)
                    assert abs(constant) < 2**62


def test_names_that_the_engine_knows_by_a_hash_are_told_apart():
    def hashed(name):
        found = 0x811C9DC5
        for byte in name.encode():
            found = (found ^ byte) * 16777619 % 2**32
        return found

    names = ["k", "id", "sid", "$s", "m", "$m", "c", *(f"f{i}" for i in range(to_durable.MOST_VALUES))]
    assert len({hashed(n) for n in names}) == len(names)


# --- it does no harm ---


class Faulty:
    """The engine, with one of its functions replaced."""

    def __init__(self, **replaced):
        self.__dict__.update(replaced)
        self.deleted = []

    def __getattr__(self, name):
        return getattr(engine, name)

    def delete_ruleset(self, handle):
        self.deleted.append(handle)
        engine.delete_ruleset(handle)


def raising(error):
    def raised(*_):
        raise error

    return raised


FAULTS = {
    "an error": lambda: {"assert_fact": raising(engine.error("error code: 303"))},
    "no memory": lambda: {"assert_fact": raising(MemoryError())},
    "a fact not taken": lambda: {"assert_fact": lambda *_: (1, 1)},
    "nothing fired": lambda: {"start_action_for_state": lambda *_: None},
    "no sentinel": lambda: {"complete_and_start_action": lambda *_: None},
    "no end": lambda: {"complete_and_start_action": lambda *_: '{"z":{}}'},
    "an error at the end": lambda: {"complete_and_start_action": raising(engine.error("error code: 307"))},
}


@real
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_engine_refuses_and_throws_the_ruleset_away(monkeypatch, fault):
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    faulty = Faulty(**FAULTS[fault]())
    (ruleset,) = witness.witness_of(law).rulesets
    monkeypatch.setattr(ruleset, "_engine", faulty)
    for _ in range(3):
        with pytest.raises(am.WitnessError, match="durable_rules failed"):
            am.decide(law, {"n": 1}, witness="durable")
    if fault != "no sentinel":
        assert len(faulty.deleted) == 3
    monkeypatch.setattr(ruleset, "_engine", engine)
    assert am.decide(law, {"n": 1}, witness="durable")["d"].status == "granted"


@real
def test_an_interruption_leaves_the_witness_usable(monkeypatch):
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    (ruleset,) = witness.witness_of(law).rulesets
    for name in ("assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state"):
        monkeypatch.setattr(ruleset, "_engine", Faulty(**{name: raising(KeyboardInterrupt())}))
        with pytest.raises(KeyboardInterrupt):
            am.decide(law, {"n": 1}, witness="durable")
        monkeypatch.setattr(ruleset, "_engine", engine)
        assert am.decide(law, {"n": 1}, witness="durable")["d"].status == "granted"


@real
def test_one_case_at_most_is_alive(monkeypatch):
    alive, most = [0], [0]

    def asserted(*args):
        alive[0] += 1
        most[0] = max(most[0], alive[0])
        return engine.assert_fact(*args)

    def deleted(*args):
        alive[0] -= 1
        return engine.delete_state(*args)

    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    (ruleset,) = witness.witness_of(law).rulesets
    monkeypatch.setattr(ruleset, "_engine", Faulty(assert_fact=asserted, delete_state=deleted))
    for i in range(3_000):
        am.decide(law, {"n": i % 5 - 2}, witness="durable")
    assert (alive, most) == ([0], [1])


@real
def test_memory_does_not_grow():
    grown = run("leaks", 100_000 if DEEP else 8_000)
    assert grown["deciding"] < 4_096
    assert grown["making"] < 16_384


@real
def test_a_forked_process_begins_anew():
    if not hasattr(os, "fork"):
        pytest.skip("no fork here")
    assert run("forked", 1)["status"] == 0


@real
def test_threads_share_a_law():
    law = am.in_force(am.load("manokwari/career"), on="2026-04-01")
    rows = [people.record(Seeded(i), law, people.person(Seeded(i), law, law.on, (0, 10)[i % 2])) for i in range(400)]
    stop = threading.Event()

    def ending():
        while not stop.is_set():
            witness.close(law)
            stop.wait(0.002)

    def status(record):
        try:
            return [o.status for o in am.decide(law, record, witness="durable").outcomes.values()]
        except am.RecordError:
            return None

    plain = [status(r) for r in rows]
    closer = threading.Thread(target=ending)
    closer.start()
    try:
        with ThreadPoolExecutor(8) as pool:
            for _ in range(3):
                assert list(pool.map(status, rows)) == plain
    finally:
        stop.set()
        closer.join()


def live(handles):
    """Which handles still mean something to the engine."""
    found = []
    for handle in handles:
        try:
            engine.get_state(handle, "nobody")
        except engine.error as error:
            if "111" not in str(error):
                found.append(handle)
    return found


@real
def test_what_a_law_holds_goes_with_the_law():
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    am.decide(law, {"n": 1}, witness="durable")
    handles = [r._handle for r in witness.witness_of(law).rulesets]
    assert live(handles) == handles
    del law
    gc.collect()
    assert not live(handles)


@real
def test_it_can_be_ended_and_begins_again():
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    am.decide(law, {"n": 1}, witness="durable")
    first = witness.witness_of(law)
    handles = [r._handle for r in first.rulesets]
    witness.close(law)
    witness.close(law)
    assert not live(handles)
    assert am.decide(law, {"n": 1}, witness="durable")["d"].status == "granted"
    assert witness.witness_of(law) is not first
    first.confirm(compiled(law).read({"n": 1}, law.on, ()), am.decide(law, {"n": 1}).raw)


@real
def test_a_law_travels_without_its_witness():
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    am.decide(law, {"n": 1}, witness="durable")
    assert am.decide(pickle.loads(pickle.dumps(law)), {"n": 1}, witness="durable")["d"].status == "granted"  # noqa: S301


@real
def test_a_law_without_rules_needs_no_engine():
    law = am.in_force(am.load("indonesia/pengembangan"), on="2026-04-01")
    assert not any(law.decisions[d].rules for d in law.decisions)
    am.decide(law, {}, witness="durable")


@real
def test_it_starts_no_thread():
    before = threading.active_count()
    am.decide(law_with({"f": "n >= 1"}, FACTS, types=TYPES), {"n": 1}, witness="durable")
    assert threading.active_count() == before


@real
def test_the_package_with_the_host_is_not_loaded():
    asked = (
        "import sys, asnmerit as am\n"
        "law = am.in_force(am.load('indonesia/kinerja'), on='2026-04-01')\n"
        "am.decide(law, {}, witness='durable')\n"
        "assert 'durable' not in {m.split('.')[0] for m in sys.modules}"
    )
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT)


# --- where it cannot be asked ---


def test_not_installed_says_how(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    with pytest.raises(am.WitnessUnavailableError, match="it is not installed") as caught:
        am.decide(law, {"n": 1}, witness="durable")
    assert 'pip install "asnmerit[durable]"' in str(caught.value)
    assert "3.12" in str(caught.value)
    assert "C compiler" in str(caught.value)


def test_on_a_later_python_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    monkeypatch.setattr(witness, "sys", SimpleNamespace(version_info=(3, 13, 0)))
    with pytest.raises(am.WitnessUnavailableError, match=r"does not work on Python 3\.13"):
        witness.durable()


def test_one_that_does_not_load_says_why(monkeypatch, tmp_path):
    (tmp_path / "durable_rules_engine.py").write_text("raise ImportError('undefined symbol: gone')", encoding="utf-8")
    monkeypatch.delitem(sys.modules, "durable_rules_engine", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(am.WitnessUnavailableError, match="does not load: undefined symbol: gone"):
        witness.durable()


@pytest.mark.parametrize("name", ["", "Durable", "drools", 1, True])
def test_an_unknown_witness_is_an_error(name):
    law = law_with({"f": "n >= 1"}, FACTS, types=TYPES)
    with pytest.raises(am.ArgumentError, match="witness"):
        am.decide(law, {"n": 1}, witness=name)


@pytest.mark.parametrize("wrong", [5, None, "indonesia/duk"])
def test_only_a_law_has_a_witness(wrong):
    for asked in (witness.witness_of, witness.close):
        with pytest.raises(am.ArgumentError, match="law: got"):
            asked(wrong)


def test_a_bad_record_is_told_before_the_witness_is_asked(monkeypatch):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    with pytest.raises(am.RecordError):
        am.decide(law_with({"f": "n >= 1"}, FACTS, types=TYPES), {"n": 99}, witness="durable")


# --- the command ---


def command(*more):
    arguments = ["decide", "manokwari/merit", str(SAMPLE), "--on", "2026-04-01", "--witness", "durable", *more]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


@real
def test_the_command_gives_the_same_table_under_the_witness():
    plain = CliRunner().invoke(main, ["decide", "manokwari/merit", str(SAMPLE), "--on", "2026-04-01"])
    done = command()
    assert (done.exit_code, done.stdout) == (plain.exit_code, plain.stdout)


@real
def test_the_command_reports_the_rows_that_are_not_confirmed(monkeypatch):
    monkeypatch.setitem(chains.COMPARED, "le", "<")
    done = command("--lang", "en")
    plain = CliRunner().invoke(main, ["decide", "manokwari/merit", str(SAMPLE), "--on", "2026-04-01"])
    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == len(plain.stdout.splitlines())
    assert "not confirmed by the second witness (" in done.stdout
    assert ",witness," in done.stdout


def test_the_command_ends_at_once_where_there_is_no_witness(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "durable_rules_engine", None)
    out = tmp_path / "out.csv"
    done = command("--out", str(out))
    assert done.exit_code == 2
    assert "pip install" in done.stderr
    assert not out.exists()


# --- the page ---


@real
def test_the_examples_of_the_page_hold():
    names = {}
    found = re.findall(r"^```python witness\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(found) == 2
    for text in found:
        exec(compile(text, "second-witness.md", "exec"), names)


def test_the_limits_of_the_page_are_those_of_the_code():
    table = PAGE.split("<!-- checked: witness-limits -->\n", 1)[1].split("\n\n", 1)[0]
    rows = [[c.strip().strip("`") for c in row.strip("|").split("|")] for row in table.splitlines()[2:]]
    assert len(rows) == 7
    for what, most, _, where in rows:
        module, _, name = where.rpartition(".")
        limit = getattr(importlib.import_module(module), name)
        assert int(most) == (limit - 1 if name == "MOST" else limit), what


def test_the_call_nodes_made_here_are_not_kept_by_a_law():
    """The differences that are handed over belong to the translation, so a law means what it meant."""
    law = law_with({"f": "n < m"}, FACTS, types=TYPES)
    before = law.meaning
    told = to_durable.to_durable(law)
    assert [v.op for v in told.values if isinstance(v, Call)] == ["sub"]
    again = law_with({"f": "n < m"}, FACTS, types=TYPES)
    assert before == again.meaning
