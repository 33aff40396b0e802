"""Projecting people years ahead: every promotion and every amount is an answer of the law on its day."""

from __future__ import annotations

import datetime
from typing import Any, Final

import attrs

from asnmerit.bundle import load
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, shown
from asnmerit.frames.arrow import np, pa
from asnmerit.frames.kinds import source_of
from asnmerit.projection.asking import Asked, Pay, ends, rupiah_field
from asnmerit.projection.assumptions import Assumptions, assumption_faults
from asnmerit.projection.counting import Counts
from asnmerit.projection.dates import anniversary, month_starts
from asnmerit.projection.faults import ProjectionError
from asnmerit.projection.moving import Future
from asnmerit.projection.newcomers import Newcomers, youngest
from asnmerit.projection.people import crowd, in_order, plain
from asnmerit.projection.projected import Projection
from asnmerit.rules.days import day_argument
from asnmerit.rules.law import Law
from asnmerit.rules.policy import Policy

MOST_YEARS: Final = 60
MOST_RUNS: Final = 1000
MOST_PEOPLE: Final = 20_000_000
"""Rows and runs together."""
AT_ONCE: Final = 400_000
PAY: Final = ("indonesia/gaji", "gaji_pokok")
BASE: Final = (
    "birth_date",
    "employment",
    "grade_service_years",
    "grade_service_months",
    "service_years",
    "service_months",
)
DAYS: Final = ("appointment_date", "cpns_date", "position_date", "functional_level_date", "last_increment_date")


def project(  # noqa: PLR0913 - each says one thing of the future, all but three by name
    law: Law | Policy,
    frame: Any,  # noqa: ANN401 - any kind of frame
    years: int,
    *,
    on: datetime.date | str,
    decision: str = "kenaikan_pangkat",
    assumptions: Assumptions | None = None,
    seed: int = 0,
    runs: int = 10,
    cost: tuple[Law | Policy, str] | str | bool | None = None,
) -> Projection:
    """Project people some years ahead: who is promoted when, who retires, who comes, what it costs.

    People stand in `frame` as they are on the day `on`, before what that day brings. Month after month they age and
    serve, retire, are appraised (on 1 January), and are promoted where the law says so on that day. A policy is asked
    for the law of each day, as far as it is known; a law given stays as it is. What no law says is in `assumptions`.

    `cost` names what is paid each month: a decision of the law, or a law or policy and its decision; left out: the base
    pay of `indonesia/gaji`, where the columns for it are there; False: nothing. `runs` futures of one `seed` give the
    bands. The order of rows changes nothing, and the same seed gives the same future on every machine.

    Raises `ProjectionError` with every fault: years, runs, seed, assumptions, unknown decisions, all missing facts.

    >>> import asnmerit as am
    >>> from asnmerit.population.making import synthetic
    >>> from asnmerit.projection.projecting import project
    >>> future = project(am.load("indonesia/kenaikan_pangkat"), synthetic(50), 1, on="2026-04-01", runs=2)
    >>> future.count("headcount", 0), future.runs
    ((50, 50, 50), 2)
    """
    given = Assumptions() if assumptions is None else assumptions
    faults = [*_number_faults(years, seed, runs), *assumption_faults(given)]
    asked, start = _asked(law, decision, "law", faults), _day(on, faults)
    if faults or asked is None or start is None:
        raise ProjectionError(faults)
    table = _table(frame)
    days = [day for year in month_starts(start, years) for day in year]
    faults += _law_faults(asked, days, table.column_names, given)
    pay = None if faults else _pay(cost, asked, table.column_names, days, faults)
    if table.num_rows * runs > MOST_PEOPLE:
        expected = f"at most {MOST_PEOPLE:,} rows of all runs together"
        faults.append(Fault("too-many", "runs", f"{table.num_rows:,} rows x {runs:,}", expected))
    faults += _recruitment_faults(given, table.column_names)
    if faults:
        raise ProjectionError(faults)
    wanted = None if given.reads_all else _wanted(asked, pay, given, table.column_names, days)
    like = given.recruitment.like
    people = in_order(_narrowed(table, wanted))
    entrants = youngest(people) if like is None else in_order(_narrowed(_table(like), wanted))
    plan = Plan(people, entrants, asked, pay, given, seed, start, years)
    counts = tuple(_run(plan, part) for part in _parts(runs, people.num_rows))
    return Projection(asked, pay, given, start, years, runs, seed, counts, _still(asked, days, people, given))


@attrs.frozen(eq=False)
class Plan:
    """What was asked for, checked."""

    people: Any
    entrants: Any
    asked: Asked
    pay: Pay | None
    given: Assumptions
    seed: int
    start: datetime.date
    years: int


def _run(plan: Plan, runs: range) -> Counts:
    """Live through all years with some of the runs."""
    given, start, none = plan.given, plan.start, np.zeros(len(runs), np.int64)
    first = none + plan.people.num_rows
    newcomers = Newcomers(
        plan.seed, given.recruitment, plan.entrants, start, given.rank_date, runs, first, none, none, given.appraised
    )
    counts = Counts(plan.years, runs)
    people = crowd(plan.people, runs, given.rank_date)
    future = Future(people, plan.asked, plan.pay, given, plan.seed, newcomers, counts)
    counts.closed(0, future.people, start, given.rank)
    for year, months in enumerate(month_starts(start, plan.years), 1):
        for day in months:
            future.month(year, day)
        counts.closed(year, future.people, anniversary(start, year), given.rank)
    return counts


def _parts(runs: int, rows: int) -> list[range]:
    """Put as many runs together as fit; a run is the same in every part."""
    each = max(1, AT_ONCE // max(rows, 1))
    return [range(first, min(first + each, runs)) for first in range(0, runs, each)]


# --- what is asked for ---


def _number_faults(years: object, seed: object, runs: object) -> list[Fault]:
    found = []
    for name, value, least, most in (
        ("years", years, 1, MOST_YEARS),
        ("runs", runs, 1, MOST_RUNS),
        ("seed", seed, 0, 2**64 - 1),
    ):
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            found.append(Fault(name, name, shown(value), f"a whole number from {least:,} to {most:,}"))
    return found


def _day(on: object, faults: list[Fault]) -> datetime.date | None:
    try:
        return day_argument("on", on)
    except ArgumentError as error:
        faults.append(Fault("on", "on", shown(on), error.expected))
        return None


def _asked(law: object, decision: object, name: str, faults: list[Fault]) -> Asked | None:
    if not isinstance(law, Law | Policy):
        faults.append(Fault("law", name, shown(law), "a Law or a Policy"))
        return None
    if not isinstance(decision, str) or not decision:
        faults.append(Fault("unknown-decision", "decision", shown(decision), "the name of a decision"))
        return None
    return Asked(law, decision)


def _table(frame: Any) -> Any:  # noqa: ANN401 - frames and tables
    source = source_of(frame)
    names = [n for n in source.names if isinstance(n, str)]
    batches, objects = source.table(names)
    table = batches if isinstance(batches, pa.Table) else pa.Table.from_batches(batches)
    if objects:
        raise ProjectionError([Fault("mixed-column", n, "", "a column of one type") for n in objects])
    return plain(table)


def _decision_fault(asked: Asked, law: Law) -> list[Fault]:
    if asked.decision in law.decisions:
        return []
    near = near_misses(asked.decision[:80], law.decisions)
    hint = f"did you mean {' or '.join(near)}?" if near else ""
    expected = f"one of: {', '.join(law.decisions) or 'none, for the law decides nothing'}"
    return [Fault("unknown-decision", "decision", shown(asked.decision), expected, hint)]


def _law_faults(asked: Asked, days: list[datetime.date], names: list[str], given: Assumptions) -> list[Fault]:
    why = ends(asked, [*days[:1], *days[-1:]]) or ends(asked, days)
    if why:
        return [Fault("law-ends", "law", "", f"a law on every day of the projection: {why}")]
    law = asked.on(days[0])
    found = _decision_fault(asked, law)
    if found:
        return found
    if given.new_rank not in law.decisions[asked.decision].fields:
        fields = ", ".join(law.decisions[asked.decision].fields) or "none"
        found.append(Fault("new-rank", "new_rank", shown(given.new_rank), f"a field of the outcome: {fields}"))
    needed = {name: name for name in ("birth_date", given.rank, given.rank_date)}
    # A year's column may be added as the years pass, so all facts of the first and of the last day are named.
    missing = {n: c for day in (days[0], days[-1]) for n, c in asked.missing(names, day)}
    if given.appraisal is not None:
        missing.pop(given.appraised, None)
    missing |= {n: c for n, c in needed.items() if n not in names}
    for name, columns in missing.items():
        near = near_misses(name, names)
        hint = f"did you mean the column {' or '.join(near)}?" if near else ""
        found.append(Fault("not-there", name, "", f"a column: {columns}", hint))
    return found


def _recruitment_faults(given: Assumptions, names: list[str]) -> list[Fault]:
    if given.recruitment.like is None:
        return []
    there = set(_table(given.recruitment.like).column_names)
    return [Fault("newcomer-lacks", n, "", "a column of `like`, as of the people") for n in names if n not in there]


def _pay(
    cost: Any,  # noqa: ANN401 - checked here
    asked: Asked,
    names: list[str],
    days: list[datetime.date],
    faults: list[Fault],
) -> Pay | None:
    if cost is False:
        return None
    bundled = cost is None
    if bundled and not {"employment", "rank", "grade_service_years"} <= set(names):
        return None
    pair = (load(PAY[0]), PAY[1]) if bundled else (asked.source, cost) if isinstance(cost, str) else cost
    if not isinstance(pair, tuple) or len(pair) != 2:  # noqa: PLR2004 - a law and a decision
        faults.append(Fault("cost", "cost", shown(cost), "a decision, (law, decision), False, or None"))
        return None
    of = _asked(pair[0], pair[1], "cost", faults)
    if of is None:
        return None
    why = ends(of, days)
    if why:
        if not bundled:
            faults.append(Fault("law-ends", "cost", "", f"a law on every day of the projection: {why}"))
        return None
    law = of.on(days[0])
    wrong = _decision_fault(of, law)
    field = "" if wrong else rupiah_field(law, of.decision)
    if not wrong and not field:
        wrong = [Fault("cost", "cost", shown(of.decision), "a decision whose outcome has an amount in rupiah")]
    faults += [attrs.evolve(f, fact="cost") for f in wrong]
    return None if wrong else Pay(of, field)


# --- columns ---


def _wanted(asked: Asked, pay: Pay | None, given: Assumptions, names: list[str], days: list[datetime.date]) -> set[str]:
    ends_ = [days[0], days[-1]]
    found = asked.used(names, ends_) | (pay.asked.used(names, ends_) if pay is not None else set())
    return found | given.columns() | {*BASE, *DAYS, given.rank, given.rank_date}


def _narrowed(table: Any, wanted: set[str] | None) -> Any:  # noqa: ANN401 - tables of PyArrow
    """Keep what is wanted (None: all), in an order of its own: neither rows nor columns decide by where they stand."""
    return table.select([n for n in sorted(table.column_names) if wanted is None or n in wanted])


def _still(asked: Asked, days: list[datetime.date], table: Any, given: Assumptions) -> tuple[str, ...]:  # noqa: ANN401
    """Give the columns that the law reads and that nothing moves."""
    moved = {given.rank, given.rank_date, *given.renewed}
    moved |= {f"{name}_{part}" for name in ("service", "grade_service") for part in ("years", "months")}
    moved |= {"functional_level", "functional_level_date", "level_entry_rank"} if given.level else set()
    moved |= {"previous_credit", "conversions", "quarters", "certificates"} if given.credit else set()
    names = asked.used(list(table.column_names), [days[0]])
    return tuple(sorted(n for n in names - moved if not n.startswith(f"{given.appraised}_")))
