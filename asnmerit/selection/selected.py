"""A selection as it came out: each group with its cut-off, each person with rank, distance and the key that decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np
from asnmerit.record import canonical
from asnmerit.rules.types import Enum
from asnmerit.selection.columns import answer_table
from asnmerit.selection.cutoff import NONE, CutOff
from asnmerit.selection.faults import Tie
from asnmerit.selection.filling import CHOSEN, STATUSES, Filled
from asnmerit.selection.keys import SelectionKey
from asnmerit.selection.limits import Limit
from asnmerit.selection.people import NOBODY, People
from asnmerit.selection.words import selection_text
from asnmerit.views import number, plain, shown_value

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Exact = int | Decimal | Fraction


@attrs.frozen
class Selected:
    """One person: what came out, the rank or its range, and how far from the cut-off.

    `distance` is in the unit of the key `decided_by`: more than 0 for those chosen (from the first who waits), less
    for those who wait (to the last chosen). `tied`: alike in every key across the cut-off. `secure`: nothing that is
    not yet known can change it. `could_change` of the unsettled: they could still come before the cut-off, or take
    money. `lacking` is the money that was missing.
    """

    row: int
    identity: Any
    group: Any
    status: str
    first: int | None
    last: int | None
    values: Mapping[str, Any]
    decided_by: str | None
    distance: Exact | None
    unit: str
    tied: bool
    secure: bool
    could_change: bool
    amount: int | None
    paid: int | None
    lacking: int | None
    error: str | None

    @property
    def rank(self) -> int | None:
        """The rank, where it is one number."""
        return self.first if self.first == self.last else None


@attrs.frozen
class Group:
    """One group: what there was, what became of everybody, and the cut-off, by key of the last who came in.

    `could_change` counts the unsettled who could still come before the cut-off (or take money), `secure` those chosen
    whom none of them could displace. `left` is what is left: places nobody has, or rupiah; less than 0 where `ties`
    let more in than there are places. What waits for an open order is not given away, and is left too.
    """

    name: Any
    available: int
    eligible: int
    chosen: int
    waiting: int
    open: int
    refused: int
    undetermined: int
    conflict: int
    error: int
    tied: int
    could_change: int
    secure: int
    cut_off: Mapping[str, Any] | None
    asked: int | None
    spent: int | None
    left: int


@attrs.frozen(eq=False, slots=False, repr=False)
class Selection:
    """Who came in and who waits. Rows are counted from 0, as in the frame; `person` says everything of one of them.

    `unbound` names changes of a reform that go beyond what is delegated.
    """

    law: Law
    decision: str
    limit: Limit
    by: tuple[str, ...]
    keys: tuple[SelectionKey, ...]
    prefix: str
    people: People = attrs.field(repr=False)
    filled: Filled = attrs.field(repr=False)
    cut: CutOff = attrs.field(repr=False)
    ties: tuple[Tie, ...] = ()
    unbound: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Say how many there are of each."""
        counts = ", ".join(f"{n} {s}" for s, n in self.counts.items() if n)
        beyond = f", BEYOND DELEGATION: {', '.join(self.unbound)}" if self.unbound else ""
        return f"<Selection {self.law.policy} {self.decision}{beyond}: {counts or 'nobody'}>"

    def __len__(self) -> int:
        """Count the rows."""
        return self.people.rows

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many there are of each status."""
        found = np.bincount(self.filled.status, minlength=len(STATUSES))
        return dict(zip(STATUSES, found.tolist(), strict=True))

    def rows(self, status: str, group: Any = None) -> tuple[int, ...]:  # noqa: ANN401 - groups are values of any column
        """Give the rows of a status in their order: by group and rank; those in error as they stand in the frame.

        People whom no key tells apart stand by who they are, then by their row.
        """
        if status not in STATUSES:
            raise ArgumentError("status", status, f"one of {', '.join(STATUSES)}")
        code = STATUSES.index(status)
        if group is not None and group not in self.people.names:
            raise ArgumentError("group", group, "the name of a group of the selection")
        at = None if group is None else self.people.names.index(group)
        if status == "refused":
            mine = self.filled.status == code
            return tuple(np.flatnonzero(mine if at is None else mine & (self.people.group == at)).tolist())
        order = self.filled.order if at is None else self.filled.order[self._ends[at] : self._ends[at + 1]]
        return self._by_identity(order[self.filled.status[order] == code])

    @cached_property
    def _ends(self) -> Any:  # noqa: ANN401 - an array of places
        """Where each group begins among the people in their order."""
        return np.searchsorted(self.people.group[self.filled.order], np.arange(len(self.people.names) + 1))

    def _by_identity(self, found: Any) -> tuple[int, ...]:  # noqa: ANN401 - an array of rows
        """Sort those alike by who they are, so that a list does not depend on the order of the input."""
        identity = self.people.identity
        if identity is None or len(found) < 2:  # noqa: PLR2004 - nothing to sort
            return tuple(found.tolist())
        columns = [self.people.group[found]]
        for lane in self.people.lanes:
            known = np.ones(len(found), np.bool_) if lane.known is None else lane.known[found]
            columns += [known, np.where(known, lane.values[found], 0)]
        parts = np.stack(columns)
        fresh = np.append(True, (parts[:, 1:] != parts[:, :-1]).any(axis=0))
        rows: list[int] = []
        for run in np.split(found, np.flatnonzero(fresh)[1:]):
            rows += sorted(run.tolist(), key=lambda r: str(_cell(identity, r))) if len(run) > 1 else run.tolist()
        return tuple(rows)

    @property
    def chosen(self) -> tuple[int, ...]:
        """The rows that came in, by group and rank."""
        return self.rows("chosen")

    @property
    def waiting(self) -> tuple[int, ...]:
        """The waiting list, by group and rank."""
        return self.rows("waiting")

    @property
    def complete(self) -> bool:
        """Whether nothing that is not yet known could change the result: nobody's place is open, none could come in."""
        return not (self.counts["open"] or bool(self.filled.could.any()))

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """Each group, in the order of their names."""
        table, there = self._tally(), self.limit.of(self.people.names)
        return tuple(self._group(at, n, {k: v[at] for k, v in table.items()}) for at, n in enumerate(there))

    def _tally(self) -> dict[str, list[int]]:
        """Count by group: the statuses, the tied, those who could change it, the secure, and the money."""
        people, done, size = self.people, self.filled, len(self.people.names)
        here = people.group != NOBODY
        code = people.group[here] * len(STATUSES) + done.status[here]
        counts = np.bincount(code, minlength=size * len(STATUSES)).reshape(size, len(STATUSES))
        found = {s: counts[:, i].tolist() for i, s in enumerate(STATUSES)}
        marks = {"tied": done.tied, "could_change": done.could, "secure": done.secure & (done.status == CHOSEN)}
        for name, mark in marks.items():
            found[name] = np.bincount(people.group[here & mark], minlength=size).tolist()
        if self.limit.money and people.amount is not None:
            eligible = here & (done.last > 0)
            for name, money in (("asked", people.amount.values), ("spent", done.paid)):
                sums = np.zeros(size, done.paid.dtype)
                np.add.at(sums, people.group[eligible], money[eligible].astype(done.paid.dtype))
                found[name] = [int(n) for n in sums]
        return found

    def _group(self, at: int, available: int, n: Mapping[str, int]) -> Group:
        last = int(self.cut.last_in[at])
        bounded = last != NONE and n["waiting"] > 0 and (self.limit.kind == "places" or self._in_line)
        money = self.limit.money
        return Group(
            name=self.people.names[at], available=available, eligible=n["chosen"] + n["waiting"] + n["open"],
            **{s: n[s] for s in STATUSES}, tied=n["tied"], could_change=n["could_change"], secure=n["secure"],
            cut_off=self.values(last) if bounded else None, asked=n["asked"] if money else None,
            spent=n["spent"] if money else None, left=available - (n["spent"] if money else n["chosen"]),
        )  # fmt: skip

    @property
    def _in_line(self) -> bool:
        """Whether money is spent in order until it is gone: only then there is a cut-off."""
        return self.limit.kind == "in_order" and self.limit.short == "stop"

    def values(self, row: int) -> dict[str, Any]:
        """Give what a person has in each key; None where it is not known."""
        found = {}
        for key, lane in zip(self.keys, self.people.raw, strict=True):
            known = lane.known is None or bool(lane.known[row])
            found[key.name] = shown_value(int(lane.values[row]), key.about.type, key.den) if known else None
        return found

    def person(self, row: object) -> Selected:
        """Say everything of one row of the frame (the first is 0)."""
        return self._person(_place(row, self.people.rows))

    def _person(self, row: int) -> Selected:
        done, people = self.filled, self.people
        at, eligible = int(self.cut.key[row]), bool(done.last[row])
        key = self.keys[at] if at != NONE else None
        money = self.limit.money and eligible and people.amount is not None
        group = int(people.group[row])
        return Selected(
            row=row,
            identity=None if people.identity is None else _cell(people.identity, row),
            group=people.names[group] if group != NOBODY else None,
            status=STATUSES[done.status[row]],
            first=int(done.first[row]) or None,
            last=int(done.last[row]) or None,
            values=self.values(row),
            decided_by=key.name if key else None,
            distance=apart(key, self.cut.distance[row]) if key else None,
            unit=key.unit if key else "",
            tied=bool(done.tied[row]),
            secure=bool(done.secure[row]),
            could_change=bool(done.could[row]),
            amount=int(people.amount.values[row]) if money and people.amount is not None else None,
            paid=int(done.paid[row]) if money else None,
            lacking=int(done.lacking[row]) if money else None,
            error=_error(people, row),
        )

    @cached_property
    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """The answers as a PyArrow table, a row for each row of the frame."""
        return answer_table(self)

    def frame(self, *, keep: bool = True) -> Any:  # noqa: ANN401 - the kind of frame that was given
        """Give the frame with the answers beside its columns, in the kind that came in; `keep=False`: these alone."""
        return self.people.source.back(self.table, keep)

    def to_text(self, lang: str = "id", most: int = 20) -> str:
        """Say each group and its cut-off, and of each list so many people, in Indonesian (`id`) or English (`en`)."""
        return selection_text(self, lang, most)

    def to_dict(self) -> dict[str, Any]:
        """Give the selection as plain data that JSON can hold; everybody but the refused is in `people`."""
        listed = ("chosen", "waiting", "open", "undetermined", "conflict", "error")
        return {
            "law": self.law.identity(),
            "unbound": list(self.unbound),
            "decision": self.decision,
            "limit": self.limit.kind,
            "short": self.limit.short if self.limit.kind == "in_order" else None,
            "ties": self.limit.ties,
            "by": list(self.by),
            "keys": [
                {
                    "name": k.name, "label": dict(k.about.label), "first": "highest" if k.about.highest else "lowest",
                    "unit": k.unit, "ranking": k.from_ranking or None,
                }
                for k in self.keys
            ],
            "complete": self.complete,
            "counts": dict(self.counts),
            "groups": [plain(attrs.asdict(g)) for g in self.groups],
            "people": [plain(attrs.asdict(self.person(r))) for s in listed for r in self.rows(s)],
        }  # fmt: skip

    def to_json(self) -> str:
        """Give the selection as canonical JSON."""
        return canonical(self.to_dict())


def _place(row: object, rows: int) -> int:
    if not isinstance(row, int | np.integer) or isinstance(row, bool) or not 0 <= row < rows:
        raise ArgumentError("row", row, f"the place of a row, from 0 to {rows - 1}")
    return int(row)


def _error(people: People, row: int) -> str | None:
    """Say what is wrong with a row, where something is: the code of its first fault, and its column."""
    code, fact, column = (_cell(part, row) for part in people.errors)
    return None if code is None else f"{column or fact}: {code}"


def apart(key: SelectionKey, raw: Any) -> Exact:  # noqa: ANN401 - an integer of NumPy or Python
    """Give a distance in a key's own unit, exact."""
    return int(raw) if isinstance(key.about.type, Enum) else number(int(raw), key.den)


def _cell(column: Sequence[Any], row: int) -> Any:  # noqa: ANN401 - any cell
    value = column[row]
    return value.as_py() if hasattr(value, "as_py") else value


def tied_rows(people: People, done: Filled) -> tuple[Tie, ...]:
    """Give those alike across the cut-off, group by group."""
    rows = np.flatnonzero(done.tied)
    found: dict[tuple[int, int], list[int]] = {}
    for row in rows.tolist():
        found.setdefault((int(people.group[row]), int(done.first[row])), []).append(row)
    return tuple(Tie(people.names[group], tuple(found[group, at])) for group, at in sorted(found))
