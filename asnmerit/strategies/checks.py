"""What the checks of a law leave of each value while a person is drawn, so that hardly anybody has to be thrown away.

Values are drawn one after another. Before each, the bounds of the checks are asked what it may still be, given those
that are drawn: a value that would break a check for certain is not offered. Bounds are sound, not tight: the person
is checked once more when complete.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from asnmerit.auditing.crowd.domains import Domain, Lane, domains
from asnmerit.outcome import cone
from asnmerit.rules.bounds import UNKNOWN, Range, Rows, bounded
from asnmerit.rules.expr import Call, Each, Expr, Fact, Row, walk
from asnmerit.rules.law import Law, LawStep

FEW = 40
"""So many places are tried one by one; of more, the ends are found by halving."""
MOST_WORK = 600
"""A check that takes more nodes than this to compute is not asked while drawing, only of the complete person."""
MOST_KEPT = 50_000
SWEEPS = 3
"""So often what the checks say of each value alone is worked out: one value's bounds tighten another's."""
Places = Sequence[int]
"""The places of a domain that are left: a tuple, or a range where there are many."""
Known = Mapping[Lane, Any]
"""What is drawn so far: an integer a lane, a list a field of rows; None is unknown; what is not drawn is not there."""


@attrs.frozen(eq=False)
class _Check:
    """One check: the steps it needs, the lanes it reads; the lists of which it asks each row by itself."""

    steps: tuple[LawStep, ...]
    lanes: frozenset[Lane]
    by_row: frozenset[str]

    @property
    def key(self) -> str:
        return self.steps[-1].key


class Checks:
    """The checks of one law on one day."""

    def __init__(self, law: Law, as_of: datetime.date) -> None:
        """Read the checks; what they say of each value alone is worked out at once."""
        self.law, self.day = law, as_of.toordinal()
        self.domains = domains(law)
        found = (_check(law, s) for s in law.steps if s.role == "check")
        self._all = tuple(c for c in found if _work(c, self.domains) <= MOST_WORK)
        self._of: dict[Lane, list[_Check]] = {}
        for check in self._all:
            for lane in check.lanes:
                self._of.setdefault(lane, []).append(check)
        self._memo: dict[Any, Places] = {}
        self._free: dict[Lane, Places] = {lane: range(d.size) for lane, d in self.domains.items()}
        for _ in range(SWEEPS if self._all else 0):
            self._free.update({lane: self.left({}, lane) for lane in self._of if lane in self._free})
            self._memo.clear()

    def left(self, known: Known, lane: Lane, row: int | None = None) -> Places:
        """Give the places that a value may still have; of a field, in one row."""
        found = self._free[lane]
        for check in self._of.get(lane, ()):
            found = _both(found, self._left_by(check, known, lane, row))
        return found

    def holds(self, known: Known, lane: Lane, row: int | None, place: int) -> bool:
        """Whether a place breaks no check for certain."""
        return all(self._possible(c, known, lane, row, place, place) for c in self._of.get(lane, ()))

    def beside(self, lane: Lane) -> frozenset[Lane]:
        """Give the lanes that stand in a check together with one."""
        return frozenset().union(*(check.lanes for check in self._of.get(lane, ()))) - {lane}

    def _left_by(self, check: _Check, known: Known, lane: Lane, row: int | None) -> Places:
        alone = lane[0] if row is not None and lane[0] in check.by_row else None
        key = (check.key, lane, row is None, tuple(_said(known, other, row, alone) for other in check.lanes))
        if key not in self._memo:
            if len(self._memo) > MOST_KEPT:
                self._memo.clear()
            self._memo[key] = self._asked(check, known, lane, row)
        return self._memo[key]

    def _asked(self, check: _Check, known: Known, lane: Lane, row: int | None) -> Places:
        free = self._free[lane]
        if len(free) <= FEW:
            return tuple(p for p in free if self._possible(check, known, lane, row, p, p))
        low, high = 0, len(free) - 1
        if not self._possible(check, known, lane, row, free[low], free[high]):
            return ()
        first = _first(low, high, lambda x: self._possible(check, known, lane, row, free[low], free[x]))
        back = _first(0, high - first, lambda x: self._possible(check, known, lane, row, free[high - x], free[high]))
        return free[first : high - back + 1]

    def _possible(self, check: _Check, known: Known, lane: Lane, row: int | None, first: int, last: int) -> bool:
        """Whether the check may hold while a value lies between two places."""
        domain = self.domains[lane]
        asked = Range(domain.low + first * domain.step, domain.low + last * domain.step)
        scalars: dict[Lane, Range] = {("as_of", None): Range(self.day, self.day)}
        lists: dict[str, dict[str, Any]] = {}
        for other in check.lanes:
            if other not in self.domains:
                continue
            if str(other[1])[:1] in {"#", "."}:
                lists.setdefault(other[0], {})[str(other[1])] = other
            else:
                scalars[other] = asked if other == lane else self._range(known.get(other, _Free), other)
        rows = {name: self._rows(check, known, name, lanes, (lane, row, asked)) for name, lanes in lists.items()}
        found = bounded(check.steps, scalars, rows)[check.key]
        return not (found.sure and not found.unsure and found.high == 0)

    def _range(self, value: Any, lane: Lane) -> Range:  # noqa: ANN401 - an integer, None, or not drawn
        if value is _Free:
            domain, free = self.domains[lane], self._free[lane]
            if not free:
                return Range(domain.low, domain.high)
            return Range(domain.low + free[0] * domain.step, domain.low + free[-1] * domain.step)
        return UNKNOWN if value is None else Range(int(value), int(value))

    def _rows(self, check: _Check, known: Known, name: str, lanes: Mapping[str, Lane], asked: Any) -> Rows:  # noqa: ANN401 - lane, row and range
        """Give the rows of a list as far as they are drawn; the one that is asked about stands alone where it may."""
        lane, row, wanted = asked
        fields = {slot[1:]: at for slot, at in lanes.items() if slot != "#"}
        free = {f: self._range(_Free, at) for f, at in fields.items()}

        def one(i: int) -> dict[str, Range]:
            found = {}
            for field, at in fields.items():
                column = known.get(at, ())
                drawn = column[i] if i < len(column) else _Free
                found[field] = wanted if at == lane and i == row else self._range(drawn, at)
            return found

        if row is not None and lane[0] == name and name in check.by_row:
            return Rows([one(row)], 1)
        if row is None and lane[0] == name and lane[1] != "#":
            return Rows([{**free, lane[1][1:]: wanted}], int(name in check.by_row))
        if lane == (name, "#"):
            return Rows([free] * wanted.high, wanted.low)
        size = known.get((name, "#"), _Free)
        if size is None:
            return Rows([], 0, unknown=True)
        if size is _Free:
            domain = self.domains[(name, "#")]
            return Rows([free] * domain.high, domain.low)
        drawn = max((len(known.get(at, ())) for at in fields.values()), default=0)
        return Rows([one(i) if i < drawn or i == row else free for i in range(size)], size)


class _Free:
    """Stands for a value that is not drawn yet."""


def _first(low: int, high: int, possible: Any) -> int:  # noqa: ANN401 - a test that is false up to a point, then true
    if possible(low):
        return low  # mostly a check leaves one end alone
    while low < high:
        middle = (low + high) // 2
        if possible(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _both(a: Places, b: Places) -> Places:
    if isinstance(a, range) and isinstance(b, range):
        return range(max(a.start, b.start), max(a.start, b.start, min(a.stop, b.stop)))
    few, many = (b, a) if isinstance(a, range) else (a, b)
    return tuple(p for p in few if p in many)


def _said(known: Known, lane: Lane, row: int | None, alone: str | None) -> Any:  # noqa: ANN401 - what a memo is kept under
    """Give what is drawn of a lane; of the rows that are asked about one by one, of this row."""
    value = known.get(lane, _Free)
    if not isinstance(value, list):
        return None if lane[0] == alone else value
    if lane[0] == alone and row is not None:
        return value[row] if row < len(value) else _Free
    return tuple(value)


def _check(law: Law, step: LawStep) -> _Check:
    keys = set(cone(law, step.key))
    steps = tuple(s for s in law.steps if s.key in keys)
    lanes: set[Lane] = set()
    folds: dict[str, list[Expr]] = {}
    for found in steps:
        if found.binder is not None:
            lanes.add((found.binder.list_fact, "#"))
        for node in walk(found.code):
            if isinstance(node, Fact):
                lanes.add((node.name, node.slot))
                if node.slot == "#":
                    folds.setdefault(node.name, []).append(node)
            elif isinstance(node, Row):
                lanes |= {(node.binder.list_fact, f".{node.field}"), (node.binder.list_fact, "#")}
            elif isinstance(node, Each):
                lanes.add((node.binder.list_fact, "#"))
                folds.setdefault(node.binder.list_fact, []).append(node)
    asked = {id(n): n for n in _joined(step.code) if isinstance(n, Each) and n.op == "all"}
    by_row = frozenset(name for name, nodes in folds.items() if all(id(n) in asked for n in nodes))
    return _Check(steps, frozenset(lanes), by_row)


def _work(check: _Check, of: Mapping[Lane, Domain]) -> int:
    """Count the nodes of a check, those that are computed row by row once a row."""
    rows = [of[lane].high for lane in check.lanes if lane[1] == "#" and lane[0] not in check.by_row]
    return sum(1 for step in check.steps for _ in walk(step.code)) * max([*rows, 1])


def _joined(code: Expr) -> list[Expr]:
    """Give the parts of which all must hold."""
    if isinstance(code, Call) and code.op == "and":
        return [part for arg in code.args for part in _joined(arg)]
    return [code]
