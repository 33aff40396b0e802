"""`asnmerit regulation`: a policy in words, for whoever checks it against the law."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

import asnmerit as am
from asnmerit.bundle import SUFFIXES as POLICY_SUFFIXES
from asnmerit.cli.options import search as search_option
from asnmerit.scenarios import SUFFIXES, Book, books


@click.command()
@click.argument("policy")
@click.option("--lang", type=click.Choice(["id", "en", "both"]), default="both", show_default=True)
@click.option("--output", "--out", "-o", metavar="FILE", help="Write the page to FILE, as Markdown.")
@search_option
def regulation(policy: str, lang: str, output: str | None, search: Sequence[str]) -> None:
    """Say POLICY in words: rules, values over time, sources, contradictions, and the scenarios that cover it.

    The scenarios are the files POLICY*.scenarios.yaml that stand beside it; they are run.
    """
    loaded = am.load(policy, search=search)
    page = am.regulation(loaded, lang=lang, books=_beside(policy, search)).to_markdown()
    if output:
        Path(output).write_text(page, encoding="utf-8")
    else:
        click.echo(page, nl=False)


def _beside(policy: str, search: Sequence[str]) -> tuple[Book, ...]:
    """Read the files of scenarios that stand beside a policy and bear its name."""
    path = Path(policy)
    stems = [path.with_suffix("")] if policy.endswith(POLICY_SUFFIXES) else [Path(folder) / policy for folder in search]
    for stem in stems:
        found = sorted(p for p in stem.parent.glob(f"{stem.name}.*") if p.name.endswith(SUFFIXES))
        if found:
            return books(found)
    try:
        return books([policy]) if policy in am.policies() else ()
    except am.ArgumentError:
        return ()
