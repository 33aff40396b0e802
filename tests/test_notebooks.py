"""Each notebook runs from start to end, and the numbers that its text states are those that its cells compute.

The claims of `docs/notebooks/NAME.ipynb` stand in `tests/cases/notebooks/NAME.py`. That file is run in the notebook's
own kernel after its last cell, so it sees the notebook's variables: `assert` holds a value, `says(f"{gained:,} people
gain")` holds the text to it, `cites("PP 94/2021")` lets a number stand that is no figure.
"""

import json
import os
import re
import runpy
import shlex
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from support.prose import Prose

ROOT = Path(__file__).resolve().parent.parent
TESTS = ROOT / "tests"
FOLDER = ROOT / "docs" / "notebooks"
CLAIMS = TESTS / "cases" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
TIMEOUT = 300

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

CHECKED = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from support.prose import Prose
_prose = Prose.of({notebook!r})
says, cites = _prose.says, _prose.cites
exec(compile(Path({claims!r}).read_text(encoding="utf-8"), {claims!r}, "exec"), globals())
_prose.close()
"""

# In a process of its own: its kernel's event loop and warnings are none of ours, and a test may run in a thread.
RUNNER = r"""
import re, sys, nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
book = nbformat.read(sys.argv[1], as_version=4)
book.cells.append(nbformat.v4.new_code_cell(sys.stdin.read()))
where = {"metadata": {"path": sys.argv[2]}}
try:
    NotebookClient(book, timeout=int(sys.argv[3]), kernel_name="python3", resources=where).execute()
except CellExecutionError as error:
    sys.exit(re.sub(r"\x1b\[[\d;]*m", "", str(error)))
"""


def execute(path, last=""):
    """Run a notebook, and a last cell, with the library of this folder; give what went wrong, or ""."""
    known = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    quiet = {"PYTHONPATH": known, "PYTHONWARNINGS": "default", "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    done = subprocess.run(
        [sys.executable, "-c", RUNNER, str(path), str(FOLDER), str(TIMEOUT)],
        input=last, env={**os.environ, **quiet}, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    return "" if done.returncode == 0 else done.stderr or f"exit {done.returncode}"


def checked(path, claims):
    return CHECKED.format(tests=str(TESTS), notebook=str(path), claims=str(claims))


@each_notebook
def test_it_runs_and_its_numbers_are_true(path):
    claims = CLAIMS / f"{path.stem}.py"
    fault = execute(path, checked(path, claims))
    assert not fault, fault


@each_notebook
def test_it_is_stored_without_outputs(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(book)
    assert (book["nbformat"], book["nbformat_minor"]) >= (4, 5)
    assert not [cell["id"] for cell in book["cells"] if cell.get("outputs") or cell.get("execution_count")]
    assert book["metadata"]["kernelspec"]["name"] == "python3"
    assert len({cell["id"] for cell in book["cells"]}) == len(book["cells"])


@each_notebook
def test_it_says_in_words_what_it_draws(path):
    """Pictures have words for those who cannot see them, and more cells are explained than not."""
    book = json.loads(path.read_text(encoding="utf-8"))
    drawn = [cell for cell in book["cells"] if "asnmerit.pictures" in "".join(cell["source"])]
    silent = [cell["id"] for cell in drawn if not cell["metadata"].get("mystnb", {}).get("image", {}).get("alt")]
    assert not silent, "give these cells words for their picture (metadata mystnb.image.alt)"
    assert book["cells"][0]["cell_type"] == "markdown"
    assert "".join(book["cells"][0]["source"]).startswith("# ")


def test_every_notebook_is_listed_and_has_its_claims():
    names = {path.stem for path in NOTEBOOKS}
    assert names
    assert {path.stem for path in CLAIMS.glob("*.py")} == names
    page = (FOLDER / "index.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\w+)\.ipynb\)", page)) == names
    assert set(page.split(":hidden:\n\n")[1].split("\n```")[0].split()) == names


# --- the one command of the page ---


def command():
    blocks = re.findall(
        r"^```sh\n(.*?)^```$", (FOLDER / "index.md").read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert len(blocks) == 1
    return blocks[0].strip()


def test_the_page_has_one_command_from_a_fresh_clone():
    assert "\n" not in command()
    parts = [shlex.split(part) for part in command().split("&&")]
    assert parts[0] == ["python3", "-m", "venv", ".venv"]
    assert parts[1][0] == ".venv/bin/pip"
    assert parts[1][-1] == ".[notebooks]"
    assert parts[2] == [".venv/bin/jupyter", "execute", "docs/notebooks/*.ipynb"]


def test_a_built_page_that_loads_from_elsewhere_fails_the_build(tmp_path, monkeypatch):
    errors = pytest.importorskip("sphinx.errors")
    for name in ("PYTHONPATH", "PYTHONSTARTUP", "PYDEVD_DISABLE_FILE_VALIDATION"):
        monkeypatch.setenv(name, "")  # conf.py sets them for the kernels; here they are put back
    offline = runpy.run_path(str(ROOT / "docs" / "conf.py"))["stays_offline"]
    app = SimpleNamespace(builder=SimpleNamespace(format="html"), outdir=str(tmp_path))
    page = tmp_path / "page.html"
    page.write_text('<a href="https://example.org">read</a><img src="_images/a.svg"/><script src="../_static/a.js">')
    offline(app, None)
    for line in ('<script src="https://example.org/a.js">', '<img alt="" src="//example.org/a.png"/>'):
        page.write_text(line)
        with pytest.raises(errors.ExtensionError, match=r"page\.html"):
            offline(app, None)


# --- the check itself can fail ---


def book_of(*cells):
    made = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell}
    return nbformat.v4.new_notebook(cells=[made[kind](text) for kind, text in cells])


@pytest.mark.parametrize(
    ("text", "claims", "fault"),
    [
        ("It gives 42.", 'assert x == 42; says(f"gives {x}")', ""),
        ("It gives 43.", 'says(f"gives {x}")', "the text does not say 'gives 42'"),
        ("It gives 142.", 'says(f"{x}")', "the text does not say '42'"),
        ("It gives 42, and 9 more.", 'says(f"gives {x}")', "9 in"),
        ("It gives 42.", "assert x == 41, 'another x'", "another x"),
        ("It gives 42.", "", "not one number"),
        ("It gives 42.", "says('gives')", "a claim without a number"),
    ],
)
def test_a_text_that_says_another_number_is_found(tmp_path, text, claims, fault):
    """By the same last cell, in this process: a kernel of its own for each would take a minute."""
    path, file = tmp_path / "small.ipynb", tmp_path / "claims.py"
    nbformat.write(book_of(("markdown", text), ("code", "x = 6 * 7")), path)
    file.write_text(claims, encoding="utf-8")
    if not fault:
        exec(checked(path, file), {"x": 42})
        return
    with pytest.raises(AssertionError, match=re.escape(fault)):
        exec(checked(path, file), {"x": 42})


def test_a_cell_that_fails_is_found(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(book_of(("code", "x = 6 * 7"), ("code", "x / 0")), path)
    assert "ZeroDivisionError" in execute(path)


def test_numbers_that_the_code_has_need_no_claim():
    prose = Prose(
        "From 1,000 people of 2026 there remain **12 %** of `minimum`, [see 5](../x-99.md).", "n = 1_000; y = 2026"
    )
    assert [found.split(" ")[0] for found in prose.unbacked()] == ["12", "5"]
    prose.says("12 % of minimum")
    prose.cites("see 5")
    prose.close()
