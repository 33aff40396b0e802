"""Which groups are hidden: those too small, and as many others as it takes that no difference reveals them.

Every number that is shown of a group is a sum over its people, so what can be worked out from the tables is what is a
combination of the groups shown. A hidden group, or the hidden groups of one line of a table together, must be no such
combination while they are too small.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np

Array = Any
MOST_CELLS: Final = 2_000
CLOSE: Final = 1e-7
SMALL, SECONDARY = "small", "secondary"


@attrs.frozen
class Cell:
    """A group of a table: the table, its place along each axis of it, its people, the finest groups it is made of."""

    table: tuple[str, ...]
    place: tuple[object, ...]
    people: int
    members: tuple[int, ...]


def hidden(cells: Sequence[Cell], smallest: int) -> dict[int, str]:
    """Give the numbers of the cells to hide, each with why: too small itself, or hidden so that another stays so.

    Raises `ArgumentError` where the groups are too many to be sure.

    >>> rows = [Cell(("sex",), ("p",), 40, (0,)), Cell(("sex",), ("w",), 12, (1,)), Cell(("sex",), (None,), 3, (2,))]
    >>> hidden([*rows, Cell((), (), 55, (0, 1, 2))], 10)
    {2: 'small', 1: 'secondary'}
    """
    found = {i: SMALL for i, cell in enumerate(cells) if cell.people < smallest}
    if not found:
        return found
    matrix = _matrix(cells)
    lines, members = _lines(cells), [frozenset(cell.members) for cell in cells]
    while True:
        basis = _basis(matrix[[i for i in range(len(cells)) if i not in found]])
        added: set[int] = set()
        touched: set[int] = set()
        for i, line, vector in _at_risk(cells, found, matrix, lines, smallest):
            near = {j for one in line or lines[i] for j in one}
            # One a line at a time: what protects one hidden group often protects the next.
            if not near & touched and _is_combination(vector, basis):
                chosen = _next(cells, found, line or lines[i], members[i], lines)
                added |= {chosen} - {-1}
                touched |= near
        if not added:
            return found
        found |= dict.fromkeys(sorted(added), SECONDARY)


def _matrix(cells: Sequence[Cell]) -> Array:
    """Give a row a cell over the finest groups, turned so that there are no more columns than rows.

    Which rows are combinations of which is not changed by that.
    """
    finest = 1 + max((m for cell in cells for m in cell.members), default=0)
    if finest > MOST_CELLS:
        raise ArgumentError(
            "by", f"{finest} groups when all columns are crossed", f"at most {MOST_CELLS}: fewer columns"
        )
    matrix = np.zeros((len(cells), finest))
    for i, cell in enumerate(cells):
        matrix[i, list(cell.members)] = 1
    turned: Array = np.linalg.qr(matrix.T, mode="r")
    return turned.T


Lines = list[list[int]]


def _at_risk(
    cells: Sequence[Cell], found: dict[int, str], matrix: Array, lines: Sequence[Lines], smallest: int
) -> Iterator[tuple[int, Lines, Array]]:
    """Give what must not be worked out: each hidden cell that is small, and small hidden parts of lines."""
    for i, why in found.items():
        if why == SMALL:
            yield i, [], matrix[i]
            for line in lines[i]:
                covered = [j for j in line if j in found]
                if len(covered) > 1 and sum(cells[j].people for j in covered) < smallest:
                    yield i, [line], matrix[covered].sum(axis=0)


def _lines(cells: Sequence[Cell]) -> list[Lines]:
    """Give the lines of its table that each cell stands in: along each axis the cells alike in all the others."""
    found: dict[object, list[int]] = {}
    keys = []
    for i, cell in enumerate(cells):
        mine = [(cell.table, axis, cell.place[:axis], cell.place[axis + 1 :]) for axis in range(len(cell.place))]
        keys.append(mine)
        for key in mine:
            found.setdefault(key, []).append(i)
    return [[found[key] for key in mine] for mine in keys]


def _basis(rows: Array) -> Array:
    """Give orthonormal rows that span the same."""
    if not len(rows):
        return rows
    _, sizes, right = np.linalg.svd(rows, full_matrices=False)
    return right[sizes > CLOSE * max(float(sizes.max()), 1.0)]


def _is_combination(vector: Array, basis: Array) -> bool:
    rest = vector - basis.T @ (basis @ vector) if len(basis) else vector
    return bool(np.abs(rest).max(initial=0) < CLOSE)


def _next(
    cells: Sequence[Cell],
    found: dict[int, str],
    first: Lines,
    mine: frozenset[int],
    lines: Sequence[Lines],
) -> int:
    """Choose what to hide beside: it stands in lines in which a hidden cell is alone, the smallest of it.

    First those of the cell itself; then those of the others that are hidden in its table; then whatever shares people.
    """
    table = {j for line in first for i in line for other in lines[i] for j in other}
    beside = [line for i in sorted(table & found.keys()) for line in lines[i]]
    for some in (_alone(first, found), _alone(beside, found), first):
        near = {j for line in some for j in line if j not in found}
        if near:
            return min(near, key=lambda j: (-sum(j in line for line in some), cells[j].people, str(cells[j].place)))
    shown = [j for j in range(len(cells)) if j not in found and not mine.isdisjoint(cells[j].members)]
    return min(shown, key=lambda j: (cells[j].people, cells[j].table, str(cells[j].place)), default=-1)


def _alone(lines: Lines, found: dict[int, str]) -> Lines:
    """Give the lines in which one cell is hidden and another is not, each once."""
    different = {tuple(line) for line in lines if sum(j in found for j in line) == 1 and len(line) > 1}
    return [list(line) for line in sorted(different)]
