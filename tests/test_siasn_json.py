"""The answers of the SIASN service: quirks of keys, contradictions, and what each history says."""

import io
import json
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.readers import FileRefusedError, TableOptions, read_json_of_either_kind, read_siasn_json, siasn_person
from asnmerit.readers.siasn_entries import HISTORIES, history_name
from asnmerit.rules.types import Date, Enum, ListOf, Number, Yearly

NIP = "198503172010011003"
ON = date(2026, 1, 1)
RATING = Enum("work_rating", ("di_bawah", "sesuai", "di_atas"), (0, 1, 2), ordered=True, policy="indonesia/kinerja")
MEDAL = Enum("service_medal", ("tidak_ada", "perunggu", "perak", "emas"), (0, 1, 2, 3), True, policy="indonesia/x")


@attrs.frozen
class Fact:
    name: str
    type: object


VOCABULARY = {fact.name: fact.type for fact in am.in_force(am.load("indonesia/asn"), on=ON).facts}
PREDICATE = VOCABULARY["performance"].of
CREDIT = Number("number", Fraction(0), Fraction(2000), Fraction(1, 1000))
FACTS = [
    *(Fact(name, kind) for name, kind in VOCABULARY.items()),
    Fact("results_rating", Yearly(RATING, 5)), Fact("behaviour_rating", RATING),
    Fact("quarters", ListOf({"year": Number("integer"), "predicate": PREDICATE}, 6)),
    Fact("certificates", ListOf({"level": VOCABULARY["education"]}, 4)),
    Fact("education_at_entry", VOCABULARY["education"]),
    Fact("previous_credit", CREDIT),
    Fact("medals_received", ListOf({"medal": MEDAL}, 3)),
    Fact("leadership_training_date", Date()),
]  # fmt: skip


def person(main=None, **histories):
    given_ = {"data-utama": {"nipBaru": NIP, **(main or {})}, **{k.replace("_", "-"): v for k, v in histories.items()}}
    return siasn_person(given_, FACTS)


def codes(row):
    return [finding.code for finding in row.findings]


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_is_known_under_every_way_to_write_its_name(name):
    camel = "".join(part.capitalize() if i else part for i, part in enumerate(name.split("-")))
    for written in (name, name.upper(), name.replace("-", "_"), camel):
        assert history_name(written) == name


def test_data_utama_has_codes_as_strings_and_dates_day_first():
    row = person({
        "golRuangAkhirId": "33", "tmtGolAkhir": "01-04-2022", "jenisJabatanId": 2, "jenisJabatan": "",
        "tkPendidikanTerakhirId": "45", "kedudukanPnsId": "01", "jenisKelamin": "M", "mkTahun": "12", "mkBulan": 3,
        "kode_jenjang_jabatan": "MU", "kelas_jabatan": "9", "statusPegawai": "PNS", "eselonId": None,
        "path": {"873": {"dok_id": "1"}}, "agamaId": "1", "kolomBaru": "x",
    })  # fmt: skip
    assert row.record == {
        "rank": "III/c", "rank_date": date(2022, 4, 1), "position_kind": "fungsional", "education": "s2",
        "active": True, "sex": "pria", "grade_service_years": 12, "grade_service_months": 3,
        "functional_level": "ahli_muda", "job_class": 9, "employment": "pns",
    }  # fmt: skip
    assert codes(row) == []
    assert am.decide(am.in_force(am.load("indonesia/kenaikan_pangkat"), on=ON), row.record)


def test_ratings_and_predicates_by_year():
    skp = [
        {"tahun": "2024", "hasilKinerjaNilai": "1", "hasilKinerja": "DIATAS ESPEKTASI", "KuadranKinerjaNilai": "1"},
        {"tahun": 2023, "hasilKinerja": "DI ATAS EKSPEKTASI", "kuadranKinerja": "PERLU PERBAIKAN"},
        {"Tahun": "2022", "kuadranNilai": "5"},
    ]
    row = person(rw_skp22=skp)
    assert row.record["performance"] == {2024: "sangat_baik", 2023: "butuh_perbaikan", 2022: "sangat_kurang"}
    assert row.record["results_rating"] == {2024: "di_atas", 2023: "di_atas"}
    assert "behaviour_rating" not in row.record  # one rating, and three years
    assert person(rw_skp22=[{"tahun": "2024", "PerilakuKerjaNilai": "3"}]).record["behaviour_rating"] == "di_bawah"


def test_rating_codes_are_turned_round_only_when_the_caller_says_so():
    given_ = {"data-utama": {"nipBaru": NIP}, "rw-skp22": [{"tahun": "2024", "hasilKinerjaNilai": "3"}]}
    assert siasn_person(given_, FACTS).record["results_rating"] == {2024: "di_bawah"}
    row = siasn_person(given_, FACTS, TableOptions(inverted_ratings=True))
    assert row.record["results_rating"] == {2024: "di_atas"}
    assert codes(row) == ["rating-inverted"]
    # A predicate is never turned round, and a code that its own word contradicts is left open.
    clash = {"tahun": "2024", "hasilKinerjaNilai": "3", "hasilKinerja": "DIATAS ESPEKTASI", "KuadranKinerjaNilai": "1"}
    row = siasn_person({"data-utama": {"nipBaru": NIP}, "rw-skp22": [clash]}, FACTS)
    assert row.record == {"performance": {2024: "sangat_baik"}, "results_rating": {}}
    assert codes(row) == ["keys-disagree"]


def test_an_alias_holds_for_its_fact():
    given_ = {"data-utama": {"nipBaru": NIP}, "rw-skp22": [{"tahun": "2024", "kuadranKinerja": "Cukup"}]}
    row = siasn_person(given_, FACTS)
    assert row.record["performance"] == {}
    assert codes(row) == ["entry-unread"]
    row = siasn_person(given_, FACTS, TableOptions(aliases={"performance": {"cukup": "butuh_perbaikan"}}))
    assert row.record["performance"] == {2024: "butuh_perbaikan"}
    assert codes(row) == ["synonym-read"]


SANCTION = {"jenisHukuman": "7", "jenisTingkatHukumanId": "S", "hukumanTanggal": "01-06-2024"}


@pytest.mark.parametrize(("entry", "rows", "told"), [
    ({"akhirHukumTanggal": "01-06-2025", "masaTahun": "1"},
     [{"level": "sedang", "start": date(2024, 6, 1), "end": date(2025, 6, 1)}], []),
    ({"akhirHukumanTanggal": "31-05-2025", "masaTahun": "1", "masaBulan": "0"},
     [{"level": "sedang", "start": date(2024, 6, 1), "end": date(2025, 5, 31)}], []),
    ({"akhirHukumTanggal": "01-06-2027", "masaTahun": "1"},
     [{"level": "sedang", "start": date(2024, 6, 1), "end": date(2027, 6, 1)}], ["sanction-end"]),
    ({"masaTahun": "1"}, [{"level": "sedang", "start": date(2024, 6, 1)}], ["sanction-end-empty"]),
    ({"jenisTingkatHukumanId": ""}, [{"level": "sedang", "start": date(2024, 6, 1)}], ["level-from-kind"]),
    ({"jenisTingkatHukumanId": "B"}, [{"start": date(2024, 6, 1)}], ["keys-disagree"]),
    ({"jenisHukuman": "12"}, [], ["sanction-reactivation"]),
    ({"skPembatalanNomor": "1", "skPembatalanTanggal": "01-07-2024"}, [], ["sanction-cancelled"]),
    ({"skPembatalanTanggal": "01-07-2024"}, [{"start": date(2024, 6, 1)}], ["sanction-half-cancelled"]),
    ({"hukumanTanggal": "06/01/2024"}, [{"level": "sedang"}], ["entry-unread"]),
])  # fmt: skip
def test_sanctions(entry, rows, told):
    row = person(rw_hukdis=[{**SANCTION, **entry}])
    assert row.record["sanctions"] == rows
    assert codes(row) == told
    assert not row.refusals


def test_no_sanction_is_not_the_same_as_no_answer():
    assert person(rw_hukdis=[]).record["sanctions"] == []
    for none in (None, {"code": 0, "data": "Data tidak ditemukan"}, "x", [SANCTION, "x"]):
        row = person(rw_hukdis=none)
        assert "sanctions" not in row.record
        assert codes(row)
    assert "sanctions" not in person().record


def test_training_needs_both_histories():
    pim = {"latihanStrukturalId": "2", "tanggalSelesai": "01-05-2015", "jumlahJam": "285"}
    course = {"jenisDiklatId": "8", "jumlahJam": 20, "tanggalSelesaiKursus": "01-05-2024", "noSertipikat": "1"}
    row = person(rw_diklat=[pim], rw_kursus=[course, {**course, "id": "other"}])
    assert row.record["trainings"] == [
        {"kind": "struktural", "hours": 285, "end": date(2015, 5, 1)},
        {"kind": "bimtek", "hours": 20, "end": date(2024, 5, 1)},
    ]
    assert (row.record["leadership_training"], row.record["leadership_training_date"]) == ("pim_iv", date(2015, 5, 1))
    assert codes(row) == ["entry-twice"]
    row = person(rw_kursus=[course])
    assert "trainings" not in row.record
    assert codes(row) == ["history-missing"]


def test_a_training_that_is_no_known_level_leaves_the_highest_open():
    pim = {"latihanStrukturalId": "2"}
    assert person(rw_diklat=[]).record["leadership_training"] == "tidak_ada"
    assert "leadership_training" not in person(rw_diklat=[pim, {"latihanStrukturalId": "7"}]).record
    top = person(rw_diklat=[{"latihanStrukturalId": "5"}, {"latihanStrukturalId": "7"}])
    assert top.record["leadership_training"] == "pim_i"


def test_more_training_than_the_fact_holds_keeps_the_latest_and_says_so():
    courses = [{"jenisDiklatId": "3", "jumlahJam": "1", "tanggalSelesaiKursus": f"01-01-{1960 + i}"} for i in range(50)]
    row = person(rw_diklat=[], rw_kursus=courses)
    assert len(row.record["trainings"]) == 40
    assert min(one["end"] for one in row.record["trainings"]) == date(1970, 1, 1)
    assert codes(row) == ["history-long"]


def test_quarters_education_credit_and_medals():
    row = person(
        rw_skp22=[{"tahun": "2024", "KuadranKinerjaNilai": "2"}],
        rw_kinerjaperiodik=[
            {"tahun": "2024", "periodikId": "2", "kuadranNilai": "2"},
            {"tahun": "2025", "periodikId": "2", "kuadranNilai": "1", "koefisienId": "22"},
            {"tahun": "2025", "periodikId": "1", "kuadranNilai": "1"},
        ],
        rw_pendidikan=[
            {"tkPendidikanId": "40", "isPendidikanPertama": "1", "tahunLulus": "2008"},
            {"tkPendidikanId": "45", "isPendidikanPertama": "0", "tglLulus": "01-08-2015"},
        ],
        rw_angkakredit=[
            {"tahunSelesaiPenailan": "2021", "bulanSelesaiPenailan": "12", "kreditBaruTotal": "110.5"},
            {"tahunSelesaiPenailan": "2022", "bulanSelesaiPenailan": "12", "kreditBaruTotal": "120.25"},
        ],
        rw_penghargaan=[{"hargaId": "201"}, {"hargaId": "307"}],
    )
    assert row.record["quarters"] == [{"year": 2025, "predicate": "sangat_baik"}]
    assert row.record["certificates"] == [{"level": "s2"}]
    assert row.record["education_at_entry"] == "s1"
    assert row.record["previous_credit"] == Decimal("120.25")
    assert row.record["medals_received"] == [{"medal": "perunggu"}]
    assert codes(row) == []


def test_a_conversion_is_one_year_s_credit_and_no_total():
    last = {"tahunSelesaiPenailan": "2024", "bulanSelesaiPenailan": "12", "kreditBaruTotal": "25", "isKonversi": "1"}
    row = person(rw_angkakredit=[last])
    assert "previous_credit" not in row.record
    assert codes(row) == ["credit-one-year"]


def test_histories_are_held_against_data_utama():
    row = person(
        {"golRuangAkhirId": "33", "tmtGolAkhir": "01-04-2020", "tmtJabatan": "01-01-2021", "id": "X"},
        rw_golongan=[{"golonganId": "34", "tmtGolongan": "01-10-2024", "idPns": "X"}],
        rw_jabatan=[{"tmtJabatan": "01-01-2025", "jenisPenugasanId": "PLT"}, {"tmtJabatan": "01-01-2021"}],
    )
    assert codes(row) == ["history-differs"]
    assert row.record["rank"] == "III/c"
    assert codes(person({"id": "X"}, rw_golongan=[{"pnsOrangId": "Y"}])) == ["person-other"]
    assert codes(person(rw_kinerjaperiodik=[{"nip": "198503172010011009"}], rw_skp22=[])) == ["person-other"]


def test_one_key_written_twice_with_two_values_is_left_open():
    row = person(rw_skp22=[{"tahun": "2024", "kuadrankinerja": "BAIK", "KuadranKinerja": "KURANG"}])
    assert row.record["performance"] == {}
    assert codes(row) == ["keys-disagree"]


def test_facts_of_the_policy_may_stand_beside_the_histories_and_nothing_else():
    row = person(under_examination=False)
    assert codes(row) == ["key-unknown"]
    given_ = {"data-utama": {"nipBaru": NIP}, "under_examination": False, "rank": "III/a", "examination": 1}
    row = siasn_person(given_, FACTS)
    assert row.record == {"under_examination": False, "rank": "III/a"}
    assert codes(row) == ["key-unknown"]
    assert siasn_person(given_, FACTS, TableOptions(ignore=("*",))).refusals == ()
    clash = siasn_person({**given_, "data-utama": {"golRuangAkhirId": "32"}}, FACTS, TableOptions(ignore=("*",)))
    assert codes(clash) == ["cells-disagree"]


def test_a_policy_that_does_not_declare_a_fact_gets_none_of_it():
    row = siasn_person({"data-utama": {"nipBaru": NIP, "golRuangAkhirId": "33"}, "rw-hukdis": [SANCTION]}, [])
    assert (row.id, row.record, row.findings) == (NIP, {}, ())


PEOPLE = [{"data-utama": {"nipBaru": NIP, "golRuangAkhirId": "33"}}, {"dataUtama": {"golRuangAkhirId": "32"}}]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PEOPLE),
        json.dumps({"code": 1, "data": PEOPLE}),
        json.dumps([{"code": 1, "data": one} for one in PEOPLE]),
        "\n".join(json.dumps(one) for one in PEOPLE),
        json.dumps(
            [{"nipBaru": NIP, "golRuangAkhirId": "33"}, {"NIPBARU": "", "golRuangAkhirId": "32", "nipBaru": ""}]
        ),
    ],
)
def test_every_way_to_hand_persons_over(text):
    rows = list(read_siasn_json(io.BytesIO(text.encode()), FACTS))
    assert [(row.number, row.id, row.record["rank"]) for row in rows] == [(1, NIP, "III/c"), (2, "", "III/b")]
    kind, again = read_json_of_either_kind(io.BytesIO(text.encode()), FACTS)
    assert (kind, [row.record for row in again]) == ("siasn-json", [row.record for row in rows])


def test_lines_and_records_are_told_apart():
    lines = "\n".join(json.dumps(one) for one in PEOPLE).encode()
    kind, rows = read_json_of_either_kind(io.BytesIO(b"oops\n" + lines), FACTS, lines=True)
    assert (kind, [codes(row) for row in rows]) == ("siasn-json", [["json-syntax"], [], []])
    kind, rows = read_json_of_either_kind(io.BytesIO(b'{"rank": "III/a"}\n'), FACTS, lines=True)
    assert (kind, [row.record for row in rows]) == ("jsonl", [{"rank": "III/a"}])


def test_an_envelope_may_be_longer_than_any_person():
    many = {"code": 1, "message": "ok", "data": [{"nipBaru": NIP, "nama": "x" * 400_000}] * 4, "count": 4}
    rows = list(read_siasn_json(io.BytesIO(json.dumps(many, indent=1).encode()), FACTS))
    assert [(row.id, row.refusals) for row in rows] == [(NIP, ())] * 4
    assert [codes(row) for row in rows] == [[], ["nip-twice"], ["nip-twice"], ["nip-twice"]]
    cut = json.dumps(many).encode()[:-900_000]
    assert "file-cut" in codes(list(read_siasn_json(io.BytesIO(cut), FACTS))[-1])


def test_what_is_no_person_is_one_row_in_error():
    rows = list(read_siasn_json(io.BytesIO(b'[7, {"a": 1}, {"data-utama": 7}]'), FACTS))
    assert [[f.code for f in row.refusals] for row in rows] == [["person-shape"]] * 3
    with pytest.raises(FileRefusedError):
        list(read_siasn_json(io.BytesIO(b"x"), FACTS))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10, 3000) | st.sampled_from(["1", "01-01-2020", "BAIK", "x", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["tahun", "KuadranKinerjaNilai", "hukumanTanggal", "data", "code", "jumlahJam", "golonganId", "tmtGolongan",
         "latihanStrukturalId", "kreditBaruTotal", "tahunSelesaiPenailan", "isPendidikanPertama", "tkPendidikanId"]
    ), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(["data-utama", *HISTORIES]), JSON, min_size=1))
def test_any_answers_give_a_row_and_its_findings(answers):
    row = siasn_person(answers, FACTS)
    assert all(finding.text("id") and finding.kind for finding in row.findings)
