"""`asnmerit roadmap`: the way of one employee in a file, as the library says it."""

import csv
import json

import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.advice import mapping, roadmap
from asnmerit.cli import main
from asnmerit.replaying import typed_facts

POLICY = "uji/jabatan"
DAY = "2026-04-01"
TEXT = """
asnmerit: 1
policy: uji/jabatan
title: {id: Uji jabatan, en: A test of posts}
effective: {from: 2020-01-01}
enacted: 2019-12-01
sources: {act: {title: Peraturan Uji 1/2019, grade: illustrative}}
facts:
  course: {type: bool, actionable: true, cost: 5, label: {id: lulus diklat, en: passed the course}}
  credit:
    type: number
    from: 0
    to: 100
    step: 0.5
    actionable: true
    merit: true
    label: {id: angka kredit, en: credit}
  since: {type: date, label: {id: TMT jabatan, en: in this post since}}
  birthplace: {type: bool, protected: true, label: {id: lahir di sini, en: born here}}
  sealed: {type: bool, immutable: true, label: {id: tersegel, en: sealed}}
parameters:
  least: {type: number, from: 0, to: 100, step: 0.5, value: 50, source: act Pasal 3}
decisions:
  post:
    title: {id: Pengangkatan, en: Appointment}
    kind: benefit
    outcome: {}
    source: act Pasal 2
rules:
  usual:
    decides: post
    source: act Pasal 4
    requires:
      course: {is: course, label: {id: lulus diklat, en: has passed the course}, source: act Pasal 5}
      credit: {is: credit >= least, label: {id: angka kredit cukup, en: enough credit}, source: act Pasal 6}
      served: {is: "months_between(since, as_of) >= 24", label: {id: masa, en: long enough}, source: act Pasal 7}
    grants: {}
"""
NIP = "198503172010011003"
NAMES = ("nip", "course", "credit", "since", "birthplace", "sealed")
ROWS = [
    dict(zip(NAMES, row.split(","), strict=True))
    for row in (
        f"{NIP},tidak,48.5,2024-01-01,ya,tidak",
        f"{NIP[:-1]}4,ya,60,2020-01-01,ya,ya",
        f"{NIP[:-1]}5,ya,60,2025-01-01,ya,ya",
        f"{NIP[:-1]}6,ya,1000,2020-01-01,ya,ya",
    )
]


@pytest.fixture
def here(tmp_path, monkeypatch):
    file = tmp_path / "uji" / "jabatan.yaml"
    file.parent.mkdir()
    file.write_text(TEXT, encoding="utf-8")
    with (tmp_path / "pegawai.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, list(ROWS[0]))
        writer.writeheader()
        writer.writerows(ROWS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*more, decision="post", policy="uji/jabatan.yaml", day=DAY):
    arguments = ["roadmap", policy, "pegawai.csv", "--on", day, "--decision", decision, "--days", "800", *more]
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def data_of(*more):
    done = run("--format", "json", *more)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def test_the_cheapest_way_today_has_its_steps_and_articles(here):
    done = run("--row", "1", "--lang", "en")
    assert done.exit_code == 0
    for words in ("Appointment", "passed the course", "from 48.5 to 50", "Pasal 5", "Pasal 6", "Proved"):
        assert words in done.stdout
    assert "born here" not in done.stdout
    data = data_of("--row", "1")
    assert data["now"]["cost"] == 5 + 3
    assert data["now"]["proved"]
    assert {c["column"]: (c["before"], c["after"]) for c in data["now"]["changes"]} == {
        "course": (False, True), "credit": ("48.5", 50),
    }  # fmt: skip
    assert data["waiting"] is None
    assert here


def test_the_way_runs(here):
    """The person with the changes is granted, and with any one of them left out is not."""
    law = am.in_force(am.load(here / "uji" / "jabatan.yaml"), on=DAY)
    record = {"course": False, "credit": 48.5, "since": "2024-01-01", "birthplace": True, "sealed": False}
    changes = {c["fact"]: c["after"] for c in data_of("--row", "1")["now"]["changes"]}
    changes = typed_facts(law, changes)
    assert am.decide(law, {**record, **changes})["post"].status == "granted"
    assert len(changes) == 2
    for name in changes:
        fewer = {k: v for k, v in changes.items() if k != name}
        assert am.decide(law, {**record, **fewer})["post"].status == "refused"


def test_waiting_alone_is_found_to_the_day(here):
    data = data_of("--id", NIP[:-1] + "5")
    assert data["now"] is None
    assert data["waiting"]["day"] == "2027-01-01"
    law = am.in_force(am.load(here / "uji" / "jabatan.yaml"), on=DAY)
    record = {"course": True, "credit": 60, "since": "2025-01-01"}
    assert am.decide(law, record, as_of="2026-12-31")["post"].status == "refused"
    assert am.decide(law, record, as_of="2027-01-01")["post"].status == "granted"


def test_nothing_to_do_is_said(here):
    done = run("--row", "2")
    assert done.exit_code == 0
    assert "Tidak ada yang perlu dilakukan." in done.stdout
    assert here


def test_the_command_says_what_the_library_says(here):
    record = {"course": False, "credit": 48.5, "since": "2024-01-01", "birthplace": True, "sealed": False}
    law = am.load(here / "uji" / "jabatan.yaml")
    for costs, options in ((None, []), ({"course": 1, "credit": 7}, ["--cost", "course=1", "--cost", "credit=7"])):
        found = roadmap(law, record, "post", on=DAY, costs=costs, days=800)
        for lang in ("id", "en"):
            assert run("--row", "1", "--lang", lang, *options).stdout == f"{found.to_text(lang)}\n"
        assert data_of("--row", "1", *options) == json.loads(found.to_json())
    assert data_of("--row", "1", "--cost", "course=1", "--cost", "credit=7")["now"]["cost"] == 1 + 3 * 7
    assert mapping.DAYS == 3_653
    done = CliRunner().invoke(main, ["roadmap", "--help"])
    assert f"default: {mapping.DAYS}" in " ".join(done.stdout.split())


def test_what_comes_out_can_go_to_a_file(here):
    assert run("--row", "1", "-o", "way.txt").stdout == ""
    assert (here / "way.txt").read_text(encoding="utf-8") == run("--row", "1").stdout


def test_later_laws_are_looked_at_unless_the_law_was_chosen(here):
    file = here / "uji" / "jabatan.yaml"
    text = TEXT.replace(
        "value: 50, source: act Pasal 3}",
        """source: act Pasal 3, versions: [
      {from: 2020-01-01, enacted: 2019-12-01, value: 50},
      {from: 2026-07-01, enacted: 2026-01-01, value: 48}]}""",
    )
    file.write_text(text, encoding="utf-8")
    rows = "course,credit,since\nya,48.5,2020-01-01\n"
    (here / "pegawai.csv").write_text(rows, encoding="utf-8")
    assert data_of("--row", "1")["waiting"]["day"] == "2026-07-01"
    assert data_of("--row", "1", "--known", "2026-03-01")["waiting"] is None
    assert data_of("--row", "1", "--as-of", "2026-04-02")["waiting"] is None


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ([], 2, "--row"),
        (["--row", "1", "--id", NIP], 2, "--row"),
        (["--row", "9"], 2, "no such employee: row 9"),
        (["--id", "1"], 2, "no such employee: 1"),
        (["--row", "4"], 1, "credit"),
        (["--row", "1", "--cost", "credit=x"], 2, "whole number"),
        (["--row", "1", "--cost", "kredit=1"], 2, "credit"),
        (["--row", "1", "--cost", "birthplace=1"], 2, "protected"),
        (["--row", "1", "--cost", "sealed=1"], 2, "immutable"),
        (["--row", "1", "--days", "99999999"], 2, "days"),
        (["--row", "1", "-o", "pegawai.csv"], 2, "overwrite"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_ends_with_its_code(here, options, code, words):
    done = run(*options)
    assert done.exit_code == code
    assert words in done.stderr
    assert done.stdout == ""
    assert here


def test_an_unknown_decision_and_an_unknown_column_end_with_two(here):
    done = run("--row", "1", decision="pos")
    assert (done.exit_code, "post" in done.stderr) == (2, True)
    (here / "pegawai.csv").write_text("course,kredit\nya,1\n", encoding="utf-8")
    done = run("--row", "1")
    assert (done.exit_code, "kredit" in done.stderr) == (2, True)
