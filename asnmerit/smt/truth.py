"""Truth as terms: a Python bool where it is settled already, a z3 Bool elsewhere; what is settled is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.smt.library import z3

if TYPE_CHECKING:
    from collections.abc import Iterable

Truth = Any
"""A Python bool or a z3 Bool."""


def same(a: Any, b: Any) -> bool:  # noqa: ANN401 - any two terms, or Python values
    """Whether two terms are literally one: z3 keeps one node for equal terms of a context."""
    if a is b:
        return True
    if isinstance(a, bool | int) or isinstance(b, bool | int):
        return type(a) is type(b) and bool(a == b)
    return bool(a.eq(b))


def negation(a: Truth) -> Truth:
    """Give `not a`."""
    if isinstance(a, bool):
        return not a
    return a.arg(0) if z3.is_not(a) else z3.Not(a)


def conjunction(parts: Iterable[Truth]) -> Truth:
    """Give `and` of any number; of none, true."""
    return _joined(parts, empty=True)


def disjunction(parts: Iterable[Truth]) -> Truth:
    """Give `or` of any number; of none, false."""
    return _joined(parts, empty=False)


def _joined(parts: Iterable[Truth], *, empty: bool) -> Truth:
    kept: dict[int, Any] = {}
    for part in parts:
        if isinstance(part, bool):
            if part is not empty:
                return part
            continue
        kept[part.get_id()] = part
    if any(z3.is_not(p) and p.arg(0).get_id() in kept for p in kept.values()):
        return not empty
    if len(kept) <= 1:
        return next(iter(kept.values()), empty)
    return z3.And(*kept.values()) if empty else z3.Or(*kept.values())


def chosen(test: Truth, a: Truth, b: Truth) -> Truth:
    """Give `a if test else b`."""
    if isinstance(test, bool):
        return a if test else b
    if same(a, b):
        return a
    if a is True:
        return disjunction((test, b))
    if a is False:
        return conjunction((negation(test), b))
    if b is True:
        return disjunction((negation(test), a))
    if b is False:
        return conjunction((test, a))
    return z3.If(test, a, b)


def alike(a: Truth, b: Truth) -> Truth:
    """Give `a == b` of two truths."""
    if isinstance(a, bool):
        return b if a else negation(b)
    if isinstance(b, bool):
        return a if b else negation(a)
    return True if same(a, b) else a == b
