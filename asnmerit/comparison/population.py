"""The people two laws are compared over: any frame as batches, its columns and groups."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.comparison.reading import places_in
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, FrameError
from asnmerit.frames.arrow import names_of, np, pa, plain_column, truth
from asnmerit.frames.columns import Naming, Used, fed_by, used_columns
from asnmerit.frames.deciding import Order
from asnmerit.frames.kinds import is_lazy, is_spread, source_of

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Array = Any
Frame = Any
SEVERAL: Final = "a frame whose rows are here: collect it first, or give a reader of its batches"


@attrs.frozen(eq=False)
class Population:
    """A frame as batches: its names, how many rows, the schema and batches of the columns that are wanted.

    `kind` is `pandas`, `polars` or `arrow`: tables come back as that.
    """

    names: tuple[object, ...]
    kind: str
    rows: int | None
    taken: Any

    def take(self, wanted: Sequence[str]) -> tuple[Any, Iterable[Any], Mapping[str, Sequence[object]]]:
        """Give schema, batches, and the Python values of columns of several types."""
        found: tuple[Any, Iterable[Any], Mapping[str, Sequence[object]]] = self.taken(wanted)
        return found


def population_of_columns(columns: Mapping[str, tuple[Any, Sequence[object] | None]], rows: int) -> Population:
    """See columns as `asnmerit.frames.objects.column_of` makes them as batches: what readers of files give."""

    def taken(wanted: Sequence[str]) -> tuple[Any, Iterable[Any], Mapping[str, Sequence[object]]]:
        table = pa.table({name: columns[name][0] for name in wanted})
        objects = {n: values for n in wanted if (values := columns[n][1]) is not None}
        batches = table.to_batches() if wanted else [pa.RecordBatch.from_arrays([pa.nulls(rows)], ["rows"])]
        return table.schema, batches, objects

    return Population(tuple(columns), "arrow", rows, taken)


def population(frame: Frame) -> Population:
    """See a frame as batches. Raises `ArgumentError` for what is none, or lies on a cluster."""
    if isinstance(frame, Population):
        return frame
    if is_spread(frame):
        raise ArgumentError("frame", frame, SEVERAL)
    if is_lazy(frame):
        frame = frame.collect()
    if isinstance(frame, pa.RecordBatchReader):
        schema = frame.schema
        return Population(tuple(names_of(schema)), "arrow", None, lambda _: (schema, frame, {}))
    source = source_of(frame)

    def taken(wanted: Sequence[str]) -> tuple[Any, Iterable[Any], Mapping[str, Sequence[object]]]:
        table, objects = source.table(wanted)
        if wanted:
            return table.schema, table.to_batches(), objects
        # A table without columns has no rows of its own; they are those of the frame.
        rows = pa.RecordBatch.from_arrays([pa.nulls(source.rows)], ["rows"])
        return table.schema, [rows], objects

    module = type(frame).__module__.partition(".")[0]
    return Population(source.names, module if module in {"pandas", "polars"} else "arrow", source.rows, taken)


@attrs.frozen(eq=False)
class Groups:
    """Columns by whose values people are grouped, as codes that stay the same from batch to batch."""

    names: tuple[str, ...]
    objects: Mapping[str, Sequence[object]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Refuse columns of several types: True is not 1, and as a key of a mapping it is."""
        one_kind_each(self.objects)

    def of(self, batch: Any) -> list[tuple[Array, list[Any]]]:  # noqa: ANN401 - a batch of PyArrow
        """Give for each column the code of each row, and the values of the codes."""
        return [self._one(name, batch.column(name)) for name in self.names]

    def _one(self, name: str, column: Any) -> tuple[Array, list[Any]]:  # noqa: ANN401 - an array of PyArrow
        if name in self.objects:
            places = column.to_pylist()
            return _coded([None if p is None else self.objects[name][p] for p in places], name)
        try:
            column = plain_column(column)
            coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
            values = coded.dictionary.to_pylist()
        except (pa.ArrowException, TypeError, UnicodeDecodeError):
            raise FrameError([_ungroupable(name, str(column.type))]) from None
        found = places_in(coded)
        known = truth(coded.indices)
        if known is not None:
            found = np.where(known, found, len(values))
        codes, unique = _coded([*values, None], name)
        return codes[found], unique


def one_kind_each(objects: Mapping[str, Sequence[object]]) -> None:
    """Refuse columns to group by whose values are of several types, all of them at once."""
    faults = []
    for name, values in objects.items():
        kinds = sorted({type(v).__name__ for v in values if v is not None})
        if len(kinds) > 1:
            faults.append(_ungroupable(name, ", ".join(kinds)))
    if faults:
        raise FrameError(faults)


def _coded(values: Sequence[Any], name: str) -> tuple[Array, list[Any]]:
    """Give codes to Python values: True is not 1, and NaN is no value."""
    codes: dict[tuple[type, Any], int] = {}
    found = np.zeros(len(values), np.int64)
    for i, value in enumerate(values):
        shown = None if value != value else value  # noqa: PLR0124 - only NaN differs from itself
        try:
            found[i] = codes.setdefault((type(shown), shown), len(codes))
        except TypeError:
            raise FrameError([_ungroupable(name, type(value).__name__)]) from None
    return found, [value for _, value in codes]


def _ungroupable(name: str, of: str) -> Fault:
    return Fault("wrong-type", name, of, "a column of plain values of one type, to group by")


def group_names(by: object) -> tuple[str, ...]:
    """Read `by`: the name of a column, or a list of names."""
    names = (by,) if isinstance(by, str) else tuple(by) if isinstance(by, Iterable) else ()
    if by is None:
        return ()
    if not names or not all(isinstance(n, str) for n in names) or len(set(names)) != len(names):
        raise ArgumentError("by", by, "the name of a column, or a list of names, each once")
    return names


def columns_of(orders: Sequence[Order], names: Sequence[object], by: Sequence[str]) -> list[tuple[Used, ...]]:
    """Find what each column is for each law. Raises `FrameError` with every fault, of both laws and of the groups.

    A column of a fact that only the other law has, or that is there to group by, is passed over.
    """
    faults: list[Fault] = [_no_column(name, names) for name in by if name not in names]
    found = []
    claims = _claims(orders, names)
    for i, order in enumerate(orders):
        others = {name for j, claim in enumerate(claims) if j != i for name in claim}
        passed = [n for n in names if isinstance(n, str) and n not in claims[i] and (n in others or n in by)]
        how = attrs.evolve(order.how, ignore=(*order.how.ignore, *passed))
        try:
            found.append(used_columns(order.law, names, how))
        except FrameError as error:
            faults += error.faults
    if faults:
        raise FrameError(tuple(dict.fromkeys(faults)))
    return found


def _no_column(name: str, names: Sequence[object]) -> Fault:
    near = near_misses(name[:80], [n for n in names if isinstance(n, str)])
    hint = f"did you mean {' or '.join(near)}?" if near else ""
    return Fault("not-there", name, "", "a column of the frame, as by= names it", hint)


def _claims(orders: Sequence[Order], names: Sequence[object]) -> list[frozenset[str]]:
    """Give for each law the columns that feed a fact of it; laws that declare the same facts are asked once."""
    known: dict[tuple[tuple[str, object], ...], frozenset[str]] = {}
    claims = []
    for order in orders:
        key = tuple((n, str(d.type)) for n, d in order.law.declared.items())
        if key not in known:
            texts = (n for n in names if isinstance(n, str) and n)
            known[key] = frozenset(n for n in texts if _claimed(order.law, n, order.how))
        claims.append(known[key])
    return claims


def _claimed(law: Law, name: str, how: Naming) -> bool:
    columns = {k: v for k, v in how.columns.items() if k == name}
    try:
        return bool(used_columns(law, [name], Naming(columns, (), how.convention)))
    except FrameError:
        return False


def wanted(used: Sequence[tuple[Used, ...]], by: Sequence[str]) -> list[str]:
    """Name the columns that are read, each once."""
    return list(dict.fromkeys([*(n for one in used for n in fed_by(one)), *by]))


def as_kind(table: Any, kind: str) -> Frame:  # noqa: ANN401 - a table of PyArrow
    """Give a table as the kind of frame that the people came in."""
    if kind == "pandas":
        return table.to_pandas()
    return sys.modules["polars"].from_arrow(table) if kind == "polars" else table
