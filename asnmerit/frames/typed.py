"""Steps as Arrow columns of exact types: truth, members, days, whole numbers, decimals, ratios, and lists of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.frames.arrow import bits, decimals, flags, np, pa
from asnmerit.frames.primitives import UNIX
from asnmerit.rules.types import Bool, Date, Enum

if TYPE_CHECKING:
    from asnmerit.rules.law import LawStep

Array = Any
MOST_PLACES: Final = 9


@attrs.frozen(eq=False)
class Shape:
    """How the values of a step are handed out: an Arrow type, and how a column of it is made."""

    type: Any
    make: Callable[[Array, Array | None], Any]


def shape_of(step: LawStep, *, dictionary: bool) -> Shape:
    """Give the exact Arrow type of a step: truth, member, day, int64, decimal, or numerator and denominator."""
    match step.type:
        case Bool():
            return Shape(pa.bool_(), flags)
        case Enum(members=members):
            return coded(members, dictionary=dictionary)
        case Date():
            return Shape(pa.date32(), lambda v, k: fixed(pa.date32(), (v - UNIX).astype(np.int32), k))
        case _:
            return _number(step)


def fixed(of: Any, values: Array, known: Array | None) -> Any:  # noqa: ANN401 - a type and an array of PyArrow
    """Make a column of a type of fixed width out of what lies in memory."""
    values = np.ascontiguousarray(values)
    return pa.Array.from_buffers(of, len(values), [bits(known), pa.py_buffer(values)])


def coded(members: Sequence[str], *, dictionary: bool) -> Shape:
    """Give the columns of texts of which there are few."""
    words = pa.array(list(members), pa.string())
    small = len(members) < 128  # noqa: PLR2004 - what one byte counts
    index, dtype = (pa.int8(), np.int8) if small else (pa.int32(), np.int32)

    def make(values: Array, known: Array | None) -> Any:  # noqa: ANN401 - an array of PyArrow
        if known is not None:
            values = np.where(known, values, 0)
        places = fixed(index, values.astype(dtype), known)
        if dictionary:
            return pa.DictionaryArray.from_arrays(places, words, safe=False)
        return words.take(places)

    return Shape(pa.dictionary(index, pa.string()) if dictionary else pa.string(), make)


def _number(step: LawStep) -> Shape:
    t = step.code.type
    den = t.den
    if den == 1:
        return Shape(pa.int64(), lambda v, k: fixed(pa.int64(), v.astype(np.int64, copy=False), k))
    scale = next((p for p in range(1, MOST_PLACES) if 10**p % den == 0), None)
    if scale is None:
        kind = pa.struct([("numerator", pa.int64()), ("denominator", pa.int64())])
        return Shape(kind, lambda v, k: _ratio(kind, v, den, k))
    times = 10**scale // den
    digits = max(len(str(abs(t.lo) * times)), len(str(abs(t.hi) * times)), scale + 1)
    exact = pa.decimal128(digits, scale)
    return Shape(exact, lambda v, k: decimals(v.astype(np.int64, copy=False), times, exact, k))


def _ratio(kind: Any, values: Array, den: int, known: Array | None) -> Any:  # noqa: ANN401 - a type and an array
    """Make numerators and denominators in lowest terms."""
    values = values.astype(np.int64, copy=False)
    shared = np.gcd(values, den)
    parts = [fixed(pa.int64(), part, None) for part in (values // shared, den // shared)]
    return pa.Array.from_buffers(kind, len(values), [bits(known)], children=parts)


def lists(shape: Shape, values: Array, known: Array | None, counts: Array, sure: Array | None) -> Any:  # noqa: ANN401 - an array
    """Make a list column of a step that has a value for each row of a list."""
    rows = len(counts)
    counts = np.where(sure, counts, 0) if sure is not None else counts
    ends = np.zeros(rows + 1, np.int32)
    np.cumsum(counts, out=ends[1:])
    row = np.repeat(np.arange(rows), counts)
    place = np.arange(len(row)) - np.repeat(ends[:-1], counts)
    flat = shape.make(values[place, row], None if known is None else known[place, row])
    return pa.Array.from_buffers(pa.list_(shape.type), rows, [bits(sure), pa.py_buffer(ends)], children=[flat])
