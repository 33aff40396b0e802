"""What a name can stand for in a policy, and where it is looked up."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING, Literal

import attrs

from asnmerit.diagnostics import Position
from asnmerit.rules.types import Enum, ListOf, PerMember, Scalar, Type, Yearly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from asnmerit.rules.expr import Binder, Expr

NOWHERE = Position("")
RESERVED = frozenset(
    {"as_of", "types", "default", "granted", "applies", "id", "en", "rules", "checks", "guarantees", "rankings"}
).union(keyword.kwlist)
PARTS = frozenset({"granted", "conflict", "rule", "applies", "requires", "unless", "otherwise"}).union(keyword.kwlist)
"""Names that a field, a column or a kind of rater cannot have: decisions and indicators have parts called so."""


@attrs.frozen
class FactName:
    """A fact, by its type."""

    name: str
    type: Type
    position: Position = NOWHERE
    kind: Literal["a fact"] = "a fact"


@attrs.frozen
class ParameterName:
    """A parameter."""

    key: str
    type: Type
    position: Position = NOWHERE
    kind: Literal["a parameter"] = "a parameter"


@attrs.frozen
class TableName:
    """A table: the types of its keys and columns. A single column is called ``."""

    key: str
    keys: tuple[Scalar, ...]
    columns: Mapping[str, Scalar]
    position: Position = NOWHERE
    kind: Literal["a table"] = "a table"


@attrs.define
class StepName:
    """A derived value, indicator, score or condition. Its type is found when its expression is typed.

    `rows`: the list it has one value a row of; `members`: the type it has one value a member of.
    `guard`: the step that says whether an indicator applies.
    """

    key: str
    type: Scalar | None = None
    rows: str = ""
    members: Enum | None = None
    guard: str = ""
    position: Position = NOWHERE
    kind: str = "a derived value"
    find_type: Callable[[], None] | None = None

    def settled(self) -> Scalar | None:
        """Give its type, typing its expression first where that has not been done; None if it has none."""
        if self.type is None and self.find_type is not None:
            self.find_type()
        return self.type


@attrs.frozen
class DecisionName:
    """A decision: its readable fields, and whether each may be read when nothing is granted."""

    key: str
    fields: Mapping[str, Scalar]
    readable: frozenset[str]
    position: Position = NOWHERE
    kind: Literal["a decision"] = "a decision"


@attrs.frozen
class TypeName:
    """An enumeration."""

    type: Enum
    position: Position = NOWHERE
    kind: Literal["a type"] = "a type"


@attrs.frozen
class RowVariable:
    """A generator's variable over the rows of a list."""

    binder: Binder
    of: ListOf
    kind: Literal["a row"] = "a row"


@attrs.frozen
class Value:
    """A generator's variable that stands for one value after another."""

    expr: Expr
    kind: Literal["a value"] = "a value"


@attrs.frozen
class Demand:
    """A parameter that bounds a slice must stay within what the family holds, on every day."""

    parameter: str
    most: int
    position: Position


Entity = FactName | ParameterName | TableName | StepName | DecisionName | TypeName
Local = RowVariable | Value


class IllTypedError(Exception):
    """Raised inside typing when a part has no type; the fault is already noted."""


class Scope:
    """The names that one document sees: its own, its parents', and those of the policies it uses.

    `faulty` are names whose own entry is at fault; what reads them is not reported again. `parts` counts the parts
    of expressions that were typed, families and generators written out.
    """

    def __init__(self) -> None:
        """Start empty."""
        self._values: dict[str, Entity] = {}
        self._types: dict[str, TypeName] = {}
        self.faulty: set[str] = set()
        self.parts = 0

    def add(self, name: str, entity: Entity) -> Entity | None:
        """Add a name; gives what already has it, if another thing does. Types are looked up apart from values."""
        space: dict[str, Entity] = self._types if isinstance(entity, TypeName) else self._values  # type: ignore[assignment]
        before = space.setdefault(name, entity)
        return None if before is entity else before

    def value(self, name: str) -> Entity | None:
        """Give what a name stands for in an expression."""
        return self._values.get(name)

    def type(self, name: str) -> Enum | None:
        """Give the enumeration of a name."""
        found = self._types.get(name)
        return found.type if found else None

    def names(self) -> Iterator[str]:
        """All names of values, for near misses."""
        return iter(self._values)

    def type_names(self) -> Iterator[str]:
        """All names of types, for near misses."""
        return iter(self._types)

    def entities(self) -> Iterator[tuple[str, Entity]]:
        """All names with what they stand for, types included."""
        yield from self._values.items()
        yield from self._types.items()


def plural(entity: Entity | Local | None) -> str:
    """Say what a name stands for, in an error text."""
    match entity:
        case FactName(_, ListOf()):
            return "a list of rows"
        case FactName(_, Yearly()):
            return "a value for each year"
        case FactName(_, PerMember()):
            return "a value for each member"
        case StepName() as step if step.rows:
            return f"a value for each row of {step.rows}"
        case None:
            return "unknown"
        case _:
            return entity.kind


def how_to_read(entity: Entity | Local | None) -> str:
    """Say how to read a value of what a name stands for."""
    match entity:
        case FactName(_, ListOf()) | RowVariable():
            return "use it in a generator, for example any(r.field ... for r in name)"
        case FactName(_, Yearly()):
            return "name the year by its place, [0] is the last completed one, or use a generator"
        case TableName():
            return "look a cell up, for example name[key]"
        case DecisionName():
            return "read name.granted or an outcome field"
        case _:
            return "name one of its values"
