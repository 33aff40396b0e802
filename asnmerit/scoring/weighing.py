"""Schemes of weights as expressions: the first usable scheme counts, and weights are never silently rescaled."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from asnmerit.rules import types as t
from asnmerit.rules.expr import NOWHERE, Call, Each, Expr, Fact, Literal, Row
from asnmerit.rules.types import Number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from asnmerit.diagnostics import Position
    from asnmerit.rules.expr import Binder

ROUNDING: Final = {"up": "round_up", "down": "round_down"}


def number(value: Fraction | int) -> Literal:
    """Write a number."""
    exact = Fraction(value)
    return Literal(Number("number", exact, exact), exact)


def call(of: t.Scalar, op: str, *args: Expr, const: object = None, position: Position = NOWHERE) -> Call:
    """Write a call."""
    return Call(of, op, args, const, position)


def weighted(weights: Mapping[str, Fraction], values: Mapping[str, Expr]) -> Expr:
    """Give the weighted sum; a weight of 0 is not read at all.

    >>> weighted({"a": Fraction(1, 2), "b": Fraction(1, 2)}, {"a": number(80), "b": number(90)}).op
    'add'
    """
    parts = [call(t.NUMBER, "mul", values[name], number(w)) for name, w in weights.items() if w]
    total: Expr = parts[0] if parts else number(0)
    for part in parts[1:]:
        total = call(t.NUMBER, "add", total, part)
    return total


def first_usable(schemes: Sequence[tuple[Sequence[Expr], Expr]], otherwise: Expr | None) -> Expr:
    """Give the value of the first scheme whose tests all hold; the last one's where there is no `otherwise`."""
    *earlier, (tests, value) = schemes
    result = value if otherwise is None or not tests else call(t.NUMBER, "if", conjunction(tests), value, otherwise)
    for tests_before, value_before in reversed(earlier):
        result = call(t.NUMBER, "if", conjunction(tests_before), value_before, result) if tests_before else value_before
    return result


def conjunction(tests: Sequence[Expr]) -> Expr:
    """Give the conjunction of tests; of none, true."""
    if not tests:
        return Literal(t.BOOL, value=True)
    return tests[0] if len(tests) == 1 else call(t.BOOL, "and", *tests)


def rounded(value: Expr, to: Fraction, mode: str) -> Expr:
    """Round a score, in a mode named as in decimal."""
    return call(t.NUMBER, ROUNDING.get(mode, mode), value, number(to))


def combined(binder: Binder, scale: Number, how: str, position: Position) -> Expr:
    """Give the mean or median of the scores that raters of one kind gave. Of none, the lowest score of the scale."""
    return Each(t.NUMBER, how, binder, Row(scale, binder, "value", position), None, None, position)


def enough(list_fact: str, at_least: int) -> Expr:
    """Ask whether a list has at least so many rows."""
    return call(t.BOOL, "ge", Fact(Number("integer"), list_fact, "#"), number(at_least))
