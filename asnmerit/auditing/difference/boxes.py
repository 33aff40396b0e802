"""Boxes of facts: which values of each fact a description allows, and the step that is true of who is inside.

The bounds of a box are facts of the law that is asked, so that one law serves for all boxes: a question fixes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.crowd.domains import Domain, domains
from asnmerit.auditing.questions import Exists, Extended, alike, both, either, fact_of, negated
from asnmerit.rules import types as t
from asnmerit.rules.declarations import About, FactDecl
from asnmerit.rules.expr import Call, Expr, Fact
from asnmerit.rules.expr import Literal as Written

if TYPE_CHECKING:
    from asnmerit.auditing.questions import Lane
    from asnmerit.rules.law import Law

Lanes = Mapping["Lane", Any]
LOW: Final = "box from: "
HIGH: Final = "box to: "
HAS: Final = "box has: "


@attrs.frozen
class Span:
    """The numbers, days or counts from one to another, both inside."""

    low: int
    high: int

    def holds(self, value: int) -> bool:
        """Whether a value is inside."""
        return self.low <= value <= self.high


@attrs.frozen
class Among:
    """Some members, or truth values."""

    codes: frozenset[int]

    def holds(self, value: int) -> bool:
        """Whether a member is inside."""
        return value in self.codes


@attrs.frozen
class Rows:
    """The rows of a list as they stand: what each of its lanes holds."""

    lanes: Mapping[Lane, Any]


Side = Span | Among


@attrs.frozen
class Box:
    """What is allowed of each fact: `sides` of single values, `rows` of lists; what is not named is free."""

    sides: Mapping[Lane, Side]
    rows: Mapping[str, Rows] = attrs.field(factory=dict)

    def holds(self, lanes: Lanes) -> bool:
        """Whether a person is inside."""
        inside = all(side.holds(int(lanes[lane])) for lane, side in self.sides.items())
        return inside and all(lanes[lane] == v for rows in self.rows.values() for lane, v in rows.lanes.items())

    def but(self, lane: Lane, side: Side | None) -> Box:
        """Give the box with another side; None: that fact is free."""
        sides = {k: v for k, v in self.sides.items() if k != lane}
        return attrs.evolve(self, sides=sides if side is None else {**sides, lane: side})

    def without_rows(self, name: str) -> Box:
        """Give the box in which the rows of a list are free."""
        return attrs.evolve(self, rows={k: v for k, v in self.rows.items() if k != name})


def whole_side(domain: Domain) -> Side:
    """Give the side that allows everything lawful."""
    if domain.kind in {"bool", "code"}:
        return Among(frozenset(range(domain.size)))
    return Span(domain.low, domain.high)


def point(domain: Domain, value: int) -> Side:
    """Give the side that allows one value."""
    return Among(frozenset({value})) if domain.kind in {"bool", "code"} else Span(value, value)


def around(law: Law, person: Lanes) -> Box:
    """Give the box with nobody inside but those who are like a person in all that the law reads."""
    found = domains(law)
    lists = {name for name, slot in found if slot == "#"} | {lane[0] for lane, d in found.items() if d.field}
    sides = {lane: point(d, int(person[lane])) for lane, d in found.items() if lane[0] not in lists}
    rows = {name: Rows({lane: person[lane] for lane in found if lane[0] == name}) for name in sorted(lists)}
    return Box(sides, rows)


class Boxed:
    """A law whose facts are those of another and the bounds of a box over them.

    `outside` are the steps true of who is inside a box without being in its region, by the region's step.
    """

    def __init__(self, law: Law, keys: Iterable[str]) -> None:
        """Take the law with the steps of the regions, and the names of these."""
        self.domains = {
            lane: d for lane, d in domains(law).items() if not isinstance(law.declared[lane[0]].type, t.ListOf)
        }
        declared = {**law.declared, **{d.name: d for lane in self.domains for d in _bounds(law, lane)}}
        extended = Extended(attrs.evolve(law, declared=declared))
        inside = extended.add("inside the box", both(*(_within(law, lane) for lane in self.domains)))
        self.outside = {
            key: extended.add(f"out of region: {key}", both(extended.read(inside), negated(extended.read(key))))
            for key in keys
        }
        self.law = extended.law()

    def question(self, key: str, box: Box) -> Exists:
        """Ask for somebody inside a box who is not in a region."""
        within: dict[Lane, Any] = {}
        for lane, domain in self.domains.items():
            side = box.sides.get(lane) or whole_side(domain)
            if isinstance(side, Among):
                for code in range(domain.size):
                    within[_member(lane, code), None] = int(code in side.codes)
            else:
                within[f"{LOW}{_name(lane)}", None], within[f"{HIGH}{_name(lane)}", None] = side.low, side.high
        for rows in box.rows.values():
            within |= rows.lanes
        return Exists(self.outside[key], {k: v for k, v in within.items() if k in set(self.law.inputs)})


def _name(lane: Lane) -> str:
    return lane[0] if lane[1] is None else f"{lane[0]} {lane[1]}"


def _member(lane: Lane, code: int) -> str:
    return f"{HAS}{_name(lane)} {code}"


def _bounds(law: Law, lane: Lane) -> list[FactDecl]:
    of = fact_of(law, *lane).type
    if isinstance(of, t.Bool | t.Enum):
        size = 2 if isinstance(of, t.Bool) else len(of.members)
        return [FactDecl(_member(lane, code), t.BOOL, About()) for code in range(size)]
    return [FactDecl(f"{end}{_name(lane)}", of, About()) for end in (LOW, HIGH)]


def _within(law: Law, lane: Lane) -> Expr:
    """Write that a fact is inside its side of the box."""
    value = fact_of(law, *lane)
    match value.type:
        case t.Bool():
            no, yes = (Fact(t.BOOL, _member(lane, code)) for code in (0, 1))
            return either(both(value, yes), both(negated(value), no))
        case t.Enum() as of:
            tests: Sequence[Expr] = [
                both(alike(value, Written(of, code)), Fact(t.BOOL, _member(lane, code)))
                for code in range(len(of.members))
            ]
            return either(*tests)
        case of:
            low, high = (Fact(of, f"{end}{_name(lane)}") for end in (LOW, HIGH))
            return both(Call(t.BOOL, "le", (low, value)), Call(t.BOOL, "le", (value, high)))
