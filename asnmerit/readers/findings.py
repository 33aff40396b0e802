"""What a reader has to say about a file: what it repaired, what it doubts, what it refuses.

A finding carries a code and its fields; its text, in Indonesian and English, is built from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal

import attrs

from asnmerit.errors import AsnmeritError

Kind = Literal["repair", "doubt", "refusal"]
Language = Literal["id", "en"]

LONGEST_VALUE_SHOWN: Final = 40


@attrs.frozen
class Words:
    """One text in two languages.

    >>> Words("kosong", "empty").text("en")
    'empty'
    """

    id: str
    en: str

    def text(self, lang: Language = "en") -> str:
        """Give the text in one language."""
        return self.id if lang == "id" else self.en

    def filled(self, fields: Mapping[str, str]) -> Words:
        """Give both texts with the fields of a case put in."""
        return Words(self.id.format_map(fields), self.en.format_map(fields))


NOTHING: Final = Words("", "")


@attrs.frozen
class FindingKind:
    """A row of the catalogue: a code, how grave it is, and what is wrong."""

    code: str
    kind: Kind
    what: Words


def _rows(kind: Kind, rows: Mapping[str, tuple[str, str]]) -> dict[str, FindingKind]:
    return {code: FindingKind(code, kind, Words(*texts)) for code, texts in rows.items()}


_FILE: Final = {
    "file-empty": ("berkas kosong", "the file is empty"),
    "file-without-rows": ("berkas tidak berisi satu pegawai pun", "the file holds no employee"),
    "file-encoding": ("isi berkas bukan teks UTF-8", "the file is not UTF-8 text"),
    "file-workbook": ("berkas ini buku kerja Excel, bukan CSV", "the file is a spreadsheet workbook, not CSV"),
    "file-too-big": ("isi buku kerja terlalu besar", "the workbook unpacks to too much"),
    "file-broken": ("buku kerja rusak atau terkunci sandi", "the workbook is broken or locked by a password"),
    "file-sheet": ("lembar itu tidak ada", "no such sheet"),
    "excel-missing": ("pembaca Excel belum terpasang", "the reader of Excel files is not installed"),
    "file-layout": ("susunan berkas tidak dikenal", "the file is laid out in a way that is not known"),
    "file-cut": ("berkas terpotong, sisanya tidak dapat dibaca", "the file is cut short, the rest cannot be read"),
    "header-broken": ("baris judul tidak dapat dibaca", "the header row cannot be read"),
    "header-delimiter": ("baris judul hanya satu kolom", "the header row is a single column"),
    "header-not-found": ("baris judul tidak ditemukan", "no header row was found"),
    "column-tangled": (
        "kolom memuat beberapa hal yang tidak dapat dipisahkan tanpa menebak",
        "the column holds several things that cannot be told apart without guessing",
    ),
    "column-year": ("kolom tahunan tanpa tahun", "a yearly column without its year"),
    "column-unknown": ("kolom tidak dikenal", "unknown column"),
    "column-twice": ("kolom ada dua kali", "the column is here twice"),
    "column-clash": ("dua kolom memuat hal yang sama", "two columns hold the same thing"),
}
_ROW: Final = {
    "row-encoding": ("baris memuat bita yang bukan UTF-8", "the row holds bytes that are not UTF-8"),
    "row-long": ("baris terlalu panjang", "the row is too long"),
    "row-quotes": ("tanda kutip di baris ini tidak berpasangan", "the quotation marks of this row do not pair"),
    "row-cells": ("jumlah sel tidak sama dengan judul", "the number of cells differs from the header"),
    "row-shape": ("bukan satu objek", "not one object"),
    "json-syntax": ("bukan JSON yang benar", "not well-formed JSON"),
    "json-duplicate-key": ("kunci JSON ada dua kali", "a JSON key is here twice"),
    "json-number": ("angka JSON tidak dapat dipakai", "a JSON number that cannot be used"),
    "json-depth": ("JSON bersarang terlalu dalam", "JSON nested too deep"),
    "cell-surrogate": ("teks memuat separuh karakter", "the text holds half a character (a lone surrogate)"),
    "cell-control": ("sel memuat karakter kendali", "the cell holds a control character"),
    "cell-number": ("bukan angka", "not a number"),
    "cell-date": ("bukan tanggal", "not a date"),
    "cell-date-ambiguous": ("tanggal dapat dibaca dua cara", "the date can be read in two ways"),
    "cell-combined": ("sel gabungan tidak dapat dipisahkan", "the cell cannot be taken apart"),
    "cell-formula": (
        "rumus tanpa hasil tersimpan; buka dan simpan dahulu di Excel",
        "a formula whose result is not stored; open and save the file in Excel first",
    ),
    "cell-formula-error": ("rumus menghasilkan galat", "the formula gives an error"),
    "cell-year": ("bukan tahun", "not a year"),
    "row-without-employee": ("baris tanpa NIP dan tanpa isian", "a row without a NIP and without facts"),
    "cell-no-such-date": ("tanggal itu tidak ada", "no such date"),
    "cell-bool": ("bukan ya atau tidak", "not yes or no"),
    "cell-member": ("bukan nilai yang dikenal", "not a known value"),
    "cell-list": ("bukan daftar JSON", "not a JSON list"),
    "cell-family": ("bukan objek JSON", "not a JSON object"),
    "cells-disagree": ("dua kolom berbeda isi", "two columns disagree"),
    "cells-none-and-some": ("`[]` (tidak ada) bersama isian lain", "`[]` (none) beside other cells"),
    "cell-unclaimed": ("sel berisi di bawah kolom tanpa judul", "a cell is filled under a column without a name"),
    "nip-digits": ("NIP bukan 18 angka", "the NIP is not 18 digits"),
    "nip-lost-digits": (
        "NIP tersimpan sebagai angka dan kehilangan digit",
        "the NIP was stored as a number and has lost digits",
    ),
}
_DOUBT: Final = {
    "code-open": ("kode itu tidak menjawabnya, dibiarkan belum diketahui", "the code does not say; left unknown"),
    "nip-twice": ("NIP ini ada di dua baris", "this NIP stands in two rows"),
    "period-part": (
        "periode ini bukan satu tahun, dibiarkan belum diketahui",
        "the period is not a whole year; left unknown",
    ),
    "nip-empty": ("NIP kosong", "the NIP is empty"),
    "nip-date": ("digit tanggal lahir NIP bukan tanggal", "the birth-date digits of the NIP are not a date"),
    "nip-year": ("digit tahun pengangkatan NIP bukan tahun", "the digits of the NIP's year are not a year"),
    "nip-month": ("digit bulan NIP bukan 01-12 atau 21-29", "the month digits of the NIP are not 01-12 or 21-29"),
    "nip-frequency": ("digit frekuensi PPPK bukan 21-29", "the PPPK frequency digits of the NIP are not 21-29"),
    "nip-sex-digit": ("digit jenis kelamin NIP bukan 1 atau 2", "the sex digit of the NIP is not 1 or 2"),
    "nip-birth-date": ("tanggal lahir berbeda dari NIP", "the birth date differs from the NIP"),
    "nip-appointment": ("TMT CPNS berbeda dari NIP", "the appointment (TMT CPNS) differs from the NIP"),
    "nip-sex": ("jenis kelamin berbeda dari NIP", "the sex differs from the NIP"),
}
_REPAIR: Final = {
    "spaces-removed": ("spasi dibuang", "spaces removed"),
    "zero-restored": ("angka nol di depan dikembalikan", "leading zero restored"),
    "spelling-read": ("ejaan lain dibaca", "another spelling was read"),
    "date-read": ("bentuk lain tanggal dibaca", "another way to write a date was read"),
    "rating-inverted": (
        "kode peringkat dibaca terbalik, sesuai pilihan Anda",
        "the rating code was read upside down, as you chose",
    ),
    "synonym-read": ("padanan yang Anda sebutkan dipakai", "the synonym you named was used"),
}

# What the histories of the service (riwayat) give rise to.
_HISTORY_REFUSAL: Final = {
    "person-shape": ("bukan data utama dengan riwayatnya", "not a data-utama with its histories"),
    "person-other": ("riwayat memuat orang lain", "a history holds another person"),
    "key-unknown": ("kunci tidak dikenal", "unknown key"),
}
_HISTORY_DOUBT: Final = {
    "service-no-answer": (
        "layanan tidak memberi data, dibiarkan belum diketahui",
        "the service gave no data; left unknown",
    ),
    "keys-disagree": (
        "satu hal tertulis dua kali dengan isi berbeda, dibiarkan belum diketahui",
        "one thing is written twice and differs; left unknown",
    ),
    "years-disagree": (
        "dua isian untuk satu tahun berbeda, dibiarkan belum diketahui",
        "two entries for one year differ; left unknown",
    ),
    "entry-unread": ("isian riwayat tidak dapat dibaca", "an entry of the history cannot be read"),
    "history-differs": ("riwayat berbeda dari data utama", "the history differs from data-utama"),
    "history-missing": (
        "riwayat yang diperlukan tidak ada, dibiarkan belum diketahui",
        "a history that is needed is not there; left unknown",
    ),
    "history-long": (
        "riwayat melebihi yang ditampung; hanya yang terbaru dibaca",
        "the history is longer than the fact holds; only the latest entries were read",
    ),
    "sanction-half-cancelled": (
        "pembatalan hukuman tidak lengkap, tingkatnya dibiarkan belum diketahui",
        "the cancellation of the sanction is incomplete; its level was left unknown",
    ),
    "sanction-end": (
        "akhir hukuman tidak cocok dengan masanya",
        "the end of the sanction does not fit its length",
    ),
    "sanction-end-empty": ("akhir hukuman kosong", "the end of the sanction is empty"),
    "sanction-reactivation": (
        "pengaktifan kembali bukan hukuman, tidak dihitung",
        "a reactivation is not a sanction; left out",
    ),
    "credit-one-year": (
        "angka kredit terakhir adalah konversi; jumlah kumulatifnya belum diketahui",
        "the last credit is a conversion; the cumulative total is not known",
    ),
}
_HISTORY_REPAIR: Final = {
    "entry-twice": ("isian yang sama persis dihitung sekali", "identical entries were counted once"),
    "sanction-cancelled": ("hukuman yang dibatalkan tidak dihitung", "a cancelled sanction was left out"),
    "level-from-kind": ("tingkat hukuman diambil dari jenisnya", "the level of the sanction was taken from its kind"),
    "from-history": ("data utama kosong, riwayat dipakai", "data-utama is empty; the history was used"),
}

CATALOGUE: Final[Mapping[str, FindingKind]] = {
    **_rows("refusal", _FILE | _ROW | _HISTORY_REFUSAL),
    **_rows("doubt", _DOUBT | _HISTORY_DOUBT),
    **_rows("repair", _REPAIR | _HISTORY_REPAIR),
}


@attrs.frozen
class Finding:
    """One thing found in a file: where, what was wrong, what was expected.

    Args:
        code: a code of the catalogue.
        column: the column's name as the file spells it, "" when it is about the row or the file.
        value: what stood there, shortened.
        expected: what was expected, or what it was read as.
        hint: what to do about it.

    >>> print(Finding("cell-bool", "aktif", "mungkin", Words("ya atau tidak", "ya or tidak")).text("en"))
    column `aktif`: not yes or no: `mungkin`; expected ya or tidak [cell-bool]
    """

    code: str
    column: str = ""
    value: str = ""
    expected: Words = NOTHING
    hint: Words = NOTHING

    @property
    def kind(self) -> Kind:
        """`repair`, `doubt` or `refusal`."""
        return CATALOGUE[self.code].kind

    def what(self, lang: Language = "en") -> str:
        """Say what was wrong, without the column."""
        return CATALOGUE[self.code].what.text(lang) + (f": `{self.value}`" if self.value else "")

    def text(self, lang: Language = "en") -> str:
        """Say it on one line: column, what was wrong, what was expected, a hint, the code."""
        place = {"id": "kolom", "en": "column"}[lang] + f" `{self.column}`: " if self.column else ""
        said = {"id": ("dibaca sebagai", "seharusnya"), "en": ("read as", "expected")}[lang]
        join = said[0] if self.kind == "repair" else said[1]
        expected = f"; {join} {self.expected.text(lang)}" if self.expected.text(lang) else ""
        hint = f" ({self.hint.text(lang)})" if self.hint.text(lang) else ""
        return f"{place}{self.what(lang)}{expected}{hint} [{self.code}]"

    def __str__(self) -> str:
        """The English text."""
        return self.text("en")


class FileRefusedError(AsnmeritError):
    """A file cannot be read as records at all. Every reason is in `findings`."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings; the text lists them all."""
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def text(self, lang: Language = "en") -> str:
        """All findings, one a line."""
        return "\n".join(f.text(lang) for f in self.findings)

    def __str__(self) -> str:
        """All findings in English."""
        return self.text("en")


class CellRefusedError(AsnmeritError):
    """One cell cannot be read. It carries the finding, which does not yet know its column."""

    def __init__(self, code: str, value: object, expected: Words = NOTHING, hint: Words = NOTHING) -> None:
        """Make the finding."""
        self.finding = Finding(code, "", shortened(value), expected, hint)
        super().__init__(self.finding)

    def __str__(self) -> str:
        """The finding's English text."""
        return self.finding.text("en")


def shortened(value: object) -> str:
    """Show a cell in an error text: printable, on one line, and never all of a long one.

    >>> shortened("a" * 100)
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…'
    """
    text = value if isinstance(value, str) else str(value)
    text = text[: LONGEST_VALUE_SHOWN + 1]
    text = "".join(c if c.isprintable() and c != "`" else ascii(c)[1:-1] for c in text)
    return text if len(text) <= LONGEST_VALUE_SHOWN else text[: LONGEST_VALUE_SHOWN - 1] + "…"
