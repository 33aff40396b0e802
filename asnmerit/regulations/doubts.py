"""The chapter of a regulation page on what is disputed, weakly known or made up, gathered from the whole policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.regulations.lexicon import Lexicon, basis, evidence, iso
from asnmerit.regulations.model import (
    NOTHING,
    Block,
    Bullets,
    Grid,
    Heading,
    Item,
    Words,
    code,
    labelled,
    plain,
)
from asnmerit.regulations.phrases import said
from asnmerit.regulations.values import concerns, name_and_code, reading

if TYPE_CHECKING:
    from asnmerit.rules.declarations import (
        About,
        ConditionDecl,
        ParameterDecl,
        ParameterValue,
        TableDecl,
        TableValue,
    )
    from asnmerit.timeline import Act

WEAK = frozenset({"C", "M", "illustrative"})
Named = tuple[str, "Mapping[str, str] | None", "About"]
AGAINST = ("contradict", "bertentangan", "disagree")


@attrs.frozen
class Remark:
    """Something said of a named thing: its name, what it rests on, its note."""

    name: Words
    key: str
    about: About


def disputed(lexicon: Lexicon) -> Iterator[Block]:
    """Give every reading that is disputed, beside the one in use."""
    policy = lexicon.policy
    parameters = [d for d in policy.declared.parameters.values() if concerns(policy, d)]
    rows = [row for decl in parameters for act in decl.acts for row in _disputed_values(lexicon, decl, act)]
    tables = [d for d in policy.declared.tables.values() if concerns(policy, d)]
    items = [item for decl in tables for act in decl.acts for item in _disputed_rows(lexicon, decl, act)]
    if rows or items:
        yield Heading(3, said("disputed"))
    if rows:
        heads = ("title", "from", "chosen", "value", "name", "basis", "note")
        yield Grid(tuple(said(h) for h in heads), tuple(rows))
    if items:
        yield Bullets(tuple(items))


def _disputed_values(lexicon: Lexicon, decl: ParameterDecl, act: Act[ParameterValue]) -> Iterator[tuple[Words, ...]]:
    if act.payload is None:
        return
    for name, other in act.payload.readings.items():
        used, value = (lexicon.both_values(v, decl.type) for v in (act.payload.value, other.value))
        label = name_and_code(labelled(decl.about.label, decl.key), decl.key)
        note = plain(other.about.note) if other.about.note else NOTHING
        yield label, iso(act.start), used, value, code(name), basis(other.about), note


def _disputed_rows(lexicon: Lexicon, decl: TableDecl, act: Act[TableValue]) -> Iterator[Item]:
    label = name_and_code(labelled(decl.about.label, decl.key), decl.key)
    if act.payload is not None:
        for name, other in act.payload.readings.items():
            yield Item(label, tuple(reading(lexicon, act.payload, name, other)))


def weak(lexicon: Lexicon) -> Iterator[Block]:
    """Give everything of weak evidence, every example number, and every note that names a contradiction."""
    rows: dict[tuple[Words, ...], None] = {}
    for remark in remarks(lexicon):
        about = remark.about
        noted = any(word in about.note.lower() for word in AGAINST)
        if about.evidence in WEAK or noted:
            name = name_and_code(remark.name, remark.key)
            rows[name, evidence(about), plain(about.note) if about.note else NOTHING] = None
    if rows:
        yield Heading(3, said("weak"))
        yield Grid((said("title"), said("grade"), said("note")), tuple(rows))


def remarks(lexicon: Lexicon) -> Iterator[Remark]:
    """Give everything named in the policy with what it says of itself, each version for itself."""
    declared = lexicon.policy.declared
    found: list[Named] = [(fact.name, fact.about.label, fact.about) for fact in declared.facts.values()]
    for decl in declared.valued.values():
        found += _versions(decl.key, decl.about, decl.acts)
    for step in declared.steps.values():
        if "~" not in step.key:
            found += _versions(step.key.partition("[")[0], step.about, step.acts)
    for decision in declared.decisions.values():
        found += [(decision.key, decision.about.label, decision.about)]
        found += _conditions((*decision.requires, *decision.unless))
        for rule in decision.rules:
            found += _versions(rule.name.partition("[")[0], rule.about, rule.acts)
            for act in rule.acts:
                if act.payload is not None:
                    found += _conditions((*act.payload.requires, *act.payload.unless))
    found += _conditions(declared.conditions.values())
    for key, label, about in found:
        if about.policy == lexicon.policy.name:
            yield Remark(labelled(label, key), key, about)


def _versions(key: str, about: About, acts: Iterable[Act[Any]]) -> Iterator[Named]:
    yield key, about.label, about
    for act in acts:
        if act.payload is not None:
            yield key, about.label, act.payload.about


def _conditions(decls: Iterable[ConditionDecl]) -> Iterator[Named]:
    for decl in decls:
        yield decl.name, decl.about.label, decl.about
        for act in decl.acts:
            if act.payload is not None:
                form = act.payload
                yield decl.name, decl.about.label, form.about
                yield from _conditions((*(form.any_of or ()), *(form.all_of or ()), *(form.of or ()), *form.exceptions))
