"""What a law calls its parameters, scores, facts and decisions, for those who read results of several of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Labels = Mapping[str, Mapping[str, str]]
"""Words in Indonesian and English by name."""


def labels_of(law: Law, decision: str, names: Iterable[str]) -> Labels:
    """Give the labels of a decision, of its fields (`incentives.amount`), and of parameters, steps and facts.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> labels_of(law, "incentives", ["minimum_merit_score", "unit"])["incentives.amount"]["en"]
    'Incentives: money'
    """
    node = law.decisions[decision]
    mine = node.about.label or {}
    found: dict[str, Mapping[str, str]] = {decision: mine}
    for field, label in node.labels.items():
        found[f"{decision}.{field}"] = {k: f"{mine.get(k, decision)}: {v}" for k, v in (label or {}).items()}
    for name in names:
        if name in law.sources:
            found[name] = law.sources[name].label or {}
        elif name in law.index:
            found[name] = law.steps[law.index[name]].about.label or {}
        elif name in law.declared:
            found[name] = law.declared[name].about.label or {}
    return {name: label for name, label in found.items() if label}


def called(labels: Labels, name: str, lang: str) -> str:
    """Give what a name is called; without a label, the name itself in words.

    >>> called({}, "minimum_merit_score", "en")
    'minimum merit score'
    """
    return labels.get(name, {}).get(lang) or name.replace("_", " ")
