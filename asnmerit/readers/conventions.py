"""How the cells of a file are written: the plain way, and the way of SIASN exports.

A convention is a record of functions. In the plain one a column bears the exact name of a fact and a cell its
exact value; in the other the aliases, codes and dates of SIASN are read too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

import attrs

from asnmerit.readers import siasn
from asnmerit.readers.findings import Finding, Words, shortened
from asnmerit.readers.siasn_codes import folded
from asnmerit.readers.text import boolean, day_first_date, iso_date, member, number, percentage
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar

Value = object


def _exact_member(kind: Enum, text: str) -> tuple[str, str]:
    return member(text, kind.members), ""


@attrs.frozen
class Convention:
    """One way of writing a table."""

    name: str
    same_name: Callable[[str], str]
    facts_called: Mapping[str, str]
    yearly_called: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    numbers: frozenset[str]
    people: frozenset[str]
    witnesses: Mapping[str, str]
    unused: Callable[[str], bool]
    cleaned: Callable[[str], str]
    date: Callable[[str], date]
    member: Callable[[Enum, str], tuple[str, str]]


PLAIN: Final = Convention(
    name="csv",
    same_name=str,
    facts_called={},
    yearly_called={},
    codes={},
    numbers=frozenset({"nip", "NIP"}),
    people=frozenset({"nama", "name"}),
    witnesses={},
    unused=lambda _: False,
    cleaned=str.strip,
    date=iso_date,
    member=_exact_member,
)

SIASN: Final = Convention(
    name="siasn",
    same_name=folded,
    facts_called={folded(n): alias.fact for alias in siasn.ALIASES for n in alias.names},
    yearly_called={folded(n): alias.fact for alias in siasn.YEARLY_ALIASES for n in alias.names},
    codes={folded(n): alias.codes for alias in siasn.ALIASES if alias.codes for n in alias.names},
    numbers=frozenset(folded(n) for n in siasn.NUMBER_COLUMNS),
    people=frozenset(folded(n) for n in siasn.NAME_COLUMNS),
    witnesses=siasn.WITNESSES,
    unused=siasn.is_unused,
    cleaned=siasn.cleaned,
    date=day_first_date,
    member=siasn.member,
)


@attrs.frozen
class Reading:
    """What the caller says about a file: its convention, its decimal mark, words that mean a member."""

    convention: Convention = PLAIN
    decimal_comma: bool = False
    synonyms: Mapping[str, str] = attrs.field(factory=dict)

    def scalar(self, kind: Scalar, text: str) -> tuple[Value, Finding | None]:
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
            return self.convention.date(text), None
        return self._member(kind, text)

    def _member(self, kind: Enum, text: str) -> tuple[Value, Finding | None]:
        meant = self.synonyms.get(text.strip().lower())
        if text not in kind.members and meant in kind.members and meant is not None:
            return meant, _noted("synonym-read", text, meant)
        found, repair = self.convention.member(kind, text)
        return found or None, _noted(repair, text, found) if repair else None

    def open_code(self, name: str, text: str) -> tuple[str, Finding | None]:
        """Read a cell of a column whose codes have a book of their own, such as the legal status."""
        codes = self.convention.codes.get(self.convention.same_name(name))
        if codes is None:
            return text, None
        said = siasn.coded(codes, text)
        return said, None if said else Finding("code-open", value=shortened(text))


def _noted(code: str, text: str, found: str) -> Finding:
    return Finding(code, value=shortened(text), expected=Words(found, found))
