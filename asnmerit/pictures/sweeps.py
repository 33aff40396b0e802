"""A decision at many values of a parameter: a line for one parameter, a heat map for two."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any, Final

from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import STATUSES
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, clean, labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import STATUS_COLOURS, Lang, language, said
from asnmerit.sensitivity.naming import called
from asnmerit.sensitivity.sweeping import Sweep

Chart = Any
MOST_POINTS: Final = 2500
MOST_WRITTEN: Final = 12
WIDE: Final = 520
LETTER: Final = 7


def sweep_map(sweep: Sweep, measure: str = "granted", *, lang: str = "id") -> Picture:
    """Draw a sweep: of one parameter the line of a measure, of two a heat map. The law as it stands is marked.

    `measure` is a status (`granted`, `undetermined` ...) or an amount (`incentives.amount`). The table is that of the
    sweep.
    """
    if not isinstance(sweep, Sweep):
        raise ArgumentError("sweep", sweep, "what sweep gives")
    columns = sweep.columns
    measures = [n for n in columns if n not in sweep.parameters and n != "current"]
    if measure not in measures:
        raise ArgumentError("measure", measure, f"one of {', '.join(measures)}")
    if len(sweep.points) > MOST_POINTS:
        raise ArgumentError("sweep", f"{len(sweep.points)} points", f"at most {MOST_POINTS} points to draw")
    of = measure if measure not in STATUSES else ""

    def name(lang: Lang) -> str:
        what = called(sweep.labels, of or sweep.decision, lang)
        what = what if of else f"{what}: {said(measure, lang)}"
        return said("sweep", lang, what, ", ".join(called(sweep.labels, p, lang) for p in sweep.parameters))

    def notes(lang: Lang) -> list[str]:
        told = [said("unbound", lang)] if sweep.unbound else []
        told += [said("idle", lang, ", ".join(sweep.idle))] if sweep.idle else []
        return [*told, f"{sweep.policy}; {said('counted', lang, number(sweep.people, lang))}"]

    values = columns[measure]
    draw = _line if len(sweep.parameters) == 1 else _heat
    return Picture(language(lang), sweep.table, name, notes, partial(draw, sweep, values, measure))


def _numeric(value: object) -> bool:
    return isinstance(value, int | Fraction) and not isinstance(value, bool)


def _text(value: Any, sweep: Sweep, lang: Lang) -> str:  # noqa: ANN401 - a value of a parameter
    """Write a value; of weights each part by the law's own word."""
    if _numeric(value):
        return number(value, lang)
    parts = [part.rpartition(" ") for part in str(value).split(", ")]
    if not all(name in sweep.labels for name, _, _ in parts):
        return str(value)
    return ", ".join(f"{called(sweep.labels, name, lang)} {weight}" for name, _, weight in parts)


def _what(sweep: Sweep, measure: str, lang: Lang) -> str:
    return said(measure, lang) if measure in STATUSES else f"{clean(called(sweep.labels, measure, lang))} (Rp)"


def _unit(measure: str) -> str:
    return "" if measure in STATUSES else "rupiah"


def _line(sweep: Sweep, values: list[Any], measure: str, lang: Lang) -> Chart:
    at = [point.values[0] for point in sweep.points]
    numbers = all(map(_numeric, at))
    words = labelled([_text(v, sweep, lang) for v in at], lang, 24)
    data = []
    for value, point, n in zip(at, sweep.points, values, strict=True):
        text = words[_text(value, sweep, lang)]
        data.append({"x": float(value) if numbers else text, "n": float(n), "t": number(n, lang, _unit(measure)),
                     "w": text, "now": point.current})  # fmt: skip
    title = clean(called(sweep.labels, sweep.parameters[0], lang))
    ticks = alt.Axis(
        values=list(map(float, at)) if numbers and len(data) <= MOST_WRITTEN else alt.Undefined, format=",~f"
    )
    x: Any = alt.X("x:Q", title=title, scale=alt.Scale(zero=False, padding=46, nice=False), axis=ticks)
    if not numbers:
        x = alt.X("x:N", title=title, scale=alt.Scale(domain=list(words.values())),
                  axis=alt.Axis(labelExpr=SPLIT, labelAngle=0))  # fmt: skip
    what = _what(sweep, measure, lang)
    y = alt.Y("n:Q", title=what, axis=alt.Axis(format=",.0f", tickCount=6, tickMinStep=1))
    colour = STATUS_COLOURS.get(measure, "#0072B2")
    base = alt.Chart(rows(data)).encode(x=x, y=y)
    tips = [alt.Tooltip("w:N", title=title), alt.Tooltip("t:N", title=what)]
    now = alt.Chart(rows([d for d in data if d["now"]]))
    layers = [
        base.mark_line(color=colour, strokeWidth=2),
        base.mark_point(color=colour, filled=True, size=60, opacity=1).encode(tooltip=tips),
    ]
    layers.append(now.mark_point(shape="diamond", size=260, color="#222222", strokeWidth=2).encode(x=x, y=y))
    layers.append(
        now.mark_text(dy=26, fontSize=12, color="#222222").encode(x=x, y=y, text=alt.value(said("current", lang)))
    )
    # Beside the line, on the side from which it does not come; amounts in full only where they have room.
    room = WIDE / max(len(data), 1)
    if len(data) <= MOST_WRITTEN and max((len(str(d["t"])) for d in data), default=0) * LETTER <= room:
        falls = bool(values) and values[-1] < values[0]
        text = base.mark_text(align="left" if falls else "right", dx=5 if falls else -5, dy=-9, fontSize=11)
        layers.append(text.encode(text="t:N"))
    return alt.layer(*layers).properties(width=WIDE if len(data) * 60 < WIDE or numbers else alt.Step(60), height=280)


def _heat(sweep: Sweep, values: list[Any], measure: str, lang: Lang) -> Chart:
    columns = sweep.columns
    axes = [columns[name] for name in sweep.parameters]
    texts = [[_text(v, sweep, lang) for v in axis] for axis in axes]
    words = [labelled(dict.fromkeys(axis), lang, 24) for axis in texts]
    low, high = min(values, default=0), max(values, default=0)
    sizes = [len(w) for w in words]
    data = []
    for i, point in enumerate(sweep.points):
        share = float((values[i] - low) / (high - low)) if high > low else 0.0
        data.append({"x": words[1][texts[1][i]], "y": words[0][texts[0][i]], "n": float(values[i]), "share": share,
                     "t": number(values[i], lang, _unit(measure)), "now": point.current})  # fmt: skip
    titles = [clean(called(sweep.labels, name, lang)) for name in sweep.parameters]
    x = alt.X("x:N", title=titles[1], scale=alt.Scale(domain=list(words[1].values())),
              axis=alt.Axis(labelExpr=SPLIT, labelAngle=0, ticks=False,
                            labelOverlap=sizes[1] > MOST_WRITTEN))  # fmt: skip
    y = alt.Y("y:N", title=titles[0], scale=alt.Scale(domain=list(words[0].values())[::-1]),
              axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, ticks=False,
                            labelOverlap=sizes[0] > MOST_WRITTEN * 2))  # fmt: skip
    what = _what(sweep, measure, lang)
    base = alt.Chart(rows(data)).encode(x=x, y=y)
    legend = alt.Legend(format=",.0f", gradientLength=200, tickCount=4)
    fill = alt.Color("n:Q", title=what, scale=alt.Scale(scheme="cividis", zero=False, reverse=True), legend=legend)
    tips = [alt.Tooltip("y:N", title=titles[0]), alt.Tooltip("x:N", title=titles[1]), alt.Tooltip("t:N", title=what)]
    written = max(sizes, default=0) <= MOST_WRITTEN
    wide = (
        max([8 * max((len(str(d["t"])) for d in data), default=1) + 14, 46])
        if written
        else max(8, 520 // max(sizes[1], 1))
    )
    if written:
        wide = max(wide, 7 * max((len(line) for w in words[1].values() for line in w.split("\n")), default=1))
    lines = max((w.count("\n") + 1 for w in words[0].values()), default=1)
    high_ = max(34, 15 * lines + 4) if written else max(8, 400 // max(sizes[0], 1))
    layers = [base.mark_rect(stroke="white", strokeWidth=1).encode(color=fill, tooltip=tips)]
    if written:
        ink = alt.condition("datum.share > 0.5", alt.value("white"), alt.value("#111111"))
        layers.append(base.mark_text(fontSize=11).encode(text="t:N", color=ink))
    now = alt.Chart(rows([d for d in data if d["now"]])).encode(x=x, y=y)
    layers.append(now.mark_rect(filled=False, stroke="#D55E00", strokeWidth=3))
    note = alt.TitleParams(said("outlined", lang), anchor="start", fontSize=12, fontWeight="normal", color="#D55E00")
    return alt.layer(*layers).properties(width=alt.Step(wide), height=alt.Step(high_), title=note)
