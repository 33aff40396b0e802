"""Arrow columns out of NumPy arrays: words by their number, days, decimals, truth values, lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from asnmerit.frames.arrow import bits, decimals, flags, np, pa
from asnmerit.population.streams import Array

Maker = Callable[[Array, Array | None], Array]
"""Makes a column of values and of where they are known; None is everywhere."""


def words(texts: Sequence[str], of: Array | None = None) -> Maker:
    """Make columns of words: each value is the place of its word; what is not known is null."""
    dictionary, index = pa.array(list(texts), pa.string()), pa.int8() if of is None else of
    kind = np.dtype(f"<i{index.bit_width // 8}")

    def make(values: Array, known: Array | None) -> Array:
        codes = np.ascontiguousarray(values, kind) if known is None else np.where(known, values, 0).astype(kind)
        places = pa.Array.from_buffers(index, len(codes), [bits(known), pa.py_buffer(codes)])
        return pa.DictionaryArray.from_arrays(places, dictionary, safe=False)

    return make


def numbers(of: Array, dtype: str) -> Maker:
    """Make columns of numbers, or of days, of one width."""

    def make(values: Array, known: Array | None) -> Array:
        plain = np.ascontiguousarray(values, dtype)
        return pa.Array.from_buffers(of, len(plain), [bits(known), pa.py_buffer(plain)])

    return make


days = numbers(pa.date32(), "<i4")
small = numbers(pa.int8(), "i1")
short = numbers(pa.int16(), "<i2")
whole = numbers(pa.int64(), "<i8")


def fixed(digits: int, places: int) -> Maker:
    """Make columns of exact decimals; the values are counted in units of the last place."""
    of = pa.decimal128(digits, places)

    def make(values: Array, known: Array | None) -> Array:
        return decimals(values, 1, of, known)

    return make


def truths(values: Array, known: Array | None) -> Array:
    """Make a column of truth values."""
    return flags(values, known)


def lists(there: Array, children: Array, known: Array | None) -> Array:
    """Make a column of lists: `there` says, a row a person, which places hold a row; the children are those rows."""
    ends = np.zeros(len(there) + 1, np.int32)
    np.cumsum(there.sum(1), out=ends[1:])
    parts = [bits(known), pa.py_buffer(ends)]
    return pa.Array.from_buffers(pa.list_(children.type), len(there), parts, children=[children])


def rows(there: Array, fields: Mapping[str, tuple[Maker, Array]], known: Array | None = None) -> Array:
    """Make a column of lists of rows, each row with these fields."""
    there = there if known is None else there & known[:, None]
    made = [make(np.broadcast_to(values, there.shape)[there], None) for make, values in fields.values()]
    return lists(there, pa.StructArray.from_arrays(made, names=list(fields)), known)
