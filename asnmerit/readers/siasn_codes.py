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
        "sma": ["15", "SMA", "SLTA", "SMU"],
        "sma_kejuruan": ["17", "SMK", "SLTA Kejuruan", "SLTA Kej."],
        "sma_keguruan": ["18", "SPG", "SLTA Keguruan"],
        "d1": ["20", "D-I", "D1", "Diploma I", "Diploma 1"],
        "d2": ["25", "D-II", "D2", "Diploma II", "Diploma 2"],
        "sgplb": ["SGPLB"],
        "d3": ["30", "D-III", "D3", "Diploma III", "Diploma 3", "Diploma III/Sarjana Muda", "Sarjana Muda"],
        "d4": ["35", "D-IV", "D4", "Diploma IV", "Diploma 4"],
        "s1": ["40", "S-1", "S-1/Sarjana", "Sarjana", "Strata 1", "Strata I"],
        "profesi": ["42", "Profesi"],
        "s2": ["45", "S-2", "S-2/Magister", "Magister", "Strata 2", "Strata II"],
        "spesialis": ["47", "Spesialis"],
        "subspesialis": ["49", "Subspesialis"],
        "s3": ["50", "S-3", "S-3/Doktor", "Doktor", "Strata 3", "Strata III"],
    }
)

POSITION_KIND: Final = _book(
    {
        "struktural": ["1", "Struktural", "Jabatan Struktural"],
        "fungsional": ["2", "Fungsional", "Fungsional Tertentu", "Jabatan Fungsional", "Jabatan Fungsional Tertentu"],
        "rangkap": ["3", "Rangkap", "Jabatan Rangkap"],
        "pelaksana": ["4", "Pelaksana", "Jabatan Pelaksana", "Fungsional Umum", "Jabatan Fungsional Umum"],
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

# The column STATUS CPNS PNS of the export says C or P.
EMPLOYMENT: Final = _book({"cpns": ["CPNS", "C"], "pns": ["PNS", "P"], "pppk": ["PPPK"]})

SEX: Final = _book(
    {
        "pria": ["L", "Laki-laki", "Laki", "Pria", "M", "1"],
        "wanita": ["P", "Perempuan", "Wanita", "F", "2"],
    }
)

# Latihan struktural: 1 (Sepada) and 6 to 8 are known codes that no level of the vocabulary answers to.
LEADERSHIP_TRAINING: Final = _book(
    {
        "tidak_ada": ["Tidak Ada"],
        "pim_iv": ["2", "PIM IV", "Diklatpim IV", "Diklatpim Tingkat IV", "Diklatpim Tk. IV"],
        "pim_iii": ["3", "PIM III", "Diklatpim III", "Diklatpim Tingkat III", "Diklatpim Tk. III"],
        "pim_ii": ["4", "PIM II", "Diklatpim II", "Diklatpim Tingkat II", "Diklatpim Tk. II"],
        "pim_i": ["5", "PIM I", "Diklatpim I", "Diklatpim Tingkat I", "Diklatpim Tk. I"],
        "latihan lain": ["1", "Sepada", "6", "7", "8"],
    }
)

TRAINING_KIND: Final = _book(
    {
        "struktural": ["1", "Diklat Struktural"],
        "fungsional": ["2", "Diklat Fungsional"],
        "teknis": ["3", "Diklat Teknis"],
        "workshop": ["4", "Lokakarya"],
        "manajerial": ["5", "Pelatihan Manajerial"],
        "sosiokultural": ["6", "Sosial Kultural", "Pelatihan Sosial Kultural"],
        "sosialisasi": ["7"],
        "bimtek": ["8", "Bimbingan Teknis"],
        "seminar": ["9"],
        "magang": ["10"],
        "lainnya": [str(code) for code in range(11, 26)],
    }
)

SERVICE_MEDAL: Final = _book(
    {
        "perunggu": ["201", "Satyalancana Karya Satya X Tahun", "Satyalancana Karya Satya 10 Tahun"],
        "perak": ["202", "Satyalancana Karya Satya XX Tahun", "Satyalancana Karya Satya 20 Tahun"],
        "emas": ["203", "Satyalancana Karya Satya XXX Tahun", "Satyalancana Karya Satya 30 Tahun"],
    }
)

# Kedudukan hukum as its code; of the PPPK 71 and 73 are seen in HR systems.
LEGAL_STATUS: Final = _book(
    {
        "01": ["1", "01", "Aktif"],
        "02": ["2", "02", "CLTN", "Cuti Luar Tanggungan Negara"],
        "03": ["3", "03", "Tugas Belajar"],
        "04": ["4", "04", "Pemberhentian Sementara"],
        "15": ["15"],
        "20": ["20", "MPP", "Masa Persiapan Pensiun"],
        "66": ["66", "Diberhentikan"],
        "71": ["71", "PPPK Aktif"],
        "73": ["73"],
        "98": ["98"],
        "99": ["99", "Pensiun"],
    }
)

# The level of each kind of sanction (jenis hukuman). 12, reactivation, is none and stands in no level.
LEVEL_OF_SANCTION: Final[Mapping[str, str]] = {
    code: level
    for level, codes in {
        "ringan": ["1", "2", "3", "21", "22"],
        "sedang": ["4", "5", "6", "7", "8", "23", "24", "25"],
        "berat": ["9", "10", "11", "13", "14", "27", "28"],
    }.items()
    for code in codes
}
REACTIVATION: Final = "12"

NATION: Final = "indonesia/"

# Names of the types of the national policies, each with its book.
BOOKS: Final[Mapping[str, Mapping[str, str]]] = {
    "rank": RANK,
    "education": EDUCATION,
    "position_kind": POSITION_KIND,
    "echelon": ECHELON,
    "functional_level": FUNCTIONAL_LEVEL,
    "predicate": PREDICATE,
    "sanction_level": SANCTION_LEVEL,
    "employment": EMPLOYMENT,
    "sex": SEX,
    "leadership_training": LEADERSHIP_TRAINING,
    "training_kind": TRAINING_KIND,
    "work_rating": RATING,
    "service_medal": SERVICE_MEDAL,
    "legal_status": LEGAL_STATUS,
}


def book_of(policy: str, name: str) -> Mapping[str, str]:
    """Give the book of a type, empty for a type that no national policy declares.

    >>> book_of("indonesia/asn", "predicate")["2"]
    'baik'
    >>> book_of("manokwari/merit", "predicate")
    {}
    """
    return BOOKS.get(name, {}) if policy.startswith(NATION) else {}
