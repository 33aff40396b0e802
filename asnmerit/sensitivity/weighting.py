"""The weights of a score, read from its expression and written back: exact shares that sum to one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Expr, Literal, Step
from asnmerit.rules.law import exact_text
from asnmerit.scoring.weighing import weighted
from asnmerit.sensitivity.changing import MODES, with_steps

if TYPE_CHECKING:
    from asnmerit.rules.law import Law


@attrs.frozen(eq=False)
class Weighed:
    """A score of one scheme: its weights by step, and how the weighted sum is rounded (mode and step, or None)."""

    key: str
    weights: Mapping[str, Fraction]
    mode: str | None
    to: Fraction | None
    parts: Mapping[str, Step]
    rounding: Call | None


def weighed(law: Law, score: object) -> Weighed:
    """Read the weights of a score or an indicator. Raises `ArgumentError` where it is none, or has several schemes.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> {name: str(w) for name, w in weighed(law, "merit_score").weights.items()}
    {'quality': '1/2', 'discipline': '3/10', 'innovation': '1/5'}
    """
    names = [s.key for s in law.steps if s.role in {"score", "indicator"}]
    if not isinstance(score, str) or score not in names:
        near = near_misses(str(score)[:80], names)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ArgumentError("score", score, f"a score of the law ({', '.join(names) or 'it has none'}){hint}")
    rich = law.steps[law.index[score]].rich
    rounding = None
    if isinstance(rich, Call) and rich.op in MODES and len(rich.args) > 1:
        rounding, rich = rich, rich.args[0]
    pairs = _parts(rich)
    if not pairs:
        raise ArgumentError("score", score, "a score with one scheme of weights")
    to = rounding.args[1] if rounding is not None else None
    return Weighed(
        score,
        {step.key: weight for step, weight in pairs},
        None if rounding is None else rounding.op,
        Fraction(to.value) if isinstance(to, Literal) else None,
        {step.key: step for step, _ in pairs},
        rounding,
    )


def _parts(expr: Expr) -> list[tuple[Step, Fraction]]:
    """Give the parts of a weighted sum, in order; nothing where it is none."""
    if isinstance(expr, Call) and expr.op == "add":
        left, right = (_parts(a) for a in expr.args)
        return [*left, *right] if left and right else []
    if isinstance(expr, Call) and expr.op == "mul":
        value, weight = expr.args
        if isinstance(value, Step) and isinstance(weight, Literal):
            return [(value, Fraction(weight.value))]
    return []


def with_weights(law: Law, score: str, weights: Mapping[str, Any]) -> Law:
    """Give the law with other weights of a score. They sum to 100%; a part that is not named keeps none.

    Raises `ArgumentError` for parts that the score has not, weights below 0, and a sum that is not 100%.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> with_weights(law, "merit_score", {"quality": "60%", "innovation": "30%"})
    Traceback (most recent call last):
        ...
    asnmerit.errors.ArgumentError: weights of merit_score: got '90%', expected weights that sum to 100%
    """
    found = weighed(law, score)
    chosen = shares(found, weights)
    order = {key: chosen[key] for key in found.weights if key in chosen}
    total = weighted(order, found.parts)
    if found.rounding is not None:
        total = attrs.evolve(found.rounding, args=(total, *found.rounding.args[1:]))
    elif not isinstance(total.type, t.Number):
        raise TypeError(score)
    return with_steps(law, {score: total})


def shares(found: Weighed, weights: object) -> dict[str, Fraction]:
    """Read weights by part, exactly: `60%`, Fraction(3, 5), Decimal("0.6"); no floats."""
    what = f"weights of {found.key}"
    if not isinstance(weights, Mapping):
        raise ArgumentError(what, weights, f"a mapping from {', '.join(found.weights)} to percentages")
    strange = [str(name) for name in weights if name not in found.weights]
    if strange:
        near = near_misses(strange[0][:80], found.weights)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ArgumentError(what, ", ".join(strange), f"parts of the score: {', '.join(found.weights)}{hint}")
    chosen = {name: _share(what, value) for name, value in weights.items()}
    total = sum(chosen.values())
    if total != 1:
        raise ArgumentError(what, f"{exact_text(Fraction(total) * 100)}%", "weights that sum to 100%")
    return chosen


def _share(what: str, value: object) -> Fraction:
    share: Fraction | None = None
    try:
        if isinstance(value, str) and value.endswith("%"):
            share = Fraction(value[:-1]) / 100
        elif isinstance(value, int | Fraction | Decimal | str) and not isinstance(value, bool):
            share = Fraction(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        share = None
    if share is None or not 0 <= share <= 1:
        raise ArgumentError(what, value, 'an exact share from 0% to 100%, such as "60%" or Fraction(3, 5)')
    return share
