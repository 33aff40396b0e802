"""People whom one law takes and another refuses: by a check, or because a value is none that it takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.difference.joining import OTHER
from asnmerit.auditing.difference.meeting import meet
from asnmerit.auditing.questions import alike, both, either, fact_of, lanes_of, level, negated, whole
from asnmerit.auditing.replaying import replay
from asnmerit.errors import RecordError
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Expr, Fact
from asnmerit.rules.expr import Literal as Written

if TYPE_CHECKING:
    from asnmerit.auditing.difference.joining import Joint
    from asnmerit.auditing.questions import Lane
    from asnmerit.decision import Decision
    from asnmerit.rules.law import Law

ALWAYS: Final = Written(t.BOOL, value=True)


@attrs.frozen(eq=False)
class Source:
    """Where people are whom one law (0 or 1) takes and the other refuses: those of `law` for whom `test` is true.

    `own`: the law is that law alone, whose values the other does not all take; else it is the joint law, without its
    checks. `exact`: the test is true of all of them; else there may be others.
    """

    by: int
    law: Law
    test: Expr
    own: bool
    exact: bool = True


def sources(joint: Joint) -> tuple[Source, ...]:
    """Give where people may be whom only one law takes; none means that both take the same people."""
    found = []
    first: Expr = both(*(joint.here(s.key) for s in joint.a.steps if s.role == "check"))
    second: Expr = both(*(joint.there(s.key) for s in joint.b.steps if s.role == "check"))
    if _checks_differ(joint):
        steps = tuple(attrs.evolve(s, role="part") if s.role == "check" else s for s in joint.law.steps)
        free = attrs.evolve(joint.law, steps=steps)
        found += [
            Source(0, free, both(first, negated(second)), own=False),
            Source(1, free, both(second, negated(first)), own=False),
        ]
    for by in (0, 1):
        law = attrs.evolve((joint.a, joint.b)[by], on=joint.day)
        tests, exact = _outside(law, (joint.b, joint.a)[by], names(joint, by))
        if tests or not exact:
            found.append(Source(by, law, either(*tests), own=True, exact=exact))
    return tuple(found)


def _checks_differ(joint: Joint) -> bool:
    mine = [s.key for s in joint.a.steps if s.role == "check"]
    theirs = [s.key for s in joint.b.steps if s.role == "check"]
    return not (all(k in joint.b.index and k not in joint.moved for k in mine) and not joint.moved.intersection(theirs))


def names(joint: Joint, by: int) -> dict[str, str]:
    """Give what the other law calls the facts of a law."""
    theirs = {name: name if known.startswith(OTHER) else known for name, known in joint.facts.items()}
    return theirs if by else {old: new for new, old in theirs.items()}


def _outside(law: Law, other: Law, called: Mapping[str, str]) -> tuple[list[Expr], bool]:
    """Write that a fact which both laws declare has a value that the other does not take; and whether that is all.

    A record is refused for a value of a fact that the law declares and does not read, too. What neither reads is left.
    """
    tests: list[Expr] = []
    exact = True
    for name in sorted(law.declared):
        there = called.get(name, name)
        if there not in other.declared or (name not in law.reads and there not in other.reads):
            continue
        mine, theirs = law.declared[name].type, other.declared[there].type
        for test in _tests(law, name, mine, theirs):
            if test is None:
                exact = False
            else:
                tests.append(test)
    return tests, exact


def _tests(law: Law, name: str, mine: t.Type, theirs: t.Type) -> Iterator[Expr | None]:
    """Write when a fact has a value that another type does not take; None for what cannot be written."""
    if mine == theirs:
        return
    if meet(mine, theirs) is None:
        if name in law.reads:
            yield ALWAYS
        return
    match (mine, theirs):
        case (t.ListOf(), t.ListOf()):
            count = Fact(t.INTEGER, name, "#")
            if mine.up_to > theirs.up_to:
                yield _less(whole(theirs.up_to), count)
            if mine.at_least < theirs.at_least:
                yield _less(count, whole(theirs.at_least))
            fields = mine.fields.keys() & theirs.fields.keys()
            if not all(_within(mine.fields[f], theirs.fields[f]) for f in fields):
                yield None
        case (t.Yearly(of=own), t.Yearly(of=other)) | (t.PerMember(of=own), t.PerMember(of=other)):
            for slot in _slots(law, name, mine):
                yield from _scalar(fact_of(law, name, slot), own, other)
        case _:
            yield from _scalar(fact_of(law, name), mine, theirs)


def _slots(law: Law, name: str, of: t.Type) -> list[Any]:
    """Give the slots of a family that a law reads; the first of one that it does not read."""
    first = of.enum.members[0] if isinstance(of, t.PerMember) else 0
    return [slot for _, slot in lanes_of(law, name)] or [first]


def _within(mine: t.Type, theirs: t.Type) -> bool:
    """Whether a type takes all values of another."""
    return not list(_scalar(Written(mine, 0), mine, theirs))


def _scalar(value: Expr, mine: t.Type, theirs: t.Type) -> Iterator[Expr | None]:
    match (mine, theirs):
        case (t.Bool(), t.Bool()):
            return
        case (t.Enum(), t.Enum()):
            for code, member in enumerate(mine.members):
                if member not in theirs.members:
                    yield alike(value, Written(mine, code))
        case (t.Date(), t.Date()):
            if theirs.lo is not None and (mine.lo is None or mine.lo < theirs.lo):
                yield _less(level(value), whole(theirs.lo - 1))
            if theirs.hi is not None and (mine.hi is None or mine.hi > theirs.hi):
                yield _less(whole(theirs.hi - 1), level(value))
        case (t.Number(), t.Number()):
            yield from _number(value, mine, theirs)
        case _:
            yield None


def _number(value: Expr, mine: t.Number, theirs: t.Number) -> Iterator[Expr | None]:
    if theirs.lo is not None and (mine.lo is None or mine.lo < theirs.lo):
        yield _less(value, whole(theirs.lo))
    if theirs.hi is not None and (mine.hi is None or mine.hi > theirs.hi):
        yield _less(whole(theirs.hi), value)
    met = meet(mine, theirs)
    if not isinstance(met, t.Number) or (met.step or 1) != (mine.step or 1):
        yield None


def _less(a: Expr, b: Expr) -> Expr:
    return Call(t.BOOL, "lt", (a, b))


# --- who was found ---


def decided(joint: Joint, source: Source, lanes: Mapping[Lane, Any]) -> tuple[Decision, tuple[str, ...]]:
    """Decide a person by the law that takes them, and give what the other says that does not."""
    by = source.by
    laws = joint.a, joint.b
    if source.own:
        record = record_of(source.law, lanes, joint.day)
        called = names(joint, by)
        other = record_of(source.law, _known_to(laws[1 - by], lanes, called), joint.day)
        records = record, {called.get(name, name): value for name, value in other.items()}
    else:
        both_of = joint.records(lanes)
        records = both_of[by], both_of[1 - by]
    told = replay(laws[by], records[0], joint.day)
    try:
        replay(laws[1 - by], records[1], joint.day)
    except RecordError as error:
        return told, tuple(map(str, error.faults))
    return told, ()


def _known_to(law: Law, lanes: Mapping[Lane, Any], called: Mapping[str, str]) -> dict[Lane, Any]:
    """Give what a law knows of a person: the lanes that it reads, and facts that it only declares."""
    found = {}
    for (name, slot), value in lanes.items():
        there = called.get(name, name)
        if (there, slot) in law.inputs or (there in law.declared and there not in law.reads):
            found[name, slot] = value
    return found
