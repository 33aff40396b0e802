"""People in a table of a database: the columns that a law reads, in each form and dialect, written as SQL."""

from __future__ import annotations

import datetime
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.rules.law import exact_text
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Yearly
from asnmerit.sql.dialects import DIALECTS
from asnmerit.sql.names import quoted
from support.people import Person

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Columns = dict[str, tuple[str, list[str]]]
"""By name: the type of a column, and its values as SQL."""


def sql_type(of: Scalar) -> str:
    """Give the type that a column of a fact has."""
    match of:
        case Bool():
            return "BOOLEAN"
        case Enum():
            return "TEXT"
        case Date():
            return "DATE"
        case Number():
            return "NUMERIC(30, 8)"


def cell(exact: Any, of: Scalar, dialect: str) -> str:
    """Write an exact value as SQL."""
    if exact is None:
        return "NULL"
    match of:
        case Bool():
            return "TRUE" if exact else "FALSE"
        case Enum():
            return DIALECTS[dialect].text(of.members[exact])
        case Date():
            return f"DATE '{datetime.date.fromordinal(exact).isoformat()}'"
        case Number():
            return exact_text(exact)


def tellable(law: Law, who: Person) -> Person:
    """Forget the numbers that a decimal cannot hold: such a table cannot know them."""

    def told(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: told(v) for k, v in value.items()}
        if isinstance(value, list):
            return [told(v) for v in value]
        return None if isinstance(value, Fraction) and "/" in exact_text(value) else value

    return {name: told(who[name]) for name in law.declared}


def columns(law: Law, people: list[Person], day: datetime.date, dialect: str, *, nested: bool = False) -> Columns:  # noqa: C901 - one case a kind of fact
    """Give the columns that a law reads, for some people."""
    found: Columns = {}

    def put(name: str, of: Scalar, values: list[Any]) -> None:
        found[name] = (sql_type(of), [cell(v, of, dialect) for v in values])

    for name in sorted({n for n, _ in law.inputs} - {"as_of"}):
        slots = [s for n, s in law.inputs if n == name]
        given = [who[name] for who in people]
        match law.declared[name].type:
            case Yearly(of, _):
                for k in slots:
                    year = day.year - 1 - int(str(k))
                    put(f"{name}_{year}", of, [g.get(year) for g in given])
            case PerMember(of, _):
                for m in slots:
                    put(f"{name}_{m}", of, [g.get(m) for g in given])
            case ListOf() as of if nested:
                found[name] = (_nested_type(of, dialect), [_nested(g, of, dialect) for g in given])
            case ListOf() as of:
                found[f"{name}_count"] = ("INTEGER", ["NULL" if g is None else str(len(g)) for g in given])
                for i in range(of.up_to):
                    for field in [str(s)[1:] for s in slots if s != "#"]:
                        at = f"{name}_{i + 1}" if of.plain else f"{name}_{i + 1}_{field}"
                        put(at, of.fields[field], [g[i][field] if g and i < len(g) else None for g in given])
            case of:
                put(name, of, given)
    return found


def _nested_type(of: ListOf, dialect: str) -> str:
    if dialect == "postgres":
        return "JSONB"
    if of.plain:
        return f"{sql_type(of.fields['value'])}[]"
    return f"STRUCT({', '.join(f'{quoted(f)} {sql_type(t)}' for f, t in of.fields.items())})[]"


def _nested(rows: Any, of: ListOf, dialect: str) -> str:
    if rows is None:
        return "NULL"
    if dialect == "postgres":
        return DIALECTS[dialect].text(json.dumps([_json_row(r, of) for r in rows], ensure_ascii=False)) + "::jsonb"
    cells = [{f: cell(r[f], t, dialect) for f, t in of.fields.items()} for r in rows]
    if of.plain:
        return f"[{', '.join(c['value'] for c in cells)}]"
    return "[" + ", ".join("{" + ", ".join(f"{quoted(f)}: {v}" for f, v in c.items()) + "}" for c in cells) + "]"


def _json_row(row: dict[str, Any], of: ListOf) -> Any:
    shown = {f: _json(row[f], t) for f, t in of.fields.items()}
    return shown["value"] if of.plain else {f: v for f, v in shown.items() if v is not None or len(f) % 2}


def _json(exact: Any, of: Scalar) -> Any:
    if exact is None:
        return None
    match of:
        case Enum():
            return of.members[exact]
        case Date():
            return datetime.date.fromordinal(exact).isoformat()
        case Number():
            whole = exact.denominator == 1 and exact.numerator % 2
            return int(exact) if whole else exact_text(exact)
        case _:
            return exact


def created(connection: Any, name: str, found: Columns, count: int) -> None:
    """Create a table and fill it; its key is the row's number."""
    kinds = ["nip INTEGER", *(f"{quoted(n)} {of}" for n, (of, _) in found.items())]
    connection.execute(f"DROP TABLE IF EXISTS {quoted(name)} CASCADE")
    connection.execute(f"CREATE TABLE {quoted(name)} ({', '.join(kinds)})")
    rows = [f"({', '.join([str(i), *(cells[i] for _, cells in found.values())])})" for i in range(count)]
    connection.execute(f"INSERT INTO {quoted(name)} VALUES {', '.join(rows)}")  # noqa: S608 - a test's own table
