"""What the form of a law alone proves: which lanes reach a step, which way a step goes, between what it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.proving.directions import Directing, Flow
from asnmerit.auditing.questions import Exists, Extreme, Pairs
from asnmerit.rules.expr import Each, Fact, Row, Step, walk

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.auditing.questions import Lane, Question, Relation
    from asnmerit.rules.law import Law, LawStep


@attrs.frozen
class Settled:
    """What the form alone settles: nobody is asked. For an `Extreme`, the bound that its value cannot pass."""

    none: bool
    bound: int | None = None


class Structure:
    """The form of one law on one day. What it finds is kept, so that many questions cost little.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> found = Structure(law)
    >>> sorted({name for name, _ in found.cone("promotion.granted")})[:3]
    ['absences', 'active', 'as_of']
    >>> found.flow("promotion.granted", {("quality_supervisor", ".value"): "up"}).way
    'up'
    """

    def __init__(self, law: Law, as_of: datetime.date | None = None) -> None:
        """Read what each step reads; `as_of` is the day of decision, by default the day of the law."""
        self.law = law
        self.day = (as_of or law.on).toordinal()
        self._reads = {s.key: _read_by(s) for s in law.steps}
        self._cones: dict[str, tuple[frozenset[Lane], frozenset[str]]] = {}
        self._directed: dict[tuple[Any, Any], Directing] = {}
        self._codes = {s.key: s.code for s in law.steps}
        self._domains = domains(law)
        self._still = {lane: _laid(domain, None) for lane, domain in self._domains.items()}
        self._still["as_of", None] = Flow(self.day, self.day)

    # --- cone ---

    def cone(self, key: str) -> frozenset[Lane]:
        """Give the lanes that can reach a step; the day of decision among them.

        Raises:
            KeyError: if the law has no such step.
        """
        return self._below(key)[0]

    def steps(self, key: str) -> frozenset[str]:
        """Give the steps that a step rests on, itself among them."""
        return self._below(key)[1]

    def _below(self, key: str) -> tuple[frozenset[Lane], frozenset[str]]:
        if key not in self._cones:
            for step in self.law.steps[: self.law.index[key] + 1]:
                if step.key not in self._cones:
                    lanes, reads = self._reads[step.key]
                    below = [self._cones[r] for r in reads]
                    self._cones[step.key] = (
                        lanes.union(*(b[0] for b in below)),
                        frozenset({step.key}).union(*(b[1] for b in below)),
                    )
        return self._cones[key]

    # --- direction ---

    def flow(self, key: str, varying: Mapping[Lane, Relation], within: Mapping[Lane, Any] | None = None) -> Flow:
        """Give the interval of a step, and its direction from the first to the second of a pair.

        `within` fixes lanes for both. Raises KeyError if the law has no such step.
        """
        reach = self.cone(key)
        moved = tuple(sorted(((lane, how) for lane, how in varying.items() if lane in reach), key=str))
        fixed = tuple(sorted(((lane, _still(v)) for lane, v in (within or {}).items() if lane in reach), key=str))
        directing = self._directed.get((moved, fixed))
        if directing is None:
            lanes = {lane: _laid(self._domains[lane], how) for lane, how in moved}
            ends = {lane: self._fixed(lane, values) for lane, values in fixed}
            directing = self._directed[moved, fixed] = Directing(self._still | lanes | ends, self._codes)
        needed = self.steps(key)
        for step in self.law.steps[: self.law.index[key] + 1]:
            if step.key in needed and step.key not in directing.steps:
                directing.steps[step.key] = directing.expression(step.code)
        return directing.steps[key]

    def interval(self, key: str, within: Mapping[Lane, Any] | None = None) -> tuple[int, int]:
        """Give integers between which a step always lies."""
        flow = self.flow(key, {}, within)
        return flow.low, flow.high

    def _fixed(self, lane: Lane, values: tuple[int, ...]) -> Flow:
        """Give the interval of a lane that is fixed; of a field without rows that of the field."""
        return Flow(min(values), max(values)) if values else self._still[lane]

    # --- questions ---

    def settled(self, question: Question) -> Settled | None:
        """Settle a question by the form of the law, or give None. For an `Extreme`, give the bound at least."""
        match question:
            case Exists(key, within):
                return Settled(none=True) if self.interval(key, within)[1] == 0 else None
            case Pairs(key, op, varying):
                flow = self.flow(key, varying)
                apart = flow.moves if op == "ne" else flow.fall
                near = op == "gt" and flow.high - flow.low < question.by
                return None if apart and not near else Settled(none=True)
            case Extreme(key, sense, where, within):
                low, high = self.interval(key, within)
                nobody = where is not None and self.interval(where, within)[1] == 0
                return Settled(none=nobody, bound=high if sense == "max" else low)


def _laid(domain: Domain, how: Relation | None) -> Flow:
    """Give the flow of a lane that varies in this way, or not at all."""
    up = how in {"up", "next"} and domain.kind != "count" and domain.ordered
    levels = domain.levels if up else None
    falls = how is not None and (not up or levels is not None)
    return Flow(domain.low, domain.high, how is not None, falls, levels)


def _still(value: Any) -> tuple[int, ...]:  # noqa: ANN401 - an integer, or those of the rows
    return tuple(map(int, value)) if isinstance(value, list | tuple) else (int(value),)


def _read_by(step: LawStep) -> tuple[frozenset[Lane], frozenset[str]]:
    """Give the lanes and the steps that the kernel form of a step names."""
    lanes: set[Lane] = set()
    steps: set[str] = set()
    if step.binder is not None:
        lanes.add((step.binder.list_fact, "#"))
    for node in walk(step.code):
        match node:
            case Fact():
                lanes.add((node.name, node.slot))
            case Row():
                lanes.add((node.binder.list_fact, f".{node.field}"))
            case Each():
                lanes.add((node.binder.list_fact, "#"))
            case Step():
                steps.add(node.key)
            case _:
                pass
    return frozenset(lanes), frozenset(steps)
