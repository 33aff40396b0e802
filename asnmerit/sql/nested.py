"""Lists that stand in one column, spread into numbered columns: DuckDB's LIST, PostgreSQL's JSONB."""

from __future__ import annotations

from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, Scalar
from asnmerit.sql.dialects import Dialect, truth
from asnmerit.sql.lanes import day, members, number, read

DECIMAL = r"'^[+-]?[0-9]{1,40}([.][0-9]{1,40})?$'"
RATIO = r"'^[+-]?[0-9]{1,18}/[0-9]{1,18}$'"
DAY = r"'^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$'"


def count(column: str, dialect: Dialect) -> str:
    """Write how many rows a column holds; NULL where it is not known, -1 where it holds no list."""
    if dialect.typed:
        return f"CAST(len({column}) AS BIGINT)"
    return (
        f"CASE jsonb_typeof({column}) WHEN 'array' THEN CAST(jsonb_array_length({column}) AS BIGINT)"
        f" WHEN 'null' THEN NULL ELSE CASE WHEN {column} IS NOT NULL THEN -1 END END"
    )


def cell(column: str, row: int, field: str, of: ListOf, dialect: Dialect) -> str:
    """Write one value of one row, from 0."""
    if dialect.typed:
        item = f"{column}[{row + 1}]"
        return item if of.plain else f"struct_extract({item}, {dialect.text(field)})"
    item = entry(column, row)
    return f"NULLIF({item if of.plain else f'({item}) -> {dialect.text(field)}'}, CAST('null' AS JSONB))"


def entry(column: str, row: int) -> str:
    """Write one row of a JSONB column, from 0; a scalar would give itself as its row 0."""
    return f"CASE jsonb_typeof({column}) WHEN 'array' THEN {column} -> {row} END"


def misshapen(raw: str, of: ListOf, dialect: Dialect) -> str:
    """Write the fault of a row of a JSONB column that is no object, or has fields that the fact has not."""
    known = ", ".join(dialect.text(f) for f in of.fields)
    return (
        f"CASE WHEN jsonb_typeof({raw}) <> 'object' THEN 'wrong-type'"
        f" WHEN jsonb_typeof({raw}) = 'object' AND"
        f" (CASE WHEN jsonb_typeof({raw}) = 'object' THEN {raw} - ARRAY[{known}] END) <> CAST('{{}}' AS JSONB)"
        " THEN 'unknown-field' END"
    )


def read_json(raw: str, of: Scalar, dialect: Dialect) -> tuple[str, str]:
    """Give the value of a JSON scalar and the code of its fault, as `asnmerit.sql.lanes.read` does for a column."""
    text = f"({raw} #>> '{{}}')"
    kind = f"jsonb_typeof({raw})"
    match of:
        case Bool():
            cases = " ".join(f"WHEN CAST('{truth(b).lower()}' AS JSONB) THEN {truth(b)}" for b in (True, False))
            return f"CASE {raw} {cases} END", "'wrong-type'"
        case Enum():
            code = f"CASE {kind} WHEN 'string' THEN 'unknown-member' ELSE 'wrong-type' END"
            return f"CASE {kind} WHEN 'string' THEN {members(text, of, dialect)} END", code
        case Date():
            shaped = f"{kind} = 'string' AND {text} ~ {DAY} AND {text} >= '0001'"
            value = f"CASE WHEN {shaped} THEN {_real_day(text, of)} END"
            return value, f"CASE WHEN {kind} <> 'string' THEN 'wrong-type' ELSE 'out-of-range' END"
        case Number():
            return _json_number(text, kind, of, dialect)


def _real_day(text: str, of: Date) -> str:
    """Write the number of a day that exists: the day after so many days is still in its month."""
    year, month, day_ = (f"CAST(substr({text}, {at}, {n}) AS INTEGER)" for at, n in ((1, 4), (6, 2), (9, 2)))
    found = f"(make_date({year}, {month}, 1) + ({day_} - 1))"
    return f"CASE WHEN EXTRACT(MONTH FROM {found}) = {month} THEN {day(found, of)} END"


def _json_number(text: str, kind: str, of: Number, dialect: Dialect) -> tuple[str, str]:
    """Numbers, and exact numbers written as text: 12.50, 25/8."""
    plain = f"{kind} = 'number' OR ({kind} = 'string' AND {text} ~ {DECIMAL})"
    ratio = f"{kind} = 'string' AND {text} ~ {RATIO} AND CAST(split_part({text}, '/', 2) AS NUMERIC) > 0"
    top, bottom = (f"CAST(split_part({text}, '/', {n}) AS NUMERIC)" for n in (1, 2))
    value, missed = read(f"CAST({text} AS NUMERIC)", of, dialect)
    code = f"CASE WHEN {plain} THEN {missed} WHEN {ratio} THEN 'off-step' ELSE 'wrong-type' END"
    return f"CASE WHEN {plain} THEN {value} WHEN {ratio} THEN {number(top, of, bottom)} END", code
