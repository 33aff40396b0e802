"""A policy's document as it was written, and policies loaded from changed copies of it, what it rests on read once."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from asnmerit.bundle import SUFFIXES, elaborated, in_folders, load
from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import PolicyNotFoundError
from asnmerit.rules.document import Node, Table, read_document
from asnmerit.rules.editing import Change, edited
from asnmerit.rules.modules import Closure

if TYPE_CHECKING:
    from asnmerit.rules.declarations import Module
    from asnmerit.rules.policy import Policy

Read = dict[str, tuple[bytes, Node | None]]


@attrs.frozen(eq=False)
class Original:
    """A policy with its document: `root` is the document as read; `mutated` loads a changed copy of it.

    `place` is where its scenarios are looked for: the folder that it lies in; of a bundled policy its name.
    """

    policy: Policy
    file: str
    root: Table
    folders: tuple[Path, ...]
    place: str | Path
    _read: Read = attrs.field(factory=dict, repr=False)

    def mutated(self, *changes: Change) -> Policy:
        """Load the policy from its document with changes, and everything else as it is.

        Raises:
            PolicyError: if the changed document is no policy.

        >>> from asnmerit.rules.editing import Set, node_at, written
        >>> found = original("indonesia/kenaikan_pangkat")
        >>> way = ("parameters", "regular_months", "value")
        >>> mutant = found.mutated(Set(way, written("49", node_at(found.root, way))))
        >>> int(mutant.declared.parameters["regular_months"].acts[0].payload.value)
        49
        """
        faults = Faults()
        closure = _Closure(self.folders, faults, self._read)
        return elaborated(closure.read_node(edited(self.root, *changes), self.file), closure, faults)


class _Closure(Closure):
    """Reads the documents that a policy rests on once for all its mutants."""

    def __init__(self, folders: Sequence[Path], faults: Faults, read: Read) -> None:
        super().__init__(self._found, lambda _name: (), faults)
        self.folders, self.read = folders, read

    def _found(self, name: str) -> tuple[str, bytes] | None:
        """Give file and content of a policy by name, as `load` finds it; each is looked up once."""
        if name not in self.read:
            here = in_folders(name, self.folders)
            if here is not None:
                self.read[name] = (here.read_bytes(), None)
            else:
                bundled = _bundled(name)
                if bundled is None:
                    return None
                self.read[name] = (bundled, None)
        return name, self.read[name][0]

    def read_text(self, content: bytes | str, file: str) -> Module | None:
        """Read a document that this one rests on: `file` is its name here."""
        raw, node = self.read.get(file, (b"", None))
        if node is None:
            node = read_document(content, f"{file}.yaml", self.faults)
            self.read[file] = (raw, node)
        return self._module(node, f"{file}.yaml", "")

    def read_node(self, node: Node, file: str) -> Module | None:
        """Read the changed document."""
        return self._module(node, file, "")


def _bundled(name: str) -> bytes | None:
    file = resources.files("asnmerit") / "policies" / f"{name}.yaml"
    return file.read_bytes() if file.is_file() else None


def original(source: str | os.PathLike[str], search: Sequence[str | os.PathLike[str]] = ()) -> Original:
    """Load a policy together with its document: a bundled name, a name in the folders of `search`, or a file.

    Raises:
        PolicyError: if it has faults.
        PolicyNotFoundError: if there is none.
    """
    policy = load(source, search=search)
    search = [search] if isinstance(search, str | os.PathLike) else search
    folders = [Path(folder) for folder in search]
    text = os.fspath(source)
    place: str | Path
    if isinstance(source, str) and not text.endswith(SUFFIXES):
        placed = in_folders(text, folders)
        content = _bundled(text) if placed is None else placed.read_bytes()
        file, place = (f"{text}.yaml", text) if placed is None else (str(placed), placed.parent)
    else:
        path = Path(text)
        content, file, place = path.read_bytes(), path.name, path.parent
        folders += [path.resolve().parent, path.resolve().parent.parent]
    node = None if content is None else read_document(content, file, Faults())
    if not isinstance(node, Table):
        raise PolicyNotFoundError(text, near_misses(text, ()))
    return Original(policy, file, node, tuple(folders), place)
