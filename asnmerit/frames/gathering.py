"""Columns of a batch into the lanes of a law: what `asnmerit.edge.read_record` does to one record, to a block.

Each fact is fed by one whole column (a value, a list of structs, JSON) or by columns of its parts. A row with a fault
keeps the first one, in the order in which `decide` finds them; its lanes are filled with lawful values meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.edge import fact_lanes
from asnmerit.frames.arrow import is_text, np, pa, plain_column, strings, truth, words
from asnmerit.frames.cells import CODE, CODES, Cells, Texts, from_objects, has_controls, no_cells, read_cells
from asnmerit.frames.columns import Used, is_list, year_of
from asnmerit.frames.kernel import dtype_of
from asnmerit.frames.laying import chosen, laid, scattered, slot_types, stacked
from asnmerit.frames.row_faults import RowFaults
from asnmerit.readers.findings import CellRefusedError
from asnmerit.readers.layout import scalar_of
from asnmerit.readers.rows import from_json_text
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.kernel import Int
    from asnmerit.rules.law import Law

Array = Any
Column = Any
Lanes = dict[Any, tuple[Array, Array | None]]
"""By slot: values (two-dimensional for a field of a list), and where they are known; None for everywhere."""


@attrs.frozen(eq=False)
class Gathered:
    """One fact of a batch: its lanes, and where it was given at all (None: in every row)."""

    lanes: Lanes
    given: Array | None


@attrs.frozen(eq=False)
class FactReader:
    """Reads one fact out of a batch: from its whole column, from the columns of its parts, or from both."""

    decl: FactDecl
    whole: tuple[Used, ...]
    parts: tuple[Used, ...]
    texts: Mapping[str, Texts]
    objects: Mapping[str, Sequence[object]]
    law: Law
    year: int

    def read(self, batch: Any, faults: RowFaults) -> Gathered:  # noqa: ANN401 - a batch of PyArrow
        """Read the fact of all rows."""
        found: Gathered | None = None
        if self.parts:
            found = self._from_parts(batch, faults)
        for column in self.whole:
            one = self._from_whole(column, batch.column(column.name), faults)
            found = one if found is None else self._joined(found, one, column, faults)
        if found is None:
            raise TypeError(self.decl.name)
        return found

    # --- whole columns ---

    def _from_whole(self, used: Used, column: Column, faults: RowFaults) -> Gathered:
        name, of = self.decl.name, self.decl.type
        scalar = scalar_of(of)
        if scalar is not None:
            cells = self._cells(scalar, used.name, column)
            faults.cells(cells, name, used.name)
            return Gathered({None: (cells.values, cells.known)}, _given(cells))
        column = plain_column(column)
        if used.name in self.objects:
            return self._from_objects(used, _picked(self.objects[used.name], column), faults)
        if is_text(column.type):
            return self._from_json(used, column, faults)
        if isinstance(of, ListOf) and is_list(column.type):
            return self._from_lists(of, used, column, faults)
        if isinstance(of, Yearly | PerMember) and pa.types.is_struct(column.type):
            return self._from_struct(of, used, column, faults)
        return self._told(used, [mapping_of(v) for v in _each(column)], faults)

    def _cells(self, of: Scalar, name: str, column: Column) -> Cells:
        if name in self.objects:
            return from_objects(of, _picked(self.objects[name], column), self.texts[name])
        return read_cells(of, column, self.texts[name])

    def _from_struct(self, of: Yearly | PerMember, used: Used, column: Column, faults: RowFaults) -> Gathered:
        lanes = self._no_family(of, len(column))
        inner = of.of
        for field, child in zip(column.type, column.flatten(), strict=True):
            cells = read_cells(inner, child, self.texts[used.name])
            slot: Any = self.year - 1 - (year_of(field.name) or 0) if isinstance(of, Yearly) else field.name
            label = year_of(field.name) if isinstance(of, Yearly) else field.name
            faults.cells(cells, f"{self.decl.name}[{label}]", used.name)
            if slot in lanes:
                lanes[slot] = (cells.values, cells.known)
        return Gathered(lanes, truth(column))

    def _no_family(self, of: Yearly | PerMember, rows: int) -> Lanes:
        empty = no_cells(int_type(of.of), rows)
        slots: Sequence[Any] = range(of.back) if isinstance(of, Yearly) else of.enum.members
        return dict.fromkeys(slots, (empty.values, empty.known))

    def _from_lists(self, of: ListOf, used: Used, column: Column, faults: RowFaults) -> Gathered:
        name, rows = self.decl.name, len(column)
        given = truth(column)
        counts = column.value_lengths().fill_null(0).to_numpy(zero_copy_only=False).astype(np.int32)
        amiss = (counts > of.up_to) | (counts < of.at_least)
        if given is not None:
            amiss &= given
        faults.add(amiss & (counts > of.up_to), "too-many", name, used.name)
        faults.add(amiss, "too-few", name, used.name)
        row = np.repeat(np.arange(rows), counts)
        place = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
        inside = place < of.up_to
        if amiss.any():
            inside &= ~amiss[row]
        sure = ~amiss if given is None else given & ~amiss
        counts = np.where(sure, counts, 0).astype(np.int32)
        most = max(int(counts.max(initial=0)), 1)
        lanes: Lanes = {"#": (counts, None if sure.all() else sure)}
        inner, seen = _children(of, column.flatten()), []
        for field, kind in of.fields.items():
            child = inner.get(field)
            t, texts = int_type(kind), self.texts[used.name]
            cells = no_cells(t, len(row)) if child is None else read_cells(kind, child, texts)
            lanes[f".{field}"] = scattered(t, cells, row, place, inside, (most, rows))
            seen.append((field, cells))
        self._row_faults(of, inner.get(""), seen, row, place, inside, used, faults)
        return Gathered(lanes, given)

    def _row_faults(  # noqa: PLR0913, PLR0917 - the parts of a list
        self,
        of: ListOf,
        absent: Array | None,
        seen: Sequence[tuple[str, Cells]],
        row: Array,
        place: Array,
        inside: Array,
        used: Used,
        faults: RowFaults,
    ) -> None:
        """Note the first fault of each list: by its rows, then by the order of fields."""
        found: list[tuple[int, int, int, str, int]] = []
        if absent is not None:
            found += [(int(row[e]), int(place[e]), -1, "", CODE["wrong-type"]) for e in np.flatnonzero(absent & inside)]
        for order, (field, cells) in enumerate(seen):
            if cells.wrong is not None:
                found += [
                    (int(row[e]), int(place[e]), order, field, int(cells.wrong[e]))
                    for e in np.flatnonzero((cells.wrong > 0) & inside)
                ]
        groups: dict[tuple[int, str, int], list[int]] = {}
        last = -1
        for r, p, _, field, code in sorted(found):
            if r != last:
                groups.setdefault((p, field, code), []).append(r)
            last = r
        for (p, field, code), where in groups.items():
            dotted = f".{field}" if field and not of.plain else ""
            faults.add(np.array(where), CODES[code], f"{self.decl.name}[{p + 1}]{dotted}", used.name)

    # --- whole columns, one value after another ---

    def _from_json(self, used: Used, column: Column, faults: RowFaults) -> Gathered:
        """Read a column of JSON: each different text once."""
        dictionary, places, known = words(column)
        values: list[object] = []
        codes: list[int] = []
        for text in strings(dictionary):
            value, code = self._json(used, text or "")
            values.append(value)
            codes.append(CODE[code])
        wrong = np.array([*codes, 0], np.int16)[places]
        if known is not None:
            wrong = np.where(known, wrong, 0)
        for code in np.unique(wrong[wrong > 0]):
            faults.add(wrong == code, CODES[code], self.decl.name, used.name)
        shown = [values[p] if known is None or known[i] else None for i, p in enumerate(places)] if values else []
        return self._one_by_one(used, shown or [None] * len(column), faults)

    def _json(self, used: Used, text: str) -> tuple[object, str]:
        reading = self.texts[used.name].reading
        if has_controls(text):
            return None, "cell-control"
        text = text.strip() if reading is None else reading.convention.cleaned(text)
        try:
            return (from_json_text(self.decl.type, text) if text else None), ""
        except CellRefusedError as error:
            return None, error.finding.code

    def _from_objects(self, used: Used, values: Sequence[object], faults: RowFaults) -> Gathered:
        """Read Python objects: texts as JSON, as a column of nothing but texts is read."""
        return self._told(used, [self._json(used, v) if isinstance(v, str) else (v, "") for v in values], faults)

    def _told(self, used: Used, read: Sequence[tuple[object, str]], faults: RowFaults) -> Gathered:
        """Note what was wrong with values already, by its code, and read the others."""
        for i, (_, code) in enumerate(read):
            if code:
                faults.add(np.array([i]), code, self.decl.name, used.name)
        return self._one_by_one(used, [None if code else value for value, code in read], faults)

    def _one_by_one(self, used: Used, values: Sequence[object], faults: RowFaults) -> Gathered:
        """Read values as the edge of one record does."""
        of = self.decl.type
        plain = attrs.evolve(self.decl, assume=None)
        read = []
        for i, value in enumerate(values):
            lanes, wrong = fact_lanes(self.law, plain, value, self.year)
            if wrong:
                faults.add(np.array([i]), wrong[0].code, wrong[0].fact, used.name)
                lanes, _ = fact_lanes(self.law, plain, None, self.year)
            read.append(lanes)
        given = np.array([v is not None for v in values], np.bool_)
        types: Mapping[Any, Int] = slot_types(of)
        lay = laid if isinstance(of, ListOf) else stacked
        found: Lanes = {slot: lay([one[slot] for one in read], t) for slot, t in types.items()}
        if isinstance(of, ListOf):
            counts = [one["#"] for one in read]
            sure = np.array([c is not None for c in counts], np.bool_)
            found["#"] = (np.array([c or 0 for c in counts], np.int32), None if sure.all() else sure)
        return Gathered(found, None if given.all() else given)

    # --- columns of parts ---

    def _from_parts(self, batch: Any, faults: RowFaults) -> Gathered:  # noqa: ANN401 - a batch of PyArrow
        read: dict[tuple[Any, ...], tuple[Cells, Used]] = {}
        for used in self.parts:
            kind = scalar_of(used.place.kind)
            if kind is None:
                raise TypeError(used.name)
            cells = self._cells(kind, used.name, batch.column(used.name))
            if used.place.slot in read:
                cells = _same(read[used.place.slot][0], cells, used, faults)
            read[used.place.slot] = (cells, used)
        of = self.decl.type
        if isinstance(of, ListOf):
            return self._numbered(of, read, batch.num_rows, faults)
        if not isinstance(of, Yearly | PerMember):
            raise TypeError(self.decl.name)
        lanes, given = self._no_family(of, batch.num_rows), np.zeros(batch.num_rows, np.bool_)
        for (slot,), (cells, used) in read.items():
            faults.cells(cells, f"{self.decl.name}[{slot}]", used.name)
            given |= cells.given
            key = self.year - 1 - int(slot) if isinstance(of, Yearly) else slot
            if key in lanes:
                lanes[key] = (cells.values, cells.known)
        return Gathered(lanes, None if given.all() else given)

    def _numbered(
        self, of: ListOf, read: Mapping[tuple[Any, ...], tuple[Cells, Used]], rows: int, faults: RowFaults
    ) -> Gathered:
        """Read rows that stand in numbered columns: a list ends with the last row in which something stands."""
        order = {field: i for i, field in enumerate(of.fields)}
        counts, none = np.zeros(rows, np.int32), np.zeros(rows, np.bool_)
        for slot, (cells, _) in read.items():
            counts = np.where(cells.given, np.maximum(counts, slot[0]), counts)
            none |= False if cells.none is None else cells.none
        given = (counts > 0) | none
        first = next(iter(read.values()))[1].name
        faults.add(none & (counts > 0), "cells-none-and-some", self.decl.name, first)
        amiss = given & (counts < of.at_least)
        faults.add(amiss, "too-few", self.decl.name, first)
        ordered = sorted(read, key=lambda slot: (slot[0], order[_field(slot)]))
        for slot in ordered:
            cells, used = read[slot]
            dotted = "" if of.plain else f".{_field(slot)}"
            faults.cells(cells, f"{self.decl.name}[{slot[0]}]{dotted}", used.name)
        sure = given & ~amiss
        counts = np.where(sure, counts, 0).astype(np.int32)
        most = max(int(counts.max(initial=0)), 1)
        lanes: Lanes = {"#": (counts, None if sure.all() else sure)}
        for field, kind in of.fields.items():
            t = int_type(kind)
            table, mask = np.full((most, rows), t.lo, dtype_of(t)), np.zeros((most, rows), np.bool_)
            for slot in ordered:
                if _field(slot) == field and slot[0] <= most:
                    cells = read[slot][0]
                    table[slot[0] - 1] = cells.values
                    mask[slot[0] - 1] = True if cells.known is None else cells.known
            beyond = np.arange(most)[:, None] >= counts
            mask |= beyond
            lanes[f".{field}"] = (table, None if mask.all() else mask)
        return Gathered(lanes, None if given.all() else given)

    # --- two columns for one thing ---

    def _joined(self, one: Gathered, other: Gathered, used: Used, faults: RowFaults) -> Gathered:
        """Take each row from the column that has it; where both have it they must say the same."""
        rows = len(next(iter(one.lanes.values()))[0].T)
        mine = np.ones(rows, np.bool_) if one.given is None else one.given
        theirs = np.ones(rows, np.bool_) if other.given is None else other.given
        both = mine & theirs
        if both.any():
            if scalar_of(self.decl.type) is not None and not self.parts:
                (a, ka), (b, kb) = one.lanes[None], other.lanes[None]
                sure = (True if ka is None else ka) & (True if kb is None else kb)
                differ = both & sure & (a != b)
                faults.add(differ, "cells-disagree", self.decl.name, used.name)
            else:
                faults.add(both, "column-clash", self.decl.name, used.name)
        lanes = {slot: chosen(mine, one.lanes[slot], other.lanes[slot]) for slot in one.lanes}
        return Gathered(lanes, None if (mine | theirs).all() else mine | theirs)


def _same(one: Cells, other: Cells, used: Used, faults: RowFaults) -> Cells:
    """Two columns for one part: the first that says something, and a fault where they differ."""
    both = one.given & other.given
    differ = both & (one.values != other.values)
    for side in (one, other):
        if side.wrong is not None:
            differ |= both & (side.wrong > 0)
    faults.add(differ, "cells-disagree", used.place.fact, used.name)
    mine = one.given
    wrong = None
    if one.wrong is not None or other.wrong is not None:
        wrong = np.where(mine, 0 if one.wrong is None else one.wrong, 0 if other.wrong is None else other.wrong)
    values, known = chosen(mine, (one.values, one.known), (other.values, other.known))
    none = one.none if other.none is None else other.none if one.none is None else one.none | other.none
    return Cells(values, known, wrong, none)


def _given(cells: Cells) -> Array | None:
    return None if cells.known is None else cells.given


def _field(slot: tuple[Any, ...]) -> str:
    return str(slot[1]) if len(slot) > 1 else "value"


def _picked(values: Sequence[object], places: Column) -> list[object]:
    """Give the Python objects that the places of a column of mixed types stand for."""
    return [None if p is None else values[p] for p in places.to_pylist()]


def _each(column: Column) -> list[object]:
    """Give the values of a column as Python has them; in place of one that Python cannot have a text that is none."""
    try:
        return list(column.to_pylist())
    except (ValueError, OverflowError):
        values: list[object] = []
        for one in column:
            try:
                values.append(one.as_py())
            except (ValueError, OverflowError):
                values.append(str(one.type))
        return values


def mapping_of(value: object) -> tuple[object, str]:
    """Give a mapping that Arrow hands out as pairs, and the code of the fault if a key is there twice."""
    if not isinstance(value, list) or not all(isinstance(v, tuple) for v in value):
        return value, ""
    found = dict(value)
    return (found, "") if len(found) == len(value) else (None, "json-duplicate-key")


def _children(of: ListOf, flat: Column) -> dict[str, Any]:
    """Give the columns of the fields of all rows; under "" where a row is not there at all."""
    flat = plain_column(flat)
    if of.plain:
        return {"value": flat}
    if not pa.types.is_struct(flat.type):
        return {"": np.ones(len(flat), np.bool_)}
    found = {field.name: child for field, child in zip(flat.type, flat.flatten(), strict=True)}
    known = truth(flat)
    return found if known is None else {**found, "": ~known}
