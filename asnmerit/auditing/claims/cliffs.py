"""Cliffs: how much of a decision's amount one step of one fact takes at most, and where the largest drops are."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

import attrs

from asnmerit.auditing.claims.bounds import Measured, amounts_of
from asnmerit.auditing.claims.drops import Drop, Drops, Number
from asnmerit.auditing.claims.wording import (
    amount,
    column,
    count,
    given,
    lane_value,
    lane_words,
    one_after_another,
    pair,
)
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.proving.driver import Prover
from asnmerit.auditing.questions import whole
from asnmerit.auditing.replaying import replay
from asnmerit.outcome import cone
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.expr import Call
from asnmerit.rules.law import LawStep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from asnmerit.auditing.claims.claim import Bench
    from asnmerit.auditing.crowd.records import Lanes
    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.auditing.questions import Extended
    from asnmerit.decision import Decision
    from asnmerit.rules.law import Law

SAMPLES: Final = 10_000
MOST: Final = 10
"""How many drops of one amount are told."""
LEAST: Final = 0.4
"""A proof is not begun with fewer seconds than these."""
ENOUGH: Final = 1.5
"""Seconds that a proof may take though its share is less: better some proofs than none."""
FEW: Final = 900
"""Pairs tried where a third of the time is over: for so few, people are drawn at once and nothing is explored."""
AGAIN: Final = 2_000
"""People tried once more in each proof."""

_SAID: Final[dict[str, tuple[str, str]]] = {
    "no drop": (
        "{0}: satu langkah satu data, selama tetap {1}, tidak mengurangi jumlahnya",
        "{0}: one step of one fact takes nothing off it, as long as it is {1}",
    ),
    "no loss": (
        "{0}: satu langkah satu data tidak menghilangkannya sama sekali",
        "{0}: one step of one fact does not lose it altogether",
    ),
    "drop": (
        "Penurunan {0} karena satu langkah satu data, selama tetap {1}",
        "Drops of {0} for one step of one fact, as long as it is {1}",
    ),
    "loss": (
        "Hilangnya {0} karena satu langkah satu data",
        "Losses of {0} for one step of one fact",
    ),
    "falls": (
        "Bila {0} berubah dari {1} menjadi {2}, jumlahnya turun {5}: dari {3} menjadi {4}.",
        "Where {0} goes from {1} to {2}, it falls by {5}: from {3} to {4}.",
    ),
    "lost": (
        "Bila {0} berubah dari {1} menjadi {2}, {3} tidak lagi {4}.",
        "Where {0} goes from {1} to {2}, {3} is no longer {4}.",
    ),
    "row": ("{0} (satu baris)", "{0} (one row)"),
    "largest": (
        "Terbukti: tidak ada langkah satu data yang mengurangi lebih banyak.",
        "Proved: no step of one fact takes more.",
    ),
    "largest here": (
        "Terbukti: satu langkah data ini ke arah itu tidak mengurangi lebih banyak.",
        "Proved: no step of this fact that way takes more.",
    ),
    "at most": (
        "Yang terbesar dari {0} pasangan yang dicoba; terbukti tidak lebih dari {1}.",
        "The largest of {0} pairs tried; proved to be at most {1}.",
    ),
    "none": ("Terbukti: tidak ada yang menguranginya.", "Proved: there is none."),
    "none found": (
        "Tidak ditemukan dari {0} pasangan yang dicoba; terbukti tidak lebih dari {1}.",
        "None was found in {0} pairs tried; proved to be at most {1}.",
    ),
}

_OF_BURDENS: Final[dict[str, tuple[str, str]]] = {
    "no drop": (
        "{0}: satu langkah satu data, selama tetap {1}, tidak menambah jumlahnya",
        "{0}: one step of one fact adds nothing to it, as long as it is {1}",
    ),
    "no loss": (
        "{0}: satu langkah satu data tidak membuatnya {1}",
        "{0}: no step of one fact makes it be {1}",
    ),
    "drop": (
        "Kenaikan {0} karena satu langkah satu data, selama tetap {1}",
        "Rises of {0} for one step of one fact, as long as it is {1}",
    ),
    "loss": ("{0}: {1} karena satu langkah satu data", "{0}: {1} for one step of one fact"),
    "falls": (
        "Bila {0} berubah dari {1} menjadi {2}, jumlahnya naik {5}: dari {3} menjadi {4}.",
        "Where {0} goes from {1} to {2}, it rises by {5}: from {3} to {4}.",
    ),
    "lost": (
        "Bila {0} berubah dari {1} menjadi {2}, {3} {4}, yang semula tidak.",
        "Where {0} goes from {1} to {2}, {3} is {4} that was not.",
    ),
    "largest": (
        "Terbukti: tidak ada langkah satu data yang menambah lebih banyak.",
        "Proved: no step of one fact adds more.",
    ),
    "largest here": (
        "Terbukti: satu langkah data ini ke arah itu tidak menambah lebih banyak.",
        "Proved: no step of this fact that way adds more.",
    ),
    "none": ("Terbukti: tidak ada yang menambahnya.", "Proved: there is none."),
}
"""Of a burden the step back is told: what takes most off it one way adds most to it the other way."""


@attrs.frozen(eq=False)
class Amount:
    """An amount, and what measures its drops among those who are granted it, and its loss."""

    one: Measured
    granted: Number
    lost: Number


def prepare(law: Law, extended: Extended) -> list[Amount]:
    """Add to a law the steps that measure what is lost, for each amount that a decision grants.

    >>> import asnmerit
    >>> from asnmerit.auditing.questions import Extended
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> [a.one.key for a in prepare(law, Extended(law))]
    ['incentives.amount']
    """
    found = []
    for one in amounts_of(law, extended):
        try:
            granted = Number(one.key, _less(extended, one.key))
            found.append(Amount(one, granted, _lost(law, extended, one)))
        except NotProvedError:
            continue
    return found


def _lost(law: Law, extended: Extended, one: Measured) -> Number:
    """Measure what is lost by who is granted it and then is not: there it is so low that no other pair falls so far."""
    assert one.where is not None  # noqa: S101 - amounts are asked where granted
    value = extended.read(one.key)
    of = law.steps[law.index[one.key]].code.type
    apart = max(of.hi - of.lo, -of.lo, 0)
    far_below = whole(Fraction(-apart, of.den))
    up = extended.add(f"{one.key} or far below", Call(value.type, "if", (extended.read(one.where), value, far_below)))
    return Number(up, _less(extended, up), apart)


def _less(extended: Extended, key: str) -> str:
    read = extended.read(key)
    return extended.add(f"less {key}", Call(read.type, "sub", (whole(0), read)))


def observe(
    amounts: Sequence[Amount], budget: Budget, bench: Bench, *, samples: int = SAMPLES, seconds: float = 15.0
) -> list[Finding]:
    """Find the largest drops of each amount for one step of one fact, and have it proved whether any is larger.

    Those of people who are granted it on both sides come first, then steps from granted to refused. First pairs are
    tried for all of them, then what is left of so many `seconds` is shared among the proofs; what no proof took is
    shared once more among those that are open.
    """
    until = time.monotonic() + seconds
    searches = _searches(amounts, attrs.evolve(budget, total=seconds, samples=min(AGAIN, budget.samples)), bench)
    for one in searches:
        late = time.monotonic() > until - seconds * 2 / 3
        one.drops.try_pairs(FEW if late else samples)
    try:
        _share(searches, until)
        _share([one for one in searches if one.open], until)
    finally:
        for one in searches:
            one.drops.prover.close()
    return [found for one in searches for found in _told(one, bench)]


@attrs.frozen(eq=False)
class Search:
    """One search: of an amount, drops among the granted or losses, at most so many of them told."""

    one: Measured
    sort: Literal["drop", "loss"]
    drops: Drops
    most: int

    @property
    def open(self) -> bool:
        """Whether a larger drop is not ruled out for one that is told, or that would be told if it were found."""
        told = self.drops.largest[: self.most]
        none = [d for d in self.drops.found if d.size == 0] if len(told) < self.most else []
        return not all(d.exact for d in (*told, *none))


def _share(searches: Sequence[Search], until: float) -> None:
    """Prove one after the other, the time shared among them."""
    for i, one in enumerate(searches):
        left = until - time.monotonic()
        _prove(one, min(left, max(left / (len(searches) - i), ENOUGH)))


def _searches(amounts: Sequence[Amount], budget: Budget, bench: Bench) -> list[Search]:
    """Give the searches: of drops among people who are all granted it, which is a check of their law, and of losses."""
    found = []
    losing = Prover(_only(bench.extended, *(a.lost for a in amounts)), budget, as_of=bench.as_of)
    for each in amounts:
        granting = Prover(_only(_granted_alone(bench.extended, each.one), each.granted), budget, as_of=bench.as_of)
        found.append(Search(each.one, "drop", Drops(granting, each.granted), MOST))
        found.append(Search(each.one, "loss", Drops(losing, each.lost), MOST // 2))
    return found


def _only(law: Law, *numbers: Number) -> Law:
    """Give the law with no more than what numbers and the checks rest on: the less there is, the more is tried."""
    checks = (s.key for s in law.steps if s.role == "check")
    kept = set(cone(law, *(key for n in numbers for key in (n.up, n.down)), *checks))
    steps = tuple(s for s in law.steps if s.key in kept)
    return attrs.evolve(law, steps=steps, decisions={}, rankings={})


def _prove(search: Search, seconds: float) -> None:
    """Prove in time what can be proved of the pairs tried."""
    drops, until = search.drops, time.monotonic() + seconds
    if seconds < LEAST or not drops.found:
        return
    drops.prove((until - time.monotonic()) * 2 / 3)
    drops.prove_each(drops.largest[: search.most], until - time.monotonic())
    if len(drops.largest) < search.most:
        drops.prove_each([d for d in drops.found if d.size == 0], until - time.monotonic())
        drops.prove_each(drops.largest[: search.most], until - time.monotonic())
    if search.sort == "drop":
        drops.prover.close()


def _granted_alone(law: Law, one: Measured) -> Law:
    """Give the law whose people are all granted the decision."""
    step = law.steps[law.index[one.where or ""]]
    check = LawStep(f"checks.{one.where} here", "check", step.type, step.rich, step.code, step.about)
    return attrs.evolve(law, steps=(*law.steps, check))


# --- telling ---


def _told(search: Search, bench: Bench) -> Iterator[Finding]:
    one, drops, sort, most = search.one, search.drops, search.sort, search.most
    words = pair(_text(one, sort), one.name, given(one.kind))
    largest = drops.largest[:most]
    if not largest:
        words = pair(_text(one, f"no {sort}"), one.name, given(one.kind))
        proved = drops.most == 0
        tried = sum(d.tried for d in drops.found)
        told = pair(_text(one, "none")) if proved else pair(_SAID["none found"], count(tried), _amount(one, drops.most))
        verdict = Verdict.PROVED if proved else Verdict.UNPROVED
        method = "solver" if drops.found and proved else "structure" if proved else "samples"
        yield Finding(Kind.CLIFF, one.key, verdict, words, told, about=one.about, method=method, samples=tried)
        return
    for i, drop in enumerate(largest):
        yield _drop(one, drops, drop, bench, words, first=i == 0)


def _drop(one: Measured, drops: Drops, drop: Drop, bench: Bench, words: Mapping[str, str], *, first: bool) -> Finding:
    drop.people = drops.simplest(drop)
    drop.size = drops.size(drop.people)  # a plainer pair may show a larger drop
    people = drop.people[::-1] if one.kind == "burden" else drop.people
    decisions = tuple(replay(bench.law, bench.record(p), bench.as_of) for p in people)
    if first and drop.size >= drops.most:
        proof = pair(_text(one, "largest"))
    elif drop.exact:
        proof = pair(_text(one, "largest here"))
    else:
        proof = pair(_SAID["at most"], count(drop.tried), _amount(one, drop.most or drops.most))
    year = bench.as_of.year
    return Finding(
        Kind.CLIFF,
        one.key,
        Verdict.OBSERVED,
        words,
        one_after_another([_pair(one, drop, people, bench.law, decisions), proof]),
        Witness(decisions, facts=(column(bench.law, drop.lane, year),), only=(one.decision,)),
        value=one.exact(drop.size),
        about=one.about,
        method="solver" if drop.exact else "samples",
        samples=drop.tried,
    )


def _text(one: Measured, key: str) -> tuple[str, str]:
    return _OF_BURDENS.get(key, _SAID[key]) if one.kind == "burden" else _SAID[key]


def _pair(
    one: Measured, drop: Drop, people: Sequence[Lanes], law: Law, decisions: Sequence[Decision]
) -> dict[str, str]:
    """Say what changes, and what becomes of the amount."""
    fact = lane_words(law, drop.lane, decisions[0].as_of.year)
    before, after = (p[drop.lane] for p in people)
    if isinstance(before, list):
        before, after = next((a, b) for a, b in zip(before, after, strict=True) if a != b)
        fact = pair(_SAID["row"], fact)
    step = lane_value(law, drop.lane, before), lane_value(law, drop.lane, after)
    index = law.index[one.key]
    had, has = (d.raw[index] for d in decisions)
    granted = [d[one.decision].status == "granted" for d in decisions]
    if not all(granted):
        return pair(_text(one, "lost"), fact, *step, _amount(one, had if granted[0] else has), given(one.kind))
    return pair(_text(one, "falls"), fact, *step, _amount(one, had), _amount(one, has), _amount(one, drop.size))


def _amount(one: Measured, raw: int) -> dict[str, str]:
    return amount(Fraction(raw, one.den), one.of)
