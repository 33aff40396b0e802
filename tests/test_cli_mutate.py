"""`asnmerit mutate`: what it prints, writes and answers, run as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

import asnmerit as am
from asnmerit.cli import testing as tested
from asnmerit.cli.mutating import mutate
from asnmerit.cli.program import Program, main

CASES = Path(__file__).resolve().parent / "cases" / "mutation"
POLICY, SCENARIOS = CASES / "uang_makan.yaml", CASES / "uang_makan.scenarios.yaml"
NAME = "uji/uang_makan"
X = "x.scenarios.yaml"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    program = Program("asnmerit")
    program.add_command(mutate)
    program.add_command(tested.test)

    def runs(*words):
        return CliRunner().invoke(program, [str(w) for w in words])

    return runs


def test_a_survey_offers_scenarios_that_make_the_score_whole(run, tmp_path):
    first = run("mutate", POLICY, "--offer", "baru.scenarios.yaml", "--samples", 2000)
    assert first.exit_code == 1, first.output
    assert f"{NAME}: " in first.output
    assert "with the new scenarios 100 %" in first.output
    assert "pmk" not in first.output
    assert "PMK contoh 2a" in first.output
    (tmp_path / "uang_makan.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    passed = run("test", "baru.scenarios.yaml")
    assert passed.exit_code == 0, passed.output
    assert " 0 failed" in passed.output
    whole = run("mutate", POLICY, "--scenarios", SCENARIOS, "--scenarios", "baru.scenarios.yaml", "--samples", 2000)
    assert whole.exit_code == 0, whole.output
    assert "score 100 %" in whole.output
    nobody = run("mutate", POLICY, "--scenarios", SCENARIOS, "--scenarios", "baru.scenarios.yaml", "--offer", X)
    assert "not written" in nobody.stderr
    assert not Path(X).exists()


def test_json_has_everything_the_text_says(run):
    done = run("mutate", POLICY, "--format", "json", "--samples", 2000, "--seed", 7, "--limit", 9)
    data = json.loads(done.stdout)
    assert done.exit_code == 1
    assert data["policy"] == NAME
    assert (data["mutants"], data["seed"], data["untried"], data["scenarios"]) == (9, 7, 0, 2)
    assert len(data["endings"]) == 9
    assert sum(data["total"][f] for f in ("killed", "witnessed", "open", "equivalent", "stillborn")) == 9
    assert {e["fate"] for e in data["endings"]} <= {"killed", "witnessed", "open", "equivalent", "stillborn"}
    assert all(e["line"] > 0 and e["path"] for e in data["endings"])
    assert set(data["articles"]) <= {"", *(a for e in data["endings"] for a in e["articles"])}


def test_a_least_score_decides_the_exit_code(run):
    score = json.loads(run("mutate", POLICY, "--format", "json", "--samples", 2000).stdout)["total"]["score"]
    least = int(score.split()[0])
    assert 0 < least < 100
    assert run("mutate", POLICY, "--samples", 2000, "--min-score", least).exit_code == 0
    assert run("mutate", POLICY, "--samples", 2000, "--min-score", least + 1).exit_code == 1


def test_cases_are_written_and_pass(run, tmp_path):
    done = run(
        "mutate", POLICY, "--limit", 0, "--cases", "kasus.scenarios.yaml", "--on", "2026-04-01", "--format", "json",
        "--samples", 2000,
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert list(json.loads(done.stdout)) == ["cases"]
    cases = json.loads(done.stdout)["cases"]
    assert cases["counts"]["boundary"] == 1
    assert len(cases["pairs"]) == 2
    written = yaml.safe_load(Path("kasus.scenarios.yaml").read_text(encoding="utf-8"))
    assert len(written["cases"]) == 4
    days = {c["facts"]["hari"] for c in written["cases"].values()}
    assert {11, 12} <= days
    (tmp_path / "uang_makan.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    assert run("test", "kasus.scenarios.yaml").exit_code == 0


def test_cases_need_no_scenarios(run, tmp_path):
    (tmp_path / "sendiri").mkdir()
    alone = tmp_path / "sendiri" / "uang_makan.yaml"
    alone.write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    words = ["mutate", alone, "--cases", "k.scenarios.yaml", "--on", "2025-04-01"]
    assert run(*words).exit_code == 2
    done = run(*words, "--limit", 0)
    assert done.exit_code == 0, done.output
    assert done.stdout.startswith(f"{NAME} on 2025-04-01: 2 conditions and tests")


def test_a_failing_scenario_is_told_and_fails(run):
    text = SCENARIOS.read_text(encoding="utf-8").replace("besar: 700000", "besar: 1")
    Path("salah.scenarios.yaml").write_text(text, encoding="utf-8")
    done = run("mutate", POLICY, "--scenarios", "salah.scenarios.yaml", "--limit", 2, "--min-score", 0)
    assert done.exit_code == 1
    assert "the policy itself does not pass them: cukup" in done.output


def test_the_report_goes_to_a_file(run):
    done = run("mutate", POLICY, "--limit", 2, "--output", "laporan.txt", "--min-score", 0)
    assert (done.exit_code, done.stdout) == (0, "")
    assert NAME in Path("laporan.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["tidak/ada"], "tidak/ada"),
        ([POLICY, "--scenarios", "indonesia/kinerja"], NAME),
        ([POLICY, "--cases", X], "--on"),
        ([POLICY, "--offer", "x.yaml"], ".scenarios.yaml"),
        ([POLICY, "--cases", "x.scenarios.json", "--on", "2026-04-01"], ".scenarios.yaml"),
        ([POLICY, "--limit", "0"], "--cases"),
        ([POLICY, "--limit", "0", "--cases", X, "--on", "2026-04-01", "--offer", "y.scenarios.yaml"], "--offer"),
        ([POLICY, "--on", "1950-01-01"], "not in force"),
        ([POLICY, "--offer", SCENARIOS], "give another name"),
        ([POLICY, "--scenarios", CASES, "--offer", SCENARIOS], "give another name"),
        ([POLICY, "--on", "2024-13-01"], "YYYY-MM-DD"),
        ([POLICY, "--scenarios", SCENARIOS, "--offer", SCENARIOS], "must not overwrite"),
        ([POLICY, "--offer", POLICY], "must not overwrite"),
        ([POLICY, "--budget", "0"], "0"),
    ],
)
def test_what_cannot_be_measured_ends_with_two(run, words, told):
    before = SCENARIOS.read_bytes(), POLICY.read_bytes()
    done = run("mutate", *words)
    assert done.exit_code == 2, done.output
    assert told in done.output
    assert "Traceback" not in done.output
    assert (SCENARIOS.read_bytes(), POLICY.read_bytes()) == before


def test_scenarios_are_never_written_over(run):
    """What was made may be made again, but not while it is measured; what somebody wrote stays."""
    Path("tulisan.scenarios.yaml").write_text("scenarios: 1\n", encoding="utf-8")
    refused = run("mutate", POLICY, "--offer", "tulisan.scenarios.yaml", "--samples", 2000)
    assert (refused.exit_code, "did not make it" in refused.stderr) == (2, True)
    assert Path("tulisan.scenarios.yaml").read_text(encoding="utf-8") == "scenarios: 1\n"
    words = ["mutate", POLICY, "--offer", X, "--samples", 2000, "--min-score", 0]
    assert run(*words).exit_code == 0
    made = Path(X).read_bytes()
    assert run(*words).exit_code == 0
    assert Path(X).read_bytes() == made
    measured = run(*words, "--scenarios", SCENARIOS, "--scenarios", ".")
    assert (measured.exit_code, "that are measured" in measured.stderr) == (2, True)
    assert Path(X).read_bytes() == made
    cases = ["mutate", POLICY, "--limit", 0, "--samples", 2000, "--on", "2026-04-01", "--cases"]
    assert run(*cases, "tulisan.scenarios.yaml").exit_code == 2
    assert run(*cases, "kasus.scenarios.yaml").exit_code == 0
    assert run(*cases, "kasus.scenarios.yaml").exit_code == 0


LOADED = am.load("indonesia/kinerja")
LAW = am.in_force(LOADED, on="2026-04-01")


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"limit": 0}, "limit"), ({"limit": "x"}, "limit"), ({"limit": True}, "limit"), ({"budget": -1}, "budget"),
        ({"samples": "x"}, "samples"), ({"seed": -1}, "seed"), ({"scenarios": 5}, "scenarios"),
        ({"scenarios": None}, "scenarios"), ({"scenarios": [5]}, "place"), ({"on": "x"}, "on"),
        ({"policy": LOADED}, "policy"), ({"policy": LAW}, "policy"), ({"progress": 5}, "progress"),
    ],
)  # fmt: skip
def test_wrong_arguments_of_mutate_are_named(given, named):
    with pytest.raises(am.ArgumentError) as caught:
        am.mutate(**{"policy": "indonesia/kinerja", **given})
    assert caught.value.argument == named


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"law": LOADED}, "law"), ({"budget": float("nan")}, "budget"), ({"samples": -1}, "samples"),
        ({"seed": "x"}, "seed"), ({"as_of": "2020"}, "as_of"), ({"as_of": "2019-01-01"}, "as_of"),
        ({"progress": 5}, "progress"),
    ],
)  # fmt: skip
def test_wrong_arguments_of_the_cases_are_named(given, named):
    with pytest.raises(am.ArgumentError) as caught:
        am.mcdc_cases(**{"law": LAW, **given})
    assert caught.value.argument == named


def test_a_day_without_a_law_is_not_measured():
    with pytest.raises(am.NotInForceError):
        am.mutate("indonesia/kinerja", on="1950-01-01")


WITHOUT_NUMPY = """
import importlib.util, sys
there = importlib.util.find_spec
importlib.util.find_spec = lambda name, package=None: None if name == "numpy" else there(name, package)
sys.modules["numpy"] = None
import asnmerit as am
law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
for call in (lambda: am.mcdc_cases(law), lambda: am.mutate("indonesia/kinerja")):
    try:
        call()
    except ModuleNotFoundError as error:
        print("asnmerit[audit]" in str(error), error.name)
"""


def test_without_numpy_python_is_told_the_extra():
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMPY], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["True numpy"] * 2


def test_without_numpy_it_says_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "asnmerit.auditing.crowd.people", None)
    done = run("mutate", POLICY)
    assert done.exit_code == 2
    assert "pip install 'asnmerit[audit]'" in done.stderr


def test_the_command_is_part_of_the_program():
    assert main.commands["mutate"] is mutate
