"""A law as SQL: one query that decides every row of a table in the database where it lies.

The query has one part for each level of dependency. What is computed is exact: whole numbers, truth values, and
NULL for what is not known. Nothing of a policy's text can end a name, a text or a comment.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from asnmerit.errors import ArgumentError
from asnmerit.rules.days import day_argument
from asnmerit.rules.law import A_LAW, Law
from asnmerit.sql.answers import Answers, values_of
from asnmerit.sql.dialects import dialect_of
from asnmerit.sql.edge import Edge, Table
from asnmerit.sql.kernel import write_steps
from asnmerit.sql.levels import Levels, Part
from asnmerit.sql.names import Names, quoted, quoted_path
from asnmerit.sql.words import heading, remark

_COMMA = ",\n  "
__all__ = ["Table", "create_view", "to_sql"]


def to_sql(
    law: Law,
    dialect: str = "duckdb",
    table: Table | str = "records",
    *,
    as_of: datetime.date | str | None = None,
    values: Sequence[str] = (),
) -> str:
    """Give a query that decides every row of a table.

    Args:
        law: the law of one day.
        dialect: `duckdb` or `postgres`.
        table: the name of the table, or a `Table` that says more of it. A column is named as in a flat file: `rank`,
            `performance_2025`, `sanctions_1_level`.
        as_of: the day for which facts are judged, within `law.valid`; the law's own day if left out.
        values: named values of the law that come out too.

    The query gives the columns that say whose row it is; `error`, the facts that are wrong, else NULL; and for each
    decision `NAME_status` (`granted`, `refused`, `undetermined`, `conflict`, `error`), `NAME_rule` and its outcome.

    Raises:
        ArgumentError: for an unknown dialect, a day outside the law's, a name that SQL cannot hold, a law with more
            columns or levels than the database allows.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> query = to_sql(law, "postgres", Table("hr.employees", keys=("nip", "unit")))
    >>> [line.split(" AS ")[1] for line in query.splitlines() if '(status)" AS' in line]
    ['"promotion_status",', '"incentives_status",']
    """
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    table = Table(table) if isinstance(table, str) else table
    if not isinstance(table, Table):
        raise ArgumentError("table", table, "the name of a table, or a Table")
    day = _day_of(law, as_of)
    levels = Levels(dialect_of(dialect))
    edge = Edge(law, table, day, levels)
    edge.read()
    steps = write_steps(law, levels, edge.lanes, remark)
    answers = Answers(law, steps, levels, edge.error, values_of(law, values))
    parts = [*edge.written(), *levels.written("checked", answers.wanted(), edge.keys)]
    needed = sorted({t.code for t in answers.wanted() if t.refs} | {k.code for k in edge.keys})
    middle = [*needed, *(f"{code} AS {name}" for name, code in answers.statuses().items())]
    last = f"SELECT\n  {_COMMA.join(middle)}\n  FROM {parts[-1].name}{levels.dialect.fence}"
    written = ",\n".join(map(str, [*parts, Part("decided", last)]))
    lines = "\n".join(heading(law, day, dialect))
    return f"{lines}\nWITH {written}\nSELECT\n  {_shown(edge, answers)}\nFROM decided\n"


def _shown(edge: Edge, answers: Answers) -> str:
    """Give the columns that come out, each under a name of its own."""
    answered = answers.columns()
    keys = edge.table.keys
    for i, key in enumerate(keys):
        if key.casefold() in {name.casefold() for name in (*answered, *keys[:i])}:
            raise ArgumentError("table", key, "a key that does not bear the name of an answer, or of another key")
    names = Names({key.casefold() for key in keys})
    found = [f"{text.code} AS {quoted(key)}" for key, text in zip(keys, edge.keys, strict=True)]
    found += [f"{code} AS {quoted(names.fresh(name))}" for name, code in answered.items()]
    return _COMMA.join(found)


def _day_of(law: Law, as_of: datetime.date | str | None) -> datetime.date:
    day = law.on if as_of is None else day_argument("as_of", as_of)
    first, last = law.valid
    if day < first or (last is not None and day >= last):
        until = "" if last is None else f" to {last - datetime.timedelta(days=1)}"
        raise ArgumentError("as_of", str(day), f"a day on which this law holds, {first}{until}")
    return day


def create_view(name: str, query: str) -> str:
    """Make a view of a query, ready to be created.

    >>> print(create_view("hr.merit", "SELECT 1"))
    CREATE VIEW "hr"."merit" AS
    SELECT 1;

    Raises:
        ArgumentError: for a name that SQL cannot hold, or what is not a text.
    """
    for argument, value in (("name", name), ("query", query)):
        if not isinstance(value, str):
            raise ArgumentError(argument, value, "a text")
    return f"CREATE VIEW {quoted_path(name)} AS\n{query.rstrip()};"
