"""Indicators and scores as a policy declares them, made into steps: raters, schemes, weights, rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Faults, Position, near_misses
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import FactDecl, StepForm
from asnmerit.rules.document import Scalar
from asnmerit.rules.expr import Binder, Expr, Step
from asnmerit.rules.scope import FactName, StepName
from asnmerit.rules.values import read_number
from asnmerit.scoring import weighing as w

if TYPE_CHECKING:
    from asnmerit.rules.derive import Deriver

SHOWN_ONE = Fraction(1)


@attrs.define(eq=False)
class Scorer:
    """Declares the indicators and scores of one document. Names are entered first, so that order does not matter."""

    deriver: Deriver
    faults: Faults

    def enter(self) -> None:
        """Enter the names of indicators and scores, and the lists of raters' scores as facts."""
        document = self.deriver.module.document
        for name, indicator in document.indicators.items():
            self._enter_indicator(name, indicator)
        for name, score in document.scores.items():
            entity = StepName(name, t.NUMBER, position=score.position, kind="a score")
            self.deriver.declarer.add(name, entity, score.position)

    def define(self) -> None:
        """Make the steps of indicators and scores."""
        document = self.deriver.module.document
        for name, indicator in document.indicators.items():
            self._indicator(name, indicator)
        for name, score in document.scores.items():
            self._score(name, score)

    # --- indicators ---

    def _scale(self, name: str, entry: surface.IndicatorEntry) -> t.Number | None:
        scale = entry.scale
        if scale is None:
            return None
        parts = [read_number(n, self.faults, f"`scale` of `{name}`") for n in (scale.from_, scale.to, scale.step)]
        if None in parts:
            return None
        low, high, step = (p or Fraction(0) for p in parts)
        if high < low or step <= 0 or (high - low) % step:
            self.faults.add("range-step", scale.position, what=f"`{name}`", low=low, high=high, step=step)
            return None
        return t.Number("number", low, high, step)

    def _enter_indicator(self, name: str, entry: surface.IndicatorEntry) -> None:
        guard = f"{name}.applies" if entry.applies is not None else ""
        entity = StepName(name, t.NUMBER, guard=guard, position=entry.position, kind="an indicator")
        self.deriver.declarer.add(name, entity, entry.position)
        scale = self._scale(name, entry)
        self.deriver.declarer.parts(entry.raters or {})
        for kind, rater in (entry.raters or {}).items():
            fact = f"{name}_{kind}"
            if scale is None:
                continue
            if (rater.at_least or 1) > (rater.up_to or 1):
                expected = f"`at_least` is at most `up_to` ({rater.up_to})"
                self.faults.add(
                    "shape-together", rater.position, what=f"raters `{kind}` of `{name}`", expected=expected
                )
            least = (rater.at_least or 1) if rater.required else 0
            of = t.ListOf({"value": scale}, rater.up_to or 1, plain=True, at_least=least)
            self.deriver.declarer.add(fact, FactName(fact, of, rater.position), rater.position)
            marks = frozenset(m for m in ("merit", "protected") if getattr(entry, m))
            self.deriver.into.facts.setdefault(
                fact, FactDecl(fact, of, self.deriver.declarer.about(rater, entry), None, marks, rates=(name, kind))
            )

    def _indicator(self, name: str, entry: surface.IndicatorEntry) -> None:
        about = self.deriver.declarer.about(entry)
        scale = self._scale(name, entry)
        if (entry.is_ is None) == (entry.raters is None) or (entry.raters is None) != (entry.schemes is None):
            expected = "say `is`, or `raters` with `schemes`"
            self.faults.add("shape-together", entry.position, what=f"indicator `{name}`", expected=expected)
            return
        value = self._rated(name, entry, scale) if entry.raters else self.deriver.typed(entry.is_, t.NUMBER)
        if value is None or scale is None:
            return
        value = self._rounded(value, entry.round_)
        if entry.applies is not None:
            guard = f"{name}.applies"
            self.deriver.once(guard, "applies", self.deriver.typed(entry.applies, t.BOOL), about)
            value = w.call(t.NUMBER, "if", Step(t.BOOL, guard), value, w.number(scale.lo or 0))
        self.deriver.once(name, "indicator", value, about)
        self.deriver.into.steps[name].type = scale

    def _rated(self, name: str, entry: surface.IndicatorEntry, scale: t.Number | None) -> Expr | None:
        if scale is None or entry.raters is None:
            return None
        values: dict[str, Expr] = {}
        for kind, rater in entry.raters.items():
            key = f"{name}.{kind}"
            binder = Binder("score", f"{name}_{kind}", rater.up_to or 1)
            combined = w.combined(binder, scale, rater.combine or "mean", rater.position)
            self.deriver.once(key, "part", combined, self.deriver.declarer.about(rater))
            values[kind] = Step(t.NUMBER, key, None, rater.position)
        schemes: list[tuple[Sequence[Expr], Expr]] = []
        total = False
        for said in entry.schemes or ():
            weights = self._weights(name, said, entry.raters, entry.position)
            if weights is None:
                return None
            used = [k for k, weight in weights.items() if weight]
            total = all(entry.raters[k].required for k in used)
            tests = [] if total else [w.enough(f"{name}_{k}", entry.raters[k].at_least or 1) for k in used]
            schemes.append((tests, w.weighted(weights, values)))
        return self._schemed(name, schemes, entry.otherwise, entry.position, total=total)

    def _schemed(
        self,
        name: str,
        schemes: list[tuple[Sequence[Expr], Expr]],
        otherwise: Scalar | None,
        position: Position,
        *,
        total: bool,
    ) -> Expr | None:
        if not schemes:
            self.faults.add("shape-missing", position, what=f"`{name}`", key="schemes")
            return None
        if not total and otherwise is None:
            self.faults.add("scheme-total", position, name=name)
            return None
        fallback = self.deriver.typed(otherwise, t.NUMBER) if otherwise is not None else None
        return w.first_usable(schemes, fallback)

    def _weights(
        self, name: str, said: Mapping[str, Scalar], known: Mapping[str, Any], position: Position
    ) -> dict[str, Fraction] | None:
        weights: dict[str, Fraction] = {}
        for part, node in said.items():
            if part not in known:
                near = near_misses(part, known)
                self.faults.add("unknown-name", node.position, near, kind=f"part of `{name}`", name=part)
                return None
            weight = read_number(node, self.faults, f"the weight of `{part}`", percent=True)
            if weight is None:
                return None
            if weight < 0:
                self.faults.add(
                    "shape-number",
                    node.position,
                    what=f"the weight of `{part}`",
                    value=weight,
                    expected="a percentage from 0%",
                )
                return None
            weights[part] = weight
        if sum(weights.values()) != SHOWN_ONE:
            place = next((n.position for n in said.values()), position)
            self.faults.add("weights", place, total=f"{float(sum(weights.values()) * 100):g}%")
            return None
        return weights

    def _rounded(self, value: Expr, how: surface.Rounding | None) -> Expr:
        if how is None or how.mode is None:
            return value
        to = read_number(how.to, self.faults, "`round`")
        if to is None or to <= 0:
            self.faults.add("shape-number", how.position, what="`round`", value=to, expected="a step above 0")
            return value
        return w.rounded(value, to, how.mode)

    # --- scores ---

    def _score(self, name: str, entry: surface.ScoreEntry) -> None:
        payloads: list[surface.ScorePayload] = list(entry.versions) if entry.versions else [entry]
        acts = []
        for payload in payloads:
            if payload.repealed:
                acts.append(self.deriver.declarer.act(None, payload, payload.position))
                continue
            value = self._scored(name, payload, entry)
            if value is not None:
                form = StepForm(value, self.deriver.declarer.about(payload, entry))
                acts.append(self.deriver.declarer.act(form, payload, payload.position))
        if acts:
            self.deriver.step(name, "score", t.NUMBER, acts, self.deriver.declarer.about(entry))

    def _scored(self, name: str, payload: surface.ScorePayload, entry: surface.ScoreEntry) -> Expr | None:
        indicators = {
            n: e
            for n, e in self.deriver.module.scope.entities()
            if isinstance(e, StepName) and e.kind == "an indicator"
        }
        values: dict[str, Expr] = {n: Step(t.NUMBER, e.key) for n, e in indicators.items()}
        schemes: list[tuple[Sequence[Expr], Expr]] = []
        total = False
        for said in payload.schemes or ():
            weights = self._weights(name, said, indicators, payload.position)
            if weights is None:
                return None
            guards = [indicators[k].guard for k, weight in weights.items() if weight and indicators[k].guard]
            total = not guards
            schemes.append(([Step(t.BOOL, g) for g in guards], w.weighted(weights, values)))
        otherwise = payload.otherwise or entry.otherwise
        value = self._schemed(name, schemes, otherwise, payload.position, total=total)
        return None if value is None else self._rounded(value, payload.round_ or entry.round_)
