"""The type of a value that is written at a place of a document: of a parameter, a cell of a table, a presumption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.rules.types import INTEGER, Months, PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.editing import Path
    from asnmerit.rules.policy import Policy
    from asnmerit.rules.types import Type

NO_CELL = frozenset({"start", "step"})


def written_type(path: Path, policy: Policy) -> Type | None:
    """Give the type of the value at the end of a way into the document of a policy; None where it has none.

    >>> import asnmerit
    >>> str(written_type(("parameters", "regular_months", "value"), asnmerit.load("indonesia/kenaikan_pangkat")))
    'integer'
    """
    section, name = path[0], str(path[1])
    declared = policy.declared
    if section == "facts" and name in declared.facts:
        of = declared.facts[name].type
        return of.of if isinstance(of, Yearly | PerMember) else of
    if section == "parameters" and name in declared.parameters:
        found = declared.parameters[name].type
        return INTEGER if isinstance(found, Months) else found
    if section == "tables" and name in declared.tables:
        return _cell(path, policy)
    return None


def _cell(path: Path, policy: Policy) -> Type | None:
    """Give the type of a cell: of its column, by name or by its place in a row written as a list."""
    columns = policy.declared.tables[str(path[1])].layout.columns
    last = path[-1]
    if last in NO_CELL and "series" in path:
        return None
    if len(columns) == 1:
        return next(iter(columns.values()))
    if isinstance(last, str) and last in columns:
        return columns[last]
    if isinstance(last, int) and last < len(columns):
        return list(columns.values())[last]
    return None
