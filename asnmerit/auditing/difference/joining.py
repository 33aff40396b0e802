"""Two laws as one: the steps of the second beside those of the first, over the facts that both take."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.difference.affected import WHOLE, affected
from asnmerit.auditing.difference.meeting import Redeclared, meet, recoded, same_declaration, scalars
from asnmerit.auditing.questions import alike, chosen, read_step
from asnmerit.auditing.replaying import replay
from asnmerit.diagnostics import Faults
from asnmerit.rules.expr import NOWHERE, Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, walk
from asnmerit.rules.law import Law, LawStep, shown_exact
from asnmerit.rules.lower import LawData, lowered
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.rules.types import INTEGER, Enum, ListOf

if TYPE_CHECKING:
    from asnmerit.auditing.questions import Lane
    from asnmerit.decision import Decision
    from asnmerit.rules.declarations import FactDecl

OTHER: Final = "other law: "
"""Goes before the names of what is the second law's own."""


@attrs.frozen(eq=False, slots=False)
class Joint:
    """Two laws and one law of both: the steps of the first, and those of the second that may have another value.

    `facts` gives the name in the joint law of each fact that the second law reads. `moved` are the steps of the second
    law that stand beside the first's. Make one with `joint`.
    """

    a: Law
    b: Law
    day: datetime.date
    law: Law
    facts: Mapping[str, str]
    moved: frozenset[str]
    redeclared: tuple[Redeclared, ...]

    def here(self, key: str) -> Step:
        """Read a step of the first law."""
        return read_step(self.law, key)

    def there(self, key: str) -> Step:
        """Read a step of the second law."""
        return read_step(self.law, OTHER + key if key in self.moved else key)

    def records(self, lanes: Mapping[Lane, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a person of the joint law as the first law takes it, and as the second does."""
        back = {new: old for old, new in self.facts.items()}
        own = {k: v for k, v in lanes.items() if k in set(self.a.inputs)}
        first = record_of(self.law, own, self.day)
        theirs = {(self.facts.get(name, name), slot) for name, slot in self.b.inputs}
        second = record_of(self.law, {k: v for k, v in lanes.items() if k in theirs}, self.day)
        return first, {back.get(name, name): value for name, value in second.items()}

    def decided(self, lanes: Mapping[Lane, Any]) -> tuple[Decision, Decision]:
        """Decide a person by both laws, each confirmed by the reference.

        Raises:
            RecordError: if a law does not take the person.
        """
        first, second = self.records(lanes)
        return replay(self.a, first, self.day), replay(self.b, second, self.day)

    def decided_by(self, which: int, lanes: Mapping[Lane, Any]) -> Decision:
        """Decide a person by the first law (0) or the second (1), confirmed by the reference."""
        return replay((self.a, self.b)[which], self.records(lanes)[which], self.day)


def lasting(law: Law, day: datetime.date) -> Law:
    """Give a law as if it held on a day too, proved anew where the day is not of its policy's life.

    Raises:
        NotProvedError: if the law cannot be computed on that day.
    """
    first, until = law.valid
    later = day + datetime.timedelta(days=1)
    held = attrs.evolve(law, valid=(min(first, day), None if until is None else max(until, later)))
    low, high = law.data.as_of
    ordinal = day.toordinal()
    if low <= ordinal <= high:
        return held
    longer = attrs.evolve(held, data=attrs.evolve(law.data, as_of=(min(low, ordinal), max(high, ordinal))))
    return attrs.evolve(longer, steps=tuple(_lowered(list(law.steps), longer, 0)))


def joint(a: Law, b: Law, day: datetime.date, renamed: Mapping[str, str] | None = None) -> Joint:
    """Join two laws, to be asked about the same people on the same day.

    Both hold on the day: see `lasting`. `renamed` maps names of facts of the second law to those of the first.

    >>> import asnmerit
    >>> policy = asnmerit.load("manokwari/merit")
    >>> one, other = (asnmerit.in_force(policy, on=day) for day in ("2025-06-01", "2026-06-01"))
    >>> both = joint(one, other, other.on)
    >>> asnmerit.decide(both.law, {}).values[both.there("promotion.granted").key] is None
    True
    """
    found = _Facts.of(a, b, renamed or {})
    moved = _moved(a, b, found)
    data = _data(a.data, b.data)
    valid = (day, day + datetime.timedelta(days=1))
    base = attrs.evolve(
        a, on=day, valid=valid, steps=(), declared=found.declared, data=data, decisions={}, shared={}, rankings={}
    )
    binders: dict[tuple[str, str], Binder] = {}
    ours = _Carried(a, {}, found.declared, frozenset(), "", binders)
    theirs = _Carried(b, found.names, found.declared, moved, OTHER, binders)
    steps = [ours.step(s) for s in a.steps]
    steps += [theirs.step(s) for s in b.steps if s.key in moved]
    if ours.anew or theirs.anew:
        steps = _lowered(steps, base, len(a.steps) if not ours.anew else 0)
    law = attrs.evolve(base, steps=tuple(steps))
    return Joint(a, b, day, law, found.names, moved, tuple(found.redeclared))


# --- facts ---


@attrs.frozen(eq=False)
class _Facts:
    """The facts of both: what is declared in the joint law, the names of the second law's, and what differs."""

    declared: dict[str, FactDecl]
    names: dict[str, str]
    redeclared: list[Redeclared]
    unlike: frozenset[str]

    @classmethod
    def of(cls, a: Law, b: Law, renamed: Mapping[str, str]) -> _Facts:
        declared = {n: attrs.evolve(d, assume=None) for n, d in a.declared.items()}
        names: dict[str, str] = {}
        redeclared = []
        unlike = set()
        for name, decl in b.declared.items():
            known_as = renamed.get(name, name)
            if known_as != name:
                unlike.add(name)
            mine = a.declared.get(known_as)
            if mine is None:
                declared[known_as] = attrs.evolve(decl, name=known_as, assume=None)
                names[name] = known_as
                continue
            common = mine.type if mine.type == decl.type else meet(mine.type, decl.type)
            used = known_as in a.reads and name in b.reads
            if not same_declaration(mine, decl) and used:
                redeclared.append(_redeclared(mine, decl, apart=common is None))
            if common is None:
                unlike.add(name)
                names[name] = OTHER + name
                declared[OTHER + name] = attrs.evolve(decl, name=OTHER + name, assume=None)
                continue
            names[name] = known_as
            if known_as not in a.reads:
                common = decl.type
            elif name not in b.reads:
                common = mine.type
            if mine.type != decl.type:
                unlike.add(name)
            declared[known_as] = attrs.evolve(mine, type=common, assume=None)
        return cls(declared, names, redeclared, frozenset(unlike))


def _redeclared(a: FactDecl, b: FactDecl, *, apart: bool) -> Redeclared:
    presumed = tuple(None if d.assume is None else shown_exact(d.assume, d.type) for d in (a, b))
    return Redeclared(a.name, a.type, b.type, presumed, apart)  # type: ignore[arg-type]


def _moved(a: Law, b: Law, facts: _Facts) -> frozenset[str]:
    """Give the steps of the second law that may differ from the first's of that name, or that it has alone."""
    found = set(affected(a, b)) - {WHOLE}
    for step in b.steps:
        for node in walk(step.code):
            reads = (
                node.name if isinstance(node, Fact) else node.binder.list_fact if isinstance(node, Row | Each) else ""
            )
            if reads in facts.unlike or (isinstance(node, Step) and node.key in found):
                found.add(step.key)
        if step.binder is not None and step.binder.list_fact in facts.unlike:
            found.add(step.key)
    return frozenset(s.key for s in b.steps if s.key in found)


def _data(a: LawData, b: LawData) -> LawData:
    """Put the values of the second law beside those of the first, under names of their own."""
    parameters = {**a.parameters, **{OTHER + k: v for k, v in b.parameters.items()}}
    tables = {**a.tables, **{OTHER + k: v for k, v in b.tables.items()}}
    return LawData(parameters, tables, (max(a.as_of[0], b.as_of[0]), min(a.as_of[1], b.as_of[1])))


# --- steps ---


@attrs.define(eq=False)
class _Carried:
    """Carries the steps of one law into the joint law: names, facts, lists. `anew`: codes must be made once more."""

    law: Law
    names: Mapping[str, str]
    declared: Mapping[str, FactDecl]
    moved: frozenset[str]
    prefix: str
    binders: dict[tuple[str, str], Binder]
    anew: bool = False
    memo: dict[int, Expr] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for name in self.law.reads:
            own, common = scalars(self.law.declared[name].type), scalars(self.declared[self._name(name)].type)
            self.anew = self.anew or any(recoded(of, common[field]) for field, of in own.items())

    def step(self, step: LawStep) -> LawStep:
        """Carry one step."""
        rich, code = self._node(step.rich), self._node(step.code)
        binder = None if step.binder is None else self._binder(step.binder)
        role = "check" if step.role == "check" else step.role if not self.prefix else "part"
        return attrs.evolve(step, key=self.prefix + step.key, role=role, rich=rich, code=code, binder=binder)

    def _name(self, fact: str) -> str:
        return self.names.get(fact, fact)

    def _binder(self, binder: Binder) -> Binder:
        """Give the binder of the joint law; one list is gone through by one binder of a name."""
        name = self._name(binder.list_fact)
        of = self.declared[name].type
        assert isinstance(of, ListOf)  # noqa: S101 - only lists are gone through
        if (name, of.up_to) == (binder.list_fact, binder.up_to):
            return binder
        key = (f"{self.prefix}{id(binder)}", name)
        if key not in self.binders:
            self.binders[key] = Binder(binder.name, name, of.up_to)
        return self.binders[key]

    def _node(self, node: Expr) -> Expr:
        found = self.memo.get(id(node))
        if found is None:
            found = self.memo[id(node)] = self._carried(node)
        return found

    def _carried(self, node: Expr) -> Expr:
        match node:
            case Fact(name="as_of") | Literal():
                return node
            case Fact() | Row():
                return self._read(node)
            case Parameter():
                return attrs.evolve(node, key=self.prefix + node.key)
            case Step():
                binder = None if node.binder is None else self._binder(node.binder)
                key = self.prefix + node.key if node.key in self.moved else node.key
                return attrs.evolve(node, key=key, binder=binder)
            case Call():
                return attrs.evolve(node, const=self._const(node.const), args=tuple([self._node(x) for x in node.args]))
            case Each():
                return self._folded(node)

    def _folded(self, node: Each) -> Expr:
        """Carry a fold. The mean of no rows is the lowest value of the law's own type, in the joint law too."""
        where = None if node.where is None else self._node(node.where)
        default = None if node.default is None else self._node(node.default)
        body, binder = self._node(node.body), self._binder(node.binder)
        new = attrs.evolve(node, binder=binder, body=body, where=where, default=default)
        if node.op not in {"mean", "median"} or body.type == node.body.type:
            return new
        none = alike(Fact(INTEGER, binder.list_fact, "#"), Literal(INTEGER, Fraction(0)))
        return chosen(none, Literal(node.body.type, node.body.type.lo), new)

    def _read(self, node: Fact | Row) -> Expr:
        """Carry a fact, or a field of a row."""
        new: Fact | Row
        if isinstance(node, Fact):
            name, field, new = node.name, "", attrs.evolve(node, name=self._name(node.name))
        else:
            name, field, new = node.binder.list_fact, node.field, attrs.evolve(node, binder=self._binder(node.binder))
        own, common = scalars(self.law.declared[name].type), scalars(self.declared[self._name(name)].type)
        return self._in_own(new, own[field], common[field]) if field in own else new

    def _in_own(self, node: Fact | Row, own: Any, common: Any) -> Expr:  # noqa: ANN401 - scalar types
        """Give a fact of the common type as this law counts it. A node of the kernel is left: it is made anew."""
        if not recoded(own, common) or type(node.type) is not type(own):
            return node
        read = attrs.evolve(node, type=common)
        if not isinstance(own, Enum):
            return read
        found: Expr = Literal(own, own.members.index(common.members[-1]))
        for code in range(len(common.members) - 1):
            test = alike(read, Literal(common, code))
            found = chosen(test, Literal(own, own.members.index(common.members[code])), found)
        return found

    def _const(self, const: Any) -> Any:  # noqa: ANN401 - what is fixed in a call
        if not self.prefix:
            return const
        if isinstance(const, CellRef):
            return attrs.evolve(const, table=self.prefix + const.table)
        return attrs.evolve(const, key=self.prefix + const.key) if isinstance(const, MonthsRef) else const


def _lowered(steps: list[LawStep], base: Law, kept: int) -> list[LawStep]:
    """Make the kernel form of steps anew, but of the first so many."""
    types = {s.key: s.code.type for s in steps[:kept]}
    lists = {n: d.type for n, d in base.declared.items() if isinstance(d.type, ListOf)}
    done = steps[:kept]
    for step in steps[kept:]:
        code = lowered(step.rich, base.data, types, lists, Faults(), step.key, NOWHERE)
        types[step.key] = code.type
        done.append(attrs.evolve(step, code=code))
    return done


__all__ = ["OTHER", "Joint", "joint", "lasting"]
