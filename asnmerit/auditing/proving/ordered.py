"""Whether one kernel expression is never less than another: by their intervals, and by how they are made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from asnmerit.rules.expr import Call, Expr, Fact, Literal, Row, Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

DEEP: Final = 12
MOST: Final = 400
"""How deep a comparison of expressions looks, and how many it makes; beyond, nothing is said."""


def same(a: Expr, b: Expr, deep: int = DEEP) -> bool:
    """Whether two expressions are written alike, and so have one value.

    >>> from asnmerit.rules.types import BOOL
    >>> same(Fact(BOOL, "active"), Fact(BOOL, "active")), same(Fact(BOOL, "active"), Fact(BOOL, "retired"))
    (True, False)
    """
    if a is b:
        return True
    if deep == 0 or type(a) is not type(b):
        return False
    match a, b:
        case Literal(), Literal():
            return bool(a.value == b.value)
        case Fact(), Fact():
            return (a.name, a.slot) == (b.name, b.slot)
        case Step(), Step():
            return a.key == b.key and a.binder is b.binder
        case Row(), Row():
            return a.binder is b.binder and a.field == b.field
        case Call(), Call():
            alike = a.op == b.op and a.const == b.const and len(a.args) == len(b.args)
            return alike and all(same(x, y, deep - 1) for x, y in zip(a.args, b.args, strict=True))
        case _:
            return False


class Ordering:
    """Compares expressions of one law under one set of intervals. It may say no where the answer is yes."""

    def __init__(self, codes: Mapping[str, Expr], interval: Callable[[Expr], tuple[int, int]]) -> None:
        """Take the kernel form of each step, and how the interval of an expression is found."""
        self.codes, self.interval = codes, interval
        self.known: dict[tuple[int, int], bool] = {}
        self.kept: list[Expr] = []
        self.left = 0

    def at_least(self, a: Expr, b: Expr) -> bool:
        """Whether a is never less than b, for one and the same person."""
        self.left = MOST
        return self._ge(a, b, DEEP)

    def _ge(self, a: Expr, b: Expr, deep: int) -> bool:
        if self.interval(a)[0] >= self.interval(b)[1] or same(a, b, deep):
            return True
        place = id(a), id(b)
        if place in self.known:
            return self.known[place]
        if deep == 0 or self.left <= 0:
            return False
        self.left -= 1
        found = self._made(a, b, deep - 1)
        if found or self.left > 0:
            self.known[place] = found
            self.kept += (a, b)
        return found

    def _made(self, a: Expr, b: Expr, deep: int) -> bool:
        """Look into how they are made."""
        for a_made, b_made in self._opened(a, b):
            if a_made is not a or b_made is not b:
                if self._ge(a_made, b_made, deep):
                    return True
                continue
        return self._alike(a, b, deep) or self._above(a, b, deep) or self._below(a, b, deep)

    def _opened(self, a: Expr, b: Expr) -> list[tuple[Expr, Expr]]:
        """Give the pair with one of two steps written out."""
        pairs = []
        if isinstance(a, Step) and a.binder is None:
            pairs.append((self.codes[a.key], b))
        if isinstance(b, Step) and b.binder is None:
            pairs.append((a, self.codes[b.key]))
        return pairs

    def _alike(self, a: Expr, b: Expr, deep: int) -> bool:
        """Compare part by part what is made by one operator."""
        if not (isinstance(a, Call) and isinstance(b, Call)) or a.op != b.op or a.const != b.const:
            return False
        match a.op:
            case "add" | "min" | "max" | "date_at" | "month_index" | "bucket" | "and" | "or":
                if len(a.args) != len(b.args):
                    return False
                return all(self._ge(x, y, deep) for x, y in zip(a.args, b.args, strict=True))
            case "sub":
                return self._ge(a.args[0], b.args[0], deep) and self._ge(b.args[1], a.args[1], deep)
            case "mul":
                return self._product(a, b, deep)
            case "quot":
                return same(a.args[1], b.args[1]) and self._ge(a.args[0], b.args[0], deep)
            case "select" | "pick":
                branches = self._ge(a.args[1], b.args[1], deep) and self._ge(a.args[2], b.args[2], deep)
                return branches and same(a.args[0], b.args[0])
            case _:
                return False

    def _product(self, a: Call, b: Call, deep: int) -> bool:
        """x*k against y*k, by the sign of k."""
        for i, j in ((0, 0), (1, 1), (0, 1), (1, 0)):
            k = a.args[i]
            if not same(k, b.args[j]):
                continue
            low, high = self.interval(k)
            x, y = a.args[1 - i], b.args[1 - j]
            if (low >= 0 and self._ge(x, y, deep)) or (high <= 0 and self._ge(y, x, deep)):
                return True
        return False

    def _above(self, a: Expr, b: Expr, deep: int) -> bool:
        """Look into the greater one."""
        if not isinstance(a, Call):
            return False
        match a.op:
            case "add":
                x, y = a.args
                return (self.interval(y)[0] >= 0 and self._ge(x, b, deep)) or (
                    self.interval(x)[0] >= 0 and self._ge(y, b, deep)
                )
            case "sub":
                return self.interval(a.args[1])[1] <= 0 and self._ge(a.args[0], b, deep)
            case "max" | "or":
                return any(self._ge(x, b, deep) for x in a.args)
            case "min" | "and":
                return all(self._ge(x, b, deep) for x in a.args)
            case "select" | "pick":
                return self._ge(a.args[1], b, deep) and self._ge(a.args[2], b, deep)
            case _:
                return False

    def _below(self, a: Expr, b: Expr, deep: int) -> bool:
        """Look into the lesser one."""
        if not isinstance(b, Call):
            return False
        match b.op:
            case "add":
                x, y = b.args
                return (self.interval(y)[1] <= 0 and self._ge(a, x, deep)) or (
                    self.interval(x)[1] <= 0 and self._ge(a, y, deep)
                )
            case "sub":
                return self.interval(b.args[1])[0] >= 0 and self._ge(a, b.args[0], deep)
            case "max" | "or":
                return all(self._ge(a, x, deep) for x in b.args)
            case "min" | "and":
                return any(self._ge(a, x, deep) for x in b.args)
            case "select" | "pick":
                return self._ge(a, b.args[1], deep) and self._ge(a, b.args[2], deep)
            case _:
                return False
