"""Where the facts of two laws meet: the values that both take, and what each declares otherwise."""

from __future__ import annotations

import datetime
from fractions import Fraction
from math import gcd, lcm
from typing import TYPE_CHECKING

import attrs

from asnmerit.rules.law import exact_text
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Type, Yearly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.declarations import FactDecl


def meet(a: Type, b: Type) -> Type | None:
    """Give the type of the values that two types share; None where they share none, or are of different kinds.

    >>> from asnmerit.rules.types import INTEGER
    >>> one, other = (Number("integer", Fraction(lo), Fraction(hi), Fraction(1)) for lo, hi in ((0, 5), (3, 9)))
    >>> found = meet(one, other)
    >>> int(found.lo), int(found.hi)
    (3, 5)
    """
    match (a, b):
        case (Yearly(), Yearly()):
            of = _scalar(a.of, b.of)
            return None if of is None else Yearly(of, max(a.back, b.back))
        case (PerMember(), PerMember()):
            of = _scalar(a.of, b.of)
            return None if of is None else PerMember(of, _either(a.enum, b.enum))
        case (ListOf(), ListOf()):
            return _lists(a, b)
        case (Bool() | Number() | Date() | Enum(), Bool() | Number() | Date() | Enum()):
            return _scalar(a, b)
        case _:
            return None


def _scalar(a: Scalar, b: Scalar) -> Scalar | None:
    match (a, b):
        case (Bool(), Bool()):
            return a
        case (Number(), Number()):
            return _numbers(a, b)
        case (Date(), Date()):
            low = max((x for x in (a.lo, b.lo) if x is not None), default=None)
            high = min((x for x in (a.hi, b.hi) if x is not None), default=None)
            return None if low is not None and high is not None and low > high else Date(low, high)
        case (Enum(), Enum()):
            return _enums(a, b)
        case _:
            return None


def _numbers(a: Number, b: Number) -> Number | None:
    """Meet two ranges with their steps; a number without a step goes by ones."""
    if (a.lo, a.hi, a.step) == (b.lo, b.hi, b.step):
        return a
    den = lcm(int_type(a).den, int_type(b).den)
    (low, high, step), (low_b, high_b, step_b) = (_grid(x, den) for x in (a, b))
    if (low_b - low) % gcd(step, step_b):
        return None
    first = low
    while (first - low_b) % step_b:
        first += step
    both = lcm(step, step_b)
    first += -(-(max(low, low_b) - first) // both) * both
    last = min(high, high_b)
    if first > last:
        return None
    last -= (last - first) % both
    return attrs.evolve(a, lo=Fraction(first, den), hi=Fraction(last, den), step=Fraction(both, den))


def _grid(of: Number, den: int) -> tuple[int, int, int]:
    low, high = of.lo or Fraction(0), of.hi or Fraction(0)
    return int(low * den), int(high * den), int((of.step or Fraction(1)) * den)


def _enums(a: Enum, b: Enum) -> Enum | None:
    """Keep the members that both have, in the order of the first."""
    if a == b:
        return a
    kept = [i for i, m in enumerate(a.members) if m in b.members]
    if not kept:
        return None
    members = tuple(a.members[i] for i in kept)
    return attrs.evolve(a, members=members, levels=tuple(a.levels[i] for i in kept))


def _either(a: Enum, b: Enum) -> Enum:
    """Take the members that either has: of a family only those that a law reads matter."""
    more = tuple(m for m in b.members if m not in a.members)
    if not more:
        return a
    levels = (*a.levels, *(max(a.levels, default=0) + 1 + i for i in range(len(more))))
    return attrs.evolve(a, members=a.members + more, levels=levels)


def _lists(a: ListOf, b: ListOf) -> ListOf | None:
    fields: dict[str, Scalar] = {}
    for name in dict.fromkeys((*a.fields, *b.fields)):
        if name in a.fields and name in b.fields:
            met = _scalar(a.fields[name], b.fields[name])
            if met is None:
                return None
            fields[name] = met
        else:
            fields[name] = a.fields[name] if name in a.fields else b.fields[name]
    least, most = max(a.at_least, b.at_least), min(a.up_to, b.up_to)
    return None if a.plain != b.plain or least > most else ListOf(fields, most, a.plain, least)


def recoded(own: Scalar, common: Scalar) -> bool:
    """Whether a value is another integer in the common type than in a law's own."""
    if isinstance(own, Enum) and isinstance(common, Enum):
        return own.members != common.members or own.levels != common.levels or own.ordered != common.ordered
    return int_type(own).den != int_type(common).den


def scalars(of: Type) -> Mapping[str, Scalar]:
    """Give the types of the single values of a fact, by field; under an empty name where it has no fields."""
    match of:
        case ListOf(fields):
            return fields
        case Yearly(inner) | PerMember(inner):
            return {"": inner}
        case Bool() | Number() | Date() | Enum():
            return {"": of}
        case _:
            raise TypeError(of)


@attrs.frozen
class Redeclared:
    """A fact that two laws declare otherwise. `apart`: they share no value, so that it is a fact of each law's own."""

    fact: str
    a: Type
    b: Type
    presumed: tuple[str | None, str | None]
    apart: bool = False

    @property
    def presumed_apart(self) -> bool:
        """Whether the laws presume different values where it is unknown."""
        return self.presumed[0] != self.presumed[1]

    def to_dict(self) -> dict[str, object]:
        """Give it as plain data."""
        one, other = ({**declared(x), "presumed": y} for x, y in zip((self.a, self.b), self.presumed, strict=True))
        return {"fact": self.fact, "a": one, "b": other, "compared": not self.apart}


def declared(of: Type) -> dict[str, object]:
    """Say what a type takes, as plain data."""
    match of:
        case Number():
            bounds = {"from": of.lo, "to": of.hi, "step": of.step}
            return {"type": str(of), **{k: exact_text(v) for k, v in bounds.items() if v is not None}}
        case Date():
            days = {k: datetime.date.fromordinal(v).isoformat() for k, v in (("from", of.lo), ("to", of.hi)) if v}
            return {"type": "date", **days}
        case Enum():
            return {"type": of.name, "members": list(of.members)}
        case Yearly(inner, back):
            return {**declared(inner), "years": back}
        case PerMember(inner, enum):
            return {**declared(inner), "per": enum.name}
        case ListOf():
            fields = {k: declared(v) for k, v in of.fields.items()}
            return {"type": "list", "at_least": of.at_least, "up_to": of.up_to, "fields": fields}
        case _:
            return {"type": str(of)}


def same_declaration(a: FactDecl, b: FactDecl) -> bool:
    """Whether two laws take the same values of a fact, and presume the same where it is unknown."""
    return a.type == b.type and a.assume == b.assume
