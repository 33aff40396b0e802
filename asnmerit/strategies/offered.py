"""The strategies that users take: people, people near a threshold, pairs, records with facts left out."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError
from asnmerit.rules.law import Law
from asnmerit.strategies import drawn
from asnmerit.strategies.arguments import Named, facts_read, keys_asked, lanes_below, law_argument
from asnmerit.strategies.drawing import Drawing, Record
from asnmerit.strategies.library import SearchStrategy, st
from asnmerit.strategies.pairing import Pair, Pairing, Relation
from asnmerit.strategies.turning import Turning


def people(
    law: Law,
    *,
    about: Named = None,
    given: Mapping[str, Any] | None = None,
    missing: float | bool = 0,
    as_of: datetime.date | str | None = None,
) -> SearchStrategy[Record]:
    """Draw people: records that the law accepts, every fact within its range, the policy's `checks` met.

    Args:
        law: whose facts are drawn, all that it reads.
        about: a decision, `decision.rule` or named value (or several): only the facts it rests on are drawn.
        given: facts that are fixed, or strategies that draw them.
        missing: the share of values left out, from 0 to 1; True for one in five. By default everything is known.
        as_of: the day that the people are decided for; the law's own day if left out.

    Raises:
        ArgumentError: for what is no law, fact, decision or share.

    >>> import asnmerit as am
    >>> from hypothesis import given, settings
    >>> law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
    >>> @settings(max_examples=20)
    ... @given(people(law, about="predikat_kinerja"))
    ... def everybody_is_rated(record):
    ...     assert am.decide(law, record)["predikat_kinerja"].status == "granted"
    >>> everybody_is_rated()
    """
    drawing = _drawing(law, about, given, missing, as_of)
    return drawn.people(drawing)


def near_threshold(
    law: Law,
    about: Named = None,
    *,
    fact: str | Iterable[str] | None = None,
    given: Mapping[str, Any] | None = None,
    missing: float | bool = 0,
    as_of: datetime.date | str | None = None,
) -> SearchStrategy[Record]:
    """Draw people one step, or one day, beside a value at which something turns: a threshold, a band, a date.

    Arguments are those of `people`; `about` names what turns (all decisions if left out), and `fact` the facts of
    which one is moved next to the turn. Where nothing turns for a person, the person is drawn as they are.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    >>> near_threshold(law, "promotion", fact="position_date") is not None
    True
    """
    drawing = _drawing(law, None, given, missing, as_of)
    keys = keys_asked(law, about)
    lanes = lanes_below(law, *keys)
    if fact is not None:
        names = facts_read(law, "fact", fact)
        lanes = tuple(lane for lane in lanes if lane[0] in names)
        if not lanes:
            raise ArgumentError("fact", fact, "a fact on which what is asked `about` rests")
    turning = Turning(law, keys, drawing.checks.domains)
    return drawn.near_threshold(drawing, turning, lanes)


def pairs(
    law: Law,
    facts: str | Iterable[str],
    relation: Relation = "any",
    *,
    about: Named = None,
    given: Mapping[str, Any] | None = None,
    as_of: datetime.date | str | None = None,
) -> SearchStrategy[Pair]:
    """Draw pairs who differ in the facts named, and in nothing else. Unpack them: `before, after = pair`.

    Args:
        law: whose facts are drawn.
        facts: the facts in which they differ, in at least one value of one of them.
        relation: `any`, or `up`: the second has more, by value or by level, and as many rows in every list.
        about: decisions near whose thresholds the pairs are often drawn; all if left out.
        given: facts that are fixed, or strategies that draw them.
        as_of: the day that the people are decided for.

    Raises:
        ArgumentError: also for `up` with facts that have no order.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    >>> pairs(law, "performance", "up")
    pairs(<manokwari/merit on 2026-04-01>, performance: up)
    """
    if relation not in ("any", "up"):  # what cannot be hashed is refused as well
        raise ArgumentError("relation", relation, "any or up")
    names = facts_read(law, "facts", facts)
    drawing = _drawing(law, None, given, missing=0, as_of=as_of)
    for name in names:
        if name in (given or {}):
            raise ArgumentError("given", name, "facts in which the pair does not differ")
    keys = keys_asked(law, about)
    turning = Turning(law, keys, drawing.checks.domains)
    found = Pairing(drawing, names, relation, turning, lanes_below(law, *keys))
    if not found.lanes and not found.lists:
        expected = "facts that can be more or less: numbers, days, truth values, ordered members"
        raise ArgumentError("facts", names[0], expected if relation == "up" else "a fact with more than one value")
    return drawn.pairs(found)


def missing(
    law: Law, record: Mapping[str, Any] | SearchStrategy[Record], *, as_of: datetime.date | str | None = None
) -> SearchStrategy[Record]:
    """Draw records with something left out: a fact, a year or member of one, a value of a row. At least one thing.

    `record` is one record, or a strategy such as `people(law)`. Raises `RecordError` for a record the law refuses.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
    >>> missing(law, {"results_rating": "sesuai"}).example()  # doctest: +SKIP
    {}
    """
    drawing = _drawing(law, None, None, 0, as_of)
    if not isinstance(record, SearchStrategy):
        if not isinstance(record, Mapping):
            raise ArgumentError("record", record, "a record, as `decide` takes it, or a strategy that draws records")
        compiled(law).read(dict(record), drawing.as_of, ())
        record = st.just(dict(record))
    return drawn.missing(drawing, record)


# --- what was asked ---


def _drawing(
    law: Law,
    about: Named,
    given: Mapping[str, Any] | None,
    missing: object,
    as_of: datetime.date | str | None,
) -> Drawing:
    law_argument(law)
    facts = None if about is None else {lane[0] for lane in lanes_below(law, *keys_asked(law, about))}
    if given is not None and not isinstance(given, Mapping):
        raise ArgumentError("given", given, "a mapping from facts to values, or to strategies that draw them")
    for name in given or {}:
        facts_read(law, "given", name)
    if isinstance(missing, bool):
        missing = 0.2 if missing else 0
    if not isinstance(missing, int | float) or not 0 <= missing <= 1:
        raise ArgumentError("missing", missing, "a share from 0 to 1, or True for one value in five")
    return Drawing(law, as_of, facts, given, round(missing * 100))
