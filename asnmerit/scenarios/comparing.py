"""What was expected against what came out: exactly, and by name."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import Fault
from asnmerit.rules.document import Node, Scalar, kind_of
from asnmerit.rules.document import Sequence as Items
from asnmerit.rules.expr import Call, Literal, Parameter, walk
from asnmerit.rules.law import shown_exact
from asnmerit.rules.table import MonthsRef
from asnmerit.rules.to_text import shown_literal
from asnmerit.rules.types import Bool, Date, Enum, Number
from asnmerit.rules.types import Scalar as ScalarType
from asnmerit.scenarios.given import expected_value

if TYPE_CHECKING:
    from asnmerit.decision import Decision, Outcome
    from asnmerit.outcome import ConditionResult
    from asnmerit.rules.law import Law
    from asnmerit.scenarios.book import Scenario
    from asnmerit.scenarios.form import Answer


@attrs.frozen
class Mismatch:
    """One thing that came out otherwise: its name, what was expected and what was got, as text."""

    name: str
    expected: str
    got: str
    decision: str = ""

    def __str__(self) -> str:
        """Name, expected and got, on one line."""
        return f"{self.name}: expected {self.expected}, got {self.got}"


def faults_differ(scenario: Scenario, faults: Sequence[Fault]) -> tuple[Mismatch, ...]:
    """Hold the faults of the record against those expected; each expected one must be there, and no other."""
    expected = [(f.code, f.fact) for f in scenario.expect.faults or ()]
    left = list(faults)
    unmet = []
    for code, fact in sorted(expected, key=lambda e: e[1] is None):  # those that name a fact first
        met = next((f for f in left if f.code == code and fact in {None, f.fact}), None)
        if met is None:
            unmet.append(code)
        else:
            left.remove(met)
    if not unmet and not left:
        return ()
    got = "; ".join(map(str, faults)) or "the record passes"
    said = ", ".join(f"{code} on {fact}" if fact else code for code, fact in expected) or "a record that passes"
    return (Mismatch("faults", said, got),)


# --- values ---


def values_differ(scenario: Scenario, decision: Decision, faults: Faults) -> Iterator[Mismatch]:
    """Hold the named values against those expected. A name that the law does not have is a fault of the scenario."""
    law = decision.law
    for name, node in (scenario.expect.values or {}).items():
        if name in law.index:
            step = law.steps[law.index[name]]
            if step.binder is None:
                yield from _differs(name, node, step.type, decision.values[name], faults)
            else:
                yield from _rows_differ(name, node, step.type, decision.values[name], faults)
        elif name in (parameters := _parameters(law)):
            yield from _parameter_differs(name, node, parameters[name], law.data.parameters[name], faults)
        else:
            near = [k for k in law.index if k.startswith(f"{name}[")][:2] or near_misses(
                name, [*law.index, *parameters]
            )
            faults.add("unknown-name", node.position, near, kind="value of the law", name=name[:80])


def _parameters(law: Law) -> dict[str, ScalarType | None]:
    """Give the parameters that the law reads with their types; None for a set of months."""
    found: dict[str, ScalarType | None] = {}
    for step in law.steps:
        for node in walk(step.rich):
            if isinstance(node, Parameter):
                found[node.key] = node.type
            elif isinstance(node, Call) and isinstance(node.const, MonthsRef):
                found[node.const.key] = None
    return found


def _parameter_differs(name: str, node: Node, of: ScalarType | None, value: Any, faults: Faults) -> Iterator[Mismatch]:  # noqa: ANN401
    """Compare a value of the law."""
    if of is not None:
        yield from _differs(name, node, of, shown_literal(Literal(of, value)), faults)
        return
    got = [str(m) for m in sorted(value)]
    said = [i.text if isinstance(i, Scalar) else "?" for i in node.items] if isinstance(node, Items) else ["?"]
    if said != got:
        yield Mismatch(name, ", ".join(said), ", ".join(got))


def _rows_differ(name: str, node: Node, of: ScalarType, got: Any, faults: Faults) -> Iterator[Mismatch]:  # noqa: ANN401
    """Compare a value that each row of a list has, row by row."""
    if isinstance(node, Scalar) and node.text == "unknown" and not node.quoted:
        if got is not None:
            yield Mismatch(name, "unknown", f"{len(got)} rows")
        return
    if not isinstance(node, Items):
        faults.add("shape-kind", node.position, what=f"`{name}`", expected="a list, one a row", got=kind_of(node))
        return
    if got is None or len(got) != len(node.items):
        yield Mismatch(name, f"{len(node.items)} rows", "unknown" if got is None else f"{len(got)} rows")
        return
    for i, (item, one) in enumerate(zip(node.items, got, strict=True), start=1):
        yield from _differs(f"{name}[{i}]", item, of, one, faults)


def _differs(name: str, node: Node, of: ScalarType, got: Any, faults: Faults, *, of_: str = "") -> Iterator[Mismatch]:  # noqa: ANN401
    before = len(faults.errors)
    expected = expected_value(node, of, faults, f"`{name}`")
    if len(faults.errors) > before:
        return
    if expected != _exact(got, of):
        yield Mismatch(name, _said(expected, of), _said(_exact(got, of), of), of_)


def _exact(got: Any, of: ScalarType) -> Any:  # noqa: ANN401 - a shown value as the law holds it
    if got is None:
        return None
    match of:
        case Number():
            return Fraction(got)
        case Date():
            return got.toordinal() if isinstance(got, datetime.date) else got
        case Enum():
            return of.members.index(got)
        case Bool():
            return bool(got)


def _said(value: Any, of: ScalarType) -> str:  # noqa: ANN401 - an exact value
    """Write a value as a scenario does."""
    if value is None:
        return "unknown"
    return ("yes" if value else "no") if isinstance(of, Bool) else shown_exact(value, of)


# --- decisions ---


def answers_differ(scenario: Scenario, decision: Decision, faults: Faults) -> Iterator[Mismatch]:
    """Hold the answers of decisions against those expected."""
    for name, answer in (scenario.expect.decisions or {}).items():
        if name not in decision.outcomes:
            near = near_misses(name, decision.outcomes)
            faults.add("unknown-name", answer.position, near, kind="decision", name=name)
        elif answer.status:
            yield from _answer_differs(name, answer, decision[name], faults)


def _answer_differs(name: str, answer: Answer, outcome: Outcome, faults: Faults) -> Iterator[Mismatch]:
    if answer.status != outcome.status:
        open_ = f" (missing: {', '.join(outcome.missing)})" if outcome.status == "undetermined" else ""
        yield Mismatch(f"{name}.status", answer.status, outcome.status + open_, name)
    rules = {r.name for r in outcome.node.rules}
    wanted = [answer.rule] if answer.rule is not None else []
    for rule in [*wanted, *(answer.rules or ())]:
        if rule.text not in rules:
            near = [r for r in sorted(rules) if r.startswith(f"{rule.text}[")][:2] or near_misses(rule.text, rules)
            faults.add("unknown-name", rule.position, near, kind="rule", name=rule.text)
    if answer.rule is not None and answer.rule.text != outcome.rule:
        yield Mismatch(f"{name}.rule", answer.rule.text, outcome.rule or "none", name)
    if answer.rules is not None and sorted(r.text for r in answer.rules) != sorted(outcome.rules):
        yield Mismatch(f"{name}.rules", _listed(r.text for r in answer.rules), _listed(outcome.rules), name)
    if answer.missing is not None and sorted(m.text for m in answer.missing) != sorted(outcome.missing):
        yield Mismatch(f"{name}.missing", _listed(m.text for m in answer.missing), _listed(outcome.missing), name)
    yield from _fields_differ(name, answer.outcome, outcome, faults)
    if answer.total is not None and outcome.node.hit != "collect":
        faults.add("unknown-name", answer.position, kind=f"total of `{name}`", name=", ".join(answer.total))
    else:
        yield from _fields_differ(name, answer.total, outcome, faults)
    yield from _grants_differ(name, answer, outcome, faults)
    yield from _reasons_differ(name, answer, outcome, faults)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _fields_differ(
    name: str, fields: Mapping[str, Scalar] | None, outcome: Outcome, faults: Faults
) -> Iterator[Mismatch]:
    law, got = outcome.decision.law, outcome.outcome or {}
    for field, node in (fields or {}).items():
        key = f"{name}.{field}"
        known = [f for f in outcome.node.fields if f"{name}.{f}" in law.index]
        if field not in known:
            faults.add("unknown-name", node.position, near_misses(field, known), kind="outcome", name=field)
            continue
        step = law.steps[law.index[key]]
        yield from _differs(key, node, step.type, got.get(field), faults, of_=name)


def _grants_differ(name: str, answer: Answer, outcome: Outcome, faults: Faults) -> Iterator[Mismatch]:
    """Hold what single rules grant against what is expected of them."""
    law, granted = outcome.decision.law, {g.rule: g.outcome for g in outcome.grants}
    nodes = {r.name: r for r in outcome.node.rules}
    for rule, fields in (answer.grants or {}).items():
        if rule not in nodes:
            near = [r for r in nodes if r.startswith(f"{rule}[")][:2] or near_misses(rule, nodes)
            faults.add("unknown-name", answer.position, near, kind="rule", name=rule)
        elif rule not in granted:
            yield Mismatch(f"{name}.{rule}", "granted", "not granted", name)
        else:
            for field, node in fields.items():
                key = nodes[rule].grants.get(field)
                if key is None:
                    near = near_misses(field, nodes[rule].grants)
                    faults.add("unknown-name", node.position, near, kind="outcome", name=field)
                else:
                    of = law.steps[law.index[key]].type
                    yield from _differs(f"{name}.{rule}.{field}", node, of, granted[rule].get(field), faults, of_=name)


def _reasons_differ(name: str, answer: Answer, outcome: Outcome, faults: Faults) -> Iterator[Mismatch]:
    """Each condition named must speak against some rule for certain."""
    if answer.because is None:
        return
    known: set[str] = set()
    against: set[str] = set()
    for conditions in outcome.conditions.values():
        known |= {c.name for c in _all(conditions)}
        outside = [c for c in conditions if c.part == "applies" and c.truth is False]
        against |= {c.name for c in _all(outside or conditions) if c.holds is False}
    for reason in answer.because:
        if reason.text not in known:
            near = near_misses(reason.text, known)
            faults.add("unknown-name", reason.position, near, kind="condition", name=reason.text)
        elif reason.text not in against:
            yield Mismatch(f"{name}.because", reason.text, _listed(against), name)


def _all(conditions: Iterable[ConditionResult]) -> Iterator[ConditionResult]:
    for condition in conditions:
        yield condition
        yield from _all(condition.children)
        yield from _all(condition.exceptions)
