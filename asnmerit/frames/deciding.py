"""Batches of columns decided: one layout, one kernel a thread, the answers beside the columns they came from."""

from __future__ import annotations

import datetime
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain
from threading import local
from typing import TYPE_CHECKING, Any, Final, TypedDict, Unpack

import attrs

from asnmerit.compiled import compiled
from asnmerit.decision import day_within
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import (
    ERROR,
    AnswerColumn,
    Steps,
    Wanted,
    answer_columns,
    answer_keys,
    check_faults,
    no_names_twice,
    reasons,
    statuses,
    wanted,
)
from asnmerit.frames.arrow import names_of, np, pa
from asnmerit.frames.columns import Naming, Used, check_types, naming, used_columns
from asnmerit.frames.kernel import BlockKernel
from asnmerit.frames.lanes import LaneReader, Read
from asnmerit.frames.row_faults import RowFaults

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Array = Any
BATCH_ROWS: Final = 65_536
MOST_ROWS: Final = 1_000_000
MOST_THREADS: Final = 64
NAMES_SPELLED: Final = 12


class FrameOptions(TypedDict, total=False):
    """What a caller may say of a frame and of the answers. All of it is optional.

    Of the frame: `columns` maps its columns to the names of the law's columns; `ignore` names columns that do not
    belong to the law (`"*"`: every such column); `convention` reads text as the readers of files do (`"csv"`,
    `"siasn"` with its aliases and codes); `absent="refuse"` refuses a frame in which a fact has no column.

    Of the answers: `decisions` (default all); `values`, names of steps to hand out (`"*"`: every named value);
    `reasons` is `"bits"`, `"columns"` or None; `keep=False` leaves the frame's own columns out; `prefix` is put before
    the names of the answers; `dictionary=False` gives plain text instead of dictionary-encoded text.

    Of the work: `batch_rows`, `threads`, `progress` (True, or a function of rows done and rows in all).
    """

    columns: Mapping[str, str] | None
    ignore: Collection[str] | str
    convention: str | None
    absent: str
    decisions: Collection[str] | None
    values: Collection[str] | str
    reasons: str | None
    keep: bool
    prefix: str
    dictionary: bool
    batch_rows: int
    threads: int
    progress: bool | Callable[[int, int | None], object]


_DEFAULTS: Final[FrameOptions] = {
    "columns": None,
    "ignore": (),
    "convention": None,
    "absent": "unknown",
    "decisions": None,
    "values": (),
    "reasons": "bits",
    "keep": True,
    "prefix": "",
    "dictionary": True,
    "batch_rows": BATCH_ROWS,
    "threads": 1,
    "progress": False,
}


@attrs.frozen
class Order:
    """A checked order: law, day, how the columns are named, what is wanted, how the work is done."""

    law: Law
    as_of: datetime.date
    how: Naming
    want: Wanted
    keep: bool
    batch_rows: int
    threads: int
    progress: bool | Callable[[int, int | None], object]


def ordered(law: Law, as_of: datetime.date | str | None, options: FrameOptions) -> Order:
    """Check a call's arguments. Raises `ArgumentError` for the first that is wrong."""
    compiled(law)
    for name in options:
        if name not in _DEFAULTS:
            near = near_misses(name, tuple(_DEFAULTS))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            raise ArgumentError(name, options[name], f"an option: {', '.join(_DEFAULTS)}{hint}")  # type: ignore[literal-required]
    o: FrameOptions = {**_DEFAULTS, **options}
    want = wanted(
        law,
        decisions=o["decisions"],
        values=o["values"],
        reasons=o["reasons"],
        prefix=o["prefix"],
        dictionary=o["dictionary"],
    )
    for name, most in (("batch_rows", MOST_ROWS), ("threads", MOST_THREADS)):
        value = o[name]  # type: ignore[literal-required]
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise ArgumentError(name, value, f"a whole number from 1 to {most}")
    if not isinstance(o["keep"], bool):
        raise ArgumentError("keep", o["keep"], "True or False")
    if not isinstance(o["progress"], bool) and not callable(o["progress"]):
        raise ArgumentError("progress", o["progress"], "True, False, or a function of rows done and rows in all")
    how = naming(o["columns"], o["ignore"], o["convention"], o["absent"])
    day = law.on if as_of is None else day_within(law, as_of)
    return Order(law, day, how, want, o["keep"], o["batch_rows"], o["threads"], o["progress"])


class Decider:
    """Decides batches of one schema. Give it only columns that the layout uses, or whole batches: it takes its own."""

    def __init__(
        self,
        order: Order,
        schema: Any,  # noqa: ANN401 - of PyArrow, as all batches here
        used: tuple[Used, ...] | None = None,
        objects: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        """Lay the columns out, unless that is done; raises `FrameError` with every fault of the frame."""
        self.order, law = order, order.law
        self.objects = objects or {}
        self.used = used_columns(law, names_of(schema), order.how) if used is None else used
        check_types(self.used, schema, tuple(self.objects), order.how)
        self.names = {u.place.fact: u.name for u in reversed(self.used)}
        self.answers: list[AnswerColumn] = answer_columns(law, order.want)
        self.keys = answer_keys(law, order.want)
        self.checks = check_faults(law)
        self.schema = _schema(self.answers, order.want)
        self._mine = local()

    def _tools(self) -> tuple[LaneReader, BlockKernel]:
        """Give the tools of this thread: they reuse their buffers, so two threads never share them."""
        found = getattr(self._mine, "tools", None)
        if found is None:
            order = self.order
            reader = LaneReader(order.law, self.used, order.how, self.objects, order.as_of.year)
            found = self._mine.tools = (reader, BlockKernel(order.law, order.as_of.toordinal(), self.keys))
        return found

    def answer(self, batch: Any) -> Any:  # noqa: ANN401 - batches of PyArrow
        """Give the answers to a batch, row by row, as a batch of their own."""
        reader, kernel = self._tools()
        read = reader.read(batch)
        found = kernel.run(read.block)
        steps = Steps(self.order.law, found, batch.num_rows)
        for key, facts in self.checks:
            known, value = steps.known(key), steps.value(key)
            broken = ~value if known is None else ~value & known
            column = next((self.names[f] for f in facts.split(", ") if f in self.names), "")
            read.faults.add(broken, "check", facts, column)
        wrong = read.faults.wrong
        ok = None if wrong is None else ~wrong
        plans = compiled(self.order.law).plans
        status = {name: statuses(plans[name], steps) for name in self.order.want.decisions}
        if wrong is not None:
            for column in status.values():
                column[wrong] = ERROR
        arrays = [column.make(steps, read, ok, status) for column in self.answers]
        return pa.RecordBatch.from_arrays([*arrays, *_common(read, self.order.want, ok)], schema=self.schema)

    def answered(self, batches: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        """Give each batch with its answers, in order; several threads work ahead by a few batches."""
        threads = self.order.threads
        if threads == 1:
            for batch in batches:
                yield batch, self.answer(batch)
            return
        waiting: deque[tuple[Any, Future[Any]]] = deque()
        with ThreadPoolExecutor(threads, "asnmerit") as pool:
            try:
                for batch in batches:
                    waiting.append((batch, pool.submit(self.answer, batch)))
                    if len(waiting) > threads:
                        first, done = waiting.popleft()
                        yield first, done.result()
                while waiting:
                    first, done = waiting.popleft()
                    yield first, done.result()
            finally:
                for _, done in waiting:
                    done.cancel()


# --- columns that every answer has ---

_FAULT_NAMES: Final = ("error", "error_fact", "error_column")


def _schema(answers: Sequence[AnswerColumn], want: Wanted) -> Any:  # noqa: ANN401 - a schema of PyArrow
    fields = [pa.field(f"{want.prefix}{c.name}", c.type, metadata=c.about or None) for c in answers]
    text = pa.dictionary(pa.int32(), pa.string()) if want.dictionary else pa.string()
    fields.append(pa.field(f"{want.prefix}presumed", text))
    fields += [pa.field(f"{want.prefix}{name}", pa.string()) for name in _FAULT_NAMES]
    no_names_twice([f.name for f in fields], ())
    return pa.schema(fields)


def _common(read: Read, want: Wanted, ok: Array | None) -> list[Any]:
    return [_presumed(read, want, ok), *_faults(read.faults)]


def _presumed(read: Read, want: Wanted, ok: Array | None) -> Any:  # noqa: ANN401 - an array of PyArrow
    """Give the names of the facts that a presumption stood in for, in one text, sorted; null where there are none."""
    rows = read.block.rows
    names = sorted(name for name, where in read.presumed.items() if where is None or where.any())
    if not names:
        empty = pa.nulls(rows, pa.int32())
        words = pa.array([], pa.string())
        return pa.DictionaryArray.from_arrays(empty, words) if want.dictionary else pa.nulls(rows, pa.string())
    mask, texts = np.zeros(rows, np.int32), [""]
    for name in names:
        where = read.presumed[name]
        if where is None:
            texts = [f"{t}, {name}" if t else name for t in texts]
            continue
        # One fact at a time, so that only the sets of facts that occur get a text.
        codes = mask * 2 + where
        occur = np.bincount(codes, minlength=2 * len(texts)) > 0
        mask = (np.cumsum(occur, dtype=np.int32) - 1)[codes]
        both = [text for t in texts for text in (t, f"{t}, {name}" if t else name)]
        texts = [text for text, there in zip(both, occur.tolist(), strict=True) if there]
    some = np.array([bool(t) for t in texts])[mask]
    places = pa.array(mask, mask=~(some if ok is None else some & ok))
    words = pa.array(texts, pa.string())
    return pa.DictionaryArray.from_arrays(places, words) if want.dictionary else words.take(places)


def _faults(faults: RowFaults) -> list[Any]:
    if faults.first is None:
        return [pa.nulls(faults.rows, pa.string())] * 3
    places = pa.array(faults.first, mask=faults.first == 0)
    return [pa.array(words, pa.string()).take(places) for words in zip(*faults.told, strict=True)]


# --- batches in, batches out ---


def pieces(batches: Iterable[Any], rows: int) -> Iterator[Any]:
    """Cut long batches and join short ones: about so many rows each, in order."""
    waiting: list[Any] = []
    count = 0
    for batch in batches:
        start = 0
        while start < batch.num_rows:
            part = batch.slice(start, rows - count)
            waiting.append(part)
            count += part.num_rows
            start += part.num_rows
            if count == rows:
                yield _one(waiting)
                waiting, count = [], 0
    if waiting:
        yield _one(waiting)


def _one(parts: list[Any]) -> Any:  # noqa: ANN401 - a batch of PyArrow
    return parts[0] if len(parts) == 1 else pa.concat_batches(parts)


def beside(batch: Any, answers: Any, *, keep: bool) -> Any:  # noqa: ANN401 - batches of PyArrow
    """Put answers beside the columns that they came from."""
    if not keep:
        return answers
    schema = pa.schema([*batch.schema, *answers.schema], metadata=batch.schema.metadata)
    return pa.RecordBatch.from_arrays([*batch.columns, *answers.columns], schema=schema)


def decide_batches(
    law: Law, batches: Iterable[Any], as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]
) -> Iterator[Any]:
    """Decide a stream of PyArrow record batches; batches with the answers come out, one for each piece of the stream.

    This is the function for engines that hand out batches: `mapInArrow` of Spark, `map_partitions` of Dask,
    `map_batches` of Ray. The law pickles; `answer_schema` gives the schema beforehand. Options as `FrameOptions`;
    raises `ArgumentError` at once for these, `FrameError` when the first batch is asked for. All batches have the same
    columns, or an `ArgumentError` says which has not.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> batch = pyarrow.record_batch({"active": [True, False]})
    >>> [answer["promotion.status"].to_pylist() for answer in asnmerit.decide_batches(law, [batch])]
    [['undetermined', 'refused']]
    """
    order = ordered(law, as_of, options)
    expected = "record batches of PyArrow, one after another; decide_frame takes whole tables"
    if isinstance(batches, pa.Table | pa.RecordBatch) or not isinstance(batches, Iterable):
        raise ArgumentError("batches", batches, expected)
    return _decided(order, _alike(batches, expected))


def _alike(batches: Iterable[Any], expected: str) -> Iterator[Any]:
    """Hand batches on, and refuse what is none, or has other columns than the first."""
    first: Any = None
    for i, batch in enumerate(batches):
        if not isinstance(batch, pa.RecordBatch):
            raise ArgumentError("batches", batch, expected)
        first = batch.schema if first is None else first
        if batch.schema == first:
            yield batch
            continue
        if [(f.name, f.type) for f in batch.schema] != [(f.name, f.type) for f in first]:
            columns = ", ".join(f"{f.name} {f.type}" for f in first)
            raise ArgumentError("batches", f"batch {i + 1}", f"the columns of the first batch, in its order: {columns}")
        yield pa.RecordBatch.from_arrays(batch.columns, schema=first)


def _decided(order: Order, stream: Iterator[Any]) -> Iterator[Any]:
    first = next(stream, None)
    if first is None:
        return
    decider = Decider(order, first.schema)
    if order.keep:
        no_names_twice(decider.schema.names, first.schema.names)
    if first.num_rows == 0:
        yield beside(first, decider.answer(first), keep=order.keep)
    for batch, answers in decider.answered(pieces(chain([first], stream), order.batch_rows)):
        yield beside(batch, answers, keep=order.keep)


def answer_schema(law: Law, as_of: datetime.date | str | None = None, **options: Unpack[FrameOptions]) -> Any:  # noqa: ANN401 - a schema of PyArrow
    """Give the Arrow schema of the answers, which depends on the law and the options and on no frame."""
    order = ordered(law, as_of, options)
    return _schema(answer_columns(law, order.want), order.want)


def reasons_of(law: Law, decision: str) -> tuple[str, ...]:
    """Name the conditions that the bits of `DECISION.met` and `DECISION.unmet` stand for, lowest bit first.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> asnmerit.reasons_of(law, "promotion")[1]
    'promotion.requires.active'
    """
    plan = compiled(law).plans.get(decision)
    if plan is None:
        raise ArgumentError("decision", decision, f"a decision of the law: {', '.join(law.decisions)}")
    return tuple(reason.name for reason in reasons(plan))
