"""A projection in words, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from asnmerit.comparison.words import language
from asnmerit.projection.ages import RetirementAge
from asnmerit.rules.to_text import LANGUAGES

if TYPE_CHECKING:
    from asnmerit.projection.projected import Projection

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title one": ("Proyeksi {0} tahun dari {1}: {2}", "Projection of {0} year from {1}: {2}"),
    "title": ("Proyeksi {0} tahun dari {1}: {2}", "Projection of {0} years from {1}: {2}"),
    "runs": (
        "{0} masa depan dari benih {1}; rentang [persepuluh terendah, persepuluh tertinggi]",
        "{0} futures of seed {1}; bands [lowest tenth, highest tenth]",
    ),
    "year": ("Tahun {0} (sampai {1})", "Year {0} (until {1})"),
    "headcount": ("pegawai", "people"),
    "retired": ("pensiun", "retired"),
    "left": ("keluar", "left"),
    "recruited": ("masuk", "recruited"),
    "promoted": ("naik pangkat", "promoted"),
    "level_promoted": ("naik jenjang", "promoted to the next level"),
    "refused": ("ditolak", "refused"),
    "undetermined": ("belum dapat ditentukan", "undetermined"),
    "conflict": ("aturan bertentangan", "conflicting rules"),
    "error": ("data salah", "faulty rows"),
    "not_asked": ("tidak ditanyakan", "not asked"),
    "no_birth_date": ("tanpa tanggal lahir (tidak pensiun)", "without a birth date (never retires)"),
    "waited": ("masa tunggu sampai naik pangkat (bulan)", "months waited until promotion"),
    "cost": ("biaya (rupiah)", "cost (rupiah)"),
    "unpaid": ("bulan-orang tanpa jawaban gaji", "person-months whose pay is not settled"),
    "assumed": ("Asumsi, bukan peraturan:", "Assumed, not law:"),
    "appraisal": ("- predikat: {0}", "- predicates: {0}"),
    "leaving": ("- keluar sebelum pensiun, per 10.000 setahun: {0}", "- leaving early, of 10,000 a year: {0}"),
    "recruitment": (
        "- penerimaan setahun: {0}, dan {1} dari yang keluar",
        "- recruitment a year: {0}, and {1} of those who left",
    ),
    "age": ("- batas usia pensiun {0}: {1} [{2}]", "- retirement at {0}: {1} [{2}]"),
    "still": ("- tetap seperti pada awal: {0}", "- stays as at the start: {0}"),
    "function": ("fungsi pengguna", "a function of the caller"),
}


def text(of: Projection, lang: str) -> str:
    """Put a projection into words."""
    return "\n".join(_lines(of, LANGUAGES.index(language(lang))))


def _lines(of: Projection, at: int) -> Iterator[str]:
    def say(word: str, *parts: object) -> str:
        return _WORDS[word][at].format(*parts)

    yield say("title one" if of.years == 1 else "title", of.years, of.on, f"{of.policy} {of.decision}")
    yield say("runs", of.runs, of.seed)
    waits = {r["year"]: r for r in of.rows("waiting") if r["who"] == "promoted"}
    costs = {r["year"]: r for r in of.rows("cost")}
    rows = of.rows("years")
    for year in range(of.years + 1):
        mine = [r for r in rows if r["year"] == year]
        yield f"{say('year', year, mine[0]['until'])}"
        for row in mine:
            if row["high"] or row["measure"] == "headcount":
                yield f"  {say(row['measure'])}: {_band(row)}"
        if year in waits and waits[year]["median"] is not None:
            yield f"  {say('waited')}: {_band(waits[year])}"
        if year in costs:
            yield f"  {say('cost')}: {_band(costs[year])}"
            unsettled = sum(costs[year][name] for name in ("undetermined", "conflict", "error"))
            if unsettled:
                yield f"  {say('unpaid')}: {unsettled:,}"
    yield from _assumed(of, at)


def _band(row: dict[str, int]) -> str:
    low, middle, high = row["low"], row["median"], row["high"]
    return f"{middle:,}" if low == high else f"{middle:,} [{low:,}, {high:,}]"


def _assumed(of: Projection, at: int) -> Iterator[str]:
    def say(word: str, *parts: object) -> str:
        return _WORDS[word][at].format(*parts)

    given = of.assumptions
    yield say("assumed")
    weights = getattr(given.appraisal, "weights", None)
    shares = ", ".join(f"{n} {w}" for n, w in weights.items()) + " [illustrative]" if weights else ""
    if given.appraisal is not None:
        yield say("appraisal", shares or say("function"))
    yield say("leaving", say("function") if callable(given.leaving) else given.leaving)
    yield say("recruitment", given.recruitment.number, given.recruitment.share)
    if callable(given.retirement):
        yield say("age", say("function"), "", "-")
    else:
        yield from (say("age", age.age, _said(age), age.grade) for age in given.retirement)
    if of.still:
        yield say("still", ", ".join(of.still))


def _said(age: RetirementAge) -> str:
    where = "; ".join(f"{name}: {', '.join(values)}" for name, values in age.where.items())
    return f"{where} ({age.source})" if where else age.source
