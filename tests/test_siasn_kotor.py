"""A SIASN export with every kind of dirt: one command reads, decides and reports it, row for row."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from asnmerit.cli import main
from asnmerit.readers.siasn_columns import is_unused, named

CASES = Path(__file__).parent / "cases" / "siasn"
KOTOR = CASES / "kotor.csv"
POLICY = "indonesia/kenaikan_pangkat"
DAY = ("--on", "2026-02-01")

# Row by row: the status, the codes of what keeps it from being decided, the codes of what was repaired or doubted.
EXPECTED = [
    ("granted", "", ""),
    ("granted", "", ""),  # an apostrophe before every cell
    ("granted", "", ""),  # the word null
    ("refused", "", "spelling-read"),  # Penata (III/c), PERLU PERBAIKAN
    ("refused", "", "spelling-read"),  # IV.b, S2 TEKNIK SIPIL
    ("refused", "", "spelling-read"),  # IIIC, DIII KEBIDANAN
    ("granted", "", "spaces-removed"),
    ("error", "nip-lost-digits", ""),  # 1.98503E+17
    ("error", "nip-lost-digits", ""),  # ...000
    ("granted", "", "nip-twice"),  # of row 1
    ("error", "cell-date-ambiguous", ""),  # 04/01/2020
    ("granted", "", "date-read"),  # 25/04/2020
    ("granted", "", "date-read date-read"),  # 1 April 2020; a moment at midnight
    ("error", "cell-no-such-date", ""),  # 04/25/2020
    ("error", "cell-member", ""),  # Cukup
    ("granted", "", "nip-birth-date nip-appointment nip-sex"),
    ("refused", "", "code-open"),  # PPPK, group IX
    ("refused", "", "zero-restored"),  # education 5
    ("granted", "", ""),  # ="..."
    ("error", "cell-formula-error", ""),
    ("error", "cells-disagree", ""),
    ("error", "cell-date", ""),  # an Excel day number
    ("error", "cell-date", ""),  # a year of two digits
    ("granted", "", "nip-empty"),
    ("undetermined", "", "code-open"),  # legal status 03
    ("error", "cell-member", ""),  # D-IV/S-1
    ("refused", "", ""),  # serving a sanction
    ("error", "cell-no-such-date", ""),
    ("undetermined", "", ""),  # a dash for a predicate
    ("error", "check", ""),  # a rank that begins in the future
    ("error", "row-cells", ""),
]


def run(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def decided(path, *options):
    done = run("decide", POLICY, path, *DAY, "--format", "jsonl", "--lang", "en", *options)
    assert done.exit_code == 1, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def seen(answer):
    status = answer["decision"]["decisions"]["kenaikan_pangkat"]["status"] if "decision" in answer else "error"
    errors = " ".join(error["code"] for error in answer.get("errors", []))
    return status, errors, " ".join(note["code"] for note in answer.get("notes", []))


def test_every_row_comes_out_in_order_decided_or_in_error_with_its_repairs():
    answers = decided(KOTOR)
    assert [answer["row"] for answer in answers] == list(range(1, len(EXPECTED) + 1))
    assert [seen(answer) for answer in answers] == EXPECTED
    assert answers[9]["notes"][0]["text"].endswith("(row 1 and row 10) [nip-twice]")


def test_the_table_tells_the_same_and_how_to_mend_it():
    done = run("decide", POLICY, KOTOR, *DAY, "--lang", "id")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["kenaikan_pangkat.status"], row["error_code"]) for row in rows] == [(s, e) for s, e, _ in EXPECTED]
    assert "NIP bertipe teks" in rows[7]["error_expected"]
    assert "--date-order" in rows[10]["error_expected"]
    assert "31 pegawai, 13 baris bermasalah" in done.stderr


def test_what_the_caller_says_is_used_and_told():
    answers = decided(KOTOR, "--alias", "performance:cukup=butuh_perbaikan", "--date-order", "dmy")
    assert seen(answers[14]) == ("refused", "", "synonym-read")
    assert seen(answers[10]) == ("granted", "", "date-read")
    assert seen(answers[13]) == ("error", "cell-no-such-date", "")
    wrong = run("decide", POLICY, KOTOR, *DAY, "--alias", "perfomance:cukup=baik")
    assert (wrong.exit_code, "did you mean performance" in wrong.stderr) == (2, True)


def cell_of(name, text):
    """The cell as a workbook would hold it: days as days, small numbers as numbers, everything else as text."""
    if name.startswith(("tanggal", "tmt")) and len(text) == 10 and text[2] == text[5] == "-":
        day, month, year = text.split("-")
        return date(int(year), int(month), int(day)) if (int(month), int(day)) != (2, 31) else text
    return int(text) if name in {"mk_tahun", "mk_bulan", "tahun_lulus"} and text.isdigit() else text


def test_the_same_file_as_a_workbook_gives_the_same_answers(tmp_path):
    with KOTOR.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["EXPORT DATA ASN"])
    sheet.append([])
    sheet.append(header)
    for line, row in enumerate(rows, start=4):
        for column, (name, text) in enumerate(zip(header, row, strict=False), start=1):
            cell = sheet.cell(line, column, cell_of(name, text))
            if text.startswith("="):
                cell.data_type = "s"
    path = tmp_path / "kotor.xlsx"
    book.save(path)
    answers = decided(path)
    assert [answer["row"] for answer in answers] == list(range(1, len(EXPECTED) + 1))
    # A short row of a sheet is a row with empty cells: there the workbook differs.
    assert [seen(answer) for answer in answers][:-1] == EXPECTED[:-1]
    assert seen(answers[-1]) == ("undetermined", "", "")


HEADERS = """pns_id nip_baru nip_lama nama gelar_depan gelar_belakang tempat_lahir_id tempat_lahir_nama tanggal_lahir
jenis_kelamin agama_id agama_nama jenis_kawin_id jenis_kawin_nama nik nomor_hp email email_gov alamat npwp_nomor bpjs
jenis_pegawai_id jenis_pegawai_nama kedudukan_hukum_id kedudukan_hukum_nama status_cpns_pns kartu_asn_virtual
nomor_sk_cpns tanggal_sk_cpns tmt_cpns nomor_sk_pns tanggal_sk_pns tmt_pns gol_awal_id gol_awal_nama gol_akhir_id
gol_akhir_nama tmt_golongan mk_tahun mk_bulan jenis_jabatan_id jenis_jabatan_nama jabatan_id jabatan_nama tmt_jabatan
tingkat_pendidikan_id tingkat_pendidikan_nama pendidikan_id pendidikan_nama tahun_lulus kpkn_id kpkn_nama
lokasi_kerja_id lokasi_kerja_nama unor_id unor_nama instansi_induk_id instansi_induk_nama instansi_kerja_id
instansi_kerja_nama satuan_kerja_id satuan_kerja_nama is_valid_nik nama_sekolah flag_ikd"""


@pytest.mark.parametrize("name", HEADERS.split())
def test_every_header_of_the_export_is_known(name):
    assert is_unused(name) or named(name) in {"NIPBARU", "NAMA"}
    assert is_unused(name.upper().replace("_", " ")) == is_unused(name)


def test_the_answers_of_the_service_row_for_row():
    answers = decided(CASES / "kotor.json")
    assert [seen(answer) for answer in answers] == [
        ("granted", "", ""),
        ("undetermined", "", "years-disagree"),
        ("undetermined", "", "entry-twice keys-disagree"),
        ("refused", "", ""),
        ("granted", "", "sanction-cancelled"),
        ("undetermined", "", "sanction-half-cancelled"),
        ("undetermined", "", "service-no-answer"),
        ("error", "person-other person-other", ""),
        ("error", "cells-disagree", ""),
        ("error", "nip-lost-digits", ""),
        ("granted", "", "from-history"),
        ("error", "key-unknown", "history-differs"),
    ]


def test_an_indonesian_table_has_no_english_in_it(tmp_path):
    wrong = tmp_path / "salah.json"
    wrong.write_text(json.dumps([
        {"rank": "III/x", "foo": 1, "months_in_rank": 3, "performance": {"25": "baik"}, "sanctions": [{}] * 9},
        {"active": "ya", "performance": ["baik"], "rank_date": "2026-13-01", "sanctions": [7, {"levl": "S"}]},
    ]), encoding="utf-8")  # fmt: skip
    for path in (KOTOR, wrong):
        done = run("decide", POLICY, path, *DAY, "--lang", "id")
        body = done.stdout.partition("\n")[2]
        for word in ("did you mean", "expected", "such as", "one of", " or ", " and ", "the law", " of ", "read as"):
            assert word not in body, (word, body)
