"""The road map of one person: today, by waiting, and in between."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.advice.choices import Choices, choices
from asnmerit.advice.levers import Lever, asked_costs, levers
from asnmerit.advice.plans import Change, Plan, RoadMap
from asnmerit.advice.reasons import reason
from asnmerit.advice.searching import Cheapest, by_solver, changed, first_of, spans
from asnmerit.advice.spreading import Rows
from asnmerit.advice.waiting import MOST_CELLS, Ahead, Stretch, stretches
from asnmerit.auditing.crowd.landmarks import landmarks
from asnmerit.auditing.crowd.records import lanes_of_record, record_of
from asnmerit.auditing.replaying import replay
from asnmerit.bundle import in_force
from asnmerit.decision import Decision, day_within, decide
from asnmerit.errors import ArgumentError, NotInForceError, RecordError, UnknownDecisionError
from asnmerit.rules.law import Law
from asnmerit.rules.policy import Policy
from asnmerit.views import shown_value

if TYPE_CHECKING:
    from asnmerit.outcome import ConditionResult
    from asnmerit.rules.assemble import DecisionNode

Lane = tuple[str, int | str | None]
Lanes = Mapping[Lane, Any]
DAYS: Final = 3_653
"""Ten years."""
MOST_DAYS: Final = 20_000
REASON_SECONDS: Final = 3.0
MOST_SECONDS: Final = 100_000
LISTS: Final = {
    "id": "Tidak dicoba, karena daftar atau data tahun lalu tidak dapat diubah satu langkah: {0}",
    "en": "Not tried, since no step of a list or of a past year has a cost: {0}",
}
LAW_ENDS: Final = {
    "id": "Hukum ini hanya diketahui sampai {0}; hari sesudahnya tidak dilihat",
    "en": "This law is known to hold up to {0}; no later day was looked at",
}


def roadmap(  # noqa: PLR0913 - one question, many ways to put it
    law: Law | Policy,
    record: Mapping[str, object],
    decision: str,
    *,
    on: datetime.date | str | None = None,
    costs: Mapping[str, int] | None = None,
    days: int = DAYS,
    ignore: Collection[str] | str = (),
    budget: float = 10.0,
) -> RoadMap:
    """Say what one person can do to be granted a decision (of a burden: to be spared it).

    Args:
        law: the law of a day, which is looked at as long as it holds; or a policy with `on`, whose later laws are
            looked at too.
        record: the person, as `decide` takes it.
        decision: the name of the decision.
        on: the day from which to plan; the law's own day if left out. With a policy it must be given.
        costs: what one step of a fact costs, over what the policy says. A fact named here can be changed. A step is
            one step of a number, one level of an ordered type, one day, or any change of what has no order.
        days: how many days ahead are looked at.
        ignore: keys of the record that do not belong to the law.
        budget: seconds that the solver may take where there are too many combinations to try.

    What is marked immutable or protected is never asked for. Facts stay as they are while days pass, and are not known
    for years to come unless the record says them.

    Raises:
        RecordError: with every fault of the record.
        ArgumentError: for costs, days or a day that cannot be.
        UnknownDecisionError: if the law has no such decision.

    >>> import asnmerit
    >>> policy = asnmerit.load("indonesia/kenaikan_pangkat_ujian")
    >>> law = asnmerit.in_force(policy, on="2026-04-01")
    >>> way = roadmap(law, {"rank": "II/d", "education": "sma"}, "ujian_dinas", days=30)
    >>> way.name
    'ujian_dinas'
    """
    laws, day = _laws(law, on, days)
    first = laws[0]
    if decision not in first.decisions:
        raise UnknownDecisionError(decision, tuple(first.decisions))
    _checked_seconds(budget)
    asked = asked_costs(first, costs)
    now = decide(first, record, day, ignore)
    rated = {d.rates[0] for d in first.declared.values() if d.rates is not None}
    known = {k: v for k, v in record.items() if k in first.declared or k in rated}
    return _Mapped(laws, known, now, decision, asked, day + datetime.timedelta(days=days), budget).road_map()


def _checked_seconds(budget: object) -> None:
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not 0 <= budget < MOST_SECONDS:
        raise ArgumentError("budget", budget, f"a number of seconds from 0 to {MOST_SECONDS}")


def _laws(law: Law | Policy, on: datetime.date | str | None, days: object) -> tuple[list[Law], datetime.date]:
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
        raise ArgumentError("days", days, f"a whole number from 0 to {MOST_DAYS}")
    if isinstance(law, Law):
        return [law], law.on if on is None else day_within(law, on)
    if not isinstance(law, Policy):
        raise ArgumentError("law", law, "a Law, or a Policy with `on`")
    if on is None:
        raise ArgumentError("on", on, "the day from which to plan")
    found = [in_force(law, on)]
    day = found[0].on
    until = day + datetime.timedelta(days=days)
    while (end := found[-1].valid[1]) is not None and end <= until:
        try:
            found.append(in_force(law, end))
        except NotInForceError:
            break
    return found, day


@attrs.define
class _Mapped:
    """The parts of one road map."""

    laws: Sequence[Law]
    record: Mapping[str, object]
    today: Decision
    name: str
    costs: Mapping[str, int]
    until: datetime.date
    budget: float
    notes: list[Mapping[str, str]] = attrs.field(factory=list)

    @property
    def law(self) -> Law:
        return self.laws[0]

    @property
    def node(self) -> DecisionNode:
        return self.law.decisions[self.name]

    @property
    def wanted(self) -> str:
        return "refused" if self.node.kind == "burden" else "granted"

    def road_map(self) -> RoadMap:
        """Put the parts together."""
        lanes = lanes_of_record(self.law, self.record, self.today.as_of)
        found, not_tried = levers(self.law, self.name, lanes, self.costs)
        if not_tried:
            self._note(LISTS, ", ".join(not_tried))
        names = tuple(dict.fromkeys(lever.fact for lever in found))
        why = reason(self.today, self.name, frozenset(names), min(self.budget, REASON_SECONDS))
        empty = RoadMap(self.name, self.today, self.wanted, why, None, None, (), self.until, names, proved=True)
        if not empty.needed:
            return empty
        tried = choices(found, landmarks(self.law, self.today.as_of).values)
        now, proved = self._now(lanes, found, tried)
        ahead = Ahead(self._stretches(), self.name, self.wanted)
        waiting = self._waiting(ahead)
        both, complete = self._both(ahead, tried, now, waiting)
        return attrs.evolve(
            empty,
            now=now,
            waiting=waiting,
            both=both,
            until=self.until,
            proved=proved and complete,
            notes=tuple(self.notes),
        )

    def _note(self, words: Mapping[str, str], said: str) -> None:
        self.notes.append({lang: text.format(said) for lang, text in words.items()})

    # --- today ---

    def _now(self, lanes: Lanes, found: Sequence[Lever], tried: Choices) -> tuple[Plan | None, bool]:
        """Give the cheapest changes today, and whether that (or that there are none) is proved."""
        if not found:
            return None, True
        day = self.today.as_of
        rows = Rows(_on(self.law, day), self.node, self.wanted, lanes)
        best = first_of(rows, tried, lambda new: self._decided(self.law, {**lanes, **new}, day) is not None)
        if not tried.complete:
            asked = by_solver(self.law, self.node, self.wanted, found, lanes, day, self.budget)
            best = self._better(found, lanes, best, asked)
        if best.lanes is None:
            return None, best.proved
        return self._plan(self.law, lanes, best, found, day, day), best.proved

    def _better(self, found: Sequence[Lever], lanes: Lanes, tried: Cheapest, asked: Cheapest) -> Cheapest:
        """Take what the solver says where it is proved, or cheaper; never what the reference does not confirm."""
        if asked.lanes is None:
            return asked if tried.lanes is None else tried
        if self._decided(self.law, {**lanes, **asked.lanes}, self.today.as_of) is None:
            return tried
        if tried.lanes is None or asked.proved or _cost(found, asked.lanes) < _cost(found, tried.lanes):
            return asked
        return tried

    def _decided(self, law: Law, lanes: Lanes, day: datetime.date) -> Decision | None:
        """Decide some lanes by the reference too; None where the answer is not as wanted."""
        try:
            found = replay(law, record_of(law, lanes, day), day)
        except RecordError:
            return None
        return found if found[self.name].status == self.wanted else None

    # --- days ahead ---

    def _stretches(self) -> list[Stretch]:
        first = self.today.as_of + datetime.timedelta(days=1)
        found = list(stretches(self.laws, self.record, first, self.until))
        end = self.laws[-1].valid[1]
        if end is not None and end <= self.until:
            self.until = end - datetime.timedelta(days=1)
            self._note(LAW_ENDS, self.until.isoformat())
        return found

    def _waiting(self, ahead: Ahead) -> Plan | None:
        days, good = ahead.waiting()
        for first, last in spans(good, days):
            law, lanes = _there(ahead.stretches, first)
            found = self._decided(law, lanes, first)
            if found is not None:
                return Plan(first, last, (), found, proved=True)
        return None

    def _both(
        self, ahead: Ahead, tried: Choices, now: Plan | None, waiting: Plan | None
    ) -> tuple[tuple[Plan, ...], bool]:
        """Give the plans between: sooner than waiting, cheaper than now; and whether all of them were tried."""
        if not tried.levers or not ahead.stretches:
            return (), True
        count = tried.cheaper(None if now is None else now.cost)
        upto = [s for s in ahead.stretches if waiting is None or s.first < waiting.day]
        some = Ahead(upto, self.name, self.wanted)
        most = max(1, MOST_CELLS // max(1, sum(len(s.days) for s in upto)))
        free = 1 if len(tried) and not tried.costs[0] else 0
        plans = []
        for day, place, last in some.sooner(tried, min(count, most)) if count > free else ():
            new = changed(tried.levers, tried.at(place))
            law, lanes = _there(ahead.stretches, day)
            if new and (waiting is None or day < waiting.day) and self._decided(law, {**lanes, **new}, day) is not None:
                cheapest = Cheapest(new, tried.complete and count <= most)
                plans.append(self._plan(law, lanes, cheapest, tried.levers, day, last))
        return tuple(plans), tried.complete and count <= most

    # --- words for a plan ---

    def _plan(
        self,
        law: Law,
        lanes: Lanes,
        found: Cheapest,
        of: Sequence[Lever],
        day: datetime.date,
        until: datetime.date,
    ) -> Plan:
        new = found.lanes or {}
        after = self._decided(law, {**lanes, **new}, day)
        if after is None:
            raise RuntimeError(self.name)
        before = decide(law, record_of(law, lanes, day), day)
        changes = []
        for lever in of:
            if lever.lane in new:
                without = {**lanes, **{k: v for k, v in new.items() if k != lever.lane}}
                met = self._met(law, without, day, after) or _met(before, after, self.name)
                changes.append(_change(lever, new[lever.lane], met))
        return Plan(day, until, tuple(changes), after, found.proved)

    def _met(self, law: Law, without: Lanes, day: datetime.date, after: Decision) -> tuple[ConditionResult, ...]:
        """Give the conditions that one change meets; none where a check of the record forbids the rest without it."""
        try:
            return _met(decide(law, record_of(law, without, day), day), after, self.name)
        except RecordError:
            return ()


def _on(law: Law, day: datetime.date) -> Law:
    return law if law.on == day else attrs.evolve(law, on=day)


def _there(found: Sequence[Stretch], day: datetime.date) -> tuple[Law, Lanes]:
    here = next(s for s in found if s.first <= day <= s.last)
    return here.law, here.lanes


def _cost(found: Sequence[Lever], lanes: Mapping[Lane, int]) -> int:
    return sum(int(lever.costs(_one(lanes[lever.lane]))[0]) for lever in found if lever.lane in lanes)


def _one(value: int) -> Any:  # noqa: ANN401 - an array
    import numpy as np  # noqa: PLC0415 - beside its use

    return np.asarray([value], dtype=np.int64)


def _change(lever: Lever, new: int, met: tuple[ConditionResult, ...]) -> Change:
    kind = lever.domain.of
    if kind is None:
        raise TypeError(lever.lane)
    name, slot = lever.lane
    column = name if slot is None else f"{name}_{slot}"
    before = None if lever.now is None else shown_value(lever.now, kind, lever.domain.den)
    cost = int(lever.costs(_one(new))[0])
    return Change(name, column, lever.lane, kind, before, shown_value(new, kind, lever.domain.den), cost, met)


def _met(before: Decision, after: Decision, name: str) -> tuple[ConditionResult, ...]:
    """Give the conditions, of the rules that hold afterwards, that did not hold before and do now."""
    found: dict[str, ConditionResult] = {}
    for rule in after[name].rules or tuple(after[name].conditions):
        earlier = {c.name: c for c in before[name].conditions.get(rule, ())}
        for condition in after[name].conditions[rule]:
            was = earlier.get(condition.name)
            if was is not None and condition.holds != was.holds:
                found[condition.name] = condition
    return tuple(found.values())
