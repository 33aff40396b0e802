"""A cluster answers as one process does: the same rows, the same faults, however the rows are spread."""

import datetime
import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import asnmerit as am
from asnmerit.frames import cluster
from support import people, tables
from support.dice import Seeded

DAY = datetime.date(2026, 4, 1)
HERE = Path(am.__file__).parent.parent
OLDEST_JAVA = 17
POLICIES = ("manokwari/merit", "bgn/tukin")

# PySpark says so of pandas 3 each time; of pandas it is used here only by Spark itself, to see that it is there.
pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")


def law_of(name):
    return am.in_force(am.load(name), on=DAY)


@pytest.fixture(scope="module")
def law():
    return law_of(POLICIES[0])


@functools.cache
def drawn(name):
    """A table of people, a third of them faulty, many with facts unknown; the last column numbers them."""
    law, dice = law_of(name), Seeded(9)
    persons = [people.person(dice, law, DAY, dice.pick((0, 0, 10, 40))) for _ in range(700)]
    table = tables.as_parquet(tables.table_of(dice, law, DAY, persons, bad=1, nan=False).table())
    wrong = am.decide_frame(law, table, DAY)["error"].is_valid().to_pylist()
    good, faulty = ([i for i, is_wrong in enumerate(wrong) if is_wrong is kind] for kind in (False, True))
    places = sorted([*good[:60], *faulty[:30]])
    return table.take(places).append_column("row", pa.array(range(len(places)), pa.int64()))


def staff(law):
    return drawn(law.policy)


def expected(law, table, **options):
    return am.decide_frame(law, table, DAY, **{"ignore": "row", "dictionary": False, **options})


def test_the_people_of_these_tests_have_faults_and_unknowns():
    found = {
        s for name in POLICIES for d in law_of(name).decisions for s in decided_here(name)[f"{d}.status"].to_pylist()
    }
    assert found == {"granted", "refused", "undetermined", "error"}
    assert len(set(decided_here(POLICIES[0])["error"].to_pylist())) >= 4


def decided_here(name):
    return expected(law_of(name), drawn(name))


# --- what travels ---


@pytest.mark.parametrize("name", am.policies())
def test_every_answer_has_a_type_of_spark(name):
    policy = am.load(name)
    if policy.abstract:
        pytest.skip("abstract")
    try:
        law = am.in_force(policy, on=DAY)
    except am.NotInForceError:
        pytest.skip("not in force")
    for field in am.answer_schema(law, DAY, values="*", dictionary=False):
        assert cluster._arrow(cluster._json(field.type)) == field.type


@pytest.mark.parametrize(
    ("said", "type_"),
    [
        ("decimal(10,2)", pa.decimal128(10, 2)),
        ("char(3)", pa.string()),
        ("string collate UNICODE", pa.string()),
        ("timestamp", pa.timestamp("us", "UTC")),
        ("interval day to second", pa.binary()),
        ({"type": "udt", "class": "x"}, pa.binary()),
        ({"type": "map", "keyType": "string", "valueType": "byte"}, pa.map_(pa.string(), pa.int8())),
    ],
)
def test_types_of_spark(said, type_):
    assert cluster._arrow(said) == type_


def test_what_a_cluster_shows_itself_is_refused(law):
    for decide in (cluster.spark_frame, cluster.dask_frame):
        with pytest.raises(am.ArgumentError, match="progress"):
            decide(law, None, DAY, progress=True)
    with pytest.raises(am.ArgumentError, match=r"to_spark\(\)"):
        cluster.spark_frame(law, object(), DAY)


BLOCKED = "import sys; sys.modules['asnmerit'] = None"
OTHER = "import asnmerit.version; asnmerit.version.__version__ = '0.0.1'"


@pytest.mark.parametrize(
    ("before", "said"),
    [(BLOCKED, "needs asnmerit .*pip install 'asnmerit\\[frames\\]=="), (OTHER, "this worker has asnmerit 0.0.1;")],
)
def test_a_process_without_the_library_or_with_another_version_says_so(law, tmp_path, before, said):
    cloudpickle = pytest.importorskip("cloudpickle")
    shipped = cluster._shipped(cluster.decide_part, cluster._spread(law, DAY, {}))
    (tmp_path / "shipped").write_bytes(cloudpickle.dumps(shipped))
    script = f"{before}\nimport pickle, pathlib; pickle.loads(pathlib.Path('shipped').read_bytes())(None)"
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode
    assert re.search(said, done.stderr), done.stderr


# --- Spark ---


def java_version():
    """The version of Java that Spark would start; 0 where there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', said)
    return int(found[1]) if found else 0


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    sql = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: pip install 'asnmerit[spark]'")
    if java_version() < OLDEST_JAVA:
        pytest.skip(f"no Java {OLDEST_JAVA} or later for Spark (JAVA_HOME, or `java` on the path)")
    before = {name: os.environ.get(name) for name in ("PYTHONPATH", "PYSPARK_PYTHON", "SPARK_LOCAL_IP")}
    os.environ |= {"PYTHONPATH": str(HERE), "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    room = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.local.dir": str(room),
        "spark.sql.warehouse.dir": str(room / "warehouse"),
        "spark.sql.shuffle.partitions": "3",
    }
    builder = sql.SparkSession.builder.master("local[2]").appName("asnmerit")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    for name, value in before.items():
        if value is None:
            del os.environ[name]
        else:
            os.environ[name] = value


@pytest.fixture
def on_spark(spark, tmp_path):
    def put(table):
        pq.write_table(table, tmp_path / "staff.parquet", row_group_size=17)
        return spark.read.parquet(str(tmp_path / "staff.parquet"))

    return put


def collected(frame):
    rows = [row.asDict(recursive=True) for row in frame.collect()]
    return sorted(rows, key=lambda row: row["row"])


def jobs(spark):
    return len(spark.sparkContext.statusTracker().getJobIdsForGroup())


@pytest.mark.parametrize(("name", "parts"), [(POLICIES[0], 1), (POLICIES[0], 3), (POLICIES[0], 7), (POLICIES[1], 3)])
def test_spark_answers_as_one_process_does(on_spark, name, parts):
    law = law_of(name)
    table = staff(law)
    frame = on_spark(table).repartition(parts)
    answered = am.decide_frame(law, frame, DAY, ignore="row", values="*")
    assert type(answered) is type(frame)
    want = expected(law, table, values="*")
    answers = [n for n in want.column_names if n not in table.column_names]
    rows = collected(answered)
    assert answered.columns == want.column_names
    assert [{n: r[n] for n in answers} for r in rows] == want.select(answers).to_pylist()
    assert repr([{n: r[n] for n in frame.columns} for r in rows]) == repr(collected(frame))
    assert answered.rdd.getNumPartitions() == parts


def test_spark_runs_nothing_before_rows_are_asked_for(spark, on_spark, law):
    frame = on_spark(staff(law))
    before = jobs(spark)
    answered = am.decide_frame(law, frame, DAY, ignore="row", reasons="columns", prefix="our.")
    assert jobs(spark) == before
    assert answered.filter("`our.promotion.status` = 'error'").count() > 0
    assert jobs(spark) > before


def test_the_schema_of_spark_names_the_bits(on_spark, law):
    answered = am.decide_frame(law, on_spark(staff(law)), DAY, ignore="row", keep=False)
    assert answered.schema["promotion.met"].metadata == {"bits": "\n".join(am.reasons_of(law, "promotion"))}
    assert answered.columns[0] == "promotion.status"


def test_spark_frames_without_rows_and_with_empty_parts(spark, on_spark, law):
    frame = on_spark(staff(law))
    assert collected(am.decide_frame(law, frame.filter("row < 0"), DAY, ignore="row")) == []
    few = collected(am.decide_frame(law, frame.filter("row < 2").repartition(9), DAY, ignore="row"))
    assert [row["row"] for row in few] == [0, 1]
    ids = am.decide_frame(law, spark.range(3), DAY, ignore="id")
    assert [row["promotion.status"] for row in ids.collect()] == ["undetermined"] * 3


def test_columns_of_spark_are_checked_at_once(spark, law):
    frame = spark.sql("SELECT true AS active, 1 AS activ")
    with pytest.raises(am.FrameError, match="did you mean active"):
        am.decide_frame(law, frame, DAY)
    with pytest.raises(am.FrameError, match="time zone"):
        am.decide_frame(law, spark.sql("SELECT timestamp '2020-01-01 00:00:00' AS position_date"), DAY)
    with pytest.raises(am.FrameError, match="wrong-type"):
        am.decide_frame(law, spark.sql("SELECT interval 1 day AS active"), DAY)
    with pytest.raises(am.FrameError, match="column-twice"):
        am.decide_frame(law, spark.sql("SELECT true AS active, false AS active"), DAY)
    with pytest.raises(am.FrameError, match="prefix="):
        am.decide_frame(law, spark.sql("SELECT true AS active, 'x' AS ERROR"), DAY, ignore="ERROR")
    with pytest.raises(am.ArgumentError, match="decisions"):
        am.decide_frame(law, frame, DAY, decisions=["promotoin"])


def test_types_of_spark_reach_the_facts(spark, law):
    frame = spark.sql(
        "SELECT true AS active, cast(80.5 AS decimal(5,2)) AS quality_supervisor_1, timestamp_ntz '2020-04-01 00:00:00'"
        " AS position_date, array(named_struct('level', 'berat')) AS sanctions, array(80, 300) AS quality_peers,"
        " map('2025', 'baik') AS performance"
    )
    row = am.decide_frame(law, frame, DAY, values=["months_in_post"]).collect()[0]
    assert (row["error_fact"], row["error"]) == ("quality_peers[2]", "out-of-range")
    row = am.decide_frame(law, frame.drop("quality_peers"), DAY, values=["months_in_post"]).collect()[0]
    assert (row["error"], row["months_in_post"]) == (None, 72)


def test_a_row_of_spark_is_explained_when_it_is_here(on_spark, law):
    table = staff(law)
    place = decided_here(law.policy)["error"].to_pylist().index(None)
    answered = am.decide_frame(law, on_spark(table), DAY, ignore="row")
    with pytest.raises(am.ArgumentError, match="collect it first"):
        am.explain_row(law, answered, 0, DAY, ignore="row")
    one = pa.Table.from_pylist([row.asDict(recursive=True) for row in answered.filter(f"row = {place}").collect()])
    used = [n for n in one.column_names if n in table.column_names or n == "promotion.status"]
    here = one.select([n for n in used if not pa.types.is_null(one.schema.field(n).type)])
    want = am.explain_row(law, table, place, DAY, lang="en", ignore="row")
    assert str(am.explain_row(law, here, 0, DAY, lang="en", ignore="row")) == str(want)


def test_a_worker_of_spark_without_the_library_says_so(spark, law, tmp_path, monkeypatch):
    (tmp_path / "sitecustomize.py").write_text(BLOCKED, encoding="utf-8")
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH="{tmp_path}:$PYTHONPATH" exec "{sys.executable}" "$@"\n', encoding="utf-8"
    )
    python.chmod(0o755)
    monkeypatch.setattr(spark.sparkContext, "pythonExec", str(python))
    answered = am.decide_frame(law, spark.sql("SELECT true AS active"), DAY)
    with pytest.raises(Exception, match=r"each worker needs asnmerit .*pip install 'asnmerit\[frames\]"):
        answered.collect()


# --- Dask ---


@pytest.fixture(scope="module")
def dd():
    return pytest.importorskip("dask.dataframe", reason="Dask is not installed: pip install 'asnmerit[dask]'")


@pytest.mark.parametrize("parts", [1, 3, 7])
@pytest.mark.parametrize("kind", ["arrow", "numpy"])
def test_dask_answers_as_one_process_does(dd, law, kind, parts):
    import dask
    import pandas as pd

    table = staff(law)
    frame = table.to_pandas(types_mapper=pd.ArrowDtype) if kind == "arrow" else table.to_pandas()
    with dask.config.set({"dataframe.convert-string": False}):
        spread = dd.from_pandas(frame, npartitions=parts, sort=False)
        answered = am.decide_frame(law, spread, DAY, ignore="row", values="*")
        assert type(answered) is type(spread)
        assert answered.npartitions == spread.npartitions
        found = answered.compute(scheduler="threads", num_workers=2)
    want = expected(law, frame, values="*")
    assert list(found.columns) == list(want.columns)
    assert list(found.index) == list(frame.index)
    assert dict(found.dtypes) == dict(answered.dtypes)
    assert found[frame.columns].equals(frame)
    answers = [n for n in want.columns if n not in frame.columns]
    assert tables.plain_rows(found, answers) == tables.plain_rows(want, answers)


def test_dask_decides_in_other_processes(dd, law):
    frame = staff(law).select(["row", *(n for n in staff(law).column_names if n.startswith("performance"))]).to_pandas()
    answered = am.decide_frame(law, dd.from_pandas(frame, npartitions=4), DAY, ignore="row")
    found = answered.compute(scheduler="processes", num_workers=2)
    assert tables.plain_rows(found) == tables.plain_rows(expected(law, frame))


def test_columns_of_dask_are_checked_at_once(dd, law):
    import pandas as pd

    spread = dd.from_pandas(pd.DataFrame({"activ": [True]}), npartitions=1)
    with pytest.raises(am.FrameError, match="did you mean active"):
        am.decide_frame(law, spread, DAY)
    with pytest.raises(am.ArgumentError, match="collect it first"):
        am.explain_row(law, spread, 0, DAY)


# --- Ray, without Ray: what it hands out is a table of Arrow ---


def test_tables_as_ray_hands_them_out(law):
    table = staff(law)
    parts = [
        am.decide_frame(law, table.slice(at, 20), DAY, ignore="row", dictionary=False)
        for at in range(0, table.num_rows, 20)
    ]
    assert len({part.schema for part in parts}) == 1
    assert tables.plain_rows(pa.concat_tables(parts)) == tables.plain_rows(expected(law, table))
