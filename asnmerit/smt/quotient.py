"""Rounded quotients of whole numbers as terms, exact in every mode of decimal.

A quotient is the floor of an exact real quotient, `ToInt(ToReal(n) / d)`, mirrored where the mode goes by the sign.
Solvers prove far more with it than with integer division.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from asnmerit.rules.kernel import bounds
from asnmerit.rules.rounding import divided
from asnmerit.smt.library import z3
from asnmerit.smt.trees import mapped
from asnmerit.smt.whole import Whole, at_most, chosen, few, number, on_leaves, scaled, shifted

if TYPE_CHECKING:
    from asnmerit.smt.truth import Truth


def quotient(mode: str, n: Whole, d: Whole) -> Whole:
    """Give n / d rounded in a mode. The divisor is at least 1 by its interval, or `ValueError` is raised."""
    if d.low < 1:
        message = f"a divisor that is not proved to be positive: from {d.low} to {d.high}"
        raise ValueError(message)
    if d.point:
        return _by_constant(mode, n, d.low)
    tree = few(d)
    if tree is not None:
        return mapped(tree, lambda by: _by_constant(mode, n, by), chosen)  # type: ignore[no-any-return]
    return _term(mode, n, d, z3.ToReal(n.expr) / z3.ToReal(d.expr))


def _by_constant(mode: str, n: Whole, d: int) -> Whole:
    if d == 1:
        return n
    if mode == "floor" and n.mixed is not None and n.mixed[1] == d:
        return n.mixed[0]
    if n.tree is not None:
        return on_leaves(n, lambda m: divided(mode, m, d))
    found = _term(mode, n, number(n.context, d), z3.ToReal(n.expr) * z3.RatVal(1, d, n.context))
    if found.point:
        return found
    undone = None
    if mode == "floor" and n.undone is not None:

        def undone(y: Whole) -> Truth:
            return at_most(n, shifted(scaled(y, d), d - 1))

    reach = partial(_reached, mode, n, d)
    return Whole(n.context, found.low, found.high, found.expr, reach=reach, size=n.size, undone=undone)


def _reached(mode: str, n: Whole, d: int, v: int) -> Truth:
    """Whether the quotient is at most v: whether n is at most the last number of which that is so."""
    last, beyond = v * d, (v + 1) * d
    while beyond - last > 1:
        middle = (last + beyond) // 2
        last, beyond = (middle, beyond) if divided(mode, middle, d) <= v else (last, middle)
    return n.reaches(last)


def _term(mode: str, n: Whole, d: Whole, real: Any) -> Whole:  # noqa: ANN401 - a z3 term
    low, high = bounds("quot", mode, [(n.low, n.high), (d.low, d.high)])
    if low == high:
        return number(n.context, low)
    return Whole(n.context, low, high, _rounded(mode, n, real))


def _rounded(mode: str, n: Whole, x: Any) -> Any:  # noqa: ANN401 - z3 terms
    half = z3.RatVal(1, 2, n.context)
    match mode:
        case "floor":
            return z3.ToInt(x)
        case "ceiling":
            return -z3.ToInt(-x)
        case "down":
            return _by_sign(n, lambda: z3.ToInt(x), lambda: -z3.ToInt(-x))
        case "up":
            return _by_sign(n, lambda: -z3.ToInt(-x), lambda: z3.ToInt(x))
        case "half_up":
            return _by_sign(n, lambda: z3.ToInt(x + half), lambda: -z3.ToInt(-x + half))
        case "half_down":
            return _by_sign(n, lambda: -z3.ToInt(-x + half), lambda: z3.ToInt(x + half))
        case "half_even":
            up = z3.ToInt(x + half)
            odd_tie = z3.And(z3.ToReal(up) == x + half, up % 2 == 1)
            return z3.If(odd_tie, up - 1, up)
        case _:
            message = f"no rounding mode {mode}"
            raise ValueError(message)


def _by_sign(n: Whole, positive: Any, negative: Any) -> Any:  # noqa: ANN401 - makers of z3 terms
    if n.low >= 0:
        return positive()
    if n.high <= 0:
        return negative()
    return z3.If(n.expr >= 0, positive(), negative())
