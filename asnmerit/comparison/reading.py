"""Answer columns of a decision as NumPy arrays of exact integers, as two laws are held side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.frames.answers import REFUSED, UNDETERMINED
from asnmerit.frames.arrow import np, pa, pc, raw, truth

if TYPE_CHECKING:
    from asnmerit.comparison.pairing import Pair

Array = Any
Batch = Any
LOW: Final = 2**32 - 1
NARROW: Final = 18
"""Digits of a decimal that one word holds."""


def whole_numbers(column: Any, den: int) -> tuple[Array, Array | None]:  # noqa: ANN401 - an array of PyArrow
    """Give numbers as whole ones over a denominator, or days as counted by Arrow; and where they are known.

    They are int64, or Python's integers where a column is too wide for that.
    """
    of = column.type
    known = truth(column)
    if pa.types.is_int64(of):
        found = raw(column, np.int64)
    elif pa.types.is_date32(of):
        found = raw(column, np.int32).astype(np.int64)
    elif pa.types.is_struct(of):
        found = raw(column.field(0), np.int64) * (den // np.maximum(raw(column.field(1), np.int64), 1))
    elif of.precision <= NARROW:
        words = raw(column, np.dtype([("low", np.int64), ("high", np.int64)]))["low"]
        found = words // (10**of.scale // den)
    else:
        exact = [0 if v is None else int(Fraction(v) * den) for v in column.to_pylist()]
        found = np.array(exact, object)
    return (found, None) if known is None else (np.where(known, found, 0), known)


def codes(column: Any, members: Sequence[str]) -> Array:  # noqa: ANN401 - an array of PyArrow
    """Give the places of members among those of both laws, from 1; 0 where there is none."""
    if pa.types.is_boolean(column.type):
        places = pc.add(column.cast(pa.int8()), pa.scalar(1, pa.int8()))
        return np.asarray(pc.fill_null(places, 0)).astype(np.int64)
    own = np.array([0, *(members.index(m) + 1 for m in column.dictionary.to_pylist())], np.int64)
    found = places_in(column) + 1
    known = truth(column)
    return own[found if known is None else np.where(known, found, 0)]


def places_in(coded: Any) -> Array:  # noqa: ANN401 - an array of PyArrow, dictionary-encoded
    """Give the places of the rows among the texts of a dictionary; where there is no text, they say nothing."""
    of = coded.indices.type
    # PyArrow 19 imports pandas to say this.
    width = np.dtype(f"{'u' if pa.types.is_unsigned_integer(of) else 'i'}{of.bit_width // 8}")
    return raw(coded.indices, width).astype(np.int64)


def flags_of(column: Any) -> Array:  # noqa: ANN401 - an array of PyArrow
    """Give where a column is true for certain."""
    return np.asarray(pc.fill_null(column, False).to_numpy(zero_copy_only=False), np.bool_)


@attrs.frozen(eq=False)
class Answers:
    """What one law says of a block of people on one decision."""

    pair: Pair
    side: int
    batch: Batch

    def column(self, field: str) -> Any:  # noqa: ANN401 - an array of PyArrow
        """Give the column of a field of the outcome."""
        return self.batch.column(self.named(field))

    def named(self, field: str) -> str:
        """Give the name of the column of a field."""
        apart = f"{self.pair.name}.outcome.{field}"
        return apart if apart in self.batch.schema.names else f"{self.pair.name}.{field}"

    def status(self) -> Array:
        """Give the places of the statuses, in the order of `STATUSES`.

        Who is refused, and is given by `otherwise` what is not known, has no settled answer.
        """
        found = raw(self.batch.column(f"{self.pair.name}.status").indices, np.int8)
        for field in self.pair.fields:
            known = truth(self.column(field.name))
            if known is not None and field.name in self.pair.parts[self.side].plan.node.otherwise:
                found = np.where((found == REFUSED) & ~known, np.int8(UNDETERMINED), found)
        return found

    def rules(self) -> Mapping[str, Array]:
        """Give where each rule granted: of several that may, the one that did."""
        part = self.pair.parts[self.side]
        if part.collects:
            return {name: flags_of(self.batch.column(rule.key)) for name, rule in part.rules.items()}
        if part.plan.which is None or not part.rules:
            return {}
        which = codes(self.batch.column(f"{self.pair.name}.rule"), tuple(part.rules))
        return {name: which == i for i, name in enumerate(part.rules, 1)}

    def bit(self, word: str, condition: str, rows: Array) -> Array:
        """Give where a condition is met (`met`) or surely not met (`unmet`), in some of the rows."""
        at, bit = self.pair.parts[self.side].bits[condition]
        more = f"_{at + 1}" if at else ""
        packed = raw(self.batch.column(f"{self.pair.name}.{word}{more}"), np.int64)
        return (packed[rows] >> np.int64(bit)) & 1 == 1

    def grant(self, rule: str, field: str) -> tuple[Array, int]:
        """Give what a rule grants to each, and over which denominator."""
        part = self.pair.parts[self.side]
        key = part.rules[rule].grants[field]
        den = int(part.law.steps[part.law.index[key]].code.type.den)
        fixed = part.constant(key)
        if fixed is not None:
            return np.full(self.batch.num_rows, fixed, np.int64), den
        return whole_numbers(self.batch.column(key), den)[0], den


def over_one(values: tuple[Array, Array], dens: tuple[int, int]) -> tuple[Array, Array]:
    """Bring two columns over one denominator; in Python's integers where they could leave 64 bits."""
    if dens[0] == dens[1]:
        return values
    a, b = (v.astype(object) for v in values)
    return a * dens[1], b * dens[0]


def sums(values: Array, places: Array, count: int) -> list[int]:
    """Add numbers up by place, exactly, in Python's integers: halves of the words are added apart."""
    if values.dtype == object:
        found = [0] * count
        for place, value in zip(places.tolist(), values.tolist(), strict=True):
            found[place] += value
        return found
    low, high = np.zeros(count, np.int64), np.zeros(count, np.int64)
    np.add.at(low, places, values & LOW)
    np.add.at(high, places, values >> 32)
    return [(h << 32) + n for h, n in zip(high.tolist(), low.tolist(), strict=True)]
