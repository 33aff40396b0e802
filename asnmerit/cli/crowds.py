"""The employees in a file as a population that two laws are compared over: rows that no reader takes stay, in error."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, Final

import attrs
import click

import asnmerit as am
from asnmerit.cli.explaining import one_language
from asnmerit.cli.grouping import cells_by_line
from asnmerit.cli.opening import opened, watched
from asnmerit.cli.options import Question, table_options
from asnmerit.cli.problems import from_finding
from asnmerit.comparison.compared import Compared
from asnmerit.comparison.comparing import compare
from asnmerit.comparison.population import population_of_columns
from asnmerit.frames.arrow import pa, parquet
from asnmerit.frames.objects import column_of
from asnmerit.population.making import synthetic, synthetic_batches
from asnmerit.readers import Row
from asnmerit.rules.law import FactInfo

PARQUET: Final = frozenset({".parquet", ".pq"})
MOST_TOLD: Final = 10


@attrs.frozen(eq=False)
class People:
    """The people of a file: what is compared over, and the rows as the reader knows them (none for Parquet).

    `frame()` gives them anew each time. `ignore`: columns that are passed over.
    """

    frame: Callable[[], Any]
    rows: Sequence[Row] = ()
    refused: Mapping[tuple[str, str], int] = attrs.field(factory=dict)
    marked: tuple[str, str] = ("", "")
    ignore: tuple[str, ...] = ()


def people_in(file: str, asked: tuple[Question, Question], given: dict[str, Any]) -> People:
    """Read the people of a file for two laws.

    Raises:
        FileRefusedError: if the file cannot be read as records at all.
        AsnmeritError: if its columns are not those of the laws.
    """
    return _parquet(file, given) if Path(file).suffix.lower() in PARQUET else _read(file, asked, given)


def made_up(size: int, seed: int, on: date) -> People:
    """Give people who do not exist; what a law does not read of them is passed over."""

    def frame() -> Any:  # noqa: ANN401 - a reader of PyArrow
        batches = synthetic_batches(size, seed, on=on)
        first = next(batches, None)
        if first is None:
            return synthetic(0, seed, on=on)
        return pa.RecordBatchReader.from_batches(first.schema, chain([first], batches))

    return People(frame, ignore=("*",))


class Refused:
    """Stands in a row that the reader refused, so that it is in error under both laws."""


def _parquet(file: str, given: dict[str, Any]) -> People:
    try:
        source = parquet().ParquetFile(file)
        schema = source.schema_arrow
    except (pa.ArrowException, ValueError) as error:
        raise am.ArgumentError("file", file, f"a Parquet file: {error}") from None
    return People(
        lambda: pa.RecordBatchReader.from_batches(schema, source.iter_batches()), ignore=tuple(given["ignore"])
    )


def _read(file: str, asked: tuple[Question, Question], given: dict[str, Any]) -> People:
    """Read a file with the readers; rows that they refuse stay, in error."""
    facts: dict[str, FactInfo] = {f.name: f for one in reversed(asked) for f in one.law.facts}
    options = table_options(**given)
    by = tuple(given["by"])
    passed = attrs.evolve(options, ignore=(*options.ignore, *(n for n in by if n not in facts)))
    with opened(file, given["input_format"], facts.values(), passed) as source:
        rows = list(watched(source.rows, file, "asnmerit"))
        tabular = source.layout is not None and source.kind != "xlsx"
    refused = Counter((f.code, f.column) for row in rows for f in row.refusals[:1])
    marked = tuple(next(iter(one.law.declared), "") for one in asked)
    names = dict.fromkeys([*(n for n in marked if n), *(name for row in rows for name in row.record)])
    columns = {n: [Refused() if row.refusals and n in marked else row.record.get(n) for row in rows] for n in names}
    raw = cells_by_line(file, by, options.delimiter) if by and tabular else {}
    for name in by:
        if name not in columns and name in raw:
            columns[name] = [raw[name].get(row.line) for row in rows]
        elif name not in columns:
            raise click.BadParameter(f"--by: {name} is no column of {file}" + ("" if tabular else " that is a fact"))
    _tell_refused(rows, given)
    frame = population_of_columns({n: column_of(values) for n, values in columns.items()}, len(rows))
    return People(lambda: frame, rows, refused, (marked[0], marked[1]))


def _tell_refused(rows: Sequence[Row], given: dict[str, Any]) -> None:
    """Name the first rows that the reader refused, on standard error."""
    lang = one_language(given["lang"])
    wrong = [row for row in rows if row.refusals]
    word = "baris" if lang == "id" else "row"
    for row in wrong[:MOST_TOLD]:
        click.echo(f"asnmerit: {word} {row.number}: {from_finding(row.refusals[0]).line(lang)}", err=True)


def compared(asked: tuple[Question, Question], people: People, given: dict[str, Any]) -> Compared:
    """Compare two laws over people; a row that no reader takes has the reader's fault, under both laws."""
    found = compare(
        asked[0].law,
        asked[1].law,
        people.frame(),
        decision=list(given["decisions"]) or None,
        by=list(given["by"]) or None,
        as_of=(asked[0].as_of, asked[1].as_of),
        rows=given["changed"] is not None,
        ignore=people.ignore,
    )
    if not people.refused:
        return found
    faults = []
    for told, fact in zip(found.faults, people.marked, strict=True):
        own = Counter(told)
        own["wrong-type", fact] -= sum(people.refused.values())
        faults.append(+own + Counter(people.refused))
    return attrs.evolve(found, faults=tuple(faults))
