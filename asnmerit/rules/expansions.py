"""How operators are written in the kernel, for those that need more than a line of the catalogue."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from asnmerit.rules.build import Kernel
from asnmerit.rules.expr import Expr, Literal
from asnmerit.rules.meanings import neighbour
from asnmerit.rules.types import Enum

Lower = Callable[..., Expr]


def lower_round(mode: str) -> Lower:
    """Write a rounding in a mode."""

    def lower(k: Kernel, x: Expr, step: Expr | None = None) -> Expr:
        size = Fraction(1) if step is None else constant(k, step, "the rounding step")
        if size <= 0:
            k.fail("rounding-step", step=size)
        return k.rounded(mode, x, size)

    return lower


def constant(k: Kernel, x: Expr, what: str) -> Fraction:
    """Give the value of what must be known when the law is made."""
    if not isinstance(x, Literal):
        k.fail("needs-constant", what=what)
    return Fraction(x.value, x.type.den)


def lower_add_months(k: Kernel, day: Expr, months: Expr) -> Expr:
    """Write add months in the kernel."""
    return k.date_at(k.arithmetic("add", k.month_index(day), months), k.day(day))


def lower_between(k: Kernel, a: Expr, b: Expr) -> Expr:
    """Write completed months in the kernel."""
    last = k.month_index(b)
    whole = k.arithmetic("sub", last, k.month_index(a))
    early = k.compared("lt", b, k.date_at(last, k.day(a)))
    return k.arithmetic("sub", whole, k.as_number(early))


def lower_month(k: Kernel, day: Expr) -> Expr:
    """Write month in the kernel."""
    index = k.month_index(day)
    year = k.rounded("floor", k.times(index, k.number(Fraction(1, 12))), Fraction(1))
    month = k.arithmetic("sub", index, k.times(year, k.number(12)))
    within = k.arithmetic("min", k.arithmetic("max", month, k.number(0)), k.number(11))
    return k.arithmetic("add", within, k.number(1))


def lower_year(k: Kernel, day: Expr) -> Expr:
    """Write year in the kernel."""
    return k.rounded("floor", k.times(k.month_index(day), k.number(Fraction(1, 12))), Fraction(1))


def lower_month_start(k: Kernel, day: Expr, months: Expr) -> Expr:
    """Write month start in the kernel."""
    return k.date_at(k.arithmetic("add", k.month_index(day), months), k.number(1))


def lower_next_month(k: Kernel, listed: frozenset[int], day: Expr) -> Expr:
    """Write next month in the kernel."""
    late = k.as_number(k.compared("lt", k.number(1), k.day(day)))
    first = k.date_at(k.arithmetic("add", k.month_index(day), late), k.number(1))
    wait = [next(n for n in range(12) if (m + n - 1) % 12 + 1 in listed) for m in range(1, 13)]
    ahead = k.lookup([0, *wait], lower_month(k, first))
    return lower_month_start(k, first, ahead)


def lower_at_least(k: Kernel, n: int, *args: Expr) -> Expr:
    """Count up by and/or: `reached[j]` is that j of those seen hold. Monotone, hence exact under Kleene."""
    reached: list[Expr] = [k.constant("bool", 1), *(k.constant("bool", 0) for _ in range(n))]
    for arg in args:
        reached = [reached[0], *[k.either(reached[j], k.both(reached[j - 1], arg)) for j in range(1, n + 1)]]
    return reached[n]


def level(k: Kernel, levels: tuple[int, ...] | None, x: Expr) -> Expr:
    """Give the level of a member."""
    if levels is None or levels == tuple(range(len(levels))):
        return x
    return k.lookup(levels, x, kind="code")


def lower_compare(op: str, *, swapped: bool = False) -> Lower:
    """Write a comparison, by level where the type has levels."""

    def lower(k: Kernel, levels: tuple[int, ...] | None, a: Expr, b: Expr) -> Expr:
        a, b = level(k, levels, a), level(k, levels, b)
        return k.compared(op, b, a) if swapped else k.compared(op, a, b)

    return lower


def lower_neighbour(direction: int) -> Lower:
    """Write neighbour in the kernel."""

    def lower(k: Kernel, enum: Enum, x: Expr) -> Expr:
        return k.lookup([neighbour(enum, i, direction) for i in range(len(enum.members))], x, kind="code")

    return lower


def lower_steps(k: Kernel, enum: Enum, a: Expr, b: Expr) -> Expr:
    """Write steps in the kernel."""
    low, high = (k.lookup(enum.levels, x) for x in (a, b))
    return k.arithmetic("sub", high, low)


def lower_listed(k: Kernel, codes: frozenset[int], x: Expr) -> Expr:
    """Write listed in the kernel."""
    return k.lookup([int(i in codes) for i in range(x.type.hi + 1)], x, kind="bool")


def lower_in_months(k: Kernel, listed: frozenset[int], x: Expr) -> Expr:
    """Write in months in the kernel."""
    inside = k.both(k.compared("le", k.number(1), x), k.compared("le", x, k.number(12)))
    if x.type.den != 1:
        k.fail("needs-constant", what="a whole month number")
    place = k.arithmetic("min", k.arithmetic("max", x, k.number(0)), k.number(13))
    known = k.lookup([int(m in listed) for m in range(14)], place, kind="bool")
    return k.chosen(inside, known, k.constant("bool", 0), strict=True)
