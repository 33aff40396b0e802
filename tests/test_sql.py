"""A law in a real DuckDB and a real PostgreSQL gives what the reference gives."""

from __future__ import annotations

import datetime
import itertools
from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.rules import calendar
from asnmerit.rules.expr import Call, Fact, Literal
from asnmerit.rules.kernel import MOST, int_of
from asnmerit.rules.rounding import MODES, divided
from asnmerit.rules.to_sql import Table, create_view, to_sql
from asnmerit.sql import kernel
from support import compare, people, rows
from support.databases import duckdb, postgres
from support.dice import Seeded
from support.policies import day_of, seeded
from support.sql import Database, every_step, kernel_values, steps_query
from support.sql_tables import tellable
from test_catalogue import CASES, NAMES, TIES, _ends

DEPTH = settings().max_examples
SEEDS = max(12, DEPTH // 10)
CORNERS = 60


@pytest.fixture(scope="module")
def duck():
    connection = duckdb()
    yield Database("duckdb", connection)
    connection.close()


@pytest.fixture(scope="module")
def pg():
    with postgres() as connection:
        yield Database("postgres", connection)


@pytest.fixture(params=["duck", "pg"])
def db(request):
    return request.getfixturevalue(request.param)


# --- every step of random policies ---


@pytest.mark.parametrize("seed", range(1000, 1000 + SEEDS))
def test_every_step_is_that_of_the_reference(db, seed):
    made, law, dice = seeded(seed)
    day = day_of(law, dice)
    who = [tellable(law, people.person(dice, law, day, unknown)) for unknown in (0, 0, 5, 10, 15, 30, 40, 60) * 2]
    expected = [compare.expected(law, one, day) for one in who]
    for nested in (False, True):
        found = every_step(law, db, who, day, nested=nested)
        for known, got in zip(expected, found, strict=True):
            assert not isinstance(got, str), got
            assert not compare.same(known, got), made.dump()


# --- each row of the catalogue alone ---


def values_of(case):
    """Corners and random values, each also with every set of arguments unknown."""
    dice = Seeded(11)
    ends = [(a,) if isinstance(a, Fraction) else _ends(a) for a in case.args]
    found = list(itertools.islice(itertools.product(*ends), CORNERS)) + [rows.people(case, dice) for _ in range(20)]
    for unknown in itertools.product((False, True), repeat=len(case.args)):
        values = rows.people(case, dice)
        found.append(
            tuple(
                None if gone and not isinstance(a, Fraction) else v
                for v, a, gone in zip(values, case.args, unknown, strict=True)
            )
        )
    if case.args[0] is rows.HALVES:
        found += [(tie, *case.args[1:]) for tie in TIES if len(case.args) == 1 or isinstance(case.args[1], Fraction)]
    return found


def run_case(db, case):
    """Give what the reference and the database say of a case, side by side."""
    row = rows.made(case)
    values = values_of(case)
    facts = [(i, a) for i, a in enumerate(case.args) if not isinstance(a, Fraction)]
    lanes = [tuple(rows.raw(v[i], a) for i, a in facts) for v in values]
    names = {f"x{i}": f"x{n}" for n, (i, _) in enumerate(facts)}
    code = _renamed(row.code, names)
    kinds = [kernel_kind(a) for _, a in facts]
    if isinstance(code, Literal):
        return []
    found = kernel_values(db, [code], kinds, lanes)
    return [(v, row.reference(v), compare.exact(got, row.code.type)) for v, (got,) in zip(values, found, strict=True)]


def kernel_kind(of):
    from asnmerit.rules.lower import int_type

    return int_type(of)


def _renamed(code, names):
    from asnmerit.rules.expr import rebuilt

    return rebuilt(code, lambda n: Fact(n.type, names[n.name], n.slot) if isinstance(n, Fact) else None)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_a_row_alone_is_the_same_in_the_database(db, case):
    for values, reference, got in run_case(db, case):
        assert reference == got and (reference is None) == (got is None), (case, values)


# --- rounding, at every sign and size ---

SIZES = sorted({s * n for n in (0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 2**31, 2**62 + 1, MOST - 1, MOST) for s in (1, -1)})
DIVISORS = (1, 2, 3, 4, 5, 10, 2**31, 2**62, MOST - 1, MOST)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("least", [-MOST, 0])
def test_each_mode_is_exact_up_to_the_last_number(db, mode, least):
    n, d = (Fact(int_of("number", low, MOST), f"x{i}") for i, low in enumerate((least, 1)))
    pairs = [(a, b) for a in SIZES if a >= least for b in DIVISORS] + [(None, 2), (2, None)]
    code = Call(int_of("number", least, MOST), "quot", (n, d), mode)
    fixed = [
        Call(int_of("number", least, MOST), "quot", (n, Literal(int_of("number", k, k), k)), mode) for k in DIVISORS
    ]
    found = kernel_values(db, [code, *fixed], [n.type, d.type], pairs)
    for (a, b), (got, *others) in zip(pairs, found, strict=True):
        assert got == (None if a is None or b is None else divided(mode, a, b)), (a, b)
        assert others == [None if a is None else divided(mode, a, k) for k in DIVISORS]


# --- days ---

LIMITS = (calendar.FIRST, calendar.LAST)
DAYS = sorted(
    {
        datetime.date(year, month, 1).toordinal() + more
        for year in (1, 2, 4, 99, 100, 1600, 1900, 1999, 2000, 2023, 2024, 2100, 2199, 9998, 9999)
        for month in (1, 2, 3, 12)
        for more in (-1, 0, 27, 28, 30)
        if calendar.FIRST <= datetime.date(year, month, 1).toordinal() + more <= calendar.LAST
    }
)


def test_days_and_months_are_those_of_the_calendar(db):
    day = Fact(int_of("date", *LIMITS), "x0")
    codes = [
        Call(int_of("number", calendar.FIRST_MONTH, calendar.LAST_MONTH), "month_index", (day,)),
        Call(int_of("number", 1, 31), "day", (day,)),
    ]
    for at, (month, number) in zip(DAYS, kernel_values(db, codes, [day.type], [(d,) for d in DAYS]), strict=True):
        assert (month, number) == (calendar.month_index(at), calendar.day_of_month(at))


def test_a_day_of_a_month_is_clipped_to_its_end(db):
    month = Fact(int_of("number", calendar.FIRST_MONTH, calendar.LAST_MONTH), "x0")
    number = Fact(int_of("number", 1, 31), "x1")
    months = [*range(12 * 2023, 12 * 2025), calendar.FIRST_MONTH, calendar.LAST_MONTH, 12 * 1900 + 1, 12 * 2000 + 1]
    pairs = [*itertools.product(months, (1, 28, 29, 30, 31)), (None, 1), (24_000, None)]
    code = Call(int_of("date", *LIMITS), "date_at", (month, number))
    for (m, d), (got,) in zip(pairs, kernel_values(db, [code], [month.type, number.type], pairs), strict=True):
        assert got == (None if m is None or d is None else calendar.date_at(m, d)), (m, d)


# --- decisions of the bundled policies ---


def laws(name):
    """At most three laws of a policy: the first, one between, the last."""
    policy = am.load(name)
    days = policy.days()[0]
    found = []
    for on in sorted({days[0], days[len(days) // 2], days[-1]}):
        with suppress(am.NotInForceError):  # a policy that leaves values to others decides nothing by itself
            found.append(am.in_force(policy, on=datetime.date.fromordinal(on)))
    return found


def answered(db, query):
    """Create the view of a query and read it."""
    db.connection.execute("DROP VIEW IF EXISTS answers")
    db.connection.execute(create_view("answers", query))
    found = db.connection.execute("SELECT * FROM answers ORDER BY nip")
    names = [c[0] for c in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def assert_decided(law, who, row, named=()):
    """A row of the view says what `decide` says."""
    try:
        decision = am.decide(law, people.record(Seeded(0), law, who))
    except am.RecordError as error:
        assert row["error"].removesuffix(": check") in str(error)
        assert all(row[f"{name}_status"] == "error" for name in law.decisions)
        return
    assert row["error"] is None
    for name in law.decisions:
        outcome = decision[name]
        assert row[f"{name}_status"] == outcome.status
        assert row.get(f"{name}_rule") == outcome.rule
        said = outcome.outcome or {}
        fields = {f: row[f"{name}_{f}"] for f in law.decisions[name].fields if f"{name}_{f}" in row}
        for field, got in fields.items():
            assert _exact(got, said.get(field)) == said.get(field), (name, field)
    for name in named:
        assert _exact(row[name], decision.values[name]) == decision.values[name], name


def _exact(got, value):
    """A number that no decimal can hold comes as text, p/q."""
    return Fraction(got) if isinstance(got, str) and not isinstance(value, str) else got


@pytest.mark.parametrize("name", am.policies())
def test_a_bundled_policy_decides_the_same(db, name):
    for law in laws(name):
        dice = Seeded(5)
        who = [tellable(law, people.person(dice, law, law.on, u)) for u in (0, 0, 0, 5, 10, 30) * max(3, DEPTH // 60)]
        named = [s.key for s in law.steps if s.role in {"derived", "score"} and s.binder is None and len(s.key) < 50]
        for nested in (False, True):
            db.put(law, who, law.on, nested=nested)
            query = to_sql(law, db.dialect, Table(lists="nested" if nested else "columns"), values=named)
            for one, row in zip(who, answered(db, query), strict=True):
                assert_decided(law, one, row, named)


# --- planted faults are seen ---


def caught(db, ops):
    """Whether some case of some operators differs from the reference, or is refused by the database."""
    for case in (c for c in CASES if c.op in ops):
        try:
            test_a_row_alone_is_the_same_in_the_database(db, case)
        except Exception:  # noqa: BLE001 - a database says in its own way that a text is wrong
            return True
    return False


def planted(monkeypatch, op, write):
    monkeypatch.setitem(kernel._OPERATORS, op, write)


def test_a_half_up_that_floors_is_caught(db, monkeypatch):
    monkeypatch.setitem(kernel._TIES, "half_up", kernel._TIES["half_down"])
    assert caught(db, {"half_up"})


def test_a_division_that_truncates_is_caught(db, monkeypatch):
    old = kernel._quotient
    monkeypatch.setitem(kernel._OPERATORS, "quot", lambda w, node, a: old(w, _down(node), a))
    assert caught(db, {"floor"})


def _down(node):
    return Call(node.type, "quot", node.args, "down")


def test_a_least_that_passes_over_the_unknown_is_caught(db, monkeypatch):
    planted(monkeypatch, "min", lambda _w, _n, a: kernel.combined("LEAST({}, {})", *a))
    assert caught(db, {"min"})


def test_an_unknown_sent_to_else_is_caught(db, monkeypatch):
    planted(monkeypatch, "select", lambda _w, _n, a: kernel.combined("CASE WHEN {} THEN {} ELSE {} END", *a))
    assert caught(db, {"if"})


def test_a_place_counted_from_nought_is_caught(db, monkeypatch):
    old = kernel._lookup
    one_off = Literal(int_of("number", -1, -1), -1)
    assert one_off.value == -1
    planted(monkeypatch, "lookup", lambda w, n, a: old(w, n, (kernel.combined("({} - 1)", a[0]),)))
    assert caught(db, {"cell"})


def test_a_sum_of_rows_beyond_the_count_is_caught(db, monkeypatch):
    monkeypatch.setattr(
        kernel.Writer,
        "_sum",
        lambda self, _count, bodies: self._joined(" + ", [kernel.combined("COALESCE({}, 0)", b) for b in bodies]),
    )
    for seed in range(1000, 1040):
        _, law, dice = seeded(seed)
        who = [tellable(law, people.person(dice, law, law.on, u)) for u in (0, 20, 40)]
        expected = [compare.expected(law, one, law.on) for one in who]
        if any(compare.same(e, g) for e, g in zip(expected, every_step(law, db, who, law.on), strict=True)):
            return
    pytest.fail("not caught")


# --- the text itself ---


@pytest.mark.parametrize("seed", range(1000, 1000 + SEEDS))
def test_texts_stay_short_and_names_differ(seed):
    _, law, _ = seeded(seed)
    for dialect in ("duckdb", "postgres"):
        query = steps_query(law, dialect, law.on)
        assert to_sql(law, dialect) == to_sql(law, dialect)
        for part in query.split(" AS (\n")[1:]:
            names = [line.rsplit(' AS "', 1)[1].rstrip('",') for line in part.splitlines() if ' AS "' in line]
            assert len({n.casefold() for n in names}) == len(names)
            assert all(len(n.encode()) <= 63 for n in names)
        assert max(_depth(line) for line in query.splitlines()) <= 40


def _depth(line):
    depth = deepest = 0
    for c in line:
        depth += (c == "(") - (c == ")")
        deepest = max(deepest, depth)
    return deepest


def chain(length):
    """A law in which each value reads the one before."""
    derived = {f"d{i}": f"min({f'd{i - 1}' if i else 'x'} + 1, 2000)" for i in range(length)}
    head = {"asnmerit": 1, "policy": "test/chain", "title": "Chain", "enacted": "2019-12-01"}
    facts = {"x": {"type": "integer", "from": 0, "to": 10}}
    return am.in_force(
        am.load({**head, "effective": {"from": "2020-01-01"}, "facts": facts, "derived": derived}), on="2022-01-01"
    )


def test_a_long_chain_of_values_is_no_deep_text(db):
    law = chain(200)
    db.put(law, [{"x": Fraction(3)}, {"x": None}], law.on)
    found = answered(db, to_sql(law, db.dialect, values=["d199"]))
    assert [row["d199"] for row in found] == [203, None]


def test_more_levels_than_a_database_can_do_are_refused_by_name():
    law = chain(1100)
    for dialect in ("duckdb", "postgres"):
        with pytest.raises(am.ArgumentError, match="1100 levels"):
            to_sql(law, dialect, values=["d1099"])
