"""Computed values on a regulation page: formulas in words, indicators, scores, checks, guarantees, rankings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from asnmerit.regulations.lexicon import Lexicon, basis, lasting
from asnmerit.regulations.model import (
    NOTHING,
    Block,
    Bullets,
    Heading,
    Item,
    Paragraph,
    Words,
    bold,
    code,
    joined,
    labelled,
    pair,
    plain,
)
from asnmerit.regulations.norms import left_open, truth
from asnmerit.regulations.phrases import remark, said
from asnmerit.rules.expr import Call
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import fact_name
from asnmerit.rules.types import Bool, Date

if TYPE_CHECKING:
    from asnmerit.rules import surface
    from asnmerit.rules.declarations import About, RankingDecl, Role, StepDecl
    from asnmerit.rules.document import Node
    from asnmerit.rules.expr import Expr
    from asnmerit.timeline import Act


def owned(lexicon: Lexicon, role: Role) -> list[StepDecl]:
    """Give the policy's own steps of a role."""
    steps = lexicon.policy.declared.steps.values()
    return [d for d in steps if d.role == role and d.about.policy == lexicon.policy.name and "~" not in d.key]


# --- derived values ------------------------------------------------------------


def derived(lexicon: Lexicon) -> Iterator[Block]:
    """Give the values that are computed, each with its formula."""
    items: list[Item] = []
    for _, group in itertools.groupby(owned(lexicon, "derived"), key=lambda d: d.key.partition("[")[0]):
        items += _family(lexicon, list(group))
    if items:
        yield Bullets(tuple(items))


def _family(lexicon: Lexicon, family: Sequence[StepDecl]) -> list[Item]:
    if len(family) == 1 and "[" not in family[0].key:
        return [_value(lexicon, family[0])]
    stem = family[0].key.partition("[")[0]
    members = [d.key.partition("[")[2].removesuffix("]") for d in family]
    of = next((e for e in lexicon.enums if list(e.members) == members), None)
    alone = [_value(lexicon, d, stem) for d in family]
    if of is None:
        return alone
    spoken = [labelled(of.labels.get(m), m) for m in members]
    kind = labelled(of.label, of.name)
    opened = [_opened(item, name, left_open(kind)) for item, name in zip(alone, spoken, strict=True)]
    each = Item(said("each_value", kind, joined("; ", spoken)))
    if all(item == opened[0] for item in opened):
        return [Item(opened[0].words, (each, *opened[0].below))]
    versions = tuple(
        Item(joined(": ", [name, joined("; ", [b.words for b in item.below])]))
        for name, item in zip(spoken, alone, strict=True)
    )
    return [Item(alone[0].words, versions)]


def _opened(item: Item, name: Words, kind: Words) -> Item:
    """Leave the member's name open."""

    def words(w: Words) -> Words:
        if w.both:  # a citation, or a note of the document
            return w
        return Words(w.id.replace(name.id, kind.id), w.en.replace(name.en, kind.en), w.both, tuple(map(words, w.feet)))

    return Item(words(item.words), tuple(Item(words(b.words), b.below) for b in item.below))


def _value(lexicon: Lexicon, decl: StepDecl, stem: str = "") -> Item:
    source = lexicon.policy.declared.steps.get(f"{decl.key}~raw", decl)
    label = labelled(_label(decl), stem or decl.key)
    line = bold(label).over(code(stem or decl.key), basis(_about(decl)))
    below = []
    if decl.binder is not None:
        rows = pair(*(fact_name(lexicon, decl.binder.list_fact, lang) for lang in LANGUAGES))
        below.append(Item(said("each_row", rows)))
    acts = sorted(source.acts, key=lambda a: (a.start, a.enacted))
    for number, act in enumerate(acts, start=1):
        below.append(_formula(lexicon, decl, act, number if len(acts) > 1 else 0))
    below += _range(lexicon, decl.key)
    if _about(decl).note:
        below.append(Item(remark("note", _about(decl).note)))
    return Item(line, tuple(below))


def _about(decl: StepDecl) -> About:
    """Give what a value says of itself; where only its versions do, the first."""
    forms = [a.payload.about for a in decl.acts if a.payload is not None]
    return decl.about if decl.about.citations or not forms else forms[0]


def _label(decl: StepDecl) -> Mapping[str, str] | None:
    return decl.about.label or next((a.payload.about.label for a in decl.acts if a.payload is not None), None)


def _formula(lexicon: Lexicon, decl: StepDecl, act: Act[Any], number: int) -> Item:
    days = lasting(act, lexicon.policy)
    head = said("version", plain(str(number))) if number else said("computed")
    if act.payload is None:
        return Item(joined(": ", [head, joined(", ", [said("repealed"), days])]))
    head = head if days.empty else joined(", ", [head, days])
    form = act.payload
    words = truth(lexicon, form.expr) if isinstance(decl.type, Bool) else lexicon.expression(form.expr)
    own = basis(form.about) if number and form.about.citations != _about(decl).citations else NOTHING
    note = plain(form.about.note) if number and form.about.note and form.about.note != _about(decl).note else NOTHING
    return Item(joined(": ", [head, words]).over(own, note))


def _range(lexicon: Lexicon, key: str) -> list[Item]:
    entry = lexicon.policy.module.document.derived.get(key)
    if entry is None or entry.range is None:
        return []
    low, high = (plain(n.text) for n in entry.range)
    return [Item(said("kept_within", low, high))]


# --- indicators and scores ------------------------------------------------------------


def indicators(lexicon: Lexicon) -> Iterator[Block]:
    """Give the indicators: scale, formula or raters with their weights, rounding, whom they are assessed for."""
    for name, entry in lexicon.policy.module.document.indicators.items():
        decl = lexicon.policy.declared.steps[name]
        items = []
        if entry.scale is not None:
            scale = entry.scale
            items.append(Item(said("scale", *(_number(n) for n in (scale.from_, scale.to, scale.step)))))
        guard = lexicon.policy.declared.steps.get(f"{name}.applies")
        if guard is not None:
            items.append(Item(joined(": ", [said("assessed"), truth(lexicon, _form(guard))])))
        inner = _unrounded(_unguarded(_form(decl), guarded=guard is not None), rounded=entry.round_ is not None)
        if entry.is_ is not None:
            items.append(Item(joined(": ", [said("computed"), lexicon.expression(inner)])))
        items += [_rater(kind, rater) for kind, rater in (entry.raters or {}).items()]
        if entry.schemes is not None:
            labels = {k: labelled(r.label, k) for k, r in (entry.raters or {}).items()}
            items += _schemes(lexicon, entry.schemes, labels, inner, otherwise=entry.otherwise is not None)
        if entry.round_ is not None:
            items.append(_rounding(entry.round_))
        items += [Item(said(mark)) for mark in ("merit", "protected") if getattr(entry, mark)]
        yield from _measure(decl, items)


def scores(lexicon: Lexicon) -> Iterator[Block]:
    """Give the scores: weights of indicators, version by version."""
    labels = {
        d.key: labelled(_label(d), d.key) for d in lexicon.policy.declared.steps.values() if d.role == "indicator"
    }
    for name, entry in lexicon.policy.module.document.scores.items():
        decl = lexicon.policy.declared.steps[name]
        items: list[Item] = []
        payloads: Sequence[surface.ScorePayload] = entry.versions or (entry,)
        for number, (payload, act) in enumerate(zip(payloads, decl.acts, strict=False), start=1):
            found = _scored(lexicon, entry, payload, act, labels)
            if len(payloads) == 1:
                items += found
            else:
                days = lasting(act, lexicon.policy)
                items.append(Item(joined(", ", [said("version", plain(str(number))), days]), tuple(found)))
        yield from _measure(decl, items)


def _scored(
    lexicon: Lexicon,
    entry: surface.ScoreEntry,
    payload: surface.ScorePayload,
    act: Act[Any],
    labels: Mapping[str, Words],
) -> list[Item]:
    if act.payload is None:
        return [Item(said("repealed"))]
    how = payload.round_ or entry.round_
    inner = _unrounded(act.payload.expr, rounded=how is not None)
    otherwise = (payload.otherwise or entry.otherwise) is not None
    items = _schemes(lexicon, payload.schemes or (), labels, inner, otherwise=otherwise)
    return [*items, *([_rounding(how)] if how is not None else [])]


def _measure(decl: StepDecl, items: Sequence[Item]) -> Iterator[Block]:
    yield Heading(3, labelled(_label(decl), decl.key))
    yield Paragraph(NOTHING.over(code(decl.key), basis(_about(decl))))
    if _about(decl).note:
        yield Paragraph(plain(_about(decl).note), quoted=True)
    if items:
        yield Bullets(tuple(items))


def _form(decl: StepDecl) -> Expr:
    return next(a.payload.expr for a in decl.acts if a.payload is not None)


def _unguarded(expr: Expr, *, guarded: bool) -> Expr:
    return expr.args[1] if guarded and isinstance(expr, Call) else expr


def _unrounded(expr: Expr, *, rounded: bool) -> Expr:
    return expr.args[0] if rounded and isinstance(expr, Call) else expr


def _rater(kind: str, rater: surface.Rater) -> Item:
    parts = [said("up_to", plain(str(rater.up_to)))]
    if rater.at_least:
        parts.append(said("fewest", plain(str(rater.at_least))))
    if (rater.up_to or 1) > 1:
        parts.append(said(rater.combine or "mean"))
    if rater.required:
        parts.append(said("required"))
    note = plain(rater.note) if rater.note else NOTHING
    return Item(joined(": ", [said("rater", labelled(rater.label, kind)), joined(", ", [*parts, note])]))


def _schemes(
    lexicon: Lexicon,
    schemes: Sequence[Mapping[str, Any]],
    labels: Mapping[str, Words],
    expr: Expr,
    *,
    otherwise: bool,
) -> list[Item]:
    choices = []
    for number, weights in enumerate(schemes, start=1):
        parts = [joined(" ", [labels.get(k, plain(k)), _number(w)]) for k, w in weights.items()]
        head = said("scheme", plain(str(number)))
        choices.append(Item(joined(": ", [head, joined(", ", parts)])))
    if otherwise:
        for _ in schemes:
            expr = expr.args[2] if isinstance(expr, Call) and expr.op == "if" else expr
        choices.append(Item(joined(": ", [said("else"), lexicon.expression(expr)])))
    return [Item(said("schemes"), tuple(choices))]


def _rounding(how: surface.Rounding) -> Item:
    return Item(said("rounded", _number(how.to), said(how.mode or "half_up")))


def _number(node: Node | None) -> Words:
    """Say a number of the document; a decimal comma in Indonesian."""
    text = getattr(node, "text", "")
    return Words(text.replace(".", ","), text)


# --- claims and rankings ------------------------------------------------------------


def claims(lexicon: Lexicon, role: Role) -> Iterator[Block]:
    """Give the checks or guarantees of the policy."""
    items = []
    for decl in owned(lexicon, role):
        name = decl.key.partition(".")[2]
        head = bold(labelled(decl.about.label, name))
        words = joined(": ", [head, truth(lexicon, _form(decl))]).over(code(name), basis(decl.about))
        note = (Item(remark("note", decl.about.note)),) if decl.about.note else ()
        items.append(Item(words, note))
    if items:
        yield Bullets(tuple(items))


def rankings(lexicon: Lexicon) -> Iterator[Block]:
    """Give the orders of people that the policy lays down."""
    for decl in lexicon.policy.declared.rankings.values():
        if decl.about.policy == lexicon.policy.name:
            yield from _ranking(lexicon, decl)


def _ranking(lexicon: Lexicon, decl: RankingDecl) -> Iterator[Block]:
    yield Heading(3, labelled(decl.about.label, decl.name))
    yield Paragraph(NOTHING.over(code(decl.name), basis(decl.about)))
    if decl.about.note:
        yield Paragraph(plain(decl.about.note), quoted=True)
    items = []
    for number, (key, highest) in enumerate(decl.keys, start=1):
        step = lexicon.policy.declared.steps[key]
        words = lexicon.expression(_form(step))
        label = labelled(step.about.label, "") if step.about.label != decl.about.label else NOTHING
        way = (
            ("latest" if highest else "earliest") if isinstance(step.type, Date) else "highest" if highest else "lowest"
        )
        own = basis(step.about) if step.about.citations != decl.about.citations else NOTHING
        note = plain(step.about.note) if step.about.note != decl.about.note and step.about.note else NOTHING
        said_so = joined(": ", [bold(label), said(way, words)]) if not label.empty else said(way, words)
        items.append(Item((Words(f"({number}) ", f"({number}) ") + said_so).over(own, note)))
    yield Bullets((*items, Item(said(f"ties_{decl.ties}"))))
