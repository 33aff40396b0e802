"""Which way a table's cells go as its keys go: the place of a cell is taken apart into its keys."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any, Final

from asnmerit.rules.expr import Call, Expr, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MOST_CELLS: Final = 200_000
"""Beyond so many readings of cells nothing is said."""


def read_along(cells: Sequence[int], place: Expr, flow: Any, flows: Mapping[int, Any]) -> tuple[bool, bool]:  # noqa: ANN401 - a Flow
    """Say whether cells can rise and can fall as the place goes its way.

    A place made of several keys (`i * size + j`) is followed key by key, the others held at each of their values.
    """
    terms, start = _taken_apart(place)
    keys = _keys(terms, place, flow, flows)
    if not keys:
        keys, start = [(1, flow)], 0
    sizes = 1
    for _, key in keys:
        sizes *= key.high - key.low + 1
    if sizes * max(1, *(len(k.levels or ()) for _, k in keys)) > MOST_CELLS:
        return True, True
    rise = fall = False
    for i, (factor, key) in enumerate(keys):
        if not key.moves:
            continue
        others = [range(k.low, k.high + 1) for j, (_, k) in enumerate(keys) if j != i]
        factors = [f for j, (f, _) in enumerate(keys) if j != i]
        for fixed in product(*others):
            base = start + sum(f * v for f, v in zip(factors, fixed, strict=True))
            for x, y in _moves(key):
                a, b = base + factor * x, base + factor * y
                if not (0 <= a < len(cells) and 0 <= b < len(cells)):
                    return True, True
                rise, fall = rise or cells[b] > cells[a], fall or cells[b] < cells[a]
        if rise and fall:
            break
    return rise, fall


def _moves(key: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401 - a Flow
    """Give pairs of values that a key can go through, enough to follow every way it can go."""
    values = range(key.low, key.high + 1)
    if key.levels is not None:
        yield from ((x, y) for x, y in product(values, values) if x == y or key.levels[x] < key.levels[y])
        return
    for x in values[:-1]:
        if key.rise:
            yield x, x + 1
        if key.fall:
            yield x + 1, x


def _keys(
    terms: Sequence[tuple[int, Expr]],
    place: Expr,
    flow: Any,  # noqa: ANN401
    flows: Mapping[int, Any],
) -> list[tuple[int, Any]] | None:
    """Give the flow of each key of a place, with its factor; None where one is not known or stands in it twice."""
    found: dict[int, tuple[int, Any]] = {}
    for factor, node in terms:
        part = flows.get(id(node), flow if node is place else None)
        if part is None or id(node) in found:
            return None
        found[id(node)] = factor, part
    return [*found.values()]


def _taken_apart(place: Expr) -> tuple[list[tuple[int, Expr]], int]:
    """Take a place apart into what is added up in it, each with its factor, and the constant part."""
    terms: list[tuple[int, Expr]] = []
    constant = 0
    stack: list[tuple[Expr, int]] = [(place, 1)]
    while stack:
        node, factor = stack.pop()
        match node:
            case Literal():
                constant += factor * int(node.value)
            case Call(op="add", args=(a, b)):
                stack += [(a, factor), (b, factor)]
            case Call(op="sub", args=(a, b)):
                stack += [(a, factor), (b, -factor)]
            case Call(op="mul", args=(a, Literal() as k)) | Call(op="mul", args=(Literal() as k, a)):
                stack.append((a, factor * int(k.value)))
            case _:
                terms.append((factor, node))
    return terms, constant
