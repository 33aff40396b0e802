"""A projection as it came out: tables by year with bands over the runs, in words, and as plain data."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import np, pa
from asnmerit.projection.asking import Asked, Pay
from asnmerit.projection.assumptions import Assumptions
from asnmerit.projection.counting import MEASURES, PAID, Counts, band
from asnmerit.projection.dates import anniversary

TABLES: Final = ("years", "ranks", "pyramid", "waiting", "cost")
Row = dict[str, Any]


@attrs.frozen(eq=False)
class Projection:
    """Years ahead. Year 0 is how people stood; year 1 ends on the eve of the same day a year on.

    Bands are the lowest tenth, the middle and the highest tenth over the runs: values of runs, not means of them.
    """

    asked: Asked
    pay: Pay | None
    assumptions: Assumptions
    on: datetime.date
    years: int
    runs: int
    seed: int
    counts: tuple[Counts, ...]
    still: tuple[str, ...]
    """Columns that the law reads and that nothing moved: they are assumed to stay as they are."""

    @property
    def policy(self) -> str:
        """The name of the first law that was asked: that of a reform says that it is one."""
        return self.asked.on(self.on_first).policy

    @property
    def decision(self) -> str:
        """The decision that promotes."""
        return self.asked.decision

    def each(self, measure: str, year: int) -> tuple[int, ...]:
        """Give a count of a year in each run."""
        if measure not in MEASURES:
            raise ArgumentError("measure", measure, f"one of: {', '.join(MEASURES)}")
        self._checked(year)
        return tuple(int(c.numbers[measure][year, run]) for c in self.counts for run in c.runs)

    def count(self, measure: str, year: int) -> tuple[int, int, int]:
        """Give the band of a count of a year: low, middle, high."""
        return band(self.each(measure, year))

    def cost(self, year: int) -> tuple[int, int, int]:
        """Give the band of a year's pay in whole rupiah; zeros where nothing is paid."""
        self._checked(year)
        return band([int(c.cost[year, run]) for c in self.counts for run in c.runs])

    def _checked(self, year: object) -> None:
        if not isinstance(year, int) or isinstance(year, bool) or not 0 <= year <= self.years:
            raise ArgumentError("year", year, f"a whole number from 0 to {self.years}")

    def rows(self, name: str) -> list[Row]:
        """Give the rows of a table: "years", "ranks", "pyramid", "waiting" or "cost"."""
        made = {
            "years": self._years,
            "ranks": self._ranks,
            "pyramid": self._pyramid,
            "waiting": self._waiting,
            "cost": self._cost,
        }
        if name not in made:
            raise ArgumentError("table", name, f"one of: {', '.join(TABLES)}")
        return list(made[name]())

    def table(self, name: str) -> Any:  # noqa: ANN401 - a table of PyArrow
        """Give a table as PyArrow."""
        return pa.Table.from_pylist(self.rows(name), _schema(name))

    def _day(self, year: int) -> datetime.date:
        """Give the last day of a year; of year 0, the day on which people stood."""
        return anniversary(self.on, year) - datetime.timedelta(days=1) if year else self.on

    def _years(self) -> Iterator[Row]:
        for year in range(self.years + 1):
            for measure in MEASURES:
                if year or measure in {"headcount", "no_birth_date"}:
                    low, middle, high = self.count(measure, year)
                    yield _row(year, self._day(year), measure=measure, low=low, median=middle, high=high)

    def _ranks(self) -> Iterator[Row]:
        """Add up all ages run by run: the ends of the bands of ages do not add up."""
        found: dict[tuple[int, str], dict[int, int]] = {}
        for counts in self.counts:
            for (year, rank, _), numbers in counts.pyramid.items():
                mine = found.setdefault((year, rank), dict.fromkeys(range(self.runs), 0))
                for run, number in numbers.items():
                    mine[run] += number
        for year, rank in sorted(found):
            low, middle, high = band(list(found[year, rank].values()))
            yield _row(year, self._day(year), rank=rank or None, low=low, median=middle, high=high)

    def _pyramid(self) -> Iterator[Row]:
        keys = sorted({key for c in self.counts for key in c.pyramid})
        for key in keys:
            year, rank, age = key
            low, middle, high = band(
                [c.pyramid[key][run] if key in c.pyramid else 0 for c in self.counts for run in c.runs]
            )
            yield _row(
                year,
                self._day(year),
                rank=rank or None,
                age=None if age < 0 else age,
                low=low,
                median=middle,
                high=high,
            )

    def _waiting(self) -> Iterator[Row]:
        for year in range(self.years + 1):
            for what in ("promoted", "standing"):
                found = [
                    _middle(
                        np.concatenate(c.waits.get((year, run)) or [[]])
                        if what == "promoted"
                        else c.standing[year, run]
                    )
                    for c in self.counts
                    for run in c.runs
                ]
                known = [m for m in found if m is not None]
                low, middle, high = band(known) if known else (None, None, None)
                if year or what == "standing":
                    yield _row(year, self._day(year), who=what, low=low, median=middle, high=high, runs=len(known))

    def _cost(self) -> Iterator[Row]:
        for year in range(1, self.years + 1) if self.pay is not None else ():
            low, middle, high = self.cost(year)
            found = {
                name: band([int(c.payments[name][year, run]) for c in self.counts for run in c.runs])[1]
                for name in PAID
            }
            yield _row(year, self._day(year), low=low, median=middle, high=high, **found)

    def to_dict(self) -> dict[str, Any]:
        """Give plain data, as for JSON: days as text, rupiah as whole numbers."""
        tables = {
            name: [
                {k: str(v) if isinstance(v, datetime.date) else v for k, v in row.items()} for row in self.rows(name)
            ]
            for name in TABLES
        }
        about = {
            "decision": self.decision,
            "on": str(self.on),
            "years": self.years,
            "runs": self.runs,
            "seed": self.seed,
        }
        paid = None if self.pay is None else self.pay.asked.decision
        return {
            **about,
            "policy": self.policy,
            "paid": paid,
            "still": list(self.still),
            **tables,
        }

    @property
    def on_first(self) -> datetime.date:
        """The first day on which the law was asked."""
        return min(self.asked.found, default=self.on)

    def to_text(self, lang: str = "id") -> str:
        """Say it in Indonesian ("id") or English ("en")."""
        from asnmerit.projection.words import text  # noqa: PLC0415 - words stand on this result

        return text(self, lang)

    def __str__(self) -> str:
        """Say it in English."""
        return self.to_text("en")


def _row(year: int, until: datetime.date, **values: object) -> Row:
    return {"year": year, "until": until, **values}


def _middle(months: Any) -> int | None:  # noqa: ANN401 - an array of NumPy
    """Give the middle value, the lower of two; None of nobody."""
    return int(np.sort(months)[(len(months) - 1) // 2]) if len(months) else None


def _schema(name: str) -> Any:  # noqa: ANN401 - a schema of PyArrow
    own = {
        "years": {"measure": pa.string()},
        "ranks": {"rank": pa.string()},
        "pyramid": {"rank": pa.string(), "age": pa.int64()},
        "waiting": {"who": pa.string()},
        "cost": {},
    }[name]
    after = {"waiting": {"runs": pa.int64()}, "cost": dict.fromkeys(PAID, pa.int64())}.get(name, {})
    band_ = dict.fromkeys(("low", "median", "high"), pa.int64())
    return pa.schema({"year": pa.int64(), "until": pa.date32(), **own, **band_, **after})
