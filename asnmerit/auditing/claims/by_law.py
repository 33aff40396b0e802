"""What is settled by the law and the day alone, whoever the person is: switches of the law, and rows of its tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.decision import decide
from asnmerit.exact import by_reference
from asnmerit.outcome import cone
from asnmerit.rules.expr import Call, Fact, Parameter, Step, walk

if TYPE_CHECKING:
    from asnmerit.rules.assemble import ConditionNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

CONNECTIVES = frozenset({"and", "or", "not"})
OF_TABLES = frozenset({"cell", "in_table"})


def settled_by_law(law: Law) -> dict[str, bool]:
    """Give the truth of the conditions that are settled though nothing is known of the person.

    They rest on values of the law, or on the day: a requirement that is not in force yet, a switch that a region left
    off. A condition without either is settled by how it is written, and is not among them.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/jpt"), on="2026-04-01")
    >>> settled_by_law(law)["conditions_of_calls"]
    True
    """
    given = decide(law, {}).given
    lanes = tuple(raw if name == "as_of" else None for (name, _), raw in zip(law.inputs, given.lanes, strict=True))
    values = by_reference(law, given._replace(lanes=lanes))
    return {
        s.key: bool(values[s.key])
        for s in law.steps
        if s.role == "condition" and values[s.key] is not None and _by_values(law, s.key)
    }


def _by_values(law: Law, key: str) -> bool:
    """Whether a step rests on a value of the law, or on the day."""
    return any(
        isinstance(node, Parameter)
        or (isinstance(node, Fact) and node.name == "as_of")
        or (isinstance(node, Call) and node.op in OF_TABLES)
        for step in cone(law, key)
        for node in walk(law.steps[law.index[step]].rich)
    )


def asks_of_a_table(law: Law, node: ConditionNode) -> bool:
    """Whether a condition asks only if a table has a row: of the law more than of the person.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("contoh/tpp"), on="2026-04-01")
    >>> [c.name for c in law.decisions["komponen_tpp"].rules[0].requires if asks_of_a_table(law, c)]
    ['share_known']
    """
    return node.key in law.index and node.form == "is" and _asks(law, law.steps[law.index[node.asked or node.key]].rich)


def _asks(law: Law, expr: Expr) -> bool:
    if isinstance(expr, Step):
        return expr.binder is None and _asks(law, law.steps[law.index[expr.key]].rich)
    if isinstance(expr, Call) and expr.op in CONNECTIVES:
        return all(_asks(law, arg) for arg in expr.args)
    return isinstance(expr, Call) and expr.op == "in_table"
