"""Years ahead of real law, held against people who are taken one by one, day by day, by the single decision."""

import datetime
import functools
from collections import Counter
from fractions import Fraction

import pytest

import asnmerit as am
from asnmerit.frames.columns import used_columns
from asnmerit.frames.deciding import ordered
from asnmerit.frames.single import record_of
from asnmerit.projection.ages import RETIREMENT

ON = datetime.date(2026, 4, 1)
YEARS = 2
POLICY, PAY = am.load("indonesia/kenaikan_pangkat"), am.load("indonesia/gaji")


@functools.cache
def law_of(policy, day):
    return am.in_force(policy, on=day)


def decided(policy, row, day, **more):
    law = law_of(policy, day)
    order = ordered(law, day, {"ignore": "*"})
    cells = {k: v for k, v in {**row, **more}.items() if v is not None}
    used = used_columns(law, list(cells), order.how)
    record, faults = record_of(order, used, {u.name: cells[u.name] for u in used})
    assert not faults
    try:
        return am.decide(law, record, day)
    except am.RecordError:
        return None


def retires(row):
    fits = [a.age for a in RETIREMENT if all(row.get(n) in values for n, values in a.where.items())]
    birth = row["birth_date"]
    month = birth.year * 12 + birth.month + 12 * max(fits)
    return datetime.date(month // 12, month % 12 + 1, 1)


def served(row, months):
    """The row with its service of today."""
    out = dict(row)
    for name, n in months.items():
        out[f"{name}_years"], out[f"{name}_months"] = (None, None) if n is None else divmod(n, 12)
    return out


def floored(value):
    return Fraction(Fraction(value) * 1000 // 1, 1000)


def lives(row, years, months_of_promotion, predicate, *, credit):
    """Live one life; give what happened, by year."""
    row, count = dict(row), Counter()
    months = {
        n: None
        if row[f"{n}_years"] is None or row[f"{n}_months"] is None
        else row[f"{n}_years"] * 12 + row[f"{n}_months"]
        for n in ("service", "grade_service")
    }
    for month in range(12 * years):
        year, day = month // 12 + 1, datetime.date(ON.year + (month + 3) // 12, (month + 3) % 12 + 1, 1)
        if retires(row) <= day:
            count["retired", year] += 1
            return count
        if day.month == 1:
            row[f"performance_{day.year - 1}"] = predicate
            if credit:
                converts(row, served(row, months), day, predicate)
        if day.month in months_of_promotion:
            promotes(row, months, day, year, count, credit=credit)
        pay = decided(PAY, served(row, months), day)
        if pay is not None and pay["gaji_pokok"].status == "granted":
            count["cost", year] += pay["gaji_pokok"].outcome["amount"]
        months = {n: None if m is None else m + 1 for n, m in months.items()}
    count["here", years] += 1
    return count


def converts(row, today, day, predicate):
    """Put the credit of the last conversions to that of the statement; the year that ended is a new conversion."""
    found = decided(POLICY, today, day)
    earned = None if found is None else found.values["converted_credit"]
    if earned is None or row["previous_credit"] is None:
        return
    row["previous_credit"] = Fraction(row["previous_credit"]) + floored(earned)
    row["conversions"], row["quarters"] = [], []
    if row["functional_level"] in (None, "bukan"):
        return
    first, last = datetime.date(day.year - 1, 1, 1), datetime.date(day.year - 1, 12, 31)
    came = max(d for d in (first, row["cpns_date"], row["appointment_date"]) if d is not None)
    row["conversions"] = [
        {"start": min(came, last), "end": last, "predicate": predicate, "level": row["functional_level"]}
    ]


def promotes(row, months, day, year, count, *, credit):
    found = decided(POLICY, served(row, months), day)
    if found is None:
        count["error", year] = 1
        return
    rank, level = found["kenaikan_pangkat"], found["kenaikan_jenjang"]
    up, higher = rank.status == "granted", level.status == "granted"
    if credit and (up or higher) and found.values["credit_carried"] is not None:
        row["previous_credit"] = floored(found.values["credit_carried"])
        row["conversions"], row["quarters"], row["certificates"] = [], [], []
        row |= {n: 0 for n in ("adjustment_credit", "recorded_basic_credit") if n in row}
    if up:
        count["promoted", year] += 1
        pay = decided(PAY, served(row, months), day, promoted_to=rank.outcome["new_rank"])
        if months["grade_service"] is not None:
            months["grade_service"] = None if pay is None else pay.values["grade_service_after_promotion"]
        row |= {"rank": rank.outcome["new_rank"], "rank_date": day}
    if higher:
        count["level_promoted", year] += 1
        row |= {"functional_level": level.outcome["new_level"], "functional_level_date": day}
        row |= {"level_entry_rank": row["rank"]} if "level_entry_rank" in row else {}


@pytest.mark.parametrize(("seed", "credit"), [(1, False), (2, True), (3, True)])
def test_a_projection_is_the_lives_of_its_people(seed, credit):
    people = am.synthetic(40, seed=seed, on=str(ON))
    given = am.Assumptions(appraisal=am.Appraisal({"sangat_baik": 1}), credit=credit, promotion_months=(4, 10))
    found = am.project(POLICY, people, YEARS, on=ON, assumptions=given, runs=1)
    lived = Counter()
    for row in people.to_pylist():
        lived += lives(row, YEARS, (4, 10), "sangat_baik", credit=credit)
    for year in range(1, YEARS + 1):
        for name in ("promoted", "level_promoted", "retired"):
            assert found.each(name, year) == (lived[name, year],), (name, year)
        assert found.cost(year)[0] == lived["cost", year]
    assert found.each("headcount", YEARS) == (lived["here", YEARS],)
    assert sum(lived["promoted", y] for y in range(1, YEARS + 1)) > 3
