"""What the notebook `promotions` states, held to what its cells computed and to counts made another way."""

from fractions import Fraction

# --- the data, as they came ---

assert (len(salespeople), len(retail)) == (351, 1134)
assert salespeople.isna().any(axis=1).sum() == 1
assert not retail.isna().any(axis=None)
for column, lowest, highest in (("promoted", 0, 1), ("customer_rate", 1, 5), ("performance", 1, 4)):
    assert (salespeople[column].min(), salespeople[column].max()) == (lowest, highest)
cites("1 if promoted")
cites("mean satisfaction of the person's customers, 1 to 5")
cites("1 (lowest) to 4")
cites("the year of joining being 0")
for told in ("members of a diversity group", "those who worked part-time", "those who joined in a store"):
    cites(f"1 for {told}")
total, promoted = len(salespeople), int(salespeople["promoted"].sum())
granted = int((decided["promotion.status"] == "granted").sum())
says(f"Of {total} people {promoted} were promoted; the policy grants {granted}.")

for name in ("salespeople", "retail", "recorded"):
    assert not am.load(f"peopleanalytics/{name}", search=FOLDER).warnings

# --- the policy, by hand ---


def half_up(number):
    return Fraction(int(number * 100 + Fraction(1, 2)), 100)


def by_hand(person):
    """The policy in plain fractions: sales, customers and rating to a score, a limit, and a lowest rating."""
    results = half_up(min(Fraction(int(person.sales), 1000) * 100, Fraction(100)))
    customers = half_up((Fraction(str(person.customer_rate)) - 1) / 4 * 100)
    rating = half_up(Fraction(int(person.performance) - 1, 3) * 100)
    score = half_up(results / 2 + customers / 4 + rating / 4)
    return score >= 60 and person.performance >= 2


answered = decided["promotion.status"].reindex(known.index)
expected = [by_hand(person) for person in known.itertuples()]
assert [status == "granted" for status in answered] == expected
assert set(answered) == {"granted", "refused"}
assert decided["promotion.status"][blank] == "undetermined"
assert salespeople.loc[blank].isna().sum() == 3

# --- agreement ---

assert settled == len(known)
assert by_policy == sum(bool(a) != b for a, b in zip(known["promoted"], expected, strict=True))
assert by_nobody == promoted
says(f"They disagree about {by_policy} of the {settled} people who are settled.")
says(f"Promoting nobody would disagree about {by_nobody}")
says(f"agreement of {1 - by_policy / settled:.0%}")
says(f"refusing everybody has {1 - by_nobody / settled:.0%}")

both = found["promotion"].all
assert (both.winners, both.losers, both.undetermined) == (granted - (promoted - len(lost)), len(lost), 1)
assert both.winners + both.losers == by_policy
says(f"{both.winners} people who were not promoted would be, and {both.losers} who were would not be")

unmet = {name.rsplit(".", 1)[1]: int((~lost[name].astype(bool)).sum()) for name in conditions}
says(f"So {unmet['score']} of the {len(lost)} miss the score, and {unmet['not_rated_lowest']} have the lowest rating.")
assert unmet["not_rated_lowest"] == int((lost["performance"] == 1).sum())

# --- other weights ---

assert len(choosing) + len(judging) == len(known)
assert best in limits
assert all(tried[best] <= tried[limit] for limit in limits)
there, at_sixty = disagreements(judging, mixed, best), disagreements(judging, mixed, 60)
says(f"The half that chose takes {best}; the other half then disagrees about {there} of {len(judging)} people")
says(f"where with 60 it was {at_sixty}")
assert set(by_sales["promotion.status"][known.index]) == {"granted", "refused"}
assert ((by_sales["promotion.status"] == "granted")[known.index] == (known["sales"] >= 600)).all()
says("from 600 thousand dollars")

# --- the bound: pairs counted one by one, and a matching grown by augmenting paths ---

up = [tuple(row) for row in known.loc[known["promoted"], facts].itertuples(index=False)]
down = [tuple(row) for row in known.loc[~known["promoted"], facts].itertuples(index=False)]
better = {
    i: [j for j, high in enumerate(up) if all(a >= b for a, b in zip(low, high, strict=True))]
    for i, low in enumerate(down)
}
assert sum(map(len, better.values())) == int(contradicts.sum())
partner = {}


def grow(one, seen):
    for other in better[one]:
        if other not in seen:
            seen.add(other)
            if other not in partner or grow(partner[other], seen):
                partner[other] = one
                return True
    return False


assert sum(grow(one, set()) for one in better) == least == len(partner)
assert sales_alone >= least
assert sales_alone == int(((known["sales"] >= 600) != known["promoted"]).sum())
assert sales_alone - least == 1, "the text says: within one person"
says(f"The {int(contradicts.sum())} contradictions cannot be had for less than {least} people.")
says(f"Sales alone disagrees about {sales_alone}")

# --- retail ---

assert held.proved
assert all(shown.proved for shown in blind.values())
status = eligible["promotion.status"]
assert ((status == "granted") == (retail["year"] >= 5)).all()
able = int((status == "granted").sum())
waiting = int(((status == "granted") & ~retail["promoted"]).sum())
early = int(((status == "refused") & retail["promoted"]).sum())
says(f"Of {len(retail):,} people {able:,} are eligible, and {waiting} of them were not promoted.")
says(f"the corner of the {early} who were promoted earlier")


def share(column, group):
    people = retail["diverse"] == group
    return float(column[people].mean())


eligible_in, eligible_out = (share(status == "granted", group) for group in (True, False))
in_group, out_group = (share(retail["promoted"], group) for group in (True, False))
says(f"The blind policy finds {eligible_in:.1%} of the diversity group eligible and {eligible_out:.1%} of the others")
says(f"a ratio of {eligible_in / eligible_out:.2f}. In the record {in_group:.1%} of the group")
says(f"and {out_group:.1%} of the others: a ratio of {in_group / out_group:.2f}")
low, high = fair_record.group("yes", by="diverse").ratio_interval
says(f"with an interval from {low:.2f} to {high:.2f}")
assert abs(per_person - in_group / out_group) < 1e-12
says(f"Counted by people the ratio is {per_person:.2f}, counted by years {per_year:.2f}")

for group, table in ((True, inside), (False, outside)):
    records = [
        (y, p) for y, p, d in zip(retail["year"], retail["promoted"], retail["diverse"], strict=True) if d == group
    ]
    for year in table.index:
        assert table["there"][year] == sum(last >= year for last, _ in records)
        assert table["promoted"][year] == sum(p and last == year for last, p in records)
    assert table["promoted"].sum() == sum(p for _, p in records)
some = [year for year in years.index if inside["promoted"][year] + outside["promoted"][year]]
assert some
assert all(as_often[year] < 1 / 2 for year in some)
