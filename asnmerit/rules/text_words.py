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
    "count_those": ("banyaknya {0} yang memenuhi: {1}", "how many of {0} have: {1}"),
    "column": ("{0} menurut tabel {1}", "{0} by the table of {1}"),
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
    "that_of": ("{0}, yaitu {1}", "{0}, namely {1}"),
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
BY_TYPE: dict[str, dict[str, tuple[str, str]]] = {
    "date": {
        "lt": ("{0} sebelum {1}", "{0} is before {1}"),
        "le": ("{0} pada atau sebelum {1}", "{0} is on or before {1}"),
        "gt": ("{0} sesudah {1}", "{0} is after {1}"),
        "ge": ("{0} pada atau sesudah {1}", "{0} is on or after {1}"),
        "min": ("yang paling awal dari {*, }", "the earliest of {*, }"),
        "max": ("yang paling akhir dari {*, }", "the latest of {*, }"),
    },
    "level": {
        "lt": ("{0} di bawah {1}", "{0} is below {1}"),
        "le": ("{0} paling tinggi {1}", "{0} is {1} at the most"),
        "gt": ("{0} di atas {1}", "{0} is above {1}"),
    },
}
"""Words of comparisons of days and of members in order, where they are not those of numbers."""
LOOSE, PHRASE, OPEN, NAME = 0, 5, 6, 9
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
    **dict.fromkeys(("year", "month", "day", "end_of_month", "next", "prev"), 7),
}
PLACES: dict[str, tuple[int, ...]] = {
    "or": (3,),
    "and": (3,),
    "not": (4,),
    "if": (1, 1, LOOSE),
    "pick": (1, 1, LOOSE),
    "at_least": (1,),
    **dict.fromkeys(("eq", "ne", "lt", "le", "gt", "ge", "listed", "in_months", "in_table"), (PHRASE,)),
    "add": (OPEN,),
    "sub": (OPEN, 7),
    "mul": (7,),
    "div": (7, 8),
    "neg": (8,),
    "clamp": (LOOSE,),
    **dict.fromkeys(("floor", "ceiling", "round_down", "round_up", "half_up", "half_even", "half_down"), (NAME, LOOSE)),
}
"""What each argument of an operator must hold to go without parentheses; the last number goes for the rest."""


def word(key: str, lang: Language) -> str:
    """Give a fixed word."""
    return WORDS[key][LANGUAGES.index(lang)]
