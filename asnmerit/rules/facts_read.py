"""Which facts an expression reads, itself or through the steps that it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.rules.expr import Each, Expr, Fact, Row, Step, walk

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.assemble import RichStep


def facts_in(expr: Expr) -> set[str]:
    """Give the facts that an expression reads itself."""
    found = set()
    for node in walk(expr):
        if isinstance(node, Fact):
            found.add(node.name)
        elif isinstance(node, Row | Each | Step) and node.binder is not None:
            found.add(node.binder.list_fact)
    return found


def facts_of(expr: Expr, steps: Mapping[str, RichStep]) -> set[str] | None:
    """Give the facts that an expression rests on; None when a step it reads is not in force."""
    found: set[str] = set()
    pending, seen = [expr], set()
    while pending:
        at_hand = pending.pop()
        found |= facts_in(at_hand)
        for node in walk(at_hand):
            if isinstance(node, Step) and node.key not in seen:
                seen.add(node.key)
                if node.key not in steps:
                    return None
                pending.append(steps[node.key].expr)
    return found
