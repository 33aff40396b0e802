"""The conditions of a law's rules, down to single tests, and the steps that say when one of them alone decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.questions import Extended, chosen, differ, whole
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Row, Step, walk

if TYPE_CHECKING:
    from asnmerit.auditing.questions import Lane
    from asnmerit.rules.assemble import DecisionNode, RuleNode
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law, LawStep

CONNECTIVES = frozenset({"and", "or", "not", "at_least"})
INNER = frozenset({"condition", "part", "operand"})
"""Roles of steps that only hold a part of a rule; derived values have a name of their own and are one test."""


@attrs.frozen(eq=False)
class Unit:
    """A condition of a rule, or one test inside a condition.

    `path` leads from the rule's own expression to it: places among arguments, 0 through a step. `condition` is the
    step of the condition it stands in; `place` counts the tests of that condition, 0 for the condition itself.
    """

    decision: DecisionNode
    rule: RuleNode
    condition: str
    place: int
    expr: Expr
    path: tuple[int, ...]
    about: About

    @property
    def name(self) -> str:
        """A name that tells it apart: the rule, the condition, and the number of the test."""
        inner = self.condition.removeprefix(f"{self.rule.key}.")
        return f"{self.rule.name}: {inner}" + (f" test {self.place}" if self.place else "")


def units(law: Law) -> Iterator[Unit]:
    """Give every condition of every rule, and every test of those that are made of several.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [u.name for u in units(law)][:2]
    ['promosi_prestasi: applies', 'promosi_prestasi: promotion.requires.active']
    """
    for decision in law.decisions.values():
        for rule in decision.rules:
            top = law.steps[law.index[rule.key]].rich
            yield from _Below(law, decision, rule).units(top, (), rule.key, rule.about)


@attrs.frozen
class _Below:
    law: Law
    decision: DecisionNode
    rule: RuleNode

    def units(self, node: Expr, path: tuple[int, ...], inside: str, about: About) -> Iterator[Unit]:
        """Go down from a node of a rule's expression; `inside` is the condition that it stands in."""
        tests = [0]
        yield from self._down(node, path, inside, about, tests, alone=True)

    def _down(
        self, node: Expr, path: tuple[int, ...], inside: str, about: About, tests: list[int], *, alone: bool
    ) -> Iterator[Unit]:
        if isinstance(node, Step) and node.binder is None and node.key in self.law.index:
            step = self.law.steps[self.law.index[node.key]]
            if step.role == "condition":
                yield Unit(self.decision, self.rule, node.key, 0, node, path, step.about)
                inner, way, last = step.rich, (*path, 0), node.key
                while (named := self._named(inner)) is not None:  # it only names another, which would be said twice
                    inner, way, last = named.rich, (*way, 0), named.key
                yield from self.units(inner, way, last, step.about)
                return
            if step.role in INNER and isinstance(step.type, t.Bool):
                yield from self._down(step.rich, (*path, 0), inside, about, tests, alone=False)
                return
        if isinstance(node, Call) and node.op in CONNECTIVES:
            for i, arg in enumerate(node.args):
                yield from self._down(arg, (*path, i), inside, about, tests, alone=alone and len(node.args) == 1)
            return
        if alone or isinstance(node, Literal):
            return
        tests[0] += 1
        yield Unit(self.decision, self.rule, inside, tests[0], node, path, about)

    def _named(self, node: Expr) -> LawStep | None:
        """Give the condition that an expression is the name of."""
        if not isinstance(node, Step) or node.binder is not None:
            return None
        step = self.law.steps[self.law.index[node.key]]
        return step if step.role == "condition" else None


@attrs.frozen(eq=False)
class Decider:
    """A unit with the steps of the extended law: its truth, whether it alone decides its rule, and both as a number.

    `measure` is 2 where it alone decides and the rule holds, 0 where it alone decides and the rule does not, else 1.
    """

    unit: Unit
    truth: str
    decides: str
    measure: str
    lanes: tuple[Lane, ...]


def deciders(law: Law) -> tuple[Law, tuple[Decider, ...]]:
    """Extend a law by the steps that say of each unit when it alone decides its rule."""
    extended = Extended(law)
    found = []
    for i, unit in enumerate(units(law)):
        top = law.steps[law.index[unit.rule.key]].rich
        yes, no = (_put(law, top, unit.path, value) for value in (True, False))
        truth = unit.expr.key if isinstance(unit.expr, Step) else extended.add(f"test {i}", unit.expr)
        decides = extended.add(f"decides {i}", differ(yes, no))
        rule = extended.read(unit.rule.key)
        worth = chosen(extended.read(decides), chosen(rule, whole(2), whole(0)), whole(1))
        found.append(Decider(unit, truth, decides, extended.add(f"measure {i}", worth), ()))
    done = extended.law()
    return done, tuple(attrs.evolve(d, lanes=lanes_below(done, d.truth)) for d in found)


def _put(law: Law, node: Expr, path: tuple[int, ...], value: bool) -> Expr:  # noqa: FBT001 - the truth that is put there
    """Write an expression with the part at the end of a path replaced by a constant."""
    if not path:
        return Literal(t.BOOL, value)
    if isinstance(node, Step):
        return _put(law, law.steps[law.index[node.key]].rich, path[1:], value)
    if not isinstance(node, Call):
        raise TypeError(node)
    args = tuple(_put(law, a, path[1:], value) if i == path[0] else a for i, a in enumerate(node.args))
    return attrs.evolve(node, args=args)


def lanes_below(law: Law, key: str) -> tuple[Lane, ...]:
    """Give the lanes that a step rests on, in the order of the law's."""
    found: set[Lane] = set()
    pending, seen = [key], {key}
    while pending:
        step = law.steps[law.index[pending.pop()]]
        if step.binder is not None:
            found.add((step.binder.list_fact, "#"))
        for node in walk(step.code):
            match node:
                case Fact():
                    found.add((node.name, node.slot))
                case Row():
                    found |= {(node.binder.list_fact, f".{node.field}"), (node.binder.list_fact, "#")}
                case Each():
                    found.add((node.binder.list_fact, "#"))
                case Step() if node.key not in seen:
                    seen.add(node.key)
                    pending.append(node.key)
                case _:
                    pass
    return tuple(lane for lane in law.inputs if lane in found and lane[0] != "as_of")
