"""Frames answer as `decide` does, row for row, whatever kind they are; a bad row is marked and stops nothing."""

import csv
import datetime
import io
import pickle
import subprocess
import sys
import warnings
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.readers import PLAIN, SIASN, TableOptions, read_csv
from support import people, tables
from support.dice import Drawn, Seeded
from support.policies import day_of, law_of, policies, seeded

DEPTH = settings().max_examples
SEEDS = max(30, DEPTH // 6)
FEWER = settings(max_examples=max(10, DEPTH // 6))
DAY = datetime.date(2026, 4, 1)
ROWS = 14


def made(law, dice, day, bad=8, rows=ROWS, **options):
    persons = [people.person(dice, law, day, dice.pick((0, 0, 10, 40))) for _ in range(rows)]
    return tables.table_of(dice, law, day, persons, bad, **options)


def decided(law, frame, day, **options):
    return am.decide_frame(law, frame, day, keep=False, reasons="columns", **options)


def agree(law, given_, day):
    """All that `decide` says of each record stands in the columns."""
    outcomes = {f"{n}.{p}" for n, d in law.decisions.items() for p in (*d.fields, *d.totals, "rule")}
    values = [key for key in law.index if key not in outcomes]
    answers = decided(law, given_.table(), day, values=values)
    wrong = tables.differences(law, answers, given_.records, day)
    assert not wrong, wrong[:4]
    return answers


@pytest.fixture(scope="module")
def law():
    return am.in_force(am.load("manokwari/merit"), on=DAY)


@pytest.fixture(scope="module")
def some(law):
    return made(law, Seeded(11), DAY, bad=4, rows=60, nan=False)


# --- agreement ---


@pytest.mark.parametrize("seed", range(SEEDS))
def test_frames_agree_with_decide_on_seeded_policies(seed):
    _, law, dice = seeded(seed)
    day = day_of(law, dice)
    agree(law, made(law, dice, day), day)


@FEWER
@given(st.data(), policies())
def test_frames_agree_with_decide_on_random_policies(data, made_):
    dice = Drawn(data.draw)
    law = law_of(made_, dice)
    day = day_of(law, dice)
    agree(law, made(law, dice, day, rows=5), day)


@pytest.mark.parametrize("name", am.policies())
@pytest.mark.parametrize("seed", range(2))
def test_frames_agree_with_decide_on_bundled_policies(name, seed):
    policy = am.load(name)
    if policy.abstract:
        pytest.skip("abstract")
    try:
        law = am.in_force(policy, on=DAY)
    except am.NotInForceError:
        pytest.skip("not in force")
    agree(law, made(law, Seeded(seed), DAY, bad=8 * seed), DAY)


# --- every kind of frame ---


def pandas_frames(table):
    pd = pytest.importorskip("pandas")
    frame = table.to_pandas()
    frame.index = [f"p{i}" for i in range(len(frame))][::-1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas 2.2 says here that infinity is no integer
        nullable = table.to_pandas().convert_dtypes()
    return {
        "numpy": frame,
        "nullable": nullable,
        "arrow": table.to_pandas(types_mapper=pd.ArrowDtype),
    }


def kinds_of_frames(table):
    import duckdb
    import polars as pl

    plain = table.cast(pa.schema([pa.field(f.name, tables.unviewed(f.type)) for f in table.schema]))
    frame = pl.from_arrow(plain)
    return {
        "table": table,
        "chunked": pa.concat_tables([table.slice(0, 7), table.slice(7, 0), table.slice(7)]),
        "batch": table.combine_chunks().to_batches()[0],
        "reader": table.to_reader(5),
        "polars": frame,
        "lazy": frame.lazy(),
        "relation": duckdb.from_arrow(plain),
        **pandas_frames(plain),
    }


KINDS = ("table", "chunked", "batch", "reader", "polars", "lazy", "relation", "numpy", "nullable", "arrow")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(2))
def test_every_kind_of_frame_gives_the_same_answers_and_comes_back(law, kind, seed):
    table = made(law, Seeded(seed), DAY, bad=4, rows=30, nan=False).table()
    want = am.decide_frame(law, table, DAY, values="*", keep=False)
    frame = kinds_of_frames(table)[kind]
    kept = am.decide_frame(law, frame, DAY, values="*")
    assert type(kept) is type(frame)
    answers = am.decide_frame(law, kinds_of_frames(table)[kind], DAY, values="*", keep=False)
    for found in (kept, answers):
        assert tables.plain_rows(found, want.column_names) == tables.plain_rows(want)
    if kind in {"numpy", "nullable", "arrow"}:
        assert list(kept.index) == list(answers.index) == list(frame.index)
        assert kept[list(frame.columns)].equals(frame)


def test_several_relations_of_one_connection_can_be_joined(law):
    import duckdb

    connection = duckdb.connect()
    connection.execute("CREATE TABLE staff AS SELECT 'A' || i AS id, i % 2 = 0 AS active FROM range(10) t(i)")
    answers = am.decide_frame(law, connection.table("staff"), DAY)
    assert answers.join(connection.table("staff").set_alias("s"), "id").filter("error IS NULL").shape[0] == 10


def test_a_query_stays_a_query_and_its_columns_are_checked_at_once(law):
    import polars as pl

    query = pl.LazyFrame({"active": [True, False]})
    decided_ = am.decide_frame(law, query, DAY)
    assert decided_.filter(pl.col("promotion.status") == "refused").select("active").collect().to_dicts() == [
        {"active": False}
    ]
    with pytest.raises(am.FrameError):
        am.decide_frame(law, query.rename({"active": "aktive"}), DAY)


def test_a_reader_is_decided_as_it_is_read(law):
    read = []

    def batches():
        for i in range(5):
            read.append(i)
            yield pa.record_batch({"active": [True, False]})

    schema = pa.schema([("active", pa.bool_())])
    answers = am.decide_frame(law, pa.RecordBatchReader.from_batches(schema, batches()), DAY, batch_rows=2)
    assert read == []
    answers.read_next_batch()
    assert len(read) <= 2
    assert sum(b.num_rows for b in answers) == 8


@pytest.mark.parametrize("value", [None, 3, "text", [], {"active": [True]}, object(), pa.Table])
def test_what_is_no_frame_is_refused(law, value):
    with pytest.raises(am.ArgumentError, match="frame"):
        am.decide_frame(law, value, DAY)


# --- laws of batches ---


def test_a_batch_equals_its_singles(law, some):
    table = some.table()
    whole = decided(law, table, DAY, values="*").to_pylist()
    assert [decided(law, table.slice(i, 1), DAY, values="*").to_pylist()[0] for i in range(20)] == whole[:20]


def test_permuting_rows_permutes_answers(law, some):
    dice = Seeded(5)
    order = sorted(range(len(some.records)), key=lambda _: dice.whole(0, 10**6))
    whole = decided(law, some.table(), DAY, values="*").to_pylist()
    assert decided(law, some.rows(order).table(), DAY, values="*").to_pylist() == [whole[i] for i in order]


@pytest.mark.parametrize("rows", [1, 2, 7, 59, 60, 61])
@pytest.mark.parametrize("threads", [1, 3])
def test_splitting_into_blocks_changes_nothing(law, some, rows, threads):
    whole = decided(law, some.table(), DAY, values="*").to_pylist()
    split = decided(law, some.table(), DAY, values="*", batch_rows=rows, threads=threads)
    assert split.to_pylist() == whole
    chunked = pa.Table.from_batches(some.table().combine_chunks().to_batches(rows))
    assert decided(law, chunked, DAY, values="*").to_pylist() == whole


def test_an_unrelated_column_changes_nothing(law, some):
    whole = decided(law, some.table(), DAY).to_pylist()
    for other in (pa.nulls(60), pa.array(range(60)), pa.array([{"a": [1]}] * 60)):
        wider = some.table().append_column("unit", other)
        assert decided(law, wider, DAY, ignore="unit").to_pylist() == whole
        assert decided(law, wider, DAY, ignore="*").to_pylist() == whole


def test_slices_with_offsets_are_read_where_they_stand(law, some):
    whole = decided(law, some.table(), DAY).to_pylist()
    for start in (1, 3, 8, 13):
        assert decided(law, some.table().slice(start, 9), DAY).to_pylist() == whole[start : start + 9]


# --- columns ---


def test_a_mapping_names_columns(law):
    table = pa.table({"Aktif": [False], "tahun lalu": ["baik"]})
    names = {"Aktif": "active", "tahun lalu": "performance_2025"}
    answers = am.decide_frame(law, table, DAY, columns=names, values="rated_good_one_year")
    assert answers["promotion.status"].to_pylist() == ["refused"]
    assert answers["rated_good_one_year"].to_pylist() == [True]
    assert answers.column_names[:2] == ["Aktif", "tahun lalu"]
    with pytest.raises(am.FrameError, match="did you mean Aktif"):
        am.decide_frame(law, table, DAY, columns={"Aktiv": "active"}, ignore="*")


def test_every_fault_of_the_columns_is_told_at_once(law):
    table = pa.table(
        {
            "activ": [True],
            "under_examination": [1],
            "quality_peers_1": pa.array([1.5], pa.float32()),
            "position_date": pa.array([0], pa.timestamp("s", "Asia/Jayapura")),
            "projects_led": [[{"kind": "lainnya", "budgt": 3, "due": 1.5}]],
            "absences": [3],
            "competence": [{"manajemen": "x"}],
        }
    )
    with pytest.raises(am.FrameError) as caught:
        am.decide_frame(law, table, DAY)
    assert [(f.code, f.fact) for f in caught.value.faults] == [("unknown-fact", "activ")]
    assert "active" in caught.value.faults[0].hint
    with pytest.raises(am.FrameError) as caught:
        am.decide_frame(law, table.drop_columns(["activ"]), DAY)
    assert [(f.code, f.fact) for f in caught.value.faults] == [
        ("wrong-type", "under_examination"),
        ("inexact", "quality_peers_1"),
        ("wrong-type", "position_date"),
        ("unknown-field", "projects_led.budgt"),
        ("wrong-type", "projects_led.due"),
        ("wrong-type", "absences"),
        ("wrong-type", "competence.manajemen"),
    ]
    assert "time zone" in str(caught.value) and "budget" in str(caught.value)


def test_columns_that_are_there_twice_are_refused(law):
    pd = pytest.importorskip("pandas")
    for frame in (
        pa.Table.from_arrays([pa.array([True])] * 2, names=["active"] * 2),
        pd.DataFrame([[True, True]], columns=["active", "active"]),
    ):
        with pytest.raises(am.FrameError, match="column-twice"):
            am.decide_frame(law, frame, DAY)
    with pytest.raises(am.FrameError, match="names of columns are text"):
        am.decide_frame(law, pd.DataFrame([[True, 3]], columns=["active", 7]), DAY)
    assert len(am.decide_frame(law, pd.DataFrame([[True, 3]], columns=["active", 7]), DAY, ignore="*")) == 1


def test_an_answer_never_takes_the_name_of_a_column(law):
    table = am.decide_frame(law, pa.table({"active": [True]}), DAY)
    with pytest.raises(am.FrameError, match="prefix="):
        am.decide_frame(law, table, DAY, ignore="*")
    twice = am.decide_frame(law, table, DAY, ignore="*", prefix="again.")
    assert twice["again.promotion.status"].to_pylist() == twice["promotion.status"].to_pylist()


def test_facts_without_a_column_are_unknown_or_refused(law):
    table = pa.table({"active": [True], "undr_examination": [False]})
    assert am.decide_frame(law, table, DAY, ignore="*")["promotion.status"].to_pylist() == ["undetermined"]
    with pytest.raises(am.FrameError) as caught:
        am.decide_frame(law, table, DAY, ignore="*", absent="refuse")
    missing = {f.fact: f.hint for f in caught.value.faults}
    assert {"employment", "performance", "sanctions", "under_examination"} <= missing.keys()
    assert "undr_examination" in missing["under_examination"]
    assert "active" not in missing


@pytest.mark.parametrize(
    "options",
    [
        {"columms": {}},
        {"columns": ["active"]},
        {"ignore": 3},
        {"convention": "excel"},
        {"absent": "skip"},
        {"decisions": ["promotoin"]},
        {"values": ["merit_scroe"]},
        {"reasons": "words"},
        {"batch_rows": 0},
        {"threads": 1.5},
        {"threads": 10**6},
    ],
)
def test_a_wrong_option_is_named(law, options):
    with pytest.raises(am.ArgumentError, match=next(iter(options))):
        am.decide_frame(law, pa.table({"active": [True]}), DAY, **options)


def test_a_day_outside_the_law_is_refused(law):
    with pytest.raises(am.ArgumentError, match="as_of"):
        am.decide_frame(law, pa.table({"active": [True]}), "1999-01-01")


@pytest.mark.parametrize("rows", [0, 3])
def test_frames_without_rows_or_columns(law, rows):
    import polars as pl

    pd = pytest.importorskip("pandas")
    for frame in (
        pd.DataFrame(index=range(rows)),
        pd.DataFrame({"active": [None] * rows}),
        pl.DataFrame({"active": [None] * rows}),
        pa.table({"active": pa.nulls(rows)}),
        pa.table({"active": pa.nulls(rows, pa.bool_()), "sanctions": pa.nulls(rows, pa.list_(pa.null()))}),
        pa.record_batch({"active": pa.nulls(rows, pa.bool_())}),
    ):
        answers = am.decide_frame(law, frame, DAY, values="*")
        assert type(answers) is type(frame)
        found = tables.plain_rows(answers, ["promotion.status"])
        assert found == [{"promotion.status": "undetermined"}] * rows
    assert list(am.decide_batches(law, [], DAY)) == []
    empty = pa.record_batch({"active": pa.array([], pa.bool_())})
    assert [b.num_rows for b in am.decide_batches(law, [empty, empty], DAY)] == [0]


# --- cells ---


def errors(law, column, name="quality_peers_1", **options):
    answers = am.decide_frame(law, pa.table({name: column}), DAY, **options)
    return answers["error"].to_pylist()


def test_bad_rows_are_marked_and_disturb_nobody(law):
    table = pa.table(
        {
            "quality_peers_1": [80.0, 101.0, 80.001, float("nan"), float("inf"), None, 80.0],
            "active": [True] * 6 + [False],
            "position_date": ["2020-01-01"] * 6 + ["2020-02-30"],
        }
    )
    answers = am.decide_frame(law, table, DAY)
    assert answers["error"].to_pylist() == [
        None, "out-of-range", "off-step", "not-finite", "not-finite", None, "not-a-date",
    ]  # fmt: skip
    assert answers["error_column"].to_pylist()[-1] == "position_date"
    assert answers["error_fact"].to_pylist()[1] == "quality_peers[1]"
    assert answers["promotion.status"].to_pylist() == [
        "undetermined", *["error"] * 4, "undetermined", "error",
    ]  # fmt: skip
    assert answers["promotion.met"].null_count == 5


def test_integers_at_the_ends_of_their_types(law):
    ends = [2**64 - 1, 2**63, 2**63 - 1, 0, 100, 101]
    assert errors(law, pa.array(ends, pa.uint64())) == ["out-of-range"] * 3 + [None] * 2 + ["out-of-range"]
    assert errors(law, pa.array([-(2**63), 2**63 - 1, 7], pa.int64())) == ["out-of-range"] * 2 + [None]
    assert errors(law, pa.array([10**30, 80], pa.decimal128(38, 0))) == ["out-of-range", None]
    assert errors(law, pa.array([None, 300, -1, 5], pa.int16())) == [None, "out-of-range", "out-of-range", None]


def test_floats_count_as_the_nearest_point_of_the_step(law):
    assert errors(law, pa.array([0.1 + 0.2, 0.3, 87.35, 1e15, 1e300, -0.0])) == [
        "off-step", None, None, "out-of-range", "out-of-range", None,
    ]  # fmt: skip


def test_days_beyond_the_calendar(law):
    for column in (
        pa.array([-(2**31), 2**31 - 1, 0], pa.date32()),
        pa.array([-(2**62) // 86_400_000 * 86_400_000, 2**62 // 86_400_000 * 86_400_000, 0], pa.timestamp("ms")),
    ):
        assert errors(law, column, "position_date") == ["out-of-range"] * 2 + [None]
    assert errors(law, pa.array([1, 86_400], pa.timestamp("s")), "position_date") == ["wrong-type", None]


def test_run_lengths_views_and_fixed_lists_are_only_storage(law):
    import pyarrow.compute as pc

    runs = pc.run_end_encode(pa.array([80, 80, 200]))
    assert errors(law, runs) == [None, None, "out-of-range"]
    fixed = pa.array([[80, None], None, [1, 200]], pa.list_(pa.int16(), 2))
    assert errors(law, fixed, "quality_peers") == [None, None, "out-of-range"]
    coded = pa.array([80, 200, None]).dictionary_encode()
    assert errors(law, coded) == [None, "out-of-range", None]


def test_null_lists_with_rows_behind_them_are_unknown(law):
    lists = pa.ListArray.from_arrays(
        pa.array([0, 2, 4, 5], pa.int32()),
        pa.array([80, 200, 80, 80, 300], pa.int32()),
        mask=pa.array([True, False, False]),
    )
    assert errors(law, lists, "quality_peers") == [None, None, "out-of-range"]


def test_lists_may_stand_as_json(law):
    texts = ['[{"level": "berat"}]', "[]", "", None, "[1", '[{"level": "x"}]', '[{"lvl": "berat"}]', '{"a": 1}']
    assert errors(law, pa.array(texts), "sanctions") == [
        None, None, None, None, "json-syntax", "unknown-member", "unknown-field", "cell-list",
    ]  # fmt: skip
    assert errors(law, pa.array(['{"2025": "baik"}', '{"25": "baik"}']), "performance") == [None, "not-a-year"]


def test_lists_in_two_forms_clash_only_where_both_say_something(law):
    table = pa.table({"quality_peers": [[80], None, None], "quality_peers_1": [80, 80, None]})
    assert am.decide_frame(law, table, DAY)["error"].to_pylist() == ["column-clash", None, None]
    none = pa.table({"sanctions_1_level": ["[]", "[]", "berat"], "sanctions_1_start": [None, "2025-01-01", None]})
    answers = am.decide_frame(law, none, DAY, values="serving_sanction")
    assert answers["error"].to_pylist() == [None, "cells-none-and-some", None]
    assert answers["serving_sanction"].to_pylist()[0] is False


def test_python_objects_of_several_types_are_read_one_by_one(law):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(
        {
            "active": [True, 1, None, float("nan"), pd.NA],
            "position_date": [datetime.date(2020, 1, 1), "2020-01-01", datetime.datetime(2020, 1, 1, 3), pd.NaT, None],  # noqa: DTZ001 - a moment of no zone
            "quality_peers": [[1, "x"], [Decimal("80.5")], 3, None, [80.5, None]],
            "performance": [{2025: "baik"}, None, {"2025": "x"}, None, {"2024": "baik"}],
        }
    )
    answers = am.decide_frame(law, frame, DAY)
    found = [row["error_fact"] for row in tables.plain_rows(answers, ["error_fact"])]
    assert found == ["quality_peers[2]", "active", "position_date", None, None]


def test_siasn_columns_and_codes(law):
    table = pa.table(
        {
            "NIP BARU": ["'198503172010011003"] * 4,
            "kedudukan_hukum_id": ["01", "03", "null", "x"],
            "tmt_jabatan": ["01-04-2020", "2020-04-01", "31-02-2020", None],
            "predikat_kinerja_2025": ["Baik", "baik", "baik", "baik"],
            "unor_nama": ["a"] * 4,
        }
    )
    answers = am.decide_frame(law, table, DAY, convention="siasn", values=["months_in_post", "rated_good_one_year"])
    assert answers["error"].to_pylist() == [None, None, "cell-no-such-date", "cell-member"]
    assert answers["months_in_post"].to_pylist() == [72, 72, None, None]
    assert answers["rated_good_one_year"].to_pylist()[0] is True
    with pytest.raises(am.FrameError, match='convention="siasn"'):
        am.decide_frame(law, table, DAY)


def test_siasn_columns_that_hold_several_things_and_years_beside(law):
    table = pa.table({"nip_baru": ["1", "1"], "jabatan (nama, tmt)": ["Analis, 01-04-2020", "Analis"]})
    answers = am.decide_frame(law, table, DAY, convention="siasn", values="months_in_post")
    assert answers["months_in_post"].to_pylist()[0] == 72
    assert str(am.explain_row(law, table, 0, DAY, convention="siasn"))
    beside = pa.table({"nip_baru": ["1"], "TAHUN": ["2025"], "predikat_kinerja": ["baik"]})
    with pytest.raises(am.FrameError, match="column-year"):
        am.decide_frame(law, beside, DAY, convention="siasn")
    named = {"predikat_kinerja": "performance_2025"}
    assert am.decide_frame(law, beside, DAY, convention="siasn", columns=named)["error"].to_pylist() == [None]


JUNK = ("", " ", "null", "x", "80,5", "2020-02-30", "101", "=A1", "\x01", "[]", "ya ", "'baik")


def as_texts(made_, dice):
    """The flat columns of a table as the cells of a file, some of them spoilt."""
    texts = {}
    for name, cells in made_.cells.items():
        if any(isinstance(cell, list | tuple | dict) for cell in cells):
            continue
        shown = [
            "" if c is None else ("ya" if c else "tidak") if isinstance(c, bool) else str(c).removesuffix(" 00:00:00")
            for c in cells
        ]
        texts[name] = [dice.pick(JUNK) if dice.chance(3) else cell for cell in shown]
    return texts


@pytest.mark.parametrize("convention", ["csv", "siasn"])
@pytest.mark.parametrize("seed", range(4))
def test_text_is_read_as_the_readers_read_it(law, convention, seed):
    dice = Seeded(seed)
    texts = as_texts(made(law, dice, DAY, rows=40, nan=False), dice)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(texts)
    writer.writerows(zip(*texts.values(), strict=True))
    options = TableOptions(convention={"csv": PLAIN, "siasn": SIASN}[convention])
    rows = list(read_csv(io.BytesIO(stream.getvalue().encode()), list(law.declared.values()), options).rows)
    answers = am.decide_frame(law, pa.table(texts), DAY, convention=convention, values="*").to_pylist()
    assert len(rows) == len(answers)
    for row, answer in zip(rows, answers, strict=True):
        if row.refusals:
            # A value that reads well and does not fit its fact is told too; the readers leave that to the edge.
            codes = {f.code for f in row.refusals} | {"out-of-range", "off-step", "too-few", "cells-none-and-some"}
            assert answer["error"] in codes or (
                answer["error"] and "cells-none-and-some" in {f.code for f in row.refusals}
            )
            continue
        want = tables.expected(law, dict(row.record), DAY)
        shared = want.keys() & answer.keys() - {"presumed"}
        assert {k: answer[k] for k in shared} == {k: want[k] for k in shared}


def test_a_convention_reads_numbers_and_truth_values_from_text(law):
    table = pa.table({"active": ["ya", "Tidak", " ", "maybe"], "quality_peers_1": ["80.5", "80,5", "161/2", ""]})
    answers = am.decide_frame(law, table, DAY, convention="csv")
    assert answers["error"].to_pylist() == [None, "cell-number", None, "cell-bool"]
    with pytest.raises(am.FrameError, match="convention="):
        am.decide_frame(law, table, DAY)


def test_families_may_stand_as_maps(law):
    years = pa.array([[("2025", "baik"), ("2024", "x")], [("25", "baik")], [], None], pa.map_(pa.string(), pa.string()))
    assert errors(law, years, "performance") == ["unknown-member", "not-a-year", None, None]
    for row, code in enumerate(["unknown-member", "not-a-year", None, None]):
        try:
            am.explain_row(law, pa.table({"performance": years}), row, DAY)
        except am.RecordError as error:
            assert error.faults[0].code == code
        else:
            assert code is None


def test_types_that_one_library_has_alone(law):
    import duckdb
    import polars as pl

    pd = pytest.importorskip("pandas")
    sums = duckdb.sql(
        "SELECT sum(i) AS quality_peers_1, 'baik'::ENUM ('baik', 'x') AS performance_2025 FROM range(5) t(i)"
    )
    assert am.decide_frame(law, sums, DAY).fetchall()[0][-3:] == (None, None, None)
    frame = pl.DataFrame(
        {
            "performance_2025": pl.Series(["baik", "x"], dtype=pl.Enum(["baik", "x"])),
            "performance_2024": pl.Series(["baik", None], dtype=pl.Categorical),
            "quality_peers": pl.Series([[80, 81], [None, 300]], dtype=pl.Array(pl.Int16, 2)),
            "quality_supervisor_1": pl.Series([80, 80], dtype=pl.Int128),
        }
    )
    assert am.decide_frame(law, frame, DAY)["error_fact"].to_list() == [None, "performance[2025]"]
    codes = pd.DataFrame(
        {"performance_2025": pd.Categorical(["baik", None, "x"]), "quality_peers_1": pd.Categorical([80, 101, None])}
    )
    answers = tables.plain_rows(am.decide_frame(law, codes, DAY), ["error"])
    assert [row["error"] for row in answers] == [None, "out-of-range", "unknown-member"]


def test_an_index_with_doubles_and_a_derived_class_come_back(law):
    pd = pytest.importorskip("pandas")

    class Staff(pd.DataFrame):
        pass

    frame = Staff({"active": [True, False, True]}, index=["a", "a", "b"])
    answers = am.decide_frame(law, frame, DAY)
    assert isinstance(answers, pd.DataFrame)
    assert list(answers.index) == ["a", "a", "b"]
    assert answers["promotion.status"].tolist() == ["undetermined", "refused", "undetermined"]


# --- reasons and explanations ---


def test_bits_say_of_each_condition_whether_it_is_met(law, some):
    table = some.table()
    bits = am.decide_frame(law, table, DAY, keep=False)
    single = decided(law, table, DAY)
    for name in law.decisions:
        names = am.reasons_of(law, name)
        assert bits.schema.field(f"{name}.met").metadata == {b"bits": "\n".join(names).encode()}
        for i in range(table.num_rows):
            met, unmet = bits[f"{name}.met"][i].as_py(), bits[f"{name}.unmet"][i].as_py()
            holds = [single[f"{name}.holds.{n}"][i].as_py() for n in names]
            if bits[f"{name}.status"][i].as_py() == "error":
                assert met is unmet is None
            else:
                assert [True if met >> b & 1 else False if unmet >> b & 1 else None for b in range(len(names))] == holds


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in {"reader", "lazy"}])
def test_any_row_is_explained(law, some, kind):
    table = some.table()
    frame = kinds_of_frames(table)[kind]
    for source in (frame, am.decide_frame(law, frame, DAY)):
        for i in range(0, 30, 3):
            try:
                want = str(am.explain(am.decide(law, some.records[i], DAY), lang="en"))
            except am.RecordError:
                with pytest.raises(am.RecordError):
                    am.explain_row(law, source, i, DAY, lang="en")
            else:
                assert str(am.explain_row(law, source, i, DAY, lang="en")) == want


@pytest.mark.parametrize(
    ("columns", "convention", "code"),
    [
        ({"performance_2025": ["baik"], "predikat_kinerja_2025": ["kurang"]}, "siasn", "cells-disagree"),
        ({"kedudukan_hukum_id": ["01"], "active": ["tidak"]}, "siasn", "cells-disagree"),
        ({"performance_2025": ["baik\x1c"]}, "csv", "cell-control"),
        ({"sanctions": ["[]\x1c"]}, "csv", "cell-control"),
        ({"sanctions_1_level": ["[]\x1c"]}, "csv", "cell-control"),
        ({"sanctions_1_level": ["[]"], "sanctions_1_start": ["2025-01-01"]}, None, "cells-none-and-some"),
    ],
)
def test_a_row_that_no_frame_decides_is_not_explained(law, columns, convention, code):
    """A record cannot show what is wrong with these: two columns that say two things, marks that are cleaned away."""
    table = pa.table(columns)
    done = am.decide_frame(law, table, DAY, convention=convention)
    assert done["error"].to_pylist() == [code]
    for frame in (table, done):
        with pytest.raises(am.RecordError) as caught:
            am.explain_row(law, frame, 0, DAY, convention=convention)
        assert [(f.code, f.fact) for f in caught.value.faults] == [(code, done["error_fact"][0].as_py())]


@pytest.mark.parametrize("field", ["status", "met", "unmet", "amount"])
def test_a_field_may_bear_the_name_of_another_column(field):
    decision = {"outcome": {field: {"type": "integer", "from": 0, "to": 9}}}
    rule = {"decides": "d", "source": "s 1", "requires": {"enough": "n > 3"}, "grants": {field: "n"}}
    law = am.in_force(
        am.load(
            {
                "asnmerit": 1, "policy": "test/fields", "title": "Fields", "effective": {"from": "2020-01-01"},
                "enacted": "2019-12-01", "sources": {"s": {"title": "S", "grade": "illustrative"}},
                "facts": {"n": {"type": "integer", "from": 0, "to": 9}}, "decisions": {"d": decision},
                "rules": {"r": rule},
            }
        ),
        on=DAY,
    )  # fmt: skip
    done = am.decide_frame(law, pa.table({"n": [5, 1]}), DAY)
    called = "d.amount" if field == "amount" else f"d.outcome.{field}"
    assert done["d.status"].to_pylist() == ["granted", "refused"]
    assert done[called].to_pylist() == [5, None]
    for row in range(2):
        assert str(am.explain_row(law, done, row, DAY))
    changed = done.set_column(done.column_names.index(called), called, pa.array([4, None], pa.int64()))
    with pytest.raises(am.FrameError, match=called):
        am.explain_row(law, changed, 0, DAY)


def test_an_answer_of_another_day_is_not_explained(law):
    done = am.decide_frame(law, pa.table({"active": [False]}), DAY)
    changed = done.set_column(1, "promotion.status", pa.array(["granted"]))
    with pytest.raises(am.FrameError, match=r"promotion\.status"):
        am.explain_row(law, changed, 0, DAY)
    for place in (-1, 1, True, "0"):
        with pytest.raises(am.ArgumentError, match="row"):
            am.explain_row(law, done, place, DAY)


# --- streams and files ---


def test_batches_come_out_as_batches_with_the_columns_of_the_schema(law, some):
    batches = some.table().to_batches(13)
    found = list(am.decide_batches(law, iter(batches), DAY, batch_rows=20, keep=False, dictionary=False))
    assert {b.num_rows for b in found} == {20}
    assert all(b.schema.equals(am.answer_schema(law, DAY, dictionary=False)) for b in found)
    assert not any(pa.types.is_dictionary(f.type) for f in found[0].schema)
    kept = pa.Table.from_batches(am.decide_batches(law, iter(batches), DAY))
    assert repr(kept.select(some.table().column_names).to_pylist()) == repr(some.table().to_pylist())


def test_a_pickled_law_decides_batches_alike(law, some):
    again = pickle.loads(pickle.dumps(law))  # noqa: S301 - pickled here
    batches = some.table().to_batches()
    first, second = (pa.Table.from_batches(am.decide_batches(of, batches, DAY)).to_pylist() for of in (law, again))
    assert repr(first) == repr(second)


@pytest.mark.parametrize("keep", [True, False])
def test_parquet_to_parquet(law, some, tmp_path, keep):
    table = tables.as_parquet(some.table())
    pq.write_table(table, tmp_path / "in.parquet", row_group_size=11)
    said = []
    tally = am.decide_parquet(
        law, tmp_path / "in.parquet", tmp_path / "out.parquet", DAY,
        keep=keep, batch_rows=9, threads=2, progress=lambda done, total: said.append((done, total)),
    )  # fmt: skip
    want = am.decide_frame(law, table, DAY, keep=keep)
    found = pq.read_table(tmp_path / "out.parquet")
    assert found.column_names == want.column_names
    assert repr(found.to_pylist()) == repr(want.to_pylist())
    assert (tally.rows, tally.errors) == (60, 60 - want["error"].null_count)
    assert sum(tally.statuses["promotion"].values()) == 60
    assert said[-1] == (60, 60)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.parquet", "out.parquet"]


def test_a_broken_run_leaves_no_file(law, tmp_path):
    pq.write_table(pa.table({"active": [True] * 10}), tmp_path / "in.parquet")

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        am.decide_parquet(law, tmp_path / "in.parquet", tmp_path / "out.parquet", DAY, progress=stop)
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]
    (tmp_path / "text").write_text("no parquet")
    for source, target in (("none", "out"), ("text", "out"), ("in.parquet", "in.parquet"), ("in.parquet", "no/out")):
        with pytest.raises(am.ArgumentError):
            am.decide_parquet(law, tmp_path / source, tmp_path / target, DAY)


def test_a_bar_shows_how_far_it_is(law, capsys):
    am.decide_frame(law, pa.table({"active": [True] * 100}), DAY, progress=True, batch_rows=30)
    shown = capsys.readouterr().err
    assert "100%" in shown and "100 rows" in shown and shown.endswith("\n")
    am.decide_frame(law, pa.table({"active": [True]}), DAY)
    assert capsys.readouterr().err == ""


def test_pandas_polars_and_duckdb_need_not_be_there(tmp_path):
    """Whatever the types of the columns are."""
    # PyArrow 19, the oldest of the extra, needs pandas for this; with a later one the run below would not show it.
    asking = [
        p.name for p in (Path(am.__file__).parent / "frames").glob("*.py") if "to_pandas_dtype" in p.read_text("utf-8")
    ]
    assert not asking
    texts = pa.array(["baik", "x", None])
    table = pa.table(
        {
            "active": [False, True, None],
            "performance_2025": texts,
            "performance_2024": texts.dictionary_encode(),
            "position_date": pa.array([18_000, -30_000, None], pa.date32()),
            "quality_supervisor_1": pa.array([80, 101, None], pa.uint16()),
            "quality_peers_2": [80.5, 0.001, None],
            "job_class": pa.array([Decimal(7), Decimal("7.5"), None]),
            "quality_peers": [[80, None], [300], None],
            "sanctions": [[{"level": "berat"}], [{"level": "x"}], None],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    script = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name in {'pandas', 'polars', 'duckdb'}: raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "import pyarrow as pa, pyarrow.parquet as pq, asnmerit as am\n"
        "law = am.in_force(am.load('manokwari/merit'), on='2026-04-01')\n"
        f"table = pq.read_table({str(tmp_path / 'in.parquet')!r})\n"
        "for name in table.column_names:\n"
        "    done = am.decide_frame(law, table.select([name]), values='*')\n"
        "    print(name, done['promotion.status'].to_pylist(), am.explain_row(law, done, 0, values='*') is not None)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    marked = "['undetermined', 'error', 'undetermined'] True"
    said = [f"{name} {marked}" for name in table.column_names[1:]]
    assert done.stdout.splitlines() == ["active ['refused', 'undetermined', 'undetermined'] True", *said]


@pytest.mark.skipif(DEPTH < 1000, reason="only in the deep profile")
def test_a_million_rows(law):
    rows = 1_000_000
    table = pa.table({"active": np.arange(rows) % 3 > 0, "quality_peers_1": np.arange(rows) % 101})
    answers = am.decide_frame(law, table, DAY, threads=2)
    assert answers.num_rows == rows
    assert answers["promotion.status"].value_counts().to_pylist()
