"""`asnmerit audit`: what a policy guarantees, what it does not, and for whom."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import asnmerit as am
from asnmerit.auditing.findings import Kind
from asnmerit.auditing.report.spans import Row, plain
from asnmerit.auditing.report.terminal import report_rows
from asnmerit.auditing.report.witnesses import scenario_files
from asnmerit.cli.options import effort_options, slice_options
from asnmerit.cli.watching import watched_work
from asnmerit.cli.writing import refuse_clashes, target

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit

FLAWED: Final = 1
FORMS: Final = ("json", "html", "sarif")
COLOURS: Final[Mapping[str, Mapping[str, Any]]] = {
    "heading": {"bold": True},
    "strong": {"bold": True},
    "good": {"fg": "green"},
    "bad": {"fg": "red", "bold": True},
    "open": {"fg": "yellow"},
    "faint": {"dim": True},
    "plain": {},
}


@click.command()
@click.argument("policy")
@slice_options
@click.option(
    "--lang",
    type=click.Choice(["id", "en"]),
    default="id",
    show_default=True,
    help="Of the text; the page has both and opens in this one.",
)
@effort_options(60.0, 400_000, "People that are tried for a claim")
@click.option(
    "--only",
    multiple=True,
    type=click.Choice([k.value for k in Kind]),
    metavar="KIND",
    help="A kind of finding to look for; may be given again. All are if left out.",
)
@click.option("--json", metavar="FILE", help="Write all findings as JSON; - for standard output.")
@click.option("--html", metavar="FILE", help="Write the report as one HTML page; - for standard output.")
@click.option("--sarif", metavar="FILE", help="Write SARIF 2.1.0, for code hosts and editors; - for standard output.")
@click.option(
    "--scenarios",
    metavar="FILE",
    help="Write the people found as scenarios, which `asnmerit test` runs; with nobody found FILE is left as it is.",
)
@click.option("--strict", is_flag=True, help="Exit 1 also where a claim is not proved.")
@click.pass_context
def audit(ctx: click.Context, /, policy: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Find out what POLICY guarantees on a day, and show a person, or a pair, wherever it does not.

    Each claim ends PROVED, with a COUNTEREXAMPLE that was run again by the reference evaluator, or with NO
    COUNTEREXAMPLE in so many samples, which is no proof.

    The report is printed, unless a file goes to standard output; one audit can write several files.

    Exit codes: 0 no flaw; 1 flaws, or with --strict claims that are not proved; 2 not audited. The kinds of --only are
    those of the page on auditing a policy.
    """  # fmt: skip
    out = [name for name in FORMS if given[name] == "-"]
    if len(out) > 1:
        raise click.UsageError(f"only one of {', '.join(f'--{name}' for name in out)} can go to standard output")
    _refuse_wrong(policy, [given[name] for name in (*FORMS, "scenarios") if given[name] not in {None, "-"}])
    found = _audited(am.load(policy, search=given["search"]), given)
    if not out:
        _print(found, given["lang"])
    for name, text in _texts(found, given, policy).items():
        if given[name] is not None:
            _write(given[name], text())
    if given["scenarios"] is not None:
        _write_scenarios(found, given["scenarios"])
    ctx.exit(FLAWED if found.flaws or (given["strict"] and found.open) else 0)


def _refuse_wrong(policy: str, paths: Sequence[str]) -> None:
    """See, before the audit takes its time, that files can be written, and overwrite neither policy nor each other."""
    for path in map(Path, paths):
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if Path(policy).is_file():
        refuse_clashes(policy, paths)
    elif paths:
        refuse_clashes(paths[0], paths[1:])


def _audited(loaded: am.Policy, given: Mapping[str, Any]) -> Audit:
    from asnmerit.auditing.session import audit as audited  # noqa: PLC0415 - an extra: NumPy and z3

    with watched_work("audit") as progress:
        return audited(
            loaded, given["on"], given["known"], given["readings"] or None, budget=given["budget"], seed=given["seed"],
            samples=given["samples"], jobs=given["jobs"], only=given["only"] or None, progress=progress,
        )  # fmt: skip


def _print(found: Audit, lang: str) -> None:
    """Print the report; in colours where a person reads it."""
    bright = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    with target(None) as stream:
        for row in report_rows(found, lang):
            stream.write(coloured(row) if bright else plain([row]) + "\n")


def _texts(found: Audit, given: Mapping[str, Any], policy: str) -> dict[str, Callable[[], str]]:
    return {
        "json": lambda: f"{found.to_json()}\n",
        "html": lambda: found.to_html(given["lang"]),
        "sarif": lambda: f"{found.to_sarif(places(found, policy, given['search']))}\n",
    }


def _write(path: str, text: str) -> None:
    with target(None if path == "-" else path) as stream:
        stream.write(text)


def coloured(row: Row) -> str:
    """Give a row of the report the colours of its tones."""
    return "".join(click.style(span.text, **COLOURS[span.tone]) for span in row) + "\n"


def places(found: Audit, policy: str, search: Sequence[str]) -> dict[str, str]:
    """Say where the documents of a policy stand, below the folder one works in: what a code host knows them by."""
    here = Path.cwd()
    named = Path(policy)
    folders = [*map(Path, search), *([named.parent, named.parent.parent] if named.is_file() else [])]
    shown = {}
    for file in sorted({f.position.file for f in found if f.position.file}):
        tried = [named, *(folder / file for folder in folders)]
        there = next((p for p in tried if p.is_file() and p.resolve().as_posix().endswith(f"/{file}")), None)
        if there is not None:
            full = there.resolve()
            shown[file] = (full.relative_to(here) if full.is_relative_to(here) else there).as_posix()
    return shown


def _write_scenarios(found: Audit, path: str) -> None:
    """Write the people of flaws and of what else was refuted; a second law has a second file, named -2."""
    flaws = [f for f in found if f.witness is not None and (f.flaw or f.verdict == "counterexample")]
    texts = scenario_files(flaws)
    if not texts:
        click.echo(f"asnmerit: nobody to write as a scenario; {left_alone(path)}", err=True)
    for number, text in enumerate(texts, start=1):
        _write(path if number == 1 else _numbered(path, number), text)


def left_alone(path: str) -> str:
    """Say that a file to write was not written: the people of an earlier audit may stand in it still."""
    return f"{path} was left as it was" if Path(path).exists() else f"{path} was not written"


def _numbered(path: str, number: int) -> str:
    """Name a further file: `x.scenarios.yaml` becomes `x-2.scenarios.yaml`."""
    folder, name = os.path.split(path)
    stem, dot, rest = name.partition(".")
    return os.path.join(folder, f"{stem}-{number}{dot}{rest}")  # noqa: PTH118 - Path would tidy up what was given
