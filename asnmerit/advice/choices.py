"""Every combination of what can be changed, the cheapest first, as columns."""

from __future__ import annotations

import math
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
        found = {}
        rest = self.order[places]
        for lever, values in zip(reversed(self.levers), reversed(self.values), strict=True):
            rest, index = np.divmod(rest, len(values))
            found[lever.lane] = values[index]
        return found

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
    complete = all(lever.domain.size <= MOST for lever in levers)
    values = [lever.values() for lever in levers] if complete else []
    complete = complete and math.prod(map(len, values)) <= MOST
    if not complete:
        values = [lever.values(_few(lever, landmarks)) for lever in levers]
        while math.prod(map(len, values)) > FEWER:
            longest = max(range(len(values)), key=lambda i: len(values[i]))
            values[longest] = _halved(values[longest])
    costs = np.zeros(1, np.int64)
    changed = np.zeros(1, np.int64)
    for lever, column in zip(levers, values, strict=True):
        costs = np.add.outer(costs, lever.costs(column)).ravel()
        changed = np.add.outer(changed, (column != column[0]).astype(np.int64)).ravel()
    order = np.lexsort((changed, costs))
    return Choices(tuple(levers), tuple(values), order, costs[order], complete)


def _few(lever: Lever, landmarks: Any) -> set[int]:  # noqa: ANN401
    """Give the ends, and the values at the lines that the law draws."""
    known = landmarks.get(lever.lane)
    return {lever.domain.low, lever.domain.high, *(() if known is None else map(int, known))}


def _halved(values: Any) -> Any:  # noqa: ANN401 - arrays
    """Keep what it is, and every second value that it can become; of a single one, none."""
    return np.concatenate([values[:1], values[1::2] if len(values) > 2 else values[:0]])  # noqa: PLR2004 - the first and every other one of three or more
