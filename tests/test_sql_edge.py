"""The edge of the SQL interpretation: wrong facts are named, and no text of a policy gets out of its place."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.cli import main
from asnmerit.errors import ArgumentError
from asnmerit.rules.to_sql import Table, create_view, to_sql
from asnmerit.sql.dialects import DIALECTS
from support.databases import duckdb, postgres
from support.dice import Seeded
from support.people import person
from support.sql import Database
from support.sql_tables import tellable

POLICY = {
    "asnmerit": 1,
    "policy": "test/edge",
    "title": {"id": "Uji", "en": "Edge"},
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
    "types": {"rank": {"order": ["I/a", "II/a", "it's", "back\\slash", 'q"uote']}},
    "facts": {
        "rank": "rank",
        "score": {"type": "number", "from": 0, "to": 100, "step": "0.25"},
        "third": {"type": "number", "from": 0, "to": 2, "step": "1/3"},
        "born": {"type": "date", "from": "1950-01-01", "to": "2010-12-31"},
        "active": "bool",
        "late": {"type": "integer", "from": 0, "to": 30, "assume": 0, "source": "uu 1"},
        "performance": {"type": "integer", "per": "year", "back": 2, "from": 0, "to": 5},
        "sanctions": {
            "type": "list",
            "up_to": 2,
            "of": {
                "level": "rank",
                "end": {"type": "date"},
                "n": {"type": "number", "from": 0, "to": 9, "step": "0.5"},
            },
        },
        "open_list": {"type": "list", "up_to": 2, "of": {"ok": "bool"}, "assume": [], "source": "uu 1"},
    },
    "sources": {"uu": {"title": "UU", "grade": "A"}},
    "checks": {"born_first": "born <= as_of"},
    "derived": {
        "sum": "score + third + late",
        "n": "sum(s.n for s in sanctions) + performance[0]",
        "any_open": "any(o.ok for o in open_list)",
        "ended": "any(s.end < as_of and s.level == 'I/a' for s in sanctions)",
    },
    "decisions": {"d": {"outcome": {"amount": "number", "rank": "rank", "day": "date"}}},
    "rules": {
        "r": {
            "decides": "d",
            "source": "uu 1",
            "requires": {"a": "active", "s": "sum >= 1", "p": "n >= 0 or ended or any_open or performance[1] >= 1"},
            "grants": {"amount": "score", "rank": "rank", "day": "born"},
        }
    },
}
GOOD = {
    "rank": ("TEXT", "'it''s'"),
    "score": ("NUMERIC(10, 4)", "12.75"),
    "third": ("NUMERIC(10, 4)", "1"),
    "born": ("DATE", "DATE '1980-02-29'"),
    "active": ("BOOLEAN", "TRUE"),
    "late": ("SMALLINT", "NULL"),
    "performance_2025": ("INTEGER", "3"),
    "performance_2024": ("INTEGER", "4"),
    "sanctions_count": ("INTEGER", "1"),
    "sanctions_1_level": ("TEXT", "'I/a'"),
    "sanctions_1_end": ("DATE", "DATE '2020-01-01'"),
    "sanctions_1_n": ("NUMERIC(6, 3)", "1.5"),
    "sanctions_2_level": ("TEXT", "NULL"),
    "sanctions_2_end": ("DATE", "NULL"),
    "sanctions_2_n": ("NUMERIC(6, 3)", "NULL"),
    "open_list_count": ("INTEGER", "NULL"),
    "open_list_1_ok": ("BOOLEAN", "NULL"),
    "open_list_2_ok": ("BOOLEAN", "NULL"),
}


@pytest.fixture(scope="module")
def databases():
    with postgres() as connection:
        yield {"duckdb": Database("duckdb", duckdb()), "postgres": Database("postgres", connection)}


@pytest.fixture(params=["duckdb", "postgres"])
def db(request, databases):
    return databases[request.param]


def law_of(document=None, **more):
    return am.in_force(am.load({**POLICY, **more} if document is None else document), on="2026-04-01")


def answer(db, law=None, table=None, **changed):
    """Put one row into a table, decide it, and give the answer by column."""
    cells = {**GOOD, **changed}
    cells = {name: cell for name, cell in cells.items() if cell is not None}
    return run(db, cells, law or law_of(), table or Table(keys=()))


def run(db, cells, law, table, **more):
    db.connection.execute('DROP TABLE IF EXISTS "records" CASCADE')
    kinds = ", ".join(f'"{name}" {of}' for name, (of, _) in cells.items())
    db.connection.execute(f'CREATE TABLE "records" ({kinds})')
    db.connection.execute(f'INSERT INTO "records" VALUES ({", ".join(v for _, v in cells.values())})')  # noqa: S608 - its own table
    found = db.connection.execute(to_sql(law, db.dialect, table, **more))
    (row,) = found.fetchall()
    return dict(zip([c[0] for c in found.description], row, strict=True))


# --- what comes in ---


def test_a_good_row_is_decided_with_real_types(db):
    assert answer(db) == {
        "error": None,
        "d_status": "granted",
        "d_rule": "r",
        "d_amount": Decimal("12.75"),
        "d_rank": "it's",
        "d_day": datetime.date(1980, 2, 29),
    }


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("rank", ("TEXT", "'III/a'"), "unknown-member"),
        ("rank", ("TEXT", "'i/a'"), "unknown-member"),
        ("rank", ("TEXT", "''"), "unknown-member"),
        ("rank", ("INTEGER", "0"), "unknown-member"),
        ("score", ("NUMERIC(10, 4)", "100.25"), "out-of-range"),
        ("score", ("NUMERIC(10, 4)", "-0.25"), "out-of-range"),
        ("score", ("NUMERIC(10, 4)", "12.3"), "off-step"),
        ("score", ("NUMERIC(30, 20)", "12.75000000000000000001"), "off-step"),
        ("score", ("NUMERIC(38, 2)", "999999999999999999999999999999999999.5"), "out-of-range"),
        ("third", ("NUMERIC(10, 4)", "0.3333"), "off-step"),
        ("born", ("DATE", "DATE '1949-12-31'"), "out-of-range"),
        ("born", ("DATE", "CAST('infinity' AS DATE)"), "out-of-range"),
        ("born", ("DATE", "CAST('-infinity' AS DATE)"), "out-of-range"),
        ("late", ("BIGINT", "9223372036854775807"), "out-of-range"),
        ("performance_2025", ("INTEGER", "6"), "out-of-range"),
        ("sanctions_count", ("INTEGER", "3"), "out-of-range"),
        ("sanctions_count", ("INTEGER", "-1"), "out-of-range"),
        ("sanctions_1_level", ("TEXT", "'x'"), "unknown-member"),
        ("sanctions_2_n", ("NUMERIC", "1"), "beyond-count"),
        ("open_list_2_ok", ("BOOLEAN", "FALSE"), "beyond-count"),
    ],
)
def test_a_wrong_fact_is_named(db, column, cell, said):
    found = answer(db, **{column: cell})
    assert found == {
        "error": f"{column}: {said}",
        "d_status": "error",
        "d_rule": None,
        "d_amount": None,
        "d_rank": None,
        "d_day": None,
    }


def test_all_wrong_facts_are_named_at_once_and_checks_after_them(db):
    found = answer(db, rank=("TEXT", "'x'"), score=("INTEGER", "-1"), born=("DATE", "DATE '2030-01-01'"))
    assert sorted(found["error"].split("; ")) == ["born: out-of-range", "rank: unknown-member", "score: out-of-range"]


def test_a_broken_check_is_named(db):
    facts = {**POLICY["facts"], "born": {"type": "date", "from": "1950-01-01", "to": "2050-12-31"}}
    found = answer(db, law_of(facts=facts), born=("DATE", "DATE '2030-01-01'"))
    assert (found["error"], found["d_status"]) == ("born_first: check", "error")


def test_an_undetermined_check_passes(db):
    found = answer(db, born=("DATE", "NULL"))
    assert (found["error"], found["d_status"], found["d_amount"]) == (None, "undetermined", None)


def test_unknown_is_not_an_error(db):
    found = answer(db, **{name: (of, "NULL") for name, (of, _) in GOOD.items()})
    assert (found["error"], found["d_status"]) == (None, "undetermined")


def test_a_filled_row_of_an_unknown_list_is_an_error(db):
    found = answer(db, sanctions_count=("INTEGER", "NULL"))
    assert "sanctions_1_level: beyond-count" in found["error"]


def test_a_presumption_counts_where_nothing_is_known(db):
    row = {n: c for n, c in GOOD.items() if n != "late"} | {"late": ("INTEGER", "NULL")}
    assert run(db, row, law_of(), Table(keys=()), values=["sum"])["sum"] in {Decimal("13.75"), "55/4"}
    row["late"] = ("INTEGER", "2")
    assert run(db, row, law_of(), Table(keys=()), values=["sum"])["sum"] in {Decimal("15.75"), "63/4"}


@pytest.mark.parametrize("missing", ["rank", "performance_2024", "sanctions_2_end", "sanctions_count"])
def test_a_missing_column_is_refused_and_named(db, missing):
    with pytest.raises(Exception, match=missing):
        answer(db, **{missing: None})


def test_floats_count_as_at_the_edge(databases):
    db = databases["duckdb"]
    for text, amount in (("87.25", Decimal("87.25")), ("0.5", Decimal("0.5")), ("100", Decimal(100))):
        assert answer(db, score=("DOUBLE", text))["d_amount"] == amount
    for text, said in (
        ("87.3", "off-step"),
        ("0.1 + 0.2", "off-step"),
        ("1e300", "out-of-range"),
        ("CAST('nan' AS DOUBLE)", "out-of-range"),
        ("CAST('inf' AS DOUBLE)", "out-of-range"),
    ):
        assert answer(db, score=("DOUBLE", text))["error"] == f"score: {said}", text
    assert answer(db, score=("FLOAT", "87.25"))["error"] == "score: inexact"
    for column, kind, value in (
        ("score", "TEXT", "'12.75'"),
        ("score", "BOOLEAN", "TRUE"),
        ("active", "INTEGER", "1"),
        ("active", "TEXT", "'true'"),
    ):
        assert answer(db, **{column: (kind, value)})["error"] == f"{column}: wrong-type"


def test_postgres_refuses_a_column_of_a_wrong_type_when_the_view_is_made(databases):
    db = databases["postgres"]
    for column, cell in (
        ("score", ("DOUBLE PRECISION", "87.25")),
        ("score", ("TEXT", "'12.75'")),
        ("score", ("BOOLEAN", "TRUE")),
        ("active", ("INTEGER", "1")),
        ("active", ("TEXT", "'true'")),
        ("born", ("TIMESTAMP", "TIMESTAMP '1980-02-29'")),
        ("born", ("TEXT", "'1980-02-29'")),
    ):
        with pytest.raises(db.connection.Error):
            answer(db, **{column: cell})
    assert answer(db, score=("NUMERIC", "'NaN'"))["error"] == "score: out-of-range"
    assert answer(db, score=("NUMERIC", "'Infinity'"))["error"] == "score: out-of-range"
    assert answer(db, score=("NUMERIC", "1e130000"))["error"] == "score: out-of-range"


def test_a_bad_row_spoils_no_other(db):
    """What keeps a value from overflowing is not taken out of its place by a planner that looks at whole columns."""
    wrong = {
        "score": ("99999999999999999999999999999999.25", "-99999999999999999999999999999999", "100.01", "0.1"),
        "born": ("DATE '1900-01-01'", "CAST('infinity' AS DATE)", "CAST('-infinity' AS DATE)"),
        "rank": ("'x'", "''"),
        "sanctions_count": ("-2147483648", "2147483647"),
    }
    kinds = {name: of for name, (of, _) in GOOD.items()} | {"score": "NUMERIC(38, 4)"}
    rows = [{}] * 3
    for name, cells in wrong.items():
        rows += [{name: cell} for cell in cells] + [{}]
    db.connection.execute('DROP TABLE IF EXISTS "records" CASCADE')
    db.connection.execute(f'CREATE TABLE "records" (nip INTEGER, {", ".join(f"{n} {k}" for n, k in kinds.items())})')
    for i, row in enumerate(rows * 40):
        cells = [row.get(name, cell) for name, (_, cell) in GOOD.items()]
        db.connection.execute(f'INSERT INTO "records" VALUES ({i}, {", ".join(cells)})')  # noqa: S608 - its own table
    query = f"SELECT nip, error, d_amount FROM ({to_sql(law_of(), db.dialect)}) AS a ORDER BY nip"  # noqa: S608
    found = db.connection.execute(query)
    for row, (_, error, amount) in zip(rows * 40, found.fetchall(), strict=True):
        assert (error or "").split(":")[0] == "".join(row)
        assert amount == (None if row else Decimal("12.75"))


# --- lists in one column ---

NESTED = {n: c for n, c in GOOD.items() if "sanctions" not in n and "open_list" not in n}
IN_ONE = Table(keys=(), lists="nested")


@pytest.mark.parametrize(
    ("json", "said"),
    [
        ("[]", None),
        ("null", None),
        ('[{"level": "I/a", "end": "2024-02-29", "n": 1.5}, {}]', None),
        ('[{"n": "1.50"}]', None),
        ('[{"n": "3/2"}]', None),
        ('[{"level": null}]', None),
        ('[{"n": "1/3"}]', "sanctions_1_n: off-step"),
        ('[{"n": "1/0"}]', "sanctions_1_n: wrong-type"),
        ('[{"n": "abc"}]', "sanctions_1_n: wrong-type"),
        ('[{"n": true}]', "sanctions_1_n: wrong-type"),
        ('[{"n": 1e400}]', "sanctions_1_n: out-of-range"),
        ('[{"n": 1.3}]', "sanctions_1_n: off-step"),
        ('[{"end": "2023-02-29"}]', "sanctions_1_end: out-of-range"),
        ('[{"end": "0000-01-01"}]', "sanctions_1_end: out-of-range"),
        ('[{"end": "2023-2-9"}]', "sanctions_1_end: out-of-range"),
        ('[{"end": 20230209}]', "sanctions_1_end: wrong-type"),
        ('[{"level": "x"}]', "sanctions_1_level: unknown-member"),
        ('[{"level": 1}]', "sanctions_1_level: wrong-type"),
        ('[{}, {"leve": "I/a"}]', "sanctions_2: unknown-field"),
        ("[7]", "sanctions_1: wrong-type"),
        ("[null]", "sanctions_1: wrong-type"),
        ("[{}, {}, {}]", "sanctions: too-many"),
        ('{"level": "I/a"}', "sanctions: wrong-type"),
        ('"I/a"', "sanctions: wrong-type"),
    ],
)
def test_jsonb_is_read_with_care(databases, json, said):
    text = json.replace("'", "''")
    found = answer_nested(databases["postgres"], ("JSONB", f"'{text}'"), ("JSONB", "NULL"))
    assert found["error"] == said


def answer_nested(db, sanctions, open_list):
    cells = {**NESTED, "sanctions": sanctions, "open_list": open_list}
    return run(db, cells, law_of(), IN_ONE)


def test_lists_of_duckdb_are_read_with_care(databases):
    db = databases["duckdb"]
    kind = 'STRUCT(level VARCHAR, "end" DATE, n DOUBLE)[]'
    for value, said in (
        ("NULL", None),
        ("[]", None),
        ("[{'level': 'I/a', 'end': NULL, 'n': 1.5}]", None),
        ("[{'level': 'x', 'end': NULL, 'n': 1.5}]", "sanctions_1_level: unknown-member"),
        ("[{'level': NULL, 'end': NULL, 'n': 1.3}]", "sanctions_1_n: off-step"),
        ("[NULL]", "sanctions_1: wrong-type"),
        ("[{'level': NULL, 'end': NULL, 'n': NULL}, NULL, NULL]", "sanctions: too-many"),
    ):
        found = answer_nested(db, (kind, value), ("STRUCT(ok BOOLEAN)[]", "[{'ok': TRUE}]"))
        assert (found["error"] or "").split("; ")[0] == (said or ""), value


# --- names, comments and texts ---

HOSTILE = (
    "*/; DROP TABLE canary; --",
    "x\n; DROP TABLE canary; --",
    "x\r; DROP TABLE canary; --",
    "x\u2028; DROP TABLE canary; \u2029--",
    "x\u0085DROP TABLE canary;",
    "'; DROP TABLE canary; --",
    '"; DROP TABLE canary; --',
    "$$; DROP TABLE canary; $$",
    "\\'; DROP TABLE canary; --",
    "{0} {} %s %(x)s :x ? $1",
    "\u202eelbat\u202c",
    "-" * 400,
)


def hostile_policy(text):
    """A policy that says a text wherever text may be said."""
    both = {"id": text, "en": text}
    types = {"kind": {"members": ["a", text], "label": {"a": both}}}
    facts = {
        "kind": {"type": "kind", "label": both},
        "score": {"type": "number", "from": 0, "to": 9, "step": 1, "label": both},
    }
    return {
        **POLICY,
        "title": both,
        "sources": {"uu": {"title": text, "grade": "A"}},
        "types": types,
        "facts": facts,
        "checks": {},
        "parameters": {"least": {"type": "number", "value": 5, "source": f"uu {text}", "label": both}},
        "derived": {"double": {"is": "score * 2", "label": both, "source": f"uu {text}", "note": text}},
        "decisions": {"d": {"outcome": {"kind": "kind"}, "title": both}},
        "rules": {
            "r": {
                "decides": "d",
                "title": both,
                "source": f"uu {text}",
                "requires": {"c": {"is": "double >= least", "label": both, "source": f"uu {text}"}},
                "grants": {"kind": "kind"},
            }
        },
    }


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_policy_gets_out_of_its_place(db, text):
    law = law_of(hostile_policy(text))
    db.connection.execute("CREATE TABLE IF NOT EXISTS canary (n INTEGER)")
    member = db.dialect_text(text)
    cells = {"kind": ("TEXT", member), "score": ("INTEGER", "4"), "nip": ("TEXT", "'1'")}
    found = run(db, cells, law, Table())
    assert (found["d_status"], found["d_kind"], found["error"]) == ("granted", text, None)
    query = to_sql(law, db.dialect)
    assert db.connection.execute("SELECT count(*) FROM canary").fetchall() == [(0,)]
    for line in query.replace(member, "''").splitlines():
        assert "canary" not in line or line.lstrip().startswith("--")
    db.connection.execute("DROP VIEW IF EXISTS hostile")
    db.connection.execute(create_view("hostile", query))
    assert db.connection.execute('SELECT "d_kind" FROM hostile').fetchall() == [(text,)]


def test_postgres_reads_texts_the_same_with_old_strings(databases):
    db = databases["postgres"]
    db.connection.execute("SET standard_conforming_strings = off")
    try:
        assert answer(db, rank=("TEXT", "E'back\\\\slash'"))["d_rank"] == "back\\slash"
    finally:
        db.connection.execute("SET standard_conforming_strings = on")


def test_a_name_that_sql_cannot_hold_is_refused():
    law = law_of()
    for table in (Table("a\0b"), Table(keys=("",)), Table(keys=("x" * 64,)), Table("")):
        with pytest.raises(ArgumentError):
            to_sql(law, "duckdb", table)
    with pytest.raises(ArgumentError):
        to_sql(law, "duckdb", Table(keys=("rank",)))
    with pytest.raises(ArgumentError):
        to_sql(law, "duckdb", Table(keys=("D_Status",)))


def test_arguments_are_looked_at():
    law = law_of()
    for wrong in (
        {"dialect": "oracle"},
        {"as_of": "2019-01-01"},
        {"as_of": "x"},
        {"values": ["no_such"]},
        {"values": "rank"},
        {"table": None},
    ):
        with pytest.raises(ArgumentError, match=next(iter(wrong))):
            to_sql(law, **wrong)
    for wrong in (None, "indonesia/duk", 5):
        with pytest.raises(ArgumentError, match="law: got"):
            to_sql(wrong)
    for wrong in ((5, "SELECT 1"), ("v", None)):
        with pytest.raises(ArgumentError, match="expected a text"):
            create_view(*wrong)


@pytest.mark.parametrize(
    "wrong",
    [{"name": 5}, {"keys": "nip"}, {"keys": (5,)}, {"lists": "x"}, {"columns": "rank"}, {"columns": {"rank": 5}}],
)
def test_a_table_that_cannot_be_is_refused(wrong):
    with pytest.raises(ArgumentError, match=f"Table.{next(iter(wrong))}: got"):
        Table(**wrong)


def test_another_name_for_what_is_not_read_is_refused_with_the_near_miss():
    with pytest.raises(ArgumentError, match=r"Table.columns: got 'rnak', expected .*did you mean rank\?"):
        to_sql(law_of(), "duckdb", Table(columns={"rnak": "gol"}))


def test_columns_may_bear_other_names(db):
    cells = {n: c for n, c in GOOD.items() if n != "rank"} | {"Golongan Ruang": ("TEXT", "'x'"), "NIP": ("TEXT", "'7'")}
    found = run(db, cells, law_of(), Table(keys=("NIP",), columns={"rank": "Golongan Ruang"}))
    assert (found["NIP"], found["error"]) == ("7", "Golongan Ruang: unknown-member")


def test_the_day_decides_which_years_are_read(db):
    law = law_of()
    cells = {n: c for n, c in GOOD.items() if not n.startswith("performance")}
    cells |= {"performance_2021": ("INTEGER", "3"), "performance_2020": ("INTEGER", "NULL")}
    assert run(db, cells, law, Table(keys=()), as_of="2022-06-01")["d_status"] == "granted"


# --- the page ---

PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "decide-in-a-database.md"


def test_the_example_of_the_page_runs(capsys):
    (block,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    exec(compile(block, PAGE.name, "exec"), {})
    assert capsys.readouterr().out.startswith('CREATE VIEW "tpp" AS\n-- contoh/tpp')


def test_the_limits_of_the_page_are_true():
    text = PAGE.read_text(encoding="utf-8")
    for name in ("most_columns", "most_levels"):
        values = [f"{getattr(DIALECTS[dialect], name):,}" for dialect in ("duckdb", "postgres")]
        assert re.search(rf"^\| .* \| {values[0]} \| {values[1]}", text, re.MULTILINE)
    assert f"every {DIALECTS['postgres'].most_nested}nd" in text


# --- the command ---


def test_the_command_prints_a_view_ready_to_create(db):
    asked = ["sql", "contoh/tpp", "--dialect", db.dialect, "--on", "2025-03-01", "--key", "nip", "--view", "tpp"]
    done = CliRunner().invoke(main, asked)
    assert done.exit_code == 0, done.output
    law = am.in_force(am.load("contoh/tpp"), on="2025-03-01")
    db.connection.execute('DROP TABLE IF EXISTS "records" CASCADE')
    db.put(law, [tellable(law, person(Seeded(1), law, law.on, 0))], law.on)
    db.connection.execute("DROP VIEW IF EXISTS tpp")
    db.connection.execute(done.output)
    assert len(db.connection.execute("SELECT * FROM tpp").fetchall()) == 1


def test_the_command_says_what_is_wrong(tmp_path):
    for asked, said in (
        (["--dialect", "oracle"], "oracle"),
        (["--as-of", "1999-01-01"], "1999-01-01"),
        (["--value", "nothing"], "nothing"),
        (["--column", "rank"], "NAME=VALUE"),
    ):
        done = CliRunner().invoke(main, ["sql", "contoh/tpp", "--on", "2025-03-01", *asked])
        assert done.exit_code == 2 and said in done.output
    written = tmp_path / "tpp.sql"
    done = CliRunner().invoke(main, ["sql", "contoh/tpp", "--on", "2025-03-01", "--query", "-o", str(written)])
    assert done.exit_code == 0 and "CREATE VIEW" not in written.read_text(encoding="utf-8")
