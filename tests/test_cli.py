"""The command: what comes out, where it goes, how it ends, and that bad input never ends in a traceback."""

import csv
import io
import json
import os
import pty
import re
import stat
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.cli import main
from asnmerit.cli.answers import shown
from asnmerit.cli.problems import EDGE, as_written
from asnmerit.cli.writing import harmless

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "asnmerit" / "data" / "pegawai_contoh.csv"
POLICY = "manokwari/merit"
DAY = ["--on", "2026-04-01"]
HEAD = (
    "nip,employment,active,position_date,performance_2024,performance_2025,sanctions,under_examination,absences,"
    "quality_supervisor_1,quality_peers,quality_subordinates,innovation_panel_1,projects_led"
)
NIP = "198503172010011003"
GOOD = f"{NIP},pns,ya,2020-01-01,baik,baik,[],tidak,[],90,[],[],90,[]"


def run(*arguments, **more):
    return CliRunner().invoke(main, [str(a) for a in arguments], catch_exceptions=False, **more)


def decide(*arguments, **more):
    return run("decide", POLICY, *arguments, *DAY, **more)


def table(text, delimiter=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


@pytest.fixture
def one(tmp_path):
    path = tmp_path / "satu.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n", encoding="utf-8")
    return path


# --- the main job ---


def test_the_sample_shows_every_kind_of_answer_and_no_row_is_lost():
    done = decide(SAMPLE)
    rows = table(done.stdout)
    assert done.exit_code == 1
    assert [int(r["row"]) for r in rows] == list(range(1, len(rows) + 1))
    assert len(rows) >= 240
    counts = Counter(r["promotion.status"] for r in rows)
    assert set(counts) == {"granted", "refused", "undetermined", "error"}
    assert min(counts["granted"], counts["refused"], counts["undetermined"]) >= 10
    assert 4 <= counts["error"] <= 12
    assert f"{len(rows)} pegawai" in done.stderr


def test_every_row_says_why():
    for row in table(decide(SAMPLE).stdout):
        if row["promotion.status"] == "error":
            assert row["error_code"]
            assert row["error_wrong"]
            assert row["error_expected"]
            assert row["promotion.reason"] == ""
        else:
            assert row["error_code"] == ""
            assert row["promotion.reason"]
            assert bool(row["promotion.missing"]) == (row["promotion.status"] == "undetermined")


def test_the_sample_is_explained_in_both_languages(tmp_path):
    for suffix in ("txt", "md", "html"):
        paper = tmp_path / f"penjelasan.{suffix}"
        done = decide(SAMPLE, "-o", tmp_path / f"{suffix}.csv", "--explain", paper, "--allow-row-errors")
        assert done.exit_code == 0
        assert done.stdout == ""
        text = paper.read_text(encoding="utf-8")
        assert text.count("Nilai merit mencapai".lower()) >= 200
        assert text.count("the merit score reaches the minimum") >= 200
        assert "NIP tersimpan sebagai angka" in text
        assert "the NIP was stored as a number" in text
    assert text.count("<details>") == text.count("</details>") == len(table((tmp_path / "html.csv").read_text()))


def test_the_sample_is_what_its_script_writes():
    done = subprocess.run([sys.executable, ROOT / "tools" / "make_sample.py", "--check"], check=False)
    assert done.returncode == 0


def test_the_sample_says_that_it_is_made_up():
    rows = table(SAMPLE.read_text(encoding="utf-8"))
    assert "contoh" in SAMPLE.name
    assert {r["keterangan"] for r in rows} == {"DATA SINTETIS - bukan orang sebenarnya"}
    assert all(r["pns_id"].startswith("CONTOH-") for r in rows)


def test_the_sample_can_be_had_by_command(tmp_path):
    assert run("sample").stdout.encode() == SAMPLE.read_bytes()
    path = tmp_path / "pegawai.csv"
    assert run("sample", "-o", path).exit_code == 0
    assert path.read_bytes() == SAMPLE.read_bytes()


def test_the_table_agrees_with_the_library():
    by_row = {int(r["row"]): r for r in table(decide(SAMPLE).stdout)}
    law = am.in_force(am.load(POLICY), on="2026-04-01")
    records = [json.loads(line) for line in decide(SAMPLE, "--format", "jsonl").stdout.splitlines()]
    assert len(records) == len(by_row)
    for stored in records:
        row = by_row[stored["row"]]
        assert row["id"] == stored["id"]
        if "decision" not in stored:
            assert row["promotion.status"] == "error"
            continue
        again = am.replay(stored["decision"], law).decision
        assert row["promotion.status"] == again["promotion"].status
        assert row["incentives.total.amount"] == shown(again["incentives"].total)
        assert row["promotion.missing"].split() == list(again["promotion"].missing.facts)


# --- forms of input and output ---


def test_the_same_person_in_every_form_gets_the_same_answer(tmp_path, one):
    person = {
        "nip": NIP,
        "employment": "pns",
        "active": True,
        "position_date": "2020-01-01",
        "performance": {"2024": "baik", "2025": "baik"},
        "sanctions": [],
        "under_examination": False,
        "absences": [],
        "quality_supervisor": ["90"],
        "quality_peers": [],
        "quality_subordinates": [],
        "innovation_panel": [90.0],
        "projects_led": [],
    }
    files = {
        "array.json": json.dumps([person]),
        "single.json": json.dumps(person),
        "lines.jsonl": json.dumps(person) + "\n",
        "titik.csv": f"{HEAD}\n{GOOD}\n".replace(",", ";"),
        "bom.csv": f"\ufeff{HEAD}\r\n{GOOD}\r\n",
    }
    wanted = table(decide(one).stdout)
    assert wanted[0]["promotion.status"] == "granted"
    for name, text in files.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8", newline="")
        more = ["--delimiter", ";"] if name == "titik.csv" else []
        done = decide(path, *more)
        assert done.exit_code == 0, done.stderr
        assert table(done.stdout, ";" if more else ",") == [
            {**wanted[0], "line": done.stdout.splitlines()[1].split(";" if more else ",")[1]}
        ]


def test_decimal_commas_go_in_and_out(tmp_path):
    path = tmp_path / "koma.csv"
    path.write_text(f"{HEAD}\n{GOOD}\n".replace(",", ";").replace(";90;", ";90,5;"), encoding="utf-8")
    done = decide(path, "--delimiter", ";", "--decimal-comma", "--format", "jsonl")
    (stored,) = map(json.loads, done.stdout.splitlines())
    assert stored["decision"]["values"]["quality"] == "90.5"
    assert shown(Decimal("90.5"), decimal_comma=True) == "90,5"
    assert shown(Fraction(1, 3)) == "1/3"


def test_json_comes_out_as_one_array(one):
    (stored,) = json.loads(decide(one, "--format", "json").stdout)
    assert stored["id"] == NIP
    assert stored["decision"]["decisions"]["promotion"]["status"] == "granted"


def test_standard_input_is_read(one):
    done = decide("-", input=one.read_bytes())
    assert table(done.stdout)[0]["promotion.status"] == "granted"
    done = decide("-", "--input-format", "jsonl", input=b'{"id": "A1"}\n')
    assert table(done.stdout)[0]["promotion.status"] == "undetermined"


def test_a_bom_is_written_when_asked(tmp_path, one):
    decide(one, "-o", tmp_path / "a.csv", "--bom")
    decide(one, "-o", tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbf" + (tmp_path / "b.csv").read_bytes()


def test_cells_that_a_spreadsheet_would_run_are_made_harmless(tmp_path):
    path = tmp_path / "rumus.csv"
    path.write_text("id,active\n=cmd|' /C calc'!A0,ya\n@SUM(1),ya\n-5,ya\n", encoding="utf-8")
    assert [r["id"] for r in table(decide(path).stdout)] == ["'=cmd|' /C calc'!A0", "'@SUM(1)", "-5"]
    for text in ("=1+1", "+x", "-x", "@x", "\tx", "\rx", "-1-1", "+1;2"):
        assert harmless(text) == f"'{text}"
    for text in ("-5", "+5", "-5.25", "5,5", "a=b", ""):
        assert harmless(text) == text


# --- errors in rows ---


def test_errors_of_reading_and_of_the_edge_look_alike(tmp_path):
    path = tmp_path / "salah.csv"
    rows = [
        GOOD,
        GOOD.replace(",90,", ",190,", 1),
        GOOD.replace("2020-01-01", "2020-02-30"),
        GOOD.replace("2020-01-01", "2026-08-01"),
        GOOD.replace(",90,[]", ',90,"[80.123]"', 1),
        GOOD.replace(",[],tidak", ',"[{""level"": ""sedan""}]",tidak'),
        GOOD.replace(NIP, "1.98503E+17").replace("pns", "PNS"),
    ]
    path.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    done = decide(path, "--lang", "en")
    assert done.exit_code == 1
    found = [(r["row"], r["error_code"], r["error_column"]) for r in table(done.stdout)]
    assert found == [
        ("1", "", ""),
        ("2", "out-of-range", "quality_supervisor_1"),
        ("3", "cell-no-such-date", "position_date"),
        ("4", "check", "position_date"),
        ("5", "off-step", "quality_peers_1"),
        ("6", "unknown-member", "sanctions_1_level"),
        ("7", "cell-member | nip-lost-digits", "employment | nip"),
    ]
    second = table(done.stdout)[1]
    assert second["error_wrong"] == "out of range: `190`"
    assert second["error_expected"] == "a number from 0 to 100 in steps of 0.01"
    assert table(decide(path).stdout)[3]["error_expected"] == "TMT jabatan tidak di masa depan"


def test_a_misspelt_key_of_json_is_an_error_of_its_row(tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text('{"actve": true}\n{"active": true}\n', encoding="utf-8")
    done = decide(path)
    assert [r["error_code"] for r in table(done.stdout)] == ["unknown-fact", ""]
    assert [r["error_code"] for r in table(decide(path, "--ignore", "actve").stdout)] == ["", ""]
    assert [r["error_code"] for r in table(decide(path, "--ignore", "*").stdout)] == ["", ""]


def test_the_words_for_faults_of_the_edge_are_complete():
    """Every code that the edge uses has words in both languages."""
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "asnmerit").glob("*.py"))
    used = set(re.findall(r'(?:_Wrong|Fault)\("([a-z-]+)"', source))
    assert used
    assert used <= set(EDGE)
    assert as_written("['a', Decimal('1.5')]") == "['a', 1.5]"


def test_results_never_hold_more_than_a_shortened_value(tmp_path):
    path = tmp_path / "x.jsonl"
    secret = "rahasia" * 40
    path.write_text(f'{{"rank": "{secret}", "alamat": "{secret}"}}\n{{"nama": "{secret}" oops\n', encoding="utf-8")
    done = decide(path)
    assert secret[:50] not in done.stdout + done.stderr
    assert len(table(done.stdout)) == 2


# --- files that cannot be used ---


@pytest.mark.parametrize("data", [
    b"", b"\n", HEAD.encode(), HEAD.encode() + b"\n\n", b"\x00\x01\x02", b"PK\x03\x04zip",
    "a,b\n1,2\n".encode("utf-16"),
    b"tidak_dikenal\n1\n", b'"' * 3, b"nip,nip\n1,2\n", b"a" * 300_000,
])  # fmt: skip
@pytest.mark.parametrize("suffix", ["csv", "json", "jsonl"])
def test_a_file_that_cannot_be_used_is_told_in_words(tmp_path, data, suffix):
    path = tmp_path / f"x.{suffix}"
    path.write_bytes(data)
    done = decide(path)
    assert done.exit_code in {1, 2}
    if done.exit_code == 2:
        assert done.stdout == ""
        assert str(path) in done.stderr
        assert "Traceback" not in done.stderr
    if suffix == "csv":
        assert done.exit_code == 2


def test_missing_files_folders_policies_and_days(tmp_path, one):
    for arguments in (
        ["decide", POLICY, tmp_path / "tidak_ada.csv", *DAY],
        ["decide", POLICY, tmp_path, *DAY],
        ["decide", "manokwari/meritt", one, *DAY],
        ["decide", tmp_path / "x.yaml", one, *DAY],
        ["decide", POLICY, one, "--on", "1990-01-01"],
        ["decide", POLICY, one, "--on", "2026-02-30"],
        ["decide", POLICY, one],
        ["decide", POLICY, one, *DAY, "--as-of", "2030-13-01"],
        ["decide", POLICY, one, *DAY, "--as-of", "2020-01-01"],
        ["decide", POLICY, one, *DAY, "--reading", "x=y"],
        ["decide", POLICY, one, *DAY, "--reading", "xy"],
        ["decide", POLICY, one, *DAY, "--delimiter", "ab"],
        ["decide", POLICY, one, *DAY, "--explain", tmp_path / "x.pdf"],
        ["decide", POLICY, one, *DAY, "--output", tmp_path / "tidak" / "ada.csv"],
        ["decide", POLICY, one, *DAY, "--output", tmp_path],
        ["decide", "indonesia/pengembangan", one, *DAY],
        ["explain", POLICY, one, *DAY],
        ["explain", POLICY, one, *DAY, "--row", "9"],
        ["explain", POLICY, one, *DAY, "--row", "1", "--id", "x"],
        ["replay", tmp_path / "tidak_ada.jsonl"],
        ["template", "tidak/ada"],
        ["check"],
    ):
        done = run(*arguments)
        assert done.exit_code == 2, arguments
        assert done.stderr
        assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob(".*"))


def test_the_near_miss_of_a_column_is_named(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("nip,actve,performence_2025\n", encoding="utf-8")
    done = decide(path)
    assert done.exit_code == 2
    assert "maksud Anda active?" in done.stderr
    assert "maksud Anda performance_2025" in done.stderr


# Each example loads a policy, so their number does not grow with the profile; the readers are tried deeper alone.
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "siasn", "json", "jsonl"]))
def test_arbitrary_bytes_end_in_words(tmp_path, data, kind):
    path = tmp_path / "x"
    path.write_bytes({"csv": HEAD.encode() + b"\n", "siasn": b"nip_baru,gol_akhir_id\n"}.get(kind, b"") + data)
    done = decide(path, "--input-format", kind)
    assert done.exit_code in {0, 1, 2}
    assert bool(done.stdout) == (done.exit_code != 2)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FACTS = [fact.name for fact in am.in_force(am.load(POLICY), on="2026-04-01").facts]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FACTS), VALUES, max_size=4), min_size=1, max_size=4))
def test_arbitrary_values_end_in_words(tmp_path, people):
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps(p) + "\n" for p in people), encoding="utf-8")
    done = decide(path)
    assert done.exit_code in {0, 1}
    assert len(table(done.stdout)) == len(people)


# --- where results go ---


def test_a_result_never_overwrites_what_it_is_made_from(tmp_path, one):
    before = one.read_bytes()
    (tmp_path / "tautan.csv").symlink_to(one)
    os.link(one, tmp_path / "keras.csv")
    for other in (one, tmp_path / "tautan.csv", tmp_path / "keras.csv", tmp_path / "." / one.name):
        assert decide(one, "--output", other).exit_code == 2
    page = tmp_path / "a.md"
    assert decide(one, "--output", page, "--explain", page).exit_code == 2
    assert one.read_bytes() == before
    assert not page.exists()


def test_a_result_appears_whole_or_not_at_all(tmp_path):
    path, out = tmp_path / "x.csv", tmp_path / "hasil.csv"
    out.write_text("lama", encoding="utf-8")
    path.write_text(HEAD + "\n", encoding="utf-8")
    assert decide(path, "-o", out).exit_code == 2
    assert out.read_text(encoding="utf-8") == "lama"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["hasil.csv", "x.csv"]


@pytest.mark.skipif(not Path("/dev/null").exists(), reason="no such device here")
def test_a_device_is_written_to_and_not_replaced(one):
    assert decide(one, "-o", "/dev/null").exit_code == 0
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


# --- the real command ---


def command(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "asnmerit", *map(str, arguments)], cwd=ROOT, check=False, capture_output=True, **more
    )


def test_the_module_is_the_command():
    done = command("--version")
    assert done.returncode == 0
    assert am.__version__.encode() in done.stdout
    assert command("tidak-ada").returncode == 2


def test_a_reader_that_stops_early_is_no_error(tmp_path):
    big = tmp_path / "besar.csv"
    big.write_text(f"{HEAD}\n" + f"{GOOD}\n" * 3_000, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "asnmerit", "decide", POLICY, big, *DAY],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        process.stdout.readline()
        process.stdout.close()
        told = process.stderr.read()
        assert process.wait() == 141
    assert told == b""


def test_output_is_utf_8_whatever_the_terminal_says():
    done = command("decide", POLICY, SAMPLE, *DAY, env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert done.returncode == 1
    assert len(table(done.stdout.decode("utf-8"))) >= 240
    done = command("explain", POLICY, SAMPLE, *DAY, "--row", 1, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "Baris 1 ·" in done.stdout.decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal here")
def test_a_bar_is_shown_to_a_terminal_and_to_nothing_else(tmp_path):
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "asnmerit", "decide", POLICY, SAMPLE, *DAY, "-o", tmp_path / "o.csv"],
        cwd=ROOT,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
        check=False,
        env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    seen = b""
    with open(ours, "rb", buffering=0) as terminal:  # noqa: PTH123 - a descriptor
        while True:
            try:
                piece = terminal.read(65536)
            except OSError:
                break
            if not piece:
                break
            seen += piece
    assert done.returncode == 1
    assert b"asnmerit  [" in seen
    assert b"[##" not in command("decide", POLICY, SAMPLE, *DAY).stderr


# --- the other commands ---


def test_explain_names_conditions_values_and_articles():
    rows = table(decide(SAMPLE).stdout)
    refused = next(r for r in rows if "hukuman" in r["promotion.reason"])
    by_id = run("explain", POLICY, SAMPLE, *DAY, "--id", refused["id"], "--lang", "both")
    by_row = run("explain", POLICY, SAMPLE, *DAY, "--row", refused["row"], "--lang", "both")
    assert by_id.exit_code == 0
    assert by_id.stdout == by_row.stdout
    assert "TIDAK DIBERIKAN" in by_id.stdout
    assert "REFUSED" in by_id.stdout
    assert "Buku saku kenaikan pangkat" in by_id.stdout
    for form, mark in (("markdown", "**"), ("html", "<details>")):
        assert mark in run("explain", POLICY, SAMPLE, *DAY, "--id", refused["id"], "--format", form).stdout


def test_explain_of_a_row_in_error_says_what_is_wrong():
    bad = next(r for r in table(decide(SAMPLE).stdout) if r["error_code"] == "cell-no-such-date")
    done = run("explain", POLICY, SAMPLE, *DAY, "--row", bad["row"], "--lang", "en")
    assert done.exit_code == 1
    assert "no such date" in done.stdout


def test_decisions_replay(tmp_path):
    stored = tmp_path / "keputusan.jsonl"
    decide(SAMPLE, "--format", "jsonl", "-o", stored)
    done = run("replay", stored)
    assert done.exit_code == 0, done.stdout
    assert "same: 242" in done.stderr
    array = tmp_path / "keputusan.json"
    decide(SAMPLE, "--format", "json", "-o", array)
    assert run("replay", array).exit_code == 0


def test_an_altered_decision_is_found(tmp_path):
    path = tmp_path / "x.jsonl"
    lines = [json.loads(line) for line in decide(SAMPLE, "--format", "jsonl").stdout.splitlines()]
    decided = [line for line in lines if "decision" in line]
    altered = next(r for r in decided if r["decision"]["decisions"]["promotion"]["status"] == "refused")
    altered["decision"]["decisions"]["promotion"]["status"] = "granted"
    other = json.loads(json.dumps(altered))
    other["decision"]["law"]["policy"] = "tidak/ada"
    texts = [json.dumps(altered), json.dumps(other), '{"x": 1}', "oops", json.dumps(altered["decision"])]
    path.write_text("\n".join(texts), encoding="utf-8")
    done = run("replay", path, "--format", "jsonl")
    assert done.exit_code == 1
    found = [json.loads(line)["status"] for line in done.stdout.splitlines()]
    assert found == ["different", "law unavailable", "not a decision record", "not a decision record", "different"]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(["asnmerit", "law", "as_of", "facts", "decisions", "decision"]), VALUES))
def test_arbitrary_decision_records_end_in_words(tmp_path, record):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(record), encoding="utf-8")
    assert run("replay", path).exit_code in {0, 1}


def test_the_template_can_be_filled_and_decided(tmp_path):
    done = run("template", POLICY, *DAY, "-o", tmp_path / "baru")
    assert done.exit_code == 0
    empty, dictionary = (Path(line) for line in done.stdout.splitlines())
    header = empty.read_text(encoding="utf-8").strip()
    described = {r["kolom"]: r for r in table(dictionary.read_text(encoding="utf-8"))}
    assert list(described) == header.split(",")
    assert all(r["isi"] and r["content"] for r in described.values())
    empty.write_text(f"{header}\n{NIP}{',' * header.count(',')}\n", encoding="utf-8")
    (row,) = table(decide(empty).stdout)
    assert (row["id"], row["promotion.status"]) == (NIP, "undetermined")
    assert run("template", POLICY, *DAY, "-o", tmp_path / "baru").exit_code == 2
    for name in am.policies():
        if not am.load(name).abstract:
            assert run("template", name, "-o", tmp_path / name.replace("/", "-"), "--all").exit_code == 0


def test_check_tells_faults_with_their_place(tmp_path):
    assert run("check", *am.policies()).exit_code == 0
    bad = tmp_path / "salah.yaml"
    bad.write_text("asnmerit: 1\npolicy: a/b\ntitle: x\neffective: {from: 2026-01-01}\nenacted: 2025-01-01\n"
                   "derived:\n  y: rnk + 1\n", encoding="utf-8")  # fmt: skip
    done = run("check", bad)
    assert done.exit_code == 2
    assert "salah.yaml:7:" in done.stdout
    report = json.loads(run("check", bad, POLICY, "tidak/ada", "--format", "json").stdout)
    assert report["faults"] >= 2
    assert {"code", "severity", "message"} <= set(report["diagnostics"][0])


def test_warnings_can_be_made_errors(tmp_path):
    source = tmp_path / "p.yaml"
    source.write_text(
        """asnmerit: 1
policy: a/b
title: x
effective: {from: 2026-01-01}
enacted: 2025-01-01
facts:
  days: {type: integer, from: 0, to: 9}
derived:
  few: days <= 5
""",
        encoding="utf-8",
    )
    assert run("check", source).exit_code == 0
    assert "warning" in run("check", source).stdout
    assert run("check", source, "--warnings-as-errors").exit_code == 1


def test_the_schema_is_one():
    schema = json.loads(run("schema").stdout)
    jsonschema.Draft202012Validator.check_schema(schema)


def test_policies_are_listed():
    assert tuple(run("policies").stdout.split()) == am.policies()


def test_every_command_has_help():
    for part in main.commands:
        done = run(part, "--help")
        assert done.exit_code == 0
        assert "Usage:" in done.stdout
