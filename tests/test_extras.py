"""What needs a library that is not installed says which extra has it, and that extra is enough."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import asnmerit as am

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
IMPORTED_AS = {"z3-solver": "z3", "vl-convert-python": "vl_convert", "durable-rules": "durable_rules_engine"}
NAMED = re.compile(r"asnmerit\[(\w+)\]")
USERS = ("audit", "excel", "frames", "pictures", "simulate", "testing")
"""The extras whose libraries are hidden here; those of databases and clusters are reached through a user's frame."""

HIDING = """
import importlib.machinery, json, sys
hidden = set({hidden!r})
there = importlib.machinery.PathFinder.find_spec
def find_spec(name, path=None, target=None):
    return None if name.partition(".")[0] in hidden else there(name, path, target)
importlib.machinery.PathFinder.find_spec = find_spec
"""
NAMES = f"""
import asnmerit
found = {{}}
for name in {am.__all__!r}:
    try:
        getattr(asnmerit, name)
        found[name] = None
    except ModuleNotFoundError as error:
        found[name] = str(error)
print(json.dumps(found))
"""


def libraries(extra):
    """What an extra brings, by the names under which it is imported."""
    found = set()
    for line in EXTRAS[extra]:
        name = re.match(r"[\w.-]+", line)[0]
        if name == "asnmerit":
            found.update(*(libraries(inner) for inner in re.search(r"\[([\w,]+)\]", line)[1].split(",")))
        else:
            found.add(IMPORTED_AS.get(name, name))
    return found


ALL = set().union(*map(libraries, USERS))


def run(script, *visible):
    """Run a script that sees, of all optional libraries, only these."""
    source = HIDING.format(hidden=sorted(ALL - set(visible))) + script
    done = subprocess.run([sys.executable, "-c", source], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_extras_are_those_that_the_tests_install():
    assert libraries("pictures") >= libraries("simulate") >= libraries("frames") == {"numpy", "pyarrow"}
    assert libraries("test") >= ALL == {*libraries("pictures"), "z3", "openpyxl", "hypothesis"}


def test_each_name_of_the_library_names_an_extra_that_is_enough():
    bare = json.loads(run(NAMES))
    works = {name for name, error in bare.items() if error is None}
    assert works >= {"decide", "explain", "load", "rank", "reform", "regulation", "replay", "run_scenarios", "Law"}
    assert {"decide_frame", "compare", "synthetic", "fairness", "nine_box", "audit", "diff"}.isdisjoint(works)
    named = {name: NAMED.findall(error) for name, error in bare.items() if error is not None}
    assert all(len(extras) == 1 for extras in named.values()), named
    for extra in {extras[0] for extras in named.values()}:
        there = json.loads(run(NAMES, *libraries(extra)))
        assert not [name for name, extras in named.items() if extras == [extra] and there[name] is not None]


STARRED = f"""
names = {am.__all__!r}
from asnmerit import *
import asnmerit, asnmerit.testing, pydoc
usable = globals().keys() & set(names)
assert usable == set(asnmerit.__all__) == set(dir(asnmerit))
assert "decide(law" in pydoc.render_doc(asnmerit)
from asnmerit.testing import *
assert ("people" in globals()) == ("hypothesis" not in hidden), dir(asnmerit.testing)
assert "assert_blind_to(" in pydoc.render_doc(asnmerit.testing)
print(json.dumps(sorted(usable)))
"""


@pytest.mark.parametrize("extra", [None, "audit", "simulate", "testing"])
def test_what_cannot_be_used_is_left_out_of_star_and_of_help(extra):
    visible = libraries(extra) if extra else set()
    usable = [name for name, error in json.loads(run(NAMES, *visible)).items() if error is None]
    assert json.loads(run(STARRED, *visible)) == sorted(usable) != am.__all__


CALLED = {
    "names": ("am.synthetic(3, names=True)", "frames", "simulate"),
    "effect": ("reform.effect(None)", "", "frames"),
    "mutate": ("am.mutate('indonesia/kinerja', limit=1)", "", "audit"),
    "audit": ("am.audit(law)", "frames", "audit"),
    "testing": ("am_testing.people(law)", "frames", "testing"),
    "fairness": ("am.fairness(law, am.synthetic(9), by='sex', ignore='*')", "frames", "simulate"),
    "drawing": ("am.winners_and_losers(None)", "simulate", "pictures"),
}
CALL = """
import asnmerit as am
import asnmerit.testing as am_testing
law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
reform = am.reform("manokwari/merit", {{"parameters": {{"minimum_merit_score": 85}}}}, on="2026-04-01")
try:
    {call}
except ModuleNotFoundError as error:
    print(error)
"""


@pytest.mark.parametrize("name", CALLED)
def test_what_is_loaded_late_names_its_extra_too(name):
    call, there, needed = CALLED[name]
    visible = libraries(there) if there else set()
    assert NAMED.findall(run(CALL.format(call=call), *visible)) == [needed]


def test_svg_without_its_converter():
    script = """
import asnmerit as am
from asnmerit.pictures import drawing
try:
    drawing.svg(drawing.nothing("en"))
except ModuleNotFoundError as error:
    print(error)
except MemoryError:
    print("asnmerit[pictures]: no room for it anyway")
"""
    assert "asnmerit[pictures]" in run(script, *(libraries("pictures") - {"vl_convert"}))


COMMANDS = {
    "compare": ("manokwari/merit people.csv --on 2025-04-01 --with-on 2026-04-01 --ignore *", "frames"),
    "reform": ("manokwari/merit overlay.yaml people.csv --on 2026-04-01", "frames"),
    "select": ("manokwari/merit people.csv --decision promotion --places 1 --on 2026-04-01", "frames"),
    "audit": ("indonesia/kinerja --on 2026-04-01", "audit"),
    "diff": ("indonesia/kinerja indonesia/kinerja --on 2026-04-01 --against-on 2026-05-01", "audit"),
    "roadmap": ("manokwari/merit people.csv --on 2026-04-01 --row 1 --decision promotion", "audit"),
    "mutate": ("indonesia/kinerja --limit 1", "audit"),
}
COMMAND = """
import os
os.chdir({folder!r})
sys.argv = ["asnmerit", *{words!r}]
from click.testing import CliRunner
from asnmerit.cli import main
done = CliRunner().invoke(main, {words!r}, catch_exceptions=False)
print(json.dumps([done.exit_code, done.stdout, done.stderr]))
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "people.csv").write_text("active\nya\n", encoding="utf-8")
    (tmp_path / "overlay.yaml").write_text("parameters: {minimum_merit_score: 85}", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_names_its_extra_on_one_line(name, folder):
    line, extra = COMMANDS[name]
    script = f"sys.path.insert(0, {str(ROOT)!r})" + COMMAND.format(folder=str(folder), words=[name, *line.split()])
    code, out, err = json.loads(run(script))
    assert (code, out) == (2, "")
    assert NAMED.findall(err) and set(NAMED.findall(err)) == {extra}, err
    assert len(err.splitlines()) == 1


def test_a_reform_without_people_needs_no_extra(folder):
    words = ["reform", "manokwari/merit", "overlay.yaml", "--on", "2026-04-01", "--lang", "en"]
    script = f"sys.path.insert(0, {str(ROOT)!r})" + COMMAND.format(folder=str(folder), words=words)
    code, out, err = json.loads(run(script))
    assert (code, err) == (0, "") and "80 becomes 85" in out
