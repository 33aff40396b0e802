"""Tables and thresholds as terms: a cell is read by a tree of tests on its place."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from asnmerit.smt.trees import Tree, mapped, split
from asnmerit.smt.whole import Whole, of_tree, on_leaves

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from asnmerit.smt.truth import Truth


def looked_up(cells: Sequence[int], place: Whole) -> Whole:
    """Read a cell by its place."""
    if place.tree is not None:
        return on_leaves(place, lambda n: cells[n])
    return of_tree(place.context, _tree_of(cells, place, {}))


def _tree_of(cells: Sequence[int], place: Whole, done: dict[tuple[int, ...], Tree]) -> Tree:
    if place.mixed is None:
        return _runs(place, [cells[n] for n in range(place.low, place.high + 1)])
    high, size, low = place.mixed
    found: list[Tree] = []
    for n in range(high.low, high.high + 1):
        row = tuple(cells[n * size + k] for k in range(low.low, low.high + 1))
        if row not in done:
            done[row] = _by_row(low, row)
        found.append(done[row])
    if high.tree is not None:
        return mapped(high.tree, lambda n: found[n - high.low], split)  # type: ignore[no-any-return]
    return _runs(high, found)


def _by_row(low: Whole, row: tuple[int, ...]) -> Tree:
    if low.tree is not None:
        return mapped(low.tree, lambda n: row[n - low.low], split)  # type: ignore[no-any-return]
    return _runs(low, row)


def _runs(x: Whole, values: Sequence[Tree]) -> Tree:
    """Choose among values by the place x; runs of equal values are one choice."""
    starts: list[int] = []
    kept: list[Tree] = []
    for n, value in enumerate(values):
        if not kept or not (value is kept[-1] or (isinstance(value, int) and value == kept[-1])):
            starts.append(x.low + n)
            kept.append(value)
    return _balanced(x, starts, kept)


def _balanced(x: Whole, starts: Sequence[int], kept: Sequence[Tree]) -> Tree:
    if len(kept) == 1:
        return kept[0]
    middle = len(kept) // 2
    yes, no = _balanced(x, starts[:middle], kept[:middle]), _balanced(x, starts[middle:], kept[middle:])
    return split(x.reaches(starts[middle] - 1), yes, no)


def bucket(thresholds: Sequence[int], below: Callable[[int], Truth], low: int, high: int, context: Any) -> Whole:  # noqa: ANN401 - a z3 context
    """Count the thresholds that a value reaches; `below(t)` says that it is below t; it lies from low to high."""
    first, last = bisect_right(thresholds, low), bisect_right(thresholds, high)

    def go(a: int, b: int) -> Tree:
        if a == b:
            return a
        middle = (a + b) // 2
        return split(below(thresholds[middle]), go(a, middle), go(middle + 1, b))

    return of_tree(context, go(first, last))
