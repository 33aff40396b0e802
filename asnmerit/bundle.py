"""Finding and loading policies: those that come with the library, files, folders to search, and mappings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import ArgumentError, PolicyError, PolicyNotFoundError
from asnmerit.rules.days import day_argument
from asnmerit.rules.elaborate import elaborate
from asnmerit.rules.modules import Closure
from asnmerit.rules.policy import Policy
from asnmerit.rules.schema import POLICY_NAME

if TYPE_CHECKING:
    from datetime import date

    from asnmerit.rules.declarations import Module
    from asnmerit.rules.law import Law

SUFFIXES = (".yaml", ".yml", ".json")
MAX_BYTES = 8_000_000
LONGEST_NAME = 200


def policies() -> tuple[str, ...]:
    """Give the names of the policies that come with the library.

    >>> "indonesia/asn" in policies()
    True
    """
    root = resources.files("asnmerit") / "policies"
    names = []
    for folder in root.iterdir():
        if folder.is_dir():
            names += [f"{folder.name}/{f.name.removesuffix('.yaml')}" for f in folder.iterdir()]
    return tuple(sorted(name for name in names if POLICY_NAME.match(name)))


def load(
    source: str | os.PathLike[str] | Mapping[str, object],
    search: Sequence[str | os.PathLike[str]] | str | os.PathLike[str] = (),
) -> Policy:
    """Load a policy: a bundled name, a path to a file, or a mapping. Nothing in it is executed.

    `search` names folders in which policies are looked for, by name, before the bundled ones. A path is a string
    that ends in .yaml, .yml or .json, or a `Path`. Raises `PolicyError` with every fault, or `PolicyNotFoundError`.

    >>> load("indonesia/asn").name
    'indonesia/asn'
    """
    faults = Faults()
    folders = _folders(search)
    if isinstance(source, Mapping):
        closure = _closure(folders, faults)
        module = closure.read_object(source, "<mapping>")
    else:
        file, content, folder = _content(source, folders)
        closure = _closure(folders if folder is None else [*folders, *folder], faults)
        module = closure.read_text(content, file)
    return elaborated(module, closure, faults)


def elaborated(module: Module | None, closure: Closure, faults: Faults) -> Policy:
    """Give the policy of a document that was read with all that it rests on. Raises `PolicyError` with every fault."""
    if module is None:
        raise PolicyError(faults.errors)
    policy = elaborate(module, closure.modules, faults)
    if faults.failed:
        raise PolicyError(faults.errors)
    return policy


def _folders(search: Sequence[str | os.PathLike[str]] | str | os.PathLike[str]) -> list[Path]:
    """Read `search`: folders, or one folder."""
    if isinstance(search, str | os.PathLike):
        search = [search]
    folders: object = search
    if not isinstance(folders, Sequence) or not all(isinstance(f, str | os.PathLike) for f in folders):
        raise ArgumentError("search", search, "a folder, or a list of folders")
    return [Path(f) for f in folders]


def in_force(
    policy: Policy, on: date | str, known: date | str | None = None, readings: Mapping[str, str] | None = None
) -> Law:
    """Give the law of a day, as it stood known on another day (all that the documents hold, when left out).

    `readings` chooses disputed readings by the name of the parameter or table. Raises `NotInForceError` where the
    policy has no law for the days, `ArgumentError` where a day or reading does not exist.

    >>> in_force(load("indonesia/asn"), on="2026-04-01").on.year
    2026
    """
    if not isinstance(policy, Policy):
        raise ArgumentError("policy", policy, "a Policy, as `load` gives it")
    if readings is not None and not isinstance(readings, Mapping):
        raise ArgumentError("readings", readings, "a mapping from names of parameters or tables to readings")
    return policy.law(
        day_argument("on", on), None if known is None else day_argument("known", known), dict(readings or {})
    )


def _closure(folders: Sequence[Path], faults: Faults) -> Closure:
    def find(name: str) -> tuple[str, bytes] | None:
        return _find(name, folders)

    return Closure(find, lambda name: near_misses(name, policies()), faults)


def _find(name: str, folders: Sequence[Path]) -> tuple[str, bytes] | None:
    """Look a policy up by its name; a name cannot leave the folders searched."""
    if not POLICY_NAME.match(name) or len(name) > LONGEST_NAME:
        return None
    for folder in folders:
        for suffix in SUFFIXES:
            path = folder / f"{name}{suffix}"
            if _within(path, folder):
                return str(path), _read(path)
    bundled = resources.files("asnmerit") / "policies" / f"{name}.yaml"
    if bundled.is_file():
        return f"{name}.yaml", bundled.read_bytes()
    return None


def in_folders(name: str, folders: Sequence[Path]) -> Path | None:
    """Give the file of a policy of that name in folders to search, or None."""
    if not POLICY_NAME.match(name) or len(name) > LONGEST_NAME:
        return None
    paths = (folder / f"{name}{suffix}" for folder in folders for suffix in SUFFIXES)
    return next((path for path in paths if any(_within(path, folder) for folder in folders)), None)


def is_bundled(path: Path) -> bool:
    """Whether a file is one of those that come with the library."""
    with resources.as_file(resources.files("asnmerit") / "policies") as root:
        return path.resolve().is_relative_to(root.resolve())


def _within(path: Path, folder: Path) -> bool:
    """Whether there is a file there, and in the folder itself: a link does not lead out of it."""
    try:
        return path.is_file() and path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def _content(source: str | os.PathLike[str], folders: Sequence[Path]) -> tuple[str, bytes, list[Path] | None]:
    """Give file name, content, and the folders that a file's own neighbours are looked up in."""
    try:
        text = os.fspath(source)
    except TypeError as error:
        raise ArgumentError("source", source, "a policy's name, a path or a mapping") from error
    if not isinstance(text, str):
        raise ArgumentError("source", source, "a policy's name, a path or a mapping")
    if isinstance(source, str) and not text.endswith(SUFFIXES):
        found = _find(text, folders)
        if found is None:
            raise PolicyNotFoundError(text, near_misses(text[:LONGEST_NAME], policies()))
        return found[0], found[1], None
    path = Path(text)
    try:
        if not path.is_file():
            raise PolicyNotFoundError(text)
        content = _read(path)
    except (OSError, ValueError) as error:
        raise PolicyNotFoundError(text) from error
    return path.name, content, _roots(path)


def _roots(path: Path) -> list[Path]:
    """Give the folder of the file and the one above: a policy's name may be looked up from either."""
    parent = path.resolve().parent
    return [parent, parent.parent]


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_BYTES)
