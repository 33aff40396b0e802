"""The documents keep their word: made pages are fresh, paths and links exist, examples and tables are true."""

import doctest
import importlib.util
import re
import shlex
import subprocess
import sys
from datetime import date
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
)
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml

import asnmerit as am
import asnmerit.testing
from asnmerit.diagnostics import CATALOGUE, Faults, Position
from asnmerit.rules.build import Kernel
from asnmerit.rules.catalogue import CATALOGUE as OPERATORS
from asnmerit.rules.format_reference import json_schema
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.finding import files
from asnmerit.scenarios.form import ScenarioFile
from asnmerit.scenarios.running import run_book
from asnmerit.scenarios.telling import failure

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
TEXTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    *(path for path in sorted(DOCS.rglob("*.md")) if "_build" not in path.parts),
]
SEMANTICS = DOCS / "explanation" / "semantics.md"
BLOCK = re.compile(r"^```([\w{}-]*)[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# A path of this project, in backquotes: begins with one of its folders, or is a file of its root.
PATH = re.compile(r"`((?:asnmerit|docs|tests|tools|bench|\.ci)/[\w./-]*|[A-Z]+\.md|pyproject\.toml)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def named(path):
    return path.relative_to(ROOT).as_posix()


def checked_table(path, name):
    """Rows of the table that follows `<!-- checked: name -->`, as lists of cells without backquotes."""
    text = path.read_text(encoding="utf-8").split(f"<!-- checked: {name} -->\n", 1)[1]
    rows = [line for line in text.split("\n\n", 1)[0].splitlines() if line.startswith("|")]
    cells = [[cell.strip().replace("`", "") for cell in row.strip("|").split("|")] for row in rows]
    return cells[0], cells[2:]


# --- what is made, named and linked ---


def made_pages():
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "tools" / "make_docs.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.pages()


def test_made_pages_are_up_to_date():
    stale = [path.name for path, text in made_pages().items() if path.read_text(encoding="utf-8") != text]
    assert not stale, "run `python tools/make_docs.py`"


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_path_named_exists(path):
    text = path.read_text(encoding="utf-8")
    missing = [name for name in PATH.findall(text) if not (ROOT / name).exists()]
    assert not missing


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(BLOCK.sub("", path.read_text(encoding="utf-8"))):
        if re.match(r"https?://", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if not anchor and file in anchors(path):
            continue
        assert there.exists(), f"{target} leads nowhere"
        assert not anchor or anchor in anchors(there), f"{target}: no such heading"


def anchors(path):
    text = BLOCK.sub("", path.read_text(encoding="utf-8"))
    labels = re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = [re.sub(r"[^\w\s-]", "", heading.lower()).strip().replace(" ", "-") for heading in headings]
    return {*labels, *slugs}


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_every_diagnostic_named_exists(path):
    text = BLOCK.sub("", path.read_text(encoding="utf-8"))
    codes = re.findall(r"\(`([a-z]+(?:-[a-z]+)+)`[,;)]", text)
    assert not [code for code in codes if code not in CATALOGUE]


class TextDates(yaml.SafeLoader):
    """YAML as an editor reads it for a JSON Schema: days stay text."""


TextDates.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@pytest.mark.parametrize("name", am.policies())
def test_the_schema_for_editors_accepts_what_loads(name):
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    text = (ROOT / "asnmerit" / "policies" / f"{name}.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, TextDates)  # noqa: S506 - a SafeLoader, without its dates
    assert not list(validator.iter_errors(document))
    misspelt = {**document, "paramters": {}}
    assert list(validator.iter_errors(misspelt))


def test_the_schema_for_editors_accepts_scenarios():
    schema = json_schema(ScenarioFile, "scenarios")
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    for file in files([ROOT / "asnmerit" / "policies", ROOT / "tests" / "cases" / "scenarios"]):
        document = yaml.load(file.read_text(encoding="utf-8"), TextDates)  # noqa: S506 - a SafeLoader, without its dates
        # YAML 1.1 reads the bare key `on` as true; editors that follow 1.2 do not.
        document = {"on" if key is True else key: value for key, value in document.items()}
        document["cases"] = {
            n: {"on" if key is True else key: v for key, v in case.items()} for n, case in document["cases"].items()
        }
        assert not list(validator.iter_errors(document)), file.name
        assert list(validator.iter_errors({**document, "csaes": {}}))


# --- examples ---


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_examples_run(path):
    """Every `>>>` in a document, top to bottom, in one namespace."""
    result = doctest.testfile(
        str(path), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE, encoding="utf-8"
    )
    assert result.failed == 0


def blocks(language):
    """Every fenced block of a language, as test cases named by document and number."""
    return [
        pytest.param(text, id=f"{named(path)}-{i}")
        for path in TEXTS
        for i, (found, text) in enumerate(BLOCK.findall(path.read_text(encoding="utf-8")))
        if found == language
    ]


@pytest.mark.parametrize("text", [case for case in blocks("yaml") if case.values[0].startswith("asnmerit: 1")])
def test_whole_policies_load(text, tmp_path):
    name = re.search(r"^policy: (\S+)", text, re.MULTILINE).group(1)
    file = tmp_path / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    am.load(name, search=[tmp_path])


@pytest.mark.parametrize("text", [case for case in blocks("yaml") if case.values[0].startswith("scenarios: 1")])
def test_whole_files_of_scenarios_pass(text, tmp_path):
    results = run_book(book_of(text, str(tmp_path / "page.yaml")))
    assert results
    assert not [line for result in results if not result.passed for line in failure(result, "en")]


@pytest.mark.parametrize("text", blocks("console"))
def test_commands_give_what_is_shown(text, tmp_path):
    """`$ asnmerit ...` in a console block, and below it what it prints; a line `...` stands for any lines."""
    commands = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    assert commands
    for command in commands:
        line, _, expected = command.partition("\n")
        words = [re.sub(r"^out/", f"{tmp_path}/", word) for word in shlex.split(line)]
        assert words[0] == "asnmerit"
        done = subprocess.run(
            [sys.executable, "-m", *words], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8"
        )
        printed = (done.stdout + done.stderr).replace(f"{tmp_path}/", "out/")
        for piece in re.split(r"^\.\.\.\n", expected, flags=re.MULTILINE):
            assert piece.strip() in printed, printed


# --- tables of the semantics ---

MODES = {
    "floor": ROUND_FLOOR,
    "ceiling": ROUND_CEILING,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
    "half_up": ROUND_HALF_UP,
    "half_down": ROUND_HALF_DOWN,
    "half_even": ROUND_HALF_EVEN,
}


def evaluate(expression, facts, record):
    head = {
        "asnmerit": 1,
        "policy": "test/docs",
        "title": "Docs",
        "effective": {"from": "2020-01-01"},
        "enacted": "2019-12-01",
    }
    policy = am.load({**head, "facts": facts, "derived": {"result": expression}})
    return am.decide(am.in_force(policy, on="2026-04-01"), record).values["result"]


def test_rounding_table():
    header, rows = checked_table(SEMANTICS, "rounding")
    facts = {"x": {"type": "number", "from": -10, "to": 10, "step": "0.1"}}
    assert {row[1] for row in rows} == set(MODES)
    for function, mode, _, *results in rows:
        name = function.partition("(")[0]
        for shown, result in zip(header[3:], results, strict=True):
            assert Decimal(result) == Decimal(shown).quantize(Decimal(1), MODES[mode])
            assert evaluate(f"{name}(x, 1)", facts, {"x": Decimal(shown)}) == int(result), (function, shown)


def test_kleene_table():
    header, rows = checked_table(SEMANTICS, "kleene")
    facts = {"a": {"type": "bool"}, "b": {"type": "bool"}}
    words = {"true": True, "false": False, "unknown": None}
    assert len(rows) == len(words) ** 2
    for a, b, *results in rows:
        for expression, result in zip(header[2:], results, strict=True):
            got = evaluate(expression, facts, {"a": words[a], "b": words[b]})
            assert got is words[result], (expression, a, b)


def test_months_table():
    _, rows = checked_table(SEMANTICS, "months")
    facts = {"a": {"type": "date"}, "b": {"type": "date"}}
    for a, b, result, _ in rows:
        assert evaluate("months_between(a, b)", facts, {"a": a, "b": b}) == int(result), (a, b)


def test_limits_table():
    _, rows = checked_table(SEMANTICS, "limits")
    for what, limit, where in rows:
        module, _, name = where.rpartition(".")
        assert getattr(importlib.import_module(module), name) == int(limit), what


def exact(shown):
    """A value of an operator's example: a day or a number written out, or a truth value."""
    if isinstance(shown, str):
        return date.fromisoformat(shown).toordinal() if shown.count("-") == 2 else Fraction(shown)
    return shown


EXAMPLES = [
    pytest.param(row, args, result, id=f"{row.name}-{i}")
    for row in OPERATORS.values()
    for i, (args, result) in enumerate(row.examples)
]


@pytest.mark.parametrize(("row", "args", "result"), EXAMPLES)
def test_every_example_of_an_operator_is_true(row, args, result):
    """By its meaning, and by what it is lowered to."""
    given = [exact(arg) for arg in args]
    constant = ([2 if row.name == "at_least" else None]) if row.constant else []
    assert row.meaning(*constant, *given) == exact(result)
    if None in given:
        return
    kernel = Kernel(Faults(), row.name, Position(""))
    nodes = [
        kernel.constant("bool", arg)
        if isinstance(arg, bool)
        else kernel.constant("date", arg)
        if isinstance(arg, int)
        else kernel.number(arg)
        for arg in given
    ]
    folded = row.lower(kernel, *constant, *nodes)
    assert Fraction(folded.value, folded.type.den) == exact(result)


def test_every_name_of_the_library_is_in_the_reference():
    page = (DOCS / "reference" / "api.md").read_text(encoding="utf-8")
    told = re.findall(r"auto(?:function|class|exception):: (\w+)", page)
    assert sorted(told) == sorted({*am.__all__, *asnmerit.testing.__all__} - {"__version__"})


def test_glossary_is_whole():
    _, rows = checked_table(DOCS / "reference" / "glossary.md", "glossary")
    assert len(rows) >= 40
    for row in rows:
        assert all(row), row
        assert row[4] in {"A", "B", "C", "M"}, row
    assert len({row[0] for row in rows}) == len(rows)
