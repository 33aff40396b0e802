"""`asnmerit reform`: an overlay over a policy, and people under it; what it says is what the library finds."""

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.cli import main

TUTORIAL = Path(__file__).resolve().parent.parent / "docs" / "tutorial"
POLICY = "manokwari/merit"
ON = ("--on", "2026-04-01")
OVERLAY = """
title: {id: Ambang 85, en: Threshold 85}
parameters:
  minimum_merit_score: 85
  special_allowance: 2000000
"""
LINES = """\
nip,unit,active,performance_2024,performance_2025,sanctions,absences,projects_led,quality_supervisor_1,quality_peers,quality_subordinates,innovation_panel_1
198503172010011001,utara,ya,baik,baik,[],[],[],95,[],[],95
198503172010011002,utara,ya,baik,baik,[],[],[],80,[],[],70
198503172010011003,selatan,ya,baik,bagus,[],[],[],95,[],[],90
198503172010011004,selatan,ya,baik,baik,[],[],[],,[],[],80
198503172010011005,,tidak,baik,baik,[],[],[],95,[],[],90
"""


@pytest.fixture
def overlay(tmp_path):
    path = tmp_path / "ambang.yaml"
    path.write_text(OVERLAY, encoding="utf-8")
    return path


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "pegawai.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def run(*arguments):
    return CliRunner().invoke(main, ["reform", POLICY, *map(str, arguments)], catch_exceptions=False)


def test_without_people_it_says_what_changes(overlay):
    found = am.reform(POLICY, overlay, on="2026-04-01")
    for lang in ("id", "en"):
        done = run(overlay, *ON, "--lang", lang)
        assert (done.exit_code, done.stdout) == (0, found.to_text(lang) + "\n")
    assert json.loads(run(overlay, *ON, "--format", "json").stdout) == {"reform": found.to_dict()}


def test_it_finds_what_reform_and_compare_find(overlay, file, tmp_path):
    out = tmp_path / "berubah.csv"
    done = run(file.parent / overlay.name, file, *ON, "--by", "unit", "--changed", out, "--format", "json")
    assert done.exit_code == 1, done.output
    told = json.loads(done.stdout)
    found = am.reform(POLICY, overlay, on="2026-04-01")
    assert told["reform"] == json.loads(json.dumps(found.to_dict())) and told["synthetic"] is None
    read = list(csv.DictReader(io.StringIO(LINES)))
    table = pa.table({n: [row[n] or None for row in read] for n in read[0] if n != "nip"})
    compared = am.compare(found.before, found, table, by="unit", convention="csv")
    assert told["compared"]["decisions"] == json.loads(compared.to_json())["decisions"]
    winners = compared["incentives"].all.winners, compared["incentives"].all.losers
    assert winners == (1, 1), "one is paid more, and one comes below the threshold"
    assert told["effect"]["decisions"]["incentives"] == {
        "people": 5,
        "changed": 2,
        "undetermined": 1,
        "conflict": 0,
        "errors": 1,
    }
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [(r["decision"], r["line"], r["id"], r["unit"], r["change"]) for r in rows] == [
        ("promotion", "3", "198503172010011002", "utara", "undetermined"),
        ("incentives", "2", "198503172010011001", "utara", "winner"),
        ("incentives", "3", "198503172010011002", "utara", "loser"),
    ]
    assert run(overlay, file, *ON, "--ignore", "unit", "--allow-row-errors").exit_code == 0


def test_what_each_change_did_adds_up(overlay, file):
    done = run(overlay, file, *ON, "--ignore", "unit", "--attribute", "--format", "json", "--decision", "incentives")
    (shared,) = json.loads(done.stdout)["attributed"]
    assert [s["change"] for s in shared["shares"]] == ["parameters.minimum_merit_score", "parameters.special_allowance"]
    for measure, whole in shared["whole"].items():
        assert sum(Fraction(s["share"][measure]) for s in shared["shares"]) == whole
    assert shared["whole"]["amount.amount"] == 500_000 - 1_500_000
    text = run(overlay, file, *ON, "--ignore", "unit", "--attribute", "--lang", "en").stdout
    assert text.count("The share of each change") == 2
    assert text.index("A reform, not law") < text.index("promotion: changes for") < text.index("Two laws compared")


def test_parquet_is_read_as_often_as_it_is_needed(overlay, tmp_path):
    path = tmp_path / "p.parquet"
    pq.write_table(am.synthetic(300, seed=3), path)
    same = ("--seed", "3", "--synthetic", "300")
    told = [
        json.loads(run(overlay, *people, *ON, "--attribute", "--format", "json").stdout)
        for people in ((path, "--ignore", "*"), same)
    ]
    assert told[0]["synthetic"] is None and told[1]["synthetic"] == {"size": 300, "seed": 3, "on": "2026-04-01"}
    assert told[0]["attributed"] == told[1]["attributed"] and told[0]["compared"] == told[1]["compared"]
    assert told[0]["attributed"][1]["whole"]["changed"] > 0


def test_made_up_people_are_called_so_wherever_they_go(overlay, tmp_path):
    out = tmp_path / "berubah.csv"
    for lang, words in (("id", "DATA SINTETIS - bukan orang sebenarnya: 2.000"), ("en", "SYNTHETIC DATA - nobody")):
        done = run(overlay, "--synthetic", "2000", *ON, "--lang", lang, "--changed", out, "--by", "sex")
        assert done.exit_code == 0 and words in done.stdout
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert rows and {row["id"] for row in rows} == {"DATA SINTETIS"}
    assert run(overlay, "--synthetic", "10", "--on", "2023-01-01").exit_code == 2, "no population stands in 2023"


def test_that_nobody_notices_is_said_loudly(file, tmp_path):
    overlay = tmp_path / "kecil.yaml"
    overlay.write_text('parameters: {minimum_merit_score: "80.01"}', encoding="utf-8")
    done = run(overlay, file, *ON, "--ignore", "unit", "--allow-row-errors", "--lang", "en")
    assert done.exit_code == 0
    assert "NOT ONE DECISION CHANGES for these 5 people." in done.stdout
    done = run(overlay, file, *ON, "--ignore", "unit", "--allow-row-errors", "-o", tmp_path / "hasil.txt")
    assert done.stdout == "" and "asnmerit: TIDAK SATU PUN KEPUTUSAN BERUBAH" in done.stderr
    overlay.write_text("parameters: {minimum_merit_score: 80}", encoding="utf-8")
    assert "TIDAK ADA YANG BERUBAH PADA HARI ITU" in run(overlay, *ON).stdout
    overlay.write_text("{}", encoding="utf-8")
    assert "TIDAK ADA PERUBAHAN YANG DIMINTA" in run(overlay, *ON).stdout


def test_beyond_delegation_is_refused_or_marked_everywhere(file, tmp_path):
    overlay = tmp_path / "berani.yaml"
    overlay.write_text("parameters: {minimum_merit_score: 60}", encoding="utf-8")
    done = run(overlay, *ON)
    assert done.exit_code == 2 and "outside-delegation" in done.stderr
    done = run(overlay, file, *ON, "--unbound", "--ignore", "unit", "--attribute", "--lang", "en")
    assert done.stdout.count("BEYOND WHAT IS DELEGATED: parameters.minimum_merit_score") == 5
    done = run(overlay, file, *ON, "--unbound", "--ignore", "unit", "--format", "json")
    told = json.loads(done.stdout)
    assert {tuple(told[part]["unbound"]) for part in ("reform", "effect", "compared")} == {
        ("parameters.minimum_merit_score",)
    }
    assert "DI LUAR YANG DIDELEGASIKAN" in done.stderr


def test_every_fault_of_an_overlay_is_told_at_its_place(tmp_path):
    overlay = tmp_path / "salah.yaml"
    overlay.write_text("parameters:\n  minimum_score: 85\n  special_allowance: banyak\n", encoding="utf-8")
    done = run(overlay, *ON)
    assert done.exit_code == 2
    assert "salah.yaml:2:3: error[unknown-name]" in done.stderr and "salah.yaml:3:" in done.stderr
    assert "Traceback" not in done.output


def test_what_cannot_be_asked_is_refused(overlay, file, tmp_path):
    def refused(*arguments):
        done = run(*arguments)
        return done.stderr if done.exit_code == 2 else None

    assert "both" in refused(overlay, file, *ON, "--synthetic", "10")
    assert "of whom" in refused(overlay, *ON, "--by", "unit")
    assert "of whom" in refused(overlay, *ON, "--seed", "3") and "of whom" in refused(overlay, file, *ON, "--seed", "0")
    nowhere = refused(overlay, *ON, "-o", tmp_path / "missing" / "out.txt")
    assert "out.txt" in nowhere and ".part" not in nowhere
    assert "--attribute" in refused(overlay, *ON, "--attribute")
    assert "--on" in refused(overlay)
    assert "overwrite" in refused(overlay, *ON, "-o", overlay)
    assert "overwrite" in refused(overlay, file, *ON, "--changed", file)
    assert refused(tmp_path / "none.yaml", *ON) and refused(overlay, tmp_path / "none.csv", *ON)
    assert refused(overlay, "--synthetic", "0", *ON) and refused(overlay, "--synthetic", "7000000", *ON)
    assert "unit" in refused(overlay, file, *ON)
    assert "nothing" in refused(overlay, file, *ON, "--ignore", "unit", "--decision", "nothing")
    assert overlay.read_text(encoding="utf-8") == OVERLAY and file.read_text(encoding="utf-8") == LINES


def test_the_overlay_of_the_tutorial_is_its_file():
    page = (TUTORIAL / "first-reform.md").read_text(encoding="utf-8")
    quoted = page.split('>>> overlay = """\n', 1)[1].split('... """', 1)[0]
    lines = [line.removeprefix("... ") for line in quoted.splitlines()]
    assert lines == (TUTORIAL / "first-reform.yaml").read_text(encoding="utf-8").splitlines()
