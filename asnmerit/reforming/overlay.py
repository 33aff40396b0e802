"""The changes of a reform, as written: a mapping or a YAML overlay, read as policies are read, every fault placed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.bundle import MAX_BYTES, SUFFIXES
from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import ArgumentError
from asnmerit.rules import shapes as s
from asnmerit.rules.document import Node, Scalar, Table, kind_of, read_document, read_mapping
from asnmerit.rules.schema import NAME, Reader
from asnmerit.rules.shapes import said
from asnmerit.rules.surface import SCHEMES, Meta

if TYPE_CHECKING:
    from asnmerit.diagnostics import Position

Source = Mapping[str, object] | str | os.PathLike[str]


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Days(Meta):
    """From when to when a change holds: from the start of the version in force when left out."""

    from_: int | None = said(s.Day(), "first day of the change; that of the version in force when left out", key="from")
    until: int | None = said(s.Day(), "first day on which it holds no longer; as the version when left out")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ParameterChange(Days):
    """Another value."""

    value: Node | None = said(s.Anything("a value"), "the value", required=True)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class TableChange(Days):
    """Some cells, or all the rows."""

    cells: Node | None = said(s.Anything("rows by key; with several keys, nested"), "the cells that change")
    rows: Node | None = said(s.Anything("rows by key; with several keys, nested"), "all the rows, in place of the old")
    series: Node | None = said(s.Anything("{first key: {start, step, values}}"), "all the rows, written as series")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class IndicatorChange(Meta):
    """Other weights of the kinds of raters."""

    weights: Mapping[str, Scalar] | None = said(s.Named(s.Literal()), "weights that change, where there is one scheme")
    schemes: tuple[Mapping[str, Scalar], ...] | None = said(SCHEMES, "all the schemes, in place of the old")
    otherwise: Scalar | None = said(s.Expression(), "what holds when no scheme is usable")
    round_: Node | None = said(s.Anything("{to, mode}"), "rounding", key="round")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ScoreChange(Days):
    """Other weights of the indicators."""

    weights: Mapping[str, Scalar] | None = said(s.Named(s.Literal()), "weights that change, where there is one scheme")
    schemes: tuple[Mapping[str, Scalar], ...] | None = said(SCHEMES, "all the schemes, in place of the old")
    otherwise: Scalar | None = said(s.Expression(), "what holds when no scheme is usable")
    round_: Node | None = said(s.Anything("{to, mode}"), "rounding", key="round")


CONDITIONS: Final = s.Named(s.Anything("a condition, or nothing to remove it"))


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RuleChange(Days):
    """A new rule, or what of a rule is otherwise; an empty condition is removed."""

    decides: Scalar | None = said(s.Name("a decision"), "the decision of a new rule")
    for_: Node | None = said(s.Anything("{name: types.T}"), "of a new rule: one a member of a type", key="for")
    applies: Node | None = said(s.Anything("a condition"), "whom the rule concerns")
    requires: Mapping[str, Node] | None = said(CONDITIONS, "what must hold, by name")
    unless: Mapping[str, Node] | None = said(CONDITIONS, "what must not hold, by name")
    grants: Mapping[str, Scalar] | None = said(s.Named(s.Expression()), "the outcome, field by field")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Conditions(Meta):
    """Conditions of a decision that come or go."""

    add: Mapping[str, Node] | None = said(s.Named(s.Anything("a condition")), "conditions by name")
    remove: tuple[Scalar, ...] = said(s.Many(s.Name("a condition"), single=True), "names of conditions", default=())


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class DecisionChange(Meta):
    """Conditions of a decision, which hold for each of its rules."""

    requires: Conditions | None = said(s.Entry(Conditions), "what must hold")
    unless: Conditions | None = said(s.Entry(Conditions), "what must not hold")
    order: Node | None = said(s.Anything("a list of rules"), "with `hit: first`: every rule, first to last")


def _entries(form: type, short: str = "") -> Any:  # noqa: ANN401 - a shape
    return s.Named(s.Entry(form, short=short))


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Overlay(Meta):
    """The changes of a reform, in the names, texts and units of the policy format."""

    parameters: Mapping[str, ParameterChange] = said(_entries(ParameterChange, "value"), "values", default={})
    tables: Mapping[str, TableChange] = said(_entries(TableChange), "tables", default={})
    scores: Mapping[str, ScoreChange] = said(_entries(ScoreChange), "scores", default={})
    indicators: Mapping[str, IndicatorChange] = said(_entries(IndicatorChange), "indicators", default={})
    rules: Mapping[str, Node] = said(s.Named(s.Anything("a rule, or nothing to remove it")), "rules", default={})
    decisions: Mapping[str, DecisionChange] = said(_entries(DecisionChange), "decisions", default={})


FORMS: Final = {
    "parameters": ParameterChange,
    "tables": TableChange,
    "scores": ScoreChange,
    "indicators": IndicatorChange,
    "rules": RuleChange,
    "decisions": DecisionChange,
}
SECTIONS: Final = tuple(FORMS)


@attrs.frozen(eq=False)
class Asked:
    """One change that is asked for: its section and name, what is said (None: the rule goes), and where."""

    section: str
    name: str
    said: Any
    node: Node
    position: Position

    @property
    def key(self) -> str:
        """Section and name, such as `parameters.minimum_merit_score`: the name of the change."""
        return f"{self.section}.{self.name}"


@attrs.frozen(eq=False)
class Changes:
    """What was read: the changes, in the order of the sections, and what the overlay says of itself."""

    asked: tuple[Asked, ...]
    title: Mapping[str, str]
    about: Overlay | None


def read_changes(source: Source, faults: Faults) -> Changes:
    """Read changes: a mapping, a path, or the text of an overlay. A part that is wrong is left out, with its fault.

    >>> found = read_changes("parameters: {minimum_merit_score: 85}", Faults())
    >>> [(c.key, c.said.value.text) for c in found.asked]
    [('parameters.minimum_merit_score', '85')]
    """
    root = _root(source, faults)
    if root is None:
        return Changes((), {}, None)
    if isinstance(root, Scalar) and root.null:
        root = Table(root.position, ())
    if not isinstance(root, Table):
        faults.add("shape-kind", root.position, what="the changes", expected="a mapping", got=kind_of(root))
        return Changes((), {}, None)
    reader = Reader(faults)
    overlay: Overlay = reader.entry(root, Overlay, "the changes")
    asked = [found for section in SECTIONS for found in _section(section, root, overlay, reader)]
    return Changes(tuple(asked), dict(overlay.label or {}), overlay)


def _section(section: str, root: Table, overlay: Overlay, reader: Reader) -> list[Asked]:
    node = root.get(section)
    read = getattr(overlay, section)
    found = []
    for key, value in node.entries if isinstance(node, Table) else ():
        if key.text not in read or not NAME.match(key.text):
            continue
        here = read[key.text]
        if section == "rules":
            if isinstance(value, Scalar) and value.null:
                here = None
            elif isinstance(value, Table):
                here = reader.entry(value, RuleChange, f"`{key.text}` in `rules` of the changes")
            else:
                reader.wrong(value, f"`{key.text}` in `rules` of the changes", "a rule, or nothing to remove it")
                continue
        found.append(Asked(section, key.text, here, value, key.position))
    return found


def _root(source: Source, faults: Faults) -> Node | None:
    if isinstance(source, Mapping):
        return read_mapping(source, "<changes>", faults)
    if isinstance(source, str) and ("\n" in source or ":" in source) and not source.endswith(SUFFIXES):
        return read_document(source, "<changes>", faults)
    try:
        path = Path(os.fspath(source))
        with path.open("rb") as file:
            return read_document(file.read(MAX_BYTES), path.name, faults)
    except (OSError, ValueError, TypeError) as error:
        near = near_misses(str(source)[:80], SECTIONS) if isinstance(source, str) else ()
        hint = f"; did you mean a section `{near[0]}:`?" if near else ""
        if isinstance(error, OSError) and error.strerror and not near:
            hint = f"; as a path it says: {error.strerror}"
        raise ArgumentError("changes", source, f"a mapping, or a YAML overlay: a path or its text{hint}") from error
