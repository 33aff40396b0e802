"""Whether two people can differ in some facts alone: where checks tie these to others, a claim of a pair is of nobody.

Such a claim is true of every pair because there is no pair; it would be wrong to call that a proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.claims.measures import once
from asnmerit.auditing.crowd.domains import domains
from asnmerit.auditing.questions import Pairs, fact_of, level, place
from asnmerit.outcome import facts_below
from asnmerit.rules import types as t
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.expr import Binder, Each, Fact, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.auditing.questions import Extended, Lane, Question, Relation
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

    Words = Mapping[str, str]

NO_PAIR: Final = {
    "id": "tidak ada dua orang yang dapat berbeda dalam data ini saja, karena `checks` mengikatnya pada data lain: "
    "klaim ini tidak mengenai siapa pun",
    "en": "no two people can differ in this fact alone, because the `checks` tie it to others: "
    "the claim is about nobody",
}
ONE_VALUE: Final = {
    "id": "tidak ada dua orang yang dapat berbeda dalam data ini, karena nilainya hanya satu: klaim ini tidak "
    "mengenai siapa pun",
    "en": "no two people can differ in this fact, because it has one value only: the claim is about nobody",
}
NOT_SETTLED: Final = {
    "id": "tidak diketahui apakah dua orang dapat berbeda dalam data ini saja, karena `checks` membacanya",
    "en": "whether two people can differ in this fact alone is not known: the `checks` read it",
}


@attrs.frozen(eq=False)
class Tied:
    """The questions that ask for a pair who differ in some facts alone.

    There is one as soon as one question finds it. Where none does, there is no pair if the questions cover every way
    to differ (`all_ways`). Without questions there is one, unless `never`.
    """

    questions: tuple[Question, ...] = ()
    all_ways: bool = True
    never: bool = False

    def told(self, verdict: Callable[[Question], str]) -> tuple[bool, Words]:
        """Say whether it is proved that there is no pair, and what is to be told of it; nothing where there is one."""
        if self.never:
            return True, ONE_VALUE
        found = {verdict(q) for q in self.questions}
        if not self.questions:
            return False, {} if self.all_ways else NOT_SETTLED
        if "found" in found:
            return False, {}
        shown = found == {"none"} and self.all_ways
        return shown, NO_PAIR if shown else NOT_SETTLED


def tied(law: Law, extended: Extended, varying: Mapping[Lane, Relation]) -> Tied:
    """Ask whether two lawful people can differ in some lanes alone; where no check reads them, nothing need be asked.

    >>> import asnmerit
    >>> from asnmerit.auditing.questions import Extended
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> tied(law, Extended(law), {("active", None): "any"}).questions
    ()
    """
    known = domains(law)
    lanes = [lane for lane, how in varying.items() if lane in known and _apart(known[lane], how)]
    if not lanes:
        return Tied(never=bool(varying))
    checks = [s.key for s in law.steps if s.role == "check"]
    if not checks or not facts_below(law, *checks) & {name for name, _ in varying}:
        return Tied()
    questions, all_ways = [], True
    for lane in lanes:
        # Rows that differ may have the same sum, unless each of them is the same or more.
        all_ways = all_ways and (not known[lane].field or varying[lane] == "up")
        try:
            key = once(extended, f"~ {lane[0]} {lane[1]} apart", _number(law, lane, varying[lane]))
        except NotProvedError:
            all_ways = False
        else:
            questions.append(Pairs(key, "ne", varying))
    return Tied(tuple(questions), all_ways) if questions else Tied((), all_ways=False)


def _apart(domain: Domain, how: Relation) -> bool:
    """Whether two values of a lane can stand to one another in this way and differ."""
    if how == "any" or domain.levels is None:
        return domain.size > 1
    return len(set(domain.levels)) > 1


def _number(law: Law, lane: Lane, how: Relation) -> Expr:
    """Write a lane as a number: of a member its level where pairs go up, else its place; of rows, their sum."""
    name, slot = lane
    of = law.declared[name].type
    told_apart = place if how == "any" else level
    if not isinstance(of, t.ListOf):
        return told_apart(fact_of(law, name, slot))
    if slot == "#":
        return Fact(t.INTEGER, name, "#")
    binder = Binder("row", name, of.up_to)
    field = str(slot)[1:]
    return Each(t.NUMBER, "sum", binder, told_apart(Row(of.fields[field], binder, field)))
