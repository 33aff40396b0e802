"""`asnmerit template`: an empty table for what a policy reads, and a dictionary of its columns."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import click

import asnmerit as am
from asnmerit.cli.options import a_day, search
from asnmerit.readers.expected import expected
from asnmerit.readers.findings import Words
from asnmerit.readers.layout import Place, places
from asnmerit.rules.law import FactInfo
from asnmerit.rules.types import ListOf, PerMember, Yearly

COULD_NOT: Final = 2
MOST_ENTRIES: Final = 3
IDENTITY: Final = ("nip", "NIP, 18 angka, disimpan sebagai teks", "employee number, 18 digits, stored as text")
HEADINGS: Final = ("kolom", "fakta", "isi", "label_id", "label_en", "content", "dianggap", "sumber", "dibaca")


@click.command()
@click.argument("policy")
@click.option(
    "--on",
    callback=a_day,
    metavar="YYYY-MM-DD",
    help="The day to be decided for: it gives the years. If left out: the start of the latest law.",
)
@click.option("--output", "--out", "-o", "folder", metavar="DIR", default=".", show_default=True, help="The folder.")
@click.option("--all", "everything", is_flag=True, help="Also the facts that this law does not read.")
@search
@click.pass_context
def template(
    ctx: click.Context, policy: str, on: date | None, folder: str, *, everything: bool, search: Sequence[str]
) -> None:
    """Write an empty CSV for POLICY and a data dictionary that says what each column holds.

    Existing files are not overwritten.
    """
    loaded = am.load(policy, search=search)
    law = am.in_force(loaded, on=on or latest_day(loaded))
    facts = [fact for fact in law.facts if fact.read or everything]
    name = law.policy.replace("/", "_")
    table, dictionary = Path(folder) / f"{name}.csv", Path(folder) / f"{name}_kamus.csv"
    for path in (table, dictionary):
        if path.exists():
            click.echo(f"asnmerit: {path}: is already there", err=True)
            ctx.exit(COULD_NOT)
    Path(folder).mkdir(parents=True, exist_ok=True)
    columns = list(_columns(facts, law.on))
    with table.open("x", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerow([IDENTITY[0], *(name for name, _, _ in columns)])
    with dictionary.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(HEADINGS)
        writer.writerow([IDENTITY[0], "", IDENTITY[1], "", "", IDENTITY[2], "", "", ""])
        writer.writerows(_described(name, fact, place) for name, fact, place in columns)
    click.echo(f"{table}\n{dictionary}")


def latest_day(policy: am.Policy) -> date:
    """Give the first day of the latest law that the policy holds."""
    days, _ = policy.days()
    return date.fromordinal(days[-1])


def _columns(facts: Sequence[FactInfo], on: date) -> Iterator[tuple[str, FactInfo, Place]]:
    """Give the columns in the order of the facts: years before `on`, and the first few entries of a list."""
    spread = places(facts)
    for fact in facts:
        kind = fact.type
        if isinstance(kind, Yearly):
            for year in range(on.year - kind.back, on.year):
                yield f"{fact.name}_{year}", fact, Place(fact.name, kind.of, kind, (year,))
        elif isinstance(kind, ListOf | PerMember):
            for name, place in spread.items():
                entry = place.slot[0] if place.fact == fact.name and place.slot else 0
                if isinstance(entry, str) or 0 < entry <= MOST_ENTRIES:
                    yield name, fact, place
        else:
            yield fact.name, fact, spread[fact.name]


def _described(name: str, fact: FactInfo, place: Place) -> list[str]:
    content, label = expected(place.kind), fact.label or {}
    more = _of_list(fact.type, fact.name, place) if isinstance(fact.type, ListOf) else Words("", "")
    id_, en = f"{content.id}{more.id}; kosong = belum diketahui", f"{content.en}{more.en}; empty = not known"
    part = "".join(f", {slot}" for slot in place.slot)
    labels = [label.get(lang, fact.name) + part for lang in ("id", "en")]
    read = "ya" if fact.read else "tidak"
    return [name, fact.name, id_, *labels, en, fact.assumed or "", fact.source, read]


def _of_list(kind: ListOf, fact: str, place: Place) -> Words:
    """Say, at the first column of a list, how to write that there is none, and more than a few."""
    if place.slot != (1, *([] if kind.plain else [next(iter(kind.fields))])):
        return Words("", "")
    none = Words("; [] = tidak ada", "; [] = none") if not kind.at_least else Words("", "")
    if kind.up_to == 1:
        return none
    return Words(
        f"{none.id}; paling banyak {kind.up_to}: tambah kolom seperti ini, atau satu kolom {fact} (JSON)",
        f"{none.en}; at most {kind.up_to}: add columns like these, or one column {fact} (JSON)",
    )
