"""The lives of what a policy dates: entries never in force or on one day only, and changes enacted after their day."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.auditing.claims.wording import (
    day,
    named,
    number_of_days,
    one_after_another,
    pair,
    span,
    span_text,
)
from asnmerit.auditing.findings import Finding, Kind, Verdict
from asnmerit.rules.declarations import About, ConditionForm, ParameterValue, RuleForm, StepForm, TableValue
from asnmerit.rules.policy import ALWAYS
from asnmerit.rules.schema import LAST_DAY
from asnmerit.timeline import Act, in_force

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from asnmerit.rules.declarations import Module
    from asnmerit.rules.policy import Policy

__all__ = ["ALWAYS", "Life", "Line", "back_dated", "life_of", "lines", "lives"]

Days = tuple[int, int]
Sort = Literal["rule", "condition", "table", "value", "step"]
_SORTS: Final[dict[type, Sort]] = {
    RuleForm: "rule",
    ConditionForm: "condition",
    TableValue: "table",
    ParameterValue: "value",
    StepForm: "step",
}

_SAID: Final[dict[str, tuple[str, str]]] = {
    "rule": ("aturan {0}", "the rule {0}"),
    "condition": ("syarat {0}", "the condition {0}"),
    "table": ("tabel {0}", "the table {0}"),
    "value": ("nilai {0}", "the value {0}"),
    "step": ("rumus {0}", "the formula {0}"),
    "is in force": ("Setiap versi {0} pernah berlaku", "Every version of {0} is in force on some day"),
    "covered": (
        "Versi dengan masa {0} tidak berlaku pada hari apa pun: versi lain menutupi semua harinya.",
        "The version meant {0} is in force on no day: others cover every day of it.",
    ),
    "outside": (
        "Versi dengan masa {0} tidak berlaku pada hari apa pun: kebijakan ini sendiri berlaku {1}.",
        "The version meant {0} is in force on no day: the policy itself is in force {1}.",
    ),
    "lives": ("{0} berlaku lebih dari satu hari", "{0} is in force for more than a day"),
    "one day": (
        (
            "Hanya berlaku {0}. Hari `until` tidak ikut berlaku: bila dimaksud sebagai hari terakhir, tulislah hari "
            "sesudahnya."
        ),
        (
            "It is in force {0} and on no other day. The day of `until` is not included: if the last day is meant, "
            "write the day after it."
        ),
    ),
    "without a break": (
        "{0} berlaku tanpa terputus dari awal sampai akhirnya",
        "{0} is in force without a break from its first day to its last",
    ),
    "break": ("Tidak berlaku {0}, lalu berlaku lagi.", "It is not in force {0}, and then is again."),
    "until": (
        "Hari `until` tidak ikut berlaku: bila dimaksud sebagai hari terakhir, tulislah hari sesudahnya.",
        "The day of `until` is not included: if the last day is meant, write the day after it.",
    ),
    "forward": (
        "Tidak ada yang berlaku surut: semuanya ditetapkan sebelum, atau pada, hari mulai berlakunya",
        "Nothing takes effect before it was enacted",
    ),
    "enacted in time": (
        "{0} ditetapkan sebelum, atau pada, hari mulai berlakunya",
        "{0} is enacted before its first day, or on it",
    ),
    "the policy": ("kebijakan {0}", "the policy {0}"),
    "back": (
        "Berlaku sejak {0}, padahal baru ditetapkan {1}: {2} berlaku surut.",
        "It takes effect {0} and was enacted only {1}: {2} back.",
    ),
    "ends back": (
        "Berakhir {0}, padahal pengakhirannya baru ditetapkan {1}: {2} berlaku surut.",
        "It ends {0}, and that was enacted only {1}: {2} back.",
    ),
    "instead": (
        "Sebelum diketahui, yang berlaku untuk hari-hari itu ialah versi sebelumnya.",
        "Until it was known, the version before it held for those days.",
    ),
    "nothing before": (
        "Sebelum diketahui, tidak ada yang berlaku untuk hari-hari itu.",
        "Until it was known, nothing held for those days.",
    ),
    "cannot know": (
        "Apakah ini mengurangi hak seseorang tidak terlihat dari tanggal; bandingkan kedua hukum itu.",
        "Whether it takes something from anybody cannot be seen from dates; compare the two laws.",
    ),
    "takes away": (
        "Aturan yang memberi dicabut untuk hari-hari yang sudah lewat: haknya hilang surut.",
        "A rule that grants is repealed for days already past: what it gave is taken back.",
    ),
}


@attrs.frozen
class Life:
    """The days of a policy: from `start` until, not including, `until`; `enacted`: when it became known."""

    start: int
    until: int
    enacted: int


@attrs.frozen(eq=False)
class Line:
    """What has versions: its path, its name in words, of which sort it is, its acts."""

    subject: str
    name: Mapping[str, str]
    sort: Sort
    acts: Sequence[Act[Any]]
    about: About
    decision: str = ""


def life_of(policy: Policy) -> Life:
    """Give the days on which a policy can be asked."""
    module = policy.module
    return Life(module.start, min(module.until, LAST_DAY + 1), module.enacted)


def lines(policy: Policy, sorts: Collection[Sort] = frozenset(_SORTS.values())) -> Iterator[Line]:
    """Give everything of the policy and its parents that is dated, in the order of the document."""
    decided = {rule.key: (d.key, rule.name) for d in policy.declared.decisions.values() for rule in d.rules}
    own = {m.name for m in policy.module.ancestors}
    for key, acts in policy.acts():
        first = next((a.payload for a in acts if a.payload is not None), None)
        if first is None or (sort := _SORTS[type(first)]) not in sorts or not any(a.layer >= 0 for a in acts):
            continue
        about = first.about
        if about.policy not in own:
            continue
        decision, name = decided.get(key, ("", key.removeprefix("rules.")))
        subject = f"{decision}.{name}" if decision else name
        words = pair(_SAID[sort], {lang: f"“{text}”" for lang, text in named(about, name).items()})
        yield Line(subject, words, sort, tuple(acts), about, decision)


# --- lives ---


def lives(policy: Policy, life: Life, without_rule: Mapping[str, Collection[Days]]) -> Iterator[Finding]:
    """Tell of entries never in force, in force for a day, and of breaks; `without_rule` was told of the decisions."""
    for line in lines(policy):
        if len(line.acts) == 1 and _undated(line.acts[0], policy.module.ancestors):
            continue
        held = _held(line.acts, life, ALWAYS)
        for act in line.acts:
            if act.payload is None or act.layer < 0:
                continue
            days = [d for d, winner in held if winner is act]
            peers = [a for a in line.acts if a.layer <= act.layer]  # a child's version is meant to cover its parent's
            if not days and not _ever(act, peers, life):
                yield _never(line, act, life)
            elif _length(days) == 1 and line.sort != "step" and _length(_in_force_on(act, peers, life)) == 1:
                yield _one_day(line, act, days[0])
        told = without_rule.get(line.decision, ())
        breaks = [b for b in _breaks(held) if not any(f <= b[0] and b[1] <= u for f, u in told)]
        yield from (_break(line, b) for b in breaks)


def _never(line: Line, act: Act[Any], life: Life) -> Finding:
    outside = act.until <= life.start or act.start >= life.until
    meant = span(act.start, act.until)
    told = pair(_SAID["outside"], meant, span(life.start, life.until)) if outside else pair(_SAID["covered"], meant)
    return _told(
        line, act, pair(_SAID["is in force"], line.name), told, (act.start, act.until), flaw=act.until > life.start
    )


def _one_day(line: Line, act: Act[Any], days: Days) -> Finding:
    return _told(line, act, pair(_SAID["lives"], line.name), pair(_SAID["one day"], span(*days)), days, flaw=True)


def _break(line: Line, days: Days) -> Finding:
    one = days[1] - days[0] == 1
    told = [pair(_SAID["break"], span(*days)), *([pair(_SAID["until"])] if one else [])]
    after = next(a for a in line.acts if a.payload is not None)
    return _told(line, after, pair(_SAID["without a break"], line.name), one_after_another(told), days, flaw=one)


def _told(
    line: Line,
    act: Act[Any],
    claim: Mapping[str, str],
    told: Mapping[str, str],
    days: Days,
    *,
    flaw: bool,
) -> Finding:
    return Finding(
        Kind.DATE,
        line.subject,
        Verdict.COUNTEREXAMPLE,
        {lang: text[0].upper() + text[1:] for lang, text in claim.items()},
        told,
        value=(span_text(*days),),
        flaw=flaw,
        about=_about(line, act),
        method="structure",
    )


def _about(line: Line, act: Act[Any]) -> About:
    """Give what an act says of itself; of a repeal, what the line says, where the repeal stands."""
    if act.payload is not None:
        found: About = act.payload.about
        return found if found.citations else attrs.evolve(found, citations=line.about.citations)
    return attrs.evolve(line.about, position=act.position)


def _held(acts: Sequence[Act[Any]], life: Life, known: int) -> list[tuple[Days, Act[Any] | None]]:
    """Give which act is in force when, by what is known on a day: runs of days in order."""
    marks = {life.start, life.until} | {d for a in acts for d in (a.start, a.until)}
    edges = sorted(m for m in marks if life.start <= m <= life.until)
    return [((a, b), in_force(acts, a, known)) for a, b in pairwise(edges)]


def _in_force_on(act: Act[Any], acts: Sequence[Act[Any]], life: Life) -> list[Days]:
    return [days for days, winner in _held(acts, life, ALWAYS) if winner is act]


def _length(days: Sequence[Days]) -> int:
    return sum(until - first for first, until in days)


def _ever(act: Act[Any], acts: Sequence[Act[Any]], life: Life) -> bool:
    """Whether an act was in force by what was known at some time."""
    times = sorted({max(a.enacted, life.enacted) for a in acts})
    return any(winner is act for known in times for _, winner in _held(acts, life, known))


def _breaks(held: list[tuple[Days, Act[Any] | None]]) -> list[Days]:
    """Give the runs of days between the first and the last in force on which nothing is."""
    inside = [i for i, (_, winner) in enumerate(held) if winner is not None]
    out: list[Days] = []
    for days, winner in held[inside[0] : inside[-1]] if inside else ():
        if winner is not None:
            continue
        if out and out[-1][1] == days[0]:
            out[-1] = (out[-1][0], days[1])
        else:
            out.append(days)
    return out


def _undated(act: Act[Any], modules: Sequence[Module]) -> bool:
    """Whether an act has the days of its document."""
    return any((act.start, act.enacted) == (m.start, m.enacted) and act.until == m.until for m in modules)


# --- back-dated ---


def back_dated(policy: Policy, life: Life) -> Iterator[Finding]:
    """Tell of what takes effect before it was enacted, or claim that nothing does."""
    found = [f for m in policy.module.ancestors if (f := _whole(policy, m, life)) is not None]
    benefits = {k for k, d in policy.declared.decisions.items() if d.kind == "benefit"}
    for line in lines(policy):
        for act in line.acts:
            if act.layer >= 0 and not any(_same_days(act, m) for m in policy.module.ancestors):
                back = _back(line, act, life, takes=act.payload is None and line.decision in benefits)
                found += [back] if back is not None else []
    if found:
        yield from found
        return
    claim = pair(_SAID["forward"])
    yield Finding(Kind.DATE, policy.name, Verdict.PROVED, claim, method="structure")


def _same_days(act: Act[Any], module: Module) -> bool:
    return (act.start, act.enacted) == (module.start, module.enacted)


def _whole(policy: Policy, module: Module, life: Life) -> Finding | None:
    """Tell of a document that takes effect as a whole before it was enacted."""
    first = max(module.start, life.start)
    if first >= module.enacted:
        return None
    words = pair(_SAID["the policy"], {lang: f"“{text}”" for lang, text in policy.title.items()})
    line = Line(module.name, words, "rule", (), About(position=module.document.position))
    return _surd(line, About(position=module.document.position), (first, module.enacted), ["cannot know"])


def _back(line: Line, act: Act[Any], life: Life, *, takes: bool) -> Finding | None:
    """Tell of one act, where it changes what held on a day before it was enacted."""
    first, known = max(act.start, life.start), act.enacted - 1
    before = known >= life.enacted
    edges = sorted({d for a in line.acts for d in (a.start, a.until)} | {first})
    changed = [
        old
        for d in edges
        if first <= d < min(act.until, act.enacted, life.until)
        and (new := in_force(line.acts, d, ALWAYS)) is not (old := in_force(line.acts, d, known) if before else None)
        and (new is act or act.payload is None)
    ]
    if not changed:
        return None
    said = ["instead" if changed[0] is not None else "nothing before", "takes away" if takes else "cannot know"]
    return _surd(line, _about(line, act), (first, act.enacted), said, ends=act.payload is None)


def _surd(line: Line, about: About, days: Days, said: Sequence[str], *, ends: bool = False) -> Finding:
    """Tell of a change for days gone by: people then went by another law, so somebody should look."""
    first, enacted = days
    told = [
        pair(_SAID["ends back" if ends else "back"], day(first), day(enacted), number_of_days(enacted - first)),
        *(pair(_SAID[key]) for key in said),
    ]
    claim = pair(_SAID["enacted in time"], line.name)
    return Finding(
        Kind.DATE,
        line.subject,
        Verdict.COUNTEREXAMPLE,
        {lang: text[0].upper() + text[1:] for lang, text in claim.items()},
        one_after_another(told),
        value=enacted - first,
        flaw=True,
        about=about,
        method="structure",
    )
