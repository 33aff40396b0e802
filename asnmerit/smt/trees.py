"""Choices among few numbers: a tree of tests with the numbers at its leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.smt.library import z3

if TYPE_CHECKING:
    from collections.abc import Callable

    from asnmerit.smt.truth import Truth


@attrs.frozen(eq=False)
class Split:
    """A choice between numbers of few values."""

    test: Any
    yes: Tree
    no: Tree
    leaves: int
    low: int
    high: int


Tree = int | Split


def ends(tree: Tree) -> tuple[int, int]:
    """Give the least and the greatest number of a tree."""
    return (tree.low, tree.high) if isinstance(tree, Split) else (tree, tree)


def leaves(tree: Tree) -> int:
    """Give how many numbers a tree chooses among, each counted as often as it stands there."""
    return tree.leaves if isinstance(tree, Split) else 1


def split(test: Truth, yes: Tree, no: Tree) -> Tree:
    """Make a tree of a test, folded where it can be."""
    if isinstance(test, bool):
        return yes if test else no
    if yes is no or (isinstance(yes, int) and isinstance(no, int) and yes == no):
        return yes
    (a, b), (c, d) = ends(yes), ends(no)
    return Split(test, yes, no, leaves(yes) + leaves(no), min(a, c), max(b, d))


def written(tree: Tree | None, context: Any, done: dict[int, Any]) -> Any:  # noqa: ANN401 - z3 terms
    """Write a tree as a z3 term; parts that are shared are written once."""
    if not isinstance(tree, Split):
        return z3.IntVal(tree, context)
    if id(tree) not in done:
        yes, no = written(tree.yes, context, done), written(tree.no, context, done)
        done[id(tree)] = z3.If(tree.test, yes, no)
    return done[id(tree)]


def mapped(tree: Tree, change: Callable[[int], Any], join: Callable[[Any, Any, Any], Any]) -> Any:  # noqa: ANN401
    """Compute at the leaves and join along the tests; shared parts once, equal leaves once."""
    done: dict[int, Any] = {}
    at: dict[int, Any] = {}

    def go(part: Tree) -> Any:  # noqa: ANN401
        if not isinstance(part, Split):
            if part not in at:
                at[part] = change(part)
            return at[part]
        if id(part) not in done:
            done[id(part)] = join(part.test, go(part.yes), go(part.no))
        return done[id(part)]

    return go(tree)
