"""Who comes: copies of entrants, as old as those were at the start, appointed on the day, without service."""

from __future__ import annotations

import datetime
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np, pa, pc
from asnmerit.projection.assumptions import Recruitment, share_of
from asnmerit.projection.dates import UNKNOWN, day_of
from asnmerit.projection.draws import Array, draws
from asnmerit.projection.people import NO_SERVICE, People, days_in, service_in

YOUNGEST: Final = 20
"""One in so many is young enough to be an example."""
DATED: Final = ("appointment_date", "cpns_date", "position_date", "functional_level_date", "last_increment_date")
ZERO: Final = ("increments_received", "previous_credit", "adjustment_credit")
EMPTIED: Final = ("conversions", "quarters", "rank_history", "sanctions", "absences", "trainings")


def youngest(table: Any) -> Any:  # noqa: ANN401 - a table of PyArrow
    """Give the youngest twentieth of some people, at least one of them."""
    order = np.argsort(-days_in(table, "birth_date"), kind="stable")
    return table.take(order[: max(1, table.num_rows // YOUNGEST)])


@attrs.define(eq=False)
class Newcomers:
    """Counts who left in each run, and makes those who come after them."""

    seed: int
    how: Recruitment
    like: Any
    start: datetime.date
    rank_date: str
    runs: range
    next_person: Array
    gone: Array
    replaced: Array
    appraised: str = "performance"

    def left(self, runs: Array) -> None:
        """Note who has left."""
        self.gone = self.gone + np.bincount(runs - self.runs.start, minlength=len(self.runs))

    def _number(self) -> Array:
        """Give how many come in each run: the replacement is exact over the years, nobody is lost by rounding."""
        share = share_of(self.how.share) or Fraction(0)
        due = self.gone * share.numerator // share.denominator
        found = self.how.number + due - self.replaced
        self.replaced = due
        return found

    def on(self, day: datetime.date) -> People | None:
        """Make those who come on a day."""
        number = self._number()
        if not number.sum() or not self.like.num_rows:
            return None
        run = np.repeat(np.arange(self.runs.start, self.runs.stop), number)
        person = np.concatenate([first + np.arange(n) for first, n in zip(self.next_person, number, strict=True)])
        self.next_person = self.next_person + number
        nth = draws(self.seed, "newcomer", 12 * day.year + day.month, run, person).below(self.like.num_rows)
        table = self.like.take(nth)
        born = days_in(table, "birth_date")
        moved = np.where(born == UNKNOWN, UNKNOWN, born + day_of(day) - day_of(self.start))
        months = service_in(table)
        people = People(
            table, run, person, moved, days_in(table, self.rank_date), months, np.full(len(run), -1, np.int8)
        )
        self._begin(people, day)
        return people

    def _begin(self, people: People, day: datetime.date) -> None:
        table, rows = people.table, people.rows
        today = pa.array(np.full(rows, day_of(day), np.int32)).cast(pa.date32())
        birth = pa.array(people.birth.astype(np.int32), mask=people.birth == UNKNOWN).cast(pa.date32())
        people.put("birth_date", birth)
        ranked = people.rank_day != UNKNOWN
        people.rank_day = np.where(ranked, day_of(day), UNKNOWN)
        for name in {*DATED, self.rank_date} & set(table.column_names):
            people.replace(name, np.asarray(table[name].combine_chunks().is_valid()), today)
        for name in set(ZERO) & set(table.column_names):
            old = table[name].combine_chunks()
            zero = pa.array([0] * rows).cast(pa.decimal128(20, 0) if pa.types.is_decimal(old.type) else old.type)
            people.put(name, pc.if_else(old.is_valid(), zero.cast(old.type), old))
        for name in set(EMPTIED) & set(table.column_names):
            people.put(name, pa.array([[]] * rows, table[name].type))
        years = [n for n in table.column_names if n.startswith(f"{self.appraised}_") and n[-4:].isdigit()]
        for name in years:
            people.put(name, pa.nulls(rows, table[name].type))
        _without_service(people)


def _without_service(people: People) -> None:
    """Take service off again: what a rank begins with, beyond the months served, stays."""
    service, grade = people.service.get("service"), people.service.get("grade_service")
    if grade is not None:
        served = grade if service is None else service
        known = (grade != NO_SERVICE) & (served != NO_SERVICE)
        people.service["grade_service"] = np.where(known, np.maximum(grade - served, 0), grade)
    if service is not None:
        people.service["service"] = np.where(service != NO_SERVICE, 0, NO_SERVICE)
