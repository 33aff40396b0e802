"""Columns of a CSV that carry no fact, as they are written: what people are grouped by."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from asnmerit.cli.opening import STANDARD_INPUT


def cells_by_line(path: str, names: Iterable[str], delimiter: str) -> Mapping[str, Mapping[int, str | None]]:
    """Give the cells of some columns by the line that their row begins on; an empty one is None.

    Columns that the header does not have are left out; nothing is found on standard input, which is read once.
    """
    if path == STANDARD_INPUT:
        return {}
    wanted = list(names)
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        rows = _rows(csv.reader(stream, delimiter=delimiter))
        header = next(rows, (0, []))[1]
        at = {name: [cell.strip() for cell in header].index(name) for name in wanted if name in map(str.strip, header)}
        found: dict[str, dict[int, str | None]] = {name: {} for name in at}
        for line, cells in rows:
            for name, place in at.items():
                found[name][line] = cells[place].strip() or None if place < len(cells) else None
    return found


def _rows(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Give each row that is not empty, with the line it begins on."""
    while True:
        line = reader.line_num + 1  # type: ignore[attr-defined]
        try:
            cells = next(reader, None)
        except csv.Error:
            continue
        if cells is None:
            return
        if cells:
            yield line, cells
