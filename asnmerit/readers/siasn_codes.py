"""The code books of SIASN, BKN's civil-service information system, and other spellings seen in its exports.

Each book gives, for a type of the vocabulary, what a code or a spelling means. Spellings are compared after
`folded`: letter case, spaces, dots, dashes, slashes, underscores and brackets do not matter. What is not in a
book is refused; what is in the book but means nothing that the type has is left unknown, and told. "Cukup" is
in none: sources disagree on it, so the caller must say what it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

_MARKS: Final = re.compile(r"[\s.\-/_'()]+")


def folded(text: str) -> str:
    """Give the form in which names and spellings are compared.

    >>> folded("Gol_Akhir.ID"), folded("III/d")
    ('GOLAKHIRID', 'IIID')
    """
    return _MARKS.sub("", text).upper()


def _book(entries: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {folded(spelling): member for member, spellings in entries.items() for spelling in spellings}


RANK_NAMES: Final[Mapping[str, str]] = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}


def _rank_spellings(rank: str) -> list[str]:
    """Give the code and the spellings of a rank: 31, III/a, IIIa, III.a, and `Penata Muda (III/a)`."""
    group, letter = rank.split("/")
    code = f"{['I', 'II', 'III', 'IV'].index(group) + 1}{'abcde'.index(letter) + 1}"
    name = RANK_NAMES[rank]
    names = {name, name.replace("Tingkat I", "Tk I"), name.replace("Tingkat I", "Tk. 1")}
    return [code, rank, *(f"{n} ({rank})" for n in sorted(names))]


# The groups of PPPK are no ranks of PNS: known, but no member of the type.
PPPK_GROUPS: Final = (
    *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"),
    *("X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII"),
)

RANK: Final = _book(
    {
        **{rank: _rank_spellings(rank) for rank in RANK_NAMES},
        **{f"pppk {group}": [group] for group in PPPK_GROUPS},
    }
)

EDUCATION: Final = _book(
    {
        "sd": ["05", "SD", "Sekolah Dasar"],
        "smp": ["10", "SMP", "SLTP"],
        "smp_kejuruan": ["12", "SLTP Kejuruan", "SLTP Kej."],
        # The vocabulary has one member for the three kinds of senior high school.
        "sma": ["15", "SMA", "SLTA", "17", "SMK", "SLTA Kejuruan", "SLTA Kej.", "18", "SLTA Keguruan"],
        "d1": ["20", "D-I", "D1", "Diploma I"],
        "d2": ["25", "D-II", "D2", "Diploma II"],
        "d3": ["30", "D-III", "D3", "Diploma III", "Diploma III/Sarjana Muda"],
        "d4": ["35", "D-IV", "D4", "Diploma IV"],
        "s1": ["40", "S-1", "S-1/Sarjana", "Sarjana"],
        "profesi": ["42", "Profesi"],
        "s2": ["45", "S-2", "S-2/Magister", "Magister"],
        "spesialis": ["47", "Spesialis"],
        "subspesialis": ["49", "Subspesialis"],
        "s3": ["50", "S-3", "S-3/Doktor", "Doktor"],
    }
)

POSITION_KIND: Final = _book(
    {
        "struktural": ["1", "Struktural", "Jabatan Struktural"],
        "fungsional": ["2", "Fungsional", "Fungsional Tertentu", "Jabatan Fungsional", "Jabatan Fungsional Tertentu"],
        "rangkap": ["3", "Rangkap", "Jabatan Rangkap"],
        "pelaksana": ["4", "Pelaksana", "Fungsional Umum", "Jabatan Fungsional Umum"],
    }
)

ECHELON: Final = _book(
    {
        "I.a": ["10", "11", "I.a"],
        "I.b": ["12", "I.b"],
        "II.a": ["21", "II.a"],
        "II.b": ["22", "II.b"],
        "III.a": ["31", "III.a"],
        "III.b": ["32", "III.b"],
        "IV.a": ["41", "IV.a"],
        "IV.b": ["42", "IV.b"],
        "V": ["51", "52", "V", "V.a", "V.b"],
        "bukan": ["99", "Non", "Non Eselon"],
    }
)

FUNCTIONAL_LEVEL: Final = _book(
    {
        "pemula": ["PM", "Pemula"],
        "terampil": ["TR", "Terampil"],
        "mahir": ["MH", "Mahir"],
        "penyelia": ["PY", "Penyelia"],
        "ahli_pertama": ["PT", "Ahli Pertama"],
        "ahli_muda": ["MU", "Ahli Muda"],
        "ahli_madya": ["MA", "Ahli Madya"],
        "ahli_utama": ["UT", "Ahli Utama"],
    }
)

PREDICATE: Final = _book(
    {
        "sangat_baik": ["1", "Sangat Baik"],
        "baik": ["2", "Baik"],
        "butuh_perbaikan": ["3", "Butuh Perbaikan", "Perlu Perbaikan"],
        "kurang": ["4", "Kurang"],
        "sangat_kurang": ["5", "Sangat Kurang"],
        "tidak_dinilai": ["Tidak Dinilai"],
    }
)

RATING: Final = _book(
    {
        "di_atas": ["1", "Di Atas Ekspektasi", "Diatas Espektasi"],
        "sesuai": ["2", "Sesuai Ekspektasi", "Sesuai Espektasi"],
        "di_bawah": ["3", "Di Bawah Ekspektasi", "Dibawah Espektasi"],
    }
)

SANCTION_LEVEL: Final = _book(
    {
        "tidak_ada": ["Tidak Ada"],
        "ringan": ["R", "Ringan"],
        "sedang": ["S", "Sedang"],
        "berat": ["B", "Berat"],
    }
)

# Whether a legal status (kedudukan hukum) is active service. What is not here says neither: 03 is study leave,
# 15 a sanction, and the policy's own column `active` must tell.
ACTIVE: Final[Mapping[str, str]] = {
    folded(code): said
    for said, codes in {"ya": ["01", "Aktif"], "tidak": ["02", "04", "66", "98", "99"]}.items()
    for code in codes
}

EMPLOYMENT: Final = _book({"cpns": ["CPNS"], "pns": ["PNS"], "pppk": ["PPPK"]})

SEX: Final = _book(
    {
        "laki_laki": ["L", "Laki-laki", "Pria", "M", "1"],
        "perempuan": ["P", "Perempuan", "Wanita", "F", "2"],
    }
)

VOCABULARY: Final = "indonesia/asn"

# Names of the types of the national vocabulary, each with its book.
BOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "rank": RANK,
    "education": EDUCATION,
    "position_kind": POSITION_KIND,
    "echelon": ECHELON,
    "functional_level": FUNCTIONAL_LEVEL,
    "predicate": PREDICATE,
    "rating": RATING,
    "sanction_level": SANCTION_LEVEL,
    "employment": EMPLOYMENT,
    "sex": SEX,
}


def book_of(policy: str, name: str) -> Mapping[str, str]:
    """Give the book of a type, empty for a type that is not of the national vocabulary.

    >>> book_of("indonesia/asn", "predicate")["2"]
    'baik'
    >>> book_of("manokwari/merit", "predicate")
    {}
    """
    return BOOKS.get(name, {}) if policy == VOCABULARY else {}
