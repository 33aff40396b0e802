"""What of a law is an answer: decisions, named values, refusals; and which answers to a person differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from asnmerit.decision import Decision, decide
from asnmerit.errors import RecordError
from asnmerit.outcome import facts_below

if TYPE_CHECKING:
    import datetime

    from asnmerit.rules.law import Law

Record = dict[str, Any]
NAMED = frozenset({"derived", "indicator", "score", "ranking"})
"""The roles of steps that a policy names for people: their values are answers too."""


def observed(law: Law, steps: Iterable[str]) -> tuple[str, ...]:
    """Give those of some steps that answers are read off: of decisions and rules, named values, checks.

    What a single rule grants is an answer of its own only where the rules are collected.
    """
    parts = {r.key for d in law.decisions.values() for r in d.rules}
    collected = (d for d in law.decisions.values() if d.hit == "collect")
    parts |= {g for d in collected for r in d.rules for g in r.grants.values()}
    prefixes = tuple(f"{key}." for key in law.decisions)
    asked = set(steps)
    return tuple(
        s.key
        for s in law.steps
        if s.key in asked
        and (
            s.role in NAMED | {"check"}
            or s.key in parts
            or s.key in law.shared
            or (s.role == "decision" and s.key.startswith(prefixes))
        )
    )


def answers(decision: Decision, named: Iterable[str]) -> dict[str, Any]:
    """Give all that a scenario can expect of a decision, by the name that a report gives it."""
    found: dict[str, Any] = {f"values.{k}": decision.values[k] for k in named if k in decision.law.index}
    for name, outcome in decision.outcomes.items():
        granted = [(g.rule, tuple(map(str, g.outcome.items()))) for g in outcome.grants]
        said = None if outcome.outcome is None else tuple(outcome.outcome.items())
        found[f"decisions.{name}"] = (outcome.status, outcome.rule, tuple(sorted(outcome.rules)), said, sorted(granted))
    return found


def compared(a: Law, b: Law | None, record: Mapping[str, object], as_of: datetime.date) -> tuple[str, ...]:
    """Give the names of the answers that differ for one person; `refused` where one law takes the record alone."""
    before, after = _decided(a, record, as_of), None if b is None else _decided(b, record, as_of)
    if before is None or after is None or b is None:
        return () if before is after else ("refused",)
    named = [s.key for law in (a, b) for s in law.steps if s.role in NAMED or s.key in law.shared]
    one, other = answers(before, named), answers(after, named)
    return tuple(name for name in one if one[name] != other.get(name))


def lost(a: Law, b: Law) -> bool:
    """Whether one law has a named value, or a decision, of which the other knows nothing: a scenario can expect it."""
    named = {s.key for s in a.steps if s.role in NAMED} | set(a.shared) & a.index.keys()
    return not named <= b.index.keys() or not a.decisions.keys() <= b.decisions.keys()


def _decided(law: Law, record: Mapping[str, object], as_of: datetime.date) -> Decision | None:
    try:
        return decide(law, record, as_of)
    except RecordError:
        return None


def shown_when(law: Law, key: str) -> tuple[str | None, str | None]:
    """Give the step that must hold, and the one that must not, for a part of a decision to be shown; None: always.

    Fields are shown where the decision is granted (where it is refused too, if `otherwise` says them), and never in
    conflict; what a rule of several grants, where that rule holds.
    """
    for node in law.decisions.values():
        conflict = f"{node.key}.conflict" if f"{node.key}.conflict" in law.index else None
        field = key.removeprefix(f"{node.key}.")
        if field != key and field not in {"granted", "conflict"} and node.hit != "collect":
            return (None if field in node.otherwise else f"{node.key}.granted"), conflict
        for rule in node.rules:
            if key in rule.grants.values() and node.hit == "collect":
                return rule.key, conflict
    return None, None


def numbering(law: Law, other: Law, key: str) -> tuple[int, ...] | None:
    """Give the numbers that the rules of a decision have in another law, where a step gives the number of a rule.

    None: the step is another one, or both laws number alike. A rule that the other law lacks has a number of its own.
    """
    name = key.removesuffix(".rule")
    if name == key or name not in law.decisions or name not in other.decisions:
        return None
    mine, theirs = ([r.name for r in law_.decisions[name].rules] for law_ in (law, other))
    every = [*theirs, *(n for n in mine if n not in theirs)]
    return None if mine == theirs else tuple(every.index(n) for n in mine)


def smallest(a: Law, b: Law | None, record: Record, as_of: datetime.date) -> Record | None:
    """Give a record of a person whom the laws answer differently, with only the facts that this rests on."""
    found = names = compared(a, b, record, as_of)
    if not names:
        return None
    roots = {n.removeprefix("values.") for n in names if n.startswith("values.")}
    if b is None:
        names = (*names, *(f"decisions.{key}" for key in tuple(a.decisions)[:1]))
    for name in names:
        roots |= _parts(a, name) | (_parts(b, name) if b is not None else set())
    needed = facts_below(a, *roots) | (facts_below(b, *roots) if b is not None else frozenset())
    less = {k: v for k, v in record.items() if k in needed}
    return less if less != record and compared(a, b, less, as_of) == found else record


def _parts(law: Law, name: str) -> set[str]:
    key = name.removeprefix("decisions.")
    if key == name:
        return {s.key for s in law.steps if s.role == "check"} if name == "refused" else set()
    node = law.decisions.get(key)
    own = {k for k in law.index if k.startswith(f"{key}.")}
    return own | ({r.key for r in node.rules} | {g for r in node.rules for g in r.grants.values()} if node else set())
