"""What audits say of facts, values, days and shares, in Indonesian and English, in the words of explanations."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from asnmerit.rules.days import last_day_text
from asnmerit.rules.law import exact_text
from asnmerit.rules.lower import int_type
from asnmerit.rules.schema import LAST_DAY
from asnmerit.rules.to_text import LANGUAGES, fact_name, said_day, said_value, step_name
from asnmerit.rules.types import Enum, ListOf, Number, PerMember, Scalar, Yearly
from asnmerit.timeline import FOREVER
from asnmerit.views import shown_value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from asnmerit.auditing.questions import Lane
    from asnmerit.rules.declarations import About
    from asnmerit.rules.law import Law

Words = Mapping[str, str]
Said = dict[str, str]

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "day": ("pada {0}", "on {0}"),
    "span": ("sejak {0} sampai dengan {1}", "from {0} through {1}"),
    "onwards": ("sejak {0} seterusnya", "from {0} onwards"),
    "of_list": ("{0} pada {1}", "{0} of {1}"),
    "and": (" dan ", " and "),
    "row": ("salah satu baris", "one row"),
    "one day": ("{0} hari", "{0} day"),
    "days": ("{0} hari", "{0} days"),
    "benefit": ("diberikan", "granted"),
    "burden": ("dikenakan", "imposed"),
    "finding": ("terpenuhi", "found"),
}


def pair(texts: tuple[str, str], *parts: Words | str) -> Said:
    """Fill a text in both languages; a part is itself in both, or the same in both.

    >>> pair(("{0} hari", "{0} days"), "3")
    {'id': '3 hari', 'en': '3 days'}
    """
    return {
        lang: texts[i].format(*(p if isinstance(p, str) else p[lang] for p in parts))
        for i, lang in enumerate(LANGUAGES)
    }


def one_after_another(parts: Iterable[Words], between: str = " ") -> Said:
    """Put texts one behind the other, those without words left out."""
    kept = [p for p in parts if p]
    return {lang: between.join(p[lang] for p in kept) for lang in LANGUAGES}


def listed(parts: Iterable[Words]) -> Said:
    """List texts: `a, b and c`."""
    kept = list(parts)
    if len(kept) == 1:
        return dict(kept[0])
    return {
        lang: ", ".join(p[lang] for p in kept[:-1]) + _WORDS["and"][i] + kept[-1][lang] if kept else ""
        for i, lang in enumerate(LANGUAGES)
    }


# --- days ---


def day(ordinal: int) -> Said:
    """Say a day.

    >>> day(739342)["id"]
    '1 April 2025'
    """
    date = datetime.date.fromordinal(ordinal)
    return {lang: said_day(date, lang) for lang in LANGUAGES}


def span(first: int, until: int) -> Said:
    """Say the days from one until, not including, another: by the first day and the last.

    >>> span(739342, 739343)["en"], span(739342, 739372)["en"]
    ('on 1 April 2025', 'from 1 April 2025 through 30 April 2025')
    """
    if until > LAST_DAY:
        return pair(_WORDS["onwards"], day(first))
    if until - first == 1:
        return pair(_WORDS["day"], day(first))
    return pair(_WORDS["span"], day(first), day(until - 1))


def span_text(first: int, until: int) -> str:
    """Write the days from one until another as data: `2025-04-01/2025-04-30`, open where they never end."""
    last = FOREVER if until > LAST_DAY else until
    return f"{datetime.date.fromordinal(first).isoformat()}/{last_day_text(last)}"


# --- names ---


def named(about: About, name: str) -> Said:
    """Give the label of a thing, or else its name."""
    label = about.label or {}
    return {lang: label.get(lang, plain_name(name)) for lang in LANGUAGES}


def plain_name(key: str) -> str:
    """Give the last part of a key as words."""
    return key.rpartition(".")[2].replace("_", " ")


def step_words(law: Law, key: str) -> Said:
    """Name a step; of an outcome the field by its label, with the decision."""
    decision, _, field = key.rpartition(".")
    node = law.decisions.get(decision)
    if node is not None:
        label = node.labels.get(field) or {}
        of = named(node.about, decision)
        return {lang: f"{of[lang]}: {label.get(lang, plain_name(field))}" for lang in LANGUAGES}
    return {lang: step_name(law, key, lang) for lang in LANGUAGES}


def lane_words(law: Law, lane: Lane, year: int) -> Said:
    """Name a fact, one year or member of it, or a field of the rows of a list."""
    name, slot = lane
    decl = law.declared[name]
    whole: Said = {lang: fact_name(law, name, lang) for lang in LANGUAGES}
    if isinstance(decl.type, ListOf) and isinstance(slot, str) and slot.startswith("."):
        if decl.type.plain:
            return whole
        label = decl.field_labels.get(slot[1:], {})
        return pair(_WORDS["of_list"], {x: label.get(x, plain_name(slot[1:])) for x in LANGUAGES}, whole)
    return {lang: fact_name(law, name, lang, slot, year) for lang in LANGUAGES}


def column(law: Law, lane: Lane, year: int) -> str:
    """Name a lane as a column of a table: `performance_2025`, `sanctions.level`."""
    name, slot = lane
    of = law.declared[name].type
    if isinstance(of, Yearly) and isinstance(slot, int):
        return f"{name}_{year - 1 - slot}"
    if isinstance(of, PerMember):
        return f"{name}_{slot}"
    if isinstance(of, ListOf) and slot not in {"#", None}:
        return name if of.plain else f"{name}{slot}"
    return name


def scalar_of(law: Law, lane: Lane) -> Scalar | None:
    """Give the type of what a lane holds; None for the number of rows."""
    name, slot = lane
    match law.declared[name].type:
        case Yearly(of) | PerMember(of):
            return of
        case ListOf(fields):
            return None if slot == "#" else fields[str(slot)[1:]]
        case of:
            return of  # type: ignore[return-value]


def given(kind: str) -> Said:
    """Say of a decision of a kind that somebody has it.

    >>> given("burden")
    {'id': 'dikenakan', 'en': 'imposed'}
    """
    return pair(_WORDS[kind])


# --- values ---


def lane_value(law: Law, lane: Lane, raw: int) -> Said:
    """Say the value of a lane, given as the kernel has it."""
    of = scalar_of(law, lane)
    if of is None:
        return {lang: str(raw) for lang in LANGUAGES}
    shown = shown_value(raw, of, int_type(of).den)
    return {lang: said_value(shown, of, lang) for lang in LANGUAGES}


def amount(value: Fraction | int, of: Scalar | None = None) -> Said:
    """Say an exact number of a type: rupiah, percent, grouped digits.

    >>> amount(1500000, Number("rupiah"))
    {'id': 'Rp1.500.000', 'en': 'Rp 1,500,000'}
    """
    unit = of.unit if isinstance(of, Number) else "number"
    return {lang: said_value(Fraction(value), Number(unit), lang) for lang in LANGUAGES}


def member(of: Enum, code: int) -> Said:
    """Say a member of an enumeration."""
    return {lang: said_value(of.members[code], of, lang) for lang in LANGUAGES}


def count(n: int) -> Said:
    """Say a whole number, grouped as each language does."""
    return amount(n, Number("integer"))


def number_of_days(n: int) -> Said:
    """Say how many days.

    >>> number_of_days(1)["en"], number_of_days(30)["en"]
    ('1 day', '30 days')
    """
    return pair(_WORDS["one day" if n == 1 else "days"], count(n))


def share(part: int, whole: int) -> Said:
    """Say a share of people in percent, to one place; `0` and `100` are said only of nobody and of all.

    >>> share(1, 8), share(1, 100_000)["en"], share(0, 5)["en"]
    ({'id': '12,5%', 'en': '12.5%'}, 'less than 0.1%', '0%')
    """
    tenths = (part * 2000 + whole) // (2 * whole)
    if part > 0 and tenths == 0:
        return {"id": "kurang dari 0,1%", "en": "less than 0.1%"}
    if part < whole and tenths == 1000:  # noqa: PLR2004 - all of them, in tenths of a percent
        return {"id": "lebih dari 99,9%", "en": "more than 99.9%"}
    text = exact_text(Fraction(tenths, 10)) + "%"
    return {"id": text.replace(".", ","), "en": text}
