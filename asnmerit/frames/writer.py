"""From kernel expressions to a block program: a value lane, and a known lane only where a value can be unknown.

The value lane is always the operator applied to the value lanes; an unknown place holds a lawful filler. So what was
proved of the values when the policy was loaded holds in every lane, and nothing can overflow or miss a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.frames.choices import chosen
from asnmerit.frames.program import Kind, Program, Ref, kind_for, kind_of
from asnmerit.frames.quotients import quotient
from asnmerit.rules import calendar
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.kernel import bounds

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.kernel import Int

TRUE, FALSE = Ref("True", "bool", 1), Ref("False", "bool", 0)
FEW = 16
SIGNS = {"add": "add", "sub": "subtract", "mul": "multiply", "min": "minimum", "max": "maximum"}
TESTS = {"eq": "equal", "lt": "less", "le": "less_equal"}


@attrs.frozen
class Val:
    """A value of the block: its lane, and the lane that says where it is known (none: everywhere)."""

    value: Ref
    known: Ref | None = None


@attrs.frozen
class Rows:
    """A step with one value a row of a list: two-dimensional lanes by name."""

    value: str
    known: str | None
    kind: Any
    most: int


def literal(value: int, of: Int) -> Ref:
    """Give a constant."""
    if of.kind == "bool":
        return TRUE if value else FALSE
    return Ref(repr(int(value)), kind_for(value, value), int(value))


class Writer:
    """Folds a kernel expression into lines of a program."""

    def __init__(
        self,
        program: Program,
        inputs: dict[tuple[str, Any], Val],
        unsure: frozenset[Any],
        as_of: int | None,
        kinds: Mapping[tuple[str, Any], Kind],
    ) -> None:
        """`inputs` gives scalar lanes, `unsure` names lanes in which something may be unknown, `kinds` their kinds.

        `as_of` is the day of decision; None where it is a lane.
        """
        self.program, self.inputs, self.unsure, self.as_of, self.kinds = program, inputs, unsure, as_of, kinds
        self.lists: dict[str, str] = {}
        self.steps: dict[str, Val | Rows] = {}
        self.rows: dict[Binder, str] = {}
        self.dated = False

    def write(self, root: Expr) -> Val:
        """Write an expression."""
        return fold(root, self)

    # --- leaves ---

    def literal(self, node: Literal) -> Val:
        """A constant."""
        return Val(literal(node.value, node.type))

    def fact(self, node: Fact) -> Val:
        """An input lane; the day of decision is a constant of the program, where it is written for one day."""
        if node.name == "as_of":
            self.dated = True
            if self.as_of is not None:
                return Val(Ref(repr(self.as_of), "int32", self.as_of))
        return self.inputs[(node.name, node.slot)]

    def row(self, node: Row) -> Val:
        """A field of the row at hand."""
        lane = (node.binder.list_fact, f".{node.field}")
        name, i = self.lists[f"{lane[0]}{lane[1]}"], self.rows[node.binder]
        known = Ref(f"{name}k[{i}]", "bool") if lane in self.unsure else None
        return Val(Ref(f"{name}[{i}]", self.kinds[lane]), known)

    def parameter(self, node: Parameter) -> Val:
        """Parameters are constants by now."""
        message = f"the parameter {node.key} was not lowered"
        raise TypeError(message)

    def step(self, node: Step) -> Val:
        """A step written before."""
        found = self.steps[node.key]
        if isinstance(found, Val):
            return found
        i = self.rows[node.binder]  # type: ignore[index]
        known = None if found.known is None else Ref(f"{found.known}[{i}]", "bool")
        return Val(Ref(f"{found.value}[{i}]", found.kind), known)

    # --- operators ---

    def call(self, node: Call, args: tuple[Val, ...]) -> Val:
        """An operator: Kleene ones by their own form; strict ones are known where all arguments are."""
        match node.op:
            case "and" | "or":
                return self._joined(node.op, args)
            case "not":
                return Val(self.negated(args[0].value), args[0].known)
            case "select":
                return self._select(node, *args)
            case "pick":
                return self._pick(node, *args)
            case _:
                pass
        known = self.all_of(*(a.known for a in args if a.known is not None))
        values = tuple(a.value for a in args)
        if all(v.constant for v in values):
            low, _ = bounds(node.op, node.const, [(v.const, v.const) for v in values])  # type: ignore[misc]
            return Val(literal(low, node.type), known)
        return Val(self._strict(node, values), known)

    def _strict(self, node: Call, a: tuple[Ref, ...]) -> Ref:
        kind = kind_of(node.type)
        match node.op:
            case "add" | "sub" | "mul" | "min" | "max":
                wide = "int64" if "int64" in {kind, *(x.kind for x in a)} else "int32"
                return self.program.new(f"{SIGNS[node.op]}({{0}}, {{1}}, out={{out}}, dtype={wide})", kind, *a)
            case "eq" | "lt" | "le":
                return self.program.new(f"{TESTS[node.op]}({{0}}, {{1}}, out={{out}})", "bool", *a)
            case "quot":
                return self._quotient(node, kind, a)
            case "lookup":
                table = self.program.constant((kind, tuple(node.const)))
                return self.program.new(f"take({table}, {{0}}, out={{out}}, mode='clip')", kind, self.place(a[0]))
            case "bucket":
                return self._bucket(node, a[0])
            case "month_index" | "day":
                if _near_day(node.args[0].type):
                    return self._part_of_day(node.op, a[0])
                return self.program.new(f"far_{node.op}({{0}}, {{out}})", kind, *a)
            case "date_at":
                return self._date_at(node, kind, a)
            case _:
                message = f"no block operation for {node.op}"
                raise TypeError(message)

    def place(self, index: Ref) -> Ref:
        """Give a column as NumPy's own kind of index, once for all tables that are looked up by it."""
        return index if index.kind == "int64" else self.program.new("copyto({out}, {0})", "int64", index)

    def _part_of_day(self, part: str, day: Ref) -> Ref:
        """Look up month and day of the month together: they are mostly wanted together."""
        at = self.program.new(f"subtract({{0}}, {FIRST_NEAR}, out={{out}}, dtype=int64)", "int64", day)
        both = self.program.new("take(near_days, {0}, out={out}, mode='clip')", "int32", at)
        how = "right_shift({0}, 5, out={out})" if part == "month_index" else "bitwise_and({0}, 31, out={out})"
        return self.program.new(how, "int32", both)

    def _date_at(self, node: Call, kind: Any, a: tuple[Ref, ...]) -> Ref:  # noqa: ANN401 - a kind of column
        month = node.args[0].type
        if month.lo < calendar.NEAR_FIRST or month.hi > calendar.NEAR_LAST:
            return self.program.new("far_date_at({0}, {1}, {out})", kind, *a)
        if a[0].const is None:
            return self.program.new("near_date_at({0}, {1}, {out})", kind, *a)
        before, end = calendar.date_at(a[0].const, 1) - 1, calendar.date_at(a[0].const, 31)
        day = self.program.new(f"minimum({{0}}, {end - before}, out={{out}})", "int32", a[1])
        return self.program.new(f"add({{0}}, {before}, out={{out}})", kind, day)

    def _quotient(self, node: Call, kind: Any, a: tuple[Ref, ...]) -> Ref:  # noqa: ANN401 - a kind of column
        if a[1].const is not None:
            found = quotient(self.program, str(node.const), a[0], node.args[0].type, a[1].const, kind)
            if found is not None:
                return found
        wide = "int64" if "int64" in {kind, *(x.kind for x in a)} else "int32"
        return self.program.new(f"divided({node.const!r}, {{0}}, {{1}}, {{out}}, {wide})", kind, *a)

    def _bucket(self, node: Call, x: Ref) -> Ref:
        kind = kind_of(node.type)
        if len(node.const) > FEW:
            ends = self.program.constant(("int64", tuple(node.const)))
            return self.program.new(f"copyto({{out}}, searchsorted({ends}, {{0}}, side='right'))", kind, x)
        ends = self.program.constant(tuple(node.const))
        return self.program.new(f"bucket({ends}, {{0}}, {{out}})", kind, x)

    # --- truth ---

    def negated(self, a: Ref) -> Ref:
        """Give not."""
        if a.constant:
            return FALSE if a.const else TRUE
        return self.program.new("logical_not({0}, out={out})", "bool", a)

    def all_of(self, *parts: Ref | None) -> Ref | None:
        """Give the conjunction of lanes; None for true everywhere."""
        result: Ref | None = None
        for part in dict.fromkeys(parts):
            if part is None or part.const == 1:
                continue
            if part.const == 0:
                return FALSE
            result = (
                part if result is None else self.program.new("logical_and({0}, {1}, out={out})", "bool", result, part)
            )
        return result

    def any_of(self, *parts: Ref) -> Ref:
        """Give the disjunction of lanes."""
        result: Ref | None = None
        for part in dict.fromkeys(parts):
            if part.const == 0:
                continue
            if part.const == 1:
                return TRUE
            result = (
                part if result is None else self.program.new("logical_or({0}, {1}, out={out})", "bool", result, part)
            )
        return FALSE if result is None else result

    def _joined(self, op: str, args: tuple[Val, ...]) -> Val:
        """Kleene and, or: known where all are, or where one that is known settles it."""
        values = [a.value for a in args]
        value = (self.all_of(*values) or TRUE) if op == "and" else self.any_of(*values)
        doubtful = [a for a in args if a.known is not None]
        if not doubtful:
            return Val(value)
        settling = []
        for a in args:
            sunk = self.negated(a.value) if op == "and" else a.value
            settling.append(sunk if a.known is None else self.all_of(a.known, sunk) or TRUE)
        known = self.any_of(self.all_of(*(a.known for a in doubtful)) or TRUE, *settling)
        return Val(value, None if known.const == 1 else known)

    # --- choice ---

    def where(self, test: Ref, a: Ref, b: Ref, kind: Any) -> Ref:  # noqa: ANN401 - a kind of column
        """Give a where the test is true, else b."""
        if test.constant:
            return a if test.const else b
        if a == b:
            return a
        return chosen(self.program, test, a, b, kind)

    def _known_of_chosen(self, test: Ref, a: Ref | None, b: Ref | None) -> Ref | None:
        if a is None and b is None:
            return None
        found = self.where(test, a or TRUE, b or TRUE, "bool")
        return None if found.const == 1 else found

    def _pick(self, node: Call, c: Val, a: Val, b: Val) -> Val:
        kind = kind_of(node.type)
        value = self.where(c.value, a.value, b.value, kind)
        return Val(value, self.all_of(c.known, self._known_of_chosen(c.value, a.known, b.known)))

    def _select(self, node: Call, c: Val, a: Val, b: Val) -> Val:
        """Choose by a test; where it is unknown, known where both branches are known and equal."""
        kind = kind_of(node.type)
        value = self.where(c.value, a.value, b.value, kind)
        either = self._known_of_chosen(c.value, a.known, b.known)
        if c.known is None:
            return Val(value, either)
        if a.value.constant and b.value.constant:
            same = TRUE if a.value.const == b.value.const else FALSE
        else:
            same = self.program.new("equal({0}, {1}, out={out})", "bool", a.value, b.value)
        agreed = self.all_of(same, a.known, b.known) or TRUE
        known = self.where(c.known, either or TRUE, agreed, "bool")
        return Val(value, None if known.const == 1 else known)

    # --- folds over rows ---

    def each(self, node: Each) -> Val:
        """A loop over the rows that this block has at most."""
        from asnmerit.frames.folds import Folding  # noqa: PLC0415 - the two write each other's parts

        return Folding(self, node).write()


FIRST_NEAR = calendar.date_at(calendar.NEAR_FIRST, 1)
LAST_NEAR = calendar.date_at(calendar.NEAR_LAST, 31)


def _near_day(of: Int) -> bool:
    return of.lo >= FIRST_NEAR and of.hi <= LAST_NEAR
