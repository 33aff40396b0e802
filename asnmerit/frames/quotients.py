"""Division by a constant, rounded in each mode, in a few vector operations: the numerator is shifted, then floored.

For d >= 1 and h = floor(d / 2), the nearest whole number to n / d is floor((n + h) / d), ties up. A tie exists only
for even d; what a mode does with ties is a correction by 1 of the shifted numerator, or of the quotient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.frames.choices import masked
from asnmerit.frames.program import Ref, kind_for
from asnmerit.rules.rounding import MODES

if TYPE_CHECKING:
    from asnmerit.frames.program import Kind, Program
    from asnmerit.rules.kernel import Int

WIDEST = 2**63


def quotient(program: Program, mode: str, n: Ref, of: Int, d: int, kind: Kind) -> Ref | None:
    """Write n / d rounded in the mode; `of` bounds n. None where the shifted numerator might not fit 64 bits."""
    if mode not in MODES:
        message = f"no rounding mode {mode}; there are {', '.join(MODES)}"
        raise ValueError(message)
    if of.hi + d >= WIDEST:
        return None
    shifted = _shifted(program, mode, n, of, d)
    wide = "int64" if "int64" in {shifted.kind, kind_for(d, d)} else "int32"
    q = program.new(f"floor_divide({{0}}, {d}, out={{out}}, dtype={wide})", kind, shifted)
    if mode != "half_even" or d % 2:
        return q
    # A tie went up; where that made it odd, the even one is below.
    product = program.new(f"multiply({{0}}, {d}, out={{out}}, dtype={wide})", shifted.kind, q)
    tie = program.new("equal({0}, {1}, out={out})", "bool", product, shifted)
    odd = program.new("bitwise_and({0}, {1}, out={out})", kind, q, tie)
    return program.new("subtract({0}, {1}, out={out})", kind, q, odd)


def _shifted(program: Program, mode: str, n: Ref, of: Int, d: int) -> Ref:
    """Write the numerator, shifted so that its floor is the rounded quotient (half_even: ties up)."""
    most = kind_for(min(of.lo, 0), max(of.hi + d, d))
    kind: Kind = "int64" if "int64" in {n.kind, most} else "int32"

    def moved(x: Ref, by: int) -> Ref:
        return program.new(f"add({{0}}, {by}, out={{out}}, dtype={kind})", kind, x) if by else x

    def on_side(word: str) -> Ref:
        return program.new(f"{word}({{0}}, 0, out={{out}})", "bool", n)

    match mode:
        case "ceiling":
            return moved(n, d - 1)
        case "up" | "down":
            word, none, every = (
                ("greater", of.hi <= 0, of.lo >= 0) if mode == "up" else ("less", of.lo >= 0, of.hi <= 0)
            )
            if none or every:
                return n if none else moved(n, d - 1)
            step = masked(program, on_side(word), Ref(str(d - 1), kind, d - 1), kind)
            return program.new(f"add({{0}}, {{1}}, out={{out}}, dtype={kind})", kind, n, step)
        case "half_up" | "half_down":
            away = mode == "half_up"
            x = moved(n, d // 2 if away else (d - 1) // 2)
            if d % 2 or of.lo >= 0:
                return x
            word = "subtract" if away else "add"
            return program.new(f"{word}({{0}}, {{1}}, out={{out}}, dtype={kind})", kind, x, on_side("less"))
        case "half_even":
            return moved(n, d // 2)
        case _:
            return n
