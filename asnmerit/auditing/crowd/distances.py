"""How far each person is from making a truth value of the law true, or false: what a search goes by."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.frames.kernel import Block, BlockKernel
from asnmerit.rules import types as t
from asnmerit.rules.declarations import About
from asnmerit.rules.expr import Call, Each, Expr, Literal, Step
from asnmerit.rules.kernel import MOST, int_of
from asnmerit.rules.law import LawStep

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping

    from asnmerit.rules.law import Law

Array = Any
Far = tuple[Array, Array]
"""How far from true and how far from false; 0 is there."""
TESTS: Final = frozenset({"lt", "le", "eq"})
MOST_BITS: Final = 64.0
NONE, HALF, ONE = np.float32(0), np.float32(0.5), np.float32(1)


class Distances:
    """Distances of the truth values of some steps, by branch distance: sums over what must all hold, else the least."""

    def __init__(self, law: Law, as_of: datetime.date, keys: Iterable[str]) -> None:
        """`keys` are steps with a truth value, one for each person."""
        self.law, self.keys = law, tuple(keys)
        self._columns: dict[int, str] = {}
        self._added: list[LawStep] = []
        self._made: list[Expr] = []
        seen: set[int] = set()
        for key in self.keys:
            self._register(law.steps[law.index[key]].code, seen)
        bigger = attrs.evolve(law, steps=(*law.steps, *self._added))
        self._kernel = BlockKernel(bigger, as_of.toordinal(), [s.key for s in self._added])

    def _register(self, root: Expr, seen: set[int]) -> None:
        """Give every leaf of a formula a column of its own; named truth values are looked through."""
        stack = [root]
        while stack:
            node = stack.pop()
            if id(node) in seen:
                continue
            seen.add(id(node))
            below = self._below(node)
            if below is not None:
                stack += below
            elif not isinstance(node, Literal):
                self._columns[id(node)] = self._add(self._measure(node))

    def _below(self, node: Expr) -> tuple[Expr, ...] | None:
        """Give the formulas that a formula is made of; None for a leaf."""
        if isinstance(node, Step):
            return (self.law.steps[self.law.index[node.key]].code,)
        if isinstance(node, Call) and node.op in {"and", "or", "not", "select", "pick"}:
            return node.args
        return None

    def _add(self, code: Expr) -> str:
        key = f"~{len(self._added)}"
        while key in self.law.index:
            key = f"~{key}"
        self._added.append(LawStep(key, "part", t.BOOL, code, code, About()))
        return key

    def _measure(self, node: Expr) -> Expr:
        """Give the number that tells how far a leaf is off: a difference, a count of rows; else its truth."""
        if isinstance(node, Call) and node.op in TESTS:
            a, b = node.args
            low, high = b.type.lo - a.type.hi, b.type.hi - a.type.lo
            if max(abs(low), abs(high)) < MOST:
                return Call(int_of("number", low, high), "sub", (b, a))
        if isinstance(node, Each) and node.op in {"any", "all"}:
            return _rows_off(node)
        return node

    # --- evaluating ---

    def of(self, block: Block, keys: Iterable[str] | None = None) -> Mapping[str, Far]:
        """Give the distances of each step, or of some, for each person."""
        columns = self._kernel.run(block).values
        memo: dict[int, Far] = {}
        return {
            key: self._far(self.law.steps[self.law.index[key]].code, columns, memo)
            for key in (self.keys if keys is None else keys)
        }

    def _far(self, root: Expr, columns: Mapping[str, Array], memo: dict[int, Far]) -> Far:
        stack = [root]
        while stack:
            node = stack[-1]
            below = self._below(node)
            waiting = [n for n in below or () if id(n) not in memo]
            if waiting:
                stack += waiting
                continue
            stack.pop()
            if below is None:
                memo[id(node)] = self._leaf(node, columns)
            else:
                memo[id(node)] = _joined(node, [memo[id(n)] for n in below])
        return memo[id(root)]

    def _leaf(self, node: Expr, columns: Mapping[str, Array]) -> Far:
        if isinstance(node, Literal):
            return (np.float32(not node.value), np.float32(bool(node.value)))
        column = columns[self._columns[id(node)]]
        if isinstance(node, Call) and node.op in TESTS and column.dtype != np.bool_:
            gap = column.astype(np.float32)
            match node.op:
                case "lt":
                    return _off(1 - gap), _off(gap)
                case "le":
                    return _off(-gap), _off(gap + 1)
                case _:
                    return _off(np.abs(gap)), np.where(gap == 0, HALF, NONE)
        if isinstance(node, Each) and node.op in {"any", "all"} and column.dtype != np.bool_:
            off = np.minimum(column.astype(np.float32) / 4, 1.0)
            there = np.where(off == 0, HALF, NONE)
            return off, there
        return np.where(column, NONE, ONE), np.where(column, ONE, NONE)


def _off(amount: Array) -> Array:
    """Give 0 where nothing is missing, else more the more is missing, at most about 1."""
    return np.where(amount > 0, 0.1 + np.log2(1 + np.maximum(amount, 0)) / MOST_BITS, NONE)


def _joined(node: Expr, parts: list[Far]) -> Far:
    if isinstance(node, Step):
        return parts[0]
    op = node.op  # type: ignore[union-attr]
    if op == "not":
        return parts[0][1], parts[0][0]
    if op in {"select", "pick"}:
        (ct, cf), (at, af), (bt, bf) = parts
        return np.minimum(ct + at, cf + bt), np.minimum(ct + af, cf + bf)
    every = (_sum([p[0] for p in parts]), _least([p[1] for p in parts]))
    some = (_least([p[0] for p in parts]), _sum([p[1] for p in parts]))
    return every if op == "and" else some


def _sum(parts: list[Array]) -> Array:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _least(parts: list[Array]) -> Array:
    least = parts[0]
    for part in parts[1:]:
        least = np.minimum(least, part)
    return least


def _rows_off(node: Each) -> Expr:
    """For `all`, how many rows fail; for `any`, how many parts of the test the best row fails (0: some row holds)."""
    one, none = (Literal(int_of("number", n, n), n) for n in (1, 0))
    parts = node.body.args if isinstance(node.body, Call) and node.body.op == "and" else (node.body,)
    up_to = node.binder.up_to

    def counted(test: Expr, yes: Literal, no: Literal) -> Expr:
        return Call(int_of("number", 0, 1), "pick", (test, yes, no))

    if node.op == "all":
        return Each(int_of("number", 0, up_to), "sum", node.binder, counted(node.body, none, one))
    off = counted(parts[0], none, one)
    for i, part in enumerate(parts[1:], start=2):
        off = Call(int_of("number", 0, i), "add", (off, counted(part, none, one)))
    most = len(parts) + 1
    nobody = Literal(int_of("number", most, most), most)
    return Each(int_of("number", 0, most), "min", node.binder, off, None, nobody)
