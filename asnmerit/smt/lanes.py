"""The lanes of a person as variables, and what the edge lets through as constraints on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules import calendar
from asnmerit.rules.lower import int_type
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Yearly
from asnmerit.smt import days, whole
from asnmerit.smt.library import z3
from asnmerit.smt.whole import Whole

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.smt.days import Day
    from asnmerit.smt.truth import Truth

Lane = tuple[str, int | str | None]
Value = Any
"""What a kernel expression is worth: a `Whole`, a `Day`, or a truth."""


@attrs.frozen(eq=False)
class Known:
    """A value, and a truth that says whether it is known; while it is not, the value means nothing."""

    value: Value
    known: Truth = True


def scalar_of(law: Law, lane: Lane) -> Scalar | None:
    """Give the type of one value of a lane; None for the length of a list."""
    name, slot = lane
    if slot == "#":
        return None
    if name == "as_of":
        return Date()
    match law.declared[name].type:
        case Yearly(of) | PerMember(of):
            return of
        case ListOf(fields):
            return fields[str(slot)[1:]]
        case of:
            return of  # type: ignore[return-value]


def is_field(law: Law, lane: Lane) -> bool:
    """Whether a lane has a value for each row of a list."""
    name, slot = lane
    return slot != "#" and name != "as_of" and isinstance(law.declared[name].type, ListOf)


def variable(context: Any, name: str, of: Scalar, domain: list[Any]) -> Value:  # noqa: ANN401 - a z3 context
    """Make a variable of a type; its range and steps are added to `domain`."""
    match of:
        case Bool():
            return z3.Bool(name, context)
        case Enum():
            return counted(context, name, 0, len(of.members) - 1, 1, domain)
        case Number():
            t = int_type(of)
            step = t.den if of.step is None else int(of.step * t.den)
            return counted(context, name, t.lo, t.hi, step, domain)
        case Date():
            return _day(context, name, of.lo or FIRST_DAY, of.hi or LAST_DAY, domain)


def counted(context: Any, name: str, low: int, high: int, step: int, domain: list[Any]) -> Whole:  # noqa: ANN401
    """Make a number from low to high in steps from low."""
    most = (high - low) // step
    if most == 0:
        return whole.number(context, low)
    term = z3.Int(name, context)
    if step == 1:
        domain += [term >= low, term <= high]
        return Whole(context, low, high, term)
    domain += [term >= 0, term <= most]
    return Whole(context, low, low + most * step, term * step + low, stride=step)


def _day(context: Any, name: str, low: int, high: int, domain: list[Any]) -> Day:  # noqa: ANN401
    if low == high:
        return days.of_ordinal(whole.number(context, low))
    first, last = calendar.month_index(low), calendar.month_index(high)
    month = counted(context, f"{name} month", first, last, 1, domain)
    ends = (calendar.day_of_month(low), calendar.day_of_month(high)) if first == last else (1, 31)
    day = counted(context, f"{name} day", *ends, 1, domain)
    made = days.of_parts(month, day, low, high)
    code = 31 * month.expr + day.expr
    domain += [code >= days.code_of(low), code <= days.code_of(high)]
    longest = days.length(month)
    domain.append(z3.Or(day.expr <= 28, day.expr <= longest.expr))  # noqa: PLR2004 - every month has 28 days
    return made


class Person:
    """The lanes of one person: a `Known` each, a tuple of them for a field of a list; and what holds of them."""

    def __init__(self, name: str, lanes: dict[Lane, Any], domain: list[Any], same: Person | None) -> None:
        """Keep what was made; `same` is the person with whom lanes are shared."""
        self.name, self.lanes, self.domain, self.same = name, lanes, domain, same
        self.values: dict[str, Any] = {}
        self.own = frozenset(lane for lane, v in lanes.items() if same is None or v is not same.lanes[lane])

    def __repr__(self) -> str:
        """Name the person."""
        return f"<Person {self.name}: {len(self.lanes)} lanes>"


def person(  # noqa: PLR0913 - what makes a person
    law: Law,
    context: Any,  # noqa: ANN401 - a z3 context
    name: str,
    as_of: int,
    *,
    unknown: bool = False,
    rows: int | None = None,
    same: Person | None = None,
    but: frozenset[Lane] = frozenset(),
) -> Person:
    """Make a person whose lanes are fresh, or those of another except for some; lists of at most `rows` rows."""
    lanes: dict[Lane, Any] = {}
    domain: list[Any] = [] if same is None else list(same.domain)
    for lane in _lanes(law):
        if same is not None and lane not in but:
            lanes[lane] = same.lanes[lane]
        elif lane[0] == "as_of":
            lanes[lane] = Known(days.of_ordinal(whole.number(context, as_of)))
        else:
            lanes[lane] = _lane(law, context, f"{name}: {lane[0]} {lane[1]}", lane, domain, rows, unknown=unknown)
    return Person(name, lanes, domain, same)


def _lanes(law: Law) -> list[Lane]:
    """Give the lanes that a law reads, with the length of every list of which it reads a field."""
    found = dict.fromkeys(law.inputs)
    for lane in law.inputs:
        if is_field(law, lane):
            found[(lane[0], "#")] = None
    return list(found)


def _lane(
    law: Law,
    context: Any,  # noqa: ANN401
    name: str,
    lane: Lane,
    domain: list[Any],
    rows: int | None,
    *,
    unknown: bool,
) -> Any:  # noqa: ANN401
    decl = law.declared[lane[0]]

    def doubt(place: str, *, known: bool = False) -> Truth:
        return z3.Bool(f"{place} known", context) if unknown and not known else True

    of = decl.type
    if isinstance(of, ListOf):
        most = of.up_to if rows is None else min(of.up_to, max(rows, of.at_least))
        if lane[1] == "#":
            count = counted(context, name, of.at_least, most, 1, domain)
            return Known(count, doubt(name, known=decl.assume is not None))
        field = of.fields[str(lane[1])[1:]]
        places = [f"{name} {i + 1}" for i in range(most)]
        return tuple(Known(variable(context, place, field, domain), doubt(place)) for place in places)
    scalar = scalar_of(law, lane)
    if scalar is None:
        raise TypeError(lane)
    return Known(variable(context, name, scalar, domain), doubt(name, known=decl.assume is not None))
