"""The rules of the house, as tests: which module may import which, what importing loads, how big a file is."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "asnmerit"
ARCHITECTURE = ROOT / "docs" / "explanation" / "architecture.md"

# A third-party library is imported by one file (or one package) each. attrs is how classes are written here.
# NumPy is how people in columns are written: frames, and what is asked of many people at once.
ONE_HOME = {
    "yaml": "asnmerit.rules.document",
    "scipy": "asnmerit.equity.intervals",
    "vl_convert": "asnmerit.pictures.drawing",
    "z3": "asnmerit.smt",
    "click": "asnmerit.cli",
    "durable_rules_engine": "asnmerit.witness",
    "altair": "asnmerit.pictures.drawing",
    "faker": "asnmerit.population.names",
    "hypothesis": "asnmerit.strategies",
    "numpy": ("asnmerit.frames", "asnmerit.auditing", "asnmerit.mutation", "asnmerit.advice"),
    "openpyxl": "asnmerit.readers.excel",
    "pyarrow": "asnmerit.frames.arrow",
    "pytest": "asnmerit.pytest_plugin",
}
EVERYWHERE = {"attrs", "attr"}

# Names that say nothing about what is in a module.
EMPTY_NAMES = {"utils", "util", "helper", "helpers", "core", "common", "misc", "manager", "handler", "engine", "base"}

# Packages that have one place in the architecture.
WHOLE = (
    *("readers", "smt", "auditing", "mutation", "advice", "strategies", "cli"),
    *("population", "comparison", "selection", "sensitivity", "equity", "reforming", "projection", "pictures"),
)

MOST_LINES = 400
# A file over the limit stands here with its reason. Keep it short; take out what no longer needs it.
LONGER = {
    "asnmerit/rules/catalogue.py": "a table: one row an operator",
    "asnmerit/rules/surface.py": "a table: one class a kind of entry, one line a key",
    "asnmerit/rules/norms.py": "one class: conditions, decisions and rules of a document",
    "asnmerit/rules/infer.py": "one class: the type of every construct of the language",
}


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def named_in(nodes):
    """Every module that import statements name."""
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import; the order of modules is read from full names"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in MODULES else str(node.module))
    return found


def imports_of(name):
    """Every module that a module names in an import, wherever it stands in the file."""
    return named_in(ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))))


def needed_by(name):
    """What importing a module imports at once: its import statements outside functions and outside TYPE_CHECKING."""
    return named_in(ast.parse(MODULES[name].read_text(encoding="utf-8")).body)


def rows_of_the_architecture():
    """The rows of modules as architecture.md has them, lowest first."""
    text = ARCHITECTURE.read_text(encoding="utf-8")
    table = text.split("<!-- checked: order -->", 1)[1].split("\n\n", 1)[0]
    return [re.findall(r"`(asnmerit[\w.]*)`", row.split("|")[1]) for row in table.splitlines() if row.startswith("| `")]


def places():
    """The number of the row of each module. Some packages stand as a whole."""
    rows = {name: number for number, row in enumerate(rows_of_the_architecture()) for name in row}
    whole = [f"asnmerit.{name}" for name in WHOLE]
    return {name: rows.get(next((w for w in whole if name.startswith(f"{w}.")), name)) for name in MODULES}


def test_every_module_has_its_place_in_the_architecture():
    listed = [name for row in rows_of_the_architecture() for name in row]
    assert len(set(listed)) == len(listed)
    assert not [name for name in listed if name not in MODULES], "architecture.md names modules that are not there"
    assert not [name for name, row in places().items() if row is None], "not in the table of architecture.md"


@pytest.mark.parametrize("name", MODULES)
def test_imports_go_one_way(name):
    rows = places()
    wrong = [other for other in sorted(imports_of(name) & rows.keys()) if rows[other] > rows[name]]
    assert not wrong, f"{name} stands below {wrong} in docs/explanation/architecture.md"


def test_imports_make_no_circle():
    """Within a row too."""
    graph = {name: needed_by(name) & MODULES.keys() - {name} for name in MODULES}
    while graph:
        free = [name for name, needs in graph.items() if not needs & graph.keys()]
        assert free, f"these import one another: {sorted(graph)}"
        for name in free:
            del graph[name]


@pytest.mark.parametrize("name", MODULES)
def test_a_third_party_library_has_one_home(name):
    for other in imports_of(name):
        top = other.split(".")[0]
        if top == "asnmerit" or top in sys.stdlib_module_names or top in EVERYWHERE:
            continue
        home = ONE_HOME.get(top)
        assert home is not None, f"{name} imports {top}, which has no home in tests/test_house.py"
        homes = (home,) if isinstance(home, str) else home
        assert any(name == h or name.startswith(h + ".") for h in homes), f"{top} is imported by {home}, not by {name}"


def test_importing_the_library_loads_nothing_heavy():
    script = "import sys, asnmerit; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "asnmerit" in loaded
    heavy = {"numpy", "pandas", "pyarrow", "z3", "ortools", "durable", "click", "hypothesis", "asyncio", "openpyxl"}
    assert not loaded & heavy


def test_the_front_door_is_a_list_of_names():
    """It holds names and where they live, and loads a name when it is first used; nothing else."""
    import asnmerit

    tree = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    functions = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert functions == ["__getattr__", "__dir__"]
    said = named_for_types(tree) | {"__version__"}
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    listed = next(node for node in guarded.body if isinstance(node, ast.Assign))
    assert set(ast.literal_eval(listed.value)) == said, "what type checkers see is what there is"
    assert asnmerit.__all__ == dir(asnmerit) == sorted(said)
    assert all(hasattr(asnmerit, name) for name in said)
    assert not hasattr(asnmerit, "no_such_name")


def named_for_types(tree):
    """The names that `if TYPE_CHECKING:` imports."""
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return {alias.name for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}


@pytest.mark.parametrize("name", MODULES)
def test_a_file_can_be_held_in_mind(name):
    path = MODULES[name]
    lines = len(path.read_text(encoding="utf-8").splitlines())
    where = path.relative_to(ROOT).as_posix()
    if where in LONGER:
        assert lines > MOST_LINES * 0.9, f"{where} is short enough now: take it out of LONGER"
    else:
        assert lines <= MOST_LINES, f"{where} has {lines} lines; split it, or give the reason in LONGER"


@pytest.mark.parametrize("name", MODULES)
def test_a_module_is_named_for_what_it_holds(name):
    assert not set(name.split(".")) & EMPTY_NAMES


def test_each_lint_rule_left_out_has_its_reason():
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    lint = tomllib.loads(text)["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    ignored = [*lint["ignore"], *(rule for rules in lint["per-file-ignores"].values() for rule in rules)]
    for rule in ignored:
        assert re.search(rf'^\s+"{rule}",\s+# \S', text, re.MULTILINE), f"{rule} has no reason beside it"


def test_a_rule_is_silenced_in_place_only_with_a_reason():
    """Beside the first place in a file; the later ones of the same rule go without saying."""
    for path in sorted([*PACKAGE.rglob("*.py"), *(ROOT / "tools").glob("*.py")]):
        text = path.read_text(encoding="utf-8")
        reasoned = {code for codes in re.findall(r"# noqa: ([A-Z0-9, ]+?) - \S", text) for code in codes.split(", ")}
        silenced = {code for codes in re.findall(r"# noqa: ([A-Z0-9, ]+)", text) for code in codes.strip().split(", ")}
        assert "# noqa\n" not in text, f"{path.name}: say which rule"
        assert silenced <= reasoned, f"{path.name}: say why {sorted(silenced - reasoned)}"
