"""Rates by group with their confidence intervals; a hidden group is seen to be hidden."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from asnmerit.equity.report import Fairness
from asnmerit.equity.rows import Group
from asnmerit.errors import ArgumentError
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import Lang, language, said, status_said
from asnmerit.sensitivity.naming import called

Chart = Any
MOST_ROWS: Final = 60


def group_rates(fairness: Fairness, *, by: str | None = None, bands: bool = False, lang: str = "id") -> Picture:
    """Draw the rate granted of each group, with its confidence interval; hidden groups as such.

    `by` keeps the groups of one column (`"sex"`, `"sex x agency"`), `bands=True` those within bands of a score. The
    table is that of `fairness`, with the rows that are drawn.
    """
    if not isinstance(fairness, Fairness):
        raise ArgumentError("fairness", fairness, "what fairness gives")
    names = [" x ".join(g.by) for g in fairness.groups]
    if by is not None and by not in names:
        raise ArgumentError("by", by, f"one of {', '.join(dict.fromkeys(n for n in names if n))}")
    if bands and fairness.score is None:
        raise ArgumentError("bands", bands, "False: these rates are not within bands of a score")
    wanted = [
        i for i, (g, n) in enumerate(zip(fairness.groups, names, strict=True))
        if g.banded == bands and (by is None or n in {by, ""})
    ]  # fmt: skip
    groups = [fairness.groups[i] for i in wanted]
    table = fairness.table.take(wanted)

    def name(lang: Lang) -> str:
        return said(
            "rates", lang, called(fairness.labels, fairness.decision, lang), status_said("granted", fairness.kind, lang)
        )

    def notes(lang: Lang) -> list[str]:
        sure = number(fairness.confidence, lang, "%").replace(",0%", "%").replace(".0%", "%")
        more = [said("first", lang, MOST_ROWS, len(groups))] if len(groups) > MOST_ROWS else []
        return [said("interval", lang, sure), said("caution", lang), *more]

    return Picture(language(lang), table, name, notes, partial(_drawn, groups[:MOST_ROWS], fairness))


def _label(group: Group, of: Fairness, lang: Lang) -> str:
    words = [said("unrecorded", lang) if label is None else label for label in group.labels]
    text = " × ".join(words) or said("everybody", lang)
    text = f"{' × '.join(called(of.labels, name, lang) for name in group.by)}: {text}" if group.by else text
    if group.banded and of.score is not None:
        band = group.band if group.band is not None else said("unknown", lang)
        text = f"{text} [{called(of.labels, of.score, lang)} {band}]"
    return text if group.people is None else f"{text} (n={number(group.people, lang)})"


def _drawn(groups: list[Group], of: Fairness, lang: Lang) -> Chart:
    texts = [_label(g, of, lang) for g in groups]
    words = labelled([(t, i) for i, t in enumerate(texts)], lang) if len(set(texts)) < len(texts) else None
    names = list(words.values()) if words else list(labelled(texts, lang, 44).values())
    data: list[dict[str, Any]] = []
    blank: list[dict[str, Any]] = []
    for label, group in zip(names, groups, strict=True):
        if group.hidden or group.rate is None:
            why = said(group.hidden or "unsettled", lang)
            blank.append({"y": label, "n": 0, "t": why})
            continue
        low, high = group.interval or (float(group.rate), float(group.rate))
        data.append({"y": label, "n": float(group.rate), "low": low, "high": high, "t": number(group.rate, lang, "%"),
                     "l": number(low, lang, "%"), "h": number(high, lang, "%"), "g": label.replace("\n", " "),
                     "shape": "diamond" if group.reference else "circle"})  # fmt: skip
    y = alt.Y(
        "y:N",
        title=None,
        scale=alt.Scale(domain=names),
        axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, ticks=False, grid=True),
    )
    x = alt.X("n:Q", title=said("rate", lang), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%"))
    tips = [
        alt.Tooltip(f"{f}:N", title=said(k, lang))
        for f, k in (("g", "group"), ("t", "rate"), ("l", "low"), ("h", "high"))
    ]
    base = alt.Chart(rows(data)).encode(y=y)
    shape = alt.Shape(
        "shape:N", legend=None, scale=alt.Scale(domain=["circle", "diamond"], range=["circle", "diamond"])
    )
    layers = [
        base.mark_rule(color="#0072B2", strokeWidth=3, opacity=0.55).encode(
            x=alt.X("low:Q", title=said("rate", lang), scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
            x2="high:Q"),
        base.mark_point(color="#0072B2", filled=True, size=110, opacity=1).encode(x=x, shape=shape, tooltip=tips),
        base.mark_text(dy=-10, fontSize=11).encode(x=x, text="t:N"),
        alt.Chart(rows(blank)).mark_text(align="left", dx=6, fontStyle="italic", color="#555555").encode(
            x=x, y=y, text="t:N"),
    ]  # fmt: skip
    lines = max((n.count("\n") + 1 for n in names), default=1)
    return alt.layer(*layers).properties(width=460, height=alt.Step(max(32, 15 * lines + 8)))
