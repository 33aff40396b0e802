"""Where the parts of each decision stand among a law's steps, looked up once so that reading an answer is quick."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.outcome import GRADES, ConditionPlan, condition_plans, grades_below
from asnmerit.views import viewer

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode, RuleNode
    from asnmerit.rules.law import Law

Show = Callable[[Any], Any]


@attrs.frozen
class Place:
    """A named value of the answer: where it stands and how it is shown."""

    name: str
    at: int
    show: Show


@attrs.frozen
class RulePlan:
    """A rule: where its truth, its grants and its conditions stand."""

    node: RuleNode
    at: int
    grants: tuple[Place, ...]
    conditions: tuple[ConditionPlan, ...]


@attrs.frozen
class DecisionPlan:
    """A decision: where its parts stand, and the worst grade of evidence that it rests on."""

    node: DecisionNode
    granted: int
    conflict: int | None
    which: int | None
    fields: tuple[Place, ...]
    rules: tuple[RulePlan, ...]
    grade: str


def planned(law: Law) -> dict[str, DecisionPlan]:
    """Plan every decision of a law."""
    return {name: _plan(law, node) for name, node in law.decisions.items()}


def _plan(law: Law, node: DecisionNode) -> DecisionPlan:
    def place(name: str, key: str) -> Place:
        at = law.index[key]
        step = law.steps[at]
        return Place(name, at, viewer(step.type, step.code.type.den))

    names = node.totals if node.hit == "collect" else node.fields
    fields = tuple(place(f, f"{node.key}.{f}") for f in names if f"{node.key}.{f}" in law.index)
    rules = tuple(
        RulePlan(r, law.index[r.key], tuple(place(f, key) for f, key in r.grants.items()), condition_plans(law, r))
        for r in node.rules
    )
    grades = grades_below(law, node)
    return DecisionPlan(
        node,
        law.index[f"{node.key}.granted"],
        law.index.get(f"{node.key}.conflict"),
        law.index.get(f"{node.key}.rule"),
        fields,
        rules,
        max(grades, key=GRADES.index) if grades else "",
    )


def status_of(raw: tuple[Any, ...], plan: DecisionPlan) -> str:
    """Read a decision's status off the values of the steps. Granted only when the whole outcome is known."""
    if plan.conflict is not None:
        conflict = raw[plan.conflict]
        if conflict is None or conflict:
            return "conflict" if conflict else "undetermined"
    granted = raw[plan.granted]
    if granted is None:
        return "undetermined"
    if not granted:
        return "refused"
    return "granted" if _complete(raw, plan) else "undetermined"


def _complete(raw: tuple[Any, ...], plan: DecisionPlan) -> bool:
    if plan.node.hit != "collect":
        return all(raw[p.at] is not None for p in plan.fields)
    for rule in plan.rules:
        holds = raw[rule.at]
        if holds is None or (holds and any(raw[p.at] is None for p in rule.grants)):
            return False
    return True
