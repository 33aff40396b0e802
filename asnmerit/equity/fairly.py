"""Fairness of a decision between groups: measured group by group, hidden where a group is small."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Unpack

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.equity.grouping import Axis, axes_of, banded, columns_of
from asnmerit.equity.intervals import METHODS, Spread, confidence_argument
from asnmerit.equity.report import Fairness
from asnmerit.equity.rows import Group, Measured, group_of
from asnmerit.equity.suppressing import Cell, hidden
from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import ERROR, REFUSED, STATUSES, has_value
from asnmerit.frames.arrow import np
from asnmerit.frames.kinds import source_of
from asnmerit.outcome import facts_below
from asnmerit.rules.types import Number
from asnmerit.sensitivity.naming import labels_of
from asnmerit.sensitivity.trying import (
    Trial,
    TryOptions,
    amounts_in,
    amounts_of,
    exact_sum,
    needed_keys,
    people,
    plan_of,
)

if TYPE_CHECKING:
    from asnmerit.plan import DecisionPlan
    from asnmerit.rules.law import Law

Array = Any
BANDS: Final = 10
SMALLEST: Final = 10


def fairness(  # noqa: PLR0913 - every part can be chosen
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    decision: str | None = None,
    *,
    by: Collection[str] | str | None = None,
    within: str | None = None,
    bands: object = BANDS,
    intersections: bool = True,
    smallest: int = SMALLEST,
    confidence: float = 0.95,
    reference: Mapping[str, str] | str | None = None,
    method: str = "wilson",
    as_of: datetime.date | str | None = None,
    **options: Unpack[TryOptions],
) -> Fairness:
    """Measure how a decision treats groups of people: rates, amounts and their ratios, with confidence intervals.

    `by` names columns of the frame (by default the facts that the law protects and the frame has). `within` names a
    score of the law: groups are compared among people of the same band of it too, in so many `bands`, or with the cuts
    given. `intersections` crosses every two columns. Groups smaller than `smallest` are hidden, and so are others from
    which they could be worked out. `reference` is the group that others are held against: of one column a label, of
    several a mapping; by default the one with the highest rate. `method` is that of the interval of a rate, `wilson`
    or `exact`.

    A rate is of those settled, granted or refused. The undetermined, the conflicts and the faulty are counted on their
    own. Raises `ArgumentError`, `UnknownDecisionError`, and `FrameError` with all columns and facts that are missing.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> frame = pyarrow.table({"active": [False] * 40, "team": ["a"] * 25 + ["b"] * 15})
    >>> found = fairness(law, frame, "promotion", by="team", absent="unknown")
    >>> [(g.labels, g.people, str(g.rate)) for g in found.groups]
    [((), 40, '0'), (('a',), 25, '0'), (('b',), 15, '0')]
    """
    plan = plan_of(law, decision)
    confidence = confidence_argument(confidence)
    _check(smallest, intersections, method)
    source = source_of(frame)
    if not source.rows:
        raise ArgumentError("frame", "no rows", "a frame with people in it")
    renamed = options.get("columns") or {}
    columns = columns_of(law, source, by, renamed)
    score = _score(law, within)
    taken = _Taken(law, plan, frame, score, as_of, options)
    axes = axes_of(source, columns)
    band = None if score is None else banded(score, taken.score, taken.scored, taken.score_den, bands)
    wanted = _reference(reference, axes)
    tables = _tables(axes, band, intersections=intersections)
    groups = _Groups(taken, tables, smallest)
    return Fairness(
        law.policy,
        plan.node.key,
        tuple(columns),
        score,
        smallest,
        confidence,
        method,
        tuple(groups.filled(wanted, confidence, method)),
        tuple(name for name in columns if name in facts_below(law, *needed_keys(law, plan))),
        labels_of(law, plan.node.key, [*columns, *([] if score is None else [score])]),
        plan.node.kind,
    )


def _check(smallest: object, intersections: object, method: object) -> None:
    if not isinstance(smallest, int) or isinstance(smallest, bool) or smallest < 1:
        raise ArgumentError("smallest", smallest, "a whole number from 1: the smallest group that is shown")
    if not isinstance(intersections, bool):
        raise ArgumentError("intersections", intersections, "True or False")
    if method not in METHODS:
        raise ArgumentError("method", method, " or ".join(METHODS))


def _score(law: Law, within: object) -> str | None:
    if within is None:
        return None
    numbers = [s.key for s in law.steps if s.binder is None and s.role in {"score", "indicator", "derived"}]
    numbers = [key for key in numbers if isinstance(law.steps[law.index[key]].type, Number)]
    if not isinstance(within, str) or within not in numbers:
        near = near_misses(str(within)[:80], numbers)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ArgumentError("within", within, f"a score of the law: {', '.join(numbers) or 'it has none'}{hint}")
    return within


def _reference(said: object, axes: Sequence[Axis]) -> dict[str, str]:
    """Read the reference groups, by column."""
    if said is None:
        return {}
    if isinstance(said, str) and len(axes) == 1:
        said = {axes[0].name: said}
    if not isinstance(said, Mapping):
        raise ArgumentError("reference", said, f"a mapping from {', '.join(a.name for a in axes)} to a group")
    labels = {a.name: [x for x in a.labels if x is not None] for a in axes}
    for name, label in said.items():
        if name not in labels:
            raise ArgumentError("reference", name, f"a column to group by: {', '.join(labels)}")
        if label not in labels[name]:
            near = near_misses(str(label)[:80], labels[name])
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError(f"reference[{name}]", label, f"a group that is there: {', '.join(labels[name])}{hint}")
    return dict(said)


class _Taken:
    """What the law says of everybody: status, amounts, and the score of the bands."""

    def __init__(
        self,
        law: Law,
        plan: DecisionPlan,
        frame: Any,  # noqa: ANN401
        score: str | None,
        as_of: datetime.date | str | None,
        options: TryOptions,
    ) -> None:
        keys = needed_keys(law, plan, () if score is None else (score,))
        given = people(law, frame, keys, as_of, options)
        trial = Trial([law], keys, given.day)
        views = [v for block, wrong in given.blocks for v in trial.views(block, wrong)]
        status = [v.status(plan) for v in views]
        self.status: Array = np.concatenate(status)
        self.amounts: dict[str, tuple[Array, Array, int]] = {}
        for field in amounts_of(plan):
            parts = [amounts_in(v, plan, field, s) for v, s in zip(views, status, strict=True)]
            values = [np.where(there, found, 0).astype(np.int64) for found, there, _ in parts]
            # Who is refused is given nothing, unless `otherwise` says something: then it may be unknown.
            known = [
                there | (s == REFUSED) & ~has_value(plan, field, s)
                for s, (_, there, _) in zip(status, parts, strict=True)
            ]
            self.amounts[field] = np.concatenate(values), np.concatenate(known), parts[0][2]
        if score is not None:
            found = [v.number(score) for v in views]
            self.score = np.concatenate([f[0] for f in found]).astype(np.int64)
            sure = [np.ones(len(f[0]), np.bool_) if f[1] is None else f[1] for f in found]
            self.scored = np.concatenate(sure) & (self.status != ERROR)
            self.score_den = found[0][2]

    def measured(self, rows: Array) -> Measured:
        """Count some of the people."""
        status = self.status[rows]
        counts = np.bincount(status, minlength=len(STATUSES)).tolist()
        spreads = {f: _spread(values[rows[known[rows]]], den) for f, (values, known, den) in self.amounts.items()}
        return Measured(dict(zip(STATUSES, counts, strict=True)), spreads)


def _spread(values: Array, den: int) -> Spread:
    """Sum amounts up exactly; the squares, which only make an interval, in order of size, so that none matters."""
    total = exact_sum(values, np.ones(len(values), np.bool_))
    count = len(values)
    if not count:
        return Spread(0, Fraction(0), 0.0)
    different, times = np.unique(values, return_counts=True)
    away = (different - float(Fraction(total, count))) / den
    return Spread(count, Fraction(total, den), float((np.square(away) * times).sum()))


Table = tuple[tuple[Axis, ...], "Axis | None"]


def _tables(axes: Sequence[Axis], band: Axis | None, *, intersections: bool) -> list[Table]:
    """Give the tables: everybody, each column, each two of them, and everybody and each column by band."""
    tables: list[Table] = [((), None), *(((a,), None) for a in axes)]
    tables += [(pair, None) for pair in combinations(axes, 2)] if intersections else []
    if band is not None:
        tables += [((), band), *(((a,), band) for a in axes)]
    return tables


class _Groups:
    """Every group of every table, with its people, and which of them are hidden."""

    def __init__(self, taken: _Taken, tables: Sequence[Table], smallest: int) -> None:
        self.empty: list[Group] = []
        self.measured: list[Measured] = []
        cells: list[Cell] = []
        used = list(dict.fromkeys(a for axes, band in tables for a in (*axes, *([band] if band else []))))
        finest = _codes(used, len(taken.status))
        for axes, band in tables:
            mine = (*axes, *([band] if band is not None else []))
            for place, rows in _split(mine, len(taken.status)):
                labels = tuple(a.labels[p] for a, p in zip(mine, place, strict=True))
                cut = len(axes)
                self.empty.append(
                    Group(
                        tuple(a.name for a in axes),
                        labels[:cut],
                        band is not None,
                        labels[cut] if band is not None else None,
                        None,
                        None,
                    )
                )
                self.measured.append(taken.measured(rows))
                names = (*(a.name for a in axes), *(["band"] if band is not None else []))
                cells.append(Cell(names, place, len(rows), tuple(np.unique(finest[rows]).tolist())))
        self.hidden = hidden(cells, smallest)

    def filled(self, wanted: Mapping[str, str], confidence: float, method: str) -> list[Group]:
        """Give the groups, each held against the reference group of its table and band."""
        tables: dict[Any, list[int]] = {}
        for i, group in enumerate(self.empty):
            tables.setdefault(group.table, []).append(i)
        found: list[Group] = []
        for places in tables.values():
            against = self._reference(places, wanted)
            for i in places:
                if i in self.hidden:
                    found.append(attrs.evolve(self.empty[i], hidden=self.hidden[i]))
                    continue
                found.append(group_of(self.empty[i], self.measured[i], against, confidence, method))
        return found

    def _reference(self, places: Sequence[int], wanted: Mapping[str, str]) -> Measured | None:
        """Give the group that others are held against: that which was named, else the one with the highest rate."""
        by = self.empty[places[0]].by
        shown = [i for i in places if i not in self.hidden and self.measured[i].rate is not None]
        if not by or not shown:
            return None
        if by and all(name in wanted for name in by):
            labels = tuple(wanted[name] for name in by)
            return next((self.measured[i] for i in shown if self.empty[i].labels == labels), None)

        def first(i: int) -> tuple[Fraction | None, int]:
            return self.measured[i].rate, -i

        return self.measured[max(shown, key=first)]


def _codes(axes: Sequence[Axis], rows: int) -> Array:
    """Give each person's place when all axes are crossed, those that occur numbered from 0."""
    codes = np.zeros(rows, np.int64)
    for axis in axes:
        codes = np.unique(codes * len(axis.labels) + axis.codes, return_inverse=True)[1]
    return codes


def _split(axes: Sequence[Axis], rows: int) -> list[tuple[tuple[int, ...], Array]]:
    """Give the groups that occur, in the order of the labels, each with its rows."""
    if not axes:
        return [((), np.arange(rows))]
    codes = np.zeros(rows, np.int64)
    for axis in axes:
        codes = codes * len(axis.labels) + axis.codes
    order = np.argsort(codes, kind="stable")
    different, starts = np.unique(codes[order], return_index=True)
    found = []
    for code, part in zip(different.tolist(), np.split(order, starts[1:]), strict=True):
        place: list[int] = []
        for axis in reversed(axes):
            code, at = divmod(code, len(axis.labels))  # noqa: PLW2901 - taken apart
            place.append(at)
        found.append((tuple(reversed(place)), part))
    return found
