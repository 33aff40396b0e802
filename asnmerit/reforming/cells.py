"""Rows of a table written out again from its data, with some cells changed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import Faults
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.law import exact_text, shown_exact
from asnmerit.rules.rows import RowReader
from asnmerit.rules.types import Bool, Date, Enum, Number
from asnmerit.rules.values import read_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asnmerit.diagnostics import Position
    from asnmerit.rules import surface
    from asnmerit.rules.declarations import TableDecl
    from asnmerit.rules.table import Axis, TableData
    from asnmerit.rules.types import Scalar as ScalarType

Keys = tuple[Any, ...]


def written(value: Any, of: ScalarType) -> str:  # noqa: ANN401 - an exact value of the type
    """Write an exact value as a policy document does.

    >>> written(Fraction(3, 5), Number("percent")), written(Fraction(25, 8), Number("number"))
    ('60%', '3.125')
    """
    if isinstance(of, Number) and of.unit == "percent":
        hundred = exact_text(Fraction(value) * 100)
        return f"{hundred}%"
    return shown_exact(value, of)


def scalar(value: Any, of: ScalarType, here: Position) -> Scalar:  # noqa: ANN401 - an exact value of the type
    """Write an exact value at a place; a share as the value itself, for a third is no percentage with decimals."""
    if isinstance(of, Number) and of.unit == "percent":
        return Scalar(here, exact_text(value), exact=True)
    return Scalar(here, written(value, of))


def places(axis: Axis) -> Iterator[Any]:
    """Give the keys of an axis: members as codes, numbers, lower ends of bands."""
    if axis.match == "from":
        yield from axis.ends
    else:
        yield from (int(axis.first) + i for i in range(axis.size))


def key_text(key: Any, axis: Axis) -> str:  # noqa: ANN401 - an exact value of the type of the axis
    """Write a key as a document does."""
    plain = bool(key) if isinstance(axis.type, Bool) else int(key) if isinstance(axis.type, Date | Enum) else key
    return written(plain, axis.type)


def changed_rows(
    decl: TableDecl, data: TableData, old: surface.TablePayload, cells: Node, faults: Faults
) -> tuple[Node, tuple[str, ...]] | None:
    """Write all rows of a table with some cells changed; also the first keys of those. None, with faults, if wrong.

    `old` is the version in force as written: a band that changes reaches as far as it does there.
    """
    reader = RowReader(decl.layout, faults)
    before = len(faults.errors)
    reader.level(_whole(cells, decl, data), ())
    if len(faults.errors) > before:
        return None
    held = RowReader(decl.layout, Faults())
    held.read(old.rows, old.series, decl.otherwise, cells)
    touched = tuple(dict.fromkeys(key_text(keys[0], data.axes[0]) for keys in reader.cells))
    return _nested({**held.cells, **reader.cells}, data, 0, cells.position), touched


def _whole(node: Node, decl: TableDecl, data: TableData, keys: Keys = ()) -> Node:
    """Fill up cells of which only some columns are given, with what the table has in the others."""
    columns = decl.layout.columns
    if not isinstance(node, Table) or None in keys:
        return node
    if len(keys) < len(decl.layout.axes):
        # Faults of keys are noted by the reader of rows.
        read = [read_value(k, decl.layout.axes[len(keys)].type, Faults(), "a key") for k, _ in node.entries]
        inner = [_whole(v, decl, data, (*keys, r)) for (_, v), r in zip(node.entries, read, strict=True)]
        return Table(node.position, tuple(zip((k for k, _ in node.entries), inner, strict=True)))
    said = {k.text for k, _ in node.entries}
    if list(columns) == [""] or not said < set(columns):
        return node
    old = {c: data.columns[c][data.place(keys)] for c in columns if c not in said}
    filled = [(Scalar(node.position, c), scalar(v, columns[c], node.position)) for c, v in old.items()]
    return Table(node.position, (*node.entries, *filled))


def _nested(rows: dict[Keys, tuple[Any, ...]], data: TableData, depth: int, here: Position) -> Node:
    axis = data.axes[depth]
    groups: dict[Any, dict[Keys, tuple[Any, ...]]] = {}
    for keys, cell in rows.items():
        groups.setdefault(keys[depth], {})[keys] = cell
    entries: list[tuple[Scalar, Node]] = []
    for key in sorted(groups):
        inner = groups[key]
        last = depth == len(data.axes) - 1
        node = _cell(next(iter(inner.values())), data, here) if last else _nested(inner, data, depth + 1, here)
        entries.append((Scalar(here, key_text(key, axis)), node))
    return Table(here, tuple(entries))


def _cell(cell: tuple[Any, ...], data: TableData, here: Position) -> Node:
    texts = [scalar(v, of, here) for v, of in zip(cell, data.types.values(), strict=True)]
    return texts[0] if len(texts) == 1 and list(data.types) == [""] else Sequence(here, tuple(texts))
