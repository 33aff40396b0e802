"""Typing: from the tree of an expression to a rich expression whose every name and type is settled.

Members of enumerations have no scope of their own: a bare name is a value first, else a member of the type that
its place expects. So types flow both ways; `expected` carries what the place expects.
"""

from __future__ import annotations

import ast
from fractions import Fraction
from typing import TYPE_CHECKING, NoReturn

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.rules import types as t
from asnmerit.rules.access import attribute, subscript, table_keys
from asnmerit.rules.calls import typed_call
from asnmerit.rules.expr import Call, Expr, Fact, Literal, Parameter, Row, Step
from asnmerit.rules.generators import typed_aggregate
from asnmerit.rules.scope import (
    Demand,
    Entity,
    FactName,
    IllTypedError,
    Local,
    ParameterName,
    RowVariable,
    Scope,
    StepName,
    TableName,
    Value,
    how_to_read,
    plural,
)
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.rules.types import Enum, Number, Scalar

if TYPE_CHECKING:
    from asnmerit.diagnostics import Faults
    from asnmerit.rules.syntax import Source

TRUTHS = {"yes": True, "no": False, "true": True, "false": False}
MAX_PARTS = 200_000
LAW_NUMBERS = frozenset({Fraction(0), Fraction(1), Fraction(2), Fraction(12), Fraction(100)})
_COMPARISONS: dict[type, str] = {
    ast.Lt: "lt",
    ast.LtE: "le",
    ast.Gt: "gt",
    ast.GtE: "ge",
    ast.Eq: "eq",
    ast.NotEq: "ne",
}
_ARITHMETIC: dict[type, str] = {ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "div"}


@attrs.define
class Typer:
    """Types one expression of one document."""

    scope: Scope
    faults: Faults
    source: Source
    locals: dict[str, Local] = attrs.field(factory=dict)
    guards: frozenset[str] = frozenset()
    demands: list[Demand] = attrs.field(factory=list)
    size: int = 1

    # --- entry and faults ---

    def typed(self, expected: Scalar | None = None) -> Expr | None:
        """Type the whole expression; None, with faults, when it has no type."""
        try:
            return self.checked(self.source.tree, expected)
        except IllTypedError:
            return None

    def fail(self, node: ast.AST, code: str, near: tuple[str, ...] = (), **fields: object) -> NoReturn:
        """Note a fault at a part of the expression and leave that part."""
        if code != "unknown-name" or fields["name"] not in self.scope.faulty:
            self.faults.add(code, self.source.place(node), near, fields=fields)
        raise IllTypedError

    def checked(self, node: ast.expr, expected: Scalar | None) -> Expr:
        """Type a part and hold it to what its place expects."""
        found = self.expr(node, expected)
        if expected is not None and not t.same_kind(found.type, expected):
            if self._neutral(found, expected):
                return found
            self.fail(node, "type-mismatch", expected=described(expected), got=described(found.type))
        return found

    def _neutral(self, found: Expr, expected: Scalar) -> bool:
        """Whether a number without a unit of its own (a literal) may stand for rupiah."""
        return isinstance(found.type, Number) and isinstance(expected, Number) and unitless(found)

    def inside(self, name: str, local: Local, size: int = 1) -> Typer:
        """Give a typer for the body of a generator."""
        return attrs.evolve(self, locals={**self.locals, name: local}, size=self.size * size)

    def guarded(self, more: frozenset[str]) -> Typer:
        """Give a typer for a part that is asked only where these indicators apply."""
        return attrs.evolve(self, guards=self.guards | more)

    # --- the constructs ---

    def expr(self, node: ast.expr, expected: Scalar | None = None) -> Expr:  # noqa: C901, PLR0911 - one case a construct
        """Type a part of the expression."""
        match node:
            case ast.Constant():
                return self._constant(node, expected)
            case ast.Name():
                return self._name(node, expected)
            case ast.BoolOp():
                return self._joined(node)
            case ast.UnaryOp(op=ast.Not()):
                return self._made(node, t.BOOL, "not", self.checked(node.operand, t.BOOL))
            case ast.UnaryOp():
                operand = self.number(node.operand)
                return self._made(node, operand.type, "neg", operand)
            case ast.BinOp():
                return self._arithmetic(node)
            case ast.Compare():
                return self._compared(node)
            case ast.IfExp():
                return self._choice(node, expected)
            case ast.Attribute():
                return attribute(self, node)
            case ast.Subscript():
                return subscript(self, node, None)
            case ast.Call():
                return self._call(node, expected)
            case _:
                self.fail(node, "expression-construct", construct=f"`{self.source.segment(node)[:40]}` here")

    def _made(self, node: ast.AST, of: Scalar, op: str, *args: Expr, const: object = None) -> Expr:
        self.scope.parts += 1
        return Call(of, op, args, const, self.source.place(node))

    def made(self, node: ast.AST, of: Scalar, op: str, *args: Expr, const: object = None) -> Expr:
        """Make a call placed at a part of the expression."""
        return self._made(node, of, op, *args, const=const)

    def number(self, node: ast.expr) -> Expr:
        """Type a part that must be a number."""
        found = self.expr(node)
        if not isinstance(found.type, Number):
            self.fail(node, "type-mismatch", expected="a number", got=described(found.type))
        return found

    def _constant(self, node: ast.Constant, expected: Scalar | None) -> Expr:
        if isinstance(node.value, str):
            if isinstance(expected, Enum):
                return self.member(node, node.value, expected)
            self.fail(
                node,
                "type-mismatch",
                expected=described(expected) if expected else "a value",
                got=f"the member '{node.value}' of a type that its place does not tell",
            )
        value = self.source.number(node)
        if value not in LAW_NUMBERS:
            self.faults.add("law-number", self.source.place(node), value=self.source.segment(node))
        unit: t.Unit = "integer" if value.denominator == 1 else "number"
        return Literal(Number(unit, value, value, None), value, self.source.place(node))

    def constant_number(self, node: ast.expr) -> Expr:
        """Type a number that the law fixes in place (a rounding step), without the lint on law numbers."""
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            value = self.source.number(node)
            return Literal(Number("number", value, value), value, self.source.place(node))
        found = self.number(node)
        if not constant(found):
            self.fail(node, "needs-constant", what="a rounding step")
        return found

    def member(self, node: ast.AST, name: str, of: Enum) -> Expr:
        """Give a member of an enumeration."""
        if name not in of.members:
            self.fail(node, "unknown-member", near_misses(name, of.members), name=name, type=of.name)
        return Literal(of, of.members.index(name), self.source.place(node))

    # --- names ---

    def _name(self, node: ast.Name, expected: Scalar | None) -> Expr:
        local = self.locals.get(node.id)
        entity = self.scope.value(node.id)
        if local is None and entity is None:
            if node.id == "as_of":
                return Fact(t.DATE, "as_of", None, self.source.place(node))
            if isinstance(expected, Enum) and node.id in expected.members:
                return self.member(node, node.id, expected)
            if node.id in TRUTHS:
                return Literal(t.BOOL, TRUTHS[node.id], self.source.place(node))
            known = [*self.locals, *self.scope.names(), *(expected.members if isinstance(expected, Enum) else ())]
            self.fail(node, "unknown-name", near_misses(node.id, known), kind="name", name=node.id)
        if isinstance(expected, Enum) and node.id in expected.members:
            found = self._value(node, local, entity, quiet=True)
            if found is not None and not t.same_kind(found.type, expected):
                found = None
            if found is None and entity is not None and local is None:
                self.fail(
                    node, "ambiguous-name", name=node.id, first=entity.kind, second=f"a member of {expected.name}"
                )
            if found is not None:
                self.fail(
                    node,
                    "ambiguous-name",
                    name=node.id,
                    first="a value of this type",
                    second=f"a member of {expected.name}",
                )
        found = self._value(node, local, entity)
        if found is None:  # pragma: no cover - _value fails by itself unless quiet
            raise IllTypedError
        return found

    def _value(self, node: ast.Name, local: Local | None, entity: Entity | None, *, quiet: bool = False) -> Expr | None:
        place = self.source.place(node)
        match local or entity:
            case Value(expr):
                return expr
            case RowVariable(binder, of) if of.plain:
                return Row(of.fields["value"], binder, "value", place)
            case FactName(name, kind) if isinstance(kind, t.Bool | Number | t.Date | Enum):
                return Fact(kind, name, None, place)
            case ParameterName(key, kind) if isinstance(kind, t.Bool | Number | t.Date | Enum):
                return Parameter(kind, key, place)
            case StepName() as step if not step.rows and step.members is None:
                return self._step(node, step)
            case other:
                if quiet:
                    return None
                self.fail(node, "not-a-value", name=node.id, kind=plural(other), expected=how_to_read(other))

    def _step(self, node: ast.AST, step: StepName) -> Expr:
        of = step.settled()
        if of is None:
            raise IllTypedError
        if step.guard and step.key not in self.guards:
            self.fail(node, "unguarded-indicator", name=step.key)
        return Step(of, step.key, None, self.source.place(node))

    # --- operators ---

    def _joined(self, node: ast.BoolOp) -> Expr:
        op = "and" if isinstance(node.op, ast.And) else "or"
        more = frozenset(filter(None, (self._guard(v) for v in node.values))) if op == "and" else frozenset()
        typer = self.guarded(more)
        args, failed = [], False
        for value in node.values:
            try:
                args.append((self if self._guard(value) else typer).checked(value, t.BOOL))
            except IllTypedError:
                failed = True
        if failed:
            raise IllTypedError
        return self._made(node, t.BOOL, op, *args)

    def _guard(self, node: ast.expr) -> str:
        """Give the indicator that `NAME.applies` speaks of."""
        if isinstance(node, ast.Attribute) and node.attr == "applies" and isinstance(node.value, ast.Name):
            return node.value.id
        return ""

    def _arithmetic(self, node: ast.BinOp) -> Expr:
        op = _ARITHMETIC[type(node.op)]
        left, right = self.number(node.left), self.number(node.right)
        unit = self._unit(node, op, left, right)
        return self._made(node, t.number_of(unit), op, left, right)

    def _unit(self, node: ast.BinOp, op: str, left: Expr, right: Expr) -> t.Unit:
        money = [e.type.unit == "rupiah" for e in (left, right)]
        wrong = {
            "add": money[0] != money[1],
            "sub": money[0] != money[1],
            "mul": all(money),
            "div": money[1] and not money[0],
        }[op]
        if wrong and not (op in {"add", "sub"} and (unitless(left) or unitless(right))):
            signs = {"add": "+", "sub": "-", "mul": "*", "div": "/"}
            self.fail(node, "type-arithmetic", op=signs[op], left=described(left.type), right=described(right.type))
        return "number" if op == "div" and all(money) else "rupiah" if any(money) else "number"

    def _compared(self, node: ast.Compare) -> Expr:
        parts, left = [], node.left
        for op, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(op, ast.In | ast.NotIn):
                found = self._membership(node, left, right)
                parts.append(self._made(node, t.BOOL, "not", found) if isinstance(op, ast.NotIn) else found)
            else:
                parts.append(self._comparison(node, _COMPARISONS[type(op)], left, right))
            left = right
        return parts[0] if len(parts) == 1 else self._made(node, t.BOOL, "and", *parts)

    def pair(self, left: ast.expr, right: ast.expr) -> tuple[Expr, Expr]:
        """Type two parts of one type, letting either tell the other what it expects."""
        if self.waits(left):
            second = self.expr(right)
            return self.expr(left, second.type), second
        first = self.expr(left)
        return first, self.expr(right, first.type)

    def waits(self, node: ast.expr) -> bool:
        """Whether a part is a member that needs to be told its type."""
        if isinstance(node, ast.IfExp):
            return self.waits(node.body) and self.waits(node.orelse)
        if isinstance(node, ast.Constant):
            return isinstance(node.value, str)
        named = isinstance(node, ast.Name) and node.id != "as_of"
        return named and node.id not in self.locals and self.scope.value(node.id) is None  # type: ignore[attr-defined]

    def _comparison(self, node: ast.AST, op: str, left: ast.expr, right: ast.expr) -> Expr:
        a, b = self.pair(left, right)
        money = isinstance(a.type, Number) and isinstance(b.type, Number) and (unitless(a) or unitless(b))
        if not t.same_kind(a.type, b.type) and not money:
            self.fail(node, "type-compare", left=described(a.type), right=described(b.type))
        levels = None
        if op not in {"eq", "ne"}:
            if isinstance(a.type, t.Bool):
                self.fail(node, "type-compare", left="bool", right="bool by order")
            if isinstance(a.type, Enum):
                if not a.type.ordered:
                    self.fail(node, "type-order", type=a.type.name)
                levels = a.type.levels
            self._lint_count(node, left, right)
        return self._made(node, t.BOOL, op, a, b, const=levels)

    def _lint_count(self, node: ast.AST, *sides: ast.expr) -> None:
        if any(isinstance(s, ast.Call) and isinstance(s.func, ast.Name) and s.func.id == "count" for s in sides):
            self.faults.add("count-compare", self.source.place(node))

    def _membership(self, node: ast.AST, left: ast.expr, right: ast.expr) -> Expr:
        if isinstance(right, ast.List | ast.Tuple):
            key = self.expr(left)
            if not isinstance(key.type, Enum):
                self.fail(left, "type-mismatch", expected="a member", got=described(key.type))
            codes = frozenset(self.expr(item, key.type).value for item in right.elts)  # type: ignore[union-attr]
            return self._made(node, t.BOOL, "listed", key, const=codes)
        entity = self.scope.value(right.id) if isinstance(right, ast.Name) else None
        if isinstance(entity, ParameterName) and isinstance(entity.type, t.Months):
            return self._made(node, t.BOOL, "in_months", self.number(left), const=MonthsRef(entity.key))
        if isinstance(entity, TableName):
            items = left.elts if isinstance(left, ast.Tuple) else [left]
            keys = table_keys(self, node, entity, items)
            return self._made(node, t.BOOL, "in_table", *keys, const=CellRef(entity.key, next(iter(entity.columns))))
        self.fail(
            right,
            "type-mismatch",
            expected="[members], a months parameter or a table",
            got=f"`{self.source.segment(right)[:40]}`",
        )

    def _choice(self, node: ast.IfExp, expected: Scalar | None) -> Expr:
        test = self.checked(node.test, t.BOOL)
        tests = (
            node.test.values if isinstance(node.test, ast.BoolOp) and isinstance(node.test.op, ast.And) else [node.test]
        )
        then = self.guarded(frozenset(filter(None, map(self._guard, tests))))
        if expected is not None:
            a, b = then.checked(node.body, expected), self.checked(node.orelse, expected)
        elif self.waits(node.body):
            b = self.expr(node.orelse)
            a = then.expr(node.body, b.type)
        else:
            a = then.expr(node.body)
            b = self.expr(node.orelse, a.type)
        if not t.same_kind(a.type, b.type) and not (unitless(a) or unitless(b)):
            self.fail(node, "type-mismatch", expected=described(a.type), got=described(b.type))
        return self._made(node, b.type if unitless(a) else a.type, "if", test, a, b)

    # --- calls ---

    def _call(self, node: ast.Call, expected: Scalar | None) -> Expr:
        if not isinstance(node.func, ast.Name):
            self.fail(node, "expression-construct", construct=f"`{self.source.segment(node)[:40]}`")
        if node.args and isinstance(node.args[0], ast.GeneratorExp):
            return typed_aggregate(self, node, node.func.id, expected)
        return typed_call(self, node, node.func.id, expected)


def unitless(e: Expr) -> bool:
    """Whether an expression is a bare number, which may meet rupiah."""
    if isinstance(e, Literal):
        return isinstance(e.type, Number)
    return isinstance(e, Call) and e.op in {"neg", "if", "pick"} and all(unitless(a) for a in e.args[-2:])


def constant(e: Expr) -> bool:
    """Whether an expression is known when the law is made."""
    return isinstance(e, Literal | Parameter) or (isinstance(e, Call) and bool(e.args) and all(map(constant, e.args)))


def described(of: object) -> str:
    """Name a type in an error text."""
    if isinstance(of, Enum):
        return f"a member of {of.name}"
    return str(of)
