"""What would settle an undetermined decision: a set of facts that does whatever their values, none of them to spare.

The search counts folds, not seconds, so that the same question always has the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.compiled import compiled
from asnmerit.edge import Input
from asnmerit.lazily import lazily
from asnmerit.plan import status_of
from asnmerit.question import Question, Unknown, full_range
from asnmerit.rules.bounds import Range
from asnmerit.rules.expr import Each, Fact, Row, Step, walk
from asnmerit.rules.kernel import Int, int_of
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, Number, Scalar
from asnmerit.views import shown_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import DecisionNode

TRIES = 30
ROUNDS = 8
COMPLETIONS = 4
SOME_ROWS = 6
RUNS = 250
FUEL_A_FACT = 20
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


class _Search(Question):
    """The search for a settling set that has nothing to spare."""

    runs = 0

    # --- the search ---

    def reach(self) -> list[Unknown]:
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

    def settles(self, names: list[Unknown]) -> bool | None:
        """Whether the facts settle the decision whatever their values; None when the fuel does not tell."""
        whole = {u.name: full_range(u.type) if not isinstance(u.type, ListOf) else Range() for u in names}
        if not self.open(self.run(whole)):
            return True
        if self._refuted(names):
            return False
        if any(u.whole_list for u in names):
            return None
        pending, spent = [whole], self.fuel - FUEL_A_FACT
        while pending:
            if self.fuel <= max(spent, 0):
                return None
            box = pending.pop()
            if not self.open(self.run(box)):
                continue
            wide = [u for u in names if box[u.name].low < box[u.name].high]
            if not wide:
                return False
            widest = max(wide, key=lambda u: box[u.name].high - box[u.name].low)
            r = box[widest.name]
            step = _step(widest.type)
            middle = r.low + (r.high - r.low) // (2 * step) * step
            pending += [{**box, widest.name: Range(r.low, middle)}, {**box, widest.name: Range(middle + step, r.high)}]
        return True

    def _refuted(self, names: list[Unknown]) -> bool:
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

    def completions(self, names: list[Unknown]) -> list[dict[Any, Any]]:
        """Give a few complete answers that keep the decision open to the last: where each fact is likely to matter."""
        rng = random.Random(SEED)  # noqa: S311 - as above
        found = []
        for _ in range(COMPLETIONS):
            lanes = dict(self.given)
            for u in names:
                choices = self._choices(u, rng)
                tried = ({**lanes, **self._answered(lanes, u, c)} for c in choices)
                still_open = (t for t in tried if self.status(self._lanes(t)) == "undetermined")
                lanes = next(still_open, {**lanes, **self._answered(lanes, u, choices[0])})
            found.append(lanes)
        return found

    def open_without(self, u: Unknown, lanes: dict[Any, Any]) -> bool:
        """Whether the decision is open when all is answered but one fact: then that fact cannot be spared."""
        left = dict(lanes)
        if u.row >= 0:
            key: tuple[str, Any] = (u.fact, f".{u.slot}")
            left[key] = tuple([None if i == u.row else cell for i, cell in enumerate(lanes[key])])
        elif u.whole_list:
            left.update({(n, s): None for n, s in self.law.inputs if n == u.fact})
        else:
            left[(u.fact, u.slot)] = None
        return self.status(self._lanes(left)) == "undetermined"

    def _walked(self, names: list[Unknown], rng: random.Random) -> bool:
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

    def _choices(self, u: Unknown, rng: random.Random) -> list[Any]:
        """Give a few answers to a fact: the ends and some between; for a list none, one row, all rows."""

        def low(t: Int) -> int:
            return t.lo

        def high(t: Int) -> int:
            return t.hi

        def some(t: Int) -> int:
            return rng.randint(t.lo, t.hi)

        if isinstance(u.type, ListOf):
            counts = {u.type.at_least, max(u.type.at_least, 1), min(u.type.up_to, SOME_ROWS)}
            rows = [_rows(u.type, n, pick) for n in sorted(counts) for pick in (high, low, some)]
            rng.shuffle(rows)
            return rows
        picked = [_legal(u.type, pick) for pick in (high, low, *([some] * 6))]
        rng.shuffle(picked)
        return list(dict.fromkeys(picked))

    def _answered(self, lanes: dict[Any, Any], u: Unknown, choice: Any) -> dict[Any, Any]:  # noqa: ANN401
        """Give the lanes that one answer fills."""
        if isinstance(u.type, ListOf):
            return {(n, s): choice[s] for n, s in self.law.inputs if n == u.fact}
        if u.row >= 0:
            cells = list(lanes[(u.fact, f".{u.slot}")])
            cells[u.row] = choice
            return {(u.fact, f".{u.slot}"): tuple(cells)}
        return {(u.fact, u.slot): choice}

    def _completed(self, names: list[Unknown], pick: Pick) -> dict[Any, Any]:
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
        self.runs -= 1
        engine = compiled(self.law)
        return status_of(engine.run(Input(lanes, (), sure=False)), engine.plans[self.node.key])


class _OfValue(_Search):
    """The same search for one step: it replaces all that reads the decision; open while the value is not known."""

    def __init__(self, decision: Decision, key: str) -> None:
        super().__init__(decision, None)  # type: ignore[arg-type]
        self.key = key

    @lazily
    def roots(self) -> list[str]:
        return [self.key]

    def open(self, found: Mapping[str, Any]) -> bool:
        return _may_be_unknown(found[self.key])

    def status(self, lanes: tuple[Any, ...]) -> str:
        self.runs -= 1
        raw = compiled(self.law).run(Input(lanes, (), sure=False))
        return "undetermined" if raw[self.law.index[self.key]] is None else "settled"


def _may_be_unknown(found: Any) -> bool:  # noqa: ANN401 - a range, or one a row
    return any(r.unsure for r in found) if isinstance(found, list) else bool(found.unsure)


def _rows(of: ListOf, count: int, pick: Pick) -> dict[str, Any]:
    """Make rows of a list, lane by lane."""
    columns = {}
    for field, kind in of.fields.items():
        t, step = int_type(kind), _step(kind)
        columns[f".{field}"] = tuple([_picked(kind, t, step, pick) for _ in range(count)])
    return {"#": count, **columns}


def _step(of: Scalar | ListOf) -> int:
    """Give the distance between two neighbouring values, as the kernel counts."""
    return int(of.step * int_type(of).den) or 1 if isinstance(of, Number) and of.step is not None else 1


def _legal(of: Scalar, pick: Pick) -> int | bool:
    """Pick a legal value: on the step, or a truth value."""
    return _picked(of, int_type(of), _step(of), pick)


def _picked(of: Scalar, t: Int, step: int, pick: Pick) -> int | bool:
    if step != 1 or (isinstance(of, Number) and of.step is not None):
        return int(t.lo + pick(int_of("number", 0, (t.hi - t.lo) // step)) * step)
    value = pick(t)
    return bool(value) if t.kind == "bool" else int(value)


def missing_facts(decision: Decision, node: DecisionNode) -> Missing:
    """Find the facts that settle an undetermined decision; see `Missing`."""
    return _smallest(_Search(decision, node))


def missing_value(decision: Decision, key: str) -> Missing:
    """Find the facts that settle a step whose value is not known; see `Missing`."""
    return _smallest(_OfValue(decision, key))


def _smallest(search: _Search) -> Missing:
    kept = search.reach()
    exact = True
    answered = search.completions(kept)
    for u in reversed(list(kept)):
        if any(search.open_without(u, lanes) for lanes in answered):
            continue
        rest = [k for k in kept if k.name != u.name]
        answer = search.settles(rest)
        if answer:
            kept = rest
        elif answer is None:
            exact = False
    return Missing(tuple(u.name for u in kept), exact)


def _everything(search: _Search) -> dict[str, Any]:
    return search.run({u.name: full_range(u.type) for u in search.unknowns})


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
