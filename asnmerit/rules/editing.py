"""A document with a few nodes changed: every other node is the same, with its place in the file."""

from __future__ import annotations

import attrs

from asnmerit.rules.document import Node, Scalar, Sequence, Table

Path = tuple[str | int, ...]
"""The way from the whole document to a node: keys of mappings, places in lists."""


@attrs.frozen(eq=False)
class Set:
    """Put another node at a place that is there."""

    path: Path
    node: Node


@attrs.frozen(eq=False)
class Drop:
    """Take a node away, with its key."""

    path: Path


@attrs.frozen(eq=False)
class Add:
    """Put a node under a key that is not there yet, into a mapping that is made where there is none."""

    path: Path
    node: Node


Change = Set | Drop | Add


def node_at(root: Node, path: Path) -> Node | None:
    """Give the node at the end of a way, or None."""
    node: Node | None = root
    for part in path:
        if isinstance(node, Table) and isinstance(part, str):
            node = node.get(part)
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
        else:
            return None
    return node


def edited(root: Node, *changes: Change) -> Node:
    """Give a document with changes made one after another.

    >>> from asnmerit.diagnostics import Faults
    >>> from asnmerit.rules.document import read_document
    >>> root = read_document("a: {b: 1, c: 2}", "x.yaml", Faults())
    >>> new = edited(root, Set(("a", "b"), written("9", node_at(root, ("a", "b")))), Drop(("a", "c")))
    >>> [(key.text, value.text) for key, value in node_at(new, ("a",)).entries]
    [('b', '9')]
    """
    for change in changes:
        root = _changed(root, change.path, change)
    return root


def written(text: str, beside: Node) -> Scalar:
    """Write a text at the place of another node."""
    return Scalar(beside.position, text, quoted=text in {"", "~", "null"})


def _changed(node: Node, path: Path, change: Change) -> Node:
    part, rest = path[0], path[1:]
    if isinstance(node, Sequence) and isinstance(part, int):
        return attrs.evolve(node, items=_items(node, part, rest, change))
    if not isinstance(node, Table):
        raise KeyError(path)
    entries = []
    met = False
    for key, value in node.entries:
        if key.text != part:
            entries.append((key, value))
            continue
        met = True
        if rest:
            entries.append((key, _changed(value, rest, change)))
        elif isinstance(change, Set | Add):
            entries.append((key, change.node))
    if not met:
        if not isinstance(change, Add):
            raise KeyError(path)
        inner: Node = change.node
        for key_text in reversed(rest):
            inner = Table(node.position, ((Scalar(node.position, str(key_text)), inner),))
        entries.append((Scalar(node.position, str(part)), inner))
    return attrs.evolve(node, entries=tuple(entries))


def _items(node: Sequence, part: int, rest: Path, change: Change) -> tuple[Node, ...]:
    before, here, after = node.items[:part], node.items[part], node.items[part + 1 :]
    if rest:
        return (*before, _changed(here, rest, change), *after)
    if isinstance(change, Drop):
        return (*before, *after)
    return (*before, change.node, *after)
