"""The claims that a policy makes of itself: its `guarantees`, each true for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.auditing.claims.claim import Claim, for_nobody
from asnmerit.auditing.claims.wording import Said, named, pair
from asnmerit.auditing.findings import Kind
from asnmerit.auditing.questions import Exists, Extended, negated
from asnmerit.outcome import cone
from asnmerit.rules.expr import Fact
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import Speech, text

if TYPE_CHECKING:
    from typing import Any

    from asnmerit.auditing.claims.claim import Shown
    from asnmerit.auditing.findings import Finding
    from asnmerit.decision import Decision
    from asnmerit.rules.law import Law, LawStep

PREFIX = "guarantees."
NAMED = frozenset({"derived", "indicator", "score"})
"""The roles of the steps that are shown of somebody for whom a guarantee about no decision is broken."""


def claims(law: Law, extended: Extended) -> list[Claim]:
    """Claim of each guarantee that there is nobody for whom it is false."""
    return [_claim(law, extended, step) for step in law.steps if step.role == "guarantee"]


def _claim(law: Law, extended: Extended, step: LawStep) -> Claim:
    key = extended.add(f"{step.key}~broken", negated(extended.read(step.key)))
    name = step.key.removeprefix(PREFIX)
    words: Said = dict(step.about.label) if step.about.label else _said(law, step) or named(step.about, name)
    below = set(cone(law, step.key))
    only = [name for name in law.decisions if any(k == name or k.startswith(f"{name}.") for k in below)]
    values = [] if only else [k for k in law.index if k in below and law.steps[law.index[k]].role in NAMED]

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        return for_nobody(claim, shown[0], lambda one: _told(one, step), only=only, values=values)

    claim = Claim(Kind.GUARANTEE, name, words, (Exists(key),), read, step.about)
    return claim


def _said(law: Law, step: LawStep) -> Said:
    """Say the guarantee as the policy writes it."""
    return {lang: text(Speech(law, lang, law.on.year).say(step.rich)) for lang in LANGUAGES}


def _told(shown: Shown, step: LawStep) -> Said:
    """Say it with the values of the person for whom it does not hold."""
    decision = shown.decisions[0]
    said: Said = {
        lang: text(
            Speech(
                decision.law,
                lang,
                decision.as_of.year,
                lambda node: _fact(decision, node),
                decision.values.__getitem__,
            ).say(step.rich)
        )
        for lang in LANGUAGES
    }
    return pair(("tidak berlaku bagi orang ini: {0}", "it does not hold for this person: {0}"), said)


def _fact(decision: Decision, node: Fact) -> Any:  # noqa: ANN401 - a value shown
    if node.name == "as_of":
        return decision.as_of
    value = decision.facts.get(node.name)
    if isinstance(value, dict):
        slot = decision.as_of.year - 1 - node.slot if isinstance(node.slot, int) else node.slot
        return value.get(slot)
    return len(value) if node.slot == "#" and value is not None else value
