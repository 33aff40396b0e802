"""Values written in a document, read by the type that their place expects. Nothing is guessed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import near_misses
from asnmerit.rules.document import Node, Scalar, Sequence, kind_of
from asnmerit.rules.schema import FALSE, TRUE, day_of
from asnmerit.rules.syntax import MAX_DIGITS
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, Type

if TYPE_CHECKING:
    from asnmerit.diagnostics import Faults

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?(/\d+)?\Z", re.ASCII)
_PERCENT = re.compile(r"[+-]?\d+(\.\d+)?%\Z", re.ASCII)


def read_number(node: Node | None, faults: Faults, what: str, *, percent: bool = False) -> Fraction | None:
    """Read an exact number, `12.5` or `25/8`; with `percent`, `60%` (or a bare 0, or a Fraction or Decimal: 0.6)."""
    if node is None:
        return None
    expected = "a percentage such as 60%" if percent else "a number such as 12.5 or 25/8"
    if not isinstance(node, Scalar) or node.null:
        faults.add("shape-kind", node.position, what=what, expected=expected, got=kind_of(node))
        return None
    text, percent = node.text, percent and not node.exact
    digits = sum(c.isdigit() for c in text)
    if digits > MAX_DIGITS:
        faults.add("shape-digits", node.position, what=what, digits=digits, limit=MAX_DIGITS)
        return None
    matched = _PERCENT.match(text) if percent else _NUMBER.match(text)
    if not matched and not (percent and text == "0"):
        faults.add("shape-number", node.position, what=what, value=text[:40], expected=expected)
        return None
    if percent:
        return Fraction(text.rstrip("%")) / 100
    bottom = text.partition("/")[2]
    if bottom and int(bottom) == 0:
        faults.add("shape-number", node.position, what=what, value=text[:40], expected=expected)
        return None
    return Fraction(text)


def read_value(node: Node, of: Type, faults: Faults, what: str) -> Any:  # noqa: ANN401 - by type
    """Read an exact value of a type; None, with a fault, when it is not one.

    Gives bool, Fraction, int (day number or member code), a frozenset of months, or () for an empty list.
    """
    match of:
        case Number():
            value = read_number(node, faults, what, percent=of.unit == "percent")
            return None if value is None else within(value, of, node, faults, what)
        case Months():
            return _months(node, faults, what)
        case ListOf():
            if isinstance(node, Sequence) and not node.items:
                return ()
            faults.add("shape-kind", node.position, what=what, expected="[] (none)", got=kind_of(node))
            return None
        case Bool() | Date() | Enum():
            if not isinstance(node, Scalar) or node.null:
                faults.add("shape-kind", node.position, what=what, expected=f"a {of}", got=kind_of(node))
                return None
            return _word(node, of, faults, what)
        case _:
            faults.add(
                "shape-kind", node.position, what=what, expected=f"no {of} can be written out", got=kind_of(node)
            )
            return None


def within(value: Fraction, of: Number, node: Node, faults: Faults, what: str) -> Fraction | None:
    """Hold a number to the range and step of its type."""
    if (of.lo is not None and value < of.lo) or (of.hi is not None and value > of.hi):
        shown = node.text if isinstance(node, Scalar) else value
        faults.add("value-range", node.position, what=what, value=shown, first=_end(of.lo, of), last=_end(of.hi, of))
        return None
    step = Fraction(1) if of.unit in {"integer", "rupiah"} and of.step is None else of.step
    if step is not None and (value - (of.lo or 0)) % step != 0:
        expected = f"a whole number of steps of {step}"
        faults.add("shape-number", node.position, what=what, value=value, expected=expected)
        return None
    return value


def _end(value: Fraction | None, of: Number) -> str:
    """Show one end of a range as a document writes it."""
    if value is None:
        return "any"
    return f"{float(value * 100):g}%" if of.unit == "percent" else str(value)


def _word(node: Scalar, of: Bool | Date | Enum, faults: Faults, what: str) -> bool | int | None:
    if isinstance(of, Bool):
        if node.text in TRUE | FALSE:
            return node.text in TRUE
        faults.add("shape-choice", node.position, what=what, value=node.text[:40], expected="yes, no")
        return None
    if isinstance(of, Date):
        day = day_of(node.text)
        if day is None:
            faults.add("shape-date", node.position, what=what, value=node.text[:40])
        return day
    if node.text in of.members:
        return of.members.index(node.text)
    faults.add("unknown-member", node.position, near_misses(node.text, of.members), name=node.text[:40], type=of.name)
    return None


def _months(node: Node, faults: Faults, what: str) -> frozenset[int] | None:
    items = node.items if isinstance(node, Sequence) else ()
    months = [int(i.text) for i in items if isinstance(i, Scalar) and re.fullmatch(r"[1-9]|1[0-2]", i.text)]
    if not items or len(months) != len(items):
        faults.add("shape-kind", node.position, what=what, expected="a list of months, 1 to 12", got=kind_of(node))
        return None
    return frozenset(months)
