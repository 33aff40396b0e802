"""CSV and JSON into records: exact values, named errors, and no row lost."""

import csv
import io
import json
import tracemalloc
from contextlib import suppress
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asnmerit.readers import PLAIN, FileRefusedError, Row, TableOptions, places, read_csv, read_json, read_json_lines
from asnmerit.readers.conventions import Reading
from asnmerit.readers.dates import sheet_date
from asnmerit.readers.findings import CATALOGUE, CellRefusedError, Finding, Words, shortened
from asnmerit.readers.strict_json import strict_json
from asnmerit.readers.tabular import LONGEST_ROW
from asnmerit.readers.text import boolean, iso_date, member, number, percentage
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, PerMember, Yearly


@attrs.frozen
class Fact:
    name: str
    type: object


PREDICATE = Enum("predicate", ("kurang", "baik", "sangat_baik"), (0, 1, 2), ordered=True)
SKILL = Enum("skill", ("teknis", "manajerial"), (0, 1), ordered=False)
SCORE = Number("number", Fraction(0), Fraction(100), Fraction(1, 100))
FACTS = [
    Fact("active", Bool()),
    Fact("rank_date", Date()),
    Fact("score", SCORE),
    Fact("predicate", PREDICATE),
    Fact("performance", Yearly(PREDICATE, 5)),
    Fact("level", PerMember(SCORE, SKILL)),
    Fact("quality_peers", ListOf({"value": SCORE}, 3, plain=True)),
    Fact("sanctions", ListOf({"level": PREDICATE, "until": Date()}, 2)),
]


def csv_rows(text, **options):
    data = text if isinstance(text, bytes) else text.encode()
    return list(read_csv(io.BytesIO(data), FACTS, TableOptions(**options)).rows)


def one(header, cells, **options):
    (row,) = csv_rows(f"{header}\n{cells}\n", **options)
    return row


def codes(row):
    return [f.code for f in row.findings]


# --- cells ---


@pytest.mark.parametrize(
    ("text", "comma", "value"),
    [
        ("12.50", False, Decimal("12.50")),
        ("80", False, 80),
        ("-3", False, -3),
        ("+3", False, 3),
        ("25/8", False, Fraction(25, 8)),
        ("87,5", True, Decimal("87.5")),
        ("25/8", True, Fraction(25, 8)),
    ],
)
def test_a_number_is_read_exactly(text, comma, value):
    found = number(text, decimal_comma=comma)
    assert found == value
    assert not isinstance(found, float)


@pytest.mark.parametrize(
    ("text", "value"), [("60%", Fraction(3, 5)), ("12.5%", Fraction(1, 8)), ("0.6", Decimal("0.6"))]
)
def test_a_percentage_is_a_part_of_one(text, value):
    assert percentage(text) == value
    assert Reading().scalar(Number("percent"), text) == (value, None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "NaN",
        "inf",
        "-Infinity",
        "1e3",
        "0x10",
        "1_000",
        "1.500.000",
        "Rp1000",
        "60%",
        "25/0",
        "1/-2",
        "87,5",
        "٣",
        "12.",
        ".5",
        "--1",
        "9" * 41,
        "½",
        "1 2",
        "True",
    ],
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(CellRefusedError) as caught:
        number(text)
    assert caught.value.finding.code == "cell-number"


def test_a_decimal_comma_is_named_when_it_is_the_reason():
    with pytest.raises(CellRefusedError, match="--decimal-comma"):
        number("87,5")
    with pytest.raises(CellRefusedError):
        number("87.5", decimal_comma=True)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", "cell-no-such-date"),
        ("0000-01-01", "cell-no-such-date"),
        ("20260201", "cell-date"),
        ("2026-W01-1", "cell-date"),
        ("2026-1-1", "cell-date"),
        ("1-2-2026", "cell-date"),
        ("46113", "cell-date"),
        ("2026-01-01T00:00:00", "cell-date"),
        ("\uff12026-01-01", "cell-date"),
    ],
)
def test_a_date_has_one_spelling(text, code):
    with pytest.raises(CellRefusedError) as caught:
        iso_date(text)
    assert caught.value.finding.code == code


def test_a_siasn_date_is_day_first():
    assert sheet_date("1-4-2026")[0] == sheet_date("2026-04-01")[0] == date(2026, 4, 1)
    for text in ("04/01/2026", "31-02-2026", "2026-4-1", "1-4-26"):
        with pytest.raises(CellRefusedError):
            sheet_date(text)


def test_booleans_are_the_documented_words():
    assert [boolean(t) for t in ("ya", "TRUE", "1", "tidak", "False", "0")] == [True] * 3 + [False] * 3
    for text in ("y", "yes", "no", "on", "2", "", "benar", "\uff34RUE"):
        with pytest.raises(CellRefusedError):
            boolean(text)


def test_a_member_is_its_exact_code_and_the_near_miss_is_named():
    assert member("baik", PREDICATE.members) == "baik"
    with pytest.raises(CellRefusedError, match="did you mean sangat_baik"):
        member("Sangat Baik", PREDICATE.members)


@given(st.fractions(-(10**6), 10**6, max_denominator=10**6))
def test_every_ratio_that_is_written_is_read_back(value):
    assert number(f"{value.numerator}/{value.denominator}") == value


@given(st.decimals(-(10**9), 10**9, allow_nan=False, allow_infinity=False, places=4))
def test_every_decimal_that_is_written_is_read_back(value):
    assert number(f"{value:f}") == value
    assert number(f"{value:f}".replace(".", ","), decimal_comma=True) == value


def outcome(read, text):
    """What reading gives, a refusal included: its text can be printed."""
    try:
        return read(text)
    except (CellRefusedError, FileRefusedError) as error:
        return error if str(error).replace("\n", "").isprintable() else None


@given(st.text())
def test_any_text_is_read_or_refused_by_name(text):
    for read in (number, boolean, iso_date, lambda t: sheet_date(t)[0], lambda t: member(t, PREDICATE.members)):
        assert isinstance(outcome(read, text), int | str | date | Decimal | Fraction | CellRefusedError)


# --- columns ---


def test_flat_columns_are_put_together():
    row = one(
        "id,active,performance_2025,performance_2024,level_teknis,quality_peers_1,quality_peers_2,sanctions_1_level,sanctions_1_until",
        "A1,ya,baik,kurang,70,78,80.5,kurang,2025-01-31",
    )
    assert row.id == "A1"
    assert dict(row.record) == {
        "active": True,
        "performance": {2025: "baik", 2024: "kurang"},
        "level": {"teknis": 70},
        "quality_peers": [78, Decimal("80.5")],
        "sanctions": [{"level": "kurang", "until": date(2025, 1, 31)}],
    }


def test_one_column_of_json_says_the_same():
    flat = one("performance_2025,quality_peers_1,quality_peers_2", "baik,78,80.5")
    cells = '"{""2025"": ""baik""}","[78, ""80.5""]"'
    spelled = one("performance,quality_peers", cells)
    assert spelled.record["quality_peers"] == flat.record["quality_peers"]
    assert spelled.record["performance"] == {"2025": "baik"}


def test_an_empty_cell_is_unknown_and_brackets_are_none():
    header = "active,quality_peers_1,quality_peers_2,sanctions,performance_2025"
    assert dict(one(header, ",,,,").record) == {}
    assert dict(one(header, ",[],,[],").record) == {"quality_peers": [], "sanctions": []}


def test_a_gap_is_an_unknown_entry_and_what_follows_the_last_is_nothing():
    header = "quality_peers_1,quality_peers_2,quality_peers_3,sanctions_1_level,sanctions_2_level,sanctions_2_until"
    row = one(header, "78,,80,,kurang,")
    assert row.record == {"quality_peers": [78, None, 80], "sanctions": [{}, {"level": "kurang"}]}
    assert one(header, "78,,,,,").record == {"quality_peers": [78]}


def test_none_beside_some_is_refused():
    assert codes(one("quality_peers_1,quality_peers_2", "[],80")) == ["cells-none-and-some"]
    assert codes(one("quality_peers,quality_peers_1", "[78],80")) == ["column-clash"]


def test_every_fault_of_a_row_is_told_with_its_column():
    row = one("active,score,rank_date,predicate", "mungkin,delapan,31-01-2026,baek")
    assert [(f.column, f.code) for f in row.refusals] == [
        ("active", "cell-bool"),
        ("score", "cell-number"),
        ("rank_date", "cell-date"),
        ("predicate", "cell-member"),
    ]
    for finding in row.refusals:
        assert finding.value
        assert finding.expected.id
        assert finding.expected.en


def test_an_unknown_column_is_refused_with_the_near_miss_all_at_once():
    with pytest.raises(FileRefusedError) as caught:
        csv_rows("scor,performence_2025,quality_peers_9,nama\n1,baik,3,x\n")
    found = {f.column: f.hint.en for f in caught.value.findings}
    assert list(found) == ["scor", "performence_2025", "quality_peers_9"]
    assert "score" in found["scor"]
    assert "performance_2025" in found["performence_2025"]
    assert "--ignore" in caught.value.text("id")


def test_columns_can_be_ignored_by_name_or_all():
    assert one("active,alamat", "ya,Jalan", ignore=("alamat",)).record == {"active": True}
    assert one("active,alamat,hobi", "ya,Jalan,x", ignore=("*",)).record == {"active": True}
    assert one("active,score", "ya,rusak", ignore=("score",)).record == {"active": True}


def test_a_column_twice_is_refused():
    with pytest.raises(FileRefusedError, match="column-twice"):
        csv_rows("score,score\n1,2\n")
    with pytest.raises(FileRefusedError, match="column-clash"):
        csv_rows("nip,NIP\n1,2\n")


def test_a_siasn_column_in_a_plain_file_gets_a_hint():
    with pytest.raises(FileRefusedError, match="--input-format siasn"):
        csv_rows("gol_akhir_id\n31\n", convention=PLAIN)


def test_places_lists_every_column_of_a_template():
    names = list(places(FACTS))
    assert {"level_teknis", "quality_peers_3", "sanctions_2_until"} <= set(names)
    assert "quality_peers_4" not in names


# --- the file ---


def test_semicolons_bom_and_decimal_commas():
    row = one("﻿id;score", "A;87,5", delimiter=";", decimal_comma=True)
    assert row.record == {"score": Decimal("87.5")}
    with pytest.raises(FileRefusedError, match="--delimiter ';'"):
        csv_rows("active;score\nya;1\n")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b"\n\n", "file-empty"),
        (b"\xef\xbb\xbf", "file-empty"),
        ("active\nya\n".encode("utf-16"), "file-encoding"),
        (b"akti\xff\nya\n", "file-encoding"),
        (b"PK\x03\x04\x14\x00\x06\x00rest", "file-workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "file-workbook"),
        (b"a" * (LONGEST_ROW + 5), "header-broken"),
        (b'"active\nya\n', "header-broken"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_name(data, code):
    with pytest.raises(FileRefusedError) as caught:
        csv_rows(data)
    assert [f.code for f in caught.value.findings] == [code]


def test_a_bad_row_never_stops_the_good_ones_and_is_never_lost():
    rows = csv_rows(
        b"id,active\n"
        b"A1,ya\n"
        b"A2\n"                            # too few
        b"A3,ya,extra\n"                   # too many
        b"A4,\xff\n"                       # not UTF-8
        b'A5,"ya\n'                        # a quotation mark that never closes
        b"A6,tidak\n"
        b"A7," + b"x" * LONGEST_ROW + b"\n"
        b"A8,y\x00a\n"
        b"\n"
        b"A9,ya\n"
    )  # fmt: skip
    assert [(row.number, row.line, row.id, codes(row)) for row in rows] == [
        (1, 2, "A1", []),
        (2, 3, "A2", ["row-cells"]),
        (3, 4, "A3", ["row-cells"]),
        (4, 5, "A4", ["row-encoding"]),
        (5, 6, "", ["row-quotes"]),
        (6, 7, "A6", []),
        (7, 8, "", ["row-long"]),
        (8, 9, "A8", ["cell-control"]),
        (9, 11, "A9", []),
    ]
    assert rows[5].record == {"active": False}


def test_a_cell_may_hold_a_line_break():
    rows = csv_rows('id,active,alamat\nA1,ya,"Jalan\nBaru"\nA2,ya,x\n', ignore=("alamat",))
    assert [(r.id, r.line) for r in rows] == [("A1", 2), ("A2", 4)]


def test_empty_trailing_cells_are_harmless_and_filled_ones_are_not():
    assert codes(one("id,active,,", "A1,ya,,")) == []
    assert codes(one("id,active,", "A1,ya,x")) == ["cell-unclaimed"]
    assert codes(one("id,active", "A1,ya,,,")) == []


def test_every_line_end_is_read():
    for end in ("\n", "\r\n", "\r"):
        assert [r.id for r in csv_rows(end.join(["id,active", "A1,ya", "A2,tidak", ""]))] == ["A1", "A2"]


def test_rows_are_read_as_they_are_asked_for():
    class Endless(io.RawIOBase):
        def __init__(self):
            self.head = b"id,active\n"

        def readable(self):
            return True

        def readinto(self, buffer):
            data, self.head = self.head or b"A1,ya\n" * 100, b""
            data = data[: len(buffer)]
            buffer[: len(data)] = data
            return len(data)

    rows = read_csv(io.BufferedReader(Endless()), FACTS).rows
    tracemalloc.start()
    for _ in range(5_000):
        assert next(rows).record == {"active": True}
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@given(st.binary(max_size=400))
def test_arbitrary_bytes_as_csv_give_only_the_library_s_own_errors(data):
    for head in (b"", b"id,active,score,performance_2025,sanctions\n"):
        with suppress(FileRefusedError):
            for row in read_csv(io.BytesIO(head + data), FACTS).rows:
                assert isinstance(row, Row)
                assert all(finding.text("id").isprintable() for finding in row.findings)


CELLS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=6))
def test_every_row_of_a_table_comes_out(table):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows([["active", "score"], *table])
    rows = csv_rows(out.getvalue().encode())
    assert [r.number for r in rows] == list(range(1, len(table) + 1))


# --- JSON ---


def json_rows(text):
    return list(read_json(io.BytesIO(text if isinstance(text, bytes) else text.encode()), FACTS))


def test_json_numbers_are_exact():
    (row,) = json_rows('[{"score": "25/8", "quality_peers": [78, 80.5, "81.25"], "level": {"teknis": "70.5"}}]')
    assert row.record == {
        "score": Fraction(25, 8),
        "quality_peers": [78, Decimal("80.5"), Decimal("81.25")],
        "level": {"teknis": Decimal("70.5")},
    }


def test_the_same_objects_as_array_as_lines_and_one_after_the_other():
    people = [{"id": "A1", "active": True}, {"id": "A2", "sanctions": []}]
    lines = "\n".join(json.dumps(p) for p in people)
    by_line = list(read_json_lines(io.BytesIO(lines.encode()), FACTS))
    for text in (json.dumps(people), json.dumps(people, indent=2), lines):
        assert [(r.id, r.record) for r in json_rows(text)] == [(r.id, r.record) for r in by_line]
    assert [r.id for r in by_line] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"score": 1, "score": 2}', "json-duplicate-key"),
        ('{"sanctions": [{"level": "baik", "level": "kurang"}]}', "json-duplicate-key"),
        ('{"score": NaN}', "json-number"),
        ('{"score": -Infinity}', "json-number"),
        ('{"score": 1e999}', "json-number"),
        ('{"score": 1E-99999999999}', "json-number"),
        ('{"score": ' + "9" * 5000 + "}", "json-number"),
        ('{"predicate": "\\ud800"}', "cell-surrogate"),
        ('{"\\udfff": 1}', "cell-surrogate"),
        ('{"score": "delapan"}', "cell-number"),
        ('{"score": }', "json-syntax"),
        ("{'score': 1}", "json-syntax"),
        ("[1]", "row-shape"),
        ("7", "row-shape"),
        ('{"a": ' + "[" * 500 + "]" * 500 + "}", "json-depth"),
    ],
)
def test_a_bad_object_is_told_and_the_next_is_read(text, code):
    rows = json_rows(f'[{text}, {{"id": "A2", "active": true}}]')
    assert [codes(r) for r in rows] == [[code], []]
    by_line = list(read_json_lines(io.BytesIO(f'{text}\n{{"id": "A2", "active": true}}\n'.encode()), FACTS))
    assert [codes(r) for r in by_line] == [[code], []]


def test_a_mispaired_bracket_costs_one_object():
    rows = json_rows('[{"sanctions": [1}, {"id": "A2"}, {"id": "A3"}]')
    assert [r.id for r in rows] == ["", "A2", "A3"]
    assert codes(rows[0]) == ["json-syntax"]


@pytest.mark.parametrize("text", ['[{"id": "A1"}', '[{"id": "A1"}, {"id"', '[{"id": "A1"},', '[{"id": "A1"}] extra'])
def test_a_file_that_is_cut_short_says_so(text):
    rows = json_rows(text)
    assert rows[0].id == "A1"
    assert codes(rows[-1]) == ["file-cut"]


def test_lines_are_told_where_they_are():
    rows = json_rows('[\n  {"id": "A1"},\n\n  {"id": \n "A2"},\n  oops\n]\n')
    assert [(r.line, r.id) for r in rows] == [(2, "A1"), (4, "A2"), (6, "")]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file-empty"),
        (b" \n", "file-empty"),
        (b"id,active\n", "file-layout"),
        (b"\xff\xfe[\x00", "file-encoding"),
    ],
)
def test_a_file_that_is_no_json_is_refused(data, code):
    with pytest.raises(FileRefusedError) as caught:
        json_rows(data)
    assert [f.code for f in caught.value.findings] == [code]


@given(st.binary(max_size=300))
def test_arbitrary_bytes_as_json_give_only_the_library_s_own_errors(data):
    for head in (b"", b"[", b'[{"score": ', b'{"id": "A1", '):
        with suppress(FileRefusedError):
            assert all(isinstance(row, Row) for row in json_rows(head + data))
    assert all(isinstance(row, Row) for row in read_json_lines(io.BytesIO(data), FACTS))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(st.characters(codec="utf-8"), max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=6), VALUES, max_size=5), min_size=1))
def test_the_splitter_cuts_where_json_does(people):
    for indent in (None, 1):
        text = json.dumps(people, ensure_ascii=False, indent=indent)
        rows = list(read_json(io.BytesIO(text.encode()), []))
        assert len(rows) == len(people)
        for row, person in zip(rows, people, strict=True):
            hidden = {"id", "employee_id", "name", "nama", "nip", "nip_baru", "NIP"}
            assert row.refusals or row.record == {k: v for k, v in person.items() if k not in hidden}


@given(VALUES)
def test_strict_json_agrees_with_json_on_what_it_takes(value):
    assert strict_json(json.dumps(value)) == value


# --- texts ---


def test_an_error_text_shows_a_value_shortened_and_printable():
    assert len(shortened("x" * 10_000)) == 40
    assert shortened("a\nb\ud800`").isprintable()


def test_each_finding_speaks_both_languages():
    for code in CATALOGUE:
        finding = Finding(code, "kolom", "nilai", Words("satu", "one"), Words("dua", "two"))
        assert finding.text("id") != finding.text("en")
        assert code in finding.text("id")
