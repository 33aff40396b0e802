"""The law as terms of a solver: what every step is worth, and whether it is known, for a person whose facts are free.

Needs z3 (the extra `audit`), which is imported with this module: import it where it is used. A context of z3
belongs to one thread: make a `Solving` a thread, or a process.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules import calendar
from asnmerit.rules.expr import Each, Fact, Row, Step, fold, walk
from asnmerit.rules.kernel import Int
from asnmerit.smt import days
from asnmerit.smt.days import Day
from asnmerit.smt.folding import Bound, Folding, equal
from asnmerit.smt.lanes import Known, counted, person
from asnmerit.smt.library import z3
from asnmerit.smt.pairs import related
from asnmerit.smt.truth import conjunction, disjunction, negation
from asnmerit.smt.whole import Whole, number

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from asnmerit.rules.law import Law, LawStep
    from asnmerit.smt.lanes import Lane, Person


@attrs.frozen(eq=False)
class Term:
    """What a step is worth: a z3 Int or Bool, a `smt.days.Day`, or a tuple of terms (one a row of a list).

    `known` is a z3 Bool, or None where it always is. While it is false the value means nothing.
    """

    value: Any
    known: Any = None


class Solving:
    """Terms of one law in one z3 context.

    `unknown`: every fact that no presumption fills may be unknown, too. `rows`: lists have at most so many rows (or as
    many as they must have); whom a solver finds so is found, but that it finds none proves nothing.

    >>> import asnmerit as am
    >>> law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
    >>> solving = Solving(law)
    >>> person = solving.person("a")
    >>> solver = solving.solver(*solving.domain(person))
    >>> str(solver.check())
    'sat'
    """

    def __init__(
        self,
        law: Law,
        *,
        context: Any = None,  # noqa: ANN401 - a z3 context
        as_of: datetime.date | int | None = None,
        unknown: bool = False,
        rows: int | None = None,
    ) -> None:
        """Take a law, and a day within it (the law's own unless said)."""
        self.law, self.unknown, self.rows = law, unknown, rows
        self.context = z3.Context() if context is None else context
        day = law.on if as_of is None else as_of
        self.as_of = day.toordinal() if isinstance(day, datetime.date) else day
        self._bound = Bound()
        self._reads = {s.key: _reads(s) for s in law.steps}
        self._cones: dict[str, frozenset[Any]] = {}

    # --- people ---

    def person(self, name: str, same: Person | None = None, but: Collection[Lane] = ()) -> Person:
        """Make a person with lanes of his own, or one who shares the lanes of another except some."""
        return person(
            self.law,
            self.context,
            name,
            self.as_of,
            unknown=self.unknown,
            rows=self.rows,
            same=same,
            but=frozenset(but),
        )

    def domain(self, person: Person) -> list[Any]:
        """Give what holds of a person in the law's domain: what the edge lets through, and that no check fails."""
        found = list(person.domain)
        for step in self.law.steps:
            if step.role == "check":
                known = self._known(person, step.key)
                parts = (known,) if step.binder is None else known
                found += [disjunction((negation(p.known), p.value)) for p in parts]
        return [self.truth(f) for f in dict.fromkeys(found) if f is not True]

    def related(self, a: Person, b: Person, varying: Mapping[Lane, str]) -> list[Any]:
        """Give what holds between two people whose lanes differ: `any`, `up` or `next`, seen from the first."""
        return [self.truth(f) for f in related(self.law, a, b, varying)]

    def fixed(self, person: Person, lanes: Mapping[Lane, Any]) -> list[Any]:
        """Say that lanes have these values: kernel integers, None for unknown, a list of them for a field."""
        found: list[Any] = []
        for lane, raw in lanes.items():
            given = person.lanes[lane]
            if isinstance(given, tuple):
                rows = () if raw is None else raw
                found += [self._is(one, value) for one, value in zip(given, rows, strict=False)]
            elif lane[0] != "as_of":
                found.append(self._is(given, raw))
        return [self.truth(f) for f in found if f is not True]

    def _is(self, given: Known, raw: Any) -> Any:  # noqa: ANN401
        if raw is None:
            return negation(given.known)
        return conjunction((given.known, equal(self.context, given.value, self._constant(given.value, raw))))

    def _constant(self, like: Any, raw: Any) -> Any:  # noqa: ANN401
        if isinstance(like, Day):
            return days.of_ordinal(number(self.context, int(raw)))
        return number(self.context, int(raw)) if isinstance(like, Whole) else bool(raw)

    # --- steps ---

    def steps(self, person: Person, *keys: str, replaced: Mapping[str, Term] | None = None) -> dict[str, Term]:
        """Give the terms of some steps (all when none is named); those `replaced` are worth what is said."""
        keys = keys or tuple(s.key for s in self.law.steps)
        if not replaced:
            return {key: self._term(self._known(person, key)) for key in keys}
        values = {key: self._given(self.law.steps[self.law.index[key]], term) for key, term in replaced.items()}
        self._fill(person, keys, values, frozenset(replaced))
        return {key: self._term(values[key]) for key in keys}

    def _known(self, person: Person, key: str) -> Any:  # noqa: ANN401 - a Known, or a tuple of them
        if key not in person.values:
            self._fill(person, (key,), person.values, frozenset())
        return person.values[key]

    def _fill(self, person: Person, keys: Collection[str], values: dict[str, Any], replaced: frozenset[str]) -> None:
        """Make the terms of steps and of what they rest on, in the law's order; what hangs on nothing new is taken."""
        wanted = self._below(keys, values)
        for step in self.law.steps:
            if step.key not in wanted or step.key in values:
                continue
            cone = self.cone(step.key)
            if replaced and not any(r in cone for r in replaced):
                values[step.key] = self._known(person, step.key)
            elif not replaced and person.same is not None and not cone & person.own:
                values[step.key] = self._known(person.same, step.key)
            else:
                values[step.key] = self._made(person, step, values)

    def _below(self, keys: Collection[str], values: Mapping[str, Any]) -> set[str]:
        found: set[str] = set()
        stack = list(keys)
        while stack:
            key = stack.pop()
            if key not in found and key not in values:
                found.add(key)
                stack.extend(self._reads[key][1])
        return found

    def _made(self, person: Person, step: LawStep, values: Mapping[str, Any]) -> Any:  # noqa: ANN401
        folding = self._folding(person, step, values)
        if step.binder is None:
            return fold(step.code, folding)
        count = person.lanes[(step.binder.list_fact, "#")]
        rows = [fold(step.code, folding.at(step.binder, i)) for i in range(count.value.high)]
        return tuple(attrs.evolve(r, known=conjunction((count.known, r.known))) for r in rows)

    def _folding(self, person: Person, _: LawStep, values: Mapping[str, Any]) -> Folding:
        """Give what folds a step to terms; here every step alike."""
        return Folding(self.context, person.lanes, values, self._bound)

    def cone(self, key: str) -> frozenset[Any]:
        """Give the lanes and the steps on which a step rests, itself included."""
        if not self._cones:
            for step in self.law.steps:
                lanes, steps = self._reads[step.key]
                below = [self._cones[s] for s in steps]
                self._cones[step.key] = frozenset({step.key, *lanes}).union(*below)
        return self._cones[key]

    # --- between terms and what the terms are made of ---

    def truth(self, value: Any) -> Any:  # noqa: ANN401 - z3 terms
        """Give a truth as a z3 Bool."""
        return z3.BoolVal(value, self.context) if isinstance(value, bool) else value

    def _term(self, found: Any) -> Term:  # noqa: ANN401 - a Known, or a tuple of them
        if isinstance(found, tuple):
            return Term(tuple(self._term(f) for f in found))
        value = found.value
        if isinstance(value, Whole):
            value = value.expr
        elif not isinstance(value, Day):
            value = self.truth(value)
        return Term(value, None if found.known is True else self.truth(found.known))

    def _given(self, step: LawStep, term: Term) -> Any:  # noqa: ANN401
        if isinstance(term.value, tuple):
            return tuple(self._given(step, t) for t in term.value)
        of: Int = step.code.type
        known = True if term.known is None else term.known
        if of.kind in {"bool", "date"}:
            return Known(term.value, known)
        return Known(Whole(self.context, of.lo, of.hi, term.value), known)

    def fresh(self, name: str, key: str) -> tuple[Term, list[Any]]:
        """Make a free variable that may stand for a step, and the bounds that are proved of it."""
        step = self.law.steps[self.law.index[key]]
        of: Int = step.code.type
        domain: list[Any] = []
        if of.kind == "bool":
            return Term(z3.Bool(name, self.context)), domain
        if of.kind == "date":
            ordinal = counted(self.context, name, of.lo, of.hi, 1, domain)
            return Term(days.of_ordinal(ordinal)), domain
        return Term(counted(self.context, name, of.lo, of.hi, 1, domain).expr), domain

    def compared(self, op: str, a: Term, b: Term) -> Any:  # noqa: ANN401 - a z3 Bool
        """Compare two terms of one kind: `op` is eq, ne, lt, le, gt or ge. Whether they are known is not looked at."""
        if op in {"gt", "ge"}:
            a, b, op = b, a, {"gt": "lt", "ge": "le"}[op]
        if isinstance(a.value, Day):
            made = {"eq": days.equal, "ne": days.equal, "lt": days.less, "le": days.at_most}
            test = made[op](a.value, b.value)
            return self.truth(negation(test) if op == "ne" else test)
        left, right = a.value, b.value
        if op in {"eq", "ne"}:
            return left == right if op == "eq" else left != right
        if z3.is_bool(left):
            one, none = z3.IntVal(1, self.context), z3.IntVal(0, self.context)
            left, right = z3.If(left, one, none), z3.If(right, one, none)
        return left < right if op == "lt" else left <= right

    # --- models ---

    def solver(self, *constraints: Any) -> Any:  # noqa: ANN401 - z3 terms
        """Make a solver of this context with some constraints."""
        solver = z3.Solver(ctx=self.context)
        solver.add(*constraints)
        return solver

    def value_of(self, model: Any, term: Any) -> Any:  # noqa: ANN401 - a z3 model; a Term, a z3 term, a Day or a Known
        """Give what a term is worth in a model: a kernel integer, a bool, None while unknown, a list for rows."""
        if isinstance(term, Term | Known):
            known = term.known
            if known is not None and known is not True and not self.value_of(model, known):
                return None
            return self.value_of(model, term.value)
        if isinstance(term, tuple):
            return [self.value_of(model, t) for t in term]
        if isinstance(term, Day):
            return self._day_of(model, term)
        if isinstance(term, bool | int):
            return term
        found = model.eval(term.expr if isinstance(term, Whole) else term, model_completion=True)
        return z3.is_true(found) if z3.is_bool(found) else found.as_long()

    def _day_of(self, model: Any, day: Any) -> int:  # noqa: ANN401
        if not day.parted:
            return int(self.value_of(model, day.ordinal))
        month, of_month = (self.value_of(model, p) for p in day.parts)
        return calendar.date_at(month, of_month)

    def lanes_of(self, model: Any, person: Person) -> dict[Lane, Any]:  # noqa: ANN401
        """Give a person of a model: the lanes that the law reads, a list for the field of rows, None for unknown."""
        found: dict[Lane, Any] = {}
        for lane in self.law.inputs:
            given = person.lanes[lane]
            if isinstance(given, tuple):
                count = self.value_of(model, person.lanes[(lane[0], "#")])
                found[lane] = None if count is None else self.value_of(model, given[:count])
            else:
                found[lane] = self.value_of(model, given)
        return found


def _reads(step: LawStep) -> tuple[frozenset[Lane], frozenset[str]]:
    """Give the lanes and the steps that a step reads."""
    lanes: set[Lane] = set()
    steps: set[str] = set()
    if step.binder is not None:
        lanes.add((step.binder.list_fact, "#"))
    for node in walk(step.code):
        if isinstance(node, Fact):
            lanes.add((node.name, node.slot))
        elif isinstance(node, Row):
            lanes.add((node.binder.list_fact, f".{node.field}"))
        elif isinstance(node, Each):
            lanes.add((node.binder.list_fact, "#"))
        elif isinstance(node, Step):
            steps.add(node.key)
    return frozenset(lanes), frozenset(steps)


__all__: Sequence[str] = ["Solving", "Term"]
