"""Where something stands in a policy document that says law: each node with its shape, its way there, its article."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules import shapes as s
from asnmerit.rules import surface
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.editing import Path
from asnmerit.rules.shapes import key_of, keys_of

if TYPE_CHECKING:
    from asnmerit.rules.declarations import Module

SAYS_NO_LAW = frozenset(
    {"asnmerit", "policy", "label", "extends", "uses", "sources", "types", "delegates", "guarantees",
     "row_source", "disputed", "by", "gives", "note", "grade", "source"}
)  # fmt: skip
"""Keys below which nothing is changed: names, words, types, what only bounds other documents, other readings."""


@attrs.frozen(eq=False)
class Place:
    """A node of a document: what may stand there (`shape`), the key it stands under, and the articles nearest to it.

    `form` is the class of the surface that the key belongs to. `name` is the key as the document has it.
    """

    path: Path
    node: Node
    shape: Any
    form: type | None
    field: str
    articles: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last step of the way there."""
        return str(self.path[-1]) if self.path else ""


def shown_path(path: Path) -> str:
    """Write the way to a node.

    >>> shown_path(("rules", "reguler", "versions", 0, "from"))
    'rules.reguler.versions[0].from'
    """
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def places(root: Table, module: Module) -> Iterator[Place]:
    """Give every place of a document that can say law, in the order written; entries before what is in them."""
    yield from _Walk(module).entry(root, surface.Document, (), ())


@attrs.frozen
class _Walk:
    """Follows the declared shapes down a document, as the reader does."""

    module: Module

    def entry(self, node: Table, form: type, path: Path, articles: tuple[str, ...]) -> Iterator[Place]:
        fields = {}
        for field in keys_of(form):
            fields[key_of(field)] = field
            if field.metadata["alias"]:
                fields.setdefault(field.metadata["alias"], field)
        own = self.cited(node.get("source")) or articles
        rows = node.get("row_source")
        for key, value in node.entries:
            found = fields.get(key.text)
            if found is None or found.name in SAYS_NO_LAW:
                continue
            here = (*path, key.text)
            yield Place(here, value, found.metadata["shape"], form, found.name, own)
            if found.name == "rows" and isinstance(rows, Table):
                yield from self.rows(value, here, own, rows)
            else:
                yield from self.below(value, found.metadata["shape"], here, own, form, found.name)

    def below(
        self,
        node: Node,
        shape: Any,  # noqa: ANN401 - a shape
        path: Path,
        articles: tuple[str, ...],
        form: type,
        field: str,
    ) -> Iterator[Place]:
        match shape:
            case s.Entry(form=inner) if isinstance(node, Table):
                yield from self.entry(node, inner, path, articles)
            case s.Named(entry=inner) if isinstance(node, Table):
                for key, value in node.entries:
                    yield from self._item(value, inner, (*path, key.text), articles, form, field)
            case s.Conditions() if isinstance(node, Table):
                for key, value in node.entries:
                    yield from self._item(value, surface.CONDITION, (*path, key.text), articles, form, field)
            case s.Many(item=inner) if isinstance(node, Sequence):
                for i, value in enumerate(node.items):
                    yield from self._item(value, inner, (*path, i), articles, form, field)
            case s.Anything() if isinstance(node, Table | Sequence):
                yield from self.cells(node, path, articles, form, field)
            case _:
                return

    def _item(
        self,
        node: Node,
        shape: Any,  # noqa: ANN401 - a shape
        path: Path,
        articles: tuple[str, ...],
        form: type,
        field: str,
    ) -> Iterator[Place]:
        own = (self.cited(node.get("source")) if isinstance(node, Table) else ()) or articles
        yield Place(path, node, shape, form, field, own)
        yield from self.below(node, shape, path, articles, form, field)

    def cells(
        self, node: Node, path: Path, articles: tuple[str, ...], form: type | None, field: str
    ) -> Iterator[Place]:
        """Give the single values of a value that is a list or a mapping: cells of tables, months."""
        if isinstance(node, Scalar):
            yield Place(path, node, s.Literal(), form, field, articles)
        elif isinstance(node, Sequence):
            for i, item in enumerate(node.items):
                yield from self.cells(item, (*path, i), articles, form, field)
        else:
            for key, item in node.entries:
                yield from self.cells(item, (*path, key.text), articles, form, field)

    def rows(self, node: Node, path: Path, articles: tuple[str, ...], cited: Table) -> Iterator[Place]:
        """Give the cells of a table whose rows have articles of their own."""
        if not isinstance(node, Table):
            yield from self.cells(node, path, articles, surface.TablePayload, "rows")
            return
        for key, item in node.entries:
            own = self.cited(cited.get(key.text)) or articles
            yield from self.cells(item, (*path, key.text), own, surface.TablePayload, "rows")

    def cited(self, node: Node | None) -> tuple[str, ...]:
        """Give citations as reports name them: the title of the source, and the place in it."""
        items = node.items if isinstance(node, Sequence) else (node,)
        found = []
        for item in items:
            if isinstance(item, Scalar) and item.text.strip():
                source, _, rest = item.text.strip().partition(" ")
                known = self.module.sources.get(source)
                label: Mapping[str, str] = (known.label or {}) if known is not None else {}
                found.append(f"{label.get('id', source)} {rest.strip()}".strip())
        return tuple(found)
