"""A law run in a database: every step by its integers, and decisions as users get them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.types import ListOf
from asnmerit.sql.dialects import dialect_of
from asnmerit.sql.edge import Edge, Table
from asnmerit.sql.kernel import write_steps
from asnmerit.sql.levels import Levels, Part, Text
from support.compare import exact
from support.sql_tables import columns, created

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.law import Law
    from support.people import Person


@attrs.frozen
class Database:
    """A connection and its dialect."""

    dialect: str
    connection: Any

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Run a query."""
        found: list[tuple[Any, ...]] = self.connection.execute(query).fetchall()
        return found

    def dialect_text(self, value: str) -> str:
        """Write a text as SQL."""
        return dialect_of(self.dialect).text(value)

    def put(self, law: Law, people: list[Person], day: datetime.date, *, nested: bool = False) -> None:
        """Make the table `records` of some people."""
        found = columns(law, people, day, self.dialect, nested=nested)
        created(self.connection, "records", found, len(people))


def steps_query(law: Law, dialect: str, day: datetime.date, *, nested: bool = False) -> str:
    """Write a query that gives the integers of every step; of a step with one value a row, all of them."""
    levels = Levels(dialect_of(dialect))
    edge = Edge(law, Table(lists="nested" if nested else "columns"), day, levels)
    edge.read()
    steps = write_steps(law, levels, edge.lanes)
    wanted = [edge.error]
    for step in law.steps:
        wanted += [steps[step.key]] if step.binder is None else steps[step.key]
    return levels_query([*edge.written(), *levels.written("checked", wanted, edge.keys)], [*edge.keys, *wanted])


def levels_query(parts: list[Part], wanted: list[Text]) -> str:
    """Put parts together."""
    shown = ", ".join(f"{t.code} AS c{i}" for i, t in enumerate(wanted))
    written = ",\n".join(map(str, parts))
    return f"WITH {written}\nSELECT {shown} FROM {parts[-1].name} ORDER BY c0"


def every_step(law: Law, db: Database, people: list[Person], day: datetime.date, *, nested: bool = False) -> list[Any]:
    """Give the exact value of every step for every person, as the reference has it; the text of the faults, if any."""
    db.put(law, people, day, nested=nested)
    found = []
    for who, (_, error, *cells) in zip(people, db.rows(steps_query(law, db.dialect, day, nested=nested)), strict=True):
        values: dict[str, Any] = {}
        at = iter(cells)
        for step in law.steps:
            if step.binder is None:
                values[step.key] = exact(next(at), step.code.type)
                continue
            rows = [next(at) for _ in range(step.binder.up_to)]
            given = who[step.binder.list_fact]
            if given is None:
                given = _assumed(law, step.binder.list_fact)
            values[step.key] = None if given is None else [exact(r, step.code.type) for r in rows[: len(given)]]
        found.append(error if error is not None else values)
    return found


def _assumed(law: Law, name: str) -> Any:
    decl = law.declared[name]
    assert isinstance(decl.type, ListOf)
    return decl.assume


# --- kernel expressions alone ---


def kernel_values(db: Database, codes: list[Any], inputs: list[Any], rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Run kernel expressions of the facts x0, x1, ... on rows of raw values; gives the raw values of each row."""
    levels = Levels(dialect_of(db.dialect))
    key = levels.given("n")
    lanes = {(f"x{i}", None): levels.given(f"x{i}", truth=of.kind == "bool") for i, of in enumerate(inputs)}
    steps = tuple(SimpleNamespace(key=f"s{i}", code=code, binder=None) for i, code in enumerate(codes))
    found = write_steps(SimpleNamespace(steps=steps), levels, lanes)  # type: ignore[arg-type]
    wanted = [found[step.key] for step in steps]
    parts = levels.written("t", wanted, [key])
    kinds = ["BIGINT", *("BOOLEAN" if of.kind == "bool" else "BIGINT" for of in inputs)]
    table = [
        f"({', '.join(f'CAST({_raw(v)} AS {k})' for v, k in zip((i, *row), kinds, strict=True))})"
        for i, row in enumerate(rows)
    ]
    first = f"SELECT * FROM (VALUES {', '.join(table)}) AS v({', '.join(levels.inputs[n].code for n in levels.inputs)})"  # noqa: S608 - a test's own table
    answers = db.rows(levels_query([Part("t", first), *parts], [key, *wanted]))
    return [list(cells) for _, *cells in answers]


def _raw(value: Any) -> str:
    return "NULL" if value is None else str(value).upper()
