"""The header of a sheet: which row it is, and what its columns are called when it spans several rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import attrs

_A_COUNT: Final = re.compile(r"\(?([0-9]{1,3})\)?")
FEWEST_COUNTS: Final = 3
FEWEST_NAMES: Final = 2


@attrs.frozen
class SheetRow:
    """One row of a sheet: its line in the sheet, and its cells as text."""

    line: int
    cells: list[str]


@attrs.frozen
class Span:
    """A merged cell: first and last line (from 1), first and last column (from 0)."""

    top: int
    bottom: int
    left: int
    right: int


@attrs.frozen
class Heading:
    """The names of the columns, and the last line of the header."""

    names: list[str]
    last: int


def heading_of(
    rows: Sequence[SheetRow],
    spans: Iterable[Span],
    is_number: Callable[[str], bool],
    is_name: Callable[[str], bool] = lambda _: False,
) -> Heading | None:
    """Find the header: the first row with a column for the employee's number, and the rows that belong to it.

    Without such a column (a list by names) it is the first row with at least two cells filled.

    >>> rows = [SheetRow(1, ["DAFTAR", "", ""]), SheetRow(3, ["NIP", "PANGKAT", ""]), SheetRow(4, ["", "GOL", "TMT"])]
    >>> spans = [Span(1, 1, 0, 2), Span(3, 4, 0, 0), Span(3, 3, 1, 2)]
    >>> heading_of(rows, spans, lambda name: name == "NIP")
    Heading(names=['NIP', 'PANGKAT GOL', 'PANGKAT TMT'], last=4)
    """
    merged = list(spans)
    found = next((row for row in rows if any(is_number(cell) for cell in row.cells)), None)
    if found is None:
        found = next((row for row in rows if _names_in(row) >= FEWEST_NAMES), None)
    if found is None:
        return None
    width = max(len(row.cells) for row in rows)
    first, last = _extent(found, merged, width)
    while True:
        touching = [s for s in merged if s.top <= last and s.bottom >= first and not _is_title(s, found)]
        grown = max([last, *(s.bottom for s in touching)])
        if grown == last:
            break
        last = grown
    block = [row for row in rows if first <= row.line <= last]
    found_names = [_parts(column, block, merged) for column in range(width)]
    # Number and name are themselves under every group heading; of other columns the heading may change the meaning.
    alone = [bool(parts) and (is_number(parts[-1]) or is_name(parts[-1])) for parts in found_names]
    return Heading([p[-1] if one else " ".join(p) for p, one in zip(found_names, alone, strict=True)], last)


def _names_in(row: SheetRow) -> int:
    return sum(bool(cell.strip()) for cell in row.cells)


def _extent(found: SheetRow, merged: Sequence[Span], width: int) -> tuple[int, int]:
    """Take in the group headings above, and the names below a group heading."""
    first, last = found.line, found.line
    above = [s for s in merged if s.bottom == first - 1 and s.right > s.left and not _is_title(s, found)]
    if above:
        first = min(s.top for s in above)
    groups = [s for s in merged if s.top == found.line and s.bottom == found.line and s.right > s.left]
    if groups and not all(s.right - s.left + 1 >= width for s in groups):
        last += 1
    return first, last


def _is_title(span: Span, found: SheetRow) -> bool:
    """A cell above the header that is as wide as the header is the title of the sheet."""
    filled = [index for index, cell in enumerate(found.cells) if cell.strip()]
    wide = bool(filled) and span.left <= filled[0] and span.right >= filled[-1]
    return span.bottom < found.line and wide


def _parts(column: int, block: Sequence[SheetRow], merged: Sequence[Span]) -> list[str]:
    """Give the parts of a column's name from top to bottom; a merged cell counts once."""
    parts: list[str] = []
    seen: set[Span] = set()
    for row in block:
        span = next((s for s in merged if s.top <= row.line <= s.bottom and s.left <= column <= s.right), None)
        text = row.cells[column] if column < len(row.cells) else ""
        if span is not None:
            if span in seen:
                continue
            seen.add(span)
            top = next((r for r in block if r.line == span.top), None)
            text = top.cells[span.left] if top and span.left < len(top.cells) else ""
        if text.strip():
            parts.append(" ".join(text.split()))
    return parts


def numbering(row: SheetRow) -> bool:
    """Say whether a row holds the numbers of the columns, 1 2 3, as printed lists have below their header.

    >>> numbering(SheetRow(5, ["1", "2", "3", "4"])), numbering(SheetRow(5, ["1", "BUDI", "III/a"]))
    (True, False)
    """
    found = [_A_COUNT.fullmatch(cell.strip()) for cell in row.cells if cell.strip()]
    counts = [int(match[1]) for match in found if match]
    return len(counts) == len(found) >= FEWEST_COUNTS and counts == list(range(1, len(counts) + 1))
