"""An audit as text, JSON, a page and SARIF: nothing is lost, nothing hostile gets through, nothing is overstated."""

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from types import MappingProxyType

import attrs
import jsonschema
import pytest
import yaml
from click.testing import CliRunner

import asnmerit as am
from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict, Witness
from asnmerit.auditing.replaying import replay
from asnmerit.auditing.report.cards import card
from asnmerit.auditing.report.kinds import KINDS
from asnmerit.auditing.report.spans import WIDTH
from asnmerit.auditing.report.witnesses import scenario_files
from asnmerit.auditing.report.words import (
    BUDGET,
    FRAME,
    MEANINGS,
    METHODS,
    VERDICTS,
    verdict,
)
from asnmerit.cli import main
from asnmerit.replaying import typed_facts
from asnmerit.rules.declarations import About
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.running import run_book
from support import audited

LANGUAGES = ("id", "en")
VOID = {"meta", "input", "br", "hr", "img", "link"}
HOSTILE = "<script>alert(1)</script>\"'&\x1b[2J\u202eevil</style><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def made():
    return audited.audit()


@pytest.fixture(scope="module")
def page(made):
    return made.to_html()


# --- as data ---


def test_json_holds_all_of_it_and_each_person_is_decided_again_as_it_says(made):
    data = json.loads(made.to_json())
    assert data["asnmerit"] == 1
    assert data["law"] == {**json.loads(json.dumps(dict(made.law)))}
    assert len(data["findings"]) == len(made) == 10
    assert data["counts"] == {"proved": 2, "counterexample": 5, "unproved": 1, "observed": 2, "flaws": 5}
    law = audited.law()
    people = 0
    for said, finding in zip(data["findings"], made, strict=True):
        assert [said[k] for k in ("kind", "subject", "verdict", "flaw")] == [
            finding.kind.value, finding.subject, finding.verdict.value, finding.flaw,
        ]  # fmt: skip
        assert (said["file"], said["line"]) == (finding.position.file, finding.position.line)
        for person, decision in zip((said["witness"] or {"people": []})["people"], decided(finding), strict=True):
            people += 1
            again = replay(law, typed_facts(law, person["facts"]))
            assert again.outcomes["incentive"].status == decision.outcomes["incentive"].status
            assert person["decisions"]["incentive"]["status"] == again["incentive"].status
    assert people == 9
    gap = next(f for f in data["findings"] if f["kind"] == "gap")
    assert gap["articles"] == ["Peraturan Uji 7/2019 Pasal 4"]
    assert gap["witness"]["people"][0]["decisions"]["incentive"]["status"] == "refused"


def decided(finding):
    return () if finding.witness is None else finding.witness.decisions


def test_the_same_audit_gives_the_same_data_however_long_it_took(made):
    slower = attrs.evolve(made, seconds=99.0, findings=tuple(attrs.evolve(f, seconds=9.0) for f in made))
    assert slower.to_json() == made.to_json()


def test_scenarios_of_the_witnesses_run_and_pass(made, tmp_path):
    policy = tmp_path / "uji" / "insentif.yaml"
    policy.parent.mkdir()
    policy.write_bytes(audited.FILE.read_bytes())
    (text,) = scenario_files(made.flaws)
    assert len(yaml.safe_load(text)["cases"]) == 7
    (policy.parent / "found.scenarios.yaml").write_text(text, encoding="utf-8")
    done = CliRunner().invoke(main, ["test", str(tmp_path)])
    assert done.exit_code == 0, done.output
    for number, finding in enumerate(made):
        if finding.witness is not None:
            results = run_book(book_of(finding.scenario(), str(policy.parent / f"{number}.scenarios.yaml")))
            assert len(results) == len(finding.witness.decisions)
            assert all(r.passed for r in results)


# --- nothing is overstated ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_not_proved_is_never_shown_as_proved(lang):
    """For every kind and with every method: the word for a proof stands nowhere but in a count of none."""
    words = VERDICTS["proved"][lang]
    for kind in Kind:
        for method in ("samples", "solver", "structure", "search"):
            claim = audited.both(f"klaim {kind}", f"claim {kind}")
            one = Finding(kind, "x", Verdict.UNPROVED, claim, method=method, samples=12_345, about=About())
            audit = Audit({"policy": "a/b"}, {}, (one,), 1.0)
            text = audit.to_text(lang)
            assert words not in re.sub(r"NOT PROVED|BELUM TERBUKTI", "", text)
            assert {"id": "12.345", "en": "12,345"}[lang] in text
            assert "✓" not in text
            body = re.sub(r"(?s)<dl class=\"told\"><dt><span class=\"badge good\">.*?</dl>", "", audit.to_html(lang))
            assert words not in body
            result = audit.to_sarif()
            assert json.loads(result)["runs"][0]["results"][0]["level"] == "note"
            assert json.loads(audit.to_json())["findings"][0]["verdict"] == "unproved"
    assert "NO COUNTEREXAMPLE" in one.said


def test_the_verdict_of_each_finding_stands_beside_it(made, page):
    for finding in made:
        for lang in LANGUAGES:
            assert f">{escaped(verdict(finding)[lang])}<" in page or finding.verdict is Verdict.OBSERVED
    text = made.to_text("en")
    assert text.index("GUARANTEES") < text.index("FLAWS (5)") < text.index("NOT PROVED (1)") < text.index("NOTES")
    assert "NO COUNTEREXAMPLE in 400,000 samples" in text
    assert "replayed by the reference evaluator" in text


# --- both languages ---


def test_every_word_of_a_report_is_said_in_both_languages():
    tables = [FRAME, BUDGET, VERDICTS, MEANINGS, METHODS]
    said = [words for table in tables for words in table.values()]
    said += [w for k in KINDS.values() for w in (k.holds, k.broken, k.act, k.measured, k.unasked or k.act)]
    assert len(said) > 100
    for words in said:
        assert set(words) == {"id", "en"}
        assert all(words.values())
        assert re.findall(r"\{\d\}", words["id"]) == re.findall(r"\{\d\}", words["en"])
    assert set(KINDS) == {k.value for k in Kind}


def test_text_is_in_one_language_and_a_page_in_both(made, page):
    only = {"id": "Angka kredit yang lebih tinggi", "en": "More credit points never lower"}
    for lang, other in (("id", "en"), ("en", "id")):
        assert " ".join(made.to_text(lang).split()).count(only[lang]) == 1
        assert only[other] not in " ".join(made.to_text(lang).split())
    assert all(text in page for text in only.values())
    for wrong in ("fr", "", "both "):
        with pytest.raises(am.ArgumentError):
            made.to_text(wrong)
        with pytest.raises(am.ArgumentError):
            made.to_html(wrong)
    assert 'id="show-en" checked' in made.to_html("en")
    assert 'id="show-id" checked' in made.to_html()


def test_a_claim_in_one_language_is_shown_in_the_other_too():
    one = Finding(Kind.GAP, "x", Verdict.PROVED, {"en": "Everybody is decided."})
    audit = Audit({"policy": "a/b"}, {}, (one,), 1.0)
    assert "✓ Everybody is decided." in audit.to_text("id")
    assert "Everybody is decided." in audit.to_html()


# --- the text ---


@pytest.mark.parametrize("lang", LANGUAGES)
def test_lines_of_the_text_fit_and_end_cleanly(made, lang):
    lines = made.to_text(lang).splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert [line for line in lines if line != line.rstrip()] == []
    assert any("79,5" in line and "80" in line for line in lines) == (lang == "id")


def test_a_pair_is_laid_side_by_side_with_what_differs_first(made):
    found = card(made.of("merit-hurts", "incentive.amount")[0].witness)
    assert [p["en"] for p in found.people] == ["A", "B"]
    assert [told.column for told in found.facts if told.differs] == [found.facts[0].column] == ["points"]
    assert [v["en"] for v in found.facts[0].values] == ["79.5", "80"]
    assert [v["en"] for told in found.answers if told.differs for v in told.values] == ["Rp 954,000", "Rp 900,000"]
    assert any(r.differs for by in found.reasons for r in by["en"])


# --- the page ---


class Page(HTMLParser):
    """Reads a page: that every element is closed, and what it refers to."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.texts = [], [], [], {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attributes]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.setdefault(self.open[-1] if self.open else "", []).append(data)


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_the_page_is_well_formed_and_needs_nothing_else(page):
    read = Page(page)
    assert page.startswith("<!doctype html>\n<html")
    assert {"table", "details", "article", "script", "style"} <= set(read.tags)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & set(read.tags)
    assert not [a for a in read.attributes if a[1] in {"src", "srcset", "action", "style", "ping"}]
    assert not [a for a in read.attributes if a[1].startswith("on")]
    links = [a[2] for a in read.attributes if a[1] == "href"]
    names = [a[2] for a in read.attributes if a[1] == "id"]
    assert links
    assert all(link.startswith("#") and link[1:] in names for link in links)
    assert len(names) == len(set(names))
    (style,), (script,) = read.texts["style"], read.texts["script"]
    assert "url(" not in style
    assert "@import" not in style
    assert "http" not in style + script
    (policy,) = [a[2] for a in read.attributes if a[0] == "meta" and a[1] == "content" and "default-src" in a[2]]
    for text in (style, script):
        assert f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" in policy
    assert "default-src 'none'" in policy


def test_the_page_can_be_read_aloud_and_used_without_a_mouse(page):
    read = Page(page)
    assert ("html", "lang", "id") in read.attributes
    assert read.tags.count("caption") == read.tags.count("table") > 5
    heads = [a for a in read.attributes if a[0] == "th"]
    assert len([a for a in heads if a[1] == "scope"]) == read.tags.count("th")
    assert read.tags.count("h1") == 1
    assert [a for a in read.attributes if a[:2] == ("pre", "tabindex")]
    assert [a for a in read.attributes if a[:2] == ("span", "role")]
    buttons = [a[2] for a in read.attributes if a[:2] == ("button", "data-copy")]
    assert len(buttons) == read.tags.count("button") > 0
    assert all(("pre", "id", name) in read.attributes for name in buttons)


def test_the_page_has_the_scenario_of_each_person(made, page):
    shown = [text.strip() for text in Page(page).texts["pre"]]
    for finding in made:
        if finding.witness is not None and finding.verdict is not Verdict.PROVED:
            assert finding.scenario().strip() in shown


# --- hostile texts ---


@pytest.fixture(scope="module")
def hostile():
    text = audited.FILE.read_text(encoding="utf-8")
    bad = json.dumps(HOSTILE)
    text = text.replace("{id: besaran insentif, en: amount of the incentive}", f"{{id: {bad}, en: {bad}}}")
    text = text.replace("title: {id: Insentif, en: Incentive}", f"title: {{id: {bad}, en: {bad}}}")
    text = text.replace("{id: kota, en: town}", f"{{id: {bad}, en: {bad}}}")
    text = text.replace("en: rating of last year", f"en: {bad}")
    assert text.count("alert(1)") == 7
    document = yaml.safe_load(text.replace("{on: ", "{'on': "))
    document["sources"]["perkada"]["title"] = {"id": HOSTILE, "en": HOSTILE}
    law = am.in_force(am.load(document), on="2026-04-01")
    found = audited.audit(law)
    words = {"id": HOSTILE, "en": HOSTILE}
    more = [attrs.evolve(f, subject=HOSTILE, claim=words, told=words, method=HOSTILE, value=HOSTILE) for f in found]
    return Audit(
        {**law.identity(), "policy": HOSTILE, "readings": {HOSTILE: HOSTILE}, "known": HOSTILE},
        words, (*found, *more), 1.0, {HOSTILE: HOSTILE}, (words,),
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["id", "en", "both"])
def test_a_page_holds_hostile_texts_as_texts(hostile, lang):
    text = hostile.to_html(lang)
    read = Page(text)
    assert read.tags.count("script") == read.tags.count("style") == 1
    assert "img" not in read.tags
    assert text.count("alert(1)") == text.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 50
    assert not [a for a in read.attributes if a[1].startswith("on")]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", text)
    fragment = hostile._repr_html_()
    assert "<script>alert" not in fragment
    assert "alert(1)" in fragment


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_terminal_is_not_steered(hostile, lang):
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e]", hostile.to_text(lang))


def test_data_keeps_hostile_texts_as_they_are(hostile):
    assert json.loads(hostile.to_json())["findings"][-1]["claim"]["en"] == HOSTILE
    assert all(f.scenario() == "" or yaml.safe_load(f.scenario().split("\n---\n")[0]) for f in hostile)
    check_sarif(json.loads(hostile.to_sarif()))


# --- nothing found, nothing asked ---


@pytest.mark.parametrize("kind", [Kind.MERIT, Kind.PROTECTED])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_observed_and_a_flaw_is_headed_neither_as_refuted_nor_as_held(lang, kind):
    one = Finding(kind, "x", Verdict.OBSERVED, {"en": "a claim"}, {"en": "of nobody"}, flaw=True)
    audit = Audit({"policy": "a/b"}, {}, (one,), 1.0)
    words = KINDS[kind.value]
    for text in (audit.to_text(lang), audit.to_html(lang), audit.to_sarif()):
        said = " ".join(re.sub(r'(?s)"rules": \[.*?"results"', "", text).split())
        assert not [w for w in (words.broken, words.holds, words.act) if w[lang] in said]
        assert "of nobody" in said
    for text in (audit.to_text(lang), audit.to_html(lang)):
        assert words.measured[lang] in text
        assert words.unasked[lang] in " ".join(text.split())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_empty_audit_says_that_nothing_was_examined(lang):
    empty = Audit({"policy": "a/b"}, {}, (), 0.0)
    assert FRAME["no_claims"][lang] in empty.to_text(lang)
    assert VERDICTS["proved"][lang] not in empty.to_text(lang)
    read = Page(empty.to_html(lang))
    assert "script" not in read.tags
    assert FRAME["no_claims"][lang] in empty.to_html(lang)
    assert json.loads(empty.to_json())["findings"] == []
    assert json.loads(empty.to_sarif())["runs"][0]["results"] == []
    assert empty._repr_html_()
    assert scenario_files(empty) == ()


def test_every_kind_with_every_verdict_can_be_shown():
    law = audited.law()
    pair = Witness((audited.person(law), audited.person(law, points=80)), ("points",))
    one = Witness((audited.person(law),), values=("bonus", "absent_days"))
    found = [
        Finding(kind, "incentive", state, audited.both("a", "b"), {}, witness, 1, flaw)
        for kind in Kind
        for state in Verdict
        for witness in (None, one, pair)
        for flaw in ((False, True) if state is Verdict.COUNTEREXAMPLE else (False,))
        if witness is None or state is not Verdict.UNPROVED
    ]
    assert len(found) == 15 * (6 + 1 + 3 + 3)
    audit = Audit(law.identity(), MappingProxyType({}), tuple(found), 1.0)
    for lang in LANGUAGES:
        assert audit.to_text(lang)
        Page(audit.to_html(lang))
    check_sarif(json.loads(audit.to_sarif()))


# --- SARIF ---

TEXT = {"type": "object", "properties": {"text": {"type": "string", "minLength": 1}}, "required": ["text"]}
LOCATION = {
    "type": "object",
    "properties": {
        "physicalLocation": {
            "type": "object",
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9%/._~+-]+$"}},
                    "required": ["uri"],
                },
                "region": {
                    "type": "object",
                    "properties": {
                        "startLine": {"type": "integer", "minimum": 1},
                        "startColumn": {"type": "integer", "minimum": 1},
                    },
                    "required": ["startLine"],
                },
            },
            "required": ["artifactLocation"],
        },
    },
}
RESULT = {
    "type": "object",
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
    },
    "required": ["message", "ruleId", "ruleIndex", "level", "partialFingerprints"],
}
RULE = {"type": "object", "required": ["id", "shortDescription", "fullDescription", "help"]}
DRIVER = {
    "type": "object",
    "properties": {"name": {"const": "asnmerit"}, "rules": {"type": "array", "uniqueItems": True, "items": RULE}},
    "required": ["name", "version", "rules"],
}
SARIF = {
    "type": "object",
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "properties": {
                    "tool": {"type": "object", "properties": {"driver": DRIVER}, "required": ["driver"]},
                    "results": {"type": "array", "items": RESULT},
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                },
                "required": ["tool", "results"],
            },
        },
    },
    "required": ["version", "runs"],
}
"""What SARIF 2.1.0 requires of the parts that are written."""


def check_sarif(data):
    jsonschema.Draft202012Validator(SARIF).validate(data)
    (run,) = data["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
    prints = [tuple(result["partialFingerprints"].values()) for result in run["results"]]
    assert len(prints) == len(set(prints))
    return run


def test_sarif_shows_flaws_by_weight_and_never_what_is_proved(made):
    run = check_sarif(json.loads(made.to_sarif()))
    levels = {(r["ruleId"], r["properties"]["subject"]): r["level"] for r in run["results"]}
    assert levels == {
        ("merit-hurts", "incentive.amount"): "error",
        ("protected-matters", "incentive"): "error",
        ("gap", "incentive"): "error",
        ("dead-rule", "other.never"): "warning",
        ("cliff", "incentive.amount"): "warning",
        ("redundant-rule", "incentive.perintis"): "note",
        ("conflict", "incentive"): "note",
    }
    assert run["properties"]["counts"]["proved"] == 2


def test_sarif_names_the_line_of_the_policy(made):
    lines = audited.FILE.read_text(encoding="utf-8").splitlines()
    run = json.loads(made.to_sarif({made.flaws[0].position.file: "aturan daerah/insentif.yaml"}))["runs"][0]
    found = {r["ruleId"]: r for r in run["results"]}
    for kind, text in (("merit-hurts", "bonus"), ("dead-rule", "never"), ("protected-matters", "perintis")):
        (place,) = found[kind]["locations"]
        region = place["physicalLocation"]["region"]
        around = "\n".join(lines[region["startLine"] - 2 : region["startLine"] + 1])
        assert text in around
    places = [r["locations"][0]["physicalLocation"] for r in found.values() if "locations" in r]
    assert [p["artifactLocation"]["uri"] for p in places] == ["aturan%20daerah/insentif.yaml"] * len(places)


def test_a_finding_keeps_its_fingerprint_when_its_person_or_line_changes(made):
    def prints(audit):
        return [r["partialFingerprints"] for r in json.loads(audit.to_sarif())["runs"][0]["results"]]

    law = audited.law()
    other = Witness((audited.person(law), audited.person(law, points=81)), ("points",), ("incentive",))
    moved = [
        attrs.evolve(f, witness=other if f.kind is Kind.MERIT and f.witness else f.witness, about=About()) for f in made
    ]
    assert prints(attrs.evolve(made, findings=tuple(moved))) == prints(made)
    assert len(prints(made)) == 7


# --- a large audit ---


def test_a_page_of_many_flaws_stays_small_and_says_what_it_leaves_out(made):
    flaw = made.of("merit-hurts", "incentive.amount")[0]
    many = attrs.evolve(made, findings=(flaw,) * 200)
    page, text = many.to_html(), many.to_text("en")
    assert 0 < page.count('class="derivation"') < 200
    assert page.count("The derivation is left out") == 200 - page.count('class="derivation"')
    assert text.count("The derivation is left out") == 150
    assert len(page) < 3_000_000
    assert "The derivation is left out" not in made.to_html() + made.to_text("en")


def test_nobody_is_told_to_delete_two_rules_that_cover_each_other():
    assert "not both" in KINDS["redundant-rule"].act["en"]
    assert "bukan keduanya" in KINDS["redundant-rule"].act["id"]
