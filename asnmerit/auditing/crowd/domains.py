"""What each lane of a law can hold when it is known: the integers that the edge lets through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.rules.lower import int_type
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
Kind = Literal["bool", "code", "number", "date", "count"]


@attrs.frozen
class Domain:
    """The integers low, low + step, ... of `size` places; `levels` of an ordered enumeration, by code.

    `rows` is how many rows the list of a field can have; 0 for what is not a field. `den` makes one.
    """

    kind: Kind
    low: int
    size: int
    step: int = 1
    den: int = 1
    rows: int = 0
    levels: tuple[int, ...] | None = None
    ordered: bool = True
    of: Scalar | None = None

    @property
    def high(self) -> int:
        """The last lawful integer."""
        return self.low + (self.size - 1) * self.step

    @property
    def field(self) -> bool:
        """Whether it is a field of the rows of a list."""
        return self.rows > 0

    def holds(self, value: int) -> bool:
        """Whether a value is lawful."""
        return self.low <= value <= self.high and (value - self.low) % self.step == 0

    def nearest(self, values: Any) -> Any:  # noqa: ANN401 - an array of integers
        """Give the lawful values below or at some values; the ends for what lies beyond them."""
        inside = values.clip(self.low, self.high)
        # Remainders first: the distance from the low end may be more than 64 bits hold.
        return inside - (inside % self.step - self.low % self.step) % self.step if self.step > 1 else inside

    def at(self, places: Any) -> Any:  # noqa: ANN401 - an array of integers
        """Give the lawful values at some places, 0 the lowest. What passes 64 bits on the way comes back in the end."""
        return self.low + places.astype("int64") * self.step

    def level(self, value: int) -> int:
        """Give what a value counts as in an order: the level of a member, else the value."""
        return value if self.levels is None else self.levels[value]


def domains(law: Law) -> Mapping[Lane, Domain]:
    """Give the domain of each lane that the law reads, in the order of `law.inputs`; the day of decision is none.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> domains(law)[("projects_led", "#")].high
    10
    """
    return {lane: _domain(law, lane) for lane in law.inputs if lane[0] != "as_of"}


def _domain(law: Law, lane: Lane) -> Domain:
    name, slot = lane
    match law.declared[name].type:
        case Yearly(of) | PerMember(of):
            return scalar_domain(of)
        case ListOf(fields, up_to, _, at_least):
            if slot == "#":
                return Domain("count", at_least, up_to - at_least + 1)
            return scalar_domain(fields[str(slot)[1:]], up_to)
        case Bool() | Number() | Date() | Enum() as of:
            return scalar_domain(of)
        case of:
            raise TypeError(of)


def scalar_domain(of: Scalar, rows: int = 0) -> Domain:
    """Give the domain of a declared type. The edge takes days of its own range, narrower than the calendar."""
    match of:
        case Bool():
            return Domain("bool", 0, 2, rows=rows, of=of)
        case Enum():
            plain = not of.ordered or of.levels == tuple(range(len(of.members)))
            return Domain(
                "code", 0, len(of.members), rows=rows, levels=None if plain else of.levels, ordered=of.ordered, of=of
            )
        case Date():
            low, high = of.lo or FIRST_DAY, of.hi or LAST_DAY
            return Domain("date", low, high - low + 1, rows=rows, of=of)
        case Number():
            kind = int_type(of)
            step = kind.den if of.step is None else int(of.step * kind.den)
            return Domain("number", kind.lo, (kind.hi - kind.lo) // step + 1, step, kind.den, rows, of=of)
