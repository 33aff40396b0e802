"""`asnmerit roadmap`: what one employee can do about a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

import asnmerit as am
from asnmerit.cli.explaining import one_language, refuse_misuse, the_one
from asnmerit.cli.options import file_options, law_options, pairs, person_options, question
from asnmerit.cli.writing import target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.advice import RoadMap
    from asnmerit.cli.options import Question

IN_ERROR = 1
DAYS: Final = 3_653
"""Ten years."""


@click.command()
@click.argument("policy")
@click.argument("file")
@law_options
@file_options
@click.option("--decision", required=True, metavar="NAME", help="The decision that is wanted.")
@person_options
@click.option("--days", type=click.IntRange(0), default=DAYS, show_default=True, metavar="N", help="How far to look.")
@click.option(
    "--cost",
    "costs",
    callback=pairs,
    multiple=True,
    metavar="FACT=COST",
    help="What one step of a fact costs; it counts as changeable then. May be given again.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--output", "--out", "-o", metavar="PATH", help="Where it goes; standard output if left out.")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True)
@click.pass_context
def roadmap(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Say what one employee in FILE, chosen by --row or --id, can do to be granted a decision.

    The cheapest changes today, the first day without any change, and what lies between. What is immutable or protected
    is never asked for. Later laws of the policy are looked at too, unless --known, --reading or --as-of is given.

    Exit codes: 0 done; 1 the row is in error; 2 no such employee, or nothing could be read.
    """  # fmt: skip
    refuse_misuse(file, given)
    costs = {name: _cost(name, text) for name, text in given["costs"].items()}
    asked = question(policy, **given)
    decision = _decision(ctx, asked, file, given)
    found = _road_map(policy, decision, given, costs)
    with target(given["output"]) as stream:
        stream.write(f"{found.to_json() if given['form'] == 'json' else found.to_text(given['lang'])}\n")


def _cost(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise click.BadParameter(f"{name}={text!r} is not a whole number", param_hint="--cost")
    return int(text)


def _decision(ctx: click.Context, asked: Question, file: str, given: Mapping[str, Any]) -> am.Decision:
    """Decide the employee's row; end the command where there is none, or it is in error."""
    answer = the_one(ctx, asked, file, given)
    if answer.decision is None:
        for problem in answer.problems:
            click.echo(f"asnmerit: {file}: {problem.line(one_language(given['lang']))}", err=True)
        ctx.exit(IN_ERROR)
    return answer.decision


def _road_map(policy: str, decision: am.Decision, given: Mapping[str, Any], costs: Mapping[str, int]) -> RoadMap:
    from asnmerit.advice import roadmap as road_map  # noqa: PLC0415 - an extra: NumPy

    later = given["known"] is None and not given["readings"] and given["as_of"] in {None, given["on"]}
    law = am.load(policy, search=given["search"]) if later else decision.law
    return road_map(law, decision.facts, given["decision"], on=decision.as_of, costs=costs or None, days=given["days"])
