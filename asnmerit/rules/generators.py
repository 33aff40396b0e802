"""Typing of aggregates: sum, count, any, all, min and max over a generator.

Over rows of a list the fold stays a node (`Each`); over years, members and months it is written out.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.rules import types as t
from asnmerit.rules.catalogue import AGGREGATES
from asnmerit.rules.expr import Binder, Each, Expr, Fact, Literal, Parameter
from asnmerit.rules.scope import Demand, FactName, Local, ParameterName, RowVariable, Value
from asnmerit.rules.table import MonthsRef
from asnmerit.rules.types import Enum, Number, Scalar

if TYPE_CHECKING:
    from asnmerit.rules.infer import Typer

MAX_COMBINATIONS = 4_096


@attrs.frozen
class _Aggregate:
    """One aggregate call, taken apart."""

    name: str
    node: ast.Call
    body: ast.expr
    variable: str
    over: ast.expr
    where: ast.expr | None
    default: ast.expr | None


def typed_aggregate(typer: Typer, node: ast.Call, name: str, expected: Scalar | None) -> Expr:
    """Type an aggregate over a generator."""
    call = _taken_apart(typer, node, name)
    source = _rows(typer, call)
    if source is not None:
        return _over_rows(typer, call, source, expected)
    return _written_out(typer, call, expected)


def _taken_apart(typer: Typer, node: ast.Call, name: str) -> _Aggregate:
    generator = node.args[0]
    if name not in AGGREGATES:
        typer.fail(node, "unknown-function", near_misses(name, AGGREGATES), name=name)
    if not isinstance(generator, ast.GeneratorExp) or len(node.args) > 1 or len(generator.generators) != 1:
        typer.fail(node, "expression-construct", construct="more than one `for` in a generator")
    clause = generator.generators[0]
    if not isinstance(clause.target, ast.Name) or len(clause.ifs) > 1:
        typer.fail(node, "expression-construct", construct="a generator with several variables or filters")
    wrong = [k for k in node.keywords if k.arg != "default" or name not in {"min", "max"}]
    if wrong:
        typer.fail(node, "argument-count", name=name, expected="a generator", got=f"`{wrong[0].arg}=`")
    default = node.keywords[0].value if node.keywords else None
    if name in {"min", "max"} and default is None:
        typer.fail(node, "needs-default", name=name)
    where = clause.ifs[0] if clause.ifs else None
    taken = typer.scope.value(clause.target.id)
    if taken is not None or clause.target.id in typer.locals:
        typer.fail(clause.target, "name-taken", name=clause.target.id, kind=taken.kind if taken else "a row")
    return _Aggregate(name, node, generator.elt, clause.target.id, clause.iter, where, default)


def _rows(typer: Typer, call: _Aggregate) -> RowVariable | None:
    """Give the row variable when the generator goes over a list fact."""
    entity = typer.scope.value(call.over.id) if isinstance(call.over, ast.Name) else None
    if isinstance(entity, FactName) and isinstance(entity.type, t.ListOf):
        return RowVariable(Binder(call.variable, entity.name, entity.type.up_to), entity.type)
    return None


def _sized(typer: Typer, call: _Aggregate, size: int) -> None:
    if typer.size * size > MAX_COMBINATIONS:
        typer.fail(call.node, "generator-size", size=typer.size * size, limit=MAX_COMBINATIONS)


# --- over rows ------------------------------------------------------------


def _over_rows(typer: Typer, call: _Aggregate, rows: RowVariable, expected: Scalar | None) -> Expr:
    _sized(typer, call, rows.binder.up_to)
    inner = typer.inside(call.variable, rows, rows.binder.up_to)
    where = None if call.where is None else inner.checked(call.where, t.BOOL)
    body = _body(inner, call, expected)
    default = None if call.default is None else typer.checked(call.default, _kind(body))
    of = _result(call, body)
    return Each(of, call.name, rows.binder, body, where, default, typer.source.place(call.node))


def _body(inner: Typer, call: _Aggregate, expected: Scalar | None) -> Expr:
    if call.name in {"any", "all"}:
        return inner.checked(call.body, t.BOOL)
    if call.name == "sum":
        return inner.number(call.body)
    counts_rows = call.name == "count" and isinstance(call.body, ast.Name) and call.body.id == call.variable
    if counts_rows:
        return Literal(Number("integer"), 1)
    body = inner.expr(call.body, expected if call.name != "count" else None)
    if call.name in {"min", "max"} and isinstance(body.type, Enum) and not body.type.ordered:
        inner.fail(call.body, "type-order", type=body.type.name)
    if call.name in {"min", "max"} and isinstance(body.type, t.Bool):
        inner.fail(call.body, "type-mismatch", expected="numbers, dates or ordered members", got="bool")
    return body


def _kind(body: Expr) -> Scalar:
    return t.number_of(body.type.unit) if isinstance(body.type, Number) else body.type


def _result(call: _Aggregate, body: Expr) -> Scalar:
    if call.name in {"any", "all"}:
        return t.BOOL
    if call.name == "count":
        return t.INTEGER
    return _kind(body)


# --- over years, members and months: written out ------------------------------------------------------------


@attrs.frozen
class _Item:
    """One value of the variable, and the test that it counts at all (a slice whose length the law sets)."""

    local: Local
    test: Expr | None = None


def _written_out(typer: Typer, call: _Aggregate, expected: Scalar | None) -> Expr:
    items = _items(typer, call)
    _sized(typer, call, len(items))
    tests: list[Expr | None] = []
    bodies: list[Expr] = []
    for item in items:
        inner = typer.inside(call.variable, item.local, len(items))
        where = None if call.where is None else inner.checked(call.where, t.BOOL)
        both = [x for x in (item.test, where) if x is not None]
        tests.append(typer.made(call.node, t.BOOL, "and", *both) if len(both) > 1 else both[0] if both else None)
        bodies.append(_body(inner, call, expected))
    return _JOINED[call.name](typer, call, tests, bodies)


def _items(typer: Typer, call: _Aggregate) -> list[_Item]:
    over, place = call.over, typer.source.place(call.over)
    match over:
        case ast.Attribute(value=ast.Name(id="types"), attr=name):
            enum = typer.scope.type(name)
            if enum is None:
                typer.fail(over, "unknown-name", near_misses(name, typer.scope.type_names()), kind="type", name=name)
            return [_Item(Value(Literal(enum, code, place))) for code in range(len(enum.members))]
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Slice(lower=None, upper=upper)) if upper is not None:
            return _slice(typer, over, name, upper)
        case ast.Name(id=name):
            return _whole(typer, over, name)
        case _:
            typer.fail(over, "generator-source", got=f"`{typer.source.segment(over)[:40]}`")


def _whole(typer: Typer, over: ast.expr, name: str) -> list[_Item]:
    place = typer.source.place(over)
    match typer.scope.value(name):
        case FactName(fact, t.Yearly(of, back)):
            return [_Item(Value(Fact(of, fact, k, place))) for k in range(back)]
        case FactName(fact, t.PerMember(of, enum)):
            return [_Item(Value(Fact(of, fact, m, place))) for m in enum.members]
        case ParameterName(key, t.Months()):
            months = [Literal(t.INTEGER, value, place) for value in range(1, 13)]
            return [_Item(Value(m), typer.made(over, t.BOOL, "in_months", m, const=MonthsRef(key))) for m in months]
        case None:
            typer.fail(over, "unknown-name", near_misses(name, typer.scope.names()), kind="name", name=name)
        case other:
            typer.fail(over, "generator-source", got=other.kind)


def _slice(typer: Typer, over: ast.expr, name: str, upper: ast.expr) -> list[_Item]:
    entity = typer.scope.value(name)
    if not (isinstance(entity, FactName) and isinstance(entity.type, t.Yearly)):
        typer.fail(over, "generator-source", got=f"a slice of `{name}`")
    back, place = entity.type.back, typer.source.place(over)
    slots = [Value(Fact(entity.type.of, entity.name, k, place)) for k in range(back)]
    bound = typer.scope.value(upper.id) if isinstance(upper, ast.Name) else None
    if isinstance(bound, ParameterName):
        typer.demands.append(Demand(bound.key, back, typer.source.place(upper)))
        limit = Parameter(bound.type, bound.key, place)
        return [
            _Item(v, typer.made(over, t.BOOL, "lt", Literal(t.INTEGER, k, place), limit)) for k, v in enumerate(slots)
        ]
    if isinstance(upper, ast.Constant) and isinstance(upper.value, int) and 1 <= upper.value <= back:
        return [_Item(v) for v in slots[: upper.value]]
    typer.fail(upper, "slice-bound", limit=back, got=typer.source.segment(upper)[:20])


def _all(typer: Typer, call: _Aggregate, tests: list[Expr | None], bodies: list[Expr]) -> Expr:
    asked = [
        b if w is None else typer.made(call.node, t.BOOL, "or", typer.made(call.node, t.BOOL, "not", w), b)
        for w, b in zip(tests, bodies, strict=True)
    ]
    return typer.made(call.node, t.BOOL, "and", *asked)


def _any(typer: Typer, call: _Aggregate, tests: list[Expr | None], bodies: list[Expr]) -> Expr:
    asked = [b if w is None else typer.made(call.node, t.BOOL, "and", w, b) for w, b in zip(tests, bodies, strict=True)]
    return typer.made(call.node, t.BOOL, "or", *asked)


def _sum(typer: Typer, call: _Aggregate, tests: list[Expr | None], bodies: list[Expr]) -> Expr:
    of = _kind(bodies[0])
    zero = Literal(Number("integer"), 0)
    total: Expr | None = None
    for w, b in zip(tests, bodies, strict=True):
        part = b if w is None else typer.made(call.node, of, "pick", w, b, zero)
        total = part if total is None else typer.made(call.node, of, "add", total, part)
    return zero if total is None else total


def _count(typer: Typer, call: _Aggregate, tests: list[Expr | None], bodies: list[Expr]) -> Expr:
    one, zero = Literal(Number("integer"), 1), Literal(Number("integer"), 0)
    counted = [
        typer.made(call.node, t.INTEGER, "pick", b, one, zero) if isinstance(b.type, t.Bool) else one for b in bodies
    ]
    return _sum(typer, call, tests, counted)


def _extreme(typer: Typer, call: _Aggregate, tests: list[Expr | None], bodies: list[Expr]) -> Expr:
    """Keep the best so far and whether there is one; picks are strict, so an unknown filter makes it unknown."""
    of = _kind(bodies[0])
    best = typer.checked(call.default, of) if call.default is not None else bodies[0]
    has: Expr = Literal(t.BOOL, value=False)
    for w, b in zip(tests, bodies, strict=True):
        test = Literal(t.BOOL, value=True) if w is None else w
        better = typer.made(call.node, of, "pick", has, typer.made(call.node, of, call.name, best, b), b)
        best = typer.made(call.node, of, "pick", test, better, best)
        has = typer.made(call.node, t.BOOL, "or", has, test)
    return best


_JOINED = {"all": _all, "any": _any, "sum": _sum, "count": _count, "min": _extreme, "max": _extreme}
