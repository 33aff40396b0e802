"""Employee numbers: what the digits say, every fault at once, doubts, and what a record says otherwise."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.nip_faults import CATALOGUE

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "nip.yaml").read_text(encoding="utf-8"))["cases"]
NIP = "199001012015012001"
PPPK = "199001012021212007"


def codes(found):
    return [f.code for f in found]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.get("example") or f"own {c['nip']}")
def test_cases(case):
    assert ("says" in case) != ("faults" in case)
    if "faults" in case:
        with pytest.raises(am.NipError) as caught:
            am.parse_nip(case["nip"])
        assert codes(caught.value.faults) == case["faults"]
        return
    nip = am.parse_nip(case["nip"])
    assert {name: str(getattr(nip, name)) for name in case["says"]} == {n: str(v) for n, v in case["says"].items()}
    assert codes(nip.repairs) == case.get("repairs", [])


def test_every_given_example_is_a_case():
    assert {c["example"] for c in CASES if "example" in c} == {"NIP-1", "NIP-2", "NIP-4", "NIP-5", "NIP-6", "NIP-7"}


@pytest.mark.parametrize("value", [199001012015012001, 1.99001012015012e17, Decimal(199001012015012001), None, b"1"])
def test_a_number_is_refused_even_when_nothing_is_lost(value):
    with pytest.raises(am.NipError) as caught:
        am.parse_nip(value)
    assert codes(caught.value.faults) == ["nip-not-text"]


def test_errors_do_not_show_the_number():
    with pytest.raises(am.NipError) as caught:
        am.parse_nip("199001012015013000")
    assert "199001012015013000" not in str(caught.value)
    assert str(caught.value).count("\n") == 1
    assert isinstance(caught.value, am.AsnmeritError)


def test_every_text_is_there_in_both_languages():
    for kind, indonesian, english in CATALOGUE.values():
        assert kind in {"refusal", "doubt", "repair"}
        assert indonesian != english


def test_the_pppk_format_says_that_it_is_from_memory():
    assert am.parse_nip(PPPK).grade == "M"
    assert "memory" in am.parse_nip(PPPK).source
    assert am.parse_nip(NIP).grade == "B"


def test_the_repairs_are_no_part_of_the_number():
    assert am.parse_nip(am.parse_nip(NIP).spaced) == am.parse_nip(NIP)


# --- doubts ---


def test_a_likely_number_is_not_doubted():
    assert am.doubt_nip(am.parse_nip(NIP), on="2025-12-31") == ()


@pytest.mark.parametrize(
    ("nip", "on", "expected"),
    [
        (NIP, "2015-01-01", []),
        (NIP, "2014-12-31", ["nip-entry-future"]),
        (PPPK, "2021-01-01", []),
        (PPPK, date(2020, 12, 31), ["nip-entry-future"]),
        ("203001012015011001", "2025-12-31", ["nip-birth-future", "nip-young-at-entry"]),
        ("194512311970011001", "2026-12-30", []),
        ("194512311970011001", "2026-12-31", ["nip-old"]),
        ("199001312008011001", "2025-12-31", []),
        ("199002012008011001", "2025-12-31", ["nip-young-at-entry"]),
        ("195401022015011001", "2025-12-31", []),
        ("195401012015011001", "2025-12-31", ["nip-old-at-entry"]),
    ],
)
def test_doubts(nip, on, expected):
    assert codes(am.doubt_nip(am.parse_nip(nip), on)) == expected


def test_the_ages_are_the_callers():
    nip = am.parse_nip(NIP)
    doubts = am.doubt_nip(nip, "2025-12-31", youngest_at_entry=26, oldest=30)
    assert codes(doubts) == ["nip-old", "nip-young-at-entry"]
    assert doubts[0].text("id") == "usia 35 tahun, lebih dari 30 [nip-old]"


def test_the_day_is_an_argument():
    with pytest.raises(am.ArgumentError):
        am.doubt_nip(am.parse_nip(NIP), "31-12-2025")


# --- the record ---


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({}, []),
        ({"birth_date": None, "sex": None, "cpns_date": None, "employment": None}, []),
        ({"birth_date": "1990-01-01", "cpns_date": date(2015, 1, 31), "sex": "wanita", "employment": "pns"}, []),
        ({"employment": "cpns"}, []),
        ({"birth_date": date(1990, 1, 2)}, ["nip-birth-date"]),
        ({"cpns_date": "2015-02-01"}, ["nip-appointment"]),
        ({"sex": "pria"}, ["nip-sex"]),
        ({"employment": "pppk"}, ["nip-employment"]),
    ],
)
def test_compare(record, expected):
    assert codes(am.compare_nip(am.parse_nip(NIP), record)) == expected


def test_of_a_pppk_the_year_is_compared():
    nip = am.parse_nip(PPPK)
    assert am.compare_nip(nip, {"cpns_date": "2021-06-01", "employment": "pppk"}) == ()
    assert codes(am.compare_nip(nip, {"cpns_date": "2022-01-01", "employment": "pns"})) == [
        "nip-appointment",
        "nip-employment",
    ]


def test_a_day_of_the_record_that_is_none_is_refused():
    with pytest.raises(am.ArgumentError, match="birth_date"):
        am.compare_nip(am.parse_nip(NIP), {"birth_date": "01-01-1990"})


# --- laws ---


@given(
    born=st.dates(date(1930, 1, 1), date(2010, 12, 31)),
    year=st.integers(1950, 2100),
    middle=st.one_of(st.integers(1, 12), st.integers(21, 29)),
    sex=st.sampled_from("12"),
    serial=st.integers(1, 999),
)
def test_what_is_written_is_read(born, year, middle, sex, serial):
    text = f"{born:%Y%m%d}{year:04d}{middle:02d}{sex}{serial:03d}"
    nip = am.parse_nip(text)
    assert str(nip) == text
    assert nip.birth_date == born
    assert nip.entry_year == year
    assert nip.entry_month == (middle if middle < 20 else None)
    assert nip.frequency == (middle - 20 if middle > 20 else None)
    assert nip.kind == ("pppk" if middle > 20 else "pns")
    assert nip.sex == {"1": "pria", "2": "wanita"}[sex]
    assert int(nip.serial) == serial
    assert am.parse_nip(nip.spaced) == nip
    assert am.compare_nip(nip, {"birth_date": born, "sex": nip.sex, "employment": nip.kind}) == ()


@given(st.one_of(st.text(), st.from_regex(r"\A'?[0-9 ]{15,20}\Z")))
def test_any_text_is_read_or_refused_with_reasons(text):
    try:
        nip = am.parse_nip(text)
    except am.NipError as error:
        assert error.faults
        assert all(f.kind == "refusal" and f.text("id") and f.text("en") for f in error.faults)
    else:
        assert str(nip).isascii()
        assert len(str(nip)) == 18


def test_arguments_of_another_kind_are_named():
    for call in (
        lambda: am.compare_nip("198503172010011003", {}),
        lambda: am.compare_nip(am.parse_nip("198503172010011003"), None),
        lambda: am.doubt_nip("198503172010011003", on="2025-12-31"),
        lambda: am.rank_duk(None, on="2025-12-31"),
        lambda: am.rank_duk({"nip": "A"}, on="2025-12-31"),
    ):
        with pytest.raises(am.ArgumentError):
            call()


def test_an_empty_number_has_one_fault():
    with pytest.raises(am.NipError) as caught:
        am.parse_nip("")
    assert [f.code for f in caught.value.faults] == ["nip-length"]
