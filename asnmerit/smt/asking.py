"""Asking the solver: a question about people of a law becomes a formula, in one of several encodings.

Each encoding is sound: "none" is a proof in all of them. An encoding that abstracts may find people who do not exist;
these come back as candidates, never as found.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.proving.asked import Result
from asnmerit.auditing.questions import Exists, Extreme, Pairs
from asnmerit.rules.to_smt import Solving
from asnmerit.smt.abstraction import Abstraction, ordered
from asnmerit.smt.library import z3

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from asnmerit.auditing.proving.asked import Task
    from asnmerit.auditing.proving.worker import Watch
    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.rules.law import Law
    from asnmerit.smt.lanes import Person

FEW: Final = 2
"""Rows of the short lists among which people are looked for first."""
LATE: Final = 0.1
"""Seconds after which the solver ends by itself, where the watch does not end it."""
SHARE: Final = 0.9
"""The share of the memory of a process that the solver may take before it gives up by itself."""


@attrs.frozen
class Formula:
    """What is asked: people, what holds of them, and the measured term of an `Extreme`.

    `exact`: who is found is real. `whole`: who is not found does not exist.
    """

    solving: Solving
    people: tuple[Person, ...]
    constraints: list[Any]
    value: Any = None
    exact: bool = True
    whole: bool = True


class Asking:
    """Answers tasks about one law. Terms are made once and shared by all questions of a kind."""

    def __init__(self, law: Law, as_of: datetime.date, memory: int) -> None:
        """Make the context; terms are made when they are asked for."""
        z3.set_param("memory_max_size", int(memory * SHARE))
        self.law, self.as_of = law, as_of
        self.solving = Solving(law, as_of=as_of)
        self.context = self.solving.context
        self.first = self.solving.person("a")
        self.others: dict[frozenset[Lane], Person] = {}
        self.abstraction = Abstraction(law, as_of)
        self._few: Solving | None = None
        self._running: Any = self.context

    def interrupt(self) -> None:
        """Interrupt what is being solved, from another thread."""
        self._running.interrupt()

    def answer(self, task: Task, watch: Watch, began: Callable[[], object], part: Callable[[Result], object]) -> Result:
        """Answer a task. `began` is called when its terms are made, `part` with each better value of an `Extreme`."""
        started = time.monotonic()
        formula = self._formula(task)
        if formula is None:
            return Result(task.number, "open", told="done: nothing to leave out")
        self._running = formula.solving.context
        solver = self._solver(task, formula)
        solver.add(*formula.constraints)
        began()
        asked = _Asked(task, formula, solver, watch, part)
        result = asked.extreme() if isinstance(task.question, Extreme) else asked.once()
        return attrs.evolve(result, seconds=time.monotonic() - started)

    # --- formulas ---

    def _formula(self, task: Task) -> Formula | None:
        match task.encoding:
            case "abstract":
                return self._abstract(task.question)
            case "coarse":
                return self._coarse(task.question) if isinstance(task.question, Pairs) else None
            case "few":
                return self._few_rows(task.question)
            case _:
                return self._exact(self.solving, self.first, task.question, self._other)

    def _exact(
        self, s: Solving, a: Person, question: Question, other: Callable[[Mapping[Lane, str]], Person]
    ) -> Formula:
        match question:
            case Exists(key, within):
                return Formula(s, (a,), [*s.domain(a), *self._fixed(s, a, within), s.steps(a, key)[key].value])
            case Extreme(key, _, where, within):
                terms = s.steps(a, key, *([where] if where else []))
                asked = [terms[where].value] if where else []
                return Formula(s, (a,), [*s.domain(a), *self._fixed(s, a, within), *asked], terms[key].value)
            case Pairs(key, _, varying):
                b = other(varying)
                x, y = s.steps(a, key)[key], s.steps(b, key)[key]
                related = s.related(a, b, varying)
                return Formula(s, (a, b), [*s.domain(a), *s.domain(b), *related, apart(s, question, x, y)])

    def _fixed(self, s: Solving, a: Person, within: Mapping[Lane, Any]) -> list[Any]:
        return s.fixed(a, {lane: value for lane, value in within.items() if lane in a.lanes})

    def _few_rows(self, question: Question) -> Formula | None:
        """Look among people with short lists: much sooner found, and nothing is proved when there is none."""
        reach = {name for name, slot in self.abstraction.structure.cone(question.key) if slot == "#"}
        within = {} if isinstance(question, Pairs) else question.within
        if not reach - {name for name, _ in within} or isinstance(question, Extreme):
            return None
        if self._few is None:
            self._few = Solving(self.law, as_of=self.as_of, rows=FEW)
        s = self._few
        a = s.person("a")
        formula = self._exact(s, a, question, lambda varying: s.person("b", same=a, but=varying.keys()))
        return attrs.evolve(formula, whole=False)

    def _abstract(self, question: Question) -> Formula | None:
        below = self.abstraction.below(question)
        if not below & self.abstraction.hard:
            return None
        s, a = self.abstraction.loosened()
        formula = self._exact(s, a, question, self.abstraction.other)
        bounds = s.bounds(formula.people, below)
        return attrs.evolve(formula, constraints=formula.constraints + bounds, exact=not bounds)

    def _coarse(self, question: Pairs) -> Formula | None:
        s, a, b = self.solving, self.first, self._other(question.varying)
        hard = [s.key for s in self.law.steps if s.key in self.abstraction.hard & self.abstraction.steps(question)]
        first, second, order = ordered(s, self.abstraction.structure, question, (a, b), hard)
        if not first:
            return None
        key = question.key
        x, y = s.steps(a, key, replaced=first)[key], s.steps(b, key, replaced=second)[key]
        related = s.related(a, b, question.varying)
        constraints = [*s.domain(a), *s.domain(b), *related, *order, apart(s, question, x, y)]
        return Formula(s, (a, b), constraints, exact=False)

    def _other(self, varying: Mapping[Lane, str]) -> Person:
        lanes = frozenset(varying)
        if lanes not in self.others:
            self.others[lanes] = self.solving.person(f"b{len(self.others)}", same=self.first, but=lanes)
        return self.others[lanes]

    def _solver(self, task: Task, formula: Formula) -> Any:  # noqa: ANN401 - a z3 solver
        context = formula.solving.context
        match task.encoding:
            case "nonlinear":
                names = ("simplify", "propagate-values", "solve-eqs", "purify-arith", "smt")
                return z3.Then(*(z3.Tactic(n, ctx=context) for n in names)).solver()
            case "seeded":
                solver = z3.SimpleSolver(ctx=context)
                solver.set("random_seed", task.seed + 7)
                solver.set("arith.solver", 2)
                return solver
            case "fresh":
                return z3.SolverFor("QF_NIA", ctx=context)
            case _:
                return z3.Solver(ctx=context)


def apart(s: Solving, question: Pairs, x: Any, y: Any) -> Any:  # noqa: ANN401 - terms
    """Say that the first of a pair has more by so much, or that the two differ."""
    if question.op == "ne":
        return s.compared("ne", x, y)
    if z3.is_bool(x.value):
        return z3.And(x.value, z3.Not(y.value)) if question.by <= 1 else z3.BoolVal(False, s.context)
    return x.value - y.value >= question.by


@attrs.define
class _Asked:
    """One formula put to a solver."""

    task: Task
    formula: Formula
    solver: Any
    watch: Watch
    part: Callable[[Result], object]

    def _check(self, *extra: Any) -> str:  # noqa: ANN401 - z3 terms
        left = self.watch.left
        if left <= 0:
            return "unknown"
        # Later than the watch, so that whatever is said after it is known to be said late.
        self.solver.set("timeout", int((left + LATE) * 1000))
        return self.watch.heard(lambda: str(self.solver.check(*extra)))

    def _people(self) -> tuple[dict[Lane, Any], ...]:
        model = self.solver.model()
        return tuple(self.formula.solving.lanes_of(model, p) for p in self.formula.people)

    def once(self) -> Result:
        """Ask once."""
        found = self._check()
        if found == "unsat":
            return Result(self.task.number, "none" if self.formula.whole else "open", told="done: no proof")
        if found == "unknown":
            return Result(self.task.number, "open", told="" if self.watch.left <= 0 else "done: unknown")
        exact = self.formula.exact
        return Result(
            self.task.number, "found" if exact else "open", self._people(), told="" if exact else "done: abstract"
        )

    def extreme(self) -> Result:
        """Go from the best known value towards the bound: first past the best, then half the way, until they meet."""
        most = self.task.question.sense == "max"  # type: ignore[union-attr]
        sign = 1 if most else -1
        best = None if self.task.best is None else sign * self.task.best
        bound = None if self.task.bound is None else sign * self.task.bound
        people: tuple[Any, ...] = ()
        term = self.formula.value if most else -self.formula.value
        exact, wide = self.formula.exact, False
        while best is None or bound is None or best < bound:
            aim = None if best is None else best + 1
            if wide and best is not None and bound is not None:
                aim = best + max(1, (bound - best + 1) // 2)
            found = self._check(*([] if aim is None else [term >= aim]))
            if found == "unknown":
                break
            if found == "unsat":
                if aim is None:
                    return Result(self.task.number, "none")
                wide = bound is not None and aim < bound
                bound = aim - 1
                continue
            value = self.solver.model().eval(term, model_completion=True).as_long()
            if not exact:
                # A person who may not exist: the bound can be brought down, the best cannot be brought up.
                return self._abstract(term, best, bound, sign, value)
            best, people, wide = value, self._people(), True
            self.part(self._at(best, bound, people, sign))
        return self._at(best, bound, people, sign)

    def _abstract(self, term: Any, best: int | None, bound: int | None, sign: int, reached: int) -> Result:  # noqa: ANN401
        """Bring the bound down by halves: no value above it exists even among people who may not exist."""
        while bound is not None and reached < bound:
            aim = reached + max(1, (bound - reached + 1) // 2)
            found = self._check(term >= aim)
            if found == "unknown":
                break
            if found == "unsat":
                bound = aim - 1
            else:
                reached = self.solver.model().eval(term, model_completion=True).as_long()
        result = self._at(best, bound, (), sign)
        return attrs.evolve(result, value=None, told="done: abstract" if reached == bound else "")

    def _at(self, best: int | None, bound: int | None, people: tuple[Any, ...], sign: int) -> Result:
        return Result(
            self.task.number,
            "found" if people else "open",
            people,
            None if best is None else sign * best,
            None if bound is None else sign * bound,
        )
