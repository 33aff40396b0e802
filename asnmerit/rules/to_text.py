"""The words interpretation: what a policy says, and the values it was said of, as tokens in two languages.

Text is made late: a token knows what it is (a name, a value, an article), so that a page can show it its own way.
"""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, Protocol

import attrs

from asnmerit.rules.catalogue import CATALOGUE
from asnmerit.rules.expr import Call, Each, Expr, Fact, Parameter, Row, Step, fold
from asnmerit.rules.expr import Literal as Constant
from asnmerit.rules.law import exact_text
from asnmerit.rules.settled import settled
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.rules.text_words import BY_TYPE, LANGUAGES, LOOSE, MONTHS, PHRASE, PLACES, STRENGTH, WORDS, Language, word
from asnmerit.rules.types import Bool, Date, Enum, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from asnmerit.rules.declarations import About, FactDecl
    from asnmerit.rules.lower import LawData

__all__ = [
    "LANGUAGES",
    "MONTHS",
    "Language",
    "Speech",
    "Token",
    "Tokens",
    "fact_name",
    "filled",
    "said_day",
    "said_value",
    "shown_literal",
    "step_name",
    "text",
    "value_name",
    "word",
]

YEARS = (1900, 2200)
"""A whole number within these ends is a year, and is written without separators."""


@attrs.frozen
class Token:
    """A piece of text and what it is."""

    text: str
    kind: Literal["text", "name", "value", "cite"] = "text"


Tokens = tuple[Token, ...]


class SaidStep(Protocol):
    """What is said of a step: a step of a law, or of a policy over all its days."""

    @property
    def role(self) -> str:
        """Its role."""

    @property
    def type(self) -> Scalar:
        """Its type."""

    @property
    def rich(self) -> Expr:
        """What it is computed by, as the policy says it."""

    @property
    def about(self) -> About:
        """Its label."""


class Said(Protocol):
    """Where names and values are looked up: a law, or a policy over all its days."""

    @property
    def declared(self) -> Mapping[str, FactDecl]:
        """Facts by name."""

    @property
    def index(self) -> Mapping[str, int]:
        """The place of each step by key."""

    @property
    def steps(self) -> Sequence[SaidStep]:
        """The steps."""

    @property
    def sources(self) -> Mapping[str, About]:
        """What parameters and tables say of themselves."""

    @property
    def data(self) -> LawData:
        """The values in force."""


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
    if of.unit == "integer" and of.lo is not None and of.hi is not None and of.lo >= YEARS[0] and of.hi <= YEARS[1]:
        return str(value)
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


def fact_name(law: Said, name: str, lang: Language, slot: Any = None, year: int | None = None) -> str:  # noqa: ANN401
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
        if year is not None:
            return f"{label} {year - 1 - slot}"
        return word("years_before" if slot else "year_before", lang).format(label, slot + 1)
    if isinstance(decl.type, PerMember):
        member = (decl.type.enum.labels.get(slot) or {}).get(lang, str(slot).replace("_", " "))
        return f"{label}: {member}"
    return f"{label} {slot}"


def step_name(law: Said, key: str, lang: Language) -> str:
    """Name a step by its label, or by its key."""
    i = law.index.get(key)
    label = law.steps[i].about.label if i is not None else None
    if label:
        return label.get(lang, key)
    return key.rpartition(".")[2].replace("_", " ").replace("[", " ").replace("]", "")


def value_name(law: Said, key: str, lang: Language) -> str:
    """Name a parameter or table."""
    about = law.sources.get(key)
    return about.label.get(lang, key) if about is not None and about.label else key.replace("_", " ")


# --- expressions ------------------------------------------------------------


@attrs.frozen
class Speech:
    """Says one expression: names with the values they had, parameters with theirs.

    Without a person and a day, `fact_value` and `year` are None; `told` then says a value of the law over all its
    days, and `column` names a column of a table.
    """

    law: Said
    lang: Language
    year: int | None
    fact_value: Callable[[Fact], Any] | None = None
    step_value: Callable[[str], Any] | None = None
    inside: bool = False
    told: Callable[[str], str] | None = None
    column: Callable[[str, str], str] | None = None
    depth: int = 0

    def say(self, expr: Expr) -> Tokens:
        """Say an expression, without the parts that the law alone settles."""
        return fold(settled(expr, self.law.data), self)

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
        if decl.rates is not None:
            return (Token(fact_name(self.law, decl.name, self.lang), "name"),)
        label = decl.field_labels.get(node.field, {}).get(self.lang, node.field.replace("_", " "))
        if self.depth > 1:
            label = word("of_list", self.lang).format(label, fact_name(self.law, decl.name, self.lang))
        return (Token(label, "name"),)

    def parameter(self, node: Parameter) -> Tokens:
        """A value of the law with its name."""
        if self.told is not None:
            return (Token(self.told(node.key), "value"),)
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
        row = CATALOGUE.get(node.op)
        template = _template(node)[LANGUAGES.index(self.lang)]
        extra = {"n": self._constant(node), "table": self._table(node)}
        places = PLACES.get(node.op, (LOOSE,) if row is None else (7,))
        held = tuple(
            [self._held(arg, said, node.op, places[min(i, len(places) - 1)]) for i, (arg, said) in _paired(node, args)]
        )
        said = filled(template, held, extra)
        if (
            row is not None
            and row.signature.startswith("number, constant")
            and len(args) > 1
            and not _one(node.args[1])
        ):
            return (*said, *filled(word("multiple", self.lang), held[1:], {}))
        return said

    def _held(self, arg: Expr, said: Tokens, op: str, place: int) -> Tokens:
        """Put an argument in parentheses where its words would run into those around it."""
        node = arg
        while isinstance(node, Step) and node.key in self.law.index:
            step = self.law.steps[self.law.index[node.key]]
            if step.role != "operand" or (self.step_value is not None and not self.inside):
                break
            node = step.rich
        if isinstance(node, Each):
            strength = LOOSE
        elif not isinstance(node, Call):
            return said
        elif node.op == "clamp":
            return self._held(node.args[0], said, op, place)
        else:
            strength = STRENGTH.get(node.op, PHRASE if node.op in CATALOGUE else LOOSE)
        if strength < place:
            return (Token("("), *said, Token(")"))
        return said

    def _constant(self, node: Call) -> str:
        const = node.const
        if isinstance(const, MonthsRef) and self.told is not None:
            return self.told(const.key)
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
        table, column = node.const.table, node.const.column
        name = value_name(self.law, table, self.lang)
        if not column:
            return name
        if self.column is not None:
            return word("column", self.lang).format(self.column(table, column), name)
        return f"{name}, {column.replace('_', ' ')}"

    def each(self, node: Each) -> Tokens:
        """A fold over rows."""
        inner = attrs.evolve(self, inside=True, depth=self.depth + 1)
        over = (Token(fact_name(self.law, node.binder.list_fact, self.lang), "name"),)
        counted = node.op == "count" and not _one(node.body)
        said = filled(word("count_those" if counted else node.op, self.lang), (over, inner.say(node.body)), {})
        for key, part in (("where", node.where), ("default", node.default)):
            if part is not None:
                said = (*said, *filled(word(key, self.lang), (inner.say(part),), {}))
        return said


def _template(node: Call) -> tuple[str, str]:
    """Give the words of an operator: those of its row, or of the type that it compares."""
    of = node.args[0].type if node.args else None
    kind = "date" if isinstance(of, Date) else "level" if isinstance(of, Enum) else ""
    if (own := BY_TYPE.get(kind, {}).get(node.op)) is not None:
        return own
    row = CATALOGUE.get(node.op)
    return row.words if row is not None else WORDS[node.op]


def _paired(node: Call, args: tuple[Tokens, ...]) -> Iterator[tuple[int, tuple[Expr, Tokens]]]:
    return enumerate(zip(node.args, args, strict=True))


def _one(node: Expr) -> bool:
    return isinstance(node, Constant) and node.value == 1


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
