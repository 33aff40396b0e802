"""The edge: a record comes in, integers that the law computes with come out, or every fault of the record at once.

`convert` holds the rules, type by type. For speed a law also gets a generated function that does the same for the
common kinds of values and steps aside for anything else.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, RecordError, shown
from asnmerit.rules.law import exact_text, shown_exact
from asnmerit.rules.lower import int_type
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY, day_of
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Type, Yearly

if TYPE_CHECKING:
    from collections.abc import Iterator

    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

MOST_FLOAT = 10**15
MOST_DIGITS = 60
FIRST_YEAR, LAST_YEAR = 1900, 2199
MOST_FAULTS = 100
Lanes = tuple[Any, ...]


class _Wrong(Exception):  # noqa: N818 - it never leaves this module
    """A value is not what its type expects; carries code, expected and hint."""

    def __init__(self, code: str, expected: str, hint: str = "") -> None:
        self.code, self.expected, self.hint = code, expected, hint
        super().__init__(code)


# --- one value ------------------------------------------------------------


def converted(value: object, of: Scalar) -> tuple[int | bool | None, str]:
    """Give the kernel's integer and no code, or None and the code of the fault."""
    try:
        return convert(value, of), ""
    except _Wrong as wrong:
        return None, wrong.code


def convert(value: object, of: Scalar) -> int | bool:
    """Turn a value of a record into the kernel's integer, or raise with what was expected. Never guesses."""
    if type(value).__module__ == "numpy":
        value = _from_numpy(value)
    match of:
        case Bool():
            if value is True or value is False:
                return value
            raise _Wrong("wrong-type", "true or false", "0, 1 and words are not truth values")
        case Number():
            return _number(value, of)
        case Date():
            return _date(value, of)
        case Enum():
            return _code(value, of)


def _from_numpy(value: Any) -> object:  # noqa: ANN401 - a numpy scalar
    if type(value).__name__ in {"float32", "float16"}:
        raise _Wrong("inexact", "an exact number", "a 32-bit float cannot hold it: use Decimal, int or a 64-bit float")
    return value.item() if hasattr(value, "item") and getattr(value, "ndim", 0) == 0 else value


def _number(value: object, of: Number) -> int:
    t = int_type(of)
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal | float):
        hint = "numbers are not text here; readers turn text into numbers" if isinstance(value, str) else ""
        raise _Wrong("wrong-type", f"a number {_range(of)}", hint)
    if (isinstance(value, Decimal) and not value.is_finite()) or (
        isinstance(value, float) and not math.isfinite(value)
    ):
        raise _Wrong("not-finite", f"a number {_range(of)}")
    scaled = _scaled(value, t.den, of)
    if not t.lo <= scaled <= t.hi:
        hint = 'a share is written as a fraction of one: 0.875, or "87.5%" in a file' if of.unit == "percent" else ""
        raise _Wrong("out-of-range", f"a number {_range(of)}", hint)
    n = int(scaled)
    step = t.den if of.step is None else int(of.step * t.den)
    if n != scaled or (n - t.lo) % step:
        raise _Wrong("off-step", f"a number {_range(of)}", _floats(value))
    return n


def _scaled(value: Fraction | Decimal | float, den: int, of: Number) -> int | Fraction:
    """Give the exact numerator; a float counts as the nearest point of the step, if it is the double nearest to it."""
    if isinstance(value, float):
        if abs(value) >= MOST_FLOAT:
            raise _Wrong("out-of-range", f"a number {_range(of)}")
        n = round(Fraction(value) * den)
        if abs(n) >= MOST_FLOAT or n / den != value:
            raise _Wrong("off-step", f"a number {_range(of)}", _floats(value))
        return n
    if isinstance(value, Decimal):
        if abs(value.adjusted()) > MOST_DIGITS or len(value.as_tuple().digits) > MOST_DIGITS:
            raise _Wrong("out-of-range", f"a number {_range(of)}")
        return Fraction(value) * den
    return value * den


def _floats(value: object) -> str:
    return "this float is not the nearest to a point of the step; use Decimal" if isinstance(value, float) else ""


def _range(of: Number) -> str:
    step = "" if of.step is None else f" in steps of {exact_text(of.step)}"
    return f"from {exact_text(of.lo or Fraction(0))} to {exact_text(of.hi or Fraction(0))}{step}"


def _date(value: object, of: Date) -> int:
    low, high = of.lo or FIRST_DAY, of.hi or LAST_DAY
    days = f"from {shown_exact(low, of)} to {shown_exact(high, of)}"
    if isinstance(value, datetime.datetime):
        if value != value:  # noqa: PLR0124 - NaT of pandas: a moment that has neither day nor time
            raise _Wrong("wrong-type", f"a day {days}", "NaT is no day; None says that it is not known")
        if value.tzinfo is not None or value.time() != datetime.time():
            raise _Wrong("wrong-type", f"a day {days}", "a moment is not a day")
        day: int | None = value.toordinal()
    elif isinstance(value, datetime.date):
        day = value.toordinal()
    elif isinstance(value, str):
        day = day_of(value)
        if day is None:
            raise _Wrong("not-a-date", f"YYYY-MM-DD, a day that exists, {days}")
    else:
        raise _Wrong("wrong-type", f"a date or YYYY-MM-DD, {days}")
    if day is None or not low <= day <= high:
        raise _Wrong("out-of-range", f"a day {days}")
    return day


def _code(value: object, of: Enum) -> int:
    some = ", ".join(of.members[:8]) + (" …" if len(of.members) > 8 else "")  # noqa: PLR2004 - a taste of a long list
    expected = f"a member of {of.name}: {some}"
    if not isinstance(value, str):
        raise _Wrong("wrong-type", expected)
    if value in of.members:
        return of.members.index(value)
    lower = {m.lower(): m for m in of.members}
    near = (lower[value.lower()],) if value.lower() in lower else near_misses(value[:80], of.members)
    raise _Wrong("unknown-member", expected, f"did you mean {' or '.join(near)}?" if near else "")


# --- a record ------------------------------------------------------------


@attrs.define
class _Reading:
    """Reads one record with care, noting every fault."""

    law: Law
    year: int
    faults: list[Fault] = attrs.field(factory=list)

    def fault(self, name: str, value: object, wrong: _Wrong) -> None:
        self.faults.append(Fault(wrong.code, name, shown(value), wrong.expected, wrong.hint))

    def value(self, name: str, value: object, of: Scalar) -> int | bool | None:
        """Convert one scalar; unknown stays unknown; a fault counts as unknown from here on."""
        if value is None:
            return None
        try:
            return convert(value, of)
        except _Wrong as wrong:
            self.fault(name, value, wrong)
            return None

    def whole(self, decl: FactDecl, value: object) -> dict[Any, Any]:
        """Read a fact into its lanes: slot or field -> integer, None where unknown."""
        if value is None and decl.assume is not None:
            return assumed(decl)
        match decl.type:
            case Yearly(of, back):
                years = self._family(decl.name, value, lambda k: self._year(decl.name, k), of)
                return {k: years.get(self.year - 1 - k) for k in range(back)}
            case PerMember(of, enum):
                members = self._family(
                    decl.name, value, lambda k: k if k in enum.members else self._key(decl.name, k, enum), of
                )
                return {m: members.get(m) for m in enum.members}
            case ListOf() as rows:
                return self._rows(decl.name, value, rows)
            case of:
                return {None: self.value(decl.name, value, of)}  # type: ignore[arg-type]

    def _year(self, name: str, key: object) -> int | None:
        number = int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) == 4 else key  # noqa: PLR2004
        if isinstance(number, int) and not isinstance(number, bool) and FIRST_YEAR <= number <= LAST_YEAR:
            return number
        self.fault(f"{name}[{shown(key)}]", key, _Wrong("not-a-year", "a calendar year of four digits"))
        return None

    def _key(self, name: str, key: object, enum: Enum) -> None:
        near = near_misses(str(key)[:80], enum.members)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        self.fault(f"{name}[{shown(key)}]", key, _Wrong("unknown-member", f"a member of {enum.name}", hint))

    def _family(self, name: str, value: object, key_of: Any, of: Scalar) -> dict[Any, Any]:  # noqa: ANN401
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            hint = "a list would shift silently: say which year each value belongs to"
            self.fault(name, value, _Wrong("wrong-type", "a mapping such as {2025: ...}", hint))
            return {}
        read: dict[Any, Any] = {}
        for key, item in value.items():
            place = key_of(key)
            if place is None:
                continue
            if place in read:
                self.fault(f"{name}[{place}]", item, _Wrong("twice", "one value"))
            read[place] = self.value(f"{name}[{place}]", item, of)
        return read

    def _rows(self, name: str, value: object, of: ListOf) -> dict[Any, Any]:
        unknown: dict[Any, Any] = {"#": None, **{f".{f}": None for f in of.fields}}
        if value is None:
            return unknown
        if not isinstance(value, list | tuple):
            self.fault(name, value, _Wrong("wrong-type", "a list ([] when there are none)"))
            return unknown
        if not of.at_least <= len(value) <= of.up_to:
            code = "too-many" if len(value) > of.up_to else "too-few"
            self.fault(name, len(value), _Wrong(code, f"{of.at_least} to {of.up_to} rows"))
            return unknown
        columns: dict[str, list[Any]] = {f: [] for f in of.fields}
        for i, row in enumerate(value):
            self._row(f"{name}[{i + 1}]", row, of, columns)
        return {"#": len(value), **{f".{f}": tuple(items) for f, items in columns.items()}}

    def _row(self, place: str, row: object, of: ListOf, columns: dict[str, list[Any]]) -> None:
        if of.plain:
            columns["value"].append(self.value(place, row, of.fields["value"]))
            return
        if not isinstance(row, Mapping):
            expected = f"a mapping of {', '.join(of.fields)}"
            self.fault(place, row, _Wrong("wrong-type", expected))
            row = {}
        for key in row:
            if key not in of.fields:
                near = near_misses(str(key)[:80], of.fields)
                hint = f"did you mean {' or '.join(near)}?" if near else ""
                self.fault(
                    f"{place}.{str(key)[:40]}", "", _Wrong("unknown-field", f"one of {', '.join(of.fields)}", hint)
                )
        for field, kind in of.fields.items():
            columns[field].append(self.value(f"{place}.{field}", row.get(field), kind))


def assumed(decl: FactDecl) -> dict[Any, Any]:
    """Give the lanes of a fact that a presumption fills."""
    of: Type = decl.type
    if isinstance(of, ListOf):
        return {"#": 0, **{f".{f}": () for f in of.fields}}
    if isinstance(of, Number):
        return {None: int(decl.assume * int_type(of).den)}
    return {None: decl.assume}


class Input(NamedTuple):
    """A record past the edge: lanes in the order of `law.inputs`, presumptions made, whether anything is unknown."""

    lanes: Lanes
    presumed: tuple[str, ...]
    sure: bool


def read_record(law: Law, record: object, as_of: datetime.date, ignore: Collection[str] | str) -> Input:
    """Read a record carefully. Raises `RecordError` with every fault."""
    if not isinstance(record, Mapping):
        fault = Fault("wrong-type", "record", shown(record), "a mapping from fact names to values")
        raise RecordError([fault])
    reading = _Reading(law, as_of.year)
    given: dict[str, object] = {}
    for name, value in _nested(law, _pairs(law, record, ignore, reading), reading):
        if name in given:
            reading.fault(name, value, _Wrong("twice", "one value"))
        given[name] = value
    lanes: dict[tuple[str, Any], Any] = {("as_of", None): as_of.toordinal()}
    presumed = []
    for name, decl in law.declared.items():
        value = given.get(name)
        if name not in law.reads:
            if value is not None:
                reading.whole(decl, value)
            continue
        if value is None and decl.assume is not None:
            presumed.append(name)
        for slot, lane in reading.whole(decl, value).items():
            lanes[(name, slot)] = lane
    if reading.faults:
        raise RecordError(reading.faults[:MOST_FAULTS])
    found = tuple([lanes[lane] for lane in law.inputs])
    sure = not any(x is None or (isinstance(x, tuple) and None in x) for x in found)
    return Input(found, tuple(sorted(presumed)), sure)


def faulty(law: Law, decl: FactDecl, value: object, as_of: datetime.date) -> bool:
    """Whether a value of a fact has a fault."""
    reading = _Reading(law, as_of.year)
    if value is not None:
        reading.whole(decl, value)
    return bool(reading.faults)


def fact_lanes(law: Law, decl: FactDecl, value: object, year: int) -> tuple[dict[Any, Any], tuple[Fault, ...]]:
    """Read one fact of a record decided for a day of this year: its lanes (None where unknown), and its faults."""
    reading = _Reading(law, year)
    return reading.whole(decl, value), tuple(reading.faults)


def _pairs(
    law: Law, record: Mapping[str, object], ignore: Collection[str] | str, reading: _Reading
) -> Iterator[tuple[str, object]]:
    everything = ignore == "*"
    if not isinstance(ignore, Collection):
        raise ArgumentError("ignore", ignore, 'names of facts, or "*"')
    skipped = {ignore} if isinstance(ignore, str) else set(ignore)
    nested = _indicators(law)
    for name, value in record.items():
        if name in law.declared or name in nested:
            yield name, value
        elif not everything and name not in skipped:
            reading.faults.append(_unknown(law, name))


def _unknown(law: Law, name: object) -> Fault:
    if not isinstance(name, str):
        return Fault("unknown-fact", shown(name), "", "names of facts are text")
    if name in law.index:
        return Fault("not-a-fact", name, "", "facts only", f"`{name}` is computed by the law")
    near = near_misses(name[:80], law.declared)
    label = shown(name)[1:-1]
    return Fault(
        "unknown-fact",
        label,
        "",
        "a fact of the law",
        f"did you mean {' or '.join(near)}?"
        if near
        else "`law.facts` lists them; pass ignore=(...) for what does not belong to it",
    )


def _indicators(law: Law) -> dict[str, dict[str, str]]:
    """Give the indicators that raters score, by kind of rater: a record may nest {kind: [scores]} under them."""
    found: dict[str, dict[str, str]] = {}
    for name, decl in law.declared.items():
        if decl.rates is not None:
            found.setdefault(decl.rates[0], {})[decl.rates[1]] = name
    return found


def _nested(law: Law, pairs: Iterator[tuple[str, object]], reading: _Reading) -> Iterator[tuple[str, object]]:
    kinds = _indicators(law)
    for name, value in pairs:
        if name in law.declared:
            yield name, value
        elif isinstance(value, Mapping):
            for kind, scores in value.items():
                if kind in kinds[name]:
                    yield kinds[name][kind], scores
                else:
                    near = near_misses(str(kind)[:80], kinds[name])
                    hint = f"did you mean {' or '.join(near)}?" if near else ""
                    reading.faults.append(
                        Fault("unknown-fact", f"{name}.{shown(kind)}", "", f"one of {', '.join(kinds[name])}", hint)
                    )
        elif value is not None:
            wrong = _Wrong("wrong-type", f"a mapping of {', '.join(kinds[name])} to lists of scores")
            reading.fault(name, value, wrong)
