"""`asnmerit diff`: for whom two laws answer differently, and whether anybody loses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

import asnmerit as am
from asnmerit.cli.options import a_day, effort_options, slice_options
from asnmerit.cli.watching import watched_work
from asnmerit.cli.writing import target

if TYPE_CHECKING:
    from asnmerit.auditing.difference.found import Difference

DIFFERENT, COULD_NOT = 1, 2


def claims(_ctx: click.Context, _param: click.Parameter, values: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Read claims of the form DECISION or DECISION: CONDITION."""
    found = []
    for text in values:
        decision, _, where = (part.strip() for part in text.partition(":"))
        if not decision:
            raise click.BadParameter(f"{text!r} is not of the form DECISION or DECISION: CONDITION")
        found.append((decision, where))
    return tuple(found)


@click.command()
@click.argument("a")
@click.argument("b", required=False)
@slice_options
@click.option(
    "--against-on",
    callback=a_day,
    metavar="YYYY-MM-DD",
    help="The day of the second law; that of --on if left out.",
)
@click.option(
    "--against-known",
    callback=a_day,
    metavar="YYYY-MM-DD",
    help="The second law as it stood known on that day; as --known if left out.",
)
@click.option(
    "--as-of",
    callback=a_day,
    metavar="YYYY-MM-DD",
    help="The day on which people are decided; that of the second law if left out.",
)
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    metavar="NAME",
    help="A decision or score to compare; may be given again. All are if left out.",
)
@click.option(
    "--nobody-loses",
    "claims",
    callback=claims,
    multiple=True,
    metavar="DECISION[: CONDITION]",
    help="Prove or refute that nobody loses by the second law; may be given again.",
)
@effort_options(60.0, 200_000, "People that are tried")
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of the text.")
@click.option("--explain", is_flag=True, help="Write both derivations in full; else what differs in them.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
@click.option("--output", "--out", "-o", metavar="PATH", help="Where it goes; standard output if left out.")
@click.pass_context
def diff(ctx: click.Context, /, a: str, b: str | None, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Find out for whom policies A and B answer differently; A on two days if there is no B.

    The same people are decided by both laws on one day. Regions of change are shown with the rules that decide, a box
    of facts, somebody in it, and the reasons of either law; or it is proved that both answer everybody alike.

    Exit codes: 0 the same, proved, or with --nobody-loses every claim proved; 1 not so; 2 not compared.
    """
    found = _compared(ctx, a, b or a, given)
    text = found.to_json() + "\n" if given["as_json"] else found.to_text(given["lang"], derivations=given["explain"])
    with target(given["output"]) as stream:
        stream.write(text)
    if given["claims"]:
        ctx.exit(0 if all(c.verdict == "proved" for c in found.claims) else DIFFERENT)
    if found.equivalent is None and not found.compared:
        ctx.exit(COULD_NOT)
    ctx.exit(0 if found.equivalent else DIFFERENT)


def _compared(ctx: click.Context, a: str, b: str, given: dict[str, Any]) -> Difference:
    try:
        from asnmerit.auditing.difference.comparing import diff as compared  # noqa: PLC0415 - an extra: NumPy and z3
        from asnmerit.auditing.difference.losing import nobody_loses  # noqa: PLC0415 - as above
    except ModuleNotFoundError as error:
        click.echo(f"asnmerit: a comparison needs NumPy and z3: pip install 'asnmerit[audit]' ({error})", err=True)
        ctx.exit(COULD_NOT)
    one = am.load(a, search=given["search"])
    other = one if b == a else am.load(b, search=given["search"])
    with watched_work("diff") as progress:
        return compared(
            one, other, given["decisions"] or None, on=given["on"], against_on=given["against_on"],
            known=given["known"], against_known=given["against_known"], readings=given["readings"] or None,
            as_of=given["as_of"], claims=[nobody_loses(name, where) for name, where in given["claims"]],
            budget=given["budget"], seed=given["seed"], samples=given["samples"], jobs=given["jobs"],
            progress=progress,
        )  # fmt: skip
