"""The population policy in NumPy as an analyst writes it: whole columns, `where` and `select`, dates as datetime64."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from bench.columns import AS_OF, OUTPUTS
from bench.rivals import population_tables as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

TODAY = np.datetime64(AS_OF)


def with_dates(columns: Columns) -> Columns:
    """Give the columns with dates as NumPy has them."""
    return {
        name: (c.astype(np.int64) - t.UNIX).astype("datetime64[D]") if name in t.DATES else c
        for name, c in columns.items()
    }


def half_up(n: Any, d: int) -> Any:  # noqa: ANN401 - NumPy's own
    """Round to the nearest; ties up; for what is not negative."""
    return (2 * n + d) // (2 * d)


def half_even(n: Any, d: int) -> Any:  # noqa: ANN401 - NumPy's own
    """Round to the nearest; ties to the even one."""
    q = n // d
    r = 2 * (n - q * d)
    return q + ((r > d) | ((r == d) & (q % 2 == 1)))


def months_until_today(date: Any) -> Any:  # noqa: ANN401 - NumPy's own
    """Count the whole months up to the day of decision; day 31 counts as the last of a shorter month."""
    month = date.astype("datetime64[M]")
    day = np.minimum((date - month).astype(np.int64) + 1, 30)
    return (TODAY.astype("datetime64[M]") - month).astype(np.int64) - (day > AS_OF.day)


TABLES = {
    name: np.array(getattr(t, name)) for name in dir(t) if isinstance(getattr(t, name), tuple) and name != "DATES"
}


def decide(f: Columns) -> Columns:
    """Decide all of them."""
    quality_peers = half_up(f["quality_peer_1"] + f["quality_peer_2"] + f["quality_peer_3"], 3)
    quality = half_up(12 * f["quality_supervisor"] + 5 * quality_peers + 3 * f["quality_staff"], 20)
    conduct_peers = half_up(f["conduct_peer_1"] + f["conduct_peer_2"] + f["conduct_peer_3"], 3)
    conduct = half_up(12 * f["conduct_supervisor"] + 5 * conduct_peers + 3 * f["conduct_staff"], 20)
    merit_score = half_even(7 * quality + 3 * conduct, 10)
    performance = merit_score - 25 * f["absent_days"]
    performance_level = np.select([performance >= 8500, performance >= 7000], [2, 1], 0)
    potential_level = np.select([f["potential"] >= 8250, f["potential"] >= 6500], [2, 1], 0)
    box = TABLES["MATRIX"][3 * performance_level + potential_level]
    months_in_rank = months_until_today(f["rank_date"])
    months_in_post = months_until_today(f["position_date"])
    years_of_service = months_until_today(f["service_date"]) // 12
    months_counted = np.clip(months_in_rank, 0, 12)
    yearly = TABLES["YEARLY_CREDIT"][f["rank"]] * TABLES["SHARE"][f["predicate_last"]]
    credit_total = f["credit"] + half_up(yearly * months_counted * 125, 12)
    under_sanction = (f["sanction_level"] >= 2) & (f["sanction_end"] >= TODAY)

    not_examined = ~f["under_examination"]
    not_sanctioned = ~under_sanction
    good_last_year = f["predicate_last"] >= 3
    good_two_years = good_last_year & (f["predicate_before"] >= 3)
    credit_enough = credit_total >= TABLES["CREDIT_NEED"][f["rank"]]
    long_in_rank = months_in_rank >= 48
    some_time_in_rank = months_in_rank >= 24
    settled_in_post = months_in_post >= 12
    high_in_matrix = box >= 7
    below_ceiling = f["rank"] < TABLES["CEILING"][f["education"]]
    trained = (f["training_hours"] >= 24) & f["competency_passed"]
    present = f["absent_days"] <= 10

    eligible = not_examined & not_sanctioned & good_last_year
    functional, structural = f["position_kind"] == 1, f["position_kind"] == 2
    entry = TABLES["ENTRY"][f["education"]]
    tracks = [
        eligible & f["exceptional_achievement"] & high_in_matrix & (f["rank"] < 16),
        eligible & functional & credit_enough & some_time_in_rank & good_two_years & trained & (f["rank"] < 16),
        eligible & structural & settled_in_post & some_time_in_rank & good_two_years & (f["rank"] < 15) & (box >= 4),
        eligible & (f["rank"] < entry) & f["competency_passed"] & settled_in_post & present,
        eligible & long_in_rank & good_two_years & below_ceiling & present,
    ]
    granted = np.logical_or.reduce(tracks)
    track = np.select(tracks, [0, 1, 2, 3, 4], 4)
    following = np.minimum(f["rank"] + 1, 16)
    new_rank = np.select(tracks, [following, following, following, entry, following], following)

    pay = f["base_pay"]
    incentives = [
        (high_in_matrix & good_last_year & not_sanctioned, half_up(pay * TABLES["BOX_RATE"][box], 200)),
        ((f["zone"] != 0) & settled_in_post & present, half_up(pay * TABLES["ZONE_RATE"][f["zone"]], 40)),
        ((f["projects_on_time"] >= 1) & good_last_year & not_examined, 400_000 * np.minimum(f["projects_on_time"], 5)),
        (structural & (f["subordinates"] >= 5) & (box >= 4), 50_000 * np.minimum(f["subordinates"], 20)),
        ((f["absent_days"] == 0) & not_sanctioned, 500_000),
        (f["mentor"] & settled_in_post & (merit_score >= 9000), 750_000),
        ((f["education"] >= 3) & trained & present, 600_000),
        ((years_of_service >= 30) & not_sanctioned & not_examined, 450_000),
        (trained & some_time_in_rank, 300_000),
        ((conduct >= 9000) & not_sanctioned, 350_000),
        (
            (f["predicate_last"] == 4) & (f["predicate_before"] == 4) & not_sanctioned & not_examined,
            half_up(pay, 8),
        ),
        (functional & f["competency_passed"] & credit_enough & good_last_year, TABLES["ALLOWANCE"][f["rank"]]),
    ]
    amount = sum(np.where(test, value, 0) for test, value in incentives)
    found = (
        merit_score, box, months_in_rank, credit_total, not_examined, not_sanctioned, good_last_year, good_two_years,
        credit_enough, long_in_rank, some_time_in_rank, settled_in_post, high_in_matrix, below_ceiling, trained,
        present, granted, track, new_rank, amount,
    )  # fmt: skip
    return dict(zip(OUTPUTS, found, strict=True))


def prepare() -> tuple[Callable[[Columns], Columns], Callable[[Columns], Columns]]:
    """Give how the columns are taken in, and the function that is timed."""
    return with_dates, decide
