"""SIASN exports and the spreadsheets around them: column names, dates, codes and known dirt.

A column under a name of `ALIASES` is read as the fact of that row. A column of `UNUSED` is known to stand in
such files and is passed over. Every other column must bear the name of a fact.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import attrs

from asnmerit.readers.findings import CellRefusedError, Words
from asnmerit.readers.siasn_codes import ACTIVE, book_of, folded
from asnmerit.readers.text import refused_member
from asnmerit.rules.types import Enum


@attrs.frozen
class Alias:
    """Other names of a fact's column, and the book of its codes where the type has none."""

    fact: str
    names: tuple[str, ...]
    codes: Mapping[str, str] | None = None


# Fact; its names in the CSV export, in the service's JSON, and as headers of spreadsheets.
ALIASES: Final = (
    Alias("employment", ("jenis_asn", "statusPegawai", "status_cpns_pns")),
    Alias("active", ("kedudukan_hukum_id", "kedudukanPnsId"), ACTIVE),
    Alias("birth_date", ("tanggal_lahir", "tglLahir", "tgl lahir")),
    Alias("sex", ("jenis_kelamin", "jenisKelamin", "L/P")),
    Alias("cpns_date", ("tmt_cpns", "tmtCpns")),
    Alias("pns_date", ("tmt_pns", "tmtPns")),
    Alias("rank", ("gol_akhir_id", "gol_akhir_nama", "golRuangAkhirId", "golongan", "gol", "g/r akhir")),
    Alias("rank_date", ("tmt_golongan", "tmtGolAkhir", "tmtGolongan", "tmt gol", "tmt pangkat")),
    Alias("position_kind", ("jenis_jabatan_id", "jenis_jabatan_nama", "jenis_jabatan", "jenisJabatanId")),
    Alias("position_date", ("tmt_jabatan", "tmtJabatan")),
    Alias("echelon", ("eselon", "eselonId", "esel")),
    Alias("functional_level", ("jenjang_jf", "jenjang", "kode_jenjang_jabatan")),
    Alias("functional_level_date", ("tmt_jenjang",)),
    Alias("job_class", ("kelas_jabatan", "kelas", "peringkat jabatan")),
    Alias(
        "education",
        ("tingkat_pendidikan_id", "tingkat_pendidikan_nama", "tkPendidikanTerakhirId", "jenjang didik"),
    ),
    Alias("grade_service_years", ("mk_tahun", "mkTahun", "masaKerjaGolonganTahun", "masa kerja tahun")),
    Alias("grade_service_months", ("mk_bulan", "mkBulan", "masaKerjaGolonganBulan", "masa kerja bulan")),
    Alias("graduation_year", ("tahun_lulus", "tahunLulus", "th lls")),
    Alias("retirement_age", ("bup", "bupPensiun")),
    Alias("credit_total", ("angka_kredit", "kreditBaruTotal", "AK", "PAK")),
)
YEARLY_ALIASES: Final = (
    Alias("performance", ("predikat_kinerja", "kuadranKinerja", "KuadranKinerjaNilai")),
)  # with the year behind: predikat_kinerja_2025

NUMBER_COLUMNS: Final = ("nip_baru", "nip", "nipBaru", "NIP18", "nip baru")
NAME_COLUMNS: Final = ("nama", "nama_lengkap", "nama pegawai", "name")
WITNESSES: Final[Mapping[str, str]] = {
    "TANGGALLAHIR": "birth_date",
    "TGLLAHIR": "birth_date",
    "TMTCPNS": "cpns_date",
    "JENISKELAMIN": "sex",
    "LP": "sex",
}
SEXES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("L", "LAKILAKI", "PRIA", "M"), "male"),
    **dict.fromkeys(("P", "PEREMPUAN", "WANITA", "F"), "female"),
}

# Columns of the "Export Data ASN" file and of the sheets around it that no fact reads.
_UNUSED: Final = """
pns_id nip_lama gelar_depan gelar_belakang tempat_lahir_id tempat_lahir_nama agama_id agama_nama jenis_kawin_id
jenis_kawin_nama nik nomor_hp email email_gov alamat npwp_nomor bpjs jenis_pegawai_id jenis_pegawai_nama
kedudukan_hukum_nama kartu_asn_virtual nomor_sk_cpns tanggal_sk_cpns nomor_sk_pns tanggal_sk_pns gol_awal_id
gol_awal_nama jabatan_id jabatan_nama jabatan pendidikan_id pendidikan_nama unor_id unor_nama unit_kerja opd skpd
is_valid_nik nama_sekolah flag_ikd tempat_lahir pangkat pkt no nomor keterangan catatan tahun_lulus
"""
UNUSED: Final = frozenset(folded(name) for name in _UNUSED.split())
_UNUSED_FAMILY: Final = re.compile(r"(KPKN|LOKASIKERJA|INSTANSIINDUK|INSTANSIKERJA|SATUANKERJA)(ID|NAMA)?")
_APOSTROPHES: Final = "'`\u2018\u2019"
_STATUS_CODE: Final = Words("kode kedudukan hukum, misalnya 01", "a legal-status code, such as 01")
_RANK_IN_BRACKETS: Final = re.compile(r".*\([IVXivx]+[ ./]?[A-Ea-e]\)")


def is_unused(name: str) -> bool:
    """Say whether a column is known to stand in such files though no fact reads it.

    >>> is_unused("Tempat_Lahir.Nama"), is_unused("kualitas")
    (True, False)
    """
    plain = folded(name)
    known = plain in UNUSED or _UNUSED_FAMILY.fullmatch(plain) is not None
    return known or any(plain == folded(n) for alias in ALIASES for n in alias.names)


def looks_like_siasn(header: Iterable[str]) -> bool:
    """Say whether a header row is that of an export: it has the column `nip_baru` or `pns_id`.

    >>> looks_like_siasn(["PNS ID", "NIP BARU", "NAMA"])
    True
    """
    return not {"NIPBARU", "PNSID"}.isdisjoint(folded(name) for name in header)


def cleaned(text: str) -> str:
    """Take off what the export puts around a value: an apostrophe before it, the word null for nothing.

    >>> cleaned("'198503172010011003"), cleaned("null")
    ('198503172010011003', '')
    """
    text = text.strip()
    if text[:1] in _APOSTROPHES:
        text = text[1:].strip()
    return "" if text.lower() == "null" else text


def member(kind: Enum, text: str) -> tuple[str, str]:
    """Read a code or a spelling as a member of a type; give the code of the finding where there is one.

    A code that SIASN knows but the type has no member for gives "" and `code-open`.

    >>> rank = Enum("rank", ("III/a", "III/b"), (0, 1), True, policy="indonesia/asn")
    >>> member(rank, "32"), member(rank, "IIIa"), member(rank, "Penata Muda (III/a)")
    (('III/b', ''), ('III/a', ''), ('III/a', 'spelling-read'))

    Raises:
        CellRefusedError: if it is neither a code nor a spelling of a member.
    """
    if text in kind.members:
        return text, ""
    plain, book = folded(text), book_of(kind.policy, kind.name)
    if found := book.get(plain, ""):
        if found not in kind.members:
            return "", "code-open"
        return found, "spelling-read" if _RANK_IN_BRACKETS.fullmatch(text) else ""
    if plain.isdigit() and (found := book.get("0" + plain, "")) in kind.members:
        return found, "zero-restored"
    same = [m for m in kind.members if folded(m) == plain]
    if len(same) == 1:
        return same[0], ""
    raise refused_member(text, kind.members)


def coded(codes: Mapping[str, str], text: str) -> str:
    """Read a code by the book of its column; give "" when the book says that the code leaves it open.

    >>> coded(ACTIVE, "01"), coded(ACTIVE, "03")
    ('ya', '')

    Raises:
        CellRefusedError: if it is not a code at all.
    """
    plain = folded(text)
    if len(plain) == 1 and plain.isdigit():
        plain = "0" + plain
    if plain in codes:
        return codes[plain]
    if re.fullmatch(r"[0-9]{2}", plain):
        return ""
    raise CellRefusedError("cell-member", text, _STATUS_CODE)
