"""Claims that merit never hurts: with more of a fact or indicator marked merit, nothing gets worse for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.claims.claim import Claim, finding
from asnmerit.auditing.claims.contrasts import (
    change_words,
    decision_words,
    differences,
    fact_words,
    field_words,
    instead_words,
)
from asnmerit.auditing.claims.measures import goodness, once
from asnmerit.auditing.claims.tied import tied
from asnmerit.auditing.claims.wording import Said, given, pair, step_words
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.questions import Extended, Pairs, lanes_of, negated, settled
from asnmerit.outcome import facts_below
from asnmerit.rules.types import Date

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.claims.claim import Shown
    from asnmerit.auditing.questions import Lane, Relation
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law

UP: Final[Relation] = "up"
NO_ORDER: Final = {
    "id": "ditandai sebagai prestasi, tetapi nilainya tidak berurutan: tidak ada yang dapat dibuktikan",
    "en": "it is marked as merit, and its values have no order: there is nothing to prove",
}


APART: Final = {
    "id": "di luar orang yang aturannya bertentangan, yang disebut tersendiri",
    "en": "apart from people whose rules conflict, which is told by itself",
}
GRANTED: Final = ("selama tetap {0}", "as long as it is {0}")


def claims(law: Law, extended: Extended) -> list[Claim]:
    """Claim of everything marked merit, every decision and every ordered field that more of it is never worse.

    More is: a higher number or member, a later day, true instead of false; of a family in any of its slots; of a list
    in its rows, the number of rows being the same. The marks that raters give are taken together, by indicator.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [c.subject for c in claims(law, Extended(law))][:3]
    ['promotion: performance', 'promotion: quality', 'promotion: innovation']
    """
    found: list[Claim] = []
    places = domains(law)
    marked = merits(law)
    for node in law.decisions.values():
        for field, key, expr in goodness(law, node):
            end = f"{node.key}.{field}" if field is not None else f"{node.key}.granted"
            ends = [k for k in (end, f"{node.key}.granted", f"{node.key}.conflict") if k in law.index]
            below = facts_below(law, *ends)
            for name, facts in marked.items():
                lanes = [lane for f in facts if f in below for lane in lanes_of(law, f) if lane[1] != "#"]
                rising: Mapping[Lane, Relation] = {lane: UP for lane in lanes if places[lane].ordered}
                if rising:
                    asked = Pairs(once(extended, key, expr), "gt", rising)
                    claim = _claim(law, node, field, name, asked, _among(law, extended, node, field))
                    found.append(attrs.evolve(claim, tied=tied(law, extended, rising)))
    unordered = [n for n, facts in marked.items() if not any(places[x].ordered for x in _lanes(law, facts))]
    return found + [_no_order(law, name) for name in unordered if _lanes(law, marked[name])]


def merits(law: Law) -> dict[str, tuple[str, ...]]:
    """Give what is marked merit by name, with its facts: the lists of marks of an indicator stand under its name."""
    found: dict[str, tuple[str, ...]] = {}
    for fact, decl in law.declared.items():
        if "merit" in decl.marks:
            name = decl.rates[0] if decl.rates is not None else fact
            found[name] = (*found.get(name, ()), fact)
    return found


def _lanes(law: Law, facts: tuple[str, ...]) -> list[Lane]:
    return [lane for f in facts for lane in lanes_of(law, f) if lane[1] != "#"]


def name_words(law: Law, name: str) -> Said:
    """Name what is marked: a fact, or an indicator."""
    return step_words(law, name) if name in law.index else fact_words(law, name)


def about_of(law: Law, name: str) -> About:
    """Give what the law says of what is marked."""
    return law.steps[law.index[name]].about if name in law.index else law.declared[name].about


def claim_words(law: Law, node: DecisionNode, field: str | None, name: str) -> Said:
    """Say the claim."""
    of = law.declared[name].type if name in law.declared else None
    later = isinstance(of, Date)
    more = ("{0} yang lebih akhir", "a later {0}") if later else ("{0} yang lebih tinggi", "more of {0}")
    what = pair(more, name_words(law, name))
    if field is None:
        said = "{0} tidak pernah merugikan: {1}", "{0} never hurts: {1}"
        return pair(said, what, decision_words(node))
    said = "{0} tidak pernah merugikan: {1} ({2})", "{0} never hurts: {1} ({2})"
    return pair(said, what, field_words(node, field), decision_words(node))


def subject_of(node: DecisionNode, field: str | None, name: str) -> str:
    """Give the path of a claim: the decision, its field, and what is marked."""
    return f"{node.key}: {name}" if field is None else f"{node.key}.{field}: {name}"


def _among(law: Law, extended: Extended, node: DecisionNode, field: str | None) -> str | None:
    """Add the step that says whom a claim is about: where nothing conflicts; of a field, where it is granted."""
    if field is not None and node.hit != "collect" and field not in node.otherwise:
        return once(extended, f"{node.key}~settled", settled(law, node))
    conflict = f"{node.key}.conflict"
    if conflict not in law.index:
        return None
    return once(extended, f"{node.key}~no conflict", negated(extended.read(conflict)))


def _claim(law: Law, node: DecisionNode, field: str | None, name: str, question: Pairs, among: str | None) -> Claim:
    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        (one,) = shown
        if one.found:
            return [hurt(claim, node, field, one)]
        told = (APART if field is None else pair(GRANTED, given(node.kind))) if one.bench.among else None
        return [finding(claim, Verdict.PROVED if one.none else Verdict.UNPROVED, shown, told)]

    claim = Claim(
        Kind.MERIT,
        subject_of(node, field, name),
        claim_words(law, node, field, name),
        (question,),
        read,
        about_of(law, name),
        among=among,
    )
    return claim


def hurt(claim: Claim, node: DecisionNode, field: str | None, shown: Shown) -> Finding:
    """Tell the pair: `with quality 81 instead of 80, money falls from Rp 2,000,000 to Rp 1,500,000`."""
    a, b = shown.decisions
    differing = differences(a, b)
    told = pair(("{0}, {1}", "{0}, {1}"), instead_words(differing), change_words(a, b, node, field))
    witness = Witness((a, b), tuple(d.column for d in differing), (node.key,))
    return finding(claim, Verdict.COUNTEREXAMPLE, [shown], told, witness=witness, flaw=True)


def _no_order(law: Law, name: str) -> Claim:
    words = pair(("{0} adalah prestasi", "{0} is merit"), name_words(law, name))

    def read(_: tuple[Shown, ...]) -> list[Finding]:
        return [finding(claim, Verdict.OBSERVED, (), NO_ORDER, flaw=True)]

    claim = Claim(Kind.MERIT, name, words, (), read, about_of(law, name))
    return claim
