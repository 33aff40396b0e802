"""Dataframes of every kind as Arrow, and answers back as the same kind.

pandas, Polars and DuckDB are never imported here: what is needed of them is reached through the object that was given.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import no_names_twice
from asnmerit.frames.arrow import is_unicode, names_of, np, pa
from asnmerit.frames.objects import UNFIT, column_of, places_of

Frame = Any
Answers = Any


@attrs.frozen(eq=False)
class Source:
    """A frame as Arrow: its names, the columns that are asked for as batches, and how the same kind is made again.

    `objects` gives the Python values of columns of several types; in the batches stand their places.
    """

    names: tuple[object, ...]
    table: Callable[[Sequence[str]], tuple[Any, Mapping[str, Sequence[object]]]]
    back: Callable[[Answers, bool], Frame]
    rows: int


def _is(value: object, module: str, name: str) -> bool:
    """Whether a value is of a class of a library, or of one derived from it; the library is not imported for this."""
    return any(c.__name__ == name and c.__module__.partition(".")[0].lstrip("_") == module for c in type(value).__mro__)


def is_lazy(frame: Frame) -> bool:
    """Whether a frame is a query that has not run: of Polars, of Spark or of Dask."""
    return _is(frame, "polars", "LazyFrame") or is_spread(frame)


def is_spread(frame: Frame) -> bool:
    """Whether a frame's rows lie on a cluster: a DataFrame of Spark or of Dask."""
    return any(_is(frame, module, "DataFrame") for module in ("pyspark", "dask", "dask_expr"))


def source_of(frame: Frame) -> Source:
    """See a frame as Arrow. Raises `ArgumentError` for what is no frame."""
    if _is(frame, "pandas", "DataFrame"):
        return _pandas(frame)
    if _is(frame, "polars", "DataFrame"):
        return _polars(frame)
    if isinstance(frame, pa.Table):
        return _table(frame, lambda joined: joined)
    if isinstance(frame, pa.RecordBatch):
        return _table(pa.Table.from_batches([frame]), _one_batch)
    if _is(frame, "duckdb", "DuckDBPyRelation"):
        return _table(pa.table(frame), lambda joined: _relation(frame, joined))
    if hasattr(frame, "__arrow_c_stream__") and not isinstance(frame, type):
        try:
            table = pa.table(frame)
        except UNFIT:  # a stream of one column, such as a series
            table = None
        if table is not None:
            return _table(table, lambda joined: joined)
    expected = "a pandas or Polars frame, a PyArrow table or reader, a DuckDB relation, or what gives an Arrow stream"
    raise ArgumentError("frame", frame, expected)


def _one_batch(table: Any) -> Any:  # noqa: ANN401 - a table and a batch of PyArrow
    batches = table.combine_chunks().to_batches()
    return batches[0] if batches else pa.RecordBatch.from_pylist([], schema=table.schema)


def _relation(frame: Any, answered: Any) -> Any:  # noqa: ANN401, ARG001 - a relation and a table; SQL names it
    """Make a relation of the same connection: DuckDB finds the table by the name of the variable."""
    return frame.query("asnmerit_given", "SELECT * FROM answered")


# --- Arrow ---


def _table(table: Any, finish: Callable[[Any], Frame]) -> Source:  # noqa: ANN401 - a table of PyArrow
    def back(answers: Answers, keep: bool) -> Frame:  # noqa: FBT001 - handed on
        if not keep:
            return finish(answers)
        no_names_twice(answers.schema.names, table.schema.names)
        schema = pa.schema([*table.schema, *answers.schema], metadata=table.schema.metadata)
        return finish(pa.Table.from_arrays([*table.columns, *answers.columns], schema=schema))

    return Source(tuple(names_of(table.schema)), lambda names: (table.select(list(names)), {}), back, table.num_rows)


# --- Polars ---


def _polars(frame: Frame) -> Source:
    def table(names: Sequence[str]) -> tuple[Any, Mapping[str, Sequence[object]]]:
        arrays, objects = [], {}
        for name in names:
            series = frame[name]
            # Polars has types of its own that Arrow has not: objects, integers of 128 bits.
            foreign = any(word in str(series.dtype) for word in ("Object", "Int128"))
            if foreign:
                objects[name] = values = series.to_list()
                arrays.append(places_of(values, lambda v: v is None))
            else:
                arrays.append(frame.select(name).to_arrow().column(0))
        return pa.Table.from_arrays(arrays, names=list(names)), objects

    def back(answers: Answers, keep: bool) -> Frame:  # noqa: FBT001 - handed on
        made = sys.modules["polars"].from_arrow(answers)
        if not keep:
            return made
        no_names_twice(made.columns, frame.columns)
        return frame.hstack(made.get_columns()) if frame.width else made

    return Source(tuple(frame.columns), table, back, frame.height)


# --- pandas ---


def _series(series: Any) -> tuple[Any, Sequence[object] | None]:  # noqa: ANN401 - a series, an array
    """Turn one pandas column into Arrow; where its values are of several types, into places of Python objects."""
    categories = getattr(series.dtype, "categories", series)
    if categories.dtype == object:
        return column_of(series.tolist())
    try:
        array = pa.array(series, from_pandas=True)
    except UNFIT:
        return column_of(series.tolist())
    if pa.types.is_floating(array.type):
        # A column in which pandas has only NaN holds no numbers; it holds nothing.
        array = _no_nan(array) if not isinstance(series.dtype, np.dtype) else array
        array = pa.nulls(len(array)) if array.null_count == len(array) else array
    return array, None


def _no_nan(array: Any) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Make NaN null: pandas says with it that a value is missing."""
    chunks = array.chunks if isinstance(array, pa.ChunkedArray) else [array]
    made = []
    for chunk in chunks:
        values = chunk.to_numpy(zero_copy_only=False)
        known = chunk.is_valid().to_numpy(zero_copy_only=False) & (values == values)  # noqa: PLR0124 - only NaN differs
        made.append(pa.array(values, mask=~known))
    return pa.chunked_array(made, type=array.type)


def _pandas(frame: Frame) -> Source:
    names = tuple(frame.columns)

    def table(chosen: Sequence[str]) -> tuple[Any, Mapping[str, Sequence[object]]]:
        arrays, objects = [], {}
        for name in chosen:
            array, values = _series(frame[name])
            arrays.append(array)
            if values is not None:
                objects[name] = values
        return pa.Table.from_arrays(arrays, names=list(chosen)), objects

    def back(answers: Answers, keep: bool) -> Frame:  # noqa: FBT001 - handed on
        pd = sys.modules["pandas"]
        made = answers.to_pandas(types_mapper=_types_mapper(pd))
        made.index = frame.index
        if not keep:
            return made
        no_names_twice(made.columns, [n for n in names if isinstance(n, str)])
        if all(is_unicode(n) for n in names if isinstance(n, str)):
            return pd.concat([frame, made], axis=1)
        # pandas joins no names that are no Unicode: they are put back afterwards.
        both = [*frame.columns, *made.columns]
        parts = (frame.set_axis(range(len(names)), axis=1), made.set_axis(range(len(names), len(both)), axis=1))
        return pd.concat(parts, axis=1).set_axis(pd.Index(both, dtype=object), axis=1)

    return Source(names, table, back, len(frame))


_NULLABLE: Final = {"bool": "boolean", "int64": "Int64"}


def _types_mapper(pd: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - the module
    """Map types of Arrow to those of pandas that keep them exact."""

    def mapped(of: Any) -> Any:  # noqa: ANN401 - a type
        if str(of) in _NULLABLE:
            return pd.api.types.pandas_dtype(_NULLABLE[str(of)])
        if pa.types.is_dictionary(of) or pa.types.is_string(of):
            return None
        return pd.ArrowDtype(of)

    return mapped


# --- readers, and queries that have not run ---


def streamed(reader: Any, made: Callable[[Any], Iterator[Any]], schema: Any) -> Any:  # noqa: ANN401 - of PyArrow
    """Make a reader that decides as it is read."""
    return pa.RecordBatchReader.from_batches(schema, made(reader))


def lazily_decided(frame: Frame, decide: Callable[[Frame], Frame], schema: Any) -> Frame:  # noqa: ANN401 - of Polars
    """Put deciding into a query of Polars that has not run, whose columns were checked; `schema` is what comes out."""
    return frame.map_batches(
        decide,
        schema=schema,
        predicate_pushdown=False,
        projection_pushdown=False,
        slice_pushdown=False,
        streamable=True,
    )
