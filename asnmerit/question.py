"""The question that one undetermined decision poses: what it rests on, what is unknown, and what can come of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.lazily import lazily
from asnmerit.outcome import cone
from asnmerit.rules.bounds import UNKNOWN, Range, Rows, bounded
from asnmerit.rules.expr import Each, Fact, Row, Step, walk
from asnmerit.rules.kernel import Int
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import LawStep

FUEL = 300


@attrs.frozen
class Unknown:
    """One unknown fact: its flat name, the fact it belongs to, its slot, or the row and field of a known list."""

    name: str
    fact: str
    slot: Any
    type: Scalar | ListOf
    row: int = -1

    @property
    def whole_list(self) -> bool:
        """Whether it is a list that is not known at all."""
        return isinstance(self.type, ListOf)


class Question:
    """The question of one decision: lanes known and unknown, the steps it rests on, fuel."""

    def __init__(self, decision: Decision, node: DecisionNode) -> None:
        self.decision, self.node, self.law = decision, node, decision.law
        self.given = dict(zip(self.law.inputs, decision.given.lanes, strict=True))
        self.fuel = FUEL

    @lazily
    def roots(self) -> list[str]:
        """The steps whose values make the status."""
        node = self.node
        if node.hit == "collect":
            return [k for r in node.rules for k in (r.key, *r.grants.values())] + [
                f"{node.key}.{f}" for f in node.totals
            ]
        keys = [f"{node.key}.granted", f"{node.key}.conflict", *(f"{node.key}.{f}" for f in node.fields)]
        return [k for k in keys if k in self.law.index]

    @lazily
    def steps(self) -> list[LawStep]:
        """The steps that the roots rest on, in the law's order."""
        keys = set(cone(self.law, *self.roots))
        return [s for s in self.law.steps if s.key in keys]

    @lazily
    def unknowns(self) -> list[Unknown]:
        """All unknown facts that the decision's steps may read, in the order declared."""
        order = {name: i for i, name in enumerate(self.law.declared)}
        read = self._lanes_read()
        found = [u for lane in self.law.inputs if lane in read for u in self._unknown(lane)]
        unique = {u.name: u for u in found}
        return sorted(unique.values(), key=lambda u: (order[u.fact], u.row, str(u.slot)))

    def _lanes_read(self) -> set[tuple[str, Any]]:
        return set().union(*map(_lanes_of, self.steps))

    def _unknown(self, lane: tuple[str, Any]) -> Iterator[Unknown]:  # noqa: C901, PLR0912 - one case a kind of fact
        name, slot = lane
        if name == "as_of":
            return
        of = self.law.declared[name].type
        value = self.given[lane]
        match of:
            case ListOf():
                if slot == "#" and value is None:
                    yield Unknown(name, name, None, of)
                elif slot != "#" and value is not None:
                    field = str(slot)[1:]
                    for i, cell in enumerate(value):
                        if cell is None:
                            flat = f"{name}_{i + 1}" if of.plain else f"{name}_{i + 1}_{field}"
                            yield Unknown(flat, name, field, of.fields[field], i)
            case Yearly(inner):
                if value is None:
                    yield Unknown(f"{name}_{self.decision.as_of.year - 1 - int(slot)}", name, slot, inner)
            case PerMember(inner):
                if value is None:
                    yield Unknown(f"{name}_{slot}", name, slot, inner)
            case Bool() | Number() | Date() | Enum():
                if value is None:
                    yield Unknown(name, name, None, of)
            case Months():
                return

    # --- ranges ---

    def ranges(self, free: Mapping[str, Range]) -> tuple[dict[tuple[str, Any], Range], dict[str, Rows]]:
        """Give lanes and lists: known facts as points, free ones in their range, the others unknown."""
        lanes: dict[tuple[str, Any], Range] = {}
        lists: dict[str, Rows] = {}
        by_place = {(u.fact, u.slot, u.row): u for u in self.unknowns}
        for (name, slot), value in self.given.items():
            declared = None if name == "as_of" else self.law.declared[name].type
            if isinstance(declared, ListOf):
                if name not in lists:
                    lists[name] = self._rows(name, declared, by_place, free)
            elif value is not None:
                lanes[(name, slot)] = Range(int(value), int(value))
            else:
                u = by_place.get((name, slot, -1))
                lanes[(name, slot)] = free[u.name] if u is not None and u.name in free else UNKNOWN
        return lanes, lists

    def _rows(self, name: str, of: ListOf, by_place: Mapping[Any, Unknown], free: Mapping[str, Range]) -> Rows:
        count = self.given.get((name, "#"), "absent")
        if count == "absent":
            count = next((len(v) for (n, s), v in self.given.items() if n == name and v is not None), None)
        if count is None:
            if name not in free:
                return Rows((), 0, unknown=True)
            row = {f: full_range(k) for f, k in of.fields.items()}
            return Rows([row] * of.up_to, of.at_least)
        rows = []
        for i in range(count):
            row = {}
            for field in of.fields:
                cells = self.given.get((name, f".{field}"))
                cell = None if cells is None else cells[i]
                u = by_place.get((name, field, i))
                row[field] = (
                    Range(int(cell), int(cell))
                    if cell is not None
                    else free[u.name]
                    if u is not None and u.name in free
                    else UNKNOWN
                )
            rows.append(row)
        return Rows(rows, count)

    def run(self, free: Mapping[str, Range]) -> dict[str, Any]:
        """Bound the steps; costs one unit of fuel."""
        self.fuel -= 1
        lanes, lists = self.ranges(free)
        return bounded(self.varying, lanes, lists, self.settled)

    @lazily
    def varying(self) -> list[LawStep]:
        """The steps that rest on something unknown: the others are bounded once."""
        unknown = {u.fact for u in self.unknowns}
        keys: set[str] = set()
        for step in self.steps:
            facts = {n for n, _ in _lanes_of(step)}
            reads = {n.key for n in walk(step.code) if isinstance(n, Step)}
            if facts & unknown or reads & keys:
                keys.add(step.key)
        return [s for s in self.steps if s.key in keys]

    @lazily
    def settled(self) -> dict[str, Any]:
        """The ranges, all of them points, of the steps that rest on known facts only."""
        varying = {s.key for s in self.varying}
        lanes, lists = self.ranges({})
        return bounded([s for s in self.steps if s.key not in varying], lanes, lists)

    def open(self, found: Mapping[str, Any]) -> bool:
        """Whether the decision may be undetermined when its steps lie in these ranges."""
        node = self.node
        if node.hit == "collect":
            return any(
                found[r.key].unsure or (found[r.key].true and any(found[g].unsure for g in r.grants.values()))
                for r in node.rules
            )
        conflict = found.get(f"{node.key}.conflict", Range(0, 0))
        if conflict.point and conflict.low == 1:
            return False
        granted = found[f"{node.key}.granted"]
        fields = [found[f"{node.key}.{f}"] for f in node.fields if f"{node.key}.{f}" in found]
        return bool(conflict.unsure or granted.unsure or (granted.true and any(f.unsure for f in fields)))


def full_range(of: Scalar | ListOf) -> Range:
    """Give the whole range of a fact; for a list, of its length."""
    t = int_type(of) if not isinstance(of, ListOf) else Int("number", 0, of.up_to)
    return Range(t.lo, t.hi)


def _lanes_of(step: LawStep) -> set[tuple[str, Any]]:
    """Give the lanes that a step reads itself."""
    read: set[tuple[str, Any]] = set() if step.binder is None else {(step.binder.list_fact, "#")}
    for n in walk(step.code):
        if isinstance(n, Fact):
            read.add((n.name, n.slot))
        elif isinstance(n, Row):
            read.add((n.binder.list_fact, f".{n.field}"))
        elif isinstance(n, Each):
            read.add((n.binder.list_fact, "#"))
    return read
