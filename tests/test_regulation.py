"""A policy in words: the page says what the document says, all of it, in both languages, and never fails."""

import functools
import itertools
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import attrs
import pytest

import asnmerit as am
from asnmerit.regulations.lexicon import lexicon_of
from asnmerit.regulations.model import escaped
from asnmerit.scenarios import books

ROOT = Path(__file__).resolve().parent.parent
CASES = ROOT / "tests" / "cases"
GOOD = sorted(p for p in (CASES / "good").glob("*.yaml") if not p.name.endswith(".expect.yaml"))
LANGUAGES = ("id", "en", "both")
PLACES = [*am.policies(), *GOOD]
HEAD = {
    "asnmerit": 1,
    "policy": "test/page",
    "title": {"id": "Halaman", "en": "Page"},
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
    "sources": {"law-1": {"title": "Law 1", "grade": "A"}, "blog": {"title": "A blog", "grade": "C"}},
}


@functools.cache
def loaded(place):
    return am.load(place, search=[CASES / "policies"])


@functools.cache
def page_of(policy):
    return am.regulation(policy)


def named(place):
    return str(getattr(place, "stem", place))


def read(policy, lang="both", **more):
    """The page as a reader sees it: without the marks of Markdown."""
    page = am.regulation(policy, lang=lang, **more) if more else attrs.evolve(page_of(policy), lang=lang)
    text = page.to_markdown()
    return re.sub(r"\\([^A-Za-z0-9\s])", r"\1", text)


def made(**parts):
    return am.load({**HEAD, **parts})


# --- every policy and every construct ---


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_there_is_a_page_and_it_is_the_same_each_time(place):
    policy = loaded(place)
    again = am.load(place, search=[CASES / "policies"])
    for lang in LANGUAGES:
        page = am.regulation(policy, lang=lang)
        assert str(page) == am.regulation(again, lang=lang).to_markdown()
        assert page.policy == policy.name
        assert str(page).startswith("# ")
        assert str(page).count("\n# ") == 0
        assert "{" not in re.sub(r"\\.|`[^`]*`|<[^>]*>", "", str(page)), "a phrase was not filled in"


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_every_value_of_the_law_is_on_its_page(place):
    policy = loaded(place)
    lexicon = lexicon_of(policy)
    for lang in ("id", "en"):
        page = read(policy, lang)
        for decl in policy.declared.parameters.values():
            if decl.about.policy != policy.name:
                continue
            for act in decl.acts:
                readings = (act.payload, *act.payload.readings.values()) if act.payload is not None else ()
                for value in readings:
                    assert f"{lexicon.value(value.value, decl.type, lang)} |" in page, decl.key


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_every_cell_of_a_table_is_on_its_page(place):
    policy = loaded(place)
    lexicon = lexicon_of(policy)
    page = read(policy, "en")
    for decl in policy.declared.tables.values():
        for act in decl.acts if decl.about.policy == policy.name else ():
            data = act.payload.data
            for column, cells in data.columns.items():
                for there, cell in zip(data.present, cells, strict=True):
                    assert not there or f"| {lexicon.value(cell, data.types[column], 'en')} |" in page, decl.key


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_every_article_is_on_its_page(place):
    policy = loaded(place)
    page = read(policy)
    for about in abouts(policy):
        if about.policy == policy.name:
            for citation in about.citations:
                assert str(citation) in page, citation
            assert not about.note or " ".join(about.note.split()) in page, about.note


def abouts(policy):
    """What every named thing of a policy says of itself, version by version."""
    declared = policy.declared
    for decl in itertools.chain(declared.facts.values(), declared.valued.values(), declared.rankings.values()):
        yield decl.about
        for act in getattr(decl, "acts", ()):
            if act.payload is not None:
                yield act.payload.about
                yield from (other.about for other in act.payload.readings.values())
    for step in declared.steps.values():
        yield from [step.about, *(act.payload.about for act in step.acts if act.payload is not None)]
    pending = list(declared.conditions.values())
    for decision in declared.decisions.values():
        yield decision.about
        pending += [*decision.requires, *decision.unless]
        for rule in decision.rules:
            yield rule.about
            for act in rule.acts:
                if act.payload is not None:
                    yield act.payload.about
                    pending += [*act.payload.requires, *act.payload.unless]
    for condition in pending:
        yield from [condition.about, *(act.payload.about for act in condition.acts if act.payload is not None)]


@pytest.mark.parametrize("place", PLACES, ids=named)
def test_every_rule_decision_fact_and_source_is_named(place):
    policy = loaded(place)
    page = attrs.evolve(page_of(policy), lang="en").to_markdown()
    document = policy.module.document
    for name in itertools.chain(document.rules, document.decisions, document.facts, document.sources, document.derived):
        assert f"`{name}`" in page or f"`{name}[" in page, name
    for name in itertools.chain(document.indicators, document.scores, document.rankings, document.guarantees):
        assert f"`{name}`" in page, name


# --- what it says ---


def test_a_rule_in_words_in_both_languages():
    page = read(loaded("indonesia/kenaikan_pangkat"))
    assert "#### Kenaikan pangkat reguler / Regular promotion" in page
    assert "bulan dalam pangkat terakhir sekurang-kurangnya 48 (masa pangkat kenaikan reguler (bulan))" in page
    assert "months in the present rank is at least 48 (months in rank for regular promotion)" in page
    assert "**Berlaku bagi**" in page
    assert "**Tidak boleh**" in page


def test_one_language_says_nothing_of_the_other():
    policy = loaded("indonesia/disiplin")
    assert "Yang diputuskan" not in read(policy, "en")
    assert "What is decided" not in read(policy, "id")


def test_values_over_time_with_both_days():
    page = read(loaded(CASES / "good" / "dated.yaml"), "en")
    assert "| nilai minimum" not in page
    rows = [line for line in page.splitlines() if line.startswith("| minimum score — `minimum`")]
    assert rows[0].startswith("| minimum score — `minimum` | 2020-01-01 | 2029-12-31 | 2019-11-01 | 60 |")
    assert rows[1].startswith(
        "| minimum score — `minimum` | 2020-01-01 | 2029-12-31 | 2019-11-01 | another reading `law-2`: 65 |"
    )
    assert rows[2].startswith("| minimum score — `minimum` | 2022-01-01 | 2029-12-31 | 2021-11-15 | 70 |")
    assert rows[3].startswith("| minimum score — `minimum` | 2024-01-01 | 2024-06-30 | 2023-12-15 | 50 |")
    assert "minimum score (60; 70 from 1 January 2022; 50 from 1 January 2024)" in page
    assert "Version 3: repealed, from 1 January 2027, known from 1 May 2026" in page


def test_a_sum_inside_a_product_stands_in_parentheses():
    facts = {name: {"type": "integer", "from": 0, "to": 9} for name in "abc"}
    derived = {"x": "(a + b) * c", "y": "a + b * c", "z": "a - (b - c)", "w": "(a if b > 1 else c) + 1"}
    page = read(made(facts=facts, derived=derived), "en")
    for said in ("(a + b) × c", "a + b × c", "a - (b - c)", "(a if b is more than 1, otherwise c) + 1"):
        assert f"Formula: {said}\n" in page


def test_what_is_counted_and_the_value_of_none_are_said():
    rows = {"type": "list", "up_to": 3, "of": {"ok": "bool", "n": {"type": "integer", "from": 0, "to": 9}}}
    derived = {"x": "count(r.ok for r in rows if r.n > 2)", "y": "max((r.n for r in rows), default=7)"}
    page = read(made(facts={"rows": rows}, derived=derived), "en")
    assert "how many of rows have: ok, where n is more than 2" in page
    assert "the largest n of rows, or 7 where there is none" in page


def test_years_are_said_together():
    page = read(loaded(CASES / "good" / "expressions.yaml"), "en")
    assert "in each of the last 4 calendar years: rated is at least center" in page
    assert "in at least one of the last 2 (years) calendar years: rated is high" in page
    assert "how many colour for which: skill: colour is at least 2" in page


def test_years_that_differ_are_not_said_together():
    facts = {"rated": {"type": "integer", "from": 0, "to": 5, "per": "year", "back": 2}}
    page = read(made(facts=facts, derived={"x": "rated[0] > 3 and rated[1] > 2"}), "en")
    assert "rated of the year before is more than 3, and rated of 2 years before is more than 2" in page


def test_rules_of_a_family_are_one_where_they_differ_in_the_member_alone():
    page = read(loaded("manokwari/career"), "en")
    assert page.count("`bidang_perlu_dikembangkan`") >= 1
    assert page.count("An area to develop") < 12
    assert "One rule for each area of competence: management; project management;" in page
    assert "competence: [area of competence] is less than 65 (minimum competence)" in page


def test_a_choice_by_a_member_is_said_once():
    page = read(loaded("manokwari/career"), "en")
    assert "competence that the organisation needs: area of competence, namely field of interest" in page


def test_exceptions_and_limits_of_a_condition():
    page = read(loaded(CASES / "good" / "conditions.yaml"), "en")
    assert "only where: level is middle" in page
    assert "except: thesis: yes" in page
    assert "at least 2 of:" in page
    assert "one of:" in page


def test_weights_raters_and_rounding():
    page = read(loaded(CASES / "good" / "indicators.yaml"), "id")
    assert "Bobot, pilihan ke-1: atasan 50%, peers 30%, team 20%" in page
    assert "Bila tidak ada yang dapat dipakai: (discipline : 12) dibulatkan (seri ke genap)" in page
    assert "Dibulatkan ke kelipatan 0,01: setengah ke atas" in page
    assert "Penilai team: paling banyak 3, median" in page


def test_bands_holes_and_other_readings_of_a_table():
    page = read(loaded(CASES / "good" / "tables.yaml"), "en")
    assert "| from 60.5 to below 80 | fair |" in page
    assert "| from 80 through 100 | good |" in page
    assert "Where there is no row: -1" in page
    assert "another reading `strict`, I/a, yes: Rp 4; 8%" in page
    assert "Basis of row 60.5: Law 1 art. 2" in page


def test_a_pay_table_is_a_grid_by_group():
    page = read(loaded("indonesia/gaji"), "id")
    heads = [line for line in page.splitlines() if line.startswith("| ") and "(II/a)" in line and "(II/d)" in line]
    assert heads
    assert "Rp" in page


def test_a_presumption_cites_its_article():
    page = read(loaded(CASES / "good" / "facts.yaml"), "en")
    assert "where not recorded, presumed to be 0 — Basis: Undang-Undang 1 art. 2" in page
    assert "protected: it must not matter" in page


def test_what_a_region_changes_is_said_to_be_its_own():
    page = read(loaded("manokwari/career"), "en")
    assert "12, set by `manokwari/career`" in page
    assert "**Extends**: Development of careers and competence `indonesia/pengembangan`" in page
    assert "`in_service` | `indonesia/asn` |" not in page.split("Terms of other policies")[0]


def test_what_is_delegated_and_not_given():
    page = read(loaded("indonesia/pengembangan"), "en")
    assert "Not whole by itself" in page or "left to a policy that extends this one" in page
    assert "## Delegations" in page
    assert "be set" in page


def test_contradictions_and_weak_evidence_are_gathered():
    page = read(loaded("indonesia/angka_kredit"), "en")
    chapter = page.split("## Contradictions and gaps")[1].split("## Scenarios")[0]
    assert "`kode-hr-sasaran`" in chapter
    assert "Contradiction: HR code gives Butuh Perbaikan 25%" in chapter
    assert "C (third-party code)" in chapter


def test_scenarios_are_run_and_named():
    page = read(loaded("indonesia/disiplin"), "en", books=books(["indonesia/disiplin"]))
    chapter = page.split("## Scenarios that cover it")[1]
    first = re.search(r"(\d+) of (\d+) cases pass", chapter)
    assert first
    assert first[1] == first[2]
    assert Fraction(first[2]) > 10
    assert "### Worked examples" in chapter
    assert "Not passed" not in chapter


def test_books_of_other_policies_are_left_aside():
    page = read(loaded("indonesia/asn"), "en", books=books(["indonesia/disiplin"]))
    assert "There is no file of scenarios." in page


def test_markup_in_a_document_is_shown_as_it_is():
    label = {"id": "a|b *c* <b>d</b> `e` {f} [g](h)", "en": "# i"}
    fact = {"type": "bool", "label": label, "note": "1. one | two"}
    text = am.regulation(made(facts={"x": fact}), lang="id").to_markdown()
    assert escaped(label["id"]) in text
    assert r"a\|b \*c\* \<b\>d\</b\> \`e\` \{f\} \[g\](h)" in text
    assert r"1\. one \| two" in text


@pytest.mark.parametrize("lang", ["", "fr", None, "ID"])
def test_another_language_is_refused(lang):
    with pytest.raises(am.ArgumentError, match="id, en or both"):
        am.regulation(made(), lang=lang)


def test_what_is_no_policy_is_refused():
    with pytest.raises(am.ArgumentError, match="Policy"):
        am.regulation("indonesia/asn")


# --- the command ---


def command(*words):
    return subprocess.run(
        [sys.executable, "-m", "asnmerit", "regulation", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )


def test_the_command_prints_the_page_with_its_scenarios():
    done = command("indonesia/disiplin", "--lang", "en")
    assert done.returncode == 0
    tested = books(["indonesia/disiplin"])
    assert done.stdout == am.regulation(loaded("indonesia/disiplin"), "en", tested).to_markdown()


def test_the_command_writes_a_file_of_a_region(tmp_path):
    policy = tmp_path / "daerah.yaml"
    policy.write_text((CASES / "good" / "dated.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "daerah.scenarios.yaml").write_text(
        "scenarios: 1\npolicy: case/dated\non: 2021-01-01\n"
        "cases: {one: {facts: {score: 61}, expect: {values: {standing: 61}}}}\n",
        encoding="utf-8",
    )
    page = tmp_path / "daerah.md"
    done = command(str(policy), "--output", str(page))
    assert (done.returncode, done.stdout) == (0, "")
    assert page.read_text(encoding="utf-8").startswith("# Dated\n")
    assert "`one`" in page.read_text(encoding="utf-8")


def test_the_command_tells_of_a_faulty_policy():
    done = command("no/such")
    assert done.returncode == 2
    assert "no/such" in done.stderr


def test_a_page_does_not_hang_on_the_order_of_sets():
    script = "import asnmerit as am; print(am.regulation(am.load('manokwari/merit')))"
    pages = {
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1
