"""`asnmerit replay`: decide stored decision records again and compare."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import attrs
import click

import asnmerit as am
from asnmerit.cli.opening import opened
from asnmerit.cli.options import search
from asnmerit.readers import FileRefusedError, Row, TableOptions

DIFFERENT, COULD_NOT = 1, 2
MOST_LAWS: Final = 32
NOT_DECIDED: Final = "not decided"
NOT_A_RECORD: Final = "not a decision record"


@attrs.frozen
class _Found:
    row: int
    id: str
    status: str
    differences: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        return self.status in {"same", "same outcome", NOT_DECIDED}


@click.command()
@click.argument("records")
@click.option("--format", "form", type=click.Choice(["text", "jsonl"]), default="text", show_default=True)
@search
@click.pass_context
def replay(ctx: click.Context, records: str, form: str, search: Sequence[str]) -> None:
    """Decide the decision records in RECORDS (JSON Lines, or a JSON array) again, and compare.

    It takes what `asnmerit decide --format jsonl` writes; rows that were in error there are passed over.

    Exit codes: 0 all agree; 1 some differ, or their law is not to be found; 2 the file cannot be read.
    """
    counts: Counter[str] = Counter()
    kind = "json" if records.lower().endswith(".json") else "jsonl"
    try:
        with opened(records, kind, [], TableOptions()) as source:
            for found in _replayed(source.rows, tuple(search)):
                counts[found.status] += 1
                counts["disagree"] += not found.agrees
                if form == "jsonl":
                    click.echo(json.dumps(attrs.asdict(found), ensure_ascii=False))
                elif not found.agrees:
                    told = "".join(f"\n    {difference}" for difference in found.differences)
                    click.echo(f"row {found.row} {found.id}: {found.status}{told}")
    except FileRefusedError as error:
        click.echo("\n".join(f"asnmerit: {records}: {finding}" for finding in error.findings), err=True)
        ctx.exit(COULD_NOT)
    disagree = counts.pop("disagree", 0)
    click.echo(", ".join(f"{status}: {count}" for status, count in sorted(counts.items())), err=True)
    ctx.exit(DIFFERENT if disagree else 0)


def _replayed(rows: Iterator[Row], search: tuple[str, ...]) -> Iterator[_Found]:
    @lru_cache(maxsize=MOST_LAWS)
    def law_of(identity: str) -> am.Law | None:
        named: Mapping[str, Any] = json.loads(identity)
        try:
            policy = am.load(str(named["policy"]), search=search)
            return am.in_force(policy, named["on"], named.get("known"), named.get("readings") or None)
        except (am.AsnmeritError, TypeError, ValueError):
            return None  # `replay` tells why

    for row in rows:
        stored = row.record.get("decision", row.record)
        if row.refusals:
            yield _Found(row.number, row.id, NOT_A_RECORD, tuple(f.text("en") for f in row.refusals))
        elif "errors" in row.record and stored is row.record:
            yield _Found(row.number, row.id, NOT_DECIDED)
        else:
            yield _again(row, stored, law_of, search)


def _again(row: Row, stored: Any, law_of: Any, search: tuple[str, ...]) -> _Found:  # noqa: ANN401 - JSON data
    identity = stored.get("law") if isinstance(stored, Mapping) else None
    law = None
    if isinstance(identity, Mapping) and "policy" in identity and "on" in identity:
        key = {name: identity.get(name) for name in ("policy", "on", "known", "readings")}
        law = law_of(json.dumps(key, sort_keys=True, default=str))
    try:
        found = am.replay(stored, law, search)
    except am.DecisionRecordError as error:
        return _Found(row.number, row.id, NOT_A_RECORD, (str(error),))
    return _Found(row.number, row.id, found.status, found.differences)
