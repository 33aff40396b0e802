"""Which column of a table feeds which place of which fact.

A fact that is not one value spreads over columns: a yearly fact `performance_2025`, one per member
`level_manajerial`, the entries of a rater `quality_peers_1`, the rows of a list `sanctions_1_level`; or it
stands in one column as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Protocol

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.readers.conventions import SIASN, Convention
from asnmerit.readers.findings import NOTHING, FileRefusedError, Finding, Words, shortened
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Type, Yearly

_YEAR_BEHIND: Final = re.compile(r"(.+?)_?([0-9]{4})")
LONGEST_NAME_COMPARED: Final = 80


class FactLike(Protocol):
    """What a reader needs to know of a fact: its name and its type."""

    @property
    def name(self) -> str:
        """The fact's name."""
        ...

    @property
    def type(self) -> Type:
        """The fact's type."""
        ...


@attrs.frozen
class Place:
    """One place in a record.

    `slot` is empty for the whole fact; else a year, a member, or an entry (from 1) and a field. `kind` is the
    type at the place, `whole` that of the fact.
    """

    fact: str
    kind: Type = attrs.field(eq=False)
    whole: Type = attrs.field(eq=False)
    slot: tuple[int | str, ...] = ()


@attrs.frozen
class Column:
    """One column of a table: its index and name, the place it feeds, or another use (`number`, `person`, `id`)."""

    index: int
    name: str
    place: Place | None = None
    use: str = ""
    witness: str = ""


@attrs.frozen
class Layout:
    """All columns of a table."""

    columns: tuple[Column, ...]
    convention: Convention
    passed_over: tuple[str, ...] = ()

    def names_of(self, fact: str) -> tuple[str, ...]:
        """Give the names of the columns that feed a fact."""
        return tuple(c.name for c in self.columns if c.place and c.place.fact == fact)

    def using(self, use: str) -> Column | None:
        """Give the first column with a use of its own."""
        return next((c for c in self.columns if c.use == use), None)


def places(facts: Iterable[FactLike]) -> dict[str, Place]:
    """Give every column name of a set of facts but the years, in the order of a template.

    >>> import attrs
    >>> from asnmerit.rules.types import Bool, ListOf
    >>> fact = attrs.make_class("Fact", ["name", "type"])("sanctions", ListOf({"heavy": Bool()}, up_to=2))
    >>> list(places([fact]))
    ['sanctions', 'sanctions_1_heavy', 'sanctions_2_heavy']
    """
    found: dict[str, Place] = {}
    for fact in facts:
        found[fact.name] = Place(fact.name, fact.type, fact.type)
    for fact in facts:
        for name, place in _spread(fact.name, fact.type):
            found.setdefault(name, place)
    return found


def _spread(name: str, kind: Type) -> Iterator[tuple[str, Place]]:
    if isinstance(kind, PerMember):
        for member in kind.enum.members:
            yield f"{name}_{member}", Place(name, kind.of, kind, (member,))
    elif isinstance(kind, ListOf):
        for entry in range(1, kind.up_to + 1):
            for field, of in kind.fields.items():
                if kind.plain:
                    yield f"{name}_{entry}", Place(name, of, kind, (entry,))
                else:
                    yield f"{name}_{entry}_{field}", Place(name, of, kind, (entry, field))


class _Header:
    """Finds the place of each column name."""

    def __init__(self, facts: Sequence[FactLike], convention: Convention) -> None:
        self.convention = convention
        self.exact = places(facts)
        self.yearly = {f.name: f.type for f in facts if isinstance(f.type, Yearly)}
        self.same: dict[str, Place | None] = {}
        for name, place in self.exact.items():
            folded = convention.same_name(name)
            self.same[folded] = place if folded not in self.same else None

    def place(self, name: str) -> Place | None:
        """Find by exact name, by a name that counts as the same, by an alias."""
        folded = self.convention.same_name(name)
        found = self.exact.get(name) or self.same.get(folded)
        alias = self.convention.facts_called.get(folded, "")
        return found or self._year(name) or self.exact.get(alias)

    def _year(self, name: str) -> Place | None:
        match = _YEAR_BEHIND.fullmatch(name.strip().replace(" ", "_"))
        if not match:
            return None
        folded = self.convention.same_name(match[1])
        for fact, kind in self.yearly.items():
            if folded in (fact, self.convention.same_name(fact)) or self.convention.yearly_called.get(folded) == fact:
                return Place(fact, kind.of, kind, (int(match[2]),))
        return None

    def near(self, name: str) -> Words:
        """Say what the name may have been meant to be."""
        if self.convention is not SIASN and (SIASN.unused(name) or SIASN.same_name(name) in SIASN.numbers):
            return Words(
                "kolom ekspor SIASN dibaca dengan --input-format siasn",
                "columns of a SIASN export are read with --input-format siasn",
            )
        known = [*self.exact, *(f"{fact}_{year}" for fact in self.yearly for year in _years_in(name))]
        near = near_misses(name[:LONGEST_NAME_COMPARED], known)
        either = " / ".join(near)
        return Words(f"maksud Anda {either}?", f"did you mean {either}?") if near else NOTHING


def _years_in(name: str) -> list[str]:
    return re.findall(r"[0-9]{4}", name[:LONGEST_NAME_COMPARED])


_A_NAME: Final = Words(
    "nama fakta kebijakan ini; kolom lain disebut dengan --ignore",
    "the name of a fact of this policy; name other columns with --ignore",
)


def lay_out(
    header: Sequence[str], facts: Sequence[FactLike], convention: Convention, ignore: Iterable[str] = ()
) -> Layout:
    """Find what each column of a header row is.

    Args:
        header: the names as the file spells them.
        facts: the facts of the law.
        convention: how names and cells are written.
        ignore: names of columns to pass over; `*` passes over every unknown one.

    Raises:
        FileRefusedError: for columns that nothing claims and columns that are here twice; all at once.
    """
    names = [convention.cleaned(name) for name in header]
    finder, left_out, refused = _Header(facts, convention), frozenset(ignore), []
    columns: list[Column] = []
    passed_over: list[str] = []
    for index, name in enumerate(names):
        column = _column(index, name, finder, left_out)
        if column is None:
            refused.append(Finding("column-unknown", shortened(name), "", _A_NAME, finder.near(name)))
        elif not (column.place or column.use) and name:
            passed_over.append(name)
        if column is not None:
            columns.append(column)
    refused.extend(_twice(columns, convention))
    if refused:
        raise FileRefusedError(refused)
    return Layout(tuple(columns), convention, tuple(passed_over))


def _column(index: int, name: str, finder: _Header, left_out: frozenset[str]) -> Column | None:
    convention = finder.convention
    folded = convention.same_name(name)
    witness = convention.witnesses.get(folded, "")
    if not name:
        return Column(index, "", use="unclaimed")
    if name in left_out:
        return Column(index, name)
    if place := finder.place(name):
        return Column(index, name, place, witness=witness)
    if use := _use(name, folded, convention):
        return Column(index, name, use=use)
    if convention.unused(name) or witness or "*" in left_out:
        return Column(index, name, witness=witness)
    return None


def _use(name: str, folded: str, convention: Convention) -> str:
    if folded in convention.numbers:
        return "number"
    if folded in convention.people:
        return "person"
    return "id" if name in {"id", "employee_id"} else ""


def _twice(columns: Iterable[Column], convention: Convention) -> list[Finding]:
    """Two columns of one name, or two that name the employee, leave open which one is meant."""
    found: list[Finding] = []
    seen: set[str] = set()
    uses: dict[str, str] = {}
    for column in columns:
        key = convention.same_name(column.name)
        if column.name and key in seen:
            found.append(Finding("column-twice", shortened(column.name)))
        seen.add(key)
        if column.use in {"number", "id"}:
            if column.use in uses and key != convention.same_name(uses[column.use]):
                hint = Words(f"juga: {uses[column.use]}", f"also: {uses[column.use]}")
                found.append(Finding("column-clash", shortened(column.name), hint=hint))
            uses.setdefault(column.use, column.name)
    return found


def scalar_of(kind: Type) -> Scalar | None:
    """Give the type if a cell holds it as plain text, None if it takes JSON.

    >>> scalar_of(Bool())
    Bool()
    """
    return kind if isinstance(kind, Bool | Number | Date | Enum) else None
