"""What one expectation reached: the steps that its answer rests on, and the cells of tables that were read for it.

The trace starts at the names that a scenario expects and follows what was needed for them: of an `if` the branch
taken, of a filter the rows that passed, of a rule that does not concern the person only what says so. It reads the
policy as written, with the values that the decision has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.edge import Input
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, walk
from asnmerit.rules.lower import int_type
from asnmerit.rules.reference import Facts, evaluated
from asnmerit.rules.table import CellRef
from asnmerit.rules.types import Bool, Number

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
    trace = _Trace(decision.law, *_given(decision))
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


def _given(decision: Decision) -> tuple[Facts, dict[str, Any]]:
    """Give the facts and the steps of a decision as the reference holds them: exact."""
    law, given = decision.law, decision.given
    scalars, lists = _facts(law, given)
    steps: dict[str, Any] = {}
    for step, raw in zip(law.steps, decision.raw, strict=True):
        one = _exact(step.type, step.code.type.den)
        if raw is None or step.binder is None:
            steps[step.key] = one(raw)
        else:
            steps[step.key] = [one(r) for r in raw]
    return Facts(scalars, lists), steps


def _exact(of: Any, den: int) -> Any:  # noqa: ANN401 - a function from a kernel integer to an exact value
    def number(raw: int | None) -> Fraction | None:
        return None if raw is None else Fraction(raw, den)

    def truth(raw: int | None) -> bool | None:
        return None if raw is None else bool(raw)

    def plain(raw: int | None) -> int | None:
        return raw

    return number if isinstance(of, Number) else truth if isinstance(of, Bool) else plain


def _facts(law: Law, given: Input) -> tuple[dict[tuple[str, Any], Any], dict[str, Any]]:
    scalars: dict[tuple[str, Any], Any] = {}
    lanes: dict[str, dict[str, Any]] = {}
    kinds = _kinds(law)
    for (name, slot), raw in zip(law.inputs, given.lanes, strict=True):
        if isinstance(slot, str) and slot[:1] in {"#", "."}:
            lanes.setdefault(name, {})[slot] = raw
        else:
            scalars[(name, slot)] = kinds[(name, slot)](raw)
    lists: dict[str, Any] = {}
    for name, fields in lanes.items():
        count = fields.get("#")
        lists[name] = (
            None
            if count is None
            else [
                {slot[1:]: kinds[(name, slot)](lane[i]) for slot, lane in fields.items() if slot != "#"}
                for i in range(count)
            ]
        )
    return scalars, lists


def _kinds(law: Law) -> dict[tuple[str, Any], Any]:
    """Give for each lane how its kernel integers are made exact, by the nodes that read it."""
    found: dict[tuple[str, Any], Any] = {}
    for step in law.steps:
        for node in walk(step.rich):
            if isinstance(node, Fact):
                found.setdefault((node.name, node.slot), _exact(node.type, int_type(node.type).den))
            elif isinstance(node, Row):
                key = (node.binder.list_fact, f".{node.field}")
                found.setdefault(key, _exact(node.type, int_type(node.type).den))
    return found


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
