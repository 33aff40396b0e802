"""A selection as columns beside the frame: status, rank, distance, the key that decided, money; exact types."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from asnmerit.frames.arrow import decimals, flags, np, pa
from asnmerit.frames.typed import MOST_PLACES, coded, fixed
from asnmerit.rules.types import Enum
from asnmerit.selection.cutoff import NONE
from asnmerit.selection.filling import STATUSES

if TYPE_CHECKING:
    from asnmerit.selection.selected import Selection

Array = Any
WIDE: Final = 2**63
DIGITS: Final = 38


def answer_table(selection: Selection) -> Any:  # noqa: ANN401 - a table of PyArrow
    """Give the answers, a row for each row of the frame.

    `first` and `last` bound the rank among the eligible; of the unsettled `first` is the best rank they could come to,
    and `last` is null.
    """
    people, done, cut = selection.people, selection.filled, selection.cut
    eligible, ranked = done.last > 0, done.first > 0
    names = [k.name for k in selection.keys] or [""]
    found: dict[str, Any] = {
        "status": coded(STATUSES, dictionary=True).make(done.status, None),
        "first": fixed(pa.int64(), done.first, ranked),
        "last": fixed(pa.int64(), done.last, eligible),
        "tied": flags(done.tied, None),
        "decided_by": coded(names, dictionary=True).make(np.maximum(cut.key, 0), cut.key != NONE),
        "distance": _distances(selection),
        "secure": flags(done.secure, eligible),
        "could_change": flags(done.could, ranked & ~eligible),
    }
    if selection.limit.money and people.amount is not None:
        found["amount"] = fixed(pa.int64(), people.amount.values, eligible)
        found["paid"] = fixed(pa.int64(), done.paid.astype(np.int64), eligible)
        found["lacking"] = _whole(done.lacking, eligible)
    found |= dict(zip(("error", "error_fact", "error_column"), people.errors, strict=True))
    return pa.table({f"{selection.prefix}{name}": column for name, column in found.items()})


def _whole(values: Array, known: Array) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give whole numbers in 64 bits; what the money was short of may be more than they hold."""
    if values.dtype != object or int(values.max(initial=0)) < WIDE:
        return fixed(pa.int64(), values.astype(np.int64), known)
    return pa.array([int(v) if k else None for v, k in zip(values, known, strict=True)], pa.decimal128(DIGITS, 0))


def _distances(selection: Selection) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give the distances as one exact type: whole, decimal, or where a key counts in thirds, a ratio."""
    cut = selection.cut
    dens = [1 if isinstance(k.about.type, Enum) else k.den for k in selection.keys] or [1]
    known = cut.key != NONE
    places = [next((p for p in range(MOST_PLACES) if 10**p % den == 0), None) for den in dens]
    raw, at = cut.distance, np.maximum(cut.key, 0)
    if any(p is None for p in places):
        return _ratios(raw, np.array(dens, np.int64)[at], known)
    scale = max(p or 0 for p in places)
    times = [10**scale // den for den in dens]
    top = max((abs(int(raw.max(initial=0))), abs(int(raw.min(initial=0))))) * max(times)
    kind = pa.int64() if scale == 0 and top < WIDE else pa.decimal128(DIGITS, scale)
    if top < WIDE:
        scaled = raw.astype(np.int64) * np.array(times, np.int64)[at]
        return fixed(kind, scaled, known) if kind == pa.int64() else decimals(scaled, 1, kind, known)
    wide = [int(r) * times[int(k)] for r, k in zip(raw, at, strict=True)]
    octets = b"".join(n.to_bytes(16, "little", signed=True) for n in wide)
    bits = flags(known, None).buffers()[1]
    return pa.Array.from_buffers(kind, len(wide), [bits, pa.py_buffer(octets)])


def _ratios(raw: Array, dens: Array, known: Array) -> Any:  # noqa: ANN401 - an array of PyArrow
    kind = pa.struct([("numerator", pa.int64()), ("denominator", pa.int64())])
    if raw.dtype == object:
        exact = [Fraction(int(r), int(d)) for r, d in zip(raw, dens, strict=True)]
        wide = pa.struct([("numerator", pa.decimal128(DIGITS, 0)), ("denominator", pa.int64())])
        rows = [
            {"numerator": f.numerator, "denominator": f.denominator} if k else None
            for f, k in zip(exact, known, strict=True)
        ]
        return pa.array(rows, wide)
    shared = np.gcd(raw, dens) if len(raw) else np.ones(0, np.int64)
    parts = [fixed(pa.int64(), part, None) for part in (raw // shared, dens // shared)]
    bits = flags(known, None).buffers()[1]
    return pa.Array.from_buffers(kind, len(raw), [bits], children=parts)
