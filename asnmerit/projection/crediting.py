"""Credit points over the years: predicates become conversions, and the law's own sums are carried on."""

from __future__ import annotations

import datetime
from typing import Any, Final

from asnmerit.frames.arrow import np, pa, pc
from asnmerit.population.columns import fixed
from asnmerit.projection.asking import Asked
from asnmerit.projection.dates import day_of
from asnmerit.projection.draws import Array
from asnmerit.projection.people import People, days_in

NEEDS: Final = {"previous_credit", "conversions", "functional_level"}
"""The columns without which no credit moves."""
EMPTIED: Final = ("conversions", "quarters", "certificates")
SET_TO_ZERO: Final = ("adjustment_credit", "recorded_basic_credit")
THOUSANDTHS: Final = 1000
SAFE: Final = 2**62 // THOUSANDTHS
_CREDIT: Final = fixed(12, 3)


def carries(table: Any) -> bool:  # noqa: ANN401 - a table of PyArrow
    """Whether people have the columns of credit."""
    return set(table.column_names) >= NEEDS


def thousandths(value: Any) -> tuple[Array, Array]:  # noqa: ANN401 - an array of PyArrow
    """Give exact credit in whole thousandths, rounded down, and where it is known."""
    known = np.asarray(value.is_valid())
    if pa.types.is_struct(value.type):
        above, below = (value.field(i).fill_null(1).to_numpy(zero_copy_only=False) for i in (0, 1))
        # Python's integers where a product could leave 64 bits.
        small = value.type.field(0).type == pa.int64() and int(np.abs(above).max(initial=0)) < SAFE
        above, below = (a if small else a.astype(object) for a in (above, below))
        found = (above * THOUSANDTHS // below).astype(np.int64)
    else:
        # The low half of each number of 128 bits holds it whole: credit is far below 2**63 thousandths.
        units = value.cast(pa.decimal128(18, 3))
        halves = np.frombuffer(units.buffers()[1], "<i8")[2 * units.offset : 2 * (units.offset + len(units))]
        found = np.where(known, halves[::2], 0)
    return found, known


def _set_previous(people: People, where: Array, credit: Array) -> None:
    column = people.table["previous_credit"].combine_chunks().cast(pa.decimal128(12, 3))
    people.put("previous_credit", pc.if_else(pa.array(where), _CREDIT(credit, None), column))


def _emptied(people: People, where: Array, names: tuple[str, ...]) -> None:
    for name in names:
        if name in people.table.column_names:
            old = people.table[name].combine_chunks()
            people.put(name, pc.if_else(pa.array(where), pa.scalar([], old.type), old))


def convert(people: People, asked: Asked, day: datetime.date, predicates: Any) -> None:  # noqa: ANN401 - of PyArrow
    """Add the credit that conversions gave so far to that of the last statement; the last year is a new conversion."""
    law = asked.on(day)
    if not carries(people.table) or "converted_credit" not in law.index:
        return
    answers = asked.decide(people.with_service(), day, ("converted_credit",))
    earned, known = thousandths(answers["converted_credit"].combine_chunks())
    before, stated = thousandths(people.table["previous_credit"].combine_chunks())
    whole = known & stated
    _set_previous(people, whole, before + earned)
    _emptied(people, whole, ("conversions", "quarters"))
    # The last statement reached to the end of the year before; for one who came since, the year begins with him.
    first, last = day_of(datetime.date(day.year - 1, 1, 1)), day_of(day) - 1
    came = np.maximum(days_in(people.table, "cpns_date"), days_in(people.table, "appointment_date"))
    start = np.clip(came, first, last)
    level = people.table["functional_level"].combine_chunks()
    rated = whole & np.asarray(predicates.is_valid()) & np.asarray(level.is_valid())
    rated &= np.asarray(pc.not_equal(level, "bukan").fill_null(False))
    rows = {
        "start": pa.array(start.astype(np.int32)).cast(pa.date32()),
        "end": pa.array(np.full(people.rows, last, np.int32)).cast(pa.date32()),
        "predicate": predicates,
        "level": level,
    }
    at = np.flatnonzero(rated)
    ends = np.concatenate([[0], np.cumsum(rated)]).astype(np.int32)
    made = pa.ListArray.from_arrays(
        pa.array(ends), pa.StructArray.from_arrays([c.take(at) for c in rows.values()], list(rows))
    )
    old = people.table["conversions"].combine_chunks().cast(made.type)
    people.put("conversions", pc.if_else(pa.array(rated), made, old))


def carry(people: People, granted: Array, carried: Any) -> None:  # noqa: ANN401 - an array of PyArrow
    """After a promotion: what the law carries forward is the credit of the statement, and nothing else is left."""
    credit, known = thousandths(carried)
    where = granted & known
    if not where.any():
        return
    _set_previous(people, where, credit)
    _emptied(people, where, EMPTIED)
    for name in SET_TO_ZERO:
        if name in people.table.column_names:
            old = people.table[name].combine_chunks()
            people.put(name, pc.if_else(pa.array(where), pa.scalar(0).cast(pa.decimal128(20, 0)).cast(old.type), old))
