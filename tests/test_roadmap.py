"""A road map is what trying everything through `decide` finds: the cheapest change, the first day, and both."""

from __future__ import annotations

import datetime
import json
import random
from itertools import product, takewhile

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.advice import roadmap
from asnmerit.errors import ArgumentError, AsnmeritError, RecordError, UnknownDecisionError

ROUNDS = max(120, settings().max_examples // 3)
DAY = datetime.date(2026, 3, 30)
ONE = datetime.timedelta(days=1)
HEAD = {
    "asnmerit": 1,
    "policy": "page/way",
    "title": "A way",
    "enacted": "2019-12-01",
    "effective": {"from": "2020-01-01"},
    "sources": {"test": {"title": "Test rule", "grade": "illustrative"}},
    "types": {
        "grade": {"title": "grade", "order": ["low", "fair", "good"]},
        "place": {"title": "place", "members": ["town", "hill", "isle"]},
    },
}
PAST = {"is": "rating[0] >= fair", "source": "test Art. 3"}
FACTS = {
    "course": {"type": "grade", "actionable": True, "merit": True, "cost": 7},
    "points": {"type": "integer", "from": 0, "to": 6, "actionable": True, "merit": True, "cost": 3},
    "post": {"type": "place", "actionable": True, "cost": 2},
    "exam": {"type": "bool", "actionable": True, "cost": 5},
    "origin": {"type": "place", "protected": True},
    "born": {"type": "date", "immutable": True},
    "hired": {"type": "date"},
    "rating": {"type": "grade", "per": "year", "back": 1},
    "absent": {"type": "bool", "assume": False, "source": "test Art. 9"},
}
CONDITIONS = (
    "course >= fair",
    "course == good",
    "course < good",
    "points >= {n}",
    "points + floor(days_between(hired, as_of) / 30) >= {m}",
    "points * 2 == {m}",
    "post == hill",
    "post != town",
    "exam",
    "not exam",
    "exam or post == isle",
    "origin == town",
    "years_between(born, as_of) >= 30",
    "months_between(hired, as_of) >= {m}",
    "days_between(hired, as_of) < {d}",
    "rating[0] >= fair",
    "absent",
    "not absent",
)


def law_of(*rules, decision=None, facts=(), scopes=(), **sections):
    """Make a law whose decision holds by one rule for each group of conditions, and for those in its scope."""
    made = {
        f"way_{i}": {
            **({"applies": scopes[i]} if len(scopes) > i and scopes[i] else {}),
            "decides": "prize",
            "requires": {f"c{j}": {"is": text, "source": f"test Art. {i + 1}"} for j, text in enumerate(conditions)},
            "grants": {},
        }
        for i, conditions in enumerate(rules)
    }
    document = {
        **HEAD,
        "facts": {**FACTS, **dict(facts)},
        "decisions": {"prize": {"outcome": {}, **(decision or {})}},
        "rules": made,
        **sections,
    }
    return am.in_force(am.load(document), on=DAY)


def person(dice, *, whole=False):
    found = {
        "course": dice.choice(["low", "fair", "good"]),
        "points": dice.randint(0, 6),
        "post": dice.choice(["town", "hill", "isle"]),
        "exam": dice.random() < 0.5,
        "origin": dice.choice(["town", "hill", "isle"]),
        "born": datetime.date(1996, 3, 30) + dice.randint(-1, 40) * ONE,
        "hired": datetime.date(2025, 12, 1) + dice.randint(0, 100) * ONE,
        "rating": {2025: dice.choice(["low", "fair", "good"])},
        "absent": dice.random() < 0.5,
    }
    if not whole and dice.random() < 0.3:
        del found["absent"]
    for name in dice.sample(sorted(found), 0 if whole else dice.choice([0, 0, 0, 1])):
        del found[name]
    return found


# --- the oracle: everything tried through `decide`, one by one ---

VALUES = {
    "course": ["low", "fair", "good"],
    "points": list(range(7)),
    "post": ["town", "hill", "isle"],
    "exam": [False, True],
}
COST = {"course": 7, "points": 3, "post": 2, "exam": 5}
MERIT = ("course", "points")


def step_cost(name, old, new):
    if old is None:
        return 0 if new is None else COST[name]
    if name in MERIT:
        return abs(VALUES[name].index(new) - VALUES[name].index(old)) * COST[name]
    return COST[name] if old != new else 0


def ways(record):
    """Give (cost, record) of all that the person can do, the cheapest first."""
    found = []
    options = []
    for name, values in VALUES.items():
        old = record.get(name)
        allowed = [v for v in values if old is None or name not in MERIT or values.index(v) >= values.index(old)]
        options.append([*([None] if old is None else []), *allowed])
    for chosen in product(*options):
        new = dict(zip(VALUES, chosen, strict=True))
        cost = sum(step_cost(name, record.get(name), value) for name, value in new.items())
        found.append((cost, {**record, **{k: v for k, v in new.items() if v is not None}}))
    return sorted(found, key=lambda pair: pair[0])


def answered(law, record, day, wanted):
    return am.decide(law, record, day)["prize"].status == wanted


def scope(decision):
    """Give whom each rule concerns: None where that is not known, True where it concerns everybody."""
    keys = [f"{rule.key}.applies" for rule in decision["prize"].node.rules]
    return [decision.values[key] if key in decision.law.index else True for key in keys]


def own_doing(before, found, wanted):
    """Whether the answer does not come from rules that did not concern the person, or no longer do."""
    if wanted == "refused":
        return all(a is not True or b is True for a, b in zip(before, scope(found), strict=True))
    rules = found["prize"].node.rules
    return any(a is not False and found.values[rule.key] is True for a, rule in zip(before, rules, strict=True))


def cheapest(law, record, day, wanted, below=None):
    before = scope(am.decide(law, record, day))
    for cost, new in ways(record):
        if below is not None and cost >= below:
            return None
        found = am.decide(law, new, day)
        if found["prize"].status == wanted and own_doing(before, found, wanted):
            return cost
    return None


def held(law, record, days, wanted="granted"):
    """Hold one road map against the oracle; say which of its parts there were."""
    found = roadmap(law, record, "prize", days=days)
    assert found.wanted == wanted
    if answered(law, record, DAY, wanted):
        assert not found.needed
        assert not found.plans
        return {"nothing"}
    parts = set()
    least = cheapest(law, record, DAY, wanted)
    assert (None if found.now is None else found.now.cost) == least
    assert found.proved and all(plan.proved for plan in found.plans)
    first = next((d for d in (DAY + n * ONE for n in range(1, days + 1)) if answered(law, record, d, wanted)), None)
    assert (None if found.waiting is None else found.waiting.day) == first
    if first is not None:
        ahead = [first + n * ONE for n in range((found.until - first).days + 1)]
        assert found.waiting.until == [*takewhile(lambda d: answered(law, record, d, wanted), ahead)][-1]
    frontier, best = [], least
    for day in (DAY + n * ONE for n in range(1, days + 1)):
        if first is not None and day >= first:
            break
        cost = cheapest(law, record, day, wanted, below=best)
        if cost is not None:
            best = cost
            frontier.append((day, cost))
    assert [(p.day, p.cost) for p in found.both] == frontier
    for plan in found.plans:
        assert replayed(law, record, plan, wanted)
    if found.reason is not None:
        parts.add("reason")
        held_reason(law, found)
    return parts | {n for n, p in (("now", found.now), ("waiting", found.waiting), ("both", found.both)) if p}


def replayed(law, record, plan, wanted):
    """Carry a plan out, and see that it changes only what the person can change."""
    assert {c.fact for c in plan.changes} <= set(VALUES)
    done = {**record, **{c.fact: c.after for c in plan.changes}}
    for change in plan.changes:
        assert change.before == record.get(change.fact)
    return answered(law, done, plan.day, wanted) and answered(law, done, plan.until, wanted)


def held_reason(law, found):
    """The facts of a reason suffice whatever the others are, and none of them can be left out."""
    status = found.decision["prize"].status
    kept = {}
    for column, value in found.reason.facts.items():
        name, _, year = column.partition("_")
        kept[name] = {int(year): value} if year else value
    assert ("absent" in found.reason.presumed) <= ("absent" not in found.decision.facts)
    presumed = dict.fromkeys(found.reason.presumed, False)
    dice = random.Random(1)
    for _ in range(60):
        assert answered(law, {**person(dice, whole=True), **kept, **presumed}, DAY, status)
    for name in kept if found.reason.least else ():
        rest = {k: v for k, v in kept.items() if k != name} | presumed
        both = [{}] if "absent" in rest else [{"absent": True}, {"absent": False}]
        assert not all(answered(law, {**rest, **more}, DAY, status) for more in both)


def conditions(dice):
    texts = dice.sample(CONDITIONS, dice.randint(1, 4))
    return [t.format(n=dice.randint(1, 6), m=dice.randint(2, 9), d=dice.randint(20, 130)) for t in texts]


def test_a_road_map_is_what_trying_everything_finds():
    seen = {}
    for seed in range(ROUNDS):
        dice = random.Random(seed)
        kind = "burden" if seed % 5 == 4 else "benefit"
        scopes = [dice.choice([None, "post != town", "origin == town", "exam"]) for _ in range(2)]
        rules = [conditions(dice) for _ in range(dice.randint(1, 2))]
        if seed % 8 == 1:
            rules[0] = [f"points + floor(days_between(hired, as_of) / 30) >= {dice.randint(5, 9)}"]
        law = law_of(*rules, decision={"kind": kind}, scopes=scopes)
        wanted = "refused" if kind == "burden" else "granted"
        for part in held(law, person(dice), dice.choice([0, 3, 40]), wanted):
            seen[part] = seen.get(part, 0) + 1
    assert set(seen) == {"nothing", "now", "waiting", "both", "reason"}, seen


def test_now_costs_more_than_a_little_patience():
    law = law_of(["points + floor(days_between(hired, as_of) / 10) >= 6"])
    record = {"points": 1, "hired": DAY - 20 * ONE}
    found = roadmap(law, record, "prize", days=60)
    assert (found.now.cost, found.waiting.day) == (9, DAY + 30 * ONE)
    assert [(p.day, p.cost) for p in found.both] == [(DAY + 10 * ONE, 6), (DAY + 20 * ONE, 3)]
    assert [c.after for c in found.now.changes] == [4]
    assert [plan.day for plan in found] == sorted(plan.day for plan in found)


def test_waiting_is_scanned_day_by_day_not_halved():
    """Granted on the first ten days of a month only: any halving would jump over it."""
    law = law_of(["days_between(hired, as_of) - 31 * floor(days_between(hired, as_of) / 31) < 3", "exam"])
    found = roadmap(law, {"hired": DAY - 4 * ONE, "exam": True}, "prize", days=400)
    assert found.waiting.day == DAY + 27 * ONE
    assert found.waiting.until == DAY + 29 * ONE


def test_what_is_protected_or_immutable_is_never_asked_for():
    law = law_of(["origin == town"], ["years_between(born, as_of) >= 40"])
    found = roadmap(law, {"origin": "isle", "born": "1991-01-01"}, "prize", days=5)
    assert not found.plans
    assert found.levers == ()
    for name in ("origin", "born"):
        with pytest.raises(ArgumentError, match="that a person can change"):
            roadmap(law, {"origin": "isle", "born": "1991-01-01"}, "prize", costs={name: 1})


def test_costs_of_the_caller_come_first_and_make_a_fact_changeable():
    law = law_of(["points >= 2", "exam"], ["months_between(hired, as_of) >= 12"])
    record = {"points": 0, "exam": False, "hired": "2025-12-01"}
    assert roadmap(law, record, "prize", days=0).now.cost == 11
    cheap = roadmap(law, record, "prize", days=0, costs={"points": 0, "exam": 1})
    assert (cheap.now.cost, len(cheap.now.changes)) == (1, 2)
    other = roadmap(law, record, "prize", days=0, costs={"hired": 0})
    assert [(c.fact, c.cost) for c in other.now.changes] == [("hired", 0)]
    assert other.now.changes[0].after <= datetime.date(2025, 3, 30)


def test_equal_costs_change_fewer_facts():
    law = law_of(["points >= 2"], ["exam", "post == hill"])
    costs = {"points": 2, "exam": 2, "post": 2}
    found = roadmap(law, {"points": 0, "exam": False, "post": "town"}, "prize", days=0, costs=costs)
    assert [c.fact for c in found.now.changes] == ["points"]


def test_the_scope_of_a_rule_is_not_talked_round():
    """Whom a rule concerns is not a condition to be met: it separates another's track from a refusal."""
    law = law_of(["points >= 1"], ["points >= 5"], scopes=["post == hill", "post == town"])
    found = roadmap(law, {"points": 0, "post": "town"}, "prize", days=0)
    assert {c.fact: c.after for c in found.now.changes} == {"points": 5}
    either = roadmap(law, {"points": 0}, "prize", days=0)
    assert {c.fact: c.after for c in either.now.changes} == {"points": 1, "post": "hill"}


def test_a_scope_that_changes_by_the_way_does_not_matter():
    """Another rule begins to concern the person, and the one that concerned him all along grants."""
    order = {"hit": "first", "order": ["way_0", "way_1"]}
    law = law_of(["exam"], ["points >= 5"], scopes=["points >= 5"], decision=order)
    found = roadmap(law, {"points": 4, "exam": False}, "prize", days=0)
    assert ({c.fact: c.after for c in found.now.changes}, found.now.cost) == ({"points": 5}, 3)


def test_a_reason_stands_whatever_the_person_does_where_there_is_such_a_one():
    facts = {"punished": {"type": "bool", "immutable": True}}
    law = law_of(["points >= 3", "not punished", "exam"], facts=facts.items())
    found = roadmap(law, {"points": 0, "punished": True, "exam": False}, "prize", days=0)
    assert dict(found.reason.facts) == {"punished": True}
    assert found.now is None


def test_a_reason_leaves_out_what_arithmetic_makes_irrelevant():
    pytest.importorskip("z3", reason="the solver is not installed")
    law = law_of(["points + min(days_between(hired, as_of), 3) >= 11"])
    found = roadmap(law, {"points": 0, "hired": "2026-03-01"}, "prize", days=0)
    assert (dict(found.reason.facts), found.reason.least) == ({}, True)
    some = law_of(["points * 2 + min(days_between(hired, as_of), 3) >= 5"])
    found = roadmap(some, {"points": 0, "hired": "2026-03-01"}, "prize", days=0)
    assert (dict(found.reason.facts), found.reason.least) == ({"points": 0}, True)


def test_merit_is_only_ever_raised():
    law = law_of(["course < good"])
    found = roadmap(law, {"course": "good"}, "prize", days=0)
    assert found.now is None
    assert "course" in found.levers


def test_each_change_names_the_condition_it_meets_and_its_article():
    law = law_of(["points >= 2", "exam", "origin == town"])
    found = roadmap(law, {"points": 1, "exam": False, "origin": "town"}, "prize", days=0)
    assert {c.fact: ([m.name for m in c.met], c.articles) for c in found.now.changes} == {
        "points": (["c0"], ("Test rule Art. 1",)),
        "exam": (["c1"], ("Test rule Art. 1",)),
    }


def test_words_in_both_languages_say_every_step():
    law = law_of(["points >= 2", "exam", "days_between(hired, as_of) >= 400"])
    found = roadmap(law, {"points": 1, "exam": False, "hired": "2020-01-02"}, "prize", days=3)
    held_words = {"id": ("Alasan yang cukup", "tidak sampai"), "en": ("Reason enough", "Without any change: not up to")}
    for lang, words in held_words.items():
        text = found.to_text(lang)
        assert all(word in text for word in words), text
    granted = roadmap(law, {"points": 1, "exam": False, "hired": "2020-01-01"}, "prize", days=3)
    text = granted.to_text("en")
    assert "Cheapest changes today (cost 8)" in text
    assert "Art. 1" in text
    assert "Proved: no way is cheaper." in text
    assert granted.to_text() != text
    with pytest.raises(ArgumentError, match="id or en"):
        granted.to_text("fr")
    assert "&lt;" not in granted._repr_html_().replace("&lt;pre", "")


def test_a_burden_is_to_be_spared():
    law = law_of(["points < 3"], decision={"kind": "burden"})
    found = roadmap(law, {"points": 1}, "prize", days=0)
    assert (found.wanted, found.now.cost, found.now.decision["prize"].status) == ("refused", 6, "refused")


def test_what_is_not_known_may_be_learned():
    law = law_of(["exam", "points >= 5"])
    found = roadmap(law, {"points": 5}, "prize", days=0)
    assert found.decision["prize"].status == "undetermined"
    assert [(c.fact, c.before, c.after, c.cost) for c in found.now.changes] == [("exam", None, True, 5)]
    assert "Not known, and it decides: exam" in found.to_text("en")


def test_a_check_of_the_record_is_not_talked_round():
    facts = {"used": {"type": "integer", "from": 0, "to": 6, "actionable": True}}
    law = law_of(["used >= 4"], facts=facts.items(), checks={"no_more": {"is": "used <= points"}})
    refused = roadmap(law, {"used": 1, "points": 3}, "prize", days=0)
    assert {c.fact: c.after for c in refused.now.changes} == {"used": 4, "points": 4}
    fixed = roadmap(law, {"used": 6, "points": 6}, "prize", days=0)
    assert not fixed.needed


# --- more than can be tried one by one ---

BIG = {"big": {"type": "integer", "from": 0, "to": 5_000_000, "actionable": True, "cost": 2}}
MORE = {"more": {"type": "integer", "from": 0, "to": 5_000_000, "actionable": True, "cost": 3}}


def test_too_many_combinations_are_asked_of_the_solver():
    pytest.importorskip("z3", reason="the solver is not installed")
    law = law_of(["big + 2 * more >= 1_000_003".replace("_", "")], facts=(BIG | MORE).items())
    found = roadmap(law, {"big": 0, "more": 2}, "prize", days=0, budget=20)
    assert found.now.cost == 3 * 499_999 + 2
    assert found.now.proved
    assert {c.fact: c.after for c in found.now.changes} == {"big": 1, "more": 500_001}


def test_the_solver_keeps_the_scope_too():
    pytest.importorskip("z3", reason="the solver is not installed")
    scopes = ["more >= 2", "big >= 2"]
    law = law_of(["big >= 1000000"], ["more >= 1000000"], facts=(BIG | MORE).items(), scopes=scopes)
    found = roadmap(law, {"big": 9, "more": 0}, "prize", days=0, budget=20)
    assert ({c.fact: c.after for c in found.now.changes}, found.now.proved) == ({"more": 1_000_000}, True)
    free = roadmap(law, {"big": 9, "more": 9}, "prize", days=0, budget=20)
    assert ({c.fact: c.after for c in free.now.changes}, free.now.proved) == ({"big": 1_000_000}, True)


@pytest.mark.parametrize("count", [24, 70])
def test_more_facts_than_can_be_laid_out_are_left_to_the_solver(count):
    """Halving what there is to try comes to an end, also where no fact has more than two values."""
    pytest.importorskip("z3", reason="the solver is not installed")
    facts = {f"f{i}": {"type": "bool", "actionable": True, "cost": i % 9 + 2} for i in range(count)}
    law = law_of([" or ".join(facts), "f0 or f1", "not f23 or f2"], facts=facts.items())
    found = roadmap(law, dict.fromkeys(facts, False), "prize", days=2, budget=20)
    assert ({c.fact: c.after for c in found.now.changes}, found.now.proved) == ({"f0": True}, True)


def test_a_number_of_any_size_can_be_changed():
    pytest.importorskip("z3", reason="the solver is not installed")
    pay = {"pay": {"type": "integer", "from": 0, "to": 10**12, "actionable": True}}
    law = law_of(["pay - 1 >= 999"], facts=pay.items())
    found = roadmap(law, {"pay": 7}, "prize", days=2, budget=20)
    assert (found.now.cost, found.now.proved) == (993, True)


def test_not_proved_is_said_where_the_solver_has_no_time():
    law = law_of(["big * more == 12000357000369 + more"], facts=(BIG | MORE).items())
    found = roadmap(law, {"big": 5, "more": 7}, "prize", days=0, budget=0)
    assert not found.proved
    if found.now is None:
        assert "Not proved" in found.to_text("en")
    else:
        assert replay_big(law, found)


def replay_big(law, found):
    return answered(law, {"big": 5, "more": 7} | {c.fact: c.after for c in found.now.changes}, DAY, "granted")


# --- days, years, laws ---


def test_the_rating_of_a_year_to_come_is_not_known():
    law = law_of(["rating[0] >= fair"])
    found = roadmap(law, {"rating": {2025: "low"}}, "prize", days=400)
    assert found.waiting is None
    given = roadmap(law, {"rating": {2025: "low", 2026: "good"}}, "prize", days=400)
    assert given.waiting.day == datetime.date(2027, 1, 1)


CHANGED = {
    **HEAD,
    "facts": FACTS,
    "parameters": {
        "least": {
            "type": "integer",
            "versions": [
                {"from": "2020-01-01", "enacted": "2019-12-01", "value": 5, "source": "test Art. 1"},
                {"from": "2026-06-01", "enacted": "2026-01-01", "value": 2, "source": "test Art. 1"},
            ],
        }
    },
    "decisions": {"prize": {"outcome": {}}},
    "rules": {"way": {"decides": "prize", "requires": {"enough": "points >= least"}, "grants": {}}},
}


def test_a_policy_is_looked_at_through_all_its_laws():
    policy = am.load(CHANGED)
    found = roadmap(policy, {"points": 2}, "prize", on=DAY, days=300)
    assert (found.now.cost, found.waiting.day) == (9, datetime.date(2026, 6, 1))
    alone = roadmap(am.in_force(policy, on=DAY), {"points": 2}, "prize", days=300)
    assert alone.waiting is None
    assert alone.until == datetime.date(2026, 5, 31)
    assert "no later day was looked at" in alone.to_text("en")


def test_scores_that_are_nested_under_their_indicator_are_read_as_by_decide():
    law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    scores = {"supervisor": [86], "peers": [82, 78, 84], "subordinates": []}
    rest = {"employment": "pns", "active": True, "position_date": "2024-06-01", "under_examination": False}
    rest |= {"performance": {2025: "baik", 2024: "sangat_baik"}, "innovation_panel": [75, 80, 90]}
    rest |= {name: [] for name in ("absences", "sanctions", "projects_led")}
    flat = {f"quality_{kind}": found for kind, found in scores.items()}
    one, other = (
        roadmap(law, {**rest, **quality}, "promotion", days=200, costs={"position_date": 1})
        for quality in ({"quality": scores}, flat)
    )
    assert one.waiting is not None and one.now is not None
    assert one.to_json() == other.to_json()


def test_lists_and_past_years_are_said_not_to_be_tried():
    facts = {
        "courses": {
            "type": "list",
            "up_to": 3,
            "actionable": True,
            "of": {"hours": {"type": "integer", "from": 0, "to": 9}},
        }
    }
    law = law_of(["sum(c.hours for c in courses) >= 5"], facts=facts.items())
    found = roadmap(law, {"courses": [{"hours": 1}]}, "prize", days=0)
    assert found.now is None
    assert "courses" in found.to_text("en")


# --- wrong questions ---


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"costs": {"pionts": 1}}, "did you mean points"),
        ({"costs": {"points": -1}}, "whole number"),
        ({"costs": {"points": True}}, "whole number"),
        ({"costs": {"points": 1.5}}, "whole number"),
        ({"costs": ["points"]}, "mapping"),
        ({"days": -1}, "whole number"),
        ({"days": 10**9}, "whole number"),
        ({"days": "3"}, "whole number"),
        ({"days": True}, "whole number"),
        ({"on": "2019-01-01"}, "2020-01-01"),
        ({"budget": -1}, "budget"),
        ({"budget": "x"}, "budget"),
    ],
)
def test_a_wrong_argument_is_named(more, said):
    law = law_of(["points >= 2"])
    with pytest.raises((ArgumentError, AsnmeritError), match=said):
        roadmap(law, {"points": 0}, "prize", **more)


def test_a_policy_needs_a_day_and_a_decision_a_name():
    policy = am.load(CHANGED)
    with pytest.raises(ArgumentError, match="on"):
        roadmap(policy, {"points": 2}, "prize")
    with pytest.raises(ArgumentError, match="a Law"):
        roadmap("policy", {"points": 2}, "prize")
    with pytest.raises(UnknownDecisionError, match="prize"):
        roadmap(policy, {"points": 2}, "price", on=DAY)
    with pytest.raises(RecordError) as caught:
        roadmap(policy, {"points": 99, "exam": "perhaps", "pionts": 1}, "prize", on=DAY)
    assert len(caught.value.faults) == 3


def test_a_road_map_is_the_same_data_each_time():
    law = law_of(["points >= 2", "exam"], ["post == isle", "days_between(hired, as_of) >= 110"])
    record = {"points": 0, "exam": False, "post": "hill", "hired": "2025-12-24"}
    one, two = (roadmap(law, record, "prize", days=30).to_json() for _ in range(2))
    assert one == two
    said = json.loads(one)
    assert said["decision"] == "prize"
    assert said["now"]["cost"] == 11
    assert [c["fact"] for c in said["now"]["changes"]] == ["points", "exam"]


@pytest.mark.parametrize("policy", ["indonesia/kenaikan_pangkat_ujian", "indonesia/satyalancana", "manokwari/merit"])
def test_shipped_policies_have_road_maps(policy):
    law = am.in_force(am.load(policy), on="2026-04-01")
    for name in law.decisions:
        found = roadmap(law, {}, name, days=30, budget=2)
        for plan in found.plans:
            if all(c.lane[1] is None for c in plan.changes):
                done = {c.fact: c.after for c in plan.changes}
                assert am.decide(law, done, plan.day)[name].status == found.wanted


def test_a_presumption_is_said_with_its_value():
    facts = {
        "ceiling": {"type": "grade", "assume": "fair", "source": "test Art. 9"},
        "leave": {"type": "bool", "assume": False, "source": "test Art. 9"},
    }
    law = law_of(["ceiling == good"], ["leave"], facts=facts.items())
    text = roadmap(law, {}, "prize", days=0).to_text("en")
    assert "presumption of law: ceiling: fair" in text
    assert "presumption of law: leave: no" in text


def test_no_presumption_is_a_reason_against_what_the_record_says():
    """What is left out of a reason may be anything: a presumption does not stand in for what the record said."""
    absent = {"absent": True, "exam": False}
    found = roadmap(law_of(["absent", "exam"]), absent, "prize", days=0)
    assert (dict(found.reason.facts), found.reason.presumed) == ({"exam": False}, ())
    checks = {"no_exam_in_absence": "not absent or not exam"}
    tied = roadmap(law_of(["points >= 5", "absent"], checks=checks), {**absent, "points": 1}, "prize", days=0)
    assert (dict(tied.reason.facts), tied.reason.presumed) == ({"points": 1}, ())
    contrary = {"present_or_absent": "absent or not exam"}
    law = law_of(["points >= 5"], ["absent and not exam"], checks=contrary)
    found = roadmap(law, {"absent": True, "exam": True, "points": 1}, "prize", days=0)
    assert (dict(found.reason.facts), found.reason.presumed) == ({"exam": True, "points": 1}, ())


def test_a_rule_for_others_is_said_not_to_concern_the_person():
    document = {
        **HEAD,
        "facts": FACTS,
        "decisions": {"prize": {"outcome": {}}},
        "rules": {"way": {"decides": "prize", "applies": "origin == town", "requires": {"c": "exam"}, "grants": {}}},
    }
    law = am.in_force(am.load(document), on=DAY)
    text = roadmap(law, {"origin": "isle"}, "prize", days=0).to_text("en")
    assert "rule way: does not concern this person" in text
