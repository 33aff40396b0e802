"""What a regulation page says of records: the facts that are read, the categories, and terms of other policies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from asnmerit.regulations.grouping import ANY
from asnmerit.regulations.lexicon import Lexicon, basis
from asnmerit.regulations.model import NOTHING, Block, Grid, Words, code, joined, labelled, pair, plain
from asnmerit.regulations.phrases import said
from asnmerit.regulations.values import concerns, name_and_code
from asnmerit.rules.expr import Call, Parameter, Step, walk
from asnmerit.rules.facts_read import facts_in
from asnmerit.rules.schema import FIRST_DAY, LAST_DAY
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.rules.to_text import fact_name
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, PerMember, Type, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.policy import Policy

BEFORE, AFTER = Words(" (", " ("), Words(")", ")")
MARKS = ("merit", "protected", "immutable", "actionable")


def facts(lexicon: Lexicon) -> Iterator[Block]:
    """Give the facts that the policy declares, and those of other policies that it reads."""
    policy = lexicon.policy
    read = read_by(policy)
    rows = []
    for name, decl in lexicon.declared.items():
        if decl.about.policy == policy.name or name in read:
            label = pair(fact_name(lexicon, name, "id"), fact_name(lexicon, name, "en"))
            whence = NOTHING if decl.about.policy == policy.name else code(decl.about.policy)
            note = plain(decl.about.note) if decl.about.note else NOTHING
            marks = joined("; ", [*(said(m) for m in MARKS if m in decl.marks), _presumption(lexicon, decl)])
            rows.append((name_and_code(label, name), kind(lexicon, decl), marks.over(note), whence))
    if rows:
        yield Grid((said("fact"), said("type"), said("marks"), said("declared_in")), tuple(rows))


def read_by(policy: Policy) -> set[str]:
    """Give the facts that the policy reads on some day."""
    return {name for found in policy.slices() for step in found.steps.values() for name in facts_in(step.expr)}


def _presumption(lexicon: Lexicon, decl: FactDecl) -> Words:
    """Say what the law presumes of a fact that is not recorded, and by which article."""
    if decl.assume is None:
        return NOTHING.over(basis(decl.about)) if decl.about.citations else NOTHING
    if isinstance(decl.type, ListOf):
        words = said("presumed_none")
    elif isinstance(decl.type, Yearly | PerMember):
        words = said("presumed", lexicon.both_values(decl.assume, decl.type.of))
    else:
        words = said("presumed", lexicon.both_values(decl.assume, decl.type))
    return words.over(basis(decl.about))


def kind(lexicon: Lexicon, decl: FactDecl) -> Words:
    """Say in words what a fact holds."""
    match decl.type:
        case ListOf(fields, up_to, plain_rows):
            named = [
                of_type(lexicon, of)
                if plain_rows
                else labelled(decl.field_labels.get(f), f) + BEFORE + of_type(lexicon, of) + AFTER
                for f, of in fields.items()
            ]
            return said("list_of", plain(str(up_to)), joined("; ", named))
        case Yearly(of, back):
            return said("per_year", of_type(lexicon, of), plain(str(back)))
        case PerMember(of, enum):
            return said("per_member", of_type(lexicon, of), labelled(enum.label, enum.name))
        case of:
            return of_type(lexicon, of)


def of_type(lexicon: Lexicon, of: Type) -> Words:
    """Say a type in words: a whole number from 0 to 600."""
    match of:
        case Bool():
            return said("bool")
        case Months():
            return said("months")
        case Enum():
            return labelled(of.label, of.name) if of.label else said("category", Words(of.name, of.name))
        case Date():
            if of.lo in {None, FIRST_DAY} and of.hi in {None, LAST_DAY}:
                return said("date")
            low, high = (lexicon.both_values(x, of) for x in (of.lo or FIRST_DAY, of.hi or LAST_DAY))
            return said("date") + said("ranging", low, high)
        case Number():
            words = said(of.unit)
            if of.lo is not None and of.hi is not None:
                words += said("ranging", lexicon.both_values(of.lo, of), lexicon.both_values(of.hi, of))
            if of.step is not None and of.step != 1:
                words += said("stepping", lexicon.both_values(of.step, of))
            return words
        case _:
            return plain(str(of))


# --- categories ------------------------------------------------------------


def types(lexicon: Lexicon) -> Iterator[Block]:
    """Give the categories that the policy declares, with all their members."""
    rows = []
    document = lexicon.policy.module.document
    for enum in lexicon.enums:
        entry = document.types.get(enum.name)
        if entry is None or enum.policy != lexicon.policy.name:
            continue
        cites = joined("; ", [plain(str(r)) for r in entry.source])
        note = plain(entry.note) if entry.note else NOTHING
        order = said("ordered") if enum.ordered else said("unordered")
        rows.append(
            (
                name_and_code(labelled(enum.label, enum.name), enum.name),
                _members(enum),
                order,
                cites.over(note),
            )
        )
    if rows:
        yield Grid((said("title"), said("value"), NOTHING, said("note")), tuple(rows))


def _members(enum: Enum) -> Words:
    """Say the members; those of one level are said to be so."""
    levels: dict[int, list[Words]] = {}
    for member, level in zip(enum.members, enum.levels, strict=True):
        levels.setdefault(level, []).append(_member(enum, member))
    parts = [
        m[0] if len(m) == 1 else joined(" = ", m) + Words(" (", " (") + said("same_level") + plain(")")
        for m in levels.values()
    ]
    return joined("; ", parts)


def _member(enum: Enum, member: str) -> Words:
    label = labelled(enum.labels.get(member), member)
    same = label in {plain(member), plain(member.replace("_", " "))}
    return label if same else label + Words(f" `{member}`", f" `{member}`")


# --- terms of other policies ------------------------------------------------------------


def borrowed(lexicon: Lexicon) -> Iterator[Block]:
    """Name the values and conditions of other policies that the policy's own steps read."""
    policy = lexicon.policy
    found: dict[tuple[str, str], Words] = {}
    for key, name, whence in _read(lexicon):
        if whence and whence != policy.name:
            found.setdefault((whence, key), name)
    rows = [
        (name_and_code(name, key), code(whence)) for (whence, key), name in sorted(found.items(), key=lambda r: r[0])
    ]
    if rows:
        yield Grid((said("title"), said("declared_in")), tuple(rows))


def _read(lexicon: Lexicon) -> Iterator[tuple[str, Words, str]]:
    declared = lexicon.policy.declared
    for found in lexicon.policy.slices():
        for step in found.steps.values():
            if step.about.policy != lexicon.policy.name:
                continue
            for node in walk(step.expr):
                if isinstance(node, Step):
                    yield from _step_read(lexicon, node.key)
                for key in _values_in(node):
                    decl = declared.valued[key]
                    if not concerns(lexicon.policy, decl):
                        yield key, labelled(decl.about.label, key), decl.about.policy


def _step_read(lexicon: Lexicon, key: str) -> Iterator[tuple[str, Words, str]]:
    declared = lexicon.policy.declared
    if key in declared.conditions:
        about = declared.conditions[key].about
        yield key, labelled(about.label, key), about.policy
    elif key in declared.steps and "~" not in key:
        name, bracket, _ = key.partition("[")
        step = lexicon.named[f"{name}[{ANY}]" if bracket else key]
        yield name, labelled(step.about.label, name), step.about.policy
    elif key.partition(".")[0] in declared.decisions:
        decision = declared.decisions[key.partition(".")[0]]
        yield decision.key, labelled(decision.about.label, decision.key), decision.policy


def _values_in(node: object) -> list[str]:
    if isinstance(node, Parameter):
        return [node.key]
    if isinstance(node, Call) and isinstance(node.const, CellRef):
        return [node.const.table]
    return [node.const.key] if isinstance(node, Call) and isinstance(node.const, MonthsRef) else []
