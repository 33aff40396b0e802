"""Two axes of time: the day asked for, and the day on which it was known. Other days, other answers."""

import datetime

import pytest

import asnmerit as am

POLICY = {
    "asnmerit": 1,
    "policy": "case/minimum",
    "title": "Minimum",
    "effective": {"from": "2020-01-01", "until": "2030-01-01"},
    "enacted": "2019-12-01",
    "sources": {"law": {"title": "Law", "grade": "A"}},
    "facts": {"score": {"type": "integer", "from": 0, "to": 100}, "seen": {"type": "bool", "per": "year", "back": 2}},
    "parameters": {
        "minimum": {
            "type": "integer",
            "source": "law art. 1",
            "versions": [
                {"value": 70},
                {"from": "2024-01-01", "enacted": "2023-10-15", "value": 80},
                {"from": "2026-01-01", "until": "2026-07-01", "enacted": "2025-05-01", "value": 60},
            ],
        }
    },
    "decisions": {"raise_of_pay": {"outcome": {}}},
    "rules": {
        "enough": {
            "decides": "raise_of_pay",
            "source": "law art. 1",
            "requires": {"enough": {"is": "score >= minimum"}, "seen": {"is": "seen[0]"}},
            "grants": {},
        }
    },
}
PERSON = {"score": 75, "seen": {2019: True, 2022: True, 2023: True, 2024: True, 2025: True, 2026: True}}


@pytest.fixture(scope="module")
def small():
    return am.load(POLICY)


@pytest.fixture(scope="module")
def promotion():
    return am.load("indonesia/kenaikan_pangkat")


@pytest.fixture(scope="module")
def manokwari():
    return am.load("manokwari/merit")


def status(policy, on, known=None):
    return am.decide(am.in_force(policy, on=on, known=known), PERSON)["raise_of_pay"].status


# --- the small policy ---


@pytest.mark.parametrize(
    ("on", "known", "expected"),
    [
        ("2020-01-01", None, "granted"),
        ("2023-12-31", None, "granted"),
        ("2024-01-01", None, "refused"),
        ("2024-01-01", "2023-10-14", "granted"),
        ("2024-01-01", "2023-10-15", "refused"),
        ("2025-12-31", None, "refused"),
        ("2026-01-01", None, "granted"),
        ("2026-06-30", None, "granted"),
        ("2026-07-01", None, "refused"),
        ("2026-01-01", "2025-04-30", "refused"),
        ("2026-07-01", "2025-04-30", "refused"),
        ("2026-07-01", "2023-10-14", "granted"),
    ],
)
def test_the_answer_follows_both_days(small, on, known, expected):
    assert status(small, on, known) == expected


def test_what_is_enacted_later_never_changes_what_was_known_before():
    days = ["2020-01-01", "2023-12-31", "2024-01-01", "2026-01-01", "2026-06-30", "2026-07-01", "2029-12-31"]
    for kept in (1, 2):
        shorter = {
            **POLICY,
            "parameters": {
                "minimum": {
                    **POLICY["parameters"]["minimum"],
                    "versions": POLICY["parameters"]["minimum"]["versions"][:kept],
                }
            },
        }
        known = ["2023-10-14", "2025-04-30"][kept - 1]
        for on in days:
            assert status(am.load(POLICY), on, known) == status(am.load(shorter), on, known)


def test_a_law_says_on_which_days_it_holds(small):
    day = datetime.date
    assert am.in_force(small, on="2021-05-05").valid == (day(2020, 1, 1), day(2024, 1, 1))
    assert am.in_force(small, on="2024-01-01").valid == (day(2024, 1, 1), day(2026, 1, 1))
    assert am.in_force(small, on="2026-01-01").valid == (day(2026, 1, 1), day(2026, 7, 1))
    assert am.in_force(small, on="2026-08-01").valid == (day(2026, 7, 1), day(2030, 1, 1))
    assert am.in_force(small, on="2021-05-05", known="2023-10-14").valid == (day(2020, 1, 1), day(2030, 1, 1))
    assert am.in_force(small, on="2021-05-05", known="2025-04-30").valid == (day(2020, 1, 1), day(2024, 1, 1))


def test_days_of_one_law_have_one_meaning_and_another_law_another(small):
    law = am.in_force(small, on="2021-05-05")
    assert law.meaning == am.in_force(small, on="2023-12-31").meaning
    assert law.meaning != am.in_force(small, on="2024-01-01").meaning
    assert law.meaning == am.in_force(small, on="2024-01-01", known="2023-10-14").meaning


def test_the_day_decided_for_lies_within_the_law(small):
    law = am.in_force(small, on="2024-06-01")
    assert am.decide(law, PERSON).as_of == datetime.date(2024, 6, 1)
    assert am.decide(law, PERSON, as_of="2025-12-31").as_of == datetime.date(2025, 12, 31)
    for day in ("2023-12-31", "2026-01-01"):
        with pytest.raises(am.ArgumentError, match="2024-01-01 to 2025-12-31"):
            am.decide(law, PERSON, as_of=day)


def test_yearly_facts_are_counted_back_from_the_day_decided_for(small):
    law = am.in_force(small, on="2024-06-01")
    seen = {2023: True, 2024: False}
    assert am.decide(law, {"score": 90, "seen": seen}, as_of="2024-12-31")["raise_of_pay"].status == "granted"
    assert am.decide(law, {"score": 90, "seen": seen}, as_of="2025-01-01")["raise_of_pay"].status == "refused"
    assert (
        am.decide(law, {"score": 90, "seen": {2022: True}}, as_of="2024-01-05")["raise_of_pay"].status == "undetermined"
    )


@pytest.mark.parametrize(
    ("on", "known", "nearest"),
    [
        ("2019-12-31", None, "2020-01-01"),
        ("2030-01-01", None, "2029-12-31"),
        ("2024-01-01", "2019-11-30", "2019-12-01"),
    ],
)
def test_where_there_is_no_law_the_nearest_is_named(small, on, known, nearest):
    with pytest.raises(am.NotInForceError, match=nearest) as caught:
        am.in_force(small, on=on, known=known)
    assert "case/minimum" in str(caught.value)


@pytest.mark.parametrize(
    "day",
    [
        "2025-02-29",
        "1.1.2025",
        "20250101",
        "2025-W01-1",
        "",
        2025,
        None,
        20250101,
        datetime.datetime(2025, 1, 1, 12, tzinfo=datetime.UTC),
        "٢٠٢٥-01-01",
        "2200-01-01",
    ],
)
def test_a_day_that_is_none_is_refused(small, day):
    with pytest.raises(am.ArgumentError):
        am.in_force(small, on=day)
    if day is not None:
        with pytest.raises(am.ArgumentError):
            am.in_force(small, on="2025-01-01", known=day)
        with pytest.raises(am.ArgumentError):
            am.decide(am.in_force(small, on="2025-01-01"), PERSON, as_of=day)


def test_a_day_may_be_a_date(small):
    assert am.in_force(small, on=datetime.date(2025, 1, 1)).meaning == am.in_force(small, on="2025-01-01").meaning


def test_an_unknown_reading_is_refused_with_the_near_miss(small):
    with pytest.raises(am.ArgumentError, match="did you mean minimum"):
        am.in_force(small, on="2025-01-01", readings={"minimun": "blog"})


# --- the bundled policies ---

CANDIDATE = {
    "employment": "pns",
    "active": True,
    "position_kind": "pelaksana",
    "rank": "III/a",
    "rank_date": "2015-04-01",
    "education": "s1",
    "performance": dict.fromkeys(range(2015, 2027), "baik"),
    "sanctions": [],
    "under_examination": False,
    "superior_rank": "IV/a",
}
PERIODS = [
    # 1 February: no date of promotion until Peraturan BKN 4/2023, from 2024 on it is one
    ("2023-02-01", None, False),
    ("2024-02-01", None, True),
    ("2024-02-01", "2023-06-30", False),
    # 1 April is one under each of them
    ("2023-04-01", None, True),
    ("2024-04-01", None, True),
    # 1 November: monthly from October 2025, by Peraturan BKN 4/2025
    ("2024-11-01", None, False),
    ("2025-11-01", None, True),
    ("2025-11-01", "2025-08-31", False),
    ("2026-03-01", "2025-08-31", False),
    ("2026-03-01", None, True),
    # the second day of a month is none
    ("2025-11-02", None, False),
]


@pytest.mark.parametrize(("on", "known", "is_a_period"), PERIODS)
def test_dates_of_promotion_follow_the_regulation_of_the_day(promotion, on, known, is_a_period):
    decision = am.decide(am.in_force(promotion, on=on, known=known), CANDIDATE, ignore="*")
    expected = {"granted"} if is_a_period else {"refused"}
    assert {decision["kenaikan_pangkat"].status} == expected


def merit_person(score):
    """A person with that merit score, and all else in order: quality is the score, the rest too."""
    return {"quality_supervisor": [score], "quality_peers": [], "quality_subordinates": [], "innovation_panel": [score]}


def test_the_minimum_of_manokwari_rises_in_2026_as_enacted_in_2025(manokwari):
    def reaches(on, known=None):
        law = am.in_force(manokwari, on=on, known=known)
        year = int(on[:4]) - 1
        absences = [{"start": f"{year}-03-01", "days": 4}]  # discipline 80: 5 points a day
        facts = {**merit_person(78), "absences": absences, "employment": "pns"}
        decision = am.decide(law, facts, ignore="*")
        assert str(decision.values["merit_score"]) == "78.6"
        return decision.values["reaches_target"]

    assert reaches("2025-12-31") is True
    assert reaches("2026-01-01") is False
    assert reaches("2026-01-01", known="2025-11-19") is True
    assert reaches("2026-01-01", known="2025-11-20") is False


def test_manokwari_has_no_law_before_it_began(manokwari):
    with pytest.raises(am.NotInForceError, match="2025-01-01"):
        am.in_force(manokwari, on="2024-12-31")
    with pytest.raises(am.NotInForceError, match="2024-11-20"):
        am.in_force(manokwari, on="2025-01-01", known="2024-11-19")
