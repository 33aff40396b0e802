"""Where a law draws its lines: for each lane the values that the law compares it with, read off the kernel code."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.crowd.domains import domains
from asnmerit.rules import calendar
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Row, Step, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.rules.law import Law

MOST = 400
MOST_MONTHS = 1200
TESTS = frozenset({"lt", "le", "eq", "bucket", "min", "max"})
YEAR = 12


@attrs.frozen(eq=False)
class Landmarks:
    """Values worth trying in each lane, and pairs of lanes that the law compares with each other."""

    values: Mapping[Lane, tuple[int, ...]]
    beside: tuple[tuple[Lane, Lane], ...]


def landmarks(law: Law, as_of: datetime.date) -> Landmarks:
    """Read the landmarks off a law.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> found = landmarks(law, law.on)
    >>> 10_000_000_000 in found.values[("projects_led", ".budget")]
    True
    """
    lanes, reading = domains(law), Reading(law)
    numbers: dict[Lane, dict[Fraction, None]] = {lane: {} for lane in lanes}
    days: dict[Lane, dict[int, None]] = {lane: {} for lane in lanes}
    beside: dict[tuple[Lane, Lane], None] = {}
    for step in law.steps:
        for node in walk(step.code):
            if isinstance(node, Call) and node.op in TESTS:
                touched = [sorted(reading.below(a), key=str) for a in node.args]
                for lane in {lane: None for part in touched for lane in part if lane in lanes}:
                    numbers[lane] |= dict.fromkeys(_numbers(node))
                    days[lane] |= dict.fromkeys(_days(node))
                if len(touched) > 1:
                    beside |= dict.fromkeys(_compared(lanes, *touched[:2]))
    values = {
        lane: _dates(numbers[lane], days[lane], as_of, domain)
        if domain.kind == "date"
        else _places(numbers[lane], domain)
        for lane, domain in lanes.items()
    }
    return Landmarks(values, tuple(beside))


@attrs.define
class Reading:
    """Reads the lanes that each expression rests on, through the steps that it names."""

    law: Law
    steps: dict[str, frozenset[Lane]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Read every step, in order."""
        for step in self.law.steps:
            self.steps[step.key] = self.below(step.code)

    def below(self, root: Expr) -> frozenset[Lane]:
        """Give the lanes that an expression rests on."""
        found: set[Lane] = set()
        for node in walk(root):
            match node:
                case Fact(name=name, slot=slot):
                    found.add((name, slot))
                case Row(binder=binder, field=field):
                    found.add((binder.list_fact, f".{field}"))
                case Each(binder=binder):
                    found.add((binder.list_fact, "#"))
                case Step(key=key):
                    found |= self.steps[key]
                case _:
                    pass
        return frozenset(found)


def _numbers(test: Call) -> Iterator[Fraction]:
    """Give the numbers that stand in a comparison."""
    for node in walk(test):
        match node:
            case Literal(type=of, value=value) if of.kind in {"number", "code"}:
                yield Fraction(int(value), of.den)
            case Call(op="bucket", const=ends, args=args):
                for end in ends[:MOST]:
                    yield Fraction(end, args[0].type.den)
            case _:
                pass


def _days(test: Call) -> Iterator[int]:
    for node in walk(test):
        if isinstance(node, Literal) and node.type.kind == "date":
            yield int(node.value)


def _compared(lanes: Mapping[Lane, Domain], a: list[Lane], b: list[Lane]) -> Iterator[tuple[Lane, Lane]]:
    """Give the pairs of lanes of one kind on the two sides of a test, where the sides are small."""
    few = 3
    if len(a) <= few and len(b) <= few:
        for one in a:
            for other in b:
                if one != other and one in lanes and other in lanes and _alike(lanes[one], lanes[other]):
                    yield one, other


def _alike(a: Domain, b: Domain) -> bool:
    return a.kind == b.kind and a.den == b.den and a.kind != "bool" and (a.rows == 0 or b.rows in {0, a.rows})


def _places(numbers: Iterable[Fraction], domain: Domain) -> tuple[int, ...]:
    found: dict[int, None] = {}
    for number in numbers:
        place = (int(number * domain.den // 1) - domain.low) // domain.step * domain.step + domain.low
        if domain.low - domain.step <= place <= domain.high:
            found[min(max(place, domain.low), domain.high)] = None
    return tuple(sorted(found)[:MOST])


def _dates(numbers: Iterable[Fraction], days: Iterable[int], as_of: datetime.date, domain: Domain) -> tuple[int, ...]:
    """Give the days written, those that lie so many months or years from the day of decision, and its years' ends."""
    today = as_of.toordinal()
    month, day = calendar.month_index(today), as_of.day
    found = dict.fromkeys([today, *days])
    counts = {0: None} | {int(n): None for n in numbers if n.denominator == 1 and 0 < n <= MOST_MONTHS}
    for count in sorted(counts):
        for months in {count: None, count * YEAR: None}:
            if months <= MOST_MONTHS:
                found |= dict.fromkeys(calendar.date_at(month + sign * months, day) for sign in (-1, 1))
        found |= dict.fromkeys((today - count, today + count))
    for year in range(as_of.year - 3, as_of.year + 2):
        found |= dict.fromkeys((datetime.date(year, 1, 1).toordinal(), datetime.date(year, 12, 31).toordinal()))
    return tuple(d for d in sorted(found) if domain.low <= d <= domain.high)[:MOST]
