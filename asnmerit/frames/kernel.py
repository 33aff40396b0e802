"""The law as a block kernel: generated NumPy code that runs blocks of rows in reused buffers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

from asnmerit.frames import primitives
from asnmerit.frames.program import Kind, Plan, Program, Ref, kind_of, placed
from asnmerit.frames.writer import Rows, Val, Writer
from asnmerit.outcome import cone
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.kernel import Int
    from asnmerit.rules.law import Law, LawStep

BLOCK = 32_768
MOST_KEPT = 64
"""Programs that one law keeps; the oldest goes first."""
PAIR = 2
DTYPES: Mapping[str, Any] = {"bool": np.bool_, "int32": np.int32, "int64": np.int64}
Lane = tuple[str, int | str | None]
DAY: Lane = ("as_of", None)


def lane_types(law: Law) -> dict[Lane, Int]:
    """Give the kernel type of each lane that the law reads; lengths of lists have none of their own."""
    found: dict[Lane, Int] = {}
    for name, slot in law.inputs:
        if name == "as_of" or slot == "#":
            continue
        match law.declared[name].type:
            case Yearly(of) | PerMember(of):
                found[(name, slot)] = int_type(of)
            case ListOf(fields):
                found[(name, slot)] = int_type(fields[str(slot)[1:]])
            case of:
                found[(name, slot)] = int_type(of)  # type: ignore[arg-type]
    return found


def dtype_of(of: Int) -> Any:  # noqa: ANN401 - a NumPy type
    """Give the type of column that holds a kernel type."""
    return DTYPES[kind_of(of)]


@attrs.frozen(eq=False)
class Block:
    """Input lanes of some rows: value by lane (two-dimensional for fields of lists), known where that is needed."""

    rows: int
    values: Mapping[Lane, Any]
    known: Mapping[Lane, Any] = attrs.field(factory=dict)

    def slice(self, start: int, stop: int) -> Block:
        """Give some of the rows; nothing is copied."""
        return Block(
            stop - start,
            {lane: v[..., start:stop] for lane, v in self.values.items()},
            {lane: v[..., start:stop] for lane, v in self.known.items()},
        )


@attrs.frozen(eq=False)
class Answer:
    """Columns of steps: value by key, and where it is known; None for everywhere."""

    values: Mapping[str, Any]
    known: Mapping[str, Any]


@attrs.frozen(eq=False)
class _Compiled:
    run: Any
    lanes: tuple[Lane, ...]
    unsure: frozenset[Lane]
    plan: Plan
    outputs: tuple[tuple[str, Val | Rows], ...]
    source: str
    dated: bool
    """Whether it reads the day of decision."""


@attrs.define(eq=False)
class _Kept:
    """The programs that a law keeps for some outputs and unsure lanes: of the first day asked, and of any day."""

    as_of: int
    first: _Compiled
    any: _Compiled | None = None


class BlockKernel:
    """Runs one law on one day over blocks. `outputs` names the steps whose columns are wanted."""

    def __init__(self, law: Law, as_of: int, outputs: Iterable[str], block: int = BLOCK) -> None:
        """Programs are written on first use: one for each set of lanes in which something is unknown."""
        self.law, self.as_of, self.block = law, as_of, block
        self.outputs = tuple(dict.fromkeys(outputs))
        needed = set(cone(law, *self.outputs))
        self.steps: tuple[LawStep, ...] = tuple(s for s in law.steps if s.key in needed)
        self._programs: dict[frozenset[Lane], _Compiled] = {}

    def program(self, unsure: Iterable[Lane]) -> _Compiled:
        """Give the compiled program for rows in which these lanes may be unknown."""
        lanes = frozenset(unsure)
        if lanes not in self._programs:
            self._programs[lanes] = self._kept(lanes)
        return self._programs[lanes]

    def _kept(self, lanes: frozenset[Lane]) -> _Compiled:
        """Take a program that the law keeps. Of the first day one is written for that day, and then one for any."""
        kept: dict[Any, _Kept] = self.law.__dict__.setdefault("_block_programs", {})
        key = self.outputs, lanes
        found = kept.get(key)
        if found is None:
            found = _Kept(self.as_of, _written(self, lanes, self.as_of))
            for oldest in tuple(kept)[: max(len(kept) + 1 - MOST_KEPT, 0)]:
                kept.pop(oldest, None)
            kept[key] = found
        if found.as_of == self.as_of or not found.first.dated:
            return found.first
        if found.any is None:
            found.any = _written(self, lanes, None)
        return found.any

    def run(self, given: Block) -> Answer:
        """Compute the outputs of all rows."""
        program = self.program(given.known)
        values, known = self._columns(program, given.rows)
        room = min(self.block, max(given.rows, 1))
        buffers = _buffers(program.plan, room)
        day = np.full(room, self.as_of, np.int32)
        for start in range(0, given.rows, self.block):
            stop = min(start + self.block, given.rows)
            part = given.slice(start, stop)
            inputs = [day[: stop - start] if lane == DAY else part.values[lane] for lane in program.lanes]
            masks = [part.known.get(lane) for lane in program.lanes]
            here = [v[..., start:stop] for v in values.values()]
            marks = [None if k is None else k[..., start:stop] for k in known.values()]
            program.run(stop - start, inputs, masks, buffers, here, marks)
        return Answer(values, known)

    def _columns(self, program: _Compiled, rows: int) -> tuple[dict[str, Any], dict[str, Any]]:
        values: dict[str, Any] = {}
        known: dict[str, Any] = {}
        for key, found in program.outputs:
            of = self.law.steps[self.law.index[key]]
            shape: tuple[int, ...] = (rows,)
            if of.binder is not None:
                shape = (of.binder.up_to, rows)
            doubt = found.known is not None
            values[key] = np.zeros(shape, dtype_of(of.code.type))
            known[key] = np.ones(shape, np.bool_) if doubt else None
        return values, known


def _buffers(plan: Plan, rows: int) -> dict[str, list[Any]]:
    return {kind: [np.empty(rows, DTYPES[kind]) for _ in range(n)] for kind, n in plan.buffers.items()}


def _written(kernel: BlockKernel, unsure: frozenset[Lane], as_of: int | None) -> _Compiled:
    """Write, place and compile the program: for one day, or for any, which is then a column."""
    law, program = kernel.law, Program()
    lanes = tuple(lane for lane in law.inputs if lane[0] != "as_of" or as_of is None)
    inputs: dict[tuple[str, Any], Val] = {}
    types = lane_types(law)
    writer = Writer(program, inputs, unsure, as_of, {lane: kind_of(of) for lane, of in types.items()})
    for i, (name, slot) in enumerate(lanes):
        field = isinstance(slot, str) and slot.startswith(".") and isinstance(law.declared[name].type, ListOf)
        if field:
            writer.lists[f"{name}{slot}"] = f"x{i}"
            continue
        if slot == "#":
            writer.lists[f"{name}#"] = f"x{i}"
        known = Ref(f"x{i}k", "bool") if (name, slot) in unsure else None
        of = types.get((name, slot))
        kind: Kind = "int32" if of is None else kind_of(of)
        inputs[(name, slot)] = Val(Ref(f"x{i}", kind), known)
    rowwise: list[tuple[str, Rows]] = []
    for at, step in enumerate(kernel.steps):
        if step.binder is None:
            writer.steps[step.key] = writer.write(step.code)
        else:
            rows = _rowwise(writer, step, f"w{at}")
            writer.steps[step.key] = rows
            rowwise.append((step.key, rows))
    outputs = tuple((key, writer.steps[key]) for key in kernel.outputs)
    fixed = _handed_out(program, outputs)
    plan = placed(program, fixed)
    source = _source(program, plan, lanes, outputs, fixed, [r for _, r in rowwise], writer)
    return _Compiled(_compiled(source, program), lanes, unsure, plan, outputs, source, writer.dated)


def _rowwise(writer: Writer, step: LawStep, name: str) -> Rows:
    """Write a step that has a value for each row of a list into a column of its own for each row."""
    program, binder = writer.program, step.binder
    if binder is None:
        raise TypeError(step.key)
    kind = kind_of(step.code.type)
    count = writer.inputs[(binder.list_fact, "#")]
    program.count += 1
    i = f"i{program.count}"
    program.begin(f"for {i} in range(most_{writer.lists[binder.list_fact + '#']}):")
    writer.rows[binder] = i
    found = writer.write(step.code)
    program.add(f"copyto({name}[{i}], {{0}})", found.value)
    known = writer.all_of(count.known, found.known)
    if known is not None:
        program.add(f"copyto({name}k[{i}], {{0}})", known)
    del writer.rows[binder]
    program.end()
    return Rows(name, f"{name}k" if known is not None else None, kind, binder.up_to)


def _handed_out(program: Program, outputs: tuple[tuple[str, Val | Rows], ...]) -> dict[str, str]:
    """Let computed outputs be computed where they are handed out; each name once."""
    computed = {line.target.code for line in program.lines if line.target is not None and line.depth == 0}
    fixed: dict[str, str] = {}
    for j, (_, found) in enumerate(outputs):
        if isinstance(found, Val):
            for ref, place in ((found.value, f"o{j}"), (found.known, f"o{j}k")):
                if ref is not None and ref.code in computed and ref.code not in fixed:
                    fixed[ref.code] = place
    return fixed


def _source(
    program: Program,
    plan: Plan,
    lanes: tuple[Lane, ...],
    outputs: tuple[tuple[str, Val | Rows], ...],
    fixed: dict[str, str],
    rowwise: list[Rows],
    writer: Writer,
) -> str:
    out = ["def run(n, x, k, buffers, o, ok):"]
    out += [f"    x{i} = x[{i}]; x{i}k = k[{i}]" for i in range(len(lanes))]
    out += [f"    o{j} = o[{j}]; o{j}k = ok[{j}]" for j in range(len(outputs))]
    for kind, count in plan.buffers.items():
        out += [f"    {kind}_{b} = buffers['{kind}'][{b}][:n]" for b in range(count)]
    for name in sorted({n for fact, n in writer.lists.items() if fact.endswith("#")}):
        out.append(f"    most_{name} = int({name}.max(initial=0))")
    for rows in rowwise:
        out.append(f"    {rows.value} = room(buffers, '{rows.value}', '{rows.kind}', {rows.most}, n)")
        if rows.known:
            out.append(f"    {rows.known} = room(buffers, '{rows.known}', 'bool', {rows.most}, n)")
    for line in program.lines:
        refs = [plan.places.get(r.code, r.code) for r in line.refs]
        out.append("    " * (line.depth + 1) + line.text.format(*refs))
    for j, (_, found) in enumerate(outputs):
        if isinstance(found, Rows):
            out.append(f"    copyto(o{j}, {found.value}[:len(o{j})])")
            out += [f"    copyto(o{j}k, {found.known}[:len(o{j}k)])"] if found.known else []
            continue
        for ref, place in ((found.value, f"o{j}"), (found.known, f"o{j}k")):
            if ref is not None and fixed.get(ref.code) != place:
                out.append(f"    copyto({place}, {plan.places.get(ref.code, ref.code)})")
    return "\n".join([*out, "    return None", ""])


def _room(buffers: dict[str, Any], name: str, kind: str, most: int, n: int) -> Any:  # noqa: ANN401 - a NumPy array
    """Give room for a step that has a value for each row of a list; one run's own, for threads share kernels."""
    found = buffers.get(name)
    if found is None:
        found = buffers[name] = np.zeros((most, n), DTYPES[kind])
    return found[:, :n]


def _compiled(source: str, program: Program) -> Any:  # noqa: ANN401 - the generated function
    names: dict[str, Any] = {
        "room": _room,
        "int32": np.int32,
        "int64": np.int64,
        "near_days": primitives.near_days(),
        "divided": primitives.divided,
        "choose": primitives.choose,
        "bucket": primitives.bucket,
        "near_date_at": primitives.near_date_at,
        "far_date_at": primitives.far_date_at,
        "far_month_index": primitives.far_month_index,
        "far_day": primitives.far_day,
    }
    for ufunc in _UFUNCS:
        names[ufunc] = getattr(np, ufunc)
    for i, constant in enumerate(program.constants):
        is_table = isinstance(constant, tuple) and len(constant) == PAIR and isinstance(constant[0], str)
        names[f"c{i}"] = np.array(constant[1], DTYPES[constant[0]]) if is_table else constant  # type: ignore[index]
    exec(compile(source, "<block program>", "exec"), names)  # noqa: S102 - source that was written here
    return names["run"]


_UFUNCS = (
    "add", "subtract", "multiply", "minimum", "maximum", "equal", "less", "less_equal", "greater", "greater_equal",
    "floor_divide", "logical_and", "logical_or", "logical_not", "copyto", "take", "searchsorted", "negative",
    "bitwise_and", "bitwise_xor", "right_shift",
)  # fmt: skip
