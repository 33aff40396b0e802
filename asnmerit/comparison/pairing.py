"""What of two laws is held side by side: decisions, fields of outcomes, rules, and what lies on one side only."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.compiled import compiled
from asnmerit.frames.answers import PER_MASK, reasons
from asnmerit.rules.declarations import About
from asnmerit.rules.expr import Literal
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar

if TYPE_CHECKING:
    from asnmerit.outcome import ConditionPlan
    from asnmerit.plan import DecisionPlan
    from asnmerit.rules.assemble import RuleNode
    from asnmerit.rules.law import Law

TRUTHS: Final = ("false", "true")


@attrs.frozen
class Note:
    """Something that the two laws do not share, so that it is not compared: a phrase, and what it names."""

    code: str
    decision: str
    said: tuple[str, ...] = ()


@attrs.frozen(eq=False)
class Part:
    """One decision of one law: its rules, and where its conditions stand in the bits of an answer."""

    law: Law
    plan: DecisionPlan
    rules: Mapping[str, RuleNode]
    tops: Mapping[str, tuple[str, ...]]
    bits: Mapping[str, tuple[int, int]]
    abouts: Mapping[str, About]

    @property
    def collects(self) -> bool:
        """Whether several rules may grant at once."""
        return self.plan.node.hit == "collect"

    def den(self, field: str) -> int:
        """Give the denominator that the values of a field are counted over."""
        return int(self.law.steps[self.law.index[f"{self.plan.node.key}.{field}"]].code.type.den)

    def constant(self, key: str) -> int | None:
        """Give what a rule grants where it is the same for everyone."""
        code = self.law.steps[self.law.index[key]].code
        return int(code.value) if isinstance(code, Literal) else None


def part_of(law: Law, name: str) -> Part:
    """See a decision of a law by rules and conditions."""
    plan = compiled(law).plans[name]
    found = {(r.key, r.unless): (i, r.name) for i, r in enumerate(reasons(plan))}

    def named(one: ConditionPlan) -> str:
        return found[one.node.key, one.part == "unless"][1]

    tops = {rule.node.name: tuple(dict.fromkeys(map(named, rule.conditions))) for rule in plan.rules}
    abouts = {named(c): c.node.about for rule in plan.rules for c in rule.conditions}
    bits = {label: divmod(i, PER_MASK) for i, label in found.values()}
    return Part(law, plan, {r.node.name: r.node for r in plan.rules}, tops, bits, abouts)


@attrs.frozen(eq=False)
class FieldPair:
    """A field of the outcome that both laws have. `way` is 1 where more is better for the person, -1 where less is.

    `amount`: it is money. `codes`: the members it may have under either law; `levels` their order, where they have one.
    """

    name: str
    type: Scalar
    dens: tuple[int, int]
    way: int
    amount: bool
    codes: tuple[str, ...] | None = None
    levels: tuple[int, ...] | None = None


@attrs.frozen(eq=False)
class Pair:
    """A decision that both laws make, and what of it is compared.

    `things` are what a decision that adds up grants beside money, by rule: `(before, after)`.
    """

    name: str
    before: Part
    after: Part
    fields: tuple[FieldPair, ...]
    things: tuple[Mapping[str, str], Mapping[str, str]] | None
    grants: tuple[tuple[str, str], ...]
    notes: tuple[Note, ...]

    @property
    def parts(self) -> tuple[Part, Part]:
        """The decision under the one law and under the other."""
        return self.before, self.after

    @property
    def kind(self) -> str:
        """`benefit`, `burden` or `finding`."""
        return self.after.plan.node.kind

    @property
    def way(self) -> int:
        """1 where being granted is better for the person, -1 where it is worse, 0 where it is neither."""
        if self.before.plan.node.kind != self.kind:
            return 0
        return {"benefit": 1, "burden": -1}.get(self.kind, 0)

    @property
    def amounts(self) -> tuple[FieldPair, ...]:
        """The fields that are money."""
        return tuple(f for f in self.fields if f.amount)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules of either law."""
        return tuple(dict.fromkeys([*self.before.rules, *self.after.rules]))

    def values(self, side: int) -> Iterator[str]:
        """Name the steps that are wanted beside the decision's own columns."""
        part = self.parts[side]
        if part.collects:
            yield from (rule.key for rule in part.rules.values())
        for rule, field in self.grants:
            key = part.rules[rule].grants[field]
            if part.constant(key) is None:
                yield key


def paired(before: Law, after: Law, name: str) -> Pair:
    """Hold one decision of two laws side by side."""
    a, b = part_of(before, name), part_of(after, name)
    notes: list[Note] = []
    kinds = a.plan.node.kind, b.plan.node.kind
    if kinds[0] != kinds[1]:
        notes.append(Note("kinds", name, kinds))
    if a.collects is not b.collects:
        notes.append(Note("hits", name, (a.plan.node.hit, b.plan.node.hit)))
    fields = tuple(_fields(a, b, name, notes))
    things = (_things(a), _things(b)) if a.collects and b.collects else None
    if things is not None and not (things[0] or things[1]):
        things = None
    return Pair(name, a, b, fields, things, tuple(_grants(a, b)), tuple(notes))


def _types(part: Part) -> dict[str, Scalar]:
    node = part.plan.node
    return {p.name: part.law.steps[part.law.index[f"{node.key}.{p.name}"]].type for p in part.plan.fields}


def _fields(a: Part, b: Part, name: str, notes: list[Note]) -> Iterator[FieldPair]:
    mine, theirs = _types(a), _types(b)
    notes.extend(Note("field-after", name, (field,)) for field in theirs if field not in mine)
    for field, of in mine.items():
        if field not in theirs:
            notes.append(Note("field-before", name, (field,)))
        elif type(of) is not type(theirs[field]):
            notes.append(Note("field-types", name, (field, str(of), str(theirs[field]))))
        else:
            yield _field(a, b, field, of, theirs[field])


def _field(a: Part, b: Part, field: str, of: Scalar, other: Scalar) -> FieldPair:
    dens = a.den(field), b.den(field)
    ways = _way(a, field, of), _way(b, field, other)
    way = ways[0] if ways[0] == ways[1] else 0
    match of, other:
        case Enum(), Enum():
            same = of == other
            members = of.members if same else tuple(dict.fromkeys([*of.members, *other.members]))
            levels = other.levels if same and other.ordered else None
            return FieldPair(field, other, dens, way, amount=False, codes=members, levels=levels)
        case Bool(), Bool():
            return FieldPair(field, other, dens, way, amount=False, codes=TRUTHS, levels=(0, 1))
        case Number(), Number():
            money = of.unit == other.unit == "rupiah"
            return FieldPair(field, other, dens, way, amount=money)
        case _:
            return FieldPair(field, other, dens, way, amount=False)


def _way(part: Part, field: str, of: Scalar) -> int:
    """Say which way is better for the person: as the policy says, else for money by the kind of the decision."""
    said = part.plan.node.better.get(field)
    if said is not None and isinstance(of, Number | Date | Bool | Enum):
        return 1 if said == "higher" else -1
    if isinstance(of, Number) and of.unit == "rupiah":
        return {"benefit": 1, "burden": -1}.get(part.plan.node.kind, 0)
    return 0


def _things(part: Part) -> dict[str, str]:
    """Name what each rule grants beside totals, by the members it grants; by the rule where that is not fixed."""
    node = part.plan.node
    plain = [f for f in node.fields if f not in node.totals]
    if not plain:
        return {}
    found = {}
    for name, rule in part.rules.items():
        values = [_said(part, node.fields[f], rule.grants[f]) for f in plain if f in rule.grants]
        known = [v for v in values if v is not None]
        found[name] = ", ".join(known) if known and len(known) == len(values) else name
    return found


def _said(part: Part, of: Scalar, key: str) -> str | None:
    value = part.constant(key)
    if value is None:
        return None
    if isinstance(of, Enum):
        return of.members[value]
    return TRUTHS[value] if isinstance(of, Bool) else None


def _grants(a: Part, b: Part) -> Iterator[tuple[str, str]]:
    """Give the totals that a rule of both laws adds to, unless it adds the same for everyone under both."""
    if not (a.collects and b.collects):
        return
    for name, rule in a.rules.items():
        other = b.rules.get(name)
        for field in a.plan.node.totals if other is not None else ():
            if other is None or field not in rule.grants or field not in other.grants:
                continue
            fixed = a.constant(rule.grants[field]), b.constant(other.grants[field])
            dens = [p.law.steps[p.law.index[r.grants[field]]].code.type.den for p, r in ((a, rule), (b, other))]
            if fixed[0] is None or fixed[1] is None or fixed[0] * dens[1] != fixed[1] * dens[0]:
                yield name, field


def label_of(pair: Pair, condition: str) -> Mapping[str, str]:
    """Give the label of what made a difference, in both languages; empty where it has none."""
    rule, grants, field = condition.partition(".grants.")
    if grants and rule in pair.after.rules:
        names = label_of(pair, rule), pair.after.plan.node.labels.get(field) or {}
        return {lang: f"{names[0][lang]}: {names[1].get(lang, field)}" for lang in names[0]}
    for part in (pair.after, pair.before):
        about: Any = part.abouts.get(condition)
        if about is None and condition in part.rules:
            about = part.rules[condition].about
        if about is not None and about.label:
            return dict(about.label)
    return {}
