"""The published shares that populations are made to, each with its source and its grade; and what was made up."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa
from asnmerit.population.measuring import made_shares
from asnmerit.population.streams import Array

BLOOMBERG: Final = "https://www.bloombergtechnoz.com/detail-news/91083"
OKEZONE: Final = "okezone.com 3046961"
GOODSTATS: Final = "goodstats.id"
DATABOKS: Final = "databoks.katadata.co.id e1eb6ca61ca3ea3"
NOBODY: Final = "no source"


@attrs.frozen
class Share:
    """One share: of what, among whom, how much, and where that was read.

    Grades: B official figures in the press; M from memory, unverified; illustrative: made up.
    """

    of: str
    value: str
    among: str
    share: Decimal | None
    published: str
    day: str
    source: str
    grade: str
    note: str = ""


def _b(of: str, values: str, published: str, day: str, source: str, among: str = "asn", note: str = "") -> list[Share]:
    """Write shares of one source: `value=share` words beside the texts of what was published, split at semicolons."""
    pairs = [pair.split("=") for pair in values.split()]
    texts = [text.strip() for text in published.split(";")]
    return [
        Share(of, value, among, Decimal(share), text, day, source, "B", note)
        for (value, share), text in zip(pairs, texts, strict=True)
    ]


def _memory(golongan: str, share: str, text: str) -> list[Share]:
    """Write what is remembered of the golongan; it was never read."""
    note = "no counts were found but this: III is more than half"
    return [Share("golongan", golongan, "pns", Decimal(share), text, "", "from memory, unverified", "M", note)]


def _made_up(of: str, note: str, values: str = "", among: str = "asn") -> list[Share]:
    """Write what no source gives."""
    pairs = [pair.split("=") for pair in values.split()] or [["", ""]]
    return [Share(of, v, among, Decimal(s) if s else None, "", "", NOBODY, "illustrative", note) for v, s in pairs]


SHARES: Final[tuple[Share, ...]] = (
    *_b(
        "employment", "pns=0.6441 pppk=0.3559", "3,599,590 of 5,588,245 (64%); 1,988,655 (36%)", "2025-11-01",
        BLOOMBERG, note="CPNS are counted among the PNS",
    ),
    *_b("sex", "pria=0.44 wanita=0.56", "44%; 56%", "2025-11-01", BLOOMBERG),
    *_b(
        "education", "sd_sma=0.15 d1_d3=0.12 d4_s1=0.62 s2=0.10 s3=0.01", "15%; 12%; 62%; 10%; 1%", "2025-11-01",
        BLOOMBERG, note="here profesi counts with S1, specialists with S2",
    ),
    *_b(
        "school", "sd=0.0236 smp=0.0504 sma=0.9260", "13,158; 28,141; 516,611", "2023-12-31", GOODSTATS, "sd_sma",
        "shares among those three",
    ),
    *_b("position_kind", "struktural=0.06 fungsional=0.63 pelaksana=0.31", "6%; 63%; 31%", "2025-11-01", BLOOMBERG),
    *_b(
        "echelon", "jpt=0.0662", "21,962 of 331,754", "2024-07-01", OKEZONE, "struktural",
        "senior executives (JPT): echelons I and II",
    ),
    *_b(
        "functional_field", "guru=0.6086 kesehatan=0.1942 dosen=0.0302 lainnya=0.1670",
        "2,026,704 of 3,330,060; 646,733; 100,675; the rest", "2024-07-01", OKEZONE, "fungsional",
    ),
    *_b("agency_kind", "pusat=0.24 daerah=0.76", "24%; 76%", "2025-11-01", BLOOMBERG),
    *_b(
        "tenure", "0-5=0.4807 over_30=0.0103", "2,686,439 of 5,588,245; 57,547", "2025-11-01", BLOOMBERG,
        note="read as completed years, 5 among the first",
    ),
    *_b(
        "tenure", "0-10=0.32 11-20=0.52 21-30=0.144 over_30=0.016", "32%; 52%; 15%; 1%", "2023-06-30", DATABOKS, "pns",
        "of 2023; over 30 years follows the later count among all",
    ),
    *_b(
        "age", "up_to_30=0.09 31-40=0.24 41-50=0.33 51-60=0.34", "the rest, about 9%; 24%; 33%; 34%", "2023-06-30",
        DATABOKS, "pns", "completed years; nobody here is 60 or older",
    ),
    *_memory("I", "0.01", "about 1%"),
    *_memory("II", "0.14", "13 to 15%"),
    *_memory("III", "0.61", "60 to 62%"),
    *_memory("IV", "0.24", "23 to 25%"),
    *_made_up("sex", "so that all ASN have the published share", "wanita=0.55", "pns"),
    *_made_up("sex", "so that all ASN have the published share", "wanita=0.5781", "pppk"),
    *_made_up("agency_kind", "so that all ASN have the published share", "pusat=0.28", "pns"),
    *_made_up("tenure", "the growth in numbers since 2019 suggests it", "0=0.42 1=0.22 2=0.15 3=0.13 4=0.08", "pppk"),
    *_made_up("age", "no ages of PPPK were found", among="pppk"),
    *_made_up("age, tenure, post", "only the sums are published, not how they go together", among="pns"),
    *_made_up("education by post", "only the sums are published, not how they go together"),
    *_made_up("rank", "the pace of promotion, set so that the golongan come out", among="pns"),
    *_made_up("functional_level", "by rank, education and credit; a few have outgrown their level"),
    *_made_up("performance", "ratings of results and conduct; the predicate follows from the 3x3 matrix"),
    *_made_up("raters' scores", "around what a person is like, with gaps"),
    *_made_up("sanctions, absences", "few, and in line with one another"),
    *_made_up("credit", "by level, time and predicates; what is carried over is made up"),
    *_made_up("exams, posts available", "no source"),
    *_made_up("talent, increments, graduation", "scores around the predicate; an increment every two years"),
    *_made_up("retirement", "at 58; JPT, teachers, ahli madya 60, lecturers, ahli utama 65, partly from memory"),
    *_made_up("province, agency, unit", "provinces roughly by size; agencies have made-up names"),
    *_made_up("region_of_origin", "mostly from where one serves"),
    *_made_up("months and days", "even over the year; real appointments come in a few months"),
)  # fmt: skip


def population_shares(people: Array | None = None) -> Array:
    """List the shares that populations are made to: a PyArrow table, a row a share, with source and grade.

    Columns: `of` (what is shared), `value`, `among` (whom), `share` (a decimal; null where it is only told that
    something is made up), `published` (as printed), `day`, `source`, `grade` (B in the press, M from memory,
    illustrative: made up), `note`. With a table of `synthetic`, the column `made` gives the share in it, null where
    that is not measured.

    >>> rows = population_shares().to_pylist()
    >>> [(r["share"], r["grade"]) for r in rows if r["of"] == "sex" and r["among"] == "asn"]
    [(Decimal('0.4400'), 'B'), (Decimal('0.5600'), 'B')]
    """
    names = [field.name for field in attrs.fields(Share)]
    kinds = {"share": pa.decimal128(5, 4)}
    columns = [pa.array([getattr(s, n) for s in SHARES], kinds.get(n, pa.string())) for n in names]
    table = pa.table(columns, names=names)
    if people is None:
        return table
    if not isinstance(people, pa.Table) or (people.schema.metadata or {}).get(b"asnmerit.synthetic") != b"true":
        raise ArgumentError("people", type(people).__name__, "a table that `synthetic` made, with all its columns")
    try:
        made = made_shares(people)
    except KeyError as error:
        expected = "a table that `synthetic` made, with all its columns"
        raise ArgumentError("people", ", ".join(people.column_names), expected) from error
    rounded = [made.get((s.of, s.value, s.among)) for s in SHARES]
    return table.append_column("made", pa.array(rounded, pa.decimal128(5, 4)))
