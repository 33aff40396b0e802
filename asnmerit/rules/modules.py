"""The closure of a policy: its document, its parents and what they use, each read once, cycles refused."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Callable
from typing import TYPE_CHECKING

from asnmerit.diagnostics import Faults, Position
from asnmerit.rules import schema
from asnmerit.rules.declarations import Module
from asnmerit.rules.document import Node, Scalar, Sequence, Table, read_document, read_mapping
from asnmerit.timeline import FOREVER

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_PARENTS = 5
DEEPEST = 30
Find = Callable[[str], tuple[str, bytes] | None]


class Closure:
    """Reads a policy and all that it rests on. `modules` is in order: what is rested on comes first."""

    def __init__(self, find: Find, near: Callable[[str], tuple[str, ...]], faults: Faults) -> None:
        """`find` gives a policy's file name and content by its name; `near` the names close to one."""
        self.find, self.near, self.faults = find, near, faults
        self.modules: list[Module] = []
        self._by_name: dict[str, Module | None] = {}
        self._path: list[str] = []

    def read_text(self, content: bytes | str, file: str) -> Module | None:
        """Read a document that is at hand, and its closure."""
        raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        node = read_document(content, file, self.faults)
        return self._module(node, file, hashlib.sha256(raw).hexdigest())

    def read_object(self, value: Mapping[str, object], file: str) -> Module | None:
        """Read a policy given as a Python mapping, and its closure."""
        node = read_mapping(value, file, self.faults)
        digest = hashlib.sha256(json.dumps(_plain(node), sort_keys=True).encode()).hexdigest()
        return self._module(node, file, digest)

    def _module(self, node: Node | None, file: str, sha256: str) -> Module | None:
        document = None if node is None else schema.read(node, self.faults)
        if document is None or document.policy is None or document.effective is None or document.enacted is None:
            return None
        name = document.policy.text
        start = document.effective.from_ if document.effective.from_ is not None else schema.FIRST_DAY
        until = document.effective.until if document.effective.until is not None else FOREVER
        if until <= start:
            self.faults.add("empty-period", document.effective.position, start=_day(start), until=_day(until))
        module = Module(document, file, sha256, name, start, until, document.enacted)
        self._path.append(name)
        self._by_name[name] = module
        if document.extends is not None:
            module.parent = self._needed(document.extends.text, document.extends.position)
        module.uses = [m for m in (self._needed(u.text, u.position) for u in document.uses) if m is not None]
        self._path.pop()
        self._place(module)
        self.modules.append(module)
        return module

    def _needed(self, name: str, position: Position) -> Module | None:
        if name in self._path:
            path = " -> ".join([*self._path[self._path.index(name) :], name])
            self.faults.add("policy-cycle", position, name=name, path=path)
            return None
        if name in self._by_name:
            return self._by_name[name]
        if len(self._path) > DEEPEST:
            self.faults.add("policy-chain", position, limit=DEEPEST, what="policies that rest on one another")
            return None
        found = self.find(name)
        if found is None:
            self.faults.add("unknown-policy", position, self.near(name[:80]), name=name[:80])
            self._by_name[name] = None
            return None
        file, content = found
        self._by_name[name] = None
        module = self.read_text(content, file)
        if module is not None and module.name != name:
            self.faults.add("unknown-policy", position, (module.name,), name=name)
        self._by_name[name] = module
        return module

    def _place(self, module: Module) -> None:
        """Check a module against its parent and give it the sources that it sees."""
        parent = module.parent
        place = module.document.position
        if len(module.ancestors) - 1 > MOST_PARENTS:
            chain = module.document.extends.position if module.document.extends else place
            self.faults.add("policy-chain", chain, limit=MOST_PARENTS, what="parents")
        if parent is not None and not parent.start <= module.start < module.until <= parent.until:
            position = module.document.effective.position if module.document.effective else place
            self.faults.add("outside-parent", position, policy=module.name, parent=parent.name)
        for other in [*module.uses, *([parent] if parent else [])]:
            module.sources.update(other.sources)
        module.sources.update(module.document.sources)


def _day(ordinal: int) -> str:
    return datetime.date.fromordinal(ordinal).isoformat()


def _plain(node: Node | None) -> object:
    """Give a node as JSON can write it, places left out."""
    match node:
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Table(entries=entries):
            return {key.text: _plain(value) for key, value in entries}
        case Scalar(text=text):
            return text
        case None:
            return None
