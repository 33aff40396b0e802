"""`asnmerit explain`: why one person got the answer, with each condition, value and article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

import asnmerit as am
from asnmerit.cli.answers import Answer, answers, label_of
from asnmerit.cli.opening import Source, opened
from asnmerit.cli.options import Question, file_options, law_options, person_options, question, table_options
from asnmerit.cli.papers import BY_NAME, LANGUAGES, Paper
from asnmerit.cli.writing import refuse_clashes, target
from asnmerit.phrases import STATUS_NAMES
from asnmerit.readers import FileRefusedError, Row
from asnmerit.readers.findings import Language
from asnmerit.readers.siasn_codes import folded

IN_ERROR, COULD_NOT = 1, 2
ROW: Final = {"id": "Baris", "en": "Row"}
ERROR: Final = {"id": "TIDAK DAPAT DIPUTUSKAN", "en": "COULD NOT BE DECIDED"}


@click.command()
@click.argument("policy")
@click.argument("file")
@law_options
@file_options
@person_options
@click.option("--format", "form", type=click.Choice([*BY_NAME]), default="text", show_default=True)
@click.option("--output", "--out", "-o", metavar="PATH", help="Where it goes; standard output if left out.")
@click.option("--lang", type=click.Choice(["id", "en", "both"]), default="id", show_default=True)
@click.pass_context
def explain(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Explain the answer for one employee in FILE, chosen by --row or --id.

    Exit codes: 0 explained; 1 the row is in error, and the text says why; 2 no such employee, or nothing could be
    read.
    """
    refuse_misuse(file, given)
    asked = question(policy, **given)
    answer = the_one(ctx, asked, file, given)
    with target(given["output"]) as stream:
        paper = Paper(stream, given["form"], title_of(asked, one_language(given["lang"])))
        paper.heading(person(answer, one_language(given["lang"])))
        write_person(paper, answer, languages(given["lang"]))
        paper.next()
        paper.close()
    ctx.exit(IN_ERROR if answer.problems else 0)


def refuse_misuse(file: str, given: Mapping[str, Any]) -> None:
    """See that one employee is named, and that the result does not overwrite the file."""
    if (given["number"] is None) == (given["identity"] is None):
        raise click.UsageError("say which employee: --row N, or --id NIP")
    refuse_clashes(file, [given["output"]])


def the_one(ctx: click.Context, asked: Question, file: str, given: Mapping[str, Any]) -> Answer:
    """Decide the row that --row or --id names; end the command where there is none, or the file cannot be read."""
    options = table_options(**given)
    try:
        with opened(file, given["input_format"], asked.law.facts, options) as source:
            answer = _found(asked, source, given, options.ignore)
    except FileRefusedError as error:
        tell_refusal(file, error, one_language(given["lang"]))
        ctx.exit(COULD_NOT)
    if answer is None:
        wanted = given["identity"] or f"row {given['number']}"
        click.echo(f"asnmerit: {file}: no such employee: {wanted}", err=True)
        ctx.exit(COULD_NOT)
    return answer


def _found(asked: Question, source: Source, given: Mapping[str, Any], ignore: tuple[str, ...]) -> Answer | None:
    number, identity = given["number"], given["identity"]

    def wanted(row: Row) -> bool:
        return row.number == number if identity is None else folded(row.id) == folded(identity)

    rows: Iterator[Row] = (row for row in source.rows if wanted(row))
    return next(answers(asked, source, rows, ignore), None)


def tell_refusal(file: str, error: FileRefusedError, lang: Language) -> None:
    """Say on standard error why a file cannot be read."""
    for finding in error.findings:
        click.echo(f"asnmerit: {file}: {finding.text(lang)}", err=True)


def one_language(lang: str) -> Language:
    """Give the language of short texts: Indonesian where both were asked for."""
    return "en" if lang == "en" else "id"


def languages(lang: str) -> tuple[Language, ...]:
    """Give the languages of explanations."""
    return LANGUAGES if lang == "both" else (one_language(lang),)


def title_of(asked: Question, lang: Language) -> str:
    """Give the policy's title and the day."""
    title = asked.law.title.get(lang) or asked.law.policy
    return f"{title} ({asked.law.policy}), {asked.law.on}"


def person(answer: Answer, lang: Language) -> str:
    """Name a row by its number, the employee's number and the short answers."""
    parts = [f"{ROW[lang]} {answer.row.number}", answer.row.id]
    if answer.decision is None:
        parts.append(ERROR[lang])
    else:
        for name, outcome in answer.decision.outcomes.items():
            said = STATUS_NAMES[lang][outcome.kind][outcome.status]
            parts.append(f"{label_of(outcome.node.about, name, lang)}: {said}")
    return " · ".join(part for part in parts if part)


def write_person(paper: Paper, answer: Answer, tongues: tuple[Language, ...]) -> None:
    """Write what there is to say of one row in each language: the explanation, or the errors; and the notes."""
    for lang in tongues:
        if answer.decision is not None:
            paper.explanation(lang, am.explain(answer.decision, lang=lang))
        lines = [p.line(lang) for p in answer.problems] + [f.text(lang) for f in answer.row.notes]
        if lines:
            paper.items(lang, lines)
