"""The ranks of a staff over the years, with the bands between which they may come to lie."""

from __future__ import annotations

import datetime
import re
from functools import partial
from typing import Any, Final

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa
from asnmerit.frames.kinds import source_of
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import Lang, language, said
from asnmerit.projection.counting import BAND
from asnmerit.projection.projected import Projection
from asnmerit.rules.to_text import said_day

Table = Any
Chart = Any
MOST_YEARS: Final = 6
NEEDED: Final = ("year", "rank", "people")
ALSO: Final = ("age band", "low", "high", "until")
PROJECTED: Final = {"people": "median", "age band": "age"}
"""What the tables of a projection call them: the middle of the runs, and the first of five years."""


def rank_pyramid(frame: Any, *, ages: bool = False, lang: str = "id") -> Picture:  # noqa: ANN401 - a frame of any kind
    """Draw how many people hold each rank, year beside year, the highest rank on top.

    `frame` is what `project` gives: the middle run, or with `ages` the middle of each age. Its tables "ranks" and
    "pyramid" do too, and any other frame with columns `year`, `rank`, `people`, and where there are `age band`, `low`,
    `high`, `until`. Ranks stand in the order of their names, lowest first (I/a to IV/e). Age bands are stacked; the
    lines from `low` to `high` are drawn where a rank has one row a year, since the ends of several bands do not add
    up. The table is the frame's columns.

    >>> import pyarrow
    >>> staff = pyarrow.table({"year": [2026, 2027], "rank": ["III/a", "III/a"], "people": [5, 7]})
    >>> rank_pyramid(staff, lang="en").title()
    'Ranks over the years'
    """
    futures = frame.runs if isinstance(frame, Projection) else 1
    if isinstance(frame, Projection):
        frame = frame.table("pyramid" if ages else "ranks")
    elif ages:
        raise ArgumentError("ages", ages, "False, unless it is a projection that is drawn")
    source = source_of(frame)
    called = {n: next((o for o in (n, PROJECTED.get(n)) if o in source.names), None) for n in (*NEEDED, *ALSO)}
    missing = [n for n in NEEDED if called[n] is None]
    if missing:
        raise ArgumentError("frame", ", ".join(map(str, source.names)), f"columns {', '.join(missing)} too")
    found = source.table(list(dict.fromkeys(o for o in called.values() if o is not None)))[0]
    made = {n: found.column(o) for n, o in called.items() if o is not None}
    if called["age band"] == PROJECTED["age band"]:
        firsts = made["age band"].to_pylist()
        made["age band"] = pa.array([None if a is None else f"{a}-{a + BAND - 1}" for a in firsts], pa.string())
    for name in ("rank", "age band"):
        if name in made:
            made[name] = made[name].cast(pa.string())
    table = pa.table(made)
    years = sorted({y for y in table.column("year").to_pylist() if y is not None})
    chosen = _spread(years)

    def notes(lang: Lang) -> list[str]:
        told = [said("years_drawn", lang, len(chosen), len(years))] if len(chosen) < len(years) else []
        told += [said("futures_by_age" if ages else "futures", lang, futures)] if futures > 1 else []
        return [*told, *([said("band_lines", lang)] if _banded(table) else [])]

    return Picture(language(lang), table, partial(said, "pyramid"), notes, partial(_drawn, table, chosen))


def _spread(years: list[Any]) -> list[Any]:
    """Choose years as far apart as they are many, the first and last among them."""
    if len(years) <= MOST_YEARS:
        return years
    return [years[round(i * (len(years) - 1) / (MOST_YEARS - 1))] for i in range(MOST_YEARS)]


def _banded(table: Table) -> bool:
    """Whether each rank has one row a year, with ends."""
    if not {"low", "high"} <= set(table.column_names):
        return False
    keys = list(zip(table.column("year").to_pylist(), table.column("rank").to_pylist(), strict=True))
    return bool(keys) and len(set(keys)) == len(keys)


def _drawn(table: Table, years: list[Any], lang: Lang) -> Chart:
    found = [r for r in table.to_pylist() if r["year"] in years]
    ranks = sorted({r["rank"] for r in found}, key=lambda r: (r is not None, _place(r)), reverse=True)
    words = labelled(ranks, lang)
    ages = sorted({r["age band"] for r in found if r.get("age band") is not None}, key=_age)
    bands = labelled([*ages, *([None] if any(r.get("age band") is None for r in found) else [])], lang) if ages else {}
    lines = _banded(table)
    data: list[dict[str, Any]] = []
    for key in dict.fromkeys((r["year"], r["rank"]) for r in found):
        mine = [r for r in found if (r["year"], r["rank"]) == key]
        start = 0.0
        order = {a: i for i, a in enumerate(bands)}
        for row in sorted(mine, key=lambda r: order.get(r.get("age band"), 0)):
            people = float(row["people"] or 0)
            low, high = (row.get("low"), row.get("high")) if lines else (None, None)
            data.append({"year": _year(row, lang), "at": years.index(row["year"]),
                         "y": words[row["rank"]], "from": start, "to": start + people,
                         "age": bands.get(row.get("age band"), ""), "t": number(row["people"], lang),
                         "low": None if low is None else float(low), "high": None if high is None else float(high),
                         "l": number(row.get("low"), lang), "h": number(row.get("high"), lang)})  # fmt: skip
            start += people
    y = alt.Y("y:N", title=said("rank", lang), scale=alt.Scale(domain=list(words.values())), axis=alt.Axis(ticks=False))
    x = alt.X("from:Q", title=said("people", lang), axis=alt.Axis(tickCount=4, format=",.0f", labelOverlap=True))
    names = list(bands.values())
    colour: Any = (
        alt.Color("age:O", title=said("age", lang), scale=alt.Scale(domain=names, scheme="viridis", reverse=True))
        if names
        else alt.value("#56B4E9")
    )
    tips = [alt.Tooltip(f"{f}:N", title=said(k, lang)) for f, k in
            (("year", "year"), ("y", "rank"), ("t", "people"), ("l", "low"), ("h", "high"))]  # fmt: skip
    base = alt.Chart().encode(y=y)
    layers = [base.mark_bar().encode(x=x, x2="to:Q", color=colour, tooltip=tips)]
    if lines:
        layers.append(base.mark_rule(color="#222222", strokeWidth=1.5).encode(x="low:Q", x2="high:Q"))
    height = max(14, min(22, 340 // max(len(words), 1)))
    one = alt.layer(*layers, data=rows(data)).properties(width=170, height=alt.Step(height))
    facet = alt.Facet(
        "year:N",
        title=None,
        header=alt.Header(labelFontSize=13),
        sort=list(dict.fromkeys(d["year"] for d in sorted(data, key=lambda d: d["at"]))),
    )
    return one.facet(facet, columns=3)


def _year(row: dict[str, Any], lang: Lang) -> str:
    """Name a year; where it says until when it goes, by that day too."""
    until = row.get("until")
    return f"{row['year']} ({said_day(until, lang)})" if isinstance(until, datetime.date) else str(row["year"])


def _place(rank: str | None) -> tuple[int, str]:
    """Order I to IV and whatever else there is: by its Roman number, then its letter."""
    roman, _, letter = (rank or "").replace("_", "/").replace("-", "/").partition("/")
    order = [
        "I",
        "II",
        "III",
        "IV",
        "V",
        "VI",
        "VII",
        "VIII",
        "IX",
        "X",
        "XI",
        "XII",
        "XIII",
        "XIV",
        "XV",
        "XVI",
        "XVII",
    ]
    return (order.index(roman.upper()), letter) if roman.upper() in order else (len(order), rank or "")


def _age(band: str) -> tuple[float, str]:
    """Order bands of ages by their first number: `<30`, `30-39`, `60+`."""
    first = re.search(r"\d+", band)
    return (float(first[0]) - band.strip().startswith("<") / 2 if first else float("inf"), band)
