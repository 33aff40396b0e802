"""Chance by counting: whole numbers from Philox, the same on every machine, and wheels that turn them into choices.

Each block of `BLOCK` people has streams of its own, one a topic: the key of Philox is (seed, block), the topic stands
in its counter. So a person is the same in every size and every batch, and a new topic moves no other. Only the raw
words are used, which NumPy keeps from version to version; its distributions are not kept, and floats decide nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from asnmerit.frames.arrow import np

Array = Any
"""A NumPy array."""

BLOCK: Final = 8192
WHEEL: Final = 1 << 16
PER: Final = 10_000
ALL_64: Final = (1 << 64) - 1
TOPICS: Final = (
    "quota", "person", "school", "study", "career", "post", "place", "agency", "rating", "sanction", "score", "credit",
    "exam", "training", "name", "seniority",
)  # fmt: skip
"""To add one, add it at the end: its place is part of what is drawn."""


class Stream:
    """The chance of one topic in one block, column after column, each of `BLOCK` values.

    >>> Stream(7, 0, "person").below(6)[:5].tolist() == Stream(7, 0, "person").below(6)[:5].tolist()
    True
    """

    def __init__(self, seed: int, block: int, topic: str) -> None:
        """Begin the stream; nothing is drawn yet."""
        key = np.array([seed, block], np.uint64)
        counter = np.array([0, 0, 0, TOPICS.index(topic)], np.uint64)
        self.philox = np.random.Philox(key=key, counter=counter)

    def shorts(self) -> Array:
        """Draw a number of 16 bits for each person."""
        return self._raw(BLOCK // 4).view("<u2")

    def longs(self) -> Array:
        """Draw a number of 32 bits for each person."""
        return self._raw(BLOCK // 2).view("<u4")

    def short_rows(self, width: int) -> Array:
        """Draw `width` numbers of 16 bits for each person, as rows."""
        return self._raw(BLOCK * width // 4).view("<u2").reshape(BLOCK, width)

    def _raw(self, words: int) -> Array:
        return self.philox.random_raw(words).astype("<u8", copy=False)

    def below(self, limit: int | Array) -> Array:
        """Draw a whole number from 0 up to below the limit, one limit for all or one for each; below 2**31."""
        return ((self.longs().astype(np.uint64) * np.asarray(limit).astype(np.uint64)) >> np.uint64(32)).astype(
            np.int32
        )

    def chance(self, per_ten_thousand: int) -> Array:
        """Say yes to so many of ten thousand."""
        return self.shorts() < (per_ten_thousand * WHEEL + PER // 2) // PER

    def pick(self, turned: Array) -> Array:
        """Choose by one wheel."""
        return turned[self.shorts()]

    def pick_by(self, turned: Array, which: Array) -> Array:
        """Choose for each person by the wheel whose number he has."""
        return turned.reshape(-1)[(which.astype(np.int32) << 16) | self.shorts()]


def wheel(weights: Sequence[int]) -> Array:
    """Lay weights out on 65,536 places, what is left over to the largest remainders: the numbers of the choices.

    >>> [int((wheel([1, 1, 2]) == i).sum()) for i in range(3)]
    [16384, 16384, 32768]
    """
    total = sum(weights)
    places = [w * WHEEL // total for w in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(weights[i] * WHEEL % total), i))
    for i in order[: WHEEL - sum(places)]:
        places[i] += 1
    return np.repeat(np.arange(len(weights), dtype=np.uint8), places)


def wheels(rows: Sequence[Sequence[int]]) -> Array:
    """Make a wheel for each row of weights."""
    return np.stack([wheel(row) for row in rows])


def mixed(values: Array, key: int) -> Array:
    """Stir whole numbers: 32 bits that look like chance, the same for the same number and key."""
    x = (values.astype(np.uint64) + np.uint64(key & ALL_64)) * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return (x >> np.uint64(32)).astype(np.int64)


def permuted(values: Array, size: int, key: int) -> Array:
    """Put the numbers 0 to size - 1 into another order, one that the key names; each number is computed by itself.

    A Feistel network over the next power of two; what falls outside goes through it again until it is inside.

    >>> sorted(permuted(np.arange(10), 10, 3).tolist()) == list(range(10))
    True
    """
    low = max((size - 1).bit_length() // 2, 1)
    high = max((size - 1).bit_length() - low, 1)
    found = values.astype(np.int64)
    outside = np.arange(len(found))
    while len(outside):
        left, right = found[outside] >> low, found[outside] & ((1 << low) - 1)
        for turn in range(3):
            left ^= mixed(right, 2 * turn + 8 * key) & ((1 << high) - 1)
            right ^= mixed(left, 2 * turn + 1 + 8 * key) & ((1 << low) - 1)
        found[outside] = left << low | right
        outside = outside[found[outside] >= size]
    return found
