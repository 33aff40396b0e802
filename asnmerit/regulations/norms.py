"""Decisions and rules on a regulation page: whom they concern, what they ask, what they grant, by which article."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import attrs

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
    plain,
)
from asnmerit.regulations.phrases import remark, said
from asnmerit.rules.expr import Call, Fact, Step

if TYPE_CHECKING:
    from asnmerit.rules.declarations import (
        About,
        ConditionDecl,
        ConditionForm,
        DecisionDecl,
        RuleDecl,
        RuleForm,
    )
    from asnmerit.rules.expr import Expr
    from asnmerit.timeline import Act


def decisions(lexicon: Lexicon) -> Iterator[Block]:
    """Give every decision that the policy declares or adds to, with its rules."""
    policy = lexicon.policy
    own = {m.name for m in policy.module.ancestors}
    untouched = []
    for decl in policy.declared.decisions.values():
        if decl.policy == policy.name or _adds(decl, policy.name):
            yield from _decision(lexicon, decl)
        elif decl.policy in own:
            untouched.append(labelled(decl.about.label, decl.key))
    if untouched:
        yield Paragraph(said("inherited", joined("; ", untouched)))


def _adds(decl: DecisionDecl, policy: str) -> bool:
    abouts = [part.about for part in decl.rules] + [part.about for part in (*decl.requires, *decl.unless)]
    return any(about.policy == policy for about in abouts)


def _decision(lexicon: Lexicon, decl: DecisionDecl) -> Iterator[Block]:
    yield Heading(3, labelled(decl.about.label, decl.key))
    yield Paragraph(NOTHING.over(code(decl.key), basis(decl.about)))
    if decl.about.note:
        yield Paragraph(plain(decl.about.note), quoted=True)
    several = [said(f"hit_{decl.hit}")] if len(decl.rules) > 1 or decl.hit == "collect" else []
    yield Paragraph(joined(" ", [said(f"kind_{decl.kind}"), *several]))
    items = [Item(joined(": ", [bold(said("outcome")), _field(decl, f)])) for f in decl.fields]
    if decl.otherwise:
        fields = tuple(
            Item(joined(": ", [labelled(decl.labels.get(f), f), lexicon.expression(e)]))
            for f, e in decl.otherwise.items()
        )
        items.append(Item(bold(said("otherwise")), fields))
    common = tuple(
        _parts(lexicon, [decl.applies] if decl.applies is not None else [], decl.requires, decl.unless, decl.policy)
    )
    if common:
        items.append(Item(bold(said("common")), common))
    if items:
        yield Bullets(tuple(items))
    for _, family in itertools.groupby(decl.rules, key=lambda r: r.name.partition("[")[0]):
        yield from _rules(lexicon, decl, list(family))


def _field(decl: DecisionDecl, field: str) -> Words:
    better = [said(f"better_{decl.better[field]}")] if field in decl.better else []
    summed = [said("summed")] if field in decl.totals else []
    more = joined(", ", [*better, *summed])
    return joined(
        " ", [labelled(decl.labels.get(field), field), NOTHING if more.empty else plain("(") + more + plain(")")]
    )


# --- rules ------------------------------------------------------------


def _rules(lexicon: Lexicon, decl: DecisionDecl, family: Sequence[RuleDecl]) -> Iterator[Block]:
    """Give one rule, or a family with one rule a member: said once where they differ in the member alone."""
    bodies = [_rule(lexicon, decl, rule) for rule in family]
    if len(bodies) == 1:
        yield from bodies[0]
        return
    members = [r.name.partition("[")[2].removesuffix("]") for r in family]
    template = _template(lexicon, members, bodies)
    if template is None:
        for body in bodies:
            yield from body
    else:
        yield from template


def _template(lexicon: Lexicon, members: Sequence[str], bodies: Sequence[Sequence[Block]]) -> list[Block] | None:
    """Put the rules of a family together by leaving the member's name open; None where more than that differs."""
    of = next((e for e in lexicon.enums if list(e.members) == list(members)), None)
    if of is None:
        return None
    spoken = [labelled(of.labels.get(m), m) for m in members]
    kind = labelled(of.label, of.name)
    opened = [
        [_replaced(block, name, member, left_open(kind)) for block in body]
        for body, name, member in zip(bodies, spoken, members, strict=True)
    ]
    if any(body != opened[0] for body in opened[1:]):
        return None
    first, *rest = opened[0]
    return [first, Paragraph(said("each_member", kind, joined("; ", spoken))), *rest]


def left_open(kind: Words) -> Words:
    """Write a member that is left open, by its kind: [area of competence]."""
    return Words(f"\\[{kind.id}\\]", f"\\[{kind.en}\\]")


def _replaced(block: Block, name: Words, member: str, kind: Words) -> Block:
    """Leave a member's name open wherever it is said."""

    def words(w: Words) -> Words:
        if w.both:  # a citation, or a note of the document
            return w
        w = Words(w.id.replace(f"[{member}]`", "`"), w.en.replace(f"[{member}]`", "`"), w.both, w.feet)
        feet = tuple(map(words, w.feet))
        return Words(w.id.replace(name.id, kind.id), w.en.replace(name.en, kind.en), w.both, feet)

    def item(i: Item) -> Item:
        return Item(words(i.words), tuple(map(item, i.below)))

    match block:
        case Bullets(items):
            return Bullets(tuple(map(item, items)))
        case Heading() | Paragraph(quoted=False):
            return attrs.evolve(block, words=words(block.words))
        case _:
            return block


def _rule(lexicon: Lexicon, decl: DecisionDecl, rule: RuleDecl) -> list[Block]:
    blocks: list[Block] = [Heading(4, labelled(rule.about.label, rule.name.partition("[")[0]))]
    blocks.append(Paragraph(NOTHING.over(code(rule.name), *_added(rule.about, decl.policy), basis(rule.about))))
    if rule.about.note:
        blocks.append(Paragraph(plain(rule.about.note), quoted=True))
    acts = sorted(rule.acts, key=lambda a: (a.start, a.enacted))
    for number, act in enumerate(acts, start=1):
        head = _version_head(lexicon, act, number if len(acts) > 1 else 0, rule.about)
        if not head.empty:
            blocks.append(Paragraph(head))
        if act.payload is not None:
            if act.payload.about.note != rule.about.note and act.payload.about.note:
                blocks.append(Paragraph(plain(act.payload.about.note), quoted=True))
            blocks.append(Bullets(tuple(_form(lexicon, decl, act.payload))))
    return blocks


def _added(about: About, policy: str) -> list[Words]:
    return [] if about.policy == policy else [said("added", code(about.policy))]


def _version_head(lexicon: Lexicon, act: Act[Any], number: int, about: About) -> Words:
    """Say which version it is, on which days it holds, and its article where it has its own."""
    days = lasting(act, lexicon.policy)
    head = said("version", plain(str(number))) if number else NOTHING
    if act.payload is None:
        return joined(": ", [head, joined(", ", [said("repealed"), days])])
    own = act.payload.about
    cites = basis(own) if (own.citations, own.grade) != (about.citations, about.grade) else NOTHING
    when = NOTHING if days.empty else joined(" ", [said("in_force"), days])
    return joined(" — ", [head, when]).over(cites)


def _form(lexicon: Lexicon, decl: DecisionDecl, form: RuleForm) -> Iterator[Item]:
    policy = form.about.policy
    applies = [form.applies] if form.applies is not None else []
    parts = tuple(_parts(lexicon, applies, form.requires, form.unless, policy))
    yield from parts or (Item(said("no_condition")),)
    granted = tuple(
        Item(joined(": ", [labelled(decl.labels.get(f), f), lexicon.expression(e)])) for f, e in form.grants.items()
    )
    if granted:
        yield Item(bold(said(f"gives_{decl.kind}")), granted)


def _parts(
    lexicon: Lexicon,
    applies: Sequence[ConditionDecl],
    requires: Sequence[ConditionDecl],
    unless: Sequence[ConditionDecl],
    policy: str,
) -> Iterator[Item]:
    for head, part in (("applies", applies), ("requires", requires), ("unless", unless)):
        if part:
            yield Item(bold(said(head)), tuple(c for d in part for c in condition(lexicon, d, policy)))


# --- conditions ------------------------------------------------------------


def shared(lexicon: Lexicon) -> Iterator[Block]:
    """Give the conditions that several rules share."""
    own = [c for c in lexicon.policy.declared.conditions.values() if c.about.policy == lexicon.policy.name]
    items = [item for decl in own for item in condition(lexicon, decl, lexicon.policy.name, named=True)]
    if items:
        yield Bullets(tuple(items))


def condition(lexicon: Lexicon, decl: ConditionDecl, policy: str, *, named: bool = False) -> Iterator[Item]:
    """Say a condition in all its versions; `named` where other conditions refer to it by name."""
    label = labelled(decl.about.label, decl.name)
    acts = sorted(decl.acts, key=lambda a: (a.start, a.enacted))
    if len(acts) == 1 and acts[0].payload is not None:
        act = acts[0]
        more = [_dated(lexicon, act), *_added(decl.about, policy)]
        yield _stated(lexicon, decl, acts[0].payload, label, decl.about.label is not None or named, more, named=named)
        return
    below = []
    for number, act in enumerate(acts, start=1):
        head = _version_head(lexicon, act, number, decl.about)
        if act.payload is None:
            below.append(Item(head))
        else:
            below.append(_stated(lexicon, decl, act.payload, head, shown=True, more=[], named=False))
    key = code(decl.name) if named else NOTHING
    yield Item(bold(label).over(key, basis(decl.about)), tuple(below))


def _dated(lexicon: Lexicon, act: Act[Any]) -> Words:
    days = lasting(act, lexicon.policy)
    return NOTHING if days.empty else joined(" ", [said("in_force"), days])


def _stated(
    lexicon: Lexicon,
    decl: ConditionDecl,
    form: ConditionForm,
    label: Words,
    shown: bool,  # noqa: FBT001 - whether the label is said
    more: Iterable[Words],
    *,
    named: bool,
) -> Item:
    """Say one version: its label, what is asked, its article; beneath, its alternatives and exceptions."""
    asked, children = _asked(lexicon, form)
    about = form.about
    head = NOTHING
    if shown and (label.id, label.en) != (asked.id, asked.en):
        head = bold(label)
    elif named:
        head = bold(labelled(None, decl.name))
    if not shown and form.is_ is None:
        head = bold(labelled(None, decl.name))
    key = code(decl.name) if named else NOTHING
    line = joined(": ", [head, asked]).over(key, *more, basis(about))
    below = list(children)
    if form.when is not None:
        below.insert(0, Item(said("when") + lexicon.expression(form.when)))
    for exception in form.exceptions:
        said_so = condition(lexicon, exception, about.policy)
        below += [Item(said("except") + item.words, item.below) for item in said_so]
    if about.note:
        below.append(Item(remark("note", about.note)))
    return Item(line, tuple(below))


def _asked(lexicon: Lexicon, form: ConditionForm) -> tuple[Words, list[Item]]:
    if form.is_ is not None:
        words = truth(lexicon, form.is_, form.operands)
        if isinstance(form.is_, Step) and form.is_.key in lexicon.policy.declared.conditions:
            return words.over(code(form.is_.key)), []
        return words, []
    for key, parts in (("any_of", form.any_of), ("all_of", form.all_of), ("at_least", form.of)):
        if parts is not None:
            children = [i for p in parts for i in condition(lexicon, p, form.about.policy)]
            return said(key, plain(str(form.at_least))), children
    return NOTHING, []


def truth(lexicon: Lexicon, expr: Expr, operands: Iterable[tuple[str, Expr]] = ()) -> Words:
    """Say what must be true: a comparison as it is, of a bare name that it is so."""
    words = lexicon.expression(expr, operands)
    bare = isinstance(expr, Fact) or (isinstance(expr, Step) and _value(lexicon, expr.key))
    if bare:
        return said("yes", words)
    if isinstance(expr, Call) and expr.op == "not" and isinstance(expr.args[0], Fact):
        return said("no", lexicon.expression(expr.args[0]))
    return words


def _value(lexicon: Lexicon, key: str) -> bool:
    step = lexicon.named.get(key)
    return step is not None and step.role not in {"condition", "decision", "applies"}
