"""The seven node kinds of an expression, and the one fold that walks them.

Rich expressions (typed by `types`) are what a policy says; kernel expressions (typed by `kernel.Int`) are what
engines run. Both are made of these nodes. A node is compared by identity: shared nodes are shared work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar, assert_never

import attrs

from asnmerit.diagnostics import Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOWHERE = Position("")
V = TypeVar("V")


class _Node:
    """What all nodes share: they refuse to be truth values, so that `if node:` cannot lie."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __bool__(self) -> NoReturn:
        message = "an expression has no truth value; fold it"
        raise TypeError(message)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle without the position: a law that travels needs what it means, not where it was written."""
        return type(self), tuple([getattr(self, name) for name in self.__match_args__ if name != "position"])


@attrs.frozen(eq=False)
class Binder:
    """The row variable of a fold over a list fact: each row of it in turn."""

    name: str
    list_fact: str
    up_to: int


@attrs.frozen(eq=False)
class Literal(_Node):
    """A value written out: bool, Fraction (numbers), int (dates and member codes)."""

    type: Any
    value: Any
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Fact(_Node):
    """A scalar input: a fact, or a slot of a family, or the number of rows of a list (slot `#`)."""

    type: Any
    name: str
    slot: int | str | None = None
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Row(_Node):
    """A field of the row that a binder stands for."""

    type: Any
    binder: Binder
    field: str
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Parameter(_Node):
    """A value of the law, known when the law is made."""

    type: Any
    key: str
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Step(_Node):
    """The value of a named step; of one row of it, where the step has one value a row of a list."""

    type: Any
    key: str
    binder: Binder | None = None
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Call(_Node):
    """An operator applied to arguments. `const` holds what is fixed: a table, thresholds, a rounding mode."""

    type: Any
    op: str
    args: tuple[Expr, ...]
    const: Any = None
    position: Position = NOWHERE


@attrs.frozen(eq=False)
class Each(_Node):
    """A fold over the rows of a list: sum, count, any, all, min or max of `body` over rows where `where` holds."""

    type: Any
    op: str
    binder: Binder
    body: Expr
    where: Expr | None = None
    default: Expr | None = None
    position: Position = NOWHERE


Expr = Literal | Fact | Row | Parameter | Step | Call | Each


class Algebra(Protocol[V]):
    """One interpretation: what each node kind becomes. `call` gets its arguments already interpreted."""

    def literal(self, node: Literal) -> V:
        """Interpret a literal."""

    def fact(self, node: Fact) -> V:
        """Interpret an input."""

    def row(self, node: Row) -> V:
        """Interpret a field of the bound row."""

    def parameter(self, node: Parameter) -> V:
        """Interpret a value of the law."""

    def step(self, node: Step) -> V:
        """Interpret a reference to a named step."""

    def call(self, node: Call, args: tuple[V, ...]) -> V:
        """Interpret an operator on interpreted arguments."""

    def each(self, node: Each) -> V:
        """Interpret a fold over rows; the algebra folds the body itself, once or once a row."""


def fold(root: Expr, algebra: Algebra[V], memo: dict[int, V] | None = None) -> V:
    """Interpret an expression, children first, shared nodes once, without recursion over calls."""
    done: dict[int, V] = {} if memo is None else memo
    stack: list[Expr] = [root]
    while stack:
        node = stack[-1]
        if id(node) in done:
            stack.pop()
            continue
        if isinstance(node, Call):
            waiting = [a for a in node.args if id(a) not in done]
            if waiting:
                stack.extend(reversed(waiting))
                continue
            done[id(node)] = algebra.call(node, tuple([done[id(a)] for a in node.args]))
        else:
            done[id(node)] = _leaf(node, algebra)
        stack.pop()
    return done[id(root)]


def _leaf(node: Literal | Fact | Row | Parameter | Step | Each, algebra: Algebra[V]) -> V:
    match node:
        case Literal():
            return algebra.literal(node)
        case Fact():
            return algebra.fact(node)
        case Row():
            return algebra.row(node)
        case Parameter():
            return algebra.parameter(node)
        case Step():
            return algebra.step(node)
        case Each():
            return algebra.each(node)
        case _:
            assert_never(node)


def walk(root: Expr) -> Iterator[Expr]:
    """Give every node once, in no promised order, bodies of folds included."""
    seen: set[int] = set()
    stack: list[Expr] = [root]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(children(node))


def children(node: Expr) -> tuple[Expr, ...]:
    """Give the nodes directly below."""
    match node:
        case Call():
            return node.args
        case Each():
            return tuple(n for n in (node.body, node.where, node.default) if n is not None)
        case _:
            return ()


def rebuilt(root: Expr, change: Callable[[Expr], Expr | None]) -> Expr:
    """Copy an expression with some nodes replaced: `change` gives the new node, or None to keep the old."""
    done: dict[int, Expr] = {}

    def go(node: Expr) -> Expr:
        if id(node) in done:
            return done[id(node)]
        new = change(node)
        if new is None:
            new = _with_children(node, go)
        done[id(node)] = new
        return new

    return go(root)


def _with_children(node: Expr, go: Callable[[Expr], Expr]) -> Expr:
    match node:
        case Call():
            args = tuple(go(a) for a in node.args)
            same = all(a is b for a, b in zip(args, node.args, strict=True))
            return node if same else attrs.evolve(node, args=args)
        case Each():
            where = None if node.where is None else go(node.where)
            default = None if node.default is None else go(node.default)
            return attrs.evolve(node, body=go(node.body), where=where, default=default)
        case _:
            return node
