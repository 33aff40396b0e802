"""Claims that protected facts do not matter: not for who is granted, nor for what, directly or through other values."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.claims.claim import Claim, finding
from asnmerit.auditing.claims.contrasts import (
    change_words,
    decision_words,
    differences,
    fact_words,
    instead_words,
)
from asnmerit.auditing.claims.measures import apart, which
from asnmerit.auditing.claims.tied import tied
from asnmerit.auditing.claims.wording import pair
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.questions import Extended, Pairs, fields_of, lanes_of
from asnmerit.outcome import facts_below
from asnmerit.rules.expr import Each, Fact, Row, Step, walk

if TYPE_CHECKING:
    from asnmerit.auditing.claims.claim import Shown
    from asnmerit.auditing.questions import Lane, Relation
    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

NAMED: Final = frozenset({"derived", "indicator", "score", "applies", "decision"})
"""The roles of steps that are told on a path; their inner parts are not."""
NOT_READ: Final = {
    "id": "tidak dibaca, langsung maupun melalui nilai lain",
    "en": "not read, directly or through others",
}


def claims(law: Law, extended: Extended) -> list[Claim]:
    """Claim of every protected fact and every decision that whoever differs in that fact alone is answered alike.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [c.subject for c in claims(law, Extended(law))][:2]
    ['promotion: sex', 'incentives: sex']
    """
    facts = [name for name, decl in law.declared.items() if "protected" in decl.marks]
    return [_claim(law, extended, fact, node) for fact in facts for node in law.decisions.values()]


def _claim(law: Law, extended: Extended, fact: str, node: DecisionNode) -> Claim:
    words = pair(
        ("{0} tidak berpengaruh pada {1}", "{0} does not matter for {1}"), fact_words(law, fact), decision_words(node)
    )
    anyway: dict[Lane, Relation] = dict.fromkeys(lanes_of(law, fact), "any")
    asked: list[tuple[str | None, str]] = []
    questions: list[Pairs] = []
    if fact in facts_below(law, *_answers(law, node)):
        asked = apart(law, extended, node)
        keys = [key for _, key in asked]
        rule = which(extended, node)
        keys += [rule] if rule is not None else []
        questions = [Pairs(key, "ne", anyway) for key in keys]

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        return _read(claim, node, fact, [f for f, _ in asked], shown)

    subject = f"{node.key}: {fact}"
    about = law.declared[fact].about
    claim = Claim(Kind.PROTECTED, subject, words, tuple(questions), read, about, tied=tied(law, extended, anyway))
    return claim


def _answers(law: Law, node: DecisionNode) -> list[str]:
    """Give the steps that an answer is read off."""
    keys = [f"{node.key}.{part}" for part in ("granted", "conflict", "rule", *fields_of(law, node))]
    if node.hit == "collect":
        keys += [key for r in node.rules for key in (r.key, *r.grants.values())]
    return [key for key in keys if key in law.index]


def _read(
    claim: Claim, node: DecisionNode, fact: str, fields: list[str | None], shown: tuple[Shown, ...]
) -> list[Finding]:
    """A flaw for each part of the answer that differs; which rule granted is told, and is none."""
    if not shown:
        return [finding(claim, Verdict.PROVED, (), NOT_READ)]
    answers, rest = shown[: len(fields)], shown[len(fields) :]
    leaks = [(f, s) for f, s in zip(fields, answers, strict=True) if s.found]
    if leaks:
        return [_leak(claim, node, fact, f, s) for f, s in _parts(node, leaks)]
    still = [s for s in answers if not s.none]
    if still:
        return [finding(claim, Verdict.UNPROVED, still)]
    told = pair(("", ""))
    if any(s.found for s in rest):
        told = {
            "id": "jawabannya sama; hanya aturan yang disebut sebagai dasarnya yang dapat berbeda",
            "en": "the answer is the same; only the rule named for it can be another",
        }
    return [finding(claim, Verdict.PROVED, answers, told)]


def _parts(node: DecisionNode, leaks: list[tuple[str | None, Shown]]) -> list[tuple[str | None, Shown]]:
    """Give one leak of each part of the answer: of the status, and of each field for which it is not the status."""
    found: dict[str | None, Shown] = {}
    for field, shown in leaks:
        found.setdefault(field, shown)
    if None not in found:
        return list(found.items())
    return [(f, s) for f, s in found.items() if f is None or len({d[node.key].status for d in s.decisions}) == 1]


def _leak(claim: Claim, node: DecisionNode, fact: str, field: str | None, shown: Shown) -> Finding:
    a, b = shown.decisions
    differing = differences(a, b)
    path = " -> ".join(leak_path(a, b, fact, node, field))
    told = pair(
        ("{0}: {1}; jalurnya: {2}", "{0}: {1}; by way of {2}"),
        instead_words(differing),
        change_words(a, b, node, field),
        path,
    )
    subject = f"{node.key}: {fact}" if field is None else f"{node.key}.{field}: {fact}"
    witness = Witness((a, b), tuple(d.column for d in differing), (node.key,))
    return finding(
        claim, Verdict.COUNTEREXAMPLE, [shown], told, witness=witness, flaw=True, subject=subject, value=path
    )


# --- the path of names ---


def leak_path(a: Decision, b: Decision, fact: str, node: DecisionNode, field: str | None) -> list[str]:
    """Give the names through which a fact reaches an answer that it changes: the shortest path of what differs.

    `region_of_origin`, `zone`, `zone_factor`, `incentives.amount`. Where rules are collected and nothing is added up,
    the answer is what a rule grants.
    """
    law = a.law
    changed = {s.key for s, x, y in zip(law.steps, a.raw, b.raw, strict=True) if x != y}
    ends = [f"{node.key}.{field or 'granted'}", f"{node.key}.conflict"]
    ends += [r.key if field is None else r.grants[field] for r in node.rules if node.hit == "collect"]
    end = next((key for key in ends if key in changed), ends[0])
    before: dict[str, str | None] = {end: None}
    waiting = deque([end])
    while waiting:
        key = waiting.popleft()
        expr = law.steps[law.index[key]].rich
        if _reads(expr, fact):
            return [fact, *_names(law, key, before, end)]
        for step in (n.key for n in walk(expr) if isinstance(n, Step)):
            if step in changed and step not in before:
                before[step] = key
                waiting.append(step)
    return [fact, end]


def _reads(expr: Expr, fact: str) -> bool:
    """Whether an expression reads a fact itself."""
    return any(
        (isinstance(n, Fact) and n.name == fact) or (isinstance(n, Row | Each) and n.binder.list_fact == fact)
        for n in walk(expr)
    )


def _names(law: Law, start: str, before: dict[str, str | None], end: str) -> list[str]:
    found = []
    key: str | None = start
    while key is not None:
        step = law.steps[law.index[key]]
        if key == end:
            found.append(key.removesuffix(".granted").removeprefix("rules."))
        elif step.role in NAMED or (step.role == "condition" and key in law.shared):
            found.append(key)
        elif step.role == "rule":
            found.append(key.removeprefix("rules."))
        key = before[key]
    return found
