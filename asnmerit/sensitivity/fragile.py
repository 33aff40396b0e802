"""Fragility: whose outcome flips when a rater errs by a step, the rounding is another, or the day moves."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Unpack

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import ERROR, GRANTED, REFUSED, UNDETERMINED, has_value
from asnmerit.frames.arrow import np
from asnmerit.outcome import cone
from asnmerit.rules.law import Law
from asnmerit.sensitivity.merging import merged
from asnmerit.sensitivity.perturbing import days_around, rated, roundings
from asnmerit.sensitivity.stability import Fragility, Perturbation
from asnmerit.sensitivity.trying import People, Trial, TryOptions, View, needed_keys, people, plan_of

if TYPE_CHECKING:
    from asnmerit.frames.kernel import Block
    from asnmerit.plan import DecisionPlan

Array = Any
MOST_DAYS = 366


def fragility(  # noqa: PLR0913 - every kind of error can be chosen
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    decision: str | None = None,
    *,
    raters: Collection[str] | str | None = None,
    errors: Mapping[str, object] | None = None,
    rounding: Collection[str] | str | None = None,
    days: int = 1,
    as_of: datetime.date | str | None = None,
    **options: Unpack[TryOptions],
) -> Fragility:
    """Count how many outcomes flip under small errors, each tried alone, and how stable each person's outcome is.

    The errors: each rating (scores of raters, facts marked as merit; or the facts that `raters` names) one step up and
    one down, `errors` says otherwise by fact; every rounding in another mode (`rounding`); the day of decision `days`
    earlier and later, where the same law holds. An outcome flips when its status, its rule or what it gives changes.
    An error that cannot be made of a person (a rating at the end of its scale, or not known) is not asked; neither is
    one that makes the record faulty. Stability is the share of the errors asked that keep the outcome. People without
    a settled outcome have none.

    Raises `ArgumentError`, `UnknownDecisionError`, and `FrameError` for columns.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> found = fragility(law, pyarrow.table({"active": [False, True]}), "promotion", absent="unknown")
    >>> found.people, found.unsettled, str(found.stability[0]), found.stability[1]
    (2, 1, '1', None)
    """
    plan = plan_of(law, decision)
    if type(days) is not int or not 0 <= days <= MOST_DAYS:
        raise ArgumentError("days", days, f"a whole number from 0 to {MOST_DAYS}")
    keys = needed_keys(law, plan)
    places = rated(law, keys, raters, errors)
    others, unlawful = roundings(law, set(cone(law, *keys)), rounding)
    both = merged([law, *others.values()])
    wanted = [names[k] for names in both.names for k in keys]
    given = people(both.law, frame, wanted, as_of, options)
    work = _Work(law, plan, given)
    for place in places:
        for sign, way in ((-1, "down"), (1, "up")):
            work.rating(place, sign, Perturbation("rating", place.fact, place.place(given.day.year), way))
    for mode, other in others.items():
        work.law_of(other, Perturbation("rounding", "", mode, ""))
    for day in days_around(law, given.day, days) if days else ():
        moved = given if day.year == given.day.year else people(law, frame, keys, day, options)
        way = "down" if day < given.day else "up"
        work.on(day, moved, Perturbation("day", "", str(day), way))
    return work.found(unlawful)


class _Work:
    """Compares every try with the outcomes as they are, block by block, and counts."""

    def __init__(self, law: Law, plan: DecisionPlan, given: People) -> None:
        self.law, self.plan, self.given = law, plan, given
        self.keys = needed_keys(law, plan)
        self.trial = Trial([law], self.keys, given.day)
        self.before = list(self._views(self.trial, given))
        self.status = [view.status(plan) for view in self.before]
        self.settled = [(s != UNDETERMINED) & (s != ERROR) for s in self.status]
        self.kept = [np.zeros(len(s), np.int32) for s in self.status]
        self.asked = [np.zeros(len(s), np.int32) for s in self.status]
        self.tried: list[Perturbation] = []
        self.by_rater: dict[str, list[Array]] = {}

    @staticmethod
    def _views(trial: Trial, given: People) -> Iterator[View]:
        for block, wrong in given.blocks:
            yield from trial.views(block, wrong)

    def rating(self, place: Any, sign: int, what: Perturbation) -> None:  # noqa: ANN401 - a rated place
        """Try one error of one rater."""
        for at, (block, wrong) in enumerate(self.given.blocks):
            moved = place.moved(block, sign)
            if moved is None:
                continue
            changed, possible = moved
            # Only those whose outcome could be asked are computed again.
            rows = np.flatnonzero(possible & self.settled[at])
            if not len(rows):
                continue
            part = _some(changed, rows)
            view = next(self.trial.views(part, None if wrong is None else wrong[rows]))
            what = self._compared(at, rows, view, what)
        self.tried.append(what)

    def law_of(self, other: Law, what: Perturbation) -> None:
        """Try another law."""
        self._whole(self._views(Trial([other], self.keys, self.given.day), self.given), what)

    def on(self, day: datetime.date, given: People, what: Perturbation) -> None:
        """Try another day of decision."""
        self._whole(self._views(Trial([self.law], self.keys, day), given), what)

    def _whole(self, views: Iterator[View], what: Perturbation) -> None:
        for at, view in enumerate(views):
            what = self._compared(at, np.flatnonzero(self.settled[at]), view, what, whole=True)
        self.tried.append(what)

    def _compared(self, at: int, rows: Array, view: View, what: Perturbation, *, whole: bool = False) -> Perturbation:
        """Count what one try does to some rows of a block; `view` holds these rows, or the `whole` block."""
        mine = rows if whole else slice(None)
        after = view.status(self.plan)[mine]
        asked = after != ERROR
        same = self._same(at, rows, view, mine, after)
        self.asked[at][rows] += asked
        self.kept[at][rows] += asked & same
        flipped = asked & ~same
        if what.fact:
            marks = self.by_rater.setdefault(what.fact, [np.zeros(len(s), np.bool_) for s in self.status])
            marks[at][rows] |= flipped
        before = self.status[at][rows]
        return attrs.evolve(
            what,
            asked=what.asked + int(asked.sum()),
            flipped=what.flipped + int(flipped.sum()),
            gained=what.gained + int((flipped & (before == REFUSED) & (after == GRANTED)).sum()),
            lost=what.lost + int((flipped & (before == GRANTED) & (after == REFUSED)).sum()),
        )

    def _same(self, at: int, rows: Array, view: View, mine: Any, after: Array) -> Array:  # noqa: ANN401 - rows or all
        """Give where status, rules and outcome are what they were; the refused have what `otherwise` gives them."""
        same = self.status[at][rows] == after
        counts = same & (after == GRANTED)
        node = self.plan.node

        def alike(key: str) -> Array:
            old, known, old_den = self.before[at].number(key)
            new, sure, new_den = view.number(key)
            here, there = old[rows], new[mine]
            if old_den != new_den:
                here, there = here.astype(object) * new_den, there.astype(object) * old_den
            equal = np.asarray(here == there, np.bool_)
            if known is None and sure is None:
                return equal
            was, now = (np.True_ if k is None else k[part] for k, part in ((known, rows), (sure, mine)))
            return np.where(was & now, equal, was == now)

        for place in self.plan.fields:
            has = same & has_value(self.plan, place.name, after)
            same &= ~has | alike(f"{node.key}.{place.name}")
        if self.plan.which is not None:
            same &= ~counts | alike(f"{node.key}.rule")
        for rule in self.plan.rules if node.hit == "collect" else ():
            same &= ~counts | alike(rule.node.key)
            holds = counts & self.before[at].steps.value(rule.node.key)[rows]
            for key in rule.node.grants.values():
                same &= ~holds | alike(key)
        return same

    def found(self, unlawful: tuple[str, ...]) -> Fragility:
        """Give all that was counted."""
        whole = np.concatenate(self.status) if self.status else np.zeros(0, np.int8)
        joined = [np.concatenate(a) if a else np.zeros(0, np.int32) for a in (self.kept, self.asked)]
        raters = {name: int(sum(int(m.sum()) for m in marks)) for name, marks in self.by_rater.items()}
        for what in self.tried:
            if what.fact:
                raters.setdefault(what.fact, 0)
        return Fragility(
            self.law.policy, self.plan.node.key, self.given.day, tuple(self.tried), raters, unlawful, whole, *joined
        )


def _some(block: Block, rows: Array) -> Block:
    """Give some rows of a block."""
    return attrs.evolve(
        block,
        rows=len(rows),
        values={k: v[..., rows] for k, v in block.values.items()},
        known={k: v[..., rows] for k, v in block.known.items()},
    )
