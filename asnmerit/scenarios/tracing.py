"""What one expectation reached: the steps that its answer rests on, and the cells of tables that were read for it.

The trace starts at the names that a scenario expects and follows what was needed for them: of an `if` the branch
taken, of a filter the rows that passed, of a rule that does not concern the person only what says so. It reads the
policy as written, with the values that the decision has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.exact import exact_given
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step
from asnmerit.rules.reference import Facts, evaluated
from asnmerit.rules.table import CellRef

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.rules.law import Law

TABLE_READS = frozenset({"cell", "in_table"})
Cell = tuple[str, int]


@attrs.frozen
class Reached:
    """The keys of the steps and parameters that were needed, and the cells (table, place) that were read."""

    steps: frozenset[str]
    parameters: frozenset[str]
    cells: frozenset[Cell]


def reached(decision: Decision, roots: Iterable[str]) -> Reached:
    """Trace a decision from the steps named.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("indonesia/disiplin"), on="2024-12-31")
    >>> record = {"employment": "pns", "absences": [{"start": "2024-03-01", "days": 3}]}
    >>> reached(am.decide(law, record), ["absent_days"]).steps
    frozenset({'absent_days'})
    """
    trace = _Trace(decision.law, *exact_given(decision))
    for root in roots:
        trace.step(root, None)
    return Reached(frozenset(k for k, _ in trace.seen), frozenset(trace.parameters), frozenset(trace.cells))


def roots_of(decision: Decision, values: Iterable[str], answers: Iterable[str]) -> Iterator[str]:
    """Give the steps at which the trace of some expectations starts: of a decision all that its answer consists of.

    What a rule would have granted is no part of a refusal.
    """
    law = decision.law
    for name in values:
        if name in law.index:
            yield name
    for name in answers:
        node = law.decisions.get(name)
        if node is None:
            continue
        fields = node.fields if decision[name].status == "granted" else ()
        parts = [f"{name}.{part}" for part in ("granted", "conflict", "rule", *fields)]
        yield from (key for key in [*parts, *(r.key for r in node.rules)] if key in law.index)


class _Trace:
    """Walks expressions from the top, evaluating what decides which way the need goes."""

    def __init__(self, law: Law, facts: Facts, steps: Mapping[str, Any]) -> None:
        self.law, self.facts, self.steps = law, facts, dict(steps)
        self.seen: set[tuple[str, int | None]] = set()
        self.parameters: set[str] = set()
        self.cells: set[Cell] = set()
        self.outside = {
            rule.key: outside
            for node in law.decisions.values()
            for rule in node.rules
            if (outside := [c.key for c in rule.applies if steps.get(c.key) is False])
        }

    def step(self, key: str, row: int | None) -> None:
        """Follow one step; one that has a value a row, in the row asked or in all."""
        if (key, row) in self.seen:
            return
        self.seen.add((key, row))
        if outside := self.outside.get(key):
            for condition in outside:
                self.step(condition, None)
            return
        step = self.law.steps[self.law.index[key]]
        if step.binder is None:
            self.visit(step.rich, {})
            return
        rows = self.facts.lists[step.binder.list_fact] or ()
        for i in range(len(rows)) if row is None else (row,):
            self.visit(step.rich, {step.binder: i})

    def value(self, node: Expr, rows: Mapping[Binder, int]) -> Any:  # noqa: ANN401 - exact, or None
        return evaluated(node, self.law.data, self.facts, self.steps, rows)

    def visit(self, node: Expr, rows: Mapping[Binder, int]) -> None:
        match node:
            case Literal() | Fact() | Row():
                return
            case Parameter():
                self.parameters.add(node.key)
            case Step():
                self.step(node.key, None if node.binder is None else rows[node.binder])
            case Call():
                self._call(node, rows)
            case Each():
                self._each(node, rows)

    def _call(self, node: Call, rows: Mapping[Binder, int]) -> None:
        if node.op == "if":
            test, yes, no = node.args
            truth = self.value(test, rows)
            taken = (yes, no) if truth is None else (yes,) if truth else (no,)
            for part in (test, *taken):
                self.visit(part, rows)
            return
        if node.op in TABLE_READS and isinstance(node.const, CellRef):
            keys = tuple(self.value(a, rows) for a in node.args)
            if None not in keys:
                self.cells.add((node.const.table, self.law.data.tables[node.const.table].place(keys)))
        for part in node.args:
            self.visit(part, rows)

    def _each(self, node: Each, rows: Mapping[Binder, int]) -> None:
        lines = self.facts.lists[node.binder.list_fact]
        for i in range(len(lines or ())):
            inner = {**rows, node.binder: i}
            if node.where is not None:
                self.visit(node.where, inner)
                if self.value(node.where, inner) is False:
                    continue
            self.visit(node.body, inner)
        if node.default is not None and not lines:
            self.visit(node.default, rows)
