"""`asnmerit sql`: a policy as a view of a database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import click

from asnmerit.cli.options import law_options, pairs, question
from asnmerit.cli.writing import target
from asnmerit.rules.to_sql import Table, create_view, to_sql
from asnmerit.sql.dialects import DIALECTS


@click.command()
@click.argument("policy")
@click.option("--dialect", type=click.Choice(list(DIALECTS)), default="duckdb", show_default=True)
@law_options
@click.option(
    "--table",
    default="records",
    show_default=True,
    metavar="NAME",
    help="The table that holds the facts; SCHEMA.NAME for one in a schema.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    default=("nip",),
    show_default=True,
    metavar="COLUMN",
    help="A column that says whose row it is; may be given again.",
)
@click.option(
    "--lists",
    type=click.Choice(["columns", "nested"]),
    default="columns",
    show_default=True,
    help="How lists stand in the table: numbered columns, or one column (LIST in DuckDB, JSONB in PostgreSQL).",
)
@click.option(
    "--column",
    "columns",
    callback=pairs,
    multiple=True,
    metavar="NAME=COLUMN",
    help="A column that bears another name in the table; may be given again.",
)
@click.option(
    "--value",
    "values",
    multiple=True,
    metavar="NAME",
    help="A named value of the law to be shown too; may be given again.",
)
@click.option("--view", metavar="NAME", help="The name of the view; the policy's own if left out.")
@click.option("--query", is_flag=True, help="The query alone, without CREATE VIEW.")
@click.option("--output", "--out", "-o", metavar="PATH", help="Where to write it; standard output if left out.")
def sql(
    policy: str,
    keys: Sequence[str],
    lists: Literal["columns", "nested"],
    *,
    query: bool,
    output: str | None,
    **given: Any,  # noqa: ANN401 - options as click hands them over
) -> None:
    """Print POLICY as SQL: a view that decides every row of a table, ready to be created.

    Each row gets a status for each decision. A row with wrong facts gets the status `error`, and they are named.
    """  # fmt: skip
    asked = question(policy, **given)
    table = Table(given["table"], tuple(keys), lists, given["columns"])
    text = to_sql(asked.law, given["dialect"], table, as_of=asked.as_of, values=given["values"])
    name = given["view"] or asked.law.policy.replace("/", "_").replace("-", "_")
    with target(output) as stream:
        stream.write(text if query else f"{create_view(name, text)}\n")
