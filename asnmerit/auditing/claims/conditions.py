"""Claims about the conditions of a law: each is true for some and false for others, and changes its rule."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.claims.by_law import asks_of_a_table
from asnmerit.auditing.claims.claim import Claim, finding
from asnmerit.auditing.claims.contrasts import condition_words, decision_words, rule_words
from asnmerit.auditing.claims.wording import Said, pair
from asnmerit.auditing.findings import Finding, Kind, Verdict
from asnmerit.auditing.questions import Exists, Extended, both, differ, either, negated
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Literal

if TYPE_CHECKING:
    from asnmerit.auditing.claims.claim import Shown
    from asnmerit.rules.assemble import ConditionNode, DecisionNode, RuleNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law


SCOPE: Final = {
    "id": "syarat ini menyebut siapa yang dituju aturannya",
    "en": "it says whom the rule concerns",
}
ROW: Final = {
    "id": "syarat ini hanya menanyakan apakah tabelnya memuat barisnya",
    "en": "it only asks whether the table has a row",
}


@attrs.frozen(eq=False)
class Place:
    """A condition where it stands: in a rule or shared, below which others, and its neutral constant there."""

    node: ConditionNode
    neutral: bool
    top: ConditionNode
    above: tuple[ConditionNode, ...] = ()
    unless: bool = False


def top_conditions(rule: RuleNode) -> list[tuple[ConditionNode, bool]]:
    """Give the conditions of a rule, each with the truth that the rule needs."""
    return [*((c, True) for c in (*rule.applies, *rule.requires)), *((c, False) for c in rule.unless)]


def places(rule: RuleNode) -> Iterator[Place]:
    """Give every condition of a rule with its place, nested ones too; what a shared one is made of is left out."""
    for node, wanted in top_conditions(rule):
        yield from _below(Place(node, wanted, node, (), not wanted))


def _below(place: Place) -> Iterator[Place]:
    yield place
    node, above = place.node, (*place.above, place.node)
    for child in node.children:
        yield from _below(Place(child, node.form == "all_of", place.top, above, place.unless))
    for child in node.exceptions:
        yield from _below(Place(child, False, place.top, above, place.unless))


def is_named_only(law: Law, node: ConditionNode) -> bool:
    """Whether a condition only names a shared one, which is asked of by itself."""
    return node.shared in law.shared and node.form == "is" and not node.when and not node.exceptions


def conditions(law: Law, extended: Extended, given: dict[str, bool]) -> list[Claim]:
    """Claim of every condition that it is not constant, and that without it its rule is another."""
    found: list[Claim] = []
    asked: dict[str, None] = {}
    for node in law.decisions.values():
        for key, (place, rules) in _of_decision(node).items():
            if key not in law.index:
                continue
            where = _where(node, place, rules)
            if key not in asked and not is_named_only(law, place.node):
                asked[key] = None
                found.append(_constant(extended, place.node, f"{where}.{place.node.name}", given))
            if key not in given:
                found.append(_redundant(extended, node, place, rules, where))
    for name, shared in _shared(law).items():
        for place in _below(Place(shared, neutral=True, top=shared)):
            key = place.node.key
            if key in law.index and key not in asked and not is_named_only(law, place.node):
                asked[key] = None
                found.append(_constant(extended, place.node, _path(name, place), given))
                if place.above and key not in given:
                    found.append(_redundant_shared(extended, place, name))
    return found


def _of_decision(node: DecisionNode) -> dict[str, tuple[Place, list[RuleNode]]]:
    """Give the conditions of a decision's rules by key, each with the rules that it belongs to."""
    found: dict[str, tuple[Place, list[RuleNode]]] = {}
    for rule in node.rules:
        for place in places(rule):
            found.setdefault(place.node.key, (place, []))[1].append(rule)
    return found


def _where(node: DecisionNode, place: Place, rules: list[RuleNode]) -> str:
    """Name what a condition stands in: the rule, or the decision, whose own conditions are those of all its rules."""
    own = len(rules) > 1 or place.top.key.startswith(f"{node.key}.")
    return node.key if own else f"{node.key}.{rules[0].name}"


def _path(name: str, place: Place) -> str:
    return ".".join([name, *(n.name for n in (*place.above[1:], place.node) if n is not place.top)])


def _shared(law: Law) -> dict[str, ConditionNode]:
    """Give the shared conditions that the decisions of the law rest on by their conditions."""
    found: dict[str, ConditionNode] = {}
    waiting = [p.node for d in law.decisions.values() for r in d.rules for p in places(r)]
    while waiting:
        node = waiting.pop(0)
        if node.shared in law.shared and node.shared not in found:
            found[node.shared] = law.shared[node.shared]
            waiting += [p.node for p in _below(Place(law.shared[node.shared], neutral=True, top=node))]
    return found


# --- constant ---


def _constant(extended: Extended, node: ConditionNode, subject: str, given: dict[str, bool]) -> Claim:
    words = pair(
        (
            "syarat {0} benar bagi sebagian orang dan salah bagi yang lain",
            "condition {0} is true for some and false for others",
        ),
        condition_words(node),
    )
    untrue = _untrue(extended, node)
    of_table = asks_of_a_table(extended.base, node)
    name = pair(("syarat {0}", "condition {0}"), condition_words(node))

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        if node.key in given:
            return [finding(claim, Verdict.OBSERVED, (), _by_law(given[node.key]), claim=name)]
        true, false = shown
        if true.found and false.found:
            return [finding(claim, Verdict.PROVED, shown)]
        if true.none or false.none:
            told = _always(by_all=false.none)
            if of_table:
                told, asked = _rows(by_all=false.none), [false if false.none else true]
                return [finding(claim, Verdict.OBSERVED, asked, told, claim=name)]
            return [finding(claim, Verdict.COUNTEREXAMPLE, [false if false.none else true], told, flaw=True)]
        told = {
            "id": "tidak ditemukan seorang pun yang baginya syarat ini salah"
            if true.found
            else "tidak ditemukan seorang pun yang baginya syarat ini benar",
            "en": "nobody was found for whom it is false" if true.found else "nobody was found for whom it is true",
        }
        return [finding(claim, Verdict.UNPROVED, [s for s in shown if not s.found], told)]

    questions = () if node.key in given else (Exists(node.key), Exists(untrue))
    claim = Claim(Kind.CONSTANT_CONDITION, subject, words, questions, read, node.about)
    return claim


def _untrue(extended: Extended, node: ConditionNode) -> str:
    key = f"{node.key}~false"
    return key if key in extended else extended.add(key, negated(extended.read(node.key)))


def _always(*, by_all: bool) -> Said:
    if by_all:
        return {"id": "syarat ini benar bagi setiap orang", "en": "it is true for everybody"}
    return {"id": "syarat ini tidak benar bagi siapa pun", "en": "it is true for nobody"}


def _rows(*, by_all: bool) -> Said:
    if by_all:
        return {"id": "tabelnya memuat baris bagi setiap orang", "en": "the table has a row for everybody"}
    return {"id": "tabelnya tidak memuat baris bagi siapa pun", "en": "the table has a row for nobody"}


def _by_law(truth: object) -> Said:
    if truth:
        return {
            "id": "benar menurut ketentuan dan tanggalnya saja, siapa pun orangnya",
            "en": "true by the law and the day alone, whoever the person is",
        }
    return {
        "id": "salah menurut ketentuan dan tanggalnya saja, siapa pun orangnya",
        "en": "false by the law and the day alone, whoever the person is",
    }


# --- redundant ---


def _without(extended: Extended, node: ConditionNode, place: Place) -> Expr:
    """Write a condition with the one at a place replaced by its neutral constant."""
    if node is place.node:
        return Literal(t.BOOL, place.neutral)
    if node not in place.above:
        return extended.read(node.key)
    parts = [_without(extended, c, place) for c in node.children]
    match node.form:
        case "any_of":
            body = either(*parts)
        case "all_of":
            body = both(*parts)
        case "at_least":
            body = Call(t.BOOL, "at_least", tuple(parts), node.at_least)
        case _:
            body = extended.read(node.asked or node.key)
    tests = [body, *(_without(extended, e, place) for e in node.exceptions)]
    if node.when:
        tests.insert(0, negated(extended.read(node.when)))
    return either(*tests)


def _rest(extended: Extended, rule: RuleNode, place: Place) -> list[Expr]:
    """Write the other conditions of a rule, as the rule needs them; of its scope, what else says whom it concerns."""
    among = [(c, True) for c in rule.applies] if place.top in rule.applies else top_conditions(rule)
    return [
        extended.read(c.key) if wanted else negated(extended.read(c.key)) for c, wanted in among if c is not place.top
    ]


def _changes(extended: Extended, place: Place) -> Expr:
    """Write whether its top condition is another without the one at a place."""
    top = extended.read(place.top.key)
    if place.node is place.top:
        return top if place.unless else negated(top)
    return differ(top, _without(extended, place.top, place))


def _given(extended: Extended, place: Place) -> list[Exists]:
    """Give what must have somebody: each condition above, and the one at the place, true for some, false for some."""
    nodes = (*place.above, place.node)
    return [q for n in nodes for q in (Exists(n.key), Exists(_untrue(extended, n)))]


def _redundant(extended: Extended, node: DecisionNode, place: Place, rules: list[RuleNode], where: str) -> Claim:
    changed = either(*(both(*_rest(extended, rule, place), _changes(extended, place)) for rule in rules))
    key = extended.add(f"{place.node.key}~changes.{node.key}", changed)
    if len(rules) == 1:
        words = pair(
            ("aturan {1} berubah tanpa syarat {0}", "rule {1} is not the same without condition {0}"),
            condition_words(place.node),
            rule_words(rules[0]),
        )
        alive = Exists(rules[0].key)
    else:
        words = pair(
            ("{1}: ada aturan yang berubah tanpa syarat {0}", "{1}: some rule is not the same without condition {0}"),
            condition_words(place.node),
            decision_words(node),
        )
        alive = Exists(f"{node.key}.granted")
    path = ".".join([where, *(n.name for n in place.above), place.node.name])
    kept = SCOPE if place.node in rules[0].applies else ROW if asks_of_a_table(extended.base, place.node) else None
    return _changed(path, words, key, place.node, (alive, *_given(extended, place)), kept)


def _redundant_shared(extended: Extended, place: Place, name: str) -> Claim:
    key = extended.add(f"{place.node.key}~changes", _changes(extended, place))
    words = pair(
        ("syarat {1} berubah tanpa syarat {0}", "condition {1} is not the same without condition {0}"),
        condition_words(place.node),
        f"`{name}`",
    )
    return _changed(_path(name, place), words, key, place.node, tuple(_given(extended, place)))


def _changed(
    subject: str, words: Said, key: str, node: ConditionNode, given: tuple[Exists, ...], kept: Said | None = None
) -> Claim:
    """Claim that a condition changes something. `kept` says why one that does not is no flaw."""

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        (one,) = shown
        if one.found:
            return [finding(claim, Verdict.PROVED, shown)]
        if not one.none:
            told = {
                "id": "tidak ditemukan seorang pun yang baginya berubah",
                "en": "nobody was found for whom it changes",
            }
            return [finding(claim, Verdict.UNPROVED, shown, told)]
        told = {
            "id": "tanpa syarat ini aturannya sama bagi setiap orang",
            "en": "without it the rule is the same for everybody",
        }
        if kept is not None:
            told = pair(("{0}; {1}", "{0}; {1}"), told, kept)
            name = pair(("syarat {0}", "condition {0}"), condition_words(node))
            return [finding(claim, Verdict.OBSERVED, shown, told, claim=name)]
        return [finding(claim, Verdict.COUNTEREXAMPLE, shown, told, flaw=True)]

    claim = Claim(Kind.REDUNDANT_CONDITION, subject, words, (Exists(key),), read, node.about, given)
    return claim
