"""The engines of `bench/` give the same answers on its policy of thirty rules; nothing is timed here."""

from importlib import import_module
from pathlib import Path

import pytest

import asnmerit as am

ROOT = Path(__file__).parents[1]
RIVALS = {
    "zen": "zen",
    "zen_conditions": "zen",
    "durable": "durable",
    "rule_engine_rules": "rule_engine",
    "business_rules_rules": "business_rules",
}


@pytest.fixture
def bench(monkeypatch):
    if not (ROOT / "bench").is_dir():
        pytest.skip("bench/ is not part of this distribution")
    monkeypatch.syspath_prepend(str(ROOT))
    return lambda module: import_module(f"bench.{module}")


def test_asnmerit_answers_as_hand_written_python_on_the_thirty_rules(bench):
    records, by_hand, ours = bench("records"), bench("rivals.hand").prepare(), bench("rivals.asnmerit_law").prepare()
    for record in records.random_records(seed=2026, wanted=300):
        assert ours(record, records.AS_OF) == by_hand(record, records.AS_OF), record


def test_the_random_records_reach_every_rule(bench):
    records, conditions = bench("records"), bench("rivals.conditions")
    unreached = set(conditions.RULES)
    for record in records.random_records(seed=2026, wanted=3000):
        facts = conditions.facts(record, records.AS_OF)
        unreached -= {rule for rule in unreached if eval(conditions.holds(conditions.RULES[rule]), {}, facts)}  # noqa: S307
    assert not unreached


def test_the_policy_has_thirty_rules_and_every_rival_all_of_them(bench):
    policy = am.load(ROOT / "bench" / "policies" / "thirty.yaml")
    assert len(bench("rivals.conditions").RULES) == 30
    assert am.in_force(policy, on="2026-04-01").facts


@pytest.mark.filterwarnings("ignore")  # the rivals' own
@pytest.mark.parametrize(("module", "package"), RIVALS.items())
def test_a_rival_answers_as_hand_written_python(bench, module, package):
    pytest.importorskip(package, reason=f"{package} is not installed (bench/requirements.txt)", exc_type=ImportError)
    records, by_hand = bench("records"), bench("rivals.hand").prepare()
    rival = bench(f"rivals.{module}").prepare()
    for record in records.random_records(seed=7, wanted=60):
        assert rival(record, records.AS_OF) == by_hand(record, records.AS_OF), record
