"""The law as solver terms says what the reference says: of random people by random laws, known or unknown."""

from __future__ import annotations

import datetime
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.crowd.records import record_of
from asnmerit.rules import kernel
from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, walk
from asnmerit.rules.rounding import divided
from asnmerit.rules.to_smt import Solving, Term
from asnmerit.rules.types import Date, Enum, ListOf, PerMember, Yearly
from asnmerit.smt import days, folding, whole
from asnmerit.smt.library import z3
from asnmerit.smt.quotient import quotient
from support import compare, people
from support.dice import Seeded
from support.policies import day_of, seeded

ROOT = Path(__file__).resolve().parent.parent
SEEDS = max(40, settings().max_examples // 8)
DEEP = settings().max_examples > 100
SMALL = 100
"""Steps of a shipped law for which unknown facts are tried in the quick profile too."""
MODES = ("floor", "ceiling", "down", "up", "half_up", "half_down", "half_even")
HEAD = {"asnmerit": 1, "policy": "page/example", "title": "Example", "effective": {"from": "2020-01-01"}}


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "enacted": "2019-12-01", **sections}), on="2026-04-01")


class Terms:
    """The terms of a law, and what they are worth for a person all of whose lanes are fixed."""

    def __init__(self, law, day, *, unknown):
        self.solving = Solving(law, as_of=day, unknown=unknown)
        self.law, self.day = law, day
        self.person = self.solving.person("a")
        self.terms = self.solving.steps(self.person)

    def differences(self, who):
        given = compare.lanes_of(self.law, who, self.day)
        lanes = dict(zip(self.law.inputs, given.lanes, strict=True))
        solver = self.solving.solver(*self.person.domain, *self.solving.fixed(self.person, lanes))
        assert str(solver.check()) == "sat", "the edge lets a person through whom the terms do not"
        model = solver.model()
        assert _plain(self.solving.lanes_of(model, self.person)) == _plain(lanes)
        found = {s.key: self._worth(model, s, lanes) for s in self.law.steps}
        return compare.same(compare.expected(self.law, who, self.day), found)

    def _worth(self, model, step, lanes):
        value = self.solving.value_of(model, self.terms[step.key])
        if step.binder is None:
            return compare.exact(value, step.code.type)
        count = lanes[step.binder.list_fact, "#"]
        if count is None:
            assert not any(v is not None for v in value), "a row is known of a list that is not"
            return None
        return compare.exact(value[:count], step.code.type)


def _plain(lanes):
    return {lane: tuple(v) if isinstance(v, list | tuple) else v for lane, v in lanes.items()}


# --- agreement ---


@pytest.mark.parametrize("seed", range(SEEDS))
def test_terms_of_random_laws_agree_with_the_reference(seed):
    made, law, dice = seeded(seed)
    day = day_of(law, dice)
    for unknown in (0, 25):
        terms = Terms(law, day, unknown=unknown > 0)
        for share in (unknown, unknown // 2, 0):
            who = people.person(dice, law, day, share)
            assert not terms.differences(who), made.dump()


def test_these_random_laws_reach_every_operator_and_every_kind_of_fact():
    """What the test above compares: rows of the catalogue, operators of the kernel, folds, kinds of facts."""
    rich, low, folds, kinds = set(), set(), set(), set()
    for seed in range(SEEDS):
        _, law, _ = seeded(seed)
        kinds |= {type(law.declared[name].type) for name, _ in law.inputs if name != "as_of"}
        for step in law.steps:
            rich |= {n.op for n in walk(step.rich) if isinstance(n, Call)}
            low |= {n.op for n in walk(step.code) if isinstance(n, Call)}
            folds |= {n.op for n in walk(step.code) if isinstance(n, Each)}
    assert not set(CATALOGUE) - rich
    assert not (set(kernel.BOUNDS) | kernel.KLEENE) - low
    assert low <= set(folding.OPERATORS)
    assert folds == {"sum", "any", "all", "min", "max"}
    assert {Yearly, PerMember, ListOf, Date, Enum} <= kinds


@pytest.mark.parametrize("name", am.policies())
def test_terms_of_shipped_laws_agree_with_the_reference(name):
    policy = am.load(name)
    if policy.abstract:
        pytest.skip("an abstract policy is no law")
    last = datetime.date.fromordinal(policy.module.until - 1)
    law = am.in_force(policy, on=min(last, datetime.date(2026, 4, 1)))
    dice = Seeded(1)
    for unknown in (0, 20) if DEEP or len(law.steps) < SMALL else (0,):
        terms = Terms(law, law.on, unknown=unknown > 0)
        assert not terms.differences(people.person(dice, law, law.on, unknown))


def test_a_wrong_term_is_seen(monkeypatch):
    """The comparison above can fail: planted faults."""
    for op, wrong in (
        ("min", lambda c, _, a, b: whole.larger(folding.as_whole(c, a), folding.as_whole(c, b))),
        ("quot", lambda c, _, a, b: quotient("floor", folding.as_whole(c, a), folding.as_whole(c, b))),
        ("day", lambda c, _, __: whole.number(c, 1)),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(folding._STRICT, op, wrong)
            assert any(_disagrees(seed) for seed in range(60)), op


def _disagrees(seed):
    _, law, dice = seeded(seed)
    try:
        return bool(Terms(law, law.on, unknown=False).differences(people.person(dice, law, law.on, 0)))
    except (AssertionError, TypeError, ValueError, IndexError, AttributeError):
        return True


# --- quotients and days, value by value ---


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("by", ["constant", "few", "many"])
def test_a_quotient_is_rounded_as_decimal_rounds(mode, by):
    context = z3.Context()
    n = whole.Whole(context, -200, 200, z3.Int("n", context))
    high = {"constant": 4, "few": 6, "many": 200}[by]
    d = whole.Whole(context, 4 if by == "constant" else 1, high, z3.Int("d", context))
    found = quotient(mode, n, d)
    for x in range(-27, 28):
        for y in {4} if by == "constant" else (1, 2, 3, 4, 5, 6):
            at = z3.simplify(
                z3.substitute(
                    found.expr,
                    (z3.Int("n", context), z3.IntVal(x, context)),
                    (z3.Int("d", context), z3.IntVal(y, context)),
                )
            )
            assert at.as_long() == divided(mode, x, y), (x, y)
            if by == "constant":
                for v in (divided(mode, x, y) - 1, divided(mode, x, y)):
                    told = found.reaches(v)
                    said = z3.simplify(z3.substitute(told, (z3.Int("n", context), z3.IntVal(x, context))))
                    assert z3.is_true(said) == (divided(mode, x, y) <= v)


def test_a_divisor_that_may_be_zero_is_refused():
    context = z3.Context()
    n = whole.Whole(context, 0, 9, z3.Int("n", context))
    with pytest.raises(ValueError, match="not proved to be positive"):
        quotient("floor", n, n)


def test_ordinals_and_parts_of_days_are_those_of_the_calendar():
    """Every end of a month, of leap years and of centuries without a leap day, both ways."""
    context = z3.Context()
    low, high = datetime.date(1890, 1, 1).toordinal(), datetime.date(2210, 12, 31).toordinal()
    n, m, d = (z3.Int(name, context) for name in "nmd")
    by_count = days.of_ordinal(whole.Whole(context, low, high, n))
    first, last = 1890 * 12, 2210 * 12 + 11
    by_parts = days.of_parts(whole.Whole(context, first, last, m), whole.Whole(context, 1, 31, d), low, high)
    month, day = by_count.parts
    ordinal, length = by_parts.ordinal, days.length(whole.Whole(context, first, last, m))
    for year in (1890, 1899, 1900, 1999, 2000, 2023, 2024, 2100, 2104, 2200, 2210):
        for of_year in range(1, 13):
            end = (datetime.date(year + of_year // 12, of_year % 12 + 1, 1) - datetime.timedelta(days=1)).day
            for of_month in (1, 28, end):
                at = datetime.date(year, of_year, of_month)
                index = year * 12 + of_year - 1
                given = [(n, at.toordinal()), (m, index), (d, of_month)]
                values = [(v, z3.IntVal(x, context)) for v, x in given]
                found = [z3.simplify(z3.substitute(t.expr, *values)).as_long() for t in (month, day, ordinal, length)]
                assert found == [index, of_month, at.toordinal(), end], at


# --- people ---


def test_whoever_the_terms_let_through_is_decided_as_the_terms_say():
    """Models are people: the edge accepts them, no check fails, and every step is worth what its term is."""
    assert sum(_modelled(seed) for seed in range(SEEDS // 4)) >= SEEDS // 4


def _modelled(seed):
    """Look at a few models of a law; give how many there were."""
    found = 0
    made, law, dice = seeded(seed, depth=2)
    solving = Solving(law)
    person = solving.person("a")
    truths = [s.key for s in law.steps if s.binder is None and s.code.type.kind == "bool" and s.role != "check"]
    terms = solving.steps(person)
    for key in [dice.pick(truths) for _ in range(3)] if truths else []:
        solver = solving.solver(*solving.domain(person), terms[key].value)
        solver.set("timeout", 2_000)
        if str(solver.check()) != "sat":
            continue
        model = solver.model()
        lanes = solving.lanes_of(model, person)
        decided = am.decide(law, record_of(law, lanes, law.on))
        raw = dict(zip((s.key for s in law.steps), decided.raw, strict=True))
        assert raw[key] is True, made.dump()
        assert all(raw[s.key] is True for s in law.steps if s.role == "check" and s.binder is None), made.dump()
        for step in law.steps:
            worth = solving.value_of(model, terms[step.key])
            assert worth == raw[step.key] or step.binder is not None, (step.key, made.dump())
        found += 1
    return found


FACTS = {
    "n": {"type": "integer", "from": 0, "to": 12, "step": 4},
    "g": {"type": "grade"},
    "f": {"type": "bool"},
    "d": {"type": "date", "from": "2024-02-27", "to": "2024-03-02"},
    "v": {"type": "list", "up_to": 2, "of": {"x": {"type": "integer", "from": 0, "to": 2}}},
}
USED = "n + (1 if f else 0) + (1 if g == 'low' else 0) + day(d) + sum(k.x for k in v)"
VARYING = [
    ({("n", None): "up"}, lambda a, b: b["n", None] >= a["n", None]),
    ({("n", None): "next"}, lambda a, b: b["n", None] == a["n", None] + 4),
    ({("g", None): "up"}, lambda a, b: a == b or LEVELS[b["g", None]] > LEVELS[a["g", None]]),
    ({("g", None): "next"}, lambda a, b: LEVELS[b["g", None]] == LEVELS[a["g", None]] + 1),
    ({("f", None): "up"}, lambda a, b: b["f", None] >= a["f", None]),
    ({("f", None): "next"}, lambda a, b: b["f", None] > a["f", None]),
    ({("d", None): "up"}, lambda a, b: b["d", None] >= a["d", None]),
    ({("d", None): "next"}, lambda a, b: b["d", None] == a["d", None] + 1),
    ({("n", None): "next", ("f", None): "next"}, lambda a, b: {_step(a, b, "n", 4), _step(a, b, "f", 1)} == {0, 1}),
    ({("n", None): "any"}, lambda *_: True),
]  # fmt: skip
LEVELS = (0, 0, 1, 2)


def _step(a, b, name, by):
    """How many steps up: those that are none of whole steps count as many."""
    steps, rest = divmod(b[name, None] - a[name, None], by)
    return 99 if rest or steps < 0 else steps


def graded():
    types = {"grade": {"order": [["low", "least"], "middle", "high"]}}
    return law_of(types=types, facts=FACTS, derived={"used": USED})


@pytest.mark.parametrize(("varying", "right"), VARYING, ids=[str(list(v.items())) for v, _ in VARYING])
def test_two_people_are_related_exactly_when_their_values_are(varying, right):
    law = graded()
    solving = Solving(law)
    a = solving.person("a")
    b = solving.person("b", same=a, but=varying)
    related = solving.related(a, b, varying)
    known = domains(law)
    yes = no = 0
    for one in _values(known, varying):
        for two in _values(known, varying):
            fixed = [*solving.fixed(a, one), *solving.fixed(b, two)]
            found = str(solving.solver(*a.domain, *b.domain, *related, *fixed).check()) == "sat"
            assert found == right(one, two), (one, two)
            yes, no = yes + found, no + (not found)
    assert yes
    assert no or "any" in varying.values()


def _values(known, lanes):
    found = [{}]
    for lane in lanes:
        places = range(known[lane].low, known[lane].high + 1, known[lane].step)
        found = [{**one, lane: v} for one in found for v in places]
    return found


@pytest.mark.parametrize("how", ["up", "next"])
def test_rows_are_related_row_by_row(how):
    law = graded()
    solving = Solving(law)
    lane, count = ("v", ".x"), ("v", "#")
    a = solving.person("a")
    b = solving.person("b", same=a, but={lane})
    related = solving.related(a, b, {lane: how})
    for x in range(9):
        for y in range(9):
            one, two = divmod(x, 3), divmod(y, 3)
            fixed = [*solving.fixed(a, {count: 2, lane: list(one)}), *solving.fixed(b, {lane: list(two)})]
            found = str(solving.solver(*a.domain, *b.domain, *related, *fixed).check()) == "sat"
            moved = [two[i] - one[i] for i in range(2)]
            assert found == (min(moved) >= 0 if how == "up" else sorted(moved) == [0, 1])


def test_one_step_is_taken_in_a_row_that_is_there():
    """Else a pair who differ in something else alone is shown as one that differs by one step as well."""
    fields = {"a": {"type": "integer", "from": 0, "to": 2}}
    law = law_of(
        facts={"rows": {"type": "list", "up_to": 2, "of": fields}, "n": FACTS["n"]},
        derived={"x": "sum(r.a for r in rows) + n"},
    )
    lane, count = ("rows", ".a"), ("rows", "#")
    solving = Solving(law)
    a = solving.person("a")
    b = solving.person("b", same=a, but={lane})
    related = solving.related(a, b, {lane: "next"})
    x, y = (solving.steps(p, "x")["x"].value for p in (a, b))
    for rows in range(3):
        solver = solving.solver(*a.domain, *b.domain, *related, *solving.fixed(a, {count: rows}))
        assert (str(solver.check()) == "sat") == (rows > 0)
        assert str(solver.check(y - x != 1)) == "unsat"


def test_what_is_shared_between_two_people_is_one_term():
    law = graded()
    solving = Solving(law)
    a = solving.person("a")
    same = solving.person("b", same=a)
    other = solving.person("c", same=a, but={("n", None)})
    terms = [solving.steps(p, "used")["used"].value for p in (a, same, other)]
    assert terms[0].eq(terms[1])
    assert not terms[0].eq(terms[2])


def test_two_people_are_decided_on_one_day_and_share_what_rests_on_it():
    law = law_of(
        facts={"n": FACTS["n"], "born": {"type": "date"}},
        derived={"age": "years_between(born, as_of)", "older": "age + n"},
    )
    solving = Solving(law)
    a = solving.person("a")
    b = solving.person("b", same=a, but={("n", None)})
    assert ("as_of", None) in law.inputs
    assert b.own == {("n", None)}
    solving.steps(a)
    solving.steps(b)
    assert b.values["age"] is a.values["age"]
    assert b.values["older"] is not a.values["older"]


def test_a_step_can_be_replaced_by_a_free_value_within_its_bounds():
    law = law_of(facts={"n": FACTS["n"]}, derived={"x": "n * 3", "y": "x + 1"})
    solving = Solving(law)
    a = solving.person("a")
    free, bounds = solving.fresh("x of a", "x")
    term = solving.steps(a, "y", replaced={"x": free})["y"]
    solver = solving.solver(*solving.domain(a), *bounds)
    found = set()
    while str(solver.check()) == "sat":
        found.add(solving.value_of(solver.model(), term))
        solver.add(term.value != max(found), *(term.value != f for f in found))
    assert found == set(range(1, 38)), "every value from the least to the most that x can have, plus one"
    assert solving.steps(a, "y")["y"].value is not term.value


def test_short_lists_are_lists():
    law = law_of(
        facts={"v": {"type": "list", "up_to": 30, "of": {"x": {"type": "integer", "from": 0, "to": 5}}}},
        derived={"s": "sum(k.x for k in v)"},
    )
    solving = Solving(law, rows=2)
    a = solving.person("a")
    term = solving.steps(a, "s")["s"].value
    assert str(solving.solver(*solving.domain(a), term == 10).check()) == "sat"
    assert str(solving.solver(*solving.domain(a), term == 11).check()) == "unsat"


def test_terms_are_compared_whatever_their_kind():
    law = law_of(
        facts={"d": FACTS["d"], "e": FACTS["d"], "f": FACTS["f"], "h": FACTS["f"]},
        derived={"x": "d", "y": "e", "p": "f", "q": "h"},
    )
    solving = Solving(law)
    a = solving.person("a")
    t = solving.steps(a)
    for left, right, names in (("x", "y", "de"), ("p", "q", "fh")):
        for op, test in (
            ("eq", "__eq__"),
            ("ne", "__ne__"),
            ("lt", "__lt__"),
            ("le", "__le__"),
            ("gt", "__gt__"),
            ("ge", "__ge__"),
        ):
            for one, two in ((0, 0), (0, 1), (1, 0)):
                low = datetime.date(2024, 2, 29).toordinal() if left == "x" else 0
                fixed = solving.fixed(a, {(names[0], None): low + one, (names[1], None): low + two})
                found = solving.solver(*a.domain, *fixed, solving.compared(op, t[left], t[right])).check()
                assert (str(found) == "sat") is getattr(one, test)(two), (op, one, two)
    assert solving.compared("eq", Term(z3.IntVal(1, solving.context)), Term(z3.IntVal(1, solving.context))) is not None


# --- without the solver ---


def test_without_z3_the_error_names_what_to_install():
    script = "import sys; sys.modules['z3'] = None; import asnmerit.rules.to_smt"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "pip install 'asnmerit[audit]'" in done.stderr.splitlines()[-1]
