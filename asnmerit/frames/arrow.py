"""PyArrow, and the few ways in which columns are made of NumPy arrays and looked into."""

from __future__ import annotations

from typing import Any

from asnmerit.errors import Fault, FrameError, shown

try:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "dataframes need NumPy and PyArrow: pip install 'asnmerit[frames]'"
    raise ModuleNotFoundError(message, name=error.name) from error

__all__ = [
    "bits", "decimals", "flags", "is_text", "is_unicode", "names_of", "np", "pa", "parquet", "pc", "plain_column",
    "raw", "strings", "truth", "words",
]  # fmt: skip

Array = Any
"""A NumPy array."""

WHOLE_IN_64 = 18
MOST_DIGITS = 38


def parquet() -> Any:  # noqa: ANN401 - a module without types
    """Give PyArrow's reader and writer of Parquet files, loaded when it is needed."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - it takes longer to load than the rest

    return pq


def is_text(of: Any) -> bool:  # noqa: ANN401 - a type of PyArrow
    """Whether a column holds strings, dictionary-encoded or not."""
    if pa.types.is_dictionary(of):
        of = of.value_type
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_string_view(of))


def plain_column(column: Any) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Take off what only says how a column is stored: run lengths, dictionaries of what is not text, views."""
    of = column.type
    if pa.types.is_run_end_encoded(of):
        return plain_column(pc.run_end_decode(column))
    if pa.types.is_dictionary(of) and not is_text(of):
        return plain_column(column.dictionary_decode())
    if pa.types.is_string_view(of):
        return column.cast(pa.large_string())
    if pa.types.is_list_view(of) or pa.types.is_large_list_view(of):
        return _as_lists(column)
    return column


def _as_lists(column: Any) -> Any:  # noqa: ANN401 - arrays of PyArrow
    """Lay lists that may lie in any order, and over each other, one behind the other.

    Arrow has a cast for that, which misreads them: it takes the places of the views for those of lists.
    """
    sizes = column.sizes.to_numpy(zero_copy_only=False).astype(np.int64)
    starts = column.offsets.to_numpy(zero_copy_only=False).astype(np.int64)
    known = truth(column)
    if known is not None:
        sizes, starts = np.where(known, sizes, 0), np.where(known, starts, 0)
    if len(column) and (min(sizes.min(), starts.min()) < 0 or int((starts + sizes).max()) > len(column.values)):
        raise FrameError([Fault("wrong-type", "list", str(column.type), "views within their values")])
    ends = np.zeros(len(column) + 1, np.int64)
    np.cumsum(sizes, out=ends[1:])
    inside = np.arange(ends[-1]) - np.repeat(ends[:-1] - starts, sizes)
    parts = pa.py_buffer(ends)
    flat = column.values.take(pa.array(inside))
    return pa.Array.from_buffers(
        pa.large_list(column.type.value_type), len(column), [bits(known), parts], children=[flat]
    )


def names_of(schema: Any) -> list[str]:  # noqa: ANN401 - a schema of PyArrow
    """Give the names of columns. Raises `FrameError` where one is no text."""
    try:
        return list(schema.names)
    except UnicodeDecodeError as error:
        raise FrameError(
            [Fault("unknown-fact", shown(error.object), "", "names of columns are text, in UTF-8")]
        ) from None


def is_unicode(text: str) -> bool:
    """Whether a text can be written as UTF-8: whether it holds no half of a pair."""
    return not any("\ud800" <= c <= "\udfff" for c in text)


def strings(column: Any) -> list[str | None]:  # noqa: ANN401 - an array of PyArrow
    """Give the texts of a column; what is no UTF-8 becomes a text that is a value of no fact."""
    try:
        return list(column.to_pylist())
    except UnicodeDecodeError:
        octets = column.cast(pa.large_binary()).to_pylist()
        return [None if text is None else text.decode("utf-8", "surrogateescape") for text in octets]


def truth(column: Any) -> Array | None:  # noqa: ANN401 - an array of PyArrow
    """Give where a column is not null; None for everywhere."""
    if column.null_count == 0:
        return None
    return column.is_valid().to_numpy(zero_copy_only=False)


def raw(column: Any, dtype: Any) -> Array:  # noqa: ANN401 - an array of PyArrow, a type of NumPy
    """See the numbers of a column of fixed width as they lie in memory; where it is null, they say nothing."""
    place = column.buffers()[1]
    if place is None or len(column) == 0:
        return np.zeros(len(column), dtype)
    return np.frombuffer(place, dtype, len(column), column.offset * np.dtype(dtype).itemsize)


def plain_dtype(kind: Any) -> Any:  # noqa: ANN401 - a type of PyArrow, and one of NumPy
    """Give the type of NumPy for a whole number or float of PyArrow, whose own way needs pandas in some versions."""
    letter = "f" if pa.types.is_floating(kind) else "u" if pa.types.is_unsigned_integer(kind) else "i"
    return np.dtype(f"{letter}{kind.bit_width // 8}")


def words(column: Any) -> tuple[Any, Array, Array | None]:  # noqa: ANN401 - an array of PyArrow
    """Give the different texts of a column, the place of each row's text among them, and where it is not null."""
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    known = truth(coded)
    if coded.dictionary.null_count:
        known = coded.dictionary_decode().is_valid().to_numpy(zero_copy_only=False)
    found = raw(coded.indices, plain_dtype(coded.indices.type))
    return coded.dictionary, found if known is None else np.where(known, found, 0), known


def bits(mask: Array | None) -> Any:  # noqa: ANN401 - a buffer of PyArrow
    """Pack truth values into a buffer; None stays None."""
    return None if mask is None else pa.py_buffer(np.packbits(mask, bitorder="little"))


def flags(values: Array, known: Array | None) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Make a column of truth values."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [bits(known), bits(values)])


def decimals(values: Array, times: int, of: Any, known: Array | None) -> Any:  # noqa: ANN401 - a type and an array
    """Make a column of exact decimals out of numerators, each multiplied first by a power that moves the point."""
    most = max(abs(int(values.min(initial=0))), abs(int(values.max(initial=0))))
    if most * times < 2**63 and of.bit_width == 128:  # noqa: PLR2004 - what one word holds
        pairs = np.empty((len(values), 2), np.int64)
        np.multiply(values, times, out=pairs[:, 0])
        np.right_shift(pairs[:, 0], 63, out=pairs[:, 1])
        return pa.Array.from_buffers(of, len(values), [bits(known), pa.py_buffer(pairs)])
    width = of.bit_width // 8
    wide = b"".join((int(v) * times).to_bytes(width, "little", signed=True) for v in values)
    return pa.Array.from_buffers(of, len(values), [bits(known), pa.py_buffer(wide)])
