"""Writing results: to standard output, or to a file that appears whole or not at all."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, Final, Protocol

import click

from asnmerit.record import canonical

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?")


class ClashError(click.ClickException):
    """Two files of one command are the same file."""

    exit_code = 2


def refuse_clashes(source: str, targets: Sequence[str | None]) -> None:
    """See that no target is the input, and that no two targets are one file.

    Raises:
        ClashError: if a result would overwrite what it is made from, or another result.
    """
    seen = [Path(source)]
    for path in (Path(t) for t in targets if t is not None):
        if any(path.resolve() == p.resolve() or (path.exists() and p.exists() and path.samefile(p)) for p in seen):
            raise ClashError(f"{path}: a result must not overwrite the input or another result; give another name")
        seen.append(path)


@contextmanager
def target(path: str | None, *, bom: bool = False) -> Iterator[IO[str]]:
    """Open standard output, or a file that takes the place of `path` only when everything is written.

    Raises:
        OSError: if the folder is not there or may not be written to.
    """
    encoding = "utf-8-sig" if bom else "utf-8"
    if path is None:
        text = io.TextIOWrapper(sys.stdout.buffer, encoding, errors="backslashreplace", newline="")
        try:
            yield text
            text.flush()
        finally:
            with suppress(OSError, ValueError):
                text.detach()
        return
    given = Path(path)
    if given.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    if given.exists() and not given.is_file():  # a device or a pipe is written to, never replaced
        with given.open("w", encoding=encoding, errors="backslashreplace", newline="") as stream:
            yield stream
        return
    final = given.resolve()
    if not final.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
    draft = final.with_name(f".{final.name[:100]}.{os.getpid()}.part")
    try:
        with draft.open("x", encoding=encoding, errors="backslashreplace", newline="") as stream:
            yield stream
        draft.replace(final)
    except BaseException:
        with suppress(OSError):
            draft.unlink()
        raise


def harmless(text: str) -> str:
    """Keep a spreadsheet from taking a cell for a formula; numbers stay as they are.

    >>> harmless("=HYPERLINK(1)"), harmless("-12.5"), harmless("baik")
    ("'=HYPERLINK(1)", '-12.5', 'baik')
    """
    return f"'{text}" if text.startswith(_FORMULA) and not _NUMBER.fullmatch(text) else text


class RowWriter(Protocol):
    """Writes results one after the other; `close` ends what was begun."""

    def write(self, item: Any) -> None:  # noqa: ANN401 - a row of cells, or an object, as the writer takes it
        """Write one result."""
        ...

    def close(self) -> None:
        """End the output."""
        ...


class CsvWriter:
    """Writes rows of cells; the header comes with the first row."""

    def __init__(self, stream: IO[str], header: Sequence[str], delimiter: str = ",") -> None:
        """Write to a stream."""
        self._writer = csv.writer(stream, delimiter=delimiter, lineterminator="\n")
        self._header: Sequence[str] | None = header

    def write(self, item: Sequence[str]) -> None:
        """Write one row, made harmless."""
        if self._header is not None:
            self._writer.writerow([harmless(name) for name in self._header])
            self._header = None
        self._writer.writerow([harmless(cell) for cell in item])

    def close(self) -> None:
        """Nothing is left to write."""


class JsonLinesWriter:
    """Writes one object a line."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to a stream."""
        self._stream = stream

    def write(self, item: object) -> None:
        """Write one object."""
        self._stream.write(canonical(item) + "\n")

    def close(self) -> None:
        """Nothing is left to write."""


class JsonWriter:
    """Writes one array, an object a line."""

    def __init__(self, stream: IO[str]) -> None:
        """Write to a stream."""
        self._stream, self._lead = stream, "[\n"

    def write(self, item: object) -> None:
        """Write one object."""
        self._stream.write(self._lead + json.dumps(item, ensure_ascii=False))
        self._lead = ",\n"

    def close(self) -> None:
        """End the array."""
        self._stream.write("[]\n" if self._lead == "[\n" else "\n]\n")
