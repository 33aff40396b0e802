"""Two people side by side, in words: the facts in which they differ, and how the law answers each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.claims.wording import Said, listed, named, pair, plain_name
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import fact_name, said_value
from asnmerit.rules.types import ListOf, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.rules.assemble import ConditionNode, DecisionNode, RuleNode
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

Words = Mapping[str, str]
NONE = {"id": "tidak ada", "en": "none"}
OTHERS = 3
"""So many facts in which a pair differs are told; more are counted."""


# --- names ---


def decision_words(node: DecisionNode) -> Said:
    """Name a decision."""
    return named(node.about, node.key)


def rule_words(rule: RuleNode) -> Said:
    """Name a rule by its name and, where it has one, its label: `reguler` (Kenaikan pangkat reguler)."""
    return _titled(rule.name, rule.about.label)


def condition_words(node: ConditionNode) -> Said:
    """Name a condition by its name and, where it has one, its label."""
    return _titled(node.name, node.about.label)


def _titled(name: str, label: Words | None) -> Said:
    if not label:
        return dict.fromkeys(LANGUAGES, f"`{name}`")
    return {lang: f"`{name}` ({label[lang]})" if lang in label else f"`{name}`" for lang in LANGUAGES}


def field_words(node: DecisionNode, field: str) -> Said:
    """Name a field of an outcome."""
    label = node.labels.get(field) or {}
    return {lang: label.get(lang, plain_name(field)) for lang in LANGUAGES}


def fact_words(law: Law, name: str) -> Said:
    """Name a fact."""
    return {lang: fact_name(law, name, lang) for lang in LANGUAGES}


# --- answers ---


def status_words(decision: Decision, node: DecisionNode) -> Said:
    """Say the status of an answer as explanations do: `GRANTED`, `REFUSED`, `NOT IMPOSED`."""
    outcome = decision[node.key]
    return {lang: STATUS_NAMES[lang][node.kind][outcome.status] for lang in LANGUAGES}


def field_value(decision: Decision, node: DecisionNode, field: str) -> Any:  # noqa: ANN401 - a value shown
    """Give a field or total as it was answered; None where nothing was, or each rule grants its own."""
    return (decision[node.key].outcome or {}).get(field)


def field_said(decision: Decision, node: DecisionNode, field: str) -> Said:
    """Say a field or total as it was answered, of a collection rule by rule; where nothing was, the status."""
    value = field_value(decision, node, field)
    if value is not None:
        return value_words(value, node.fields[field])
    outcome = decision[node.key]
    if node.hit != "collect" or not outcome.grants:
        return status_words(decision, node)
    said = "{0} (`{1}`)", "{0} (`{1}`)"
    return listed(pair(said, value_words(g.outcome[field], node.fields[field]), g.rule) for g in outcome.grants)


def _by_rules(decision: Decision, node: DecisionNode) -> Said:
    """Say the rules that are collected: of two who are both granted something they may be others."""
    return listed(rule_words(r) for r in node.rules if r.name in decision[node.key].rules)


def change_words(a: Decision, b: Decision, node: DecisionNode, field: str | None) -> Said:
    """Say how an answer changes from one person to the other: `money falls from Rp 2,000,000 to Rp 1,500,000`."""
    if field is None:
        said = "{0} berubah dari {1} menjadi {2}", "{0} turns from {1} to {2}"
        one, other = status_words(a, node), status_words(b, node)
        if one == other and node.hit == "collect":
            one, other = _by_rules(a, node), _by_rules(b, node)
        return pair(said, decision_words(node), one, other)
    what = pair(("{0} ({1})", "{0} ({1})"), field_words(node, field), decision_words(node))
    one, other = field_value(a, node, field), field_value(b, node, field)
    said = "{0} berubah dari {1} menjadi {2}", "{0} turns from {1} to {2}"
    if not isinstance(one, str | bool | None) and not isinstance(other, str | bool | None) and one != other:
        if other < one:
            said = "{0} turun dari {1} menjadi {2}", "{0} falls from {1} to {2}"
        else:
            said = "{0} naik dari {1} menjadi {2}", "{0} rises from {1} to {2}"
    return pair(said, what, field_said(a, node, field), field_said(b, node, field))


# --- facts ---


@attrs.frozen
class Difference:
    """A fact in which two people differ: its column, its name, and what is said of each."""

    column: str
    name: Words
    before: Words
    after: Words


def differences(a: Decision, b: Decision) -> tuple[Difference, ...]:
    """Give the facts in which two people differ, by column of a table: `performance_2025`, `quality_peers_3`."""
    law = a.law
    found: list[Difference] = []
    for name in dict.fromkeys((*a.facts, *b.facts)):
        one, other = a.facts.get(name), b.facts.get(name)
        if one != other:
            found += _differing(law, law.declared[name], one, other, a.as_of.year)
    return tuple(found)


def _differing(law: Law, decl: FactDecl, a: Any, b: Any, year: int) -> Iterator[Difference]:  # noqa: ANN401
    match decl.type:
        case Yearly(of) | PerMember(of):
            for slot in dict.fromkeys((*(a or {}), *(b or {}))):
                one, other = (a or {}).get(slot), (b or {}).get(slot)
                if one != other:
                    at = year - 1 - slot if isinstance(decl.type, Yearly) else slot
                    name: Said = {lang: fact_name(law, decl.name, lang, at, year) for lang in LANGUAGES}
                    yield Difference(f"{decl.name}_{slot}", name, value_words(one, of), value_words(other, of))
        case ListOf() as of:
            yield from _rows(law, decl, of, list(a or ()), list(b or ()))
        case of:
            yield Difference(decl.name, fact_words(law, decl.name), value_words(a, of), value_words(b, of))  # type: ignore[arg-type]


def _rows(law: Law, decl: FactDecl, of: ListOf, a: list[Any], b: list[Any]) -> Iterator[Difference]:
    whole = fact_words(law, decl.name)
    if len(a) != len(b):
        yield Difference(decl.name, whole, _list(a, of, decl), _list(b, of, decl))
        return
    for i, (one, other) in enumerate(zip(a, b, strict=True), start=1):
        if of.plain and one != other:
            kind = of.fields["value"]
            said = pair(("{0} ke-{1}", "{0} no. {1}"), whole, str(i)) if len(a) > 1 else whole
            yield Difference(f"{decl.name}_{i}", said, value_words(one, kind), value_words(other, kind))
        elif one != other:
            for field, kind in of.fields.items():
                if one.get(field) != other.get(field):
                    said = pair(("{1} pada {0} ke-{2}", "{1} of {0} no. {2}"), whole, _field(decl, field), str(i))
                    yield Difference(
                        f"{decl.name}_{i}_{field}",
                        said,
                        value_words(one.get(field), kind),
                        value_words(other.get(field), kind),
                    )


def _field(decl: FactDecl, field: str) -> Said:
    label = decl.field_labels.get(field) or {}
    return {lang: label.get(lang, plain_name(field)) for lang in LANGUAGES}


def value_words(value: Any, of: Scalar) -> Said:  # noqa: ANN401 - a value shown
    """Say a value of a type."""
    return {lang: said_value(value, of, lang) for lang in LANGUAGES}


def _list(rows: list[Any], of: ListOf, decl: FactDecl) -> Said:
    if not rows:
        return dict(NONE)
    if of.plain:
        return listed([value_words(v, of.fields["value"]) for v in rows])
    said = [
        listed(
            [
                pair(("{0} {1}", "{0} {1}"), _field(decl, field), value_words(row.get(field), kind))
                for field, kind in of.fields.items()
                if field in row
            ]
        )
        for row in rows
    ]
    return {lang: " | ".join(row[lang] for row in said) for lang in LANGUAGES}


def instead_words(found: tuple[Difference, ...]) -> Said:
    """Say in what a pair differs: `with quality 81 instead of 80`."""
    said = [
        pair(("{0} {2} alih-alih {1}", "{0} {2} instead of {1}"), d.name, d.before, d.after) for d in found[:OTHERS]
    ]
    if len(found) > OTHERS:
        more = str(len(found) - OTHERS)
        said.append(pair(("{0} data lain", "{0} other facts"), more))
    return pair(("dengan {0}", "with {0}"), listed(said))
