"""README keeps its word: the example gives the output shown, and the two commands are what they should be."""

import contextlib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LONGEST_EXAMPLE = 20


def section(heading: str) -> str:
    found = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"README.md has no heading {heading!r}"
    return found.group(1)


def command(heading: str) -> str:
    blocks = BLOCK.findall(section(heading))
    assert [language for language, _ in blocks].count("sh") == 1, f"{heading}: exactly one `sh` block"
    lines = next(body for language, body in blocks if language == "sh").strip().splitlines()
    assert len(lines) == 1, f"{heading}: one command line"
    return lines[0]


def test_the_example_gives_the_output_shown():
    blocks = BLOCK.findall(README)
    at = next(i for i, (language, _) in enumerate(blocks) if language == "python")
    code, (language, expected) = blocks[at][1], blocks[at + 1]
    assert language == "text"
    assert len(code.strip().splitlines()) <= LONGEST_EXAMPLE
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
    assert printed.getvalue().rstrip() == expected.rstrip()


def test_there_are_exactly_two_shell_blocks():
    assert [language for language, _ in BLOCK.findall(README)].count("sh") == 2
    command("Run it")
    command("Test it")


def test_the_commands_set_up_what_they_need():
    for heading in ("Run it", "Test it"):
        words = shlex.split(command(heading))
        assert words[:4] == ["python3", "-m", "venv", ".venv"]
        assert ".venv/bin/pip" in words


def test_run_it_does_what_it_says(tmp_path):
    """The same command, in this environment; what it writes goes elsewhere."""
    words = shlex.split(command("Run it").split("&&")[-1])
    assert words[0] == ".venv/bin/asnmerit"
    written = [i + 1 for i, word in enumerate(words) if word in {"--output", "--explain"}]
    assert len(written) == 2
    for at in written:
        words[at] = str(tmp_path / words[at])
    done = subprocess.run(
        [sys.executable, "-m", "asnmerit", *words[1:]], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    rows, paper = (Path(words[at]).read_text(encoding="utf-8") for at in written)
    people = (ROOT / "asnmerit" / "data" / "pegawai_contoh.csv").read_text(encoding="utf-8").splitlines()
    said = re.search(r"Decides (\d+) made-up employees", section("Run it"))
    assert said
    assert len(rows.splitlines()) == len(people) == int(said.group(1)) + 1 > 200
    assert 'lang="id"' in paper
    assert 'lang="en"' in paper


def test_ci_runs_the_test_command_of_readme():
    """`.ci/run` takes the command out of README; the same reading here gives the same line."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "## Test it" in script
    assert "README.md" in script
    assert command("Test it").endswith("tools/check.py")
