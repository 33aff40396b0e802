"""Ranking people by an order that the law lays down, such as the seniority list (DUK): each place with its reason.

Two people are told apart by the first key that differs. Where that key is not known of one of them, their order is
open: both places have a range, and the facts that are missing are named. Nobody is put last for want of a fact.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import attrs

from asnmerit.bundle import in_force, load
from asnmerit.decision import Decision, RowError, decide
from asnmerit.errors import ArgumentError, RecordError, shown
from asnmerit.placing import EQUAL, Key, Placed, compared, placed
from asnmerit.ranked import Comparison, Gap, LeftOut, RankedRow, Ranking, RankingKey
from asnmerit.record import canonical
from asnmerit.rules.days import day_argument
from asnmerit.rules.declarations import RankingDecl
from asnmerit.rules.expr import Fact, Step
from asnmerit.rules.law import Law
from asnmerit.rules.to_text import LANGUAGES, Speech, text
from asnmerit.rules.types import Enum, Scalar
from asnmerit.views import plain, viewer

DUK = "indonesia/duk"


def rank(
    law: Law,
    records: Iterable[Mapping[str, object]],
    ranking: str | None = None,
    as_of: datetime.date | str | None = None,
    ignore: Collection[str] | str = (),
    identity: str = "",
) -> Ranking:
    """Rank people by an order of the law.

    `ranking` names it (the only one, if left out). `identity` names a key of the records, no fact of the law, that says
    who it is. Where the law has a decision of the ranking's name, only those for whom it is granted are ranked. The
    order of the records does not matter. `as_of` and `ignore` are those of `decide`; so are the errors, but a bad
    record gives a `RowError` in `errors` and stops nothing.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/duk"), on="2025-12-31")
    >>> people = [{"employment": "pns", "rank": "III/a"}, {"employment": "pns", "rank": "III/c"}]
    >>> [(r.place, r.row, r.below and r.below.key.name) for r in asnmerit.rank(law, people)]
    [(1, 2, None), (2, 1, 'rank')]
    """
    if isinstance(records, str | bytes | Mapping) or not isinstance(records, Iterable):
        raise ArgumentError("records", type(records).__name__, "an iterable of records")
    left_out = _with_identity(law, ignore, identity)

    def numbered() -> Iterator[tuple[int, str, Mapping[str, object]]]:
        for row, record in enumerate(records, start=1):
            who = record.get(identity) if identity and isinstance(record, Mapping) else None
            yield row, "" if who is None else who if isinstance(who, str) else shown(who), record

    return rank_rows(law, numbered(), ranking, as_of, left_out)


def rank_rows(
    law: Law,
    rows: Iterable[tuple[int, str, Mapping[str, object]]],
    ranking: str | None = None,
    as_of: datetime.date | str | None = None,
    ignore: Collection[str] | str = (),
) -> Ranking:
    """Rank people who come with a row number and a text that says who they are; see `rank`."""
    decl = _ranking(law, ranking)
    day = law.on if as_of is None else day_argument("as_of", as_of)
    work = _Work(law, decl, _keys(law, decl))
    for row, who, record in rows:
        try:
            decision = decide(law, record, day, ignore)
        except RecordError as error:
            work.errors.append(RowError(row, error.faults))
            continue
        work.take(row, who, decision)
    return work.ranking(day)


def rank_duk(
    records: Iterable[Mapping[str, object]],
    on: datetime.date | str,
    known: datetime.date | str | None = None,
    readings: Mapping[str, str] | None = None,
    identity: str = "nip",
) -> Ranking:
    """List civil servants in the order of the seniority list (DUK), with the key that decided each place.

    The law is `indonesia/duk`; `readings` chooses where what was read does not settle it. Keys of the records that the
    law does not know are passed over, so that a record made for another policy will do.

    >>> ranking = rank_duk([{"nip": "A", "employment": "pns", "rank": "II/a"}], on="2025-12-31")
    >>> ranking.rows[0].place, ranking.rows[0].identity
    (1, 'A')
    """
    law = in_force(load(DUK), on=on, known=known, readings=readings)
    return rank(law, records, "duk", ignore="*", identity=identity)


def _with_identity(law: Law, ignore: Collection[str] | str, identity: str) -> Collection[str] | str:
    """Give what the edge passes over: the key that names the person, too."""
    if not identity or ignore == "*" or identity in law.declared:
        return ignore
    return {identity, *([ignore] if isinstance(ignore, str) else ignore)}


def _ranking(law: Law, name: str | None) -> RankingDecl:
    if not isinstance(law, Law):
        raise ArgumentError("law", law, "a Law, as `in_force` gives it")
    if name is None and len(law.rankings) == 1:
        return next(iter(law.rankings.values()))
    found = law.rankings.get(name) if isinstance(name, str) else None
    if found is None:
        there = ", ".join(law.rankings) or "none, for the law has no `rankings`"
        raise ArgumentError("ranking", name, f"one of: {there}")
    return found


def _keys(law: Law, decl: RankingDecl) -> tuple[RankingKey, ...]:
    found: list[RankingKey] = []
    for number, (key, highest) in enumerate(decl.keys, start=1):
        step = law.steps[law.index[key]]
        rich = step.rich
        name = rich.name if isinstance(rich, Fact) and rich.slot is None else rich.key if isinstance(rich, Step) else ""
        label = step.about.label
        if not label or label is decl.about.label or label == decl.about.label:
            label = {lang: text(Speech(law, lang, law.on.year).say(rich)) for lang in LANGUAGES}
        taken = not name or any(k.name == name for k in found)
        found.append(RankingKey(f"key_{number}" if taken else name, label, highest, step.type, step.about, key))
    return tuple(found)


def _lane(of: Scalar, highest: bool) -> Callable[[Any], int | None]:  # noqa: FBT001 - the direction is a value here
    """Give the function that turns a kernel value into a number of which the smallest comes first."""
    sign = -1 if highest else 1
    if isinstance(of, Enum):
        levels = tuple(sign * level for level in of.levels)
        return lambda raw: None if raw is None else levels[raw]
    return lambda raw: None if raw is None else sign * raw


class _Work:
    """Gathers people, then places them."""

    def __init__(self, law: Law, decl: RankingDecl, keys: tuple[RankingKey, ...]) -> None:
        self.law, self.decl, self.keys = law, decl, keys
        self.errors: list[RowError] = []
        self.outside: list[LeftOut] = []
        self.unsettled: list[LeftOut] = []
        self.people: list[tuple[int, str, Decision]] = []
        self.vectors: list[Key] = []
        self.groups: dict[int, tuple[int, ...]] = {}
        self.at = [law.index[k.step] for k in keys]
        self.lanes = [_lane(k.type, k.highest) for k in keys]
        self.show = [viewer(k.type, law.steps[at].code.type.den) for k, at in zip(keys, self.at, strict=True)]

    def take(self, row: int, who: str, decision: Decision) -> None:
        """Take in one person: into the list, or to those left out of it."""
        if self.decl.name in self.law.decisions:
            belongs = decision[self.decl.name]
            if belongs.status == "refused":
                self.outside.append(LeftOut(row, who))
                return
            if belongs.status != "granted":
                self.unsettled.append(LeftOut(row, who, belongs.missing.facts))
                return
        self.people.append((row, who, decision))
        self.vectors.append(tuple([lane(decision.raw[at]) for lane, at in zip(self.lanes, self.at, strict=True)]))

    def ranking(self, day: datetime.date) -> Ranking:
        """Place everyone taken in."""
        rows: list[RankedRow] = []
        before: tuple[Placed, RankedRow] | None = None
        places = placed(self.vectors, self._text)  # kept to the end: `groups` goes by the identity of its tuples
        for where in places:
            row = self._row(where, before)
            rows.append(row)
            before = where, row
        return Ranking(
            self.law, self.decl.name, day, self.decl.about, self.keys, self.decl.ties,
            tuple(rows), tuple(self.outside), tuple(self.unsettled), tuple(self.errors),
        )  # fmt: skip

    def _text(self, index: int) -> str:
        """Give what orders people within the list whom no key tells apart: who they are, then their facts."""
        _, who, decision = self.people[index]
        return canonical([who, plain(decision.facts)])

    def _row(self, where: Placed, before: tuple[Placed, RankedRow] | None) -> RankedRow:
        row, who, decision = self.people[where.who]
        strict = where.alike > 1 and self.decl.ties == "strict"
        certain = where.first == where.last
        values = tuple([show(decision.raw[at]) for show, at in zip(self.show, self.at, strict=True)])
        found = RankedRow(
            row=row,
            identity=who,
            first=where.first,
            last=where.last + where.alike - 1 if strict else where.last,
            status="open" if not certain else "tied" if strict else "shared" if where.alike > 1 else "placed",
            values=values,
            unknown=tuple(k.name for k, v in zip(self.keys, values, strict=True) if v is None),
            below=None,
            decision=decision,
            gap=None if where.open_at is None else Gap(row, self.keys[where.open_at], decision),
            waits_for=tuple([self._rows_of(group) for group in where.waits_for]),
        )
        return found if before is None else attrs.evolve(found, below=self._below(where, found, *before))

    def _rows_of(self, group: tuple[int, ...]) -> tuple[int, ...]:
        """Give the rows of a group of people: once for each group, for thousands may share it."""
        found = self.groups.get(id(group))
        if found is None:
            found = self.groups[id(group)] = tuple(sorted([self.people[who][0] for who in group]))
        return found

    def _below(self, where: Placed, row: RankedRow, above: Placed, row_above: RankedRow) -> Comparison:
        at, comes_first = compared(self.vectors[above.who], self.vectors[where.who])
        if at == EQUAL:
            return Comparison(row_above.row, "tied" if self.decl.ties == "strict" else "shared")
        key = self.keys[at]
        if comes_first is not None:
            return Comparison(row_above.row, "decided", key)
        return Comparison(row_above.row, "open", key, tuple(r.gap for r in (row_above, row) if r.gap is not None))
