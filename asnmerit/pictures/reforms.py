"""What a reform does: the flow from answer to answer, and who wins and loses, group by group."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from asnmerit.comparison.compared import Compared, DecisionCompared
from asnmerit.comparison.tables import groups_table
from asnmerit.comparison.words import field_label
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.frames.arrow import pa
from asnmerit.pictures.counting import MOST_GROUPS, least
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, labelled, number, wrapped
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import CHANGE_COLOURS, STATUS_COLOURS, Lang, language, said, status_said

Table = Any
Chart = Any
MOST_FLOWS: Final = 24
POINTS: Final = 25
GAP: Final = 0.03
FLOW: Final = ("status_before", "outcome_before", "status_after", "outcome_after")


def _one(compared: object, decision: str | None) -> DecisionCompared:
    if not isinstance(compared, Compared):
        raise ArgumentError("compared", compared, "what compare gives")
    if decision is None and len(compared) == 1:
        return next(iter(compared.decisions.values()))
    if decision is None or decision not in compared.decisions:
        raise UnknownDecisionError(decision, tuple(compared.decisions))
    return compared[decision]


def _notes(compared: Compared, found: DecisionCompared, shown: int, lang: Lang) -> list[str]:
    people = said("counted", lang, number(shown, lang))
    told = [f"{said('beyond', lang, ', '.join(compared.unbound))}"] if compared.unbound else []
    told += [said("unchanging", lang)] if compared.people and found.nothing_changes else []
    a, b = (f"{law.policy} ({day.isoformat()})" for law, day in zip(compared.laws, compared.days, strict=True))
    return [*told, f"{said('before', lang)}: {a}; {said('after', lang)}: {b}; {people}"]


def reform_flow(
    compared: Compared, decision: str | None = None, *, outcomes: bool = True, smallest: int = 1, lang: str = "id"
) -> Picture:
    """Draw the flow of people between answers before and after, as wide as they are many.

    `outcomes=False` tells statuses only. Flows of fewer than `smallest` people are left out of the numbers and marked
    hidden. The table has `status_before`, `outcome_before`, `status_after`, `outcome_after`, `people`, `hidden`.
    """
    found = _one(compared, decision)
    least(smallest)
    flows = found.outcomes if outcomes else found.flow
    hide = [f.people < smallest for f in flows]
    made: dict[str, Any] = {name: pa.array([getattr(f, name) for f in flows], pa.string()) for name in FLOW}
    made["people"] = pa.array([None if h else f.people for f, h in zip(flows, hide, strict=True)], pa.int64())
    made["hidden"] = pa.array(hide, pa.bool_())
    table = pa.table(made)

    def name(lang: Lang) -> str:
        return said("flow", lang, found.label.get(lang, found.name))

    def notes(lang: Lang) -> list[str]:
        shown = sum(not h for h in hide)
        more = [said("first", lang, MOST_FLOWS, shown)] if shown > MOST_FLOWS else []
        small = [f"{sum(hide)}: {said('hidden', lang)}"] if any(hide) else []
        return [
            *_notes(compared, found, sum(f.people for f, h in zip(flows, hide, strict=True) if not h), lang),
            *more,
            *small,
        ]

    return Picture(language(lang), table, name, notes, partial(_alluvial, table, found.kind))


def _node(row: dict[str, Any], side: str) -> tuple[str, str]:
    return row[f"status_{side}"], row[f"outcome_{side}"]


def _alluvial(table: Table, kind: str, lang: Lang) -> Chart:
    found = [r for r in table.to_pylist() if not r["hidden"]][:MOST_FLOWS]
    total = sum(r["people"] for r in found) or 1
    order = list(STATUS_COLOURS)
    sides: list[dict[tuple[str, str], list[float]]] = []
    nodes: list[dict[str, Any]] = []
    for at, side in enumerate(("before", "after")):
        sizes: dict[tuple[str, str], int] = {}
        for row in found:
            sizes[_node(row, side)] = sizes.get(_node(row, side), 0) + row["people"]
        top, spans = 0.0, {}
        for key in sorted(sizes, key=lambda k: (order.index(k[0]), k[1])):
            spans[key] = [top, top]
            share = sizes[key] / total
            word = status_said(key[0], kind, lang)
            label = word + (f": {key[1].replace('_', ' ')}" if key[1] else "")
            text = f"{wrapped(label, 26)}\n{number(sizes[key], lang)}"
            nodes.append({"x": at, "y": top, "y2": top + share, "mid": top + share / 2, "s": word,
                          "t": text, "x2": at + (0.03 if at == 0 else -0.03)})  # fmt: skip
            top += share + GAP
        sides.append(spans)
    ribbons = _ribbons(found, sides, total, kind, lang)
    for place in (0, 1):  # labels of thin nodes would lie on one another
        low = -1.0
        for node in (n for n in nodes if n["x"] == place):
            need = 0.034 * (node["t"].count("\n") + 1)
            node["mid"] = max(node["mid"], low + need / 2)
            low = node["mid"] + need / 2
    ends = max([n["y2"] for n in nodes] + [n["mid"] + 0.04 for n in nodes], default=1)
    words = [status_said(s, kind, lang) for s in order]
    colour = alt.Color("s:N", legend=None, scale=alt.Scale(domain=words, range=list(STATUS_COLOURS.values())))
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    y = alt.Scale(domain=[ends, 0], nice=False)
    tips = [alt.Tooltip(f"{k}:N", title=said(k, lang)) for k in ("before", "after", "people")]
    base = alt.Chart(rows(nodes))
    layers = [
        alt.Chart(rows(ribbons)).mark_area(opacity=0.45).encode(
            x=x, y=alt.Y("y:Q", axis=None, scale=y), y2="y2:Q", color=colour, detail="f:N", tooltip=tips),
        base.mark_rect(opacity=1).encode(x=x, x2="x2:Q", y=alt.Y("y:Q", axis=None, scale=y), y2="y2:Q", color=colour),
    ]  # fmt: skip
    ends_: tuple[tuple[int, Any, int], ...] = ((0, "right", -8), (1, "left", 8))
    for end, align, dx in ends_:
        mine = alt.Chart(rows([n for n in nodes if n["x"] == end]))
        text = mine.mark_text(align=align, dx=dx, fontSize=12, lineBreak="\n", baseline="middle")
        layers.append(text.encode(x=x, y=alt.Y("mid:Q", axis=None, scale=y), text="t:N"))
        head = alt.Chart(rows([{"x": end, "y": 0, "t": said(("before", "after")[end], lang).upper()}]))
        layers.append(
            head.mark_text(align=align, dx=dx, dy=-14, fontSize=11, color="#555555").encode(
                x=x, y=alt.Y("y:Q", axis=None, scale=y), text="t:N"
            )
        )
    return alt.layer(*layers).properties(width=380, height=360)


def _ribbons(
    found: list[dict[str, Any]], sides: list[dict[tuple[str, str], list[float]]], total: int, kind: str, lang: Lang
) -> list[dict[str, Any]]:
    order = list(STATUS_COLOURS)
    by_place = sorted(
        found, key=lambda r: tuple((order.index(r[f"status_{s}"]), r[f"outcome_{s}"]) for s in ("before", "after"))
    )
    made = []
    for i, row in enumerate(by_place):
        share = row["people"] / total
        ends = []
        for side, spans in zip(("before", "after"), sides, strict=True):
            span = spans[_node(row, side)]
            ends.append(span[1])
            span[1] += share
        words = {
            side: status_said(row[f"status_{side}"], kind, lang)
            + (f": {row[f'outcome_{side}']}" if row[f"outcome_{side}"] else "")
            for side in ("before", "after")
        }
        for k in range(POINTS):
            t = k / (POINTS - 1)
            smooth = t * t * (3 - 2 * t)
            top = ends[0] + (ends[1] - ends[0]) * smooth
            made.append({"x": 0.03 + 0.94 * t, "y": top, "y2": top + share, "f": i,
                         "s": status_said(row["status_before"], kind, lang),
                         "people": number(row["people"], lang), **words})  # fmt: skip
    return made


# --- winners and losers ---


def winners_and_losers(
    compared: Compared,
    decision: str | None = None,
    *,
    amount: str | None = None,
    smallest: int = 1,
    lang: str = "id",
) -> Picture:
    """Draw how many win and lose in each group, to either side of a line; or, with `amount`, how much they do.

    `amount` names a field of money of the decision. Groups of fewer than `smallest` people are shown as hidden. The
    table is that of `compared.table("groups")` with the column `hidden`; its numbers are null where hidden.
    """
    found = _one(compared, decision)
    fields = [f.name for f in found.pair.amounts]
    if amount is not None and amount not in fields:
        raise ArgumentError("amount", amount, f"an amount of the decision: {', '.join(fields) or 'it has none'}")
    whole = groups_table(found.by, found.groups, found.all, fields)
    counts = list(found.groups.values()) if found.by else [found.all]
    hide = [0 < c.people < least(smallest) for c in counts]
    mask = pa.array([not h for h in hide], pa.bool_())
    named = len(found.by)
    made: dict[str, Any] = {}
    for i, column in enumerate(whole.column_names):
        values = whole.column(column)
        made[column] = values if i < named else pa.compute.if_else(mask, values, pa.scalar(None, values.type))
    taken = "hidden" if "hidden" not in made else "is.hidden"
    made[taken] = pa.array(hide, pa.bool_())
    table = pa.table(made) if compared.people else pa.table(made).slice(0, 0)

    def name(lang: Lang) -> str:
        title = said("win_lose", lang, found.label.get(lang, found.name))
        return title if amount is None else f"{title} ({field_label(found, amount, lang)})"

    def notes(lang: Lang) -> list[str]:
        more = [said("more", lang, MOST_GROUPS, len(counts))] if len(counts) > MOST_GROUPS else []
        return [
            *_notes(compared, found, sum(c.people for c, h in zip(counts, hide, strict=True) if not h), lang),
            *more,
        ]

    keys = [key if len(found.by) > 1 else (key,) for key in found.groups] if found.by else [None]
    bars = [_bar(k, c, h, amount) for k, c, h in zip(keys, counts, hide, strict=True)]
    return Picture(language(lang), table, name, notes, partial(_sides, bars, amount is not None))


def _bar(key: tuple[Any, ...] | None, counts: Any, hidden: bool, amount: str | None) -> dict[str, Any]:  # noqa: ANN401, FBT001 - counts of a group
    up, down = (
        (counts.winners, counts.losers) if amount is None else
        (counts.amounts[amount].gained, counts.amounts[amount].lost)
    )  # fmt: skip
    return {"key": key, "up": up, "down": abs(down), "people": counts.people, "hidden": hidden}


def _sides(bars: list[dict[str, Any]], money: bool, lang: Lang) -> Chart:  # noqa: FBT001 - bound by place
    shown = sorted(bars, key=lambda b: 0 if b["hidden"] else -b["people"])[:MOST_GROUPS]
    keys = [said("everybody", lang) if b["key"] is None else
            " × ".join(said("unrecorded", lang) if k is None else str(k) for k in b["key"]) for b in shown]  # fmt: skip
    several = (
        labelled([f"{k}\x00{i}" for i, k in enumerate(keys)], lang)
        if len(set(keys)) < len(keys)
        else labelled(keys, lang)
    )
    names = list(several.values())
    unit = "rupiah" if money else ""
    words = {"down": said("lost" if money else "losers", lang), "up": said("gained" if money else "winners", lang)}
    data: list[dict[str, Any]] = []
    hidden: list[dict[str, Any]] = []
    for label, bar in zip(names, shown, strict=True):
        if bar["hidden"]:
            hidden.append({"y": label, "n": 0, "t": said("hidden", lang)})
            continue
        for side, sign in (("down", -1), ("up", 1)):
            data.append({"y": label, "n": sign * float(bar[side]), "k": words[side], "side": side,
                         "t": number(bar[side], lang, unit), "g": label.replace("\n", " ")})  # fmt: skip
    most = max((abs(d["n"]) for d in data), default=1) or 1
    room = 2.0 if money else 1.35
    domain = [-room * most, room * most]
    y = alt.Y(
        "y:N",
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, ticks=False, domain=False),
    )
    figure = "format(abs(datum.value), ',.0f')"
    x = alt.X("n:Q", title=said("money_sides" if money else "sides", lang), scale=alt.Scale(domain=domain, nice=False),
              axis=alt.Axis(labelExpr=figure, tickCount=5, tickMinStep=1, labelOverlap=True))  # fmt: skip
    colour = alt.Color("k:N", title=None, legend=alt.Legend(orient="top"),
                       scale=alt.Scale(domain=list(words.values()),
                                       range=[CHANGE_COLOURS["losers"], CHANGE_COLOURS["winners"]]))  # fmt: skip
    tips = [alt.Tooltip(f"{f}:N", title=said(k, lang)) for f, k in (("g", "group"), ("k", "change"), ("t", "people"))]
    base = alt.Chart(rows(data)).encode(y=y)
    layers = [base.mark_bar(height=18).encode(x=x, color=colour, tooltip=tips)]
    beside: tuple[tuple[str, Any, int], ...] = (("down", "right", -5), ("up", "left", 5))
    for side, align, dx in beside:
        mine = alt.Chart(rows([d for d in data if d["side"] == side])).mark_text(align=align, dx=dx, fontSize=12)
        layers.append(mine.encode(x=x, y=y, text="t:N"))
    layers.append(alt.Chart(rows([{"n": 0}])).mark_rule(color="#444444").encode(x=x))
    layers.append(
        alt.Chart(rows(hidden))
        .mark_text(align="left", dx=8, fontStyle="italic", color="#555555")
        .encode(x=x, y=y, text="t:N")
    )
    lines = max((n.count("\n") + 1 for n in names), default=1)
    return alt.layer(*layers).properties(width=480, height=alt.Step(max(28, 15 * lines + 6)))
