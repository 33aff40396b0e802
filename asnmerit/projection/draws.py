"""Chance by counting: a number of 32 bits for each person, from Philox, by seed, run, topic and month alone.

So a person draws the same whoever stands beside him and however many runs there are, on every machine: only the raw
words are used, which NumPy keeps from version to version, and no float decides.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np

Array = Any
"""A NumPy array."""
TOPICS: Final = ("appraisal", "leaving", "newcomer", "renewed")
"""To add one, add it at the end: its place is part of what is drawn."""
PER: Final = 10_000


@attrs.frozen(eq=False)
class Draws:
    """The chance of some people in one month: one number of 32 bits for each of them.

    >>> from asnmerit.frames.arrow import np
    >>> draws = Draws(np.array([0, 1 << 31], np.uint32))
    >>> draws.below(10).tolist(), draws.chance(5000).tolist()
    ([0, 5], [True, False])
    """

    numbers: Array

    def below(self, limit: int | Array) -> Array:
        """Give a whole number from 0 up to below the limit, one limit for all or one for each; below 2**31."""
        wide = self.numbers.astype(np.uint64) * np.asarray(limit).astype(np.uint64)
        return (wide >> np.uint64(32)).astype(np.int64)

    def chance(self, per_ten_thousand: int | Array) -> Array:
        """Say yes to so many of ten thousand."""
        return self.below(PER) < np.asarray(per_ten_thousand)

    def again(self, turn: int) -> Draws:
        """Give other numbers that hang on these: where one person needs several."""
        mixed = (self.numbers.astype(np.uint64) + np.uint64(turn)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        return Draws((mixed >> np.uint64(32)).astype(np.uint32))


def draws(seed: int, topic: str, month: int, run: Array, person: Array) -> Draws:
    """Draw for each of some people, who are named by their run and their number in it."""
    found = np.zeros(len(run), np.uint32)
    for one in np.unique(run):
        mine = run == one
        numbers = person[mine]
        key = np.array([seed, one], np.uint64)
        counter = np.array([0, 0, month, TOPICS.index(topic)], np.uint64)
        words = np.random.Philox(key=key, counter=counter).random_raw(int(numbers.max()) // 2 + 1)
        found[mine] = words.astype("<u8").view("<u4")[numbers]
    return Draws(found)
