"""What would settle an undetermined decision: a set of facts that does whatever their values, none of them to spare.

The search counts folds, not seconds, so that the same question always has the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.compiled import compiled
from asnmerit.edge import Input
from asnmerit.outcome import cone
from asnmerit.rules.bounds import UNKNOWN, Range, Rows, bounded
from asnmerit.rules.expr import Each, Fact, Row, Step, walk
from asnmerit.rules.kernel import Int
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, PerMember, Scalar, Yearly
from asnmerit.views import shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import LawStep

FUEL = 300
TRIES = 30
ROUNDS = 30
RUNS = 250
FUEL_A_FACT = 40
SEED = 20_000
Pick = Callable[[Int], int]


@attrs.frozen
class Missing:
    """Names of facts that settle the decision whatever their values. `exact`: none of them can be left out."""

    facts: tuple[str, ...]
    exact: bool

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names."""
        return iter(self.facts)

    def __len__(self) -> int:
        """Count the facts."""
        return len(self.facts)

    def __contains__(self, name: object) -> bool:
        """Whether a fact is among them."""
        return name in self.facts


@attrs.frozen
class _Unknown:
    """One unknown fact: its flat name, the fact it belongs to, its slot, or the row and field of a known list."""

    name: str
    fact: str
    slot: Any
    type: Scalar | ListOf
    row: int = -1

    @property
    def whole_list(self) -> bool:
        return isinstance(self.type, ListOf)


class _Search:
    """The question of one decision: lanes known and unknown, the steps it rests on, fuel."""

    def __init__(self, decision: Decision, node: DecisionNode) -> None:
        self.decision, self.node, self.law = decision, node, decision.law
        self.given = dict(zip(self.law.inputs, decision.given.lanes, strict=True))
        self.fuel = FUEL
        self.runs = RUNS

    @cached_property
    def roots(self) -> list[str]:
        node = self.node
        if node.hit == "collect":
            return [k for r in node.rules for k in (r.key, *r.grants.values())] + [
                f"{node.key}.{f}" for f in node.totals
            ]
        keys = [f"{node.key}.granted", f"{node.key}.conflict", *(f"{node.key}.{f}" for f in node.fields)]
        return [k for k in keys if k in self.law.index]

    @cached_property
    def steps(self) -> list[LawStep]:
        keys = set(cone(self.law, *self.roots))
        return [s for s in self.law.steps if s.key in keys]

    @cached_property
    def unknowns(self) -> list[_Unknown]:
        """All unknown facts that the decision's steps may read, in the order declared."""
        order = {name: i for i, name in enumerate(self.law.declared)}
        read = self._lanes_read()
        found = [u for lane in self.law.inputs if lane in read for u in self._unknown(lane)]
        unique = {u.name: u for u in found}
        return sorted(unique.values(), key=lambda u: (order[u.fact], u.row, str(u.slot)))

    def _lanes_read(self) -> set[tuple[str, Any]]:
        read: set[tuple[str, Any]] = set()
        for step in self.steps:
            if step.binder is not None:
                read.add((step.binder.list_fact, "#"))
            for n in walk(step.code):
                if isinstance(n, Fact):
                    read.add((n.name, n.slot))
                elif isinstance(n, Row):
                    read.add((n.binder.list_fact, f".{n.field}"))
                elif isinstance(n, Each):
                    read.add((n.binder.list_fact, "#"))
        return read

    def _unknown(self, lane: tuple[str, Any]) -> Iterator[_Unknown]:  # noqa: C901, PLR0912 - one case a kind of fact
        name, slot = lane
        if name == "as_of":
            return
        of = self.law.declared[name].type
        value = self.given[lane]
        match of:
            case ListOf():
                if slot == "#" and value is None:
                    yield _Unknown(name, name, None, of)
                elif slot != "#" and value is not None:
                    field = str(slot)[1:]
                    for i, cell in enumerate(value):
                        if cell is None:
                            flat = f"{name}_{i + 1}" if of.plain else f"{name}_{i + 1}_{field}"
                            yield _Unknown(flat, name, field, of.fields[field], i)
            case Yearly(inner):
                if value is None:
                    yield _Unknown(f"{name}_{self.decision.as_of.year - 1 - int(slot)}", name, slot, inner)
            case PerMember(inner):
                if value is None:
                    yield _Unknown(f"{name}_{slot}", name, slot, inner)
            case Bool() | Number() | Date() | Enum():
                if value is None:
                    yield _Unknown(name, name, None, of)
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

    def _rows(self, name: str, of: ListOf, by_place: Mapping[Any, _Unknown], free: Mapping[str, Range]) -> Rows:
        count = self.given.get((name, "#"), "absent")
        if count == "absent":
            count = next((len(v) for (n, s), v in self.given.items() if n == name and v is not None), None)
        if count is None:
            if name not in free:
                return Rows((), 0, unknown=True)
            row = {f: _full(k) for f, k in of.fields.items()}
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
        return bounded(self.steps, lanes, lists)

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

    # --- the search ---

    def reach(self) -> list[_Unknown]:
        """Go down from the roots through unknown arguments of unknown nodes: a settling set, by induction."""
        found = self.run({})
        index, seen = {s.key: s for s in self.steps}, set[str]()
        names: set[tuple[str, int | str | None]] = set()
        pending = [k for k in self.roots if _may_be_unknown(found[k])]
        while pending:
            key = pending.pop()
            if key in seen:
                continue
            seen.add(key)
            step = index[key]
            if step.binder is not None:
                names.add((step.binder.list_fact, None))
            for n in walk(step.code):
                if isinstance(n, Fact | Row):
                    names.add((n.name, n.slot) if isinstance(n, Fact) else (n.binder.list_fact, n.field))
                elif isinstance(n, Each):
                    names.add((n.binder.list_fact, None))
                elif isinstance(n, Step) and _may_be_unknown(found[n.key]):
                    pending.append(n.key)
        return [u for u in self.unknowns if (u.fact, u.slot) in names or (u.fact, "#") in names]

    def settles(self, names: list[_Unknown]) -> bool | None:
        """Whether the facts settle the decision whatever their values; None when the fuel does not tell."""
        if self._refuted(names):
            return False
        pending = [{u.name: _full(u.type) if not isinstance(u.type, ListOf) else Range() for u in names}]
        spent = self.fuel - FUEL_A_FACT
        while pending:
            if self.fuel <= max(spent, 0):
                return None
            box = pending.pop()
            if not self.open(self.run(box)):
                continue
            if any(u.whole_list for u in names):
                return None
            wide = [u for u in names if box[u.name].low < box[u.name].high]
            if not wide:
                return False
            widest = max(wide, key=lambda u: box[u.name].high - box[u.name].low)
            r = box[widest.name]
            middle = (r.low + r.high) // 2
            pending += [{**box, widest.name: Range(r.low, middle)}, {**box, widest.name: Range(middle + 1, r.high)}]
        return True

    def _refuted(self, names: list[_Unknown]) -> bool:
        """Look for answers that leave the decision open: one refutes.

        First fact by fact: keep a value under which the decision is still open with the rest unknown. By monotony
        a decision that is settled stays so, hence a value that settles it is a dead end. Then the corners, then
        random answers from a fixed seed.
        """
        rng = random.Random(SEED)  # noqa: S311 - the seed is fixed on purpose: the same question, the same answer
        self.runs = RUNS
        for _ in range(ROUNDS):
            if self.runs > 0 and self._walked(names, rng):
                return True
        pickers = [lambda t: t.lo, lambda t: t.hi] + [lambda t: rng.randint(t.lo, t.hi)] * TRIES
        return any(self.status(self._lanes(self._completed(names, pick))) == "undetermined" for pick in pickers)

    def _walked(self, names: list[_Unknown], rng: random.Random) -> bool:
        lanes = dict(self.given)
        for u in names:
            for choice in self._choices(u, rng):
                tried = {**lanes, **self._answered(lanes, u, choice)}
                if self.status(self._lanes(tried)) == "undetermined":
                    lanes = tried
                    break
            else:
                return False
        return True

    def _choices(self, u: _Unknown, rng: random.Random) -> list[Any]:
        """Give a few answers to a fact: the ends and some between; for a list none, one row, all rows."""

        def low(t: Int) -> int:
            return t.lo

        def high(t: Int) -> int:
            return t.hi

        def some(t: Int) -> int:
            return rng.randint(t.lo, t.hi)

        if isinstance(u.type, ListOf):
            counts = {u.type.at_least, max(u.type.at_least, 1), u.type.up_to}
            rows = [_rows(u.type, n, pick) for n in sorted(counts) for pick in (high, low, some)]
            rng.shuffle(rows)
            return rows
        picked = [_legal(u.type, pick) for pick in (high, low, *([some] * 6))]
        rng.shuffle(picked)
        return list(dict.fromkeys(picked))

    def _answered(self, lanes: dict[Any, Any], u: _Unknown, choice: Any) -> dict[Any, Any]:  # noqa: ANN401
        """Give the lanes that one answer fills."""
        if isinstance(u.type, ListOf):
            return {(n, s): choice[s] for n, s in self.law.inputs if n == u.fact}
        if u.row >= 0:
            cells = list(lanes[(u.fact, f".{u.slot}")])
            cells[u.row] = choice
            return {(u.fact, f".{u.slot}"): tuple(cells)}
        return {(u.fact, u.slot): choice}

    def _completed(self, names: list[_Unknown], pick: Pick) -> dict[Any, Any]:
        lanes = dict(self.given)
        for u in names:
            if isinstance(u.type, ListOf):
                count = pick(Int("number", u.type.at_least, u.type.up_to))
                lanes.update(self._answered(lanes, u, _rows(u.type, count, pick)))
            else:
                lanes.update(self._answered(lanes, u, _legal(u.type, pick)))
        return lanes

    def _lanes(self, lanes: Mapping[Any, Any]) -> tuple[Any, ...]:
        return tuple([lanes[lane] for lane in self.law.inputs])

    def status(self, lanes: tuple[Any, ...]) -> str:
        """Decide with other lanes."""
        from asnmerit.decision import Decision, Outcome  # noqa: PLC0415 - decide imports this module

        self.runs -= 1
        given = Input(lanes, (), sure=False)
        again = Decision(self.law, self.decision.as_of, given, compiled(self.law).run(given))
        return Outcome(again, compiled(self.law).plans[self.node.key]).status


def _may_be_unknown(found: Any) -> bool:  # noqa: ANN401 - a range, or one a row
    return any(r.unsure for r in found) if isinstance(found, list) else bool(found.unsure)


def _full(of: Scalar | ListOf) -> Range:
    t = int_type(of) if not isinstance(of, ListOf) else Int("number", 0, of.up_to)
    return Range(t.lo, t.hi)


def _rows(of: ListOf, count: int, pick: Pick) -> dict[str, Any]:
    """Make rows of a list, lane by lane."""
    columns = {f".{f}": tuple(_legal(kind, pick) for _ in range(count)) for f, kind in of.fields.items()}
    return {"#": count, **columns}


def _legal(of: Scalar, pick: Pick) -> int | bool:
    """Pick a legal value: on the step, or a truth value."""
    t = int_type(of)
    if isinstance(of, Number) and of.step is not None:
        step = int(of.step * t.den) or 1
        return int(t.lo + pick(Int("number", 0, (t.hi - t.lo) // step)) * step)
    value = pick(t)
    return bool(value) if t.kind == "bool" else int(value)


def missing_facts(decision: Decision, node: DecisionNode) -> Missing:
    """Find the facts that settle an undetermined decision; see `Missing`."""
    search = _Search(decision, node)
    kept = search.reach()
    exact = True
    for u in reversed(list(kept)):
        rest = [k for k in kept if k.name != u.name]
        answer = search.settles(rest)
        if answer:
            kept = rest
        elif answer is None:
            exact = False
    return Missing(tuple(u.name for u in kept), exact)


def _everything(search: _Search) -> dict[str, Any]:
    return search.run({u.name: _full(u.type) for u in search.unknowns})


def foregone(decision: Decision, node: DecisionNode) -> str | None:
    """Give the one status that every completion shares, where the ranges show it; else None."""
    search = _Search(decision, node)
    found = _everything(search)
    if node.hit == "collect":
        granted = Range(int(any(found[r.key].low for r in node.rules)), int(any(found[r.key].high for r in node.rules)))
        conflict = Range(0, 0)
    else:
        granted, conflict = found[f"{node.key}.granted"], found.get(f"{node.key}.conflict", Range(0, 0))
    possible = []
    if conflict.high:
        possible.append("conflict")
    if granted.high and not conflict.low:
        possible.append("granted")
    if not granted.low:
        possible.append("refused")
    return possible[0] if len(possible) == 1 else None


def total_bounds(decision: Decision, node: DecisionNode) -> dict[str, tuple[Any, Any]]:
    """Give the lowest and highest that each total can be over everything unknown."""
    search = _Search(decision, node)
    found = _everything(search)
    result = {}
    for field in node.totals:
        key = f"{node.key}.{field}"
        step = search.law.steps[search.law.index[key]]
        r, den = found[key], step.code.type.den
        result[field] = (shown_value(r.low, step.type, den), shown_value(r.high, step.type, den))
    return result
