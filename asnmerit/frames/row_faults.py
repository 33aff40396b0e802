"""What is wrong with the rows of a block: the first fault of each, with its fact and its column."""

from __future__ import annotations

from typing import Any

import attrs

from asnmerit.frames.arrow import np
from asnmerit.frames.cells import CODES, Cells

Array = Any


@attrs.define(eq=False)
class RowFaults:
    """The first fault of each row: code, fact and column; 0 stands for none."""

    rows: int
    first: Array | None = None
    told: list[tuple[str, str, str]] = attrs.field(factory=lambda: [("", "", "")])

    def add(self, where: Array | None, code: str, fact: str, column: str) -> None:
        """Note a fault in some rows (truth values, or places), unless they have one."""
        if where is None or not len(where) or (where.dtype == np.bool_ and not where.any()):
            return
        if self.first is None:
            self.first = np.zeros(self.rows, np.int32)
        self.told.append((code, _sayable(fact), _sayable(column)))
        places = np.flatnonzero(where) if where.dtype == np.bool_ else where
        places = places[self.first[places] == 0]
        self.first[places] = len(self.told) - 1

    def cells(self, cells: Cells, fact: str, column: str) -> None:
        """Note what is wrong with cells."""
        if cells.wrong is not None:
            for code in np.unique(cells.wrong[cells.wrong > 0]):
                self.add(cells.wrong == code, CODES[code], fact, column)

    @property
    def wrong(self) -> Array | None:
        """Where a row has a fault."""
        return None if self.first is None else self.first > 0


def _sayable(text: str) -> str:
    """Spell what no Unicode text may hold: the names of faulty fields may come from the data."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
