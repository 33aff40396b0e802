"""What a report says of each kind of finding and each verdict, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import attrs

from asnmerit.rules.text_words import LANGUAGES, Language

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Finding

Words = Mapping[str, str]
"""A text in both languages, by `id` and `en`."""
Level = Literal["error", "warning"]


def both(indonesian: str, english: str) -> dict[str, str]:
    """Give a text in both languages."""
    return {"id": indonesian, "en": english}


def alike(text: str) -> dict[str, str]:
    """Give a text that is the same in both languages: a name, a path, a day."""
    return dict.fromkeys(LANGUAGES, text)


def in_language(words: Words, lang: Language) -> str:
    """Give a text in a language; in the other one where it is said in one alone."""
    return words.get(lang) or next((words[other] for other in LANGUAGES if words.get(other)), "")


@attrs.frozen
class KindWords:
    """A kind of finding: what is guaranteed where it is proved, what is wrong where it is not, and what to do.

    `seen` heads what was only measured, where the guarantee would be no name for it.
    """

    holds: Words
    broken: Words
    act: Words
    level: Level = "warning"
    of_answers: bool = False
    seen: Words | None = None

    @property
    def measured(self) -> Words:
        """The heading of what was measured."""
        return self.seen or self.holds


KINDS: Final[Mapping[str, KindWords]] = {
    "conflict": KindWords(
        both("Tidak ada dua aturan yang bertentangan", "No two rules contradict each other"),
        both("Dua aturan bertentangan", "Two rules contradict each other"),
        both(
            "Beri urutan kepada kedua aturan (`hit: first`), atau persempit syaratnya sehingga satu saja yang berlaku.",
            "Give the two rules an order (`hit: first`), or narrow their conditions so that one of them holds.",
        ),
        "error",
        of_answers=True,
    ),
    "gap": KindWords(
        both("Setiap orang diputuskan oleh suatu aturan", "Everybody is decided by a rule"),
        both("Ada orang yang tidak diputuskan oleh aturan mana pun", "There is a person whom no rule decides"),
        both(
            "Tambahkan aturan untuk orang ini, perluas aturan yang ada, atau nyatakan jawabannya dengan `otherwise`.",
            "Add a rule for this person, widen one there is, or state the answer with `otherwise`.",
        ),
        "error",
        of_answers=True,
        seen=both("Orang yang tidak memenuhi aturan mana pun", "People who meet none of the rules"),
    ),
    "merit-hurts": KindWords(
        both("Merit yang lebih tinggi tidak pernah merugikan", "More merit never hurts"),
        both("Merit yang lebih tinggi merugikan", "More merit hurts"),
        both(
            "Bandingkan kedua penurunan: baris yang berbeda menunjukkan ambang, batas, atau pembulatan yang membalik "
            "hasil. Perbaiki di sana; bila peraturannya sendiri berbunyi demikian, catat sebagai temuan.",
            "Compare the two derivations: the lines that differ show the threshold, cap or rounding that turns the "
            "result round. Mend it there; where the regulation itself says so, record it as a finding.",
        ),
        "error",
        of_answers=True,
        seen=both("Merit yang tidak dapat dibandingkan", "Merit that cannot be compared"),
    ),
    "protected-matters": KindWords(
        both("Fakta yang dilindungi tidak berpengaruh", "Protected facts do not matter"),
        both("Fakta yang dilindungi berpengaruh", "A protected fact matters"),
        both(
            "Telusuri penurunan dari fakta itu ke jawabannya: jalannya sering lewat nilai turunan atau tabel. "
            "Putuskan jalan itu, atau cabut tanda `protected` dengan alasan hukumnya.",
            "Follow the derivation from the fact to the answer: the path often leads through a derived value or a "
            "table. Cut the path, or take the mark `protected` away and give the legal reason.",
        ),
        "error",
        of_answers=True,
    ),
    "guarantee": KindWords(
        both("Jaminan yang dinyatakan kebijakan terpenuhi", "What the policy guarantees of itself holds"),
        both("Jaminan yang dinyatakan kebijakan tidak terpenuhi", "A guarantee of the policy does not hold"),
        both(
            "Orang di bawah ini melanggar jaminan. Perbaiki aturan, atau ubah jaminan bila terlalu luas.",
            "The person below breaks the guarantee. Mend the rules, or the guarantee where it says too much.",
        ),
        "error",
        of_answers=True,
    ),
    "date": KindWords(
        both(
            "Setiap hari ada hukumnya, dan tidak ada yang berlaku surut", "Every day has its law, and none is backdated"
        ),
        both("Ada hari tanpa hukum, atau perubahan yang berlaku surut", "A day without law, or a backdated change"),
        both(
            "Isi hari yang kosong dengan aturan atau nilai yang berlaku. Bila suatu perubahan memang berlaku surut, "
            "pastikan peraturannya mengatakan demikian dan catat pasalnya.",
            "Fill the empty days with the rule or value that is meant. Where a change is meant to reach back, make "
            "sure that the regulation says so, and cite the article.",
        ),
        of_answers=True,
    ),
    "dead-rule": KindWords(
        both("Setiap aturan dapat berlaku bagi seseorang", "Every rule can hold for somebody"),
        both("Aturan yang tidak dapat berlaku bagi siapa pun", "A rule that can hold for nobody"),
        both(
            "Cari syarat yang saling meniadakan, atau nilai yang tidak dapat mencapai ambangnya; perbaiki atau hapus.",
            "Look for conditions that exclude each other, or a value that cannot reach its threshold; mend or delete.",
        ),
        seen=both("Aturan yang dimatikan oleh hukumnya sendiri", "Rules that the law itself switches off"),
    ),
    "shadowed-rule": KindWords(
        both("Setiap aturan dapat menentukan jawaban", "Every rule can decide"),
        both("Aturan yang selalu didahului aturan lain", "A rule that others always go before"),
        both(
            "Ubah urutan aturan, persempit yang mendahului, atau hapus aturan ini: satu aturan saja, lalu audit lagi.",
            "Change the order of the rules, narrow those before it, or delete it: one rule only, then audit again.",
        ),
    ),
    "constant-condition": KindWords(
        both("Setiap syarat dapat terpenuhi dan tidak terpenuhi", "Every condition can be met, and not met"),
        both("Syarat yang selalu sama hasilnya", "A condition that always comes out the same"),
        both(
            "Periksa ambang dan rentang faktanya: syarat ini tidak menyaring siapa pun, atau menyaring semua orang.",
            "Check its threshold and the range of its facts: it holds nobody back, or everybody.",
        ),
        seen=both(
            "Syarat yang sudah pasti tanpa melihat orangnya", "Conditions that are settled before anybody is looked at"
        ),
    ),
    "redundant-rule": KindWords(
        both("Setiap aturan mengubah suatu jawaban", "Every rule makes a difference"),
        both("Aturan yang tidak mengubah jawaban apa pun", "A rule that makes no difference"),
        both(
            "Aturan lain sudah mencakupnya. Putuskan mana yang dimaksud dan hapus salah satu, bukan keduanya; sesudah "
            "itu audit lagi, karena aturan lain yang disebut tanpa guna dapat menjadi perlu.",
            "Another rule covers it already. Settle which of them is meant and delete one of the two, not both; then "
            "audit again, because others named here as of no use may be needed once it is gone.",
        ),
    ),
    "redundant-condition": KindWords(
        both("Setiap syarat mengubah suatu aturan", "Every condition makes a difference"),
        both("Syarat yang tidak mengubah aturannya", "A condition that makes no difference"),
        both(
            "Syarat ini sudah tercakup oleh syarat lain atau oleh pemeriksaan. Periksa ambangnya, atau hapus satu "
            "syarat saja, lalu audit lagi: dua syarat yang saling mencakup tidak boleh dihapus keduanya.",
            "Other conditions, or the checks, imply it. Check its threshold, or delete one condition only and audit "
            "again: of two that imply each other one must stay.",
        ),
        seen=both("Syarat yang tercakup oleh yang lain", "Conditions that others imply"),
    ),
    "bound": KindWords(
        both("Rentang yang dinyatakan benar-benar tercapai", "Declared ranges are attained"),
        both("Batas yang perlu dilihat", "A bound to look at"),
        both(
            "Bandingkan batas ini dengan batas yang dimaksud peraturan.",
            "Compare the bound with the one that the regulation means.",
        ),
        seen=both("Batas nilai dan jumlah", "Bounds of scores and amounts"),
    ),
    "exposure": KindWords(
        both("Biaya tertinggi", "The most it can cost"),
        both("Biaya yang perlu dilihat", "A cost to look at"),
        both("Bandingkan dengan anggaran.", "Compare it with the budget."),
    ),
    "cliff": KindWords(
        both(
            "Satu langkah satu data tidak mengurangi jumlah, dan tidak menambah beban",
            "No step of one fact takes anything off an amount, or adds to a burden",
        ),
        both("Perubahan tajam karena satu langkah", "A steep change for one step"),
        both(
            "Putuskan apakah perubahan ini dimaksudkan; bila tidak, buat peralihannya bertahap.",
            "Settle whether the change is meant; where it is not, make the change gradual.",
        ),
        seen=both(
            "Penurunan terbesar, dan kenaikan beban terbesar, karena satu langkah",
            "The largest drops, and rises of burdens, for one step",
        ),
    ),
    "unknown": KindWords(
        both("Data yang tidak pernah menentukan", "Facts that never matter"),
        both("Satu data yang hilang membuka terlalu banyak keputusan", "One missing fact leaves too much open"),
        both(
            "Lengkapi data ini lebih dulu, atau beri praduga (`assume`) bila hukumnya menyediakan.",
            "Collect this fact first, or give a presumption (`assume`) where the law has one.",
        ),
        seen=both("Akibat satu data yang hilang", "What one missing fact leaves open"),
    ),
}
"""In the order of a report: what decides wrongly first, then what the document says for nothing, then measurements."""

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
    "observed": both("bukan klaim: hasil pengukuran", "no claim: a measurement"),
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


def headline(finding: Finding) -> Words:
    """Name a flaw: by what is wrong where a claim is refuted, by what was looked at where there is no claim."""
    words = KINDS[finding.kind.value]
    return words.measured if finding.verdict == "observed" else words.broken


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
