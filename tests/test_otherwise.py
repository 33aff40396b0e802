"""What `otherwise` gives the refused is part of the answer: it is summed, compared, paid; unknown is not nothing."""

import datetime
from fractions import Fraction

import pyarrow as pa
import pytest

import asnmerit as am

ON = "2026-04-01"


def policy(base=300, **decision):
    """A wage for those who reach a bar; the others have so much for each point."""
    return am.load(
        {
            "asnmerit": 1,
            "policy": "test/floor",
            "title": "Floor",
            "effective": {"from": "2020-01-01"},
            "enacted": "2019-12-01",
            "types": {"rank": {"order": ["a", "b"]}},
            "facts": {
                "score": {"type": "integer", "from": 0, "to": 100, "merit": True},
                "desk": "bool",
                "rank": "rank",
                "rank_date": "date",
                "birth_date": "date",
            },
            "parameters": {"bar": {"type": "integer", "value": 50}, "base": {"type": "rupiah", "value": base}},
            "decisions": {
                "wage": {
                    "kind": "benefit",
                    "hit": "unique",
                    "outcome": {"amount": {"type": "rupiah"}},
                    "otherwise": {"amount": "base * score"},
                    **decision,
                },
                "up": {"kind": "benefit", "outcome": {"new_rank": "rank"}, "hit": "unique"},
            },
            "rules": {
                "full": {
                    "decides": "wage",
                    "requires": {"good": {"is": "score >= bar"}, "desk": {"is": "desk"}},
                    "grants": {"amount": "100000"},
                },
                "never": {
                    "decides": "up",
                    "requires": {"room": {"is": "rank < b and score > 100"}},
                    "grants": {"new_rank": "next(rank)"},
                },
            },
        }
    )


LAW = am.in_force(policy(), on=ON)
STAFF = pa.table(
    {
        "score": [60, 10, 49, 51, None, 80, None],
        "desk": [True, True, True, None, True, False, False],
        "unit": ["a", "a", "b", "b", "b", "b", "b"],
    }
)
GIVEN = [100_000, 3_000, 14_700, None, None, 24_000, None]
STATUSES = ["granted", "refused", "refused", "undetermined", "undetermined", "refused", "refused"]
PAID = sum(n for n in GIVEN if n is not None)


def test_the_people_are_answered_as_said_here():
    found = am.decide_frame(LAW, STAFF, ignore="*", keep=False, absent="unknown", decisions=["wage"])
    assert found["wage.status"].to_pylist() == STATUSES and found["wage.amount"].to_pylist() == GIVEN


def test_a_sweep_costs_what_a_comparison_costs():
    found = am.sweep(LAW, STAFF, {"base": [300, 400]}, "wage", absent="unknown")
    assert [point.amounts["amount"] for point in found.points] == [PAID, PAID + 100 * (10 + 49 + 80)]
    amounts = am.compare(LAW, am.in_force(policy(400), on=ON), STAFF, decision="wage", ignore="*")["wage"].all.amounts[
        "amount"
    ]
    assert [amounts.before, amounts.after] == [point.amounts["amount"] for point in found.points]


def test_an_amount_that_is_not_known_of_the_refused_is_not_compared_as_nothing():
    fixed = am.in_force(policy(otherwise={"amount": "base"}), on=ON)
    found = am.compare(LAW, fixed, STAFF, decision="wage", ignore="*")["wage"]
    assert (found.all.undetermined, found.all.winners, found.all.losers) == (3, 0, 3)
    amounts = found.all.amounts["amount"]
    # Row 6 is settled by the second law alone: it gains nothing, for what it had is not known.
    assert (amounts.gained, amounts.lost, amounts.only_after) == (0, PAID - 100_000 - 3 * 300, 300)
    alike = am.compare(LAW, LAW, STAFF, decision="wage", ignore="*")["wage"].all
    assert (alike.undetermined, alike.unchanged) == (3, 4)
    shared = am.attribute({"fixed": lambda _: fixed}, STAFF, "wage", before=LAW, ignore="*")
    assert (shared.unsettled, shared.whole["amount.amount"]) == (3, amounts.change)


def test_groups_are_given_what_the_refused_are_given():
    found = am.fairness(LAW, STAFF, "wage", by="unit", smallest=1, absent="unknown")
    mine = {g.labels: g.amounts["amount"] for g in found.groups}
    assert {k: a.total for k, a in mine.items()} == {(): PAID, ("a",): 103_000, ("b",): 38_700}
    # The mean is of those whose amount is known; the rate of all who are settled.
    assert mine["b",].mean == Fraction(38_700, 2)
    assert found.group("b").rate == 0 and found.group("b").counts["refused"] == 3


def test_an_outcome_flips_when_the_refused_are_given_another_amount():
    found = am.fragility(LAW, STAFF, "wage", raters="score", days=0, absent="unknown")
    # Nobody's grant moves, and the amount of each of the refused whose score is known does, up and down.
    assert [(t.asked, t.flipped, t.gained, t.lost) for t in found.tried] == [(4, 3, 0, 0), (4, 3, 1, 0)]
    assert found.stability == (1, 0, 0, None, None, 0, None)


@pytest.mark.parametrize("base", [300, 0])
def test_a_projection_pays_the_refused_too(base):
    day = datetime.date(2026, 4, 1)
    rows = {"rank": ["a"] * 3, "rank_date": [day] * 3, "birth_date": [day.replace(year=2000)] * 3}
    people = pa.table({**rows, "score": [60, 10, None], "desk": [True] * 3})
    quiet = am.Assumptions(appraisal=None)
    found = am.project(policy(base), people, 1, on=ON, decision="up", assumptions=quiet, runs=1, cost="wage")
    assert found.cost(1) == (12 * (100_000 + 10 * base),) * 3
    assert found.rows("cost")[0]["undetermined"] == 12
