"""The policy format as a JSON Schema for editors, and as the reference page. Both are made from the surface."""

from __future__ import annotations

from typing import Any

from asnmerit.rules import shapes as s
from asnmerit.rules import surface
from asnmerit.rules.shapes import key_of, keys_of

_SCALAR = {"type": ["string", "number", "boolean"]}
_WORD = {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}


def json_schema(of: type = surface.Document, title: str = "asnmerit policy, format 1") -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of a policy document, for completion and checking in editors.

    `of` may be another class of the surface, such as that of a file of scenarios.

    It accepts any scalar where a value stands; the loader is the judge of what the value means.

    >>> json_schema()["title"]
    'asnmerit policy, format 1'
    """
    definitions: dict[str, Any] = {}
    root = _form(of, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(definitions.items())),
    }


def _form(form: type, definitions: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for field in keys_of(form):
        described = {**_schema(field.metadata["shape"], definitions), "description": field.metadata["doc"]}
        properties[key_of(field)] = described
        if field.metadata["alias"]:
            properties.setdefault(field.metadata["alias"], described)
    required = [key_of(f) for f in keys_of(form) if f.metadata["required"]]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "description": (form.__doc__ or "").strip(),
    }
    return {**schema, "required": required} if required else schema


def _reference(form: type, definitions: dict[str, Any]) -> dict[str, Any]:
    if form.__name__ not in definitions:
        definitions[form.__name__] = {}
        definitions[form.__name__] = _form(form, definitions)
    return {"$ref": f"#/$defs/{form.__name__}"}


def _schema(shape: s.Shape, definitions: dict[str, Any]) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 - a table
    match shape:
        case s.Name():
            return dict(_WORD)
        case s.PolicyName():
            return {"type": "string", "pattern": "^[a-z0-9_][a-z0-9_-]*(/[a-z0-9_][a-z0-9_-]*)*$"}
        case s.Expression() | s.Literal():
            return dict(_SCALAR)
        case s.Plain():
            return {"type": ["string", "number"]}
        case s.Anything():
            return {}
        case s.Words():
            pair = {
                "type": "object",
                "properties": {"id": {"type": "string"}, "en": {"type": "string"}},
                "additionalProperties": False,
            }
            return {"anyOf": [{"type": "string"}, pair]}
        case s.Day():
            return {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        case s.Flag():
            return {"enum": [True, False, "yes", "no", "true", "false"]}
        case s.Whole(low, high):
            return {"type": "integer", "minimum": low, "maximum": high}
        case s.Choice(options):
            return {"enum": list(options)}
        case s.References():
            return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
        case s.Many(item, single):
            inner = _schema(item, definitions)
            many = {"type": "array", "items": inner}
            return {"anyOf": [inner, many]} if single else many
        case s.Named(entry, keys, lone):
            named: dict[str, Any] = {"type": ["object", "null"], "additionalProperties": _schema(entry, definitions)}
            if keys == "name":
                named["propertyNames"] = _WORD
            return {"anyOf": [dict(_SCALAR), named]} if lone else named
        case s.Entry(form, short):
            reference = _reference(form, definitions)
            return {"anyOf": [dict(_SCALAR), reference]} if short else reference
        case s.Conditions():
            return _schema(surface.CONDITIONS, definitions)
        case s.TypeOrColumns():
            spec = _schema(surface.TYPE, definitions)
            return {"anyOf": [spec, {"type": "object", "additionalProperties": spec}]}


def reference_markdown(of: type = surface.Document, title: str = "The policy format") -> str:
    """Give the reference page of a format, in Markdown: every entry, every key.

    >>> reference_markdown().splitlines()[0]
    '# The policy format'
    """
    lines = [
        f"# {title}",
        "",
        (
            f"Made from the declarations that the loader reads by (`{of.__module__}`). "
            "Every key that is not listed here is refused."
        ),
        "",
    ]
    seen: list[type] = []
    _collect(of, seen)
    for form in seen:
        lines += [
            f"## {form.__name__}",
            "",
            (form.__doc__ or "").strip(),
            "",
            "| key | what stands there | meaning |",
            "|---|---|---|",
        ]
        for field in keys_of(form):
            key = f"`{key_of(field)}`" + (f" (or `{field.metadata['alias']}`)" if field.metadata["alias"] else "")
            must = " **(required)**" if field.metadata["required"] else ""
            lines.append(f"| {key} | {_in_words(field.metadata['shape'])} | {field.metadata['doc']}{must} |")
        lines.append("")
    return "\n".join(lines)


def _collect(form: type, seen: list[type]) -> None:
    if form in seen:
        return
    seen.append(form)
    for field in keys_of(form):
        for inner in _forms(field.metadata["shape"]):
            _collect(inner, seen)


def _forms(shape: s.Shape) -> list[type]:
    match shape:
        case s.Entry(form):
            return [form]
        case s.Many(item):
            return _forms(item)
        case s.Named(entry):
            return _forms(entry)
        case s.Conditions():
            return [surface.ConditionEntry]
        case s.TypeOrColumns():
            return [surface.TypeSpec]
        case _:
            return []


def _in_words(shape: s.Shape) -> str:
    match shape:
        case s.Entry(form, short):
            link = f"[{form.__name__}](#{form.__name__.lower()})"
            return f"{link}, or just its `{short}`" if short else link
        case s.Many(item, single):
            return ("one or a list of: " if single else "list of: ") + _in_words(item)
        case s.Named(entry):
            return "by name: " + _in_words(entry)
        case s.Conditions():
            return "by name: [ConditionEntry](#conditionentry), or just its `is`"
        case s.Choice(options):
            return ", ".join(f"`{o}`" for o in options)
        case s.Whole(low, high):
            return f"a whole number from {low} to {high}"
        case s.TypeOrColumns():
            return "[TypeSpec](#typespec), or one by column name"
        case s.Name(what) | s.Anything(what):
            return what
        case _:
            said = (type(shape).__doc__ or "").strip().removesuffix(".")
            return said[:1].lower() + said[1:]
