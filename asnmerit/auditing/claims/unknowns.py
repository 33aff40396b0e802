"""Missing facts: how often one that is not known leaves a decision open, and those that can never matter to it."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.claims.contrasts import fact_words
from asnmerit.auditing.claims.wording import (
    Said,
    count,
    lane_words,
    listed,
    named,
    one_after_another,
    pair,
    share,
)
from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.replaying import replay
from asnmerit.compiled import compiled
from asnmerit.outcome import facts_below
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.to_text import LANGUAGES
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Mapping, Sequence

    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.questions import Lane
    from asnmerit.frames.kernel import Answer, Block
    from asnmerit.plan import DecisionPlan
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Array = Any
SAMPLES: Final = 10_000
Z: Final = 1.959963984540054
"""The quantile of a 95 % interval."""

_SAID: Final[dict[str, tuple[str, str]]] = {
    "claim": ("{0}, bila hanya {1} yang belum diketahui", "{0}, where {1} alone is not known"),
    "open": (
        "{0} dari {1} orang contoh ({2}; selang 95%: {3} sampai {4}) belum dapat diputuskan.",
        "{0} of {1} people tried ({2}; 95% interval: {3} to {4}) cannot be decided.",
    ),
    "settled": (
        "Bagi {0} orang lainnya keputusan sudah pasti apa pun isinya: {1}.",
        "For the other {0} it is settled whatever it is: {1}.",
    ),
    "so many": ("{0} {1}", "{0} {1}"),
    "part": ("Yang paling sering menentukan: {0} ({1}).", "What matters most often: {0} ({1})."),
    "none open": (
        "Tidak seorang pun dari {0} orang contoh menjadi tak terputuskan; itu bukan bukti.",
        "None of {0} people tried was left undecided; that is no proof.",
    ),
    "nobody": (
        "Tidak ditemukan orang yang memenuhi semua pemeriksaan hukum ini, jadi tidak ada yang dicoba.",
        "Nobody who meets the checks of this law was found, so none was tried.",
    ),
    "never": (
        "{0}: data berikut tidak pernah menentukan, diketahui atau tidak",
        "{0}: these facts never matter, known or not",
    ),
    "out of reach": (
        "Terbukti: {0} tidak dibaca oleh apa pun yang menentukan keputusan ini.",
        "Proved: {0}; nothing that decides reads them.",
    ),
    "presumed": (
        "Dianggap oleh hukum bila tidak diketahui, maka tidak pernah membuat keputusan terbuka: {0}.",
        "Presumed by law where not known, and so they never leave it open: {0}.",
    ),
    "people": (
        (
            "Orang contoh diacak dan sengaja didekatkan ke batas-batas aturan: bagian ini bukan ramalan tentang "
            "pegawai yang sebenarnya."
        ),
        (
            "The people tried are random and crowd at the limits of the rules on purpose: the shares foretell "
            "nothing of a real staff."
        ),
    ),
}


@attrs.frozen
class Opened:
    """How many of those tried are left open without a fact, one of them, and the slot that does most.

    `settled` counts the others by their status.
    """

    fact: str
    open: int
    tried: int
    row: int | None
    settled: Mapping[str, int]
    worst: tuple[Lane, int] | None = None


def observe(
    law: Law,
    *,
    seed: int = 0,
    samples: int = SAMPLES,
    as_of: datetime.date | None = None,
    until: float = math.inf,
) -> list[Finding]:
    """Blank one fact after another in people of whom all is known, and see for how many a decision is then open.

    One finding for each decision and each fact that it rests on, the fact that matters most often first: how many are
    open, and what the others are whatever the fact is. One more, proved, for the facts of the law that can never
    matter to it. A list or family is one fact. After `until` (of the monotonic clock) no further fact is looked at,
    and what was counted is told without an example.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> [f.subject for f in observe(law, samples=500)][:3]
    ['predikat_kinerja.behaviour_rating', 'predikat_kinerja.results_rating', 'predikat_kinerja']
    """
    from asnmerit.auditing.crowd.people import People  # noqa: PLC0415 - NumPy may be absent

    people = People(law, seed=seed, as_of=as_of)
    block = people.draw(samples)
    plans = compiled(law).plans
    below = {name: facts_below(law, *status_keys(plan)) for name, plan in plans.items()}
    statuses = _statuses(people, block, plans.values())
    counted: dict[str, list[Opened]] = {name: [] for name in plans}
    for fact in _askable(law):
        if time.monotonic() > until:
            break
        matters = [plans[name] for name in plans if fact in below[name]]
        for name, opened in _opened(people, block, matters, fact, statuses).items():
            counted[name].append(opened)
    found: list[Finding] = []
    for name, several in counted.items():
        several.sort(key=lambda o: (-o.open, o.fact))
        found += [_finding(people, block, name, o, until, first=i == 0) for i, o in enumerate(several)]
        found += _never(law, name, below[name])
    return found


def _askable(law: Law) -> list[str]:
    """Give the facts that can be unknown to the law: those without a presumption."""
    return [f for f in law.declared if f in law.reads and law.declared[f].assume is None]


# --- counting ---


def status_keys(plan: DecisionPlan) -> tuple[str, ...]:
    """Give the steps that a decision's status is read from, as `asnmerit.plan.status_of` reads it."""
    node = plan.node
    keys = [f"{node.key}.granted"]
    keys += [f"{node.key}.conflict"] if plan.conflict is not None else []
    if node.hit == "collect":
        keys += [k for rule in plan.rules for k in (rule.node.key, *rule.node.grants.values())]
    else:
        keys += [f"{node.key}.{place.name}" for place in plan.fields]
    return tuple(dict.fromkeys(keys))


def undetermined(plan: DecisionPlan, answer: Answer, rows: int) -> Array:
    """Say of each row whether the decision is undetermined: `asnmerit.plan.status_of` on columns."""
    import numpy as np  # noqa: PLC0415 - the extra may be absent

    every = np.ones(rows, np.bool_)

    def known(key: str) -> Array:
        found = answer.known[key]
        return every if found is None else found

    def true(key: str) -> Array:
        return answer.values[key] & known(key)

    node = plan.node
    granted = f"{node.key}.granted"
    whole = every.copy()
    if node.hit == "collect":
        for rule in plan.rules:
            whole &= known(rule.node.key)
            for key in rule.node.grants.values():
                whole &= known(key) | ~true(rule.node.key)
    else:
        for place in plan.fields:
            whole &= known(f"{node.key}.{place.name}")
    open_ = ~known(granted) | (true(granted) & ~whole)
    if plan.conflict is not None:
        key = f"{node.key}.conflict"
        open_ = ~known(key) | (open_ & ~true(key))
    return open_


def _statuses(people: People, block: Block, plans: Iterable[DecisionPlan]) -> dict[str, dict[str, Array]]:
    """Say, decision by decision and status by status, who of a block of known people has it."""
    found = {}
    for plan in plans:
        node = plan.node
        keys = [f"{node.key}.granted", *([f"{node.key}.conflict"] if plan.conflict is not None else [])]
        granted, *conflict = (people.values(keys, block)[k] for k in keys)
        torn = conflict[0] if conflict else granted & ~granted
        found[node.key] = {"granted": granted & ~torn, "refused": ~granted & ~torn, "conflict": torn}
    return found


def _opened(
    people: People,
    block: Block,
    plans: Sequence[DecisionPlan],
    fact: str,
    statuses: Mapping[str, Mapping[str, Array]],
) -> dict[str, Opened]:
    """Count, for the decisions that rest on a fact, whom it leaves open; of a family, year by year too."""
    if not plans:
        return {}
    lanes = [lane for lane in people.lanes if lane[0] == fact]
    whole = _blanked(people, block, plans, lanes)
    family = len(lanes) > 1 and not isinstance(people.law.declared[fact].type, ListOf)
    slots = [(lane, _blanked(people, block, plans, [lane])) for lane in lanes] if family else []
    found = {}
    for plan in plans:
        name = plan.node.key
        rows = whole[name].nonzero()[0]
        parts = [(lane, int(open_[name].sum())) for lane, open_ in slots]
        worst = max(parts, key=lambda p: p[1]) if parts else None
        settled = {s: int((given & ~whole[name]).sum()) for s, given in statuses[name].items()}
        found[name] = Opened(fact, len(rows), block.rows, int(rows[0]) if len(rows) else None, settled, worst)
    return found


def _blanked(people: People, block: Block, plans: Sequence[DecisionPlan], lanes: Sequence[Lane]) -> dict[str, Array]:
    """Say, decision by decision, for whom it is open with some lanes unknown. One program serves all lanes."""
    import numpy as np  # noqa: PLC0415 - the extra may be absent

    known = {lane: np.full(values.shape, lane not in lanes, np.bool_) for lane, values in block.values.items()}
    keys = dict.fromkeys(key for plan in plans for key in status_keys(plan))
    answer = people.answers(keys, attrs.evolve(block, known=known))
    return {plan.node.key: undetermined(plan, answer, block.rows) for plan in plans}


def interval(part: int, whole: int) -> tuple[float, float]:
    """Give Wilson's 95 % interval of a share.

    >>> [round(x, 4) for x in interval(0, 100)], [round(x, 3) for x in interval(50, 100)]
    ([0.0, 0.037], [0.404, 0.596])
    """
    if not whole:
        return 0.0, 1.0
    p, z2 = part / whole, Z * Z
    middle = p + z2 / (2 * whole)
    spread = Z * math.sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole))
    low, high = (middle - spread) / (1 + z2 / whole), (middle + spread) / (1 + z2 / whole)
    return (0.0 if part == 0 else max(0.0, low)), (1.0 if part == whole else min(1.0, high))


# --- telling ---


def _finding(people: People, block: Block, name: str, opened: Opened, until: float, *, first: bool) -> Finding:
    law = people.law
    node, decl = law.decisions[name], law.declared[opened.fact]
    fact = fact_words(law, opened.fact)
    claim = pair(_SAID["claim"], named(node.about, name), fact)
    witness = None
    if opened.row is None:
        told = [pair(_SAID["none open"], count(opened.tried)) if opened.tried else pair(_SAID["nobody"])]
    else:
        low, high = interval(opened.open, opened.tried)
        ends = [share(round(x * 10**6), 10**6) for x in (low, high)]
        part = share(opened.open, opened.tried)
        told = [pair(_SAID["open"], count(opened.open), count(opened.tried), part, *ends)]
        if opened.open < opened.tried:
            told.append(pair(_SAID["settled"], count(opened.tried - opened.open), _counts(node, opened.settled)))
        if opened.worst is not None:
            lane, many = opened.worst
            told.append(pair(_SAID["part"], lane_words(law, lane, people.as_of.year), share(many, opened.tried)))
        witness = _witness(people, block, name, opened) if time.monotonic() < until else None
    if first:
        told.append(pair(_SAID["people"]))
    return Finding(
        Kind.UNKNOWN,
        f"{name}.{opened.fact}",
        Verdict.OBSERVED,
        claim,
        one_after_another(told),
        witness,
        value=None if not opened.tried else {"open": opened.open, "tried": opened.tried},
        about=decl.about,
        method="samples",
        samples=opened.tried,
    )


def _counts(node: DecisionNode, settled: Mapping[str, int]) -> dict[str, str]:
    """Say how many have which status: `9,880 REFUSED and 7 GRANTED`."""
    said: dict[str, Said] = {s: {lang: STATUS_NAMES[lang][node.kind][s] for lang in LANGUAGES} for s in settled}
    most = sorted((s for s, n in settled.items() if n), key=lambda s: -settled[s])
    return listed(pair(_SAID["so many"], count(settled[s]), said[s]) for s in most)


def _witness(people: People, block: Block, name: str, opened: Opened) -> Witness:
    """Give somebody with the fact and without it."""
    assert opened.row is not None  # noqa: S101 - asked only of those found
    lanes: Mapping[Lane, Any] = people.lanes_at(block, opened.row)
    record = record_of(people.law, lanes, people.as_of)
    without = {k: v for k, v in record.items() if k != opened.fact}
    decided = (replay(people.law, r, people.as_of) for r in (record, without))
    return Witness(tuple(decided), facts=(opened.fact,), only=(name,))


def _never(law: Law, name: str, below: frozenset[str]) -> list[Finding]:
    """Say which facts of the law cannot matter to a decision, for nothing that decides it reads them."""
    node = law.decisions[name]
    others = [f for f in law.declared if f in law.reads and f not in below]
    presumed = [f for f in law.declared if f in below and law.declared[f].assume is not None]
    told = []
    if others:
        told.append(pair(_SAID["out of reach"], listed(fact_words(law, f) for f in others)))
    if presumed:
        told.append(pair(_SAID["presumed"], listed(fact_words(law, f) for f in presumed)))
    if not told:
        return []
    return [
        Finding(
            Kind.UNKNOWN,
            name,
            Verdict.PROVED,
            pair(_SAID["never"], named(node.about, name)),
            one_after_another(told),
            value=(*others, *presumed),
            about=node.about,
            method="structure",
        )
    ]
