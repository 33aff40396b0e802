"""`asnmerit rank`: the list comes out whole, row for row, as a table, as data and as text."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from asnmerit.cli import main

DAY = "2025-12-31"
SOMEONE = {
    "employment": "pns",
    "rank": "III/c",
    "rank_date": "2020-04-01",
    "cpns_date": "2010-01-01",
    "position_kind": "struktural",
    "echelon": "IV.a",
    "position_date": "2019-01-01",
    "service_years": 16,
    "service_months": 0,
    "grade_service_years": 11,
    "grade_service_months": 0,
    "leadership_training": "pim_iv",
    "leadership_training_date": "2018-01-01",
    "education": "s1",
    "graduation_year": 2008,
    "birth_date": "1985-01-01",
}

HEAD = list(SOMEONE)
LAST = "nip," + ",".join(HEAD)


@pytest.fixture
def file(tmp_path):
    def line(nip, **facts):
        return ",".join([nip, *(str({**SOMEONE, **facts}[name] or "") for name in HEAD)])

    rows = [
        line("198503172010011003"),
        line("198503172010011004", rank="III/d"),
        line("198503172010011005", echelon=None),
        line("198503172010011006", rank="III/z"),
        line("198503172010011007", employment="pppk"),
        line("198503172010011008", employment=None),
        line("198503172010011009", rank_date="2030-01-01"),
    ]
    path = tmp_path / "pegawai.csv"
    path.write_text("\n".join([LAST, *rows]) + "\n", encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(
        main, ["rank", "indonesia/duk", *map(str, arguments), "--on", DAY], catch_exceptions=False
    )


def test_the_command_loses_no_row(file):
    done = run(file, "--lang", "en")
    assert done.exit_code == 1
    table = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(r["place"], r["first"], r["last"], r["status"], r["row"]) for r in table] == [
        ("1", "1", "1", "placed", "2"),
        ("", "2", "3", "open", "3"),
        ("", "2", "3", "open", "1"),
        ("", "", "", "outside", "5"),
        ("", "", "", "unsettled", "6"),
        ("", "", "", "error", "4"),
        ("", "", "", "error", "7"),
    ]
    assert [r["decided_by"] for r in table[:3]] == ["", "rank", ""]
    assert table[1]["missing"] == "echelon"
    assert table[4]["missing"] == "employment"
    assert [r["error_code"] for r in table[5:]] == ["cell-member", "check"]
    assert table[0]["id"] == "198503172010011004"
    assert (
        "7 employees: 1 placed, 2 place open, 1 not of the list, 1 not certain to belong, 2 rows in error"
        in done.stderr
    )
    assert run(file, "--allow-row-errors").exit_code == 0


def test_the_command_gives_json_and_text(file, tmp_path):
    said = json.loads(run(file, "--format", "json", "--ranking", "duk").stdout)
    assert [r["row"] for r in said["rows"]] == [2, 3, 1]
    assert [e["row"] for e in said["errors"]] == [4, 7]
    assert said["complete"] is False
    out = tmp_path / "duk.txt"
    run(file, "--format", "text", "-o", out)
    text = out.read_text(encoding="utf-8")
    assert text.startswith("Daftar Urut Kepangkatan, 31 Desember 2025")
    assert "baris 4: rank:" in text
    assert "Daftar belum lengkap" in text
    assert "Tidak dapat dibaca" in text


def test_the_command_refuses_what_it_cannot_do(file, tmp_path):
    assert run(file, "--ranking", "no").exit_code == 2
    assert run(tmp_path / "none.csv").exit_code == 2
    (tmp_path / "broken.csv").write_text("x,x\n1,2\n", encoding="utf-8")
    assert run(tmp_path / "broken.csv").exit_code == 2
