"""One month of a projection: who retires and leaves, who comes, who is appraised, whom the law promotes."""

from __future__ import annotations

import datetime
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np, pa
from asnmerit.projection.ages import retirement_ages
from asnmerit.projection.asking import Asked, Pay
from asnmerit.projection.assumptions import Appraisal, Assumptions, chosen
from asnmerit.projection.counting import Counts
from asnmerit.projection.crediting import carries, carry, convert
from asnmerit.projection.dates import UNKNOWN, day_of, months_between, retirement_days
from asnmerit.projection.draws import Array, Draws, draws
from asnmerit.projection.newcomers import Newcomers
from asnmerit.projection.people import NO_SERVICE, Lazy, People, joined

JANUARY: Final = 1
YEARS_KEPT: Final = 6
AFTER_PROMOTION: Final = "grade_service_after_promotion"


@attrs.define(eq=False)
class Future:
    """The people of some runs, and how they move from month to month."""

    people: People
    asked: Asked
    pay: Pay | None
    given: Assumptions
    seed: int
    newcomers: Newcomers
    counts: Counts
    retire: Array = attrs.field(default=None)

    def __attrs_post_init__(self) -> None:
        """Reckon the days of retirement."""
        self.retire = self._retirement()

    def month(self, year: int, day: datetime.date) -> None:
        """Live through one month, beginning with its first day."""
        self._go(year, day)
        if day.month == JANUARY:
            self._appraise(day)
            self._renew(day)
            self._leave(year, day)
            self.retire = self._retirement()
        if day.month == self.given.recruitment.month:
            self._come(year, day)
        if day.month in self.given.promotion_months and self.people.rows:
            self._promote(year, day)
        self._pay(year, day)
        service = self.people.service
        self.people.service = {name: months + (months != NO_SERVICE) for name, months in service.items()}

    # --- going and coming ---

    def _retirement(self) -> Array:
        of, people = self.given.retirement, self.people
        columns = Lazy(people.table)
        if callable(of):
            ages = chosen(of, "retirement", columns, Draws(np.zeros(people.rows, np.uint32))).astype(np.int64)
        else:
            names = {n for age in of for n in age.where} & set(columns)
            ages = retirement_ages({n: columns[n] for n in names}, people.rows, of)
        return retirement_days(people.birth, ages)

    def _only(self, kept: Array) -> None:
        self.people, self.retire = self.people.kept(kept), self.retire[kept]

    def _go(self, year: int, day: datetime.date) -> None:
        gone = self.retire <= day_of(day)
        if gone.any():
            self.counts.add("retired", year, self.people.run[gone])
            self.newcomers.left(self.people.run[gone])
            self._only(~gone)

    def _leave(self, year: int, day: datetime.date) -> None:
        of = self.given.leaving
        if not self.people.rows or (not callable(of) and not of):
            return
        draw = self._draws("leaving", day)
        gone = chosen(of, "leaving", Lazy(self.people.table), draw).astype(bool) if callable(of) else draw.chance(of)
        self.counts.add("left", year, self.people.run[gone])
        self.newcomers.left(self.people.run[gone])
        self._only(~gone)

    def _come(self, year: int, day: datetime.date) -> None:
        new = self.newcomers.on(day)
        if new is not None:
            self.counts.add("recruited", year, new.run)
            self.people = joined(self.people, new)
            self.retire = self._retirement()

    def _draws(self, topic: str, day: datetime.date) -> Draws:
        return draws(self.seed, topic, 12 * day.year + day.month, self.people.run, self.people.person)

    # --- appraisal ---

    def _appraise(self, day: datetime.date) -> None:
        of, people, name = self.given.appraisal, self.people, self.given.appraised
        if of is None or not people.rows:
            return
        columns, draw = Lazy(people.table), self._draws("appraisal", day)
        if isinstance(of, Appraisal):
            last = columns.get(f"{name}_{day.year - 2}", [None] * people.rows)
            found = of.chosen(np.array([*last, None], object)[:-1], draw)
        else:
            found = chosen(of, "appraisal", columns, draw)
        # Who came on the first of this month has no year behind him, and comes after this.
        predicates = pa.array(found, pa.string())
        people.put(f"{name}_{day.year - 1}", predicates)
        old = f"{name}_{day.year - 1 - YEARS_KEPT}"
        if old in people.table.column_names:
            people.table = people.table.drop_columns([old])
        if self.given.credit:
            convert(people, self.asked, day, predicates)

    def _renew(self, day: datetime.date) -> None:
        for turn, (name, of) in enumerate(self.given.renewed.items()):
            values = chosen(of, name, Lazy(self.people.table), self._draws("renewed", day).again(turn))
            there = name in self.people.table.column_names
            kind = self.people.table[name].type if there else None
            self.people.put(name, pa.array(list(values), kind))

    # --- promotion and pay ---

    def _promote(self, year: int, day: datetime.date) -> None:
        people, asked = self.people, self.asked
        table = people.with_service()
        credit = self.given.credit and carries(people.table)
        also = self._level(day)
        answers = asked.decide(table, day, ("credit_carried",) if credit else (), also)
        status = asked.statuses(answers)
        granted = status == 0
        # Promoted once, it stays said for the year; else the last answer counts.
        people.state = np.where(people.state == 0, people.state, status)
        raised = asked.statuses(answers, also) == 0 if also else np.zeros(people.rows, bool)
        if credit and "credit_carried" in answers.column_names:
            carry(people, granted | raised, answers["credit_carried"].combine_chunks())
        if granted.any():
            self._rise(year, day, table, granted, answers)
        if raised.any():
            self.counts.add("level_promoted", year, people.run[raised])
            people.replace("functional_level", raised, answers[f"{also}.new_level"].combine_chunks())
            today = pa.array(np.full(people.rows, day_of(day), np.int32)).cast(pa.date32())
            people.replace("functional_level_date", raised, today)
            if "level_entry_rank" in people.table.column_names:
                people.replace("level_entry_rank", raised, people.table[self.given.rank].combine_chunks())
        of = self.given.retirement
        by_rank = callable(of) or any(self.given.rank in age.where for age in of)
        if raised.any() or (by_rank and granted.any()):
            # The age at which a post ends is now that of the new level.
            self.retire = self._retirement()

    def _level(self, day: datetime.date) -> str:
        """Give the decision that promotes in level, where law and people have what it needs."""
        name, law = self.given.level, self.asked.on(day)
        there = {"functional_level", "functional_level_date"} <= set(self.people.table.column_names)
        fits = there and name in law.decisions and "new_level" in law.decisions[name].fields
        return name if fits and name != self.asked.decision else ""

    def _rise(self, year: int, day: datetime.date, table: Any, granted: Array, answers: Any) -> None:  # noqa: ANN401
        people, asked = self.people, self.asked
        ranks = answers[f"{asked.decision}.{self.given.new_rank}"].combine_chunks()
        waited = months_between(np.where(people.rank_day == UNKNOWN, 0, people.rank_day), day_of(day))
        self.counts.waited(year, people.run[granted], np.where(people.rank_day == UNKNOWN, -1, waited)[granted])
        self._cut_service(table, granted, ranks, day)
        people.replace(self.given.rank, granted, ranks)
        today = pa.array(np.full(people.rows, day_of(day), np.int32)).cast(pa.date32())
        people.replace(self.given.rank_date, granted, today)
        people.rank_day = np.where(granted, day_of(day), people.rank_day)

    def _cut_service(self, table: Any, granted: Array, ranks: Any, day: datetime.date) -> None:  # noqa: ANN401 - of PyArrow
        """Let the law of pay say the grade service after a promotion, where it does say it."""
        service = self.people.service.get("grade_service")
        if self.pay is None or service is None or AFTER_PROMOTION not in self.pay.asked.on(day).index:
            return
        where = pa.array(granted)
        some = table.filter(where)
        some = some.append_column("promoted_to", ranks.filter(where))
        after = self.pay.asked.decide(some, day, (AFTER_PROMOTION,))[AFTER_PROMOTION]
        service[granted] = after.cast(pa.int64()).fill_null(NO_SERVICE).to_numpy()

    def _pay(self, year: int, day: datetime.date) -> None:
        if self.pay is None or not self.people.rows:
            return
        amounts, status = self.pay.paid(self.people.with_service(), day)
        self.counts.paid(year, self.people.run, amounts, status)
