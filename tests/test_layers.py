"""What a policy may and may not do to the one that it extends: a nation, a region, an agency of the region."""

import json

import pytest

import asnmerit as am

NATION = """
asnmerit: 1
policy: nation/merit
title: Nation
effective: {from: 2020-01-01}
enacted: 2020-01-01
sources: {act: {title: National Act, grade: A}}
types:
  level: {order: [low, middle, high]}
facts:
  active: {type: bool}
  score: {type: number, from: 0, to: 100, step: 0.5}
  years: {type: integer, from: 0, to: 50}
parameters:
  minimum: {type: number, from: 0, to: 100, step: 0.5, delegated: yes, source: act s. 1}
  floor_years: {type: integer, value: 2, source: act s. 2}
  ceiling_years: {type: integer, value: 12, source: act s. 3}
  closed: {type: integer, value: 5, source: act s. 4}
  level_needed: {type: level, value: middle, source: act s. 5}
  months: {type: months, value: [4, 10], source: act s. 6}
tables:
  pay: {by: level, gives: rupiah, rows: {low: 100, middle: 200, high: 300}, source: act s. 7}
  fixed: {by: level, gives: rupiah, rows: {low: 1, middle: 2, high: 3}, source: act s. 8}
derived:
  enough: score >= minimum
conditions:
  in_service: {is: active, source: act s. 9}
decisions:
  award: {outcome: {amount: rupiah}, hit: first, order: [basic], source: act s. 10, requires: {in_service: in_service}}
  bonus: {outcome: {amount: rupiah}, hit: collect, total: {amount: sum}, source: act s. 11}
  listed: {outcome: {}, source: act s. 12}
rules:
  basic:
    decides: award
    source: act s. 10
    requires: {enough: enough, years: years >= floor_years}
    grants: {amount: "pay[middle]"}
  bonus: {decides: bonus, source: act s. 11, requires: {enough: enough}, grants: {amount: 100}}
  listed: {decides: listed, source: act s. 12, requires: {years: years <= ceiling_years}, grants: {}}
delegates:
  minimum: {may: set, within: {from: 70, to: 90}, source: act s. 20}
  floor_years: {may: raise, source: act s. 21}
  ceiling_years: {may: lower, within: {from: 6, to: 12}, source: act s. 22}
  level_needed: {may: raise, source: act s. 23}
  months: {may: set, source: act s. 24}
  pay: {may: set, within: {from: 100, to: 1000}, source: act s. 25}
  award: {may: [add_rules, add_requires], source: act s. 26}
  bonus: {may: add_rules, source: act s. 27}
"""

REGION = """
asnmerit: 1
policy: region/merit
extends: nation/merit
title: Region
effective: {from: 2021-01-01}
enacted: 2020-12-01
sources: {decree: {title: Regional Decree, grade: B}}
"""

AGENCY = """
asnmerit: 1
policy: agency/merit
extends: region/merit
title: Agency
effective: {from: 2022-01-01}
enacted: 2021-12-01
sources: {order: {title: Agency Order, grade: B}}
"""

SET = "parameters: {minimum: {value: 76, source: decree art. 1}}\n"
PERSON = {"active": True, "score": 80, "years": 3}


@pytest.fixture
def load(tmp_path):
    """Loads the last of some documents, the others beside it."""

    def write(*texts):
        for text in texts:
            name = text.split("policy: ", 1)[1].split("\n", 1)[0]
            file = tmp_path / f"{name}.yaml"
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return am.load(name, search=[tmp_path])

    return write


def refusal(load, *texts):
    with pytest.raises(am.PolicyError) as caught:
        load(*texts)
    return caught.value.diagnostics


def decided(policy, on="2023-01-01", **facts):
    return am.decide(am.in_force(policy, on=on), {**PERSON, **facts})


# --- what a child may do ---


def test_a_region_fills_what_the_nation_leaves_to_it(load):
    nation = load(NATION)
    with pytest.raises(am.NotInForceError, match=r"minimum.*load a policy that extends it"):
        am.in_force(nation, on="2023-01-01")
    region = load(NATION, REGION + SET)
    assert decided(region)["award"].status == "granted"
    assert decided(region, score=75.5)["award"].status == "refused"


def test_a_region_decides_what_the_nation_decides(load):
    region = load(NATION, REGION + SET)
    assert list(decided(region)) == ["award", "bonus", "listed"]


@pytest.mark.parametrize(
    ("entry", "fits"),
    [
        ("minimum: {value: 70}", True),
        ("minimum: {value: 90}", True),
        ("minimum: {value: 69.5}", False),
        ("minimum: {value: 90.5}", False),
        ("floor_years: {value: 2}", True),
        ("floor_years: {value: 3}", True),
        ("floor_years: {value: 1}", False),
        ("ceiling_years: {value: 12}", True),
        ("ceiling_years: {value: 6}", True),
        ("ceiling_years: {value: 13}", False),
        ("ceiling_years: {value: 5}", False),
        ("level_needed: {value: high}", True),
        ("level_needed: {value: middle}", True),
        ("level_needed: {value: low}", False),
        ("months: {value: [1]}", True),
    ],
)
def test_a_value_is_held_to_its_delegation(load, entry, fits):
    own = REGION + f"parameters:\n  {entry}\n"
    if fits:
        load(NATION, own)
        return
    (found,) = refusal(load, NATION, own)
    name = entry.partition(":")[0]
    assert found.code == "outside-delegation"
    assert f"`{name}`" in found.message
    assert "National Act s. 2" in found.message
    assert [r.line for r in found.related] == [
        next(i for i, x in enumerate(NATION.splitlines(), 1) if x.startswith(f"  {name}: {{may"))
    ]


def test_a_table_is_replaced_whole_and_held_to_its_delegation(load):
    region = load(
        NATION, REGION + SET + "tables: {pay: {rows: {low: 100, middle: 500, high: 900}, source: decree art. 2}}\n"
    )
    assert decided(region)["award"].outcome == {"amount": 500}
    assert [d.code for d in refusal(load, NATION, REGION + "tables: {pay: {rows: {low: 100, middle: 500}}}\n")] == [
        "table-coverage"
    ]
    (found,) = refusal(load, NATION, REGION + "tables: {pay: {rows: {low: 99, middle: 500, high: 900}}}\n")
    assert found.code == "outside-delegation"


def test_rules_are_added_after_the_nations(load):
    more = "rules:\n  young: {decides: award, requires: {young: years < floor_years}, grants: {amount: 1}}\n"
    region = load(NATION, REGION + SET + more)
    assert decided(region, years=1)["award"].rule == "young"
    assert decided(region, years=1)["award"].outcome == {"amount": 1}
    assert decided(region, years=3)["award"].rule == "basic"


def test_conditions_are_added_to_every_rule_of_the_nation(load):
    more = "decisions: {award: {requires: {high: score >= 90}, unless: {old: years > 40}}}\nrules: {}\n"
    region = load(NATION, REGION + SET + more)
    assert decided(region, score=89.5)["award"].status == "refused"
    assert decided(region, score=90)["award"].status == "granted"
    assert decided(region, score=90, years=41)["award"].status == "refused"


def test_new_names_may_be_added(load):
    more = """
types: {form: {members: [medal]}}
facts: {brave: {type: bool}}
derived: {both: brave and enough}
decisions: {medal: {outcome: {form: form}}}
rules: {medal: {decides: medal, source: decree art. 4, requires: {both: both}, grants: {form: "'medal'"}}}
"""
    region = load(NATION, REGION + SET + more)
    assert decided(region, brave=True)["medal"].outcome == {"form": "medal"}


def test_a_region_may_repeal_what_it_has_set(load):
    own = """parameters:
  minimum: {value: 76}
  floor_years:
    versions:
      - {value: 4}
      - {from: 2023-06-01, enacted: 2023-05-01, repealed: yes}
"""
    region = load(NATION, REGION + own)
    assert decided(region, years=3)["award"].status == "refused"
    assert decided(region, on="2023-06-01", years=3)["award"].status == "granted"


def test_the_region_wins_in_its_days_also_against_a_later_act_of_the_nation(load):
    later = NATION.replace(
        "floor_years: {type: integer, value: 2, source: act s. 2}",
        """floor_years:
    type: integer
    source: act s. 2
    versions:
      - {value: 2}
      - {from: 2024-01-01, enacted: 2023-12-01, value: 5}""",
    )
    region = load(later, REGION + SET + "")
    assert decided(region, on="2024-01-01", years=3)["award"].status == "refused"
    (found,) = refusal(
        load, later, REGION + "parameters: {minimum: {value: 76}, floor_years: {value: 3, source: decree art. 9}}\n"
    )
    assert found.code == "outside-delegation"
    assert "raise from 5" in found.message
    assert "Regional Decree art. 9" in found.message


# --- what a child may not do ---


def test_a_region_that_changes_what_is_not_delegated_is_refused_with_both_articles(load):
    own = "parameters: {minimum: {value: 76}, closed: {value: 6, source: decree art. 7}}\n"
    (found,) = refusal(load, NATION, REGION + own)
    assert found.code == "not-delegated"
    assert "National Act s. 4" in found.message
    assert "Regional Decree art. 7" in found.message
    assert "nation/merit" in found.message
    assert [r.file.rsplit("/", 1)[-1] for r in found.related] == ["merit.yaml"]


@pytest.mark.parametrize(
    ("own", "article"),
    [
        ("tables: {fixed: {rows: {low: 1, middle: 2, high: 4}, source: decree art. 7}}", "National Act s. 8"),
        ("rules: {more: {decides: listed, source: decree art. 7, grants: {}}}", "National Act s. 12"),
        ("decisions: {listed: {requires: {old: years > 1}, source: decree art. 7}}", "National Act s. 12"),
        ("decisions: {bonus: {requires: {old: years > 1}, source: decree art. 7}}", "National Act s. 27"),
        ("decisions: {award: {hit: any, source: decree art. 7}}", "National Act s. 26"),
        ("decisions: {award: {outcome: {amount: rupiah}, source: decree art. 7}}", "National Act s. 26"),
        ("parameters: {closed: {versions: [{value: 6, source: decree art. 7}]}}", "National Act s. 4"),
    ],
)
def test_other_changes_that_are_not_delegated(load, own, article):
    (found,) = refusal(load, NATION, REGION + own + "\n")
    assert found.code == "not-delegated"
    assert article in found.message
    assert "Regional Decree art. 7" in found.message


@pytest.mark.parametrize(
    ("own", "code"),
    [
        ("facts: {active: {type: bool}}", "name-taken"),
        ("facts: {score: {type: number, from: 0, to: 200, step: 1}}", "name-taken"),
        ("derived: {enough: score >= 1}", "name-taken"),
        ("conditions: {in_service: score >= 1}", "name-taken"),
        ("rules: {basic: {decides: award, source: decree, grants: {amount: 1}}}", "name-taken"),
        ("decisions: {award: {requires: {in_service: score > 1}}}", "name-taken"),
        ("parameters: {closed: {type: integer, value: 1}}", "name-taken"),
        ("tables: {pay: {by: level, gives: rupiah, rows: {low: 1, middle: 1, high: 1}}}", "name-taken"),
        ("types: {level: {order: [low, high]}}", "name-taken"),
        ("delegates: {nothing: {may: set}}", "delegates-nothing"),
        ("delegates: {closed: {may: set}}", "delegates-more"),
        ("delegates: {floor_years: {may: set}}", "delegates-more"),
        ("delegates: {minimum: {may: set}}", "delegates-more"),
        ("delegates: {minimum: {may: set, within: {from: 60, to: 90}}}", "delegates-more"),
        ("delegates: {bonus: {may: [add_rules, add_requires]}}", "delegates-more"),
        ("parameters: {minimum: {value: 76, versions: [{from: 2022-01-01, repealed: yes}]}}", "shape-together"),
        ("parameters: {minimum: {value: 76.3}}", "shape-number"),
        ("delegates: {minimum: {may: set, within: {from: 70, to: 90}, source: no-such-source}}", "unknown-source"),
    ],
)
def test_what_is_there_is_not_redefined_and_no_more_handed_on(load, own, code):
    assert code in {d.code for d in refusal(load, NATION, REGION + own + "\n")}


def test_a_name_of_the_parent_means_what_the_parent_meant(load):
    """A child's fact cannot capture a name that the parent reads as a member of a type."""
    region = load(NATION, REGION + SET + "facts: {middle: {type: level}}\n")
    assert decided(region, middle="low")["award"].outcome == {"amount": 200}


# --- a grandchild ---


def test_an_agency_gets_only_what_the_region_hands_on(load):
    handed = REGION + SET + "delegates: {minimum: {may: set, within: {from: 76, to: 80}, source: decree art. 5}}\n"
    agency = load(NATION, handed, AGENCY + "parameters: {minimum: {value: 80, source: order no. 1}}\n")
    assert decided(agency, score=79)["award"].status == "refused"
    (found,) = refusal(load, NATION, handed, AGENCY + "parameters: {minimum: {value: 82, source: order no. 1}}\n")
    assert found.code == "outside-delegation"
    assert "Regional Decree art. 5" in found.message
    (found,) = refusal(load, NATION, handed, AGENCY + "parameters: {floor_years: {value: 9, source: order no. 2}}\n")
    assert found.code == "not-delegated"
    assert "region/merit" in found.message
    assert "Agency Order no. 2" in found.message


def test_an_agency_adds_rules_only_where_the_region_hands_that_on(load):
    more = "rules:\n  young: {decides: award, source: order no. 3, requires: {y: years < 1}, grants: {amount: 1}}\n"
    assert [d.code for d in refusal(load, NATION, REGION + SET, AGENCY + more)] == ["not-delegated"]
    handed = REGION + SET + "delegates: {award: {may: add_rules, source: decree art. 6}}\n"
    assert decided(load(NATION, handed, AGENCY + more), years=0)["award"].rule == "young"


def test_before_the_agency_began_there_is_no_law_of_its_own(load):
    agency = load(NATION, REGION + SET, AGENCY)
    with pytest.raises(am.NotInForceError, match=r"agency/merit.*2021-12-31.*2022-01-01"):
        am.in_force(agency, on="2021-12-31")


def test_a_child_cannot_be_older_than_its_parent(load):
    found = refusal(load, NATION, REGION.replace("2021-01-01", "2019-01-01") + SET)
    assert [d.code for d in found] == ["outside-parent"]


def test_uses_gives_names_and_no_power(load):
    user = REGION.replace("extends: nation/merit", "uses: [nation/merit]")
    assert "name-taken" in {
        d.code for d in refusal(load, NATION, user + "parameters: {closed: {type: integer, value: 1}}\n")
    }
    found = refusal(load, NATION, user + "rules: {more: {decides: listed, source: decree, grants: {}}}\n")
    assert [d.code for d in found] == ["not-delegated"]
    policy = load(NATION, user + "derived: {late: years > ceiling_years}\n")
    law = am.in_force(policy, on="2023-01-01")
    assert list(law.decisions) == []
    assert am.decide(law, {"years": 13}).values["late"] is True


def test_a_range_follows_the_days_of_its_value():
    """A derived value that ends takes its check and its clamp with it."""
    document = {
        "asnmerit": 1,
        "policy": "test/range",
        "title": "x",
        "effective": {"from": "2019-01-01"},
        "enacted": "2018-12-01",
        "facts": {"x": {"type": "integer", "from": "0", "to": "60"}},
        "derived": {"v": {"until": "2022-01-01", "is": "x * 2", "range": ["0", "100"]}},
    }
    policy = am.load(document)
    early = am.in_force(policy, on="2021-12-31")
    assert am.decide(early, {"x": 50}).values["v"] == 100
    with pytest.raises(am.RecordError):
        am.decide(early, {"x": 51})
    assert "v" not in am.in_force(policy, on="2022-01-01").index


def family(**child):
    parent = {
        "asnmerit": 1,
        "policy": "test/parent",
        "title": "x",
        "effective": {"from": "2020-01-01"},
        "enacted": "2019-12-01",
        "sources": {"uu": {"title": "a law"}},
        "facts": {"a": {"type": "integer", "from": "0", "to": "9"}, "b": {"type": "integer", "from": "0", "to": "9"}},
        "parameters": {
            "asked": {"type": "integer", "from": "0", "to": "9", "delegated": "true", "source": "uu 1"},
            "unasked": {"type": "integer", "from": "0", "to": "9", "delegated": "true", "source": "uu 2"},
        },
        "conditions": {"offered": {"is": "b > 1", "source": "uu 3"}, "used": {"is": "a > 1", "source": "uu 3"}},
        "delegates": {
            "asked": {"may": "set", "within": {"from": "0", "to": "9"}, "source": "uu 1"},
            "unasked": {"may": "set", "within": {"from": "0", "to": "9"}, "source": "uu 2"},
        },
    }
    return parent, {
        "asnmerit": 1,
        "policy": "test/child",
        "title": "x",
        "effective": {"from": "2020-01-01"},
        "enacted": "2019-12-01",
        "extends": "test/parent",
        "sources": {"perda": {"title": "a bylaw"}},
        **child,
    }


def loaded(tmp_path, **child):
    (tmp_path / "test").mkdir()
    parent, document = family(**child)
    (tmp_path / "test" / "parent.json").write_text(json.dumps(parent), encoding="utf-8")
    return am.load(document, search=[tmp_path])


def test_a_child_gives_the_delegated_values_that_it_reads_and_no_others(tmp_path):
    policy = loaded(tmp_path, derived={"v": "a + asked"}, parameters={"asked": {"value": "1", "source": "perda 1"}})
    assert policy.abstract == ()
    assert am.decide(am.in_force(policy, on="2020-01-01"), {"a": 2}).values["v"] == 3


def test_a_delegated_value_that_is_read_must_be_given(tmp_path):
    policy = loaded(tmp_path, derived={"v": "a + asked"})
    assert policy.abstract == ("asked",)
    with pytest.raises(am.NotInForceError, match="asked"):
        am.in_force(policy, on="2020-01-01")


def test_a_condition_that_a_parent_offers_asks_for_no_fact_until_it_is_used(tmp_path):
    policy = loaded(tmp_path, derived={"v": "1 if used else 0"})
    assert am.in_force(policy, on="2020-01-01").reads == {"a"}
