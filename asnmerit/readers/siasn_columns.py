"""The columns of SIASN exports, of the service's data-utama, and of the sheets that staff keep beside them.

A column under a name of `ALIASES` is read as the fact of that row. A column of `COMBINED` holds several things, each
of which is taken out of it. A column of `UNUSED` is known to stand in such files and is passed over. Every other
column must bear the name of a fact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

import attrs

from asnmerit.readers.combined import day_in, months_in, number_in, rank_in, years_in
from asnmerit.readers.siasn_codes import ACTIVE, folded

_MORE_MARKS: Final = re.compile(r"[,;:+&%*#\"]")


def named(text: str) -> str:
    """Give the form in which names of columns are compared.

    >>> named("JABATAN (NAMA, TMT)"), named("Gol_Akhir.ID")
    ('JABATANNAMATMT', 'GOLAKHIRID')
    """
    return folded(_MORE_MARKS.sub(" ", text))


class Filled(Mapping[str, str]):
    """The book of a column of which only matters whether anything stands in it: every text means yes.

    >>> Filled()["S.H."], "M.Si" in Filled()
    ('ya', True)
    """

    def __getitem__(self, _key: str) -> str:
        """Every text means yes."""
        return "ya"

    def __contains__(self, _key: object) -> bool:
        """Every text is in the book."""
        return True

    def __iter__(self) -> Iterator[str]:
        """Nothing can be listed."""
        return iter(())

    def __len__(self) -> int:
        """Not empty, though nothing can be listed."""
        return 1


@attrs.frozen
class Alias:
    """Other names of a fact's column, and the book of its codes where the type has none."""

    fact: str
    names: tuple[str, ...]
    codes: Mapping[str, str] | None = None


RESULTS: Final = ("hasil_kerja", "hasilKinerja", "hasilKinerjaNilai", "rating hasil kerja")
BEHAVIOUR: Final = (
    "perilaku_kerja", "perilakuKerja", "PerilakuKerjaNilai", "rating perilaku", "rating hasil perilaku",
)  # fmt: skip

# Fact; its names in the CSV export, in the service's JSON, and as headers of spreadsheets.
ALIASES: Final = (
    Alias("employment", ("jenis_asn", "statusPegawai", "status_cpns_pns")),
    Alias("active", ("kedudukan_hukum_id", "kedudukanPnsId"), ACTIVE),
    Alias("legal_status", ("kedudukan_hukum_id", "kedudukanPnsId")),
    Alias("has_title", ("gelar_depan", "gelar_belakang"), Filled()),
    Alias("has_post", (
        "jabatan_id", "jabatan_nama", "jabatanNama", "jabatanFungsionalId", "jabatanFungsionalUmumId",
    ), Filled()),
    Alias("leave_end", ("akhir_cltn", "cltn_akhir", "tmt_akhir_cltn")),
    Alias("birth_date", ("tanggal_lahir", "tglLahir", "tgl lahir")),
    Alias("sex", ("jenis_kelamin", "jenisKelamin", "L/P")),
    Alias("cpns_date", ("tmt_cpns", "tmtCpns", "cpns tmt")),
    Alias("pns_date", ("tmt_pns", "tmtPns", "pns tmt")),
    Alias("rank", (
        "gol_akhir_id", "gol_akhir_nama", "golRuangAkhirId", "golRuangAkhir", "golongan", "gol", "g/r akhir",
        "golongan terakhir", "golongan sekarang", "golongan ruang", "gol/ruang", "pangkat/golongan", "pangkat/gol",
        "pangkat/golongan sekarang", "pangkat/golongan ruang", "pangkat gol ruang", "pkt lama", "pangkat g/r akhir",
        "pangkat terakhir gol", "pangkat terakhir gol/ruang",
    )),
    Alias("rank_date", (
        "tmt_golongan", "tmtGolAkhir", "tmtGolongan", "tmt gol", "tmt pangkat", "tmt golongan terakhir",
        "tmt golongan sekarang", "pangkat tmt", "pangkat terakhir tmt", "golongan ruang tmt", "gol ruang tmt",
    )),
    Alias("position_kind", ("jenis_jabatan_id", "jenis_jabatan_nama", "jenis_jabatan", "jenisJabatanId")),
    Alias("position_date", ("tmt_jabatan", "tmtJabatan", "jabatan tmt")),
    Alias("echelon", ("eselon", "eselonId", "esel")),
    Alias("functional_level", ("jenjang_jf", "jenjang", "kode_jenjang_jabatan")),
    Alias("functional_level_date", ("tmt_jenjang",)),
    Alias("job_class", ("kelas_jabatan", "kelas", "peringkat jabatan")),
    Alias("education", (
        "tingkat_pendidikan_id", "tingkat_pendidikan_nama", "tkPendidikanTerakhirId", "tkPendidikanTerakhir",
        "tingkat_pendidikan", "jenjang didik", "pendidikan", "pendidikan umum", "pendidikan terakhir",
        "pendidikan tingkat", "pendidikan (tingkat, jurusan, th lls)",
    )),
    Alias("leadership_training", ("penjenjangan", "diklat penjenjangan", "diklat kepemimpinan", "diklatpim")),
    Alias("grade_service_years", (
        "mk_tahun", "mkTahun", "masaKerjaGolonganTahun", "masa kerja tahun", "mkg tahun", "mker th", "masa kerja th",
        "mkg th",
    )),
    Alias("grade_service_months", (
        "mk_bulan", "mkBulan", "masaKerjaGolonganBulan", "masa kerja bulan", "mkg bulan", "mker bl", "masa kerja bl",
        "mkg bl",
    )),
    Alias("graduation_year", ("tahun_lulus", "tahunLulus", "th lls", "pendidikan th lls")),
    Alias("retirement_age", ("bup", "bupPensiun")),
    Alias("retirement_date", ("tmt_pensiun", "tmtPensiun")),
    Alias("credit_total", ("angka_kredit", "AK", "PAK")),
    Alias("results_rating", RESULTS),
    Alias("behaviour_rating", BEHAVIOUR),
)  # fmt: skip
# With the year behind, predikat_kinerja_2025, or beside a column TAHUN.
YEARLY_ALIASES: Final = (
    Alias("performance", ("predikat_kinerja", "kuadranKinerja", "KuadranKinerjaNilai")),
    Alias("results_rating", RESULTS),
    Alias("behaviour_rating", BEHAVIOUR),
)  # fmt: skip

# The first of these that is there names the employee; an old number beside it is passed over.
NUMBER_COLUMNS: Final = ("nip_baru", "NIP18", "nip")
NAME_COLUMNS: Final = ("nama", "nama_lengkap", "nama pegawai", "name")
YEAR_COLUMN: Final = "TAHUN"
PERIOD_COLUMN: Final = "PERIODE"
WITNESSES: Final[Mapping[str, str]] = {
    "TANGGALLAHIR": "birth_date",
    "TGLLAHIR": "birth_date",
    "TMTCPNS": "cpns_date",
    "CPNSTMT": "cpns_date",
    "JENISKELAMIN": "sex",
    "LP": "sex",
}

NUMBER: Final = "number"
Part = tuple[str, Callable[[str], str]]

# What is taken out of a column that holds several things: for each, the fact (or the employee's number) and how.
_COMBINED: Final[tuple[tuple[tuple[str, ...], tuple[Part, ...]], ...]] = (
    (
        ("tempat/tanggal lahir", "tempat, tanggal lahir", "tempat/tgl lahir", "tempat tgl lahir", "ttl"),
        (("birth_date", day_in),),
    ),
    (("nama/nip", "nip/nama", "nip nama", "nama nip", "nama dan nip", "nip dan nama"), ((NUMBER, number_in),)),
    (("jabatan (nama, tmt)", "jabatan/tmt", "nama jabatan/tmt"), (("position_date", day_in),)),
    (
        ("pangkat (g/r akhir, tmt)", "pangkat/gol/tmt", "pangkat/golongan/tmt", "golongan/tmt", "gol/tmt"),
        (("rank", rank_in), ("rank_date", day_in)),
    ),
    (
        ("mker (th, bl)", "mkg (th, bl)", "masa kerja (th, bl)", "masa kerja golongan", "mker", "mkg"),
        (("grade_service_years", years_in), ("grade_service_months", months_in)),
    ),
)
COMBINED: Final[Mapping[str, tuple[Part, ...]]] = {named(n): parts for names, parts in _COMBINED for n in names}

# Columns that hold several things which cannot be told apart without guessing.
TANGLED: Final = frozenset(
    named(name)
    for name in ("lat. jabatan (nama/tgl lulus, jam)", "lat jabatan", "latihan jabatan", "diklat (nama, tahun, jam)")
)

# Columns of the "Export Data ASN" file and of the sheets around it that no fact reads.
_UNUSED: Final = """
pns_id nip_lama nrk gelar_depan gelar_belakang tempat_lahir_id tempat_lahir_nama agama_id agama_nama jenis_kawin_id
jenis_kawin_nama nik nomor_hp email email_gov alamat npwp_nomor bpjs jenis_pegawai_id jenis_pegawai_nama
kedudukan_hukum_nama kartu_asn_virtual nomor_sk_cpns tanggal_sk_cpns nomor_sk_pns tanggal_sk_pns gol_awal_id
gol_awal_nama jabatan_id jabatan_nama jabatan pendidikan_id pendidikan_nama unor_id unor_nama unit_kerja opd skpd
is_valid_nik nama_sekolah flag_ikd tempat_lahir pangkat pkt no nomor no_urut keterangan catatan status
no_karpeg jabatan_saat_ini golongan_cpns golongan_pns gaji_pokok kgb tmt_eselon jabatan_struktural
jabatan_fungsional cpns_golongan pns_golongan jurusan pendidikan_jurusan no_urut_peg no_urut_pkt no_urut_peg_pkt
cat_mut_kepeg
pkt_baru unit_organisasi jenis_asesmen potkom nilai_integritas kotak_9 tma tma_lain t_kinerja pot_absen
pangkat_golongan_masuk golongan_masuk tmt_golongan_masuk tmt_golongan_cpns tmt_golongan_pns instansi
"""
UNUSED: Final = frozenset(named(name) for name in _UNUSED.split())
UNUSED_FAMILY: Final = re.compile(r"(KPKN|LOKASIKERJA|INSTANSIINDUK|INSTANSIKERJA|SATUANKERJA)(ID|NAMA)?")
KNOWN_NAMES: Final = frozenset(named(n) for alias in (*ALIASES, *YEARLY_ALIASES) for n in alias.names)


def is_unused(name: str) -> bool:
    """Say whether a column is known to stand in such files though no fact reads it.

    >>> is_unused("Tempat_Lahir.Nama"), is_unused("kualitas")
    (True, False)
    """
    plain = named(name)
    alias = plain in KNOWN_NAMES or plain in {YEAR_COLUMN, PERIOD_COLUMN} or plain in COMBINED
    return plain in UNUSED or alias or UNUSED_FAMILY.fullmatch(plain) is not None
