"""Each row of the catalogue by itself: its examples, every argument known and unknown, ties, signs, every mode."""

from __future__ import annotations

import datetime
import itertools
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from fractions import Fraction

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.rules import rounding, to_python
from asnmerit.rules import types as t
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import fold
from asnmerit.rules.kernel import bounds
from asnmerit.rules.rounding import MODES, divided
from support import rows
from support.compare import Proving, computed, disagreements, lanes_of
from support.dice import Drawn, Seeded

CASES = rows.cases()
NAMES = [f"{c.op}-{i}" for i, c in enumerate(CASES)]
DECIMAL = {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
}
TIES = [Fraction(n, 2) for n in range(-9, 10)]


def typed(text):
    """Read a value of an example and give a type that holds it and its neighbours."""
    if text is None or isinstance(text, bool):
        return text, t.BOOL
    if text.count("-") == 2 and "/" not in text:
        day = datetime.date.fromisoformat(text).toordinal()
        return day, t.Date(day - 100, day + 100)
    exact = Fraction(text)
    return exact, t.Number("number", exact - 2, exact + 2, Fraction(1, exact.denominator))


EXAMPLES = [(row.name, args, result) for row in CATALOGUE.values() for args, result in row.examples]


def test_every_row_is_here():
    assert {c.op for c in CASES} == set(CATALOGUE)


@pytest.mark.parametrize(("name", "args", "result"), EXAMPLES)
def test_the_examples_of_a_row_hold_in_both_interpretations(name, args, result):
    values, kinds = zip(*map(typed, args), strict=True)
    fixed = name in {"div"} | {c.op for c in CASES if c.op in CATALOGUE and "constant" in CATALOGUE[c.op].signature}
    if fixed and len(kinds) > 1:
        kinds = (*kinds[:-1], values[-1])
    if name in {"if", "pick"}:
        kinds = (t.BOOL, rows.WHOLE, rows.WHOLE)
    of = typed(result)[1] if result is not None else kinds[-1]
    row = rows.made(rows.Case(name, kinds, of, 2 if name == "at_least" else None))
    assert row.reference(values) == row.generated(values) == typed(result)[0]


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_row_is_the_same_in_both_interpretations_with_each_argument_unknown(case):
    row, dice = rows.made(case), Seeded(7)
    lanes = [i for i, a in enumerate(case.args) if not isinstance(a, Fraction)]
    for unknown in itertools.product((False, True), repeat=len(lanes)):
        for _ in range(3):
            values = list(rows.people(case, dice))
            for lane, gone in zip(lanes, unknown, strict=True):
                values[lane] = None if gone else values[lane]
            assert_same(row, tuple(values))


@settings(max_examples=max(20, settings().max_examples // 3))
@given(st.data())
def test_rows_agree_on_random_values(data):
    dice = Drawn(data.draw)
    row = rows.made(CASES[dice.whole(0, len(CASES) - 1)])
    for _ in range(5):
        assert_same(row, rows.people(row.case, dice))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_row_lies_within_its_bounds_at_the_corners(case):
    row = rows.made(case)
    ends = [(a,) if isinstance(a, Fraction) else _ends(a) for a in case.args]
    for values in itertools.product(*ends):
        found = row.generated(values)
        assert_same(row, values)
        if row.code.type.kind == "number":
            assert row.code.type.lo <= found * row.code.type.den <= row.code.type.hi


def _ends(of):
    match of:
        case t.Bool():
            return (False, True)
        case t.Enum():
            return tuple(range(len(of.members)))
        case t.Date():
            leap = datetime.date(2024, 2, 29).toordinal()
            return (of.lo, leap, of.hi)
        case _:
            middle = of.lo + (of.hi - of.lo) // (2 * of.step) * of.step
            near = (of.lo, of.lo + of.step, middle, of.hi - of.step, of.hi)
            return tuple(dict.fromkeys(v for v in near if of.lo <= v <= of.hi))


def assert_same(row, values):
    reference = row.reference(values)
    found = row.generated(values)
    assert reference == found and (reference is None) == (found is None), (row.case, values)
    if None not in values:
        assert found is not None
        assert row.generated(values, sure=True) == found
    elif CATALOGUE[row.case.op].unknown == "strict":
        assert found is None


# --- Kleene, by the truth tables ---


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_at_least_is_settled_as_soon_as_all_completions_agree(n):
    for k in range(1, n + 1):
        row = rows.made(rows.Case("at_least", (t.BOOL,) * n, t.BOOL, k))
        for values in itertools.product((False, True, None), repeat=n):
            ways = {
                sum(done) >= k
                for done in itertools.product(*((v,) if v is not None else (False, True) for v in values))
            }
            assert row.generated(values) is row.reference(values) is (ways.pop() if len(ways) == 1 else None)


@pytest.mark.parametrize("op", ["and", "or", "not", "if", "pick", "at_least"])
def test_kleene_operators_are_monotone_in_information(op):
    for case in (c for c in CASES if c.op == op and set(c.args) == {t.BOOL}):
        row = rows.made(case)
        for values in itertools.product((False, True, None), repeat=len(case.args)):
            before = row.generated(values)
            for more in itertools.product(*((v,) if v is not None else (False, True, None) for v in values)):
                assert before is None or row.generated(more) is before


# --- rounding ---


@pytest.mark.parametrize("mode", MODES)
def test_each_mode_rounds_as_decimal_does(mode):
    for n, d in itertools.product(range(-45, 46), (1, 2, 3, 4, 7, 10)):
        side = Decimal(n) / Decimal(d)
        assert divided(mode, n, d) == int(side.to_integral_value(rounding=DECIMAL[mode])), (n, d)


@given(st.sampled_from(MODES), st.integers(-(2**70), 2**70), st.integers(1, 2**65))
def test_rounding_is_exact_for_large_numbers(mode, n, d):
    q = divided(mode, n, d)
    assert abs(q * d - n) < d
    if mode.startswith("half"):
        assert 2 * abs(q * d - n) <= d


@pytest.mark.parametrize("name", ["floor", "ceiling", "round_down", "round_up", "half_up", "half_even", "half_down"])
def test_ties_of_both_signs_go_where_the_mode_says(name):
    mode = DECIMAL[name.removeprefix("round_")]
    row = rows.made(rows.Case(name, (rows.HALVES,), rows.FREE))
    for tie in TIES:
        meant = (
            int(Decimal(tie.numerator) / Decimal(tie.denominator).quantize(1))
            if tie.denominator == 1
            else int((Decimal(tie.numerator) / 2).to_integral_value(rounding=mode))
        )
        assert row.reference((tie,)) == row.generated((tie,)) == row.generated((tie,), sure=True) == meant


def test_a_value_is_rounded_once():
    row = rows.made(
        rows.Case(
            "half_up", (t.Number("number", Fraction(0), Fraction(1), Fraction(1, 1000)), Fraction(1, 10)), rows.FREE
        )
    )
    assert row.generated((Fraction(445, 1000), Fraction(1, 10))) == Fraction(4, 10)


# --- months ---


@given(
    st.integers(*(datetime.date(y, 1, 1).toordinal() for y in (1950, 2080))),
    st.integers(-900, 900),
    st.integers(*(datetime.date(y, 1, 1).toordinal() for y in (1950, 2080))),
)
def test_months_between_is_the_largest_count_that_add_months_reaches(a, k, b):
    add, between = CATALOGUE["add_months"].meaning, CATALOGUE["months_between"].meaning
    assert (between(a, b) >= k) == (b >= add(a, Fraction(k)))
    assert (between(a, b) < 0) == (b < a)


def test_a_month_ends_where_it_ends():
    add, between = CATALOGUE["add_months"].meaning, CATALOGUE["months_between"].meaning
    day = lambda text: datetime.date.fromisoformat(text).toordinal()  # noqa: E731 - four examples read better so
    assert between(day("2025-01-31"), day("2025-02-28")) == 1
    assert between(day("2025-01-29"), day("2025-02-28")) == 1
    assert between(day("2004-02-29"), day("2022-02-28")) == 18 * 12
    assert (
        add(add(day("2025-01-31"), Fraction(1)), Fraction(1))
        == day("2025-03-28")
        != add(day("2025-01-31"), Fraction(2))
    )


# --- intervals of the kernel ---


@given(st.data())
def test_the_interval_of_an_operator_holds_all_its_values(data):
    pair = st.tuples(st.integers(-30, 30), st.integers(-30, 30)).map(lambda p: (min(p), max(p)))
    a, b = data.draw(pair), data.draw(pair)
    for op, value in {
        "add": lambda x, y: x + y,
        "sub": lambda x, y: x - y,
        "mul": lambda x, y: x * y,
        "min": min,
        "max": max,
        "eq": lambda x, y: int(x == y),
        "lt": lambda x, y: int(x < y),
        "le": lambda x, y: int(x <= y),
    }.items():
        low, high = bounds(op, None, [a, b])
        found = [
            value(x, y)
            for x in range(a[0], a[1] + 1, max(1, (a[1] - a[0]) // 5))
            for y in (b[0], (b[0] + b[1]) // 2, b[1])
        ]
        assert low <= min(found) and max(found) <= high
    divisor = (max(b[0], 1), max(b[1], 1))
    for mode in MODES:
        low, high = bounds("quot", mode, [a, divisor])
        found = [
            divided(mode, x, y) for x in range(a[0], a[1] + 1) for y in {divisor[0], divisor[1], sum(divisor) // 2}
        ]
        assert low <= min(found) and max(found) <= high


# --- near the largest number that is computed ---


@st.composite
def wide_numbers(draw):
    """A number type whose values come near 63 bits."""
    step = Fraction(1, draw(st.sampled_from((1, 2, 100, 10**6)))) * draw(st.sampled_from((1, 5)))
    ends = st.integers(0, 63).flatmap(lambda b: st.integers(-(2**b), 2**b))
    low, steps = draw(ends), abs(draw(ends))
    return t.Number("number", Fraction(low), low + steps * step, step)


WIDE = ("add", "sub", "mul", "min", "max", "lt", "eq", "neg", "half_up", "floor", "div", "if")


@settings(max_examples=settings().max_examples * 4)
@given(st.sampled_from(WIDE), wide_numbers(), wide_numbers(), st.fractions(max_denominator=1000).filter(bool))
def test_what_is_proved_never_leaves_63_bits_and_the_rest_is_refused(op, a, b, fixed):
    kinds = {"neg": (a,), "half_up": (a, abs(fixed)), "floor": (a, abs(fixed)), "div": (a, fixed), "if": (t.BOOL, a, b)}
    case = rows.Case(op, kinds.get(op, (a, b)), t.BOOL if op in {"lt", "eq"} else rows.FREE)
    try:
        row = rows.made(case)
    except NotProvedError:
        return
    for values in itertools.product(*((k,) if isinstance(k, Fraction) else _ends(k) for k in case.args)):
        lanes = {(f"x{i}", None): rows.raw(v, k) for i, (v, k) in enumerate(zip(values, case.args, strict=True))}
        found = Fraction(fold(row.code, Proving(lanes, {})), row.code.type.den)
        assert found == row.reference(values) == row.generated(values)


def test_the_proof_is_tight_at_the_last_number():
    def number(most):
        return t.Number("number", Fraction(0), Fraction(most), Fraction(1))

    for op, most, least in (("add", 2**62 - 1, 2**62), ("mul", 3037000499, 3037000500)):
        rows.made(rows.Case(op, (number(most),) * 2, rows.FREE))
        with pytest.raises(NotProvedError):
            rows.made(rows.Case(op, (number(least),) * 2, rows.FREE))


# --- planted faults ---


def fails(op):
    for case in (c for c in CASES if c.op == op):
        try:
            test_a_row_is_the_same_in_both_interpretations_with_each_argument_unknown(case)
            test_a_row_lies_within_its_bounds_at_the_corners(case)
        except (AssertionError, TypeError, IndexError):
            return True
    return False


def test_half_up_that_floors_is_caught(monkeypatch):
    monkeypatch.setattr(
        to_python,
        "divided",
        lambda mode, n, d: divided("floor", 2 * n + d, 2 * d) if mode == "half_up" else divided(mode, n, d),
    )
    assert fails("half_up")


@pytest.mark.parametrize("mode", [m for m in MODES if m not in {"floor", "ceiling"}])
def test_a_mode_that_takes_another_is_caught(monkeypatch, mode):
    other = {"half_up": "half_even", "half_even": "half_down", "half_down": "half_up", "up": "down", "down": "floor"}[
        mode
    ]
    monkeypatch.setattr(to_python, "divided", lambda m, n, d: divided(other if m == mode else m, n, d))
    assert fails(mode if mode.startswith("half") else f"round_{mode}")


@pytest.mark.parametrize("op", ["and", "or"])
def test_a_junction_that_ignores_the_unknown_is_caught(monkeypatch, op):
    old = to_python.Writer._joined
    monkeypatch.setattr(
        to_python.Writer,
        "_joined",
        lambda self, op, args: old(self, op, tuple(attrs.evolve(a, unsure=False) for a in args)),
    )
    assert fails(op)


def test_if_that_sends_unknown_to_else_is_caught(monkeypatch):
    monkeypatch.setattr(
        to_python.Writer,
        "_select",
        lambda self, c, a, b: self.source.named(
            to_python.Text(f"({a.code} if {c.code} else {b.code})", unsure=True, atom=False)
        ),
    )
    assert fails("if")


@pytest.mark.parametrize(
    ("op", "lower"),
    [
        ("at_least", lambda k, n, *a, right=CATALOGUE["at_least"].lower: right(k, n, *a[:-1], k.constant("bool", 0))),
        ("lt", CATALOGUE["le"].lower),
        ("next", CATALOGUE["prev"].lower),
        (
            "months_between",
            lambda k, a, b: k.arithmetic(
                "sub",
                k.arithmetic("sub", k.month_index(b), k.month_index(a)),
                k.as_number(k.compared("lt", k.day(b), k.day(a))),
            ),
        ),
        ("end_of_month", lambda k, a: k.date_at(k.month_index(a), k.number(30))),
        ("steps", lambda k, _e, a, b: k.arithmetic("sub", b, a)),
    ],
)
def test_a_wrong_expansion_is_caught(monkeypatch, op, lower):
    monkeypatch.setitem(CATALOGUE, op, attrs.evolve(CATALOGUE[op], lower=lower))
    assert fails(op)


def test_without_a_planted_fault_nothing_is_caught():
    assert not any(fails(op) for op in ("half_up", "and", "if", "at_least", "months_between"))
    assert rounding.divided is divided


# --- faults that were once there ---


def value(is_, **more):
    document = {
        "asnmerit": 1,
        "policy": "one/value",
        "title": "t",
        "enacted": "2019-12-01",
        "effective": {"from": "2020-01-01"},
        "types": {"rank": {"order": ["a", "b", "c"]}},
        "facts": {
            "rank": {"type": "rank"},
            "rows": {"type": "list", "up_to": 2, "of": {"n": {"type": "integer", "from": 0, "to": 9}}},
        },
        "derived": {"v": {"is": is_, **more}},
    }
    return am.in_force(am.load(document), on="2022-01-01")


@pytest.mark.parametrize(
    ("text", "steps"), [("steps(rank, 'c')", 1), ("steps('c', rank)", -1), ("1 + steps(rank, 'c')", 2)]
)
def test_either_side_of_steps_tells_the_other_its_type(text, steps):
    assert am.decide(value(text), {"rank": "b"}).values["v"] == steps


def test_a_bare_number_is_of_the_type_that_is_declared():
    law = value("1500000", type="rupiah")
    assert law.steps[law.index["v"]].type.unit == "rupiah"


def test_a_range_is_not_ignored_where_there_are_several_values():
    with pytest.raises(am.PolicyError) as caught:
        value("k.n", **{"for": {"k": "rows"}, "range": [1, 2]})
    assert [d.code for d in caught.value.diagnostics] == ["shape-together"]


def test_the_mean_of_nobody_is_the_lowest_score_of_the_scale():
    scale = {"from": -2, "to": 4, "step": "0.5"}
    for how in ("mean", "median"):
        document = {
            "asnmerit": 1,
            "policy": "one/mean",
            "title": "t",
            "enacted": "2019-12-01",
            "effective": {"from": "2020-01-01"},
            "indicators": {
                "q": {
                    "scale": scale,
                    "raters": {"peers": {"up_to": 3, "combine": how}},
                    "schemes": [{"peers": "100%"}],
                    "otherwise": "0",
                }
            },
        }
        law = am.in_force(am.load(document), on="2022-01-01")
        for scores, mark in (
            ([], -2),
            ([1, 2], Fraction(3, 2)),
            ([-1, -2, 4], Fraction(1, 3) if how == "mean" else -1),
        ):
            who = {"q_peers": [{"value": Fraction(s)} for s in scores]}
            assert not disagreements(law, who, law.on)
            assert computed(law, lanes_of(law, who, law.on))["q.peers"] == mark
