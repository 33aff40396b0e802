"""The fixed words of expressions in Indonesian and English, and where parentheses are needed."""

from __future__ import annotations

from typing import Literal

Language = Literal["id", "en"]
LANGUAGES: tuple[Language, ...] = ("id", "en")

MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
WORDS: dict[str, tuple[str, str]] = {
    "unknown": ("belum diketahui", "not known"),
    "yes": ("ya", "yes"),
    "no": ("tidak", "no"),
    "as_of": ("tanggal keputusan", "the decision date"),
    "rows": ("jumlah {0}", "number of {0}"),
    "any": ("ada {0} yang memenuhi: {1}", "some {0} for which: {1}"),
    "all": ("semua {0} memenuhi: {1}", "every {0} has: {1}"),
    "sum": ("jumlah {1} dari {0}", "sum of {1} over {0}"),
    "count": ("banyaknya {0}", "how many of {0}"),
    "min": ("{1} yang terkecil dari {0}", "the smallest {1} of {0}"),
    "max": ("{1} yang terbesar dari {0}", "the largest {1} of {0}"),
    "mean": ("rata-rata {0}", "mean of {0}"),
    "median": ("median {0}", "median of {0}"),
    "where": (", bila {0}", ", where {0}"),
    "default": (", atau {0} bila tidak ada", ", or {0} where there is none"),
    "multiple": (" (kelipatan {0})", " (a multiple of {0})"),
    "year_before": ("{0} tahun sebelumnya", "{0} of the year before"),
    "years_before": ("{0} {1} tahun sebelumnya", "{0} of {1} years before"),
    "of_list": ("{0} pada {1}", "{0} of {1}"),
    "all_in": ("untuk setiap {n}: {0}", "for every {n}: {0}"),
    "any_in": ("untuk salah satu {n}: {0}", "for some {n}: {0}"),
    "sum_in": ("jumlah untuk semua {n}: {0}", "the sum over every {n}: {0}"),
    "count_in": ("banyaknya {n} yang memenuhi: {0}", "how many {n} for which: {0}"),
    "all_years": (
        "dalam setiap tahun dari {n} tahun kalender terakhir: {0}",
        "in each of the last {n} calendar years: {0}",
    ),
    "any_years": (
        "paling tidak dalam satu dari {n} tahun kalender terakhir: {0}",
        "in at least one of the last {n} calendar years: {0}",
    ),
    "sum_years": ("jumlah {n} tahun kalender terakhir: {0}", "the sum over the last {n} calendar years: {0}"),
    "count_years": (
        "banyaknya tahun dari {n} tahun kalender terakhir yang memenuhi: {0}",
        "how many of the last {n} calendar years have: {0}",
    ),
}
# How tightly the words of an operator hold together. What holds less tightly than its place asks for is put in
# parentheses; an operator that is not named here is a phrase.
LOOSE, OPEN, PHRASE, NAME = 0, 5, 6, 9
STRENGTH: dict[str, int] = {
    "if": LOOSE,
    "pick": LOOSE,
    "at_least": LOOSE,
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "listed", "in_months", "in_table"), 4),
    "add": OPEN,
    "sub": OPEN,
    "mul": 7,
    "div": 7,
    "neg": 8,
}
PLACES: dict[str, tuple[int, ...]] = {
    "or": (3,),
    "and": (3,),
    "not": (4,),
    "if": (1, 1, LOOSE),
    "pick": (1, 1, LOOSE),
    "at_least": (1,),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "listed", "in_months", "in_table"), (OPEN,)),
    "add": (OPEN,),
    "sub": (OPEN, PHRASE),
    "mul": (7,),
    "div": (7, 8),
    "neg": (8,),
    "clamp": (LOOSE,),
    **dict.fromkeys(("floor", "ceiling", "round_down", "round_up", "half_up", "half_even", "half_down"), (NAME, LOOSE)),
}
"""What each argument of an operator must hold to go without parentheses; the last number goes for the rest."""
SINGLE = frozenset({"year", "month", "day", "end_of_month", "next", "prev"})
"""Phrases of one argument, which stand in another phrase without parentheses."""


def word(key: str, lang: Language) -> str:
    """Give a fixed word."""
    return WORDS[key][LANGUAGES.index(lang)]
