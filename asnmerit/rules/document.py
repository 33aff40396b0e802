"""Text, JSON or a Python mapping in; one tree of nodes with positions out. Nothing is guessed and nothing executed.

A scalar stays the text that was written: what it means is decided by what the format expects at its place.
Hostile documents meet named limits before anything is built from them.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NoReturn

import attrs
import yaml

from asnmerit.diagnostics import Faults, Position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 200_000
LARGEST = 1e300


@attrs.frozen
class Scalar:
    """A piece of text as written. `null` is true for an empty value, `~` and `null` when not quoted.

    `exact`: it stands for a Fraction or a Decimal of Python, the value itself: of a percentage 1/8 is 12.5%.
    """

    position: Position
    text: str
    quoted: bool = False
    runs: tuple[tuple[int, int, int], ...] = ()
    exact: bool = False

    def at(self, offset: int) -> Position:
        """Give the place of a character of the text, also where the text was written over several lines.

        `runs` says for the text of each line where it starts in `text`, and its line and column.
        """
        here = self.position
        if not here.line:
            return here
        start, line, column = 0, here.line, here.column + self.quoted
        for run in self.runs:
            if run[0] <= offset:
                start, line, column = run
        return Position(here.file, line, column + offset - start, here.path)

    @property
    def null(self) -> bool:
        """Whether nothing was written here."""
        return not self.quoted and self.text in {"", "~", "null"}


@attrs.frozen
class Sequence:
    """A list of nodes."""

    position: Position
    items: tuple[Node, ...]


@attrs.frozen
class Table:
    """A mapping of keys to nodes, in the order written; no key is there twice."""

    position: Position
    entries: tuple[tuple[Scalar, Node], ...]

    def get(self, key: str) -> Node | None:
        """Give the node under a key, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node = Scalar | Sequence | Table


class _RefusedError(Exception):
    """Raised inside this module to leave a document that met a limit; the fault is already noted."""


def _refuse(faults: Faults, code: str, position: Position, **fields: object) -> NoReturn:
    faults.add(code, position, fields=fields)
    raise _RefusedError


def read_document(content: str | bytes, file: str, faults: Faults) -> Node | None:
    """Read YAML, or JSON for a file name that ends in `.json`; None when it cannot be read at all.

    >>> found = Faults()
    >>> read_document("policy: a/b", "x.yaml", found).entries[0][1].text
    'a/b'
    """
    start = Position(file, 1, 1)
    try:
        text = _decoded(content, start, faults)
        if len(text) > MAX_CHARACTERS:
            _refuse(faults, "document-size", start, size=len(text), limit=MAX_CHARACTERS)
        if file.endswith(".json"):
            return _read_json(text, file, faults)
        return _read_yaml(text, file, faults)
    except _RefusedError:
        return None


def _decoded(content: str | bytes, start: Position, faults: Faults) -> str:
    if isinstance(content, str):
        if any("\ud800" <= c <= "\udfff" for c in content):
            _refuse(faults, "document-unreadable", start, reason="it holds half of a surrogate pair")
        return content
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(faults, "document-unreadable", start, reason=f"byte {error.start} is not UTF-8")


# --- YAML ------------------------------------------------------------

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _read_yaml(text: str, file: str, faults: Faults) -> Node | None:
    try:
        _scan_events(text, file, faults)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Position(file, mark.line + 1, mark.column + 1) if mark else Position(file, 1, 1)
        reason = " ".join(part for part in (error.context, error.problem) if part)
        _refuse(faults, "document-syntax", place, format="YAML", reason=reason)
    except yaml.YAMLError as error:
        reason = str(getattr(error, "reason", "") or error).splitlines()[0]
        _refuse(faults, "document-unreadable", Position(file, 1, 1), reason=reason)
    except (ValueError, OverflowError) as error:
        _refuse(faults, "document-unreadable", Position(file, 1, 1), reason=str(error))
    if root is None:
        _refuse(faults, "document-empty", Position(file, 1, 1))
    return _YamlReader(file, text.split("\n"), faults).node(root)


def _place(event: Any, file: str) -> Position:  # noqa: ANN401 - events and nodes of the YAML library
    mark = event.start_mark
    return Position(file, mark.line + 1, mark.column + 1)


def _scan_events(text: str, file: str, faults: Faults) -> None:
    """Refuse what is too deep, too long or aliased before a tree is built: composing recurses, events do not."""
    depth = documents = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER), start=1):
        here = _place(event, file)
        if count > MAX_NODES:
            _refuse(faults, "document-nodes", here, limit=MAX_NODES)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse(faults, "document-alias", here)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                _refuse(faults, "document-several", here)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                _refuse(faults, "document-depth", here, limit=MAX_DEPTH)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if isinstance(event, yaml.ScalarEvent | yaml.CollectionStartEvent) and event.tag:
            faults.add("document-tag", here, tag=event.tag)


class _YamlReader:
    """Turns composed YAML nodes into ours; the lines of the text give the places of texts of several lines."""

    def __init__(self, file: str, lines: list[str], faults: Faults) -> None:
        self.file, self.lines, self.faults = file, lines, faults

    def node(self, node: yaml.Node) -> Node:
        here = _place(node, self.file)
        if isinstance(node, yaml.ScalarNode):
            return Scalar(here, node.value, node.style in {"'", '"'}, self._runs(node))
        if isinstance(node, yaml.SequenceNode):
            return Sequence(here, tuple(self.node(item) for item in node.value))
        return self._table(node, here)

    def _table(self, node: yaml.Node, here: Position) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key_node, value_node in node.value:
            key = self.node(key_node)
            if not isinstance(key, Scalar):
                self.faults.add("shape-kind", key.position, what="a key", expected="a name", got=kind_of(key))
            elif key.text == "<<" and not key.quoted:
                self.faults.add("document-alias", key.position)
            elif key.text in entries:
                related = [entries[key.text][0].position]
                self.faults.add("duplicate-key", key.position, related=related, key=key.text)
            else:
                entries[key.text] = (key, self.node(value_node))
        return Table(here, tuple(entries.values()))

    def _runs(self, node: yaml.ScalarNode) -> tuple[tuple[int, int, int], ...]:
        """Find the text of each line of a scalar in its value; a line that is not there has no place of its own."""
        start: Any = node.start_mark
        end: Any = node.end_mark
        block = node.style in {"|", ">"}
        if start.line == end.line and not block:
            return ()
        runs, cursor = [], 0
        for number in range(start.line + block, min(end.line + 1, len(self.lines))):
            first = number == start.line
            raw = self.lines[number][start.column + (node.style in {"'", '"'}) :] if first else self.lines[number]
            part = raw.strip()
            if number == end.line and not block:
                part = self.lines[number][: end.column].strip().rstrip("'\"")
            at = node.value.find(part, cursor) if part else -1
            if at >= 0:
                column = self.lines[number].index(part) + 1
                runs.append((at, number + 1, column))
                cursor = at + len(part)
        return tuple(runs)


# --- JSON and Python mappings ------------------------------------------------------------


@attrs.frozen
class _Pairs:
    """A JSON object as its pairs, so that keys that are there twice are seen."""

    pairs: list[tuple[str, object]]


@attrs.frozen
class _Number:
    text: str


def _read_json(text: str, file: str, faults: Faults) -> Node | None:
    try:
        parsed = json.loads(
            text, object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number, parse_constant=_Number
        )
    except json.JSONDecodeError as error:
        place = Position(file, error.lineno, error.colno)
        _refuse(faults, "document-syntax", place, format="JSON", reason=error.msg)
    except RecursionError:
        _refuse(faults, "document-depth", Position(file, 1, 1), limit=MAX_DEPTH)
    return _Builder(file, faults).build(parsed, "", 0)


def read_mapping(value: Mapping[str, object], file: str, faults: Faults) -> Node | None:
    """Turn a Python mapping into nodes whose places are paths such as `facts.rank.type`.

    >>> found = Faults()
    >>> read_mapping({"a": [1, True]}, "<mapping>", found).entries[0][1].items[1].text
    'true'
    """
    try:
        return _Builder(file, faults).build(value, "", 0)
    except _RefusedError:
        return None


class _Builder:
    """Builds nodes from parsed JSON or Python values, counting as it goes."""

    def __init__(self, file: str, faults: Faults) -> None:
        self.file, self.faults, self.count, self.size = file, faults, 0, 0

    def build(self, value: object, path: str, depth: int) -> Node:
        here = Position(self.file, path=path)
        self.count += 1
        if self.count > MAX_NODES:
            _refuse(self.faults, "document-nodes", here, limit=MAX_NODES)
        if depth > MAX_DEPTH:
            _refuse(self.faults, "document-depth", here, limit=MAX_DEPTH)
        if isinstance(value, _Pairs):
            return self._table(here, iter(value.pairs), path, depth)
        if isinstance(value, Mapping):
            return self._table(here, ((k, v) for k, v in value.items()), path, depth)
        if isinstance(value, list | tuple):
            items = tuple(self.build(item, f"{path}[{i}]", depth + 1) for i, item in enumerate(value))
            return Sequence(here, items)
        return self._scalar(value, here)

    def _table(self, here: Position, pairs: Iterator[tuple[object, object]], path: str, depth: int) -> Table:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for key, item in pairs:
            name = self._scalar(key, here).text
            place = f"{path}.{name}" if path else name
            if name in entries:
                self.faults.add("duplicate-key", Position(self.file, path=place), key=name)
            else:
                entries[name] = (Scalar(Position(self.file, path=place), name), self.build(item, place, depth + 1))
        return Table(here, tuple(entries.values()))

    def _scalar(self, value: object, here: Position) -> Scalar:
        for kinds, write in _WRITERS:
            if isinstance(value, kinds):
                text = write(value)
                self.size += len(text)
                if self.size > MAX_CHARACTERS:
                    _refuse(self.faults, "document-size", here, size=self.size, limit=MAX_CHARACTERS)
                if any("\ud800" <= c <= "\udfff" for c in text):
                    _refuse(self.faults, "document-unreadable", here, reason="it holds half of a surrogate pair")
                quoted = isinstance(value, str) and text in {"", "~", "null"}
                return Scalar(here, text, quoted=quoted, exact=isinstance(value, Fraction | Decimal))
        self.faults.add(
            "shape-kind",
            here,
            what="a value",
            expected="text, a number, a date, a list or a mapping",
            got=type(value).__name__,
        )
        return Scalar(here, "")


_WRITERS: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (type(None), lambda _: ""),
    (str, str),
    (_Number, lambda v: v.text),
    (bool, lambda v: "true" if v else "false"),
    (datetime.datetime, lambda v: v.isoformat()),
    (datetime.date, lambda v: v.isoformat()),
    (int | Fraction, lambda v: str(v) if abs(v) < 10**400 else "9" * 400),
    (float, lambda v: format(Decimal(repr(v)), "f") if v == v and abs(v) < LARGEST else str(v)),  # noqa: PLR0124 - NaN is not itself
    (Decimal, lambda v: format(v, "f") if v.is_finite() and abs(v.adjusted()) < 400 else str(v)),  # noqa: PLR2004 - a small number said in place
)


def kind_of(node: Node) -> str:
    """Name a node's kind for an error text."""
    match node:
        case Scalar():
            return "nothing" if node.null else f"`{node.text[:40]}`"
        case Sequence():
            return "a list"
        case Table():
            return "a mapping"


class _Dumper(yaml.SafeDumper):
    """Writes plain data with numbers as they are: no float, no quotes around them."""

    def ignore_aliases(self, _data: object) -> bool:
        """Write what occurs twice twice: documents may hold no aliases."""
        return True


def _decimal(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    text = f"{value:f}"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(Fraction, lambda dumper, value: dumper.represent_str(str(value)))


def write_document(content: Mapping[str, Any]) -> str:
    """Write plain data as a document that reads back as the same texts.

    >>> print(write_document({"a": {"b": [1, Decimal("2.50")]}, "c": "no"}), end="")
    a:
      b: [1, 2.50]
    c: 'no'
    """
    return yaml.dump(
        dict(content), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
    )
