"""The bounds interpretation: what every step can be when facts are only known to lie in ranges.

A value is an interval with two flags: it may be unknown, it may be known. With points it is exact; with ranges it
is sound (nothing possible is left out), not tight.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.expr import Binder, Call, Each, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.kernel import KLEENE, bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from asnmerit.rules.law import LawStep


@attrs.frozen
class Range:
    """From low to high, numerators of the kernel; `unsure`: may be unknown; `sure`: may be known."""

    low: int = 0
    high: int = 0
    unsure: bool = False
    sure: bool = True

    @property
    def true(self) -> bool:
        """Whether it may be true."""
        return self.sure and self.high == 1

    @property
    def false(self) -> bool:
        """Whether it may be false."""
        return self.sure and self.low == 0

    @property
    def point(self) -> bool:
        """Whether it is one known value."""
        return self.sure and not self.unsure and self.low == self.high


UNKNOWN = Range(0, 0, unsure=True, sure=False)


@attrs.frozen
class Rows:
    """A list: at least `fewest` rows for certain, at most as many as there are; or unknown."""

    rows: Sequence[Mapping[str, Range]]
    fewest: int
    unknown: bool = False


@attrs.define
class _Bounding:
    """Folds one kernel expression to its range."""

    lanes: Mapping[tuple[str, Any], Range]
    lists: Mapping[str, Rows]
    steps: dict[str, Any]
    rows: dict[Binder, int] = attrs.field(factory=dict)

    def literal(self, node: Literal) -> Range:
        return Range(int(node.value), int(node.value))

    def fact(self, node: Fact) -> Range:
        if node.slot == "#":
            found = self.lists[node.name]
            return UNKNOWN if found.unknown else Range(found.fewest, len(found.rows))
        return self.lanes[(node.name, node.slot)]

    def row(self, node: Row) -> Range:
        return self.lists[node.binder.list_fact].rows[self.rows[node.binder]][node.field]

    def parameter(self, node: Parameter) -> Range:
        raise TypeError(node.key)

    def step(self, node: Step) -> Range:
        found = self.steps[node.key]
        if node.binder is None:
            return found  # type: ignore[no-any-return]
        return found[self.rows[node.binder]]  # type: ignore[no-any-return]

    def call(self, node: Call, args: tuple[Range, ...]) -> Range:
        if node.op in KLEENE:
            return _KLEENE[node.op](*args)
        if node.op == "pick":
            return _pick(*args)
        if not all(a.sure for a in args):
            return UNKNOWN
        low, high = bounds(node.op, node.const, [(a.low, a.high) for a in args])
        return Range(low, high, any(a.unsure for a in args))

    def each(self, node: Each) -> Range:
        found = self.lists[node.binder.list_fact]
        if found.unknown:
            return UNKNOWN
        parts = []
        where = body = UNKNOWN
        for i in range(len(found.rows)):
            if not _again(found.rows, i):
                inner = attrs.evolve(self, rows={**self.rows, node.binder: i})
                where = Range(1, 1) if node.where is None else fold(node.where, inner)
                body = fold(node.body, inner)
            parts.append((Range(int(i < found.fewest), 1), where, body))
        if node.op in {"all", "any"}:
            return _truth(node.op, parts)
        if node.op == "sum":
            return _sum([(there, body) for there, _, body in parts])
        default = fold(node.default, self) if node.default is not None else Range()
        return _extreme(node.op, parts, default)


def _again(rows: Sequence[Mapping[str, Range]], i: int) -> bool:
    """Whether a row is the one before it once more: what holds of that one holds of this one."""
    return i > 0 and rows[i] is rows[i - 1]


def _and(*args: Range) -> Range:
    false, true = any(a.false for a in args), all(a.true for a in args)
    sunk = any(a.sure and not a.unsure and a.high == 0 for a in args)
    unsure = any(a.unsure for a in args) and not sunk
    return Range(int(not false), int(true), unsure, sure=false or true)


def _not(a: Range) -> Range:
    return Range(1 - a.high, 1 - a.low, a.unsure, a.sure)


def _or(*args: Range) -> Range:
    return _not(_and(*map(_not, args)))


def _join(parts: list[Range]) -> Range:
    known = [p for p in parts if p.sure]
    if not known:
        return UNKNOWN
    return Range(min(p.low for p in known), max(p.high for p in known), any(p.unsure for p in parts))


def _select(c: Range, a: Range, b: Range) -> Range:
    parts = ([a] if c.true else []) + ([b] if c.false else [])
    if c.unsure:
        low, high = max(a.low, b.low), min(a.high, b.high)
        if a.sure and b.sure and low <= high:
            parts.append(Range(low, high, not (a.point and b.point)))
        else:
            parts.append(UNKNOWN)
    return _join(parts)


def _pick(c: Range, a: Range, b: Range) -> Range:
    return _join(([a] if c.true else []) + ([b] if c.false else []) + ([UNKNOWN] if c.unsure else []))


_KLEENE: dict[str, Callable[..., Range]] = {"and": _and, "or": _or, "not": _not, "select": _select}


def _truth(op: str, parts: list[tuple[Range, Range, Range]]) -> Range:
    if op == "all":
        return _and(Range(1, 1), *(_or(_not(there), body) for there, _, body in parts))
    return _or(Range(0, 0), *(_and(there, body) for there, _, body in parts))


def _sum(parts: list[tuple[Range, Range]]) -> Range:
    low = high = 0
    unsure, sure = False, True
    for there, body in parts:
        part = _pick(there, body, Range(0, 0))
        low, high = low + part.low, high + part.high
        unsure, sure = unsure or part.unsure, sure and part.sure
    return Range(low, high, unsure) if sure else UNKNOWN


def _extreme(op: str, parts: list[tuple[Range, Range, Range]], default: Range) -> Range:
    """Exact where every filter is settled; else everything between the least and the greatest that may count."""
    counted = [
        (_and(there, where), body) for there, where, body in parts if there.true and (where.true or where.unsure)
    ]
    unsure = any(test.unsure or (test.true and body.unsure) for test, body in counted)
    if any(
        (not test.sure and test.unsure) or (test.point and test.low == 1 and not body.sure) for test, body in counted
    ):
        return UNKNOWN
    known = [(test, body) for test, body in counted if test.true and body.sure]
    certain = [body for test, body in known if test.low == 1]
    if certain and len(certain) == len(known):
        best = min if op == "min" else max
        return Range(best(b.low for b in certain), best(b.high for b in certain), unsure)
    empty = [] if certain else [default]
    parts_left = [body for _, body in known] + empty
    found = _join(parts_left)
    return attrs.evolve(found, unsure=found.unsure or unsure) if found.sure else UNKNOWN


def bounded(
    steps: Sequence[LawStep],
    lanes: Mapping[tuple[str, Any], Range],
    lists: Mapping[str, Rows],
    before: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Give the range of each step, in order, after those known `before`; a rowwise step has a range for each row."""
    found: dict[str, Any] = dict(before or {})
    for step in steps:
        folding = _Bounding(lanes, lists, found)
        if step.binder is None:
            found[step.key] = fold(step.code, folding)
            continue
        rows, ranges = lists[step.binder.list_fact].rows, list[Any]()
        for i in range(len(rows)):
            one = attrs.evolve(folding, rows={step.binder: i})
            ranges.append(ranges[-1] if _again(rows, i) else fold(step.code, one))
        found[step.key] = ranges
    return found
