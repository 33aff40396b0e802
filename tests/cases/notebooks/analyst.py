"""Claims of docs/notebooks/analyst.ipynb."""

from fractions import Fraction


def rupiah(amount):
    return f"Rp {amount:,}"


# The law as it stands.
granted = int((today["incentives.status"] == "granted").sum())
undetermined = int((today["incentives.status"] == "undetermined").sum())
assert len(today) == staff.num_rows == 6_000
assert cost_today == sum(amount or 0 for amount in today["incentives.amount"].dropna().tolist())
assert cost_today > BUDGET
says(f"{granted:,} people are granted an incentive. That costs {rupiah(cost_today)}")
says(f"{rupiah(cost_today - BUDGET)} more than the budget")
says(f"{undetermined:,} are undetermined")
says("budget of 5 billion" if BUDGET == 5 * 10**9 else f"budget of {BUDGET}")
says(f"from {law.data.parameters['minimum_merit_score']} to {reform.law.data.parameters['minimum_merit_score']}")
says("innovation count 30% instead of 20%")
assert {(c.part, str(c.before), str(c.after)) for c in reform.changes} >= {("innovation", "20%", "30%")}
says("sum to 100%")

# Who gains and who loses.
everyone = found["incentives"].all
promoted = found["promotion"].all
assert money.change == everyone.amounts["amount"].gained - everyone.amounts["amount"].lost < 0
says(f"{everyone.losers} people lose, and {everyone.winners} gains. {rupiah(-money.change)} less is paid")
assert promoted.winners == 0
says(f"and {promoted.losers} people lose theirs")
assert everyone.undetermined == undetermined
says(f"The {everyone.undetermined:,} whose answer is not settled")
settled = [
    f.people for f in found["incentives"].flow if (f.status_before, f.status_after) == ("undetermined", "refused")
]
says(f"For {sum(settled)} of them the reform settles")
by_post = dict(groups)
dearest = max(by_post, key=lambda name: by_post[name].amounts["amount"].lost)
assert dearest == "fungsional"
says(f"lose most in sum, {rupiah(by_post[dearest].amounts['amount'].lost)}")
assert by_post[dearest].people == max(counts.people for counts in by_post.values()) > len(staff) / 2
assert set(loss_rate.index) == set(by_post)
assert loss_rate.max() - loss_rate.min() < 0.02  # "spread evenly"

# One person.
assert score_line.startswith("✗")
assert "at least 82" in score_line
assert today["incentives.status"][first_loser] == "granted"

# Shares.
minimum, weights = (
    -shares[key].values["amount.amount"] for key in ("parameters.minimum_merit_score", "scores.merit_score")
)
assert minimum + weights == -shares.whole["amount.amount"] == -money.change
assert abs(Fraction(minimum, minimum + weights) - Fraction(1, 2)) < Fraction(1, 100)  # "half and half"
says(f"{rupiah(int(minimum))} of what is saved falls to the minimum, {rupiah(int(weights))} to the weights")
says(f"{middle['discipline']:g} points for discipline")
says(f"{middle['innovation']:g} for innovation")

# The budget.
first, shared, then = (selection.groups[0] for selection in (in_order, pro_rata, after))
assert all(group.spent + group.left == BUDGET for group in (first, shared, then))
assert shared.left == 0
assert shared.chosen == shared.eligible == granted
says(f"{first.waiting} people wait")
assert then.waiting == 0
says(f"all {then.chosen:,} are paid, and {rupiah(then.left)} are left over")
says(f"{with_money:,} of them are granted money")
says(f"at most {rupiah(most_each)} each")
assert with_money * ALLOWANCE <= with_money * most_each <= BUDGET < with_money * (most_each + 1)
says(f"round {rupiah(ALLOWANCE)}")

after_all = within["incentives"].all
paid = after_all.amounts["amount"].after
assert paid == with_money * ALLOWANCE <= BUDGET
assert after_all.losers == everyone.losers
assert after_all.amounts["amount"].lost == everyone.losers * 1_500_000
says(f"Now {after_all.winners:,} people win, nearly all of them {rupiah(ALLOWANCE - 1_500_000)}")
says(f"the same {after_all.losers} lose {rupiah(1_500_000)} each")
says(f"It costs {rupiah(paid)}")
says(f"{then.undetermined:,} people are still undetermined")
says(f"{rupiah(then.undetermined * ALLOWANCE)} more")
says(f"promises {rupiah(ALLOWANCE)}")
score, rating = (
    int(conditions.loc[name, "open"]) for name in ("reaches_target", "insentif_tunjangan_khusus.requires.rating")
)
assert score + rating > then.undetermined > score > rating  # "some lack both"
unrated = today[(today["incentives.status"] == "undetermined") & today["merit_score"].isna()]
assert unrated["discipline"].notna().all()  # so it is quality or innovation, which raters give
says(f"The merit score is not known of {score:,} of them")
says(f"the rating of last year of {rating}")

# Groups.
says(f"a ratio of {float(women.ratio):.3f}")
low, high = west_papua.ratio_interval
assert low < 1 < high
says(f"{float(west_papua.ratio):.2f}, but of {west_papua.people} people only")
says(f"its interval ({low:.2f} to {high:.2f}) holds 1")

# The sweep.
assert len(swept.points) == len(minimums) * len(mixes) == 8 * 4  # "eight minimums and four weights"
proposal = next(p for p in swept.points if p.values[0] == 82 and "innovation 30%" in p.values[1])
assert proposal.amounts["amount"] == money.after
assert proposal.counts["granted"] == then.eligible
says(f"{len(fits)} of the {len(swept.points)} fit the budget")
assert "innovation 10%" in most_people.values[1]
says(f"a minimum of {most_people.values[0]} with innovation at only 10%")
says(f"grants {most_people.counts['granted']:,} people an incentive against {proposal.counts['granted']:,} under")

# How firm.
says(f"moves by {float(margins.least) * 100:.2f} points of a hundred")
assert slips.raters["performance"] == max(slips.raters.values())
says(f"turns {slips.raters['performance']:,} answers")
says(f"five points of the supervisor turn {slips.raters['quality_supervisor']}")
says(f"five points of one member of the panel {slips.raters['innovation_panel']}")
says(f"five points of one colleague {slips.raters['quality_peers']}")
says(f"{slips.firm:,} people keep their answer")

# The last list.
says(f"today's law is not: {everyone.losers} people pay for it")
says(f"{rupiah(ALLOWANCE - 1_500_000)} more each, if the {then.undetermined:,} open cases")

# The same again, without `compare`: two plain decisions of everybody, set side by side.
reformed = am.decide_frame(reform.law, staff, ignore="*").to_pandas()
left_out = (today["incentives.amount"] > 0) & (reformed["incentives.status"] == "refused")
assert int(left_out.sum()) == everyone.losers
assert int(reformed["incentives.amount"].sum()) == money.after == money.before - everyone.losers * 1_500_000 + 1_500_000
kept = am.decide_frame(neutral.law, staff, ignore="*").to_pandas()["incentives.amount"]
assert int(kept.sum()) == paid
assert int((kept > 0).sum()) == with_money
