"""The facts of a scenario as written, turned into the record that `decide` takes, by the types of the law."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import near_misses
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.schema import FALSE, TRUE
from asnmerit.rules.types import Bool, ListOf, Number, PerMember, Type, Yearly
from asnmerit.rules.types import Scalar as ScalarType
from asnmerit.rules.values import read_number, read_value
from asnmerit.views import number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.diagnostics import Faults
    from asnmerit.rules.law import Law

MOST_DIGITS = 60


def record_of(facts: Mapping[str, Node], law: Law, faults: Faults) -> dict[str, Any]:
    """Give the record. A name that is no fact of the law's policies is a fault of the scenario.

    A value that its type cannot read goes on as the text that was written: the edge refuses it, as it would a
    user's record.
    """
    record = {}
    for name, node in facts.items():
        declared = law.declared.get(name)
        if declared is None:
            faults.add("unknown-name", node.position, near_misses(name, law.declared), kind="fact", name=name)
        else:
            record[name] = _given(node, declared.type)
    return record


def _given(node: Node, of: Type) -> Any:  # noqa: ANN401 - a value of a record
    if isinstance(node, Scalar) and node.null:
        return None
    match of:
        case ListOf() if isinstance(node, Sequence):
            return [_row(item, of) for item in node.items]
        case Yearly() | PerMember() if isinstance(node, Table):
            return {_year(key.text): _given(inner, of.of) for key, inner in node.entries}
        case _ if isinstance(node, Scalar):
            return _scalar(node.text, of)
        case _:
            return _plain(node)


def _row(node: Node, of: ListOf) -> Any:  # noqa: ANN401 - a row of a record
    if of.plain:
        return _given(node, of.fields["value"])
    if not isinstance(node, Table):
        return _plain(node)
    return {
        key.text: _given(inner, of.fields[key.text]) if key.text in of.fields else _plain(inner)
        for key, inner in node.entries
    }


def _year(key: str) -> int | str:
    return int(key) if key.isascii() and key.isdigit() and len(key) == 4 else key  # noqa: PLR2004 - a year


def _scalar(text: str, of: Type) -> object:
    if isinstance(of, Bool):
        return text in TRUE if text in TRUE | FALSE else text
    if isinstance(of, Number):
        return _number(text, of)
    return text


def _number(text: str, of: Number) -> int | Decimal | Fraction | str:
    """Read a number as a policy document writes it; what is not one stays text, for the edge to refuse."""
    if len(text) > MOST_DIGITS or not text.isascii() or "_" in text or "e" in text.lower():
        return text
    share = of.unit == "percent" and text.endswith("%")
    try:
        value = Fraction(text[:-1] if share else text) / (100 if share else 1)
    except (ValueError, ZeroDivisionError):
        return text
    return number(value.numerator, value.denominator)


def _plain(node: Node) -> Any:  # noqa: ANN401 - whatever was written, for the edge to refuse
    match node:
        case Scalar():
            return None if node.null else node.text
        case Sequence():
            return [_plain(item) for item in node.items]
        case Table():
            return {key.text: _plain(inner) for key, inner in node.entries}


def expected_value(node: Node, of: ScalarType, faults: Faults, what: str) -> Any:  # noqa: ANN401 - exact, by type
    """Read an expected value: exact as the law computes, or None for `unknown`."""
    if isinstance(node, Scalar) and node.text == "unknown" and not node.quoted:
        return None
    if isinstance(of, Number):
        percent = of.unit == "percent" and isinstance(node, Scalar) and node.text.endswith("%")
        return read_number(node, faults, what, percent=percent)
    return read_value(node, of, faults, what)
