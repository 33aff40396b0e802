"""The types of the language: what a fact, a parameter or an expression can be."""

from __future__ import annotations

import math
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING, Literal

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

Unit = Literal["number", "integer", "percent", "rupiah"]


@attrs.frozen
class Bool:
    """True or false."""

    def __str__(self) -> str:
        """Name the type."""
        return "bool"


@attrs.frozen
class Number:
    """An exact number: lo <= n <= hi in steps from lo. A bound or step is None where nothing is declared."""

    unit: Unit = "number"
    lo: Fraction | None = None
    hi: Fraction | None = None
    step: Fraction | None = None

    def __str__(self) -> str:
        """Name the unit."""
        return self.unit

    @property
    def denominator(self) -> int:
        """The static denominator: every value is a whole number over it."""
        parts = [x.denominator for x in (self.lo, self.step) if x is not None]
        return math.lcm(*parts)


@attrs.frozen
class Date:
    """A day, as a proleptic Gregorian ordinal (`datetime.date.toordinal`)."""

    lo: int | None = None
    hi: int | None = None

    def __str__(self) -> str:
        """Name the type."""
        return "date"


@attrs.frozen
class Enum:
    """A closed list of members. `levels[i]` is the level of member i; members of one level compare equal in order."""

    name: str
    members: tuple[str, ...]
    levels: tuple[int, ...]
    ordered: bool
    labels: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict, eq=False, hash=False)
    label: Mapping[str, str] | None = attrs.field(default=None, eq=False, hash=False)
    policy: str = attrs.field(default="", eq=False, hash=False)

    def __str__(self) -> str:
        """Name the type."""
        return self.name


@attrs.frozen
class Months:
    """A set of months of the year, known when the law is made."""

    def __str__(self) -> str:
        """Name the type."""
        return "months"


@attrs.frozen
class ListOf:
    """Rows of named fields, at most `up_to`. `plain`: a row is a bare value, its field is called `value`."""

    fields: Mapping[str, Scalar]
    up_to: int
    plain: bool = False
    at_least: int = 0

    def __str__(self) -> str:
        """Name the type."""
        return "list"


@attrs.frozen
class Yearly:
    """One value a calendar year; slot k is the year of `as_of` - 1 - k, for k < back."""

    of: Scalar
    back: int

    def __str__(self) -> str:
        """Name the type."""
        return f"{self.of} per year"


@attrs.frozen
class PerMember:
    """One value for each member of an enumeration."""

    of: Scalar
    enum: Enum

    def __str__(self) -> str:
        """Name the type."""
        return f"{self.of} per {self.enum}"


Scalar = Bool | Number | Date | Enum
Type = Scalar | Months | ListOf | Yearly | PerMember


@cache
def number_of(unit: Unit) -> Number:
    """Give the type of numbers of a unit, without a range: the same object each time."""
    return Number(unit)


BOOL = Bool()
NUMBER = number_of("number")
INTEGER = Number("integer", step=Fraction(1))
DATE = Date()
PLAIN_TYPES: Mapping[str, Type] = {
    "bool": BOOL,
    "number": NUMBER,
    "integer": INTEGER,
    "percent": Number("percent"),
    "rupiah": Number("rupiah", step=Fraction(1)),
    "date": DATE,
    "months": Months(),
}


def same_kind(left: Type, right: Type) -> bool:
    """Whether values of the two types may meet in a comparison: ranges do not matter, rupiah only meets rupiah."""
    if isinstance(left, Number) and isinstance(right, Number):
        return (left.unit == "rupiah") == (right.unit == "rupiah")
    if isinstance(left, Enum) and isinstance(right, Enum):
        return left == right
    return type(left) is type(right)
