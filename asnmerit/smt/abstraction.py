"""Formulas in which hard values are free: a proof of them is a proof of the law, however hard the arithmetic.

`abstract`: each product of two values that vary, and each quotient by one, is a free number within linear bounds, and
between the two of a pair the bounds that follow from how the factors moved. `coarse`: each step that holds such
arithmetic and whose direction is known is a free value, ordered between the two of a pair.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.proving.structure import Structure
from asnmerit.auditing.questions import Extreme, Pairs
from asnmerit.rules.expr import Call, Expr, Literal, walk
from asnmerit.rules.to_smt import Solving, Term
from asnmerit.smt.folding import Folding, as_whole
from asnmerit.smt.lanes import Known
from asnmerit.smt.library import z3
from asnmerit.smt.quotient import quotient
from asnmerit.smt.truth import conjunction
from asnmerit.smt.whole import Whole, few, number

if TYPE_CHECKING:
    import datetime
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from asnmerit.auditing.questions import Lane, Question
    from asnmerit.rules.law import Law, LawStep
    from asnmerit.smt.lanes import Person

Place = tuple[int, tuple[int, ...]]
"""A node of the law and the rows in which it stands."""


@attrs.frozen(eq=False)
class Hard:
    """A product or quotient that was left free: its arguments, the free number, the step that it stands in."""

    op: str
    mode: str
    a: Whole
    b: Whole
    free: Whole
    step: str


@attrs.define(eq=False)
class _Leaving:
    """What was left free so far, person by person."""

    context: Any
    found: dict[str, dict[Place, Hard]] = attrs.field(factory=dict)
    same: dict[tuple[object, ...], Whole] = attrs.field(factory=dict)

    def free(self, whose: tuple[str, str], node: Call, rows: tuple[int, ...], a: Whole, b: Whole) -> Whole:
        """Give the free number for a product or quotient of a person's step; one for equal arguments."""
        person, step = whose
        op, mode = node.op, str(node.const)
        place = (op, mode, a.expr.get_id(), b.expr.get_id())
        if place not in self.same:
            term = z3.Int(f"free {len(self.same)}", self.context)
            self.same[place] = Whole(self.context, node.type.lo, node.type.hi, term)
        free = self.same[place]
        self.found.setdefault(person, {})[id(node), rows] = Hard(op, mode, a, b, free, step)
        return free


class _Folding(Folding):
    """Folds as always, but for products of two numbers of many values and quotients by one."""

    leaving: _Leaving
    whose: tuple[str, str]

    def call(self, node: Call, args: tuple[Known, ...]) -> Known:
        """An operator, left free where it is hard."""
        if node.op in {"mul", "quot"}:
            a, b = (as_whole(self.context, x.value) for x in args)
            if few(b) is None and (node.op == "quot" or few(a) is None):
                free = self.leaving.free(self.whose, node, tuple(self.rows.values()), a, b)
                return Known(free, conjunction(x.known for x in args))
        return super().call(node, args)


class Loosened(Solving):
    """The terms of a law with hard values left free."""

    def __init__(self, law: Law, as_of: datetime.date) -> None:
        """Nothing is made yet."""
        super().__init__(law, as_of=as_of)
        self.leaving = _Leaving(self.context)

    def _folding(self, person: Person, step: LawStep, values: Mapping[str, Any]) -> Folding:
        """Fold with hard values left free, and keep whose they are."""
        found = _Folding(self.context, person.lanes, values, self._bound)
        found.leaving, found.whose = self.leaving, (person.name, step.key)
        return found

    def bounds(self, people: Sequence[Person], steps: frozenset[str]) -> list[Any]:
        """Give what is known of the free numbers of these steps, of one person and between two."""
        found: list[Any] = []
        for person in people:
            for hard in self.leaving.found.get(person.name, {}).values():
                if hard.step in steps:
                    found += _of_one(hard)
        if len(people) > 1:
            first, second = (self.leaving.found.get(p.name, {}) for p in people)
            for place in first.keys() & second.keys():
                x, y = first[place], second[place]
                if x.step in steps and x.free is not y.free:
                    found += _between(x, y)
        return found


def _of_one(hard: Hard) -> Iterator[Any]:
    """Bound a product by its corners, as (a - low)(b - low) >= 0, and a quotient by the ends of its divisor."""
    a, b, free = hard.a, hard.b, hard.free.expr
    yield free >= hard.free.low
    yield free <= hard.free.high
    x, y = a.expr, b.expr
    if hard.op == "mul":
        yield free >= a.low * y + b.low * x - a.low * b.low
        yield free >= a.high * y + b.high * x - a.high * b.high
        yield free <= a.high * y + b.low * x - a.high * b.low
        yield free <= a.low * y + b.high * x - a.low * b.high
        return
    least, most = (quotient(hard.mode, a, number(a.context, d)).expr for d in (b.high, b.low))
    if a.low >= 0 or a.high <= 0:
        first, last = (least, most) if a.low >= 0 else (most, least)
        yield free >= first
        yield free <= last
        return
    yield z3.If(x >= 0, z3.And(free >= least, free <= most), z3.And(free >= most, free <= least))


def _between(p: Hard, q: Hard) -> Iterator[Any]:
    """Bound the difference of two products or quotients by how their arguments differ."""
    x, y = p.a.expr - q.a.expr, p.b.expr - q.b.expr
    gap = p.free.expr - q.free.expr
    if p.op == "mul":
        # gap = a * y + b' * x, with a of the first and b' of the second.
        a_low, a_high, b_low, b_high = p.a.low, p.a.high, q.b.low, q.b.high
        for x_up in (True, False):
            for y_up in (True, False):
                a_ends = (a_low, a_high) if y_up else (a_high, a_low)
                b_ends = (b_low, b_high) if x_up else (b_high, b_low)
                when = z3.And(x >= 0 if x_up else x <= 0, y >= 0 if y_up else y <= 0)
                least, most = (a_end * y + b_end * x for a_end, b_end in zip(a_ends, b_ends, strict=True))
                yield z3.Implies(when, z3.And(gap >= least, gap <= most))
        return
    for first, second in ((p, q), (q, p)):
        n, m, d, e = first.a.expr, second.a.expr, first.b.expr, second.b.expr
        less = first.free.expr <= second.free.expr
        yield z3.Implies(z3.And(n <= m, d == e), less)
        yield z3.Implies(z3.And(n <= m, m >= 0, d >= e), less)
        yield z3.Implies(z3.And(n <= m, n <= 0, d <= e), less)


class Abstraction:
    """Makes abstract formulas of one law; what was made for one question serves the next."""

    def __init__(self, law: Law, as_of: datetime.date) -> None:
        """Nothing is made yet."""
        self.law, self.as_of = law, as_of
        self.hard = frozenset(s.key for s in law.steps if any(_is_hard(n) for n in walk(s.code)))
        self.structure = Structure(law, as_of)
        self.checks = [s.key for s in law.steps if s.role == "check"]
        self._loosened: Loosened | None = None
        self._first: Person | None = None
        self._others: dict[frozenset[Lane], Person] = {}

    def steps(self, question: Question) -> frozenset[str]:
        """Give the steps that the measured step rests on."""
        return self.structure.steps(question.key)

    def below(self, question: Question) -> frozenset[str]:
        """Give the steps that a question and the checks rest on."""
        keys = [question.key, *self.checks]
        if isinstance(question, Extreme) and question.where is not None:
            keys.append(question.where)
        return frozenset().union(*(self.structure.steps(k) for k in keys))

    def loosened(self) -> tuple[Loosened, Person]:
        """Give the terms with hard values left free, and the first person."""
        if self._loosened is None or self._first is None:
            self._loosened = Loosened(self.law, self.as_of)
            self._first = self._loosened.person("a")
        return self._loosened, self._first

    def other(self, varying: Mapping[Lane, str]) -> Person:
        """Give the second person of a pair."""
        s, first = self.loosened()
        lanes = frozenset(varying)
        if lanes not in self._others:
            self._others[lanes] = s.person(f"b{len(self._others)}", same=first, but=lanes)
        return self._others[lanes]


def ordered(
    s: Solving, structure: Structure, question: Pairs, people: tuple[Person, Person], hard: Iterable[str]
) -> tuple[dict[str, Term], dict[str, Term], list[Any]]:
    """Give free values for hard steps whose direction is known: of the one, of the other, and how they are ordered."""
    first: dict[str, Term] = {}
    second: dict[str, Term] = {}
    found: list[Any] = []
    for key in hard:
        step = s.law.steps[s.law.index[key]]
        flow = structure.flow(key, question.varying)
        if step.binder is not None or (flow.rise and flow.fall):
            continue
        first[key], bounds = s.fresh(f"{people[0].name} free {key}", key)
        found += bounds
        second[key] = first[key]
        if flow.moves:
            second[key], bounds = s.fresh(f"{people[1].name} free {key}", key)
            found += [*bounds, s.compared("le" if flow.rise else "ge", first[key], second[key])]
    return first, second, found


def _is_hard(node: Expr) -> bool:
    return isinstance(node, Call) and (
        (node.op == "mul" and not any(isinstance(a, Literal) for a in node.args)) or node.op == "quot"
    )


__all__ = ["Abstraction", "Loosened", "ordered"]
