"""Frames spread over a cluster: Spark and Dask hand their parts to the block kernel, and nothing is gathered here.

Neither library is imported: what is needed of them is reached through the frame that was given. What a worker gets is
the law as data, once a task; a worker process compiles it when it first meets it.
"""

from __future__ import annotations

import datetime
import pickle
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Unpack

from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import no_names_twice
from asnmerit.frames.arrow import pa
from asnmerit.frames.dataframes import decide_frame
from asnmerit.frames.deciding import Decider, FrameOptions, Order, beside, ordered, pieces
from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Frame = Any
Json = Any
KEPT: Final = 8
"""Laws and layouts that a worker process keeps compiled."""


def spread_frame(
    law: Law, frame: Frame, as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]
) -> Frame:
    """Put deciding into a frame of Spark or of Dask, whichever it is."""
    decide = dask_frame if hasattr(frame, "map_partitions") else spark_frame
    return decide(law, frame, as_of, **options)


def spark_frame(
    law: Law, frame: Frame, as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]
) -> Frame:
    """Decide every row of a Spark DataFrame; a DataFrame comes back that Spark fills when it is asked for rows.

    What `decide_frame` does with such a frame, and with the same options, but `progress` (Spark shows its own) and
    `dictionary` (texts are plain). Columns and options are checked at once: `FrameError`, `ArgumentError`.
    """
    order = _spread(law, as_of, options)
    if not hasattr(frame, "mapInArrow"):
        raise ArgumentError("frame", frame, "a DataFrame of Spark 3.3 or later; of pandas on Spark its to_spark()")
    schema = frame.schema
    decider = Decider(order, pa.schema([(f["name"], _arrow(f["type"])) for f in schema.jsonValue()["fields"]]))
    kind = type(schema)
    answers = kind.fromJson({"type": "struct", "fields": [_field(f) for f in decider.schema]}).fields
    if order.keep:
        exact = str(frame.sparkSession.conf.get("spark.sql.caseSensitive")).lower() == "true"
        same = str if exact else str.lower  # Spark takes `Error` and `error` for one column
        no_names_twice([same(a.name) for a in answers], [same(name) for name in schema.names])
    return frame.mapInArrow(_shipped(decide_partition, order), kind([*(schema.fields if order.keep else ()), *answers]))


def dask_frame(
    law: Law, frame: Frame, as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]
) -> Frame:
    """Decide every row of a Dask DataFrame; a DataFrame comes back, of as many partitions, that has not run.

    What `decide_frame` does with such a frame, and with the same options, but `progress` (Dask shows its own) and
    `dictionary` (texts are plain). Columns and options are checked at once: `FrameError`, `ArgumentError`.
    """
    order = _spread(law, as_of, options)
    empty = frame._meta  # noqa: SLF001 - what Dask's own functions and other libraries read the columns from
    return frame.map_partitions(
        _shipped(decide_part, order), meta=decide_frame(law, empty, order.as_of, **_options(order))
    )


def _spread(law: Law, as_of: datetime.date | str | None, options: FrameOptions) -> Order:
    if options.get("progress"):
        raise ArgumentError("progress", options["progress"], "False: the cluster shows how far it has come")
    return ordered(law, as_of, {**options, "dictionary": False})


def _options(order: Order) -> FrameOptions:
    """Give the options of a checked order, all of them plain data."""
    how, want = order.how, order.want
    return {
        "columns": how.columns,
        "ignore": how.ignore,
        "convention": how.convention,
        "absent": how.absent,
        "decisions": want.decisions,
        "values": want.values,
        "reasons": want.reasons,
        "keep": order.keep,
        "prefix": want.prefix,
        "dictionary": want.dictionary,
        "batch_rows": order.batch_rows,
        "threads": order.threads,
    }


# --- what travels, and what runs on a worker ---


def _shipped(work: Callable[[bytes, Any], Any], order: Order) -> Callable[[Any], Any]:
    """Give the function that travels to the workers.

    It is a function within a function, so it travels by value; where the library is missing it can still say so.
    """
    home, name, here = work.__module__, work.__name__, __version__
    packed = pickle.dumps((order.law, order.as_of, _options(order)), pickle.HIGHEST_PROTOCOL)

    def decided(part: Any) -> Any:  # noqa: ANN401 - what the engine hands out, and what it takes back
        need = f"each worker needs asnmerit {here}, as the driver has: pip install 'asnmerit[frames]=={here}'"
        try:
            there = import_module("asnmerit.version").__version__
            done = getattr(import_module(home), name)
        except ModuleNotFoundError as error:
            message = f"{error}; {need}"
            raise ModuleNotFoundError(message, name=error.name) from error
        if there != here:
            message = f"this worker has asnmerit {there}; {need}"
            raise ImportError(message)
        return done(packed, part)

    return decided


@lru_cache(maxsize=KEPT)
def _order(packed: bytes) -> Order:
    """Unpack an order, once for each process."""
    law, as_of, options = pickle.loads(packed)  # noqa: S301 - packed by `_shipped` and carried by the user's own cluster
    return ordered(law, as_of, options)


@lru_cache(maxsize=KEPT)
def _decider(packed: bytes, schema: Any) -> Decider:  # noqa: ANN401 - a schema of PyArrow
    """Lay columns out and compile, once for each process."""
    return Decider(_order(packed), schema)


def decide_partition(packed: bytes, batches: Iterable[Any]) -> Iterator[Any]:
    """Decide the batches of one partition, on a worker of Spark."""
    stream = iter(batches)
    first = next(stream, None)
    if first is None:
        return
    order, decider = _order(packed), _decider(packed, first.schema)
    for batch, answers in decider.answered(pieces(_all(first, stream), order.batch_rows)):
        yield beside(batch, answers, keep=order.keep)


def _all(first: Any, rest: Iterator[Any]) -> Iterator[Any]:  # noqa: ANN401 - batches of PyArrow
    yield first
    yield from rest


def decide_part(packed: bytes, part: Frame) -> Frame:
    """Decide one pandas frame, on a worker of Dask."""
    order = _order(packed)
    return decide_frame(order.law, part, order.as_of, **_options(order))


# --- types of Spark, as its schemas write them in JSON ---

_SCALARS: Final = {
    "boolean": pa.bool_(),
    "byte": pa.int8(),
    "short": pa.int16(),
    "integer": pa.int32(),
    "long": pa.int64(),
    "float": pa.float32(),
    "double": pa.float64(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", "UTC"),
    "timestamp_ntz": pa.timestamp("us"),
    "void": pa.null(),
}
_WRITTEN: Final = {str(pa.bool_()): "boolean", str(pa.int64()): "long", str(pa.date32()): "date", "string": "string"}


def _arrow(of: Json) -> Any:  # noqa: ANN401 - a type of PyArrow
    """Give the Arrow type in which workers get a column; what no fact can be read from counts as bytes."""
    match of:
        case {"type": "array", "elementType": inner}:
            return pa.list_(_arrow(inner))
        case {"type": "map", "keyType": key, "valueType": value}:
            return pa.map_(_arrow(key), _arrow(value))
        case {"type": "struct", "fields": fields}:
            return pa.struct([pa.field(f["name"], _arrow(f["type"])) for f in fields])
        case str():
            return _scalar(of)
        case _:
            return pa.binary()


def _scalar(of: str) -> Any:  # noqa: ANN401 - a type of PyArrow
    name, _, rest = of.partition("(")
    if name == "decimal":
        digits, _, places = rest.rstrip(")").partition(",")
        return pa.decimal128(int(digits or 10), int(places or 0))
    if name.split(" ")[0] in {"string", "char", "varchar"}:
        return pa.string()
    return _SCALARS.get(of, pa.binary())


def _json(of: Any) -> Json:  # noqa: ANN401 - a type of PyArrow
    """Write the type of an answer as Spark's schemas do."""
    if pa.types.is_list(of):
        return {"type": "array", "elementType": _json(of.value_type), "containsNull": True}
    if pa.types.is_struct(of):
        return {"type": "struct", "fields": [_field(field) for field in of]}
    if pa.types.is_decimal(of):
        return f"decimal({of.precision},{of.scale})"
    return _WRITTEN[str(of)]


def _field(field: Any) -> Json:  # noqa: ANN401 - a field of PyArrow
    about = {key.decode(): value.decode() for key, value in (field.metadata or {}).items()}
    return {"name": field.name, "type": _json(field.type), "nullable": True, "metadata": about}
