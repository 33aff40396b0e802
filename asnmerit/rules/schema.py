"""Reading a document into the surface by the declared shapes, with every fault in one go."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import Faults, near_misses
from asnmerit.rules import shapes as s
from asnmerit.rules import surface
from asnmerit.rules.document import Node, Scalar, Sequence, Table, kind_of
from asnmerit.rules.shapes import key_of, keys_of

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
POLICY_NAME = re.compile(r"[a-z0-9_][a-z0-9_-]*(/[a-z0-9_][a-z0-9_-]*)*\Z")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z", re.ASCII)
FIRST_DAY = datetime.date(1900, 1, 1).toordinal()
LAST_DAY = datetime.date(2199, 12, 31).toordinal()
TRUE = frozenset({"yes", "true"})
FALSE = frozenset({"no", "false"})
LANGUAGES = ("id", "en")


def read(node: Node, faults: Faults) -> surface.Document | None:
    """Read a whole document; None when a key that everything rests on is missing or wrong."""
    if not isinstance(node, Table):
        faults.add("shape-kind", node.position, what="the document", expected="a mapping", got=kind_of(node))
        return None
    before = len(faults.errors)
    document: surface.Document = Reader(faults).entry(node, surface.Document, "the document")
    version = document.asnmerit
    if version is not None and version.text != "1":
        faults.add("format-version", version.position, value=version.text)
    essential = (version, document.policy, document.label, document.effective, document.enacted)
    return None if None in essential and len(faults.errors) > before else document


class Reader:
    """Reads nodes by shape. A part that is wrong becomes None and a fault; reading goes on."""

    def __init__(self, faults: Faults) -> None:
        """Collect faults into the list given."""
        self.faults = faults

    def read(self, node: Node, shape: s.Shape, what: str) -> Any:  # noqa: ANN401 - the shape decides
        """Read one node."""
        return self._by_shape[type(shape)](self, node, shape, what)

    def wrong(self, node: Node, what: str, expected: str) -> None:
        """Note that a node is not what its place expects."""
        self.faults.add("shape-kind", node.position, what=what, expected=expected, got=kind_of(node))

    # --- entries and collections ---

    def entry(self, node: Table, form: type, what: str) -> Any:  # noqa: ANN401 - an instance of `form`
        """Read a mapping with fixed keys into a class of the surface."""
        fields = {}
        for field in keys_of(form):
            fields[key_of(field)] = field
            if field.metadata["alias"]:
                fields.setdefault(field.metadata["alias"], field)
        said: dict[str, Any] = {}
        for key, value in node.entries:
            found = fields.get(key.text)
            if found is None:
                self._unknown_key(key, value, fields, what)
            elif found.name in said:
                self.faults.add("duplicate-key", key.position, key=key.text)
            else:
                read = self.read(value, found.metadata["shape"], f"`{key.text}` of {what}")
                said[found.name] = found.default if read is None else read
        for field in keys_of(form):
            if field.metadata["required"] and field.name not in said:
                self.faults.add("shape-missing", node.position, what=what, key=key_of(field))
        return form(position=node.position, **said)

    def _unknown_key(self, key: Scalar, value: Node, known: dict[str, Any], what: str) -> None:
        if _is_rest(key, value):
            self.faults.add("flow-expression", key.position, what=what, key=key.text)
        else:
            near = near_misses(key.text, known)
            self.faults.add("shape-unknown-key", key.position, near, what=what, key=key.text)

    def _entry(self, node: Node, shape: s.Entry, what: str) -> object:
        if isinstance(node, Table):
            return self.entry(node, shape.form, what)
        if shape.short and isinstance(node, Scalar) and not (node.null and not node.quoted):
            return self.entry(Table(node.position, ((Scalar(node.position, shape.short), node),)), shape.form, what)
        expected = f"a value for `{shape.short}` or a mapping" if shape.short else "a mapping"
        self.wrong(node, what, expected)
        return None

    def _named(self, node: Node, shape: s.Named, what: str) -> dict[str, object] | None:
        if isinstance(node, Scalar) and node.null:
            return {}
        if shape.lone and isinstance(node, Scalar):
            node = Table(node.position, ((Scalar(node.position, shape.lone), node),))
        if not isinstance(node, Table):
            self.wrong(node, what, "a mapping of names")
            return None
        result = {}
        for key, value in node.entries:
            if shape.keys == "name" and not NAME.match(key.text):
                expected = "letters, digits and underscores, not starting with a digit"
                if _is_rest(key, value):
                    self.faults.add("flow-expression", key.position, what=what, key=key.text)
                else:
                    self.faults.add("shape-name", key.position, value=key.text, expected=expected)
                continue
            read = self.read(value, shape.entry, f"`{key.text}` in {what}" if len(what) < 80 else f"`{key.text}`")  # noqa: PLR2004 - a small number said in place
            if read is not None:
                result[key.text] = read
        return result

    def _conditions(self, node: Node, _shape: s.Conditions, what: str) -> object:
        return self._named(node, surface.CONDITIONS, what)

    def _many(self, node: Node, shape: s.Many, what: str) -> tuple[object, ...] | None:
        items: tuple[Node, ...]
        if isinstance(node, Sequence):
            items = node.items
        elif shape.single and isinstance(node, Scalar | Table if isinstance(shape.item, s.Entry) else Scalar):
            items = (node,)
        else:
            self.wrong(node, what, "a list")
            return None
        read = [self.read(item, shape.item, what) for item in items]
        return tuple(item for item in read if item is not None)

    def _type_or_columns(self, node: Node, _shape: s.TypeOrColumns, what: str) -> object:
        if isinstance(node, Table) and not isinstance(node.get("type"), Scalar):
            return self._named(node, s.Named(surface.TYPE), what)
        return self._entry(node, surface.TYPE, what)

    # --- scalars ---

    def _scalar(self, node: Node, what: str, expected: str) -> Scalar | None:
        if isinstance(node, Scalar) and node.text.strip() and not node.null:
            return node
        self.wrong(node, what, expected)
        return None

    def _name(self, node: Node, shape: s.Name, what: str) -> Scalar | None:
        found = self._scalar(node, what, shape.what)
        if found is not None and not NAME.match(found.text):
            self.faults.add("shape-name", found.position, value=found.text, expected=shape.what)
            return None
        return found

    def _policy_name(self, node: Node, _shape: s.PolicyName, what: str) -> Scalar | None:
        found = self._scalar(node, what, "the name of a policy")
        if found is not None and not POLICY_NAME.match(found.text):
            expected = "lower-case names joined by `/`"
            self.faults.add("shape-name", found.position, value=found.text, expected=expected)
            return None
        return found

    def _expression(self, node: Node, _shape: s.Expression, what: str) -> Scalar | None:
        return self._scalar(node, what, "an expression")

    def _literal(self, node: Node, _shape: s.Literal, what: str) -> Scalar | None:
        return self._scalar(node, what, "a value")

    def _anything(self, node: Node, _shape: s.Anything, _what: str) -> Node:
        return node

    def _plain(self, node: Node, _shape: s.Plain, what: str) -> str | None:
        found = self._scalar(node, what, "a text")
        return found.text if found else None

    def _words(self, node: Node, _shape: s.Words, what: str) -> dict[str, str] | None:
        if isinstance(node, Scalar) and node.text.strip() and not node.null:
            return dict.fromkeys(LANGUAGES, node.text)
        if not isinstance(node, Table):
            self.wrong(node, what, "a text, or one for each language")
            return None
        texts = {}
        for key, value in node.entries:
            if key.text not in LANGUAGES:
                self._unknown_key(key, value, dict.fromkeys(LANGUAGES), what)
            elif (text := self._scalar(value, what, "a text")) is not None:
                texts[key.text] = text.text
        first = next(iter(texts.values()), None)
        return None if first is None else {lang: texts.get(lang, first) for lang in LANGUAGES}

    def _day(self, node: Node, _shape: s.Day, what: str) -> int | None:
        found = self._scalar(node, what, "a day, YYYY-MM-DD")
        if found is None:
            return None
        ordinal = day_of(found.text)
        if ordinal is None:
            self.faults.add("shape-date", found.position, what=what, value=found.text[:40])
        return ordinal

    def _flag(self, node: Node, _shape: s.Flag, what: str) -> bool | None:
        found = self._scalar(node, what, "yes or no")
        if found is None:
            return None
        if found.text not in TRUE | FALSE:
            self.faults.add("shape-choice", found.position, what=what, value=found.text[:40], expected="yes, no")
            return None
        return found.text in TRUE

    def _whole(self, node: Node, shape: s.Whole, what: str) -> int | None:
        expected = f"a whole number from {shape.low} to {shape.high}"
        found = self._scalar(node, what, expected)
        if found is None:
            return None
        if not re.fullmatch(r"\d{1,12}", found.text, re.ASCII) or not shape.low <= int(found.text) <= shape.high:
            self.faults.add("shape-number", found.position, what=what, value=found.text[:40], expected=expected)
            return None
        return int(found.text)

    def _choice(self, node: Node, shape: s.Choice, what: str) -> str | None:
        found = self._scalar(node, what, "one of " + ", ".join(shape.options))
        if found is None or found.text in shape.options:
            return found.text if found else None
        near = near_misses(found.text, shape.options)
        expected = ", ".join(shape.options)
        self.faults.add("shape-choice", found.position, near, what=what, value=found.text[:40], expected=expected)
        return None

    def _references(self, node: Node, _shape: s.References, what: str) -> tuple[surface.Ref, ...] | None:
        items = node.items if isinstance(node, Sequence) else (node,)
        refs = []
        for item in items:
            found = self._scalar(item, what, "`source-id article`, or a list of them")
            if found is not None:
                source, _, rest = found.text.strip().partition(" ")
                refs.append(surface.Ref(source, rest.strip(), found.position))
        return tuple(refs)

    _by_shape: dict[type, Callable[..., Any]] = {  # noqa: RUF012 - filled once, never changed
        s.Name: _name,
        s.PolicyName: _policy_name,
        s.Expression: _expression,
        s.Literal: _literal,
        s.Anything: _anything,
        s.Words: _words,
        s.Plain: _plain,
        s.Day: _day,
        s.Flag: _flag,
        s.Whole: _whole,
        s.Choice: _choice,
        s.References: _references,
        s.Many: _many,
        s.Named: _named,
        s.Entry: _entry,
        s.Conditions: _conditions,
        s.TypeOrColumns: _type_or_columns,
    }


def _is_rest(key: Scalar, value: Node) -> bool:
    """Whether a key is what a comma inside { } cut off from the text before it."""
    return isinstance(value, Scalar) and value.null and re.search(r"[()\[\]<>=+*\s]", key.text) is not None


def day_of(text: str) -> int | None:
    """Give the day number (proleptic Gregorian ordinal) of `YYYY-MM-DD`, or None when it is not a day we accept.

    >>> day_of("2025-01-01"), day_of("2025-02-30"), day_of("20250101")
    (739252, None, None)
    """
    if not DAY.match(text):
        return None
    try:
        ordinal = datetime.date.fromisoformat(text).toordinal()
    except ValueError:
        return None
    return ordinal if FIRST_DAY <= ordinal <= LAST_DAY else None
