"""Scenarios: what files may say, what fails and how it is told, what is reached, and the ways to run them."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

import asnmerit as am
from asnmerit.cli import main
from asnmerit.diagnostics import CATALOGUE
from asnmerit.scenarios import coverage, files, read_book, run_book, run_scenarios
from asnmerit.scenarios.book import book_of
from asnmerit.scenarios.coverage import units
from asnmerit.scenarios.page import page
from asnmerit.scenarios.running import Laws
from asnmerit.scenarios.telling import as_data, told, told_coverage

CASES = Path(__file__).parent / "cases"
SMALL = CASES / "scenarios" / "small.scenarios.yaml"
POLICIES = Path(am.__file__).parent / "policies"
BAD = sorted((CASES / "bad_scenarios").glob("*.yaml"))
EXPECT = re.compile(r"# expect: (?P<code>[a-z-]+) (?P<line>\d+):(?P<column>\d+)(?: near (?P<near>.+))?\Z")
HEAD = "scenarios: 1\npolicy: small\non: 2024-05-02\n"
PERSON = "facts: {grade: high, points: 60, days: [], since: 2020-02-29, marks: {2023: 7, 2022: 8}}"


class Reader(HTMLParser):
    """Collects what a page says, and what it leaves open."""

    def __init__(self):
        super().__init__()
        self.open, self.said = [], []

    def handle_starttag(self, tag, _attrs):
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.said.append(data)


def case(expect, *, facts=PERSON, more=""):
    """The results of a file with one case."""
    text = f"{HEAD}cases:\n  one:\n    {facts}\n    expect: {expect}\n{more}"
    return run_book(book_of(text, str(SMALL.parent / "one.yaml")))


def expected_of(path):
    found = [EXPECT.match(line) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# exp")]
    assert found and all(found)
    return [(m["code"], int(m["line"]), int(m["column"]), tuple((m["near"] or "").split())) for m in found]


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_each_fault_of_a_file_is_reported_at_its_place(path):
    book = attrs.evolve(book_of(path.read_bytes(), str(path)), file=str(SMALL.parent / path.name))
    results = run_book(book)
    found = book.diagnostics if book.faulty else [d for result in results for d in result.diagnostics]
    told_ = [(d.code, d.position.line, d.position.column, d.near) for d in found]
    assert sorted(told_) == sorted(expected_of(path)), "\n".join(map(str, found))
    assert all(str(d).startswith(f"{path}:{d.position.line}:") for d in found)
    assert results and not any(r.passed for r in results), "nothing of a file with faults counts"


def test_every_code_for_scenarios_has_a_case():
    covered = {code for path in BAD for code, *_ in expected_of(path)} | {"scenario-file-name"}
    assert {code for code in CATALOGUE if code.startswith("scenario-")} <= covered


def test_every_key_of_the_format_is_used_by_a_case():
    from asnmerit.rules.shapes import key_of, keys_of
    from asnmerit.scenarios import form

    used = set(re.findall(r"\b([a-z_]+):", "".join(p.read_text(encoding="utf-8") for p in files([POLICIES]))))
    used |= set(re.findall(r"\b([a-z_]+):", SMALL.read_text(encoding="utf-8")))
    forms = (form.ScenarioFile, form.Person, form.Case, form.Expected, form.Answer, form.ExpectedFault)
    assert not {key_of(field) for form_ in forms for field in keys_of(form_)} - used


MISMATCHES = {
    "{values: {missed: 1}}": "missed: expected 1, got 0",
    "{values: {missed: unknown}}": "missed: expected unknown, got 0",
    "{values: {each_missed: [1]}}": "each_missed: expected 1 rows, got 0 rows",
    "{values: {wanted: 50}}": "wanted: expected 50, got 60",
    "{values: {months: [4]}}": "months: expected 4, got 4, 10",
    "{values: {enough: no}}": "enough: expected no, got yes",
    "{decisions: {prize: refused}}": "prize.status: expected refused, got granted",
    "{decisions: {prize: {status: granted, rule: by_month}}}": "prize.rule: expected by_month, got by_points",
    "{decisions: {prize: {status: granted, rules: by_month}}}": "prize.rules: expected by_month, got by_points",
    "{decisions: {prize: {status: granted, outcome: {amount: 201}}}}": "prize.amount: expected 201, got 200",
    "{decisions: {prize: {status: granted, missing: points}}}": "prize.missing: expected points, got none",
    "{decisions: {prize: {status: granted, because: enough}}}": "prize.because: expected enough, got month",
    "{faults: off-step}": "faults: expected off-step, got the record passes",
}


@pytest.mark.parametrize(("expect", "line"), MISMATCHES.items())
def test_a_mismatch_shows_expected_and_got(expect, line):
    (result,) = case(expect)
    assert not result.passed
    assert [str(m) for m in result.mismatches] == [line]


def test_a_mismatch_shows_the_derivation():
    text = "\n".join(told(case("{values: {missed: 5}}", facts="facts: {days: [{count: 1}, {count: 3}]}"), "en"))
    assert "missed: expected 5, got 4" in text
    assert "missed: 4 = sum of count over days [An invented regulation pasal 5]" in text
    text = "\n".join(told(case("{decisions: {prize: refused}}"), "en"))
    assert "missed (0), required: at most 3" in text
    assert "pasal 1" in text


def test_a_fault_that_was_not_expected_is_a_failure():
    (result,) = case("{values: {missed: 0}}", facts="facts: {points: 101}")
    assert not result.passed
    assert "out-of-range" in str(result.mismatches[0])


def test_a_file_that_cannot_be_read_fails():
    for text in ("", "[1]", "a: [", HEAD, "scenarios: 1\ncases: {}", "\x00"):
        results = run_book(book_of(text, "x.yaml"))
        assert results and not any(r.passed for r in results), text


def test_a_policy_with_faults_or_not_found_fails_every_case(tmp_path):
    results = run_book(book_of(f"{HEAD}cases:\n  one: {{expect: {{values: {{x: 1}}}}}}", str(tmp_path / "x.yaml")))
    assert [d.code for r in results for d in r.diagnostics] == ["scenario-did-not-run"]
    (tmp_path / "small.yaml").write_text("asnmerit: 1\npolicy: small\n")
    results = run_book(book_of(f"{HEAD}cases:\n  one: {{expect: {{values: {{x: 1}}}}}}", str(tmp_path / "x.yaml")))
    assert "faults, the first at" in str(results[0].diagnostics[0])


def test_a_decider_that_is_wrong_is_caught():
    """The same file tests any engine that answers as `decide` does."""
    book = read_book(SMALL)

    def decide(law, record, as_of):
        wrong = {**record, "points": 0} if record.get("points") == 60 else record
        return am.decide(law, wrong, as_of)

    assert all(r.passed for r in run_book(book))
    assert {r.name for r in run_book(book, Laws(), decide) if not r.passed} >= {"by_points"}


# --- coverage ---


def reached_of_small(*names):
    policy = am.load(SMALL.parent / "small.yaml")
    results = [r for r in run_scenarios([SMALL]) if not names or r.name in names]
    (found,) = coverage(results, [policy])
    return found


def test_coverage_counts_what_there_is():
    found = reached_of_small()
    assert found.counts("rule") == (3, 3)
    assert found.counts("side") == (8, 10)
    assert found.counts("row") == (2, 4)  # `low` has its own table; `middle` is asked by nobody
    assert {(u.name, u.detail) for u in found.left} == {
        ("bonus", "low"),
        ("bonus", "middle"),
        ("rules.by_month.requires.month", "met"),
        ("rules.by_month.requires.month", "not met"),
    }


def test_coverage_counts_only_what_an_expectation_rests_on():
    assert reached_of_small("nobody_counted").counts("side") == (0, 10)
    assert reached_of_small("off_the_step").counts("rule") == (0, 3)
    one = reached_of_small("by_points")
    assert one.counts("rule") == (1, 3)
    assert [u.detail for u, cases in one.of("row").items() if cases] == ["high"]
    low = reached_of_small("low_grade_reads_the_other_table")
    assert [u.name for u, cases in low.of("row").items() if cases] == ["other_bonus"]


def test_a_failed_case_reaches_nothing():
    policy = am.load(SMALL.parent / "small.yaml")
    (found,) = coverage(case("{decisions: {prize: refused}}"), [policy])
    assert not any(found.reached.values())


def test_coverage_by_article():
    articles = reached_of_small().by_article()
    assert set(articles) == {f"An invented regulation pasal {n}" for n in (1, 2, 3, 4, 5)}


def test_every_version_counts_by_itself():
    policy = am.load(SMALL.parent / "small.yaml")
    assert len({u.line for u in units(policy) if u.name == "rules.by_month.requires.month"}) == 2


def test_the_page_is_one_whole_document():
    results = [*run_scenarios([SMALL]), *case("{values: {missed: 1}}")]
    text = page(results, [reached_of_small()], "en")
    reader = Reader()
    reader.feed(text)
    assert reader.open == []
    said = " ".join(reader.said)
    assert "13 of 14 cases passed" in said
    assert "missed: expected 1, got 0" in said
    assert "An invented regulation pasal 3: 1 of 3" in said
    assert "http" not in text


def test_text_and_data_say_the_same():
    results = [*run_scenarios([SMALL]), *case("{values: {missed: 1}}")]
    data = as_data(results, [reached_of_small()], "en")
    assert (data["passed"], data["failed"]) == (13, 1)
    assert data["coverage"][0]["row"] == {"reached": 2, "all": 4}
    assert json.loads(json.dumps(data)) == data
    text = "\n".join(told_coverage([reached_of_small()]))
    assert "rows of tables 2 of 4 (50 %)" in text


# --- the command and the plugin ---


def run(*args):
    return CliRunner().invoke(main, ["test", *map(str, args)])


def test_the_command_runs_a_file_a_folder_and_a_policy():
    assert run(SMALL).exit_code == 0
    assert run(SMALL.parent, "--coverage").output.count("not reached: ") == 4
    assert run("indonesia/disiplin").exit_code == 0


def test_the_command_fails_where_a_case_fails_or_too_little_is_reached(tmp_path):
    bad = tmp_path / "x.scenarios.yaml"
    bad.write_text(f"{HEAD}cases:\n  one:\n    {PERSON}\n    expect: {{values: {{missed: 1}}}}\n")
    done = run(bad, "--search", SMALL.parent, "--lang", "en")
    assert done.exit_code == 1
    assert "missed: expected 1, got 0" in done.output
    assert run(SMALL, "--min-rules", "100", "--min-sides", "75").exit_code == 0
    bad.write_text(f"{HEAD}cases:\n  one:\n    {PERSON}\n    expect: {{values: {{missed: 0}}}}\n")
    done = run(bad, "--search", SMALL.parent, "--min-rules", "1")
    assert done.exit_code == 1
    assert "rules granted 0.0 %, 1 % wanted" in done.output


def test_the_command_refuses_to_run_nothing(tmp_path):
    for place in (tmp_path, tmp_path / "none.yaml", "indonesia/nothing"):
        done = run(place)
        assert done.exit_code == 2
        assert "place" in done.output


def test_the_command_writes_json_and_a_page(tmp_path):
    done = run(SMALL, "--format", "json", "--html", tmp_path / "page.html")
    assert json.loads(done.output)["passed"] == 13
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_the_plugin_collects_and_reports(tmp_path):
    bad = tmp_path / "x.scenarios.yaml"
    bad.write_text(
        f"{HEAD}cases:\n  good:\n    {PERSON}\n    expect: {{values: {{missed: 0}}}}\n"
        f"  wrong:\n    {PERSON}\n    expect: {{values: {{missed: 1}}}}\n"
    )
    faulty = tmp_path / "y.scenarios.yaml"
    faulty.write_text(f"{HEAD}cases:\n  good: {{expect: {{values: {{missed: 0}}}}}}\n  faulty: {{expect: {{}}}}\n")
    odd = tmp_path / "z.scenario.yml"
    odd.write_text(bad.read_text())
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "asnmerit.pytest_plugin", "-q", "-c", "/dev/null", "--rootdir", tmp_path,
         "-p", "no:cacheprovider", "--scenario-search", SMALL.parent, "--scenario-lang", "en", tmp_path],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert "1 passed" in done.stdout
    assert "4 failed" in done.stdout, done.stdout
    assert "scenario-file-name" in done.stdout
    assert "missed: expected 1, got 0" in done.stdout
    assert "scenario-expects-nothing" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


# --- which policy, which files, which engine ---


def test_an_own_policy_beside_the_scenarios_is_tested_and_not_the_bundled_one(tmp_path):
    """Whatever the folder and the file are called: the document says which policy it is."""
    bundled = (POLICIES / "indonesia" / "disiplin.yaml").read_text(encoding="utf-8")
    cases = (POLICIES / "indonesia" / "disiplin.scenarios.yaml").read_text(encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(
        bundled.replace("      3: [teguran_lisan, ringan]", "      2: [teguran_lisan, ringan]")
    )
    (tmp_path / "disiplin.scenarios.yaml").write_text(cases)
    done = run(tmp_path, "--lang", "en")
    assert done.exit_code == 1
    assert f"({tmp_path / 'mine.yaml'}): 33 passed, 2 failed" in done.output
    assert "(bundled indonesia/disiplin)" in run("indonesia/disiplin").output
    (tmp_path / "again.yaml").write_text(bundled)
    assert "here are again.yaml, mine.yaml" in run(tmp_path).output


def test_a_folder_to_search_must_be_there(tmp_path):
    assert run(SMALL, "--search", tmp_path / "none").exit_code == 2
    with pytest.raises(am.ArgumentError):
        Laws([tmp_path / "none"])


def test_what_would_be_passed_over_is_told(tmp_path):
    good = SMALL.read_text(encoding="utf-8")
    for name in ("a.scenario.yaml", "b.SCENARIOS.YAML", "c.Scenarios.yml"):
        (tmp_path / name).write_text(good)
    (tmp_path / "d.scenarios.yml").write_text(good)
    (tmp_path / "broken.scenarios.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder.scenarios.yaml").mkdir()
    done = run(tmp_path, "--search", SMALL.parent)
    assert done.exit_code == 1
    assert done.output.count("scenario-file-name") == 3
    assert done.output.count("document-unreadable") == 2
    assert "13 passed, 0 failed" in done.output


def test_a_minimum_is_a_number():
    assert run(SMALL, "--min-rules", "nan").exit_code == 2


def test_a_policy_of_the_folder_without_scenarios_is_in_the_coverage(tmp_path):
    for file in SMALL.parent.glob("small.*"):
        (tmp_path / file.name).write_text(file.read_text(encoding="utf-8"))
    other = (SMALL.parent / "small.yaml").read_text(encoding="utf-8").replace("policy: small", "policy: other")
    (tmp_path / "other.yaml").write_text(other)
    done = run(tmp_path, "--min-rules", "100")
    assert done.exit_code == 1
    assert "other: rules granted 0.0 %, 100 % wanted" in done.output


def test_an_engine_that_raises_or_gives_nothing_fails_the_case():
    book = read_book(SMALL)

    def raises(_law, _record, _as_of):
        raise ZeroDivisionError

    for engine, said in ((raises, "ZeroDivisionError"), (lambda *_: None, "NoneType")):
        results = run_book(book, Laws(), engine)
        assert not any(r.passed for r in results)
        assert said in str(results[0].diagnostics[0])


def test_faults_are_exactly_those_expected():
    facts = "facts: {points: 101, grade: none}"
    assert case("{faults: [out-of-range, unknown-member]}", facts=facts)[0].passed
    assert case("{faults: [{code: unknown-member, fact: grade}, out-of-range]}", facts=facts)[0].passed
    for expect in ("out-of-range", "[out-of-range, out-of-range, unknown-member]", "[out-of-range, out-of-range]"):
        assert not case(f"{{faults: {expect}}}", facts=facts)[0].passed
    assert case("{faults: {code: out-of-range, fact: points}}", facts="facts: {points: 101}")[0].passed


def test_what_speaks_against_a_rule_of_others_is_no_reason():
    text = """scenarios: 1
policy: indonesia/disiplin
on: 2024-12-31
cases:
  one:
    facts: {employment: pppk, absences: []}
    expect: {decisions: {hukuman_tidak_masuk_kerja: {status: refused, because: %s}}}
"""
    for reason, passed in (("banded", False), ("applies", True)):
        (result,) = run_book(book_of(text % reason, "x.yaml"))
        assert result.passed is passed
    sides = {u.name for u, cases in coverage([result], [am.load("indonesia/disiplin")])[0].reached.items() if cases}
    assert sides == {"hukuman_tidak_masuk_kerja.applies"}


def test_shares_are_never_rounded_up_and_their_order_does_not_change():
    outputs = {
        subprocess.run(
            [sys.executable, "-m", "asnmerit", "test", "indonesia/kinerja", "--coverage", "--format", "json"],
            capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent,
            env={"PYTHONHASHSEED": seed, "PATH": "", "PYTHONPATH": "."},
        ).stdout
        for seed in ("0", "1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
    found = reached_of_small("by_points")
    assert found.shown_share("rule") == "33 %"
    nothing = attrs.evolve(found, reached={})
    assert nothing.shown_share("row") == ""
