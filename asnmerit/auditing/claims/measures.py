"""Steps that put an answer into a number: one that tells answers apart, or one that is higher where it is better."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.questions import Extended, better, chosen, fields_of, level, place, read_step, settled, whole
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

SEVERAL: Final = 2
GRANTED, REFUSED, CONFLICT = 1, 0, 2


def once(extended: Extended, key: str, expr: Expr) -> str:
    """Add a step unless it was added before."""
    return key if key in extended else extended.add(key, expr)


# --- telling answers apart ---


def apart(law: Law, extended: Extended, node: DecisionNode) -> list[tuple[str | None, str]]:
    """Add the steps that tell the answers of a decision apart: its status, then each field. Gives (field, key).

    Of a collection the totals are fields; where they do not say everything, who is granted what by which rule is told
    apart too.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> apart(law, Extended(law), law.decisions["predikat_kinerja"])
    [(None, 'predikat_kinerja~status'), ('predicate', 'predikat_kinerja~answer.predicate')]
    """
    found: list[tuple[str | None, str]] = [(None, once(extended, f"{node.key}~status", _status(law, node)))]
    for field in fields_of(law, node):
        value = place(read_step(law, f"{node.key}.{field}"))
        if node.hit != "collect" and field not in node.otherwise:
            value = chosen(settled(law, node), value, whole(0))
        found.append((field, once(extended, f"{node.key}~answer.{field}", value)))
    if node.hit == "collect" and (not node.totals or set(node.fields) - set(node.totals)):
        for rule in node.rules:
            found.append((None, rule.key))
            for field in node.fields:
                granted = chosen(extended.read(rule.key), place(extended.read(rule.grants[field])), whole(0))
                found.append((field, once(extended, f"{rule.key}~answer.{field}", granted)))
    return found


def _status(law: Law, node: DecisionNode) -> Expr:
    granted = chosen(settled(law, node), whole(GRANTED), whole(REFUSED))
    conflict = f"{node.key}.conflict"
    return chosen(read_step(law, conflict), whole(CONFLICT), granted) if conflict in law.index else granted


def which(extended: Extended, node: DecisionNode) -> str | None:
    """Add the step that tells which rule granted; None where it is one rule at most, or all that hold."""
    if node.hit == "collect" or len(node.rules) < SEVERAL:
        return None
    granted = extended.read(f"{node.key}.granted")
    return once(extended, f"{node.key}~which", chosen(granted, extended.read(f"{node.key}.rule"), whole(-1)))


# --- what is better ---


def good(law: Law, extended: Extended, node: DecisionNode) -> list[tuple[str | None, str]]:
    """Add the steps that are higher where a decision is better for the person. Gives (field, key); None: being granted.

    A benefit is good to be granted, a burden not to be; of a finding only the fields count that say which way is
    better. A field that is not answered counts as worst in a benefit or finding, and as best in a burden; where
    `otherwise` says what it is, it counts as that.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> good(law, Extended(law), law.decisions["incentives"])
    [(None, 'incentives~good'), ('amount', 'incentives~good.amount')]
    """
    return [(field, once(extended, key, expr)) for field, key, expr in goodness(law, node)]


def goodness(law: Law, node: DecisionNode) -> list[tuple[str | None, str, Expr]]:
    """Write what `good` adds: (field, key, expression)."""
    found: list[tuple[str | None, str, Expr]] = []
    if node.kind != "finding":
        yes, no = (whole(1), whole(0)) if node.kind == "benefit" else (whole(0), whole(1))
        found.append((None, f"{node.key}~good", chosen(settled(law, node), yes, no)))
    for field in fields_of(law, node):
        way = better(node, field)
        of = node.fields[field]
        if way is not None and not (isinstance(of, t.Enum) and not of.ordered):
            found.append((field, f"{node.key}~good.{field}", _field(law, node, field, higher=way == "higher")))
    return found


def _field(law: Law, node: DecisionNode, field: str, *, higher: bool) -> Expr:
    key = f"{node.key}.{field}"
    value = level(read_step(law, key))
    signed = value if higher else Call(t.NUMBER, "sub", (whole(0), value))
    if node.hit == "collect" or field in node.otherwise:
        return signed
    low, high = _ends(law, key)
    least, most = (low, high) if higher else (-high, -low)
    absent = whole(most + 1) if node.kind == "burden" else whole(least - 1)
    return chosen(settled(law, node), signed, absent)


def _ends(law: Law, key: str) -> tuple[Fraction, Fraction]:
    """Give the least and the most that the level of a step can be."""
    step = law.steps[law.index[key]]
    of = step.code.type
    match step.type:
        case t.Enum(levels=levels):
            return Fraction(0), Fraction(max(levels) - min(levels))
        case t.Bool():
            return Fraction(0), Fraction(1)
        case t.Date():
            return Fraction(of.lo - 1), Fraction(of.hi - 1)
        case _:
            return Fraction(of.lo, of.den), Fraction(of.hi, of.den)
