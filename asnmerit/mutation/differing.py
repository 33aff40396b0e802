"""Whether two laws answer anybody differently: people are drawn until one is found, and decided by both."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.auditing.crowd.records import record_of
from asnmerit.auditing.dated import DAY
from asnmerit.auditing.difference.affected import WHOLE, affected
from asnmerit.auditing.proving.sampling import people_of
from asnmerit.errors import AsnmeritError
from asnmerit.mutation.observing import Record, lost, numbering, observed, shown_when, smallest
from asnmerit.mutation.proving import proved
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, Number

if TYPE_CHECKING:
    from asnmerit.auditing.crowd.people import People
    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.frames.kernel import Block
    from asnmerit.rules.law import Law

Answer = Literal["same", "differ", "open"]
TRIED = 24
FEW = 900
"""People of one draw that is too small for a search for rare ones to come before it."""
PORTIONS = 10


def differ(
    a: Law, b: Law, budget: Budget, sampled: Sampled | None = None, seeds: Iterable[Mapping[str, object]] = ()
) -> tuple[Answer, Record | None]:
    """Say whether two laws, on the day of the first, answer somebody differently, and give that somebody's record.

    `same` only where that is certain. Answers are the decisions, the named values, and whether a record is refused.
    `sampled` remembers people between calls; `seeds` are records worth drawing around.

    >>> import asnmerit
    >>> from asnmerit.auditing.proving.driver import Budget
    >>> from asnmerit.rules.editing import Set, node_at, written
    >>> from asnmerit.originals import original
    >>> found, way = original("manokwari/merit"), ("parameters", "minimum_months_in_post", "value")
    >>> changed = found.mutated(Set(way, written("25", node_at(found.root, way))))
    >>> one, other = (asnmerit.in_force(policy, on="2026-04-01") for policy in (found.policy, changed))
    >>> differ(one, one, Budget())[0], differ(one, other, Budget(samples=20_000))[0]
    ('same', 'differ')
    """
    said, record = by_people(a, b, sampled or Sampled(budget), seeds)
    return by_prover(a, b, budget)[:2] if said == "open" else (said, record)


def by_people(
    a: Law, b: Law, sampled: Sampled, seeds: Iterable[Mapping[str, object]] = ()
) -> tuple[Answer, Record | None]:
    """Do so by the structure of the laws, and by people; `open` where neither tells."""
    steps = affected(a, b)
    if not steps or (WHOLE not in steps and not observed(a, steps) and not observed(b, steps) and not lost(a, b)):
        return "same", None
    found = sampled.witness(a, b, steps, seeds)
    return ("open" if found is None else "differ"), found


def by_prover(
    a: Law, b: Law, budget: Budget, *, every_day: bool = False
) -> tuple[Answer, Record | None, datetime.date]:
    """Do so by a solver, and give the day; `open` where it does not tell either.

    With `every_day` they are asked about every day on which both hold; else about the day of the first.
    """
    verdict, lanes, law = proved(a, b, affected(a, b), budget, every_day=every_day)
    if lanes is None or law is None:
        return ("same" if verdict == "none" else "open"), None, a.on
    day = datetime.date.fromordinal(lanes.get((DAY, None), a.on.toordinal()))
    person = record_of(law, lanes, day)
    person.pop(DAY, None)
    record = smallest(a, b, person, day)
    return ("open" if record is None else "differ"), record, day


@attrs.frozen(eq=False)
class _Drawn:
    """People of one law, with the values of all its observed steps."""

    people: People
    block: Block
    values: Mapping[str, Any]


class Sampled:
    """Looks for people whom two laws answer differently. People of a law are drawn once and asked again."""

    def __init__(self, budget: Budget) -> None:
        """Take samples and seed from a budget."""
        self.samples, self.seed = max(budget.samples, 1), budget.seed
        self._drawn: dict[int, tuple[Law, _Drawn]] = {}
        self.tried = 0

    def drawn(self, law: Law, seeds: Iterable[Mapping[str, object]] = ()) -> _Drawn:
        """Give people of a law, drawn on first use."""
        if id(law) not in self._drawn:
            people = self._people(law)
            for record in seeds:
                _seeded(people, record)
            self._drawn[id(law)] = (law, self._valued(people, people.draw(self.samples)))
        return self._drawn[id(law)][1]

    def _quickly(self, law: Law) -> _Drawn:
        """Draw people of a law that is asked once: in portions that are too small for a search for rare ones."""
        from asnmerit.auditing.crowd.drawing import joined  # noqa: PLC0415 - NumPy only where people are drawn

        people = self._people(law)
        return self._valued(people, joined([people.draw(FEW) for _ in range(PORTIONS)]))

    def _people(self, law: Law) -> People:
        return people_of(law, law.on, self.seed)

    def _valued(self, people: People, block: Block) -> _Drawn:
        keys = observed(people.law, people.law.index)
        return _Drawn(people, block, people.values(keys, block))

    def witness(
        self, a: Law, b: Law, steps: frozenset[str], seeds: Iterable[Mapping[str, object]] = ()
    ) -> Record | None:
        """Give the record of somebody whom the laws answer differently, or None."""
        first, presumed = self.drawn(a, seeds), _presumed(a, b)
        self.tried += first.block.rows
        found = self._among(a, b, a, b, first, steps, presumed)
        if found is None and lost(a, b):
            return self._anybody(a, b, first)
        beyond = any(lane not in first.block.values for lane in b.inputs if lane[0] != "as_of")
        if found is not None or not (beyond or any(k in b.index and _checks(b, k) for k in steps)):
            return found
        second = self._quickly(b)
        self.tried += second.block.rows
        return self._among(a, b, b, a, second, steps, presumed)

    def anybody(self, law: Law, seeds: Iterable[Mapping[str, object]] = ()) -> Record:
        """Give the record of somebody, with what the first decision rests on."""
        drawn = self.drawn(law, seeds)
        return self._anybody(law, None, drawn) or {}

    def _anybody(self, a: Law, b: Law | None, drawn: _Drawn) -> Record | None:
        """Give somebody of the first law, where it answers everybody differently: preferably one who is granted."""
        granted = [drawn.values[f"{key}.granted"] for key in a.decisions if f"{key}.granted" in drawn.values]
        rows = [int(column.argmax()) for column in granted if column.any()]
        for row in (*rows, *range(min(drawn.block.rows, TRIED))):
            found = smallest(a, b, drawn.people.record(drawn.people.lanes_at(drawn.block, row)), a.on)
            if found is not None:
                return found
        return None

    def _among(
        self, a: Law, b: Law, law: Law, other: Law, drawn: _Drawn, steps: frozenset[str], presumed: tuple[str, ...]
    ) -> Record | None:
        """Look among people of `law`, which is one of the two."""
        lanes = {lane for lane in other.inputs if lane[0] != "as_of"}
        if not lanes <= drawn.block.values.keys():
            return None
        mine, block, far = drawn.values, drawn.block, drawn.block
        if presumed:
            block, far = _presuming(drawn.block, law, presumed), _presuming(drawn.block, other, presumed)
            mine = drawn.people.values(observed(law, law.index), block)
            steps = frozenset(law.index)
        keys = [k for k in observed(other, steps) if k in mine]
        theirs = _kernel(other, law, keys).run(far).values
        rows = differing(law, other, keys, mine, theirs, block)
        best: Record | None = None
        for row in rows[:TRIED]:
            record = drawn.people.record(drawn.people.lanes_at(block, row))
            for name in presumed:
                record.pop(name, None)
            found = smallest(a, b, record, a.on)
            if found is not None and (best is None or len(str(found)) < len(str(best))):
                best = found
        return best


def _checks(law: Law, key: str) -> bool:
    return law.steps[law.index[key]].role == "check"


def _seeded(people: People, record: Mapping[str, object]) -> None:
    try:
        lanes = people.lanes_of_record(record)
    except AsnmeritError:
        return
    if all(v is not None and (not isinstance(v, list) or None not in v) for v in lanes.values()):
        people.seed(lanes)


def _kernel(law: Law, beside: Law, keys: Iterable[str]) -> Any:  # noqa: ANN401 - a BlockKernel
    from asnmerit.frames.kernel import BlockKernel  # noqa: PLC0415 - NumPy only where people are drawn

    return BlockKernel(law, beside.on.toordinal(), keys)


def differing(
    a: Law, b: Law, keys: Iterable[str], mine: Mapping[str, Any], theirs: Mapping[str, Any], block: Block
) -> list[int]:
    """Give the rows in which any of the steps has another value, as far as a decision shows it."""
    found = None
    for key in keys:
        one, other = a.steps[a.index[key]], b.steps[b.index[key]]
        x, y = mine[key], theirs[key]
        if one.code.type.den != other.code.type.den:
            x, y = x.astype("int64") * other.code.type.den, y.astype("int64") * one.code.type.den
        numbers = numbering(b, a, key)
        if numbers is not None:
            y = sum((y == i) * n for i, n in enumerate(numbers))
        wrong = x != y
        if one.binder is not None:
            counts = block.values[(one.binder.list_fact, "#")]
            wrong = sum((wrong[i] & (counts > i)) for i in range(len(wrong))) > 0
        for name, wanted in zip(shown_when(a, key), (1, 0), strict=True):
            if name is not None and name in mine:
                wrong = wrong & (mine[name] == wanted)
        found = wrong if found is None else found | wrong
    return [] if found is None else [int(i) for i in found.nonzero()[0][: TRIED * 4]]


# --- presumptions ---


def _presumed(a: Law, b: Law) -> tuple[str, ...]:
    """Give the facts that stand in otherwise where they are unknown."""
    both = a.declared.keys() & b.declared.keys()
    return tuple(n for n in a.declared if n in both and a.declared[n].assume != b.declared[n].assume)


def _presuming(block: Block, law: Law, names: tuple[str, ...]) -> Block:
    """Give people for whom some facts are what a law presumes."""
    values = dict(block.values)
    for name in names:
        decl = law.declared[name]
        of = decl.type
        if (name, None) in values and decl.assume is not None and isinstance(of, Bool | Number | Date | Enum):
            den = int_type(of).den
            column = values[(name, None)].copy()
            column[:] = int(decl.assume * den)
            values[(name, None)] = column
    return attrs.evolve(block, values=values)
