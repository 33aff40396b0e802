"""CONTRIBUTING cannot go stale: its operator, its interpretation and its policy are added to a copy and used."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCKS = {name: body for _, name, body in re.findall(r"^```(\w+) ([\w-]+)\n(.*?)^```$", TEXT, re.MULTILINE | re.DOTALL)}


@pytest.fixture
def copy(tmp_path):
    """A copy of the package that an example may change."""
    shutil.copytree(ROOT / "asnmerit", tmp_path / "asnmerit", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def run(folder, *blocks):
    """Run blocks of the document with the package of this folder and no other."""
    script = "\n".join(BLOCKS[name] for name in blocks)
    done = subprocess.run([sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def with_row(folder):
    """Put the row of the document at the end of the catalogue."""
    file = folder / "asnmerit" / "rules" / "catalogue.py"
    before, after = file.read_text(encoding="utf-8").split("\n)\n\nCATALOGUE", 1)
    file.write_text(f"{before}\n{BLOCKS['catalogue-row']})\n\nCATALOGUE{after}", encoding="utf-8")


def test_an_operator_is_one_row(copy):
    with_row(copy)
    run(copy, "operator-use")


def test_its_examples_are_true(copy):
    """Meaning and kernel agree on each example of the row."""
    with_row(copy)
    script = """
import datetime
from asnmerit.diagnostics import Faults, Position
from asnmerit.rules.build import Kernel
from asnmerit.rules.catalogue import CATALOGUE
row = CATALOGUE["quarter"]
assert row.examples
for (day,), expected in row.examples:
    n = datetime.date.fromisoformat(day).toordinal()
    k = Kernel(Faults(), "example", Position(""))
    assert row.meaning(n) == int(expected) == row.lower(k, k.constant("date", n)).value
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_without_the_row_there_is_no_such_operator(copy):
    with pytest.raises(AssertionError, match="unknown-function"):
        run(copy, "operator-use")


def test_an_interpretation_is_one_file(copy):
    run(copy, "interpretation", "interpretation-use")


def test_a_policy_is_one_file(copy):
    file = copy / "asnmerit" / "policies" / "sample" / "punctual.yaml"
    file.parent.mkdir()
    file.write_text(BLOCKS["policy"], encoding="utf-8")
    run(copy, "policy-use")


def test_every_block_is_used_here():
    source = Path(__file__).read_text(encoding="utf-8")
    assert BLOCKS
    assert not [name for name in BLOCKS if f'"{name}"' not in source and f"'{name}'" not in source]
