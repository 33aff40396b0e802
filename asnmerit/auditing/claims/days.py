"""The days of a policy: on which of them no rule or value is in force, and what takes effect before it was enacted."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from asnmerit.auditing.claims.lives import ALWAYS, Life, Line, back_dated, life_of, lines, lives
from asnmerit.auditing.claims.wording import count, listed, named, one_after_another, pair, span, span_text
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.replaying import replay
from asnmerit.timeline import in_force

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from asnmerit.rules.declarations import DecisionDecl
    from asnmerit.rules.policy import Policy

Days = tuple[int, int]

_SAID: Final[dict[str, tuple[str, str]]] = {
    "a rule": (
        "{0}: pada setiap hari masa berlaku kebijakan ada aturan yang berlaku",
        "{0}: a rule is in force on every day of the policy's life",
    ),
    "ruled": ("Selalu ada aturan, {0}.", "There always is one, {0}."),
    "in time": ("Pada setiap hari itu aturannya sudah ditetapkan.", "On each of these days it had been enacted."),
    "no rule": ("Tidak ada satu pun aturan {0}.", "No rule at all {0}."),
    "nobody": (
        "Siapa pun, apa pun datanya, tidak diberi apa-apa pada hari itu.",
        "Nobody, whatever the facts, is granted anything on those days.",
    ),
    "nobody burdened": (
        "Siapa pun, apa pun datanya, tidak dikenai apa-apa pada hari itu.",
        "On nobody, whatever the facts, is anything imposed on those days.",
    ),
    "left to a child": (
        "Kebijakan turunan boleh menambahkan aturan.",
        "A policy that extends this one may add rules.",
    ),
    "learnt": (
        "{0}: setiap hari sudah ada aturannya pada hari itu juga",
        "{0}: on every day a rule was known on that very day",
    ),
    "known late": (
        "Aturan untuk hari-hari {0} baru ditetapkan {1}; sebelum itu tidak ada aturan yang diketahui.",
        "A rule for the days {0} was enacted only {1}; until then none was known.",
    ),
    "values": (
        "Setiap nilai hukum yang dibaca berlaku pada setiap hari masa berlaku kebijakan",
        "Every value of the law that is read is in force on every day of the policy's life",
    ),
    "loaded": (
        (
            "Terbukti saat dokumen dimuat. Potongan hukum yang diperiksa seluruhnya: {0}; hari perubahan: {1}; hari "
            "penetapan: {2}."
        ),
        (
            "Proved when the document was loaded. Slices of law examined whole: {0}; days on which it changes: {1}; "
            "days on which it became known: {2}."
        ),
    ),
    "unfilled": (
        "Diserahkan kepada kebijakan turunan dan belum diisi: {0}.",
        "Left to a policy that extends this one, and not given yet: {0}.",
    ),
    "ends": ("{0}: selalu ada nilainya", "{0}: there always is a value"),
    "unread": (
        "Tidak ada nilai {0}; pada hari-hari itu tidak ada yang membacanya.",
        "There is no value {0}; nothing reads it on those days.",
    ),
}


def observe(policy: Policy) -> tuple[Finding, ...]:
    """Find out about the days of a policy: each claim is proved, or refuted by days. Nothing is tried, nothing open.

    A day without a rule for a decision is a flaw, with what is decided on it as witness. Values are proved at load;
    that is said with what the proof rests on. Entries that are never in force, or on a single day, and changes that
    take effect before they were enacted refute their claims, with both days and how many lie between; `flaw` says
    which of these are mistakes for certain.

    >>> import asnmerit
    >>> found = observe(asnmerit.load("manokwari/merit"))
    >>> [f.subject for f in found if f.verdict is Verdict.PROVED]
    ['manokwari/merit', 'manokwari/merit', 'promotion', 'incentives']
    """
    life = life_of(policy)
    missing = {name: tuple(_holes(policy, name, life)) for name in policy.own_decisions}
    found = [_values(policy), *_unread(policy, life), *back_dated(policy, life)]
    for name in policy.own_decisions:
        found += _decision(policy, policy.declared.decisions[name], life, missing[name])
    return (*found, *lives(policy, life, missing))


# --- rules ---


def _decision(policy: Policy, decl: DecisionDecl, life: Life, holes: Sequence[Days]) -> Iterator[Finding]:
    """Claim that there always is a rule, and that it always was known in time."""
    name = named(decl.about, decl.key)
    acts = [rule.acts for rule in decl.rules]
    late = [d for d in _late(acts, life) if not any(first <= d[0] and d[1] <= until for first, until in holes)]
    claim = pair(_SAID["a rule"], name)
    if not holes:
        told = [pair(_SAID["ruled"], span(life.start, life.until)), *([] if late else [pair(_SAID["in time"])])]
        words = one_after_another(told)
        yield Finding(Kind.DATE, decl.key, Verdict.PROVED, claim, words, about=decl.about, method="structure")
    else:
        left = _left_to_a_child(policy, decl.key)
        parts = [pair(_SAID["no rule"], listed(span(*h) for h in holes))]
        nobody = "nobody burdened" if decl.kind == "burden" else "nobody"
        parts.append(pair(_SAID["left to a child" if left else nobody]))
        yield Finding(
            Kind.DATE,
            decl.key,
            Verdict.COUNTEREXAMPLE,
            claim,
            one_after_another(parts),
            witness=_on(policy, decl.key, holes[0][0]),
            value=tuple(span_text(*h) for h in holes),
            flaw=not left,
            about=decl.about,
            method="structure",
        )
    if late:
        yield _known_late(decl, late)


def _known_late(decl: DecisionDecl, late: Sequence[tuple[int, int, int]]) -> Finding:
    """Tell of days that had no rule by what was known on them, and have one now."""
    claim = pair(_SAID["learnt"], named(decl.about, decl.key))
    told = [pair(_SAID["known late"], span(first, until), span(at, at + 1)) for first, until, at in late]
    return Finding(
        Kind.DATE,
        decl.key,
        Verdict.COUNTEREXAMPLE,
        claim,
        one_after_another(told),
        value=tuple(span_text(first, until) for first, until, _ in late),
        about=decl.about,
        method="structure",
    )


def _holes(policy: Policy, decision: str, life: Life) -> Iterator[Days]:
    """Give the days without any rule, by all that is known."""
    acts = [rule.acts for rule in policy.declared.decisions[decision].rules]
    found = [part for part in _cuts(acts, life, known=False) if not any(_rules(one, part[0], ALWAYS) for one in acts)]
    yield from _joined(found)


def _late(acts: list[Any], life: Life) -> Iterator[tuple[int, int, int]]:
    """Give the days without a rule by what was known on them, that have one by now, and when the first became known."""
    found: dict[int, list[Days]] = {}
    for first, until in _cuts(acts, life, known=True):
        then = max(first, life.enacted)
        if any(_rules(one, first, then) for one in acts) or not any(_rules(one, first, ALWAYS) for one in acts):
            continue
        learnt = sorted({a.enacted for one in acts for a in one if a.enacted > then})
        at = next(d for d in learnt if any(_rules(one, first, d) for one in acts))
        found.setdefault(at, []).append((first, until))
    for at, days in found.items():
        yield from ((first, until, at) for first, until in _joined(days))


def _rules(acts: Any, on: int, known: int) -> bool:  # noqa: ANN401 - dated acts of any payload
    return in_force(acts, on, known) is not None


def _cuts(acts: Iterable[Any], life: Life, *, known: bool) -> list[Days]:
    """Cut the life into runs of days on which the same of these acts are in force, as known in the end or that day."""
    marks = {life.start, life.until}
    for act in (a for one in acts for a in one):
        marks |= {act.start, act.until, *([act.enacted] if known else [])}
    edges = sorted(m for m in marks if life.start <= m <= life.until)
    return list(pairwise(edges))


def _joined(days: Iterable[Days]) -> list[Days]:
    out: list[Days] = []
    for first, until in days:
        if out and out[-1][1] == first:
            out[-1] = (out[-1][0], until)
        else:
            out.append((first, until))
    return out


def _left_to_a_child(policy: Policy, decision: str) -> bool:
    delegates = policy.module.document.delegates
    return decision in delegates and "add_rules" in (delegates[decision].may or ())


def _on(policy: Policy, decision: str, day: int) -> Witness | None:
    """Give what is decided of somebody on a day; nothing where the policy waits for the values of a child."""
    if policy.abstract:
        return None
    law = policy.law(datetime.date.fromordinal(day), None, {})
    return Witness((replay(law, {}),), only=(decision,))


# --- values ---


def _values(policy: Policy) -> Finding:
    """Say what loading proved: a value in force, on every day, for all that is read."""
    on, known = policy.days()
    told = [pair(_SAID["loaded"], *(count(n) for n in (sum(1 for _ in policy.slices()), len(on), len(known))))]
    open_ = policy.abstract
    if open_:
        told.append(pair(_SAID["unfilled"], ", ".join(open_)))
    return Finding(
        Kind.DATE,
        policy.name,
        Verdict.COUNTEREXAMPLE if open_ else Verdict.PROVED,
        pair(_SAID["values"]),
        one_after_another(told),
        value=tuple(open_) or None,
        method="structure",
    )


def _unread(policy: Policy, life: Life) -> Iterator[Finding]:
    """Tell where a value ends and nothing follows: nobody reads it there, or the policy would not have loaded."""
    for line in lines(policy, {"value", "table"}):
        holes = _gaps(line, life)
        if not holes or line.subject in policy.abstract:
            continue
        yield Finding(
            Kind.DATE,
            line.subject,
            Verdict.COUNTEREXAMPLE,
            pair(_SAID["ends"], line.name),
            pair(_SAID["unread"], listed(span(*h) for h in holes)),
            value=tuple(span_text(*h) for h in holes),
            about=line.about,
            method="structure",
        )


def _gaps(line: Line, life: Life) -> list[Days]:
    if not line.acts:
        return []
    parts = _cuts([line.acts], life, known=False)
    return _joined(p for p in parts if not _rules(line.acts, p[0], ALWAYS))
