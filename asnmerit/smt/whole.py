"""Whole numbers as terms, with the interval that holds them and, where they have few values, the choice among them.

A number of few values is kept as a tree of tests with the values at its leaves. What is computed from it is computed
at the leaves: a product with such a number is a choice among linear terms, a comparison is a formula without numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from asnmerit.smt.library import z3
from asnmerit.smt.trees import Tree, ends, leaves, mapped, split, written
from asnmerit.smt.truth import Truth, conjunction, disjunction, negation, same
from asnmerit.smt.truth import chosen as chosen_truth

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_LEAVES: Final = 256
"""A number with more values than this is a term like any other."""
MOST_REACHED: Final = 256
"""A comparison with a constant is written out to at most so many comparisons of what a number is made of."""
FEW: Final = 64
"""A product is written out over a factor with at most so many values."""


class Whole:
    """A whole number: `low <= it <= high`; `tree` where it has few values; `stride`: it is low + n * stride.

    `reach` writes "it is at most v" for a constant v by what it was made of, with `size` comparisons at most: the
    least of two is at most v when one of them is, a quotient when what is divided is below a bound. No rounding and
    no choice is left in such a formula. `undone` does so for any number y, where what it was made by is worth undoing.
    """

    __slots__ = ("_expr", "_reached", "context", "high", "low", "mixed", "reach", "size", "stride", "tree", "undone")

    def __init__(  # noqa: PLR0913 - what is known of a number
        self,
        context: Any,  # noqa: ANN401 - a z3 context
        low: int,
        high: int,
        expr: Any = None,  # noqa: ANN401 - a z3 term
        *,
        tree: Tree | None = None,
        stride: int = 1,
        mixed: tuple[Whole, int, Whole] | None = None,
        reach: Callable[[int], Truth] | None = None,
        size: int = 1,
        undone: Callable[[Whole], Truth] | None = None,
    ) -> None:
        """Make one from a term or from a tree. `mixed`: (a, n, b) says that it is a * n + b with 0 <= b < n."""
        self.reach, self.size = (reach, size) if size <= MOST_REACHED else (None, 1)
        self._reached: dict[int, Truth] = {}
        self.undone = undone
        self.context, self.low, self.high, self._expr = context, low, high, expr
        self.tree, self.stride, self.mixed = low if low == high else tree, stride, mixed

    @property
    def point(self) -> bool:
        """Whether it is a constant."""
        return self.low == self.high

    def reaches(self, v: int) -> Truth:
        """Whether it is at most a constant."""
        if v >= self.high:
            return True
        if v < self.low:
            return False
        if v not in self._reached:
            if self.tree is not None:
                found = truth_on_leaves(self, lambda n: n <= v)
            else:
                found = self.expr <= v if self.reach is None else self.reach(v)
            self._reached[v] = found
        return self._reached[v]

    @property
    def expr(self) -> Any:  # noqa: ANN401 - a z3 term
        """The z3 term."""
        if self._expr is None:
            self._expr = written(self.tree, self.context, {})
        return self._expr


def number(context: Any, value: int) -> Whole:  # noqa: ANN401 - a z3 context
    """Make a constant."""
    return Whole(context, value, value)


def of_tree(context: Any, tree: Tree) -> Whole:  # noqa: ANN401 - a z3 context
    """Make a number from a tree."""
    low, high = ends(tree)
    return Whole(context, low, high, tree=tree)


def on_leaves(x: Whole, change: Callable[[int], int]) -> Whole:
    """Compute a number from one with few values."""
    if x.tree is None:
        raise TypeError(x)
    return of_tree(x.context, mapped(x.tree, change, split))


def truth_on_leaves(x: Whole, change: Callable[[int], bool]) -> Truth:
    """Compute a truth from a number with few values."""
    if x.tree is None:
        raise TypeError(x)
    return mapped(x.tree, change, chosen_truth)


def few(x: Whole, most: int = FEW) -> Tree | None:
    """Give a tree of a number's values when they are few: its own, or one over its range."""
    if x.tree is not None:
        return x.tree if leaves(x.tree) <= most else None
    if (x.high - x.low) // x.stride >= most:
        return None
    return _ranged(x, list(range(x.low, x.high + 1, x.stride)))


def _ranged(x: Whole, values: Sequence[int]) -> Tree:
    if len(values) == 1:
        return values[0]
    middle = len(values) // 2
    return split(x.reaches(values[middle - 1]), _ranged(x, values[:middle]), _ranged(x, values[middle:]))


def chosen(test: Truth, a: Whole, b: Whole) -> Whole:
    """Give `a if test else b`."""
    if isinstance(test, bool):
        return a if test else b
    if a is b:
        return a
    if a.tree is not None and b.tree is not None and leaves(a.tree) + leaves(b.tree) <= MOST_LEAVES:
        return of_tree(a.context, split(test, a.tree, b.tree))
    if same(a.expr, b.expr):
        return a
    return Whole(
        a.context,
        min(a.low, b.low),
        max(a.high, b.high),
        z3.If(test, a.expr, b.expr),
        reach=lambda v: chosen_truth(test, a.reaches(v), b.reaches(v)),
        size=a.size + b.size,
    )


# --- comparisons ---


def less(a: Whole, b: Whole) -> Truth:
    """Give `a < b`."""
    if a.high < b.low:
        return True
    if a.low >= b.high:
        return False
    if b.point:
        return a.reaches(b.low - 1)
    if a.point:
        return negation(b.reaches(a.low))
    if a.undone is not None:
        return a.undone(shifted(b, -1))
    if b.undone is not None:
        return negation(b.undone(a))
    return _compared(a, b, lambda m, n: m < n)


def at_most(a: Whole, b: Whole) -> Truth:
    """Give `a <= b`."""
    if a.high <= b.low:
        return True
    if a.low > b.high:
        return False
    if b.point:
        return a.reaches(b.low)
    if a.point:
        return negation(b.reaches(a.low - 1))
    if a.undone is not None:
        return a.undone(b)
    if b.undone is not None:
        return negation(b.undone(shifted(a, -1)))
    return _compared(a, b, lambda m, n: m <= n)


def equal(a: Whole, b: Whole) -> Truth:
    """Give `a == b`."""
    if a.high < b.low or b.high < a.low:
        return False
    for x, y in ((a, b), (b, a)):
        if y.point and x.reach is not None and x.tree is None:
            return conjunction((x.reaches(y.low), negation(x.reaches(y.low - 1))))
        if x.undone is not None and not same(x.expr, y.expr):
            return conjunction((at_most(x, y), negation(less(x, y))))
    return _compared(a, b, lambda m, n: m == n)


def _compared(a: Whole, b: Whole, test: Callable[[Any, Any], Any]) -> Truth:
    if a.tree is not None and b.tree is not None and leaves(a.tree) * leaves(b.tree) <= MOST_LEAVES:
        other = b.tree
        return mapped(a.tree, lambda m: mapped(other, lambda n: test(m, n), chosen_truth), chosen_truth)
    if same(a.expr, b.expr):
        return test(0, 0)
    return test(a.expr, b.expr)


# --- arithmetic ---


def added(a: Whole, b: Whole) -> Whole:
    """Give a + b."""
    for x, y in ((a, b), (b, a)):
        if y.point:
            return shifted(x, y.low)
    mixed = None
    for x, y in ((a, b), (b, a)):
        if x.mixed is not None and x.mixed[2].point and x.mixed[2].low == 0 and 0 <= y.low <= y.high < x.mixed[1]:
            mixed = (x.mixed[0], x.mixed[1], y)
    return Whole(a.context, a.low + b.low, a.high + b.high, a.expr + b.expr, mixed=mixed)


def shifted(x: Whole, by: int) -> Whole:
    """Give x plus a constant."""
    if by == 0:
        return x
    if x.tree is not None:
        return on_leaves(x, lambda n: n + by)
    mixed = None
    if x.mixed is not None:
        high, size, low = x.mixed
        if low.point:
            carry, rest = divmod(low.low + by, size)
            mixed = (shifted(high, carry), size, number(x.context, rest))
        elif low.low + by >= 0 and low.high + by < size:
            mixed = (high, size, shifted(low, by))
    return Whole(
        x.context,
        x.low + by,
        x.high + by,
        x.expr + by,
        stride=x.stride,
        mixed=mixed,
        reach=None if x.reach is None else lambda v: x.reaches(v - by),
        size=x.size,
        undone=None if x.undone is None else lambda y: at_most(x, shifted(y, -by)),
    )


def subtracted(a: Whole, b: Whole) -> Whole:
    """Give a - b."""
    if b.point:
        return shifted(a, -b.low)
    if same(a.expr, b.expr):
        return number(a.context, 0)
    if a.point and b.tree is not None:
        return on_leaves(b, lambda n: a.low - n)
    reach = (lambda v: negation(b.reaches(a.low - v - 1))) if a.point else None
    return Whole(a.context, a.low - b.high, a.high - b.low, a.expr - b.expr, reach=reach, size=b.size)


def total(context: Any, parts: Sequence[Whole]) -> Whole:  # noqa: ANN401 - a z3 context
    """Give the sum of any number."""
    fixed = sum(p.low for p in parts if p.point)
    rest = [p for p in parts if not p.point]
    if not rest:
        return number(context, fixed)
    if len(rest) == 1:
        return shifted(rest[0], fixed)
    low, high = fixed + sum(p.low for p in rest), fixed + sum(p.high for p in rest)
    terms = [p.expr for p in rest] + ([z3.IntVal(fixed, context)] if fixed else [])
    return Whole(context, low, high, z3.Sum(terms))


def scaled(x: Whole, by: int) -> Whole:
    """Give x times a constant."""
    if by == 1:
        return x
    if by == 0:
        return number(x.context, 0)
    if x.tree is not None:
        return on_leaves(x, lambda n: n * by)
    low, high = sorted((x.low * by, x.high * by))
    mixed = (x, by, number(x.context, 0)) if by > 1 else None

    def reach(v: int) -> Truth:
        return x.reaches(v // by) if by > 0 else negation(x.reaches(-(-v // by) - 1))

    return Whole(x.context, low, high, x.expr * by, stride=abs(by) * x.stride, mixed=mixed, reach=reach, size=x.size)


def multiplied(a: Whole, b: Whole) -> Whole:
    """Give a * b: linear in the one factor for each value of the other, where one of them has few."""
    for x, y in ((a, b), (b, a)):
        if y.point:
            return scaled(x, y.low)
    few_a, few_b = few(a), few(b)
    if few_a is not None and (few_b is None or leaves(few_a) <= leaves(few_b)):
        return mapped(few_a, lambda n: scaled(b, n), chosen)  # type: ignore[no-any-return]
    if few_b is not None:
        return mapped(few_b, lambda n: scaled(a, n), chosen)  # type: ignore[no-any-return]
    corners = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
    return Whole(a.context, min(corners), max(corners), a.expr * b.expr)


def smaller(a: Whole, b: Whole) -> Whole:
    """Give min(a, b)."""
    return _either(a, b, least=True)


def larger(a: Whole, b: Whole) -> Whole:
    """Give max(a, b)."""
    return _either(a, b, least=False)


def _either(a: Whole, b: Whole, *, least: bool) -> Whole:
    low, high = (a, b) if least else (b, a)
    if low.high <= high.low:
        return a
    if low.low >= high.high:
        return b
    pick = min if least else max
    for x, y in ((a, b), (b, a)):
        if y.point and x.tree is not None:
            return on_leaves(x, lambda n, m=y.low: pick(n, m))  # type: ignore[misc]
    found = chosen(at_most(a, b) if least else at_most(b, a), a, b)
    if found.tree is not None:
        return found
    join = disjunction if least else conjunction
    return Whole(
        a.context,
        pick(a.low, b.low),
        pick(a.high, b.high),
        found.expr,
        reach=lambda v: join((a.reaches(v), b.reaches(v))),
        size=a.size + b.size,
    )
