"""The population policy in Polars expressions by hand: one `with_columns` per level of dependency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from bench.columns import AS_OF, OUTPUTS
from bench.rivals import population_tables as t
from bench.rivals.population_numpy import with_dates

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

c = pl.col


def half_up(n: pl.Expr, d: int) -> pl.Expr:
    """Round to the nearest; ties up; for what is not negative."""
    return (2 * n + d) // (2 * d)


def half_even(n: pl.Expr, d: int) -> pl.Expr:
    """Round to the nearest; ties to the even one."""
    q, r = n // d, 2 * (n % d)
    return q + ((r > d) | ((r == d) & (q % 2 == 1))).cast(pl.Int32)


def months(date: pl.Expr) -> pl.Expr:
    """Count the whole months up to the day of decision."""
    late = (pl.min_horizontal(date.dt.day().cast(pl.Int32), pl.lit(30, pl.Int32)) > AS_OF.day).cast(pl.Int32)
    return (AS_OF.year * 12 + AS_OF.month) - (date.dt.year() * 12 + date.dt.month().cast(pl.Int32)) - late


def table(values: tuple[int, ...], at: pl.Expr) -> pl.Expr:
    """Look up by position."""
    return pl.lit(pl.Series(values, dtype=pl.Int32)).gather(at)


def least(x: pl.Expr, most: int) -> pl.Expr:
    """Give the smaller one."""
    return x.clip(upper_bound=most)


def levels() -> list[dict[str, pl.Expr]]:
    """Give the expressions, level by level."""
    peers = {
        f"{w}_peers": half_up(c(f"{w}_peer_1") + c(f"{w}_peer_2") + c(f"{w}_peer_3"), 3) for w in ("quality", "conduct")
    }
    tenure = {
        "months_in_rank": months(c("rank_date")),
        "months_in_post": months(c("position_date")),
        "years_of_service": months(c("service_date")) // 12,
    }
    scores = {
        w: half_up(12 * c(f"{w}_supervisor") + 5 * c(f"{w}_peers") + 3 * c(f"{w}_staff"), 20)
        for w in ("quality", "conduct")
    }
    yearly = table(t.YEARLY_CREDIT, c("rank")) * table(t.SHARE, c("predicate_last"))
    credit = c("credit") + half_up(yearly * c("months_in_rank").clip(0, 12) * 125, 12)
    performance, potential = c("merit_score") - 25 * c("absent_days"), c("potential")
    place = 3 * ((performance >= 7000).cast(pl.Int32) + (performance >= 8500).cast(pl.Int32))
    place = place + (potential >= 6500).cast(pl.Int32) + (potential >= 8250).cast(pl.Int32)
    return [
        {**peers, **tenure},
        {**scores, "credit_total": credit},
        {"merit_score": half_even(7 * c("quality") + 3 * c("conduct"), 10)},
        {"box": table(t.MATRIX, place)},
        _conditions(),
        {"eligible": c("not_examined") & c("not_sanctioned") & c("good_last_year")},
        _tracks(),
    ]


def _conditions() -> dict[str, pl.Expr]:
    good = c("predicate_last") >= 3
    return {
        "not_examined": ~c("under_examination"),
        "not_sanctioned": ~((c("sanction_level") >= 2) & (c("sanction_end") >= AS_OF)),
        "good_last_year": good,
        "good_two_years": good & (c("predicate_before") >= 3),
        "credit_enough": c("credit_total") >= table(t.CREDIT_NEED, c("rank")),
        "long_in_rank": c("months_in_rank") >= 48,
        "some_time_in_rank": c("months_in_rank") >= 24,
        "settled_in_post": c("months_in_post") >= 12,
        "high_in_matrix": c("box") >= 7,
        "below_ceiling": c("rank") < table(t.CEILING, c("education")),
        "trained": (c("training_hours") >= 24) & c("competency_passed"),
        "present": c("absent_days") <= 10,
        "entry": table(t.ENTRY, c("education")),
        "following": least(c("rank") + 1, 16),
    }


def _tracks() -> dict[str, pl.Expr]:
    e = c("eligible")
    served = c("some_time_in_rank") & c("good_two_years")
    return {
        "luar_biasa": e & c("exceptional_achievement") & c("high_in_matrix") & (c("rank") < 16),
        "fungsional": e & (c("position_kind") == 1) & c("credit_enough") & served & c("trained") & (c("rank") < 16),
        "struktural": e
        & (c("position_kind") == 2)
        & c("settled_in_post")
        & served
        & (c("rank") < 15)
        & (c("box") >= 4),
        "ijazah": e & (c("rank") < c("entry")) & c("competency_passed") & c("settled_in_post") & c("present"),
        "reguler": e & c("long_in_rank") & c("good_two_years") & c("below_ceiling") & c("present"),
    }


def answers() -> list[pl.Expr]:
    """Give what is handed out."""
    pay, clean = c("base_pay"), c("not_sanctioned")
    incentives = [
        (c("high_in_matrix") & c("good_last_year") & clean, half_up(pay * table(t.BOX_RATE, c("box")), 200)),
        ((c("zone") != 0) & c("settled_in_post") & c("present"), half_up(pay * table(t.ZONE_RATE, c("zone")), 40)),
        (
            (c("projects_on_time") >= 1) & c("good_last_year") & c("not_examined"),
            400_000 * least(c("projects_on_time"), 5),
        ),
        ((c("position_kind") == 2) & (c("subordinates") >= 5) & (c("box") >= 4), 50_000 * least(c("subordinates"), 20)),
        ((c("absent_days") == 0) & clean, pl.lit(500_000, pl.Int32)),
        (c("mentor") & c("settled_in_post") & (c("merit_score") >= 9000), pl.lit(750_000, pl.Int32)),
        ((c("education") >= 3) & c("trained") & c("present"), pl.lit(600_000, pl.Int32)),
        ((c("years_of_service") >= 30) & clean & c("not_examined"), pl.lit(450_000, pl.Int32)),
        (c("trained") & c("some_time_in_rank"), pl.lit(300_000, pl.Int32)),
        ((c("conduct") >= 9000) & clean, pl.lit(350_000, pl.Int32)),
        ((c("predicate_last") == 4) & (c("predicate_before") == 4) & clean & c("not_examined"), half_up(pay, 8)),
        (
            (c("position_kind") == 1) & c("competency_passed") & c("credit_enough") & c("good_last_year"),
            table(t.ALLOWANCE, c("rank")),
        ),
    ]
    none = pl.lit(0, pl.Int32)
    amounts = [pl.when(test).then(value).otherwise(none) for test, value in incentives]
    track, rank = pl.lit(4, pl.Int32), c("following")
    for code, (name, value) in reversed(
        [
            *enumerate(
                (
                    ("luar_biasa", "following"),
                    ("fungsional", "following"),
                    ("struktural", "following"),
                    ("ijazah", "entry"),
                )
            )
        ]
    ):
        track = pl.when(c(name)).then(pl.lit(code, pl.Int32)).otherwise(track)
        rank = pl.when(c(name)).then(c(value)).otherwise(rank)
    handed = {
        "promotion.granted": c("luar_biasa") | c("fungsional") | c("struktural") | c("ijazah") | c("reguler"),
        "promotion.track": track,
        "promotion.new_rank": rank,
        "incentives.amount": sum(amounts[1:], start=amounts[0]),
    }
    return [handed.get(name, c(name)).alias(name) for name in OUTPUTS]


def prepare(engine: str = "streaming") -> tuple[Callable[[Columns], Any], Callable[[Any], Any]]:
    """Give how the columns are taken in, and the function that is timed."""

    def take(columns: Columns) -> pl.DataFrame:
        return pl.DataFrame(with_dates(columns))

    def decide(people: pl.DataFrame) -> pl.DataFrame:
        lazy = people.lazy()
        for level in levels():
            lazy = lazy.with_columns(**level)
        return lazy.select(answers()).collect(engine=engine)  # type: ignore[call-overload]

    return take, decide


def read(found: pl.DataFrame) -> Columns:
    """Give the columns of an answer."""
    return {name: found[name].to_numpy() for name in OUTPUTS}


def prepare_in_memory() -> tuple[Callable[[Columns], Any], Callable[[Any], Any]]:
    """Give the same by the engine that keeps whole columns in memory."""
    return prepare("in-memory")
