"""The largest drop of an amount for one step of one fact, held against all pairs that are one step apart."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.claims import cliffs
from asnmerit.auditing.claims.claim import Bench
from asnmerit.auditing.claims.drops import one_step
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.findings import Kind, Verdict
from asnmerit.auditing.proving.driver import Budget
from asnmerit.auditing.questions import Extended
from asnmerit.auditing.session import audit
from asnmerit.exact import by_reference
from support.small import HEAD, everyone, small_law

SEEDS = range(max(10, settings().max_examples // 50))
NUMBER = {"type": "integer", "from": 0, "to": 20}


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "sources": {"s": {"title": "S"}}, **sections}), on="2026-04-01")


def benefit(grants, requires=None, of="integer", types=None, parameters=None, kind="benefit", **facts):
    """Give a law of one decision with an amount."""
    more = {k: v for k, v in (("types", types), ("parameters", parameters)) if v}
    return law_of(
        **more,
        facts=facts,
        decisions={"pay": {"kind": kind, "outcome": {"amount": {"type": of}}}},
        rules={"paid": {"decides": "pay", "requires": requires or {}, "grants": {"amount": grants}}},
    )


def found_in(law, seconds=60.0, samples=3_000):
    """Give the amounts of a law, and the findings about their cliffs."""
    extended = Extended(law)
    amounts = cliffs.prepare(law, extended)
    whole = extended.law()
    budget = Budget(samples=samples, jobs=1)
    findings = cliffs.observe(amounts, budget, Bench(law, whole, law.on), samples=samples, seconds=seconds)
    return amounts, findings


def about_drops(findings):
    """Part the findings of an amount into drops among the granted and losses."""
    kept = ("takes nothing off", "adds nothing", "Drops of", "Rises of")
    drops = [f for f in findings if any(words in f.claim["en"] for words in kept)]
    return drops, [f for f in findings if f not in drops]


# --- against all pairs ---


def next_values(domain, value):
    """Give what is one step above a value; for rows, one of them a step up."""
    if isinstance(value, tuple):
        return [(*value[:i], more, *value[i + 1 :]) for i, one in enumerate(value) for more in next_values(domain, one)]
    if domain.levels is None:
        return [value + domain.step] if value + domain.step <= domain.high else []
    higher = sorted({level for level in domain.levels if level > domain.levels[value]})
    return [code for code, level in enumerate(domain.levels) if higher and level == higher[0]]


def key_of(lanes):
    return tuple(tuple(v) if isinstance(v, list) else v for v in lanes.values())


def all_drops(law, one):
    """Give the largest drop and the largest loss of an amount by (lane, way), of all pairs that there are."""
    people, block = People(law), everyone(law)
    node = law.decisions[one.decision]
    keys = [one.key, f"{node.key}.granted", *([f"{node.key}.conflict"] if node.may_conflict else [])]
    value, granted, *conflict = (people.values(keys, block)[k] for k in keys)
    if conflict:
        granted = granted & ~conflict[0]
    rows = {key_of(people.lanes_at(block, i)): i for i in range(block.rows)}
    lanes = list(people.lanes)
    drops, losses = {}, {}
    for key, a in rows.items():
        for at, lane in enumerate(lanes):
            domain = people.lanes[lane]
            if not domain.ordered or domain.kind == "count":
                continue
            for more in next_values(domain, key[at]):
                b = rows.get((*key[:at], more, *key[at + 1 :]))
                if b is None:
                    continue
                for x, y, way in ((a, b, "up"), (b, a, "down")):
                    if granted[x]:
                        into = drops if granted[y] else losses
                        drop = int(value[x]) - (int(value[y]) if granted[y] else 0)
                        into[lane, way] = max(drop, into.get((lane, way), 0))
    return drops, losses


def shown_by(law, finding):
    """Give (lane, way, drop, granted) of the pair of a finding, read off its decisions alone."""
    before, after = finding.witness.decisions
    if law.decisions[finding.witness.only[0]].kind == "burden":
        before, after = after, before  # of a burden the rise is told: the drop, read backwards
    for decision in (before, after):
        by_reference(law, decision.given)
        assert all(decision.values[s.key] is True for s in law.steps if s.role == "check")
    people = People(law)
    a, b = (dict(zip(law.inputs, d.given.lanes, strict=True)) for d in (before, after))
    apart = [lane for lane in law.inputs if a[lane] != b[lane]]
    assert len(apart) == 1
    (lane,) = apart
    up = one_step(people.lanes[lane], _plain(a[lane]), _plain(b[lane]))
    assert up or one_step(people.lanes[lane], _plain(b[lane]), _plain(a[lane]))
    assert len(finding.witness.facts) == 1
    assert finding.witness.facts[0].startswith(lane[0])
    decision = finding.witness.only[0]
    assert before[decision].status == "granted"
    gone = after[decision].status != "granted"
    had, has = (d.values[finding.subject] for d in (before, after))
    return lane, "up" if up else "down", Fraction(had - (0 if gone else has)), gone


def _plain(value):
    return list(value) if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("seed", SEEDS)
def test_the_largest_drop_of_one_step_is_the_one_of_all_pairs(seed):
    law = small_law(seed)
    amounts, findings = found_in(law)
    assert [a.one.key for a in amounts] == [f"{name}.amount" for name in law.decisions]
    for amount in amounts:
        own = [f for f in findings if f.subject == amount.one.key]
        for told, right, limit in zip(about_drops(own), all_drops(law, amount.one), (10, 5), strict=True):
            best = max(right.values(), default=0)
            if best == 0:
                (none,) = told
                assert (none.verdict, none.witness) == (Verdict.PROVED, None)
                continue
            assert told[0].value == amount.one.exact(best)
            more = "adds" if law.decisions[amount.one.decision].kind == "burden" else "takes"
            assert f"Proved: no step of one fact {more} more." in told[0].told["en"]
            seen = set()
            for finding in told:
                lane, way, drop, _ = shown_by(law, finding)
                assert drop == finding.value
                assert finding.value == amount.one.exact(right[lane, way])
                seen.add((lane, way))
            assert len(seen) == len(told)
            most = {key for key, size in right.items() if size > 0}
            assert seen <= most
            assert len(seen) == min(len(most), limit)


# --- what a step is ---


def largest(law, sort=0):
    _, findings = found_in(law)
    return about_drops(findings)[sort][0]


def test_a_day_is_a_step_of_a_date():
    law = benefit(
        "900 if hired < leap else 400",
        parameters={"leap": {"type": "date", "value": "2024-02-29", "source": "s 1"}},
        hired={"type": "date", "from": "2020-01-01", "to": "2026-01-01"},
    )
    found = largest(law)
    assert found.value == 500
    assert found.told["en"] == (
        "Where hired goes from 28 February 2024 to 29 February 2024, it falls by 500: from 900 to 400. "
        "Proved: no step of one fact takes more."
    )
    assert [str(r["hired"]) for r in found.witness.records] == ["2024-02-28", "2024-02-29"]


def test_a_level_is_a_step_of_an_order_and_levels_are_not_skipped():
    types = {"grade": {"order": ["poor", ["fair", "mixed"], "good"]}}
    table = "(10 if g == poor else 4 if g == fair else 7 if g == mixed else 0)"
    found = largest(benefit(table, types=types, g="grade"))
    assert found.value == 7
    assert [r["g"] for r in found.witness.records] == ["mixed", "good"]


def test_members_without_order_have_no_steps():
    law = benefit("9 if k == x else 0", types={"kind": {"members": ["x", "y"]}}, k="kind")
    (found, lost) = found_in(law)[1]
    assert (found.verdict, lost.verdict) == (Verdict.PROVED, Verdict.PROVED)
    assert found.told["en"] == "Proved: there is none."


def test_one_year_and_one_row_change_by_a_step_each_alone():
    yearly = largest(benefit("10 - 3 * p[0] - 5 * p[1]", p={**NUMBER, "to": 1, "per": "year", "back": 2}))
    assert yearly.value == 5
    assert yearly.witness.facts == ("p_2024",)
    rows = benefit("60 - 2 * sum(r.v for r in l)", l={"type": "list", "up_to": 3, "of": {"v": NUMBER}})
    found = largest(rows)
    assert found.value == 2
    assert "(one row)" in found.told["en"]


def test_a_half_is_a_step_where_the_fact_has_halves():
    found = largest(benefit("10 - 2 * h", h={"type": "number", "from": 0, "to": 3, "step": 0.5}))
    assert found.value == 1


def test_what_is_lost_altogether_is_told_apart_from_what_shrinks():
    law = benefit("100 - n", {"few": "n <= 7"}, n=NUMBER)
    assert largest(law).value == 1
    lost = largest(law, 1)
    assert lost.value == 93
    assert lost.told["en"].startswith("Where n goes from 7 to 8, 93 is no longer granted.")
    assert [d["pay"].status for d in lost.witness.decisions] == ["granted", "refused"]


def test_checks_keep_people_out():
    law = benefit("n if n < 15 else 0", n=NUMBER)
    kept = lawful_only("n <= 14")
    assert largest(law).value == 14
    assert largest(kept).value == 1


def lawful_only(check):
    return law_of(
        facts={"n": NUMBER},
        checks={"c": check},
        decisions={"pay": {"kind": "benefit", "outcome": {"amount": {"type": "integer"}}}},
        rules={"paid": {"decides": "pay", "grants": {"amount": "n if n < 15 else 0"}}},
    )


# --- odd laws ---


def test_laws_without_amounts_and_amounts_that_never_change():
    plain = law_of(facts={"a": "bool"}, decisions={"d": {}}, rules={"r": {"decides": "d", "requires": {"c": "a"}}})
    assert found_in(plain) == ([], [])
    for grants in ("0", "7", "-7"):
        (drop, loss) = found_in(benefit(grants))[1]
        assert (drop.verdict, loss.verdict) == (Verdict.PROVED, Verdict.PROVED)
    (drop, loss) = found_in(benefit("7", {"c": "a"}, a="bool"))[1]
    assert drop.verdict is Verdict.PROVED
    assert loss.value == 7


def test_nothing_is_lost_with_an_amount_below_nothing():
    drop, loss = found_in(benefit("-7 - n", {"c": "a"}, a="bool", n=NUMBER))[1]
    assert drop.value == 1
    assert loss.verdict is Verdict.PROVED


def test_an_amount_that_nobody_is_granted_has_no_cliffs():
    for found in found_in(benefit("n", {"c": "n > 30"}, n=NUMBER))[1]:
        assert found.verdict is Verdict.PROVED


def test_of_a_burden_the_rises_are_told_and_that_it_is_imposed():
    law = benefit("n if n < 5 else 0", {"few": "n < 9"}, kind="burden", n=NUMBER)
    rise, begins = largest(law), largest(benefit("n", {"some": "n > 2"}, kind="burden", n=NUMBER), 1)
    assert rise.value == 4
    assert rise.told["en"] == (
        "Where n goes from 5 to 4, it rises by 4: from 0 to 4. Proved: no step of one fact adds more."
    )
    assert "as long as it is imposed" in rise.claim["en"]
    assert [r["n"] for r in rise.witness.records] == [5, 4]
    assert begins.value == 3
    assert begins.told["en"].startswith("Where n goes from 2 to 3, 3 is imposed that was not.")
    assert [d["pay"].status for d in begins.witness.decisions] == ["refused", "granted"]
    for found in (*found_in(law)[1], *found_in(benefit("7", kind="burden"))[1]):
        for words in (found.claim, found.told):
            assert "granted" not in words["en"]
            assert "diberikan" not in words["id"]


def test_what_is_open_after_the_first_round_is_asked_again(monkeypatch):
    asked = []
    law = benefit("n if n < 5 else 0", n=NUMBER)
    prove = cliffs._prove
    monkeypatch.setattr(cliffs, "_prove", lambda one, s: asked.append(one.sort) or len(asked) < 3 or prove(one, s))
    found = found_in(law)[1]
    assert asked == ["drop", "loss", "drop", "loss"]
    for one in found:
        assert "Proved" in one.told["en"], one.told


def test_cliffs_get_the_time_that_nothing_else_takes(monkeypatch):
    given = []
    monkeypatch.setattr(cliffs, "observe", lambda *_, seconds: given.append(seconds) or [])
    audit(benefit("n if n < 5 else 0", n=NUMBER), budget=30, samples=3_000)
    assert given[0] > 15


def test_a_drop_too_hard_to_bound_is_called_the_largest_tried():
    prime = 1_000_000_000_039
    factor = {"type": "integer", "from": 1, "to": 1_000_000}
    law = benefit(
        f"5 - 5 * n + (90 if n == 0 and a * b * c == {prime} else 0)",
        a=factor,
        b=factor,
        c=factor,
        n={**NUMBER, "to": 1},
    )
    _, findings = found_in(law, seconds=3)
    best = about_drops(findings)[0][0]
    assert best.value == 5
    assert "The largest of" in best.told["en"]
    assert "proved to be at most 95" in best.told["en"]
    assert best.method == "samples"


def test_the_same_seed_gives_the_same_cliffs():
    law = small_law(1)
    one, other = ([f.to_dict() for f in found_in(law, seconds=20)[1]] for _ in range(2))
    assert one == other


def test_an_audit_has_the_cliffs():
    found = audit(benefit("n if n < 5 else 0", n=NUMBER), only="cliff", budget=30, samples=3_000)
    assert [f.value for f in found] == [None, 4, 1]
    assert {f.kind for f in found} == {Kind.CLIFF}
