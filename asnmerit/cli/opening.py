"""Opening the file of employees: by its kind, with a progress bar where somebody watches."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import attrs
import click

from asnmerit.diagnostics import near_misses
from asnmerit.readers import (
    PLAIN,
    SIASN,
    FileRefusedError,
    Finding,
    Row,
    TableOptions,
    read_csv,
    read_excel,
    read_json,
    read_json_lines,
    read_json_of_either_kind,
    read_siasn_json,
)
from asnmerit.readers.layout import FactLike, Layout

KINDS: Final = ("auto", "csv", "siasn", "xlsx", "json", "jsonl", "siasn-json")
LINES: Final = frozenset({".jsonl", ".ndjson"})
JSON: Final = LINES | {".json"}
WORKBOOKS: Final = frozenset({".xlsx", ".xlsm"})
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
    facts = list(facts)
    _know_the_facts(options, facts)
    if path == STANDARD_INPUT:
        yield _source(sys.stdin.buffer, path, kind, facts, options)
        return
    with Path(path).open("rb") as stream:
        yield _source(stream, path, kind, facts, options)


def _know_the_facts(options: TableOptions, facts: Sequence[FactLike]) -> None:
    """An alias for a fact that nothing declares would do nothing, in silence."""
    names = [fact.name for fact in facts]
    for fact in options.aliases:
        if fact not in names:
            near = near_misses(fact, names)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise click.BadParameter(f"--alias: {fact} is not a fact of this policy{hint}")


def _source(stream: BinaryIO, path: str, kind: str, facts: Iterable[FactLike], options: TableOptions) -> Source:
    suffix = Path(path).suffix.lower()
    if kind == "auto" and suffix in JSON:
        kind, rows = read_json_of_either_kind(stream, facts, options, lines=suffix in LINES)
        return Source(kind, _some(rows))
    if kind in {"json", "jsonl"}:
        read = read_json if kind == "json" else read_json_lines
        return Source(kind, _some(read(stream, facts, options.ignore)))
    if kind == "siasn-json":
        return Source(kind, _some(read_siasn_json(stream, facts, options, lines=suffix in LINES)))
    if kind == "xlsx" or (kind == "auto" and suffix in WORKBOOKS):
        whole = stream if stream.seekable() else io.BytesIO(stream.read())
        table = read_excel(whole, facts, options)
        return Source("xlsx", _some(table.rows), table.layout)
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
    if not sys.stderr.isatty() or path == STANDARD_INPUT or Path(path).suffix.lower() in WORKBOOKS:
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
