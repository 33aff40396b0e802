"""Two axes of time: when an entry is in force, and when it became known.

Entries are acts; acts paint in order of enactment. What is enacted later never changes what an earlier
`known` day sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import attrs

from asnmerit.diagnostics import Faults, Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

T = TypeVar("T")
FOREVER = 3_652_060  # the day after 9999-12-31


@attrs.frozen(eq=False)
class Act(Generic[T]):
    """An entry: in force from `start` until (not including) `until`, known from `enacted`. No payload: a repeal.

    `layer` is the place of its document in the chain of parents: a child's act goes before its parent's.
    """

    payload: T | None
    start: int
    until: int
    enacted: int
    position: Position
    layer: int = 0

    def holds(self, on: int, known: int) -> bool:
        """Whether the act says something about the day, as known on the other day."""
        return self.enacted <= known and self.start <= on < self.until

    @property
    def rank(self) -> tuple[int, int, int]:
        """The order in which acts paint."""
        return (self.layer, self.enacted, self.start)


def in_force(acts: Iterable[Act[T]], on: int, known: int) -> Act[T] | None:
    """Give the act that is in force, or None. A repeal in a child uncovers what its parent says.

    >>> low, high = (Act("76", 10, FOREVER, 5, Position("")), Act("80", 20, FOREVER, 15, Position("")))
    >>> in_force([low, high], 25, 30).payload, in_force([low, high], 25, 14).payload
    ('80', '76')
    """
    holding = sorted((a for a in acts if a.holds(on, known)), key=lambda a: a.rank)
    while holding:
        last = holding[-1]
        if last.payload is not None:
            return last
        holding = [a for a in holding if a.layer < last.layer]
    return None


def check(name: str, acts: Sequence[Act[T]], faults: Faults, day: object) -> None:
    """Find acts that contradict each other: the same enactment and start, or a later one that wipes silently."""
    show = day if callable(day) else str
    for i, a in enumerate(acts):
        if a.until <= a.start:
            faults.add("empty-period", a.position, start=show(a.start), until=show(a.until))
        if a.payload is None and not any(b.payload is not None and _repealed(b, a) for b in acts):
            faults.add("repeal-first", a.position, name=name)
        for b in acts[:i]:
            if a.layer != b.layer:
                continue
            if a.enacted == b.enacted and a.start == b.start:
                faults.add(
                    "overlap", a.position, related=[b.position], name=name, enacted=show(a.enacted), start=show(a.start)
                )
            for late, early in ((a, b), (b, a)):
                wipes = late.enacted > early.enacted and late.start < early.start and late.until == FOREVER
                if wipes and late.payload is not None and early.payload is not None:
                    faults.add(
                        "wipes-later-value", late.position, related=[early.position], name=name, start=show(early.start)
                    )


def _repealed(old: Act[T], repeal: Act[T]) -> bool:
    """Whether there is a day on which the repeal paints over the old act."""
    same = old.layer == repeal.layer and (old.enacted, old.start) < (repeal.enacted, repeal.start)
    return same and old.start < repeal.until and repeal.start < old.until


def cuts(acts: Iterable[Act[T]]) -> tuple[set[int], set[int]]:
    """Give the days on which what holds may change, and the days on which what is known may."""
    on: set[int] = set()
    known: set[int] = set()
    for act in acts:
        on |= {act.start, act.until} - {FOREVER}
        known.add(act.enacted)
    return on, known
