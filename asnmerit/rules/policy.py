"""A loaded policy: its declarations, proved on every day of its life, and the laws that can be cut from it."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Diagnostic, Faults, near_misses
from asnmerit.errors import ArgumentError, NotInForceError, PolicyError
from asnmerit.rules import types as t
from asnmerit.rules.assemble import Assembler, RichStep, Slice, reads
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.days import day_text, last_day_text
from asnmerit.rules.declarations import Declarations, Module
from asnmerit.rules.expr import Expr, Step, walk
from asnmerit.rules.facts_read import facts_in, facts_of
from asnmerit.rules.fitting import held_to_its_type
from asnmerit.rules.kernel import Int
from asnmerit.rules.law import Law, LawStep
from asnmerit.rules.layers import within_delegation
from asnmerit.rules.lower import LawData, lowered
from asnmerit.rules.norms import Change
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.scope import Demand
from asnmerit.timeline import Act, check, cuts, in_force

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_STEPS = 20_000
MAX_COMBINATIONS = 10_000_000
ALWAYS = 10**7
"""A `known` day after every enactment."""


@attrs.frozen(eq=False)
class Proved:
    """A slice whose every step is lowered and proved."""

    slice: Slice
    codes: Mapping[str, Expr]


@attrs.frozen(eq=False, repr=False)
class Policy:
    """A policy and all that it rests on. Ask `in_force` for the law of a day.

    `warnings` are diagnostics that did not keep it from loading. `abstract` names what a child must still fill.
    """

    name: str
    title: Mapping[str, str]
    module: Module
    modules: Sequence[Module]
    declared: Declarations
    changes: Sequence[Change]
    demands: Sequence[Demand]
    warnings: tuple[Diagnostic, ...] = ()
    _proved: dict[tuple[int, ...], Proved] = attrs.field(factory=dict)

    def __repr__(self) -> str:
        """Name the policy and its days."""
        return f"<Policy {self.name}: {day_text(self.module.start)} to {last_day_text(self.module.until)}>"

    def _repr_html_(self) -> str:
        """Show the policy in a notebook."""
        from html import escape  # noqa: PLC0415 - only a notebook needs it

        title = escape(self.title.get("en", self.name))
        decided = ", ".join(escape(d) for d in self.own_decisions)
        return f"<p><b>{title}</b> <code>{escape(self.name)}</code></p><p>decides: {decided}</p>"

    @property
    def abstract(self) -> tuple[str, ...]:
        """Parameters and tables that are delegated and have no value yet, though the law reads them."""
        if not (unfilled := self._open_values):
            return ()
        read = {n for found in self.slices() for s in found.steps.values() for names in reads(s.expr) for n in names}
        return tuple(k for k in unfilled if k in read)

    @property
    def _open_values(self) -> list[str]:
        own = {m.name for m in self.module.ancestors}
        return [k for k, d in self.declared.valued.items() if d.delegated and not d.acts and d.about.policy in own]

    @property
    def own_decisions(self) -> tuple[str, ...]:
        """The decisions of the policy and its parents, not those of policies it uses."""
        own = {m.name for m in self.module.ancestors}
        return tuple(k for k, d in self.declared.decisions.items() if d.policy in own)

    # --- slices ---

    def acts(self) -> Iterator[tuple[str, list[Act[Any]]]]:
        """Give every list of dated acts with the name it belongs to."""
        d = self.declared
        for table in (d.parameters, d.tables, d.steps):
            for key, decl in table.items():
                yield key, decl.acts
        pending = list(d.conditions.values())
        for decision in d.decisions.values():
            pending += [*decision.requires, *decision.unless, *([decision.applies] if decision.applies else [])]
            for rule in decision.rules:
                yield rule.key, rule.acts
                for act in rule.acts:
                    if act.payload is not None:
                        form = act.payload
                        pending += [*form.requires, *form.unless, *([form.applies] if form.applies else [])]
        while pending:
            condition = pending.pop()
            yield condition.key, condition.acts
            for inner in condition.acts:
                if inner.payload is not None:
                    of = inner.payload
                    pending += [*(of.any_of or ()), *(of.all_of or ()), *(of.of or ()), *of.exceptions]

    def changing(self) -> list[list[Act[Any]]]:
        """Give the lists of acts of which not always the same one is in force: they tell the slices apart."""
        start, until, enacted = self.module.start, self.module.until, self.module.enacted
        found = []
        for _, acts in self.acts():
            always = len(acts) == 1 and acts[0].start <= start and acts[0].until >= until and acts[0].enacted <= enacted
            if acts and not always:
                found.append(acts)
        return found

    def days(self) -> tuple[list[int], list[int]]:
        """Give the days on which the law may change, and the days on which more of it became known."""
        start, until = self.module.start, min(self.module.until, LAST_DAY + 1)
        on, known = {start}, {self.module.enacted}
        for _, acts in self.acts():
            more_on, more_known = cuts(acts)
            on |= {d for d in more_on if start < d < until}
            known |= {d for d in more_known if d > self.module.enacted}
        return sorted(on), sorted(known)

    def slices(self) -> Iterator[Slice]:
        """Give every distinct slice of the policy's life that was proved when it was loaded."""
        for proved in self._proved.values():
            yield proved.slice

    def check_all(self, faults: Faults) -> None:
        """Prove every slice of the policy's life; each distinct one once."""
        for key, acts in self.acts():
            _check_acts(key, acts, faults)
        all_acts = self.changing()
        on_days, known_days = self.days()
        size = len(on_days) * len(known_days) * sum(map(len, all_acts))
        if size > MAX_COMBINATIONS:
            faults.add("law-size", self.module.document.position, limit=MAX_COMBINATIONS, what="versions by days")
            return
        for known in known_days:
            for i, on in enumerate(on_days):
                within_delegation(self, on, known, faults)
                last = on_days[i + 1] - 1 if i + 1 < len(on_days) else min(self.module.until, LAST_DAY + 1) - 1
                vector = tuple([id(in_force(acts, on, known)) for acts in all_acts])
                if vector not in self._proved:
                    when = f"from {day_text(on)} to {day_text(last)}, as known on {day_text(known)}"
                    self._proved[vector] = self._prove(on, known, {}, faults, when)
            if faults.failed:
                return

    def _prove(self, on: int, known: int, readings: Mapping[str, str], faults: Faults, when: str) -> Proved:
        data = self._data(on, known, readings)

        def choose(acts: Sequence[Act[Any]]) -> Act[Any] | None:
            return in_force(acts, on, known)

        assembler = Assembler(self.declared, choose, data, faults, when)
        found = assembler.assemble(self._own)
        more = self._checks_of_others(assembler.steps, found)
        if more:
            keys = set(more)
            found = assembler.assemble(lambda s: self._own(s) or s.key in keys)
        if len(found.steps) > MAX_STEPS:
            faults.add("law-size", self.module.document.position, limit=MAX_STEPS, what="steps")
            return Proved(found, {})
        self._demanded(data, faults)
        return Proved(found, self._lowered(found, faults, when))

    def _own(self, step: RichStep) -> bool:
        """Whether the law keeps a step though nothing reads it: what the policy itself says, and what parents decide.

        A condition that a parent only offers is not kept, nor are the facts read that it asks for.
        """
        name = step.about.policy
        offered = step.role in {"condition", "part", "operand"} and name != self.name
        return not offered and any(m.name == name for m in self.module.ancestors)

    def _checks_of_others(self, steps: Mapping[str, RichStep], found: Slice) -> list[str]:
        """Give the checks of used policies whose facts this law reads anyway: they cost no new fact."""
        read: set[str] = set()
        for kept in found.steps.values():
            read |= facts_in(kept.expr)
        more = []
        for step in steps.values():
            if step.role == "check" and step.key not in found.steps:
                needed = facts_of(step.expr, steps)
                if needed is not None and needed <= read | {"as_of"}:
                    more.append(step.key)
        return more

    def _data(self, on: int, known: int, readings: Mapping[str, str]) -> LawData:
        parameters, tables = {}, {}
        unused = dict(readings)
        for key, parameter in self.declared.parameters.items():
            act = in_force(parameter.acts, on, known)
            if act is not None and act.payload is not None:
                chosen = _read_as(key, act.payload, readings, unused)
                parameters[key] = chosen.value
        for key, table in self.declared.tables.items():
            row = in_force(table.acts, on, known)
            if row is not None and row.payload is not None:
                tables[key] = _read_as(key, row.payload, readings, unused).data
        for name, reading in unused.items():
            acts: list[Act[Any]] = list(self.declared.valued[name].acts) if name in self.declared.valued else []
            act = in_force(acts, on, known)
            there = sorted(act.payload.readings) if act is not None and act.payload is not None else []
            near = near_misses(name, self.declared.valued)
            hint = (
                f"; there are: {', '.join(there)}"
                if there
                else f"; did you mean {near[0]}?"
                if near and near[0] != name
                else ""
            )
            raise ArgumentError("readings", {name: reading}, f"a disputed reading that is in the law on this day{hint}")
        low, high = max(self.module.start, FIRST_DAY), min(self.module.until - 1, LAST_DAY)
        return LawData(parameters, tables, (low, high))

    def _demanded(self, data: LawData, faults: Faults) -> None:
        for demand in self.demands:
            value = data.parameters.get(demand.parameter)
            if value is not None and not 1 <= value <= demand.most:
                faults.add("slice-bound", demand.position, limit=demand.most, got=f"{demand.parameter} = {value}")

    def _lowered(self, found: Slice, faults: Faults, when: str) -> dict[str, Expr]:
        codes: dict[str, Expr] = {}
        types: dict[str, Int] = {}
        lists = {n: f.type for n, f in self.declared.facts.items() if isinstance(f.type, t.ListOf)}
        for key, step in found.steps.items():
            if any(isinstance(n, Step) and n.key not in types for n in walk(step.expr)):
                continue
            if self._unvalued(step, found.data, faults, when):
                continue
            try:
                code = lowered(step.expr, found.data, types, lists, faults, key, step.about.position)
            except NotProvedError:
                continue
            held_to_its_type(step, code.type, faults)
            codes[key], types[key] = code, code.type
        return codes

    def _unvalued(self, step: RichStep, data: LawData, faults: Faults, when: str) -> bool:
        """Whether the step reads a value that is not in force; that is a fault unless a child must give it."""
        parameters, tables = reads(step.expr)
        missing = [p for p in parameters if data.parameters.get(p) is None] + [
            x for x in tables if x not in data.tables
        ]
        for name in missing:
            if name not in self._open_values:
                decl = self.declared.parameters.get(name) or self.declared.tables[name]
                faults.add(
                    "no-value-in-force", decl.about.position, related=[step.about.position], name=name, when=when
                )
        return bool(missing)

    # --- laws ---

    def law(self, on: datetime.date, known: datetime.date | None, readings: Mapping[str, str]) -> Law:
        """Cut the law of a day, as known on another (all that is known, when left out)."""
        day = on.toordinal()
        seen = ALWAYS if known is None else known.toordinal()
        self._askable(day, seen)
        all_acts = self.changing()
        vector = tuple([id(in_force(acts, day, seen)) for acts in all_acts])
        proved = None if readings else self._proved.get(vector)
        if proved is None:
            faults = Faults()
            proved = self._prove(day, seen, readings, faults, f"on {on}")
            if faults.failed:
                raise PolicyError(faults.errors)
        return self._made(on, known, readings, proved, self._valid(day, seen, vector, all_acts))

    def _askable(self, day: int, seen: int) -> None:
        start, until = self.module.start, self.module.until
        if abstract := self.abstract:
            missing = ", ".join(abstract)
            raise NotInForceError(
                self.name, f"delegated and still without a value: {missing}", "load a policy that extends it"
            )
        if not start <= day < until:
            nearest = day_text(start) if day < start else day_text(until - 1)
            raise NotInForceError(self.name, f"not in force on {day_text(day)}", f"nearest day: {nearest}")
        if seen < self.module.enacted:
            raise NotInForceError(
                self.name, f"not yet known on {day_text(seen)}", f"enacted {day_text(self.module.enacted)}"
            )

    def _valid(self, day: int, seen: int, vector: tuple[int, ...], all_acts: list[list[Act[Any]]]) -> tuple[int, int]:
        """Give the run of days around `day` on which exactly the same acts are in force."""
        on_days, _ = self.days()
        edges = [*on_days, min(self.module.until, LAST_DAY + 1)]
        at = max(i for i, d in enumerate(edges[:-1]) if d <= day)
        first, last = at, at

        def same(i: int) -> bool:
            return tuple([id(in_force(acts, edges[i], seen)) for acts in all_acts]) == vector

        while first > 0 and same(first - 1):
            first -= 1
        while last + 2 < len(edges) and same(last + 1):
            last += 1
        return edges[first], edges[last + 1]

    def _made(
        self,
        on: datetime.date,
        known: datetime.date | None,
        readings: Mapping[str, str],
        proved: Proved,
        valid: tuple[int, int],
    ) -> Law:
        own = set(self.own_decisions)
        steps = tuple(
            LawStep(key, s.role, s.type, s.expr, proved.codes[key], s.about, s.binder)
            for key, s in proved.slice.steps.items()
            if key in proved.codes
        )
        seen = ALWAYS if known is None else known.toordinal()
        chosen = self._evidence(on.toordinal(), seen, readings)
        last = None if valid[1] > LAST_DAY else datetime.date.fromordinal(valid[1])
        return Law(
            policy=self.name,
            title=self.title,
            on=on,
            known=known,
            valid=(datetime.date.fromordinal(valid[0]), last),
            readings=dict(readings),
            documents={m.name: m.sha256 for m in self.modules},
            steps=steps,
            declared=self.declared.facts,
            decisions={k: d for k, d in proved.slice.decisions.items() if k in own},
            shared=proved.slice.shared,
            rankings=self.declared.rankings,
            data=proved.slice.data,
            sources={
                key: attrs.evolve(v.about, label=v.about.label or self.declared.valued[key].about.label)
                for key, v in chosen.items()
            },
            row_sources={key: v.row_citations for key, v in chosen.items() if getattr(v, "row_citations", None)},
        )

    def _evidence(self, day: int, seen: int, readings: Mapping[str, str]) -> dict[str, Any]:
        """Give what was chosen for every value in force, as read, for citations in explanations."""
        found: dict[str, Any] = {}
        for key, decl in self.declared.valued.items():
            act: Act[Any] | None = in_force(list(decl.acts), day, seen)
            if act is not None and act.payload is not None:
                found[key] = act.payload.readings.get(readings.get(key, ""), act.payload)
        return found


def _read_as(key: str, payload: Any, readings: Mapping[str, str], unused: dict[str, str]) -> Any:  # noqa: ANN401 - a value of any type
    """Give the value or table as the caller's chosen reading has it."""
    reading = readings.get(key)
    if reading is None or reading not in payload.readings:
        return payload
    unused.pop(key, None)
    return payload.readings[reading]


def _check_acts(key: str, acts: Sequence[Act[Any]], faults: Faults) -> None:
    check(key, acts, faults, day_text)
