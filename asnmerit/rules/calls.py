"""Typing of calls to functions: each is held to the signature in its row of the catalogue."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from asnmerit.diagnostics import near_misses
from asnmerit.rules import types as t
from asnmerit.rules.catalogue import AGGREGATES, CATALOGUE, FUNCTIONS
from asnmerit.rules.scope import ParameterName
from asnmerit.rules.table import MonthsRef
from asnmerit.rules.types import Enum, Number, Scalar

if TYPE_CHECKING:
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.infer import Typer


def typed_call(typer: Typer, node: ast.Call, name: str, expected: Scalar | None) -> Expr:
    """Type a call of a function by its signature."""
    if name not in FUNCTIONS:
        if name in AGGREGATES:
            typer.fail(
                node, "argument-count", name=name, expected="a generator: " + f"{name}(x for x in rows)", got="values"
            )
        typer.fail(node, "unknown-function", near_misses(name, FUNCTIONS | AGGREGATES), name=name)
    if node.keywords:
        typer.fail(node, "argument-count", name=name, expected="arguments by place", got=f"`{node.keywords[0].arg}=`")
    if name in {"min", "max"}:
        return _extreme(typer, node, name, expected)
    asked, _, result = CATALOGUE[name].signature.partition(" -> ")
    kinds = asked.split(", ")
    least = sum(not k.endswith("?") for k in kinds)
    if not least <= len(node.args) <= len(kinds):
        typer.fail(
            node,
            "argument-count",
            name=name,
            expected=f"{least} arguments" if least == len(kinds) else f"{least} or {len(kinds)} arguments",
            got=len(node.args),
        )
    return _by_signature(typer, node, name, kinds, result, expected)


def _by_signature(
    typer: Typer, node: ast.Call, name: str, kinds: list[str], result: str, expected: Scalar | None
) -> Expr:
    args: list[Expr] = []
    const: object = None
    first: Scalar | None = None
    for kind, item in zip(kinds, node.args, strict=False):
        match kind.rstrip("?"):
            case "months":
                const = _months(typer, item)
                continue
            case "date":
                arg = typer.checked(item, t.DATE)
            case "number" | "integer":
                arg = typer.number(item)
            case "constant":
                arg = typer.constant_number(item)
            case "same":
                arg = typer.checked(item, first)
            case _:
                other = typer.pair(*node.args[:2])[0].type if len(node.args) > 1 else expected
                arg = typer.expr(item, other if isinstance(other, Enum) else None)
                const = _ordered(typer, item, arg)
        first = first or arg.type
        args.append(arg)
    of: Scalar = first if result == "same" and first is not None else t.PLAIN_TYPES.get(result, t.NUMBER)  # type: ignore[assignment]
    if result == "number" and isinstance(first, Number):
        of = t.number_of(first.unit if first.unit == "rupiah" else "number")
    return typer.made(node, of, name, *args, const=const)


def _months(typer: Typer, item: ast.expr) -> MonthsRef:
    entity = typer.scope.value(item.id) if isinstance(item, ast.Name) else None
    if isinstance(entity, ParameterName) and isinstance(entity.type, t.Months):
        return MonthsRef(entity.key)
    typer.fail(item, "type-mismatch", expected="a months parameter", got=f"`{typer.source.segment(item)[:40]}`")


def _ordered(typer: Typer, item: ast.expr, arg: Expr) -> Enum:
    if not isinstance(arg.type, Enum):
        typer.fail(item, "type-mismatch", expected="a member of an ordered type", got=str(arg.type))
    if not arg.type.ordered:
        typer.fail(item, "type-order", type=arg.type.name)
    return arg.type


def _extreme(typer: Typer, node: ast.Call, name: str, expected: Scalar | None) -> Expr:
    if len(node.args) < 2:  # noqa: PLR2004 - the smallest of one thing is a slip
        typer.fail(node, "argument-count", name=name, expected="two or more values, or a generator", got=len(node.args))
    of = expected if isinstance(expected, Enum) else None
    if of is None:
        first = next((typer.expr(item).type for item in node.args if not typer.waits(item)), None)
        of = first if isinstance(first, Enum) else None
    args = [typer.expr(item, of) for item in node.args]
    kind = next((a.type for a in args if not isinstance(a.type, Number) or a.type.unit == "rupiah"), args[0].type)
    for item, arg in zip(node.args, args, strict=True):
        if not t.same_kind(arg.type, kind) and not (isinstance(arg.type, Number) and isinstance(kind, Number)):
            typer.fail(item, "type-mismatch", expected=str(kind), got=str(arg.type))
    if isinstance(kind, t.Bool):
        typer.fail(node, "type-mismatch", expected="numbers, dates or ordered members", got="bool")
    if isinstance(kind, Enum):
        _ordered(typer, node, args[0])
    return typer.made(node, t.number_of(kind.unit) if isinstance(kind, Number) else kind, name, *args)
