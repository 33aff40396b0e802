"""Building kernel expressions: alignment of denominators, constant folding, and the proofs that load rests on.

Every node is made here, so every temporary has proved bounds: no int64 overflow, divisors of at least 1,
lookups inside their tables, dates inside the calendar. A breach is a diagnostic at the place of the expression.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import TYPE_CHECKING, Any, NoReturn

import attrs

from asnmerit.diagnostics import Faults, Position
from asnmerit.rules import calendar
from asnmerit.rules.expr import Call, Expr, Literal
from asnmerit.rules.kernel import BOOL, MOST, Kind, bounds, common, int_of

if TYPE_CHECKING:
    from collections.abc import Sequence


class NotProvedError(Exception):
    """Raised while a step is lowered when a proof fails; the diagnostic is already noted."""


@attrs.define
class Kernel:
    """Makes kernel nodes for one step; faults name the step and the place of the expression at hand."""

    faults: Faults
    name: str
    position: Position

    def fail(self, code: str, **fields: object) -> NoReturn:
        """Note a failed proof and give the step up."""
        self.faults.add(code, self.position, fields={"name": self.name, **fields})
        raise NotProvedError

    # --- leaves ---

    def number(self, value: Fraction | int) -> Literal:
        """Make a number."""
        exact = Fraction(value)
        self.fits(exact.numerator, exact.numerator, exact.denominator, ())
        return Literal(int_of("number", exact.numerator, exact.numerator, exact.denominator), exact.numerator)

    def constant(self, kind: Kind, value: int) -> Literal:
        """Make a truth value, a day or a member code."""
        return Literal(int_of(kind, int(value), int(value)), int(value))

    # --- the one maker of calls ---

    def call(
        self,
        op: str,
        *args: Expr,
        const: Any = None,  # noqa: ANN401 - what is fixed in a call
        den: int = 1,
        kind: Kind = "number",
    ) -> Expr:
        """Make a call; its bounds follow from its arguments. Constants are folded: they are always known."""
        for arg in args:
            if isinstance(arg, Call) and arg.op == "ratio":
                self.fail("division-place")
        low, high = bounds(op, const, [(a.type.lo, a.type.hi) for a in args])
        self.fits(low, high, den, args)
        new = int_of(kind, low, high, den)
        if all(isinstance(a, Literal) for a in args):
            return Literal(new, low)
        return Call(new, op, args, const, self.position)

    def fits(self, low: int, high: int, den: int, args: Sequence[Expr]) -> None:
        """Prove that every value from low to high, and the denominator, stays within 63 bits and a sign."""
        most = max(abs(low), abs(high), den)
        if most > MOST:
            largest = sorted((max(abs(a.type.lo), abs(a.type.hi)) for a in args), reverse=True)[:2]
            factors = ", ".join(f"{n.bit_length()} bits" for n in largest) or f"{most.bit_length()} bits"
            self.fail(
                "overflow",
                bits=most.bit_length(),
                low=_short(low),
                high=_short(high),
                denominator=_short(den),
                factors=factors,
            )

    # --- numbers ---

    def scaled(self, x: Expr, factor: int) -> Expr:
        """Multiply the numerator, keeping the value: a node of its own, so that its bounds are proved."""
        if factor == 1:
            return x
        self.fits(factor, factor, 1, ())
        by = Literal(int_of("number", factor, factor), factor)
        return self.call("mul", x, by, den=x.type.den * factor, kind=x.type.kind)

    def aligned(self, *args: Expr) -> tuple[list[Expr], int]:
        """Write all arguments over one denominator."""
        for arg in args:
            if isinstance(arg, Call) and arg.op == "ratio":
                self.fail("division-place")
        den = common(*[a.type.den for a in args])
        return [self.scaled(a, den // a.type.den) for a in args], den

    def arithmetic(self, op: str, *args: Expr) -> Expr:
        """Add, subtract, or take the smaller or larger, over one denominator."""
        lined, den = self.aligned(*args)
        kind = args[0].type.kind
        result = lined[0]
        for arg in lined[1:]:
            result = self.call(op, result, arg, den=den, kind=kind)
        return result

    def times(self, a: Expr, b: Expr) -> Expr:
        """Multiply; by a constant the fraction is reduced, so that denominators stay small."""
        for constant, other in ((a, b), (b, a)):
            if isinstance(constant, Literal) and not isinstance(other, Literal):
                p, q = constant.value, constant.type.den
                g = gcd(p, other.type.den * q) or 1
                den = other.type.den * q // g
                if p == g:
                    self.fits(other.type.lo, other.type.hi, den, (other,))
                    return attrs.evolve(other, type=attrs.evolve(other.type, den=den))
                by = Literal(int_of("number", p // g, p // g), p // g)
                return self.call("mul", other, by, den=den)
        return self.call("mul", a, b, den=a.type.den * b.type.den)

    def over(self, a: Expr, b: Expr) -> Expr:
        """Divide: by a constant exactly; else a ratio, which only a rounding or a comparison may take up."""
        if isinstance(b, Literal):
            if b.value == 0:
                self.fail("divisor", low=0, high=0)
            return self.times(a, self.number(1 / Fraction(b.value, b.type.den)))
        if b.type.lo < 1:
            low, high = (Fraction(n, b.type.den) for n in (b.type.lo, b.type.hi))
            self.fail("divisor", low=low, high=high)
        for part in (a, b):
            if isinstance(part, Call) and part.op == "ratio":
                self.fail("division-place")
        return Call(None, "ratio", (a, b), None, self.position)

    def rounded(self, mode: str, x: Expr, step: Fraction) -> Expr:
        """Round to a multiple of a step: one exact quotient, no double rounding."""
        top, bottom = x.args if isinstance(x, Call) and x.op == "ratio" else (x, self.number(1))
        p, q = step.numerator, step.denominator
        up, down = bottom.type.den * q, top.type.den * p
        if isinstance(bottom, Literal):
            down *= bottom.value
            bottom = self.number(1)
        g = gcd(up, down)
        n = self._times_int(top, up // g)
        d = self._times_int(bottom, down // g)
        whole = n if isinstance(d, Literal) and d.value == 1 else self.call("quot", n, d, const=mode)
        if isinstance(whole, Literal):
            return self.number(Fraction(whole.value * p, q))
        reduced = gcd(p, q)
        as_int = attrs.evolve(whole, type=attrs.evolve(whole.type, den=1))
        k = self._times_int(as_int, p // reduced)
        return attrs.evolve(k, type=attrs.evolve(k.type, den=q // reduced))

    def _times_int(self, x: Expr, factor: int) -> Expr:
        """Multiply the numerator by a whole number, as a plain integer (denominator 1)."""
        plain = attrs.evolve(x, type=attrs.evolve(x.type, den=1, kind="number"))
        if factor == 1:
            return plain
        self.fits(factor, factor, 1, ())
        return self.call("mul", plain, Literal(int_of("number", factor, factor), factor))

    # --- truth ---

    def compared(self, op: str, a: Expr, b: Expr) -> Expr:
        """Compare with eq, lt or le; a ratio on a side is multiplied out (divisors are positive)."""
        for left, right, first in ((a, b, True), (b, a, False)):
            if isinstance(left, Call) and left.op == "ratio":
                top, bottom = left.args
                if isinstance(right, Call) and right.op == "ratio":
                    top, other = self.times(top, right.args[1]), self.times(right.args[0], bottom)
                else:
                    other = self.times(right, bottom)
                return self.compared(op, top, other) if first else self.compared(op, other, top)
        if a.type.kind == b.type.kind == "number":
            (a, b), _ = self.aligned(a, b)
        return self.call(op, a, b, kind="bool")

    def both(self, *args: Expr) -> Expr:
        """Give the Kleene conjunction; of nothing, true."""
        return self._joined("and", args, empty=1)

    def either(self, *args: Expr) -> Expr:
        """Give the Kleene disjunction; of nothing, false."""
        return self._joined("or", args, empty=0)

    def _joined(self, op: str, args: Sequence[Expr], empty: int) -> Expr:
        rest = [a for a in args if not (isinstance(a, Literal) and a.value == empty)]
        if any(isinstance(a, Literal) for a in rest):
            return self.constant("bool", 1 - empty)
        if len(rest) < 2:  # noqa: PLR2004 - one argument is itself
            return rest[0] if rest else self.constant("bool", empty)
        return Call(BOOL, op, tuple(rest), None, self.position)

    def negated(self, a: Expr) -> Expr:
        """Give the Kleene negation."""
        return self.call("not", a, kind="bool")

    def chosen(self, test: Expr, a: Expr, b: Expr, *, strict: bool = False) -> Expr:
        """Choose by a test: `select` knows the answer when both branches agree; `pick` does not look."""
        if isinstance(test, Literal):
            return a if test.value else b
        kind = a.type.kind
        if kind == "number":
            (a, b), den = self.aligned(a, b)
        else:
            den = 1
        return self.call("pick" if strict else "select", test, a, b, den=den, kind=kind)

    def as_number(self, test: Expr) -> Expr:
        """Give 1 for true and 0 for false."""
        return self.chosen(test, self.number(1), self.number(0), strict=True)

    # --- tables and dates ---

    def lookup(self, array: Sequence[int], index: Expr, *, den: int = 1, kind: Kind = "number") -> Expr:
        """Read a cell by its place; the place is proved to be inside."""
        if index.type.lo < 0 or index.type.hi >= len(array):
            self.fail(
                "outside-table",
                key="a place",
                low=index.type.lo,
                high=index.type.hi,
                table="a table",
                first=0,
                last=len(array) - 1,
            )
        return self.call("lookup", index, const=tuple(array), den=den, kind=kind)

    def whole(self, x: Expr) -> None:
        """Prove that a number has no fraction: months and days are counted whole."""
        if x.type.den != 1:
            self.fail("type-mismatch", expected="a whole number", got=f"a number with denominator {x.type.den}")

    def month_index(self, day: Expr) -> Expr:
        """Give 12 * year + month - 1."""
        return self.call("month_index", day)

    def day(self, day: Expr) -> Expr:
        """Give the day of the month."""
        return self.call("day", day)

    def date_at(self, month: Expr, day: Expr) -> Expr:
        """Give the day of a month, clipped to its end; proved to be inside the calendar."""
        if month.type.lo < calendar.FIRST_MONTH or month.type.hi > calendar.LAST_MONTH:
            self.fail("date-range")
        self.whole(month)
        return self.call("date_at", month, day, kind="date")

    def shifted(self, day: Expr, days: Expr) -> Expr:
        """Give the day so many days later; proved to be inside the calendar."""
        low, high = day.type.lo + days.type.lo, day.type.hi + days.type.hi
        if low < calendar.FIRST or high > calendar.LAST:
            self.fail("date-range")
        self.whole(days)
        return self.call("add", day, days, kind="date")


def _short(n: int) -> str:
    text = str(n)
    return text if len(text) <= 24 else f"{text[:6]}…({len(text)} digits)"  # noqa: PLR2004
