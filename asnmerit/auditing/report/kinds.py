"""What a report says of each kind of finding, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, Literal

import attrs

from asnmerit.auditing.report.words import Words, both

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Finding

Level = Literal["error", "warning"]


@attrs.frozen
class KindWords:
    """A kind of finding: what is guaranteed where it is proved, what is wrong where it is not, and what to do.

    `seen` heads what was only observed, where the guarantee would be no name for it; `unasked` says what to do where
    that is a flaw, because the claim is about nobody.
    """

    holds: Words
    broken: Words
    act: Words
    level: Level = "warning"
    of_answers: bool = False
    seen: Words | None = None
    unasked: Words | None = None

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
        unasked=both(
            "Beri tipenya urutan (`order`) bila belum ada; bila `checks` mengikat fakta ini pada fakta lain, turunkan "
            "yang satu dari yang lain, lalu audit lagi.",
            "Give its type an `order` where it has none; where `checks` tie this fact to another one, derive one from "
            "the other, and audit again.",
        ),
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
        seen=both("Fakta yang dilindungi yang tidak dapat dibandingkan", "A protected fact that cannot be compared"),
        unasked=both(
            "Bila `checks` mengikat fakta ini pada fakta lain, turunkan yang satu dari yang lain, lalu audit lagi.",
            "Where `checks` tie this fact to another one, derive one from the other, and audit again.",
        ),
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


def headline(finding: Finding) -> Words:
    """Name a flaw: by what is wrong where a claim is refuted, by what was looked at where there is no claim."""
    words = KINDS[finding.kind.value]
    return words.measured if finding.verdict == "observed" else words.broken


def to_do(finding: Finding) -> Words:
    """Say what to do about a flaw; of what is none, nothing."""
    words = KINDS[finding.kind.value]
    if not finding.flaw:
        return {}
    return (words.unasked or words.act) if finding.verdict == "observed" else words.act
