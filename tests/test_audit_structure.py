"""What the form of a law proves is true of people: cones, directions, intervals, and formulas with hard values free."""

from __future__ import annotations

import datetime
import time
from collections import Counter

import numpy as np
import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.proving.asked import Task
from asnmerit.auditing.proving.cases import Case
from asnmerit.auditing.proving.confirming import Confirming
from asnmerit.auditing.proving.directions import between, shifted
from asnmerit.auditing.proving.ordered import Ordering, same
from asnmerit.auditing.proving.racing import ENCODINGS as ENCODED
from asnmerit.auditing.proving.structure import Structure
from asnmerit.auditing.proving.worker import Watch
from asnmerit.auditing.questions import Exists, Extreme, Pairs
from asnmerit.frames.kernel import Block, BlockKernel
from asnmerit.rules.expr import Call, walk
from asnmerit.smt.asking import Asking
from support.policies import seeded

SEEDS = max(24, settings().max_examples // 10)
ROWS = 4_000
HEAD = {"asnmerit": 1, "policy": "page/example", "title": "Example", "effective": {"from": "2020-01-01"}}
NUMBER = {"type": "integer", "from": 0, "to": 100}
SIGNED = {"type": "integer", "from": -100, "to": 100}


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "enacted": "2019-12-01", **sections}), on="2026-04-01")


def way(is_, facts, varying, **sections):
    """Give the direction of an expression, held against pairs of people."""
    law = law_of(facts=facts, derived={"x": is_}, **sections)
    lanes = {lane: how for name, how in varying.items() for lane in law.inputs if lane[0] == name and lane[1] != "#"}
    flow = Structure(law).flow("x", lanes)
    moved = observed(law, lanes)["x"]
    assert not moved - allowed(flow), (flow, moved)
    return flow.way


def allowed(flow):
    return ({"up"} if flow.rise else set()) | ({"down"} if flow.fall else set())


def drawn(law, rows, seed):
    """Draw people of every kind that the edge lets through, checks or no checks: near the ends half of the time."""
    rng = np.random.default_rng(seed)
    values = {}
    for lane, domain in domains(law).items():
        shape = (domain.rows, rows) if domain.field else (rows,)
        place = rng.integers(0, domain.size, shape)
        near = np.minimum(rng.integers(0, 3, shape), domain.size - 1)
        place = np.choose(rng.integers(0, 4, shape), [place, place, near, domain.size - 1 - near])
        values[lane] = (domain.low + place * domain.step).astype(dtype_of(domain))
    return Block(rows, values)


def dtype_of(domain):
    return np.bool_ if domain.kind == "bool" else np.int32 if abs(domain.low) + abs(domain.high) < 2**31 else np.int64


def paired(law, block, varying, seed):
    """Give everybody a partner who differs in the lanes that vary, and stands to him as they say."""
    other = drawn(law, block.rows, seed + 1)
    values = dict(block.values)
    for lane, how in varying.items():
        domain = domains(law)[lane]
        one, two = block.values[lane].astype(np.int64), other.values[lane].astype(np.int64)
        if how == "up" and domain.ordered:
            by_level = np.array(domain.levels or [0])
            lower = by_level[two] < by_level[one] if domain.levels is not None else two < one
            one, two = np.where(lower, two, one), np.where(lower, one, two)
            if (
                domain.levels is not None
            ):  # members of one level are equal merit: a pair has the same, or a higher level
                two = np.where(by_level[one] == by_level[two], one, two)
            block.values[lane][:] = one
        values[lane] = two.astype(one.dtype).astype(block.values[lane].dtype)
    return Block(block.rows, values)


def observed(law, varying, rows=ROWS, seed=3):
    """Give, for each step, in which directions it was seen to go from the first to the second of a pair."""
    keys = [s.key for s in law.steps if s.binder is None]
    kernel = BlockKernel(law, law.on.toordinal(), keys)
    first = drawn(law, rows, seed)
    second = paired(law, first, varying, seed)
    a, b = kernel.run(first).values, kernel.run(second).values
    found = {}
    for key in keys:
        x, y = (v[key].astype("int64") for v in (a, b))
        found[key] = ({"up"} if (y > x).any() else set()) | ({"down"} if (y < x).any() else set())
    return found


# --- random policies: nothing that is said is refuted by people ---


@pytest.mark.parametrize("seed", range(SEEDS))
def test_no_pair_goes_against_a_direction_and_no_person_leaves_an_interval(seed):
    made, law, dice = seeded(seed)
    structure = Structure(law)
    lanes = [lane for lane in domains(law) if lane[1] != "#"]
    if not lanes:
        return
    keys = [s.key for s in law.steps if s.binder is None]
    values = BlockKernel(law, law.on.toordinal(), keys).run(drawn(law, ROWS, seed)).values
    for key in keys:
        low, high = structure.interval(key)
        assert low <= int(values[key].min()) <= int(values[key].max()) <= high, (key, made.dump())
    for _ in range(4):
        chosen = {dice.pick(lanes): "up" for _ in range(dice.whole(1, 2))}
        if dice.chance(25):
            chosen = dict.fromkeys(chosen, "any")
        moved = observed(law, chosen, seed=seed)
        for key in keys:
            flow = structure.flow(key, chosen)
            assert not moved[key] - allowed(flow), (key, chosen, flow, made.dump())
            if not chosen.keys() & structure.cone(key):
                assert flow.way == "const"


def test_random_policies_have_every_direction_and_people_show_them():
    """The test above would say nothing if everything were unknown, or if nobody moved."""
    said, seen = Counter(), Counter()
    for seed in range(20):
        _, law, dice = seeded(seed)
        lanes = [lane for lane in domains(law) if lane[1] != "#"]
        if not lanes:
            continue
        chosen = {dice.pick(lanes): "up"}
        moved = observed(law, chosen, seed=seed)
        for key, ways in moved.items():
            flow = Structure(law).flow(key, chosen)
            said[flow.way] += 1
            seen[frozenset(ways)] += flow.way in {"up", "down"}
    assert all(said[w] > 10 for w in ("const", "up", "down", "unknown")), said
    assert seen[frozenset({"up"})] + seen[frozenset({"down"})] > 20, seen


# --- the cone ---


def test_the_cone_holds_what_can_reach_a_step_through_others():
    law = law_of(
        facts={"a": NUMBER, "b": NUMBER, "c": {"type": "list", "of": {"v": NUMBER}, "up_to": 3}},
        derived={"x": "a + 1", "y": "x * 2", "z": "sum(k.v for k in c)", "w": "y + b"},
    )
    structure = Structure(law)
    assert structure.cone("y") == {("a", None)}
    assert structure.cone("z") == {("c", "#"), ("c", ".v")}
    assert structure.cone("w") == {("a", None), ("b", None)}
    assert structure.steps("w") == {"w", "y", "x"}
    with pytest.raises(KeyError):
        structure.cone("v")


# --- each operator ---

TWO = {"a": NUMBER, "b": NUMBER, "s": SIGNED, "f": {"type": "bool"}}


@pytest.mark.parametrize(
    ("is_", "varying", "expected"),
    [
        ("a + b", {"a": "up"}, "up"),
        ("b - a", {"a": "up"}, "down"),
        ("a - b", {"a": "up", "b": "up"}, "unknown"),
        ("a * b", {"a": "up"}, "up"),
        ("a * (-3)", {"a": "up"}, "down"),
        ("a * s", {"a": "up"}, "unknown"),
        ("a * s", {"s": "up"}, "up"),
        ("(a + 1) * (b - 200)", {"a": "up"}, "down"),
        ("(a + 1) * (b - 200)", {"b": "up"}, "up"),
        ("half_up(a / (b + 1))", {"a": "up"}, "up"),
        ("half_up(a / (b + 1))", {"b": "up"}, "down"),
        ("floor(s / (b + 1))", {"b": "up"}, "unknown"),
        ("min(a, b)", {"a": "up", "b": "up"}, "up"),
        ("max(a, 0 - b)", {"b": "up"}, "down"),
        ("a < b", {"a": "up"}, "down"),
        ("a >= b", {"a": "up"}, "up"),
        ("a == b", {"a": "up"}, "unknown"),
        ("a == 100", {"a": "up"}, "up"),
        ("a == 0", {"a": "up"}, "down"),
        ("a > 5 and not b > 5", {"a": "up"}, "up"),
        ("a > 5 and not b > 5", {"b": "up"}, "down"),
        ("a > 5 or f", {"f": "up"}, "up"),
        ("b if f else a", {"a": "up"}, "up"),
        ("b + 5 if f else b", {"f": "up"}, "up"),
        ("b if f else max(b, a)", {"f": "up"}, "down"),
        ("b if f else a", {"f": "up"}, "unknown"),
        ("b * 3 if f else b * 3 - a", {"f": "up"}, "up"),
        ("(a if a > 5 else 0)", {"a": "up"}, "up"),
        ("(200 + a if a > 50 else b)", {"a": "up"}, "up"),
        ("a", {"b": "any"}, "const"),
        ("a", {"a": "any"}, "unknown"),
        ("min(a, 0)", {"a": "any"}, "const"),
    ],
)
def test_the_direction_of_an_operator(is_, varying, expected):
    assert way(is_, TWO, varying) == expected


DATES = {"d": {"type": "date"}, "e": {"type": "date"}, "n": {"type": "integer", "from": 0, "to": 60}}


@pytest.mark.parametrize(
    ("is_", "varying", "expected"),
    [
        ("d <= e", {"d": "up"}, "down"),
        ("months_between(d, e)", {"e": "up"}, "up"),
        ("months_between(d, e)", {"d": "up"}, "down"),
        ("months_between(d, as_of)", {"d": "up"}, "down"),
        ("months_between(d, e)", {"d": "up", "e": "up"}, "unknown"),
        ("days_between(d, e)", {"d": "up"}, "down"),
        ("add_months(d, n)", {"d": "up"}, "up"),
        ("add_months(d, n)", {"n": "up"}, "up"),
        ("year(d)", {"d": "up"}, "up"),
        ("day(d)", {"d": "up"}, "unknown"),
    ],
)
def test_days_go_one_way_where_they_do(is_, varying, expected):
    assert way(is_, DATES, varying) == expected


def test_months_between_two_days_are_monotone_day_by_day_over_leap_years():
    """The one proof that rests on how a kernel form is written: followed over every pair of days of four years."""
    law = law_of(facts=DATES, derived={"x": "months_between(d, e)", "y": "add_months(d, n)"})
    codes = {s.key: s.code for s in law.steps}
    assert any(between(node) for node in walk(codes["x"]) if isinstance(node, Call))
    assert any(shifted(node) for node in walk(codes["y"]) if isinstance(node, Call))
    kernel = BlockKernel(law, law.on.toordinal(), ["x", "y"])
    first = datetime.date(2023, 12, 25).toordinal()
    days = np.arange(first, first + 1_500, dtype=np.int32)
    for e in range(first, first + 1_500, 7):
        other = np.full(len(days), e, np.int32)
        months = np.full(len(days), e % 61, np.int32)
        found = kernel.run(Block(len(days), {("d", None): days, ("e", None): other, ("n", None): months})).values
        assert (np.diff(found["x"]) <= 0).all()
        assert (np.diff(found["y"]) >= 0).all()
        back = kernel.run(Block(len(days), {("d", None): other, ("e", None): days, ("n", None): months})).values
        assert (np.diff(back["x"]) >= 0).all()
    for d in range(first, first + 400):
        n = np.arange(61, dtype=np.int32)
        at = np.full(61, d, np.int32)
        found = kernel.run(Block(61, {("d", None): at, ("e", None): at, ("n", None): n})).values
        assert (np.diff(found["y"]) >= 0).all()


def test_a_median_goes_as_its_values_go():
    """The other proof that rests on a kernel form: every list of up to four values from 0 to 4, every raise of one."""
    raters = {"panel": {"up_to": 4, "combine": "median"}}
    rated = {"scale": {"from": 0, "to": 4, "step": 1}, "raters": raters, "schemes": [{"panel": "100%"}], "otherwise": 0}
    law = law_of(indicators={"v": rated}, derived={"x": "v"})
    lane, count = ("v_panel", ".value"), ("v_panel", "#")
    structure = Structure(law)
    assert structure.flow("x", {lane: "up"}).way == "up"
    assert structure.flow("x", {lane: "any"}).way == structure.flow("x", {count: "up"}).way == "unknown"
    values = np.indices((5, 5, 5, 5), np.int32).reshape(4, -1)
    kernel = BlockKernel(law, law.on.toordinal(), ["x"])
    for rows in range(5):
        many = np.full(values.shape[1], rows, np.int32)
        low = kernel.run(Block(len(many), {lane: values, count: many})).values["x"]
        for i in range(rows):
            more = values.copy()
            more[i] = np.minimum(more[i] + 1, 4)
            high = kernel.run(Block(len(many), {lane: more, count: many})).values["x"]
            assert (high >= low).all()
            assert (high > low).any()


def test_the_least_value_of_rows_that_each_wait_for_so_many_may_fall_as_a_value_goes_up():
    """Written like the k-th smallest, but with a k in each row: of 1, 2 and 9 the 9 is taken, of 3, 2 and 9 the 3."""
    digit = {"type": "integer", "from": 0, "to": 9}
    least = "min((r.v for r in rows if {} <= count(s.v for s in rows if s.v <= r.v)), default=0)"
    law = law_of(
        facts={"rows": {"type": "list", "up_to": 3, "of": {"v": digit, "k": digit}}, "n": digit},
        derived={"own": least.format("r.k"), "same": least.format("n"), "sum": least.format("(r.k + n)")},
    )
    lane, key, count = (("rows", slot) for slot in (".v", ".k", "#"))
    structure, up = Structure(law), {("rows", ".v"): "up"}
    assert structure.flow("same", up).way == "up"
    assert structure.flow("own", up).way == structure.flow("sum", up).way == "unknown"
    values = np.array([[1, 3], [2, 2], [9, 9]], np.int32)
    people = {lane: values, key: np.array([[2, 2], [5, 5], [1, 1]], np.int32), count: np.full(2, 3, np.int32)}
    block = Block(2, people | {("n", None): np.zeros(2, np.int32)})
    assert BlockKernel(law, law.on.toordinal(), ["own"]).run(block).values["own"].tolist() == [9, 3]
    assert structure.settled(Pairs("own", "gt", up)) is None


# --- what is ordered ---


@pytest.mark.parametrize("seed", range(SEEDS))
def test_what_is_said_to_be_ordered_is_ordered_for_everybody(seed):
    made, law, _ = seeded(seed)
    keys = [s.key for s in law.steps if s.binder is None]
    values = BlockKernel(law, law.on.toordinal(), keys).run(drawn(law, ROWS, seed)).values
    codes = {s.key: s.code for s in law.steps}
    ordering = Ordering(codes, lambda n: (n.type.lo, n.type.hi))
    for a in keys:
        for b in keys:
            left, right = codes[a], codes[b]
            if left.type.den == right.type.den and a != b and ordering.at_least(left, right):
                assert (values[a].astype(np.int64) >= values[b].astype(np.int64)).all(), (a, b, made.dump())


def test_written_alike_is_the_same_and_more_is_seen_through_choices():
    law = law_of(
        facts=TWO,
        derived={
            "x": "a + b",
            "y": "a + b if f else a",
            "z": "x if f else a",
            "w": "max(x, s)",
            "v": "(x - 1) * 3",
            "u": "x * 3",
        },
    )
    codes = {s.key: s.code for s in law.steps}
    ordering = Ordering(codes, lambda n: (n.type.lo, n.type.hi))

    def ge(a, b):
        return ordering.at_least(codes[a], codes[b])

    assert ge("x", "y") and not ge("y", "x")
    assert ge("x", "z") and ge("w", "x") and ge("u", "v") and not ge("v", "u")
    assert same(codes["x"], codes["x"]) and not same(codes["x"], codes["y"])


# --- questions ---


def test_what_the_form_settles_and_what_it_leaves_open():
    law = law_of(facts=TWO, derived={"x": "a + b", "y": "a > 100", "z": "s * s", "t": "a > 50"})
    structure = Structure(law)
    up = {("a", None): "up"}
    assert structure.settled(Exists("y")).none
    assert structure.settled(Exists("t")) is None
    assert structure.settled(Exists("t", {("a", None): 50})).none
    assert structure.settled(Pairs("x", "gt", up)).none
    assert structure.settled(Pairs("x", "ne", up)) is None
    assert structure.settled(Pairs("z", "gt", {("s", None): "up"})) is None
    assert structure.settled(Pairs("z", "gt", {("s", None): "up"}, by=20_001)).none
    assert structure.settled(Pairs("z", "ne", up)).none
    assert structure.settled(Extreme("x", "max")).bound == 200
    assert structure.settled(Extreme("x", "min", within={("b", None): 7})).bound == 7
    assert structure.settled(Extreme("x", "max", where="y")).none


# --- formulas ---


ENCODINGS = sorted({e for names in ENCODED.values() for e in names})


def asked(law, question, encoding, limit=5.0):
    asking = Asking(law, law.on, 4_000)
    watch = Watch(asking.interrupt)
    bound = Structure(law).settled(question).bound if isinstance(question, Extreme) else None
    with watch.watching():
        return asking.answer(Task(0, question, encoding, limit, None, bound), watch, lambda: watch.start(limit), print)


def refuted(law, question, seed):
    """Whether people drawn at random refute that there is nobody."""
    first = drawn(law, 60_000, seed)
    checks = [s.key for s in law.steps if s.role == "check"]
    kernel = BlockKernel(law, law.on.toordinal(), [question.key, *checks])
    if isinstance(question, Pairs):
        second = kernel.run(paired(law, first, question.varying, seed)).values
        a = kernel.run(first).values
        x, y = (v[question.key].astype(np.int64) for v in (a, second))
        found = (x != y) if question.op == "ne" else (x - y >= question.by)
        lawful = [v[c] for v in (a, second) for c in checks]
    else:
        a = kernel.run(first).values
        found, lawful = a[question.key].astype(bool), [a[c] for c in checks]
    for check in lawful:
        found = found & check
    return bool(found.any())


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_no_encoding_proves_what_people_refute_and_each_finds_people_who_are_real(encoding):
    said = Counter()
    for seed in range(SEEDS // 4):
        made, law, dice = seeded(seed, depth=2)
        lanes = [lane for lane in domains(law) if lane[1] != "#"]
        plain = [s for s in law.steps if s.binder is None and s.role != "check"]
        numbers = [s.key for s in plain if s.code.type.kind in {"bool", "number"}]
        truths = [s.key for s in plain if s.code.type.kind == "bool"]
        if not lanes or not numbers or not truths:
            continue
        questions = [
            Exists(dice.pick(truths)),
            Pairs(dice.pick(numbers), "gt", {dice.pick(lanes): "up"}),
            Pairs(dice.pick(numbers), "ne", {dice.pick(lanes): "any"}),
        ]
        confirming = Confirming(law, law.on)
        for question in questions:
            found = asked(law, question, encoding)
            said[found.verdict] += 1
            if found.verdict == "none":
                assert not refuted(law, question, seed), (question, made.dump())
            elif found.verdict == "found":
                case = Case(0, question)
                assert confirming.take(case, found.people, "solver"), (question, case.notes, made.dump())
    assert said["none"] + said["found"] > 0 or encoding in {"coarse", "abstract"}, said


HARD = {name: {"type": "integer", "from": 1, "to": 1_000_000} for name in "abc"} | {"f": {"type": "bool"}}


@pytest.mark.parametrize(
    ("steps", "varying"),
    [
        ({"v": "a * b * c", "x": "(v if f else v * 2 - half_up(v / 3)) - b"}, {"a": "up"}),
        ({"x": "half_up(a * b / (c + 5)) * 3 - half_up(a * b / (c + 5))"}, {"a": "up"}),
        ({"x": "min(a * b, 400000000) * 2 - min(a * b, 300000000)"}, {"b": "up"}),
        ({"v": "floor(a / c)", "x": "v * 5 - half_even(v / 2) - b"}, {"a": "up"}),
    ],
)
def test_hard_arithmetic_is_proved_with_its_values_left_free(steps, varying):
    law = law_of(facts=HARD, derived=steps)
    lanes = {(name, None): how for name, how in varying.items()}
    question = Pairs("x", "gt", lanes)
    assert Structure(law).settled(question) is None, "this would prove nothing of the abstraction"
    found = {encoding: asked(law, question, encoding).verdict for encoding in ("coarse", "abstract")}
    assert "none" in found.values(), found
    assert not refuted(law, question, 5)
    worse = Pairs("x", "gt", dict.fromkeys(lanes, "any"))
    assert all(asked(law, worse, e, 1.0).verdict != "none" for e in ("coarse", "abstract"))
    assert refuted(law, worse, 5)


def test_a_bound_comes_down_where_products_are_left_free():
    law = law_of(facts=HARD, derived={"v": "a * b", "x": "v - a * 999999 if b > 500000 else 7"})
    found = asked(law, Extreme("x", "max"), "abstract")
    assert found.people == ()
    low, high = Structure(law).interval("x")
    assert found.bound is not None and found.bound < high
    assert found.bound >= 1_000_000
    assert low < 0


class Cut:
    """A solver whose time is up in one of its checks, and that says something all the same."""

    def __init__(self, solver, watch, said, at):
        self.solver, self.watch, self.said, self.left = solver, watch, said, at

    def __getattr__(self, name):
        return getattr(self.solver, name)

    def check(self, *extra):
        self.left -= 1
        if self.left > 0:
            return self.solver.check(*extra)
        self.watch.stopped = True
        return self.said

    def model(self):
        assert self.left > 0, "a solver that was interrupted has no model, or half of one"
        return self.solver.model()


@pytest.mark.parametrize("said", ["sat", "unsat"])
def test_what_an_interrupted_solver_says_counts_for_nothing(said, monkeypatch):
    law = law_of(facts={"a": NUMBER, "b": NUMBER}, derived={"x": "a + 2 * b", "y": "a > b"})
    asking = Asking(law, law.on, 4_000)

    def answered(question, encoding, at):
        watch = Watch(asking.interrupt)
        task = Task(0, question, encoding, 60.0, None, 300)
        make = Asking._solver
        with monkeypatch.context() as patch, watch.watching():
            patch.setattr(Asking, "_solver", lambda *args: Cut(make(*args), watch, said, at))
            return asking.answer(task, watch, lambda: watch.start(60.0), lambda _: None)

    up = {("a", None): "up"}
    for question in (Exists("y"), Pairs("x", "ne", up), Extreme("x", "max")):
        for encoding in set(ENCODED[type(question)]) - {"coarse", "abstract", "few"}:
            found = answered(question, encoding, 1)
            assert (found.verdict, found.people, found.value, found.told) == ("open", (), None, "")
    # What was found before stays, and so does the bound.
    kept = answered(Extreme("x", "max"), "plain", 2)
    assert kept.verdict == "found" and kept.value is not None and kept.bound == 300
    (person,) = kept.people
    assert person["a", None] + 2 * person["b", None] == kept.value


def test_the_solver_is_interrupted_while_it_checks_and_not_while_its_model_is_read():
    heard = []
    watch = Watch(lambda: heard.append(watch._checking))
    with watch.watching():
        watch.start(0.0)
        time.sleep(0.2)
        assert heard == []
        assert watch.heard(lambda: time.sleep(0.2) or "sat") == "unknown"
        told = len(heard)
        time.sleep(0.2)
    assert told > 0
    assert heard == [True] * told
    watch.until = float("inf")
    assert watch.heard(lambda: "sat") == "sat"
