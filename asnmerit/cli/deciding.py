"""`asnmerit decide`: every employee in a file, in order; no row is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import IO, Any, Final

import attrs
import click

import asnmerit as am
from asnmerit.cli.answers import Answer, answers, cells_of, header_of, label_of, object_of
from asnmerit.cli.explaining import languages, one_language, person, tell_refusal, title_of, write_person
from asnmerit.cli.opening import Source, opened, watched
from asnmerit.cli.options import Question, file_options, law_options, question, table_options
from asnmerit.cli.papers import FORMS, Paper, form_of
from asnmerit.cli.writing import CsvWriter, JsonLinesWriter, JsonWriter, RowWriter, refuse_clashes, target
from asnmerit.phrases import STATUS_NAMES
from asnmerit.readers import FileRefusedError
from asnmerit.readers.findings import Language
from asnmerit.witness import WITNESSES, witness_of

SOME_IN_ERROR, COULD_NOT = 1, 2

READ_AS: Final[Mapping[Language, str]] = {
    "id": "dibaca sebagai {kind}, {count} kolom dilewati",
    "en": "read as {kind}, {count} columns passed over",
}
SUMMARY: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {"row": "pegawai", "error": "baris bermasalah", "noted": "dengan catatan"},
    "en": {"row": "employees", "error": "rows in error", "noted": "with notes"},
}


@click.command()
@click.argument("policy")
@click.argument("file")
@law_options
@file_options
@click.option("--output", "--out", "-o", metavar="PATH", help="Where the results go; standard output if left out.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "jsonl"]), default="csv", show_default=True)
@click.option(
    "--explain",
    "paper",
    metavar="PATH",
    help="Write the explanation for every employee here: .txt, .md or .html by its suffix.",
)
@click.option(
    "--lang",
    type=click.Choice(["id", "en", "both"]),
    default="both",
    show_default=True,
    help="The language of texts. both: explanations in both, tables in Indonesian.",
)
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, which some spreadsheets need.")
@click.option(
    "--witness",
    type=click.Choice(WITNESSES),
    help="Ask a second engine too; a row that it does not confirm is in error. It is an extra: asnmerit[durable].",
)
@click.option("--allow-row-errors", is_flag=True, help="Exit 0 although rows are in error; they are in the results.")
@click.pass_context
def decide(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Decide every employee in FILE (CSV, SIASN export or answers, workbook, JSON, JSON Lines) under POLICY.

    Each row comes out in order, with its row number and employee number: status, outcome, what is missing, why; or
    the error that keeps it from being decided. A bad row never stops the others.

    Exit codes: 0 every row decided; 1 some rows in error, which are in the results; 2 nothing decided.
    """
    refuse_clashes(file, [given["output"], given["paper"]])
    if given["paper"] and not form_of(given["paper"]):
        raise click.BadParameter(f"{given['paper']}: the suffix must be one of {', '.join(FORMS)}")
    asked = question(policy, **given)
    if asked.witness:
        witness_of(asked.law, asked.witness)
    try:
        counts = _decide(asked, file, given)
    except FileRefusedError as error:
        tell_refusal(file, error, one_language(given["lang"]))
        ctx.exit(COULD_NOT)
    _summarise(counts, asked.law, one_language(given["lang"]))
    ctx.exit(SOME_IN_ERROR if counts["", "error"] and not given["allow_row_errors"] else 0)


@attrs.define
class _Outputs:
    """Where results go: the table, and the paper if one was asked for."""

    rows: RowWriter
    paper: Paper | None
    asked: Question
    form: str
    lang: Language
    languages: tuple[Language, ...]
    decimal_comma: bool

    def write(self, answer: Answer) -> None:
        if self.form == "csv":
            self.rows.write(cells_of(answer, self.asked.law, self.lang, decimal_comma=self.decimal_comma))
        else:
            self.rows.write(object_of(answer, self.lang))
        if self.paper:
            self.paper.heading(person(answer, self.lang))
            write_person(self.paper, answer, self.languages)
            self.paper.next()


def _decide(asked: Question, file: str, given: dict[str, Any]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    options = table_options(**given)
    with ExitStack() as stack:
        source = stack.enter_context(opened(file, given["input_format"], asked.law.facts, options))
        outputs = _outputs(stack, asked, given)
        for answer in answers(asked, source, watched(source.rows, file, "asnmerit"), options.ignore):
            outputs.write(answer)
            counts.update(_tally(answer))
        _say_how_it_was_read(source, one_language(given["lang"]))
        outputs.rows.close()
        if outputs.paper:
            outputs.paper.close()
    return counts


def _say_how_it_was_read(source: Source, lang: Language) -> None:
    """Name the convention that was used, and how many columns no fact claimed."""
    if source.layout is not None or source.kind == "siasn-json":
        count = len(source.layout.passed_over) if source.layout else 0
        click.echo(READ_AS[lang].format(kind=source.kind, count=count), err=True)


def _outputs(stack: ExitStack, asked: Question, given: dict[str, Any]) -> _Outputs:
    stream = stack.enter_context(target(given["output"], bom=given["bom"] and given["form"] == "csv"))
    rows = _writer(stream, given["form"], asked, given["delimiter"])
    paper = None
    if given["paper"]:
        sheet = stack.enter_context(target(given["paper"]))
        paper = Paper(sheet, form_of(given["paper"]), title_of(asked, one_language(given["lang"])))
    lang = one_language(given["lang"])
    return _Outputs(rows, paper, asked, given["form"], lang, languages(given["lang"]), given["decimal_comma"])


def _writer(stream: IO[str], form: str, asked: Question, delimiter: str) -> RowWriter:
    if form == "csv":
        return CsvWriter(stream, header_of(asked.law), delimiter)
    return JsonLinesWriter(stream) if form == "jsonl" else JsonWriter(stream)


def _tally(answer: Answer) -> Iterator[tuple[str, str]]:
    """Count the row, and each decision by its status."""
    yield "", "row"
    if answer.decision is None:
        yield "", "error"
        return
    for name, outcome in answer.decision.outcomes.items():
        yield name, outcome.status
    if answer.row.notes:
        yield "", "noted"


def _summarise(counts: Counter[tuple[str, str]], law: am.Law, lang: Language) -> None:
    """Say on standard error how many of each there are."""
    words = SUMMARY[lang]
    lines = [", ".join(f"{counts['', what]} {words[what]}" for what in ("row", "error", "noted"))]
    for name, node in law.decisions.items():
        said = STATUS_NAMES[lang][node.kind]
        told = [f"{said[status].lower()} {counts[name, status]}" for status in said if counts[name, status]]
        lines.append(f"  {label_of(node.about, name, lang)}: {', '.join(told) or 0}")
    click.echo("\n".join(lines), err=True)
