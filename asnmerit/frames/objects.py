"""Columns of Python objects: each cell is read as it would be alone, whatever stands in the other rows.

Arrow makes one type of a whole column, and bends what does not fit. So only columns whose values are all of one plain
class become Arrow columns; in place of the others stand the places of their values, which are read one by one.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from asnmerit.frames.arrow import np, pa

DEEPEST: Final = 4
"""No fact nests deeper; what lies below is left as it stands."""
_PLAIN: Final = frozenset({str, bool, int, float, datetime.date, Decimal})
_EXACT: Final = tuple(
    map(np.dtype, ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "float64", "bool"))
)
UNFIT: Final = (pa.ArrowException, TypeError, ValueError, OverflowError)
"""What Arrow raises for values of which it makes no column; texts that are no Unicode are a `ValueError`."""


def places_of(values: Sequence[object], nothing: Callable[[object], bool]) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give the places of values, null where there is none: what stands in a batch for Python objects."""
    return pa.array([None if nothing(v) else i for i, v in enumerate(values)], pa.int64())


def is_nothing(value: object) -> bool:
    """Whether a Python value is pandas' way of saying that there is none."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    if isinstance(value, float | np.datetime64):
        return bool(value != value)  # noqa: PLR0124 - only NaN and NaT differ from themselves
    return False


def cell(value: object, depth: int = 0) -> object:
    """Give a cell of pandas as a record would hold it: arrays as lists, None for what pandas says is missing."""
    if is_nothing(value):
        return None
    if depth > DEEPEST:
        return value
    if isinstance(value, np.ndarray) and value.ndim:
        exact = value.ndim == 1 and value.dtype in _EXACT
        return [cell(v if exact else _moment(v), depth + 1) for v in (value.tolist() if exact else value)]
    if type(value) is list or type(value) is tuple:
        return [cell(v, depth + 1) for v in value]
    if type(value) is dict:
        return {k: cell(v, depth + 1) for k, v in value.items()}
    return value


def _moment(value: object) -> object:
    """Give a moment of NumPy as Python's, where Python's is fine enough."""
    if isinstance(value, np.datetime64) and not is_nothing(value):
        fine = value.astype("datetime64[us]")
        return fine.item() if fine == value else value
    return value


def _numbers_only(cells: Sequence[Any]) -> bool:
    """Whether lists hold integers and nothing else, or floats and nothing else."""
    return {type(v) for one in cells if one for v in one if v is not None} in ({int}, {float})


def column_of(values: Sequence[object]) -> tuple[Any, Sequence[object] | None]:
    """Turn the cells of a column of objects into an Arrow column; else into their places, and the values themselves."""
    cells = [cell(v) for v in values]
    kinds = {type(v) for v in cells if v is not None}
    if not kinds:
        return pa.nulls(len(cells)), None
    exact = kinds != {Decimal} or all(v is None or v.is_finite() for v in cells)  # type: ignore[attr-defined]
    if (len(kinds) == 1 and kinds <= _PLAIN and exact) or (kinds == {list} and _numbers_only(cells)):
        try:
            return pa.array(cells), None
        except UNFIT:
            pass
    return places_of(cells, lambda v: v is None), cells
