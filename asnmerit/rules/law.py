"""A law: one slice of a policy as a flat list of named, typed steps, ready for every interpretation. Plain data."""

from __future__ import annotations

import datetime
import hashlib
import json
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.packed import Packed
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold, walk
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Type, Yearly

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.assemble import ConditionNode, DecisionNode
    from asnmerit.rules.declarations import About, Citation, FactDecl, RankingDecl, Role
    from asnmerit.rules.expr import Binder
    from asnmerit.rules.lower import LawData

SEMANTICS = 1
"""Version of the meaning of the language: part of every law's fingerprint."""
A_LAW = "a Law, as `in_force` gives it"
"""What a call that takes a law says it expects."""


@attrs.frozen(eq=False)
class LawStep(Packed):
    """A named value: as the policy says it (`rich`), and in the kernel (`code`)."""

    key: str
    role: Role
    type: Scalar
    rich: Expr
    code: Expr
    about: About
    binder: Binder | None = None


@attrs.frozen
class FactInfo:
    """What a law says of one fact of a record."""

    name: str
    type: Type
    label: Mapping[str, str] | None
    marks: frozenset[str]
    assumed: str | None
    source: str
    read: bool

    @property
    def columns(self) -> str:
        """Say how the fact looks in a flat table."""
        match self.type:
            case Yearly(_, back):
                return f"{self.name}_YEAR, for the last {back} completed years"
            case PerMember(_, enum):
                return ", ".join(f"{self.name}_{m}" for m in enum.members[:3]) + (" …" if len(enum.members) > 3 else "")  # noqa: PLR2004 - a small number said in place
            case ListOf(_, up_to, plain):
                return (
                    f"{self.name}_1 … {self.name}_{up_to}" if plain else f"{self.name}_1_FIELD … (up to {up_to} rows)"
                )
            case _:
                return self.name


@attrs.frozen(eq=False, slots=False, repr=False)
class Law:
    """What holds on a day, as the law stood known on another. Made by `in_force`; never changed.

    `valid` is the run of days (first, first no longer) on which this same law holds; `meaning` is its fingerprint.
    """

    policy: str
    title: Mapping[str, str]
    on: datetime.date
    known: datetime.date | None
    valid: tuple[datetime.date, datetime.date | None]
    readings: Mapping[str, str]
    documents: Mapping[str, str]
    steps: tuple[LawStep, ...]
    declared: Mapping[str, FactDecl]
    decisions: Mapping[str, DecisionNode]
    shared: Mapping[str, ConditionNode]
    rankings: Mapping[str, RankingDecl]
    data: LawData
    sources: Mapping[str, About]
    row_sources: Mapping[str, Mapping[str, tuple[Citation, ...]]] = attrs.field(factory=dict)

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the data, not what was computed from it."""
        return {f.name: getattr(self, f.name) for f in attrs.fields(type(self))}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the data back; the rest is computed on first use."""
        self.__dict__.update(state)

    def __repr__(self) -> str:
        """Name the policy and the days."""
        known = f", known {self.known}" if self.known else ""
        return f"<Law {self.policy} on {self.on}{known}: {len(self.steps)} steps>"

    @cached_property
    def index(self) -> Mapping[str, int]:
        """The place of each step by key."""
        return {s.key: i for i, s in enumerate(self.steps)}

    @cached_property
    def inputs(self) -> tuple[tuple[str, int | str | None], ...]:
        """The scalar inputs and list lanes that the steps read, in a fixed order: (fact, slot or field)."""
        found: dict[tuple[str, int | str | None], None] = {}
        for step in self.steps:
            if step.binder is not None:
                found[(step.binder.list_fact, "#")] = None
            for node in walk(step.code):
                if isinstance(node, Fact):
                    found[(node.name, node.slot)] = None
                elif isinstance(node, Row):
                    found[(node.binder.list_fact, f".{node.field}")] = None
                elif isinstance(node, Each):
                    found[(node.binder.list_fact, "#")] = None
        return tuple(sorted(found, key=lambda k: (k[0], str(k[1]))))

    @cached_property
    def reads(self) -> frozenset[str]:
        """The names of the facts that the steps read."""
        return frozenset(name for name, _ in self.inputs) - {"as_of"}

    @cached_property
    def facts(self) -> tuple[FactInfo, ...]:
        """What a record may say, fact by fact; `read` tells those that this law reads."""
        infos = []
        for name, decl in self.declared.items():
            assumed = None if decl.assume is None else shown_exact(decl.assume, decl.type)
            source = "; ".join(map(str, decl.about.citations))
            infos.append(FactInfo(name, decl.type, decl.about.label, decl.marks, assumed, source, name in self.reads))
        return tuple(infos)

    @cached_property
    def meaning(self) -> str:
        """SHA-256 of what the law means: facts, presumptions, steps and hit policies; no labels, no citations."""
        facts = {
            n: [_type_text(d.type), None if d.assume is None else str(d.assume)]
            for n, d in self.declared.items()
            if n in self.reads
        }
        digest = _Digest()
        memo: dict[int, str] = {}
        steps = [
            [s.key, s.role, _type_text(s.type), s.binder.list_fact if s.binder else "", fold(s.code, digest, memo)]
            for s in self.steps
        ]
        decisions = {
            d.key: [d.kind, d.hit, list(d.fields), list(d.totals), [r.key for r in d.rules], sorted(d.otherwise)]
            for d in self.decisions.values()
        }
        content = {"semantics": SEMANTICS, "facts": facts, "steps": steps, "decisions": decisions}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def identity(self) -> dict[str, Any]:
        """Give what a decision record keeps of the law: policy, days, readings, fingerprints."""
        return {
            "policy": self.policy,
            "on": str(self.on),
            "known": None if self.known is None else str(self.known),
            "readings": dict(sorted(self.readings.items())),
            "meaning": self.meaning,
            "documents": dict(sorted(self.documents.items())),
        }

    def _repr_html_(self) -> str:
        """Show the law in a notebook: its days, its decisions, what it reads."""
        from html import escape  # noqa: PLC0415 - only a notebook needs it

        title = escape(self.title.get("en", self.policy))
        rows = "".join(
            f"<tr><td><code>{escape(d.key)}</code></td><td>{escape(d.kind)}</td><td>{escape(d.hit)}</td>"
            f"<td>{', '.join(escape(r.name) for r in d.rules)}</td></tr>"
            for d in self.decisions.values()
        )
        return (
            f"<p><b>{title}</b> ({escape(self.policy)}), on {self.on}</p><table><tr><th>decision</th><th>kind</th>"
            f"<th>hit</th><th>rules</th></tr>{rows}</table><p>reads: {escape(', '.join(sorted(self.reads)))}</p>"
        )


class _Digest:
    """Folds a kernel expression to a short digest, so that shared parts are hashed once."""

    def _of(self, *parts: object) -> str:
        return hashlib.sha256(json.dumps([str(p) for p in parts]).encode()).hexdigest()[:32]

    def literal(self, node: Literal) -> str:
        return self._of("literal", node.type, int(node.value))

    def fact(self, node: Fact) -> str:
        return self._of("fact", node.name, node.slot, node.type)

    def row(self, node: Row) -> str:
        return self._of("row", node.binder.name, node.binder.list_fact, node.field, node.type)

    def parameter(self, node: Parameter) -> str:
        return self._of("parameter", node.key)

    def step(self, node: Step) -> str:
        return self._of("step", node.key, node.binder.name if node.binder else "")

    def call(self, node: Call, args: tuple[str, ...]) -> str:
        return self._of("call", node.op, node.const, node.type, *args)

    def each(self, node: Each) -> str:
        parts = [fold(n, self) if n is not None else "" for n in (node.body, node.where, node.default)]
        return self._of("each", node.op, node.binder.name, node.binder.list_fact, *parts)


def _type_text(of: Type) -> str:
    match of:
        case Enum():
            return f"{of.name}{of.members}{of.levels}{of.ordered}"
        case Number():
            return f"{of.unit} {of.lo} {of.hi} {of.step}"
        case Date():
            return f"date {of.lo} {of.hi}"
        case ListOf():
            return f"list {of.up_to} {of.at_least} {sorted((f, _type_text(x)) for f, x in of.fields.items())}"
        case Yearly():
            return f"yearly {of.back} {_type_text(of.of)}"
        case PerMember():
            return f"per {_type_text(of.enum)} {_type_text(of.of)}"
        case _:
            return str(of)


def shown_exact(value: Any, of: Type) -> str:  # noqa: ANN401 - an exact value of the type
    """Write an exact value as a record would: the canonical text."""
    match of:
        case Bool():
            return "true" if value else "false"
        case Enum():
            return str(of.members[value])
        case Date():
            return datetime.date.fromordinal(value).isoformat()
        case Number():
            return exact_text(value)
        case _:
            return "[]" if value == () else str(value)


def exact_text(value: Fraction | int) -> str:
    """Write an exact number: a decimal where it has one, else a fraction.

    >>> exact_text(Fraction(25, 8)), exact_text(Fraction(1, 3)), exact_text(Fraction(5))
    ('3.125', '1/3', '5')
    """
    exact = Fraction(value)
    rest, digits = exact.denominator, 0
    while rest % 10 == 0:
        rest, digits = rest // 10, digits + 1
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return str(exact)
    digits += max(twos, fives)
    if digits == 0:
        return str(exact.numerator)
    scaled = abs(exact.numerator) * 10**digits // exact.denominator
    whole, part = divmod(scaled, 10**digits)
    return f"{'-' if exact < 0 else ''}{whole}.{part:0{digits}d}"
