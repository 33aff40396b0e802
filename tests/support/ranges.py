"""Ranges for a person's unknowns, and completions that keep to them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.bounds import UNKNOWN, Range, Rows
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, Number, PerMember, Yearly
from support import people

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.law import Law, LawStep
    from support.dice import Dice


@attrs.define
class Box:
    """A person with some unknowns free within ranges and the rest unknown for good."""

    law: Law
    who: people.Person
    lanes: dict[tuple[str, Any], Range]
    lists: dict[str, Rows]
    free: dict[people.Cell, Any]

    def completed(self, dice: Dice) -> people.Person:
        """Fill what is free."""
        return people.with_values(self.who, {at: people.drawn(dice, of) for at, of in self.free.items()})

    def unread(self, step: LawStep) -> bool:
        """Whether the step has one value a row of a list that is not known."""
        return step.binder is not None and self.who[step.binder.list_fact] is None


def boxed(dice: Dice, law: Law, who: people.Person, as_of: datetime.date, free: int = 60) -> Box:
    """Leave a share of the unknowns free, in their whole range or part of it."""
    who = people.presumed(law, who)
    places = people.unknowns(law, who, as_of)
    chosen: dict[people.Cell, Any] = {}
    ranges: dict[people.Cell, Range] = {}
    for at, of in places.values():
        if free and dice.chance(free):
            chosen[at] = _narrowed(dice, of)
            if not isinstance(of, ListOf):
                ranges[at] = _range(chosen[at], int_type(of).den)
    lanes: dict[tuple[str, Any], Range] = {("as_of", None): Range(as_of.toordinal(), as_of.toordinal())}
    lists: dict[str, Rows] = {}
    for name, decl in law.declared.items():
        match decl.type:
            case Yearly(inner, back):
                for k in range(back):
                    year = as_of.year - 1 - k
                    lanes[(name, k)] = _lane(who[name].get(year), inner, ranges.get((name, year, None)))
            case PerMember(inner, enum):
                for m in enum.members:
                    lanes[(name, m)] = _lane(who[name].get(m), inner, ranges.get((name, m, None)))
            case ListOf() as of:
                lists[name] = _rows(name, of, who[name], chosen, ranges)
            case of:
                lanes[(name, None)] = _lane(who[name], of, ranges.get((name, None, None)))
    return Box(law, who, lanes, lists, chosen)


def _narrowed(dice: Dice, of: Any) -> Any:
    """Narrow a number's range to a part of its steps."""
    if not isinstance(of, Number) or dice.chance(50) or of.lo is None or of.hi is None or of.step is None:
        return of
    a, b = sorted((people.value(dice, of), people.value(dice, of)))
    return attrs.evolve(of, lo=a, hi=b)


def _range(of: Any, den: int = 1) -> Range:
    """Give a type's range over the denominator of the fact's own lane."""
    if isinstance(of, Number) and of.lo is not None and of.hi is not None:
        return Range(int(of.lo * den), int(of.hi * den))
    t = int_type(of)
    return Range(t.lo, t.hi)


def _lane(exact: Any, of: Any, free: Range | None) -> Range:
    if exact is None:
        return UNKNOWN if free is None else free
    raw = int(exact * int_type(of).den) if isinstance(of, Number) else int(exact)
    return Range(raw, raw)


def _rows(name: str, of: ListOf, rows: Any, chosen: dict[people.Cell, Any], ranges: dict[people.Cell, Range]) -> Rows:
    if rows is None:
        if (name, None, None) not in chosen:
            return Rows((), 0, unknown=True)
        return Rows([{f: _range(t, int_type(t).den) for f, t in of.fields.items()}] * of.up_to, of.at_least)
    made = [{f: _lane(row[f], t, ranges.get((name, i, f))) for f, t in of.fields.items()} for i, row in enumerate(rows)]
    return Rows(made, len(made))


def inside(found: Any, raw: Any, *, unread: bool) -> bool:
    """Whether a kernel value, or None, is among what its range allows."""
    if unread or isinstance(raw, tuple | list):
        return unread or (
            len(found) >= len(raw) and all(inside(f, r, unread=False) for f, r in zip(found, raw, strict=False))
        )
    if raw is None:
        return bool(found.unsure)
    return bool(found.sure and found.low <= raw <= found.high)
