"""How the attributes hang together: weights whose sums are the published shares. The joint weights are assumptions.

The sources publish sums only (so many PNS of this age, so many of that tenure). How age, tenure, post and education go
together is made up here, so that the sums come out; `tests/test_population.py` adds them up. Whole numbers throughout.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asnmerit.population.streams import BLOCK

EMPLOYMENTS: Final = ("cpns", "pns", "pppk")
SEXES: Final = ("pria", "wanita")
KINDS: Final = ("struktural", "fungsional", "pelaksana")
STRUCTURAL, FUNCTIONAL, GENERAL = range(3)
EDUCATIONS: Final = ("sd", "smp", "sma", "d1", "d2", "d3", "d4", "s1", "profesi", "s2", "spesialis", "s3")
SD, SMP, SMA, D1, D2, D3, D4, S1, PROFESI, S2, SPESIALIS, S3 = range(12)

PPPK_IN_A_BLOCK: Final = 2915
"""Of 8,192 people: 35.58%. Every block has as many, so that each group can be counted without the others."""

# Completed years: from, up to below. Functional posts end at 60 here, the others at 58 (the last row).
AGES: Final = ((21, 31), (31, 41), (41, 51), (51, 60))
LAST_AGE_ELSEWHERE: Final = (51, 58)
TENURES: Final = ((0, 6), (6, 11), (11, 21), (21, 31), (31, 38))
# Of 1,000 PNS: one row an age, one column a tenure.
AGE_TENURE: Final = (
    (80, 10, 0, 0, 0),
    (80, 70, 90, 0, 0),
    (25, 40, 225, 40, 0),
    (9, 6, 205, 104, 16),
)
# Of 1,000 PNS of a tenure: structural, functional, general.
KIND_BY_TENURE: Final = (
    (0, 560, 440),
    (30, 580, 390),
    (108, 560, 332),
    (208, 535, 257),
    (200, 500, 300),
)
PPPK_KINDS: Final = (0, 760, 240)
PPPK_TENURE: Final = (42, 22, 15, 13, 8)
"""Of 100 PPPK: completed years 0 to 4. The first were appointed in 2019."""
PPPK_YOUNGEST: Final = (22, 28, 34, 40, 46, 52)
PPPK_AGES: Final = (12, 26, 29, 19, 10, 4)
"""Of 100 PPPK: their six years of age begin at the age above."""

WOMEN: Final[Mapping[str, int]] = {"pns": 5500, "pppk": 5781}
CENTRE: Final[Mapping[str, int]] = {"pns": 2800, "pppk": 1676}
"""Of 10,000."""

# Of 100,000 ASN, one column a level of EDUCATIONS: PNS in structural, functional and general posts, PPPK in none, in
# functional and in general posts. The number of a row is the kind, for PPPK three more.
EDUCATION_BY_KIND: Final = (
    (0, 0, 0, 0, 0, 200, 300, 3100, 0, 2290, 10, 100),
    (0, 0, 650, 60, 240, 3500, 1500, 22100, 1500, 5100, 500, 810),
    (204, 457, 6989, 110, 110, 2500, 240, 11400, 0, 450, 0, 0),
    (0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0),
    (0, 0, 850, 40, 160, 4300, 1100, 17900, 1000, 1500, 100, 90),
    (150, 300, 5400, 40, 40, 700, 60, 1800, 0, 50, 0, 0),
)

FIELDS: Final = ("guru", "kesehatan", "dosen", "lainnya")
GURU, DOSEN = 0, 2
# Of 1,000 in functional posts: by three groups of education, below the bachelor's degree, bachelor's, above.
FIELD_BY_EDUCATION: Final = ((0, 730, 0, 270), (787, 82, 0, 131), (300, 170, 240, 290))

ECHELONS: Final = ("I.a", "I.b", "II.a", "II.b", "III.a", "III.b", "IV.a", "IV.b", "V", "bukan")
LAST_JPT, NO_ECHELON = 3, 9
# Of 1,000 in structural posts: one row a tenure.
ECHELON_BY_TENURE: Final = (
    (0, 0, 0, 0, 0, 0, 0, 900, 100),
    (0, 0, 0, 0, 0, 20, 350, 520, 110),
    (0, 0, 3, 27, 90, 150, 430, 280, 20),
    (4, 10, 36, 80, 170, 170, 350, 170, 10),
    (10, 20, 70, 100, 200, 180, 280, 130, 10),
)

PROVINCES: Final[Mapping[str, int]] = {
    "Aceh": 27, "Sumatera Utara": 50, "Sumatera Barat": 31, "Riau": 26, "Jambi": 18, "Sumatera Selatan": 35,
    "Bengkulu": 13, "Lampung": 29, "Kepulauan Bangka Belitung": 8, "Kepulauan Riau": 10, "DKI Jakarta": 30,
    "Jawa Barat": 110, "Jawa Tengah": 105, "DI Yogyakarta": 18, "Jawa Timur": 115, "Banten": 32, "Bali": 23,
    "Nusa Tenggara Barat": 25, "Nusa Tenggara Timur": 34, "Kalimantan Barat": 24, "Kalimantan Tengah": 20,
    "Kalimantan Selatan": 22, "Kalimantan Timur": 21, "Kalimantan Utara": 7, "Sulawesi Utara": 18,
    "Sulawesi Tengah": 21, "Sulawesi Selatan": 48, "Sulawesi Tenggara": 22, "Gorontalo": 9, "Sulawesi Barat": 9,
    "Maluku": 15, "Maluku Utara": 12, "Papua": 9, "Papua Barat": 6, "Papua Barat Daya": 6, "Papua Selatan": 5,
    "Papua Tengah": 6, "Papua Pegunungan": 6,
}  # fmt: skip
ORIGINS: Final = ("manokwari", "papua_barat", "tanah_papua_lain", "luar_papua")
# Of 100 by where they serve: in Papua Barat, elsewhere in Papua, outside Papua.
ORIGIN_BY_PLACE: Final = ((40, 20, 10, 30), (2, 4, 64, 30), (1, 1, 2, 96))


def pns_cells() -> list[tuple[int, int, int, int]]:
    """Give every group of PNS that there is: age, tenure, kind, and its weight among 1,000,000.

    >>> sum(weight for *_, weight in pns_cells())
    1000000
    """
    return [
        (age, tenure, kind, AGE_TENURE[age][tenure] * KIND_BY_TENURE[tenure][kind])
        for age in range(len(AGES))
        for tenure in range(len(TENURES))
        for kind in range(len(KINDS))
        if AGE_TENURE[age][tenure] * KIND_BY_TENURE[tenure][kind]
    ]


PNS_IN_A_BLOCK: Final = BLOCK - PPPK_IN_A_BLOCK
