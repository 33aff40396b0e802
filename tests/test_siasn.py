"""SIASN exports: column names, codes, dates, employee numbers, and the dirt of real files."""

import io
from datetime import date

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.readers import SIASN, FileRefusedError, TableOptions, read_csv
from asnmerit.readers.findings import CellRefusedError
from asnmerit.readers.nip import EmployeeNumber, employee_number
from asnmerit.readers.siasn import looks_like_siasn
from asnmerit.readers.siasn_codes import BOOKS, RANK_NAMES
from asnmerit.readers.siasn_columns import is_unused
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Yearly


@attrs.frozen
class Fact:
    name: str
    type: object


def kind(name, members, policy="indonesia/asn"):
    listed = tuple(members.split())
    return Enum(name, listed, tuple(range(len(listed))), ordered=True, policy=policy)


RANK = kind("rank", " ".join(RANK_NAMES))
PREDICATE = kind("predicate", "tidak_dinilai sangat_kurang kurang butuh_perbaikan baik sangat_baik")
EDUCATION = kind(
    "education",
    "sd smp smp_kejuruan sma sma_kejuruan sma_keguruan d1 d2 sgplb d3 d4 s1 profesi s2 spesialis s3",
)
POSITION = kind("position_kind", "struktural fungsional pelaksana")
ECHELON = kind("echelon", "I.a I.b II.a II.b III.a III.b IV.a IV.b V bukan")
LEVEL = kind("functional_level", "pemula terampil mahir penyelia ahli_pertama ahli_muda ahli_madya ahli_utama bukan")
SANCTION = kind("sanction_level", "tidak_ada ringan sedang berat")
OWN = kind("predicate", "kurang baik", policy="daerah/sendiri")
FACTS = [
    Fact("active", Bool()), Fact("birth_date", Date()), Fact("cpns_date", Date()), Fact("rank", RANK),
    Fact("rank_date", Date()), Fact("position_kind", POSITION), Fact("position_date", Date()),
    Fact("education", EDUCATION), Fact("echelon", ECHELON), Fact("functional_level", LEVEL),
    Fact("performance", Yearly(PREDICATE, 5)), Fact("own", OWN),
    Fact("sanctions", ListOf({"level": SANCTION, "end": Date()}, 2)),
]  # fmt: skip
NIP = "198503172010011003"


def row(facts=FACTS, **cells):
    header = ",".join(cells)
    body = ",".join('"' + value.replace('"', '""') + '"' for value in cells.values())
    table = read_csv(io.BytesIO(f"{header}\n{body}\n".encode()), facts, TableOptions(convention=SIASN))
    (found,) = table.rows
    return found


def codes(found):
    return [f.code for f in found.findings]


def test_the_export_is_known_by_its_columns():
    assert looks_like_siasn(["PNS ID", "x"])
    assert looks_like_siasn(["nipBaru"])
    assert not looks_like_siasn(["nip", "rank"])


@pytest.mark.parametrize(
    "name", ["gol_akhir_id", "GOL AKHIR ID", "Gol.Akhir.Id", "golRuangAkhirId", "Golongan", "rank"]
)
def test_names_of_columns_are_compared_without_case_spaces_dots_underscores(name):
    assert row(**{name: "32"}).record == {"rank": "III/b"}


@pytest.mark.parametrize("text", ["31", "III/a", "III/A", "III.a", "IIIa", "IIIA", "iii/a", "III a", "'31"])
def test_a_rank_in_the_spellings_of_the_files(text):
    found = row(gol_akhir_id=text)
    assert found.record == {"rank": "III/a"}
    assert codes(found) == []


def test_a_rank_in_words_is_told_as_a_repair_and_must_agree_with_itself():
    found = row(gol_akhir_nama="Penata (III/c)")
    assert found.record == {"rank": "III/c"}
    assert [(f.kind, f.code) for f in found.findings] == [("repair", "spelling-read")]
    assert row(golongan="Penata Muda Tk. I (III/b)").record == {"rank": "III/b"}
    assert codes(row(gol_akhir_nama="Penata (III/d)")) == ["cell-member"]
    assert codes(row(gol_akhir_nama="Penata")) == ["cell-member"]


@pytest.mark.parametrize("text", ["III/e", "35", "V/a", "IIII/a", "III", "0", "311", "31.0"])
def test_what_is_no_rank_is_refused_or_left_unknown_and_told(text):
    found = row(gol_akhir_id=text)
    assert found.record == {}
    assert codes(found) in (["cell-member"], ["code-open"])


def test_a_group_of_pppk_is_no_rank_and_stays_unknown():
    found = row(gol_akhir_nama="IX")
    assert found.record == {}
    assert [(f.kind, f.code) for f in found.findings] == [("doubt", "code-open")]


@pytest.mark.parametrize(
    ("column", "text", "fact", "value"),
    [
        ("tingkat_pendidikan_id", "40", "education", "s1"),
        ("tingkat_pendidikan_nama", "S-1/Sarjana", "education", "s1"),
        ("tingkat_pendidikan_nama", "Diploma III/Sarjana Muda", "education", "d3"),
        ("tingkat_pendidikan_id", "05", "education", "sd"),
        ("tingkat_pendidikan_id", "17", "education", "sma_kejuruan"),
        ("jenis_jabatan_id", "4", "position_kind", "pelaksana"),
        ("jenis_jabatan_nama", "Jabatan Fungsional Tertentu", "position_kind", "fungsional"),
        ("eselon", "22", "echelon", "II.b"),
        ("eselon", "IIb", "echelon", "II.b"),
        ("eselon", "99", "echelon", "bukan"),
        ("jenjang", "MU", "functional_level", "ahli_muda"),
        ("jenjang", "AHLI MUDA", "functional_level", "ahli_muda"),
        ("kedudukan_hukum_id", "01", "active", True),
        ("kedudukan_hukum_id", "1", "active", True),
        ("kedudukan_hukum_id", "99", "active", False),
        ("tanggal_lahir", "17-03-1985", "birth_date", date(1985, 3, 17)),
        ("tmt_golongan", "2022-04-01", "rank_date", date(2022, 4, 1)),
    ],
)
def test_codes_and_names(column, text, fact, value):
    found = row(**{column: text})
    assert found.record == {fact: value}
    assert codes(found) == []


def test_a_lost_leading_zero_is_restored_and_told():
    found = row(tingkat_pendidikan_id="5")
    assert found.record == {"education": "sd"}
    assert codes(found) == ["zero-restored"]


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("jenis_jabatan_id", "3"),
        ("tingkat_pendidikan_id", "49"),
        ("kedudukan_hukum_id", "03"),
    ],
)
def test_a_code_that_does_not_say_leaves_the_fact_unknown(column, text):
    found = row(**{column: text})
    assert found.record == {}
    assert codes(found) == ["code-open"]


def test_predicates_and_the_word_cukup():
    assert row(performance_2025="SANGAT BAIK", predikat_kinerja_2024="PERLU PERBAIKAN").record == {
        "performance": {2025: "sangat_baik", 2024: "butuh_perbaikan"}
    }
    assert row(performance_2025="2").record == {"performance": {2025: "baik"}}
    assert codes(row(performance_2025="Cukup")) == ["cell-member"]
    data = io.BytesIO(b"nip_baru,performance_2025\n,Cukup\n")
    (found,) = read_csv(data, FACTS, TableOptions(synonyms={"cukup": "butuh_perbaikan"})).rows
    assert found.record == {"performance": {2025: "butuh_perbaikan"}}
    assert "synonym-read" in codes(found)


def test_a_type_of_another_policy_has_no_codes():
    assert row(own="BAIK").record == {"own": "baik"}
    assert codes(row(own="2")) == ["cell-member"]


def test_rows_of_a_list():
    found = row(sanctions_1_level="S", sanctions_1_end="31-12-2026")
    assert found.record == {"sanctions": [{"level": "sedang", "end": date(2026, 12, 31)}]}


def test_null_and_apostrophes():
    found = row(nip_baru=f"'{NIP}", gol_akhir_id="null", gol_akhir_nama="NULL", tmt_golongan="'01-04-2022")
    assert found.id == NIP
    assert found.record == {"rank_date": date(2022, 4, 1)}


def test_two_columns_of_one_fact_must_agree():
    assert row(gol_akhir_id="33", gol_akhir_nama="III/c").record == {"rank": "III/c"}
    assert row(gol_akhir_id="", gol_akhir_nama="III/c").record == {"rank": "III/c"}
    found = row(gol_akhir_id="33", gol_akhir_nama="III/d")
    assert codes(found) == ["cells-disagree"]
    assert found.refusals


def test_a_known_column_is_passed_over_and_an_unknown_one_is_not():
    assert is_unused("Tempat Lahir Nama")
    assert is_unused("KPKN_ID")
    assert row(nip_baru=NIP, agama_nama="x", tempat_lahir_nama="y", kpkn_id="z", mk_tahun="4").record == {}
    with pytest.raises(FileRefusedError, match="did you mean education"):
        row(nip_baru=NIP, educaton="x")


# --- the employee number ---


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.98503E+17", "nip-lost-digits"),
        ("1,98503E+17", "nip-lost-digits"),
        ("198503172010011000", "nip-lost-digits"),
        ("198503172010011003.0", "nip-lost-digits"),
        ("19850317201001100", "nip-digits"),
        ("1985031720100110031", "nip-digits"),
        ("19850317201001100x", "nip-digits"),
        ("٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣٣", "nip-digits"),
    ],
)
def test_a_number_that_went_through_a_spreadsheet_is_refused(text, code):
    found = row(nip_baru=text, gol_akhir_id="31")
    assert codes(found) == [code]
    assert found.refusals
    assert found.id == ""


def test_the_text_of_a_refused_number_does_not_show_all_of_it():
    with pytest.raises(CellRefusedError) as caught:
        employee_number("19850317201001100x")
    assert "201001" not in str(caught.value)


def test_spaces_in_a_number_are_a_repair():
    found = row(nip_baru="19850317 201001 1 003")
    assert found.id == NIP
    assert codes(found) == ["spaces-removed"]


def test_what_the_number_says_is_compared_with_the_columns():
    assert codes(row(nip_baru=NIP, tanggal_lahir="17-03-1985", tmt_cpns="01-01-2010", jenis_kelamin="L")) == []
    found = row(nip_baru=NIP, tanggal_lahir="18-03-1985", tmt_cpns="01-02-2010", jenis_kelamin="Perempuan")
    assert codes(found) == ["nip-birth-date", "nip-appointment", "nip-sex"]
    assert not found.refusals
    assert codes(row(nip_baru="198513172010011003")) == ["nip-date"]
    assert codes(row(nip_baru="", gol_akhir_id="31")) == ["nip-empty"]


def test_the_number_of_a_pppk():
    pppk = EmployeeNumber("198503172021211003")
    assert (pppk.appointment, pppk.sex) == ("2021", "male")
    assert codes(row(nip_baru=pppk.digits, tmt_cpns="01-06-2021")) == []


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_refused(text):
    try:
        found = employee_number(text)[0]
    except CellRefusedError as error:
        found = error.finding.code
    assert found.startswith("nip-") or (found.isdigit() and len(found) == 18)


@given(st.sampled_from([RANK, PREDICATE, EDUCATION, POSITION, ECHELON, LEVEL, SANCTION]), st.text(max_size=12))
def test_any_text_is_a_member_or_told(enum, text):
    found = row([Fact("x", enum)], x=text)
    if found.record:
        assert found.record["x"] in enum.members
    elif SIASN.cleaned(text):
        assert found.findings


def test_each_book_means_members_of_the_vocabulary():
    facts = am.in_force(am.load("indonesia/asn"), on=date(2026, 1, 1)).facts
    kinds = [fact.type for fact in facts]
    kinds += [of for kind in kinds if isinstance(kind, ListOf) for of in kind.fields.values()]
    kinds += [kind.of for kind in kinds if isinstance(kind, Yearly)]
    known = {kind.name: kind for kind in kinds if isinstance(kind, Enum)}
    assert set(BOOKS) - set(known) <= {"work_rating", "service_medal", "legal_status"}
    open_codes = {"rangkap", "latihan lain"}
    for name in BOOKS.keys() & known.keys():
        meant = {m for m in BOOKS[name].values() if not m.startswith("pppk ")} - open_codes
        assert meant <= set(known[name].members), name
