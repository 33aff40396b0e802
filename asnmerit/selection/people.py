"""A frame as the people of a selection: decided once, with the values of the keys, the amounts and the groups."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Sequence
from decimal import Decimal
from numbers import Number
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault
from asnmerit.frames.answers import STATUSES
from asnmerit.frames.arrow import np, pa, plain_column, truth
from asnmerit.frames.columns import Naming, fed_by, used_columns
from asnmerit.frames.deciding import Decider, FrameOptions, Order, ordered, pieces
from asnmerit.frames.kinds import Source, is_lazy, source_of
from asnmerit.frames.progress import teller
from asnmerit.rules.types import Enum
from asnmerit.selection.faults import SelectionError
from asnmerit.selection.keys import HANDED, SelectionKey, handing_out
from asnmerit.selection.standing import Lane

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Array = Any
FEW: Final = 1000
NOBODY: Final = -1
"""The group of a person who has none."""


@attrs.frozen(eq=False)
class People:
    """The rows of a frame, decided: status by code, raw key values, amounts, the group of each by number.

    `raw` has the value of each key as the kernel has it (`lanes` are for comparing: the smallest first). `most` is the
    largest amount that the law can grant.
    """

    source: Source
    rows: int
    status: Array
    raw: tuple[Lane, ...]
    lanes: tuple[Lane, ...]
    amount: Lane | None
    most: int
    group: Array
    names: tuple[Any, ...]
    errors: tuple[Sequence[str | None], ...]
    identity: Sequence[object] | None


@attrs.frozen
class Asked:
    """What is read of a frame: a decision, its amount, the keys, and the columns that make groups or say who it is."""

    decision: str
    amount: str
    keys: tuple[SelectionKey, ...]
    by: tuple[str, ...]
    identity: str


def read_people(
    law: Law,
    frame: Any,  # noqa: ANN401 - any kind of frame
    asked: Asked,
    as_of: datetime.date | str | None,
    options: FrameOptions,
) -> People:
    """Decide a frame and read what a selection needs. Raises `FrameError` and `ArgumentError` as `decide_frame`."""
    if is_lazy(frame):
        raise ArgumentError("frame", frame, "a frame whose rows are there: collect it first")
    source = source_of(frame)
    decision, amount, keys = asked.decision, asked.amount, asked.keys
    names = [HANDED.format(i) for i in range(len(keys))] + ([HANDED.format("amount")] if amount else [])
    wanted: FrameOptions = {
        **options, "decisions": [decision], "values": names, "reasons": None, "keep": False, "prefix": "",
        "dictionary": True,
    }  # fmt: skip
    order = ordered(handing_out(law, keys, amount), as_of, wanted)
    order = attrs.evolve(order, how=_beside(law, source, order.how, asked))
    answers = _answered(order, source)
    group, group_names = _groups(source, asked.by, order.how)
    raw = tuple(_lane(answers.column(HANDED.format(i))) for i in range(len(keys)))
    money = _lane(answers.column(HANDED.format("amount"))) if amount else None
    step = law.steps[law.index[amount]] if amount else None
    return People(
        source, source.rows, _status(answers.column(f"{decision}.status")), raw,
        tuple(_comparable(lane, key) for lane, key in zip(raw, keys, strict=True)),
        money, step.code.type.hi if step is not None else 0, group, group_names,
        tuple(answers.column(name) for name in ("error", "error_fact", "error_column")),
        _column(source, asked.identity) if asked.identity else None,
    )  # fmt: skip


def _beside(law: Law, source: Source, how: Naming, asked: Asked) -> Naming:
    """Pass over the columns that only make groups or names, unless a fact claims them."""
    faults = []
    called = {of: name for name, of in how.columns.items()}
    for argument, names in (("by", asked.by), ("identity", (asked.identity,) if asked.identity else ())):
        for name in names:
            if called.get(name, name) not in source.names:
                near = near_misses(name[:80], [str(n) for n in source.names])
                hint = f"did you mean {' or '.join(near)}?" if near else ""
                faults.append(Fault("not-there", name, "", f"a column of the frame, as {argument}= names it", hint))
    if faults:
        raise SelectionError(faults)
    idle = []
    for name in dict.fromkeys([*asked.by, *([asked.identity] if asked.identity else [])]):
        column = called.get(name, name)
        plain = attrs.evolve(how, ignore=("*",), columns={k: v for k, v in how.columns.items() if k == column})
        if column not in how.ignore and not used_columns(law, [column], attrs.evolve(plain, absent="unknown")):
            idle.append(column)
    return attrs.evolve(how, ignore=(*how.ignore, *idle))


def _answered(order: Order, source: Source) -> Any:  # noqa: ANN401 - a table of PyArrow
    used = used_columns(order.law, source.names, order.how)
    table, objects = source.table(fed_by(used))
    decider = Decider(order, table.schema, used, objects)
    batches = table.to_batches() if used else [pa.RecordBatch.from_arrays([pa.nulls(source.rows)], ["rows"])]
    tell, end = teller(order.progress)
    found = []
    try:
        done = 0
        for batch, answer in decider.answered(pieces(batches, order.batch_rows)):
            done += batch.num_rows
            tell(done, source.rows)
            found.append(answer)
    finally:
        end()
    return pa.Table.from_batches(found, decider.schema).unify_dictionaries().combine_chunks()


def _status(column: Any) -> Array:  # noqa: ANN401 - an array of PyArrow
    """Give the status of each row as its place among the statuses; the dictionary is that of all answers."""
    if not len(column):
        return np.zeros(0, np.int8)
    coded = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    coded = coded.chunk(0) if isinstance(coded, pa.ChunkedArray) else coded
    places = np.array([STATUSES.index(word) for word in coded.dictionary.to_pylist()], np.int8)
    return places[coded.indices.to_numpy(zero_copy_only=False)]


def _lane(column: Any) -> Lane:  # noqa: ANN401 - a column of whole numbers
    one = column.combine_chunks()
    one = pa.concat_arrays(one.chunks) if isinstance(one, pa.ChunkedArray) and one.num_chunks else one
    if not len(column):
        return Lane(np.zeros(0, np.int64))
    known = truth(one)
    values = np.asarray(one.fill_null(0).to_numpy(zero_copy_only=False), np.int64)
    return Lane(values, known)


def _comparable(raw: Lane, key: SelectionKey) -> Lane:
    """Turn a key around where its highest value comes first; members count by their level."""
    values = raw.values
    of = key.about.type
    if isinstance(of, Enum):
        values = np.array(of.levels, np.int64)[values]
    return Lane(-values if key.about.highest else values, raw.known)


# --- groups ---


def _column(source: Source, name: str) -> Sequence[object]:
    table, objects = source.table([name])
    return objects[name] if name in objects else table.column(name)


def _codes(source: Source, name: str) -> tuple[Array, list[Hashable]]:
    """Number the values of a column; a value that is missing, or no number, has the number of nobody."""
    table, objects = source.table([name])
    if name in objects:
        values: Sequence[Any] = objects[name]
        places = np.arange(len(values))
        if _mixes_truths(values):
            expected = "truth values or numbers, not both: True and 1 would be one group"
            raise SelectionError([Fault("group-value", name, "", expected)])
    else:
        column = table.column(name)
        coded = _encoded(column, name)
        values = coded.chunk(0).dictionary.to_pylist() if coded.num_chunks else []
        parts = [c.indices.fill_null(len(values)).to_numpy(zero_copy_only=False) for c in coded.chunks]
        places = np.concatenate([np.asarray(p, np.int64) for p in parts]) if parts else np.zeros(0, np.int64)
    numbers: dict[Hashable, int] = {}
    try:
        mine = [NOBODY if _missing(v) else numbers.setdefault(v, len(numbers)) for v in values]
    except TypeError:
        raise SelectionError([Fault("group-value", name, "", "values that can be told apart: text, numbers")]) from None
    return np.array([*mine, NOBODY], np.int64)[places], list(numbers)


def _encoded(column: Any, name: str) -> Any:  # noqa: ANN401 - columns of PyArrow
    """Number the values of a column; those of lists and mappings cannot be told apart."""
    column = pa.chunked_array([plain_column(chunk) for chunk in column.chunks]) if column.num_chunks else column
    try:
        coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    except pa.ArrowNotImplementedError:
        expected = "values that can be told apart: text, numbers"
        raise SelectionError([Fault("group-value", name, str(column.type), expected)]) from None
    return coded.unify_dictionaries()


def _mixes_truths(values: Sequence[Any]) -> bool:
    """Say whether there are truth values and numbers: as names of groups True and 1 are the same."""
    told = (v for v in values if isinstance(v, Number | np.bool_) and not _missing(v))
    return len({isinstance(v, bool | np.bool_) for v in told}) > 1


def _missing(value: Any) -> bool:  # noqa: ANN401 - any cell
    return value is None or value != value  # noqa: PLR0124 - only NaN differs from itself


def _groups(source: Source, by: Sequence[str], how: Naming) -> tuple[Array, tuple[Any, ...]]:
    """Number the groups in the order of their names, so that the order of the rows does not matter."""
    if not by:
        return np.zeros(source.rows, np.int64), (None,)
    called = {of: name for name, of in how.columns.items()}
    parts = [_codes(source, called.get(name, name)) for name in by]
    there = np.logical_and.reduce([codes >= 0 for codes, _ in parts])
    joined = np.zeros(int(there.sum()), np.int64)
    named: list[tuple[Any, ...]] = [()]
    for codes, values in parts:
        joined, kinds = _numbered(joined * len(values) + codes[there])
        named = [(*named[int(k) // len(values)], values[int(k) % len(values)]) for k in kinds]
    names = [name[0] if len(by) == 1 else name for name in named if name]
    order = sorted(range(len(names)), key=lambda i: sortable(names[i]))
    new = np.zeros(len(names), np.int64)
    new[order] = np.arange(len(names))
    group = np.full(source.rows, NOBODY, np.int64)
    group[there] = new[joined]
    return group, tuple(names[i] for i in order)


def _numbered(codes: Array) -> tuple[Array, Array]:
    """Number those values that occur, from 0; without sorting where they are small."""
    if int(codes.max(initial=0)) > 4 * len(codes) + FEW:
        kinds, places = np.unique(codes, return_inverse=True)
        return places, kinds
    occur = np.bincount(codes) > 0 if len(codes) else np.zeros(0, np.bool_)
    return (np.cumsum(occur) - 1)[codes] if len(codes) else codes, np.flatnonzero(occur)


def sortable(name: object) -> tuple[Any, ...]:
    """Give what names of groups of any kind are sorted by: numbers, then text, days, then the rest as text."""
    if isinstance(name, tuple):
        return tuple(sortable(part) for part in name)
    if isinstance(name, bool | int | float | Decimal):
        return (0, name)
    if isinstance(name, str):
        return (1, name)
    return (2, name) if type(name) is datetime.date else (3, type(name).__name__, str(name))
