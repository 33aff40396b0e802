"""Which files of scenarios a name stands for: a file, a folder with all below it, or a policy."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from importlib import resources
from pathlib import Path

from asnmerit.bundle import policies
from asnmerit.errors import ArgumentError
from asnmerit.scenarios.book import SUFFIX, Book, read_book

EXPECTED = f"a file of scenarios, a folder with files *{SUFFIX}, or the name of a bundled policy"


def files(places: Iterable[str | os.PathLike[str]]) -> tuple[Path, ...]:
    """Give the files of scenarios that names stand for, each once, in order.

    Raises `ArgumentError` for a name that stands for none: a test that never ran is no test.

    >>> [file.name for file in files(["indonesia/disiplin"])]
    ['disiplin.scenarios.yaml']
    """
    found: dict[Path, None] = {}
    for place in places:
        here = list(_found(os.fspath(place)))
        if not here:
            raise ArgumentError("place", os.fspath(place), EXPECTED)
        found.update(dict.fromkeys(here))
    return tuple(found)


def _found(place: str) -> Iterator[Path]:
    path = Path(place)
    if path.is_dir():
        yield from sorted(path.rglob(f"*{SUFFIX}"))
    elif path.is_file():
        yield path
    elif place in policies():
        yield from _beside(place)


def _beside(policy: str) -> Iterator[Path]:
    """Give the files that lie beside a bundled policy and bear its name."""
    folder, _, name = policy.rpartition("/")
    with resources.as_file(resources.files("asnmerit") / "policies" / folder) as root:
        yield from sorted(p for p in root.glob(f"{name}.*") if p.name.endswith(SUFFIX))


def books(places: Sequence[str | os.PathLike[str]]) -> tuple[Book, ...]:
    """Read the files of scenarios that names stand for."""
    return tuple(read_book(file) for file in files(places))
