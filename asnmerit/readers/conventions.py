"""How the cells of a file are written: the plain way, and the way of SIASN exports.

A convention is a record of functions. In the plain one a column bears the exact name of a fact and a cell its
exact value; in the other the aliases, codes and dates of SIASN are read too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import attrs

from asnmerit.readers import siasn, siasn_columns
from asnmerit.readers.dates import sheet_date
from asnmerit.readers.findings import Finding, Words, shortened
from asnmerit.readers.siasn_columns import Part, named
from asnmerit.readers.text import boolean, iso_date, member, number, percentage
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar

Value = object


def _exact_member(kind: Enum, text: str) -> tuple[str, str]:
    return member(text, kind.members), ""


def _exact_date(text: str, _order: str) -> tuple[date, bool]:
    return iso_date(text), False


@attrs.frozen
class Convention:
    """One way of writing a table. `numbers` are the names of the employee's number, the best one first."""

    name: str
    same_name: Callable[[str], str]
    facts_called: Mapping[str, tuple[str, ...]]
    yearly_called: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    numbers: tuple[str, ...]
    people: frozenset[str]
    witnesses: Mapping[str, str]
    combined: Mapping[str, tuple[Part, ...]]
    tangled: frozenset[str]
    unused: Callable[[str], bool]
    cleaned: Callable[[str], str]
    date: Callable[[str, str], tuple[date, bool]]
    member: Callable[[Enum, str], tuple[str, str]]
    year_column: str = ""
    period_column: str = ""


PLAIN: Final = Convention(
    name="csv",
    same_name=str,
    facts_called={},
    yearly_called={},
    codes={},
    numbers=("nip", "NIP"),
    people=frozenset({"nama", "name"}),
    witnesses={},
    combined={},
    tangled=frozenset(),
    unused=lambda _: False,
    cleaned=str.strip,
    date=_exact_date,
    member=_exact_member,
)


def _facts_called() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for alias in siasn_columns.ALIASES:
        for name in alias.names:
            found[named(name)] = (*found.get(named(name), ()), alias.fact)
    return found


SIASN: Final = Convention(
    name="siasn",
    same_name=named,
    facts_called=_facts_called(),
    yearly_called={named(n): alias.fact for alias in siasn_columns.YEARLY_ALIASES for n in alias.names},
    codes={named(n): alias.codes for alias in siasn_columns.ALIASES if alias.codes for n in alias.names},
    numbers=tuple(named(n) for n in siasn_columns.NUMBER_COLUMNS),
    people=frozenset(named(n) for n in siasn_columns.NAME_COLUMNS),
    witnesses=siasn_columns.WITNESSES,
    combined=siasn_columns.COMBINED,
    tangled=siasn_columns.TANGLED,
    unused=siasn_columns.is_unused,
    cleaned=siasn.cleaned,
    date=sheet_date,
    member=siasn.member,
    year_column=siasn_columns.YEAR_COLUMN,
    period_column=siasn_columns.PERIOD_COLUMN,
)
INVERTED: Final = {"1": "3", "3": "1"}
RATING: Final = "work_rating"


@attrs.frozen
class Reading:
    """What the caller says about a file.

    Args:
        convention: how names and cells are written.
        decimal_comma: whether 87,5 is a number.
        synonyms: words that mean a member, in lower case.
        aliases: the same for one fact only.
        inverted_ratings: whether rating code 3 is the best one; in SIASN 1 is.
        date_order: `dmy` or `mdy` where it is known.
    """

    convention: Convention = PLAIN
    decimal_comma: bool = False
    synonyms: Mapping[str, str] = attrs.field(factory=dict)
    aliases: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)
    inverted_ratings: bool = False
    date_order: str = ""

    def scalar(self, kind: Scalar, text: str, fact: str = "") -> tuple[Value, Finding | None]:
        """Read one cell that is not empty; with it comes what is to be told of it, if anything.

        None is what a code means that leaves the fact unknown.

        >>> Reading().scalar(Bool(), "ya")
        (True, None)

        Raises:
            CellRefusedError: if the cell is not a value of the type.
        """
        if isinstance(kind, Bool):
            return boolean(text), None
        if isinstance(kind, Number):
            read = percentage if kind.unit == "percent" else number
            return read(text, decimal_comma=self.decimal_comma), None
        if isinstance(kind, Date):
            day, repaired = self.convention.date(text, self.date_order)
            return day, _noted("date-read", text, day.isoformat()) if repaired else None
        return self._member(kind, text, fact)

    def _member(self, kind: Enum, text: str, fact: str) -> tuple[Value, Finding | None]:
        word = text.strip().lower()
        meant = self.aliases.get(fact, {}).get(word) or self.synonyms.get(word)
        if text not in kind.members and meant in kind.members and meant is not None:
            return meant, _noted("synonym-read", text, meant)
        if self.inverted_ratings and kind.name == RATING and text in INVERTED:
            found, _ = self.convention.member(kind, INVERTED[text])
            return found or None, _noted("rating-inverted", text, found)
        found, repair = self.convention.member(kind, text)
        return found or None, _noted(repair, text, found) if repair else None

    def open_code(self, name: str, kind: Scalar, text: str) -> tuple[str, Finding | None]:
        """Read a cell of a yes-or-no column whose codes have a book of their own, such as the legal status."""
        codes = self.convention.codes.get(self.convention.same_name(name)) if isinstance(kind, Bool) else None
        if codes is None:
            return text, None
        said = siasn.coded(codes, text)
        return said, None if said else Finding("code-open", value=shortened(text))


def _noted(code: str, text: str, found: str) -> Finding:
    return Finding(code, value=shortened(text), expected=Words(found, found))
