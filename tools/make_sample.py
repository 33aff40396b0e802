"""Write `asnmerit/data/pegawai_contoh.csv`: made-up employees in the shape of a SIASN export.

Nobody in the file exists. The same seed writes the same file, byte for byte:

    python tools/make_sample.py            # writes the file
    python tools/make_sample.py --check    # fails if the shipped file differs
"""

from __future__ import annotations

import csv
import io
import random
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Final

Cells = dict[str, str]


def words(text: str) -> tuple[str, ...]:
    """Give the words of a text."""
    return tuple(text.split())


TARGET: Final = Path(__file__).parent.parent / "asnmerit" / "data" / "pegawai_contoh.csv"
SEED: Final = 20260401
COUNT: Final = 250
AS_OF: Final = date(2026, 4, 1)
REMARK: Final = "DATA SINTETIS - bukan orang sebenarnya"

EXPORT: Final = words("""
pns_id nip_baru nip_lama nama gelar_depan gelar_belakang tempat_lahir_id tempat_lahir_nama tanggal_lahir
jenis_kelamin agama_id agama_nama jenis_kawin_id jenis_kawin_nama nik nomor_hp email email_gov alamat npwp_nomor
bpjs jenis_pegawai_id jenis_pegawai_nama kedudukan_hukum_id kedudukan_hukum_nama status_cpns_pns
kartu_asn_virtual nomor_sk_cpns tanggal_sk_cpns tmt_cpns nomor_sk_pns tanggal_sk_pns tmt_pns gol_awal_id
gol_awal_nama gol_akhir_id gol_akhir_nama tmt_golongan mk_tahun mk_bulan jenis_jabatan_id jenis_jabatan_nama
jabatan_id jabatan_nama tmt_jabatan tingkat_pendidikan_id tingkat_pendidikan_nama pendidikan_id pendidikan_nama
tahun_lulus kpkn_id kpkn_nama lokasi_kerja_id lokasi_kerja_nama unor_id unor_nama instansi_induk_id
instansi_induk_nama instansi_kerja_id instansi_kerja_nama satuan_kerja_id satuan_kerja_nama is_valid_nik
""")
YEARS: Final = range(2021, 2026)
APPENDED: Final = [
    *(f"performance_{year}" for year in YEARS),
    *("sanctions_1_level", "sanctions_1_start", "sanctions_1_end", "under_examination"),
    *("absences_1_start", "absences_1_days", "absences_2_start", "absences_2_days"),
    "quality_supervisor_1",
    *(f"quality_peers_{n}" for n in range(1, 5)),
    *(f"quality_subordinates_{n}" for n in range(1, 5)),
    *(f"innovation_panel_{n}" for n in range(1, 4)),
    *(f"projects_led_1_{field}" for field in ("kind", "budget", "due", "completed", "successful")),
    "region_of_origin",
    "keterangan",
]

MEN: Final = words("Adi Bayu Candra Dimas Eko Fajar Gilang Hendra Irfan Joko Krisna Lukas Markus Niko Oscar Paulus")
WOMEN: Final = words("Ayu Bella Citra Dewi Erna Fitri Gita Hana Intan Julia Kartika Lestari Maria Novi Ratna Sari")
LAST: Final = words("""
Contohwan Misalnya Umpama Teladani Sampelia Andaikan Ibaratno Percontoh Modelita Khayalan Rekaan Fiktiva
""")
PLACES: Final = ("Manokwari", "Sorong", "Fakfak", "Kaimana", "Jayapura", "Makassar")
UNITS: Final = (
    "Dinas Pekerjaan Umum dan Penataan Ruang",
    "Dinas Pendidikan",
    "Dinas Kesehatan",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Badan Kepegawaian dan Pengembangan SDM",
    "Sekretariat Daerah",
)
POSTS: Final = {
    "1": ("Jabatan Struktural", ("Kepala Seksi", "Kepala Bidang", "Kepala Subbagian")),
    "2": ("Jabatan Fungsional Tertentu", ("Analis Kebijakan", "Guru", "Perawat", "Pranata Komputer")),
    "4": ("Jabatan Fungsional Umum", ("Pengadministrasi Umum", "Pengelola Data", "Pengelola Keuangan")),
}
# Education code, its name, the golongan of entry.
SCHOOLS: Final = (
    ("15", "SLTA", 21),
    ("30", "Diploma III/Sarjana Muda", 23),
    ("40", "S-1/Sarjana", 31),
    ("45", "S-2", 32),
)
RANKS: Final = (21, 22, 23, 24, 31, 32, 33, 34, 41, 42, 43)
LEGAL: Final = {"01": "Aktif", "02": "CLTN", "03": "Tugas Belajar"}


def written(day: date) -> str:
    """Write a date as SIASN does."""
    return day.strftime("%d-%m-%Y")


def rank_name(code: int) -> str:
    """Name a golongan: 31 is III/a."""
    return f"{words('I II III IV')[code // 10 - 1]}/{'abcde'[code % 10 - 1]}"


class Maker:
    """Makes one employee after the other from one stream of random numbers."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)  # noqa: S311 - made-up people, the same ones every time

    def day(self, first: date, last: date) -> date:
        """Pick a day."""
        return first + timedelta(days=self.random.randrange(max((last - first).days, 1)))

    def chance(self, percent: int) -> bool:
        """Say yes in so many cases of a hundred."""
        return self.random.randrange(100) < percent

    def score(self, middle: int, spread: int) -> str:
        """Give a score on the scale of 0 to 100 in quarters, as text."""
        quarters = round(4 * min(100, max(0, self.random.gauss(middle, spread))))
        return f"{quarters / 4:.2f}"

    def employee(self, serial: int) -> Cells:
        """Make one employee: who he is, where he stands, how he was rated."""
        cells = dict.fromkeys([*EXPORT, *APPENDED], "")
        cells |= self.person(serial)
        cells |= self.standing(cells)
        cells |= self.ratings()
        cells |= self.record()
        return cells

    def person(self, serial: int) -> Cells:
        """Make birth, sex, name and appointment, and the number that repeats them."""
        born = self.day(date(1969, 1, 1), date(2000, 12, 31))
        woman = self.chance(48)
        pppk = self.chance(8)
        youngest = max(date(born.year + 20, 1, 1), date(2021 if pppk else 1992, 1, 1))
        entered = self.day(youngest, max(date(min(born.year + 34, 2025), 2, 1), youngest + timedelta(days=400)))
        entered = min(entered, date(2025, 3, 1)).replace(day=1)
        period = f"{entered.year}2{self.random.randint(1, 2)}" if pppk else f"{entered:%Y%m}"
        digits = f"{born:%Y%m%d}{period}{2 if woman else 1}{900 + serial % 100:03d}"
        school = self.random.choice(SCHOOLS)
        return {
            "pns_id": f"CONTOH-{serial:04d}",
            "nip_baru": f"'{digits}",
            "nama": f"{self.random.choice(WOMEN if woman else MEN)} {self.random.choice(LAST)}",
            "tempat_lahir_nama": self.random.choice(PLACES),
            "tanggal_lahir": written(born),
            "jenis_kelamin": "P" if woman else "L",
            "status_cpns_pns": "PPPK" if pppk else "CPNS" if entered >= date(2025, 1, 1) else "PNS",
            "tmt_cpns": "" if pppk else written(entered),
            "tingkat_pendidikan_id": school[0],
            "tingkat_pendidikan_nama": school[1],
            "tahun_lulus": str(entered.year - 1),
            "keterangan": REMARK,
        }

    def standing(self, cells: Cells) -> Cells:
        """Make rank, post and legal status, consistent with the appointment."""
        legal = "01" if self.chance(94) else self.random.choice(["02", "03"])
        found = {
            "kedudukan_hukum_id": legal,
            "kedudukan_hukum_nama": LEGAL[legal],
            "unor_nama": self.random.choice(UNITS),
            "instansi_kerja_nama": "Pemerintah Kabupaten Contoh",
            "is_valid_nik": "null",
        }
        if cells["status_cpns_pns"] == "PPPK":
            posted = self.day(date(2021, 6, 1), date(2025, 6, 1)).replace(day=1)
            return found | self.post("2", posted) | {"gol_akhir_nama": "IX", "tmt_golongan": written(posted)}
        day, month, year = map(int, cells["tmt_cpns"].split("-"))
        entered = date(year, month, day)
        first = next(school[2] for school in SCHOOLS if school[0] == cells["tingkat_pendidikan_id"])
        steps = min((AS_OF.year - entered.year) // 4, len(RANKS) - 1 - RANKS.index(first))
        rank = RANKS[RANKS.index(first) + steps]
        since = entered if steps == 0 else date(min(entered.year + 4 * steps, 2025), self.random.choice([4, 10]), 1)
        kind = "1" if rank >= RANKS[6] and self.chance(40) else self.random.choice(["2", "4"])
        posted = self.day(max(entered, date(2012, 1, 1)), date(2025, 12, 1)).replace(day=1)
        return (
            found
            | self.post(kind, max(posted, entered))
            | {
                "tmt_pns": ""
                if cells["status_cpns_pns"] == "CPNS"
                else written(date(entered.year + 1, entered.month, 1)),
                "gol_awal_id": str(first),
                "gol_awal_nama": rank_name(first),
                "gol_akhir_id": str(rank),
                "gol_akhir_nama": rank_name(rank),
                "tmt_golongan": written(since),
                "mk_tahun": str(AS_OF.year - entered.year),
                "mk_bulan": str(self.random.randrange(12)),
            }
        )

    def post(self, kind: str, since: date) -> Cells:
        """Make the post."""
        name, titles = POSTS[kind]
        return {
            "jenis_jabatan_id": kind,
            "jenis_jabatan_nama": name,
            "jabatan_nama": self.random.choice(titles),
            "tmt_jabatan": written(since),
        }

    def ratings(self) -> Cells:
        """Make the yearly predicates and the scores that raters gave. Some are not there: nobody knows them."""
        middle = self.random.choice([72, 80, 86, 92])
        found = {f"performance_{year}": self.predicate(gaps=0 if year > YEARS[2] else 30) for year in YEARS}
        if self.chance(5):
            found["performance_2025"] = ""
        found["quality_supervisor_1"] = "" if self.chance(5) else self.score(middle, 5)
        found |= self.raters("quality_peers", self.random.choice([0, 1, 2, 3, 4, 4]), middle)
        found |= self.raters("quality_subordinates", self.random.choice([0, 0, 3, 4]), middle)
        if not self.chance(6):
            found |= self.raters("innovation_panel", 3, middle - 4)
        return found

    def predicate(self, gaps: int) -> str:
        """Make the predicate of one year; earlier years are often missing."""
        if self.chance(gaps):
            return ""
        if self.chance(90):
            return "SANGAT BAIK" if self.chance(30) else "BAIK"
        return self.random.choice(["BUTUH PERBAIKAN", "KURANG"])

    def raters(self, column: str, count: int, middle: int) -> Cells:
        """Make the scores of one kind of raters; `[]` says that there is nobody of that kind."""
        scores = {f"{column}_{n}": self.score(middle, 6) for n in range(1, count + 1)}
        return scores or {f"{column}_1": "[]"}

    def record(self) -> Cells:
        """Make sanctions, absences and projects; `[]` says that there is none."""
        found = {"region_of_origin": self.random.choice(["manokwari", "papua_barat", "tanah_papua_lain", "luar_papua"])}
        found["under_examination"] = "" if self.chance(3) else "ya" if self.chance(3) else "tidak"
        found["sanctions_1_level"] = "[]"
        if self.chance(7):
            start = self.day(date(2023, 1, 1), date(2026, 2, 1))
            found |= {
                "sanctions_1_level": self.random.choice(["R", "S", "S", "B"]),
                "sanctions_1_start": written(start),
                "sanctions_1_end": written(start + timedelta(days=364)),
            }
        found["absences_1_start"] = "[]"
        for n in range(1, self.random.choice([0, 0, 0, 0, 1, 1, 2]) + 1):
            start = self.day(date(2025, 2, 1) if n == 1 else date(2025, 7, 1), date(2025, 12, 20))
            found |= {f"absences_{n}_start": written(start), f"absences_{n}_days": str(self.random.randint(1, 4))}
        found["projects_led_1_kind"] = "[]"
        if self.chance(14):
            due = self.day(date(2025, 6, 1), date(2025, 12, 15))
            found |= {
                "projects_led_1_kind": self.random.choice(["infrastruktur", "infrastruktur", "pelayanan_publik"]),
                "projects_led_1_budget": str(self.random.randint(2, 60) * 500_000_000),
                "projects_led_1_due": written(due),
                "projects_led_1_completed": written(due - timedelta(days=self.random.randint(-10, 60))),
                "projects_led_1_successful": "ya" if self.chance(90) else "tidak",
            }
        return found


def _lost_digits(cells: Cells) -> None:
    cells["nip_baru"] = f"{float(cells['nip_baru'].strip(chr(39))):.5E}"


def _spaced(cells: Cells) -> None:
    digits = cells["nip_baru"].strip("'")
    cells["nip_baru"] = f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def _rank_in_words(cells: Cells) -> None:
    cells |= {"gol_akhir_id": "", "gol_akhir_nama": "Penata (III/c)"}


def _other_sex(cells: Cells) -> None:
    cells["jenis_kelamin"] = "L" if cells["jenis_kelamin"] == "P" else "P"


def _put(**values: str) -> Callable[[Cells], None]:
    def put(cells: Cells) -> None:
        cells.update(values)

    return put


# What real files have: rows that cannot be decided, and rows that need a second look.
DIRT: Final[dict[int, Callable[[Cells], None]]] = {
    17: _lost_digits,
    43: _put(tmt_jabatan="31-02-2021"),
    68: _put(performance_2025="Cukup"),
    94: _put(quality_supervisor_1="187.50"),
    121: _put(quality_peers_1="delapan puluh", quality_peers_2="81.00"),
    150: _put(gol_akhir_id="33", gol_akhir_nama="III/d"),
    177: _put(innovation_panel_1="78.125"),
    204: _put(tmt_jabatan="01-08-2026"),
    30: _spaced,
    61: _spaced,
    88: _rank_in_words,
    133: _other_sex,
    190: _put(kedudukan_hukum_id="1"),
}


def sample() -> str:
    """Write the whole file as text."""
    maker = Maker()
    out = io.StringIO()
    writer = csv.DictWriter(out, [*EXPORT, *APPENDED], lineterminator="\n")
    writer.writeheader()
    for serial in range(1, COUNT + 1):
        cells = maker.employee(serial)
        if serial in DIRT:
            DIRT[serial](cells)
        writer.writerow(cells)
    return out.getvalue()


def main() -> int:
    """Write the file, or compare it with what is shipped."""
    text = sample().encode()
    if "--check" in sys.argv[1:]:
        same = TARGET.exists() and TARGET.read_bytes() == text
        print("same" if same else "differs: run tools/make_sample.py")
        return 0 if same else 1
    TARGET.write_bytes(text)
    print(f"{TARGET.name}: {COUNT} employees, {len(text):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
