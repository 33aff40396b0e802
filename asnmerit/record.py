"""The decision record: what was decided for whom it was asked, by which law, from which facts.

A record is canonical JSON. It holds the facts that the law read and no others, exact numbers as text, the law's
fingerprint, and the derivation with its citations.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from asnmerit.compiled import compiled
from asnmerit.rules.types import ListOf, Number, PerMember, Scalar, Type, Yearly
from asnmerit.version import __version__
from asnmerit.views import plain, shown_value

if TYPE_CHECKING:
    from asnmerit.decision import Decision, Outcome
    from asnmerit.outcome import ConditionResult
    from asnmerit.rules.declarations import Citation

FORMAT = 1


def facts_of(decision: Decision) -> dict[str, Any]:
    """Give the facts that the law read, as a record would say them; presumed and unknown ones left out."""
    law, lanes, presumed = decision.law, decision.given.lanes, decision.presumed
    facts: dict[str, Any] = {}
    for name, places in compiled(law).lanes.items():
        if name in presumed:
            continue
        value = _fact(law.declared[name].type, {slot: lanes[at] for slot, at in places}, decision.as_of.year)
        if value is not None:
            facts[name] = value
    return facts


def _fact(of: Type, slots: dict[Any, Any], year: int) -> Any:  # noqa: ANN401 - a value as a record gives it
    match of:
        case Yearly(inner):
            return {year - 1 - k: _scalar(inner, v) for k, v in slots.items() if v is not None} or None
        case PerMember(inner):
            return {m: _scalar(inner, v) for m, v in slots.items() if v is not None} or None
        case ListOf() as rows:
            return _rows(rows, slots)
        case inner:
            return _scalar(inner, slots[None])  # type: ignore[arg-type]


def _rows(of: ListOf, slots: dict[Any, Any]) -> list[Any] | None:
    columns = {str(s)[1:]: v for s, v in slots.items() if s != "#"}
    count = slots.get("#", next((len(c) for c in columns.values() if c is not None), None))
    if count is None:
        return None
    if of.plain:
        return [_scalar(of.fields["value"], v) for v in columns["value"]] if "value" in columns else [None] * count
    return [{f: _scalar(of.fields[f], c[i]) for f, c in columns.items() if c[i] is not None} for i in range(count)]


def _scalar(of: Scalar, raw: Any) -> Any:  # noqa: ANN401
    return shown_value(raw, of, of.denominator if isinstance(of, Number) else 1)


def canonical(value: object) -> str:
    """Write plain data as canonical JSON: sorted keys, no spaces, UTF-8 characters as they are.

    >>> canonical({"b": 1, "a": [True, None]})
    '{"a":[true,null],"b":1}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def decision_record(decision: Decision) -> dict[str, Any]:
    """Give a decision as plain data that JSON can hold."""
    values = decision.values
    return {
        "asnmerit": FORMAT,
        "library": __version__,
        "law": decision.law.identity(),
        "as_of": decision.as_of.isoformat(),
        "facts": plain(decision.facts),
        "presumed": list(decision.presumed),
        "values": {k: plain(values[k]) for k in compiled(decision.law).named},
        "decisions": {name: _outcome(outcome) for name, outcome in decision.outcomes.items()},
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": outcome.kind,
        "status": outcome.status,
        "rules": list(outcome.rules),
        "open_rules": list(outcome.open_rules),
        "grade": outcome.grade,
        "outcome": None if outcome.outcome is None else plain(outcome.outcome),
        "derivation": {rule: [_condition(c) for c in found] for rule, found in outcome.conditions.items()},
    }
    if outcome.rule is not None:
        said["rule"] = outcome.rule
    if outcome.node.hit == "collect":
        said["grants"] = [{"rule": g.rule, "outcome": plain(g.outcome)} for g in outcome.grants]
    if outcome.status == "undetermined":
        said["missing"] = {"facts": list(outcome.missing.facts), "exact": outcome.missing.exact}
        said["foregone"] = outcome.foregone
        if outcome.node.totals:
            said["total_bounds"] = {f: plain(list(b)) for f, b in outcome.total_bounds.items()}
    return said


def _condition(found: ConditionResult) -> dict[str, Any]:
    said: dict[str, Any] = {"name": found.name, "part": found.part, "truth": found.truth}
    about = found.node.about
    if about.citations:
        said["source"] = list(_cited(about.citations))
    if found.children:
        said["of"] = [_condition(c) for c in found.children]
    if found.exceptions:
        said["own"] = found.own
        said["except"] = [_condition(e) for e in found.exceptions]
    return said


@lru_cache(maxsize=4_096)
def _cited(citations: tuple[Citation, ...]) -> tuple[str, ...]:
    """Give citations by the ids of their sources."""
    return tuple(f"{c.source} {c.place}".strip() for c in citations)
