"""What a report says of verdicts, and whatever else it says of no kind of finding alone, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from asnmerit.rules.text_words import LANGUAGES, Language

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Finding

Words = Mapping[str, str]
"""A text in both languages, by `id` and `en`."""


def both(indonesian: str, english: str) -> dict[str, str]:
    """Give a text in both languages."""
    return {"id": indonesian, "en": english}


def alike(text: str) -> dict[str, str]:
    """Give a text that is the same in both languages: a name, a path, a day."""
    return dict.fromkeys(LANGUAGES, text)


def in_language(words: Words, lang: Language) -> str:
    """Give a text in a language; in the other one where it is said in one alone."""
    return words.get(lang) or next((words[other] for other in LANGUAGES if words.get(other)), "")


VERDICTS: Final[Mapping[str, Words]] = {
    "proved": both("TERBUKTI", "PROVED"),
    "counterexample": both("ADA PENYANGKAL", "COUNTEREXAMPLE"),
    "refuted": both("TERSANGKAL", "REFUTED"),
    "noted": both("DICATAT", "NOTED"),
    "unproved": both("TIDAK ADA PENYANGKAL dalam {0} contoh", "NO COUNTEREXAMPLE in {0} samples"),
    "observed": both("TERAMATI", "OBSERVED"),
}
MEANINGS: Final[Mapping[str, Words]] = {
    "proved": both("berlaku bagi setiap orang, tanpa kecuali", "holds for everybody, without exception"),
    "counterexample": both(
        "tidak berlaku: orang di bawahnya menunjukkannya, dan sudah dijalankan ulang oleh evaluator rujukan",
        "does not hold: the person below it shows so, and was run again by the reference evaluator",
    ),
    "refuted": both("tidak berlaku, terbukti tanpa contoh orang", "does not hold, by a proof that needs no person"),
    "noted": both("tidak berlaku, tetapi tidak ada yang perlu diperbaiki", "is not so, and nothing needs mending"),
    "unproved": both(
        "tidak dapat dibuktikan dalam waktunya dan tidak ditemukan penyangkal; ini bukan bukti",
        "could not be proved in time, and no counterexample was found; this is no proof",
    ),
    "observed": both(
        "bukan klaim, atau klaim yang tidak mengenai siapa pun: hasil pengamatan",
        "no claim, or one about nobody: what was seen or measured",
    ),
}
METHODS: Final[Mapping[str, Words]] = {
    "structure": both("susunan kebijakan", "the structure of the policy"),
    "samples": both("contoh acak", "samples"),
    "solver": both("pemecah logika", "the solver"),
    "search": both("pencarian", "a search"),
}


def standing(finding: Finding) -> str:
    """Name the verdict as a report shows it; what is refuted and no flaw is `noted`, without a person `refuted`."""
    if finding.verdict == "counterexample" and not finding.flaw:
        return "noted"
    if finding.verdict == "counterexample" and finding.witness is None:
        return "refuted"
    return finding.verdict.value


def verdict(finding: Finding) -> dict[str, str]:
    """Say the verdict, and for a claim that is not proved how much was tried.

    >>> from asnmerit.auditing.findings import Finding, Kind, Verdict
    >>> verdict(Finding(Kind.GAP, "promotion", Verdict.UNPROVED, {}, samples=400_000))["id"]
    'TIDAK ADA PENYANGKAL dalam 400.000 contoh'
    """
    return {lang: said.format(counted(finding.samples, lang)) for lang, said in VERDICTS[standing(finding)].items()}


def counted(n: int, lang: str) -> str:
    """Write a count with the separators of the language."""
    return f"{n:,}".replace(",", ".") if lang == "id" else f"{n:,}"


def took(seconds: float) -> dict[str, str]:
    """Write how long something took."""
    said = f"{seconds:.1f}"
    return both(f"{said.replace('.', ',')} detik", f"{said} seconds")


FRAME: Final[Mapping[str, Words]] = {
    "audit": both("Audit kebijakan", "Audit of a policy"),
    "law": both("hukum", "law"),
    "on": both("pada", "on"),
    "known": both("menurut yang diketahui pada", "as known on"),
    "reading": both("bacaan", "reading"),
    "meaning": both("sidik makna", "fingerprint"),
    "library": both("versi asnmerit", "asnmerit version"),
    "took": both("lama", "took"),
    "budget": both("anggaran", "budget"),
    "guarantees": both("Jaminan", "Guarantees"),
    "guarantees_by": both("Jaminan dan putusannya", "Guarantees and their verdicts"),
    "claims": both("Semua klaim", "All claims"),
    "shared": both("Fakta yang sama pada keduanya ({0})", "Facts that are the same in both ({0})"),
    "who": both("orangnya", "the person"),
    "guarantee": both("jaminan", "guarantee"),
    "proved": both("terbukti", "proved"),
    "refuted": both("tersangkal", "refuted"),
    "open": both("belum terbukti", "not proved"),
    "noted": both("dicatat", "noted"),
    "proofs": both("Terbukti", "Proved"),
    "more_claims": both("… dan {0} lagi", "… and {0} more"),
    "flaws": both("Cacat", "Flaws"),
    "no_flaws": both("Tidak ditemukan cacat.", "No flaws were found."),
    "no_claims": both("Tidak ada klaim yang diperiksa.", "No claim was examined."),
    "known_flaws": both("Dicatat: tidak berlaku, tanpa perlu diperbaiki", "Noted: not so, with nothing to mend"),
    "open_claims": both("Belum terbukti", "Not proved"),
    "measured": both("Terukur", "Measured"),
    "notes": both("Catatan", "Notes"),
    "legend": both("Arti putusan", "What the verdicts mean"),
    "verdict": both("putusan", "verdict"),
    "claim": both("Klaim", "Claim"),
    "found": both("Temuan", "Found"),
    "subject": both("tentang", "about"),
    "value": both("nilai", "value"),
    "source": both("Dasar", "Law"),
    "place": both("Tempat", "At"),
    "by": both("Cara", "By"),
    "act": both("Tindakan", "To do"),
    "replayed": both("dijalankan ulang oleh evaluator rujukan", "replayed by the reference evaluator"),
    "person": both("orang ini", "this person"),
    "asked_for": both("ditanyakan untuk {0}", "asked for {0}"),
    "facts": both("Fakta", "Facts"),
    "fact": both("fakta", "fact"),
    "differs": both("berbeda", "differs"),
    "answers": both("Jawaban", "Answers"),
    "answer": both("jawaban", "answer"),
    "why": both("Penurunan", "Derivation"),
    "why_differs": both("Penurunan, baris yang berbeda", "Derivation, the lines that differ"),
    "rule": both("aturan", "rule"),
    "presumed": both("dianggap oleh hukum", "presumed by law"),
    "unread": both(
        "fakta lain yang tidak dibaca oleh jawaban ini: {0}; semuanya ada di skenario",
        "facts that this answer does not read: {0}; the scenario has them all",
    ),
    "scenario": both("Skenario", "Scenario"),
    "copy": both("Salin", "Copy"),
    "copied": both("tersalin", "copied"),
    "language": both("Bahasa", "Language"),
    "see": both("lihat", "see"),
    "samples": both("contoh", "samples"),
    "more": both("… dan {0} baris lagi", "… and {0} more lines"),
    "no_why": both(
        "Penurunannya tidak dimuat agar laporan ini tetap kecil; mintalah jenis temuan ini tersendiri.",
        "The derivation is left out to keep this report small; ask for this kind of finding alone.",
    ),
    "more_measured": both("… dan {0} lagi, ada di halaman HTML", "… and {0} more, on the HTML page"),
    "met": both("terpenuhi", "met"),
    "unmet": both("tidak terpenuhi", "not met"),
    "unknown": both("belum diketahui", "not known"),
}


def frame(key: str, *args: str) -> dict[str, str]:
    """Give a fixed text of a report, filled in."""
    return {lang: said.format(*args) if args else said for lang, said in FRAME[key].items()}


BUDGET: Final[Mapping[str, Words]] = {
    "seconds": both("{0} detik", "{0} seconds"),
    "total": both("{0} detik seluruhnya", "{0} seconds in all"),
    "each": both("{0} detik per klaim", "{0} seconds a claim"),
    "samples": both("{0} contoh", "{0} samples"),
    "jobs": both("{0} proses", "{0} processes"),
    "memory": both("{0} MB per proses", "{0} MB a process"),
    "seed": both("benih acak {0}", "random seed {0}"),
}


def budget(given: Mapping[str, object]) -> dict[str, str]:
    """Say the budget; a part without words of its own is shown by its name."""
    parts = [
        {lang: BUDGET.get(key, alike(f"{key} {{0}}"))[lang].format(_amount(key, value, lang)) for lang in LANGUAGES}
        for key, value in given.items()
    ]
    return {lang: "; ".join(part[lang] for part in parts) for lang in LANGUAGES}


def _amount(key: str, value: object, lang: str) -> str:
    if isinstance(value, float):
        return f"{value:g}".replace(".", ",") if lang == "id" else f"{value:g}"
    if isinstance(value, int) and not isinstance(value, bool) and key != "seed":
        return counted(value, lang)
    return str(value)
