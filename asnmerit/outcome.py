"""The parts of an outcome: grants, conditions with their truth, and what a step rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from asnmerit.rules.assemble import reads
from asnmerit.rules.declarations import GRADES, About
from asnmerit.rules.expr import Each, Fact, Row, Step, walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from asnmerit.rules.assemble import ConditionNode, DecisionNode, RuleNode
    from asnmerit.rules.law import Law

__all__ = [
    "GRADES",
    "ConditionPlan",
    "ConditionResult",
    "Grant",
    "condition_plans",
    "cone",
    "facts_below",
    "grades_below",
    "slots_below",
]


class Grant(NamedTuple):
    """What one rule grants."""

    rule: str
    outcome: Mapping[str, Any]
    about: About


class ConditionResult(NamedTuple):
    """A condition as it turned out: `truth` is true, false or None; `holds` whether it speaks for the rule.

    `part` is `applies`, `requires` or `unless`. For an exception (`unless`) the rule needs it to be false.
    `asked` is false where the condition is not asked of this person (its `when` is false); `own` is the truth of what
    is asked, before exceptions.
    """

    name: str
    part: str
    truth: bool | None
    node: ConditionNode
    children: tuple[ConditionResult, ...] = ()
    exceptions: tuple[ConditionResult, ...] = ()
    asked: bool | None = True
    own: bool | None = None

    @property
    def holds(self) -> bool | None:
        """Whether the condition stands as the rule needs it: true, false, or None while it is not settled."""
        if self.truth is None:
            return None
        return not self.truth if self.part == "unless" else self.truth

    @property
    def about(self) -> About:
        """Its label, citation and note."""
        return self.node.about


@attrs.frozen(eq=False)
class ConditionPlan:
    """Where a condition and its parts stand among the law's steps."""

    name: str
    part: str
    node: ConditionNode
    at: int
    when: int | None
    children: tuple[ConditionPlan, ...]
    exceptions: tuple[ConditionPlan, ...]
    own: int

    def result(self, raw: tuple[Any, ...]) -> ConditionResult:
        """Read how the condition turned out."""
        truth = raw[self.at]
        return ConditionResult(
            self.name,
            self.part,
            truth,
            self.node,
            tuple([c.result(raw) for c in self.children]) if self.children else (),
            tuple([e.result(raw) for e in self.exceptions]) if self.exceptions else (),
            True if self.when is None else raw[self.when],
            raw[self.own],
        )


def condition_plans(law: Law, rule: RuleNode) -> tuple[ConditionPlan, ...]:
    """Plan a rule's conditions, scope first; a condition that only names a shared one is that one."""
    return tuple(
        _planned(law, node, part)
        for part, nodes in (("applies", rule.applies), ("requires", rule.requires), ("unless", rule.unless))
        for node in nodes
    )


def _planned(law: Law, node: ConditionNode, part: str) -> ConditionPlan:
    plain = node.form == "is" and not node.when and not node.exceptions
    if plain and node.shared in law.shared:
        return attrs.evolve(_planned(law, law.shared[node.shared], part), name=node.name)
    below = "requires" if part == "unless" else part
    return ConditionPlan(
        node.name,
        part,
        node,
        law.index[node.key],
        law.index[node.when] if node.when else None,
        tuple(_planned(law, c, below) for c in node.children),
        tuple(_planned(law, e, below) for e in node.exceptions),
        law.index[node.asked or node.key],
    )


def cone(law: Law, *keys: str) -> Iterator[str]:
    """Give the keys of the steps that some steps rest on, themselves included."""
    pending, seen = list(keys), set()
    while pending:
        key = pending.pop()
        if key in seen or key not in law.index:
            continue
        seen.add(key)
        yield key
        pending += [n.key for n in walk(law.steps[law.index[key]].rich) if isinstance(n, Step)]


def slots_below(law: Law, *keys: str) -> dict[str, set[int | str]]:
    """Give the facts that some steps rest on; of a family, the years or members of it that they read."""
    found: dict[str, set[int | str]] = {}
    for key in cone(law, *keys):
        for node in walk(law.steps[law.index[key]].code):
            if isinstance(node, Fact):
                slots = found.setdefault(node.name, set())
                slots |= set() if node.slot is None else {node.slot}
            elif isinstance(node, Row | Each):
                found.setdefault(node.binder.list_fact, set())
    found.pop("as_of", None)
    return found


def facts_below(law: Law, *keys: str) -> frozenset[str]:
    """Give the facts that some steps rest on."""
    return frozenset(slots_below(law, *keys))


def grades_below(law: Law, node: DecisionNode, rules: Sequence[RuleNode]) -> set[str]:
    """Give the grades of evidence of all that a decision rests on by some of its rules: parameters, tables, steps."""
    found = {node.about.evidence, *(r.about.evidence for r in rules)}
    for key in cone(law, *(r.key for r in rules), *(g for r in rules for g in r.grants.values())):
        step = law.steps[law.index[key]]
        found.add(step.about.evidence)
        parameters, tables = reads(step.rich)
        found |= {law.sources[n].evidence for n in (*parameters, *tables) if n in law.sources}
    return found - {""}
