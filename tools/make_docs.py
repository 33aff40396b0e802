"""Write the pages that are made: of the code (policy format, diagnostics, operators, command line), of the policies.

* `python tools/make_docs.py`: write them
* `python tools/make_docs.py --check`: say which are out of date, write nothing
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import click

import asnmerit as am
from asnmerit.cli import main as program
from asnmerit.diagnostics import CATALOGUE as FAULTS
from asnmerit.rules.catalogue import AGGREGATES, Operator
from asnmerit.rules.catalogue import CATALOGUE as OPERATORS
from asnmerit.rules.document import Node, Scalar, Sequence
from asnmerit.rules.format_reference import reference_markdown
from asnmerit.scenarios import books, files, read_book
from asnmerit.scenarios.book import Scenario
from asnmerit.scenarios.form import ScenarioFile

DOCS = Path(__file__).resolve().parent.parent / "docs"
REFERENCE = DOCS / "reference"
REGULATIONS = DOCS / "regulations"
ROOT = Path(__file__).resolve().parent.parent
POLICIES = ROOT / "asnmerit" / "policies"
MADE = "<!-- Made by tools/make_docs.py; changes belong in the code that it is made from. -->"


def cell(text: str) -> str:
    """Escape a text for a cell of a Markdown table: no bars, and no braces that look like roles."""
    return text.replace("|", "\\|").replace("\n", " ")


def diagnostics_page() -> str:
    """Give the page of everything that can be wrong with a policy document."""
    lines = [
        "# Diagnostics",
        "",
        "Everything that can be wrong with a policy document. All faults of a document are reported together, as",
        "`file:line:column: severity[code]: message`, with a hint. Words in braces are filled in. A warning does",
        "not keep a policy from loading; `asnmerit check --strict` makes warnings errors.",
        "",
    ]
    for severity in ("error", "warning"):
        rows = [kind for kind in FAULTS.values() if kind.severity == severity]
        lines += [f"## {severity.capitalize()}s", "", "| code | message | hint |", "|---|---|---|"]
        lines += [f"| `{kind.code}` | {cell(kind.message)} | {cell(kind.hint)} |" for kind in rows]
        lines.append("")
    return "\n".join(lines)


def shown(value: object) -> str:
    """Show a value of an example as a policy would have it."""
    return "unknown" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def example(row: Operator) -> str:
    """Show the examples of a row, which are tests too."""
    cases = (f"`{row.name}({', '.join(map(shown, args))})` is {shown(result)}" for args, result in row.examples)
    return "; ".join(cases)


def operators_page() -> str:
    """Give the page of the operators, made from the rows of the catalogue."""
    functions = [row for row in OPERATORS.values() if row.signature]
    others = [row for row in OPERATORS.values() if not row.signature]
    head = ["| name | takes, gives | unknown | meaning | examples |", "|---|---|---|---|---|"]
    return "\n".join(
        [
            "# Operators",
            "",
            "Made from the catalogue (`asnmerit/rules/catalogue.py`), where each operator is one row. *Strict*: one",
            "unknown argument makes the result unknown. *Kleene*: see",
            "[unknown](../explanation/semantics.md#unknown). Each example is a test.",
            "",
            "The dates of the examples are values. No date is written out in an expression: it stands in `parameters:`",
            "(`type: date`), with its source, and the expression names it.",
            "",
            "## Functions",
            "",
            "Called by name in expressions. `?` marks an argument that may be left out, `constant` one that is known",
            "when the law is made.",
            "",
            *head,
            *(
                f"| `{row.name}` | {cell(row.signature)} | {row.unknown} | {cell(row.doc)} | {cell(example(row))} |"
                for row in functions
            ),
            "",
            "## Over rows",
            "",
            f"{', '.join(f'`{name}`' for name in sorted(AGGREGATES))}, each over a generator:",
            "`sum(r.days for r in absences if r.days > limit)`. `min` and `max` need `default=` then.",
            "",
            "## With a syntax of their own",
            "",
            "`+ - * /`, comparisons, `and or not`, `a if c else b`, `in`, `table[key]`, and what conditions and ranges",
            "expand into.",
            "",
            "| name | unknown | meaning | examples |",
            "|---|---|---|---|",
            *(f"| `{row.name}` | {row.unknown} | {cell(row.doc)} | {cell(example(row))} |" for row in others),
            "",
        ]
    )


def marked(text: str) -> str:
    """Write the options that a text names as code."""
    return re.sub(r"(?<![\w`-])--[a-z][a-z-]*\b(?!`)", r"`\g<0>`", text)


def usage(name: str, command: click.Command) -> str:
    """Give the line that shows how a command is written."""
    arguments = [
        param.make_metavar(click.Context(command)) for param in command.params if isinstance(param, click.Argument)
    ]
    return " ".join(["asnmerit", name, *arguments, "[OPTIONS]"])


def option_row(option: click.Option) -> str:
    """Give the row of one option."""
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    if isinstance(option.type, click.Choice):
        takes = ", ".join(f"`{choice}`" for choice in option.type.choices)
    else:
        takes = "" if option.is_flag else f"`{option.metavar or option.type.name.upper()}`"
    must = " **Required.**" if option.required else ""
    return f"| {names} | {takes} | {cell(marked(option.help or ''))}{must} |"


def command_lines(name: str, command: click.Command) -> list[str]:
    """Give the section of one command."""
    options = [param for param in command.params if isinstance(param, click.Option)]
    lines = [
        f"## {name}",
        "",
        "```text",
        usage(name, command),
        "```",
        "",
        marked(inspect.cleandoc(command.help or "")),
        "",
    ]
    if options:
        lines += ["| option | takes | meaning |", "|---|---|---|", *map(option_row, options), ""]
    return lines


def command_page() -> str:
    """Give the page of the command line, made from the commands themselves."""
    lines = [
        "# Command line",
        "",
        inspect.cleandoc(program.help or ""),
        "",
        "`python -m asnmerit` is the same program.",
        "",
    ]
    for name, command in sorted(program.commands.items()):
        lines += command_lines(name, command)
    return "\n".join(lines)


DISAGREEMENTS = """\
# Where implementations disagree

Of ten public implementations of one 3x3 appraisal table, five deviate from it. This page lists the questions on which
HR systems that were read give different answers, each as a scenario of this library that runs as a test: what it
answers, and the article that settles it. Where no source that was read settles a question, it is a parameter or a
disputed reading, and the cases show each reading.
"""


def disagreements_page() -> str:
    """Give the page of the scenarios that stand for a disagreement among implementations."""
    lines = [DISAGREEMENTS]
    for book in (read_book(file) for file in files([POLICIES])):
        cases = [s for s in book.scenarios if s.name.startswith("disagreement_")]
        if not cases:
            continue
        lines += [f"## {book.policy}: {book.title.get('en', '')}", ""]
        lines += ["| case | answer of this library | settled by | remark |", "|---|---|---|---|"]
        for scenario in cases:
            case = scenario.case
            title = (case.title or {}).get("en", "")
            named = f"{cell(title)}<br>`{scenario.name}`" if title else f"`{scenario.name}`"
            cells = (expected_in_words(scenario), case.source or "", case.note or "")
            lines.append(f"| {named} | {' | '.join(map(cell, cells))} |")
        lines.append("")
    lines += ["## Orders of the seniority list (DUK)", "", "| test | what it shows |", "|---|---|"]
    lines += [f"| `{name}` | {cell(told)} |" for name, told in ranking_tests()]
    return "\n".join(lines)


def ranking_tests() -> list[tuple[str, str]]:
    """Give the tests of rankings that stand for a disagreement, with what their docstrings say."""
    tree = ast.parse((ROOT / "tests" / "test_ranking.py").read_text(encoding="utf-8"))
    tests = [n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name.startswith("test_disagreement_")]
    return [(n.name.removeprefix("test_"), (ast.get_docstring(n) or "").replace("\n", " ")) for n in tests]


def expected_in_words(scenario: Scenario) -> str:
    """Say shortly what a scenario expects, and under which reading."""
    said = [f"{name} = {short(node)}" for name, node in (scenario.expect.values or {}).items()]
    for name, answer in (scenario.expect.decisions or {}).items():
        outcome = "".join(f", {field} {node.text}" for field, node in (answer.outcome or {}).items())
        said.append(f"{name}: {answer.status}{outcome}")
    said += [f"refused at the edge: {fault.code}" for fault in scenario.expect.faults or ()]
    readings = ", ".join(f"{name}: {reading}" for name, reading in scenario.readings.items())
    return f"{scenario.on}: {'; '.join(said)}" + (f" (reading {readings})" if readings else "")


def short(node: Node) -> str:
    """Show a value as it is written."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return "[" + ", ".join(short(item) for item in node.items) + "]"
        case _:
            return "…"


def file_name(policy: str) -> str:
    """Give the name of a policy's page."""
    return policy.replace("/", "-")


def regulation_page(policy: am.Policy) -> str:
    """Give the page of a policy in words, with the scenarios that lie beside it."""
    try:
        tested = books([policy.name])
    except am.ArgumentError:
        tested = ()
    return am.regulation(policy, books=tested).to_markdown()


def regulations_index(policies: Iterable[am.Policy]) -> str:
    """Give the list of the pages of policies."""
    entries = sorted((policy.name, policy.title.get("id", ""), policy.title.get("en", "")) for policy in policies)
    return "\n".join(
        [
            "# Regulations in words",
            "",
            "One page for each policy, made from its document: what is decided, every rule, every value over time, the",
            "sources with their evidence, contradictions and gaps, and the scenarios that cover it. How to read one:",
            "[check a policy against the law](../how-to/check-a-policy-against-the-law.md).",
            "",
            "| policy | dalam bahasa Indonesia | in English |",
            "|---|---|---|",
            *(f"| [{name}]({file_name(name)}.md) | {cell(id_)} | {cell(en)} |" for name, id_, en in entries),
            "",
            "```{toctree}",
            ":hidden:",
            "",
            *(f"{name} <{file_name(name)}>" for name, _, _ in entries),
            "```",
            "",
        ]
    )


PAGES = {
    "../explanation/disagreements.md": disagreements_page,
    "cli.md": command_page,
    "operators.md": operators_page,
    "policy-format.md": reference_markdown,
    "scenario-format.md": lambda: reference_markdown(ScenarioFile, "The scenario format"),
    "diagnostics.md": diagnostics_page,
}


def pages() -> dict[Path, str]:
    """Give every made page by its path."""
    made = {(REFERENCE / name).resolve(): make() for name, make in PAGES.items()}
    loaded = {name: am.load(name) for name in am.policies()}
    made[REGULATIONS / "index.md"] = regulations_index(loaded.values())
    made |= {REGULATIONS / f"{file_name(name)}.md": regulation_page(policy) for name, policy in loaded.items()}
    return {path: f"{MADE}\n\n{text.rstrip()}\n" for path, text in made.items()}


def left_over(made: Mapping[Path, str]) -> list[Path]:
    """Give the regulation pages whose policy is gone."""
    return [path for path in sorted(REGULATIONS.glob("*.md")) if path not in made]


def main(arguments: list[str]) -> int:
    """Write the pages that differ, and remove those of no policy; with `--check` only name them and return 1."""
    check, made = "--check" in arguments, pages()
    REGULATIONS.mkdir(exist_ok=True)
    stale = [path for path, text in made.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(("out of date: " if check else "written: ") + path.name)
        if not check:
            path.write_text(made[path], encoding="utf-8")
    for path in (gone := left_over(made)):
        print(("of no policy: " if check else "removed: ") + path.name)
        if not check:
            path.unlink()
    return 1 if (stale or gone) and check else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
