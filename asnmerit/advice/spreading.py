"""One person laid out as many rows: with the facts that vary, and with the day of decision as a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.advice.levers import UNKNOWN
from asnmerit.auditing.crowd.domains import domains
from asnmerit.frames.kernel import Block, BlockKernel, dtype_of, lane_types
from asnmerit.rules.declarations import About, FactDecl
from asnmerit.rules.expr import Expr, Fact, rebuilt
from asnmerit.rules.types import Date

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
Scope = Mapping[str, tuple[Any, Any]]
"""By the key of a rule's scope: the columns of its truth, and of whether that is known."""
DAY: Final = "day of decision"
DAYS: Final[Lane] = (DAY, None)


def with_day(law: Law) -> Law:
    """Give the law with the day of decision as a fact like others, so that a block holds many days.

    Yearly facts stay those of one year: a block holds the days of one calendar year.
    """
    kept: Law | None = law.__dict__.get("_with_day")
    if kept is not None:
        return kept

    def change(node: Expr) -> Expr | None:
        return attrs.evolve(node, name=DAY) if isinstance(node, Fact) and node.name == "as_of" else None

    steps = tuple(attrs.evolve(s, code=rebuilt(s.code, change), rich=rebuilt(s.rich, change)) for s in law.steps)
    day = FactDecl(DAY, Date(*law.data.as_of), About())
    found: Law = attrs.evolve(law, steps=steps, declared={**law.declared, DAY: day})
    law.__dict__["_with_day"] = found
    return found


def _kernel(law: Law, node: DecisionNode) -> BlockKernel:
    names = () if node.hit == "collect" else tuple(node.fields)
    parts = [f"{node.key}.{part}" for part in ("granted", "conflict", *names)]
    checks = [s.key for s in law.steps if s.role == "check"]
    of = scopes(law, node)
    ruled = [*of, *(rule.key for rule in node.rules)] if of else []
    return BlockKernel(law, law.on.toordinal(), [k for k in parts if k in law.index] + ruled + checks)


def scopes(law: Law, node: DecisionNode) -> dict[str, str]:
    """Give the steps that say whom a rule concerns, each with its rule; a rule that concerns everybody has none."""
    return {f"{rule.key}.applies": rule.key for rule in node.rules if f"{rule.key}.applies" in law.index}


def _there(mask: Any, rows: int) -> Any:  # noqa: ANN401 - arrays
    return np.ones(rows, np.bool_) if mask is None else mask


@attrs.define
class Rows:
    """One person of one law, spread over rows, and whether each row is answered as wanted."""

    law: Law
    node: DecisionNode
    wanted: str
    lanes: Mapping[Lane, Any]
    _kernel: BlockKernel = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        """Take the kernel of what the answer is read off, made once for a law and a decision."""
        kept = self.law.__dict__.setdefault("_rows", {})
        if self.node.key not in kept:
            kept[self.node.key] = _kernel(self.law, self.node)
        self._kernel = kept[self.node.key]

    def scope(self, rows: int, varied: Mapping[Lane, Any]) -> Scope:
        """Give, for each rule of the decision that does not concern everybody, which rows it concerns."""
        keys = scopes(self.law, self.node)
        if not keys:
            return {}
        answer = self._kernel.run(self._block(rows, varied))
        return {key: (answer.values[key], _there(answer.known[key], rows)) for key in keys}

    def answered(self, rows: int, varied: Mapping[Lane, Any], scope: Scope) -> Any:  # noqa: ANN401 - truth values
        """Say which rows are answered as wanted; `varied` are the columns that are not the person's own.

        `scope` is whom the rules concern without any change, for each row or for all. A grant counts where a rule
        grants that concerned the person already, or may have; being spared counts where no rule was left that did.
        """
        answer = self._kernel.run(self._block(rows, varied))
        good = np.ones(rows, np.bool_)
        for key in self._kernel.outputs:
            value = answer.values[key]
            known = _there(answer.known[key], rows)
            if self.law.steps[self.law.index[key]].role == "check":
                good &= value | ~known
            elif key == f"{self.node.key}.granted":
                good &= known & (value if self.wanted == "granted" else ~value)
            elif key == f"{self.node.key}.conflict":
                good &= known & ~value
            elif self.wanted == "granted" and key in self._fields:
                good &= known
        return good & self._concerned(answer, rows, scope) if scope else good

    def _concerned(self, answer: Any, rows: int, scope: Scope) -> Any:  # noqa: ANN401 - an answer, and truth values
        """Say where the answer does not come from making rules concern the person, or no longer concern him."""
        if self.wanted != "granted":
            kept = np.ones(rows, np.bool_)
            for key, (before, settled) in scope.items():
                now = answer.values[key] & _there(answer.known[key], rows)
                kept &= ~(settled & before) | now
            return kept
        of = scopes(self.law, self.node)
        by = np.zeros(rows, np.bool_)
        for rule in self.node.rules:
            holds = answer.values[rule.key] & _there(answer.known[rule.key], rows)
            found = next((scope[key] for key, name in of.items() if name == rule.key), None)
            by |= holds if found is None else holds & (~found[1] | found[0])
        return by

    @property
    def _fields(self) -> frozenset[str]:
        return frozenset(f"{self.node.key}.{name}" for name in self.node.fields)

    def _block(self, rows: int, varied: Mapping[Lane, Any]) -> Block:
        types = lane_types(self.law)
        values: dict[Lane, Any] = {}
        known: dict[Lane, Any] = {}
        for lane, domain in domains(self.law).items():
            dtype = dtype_of(types[lane]) if lane in types else np.int32
            if lane in varied:
                there = varied[lane] != UNKNOWN
                values[lane] = np.where(there, varied[lane], domain.low).astype(dtype)
                if not there.all():
                    known[lane] = there
                continue
            given = self.lanes[lane]
            shape = (domain.rows, rows) if domain.field else (rows,)
            values[lane] = np.full(shape, domain.low, dtype)
            cells = (list(given or ()) if domain.field else [given]) or [None]
            if None in cells or given is None:
                known[lane] = np.zeros(shape, np.bool_) if given is None else np.ones(shape, np.bool_)
            for i, cell in enumerate(cells):
                at: Any = (i,) if domain.field else ...
                if cell is not None:
                    values[lane][at] = cell
                elif given is not None:
                    known[lane][at] = False
        return Block(rows, values, known)
