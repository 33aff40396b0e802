"""How people spread over the members of a column, unit by unit; and over the nine boxes of talent."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from asnmerit.frames.arrow import pa
from asnmerit.frames.kinds import source_of
from asnmerit.pictures.counting import (
    MOST_GROUPS,
    checked_law,
    column_of,
    columns,
    counts,
    least,
    members_of,
    title_of,
    total,
)  # fmt: skip
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, clean, labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import BANDS, FAINT, STEPS, UNKNOWN, Lang, language, said
from asnmerit.rules.law import Law
from asnmerit.rules.types import Enum

Table = Any
Chart = Any
MOST_MEMBERS: Final = 12


def predicate_distribution(
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    column: str = "performance_2025",
    *,
    by: str | None = "unit",
    smallest: int = 1,
    lang: str = "id",
    **options: Any,  # noqa: ANN401 - those of decide_frame
) -> Picture:
    """Draw how people spread over the predicates (or the members of any column), a bar a unit.

    `column` and `by` are columns of the frame, or values and outcomes that the law gives (`predikat.predicate`). Units
    of fewer than `smallest` people are shown as hidden. The table has a row a unit and member: `group`, `member`,
    `people`, `hidden`.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> staff = pyarrow.table({"performance_2025": ["baik", "baik", None], "unit": ["A", "A", "B"]})
    >>> predicate_distribution(law, staff).table.to_pylist()[0]
    {'group': 'A', 'member': 'baik', 'people': 2, 'hidden': False}
    """
    of, source = checked_law(law), source_of(frame)
    column = column_of(source, of, "column", column)
    names = [column] if by is None else [column_of(source, of, "by", by), column]
    found = counts(columns(of, frame, names, options))
    table = _spread({key if by is not None else ("", *key): n for key, n in found.items()}, least(smallest))

    def name(lang: Lang) -> str:
        of_what = title_of(of, column, lang)
        unit = said("everybody", lang) if by is None else title_of(of, by, lang)
        return said("distribution", lang, of_what, unit)

    groups = list(dict.fromkeys(table.column("group").to_pylist()))

    def notes(lang: Lang) -> list[str]:
        more = [said("more", lang, MOST_GROUPS, len(groups))] if len(groups) > MOST_GROUPS else []
        return [said("counted", lang, number(total(table, "people"), lang)), *more]

    return Picture(language(lang), table, name, notes, partial(_bars, table, members_of(of, column), by is None))


def _spread(found: dict[tuple[Any, ...], int], smallest: int) -> Table:
    """Make the table: units of most people first; a hidden one has one row and no numbers."""
    sizes: dict[Any, int] = {}
    for (group, _), people in found.items():
        sizes[group] = sizes.get(group, 0) + people
    made: list[tuple[Any, Any, int | None, bool]] = []
    for group in sorted(sizes, key=lambda g: (-sizes[g] if sizes[g] >= smallest else 1, g is None, str(g))):
        if sizes[group] < smallest:
            made.append((group, None, None, True))
            continue
        mine = sorted((m for g, m in found if g == group), key=lambda m: (m is None, str(m)))
        made += [(group, m, found[group, m], False) for m in mine]
    texts = [[None if v is None else str(v) for v in (row[i] for row in made)] for i in (0, 1)]
    return pa.table(
        {
            "group": pa.array(texts[0], pa.string()),
            "member": pa.array(texts[1], pa.string()),
            "people": pa.array([row[2] for row in made], pa.int64()),
            "hidden": pa.array([row[3] for row in made], pa.bool_()),
        }
    )


def _order(table: Table, of: Enum | None) -> list[Any]:
    """Order the members that occur: as their type does, others by how many have them; the unknown last."""
    people: dict[Any, int] = {}
    for row in table.to_pylist():
        if not row["hidden"]:
            people[row["member"]] = people.get(row["member"], 0) + row["people"]
    known = [m for m in (of.members if of is not None else ()) if m in people]
    others = sorted((m for m in people if m not in known and m is not None), key=lambda m: (-people[m], m))
    return [*known, *others, *([None] if None in people else [])]


def _colours(order: list[Any], of: Enum | None) -> list[str]:
    """Colour members: ordered ones from low to high, others apart; the unknown grey."""
    steps = [m for m in of.members if m != "tidak_dinilai"] if of is not None and of.ordered else []
    found: list[str] = []
    apart = iter(BANDS * (1 + len(order) // len(BANDS)))
    for member in order:
        if member is None:
            found.append(UNKNOWN)
        elif member in steps:
            found.append(STEPS[round(steps.index(member) * (len(STEPS) - 1) / max(len(steps) - 1, 1))])
        else:
            found.append("#8A8A8A" if steps else next(apart))
    return found


def _bars(table: Table, of: Enum | None, alone: bool, lang: Lang) -> Chart:  # noqa: FBT001 - bound by place
    found = table.to_pylist()
    groups = list(dict.fromkeys(row["group"] for row in found))[:MOST_GROUPS]
    order = _order(table, of)
    shown, rest = order[:MOST_MEMBERS], order[MOST_MEMBERS:]
    named = {m: said("unknown", lang) if m is None else _member(of, m, lang) for m in shown}
    words = labelled(named.values(), lang)
    legend = {m: words[named[m]] for m in shown} | dict.fromkeys(rest, said("other_flows", lang))
    names = _named(found, groups, alone, lang)
    bars: list[dict[str, Any]] = []
    hidden: list[dict[str, Any]] = []
    for group in groups:
        mine = {row["member"]: row["people"] for row in found if row["group"] == group and not row["hidden"]}
        if not mine:
            hidden.append({"group": names[group], "text": said("hidden", lang)})
        everyone, start = sum(mine.values()) or 1, 0
        for member in (m for m in order if m in mine):
            people = mine[member]
            about = {
                "group": names[group].replace("\n", " "), "member": legend[member],
                "people": number(people, lang), "share": number(people / everyone, lang, "%"),
            }  # fmt: skip
            label = number(people / everyone, lang, "%").replace(",0%", "%") if people >= everyone * 0.09 else ""
            edge = {
                "from": start / everyone,
                "to": (start + people) / everyone,
                "middle": (start + people / 2) / everyone,
            }
            bars.append({"y": names[group], "m": legend[member], "label": label, **edge, **about})
            start += people
    colours = _colours(order, of)
    y = alt.Y("y:N", scale=alt.Scale(domain=list(names.values())), title=None,
              axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, ticks=False, domain=False))  # fmt: skip
    domain = list(dict.fromkeys(legend.values()))
    base = alt.Chart(rows(bars)).encode(y=y)
    tips = [alt.Tooltip(f"{k}:N", title=said(k, lang)) for k in ("group", "member", "people", "share")]
    drawn = base.mark_bar(stroke="white", strokeWidth=1).encode(
        x=alt.X("from:Q", title=said("share", lang), axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])),
        x2="to:Q",
        color=alt.Color("m:N", title=None, sort=domain, legend=alt.Legend(orient="top", columns=4, symbolLimit=0),
                        scale=alt.Scale(domain=domain, range=[*colours, "#777777"][: len(domain)])),
        tooltip=tips,
    )  # fmt: skip
    dark = {legend[m] for m, c in zip(order, colours, strict=True) if c in {"#8C510A", "#01665E", "#0072B2", "#666666"}}
    ink = alt.condition(alt.FieldOneOfPredicate("m", sorted(dark)), alt.value("white"), alt.value("#222222"))
    marks = base.mark_text(fontSize=11).encode(x="middle:Q", text="label:N", color=ink)
    layers = [drawn, marks]
    if hidden:
        text = alt.Chart(rows(hidden)).mark_text(align="left", fontStyle="italic", color="#555555", dx=4)
        layers.append(text.encode(y="group:N", x=alt.datum(0), text="text:N"))
    return alt.layer(*layers).properties(width=520, height=alt.Step(max(30, 15 * _lines(names))))


def _lines(names: dict[Any, str]) -> int:
    return max((name.count("\n") + 1 for name in names.values()), default=1)


def _member(of: Enum | None, member: str, lang: Lang) -> str:
    label = (of.labels.get(member) or {}).get(lang) if of is not None else None
    return label or clean(member).replace("_", " ")


def _named(found: list[dict[str, Any]], groups: list[Any], alone: bool, lang: Lang) -> dict[Any, str]:  # noqa: FBT001
    sizes = {g: sum(r["people"] or 0 for r in found if r["group"] == g) for g in groups}
    words = labelled(groups, lang)
    if alone:
        return {g: f"{said('everybody', lang)} ({number(sizes[g], lang)})" for g in groups}
    hidden = {r["group"] for r in found if r["hidden"]}
    return {g: words[g] if g in hidden else f"{words[g]} ({number(sizes[g], lang)})" for g in groups}


# --- nine boxes ---


def nine_box(
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    *,
    potential: str = "potential",
    performance: str = "performance_standing",
    box: str = "talent_box",
    smallest: int = 1,
    lang: str = "id",
    **options: Any,  # noqa: ANN401 - those of decide_frame
) -> Picture:
    """Draw how many people stand in each box of potential by performance, under `indonesia/talenta` or a law like it.

    Each name is a column of the frame or a value of the law: `scored_potential`, `scored_performance` and `scored_box`
    give the boxes by scores. Boxes with fewer than `smallest` people are shown as hidden, those with nobody as 0. The
    table has `potential`, `performance`, `box`, `people`, `hidden`; who has no box is in rows without one.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/talenta"), on="2026-04-01")
    >>> staff = pyarrow.table({"potential": ["tinggi", None], "performance_standing": ["di_atas", "sesuai"]})
    >>> [row for row in nine_box(law, staff).table.to_pylist() if row["people"]][0]
    {'potential': 'tinggi', 'performance': 'di_atas', 'box': 9, 'people': 1, 'hidden': False}
    """
    of, source = checked_law(law), source_of(frame)
    given = (("potential", potential), ("performance", performance), ("box", box))
    names = [column_of(source, of, argument, name) for argument, name in given]
    found = counts(columns(of, frame, names, options))
    table = _boxes(found, members_of(of, names[0]), members_of(of, names[1]), least(smallest))
    unplaced = sum(n for key, n in found.items() if key[2] is None)

    def notes(lang: Lang) -> list[str]:
        # Of everybody, were it said, a hidden box could be worked out.
        told = [said("counted", lang, number(total(table, "people"), lang))]
        return [*told, said("unplaced", lang, number(unplaced, lang))] if unplaced else told

    draw = partial(_grid, table, (members_of(of, names[0]), members_of(of, names[1])))
    return Picture(language(lang), table, partial(said, "nine"), notes, draw)


def _boxes(found: dict[tuple[Any, ...], int], high: Enum | None, wide: Enum | None, smallest: int) -> Table:
    every = {(a, b, None): 0 for a in (high.members if high else ()) for b in (wide.members if wide else ())}
    numbered = {(a, b) for a, b, box in found if box is not None}
    keys = [k for k in every if k[:2] not in numbered] + list(found)
    kept = {k: found.get(k, 0) for k in dict.fromkeys(keys)}
    members = [(list(e.members) if e else []) for e in (high, wide)]

    def place(key: tuple[Any, ...]) -> tuple[Any, ...]:
        at = [m.index(v) if v in m else len(m) for m, v in zip(members, key[:2], strict=True)]
        return (*at, *(str(v) for v in key))

    if not found:
        kept = {}
    lines = sorted(kept, key=place)
    hide = [0 < kept[k] < smallest for k in lines]
    return pa.table(
        {
            "potential": pa.array([k[0] for k in lines], pa.string()),
            "performance": pa.array([k[1] for k in lines], pa.string()),
            "box": pa.array([None if k[2] is None else int(k[2]) for k in lines], pa.int64()),
            "people": pa.array([None if h else kept[k] for k, h in zip(lines, hide, strict=True)], pa.int64()),
            "hidden": pa.array(hide, pa.bool_()),
        }
    )


def _grid(table: Table, of: tuple[Enum | None, Enum | None], lang: Lang) -> Chart:
    high, wide = of
    cells: list[dict[str, Any]] = []
    placed: dict[tuple[str, str], dict[str, Any]] = {}
    for row in table.to_pylist():
        if row["potential"] is not None and row["performance"] is not None and (row["box"] or not row["people"]):
            placed[row["potential"], row["performance"]] = row
    people = sum(row["people"] or 0 for row in placed.values()) or 1
    for (a, b), row in placed.items():
        count = said("hidden", lang).replace(": ", ":\n") if row["hidden"] else number(row["people"], lang)
        share = "" if row["hidden"] else number((row["people"] or 0) / people, lang, "%")
        named = "" if row["box"] is None else f"{said('box', lang)} {row['box']}"
        cells.append({"a": _member(high, a, lang), "b": _member(wide, b, lang), "n": row["people"] or 0,
                      "count": count, "share": share, "box": named, "big": 12 if row["hidden"] else 22})  # fmt: skip
    up = [_member(high, m, lang) for m in reversed(high.members if high else ())]
    along = [_member(wide, m, lang) for m in (wide.members if wide else ())]
    axis = alt.Axis(ticks=False, domain=False, labelAngle=0, labelPadding=8)
    most = max((c["n"] for c in cells), default=1) or 1
    base = alt.Chart(rows(cells)).encode(
        x=alt.X(
            "b:N", scale=alt.Scale(domain=along) if along else alt.Undefined, title=said("performance", lang), axis=axis
        ),
        y=alt.Y("a:N", scale=alt.Scale(domain=up) if up else alt.Undefined, title=said("potential", lang), axis=axis),
    )
    tips = [alt.Tooltip(f"{k}:N", title=t) for k, t in
            (("box", said("box", lang)), ("count", said("people", lang)), ("share", said("share", lang)))]  # fmt: skip
    fill = alt.Color("n:Q", legend=None, scale=alt.Scale(domain=[0, most], range=[FAINT, "#56B4E9"]))
    return alt.layer(
        base.mark_rect(stroke="white", strokeWidth=3).encode(color=fill, tooltip=tips),
        base.mark_text(lineBreak="\n", dy=-4, color="#111111").encode(
            text="count:N", size=alt.Size("big:Q", scale=None)
        ),
        base.mark_text(fontSize=12, dy=20, color="#222222").encode(text="share:N"),
        base.mark_text(fontSize=12, align="left", dx=-72, dy=-38, color="#333333").encode(text="box:N"),
    ).properties(width=480, height=300)
