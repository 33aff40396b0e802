"""`asnmerit rank`: the employees in a file in the order of the law, each with the key that decided; no row is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Final

import attrs
import click

from asnmerit.cli.answers import BETWEEN, ERROR_COLUMNS, shown
from asnmerit.cli.explaining import one_language, tell_refusal
from asnmerit.cli.opening import Source, opened, watched
from asnmerit.cli.options import Question, file_options, law_options, question, table_options
from asnmerit.cli.problems import Problem, from_fault, from_finding
from asnmerit.cli.writing import CsvWriter, JsonLinesWriter, refuse_clashes, target
from asnmerit.decision import RowError
from asnmerit.errors import Fault
from asnmerit.ranked import RankedRow, Ranking
from asnmerit.ranking import rank_rows
from asnmerit.ranking_words import reason
from asnmerit.readers import FileRefusedError, Row
from asnmerit.readers.findings import Language

SOME_IN_ERROR, COULD_NOT = 1, 2
STATUSES: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {
        "placed": "bertempat pasti",
        "shared": "berbagi tempat",
        "tied": "tidak terurutkan",
        "open": "bertempat belum pasti",
        "outside": "tidak termasuk",
        "unsettled": "belum pasti termasuk",
        "error": "baris bermasalah",
    },
    "en": {
        "placed": "placed",
        "shared": "share a place",
        "tied": "not ordered",
        "open": "place open",
        "outside": "not of the list",
        "unsettled": "not certain to belong",
        "error": "rows in error",
    },
}


@click.command()
@click.argument("policy")
@click.argument("file")
@click.option("--ranking", metavar="NAME", help="Which order of the policy; the only one if left out.")
@law_options
@file_options
@click.option("--output", "--out", "-o", metavar="PATH", help="Where the list goes; standard output if left out.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "text"]), default="csv", show_default=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="The language of texts.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, which some spreadsheets need.")
@click.option("--allow-row-errors", is_flag=True, help="Exit 0 although rows are in error; they are in the results.")
@click.pass_context
def rank(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """List the employees in FILE in an order that POLICY lays down, such as the DUK of indonesia/duk.

    Each comes with the place, the values compared and the key that tells the row from the one above. Where a fact is
    missing that could decide, the place is a range and the fact is named. After the list come those who do not belong
    to it and the rows that could not be read.

    Exit codes: 0 every row read; 1 some rows in error, which are in the results; 2 the file could not be read.
    """
    refuse_clashes(file, [given["output"]])
    asked = question(policy, **given)
    try:
        found = _ranked(asked, file, given)
    except FileRefusedError as error:
        tell_refusal(file, error, one_language(given["lang"]))
        ctx.exit(COULD_NOT)
    with ExitStack() as stack:
        stream = stack.enter_context(target(given["output"], bom=given["bom"] and given["form"] == "csv"))
        found.write(stream, given["form"], given["delimiter"])
    found.summarise()
    ctx.exit(SOME_IN_ERROR if found.problems and not given["allow_row_errors"] else 0)


def _ranked(asked: Question, file: str, given: dict[str, Any]) -> _List:
    options = table_options(**given)
    rows: dict[int, Row] = {}
    problems: dict[int, tuple[Problem, ...]] = {}
    with opened(file, given["input_format"], asked.law.facts, options) as source:

        def readable() -> Iterator[tuple[int, str, Mapping[str, object]]]:
            for row in watched(source.rows, file, "asnmerit"):
                rows[row.number] = row
                if row.refusals:
                    problems[row.number] = tuple(from_finding(f) for f in row.refusals)
                else:
                    yield row.number, row.id, row.record

        left_out = _left_out(source, options.ignore)
        ranking = rank_rows(asked.law, readable(), given["ranking"], asked.as_of, left_out)
        lang = one_language(given["lang"])
        refused = [RowError(number, tuple(_as_fault(p, lang) for p in found)) for number, found in problems.items()]
        for error in ranking.errors:
            problems[error.row] = tuple(from_fault(f, asked.law, source) for f in error.faults)
    errors = sorted((*ranking.errors, *refused), key=lambda e: e.row)
    return _List(attrs.evolve(ranking, errors=tuple(errors)), rows, problems, lang, given["decimal_comma"])


def _as_fault(problem: Problem, lang: Language) -> Fault:
    """Give what the reader refused as a fault of the record, so that the list itself knows that it is not complete."""
    return Fault(problem.code, problem.column, problem.wrong.text(lang), problem.expected.text(lang))


def _left_out(source: Source, ignore: tuple[str, ...]) -> tuple[str, ...] | str:
    """Give what the edge passes over: the columns of a table were settled by its header."""
    if source.layout:
        return ()
    return "*" if "*" in ignore else ignore


@attrs.frozen
class _List:
    """The ranking of a file, with what the reader knows of each row."""

    ranking: Ranking
    rows: Mapping[int, Row]
    problems: Mapping[int, tuple[Problem, ...]]
    lang: Language
    decimal_comma: bool

    def write(self, stream: IO[str], form: str, delimiter: str) -> None:
        if form == "text":
            stream.write(self.ranking.to_text(self.lang) + "\n")
            word = "baris" if self.lang == "id" else "row"
            for number, row in sorted(self.rows.items()):
                stream.writelines(f"   {word} {number}: {note.text(self.lang)}\n" for note in row.notes)
        elif form == "json":
            JsonLinesWriter(stream).write(self._object())
        else:
            writer = CsvWriter(stream, self._header(), delimiter)
            for cells in self._table():
                writer.write(cells)

    def _object(self) -> dict[str, Any]:
        lang = self.lang
        errors = [
            {
                "row": number,
                "faults": [
                    {"code": p.code, "column": p.column, "wrong": p.wrong.text(lang), "expected": p.expected.text(lang)}
                    for p in self.problems[number]
                ],
            }
            for number in sorted(self.problems)
        ]
        notes = {str(n): [f.text(lang) for f in row.notes] for n, row in self.rows.items() if row.notes}
        return {**self.ranking.to_dict(), "errors": errors, "notes": notes}

    def _header(self) -> list[str]:
        keys = [k.name for k in self.ranking.keys]
        who = ["place", "first", "last", "status", "row", "line", "id"]
        return [*who, *keys, "decided_by", "reason", "missing", *ERROR_COLUMNS, "notes"]

    def _table(self) -> Iterator[list[str]]:
        above: RankedRow | None = None
        for row in self.ranking.rows:
            below = row.below.key.name if row.below and row.below.key and row.below.how == "decided" else ""
            values = [shown(v, decimal_comma=self.decimal_comma) for v in row.values]
            said = reason(self.ranking, row, above, self.lang)
            places = [str(row.place or ""), str(row.first), str(row.last)]
            yield self._cells(places, row.status, row.row, [*values, below, said, " ".join(row.missing)])
            above = row
        blank = [""] * (len(self.ranking.keys) + 2)
        for person in self.ranking.outside:
            yield self._cells([""] * 3, "outside", person.row, [*blank, ""])
        for person in self.ranking.unsettled:
            yield self._cells([""] * 3, "unsettled", person.row, [*blank, " ".join(person.missing)])
        for number in sorted(self.problems):
            yield self._cells([""] * 3, "error", number, [*blank, ""])

    def _cells(self, places: list[str], status: str, number: int, rest: list[str]) -> list[str]:
        row, problems = self.rows[number], self.problems.get(number, ())
        wrong = [[p.code for p in problems], [p.column for p in problems]]
        wrong += [[p.wrong.text(self.lang) for p in problems], [p.expected.text(self.lang) for p in problems]]
        notes = BETWEEN.join(f.text(self.lang) for f in row.notes)
        cells = [*places, status, str(number), str(row.line), row.id, *rest]
        return [*cells, *(BETWEEN.join(part) for part in wrong), notes]

    def summarise(self) -> None:
        """Say on standard error how many there are of each."""
        counts = Counter(str(row.status) for row in self.ranking.rows)
        found = {
            **counts,
            "outside": len(self.ranking.outside),
            "unsettled": len(self.ranking.unsettled),
            "error": len(self.problems),
        }
        said = [f"{found[s]} {words}" for s, words in STATUSES[self.lang].items() if found.get(s)]
        click.echo(f"{len(self.rows)} {'pegawai' if self.lang == 'id' else 'employees'}: {', '.join(said)}", err=True)
