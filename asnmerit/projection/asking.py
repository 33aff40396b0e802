"""The laws of a projection and what is asked of them: promotion, credit, and pay; nothing here decides by itself."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError, NotInForceError
from asnmerit.frames.answers import REFUSED, STATUSES, keys_of
from asnmerit.frames.arrow import np, pa, pc
from asnmerit.frames.columns import naming, used_columns
from asnmerit.frames.dataframes import decide_frame
from asnmerit.outcome import facts_below
from asnmerit.projection.draws import Array
from asnmerit.rules.law import Law
from asnmerit.rules.policy import Policy
from asnmerit.rules.types import Number


@attrs.define(eq=False)
class Asked:
    """A law, or a policy whose law of each day is asked, and the decision that is read of it."""

    source: Law | Policy
    decision: str
    found: dict[datetime.date, Law] = attrs.field(factory=dict)

    def on(self, day: datetime.date) -> Law:
        """Give the law of a day. Raises `NotInForceError`, or `ArgumentError` where a law given ends before."""
        if isinstance(self.source, Law):
            first, last = self.source.valid
            if day < first or (last is not None and day >= last):
                raise ArgumentError(
                    "law", str(day), f"a day on which this law holds ({first} to {last}); give the policy"
                )
            return self.source
        if day not in self.found:
            same = next((law for law in self.found.values() if _holds(law, day)), None)
            self.found[day] = same or self.source.law(day, None, {})
        return self.found[day]

    def decide(self, table: Any, day: datetime.date, values: tuple[str, ...] = (), also: str = "") -> Any:  # noqa: ANN401 - tables
        """Decide all rows on a day: the answers, without the columns that were asked about."""
        law = self.on(day)
        return decide_frame(
            law,
            table,
            day,
            ignore="*",
            decisions=[self.decision, also] if also else [self.decision],
            values=[v for v in values if v in law.index],
            reasons=None,
            keep=False,
            dictionary=False,
        )

    def statuses(self, answers: Any, also: str = "") -> Array:  # noqa: ANN401 - a table of PyArrow
        """Give the status of each row as its place in `STATUSES`."""
        said = answers[f"{also or self.decision}.status"].combine_chunks()
        return pc.index_in(said, pa.array(STATUSES)).to_numpy(zero_copy_only=False).astype(np.int8)

    def used(self, names: list[str], days: list[datetime.date]) -> set[str]:
        """Give the columns that the laws of some days read."""
        how = naming(None, "*", None, "unknown")
        return {u.name for day in days for u in used_columns(self.on(day), names, how)}

    def missing(self, names: list[str], day: datetime.date) -> list[tuple[str, str]]:
        """Give the facts that the decision reads, that nothing presumes, and that have no column; and their columns."""
        law = self.on(day)
        there = {u.place.fact for u in used_columns(law, names, naming(None, "*", None, "unknown"))}
        below = facts_below(law, *keys_of(compiled(law).plans[self.decision]))
        facts = (f for f in law.facts if f.read and f.assumed is None and f.name in below)
        return [(f.name, str(f.columns)) for f in facts if f.name not in there]


def _holds(law: Law, day: datetime.date) -> bool:
    first, last = law.valid
    return first <= day and (last is None or day < last)


def ends(asked: Asked, days: list[datetime.date]) -> str:
    """Say why a law cannot be asked on each of some days; empty when it can."""
    try:
        for day in days:
            asked.on(day)
    except (NotInForceError, ArgumentError) as error:
        return str(error)
    return ""


def rupiah_field(law: Law, decision: str) -> str:
    """Give the first field of an outcome that is an amount in rupiah; empty when there is none."""
    fields = law.decisions[decision].fields
    return next((n for n, of in fields.items() if isinstance(of, Number) and of.unit == "rupiah"), "")


@attrs.frozen(eq=False)
class Pay:
    """What is paid a month: the amount of a decision."""

    asked: Asked
    field: str

    def paid(self, table: Any, day: datetime.date) -> tuple[Array, Array]:  # noqa: ANN401 - a table of PyArrow
        """Give the rupiah of each row on a day (0 where nothing is given), and the statuses."""
        answers = self.asked.decide(table, day)
        amounts = answers[f"{self.asked.decision}.{self.field}"].combine_chunks()
        status = self.asked.statuses(answers)
        # The refused are given what `otherwise` says, where it says something.
        return np.where(status <= REFUSED, amounts.cast(pa.int64()).fill_null(0).to_numpy(), 0), status
