"""People drawn as columns, lane by lane, from mixtures that favour the ends of a range and the lines of the law."""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np

from asnmerit.auditing.crowd.domains import domains
from asnmerit.frames.kernel import Block, dtype_of, lane_types

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.auditing.crowd.landmarks import Landmarks
    from asnmerit.rules.law import Law

Array = Any
Random = np.random.Generator
POOL: Final = 16_384
MOST_GIVEN: Final = 8 * POOL
WORKING_YEARS: Final = 70


@attrs.frozen
class Portion:
    """A kind of people: how its lanes are mixed, how long its lists are, and what holds between its lanes.

    `uniform`, `ends`, `marks` share out the values of a lane; `alike` is the share of people in whom the slots of a
    family, or the rows of a list, are the same; `one_end` that of people most of whose lanes are at one end.
    """

    share: float
    uniform: float = 0.4
    ends: float = 0.15
    marks: float = 0.45
    longest: int = 3
    alike: float = 0.15
    beside: float = 0.12
    one_end: float = 0.0


PORTIONS: Final = (
    Portion(0.42),
    Portion(0.10, longest=10**6),
    Portion(0.14, uniform=0.05, marks=0.8, longest=2, beside=0.3),
    Portion(0.08, uniform=1.0, ends=0.0, marks=0.0, longest=5),
    Portion(0.18, longest=2, alike=0.9, beside=0.4),
    Portion(0.08, longest=10**6, one_end=1.0, alike=0.3),
)


class Drawing:
    """Draws columns for the lanes of one law."""

    def __init__(self, law: Law, marks: Landmarks, as_of: datetime.date, rng: Random) -> None:
        """Values come from `rng` alone, lane after lane in the order of the law."""
        self.lanes, self.marks, self.as_of, self.rng = domains(law), marks, as_of, rng
        self._pools: dict[tuple[Lane, Portion], Array] = {}
        self._given = 0
        types = lane_types(law)
        self.dtypes = {lane: dtype_of(types[lane]) if lane in types else np.int32 for lane in self.lanes}

    # --- values of one lane ---

    def refreshed(self, rows: int) -> None:
        """Forget the values drawn so far when many people have been given some of them."""
        self._given += rows
        if self._given > MOST_GIVEN:
            self._pools.clear()
            self._given = 0

    def pool(self, lane: Lane, portion: Portion) -> Array:
        """Give many values of a lane, mixed as the portion says; a draw from them is a draw from the mixture."""
        key = (lane, portion)
        if key not in self._pools:
            self._pools[key] = self._pool(lane, portion, POOL)
        return self._pools[key]

    def _pool(self, lane: Lane, portion: Portion, size: int) -> Array:
        domain = self.lanes[lane]
        at_ends, at_marks = int(size * portion.ends), int(size * portion.marks)
        marks = np.asarray(self.marks.values[lane], np.int64)
        high = domain.high if domain.kind != "count" else min(domain.high, max(domain.low, portion.longest))
        if not len(marks) or domain.kind in {"bool", "code", "count"}:
            at_marks = at_marks // 4 if len(marks) else 0
        parts = [self._free(domain, size - at_ends - at_marks), self._ends(domain, at_ends)]
        if at_marks:
            parts.append(marks[self.rng.integers(0, len(marks), at_marks)] + self._beside(domain, at_marks))
        return np.clip(np.concatenate(parts), domain.low, high).astype(self.dtypes[lane])

    def _free(self, domain: Domain, many: int) -> Array:
        """Give any values; of a long range some near its low end by size, of days mostly those of a working life."""
        places = self.rng.integers(0, domain.size, many, np.uint64)
        third = many // 3
        if domain.kind == "date":
            today = self.as_of.toordinal() - domain.low
            for start, years in ((0, WORKING_YEARS), (third, 6)):
                near = today + self.rng.integers(-366 * years, 366 * min(years, 5), third)
                places[start : start + third] = np.clip(near, 0, domain.size - 1)
            some = many // 12
            places[many - some :] = self._month_ends(domain, some)
        elif domain.size > POOL:
            places[:third] = self.sizes(domain, third)
        return domain.at(places)

    def sizes(self, domain: Domain, many: int) -> Array:
        """Give numbers of steps, less than there are places: small ones as likely as large ones."""
        return np.exp2(self.rng.random(many) * math.log2(domain.size)).astype(np.uint64) % np.uint64(domain.size)

    def _month_ends(self, domain: Domain, many: int) -> Array:
        """Give last days, firsts and 29ths to 31sts of months, as places."""
        first = (self.as_of.year - WORKING_YEARS - 1970) * 12
        months = self.rng.integers(first, first + 12 * (WORKING_YEARS + 4), many).astype("datetime64[M]")
        starts = months.astype("datetime64[D]").astype(np.int64) + EPOCH
        ends = (months + 1).astype("datetime64[D]").astype(np.int64) + EPOCH - 1
        kind = self.rng.integers(0, 4, many)
        days = np.where(kind == 0, starts, np.where(kind == 1, np.minimum(starts + 28, ends), ends))
        return np.clip(days - domain.low, 0, domain.size - 1)

    def _ends(self, domain: Domain, many: int) -> Array:
        """Give the lowest, the highest, those next to them, and what is nearest to nothing."""
        low, high, step = domain.low, domain.high, domain.step
        nothing = -low // step * step + low
        few = (low, low, low + step, high, high, high - step, nothing, nothing - step, nothing + step)
        spots = [min(max(v, low), high) for v in few]
        return np.array(spots, np.int64)[self.rng.integers(0, len(spots), many)]

    def _beside(self, domain: Domain, many: int) -> Array:
        return np.array([-1, 0, 0, 1])[self.rng.integers(0, 4, many)] * domain.step

    # --- people ---

    def room(self, lanes: Collection[Lane], rows: int) -> dict[Lane, Array]:
        """Give columns to be filled, all at the lowest lawful value."""
        return {
            lane: np.full((d.rows, rows) if d.field else rows, d.low, self.dtypes[lane])
            for lane, d in self.lanes.items()
            if lane in lanes
        }

    def fill(self, values: Mapping[Lane, Array], portion: Portion) -> None:
        """Draw some lanes of people of one kind into columns; rows of lists beyond the longest stay as they are."""
        rows = next((column.shape[-1] for column in values.values()), 0)
        for lane, column in values.items():
            pool, domain = self.pool(lane, portion), self.lanes[lane]
            if domain.field:
                for i in range(min(domain.rows, max(portion.longest, self.lanes[(lane[0], "#")].low))):
                    column[i] = self.chosen(pool, rows)
            else:
                column[...] = self.chosen(pool, rows)
        self._at_one_end(values, portion, rows)
        self._alike(values, portion, rows)
        self._beside_each_other(values, portion, rows)

    def chosen(self, pool: Array, rows: int) -> Array:
        """Choose values of a pool."""
        return pool[self.rng.integers(0, len(pool), rows, dtype=np.uint16)]

    def some(self, rows: int, share: float) -> Array:
        """Give a choice of rows, as truth values."""
        return self.rng.integers(0, 256, rows, dtype=np.uint8) < int(share * 256)

    def _at_one_end(self, values: Mapping[Lane, Array], portion: Portion, rows: int) -> None:
        """Put most lanes of some people at one end: all low, all high."""
        if not portion.one_end or not rows:
            return
        asked, high = self.some(rows, portion.one_end), self.some(rows, 0.5)
        for lane, column in values.items():
            domain = self.lanes[lane]
            end = np.where(high, domain.high, domain.low).astype(self.dtypes[lane])
            np.copyto(column, end, where=asked & self.some(rows, 0.8))

    def _alike(self, values: Mapping[Lane, Array], portion: Portion, rows: int) -> None:
        """Give some people the same value in all slots of a family, and in all rows of a list."""
        firsts: dict[str, Lane] = {}
        for lane, column in values.items():
            domain = self.lanes[lane]
            if domain.field:
                np.copyto(column, column[0], where=self.some(rows, portion.alike))
            elif lane[1] is not None and domain.kind != "count":
                first = firsts.setdefault(lane[0], lane)
                if first != lane:
                    np.copyto(column, values[first], where=self.some(rows, portion.alike))

    def _beside_each_other(self, values: Mapping[Lane, Array], portion: Portion, rows: int) -> None:
        """Put a lane that the law compares with another at that other's value, or one step beside."""
        for one, other in self.marks.beside:
            if one not in values or other not in values:
                continue
            to, domain = values[one], self.lanes[one]
            given = values[other]
            if given.ndim > to.ndim:
                given = given[0]
            near = domain.nearest(given + self._beside(domain, rows))
            np.copyto(to, near.astype(to.dtype), where=self.some(rows, portion.beside))


EPOCH: Final = datetime.date(1970, 1, 1).toordinal()


def joined(parts: list[Block]) -> Block:
    """Give the rows of several blocks as one block."""
    if len(parts) == 1:
        return parts[0]
    values = {lane: np.concatenate([p.values[lane] for p in parts], axis=-1) for lane in parts[0].values}
    known = {
        lane: np.concatenate(
            [p.known[lane] if lane in p.known else np.ones(p.values[lane].shape, np.bool_) for p in parts], axis=-1
        )
        for lane in dict.fromkeys(lane for p in parts for lane in p.known)
    }
    return Block(sum(p.rows for p in parts), values, known)


def taken(block: Block, where: Array) -> Block:
    """Give some rows of a block: by truth values or by number."""
    rows = int(np.count_nonzero(where)) if where.dtype == np.bool_ else len(where)
    return Block(
        rows,
        {
            lane: v[..., where] if v.ndim == 1 else np.take(v, _places(where), axis=1)
            for lane, v in block.values.items()
        },
        {lane: v[..., where] for lane, v in block.known.items()},
    )


def _places(where: Array) -> Array:
    return np.flatnonzero(where) if where.dtype == np.bool_ else where


def shortened(block: Block, most: int) -> Block:
    """Give people none of whose lists is longer than this with room for no more rows."""
    return Block(block.rows, {lane: v[:most] if v.ndim > 1 else v for lane, v in block.values.items()})


def view(values: Mapping[Lane, Array], start: int, rows: int) -> dict[Lane, Array]:
    """Give some people of columns; nothing is copied."""
    return {lane: column[..., start : start + rows] for lane, column in values.items()}
