"""Comparing two laws over a population: both decide every row, and people who fare alike are counted together."""

from __future__ import annotations

import datetime
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol, TypedDict, Unpack, runtime_checkable

import attrs

from asnmerit.comparison.cells import CHANGES, Cell, Heap, change_of
from asnmerit.comparison.compared import Compared, DecisionCompared
from asnmerit.comparison.pairing import Note, Pair, paired
from asnmerit.comparison.population import Groups, Population, columns_of, group_names, population, wanted
from asnmerit.comparison.reading import Answers
from asnmerit.comparison.signing import Signed, signed
from asnmerit.comparison.tables import mixed_column
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.frames.answers import STATUSES
from asnmerit.frames.arrow import np, pa, pc
from asnmerit.frames.deciding import Decider, FrameOptions, Order, ordered, pieces
from asnmerit.frames.progress import teller
from asnmerit.rules.law import A_LAW, Law

Frame = Any
Coded = Sequence[tuple[Any, list[Any]]]
"""For each column grouped by: the code of each row, and the values of the codes."""
Day = datetime.date | str | None


class PeopleOptions(TypedDict, total=False):
    """What a caller may say of the people, and of the work; each as in `FrameOptions`."""

    columns: Mapping[str, str] | None
    ignore: Collection[str] | str
    convention: str | None
    absent: str
    batch_rows: int
    threads: int
    progress: bool | Callable[[int, int | None], object]


OWN: Final = frozenset({"row", "change", "status_before", "status_after", "conditions"})
"""Columns of the table of changed people that every decision has."""
OPTIONS: Final = tuple(PeopleOptions.__annotations__)


def compare(
    law_a: Law | Reformed,
    law_b: Law | Reformed,
    frame: Frame,
    *,
    decision: str | Sequence[str] | None = None,
    by: str | Sequence[str] | None = None,
    as_of: Day | tuple[Day, Day] = None,
    rows: bool = True,
    **options: Unpack[PeopleOptions],
) -> Compared:
    """Decide a population under two laws, and tell who wins, who loses, what it costs, and why.

    A law may also be a reform. `frame` is what `decide_frame` takes; readers of batches go through in bounded memory.
    `decision` names what is compared (all that both laws decide). `by` names columns to group by; they need not be
    facts. `as_of` is the day for which facts are judged (each law's own day), one for both or a pair. `rows=False`
    keeps no table of the people whose answer changed. Columns that only one of the laws knows are passed over for the
    other. Who is refused, and is given by `otherwise` what is not known, is undetermined here. Options as
    `PeopleOptions`.

    Raises `FrameError` with every fault of the columns, `ArgumentError` and `UnknownDecisionError` for arguments.

    >>> import asnmerit, pyarrow
    >>> policy = asnmerit.load("manokwari/merit")
    >>> laws = [asnmerit.in_force(policy, on=day) for day in ("2025-04-01", "2026-04-01")]
    >>> found = compare(*laws, pyarrow.table({"active": [True, False]}), decision="promotion")
    >>> found["promotion"].all.unchanged, found["promotion"].all.undetermined
    (1, 1)
    """
    laws, unbound = _laws(law_a, law_b)
    pairs, notes = _pairs(laws, decision)
    if not isinstance(rows, bool):
        raise ArgumentError("rows", rows, "True or False")
    days = _days(as_of)
    orders = (order_of(laws[0], pairs, 0, days[0], options), order_of(laws[1], pairs, 1, days[1], options))
    names, people = group_names(by), population(frame)
    count, tallies, faults = _counted(orders, people, names, [Tally(pair, names, rows=rows) for pair in pairs])
    decided = {t.pair.name: t.done(people.kind) for t in tallies}
    return Compared(laws, (orders[0].as_of, orders[1].as_of), count, names, decided, tuple(notes), faults, unbound)


Faults = tuple[Counter[tuple[str, str]], ...]


def _counted(
    orders: tuple[Order, Order], people: Population, names: tuple[str, ...], tallies: Sequence[Tally]
) -> tuple[int, Sequence[Tally], Faults]:
    """Count everybody: how many there are, how they fared, and the faults under either law."""
    faults: Faults = (Counter(), Counter())
    count = 0
    for batch, groups, answers in answered(orders, people, names):
        coded = groups.of(batch)
        for tally in tallies:
            tally.add(coded, answers, count)
        for told, answer in zip(faults, answers, strict=True):
            told.update(_faults(answer))
        count += batch.num_rows
    return count, tallies, faults


def _days(as_of: object) -> tuple[Any, Any]:
    """Read `as_of`: a day for both laws, or a pair."""
    days = as_of if isinstance(as_of, tuple) else (as_of, as_of)
    if len(days) != 2:  # noqa: PLR2004 - two laws
        raise ArgumentError("as_of", as_of, "a day for both laws, or a pair of days")
    return days


@runtime_checkable
class Reformed(Protocol):
    """A reform: the law that it makes, and the changes in it that go beyond what is delegated."""

    @property
    def law(self) -> Law:
        """The law with the changes in it."""
        ...

    @property
    def unbound(self) -> tuple[str, ...]:
        """The changes that go beyond what is delegated."""
        ...


def _laws(*given: object) -> tuple[tuple[Law, Law], tuple[str, ...]]:
    """Read two laws, or reforms; and what in them is beyond delegation."""
    laws: list[Law] = []
    unbound: list[str] = []
    for name, one in zip(("law_a", "law_b"), given, strict=True):
        law = one.law if isinstance(one, Reformed) and not isinstance(one, Law) else one
        if not isinstance(law, Law):
            raise ArgumentError(name, one, f"{A_LAW}, or a Reform")
        laws.append(law)
        unbound += one.unbound if isinstance(one, Reformed) else ()
    return (laws[0], laws[1]), tuple(dict.fromkeys(unbound))


def _pairs(laws: tuple[Law, Law], decision: object) -> tuple[list[Pair], list[Note]]:
    """Choose the decisions that are compared, and say what is on one side only."""
    a, b = laws
    both = [name for name in a.decisions if name in b.decisions]
    notes = [Note("only-before", name) for name in a.decisions if name not in b.decisions]
    notes += [Note("only-after", name) for name in b.decisions if name not in a.decisions]
    if decision is None:
        if not both:
            said = f"{', '.join(a.decisions) or 'nothing'}; {', '.join(b.decisions) or 'nothing'}"
            raise ArgumentError("law_b", said, "two laws that decide something in common")
        chosen = both
    else:
        chosen = _chosen(decision, laws, both)
        notes = []
    pairs = [paired(a, b, name) for name in chosen]
    return pairs, [*notes, *(note for pair in pairs for note in pair.notes)]


def _chosen(decision: object, laws: tuple[Law, Law], both: Sequence[str]) -> list[str]:
    names = [decision] if isinstance(decision, str) else list(decision) if isinstance(decision, Collection) else [None]
    if not names or not all(isinstance(n, str) for n in names):
        raise ArgumentError("decision", decision, "the name of a decision, or a list of names")
    for name in names:
        for law, other in (laws, laws[::-1]):
            if name in law.decisions and name not in other.decisions:
                where = f"{law.policy} on {law.on} decides it, {other.policy} on {other.on} does not"
                raise ArgumentError("decision", name, f"a decision of both laws ({', '.join(both) or 'none'}): {where}")
        if name not in both:
            raise UnknownDecisionError(name, both)
    return list(dict.fromkeys(str(n) for n in names))


def order_of(law: Law, pairs: Sequence[Pair], side: int, day: Day, options: PeopleOptions) -> Order:
    """Order from a law what is compared."""
    for name in options:
        if name not in OPTIONS:
            near = near_misses(name, OPTIONS)
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError(name, options[name], f"an option: {', '.join(OPTIONS)}{hint}")  # type: ignore[literal-required]
    asked: FrameOptions = {
        **options,  # type: ignore[typeddict-item]
        "decisions": [pair.name for pair in pairs],
        "values": list(dict.fromkeys(key for pair in pairs for key in pair.values(side))),
        "keep": False,
    }
    return ordered(law, day, asked)


def answered(orders: Sequence[Order], people: Population, by: Sequence[str]) -> Iterator[tuple[Any, Groups, list[Any]]]:
    """Give the people batch by batch, with how they are grouped, and what each law says of them."""
    used = columns_of(orders, people.names, by)
    schema, batches, objects = people.take(wanted(used, by))
    deciders = [Decider(order, schema, one, objects) for order, one in zip(orders, used, strict=True)]
    groups = Groups(tuple(by), {n: objects[n] for n in by if n in objects})
    tell, end = teller(orders[0].progress)
    done = 0
    try:
        parts = shared(pieces(batches, orders[0].batch_rows), len(deciders))
        streams = [decider.answered(part) for decider, part in zip(deciders, parts, strict=True)]
        for together in zip(*streams, strict=True):
            batch = together[0][0]
            yield batch, groups, [answers for _, answers in together]
            done += batch.num_rows
            tell(done, people.rows)
    finally:
        end()


def shared(batches: Iterator[Any], count: int) -> list[Iterator[Any]]:
    """Give the same batches to several, who take them about in step; one that all of them have is kept no longer.

    `itertools.tee` keeps up to 57 of them until all have gone through these.

    >>> first, second = shared(iter("ab"), 2)
    >>> [*zip(first, second)]
    [('a', 'a'), ('b', 'b')]
    """
    lines: list[deque[Any]] = [deque() for _ in range(count)]

    def line(mine: deque[Any]) -> Iterator[Any]:
        while True:
            if not mine:
                batch = next(batches, None)
                if batch is None:
                    return
                for each in lines:
                    each.append(batch)
                del batch
            yield mine.popleft()

    return [line(mine) for mine in lines]


def _faults(answers: Any) -> Mapping[tuple[str, str], int]:  # noqa: ANN401 - a batch of PyArrow
    """Count the faults of a batch by code, and by column or else fact."""
    errors = answers.column("error")
    if errors.null_count == len(errors):
        return {}
    at = pc.indices_nonzero(errors.is_valid())
    texts = [answers.column(n).take(at).to_pylist() for n in ("error", "error_column", "error_fact")]
    return Counter((code, column or fact) for code, column, fact in zip(*texts, strict=True))


# --- one decision ---


@attrs.define(eq=False)
class Tally:
    """Counts the people of one decision, block by block, and keeps those whose answer changed."""

    pair: Pair
    by: tuple[str, ...]
    rows: bool = True
    heaps: dict[Cell, Heap] = attrs.field(factory=dict)
    kept: list[Any] = attrs.field(factory=list)

    def add(self, groups: Coded, answers: Sequence[Any], start: int) -> None:
        """Count a block whose first row is number `start`."""
        found = signed(self.pair, (answers[0], answers[1]), groups)
        for cell, people, before, after in zip(found.cells, found.people, found.before, found.after, strict=True):
            self.heaps.setdefault(cell, Heap()).add(people, before, after)
        if self.rows and (found.changed.any() or not self.kept):
            self.kept.append(self._changed(found, groups, answers, start))

    def ways(self) -> tuple[int, ...]:
        """Give the way of each field."""
        return tuple(f.way for f in self.pair.fields)

    def _changed(self, found: Signed, groups: Coded, answers: Sequence[Any], start: int) -> Any:  # noqa: ANN401 - a table
        at = np.flatnonzero(found.changed)
        places = pa.array(found.places[at])
        said = [change_of(cell, self.pair.way, self.ways()) for cell in found.cells]
        columns: dict[str, Any] = {"row": pa.array(at + start, pa.int64())}
        taken = {f"{f.name}_{word}" for f in self.pair.fields for word in ("before", "after")} | OWN
        for name, (codes, values) in zip(self.by, groups, strict=True):
            columns[f"by.{name}" if name in taken else name] = mixed_column(values).take(pa.array(codes[at]))
        columns["change"] = _coded(said, CHANGES).take(places)
        sides = [Answers(self.pair, i, answer) for i, answer in enumerate(answers)]
        for word, side in zip(("before", "after"), sides, strict=True):
            statuses = [STATUSES[cell.status[side.side]] for cell in found.cells]
            columns[f"status_{word}"] = _coded(statuses, STATUSES).take(places)
        for field in self.pair.fields:
            for word, side in zip(("before", "after"), sides, strict=True):
                columns[f"{field.name}_{word}"] = side.column(field.name).take(pa.array(at))
        lists = pa.array([list(cell.conditions) for cell in found.cells], pa.list_(pa.string()))
        columns["conditions"] = lists.take(places)
        return pa.table(columns)

    def done(self, kind: str) -> DecisionCompared:
        """Give what was counted."""
        ways = self.ways()
        cells = tuple((cell, change_of(cell, self.pair.way, ways), heap) for cell, heap in self.heaps.items())
        changed = pa.concat_tables(self.kept, promote_options="permissive") if self.kept else None
        changed = None if changed is None else changed.unify_dictionaries()
        return DecisionCompared(self.pair, self.by, cells, changed, kind, kept=self.rows)


def _coded(texts: Sequence[str], members: Sequence[str]) -> Any:  # noqa: ANN401 - an array of PyArrow
    places = pa.array([members.index(t) for t in texts], pa.int8())
    return pa.DictionaryArray.from_arrays(places, pa.array(list(members), pa.string()))
