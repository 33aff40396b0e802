"""The documents that a policy rests on, found again as they were loaded, and a policy loaded from changed copies."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.bundle import in_folders, load, policies
from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import ArgumentError, PolicyError, PolicyNotFoundError
from asnmerit.originals import original
from asnmerit.rules.document import Node, Scalar, Sequence, Table, read_document, read_mapping
from asnmerit.rules.elaborate import elaborate
from asnmerit.rules.law import Law
from asnmerit.rules.modules import Closure
from asnmerit.rules.policy import Policy

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.declarations import Module


REFORM: Final = "reform"
BEYOND: Final = "reform-beyond-delegation"
"""What a law of a reform is called, after the name of the policy."""
REFORMED = "reform:"
"""Stands before the fingerprint of a document that a reform has changed."""


AS_ONE: Final = "a policy or a law: a reform is not reformed again, give all its changes at once"


@attrs.frozen(eq=False, repr=False)
class ReformedPolicy(Policy):
    """A policy with a reform in it. Its laws say so in their name, and so does each decision record made by them."""

    mark: str = ""

    def law(self, on: datetime.date, known: datetime.date | None, readings: Mapping[str, str]) -> Law:
        """Cut the law of a day, and mark it."""
        found = super().law(on, known, readings)
        return attrs.evolve(found, policy=f"{found.policy}+{self.mark}")


@attrs.frozen(eq=False)
class Documents:
    """A policy, and each document that it rests on as it was read, by the name of its policy."""

    policy: Policy
    files: Mapping[str, str]
    roots: Mapping[str, Table]

    def loaded(self, roots: Mapping[str, Table], faults: Faults, *, beyond: bool = False) -> ReformedPolicy | None:
        """Load the policy with other documents in place of some; None, with the faults, if it is none.

        `beyond`: it goes beyond what is delegated, and is called so wherever its law is named.
        """
        closure = _Closure(self, roots, faults)
        module = closure.read_first()
        if module is None:
            return None
        made = elaborate(module, closure.modules, faults)
        if faults.failed:
            return None
        digest = hashlib.sha256("".join(m.sha256 for m in closure.modules).encode()).hexdigest()
        fields: dict[str, Any] = {str(f.alias): getattr(made, f.name) for f in attrs.fields(Policy)}
        return ReformedPolicy(**fields, mark=f"{BEYOND if beyond else REFORM}-{digest[:8]}")


class _Closure(Closure):
    """Reads documents that are at hand, some of them changed."""

    def __init__(self, documents: Documents, roots: Mapping[str, Table], faults: Faults) -> None:
        super().__init__(self._at_hand, lambda name: near_misses(name, policies()), faults)
        self.documents, self.roots = documents, roots
        self._names = {file: name for name, file in documents.files.items()}
        self._digests = {m.name: m.sha256 for m in documents.policy.modules}

    def _at_hand(self, name: str) -> tuple[str, bytes] | None:
        file = self.documents.files.get(name)
        return None if file is None else (file, b"")

    def read_first(self) -> Module | None:
        """Read the policy's own document."""
        return self.read_text(b"", self.documents.files[self.documents.policy.name])

    def read_text(self, content: bytes | str, file: str) -> Module | None:  # noqa: ARG002 - it is at hand
        """Take the document of a file, as it was read or as it is changed."""
        name = self._names[file]
        root = self.roots.get(name)
        if root is None:
            return self._module(self.documents.roots[name], file, self._digests[name])
        digest = hashlib.sha256(json.dumps(_plain(root), sort_keys=True).encode()).hexdigest()
        return self._module(root, file, f"{REFORMED}{digest}")


def _plain(node: Node) -> Any:  # noqa: ANN401 - data as JSON can write it
    match node:
        case Sequence(items=items):
            return [_plain(item) for item in items]
        case Table(entries=entries):
            return {key.text: _plain(value) for key, value in entries}
        case Scalar(text=text):
            return text


def documents_of(source: object, search: Any = ()) -> Documents:  # noqa: ANN401 - as `load` takes it
    """Find a policy with its documents: by name, by path, from a mapping, or those of a policy or law at hand.

    Raises `ArgumentError` where the documents of a loaded policy cannot be found by its name.

    >>> found = documents_of("manokwari/merit")
    >>> sorted(found.roots)[:3]
    ['indonesia/asn', 'indonesia/disiplin', 'indonesia/pengembangan']
    """
    folders = [Path(f) for f in ([search] if isinstance(search, str | os.PathLike) else search)]
    if isinstance(source, Policy | Law):
        return _found_again(source, folders)
    if isinstance(source, Mapping):
        policy = load(source, search=folders)
        root = read_mapping(source, "<mapping>", Faults())
    else:
        first = original(source, folders)  # type: ignore[arg-type]
        policy, root, folders = first.policy, first.root, list(first.folders)
    files, roots = {policy.name: policy.module.file}, {policy.name: root}
    for module in policy.modules:
        if module is not policy.module:
            files[module.name] = module.file
            roots[module.name] = _read(module, folders)
    return Documents(policy, files, roots)  # type: ignore[arg-type]  # a policy's document is a mapping


def _read(module: Module, folders: list[Path]) -> Node | None:
    here = in_folders(module.name, folders)
    bundled = resources.files("asnmerit") / "policies" / f"{module.name}.yaml"
    return read_document(bundled.read_bytes() if here is None else here.read_bytes(), module.file, Faults())


def _found_again(given: Policy | Law, folders: list[Path]) -> Documents:
    """Find the documents of a policy or law by its name, and hold them to their fingerprints."""
    name = given.name if isinstance(given, Policy) else given.policy
    if isinstance(given, ReformedPolicy) or f"+{REFORM}-" in name:
        raise ArgumentError("source", name, AS_ONE)
    what = "policy" if isinstance(given, Policy) else "law"
    digests = {m.name: m.sha256 for m in given.modules} if isinstance(given, Policy) else dict(given.documents)
    hint = "the name or path that it was loaded from, with its `search`"
    try:
        found = documents_of(name, folders)
    except (PolicyNotFoundError, PolicyError) as error:
        raise ArgumentError("source", name, f"{hint}: this {what} is not found by its name") from error
    if {m.name: m.sha256 for m in found.policy.modules} != digests:
        raise ArgumentError("source", name, f"{hint}: another policy of this name is found, not this {what}")
    return found
