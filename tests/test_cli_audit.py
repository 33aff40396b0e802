"""`asnmerit audit`: one run, every form it can be written in, and how it ends."""

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.auditing import session
from asnmerit.auditing.findings import Kind
from asnmerit.cli import main
from asnmerit.cli.watching import Line
from support import audited

ROOT = Path(__file__).resolve().parent.parent
DAY = "2026-04-01"
CLEAN = "indonesia/kinerja"
QUICK = ["--budget", "10", "--samples", "4000", "--jobs", "1"]


@pytest.fixture
def policy(tmp_path, monkeypatch):
    """The policy with flaws, in a folder where one works."""
    file = tmp_path / "uji" / "insentif.yaml"
    file.parent.mkdir()
    file.write_bytes(audited.FILE.read_bytes())
    monkeypatch.chdir(tmp_path)
    return file


@pytest.fixture
def told(monkeypatch):
    """Audits are made by hand, and what they were asked for is kept."""
    asked = []

    def made(law, on, known, readings, **options):
        asked.append({"law": law, "on": on, "known": known, "readings": readings, **options})
        of = am.in_force(law, on=on)
        return audited.audit(of) if law.name == "uji/insentif" else audited.audit(of, ())

    monkeypatch.setattr(session, "audit", made)
    return asked


def run(*arguments, day=DAY):
    return CliRunner().invoke(main, ["audit", *map(str, arguments), "--on", day], catch_exceptions=False)


# --- end to end ---


def test_a_policy_with_flaws_is_audited_and_all_its_forms_agree(policy):
    done = run(
        policy, "--lang", "en", *QUICK, "--only", "gap", "--only", "dead-rule", "--only", "protected-matters",
        "--json", "a.json", "--html", "a.html", "--sarif", "a.sarif", "--scenarios", "uji/a.scenarios.yaml",
    )  # fmt: skip
    assert done.exit_code == 1
    assert done.stderr == ""
    data = json.loads(Path("a.json").read_text(encoding="utf-8"))
    flaws = [f for f in data["findings"] if f["flaw"]]
    assert {"dead-rule", "protected-matters"} <= {f["kind"] for f in flaws}
    assert {f["kind"] for f in data["findings"]} <= {"gap", "dead-rule", "protected-matters"}
    assert f"FLAWS ({len(flaws)})" in done.stdout
    assert Path("a.html").read_text(encoding="utf-8").count('id="flaw-') >= len(flaws)
    (sarif,) = json.loads(Path("a.sarif").read_text(encoding="utf-8"))["runs"]
    assert len([r for r in sarif["results"] if r["level"] != "note"]) == len(flaws)
    places = [r["locations"][0]["physicalLocation"] for r in sarif["results"]]
    lines = policy.read_text(encoding="utf-8").splitlines()
    assert {p["artifactLocation"]["uri"] for p in places} == {"uji/insentif.yaml"}
    dead = next(r for r in sarif["results"] if r["ruleId"] == "dead-rule")
    assert "never" in lines[dead["locations"][0]["physicalLocation"]["region"]["startLine"] - 1]
    people = sum(len(f["witness"]["people"]) for f in flaws if f["witness"])
    assert people
    tested = CliRunner().invoke(main, ["test", "uji/a.scenarios.yaml", "--lang", "en"])
    assert tested.exit_code == 0, tested.output
    assert f"{people} passed" in tested.output


def test_a_policy_without_flaws_ends_with_zero():
    done = run(CLEAN, *QUICK, "--only", "protected-matters", "--lang", "en")
    assert done.exit_code == 0
    assert "No flaws were found." in done.stdout
    assert re.search(r"Protected facts do not matter +2 +· +·", done.stdout)


# --- options ---


def test_options_reach_the_audit(policy, told):
    done = run(
        policy, "--budget", "7.5", "--seed", "3", "--samples", "5000", "--jobs", "1", "--only", "gap",
        "--known", "2026-03-01", "--reading", "x=y",
    )  # fmt: skip
    assert done.exit_code == 1
    (asked,) = told
    assert asked["law"].name == "uji/insentif"
    assert (str(asked["on"]), str(asked["known"])) == (DAY, "2026-03-01")
    assert asked["readings"] == {"x": "y"}
    assert (asked["budget"], asked["seed"], asked["samples"], asked["jobs"]) == (7.5, 3, 5000, 1)
    assert asked["only"] == ("gap",)
    assert asked["progress"] is None
    assert run(policy).exit_code == 1
    assert told[1]["only"] is None
    assert told[1]["budget"] == 60


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_text_is_that_of_the_library(policy, told, lang):
    done = run(policy, "--lang", lang)
    assert done.stdout == audited.audit(audited.law(policy)).to_text(lang)
    assert told


@pytest.mark.parametrize("form", ["json", "html", "sarif"])
def test_a_form_on_standard_output_stands_there_alone(policy, told, form):
    done = run(policy, f"--{form}", "-")
    assert done.exit_code == 1
    if form == "html":
        assert done.stdout.startswith("<!doctype html>")
        assert done.stdout.rstrip().endswith("</html>")
    else:
        assert json.loads(done.stdout)
    assert told


def test_strict_minds_what_is_not_proved(told, monkeypatch):
    assert run(CLEAN).exit_code == 0
    unproved = tuple(f for f in audited.audit() if not f.flaw)
    monkeypatch.setattr(session, "audit", lambda *_, **__: audited.audit(findings=unproved))
    assert run(CLEAN).exit_code == 0
    done = run(CLEAN, "--strict", "--lang", "en")
    assert done.exit_code == 1
    assert "NO COUNTEREXAMPLE in 400,000 samples" in done.stdout
    assert told


def test_nobody_to_write_is_said(tmp_path, told):
    file = tmp_path / "x.scenarios.yaml"
    done = run(CLEAN, "--scenarios", file)
    assert done.exit_code == 0
    assert "nobody" in done.stderr
    assert not file.exists()
    assert told


# --- what is refused ---


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "gaps"], "gaps"),
        (["--budget", "0"], "--budget"),
        (["--samples", "10"], "--samples"),
        (["--seed", "-1"], "--seed"),
        (["--json", "-", "--html", "-"], "only one of --json, --html"),
        (["--json", "a", "--html", "a"], "overwrite"),
        (["--json", "uji/insentif.yaml"], "overwrite"),
        (["--scenarios", "nowhere/x.yaml"], "nowhere"),
        (["--lang", "fr"], "fr"),
        (["--json", "uji"], "uji"),
    ],
)  # fmt: skip
def test_wrong_options_end_with_two_before_anything_is_asked(policy, told, options, words):
    before = policy.read_bytes()
    done = run(policy, *options)
    assert done.exit_code == 2
    assert words in done.stderr
    assert "Traceback" not in done.output
    assert told == []
    assert policy.read_bytes() == before


def test_a_policy_that_cannot_be_audited_ends_with_two(policy):
    assert run("indonesia/nothing").exit_code == 2
    assert run("missing.yaml").exit_code == 2
    assert run(policy, day="1999-01-01").exit_code == 2
    policy.write_text(policy.read_text(encoding="utf-8").replace("points >= 80", "pints >= 80"), encoding="utf-8")
    done = run(policy)
    assert done.exit_code == 2
    assert "pints" in done.stderr
    assert CliRunner().invoke(main, ["audit", CLEAN]).exit_code == 2


def test_a_missing_library_is_named_with_the_extra_that_has_it(policy, monkeypatch):
    def missing(*_, **__):
        raise ModuleNotFoundError("No module named 'numpy'", name="numpy")

    monkeypatch.setattr(session, "audit", missing)
    done = run(policy)
    assert done.exit_code == 2
    assert "asnmerit[audit]" in done.stderr


def test_help_names_every_kind_in_the_page_of_the_docs():
    text = (ROOT / "docs" / "how-to" / "audit-a-policy.md").read_text(encoding="utf-8")
    assert [kind.value for kind in Kind if f"`{kind.value}`" not in text] == []


# --- progress ---


def test_progress_is_a_line_that_goes_away():
    line = Line("audit")
    assert line.text(5, 20, "gap x", 3.0) == "audit [#####               ] 5/20  3 s  gap x"
    assert line.text(30, 20, "", 3.0).startswith("audit [####################] 30/20")
    assert line.text(7, None, "a\x1b[2Jb\nc", 0.2) == "audit 7  0 s  a\ufffd[2Jb c"


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals")
@pytest.mark.parametrize("watched", [True, False])
def test_progress_is_shown_on_a_terminal_alone(watched):
    command = [sys.executable, "-m", "asnmerit", "audit", CLEAN, "--on", DAY, "--only", "gap", *QUICK]
    outer, inner = pty.openpty()
    with os.fdopen(outer, "rb", buffering=0) as terminal:
        stderr = inner if watched else subprocess.PIPE
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, cwd=ROOT) as process:
            os.close(inner)
            drawn = read_all(terminal) if watched else process.stderr.read()
            out = process.stdout.read()
        assert process.returncode == 0
    assert (b"\raudit" in drawn) == watched
    assert drawn == b"" or drawn.endswith(b" \r")
    assert b"\r" not in out
    assert b"\x1b" not in out
    assert b"JAMINAN" in out


def read_all(terminal):
    found = b""
    while True:
        try:
            piece = terminal.read(4096)
        except OSError:
            return found
        if not piece:
            return found
        found += piece


def test_with_nobody_to_write_the_file_of_scenarios_stays_and_that_is_said(tmp_path):
    file = tmp_path / "kinerja.scenarios.yaml"
    args = ["audit", CLEAN, "--on", DAY, "--only", "gap", "--scenarios", str(file), *QUICK]
    assert f"{file} was not written" in CliRunner().invoke(main, args).stderr
    file.write_text("of an earlier audit", encoding="utf-8")
    assert f"{file} was left as it was" in CliRunner().invoke(main, args).stderr
    assert file.read_text(encoding="utf-8") == "of an earlier audit"


def test_an_interruption_while_the_command_is_loaded_is_told_on_one_line(monkeypatch, capsys):
    from asnmerit import __main__ as program

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("builtins.__import__", interrupted)
    with pytest.raises(SystemExit) as ended:
        program.start()
    monkeypatch.undo()
    assert (ended.value.code, capsys.readouterr().err) == (130, "asnmerit: interrupted\n")
