"""Values of all interpretations made comparable: exact, None where unknown; rowwise steps as lists."""

from __future__ import annotations

from bisect import bisect_right
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.compiled import compiled
from asnmerit.edge import Input, read_record
from asnmerit.rules import calendar
from asnmerit.rules.expr import Binder, Call, Each, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.kernel import Int
from asnmerit.rules.reference import evaluate
from asnmerit.rules.rounding import divided
from support import people

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.law import Law


def exact(raw: Any, of: Int) -> Any:
    """Give a kernel value as the reference has it."""
    if isinstance(raw, list | tuple):
        return [exact(r, of) for r in raw]
    if raw is None:
        return None
    if of.kind == "bool":
        assert raw is True or raw is False, f"a truth value came out as {raw!r}"
        return raw
    assert type(raw) is int, f"a kernel value came out as {raw!r}"
    return Fraction(raw, of.den) if of.kind == "number" else raw


def lanes_of(law: Law, who: people.Person, as_of: datetime.date) -> Input:
    """Read a person over the careful edge, as plain exact values."""
    from support.dice import Seeded

    return read_record(law, people.record(Seeded(0), law, who), as_of, ())


def computed(law: Law, given: Input, *, sure: bool = False) -> dict[str, Any]:
    """Run the generated Python; exact values by step."""
    engine = compiled(law)
    raw = (engine._sure if sure else engine._unsure)(given.lanes)
    return {s.key: exact(r, s.code.type) for s, r in zip(law.steps, raw, strict=True)}


def expected(law: Law, who: people.Person, as_of: datetime.date) -> dict[str, Any]:
    """Run the reference."""
    found = evaluate(law, people.facts(law, who, as_of))
    return {k: _reference(v) for k, v in found.items()}


def _reference(found: Any) -> Any:
    if isinstance(found, list):
        return [_reference(v) for v in found]
    return Fraction(found) if isinstance(found, int | Fraction) and not isinstance(found, bool) else found


def same(left: dict[str, Any], right: dict[str, Any]) -> list[str]:
    """Name the steps on which two interpretations differ, with both values."""
    return [f"{k}: {left[k]!r} against {right[k]!r}" for k in left if not _equal(left[k], right[k])]


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(_equal, a, b))
    if a is None or b is None or isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return bool(a == b)


def disagreements(law: Law, who: people.Person, as_of: datetime.date) -> list[str]:
    """Compare the reference with the generated Python, both variants where all facts are known."""
    given = lanes_of(law, who, as_of)
    reference = expected(law, who, as_of)
    found = same(reference, computed(law, given))
    if given.sure:
        found += same(reference, computed(law, given, sure=True))
    return found


def not_taken_back(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Name the steps whose value, once known, changed as more facts became known."""
    return [f"{k}: {before[k]!r}, then {after[k]!r}" for k in before if not _kept(before[k], after[k])]


def _kept(a: Any, b: Any) -> bool:
    if a is None:
        return True
    if isinstance(a, list):
        return isinstance(b, list) and len(a) == len(b) and all(map(_kept, a, b))
    return _equal(a, b)


# --- the kernel evaluated node by node, with every node's proof held against its value ---


@attrs.define
class Proving:
    """Folds kernel expressions over known lanes; every node must lie within its proved bounds, taken or not."""

    lanes: dict[tuple[str, Any], Any]
    steps: dict[str, Any]
    nodes: dict[int, Any] = attrs.field(factory=dict)
    rows: dict[Binder, int] = attrs.field(factory=dict)

    def held(self, node: Any, raw: int) -> int:
        of: Int = node.type
        assert of.lo <= raw <= of.hi, f"{raw} outside {of} at {node!r:.300}"
        assert -(2**63) < of.lo <= of.hi < 2**63
        return raw

    def literal(self, node: Literal) -> int:
        return self.held(node, int(node.value))

    def fact(self, node: Fact) -> int:
        return self.held(node, int(self.lanes[(node.name, node.slot)]))

    def row(self, node: Row) -> int:
        return self.held(node, int(self.lanes[(node.binder.list_fact, f".{node.field}")][self.rows[node.binder]]))

    def parameter(self, node: Parameter) -> int:
        raise AssertionError(node)

    def step(self, node: Step) -> int:
        found = self.steps[node.key]
        return self.held(node, found if node.binder is None else found[self.rows[node.binder]])

    def call(self, node: Call, args: tuple[int, ...]) -> int:
        return self.held(node, _kernel(node, args))

    def each(self, node: Each) -> int:
        parts = []
        for i in range(self.lanes[(node.binder.list_fact, "#")]):
            inner = attrs.evolve(self, rows={**self.rows, node.binder: i})
            where = 1 if node.where is None else fold(node.where, inner)
            parts.append((where, fold(node.body, inner)))
        default = None if node.default is None else fold(node.default, self)
        match node.op:
            case "all":
                return self.held(node, int(all(b for _, b in parts)))
            case "any":
                return self.held(node, int(any(b for _, b in parts)))
            case "sum":
                return self.held(node, sum(b for _, b in parts))
        kept = [b for w, b in parts if w]
        return self.held(node, (min(kept) if node.op == "min" else max(kept)) if kept else default)  # type: ignore[arg-type]


def _kernel(node: Call, a: tuple[int, ...]) -> int:  # noqa: C901, PLR0911, PLR0912 - one case an operator
    match node.op:
        case "add":
            return a[0] + a[1]
        case "sub":
            return a[0] - a[1]
        case "mul":
            return a[0] * a[1]
        case "quot":
            assert a[1] >= 1, "a divisor below 1"
            return divided(node.const, a[0], a[1])
        case "eq":
            return int(a[0] == a[1])
        case "lt":
            return int(a[0] < a[1])
        case "le":
            return int(a[0] <= a[1])
        case "min":
            return min(a)
        case "max":
            return max(a)
        case "and":
            return int(all(a))
        case "or":
            return int(any(a))
        case "not":
            return 1 - a[0]
        case "select" | "pick":
            return a[1] if a[0] else a[2]
        case "lookup":
            assert 0 <= a[0] < len(node.const), "a place outside the table"
            return int(node.const[a[0]])
        case "bucket":
            return bisect_right(node.const, a[0])
        case "month_index":
            return calendar.month_index(a[0])
        case "day":
            return calendar.day_of_month(a[0])
        case "date_at":
            return calendar.date_at(a[0], a[1])
    raise AssertionError(node.op)


def proved(law: Law, lanes: tuple[Any, ...]) -> dict[str, Any]:
    """Evaluate all steps on known lanes, holding every node to its bounds; exact values by step."""
    given = dict(zip(law.inputs, lanes, strict=True))
    steps: dict[str, Any] = {}
    for step in law.steps:
        folding = Proving(given, steps)
        if step.binder is None:
            steps[step.key] = fold(step.code, folding)
        else:
            count = given[(step.binder.list_fact, "#")]
            steps[step.key] = [fold(step.code, attrs.evolve(folding, rows={step.binder: i})) for i in range(count)]
    return {s.key: _typed(steps[s.key], s.code.type) for s in law.steps}


def _typed(raw: Any, of: Int) -> Any:
    if isinstance(raw, list):
        return [_typed(r, of) for r in raw]
    return bool(raw) if of.kind == "bool" else exact(raw, of)
