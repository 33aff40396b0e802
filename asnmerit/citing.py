"""Which articles a condition rests on: its own, those of the values it compares with, of a table the very row."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from asnmerit.rules.expr import Call, Expr, Fact, Parameter, Step, walk
from asnmerit.rules.table import CellRef, MonthsRef

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.rules.declarations import About, Citation
    from asnmerit.rules.law import Law


def citations_of(decision: Decision, about: About, expr: Expr | None) -> list[Citation]:
    """Give the articles of a condition and of the values it compares with."""
    law = decision.law
    citations = list(about.citations)
    for node in _parts(law, expr):
        key = _value_read(node)
        if key in law.sources:
            citations += _row_citations(decision, node, key) or law.sources[key].citations
        if isinstance(node, Step) and not citations and node.key in law.index:
            citations += law.steps[law.index[node.key]].about.citations
    return citations


def _parts(law: Law, expr: Expr | None) -> Iterator[Expr]:
    """Give the nodes of a condition, those of its named operands included."""
    for node in walk(expr) if expr is not None else ():
        yield node
        if isinstance(node, Step) and node.key in law.index:
            step = law.steps[law.index[node.key]]
            if step.role == "operand":
                yield from walk(step.rich)


def _row_citations(decision: Decision, node: Expr, table: str) -> tuple[Citation, ...]:
    """Give the articles of the very row that a lookup read, where the table names them row by row."""
    rows = decision.law.row_sources.get(table)
    if not rows or not isinstance(node, Call) or not isinstance(node.const, CellRef):
        return ()
    key = node.args[0]
    value = decision.facts.get(key.name) if isinstance(key, Fact) and key.slot is None else None
    if isinstance(key, Step) and key.binder is None:
        value = decision.values[key.key]
    if value is None:
        return ()
    if decision.law.data.tables[table].axes[0].match == "from" and isinstance(value, int | Fraction | Decimal):
        lower = [k for k in rows if Fraction(k) <= value]
        return rows[max(lower, key=Fraction)] if lower else ()
    return rows.get(str(value), ())


def _value_read(node: Expr) -> str:
    """Give the parameter or table that a node reads, if it reads one."""
    if isinstance(node, Parameter):
        return node.key
    if isinstance(node, Call) and isinstance(node.const, MonthsRef):
        return node.const.key
    return node.const.table if isinstance(node, Call) and isinstance(node.const, CellRef) else ""
