"""What made the difference: the conditions by which a rule that granted under one law does not under the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from asnmerit.comparison.cells import SAME
from asnmerit.comparison.reading import over_one
from asnmerit.frames.answers import ERROR, REFUSED
from asnmerit.frames.arrow import np

if TYPE_CHECKING:
    from asnmerit.comparison.pairing import Pair
    from asnmerit.comparison.reading import Answers

Array = Any


class _Found:
    """Truth values by name, over the rows whose answer changed."""

    def __init__(self, rows: int) -> None:
        self.rows = rows
        self.masks: dict[str, Array] = {}

    def add(self, name: str, mask: Array) -> None:
        if mask.any():
            self.masks[name] = self.masks.get(name, False) | mask

    def in_order(self, pair: Pair) -> Mapping[str, Array]:
        """Give them in the order of the laws, whichever occurs first: the order must not depend on the batch."""
        listed = dict.fromkeys(c for part in pair.parts for of in part.tops.values() for c in of)
        place = {name: i for i, name in enumerate(listed)}
        return {n: self.masks[n] for n in sorted(self.masks, key=lambda n: (place.get(n, len(place)), n))}

    @property
    def any(self) -> Array:
        found = np.zeros(self.rows, bool)
        for mask in self.masks.values():
            found |= mask
        return found


def turning(
    pair: Pair,
    sides: tuple[Answers, Answers],
    rules: Mapping[str, tuple[Array, Array]],
    moved: Mapping[str, Array],
    changed: Array,
    settled: Array,
) -> Mapping[str, Array]:
    """Name what made the difference, with the truth of it in each row that changed.

    Of a rule that no longer grants, or newly does, it is each condition that is not met on the side where it does not
    grant; the rule itself where the other law has no such rule; what it grants (`RULE.grants.FIELD`) where it grants on
    both sides and not the same. Where an answer became open or was so: the conditions whose truth is another, and
    those that only one of the laws has, where they are not met or not known.
    """
    at = np.flatnonzero(changed)
    sure = settled[at]
    found = _Found(len(at))
    for rule, (before, after) in rules.items():
        a, b = before[at], after[at]
        _lost(pair, sides[1], rule, a & ~b & sure, at, found)
        _lost(pair, sides[0], rule, b & ~a & sure, at, found)
    _other_grants(pair, sides, rules, moved, at, sure, found)
    statuses = [side.status()[at] for side in sides]
    refused = sure & (statuses[0] == REFUSED) & (statuses[1] == REFUSED)
    for field, how in moved.items():
        # What the refused are given: `otherwise`.
        found.add(f"{pair.name}.otherwise.{field}", refused & (how[at] != SAME))
    readable = (statuses[0] != ERROR) & (statuses[1] != ERROR)
    _other_truths(pair, sides, at, readable & ~found.any, found)
    return found.in_order(pair)


def _lost(pair: Pair, side: Answers, rule: str, rows: Array, at: Array, found: _Found) -> None:
    """Name what is not met where a rule does not grant."""
    if not rows.any():
        return
    part = pair.parts[side.side]
    if rule not in part.rules:
        found.add(rule, rows)
        return
    for condition in part.tops[rule]:
        found.add(condition, rows & side.bit("unmet", condition, at))


def _other_grants(
    pair: Pair,
    sides: tuple[Answers, Answers],
    rules: Mapping[str, tuple[Array, Array]],
    moved: Mapping[str, Array],
    at: Array,
    sure: Array,
    found: _Found,
) -> None:
    """Name the grants that differ, of rules that grant under both laws."""
    for rule, field in pair.grants:
        both = rules[rule][0][at] & rules[rule][1][at] & sure
        if both.any():
            (a, d), (b, e) = (side.grant(rule, field) for side in sides)
            x, y = over_one((a[at], b[at]), (d, e))
            found.add(f"{rule}.grants.{field}", both & (x != y).astype(bool))
    if pair.before.collects or pair.after.collects:
        return
    for field, how in moved.items():
        other = sure & (how[at] != SAME)
        for rule, (before, after) in rules.items():
            found.add(f"{rule}.grants.{field}", before[at] & after[at] & other)


def _other_truths(pair: Pair, sides: tuple[Answers, Answers], at: Array, rows: Array, found: _Found) -> None:
    """Name the conditions of both laws whose truth is another, and those of one law alone that are not met there."""
    if not rows.any():
        return
    tops = [dict.fromkeys(c for of in part.tops.values() for c in of) for part in pair.parts]
    for condition in (c for c in tops[0] if c in tops[1]):
        met = [side.bit("met", condition, at) for side in sides]
        unmet = [side.bit("unmet", condition, at) for side in sides]
        found.add(condition, rows & ((met[0] != met[1]) | (unmet[0] != unmet[1])))
    for side, own, other in zip(sides, tops, tops[::-1], strict=True):
        for condition in (c for c in own if c not in other):
            found.add(condition, rows & ~side.bit("met", condition, at))
