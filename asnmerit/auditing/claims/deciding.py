"""Claims about how a decision is reached: whether rules can conflict, and whether somebody is left undecided."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.claims.claim import Claim, Shown, finding, for_nobody
from asnmerit.auditing.claims.conditions import top_conditions
from asnmerit.auditing.claims.contrasts import decision_words, field_said, rule_words, status_words, value_words
from asnmerit.auditing.claims.wording import Said, listed, pair
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.questions import Exists, Extended, both, differ, either, negated
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.rules.assemble import DecisionNode, RuleNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

MOST_PAIRS: Final = 100
"""With more pairs of rules than these, only the pair of one witness is named."""
MOST_OPEN: Final = 10
"""With more open pairs than these and none found, the decision is told as one line."""
SEVERAL: Final = 2
NEVER_TWO: Final = {
    "id": "tidak ada orang yang dituju oleh dua aturannya sekaligus: klaim ini tidak mengenai siapa pun",
    "en": "two of its rules never concern one person: the claim is about nobody",
}
NOT_FOUND: Final = {
    "id": "tidak ditemukan orang yang dituju oleh dua aturannya: yang terbukti mungkin terbukti tanpa arti",
    "en": "nobody was found whom two of its rules concern: what is proved may be proved of nobody",
}


def conflicts(law: Law, extended: Extended) -> list[Claim]:
    """Claim of each decision of `unique` and `any` that it never ends in conflict."""
    found: list[Claim] = []
    for node in law.decisions.values():
        if node.hit in {"unique", "any"} and len(node.rules) >= SEVERAL:
            found += _conflicts(extended, node)
    return found


def _conflicts(extended: Extended, node: DecisionNode) -> list[Claim]:
    words = pair(
        ("{0}: tidak ada dua aturan yang bertentangan", "{0}: no two rules contradict each other"), decision_words(node)
    )
    if not node.may_conflict:
        said = {"id": "terbukti saat kebijakan dimuat", "en": "proved when the policy was loaded"}
        plain = Claim(
            Kind.CONFLICT, node.key, words, (), lambda _: [finding(plain, Verdict.PROVED, (), said)], node.about
        )
        return [plain]
    possible = Exists(f"{node.key}.conflict")
    whole = Claim(
        Kind.CONFLICT, node.key, words, (possible,), lambda s: _free(whole, s[0]) if s[0].none else [], node.about
    )
    pairs = list(combinations(node.rules, 2))
    asked = [(a, b, Exists(_clash(extended, node, a, b))) for a, b in pairs] if len(pairs) <= MOST_PAIRS else []
    named = Claim(
        Kind.CONFLICT,
        node.key,
        words,
        (possible, *(q for _, _, q in asked)),
        lambda s: _pairs(named, node, [(a, b) for a, b, _ in asked], s),
        node.about,
        (possible,),
    )
    return [whole, named]


def _free(claim: Claim, shown: Shown) -> list[Finding]:
    return [finding(claim, Verdict.PROVED if shown.none else Verdict.UNPROVED, [shown])]


def _clash(extended: Extended, node: DecisionNode, a: RuleNode, b: RuleNode) -> str:
    """Add the step that says whether two rules hold and contradict each other."""
    tests: list[Expr] = [extended.read(a.key), extended.read(b.key)]
    if node.hit == "any":
        tests.append(either(*(differ(extended.read(a.grants[f]), extended.read(b.grants[f])) for f in node.fields)))
    return extended.add(f"{node.key}~clash.{a.name}.{b.name}", both(*tests))


def _pairs(
    claim: Claim, node: DecisionNode, pairs: Sequence[tuple[RuleNode, RuleNode]], shown: tuple[Shown, ...]
) -> list[Finding]:
    """Name every pair that can conflict; the pair of the first witness where none was found by itself.

    Where nobody was found, the pairs that are still open are named, unless they are many.
    """
    possible, *asked = shown
    found = [_conflict(claim, node, a, b, s) for (a, b), s in zip(pairs, asked, strict=True) if s.found]
    if not found and possible.found:
        holding = set(possible.decisions[0][node.key].rules)
        a, b, *_ = [r for r in node.rules if r.name in holding]
        found = [_conflict(claim, node, a, b, possible)]
    open_ = [(a, b, s) for (a, b), s in zip(pairs, asked, strict=True) if not s.found and not s.none]
    still = [(a, b, s) for a, b, s in open_ if _subject(node, a, b) not in {f.subject for f in found}]
    if not found and not still and pairs:
        return [finding(claim, Verdict.PROVED, asked)]
    if not found and (possible.none or not 0 < len(still) <= MOST_OPEN):
        return _free(claim, possible)
    for a, b, s in still:
        words = pair(
            ("{0}: aturan {1} dan {2} tidak bertentangan", "{0}: rules {1} and {2} do not contradict each other"),
            decision_words(node),
            rule_words(a),
            rule_words(b),
        )
        found.append(finding(claim, Verdict.UNPROVED, [s], claim=words, subject=_subject(node, a, b)))
    return found


def _subject(node: DecisionNode, a: RuleNode, b: RuleNode) -> str:
    return f"{node.key}: {a.name} / {b.name}"


def _conflict(claim: Claim, node: DecisionNode, a: RuleNode, b: RuleNode, shown: Shown) -> Finding:
    decision = shown.decisions[0]
    told = pair(
        (
            "aturan {0} dan {1} sama-sama terpenuhi bagi orang ini{2}; jawabannya: aturan bertentangan",
            "rules {0} and {1} both hold for this person{2}; the answer is a conflict",
        ),
        rule_words(a),
        rule_words(b),
        _granted(shown, node, a, b),
    )
    return finding(
        claim,
        Verdict.COUNTEREXAMPLE,
        [shown],
        told,
        witness=Witness((decision,), only=(node.key,)),
        flaw=True,
        subject=_subject(node, a, b),
        about=b.about if b.about.position.file else claim.about,
    )


def _granted(shown: Shown, node: DecisionNode, a: RuleNode, b: RuleNode) -> Said:
    """Say what two rules grant where that differs."""
    said = []
    values = shown.decisions[0].values
    for field, of in node.fields.items():
        one, other = values[a.grants[field]], values[b.grants[field]]
        if one != other:
            said.append(pair(("{0} dan {1}", "{0} and {1}"), value_words(one, of), value_words(other, of)))
    if not said:
        return {"id": "", "en": ""}
    return pair((" dan memberi {0}", " and grant {0}"), listed(said))


# --- gaps ---


def gaps(law: Law, extended: Extended) -> list[Claim]:
    """Claim that everybody in the scope of a finding is decided; of other decisions show somebody who is not."""
    found = []
    for node in law.decisions.values():
        if node.hit == "collect" or len(node.rules) < SEVERAL:
            continue
        nobody = negated(extended.read(f"{node.key}.granted"))
        if decides_everybody(node):
            several = extended.add(f"{node.key}~several", _several(extended, node))
            gap = extended.add(f"{node.key}~gap", both(extended.read(several), nobody))
            found.append(_total(node, gap, several))
            continue
        scope = either(*(_scope(extended, rule) for rule in node.rules))
        found.append(_partial(node, extended.add(f"{node.key}~gap", both(scope, nobody))))
    return found


def decides_everybody(node: DecisionNode) -> bool:
    """Whether a decision sets out to sort everybody whom it concerns."""
    return node.kind == "finding" and bool(node.fields) and not node.otherwise


def _scope(extended: Extended, rule: RuleNode) -> Expr:
    return both(*(extended.read(c.key) for c in rule.applies))


def _several(extended: Extended, node: DecisionNode) -> Expr:
    """Write that two rules concern somebody, and that what all rules ask alike is so.

    Who fails what every rule asks is refused by it; and a rule that alone concerns somebody is a question, not a case
    of several: to fail it is an answer.
    """
    every = set.intersection(*({c.key for c, _ in top_conditions(r)} for r in node.rules))
    asked = [
        extended.read(c.key) if wanted else negated(extended.read(c.key))
        for c, wanted in top_conditions(node.rules[0])
        if c.key in every
    ]
    scopes = [_scope(extended, rule) for rule in node.rules]
    return both(*asked, Call(t.BOOL, "at_least", tuple(scopes), SEVERAL))


def _total(node: DecisionNode, key: str, several: str) -> Claim:
    """Claim that nobody is left out. Where its rules never concern one person together, it is a claim about nobody."""
    words = pair(
        ("{0}: setiap orang yang bersangkutan diputuskan", "{0}: everybody whom it concerns is decided"),
        decision_words(node),
    )
    told = pair(
        (
            "tidak satu pun dari {0} aturan {1} memutuskan orang ini, padahal ia termasuk yang bersangkutan",
            "none of the {0} rules of {1} decides this person, though it concerns them",
        ),
        str(len(node.rules)),
        decision_words(node),
    )

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        gap, concerned = shown
        if not gap.none or concerned.found:
            return for_nobody(claim, gap, lambda _: told, only=[node.key])
        verdict = Verdict.OBSERVED if concerned.none else Verdict.UNPROVED
        return [finding(claim, verdict, [concerned], NEVER_TWO if concerned.none else NOT_FOUND)]

    claim = Claim(Kind.GAP, node.key, words, (Exists(key), Exists(several)), read, node.about)
    return claim


def _partial(node: DecisionNode, key: str) -> Claim:
    words = pair(
        ("{0}: siapa yang tidak dipenuhi oleh aturan mana pun", "{0}: who meets none of its rules"),
        decision_words(node),
    )

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        (one,) = shown
        if one.none:
            told = {"id": "tidak ada: setiap orang memenuhi suatu aturan", "en": "nobody: everybody meets a rule"}
            return [finding(claim, Verdict.OBSERVED, shown, told)]
        if not one.found:
            return [finding(claim, Verdict.OBSERVED, shown, {"id": "tidak ditemukan", "en": "nobody was found"})]
        said = pair(
            ("orang ini tidak memenuhi aturan mana pun: {0}", "this person meets none of the rules: {0}"),
            _answered(one, node),
        )
        witness = Witness(one.decisions, only=(node.key,))
        return [finding(claim, Verdict.OBSERVED, shown, said, witness=witness)]

    claim = Claim(Kind.GAP, node.key, words, (Exists(key),), read, node.about)
    return claim


def _answered(shown: Shown, node: DecisionNode) -> Said:
    decision = shown.decisions[0]
    fields = [f for f in node.fields if f in node.otherwise]
    if not fields:
        return status_words(decision, node)
    return listed([status_words(decision, node), *(field_said(decision, node, f) for f in fields)])
