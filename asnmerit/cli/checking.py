"""`asnmerit check` and `asnmerit schema`: what an author of a policy needs."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click

import asnmerit as am
from asnmerit.cli.options import search
from asnmerit.diagnostics import Diagnostic
from asnmerit.errors import PolicyNotFoundError
from asnmerit.rules.format_reference import json_schema
from asnmerit.scenarios.form import ScenarioFile

WARNED, FAULTY = 1, 2


@click.command()
@click.argument("policies", metavar="POLICY...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--warnings-as-errors", "--strict", "strict", is_flag=True, help="Exit 1 when there are warnings.")
@search
@click.pass_context
def check(ctx: click.Context, policies: Sequence[str], form: str, *, strict: bool, search: Sequence[str]) -> None:
    """Load policies and report every fault and warning in them.

    Exit codes: 0 no fault; 1 warnings, with --warnings-as-errors; 2 faults.
    """
    found: list[Diagnostic] = []
    missing: list[PolicyNotFoundError] = []
    for name in policies:
        try:
            found.extend(am.load(name, search=search).warnings)
        except am.PolicyError as error:
            found.extend(error.diagnostics)
        except PolicyNotFoundError as error:
            missing.append(error)
    faults = sum(d.severity == "error" for d in found) + len(missing)
    warnings = len(found) + len(missing) - faults
    if form == "json":
        told = [d.to_dict() for d in found]
        told += [{"code": "policy-not-found", "severity": "error", "message": str(e)} for e in missing]
        report = {"faults": faults, "warnings": warnings, "diagnostics": told}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        for line in (*found, *missing):
            click.echo(str(line))
        click.echo(f"{len(policies)} checked: {faults} faults, {warnings} warnings", err=True)
    ctx.exit(FAULTY if faults else WARNED if warnings and strict else 0)


@click.command()
@click.option("--scenarios", is_flag=True, help="That of a file of scenarios.")
def schema(*, scenarios: bool) -> None:
    """Print the JSON Schema of the policy format, for editors."""
    found = json_schema(ScenarioFile, "asnmerit scenarios, format 1") if scenarios else json_schema()
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
