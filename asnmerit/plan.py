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
    """A decision: where its parts stand."""

    node: DecisionNode
    granted: int
    conflict: int | None
    which: int | None
    fields: tuple[Place, ...]
    rules: tuple[RulePlan, ...]
    law: Law = attrs.field(eq=False, repr=False)
    grades: dict[tuple[int, ...], str] = attrs.field(factory=dict, eq=False, repr=False)

    def grade_of(self, rules: tuple[int, ...]) -> str:
        """Give the worst grade of evidence that the decision rests on by some of its rules, looked up once."""
        if rules not in self.grades:
            found = grades_below(self.law, self.node, [self.rules[i].node for i in rules])
            self.grades[rules] = max(found, key=GRADES.index) if found else ""
        return self.grades[rules]


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
    return DecisionPlan(
        node,
        law.index[f"{node.key}.granted"],
        law.index.get(f"{node.key}.conflict"),
        law.index.get(f"{node.key}.rule"),
        fields,
        rules,
        law,
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


def rules_that_count(raw: tuple[Any, ...], plan: DecisionPlan) -> tuple[int, ...]:
    """Give the rules that an answer rests on: those that concern the person, of `first` up to the one that granted.

    Where none concerns the person, all of them: the answer is that none does.
    """
    inside = [
        i
        for i, rule in enumerate(plan.rules)
        if not any(raw[c.at] is not None and not raw[c.at] for c in rule.conditions if c.part == "applies")
    ]
    if plan.which is not None and plan.node.hit == "first" and raw[plan.which] is not None and raw[plan.granted]:
        inside = [i for i in inside if i <= raw[plan.which]]
    return tuple(inside or range(len(plan.rules)))


def _complete(raw: tuple[Any, ...], plan: DecisionPlan) -> bool:
    if plan.node.hit != "collect":
        return all(raw[p.at] is not None for p in plan.fields)
    for rule in plan.rules:
        holds = raw[rule.at]
        if holds is None or (holds and any(raw[p.at] is None for p in rule.grants)):
            return False
    return True
