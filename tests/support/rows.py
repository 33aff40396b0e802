"""One row of the catalogue by itself: an expression of facts, run by the reference and by generated Python."""

from __future__ import annotations

import datetime
from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Faults, Position
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Fact, Literal
from asnmerit.rules.kernel import Int
from asnmerit.rules.lower import LawData, lowered
from asnmerit.rules.reference import Facts, evaluated
from asnmerit.rules.table import Axis, CellRef, MonthsRef, TableData
from asnmerit.rules.to_python import to_python
from support.compare import exact
from support.people import value

if TYPE_CHECKING:
    from support.dice import Dice

LADDER = t.Enum("ladder", ("a", "b", "c", "d", "e"), (0, 1, 1, 2, 3), ordered=True)
KINDS = t.Enum("kinds", ("x", "y", "z"), (0, 1, 2), ordered=False)
DAYS = t.Date(datetime.date(1999, 12, 30).toordinal(), datetime.date(2033, 3, 2).toordinal())
CENTS = t.Number("number", Fraction(-3), Fraction(3), Fraction(1, 8))
HALVES = t.Number("number", Fraction(-10), Fraction(10), Fraction(1, 2))
WHOLE = t.Number("integer", Fraction(-15), Fraction(15), Fraction(1))
SMALL = t.Number("integer", Fraction(-2), Fraction(3), Fraction(1))
POSITIVE = t.Number("number", Fraction(1, 2), Fraction(7), Fraction(1, 4))
FREE = t.Number("number")
KEY = Position("")


def band() -> TableData:
    """A table of a band by an exact key, with holes."""
    axes = (
        Axis("n", CENTS, "from", Fraction(-3), Fraction(3), (Fraction(-3), Fraction(-1, 3), Fraction(2))),
        Axis("k", KINDS, "exact", Fraction(0), Fraction(2)),
    )
    cells = tuple(Fraction(n, 3) for n in range(-4, 5))
    days = tuple(DAYS.lo + n for n in range(9))  # type: ignore[operator]
    return TableData(
        "tab",
        axes,
        {"n": cells, "d": days, "b": (True, False, True) * 3, "e": (0, 1, 2) * 3},
        {"n": FREE, "d": t.DATE, "b": t.BOOL, "e": KINDS},
        (True, False, True) * 3,
    )


DATA = LawData({"m": frozenset({4, 10}), "every": frozenset(range(1, 13)), "one": frozenset({2})}, {"tab": band()})


@attrs.frozen
class Case:
    """An operator with its constant, the types of its arguments (a Fraction: a literal) and of its result."""

    op: str
    args: tuple[Any, ...]
    of: Any
    const: Any = None


def _numbers(op: str, of: Any, const: Any = None) -> list[Case]:
    return [
        Case(op, (a, b), of, const)
        for a, b in ((CENTS, CENTS), (CENTS, WHOLE), (WHOLE, POSITIVE), (HALVES, Fraction(3, 7)))
    ]


def cases() -> list[Case]:
    """Every row of the catalogue, with every kind of argument it takes."""
    found: list[Case] = []
    for op in ("add", "sub", "mul"):
        found += _numbers(op, FREE)
    found += [Case("div", (CENTS, Fraction(b)), FREE) for b in ("3", "-2/5", "12")]
    found += [Case("neg", (a,), FREE) for a in (CENTS, WHOLE)]
    for op in ("eq", "ne"):
        found += [
            *_numbers(op, t.BOOL),
            Case(op, (t.BOOL, t.BOOL), t.BOOL),
            Case(op, (KINDS, KINDS), t.BOOL),
            Case(op, (LADDER, LADDER), t.BOOL),
            Case(op, (DAYS, DAYS), t.BOOL),
        ]
    for op in ("lt", "le", "gt", "ge"):
        found += [
            *_numbers(op, t.BOOL),
            Case(op, (LADDER, LADDER), t.BOOL, LADDER.levels),
            Case(op, (DAYS, DAYS), t.BOOL),
        ]
    for op in ("and", "or"):
        found += [Case(op, (t.BOOL,) * n, t.BOOL) for n in (2, 3, 4)]
    found += [Case("not", (t.BOOL,), t.BOOL)]
    found += [Case("at_least", (t.BOOL,) * n, t.BOOL, k) for n in (1, 2, 3, 4) for k in range(1, n + 1)]
    for op in ("if", "pick"):
        found += [
            Case(op, (t.BOOL, a, b), of)
            for a, b, of in (
                (CENTS, WHOLE, FREE),
                (t.BOOL, t.BOOL, t.BOOL),
                (DAYS, DAYS, t.DATE),
                (KINDS, KINDS, KINDS),
                (LADDER, LADDER, LADDER),
            )
        ]
    found += [Case("clamp", (CENTS,), FREE, (Fraction(-1, 3), Fraction(1)))]
    for op in ("min", "max"):
        found += [
            Case(op, (CENTS, WHOLE, HALVES), FREE),
            Case(op, (DAYS, DAYS), t.DATE),
            Case(op, (LADDER, LADDER), LADDER),
        ]
    found += [Case("cell", (CENTS, KINDS), of, CellRef("tab", c)) for c, of in band().types.items()]
    found += [Case("in_table", (CENTS, KINDS), t.BOOL, CellRef("tab", "n"))]
    found += [Case("listed", (LADDER,), t.BOOL, frozenset(c)) for c in ((0,), (1, 4), range(5))]
    found += [Case("in_months", (WHOLE,), t.BOOL, MonthsRef(m)) for m in ("m", "every", "one")]
    for op in ("floor", "ceiling", "round_down", "round_up", "half_up", "half_even", "half_down"):
        found += [Case(op, (a,), FREE) for a in (HALVES, CENTS)]
        found += [Case(op, (a, Fraction(s)), FREE) for a in (CENTS, HALVES) for s in ("1/4", "2", "1/3", "1/100")]
    for op in ("add_months", "add_days", "month_start"):
        found += [Case(op, (DAYS, WHOLE), t.DATE)]
    found += [Case("retirement_date", (DAYS, SMALL), t.DATE), Case("end_of_month", (DAYS,), t.DATE)]
    for op in ("months_between", "years_between", "calendar_months", "days_between"):
        found += [Case(op, (DAYS, DAYS), t.INTEGER)]
    found += [Case("next_month_in", (DAYS,), t.DATE, MonthsRef(m)) for m in ("m", "every", "one")]
    found += [Case(op, (DAYS,), t.INTEGER) for op in ("year", "month", "day")]
    found += [Case(op, (LADDER,), LADDER, LADDER) for op in ("next", "prev")]
    found += [Case("steps", (LADDER, LADDER), t.INTEGER, LADDER)]
    return found


@attrs.frozen
class Row:
    """A case made ready to run in each interpretation."""

    case: Case
    rich: Any
    code: Any

    def reference(self, values: tuple[Any, ...]) -> Any:
        """Give the reference's value."""
        found = evaluated(self.rich, DATA, Facts({(f"x{i}", None): v for i, v in enumerate(values)}, {}))
        return Fraction(found) if isinstance(found, int | Fraction) and not isinstance(found, bool) else found

    def generated(self, values: tuple[Any, ...], *, sure: bool = False) -> Any:
        """Give the value of the generated Python."""
        if isinstance(self.code, Literal):
            return exact(self.code.value, self.code.type)
        inputs = tuple((f"x{i}", None) for i, a in enumerate(self.case.args) if not isinstance(a, Fraction))
        step = SimpleNamespace(key="s", code=self.code, binder=None)
        law = SimpleNamespace(inputs=inputs, steps=(step,), policy="row", on="")
        lanes = tuple(raw(v, a) for v, a in zip(values, self.case.args, strict=True) if not isinstance(a, Fraction))
        return exact(to_python(law, sure=sure)(lanes)[0], self.code.type)  # type: ignore[arg-type]


def raw(exact_value: Any, of: Any) -> Any:
    """Give a value as its lane holds it."""
    if exact_value is None or isinstance(of, t.Bool):
        return exact_value
    return int(exact_value * of.denominator) if isinstance(of, t.Number) else int(exact_value)


def made(case: Case) -> Row:
    """Write the expression of a case and lower it."""
    args = tuple(
        Literal(t.Number("number", a, a), a) if isinstance(a, Fraction) else Fact(a, f"x{i}")
        for i, a in enumerate(case.args)
    )
    rich = Call(case.of, case.op, args, case.const)
    faults = Faults()
    code = lowered(rich, DATA, {}, {}, faults, case.op, KEY)
    assert not faults.failed
    assert isinstance(code.type, Int)
    return Row(case, rich, code)


def people(case: Case, dice: Dice) -> tuple[Any, ...]:
    """Draw values for the arguments; equal ones often, so that ties and edges are met."""
    values = [a if isinstance(a, Fraction) else value(dice, a) for a in case.args]
    if len(values) > 1 and case.args[-1] is case.args[-2] and dice.chance(30):
        values[-1] = values[-2]
    return tuple(values)
