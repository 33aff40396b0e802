"""A ranking of people as it came out: rows in order, the key that tells each from the one above, who is left out."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import islice
from typing import Any, Literal

import attrs

from asnmerit.decision import Decision, RowError
from asnmerit.lazily import lazily
from asnmerit.missing import missing_value
from asnmerit.ranking_words import ranking_text
from asnmerit.record import canonical
from asnmerit.rules.declarations import About
from asnmerit.rules.law import Law
from asnmerit.rules.types import Scalar
from asnmerit.views import plain

How = Literal["decided", "shared", "tied", "open"]


@attrs.frozen
class RankingKey:
    """One key of a ranking: its short name, what it favours in words, whether the highest comes first."""

    name: str
    label: Mapping[str, str]
    highest: bool
    type: Scalar
    about: About
    step: str

    @property
    def source(self) -> str:
        """The regulation that lays the key down."""
        return "; ".join(map(str, self.about.citations))


@attrs.frozen(eq=False, slots=False)
class Gap:
    """A key that is not known of one person, and by that holds places open."""

    row: int
    key: RankingKey
    decision: Decision = attrs.field(repr=False)

    @lazily
    def missing(self) -> tuple[str, ...]:
        """The facts that settle the key whatever their values."""
        return missing_value(self.decision, self.key.step).facts


@attrs.frozen
class Comparison:
    """Why a row stands below the one above it in the list.

    `how` is `decided` by `key`; `shared`: alike in every key, and the law lets them share the place; `tied`: alike, and
    the law does not; `open`: `key` is not known of one of them, or of both.
    """

    above: int
    how: How
    key: RankingKey | None = None
    gaps: tuple[Gap, ...] = ()

    @property
    def missing(self) -> Mapping[int, tuple[str, ...]]:
        """The facts that would tell the two apart and are not known, by row."""
        return {gap.row: gap.missing for gap in self.gaps}


@attrs.frozen(eq=False)
class RankedRow:
    """One person of a ranking: the row of the input (from 1), the place or its range, the value of each key.

    `place` is None where it is not certain: it then lies between `first` and `last`. `status` is `placed`, `shared`,
    `tied` (the law has no shared places) or `open`. `unknown` names the keys that are not known, needed or not;
    `missing` the facts for want of which this person's own place is open; `waits_for` the other rows that keep it open.
    """

    row: int
    identity: str
    first: int
    last: int
    status: Literal["placed", "shared", "tied", "open"]
    values: tuple[Any, ...]
    unknown: tuple[str, ...]
    below: Comparison | None
    decision: Decision = attrs.field(repr=False)
    gap: Gap | None = attrs.field(repr=False)
    _waits_for: tuple[tuple[int, ...], ...] = attrs.field(repr=False)

    @property
    def place(self) -> int | None:
        """The place, where it is certain."""
        return self.first if self.first == self.last else None

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that this person's place waits for."""
        return self.gap.missing if self.gap else ()

    @property
    def waits_for(self) -> tuple[int, ...]:
        """The other rows whose unknown keys keep the place open, in their order in the input."""
        return tuple(self._others())

    def some_waited_for(self, most: int) -> tuple[tuple[int, ...], int]:
        """Give the first few of `waits_for`, and how many there are: quick where there are thousands."""
        itself = self.gap is not None
        return tuple(islice(self._others(), most)), sum(map(len, self._waits_for)) - itself

    def _others(self) -> Iterator[int]:
        return (row for row in merge(*self._waits_for) if row != self.row)


@attrs.frozen
class LeftOut:
    """A person who is not in the list: the law says so, or leaves it open until the facts in `missing` are known."""

    row: int
    identity: str
    missing: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Ranking:
    """People in the order of the law. `rows` are in order; every record is in it, or named with the reason.

    `outside` are those who by law do not belong to the list, `unsettled` those of whom that is not known, `errors` the
    records that could not be read. Places are among the `rows` alone: the list is `complete` when nobody is unsettled
    or in error.
    """

    law: Law
    name: str
    as_of: datetime.date
    about: About
    keys: tuple[RankingKey, ...]
    ties: str
    rows: tuple[RankedRow, ...]
    outside: tuple[LeftOut, ...] = ()
    unsettled: tuple[LeftOut, ...] = ()
    errors: tuple[RowError, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every record was read, and it is known of everyone whether they belong to the list."""
        return not (self.unsettled or self.errors)

    def __iter__(self) -> Iterator[RankedRow]:
        """Iterate over the rows in order."""
        return iter(self.rows)

    def __len__(self) -> int:
        """Count those in the list."""
        return len(self.rows)

    def to_text(self, lang: str = "id") -> str:
        """Say each place and its reason, in Indonesian (`id`) or English (`en`)."""
        return ranking_text(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """Give the ranking as plain data that JSON can hold; exact numbers and days are text."""
        return {
            "law": self.law.identity(),
            "ranking": self.name,
            "title": dict(self.about.label or {}),
            "source": "; ".join(map(str, self.about.citations)),
            "grade": self.about.grade,
            "note": self.about.note,
            "as_of": self.as_of.isoformat(),
            "ties": self.ties,
            "complete": self.complete,
            "keys": [self._key_dict(k) for k in self.keys],
            "rows": [self.row_dict(row) for row in self.rows],
            "outside": [_left_out(p) for p in self.outside],
            "unsettled": [_left_out(p) for p in self.unsettled],
            "errors": [{"row": e.row, "faults": [attrs.asdict(f) for f in e.faults]} for e in self.errors],
        }

    def _key_dict(self, key: RankingKey) -> dict[str, Any]:
        return {
            "name": key.name,
            "label": dict(key.label),
            "first": "highest" if key.highest else "lowest",
            "source": key.source,
            "grade": key.about.grade,
            "note": "" if key.about.note == self.about.note else key.about.note,
        }

    def row_dict(self, row: RankedRow) -> dict[str, Any]:
        """Give one row as plain data."""
        said: dict[str, Any] = {
            "row": row.row,
            "id": row.identity,
            "place": row.place,
            "first": row.first,
            "last": row.last,
            "status": row.status,
            "keys": {k.name: plain(v) for k, v in zip(self.keys, row.values, strict=True)},
            "missing": list(row.missing),
        }
        if row.below is not None:
            said["below"] = {
                "row": row.below.above,
                "how": row.below.how,
                "key": row.below.key.name if row.below.key else None,
                "missing": {str(r): list(facts) for r, facts in row.below.missing.items()},
            }
        return said

    def to_json(self) -> str:
        """Give the ranking as canonical JSON: the same bytes for the same people in the same order of input."""
        return canonical(self.to_dict())


def _left_out(person: LeftOut) -> dict[str, Any]:
    return {"row": person.row, "id": person.identity, "missing": list(person.missing)}
