"""The JSON Schema of the format: what loads it accepts, a misspelt key it refuses, and it lists what is read."""

import copy
from pathlib import Path

import jsonschema
import pytest
import yaml

import asnmerit as am
from asnmerit.rules import surface
from asnmerit.rules.format_reference import json_schema, reference_markdown
from asnmerit.rules.shapes import key_of, keys_of

CASES = Path(__file__).parent / "cases"
BUNDLED = sorted(p for p in (Path(am.__file__).parent / "policies").rglob("*.yaml") if "scenarios" not in p.name)
GOOD = sorted(p for p in (CASES / "good").glob("*.yaml") if not p.name.endswith(".expect.yaml"))
PARENTS = sorted((CASES / "policies").rglob("*.yaml"))
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


class EditorLoader(yaml.CSafeLoader):
    """As an editor reads YAML: days stay text."""


EditorLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def as_editor(path):
    loader = EditorLoader(path.read_text(encoding="utf-8"))
    return loader.get_single_data()


def faults_of(document):
    return [f"{'/'.join(map(str, e.absolute_path))}: {e.message[:120]}" for e in VALIDATOR.iter_errors(document)]


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [*BUNDLED, *GOOD, *PARENTS], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_what_loads_is_accepted(path):
    assert faults_of(as_editor(path)) == []


def entries_below(node, path=()):
    """Every mapping of a document with its place."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from entries_below(value, (*path, key))
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from entries_below(value, (*path, i))


FIXED = [
    (),
    ("effective",),
    ("types", "education"),
    ("facts", "courses"),
    ("facts", "courses", "of", "hours"),
    ("checks", "not_future"),
    ("derived", "bounded"),
    ("sources", "law-1"),
]


@pytest.mark.parametrize("place", FIXED, ids="/".join)
def test_a_misspelt_key_is_refused(place):
    document = as_editor(CASES / "good" / "facts.yaml")
    node = document
    for key in place:
        node = node[key]
    assert isinstance(node, dict)
    node["lable"] = "x"
    assert faults_of(document)
    with pytest.raises(am.PolicyError, match="shape-unknown-key"):
        am.load(document)


@pytest.mark.parametrize(
    ("file", "place"),
    [
        ("decisions", ("decisions", "increase")),
        ("decisions", ("decisions", "increase", "outcome", "after")),
        ("decisions", ("rules", "fast")),
        ("decisions", ("rankings", "seniority")),
        ("decisions", ("rankings", "seniority", "by", 0)),
        ("conditions", ("conditions", "exam_or_exempt")),
        ("conditions", ("conditions", "exam_or_exempt", "except", "high_superior")),
        ("conditions", ("conditions", "changed", "versions", 1)),
        ("indicators", ("indicators", "quality")),
        ("indicators", ("indicators", "quality", "raters", "boss")),
        ("indicators", ("indicators", "quality", "round")),
        ("indicators", ("scores", "dated", "versions", 0)),
        ("dated", ("parameters", "minimum")),
        ("dated", ("parameters", "minimum", "versions", 0)),
        ("dated", ("parameters", "minimum", "versions", 0, "disputed", 0)),
        ("tables", ("tables", "bands")),
        ("tables", ("tables", "bands", "by", "mark")),
        ("tables", ("tables", "dated", "versions", 1)),
        ("pauh", ("delegates", "conditions_share")),
        ("pauh", ("delegates", "conditions_share", "within")),
    ],
    ids=str,
)
def test_a_misspelt_key_is_refused_everywhere(file, place):
    document = as_editor(CASES / "good" / f"{file}.yaml")
    assert faults_of(document) == []
    node = document
    for key in place:
        node = node[key]
    node["lable"] = "x"
    assert faults_of(document)
    with pytest.raises(am.PolicyError, match="shape-unknown-key"):
        am.load(document, search=[CASES / "policies"])


@pytest.mark.parametrize("key", [key_of(f) for f in keys_of(surface.Document) if f.metadata["required"]])
def test_what_is_required_is_required(key):
    document = copy.deepcopy(as_editor(CASES / "good" / "facts.yaml"))
    del document[key]
    assert faults_of(document)
    with pytest.raises(am.PolicyError):
        am.load(document)


def test_a_policy_read_as_an_editor_reads_it_loads_to_the_same_law():
    """The mapping that YAML's own reader gives means what the file means, where nothing was guessed otherwise."""
    for path in GOOD:
        day = yaml.safe_load(path.with_suffix(".expect.yaml").read_text(encoding="utf-8"))[0]["day"]
        policies = [am.load(source, search=[CASES / "policies"]) for source in (path, as_editor(path))]
        meanings = {am.in_force(policy, on=str(day)).meaning for policy in policies}
        assert len(meanings) == 1, path.name


def test_every_key_of_the_format_stands_on_the_reference_page_and_in_a_case():
    page = reference_markdown()
    used = {key for path in [*GOOD, *PARENTS, *BUNDLED] for _, node in entries_below(as_editor(path)) for key in node}
    unused = set()
    for form in vars(surface).values():
        if isinstance(form, type) and hasattr(form, "__attrs_attrs__"):
            for field in keys_of(form):
                assert f"`{key_of(field)}`" in page
                if not {key_of(field), field.metadata["alias"]} & used:
                    unused.add(f"{form.__name__}.{key_of(field)}")
    assert not unused, "no good case uses these keys"
