"""`asnmerit compare`: the employees in a file under two laws; who wins, who loses, what it costs, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

import click

from asnmerit.cli.answers import BETWEEN, shown
from asnmerit.cli.explaining import one_language, tell_refusal
from asnmerit.cli.options import Question, a_day, comparison_options, file_options, law_options, pairs, question
from asnmerit.cli.writing import CsvWriter, JsonLinesWriter, refuse_clashes, target
from asnmerit.readers import FileRefusedError, Row

if TYPE_CHECKING:
    from asnmerit.comparison.compared import Compared, DecisionCompared

SOME_IN_ERROR, COULD_NOT = 1, 2


@click.command()
@click.argument("policy")
@click.argument("file")
@law_options
@click.option("--with", "other", metavar="POLICY", help="The policy to compare with; the same one if left out.")
@click.option("--with-on", callback=a_day, metavar="YYYY-MM-DD", help="Its day; that of --on if left out.")
@click.option("--with-known", callback=a_day, metavar="YYYY-MM-DD", help="Its law as it stood known on that day.")
@click.option("--with-as-of", callback=a_day, metavar="YYYY-MM-DD", help="The day for which facts are judged under it.")
@click.option(
    "--with-reading",
    "with_readings",
    callback=pairs,
    multiple=True,
    metavar="NAME=SOURCE",
    help="Another reading of a disputed value of it; may be given again.",
)
@file_options
@click.option(
    "--decision",
    "decisions",
    multiple=True,
    metavar="NAME",
    help="A decision to compare; all that both make if left out; may be given again.",
)
@comparison_options
@click.pass_context
def compare(ctx: click.Context, /, policy: str, file: str, **given: Any) -> None:  # noqa: ANN401 - click's options
    """Compare the law of POLICY on a day with another law, over the employees in FILE (as decide takes it, or Parquet).

    Tells who wins and who loses, what it costs, the conditions that made the difference, and how many answers are not
    certain or in error under either law. Name the other law by --with, --with-on, --with-known or --with-reading.

    Exit codes: 0 every row decided under both laws; 1 some rows in error; 2 nothing compared.
    """  # fmt: skip
    refuse_clashes(file, [given["output"], given["changed"]])
    asked = question(policy, **given), _other(policy, given)
    from asnmerit.cli.crowds import compared, people_in  # noqa: PLC0415 - an extra: NumPy and PyArrow

    try:
        people = people_in(file, asked, given)
    except FileRefusedError as error:
        tell_refusal(file, error, one_language(given["lang"]))
        ctx.exit(COULD_NOT)
    found = compared(asked, people, given)
    data, text = found.to_dict(), f"{found.to_text(given['lang'])}\n"
    write_comparison(found, people.rows, given, data, text)
    ctx.exit(SOME_IN_ERROR if some_in_error(found) and not given["allow_row_errors"] else 0)


def some_in_error(found: Compared) -> bool:
    """Whether somebody could not be decided."""
    return any(d.all.error for d in found.decisions.values()) or any(map(len, found.faults))


def _other(policy: str, given: dict[str, Any]) -> Question:
    """Load the law that is compared with."""
    names = ("other", "with_on", "with_known", "with_as_of", "with_readings")
    if not any(given[name] for name in names):
        raise click.UsageError("name the other law: --with, --with-on, --with-known, --with-as-of or --with-reading")
    same = given["other"] in {None, policy}
    return question(
        given["other"] or policy,
        search=given["search"],
        on=given["with_on"] or given["on"],
        known=given["with_known"] or given["known"],
        as_of=given["with_as_of"] or (None if given["with_on"] else given["as_of"]),
        readings=given["with_readings"] or (given["readings"] if same else {}),
    )


def write_comparison(
    found: Compared, rows: Sequence[Row], given: dict[str, Any], data: dict[str, Any], text: str, *, mark: str = ""
) -> None:
    """Write what was found, as data or as text, and beside it the rows of those whose answer changed.

    `mark` stands in place of the employee's number where the rows are of no reader.
    """
    with ExitStack() as stack:
        stream = stack.enter_context(target(given["output"]))
        changed = stack.enter_context(target(given["changed"])) if given["changed"] else None
        if given["form"] == "json":
            JsonLinesWriter(stream).write(data)
        else:
            stream.write(text)
        if changed is not None:
            writer = CsvWriter(changed, _header(found), given["delimiter"])
            for decided in found.decisions.values():
                for cells in _cells(decided, found, rows, mark, decimal_comma=given["decimal_comma"]):
                    writer.write(cells)


_WHO: Final = ("decision", "row", "line", "id")
_HOW: Final = ("change", "status_before", "status_after", "conditions")


def _fields(found: Compared) -> list[str]:
    names = dict.fromkeys(f.name for d in found.decisions.values() for f in d.pair.fields)
    return [f"{name}_{side}" for name in names for side in ("before", "after")]


def _header(found: Compared) -> list[str]:
    return [*_WHO, *found.by, *_HOW, *_fields(found)]


def _cells(
    decided: DecisionCompared, found: Compared, rows: Sequence[Row], mark: str, *, decimal_comma: bool
) -> Iterator[list[str]]:
    """Give a row of cells for each person whose answer changed."""
    fields = _fields(found)
    for batch in decided.changed.to_batches():
        for one in batch.to_pylist():
            row = rows[one["row"]] if rows else None
            who = [decided.name, str(one["row"] + 1), str(row.line) if row else "", row.id if row else mark]
            groups = [shown(one.get(f"by.{name}", one.get(name))) for name in found.by]
            how = [one["change"], one["status_before"], one["status_after"], BETWEEN.join(one["conditions"])]
            yield [*who, *groups, *how, *(shown(_plain(one.get(f)), decimal_comma=decimal_comma) for f in fields)]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    """Give a pair of numerator and denominator as text."""
    return f"{value['numerator']}/{value['denominator']}" if isinstance(value, dict) else value
