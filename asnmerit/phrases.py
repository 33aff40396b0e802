"""The fixed phrases of explanations, in Indonesian and English."""

from __future__ import annotations

from typing import Final

_PHRASES: Final[dict[str, tuple[str, str]]] = {
    "as_of": ("Diputuskan untuk tanggal {0}", "Decided for {0}"),
    "known": (", menurut hukum yang diketahui pada {0}", ", by the law as known on {0}"),
    "reading": ("Bacaan yang dipilih untuk {0}: {1}", "Chosen reading of {0}: {1}"),
    "scores": ("Nilai", "Scores"),
    "presumed": (
        "Dianggap demikian oleh hukum karena datanya tidak ada",
        "Presumed by law because the fact is not known",
    ),
    "not_applicable": ("tidak dinilai", "not assessed"),
    "grants": ("Diberikan oleh {0}: ", "Granted by {0}: "),
    "total": ("Jumlah {0}: ", "Total {0}: "),
    "certain": ("{0}, apa pun datanya", "{0}, whatever the facts"),
    "between": ("{0}, antara {1} dan {2}", "{0}, between {1} and {2}"),
    "missing": ("Data yang menentukan dan belum diketahui: ", "What decides and is not known: "),
    "missing_enough": (
        "Data berikut cukup untuk menentukan dan belum diketahui: ",
        "Enough to decide, and not known: ",
    ),
    "foregone": ("Apa pun datanya, jawabannya sudah pasti: {0}", "Whatever they are, the answer is certain: {0}"),
    "conflict": (
        "Aturan berikut terpenuhi dengan hasil yang berbeda: {0}",
        "These rules hold with different outcomes: {0}",
    ),
    "grade": ("Bukti hukum terlemah yang dipakai: {0}", "Weakest evidence of law relied on: {0}"),
    "rule": ("Aturan: ", "Rule: "),
    "out_of_scope": (" — tidak berlaku bagi pegawai ini", " — does not concern this person"),
    "not_asked": (" — tidak disyaratkan bagi pegawai ini", " — not asked of this person"),
    "must_not": ("tidak boleh: ", "must not be: "),
    "one_of": ("salah satu dari:", "one of:"),
    "all_of": ("semua dari:", "all of:"),
    "at_least": ("sekurang-kurangnya {0} dari:", "at least {0} of:"),
    "or_exempt": (", atau dikecualikan:", ", or exempt:"),
    "exception": ("kecuali ", "unless "),
    "facts": ("data: ", "facts: "),
    "unknown": ("belum diketahui", "not known"),
    "none": ("tidak ada", "none"),
    "no": ("tidak", "no"),
    "must_ge": (", disyaratkan sekurang-kurangnya ", ", required: at least "),
    "must_gt": (", disyaratkan lebih dari ", ", required: more than "),
    "must_le": (", disyaratkan paling banyak ", ", required: at most "),
    "must_lt": (", disyaratkan di bawah ", ", required: below "),
    "must_eq": (", disyaratkan ", ", required: "),
    "must_ne": (", disyaratkan bukan ", ", required: not "),
}

STATUS_NAMES: Final[dict[str, dict[str, dict[str, str]]]] = {
    "id": {
        "benefit": {
            "granted": "DIBERIKAN",
            "refused": "TIDAK DIBERIKAN",
            "undetermined": "BELUM DAPAT DIPUTUSKAN",
            "conflict": "ATURAN BERTENTANGAN",
        },
        "burden": {
            "granted": "DIJATUHKAN",
            "refused": "TIDAK DIJATUHKAN",
            "undetermined": "BELUM DAPAT DIPUTUSKAN",
            "conflict": "ATURAN BERTENTANGAN",
        },
        "finding": {
            "granted": "TERPENUHI",
            "refused": "TIDAK TERPENUHI",
            "undetermined": "BELUM DAPAT DIPASTIKAN",
            "conflict": "ATURAN BERTENTANGAN",
        },
    },
    "en": {
        "benefit": {"granted": "GRANTED", "refused": "REFUSED", "undetermined": "UNDETERMINED", "conflict": "CONFLICT"},
        "burden": {
            "granted": "IMPOSED",
            "refused": "NOT IMPOSED",
            "undetermined": "UNDETERMINED",
            "conflict": "CONFLICT",
        },
        "finding": {"granted": "FOUND", "refused": "NOT FOUND", "undetermined": "UNDETERMINED", "conflict": "CONFLICT"},
    },
}

GRADE_NAMES: Final[dict[str, dict[str, str]]] = {
    "id": {
        "A": "A (teks resmi dibaca)",
        "B": "B (ringkasan resmi atau pers)",
        "C": "C (kode pihak ketiga)",
        "M": "M (dari ingatan, belum diverifikasi)",
        "illustrative": "ilustrasi (angka contoh, bukan hukum)",
    },
    "en": {
        "A": "A (official text read)",
        "B": "B (official summary or press)",
        "C": "C (third-party code)",
        "M": "M (from memory, unverified)",
        "illustrative": "illustrative (an example number, not law)",
    },
}


def phrase(key: str, lang: str) -> str:
    """Give a phrase in a language.

    >>> phrase("none", "id")
    'tidak ada'
    """
    return _PHRASES[key][0 if lang == "id" else 1]
