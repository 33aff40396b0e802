"""`asnmerit mutate`: whether scenarios notice when a policy is changed, and new scenarios where they do not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

import asnmerit as am
from asnmerit.cli.options import a_day, effort_options
from asnmerit.cli.options import search as search_option
from asnmerit.cli.testing import PERCENT
from asnmerit.cli.watching import watched_work
from asnmerit.cli.writing import ClashError, refuse_clashes, target

if TYPE_CHECKING:
    from asnmerit.auditing.mcdc import McdcCases
    from asnmerit.mutation.report import Report

UNNOTICED, COULD_NOT = 1, 2
EXTRA: Final = "asnmerit[audit]"
NAMED: Final = (".scenarios.yaml", ".scenarios.yml")
MADE: Final = b"made by `asnmerit mutate"
"""Stands in the head of each file that this command writes."""
HEAD: Final = 16_384


@click.command()
@click.argument("policy")
@click.option(
    "--scenarios",
    multiple=True,
    metavar="PATH",
    help="Scenarios to measure: a file or a folder; may be given again. Those beside the policy if left out.",
)
@click.option(
    "--on", callback=a_day, metavar="YYYY-MM-DD", help="Count only the law of this day; of every day if left out."
)
@click.option("--offer", metavar="FILE", help="Write the new scenarios, which `asnmerit test` runs.")
@click.option(
    "--cases",
    metavar="FILE",
    help="Write two people for each condition of the law of --on, between whom it alone decides (MC/DC).",
)
@effort_options(
    120.0,
    40_000,
    "People that are drawn for a mutant that no scenario notices",
    "draws the same mutants and people",
    solvers=False,
)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help="The most mutants, drawn by the seed; with --cases and 0, none.",
)
@click.option("--min-score", type=PERCENT, metavar="PERCENT", help="Fail below this score; below 100 if left out.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", "--out", "-o", metavar="PATH", help="Where the report goes; standard output if left out.")
@search_option
@click.pass_context
def mutate(ctx: click.Context, /, policy: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Change POLICY in every small way, and see whether its scenarios notice.

    Thresholds, operators, cells of tables, dates, priorities, exceptions: one at a time, each a policy that loads. What
    no scenario notices is proved to be no change at all, or shown by a person, who makes a new scenario, or told as
    open.

    Exit codes: 0 every change is noticed (or the share of --min-score); 1 not, or the policy fails a scenario; 2 not
    measured.
    """
    _refuse_misuse(policy, given)
    try:
        _keep_scenarios(policy, given)
        found, cases = _measured(policy, given)
    except ModuleNotFoundError as error:
        hint = "" if EXTRA in str(error) else f": this needs NumPy and z3: pip install '{EXTRA}'"
        click.echo(f"asnmerit: {error}{hint}", err=True)
        ctx.exit(COULD_NOT)
    with target(given["output"]) as stream:
        for line in _written(found, cases, given["form"]):
            stream.write(f"{line}\n")
    if found is None:
        ctx.exit(0)
    _offer(found, given["offer"])
    enough = found.whole.reaches(100 if given["min_score"] is None else given["min_score"])
    ctx.exit(0 if enough and not found.failing else UNNOTICED)


def _refuse_misuse(policy: str, given: Mapping[str, Any]) -> None:
    """Refuse options that do not belong together, and files whose names `asnmerit test` would not run."""
    for source in (policy, *given["scenarios"]):
        if Path(source).is_file():
            refuse_clashes(source, [given["output"], given["offer"], given["cases"]])
    if given["cases"] and given["on"] is None:
        raise click.UsageError("--cases makes cases of the law of one day: say which, --on YYYY-MM-DD")
    if given["limit"] == 0 and not given["cases"]:
        raise click.UsageError("--limit 0 measures nothing: with it goes --cases FILE")
    if given["limit"] == 0 and given["offer"]:
        raise click.UsageError("--limit 0 measures nothing, so that there is nothing to write to the file of --offer")
    for option in ("offer", "cases"):
        path = given[option]
        if path is not None and not path.endswith(NAMED):
            hint = f"{Path(path).name.partition('.')[0] or 'new'}{NAMED[0]}"
            raise click.UsageError(f"--{option} {path}: `asnmerit test` runs files named *{NAMED[0]}, such as {hint}")


def _keep_scenarios(policy: str, given: Mapping[str, Any]) -> None:
    """Refuse to write over scenarios that are measured, or over a file that this command did not make.

    Raises:
        ClashError: for such a file.
    """
    there = [Path(p) for p in (given["offer"], given["cases"], given["output"]) if p is not None and Path(p).is_file()]
    if not there:
        return
    for path in (path for path in there if path.name.endswith(NAMED)):
        with path.open("rb") as stream:
            if MADE not in stream.read(HEAD):
                raise ClashError(
                    f"{path}: this file is there, and `asnmerit mutate` did not make it; give another name"
                )
    if given["limit"] == 0:
        return
    from asnmerit.mutation.running import measured_files  # noqa: PLC0415 - an extra: NumPy
    from asnmerit.originals import original  # noqa: PLC0415 - an extra: NumPy

    place = original(policy, given["search"]).place
    measured = {file.resolve() for file in measured_files(place, given["scenarios"])}
    for path in there:
        if path.resolve() in measured:
            raise ClashError(f"{path}: a result must not overwrite scenarios that are measured; give another name")


def _measured(policy: str, given: Mapping[str, Any]) -> tuple[Report | None, McdcCases | None]:
    """Make the cases that are asked for, and the survey, unless the cases alone are wanted."""
    from asnmerit.mutation.running import mutate as mutated  # noqa: PLC0415 - an extra: NumPy

    chosen = {k: given[k] for k in ("search", "budget", "seed", "samples", "limit")}
    with watched_work("mutate") as progress:
        cases = _cases(policy, given, progress) if given["cases"] else None
        if cases is not None and given["limit"] == 0:
            return None, cases
        return mutated(policy, given["scenarios"], given["on"], progress=progress, **chosen), cases


def _cases(policy: str, given: Mapping[str, Any], progress: Any) -> McdcCases:  # noqa: ANN401 - what is told of the work
    """Make the cases, and write those that there are."""
    from asnmerit.auditing.mcdc import mcdc_cases  # noqa: PLC0415 - an extra: NumPy

    law = am.in_force(am.load(policy, search=given["search"]), on=given["on"])
    found = mcdc_cases(law, budget=given["budget"], seed=given["seed"], progress=progress)
    _write(given["cases"], found.text(), "a condition")
    return found


def _offer(found: Report, path: str | None) -> None:
    if path is not None:
        from asnmerit.mutation.killers import write_killers  # noqa: PLC0415 - an extra: NumPy

        _write(path, write_killers(found.policy, found.killers) if found.killers else "", "a mutant")


def _write(path: str, text: str, whom: str) -> None:
    if not text:
        click.echo(f"asnmerit: {path}: not written, for nobody shows {whom}", err=True)
        return
    with target(path) as stream:
        stream.write(text)


def _written(found: Report | None, cases: McdcCases | None, form: str) -> Iterator[str] | Sequence[str]:
    from asnmerit.auditing.mcdc import told_cases  # noqa: PLC0415 - an extra: NumPy
    from asnmerit.mutation.report import told  # noqa: PLC0415 - an extra: NumPy

    if form == "json":
        data = ({} if found is None else found.to_dict()) | ({} if cases is None else {"cases": cases.to_dict()})
        return [json.dumps(data, ensure_ascii=False, indent=2)]
    return [*(() if found is None else told(found)), *(() if cases is None else told_cases(cases))]
