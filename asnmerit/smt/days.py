"""Days as terms: a month and a day of it, a number of days, or both; one is made of the other only when it is needed.

Days that a record brings are a month index (12 * year + month - 1) and a day of the month. They are compared by the
code 31 * month + day, which keeps their order. Adding and subtracting days needs the ordinal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.rules import calendar
from asnmerit.rules.kernel import bounds
from asnmerit.smt import tables, trees, whole
from asnmerit.smt.library import z3
from asnmerit.smt.quotient import quotient
from asnmerit.smt.whole import Whole, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from asnmerit.smt.truth import Truth

_MARCH_OF_YEAR_0 = -305
"""The ordinal of 1 March of the year 0."""
_LONG_MONTH = 31
_FOUR_YEARS = 1461
_LATEST = 9999


def code_of(day: int) -> int:
    """Give 31 * month + day of an ordinal: it has the order of days."""
    return _LONG_MONTH * calendar.month_index(day) + calendar.day_of_month(day)


class Day:
    """A day from `low` to `high` (ordinals). `parted`: month and day are at hand, the ordinal is computed."""

    __slots__ = ("_code", "_makers", "_month_day", "_ordinal", "context", "high", "low", "parted")

    def __init__(
        self,
        context: Any,  # noqa: ANN401 - a z3 context
        low: int,
        high: int,
        *,
        month_day: Callable[[], tuple[Whole, Whole]] | None = None,
        ordinal: Callable[[], Whole] | None = None,
    ) -> None:
        """Make one from makers of its parts, or of its ordinal, or both."""
        self.context, self.low, self.high = context, low, high
        self._makers = (month_day, ordinal)
        self.parted = month_day is not None
        self._month_day: tuple[Whole, Whole] | None = None
        self._ordinal: Whole | None = None
        self._code: Whole | None = None

    @property
    def point(self) -> bool:
        """Whether it is one day."""
        return self.low == self.high

    @property
    def counted(self) -> bool:
        """Whether its ordinal is at hand."""
        return self._makers[1] is not None

    @property
    def parts(self) -> tuple[Whole, Whole]:
        """The month index and the day of the month."""
        if self._month_day is None:
            make = self._makers[0]
            self._month_day = make() if make is not None else _parted(self.ordinal)
        return self._month_day

    @property
    def ordinal(self) -> Whole:
        """The proleptic Gregorian ordinal."""
        if self._ordinal is None:
            make = self._makers[1]
            self._ordinal = make() if make is not None else self._counted()
        return self._ordinal

    def _counted(self) -> Whole:
        """Compute the ordinal; what is compared with a constant is the code."""
        found = _counted(*self.parts)
        return _narrowed(found, self.low, self.high, lambda v: self.code.reaches(code_of(v)))

    @property
    def code(self) -> Whole:
        """The code 31 * month + day."""
        if self._code is None:
            if self.ordinal_is_tree:
                self._code = whole.on_leaves(self.ordinal, code_of)
            else:
                month, day = self.parts
                found = whole.added(whole.scaled(month, _LONG_MONTH), day)
                self._code = _narrowed(found, code_of(self.low), code_of(self.high))
        return self._code

    @property
    def ordinal_is_tree(self) -> bool:
        """Whether it is one of few days."""
        return self.counted and self.ordinal.tree is not None


def _narrowed(x: Whole, low: int, high: int, reach: Callable[[int], Truth] | None = None) -> Whole:
    if x.tree is not None:
        return x
    return Whole(
        x.context, max(x.low, low), min(x.high, high), x.expr, mixed=x.mixed, reach=reach or x.reach, size=x.size
    )


def of_parts(month: Whole, day: Whole, low: int, high: int) -> Day:
    """Make a day of a month index and a day that the month has."""
    if low == high:
        return of_ordinal(number(month.context, low))
    return Day(month.context, low, high, month_day=lambda: (month, day))


def of_ordinal(n: Whole) -> Day:
    """Make a day of its ordinal."""
    if n.tree is None:
        return Day(n.context, n.low, n.high, ordinal=lambda: n)

    def parts() -> tuple[Whole, Whole]:
        return whole.on_leaves(n, calendar.month_index), whole.on_leaves(n, calendar.day_of_month)

    return Day(n.context, n.low, n.high, month_day=parts, ordinal=lambda: n)


# --- what is asked of days ---


def _sides(a: Day, b: Day) -> tuple[Whole, Whole]:
    """Give what two days are compared by: codes where both have parts, else ordinals."""
    if a.parted and b.parted and not (a.counted and b.counted):
        return a.code, b.code
    return a.ordinal, b.ordinal


def less(a: Day, b: Day) -> Truth:
    """Whether one day is before another."""
    if a.high < b.low:
        return True
    if a.low >= b.high:
        return False
    return whole.less(*_sides(a, b))


def at_most(a: Day, b: Day) -> Truth:
    """Whether one day is not after another."""
    if a.high <= b.low:
        return True
    if a.low > b.high:
        return False
    return whole.at_most(*_sides(a, b))


def equal(a: Day, b: Day) -> Truth:
    """Whether two days are one."""
    if a.high < b.low or b.high < a.low:
        return False
    return whole.equal(*_sides(a, b))


def chosen(test: Truth, a: Day, b: Day) -> Day:
    """Give one of two days."""
    if isinstance(test, bool):
        return a if test else b
    if a is b:
        return a
    low, high = min(a.low, b.low), max(a.high, b.high)
    if a.ordinal_is_tree and b.ordinal_is_tree:
        return of_ordinal(whole.chosen(test, a.ordinal, b.ordinal))

    def parts() -> tuple[Whole, Whole]:
        (m, d), (n, e) = a.parts, b.parts
        return whole.chosen(test, m, n), whole.chosen(test, d, e)

    def ordinal() -> Whole:
        return whole.chosen(test, a.ordinal, b.ordinal)

    parted, counted = a.parted and b.parted, a.counted and b.counted
    return Day(
        a.context,
        low,
        high,
        month_day=parts if parted else None,
        ordinal=ordinal if counted or not parted else None,
    )


def date_at(month: Whole, day: Whole) -> Day:
    """Give a day of a month; past its end, its end. The day is at least 1."""
    low, high = bounds("date_at", None, [(month.low, month.high), (day.low, day.high)])
    return of_parts(month, whole.smaller(day, length(month, day.high)), low, high)


def length(month: Whole, asked: int = _LONG_MONTH) -> Whole:
    """Give the length of a month; nothing finer than `asked` days is needed."""
    context = month.context
    if asked <= 28:  # noqa: PLR2004 - every month has as many
        return number(context, 28)
    if month.tree is not None or month.high - month.low < 48:  # noqa: PLR2004 - four years
        cells = [_length(m) for m in range(month.low, month.high + 1)]
        return tables.looked_up(cells, whole.shifted(month, -month.low))
    m, r = month.expr % 12, month.expr % 48
    off = [month.expr == 12 * y + 1 for y in _off_years(month.low // 12, month.high // 12)]
    leap = z3.And(r == 1, *(z3.Not(o) for o in off)) if off else r == 1
    february = trees.split(leap, 29, 28)
    short = trees.split(z3.Or(*(m == n for n in (3, 5, 8, 10))), 30, 31)
    return whole.of_tree(context, trees.split(m == 1, february, short))


def _length(month: int) -> int:
    return calendar.day_of_month(calendar.date_at(month, _LONG_MONTH))


def _off_years(first: int, last: int) -> list[int]:
    """Give the years that a four-year rule would make leap years, and are not."""
    return [y for y in range(first // 100 * 100, last + 1, 100) if y >= first and y % 400]


# --- between ordinals and parts: years begin in March, so that the odd day comes last ---


def _off_before(y: Whole) -> Whole:
    """Count the centuries without a leap day up to a year."""
    low, high = max(y.low, 0), max(y.high, 0)
    cells = [n // 100 - n // 400 for n in range(low, high + 1)]
    place = whole.shifted(whole.larger(y, number(y.context, low)), -low)
    return tables.looked_up(cells, place)


def _counted(month: Whole, day: Whole) -> Whole:
    """Give the ordinal of a month index and a day."""
    context = month.context
    march = whole.shifted(month, -2)
    y = quotient("floor", march, number(context, 12))
    if march.mixed is not None and march.mixed[1] == 12:  # noqa: PLR2004 - months of a year
        m = march.mixed[2]
    else:
        m = _narrowed(whole.subtracted(march, whole.scaled(y, 12)), 0, 11)
    of_year = quotient("floor", whole.scaled(y, _FOUR_YEARS), number(context, 4))
    of_month = quotient("floor", whole.shifted(whole.scaled(m, 153), 2), number(context, 5))
    first = number(context, _MARCH_OF_YEAR_0 - 1)
    return whole.total(context, [of_year, whole.scaled(_off_before(y), -1), of_month, day, first])


def _parted(ordinal: Whole) -> tuple[Whole, Whole]:
    """Give the month index and the day of the month of an ordinal."""
    context = ordinal.context
    low, high = ordinal.low, ordinal.high
    first, last = calendar.month_index(low), calendar.month_index(high)
    since = whole.shifted(ordinal, -_MARCH_OF_YEAR_0)
    julian = whole.added(since, _skipped(since))
    y = quotient("floor", whole.shifted(whole.scaled(julian, 4), 3), number(context, _FOUR_YEARS))
    of_year = quotient("floor", whole.scaled(y, _FOUR_YEARS), number(context, 4))
    d = _narrowed(whole.subtracted(julian, of_year), 0, 365)
    m = _narrowed(quotient("floor", whole.shifted(whole.scaled(d, 5), 2), number(context, 153)), 0, 11)
    of_month = quotient("floor", whole.shifted(whole.scaled(m, 153), 2), number(context, 5))

    def by_month(v: int) -> Truth:
        return ordinal.reaches(calendar.date_at(v, _LONG_MONTH))

    def before_next(month: Whole) -> Truth:
        """Whether it is before the first of the month after: cheaper than to ask for its own month."""
        inside = whole.smaller(whole.larger(month, number(context, first - 1)), number(context, last))
        return whole.less(ordinal, _counted(whole.shifted(inside, 1), number(context, 1)))

    exact = _narrowed(whole.shifted(whole.added(whole.scaled(y, 12), m), 2), first, last, by_month)
    month = Whole(context, exact.low, exact.high, exact.expr, reach=by_month, undone=before_next)
    day = whole.shifted(whole.subtracted(d, of_month), 1)
    return month, _narrowed(day, 1, _LONG_MONTH)


def _skipped(since: Whole) -> Whole:
    """Count the leap days that the four-year rule would add up to a day since March of the year 0."""
    starts = [_march(y) for y in range(100, _LATEST + 1, 100) if y % 400]
    return tables.bucket(
        starts, lambda t: whole.less(since, number(since.context, t)), since.low, since.high, since.context
    )


def _march(year: int) -> int:
    return 365 * year + year // 4 - year // 100 + year // 400
