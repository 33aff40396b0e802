"""Counts and amounts as tables: exact numbers in int64, in decimals where they are wider, in text where not whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from asnmerit.frames.arrow import pa

if TYPE_CHECKING:
    from asnmerit.comparison.cells import Counts

Table = Any
COUNTED: Final = ("people", "winners", "losers", "otherwise", "unchanged", "undetermined", "conflict", "error")
PAID: Final = ("before", "after", "gained", "lost", "only_before", "only_after")
WIDE: Final = 2**63
WIDEST: Final = 38


def exact_column(values: Sequence[Any]) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give exact numbers as a column."""
    if not all(isinstance(v, int) for v in values):
        return pa.array([str(v) for v in values], pa.string())
    if all(-WIDE <= v < WIDE for v in values):
        return pa.array(values, pa.int64())
    digits = max(len(str(abs(v))) for v in values)
    of = pa.decimal128(WIDEST, 0) if digits <= WIDEST else pa.decimal256(76, 0)
    return pa.array([int(v) for v in values], of)


def groups_table(by: Sequence[str], groups: Mapping[Any, Counts], whole: Counts, amounts: Sequence[str]) -> Table:
    """Give a row a group, or one of everyone where nothing was grouped by."""
    counts = list(groups.values()) if by else [whole]
    keys = [key if len(by) > 1 else (key,) for key in groups]
    columns: dict[str, Any] = {name: mixed_column([key[i] for key in keys]) for i, name in enumerate(by)}
    taken = set(columns)

    def put(name: str, column: Any) -> None:  # noqa: ANN401 - an array of PyArrow
        columns[f"count.{name}" if name in taken else name] = column

    for name in COUNTED:
        put(name, pa.array([getattr(c, name) for c in counts], pa.int64()))
    for field in amounts:
        for part in PAID:
            put(f"{field}_{part}", exact_column([getattr(c.amounts[field], part) for c in counts]))
    return pa.table(columns)


def rows_table(rows: Iterable[Mapping[str, Any]], names: Sequence[str]) -> Table:
    """Give a table of rows of texts and whole numbers; `names` are its columns where there are no rows."""
    found = list(rows)
    columns = list(found[0]) if found else list(names)
    made = {}
    for name in columns:
        values = [row[name] for row in found]
        texts = all(isinstance(v, str) for v in values)
        made[name] = pa.array(values, pa.string()) if texts else exact_column(values)
    return pa.table(made)


def mixed_column(values: Sequence[Any]) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give values as a column; where they are of several types, as texts."""
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError, OverflowError):
        return pa.array([None if v is None else str(v) for v in values])
