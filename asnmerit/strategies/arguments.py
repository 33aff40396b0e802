"""What callers of the strategies and assertions name: laws, facts, decisions, rules. Wrong names get near misses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from asnmerit.auditing.crowd.domains import Lane
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.outcome import slots_below
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.types import Bool

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode

Named = str | Iterable[str] | None


def law_argument(law: object) -> Law:
    """Give the law. Raises `ArgumentError` for what is not one."""
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    return law


def names_given(argument: str, names: object, expected: str) -> tuple[str, ...]:
    """Give the names that one name or several stand for. Raises `ArgumentError`, also for no name at all.

    >>> names_given("facts", "sex", "the name of a fact, or several")
    ('sex',)
    """
    if isinstance(names, str):
        return (names,)
    if isinstance(names, bytes | Mapping) or not isinstance(names, Iterable):
        raise ArgumentError(argument, names, expected)
    found = tuple(names)
    for name in found:
        if not isinstance(name, str):
            raise ArgumentError(argument, name, expected)
    if not found:
        raise ArgumentError(argument, names, f"{expected}: at least one")
    return found


def decisions_named(law: Law, decision: str | Iterable[str] | None) -> tuple[DecisionNode, ...]:
    """Give the decisions named, or all of them. Raises `ArgumentError`, also where there are none.

    Raises `UnknownDecisionError` for what is no decision.
    """
    if not law.decisions:
        raise ArgumentError("law", law, "a law that decides something; this one has no decisions")
    if decision is None:
        return tuple(law.decisions.values())
    names = names_given("decision", decision, "the name of a decision, or several")
    for name in names:
        if name not in law.decisions:
            raise UnknownDecisionError(name, tuple(law.decisions))
    return tuple(law.decisions[name] for name in names)


def facts_named(law: Law, argument: str, facts: str | Iterable[str]) -> tuple[str, ...]:
    """Give the facts named; an indicator that raters score stands for their scores. Raises `ArgumentError`."""
    names = names_given(argument, facts, "the name of a fact, or several")
    found: list[str] = []
    for name in names:
        rated = [n for n, d in law.declared.items() if d.rates is not None and d.rates[0] == name]
        if name not in law.declared and not rated:
            raise ArgumentError(argument, name, f"a fact of the law{_near(name, law.declared)}")
        found += rated or [name]
    return tuple(dict.fromkeys(found))


def keys_of(law: Law, argument: str, name: str) -> tuple[str, ...]:
    """Give the steps that a name stands for: a decision with its outcome, `decision.rule`, or a named value.

    Raises `ArgumentError` with the near misses.
    """
    for node in law.decisions.values():
        if name == node.key:
            return keys_of_decision(law, node)
        for rule in node.rules:
            if name in {f"{node.key}.{rule.name}", rule.key}:
                return (rule.key, *rule.grants.values())
    if name in law.index:
        return (name,)
    known = [*law.decisions, *(f"{d.key}.{r.name}" for d in law.decisions.values() for r in d.rules)]
    expected = "a decision, `decision.rule`, or a named value of the law"
    raise ArgumentError(argument, name, f"{expected}{_near(name, [*known, *_named(law)])}")


def keys_of_decision(law: Law, node: DecisionNode) -> tuple[str, ...]:
    """Give the steps that a decision's answer consists of."""
    parts = [f"{node.key}.{part}" for part in ("granted", "conflict", "rule", *node.fields)]
    grants = [key for rule in node.rules for key in (rule.key, *rule.grants.values())]
    return tuple(key for key in (*parts, *grants) if key in law.index)


def truth_named(law: Law, argument: str, name: str) -> str:
    """Give the key of a truth value of the law. Raises `ArgumentError` with the near misses."""
    truths = [s.key for s in law.steps if isinstance(s.type, Bool) and s.binder is None]
    if name not in truths:
        raise ArgumentError(argument, name, f"a truth value that the law computes{_near(name, truths)}")
    return name


def guarantees_named(law: Law, names: str | Iterable[str] | None) -> tuple[str, ...]:
    """Give the keys of the guarantees named, or of all. Raises `ArgumentError`, also where the law has none."""
    there = [s.key for s in law.steps if s.role == "guarantee"]
    if not there:
        raise ArgumentError("law", law, "a law with guarantees; this one has none")
    wanted = there if names is None else names_given("names", names, "the name of a guarantee, or several")
    keys = tuple(n if n.startswith("guarantees.") else f"guarantees.{n}" for n in wanted)
    for key, name in zip(keys, wanted, strict=True):
        if key not in there:
            short = [k.removeprefix("guarantees.") for k in there]
            raise ArgumentError("names", name, f"a guarantee of the law{_near(name, short)}: {', '.join(short)}")
    return keys


def keys_asked(law: Law, about: Named) -> tuple[str, ...]:
    """Give the steps that what is asked about consists of; of nothing named, all decisions."""
    law_argument(law)
    if about is None:
        return tuple(key for node in law.decisions.values() for key in keys_of_decision(law, node))
    names = names_given("about", about, "a decision, `decision.rule` or named value, or several")
    return tuple(dict.fromkeys(key for name in names for key in keys_of(law, "about", name)))


def facts_read(law: Law, argument: str, facts: str | Iterable[str]) -> tuple[str, ...]:
    """Give the facts named, all of them such as the law reads. Raises `ArgumentError`."""
    law_argument(law)
    names = facts_named(law, argument, facts)
    for name in names:
        if name not in law.reads:
            raise ArgumentError(argument, name, "a fact that this law reads; it declares this one and does not read it")
    return names


def lanes_below(law: Law, *keys: str) -> tuple[Lane, ...]:
    """Give the lanes that some steps rest on."""
    below = slots_below(law, *keys)
    return tuple(lane for lane in law.inputs if lane[0] in below and (lane[1] in below[lane[0]] or not below[lane[0]]))


def _named(law: Law) -> list[str]:
    return [s.key for s in law.steps if s.role in {"derived", "indicator", "score"}]


def _near(name: object, known: Iterable[str]) -> str:
    near = near_misses(str(name)[:80], known)
    return f"; did you mean {' or '.join(near)}?" if near else ""
