"""A witness as a card: the people side by side, what they are answered, and why, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.report.people import Told, facts_told
from asnmerit.auditing.report.words import Words, alike, frame
from asnmerit.explanation import explain
from asnmerit.outcome import cone
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.expr import Step, walk
from asnmerit.rules.text_words import LANGUAGES, Language
from asnmerit.rules.to_text import said_day, said_value, step_name, text

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Witness
    from asnmerit.decision import Decision, Outcome
    from asnmerit.lines import Line

COMPUTED: Final = frozenset({"derived", "indicator", "score"})

MOST_SHARED: Final = 6
"""So many facts that a pair shares are shown beside those that differ."""


@attrs.frozen
class Reason:
    """One line of a derivation. `differs`: the other person's derivation has no such line."""

    line: Line
    differs: bool = False

    @property
    def text(self) -> str:
        """The line without its mark."""
        return text(self.line.tokens)


@attrs.frozen
class Card:
    """A witness to be read. `people` are the heads of the columns; `reasons` a derivation a person by language."""

    people: tuple[Words, ...]
    facts: tuple[Told, ...]
    unread: int
    answers: tuple[Told, ...]
    reasons: tuple[Mapping[Language, tuple[Reason, ...]], ...]

    @property
    def pair(self) -> bool:
        """Whether it is about two people."""
        return len(self.people) > 1

    def split(self) -> tuple[tuple[Told, ...], tuple[Told, ...]]:
        """Give the facts to show at once and those to fold away: what a pair shares, where that is much."""
        apart = tuple(told for told in self.facts if told.differs)
        if not self.pair or len(self.facts) - len(apart) <= MOST_SHARED:
            return self.facts, ()
        return apart, self.facts[len(apart) :]


def card(witness: Witness, *, why: Collection[Language] = LANGUAGES, dated: bool = False) -> Card:
    """Lay a witness out; `why` says in which languages there are derivations, which take most of the time.

    `dated`: the day that is asked for is said.

    >>> import asnmerit
    >>> from asnmerit.auditing.findings import Witness
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> asked = asnmerit.decide(law, {"results_rating": "sesuai", "behaviour_rating": "sesuai"})
    >>> [told.values[0]["en"] for told in card(Witness((asked,), only=("predikat_kinerja",))).answers]
    ['FOUND', 'Matrix of results and conduct', 'good']
    """
    facts, unread = facts_told(witness)
    derivations = [
        {lang: _derivation(d, witness, lang) if lang in why else () for lang in LANGUAGES} for d in witness.decisions
    ]
    reasons = tuple(
        {lang: _compared(own[lang], [d[lang] for d in derivations if d is not own]) for lang in LANGUAGES}
        for own in derivations
    )
    return Card(_people(witness, dated=dated), facts, unread, tuple(_answers(witness)), reasons)


def _people(witness: Witness, *, dated: bool) -> tuple[Words, ...]:
    """Head the columns: A and B; where the two are asked of two laws, by what these differ in."""
    if len(witness.decisions) == 1:
        day = witness.decisions[0].as_of
        asked = {lang: f", {frame('asked_for', said_day(day, lang))[lang]}" if dated else "" for lang in LANGUAGES}
        return ({lang: frame("person")[lang] + asked[lang] for lang in LANGUAGES},)
    marks = [_marks(d) for d in witness.decisions]
    told = [[m for m in mark if any(m not in other for other in marks)] for mark in marks]
    return tuple(
        {lang: " · ".join([letter, *(one[lang] for one in differing)]) for lang in LANGUAGES}
        for letter, differing in zip("ABCDEFGH", told, strict=False)
    )


def _marks(decision: Decision) -> list[Words]:
    law = decision.law
    known = alike("") if law.known is None else _day("known", law.known)
    readings = alike(", ".join(f"{k}={v}" for k, v in sorted(law.readings.items())))
    return [alike(law.policy), _day("on", decision.as_of), known, readings]


def _day(key: str, day: Any) -> Words:  # noqa: ANN401 - a date
    return {lang: f"{frame(key)[lang]} {said_day(day, lang)}" for lang in LANGUAGES}


# --- answers ---


def _answers(witness: Witness) -> Iterable[Told]:
    names = dict.fromkeys(
        n for d in witness.decisions for n in d.law.decisions if not witness.only or n in witness.only
    )
    for name in names:
        found = [d.outcomes.get(name) for d in witness.decisions]
        first = next(o for o in found if o is not None)
        title: Words = {lang: (first.node.about.label or {}).get(lang, name.replace("_", " ")) for lang in LANGUAGES}
        yield _compare(title, [_status(o) for o in found])
        rules = [_rules(o) for o in found]
        if any(any(rule.values()) for rule in rules):
            yield _compare({lang: f"{title[lang]}: {frame('rule')[lang]}" for lang in LANGUAGES}, rules)
        for field in dict.fromkeys(f for o in found if o is not None for f in _fields(o)):
            label: Words = {lang: f"{title[lang]}: {_field(first, field, lang)}" for lang in LANGUAGES}
            yield _compare(label, [_value(o, field) for o in found])
    for key in dict.fromkeys(witness.values):
        yield _compare(_step(witness, key), [_step_value(d, key) for d in witness.decisions])


def _compare(name: Words, values: list[Words]) -> Told:
    return Told(name, tuple(values), differs=any(v != values[0] for v in values))


def _status(outcome: Outcome | None) -> Words:
    if outcome is None:
        return alike("—")
    return {lang: STATUS_NAMES[lang][outcome.kind][outcome.status] for lang in LANGUAGES}


def _rules(outcome: Outcome | None) -> Words:
    """Name the rules that decide: the one that granted, those that are collected, or those in conflict."""
    if outcome is None:
        return alike("")
    names = [outcome.rule] if outcome.rule is not None else [] if outcome.status == "refused" else outcome.rules
    labels = {rule.name: rule.about.label or {} for rule in outcome.node.rules}
    return {lang: "; ".join(labels[n].get(lang, n.replace("_", " ")) for n in names) for lang in LANGUAGES}


def _fields(outcome: Outcome) -> list[str]:
    return [field for field, value in (outcome.outcome or {}).items() if value is not None]


def _field(outcome: Outcome, field: str, lang: str) -> str:
    return outcome.node.labels.get(field, {}).get(lang, field.replace("_", " "))


def _value(outcome: Outcome | None, field: str) -> Words:
    value = None if outcome is None else (outcome.outcome or {}).get(field)
    if outcome is None or value is None:
        return alike("—")
    return {lang: said_value(value, outcome.node.fields[field], lang) for lang in LANGUAGES}


def _step(witness: Witness, key: str) -> Words:
    law = next((d.law for d in witness.decisions if key in d.law.index), witness.decisions[0].law)
    return {lang: step_name(law, key, lang) for lang in LANGUAGES}


def _step_value(decision: Decision, key: str) -> Words:
    law = decision.law
    if key not in law.index:
        return alike("—")
    step, value = law.steps[law.index[key]], decision.values[key]
    if step.binder is None:
        return {lang: said_value(value, step.type, lang) for lang in LANGUAGES}
    rows = value or ()
    return {lang: "; ".join(said_value(one, step.type, lang) for one in rows) or "—" for lang in LANGUAGES}


# --- derivations ---


def _derivation(decision: Decision, witness: Witness, lang: str) -> tuple[Line, ...]:
    """Give the lines of the explanation below its head, which says the policy, the day and the readings."""
    law = decision.law
    wanted = dict.fromkeys([*(witness.only or law.decisions), *witness.values, *_computed(decision, witness)])
    only = [name for name in wanted if name in law.decisions or name in law.index]
    return explain(decision, lang, only).lines[2 + len(law.readings) :]


def _computed(decision: Decision, witness: Witness) -> list[str]:
    """Name the values that make the answer: those that the rule grants, and those in which a pair differs."""
    law = decision.law
    names = [name for name in (witness.only or law.decisions) if name in law.decisions]
    granted = [
        node.key
        for name in names
        for rule in law.decisions[name].rules
        if rule.name in decision[name].rules
        for key in rule.grants.values()
        for node in walk(law.steps[law.index[key]].rich)
        if isinstance(node, Step)
    ]
    below = {*cone(law, *(f"{name}.{field}" for name in names for field in law.decisions[name].fields))}
    differing = [
        step.key
        for step in reversed(law.steps)
        if step.key in below
        and any(step.key in d.law.index and d.values[step.key] != decision.values[step.key] for d in witness.decisions)
    ]
    found = dict.fromkeys([*granted, *differing])
    return [key for key in found if key in law.index and law.steps[law.index[key]].role in COMPUTED]


def _compared(own: tuple[Line, ...], others: list[tuple[Line, ...]]) -> tuple[Reason, ...]:
    theirs = {(line.mark, text(line.tokens)) for lines in others for line in lines}
    return tuple(Reason(line, bool(others) and (line.mark, text(line.tokens)) not in theirs) for line in own)


def narrowed(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """Keep the lines that differ, and the headings and rules that they stand under; all, where none differs."""
    if not any(reason.differs for reason in reasons):
        return reasons
    kept: set[int] = set()
    for at, reason in enumerate(reasons):
        if reason.differs:
            kept.add(at)
            kept.update(_above(reasons, at))
    return tuple(reason for at, reason in enumerate(reasons) if at in kept)


def _above(reasons: tuple[Reason, ...], at: int) -> Iterable[int]:
    depth = reasons[at].line.depth
    for other in range(at - 1, -1, -1):
        if reasons[other].line.depth < depth:
            depth = reasons[other].line.depth
            yield other
