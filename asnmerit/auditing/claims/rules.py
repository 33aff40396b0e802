"""Claims about the rules of a law: each can hold, decides somebody, and is missed by somebody if it is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from asnmerit.auditing.claims.by_law import asks_of_a_table, settled_by_law
from asnmerit.auditing.claims.claim import Claim, finding
from asnmerit.auditing.claims.conditions import conditions, top_conditions
from asnmerit.auditing.claims.contrasts import condition_words, decision_words, rule_words
from asnmerit.auditing.claims.deciding import conflicts, gaps
from asnmerit.auditing.claims.wording import listed, pair
from asnmerit.auditing.findings import Kind, Verdict
from asnmerit.auditing.questions import Exists, Extended, both, chosen, differ, either, negated, whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from asnmerit.auditing.claims.claim import Shown, Words
    from asnmerit.auditing.findings import Finding
    from asnmerit.rules.assemble import DecisionNode, RuleNode
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

SEVERAL: Final = 2
NOT_FOUND: Final = {
    "id": "tidak ditemukan seorang pun, dan tidak terbukti bahwa tidak ada",
    "en": "nobody was found, and it is not proved that there is nobody",
}
DEAD: Final = {"id": "tidak seorang pun dapat memenuhi aturan ini", "en": "nobody can meet this rule"}
OFF: Final = (
    "aturan ini dimatikan oleh ketentuan itu sendiri, siapa pun orangnya: {0}",
    "the law itself switches this rule off, whoever the person is: {0}",
)
SHADOWED: Final = {
    "id": "aturan ini dapat terpenuhi, tetapi setiap kali terpenuhi, aturan sebelumnya sudah memutuskan",
    "en": "this rule can hold, and whenever it does a rule before it has already decided",
}
REDUNDANT: Final = {
    "id": "tanpa aturan ini setiap orang mendapat jawaban yang sama",
    "en": "without this rule everybody is answered the same",
}


def claims(law: Law, extended: Extended) -> list[Claim]:
    """Claim of every rule, condition and decision of a law that it is of use and does not contradict another.

    The steps that measure this are added to `extended`.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [c.subject for c in claims(law, Extended(law)) if c.kind == "dead-rule"]
    ['promotion.promosi_prestasi', 'incentives.insentif_tunjangan_khusus', 'incentives.insentif_pengakuan_publik']
    """
    found: list[Claim] = []
    given = settled_by_law(law)
    for node in law.decisions.values():
        found += [_dead(law, node, rule, given) for rule in node.rules]
        found += _shadowed(extended, node)
        found += _redundant(extended, node)
    found += conditions(law, extended, given)
    found += conflicts(law, extended)
    found += gaps(law, extended)
    return found


def subject(node: DecisionNode, rule: RuleNode) -> str:
    """Give the path of a rule: its decision and its name."""
    return f"{node.key}.{rule.name}"


def _some(claim: Claim, shown: Shown, nobody: Words) -> list[Finding]:
    """Read the answer to a claim that there is somebody: who is found proves it, and proof of nobody is the flaw."""
    if shown.found:
        return [finding(claim, Verdict.PROVED, [shown])]
    if shown.none:
        return [finding(claim, Verdict.COUNTEREXAMPLE, [shown], nobody, flaw=True)]
    return [finding(claim, Verdict.UNPROVED, [shown], NOT_FOUND)]


# --- dead ---


def _dead(law: Law, node: DecisionNode, rule: RuleNode, given: dict[str, bool]) -> Claim:
    """Claim that a rule can hold. Where the law itself switches it off, without asking the person, it is no flaw."""
    off = [c for c, wanted in top_conditions(rule) if c.key in given and given[c.key] is not wanted]
    of_tables = [c for c in (*rule.applies, *rule.requires) if c.key not in given and asks_of_a_table(law, c)]
    words = pair(("{1}: aturan {0} dapat terpenuhi", "{1}: rule {0} can hold"), rule_words(rule), decision_words(node))

    def read(shown: tuple[Shown, ...]) -> list[Finding]:
        first, *rows = shown
        by_law = [*off, *(c for c, s in zip(of_tables, rows, strict=True) if s.none)]
        if not by_law or not first.none:
            return _some(claim, first, DEAD)
        told = pair(OFF, listed([condition_words(c) for c in by_law]))
        name = pair(("{1}: aturan {0}", "{1}: rule {0}"), rule_words(rule), decision_words(node))
        return [finding(claim, Verdict.OBSERVED, [first], told, claim=name)]

    questions = (Exists(rule.key), *(Exists(c.key) for c in of_tables))
    claim = Claim(Kind.DEAD_RULE, subject(node, rule), words, questions, read, rule.about)
    return claim


# --- shadowed ---


def _shadowed(extended: Extended, node: DecisionNode) -> list[Claim]:
    """Claim of each rule but the first that it decides somebody, where the first that holds decides."""
    if node.hit != "first":
        return []
    found = []
    before: Expr = extended.read(node.rules[0].key) if node.rules else either()
    for i, rule in enumerate(node.rules[1:], start=1):
        key = extended.add(f"{rule.key}~decides", both(extended.read(rule.key), negated(before)))
        found.append(_decides(node, rule, key))
        before = extended.read(extended.add(f"{node.key}~before[{i + 1}]", either(before, extended.read(rule.key))))
    return found


def _decides(node: DecisionNode, rule: RuleNode, key: str) -> Claim:
    words = pair(
        ("{1}: aturan {0} memutuskan seseorang", "{1}: rule {0} decides somebody"),
        rule_words(rule),
        decision_words(node),
    )
    claim = Claim(
        Kind.SHADOWED_RULE,
        subject(node, rule),
        words,
        (Exists(key),),
        lambda s: _some(claim, s[0], SHADOWED),
        rule.about,
        (Exists(rule.key),),
    )
    return claim


# --- redundant ---


def _redundant(extended: Extended, node: DecisionNode) -> list[Claim]:
    """Claim of each rule that without it somebody is answered otherwise.

    The rules of a collection whose fields are not all added up are themselves the answer: leaving one out changes it.
    """
    rules = node.rules
    if len(rules) < SEVERAL or (node.hit == "collect" and (not node.totals or set(node.totals) != set(node.fields))):
        return []
    ways = {"first": _missed_first, "unique": _missed_unique, "any": _missed_any, "collect": _missed_collect}
    missed = ways[node.hit](extended, node)
    return [
        _missed(node, rule, extended.add(f"{rule.key}~missed", test)) for rule, test in zip(rules, missed, strict=True)
    ]


def _missed(node: DecisionNode, rule: RuleNode, key: str) -> Claim:
    words = pair(
        ("{1}: tanpa aturan {0} ada jawaban yang berubah", "{1}: without rule {0} some answer changes"),
        rule_words(rule),
        decision_words(node),
    )
    given = [Exists(rule.key)]
    if node.hit == "first" and rule is not node.rules[0]:
        given.append(Exists(f"{rule.key}~decides"))
    claim = Claim(
        Kind.REDUNDANT_RULE,
        subject(node, rule),
        words,
        (Exists(key),),
        lambda s: _some(claim, s[0], REDUNDANT),
        rule.about,
        tuple(given),
    )
    return claim


def _before_and_after(extended: Extended, node: DecisionNode) -> tuple[list[Expr], list[Expr]]:
    """Say for each rule whether one before it holds, and whether one after it does; each in one step more."""
    tests: list[Expr] = [extended.read(r.key) for r in node.rules]
    before: list[Expr] = [either()]
    after: list[Expr] = [either()]
    for i, test in enumerate(tests[:-1]):
        one = test if i == 0 else either(before[-1], test)
        before.append(extended.read(extended.add(f"{node.key}~any_before[{i + 1}]", one)))
    for i, test in enumerate(reversed(tests[1:])):
        one = test if i == 0 else either(test, after[-1])
        after.append(extended.read(extended.add(f"{node.key}~any_after[{len(tests) - i - 2}]", one)))
    return before, after[::-1]


def _missed_first(extended: Extended, node: DecisionNode) -> list[Expr]:
    """A rule is missed where it decides, and none follows, or the next that holds grants something else."""
    rules = node.rules
    before, after = _before_and_after(extended, node)
    found: list[Expr] = []
    later: dict[str, Expr] = {}
    for i in reversed(range(len(rules))):
        own = {f: extended.read(key) for f, key in rules[i].grants.items()}
        other = either(negated(after[i]), *(differ(own[f], later[f]) for f in node.fields if f in later))
        found.append(both(extended.read(rules[i].key), negated(before[i]), other))
        for field, value in own.items():
            if field not in later:
                later[field] = value
                continue
            chain = chosen(extended.read(rules[i].key), value, later[field])
            later[field] = extended.read(extended.add(f"{node.key}~from[{i}].{field}", chain))
    return found[::-1]


def _missed_unique(extended: Extended, node: DecisionNode) -> list[Expr]:
    """A rule is missed where it holds with fewer than two others: granted or in conflict by it alone."""
    tests: list[Expr] = [extended.read(r.key) for r in node.rules]
    before, after = _before_and_after(extended, node)
    two_before: list[Expr] = [either()]
    two_after: list[Expr] = [either()]
    for i, test in enumerate(tests[:-1]):
        key = f"{node.key}~two_before[{i + 1}]"
        two_before.append(extended.read(extended.add(key, either(two_before[-1], both(before[i], test)))))
    for i in reversed(range(1, len(tests))):
        key = f"{node.key}~two_after[{i - 1}]"
        two_after.append(extended.read(extended.add(key, either(two_after[-1], both(after[i], tests[i])))))
    two_after.reverse()
    return [
        both(test, negated(either(two_before[i], two_after[i], both(before[i], after[i]))))
        for i, test in enumerate(tests)
    ]


def _missed_any(extended: Extended, node: DecisionNode) -> list[Expr]:
    """A rule is missed where no other holds, or where there is a conflict with it and none without it."""
    before, after = _before_and_after(extended, node)
    first = _agreeing(extended, node, "before", before)
    last = _agreeing(extended, node, "after", after)
    found = []
    for i, rule in enumerate(node.rules):
        own = {f: extended.read(rule.grants[f]) for f in node.fields}
        (left, clash_left), (right, clash_right) = first[i], last[i]
        apart = both(before[i], after[i], _unlike(left, right))
        mine = either(both(before[i], _unlike(own, left)), both(after[i], _unlike(own, right)))
        alone = negated(either(before[i], after[i]))
        decides = both(mine, negated(either(clash_left, clash_right, apart)))
        found.append(both(extended.read(rule.key), either(alone, decides)))
    return found


def _agreeing(
    extended: Extended, node: DecisionNode, side: Literal["before", "after"], some: Sequence[Expr]
) -> list[tuple[Mapping[str, Expr], Expr]]:
    """Say for each rule what one that holds on that side of it grants, and whether two there grant unequal things.

    Pairs of rules would say the same with a step for each: hundreds of rules would have tens of thousands.
    """
    order = range(len(node.rules)) if side == "before" else reversed(range(len(node.rules)))
    held: Mapping[str, Expr] = {}
    clash: Expr = either()
    found: dict[int, tuple[Mapping[str, Expr], Expr]] = {}
    for i in order:
        found[i] = (held, clash)
        test = extended.read(node.rules[i].key)
        own = {f: extended.read(node.rules[i].grants[f]) for f in node.fields}
        if not held:
            held = own
            continue
        key = f"{node.key}~clash_{side}[{i}]"
        clash = extended.read(extended.add(key, either(clash, both(test, some[i], _unlike(own, held)))))
        held = {
            f: extended.read(extended.add(f"{node.key}~held_{side}[{i}].{f}", chosen(test, own[f], held[f])))
            for f in node.fields
        }
    return [found[i] for i in range(len(node.rules))]


def _unlike(one: Mapping[str, Expr], other: Mapping[str, Expr]) -> Expr:
    return either(*(differ(one[f], other[f]) for f in one if f in other))


def _missed_collect(extended: Extended, node: DecisionNode) -> list[Expr]:
    """A rule is missed where no other holds, or it adds something to a total."""
    before, after = _before_and_after(extended, node)
    found = []
    for i, rule in enumerate(node.rules):
        adds = [differ(extended.read(rule.grants[f]), whole(0)) for f in node.totals]
        found.append(both(extended.read(rule.key), either(negated(either(before[i], after[i])), *adds)))
    return found
