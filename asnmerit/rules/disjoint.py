"""A small prover: two rules that can never hold together, because some step would need two values at once."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from asnmerit.rules.expr import Call, Expr, Fact, Literal, Parameter, Step

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from asnmerit.rules.assemble import RichStep, RuleNode
    from asnmerit.rules.lower import LawData

_FLIPPED = {"lt": "gt", "gt": "lt", "le": "ge", "ge": "le", "eq": "eq", "ne": "ne"}
_NEGATED = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}
DEEPEST = 20


@attrs.frozen
class _Atom:
    """What a conjunct says of one named value: it lies in an interval, or is one of, or none of, some members."""

    name: str
    op: str
    value: Fraction
    levels: tuple[int, ...] | None = None


def exclusive(steps: Mapping[str, RichStep], a: RuleNode, b: RuleNode, data: LawData) -> bool:
    """Whether the two rules' conditions contradict each other on some named value."""
    left, right = (list(_atoms(steps, steps[r.key].expr, data, True, 0)) for r in (a, b))
    return any(x.name == y.name and _contradict(x, y) for x in left for y in right)


def alike(steps: Mapping[str, RichStep], a: RuleNode, b: RuleNode) -> bool:
    """Whether two rules grant the same for certain: each field the same literal, fact, parameter or named step."""
    return all(_same(steps[key].expr, steps[b.grants[field]].expr) for field, key in a.grants.items())


def _same(x: Expr, y: Expr) -> bool:
    match x, y:
        case Literal(), Literal():
            return bool(x.type == y.type and x.value == y.value)
        case Fact(), Fact():
            return (x.name, x.slot) == (y.name, y.slot)
        case Parameter(), Parameter():
            return x.key == y.key
        case Step(), Step():
            return x.key == y.key
        case _:
            return False


def _atoms(steps: Mapping[str, RichStep], expr: Expr, data: LawData, truth: bool, depth: int) -> Iterator[_Atom]:  # noqa: FBT001 - truth is a value here
    if depth > DEEPEST:
        return
    match expr:
        case Call(op="and", args=args) if truth:
            for arg in args:
                yield from _atoms(steps, arg, data, truth, depth + 1)
        case Call(op="or", args=args) if not truth:
            for arg in args:
                yield from _atoms(steps, arg, data, truth, depth + 1)
        case Call(op="not", args=(arg,)):
            yield from _atoms(steps, arg, data, not truth, depth + 1)
        case Call(op=op, args=(x, y)) if op in _FLIPPED:
            yield from _comparison(op, x, y, data, expr.const, truth=truth)
        case Fact() | Step():
            yield _Atom(_name(expr), "eq", Fraction(int(truth)))
            if isinstance(expr, Step) and expr.key in steps and expr.binder is None:
                yield from _atoms(steps, steps[expr.key].expr, data, truth, depth + 1)
        case _:
            return


def _comparison(
    op: str, x: Expr, y: Expr, data: LawData, levels: tuple[int, ...] | None, *, truth: bool
) -> Iterator[_Atom]:
    op = op if truth else _NEGATED[op]
    for left, right, how in ((x, y, op), (y, x, _FLIPPED[op])):
        value = _constant(right, data)
        if value is not None and isinstance(left, Fact | Step):
            if levels is not None:
                value = Fraction(levels[int(value)])
            yield _Atom(_name(left), how, value, levels)


def _constant(expr: Expr, data: LawData) -> Fraction | None:
    if isinstance(expr, Literal):
        return Fraction(expr.value)
    if isinstance(expr, Parameter) and isinstance(data.parameters.get(expr.key), Fraction | int):
        return Fraction(data.parameters[expr.key])
    return None


def _name(expr: Fact | Step) -> str:
    if isinstance(expr, Fact):
        return f"fact {expr.name} {expr.slot}"
    return f"step {expr.key} {id(expr.binder) if expr.binder else ''}"


def _contradict(x: _Atom, y: _Atom) -> bool:
    """Whether no value satisfies both atoms (of one name). An order by level speaks of levels, `==` of members."""
    if (x.levels is None) != (y.levels is None):
        by_level, by_member = (x, y) if x.levels is not None else (y, x)
        if by_member.op != "eq" or by_level.levels is None:
            return False
        level = Fraction(by_level.levels[int(by_member.value)])
        return not _holds(level, by_level)
    if x.op == "eq":
        return not _holds(x.value, y)
    if y.op == "eq":
        return not _holds(y.value, x)
    up, down = (x, y) if x.op in {"gt", "ge"} else (y, x)
    if up.op not in {"gt", "ge"} or down.op not in {"lt", "le"}:
        return False
    return up.value > down.value or (up.value == down.value and (up.op == "gt" or down.op == "lt"))


def _holds(value: Fraction, atom: _Atom) -> bool:
    return {
        "eq": value == atom.value,
        "ne": value != atom.value,
        "lt": value < atom.value,
        "le": value <= atom.value,
        "gt": value > atom.value,
        "ge": value >= atom.value,
    }[atom.op]
