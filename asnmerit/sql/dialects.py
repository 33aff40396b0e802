"""Where the two databases differ: each difference is one field of a dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs

from asnmerit.errors import ArgumentError

EPOCH: Final = "DATE '0001-01-01'"


@attrs.frozen
class Dialect:
    """How one database writes what SQL leaves open.

    `fence` ends each part of a query so that the planner does not copy columns into one another; `typed` says
    whether the type of a column can be asked in the query, so that a wrong one becomes an error of the row. After every
    `most_nested` levels one is stored, since the planner's time grows with the third power of how many are not.
    """

    name: str
    divided: Callable[[str, str], str]
    text: Callable[[str], str]
    array: Callable[[Sequence[str], str], str]
    exact: str
    fence: str
    typed: bool
    most_columns: int
    most_nested: int
    most_levels: int


def _plain_text(value: str) -> str:
    if "\0" in value:
        raise ArgumentError("law", value, "texts without the character 0")
    return "'" + value.replace("'", "''") + "'"


def _escaped_text(value: str) -> str:
    """Write a text so that it reads the same whatever `standard_conforming_strings` says."""
    plain = _plain_text(value)
    return "E" + plain.replace("\\", "\\\\") if "\\" in value else plain


DUCKDB: Final = Dialect(
    name="duckdb",
    divided=lambda a, b: f"({a} // {b})",
    text=_plain_text,
    array=lambda cells, of: f"CAST([{', '.join(cells)}] AS {of}[])",
    exact="DECIMAL(19, 0)",
    fence="",
    typed=True,
    most_columns=8_000,
    most_nested=1_000,
    most_levels=900,
)
POSTGRES: Final = Dialect(
    name="postgres",
    divided=lambda a, b: f"({a} / {b})",
    text=_escaped_text,
    array=lambda cells, of: f"CAST('{{{', '.join(cells)}}}' AS {of}[])",
    exact="NUMERIC",
    # A part of a query with OFFSET is planned by itself; otherwise each column is copied into all that read it.
    fence="\n  OFFSET 0",
    typed=False,
    most_columns=1_600,
    most_nested=32,
    most_levels=1_000,
)
DIALECTS: Final[Mapping[str, Dialect]] = {d.name: d for d in (DUCKDB, POSTGRES)}


def dialect_of(name: str) -> Dialect:
    """Give a dialect by its name.

    Raises:
        ArgumentError: if there is none of that name.
    """
    if name not in DIALECTS:
        raise ArgumentError("dialect", name, " or ".join(DIALECTS))
    return DIALECTS[name]


def as_date(day: str) -> str:
    """Write the date of a day number."""
    return f"({EPOCH} + CAST({day} - 1 AS INTEGER))"


def truth(value: object) -> str:
    """Write a truth value."""
    return "TRUE" if value else "FALSE"


def whole(value: int) -> str:
    """Write a whole number."""
    return str(value) if value >= 0 else f"({value})"
