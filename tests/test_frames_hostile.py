"""What a sceptic hands to frames: odd storage, mixed objects, broken text, wrong arguments. Each row stays its own."""

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import asnmerit as am

DAY = datetime.date(2026, 4, 1)
MIDNIGHT = datetime.datetime(2024, 1, 1)  # noqa: DTZ001 - a moment of no zone
LATE = datetime.datetime(2024, 1, 1, 23, 59)  # noqa: DTZ001 - a moment of no zone
pd = pytest.importorskip("pandas")


@pytest.fixture(scope="module")
def law():
    return am.in_force(am.load("manokwari/merit"), on=DAY)


def told(law, frame, **options):
    """Give the code and the fact of the first fault of each row."""
    answers = am.decide_frame(law, frame, DAY, keep=False, **options)
    answers = pa.Table.from_pandas(answers, preserve_index=False) if isinstance(answers, pd.DataFrame) else answers
    return list(zip(answers["error"].to_pylist(), answers["error_fact"].to_pylist(), strict=True))


def single(law, fact, value):
    """Give the code and the fact of the first fault that `decide` finds in a value."""
    try:
        am.decide(law, {fact: value}, DAY)
    except am.RecordError as error:
        return error.faults[0].code, error.faults[0].fact.encode("utf-8", "backslashreplace").decode()
    return None, None


def objects(name, values):
    return pd.DataFrame({name: pd.Series(values, dtype=object)})


# --- storage ---

SANCTIONS = pa.struct([("level", pa.string()), ("start", pa.date32())])
BERAT = {"level": "berat", "start": datetime.date(2025, 1, 1)}
CASES = [
    ("sanctions", SANCTIONS, [[BERAT], [], None, [BERAT, BERAT], [None], [{"level": "x", "start": None}], [BERAT]]),
    ("quality_peers", pa.int64(), [[80], [80, 90, None], None, [], [200], [70] * 500, [80, 81]]),
]


@pytest.mark.parametrize("view", [pa.list_view, pa.large_list_view])
@pytest.mark.parametrize(("name", "inner", "rows"), CASES)
def test_views_of_lists_are_only_storage(law, view, name, inner, rows):
    lists = pa.table({name: pa.array(rows, pa.list_(inner))})
    views = pa.table({name: pa.array(rows, view(inner))})
    for start in range(3):
        want = am.decide_frame(law, lists.slice(start), DAY, values="*", keep=False).to_pylist()
        assert am.decide_frame(law, views.slice(start), DAY, values="*", keep=False).to_pylist() == want
    assert "granted" not in {row["promotion.status"] for row in want}
    assert str(am.explain_row(law, views, 0, DAY)) == str(am.explain_row(law, lists, 0, DAY))


def test_views_may_lie_in_any_order_over_each_other_and_be_null_anywhere(law):
    views = pa.ListViewArray.from_arrays(
        pa.array([3, 0, 1, 9], pa.int32()), pa.array([1, 2, 3, 9], pa.int32()), pa.array([80, 200, 81, 300]),
        mask=pa.array([False, False, False, True]),
    )  # fmt: skip
    want = pa.array([[300], [80, 200], [200, 81, 300], None])
    assert told(law, pa.table({"quality_peers": views})) == told(law, pa.table({"quality_peers": want}))
    beyond = pa.ListViewArray.from_arrays(pa.array([3], pa.int32()), pa.array([9], pa.int32()), pa.array([80] * 4))
    with pytest.raises(am.FrameError, match="within"):
        told(law, pa.table({"quality_peers": beyond}))


def test_a_key_that_a_map_has_twice_is_a_fault(law):
    pairs = [[(2025, "baik"), (2025, "sangat_baik")], [(2025, "baik")], [], None, [(2025, "x")]]
    column = pa.array(pairs, pa.map_(pa.int32(), pa.string()))
    assert [code for code, _ in told(law, pa.table({"performance": column}))] == [
        "json-duplicate-key", None, None, None, "unknown-member",
    ]  # fmt: skip
    with pytest.raises(am.RecordError, match="json-duplicate-key"):
        am.explain_row(law, pa.table({"performance": column}), 0, DAY)


def broken(*texts):
    ends = pa.array(np.cumsum([0, *map(len, texts)]), pa.int32())
    return pa.StringArray.from_buffers(len(texts), ends.buffers()[1], pa.py_buffer(b"".join(texts)))


def test_bytes_that_are_no_text_are_a_fault_of_their_row(law):
    column = broken(b"pns", b"\xff\xfe", b"pns")
    assert told(law, pa.table({"employment": column})) == [(None, None), ("unknown-member", "employment"), (None, None)]
    with pytest.raises(am.RecordError, match="unknown-member"):
        am.explain_row(law, pa.table({"employment": column}), 1, DAY)
    assert told(law, pa.table({"position_date": broken(b"\xff")}))[0][0] == "not-a-date"
    assert told(law, pa.table({"active": broken(b"ya", b"\xff")}), convention="csv")[0][0] is None
    assert told(law, pa.table({"active": broken(b"ya", b"\xff")}), convention="csv")[1][0]
    assert told(law, pa.table({"sanctions": broken(b"[]", b'[{"\xff":1}]', b"\xff")}))[0][0] is None
    maps = pa.MapArray.from_arrays(pa.array([0, 1, 2], pa.int32()), pa.array([2025, 2025]), broken(b"baik", b"\xff"))
    assert [bool(code) for code, _ in told(law, pa.table({"performance": maps}))] == [False, True]


def test_names_that_are_no_text_are_refused_or_ignored(law):
    frame = pd.DataFrame([[True, 1]], columns=pd.Index(["active", "\ud800"], dtype=object))
    with pytest.raises(am.FrameError, match="ud800"):
        am.decide_frame(law, frame, DAY)
    with pytest.raises(am.FrameError, match="ud800") as caught:
        am.decide_frame(law, frame, DAY, columns={"\ud800": "active"}, ignore="active")
    assert str(caught.value).encode()
    for ignore in ("*", ["\ud800"]):
        assert am.decide_frame(law, frame, DAY, ignore=ignore)["promotion.status"].tolist() == ["undetermined"]
    with pytest.raises(am.ArgumentError, match="prefix"):
        am.decide_frame(law, frame, DAY, prefix="\ud800")


# --- Python objects ---

ALONE = [
    ("sanctions", [[BERAT], [{"level": "berat", "start": LATE}], [{"level": "berat", "start": MIDNIGHT}], [], None]),
    ("sanctions", [[{"level": "berat", "start": "2024-01-01"}], [{"levle": "berat"}], [{"\ud800": 1}], [1], 3, "x"]),
    ("position_date", [datetime.date(2020, 1, 1), LATE, MIDNIGHT, "2020-01-01", "\ud800", 5]),
    ("job_class", [Decimal("Infinity"), Decimal(1), Decimal("NaN"), Decimal("sNaN"), 1, 1.5, True, 10**30, "7"]),
    ("employment", ["pns", "\ud800", None]),
    ("employment", ["pns", "\ud800", 1, b"pns", None]),
    ("active", [True, 1, "ya", np.True_, Decimal(1)]),
    ("quality_peers", [[80], [80.5, None], [2**70], ["x"], [[80]], [np.float32(80)], 7, [Decimal("Infinity")]]),
    ("performance", [{2025: "baik"}, {"2025": "x"}, {"25": "baik"}, [1], None]),
]


def alike(want, found):
    """Texts of lists are JSON in a frame, so what is wrong with one has another name there."""
    return want == found or (want[0] == "wrong-type" and str(found[0]).startswith("json"))


@pytest.mark.parametrize(("name", "values"), ALONE)
def test_a_cell_means_what_it_means_alone_whatever_its_neighbours(law, name, values):
    want = [single(law, name, v) for v in values]
    for order in (range(len(values)), range(len(values))[::-1]):
        found = told(law, objects(name, [values[i] for i in order]))
        assert all(alike(want[i], f) for i, f in zip(order, found, strict=True)), (found, want)
    for value, code in zip(values, want, strict=True):
        try:
            assert alike(code, told(law, objects(name, [value, value]))[0])
        except am.FrameError:  # a whole column of a type that can never be
            assert code[0] is not None


def test_what_pandas_calls_missing_is_unknown_at_every_depth(law):
    missing = [None, float("nan"), np.nan, pd.NaT, pd.NA, np.datetime64("NaT")]
    for one in missing:
        for other in ([80], "x", {}, Decimal("NaN"), None):
            assert told(law, objects("quality_peers", [[one], other]))[0] == (None, None)
            assert told(law, objects("quality_peers", [one, other]))[0] == (None, None)
            assert told(law, objects("sanctions", [[{"start": one}], other]))[0] == (None, None)
            assert told(law, objects("performance", [{2025: one}, other]))[0] == (None, None)


def test_nat_in_a_record_is_a_fault_of_its_fact(law):
    assert single(law, "position_date", pd.NaT) == ("wrong-type", "position_date")
    assert single(law, "job_class", pd.NaT) == ("wrong-type", "job_class")
    assert single(law, "sanctions", [{"start": pd.NaT}]) == ("wrong-type", "sanctions[1].start")


def test_one_bad_row_among_arrays_disturbs_nobody(law):
    arrays = [np.array([80.0, np.nan]), np.array([90]), np.array([], object), "x", "[80]", "[200]", [81]]
    assert [code for code, _ in told(law, objects("quality_peers", arrays))] == [
        None, None, None, "json-syntax", None, "out-of-range", None,
    ]  # fmt: skip
    days = [np.array(["2024-01-01", "NaT"], "datetime64[ns]"), np.array(["2024-01-01T03"], "datetime64[ns]")]
    cells = [[{"start": v[0].astype("datetime64[us]").item()}] for v in days]
    assert [code for code, _ in told(law, objects("sanctions", cells))] == [None, "wrong-type"]


def test_categories_of_several_types_are_read_as_they_stand(law):
    mixed = pd.Categorical(pd.Series([datetime.date(2020, 1, 1), LATE, "x", None], dtype=object))
    assert [code for code, _ in told(law, pd.DataFrame({"position_date": mixed}))] == [
        None, "wrong-type", "not-a-date", None,
    ]  # fmt: skip


def test_objects_of_polars_are_values(law):
    import polars as pl

    frame = pl.DataFrame({"job_class": pl.Series([7, float("nan"), None], dtype=pl.Object)})
    answers = am.decide_frame(law, frame, DAY)
    assert answers["error"].to_list() == [None, "not-finite", None]


# --- progress ---


@pytest.mark.parametrize("engine", ["streaming", "in-memory"])
def test_a_query_tells_the_rows_of_all_its_pieces(law, engine, capsys):
    import polars as pl

    said = []
    query = pl.LazyFrame({"active": [True] * 200_000})
    options = {"keep": False, "reasons": None, "decisions": "promotion"}
    done = am.decide_frame(law, query, DAY, progress=lambda *now: said.append(now), **options)
    assert said == []
    assert done.collect(engine=engine).height == 200_000
    assert said[-1] == (200_000, None)
    assert said == sorted(set(said))
    am.decide_frame(law, query, DAY, progress=True, **options).collect(engine=engine)
    assert "200,000 rows" in capsys.readouterr().err


# --- arguments ---

TABLE = pa.table({"active": [True]})
BATCH = TABLE.to_batches()[0]


@pytest.mark.parametrize(
    "options",
    [
        {"columns": {"active": None}},
        {"columns": {1: "active"}},
        {"convention": []},
        {"absent": []},
        {"decisions": 5},
        {"decisions": [[]]},
        {"values": [None]},
        {"values": 3},
        {"reasons": []},
        {"prefix": 3},
        {"prefix": None},
        {"keep": "no"},
        {"dictionary": 1},
        {"progress": "yes"},
        {"progress": 1},
    ],
)
def test_an_option_of_a_wrong_type_is_named(law, options):
    with pytest.raises(am.ArgumentError, match=next(iter(options))):
        am.decide_frame(law, TABLE, DAY, **options)


def test_a_text_is_one_name(law):
    done = am.decide_frame(law, TABLE, DAY, decisions="promotion", values="serving_sanction", keep=False)
    names = done.column_names
    assert names[0] == "promotion.status" and "serving_sanction" in names
    assert sum(name.endswith(".status") for name in names) == 1
    assert am.answer_schema(law, DAY, decisions=["promotion"] * 2, values=["serving_sanction"]).names == names


def test_what_is_no_frame_and_what_are_no_batches(law):
    import polars as pl

    for frame in (pd.Series([True]), pl.Series([True])):
        with pytest.raises(am.ArgumentError, match="frame"):
            am.decide_frame(law, frame, DAY)
    for batches in (TABLE, BATCH, 5, None):
        with pytest.raises(am.ArgumentError, match="batches"):
            am.decide_batches(law, batches, DAY)
    others = (
        [1],
        "ab",
        [BATCH, None],
        [BATCH, pa.record_batch({"active": ["x"]})],
        [BATCH, pa.record_batch({"b": [1]})],
    )
    for batches in others:
        with pytest.raises(am.ArgumentError, match="batches"):
            list(am.decide_batches(law, batches, DAY))
    strict = pa.record_batch(BATCH.columns, schema=pa.schema([pa.field("active", pa.bool_(), nullable=False)]))
    assert [b.num_rows for b in am.decide_batches(law, [BATCH, strict], DAY)] == [2]


def test_the_row_to_explain_may_be_an_integer_of_numpy(law):
    assert str(am.explain_row(law, TABLE, np.int64(0), DAY)) == str(am.explain_row(law, TABLE, 0, DAY))
    for row in (np.int64(1), np.True_, 0.0):
        with pytest.raises(am.ArgumentError, match="row"):
            am.explain_row(law, TABLE, row, DAY)


def test_two_columns_of_one_name_are_both_named_unless_one_is_ignored(law):
    frame = pa.table({"AKTIF": [False], "active": [True]})
    columns = {"AKTIF": "active"}
    with pytest.raises(am.FrameError, match=r"'AKTIF' and 'active'.*column-twice|'AKTIF' and 'active'"):
        am.decide_frame(law, frame, DAY, columns=columns)
    for ignored, status in (("active", "refused"), ("AKTIF", "undetermined")):
        done = am.decide_frame(law, frame, DAY, columns=columns, ignore=ignored)
        assert done["promotion.status"].to_pylist() == [status]
    doubles = pa.Table.from_arrays([pa.array([1]), pa.array([2]), pa.array([True])], ["x", "x", "active"])
    for ignored in ("x", "*"):
        assert am.decide_frame(law, doubles, DAY, ignore=ignored, keep=False).num_rows == 1
    twice = pa.Table.from_arrays([pa.array([True])] * 2, ["active"] * 2)
    with pytest.raises(am.FrameError, match="'active' and 'active'"):
        am.decide_frame(law, twice, DAY, ignore="*")


# --- files ---


def test_no_file_of_another_is_touched(law, tmp_path):
    pq.write_table(TABLE, tmp_path / "in.parquet")
    (tmp_path / "out.parquet.part").write_text("of another")
    am.decide_parquet(law, tmp_path / "in.parquet", str(tmp_path / "out.parquet"), DAY)
    assert (tmp_path / "out.parquet.part").read_text() == "of another"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.parquet", "out.parquet", "out.parquet.part"]


def test_what_is_no_path_and_what_is_broken_further_in(law, tmp_path):
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"active": [True, False] * 5000, "employment": ["pns", "x"] * 5000}), source)
    for paths in ((b"in", target), (5, target), (source, 6), (source, b"out"), ("a\0b", target), (source, "a\0b")):
        with pytest.raises(am.ArgumentError):
            am.decide_parquet(law, *paths, DAY)
    octets = bytearray(source.read_bytes())
    octets[4:200] = b"\xff" * 196
    source.write_bytes(octets)
    with pytest.raises(am.ArgumentError, match=r"in\.parquet"):
        am.decide_parquet(law, source, target, DAY)
    assert [p.name for p in tmp_path.iterdir()] == ["in.parquet"]
