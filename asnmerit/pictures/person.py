"""One person's decision, step by step: which conditions hold, and how the amounts add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any, Final

from asnmerit.decision import Decision, Outcome
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.frames.arrow import pa
from asnmerit.outcome import ConditionResult
from asnmerit.phrases import STATUS_NAMES
from asnmerit.pictures.drawing import alt, rows
from asnmerit.pictures.labels import LIFTED, SPLIT, clean, labelled, number
from asnmerit.pictures.picture import Picture
from asnmerit.pictures.wording import STATUS_COLOURS, Lang, language, said
from asnmerit.rules.law import Law, exact_text
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.types import Number
from asnmerit.sensitivity.tabling import table as exact_table
from asnmerit.sensitivity.weighting import weighed

Table = Any
Chart = Any
STANDS: Final = ("holds", "fails", "unknown", "not_asked")
COLOURS: Final = (STATUS_COLOURS["granted"], STATUS_COLOURS["refused"], "#8A8A8A", "#D9D9D9")
MOST: Final = 60
PLACES: Final = 6
PAID: Final = ("grant", "total")
SCORED: Final = ("share", "rounding", "score")
TOTALS: Final = ("total", "score")
COLUMNS: Final = (
    "part", "rule", "name", "label_id", "label_en", "stands", "field", "weight", "amount", "start",
    "end",
)  # fmt: skip


def waterfall(decision: Decision, name: str | None = None, *, score: str | None = None, lang: str = "id") -> Picture:
    """Draw one person's conditions, rule by rule, and below them how what each rule grants adds up.

    `name` is the decision (may be left out where it is one). `score` names a score of one scheme of weights: what each
    part contributes to it is drawn too, weight by value, and what rounding takes or gives. The table has a row a
    condition (`part` condition: `rule`, `name`, labels, `stands`: holds, fails, unknown or not_asked), a row an amount
    (`part` grant or total: `field`, exact `amount`, `start`, `end`) and a row a part of the score (`part` share, with
    its `weight`, rounding, or score). Only what is certain is drawn as an amount. Raises `ArgumentError` for a score
    that the law has not, or that is not a weighted sum.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> found = waterfall(asnmerit.decide(law, {"active": False}), "promotion")
    >>> [row["stands"] for row in found.table.to_pylist() if row["name"] == "active"]
    ['fails']
    """
    outcome = _outcome(decision, name)
    table = _table([*_lines(outcome), *([] if score is None else _shares(decision, score))])
    title = outcome.plan.node.about.label or {}

    def said_name(lang: Lang) -> str:
        return said("waterfall", lang, title.get(lang, outcome.name))

    def notes(lang: Lang) -> list[str]:
        return [f"{said('result', lang)}: {STATUS_NAMES[lang][outcome.kind][outcome.status]}"]

    return Picture(language(lang), table, said_name, notes, partial(_drawn, table))


def _outcome(decision: object, name: str | None) -> Outcome:
    if not isinstance(decision, Decision):
        raise ArgumentError("decision", decision, "a Decision, as decide gives it")
    names = tuple(decision.law.decisions)
    if name is None and len(names) == 1:
        return decision[names[0]]
    if name is None or name not in names:
        raise UnknownDecisionError(name, names)
    return decision[name]


def _stands(one: ConditionResult) -> str:
    if one.asked is False:
        return "not_asked"
    return "unknown" if one.holds is None else "holds" if one.holds else "fails"


def _lines(outcome: Outcome) -> Iterator[dict[str, Any]]:
    empty = dict.fromkeys(COLUMNS)
    for rule in outcome.plan.rules:
        for one in outcome.conditions[rule.node.name]:
            label = one.about.label or {}
            yield {**empty, "part": "condition", "rule": rule.node.name, "name": one.name, "stands": _stands(one),
                   "label_id": label.get("id", one.name), "label_en": label.get("en", one.name)}  # fmt: skip
    law = outcome.decision.law
    for field in outcome.plan.fields:
        of = law.steps[field.at].type
        if not isinstance(of, Number) or of.unit != "rupiah":
            continue
        start = Fraction(0)
        labels = outcome.node.labels.get(field.name) or {}
        for grant in outcome.grants:
            value = grant.outcome.get(field.name)
            if value is None:
                continue
            about = grant.about.label or {}
            yield {**empty, "part": "grant", "rule": grant.rule, "name": grant.rule, "field": field.name,
                   "label_id": about.get("id", grant.rule), "label_en": about.get("en", grant.rule),
                   "amount": Fraction(value), "start": start, "end": start + Fraction(value)}  # fmt: skip
            start += Fraction(value)
        total = (outcome.outcome or {}).get(field.name)
        if total is not None:
            yield {**empty, "part": "total", "name": field.name, "field": field.name, "amount": Fraction(total),
                   "label_id": labels.get("id", field.name), "label_en": labels.get("en", field.name),
                   "start": Fraction(0), "end": Fraction(total)}  # fmt: skip


def _shares(decision: Decision, score: str) -> Iterator[dict[str, Any]]:
    """Give what each part contributes to a score; nothing after what is not known."""
    law = decision.law
    of = weighed(law, score)
    empty = {**dict.fromkeys(COLUMNS), "field": score}
    start: Fraction | None = Fraction(0)
    for key, weight in of.weights.items():
        value = decision.values[key]
        amount = None if value is None else Fraction(value) * weight
        end = None if start is None or amount is None else start + amount
        yield {**empty, "part": "share", "name": key, **_labels(law, key), "weight": weight,
               "amount": amount, "start": start, "end": end}  # fmt: skip
        start = end
    value = decision.values[score]
    total = None if value is None else Fraction(value)
    if total is not None and start is not None and total != start:
        words = {f"label_{lang}": said("rounding", lang) for lang in LANGUAGES}
        yield {**empty, "part": "rounding", "name": "rounding", **words,
               "amount": total - start, "start": start, "end": total}  # fmt: skip
    if total is not None:
        yield {**empty, "part": "score", "name": score, **_labels(law, score),
               "amount": total, "start": Fraction(0), "end": total}  # fmt: skip


def _labels(law: Law, key: str) -> dict[str, str]:
    label = law.steps[law.index[key]].about.label or {}
    return {f"label_{lang}": label.get(lang, key.replace("_", " ")) for lang in LANGUAGES}


def _table(found: list[dict[str, Any]]) -> Table:
    made = {name: [row[name] for row in found] for name in COLUMNS}
    if not found:
        return pa.table({name: pa.array([], pa.string()) for name in COLUMNS})
    return exact_table(made)


def _drawn(table: Table, lang: Lang) -> Chart:
    found = table.to_pylist()
    parts = []
    conditions = [r for r in found if r["part"] == "condition"][:MOST]
    parts += [_conditions(conditions, lang)] if conditions else []
    for kinds in (SCORED, PAID):
        amounts = [r for r in found if r["part"] in kinds]
        for field in dict.fromkeys(r["field"] for r in amounts):
            parts.append(_amounts([r for r in amounts if r["field"] == field], lang))
    return alt.vconcat(*parts, spacing=26).resolve_scale(color="independent")


def _conditions(found: list[dict[str, Any]], lang: Lang) -> Chart:
    ruled = len({r["rule"] for r in found}) > 1
    keys = [(r["rule"], r["name"], i) for i, r in enumerate(found)]
    shown = [f"{r['rule'].replace('_', ' ')}: {r[f'label_{lang}']}" if ruled else r[f"label_{lang}"] for r in found]
    marks = {k: f"{i + 1}. {clean(s)}" for i, (k, s) in enumerate(zip(keys, shown, strict=True))}
    names = list(labelled(marks.values(), lang, 52).values())
    words = [said(s, lang) for s in STANDS]
    data = [
        {"y": n, "from": 0, "to": 1, "middle": 0.5, "k": said(r["stands"], lang), "t": said(r["stands"], lang)}
        for n, r in zip(names, found, strict=True)
    ]
    base = alt.Chart(rows(data)).encode(
        y=alt.Y("y:N", title=None, scale=alt.Scale(domain=names),
                axis=alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, labelAlign="left", labelPadding=350, ticks=False,
                              domain=False)),
    )  # fmt: skip
    colour = alt.Color("k:N", legend=None, scale=alt.Scale(domain=words, range=list(COLOURS)))
    ink = alt.condition(
        alt.FieldOneOfPredicate("k", [said("not_asked", lang)]), alt.value("#222222"), alt.value("white")
    )
    return alt.layer(
        base.mark_bar().encode(x=alt.X("from:Q", axis=None), x2="to:Q", color=colour),
        base.mark_text(fontSize=12).encode(x="middle:Q", text="t:N", color=ink),
    ).properties(
        width=170, height=alt.Step(max(26, 15 * max(n.count("\n") + 1 for n in names) + 4)),
        title=alt.TitleParams(said("conditions", lang), anchor="start", fontSize=13),
    )  # fmt: skip


def _amounts(found: list[dict[str, Any]], lang: Lang) -> Chart:
    """Draw bars one after the other up to a total: rupiah, or parts of a score."""
    unit = "rupiah" if found[0]["part"] in PAID else ""
    keys = [said("total", lang) if r["part"] in TOTALS else f"{i + 1}. {_named(r, lang)}" for i, r in enumerate(found)]
    names = list(labelled(keys, lang, 52).values())
    data, blank = [], []
    for n, r in zip(names, found, strict=True):
        if r["end"] is None:
            known = r["amount"] is not None
            text = _written(r["amount"], lang, unit) if known else said("unknown", lang)
            blank.append({"y": n, "from": 0, "t": text})
            continue
        low, high = sorted(float(_exact(r[end])) for end in ("start", "end"))
        data.append({"y": n, "from": low, "to": high, "p": r["part"], "t": _written(r["amount"], lang, unit)})
    domain = [*PAID, *SCORED]
    colours = ["#56B4E9", "#0072B2", "#56B4E9", "#E69F00", "#0072B2"]
    colour = alt.Color("p:N", legend=None, scale=alt.Scale(domain=domain, range=colours))
    tips = [alt.Tooltip("t:N", title=said("amount", lang))]
    left = alt.Axis(labelExpr=SPLIT, labelOffset=LIFTED, labelAlign="left", labelPadding=350, ticks=False, domain=False)
    y = alt.Y("y:N", title=None, scale=alt.Scale(domain=names), axis=left)
    title = next((r[f"label_{lang}"] for r in found if r["part"] in TOTALS), found[0]["field"].replace("_", " "))
    form = ",.0f" if unit else ",~f"
    x = alt.X("from:Q", title=f"{clean(title)} (Rp)" if unit else clean(title),
              axis=alt.Axis(format=form, tickCount=4, labelOverlap=True), scale=alt.Scale(zero=True))  # fmt: skip
    base = alt.Chart(rows(data)).encode(y=y)
    layers = [
        base.mark_bar(height=18).encode(x=x, x2="to:Q", color=colour, tooltip=tips),
        base.mark_text(align="left", dx=5, fontSize=12).encode(x="to:Q", text="t:N"),
    ]
    if blank:
        text = alt.Chart(rows(blank)).mark_text(align="left", dx=5, fontSize=12, fontStyle="italic", color="#555555")
        layers.append(text.encode(y=y, x="from:Q", text="t:N"))
    key = "amounts" if unit else "contributions"
    return alt.layer(*layers).properties(
        width=330, height=alt.Step(max(26, 15 * max(n.count("\n") + 1 for n in names) + 4)),
        title=alt.TitleParams(said(key, lang), anchor="start", fontSize=13),
    )  # fmt: skip


def _written(amount: Any, lang: Lang, unit: str) -> str:  # noqa: ANN401 - a number as a table has it
    """Write an amount; of a score all its places where they are few, so that the parts add up."""
    text = exact_text(Fraction(amount))
    if unit or "/" in text or len(text.partition(".")[2]) > PLACES:
        return number(_exact(amount), lang, unit)
    return text.replace(".", ",") if lang == "id" else text


def _named(row: dict[str, Any], lang: Lang) -> str:
    """Name a bar; that of a part of a score with its weight."""
    weight = "" if row["weight"] is None else f" x {number(_exact(row['weight']), lang, '%')}"
    return f"{row[f'label_{lang}']}{weight.replace(',0%', '%').replace('.0%', '%')}"


def _exact(value: Any) -> Any:  # noqa: ANN401 - a number as a table has it
    return Fraction(value) if isinstance(value, str | Decimal) else value
