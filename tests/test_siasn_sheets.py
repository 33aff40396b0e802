"""Sheets that staff keep: headers over several rows, columns that hold several things, dates, and workbooks."""

import io
import sys
import zipfile
from datetime import date, datetime
from fractions import Fraction

import attrs
import openpyxl
import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.cli import main
from asnmerit.readers import SIASN, FileRefusedError, TableOptions, read_csv, read_excel
from asnmerit.readers.dates import sheet_date
from asnmerit.readers.findings import CellRefusedError
from asnmerit.readers.siasn_codes import BOOKS, folded
from asnmerit.rules.types import Date, Enum, Number, Yearly

NIP = "198503172010011003"
# A workbook has moments without a zone.
MIDNIGHT, MIDDAY = datetime.fromisoformat("2020-04-01 00:00"), datetime.fromisoformat("2020-04-01 13:00")
VOCABULARY = am.in_force(am.load("indonesia/asn"), on=date(2026, 1, 1)).facts
RATING = Enum("work_rating", ("di_bawah", "sesuai", "di_atas"), (0, 1, 2), ordered=True, policy="indonesia/kinerja")


@attrs.frozen
class Fact:
    name: str
    type: object


FACTS = [
    *VOCABULARY,
    Fact("results_rating", Yearly(RATING, 5)),
    Fact("behaviour_rating", RATING),
    Fact("graduation_year", Number("integer", Fraction(1930), Fraction(2200), Fraction(1))),
    Fact("retirement_date", Date()),
]


def table(header, *rows, **options):
    text = "\n".join("\t".join(row) for row in [header, *rows]) + "\n"
    return read_csv(io.BytesIO(text.encode()), FACTS, TableOptions(delimiter="\t", convention=SIASN, **options))


def one(cells, **options):
    (row,) = table(list(cells), list(cells.values()), **options).rows
    return row


def codes(row):
    return [finding.code for finding in row.findings]


def refused(header):
    with pytest.raises(FileRefusedError) as caught:
        table(header)
    return [(f.code, f.column) for f in caught.value.findings]


# --- the reports of siasn.md 3.2 ---


def test_the_employee_export():
    row = one({
        "NO": "1", "NAMA LENGKAP": "CONTOH", "NIP": NIP, "NO. KARPEG": "X", "TEMPAT/TANGGAL LAHIR": "KOTA, 17-03-1985",
        "JABATAN SAAT INI": "Y", "TMT JABATAN": "01-02-2021", "JENIS KELAMIN": "L", "GOLONGAN CPNS": "III/a",
        "TMT CPNS": "01-01-2010", "GOLONGAN PNS": "III/a", "TMT PNS": "01-03-2011", "GOLONGAN TERAKHIR": "III/c",
        "TMT GOLONGAN TERAKHIR": "01-04-2020", "GAJI POKOK": "3000000", "PENDIDIKAN UMUM": "S2 TEKNIK",
        "PENJENJANGAN": "DIKLATPIM IV", "UNIT KERJA": "Z",
    })  # fmt: skip
    assert row.record == {
        "birth_date": date(1985, 3, 17), "position_date": date(2021, 2, 1), "sex": "pria",
        "cpns_date": date(2010, 1, 1), "rank": "III/c", "rank_date": date(2020, 4, 1), "education": "s2",
        "leadership_training": "pim_iv",
    }  # fmt: skip
    assert codes(row) == ["spelling-read"]


def test_the_hospital_s_list():
    row = one({
        "NIP": NIP, "PANGKAT/GOLONGAN MASUK": "II/c", "TMT GOLONGAN MASUK": "01-01-2010",
        "PANGKAT/GOLONGAN SEKARANG": "Penata / III/c", "TMT GOLONGAN SEKARANG": "01-04-2020",
        "MASA KERJA TAHUN": "12", "MASA KERJA BULAN": "3", "JABATAN STRUKTURAL": "-", "ESELON": "-", "TMT ESELON": "-",
        "JABATAN FUNGSIONAL": "PERAWAT", "KGB": "x", "JENJANG DIDIK": "D.III", "JURUSAN": "x", "TAHUN LULUS": "2008",
    })  # fmt: skip
    assert row.record == {
        "rank": "III/c", "rank_date": date(2020, 4, 1), "grade_service_years": 12, "grade_service_months": 3,
        "education": "d3", "graduation_year": 2008,
    }  # fmt: skip


def test_a_duk_in_one_header_row():
    row = one({
        "NO URUT (PEG, PKT)": "1", "NAMA/NIP": f"CONTOH / {NIP}", "PANGKAT (G/R AKHIR, TMT)": "III/c, 01-04-2020",
        "JABATAN (NAMA, TMT)": "ANALIS, 01-02-2021", "MKER (TH, BL)": "12, 03",
        "PENDIDIKAN (TINGKAT, JURUSAN, TH LLS)": "S1, HUKUM, 2008", "TEMPAT/TGL LAHIR": "KOTA, 17-03-1985",
        "CAT MUT KEPEG": "", "UNIT KERJA": "",
    })  # fmt: skip
    assert row.id == NIP
    assert row.record == {
        "rank": "III/c", "rank_date": date(2020, 4, 1), "position_date": date(2021, 2, 1), "grade_service_years": 12,
        "grade_service_months": 3, "education": "s1", "birth_date": date(1985, 3, 17),
    }  # fmt: skip


def test_a_column_that_cannot_be_taken_apart_is_refused_with_the_reason():
    assert refused(["NIP", "LAT. JABATAN (NAMA/TGL LULUS, JAM)"]) == [
        ("column-tangled", "LAT. JABATAN (NAMA/TGL LULUS, JAM)")
    ]
    assert table(["NIP", "LAT. JABATAN (NAMA/TGL LULUS, JAM)"], ignore=("*",))


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("TEMPAT/TANGGAL LAHIR", "KOTA"),
        ("TEMPAT/TANGGAL LAHIR", "17-03-1985 atau 18-03-1985"),
        ("MKER (TH, BL)", "dua belas"),
        ("JABATAN (NAMA, TMT)", "ANALIS"),
    ],
)
def test_a_combined_cell_without_its_part_is_refused(column, text):
    assert set(codes(one({"NIP": NIP, column: text}))) == {"cell-combined"}


def test_a_name_stays_out_of_the_message():
    (row,) = table(["NAMA/NIP"], ["SITI CONTOH tanpa nomor"]).rows
    assert codes(row) == ["cell-combined"]
    assert "SITI" not in row.findings[0].text()
    (row,) = table(["NAMA/NIP"], ["SITI CONTOH 1.98503E+17"]).rows
    assert codes(row) == ["nip-lost-digits"]
    assert "SITI" not in row.findings[0].text()


def test_the_list_of_promotions_has_an_old_and_a_new_number():
    found = table(["NO", "NIP", "NIP BARU", "NAMA", "JABATAN", "ESEL", "PKT LAMA", "PKT BARU"],
                  ["1", "131234567", NIP, "X", "Y", "III.b", "III/c", "III/d"])  # fmt: skip
    (row,) = found.rows
    assert (row.id, row.record, codes(row)) == (NIP, {"echelon": "III.b", "rank": "III/c"}, [])
    assert "NIP" in found.layout.passed_over


def test_the_recap_of_appraisals_takes_its_year_from_a_column():
    header = ["NIP", "Nama Pegawai", "Jabatan", "Unit Kerja", "Tahun", "Periode", "Status", "Rating Hasil Kerja",
              "Rating Hasil Perilaku", "Predikat Kinerja"]  # fmt: skip
    rows = list(table(
        header,
        [NIP, "", "", "", "2025", "Tahunan", "Final", "DIATAS ESPEKTASI", "SESUAI EKSPEKTASI", "SANGAT BAIK"],
        [NIP[:-1] + "4", "", "", "", "2025", "Triwulan I", "Final", "", "", "BAIK"],
        [NIP[:-1] + "5", "", "", "", "", "", "Final", "", "", "BAIK"],
    ).rows)  # fmt: skip
    assert rows[0].record == {
        "performance": {2025: "sangat_baik"}, "results_rating": {2025: "di_atas"}, "behaviour_rating": "sesuai",
    }  # fmt: skip
    assert [codes(row) for row in rows] == [[], ["period-part"], ["cell-year"]]
    assert rows[1].record == {}


def test_a_yearly_column_without_its_year_is_refused():
    header = ["NIP", "Jabatan", "Eselon", "Unit Organisasi", "Pangkat", "Jenis Asesmen", "Potkom", "Nilai Integritas",
              "Predikat Kinerja", "Jenjang", "Kotak 9"]  # fmt: skip
    assert refused(header) == [("column-year", "Predikat Kinerja")]
    header[8] = "Predikat Kinerja 2025"
    assert table(header).layout.names_of("performance") == ("Predikat Kinerja 2025",)


def test_the_merge_for_allowances_and_the_payment_list():
    row = one({"NIP": NIP, "Predikat Kinerja 2025": "BAIK", "TMA": "1", "TMA Lain": "0"})
    assert row.record == {"performance": {2025: "baik"}}
    row = one({"nama": "X", "eselon": "IV.a", "golongan": "III.d", "peringkat jabatan": "9", "gaji pokok": "1",
               "T. kinerja": "2", "POT ABSEN (%)": "3"})  # fmt: skip
    assert row.record == {"echelon": "IV.a", "rank": "III/d", "job_class": 9}


# --- words and dates ---


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("S2 TEKNIK", "s2"),
        ("S-1 HUKUM", "s1"),
        ("DIII KEBIDANAN", "d3"),
        ("D.IV STPDN", "d4"),
        ("SMK TEKNIK", "sma_kejuruan"),
        ("Diploma III Keperawatan", "d3"),
        ("SARJANA MUDA HUKUM", "d3"),
        ("SARJANA HUKUM", "s1"),
        ("S1 PENDIDIKAN GURU SD", "s1"),
        ("Magister Manajemen", "s2"),
        ("SMA/IPA", ""),
        ("S1/D4", ""),
        ("D-IV / S-1 HUKUM", ""),
        ("S1 + Profesi", ""),
        ("40 HUKUM", ""),
        ("TEKNIK S2", ""),
        ("S2", "s2"),
    ],
)
def test_an_education_with_its_subject(text, level):
    row = one({"NIP": NIP, "PENDIDIKAN": text})
    assert row.record.get("education", "") == level
    assert codes(row) == ([] if text == "S2" else ["spelling-read"] if level else ["cell-member"])


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("01-04-2022", "", "2022-04-01"),
        ("2022-04-01", "", "2022-04-01"),
        ("2022-04-01 00:00:00", "", "2022-04-01"),
        ("25/04/2022", "", "2022-04-25"),
        ("04/04/2022", "", "2022-04-04"),
        ("1.4.2022", "", "2022-04-01"),
        ("1 April 2022", "", "2022-04-01"),
        ("01-Agu-2022", "", "2022-08-01"),
        ("31 Des. 2021", "", "2021-12-31"),
        ("04/01/2022", "mdy", "2022-04-01"),
        ("04/01/2022", "dmy", "2022-01-04"),
        ("04/25/2022", "mdy", "2022-04-25"),
        ("04/01/2022", "", "cell-date-ambiguous"),
        ("04/25/2022", "", "cell-no-such-date"),
        ("04-25-2022", "", "cell-no-such-date"),
        ("25/04/2022", "mdy", "cell-no-such-date"),
        ("44652", "", "cell-date"),
        ("01-04-22", "", "cell-date"),
        ("1 Apil 2022", "", "cell-date"),
        ("2022-04-01 13:00:00", "", "cell-date"),
        ("29-02-2023", "", "cell-no-such-date"),
        ("01-04/2022", "", "cell-date"),
    ],
)
def test_a_date_is_read_in_the_one_way_it_has_or_refused(text, order, day):
    try:
        found = sheet_date(text, order)[0].isoformat()
    except CellRefusedError as error:
        found = error.finding.code
    assert found == day


@pytest.mark.parametrize("text", ["DIATAS ESPEKTASI", "DI ATAS EKSPEKTASI", "Di Atas Ekspektasi", "1", "di_atas"])
def test_the_rating_above_in_its_spellings(text):
    assert one({"NIP": NIP, "rating hasil kerja 2025": text}).record == {"results_rating": {2025: "di_atas"}}


def test_rating_codes_turned_round_by_choice_only():
    cells = {"NIP": NIP, "rating hasil kerja 2025": "3"}
    assert one(cells).record == {"results_rating": {2025: "di_bawah"}}
    row = one(cells, inverted_ratings=True)
    assert (row.record, codes(row)) == ({"results_rating": {2025: "di_atas"}}, ["rating-inverted"])
    assert one({**cells, "predikat kinerja 2025": "1"}, inverted_ratings=True).record["performance"] == {
        2025: "sangat_baik"
    }


def test_cukup_is_in_no_book():
    assert not [name for name, book in BOOKS.items() if folded("Cukup") in book]


def test_an_alias_holds_for_one_fact_and_a_synonym_for_all():
    cells = {"NIP": NIP, "predikat kinerja 2025": "Cukup", "rating hasil kerja 2025": "Cukup"}
    row = one(cells, aliases={"performance": {"cukup": "butuh_perbaikan"}})
    assert (row.record, codes(row)) == ({"performance": {2025: "butuh_perbaikan"}}, ["synonym-read", "cell-member"])


# --- workbooks ---


def book(*rows, merged=(), title="Data"):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for line, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                sheet.cell(line, column, value)
    for cells in merged:
        sheet.merge_cells(cells)
    stream = io.BytesIO()
    made.save(stream)
    stream.seek(0)
    return stream


def test_a_header_of_two_rows_below_a_title_with_numbered_columns():
    stream = book(
        ["DAFTAR URUT KEPANGKATAN"],
        ["per 31 Desember 2025"],
        ["NO URUT", None, "NAMA", "NIP", "PANGKAT", None, "MKER", None, "LAHIR"],
        ["PEG", "PKT", None, None, "G/R AKHIR", "TMT", "TH", "BL", "TGL LAHIR"],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 1, "CONTOH", NIP, "III/c", MIDNIGHT, 12, 3, "17-03-1985"],
        [],
        [None, None, "Mengetahui"],
        merged=["A1:I1", "A2:I2", "A3:B3", "C3:C4", "D3:D4", "E3:F3", "G3:H3"],
    )
    found = read_excel(stream, FACTS, TableOptions(ignore=("LAHIR TGL LAHIR",)))
    rows = list(found.rows)
    assert [column.name for column in found.layout.columns][:6] == [
        "NO URUT PEG", "NO URUT PKT", "NAMA", "NIP", "PANGKAT G/R AKHIR", "PANGKAT TMT",
    ]  # fmt: skip
    assert (rows[0].id, rows[0].line) == (NIP, 6)
    assert rows[0].record == {
        "rank": "III/c",
        "rank_date": date(2020, 4, 1),
        "grade_service_years": 12,
        "grade_service_months": 3,
    }
    assert [(row.line, codes(row)) for row in rows[1:]] == [(8, ["row-without-employee"])]


def test_a_group_heading_changes_the_meaning_of_all_but_the_number():
    stream = book(
        ["DATA PEGAWAI", None, "CPNS", None, "PANGKAT TERAKHIR", None],
        ["NAMA", "NIP", "GOLONGAN", "TMT", "GOL", "TMT"],
        ["CONTOH", NIP, "III/a", "01-01-2010", "III/c", "01-04-2020"],
        merged=["A1:B1", "C1:D1", "E1:F1"],
    )
    (row,) = read_excel(stream, FACTS).rows
    assert row.id == NIP
    assert row.record == {"cpns_date": date(2010, 1, 1), "rank": "III/c", "rank_date": date(2020, 4, 1)}


def test_a_number_in_place_of_a_nip_is_refused():
    for value in (198503172010011003, 1.98503172010011e17, "1.98503E+17"):
        (row,) = read_excel(book(["NIP", "GOL"], [value, "III/c"]), FACTS).rows
        assert codes(row) == ["nip-lost-digits"]
        assert "teks" in row.findings[0].hint.id


def test_stored_results_of_formulas_are_read_and_missing_ones_are_refused():
    stream = book(["NIP", "GOL", "MK TAHUN"], [NIP, '="III/"&"c"', "=6*2"])
    (row,) = read_excel(stream, FACTS).rows
    assert codes(row) == ["cell-formula", "cell-formula"]
    (row,) = read_excel(with_results(stream, {"B2": "III/c", "C2": "12"}), FACTS).rows
    assert row.record == {"rank": "III/c", "grade_service_years": 12}
    assert codes(row) == []


def with_results(stream, results):
    """Write the results into the sheet as Excel does when it saves."""
    old, new = zipfile.ZipFile(stream), io.BytesIO()
    with zipfile.ZipFile(new, "w") as packed:
        for name in old.namelist():
            data = old.read(name)
            if name.endswith("sheet1.xml"):
                text = data.decode()
                for cell, value in results.items():
                    start = text.index(f'r="{cell}"')
                    kind = ' t="str"' if not value.isdigit() else ""
                    text = text[:start] + f'r="{cell}"{kind}' + text[start + len(f'r="{cell}"'):].replace(
                        "<v></v>", f"<v>{value}</v>", 1).replace("<v />", f"<v>{value}</v>", 1)  # fmt: skip
                data = text.encode()
            packed.writestr(name, data)
    new.seek(0)
    return new


def test_errors_moments_and_shares():
    (row,) = read_excel(book(["NIP", "GOL", "TMT GOL"], [NIP, "#N/A", MIDDAY]), FACTS).rows
    assert codes(row) == ["cell-formula-error", "cell-date"]


def test_a_sheet_is_chosen_by_name():
    made = openpyxl.load_workbook(book(["x"], title="Sampul"))
    made.create_sheet("Isi").append(["NIP", "GOL"])
    made["Isi"].append([NIP, "III/c"])
    stream = io.BytesIO()
    made.save(stream)
    assert [row.id for row in read_excel(stream, FACTS, TableOptions(sheet="Isi")).rows] == [NIP]
    for sheet, code in (("", "header-not-found"), ("Lain", "file-sheet")):
        with pytest.raises(FileRefusedError) as caught:
            read_excel(stream, FACTS, TableOptions(sheet=sheet))
        assert [f.code for f in caught.value.findings] == [code]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 broken", b"nip,rank\n", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_workbook_is_refused(data):
    with pytest.raises(FileRefusedError) as caught:
        read_excel(io.BytesIO(data), FACTS)
    assert [f.code for f in caught.value.findings] == ["file-broken"]


def test_without_the_extra_the_reason_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(FileRefusedError, match="asnmerit"):
        read_excel(io.BytesIO(b""), FACTS)


def test_a_workbook_goes_through_the_command(tmp_path):
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(book(["NIP", "GOL"], [NIP, "Penata (III/c)"], [NIP, "III/c"]).getvalue())
    args = ["decide", "indonesia/kenaikan_pangkat", str(path), "--on", "2026-02-01", "--lang", "en"]
    done = CliRunner().invoke(main, args)
    assert done.exit_code == 0
    assert "spelling-read" in done.stdout
    assert "row 1 and row 2" in done.stdout
    assert "read as xlsx" in done.stderr
    wrong = CliRunner().invoke(main, [*args, "--sheet", "Tidak ada"])
    assert (wrong.exit_code, "file-sheet" in wrong.stderr) == (2, True)
