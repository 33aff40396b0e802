"""The page about other systems: its ratios are those of the benchmark's page, and it says what was missed."""

import re
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "explanation" / "rivals.md").read_text(encoding="utf-8")
BENCH = (ROOT / "bench" / "README.md").read_text(encoding="utf-8")


def table(text):
    lines = [line for line in text.split("\n\n", 1)[0].splitlines() if line.startswith("|")]
    return [[cell.strip().strip("*") for cell in line.strip("|").split("|")] for line in lines]


def stated(name):
    """The rows of a table of the page: engine and ratio."""
    return dict(table(PAGE.split(f"<!-- checked: {name} -->\n", 1)[1])[2:])


def measured(head, column):
    """A column of a table of the benchmark's page."""
    found = table(BENCH[BENCH.index(head) :])
    at = found[0].index(column)
    return {row[0]: row[at] for row in found[2:]}


def test_the_ratios_for_one_person_are_those_of_the_benchmark():
    said, found = stated("rivals one"), measured("| time, as a multiple of", "asnmerit: decide, answer read")
    assert len(said) >= 8
    assert said == {name: found[name] for name in said}
    assert set(found) == set(said), "a row that was left out would flatter"


def test_the_ratios_for_many_people_are_those_of_the_benchmark():
    said, found = stated("rivals many"), measured("| processor time, x hand-written C", "1 million")
    assert len(said) >= 8
    assert said == {name: found[name] for name in said}
    rivals = {"Polars expressions, streaming", "hand-written C", "OpenFisca-core", "hand-written NumPy"}
    assert rivals <= set(said)


def test_rows_are_ordered_by_what_was_measured():
    for name in ("rivals one", "rivals many"):
        numbers = [float(number) for number in stated(name).values()]
        assert numbers == sorted(numbers)


def test_the_range_of_a_short_float_is_what_it_says():
    said = int(re.search(r"exact range of such a float at Rp\s([\d,]+)", PAGE)[1].replace(",", ""))
    assert int(np.float32(said + 1)) == said
    assert all(int(np.float32(said - n)) == said - n for n in range(1000))
    told, right = (int(n.replace(",", "")) for n in re.findall(r"(68,212,2\d\d)", PAGE))
    assert abs(told - right) == np.spacing(np.float32(right)), "one step of such a float at that size"


def test_it_says_which_targets_were_missed():
    missed = re.findall(r"^\| (durable_rules|zen-engine) / .*\| missed", BENCH, re.MULTILINE)
    assert sorted(missed) == ["durable_rules", "zen-engine"], "the targets changed: mend the page"
    assert "**missed both**" in PAGE


def test_every_capability_has_an_answer_for_every_system():
    rows = table(PAGE.split("<!-- checked: rivals -->\n", 1)[1])
    assert len(rows) > 12
    assert {len(row) for row in rows} == {10}
    assert all(all(row) for row in rows)
