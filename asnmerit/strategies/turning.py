"""Where an answer turns: the neighbouring values of one fact between which a comparison of the law comes out otherwise.

Nothing is read off the text of the rules. One value of a person is moved along what it can be, the law is computed,
and where a truth value or a class changes the turn is found by halving. So a threshold is found through scores,
tables and months as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

import attrs

from asnmerit.auditing.crowd.domains import Domain, Lane
from asnmerit.auditing.questions import Extended
from asnmerit.compiled import compiled
from asnmerit.edge import Input
from asnmerit.outcome import cone
from asnmerit.rules.declarations import About
from asnmerit.rules.expr import Call, Each, Expr, children
from asnmerit.rules.law import Law, LawStep
from asnmerit.rules.types import INTEGER, Bool

FEW = 24
"""So many values are tried one by one."""
MOST_WATCHED = 200
MOST_TURNS = 8
CONNECTIVES = frozenset({"and", "or", "not", "if", "at_least"})
Spot = tuple[Lane, int | None]
"""A value that can be moved: a lane, and of a list's field the row."""


class Turning:
    """What some steps of a law compare, watched while one value of a person moves."""

    def __init__(self, law: Law, keys: Iterable[str], domains: Mapping[Lane, Domain]) -> None:
        """Watch what the steps `keys` rest on: truth values, classes, tests inside an expression, bands of tables."""
        asked = tuple(keys)
        below = set(cone(law, *asked))
        steps = [s for s in law.steps if s.key in below]
        more = Extended(law)
        added = {more.add("~test", node) for node in islice(_tests(steps), MOST_WATCHED)}
        whole, lanes = more.law(), set(law.inputs)
        # What the kernel has folded away reads facts that nobody is asked for.
        tests = [
            s.key for s in whole.steps if s.key in added and lanes.issuperset(attrs.evolve(law, steps=(s,)).inputs)
        ]
        kept = set(cone(whole, *asked, *tests))
        bands = [LawStep(f"~band {i}", "part", INTEGER, n, n, About()) for i, n in enumerate(_bands(steps))]
        seen = (*(s for s in whole.steps if s.key in kept), *bands[:MOST_WATCHED])
        self.domains = domains
        self.law = attrs.evolve(law, steps=seen, decisions={}, rankings={}, shared={})
        self._watched = [
            i for i, s in enumerate(self.law.steps) if s.code.type.kind in {"bool", "code"} or s.key.startswith("~band")
        ]

    def __repr__(self) -> str:
        """Say how much is watched: Hypothesis shows it."""
        return f"<{len(self._watched)} comparisons>"

    def seen(self, known: Mapping[Lane, Any], day: int) -> tuple[Any, ...]:
        """Give how everything watched comes out for a person."""
        lanes = tuple([day if lane[0] == "as_of" else self._lane(known, lane) for lane in self.law.inputs])
        sure = not any(x is None or (isinstance(x, tuple) and None in x) for x in lanes)
        raw = compiled(self.law).run(Input(lanes, (), sure))
        return tuple([raw[i] for i in self._watched])

    def _lane(self, known: Mapping[Lane, Any], lane: Lane) -> Any:  # noqa: ANN401 - as the edge gives it
        value, domain = known[lane], self.domains[lane]
        if isinstance(value, list):
            return tuple([_typed(v, domain) for v in value])
        return _typed(value, domain) if not domain.field else value

    def turns(self, known: Mapping[Lane, Any], spot: Spot, day: int) -> tuple[int, ...]:
        """Give the places after which something turns, between one value of the spot and the next, lowest first."""
        domain = self.domains[spot[0]]

        def at(place: int) -> tuple[Any, ...]:
            return self.seen(moved(known, spot, domain.low + place * domain.step), day)

        last = domain.size - 1
        here = ((known[spot[0]] if spot[1] is None else known[spot[0]][spot[1]]) - domain.low) // domain.step
        tried = {*range(domain.size)} if domain.size <= FEW else {0, last, here, *(last * k // 6 for k in range(1, 6))}
        places = sorted(tried)
        found: list[int] = []
        before = at(places[0])
        for low, high in pairwise(places):
            after = at(high)
            if after != before and len(found) < MOST_TURNS:
                found.append(_between(at, low, before, high))
            before = after
        return tuple(found)


def _between(at: Any, low: int, before: tuple[Any, ...], high: int) -> int:  # noqa: ANN401 - a function of a place
    while high - low > 1:
        middle = (low + high) // 2
        seen = at(middle)
        if seen == before:
            low = middle
        else:
            high = middle
    return low


def moved(known: Mapping[Lane, Any], spot: Spot, value: int) -> dict[Lane, Any]:
    """Give the person with one value changed."""
    lane, row = spot
    if row is None:
        return {**known, lane: value}
    column = list(known[lane])
    column[row] = value
    return {**known, lane: column}


def spots(known: Mapping[Lane, Any], lanes: Iterable[Lane]) -> tuple[Spot, ...]:
    """Give the known values of a person that can be moved alone; how many rows a list has is none of them."""
    found: list[Spot] = []
    for lane in lanes:
        value = known.get(lane)
        if isinstance(value, list):
            found += [(lane, i) for i, v in enumerate(value) if v is not None]
        elif value is not None and lane[1] != "#":
            found.append((lane, None))
    return tuple(found)


def _tests(steps: Iterable[LawStep]) -> Iterator[Expr]:
    """Give the tests inside expressions, as the policy writes them: how months are counted makes none."""
    for node in _parts((s, s.rich) for s in steps):
        if isinstance(node, Call) and isinstance(node.type, Bool) and node.op not in CONNECTIVES:
            yield node


def _bands(steps: Iterable[LawStep]) -> Iterator[Call]:
    """Give the places where a value is sorted into the bands of a table."""
    for node in _parts((s, s.code) for s in steps):
        if isinstance(node, Call) and node.op == "bucket":
            yield node


def _parts(expressions: Iterable[tuple[LawStep, Expr]]) -> Iterator[Expr]:
    """Give the parts of expressions that can be computed by themselves: not those of a row. Each once."""
    seen: set[int] = set()
    for step, expr in expressions:
        waiting = [] if step.binder is not None else [expr]
        while waiting:
            node = waiting.pop()
            if id(node) not in seen and not isinstance(node, Each):
                seen.add(id(node))
                waiting += children(node)
                yield node


def _typed(value: Any, domain: Domain) -> Any:  # noqa: ANN401 - a truth value as the edge gives it
    return bool(value) if domain.kind == "bool" and value is not None else value
