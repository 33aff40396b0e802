"""What the assertions claim: in words, as questions to ask of a law, and what an answer to one of them tells.

The questions are those of the audit, so that an assertion and `asnmerit audit` mean the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.claims.contrasts import (
    change_words,
    decision_words,
    differences,
    fact_words,
    instead_words,
    rule_words,
)
from asnmerit.auditing.claims.measures import apart, goodness, once
from asnmerit.auditing.claims.merit import claim_words
from asnmerit.auditing.claims.tied import Tied, tied
from asnmerit.auditing.claims.wording import Said, listed, pair
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.questions import Exists, Extended, Pairs, both, either, lanes_of, negated
from asnmerit.auditing.replaying import number

if TYPE_CHECKING:
    from asnmerit.auditing.questions import Lane, Relation
    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

Told = Callable[[Sequence["Decision"]], Said]


@attrs.frozen(eq=False)
class Asked:
    """One question, and what the person or the pair who answers it tells."""

    question: Exists | Pairs
    told: Told


@attrs.frozen(eq=False)
class Claim:
    """A claim, which holds where each of its questions has nobody.

    `facts` are those in which a pair may differ. Shown of whoever is found are the decisions `decided` and the named
    `values`. `tied` asks whether there is a pair at all.
    """

    words: Said
    asked: tuple[Asked, ...]
    facts: tuple[str, ...] = ()
    relation: Relation = "any"
    decided: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    tied: Tied = attrs.field(factory=Tied)


def answers(question: Exists | Pairs, people: Sequence[Decision]) -> bool:
    """Whether a person or a pair, decided by the law that measures, is what a question looks for."""
    measured = [number(decision, question.key) for decision in people]
    if isinstance(question, Exists):
        return measured[0] == 1
    before, after = measured
    if before is None or after is None:
        return False
    return before > after if question.op == "gt" else before != after


# --- pairs ---


def merit_claim(more: Extended, name: str, facts: tuple[str, ...], node: DecisionNode) -> Claim:
    """Claim that more of what stands under a name never makes a decision worse for the person."""
    law = more.base
    lanes = movable(law, facts, "up")
    asked = [
        Asked(Pairs(once(more, key, expr), "gt", dict.fromkeys(lanes, "up")), _changes(node, field))
        for field, key, expr in (goodness(law, node) if lanes else ())
    ]
    words, pairs = claim_words(law, node, None, name), tied(law, more, dict.fromkeys(lanes, "up"))
    return Claim(words, tuple(asked), facts, "up", (node.key,), tied=pairs)


def blind_claim(more: Extended, facts: tuple[str, ...], node: DecisionNode) -> Claim:
    """Claim that facts do not matter to the answers of a decision."""
    law = more.base
    lanes = movable(law, facts, "any")
    asked = [
        Asked(Pairs(key, "ne", dict.fromkeys(lanes, "any")), _changes(node, field))
        for field, key in (apart(law, more, node) if lanes else ())
    ]
    said = "{0} tidak berpengaruh pada {1}", "{0} does not matter for {1}"
    words = pair(said, listed([fact_words(law, f) for f in facts]), decision_words(node))
    pairs = tied(law, more, dict.fromkeys(lanes, "any"))
    return Claim(words, tuple(asked), facts, "any", (node.key,), tied=pairs)


def movable(law: Law, facts: Iterable[str], relation: Relation) -> tuple[Lane, ...]:
    """Give the values of some facts that the law reads and that can differ; with `up`, those that have an order."""
    of = domains(law)
    lanes = [lane for fact in facts for lane in lanes_of(law, fact) if of[lane].size > 1]
    if relation == "up":
        return tuple(lane for lane in lanes if lane[1] != "#" and of[lane].ordered)
    return tuple(lanes)


def _changes(node: DecisionNode, field: str | None) -> Told:
    """Tell in what a pair differs, and how the answer changes."""

    def told(people: Sequence[Decision]) -> Said:
        before, after = people
        instead = instead_words(differences(before, after))
        return pair(("{0}, {1}", "{0}, {1}"), instead, change_words(before, after, node, field))

    return told


# --- one person ---


def conflict_claim(more: Extended, node: DecisionNode) -> Claim:
    """Claim that no two rules of a decision hold and grant different things."""
    key = f"{node.key}.conflict"
    words = pair(
        ("{0}: tidak ada dua aturan yang bertentangan", "{0}: no two rules contradict each other"), decision_words(node)
    )

    def told(people: Sequence[Decision]) -> Said:
        rules = [rule_words(r) for r in node.rules if r.name in people[0][node.key].rules]
        return pair(("aturan {0} sama-sama terpenuhi", "rules {0} all hold"), listed(rules))

    asked = (Asked(Exists(key), told),) if key in more.base.index else ()
    return Claim(words, asked, decided=(node.key,))


def gap_claim(more: Extended, node: DecisionNode, where: str | None, *, everybody: bool) -> Claim:
    """Claim that a rule decides everybody; or all for whom `where` holds; or all whom a rule concerns."""
    if where is not None:
        meant: Expr = more.read(where)
        words = pair(("{0}: setiap orang dengan `{1}` diputuskan", "{0}: everybody with `{1}` is decided"),
                     decision_words(node), where)  # fmt: skip
    elif everybody:
        meant = both()
        words = pair(("{0}: setiap orang diputuskan", "{0}: everybody is decided"), decision_words(node))
    else:
        meant = either(*(both(*(more.read(c.key) for c in rule.applies)) for rule in node.rules))
        said = "{0}: setiap orang yang bersangkutan diputuskan", "{0}: everybody whom it concerns is decided"
        words = pair(said, decision_words(node))
    key = more.add(f"{node.key}~undecided", both(meant, negated(more.read(f"{node.key}.granted"))))
    told = _told("tidak ada aturan yang memutuskan orang ini", "no rule decides this person")
    return Claim(words, (Asked(Exists(key), told),), decided=(node.key,), values=() if where is None else (where,))


def guarantee_claim(more: Extended, key: str) -> Claim:
    """Claim that a guarantee of the policy holds for everybody."""
    said = "jaminan `{0}` berlaku bagi setiap orang", "guarantee `{0}` holds for everybody"
    words = pair(said, key.removeprefix("guarantees."))
    broken = more.add(f"{key}~broken", negated(more.read(key)))
    told = _told("tidak berlaku bagi orang ini", "it does not hold for this person")
    return Claim(words, (Asked(Exists(broken), told),), values=(key,))


def nobody_claim(key: str) -> Claim:
    """Claim that a truth value holds for nobody: asked to learn whether there is somebody."""
    words = pair(("`{0}` tidak berlaku bagi siapa pun", "`{0}` holds for nobody"), key)
    return Claim(words, (Asked(Exists(key), _told("berlaku bagi orang ini", "it holds for this person")),))


def _told(indonesian: str, english: str) -> Told:
    return lambda _: {"id": indonesian, "en": english}
