"""What a document declares, after names, types and values are settled: the input of every slice of law."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.diagnostics import Position
from asnmerit.packed import Packed
from asnmerit.rules.scope import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules import surface
    from asnmerit.rules.document import Node
    from asnmerit.rules.expr import Binder, Expr
    from asnmerit.rules.rows import Layout
    from asnmerit.rules.table import TableData
    from asnmerit.rules.types import Enum, Scalar, Type
    from asnmerit.timeline import Act

NOWHERE = Position("")
GRADES = ("A", "B", "C", "M", "illustrative")
Role = Literal[
    "derived",
    "indicator",
    "applies",
    "score",
    "operand",
    "condition",
    "rule",
    "grant",
    "decision",
    "check",
    "guarantee",
    "ranking",
    "part",
]
Text = dict[str, str]


@attrs.frozen
class Citation(Packed):
    """Where the law says so: the source's id, the place in it, its title and grade of evidence."""

    source: str
    place: str
    title: str
    grade: str

    def __str__(self) -> str:
        """Show title and place."""
        return f"{self.title} {self.place}".strip()


@attrs.frozen
class About(Packed):
    """What a named thing says of itself."""

    label: Text | None = None
    citations: tuple[Citation, ...] = ()
    grade: str = ""
    note: str = ""
    position: Position = NOWHERE
    policy: str = ""

    @property
    def evidence(self) -> str:
        """The grade it rests on: its own word, else the best of its sources."""
        graded = [c.grade for c in self.citations if c.grade]
        return self.grade or (min(graded, key=GRADES.index) if graded else "")


def of_member(about: About, name: str, enum: Enum, code: int) -> About:
    """Give what one of a family (`for: {k: types.T}`) says of itself: the label, with the member in brackets."""
    member = enum.members[code]
    words = enum.labels.get(member) or {}
    plain = member.replace("_", " ")
    own = about.label or dict.fromkeys(("id", "en"), name.replace("_", " "))
    return attrs.evolve(about, label={lang: f"{said} ({words.get(lang, plain)})" for lang, said in own.items()})


@attrs.frozen(eq=False)
class FactDecl:
    """A fact: its type, its marks, its presumption; for a raters' list, the indicator and the kind of rater."""

    name: str
    type: Type
    about: About
    assume: Any = None
    marks: frozenset[str] = frozenset()
    cost: int | None = None
    rates: tuple[str, str] | None = None
    field_labels: Mapping[str, Text] = attrs.field(factory=dict)


@attrs.frozen(eq=False)
class ParameterValue:
    """One value of a parameter, with other readings of it by name."""

    value: Any
    about: About
    readings: Mapping[str, ParameterValue] = attrs.field(factory=dict)


@attrs.define(eq=False)
class ParameterDecl:
    """A parameter: its type and its acts."""

    key: str
    type: Type
    acts: list[Act[ParameterValue]]
    about: About
    delegated: bool = False


@attrs.frozen(eq=False)
class TableValue:
    """One version of a table, with other readings by name, and the articles of single rows by first key."""

    data: TableData
    about: About
    row_citations: Mapping[str, tuple[Citation, ...]] = attrs.field(factory=dict)
    readings: Mapping[str, TableValue] = attrs.field(factory=dict)


@attrs.define(eq=False)
class TableDecl:
    """A table: its layout and its acts."""

    key: str
    layout: Layout
    otherwise: Node | None
    acts: list[Act[TableValue]]
    about: About
    delegated: bool = False


@attrs.frozen(eq=False)
class StepForm:
    """One version of a step's expression."""

    expr: Expr
    about: About


@attrs.define(eq=False)
class StepDecl:
    """A named value: its role, and its versions. `binder` is set where it has one value a row of a list."""

    key: str
    role: Role
    type: Scalar
    acts: list[Act[StepForm]]
    about: About
    binder: Binder | None = None


@attrs.frozen(eq=False)
class ConditionForm:
    """One version of a condition. Exactly one of `is_`, `any_of`, `all_of`, `of` says what is asked."""

    about: About
    is_: Expr | None = None
    operands: tuple[tuple[str, Expr], ...] = ()
    any_of: tuple[ConditionDecl, ...] | None = None
    all_of: tuple[ConditionDecl, ...] | None = None
    at_least: int = 0
    of: tuple[ConditionDecl, ...] | None = None
    when: Expr | None = None
    exceptions: tuple[ConditionDecl, ...] = ()


@attrs.define(eq=False)
class ConditionDecl:
    """A condition by name; `shared` is the key of the condition it only names."""

    key: str
    name: str
    acts: list[Act[ConditionForm]]
    about: About


@attrs.frozen(eq=False)
class RuleForm:
    """One version of a rule."""

    about: About
    applies: ConditionDecl | None
    requires: tuple[ConditionDecl, ...]
    unless: tuple[ConditionDecl, ...]
    grants: Mapping[str, Expr]


@attrs.define(eq=False)
class RuleDecl:
    """A rule of a decision. `added` are conditions that a child of its policy put on it."""

    key: str
    name: str
    decision: str
    acts: list[Act[RuleForm]]
    about: About
    layer: int


@attrs.define(eq=False)
class DecisionDecl:
    """A decision with its fields and rules, in the order in which `hit: first` tries them."""

    key: str
    kind: str
    hit: str
    fields: Mapping[str, Scalar]
    better: Mapping[str, str]
    totals: tuple[str, ...]
    about: About
    layer: int
    policy: str
    order: tuple[str, ...] = ()
    labels: Mapping[str, Text] = attrs.field(factory=dict)
    otherwise: Mapping[str, Expr] = attrs.field(factory=dict)
    applies: ConditionDecl | None = None
    requires: list[ConditionDecl] = attrs.field(factory=list)
    unless: list[ConditionDecl] = attrs.field(factory=list)
    rules: list[RuleDecl] = attrs.field(factory=list)


@attrs.frozen(eq=False)
class RankingDecl:
    """An order of people: keys of steps and whether the highest comes first."""

    name: str
    keys: tuple[tuple[str, bool], ...]
    ties: str
    about: About


@attrs.define(eq=False)
class Module:
    """One document of the closure: as written, what it sees, and its place in the chain of parents."""

    document: surface.Document
    file: str
    sha256: str
    name: str
    start: int
    until: int
    enacted: int
    parent: Module | None = None
    uses: list[Module] = attrs.field(factory=list)
    layer: int = -1
    scope: Scope = attrs.field(factory=Scope)
    sources: dict[str, surface.Source] = attrs.field(factory=dict)

    @property
    def ancestors(self) -> list[Module]:
        """The module and its parents, nearest first."""
        return [self, *(self.parent.ancestors if self.parent else [])]


@attrs.define(eq=False)
class Declarations:
    """Everything that the closure of a policy declares, by key."""

    facts: dict[str, FactDecl] = attrs.field(factory=dict)
    parameters: dict[str, ParameterDecl] = attrs.field(factory=dict)
    tables: dict[str, TableDecl] = attrs.field(factory=dict)
    steps: dict[str, StepDecl] = attrs.field(factory=dict)
    conditions: dict[str, ConditionDecl] = attrs.field(factory=dict)
    decisions: dict[str, DecisionDecl] = attrs.field(factory=dict)
    rankings: dict[str, RankingDecl] = attrs.field(factory=dict)
    rule_keys: set[str] = attrs.field(factory=set)
    owners: dict[str, Module] = attrs.field(factory=dict)

    @property
    def valued(self) -> dict[str, ParameterDecl | TableDecl]:
        """Parameters and tables: what has a value of the law."""
        return {**self.parameters, **self.tables}
