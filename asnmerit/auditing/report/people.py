"""The facts of the people of a witness, side by side, in words: what differs first, then what the answer rests on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.auditing.report.words import Words, alike, both
from asnmerit.outcome import facts_below
from asnmerit.phrases import phrase
from asnmerit.rules.lower import int_type
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import fact_name, said_value
from asnmerit.rules.types import ListOf, PerMember, Scalar, Yearly
from asnmerit.views import shown_value

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Witness
    from asnmerit.decision import Decision
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

Column = tuple[str, int | str | None]
"""A fact, and the year or the member of it; None for a scalar and for a list."""


@attrs.frozen
class Told:
    """One thing said of each person: a fact, or a part of the answer. A value may have several lines."""

    name: Words
    values: tuple[Words, ...]
    column: str = ""
    differs: bool = False


def facts_told(witness: Witness) -> tuple[tuple[Told, ...], int]:
    """Give the facts that the answers rest on, those that differ first, and how many others there are."""
    columns: dict[Column, None] = {}
    for decision in witness.decisions:
        columns.update(dict.fromkeys(_columns(decision)))
    kept = frozenset().union(*(_rested_on(d.law, witness) for d in witness.decisions))
    told = [(column, _told(witness, column)) for column in columns]
    shown = [one for column, one in told if one.differs or column[0] in kept]
    said = [column for column in columns if any(_given(d, column) is not None for d in witness.decisions)]
    others = [column for column, one in told if column in said and one not in shown]
    return tuple(sorted(shown, key=lambda one: not one.differs)), len(others)


def _rested_on(law: Law, witness: Witness) -> frozenset[str]:
    return _below(law, (*witness.only, *witness.values) or tuple(law.decisions))


@lru_cache(maxsize=64)
def _below(law: Law, names: tuple[str, ...]) -> frozenset[str]:
    """Give the facts below what is named; kept, because a report asks for each of many people."""
    keys = [key for key in law.index if any(key == name or key.startswith(f"{name}.") for name in names)]
    return facts_below(law, *keys)


def _columns(decision: Decision) -> Iterator[Column]:
    """Give the columns that the law reads, in the order in which its document declares the facts."""
    slots: dict[str, dict[int | str | None, None]] = {}
    for name, slot in decision.law.inputs:
        slots.setdefault(name, {})[slot] = None
    year = decision.as_of.year
    for name, decl in decision.law.declared.items():
        match decl.type:
            case _ if name not in slots:
                continue
            case Yearly():
                yield from ((name, year - 1 - k) for k in sorted(s for s in slots[name] if isinstance(s, int)))
            case PerMember(_, enum):
                yield from ((name, member) for member in enum.members if member in slots[name])
            case _:
                yield name, None


def _told(witness: Witness, column: Column) -> Told:
    name, part = column
    flat = name if part is None else f"{name}_{part}"
    found = [(d, _given(d, column)) for d in witness.decisions]
    law = next((d.law for d in witness.decisions if name in d.law.declared), witness.decisions[0].law)
    values = tuple(_said(d, column, value) for d, value in found)
    differs = flat in witness.facts or name in witness.facts or any(value != found[0][1] for _, value in found)
    label: Words = {lang: _label(law, column, lang) for lang in LANGUAGES}
    return Told(label, values, flat, differs and len(found) > 1)


def _label(law: Law, column: Column, lang: Any) -> str:  # noqa: ANN401 - a language
    name, part = column
    if isinstance(part, int):
        return f"{fact_name(law, name, lang)} {part}"
    return fact_name(law, name, lang, part)


def _given(decision: Decision, column: Column) -> Any:  # noqa: ANN401 - a value as a record has it
    name, part = column
    value = decision.facts.get(name)
    return value if part is None or value is None else value.get(part)


def _said(decision: Decision, column: Column, value: Any) -> Words:  # noqa: ANN401 - a value as a record has it
    name, part = column
    decl = decision.law.declared.get(name)
    if decl is None:
        return alike("—")
    if value is None and part is None and name in decision.presumed:
        return _presumed(decl)
    return {lang: _in_words(decl, value, lang) for lang in LANGUAGES}


def _presumed(decl: FactDecl) -> Words:
    if isinstance(decl.type, ListOf):
        said = both(phrase("none", "id"), phrase("none", "en"))
    else:
        den = int_type(decl.type).den  # type: ignore[arg-type] # presumptions are of scalars and lists
        value = shown_value(int(decl.assume * den), decl.type, den)  # type: ignore[arg-type] # as above
        said = {lang: _in_words(decl, value, lang) for lang in LANGUAGES}
    return both(f"{said['id']} (dianggap oleh hukum)", f"{said['en']} (presumed by law)")


def _in_words(decl: FactDecl, value: Any, lang: Any) -> str:  # noqa: ANN401 - a value, and a language
    match decl.type:
        case Yearly(inner) | PerMember(inner):
            return said_value(value, inner, lang)
        case ListOf() if value is None:
            return phrase("unknown", lang)
        case ListOf() as rows:
            return _rows(rows, value, decl, lang)
        case inner:
            return said_value(value, inner, lang)  # type: ignore[arg-type] # what is left is a scalar


def _rows(of: ListOf, rows: Sequence[Any], decl: FactDecl, lang: Any) -> str:  # noqa: ANN401 - a language
    """Write a list with a row a line."""
    if not rows:
        return phrase("none", lang)
    if of.plain:
        return ", ".join(said_value(value, of.fields["value"], lang) for value in rows)
    return "\n".join(f"{n}. {_row(of.fields, row, decl, lang)}" for n, row in enumerate(rows, start=1))


def _row(fields: Mapping[str, Scalar], row: Mapping[str, Any], decl: FactDecl, lang: Any) -> str:  # noqa: ANN401
    names = {field: decl.field_labels.get(field, {}).get(lang, field.replace("_", " ")) for field in fields}
    return ", ".join(f"{names[f]} {said_value(row[f], kind, lang)}" for f, kind in fields.items() if f in row)
