"""The words interpretation: what a policy says, and the values it was said of, as tokens in two languages.

Text is made late: a token knows what it is (a name, a value, an article), so that a page can show it its own way.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, Expr, Fact, Parameter, Row, Step, fold
from asnmerit.rules.expr import Literal as Constant
from asnmerit.rules.law import exact_text
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.rules.types import Bool, Date, Enum, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from asnmerit.rules.law import Law

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")

MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
WORDS: dict[str, tuple[str, str]] = {
    "unknown": ("belum diketahui", "not known"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "as_of": ("tanggal keputusan", "the decision date"),
    "rows": ("jumlah {0}", "number of {0}"),
    "any": ("ada {0} yang memenuhi: {1}", "some {0} for which: {1}"),
    "all": ("semua {0} memenuhi: {1}", "every {0} has: {1}"),
    "sum": ("jumlah {1} dari {0}", "sum of {1} over {0}"),
    "count": ("banyaknya {0}", "how many of {0}"),
    "min": ("{1} yang terkecil dari {0}", "the smallest {1} of {0}"),
    "max": ("{1} yang terbesar dari {0}", "the largest {1} of {0}"),
    "mean": ("rata-rata {0}", "mean of {0}"),
    "median": ("median {0}", "median of {0}"),
    "where": (", bila {0}", ", where {0}"),
}


@attrs.frozen
class Token:
    """A piece of text and what it is."""

    text: str
    kind: Literal["text", "name", "value", "cite"] = "text"


Tokens = tuple[Token, ...]


def word(key: str, lang: Language) -> str:
    """Give a fixed word."""
    return WORDS[key][LANGUAGES.index(lang)]


def text(tokens: Iterable[Token]) -> str:
    """Join tokens to text."""
    return "".join(t.text for t in tokens)


# --- values ------------------------------------------------------------


def said_value(value: Any, of: Scalar, lang: Language) -> str:  # noqa: ANN401 - a value shown
    """Write a value as people write it: decimal comma and Rp in Indonesian texts, month names, member labels.

    >>> from asnmerit.rules.types import Number
    >>> said_value(1500000, Number("rupiah"), "id"), said_value(Fraction(1, 2), Number("percent"), "en")
    ('Rp1.500.000', '50%')
    """
    if value is None:
        return word("unknown", lang)
    match of:
        case Bool():
            return word("yes" if value else "no", lang)
        case Date():
            return said_day(value, lang)
        case Enum():
            return (of.labels.get(value) or {}).get(lang, str(value).replace("_", " "))
        case Number():
            return _said_number(Fraction(value), of, lang)


def said_day(day: datetime.date, lang: Language) -> str:
    """Write a day: 1 April 2026."""
    return f"{day.day} {MONTHS[lang][day.month - 1]} {day.year}"


def _said_number(value: Fraction, of: Number, lang: Language) -> str:
    if of.unit == "percent":
        return _grouped(value * 100, lang) + "%"
    if of.unit == "rupiah":
        return ("-" if value < 0 else "") + ("Rp" if lang == "id" else "Rp ") + _grouped(abs(value), lang)
    return _grouped(value, lang)


def _grouped(value: Fraction, lang: Language) -> str:
    exact = exact_text(value)
    if "/" in exact:
        rounded = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.0001"))
        return f"{_localised(str(rounded), lang)} ({exact})"
    return _localised(exact, lang)


def _localised(plain: str, lang: Language) -> str:
    sign, digits = ("-", plain[1:]) if plain.startswith("-") else ("", plain)
    whole, _, part = digits.partition(".")
    group, point = (".", ",") if lang == "id" else (",", ".")
    grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", group, whole)
    return sign + grouped + (point + part if part else "")


# --- names ------------------------------------------------------------


def fact_name(law: Law, name: str, lang: Language, slot: Any = None, year: int | None = None) -> str:  # noqa: ANN401
    """Name a fact, or one slot of a family: `predikat kinerja 2025`."""
    if name == "as_of":
        return word("as_of", lang)
    decl = law.declared[name]
    label = (decl.about.label or {}).get(lang, name.replace("_", " "))
    if decl.rates is not None:
        label = f"{step_name(law, decl.rates[0], lang)}: {label}"
    if slot is None:
        return label
    if slot == "#":
        return word("rows", lang).format(label)
    if isinstance(decl.type, Yearly) and isinstance(slot, int):
        return f"{label} {year - 1 - slot}" if year is not None else f"{label} [{slot}]"
    if isinstance(decl.type, PerMember):
        member = (decl.type.enum.labels.get(slot) or {}).get(lang, str(slot).replace("_", " "))
        return f"{label}: {member}"
    return f"{label} {slot}"


def step_name(law: Law, key: str, lang: Language) -> str:
    """Name a step by its label, or by its key."""
    i = law.index.get(key)
    label = law.steps[i].about.label if i is not None else None
    if label:
        return label.get(lang, key)
    return key.rpartition(".")[2].replace("_", " ").replace("[", " ").replace("]", "")


def value_name(law: Law, key: str, lang: Language) -> str:
    """Name a parameter or table."""
    about = law.sources.get(key)
    return about.label.get(lang, key) if about is not None and about.label else key.replace("_", " ")


# --- expressions ------------------------------------------------------------


@attrs.frozen
class Speech:
    """Says one expression: names with the values they had, parameters with theirs."""

    law: Law
    lang: Language
    year: int | None
    fact_value: Callable[[Fact], Any] | None = None
    step_value: Callable[[str], Any] | None = None
    inside: bool = False

    def say(self, expr: Expr) -> Tokens:
        """Say an expression."""
        return fold(expr, self)

    def _named(self, name: str, value: Any, of: Scalar, *, valued: bool) -> Tokens:  # noqa: ANN401
        if not valued:
            return (Token(name, "name"),)
        return (Token(name, "name"), Token(" ("), Token(said_value(value, of, self.lang), "value"), Token(")"))

    def literal(self, node: Constant) -> Tokens:
        """A value written out."""
        return (Token(said_value(shown_literal(node), node.type, self.lang), "value"),)

    def fact(self, node: Fact) -> Tokens:
        """A fact with its value."""
        name = fact_name(self.law, node.name, self.lang, node.slot, self.year)
        value = self.fact_value(node) if self.fact_value else None
        return self._named(name, value, node.type, valued=self.fact_value is not None and not self.inside)

    def row(self, node: Row) -> Tokens:
        """A field of a row, by its label or name."""
        decl = self.law.declared[node.binder.list_fact]
        label = decl.field_labels.get(node.field, {}).get(self.lang, node.field.replace("_", " "))
        return (Token(label, "name"),)

    def parameter(self, node: Parameter) -> Tokens:
        """A value of the law with its name."""
        value = self.law.data.parameters.get(node.key)
        shown = shown_literal(Constant(node.type, value)) if value is not None else None
        name = value_name(self.law, node.key, self.lang)
        return (Token(said_value(shown, node.type, self.lang), "value"), Token(" ("), Token(name, "name"), Token(")"))

    def step(self, node: Step) -> Tokens:
        """A named value with its value; an operand of a comparison is said by what it is."""
        i = self.law.index.get(node.key)
        step = self.law.steps[i] if i is not None else None
        valued = self.step_value is not None and node.binder is None and not self.inside
        value = self.step_value(node.key) if self.step_value is not None and valued else None
        if step is not None and step.role == "operand":
            said = attrs.evolve(self, inside=True).say(step.rich)
            shown = (Token(" ("), Token(said_value(value, step.type, self.lang), "value"), Token(")")) if valued else ()
            return (*said, *shown)
        return self._named(step_name(self.law, node.key, self.lang), value, node.type, valued=valued)

    def call(self, node: Call, args: tuple[Tokens, ...]) -> Tokens:
        """An operator, by the words of its row of the catalogue."""
        template = CATALOGUE[node.op].words[LANGUAGES.index(self.lang)]
        extra = {"n": self._constant(node), "table": self._table(node)}
        return filled(template, args, extra)

    def _constant(self, node: Call) -> str:
        const = node.const
        if isinstance(const, MonthsRef):
            const = self.law.data.parameters.get(const.key, frozenset())
            return ", ".join(MONTHS[self.lang][m - 1] for m in sorted(const))
        if node.op == "listed" and isinstance(const, frozenset) and isinstance(node.args[0].type, Enum):
            of = node.args[0].type
            return ", ".join(said_value(of.members[c], of, self.lang) for c in sorted(const))
        return str(const)

    def _table(self, node: Call) -> str:
        if not isinstance(node.const, CellRef):
            return ""
        name = value_name(self.law, node.const.table, self.lang)
        return f"{name}, {node.const.column.replace('_', ' ')}" if node.const.column else name

    def each(self, node: Each) -> Tokens:
        """A fold over rows."""
        inner = attrs.evolve(self, inside=True)
        over = (Token(fact_name(self.law, node.binder.list_fact, self.lang), "name"),)
        said = filled(word(node.op, self.lang), (over, inner.say(node.body)), {})
        return said if node.where is None else (*said, *filled(word("where", self.lang), (inner.say(node.where),), {}))


def shown_literal(node: Constant) -> Any:  # noqa: ANN401 - a value shown
    """Give the value of a literal as a value people read."""
    match node.type:
        case Enum() as of:
            return of.members[node.value]
        case Date():
            return datetime.date.fromordinal(node.value)
        case _:
            return node.value


def filled(template: str, args: tuple[Tokens, ...], extra: Mapping[str, str]) -> Tokens:
    """Fill a template: `{0}` an argument, `{*, }` all of them with a separator, `{n}` and `{table}` what is fixed."""
    out: list[Token] = []
    for part in re.split(r"(\{[^}]*\})", template):
        if not part.startswith("{"):
            out += [Token(part)] if part else []
        elif part[1:2] == "*":
            for i, arg in enumerate(args):
                out += ([Token(part[2:-1])] if i else []) + list(arg)
        elif part[1:-1].isdigit():
            out += args[int(part[1:-1])]
        else:
            out.append(Token(extra.get(part[1:-1], ""), "value"))
    return tuple(out)
