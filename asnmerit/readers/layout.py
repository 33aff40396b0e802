"""Which column of a table feeds which place of which fact.

A fact that is not one value spreads over columns: a yearly fact `performance_2025`, one per member
`level_manajerial`, the entries of a rater `quality_peers_1`, the rows of a list `sanctions_1_level`; or it
stands in one column as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.readers.conventions import SIASN, Convention
from asnmerit.readers.findings import NOTHING, FileRefusedError, Finding, Words, shortened
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Scalar, Type, Yearly

_YEAR_BEHIND: Final = re.compile(r"(.+?)_?([0-9]{4})")
LONGEST_NAME_COMPARED: Final = 80
YEAR_BESIDE: Final = "year"


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
    """One column of a table: its index and name, the place it feeds, or another use (`number`, `person`, `id`).

    A column that holds several things stands here once for each, with the function that takes its part.
    """

    index: int
    name: str
    place: Place | None = None
    use: str = ""
    witness: str = ""
    part: Callable[[str], str] | None = None


@attrs.frozen
class Layout:
    """All columns of a table."""

    columns: tuple[Column, ...]
    convention: Convention
    passed_over: tuple[str, ...] = ()
    width: int = 0
    carries: frozenset[str] = frozenset()

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

    def __init__(self, facts: Sequence[FactLike], convention: Convention, header: Sequence[str]) -> None:
        self.convention = convention
        self.has_years = convention.year_column in {convention.same_name(name) for name in header}
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
        called = self.convention.facts_called.get(folded, ())
        alias = next((p for fact in called if (p := self.exact.get(fact)) and not isinstance(p.kind, Yearly)), None)
        return found or self._year(name) or alias or self.year_beside(name)

    def year_beside(self, name: str) -> Place | None:
        """Find a yearly fact whose year stands in a column of its own."""
        fact = self.convention.yearly_called.get(self.convention.same_name(name), "")
        kind = self.yearly.get(fact)
        return Place(fact, kind.of, kind, (YEAR_BESIDE,)) if kind and self.has_years else None

    def lacks_year(self, name: str) -> bool:
        """Say whether a name is that of a yearly fact of these, and no year is anywhere."""
        return self.convention.yearly_called.get(self.convention.same_name(name), "") in self.yearly

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


_WITH_ITS_YEAR: Final = Words(
    "tulis tahunnya di judul, misalnya performance_2025, atau beri kolom TAHUN",
    "put the year into the header, such as performance_2025, or give a column TAHUN",
)
_OF_ITS_OWN: Final = Words(
    "beri setiap hal kolomnya sendiri, atau lewati dengan --ignore", "give each thing its own column, or use --ignore"
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
    finder, left_out = _Header(facts, convention, names), frozenset(ignore)
    refused: list[Finding] = []
    columns: list[Column] = []
    passed_over: list[str] = []
    for index, name in enumerate(names):
        found = _columns(index, name, finder, left_out)
        refused.extend(f for f in found if isinstance(f, Finding))
        kept = [column for column in found if isinstance(column, Column)]
        if kept and name and not any(column.place or column.use for column in kept):
            passed_over.append(name)
        columns.extend(kept)
    columns, older = _one_number(columns, convention)
    refused.extend(_twice(columns, convention))
    if refused:
        raise FileRefusedError(refused)
    carries = frozenset(column.place.fact for column in columns if column.place)
    return Layout(tuple(columns), convention, (*passed_over, *older), len(names), carries)


def _columns(index: int, name: str, finder: _Header, left_out: frozenset[str]) -> list[Column | Finding]:
    """Give what a column is, once for each thing it holds; or why the file cannot be read with it."""
    convention = finder.convention
    folded = convention.same_name(name)
    witness = convention.witnesses.get(folded, "")
    if not name:
        return [Column(index, "", use="unclaimed")]
    if name in left_out:
        return [Column(index, name)]
    if place := finder.place(name):
        return [Column(index, name, place, witness=witness)]
    if use := _use(name, folded, finder):
        return [Column(index, name, use=use)]
    if parts := convention.combined.get(folded):
        return [_part(index, name, what, part, finder) for what, part in parts]
    if finder.lacks_year(name):
        return [Finding("column-year", shortened(name), hint=_WITH_ITS_YEAR)]
    if convention.unused(name) or witness or "*" in left_out:
        return [Column(index, name, witness=witness)]
    if folded in convention.tangled:
        return [Finding("column-tangled", shortened(name), hint=_OF_ITS_OWN)]
    return [Finding("column-unknown", shortened(name), "", _A_NAME, finder.near(name))]


def _part(index: int, name: str, what: str, part: Callable[[str], str], finder: _Header) -> Column:
    if what == "number":
        return Column(index, name, use="number", part=part)
    witness = what if what in finder.convention.witnesses.values() else ""
    return Column(index, name, finder.exact.get(what), witness=witness, part=part)


def _use(name: str, folded: str, finder: _Header) -> str:
    convention = finder.convention
    if folded in convention.numbers:
        return "number"
    if folded in convention.people:
        return "person"
    if finder.has_years and folded in {convention.year_column, convention.period_column} and folded:
        return "year" if folded == convention.year_column else "period"
    return "id" if name in {"id", "employee_id"} else ""


def _one_number(columns: list[Column], convention: Convention) -> tuple[list[Column], list[str]]:
    """Of a new and an old number of the employee keep the new one; the other is passed over."""
    uses = [c for c in columns if c.use == "number"]
    old = [c for c in uses if convention.same_name(c.name) != convention.numbers[0]]
    if convention is not SIASN or len(old) == len(uses):
        return columns, []
    return [attrs.evolve(c, use="") if c in old else c for c in columns], [c.name for c in old]


def _twice(columns: Iterable[Column], convention: Convention) -> list[Finding]:
    """Two columns of one name, or two that name the employee, leave open which one is meant."""
    found: list[Finding] = []
    seen: dict[str, int] = {}
    uses: dict[str, str] = {}
    for column in columns:
        key = convention.same_name(column.name)
        if column.name and seen.setdefault(key, column.index) != column.index:
            found.append(Finding("column-twice", shortened(column.name)))
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
