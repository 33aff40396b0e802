"""The words of a whole policy: what names, values and expressions are called over all its days, without a person."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.regulations.grouping import ANY, Grouping
from asnmerit.regulations.model import Words, joined, pair, plain
from asnmerit.regulations.phrases import PHRASES, graded, said
from asnmerit.rules.declarations import NOWHERE, About
from asnmerit.rules.expr import Literal
from asnmerit.rules.lower import LawData
from asnmerit.rules.settled import settled
from asnmerit.rules.text_words import LANGUAGES, MONTHS, Language
from asnmerit.rules.to_text import Speech, said_day, said_value, shown_literal, text
from asnmerit.rules.types import BOOL, Enum, Months, Scalar, Type
from asnmerit.timeline import FOREVER

if TYPE_CHECKING:
    from asnmerit.rules import surface
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.expr import Binder, Expr
    from asnmerit.rules.policy import Policy
    from asnmerit.timeline import Act

Label = Mapping[str, str] | None
GRANTED = {"benefit": "granted_of", "burden": "imposed_of", "finding": "found_of"}


@attrs.frozen(eq=False)
class NamedStep:
    """A step of no day in particular: how it is called, and what an operand stands for."""

    role: str
    type: Scalar
    rich: Expr
    about: About
    binder: Binder | None = None


@attrs.frozen(eq=False, slots=False)
class Lexicon:
    """What things are called in a policy; it stands where a law of one day stands in explanations."""

    policy: Policy
    declared: Mapping[str, FactDecl]
    named: Mapping[str, NamedStep]
    sources: Mapping[str, About]
    enums: tuple[Enum, ...]
    columns: Mapping[tuple[str, str], Mapping[str, str]]
    data: LawData

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of each step by key."""
        return {key: i for i, key in enumerate(self.named)}

    @cached_property
    def steps(self) -> Sequence[NamedStep]:
        """The steps."""
        return tuple(self.named.values())

    # --- expressions ---

    def expression(self, expr: Expr, operands: Iterable[tuple[str, Expr]] = ()) -> Words:
        """Say an expression, with the operands that its version of a condition names."""
        found = tuple(operands)
        return pair(self._said(expr, found, "id"), self._said(expr, found, "en"))

    def _said(self, expr: Expr, operands: tuple[tuple[str, Expr], ...], lang: Language) -> str:
        def told(key: str) -> str:
            return self.value_over_time(key, lang)

        def column(table: str, name: str) -> str:
            return self.columns.get((table, name), {}).get(lang, name.replace("_", " "))

        grouping = Grouping(self.declared, self.enums, lang, told)
        here = self
        if operands:
            more = {
                k: NamedStep("operand", e.type, grouping.grouped(settled(e, self.data)), About()) for k, e in operands
            }
            here = attrs.evolve(self, named={**self.named, **more})
        return text(Speech(here, lang, None, told=told, column=column).say(grouping.grouped(settled(expr, self.data))))

    # --- values ---

    def value_over_time(self, key: str, lang: Language) -> str:
        """Say a parameter with its values: one alone, or each with its first day.

        A value that is left to a policy below this one is said by its name.
        """
        decl = self.policy.declared.parameters[key]
        name = (decl.about.label or {}).get(lang, key.replace("_", " "))
        acts = [a for a in decl.acts if a.payload is not None and not _covered(a, decl.acts)]
        values = [self.value(a.payload.value, decl.type, lang) for a in acts if a.payload is not None]
        if len(acts) <= 1:
            return f"{values[0]} ({name})" if values else name
        parts = [f"{value}{self._since(act, acts, lang)}" for act, value in zip(acts, values, strict=True)]
        return f"{name} ({'; '.join(parts)})"

    def _since(self, act: Act[Any], acts: Sequence[Act[Any]], lang: Language) -> str:
        """Say from when a value holds, and from when it was known where another one holds from the same day."""
        at = LANGUAGES.index(lang)
        parts = []
        if act.start > self.policy.module.start:
            parts.append(PHRASES["since"][at].format(day(act.start, lang)))
        if sum(a.start == act.start for a in acts) > 1:
            parts.append(PHRASES["known_since"][at].format(day(act.enacted, lang)))
        return "".join(f" {part}" for part in (", ".join(parts),) if part)

    @staticmethod
    def value(value: Any, of: Type, lang: Language) -> str:  # noqa: ANN401 - an exact value of the type
        """Say an exact value."""
        if isinstance(of, Months):
            return ", ".join(MONTHS[lang][m - 1] for m in sorted(value))
        return said_value(shown_literal(Literal(of, value)), of, lang)  # type: ignore[arg-type]

    def both_values(self, value: Any, of: Type) -> Words:  # noqa: ANN401 - an exact value of the type
        """Say an exact value in both languages."""
        return pair(self.value(value, of, "id"), self.value(value, of, "en"))


def _covered(act: Act[Any], acts: Sequence[Act[Any]]) -> bool:
    """Whether a policy below says another value for all the days of an act."""
    return any(
        a.layer > act.layer and a.payload is not None and a.start <= act.start and a.until >= act.until for a in acts
    )


def day(ordinal: int, lang: Language) -> str:
    """Write a day: 1 April 2026."""
    return said_day(datetime.date.fromordinal(ordinal), lang)


def both_days(ordinal: int) -> Words:
    """Write a day in both languages."""
    return pair(day(ordinal, "id"), day(ordinal, "en"))


def iso(ordinal: int) -> Words:
    """Write a day for a table, or `onwards`."""
    return said("open") if ordinal >= FOREVER else plain(datetime.date.fromordinal(ordinal).isoformat())


def lasting(act: Act[Any], policy: Policy) -> Words:
    """Say on which days an entry is in force and known, where they are not those of the whole policy."""
    whole = policy.module
    parts = []
    if act.start != whole.start:
        parts.append(said("since", both_days(act.start)))
    if act.until not in {whole.until, FOREVER}:
        parts.append(said("through", both_days(act.until - 1)))
    if act.enacted != whole.enacted:
        parts.append(said("known_since", both_days(act.enacted)))
    return joined(", ", parts)


def cited(about: About) -> Words:
    """Say the articles of something."""
    return joined("; ", [plain(str(c)) for c in about.citations])


def evidence(about: About) -> Words:
    """Say its grade of evidence in words."""
    return graded(about.evidence)


def basis(about: About) -> Words:
    """Say article and evidence: `Basis: PP 99/2000 pasal 6 (A ...)`."""
    parts, both = [], []
    for key, words in (("basis", cited(about)), ("grade", evidence(about))):
        if not words.empty:
            parts.append(joined(": ", [said(key), words]))
            both.append(f"{' / '.join(PHRASES[key])}: {' / '.join(dict.fromkeys((words.id, words.en)))}")
    together = joined(". ", parts)
    return attrs.evolve(together, both=". ".join(both))


def lexicon_of(policy: Policy) -> Lexicon:
    """Gather the words of a policy and of all that it rests on."""
    declared = policy.declared
    sources = {key: decl.about for key, decl in declared.valued.items()}
    enums: dict[str, Enum] = {}
    columns: dict[tuple[str, str], Mapping[str, str]] = {}
    for module in policy.modules:
        for name in module.document.types:
            of = module.scope.type(name)
            if of is not None:
                enums[name] = of
        for name, table in module.document.tables.items():
            for column, label in _column_labels(table):
                columns[name, column] = label
    named = {**dict(_steps(policy, enums)), **dict(_decided(policy))}
    return Lexicon(policy, declared.facts, named, sources, tuple(enums.values()), columns, LawData(_months(policy), {}))


def _months(policy: Policy) -> dict[str, Any]:
    """Give the sets of months that are the same on all days: what they settle is not worth saying."""
    found = {}
    for key, decl in policy.declared.parameters.items():
        acts = [a.payload for a in decl.acts]
        if isinstance(decl.type, Months) and len(acts) == 1 and acts[0] is not None:
            found[key] = acts[0].value
    return found


def _column_labels(table: surface.TableEntry) -> Iterator[tuple[str, Mapping[str, str]]]:
    for column, spec in table.gives.items() if isinstance(table.gives, dict) else ():
        if spec.label:
            yield column, spec.label


def _steps(policy: Policy, enums: Mapping[str, Enum]) -> Iterator[tuple[str, NamedStep]]:
    for key, decl in policy.declared.steps.items():
        forms = [a.payload for a in decl.acts if a.payload is not None]
        if not forms:
            continue
        label: Label = decl.about.label or next((f.about.label for f in forms if f.about.label), None)
        name, bracket, member = key.rstrip("]").partition("[")
        if bracket:
            of, label = _family(policy, name, enums)
            about = attrs.evolve(decl.about, label=_with_member(label, name, member, of))
            yield (
                f"{name}[{ANY}]",
                NamedStep(decl.role, decl.type, forms[-1].expr, _any_member(decl.about, label, name, of)),
            )
        else:
            about = attrs.evolve(decl.about, label=dict(label) if label else None)
        if decl.role == "applies":
            about = attrs.evolve(decl.about, label=_assessed(policy, key.removesuffix(".applies")))
        yield key, NamedStep(decl.role, decl.type, forms[-1].expr, about, decl.binder)
    for key, condition in policy.declared.conditions.items():
        yield key, NamedStep("condition", BOOL, Literal(BOOL, value=True), condition.about)


def _assessed(policy: Policy, indicator: str) -> dict[str, str]:
    owner = policy.declared.steps.get(indicator)
    label = owner.about.label if owner is not None else None
    return {
        lang: f"{_spoken(label, indicator, lang)}: {PHRASES['assessed_at_all'][i]}" for i, lang in enumerate(LANGUAGES)
    }


def _family(policy: Policy, name: str, enums: Mapping[str, Enum]) -> tuple[Enum | None, Label]:
    """Give the type of whose members a derived value has one each, and the label that all of them share."""
    for module in policy.modules:
        entry = module.document.derived.get(name)
        if entry is not None and entry.for_:
            return enums.get(next(iter(entry.for_.values())).text.removeprefix("types.")), entry.label
    return None, None


def _with_member(label: Label, name: str, member: str, of: Enum | None) -> dict[str, str]:
    own = of.labels.get(member) if of is not None else None
    return {lang: f"{_spoken(label, name, lang)}: {_spoken(own, member, lang)}" for lang in LANGUAGES}


def _any_member(about: About, label: Label, name: str, of: Enum | None) -> About:
    kind, name_of = (of.label, of.name) if of is not None else (None, ANY)
    return attrs.evolve(
        about, label={lang: f"{_spoken(label, name, lang)}: {_spoken(kind, name_of, lang)}" for lang in LANGUAGES}
    )


def _spoken(label: Label, name: str, lang: str) -> str:
    return (label or {}).get(lang, name.replace("_", " "))


def _decided(policy: Policy) -> Iterator[tuple[str, NamedStep]]:
    """Name what steps read of a decision: whether it is granted, and its fields."""
    for key, decision in policy.declared.decisions.items():
        title = {lang: _spoken(decision.about.label, key, lang) for lang in LANGUAGES}
        truth = Literal(BOOL, value=True)
        granted: dict[str, str] = {
            lang: PHRASES[GRANTED[decision.kind]][i].format(title[lang]) for i, lang in enumerate(LANGUAGES)
        }
        yield f"{key}.granted", NamedStep("decision", BOOL, truth, About(label=granted))
        for field, of in decision.fields.items():
            label: dict[str, str] = {
                lang: f"{title[lang]}: {_spoken(decision.labels.get(field), field, lang)}" for lang in LANGUAGES
            }
            yield f"{key}.{field}", NamedStep("decision", of, truth, About(label=label, position=NOWHERE))
