"""The words of pictures in both languages, and their colours, which those who see few colours can tell apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asnmerit.errors import ArgumentError
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.text_words import LANGUAGES, Language

Lang = Language

# Okabe and Ito, Color Universal Design (2008); neutral greys for what is not settled.
STATUS_COLOURS: Final = {
    "granted": "#0072B2", "refused": "#D55E00", "undetermined": "#B3B3B3", "conflict": "#CC79A7", "error": "#444444",
}  # fmt: skip
CHANGE_COLOURS: Final = {"winners": "#0072B2", "losers": "#D55E00", "otherwise": "#E69F00"}
BANDS: Final = ("#0072B2", "#56B4E9", "#009E73", "#F0E442", "#E69F00", "#D55E00", "#CC79A7", "#666666")
STEPS: Final = ("#8C510A", "#D8B365", "#EFE0B5", "#5AB4AC", "#01665E")
"""From low to high: brown to green of blue, of ColorBrewer (BrBG), lighter in the middle."""
UNKNOWN: Final = "#C4C4C4"
FAINT: Final = "#F4F4F4"

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "nothing": ("Tidak ada data untuk digambar", "Nothing to draw: there are no people"),
    "unrecorded": ("(tidak tercatat)", "(not recorded)"),
    "unknown": ("belum diketahui", "not known"),
    "everybody": ("semua orang", "everybody"),
    "people": ("orang", "people"),
    "share": ("bagian dari orang", "share of people"),
    "group": ("kelompok", "group"),
    "member": ("nilai", "value"),
    "hidden": ("disembunyikan: terlalu kecil", "hidden: too small"),
    "small": ("disembunyikan: terlalu kecil", "hidden: too small"),
    "secondary": ("disembunyikan: melindungi kelompok lain", "hidden: protects another group"),
    "more": ("{0} kelompok terbesar dari {1}; semuanya ada di tabel",
             "the {0} largest of {1} groups; the table has all"),
    "first": ("{0} terbanyak dari {1}; semuanya ada di tabel", "the {0} largest of {1}; the table has all"),
    "counted": ("{0} orang", "{0} people"),
    "in_error": ("{0} orang datanya salah dan tidak digambar", "{0} people whose data are faulty are not drawn"),
    "beyond": ("DI LUAR YANG DIDELEGASIKAN: {0}", "BEYOND WHAT IS DELEGATED: {0}"),
    "distribution": ("Sebaran {0} menurut {1}", "Distribution of {0} by {1}"),
    "nine": ("Sembilan kotak talenta", "Nine boxes of talent"),
    "box": ("kotak", "box"),
    "potential": ("potensi", "potential"),
    "performance": ("kinerja", "performance"),
    "unplaced": ("{0} orang belum dapat ditempatkan dalam kotak", "{0} people cannot be placed in a box yet"),
    "pipeline": ("Jalur {0}", "Pipeline of {0}"),
    "now": ("Pada {0}", "On {0}"),
    "months": ("Per bulan, dengan data hari ini", "By month, on the facts of today"),
    "month": ("bulan", "month"),
    "blocked": ("Yang menghalangi", "What stands in the way"),
    "rule_applies": ("{0}: berlaku baginya", "{0}: applies to the person"),
    "alone": ("ini saja yang tidak terpenuhi", "this alone is not met"),
    "with_others": ("bersama syarat lain", "with other conditions"),
    "open": ("belum diketahui (keputusan belum pasti)", "not known (undetermined)"),
    "condition": ("syarat", "condition"),
    "no_conditions": ("tidak ada syarat yang menghalangi", "no condition stands in the way"),
    "until": ("hukum ini berlaku sampai {0}: bulan sesudahnya tidak digambar",
              "this law holds until {0}: later months are not drawn"),
    "waterfall": ("{0}: syarat dan hasil satu orang", "{0}: one person's conditions and outcome"),
    "conditions": ("Syarat", "Conditions"),
    "amounts": ("Jumlah yang diberikan", "Amounts granted"),
    "contributions": ("Sumbangan pada nilai", "Contributions to the score"),
    "rounding": ("pembulatan", "rounding"),
    "weight": ("bobot", "weight"),
    "holds": ("terpenuhi", "met"),
    "fails": ("tidak terpenuhi", "not met"),
    "not_asked": ("tidak disyaratkan", "not asked"),
    "amount": ("jumlah", "amount"),
    "total": ("jumlah seluruhnya", "total"),
    "result": ("hasil", "answer"),
    "flow": ("{0}: dari jawaban ke jawaban", "{0}: from answer to answer"),
    "before": ("sebelum", "before"),
    "after": ("sesudah", "after"),
    "other_flows": ("lainnya", "others"),
    "unchanging": ("TIDAK ADA YANG BERUBAH", "NOTHING CHANGES"),
    "win_lose": ("{0}: yang beruntung dan yang dirugikan", "{0}: who wins and who loses"),
    "winners": ("beruntung", "win"),
    "losers": ("dirugikan", "lose"),
    "otherwise": ("berubah tanpa arah", "differ, neither better nor worse"),
    "unchanged": ("tetap", "unchanged"),
    "change": ("perubahan", "change"),
    "sides": ("← dirugikan · orang · beruntung →", "← lose · people · win →"),
    "money_sides": ("← berkurang · rupiah · bertambah →", "← lost · rupiah · gained →"),
    "gained": ("bertambah", "gained"),
    "lost": ("berkurang", "lost"),
    "sweep": ("{0} menurut {1}", "{0} by {1}"),
    "current": ("hukum yang berlaku", "the law as it stands"),
    "outlined": ("berbingkai: hukum yang berlaku", "outlined: the law as it stands"),
    "idle": ("keputusan ini tidak memakai {0}", "this decision does not rest on {0}"),
    "unbound": ("melampaui delegasi (unbound)", "BEYOND DELEGATION (unbound)"),
    "measure": ("ukuran", "measure"),
    "rates": ("{0}: tingkat {1} menurut kelompok", "{0}: rate {1} by group"),
    "rate": ("tingkat", "rate"),
    "interval": ("garis: selang kepercayaan {0}; belah ketupat: kelompok acuan",
                 "lines: confidence intervals of {0}; diamond: reference group"),
    "caution": ("Perbedaan bukan sebabnya; tingkat dihitung dari yang sudah pasti.",
                "A difference is not its cause; rates are of those settled."),
    "unsettled": ("tidak ada yang pasti", "nobody settled"),
    "low": ("bawah", "low"),
    "high": ("atas", "high"),
    "pyramid": ("Susunan pangkat per tahun", "Ranks over the years"),
    "rank": ("pangkat", "rank"),
    "year": ("tahun", "year"),
    "age": ("umur", "age"),
    "band_lines": ("garis: dari bawah ke atas", "lines: from low to high"),
    "futures": ("nilai tengah dari {0} masa depan", "the middle of {0} futures"),
    "futures_by_age": ("nilai tengah tiap umur dari {0} masa depan: jumlahnya bukan nilai tengah pangkat",
                       "the middle of each age in {0} futures: together they are not the middle of the rank"),
    "years_drawn": ("digambar {0} dari {1} tahun; semuanya ada di tabel", "{0} of {1} years drawn; the table has all"),
    "status": ("status", "status"),
    "granted": ("diberikan", "granted"),
    "refused": ("tidak diberikan", "refused"),
    "undetermined": ("belum pasti", "undetermined"),
    "conflict": ("bertentangan", "in conflict"),
    "error": ("data salah", "in error"),
    "label": ("keterangan", "label"),
    "part": ("bagian", "part"),
    "name": ("nama", "name"),
    "until_day": ("sampai", "until"),
    "is_hidden": ("disembunyikan", "hidden"),
}  # fmt: skip


def language(lang: object) -> Lang:
    """Check a language. Raises `ArgumentError`."""
    if lang not in LANGUAGES:
        raise ArgumentError("lang", lang, " or ".join(LANGUAGES))
    return lang


def said(key: str, lang: Lang, *parts: object) -> str:
    """Say a phrase of a picture.

    >>> said("counted", "id", "1.200")
    '1.200 orang'
    """
    return _WORDS[key][0 if lang == "id" else 1].format(*parts)


def status_said(name: str, kind: str, lang: Lang) -> str:
    """Say a status as explanations do: a benefit is granted, a burden imposed, a finding found.

    >>> [status_said(*of, "id") for of in (("refused", "burden"), ("refused", "benefit"), ("error", "burden"))]
    ['tidak dijatuhkan', 'tidak diberikan', 'data salah']
    """
    return STATUS_NAMES[lang][kind][name].lower() if name in {"granted", "refused"} else said(name, lang)


def head(column: str, lang: Lang) -> str:
    """Give the head of a column of a table in words; one that has none keeps its name."""
    heads = {
        "label_id": "label",
        "label_en": "label",
        "part": "part",
        "name": "name",
        "hidden": "is_hidden",
        "until": "until_day",
    }
    key = heads.get(column, column)
    return said(key, lang) if key in _WORDS else column
