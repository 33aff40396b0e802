"""Data quality in the vocabulary of BKN: each indicator sound, flawed, and not to be looked at."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from asnmerit.cli import main
from asnmerit.readers.quality import DIMENSIONS, INDICATORS, data_quality, quality_facts
from asnmerit.readers.quality_sum import QualitySum

NIP, PPPK = "198503172010011003", "198503172021211003"
ON = date(2026, 2, 1)
KOTOR = Path(__file__).parent / "cases" / "siasn" / "kotor.csv"
FIELDS = {fact.name for fact in quality_facts()}


def verdict(code, record, nip="", carries=()):
    found = data_quality(record, on=ON, employee_number=nip, carries=carries)
    return False if code in found.flaws else True if code in found.sound else None


def day(text):
    return date.fromisoformat(text)


ENTRY, LATE = {"cpns_date": day("2010-01-01")}, {"cpns_date": day("2025-01-01")}
HEAD, EXPERT = {"position_kind": "struktural"}, {"position_kind": "fungsional"}
S1 = {"education": "s1"}
CASES = [
    ("COM_1", {**ENTRY, "performance": {2025: "baik"}}, True),
    ("COM_1", {**ENTRY, "performance": {"2024": "kurang"}}, True),
    ("COM_1", {**ENTRY, "performance": {2023: "baik", 2025: None}}, False),
    ("COM_1", {**ENTRY, "performance": {}}, False),
    ("COM_1", {**LATE, "performance": {}}, None),
    ("COM_2", EXPERT, False),
    ("COM_2", {**EXPERT, "has_post": True}, True),
    ("COM_2", HEAD, None),
    ("COM_3", {}, False),
    ("COM_3", S1, True),
    ("COM_4", {"employment": "pns"}, False),
    ("COM_4", {"employment": "pns", "pns_date": day("2011-01-01")}, True),
    ("COM_4", {"employment": "cpns"}, None),
    ("COM_5", S1, False),
    ("COM_5", {**S1, "has_title": True}, True),
    ("COM_5", {"education": "sma"}, None),
    ("TIM_3", {"employment": "cpns", "cpns_date": day("2025-01-01")}, False),
    ("TIM_3", {"employment": "cpns", "cpns_date": day("2025-02-01")}, True),
    ("TIM_3", {"employment": "pns", "cpns_date": day("2020-02-01")}, None),
    ("TIM_5", {"legal_status": "01", "birth_date": day("1968-01-31"), "retirement_age": 58}, False),
    ("TIM_5", {"legal_status": "01", "birth_date": day("1968-02-01"), "retirement_age": 58}, True),
    ("TIM_5", {"legal_status": "99", "birth_date": day("1960-01-01"), "retirement_age": 58}, True),
    ("TIM_5", {"legal_status": "01", "retirement_date": "2026-02-01"}, False),
    ("TIM_5", {"active": True, "retirement_date": day("2026-03-01")}, True),
    ("TIM_5", {"legal_status": "01", "birth_date": day("1960-01-01")}, None),
    ("TIM_6", {"legal_status": "02", "leave_end": day("2026-01-31")}, False),
    ("TIM_6", {"legal_status": "02", "leave_end": day("2026-02-01")}, True),
    ("TIM_6", {"legal_status": "02"}, None),
    ("TIM_6", {"legal_status": "01"}, True),
    ("ACC_1", {**ENTRY, "pns_date": day("2009-12-31")}, False),
    ("ACC_1", {**ENTRY, "pns_date": day("2010-01-01")}, True),
    ("ACC_1", ENTRY, None),
    ("ACC_3", {**HEAD, "cpns_date": day("2024-02-02")}, False),
    ("ACC_3", {**HEAD, "cpns_date": day("2024-02-01")}, True),
    ("ACC_3", {**EXPERT, **LATE}, None),
    ("ACC_6", {**HEAD, **S1, "post_minimum_education": "s2"}, False),
    ("ACC_6", {**HEAD, **S1, "post_minimum_education": "d4"}, True),
    ("ACC_6", {**HEAD, **S1}, None),
    ("ACC_8", {**EXPERT, "education": "d3", "post_minimum_education": "s1"}, False),
    ("ACC_8", {**EXPERT, "education": "s2", "post_minimum_education": "s1"}, True),
    ("ACC_8", {**HEAD, **S1, "post_minimum_education": "s2"}, None),
    ("ACC_10", {**HEAD, "rank": "III/d", "post_minimum_rank": "IV/a"}, False),
    ("ACC_10", {**HEAD, "rank": "IV/a", "post_minimum_rank": "IV/a"}, True),
    ("ACC_10", {**HEAD, "rank": "IV/a"}, None),
]  # fmt: skip


@pytest.mark.parametrize(("code", "record", "expected"), CASES)
def test_each_indicator(code, record, expected):
    assert set(record) - {"active"} <= FIELDS
    assert verdict(code, record, carries=FIELDS) is expected


@pytest.mark.parametrize(
    ("code", "nip", "record", "expected"),
    [
        ("CON_1", NIP, {"cpns_date": day("2010-01-15")}, True),
        ("CON_1", NIP, {"cpns_date": day("2010-02-01")}, False),
        ("CON_1", PPPK, {"cpns_date": day("2010-02-01")}, None),
        ("CON_2", NIP, {"birth_date": day("1985-03-17")}, True),
        ("CON_2", NIP, {"birth_date": day("1985-03-18")}, False),
        ("CON_2", "19859917" + NIP[8:], {"birth_date": day("1985-03-17")}, False),
        ("CON_3", NIP, {"sex": "pria"}, True),
        ("CON_3", NIP, {"sex": "wanita"}, False),
        ("CON_4", PPPK, {"cpns_date": day("2021-06-01")}, True),
        ("CON_4", PPPK, {"cpns_date": day("2022-06-01")}, False),
        ("CON_4", NIP, {"cpns_date": day("2022-06-01")}, None),
        ("CON_2", "", {"birth_date": day("1985-03-17")}, None),
        ("CON_2", "123", {"birth_date": day("1985-03-17")}, None),
    ],
)
def test_the_number_against_the_record(code, nip, record, expected):
    assert verdict(code, record, nip) is expected


def test_every_check_is_seen_sound_flawed_and_left_out():
    checked = {code for code, row in INDICATORS.items() if row.check and row.dimension != "consistency"}
    for outcome in (True, False):
        assert {code for code, _, expected in CASES if expected is outcome} == checked


def test_nothing_is_called_empty_that_the_file_does_not_carry():
    found = data_quality({}, on=ON)
    assert found.flaws == found.sound == ()
    assert set(found.unchecked) == set(INDICATORS)
    assert found.unchecked["COM_3"] == ("education",)


def test_the_list_is_bkn_s():
    assert len(INDICATORS) == 27
    assert sum(DIMENSIONS.values()) == 1
    counts = [sum(row.dimension == name for row in INDICATORS.values()) for name in DIMENSIONS]
    assert counts == [7, 6, 10, 4]


def test_the_sum_and_its_index():
    total = QualitySum()
    total.add(data_quality(
        {**ENTRY, "birth_date": day("1985-03-18"), "pns_date": day("2011-01-01"), "employment": "pns",
         "legal_status": "01"},
        on=ON, employee_number=NIP, carries=FIELDS,
    ))  # fmt: skip
    assert [total.checks(name) for name in DIMENSIONS] == [(1, 3), (1, 1), (1, 1), (1, 2)]
    assert total.index() == DIMENSIONS["completeness"] / 3 + DIMENSIONS["timeliness"] + DIMENSIONS["accuracy"] + (
        DIMENSIONS["consistency"] / 2
    )
    assert QualitySum().index() is None


def run(*args):
    return CliRunner().invoke(main, ["validate", *map(str, args)])


def test_the_command_in_text_and_json():
    done = run(KOTOR, "--on", "2026-02-01")
    assert done.exit_code == 1
    assert "Baris 16 198503172010011016\n  CON_1 TMT CPNS tidak sesuai NIP\n  CON_2" in done.stdout
    assert "31 pegawai\nkelengkapan (bobot 28%)" in done.stdout
    assert "  ACC_10 pangkat di bawah syarat jabatan (perlu: " in done.stdout
    found = json.loads(run(KOTOR, "--on", "2026-02-01", "--format", "json", "--lang", "en").stdout)
    assert [person["row"] for person in found["people"]] == list(range(1, 32))
    assert [flaw["code"] for flaw in found["people"][15]["flaws"]] == ["CON_1", "CON_2", "CON_3"]
    assert found["sum"]["flaws"]["CON_2"] == 1
    assert found["sum"]["dimensions"]["consistency"]["flaws"] == 3


def test_exit_codes(tmp_path):
    clean = tmp_path / "bersih.csv"
    clean.write_text(f"nip_baru,tanggal_lahir\n{NIP},17-03-1985\n", encoding="utf-8")
    assert run(clean, "--on", "2026-02-01").exit_code == 0
    assert run(tmp_path / "tidak_ada.csv", "--on", "2026-02-01").exit_code == 2
    empty = tmp_path / "kosong.csv"
    empty.write_text("", encoding="utf-8")
    assert run(empty, "--on", "2026-02-01").exit_code == 2
    assert run(clean).exit_code == 2


def test_an_unreadable_cell_is_not_called_empty(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(f"nip_baru,tingkat_pendidikan_nama\n{NIP},D-IV/S-1\n{NIP[:-1]}4,\n", encoding="utf-8")
    people = json.loads(run(path, "--on", "2026-02-01", "--format", "json").stdout)["people"]
    assert [[flaw["code"] for flaw in person["flaws"]] for person in people] == [[], ["COM_3"]]


def test_an_empty_key_of_data_utama_is_called_empty(tmp_path):
    path = tmp_path / "a.json"
    main_ = {"nipBaru": NIP, "tkPendidikanTerakhirId": "", "tmtPns": None, "statusPegawai": "PNS", "path": {}}
    path.write_text(json.dumps({"data-utama": main_, "rw-skp22": []}), encoding="utf-8")
    (person,) = json.loads(run(path, "--on", "2026-02-01", "--format", "json").stdout)["people"]
    assert [flaw["code"] for flaw in person["flaws"]] == ["COM_1", "COM_3", "COM_4"]
