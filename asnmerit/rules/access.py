"""Typing of reads: fields of rows, decisions and indicators; places of families; cells of tables."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from asnmerit.diagnostics import near_misses
from asnmerit.rules import types as t
from asnmerit.rules.expr import Expr, Fact, Literal, Row, Step
from asnmerit.rules.scope import DecisionName, FactName, IllTypedError, RowVariable, StepName, TableName, plural
from asnmerit.rules.table import CellRef
from asnmerit.rules.types import Enum

if TYPE_CHECKING:
    from collections.abc import Callable

    from asnmerit.rules.infer import Typer


def attribute(typer: Typer, node: ast.Attribute) -> Expr:
    """Type `name.field`."""
    if isinstance(node.value, ast.Subscript):
        return subscript(typer, node.value, node.attr)
    if not isinstance(node.value, ast.Name):
        typer.fail(node, "expression-construct", construct=f"`{typer.source.segment(node)[:40]}`")
    name = node.value.id
    match typer.locals.get(name) or typer.scope.value(name):
        case RowVariable(binder, of) if not of.plain:
            if node.attr not in of.fields:
                near = near_misses(node.attr, of.fields)
                typer.fail(node, "unknown-name", near, kind="field", name=f"{name}.{node.attr}")
            return Row(of.fields[node.attr], binder, node.attr, typer.source.place(node))
        case DecisionName() as decision:
            return _field(typer, node, decision)
        case StepName(kind="an indicator") as step if node.attr == "applies":
            if not step.guard:
                return Literal(t.BOOL, value=True, position=typer.source.place(node))
            return Step(t.BOOL, step.guard, None, typer.source.place(node))
        case None:
            typer.fail(node, "unknown-name", near_misses(name, typer.scope.names()), kind="name", name=name)
        case other:
            typer.fail(node, "not-readable", name=f"{name}.{node.attr}", reason=f"`{name}` is {plural(other)}")


def _field(typer: Typer, node: ast.Attribute, decision: DecisionName) -> Expr:
    place = typer.source.place(node)
    if node.attr == "granted":
        return Step(t.BOOL, f"{decision.key}.granted", None, place)
    if node.attr not in decision.fields:
        near = near_misses(node.attr, [*decision.fields, "granted"])
        typer.fail(node, "unknown-name", near, kind="field", name=f"{decision.key}.{node.attr}")
    if node.attr not in decision.readable:
        typer.fail(node, "needs-otherwise", name=f"{decision.key}.{node.attr}")
    return Step(decision.fields[node.attr], f"{decision.key}.{node.attr}", None, place)


def subscript(typer: Typer, node: ast.Subscript, column: str | None) -> Expr:
    """Type `name[...]`, or a column of it."""
    if not isinstance(node.value, ast.Name):
        typer.fail(node, "expression-construct", construct=f"`{typer.source.segment(node)[:40]}`")
    name = node.value.id
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    match typer.scope.value(name):
        case TableName() as table:
            return _cell(typer, node, table, items, column)
        case FactName(fact, t.Yearly(of, back)) if column is None and len(items) == 1:
            return Fact(of, fact, _place(typer, items[0], name, back - 1), typer.source.place(node))
        case FactName(fact, t.PerMember(of, enum)) if column is None and len(items) == 1:
            key = typer.checked(items[0], enum)
            return _by_member(typer, node, key, enum, lambda m: Fact(of, fact, m, typer.source.place(node)))
        case StepName(members=enum) as family if enum is not None and column is None:
            return _of_member(typer, node, family, typer.checked(items[0], enum), enum)
        case StepName(rows=rows) as step if rows and column is None and len(items) == 1:
            return _of_row(typer, node, step, items[0])
        case None:
            typer.fail(node, "unknown-name", near_misses(name, typer.scope.names()), kind="name", name=name)
        case other:
            typer.fail(
                node, "not-readable", name=typer.source.segment(node)[:40], reason=f"`{name}` is {plural(other)}"
            )


def _place(typer: Typer, item: ast.expr, name: str, most: int) -> int:
    if isinstance(item, ast.Constant) and isinstance(item.value, int) and 0 <= item.value <= most:
        return item.value
    typer.fail(item, "index-bound", name=name, limit=most, got=typer.source.segment(item)[:20] or "a slice")


def _by_member(typer: Typer, node: ast.AST, key: Expr, enum: Enum, at: Callable[[str], Expr]) -> Expr:
    """Read a family by a key: one slot where the key is fixed, else a choice among all slots."""
    if isinstance(key, Literal):
        return at(enum.members[key.value])
    result = at(enum.members[-1])
    for code in reversed(range(len(enum.members) - 1)):
        test = typer.made(node, t.BOOL, "eq", key, Literal(enum, code))
        result = typer.made(node, result.type, "if", test, at(enum.members[code]), result)
    return result


def _of_row(typer: Typer, node: ast.Subscript, step: StepName, item: ast.expr) -> Expr:
    local = typer.locals.get(item.id) if isinstance(item, ast.Name) else None
    if not isinstance(local, RowVariable) or local.binder.list_fact != step.rows:
        typer.fail(
            node,
            "not-readable",
            name=typer.source.segment(node)[:40],
            reason=f"its place must be the variable of a generator over `{step.rows}`",
        )
    of = step.settled()
    if of is None:
        raise IllTypedError
    return Step(of, step.key, local.binder, typer.source.place(node))


def _of_member(typer: Typer, node: ast.AST, step: StepName, key: Expr, enum: Enum) -> Expr:
    of = step.settled()
    if of is None:
        raise IllTypedError
    return _by_member(typer, node, key, enum, lambda m: Step(of, f"{step.key}[{m}]", None, typer.source.place(node)))


def _cell(typer: Typer, node: ast.AST, table: TableName, items: list[ast.expr], column: str | None) -> Expr:
    if column is None and list(table.columns) != [""]:
        typer.fail(
            node,
            "not-a-value",
            name=table.key,
            kind="a table of several columns",
            expected="name the column, for example " + f"{table.key}[...].{next(iter(table.columns))}",
        )
    if column is not None and column not in table.columns:
        typer.fail(
            node, "unknown-name", near_misses(column, table.columns), kind="column", name=f"{table.key}.{column}"
        )
    keys = table_keys(typer, node, table, items)
    return typer.made(node, table.columns[column or ""], "cell", *keys, const=CellRef(table.key, column or ""))


def table_keys(typer: Typer, node: ast.AST, table: TableName, items: list[ast.expr]) -> list[Expr]:
    """Type the keys of a lookup, each by the type of its axis."""
    if len(items) != len(table.keys):
        typer.fail(node, "argument-count", name=f"`{table.key}`", expected=f"{len(table.keys)} keys", got=len(items))
    return [typer.checked(item, key) for item, key in zip(items, table.keys, strict=True)]
