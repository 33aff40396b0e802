"""The cheapest changes on one day: every combination tried in order of cost, or asked of the solver where too many."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.advice.levers import UNKNOWN, Lever
from asnmerit.advice.spreading import Rows, scopes
from asnmerit.auditing.questions import (
    WHOLE,
    Extended,
    Extreme,
    both,
    chosen,
    either,
    fact_of,
    level,
    negated,
    read_step,
    settled,
    whole,
)
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Expr
from asnmerit.rules.expr import Literal as Written

if TYPE_CHECKING:
    from asnmerit.advice.choices import Choices
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
PART: Final = 65_536
MOST_REFUSED: Final = 200
"""Combinations that the columns take for granted and `decide` does not, before the search is given up."""


@attrs.frozen
class Cheapest:
    """The changed lanes (empty: none is needed; None: no way was found), and whether it is proved to be so."""

    lanes: Mapping[Lane, int] | None
    proved: bool


NOT_ASKED: Final = Cheapest(None, proved=False)


def first_of(rows: Rows, found: Choices, confirmed: Any) -> Cheapest:  # noqa: ANN401 - a function of lanes
    """Try combinations in order of cost; the first that is answered as wanted, and that `confirmed` says so of too."""
    refused = 0
    scope = rows.scope(1, {})
    for part in found.parts(len(found), PART):
        good = rows.answered(len(part), found.columns(part), scope)
        for place in part[good]:
            lanes = changed(found.levers, found.at(int(place)))
            if confirmed(lanes):
                return Cheapest(lanes, found.complete)
            refused += 1
            if refused > MOST_REFUSED:
                return NOT_ASKED
    return Cheapest(None, found.complete)


def changed(levers: Sequence[Lever], values: Mapping[Lane, int]) -> dict[Lane, int]:
    """Keep the lanes that differ from what they are."""
    return {lever.lane: values[lever.lane] for lever in levers if values[lever.lane] not in {UNKNOWN, lever.now}}


# --- by the solver ---


def cost_of(law: Law, levers: Sequence[Lever]) -> Expr:
    """Write what the changes cost together."""
    total: Expr = whole(0)
    for lever in levers:
        total = Call(WHOLE, "add", (total, _cost(law, lever)))
    return total


def _cost(law: Law, lever: Lever) -> Expr:
    fact = fact_of(law, *lever.lane)
    d = lever.domain
    now = lever.now or 0
    if isinstance(fact.type, t.Bool):
        same: Expr = fact if now else negated(fact)
        return chosen(same, whole(0), whole(lever.cost))
    here: Expr
    if isinstance(fact.type, t.Number):
        here = Written(fact.type, Fraction(now, d.den))
        size = Call(WHOLE, "mul", (_apart(fact, here), whole(Fraction(d.den, d.step))))
        return Call(WHOLE, "mul", (size, whole(lever.cost)))
    here = Written(fact.type, now)
    same = Call(t.BOOL, "eq", (fact, here), None)
    steps: Expr = whole(1)
    if d.ordered:
        steps = Call(WHOLE, "max", (_apart(level(fact), level(here)), whole(1)))
    return chosen(same, whole(0), Call(WHOLE, "mul", (steps, whole(lever.cost))))


def _apart(a: Expr, b: Expr) -> Expr:
    return Call(a.type, "max", (Call(a.type, "sub", (a, b)), Call(a.type, "sub", (b, a))))


def question(law: Law, node: DecisionNode, wanted: str, levers: Sequence[Lever], lanes: Mapping[Lane, Any]) -> Any:  # noqa: ANN401
    """Give the extended law and the question for the least cost; None where a fact of the person is not known."""
    fixed = {lane: value for lane, value in lanes.items() if lane not in {lever.lane for lever in levers}}
    if any(v is None or (isinstance(v, list) and None in v) for v in fixed.values()):
        return None
    if any(lever.now is None for lever in levers):
        return None
    more = Extended(law)
    granted = settled(law, node)
    goals = [granted if wanted == "granted" else negated(granted)]
    for lever in levers:
        if lever.only_up:
            fact = fact_of(law, *lever.lane)
            here = Written(fact.type, Fraction(lever.now or 0, lever.domain.den))
            goals.append(Call(t.BOOL, "ge", (level(fact), level(here)), None))
    goals += _concerned(law, node, wanted, lanes)
    cost = more.add("cost of changes", cost_of(law, levers))
    goal = more.add("wanted", both(*goals))
    return more.law(), Extreme(cost, "min", goal, fixed)


def _concerned(law: Law, node: DecisionNode, wanted: str, lanes: Mapping[Lane, Any]) -> list[Expr]:
    """Write that the answer does not come from changing whom the rules concern; see `Rows.answered`."""
    before = Rows(law, node, wanted, lanes).scope(1, {})
    if not before:
        return []
    if wanted != "granted":
        return [read_step(law, key) for key, (value, known) in before.items() if known[0] and value[0]]
    outside = {scopes(law, node)[key] for key, (value, known) in before.items() if known[0] and not value[0]}
    return [either(*(read_step(law, rule.key) for rule in node.rules if rule.key not in outside))]


def by_solver(
    law: Law,
    node: DecisionNode,
    wanted: str,
    levers: Sequence[Lever],
    lanes: Mapping[Lane, Any],
    as_of: datetime.date,
    budget: float,
) -> Cheapest:
    """Ask the solver for the cheapest changes; where it has no answer in time, what it found is not proved."""
    from asnmerit.auditing.proving.driver import Budget, Prover  # noqa: PLC0415 - only where there is much to search

    asked = question(law, node, wanted, levers, lanes)
    if asked is None:
        return NOT_ASKED
    extended, least = asked
    with Prover(extended, Budget(total=budget, each=budget), as_of=as_of) as prover:
        answer = prover.ask(least)
    if not answer.people:
        return Cheapest(None, answer.verdict == "none")
    found = answer.people[0]
    return Cheapest(changed(levers, {lever.lane: int(found[lever.lane]) for lever in levers}), answer.proved)


def spans(good: Any, days: Sequence[datetime.date]) -> list[tuple[datetime.date, datetime.date]]:  # noqa: ANN401
    """Give the runs of days on which something holds.

    >>> day = datetime.date(2026, 4, 1)
    >>> spans([True, False], [day, day + datetime.timedelta(1)])
    [(datetime.date(2026, 4, 1), datetime.date(2026, 4, 1))]
    """
    marks = np.asarray(good, dtype=np.int8)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], marks, [0]])))
    return [(days[a], days[b - 1]) for a, b in edges.reshape(-1, 2)]
