"""Opening the file of employees: by its kind, with a progress bar where somebody watches."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import attrs
import click

from asnmerit.readers import (
    PLAIN,
    SIASN,
    FileRefusedError,
    Finding,
    Row,
    TableOptions,
    read_csv,
    read_json,
    read_json_lines,
)
from asnmerit.readers.layout import FactLike, Layout

KINDS: Final = ("auto", "csv", "siasn", "json", "jsonl")
BY_SUFFIX: Final = {".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}
STANDARD_INPUT: Final = "-"
EVERY_SO_MANY_ROWS: Final = 50


@attrs.frozen
class Source:
    """A file that is being read: how it is read, and its rows in order, once."""

    kind: str
    rows: Iterator[Row]
    layout: Layout | None = None

    def column_of(self, fact: str) -> str:
        """Give the column or key that carries a fact; the fact's own name when there is none."""
        names = self.layout.names_of(fact) if self.layout else ()
        return names[0] if len(names) == 1 else fact


@contextmanager
def opened(path: str, kind: str, facts: Iterable[FactLike], options: TableOptions) -> Iterator[Source]:
    """Open a file for as long as its rows are read.

    Raises:
        FileRefusedError: if the file cannot be read as records at all.
        OSError: if it cannot be opened.
    """
    if path == STANDARD_INPUT:
        yield _source(sys.stdin.buffer, path, kind, facts, options)
        return
    with Path(path).open("rb") as stream:
        yield _source(stream, path, kind, facts, options)


def _source(stream: BinaryIO, path: str, kind: str, facts: Iterable[FactLike], options: TableOptions) -> Source:
    if kind == "auto":
        kind = BY_SUFFIX.get(Path(path).suffix.lower(), "auto")
    if kind in {"json", "jsonl"}:
        read = read_json if kind == "json" else read_json_lines
        return Source(kind, _some(read(stream, facts, options.ignore)))
    convention = {"csv": PLAIN, "siasn": SIASN}.get(kind)
    table = read_csv(stream, facts, attrs.evolve(options, convention=convention))
    return Source(table.layout.convention.name, _some(table.rows), table.layout)


def _some(rows: Iterator[Row]) -> Iterator[Row]:
    """Pass the rows on; a file without any is refused."""
    first = next(rows, None)
    if first is None:
        raise FileRefusedError([Finding("file-without-rows")])
    return _then(first, rows)


def _then(first: Row, rows: Iterator[Row]) -> Iterator[Row]:
    yield first
    yield from rows


def watched(rows: Iterator[Row], path: str, label: str) -> Iterator[Row]:
    """Show on a terminal how far the reading is, by rows for a stream and by its size for a file."""
    if not sys.stderr.isatty() or path == STANDARD_INPUT:
        yield from rows
        return
    lines = _count_lines(path)
    with click.progressbar(length=lines, label=label, file=sys.stderr, show_pos=True) as bar:
        done = 0
        for row in rows:
            yield row
            if row.number % EVERY_SO_MANY_ROWS == 0 and row.line > done:
                bar.update(row.line - done)
                done = row.line
        bar.update(max(lines - done, 0))


def _count_lines(path: str) -> int:
    """Count the lines, so that the bar knows its end; a second reading is cheap beside deciding."""
    with Path(path).open("rb") as stream:
        return sum(block.count(b"\n") for block in iter(lambda: stream.read(io.DEFAULT_BUFFER_SIZE * 64), b"")) + 1
