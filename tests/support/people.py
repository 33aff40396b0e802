"""Random people for a law: exact values or None, as a record for `decide` and as facts for the reference.

A person is a mapping of facts to exact values (Fraction, day number, member code, bool), None where unknown; a yearly
fact maps years, a family maps members, a list is a list of rows or None. Flat names are those of `missing`.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.rules.law import exact_text
from asnmerit.rules.reference import Facts
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asnmerit.rules.law import Law
    from support.dice import Dice

Person = dict[str, Any]
Cell = tuple[str, Any, Any]
"""A place in a person: fact, then slot or row, then field."""


def value(dice: Dice, of: Scalar) -> Any:
    """Draw a legal exact value: often a bound, a month's end or a leap day."""
    match of:
        case Bool():
            return dice.chance(50)
        case Enum():
            return dice.whole(0, len(of.members) - 1)
        case Number():
            low, high = of.lo or Fraction(0), of.hi or Fraction(0)
            step = of.step or Fraction(1)
            most = int((high - low) / step)
            near = dice.pick((0, most, most // 2, int(-low / step)))
            steps = near + dice.whole(-2, 2) if dice.chance(50) else dice.whole(0, most)
            return low + min(max(steps, 0), most) * step
        case Date():
            return _day(dice, of)


def _day(dice: Dice, of: Date) -> int:
    low, high = of.lo or FIRST_DAY, of.hi or LAST_DAY
    year, month = dice.whole(2018, 2026), dice.whole(1, 12)
    ends = datetime.date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    leap = datetime.date(dice.pick((2000, 2004, 2020, 2024)), 2, 29).toordinal()
    first = datetime.date(year, month, 1).toordinal()
    free = dice.whole(low, high)
    return min(max(dice.pick((ends, leap, first + 29, first, low, high, free, free)), low), high)


def person(dice: Dice, law: Law, as_of: datetime.date, unknown: int) -> Person:
    """Draw a person; `unknown` is how many of a hundred values are not known, at every level."""
    found: Person = {}
    for name, decl in law.declared.items():
        found[name] = _fact(dice, decl.type, as_of, unknown)
    return found


def _maybe(dice: Dice, of: Scalar, unknown: int) -> Any:
    return None if unknown and dice.chance(unknown) else value(dice, of)


def _fact(dice: Dice, of: Any, as_of: datetime.date, unknown: int) -> Any:
    match of:
        case Yearly(inner, back):
            years = {as_of.year - 1 - k: _maybe(dice, inner, unknown) for k in range(back)}
            if dice.chance(20):
                years |= {as_of.year: value(dice, inner), as_of.year - back - 1: value(dice, inner)}
            return years
        case PerMember(inner, enum):
            return {m: _maybe(dice, inner, unknown) for m in enum.members}
        case ListOf():
            if unknown and dice.chance(unknown):
                return None
            rows = dice.whole(of.at_least, of.up_to)
            return [{f: _maybe(dice, t, unknown) for f, t in of.fields.items()} for _ in range(rows)]
        case _:
            return _maybe(dice, of, unknown)


# --- what is unknown, by the names that `missing` uses ---


def presumed(law: Law, who: Person) -> Person:
    """Fill unknown facts by their presumptions."""
    filled = dict(who)
    for name, decl in law.declared.items():
        if decl.assume is not None and who[name] is None:
            filled[name] = list(decl.assume) if isinstance(decl.type, ListOf) else decl.assume
    return filled


def unknowns(law: Law, who: Person, as_of: datetime.date) -> dict[str, tuple[Cell, Any]]:
    """Give every unknown of a person: flat name to its place and type. Presumed facts are known."""
    return dict(_unknowns(law, presumed(law, who), as_of))


def _unknowns(law: Law, who: Person, as_of: datetime.date) -> Iterator[tuple[str, tuple[Cell, Any]]]:
    for name, decl in law.declared.items():
        at = who[name]
        match decl.type:
            case Yearly(inner, back):
                for k in range(back):
                    if at.get(as_of.year - 1 - k) is None:
                        yield f"{name}_{as_of.year - 1 - k}", ((name, as_of.year - 1 - k, None), inner)
            case PerMember(inner, enum):
                for m in enum.members:
                    if at.get(m) is None:
                        yield f"{name}_{m}", ((name, m, None), inner)
            case of:
                if at is None:
                    yield name, ((name, None, None), of)
                elif isinstance(of, ListOf):
                    yield from _cells(name, at, of)


def _cells(name: str, rows: list[dict[str, Any]], of: ListOf) -> Iterator[tuple[str, tuple[Cell, Any]]]:
    for i, row in enumerate(rows):
        for field, inner in of.fields.items():
            if row[field] is None:
                flat = f"{name}_{i + 1}" if of.plain else f"{name}_{i + 1}_{field}"
                yield flat, ((name, i, field), inner)


def with_values(who: Person, values: dict[Cell, Any]) -> Person:
    """Give the person with some places filled."""
    new = {
        k: (dict(v) if isinstance(v, dict) else [dict(r) for r in v] if isinstance(v, list) else v)
        for k, v in who.items()
    }
    for (name, slot, field), item in values.items():
        if field is not None:
            new[name][slot][field] = item
        elif slot is not None:
            new[name][slot] = item
        else:
            new[name] = item
    return new


def drawn(dice: Dice, of: Any) -> Any:
    """Draw a known value of any type: for a list, known rows."""
    return _fact(dice, of, datetime.date(2024, 1, 1), 0) if isinstance(of, ListOf) else value(dice, of)


def completed(dice: Dice, law: Law, who: Person, as_of: datetime.date, share: int = 100) -> Person:
    """Fill the unknowns of a person (or a share of them) with legal values."""
    found = unknowns(law, who, as_of)
    return with_values(who, {at: drawn(dice, of) for at, of in found.values() if dice.chance(share)})


# --- out of the model ---


def facts(law: Law, who: Person, as_of: datetime.date) -> Facts:
    """Give a person as the reference reads it."""
    who = presumed(law, who)
    scalars: dict[tuple[str, Any], Any] = {("as_of", None): as_of.toordinal()}
    lists: dict[str, Any] = {}
    for name, decl in law.declared.items():
        match decl.type:
            case Yearly(_, back):
                scalars |= {(name, k): who[name].get(as_of.year - 1 - k) for k in range(back)}
            case PerMember():
                scalars |= {(name, m): v for m, v in who[name].items()}
            case ListOf():
                lists[name] = who[name]
            case _:
                scalars[(name, None)] = who[name]
    return Facts(scalars, lists)


def record(dice: Dice, law: Law, who: Person) -> dict[str, object]:
    """Give a person as a record for `decide`: values in any of the accepted kinds, unknowns absent or None."""
    found: dict[str, object] = {}
    for name, decl in law.declared.items():
        at = who[name]
        if at is None:
            if dice.chance(50):
                found[name] = None
            continue
        match decl.type:
            case Yearly(inner, _):
                odd = dice.chance(10)
                found[name] = {
                    str(y) if odd else y: _said(dice, v, inner)
                    for y, v in at.items()
                    if v is not None or dice.chance(50)
                }
            case PerMember(inner, _):
                found[name] = {m: _said(dice, v, inner) for m, v in at.items() if v is not None or dice.chance(50)}
            case ListOf() as of:
                rows = [_row(dice, row, of) for row in at]
                found[name] = tuple(rows) if dice.chance(10) else rows
            case of:
                found[name] = _said(dice, at, of)
    return found


def _row(dice: Dice, row: dict[str, Any], of: ListOf) -> object:
    if of.plain:
        return _said(dice, row["value"], of.fields["value"])
    return {f: _said(dice, v, of.fields[f]) for f, v in row.items() if v is not None or dice.chance(50)}


def _said(dice: Dice, exact: Any, of: Scalar) -> object:
    if exact is None:
        return None
    match of:
        case Bool():
            return bool(exact)
        case Enum():
            return of.members[exact]
        case Date():
            day = datetime.date.fromordinal(exact)
            return dice.pick((day, day, day.isoformat(), datetime.datetime.combine(day, datetime.time())))
        case Number():
            kinds: list[object] = [exact]
            if exact.denominator == 1:
                kinds += [int(exact)] * 3
            text = exact_text(exact)
            if "/" not in text:
                kinds += [Decimal(text), float(text)]
            return dice.pick(kinds)
