"""Synthetic populations: calibrated, consistent, repeatable, decidable, and of nobody."""

import hashlib
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
import yaml

import asnmerit as am
from asnmerit.errors import ArgumentError
from asnmerit.nip import compare_nip, doubt_nip, parse_nip
from asnmerit.population import careers, conduct, credit, joint, names, numbers
from asnmerit.population.making import synthetic, synthetic_batches
from asnmerit.population.shares import SHARES, population_shares
from asnmerit.population.streams import BLOCK, permuted, wheel

POLICIES = Path(am.__file__).parent / "policies" / "indonesia"
ON = date(2026, 4, 1)
LAWS = ("indonesia/kenaikan_pangkat", "indonesia/kinerja", "manokwari/merit")
# A share of the press is met within six in a thousand, one from memory (a range there) within 25.
WITHIN = {"B": Decimal("0.006"), "illustrative": Decimal("0.006"), "M": Decimal("0.025")}


@pytest.fixture(scope="module")
def people():
    return synthetic(20_000, seed=11)


@pytest.fixture(scope="module")
def rows(people):
    return people.slice(0, 6000).to_pylist()


def law(name, on=ON):
    return am.in_force(am.load(name), on=on)


def document(name):
    return yaml.safe_load((POLICIES / f"{name}.yaml").read_text(encoding="utf-8"))


# --- calibrated ---


def test_two_hundred_thousand_people_have_the_published_shares():
    told = population_shares(synthetic(200_000, seed=2026)).to_pylist()
    measured = [s for s in told if s["share"] is not None]
    assert len(measured) >= 40 and {s["grade"] for s in measured} == set(WITHIN)
    off = [
        (s["of"], s["value"], s["among"], s["share"], s["made"])
        for s in measured
        if s["made"] is None or abs(s["made"] - s["share"]) > WITHIN[s["grade"]]
    ]
    assert not off


def test_every_share_says_where_it_comes_from():
    for share in SHARES:
        assert share.grade in WITHIN and share.source
        assert (share.grade == "illustrative") == (share.source == "no source") == (not share.published)
        assert share.grade != "B" or (share.share is not None and date.fromisoformat(share.day))
        assert share.grade != "illustrative" or share.note


def wanted(of, among):
    return {s.value: float(s.share) for s in SHARES if s.of == of and s.among == among and s.share is not None}


def test_the_joint_weights_add_up_to_the_shares():
    cells = joint.pns_cells()
    total = sum(weight for *_, weight in cells)
    pns = joint.PNS_IN_A_BLOCK / BLOCK

    def margin(place):
        counted = Counter()
        for *cell, weight in cells:
            counted[cell[place]] += weight / total
        return [counted[n] for n in sorted(counted)]

    near = lambda values, shares: pytest.approx(list(shares), abs=0.0008) == values  # noqa: E731
    ages, tenures, kinds = (margin(place) for place in range(3))
    assert near(ages, wanted("age", "pns").values())
    bands = [tenures[0] + tenures[1], *tenures[2:]]
    assert near(bands, wanted("tenure", "pns").values())
    all_kinds = [
        pns * kind + (1 - pns) * contract / sum(joint.PPPK_KINDS)
        for kind, contract in zip(kinds, joint.PPPK_KINDS, strict=True)
    ]
    assert near(all_kinds, wanted("position_kind", "asn").values())
    levels = np.array([*joint.EDUCATION_BY_KIND[:3], *joint.EDUCATION_BY_KIND[4:]]).sum(0)
    assert levels.sum() == 100_000
    groups = [levels[0:3].sum(), levels[3:6].sum(), levels[6:9].sum(), levels[9:11].sum(), levels[11]]
    assert near([int(g) / 100_000 for g in groups], wanted("education", "asn").values())
    women = pns * joint.WOMEN["pns"] + (1 - pns) * joint.WOMEN["pppk"]
    assert near([women / 10_000], [wanted("sex", "asn")["wanita"]])
    centre = pns * joint.CENTRE["pns"] + (1 - pns) * joint.CENTRE["pppk"]
    assert near([centre / 10_000], [wanted("agency_kind", "asn")["pusat"]])


def test_shares_are_measured_only_in_what_was_made_here(people):
    with pytest.raises(ArgumentError, match="people"):
        population_shares(pa.table({"sex": ["pria"]}))
    with pytest.raises(ArgumentError, match="people"):
        population_shares("people")
    assert population_shares(people.slice(0, 1)).num_rows == population_shares().num_rows
    assert population_shares(people.slice(0, 0))["made"].null_count == len(SHARES)


# --- repeatable ---


def fingerprint(table):
    said = repr([column.to_pylist() for column in table.columns]) + repr(table.column_names)
    return hashlib.sha256(said.encode()).hexdigest()


def test_the_same_seed_makes_the_same_people_on_every_machine():
    """Values and not memory: padding of buffers is nobody's business. If this changes, `making.MAKER` must too."""
    made = synthetic(BLOCK + 200, seed=20260401)
    assert fingerprint(pa.concat_tables([made.slice(0, 200), made.slice(BLOCK)])) == GOLDEN


def test_a_person_is_the_same_in_every_size_and_batch():
    whole = synthetic(BLOCK + 300, seed=5)
    assert synthetic(40, seed=5).equals(whole.slice(0, 40))
    assert synthetic(BLOCK, seed=5).equals(whole.slice(0, BLOCK))
    for batch in (1, 999, BLOCK, BLOCK + 1, 100_000):
        size = 20 if batch == 1 else whole.num_rows
        batches = list(synthetic_batches(size, seed=5, batch=batch))
        assert [b.num_rows for b in batches[:-1]] == [batch] * (len(batches) - 1) and batches[-1].num_rows <= batch
        assert pa.Table.from_batches(batches).equals(whole.slice(0, size))


def test_another_seed_makes_others():
    numbers_of = [set(synthetic(500, seed=seed)["employee_id"].to_pylist()) for seed in (0, 1, 2**64 - 1)]
    assert len(set.union(*numbers_of)) > 1490


def test_nothing_is_a_float(people):
    assert "float" not in str(people.schema) and "double" not in str(people.schema)


@pytest.mark.parametrize("size", [1, 2, 10, 97, 4096, numbers.PNS_PLACES, numbers.PPPK_PLACES])
def test_permuting_is_one_to_one(size):
    found = permuted(np.arange(size), size, 2**64 - 1)
    assert np.array_equal(np.sort(found), np.arange(size))
    assert size < 97 or not np.array_equal(found, permuted(np.arange(size), size, 3))


def test_wheels_give_each_choice_its_share():
    for weights in ([1], [0, 3, 1], [333, 333, 334], [1] * 200):
        counts = np.bincount(wheel(weights), minlength=len(weights))
        assert counts.sum() == 65_536
        assert all(abs(int(c) - w * 65_536 / sum(weights)) < 1 for c, w in zip(counts, weights, strict=True))


# --- numbers that are valid and of nobody ---


def test_there_are_numbers_for_everybody():
    blocks = -(-numbers.LARGEST // BLOCK)
    assert blocks * joint.PPPK_IN_A_BLOCK <= numbers.PPPK_PLACES
    assert blocks * joint.PNS_IN_A_BLOCK <= numbers.PNS_PLACES * numbers.MONTHS


def test_no_number_is_given_twice(people):
    assert len(set(people["employee_id"].to_pylist())) == people.num_rows
    # The places of PNS are used a second time far on; then the month of appointment tells two people apart.
    first, again = (numbers.places(7, block, np.zeros(BLOCK, bool)) for block in (0, 1))
    assert not np.array_equal(first.day, again.day)
    far = numbers.PNS_PLACES // joint.PNS_IN_A_BLOCK
    seen = [numbers.places(7, block, np.arange(BLOCK) < joint.PPPK_IN_A_BLOCK) for block in (0, 1, far, far + 1)]
    pns = [np.stack([p.serial, p.day, p.month])[:, joint.PPPK_IN_A_BLOCK :] for p in seen]
    without_month = np.unique(np.concatenate([p[:2] for p in pns], 1), axis=1).shape[1]
    assert np.unique(np.concatenate(pns, 1), axis=1).shape[1] == 4 * joint.PNS_IN_A_BLOCK > without_month


def test_numbers_are_valid_and_agree_with_the_person(rows):
    for row in rows:
        nip = parse_nip(row["employee_id"])
        assert not nip.repairs and not doubt_nip(nip, on=ON)
        assert not compare_nip(nip, {**row, "cpns_date": row["appointment_date"]})


def test_numbers_are_of_nobody(rows):
    for row in rows:
        nip = parse_nip(row["employee_id"])
        assert nip.frequency == 9 if row["employment"] == "pppk" else int(nip.serial) >= 800


def test_every_row_and_the_schema_say_that_it_is_synthetic(people):
    assert pc.all(people["synthetic"]).as_py()
    assert set(people["remark"].to_pylist()) == {"DATA SINTETIS - bukan orang sebenarnya"}
    for table in (people, people.slice(3, 2), synthetic(0)):
        said = table.schema.metadata
        assert said[b"asnmerit.synthetic"] == b"true" and b"nobody" in said[b"asnmerit.synthetic.statement"]
        assert said[b"asnmerit.synthetic.on"] == b"2026-04-01" and b"asnmerit.synthetic.seed" in said


# --- decidable ---


@pytest.mark.parametrize("name", LAWS)
def test_no_row_is_an_error(name, people):
    asked = law(name)
    done = am.decide_frame(asked, people, ignore="*")
    assert done["error"].null_count == people.num_rows
    for decision in asked.decisions:
        found = Counter(done[f"{decision}.status"].to_pylist())
        assert (
            min(found["granted"], found["undetermined"], found["refused"] + (decision == "predikat_kinerja") * 99) > 20
        ), "nothing to see in this decision"
        assert found["conflict"] == 0


@pytest.mark.parametrize("on", ["2024-01-01", "2024-02-29", "2027-12-31", "2028-02-29", "2030-12-31"])
def test_no_row_is_an_error_on_other_days(on):
    made = synthetic(4000, seed=3, on=on)
    for name in LAWS:
        if on >= "2025" or name != "manokwari/merit":
            done = am.decide_frame(law(name, on), made, ignore="*")
            assert done["error"].null_count == made.num_rows


@pytest.mark.parametrize(
    "name", ["indonesia/disiplin", "indonesia/angka_kredit", "indonesia/duk", "indonesia/gaji", "indonesia/talenta"]
)
def test_other_laws_take_it_too(name, people):
    assert am.decide_frame(law(name), people, ignore="*")["error"].null_count == people.num_rows


def test_columns_can_be_ignored_by_name(people):
    """Those that no fact of the law claims; the facts need no list."""
    facts = {info.name for info in law("indonesia/kinerja").facts}
    others = [n for n in people.column_names if n not in facts and not n.startswith("performance_2")]
    done = am.decide_frame(law("indonesia/kinerja"), people.slice(0, 10), ignore=others)
    assert done.num_rows == 10


def test_predicates_follow_from_the_quadrants_as_the_policy_has_it(people, rows):
    done = am.decide_frame(law("indonesia/kinerja"), people, ignore="*")
    granted = pc.equal(done["predikat_kinerja.status"], "granted")
    both = done.filter(granted)
    assert both.num_rows > 10_000
    assert both["predikat_kinerja.predicate"].to_pylist() == both["performance_2025"].to_pylist()
    matrix = document("kinerja")["tables"]["predicate_matrix"]["rows"]
    seen = set()
    for row in rows:
        for year in range(2021, 2026):
            results, behaviour = row[f"results_{year}"], row[f"behaviour_{year}"]
            if results is None:
                assert behaviour is None and row[f"performance_{year}"] in {None, "tidak_dinilai"}
            else:
                assert row[f"performance_{year}"] == matrix[results][behaviour][0]
                seen.add((results, behaviour))
    assert len(seen) == 9


# --- the tables repeated here are those of the policies ---


def test_tables_are_those_of_the_policies():
    types, ladder = document("asn")["types"], document("kenaikan_pangkat_tabel")["tables"]
    assert list(careers.RANKS) == types["rank"]["order"]
    assert list(careers.LEVELS) == types["functional_level"]["members"]
    assert list(joint.ECHELONS) == types["echelon"]["members"]
    assert list(conduct.PREDICATES) == types["predicate"]["order"]
    assert list(conduct.SANCTIONS) == types["sanction_level"]["order"]
    assert list(conduct.RATINGS) == document("kinerja")["types"]["work_rating"]["order"]
    rank = careers.RANKS.index
    for n, level in enumerate(joint.EDUCATIONS):
        assert [careers.ENTRY_RANK[n], careers.CEILING_RANK[n]] == [
            *map(rank, ladder["education_ranks"]["rows"][level])
        ]
    for n, echelon in enumerate(joint.ECHELONS):
        band = ladder["echelon_ranks"]["rows"][echelon]
        assert [careers.ECHELON_LOWEST[n], careers.ECHELON_HIGHEST[n]] == [*map(rank, band)]
    for n, level in enumerate(careers.LEVELS):
        coefficient, need, _, lowest, highest, *_ = document("angka_kredit")["tables"]["functional_levels"]["rows"][
            level
        ]
        assert [credit.COEFFICIENT[n], credit.NEED[n]] == [coefficient * 1000, need * 1000]
        assert [careers.LEVEL_LOWEST[n], careers.LEVEL_HIGHEST[n]] == [rank(lowest), rank(highest)]
    cut = document("gaji")["tables"]["grade_service_cut"]["rows"]
    assert [careers.CUT[rank(r)] for r in cut] == list(cut.values())


def test_sanctions_for_absence_are_those_of_the_policy():
    bands = document("disiplin")["tables"]["absence_bands"]["rows"]
    for days in range(30):
        level = bands[max(d for d in bands if d <= days)][1]
        assert conduct.SANCTIONS[conduct.absence_level(days)] == level


# --- consistent careers ---


def test_rank_histories_lead_to_the_present_rank(rows):
    longest = 0
    for row in rows:
        history = row["rank_history"]
        if row["employment"] == "pppk":
            assert not history and row["rank"] is row["rank_date"] is row["cpns_date"] is None and row["pppk_grade"]
            continue
        ranks = [careers.RANKS.index(step["rank"]) for step in history]
        assert ranks == list(range(ranks[0], ranks[-1] + 1)) and row["rank"] == history[-1]["rank"]
        assert ranks[0] == careers.ENTRY_RANK[joint.EDUCATIONS.index(row["education_at_entry"])]
        dates = [step["date"] for step in history]
        assert dates[0] == row["cpns_date"] and dates[-1] == row["rank_date"] <= ON
        assert all(a < b for a, b in pairwise(dates))
        assert all(d.month in {4, 10} and d.day == 1 for d in dates[1:] if d.year < 2024)
        longest = max(longest, len(history))
        # Grade service counts the months, less 6 years on the way from I to II and 5 from II to III.
        service = [12 * step["grade_service_years"] + step["grade_service_months"] for step in history]
        for (before, since, a), (after, day, b) in pairwise(zip(ranks, dates, service, strict=True)):
            months = 12 * (day.year - since.year) + day.month - since.month
            assert b == max(a + months - 12 * int(careers.CUT[after] - careers.CUT[before]), 0)
        now = 12 * row["grade_service_years"] + row["grade_service_months"]
        assert now == service[-1] + 12 * (ON.year - dates[-1].year) + ON.month - dates[-1].month
    assert longest >= 6


def test_posts_agree_with_ranks_and_education(rows):
    seen = Counter()
    for row in rows:
        kind, level, echelon = row["position_kind"], row["functional_level"], row["echelon"]
        assert (level != "bukan") == (kind == "fungsional") == (row["functional_level_date"] is not None)
        assert (echelon != "bukan") == (kind == "struktural")
        assert row["appointment_date"] <= row["position_date"] <= ON
        seen[kind, row["employment"]] += 1
        if kind == "fungsional" and row["employment"] != "pppk":
            rank, lowest = (careers.RANKS.index(row[c]) for c in ("rank", "level_entry_rank"))
            n = careers.LEVELS.index(level)
            assert careers.LEVEL_LOWEST[n] <= lowest <= rank <= careers.LEVEL_HIGHEST[n] + 1
            assert level.startswith("ahli") <= (row["education"] in {"d4", "s1", "profesi", "s2", "spesialis", "s3"})
        assert 1 <= row["job_class"] <= 17
    assert seen["struktural", "pppk"] == seen["struktural", "cpns"] == 0 < seen["struktural", "pns"]


def test_ages_agree_with_appointments(rows):
    for row in rows:
        completed = lambda day: ON.year - day.year - ((ON.month, ON.day) < (day.month, day.day))  # noqa: E731
        age, tenure = completed(row["birth_date"]), completed(row["appointment_date"])
        assert 21 <= age < (60 if row["position_kind"] == "fungsional" or row["employment"] == "pppk" else 58)
        assert age - tenure >= 20
        assert (row["employment"] == "cpns") == (tenure == 0 and row["employment"] != "pppk")
        assert row["employment"] != "pppk" or row["appointment_date"].year >= 2021
        for year in range(2021, 2026):
            assert row["appointment_date"] <= date(year, 7, 1) or row[f"performance_{year}"] is None
        assert all(t["end"] <= ON for t in row["trainings"])
        assert joint.EDUCATIONS.index(row["education_at_entry"]) <= joint.EDUCATIONS.index(row["education"])
        entered, studied = row["appointment_date"].year, row["education"] != row["education_at_entry"]
        assert (entered <= row["graduation_year"] < 2026) if studied else row["graduation_year"] < entered
        assert row["retirement_date"] > ON and row["retirement_age"] in {58, 60, 65}
        assert row["retirement_date"].year - row["birth_date"].year - row["retirement_age"] in {0, 1}


def test_conduct_is_in_order(people):
    kept = people.select(["sanctions", "absences", "appointment_date", "conversions", "functional_level"]).to_pylist()
    heavy = 0
    for row in kept:
        assert all(s["start"] <= s["end"] and s["level"] != "tidak_ada" for s in row["sanctions"])
        assert all(row["appointment_date"] <= a["start"] <= ON and 1 <= a["days"] <= 9 for a in row["absences"])
        last_year = sum(a["days"] for a in row["absences"] if a["start"].year == 2025)
        if last_year >= 3:
            heavy += 1
            assert row["sanctions"][0]["start"] == date(2026, 2, 1)
            assert row["sanctions"][0]["level"] == conduct.SANCTIONS[conduct.absence_level(last_year)]
        for kept_year in row["conversions"]:
            assert kept_year["level"] == row["functional_level"] != "bukan"
            assert kept_year["start"] <= kept_year["end"] <= ON and kept_year["start"].year == kept_year["end"].year
    assert heavy > 100


def test_raters_scores_have_gaps(rows):
    for name, width in conduct.RATERS:
        lists = [row[name] for row in rows]
        assert any(scores is None for scores in lists), "nobody's scores are missing"
        given = [s for scores in lists if scores for s in scores]
        assert None in given and any(s is not None for s in given)
        assert max(len(scores) for scores in lists if scores) == width
        assert all(0 <= s <= 100 and s * 4 == int(s * 4) for s in given if s is not None)
    assert any(row["quality_subordinates"] == [] for row in rows)
    assert not any(row["innovation_panel"] == [] or row["quality_supervisor"] == [] for row in rows)


# --- names ---


def test_names_are_made_up_and_change_nothing_else():
    pytest.importorskip("faker")
    named = synthetic(300, seed=9, names=True)
    assert named.drop_columns(["name"]).equals(synthetic(300, seed=9))
    men, women = set(names.pool()[: names.POOL]), set(names.pool()[names.POOL :])
    for row in named.select(["name", "sex"]).to_pylist():
        assert row["name"].endswith("(sintetis)") and row["name"] in (women if row["sex"] == "wanita" else men)
    assert len(set(named["name"].to_pylist())) > 200


def test_without_faker_there_are_no_names_and_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "faker", None)
    names.pool.cache_clear()
    with pytest.raises(ModuleNotFoundError, match="simulate"):
        synthetic(1, names=True)
    assert "name" not in synthetic(1).column_names


# --- bad input ---


@pytest.mark.parametrize(
    ("given", "argument"),
    [
        ({"size": -1}, "size"),
        ({"size": 6_000_001}, "size"),
        ({"size": 10.0}, "size"),
        ({"size": True}, "size"),
        ({"size": "10"}, "size"),
        ({"size": None}, "size"),
        ({"seed": -1}, "seed"),
        ({"seed": 2**64}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": "a"}, "seed"),
        ({"on": "2023-12-31"}, "on"),
        ({"on": "2031-01-01"}, "on"),
        ({"on": "2026-02-30"}, "on"),
        ({"on": 20260401}, "on"),
        ({"on": None}, "on"),
        ({"names": 1}, "names"),
        ({"name": True}, "name"),
        ({"polcy": None}, "polcy"),
    ],
)
def test_arguments_are_checked(given, argument):
    for make in (synthetic, synthetic_batches):
        with pytest.raises(ArgumentError) as told:
            make(**{"size": 1, **given})
        assert told.value.argument == argument and told.value.expected


@pytest.mark.parametrize("batch", [0, -1, 1.0, True, None, 6_000_001])
def test_batches_are_checked_at_once(batch):
    with pytest.raises(ArgumentError, match="batch"):
        synthetic_batches(10, batch=batch)


def test_nobody_is_a_population_too():
    none = synthetic(0)
    assert none.num_rows == 0 and none.schema == synthetic(1).schema
    assert list(synthetic_batches(0)) == []
    assert am.decide_frame(law("manokwari/merit"), none, ignore="*").num_rows == 0
    assert synthetic(1, on=ON).equals(synthetic(1))


GOLDEN = "13b63fbf14a5673bf34eea86bae37b11c89aa4777961ff4bf296fb2e043f2b43"


def test_whole_numbers_of_numpy_are_whole_numbers(people):
    made = synthetic(np.int64(50), seed=np.uint8(11))
    assert made.equals(people.slice(0, 50))
    assert made.schema.metadata[b"asnmerit.synthetic.seed"] == b"11"
    assert [b.num_rows for b in synthetic_batches(np.int32(5), batch=np.int16(2))] == [2, 2, 1]


@pytest.mark.parametrize("size", [np.float64(5), np.bool_(True), np.array([5, 6]), "5", b"5"])
def test_what_only_looks_like_a_number_is_no_size(size):
    with pytest.raises(ArgumentError, match="size: got"):
        synthetic(size)


def test_shares_of_a_population_that_lost_columns_are_refused(people):
    with pytest.raises(ArgumentError, match="with all its columns"):
        population_shares(people.select(["sex", "rank"]))
