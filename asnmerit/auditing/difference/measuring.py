"""Numbers that decide: the scores and other named values that conditions read, and what they are in a region."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.claims.wording import amount, pair, step_words
from asnmerit.auditing.difference.found import Side
from asnmerit.auditing.difference.joining import OTHER
from asnmerit.rules.expr import Step, walk
from asnmerit.rules.law import exact_text
from asnmerit.rules.types import Number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.difference.joining import Joint

NAMED: Final = frozenset({"score", "indicator", "derived"})
CONDITIONS: Final = frozenset({"condition", "operand", "part", "rule"})
MOST: Final = 6
"""So many numbers are measured in a decision."""


def measured(joint: Joint, name: str) -> tuple[str, ...]:
    """Give the steps of the joint law that hold a number which the conditions of a decision read, of either law.

    >>> import asnmerit
    >>> from asnmerit.auditing.difference.joining import joint
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> sorted(measured(joint(law, law, law.on), "promotion"))
    ['merit_score', 'months_in_post']
    """
    law = joint.law
    found: dict[str, None] = {}
    seen: set[str] = set()
    pending = [r.key for r in joint.a.decisions[name].rules]
    if name in joint.b.decisions:
        pending += [joint.there(r.key).key for r in joint.b.decisions[name].rules]
    while pending:
        step = law.steps[law.index[pending.pop(0)]]
        for node in walk(step.rich):
            if not isinstance(node, Step) or node.key in seen:
                continue
            seen.add(node.key)
            read = law.steps[law.index[node.key]]
            if read.role in NAMED and isinstance(read.type, Number) and read.binder is None:
                found[node.key] = None
            elif read.role in CONDITIONS:
                pending.append(node.key)
    return tuple(found)[:MOST]


def ranges_of(joint: Joint, ranges: Mapping[str, tuple[int, int]]) -> tuple[Side, ...]:
    """Say what numbers were, from the least to the most."""
    sides = []
    for key, (low, high) in ranges.items():
        step = joint.law.steps[joint.law.index[key]]
        own = joint.b if key.startswith(OTHER) else joint.a
        first, last = (Fraction(n, step.code.type.den) for n in (low, high))
        words = amount(first, step.type)
        if low != high:
            words = pair(("{0} sampai {1}", "{0} to {1}"), words, amount(last, step.type))
        name = key.removeprefix(OTHER)
        data = {"from": exact_text(first), "to": exact_text(last)}
        sides.append(Side(name, step_words(own, name), data, words))
    return tuple(sides)
