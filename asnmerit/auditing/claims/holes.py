"""Holes between rules: a person whom no rule decides, between two whom different rules decide, one step to either side.

A decision may refuse whom no rule grants, and most do. But where one rule ends at 20 days and the next begins after 21,
whoever has 21 days was forgotten, whatever kind of decision it is. Holes are looked for among people, and confirmed by
`decide`; that there are none is not claimed.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

try:
    import numpy as np
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "an audit tries people by the hundred thousand, which needs NumPy: pip install 'asnmerit[audit]'"
    raise ModuleNotFoundError(message, name=error.name) from error

from asnmerit.auditing.claims.contrasts import decision_words
from asnmerit.auditing.claims.deciding import decides_everybody
from asnmerit.auditing.claims.wording import lane_value, lane_words, pair
from asnmerit.auditing.crowd.drawing import taken
from asnmerit.auditing.crowd.landmarks import landmarks
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
from asnmerit.auditing.replaying import replay
from asnmerit.frames.kernel import Block
from asnmerit.outcome import slots_below

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Array = Any
SEVERAL: Final = 2
DRAWN: Final = 8_192
OF_A_RULE: Final = 24
"""So many people of each rule are moved along each fact."""
WHOLE_LINE: Final = 400
"""Facts of so many values are walked whole; of others only the values that the law compares."""
FEWEST: Final = 3


def observe(law: Law, seed: int = 0, seconds: float = 5.0) -> Iterator[Finding]:
    """Give a hole for each decision that has one.

    Decisions that must decide everybody are asked about elsewhere, unless rules say for themselves whom they concern.
    """
    several = (n for n in law.decisions.values() if n.hit != "collect" and len(n.rules) >= SEVERAL)
    nodes = [n for n in several if not decides_everybody(n) or _part_people(n)]
    if not nodes:
        return
    until = time.monotonic() + seconds
    people = People(law, seed=seed)
    drawn = people.draw(DRAWN)
    for node in nodes:
        found = _hole(people, drawn, node, until)
        if found is not None:
            yield found


def _part_people(node: DecisionNode) -> bool:
    """Whether rules concern other people than each other."""
    return len({frozenset(c.key for c in rule.applies) for rule in node.rules}) > 1


def _hole(people: People, drawn: Block, node: DecisionNode, until: float) -> Finding | None:
    keys = [rule.key for rule in node.rules]
    bases = _decided(people, drawn, keys)
    read = slots_below(people.law, *keys)
    for lane, domain in people.lanes.items():
        if time.monotonic() > until or not bases.rows:
            return None
        if lane[0] not in read or domain.field or domain.kind == "count" or not domain.ordered or domain.size < FEWEST:
            continue
        found = _along(people, bases, keys, lane, domain)
        if found is not None:
            return _told(people, node, lane, *found)
    return None


def _decided(people: People, drawn: Block, keys: list[str]) -> Block:
    """Give some people of each rule."""
    truths = people.values(keys, drawn)
    rows = [np.flatnonzero(truths[key])[:OF_A_RULE] for key in keys]
    return taken(drawn, np.unique(np.concatenate(rows)))


def _along(people: People, bases: Block, keys: list[str], lane: Lane, domain: Domain) -> tuple[Any, Any, Any] | None:
    """Move people along one fact: give three, one step apart, of whom no rule decides the one in the middle."""
    order = _values(people, lane, domain)
    if len(order) < FEWEST:
        return None
    three = [_moved(bases, lane, order[at : len(order) - 2 + at or None]) for at in (0, 1, 2)]
    lawful = people.holding(three[0]) & people.holding(three[1]) & people.holding(three[2])
    below, middle, above = (np.stack([people.values(keys, block)[key] for key in keys]) for block in three)
    side = below & ~above
    other = above & ~below
    holes = lawful & ~middle.any(axis=0) & side.any(axis=0) & other.any(axis=0)
    steps = _next_to_each_other(order, domain, bases.rows)
    at = np.flatnonzero(holes & steps)
    return None if not len(at) else tuple(people.lanes_at(block, int(at[0])) for block in three)  # type: ignore[return-value]


def _values(people: People, lane: Lane, domain: Domain) -> Array:
    """Give the values to walk along, in order: all of them, or those that the law compares and their neighbours."""
    if domain.levels is not None:
        levels = np.asarray(domain.levels)
        return np.argsort(levels, kind="stable") if len(set(domain.levels)) == len(levels) else np.arange(0)
    if domain.size <= WHOLE_LINE:
        return domain.at(np.arange(domain.size))
    known = landmarks(people.law, people.as_of).values.get(lane)
    if known is None or not len(known):
        return np.arange(0)
    near = domain.nearest(np.asarray(known, dtype=np.int64))
    around = np.concatenate([near + k * domain.step for k in (-2, -1, 0, 1, 2)])
    return np.unique(around[(around >= domain.low) & (around <= domain.high)])


def _moved(bases: Block, lane: Lane, values: Array) -> Block:
    """Give each person once for each value, with that value."""
    rows = bases.rows
    found = taken(bases, np.tile(np.arange(rows), len(values)))
    column = np.repeat(values, rows).astype(found.values[lane].dtype)
    return Block(found.rows, {**found.values, lane: column}, found.known)


def _next_to_each_other(order: Array, domain: Domain, rows: int) -> Array:
    """Say which threes are one step apart from each other."""
    if domain.levels is not None:
        return np.ones((len(order) - 2) * rows, np.bool_)
    apart = np.diff(order) == domain.step
    return np.repeat(apart[:-1] & apart[1:], rows)


def _told(people: People, node: DecisionNode, lane: Lane, below: Any, middle: Any, above: Any) -> Finding:  # noqa: ANN401 - lanes of three people
    """Tell of a hole, the three people decided again."""
    law, day = people.law, people.as_of
    forgotten, *_ = (replay(law, people.record(p), day) for p in (middle, below, above))
    told = pair(
        (
            "dengan {0} {1} tidak satu aturan pun memutuskan orang ini; dengan {2} atau {3} suatu aturan memutuskannya",
            "with {0} {1} no rule decides this person; with {2} or {3} one does",
        ),
        lane_words(law, lane, day.year),
        *(lane_value(law, lane, int(p[lane])) for p in (middle, below, above)),
    )
    claim = pair(
        ("{0}: tidak ada yang terlewat di antara dua aturan", "{0}: nobody is left out between two rules"),
        decision_words(node),
    )
    witness = Witness((forgotten,), only=(node.key,))
    return Finding(
        Kind.GAP,
        node.key,
        Verdict.COUNTEREXAMPLE,
        claim,
        told,
        witness=witness,
        flaw=True,
        about=node.about,
        method="samples",
        samples=DRAWN,
    )
