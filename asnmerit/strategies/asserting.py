"""The assertions that users call in their own pytest suites."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final, Literal

from asnmerit.auditing.claims.measures import goodness
from asnmerit.auditing.claims.merit import merits
from asnmerit.auditing.questions import Extended
from asnmerit.decision import day_within
from asnmerit.errors import ArgumentError
from asnmerit.strategies.arguments import (
    decisions_named,
    facts_named,
    guarantees_named,
    law_argument,
    names_given,
    truth_named,
)
from asnmerit.strategies.claiming import (
    Claim,
    blind_claim,
    conflict_claim,
    gap_claim,
    guarantee_claim,
    merit_claim,
    movable,
    nobody_claim,
)
from asnmerit.strategies.failing import CounterexampleError, failure
from asnmerit.strategies.settling import Effort, Held, Refuted, settle

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Names = str | Iterable[str] | None
Day = datetime.date | str | None
Lang = Literal["id", "en"]
NOBODY_TRIED: Final = {
    "id": "tidak terbukti, dan tidak seorang pun dicoba; beri waktu atau orang lebih banyak (`effort`)",
    "en": "not proved, and nobody was tried; give it more time or people (`effort`)",
}


def assert_merit_never_hurts(
    law: Law,
    fact: Names = None,
    decision: Names = None,
    *,
    as_of: Day = None,
    effort: Effort | None = None,
    lang: Lang = "id",
) -> Held:
    """Assert that more merit never makes a decision worse for the person, as `asnmerit audit` means it.

    Of two people who differ in one fact (or in the marks of one indicator) only, the one with more of it does not lose
    a benefit, is not laid a burden on, and has no field that is worse: a field is better as `better:` says, else higher
    in a benefit and lower in a burden. Lists are compared row by row, with as many rows.

    Args:
        law: the law.
        fact: facts, or indicators; by default all that are marked `merit: true` and that the law reads.
        decision: decisions; by default all of which an answer can be better than another.
        as_of: the day decided for.
        effort: how hard it is tried.
        lang: language of a failure.

    Returns:
        Held: what is known, a proof or a number of samples. Proofs need the extra `audit`.

    Raises:
        CounterexampleError: an AssertionError, with the pair.
        ArgumentError: for what is no law or fact, for what has no order, and where nothing would be claimed.
        UnknownDecisionError: for what is no decision.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    >>> print(assert_merit_never_hurts(law, "performance", "promotion"))
    PROVED
    """
    __tracebackhide__ = True
    facts = _merits(law, fact)
    nodes = _graded(law, decision)
    more = Extended(law)
    claims = [merit_claim(more, name, found, node) for name, found in facts.items() for node in nodes]
    return _held(more, claims, as_of, effort, lang)


def assert_blind_to(
    law: Law,
    facts: str | Iterable[str],
    decision: Names = None,
    *,
    as_of: Day = None,
    effort: Effort | None = None,
    lang: Lang = "id",
) -> Held:
    """Assert that facts do not matter: people who differ in them alone have the same status and the same outcome.

    Which rule granted it may differ, as long as the answer is the same.

    Args:
        law: the law.
        facts: the facts that must not matter, together.
        decision: decisions; by default all.
        as_of: the day decided for.
        effort: how hard it is tried.
        lang: language of a failure.

    Returns:
        Held: what is known, a proof or a number of samples. Proofs need the extra `audit`.

    Raises:
        CounterexampleError: an AssertionError, with the pair.
        ArgumentError: for what is no law or fact.
        UnknownDecisionError: for what is no decision.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    >>> print(assert_blind_to(law, ["sex", "region_of_origin"], "promotion"))
    PROVED
    """
    __tracebackhide__ = True
    names = facts_named(law_argument(law), "facts", facts)
    more = Extended(law)
    claims = [blind_claim(more, names, node) for node in decisions_named(law, decision)]
    return _held(more, claims, as_of, effort, lang)


def assert_every_case_decided(
    law: Law,
    decision: str,
    where: str | bool | None = None,  # noqa: FBT001 - three ways of saying whom
    *,
    as_of: Day = None,
    effort: Effort | None = None,
    lang: Lang = "id",
) -> Held:
    """Assert that no two rules of a decision conflict, and that a rule decides all whom it should decide.

    Args:
        law: the law.
        decision: the decision.
        where: whom a rule should decide. True: everybody; the name of a truth value of the law: everybody for whom
            it holds; False: nobody, and only conflicts are looked for. By default, of a finding that does not collect,
            everybody whom a rule of it concerns (`applies`); of a benefit or burden nobody, as being refused is an
            answer.
        as_of: the day decided for.
        effort: how hard it is tried.
        lang: language of a failure.

    Returns:
        Held: what is known, a proof or a number of samples. Proofs need the extra `audit`.

    Raises:
        CounterexampleError: an AssertionError, with the person; also where `where` was found true of nobody, so that
            nothing is claimed.
        ArgumentError: for what is no law or truth value.
        UnknownDecisionError: for what is no decision.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
    >>> print(assert_every_case_decided(law, "predikat_kinerja"))
    PROVED
    """
    __tracebackhide__ = True
    law_argument(law)
    if not isinstance(decision, str):
        raise ArgumentError("decision", decision, "the name of one decision")
    if where is not None and not isinstance(where, str | bool):
        raise ArgumentError("where", where, "True, False, or the name of a truth value of the law")
    (node,) = decisions_named(law, decision)
    more = Extended(law)
    claims = [conflict_claim(more, node)]
    if isinstance(where, str):
        key = truth_named(law, "where", where)
        claims.append(gap_claim(more, node, key, everybody=False))
        _somebody(law, key, as_of, effort, lang)
    elif where or (where is None and node.kind == "finding" and node.hit != "collect"):
        claims.append(gap_claim(more, node, None, everybody=bool(where)))
    return _held(more, claims, as_of, effort, lang)


def assert_guarantees(
    law: Law,
    names: Names = None,
    *,
    as_of: Day = None,
    effort: Effort | None = None,
    lang: Lang = "id",
) -> Held:
    """Assert that what the policy claims of itself under `guarantees` holds for everybody.

    Args:
        law: the law.
        names: guarantees; by default all.
        as_of: the day decided for.
        effort: how hard it is tried.
        lang: language of a failure.

    Returns:
        Held: what is known, a proof or a number of samples. Proofs need the extra `audit`.

    Raises:
        CounterexampleError: an AssertionError, with the person.
        ArgumentError: for what is no law or guarantee, and where the law has none.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("indonesia/tukin"), on="2026-04-01")
    >>> print(assert_guarantees(law))
    PROVED
    """
    __tracebackhide__ = True
    keys = guarantees_named(law_argument(law), names)
    more = Extended(law)
    return _held(more, [guarantee_claim(more, key) for key in keys], as_of, effort, lang)


# --- what is claimed ---


def _merits(law: Law, fact: Names) -> dict[str, tuple[str, ...]]:
    """Give what is to be more, with its facts: as named, or all that is marked and read."""
    marked = merits(law_argument(law))
    if fact is None:
        found = {name: facts for name, facts in marked.items() if set(facts) & law.reads}
        if not found:
            raise ArgumentError("fact", None, "the name of a fact: the law reads none that is marked `merit: true`")
    else:
        names = names_given("fact", fact, "the name of a fact, or several")
        found = {name: facts_named(law, "fact", name) for name in names}
    for name, facts in found.items():
        if movable(law, facts, "any") and not movable(law, facts, "up"):
            raise ArgumentError("fact", name, "a fact whose values have an order: these are neither more nor less")
    return found


def _graded(law: Law, decision: Names) -> tuple[DecisionNode, ...]:
    """Give the decisions named; of all, those of which an answer can be better than another."""
    nodes = decisions_named(law, decision)
    graded = tuple(node for node in nodes if goodness(law, node))
    plain = [node.key for node in nodes if node not in graded]
    if plain and (decision is not None or not graded):
        expected = "a decision of which an answer is better than another: a finding says so by `better:` of a field"
        raise ArgumentError("decision", plain[0], expected)
    return graded


def _somebody(law: Law, key: str, as_of: Day, effort: Effort | None, lang: str) -> None:
    """Fail where nobody is found for whom a truth value holds."""
    __tracebackhide__ = True
    claim = nobody_claim(key)
    found = settle(Extended(law), [claim], _day(law, as_of), _effort(effort))
    if isinstance(found, Held):
        nothing = {"id": "tidak ada yang dinyatakan", "en": "nothing is claimed"}["en" if lang == "en" else "id"]
        words = claim.words["en" if lang == "en" else "id"]
        raise CounterexampleError(words, (), "", f"{nothing}: {words}; {found}")


# --- what came of it ---


def _day(law: Law, as_of: Day) -> datetime.date:
    return law.on if as_of is None else day_within(law, as_of)


def _held(more: Extended, claims: Sequence[Claim], as_of: Day, effort: Effort | None, lang: str) -> Held:
    """Settle claims, and fail by the first that does not hold."""
    __tracebackhide__ = True
    if lang not in ("id", "en"):  # what cannot be hashed is refused as well
        raise ArgumentError("lang", lang, "id or en")
    found = settle(more, claims, _day(more.base, as_of), _effort(effort))
    if isinstance(found, Refuted):
        raise failure(found, lang)
    if not found.proved and not found.tried:
        words = "; ".join(claim.words["en" if lang == "en" else "id"] for claim in claims)
        raise CounterexampleError(words, (), "", f"{NOBODY_TRIED['en' if lang == 'en' else 'id']}: {words}; {found}")
    return found


def _effort(effort: object) -> Effort:
    """Give how hard it is tried. Raises `ArgumentError` for what does not say that."""
    if effort is not None and not isinstance(effort, Effort):
        raise ArgumentError("effort", effort, "an Effort, such as Effort(seconds=60)")
    return effort or Effort()
