"""The days of a policy, held against a scan of every day of its life, as known on every day on which more was known."""

from __future__ import annotations

import datetime
import json
from collections import Counter

import pytest
from hypothesis import settings

import asnmerit as am
from asnmerit.auditing.claims.days import observe
from asnmerit.auditing.findings import Kind, Verdict
from asnmerit.auditing.report.sections import sections
from asnmerit.auditing.session import audit
from asnmerit.errors import PolicyError
from support.dice import Seeded

SEEDS = max(40, settings().max_examples // 10)
START, UNTIL, ENACTED = (datetime.date(2024, m, d) for m, d in ((2, 25), (3, 8), (2, 20)))
DAYS = [START + datetime.timedelta(n) for n in range((UNTIL - START).days)]
LATEST = 25
"""Acts are enacted until so many days after the policy was."""
PLACES = {"r1": 1, "r2": 10, "v": 100}
"""Each version of a line adds its number times this: what is decided tells which versions were in force."""


# --- policies of many versions ---


def versions(dice, line, said):
    """Write up to three versions of a line, with days of their own; now and then one ends what was."""
    found = []
    for number in range(1, dice.whole(1, 3) + 1):
        first = START + datetime.timedelta(dice.whole(-3, 11))
        enacted = min(first, ENACTED + datetime.timedelta(dice.whole(0, LATEST)))
        if dice.chance(40):
            enacted = ENACTED + datetime.timedelta(dice.whole(0, LATEST))
        one = {"from": str(first), "enacted": str(enacted)}
        if dice.chance(50):
            one["until"] = str(first + datetime.timedelta(dice.whole(1, 8)))
        repealed = number > 1 and line != "v" and dice.chance(20)
        found.append({**one, "repealed": True} if repealed else {**one, **said(number * PLACES[line])})
    return found


def document(dice):
    number = {"type": "integer", "from": 0, "to": 10_000}
    value = [
        {"value": 100},
        *(v for v in versions(dice, "v", lambda n: {"value": n + 300}) if v["enacted"] > "2024-02-20"),
    ]
    rules = {
        name: {"decides": "d", "versions": versions(dice, name, lambda n: {"grants": {"x": n}})}
        for name in ("r1", "r2")
    }
    return {
        "asnmerit": 1,
        "policy": "cases/days",
        "title": "Days",
        "effective": {"from": str(START), "until": str(UNTIL)},
        "enacted": str(ENACTED),
        "sources": {"s": {"title": "S"}},
        "parameters": {"v": {"type": "integer", "source": "s 1", "versions": value}},
        "decisions": {
            "d": {"hit": "collect", "outcome": {"x": number}, "total": {"x": "sum"}},
            "e": {"outcome": {"x": number}},
        },
        "rules": {**rules, "r0": {"decides": "e", "grants": {"x": "v"}}},
    }


def drawn(seed):
    dice = Seeded(seed)
    for _ in range(200):
        try:
            return am.load(document(dice))
        except PolicyError as error:
            assert {x.code for x in error.diagnostics} <= {"overlap", "wipes-later-value", "repeal-first"}
    raise AssertionError(seed)


# --- the scan ---


def in_force(policy, on, known=None):
    """Give which version of each line is in force, read off what is decided; 0 for none."""
    decided = am.decide(am.in_force(policy, on=on, known=known), {})
    total = int(decided["d"].outcome["x"]) if decided["d"].outcome else 0
    return {"d.r1": total % 10, "d.r2": total // 10, "v": int(decided["e"].outcome["x"]) // 100}


class Scan:
    """Which versions were in force on every day, in the end and as known on every day since the policy was enacted."""

    def __init__(self, policy):
        last = max(UNTIL, ENACTED + datetime.timedelta(LATEST + 1))
        self.known = [ENACTED + datetime.timedelta(n) for n in range((last - ENACTED).days)]
        self.ever = {(d, k): in_force(policy, d, k) for d in DAYS for k in self.known}
        self.final = {d: in_force(policy, d) for d in DAYS}
        for d in DAYS:
            assert self.final[d] == self.ever[d, self.known[-1]]

    def runs(self, test):
        """Give the runs of days for which something holds, as `first/last`."""
        found = []
        for d in DAYS:
            if test(d):
                if found and found[-1][1] == d - datetime.timedelta(1):
                    found[-1][1] = d
                else:
                    found.append([d, d])
        return tuple(f"{a}/{b}" for a, b in found)

    @staticmethod
    def ruled(lines):
        return bool(lines["d.r1"] or lines["d.r2"])

    def back_dated(self, line):
        """Whether what holds on a day was changed after it."""
        return any(
            self.ever[d, k][line] != self.ever[d, before][line]
            for d in DAYS
            for before, k in zip(self.known, self.known[1:], strict=False)
            if k > d
        )


def told(findings, words):
    return [f for f in findings if words in f.claim["en"]]


def held_against_a_scan(policy):
    """Hold every kind of finding against the scan; give how many there were of each."""
    scan, found, counted = Scan(policy), observe(policy), Counter()
    assert {f.verdict for f in found} <= {Verdict.PROVED, Verdict.COUNTEREXAMPLE}
    assert {f.kind for f in found} == {Kind.DATE}

    holes = scan.runs(lambda d: not scan.ruled(scan.final[d]))
    of_d, of_e = told(found, "a rule is in force on every day")
    assert of_e.verdict is Verdict.PROVED
    assert (of_d.verdict is Verdict.PROVED, of_d.flaw, of_d.value or ()) == (not holes, bool(holes), holes)
    if holes:
        (witness,) = of_d.witness.decisions
        assert not scan.ruled(scan.final[witness.law.on])
        assert witness["d"].status != "granted"

    late = scan.runs(lambda d: scan.ruled(scan.final[d]) and not scan.ruled(scan.ever[d, d]))
    said = [day for f in told(found, "a rule was known on that very day") for span in f.value for day in days_of(span)]
    assert sorted(said) == [day for span in late for day in days_of(span)]

    lines = ("d.r1", "d.r2", "v")
    back = {f.subject for f in found if "takes effect" in f.told.get("en", "") or "It ends" in f.told.get("en", "")}
    assert back == {line for line in lines if scan.back_dated(line)}
    assert bool(told(found, "Nothing takes effect before")) is not bool(back)

    for line in lines:
        numbers = Counter(scan.final[d][line] for d in DAYS)
        ever = {scan.ever[at][line] for at in scan.ever}
        written = versions_of(policy, line)
        never = [f for f in told(found, "Every version of") if f.subject == line]
        assert len(never) == len([n for n in written if n not in ever])
        single = [f for f in told(found, "in force for more than a day") if f.subject == line]
        assert len(single) == len([n for n in written if numbers[n] == 1])
        assert all(f.flaw for f in single)
        held = [d for d in DAYS if scan.final[d][line]]
        gone = scan.runs(lambda d, x=line, h=held: bool(h) and h[0] < d < h[-1] and not scan.final[d][x])
        breaks = [f for f in told(found, "without a break") if f.subject == line]
        assert {s for f in breaks for s in f.value} | set(holes) == set(gone) | set(holes)
        counted.update(never=len(never), single=len(single), breaks=len(breaks))
    counted.update(holes=len(holes), late=len(late), back=len(back), sound=not holes)
    return counted


def days_of(span):
    first, last = (datetime.date.fromisoformat(x) for x in span.split("/"))
    return [first + datetime.timedelta(n) for n in range((last - first).days + 1)]


def versions_of(policy, line):
    """Give the numbers of the versions of a line, in the order in which they are written."""
    acts = dict(policy.acts())["rules." + line.removeprefix("d.") if line != "v" else "v"]
    if line == "v":
        return [int(a.payload.value) // 100 for a in acts if a.payload is not None]
    return [i + 1 for i, a in enumerate(acts) if a.payload is not None]


def test_every_finding_about_days_is_what_a_scan_of_all_days_shows():
    counted = Counter()
    for seed in range(SEEDS):
        counted += held_against_a_scan(drawn(seed))
    for kind in ("never", "single", "breaks", "holes", "late", "back", "sound"):
        assert counted[kind] >= 3, counted


# --- by hand ---

BASE = {
    "asnmerit": 1,
    "policy": "cases/days",
    "title": {"id": "Hari", "en": "Days"},
    "effective": {"from": "2024-01-01"},
    "enacted": "2023-12-01",
    "sources": {"s": {"title": "S"}},
    "facts": {"a": "bool"},
}
D = {"d": {"kind": "benefit"}}
ONE_DAY = {"from": "2024-02-01", "until": "2024-02-02", "enacted": "2024-01-05"}


def repealed(day, enacted):
    return {"from": day, "enacted": enacted, "repealed": True}


def with_rule(*acts, **more):
    versions_ = [a if "repealed" in a else {"requires": {"c": "a"}, **a} for a in acts]
    return am.load({**BASE, "decisions": D, "rules": {"r": {"decides": "d", "versions": versions_}}, **more})


def test_a_leap_day_without_a_rule_is_found():
    policy = with_rule({"until": "2024-02-29"}, {"from": "2024-03-01", "enacted": "2024-02-01"})
    (found,) = told(observe(policy), "a rule is in force on every day")
    assert (found.verdict, found.flaw, found.value) == (Verdict.COUNTEREXAMPLE, True, ("2024-02-29/2024-02-29",))
    assert found.told["en"] == (
        "No rule at all on 29 February 2024. Nobody, whatever the facts, is granted anything on those days."
    )
    assert found.told["id"].startswith("Tidak ada satu pun aturan pada 29 Februari 2024.")
    (witness,) = found.witness.decisions
    assert witness.law.on == datetime.date(2024, 2, 29)
    for facts in ({"a": True}, {"a": False}, {}):
        assert am.decide(witness.law, facts)["d"].status == "refused"


def test_a_report_says_the_day_beside_the_answer():
    policy = with_rule({"until": "2024-02-29"}, {"from": "2024-03-01", "enacted": "2024-02-01"})
    found = audit(policy, on="2024-06-01", only="date", budget=10)
    assert "this person, asked for 29 February 2024" in found.to_text("en")
    assert "orang ini, ditanyakan untuk 29 Februari 2024" in found.to_text("id")
    assert "this person, asked for 29 February 2024" in found.to_html("en")
    assert "the rule or value that is meant" in found.to_text("en")


def test_what_is_refuted_and_no_flaw_is_counted_as_noted():
    spare = {"p": {"type": "integer", "source": "s 1", "versions": [{"value": 1, "until": "2025-01-01"}]}}
    found = audit(with_rule({"until": "2024-02-29"}, parameters=spare), on="2024-01-15", only="date", budget=10)
    (guarantee,) = sections(found).guarantees
    assert guarantee.counts()["refuted"] == len(found.flaws) > 0
    assert guarantee.counts()["noted"] == len(sections(found).refuted) == 1
    text = found.to_text("en")
    assert "NOTED: NOT SO, WITH NOTHING TO MEND (1)" in text
    heads = next(line for line in text.splitlines() if "guarantee " in line)
    assert heads.split()[1:4] == ["proved", "refuted", "noted"]


def test_a_burden_is_not_granted():
    burden = with_rule({"until": "2024-02-29"}, decisions={"d": {"kind": "burden"}})
    (hole,) = told(observe(burden), "a rule is in force on every day")
    assert "granted" not in hole.told["en"]
    assert "On nobody" in hole.told["en"]


def test_a_rule_that_ends_leaves_an_open_end():
    (found,) = told(observe(with_rule({"until": "2027-01-01"})), "a rule is in force on every day")
    assert found.value == ("2027-01-01/open",)
    assert found.told["en"].startswith("No rule at all from 1 January 2027 onwards.")


def test_overlapping_months_leave_no_day_and_the_later_one_rules():
    first, second = {"until": "2024-04-30"}, {"from": "2024-04-01", "enacted": "2024-03-01", "until": "2024-07-01"}
    third = {"from": "2024-07-01", "enacted": "2024-03-01"}
    found = observe(with_rule(first, second, third))
    assert {f.verdict for f in found} == {Verdict.PROVED}
    (proved,) = told(found, "a rule is in force on every day")
    assert proved.told["en"] == (
        "There always is one, from 1 January 2024 onwards. On each of these days it had been enacted."
    )


def test_a_change_that_reaches_back_is_told_with_both_days():
    found = observe(with_rule({}, {"from": "2024-02-01", "enacted": "2024-03-01"}))
    (back,) = [f for f in found if f.verdict is Verdict.COUNTEREXAMPLE]
    assert (back.subject, back.value, back.flaw) == ("d.r", 29, True)
    assert back.told["en"] == (
        "It takes effect 1 February 2024 and was enacted only 1 March 2024: 29 days back. "
        "Until it was known, the version before it held for those days. Whether it takes "
        "something from anybody cannot be seen from dates; compare the "
        "two laws."
    )


def test_a_benefit_repealed_for_days_gone_by_is_a_flaw():
    found = observe(with_rule({}, repealed("2024-02-01", "2024-03-01")))
    (back,) = [f for f in found if "It ends" in f.told.get("en", "")]
    assert back.flaw
    assert "what it gave is taken back" in back.told["en"]
    in_time = observe(with_rule({}, repealed("2024-03-01", "2024-03-01")))
    assert not [f for f in in_time if "It ends" in f.told.get("en", "")]


def test_a_policy_enacted_after_its_first_day_is_told_once():
    found = observe(with_rule({}, enacted="2024-01-11"))
    (back,) = [f for f in found if f.verdict is Verdict.COUNTEREXAMPLE and "takes effect" in f.told["en"]]
    assert (back.subject, back.value) == ("cases/days", 10)
    assert back.told["en"].startswith(
        "It takes effect 1 January 2024 and was enacted only 11 January 2024: 10 days back."
    )
    (back,) = told(observe(with_rule({}, {"from": "2024-02-29", "enacted": "2024-03-01"})), "enacted before")
    assert "1 March 2024: 1 day back." in back.told["en"]


@pytest.mark.parametrize("start", ["2024-01-01", "2024-03-01", "2024-01-02"])
def test_a_value_that_a_child_sets_anew_covers_its_parents_and_that_is_no_flaw(start, tmp_path):
    given = {"type": "integer", "from": 0, "to": 9, "value": 5, "source": "s 1"}
    parent = {**BASE, "policy": "cases/parent", "parameters": {"v": given}, "delegates": {"v": {"may": "set"}}}
    child = {k: v for k, v in BASE.items() if k != "facts"} | {"effective": {"from": start}, "extends": "cases/parent"}
    child["parameters"] = {"v": {"value": 4, "source": "s 2"}}
    (tmp_path / "cases").mkdir()
    for name, one in (("parent", parent), ("days", child)):
        (tmp_path / "cases" / f"{name}.yaml").write_text(json.dumps(one))
    found = observe(am.load("cases/days", search=[tmp_path]))
    assert {f.verdict for f in found} == {Verdict.PROVED}, [f.told for f in found]


def test_the_last_day_written_as_until_is_a_flaw_of_one_day():
    found = observe(with_rule({"until": "2024-12-31"}, {"from": "2025-01-01", "enacted": "2024-02-01"}))
    assert [(f.subject, f.value) for f in found if f.flaw] == [("d", ("2024-12-31/2024-12-31",))]


def test_a_condition_and_a_table_have_days_too():
    sections = {
        "types": {"g": {"order": ["x", "y"]}},
        "facts": {"a": "bool", "g": "g"},
        "tables": {
            "t": {
                "by": "g",
                "gives": {"type": "integer"},
                "versions": [
                    {"rows": {"x": 1, "y": 2}, "source": "s 1"},
                    {"rows": {"x": 3, "y": 4}, "source": "s 2", **ONE_DAY},
                ],
            }
        },
    }  # fmt: skip
    found = observe(with_rule({"requires": {"c": "t[g] > 1"}}, **sections))
    (single,) = [f for f in found if f.flaw]
    assert (single.subject, single.value) == ("t", ("2024-02-01/2024-02-01",))
    assert single.articles == ("S 2",)


def test_a_value_that_ends_and_is_not_read_is_told_and_one_that_is_read_does_not_load():
    spare = {"p": {"type": "integer", "source": "s 1", "versions": [{"value": 1, "until": "2025-01-01"}]}}
    policy = with_rule({}, parameters=spare)
    (found,) = told(observe(policy), "there always is a value")
    assert (found.subject, found.flaw) == ("p", False)
    assert found.told["en"] == "There is no value from 1 January 2025 onwards; nothing reads it on those days."
    with pytest.raises(PolicyError, match="no-value-in-force"):
        with_rule({"requires": {"c": "p > 0"}}, parameters=spare)


def test_policies_with_nothing_dated_are_all_proved():
    plain = am.load({**BASE, "facts": {}, "derived": {"x": "1"}})
    assert {f.verdict for f in observe(plain)} == {Verdict.PROVED}
    rules = am.load({**BASE, "decisions": D, "rules": {"r": {"decides": "d", "requires": {"c": "a"}}}})
    assert [f.subject for f in observe(rules)] == ["cases/days", "cases/days", "d"]
    assert {f.verdict for f in observe(rules)} == {Verdict.PROVED}


def test_a_decision_that_a_parent_leaves_to_its_children_is_no_flaw():
    policy = am.load({**BASE, "decisions": D, "delegates": {"d": {"may": ["add_rules"]}}})
    (found,) = told(observe(policy), "a rule is in force on every day")
    assert (found.verdict, found.flaw) == (Verdict.COUNTEREXAMPLE, False)
    assert "may add rules" in found.told["en"]


@pytest.mark.parametrize("name", am.policies())
def test_the_days_of_shipped_policies_can_be_told(name):
    policy = am.load(name)
    found = observe(policy)
    assert [f.to_dict() for f in found] == [f.to_dict() for f in observe(policy)]
    assert {f.verdict for f in found} <= {Verdict.PROVED, Verdict.COUNTEREXAMPLE}
    assert len(told(found, "a rule is in force on every day")) == len(policy.own_decisions)


def test_an_audit_of_a_policy_has_its_days_and_one_of_a_law_has_not():
    policy = with_rule({"until": "2024-02-29"}, {"from": "2024-03-01", "enacted": "2024-02-01"})
    assert next(f.value for f in audit(policy, on="2024-06-01", only="date", budget=10).flaws) == (
        "2024-02-29/2024-02-29",
    )
    assert not audit(am.in_force(policy, on="2024-06-01"), only="date", budget=10).findings
