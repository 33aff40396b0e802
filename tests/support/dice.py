"""Chance, from Hypothesis (shrinks) or from a seed (the same policies in every process)."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


class Dice(Protocol):
    """What the generators draw from."""

    def whole(self, low: int, high: int) -> int:
        """Draw an integer, both ends included."""

    def pick(self, items: Sequence[T]) -> T:
        """Draw an item."""

    def chance(self, percent: int) -> bool:
        """Draw yes in so many of a hundred cases."""


class Seeded:
    """Dice from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def pick(self, items: Sequence[T]) -> T:
        return items[self.random.randrange(len(items))]

    def chance(self, percent: int) -> bool:
        return self.random.randrange(100) >= 100 - percent


class Drawn:
    """Dice from a Hypothesis draw: earlier items and `no` are what a failing case shrinks to."""

    def __init__(self, draw: Callable[..., Any]) -> None:
        self.draw = draw

    def whole(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def pick(self, items: Sequence[T]) -> T:
        return items[self.whole(0, len(items) - 1)]

    def chance(self, percent: int) -> bool:
        return self.whole(0, 99) >= 100 - percent
