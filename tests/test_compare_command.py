"""`asnmerit compare`: two laws over a file; every row is counted, also those that no reader takes."""

import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from asnmerit.cli.comparing import compare
from asnmerit.cli.program import Program

NAMES = (
    "nip,unit,active,performance_2024,performance_2025,sanctions,absences,projects_led,"
    "quality_supervisor_1,quality_peers,quality_subordinates,innovation_panel_1"
)
LINES = f"""{NAMES}
198503172010011001,utara,ya,baik,baik,[],[],[],90,[],[],90

198503172010011002,utara,ya,baik,baik,[],[],[],66,[],[],70
198503172010011003,"sela
tan",ya,baik,butuh_perbaikan,[],[],[],95,[],[],90
198503172010011004,,ya,baik,bagus,[],[],[],95,[],[],90
198503172010011005,,ya,baik,baik,[],[],[],,[],[],80
198503172010011006,utara,tidak,baik,baik,[],[],[],95,[],[],90
"""
DAYS = ("--on", "2025-04-01", "--with-on", "2026-04-01")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def run(*arguments):
    group = Program()
    group.add_command(compare)
    return CliRunner().invoke(group, ["compare", "manokwari/merit", *map(str, arguments)], catch_exceptions=False)


def test_every_row_is_counted_and_those_who_change_are_written(file, tmp_path):
    out = tmp_path / "berubah.csv"
    done = run(file, *DAYS, "--by", "unit", "--decision", "incentives", "--changed", out, "--lang", "en")
    assert done.exit_code == 1, done.output
    assert "People: 6" in done.stdout and "0 win, 2 lose, 2 unchanged, 1 undetermined, 1 in error" in done.stdout
    assert "Cannot be decided (before): cell-member in performance_2025: 1" in done.stdout
    assert "wrong-type" not in done.stdout
    assert "utara: 0 win, 1 lose, 2 unchanged" in done.stdout and "sela\ntan: 0 win, 1 lose" in done.stdout
    assert "(not filled): 0 win, 0 lose, 0 unchanged, 1 undetermined, 1 in error" in done.stdout
    assert "row 4: performance_2025" in done.stderr
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode(), newline="")))
    assert [(r["row"], r["line"], r["id"], r["unit"], r["change"], r["conditions"]) for r in rows] == [
        ("2", "4", "198503172010011002", "utara", "loser", "reaches_target"),
        ("3", "5", "198503172010011003", "sela\ntan", "loser", "insentif_tunjangan_khusus.requires.rating"),
    ]
    assert [(r["amount_before"], r["amount_after"]) for r in rows] == [("1500000", "0")] * 2
    assert run(file, *DAYS, "--ignore", "unit", "--allow-row-errors").exit_code == 0


def test_json_and_facts_to_group_by(file, tmp_path):
    out = tmp_path / "banding.json"
    done = run(file, *DAYS, "--ignore", "*", "--by", "active", "--format", "json", "-o", out)
    assert done.exit_code == 1 and done.stdout == ""
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["people"] == 6 and set(told["decisions"]) == {"promotion", "incentives"}
    groups = told["decisions"]["incentives"]["groups"]
    assert sum(g["people"] for g in groups) == 6
    assert told["faults"][0] == [{"code": "cell-member", "column": "performance_2025", "rows": 1}]


def test_parquet_gives_what_a_csv_gives(tmp_path):
    table = pa.table({
        "active": [True] * 3,
        "performance_2024": ["baik"] * 3,
        "performance_2025": ["baik", "butuh_perbaikan", "bagus"],
        "unit": ["a", "a", None],
    })  # fmt: skip
    path = tmp_path / "pegawai.parquet"
    pq.write_table(table, path)
    csv_path = tmp_path / "pegawai.csv"
    csv_path.write_text("active,performance_2024,performance_2025,unit\nya,baik,baik,a\nya,baik,butuh_perbaikan,a\n"
                        "ya,baik,bagus,\n", encoding="utf-8")  # fmt: skip
    told = [json.loads(run(p, *DAYS, "--by", "unit", "--format", "json").stdout) for p in (path, csv_path)]
    for one in told:
        del one["faults"]
    assert told[0] == told[1]


def test_nothing_changes_is_said_and_is_no_failure(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text("active\ntidak\n", encoding="utf-8")
    done = run(path, "--on", "2026-04-01", "--with-as-of", "2026-05-01")
    assert done.exit_code == 0 and "TIDAK ADA YANG BERUBAH" in done.stdout
    other = run(path, "--on", "2026-04-01", "--with", "manokwari/career", "--ignore", "*")
    assert other.exit_code in {0, 2}


def test_what_cannot_be_compared_is_refused(file, tmp_path):
    assert run(file, "--on", "2025-04-01").exit_code == 2
    assert run(file, *DAYS).exit_code == 2
    assert "unit" in run(file, *DAYS).stderr
    assert run(file, *DAYS, "--ignore", "unit", "--by", "nothing").exit_code == 2
    assert run(file, *DAYS, "--ignore", "unit", "--decision", "nothing").exit_code == 2
    assert run(tmp_path / "none.csv", *DAYS).exit_code == 2
    assert run(file, *DAYS, "--ignore", "unit", "-o", file).exit_code == 2
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(b"PAR1nothing")
    assert run(broken, *DAYS).exit_code == 2
