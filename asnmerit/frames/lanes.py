"""A batch of columns into a block of lanes: every fact that a column feeds, presumptions, and what no column gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.edge import assumed
from asnmerit.frames.arrow import np
from asnmerit.frames.cells import Texts
from asnmerit.frames.gathering import FactReader, Gathered
from asnmerit.frames.kernel import Block, Lane, dtype_of, lane_types
from asnmerit.frames.row_faults import RowFaults
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    from asnmerit.frames.columns import Naming, Used
    from asnmerit.rules.law import Law

Array = Any


@attrs.frozen(eq=False)
class Read:
    """A batch past the edge: its lanes, the rows with a fault, and by fact the rows in which it was presumed."""

    block: Block
    faults: RowFaults
    presumed: Mapping[str, Array | None]


class LaneReader:
    """Reads batches of one layout. Once a lane was unknown somewhere it counts as one that may be unknown."""

    def __init__(
        self, law: Law, used: Sequence[Used], how: Naming, objects: Mapping[str, Sequence[object]], year: int
    ) -> None:
        """`objects` gives the Python values of columns that hold values of several types."""
        self.law, self.types = law, lane_types(law)
        self.readers: list[FactReader] = []
        self.unsure: set[Lane] = set()
        reading = how.reading
        for name, decl in law.declared.items():
            feeding = [u for u in used if u.place.fact == name]
            if feeding:
                lists = isinstance(decl.type, ListOf)
                texts = {u.name: Texts(reading, u.called, name, lists and bool(u.place.slot), u.part) for u in feeding}
                whole = tuple(u for u in feeding if not u.place.slot)
                parts = tuple(u for u in feeding if u.place.slot)
                self.readers.append(FactReader(decl, whole, parts, texts, objects, law, year))
        there = {reader.decl.name for reader in self.readers}
        self.absent = [name for name in law.declared if name in law.reads and name not in there]
        self._constants: dict[tuple[Any, ...], Array] = {}

    def read(self, batch: Any) -> Read:  # noqa: ANN401 - a batch of PyArrow
        """Read all rows of a batch."""
        rows = batch.num_rows
        faults = RowFaults(rows)
        values: dict[Lane, Array] = {}
        known: dict[Lane, Array] = {}
        presumed: dict[str, Array | None] = {}
        for reader in self.readers:
            found = reader.read(batch, faults)
            name = reader.decl.name
            if name not in self.law.reads:
                continue
            if reader.decl.assume is not None and found.given is not None:
                found, missing = _presumed(reader, found, found.given)
                presumed[name] = missing
            for slot, (value, mask) in found.lanes.items():
                values[(name, slot)] = value
                if mask is not None:
                    known[(name, slot)] = mask
        for name in self.absent:
            self._constant(name, rows, values, known, presumed)
        values = {lane: values[lane] for lane in self.law.inputs if lane[0] != "as_of"}
        self.unsure |= known.keys() & values.keys()
        masks = {
            lane: known[lane] if lane in known else self._same(np.True_, values[lane].shape)
            for lane in list(self.unsure)
        }
        return Read(Block(rows, values, masks), faults, presumed)

    def _same(self, value: Any, shape: tuple[int, ...]) -> Array:  # noqa: ANN401 - a NumPy value
        """Give a column of one value, made once."""
        key = (value.dtype.str, int(value), len(shape))
        found = self._constants.get(key)
        if found is None or any(have < want for have, want in zip(found.shape, shape, strict=True)):
            found = self._constants[key] = np.full(shape, value)
        return found[tuple(slice(0, n) for n in shape)]

    def _constant(
        self,
        name: str,
        rows: int,
        values: dict[Lane, Array],
        known: dict[Lane, Array],
        presumed: dict[str, Array | None],
    ) -> None:
        """Fill the lanes of a fact that no column feeds: presumed in every row, or unknown."""
        decl = self.law.declared[name]
        taken = None if decl.assume is None else assumed(decl)
        if taken is not None:
            presumed[name] = None
        for lane in self.law.inputs:
            if lane[0] != name:
                continue
            field = isinstance(decl.type, ListOf) and lane[1] != "#"
            shape = (1, rows) if field else (rows,)
            t = self.types.get(lane)
            dtype, value = (np.int32, 0) if t is None else (dtype_of(t), t.lo)
            if taken is not None and not field:
                value = int(taken[lane[1]])
            values[lane] = self._same(dtype(value), shape)
            if taken is None:
                known[lane] = self._same(np.False_, shape)


def _presumed(reader: FactReader, found: Gathered, given: Array) -> tuple[Gathered, Array]:
    """Fill a presumption where nothing was given."""
    missing = ~given
    lanes = dict(found.lanes)
    for slot, value in assumed(reader.decl).items():
        if not isinstance(value, tuple):
            old, mask = lanes[slot]
            known = None if mask is None or (mask | missing).all() else mask | missing
            lanes[slot] = (np.where(missing, old.dtype.type(value), old), known)
    return Gathered(lanes, given), missing
