"""Parquet to Parquet in bounded memory: a few batches at a time are read, decided and written."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final, Self, Unpack

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import no_names_twice
from asnmerit.frames.arrow import pa, parquet
from asnmerit.frames.columns import fed_by
from asnmerit.frames.deciding import Decider, FrameOptions, Order, beside, ordered, pieces
from asnmerit.frames.progress import teller

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

GROUP: Final = 8
"""Batches in a row group of the file that is written."""
NAME: Final = 80
"""Characters of the target's name in that of the file that becomes it."""


@attrs.frozen
class Tally:
    """What was decided: rows in all, rows with an error, and for each decision how often each status came out."""

    rows: int
    errors: int
    statuses: Mapping[str, Mapping[str, int]]


def decide_parquet(
    law: Law,
    source: str | Path,
    target: str | Path,
    as_of: datetime.date | str | None = None,
    **options: Unpack[FrameOptions],
) -> Tally:
    """Decide a Parquet file into another, in memory that does not grow with the file; gives a tally.

    The target appears when it is whole: it is written beside its place and moved there at the end. Options as
    `FrameOptions`. Raises `FrameError` for the file's columns, `ArgumentError` for options and paths.
    """
    pq = parquet()
    order = ordered(law, as_of, options)
    given, wanted = _path("source", source), _path("target", target)
    if not given.is_file():
        raise ArgumentError("source", str(source), "a Parquet file")
    if wanted.exists() and wanted.samefile(given):
        raise ArgumentError("target", str(target), "another file than the source")
    if wanted.is_dir() or not wanted.parent.is_dir():
        raise ArgumentError("target", str(target), "a file in a folder that exists")
    try:
        file = pq.ParquetFile(given)
    except (pa.ArrowException, OSError) as error:
        raise ArgumentError("source", str(source), f"a Parquet file: {error}") from None
    with file:
        return _decided(order, file, given, wanted)


def _path(argument: str, given: object) -> Path:
    if not isinstance(given, str | Path) or "\0" in str(given):
        raise ArgumentError(argument, given, "the path of a file")
    return Path(given)


def _partial(target: Path) -> Path:
    """Make an empty file beside the target, of a name that no other file has."""
    while True:
        found = target.with_name(f".{target.name[:NAME]}.{token_hex(8)}.part")
        try:
            found.open("xb").close()
        except FileExistsError:
            continue
        except OSError as error:
            raise ArgumentError("target", str(target), f"a file that can be written: {error.strerror}") from None
        return found


def _read(batches: Iterator[Any], source: Path) -> Iterator[Any]:
    """Hand batches on; where the file is broken further in, say which file it is."""
    try:
        yield from batches
    except (pa.ArrowException, OSError) as error:
        raise ArgumentError("source", str(source), f"a file that can be read to its end; {source}: {error}") from None


def _decided(order: Order, file: Any, source: Path, target: Path) -> Tally:  # noqa: ANN401 - a file of PyArrow
    schema = _schema_of(file, source)
    decider = Decider(order, schema)
    if order.keep:
        no_names_twice(decider.schema.names, schema.names)
    names = None if order.keep else fed_by(decider.used)
    tally = _Tally(order)
    tell, end = teller(order.progress)
    total = file.metadata.num_rows
    partial = _partial(target)
    try:
        with _Writer(partial, order, schema, decider.schema) as writer:
            read = file.iter_batches(order.batch_rows, columns=names)
            if not names and names is not None:
                read = _rows_only(total, order.batch_rows)
            for batch, answers in decider.answered(pieces(_read(read, source), order.batch_rows)):
                writer.add(beside(batch, answers, keep=order.keep))
                tally.add(answers)
                tell(tally.rows, total)
        partial.replace(target)
    finally:
        end()
        partial.unlink(missing_ok=True)
    return tally.done()


def _rows_only(rows: int, most: int) -> Iterator[Any]:
    """Give batches that have rows and no columns that are used."""
    for start in range(0, rows, most):
        yield pa.RecordBatch.from_arrays([pa.nulls(min(most, rows - start))], ["rows"])


def _schema_of(file: Any, source: Path) -> Any:  # noqa: ANN401 - a file and a schema of PyArrow
    try:
        return file.schema_arrow
    except (pa.ArrowException, OSError, ValueError) as error:
        raise ArgumentError("source", str(source), f"a Parquet file with columns that Arrow has: {error}") from None


class _Writer:
    """Writes batches, several in a row group."""

    def __init__(self, path: Path, order: Order, source: Any, answers: Any) -> None:  # noqa: ANN401 - schemas
        self.schema = pa.schema([*(source if order.keep else ()), *answers])
        self.waiting: list[Any] = []
        self.stack = ExitStack()
        self.path = path

    def __enter__(self) -> Self:
        self.file = self.stack.enter_context(parquet().ParquetWriter(self.path, self.schema))
        return self

    def add(self, batch: Any) -> None:  # noqa: ANN401 - a batch of PyArrow
        self.waiting.append(batch)
        if len(self.waiting) == GROUP:
            self._write()

    def _write(self) -> None:
        if self.waiting:
            table = pa.Table.from_batches(self.waiting).cast(self.schema)
            self.file.write_table(table, row_group_size=table.num_rows)
            self.waiting = []

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._write()
        self.stack.close()


class _Tally:
    """Counts statuses batch by batch."""

    def __init__(self, order: Order) -> None:
        self.order, self.rows, self.errors = order, 0, 0
        self.statuses: dict[str, Counter[str]] = {name: Counter() for name in order.want.decisions}

    def add(self, answers: Any) -> None:  # noqa: ANN401 - a batch of PyArrow
        self.rows += answers.num_rows
        prefix = self.order.want.prefix
        column = answers.column(f"{prefix}error")
        self.errors += len(column) - column.null_count
        for name, counter in self.statuses.items():
            for pair in answers.column(f"{prefix}{name}.status").value_counts().to_pylist():
                counter[pair["values"]] += pair["counts"]

    def done(self) -> Tally:
        return Tally(self.rows, self.errors, {name: dict(c) for name, c in self.statuses.items()})
