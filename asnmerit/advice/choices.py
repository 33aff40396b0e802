"""Every combination of what can be changed, the cheapest first, as columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

try:
    import numpy as np
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "a road map tries thousands of changes and days at once, which needs NumPy: pip install 'asnmerit[audit]'"
    raise ModuleNotFoundError(message, name=error.name) from error

if TYPE_CHECKING:
    from asnmerit.advice.levers import Lever

MOST: Final = 3_000_000
"""So many combinations are tried one by one; where there are more, only those at the lines that the law draws."""
FEWER: Final = 200_000


@attrs.frozen
class Choices:
    """Combinations in order of cost, then of how many facts change, then as the levers stand in the policy."""

    levers: tuple[Lever, ...]
    values: tuple[Any, ...]
    order: Any
    costs: Any
    complete: bool

    def __len__(self) -> int:
        """Count the combinations."""
        return len(self.order)

    def columns(self, places: Any) -> dict[Any, Any]:  # noqa: ANN401 - arrays
        """Give the columns of some places in the order."""
        shape = tuple(len(v) for v in self.values)
        index = np.unravel_index(self.order[places], shape) if shape else ()
        return {lever.lane: v[i] for lever, v, i in zip(self.levers, self.values, index, strict=True)}

    def at(self, place: int) -> dict[Any, int]:
        """Give one combination, by lane."""
        return {lane: int(column[0]) for lane, column in self.columns(np.asarray([place])).items()}

    def cheaper(self, cost: int | None) -> int:
        """Count those that cost less; all where no cost is given."""
        return len(self.costs) if cost is None else int(np.searchsorted(self.costs, cost))

    def parts(self, count: int, size: int) -> Iterator[Any]:
        """Give the places of the first so many, in parts."""
        for start in range(0, count, size):
            yield np.arange(start, min(start + size, count))


def choices(levers: Sequence[Lever], landmarks: Any) -> Choices:  # noqa: ANN401 - a mapping from lanes to arrays
    """Lay out all combinations; only landmarks of the law where there would be too many."""
    values = [lever.values() for lever in levers]
    size = 1
    for column in values:
        size *= len(column)
    complete = size <= MOST
    if not complete:
        values = [_few(lever, column, landmarks) for lever, column in zip(levers, values, strict=True)]
        while np.prod([float(len(v)) for v in values]) > FEWER:
            longest = max(range(len(values)), key=lambda i: len(values[i]))
            values[longest] = np.concatenate([values[longest][:1], values[longest][1::2]])
    costs = np.zeros(1, np.int64)
    changed = np.zeros(1, np.int64)
    for lever, column in zip(levers, values, strict=True):
        costs = np.add.outer(costs, lever.costs(column)).ravel()
        changed = np.add.outer(changed, (column != column[0]).astype(np.int64)).ravel()
    order = np.lexsort((changed, costs))
    return Choices(tuple(levers), tuple(values), order, costs[order], complete)


def _few(lever: Lever, column: Any, landmarks: Any) -> Any:  # noqa: ANN401
    """Keep what it is, the ends, and the values at the lines that the law draws."""
    known = landmarks.get(lever.lane)
    wanted = {int(column[0]), int(column[1:].min(initial=column[0])), int(column.max())}
    if known is not None:
        wanted |= {int(v) for v in known}
    kept = column[np.isin(column, np.asarray(sorted(wanted)))]
    first = column[:1]
    return np.concatenate([first, kept[kept != first[0]]])
