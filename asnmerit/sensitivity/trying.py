"""Several laws tried on the people of one frame: the frame is read once, and what the laws share is computed once."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, TypedDict

import attrs

from asnmerit.compiled import compiled
from asnmerit.decision import day_within
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, FrameError, UnknownDecisionError
from asnmerit.frames.answers import ERROR, STATUSES, Steps, check_faults, has_value, keys_of, statuses
from asnmerit.frames.arrow import np, pa
from asnmerit.frames.columns import Used, check_types, fed_by, naming, used_columns
from asnmerit.frames.deciding import BATCH_ROWS, pieces
from asnmerit.frames.kernel import Answer, Block, BlockKernel
from asnmerit.frames.kinds import source_of
from asnmerit.frames.lanes import LaneReader
from asnmerit.outcome import facts_below
from asnmerit.rules.law import Law
from asnmerit.rules.types import Number
from asnmerit.sensitivity.merging import merged

if TYPE_CHECKING:
    from asnmerit.plan import DecisionPlan

Array = Any
MOST_STEPS: Final = 3_000
"""Steps of one program: more of them compile slowly."""
LOW: Final = 2**32 - 1


class TryOptions(TypedDict, total=False):
    """What may be said of a frame: `columns`, `ignore`, `convention` as in `FrameOptions`.

    `absent="unknown"` goes on without a fact that has no column; otherwise all such facts are named in one error.
    """

    columns: Mapping[str, str] | None
    ignore: Collection[str] | str
    convention: str | None
    absent: str


@attrs.frozen(eq=False)
class People:
    """A frame past the edge, as blocks: their lanes, and the rows that have a fault of their own."""

    law: Law
    rows: int
    day: datetime.date
    blocks: tuple[tuple[Block, Array | None], ...]


@attrs.frozen(eq=False)
class View:
    """What one law says of one block of people: steps by the names of that law."""

    law: Law
    steps: Steps
    wrong: Array | None

    def status(self, plan: DecisionPlan) -> Array:
        """Give the places of the statuses, in the order of `STATUSES`."""
        found = statuses(plan, self.steps)
        if self.wrong is not None:
            found[self.wrong] = ERROR
        return found

    def number(self, key: str) -> tuple[Array, Array | None, int]:
        """Give a number of each: numerators, where it is known, and the denominator."""
        den = int(self.law.steps[self.law.index[key]].code.type.den)
        return self.steps.value(key), self.steps.known(key), den


def plan_of(law: Law, decision: object) -> DecisionPlan:
    """Give the plan of a decision; None means the only one. Raises `ArgumentError`, `UnknownDecisionError`."""
    plans = compiled(law).plans
    if decision is None and len(plans) == 1:
        return next(iter(plans.values()))
    if not isinstance(decision, str) or decision not in plans:
        raise UnknownDecisionError(decision, tuple(plans))
    return plans[decision]


def amounts_of(plan: DecisionPlan) -> tuple[str, ...]:
    """Give the fields of a decision that hold rupiah; of a collecting decision its totals."""
    law = plan.law
    found = []
    for place in plan.fields:
        of = law.steps[place.at].type
        if isinstance(of, Number) and of.unit == "rupiah":
            found.append(place.name)
    return tuple(found)


def needed_keys(law: Law, plan: DecisionPlan, more: Sequence[str] = ()) -> list[str]:
    """Give the steps that a decision is read from, the checks of records among them."""
    checks = [s.key for s in law.steps if s.role == "check"]
    return list(dict.fromkeys([*checks, *keys_of(plan), *more]))


# --- people ---


def people(
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    keys: Sequence[str],
    as_of: datetime.date | str | None,
    options: TryOptions,
) -> People:
    """Read a frame. Raises `FrameError` with every fault of its columns and every fact that is not there."""
    day = law.on if as_of is None else day_within(law, as_of)
    for name in options:
        if name not in TryOptions.__annotations__:
            near = near_misses(name, tuple(TryOptions.__annotations__))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError(name, options[name], f"an option: {', '.join(TryOptions.__annotations__)}{hint}")  # type: ignore[literal-required]
    absent = options.get("absent", "refuse")
    how = naming(options.get("columns"), options.get("ignore", "*"), options.get("convention"), absent)
    source = source_of(frame)
    used = used_columns(law, source.names, attrs.evolve(how, absent="unknown"))
    if absent == "refuse":
        nothing_missing(law, used, keys)
    table, objects = source.table(fed_by(used))
    check_types(used, table.schema, tuple(objects), how)
    reader = LaneReader(law, used, how, objects, day.year)
    batches = table.to_batches() if used else [pa.RecordBatch.from_arrays([pa.nulls(source.rows)], ["rows"])]
    blocks = []
    for batch in pieces(batches, BATCH_ROWS):
        read = reader.read(batch)
        blocks.append((read.block, read.faults.wrong))
    return People(law, source.rows, day, tuple(_alike(blocks)))


def _alike(blocks: Sequence[tuple[Block, Array | None]]) -> Iterator[tuple[Block, Array | None]]:
    """Let the same lanes be unsure in all blocks, so that one program fits all of them."""
    unsure = {lane for block, _ in blocks for lane in block.known}
    for block, wrong in blocks:
        known = {k: block.known.get(k) for k in unsure}
        whole = {k: np.ones(block.values[k].shape, np.bool_) if v is None else v for k, v in known.items()}
        yield attrs.evolve(block, known=whole), wrong


def nothing_missing(law: Law, used: Sequence[Used], keys: Sequence[str]) -> None:
    """Refuse a frame without a fact that some steps read and nothing presumes; all such facts are named at once.

    What only checks of records read may be missing: a check that cannot be made stops nobody.
    """
    there = {u.place.fact for u in used}
    wanted = facts_below(law, *(k for k in keys if law.steps[law.index[k]].role != "check"))
    columns = [u.name for u in used]
    faults = []
    for info in law.facts:
        if info.name in wanted and info.assumed is None and info.name not in there:
            near = near_misses(info.name, columns)
            hint = f"did you mean the column {' or '.join(near)}?" if near else 'absent="unknown" goes on without it'
            faults.append(Fault("not-there", info.name, "", f"a column: {info.columns}", hint))
    if faults:
        raise FrameError(faults)


# --- laws ---


@attrs.frozen(eq=False)
class _Part:
    laws: tuple[Law, ...]
    names: tuple[Mapping[str, str], ...]
    kernel: BlockKernel


class Trial:
    """Laws that are tried together on one day. `keys` are the steps that are wanted of each."""

    def __init__(self, laws: Sequence[Law], keys: Sequence[str], as_of: datetime.date) -> None:
        """Merge the laws into as few programs as stay small."""
        self.keys = tuple(keys)
        self.checks = check_faults(laws[0])
        self.parts: list[_Part] = []
        rest = list(laws)
        while rest:
            count = _fitting(rest)
            both = merged(rest[:count])
            outputs = [names[key] for names in both.names for key in self.keys]
            self.parts.append(_Part(tuple(rest[:count]), both.names, BlockKernel(both.law, as_of.toordinal(), outputs)))
            rest = rest[count:]

    def views(self, block: Block, wrong: Array | None) -> Iterator[View]:
        """Give what each law says of a block, in the order of the laws."""
        for part in self.parts:
            answer = part.kernel.run(_read_by(part.kernel.law, block))
            for law, names in zip(part.laws, part.names, strict=True):
                mine = Answer(
                    {key: answer.values[names[key]] for key in self.keys},
                    {key: answer.known[names[key]] for key in self.keys},
                )
                steps = Steps(law, mine, block.rows)
                yield View(law, steps, _broken(steps, self.checks, wrong))


def _read_by(law: Law, block: Block) -> Block:
    """Give the lanes of a block that a law reads."""
    lanes = [lane for lane in law.inputs if lane[0] != "as_of"]
    return Block(
        block.rows, {k: block.values[k] for k in lanes}, {k: block.known[k] for k in lanes if k in block.known}
    )


def _fitting(laws: Sequence[Law]) -> int:
    """Give how many laws go into one program: by the steps that are not those of the first."""
    first = {id(s) for s in laws[0].steps}
    total = len(laws[0].steps)
    for count, law in enumerate(laws[1:], 1):
        total += sum(id(s) not in first for s in law.steps)
        if total > MOST_STEPS:
            return count
    return len(laws)


def _broken(steps: Steps, checks: Sequence[tuple[str, str]], wrong: Array | None) -> Array | None:
    """Add the rows that break a check of the law to those with a fault of their own."""
    for key, _ in checks:
        known, value = steps.known(key), steps.value(key)
        broken = ~value if known is None else ~value & known
        if broken.any():
            wrong = broken if wrong is None else wrong | broken
    return wrong


# --- sums ---


def counted(status: Array) -> list[int]:
    """Count the statuses, in the order of `STATUSES`."""
    return [int(n) for n in np.bincount(status, minlength=len(STATUSES))]


def exact_sum(values: Array, where: Array) -> int:
    """Add numerators up exactly: halves of the words apart, so that no sum leaves 64 bits."""
    chosen = values[where].astype(np.int64, copy=False)
    return (int((chosen >> 32).sum()) << 32) + int((chosen & LOW).sum())


def amounts_in(view: View, plan: DecisionPlan, field: str, status: Array) -> tuple[Array, Array, int]:
    """Give an amount of each: numerators, where it is given and known, and the denominator.

    The refused are given what `otherwise` says, where it says something.
    """
    values, known, den = view.number(f"{plan.node.key}.{field}")
    where = has_value(plan, field, status)
    return values, where if known is None else where & known, den


def given_sum(view: View, plan: DecisionPlan, field: str, status: Array) -> Fraction:
    """Give the sum of an amount over those who are given it."""
    values, where, den = amounts_in(view, plan, field, status)
    return Fraction(exact_sum(values, where), den)
