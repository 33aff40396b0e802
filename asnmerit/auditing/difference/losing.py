"""Claims about two laws: that nobody loses, in a decision, among those of whom something holds."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.difference.answers import comparable, settled_in, unequal
from asnmerit.auditing.difference.joining import OTHER
from asnmerit.auditing.questions import alike, better, both, either, fields_of, negated, read_step, whole
from asnmerit.diagnostics import Faults, Position, near_misses
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.rules import types as t
from asnmerit.rules.days import day_argument
from asnmerit.rules.document import Scalar
from asnmerit.rules.expr import Expr, Fact, Parameter, walk
from asnmerit.rules.expr import Literal as Written
from asnmerit.rules.infer import Typer
from asnmerit.rules.scope import FactName, ParameterName, Scope, StepName, TypeName
from asnmerit.rules.syntax import parse

if TYPE_CHECKING:
    from asnmerit.auditing.difference.beyond import Source
    from asnmerit.auditing.difference.joining import Joint
    from asnmerit.rules.expr import Step
    from asnmerit.rules.law import Law

NAMED = frozenset({"derived", "indicator", "score", "condition"})


@attrs.frozen
class NobodyLoses:
    """The claim that nobody loses by the second law, in a decision. Make one with `nobody_loses`.

    To lose is to be granted a benefit no longer (or to have a burden laid on for the first time), or to be answered a
    field that is worse: less of a benefit, more of a burden, or as the policy declares which way is better. Somebody
    who is granted a benefit by the first law, and whose record the second does not take, loses too. `given` are facts
    with the values that they have; `where` says the same, or is the condition.
    """

    decision: str
    where: str = ""
    given: tuple[tuple[str, tuple[object, ...]], ...] = ()

    def __str__(self) -> str:
        """Say the claim in English."""
        return f"nobody loses by {self.decision}" + (f", where {self.where}" if self.where else "")


def nobody_loses(decision: str, where: Mapping[str, object] | str = "") -> NobodyLoses:
    """Claim that nobody loses in a decision, among those of whom `where` holds.

    `where` is an expression over facts and named values, as a policy writes it, or a mapping from facts to the value
    (or several values) that they have.

    >>> str(nobody_loses("promotion", {"employment": ["pns", "pppk"], "active": True}))
    'nobody loses by promotion, where employment in [pns, pppk] and active == yes'
    """
    if not isinstance(decision, str):
        raise ArgumentError("decision", decision, "the name of a decision")
    if isinstance(where, str):
        return NobodyLoses(decision, where.strip())
    if not isinstance(where, Mapping):
        raise ArgumentError("where", where, "an expression, or a mapping from facts to values")
    given = tuple((name, _several(name, value)) for name, value in where.items())
    said = " and ".join(_said(name, values, where[name]) for name, values in given)
    return NobodyLoses(decision, said, given)


def _several(name: object, value: object) -> tuple[object, ...]:
    """Give the values that a fact has."""
    values = tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)
    if not isinstance(name, str) or not values:
        raise ArgumentError("where", {name: value}, "facts, each with a value or several")
    return values


def _said(name: str, values: tuple[object, ...], value: object) -> str:
    """Write which values a fact has."""
    if value is values[0]:
        return f"{name} == {_value(value)}"
    return f"{name} in [{', '.join(sorted(map(_value, values)))}]"


def _value(value: object) -> str:
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


# --- whom it is about ---


def condition(joint: Joint, claim: NobodyLoses, law: Law | None = None) -> Expr:
    """Read whom a claim is about: the facts of both laws, and what the first law names; or of the first law alone.

    Raises:
        ArgumentError: if it cannot be read, with the reason.
    """
    scope = _scope(joint) if law is None else _scope_of(law, law)
    if claim.given:
        base = joint.law if law is None else law
        return both(*(_has(joint, base, name, values) for name, values in claim.given))
    text = claim.where
    if not text:
        return Written(t.BOOL, value=True)
    faults = Faults()
    source = parse(Scalar(Position("where"), text), faults)
    typed = None if source is None else Typer(scope, faults, source).typed(t.BOOL)
    if typed is None:
        said = "; ".join(d.message for d in faults.errors) or "it has no type"
        raise ArgumentError("where", text, f"a condition on facts and named values: {said}")
    return typed


def _has(joint: Joint, law: Law, name: str, values: tuple[object, ...]) -> Expr:
    """Write that a fact or a named value is one of several."""
    read: Expr
    if name in law.declared and not name.startswith(OTHER):
        of = law.declared[name].type
        read = Fact(of, name)
    elif name in law.index and law.steps[law.index[name]].role in NAMED:
        read = read_step(law, name)
    else:
        near = near_misses(name, [n for n in law.declared if not n.startswith(OTHER)])
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ArgumentError("where", name, f"facts and named values{hint}")
    return either(*(_is(joint, read, name, value) for value in values))


def _is(joint: Joint, read: Expr, name: str, value: object) -> Expr:
    of = read.type
    said = str(value)
    if isinstance(of, t.Bool) and isinstance(value, bool):
        return alike(read, Written(t.BOOL, value))
    if isinstance(of, t.Enum) and isinstance(value, str):
        if value in of.members:
            return alike(read, Written(of, of.members.index(value)))
        laws = (joint.a, joint.b)
        if any(value in e.members for x in laws if name in x.declared for e in _enums(x.declared[name].type)):
            return Written(t.BOOL, value=False)
        raise ArgumentError("where", {name: value}, f"a member of {of.name}: {', '.join(of.members)}")
    try:
        if isinstance(of, t.Date) and isinstance(value, datetime.date | str):
            return alike(read, Written(t.DATE, day_argument("where", value).toordinal()))
        number = isinstance(value, int | float | Decimal | Fraction | str) and not isinstance(value, bool)
        if isinstance(of, t.Number) and number:
            return alike(read, whole(Fraction(said)))
    except (ValueError, ZeroDivisionError):
        pass
    raise ArgumentError("where", {name: said}, f"a value of the type {of}" if _single(of) else "a fact of one value")


def _single(of: object) -> bool:
    return isinstance(of, t.Bool | t.Number | t.Date | t.Enum)


def _scope(joint: Joint) -> Scope:
    """Give the names that a condition may say."""
    return _scope_of(joint.law, joint.a)


def _scope_of(law: Law, named: Law) -> Scope:
    """Give the facts of a law, and what another whose steps it has first names."""
    scope = Scope()
    for name, decl in law.declared.items():
        if not name.startswith(OTHER):
            scope.add(name, FactName(name, decl.type))
            for of in _enums(decl.type):
                scope.add(of.name, TypeName(of))
    for step in law.steps[: len(named.steps)]:
        if step.role in NAMED and step.binder is None:
            scope.add(step.key, StepName(step.key, step.type))
        for node in walk(step.rich):
            if isinstance(node, Parameter):
                scope.add(node.key, ParameterName(node.key, node.type))
    return scope


def _enums(of: t.Type) -> Iterator[t.Enum]:
    match of:
        case t.Enum():
            yield of
        case t.Yearly(inner):
            yield from _enums(inner)
        case t.PerMember(inner, enum):
            yield enum
            yield from _enums(inner)
        case t.ListOf(fields):
            for inner in fields.values():
                yield from _enums(inner)
        case _:
            pass


# --- who loses ---


def loses(joint: Joint, claim: NobodyLoses, renamed: Mapping[str, str]) -> tuple[Expr, tuple[str, ...]]:
    """Write who loses, and name the fields that the laws give in ways that cannot be compared.

    Raises:
        UnknownDecisionError: if a law has no such decision.
        ArgumentError: if nothing says which way the decision is better, or `where` cannot be read.
    """
    theirs = {renamed.get(name, name): name for name in joint.b.decisions}
    for names in (tuple(joint.a.decisions), tuple(theirs)):
        if claim.decision not in names:
            raise UnknownDecisionError(claim.decision, names)
    a, b = joint.a.decisions[claim.decision], joint.b.decisions[theirs[claim.decision]]
    if a.kind != b.kind:
        told = f"a decision of one kind in both laws: it is a {a.kind} in the first and a {b.kind} in the second"
        raise ArgumentError("claims", claim.decision, told)
    before, after = settled_in(joint.a, a, joint.here), settled_in(joint.b, b, joint.there)
    tests: list[Expr] = []
    unclear: list[str] = []
    if a.kind == "burden":
        tests.append(both(negated(before), after))
    elif a.kind == "benefit" or any(better(a, f) for f in a.fields):
        tests.append(both(before, negated(after)))
    for field in fields_of(joint.a, a):
        way = better(a, field)
        if way is None:
            continue
        worse = _worse(joint, (a.key, b.key), field, way) if field in fields_of(joint.b, b) else None
        if worse is None:
            unclear.append(field)
            continue
        tests.append(worse if a.hit == "collect" else both(before, after, worse))
    if not tests:
        told = "a decision of which it is known which way it is better: a benefit, a burden, or fields with `better`"
        raise ArgumentError("claims", claim.decision, told)
    return both(either(*tests), condition(joint, claim)), tuple(unclear)


def losing_beyond(joint: Joint, claim: NobodyLoses, names: tuple[str, str], source: Source) -> Expr | None:
    """Write who loses among those whom only one law takes: granted by it. None where `where` cannot be asked there."""
    own, law = (joint.a, joint.b)[source.by], source.law
    node = own.decisions[names[source.by]]

    def read(key: str) -> Step:
        if source.own:
            return read_step(law, key)
        return (joint.here, joint.there)[source.by](key)

    where: Expr = Written(t.BOOL, value=True)
    if claim.where:
        if source.own and source.by:
            return None
        try:
            where = condition(joint, claim, law if source.own else None)
        except ArgumentError:
            return None
    return both(source.test, settled_in(own, node, read), where)


def _worse(joint: Joint, keys: tuple[str, str], field: str, way: str) -> Expr | None:
    """Write that a field is worse by the second law; None where it cannot be compared."""
    one, other = joint.here(f"{keys[0]}.{field}"), joint.there(f"{keys[1]}.{field}")
    found: Mapping[str, Any] = unequal(one, other) if comparable(one, other) else {}
    return found.get("less" if way == "higher" else "more")


def unknown_names(law: Law, names: tuple[str, ...]) -> ArgumentError:
    """Say that a law has no decision or score of a name."""
    there = (*law.decisions, *(s.key for s in law.steps if s.role == "score"))
    near = near_misses(names[0], there)
    hint = f"; did you mean {near[0]}?" if near else ""
    return ArgumentError("decision", names[0], f"decisions or scores of one of the laws{hint}")
