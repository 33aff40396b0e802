"""A law with the day of decision as a fact like others, so that what is asked of it is asked of many days at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.rules.declarations import About, FactDecl
from asnmerit.rules.expr import Expr, Fact, rebuilt
from asnmerit.rules.types import Date

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

DAY: Final = "day of decision"


def reads_the_day(law: Law) -> bool:
    """Whether anything that a law says rests on the day of decision."""
    return ("as_of", None) in law.inputs


def days_of(a: Law, b: Law) -> tuple[int, int]:
    """Give the first and the last of the days on which both of two laws hold as they are."""
    first = max(law.valid[0].toordinal() for law in (a, b))
    ends = [law.valid[1].toordinal() - 1 for law in (a, b) if law.valid[1] is not None]
    low, high = (pick(law.data.as_of[i] for law in (a, b)) for i, pick in enumerate((max, min)))
    return max(first, low), min([*ends, high])


def with_day(law: Law, first: int, last: int) -> Law:
    """Give a law whose day of decision is a fact, one of the days from the first to the last.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> freed = with_day(law, law.on.toordinal(), law.on.toordinal() + 9)
    >>> reads_the_day(law), reads_the_day(freed), DAY in freed.reads
    (True, False, True)
    """

    def change(node: Expr) -> Expr | None:
        return attrs.evolve(node, name=DAY) if isinstance(node, Fact) and node.name == "as_of" else None

    steps = tuple(attrs.evolve(s, code=rebuilt(s.code, change), rich=rebuilt(s.rich, change)) for s in law.steps)
    return attrs.evolve(law, steps=steps, declared={**law.declared, DAY: FactDecl(DAY, Date(first, last), About())})
