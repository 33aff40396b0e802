"""How lanes are laid out in memory: values, and where they are known; a list by its rows, then by the frame's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from asnmerit.frames.arrow import np
from asnmerit.frames.kernel import dtype_of
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.frames.cells import Cells
    from asnmerit.rules.kernel import Int

Array = Any


def chosen(
    mine: Array, one: tuple[Array, Array | None], other: tuple[Array, Array | None]
) -> tuple[Array, Array | None]:
    """Give one lane where `mine` says so, else the other."""
    (a, ka), (b, kb) = one, other
    if a.ndim > 1 and len(a) != len(b):
        (a, ka), (b, kb) = (_deep(x, k, max(len(a), len(b))) for x, k in ((a, ka), (b, kb)))
    values = np.where(mine, a, b)
    if ka is None and kb is None:
        return values, None
    known = np.where(mine, True if ka is None else ka, True if kb is None else kb)
    return values, None if known.all() else known


def _deep(values: Array, known: Array | None, rows: int) -> tuple[Array, Array | None]:
    extra = ((0, rows - len(values)), (0, 0))
    return np.pad(values, extra, mode="edge"), None if known is None else np.pad(known, extra, constant_values=True)


def scattered(
    t: Int, cells: Cells, row: Array, place: Array, inside: Array, shape: tuple[int, int]
) -> tuple[Array, Array | None]:
    """Lay the cells of all rows of all lists out: by their place in the list, and by the row of the frame."""
    table = np.full(shape, t.lo, dtype_of(t))
    if not inside.all():
        row, place = row[inside], place[inside]
    values = cells.values[inside]
    known = None if cells.known is None else cells.known[inside]
    table[place, row] = values
    if known is None or known.all():
        return table, None
    mask = np.ones(shape, np.bool_)
    mask[place, row] = known
    return table, mask


def slot_types(of: Any) -> dict[Any, Int]:  # noqa: ANN401 - a type of the language
    """Give the kernel type of each lane of a fact, lengths of lists left out."""
    match of:
        case Yearly(inner, back):
            return dict.fromkeys(range(back), int_type(inner))
        case PerMember(inner, enum):
            return dict.fromkeys(enum.members, int_type(inner))
        case ListOf(fields):
            return {f".{f}": int_type(kind) for f, kind in fields.items()}
        case _:
            return {None: int_type(of)}


def stacked(read: Sequence[Any], t: Int) -> tuple[Array, Array | None]:
    """Lay integers out in a lane."""
    known = np.array([v is not None for v in read], np.bool_)
    return np.array([t.lo if v is None else int(v) for v in read], dtype_of(t)), None if known.all() else known


def laid(read: Sequence[Any], t: Int) -> tuple[Array, Array | None]:
    """Lay the integers of a field of a list out, in a lane for each of its rows."""
    most = max((len(v) for v in read if v), default=1)
    table, mask = np.full((most, len(read)), t.lo, dtype_of(t)), np.ones((most, len(read)), np.bool_)
    for i, column in enumerate(read):
        for j, one in enumerate(column or ()):
            table[j, i], mask[j, i] = (t.lo if one is None else int(one)), one is not None
    return table, None if mask.all() else mask
