"""The population policy person by person: the law's generated Python, and `decide` with all its checks."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np

import asnmerit as am
from asnmerit.rules.to_python import to_python
from asnmerit.rules.types import Date, Enum, Number
from bench.columns import AS_OF, OUTPUTS, TRUTHS
from bench.rivals.population_blocks import law

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

Rows = list[tuple[Any, ...]]


def shown(of: object, value: int) -> Any:  # noqa: ANN401 - as a record says it
    """Give a fact as a record says it."""
    if isinstance(of, Enum):
        return of.members[value]
    if isinstance(of, Date):
        return datetime.date.fromordinal(value)
    if isinstance(of, Number) and of.step is not None and of.step.denominator > 1:
        return Decimal(value) / of.step.denominator
    return value


def columns_of(rows: Rows) -> Columns:
    """Turn the answers of people into columns."""
    return {
        name: np.array(column, np.bool_ if name in TRUTHS else np.int32)
        for name, column in zip(OUTPUTS, zip(*rows, strict=True), strict=True)
    }


def prepare() -> tuple[Callable[[Columns], Rows], Callable[[Rows], Rows]]:
    """Give how the columns are taken in (as lanes), and the function that is timed: every step of each person."""
    given = law()
    run = to_python(given, sure=True)
    places = [given.index[name] for name in OUTPUTS]

    def take(columns: Columns) -> Rows:
        lanes = [columns[name].tolist() if name != "as_of" else None for name, _ in given.inputs]
        lanes = [lane or [AS_OF.toordinal()] * len(columns["rank"]) for lane in lanes]
        return list(zip(*lanes, strict=True))

    def decide(people: Rows) -> Rows:
        found = []
        for person in people:
            steps = run(person)
            found.append(tuple([steps[i] for i in places]))
        return found

    return take, decide


def columns_of_decisions(decisions: list[am.Decision]) -> Columns:
    """Turn decisions into columns."""
    return columns_of([tuple([d.raw[d.law.index[name]] for name in OUTPUTS]) for d in decisions])


def prepare_checked() -> tuple[
    Callable[[Columns], list[dict[str, Any]]], Callable[[list[dict[str, Any]]], list[am.Decision]]
]:
    """Give how the columns are taken in (as records), and `decide`, which checks and keeps all for explanations."""
    given = law()

    def take(columns: Columns) -> list[dict[str, Any]]:
        made = {fact.name: [shown(fact.type, value) for value in columns[fact.name].tolist()] for fact in given.facts}
        return [dict(zip(made, values, strict=True)) for values in zip(*made.values(), strict=True)]

    def decide(people: list[dict[str, Any]]) -> list[am.Decision]:
        return [am.decide(given, person) for person in people]

    return take, decide
