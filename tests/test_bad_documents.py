"""Every fault of the catalogue: a document that has it, the place it is reported at, and the near miss.

A case is a document that begins with one line for each diagnostic, in order:
`# expect: CODE [FILE:]LINE:COLUMN [near NAME ...]`, the file where it is another one. A line `# expand: @ 41 [`
makes each @ stand for 41 times the rest.
"""

import functools
import re
from pathlib import Path

import attrs
import pytest

import asnmerit as am
from asnmerit.diagnostics import CATALOGUE

CASES = Path(__file__).parent / "cases"
DOCUMENTS = sorted((CASES / "bad").glob("*.yaml"))
EXPECT = re.compile(
    r"# expect: (?P<code>[a-z-]+) (?:(?P<file>[a-z_]+\.yaml):)?(?P<line>\d+):(?P<column>\d+)(?: near (?P<near>.+))?\Z"
)
EXPAND = re.compile(r"# expand: (\S) (\d+) (.+)\Z")


@attrs.frozen
class Expected:
    """One diagnostic. `file` is set where it is not the file of the case."""

    line: int
    column: int
    code: str
    near: tuple[str, ...] = ()
    file: str = ""


def expected_of(path):
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    found = [EXPECT.match(line) for line in lines if line.startswith("# expect:")]
    assert found, f"{path.name} expects nothing"
    assert all(found), f"{path.name} has an expectation that cannot be read"
    return [
        Expected(int(m["line"]), int(m["column"]), m["code"], tuple((m["near"] or "").split()), m["file"] or "")
        for m in found
    ]


def content_of(path):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw
    header, marks = [], []
    lines = text.splitlines(keepends=True)
    while lines and lines[0].startswith(("# expect:", "# expand:")):
        line = lines.pop(0)
        header.append(line)
        marks += [m.groups() for m in [EXPAND.match(line.rstrip("\n"))] if m]
    body = "".join(lines)
    for mark, times, piece in marks:
        body = body.replace(mark, piece * int(times))
    return ("".join(header) + body).encode()


@functools.cache
def diagnostics_of(path, folder):
    """Everything reported on a document: the faults that stop it, or the warnings that do not."""
    copy = folder / path.name
    copy.write_bytes(content_of(path))
    try:
        return am.load(copy, search=[CASES / "policies"]).warnings
    except am.PolicyError as error:
        return error.diagnostics


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("bad")


def as_expected(found, path):
    files = [Path(d.position.file).name for d in found]
    return [
        Expected(d.position.line, d.position.column, d.code, d.near, "" if file == path.name else file)
        for d, file in zip(found, files, strict=True)
    ]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_each_fault_is_reported_at_its_place(path, folder):
    found = diagnostics_of(path, folder)
    assert as_expected(found, path) == expected_of(path), "\n".join(map(str, found))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_each_report_can_be_read(path, folder):
    for found in diagnostics_of(path, folder):
        text = str(found)
        assert text.startswith(
            f"{found.position.file}:{found.position.line}:{found.position.column}: {found.severity}["
        )
        assert set(re.findall(r"\{(\w+)\}", found.kind.message)) <= set(found.fields), "a field is missing"
        assert len(text) < 1_000
        assert found.to_dict()["code"] == found.code


def test_every_code_of_the_catalogue_has_a_case():
    covered = {expected.code for path in DOCUMENTS for expected in expected_of(path)}
    # Those of scenarios have their cases in tests/cases/bad_scenarios: tests/test_scenarios.py.
    assert sorted(covered) == sorted(code for code in CATALOGUE if not code.startswith("scenario-"))


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_a_case_is_named_after_a_fault_that_it_has(path):
    codes = {expected.code for expected in expected_of(path)}
    assert path.stem == "many-faults" or any(path.stem.startswith(code) for code in codes)


def test_all_faults_are_reported_at_once(folder):
    found = diagnostics_of(CASES / "bad" / "many-faults.yaml", folder)
    assert len({d.code for d in found}) >= 12
    assert [d.position for d in found] == sorted(d.position for d in found)
