"""The least and the most of every score, indicator and amount, with the person who has it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import attrs

from asnmerit.auditing.claims.claim import Claim, Shown, finding
from asnmerit.auditing.claims.wording import amount, given, named, one_after_another, pair, step_words
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.questions import Extreme, fields_of, settled
from asnmerit.rules.types import Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from asnmerit.auditing.questions import Extended
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law

__all__ = ["Measured", "Sense", "amounts_of", "best_known", "claims", "measured"]

Sense = Literal["max", "min"]

_SAID: Final[dict[str, tuple[str, str]]] = {
    "max": ("Nilai tertinggi {0}", "The most of {0}"),
    "min": ("Nilai terendah {0}", "The least of {0}"),
    "where": (", bila {0}", ", where it is {0}"),
    "where assessed": (", bila dinilai", ", where it is assessed"),
    "exact": ("{0}: terbukti, dan ada orangnya.", "{0}: proved, and somebody has it."),
    "max found": ("Terbesar yang ditemukan: {0}.", "The largest found: {0}."),
    "min found": ("Terkecil yang ditemukan: {0}.", "The smallest found: {0}."),
    "max bound": ("Terbukti tidak lebih dari {0}.", "Proved to be at most {0}."),
    "min bound": ("Terbukti tidak kurang dari {0}.", "Proved to be at least {0}."),
    "none found": ("Tidak ditemukan orangnya.", "Nobody was found."),
    "nobody": ("Terbukti tidak ada seorang pun.", "Proved: there is nobody."),
    "range": (
        "Kedua ujung rentang {0}, {1} sampai {2}, dapat dicapai",
        "Both ends of the declared range of {0}, {1} to {2}, are attained",
    ),
    "ends": ("Rentang {0} yang dinyatakan, {1} sampai {2}", "The declared range of {0}, {1} to {2}"),
    "attained": ("Ada orang di kedua ujungnya.", "Somebody stands at each end."),
    "never over": ("Tidak pernah lebih dari {0} (terbukti).", "Never more than {0} (proved)."),
    "never under": ("Tidak pernah kurang dari {0} (terbukti).", "Never less than {0} (proved)."),
}


@attrs.frozen(eq=False)
class Measured:
    """A number that bounds are asked of: its step, those of whom it is asked, what it is called, its decision."""

    key: str
    where: str | None
    of: Number
    den: int
    name: Mapping[str, str]
    about: About
    decision: str = ""
    kind: str = "benefit"

    def exact(self, raw: int) -> Fraction:
        """Give a value of the kernel as an exact number."""
        return Fraction(raw, self.den)

    @property
    def declared(self) -> tuple[Fraction, Fraction] | None:
        """The range that the policy declares, where it declares one."""
        lo, hi = self.of.lo, self.of.hi
        return None if lo is None or hi is None else (lo, hi)


def claims(law: Law, extended: Extended) -> list[Claim]:
    """Ask for the least and the most of every score, indicator and amount, and for both ends of declared ranges.

    >>> import asnmerit
    >>> from asnmerit.auditing.questions import Extended
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [c.subject for c in claims(law, Extended(law)) if c.words["en"].startswith("The most")]
    ['quality', 'discipline', 'innovation', 'merit_score', 'incentives.amount']
    """
    found: list[Claim] = []
    for one in measured(law, extended):
        found += [_claim(one, "max"), _claim(one, "min")]
        if one.declared is not None:
            found.append(_range(one, one.declared))
    return found


# --- what is measured ---


def measured(law: Law, extended: Extended) -> list[Measured]:
    """Give the scores and indicators of a law, then the amounts of its decisions."""
    return [*_scores(law), *amounts_of(law, extended)]


def _scores(law: Law) -> Iterator[Measured]:
    for step in law.steps:
        if step.role in {"score", "indicator"} and step.binder is None and isinstance(step.type, Number):
            guard = f"{step.key}.applies"
            where = guard if guard in law.index else None
            name = named(step.about, step.key)
            yield Measured(step.key, where, step.type, step.code.type.den, name, step.about)


def amounts_of(law: Law, extended: Extended) -> list[Measured]:
    """Give the numbers that decisions grant: fields, or totals where rules are collected; asked where granted."""
    found = []
    for node in law.decisions.values():
        where = ""
        for field in fields_of(law, node):
            of = node.fields[field]
            if not isinstance(of, Number):
                continue
            where = where or _granted(law, extended, node.key)
            key = f"{node.key}.{field}"
            declared = attrs.evolve(of, lo=None, hi=None) if node.hit == "collect" else of
            den = law.steps[law.index[key]].code.type.den
            found.append(Measured(key, where, declared, den, step_words(law, key), node.about, node.key, node.kind))
    return found


def _granted(law: Law, extended: Extended, decision: str) -> str:
    """Give the step that says whether a decision is granted; one is added where it may be in conflict."""
    node = law.decisions[decision]
    if f"{decision}.conflict" not in law.index:
        return f"{decision}.granted"
    key = f"{decision} granted alone"
    return key if key in extended else extended.add(key, settled(law, node))


# --- what is claimed ---


def _claim(one: Measured, sense: Sense) -> Claim:
    where = "" if one.where is None else "where" if one.decision else "where assessed"
    among = [pair(_SAID[where], given(one.kind))] if where else []
    words = one_after_another([pair(_SAID[sense], one.name), *among], "")
    question = Extreme(one.key, sense, one.where)

    def read(shown: tuple[Shown, ...]) -> Sequence[Finding]:
        return [best_known(claim, one, shown[0], sense)]

    claim = Claim(Kind.BOUND, one.key, words, (question,), read, one.about)
    return claim


def best_known(claim: Claim, one: Measured, shown: Shown, sense: Sense) -> Finding:
    """Say what is known of an extreme: exact where proved, else the best that was found and the proved bound.

    What was found and not proved has the method `samples`, whoever found it.
    """
    answer = shown.answer
    best = None if answer.value is None else one.exact(answer.value)
    if answer.verdict == "none":
        told = pair(_SAID["nobody"])
    elif best is not None and answer.proved:
        told = pair(_SAID["exact"], amount(best, one.of))
    else:
        parts = [pair(_SAID["none found"]) if best is None else pair(_SAID[f"{sense} found"], amount(best, one.of))]
        if answer.bound is not None:
            parts.append(pair(_SAID[f"{sense} bound"], amount(one.exact(answer.bound), one.of)))
        told = one_after_another(parts)
    witness = None
    if shown.found:
        witness = Witness(
            shown.decisions, only=(one.decision,) if one.decision else (), values=() if one.decision else (one.key,)
        )
    found = finding(claim, Verdict.OBSERVED, [shown], told, witness=witness, value=best)
    return found if answer.proved or shown.none else attrs.evolve(found, method="samples")


def _range(one: Measured, declared: tuple[Fraction, Fraction]) -> Claim:
    """Claim that the declared range is no wider than what is attained."""
    words = pair(_SAID["range"], one.name, *(amount(end, one.of) for end in declared))
    questions = (Extreme(one.key, "max", one.where), Extreme(one.key, "min", one.where))

    def read(shown: tuple[Shown, ...]) -> Sequence[Finding]:
        return _read_range(claim, one, declared, shown)

    claim = Claim(Kind.BOUND, one.key, words, questions, read, one.about)
    return claim


def _read_range(
    claim: Claim, one: Measured, declared: tuple[Fraction, Fraction], shown: tuple[Shown, ...]
) -> Sequence[Finding]:
    """Tell where an end can be attained by nobody; of what nobody has, nothing is said here."""
    most, least = shown
    if most.none or least.none:
        return []
    told, ends = [], []
    for side, end, key in ((least, declared[0], "never under"), (most, declared[1], "never over")):
        attained = side.answer.value is not None and one.exact(side.answer.value) == end
        bound = None if side.answer.bound is None else one.exact(side.answer.bound)
        if not attained and bound is not None and bound != end:
            told.append(pair(_SAID[key], amount(bound, one.of)))
        ends.append(attained)
    if all(ends):
        witness = Witness((*least.decisions, *most.decisions), only=(one.decision,) if one.decision else ())
        return [finding(claim, Verdict.PROVED, shown, pair(_SAID["attained"]), witness=witness)]
    if told:
        words = pair(_SAID["ends"], one.name, *(amount(end, one.of) for end in declared))
        return [finding(claim, Verdict.OBSERVED, shown, one_after_another(told), claim=words)]
    return [finding(claim, Verdict.UNPROVED, shown)]
