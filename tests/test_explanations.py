"""What a person reads: three answers of Manokwari's policy kept word for word, and what every explanation must hold.

To accept new words, run with ASNMERIT_UPDATE_SNAPSHOTS=1 and read the difference.
"""

from __future__ import annotations

import datetime
import html
import os
import re
from pathlib import Path

import pytest

import asnmerit as am

SNAPSHOTS = Path(__file__).parent / "snapshots"
FULL = {
    "employment": "pns",
    "active": True,
    "position_date": "2020-01-01",
    "performance": {2025: "baik", 2024: "sangat_baik"},
    "sanctions": [],
    "under_examination": False,
    "absences": [{"start": "2025-03-03", "days": 2}],
    "projects_led": [],
    "quality_supervisor": [84],
    "quality_peers": [78, 81.5],
    "quality_subordinates": [],
    "innovation_panel": [90],
}
PEOPLE = {
    "granted": FULL,
    "refused": {
        **FULL,
        "performance": {2025: "baik", 2024: "butuh_perbaikan"},
        "quality_supervisor": [60],
        "sanctions": [{"level": "sedang", "start": "2025-11-01", "end": "2026-04-30"}],
    },
    "undetermined": {k: v for k, v in FULL.items() if k not in {"performance", "innovation_panel"}},
}


@pytest.fixture(scope="module")
def law():
    return am.in_force(am.load("manokwari/merit"), on="2026-04-01")


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("status", list(PEOPLE))
def test_the_words_are_those_that_were_read_and_accepted(law, status, lang):
    decision = am.decide(law, PEOPLE[status])
    assert decision["promotion"].status == status
    said = str(am.explain(decision, lang=lang)) + "\n"
    kept = SNAPSHOTS / f"manokwari_{status}.{lang}.txt"
    if os.environ.get("ASNMERIT_UPDATE_SNAPSHOTS"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(said, encoding="utf-8")
    assert said == kept.read_text(encoding="utf-8")


def test_a_refused_person_reads_value_requirement_article_for_each_condition(law):
    said = str(am.explain(am.decide(law, PEOPLE["refused"]), lang="id"))
    assert "Nilai merit (78,95), disyaratkan sekurang-kurangnya 80 (nilai merit minimum)" in said
    assert "predikat kinerja: 2025 Baik, 2024 Butuh Perbaikan" in said
    assert re.search(r"✗ .*hukuman disiplin.*\[.+\]", said)
    assert "tingkat hukuman Sedang, mulai 1 November 2025, akhir 30 April 2026" in said.replace("sedang", "Sedang")
    for line in said.splitlines():
        if re.match(r"\s+[✓✗?] ", line):
            assert "[" in line, line


def test_an_undetermined_person_reads_what_is_unknown_and_what_would_settle_it(law):
    decision = am.decide(law, PEOPLE["undetermined"])
    said = str(am.explain(decision, lang="id"))
    assert decision["promotion"].missing.exact
    assert set(decision["promotion"].missing) == {"performance_2025", "performance_2024", "innovation_panel"}
    assert "predikat kinerja 2025" in said
    assert said.count("belum diketahui") >= 3


def test_every_condition_of_every_rule_in_scope_is_there_once(law):
    decision = am.decide(law, PEOPLE["refused"])
    lines = str(am.explain(decision, lang="en")).splitlines()
    for outcome in decision.outcomes.values():
        for conditions in outcome.conditions.values():
            for condition in conditions:
                label = condition.about.label["en"]
                assert any(label in line for line in lines), label


def test_html_is_escaped_and_markdown_cannot_be_broken_by_a_label():
    policy = am.load(
        {
            "asnmerit": 1,
            "policy": "case/labels",
            "title": "<script>alert(1)</script> *x*",
            "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01",
            "sources": {"s": {"title": "<b>law</b>", "grade": "A"}},
            "facts": {"good": {"type": "bool", "label": "<img src=x> `code` [a](b)"}},
            "decisions": {"prize": {"outcome": {}}},
            "rules": {"r": {"decides": "prize", "source": "s", "requires": {"c": "good"}}},
        }
    )
    said = am.explain(am.decide(am.in_force(policy, "2021-01-01"), {"good": True}), lang="en")
    assert "<script" not in said.to_html()
    assert "<img" not in said.to_html()
    assert html.escape("<b>law</b>") in said.to_html()
    assert "<script" not in said.to_markdown()
    assert "[a](b)" not in said.to_markdown()


def test_formats_of_numbers_money_and_days_follow_the_language(law):
    decision = am.decide(law, PEOPLE["granted"])
    indonesian, english = (str(am.explain(decision, lang=lang)) for lang in ("id", "en"))
    assert "Rp1.500.000" in indonesian
    assert "Rp 1,500,000" in english
    assert "1 April 2026" in indonesian
    assert re.search(r"\d,\d", indonesian)
    with pytest.raises(am.ArgumentError):
        am.explain(decision, lang="fr")


def test_presumptions_and_chosen_readings_are_shown():
    policy = am.load(
        {
            "asnmerit": 1,
            "policy": "case/presumed",
            "title": {"id": "contoh", "en": "example"},
            "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01",
            "sources": {"s": {"title": "Undang-undang", "grade": "A"}, "o": {"title": "Other", "grade": "C"}},
            "facts": {
                "fine": {"type": "bool", "assume": "no", "source": "s pasal 3"},
                "n": {"type": "integer", "from": 0, "to": 9},
            },
            "parameters": {
                "least": {
                    "type": "integer",
                    "value": 3,
                    "source": "s pasal 9",
                    "disputed": [{"value": 5, "source": "o"}],
                }
            },
            "decisions": {"prize": {"outcome": {}}},
            "rules": {
                "r": {"decides": "prize", "source": "s", "requires": {"c": "n >= least"}, "unless": {"f": "fine"}}
            },
        }
    )
    plain, other = am.in_force(policy, "2021-01-01"), am.in_force(policy, "2021-01-01", readings={"least": "o"})
    record = {"n": 4}
    assert am.decide(plain, record)["prize"].status == "granted"
    assert am.decide(other, record)["prize"].status == "refused"
    said = str(am.explain(am.decide(other, record), lang="en"))
    assert "fine: no [Undang-undang pasal 3]" in said
    assert "Chosen reading of least: o" in said
    assert plain.meaning != other.meaning
    assert am.decide(other, record).to_dict()["law"]["readings"] == {"least": "o"}


def test_notebooks_show_laws_policies_and_decisions(law):
    decision = am.decide(law, FULL)
    assert decision._repr_html_().startswith("<div")
    assert "promotion" in law._repr_html_()
    assert "promotion" in am.load("manokwari/merit")._repr_html_()
    assert "GRANTED" in am.explain(decision, lang="en")._repr_html_()


def test_a_decision_is_frozen_and_a_replay_agrees(law):
    decision = am.decide(law, FULL)
    with pytest.raises(AttributeError):
        decision.as_of = datetime.date(2020, 1, 1)
    with pytest.raises(AttributeError):
        decision["promotion"].plan = None
    with pytest.raises(TypeError):
        decision["promotion"].outcome["step"] = "x"
    again = am.replay(decision.to_json())
    assert again.status == "same"
    assert again.agrees


def test_a_replay_tells_an_altered_record_another_law_and_no_law(law):
    record = am.decide(law, FULL).to_dict()
    altered = {
        **record,
        "decisions": {**record["decisions"], "promotion": {**record["decisions"]["promotion"], "status": "refused"}},
    }
    assert am.replay(altered).status == "different"
    assert "promotion.status" in am.replay(altered).differences[0]
    earlier = am.in_force(am.load("manokwari/merit"), on="2025-06-01")
    assert am.replay({**record, "as_of": "2025-06-01"}, law=earlier).status == "law changed"
    gone = {**record, "law": {**record["law"], "policy": "nowhere/none"}}
    assert am.replay(gone).status == "law unavailable"
    for nonsense in ("", "[]", "{}", '{"asnmerit": 1}', {"asnmerit": 1, "law": 3}):
        with pytest.raises(am.DecisionRecordError):
            am.replay(nonsense)


def test_a_lookup_cites_its_table_and_a_row_its_own_article():
    policy = am.load(
        {
            "asnmerit": 1,
            "policy": "case/rows",
            "title": "rows",
            "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01",
            "sources": {"s": {"title": "Law"}, "m": {"title": "Memory"}, "o": {"title": "Other"}},
            "types": {"grade": {"order": ["low", "high"]}},
            "facts": {
                "at": "grade",
                "days": {"type": "integer", "from": 0, "to": 99},
                "n": {"type": "integer", "from": 0, "to": 9},
            },
            "parameters": {
                "least": {
                    "type": "integer",
                    "value": 3,
                    "source": "s pasal 9",
                    "disputed": [{"value": 2, "source": "o"}],
                }
            },
            "tables": {
                "most": {
                    "by": "grade",
                    "gives": "integer",
                    "rows": {"low": 2, "high": 5},
                    "source": "s pasal 1",
                    "row_source": {"high": "m"},
                },
                "band": {
                    "by": {"d": {"type": "integer", "from": 0, "to": 99, "match": "from"}},
                    "gives": "integer",
                    "rows": {"0": 1, "10": 2},
                    "source": "s pasal 2",
                    "row_source": {"10": "s pasal 3"},
                },
            },
            "decisions": {"prize": {"outcome": {}}},
            "rules": {
                "r": {
                    "decides": "prize",
                    "source": "s",
                    "requires": {"a": "n <= most[at]", "b": "n >= band[days]", "c": "n >= least"},
                }
            },
        }
    )
    law = am.in_force(policy, "2021-01-01")

    def cited(record, law=law):
        lines = str(am.explain(am.decide(law, record), lang="en")).splitlines()
        return [line.rpartition("[")[2].rstrip("]") for line in lines if re.match(r"\s+[✓✗?] ", line)]

    assert cited({"at": "low", "days": 9, "n": 4}) == ["Law pasal 1", "Law pasal 2", "Law pasal 9"]
    assert cited({"at": "high", "days": 10, "n": 4}) == ["Memory", "Law pasal 3", "Law pasal 9"]
    assert cited({"n": 4})[0] == "Law pasal 1"
    assert cited({"n": 4}, am.in_force(policy, "2021-01-01", readings={"least": "o"}))[2] == "Other"


def test_a_condition_that_is_not_asked_says_why():
    policy = am.load(
        {
            "asnmerit": 1,
            "policy": "case/when",
            "title": "when",
            "effective": {"from": "2020-01-01"},
            "enacted": "2020-01-01",
            "sources": {"s": {"title": "S"}},
            "facts": {"senior": "bool", "exam": "bool"},
            "decisions": {"prize": {"outcome": {}}},
            "rules": {"r": {"decides": "prize", "source": "s", "requires": {"c": {"when": "senior", "is": "exam"}}}},
        }
    )
    decision = am.decide(am.in_force(policy, "2021-01-01"), {"senior": False})
    assert decision["prize"].status == "granted"
    assert "c — not asked of this person (senior (no))" in str(am.explain(decision, lang="en"))


FAMILY = {
    "asnmerit": 1,
    "policy": "test/family",
    "title": "x",
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-01-01",
    "sources": {"uu": {"title": "a law"}},
    "types": {"mark": {"order": ["poor", "fine"], "label": {"fine": {"id": "Baik", "en": "good"}}}},
    "facts": {
        "marks": {"type": "mark", "per": "year", "back": 5},
        "points": {"type": "integer", "from": "0", "to": "9", "per": "mark"},
    },
    "parameters": {
        "years": {"type": "integer", "value": "2", "source": "uu"},
        "months": {"type": "months", "value": ["4", "10"], "source": "uu"},
    },
    "derived": {
        "counted": "count(m >= fine for m in marks[:years])",
        "in_month": "any(k == month(as_of) for k in months)",
        "doubled": {"for": {"k": "types.mark"}, "is": "points[k] * 2"},
    },
    "decisions": {"d": {"kind": "benefit", "outcome": {"x": "bool"}, "hit": "collect"}},
    "rules": {
        "r": {
            "decides": "d",
            "source": "uu",
            "for": {"k": "types.mark"},
            "requires": {"points": "points[k] > 1", "marks": "all(m >= fine for m in marks[:years])"},
            "grants": {"x": "true"},
        }
    },
}


def test_years_beyond_a_slice_and_months_not_listed_are_not_said():
    law = am.in_force(am.load(FAMILY), on="2024-05-01")
    decision = am.decide(law, {"marks": {2023: "fine", 2022: "poor"}, "points": {"poor": 1, "fine": 2}})
    said = str(am.explain(decision, lang="en", only=["counted", "in_month", "d"]))
    assert "marks 2023 (good) is at least good, and marks 2022 (poor) is at least good" in said
    assert "2021" not in said
    assert "in month: no = 4 is the month of the decision date" in said
    assert ", or 10 is the month" in said
    assert "7 is the month" not in said


def test_a_rule_or_value_of_a_family_is_told_with_its_member():
    law = am.in_force(am.load(FAMILY), on="2024-05-01")
    decision = am.decide(law, {"points": {"poor": 1, "fine": 2}})
    assert "Rule: r (good)" in str(am.explain(decision, lang="en"))
    assert "Aturan: r (Baik)" in str(am.explain(decision, lang="id"))
    assert (
        str(am.explain(decision, lang="en", only="doubled[fine]")).splitlines()[-1].startswith("doubled (good): 4 = ")
    )


def test_only_what_is_asked_for_is_explained():
    law = am.in_force(am.load(FAMILY), on="2024-05-01")
    decision = am.decide(law, {})
    assert "Rule" not in str(am.explain(decision, lang="en", only=["counted"]))
    with pytest.raises(am.ArgumentError, match="did you mean counted"):
        am.explain(decision, only="conuted")


def test_the_weakest_evidence_is_that_of_the_rules_that_concern_the_person():
    """The rule on discoveries is partly from memory; a regular promotion does not rest on it."""
    law = am.in_force(am.load("indonesia/kenaikan_pangkat"), on="2026-04-01")
    regular = {
        "employment": "pns", "active": True, "rank": "III/a", "rank_date": "2021-04-01", "position_kind": "pelaksana",
        "echelon": "bukan", "functional_level": "bukan", "education": "s1", "performance": {2025: "baik", 2024: "baik"},
        "sanctions": [], "under_examination": False, "superior_rank": "IV/a", "cpns_date": "2015-03-01",
    }  # fmt: skip
    granted = am.decide(law, regular)["kenaikan_pangkat"]
    assert granted.status == "granted"
    assert granted.grade in {"A", "B"}
    found = am.decide(law, {**regular, "rank_date": "2025-01-01", "recognised_discovery": True})["kenaikan_pangkat"]
    assert found.grade == "M"
