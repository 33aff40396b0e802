"""Deciding a dataframe: pandas, Polars, PyArrow or DuckDB in, the same kind with the answers out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Unpack

from asnmerit.frames.answers import no_names_twice
from asnmerit.frames.arrow import pa
from asnmerit.frames.columns import fed_by, used_columns
from asnmerit.frames.deciding import Decider, FrameOptions, Order, beside, ordered, pieces
from asnmerit.frames.kinds import is_lazy, is_spread, lazily_decided, source_of, streamed
from asnmerit.frames.progress import Sum, teller

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Frame = Any


def decide_frame(
    law: Law, frame: Frame, as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]
) -> Frame:
    """Decide every row of a dataframe; the same kind of frame comes back, with the answers beside its columns.

    Takes pandas, Polars (eager and lazy), PyArrow tables, batches and readers, DuckDB relations, DataFrames of Spark
    and Dask, and whatever gives an Arrow stream. Columns are named as in flat files: a fact, `performance_2025`,
    `sanctions_1_level`, or a column of lists. Per decision come `D.status`, its outcome fields, `D.rule`, and the bits
    `D.met` and `D.unmet` of its conditions; then `presumed`, and `error`, `error_fact`, `error_column` of rows that
    cannot be decided (status `error`). Options as `FrameOptions`.

    Raises `FrameError` for columns that nothing claims or whose type cannot be, all at once; `ArgumentError` for
    options. A faulty row stops nothing.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> table = pyarrow.table({"active": [True, False], "performance_2025": ["baik", "bagus"]})
    >>> done = asnmerit.decide_frame(law, table)
    >>> done["promotion.status"].to_pylist(), done["error"].to_pylist()
    (['undetermined', 'error'], [None, 'unknown-member'])
    """
    if is_spread(frame):
        from asnmerit.frames.cluster import spread_frame  # noqa: PLC0415 - its parts are decided here

        return spread_frame(law, frame, as_of, **options)
    order = ordered(law, as_of, options)
    if is_lazy(frame):
        return _lazily(law, frame, as_of, options)
    if isinstance(frame, pa.RecordBatchReader):
        return _reader(order, frame)
    source = source_of(frame)
    used = used_columns(law, source.names, order.how)
    table, objects = source.table(fed_by(used))
    decider = Decider(order, table.schema, used, objects)
    # A table without columns has no rows of its own; they are those of the frame.
    batches = table.to_batches() if used else [_rows_only(source.rows)]
    answers = [a for _, a in _told(order, decider, pieces(batches, order.batch_rows), source.rows)]
    made = pa.Table.from_batches(answers, decider.schema)
    return source.back(made.unify_dictionaries() if len(answers) > 1 else made, order.keep)


def _lazily(law: Law, frame: Frame, as_of: datetime.date | str | None, options: FrameOptions) -> Frame:
    """Decide a query of Polars when it runs: in one piece, or in several at once, whose rows are told together."""
    told = Sum(options.get("progress", False))
    quiet: FrameOptions = {**options, "progress": False}

    def decided(part: Frame) -> Frame:
        with told.piece() as tell:
            mine: FrameOptions = {**options, "progress": tell}
            return decide_frame(law, part, as_of, **mine)

    empty = decide_frame(law, frame.collect_schema().to_frame(), as_of, **quiet)
    return lazily_decided(frame, decided, empty.schema)


def _rows_only(rows: int) -> Any:  # noqa: ANN401 - a batch of PyArrow
    """Make a batch that has rows and no columns."""
    return pa.RecordBatch.from_arrays([pa.nulls(rows)], ["rows"])


def _told(order: Order, decider: Decider, batches: Iterator[Any], total: int | None) -> Iterator[tuple[Any, Any]]:
    tell, end = teller(order.progress)
    done = 0
    try:
        for batch, answers in decider.answered(batches):
            done += batch.num_rows
            tell(done, total)
            yield batch, answers
    finally:
        end()


def _reader(order: Order, reader: Any) -> Any:  # noqa: ANN401 - readers of PyArrow
    decider = Decider(order, reader.schema)
    fields = [*reader.schema, *decider.schema] if order.keep else list(decider.schema)
    if order.keep:
        no_names_twice(decider.schema.names, reader.schema.names)

    def answered(batches: Any) -> Iterator[Any]:  # noqa: ANN401 - a reader of PyArrow
        for batch, answers in _told(order, decider, pieces(batches, order.batch_rows), None):
            yield beside(batch, answers, keep=order.keep)

    return streamed(reader, answered, pa.schema(fields, metadata=reader.schema.metadata if order.keep else None))
