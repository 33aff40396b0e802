"""Who can be promoted now, who month by month as time goes on, and what stands in the way of the others."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from asnmerit.compiled import compiled
from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import STATUSES, UNDETERMINED, reasons
from asnmerit.frames.arrow import np, pa
from asnmerit.frames.dataframes import decide_frame
from asnmerit.frames.kinds import source_of
from asnmerit.pictures.blocking import blocked
from asnmerit.pictures.counting import checked_law
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import STATUS_COLOURS, UNKNOWN, Lang, language, said, status_said
from asnmerit.plan import DecisionPlan
from asnmerit.rules.law import Law
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import said_day
from asnmerit.sensitivity.trying import plan_of

Table = Any
Chart = Any
MOST_MONTHS: Final = 120
MOST_CONDITIONS: Final = 15
KINDS: Final = ("alone", "with_others", "open")
COLOURS: Final = ("#D55E00", "#F0B27A", UNKNOWN)


def promotion_pipeline(
    law: Law,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    decision: str | None = None,
    *,
    months: int = 12,
    as_of: datetime.date | None = None,
    lang: str = "id",
    **options: Any,  # noqa: ANN401 - those of decide_frame
) -> Picture:
    """Draw how many are eligible now, how many in each of the next months on today's facts, and what blocks the others.

    Each month everybody is decided again as of its day, while the law holds; nothing but the day changes. Of those
    refused now, a condition blocks whoever does not meet it in a rule that concerns him (where no rule does, what says
    so blocks), and `alone` where a rule lacks nothing else; a part of a condition where besides the condition lacks no
    other part. Of the undetermined, it is `open` where it is not known. The table has `part` (`status`, `month`,
    `condition`), `name`, `label_id`, `label_en`, `people`, `alone`, `open`; of a month `open` counts its undetermined.

    >>> import asnmerit, pyarrow
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> found = promotion_pipeline(law, pyarrow.table({"active": [False, True]}), "promotion", months=0)
    >>> [(r["name"], r["people"]) for r in found.table.to_pylist() if r["people"]]
    [('refused', 1), ('undetermined', 1), ('promotion.requires.active', 1)]
    """
    plan = plan_of(checked_law(law), decision)
    asked: object = months
    if not isinstance(asked, int) or isinstance(asked, bool) or not 0 <= months <= MOST_MONTHS:
        raise ArgumentError("months", months, f"a whole number from 0 to {MOST_MONTHS}")
    first = law.on if as_of is None else as_of
    days = [_later(first, k) for k in range(months + 1)]
    held = [day for day in days if law.valid[1] is None or day < law.valid[1]]
    wanted = {"ignore": "*", **options, "decisions": [plan.node.key], "keep": False}
    made, everybody = [], 0
    for day in held:
        bits = "bits" if day == first else None
        answers = decide_frame(law, frame, day, **{**wanted, "reasons": bits})
        found = source_of(answers).table(
            [n for n in map(str, source_of(answers).names) if n.startswith(f"{plan.node.key}.")]
        )[0]
        status = _statuses(found, plan)
        if bits:
            everybody = len(status)
            made += _now(status) if everybody else []
            conditions = _conditions(found, plan, status)
        if months and everybody:
            made.append(
                ("month", day.isoformat(), {}, int((status == 0).sum()), None, int((status == UNDETERMINED).sum()))
            )
    title = plan.node.about.label or {}

    def name(lang: Lang) -> str:
        return said("pipeline", lang, title.get(lang, plan.node.key))

    def notes(lang: Lang) -> list[str]:
        told = [f"{said('now', lang, said_day(first, lang))}: {said('counted', lang, number(everybody, lang))}"]
        until = [said("until", lang, said_day(law.valid[1], lang))] if law.valid[1] and held != days else []
        shown = [r for r in conditions if r[3] or r[5]]
        more = [said("first", lang, MOST_CONDITIONS, len(shown))] if len(shown) > MOST_CONDITIONS else []
        return [*told, *until, *more]

    table = _table([*made, *conditions])
    return Picture(language(lang), table, name, notes, partial(_drawn, table, plan.node.kind))


def _later(day: datetime.date, months: int) -> datetime.date:
    """Give the same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return datetime.date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


Line = tuple[str, str, Mapping[str, str], int, "int | None", "int | None"]


def _statuses(found: Table, plan: DecisionPlan) -> Any:  # noqa: ANN401 - an array of NumPy
    column = found.column(f"{plan.node.key}.status")
    texts = column.cast(pa.string()).combine_chunks().dictionary_encode()
    places = np.array([STATUSES.index(s) for s in texts.dictionary.to_pylist()], np.int8)
    return places[texts.indices.to_numpy(zero_copy_only=False)] if len(texts) else np.zeros(0, np.int8)


def _now(status: Any) -> list[Line]:  # noqa: ANN401 - an array of NumPy
    return [("status", s, {}, int((status == i).sum()), None, None) for i, s in enumerate(STATUSES)]


def _conditions(found: Table, plan: DecisionPlan, status: Any) -> list[Line]:  # noqa: ANN401 - an array of NumPy
    """Count the refused whom a condition blocks, and the undetermined for whom it is not known."""
    abouts = _labels(plan)
    made: list[Line] = []
    for one in blocked(found, plan, status):
        people, alone, open_ = (int(where.sum()) for where in (one.people, one.alone, one.open))
        if people or open_:
            made.append(("condition", one.reason.name, abouts.get(one.reason.key, {}), people, alone, open_))
    return sorted(made, key=lambda r: (-r[3], -(r[5] or 0), r[1]))


def _labels(plan: DecisionPlan) -> dict[str, Mapping[str, str]]:
    """Give the labels of conditions; one of a rule among several says of which."""
    law = compiled(plan.law).law
    found: dict[str, Mapping[str, str]] = {}
    for reason in reasons(plan):
        label = law.steps[law.index[reason.key]].about.label or {}
        rule = next((r.node for r in plan.rules if reason.key.startswith(f"{r.node.key}.")), None)
        more = (rule.about.label or {}) if rule is not None and len(plan.rules) > 1 else {}
        found[reason.key] = {k: f"{more[k]}: {v}" if k in more and more[k] != v else v for k, v in label.items()}
        if not label and rule is not None and reason.key.endswith(".applies"):
            found[reason.key] = {lang: said("rule_applies", lang, more[lang]) for lang in LANGUAGES if lang in more}
    return found


def _table(made: list[Line]) -> Table:
    names = ("part", "name", "label_id", "label_en", "people", "alone", "open")
    lines = [(p, n, label.get("id", ""), label.get("en", ""), *rest) for p, n, label, *rest in made]
    types = (*[pa.string()] * 4, *[pa.int64()] * 3)
    return pa.table(
        {name: pa.array([r[i] for r in lines], of) for i, (name, of) in enumerate(zip(names, types, strict=True))}
    )


def _drawn(table: Table, kind: str, lang: Lang) -> Chart:
    every = table.to_pylist()
    parts = {part: [r for r in every if r["part"] == part] for part in ("status", "month", "condition")}
    charts = [_status(parts["status"], kind, lang)]
    charts += [_months(parts["month"], kind, lang)] if parts["month"] else []
    charts += [_blocked(parts["condition"], lang)] if parts["condition"] else []
    return alt.vconcat(*charts, spacing=26).resolve_scale(color="independent")


def _titled(key: str, lang: Lang) -> Any:  # noqa: ANN401 - a title of Altair
    return alt.TitleParams(said(key, lang), anchor="start", fontSize=13, subtitleFontSize=12)


def _status(found: list[dict[str, Any]], kind: str, lang: Lang) -> Chart:
    words = [status_said(r["name"], kind, lang) for r in found]
    data = [{"y": w, "n": r["people"], "t": number(r["people"], lang)} for w, r in zip(words, found, strict=True)]
    base = alt.Chart(rows(data)).encode(
        x=alt.X("n:Q", axis=None),
        y=alt.Y("y:N", title=None, scale=alt.Scale(domain=words), axis=alt.Axis(ticks=False, domain=False)),
    )
    colour = alt.Color(
        "y:N", legend=None, scale=alt.Scale(domain=words, range=[STATUS_COLOURS[r["name"]] for r in found])
    )
    tips = [alt.Tooltip("y:N", title=said("status", lang)), alt.Tooltip("t:N", title=said("people", lang))]
    return alt.layer(
        base.mark_bar(height=18).encode(color=colour, tooltip=tips),
        base.mark_text(align="left", dx=5, fontSize=12).encode(text="t:N"),
    ).properties(width=500, height=alt.Step(24))


def _months(found: list[dict[str, Any]], kind: str, lang: Lang) -> Chart:
    words = [said_day(datetime.date.fromisoformat(r["name"]), lang).partition(" ")[2] for r in found]
    statuses = ("granted", "undetermined")
    named = [status_said(s, kind, lang) for s in statuses]
    data = []
    for word, row in zip(words, found, strict=True):
        edges = (0, row["people"], row["people"] + row["open"])
        for i, name in enumerate(named):
            n = edges[i + 1] - edges[i]
            data.append({"x": word, "k": name, "from": edges[i], "to": edges[i + 1], "t": number(n, lang)})
    many = len(found) > 13  # noqa: PLR2004 - labels above bars would touch
    base = alt.Chart(rows(data)).encode(
        x=alt.X("x:N", title=None, scale=alt.Scale(domain=words), axis=alt.Axis(labelAngle=-45, labelOverlap=many)),
        y=alt.Y("from:Q", title=said("people", lang), axis=alt.Axis(tickMinStep=1, tickCount=5)),
    )
    tips = [alt.Tooltip(f"{f}:N", title=said(t, lang)) for f, t in (("x", "month"), ("k", "status"), ("t", "people"))]
    colour = alt.Color("k:N", title=None, legend=alt.Legend(orient="top"),
                       scale=alt.Scale(domain=named, range=[STATUS_COLOURS[s] for s in statuses]))  # fmt: skip
    layers = [base.mark_bar().encode(y2="to:Q", color=colour, tooltip=tips)]
    if not many:
        mine = alt.Chart(rows([d for d in data if d["k"] == named[0]]))
        layers.append(mine.mark_text(dy=9, fontSize=11, color="white").encode(x="x:N", y="to:Q", text="t:N"))
    return alt.layer(*layers).properties(width=500, height=150, title=_titled("months", lang))


def _blocked(found: list[dict[str, Any]], lang: Lang) -> Chart:
    shown = found[:MOST_CONDITIONS]
    words = labelled((r[f"label_{lang}"] or r["name"] for r in shown), lang)
    names = list(words.values()) if len(words) == len(shown) else []
    if not names:  # two conditions of one label: their names tell them apart
        names = list(labelled([f"{r[f'label_{lang}']} [{r['name']}]" for r in shown], lang).values())
    data = []
    for label, row in zip(names, shown, strict=True):
        start = 0
        for kind, people in zip(KINDS, (row["alone"], row["people"] - row["alone"], row["open"]), strict=True):
            if people:
                data.append({"y": label, "k": said(kind, lang), "from": start, "to": start + people,
                             "t": number(people, lang), "c": label.replace("\n", " ")})  # fmt: skip
            start += people
    kinds = [said(k, lang) for k in KINDS]
    tips = [
        alt.Tooltip(f"{f}:N", title=said(k, lang)) for f, k in (("c", "condition"), ("k", "status"), ("t", "people"))
    ]
    return (
        alt.Chart(rows(data))
        .mark_bar(stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("from:Q", title=said("people", lang), axis=alt.Axis(tickMinStep=1, tickCount=6)),
            x2="to:Q",
            y=alt.Y("y:N", title=None, scale=alt.Scale(domain=names),
                    axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, ticks=False)),
            color=alt.Color("k:N", title=None, scale=alt.Scale(domain=kinds, range=list(COLOURS)),
                            legend=alt.Legend(orient="top", columns=3)),
            tooltip=tips,
        )
        .properties(width=500, height=alt.Step(max(26, 15 * max(n.count("\n") + 1 for n in names) + 4)),
                    title=_titled("blocked", lang))
    )  # fmt: skip
