"""The population policy in DuckDB by hand: one WITH per level of dependency, over an Arrow table, Arrow out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from bench.columns import AS_OF, OUTPUTS
from bench.rivals import population_tables as t
from bench.rivals.population_numpy import with_dates

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns


def half_up(n: str, d: int) -> str:
    """Write a rounding of what is not negative."""
    return f"((2 * ({n}) + {d}) // {2 * d})"


def months(date: str) -> str:
    """Write the whole months up to the day of decision."""
    month = AS_OF.year * 12 + AS_OF.month
    day = f"least(day({date}), 30)"
    return f"{month} - (year({date}) * 12 + month({date})) - CASE WHEN {day} > {AS_OF.day} THEN 1 ELSE 0 END"


def table(values: tuple[int, ...], at: str) -> str:
    """Write a lookup; lists count from 1."""
    return f"({list(values)}::INTEGER[])[{at} + 1]"


CONDITIONS = """
    NOT under_examination AS not_examined,
    NOT (sanction_level >= 2 AND sanction_end >= DATE '{today}') AS not_sanctioned,
    predicate_last >= 3 AS good_last_year,
    predicate_last >= 3 AND predicate_before >= 3 AS good_two_years,
    credit_total >= {credit_need} AS credit_enough,
    months_in_rank >= 48 AS long_in_rank,
    months_in_rank >= 24 AS some_time_in_rank,
    months_in_post >= 12 AS settled_in_post,
    box >= 7 AS high_in_matrix,
    rank < {ceiling} AS below_ceiling,
    training_hours >= 24 AND competency_passed AS trained,
    absent_days <= 10 AS present,
    {entry} AS entry, least(rank + 1, 16) AS following,
"""
TRACKS = """
    eligible AND exceptional_achievement AND high_in_matrix AND rank < 16 AS luar_biasa,
    eligible AND position_kind = 1 AND credit_enough AND some_time_in_rank AND good_two_years AND trained
      AND rank < 16 AS fungsional,
    eligible AND position_kind = 2 AND settled_in_post AND some_time_in_rank AND good_two_years AND rank < 15
      AND box >= 4 AS struktural,
    eligible AND rank < entry AND competency_passed AND settled_in_post AND present AS ijazah,
    eligible AND long_in_rank AND good_two_years AND below_ceiling AND present AS reguler,
"""
TRACK = "CASE WHEN luar_biasa THEN 0 WHEN fungsional THEN 1 WHEN struktural THEN 2 WHEN ijazah THEN 3 ELSE 4 END"
RANK = "CASE WHEN luar_biasa OR fungsional OR struktural THEN following WHEN ijazah THEN entry ELSE following END"
PLACE = """(CASE WHEN performance >= 8500 THEN 6 WHEN performance >= 7000 THEN 3 ELSE 0 END
  + CASE WHEN potential >= 8250 THEN 2 WHEN potential >= 6500 THEN 1 ELSE 0 END)"""
INCENTIVES = (
    ("high_in_matrix AND good_last_year AND not_sanctioned", half_up(f"base_pay * {table(t.BOX_RATE, 'box')}", 200)),
    ("zone <> 0 AND settled_in_post AND present", half_up(f"base_pay * {table(t.ZONE_RATE, 'zone')}", 40)),
    ("projects_on_time >= 1 AND good_last_year AND not_examined", "400000 * least(projects_on_time, 5)"),
    ("position_kind = 2 AND subordinates >= 5 AND box >= 4", "50000 * least(subordinates, 20)"),
    ("absent_days = 0 AND not_sanctioned", "500000"),
    ("mentor AND settled_in_post AND merit_score >= 9000", "750000"),
    ("education >= 3 AND trained AND present", "600000"),
    ("years_of_service >= 30 AND not_sanctioned AND not_examined", "450000"),
    ("trained AND some_time_in_rank", "300000"),
    ("conduct >= 9000 AND not_sanctioned", "350000"),
    ("predicate_last = 4 AND predicate_before = 4 AND not_sanctioned AND not_examined", half_up("base_pay", 8)),
    (
        "position_kind = 1 AND competency_passed AND credit_enough AND good_last_year",
        table(t.ALLOWANCE, "rank"),
    ),
)


def query() -> str:
    """Write the whole query."""
    conditions = CONDITIONS.format(
        today=AS_OF,
        credit_need=table(t.CREDIT_NEED, "rank"),
        ceiling=table(t.CEILING, "education"),
        entry=table(t.ENTRY, "education"),
    )
    peers = ", ".join(
        half_up(f"{what}_peer_1 + {what}_peer_2 + {what}_peer_3", 3) + f" AS {what}_peers"
        for what in ("quality", "conduct")
    )
    scores = ", ".join(
        half_up(f"12 * {what}_supervisor + 5 * {what}_peers + 3 * {what}_staff", 20) + f" AS {what}"
        for what in ("quality", "conduct")
    )
    yearly = f"{table(t.YEARLY_CREDIT, 'rank')} * {table(t.SHARE, 'predicate_last')}"
    counted = "greatest(least(months_in_rank, 12), 0)"
    amounts = "\n  + ".join(f"CASE WHEN {test} THEN {value} ELSE 0 END" for test, value in INCENTIVES)
    handed = {
        "promotion.granted": "luar_biasa OR fungsional OR struktural OR ijazah OR reguler",
        "promotion.track": TRACK,
        "promotion.new_rank": RANK,
        "incentives.amount": amounts,
    }
    columns = ",\n  ".join(f'{handed.get(name, name)} AS "{name}"' for name in OUTPUTS)
    return f"""WITH
a AS (SELECT *, {peers}, {months("rank_date")} AS months_in_rank, {months("position_date")} AS months_in_post,
  ({months("service_date")}) // 12 AS years_of_service FROM people),
b AS (SELECT *, {scores}, credit + {half_up(f"{yearly} * {counted} * 125", 12)} AS credit_total FROM a),
c AS (SELECT *, 7 * quality + 3 * conduct AS weighed FROM b),
d AS (SELECT *, weighed // 10 + CASE WHEN weighed % 10 > 5 OR (weighed % 10 = 5 AND weighed // 10 % 2 = 1)
  THEN 1 ELSE 0 END AS merit_score FROM c),
e AS (SELECT *, merit_score - 25 * absent_days AS performance FROM d),
f AS (SELECT *, {table(t.MATRIX, PLACE)} AS box FROM e),
g AS (SELECT *, {conditions.strip().rstrip(",")} FROM f),
h AS (SELECT *, not_examined AND not_sanctioned AND good_last_year AS eligible FROM g),
i AS (SELECT *, {TRACKS.strip().rstrip(",")} FROM h)
SELECT {columns}
FROM i"""  # noqa: S608 - constants only


def prepare() -> tuple[Callable[[Columns], Any], Callable[[Any], Any]]:
    """Give how the columns are taken in, and the function that is timed."""
    text = query()
    connection = duckdb.connect()

    def take(columns: Columns) -> pa.Table:
        return pa.table({name: pa.array(c) for name, c in with_dates(columns).items()})

    def decide(people: pa.Table) -> pa.Table:
        connection.register("people", people)
        found = connection.sql(text).to_arrow_table()
        connection.unregister("people")
        return found

    return take, decide


def read(found: pa.Table) -> Columns:
    """Give the columns of an answer."""
    return {name: found[name].to_numpy() for name in OUTPUTS}
