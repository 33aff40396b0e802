"""`asnmerit select`: limited places or limited money over a file of employees; every row comes out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from asnmerit.cli.answers import shown
from asnmerit.cli.explaining import one_language
from asnmerit.cli.options import law_options, one_character, question
from asnmerit.cli.writing import CsvWriter, JsonLinesWriter, refuse_clashes, target
from asnmerit.readers.siasn import looks_like_siasn

if TYPE_CHECKING:
    from asnmerit.cli.options import Question
    from asnmerit.selection.selected import Selection

SOME_IN_ERROR: Final = 1
MOST_TOLD: Final = 20
"""So many people of each list are told in words."""
BETWEEN: Final = "|"
WORDS: Final = {
    "id": {
        "chosen": "terpilih", "waiting": "menunggu", "open": "urutan belum pasti", "refused": "tidak memenuhi syarat",
        "undetermined": "belum pasti memenuhi syarat", "conflict": "konflik", "error": "baris bermasalah",
    },
    "en": {
        "chosen": "chosen", "waiting": "waiting", "open": "of open order", "refused": "not eligible",
        "undetermined": "not certain to be eligible", "conflict": "in conflict", "error": "rows in error",
    },
}  # fmt: skip


def amounts(_ctx: click.Context, param: click.Parameter, values: tuple[str, ...]) -> int | dict[Any, int] | None:
    """Read one whole number, or several of the form GROUP=NUMBER; groups of several columns as A|B=NUMBER."""
    found: dict[Any, int] = {}
    for text in values:
        group, mark, said = text.rpartition("=")
        if not (said.strip().removeprefix("-").isdecimal() and said.isascii()):
            raise click.BadParameter(f"{text!r} is not a whole number, or GROUP=NUMBER", param=param)
        if not mark:
            if len(values) > 1:
                raise click.BadParameter(f"{text!r} is for every group; say GROUP=NUMBER for each", param=param)
            return int(said)
        parts = tuple(group.split(BETWEEN))
        name = parts if len(parts) > 1 else group
        if name in found:
            raise click.BadParameter(f"{group} is given twice", param=param)
        found[name] = int(said)
    return found or None


@click.command()
@click.argument("policy")
@click.argument("file")
@click.option("--decision", required=True, metavar="NAME", help="Those for whom it is granted are eligible.")
@click.option("--places", callback=amounts, multiple=True, metavar="[GROUP=]N", help="How many places; for each group.")
@click.option(
    "--budget", callback=amounts, multiple=True, metavar="[GROUP=]RUPIAH", help="How much money; in place of places."
)
@click.option("--by", multiple=True, metavar="COLUMN", help="The column that makes the groups; may be given again.")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    help="highest:NAME, lowest:NAME or ranking:NAME; may be given again, the first that differs decides.",
)
@click.option(
    "--ties",
    type=click.Choice(["error", "all_wait", "all_in"]),
    default="error",
    show_default=True,
    help="What becomes of people alike in every key across the cut-off.",
)
@click.option("--spend", type=click.Choice(["in_order", "pro_rata"]), default="in_order", show_default=True)
@click.option(
    "--short",
    type=click.Choice(["stop", "skip"]),
    default="stop",
    show_default=True,
    help="At the first whom the rest of the money does not suffice for: stop, or try the next.",
)
@click.option(
    "--amount", metavar="FIELD", help="The field of the outcome that is paid; its only one in rupiah if left out."
)
@click.option("--identity", metavar="COLUMN", default="", help="The column that says who it is.")
@law_options
@click.option(
    "--input-format",
    type=click.Choice(["auto", "csv", "siasn", "parquet"]),
    default="auto",
    show_default=True,
    help="auto: by the file's suffix; a CSV with the column nip_baru or pns_id is a SIASN export.",
)
@click.option(
    "--delimiter",
    callback=one_character,
    metavar="CHAR",
    default=",",
    show_default=True,
    help="What stands between cells.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="COLUMN",
    help="A column to pass over, or * for all that are unknown; may be given again.",
)
@click.option("--output", "--out", "-o", metavar="PATH", help="Where the result goes; standard output if left out.")
@click.option("--format", "form", type=click.Choice(["csv", "json", "text"]), default="csv", show_default=True)
@click.option("--lang", type=click.Choice(["id", "en"]), default="id", show_default=True, help="The language of texts.")
@click.option("--bom", is_flag=True, help="Begin a CSV with a byte order mark, which some spreadsheets need.")
@click.option("--allow-row-errors", is_flag=True, help="Exit 0 although rows are in error; they are in the results.")
@click.pass_context
def select(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Fill limited places, or spend limited money, with the employees in FILE whom POLICY grants a decision.

    The eligible are ranked by the keys, and everybody learns the rank, the key that decided and the distance to the
    cut-off. Whom the decision is not settled for is listed apart. The order of the rows never decides.

    Exit codes: 0 every row read; 1 some rows in error, which are in the results; 2 nothing selected.
    """
    refuse_clashes(file, [given["output"]])
    asked = question(policy, **given)
    found = _selected(asked, file, given)
    with target(given["output"], bom=given["bom"] and given["form"] == "csv") as stream:
        if given["form"] == "text":
            stream.write(_text(found, given["lang"]) + "\n")
        elif given["form"] == "json":
            JsonLinesWriter(stream).write(_data(found))
        else:
            writer = CsvWriter(stream, found.frame().schema.names, given["delimiter"])
            for cells in _cells(found):
                writer.write(cells)
    lang = one_language(given["lang"])
    counts = ", ".join(f"{found.counts[s]} {word}" for s, word in WORDS[lang].items() if found.counts[s])
    click.echo(f"{len(found)} {'pegawai' if lang == 'id' else 'employees'}: {counts}", err=True)
    ctx.exit(SOME_IN_ERROR if found.counts["error"] and not given["allow_row_errors"] else 0)


def _selected(asked: Question, file: str, given: dict[str, Any]) -> Selection:
    from asnmerit.selection import selecting  # noqa: PLC0415 - an extra

    frame, convention = _table(file, given)
    options: selecting.SelectOptions = {
        "places": given["places"], "budget": given["budget"], "by": list(given["by"]) or None,
        "keys": list(given["keys"]) or None, "ties": given["ties"], "spend": given["spend"], "short": given["short"],
        "amount": given["amount"], "identity": given["identity"], "ignore": given["ignore"], "convention": convention,
    }  # fmt: skip
    return selecting.select(asked.law, frame, given["decision"], asked.as_of, **options)


def _table(file: str, given: dict[str, Any]) -> tuple[Any, str | None]:
    """Read the file as columns: a Parquet file with its types, a CSV as text for the convention to read."""
    from asnmerit.frames.arrow import pa, parquet  # noqa: PLC0415 - an extra

    kind = given["input_format"]
    if kind == "parquet" or (kind == "auto" and Path(file).suffix.lower() == ".parquet"):
        return parquet().read_table(file), None
    with Path(file).open(encoding="utf-8-sig", newline="") as stream:
        try:
            rows = [row for row in csv.reader(stream, delimiter=given["delimiter"], strict=True) if row]
        except (ValueError, csv.Error) as error:
            message = f"{file}: cannot be read as a CSV in UTF-8 with a header ({error})"
            raise click.UsageError(message) from None
    if not rows:
        raise click.UsageError(f"{file}: the file is empty; a CSV in UTF-8 with a header is wanted")
    header, *lines = rows
    if kind == "auto" and looks_like_siasn(header):
        kind = "siasn"
    uneven = next((i for i, row in enumerate(lines, start=2) if len(row) != len(header)), None)
    if uneven is not None:
        raise click.UsageError(f"{file}: row {uneven} has not as many cells as the header")
    columns = [pa.array([row[i].strip() or None for row in lines], pa.string()) for i in range(len(header))]
    return pa.Table.from_arrays(columns, names=header), "siasn" if kind == "siasn" else "csv"


def _text(found: Selection, lang: str) -> str:
    """Say the selection; the first row of a file is 1, as for every command."""
    from asnmerit.selection.words import selection_text  # noqa: PLC0415 - an extra

    return selection_text(found, lang, MOST_TOLD, first_row=1)


def _data(found: Selection) -> dict[str, Any]:
    """Give the selection as data; the first row of a file is 1."""
    data = found.to_dict()
    return {**data, "people": [{**person, "row": person["row"] + 1} for person in data["people"]]}


def _cells(found: Selection) -> Iterator[list[str]]:
    for batch in found.frame().to_batches():
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield [_cell(value) for value in row]


def _cell(value: Any) -> str:  # noqa: ANN401 - any cell
    """Show a cell; a ratio comes as its two parts."""
    if isinstance(value, dict) and "numerator" in value:
        value = Fraction(value["numerator"], value["denominator"])
    return shown(value)
