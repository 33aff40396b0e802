"""What is counted: people who fared alike under two laws, and the sums of what they were given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.frames.answers import CONFLICT, ERROR, GRANTED, REFUSED, STATUSES, UNDETERMINED

CHANGES: Final = ("winner", "loser", "otherwise", "unchanged", "undetermined", "conflict", "error")
"""How a person fares. `otherwise`: the answer differs, and which is better for the person is not said."""
SAME, MORE, LESS, OTHER = range(4)
_UNSETTLED: Final = (("error", ERROR), ("undetermined", UNDETERMINED), ("conflict", CONFLICT))


@attrs.frozen
class Cell:
    """How some people fared: status, fields and things under either law, and the conditions that made a difference.

    `moved` says of each field whether it is the same, more, less, or other; `codes` what it is, as places of members
    from 1; `things` what was granted beside money.
    """

    group: tuple[tuple[type, Any], ...]
    status: tuple[int, int]
    moved: tuple[int, ...]
    codes: tuple[tuple[int, int], ...]
    things: tuple[tuple[str, ...], tuple[str, ...]]
    conditions: tuple[str, ...]

    @property
    def statuses(self) -> tuple[str, str]:
        """The statuses by name."""
        return STATUSES[self.status[0]], STATUSES[self.status[1]]

    @property
    def settled(self) -> bool:
        """Whether the decision is settled under both laws."""
        return max(self.status) <= REFUSED

    @property
    def differs(self) -> bool:
        """Whether the answer is another one."""
        return self.status[0] != self.status[1] or any(self.moved) or self.things[0] != self.things[1]


def change_of(cell: Cell, way: int, ways: tuple[int, ...]) -> str:
    """Say how people fared: `way` is that of being granted, `ways` those of the fields."""
    for name, code in _UNSETTLED:
        if code in cell.status:
            return name
    if not cell.differs:
        return "unchanged"
    if cell.status[0] != cell.status[1]:
        sign = way if cell.status[1] == GRANTED else -way
    else:
        moved = _of_fields(cell, ways)
        sign = _of_things(cell, way) if moved is None else moved
    return {1: "winner", -1: "loser"}.get(sign, "otherwise")


def _of_fields(cell: Cell, ways: tuple[int, ...]) -> int | None:
    """Give the one way in which the fields that have one moved; 0 where they disagree, None where none moved."""
    signs = {way * (1 if m == MORE else -1) for m, way in zip(cell.moved, ways, strict=True) if m in {MORE, LESS}} - {0}
    if signs:
        return signs.pop() if len(signs) == 1 else 0
    return 0 if any(cell.moved) else None


def _of_things(cell: Cell, way: int) -> int:
    before, after = map(set, cell.things)
    if before < after:
        return way
    return -way if after < before else 0


@attrs.define
class Heap:
    """How many people, and the sums of each amount under either law, as whole numbers over its denominators."""

    people: int = 0
    before: list[int] = attrs.field(factory=list)
    after: list[int] = attrs.field(factory=list)

    def add(self, people: int, before: Iterable[int], after: Iterable[int]) -> None:
        """Add to the heap."""
        self.people += people
        self.before = _plus(self.before, before)
        self.after = _plus(self.after, after)


def _plus(found: list[int], more: Iterable[int]) -> list[int]:
    more = list(more)
    return [a + b for a, b in zip(found or [0] * len(more), more, strict=True)]


Money = int | Fraction


def money(value: Fraction) -> Money:
    """Give an exact amount: a Python int where it is whole."""
    return value.numerator if value.denominator == 1 else value


@attrs.frozen
class Amounts:
    """One amount, exact: what is paid in all under either law to those settled under both, gained and lost.

    `gained` is what the people who fare better in it gain, `lost` what the others lose: less of a burden is a gain.
    `only_before` is what the first law gives to those whom only the first settles, `only_after` the other way round.
    """

    before: Money = 0
    after: Money = 0
    gained: Money = 0
    lost: Money = 0
    only_before: Money = 0
    only_after: Money = 0

    @property
    def change(self) -> Money:
        """What the second law costs more than the first, of those settled under both."""
        return self.after - self.before

    def to_dict(self) -> dict[str, Any]:
        """Give the amounts as plain data."""
        return {**{f.name: _plain(getattr(self, f.name)) for f in attrs.fields(Amounts)}, "change": _plain(self.change)}


def _plain(value: Money) -> int | str:
    return value if isinstance(value, int) else str(value)


@attrs.frozen
class Counts:
    """How many people fared how, and the amounts by field."""

    people: int
    winners: int
    losers: int
    otherwise: int
    unchanged: int
    undetermined: int
    conflict: int
    error: int
    amounts: Mapping[str, Amounts]

    @property
    def changed(self) -> int:
        """Those settled under both laws whose answer is another one."""
        return self.winners + self.losers + self.otherwise

    def to_dict(self) -> dict[str, Any]:
        """Give the counts as plain data."""
        said = {f.name: getattr(self, f.name) for f in attrs.fields(Counts) if f.name != "amounts"}
        return {**said, "changed": self.changed, "amounts": {n: a.to_dict() for n, a in self.amounts.items()}}


def counted(cells: Iterable[tuple[Cell, str, Heap]], fields: Mapping[str, tuple[int, int, tuple[int, int]]]) -> Counts:
    """Add cells up. `fields` gives each amount's place among the fields of a cell, its way and its denominators."""
    people = dict.fromkeys(CHANGES, 0)
    found = {name: [Fraction(0)] * 6 for name in fields}
    for cell, change, heap in cells:
        people[change] += heap.people
        for i, (name, (at, way, dens)) in enumerate(fields.items()):
            pair = (Fraction(heap.before[i], dens[0]), Fraction(heap.after[i], dens[1]))
            _tally(found[name], cell, cell.moved[at], way, pair)
    amounts = {name: Amounts(*map(money, six)) for name, six in found.items()}
    won, lost, otherwise, unchanged, undetermined, conflict, error = (people[c] for c in CHANGES)
    whole = sum(people.values())
    return Counts(whole, won, lost, otherwise, unchanged, undetermined, conflict, error, amounts)


def _tally(six: list[Fraction], cell: Cell, moved: int, way: int, pair: tuple[Fraction, Fraction]) -> None:
    before, after = pair
    if not cell.settled:
        six[4] += before
        six[5] += after
        return
    six[0] += before
    six[1] += after
    if moved in {MORE, LESS}:
        better = (moved == MORE) == (way >= 0)
        six[2 if better else 3] += abs(after - before)
