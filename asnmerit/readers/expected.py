"""What a cell or a value may be, in words: for error texts and for the data dictionary."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Final

from asnmerit.readers.findings import Words
from asnmerit.rules.law import exact_text
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Months, Number, PerMember, Type, Yearly

_NUMBERS: Final = {
    "number": Words("angka", "a number"),
    "integer": Words("bilangan bulat", "a whole number"),
    "percent": Words("bagian dari satu, misalnya 0.6 atau 60%", "a share of one, such as 0.6 or 60%"),
    "rupiah": Words("rupiah bulat", "whole rupiah"),
}


def expected(kind: Type) -> Words:
    """Say what a type expects, in two languages.

    >>> expected(Number("number", Fraction(0), Fraction(100), Fraction(1, 4))).en
    'a number from 0 to 100 in steps of 0.25'
    """
    match kind:
        case Bool():
            said = Words("ya atau tidak", "ya or tidak (yes or no)")
        case Number():
            said = _number(kind)
        case Date():
            said = _date(kind)
        case Enum():
            said = _either(Words("salah satu dari", "one of"), ", ".join(kind.members))
        case Yearly():
            said = _each("tahun", "year", expected(kind.of))
        case PerMember():
            said = _each(kind.enum.name, kind.enum.name, expected(kind.of))
        case ListOf():
            said = _list(kind)
        case Months():
            said = Words("bulan", "months")
    return said


def _either(lead: Words, listed: str) -> Words:
    return Words(f"{lead.id} {listed}", f"{lead.en} {listed}")


def _each(id_: str, en: str, of: Words) -> Words:
    return Words(f"untuk setiap {id_}: {of.id}", f"for each {en}: {of.en}")


def _number(kind: Number) -> Words:
    said = _NUMBERS[kind.unit]
    id_, en = said.id, said.en
    if kind.lo is not None and kind.hi is not None:
        low, high = exact_text(kind.lo), exact_text(kind.hi)
        id_, en = f"{id_} dari {low} sampai {high}", f"{en} from {low} to {high}"
    if kind.step is not None and kind.step != 1:
        step = exact_text(Fraction(kind.step))
        id_, en = f"{id_}, kelipatan {step}", f"{en} in steps of {step}"
    return Words(id_, en)


def _date(kind: Date) -> Words:
    if kind.lo is None or kind.hi is None:
        return Words("tanggal", "a date")
    low, high = date.fromordinal(kind.lo), date.fromordinal(kind.hi)
    return Words(f"tanggal dari {low} sampai {high}", f"a date from {low} to {high}")


def _list(kind: ListOf) -> Words:
    count = f"{kind.at_least}-{kind.up_to}"
    if kind.plain:
        of = expected(kind.fields["value"])
        return Words(f"{count} isian: {of.id}", f"{count} entries: {of.en}")
    names = ", ".join(kind.fields)
    return Words(f"{count} baris dengan {names}", f"{count} rows of {names}")
