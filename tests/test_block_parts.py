"""The parts of a block program: rounded division by a constant, choices, and buffers that are used again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asnmerit.frames.choices import chosen
from asnmerit.frames.program import Program, Ref, kind_for, placed
from asnmerit.frames.quotients import quotient
from asnmerit.rules.kernel import Int
from asnmerit.rules.rounding import MODES, divided

np = pytest.importorskip("numpy")
TYPES = {"bool": np.bool_, "int32": np.int32, "int64": np.int64}


def computed(program, result, columns):
    """Run a program on columns by name."""
    rows = len(next(iter(columns.values())))
    plan = placed(program, {name: name for name in columns})
    names = {word: getattr(np, word) for word in dir(np) if not word.startswith("_")} | columns
    for kind, count in plan.buffers.items():
        names |= {f"{kind}_{i}": np.full(rows, 1, TYPES[kind]) for i in range(count)}
    for line in program.lines:
        exec(line.text.format(*[plan.places.get(r.code, r.code) for r in line.refs]), names)
    found = names.get(plan.places.get(result.code, result.code), result.const)
    return np.broadcast_to(found, rows).tolist()


def rounded(mode, values, d, lo, hi):
    program, of = Program(), Int("number", lo, hi)
    kind = kind_for(lo, hi)
    result = quotient(program, mode, Ref("n", kind), of, d, kind)
    return None if result is None else computed(program, result, {"n": np.array(values, TYPES[kind])})


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("d", [1, 2, 3, 4, 5, 10, 12, 25, 100])
def test_every_quotient_near_nought_is_rounded_as_the_reference_does(mode, d):
    for lo, hi in ((-60, 60), (0, 60), (-60, 0)):
        values = list(range(lo, hi + 1))
        assert rounded(mode, values, d, lo, hi) == [divided(mode, n, d) for n in values]


WIDE = st.integers(-(2**63), 2**63 - 1)


@given(st.sampled_from(MODES), st.lists(WIDE, min_size=1), st.integers(1, 2**62), st.sampled_from([0, 31, 32, 40]))
def test_large_quotients_are_rounded_as_the_reference_does_or_left_to_it(mode, values, d, shift):
    values, d = [n >> shift for n in values], max(d >> shift, 1)
    lo, hi = min(values), max(values)
    found = rounded(mode, values, d, lo, hi)
    if found is None:
        assert hi + d >= 2**63
    else:
        assert found == [divided(mode, n, d) for n in values]


def test_a_rounding_mode_that_is_none_is_refused():
    with pytest.raises(ValueError, match="no rounding mode nearest"):
        rounded("nearest", [1], 2, 0, 1)


SIDES = {
    "bool": (None, False, True),
    "int32": (None, 0, 1, -1, 7, -(2**31), 2**31 - 1),
    "int64": (None, 0, 1, -1, -(2**63), 2**63 - 1),
}


def side(name, kind, value, columns):
    if value is None:
        spread = [True, False, False, True] if kind == "bool" else [-5, 2**31 - 1, -(2**31), 0]
        columns[name] = np.array(spread if name == "a" else spread[::-1], TYPES[kind])
        return Ref(name, kind)
    code = repr(value)
    return Ref(code, kind if kind == "bool" else kind_for(value, value), int(value))


@pytest.mark.parametrize(("kind", "a", "b"), [(k, a, b) for k, both in SIDES.items() for a in both for b in both])
@pytest.mark.parametrize("narrow", [False, True])
def test_a_choice_takes_one_side_or_the_other(kind, a, b, narrow):
    columns = {"t": np.array([True, False, True, False])}
    program = Program()
    left = side("a", "int32" if narrow and kind == "int64" else kind, a, columns)
    result = chosen(program, Ref("t", "bool"), left, side("b", kind, b, columns), kind)
    given_a, given_b = columns.get("a", [a] * 4), columns.get("b", [b] * 4)
    expected = [x if t else y for t, x, y in zip(columns["t"], given_a, given_b, strict=True)]
    assert computed(program, result, columns) == [bool(x) if kind == "bool" else int(x) for x in expected]


def test_a_column_that_is_needed_again_is_not_overwritten():
    program = Program()
    x = Ref("x", "int32")
    double = program.new("add({0}, {1}, out={out})", "int32", x, x)
    more = program.new("add({0}, 1, out={out})", "int32", double)
    both = program.new("multiply({0}, {1}, out={out})", "int32", double, more)
    assert computed(program, both, {"x": np.array([1, 2, 3], np.int32)}) == [6, 20, 42]
    assert placed(program, {"x": "x"}).buffers["int32"] == 2
