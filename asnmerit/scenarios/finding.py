"""Which files of scenarios a name stands for: a file, a folder with all below it, or a policy."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from asnmerit.bundle import SUFFIXES as POLICY_SUFFIXES
from asnmerit.bundle import policies
from asnmerit.errors import ArgumentError
from asnmerit.scenarios.book import SUFFIXES, Book, read_book

EXPECTED = (
    f"a file of scenarios, a folder with files *{SUFFIXES[0]}, or the name of a bundled policy that has such files"
)
LOOKS_LIKE = re.compile(r".+\.scenarios?\.(ya?ml|json)\Z", re.IGNORECASE)
"""Names that are meant to be run: one that is spelt otherwise is reported, not passed over."""
NAMED = re.compile(rb"^policy:[ \t]*['\"]?([a-z0-9_/-]+)", re.MULTILINE)
HEAD = 16_384


def files(places: Iterable[str | os.PathLike[str]]) -> tuple[Path, ...]:
    """Give the files of scenarios that names stand for, each once, in order.

    A folder that cannot be read, and a file whose name is nearly right, are among them: reading them tells the fault.
    Raises `ArgumentError` for a name that stands for none, or no name at all: a test that never ran is no test.

    >>> [file.name for file in files(["indonesia/disiplin"])]
    ['disiplin.scenarios.yaml']
    """
    if isinstance(places, str | bytes | os.PathLike) or not isinstance(places, Iterable):
        raise ArgumentError("places", places, f"a list; each {EXPECTED}")
    found: dict[Path, Path] = {}
    given = list(places)
    for place in given:
        if not isinstance(place, str | os.PathLike):
            raise ArgumentError("place", place, EXPECTED)
        here = list(_found(os.fspath(place)))
        if not here:
            raise ArgumentError("place", os.fspath(place), EXPECTED)
        for file in here:
            found.setdefault(_real(file), file)
    if not given:
        raise ArgumentError("places", given, f"at least one: {EXPECTED}")
    return tuple(found.values())


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):
        return path


def _found(place: str) -> Iterator[Path]:
    path = Path(place)
    if path.is_dir():
        yield from sorted(_below(path))
    elif path.is_file():
        yield path
    elif place in policies():
        yield from _beside(place)


def _below(folder: Path) -> Iterator[Path]:
    """Give what a folder and those below it hold, folders that cannot be read too."""
    unreadable: list[Path] = []

    def note(error: OSError) -> None:
        unreadable.append(Path(error.filename or folder) / f"unreadable{SUFFIXES[0]}")

    for root, folders, names in os.walk(folder, onerror=note):
        yield from (Path(root, name) for name in [*names, *folders] if LOOKS_LIKE.match(name))
    yield from unreadable


def _beside(policy: str) -> Iterator[Path]:
    """Give the files that lie beside a bundled policy and bear its name."""
    folder, _, name = policy.rpartition("/")
    with resources.as_file(resources.files("asnmerit") / "policies" / folder) as root:
        yield from sorted(p for p in root.glob(f"{name}.*") if p.name.endswith(SUFFIXES))


def policy_files(folder: Path) -> dict[Path, str]:
    """Give the policies that lie in a folder itself: file and name, as the document says it."""
    found: dict[Path, str] = {}
    try:
        names = sorted(p for p in folder.iterdir() if p.name.endswith(POLICY_SUFFIXES) and not LOOKS_LIKE.match(p.name))
    except OSError:
        return {}
    for path in names:
        try:
            with path.open("rb") as stream:
                named = NAMED.search(stream.read(HEAD))
        except OSError:
            continue
        if named:
            found[path] = named[1].decode("ascii")
    return found


def books(places: Iterable[str | os.PathLike[str]]) -> tuple[Book, ...]:
    """Read the files of scenarios that names stand for."""
    return tuple(read_book(file) for file in files(places))
