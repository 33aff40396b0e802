"""What stands in the way of the refused: condition by condition, in the rules that concern each person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from asnmerit.frames.answers import PER_MASK, STATUSES, UNDETERMINED, Reason, reasons
from asnmerit.frames.arrow import np
from asnmerit.outcome import ConditionPlan
from asnmerit.plan import DecisionPlan, RulePlan

Array = Any
Key = tuple[str, bool]


@attrs.define(eq=False)
class Blocked:
    """Whom one condition stops: the refused who do not meet it, those whom it stops alone, and who may come to.

    A rule that does not apply to a person stops nobody; where none applies, what says so does. It is `alone` where a
    rule lacks nothing else; a part of a condition where the condition is alone and lacks nothing else. Exceptions are
    no conditions: what they would spare one of is.
    """

    reason: Reason
    people: Array
    alone: Array
    open: Array


def blocked(found: Any, plan: DecisionPlan, status: Array) -> list[Blocked]:  # noqa: ANN401 - a table of PyArrow
    """Read the bits of the conditions of a decision: the refused by condition, in the order of the rules."""
    return list(_Reading(found, plan, status).counted().values())


class _Reading:
    def __init__(self, found: Any, plan: DecisionPlan, status: Array) -> None:  # noqa: ANN401 - a table of PyArrow
        self.plan, self.rows = plan, len(status)
        self.refused, self.open = status == STATUSES.index("refused"), status == UNDETERMINED
        every = reasons(plan)
        self.reasons = {(r.key, r.unless): r for r in every}
        self.fails, self.holds = (_truths(found, plan, every, word) for word in ("unmet", "met"))
        self.made: dict[Key, Blocked] = {}

    def counted(self) -> dict[Key, Blocked]:
        """Go through the rules that concern people."""
        scopes = [self._applies(rule) for rule in self.plan.rules]
        nobody = ~np.logical_or.reduce(scopes) if scopes else np.zeros(self.rows, np.bool_)
        for rule, applies in zip(self.plan.rules, scopes, strict=True):
            self._group(rule.conditions, applies, applies)
            self._group(rule.conditions, nobody, nobody, only="applies")
        return self.made

    def _applies(self, rule: RulePlan) -> Array:
        out = [self.fails[_key(c)] for c in rule.conditions if c.part == "applies"]
        return ~np.logical_or.reduce(out) if out else np.ones(self.rows, np.bool_)

    def _group(self, conditions: Sequence[ConditionPlan], inside: Array, alone: Array, *, only: str = "") -> None:
        """Count conditions that stand side by side, or those of one part; `inside` has those whom they matter to."""
        lacking = np.zeros(self.rows, np.int32)
        for one in conditions:
            lacking += ~self.holds[_key(one)]
        single = alone & (lacking == 1)
        for one in (c for c in conditions if only in {"", c.part}):
            key = _key(one)
            fails, met = inside & self.fails[key], self.holds[key]
            here = self._of(key)
            here.people |= fails & self.refused
            here.alone |= fails & self.refused & single
            here.open |= inside & ~self.fails[key] & ~met & self.open
            if one.children:
                self._group(one.children, inside & ~met, single)

    def _of(self, key: Key) -> Blocked:
        if key not in self.made:
            self.made[key] = Blocked(self.reasons[key], *(np.zeros(self.rows, np.bool_) for _ in range(3)))
        return self.made[key]


def _key(one: ConditionPlan) -> Key:
    return one.node.key, one.part == "unless"


def _truths(found: Any, plan: DecisionPlan, every: Sequence[Reason], word: str) -> dict[Key, Array]:  # noqa: ANN401
    """Unpack the bits of a word: where each condition is met, or is not."""
    truths: dict[Key, Array] = {}
    for part in range(-(-len(every) // PER_MASK)):
        name = f"{plan.node.key}.{word}" + (f"_{part + 1}" if part else "")
        bits = found.column(name).fill_null(0).to_numpy().astype(np.int64)
        for bit, reason in enumerate(every[part * PER_MASK : (part + 1) * PER_MASK]):
            truths[reason.key, reason.unless] = (bits >> bit & 1).astype(np.bool_)
    return truths
