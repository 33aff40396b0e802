"""The fixed words of regulation pages, in Indonesian and English."""

from __future__ import annotations

from typing import Final

from asnmerit.phrases import GRADE_NAMES
from asnmerit.regulations.model import NOTHING, Words, escaped, pair

PHRASES: Final[dict[str, tuple[str, str]]] = {
    "intro": (
        "Halaman ini dibuat dari dokumen kebijakan; yang tidak ada dalam dokumen tidak disebut.",
        "This page is made from the policy document; what is not in the document is not said.",
    ),
    "name": ("Nama", "Name"),
    "days": ("Dapat ditanyakan untuk tanggal", "May be asked for the days"),
    "known": ("Diketahui sejak", "Known from"),
    "changes": ("Isinya berubah pada", "What it says changes on"),
    "learnt": ("Perubahan diketahui pada", "Changes became known on"),
    "since": ("sejak {0}", "from {0}"),
    "through": ("sampai dengan {0}", "through {0}"),
    "open": ("seterusnya", "onwards"),
    "known_since": ("diketahui sejak {0}", "known from {0}"),
    "extends": ("Turunan dari", "Extends"),
    "uses": ("Memakai", "Uses"),
    "abstract": (
        "Belum lengkap sendiri: nilai berikut diserahkan kepada kebijakan turunan dan belum diisi: {0}",
        "Not whole by itself: these values are left to a policy that extends it and have not been given: {0}",
    ),
    "sources": ("Sumber", "Sources"),
    "source": ("Sumber", "Source"),
    "title": ("Judul", "Title"),
    "grade": ("Bukti", "Evidence"),
    "note": ("Catatan", "Note"),
    "read_at": ("Dibaca di", "Read at"),
    "basis": ("Dasar", "Basis"),
    "no_basis": ("tanpa dasar yang disebut", "no basis cited"),
    "decisions": ("Yang diputuskan", "What is decided"),
    "inherited": (
        "Keputusan induk yang tidak diubah di sini: {0}. Aturannya ada pada halaman induk.",
        "Decisions of the parent that are not changed here: {0}. Their rules stand on the parent's page.",
    ),
    "kind_benefit": (
        "Manfaat: memenuhi syarat berarti mendapat sesuatu.",
        "A benefit: whoever qualifies is granted something.",
    ),
    "kind_burden": (
        "Beban: memenuhi syarat berarti dikenai sesuatu.",
        "A burden: whoever qualifies has something imposed.",
    ),
    "kind_finding": ("Temuan: sesuatu dinyatakan tentang pegawai.", "A finding: something is stated of the person."),
    "hit_unique": ("Paling banyak satu aturan boleh terpenuhi.", "At most one rule may hold."),
    "hit_first": (
        "Aturan pertama yang terpenuhi yang berlaku, menurut urutan di bawah.",
        "The first rule that holds counts, in the order below.",
    ),
    "hit_any": (
        "Beberapa aturan boleh terpenuhi, dengan hasil yang sama.",
        "Several rules may hold, with the same outcome.",
    ),
    "hit_collect": ("Semua aturan yang terpenuhi berlaku bersama.", "All rules that hold count together."),
    "outcome": ("Hasil", "Outcome"),
    "better_higher": ("lebih tinggi lebih baik", "higher is better"),
    "better_lower": ("lebih rendah lebih baik", "lower is better"),
    "summed": ("dijumlahkan", "added up"),
    "otherwise": ("Bila tidak ada aturan yang terpenuhi", "Where no rule holds"),
    "common": ("Berlaku untuk setiap aturan keputusan ini", "For every rule of this decision"),
    "added": ("Ditambahkan oleh {0}", "Added by {0}"),
    "applies": ("Berlaku bagi", "Applies to"),
    "requires": ("Syarat", "Requires"),
    "unless": ("Tidak boleh", "Must not be"),
    "except": ("kecuali: ", "except: "),
    "when": ("hanya bila: ", "only where: "),
    "any_of": ("salah satu dari:", "one of:"),
    "all_of": ("semua dari:", "all of:"),
    "at_least": ("sekurang-kurangnya {0} dari:", "at least {0} of:"),
    "no_condition": ("tanpa syarat", "without condition"),
    "gives_benefit": ("Memberikan", "Grants"),
    "gives_burden": ("Menjatuhkan", "Imposes"),
    "gives_finding": ("Menetapkan", "Finds"),
    "each_member": ("Satu aturan bagi setiap {0}: {1}", "One rule for each {0}: {1}"),
    "each_value": ("satu nilai bagi setiap {0}: {1}", "one value for each {0}: {1}"),
    "each_row": ("satu nilai bagi setiap baris {0}", "one value for each row of {0}"),
    "in_force": ("Berlaku", "In force"),
    "repealed": ("dicabut", "repealed"),
    "version": ("Versi {0}", "Version {0}"),
    "conditions": ("Syarat bersama", "Shared conditions"),
    "values": ("Nilai hukum", "Values of the law"),
    "value": ("Nilai", "Value"),
    "from": ("Sejak", "From"),
    "until": ("Sampai dengan", "Through"),
    "reading": ("bacaan lain `{0}`", "another reading `{0}`"),
    "delegated": ("diserahkan kepada kebijakan turunan", "left to a policy that extends this one"),
    "set_by": ("ditetapkan oleh {0}", "set by {0}"),
    "tables": ("Tabel", "Tables"),
    "from_below": ("dari {0} sampai di bawah {1}", "from {0} to below {1}"),
    "from_through": ("dari {0} sampai dengan {1}", "from {0} through {1}"),
    "hole": ("tidak ada baris", "no row"),
    "outside": ("Di luar baris yang ada: {0}", "Where there is no row: {0}"),
    "row_basis": ("Dasar baris {0}", "Basis of row {0}"),
    "derived": ("Nilai yang dihitung", "Values that are computed"),
    "computed": ("Rumus", "Formula"),
    "kept_within": (
        "data yang menghasilkan nilai di luar {0} sampai {1} ditolak",
        "a record that gives a value outside {0} to {1} is refused",
    ),
    "indicators": ("Indikator", "Indicators"),
    "scale": ("Skala {0} sampai {1}, kelipatan {2}", "Scale {0} to {1}, in steps of {2}"),
    "rater": ("Penilai {0}", "Raters {0}"),
    "up_to": ("paling banyak {0}", "at most {0}"),
    "fewest": ("sekurang-kurangnya {0}", "at least {0}"),
    "mean": ("rata-rata", "mean"),
    "median": ("median", "median"),
    "required": ("wajib ada", "required"),
    "scheme": ("Bobot, pilihan ke-{0}", "Weights, choice {0}"),
    "schemes": (
        "Bobot: yang dipakai adalah pilihan pertama yang semua bagiannya ada",
        "Weights: the first choice of which all parts are there is used",
    ),
    "else": ("Bila tidak ada yang dapat dipakai", "Where none can be used"),
    "rounded": ("Dibulatkan ke kelipatan {0}: {1}", "Rounded to a multiple of {0}: {1}"),
    "half_up": ("setengah ke atas", "half up"),
    "half_even": ("setengah ke genap", "half to even"),
    "half_down": ("setengah ke nol", "half toward zero"),
    "down": ("dipotong", "cut off"),
    "up": ("menjauhi nol", "away from zero"),
    "floor": ("ke bawah", "down"),
    "ceiling": ("ke atas", "up"),
    "assessed": ("Dinilai bagi", "Assessed for"),
    "scores": ("Skor", "Scores"),
    "facts": ("Data yang dibaca", "Facts that are read"),
    "fact": ("Data", "Fact"),
    "type": ("Isi", "What it holds"),
    "marks": ("Sifat", "Marks"),
    "declared_in": ("Dari", "Declared in"),
    "presumed": ("bila tidak tercatat dianggap {0}", "where not recorded, presumed to be {0}"),
    "presumed_none": ("bila tidak tercatat dianggap tidak ada", "where not recorded, presumed to be none"),
    "merit": ("prestasi: lebih tinggi tidak boleh merugikan", "merit: more of it must never hurt"),
    "protected": ("terlindung: tidak boleh berpengaruh", "protected: it must not matter"),
    "immutable": ("tidak dapat diubah pegawai", "the person cannot change it"),
    "actionable": ("dapat diubah pegawai", "the person can change it"),
    "category": ("kategori `{0}`", "category `{0}`"),
    "bool": ("ya atau tidak", "yes or no"),
    "integer": ("bilangan bulat", "a whole number"),
    "number": ("bilangan", "a number"),
    "percent": ("persentase", "a percentage"),
    "rupiah": ("jumlah rupiah", "an amount in rupiah"),
    "date": ("tanggal", "a day"),
    "months": ("bulan", "months"),
    "ranging": (" dari {0} sampai {1}", " from {0} to {1}"),
    "stepping": (", kelipatan {0}", ", in steps of {0}"),
    "list_of": ("daftar, paling banyak {0}: {1}", "a list, at most {0}: {1}"),
    "per_year": ("per tahun kalender, {1} tahun terakhir: {0}", "by calendar year, the last {1}: {0}"),
    "per_member": ("satu bagi setiap {1}: {0}", "one for each {1}: {0}"),
    "types": ("Golongan dan kategori", "Categories"),
    "ordered": ("dari yang terendah", "from the lowest"),
    "unordered": ("tanpa urutan", "without order"),
    "same_level": ("setingkat", "of one level"),
    "checks": ("Pemeriksaan data", "Checks of the record"),
    "checks_intro": ("Data yang melanggar ini ditolak.", "A record that breaks one of these is refused."),
    "guarantees": ("Jaminan", "Guarantees"),
    "guarantees_intro": (
        "Pernyataan yang harus benar bagi setiap pegawai.",
        "Claims that must hold for everybody.",
    ),
    "rankings": ("Urutan", "Rankings"),
    "highest": ("{0}, tertinggi dahulu", "{0}, highest first"),
    "lowest": ("{0}, terendah dahulu", "{0}, lowest first"),
    "earliest": ("{0}, terdahulu dahulu", "{0}, earliest first"),
    "latest": ("{0}, terakhir dahulu", "{0}, latest first"),
    "ties_shared": ("yang sama mendapat tempat yang sama", "equals share a place"),
    "ties_strict": ("tidak boleh ada yang sama", "there may be no equals"),
    "delegates": ("Pelimpahan", "Delegations"),
    "delegates_intro": (
        "Hanya ini yang boleh diubah oleh kebijakan turunan.",
        "Only this may be changed by a policy that extends this one.",
    ),
    "what": ("Apa", "What"),
    "may": ("Boleh", "May"),
    "set": ("ditetapkan", "be set"),
    "raise": ("dinaikkan", "be raised"),
    "lower": ("diturunkan", "be lowered"),
    "add_rules": ("ditambah aturan", "be given more rules"),
    "add_requires": ("ditambah syarat", "be given more conditions"),
    "within": ("Batas", "Within"),
    "borrowed": ("Istilah dari kebijakan lain", "Terms of other policies"),
    "borrowed_intro": (
        "Dipakai di halaman ini dan diuraikan pada halaman kebijakan yang disebut.",
        "Used on this page and laid down on the page of the policy named.",
    ),
    "doubts": ("Pertentangan dan kekurangan", "Contradictions and gaps"),
    "doubts_none": ("Dokumen tidak menyebut satu pun.", "The document names none."),
    "disputed": ("Bacaan yang dipertentangkan", "Readings that are disputed"),
    "chosen": ("Dipakai", "In use"),
    "weak": (
        "Bukti lemah, angka contoh dan pertentangan yang dicatat",
        "Weak evidence, example numbers and contradictions noted",
    ),
    "coverage": ("Kasus uji yang mencakup", "Scenarios that cover it"),
    "coverage_none": ("Tidak ada berkas kasus uji.", "There is no file of scenarios."),
    "coverage_intro": (
        "{0} dari {1} kasus lulus. Kasus yang disebut adalah yang jawabannya bergantung padanya.",
        "{0} of {1} cases pass. The cases named are those whose answer rests on it.",
    ),
    "rule": ("Aturan", "Rule"),
    "condition": ("Syarat", "Condition"),
    "table": ("Tabel", "Table"),
    "coverage_count": ("Banyaknya", "How many"),
    "cases": ("Kasus", "Cases"),
    "day": ("Tanggal", "Day"),
    "shows": ("Yang ditunjukkan", "What it shows"),
    "met": ("Terpenuhi", "Met"),
    "not_met": ("Tidak terpenuhi", "Not met"),
    "rows_reached": ("Baris tercapai", "Rows reached"),
    "no_case": ("belum ada kasus", "no case"),
    "and_more": ("dan {0} lagi", "and {0} more"),
    "of": ("{0} dari {1}", "{0} of {1}"),
    "failed": ("Tidak lulus: {0}", "Not passed: {0}"),
    "examples": ("Contoh perhitungan", "Worked examples"),
    "example": ("Contoh", "Example"),
    "tier": ("Tingkat sumber", "Tier"),
    "all_cases": ("Semua kasus", "All cases"),
    "case": ("Kasus", "Case"),
    "partly": ("hanya sebagian", "in part only"),
    "not_encoded": ("Contoh yang tidak dapat dijadikan kasus", "Examples that could not be made into cases"),
    "reason": ("Alasan", "Reason"),
    "tier_official-text": ("teks resmi", "official text"),
    "tier_official-slides": ("paparan resmi", "official slides"),
    "tier_secondary": ("sumber kedua", "secondary source"),
    "tier_third-party-code": ("kode pihak ketiga", "third-party code"),
    "tier_derived": ("diturunkan", "derived"),
    "tier_own": ("ditulis untuk proyek ini", "written for this project"),
    "granted_of": ("{0}: diberikan", "{0}: granted"),
    "imposed_of": ("{0}: dijatuhkan", "{0}: imposed"),
    "found_of": ("{0}: terpenuhi", "{0}: found"),
    "assessed_at_all": ("dinilai", "assessed"),
    "yes": ("{0}: ya", "{0}: yes"),
    "no": ("{0}: tidak", "{0}: no"),
    "index": ("Peraturan dalam kata-kata", "Regulations in words"),
    "index_intro": (
        "Satu halaman untuk setiap kebijakan, dibuat dari dokumennya.",
        "One page for each policy, made from its document.",
    ),
}


def said(key: str, *parts: Words) -> Words:
    """Give a phrase, with texts put into it.

    >>> said("since", pair("1 Mei 2024", "1 May 2024")).en
    'from 1 May 2024'
    """
    indonesian, english = PHRASES[key]
    return Words(indonesian.format(*(p.id for p in parts)), english.format(*(p.en for p in parts)))


def remark(key: str, text: str) -> Words:
    """Say a text of the document, which is in one language, with a word before it.

    >>> remark("note", "a remark").both
    'Catatan / Note: a remark'
    """
    heads, words = PHRASES[key], escaped(text)
    return Words(f"{heads[0]}: {words}", f"{heads[1]}: {words}", f"{' / '.join(heads)}: {words}")


def graded(grade: str) -> Words:
    """Say a grade of evidence in words; of none, nothing.

    >>> graded("A").en
    'A (official text read)'
    """
    return pair(GRADE_NAMES["id"][grade], GRADE_NAMES["en"][grade]) if grade else NOTHING
