"""Reforms of a shipped law over synthetic people: counted, shared out and selected again, person by person."""

import itertools
import os
import random
from fractions import Fraction
from math import factorial

import pytest

import asnmerit as am

DEEP = os.environ.get("ASNMERIT_TEST_PROFILE") == "deep"
DAY = "2026-04-01"
SETTLED = {"granted", "refused"}
KEYS = ["highest:merit_score", "lowest:position_date"]


def drawn_changes(dice):
    """Some changes of Manokwari's policy, each a change that a reader of it could ask for."""
    share = dice.choice((5, 10, 30))
    return dict(
        dice.sample(
            [
                ("parameters", {"minimum_merit_score": dice.choice((70, 85, "92.5")), "special_allowance": 999_999}),
                ("scores", {"merit_score": {"weights": {"innovation": f"{share}%", "discipline": f"{50 - share}%"}}}),
                ("rules", dice.choice((
                    {"insentif_pengakuan_publik": None},
                    {"promosi_prestasi": {"requires": {"time_in_post": {"is": "months_in_post >= 48"}}}},
                ))),
                ("decisions", {"incentives": {"requires": {"remove": ["sanction"]}}}),
            ],
            2,
        )
    )  # fmt: skip


def record_of(law, row):
    record = {name: row[name] for name in law.declared if row.get(name) is not None}
    years = {int(n[-4:]): v for n, v in row.items() if n.startswith("performance_2") and v is not None}
    return {**record, "performance": years}


def paid(answer):
    return (answer.outcome["amount"] or 0) if answer.status == "granted" else 0


def given(answer):
    """The answer as the person has it: granted or not, the money, and what is given beside it."""
    return answer.status, paid(answer), {g.outcome["form"] for g in answer.grants if answer.status == "granted"}


class Crowd:
    """A reform, some people, and what each law of it says of each of them, one by one."""

    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.reform = am.reform("manokwari/merit", drawn_changes(self.dice), on=DAY)
        self.people = am.synthetic(60, seed=seed)
        self.rows = self.people.to_pylist()
        self.records = [record_of(self.reform.law, row) for row in self.rows]

    def answers(self, law, decision):
        return [am.decide(law, record)[decision] for record in self.records]


@pytest.fixture(params=range(20 if DEEP else 3))
def crowd(request):
    return Crowd(request.param)


def test_winners_losers_and_money_are_those_counted_one_by_one(crowd):
    made = crowd.reform
    before, after = (crowd.answers(law, "incentives") for law in (made.before, made.law))
    found = am.compare(made.before, made, crowd.people, decision="incentives", by="agency_kind", ignore="*")
    for group, counts in found["incentives"].groups.items():
        pairs = [(a, b) for a, b, r in zip(before, after, crowd.rows, strict=True) if r["agency_kind"] == group]
        sure = [(a, b) for a, b in pairs if {a.status, b.status} <= SETTLED]
        assert counts.people == len(pairs) and counts.undetermined + counts.conflict == len(pairs) - len(sure)
        money = counts.amounts["amount"]
        assert (money.before, money.after) == (sum(paid(a) for a, _ in sure), sum(paid(b) for _, b in sure))
        assert money.gained == sum(max(paid(b) - paid(a), 0) for a, b in sure)
        assert money.lost == sum(max(paid(a) - paid(b), 0) for a, b in sure)
        granted = [(a.status == "granted", b.status == "granted", paid(b) - paid(a)) for a, b in sure]
        assert counts.winners >= sum(b and (not a or more > 0) for a, b, more in granted)
        assert counts.losers >= sum(a and (not b or more < 0) for a, b, more in granted)
        assert counts.changed == sum(given(a) != given(b) for a, b in sure)
    rows = found.table("changed").to_pylist()
    changed = {r["row"] for r in rows if r["change"] in {"winner", "loser", "otherwise"}}
    assert len(changed) == found["incentives"].all.changed and all(r["conditions"] for r in rows)


def test_facts_that_a_population_lacks_are_named_all_at_once():
    made = am.reform("manokwari/merit", {"parameters": {"minimum_merit_score": 85}}, on=DAY)
    people = am.synthetic(50, seed=1)
    lacking = {"sanctions", "absences", "quality_peers", "position_date"}
    some = people.select([n for n in people.column_names if n not in lacking])
    option = {"ignore": "*", "absent": "refuse"}
    for ask in (
        lambda p: am.compare(made.before, made, p, **option),
        lambda p: am.attribute(made, p, "promotion", **option),
        lambda p: am.select(made, p, "promotion", places=1, keys=KEYS, ties="all_in", **option),
        lambda p: made.effect(p, **option),
    ):
        with pytest.raises(am.FrameError) as error:
            ask(some)
        assert sorted(f.fact for f in error.value.faults) == sorted(lacking)
        assert {f.code for f in error.value.faults} == {"not-there"}
        ask(people)
    found = am.compare(made.before, made, some, decision="promotion", ignore="*")["promotion"].all
    assert found.winners == found.losers == 0 < found.undetermined, "a column that is not there is unknown, never a no"


def test_shares_are_the_mean_over_all_orders(crowd):
    made = crowd.reform
    sets = [frozenset(s) for n in range(len(made.keys) + 1) for s in itertools.combinations(made.keys, n)]
    answers = {some: crowd.answers(made.part(some).law, "incentives") for some in sets}
    sure = [i for i in range(len(crowd.rows)) if all(answers[s][i].status in SETTLED for s in sets)]
    worth = {some: sum(paid(answers[some][i]) for i in sure) for some in sets}
    found = am.attribute(made, crowd.people, "incentives", ignore="*")
    assert found.unsettled == len(crowd.rows) - len(sure)
    for key in made.keys:
        total = Fraction(0)
        for order in itertools.permutations(made.keys):
            earlier = frozenset(order[: order.index(key)])
            total += worth[earlier | {key}] - worth[earlier]
        assert found[key]["amount.amount"] == total / factorial(len(made.keys))


@pytest.mark.parametrize("ties", ["all_wait", "all_in"])
def test_places_go_to_those_who_stand_first(crowd, ties):
    law = crowd.reform.law
    whole = [am.decide(law, record) for record in crowd.records]
    eligible = [i for i, d in enumerate(whole) if d["promotion"].status == "granted"]
    place = {i: (-whole[i].values["merit_score"], crowd.rows[i]["position_date"]) for i in eligible}
    assert (eligible or DEEP) and all(None not in p for p in place.values())
    expected = [d["promotion"].status for d in whole]
    left = 4
    for _, run in itertools.groupby(sorted(eligible, key=place.get), key=place.get):
        alike = list(run)
        fits = len(alike) <= left or (left > 0 and ties == "all_in")
        for i in alike:
            expected[i] = "chosen" if fits else "waiting"
        left = left - len(alike) if fits else 0
    found = am.select(crowd.reform, crowd.people, "promotion", places=4, keys=KEYS, ties=ties, ignore="*")
    assert found.table["selection.status"].to_pylist() == expected


def test_shares_of_a_budget_are_within_a_rupiah_and_by_largest_remainder(crowd):
    law = crowd.reform.law
    asked = [paid(a) if a.status == "granted" else None for a in crowd.answers(law, "incentives")]
    total = sum(a for a in asked if a is not None)
    budget = total // 3 + crowd.dice.randrange(1000)
    assert 0 < budget < total
    found = am.select(law, crowd.people, "incentives", budget=budget, spend="pro_rata", keys=KEYS, ties="all_wait",
                      ignore="*")  # fmt: skip
    shares = found.table["selection.paid"].to_pylist()
    assert [s is None for s in shares] == [a is None for a in asked]
    assert found.groups[0].spent + found.groups[0].left == budget
    over = {i: divmod(budget * a, total) for i, a in enumerate(asked) if a is not None}
    assert all(shares[i] - floor in {0, 1} for i, (floor, _) in over.items())
    more = [rest for i, (floor, rest) in over.items() if shares[i] > floor]
    less = [rest for i, (floor, rest) in over.items() if shares[i] == floor]
    assert not more or not less or min(more) >= max(less)
