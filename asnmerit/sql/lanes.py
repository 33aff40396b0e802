"""One value of a table into the kernel's integer, or NULL with the reason why not: by type and by dialect.

`read` gives two texts: the value, which is NULL for what is not legal, and the code of what is wrong with it, which
is asked only where there was something and the value came out NULL.
"""

from __future__ import annotations

import datetime
import math
from fractions import Fraction
from typing import Final

from asnmerit.rules.calendar import FIRST, LAST
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar
from asnmerit.sql.dialects import EPOCH, Dialect, whole

MOST_PLACES: Final = 18
WHOLE: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")


def read(raw: str, of: Scalar, dialect: Dialect) -> tuple[str, str]:
    """Give the value and the code of its fault, for a column of the database's own type for it."""
    names: tuple[str, ...] = ()
    match of:
        case Bool():
            code = "'wrong-type'"
            value = f"CASE WHEN {raw} THEN TRUE WHEN NOT {raw} THEN FALSE END"
            names = ("BOOLEAN",)
        case Enum():
            code = "'unknown-member'"
            value = members(f"CAST({raw} AS VARCHAR)", of, dialect)
        case Date():
            code, names = "'out-of-range'", ("DATE",)
            value = day(raw, of)
        case Number():
            return _number_of(raw, of, dialect)
    if dialect.typed and names:
        test = _typed(raw, names)
        value = f"CASE WHEN {test} THEN {value} END"
        code = f"CASE WHEN {test} THEN {code} ELSE 'wrong-type' END"
    return value, code


def _typed(raw: str, names: tuple[str, ...]) -> str:
    return f"typeof({raw}) IN ({', '.join(repr(n) for n in names)})"


def members(text: str, of: Enum, dialect: Dialect) -> str:
    """Write the code of a member by its text."""
    cases = " ".join(f"WHEN {dialect.text(m)} THEN {i}" for i, m in enumerate(of.members))
    return f"CAST(CASE {text} {cases} END AS BIGINT)"


def day(raw: str, of: Date) -> str:
    """Write the number of a day within its range."""
    low, high = (datetime.date.fromordinal(d).isoformat() for d in (of.lo or FIRST, of.hi or LAST))
    return f"CASE WHEN {raw} BETWEEN DATE '{low}' AND DATE '{high}' THEN CAST({raw} - {EPOCH} + 1 AS BIGINT) END"


def _number_of(raw: str, of: Number, dialect: Dialect) -> tuple[str, str]:
    if not dialect.typed:
        return number(raw, of), _missed(raw, of)
    places = places_of(int_type(of).den)
    exact = f"TRY_CAST({raw} AS DECIMAL(38, {places}))"
    known = f"({_typed(raw, (*WHOLE, 'DOUBLE'))} OR typeof({raw}) LIKE 'DECIMAL%')"
    low, high = _around(of)
    inside = f"{exact} BETWEEN {low} AND {high}"
    value = f"CASE WHEN {known} THEN CASE WHEN {inside} THEN CASE WHEN {exact} = {raw} THEN {{}} END END END"
    missed = f"CASE WHEN NOT {known} THEN CASE typeof({raw}) WHEN 'FLOAT' THEN 'inexact' ELSE 'wrong-type' END"
    return value.format(_duck_number(exact, of)), f"{missed} WHEN {inside} THEN 'off-step' ELSE 'out-of-range' END"


def _duck_number(exact: str, of: Number) -> str:
    """Write the numerator of an exact value in range: whole, in range and on the step, or NULL."""
    t, step = int_type(of), _step(of)
    scaled = exact if t.den == 1 else f"{exact} * {t.den}"
    n = f"CAST({scaled} AS HUGEINT)"
    tests = [f"{n} BETWEEN {whole(t.lo)} AND {whole(t.hi)}"]
    if places_of(t.den):
        tests.insert(0, f"{n} = {scaled}")
    if step > 1:
        tests.append(f"MOD({n} - {whole(t.lo)}, {step}) = 0")
    return f"CASE WHEN {' AND '.join(tests)} THEN CAST({n} AS BIGINT) END"


def number(raw: str, of: Number, bottom: str = "") -> str:
    """Write the numerator of a PostgreSQL number of any exact type; a float has no MOD and is refused at once.

    With a `bottom` the number is a ratio, of which only what comes out whole over the denominator is legal.
    """
    t = int_type(of)
    low, high = _around(of)
    inside, scaled, more = f"{raw} BETWEEN {low} AND {high}", f"{raw} * CAST({t.den} AS NUMERIC)", ""
    if bottom:
        inside = f"{raw} BETWEEN {low} * {bottom} AND {high} * {bottom}"
        more, scaled = f"MOD({scaled}, {bottom}) = 0 AND ", f"div({scaled}, {bottom})"
    legal = f"{more}{scaled} BETWEEN {whole(t.lo)} AND {whole(t.hi)} AND MOD({scaled} - {whole(t.lo)}, {_step(of)}) = 0"
    return f"CASE WHEN {inside} THEN CASE WHEN {legal} THEN CAST({scaled} AS BIGINT) END END"


def _missed(raw: str, of: Number) -> str:
    low, high = _around(of)
    return f"CASE WHEN {raw} BETWEEN {low} AND {high} THEN 'off-step' ELSE 'out-of-range' END"


def _around(of: Number) -> tuple[str, str]:
    """Give whole numbers around the range: they keep what follows from overflowing."""
    low, high = of.lo or Fraction(0), of.hi or Fraction(0)
    return whole(math.floor(low)), whole(math.ceil(high))


def _step(of: Number) -> int:
    den = int_type(of).den
    return den if of.step is None else int(of.step * den)


def places_of(den: int) -> int:
    """Give how many decimal places a number over a denominator can have and still end.

    >>> places_of(1), places_of(8), places_of(3), places_of(60)
    (0, 3, 0, 2)
    """
    twos = fives = 0
    while den % 2 == 0:
        den, twos = den // 2, twos + 1
    while den % 5 == 0:
        den, fives = den // 5, fives + 1
    return min(max(twos, fives), MOST_PLACES)
