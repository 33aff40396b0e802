"""Claims of docs/notebooks/auditor.ipynb."""

from math import comb

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven")

# The draft as it came is refused, by the nation's limits.
(fault,) = refusal.diagnostics
assert fault.code == "outside-delegation"
assert (fault.position.file, fault.position.line) == ("insentif.yaml", 78)
assert "to 65," in fault.message
assert fault.message.endswith("from 70 to 100")
says("from a merit score of 65; the nation allows a region 70 to 100")

# What was planted is found, nothing else, and all else is proved.
assert [result.passed for result in examples] == [True] * 3
assert {(f.kind.value, f.subject) for f in found.flaws} == {
    ("gap", "follow_up"),
    ("merit-hurts", "incentive.amount: training_hours"),
    ("merit-hurts", "incentive.amount: quality"),
    ("protected-matters", "incentive: home"),
    ("protected-matters", "incentive.amount: home"),
    ("guarantee", "no_incentive_under_sanction"),
    ("guarantee", "never_above_the_allowance"),
}
assert len(found.flaws) == 7
assert not found.open
assert all(f.verdict in {"proved", "observed"} for f in found if not f.flaw)
assert sum(f.verdict == "proved" for f in found) >= 15
cites("1. The origin of a person")
cites("2. Excellent work can pay less")
cites("3. A sanction does not stop")
cites("4. Who needs improvement")

# The sums by hand: two of merit, where more is paid less, and two of the origin.
assert [len(set(pair)) for pair in by_hand] == [2, 2, 2, 2]
assert all(before > after for before, after in by_hand[:2])
assert [points_by_hand(pair[0]) < points_by_hand(pair[1]) for pair in pairs] == [True] * 4
for pair in pairs:
    changed = {fact for fact in pair[0] if pair[0][fact] != pair[1][fact]}
    assert len(changed) == 1
assert {fact for fact in one if one[fact] != other[fact]} == {"home"}

assert str(origin.position).startswith("insentif.yaml:39")

# The people: counted again, row by row in plain Python.
assert staff.num_rows == people
rows = answers.select(["incentive.status", "incentive.amount", "serving_sanction", "follow_up.status"]).to_pylist()
other_money = from_elsewhere["incentive.amount"].to_pylist()
again_counted = {
    "other money, if he came from elsewhere": sum(
        None not in (row["incentive.amount"], money) and row["incentive.amount"] != money
        for row, money in zip(rows, other_money, strict=True)
    ),
    "more for good work than for excellent work": sum((row["incentive.amount"] or 0) > 1_500_000 for row in rows),
    "paid under a sanction": sum(
        row["incentive.status"] == "granted" and row["serving_sanction"] is True for row in rows
    ),
    "nobody follows up": sum(row["follow_up.status"] == "refused" for row in rows),
}
assert touched == again_counted
origin_matters, paid = touched["other money, if he came from elsewhere"], touched["paid under a sanction"]
says(f"changes the money of {origin_matters:,} of them")
says(f"Only {paid} are paid under a sanction")
assert NUMBERS[paid] == "seven"
says(f"found the seven and the {origin_matters:,} alike")
none_of_them = comb(people - paid, 100) / comb(people, 100)
says(f"{round(100 * none_of_them)} times in a hundred none would be among them")
# The sums by hand agree with the law on everybody for whom they were written.
checked_by_hand = 0
for person, row in zip(staff.to_pylist(), rows, strict=True):
    months = 12 * (2026 - person["position_date"].year) + 4 - person["position_date"].month
    scores = [person["quality_supervisor"], person["quality_peers"]]
    known = all(each is not None and None not in each for each in scores) and scores[0] and person["active"]
    if known and months > 12 and row["serving_sanction"] is False:
        assert row["incentive.amount"] == money_by_hand(person)
        checked_by_hand += 1
assert checked_by_hand > people / 2

# The shipped policies.
assert [f.subject for f in salor.flaws] == ["mentoring"]
assert all(finding.said == "PROVED" for finding in manokwari)
says(f"All {len(manokwari)} claims are proved")
assert {f.subject.split(": ")[1] for f in manokwari} == {
    "performance", "quality", "innovation", "sex", "region_of_origin",
}  # fmt: skip

# Mended.
assert {f.subject for f in again if f.said == "PROVED"} >= {f.subject for f in found.flaws} - {"incentive.amount: home"}
assert [claim.said for claim in difference.claims] == ["COUNTEREXAMPLE", "PROVED"]
assert difference.complete
assert all(region.proved for region in difference.regions)
everyone = compared["incentive"].all
assert everyone.winners > 0
assert everyone.losers > 0

# Tests, mutants, the road map.
assert list(tested["mended"]) == ["PASSED"] * 5
assert sorted(tested["draft"]) == ["FAILED"] * 4 + ["PASSED"]
assert tested["draft"]["test_money_begins_where_article_4_says"] == "PASSED"
cites("the limit of article 4")
assert not measured.failing
assert measured.untried == 0
assert 50 <= int(measured.whole.score.removesuffix(" %")) <= 60
assert measured.whole.score_with_new == "100 %"
assert offered
assert all(result.passed for result in offered)
(change,) = way.now.changes
assert (change.fact, change.before, change.after) == ("training_hours", 4, 9)
assert NUMBERS[change.after - change.before] == "five"
assert way.now.proved
assert way.waiting is None
