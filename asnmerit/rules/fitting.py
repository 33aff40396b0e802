"""Whether what a step can give fits what was declared of it: scales of indicators, types of outcomes."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from asnmerit.rules import types as t
from asnmerit.rules.law import exact_text

if TYPE_CHECKING:
    from asnmerit.diagnostics import Faults
    from asnmerit.rules.assemble import RichStep
    from asnmerit.rules.kernel import Int


def held_to_its_type(step: RichStep, of: Int, faults: Faults) -> None:
    """Hold indicators to their scale and outcomes to their type."""
    if not isinstance(step.type, t.Number) or step.role not in {"indicator", "grant", "decision", "derived"}:
        return
    position = step.about.position
    if step.type.unit == "rupiah" and of.den != 1 and step.role != "derived":
        faults.add("not-whole", position, name=step.key, denominator=of.den)
    elif step.type.unit == "integer" and of.den != 1 and step.role in {"grant", "derived"}:
        faults.add("type-mismatch", position, expected="a whole number", got=f"`{step.key}` over {of.den}")
    low, high = step.type.lo, step.type.hi
    below, above = low is not None and of.lo < low * of.den, high is not None and of.hi > high * of.den
    if step.role in {"indicator", "grant"} and (below or above):
        faults.add(
            "outside-range",
            position,
            name=step.key,
            low=_over(of.lo, of.den),
            high=_over(of.hi, of.den),
            first=low,
            last=high,
        )


def _over(n: int, den: int) -> str:
    return exact_text(Fraction(n, den))
