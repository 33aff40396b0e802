"""`asnmerit test`: run scenarios, show what came out otherwise and why, and what of a policy they reach."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

import asnmerit as am
from asnmerit.cli.options import search as search_option
from asnmerit.scenarios.book import Book, read_book
from asnmerit.scenarios.coverage import Coverage, Kind, coverage
from asnmerit.scenarios.finding import files, policy_files
from asnmerit.scenarios.page import page
from asnmerit.scenarios.running import Laws, Result, run_book
from asnmerit.scenarios.telling import KIND_NAMES, as_data, told, told_coverage

FAILED = 1


class Percent(click.FloatRange):
    """A number from 0 to 100, and a number it is."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - click's own
        """Refuse nan, which compares with nothing."""
        found = super().convert(value, param, ctx)
        if math.isnan(found):
            self.fail(f"{value!r} is not a number", param, ctx)
        return found


PERCENT = Percent(0, 100)


@click.command()
@click.argument("places", metavar="PATH...", nargs=-1, required=True)
@click.option("--coverage", "covered", is_flag=True, help="Show what of the policies the cases reach, by article.")
@click.option("--html", metavar="FILE", help="Write results and coverage as one HTML page.")
@click.option("--min-rules", type=PERCENT, metavar="PERCENT", help="Fail below this share of rules granted.")
@click.option("--min-sides", type=PERCENT, metavar="PERCENT", help="Fail below this share of sides of conditions.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="Of derivations.")
@search_option
@click.pass_context
def test(ctx: click.Context, /, places: Sequence[str], **given: Any) -> None:  # noqa: ANN401 - click's options
    """Run the scenarios of PATH: a file, a folder with files *.scenarios.yaml, or the name of a bundled policy.

    Exit codes: 0 all passed; 1 a case failed, could not run, or a share is below the minimum; 2 nothing to run.
    """
    laws, lang = Laws(given["search"]), given["lang"]
    books = [read_book(file) for file in files(places)]
    origins = {book.file: laws.origin(book) for book in books}
    results = [result for book in books for result in run_book(book, laws)]
    least: dict[Kind, float | None] = {"rule": given["min_rules"], "side": given["min_sides"]}
    wanted = given["covered"] or given["html"] or given["form"] == "json" or any(v is not None for v in least.values())
    found = _covered(places, books, results, laws) if wanted else ()
    if given["html"]:
        with click.open_file(given["html"], "w", encoding="utf-8") as stream:
            stream.write(page(results, found, lang))
    if given["form"] == "json":
        click.echo(json.dumps(as_data(results, found, lang, origins), ensure_ascii=False, indent=2))
    else:
        for line in (*told(results, lang, origins), *(told_coverage(found) if given["covered"] else ())):
            click.echo(line)
    below = list(_below(found, least))
    for line in below:
        click.echo(line, err=True)
    ctx.exit(FAILED if below or not all(r.passed for r in results) else 0)


def _covered(
    places: Sequence[str], books: Sequence[Book], results: Sequence[Result], laws: Laws
) -> tuple[Coverage, ...]:
    """Give the coverage of every policy that the files test, and of those in the folders named that no file tests."""
    policies: dict[str, am.Policy] = {}
    for book in books:
        if book.policy and book.policy not in policies:
            with suppress(am.AsnmeritError):  # told already: each of its cases did not run
                policies[book.policy] = laws.policy(book)
    for folder in {Path(root) for place in places if Path(place).is_dir() for root, _, _ in os.walk(place)}:
        for file, name in policy_files(folder).items():
            if name not in policies:
                with suppress(am.AsnmeritError):
                    policies[name] = am.load(file, search=[*laws.search, folder, folder.parent])
    return coverage(results, [policies[name] for name in sorted(policies)])


def _below(found: Sequence[Coverage], least: Mapping[Kind, float | None]) -> Iterator[str]:
    for one in found:
        for kind, wanted in least.items():
            share = one.share(kind)
            if wanted is not None and share < wanted:
                yield f"asnmerit: {one.policy}: {KIND_NAMES[kind]} {share:.1f} %, {wanted:g} % wanted"
