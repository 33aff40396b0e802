"""The record edge: what each type of fact accepts and refuses; only the library's own errors come out."""

from __future__ import annotations

import datetime
import enum
from collections import OrderedDict, UserDict
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.errors import AsnmeritError, RecordError

DOCUMENT = {
    "asnmerit": 1,
    "policy": "edge/facts",
    "title": "t",
    "enacted": "2019-12-01",
    "effective": {"from": "2020-01-01"},
    "types": {"rank": {"order": ["III/a", "III/b", "IV/a"]}},
    "facts": {
        "score": {"type": "number", "from": 0, "to": 100, "step": "0.01"},
        "third": {"type": "number", "from": "1/3", "to": "7/3", "step": "2/3"},
        "five": {"type": "integer", "from": -10, "to": 100, "step": 5},
        "wide": {"type": "number", "from": -1000000000, "to": 1000000000, "step": "0.0001"},
        "share": {"type": "percent", "from": "0%", "to": "100%", "step": "0.5%"},
        "pay": {"type": "rupiah", "from": 0, "to": 100000000},
        "active": {"type": "bool"},
        "born": {"type": "date", "from": "1950-01-01", "to": "2010-12-31"},
        "rank": {"type": "rank"},
        "marks": {"type": "number", "from": 0, "to": 4, "step": "0.5", "per": "year", "back": 3},
        "levels": {"type": "integer", "from": 0, "to": 5, "per": "rank"},
        "rows": {
            "type": "list",
            "up_to": 2,
            "of": {"day": {"type": "date"}, "n": {"type": "integer", "from": 0, "to": 9}},
        },
        "unread": {"type": "bool"},
    },
    "indicators": {
        "quality": {
            "scale": {"from": 0, "to": 100, "step": "0.5"},
            "raters": {"boss": {"up_to": 2, "required": "yes"}},
            "schemes": [{"boss": "100%"}],
        }
    },
    "derived": {
        "total": "score + third + five + wide + share + (1 if active else 0) + sum(m for m in marks)",
        "paid": "pay",
        "when": "born",
        "which": "rank",
        "level": "levels[rank]",
        "some": "sum(r.n for r in rows if r.day <= as_of)",
    },
}
LAW = am.in_force(am.load(DOCUMENT), on="2024-03-01")
DAY = datetime.date(1990, 2, 28)
MIDNIGHT = datetime.datetime(1990, 2, 28)  # noqa: DTZ001 - a day without a zone is what is meant
WIDE_DIGITS = "\uff11\uff19\uff19\uff10", "\uff12\uff10\uff12\uff13"


def code(name, value):
    """The code of the one fault that a record with this value has, or nothing when it is accepted."""
    try:
        am.decide(LAW, {name: value})
    except RecordError as error:
        (fault,) = error.faults
        assert fault.fact.startswith(name) and str(fault)
        return fault.code
    return ""


class Text(str):
    __slots__ = ()


class Count(int):
    pass


class Mode(enum.IntEnum):
    ON = 1


class Word(enum.StrEnum):
    RANK = "III/a"


ACCEPTED = [
    ("score", 0),
    ("score", 100),
    ("score", 87.35),
    ("score", Decimal("87.35")),
    ("score", Fraction(8735, 100)),
    ("score", 1.15),
    ("score", Decimal("87.3500")),
    ("score", Decimal("1E+2")),
    ("score", -0.0),
    ("score", Count(5)),
    ("third", Fraction(5, 3)),
    ("third", 1),
    ("third", 1 / 3),
    ("five", -10),
    ("five", 95),
    ("five", 15.0),
    ("wide", 999999999.9999),
    ("wide", -123456789.0001),
    ("share", Fraction(1, 2)),
    ("share", 0.005),
    ("share", 1),
    ("pay", 1500000),
    ("pay", 1500000.0),
    ("pay", Decimal("1500000.00")),
    ("active", True),
    ("active", False),
    ("born", DAY),
    ("born", "1990-02-28"),
    ("born", MIDNIGHT),
    ("born", "1950-01-01"),
    ("rank", "III/a"),
    ("rank", Text("III/a")),
    ("rank", Word.RANK),
    ("marks", {}),
    ("marks", {2023: 4, "2022": 0.5}),
    ("marks", {2023: None}),
    ("marks", {1999: 1, 2030: 2}),
    ("levels", {"III/a": 5}),
    ("levels", {}),
    ("rows", []),
    ("rows", ()),
    ("rows", [{"day": "2024-02-29", "n": 1}, {}]),
    ("rows", ({"n": None},)),
    ("quality_boss", [50, 99.5]),
    ("quality_boss", (50,)),
    ("quality", {"boss": [50]}),
    ("unread", True),
]
REFUSED = [
    ("score", True, "wrong-type"),
    ("score", "87.35", "wrong-type"),
    ("score", b"1", "wrong-type"),
    ("score", 1j, "wrong-type"),
    ("score", [1], "wrong-type"),
    ("score", float("nan"), "not-finite"),
    ("score", float("inf"), "not-finite"),
    ("score", Decimal("NaN"), "not-finite"),
    ("score", Decimal("sNaN"), "not-finite"),
    ("score", Decimal("-Infinity"), "not-finite"),
    ("score", -1, "out-of-range"),
    ("score", 100.01, "out-of-range"),
    ("score", 10**400, "out-of-range"),
    ("score", 1e300, "out-of-range"),
    ("score", 10**5000, "out-of-range"),
    ("score", -(10**5000), "out-of-range"),
    ("score", Fraction(10**5000, 3), "out-of-range"),
    ("score", 0.1 + 0.2, "off-step"),
    ("score", 87.355, "off-step"),
    ("score", Fraction(1, 3), "off-step"),
    ("score", 87.3499984741211, "off-step"),
    ("score", 1e-300, "off-step"),
    ("score", 5e-324, "off-step"),
    ("score", Decimal("0.001"), "off-step"),
    ("score", Fraction(1, 10**5000), "off-step"),
    ("third", Fraction(4, 3), "off-step"),
    ("third", 0, "out-of-range"),
    ("third", 0.3333, "off-step"),
    ("five", 7, "off-step"),
    ("five", 12.5, "off-step"),
    ("five", -15, "out-of-range"),
    ("share", 50, "out-of-range"),
    ("share", "50%", "wrong-type"),
    ("share", 0.001, "off-step"),
    ("pay", 0.5, "off-step"),
    ("pay", True, "wrong-type"),
    ("active", 1, "wrong-type"),
    ("active", 0, "wrong-type"),
    ("active", "ya", "wrong-type"),
    ("active", "true", "wrong-type"),
    ("active", Mode.ON, "wrong-type"),
    ("born", "19900228", "not-a-date"),
    ("born", "1990-W09-3", "not-a-date"),
    ("born", "1990-02-30", "not-a-date"),
    ("born", "28-02-1990", "not-a-date"),
    ("born", "1990-02-28T00:00", "not-a-date"),
    ("born", " 1990-02-28", "not-a-date"),
    ("born", f"{WIDE_DIGITS[0]}-02-28", "not-a-date"),
    ("born", "", "not-a-date"),
    ("born", "0000-00-00", "not-a-date"),
    ("born", 33000, "wrong-type"),
    ("born", True, "wrong-type"),
    ("born", MIDNIGHT.replace(hour=1), "wrong-type"),
    ("born", datetime.datetime(1990, 2, 28, tzinfo=datetime.UTC), "wrong-type"),
    ("born", datetime.time(), "wrong-type"),
    ("born", datetime.date(1949, 12, 31), "out-of-range"),
    ("born", "2011-01-01", "out-of-range"),
    ("born", datetime.date.max, "out-of-range"),
    ("born", datetime.date.min, "out-of-range"),
    ("rank", "iii/a", "unknown-member"),
    ("rank", "III/A ", "unknown-member"),
    ("rank", "", "unknown-member"),
    ("rank", 0, "wrong-type"),
    ("rank", "\ud800", "unknown-member"),
    ("rank", "x" * 10**6, "unknown-member"),
    ("rank", ("III/a",), "wrong-type"),
    ("marks", [4, 3], "wrong-type"),
    ("marks", 4, "wrong-type"),
    ("marks", {23: 4}, "not-a-year"),
    ("marks", {"23": 4}, "not-a-year"),
    ("marks", {True: 4}, "not-a-year"),
    ("marks", {2023.0: 4}, "not-a-year"),
    ("marks", {None: 4}, "not-a-year"),
    ("marks", {WIDE_DIGITS[1]: 4}, "not-a-year"),
    ("marks", {2023: 4, "2023": 4}, "twice"),
    ("marks", {2023: 0.3}, "off-step"),
    ("marks", {1990: 0.3}, "off-step"),
    ("marks", {10**4000: 1}, "not-a-year"),
    ("levels", {"III/c": 1}, "unknown-member"),
    ("levels", {0: 1}, "unknown-member"),
    ("levels", [1], "wrong-type"),
    ("levels", {"III/a": 6}, "out-of-range"),
    ("rows", {}, "wrong-type"),
    ("rows", "[]", "wrong-type"),
    ("rows", [{}] * 3, "too-many"),
    ("rows", [1], "wrong-type"),
    ("rows", [{"nn": 1}], "unknown-field"),
    ("rows", [{"n": 10}], "out-of-range"),
    ("rows", [None], "wrong-type"),
    ("rows", iter([]), "wrong-type"),
    ("quality_boss", [], "too-few"),
    ("quality_boss", [1, 2, 3], "too-many"),
    ("quality_boss", 50, "wrong-type"),
    ("quality_boss", [True], "wrong-type"),
    ("quality_boss", [0.3], "off-step"),
    ("quality", {"bos": [50]}, "unknown-fact"),
    ("quality", [50], "wrong-type"),
    ("unread", 1, "wrong-type"),
    ("scor", 1, "unknown-fact"),
    ("total", 1, "not-a-fact"),
    ("total", None, "not-a-fact"),
    ("", 1, "unknown-fact"),
]


@pytest.mark.parametrize(("name", "value"), ACCEPTED, ids=range(len(ACCEPTED)))
def test_accepted(name, value):
    assert not code(name, value)


@pytest.mark.parametrize(("name", "value", "expected"), REFUSED, ids=range(len(REFUSED)))
def test_refused(name, value, expected):
    assert code(name, value) == expected


@pytest.mark.parametrize(
    "exponent", ["1E+999999", "-1E+999999", "1E-999999", "0E+999999", "0E-999999", "9" * 5000 + "E-4990"]
)
def test_decimals_far_away_are_answered_at_once(exponent):
    assert code("score", Decimal(exponent)) in {"out-of-range", "off-step", ""}


def test_the_value_that_comes_in_is_the_value_that_is_kept():
    decision = am.decide(
        LAW, {"score": 87.35, "third": 1 / 3, "born": "1990-02-28", "rank": "IV/a", "marks": {2023: 1.5}}
    )
    assert decision.facts["score"] == Decimal("87.35")
    assert decision.facts["third"] == Fraction(1, 3)
    assert decision.values["when"] == DAY
    assert decision.values["which"] == "IV/a"


def test_unknown_is_one_thing():
    for record in ({}, {"score": None}, {"marks": None}, {"marks": {}}, {"levels": {"III/a": None}}):
        assert am.decide(LAW, record).raw == am.decide(LAW, {}).raw


def test_near_misses_are_named():
    for name, value, hint in (
        ("scoer", 1, "score"),
        ("rank", "iii/a", "III/a"),
        ("rows", [{"dayy": "2024-01-01"}], "day"),
        ("levels", {"III/A": 1}, "III/a"),
    ):
        with pytest.raises(RecordError) as caught:
            am.decide(LAW, {name: value})
        assert hint in caught.value.faults[0].hint


def test_all_faults_of_a_record_come_at_once():
    with pytest.raises(RecordError) as caught:
        am.decide(LAW, {"score": "x", "rank": "x", "born": "x", "marks": {2023: "x", 2022: "x"}, "nobody": 1})
    assert {f.fact for f in caught.value.faults} == {"score", "rank", "born", "marks[2023]", "marks[2022]", "nobody"}


def test_foreign_keys_are_the_callers_choice():
    record = {"name": "Siti", "nip": "1990", "score": 5}
    with pytest.raises(RecordError):
        am.decide(LAW, record)
    assert (
        am.decide(LAW, record, ignore=("name", "nip")).raw
        == am.decide(LAW, record, ignore="*").raw
        == am.decide(LAW, {"score": 5}).raw
    )
    with pytest.raises(RecordError):
        am.decide(LAW, {"score": "x", "name": 1}, ignore="*")


@pytest.mark.parametrize("kind", [OrderedDict, MappingProxyType, UserDict, type("Own", (dict,), {})])
def test_any_mapping_is_a_record(kind):
    record = {"score": 87.35, "rows": [{"n": 1}], "marks": {2023: 1}}
    assert am.decide(LAW, kind(record)).raw == am.decide(LAW, record).raw


@pytest.mark.parametrize(
    "record", [None, [], "x", 1, {1: 2}, {None: 1}, {b"score": 1}, {("score",): 1}, {"\ud800": 1}, [("score", 1)]]
)
def test_what_is_no_record_is_refused(record):
    with pytest.raises(RecordError):
        am.decide(LAW, record)


def test_objects_that_run_into_themselves_are_refused():
    row: dict = {}
    row["n"] = row
    rows: list = []
    rows.append(rows)
    for name, value in (
        ("rows", [row]),
        ("rows", rows),
        ("marks", row),
        ("score", rows),
        ("rank", row),
        ("levels", {"III/a": rows}),
    ):
        assert code(name, value) in {"wrong-type", "not-a-year"}


class Hostile:
    """An object whose every reading fails."""

    def __repr__(self):
        raise RuntimeError

    __str__ = __eq__ = __len__ = __iter__ = __float__ = __int__ = __index__ = __bool__ = __repr__  # type: ignore[assignment]
    __hash__ = object.__hash__


class Unhashable(Hostile):
    """One that cannot even be looked up."""

    __hash__ = Hostile.__repr__  # type: ignore[assignment]


@pytest.mark.parametrize("kind", [Hostile, Unhashable])
def test_hostile_objects_are_refused(kind):
    for name in DOCUMENT["facts"]:
        for value in (kind(), [kind()], [{"n": kind(), "day": kind()}], {2023: kind()}, {"III/a": kind()}):
            with pytest.raises(RecordError) as caught:
                am.decide(LAW, {name: value})
            assert str(caught.value)


def test_hostile_names_are_refused():
    with pytest.raises(RecordError) as caught:
        am.decide(LAW, {Hostile(): 1})
    assert str(caught.value)


# --- numpy, where it is installed ---


def test_numpy_scalars_are_read_as_their_python_kind():
    np = pytest.importorskip("numpy", reason="numpy is not installed")
    for name, value in (
        ("score", np.float64(87.35)),
        ("five", np.int8(15)),
        ("pay", np.uint32(5)),
        ("active", np.bool_(1)),
        ("rank", np.str_("III/a")),
        ("born", np.datetime64("1990-02-28")),
    ):
        assert not code(name, value), name
    for name, value, expected in (
        ("score", np.float32(87.35), "inexact"),
        ("score", np.float16(1), "inexact"),
        ("score", np.float64("nan"), "not-finite"),
        ("score", np.array([1.0]), "wrong-type"),
        ("score", np.bool_(1), "wrong-type"),
        ("active", np.int64(1), "wrong-type"),
        ("born", np.datetime64("NaT"), "wrong-type"),
        ("born", np.datetime64("1990-02-28T05"), "wrong-type"),
        ("five", np.int64(7), "off-step"),
        ("rows", np.array([]), "wrong-type"),
        ("score", np.longdouble(1), "wrong-type"),
    ):
        assert code(name, value) == expected, (name, value)


# --- anything at all ---

ATOMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals()
    | st.fractions()
    | st.text(max_size=12)
    | st.binary(max_size=4)
    | st.dates()
    | st.datetimes()
    | st.times()
    | st.timedeltas()
    | st.complex_numbers()
    | st.uuids()
    | st.text(st.characters(categories=["Cs"]), max_size=3)
    | st.sampled_from(
        ["III/a", "2024-02-29", 2023, "2023", 0.5, Decimal("1E+999999"), Decimal("sNaN"), object(), int, ...]
    )
)
HASHABLE = ATOMS.filter(lambda x: not (isinstance(x, Decimal) and x.is_snan()))
ANYTHING = st.recursive(
    ATOMS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.sets(HASHABLE, max_size=3)
        | st.dictionaries(HASHABLE | st.sampled_from(["day", "n", "III/a", 2023, "boss"]), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = st.sampled_from([*DOCUMENT["facts"], "quality", "quality_boss", "total"]) | HASHABLE


@settings(max_examples=settings().max_examples * 3)
@given(st.dictionaries(NAMES, ANYTHING, max_size=6), st.sampled_from(((), "*", ("total",))))
def test_only_the_librarys_own_errors_come_out(record, ignore):
    try:
        decision = am.decide(LAW, record, ignore=ignore)
    except AsnmeritError as error:
        assert str(error)
    else:
        decision.to_json()


@given(ANYTHING)
def test_whatever_is_given_as_a_record(record):
    try:
        am.decide(LAW, record)
    except AsnmeritError as error:
        assert str(error)


@given(ANYTHING)
def test_whatever_is_given_as_a_day(day):
    try:
        am.decide(LAW, {}, as_of=day)
        am.in_force(am.load(DOCUMENT), on=day)
    except AsnmeritError as error:
        assert str(error)


# --- the float rule ---


@given(st.integers(-(10**13), 10**13))
def test_the_nearest_double_to_a_point_of_the_step_is_that_point(n):
    exact = Fraction(n, 10**4)
    value = float(exact)
    assert am.decide(LAW, {"wide": value}).facts["wide"] == exact


@given(st.floats(-1e9, 1e9), st.sampled_from(("wide", "score", "third", "five", "share")))
def test_a_float_is_taken_only_when_its_shortest_decimal_is_on_the_step(value, name):
    of = LAW.declared[name].type
    exact = Fraction(repr(value))
    on_step = of.lo <= exact <= of.hi and (exact - of.lo) % of.step == 0
    near = round((Fraction(value) - of.lo) / of.step) * of.step + of.lo
    is_double = of.lo <= near <= of.hi and float(near) == value
    accepted = not code(name, value)
    assert accepted == is_double
    assert not on_step or accepted


PRESUMING = {
    "asnmerit": 1,
    "policy": "edge/presumed",
    "title": "t",
    "enacted": "2019-12-01",
    "effective": {"from": "2020-01-01"},
    "sources": {"law": {"title": "t", "grade": "A"}},
    "facts": {
        name: {"type": "bool", "assume": assume, "source": "law art. 1"}
        for name, assume in {"zeal": "yes", "middle": "no", "absent": "no"}.items()
    },
    "derived": {"all_three": "zeal and middle and absent"},
}
"""Facts with a presumption, declared in an order that is not that of their names."""


@pytest.mark.parametrize("told", [{}, {"middle": True}, {"zeal": None}], ids=["none", "one", "null"])
def test_what_was_presumed_is_listed_alike_whichever_edge_reads_the_record(told):
    law = am.in_force(am.load(PRESUMING), on="2026-04-01")
    quickly, carefully = am.decide(law, dict(told)), am.decide(law, MappingProxyType(told))
    assert len(quickly.presumed) > 1
    assert quickly.presumed == carefully.presumed == tuple(sorted(quickly.presumed))
    assert quickly.to_json() == carefully.to_json()
    assert am.replay(carefully.to_json(), law).status == am.replay(quickly.to_json(), law).status == "same"


def test_what_was_presumed_is_listed_alike_in_every_order_of_columns():
    pa = pytest.importorskip("pyarrow")
    law = am.in_force(am.load(PRESUMING), on="2026-04-01")
    said = set()
    for names in (["zeal", "middle"], ["middle", "zeal"], ["absent", "zeal", "middle"], ["zeal"]):
        table = pa.table({name: pa.array([None], pa.bool_()) for name in names})
        said |= set(am.decide_frame(law, table)["presumed"].to_pylist())
    assert said == {", ".join(am.decide(law, {}).presumed)}
