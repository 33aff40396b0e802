"""Placing people by keys when some keys are not known: every place that is certain, and bounds of those that are not.

A key that decides settles a pair, whatever stands in the keys after it. Where the first key that could tell two people
apart is not known of one of them, their order is open, and both places have a range. Nobody is put last for want of a
fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

Key = tuple[int | None, ...]
"""The keys of one person, first to last: the smallest comes first, None is not known."""

Groups = tuple[tuple[int, ...], ...]
EQUAL: Final = -1


class Placed(NamedTuple):
    """Where one person stands: the first and last place possible, both the same where the place is certain.

    `who` is the person's number in the input; `open_at` the key that keeps the place open because it is not known of
    this person; `waits_for` the groups of people whose unknown keys keep it open, this person perhaps among them;
    `alike` how many have this place by the same keys.
    """

    who: int
    first: int
    last: int
    open_at: int | None
    waits_for: Groups
    alike: int


class _Span(NamedTuple):
    """A run of the sorted people who are alike in all keys before `depth`, and what is known of those before it."""

    start: int
    stop: int
    depth: int
    before: int
    maybe_before: int
    waits_for: Groups


def compared(one: Key, other: Key) -> tuple[int, bool | None]:
    """Give the key that tells two people apart, and whether the first comes before: None where that is not known.

    >>> compared((1, None), (2, 5)), compared((1, None), (1, 5)), compared((1, 5), (1, 5))
    ((0, True), (1, None), (-1, False))
    """
    for at, (mine, yours) in enumerate(zip(one, other, strict=True)):
        if mine is None or yours is None:
            return at, None
        if mine != yours:
            return at, mine < yours
    return EQUAL, False


def placed(keys: Sequence[Key], text: Callable[[int], str]) -> list[Placed]:
    """Place people, in the order in which a list shows them.

    `text` gives a text of a person by number; it orders people whom no key tells apart within the list (their place is
    the same), so that the order in which they came in does not matter. Those of whom a key is not known stand at the
    head of the group in which they may be.

    >>> [(p.who, p.first, p.last) for p in placed([(2, 1), (1, None), (1, 7), (2, 1)], str)]
    [(1, 1, 2), (2, 1, 2), (0, 3, 3), (3, 3, 3)]
    """
    order = _listed(keys, text)
    spans = [_Span(0, len(order), 0, 0, 0, ())] if order else []
    found: dict[int, Placed] = {}
    while spans:
        span = spans.pop()
        size = span.stop - span.start
        if size == 1 or span.depth == len(keys[order[span.start]]):
            for index in order[span.start : span.stop]:
                where = span.before + 1, span.maybe_before + 1
                found[index] = Placed(index, *where, None, span.waits_for, size)
            continue
        unknown = _unknown(keys, order, span)
        for index in unknown:
            last = span.maybe_before + size
            found[index] = Placed(index, span.before + 1, last, span.depth, (*span.waits_for, unknown), 1)
        spans += _parts(keys, order, span, unknown)
    return [found[index] for index in order]


def _listed(keys: Sequence[Key], text: Callable[[int], str]) -> list[int]:
    """Sort: by the keys, the unknown first; whom they do not tell apart by their texts."""

    def known(index: int) -> list[tuple[bool, int]]:
        return [(k is not None, 0 if k is None else k) for k in keys[index]]

    order: list[int] = []
    for _, alike in groupby(sorted(range(len(keys)), key=known), key=lambda i: keys[i]):
        together = list(alike)
        order += sorted(together, key=text) if len(together) > 1 else together
    return order


def _unknown(keys: Sequence[Key], order: Sequence[int], span: _Span) -> tuple[int, ...]:
    """Give those of a span whose next key is not known: they stand at its head."""
    stop = span.start
    while stop < span.stop and keys[order[stop]][span.depth] is None:
        stop += 1
    return tuple(order[span.start : stop])


def _parts(keys: Sequence[Key], order: Sequence[int], span: _Span, unknown: tuple[int, ...]) -> Iterator[_Span]:
    """Split the rest of a span by the next key."""
    start = span.start + len(unknown)
    waits_for = (*span.waits_for, unknown) if unknown else span.waits_for
    while start < span.stop:
        value, stop = keys[order[start]][span.depth], start + 1
        while stop < span.stop and keys[order[stop]][span.depth] == value:
            stop += 1
        known_before = start - span.start - len(unknown)
        before, maybe = span.before + known_before, span.maybe_before + known_before + len(unknown)
        yield _Span(start, stop, span.depth + 1, before, maybe, waits_for)
        start = stop
