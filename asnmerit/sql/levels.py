"""Columns by levels: each column is computed from columns of levels below, and each level is one part of the query.

A text is kept short: what is long, deep or needed twice becomes a column of its own. Columns that nothing reads are
left out, and each level carries on only what is read later.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NoReturn

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.sql.dialects import Dialect
from asnmerit.sql.names import Names, comment, quoted

LONGEST: Final = 200
DEEPEST: Final = 5
SHORT: Final = 48
WIDTH: Final = 110


@attrs.frozen
class Text:
    """An expression: the columns it reads, the highest of their levels, its depth; `truth`: it is a BOOLEAN."""

    code: str
    refs: frozenset[str] = frozenset()
    level: int = 0
    depth: int = 0
    literal: bool = False
    truth: bool = False


@attrs.frozen
class Part:
    """A named part of a query. A `stored` one is computed whole before what reads it."""

    name: str
    text: str
    stored: bool = False

    def __str__(self) -> str:
        """Write it as it stands in a WITH."""
        return f"{self.name} AS {'MATERIALIZED ' if self.stored else ''}(\n  {self.text}\n)"


@attrs.define
class Column:
    """A column of a level: its name, what computes it, what is said of it."""

    name: str
    text: Text
    level: int
    said: list[str] = attrs.field(factory=list)


@attrs.define
class Levels:
    """The columns of a query, in the order in which they were made."""

    dialect: Dialect
    names: Names = attrs.field(factory=Names)
    columns: dict[str, Column] = attrs.field(factory=dict)
    inputs: dict[str, Text] = attrs.field(factory=dict)
    shared: dict[str, Text] = attrs.field(factory=dict)

    def given(self, wanted: str, *, truth: bool = False) -> Text:
        """Name a column that the first level finds there."""
        name = self.names.fresh(wanted)
        self.inputs[name] = Text(quoted(name), frozenset({name}), truth=truth)
        return self.inputs[name]

    def named(self, text: Text, wanted: str) -> Text:
        """Give an atom for a text: a column, the same one for the same text."""
        if text.depth == 0:
            return text
        if text.code not in self.shared:
            name = self.names.fresh(wanted)
            level = text.level + 1
            self.columns[name] = Column(name, text, level)
            self.shared[text.code] = Text(quoted(name), frozenset({name}), level, truth=text.truth)
        return self.shared[text.code]

    def say(self, text: Text, said: str) -> None:
        """Put a remark to the column that a text is."""
        for name in text.refs:
            if text.depth == 0 and name in self.columns and said:
                self.columns[name].said.append(said)

    # --- writing ---

    def live(self, wanted: Sequence[Text]) -> set[str]:
        """Give the columns that some texts rest on."""
        pending = [name for text in wanted for name in text.refs]
        found: set[str] = set()
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self.columns[name].text.refs if name in self.columns else ()
        return found

    def written(self, first: str, wanted: Sequence[Text], carried: Sequence[Text]) -> Iterator[Part]:
        """Give each level; `wanted` and `carried` are still there in the last."""
        live = self.live([*wanted, *carried])
        kept = [c for c in self.columns.values() if c.name in live]
        last = {name: 0 for text in (*wanted, *carried) for name in text.refs}
        until: dict[str, int] = {}
        for column in kept:
            for name in column.text.refs:
                until[name] = max(until.get(name, 0), column.level)
        top = max((c.level for c in kept), default=0)
        if top > self.dialect.most_levels:
            self._refuse(f"{top} levels", self.dialect.most_levels)
        until |= dict.fromkeys(last, top + 1)
        before = [name for name in self.inputs if name in live]
        above = first
        for level in range(1, top + 1):
            new = [c for c in kept if c.level == level]
            stay = [name for name in before if until.get(name, 0) > level]
            yield Part(f"level_{level}", self._select(above, stay, new), level % self.dialect.most_nested == 0)
            before = stay + [c.name for c in new]
            above = f"level_{level}"

    def _refuse(self, what: str, most: int) -> NoReturn:
        raise ArgumentError("law", what, f"at most {most}, which {self.dialect.name} can do; ask for fewer values")

    def _select(self, above: str, stay: Sequence[str], new: Sequence[Column]) -> str:
        if len(stay) + len(new) > self.dialect.most_columns:
            self._refuse(f"{len(stay) + len(new)} columns in one level", self.dialect.most_columns)
        parts = [_wrapped(list(map(quoted, stay)))] if stay else []
        for column in new:
            remarks = "".join(f"-- {line}\n  " for line in dict.fromkeys(map(comment, column.said)))
            parts.append(f"{remarks}{column.text.code} AS {quoted(column.name)}")
        return "SELECT\n  " + ",\n  ".join(parts) + f"\n  FROM {above}{self.dialect.fence}"


def _wrapped(names: Sequence[str]) -> str:
    """Write names in lines of some length."""
    lines = [""]
    for name in names:
        if len(lines[-1]) + len(name) > WIDTH:
            lines.append("")
        lines[-1] += f"{', ' if lines[-1] else ''}{name}"
    return ",\n  ".join(lines)
