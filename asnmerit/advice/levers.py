"""What a person can change: facts that a policy marks so, or that the caller gives a cost; and what a step costs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.auditing.crowd.domains import domains
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.outcome import slots_below
from asnmerit.rules.types import ListOf, Yearly

if TYPE_CHECKING:
    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
ONE: Final = 1
"""What a step costs where neither the policy nor the caller says."""
UNKNOWN: Final = -(2**62)
"""Stands in a column for a value that is not known."""
MOST_COST: Final = 10**9
FIXED: Final = ("immutable", "protected")


@attrs.frozen
class Lever:
    """One scalar that the person can change: from `now` (None: not known), at `cost` a step, perhaps only upward."""

    lane: Lane
    fact: str
    domain: Domain
    now: int | None
    cost: int
    only_up: bool

    def values(self, among: Collection[int] | None = None) -> Any:  # noqa: ANN401 - an array
        """Give what it can become, or which of some values: first what it is now, `UNKNOWN` where that is not known."""
        d = self.domain
        lawful = d.at(np.arange(d.size)) if among is None else sorted(v for v in set(among) if d.holds(v))
        found = np.asarray(lawful, np.int64)
        if self.now is None:
            return np.concatenate([[UNKNOWN], found])
        found = found[found != self.now]
        if self.only_up:
            levels = found if d.levels is None else np.asarray(d.levels)[found]
            found = found[levels >= d.level(self.now)]
        return np.concatenate([[self.now], found])

    def costs(self, values: Any) -> Any:  # noqa: ANN401 - arrays
        """Give what it costs to get to some values: steps of a number, levels, days; one step for what has no order."""
        if self.now is None:
            return np.where(values == UNKNOWN, 0, self.cost)
        d = self.domain
        if d.kind == "bool" or (d.kind == "code" and not d.ordered):
            steps = np.ones(len(values), dtype=np.int64)
        elif d.levels is not None:
            steps = np.maximum(np.abs(np.asarray(d.levels)[values] - d.level(self.now)), 1)
        else:
            steps = np.abs(values - self.now) // d.step
        return np.where(values == self.now, 0, steps * self.cost)


def asked_costs(law: Law, costs: Mapping[str, int] | None) -> Mapping[str, int]:
    """Check the costs that a caller gives.

    Raises:
        ArgumentError: for an unknown fact, one that nobody can change or that must not matter, or a wrong cost.
    """
    if costs is None:
        return {}
    if not isinstance(costs, Mapping):
        raise ArgumentError("costs", costs, "a mapping from facts to what one step costs")
    given: Mapping[str, object] = costs
    for name, cost in given.items():
        if name not in law.declared:
            near = near_misses(str(name), law.declared)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError("costs", name, f"a fact of the law{hint}")
        marks = [mark for mark in FIXED if mark in law.declared[name].marks]
        if marks:
            raise ArgumentError("costs", name, f"a fact that a person can change; it is marked {marks[0]}")
        if isinstance(cost, bool) or not isinstance(cost, int) or not 0 <= cost <= MOST_COST:
            raise ArgumentError(f"costs[{name!r}]", cost, f"a whole number from 0 to {MOST_COST}")
    return costs


def levers(
    law: Law, decision: str, lanes: Mapping[Lane, Any], costs: Mapping[str, int]
) -> tuple[tuple[Lever, ...], tuple[str, ...]]:
    """Give what the person can change that the decision rests on, and the facts that are not tried.

    Lists are not, nor facts of past years: what a row more would cost, or a year lived otherwise, no policy says.
    """
    found: list[Lever] = []
    lists: list[str] = []
    of = domains(law)
    for name in _coupled(law, decision, costs):
        decl = law.declared[name]
        if isinstance(decl.type, ListOf | Yearly):
            lists.append(name)
            continue
        cost = costs.get(name, ONE if decl.cost is None else decl.cost)
        found += [
            Lever(lane, name, of[lane], lanes[lane], cost, "merit" in decl.marks) for lane in of if lane[0] == name
        ]
    return tuple(found), tuple(lists)


def _coupled(law: Law, decision: str, costs: Mapping[str, int]) -> list[str]:
    """Give the changeable facts that a decision rests on, and those that a check of the record ties to one of them."""

    def changeable(*keys: str) -> dict[str, None]:
        marks = {name: law.declared[name].marks for name in slots_below(law, *keys)}
        may = [n for n, m in marks.items() if (n in costs or "actionable" in m) and not any(f in m for f in FIXED)]
        return dict.fromkeys(may)

    found = changeable(*(s.key for s in law.steps if s.key.startswith(f"{decision}.")))
    checks = [changeable(s.key) for s in law.steps if s.role == "check"]
    while tied := [more for more in checks if found.keys() & more and more.keys() - found.keys()]:
        for more in tied:
            found |= more
    return list(found)
