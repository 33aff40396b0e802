"""What of a law another law has otherwise: the steps whose expressions differ, and all that rests on them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, children, walk

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

WHOLE = "*"
"""Stands for everything: the facts themselves are declared otherwise."""
_READ: WeakKeyDictionary[Law, dict[str, frozenset[str]]] = WeakKeyDictionary()


def affected(a: Law, b: Law) -> frozenset[str]:
    """Give the steps of either law whose value may differ: `*` where a fact that they read is declared otherwise.

    Empty means that the laws answer alike for everybody, by their structure.

    >>> import asnmerit
    >>> policy = asnmerit.load("manokwari/merit")
    >>> one, other = (asnmerit.in_force(policy, on=day) for day in ("2025-06-01", "2026-06-01"))
    >>> sorted(affected(one, one)), "reaches_target" in affected(one, other)
    ([], True)
    """
    found = _changed(a, b)
    for law in (a, b):
        for step in law.steps:
            if step.key not in found and not found.isdisjoint(_read_by(law)[step.key]):
                found.add(step.key)
    for key in a.decisions.keys() | b.decisions.keys():
        if _shape(a, key) != _shape(b, key):
            found |= {f"{key}.granted", f"{key}.rule"} & (a.index.keys() | b.index.keys())
    for name in a.reads | b.reads:
        one, other = a.declared.get(name), b.declared.get(name)
        if one is None or other is None or (one.type, one.assume) != (other.type, other.assume):
            found.add(WHOLE)
    return frozenset(found)


def _read_by(law: Law) -> dict[str, frozenset[str]]:
    """Give for each step the steps that its expression reads; found once for each law."""
    if law not in _READ:
        _READ[law] = {s.key: frozenset(n.key for n in walk(s.code) if isinstance(n, Step)) for s in law.steps}
    return _READ[law]


def _changed(a: Law, b: Law) -> set[str]:
    """Give the steps that only one law has, or that both have with other code."""
    found = a.index.keys() ^ b.index.keys()
    memo: dict[tuple[int, int], bool] = {}
    for step in a.steps:
        if step.key in b.index:
            other = b.steps[b.index[step.key]]
            same = step.role == other.role and step.type == other.type and _binders(step.binder, other.binder)
            if not same or not _same(step.code, other.code, memo):
                found.add(step.key)
    return set(found)


def _shape(law: Law, key: str) -> object:
    """Give what a decision is beside its steps: its rules in order, how they count, what they grant."""
    node = law.decisions.get(key)
    if node is None:
        return None
    rules = [(r.key, tuple(r.grants)) for r in node.rules]
    return (node.kind, node.hit, tuple(node.fields), tuple(node.totals), rules, sorted(node.otherwise))


def _binders(a: Binder | None, b: Binder | None) -> bool:
    if a is None or b is None:
        return a is b
    return (a.name, a.list_fact, a.up_to) == (b.name, b.list_fact, b.up_to)


def _same(a: Expr, b: Expr, memo: dict[tuple[int, int], bool]) -> bool:
    """Whether two expressions are written alike; shared parts are compared once."""
    if a is b:
        return True
    key = (id(a), id(b))
    if key not in memo:
        memo[key] = _alike(a, b) and _all_same(children(a), children(b), memo)
    return memo[key]


def _all_same(a: tuple[Expr, ...], b: tuple[Expr, ...], memo: dict[tuple[int, int], bool]) -> bool:
    return len(a) == len(b) and all(_same(x, y, memo) for x, y in zip(a, b, strict=True))


def _alike(a: Expr, b: Expr) -> bool:
    """Whether two nodes are alike, what is below them aside."""
    match (a, b):
        case (Literal(), Literal()):
            return bool(a.type == b.type and a.value == b.value)
        case (Fact(), Fact()):
            return bool((a.name, a.slot, a.type) == (b.name, b.slot, b.type))
        case (Row(), Row()):
            return a.field == b.field and a.type == b.type and _binders(a.binder, b.binder)
        case (Parameter(), Parameter()):
            return a.key == b.key
        case (Step(), Step()):
            return a.key == b.key and a.type == b.type and _binders(a.binder, b.binder)
        case (Call(), Call()):
            return bool(a.op == b.op and a.const == b.const and a.type == b.type)
        case (Each(), Each()):
            shape = (a.where is None, a.default is None) == (b.where is None, b.default is None)
            return a.op == b.op and shape and _binders(a.binder, b.binder)
        case _:
            return False
