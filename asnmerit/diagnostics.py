"""The catalogue of everything that can be wrong with a policy document, and how it is reported.

A diagnostic carries its code, its place and its fields; its text comes from the catalogue, so that the
reference page and the error say the same.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

import attrs

from asnmerit._catalogue_of_faults import CATALOGUE, FaultKind
from asnmerit.packed import Packed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

__all__ = ["CATALOGUE", "Diagnostic", "FaultKind", "Faults", "Position", "joined_path", "near_misses"]


@attrs.frozen(order=True)
class Position(Packed):
    """A place in a document: the file, and the line and column counted from 1 (0 where there are none)."""

    file: str
    line: int = 0
    column: int = 0
    path: str = ""

    def __str__(self) -> str:
        """file:line:column, or file#path where the document has no lines (a mapping, JSON)."""
        if self.line:
            return f"{self.file}:{self.line}:{self.column}"
        return f"{self.file}#{self.path}" if self.path else self.file

    def shifted(self, columns: int) -> Position:
        """Give the place so many columns further on the same line."""
        return attrs.evolve(self, column=self.column + columns) if self.line else self


@attrs.frozen
class Diagnostic:
    """One fault or warning: its code in the catalogue, its place and the fields of its text."""

    code: str
    position: Position
    fields: Mapping[str, str] = attrs.field(factory=dict)
    near: tuple[str, ...] = ()
    related: tuple[Position, ...] = ()

    @property
    def kind(self) -> FaultKind:
        """The catalogue's row."""
        return CATALOGUE[self.code]

    @property
    def severity(self) -> str:
        """`error` or `warning`."""
        return self.kind.severity

    @property
    def message(self) -> str:
        """What is wrong, with the values of this case."""
        return self.kind.message.format(**self.fields)

    @property
    def hint(self) -> str:
        """What to do about it, the near miss first."""
        near = f"did you mean {' or '.join(f'`{n}`' for n in self.near)}?" if self.near else ""
        return " ".join(part for part in (near, self.kind.hint) if part)

    def __str__(self) -> str:
        """file:line:column: severity[code]: message Hint: hint."""
        also = "".join(f"\n    see also {p}" for p in self.related)
        hint = f"\n    hint: {self.hint}" if self.hint else ""
        return f"{self.position}: {self.severity}[{self.code}]: {self.message}{hint}{also}"

    def to_dict(self) -> dict[str, object]:
        """Give the diagnostic as plain data, for editors and CI."""
        p = self.position
        return {
            "code": self.code,
            "severity": self.severity,
            "file": p.file,
            "line": p.line,
            "column": p.column,
            "path": p.path,
            "message": self.message,
            "hint": self.hint,
            "related": [str(r) for r in self.related],
        }


MOST_FAULTS = 500
MOST_COMPARED = 300
FARTHEST = 6
LONGEST_PATH = 12


class Faults:
    """A list of diagnostics that grows while a document is read, so that its author mends it once."""

    def __init__(self) -> None:
        """Start with none."""
        self._found: dict[tuple[str, Position, str], Diagnostic] = {}
        self._kept = {"error": 0, "warning": 0}

    def add(
        self,
        code: str,
        position: Position,
        near: Iterable[str] = (),
        related: Iterable[Position] = (),
        fields: Mapping[str, object] | None = None,
        **more: object,
    ) -> None:
        """Note one fault, once for its code, place and text; `fields` and `more` fill the text."""
        values = {k: str(v) for k, v in {**(fields or {}), **more}.items()}
        found = Diagnostic(code, position, values, tuple(near), tuple(related))
        if self._kept[found.severity] < MOST_FAULTS and (key := (code, position, found.message)) not in self._found:
            self._found[key] = found
            self._kept[found.severity] += 1

    def sorted(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, by file and place."""
        return tuple(sorted(self._found.values(), key=lambda d: (d.position, d.code, d.message)))

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Those that keep the document from loading."""
        return tuple(d for d in self.sorted() if d.severity == "error")

    @property
    def warnings(self) -> tuple[Diagnostic, ...]:
        """Those that do not."""
        return tuple(d for d in self.sorted() if d.severity == "warning")

    @property
    def failed(self) -> bool:
        """Whether any error was found."""
        return any(d.severity == "error" for d in self._found.values())


def joined_path(names: Sequence[str]) -> str:
    """Write the names of a circle, the middle of a long one left out.

    >>> joined_path(["a", "b", "a"])
    'a -> b -> a'
    """
    shown = [*names] if len(names) <= LONGEST_PATH else [*names[:6], "…", *names[-2:]]
    return " -> ".join(shown)


def near_misses(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Give the known names closest to a misspelt one.

    >>> near_misses("qualty", ["quality", "discipline"])
    ('quality',)
    """
    near = [k for k in known if abs(len(k) - len(name)) <= FARTHEST]
    if len(near) > MOST_COMPARED:
        near = [k for k in near if k[:1] == name[:1]][:MOST_COMPARED]
    return tuple(difflib.get_close_matches(name, near, n=2, cutoff=0.6))
