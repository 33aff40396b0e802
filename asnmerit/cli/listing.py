"""`asnmerit policies` and `asnmerit sample`: what is bundled."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import click

import asnmerit as am
from asnmerit.cli.writing import target

SAMPLE: Final = "pegawai_contoh.csv"


@click.command()
def policies() -> None:
    """List the policies that come with the library."""
    for name in am.policies():
        click.echo(name)


@click.command()
@click.option("--output", "--out", "-o", metavar="PATH", help="Where to write it; standard output if left out.")
def sample(output: str | None) -> None:
    """Write a file of made-up employees in the shape of a SIASN export, to try things on."""
    text = files("asnmerit").joinpath("data", SAMPLE).read_text(encoding="utf-8")
    with target(output) as stream:
        stream.write(text)
