"""The engines of `bench/` give the same answers on its policies; nothing is timed here."""

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


POPULATION = {
    "hand-written C": "",
    "hand-written C, days by table": "",
    "asnmerit: kernel": "",
    "asnmerit: kernel, any fact may be unknown": "",
    "Polars expressions, streaming": "polars",
    "Polars expressions, in memory": "polars",
    "OpenFisca-core": "openfisca_core",
    "DuckDB, SQL by hand over Arrow": "duckdb",
    "asnmerit: generated Python, row by row": "",
    "asnmerit: decide, person by person": "",
}


@pytest.mark.filterwarnings("ignore")  # the rivals' own
@pytest.mark.parametrize(("name", "package"), POPULATION.items())
def test_a_population_is_decided_as_by_hand_written_numpy(bench, capsys, name, package):
    pytest.importorskip("numpy")
    if package:
        pytest.importorskip(
            package, reason=f"{package} is not installed (bench/requirements.txt)", exc_type=ImportError
        )
    population = bench("population")
    columns = bench("columns").people(3000, seed=2026)
    ready = population.prepare_all(columns, [population.NUMPY, name])
    if len(ready) == 1:
        pytest.skip(capsys.readouterr().out)
    assert population.compare(ready), capsys.readouterr().out


def test_the_population_takes_every_track_and_every_condition_turns_out_both_ways(bench):
    np = pytest.importorskip("numpy")
    columns, numpy = bench("columns"), bench("rivals.population_numpy")
    found = numpy.decide(numpy.with_dates(columns.people(3000, seed=2026)))
    assert {*np.unique(found["promotion.track"][found["promotion.granted"]])} == set(range(5))
    for name in columns.TRUTHS:
        assert {*np.unique(found[name])} == {False, True}, name


def test_a_difference_in_one_row_of_a_population_is_told(bench, capsys):
    pytest.importorskip("numpy")
    population = bench("population")
    ready = population.prepare_all(bench("columns").people(50), [population.NUMPY, "asnmerit: kernel"])

    def wrong(given):
        answer = ready[1].decide(given)
        answer["box"][7] += 1
        return answer

    assert not population.compare([ready[0], ready[1]._replace(decide=wrong)])
    assert "differs in box in 1 of 50 rows" in capsys.readouterr().out


def test_a_reform_is_counted_alike_one_by_one_and_every_step_of_it_runs(bench, capsys):
    pytest.importorskip("pyarrow")
    pytest.importorskip("altair")
    simulation = bench("simulation")
    reform, people = simulation.reformed(), am.synthetic(150, seed=3)
    assert simulation.counted_alike(reform, people), capsys.readouterr().out
    for step in simulation.steps(reform):
        assert step.run(people) is not None, step.name


def test_a_reform_that_is_counted_otherwise_is_told(bench, capsys, monkeypatch):
    pytest.importorskip("pyarrow")
    simulation = bench("simulation")
    reform, people = simulation.reformed(), am.synthetic(150, seed=3)
    other = am.reform("manokwari/merit", {"parameters": {"minimum_merit_score": 95}}, on=simulation.ON)
    whole = am.compare
    monkeypatch.setattr(simulation.am, "compare", lambda a, _, *rest, **how: whole(a, other, *rest, **how))
    assert not simulation.counted_alike(reform, people)
    assert "one by one" in capsys.readouterr().out


def test_sweeps_and_years_ahead_are_held_against_the_plain_way(bench, capsys, monkeypatch):
    pytest.importorskip("pyarrow")
    pytest.importorskip("altair")
    years = bench("years")
    assert years.alike(rows=40, years=1), capsys.readouterr().out
    for name, run in years.steps(am.synthetic(60, seed=3, on=years.ON)).items():
        assert run() is not None, name
    ahead = years.ahead
    calls = iter((1, 2))
    monkeypatch.setattr(years, "ahead", lambda rows, _: ahead(rows, next(calls)))
    assert not years.alike(rows=20, years=1)
    assert "programs that are kept" in capsys.readouterr().out
