"""Mutation: what is killed, witnessed and equivalent is so by the reference, and scores rise and fall as they must."""

from __future__ import annotations

import datetime
import os
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

import asnmerit as am
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.proving.driver import Budget
from asnmerit.auditing.replaying import replay
from asnmerit.diagnostics import Faults
from asnmerit.frames.kernel import BlockKernel
from asnmerit.mutation import differing, mutants, mutate, running, told, write_killers
from asnmerit.mutation.differing import differ
from asnmerit.mutation.expressions import rewritings
from asnmerit.mutation.mutants import some
from asnmerit.mutation.proving import proved
from asnmerit.mutation.report import Tally
from asnmerit.mutation.trying import LawsOf
from asnmerit.originals import original
from asnmerit.rules.document import Scalar, read_document
from asnmerit.rules.editing import Set, edited, node_at, written
from asnmerit.rules.scope import Scope
from asnmerit.scenarios import run_scenarios
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.running import run_book
from support.dice import Seeded
from support.small import document, everyone

CASES = Path(__file__).resolve().parent / "cases" / "mutation"
SMALL, SMALL_SCENARIOS = CASES / "uang_makan.yaml", CASES / "uang_makan.scenarios.yaml"
POLICY, SCENARIOS = CASES / "tunjangan.yaml", CASES / "tunjangan.scenarios.yaml"
DEEP = os.environ.get("ASNMERIT_TEST_PROFILE") == "deep"
SEEDS = range(12) if DEEP else range(4)
ATTACK = 100_000
NAMED = {"derived", "indicator", "score", "ranking"}


@pytest.fixture(scope="module")
def found():
    return original(POLICY)


@pytest.fixture(scope="module")
def report():
    return mutate(POLICY, samples=10_000)


def said(law, record, day):
    """All that a law answers, by the engine and the reference together; None: it refuses the record."""
    try:
        decision = replay(law, record, day)
    except am.RecordError:
        return None
    values = {s.key: decision.values[s.key] for s in law.steps if s.role in NAMED}
    outcomes = {
        name: (o.status, o.rule, sorted(o.rules), None if o.outcome is None else dict(o.outcome), o.total)
        for name, o in decision.outcomes.items()
    }
    return values, outcomes


def law_of(policy, content):
    return am.in_force(policy, on=content["on"], known=content.get("known"))


# --- the changes ---


def test_all_kinds_of_changes_are_made(report):
    kinds = Counter(e.mutant.kind for e in report.endings)
    wanted = {
        "threshold", "comparison", "cell", "date", "order", "exception", "weight", "parameter", "function", "rounding",
        "presumption", "polarity", "connective", "dropped condition", "grant", "arithmetic",
    }  # fmt: skip
    assert wanted <= kinds.keys(), wanted - kinds.keys()
    assert report.of == len(report.endings) == 114
    assert report.whole.counts["stillborn"] <= 5


def test_a_change_changes_one_place_and_nothing_else(found):
    every = mutants(found.root, found.policy)
    assert [m.number for m in every] == list(range(1, len(every) + 1))
    assert len({(m.path, m.kind, m.became) for m in every}) == len(every)
    lines = POLICY.read_text(encoding="utf-8").splitlines()
    for mutant in every:
        assert 1 <= mutant.line <= len(lines)
        assert mutant.was != mutant.became
        assert any(node_at(found.root, c.path) is not None or c.path[-1] for c in mutant.changes)
        new = edited(found.root, *mutant.changes)
        assert new is not found.root
        untouched = [key for key, _ in found.root.entries if key.text != mutant.path[0]]
        assert all(new.get(k.text) is found.root.get(k.text) for k in untouched)


def test_the_document_as_it_is_loads_to_the_same_law(found):
    again = found.mutated()
    for day in ("2025-06-01", "2026-04-01"):
        one, other = am.in_force(found.policy, on=day), am.in_force(again, on=day)
        assert one.meaning == other.meaning


def test_every_mutant_that_is_no_policy_says_why(report, found):
    stillborn = [e for e in report.endings if e.fate == "stillborn"]
    assert stillborn
    for ending in stillborn:
        with pytest.raises(am.PolicyError) as caught:
            found.mutated(*ending.mutant.changes)
        assert caught.value.diagnostics[0].code == ending.by


def test_articles_are_those_of_the_changed_place(report):
    by_path = {e.mutant.way: e.mutant.articles for e in report.endings}
    assert by_path["rules.penuh.requires.masa.is"] == ("Perda 3",)
    assert by_path["parameters.masa.versions[1].value"] == ("Perda 3a",)
    assert by_path["tables.tarif.rows.kurang.kota"] == ("Perda 5",)
    assert by_path["decisions.tunjangan.unless.sanksi.except.ringan.is"] == ("Perda 7",)
    assert by_path["effective.from"] == ()


REWRITTEN = {
    "a >= 24": ["a > 24", "a < 24", "a >= 25", "a >= 23"],
    "not a": ["(a)"],
    "any(x.a for x in b)": ["all(x.a for x in b)"],
    "1 if a else 2": ["((2) if a else (1))", "2 if a else 2", "0 if a else 2", "1 if a else 3", "1 if a else 1"],
    "a + b": ["a - b"],
    "round_up(a, 1)": ["round_down(a, 1)", "round_up(a, 2)", "round_up(a, 0)"],
    "a not in b": ["a in b"],
    "a and b": ["((a or b))", "(b)", "(a)"],
}


@pytest.mark.parametrize(("text", "texts"), REWRITTEN.items())
def test_rewritings_of_an_expression(text, texts):
    node = read_document(f"x: {text!r}", "x.yaml", Faults()).get("x")
    assert isinstance(node, Scalar)
    got = [r.text for r in rewritings(node, Scope())]
    assert sorted(re.sub(r"[()]", "", t) for t in got) == sorted(re.sub(r"[()]", "", t) for t in texts)


def test_a_limit_draws_by_the_seed_and_keeps_the_order(found):
    every = mutants(found.root, found.policy)
    one, again, other = some(every, 10, 1), some(every, 10, 1), some(every, 10, 2)
    assert one == again != other
    assert [m.number for m in one] == sorted(m.number for m in one)
    assert some(every, None) == some(every, 1000) == every


# --- fates ---


def test_whoever_is_said_to_notice_does(report, found):
    """Killed by a scenario that the policy passes: run from its file against the changed policy."""
    killed = [e for e in report.endings if e.fate == "killed"]
    assert len(killed) > 30
    book = book_of(SCENARIOS.read_text(encoding="utf-8"), str(SCENARIOS))
    assert all(r.passed for r in run_book(book))
    for ending in killed:
        results = run_book(book, LawsOf(found.mutated(*ending.mutant.changes)))
        assert ending.by in [r.name for r in results if not r.passed], str(ending.mutant)


def test_every_new_scenario_replays_through_the_reference_and_differs(report, found):
    shown = [e for e in report.endings if e.killer is not None]
    assert len(shown) > 20
    for ending in shown:
        content, policy = ending.killer.content, found.mutated(*ending.mutant.changes)
        before = said(law_of(found.policy, content), content["facts"], content["on"])
        try:
            after = said(law_of(policy, content), content["facts"], content["on"])
        except am.NotInForceError:
            continue
        assert before != after, str(ending.mutant)
        assert before is not None or "faults" in content["expect"]


def test_nothing_that_no_scenario_notices_is_called_killed(report, found):
    """Witnessed and equivalent mutants pass all scenarios."""
    book = book_of(SCENARIOS.read_text(encoding="utf-8"), str(SCENARIOS))
    left = [e for e in report.endings if e.fate in {"witnessed", "equivalent", "open"}]
    assert len(left) > 30
    for ending in left:
        assert all(r.passed for r in run_book(book, LawsOf(found.mutated(*ending.mutant.changes)))), str(ending.mutant)


def test_every_equivalent_mutant_is_attacked(report, found):
    """A hundred thousand people on every day on which the law may change, each asked of both laws."""
    alike = [e for e in report.endings if e.fate == "equivalent"]
    assert {e.by for e in alike} == {"structure", "proof"}
    assert len(alike) >= 10
    days = ("2025-01-01", "2025-12-31", "2026-01-01", "2026-04-01")
    tried = Counter()
    for day in days:
        law = am.in_force(found.policy, on=day)
        people = People(law, seed=5)
        block = people.draw(ATTACK // 2)
        ours = people.values([s.key for s in law.steps], block)
        for ending in alike:
            other = am.in_force(found.mutated(*ending.mutant.changes), on=day)
            keys = [s.key for s in other.steps]
            theirs = BlockKernel(other, law.on.toordinal(), keys).run(block).values
            granted = ours["tunjangan.granted"]
            assert (granted == theirs["tunjangan.granted"]).all(), str(ending.mutant)
            for key in ("tunjangan.besar", "tunjangan.rule"):
                assert ((ours[key] == theirs[key]) | (granted == 0)).all(), (key, str(ending.mutant))
            for key in ("jam_lulus", "terlatih", "sikap", "rules.penuh", "rules.sebagian"):
                assert (ours[key] == theirs[key]).all(), (key, str(ending.mutant))
            tried[ending.mutant.number] += block.rows
    assert min(tried.values()) >= ATTACK


def test_known_equivalents_and_known_others(report):
    fates = {(e.mutant.way, e.mutant.became): e.fate for e in report.endings}
    redundant = "rules.penuh.requires.nilai.is"
    assert fates[redundant, "11"] == fates[redundant, "9"] == "equivalent"
    assert fates["indicators.sikap.round.mode", "half_even"] == "equivalent"
    assert fates["indicators.sikap.round.mode", "floor"] != "equivalent"
    assert fates["decisions.tunjangan.order", "sebagian, penuh"] in {"killed", "witnessed"}
    assert fates["decisions.tunjangan.unless.sanksi.except.ringan", "(none)"] == "witnessed"


def test_laws_of_small_policies_are_compared_with_everybody(tmp_path):
    """What is the same and what differs, held against all people that there are, who are asked one by one."""
    seen = Counter()
    for seed in SEEDS:
        one = small_original(seed, tmp_path / f"small{seed}.yaml")
        law = am.in_force(one.policy, on="2026-04-01")
        people, block = People(law), everyone(law)
        for mutant in some(mutants(one.root, one.policy), 12 if DEEP else 6, seed):
            try:
                other = am.in_force(one.mutated(*mutant.changes), on="2026-04-01")
            except (am.PolicyError, am.NotInForceError):
                continue
            answer, record = differ(law, other, Budget(samples=400, each=3.0))
            seen[answer] += 1
            if record is not None:
                assert said(law, record, law.on) != said(other, record, law.on)
            if answer == "same":
                _attack_all(law, other, people, block)
    assert seen["same"] >= 3
    assert seen["differ"] >= 10
    assert seen["open"] <= sum(seen.values()) // 10


def small_original(seed, path):
    """A small policy of a seed, from a file."""
    dice = Seeded(seed)
    for _ in range(50):
        path.write_text(yaml.safe_dump(document(dice), sort_keys=False), encoding="utf-8")
        try:
            return original(path)
        except am.PolicyError:
            continue
    raise AssertionError(seed)


def _attack_all(law, other, people, block):
    for row in range(0, block.rows, max(1, block.rows // 60)):
        record = people.record(people.lanes_at(block, row))
        assert said(law, record, law.on) == said(other, record, law.on)


# --- which rule it was, and who is refused ---

ORDERED = {
    "asnmerit": 1, "policy": "uji/urut", "title": "Urut", "effective": {"from": "2020-01-01"}, "enacted": "2019-12-01",
    "facts": {"n": {"type": "integer", "from": 0, "to": 9}},
    "decisions": {"d": {"kind": "benefit", "hit": "first", "order": ["a", "b"], "outcome": {"x": "integer"}}},
    "rules": {
        "a": {"decides": "d", "requires": {"c": "n >= 3"}, "grants": {"x": 1}},
        "b": {"decides": "d", "requires": {"c": "n {test}"}, "grants": {"x": 1}},
    },
}  # fmt: skip


def ordered(order, test):
    text = yaml.safe_dump(ORDERED).replace("{test}", test)
    document = yaml.safe_load(text)
    document["decisions"]["d"]["order"] = order
    return am.in_force(am.load(document), on="2026-04-01")


@pytest.mark.parametrize(("test", "answer"), [(">= 5", "differ"), ("< 3", "same")])
def test_the_rule_that_granted_is_an_answer(test, answer):
    """The same amount by another rule is noticed; a number of a rule that has moved is not."""
    one, other = ordered(["a", "b"], test), ordered(["b", "a"], test)
    steps = differing.affected(one, other)
    assert "d.rule" in steps
    verdict, _, _ = proved(one, other, steps, Budget(each=5.0))
    assert verdict == {"differ": "found", "same": "none"}[answer]
    got, record = differ(one, other, Budget(samples=200, each=5.0))
    assert got == answer
    assert (record is None) == (answer == "same")


CHECKED = {
    **{k: ORDERED[k] for k in ("asnmerit", "policy", "title", "effective", "enacted", "facts")},
    "decisions": {"d": {"kind": "benefit"}},
    "rules": {"a": {"decides": "d", "requires": {"c": "n >= 3"}}},
}


@pytest.mark.parametrize(
    ("one", "other", "answer"),
    [
        ("n >= 0", "n < 9", "differ"),
        ("n < 9", "n >= 0", "differ"),
        ("n < 9", "n <= 8", "same"),
        ("n < 9", "", "differ"),
    ],
)
def test_who_is_refused_is_an_answer(one, other, answer):
    laws = [
        am.in_force(am.load({**CHECKED, **({"checks": {"k": text}} if text else {})}), on="2026-04-01")
        for text in (one, other)
    ]
    verdict, _, _ = proved(*laws, differing.affected(*laws), Budget(each=5.0))
    assert verdict == {"differ": "found", "same": "none"}[answer]
    got, record = differ(*laws, Budget(samples=200, each=5.0))
    assert got == answer
    if record is not None:
        assert (said(laws[0], record, laws[0].on) is None) != (said(laws[1], record, laws[1].on) is None)


def test_where_no_solver_proves_it_stays_open(monkeypatch):
    monkeypatch.setattr(differing, "proved", lambda *_, **_given: ("open", None, None))
    one, other = ordered(["a", "b"], "< 3"), ordered(["b", "a"], "< 3")
    assert differ(one, other, Budget(samples=200)) == ("open", None)
    found = mutate(POLICY, samples=2_000, limit=20, seed=3)
    assert found.whole.counts["open"] >= 1
    assert all(e.by != "proof" for e in found.endings)
    assert not found.whole.reaches(100)


GATED = {
    "asnmerit": 1, "policy": "uji/tenggat", "title": "Tenggat", "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01", "facts": {"n": {"type": "integer", "from": 0, "to": 9}},
    "parameters": {"deadline": {"type": "date", "value": "2025-01-01"}},
    "decisions": {"d": {"outcome": {}}},
    "rules": {"r": {"decides": "d", "requires": {"c": "as_of >= deadline", "k": "n >= 3"}, "grants": {}}},
}  # fmt: skip
LATE = {
    "scenarios": 1, "policy": "uji/tenggat",
    "cases": {"late": {"on": "2026-01-01", "facts": {"n": 5}, "expect": {"decisions": {"d": {"status": "granted"}}}}},
}  # fmt: skip


def test_what_shows_on_a_later_day_of_the_same_law_is_not_equivalent(tmp_path):
    """On the first day of this law nobody is granted anything; that proves nothing of later days."""
    for name, content in (("tenggat.yaml", GATED), ("tenggat.scenarios.yaml", LATE)):
        (tmp_path / name).write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    found = mutate(tmp_path / "tenggat.yaml", samples=1_000)
    assert {e.mutant.way for e in found.endings if e.fate == "equivalent"} == set()
    days = {(e.mutant.way, e.mutant.became): e.killer.content["on"] for e in found.endings if e.killer is not None}
    deadline = "parameters.deadline.value"
    assert days[deadline, "2025-01-02"] == datetime.date(2025, 1, 1)
    assert days[deadline, "2024-12-31"] == datetime.date(2024, 12, 31)
    assert all(day >= datetime.date(2024, 12, 31) for (way, _), day in days.items() if way == "rules.r.requires.k")
    first = mutate(tmp_path / "tenggat.yaml", on="2020-01-01", samples=1_000)
    assert "equivalent" in {e.fate for e in first.endings if e.mutant.way == deadline}


# --- scores ---


def test_what_is_offered_makes_scenarios_complete(report, tmp_path):
    """The big one: each new scenario passes, and what they notice with the others is everything that can be noticed."""
    assert int(report.whole.score.split()[0]) < 60
    assert report.whole.score_with_new == "100 %"
    assert not report.whole.counts["open"]
    new = tmp_path / "baru.scenarios.yaml"
    new.write_text(write_killers(report.policy, report.killers), encoding="utf-8")
    shelf = tmp_path / "rak" / "uji"
    shelf.mkdir(parents=True)
    (shelf / "tunjangan.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    results = run_scenarios([new], search=[tmp_path / "rak"])
    assert len(results) == len(report.killers) > 20
    assert all(r.passed for r in results)


def test_complete_scenarios_score_all_and_one_less_scores_less(tmp_path):
    """With what was offered the score is 100 %; without one case of it the score falls, and its offer mends it."""
    first = mutate(SMALL, samples=2_000)
    assert first.whole.score != "100 %"
    assert first.whole.score_with_new == "100 %"
    new = tmp_path / "baru.scenarios.yaml"
    new.write_text(write_killers(first.policy, first.killers), encoding="utf-8")
    whole = mutate(SMALL, [SMALL_SCENARIOS, new], samples=2_000)
    assert whole.whole.score == "100 %"
    assert whole.whole.reaches(100)
    assert not whole.killers
    assert not whole.failing

    needed = [e for e in first.endings if e.killer is not None][-1]  # made when no other scenario noticed its mutant
    content = yaml.safe_load(new.read_text(encoding="utf-8"))
    del content["cases"][needed.by]
    new.write_text(yaml.safe_dump(content), encoding="utf-8")
    less = mutate(SMALL, [SMALL_SCENARIOS, new], samples=2_000)
    assert needed.mutant.number in {e.mutant.number for e in less.endings if e.fate == "witnessed"}
    assert less.whole.counts["killed"] < whole.whole.counts["killed"]
    assert less.whole.score != "100 %"
    assert any(less.by_article()[a].score != "100 %" for a in needed.mutant.articles or ("",))

    again = tmp_path / "lagi.scenarios.yaml"
    again.write_text(write_killers(less.policy, less.killers), encoding="utf-8")
    assert mutate(SMALL, [SMALL_SCENARIOS, new, again], samples=2_000).whole.score == "100 %"


def test_the_score_of_an_article_counts_its_own_mutants(report):
    articles = report.by_article()
    assert list(articles) == sorted(articles)
    assert sum(sum(t.counts.values()) for t in articles.values()) == len(report.endings)
    assert sum(t.counted for t in report.by_kind().values()) == report.whole.counted
    text = "\n".join(told(report))
    for article, one in articles.items():
        assert f"{one.score:>14}  {one.counts.get('killed', 0)}/{one.counted}  {article or '(no article)'}" in text


def test_a_score_is_never_rounded_up():
    assert Tally({"killed": 999, "open": 1}).score == "99 %"
    assert Tally({"killed": 3, "equivalent": 9}).score == "100 %"
    assert Tally({"equivalent": 9}).score == "none to notice"
    assert Tally({"killed": 2, "witnessed": 1}).reaches(66.6)
    assert not Tally({"killed": 2, "witnessed": 1}).reaches(66.7)


def test_one_day_counts_the_law_of_that_day_only():
    then = mutate(SMALL, on="2025-06-01", samples=2_000)
    left = {e.mutant.way for e in then.endings if e.by == "on that day"}
    assert "parameters.batas.versions[1].value" in left
    assert "parameters.batas.versions[0].value" not in left
    killers = [e.killer for e in then.endings if e.killer is not None]
    assert killers
    assert {k.content["on"] for k in killers} == {datetime.date(2025, 6, 1)}


def test_the_same_seed_says_the_same():
    one, again = (mutate(SMALL, samples=2_000, seed=4).to_dict() for _ in range(2))
    assert one | {"seconds": 0} == again | {"seconds": 0}


# --- time, progress, what goes wrong ---


def test_without_time_nothing_is_tried_and_that_is_told(monkeypatch):
    clock = iter([0.0, *[1e9] * 1000])
    monkeypatch.setattr(running.time, "monotonic", lambda: next(clock))
    none = mutate(POLICY, budget=5.0)
    assert not none.endings
    assert none.untried == none.of
    assert f"the time was up: {none.of} mutants were not tried" in "\n".join(told(none))
    assert none.whole.score == "none to notice"


def test_when_the_time_is_up_survivors_are_open(monkeypatch):
    late = []
    monkeypatch.setattr(running._Run, "left", property(lambda _: -1.0 if late else 60.0))
    compared = running._Run._compared_with
    monkeypatch.setattr(running._Run, "_compared_with", lambda self, m: late.append(m) or compared(self, m))
    found = mutate(POLICY, limit=30)
    assert late
    assert [e.mutant for e in found.endings if e.fate == "open"] == late
    assert not found.untried


def test_progress_is_told():
    heard = []
    found = mutate(SMALL, limit=12, samples=2_000, progress=lambda *said: heard.append(said))
    assert [h[0] for h in heard] == sorted(h[0] for h in heard)
    assert heard[-1] == (12, 12, "")
    assert len(heard) > len(found.endings)
    assert all(text for _, _, text in heard[:-1])


def test_scenarios_that_the_policy_fails_are_not_used_and_named(tmp_path):
    text = SCENARIOS.read_text(encoding="utf-8").replace("besar: 650", "besar: 651")
    wrong = tmp_path / "salah.scenarios.yaml"
    wrong.write_text(text, encoding="utf-8")
    broken = tmp_path / "rusak.scenarios.yaml"
    broken.write_text("scenarios: 1\npolicy: uji/tunjangan\ncases: {}\n", encoding="utf-8")
    found = mutate(POLICY, tmp_path, limit=5, samples=2_000)
    assert "penuh" in found.failing
    assert any("rusak" in name for name in found.failing)
    assert found.scenarios == 2


def test_a_policy_without_scenarios_is_refused(tmp_path):
    (tmp_path / "sendiri.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(am.ArgumentError):
        mutate(tmp_path / "sendiri.yaml")
    with pytest.raises(am.ArgumentError, match="uji/tunjangan"):
        mutate(POLICY, "indonesia/kinerja")


def test_a_policy_of_a_folder_of_ones_own_rests_on_what_is_there(tmp_path):
    """A document that extends another of the same folder is changed, and the other is not."""
    (tmp_path / "uji").mkdir()
    (tmp_path / "uji" / "tunjangan.yaml").write_text(POLICY.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "uji" / "t.scenarios.yaml").write_text(SCENARIOS.read_text(encoding="utf-8"), encoding="utf-8")
    by_name = mutate("uji/tunjangan", search=[tmp_path], limit=8, samples=2_000, seed=2)
    by_file = mutate(tmp_path / "uji" / "tunjangan.yaml", limit=8, samples=2_000, seed=2)
    assert [e.fate for e in by_name.endings] == [e.fate for e in by_file.endings]
    assert by_name.policy == "uji/tunjangan"


def test_changed_copies_leave_the_original_alone(found):
    way = ("parameters", "masa", "versions", 1, "value")
    changed = found.mutated(Set(way, written("99", node_at(found.root, way))))
    one, other = am.in_force(found.policy, on="2026-04-01"), am.in_force(changed, on="2026-04-01")
    assert one.meaning != other.meaning
    assert found.mutated().declared.parameters["masa"].acts[1].payload.value == 18
