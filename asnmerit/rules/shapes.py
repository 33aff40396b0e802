"""What may stand at a place of a policy document. The reader, the JSON Schema and the reference page all use these."""

from __future__ import annotations

from typing import Any

import attrs


@attrs.frozen
class Name:
    """A name: letters, digits and underscores, not starting with a digit."""

    what: str = "a name"


@attrs.frozen
class PolicyName:
    """The name of a policy: names joined by `/`."""


@attrs.frozen
class Expression:
    """An expression of the language."""


@attrs.frozen
class Literal:
    """A value written out: a number, percent, date, member, yes or no. Read by the type it belongs to."""


@attrs.frozen
class Anything:
    """A value, a list or a mapping whose form depends on the type it belongs to."""

    what: str = "a value, a list or a mapping"


@attrs.frozen
class Words:
    """A text, or one for each language: {id: ..., en: ...}."""


@attrs.frozen
class Plain:
    """A text in one language, shown as it is."""


@attrs.frozen
class Day:
    """A day, YYYY-MM-DD."""


@attrs.frozen
class Flag:
    """`yes` or `no` (`true` or `false`)."""


@attrs.frozen
class Whole:
    """A whole number in a range."""

    low: int
    high: int


@attrs.frozen
class Choice:
    """One of a few words."""

    options: tuple[str, ...]


@attrs.frozen
class References:
    """`source-id article`, or a list of them; the id is listed under `sources:`."""


@attrs.frozen
class Many:
    """A list. With `single`, one item may stand without the list."""

    item: Any
    single: bool = False


@attrs.frozen
class Named:
    """A mapping from names to entries of one shape. `lone`: the name that a value without a mapping gets."""

    entry: Any
    keys: str = "name"
    lone: str = ""


@attrs.frozen
class Entry:
    """A mapping with fixed keys, read into a class of the surface. `short`: the key that a lone value stands for."""

    form: type
    short: str = ""


@attrs.frozen
class Conditions:
    """A mapping from names to conditions; conditions nest."""


@attrs.frozen
class TypeOrColumns:
    """A type, or a mapping from column names to types."""


Shape = (
    Name
    | PolicyName
    | Expression
    | Literal
    | Anything
    | Words
    | Plain
    | Day
    | Flag
    | Whole
    | Choice
    | References
    | Many
    | Named
    | Entry
    | Conditions
    | TypeOrColumns
)


def said(
    shape: Shape,
    doc: str,
    *,
    key: str = "",
    required: bool = False,
    default: object = None,
    alias: str = "",
) -> Any:  # noqa: ANN401 - the field's own annotation gives its type
    """Declare one key of the format on a class of the surface."""
    metadata = {"shape": shape, "doc": doc, "key": key, "required": required, "alias": alias}
    return attrs.field(default=default, metadata=metadata, kw_only=True)


def key_of(field: attrs.Attribute[Any]) -> str:
    """Give the key in the document that a field of the surface stands for."""
    return str(field.metadata["key"] or field.name)


def keys_of(form: type) -> list[attrs.Attribute[Any]]:
    """Give the fields of a class of the surface that stand for keys of the document."""
    return [f for f in attrs.fields(form) if "shape" in f.metadata]
