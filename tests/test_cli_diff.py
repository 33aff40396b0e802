"""`asnmerit diff`: what it writes, how it ends, what it refuses by name."""

import json
import subprocess
import sys

import pytest
import yaml
from click.testing import CliRunner

from asnmerit.cli import main
from test_difference import BASE, put

QUICK = ["--budget", "20", "--samples", "4000", "--jobs", "1"]


def run(*arguments, on="2026-04-01"):
    return CliRunner().invoke(main, ["diff", *map(str, arguments), "--on", on, *QUICK], catch_exceptions=False)


@pytest.fixture
def pair(tmp_path):
    """Two versions of a policy: in the second, three years are asked for."""
    files = []
    for name, least in (("old", 2), ("new", 3)):
        document = json.loads(json.dumps(BASE))
        put(document, ("parameters", "least", "value"), least)
        files.append(tmp_path / f"{name}.yaml")
        files[-1].write_text(yaml.safe_dump(document), encoding="utf-8")
    return files


def test_two_versions_in_both_forms(pair, tmp_path):
    done = run(*pair, "--lang", "en", "--decision", "award")
    assert done.exit_code == 1
    assert "DIFFERENT: 3 regions of change." in done.stdout
    assert "The list is complete (proved)" in done.stdout
    assert "award: from granted to refused" in done.stdout
    assert "Values that differ: least" in done.stdout
    assert done.stderr == ""
    file = tmp_path / "diff.json"
    done = run(*pair, "--json", "--out", file, "--decision", "award")
    assert done.stdout == ""
    found = json.loads(file.read_text(encoding="utf-8"))
    assert found["equivalent"] is False
    assert found["complete"] is True
    assert len(found["regions"]) == 3
    assert {r["everybody_in_the_box"] for r in found["regions"]} == {"proved"}
    for region in found["regions"]:
        assert region["people"][0]["decisions"] != region["people"][1]["decisions"]


def test_the_same_policy_is_the_same(pair):
    done = run(pair[0], pair[0])
    assert done.exit_code == 0
    assert "SETARA (terbukti)" in done.stdout
    assert run(pair[0]).exit_code == 0


def test_claims_decide_how_it_ends(pair):
    claim = "award: years >= 3"
    done = run(*pair, "--nobody-loses", claim, "--lang", "en", "--decision", "award")
    assert done.exit_code == 0
    assert "nobody loses by award, where years >= 3: PROVED" in done.stdout
    done = run(*pair, "--nobody-loses", claim, "--nobody-loses", "award", "--lang", "en", "--explain")
    assert done.exit_code == 1
    assert "nobody loses by award: REFUTED by this person" in done.stdout
    assert "Decided for 1 April 2026" in done.stdout


def test_two_days_of_one_policy():
    done = run("manokwari/merit", "--against-on", "2026-06-01", "--decision", "promotion", on="2025-06-01")
    assert done.exit_code == 1
    assert "promosi_prestasi" in done.stdout
    assert "minimum_merit_score" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--decision", "prize"), "decision"),
        (("--nobody-loses", "prize"), "prize"),
        (("--nobody-loses", ": years"), "--nobody-loses"),
        (("--nobody-loses", "award: salary > 3"), "salary"),
        (("--against-on", "1950-01-01"), "not in force"),
        (("--against-on", "yesterday"), "--against-on"),
        (("--budget", "0"), "--budget"),
        (("--reading", "least=nobody"), "least"),
    ],
)
def test_what_cannot_be_compared_is_named(pair, arguments, said):
    """Run as a program: faults become a line and exit code 2."""
    command = [sys.executable, "-m", "asnmerit", "diff", *map(str, pair), "--on", "2026-04-01", *QUICK, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
