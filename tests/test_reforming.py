"""Reforms: a reform is a document edited by hand and loaded, no more and no less; what is not delegated is refused."""

import datetime
import itertools
import os
import random
import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pyarrow as pa
import pytest
import yaml

import asnmerit as am
from asnmerit.reforming.cells import key_text, places, written
from asnmerit.reforming.overlay import FORMS, Overlay
from asnmerit.reforming.reforming import MOST_CHANGES, reform
from asnmerit.rules.shapes import key_of, keys_of
from asnmerit.rules.types import Bool, Date, Enum, Months, Number
from asnmerit.timeline import in_force

MERIT = "manokwari/merit"
DAY = "2026-04-01"
POLICIES = Path(am.__file__).parent / "policies"
DEEP = os.environ.get("ASNMERIT_TEST_PROFILE") == "deep"


# --- a document edited by hand ---


def rows_of(data):
    """Give the rows of a table by their keys, holes left out; a band by its lower end."""
    cells = zip(*data.columns.values(), strict=True)
    found = zip(itertools.product(*map(places, data.axes)), cells, data.present, strict=True)
    return {keys: cell for keys, cell, there in found if there}


def document(name):
    """The text of a bundled policy as plain data, each scalar as it is written."""
    return yaml.load((POLICIES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but text


def day_in(version, key, default):
    return datetime.date.fromisoformat(version[key]).toordinal() if key in version else default


def chosen(entry, module, day, *, dated):
    """The version in force on a day: the last enacted, and of these the last to start."""
    versions = entry.get("versions", [entry])
    found = []
    for version in versions:
        plain = {} if version is entry and not dated else version
        start, until = day_in(plain, "from", module.start), day_in(plain, "until", 10**7)
        if start <= day < until:
            found.append((day_in(plain, "enacted", module.enacted), start, version))
    return max(found, key=lambda f: f[:2])[2] if found else None


def by_hand(policy, section, name, day, edit):
    """Load a policy from its document, edited: `edit` is given the version in force."""
    content = document(policy.name)
    entry = content[section][name]
    if not isinstance(entry, dict):
        entry = content[section][name] = {"value": entry}
    version = chosen(entry, policy.module, day, dated=section == "tables")
    version.pop("disputed", None)
    entry.pop("disputed", None)
    edit(version)
    return am.load(content)


def other(value, of):
    """Another value of a type, as a document writes it; None where there is no other."""
    if isinstance(of, Bool):
        return "no" if value else "yes"
    if isinstance(of, Enum):
        return of.members[(int(value) + 1) % len(of.members)] if len(of.members) > 1 else None
    if isinstance(of, Date):
        return datetime.date.fromordinal(int(value) + 1).isoformat()
    if isinstance(of, Months):
        return [m for m in range(1, 13) if m not in value] or None
    step = of.step or (Fraction(1, 100) if of.unit == "percent" else Fraction(1))
    for near in (value + step, value - step):
        if (of.lo is None or near >= of.lo) and (of.hi is None or near <= of.hi):
            return written(near, of)
    return None


def outcome(make):
    """The law's meaning, or the kinds of faults."""
    try:
        return make()
    except am.PolicyError as error:
        return sorted({d.code for d in error.diagnostics})


def days_of(policy):
    return [d for d in policy.days()[0] if not policy.abstract]


def meant(policy, day):
    try:
        return am.in_force(policy, on=datetime.date.fromordinal(day)).meaning
    except am.NotInForceError as error:
        return error.reason


@pytest.mark.parametrize("name", am.policies())
def test_a_changed_parameter_is_a_document_edited_by_hand(name):
    policy = am.load(name)
    cases = []
    for day, key in itertools.product(days_of(policy), policy.module.document.parameters):
        decl = policy.declared.parameters[key]
        act = in_force(decl.acts, day, 10**7)
        if act is not None and act.layer == policy.module.layer:
            cases += [(day, key, value)] if (value := other(act.payload.value, decl.type)) is not None else []
    for day, key, value in random.Random(name).sample(cases, min(8 if DEEP else 1, len(cases))):
        on = datetime.date.fromordinal(day)
        edited = outcome(lambda k=key, d=day, v=value: by_hand(
            policy, "parameters", k, d, lambda version: version.update(value=v)))  # fmt: skip
        made = outcome(lambda k=key, o=on, v=value: reform(name, {"parameters": {k: {"value": v}}}, on=o))
        if isinstance(edited, list):
            assert made == edited, (key, on)
            continue
        assert [c.after for c in made.changes] != [c.before for c in made.changes]
        assert made.law.policy.startswith(f"{name}+reform-")
        for each in policy.days()[0][-20 if DEEP else -3 :]:
            assert meant(made.policy, each) == meant(edited, each), (key, on, each)


def put(rows, keys, value):
    """Set a cell of rows as a document has them."""
    spelled = {"true": "yes", "false": "no"}
    *way, last = keys
    for key in way:
        rows = rows[key]
    rows[last if last in rows else spelled.get(last, last)] = value


@pytest.mark.parametrize("name", am.policies())
def test_changed_cells_are_a_document_edited_by_hand(name):
    dice = random.Random(name)
    policy = am.load(name)
    tables = list(policy.module.document.tables.items())
    for key, entry in tables if DEEP else dice.sample(tables, min(2, len(tables))):
        day = days_of(policy)[-1] if days_of(policy) else None
        act = None if day is None else in_force(policy.declared.tables[key].acts, day, 10**7)
        if act is None or act.layer != policy.module.layer or entry.series is not None:
            continue
        if any(v.series is not None for v in entry.versions or ()):
            continue
        data = act.payload.data
        for keys, cell in dice.sample(
            sorted(rows_of(data).items(), key=str), min(4 if DEEP else 1, len(rows_of(data)))
        ):
            texts = [key_text(k, a) for k, a in zip(keys, data.axes, strict=True)]
            values = [other(v, of) for v, of in zip(cell, data.types.values(), strict=True)]
            if None in values:
                continue
            value = values[0] if list(data.types) == [""] else dict(zip(data.types, values, strict=True))
            cells = value
            for text in reversed(texts):
                cells = {text: cells}
            on = datetime.date.fromordinal(day)
            made = outcome(lambda k=key, c=cells, o=on: reform(name, {"tables": {k: {"cells": c}}}, on=o))
            edited = outcome(lambda k=key, d=day, t=texts, v=value: by_hand(
                policy, "tables", k, d, lambda version: put(version["rows"], t, v)))  # fmt: skip
            if isinstance(edited, list):
                assert made == edited, (key, texts)
                continue
            # A band may be cut in two where another row has its bands otherwise.
            assert {c.part.split(":")[0] for c in made.changes} >= {", ".join(texts)}
            assert len({(c.before, c.after) for c in made.changes}) <= len(data.types)
            for each in policy.days()[0][-20 if DEEP else -3 :]:
                assert meant(made.policy, each) == meant(edited, each), (key, texts)
            same = reform(name, {"tables": {key: {"cells": original_cells(keys, cell, data)}}}, on=on)
            assert same.changes_nothing


def original_cells(keys, cell, data):
    """A cell as it is, as the cells of a change."""
    value = [written(v, of) for v, of in zip(cell, data.types.values(), strict=True)]
    found = value[0] if list(data.types) == [""] else value
    for key, axis in reversed(list(zip(keys, data.axes, strict=True))):
        found = {key_text(key, axis): found}
    return found


def test_a_table_written_as_series_takes_cells_and_rows():
    policy = am.load("indonesia/gaji")
    name = next(k for k, t in policy.module.document.tables.items() if t.series or any(
        v.series for v in t.versions or ()))  # fmt: skip
    before = am.in_force(policy, on="2025-01-01").data.tables[name]
    keys, cell = next(iter(rows_of(before).items()))
    cells = original_cells(keys, (cell[0] + 1000,), before)
    made = reform("indonesia/gaji", {"tables": {name: {"cells": cells}}}, on="2025-01-01")
    change = made.changes[0]
    assert (int(change.after) - int(change.before), change.unit) == (1000, "rupiah")
    assert rows_of(made.law.data.tables[name])[keys] == (cell[0] + 1000,)
    first = next(k for k in rows_of(before) if k[0] != keys[0])
    assert rows_of(made.law.data.tables[name])[first] == rows_of(before)[first]


# --- days ---


def value_on(policy, name, day):
    return am.in_force(policy, on=day).data.parameters[name]


def test_a_change_holds_for_the_version_in_force():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": 85}}, on="2025-06-01")
    assert [value_on(made.policy, "minimum_merit_score", d) for d in ("2025-01-01", "2025-12-31", "2026-01-01")] == [
        85, 85, 80,
    ]  # fmt: skip
    assert made.changes[0].start == datetime.date(2025, 1, 1)


def test_a_change_holds_from_its_day_to_the_end_of_the_version():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": {"value": 85, "from": "2025-06-01"}}}, on="2025-07-01")
    days = ("2025-05-31", "2025-06-01", "2025-12-31", "2026-01-01")
    assert [value_on(made.policy, "minimum_merit_score", d) for d in days] == [76, 85, 85, 80]


def test_a_change_may_end():
    change = {"value": 2_000_000, "from": "2026-02-01", "until": "2026-05-01"}
    made = reform(MERIT, {"parameters": {"special_allowance": change}}, on=DAY)
    days = ("2026-01-31", "2026-02-01", "2026-04-30", "2026-05-01")
    assert [value_on(made.policy, "special_allowance", d) for d in days] == [1_500_000, 2_000_000, 2_000_000, 1_500_000]


def test_what_was_known_earlier_is_reformed_as_it_was():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": 90}}, on="2026-06-01", known="2025-01-01")
    assert (made.changes[0].before, made.changes[0].after) == ("76", "90")
    assert made.law.known == datetime.date(2025, 1, 1)


def test_a_change_of_another_day_says_loudly_that_nothing_changes():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": {"value": 85, "from": "2026-07-01"}}}, on=DAY)
    assert made.changes_nothing
    assert made.changes[0].idle
    assert "NOTHING CHANGES ON THAT DAY" in made.to_text("en")
    assert "TIDAK ADA YANG BERUBAH PADA HARI ITU" in made.to_text()
    assert made.law.identity() != made.before.identity()


def test_a_change_from_before_the_policy_holds_from_its_first_day():
    made = reform(MERIT, {"parameters": {"special_allowance": {"value": 5, "from": "1950-01-01"}}}, on=DAY)
    assert [value_on(made.policy, "special_allowance", d) for d in ("2025-01-01", DAY)] == [5, 5]


def test_a_period_that_ends_before_it_begins_is_a_fault():
    change = {"value": 5, "from": "2026-03-01", "until": "2026-02-01"}
    with pytest.raises(am.PolicyError, match=r"special_allowance: error\[empty-period\]"):
        reform(MERIT, {"parameters": {"special_allowance": change}}, on=DAY)


def test_weights_may_change_from_a_day():
    change = {"from": "2026-03-01", "weights": {"quality": "60%", "innovation": "10%"}}
    made = reform(MERIT, {"scores": {"merit_score": change}}, on=DAY)
    law = am.load(MERIT)
    same = [am.in_force(made.policy, on=d).meaning == am.in_force(law, on=d).meaning for d in ("2026-02-28", DAY)]
    assert same == [True, False]


def test_chosen_readings_stay_chosen():
    policy = am.load("indonesia/gaji")
    law = am.in_force(policy, on=DAY, readings={"increment_rating": "baik"})
    changes = {"parameters": {"sanction_delay_months": 6}}
    made = reform(law, changes)
    assert made.law.readings == made.before.readings == {"increment_rating": "baik"}
    again = reform("indonesia/gaji", changes, on=DAY, readings={"increment_rating": "baik"})
    assert again.law.meaning == made.law.meaning != reform("indonesia/gaji", changes, on=DAY).law.meaning
    changed = reform(law, {"parameters": {"increment_rating": "sangat_baik"}})
    assert changed.law.readings == {}, "what is changed has no other reading"


@pytest.mark.parametrize("day", ["2026-02-30", "x"])
def test_a_day_that_does_not_exist_is_a_fault_in_its_place(day):
    with pytest.raises(am.PolicyError, match=r"parameters\.special_allowance\.from: error\[shape-date\]"):
        reform(MERIT, {"parameters": {"special_allowance": {"value": 1, "from": day}}}, on=DAY)


# --- delegation ---


@pytest.fixture
def layers(tmp_path):
    """A parent, a policy that it uses, and a child, as files."""
    files = {
        "p/used": {"effective": {"from": "2020-01-01"}, "enacted": "2020-01-01",
                   "parameters": {"factor": {"type": "integer", "value": 2, "source": "s 9"}},
                   "derived": {"doubled": "factor * 10"}},
        "p/parent": {
            "uses": ["p/used"], "effective": {"from": "2020-01-01"}, "enacted": "2020-01-01",
            "facts": {"x": {"type": "integer", "from": 0, "to": 100}, "y": "bool"},
            "parameters": {"floor": {"type": "integer", "value": 10, "source": "s 1"},
                           "free": {"type": "integer", "value": 5, "source": "s 2"}},
            "tables": {"pay": {"by": {"k": {"type": "integer", "from": 1, "to": 3}}, "gives": "rupiah",
                               "rows": {"1": 100, "2": 200, "3": 300}, "source": "s 3"}},
            "decisions": {"d": {"outcome": {"n": "integer"}, "requires": {"base": "x >= floor"}}},
            "rules": {"r": {"decides": "d", "source": "s 4", "requires": {"yes_y": "y"}, "grants": {"n": "1"}}},
            "delegates": {"free": {"may": "set", "within": {"from": 0, "to": 50}, "source": "s 5"},
                          "pay": {"may": "set", "source": "s 6"}},
        },
        "p/child": {
            "extends": "p/parent", "effective": {"from": "2021-01-01"}, "enacted": "2021-01-01",
            "decisions": {"own": {"outcome": {"n": "rupiah"}, "hit": "first", "order": ["a", "b"]}},
            "rules": {
                "a": {"decides": "own", "source": "s 7", "requires": {"big": "x >= free"}, "grants": {"n": "pay[1]"}},
                "b": {"decides": "own", "source": "s 8", "requires": {"any": "x >= 1"}, "grants": {"n": "pay[2]"}},
            },
        },
    }  # fmt: skip
    for name, content in files.items():
        path = tmp_path / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        full = {"asnmerit": 1, "policy": name, "title": name, "sources": {"s": {"title": "Act"}}, **content}
        path.write_text(yaml.safe_dump(full, sort_keys=False), encoding="utf-8")
    return tmp_path


def child(layers, changes, **options):
    return reform("p/child", changes, on="2022-01-01", search=[layers], **options)


def test_a_delegated_value_is_set_as_a_child_does(layers):
    made = child(layers, {"parameters": {"free": 40}})
    assert not made.unbound
    assert "No change goes beyond what is delegated." in made.to_text("en")
    assert (made.changes[0].before, made.changes[0].after, made.changes[0].source) == ("5", "40", "Act 2")
    child_file = yaml.safe_load((layers / "p/child.yaml").read_text(encoding="utf-8"))
    child_file["parameters"] = {"free": 40}
    (layers / "p/child.yaml").write_text(yaml.safe_dump(child_file), encoding="utf-8")
    assert made.law.meaning == am.in_force(am.load("p/child", search=[layers]), on="2022-01-01").meaning


def test_cells_of_a_delegated_table_are_set_as_the_whole_table(layers):
    made = child(layers, {"tables": {"pay": {"cells": {2: 999}}}})
    assert not made.unbound
    assert [(c.part, c.before, c.after) for c in made.changes] == [("2", "200", "999")]
    assert am.decide(made.law, {"x": 2, "y": True})["own"].outcome["n"] == 999
    whole = child(layers, {"tables": {"pay": {"rows": {1: 100, 2: 999, 3: 300}}}})
    assert whole.law.meaning == made.law.meaning


NOT_DELEGATED = {
    "parameters": {"parameters": {"floor": 20}},
    "used": {"parameters": {"factor": 3}},
    "rule": {"rules": {"r": {"requires": {"yes_y": None, "other": "x >= 50"}}}},
    "rule gone": {"rules": {"r": None}},
    "new rule": {"rules": {"r2": {"decides": "d", "requires": {"x": "x == 3"}, "grants": {"n": 2}}}},
    "added": {"decisions": {"d": {"requires": {"add": {"more": "x >= 30"}}}}},
    "removed": {"decisions": {"d": {"requires": {"remove": ["base"]}}}},
}


@pytest.mark.parametrize("changes", NOT_DELEGATED.values(), ids=NOT_DELEGATED)
def test_what_is_not_delegated_is_refused_and_explored_unbound(layers, changes):
    with pytest.raises(am.PolicyError) as caught:
        child(layers, changes)
    (fault,) = caught.value.diagnostics
    assert fault.code == "not-delegated"
    assert fault.position.file == "<changes>", "placed where the change is written"
    assert "Usulan perubahan" in fault.message
    made = child(layers, changes, unbound=True)
    ((section, names),) = changes.items()
    assert made.unbound == tuple(f"{section}.{name}" for name in names)
    assert all(c.unbound for c in made.changes)
    assert not made.changes_nothing or "used" in str(changes) or "factor" in str(changes)
    assert "BEYOND WHAT IS DELEGATED" in made.to_text("en")
    assert "DI LUAR YANG DIDELEGASIKAN" in made.to_text("id")
    assert "<strong>DI LUAR YANG DIDELEGASIKAN" in made.to_html()
    assert "BEYOND DELEGATION" in repr(made)
    assert "BEYOND DELEGATION" in made.law.title["en"]
    assert made.to_dict()["unbound"] == list(made.unbound)


def test_beyond_the_range_of_a_delegation(layers):
    with pytest.raises(am.PolicyError) as caught:
        child(layers, {"parameters": {"free": 60}})
    (fault,) = caught.value.diagnostics
    assert fault.code == "outside-delegation"
    assert "Act 5" in fault.message
    made = child(layers, {"parameters": {"free": 60}}, unbound=True)
    assert made.unbound == ("parameters.free",)
    assert made.law.data.parameters["free"] == 60


def test_unbound_marks_only_what_goes_beyond(layers):
    made = child(layers, {"parameters": {"free": 40, "floor": 20}}, unbound=True)
    assert made.unbound == ("parameters.floor",)
    assert [c.unbound for c in made.changes] == [c.name == "floor" for c in made.changes]
    assert made.part(["parameters.free"]).unbound == ()


def test_a_child_value_beyond_its_range_passes_a_middle_layer(layers):
    """Delegations are widened in every parent, so that the value passes them all."""
    leaf = {"asnmerit": 1, "policy": "p/leaf", "title": "leaf", "extends": "p/middle", "enacted": "2021-06-01",
            "effective": {"from": "2021-06-01"}, "parameters": {"free": 12},
            "derived": {"seen": "free + 1"}}  # fmt: skip
    middle = {"asnmerit": 1, "policy": "p/middle", "title": "middle", "extends": "p/parent", "enacted": "2021-01-01",
              "effective": {"from": "2021-01-01"}, "sources": {"s": {"title": "Act"}},
              "delegates": {"free": {"may": "set", "within": {"from": 10, "to": 20}, "source": "s 7"}}}  # fmt: skip
    for name, content in (("leaf", leaf), ("middle", middle)):
        (layers / f"p/{name}.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    made = reform("p/leaf", {"parameters": {"free": 77}}, on="2022-01-01", search=layers, unbound=True)
    assert made.law.data.parameters["free"] == 77
    assert made.unbound == ("parameters.free",)
    with pytest.raises(am.PolicyError, match="outside-delegation"):
        reform("p/leaf", {"parameters": {"free": 21}}, on="2022-01-01", search=layers)
    assert not reform("p/leaf", {"parameters": {"free": 20}}, on="2022-01-01", search=layers, unbound=True).unbound


# --- weights, rules, decisions ---


def test_weights_are_laid_over_a_lone_scheme():
    made = reform(MERIT, {"scores": {"merit_score": {"weights": {"innovation": "30%", "discipline": "20%"}}}}, on=DAY)
    assert [(c.part, c.before, c.after, c.unit) for c in made.changes] == [
        ("discipline", "30%", "20%", "percent"), ("innovation", "20%", "30%", "percent"),
    ]  # fmt: skip
    whole = {"schemes": [{"quality": "50%", "discipline": "20%", "innovation": "30%"}]}
    assert reform(MERIT, {"scores": {"merit_score": whole}}, on=DAY).law.meaning == made.law.meaning


@pytest.mark.parametrize("share", [Fraction(1, 8), Decimal("0.125"), Fraction(1, 3), Fraction(0)], ids=str)
def test_a_fraction_or_a_decimal_is_the_share_itself(share):
    """In a parameter, a cell and a weight, as in a sweep; text and a bare number keep the spelling of documents."""

    def document(said, cell):
        return {
            "asnmerit": 1, "policy": "p/shares", "title": "Shares", "effective": {"from": "2020-01-01"},
            "enacted": "2019-12-01", "types": {"kind": {"members": ["a", "b"]}},
            "facts": {"kind": "kind", "pay": {"type": "rupiah", "from": 0, "to": 1000}},
            "parameters": {"share": {"type": "percent", "value": said}},
            "tables": {"cut": {"by": {"kind": "kind"}, "gives": "percent", "rows": {"a": cell, "b": "100%"}}},
            "decisions": {"bonus": {"kind": "benefit", "outcome": {"amount": {"type": "rupiah"}}, "hit": "unique"}},
            "rules": {"all": {"decides": "bonus", "requires": {"any": {"is": "pay >= 0"}},
                              "grants": {"amount": "floor(pay * share * cut[kind])"}}},
        }  # fmt: skip

    before = am.in_force(am.load(document("50%", "50%")), on=DAY)
    changes = {"parameters": {"share": share}, "tables": {"cut": {"cells": {"a": share}}}}
    made = reform(document("50%", "50%"), changes, on=DAY)
    assert made.law.data.parameters["share"] == share
    assert made.law.meaning == am.in_force(am.load(document(share, share)), on=DAY).meaning
    assert {c.after for c in made.changes} == {written(Fraction(share), Number("percent"))}
    people = pa.table({"kind": ["a", "b"], "pay": [999, 1000]})
    (point,) = am.sweep(before, people, {"share": [share]}).points
    assert point.values == (Fraction(share),)
    for wrong in (1, "1/8", "0.125"):
        with pytest.raises(am.PolicyError, match="is not a percentage such as 60%"):
            reform(document("50%", "50%"), {"parameters": {"share": wrong}}, on=DAY)


def test_a_weight_may_be_a_fraction():
    weights = {"innovation": Fraction(3, 10), "discipline": Decimal("0.2")}
    made = reform(MERIT, {"scores": {"merit_score": {"weights": weights}}}, on=DAY)
    said = reform(MERIT, {"scores": {"merit_score": {"weights": {"innovation": "30%", "discipline": "20%"}}}}, on=DAY)
    assert made.law.meaning == said.law.meaning
    assert [(c.part, c.before, c.after) for c in made.changes] == [(c.part, c.before, c.after) for c in said.changes]


def test_weights_that_do_not_sum_are_a_fault_where_they_are_written():
    text = "scores:\n  merit_score:\n    weights: {innovation: 30%}\n"
    with pytest.raises(am.PolicyError) as caught:
        reform(MERIT, text, on=DAY)
    (fault,) = caught.value.diagnostics
    assert (fault.code, str(fault.position)) == ("weights", "<changes>:3:14")
    assert "110%" in fault.message


def test_weights_of_several_schemes_are_given_whole():
    with pytest.raises(am.PolicyError, match="there are 3"):
        reform(MERIT, {"indicators": {"quality": {"weights": {"peers": "1%"}}}}, on=DAY)
    made = reform(MERIT, {"indicators": {"quality": {"schemes": [{"supervisor": "100%"}]}}}, on=DAY)
    assert not made.changes_nothing


def test_rules_come_and_go(layers):
    with pytest.raises(am.PolicyError, match="missing: c"):
        child(layers, {"rules": {"c": {"decides": "own", "requires": {"x": "x == 7"}, "grants": {"n": 7}}}})
    new = {"rules": {"c": {"decides": "own", "requires": {"x": "x == 7"}, "grants": {"n": 7}}},
           "decisions": {"own": {"order": ["c", "a", "b"]}}}  # fmt: skip
    made = child(layers, new)
    assert am.decide(made.law, {"x": 7, "y": True})["own"].outcome["n"] == 7
    assert "added: c" in made.to_text("en")
    gone = child(layers, {"rules": {"a": None}})
    assert am.decide(gone.law, {"x": 50, "y": True})["own"].rule == "b"
    assert "removed: a" in gone.to_text("en")


def test_a_rule_is_changed_condition_by_condition(layers):
    made = child(layers, {"rules": {"a": {"requires": {"big": None, "huge": "x >= 90"}, "grants": {"n": "pay[3]"}}}})
    assert [(c.part, c.before, c.after) for c in made.changes] == [
        ("requires.big", "x >= free", None), ("grants.n", "pay[1]", "pay[3]"), ("requires.huge", None, "x >= 90"),
    ]  # fmt: skip
    assert am.decide(made.law, {"x": 95, "y": True})["own"].outcome["n"] == 300
    with pytest.raises(am.PolicyError, match=r"unknown condition of `requires`: `bog`\s+hint: did you mean `big`"):
        child(layers, {"rules": {"a": {"requires": {"bog": None}}}})


def test_a_rule_changed_from_a_day(layers):
    made = child(layers, {"rules": {"a": {"from": "2023-01-01", "requires": {"big": "x >= 90"}}}})
    assert made.changes_nothing
    for day, rule in (("2022-12-31", "a"), ("2023-01-01", "b")):
        assert am.decide(am.in_force(made.policy, on=day), {"x": 50, "y": True})["own"].rule == rule


def test_conditions_of_a_decision_come_and_go():
    changes = {
        "decisions": {"incentives": {"requires": {"remove": "sanction", "add": {"stay": "months_in_post >= 12"}}}}
    }
    made = reform(MERIT, changes, on=DAY)
    assert [(c.part, c.before, c.after) for c in made.changes] == [
        ("requires.sanction", "no_sanction", None), ("requires.stay", None, "months_in_post >= 12"),
    ]  # fmt: skip
    with pytest.raises(am.PolicyError, match="did you mean `sanction`"):
        reform(MERIT, {"decisions": {"incentives": {"requires": {"remove": ["sanctin"]}}}}, on=DAY)


# --- parts ---

FOUR = {
    "parameters": {"minimum_merit_score": 85, "special_allowance": 2_000_000},
    "scores": {"merit_score": {"weights": {"innovation": "30%", "discipline": "20%"}}},
    "rules": {"insentif_pengakuan_publik": None},
}


def test_every_part_is_the_reform_of_those_changes_alone():
    whole = reform(MERIT, FOUR, on=DAY)
    parts = whole.parts()
    assert len(parts) == 16 == len(list(parts))
    meanings = set()
    for keys in parts:
        alone = {}
        for section, named in FOUR.items():
            mine = {n: v for n, v in named.items() if f"{section}.{n}" in keys}
            alone.update({section: mine} if mine else {})
        made = parts[keys]
        assert set(made.keys) == keys
        assert made.law.meaning == reform(MERIT, alone, on=DAY).law.meaning
        assert made is parts[keys], "made once"
        meanings.add(made.law.meaning)
    assert len(meanings) == 16
    assert parts[frozenset()].law.identity() == whole.before.identity()
    assert parts[frozenset(whole.keys)].law.meaning == whole.law.meaning


def test_a_part_that_there_is_not():
    whole = reform(MERIT, FOUR, on=DAY)
    with pytest.raises(am.ArgumentError, match=r"did you mean parameters\.special_allowance"):
        whole.part(["parameters.special_alowance"])
    with pytest.raises(KeyError):
        whole.parts()[frozenset({"x"})]


def test_too_many_changes_are_not_taken_apart():
    many = {f"p{i}": {"type": "integer", "value": i} for i in range(MOST_CHANGES + 1)}
    base = {"asnmerit": 1, "policy": "p/many", "title": "m", "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01", "parameters": many, "derived": {"s": " + ".join(many)}}  # fmt: skip
    made = reform(base, {"parameters": dict.fromkeys(many, 7)}, on="2020-01-01")
    with pytest.raises(am.ArgumentError, match="at most 10 changes"):
        made.parts()
    assert made.part(["parameters.p3"]).law.data.parameters["p3"] == 7


# --- where it comes from ---


def test_every_source_gives_the_same_reform(tmp_path):
    changes = {"parameters": {"special_allowance": 2_000_000}}
    overlay = tmp_path / "usulan.yaml"
    overlay.write_text("parameters: {special_allowance: 2000000}\n", encoding="utf-8")
    policy = am.load(MERIT)
    made = [
        reform(MERIT, changes, on=DAY),
        reform(policy, changes, on=DAY),
        reform(am.in_force(policy, on=DAY), changes),
        reform(MERIT, overlay, on=DAY),
        reform(MERIT, str(overlay), on=DAY),
        reform(MERIT, "parameters: {special_allowance: 2000000}", on=DAY),
        reform(POLICIES / "manokwari/merit.yaml", changes, on=DAY),
        reform(document(MERIT), changes, on=DAY),
    ]
    assert len({m.law.meaning for m in made}) == 1
    assert len({m.law.policy for m in made[:6]}) == 1


def test_a_policy_whose_document_cannot_be_found_again(layers):
    policy = am.load("p/child", search=[layers])
    with pytest.raises(am.ArgumentError, match="expected the name or path that it was loaded from"):
        reform(policy, {"parameters": {"free": 1}}, on="2022-01-01")
    assert reform(policy, {"parameters": {"free": 1}}, on="2022-01-01", search=layers).changes[0].after == "1"
    text = (layers / "p/child.yaml").read_text(encoding="utf-8")
    (layers / "p/child.yaml").write_text(text + "# touched\n", encoding="utf-8")
    with pytest.raises(am.ArgumentError, match="another policy of this name is found"):
        reform(policy, {"parameters": {"free": 1}}, on="2022-01-01", search=layers)
    made = reform(MERIT, {"parameters": {"special_allowance": 1}}, on=DAY)
    with pytest.raises(am.ArgumentError):
        reform(made.policy, {}, on=DAY)
    with pytest.raises(am.ArgumentError):
        reform(made.law, {})


def test_arguments():
    with pytest.raises(am.ArgumentError, match="no clock"):
        reform(MERIT, {})
    with pytest.raises(am.ArgumentError, match="a law has its own"):
        reform(am.in_force(am.load(MERIT), on=DAY), {}, on=DAY)
    with pytest.raises(am.ArgumentError, match="unbound"):
        reform(MERIT, {}, on=DAY, unbound=1)
    with pytest.raises(am.PolicyNotFoundError):
        reform("manokwari/merti", {}, on=DAY)
    with pytest.raises(am.NotInForceError):
        reform(MERIT, {}, on="2020-01-01")
    for wrong in (None, 3, "none.yaml", Path("nowhere"), ["x"], "x"):
        with pytest.raises(am.ArgumentError, match="changes: got"):
            reform(MERIT, wrong, on=DAY)
    with pytest.raises(am.ArgumentError, match="as a path it says: No such file"):
        reform(MERIT, Path("nowhere.yaml"), on=DAY)
    with pytest.raises(am.ArgumentError, match="did you mean a section `parameters:`"):
        reform(MERIT, "parameter", on=DAY)
    with pytest.raises(am.ArgumentError, match="id or en"):
        reform(MERIT, {}, on=DAY).to_text("fr")


def test_a_reform_is_not_reformed_again():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": 85}}, on=DAY)
    for again, day in ((made, None), (made, DAY), (made.law, None), (made.policy, DAY)):
        with pytest.raises(am.ArgumentError, match="give all its changes at once"):
            reform(again, {"parameters": {"minimum_merit_score": 90}}, on=day)


# --- identity and words ---


def test_a_reform_says_that_it_is_no_law():
    made = reform(MERIT, {"title": "Naik", "parameters": {"minimum_merit_score": 85}}, on=DAY)
    identity = made.law.identity()
    assert re.fullmatch(r"manokwari/merit\+reform-[0-9a-f]{8}", identity["policy"])
    assert identity["documents"][MERIT].startswith("reform:")
    assert identity["documents"]["indonesia/asn"] == made.before.documents["indonesia/asn"]
    assert identity["meaning"] != made.before.meaning
    decision = am.decide(made.law, {})
    assert "Usulan perubahan (bukan hukum)" in str(am.explain(decision, "id"))
    assert am.replay(decision.to_json()).status == "law unavailable"
    assert am.replay(decision.to_json(), made.law).status == "same"
    citation = made.law.sources["minimum_merit_score"].citations
    assert [c.title for c in citation] == ["Usulan perubahan (bukan hukum)"]
    assert "— Naik" in made.to_text()


def test_a_law_beyond_delegation_is_called_so():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": 60, "special_allowance": 1}}, on=DAY, unbound=True)
    assert re.fullmatch(r"manokwari/merit\+reform-beyond-delegation-[0-9a-f]{8}", made.law.policy)
    assert made.law.policy in am.compare(made.before, made.law, staff()).to_text()
    assert re.fullmatch(r"manokwari/merit\+reform-[0-9a-f]{8}", made.part(["parameters.special_allowance"]).law.policy)


def test_everything_made_by_a_law_beyond_delegation_is_marked():
    """Not only what takes a reform: fairness, sweeps, margins and fragility name the law that they were made by."""
    law = reform(MERIT, {"parameters": {"minimum_merit_score": 60}}, on=DAY, unbound=True).law
    some = staff().append_column("unit", pa.array(["a", "b", "a"]))
    for found in (
        am.fairness(law, some, "promotion", by="unit", smallest=1, absent="unknown"),
        am.sweep(law, some, {"minimum_merit_score": [50, 60]}, "promotion", absent="unknown"),
        am.fragility(law, some, "promotion", days=0, absent="unknown"),
        am.weight_margins(law, some, "merit_score", absent="unknown"),
        am.select(law, some, "promotion", places=1, keys="highest:merit_score", ties="all_wait", ignore="*"),
    ):
        for lang in ("id", "en"):
            text = found.to_text(lang) if hasattr(found, "to_text") else found.text(lang)
            assert law.policy in text, type(found)
        assert not hasattr(found, "to_html") or law.policy in found.to_html("en"), type(found)


def test_a_change_may_cite_and_explain_itself():
    change = {"value": 85, "source": "uu-20-2023 Pasal 46", "note": "trial", "grade": "illustrative"}
    made = reform(MERIT, {"parameters": {"minimum_merit_score": change}}, on=DAY)
    assert [str(c) for c in made.law.sources["minimum_merit_score"].citations] == [
        "UU 20/2023 tentang Aparatur Sipil Negara Pasal 46"
    ]
    with pytest.raises(am.PolicyError, match=r"unknown source `uu-20-2024`\s+hint: did you mean"):
        reform(MERIT, {"parameters": {"minimum_merit_score": {"value": 85, "source": "uu-20-2024"}}}, on=DAY)


def test_words_in_both_languages():
    made = reform(MERIT, FOUR, on=DAY)
    indonesian, english = made.to_text("id"), made.to_text("en")
    assert "Rp1.500.000 menjadi Rp2.000.000" in indonesian
    assert "Rp 1,500,000 becomes Rp 2,000,000" in english
    assert "80 becomes 85; holds from 1 January 2026; was by Uraian" in english
    assert str(made) == indonesian
    assert made._repr_html_() == made.to_html("id")
    assert made.to_html("en").count("<li>") == len(made.changes)


def test_texts_are_escaped_in_html():
    made = reform(MERIT, {"title": "<b>&", "parameters": {"special_allowance": 1}}, on=DAY)
    assert "<b>" not in made.to_html()
    assert "&lt;b&gt;&amp;" in made.to_html()


def test_the_overlay_has_the_sections_that_the_forms_know():
    sections = {key_of(f) for f in keys_of(Overlay)} - {"label", "source", "grade", "note", "title"}
    assert sections == set(FORMS)


# --- effect ---


def staff():
    return pa.table({
        "active": [True, True, True], "employment": ["pns"] * 3, "position_date": ["2023-02-01"] * 3,
        "performance_2024": ["baik"] * 3, "performance_2025": ["baik"] * 3, "under_examination": [False] * 3,
        "absences": ["[]"] * 3, "sanctions": ["[]"] * 3, "projects_led": ["[]"] * 3,
        "quality_supervisor": ["[80]", "[95]", "[60]"], "quality_peers": ["[]"] * 3, "quality_subordinates": ["[]"] * 3,
        "innovation_panel": ["[60]", "[95]", "[50]"],
    })  # fmt: skip


def test_effect_counts_changed_decisions():
    made = reform(MERIT, {"parameters": {"minimum_merit_score": 85}}, on=DAY)
    effect = made.effect(staff(), "promotion")
    found = effect.decisions["promotion"]
    assert (found.people, found.changed, found.undetermined, found.errors) == (3, 1, 0, 0)
    assert effect.compared["promotion"].all.losers == 1
    assert effect.to_text("en") == "promotion: changes for 1 of 3 people"


def test_a_reform_that_changes_no_decision_says_so_first():
    made = reform(MERIT, {"parameters": {"special_allowance": 1_600_000}}, on=DAY)
    effect = made.effect(staff().slice(2, 1))
    assert effect.changes_nothing
    assert not made.changes_nothing
    assert effect.to_text("en").startswith("NOT ONE DECISION CHANGES for these 1 people.")
    assert str(effect).startswith("TIDAK SATU PUN KEPUTUSAN BERUBAH")
    assert effect.to_dict()["changes_nothing"] is True
    empty = made.effect(staff().slice(0, 0))
    assert empty.to_text("en") == "NO PEOPLE: nothing was tried."


def test_effect_says_what_is_beyond_delegation():
    made = reform(MERIT, {"parameters": {"special_allowance": 99_000_000}}, on=DAY, unbound=True)
    assert "BEYOND WHAT IS DELEGATED: parameters.special_allowance" in made.effect(staff()).to_text("en")


def test_effect_tells_conflicts_from_answers():
    pa = pytest.importorskip("pyarrow")
    law = {
        "asnmerit": 1, "policy": "made/up", "title": "Made up", "effective": {"from": "2026-01-01"},
        "enacted": "2025-12-01", "facts": {"score": {"type": "integer", "from": 0, "to": 100}},
        "parameters": {"enough": {"type": "integer", "value": 50}},
        "decisions": {"d": {"hit": "unique", "outcome": {"amount": "rupiah"}}},
        "rules": {
            "low": {"decides": "d", "requires": {"enough": "score >= enough"}, "grants": {"amount": "1"}},
            "high": {"decides": "d", "requires": {"enough": "score >= 90"}, "grants": {"amount": "2"}},
        },
    }  # fmt: skip
    made = reform(law, {"parameters": {"enough": 60}}, on=DAY)
    people = pa.table({"score": [55] * 1200 + [95] * 3 + [None]})
    effect = made.effect(people)
    assert effect.decisions["d"].conflict == 3 and effect.to_dict()["decisions"]["d"]["conflict"] == 3
    assert effect.to_text("en") == "d: changes for 1,200 of 1,204 people; 1 undetermined; 3 in conflict"
    assert str(effect) == "d: berubah bagi 1.200 dari 1.204 pegawai; 1 belum dapat diputuskan; 3 konflik"


# --- hostile overlays ---

HOSTILE = {
    "alias": ("parameters: &a {x: 1}\ntables: *a", {"document-alias"}),
    "merge": ("parameters: {<<: {x: 1}}", {"document-alias"}),
    "deep": ("parameters: " + "[" * 5_000, {"document-depth"}),
    "long": ("parameters: {a: '" + "x" * 2_100_000 + "'}", {"document-size"}),
    "many": ("parameters: {a: [" + "1," * 210_000 + "]}", {"document-nodes"}),
    "twice": ("parameters: {special_allowance: 1, special_allowance: 2}", {"duplicate-key"}),
    "two documents": ("parameters: {}\n---\ntables: {}", {"document-several"}),
    "tag": ("parameters: !!python/object:os.system {x: 1}", {"document-tag", "unknown-name"}),
    "list": ("- a: 1", {"shape-kind"}),
    "not yaml": ("parameters: {a: [}", {"document-syntax"}),
    "number": ({"parameters": {"special_allowance": 10**500}}, {"shape-digits"}),
    "nan": ({"parameters": {"special_allowance": float("nan")}}, {"shape-number"}),
    "object": ({"parameters": {"special_allowance": object()}}, {"shape-kind"}),
    "surrogate": ({"parameters": {"special_allowance": "\ud800"}}, {"document-unreadable"}),
    "name": ({"parameters": {"a b": 1}}, {"shape-name"}),
    "empty value": ({"parameters": {"special_allowance": None}}, {"shape-kind"}),
    "code": ({"rules": {"promosi_prestasi": {"requires": {"x": "__import__('os')"}}}}, None),
    "section": ({"facts": {"x": "bool"}}, {"shape-unknown-key"}),
    "cells of a value": ({"tables": {"special_allowance": {"cells": {}}}}, {"unknown-name"}),
    "no cells": ({"tables": {"absence_bands": {}}}, {"shape-together"}),
    "cells and rows": ({"tables": {"absence_bands": {"cells": {}, "rows": {}}}}, {"shape-together"}),
    "wrong cells": ({"tables": {"absence_bands": {"cells": 5}}}, {"table-row"}),
}


@pytest.mark.parametrize(("changes", "codes"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_overlays_meet_named_faults(changes, codes):
    with pytest.raises(am.PolicyError) as caught:
        reform(MERIT, changes, on=DAY)
    found = {d.code for d in caught.value.diagnostics}
    assert codes is None or found == codes
    assert all(d.position.file == "<changes>" for d in caught.value.diagnostics)
    assert all(len(str(d)) < 1_000 for d in caught.value.diagnostics)


def test_all_faults_come_at_once_each_in_its_place():
    changes = {
        "parameters": {"special_alowance": 1, "minimum_merit_score": 65, "minimum_months_in_post": "x"},
        "tabels": {},
        "scores": {"merit_score": {"weights": {"innovation": "30%"}}},
        "rules": {"promosi_prestasi": "no"},
    }
    with pytest.raises(am.PolicyError) as caught:
        reform(MERIT, changes, on=DAY)
    found = {(d.position.path, d.code) for d in caught.value.diagnostics}
    assert found == {
        ("parameters.special_alowance", "unknown-name"),
        ("parameters.minimum_merit_score", "outside-delegation"),
        ("parameters.minimum_months_in_post", "shape-number"),
        ("tabels", "shape-unknown-key"),
        ("scores.merit_score.weights", "weights"),
        ("rules.promosi_prestasi", "shape-kind"),
    }
    assert "did you mean `special_allowance`" in str(caught.value)
