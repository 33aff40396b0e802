"""What a hostile or broken document can do: be refused by name, soon. No other error comes out of `load`, ever."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.rules import document, syntax

BUNDLED = Path(am.__file__).parent / "policies"
TEXTS = [(BUNDLED / f"{name}.yaml").read_text(encoding="utf-8") for name in am.policies()]
HEAD = """asnmerit: 1
policy: case/hostile
title: A case
effective: {from: 2020-01-01}
enacted: 2020-01-01
"""
PLAIN = {
    "asnmerit": 1,
    "policy": "case/hostile",
    "title": "A case",
    "effective": {"from": "2020-01-01"},
    "enacted": "2020-01-01",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("hostile")


def codes(folder, content, name="case.yaml"):
    """What is wrong with a document; nothing else may be raised."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    return codes_of(path)


def codes_of(source, **options):
    try:
        am.load(source, **options)
    except am.PolicyError as error:
        assert error.diagnostics
        assert str(error)
        return [d.code for d in error.diagnostics]
    except am.AsnmeritError as error:
        return [type(error).__name__]
    return []


def asked(folder, content):
    """A document that loads after all can be asked, and answers or refuses by name."""
    if codes(folder, content):
        return
    try:
        law = am.in_force(am.load(folder / "case.yaml"), on="2026-04-01")
        decision = am.decide(law, {})
    except am.AsnmeritError:
        return
    for lang in ("id", "en"):
        assert str(am.explain(decision, lang=lang))
    assert json.loads(decision.to_json())


def derived(folder, expression, more=""):
    lines = "\n".join("      " + line for line in expression.splitlines() or [""])
    return codes(folder, f"{HEAD}{more}derived:\n  x:\n    is: |-\n{lines}\n")


# --- the document ---


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "document-empty"),
        (b"# only this\n", "document-empty"),
        (b"\xff\xfe\x00", "document-unreadable"),
        (b"\x00", "document-unreadable"),
        (b"a: \x07", "document-unreadable"),
        (b"\xef\xbb\xbf" + HEAD.encode() + b"facs: {}\n", "shape-unknown-key"),
        ("a: \ud800".encode("utf-8", "surrogatepass"), "document-unreadable"),
        ("a: \ufeff\x85\u2028", "shape-unknown-key"),
        ("#" * (document.MAX_CHARACTERS + 1), "document-size"),
        ("x" * 9_000_000, "document-size"),
        ("[" * 200_000, "document-depth"),
        ("{a: " * 200_000, "document-depth"),
        ("- " * 200_000, "document-depth"),
        ("? " * 200_000, "document-depth"),
        ("a:\n" + "".join(" " * i + "a:\n" for i in range(1, 1_000)), "document-depth"),
        ("[" + "a," * 300_000 + "]", "document-nodes"),
        ("a: &x [1]\nb: *x\n", "document-alias"),
        ("a: *x\n", "document-alias"),
        ("&a a: 1\n", "document-alias"),
        (HEAD + "<<: {note: x}\n", "document-alias"),
        (HEAD + "--- \na: 1\n", "document-several"),
        (HEAD + "note: !!python/object/apply:os.system [ls]\n", "document-tag"),
        (HEAD + "note: !!python/name:os.system\n", "document-tag"),
        (HEAD + "note: !!binary aGk=\n", "document-tag"),
        (HEAD + "note: !<tag:yaml.org,2002:int> 3\n", "document-tag"),
        ("%YAML 9.9\n---\na: 1\n", "document-syntax"),
        ("%TAG ! tag:x,2000:\n---\n!a b\n", "document-tag"),
        (HEAD + "note: a\nnote: b\n", "duplicate-key"),
        (HEAD + "? [a, b]\n: 1\n", "shape-kind"),
        (HEAD + "? {a: b}\n: 1\n", "shape-kind"),
        ("- 1\n- 2\n", "shape-kind"),
        ("just words", "shape-kind"),
        ("null", "shape-kind"),
        ("@", "document-syntax"),
        ("a: b: c", "document-syntax"),
        ("\ta: b", "document-syntax"),
        ("a: 'b", "document-syntax"),
        (HEAD.replace("case/hostile", "../../etc/passwd"), "shape-name"),
        (HEAD.replace("case/hostile", "/etc/passwd"), "shape-name"),
        (HEAD.replace("asnmerit: 1", "asnmerit: 1.0"), "format-version"),
        (HEAD.replace("asnmerit: 1", "asnmerit: 0x1"), "format-version"),
        (HEAD.replace("2020-01-01", "0000-00-00"), "shape-date"),
        (HEAD.replace("2020-01-01", "99999-01-01"), "shape-date"),
    ],
)
def test_a_document_that_is_none_is_refused(folder, content, code):
    assert code in codes(folder, content)


def test_a_billion_laughs_make_nobody_laugh(folder):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True)]
    assert codes(folder, "\n".join(lines)) == ["document-alias"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "document-syntax"),
        ("[" * 200_000, "document-depth"),
        ('{"a":' * 200_000, "document-depth"),
        ("[" * 100 + "]" * 100, "document-depth"),
        ("[" + "1," * 300_000 + "1]", "document-nodes"),
        ('{"asnmerit": 1, "asnmerit": 1}', "duplicate-key"),
        ('{"asnmerit": NaN}', "format-version"),
        ('{"asnmerit": 1e400}', "format-version"),
        ('{"asnmerit": ' + "9" * 10_000 + "}", "format-version"),
        ('{"policy": "\\ud800"}', "document-unreadable"),
        ('{"\\ud800": 1}', "document-unreadable"),
        ("[1, 2]", "shape-kind"),
        ('"text"', "shape-kind"),
        ("{'a': 1}", "document-syntax"),
        ('{"a": 1}{"b": 2}', "document-syntax"),
    ],
)
def test_json_meets_the_same_limits(folder, content, code):
    assert code in codes(folder, content, "case.json")


def test_json_and_yaml_say_the_same(folder):
    text = json.dumps({**PLAIN, "facts": {"active": {"type": "bool"}}, "derived": {"idle": "not active"}})
    assert codes(folder, text, "case.json") == []
    assert codes(folder, text, "case.yaml") == []


# --- expressions ---


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("1" + "+1" * syntax.MAX_LENGTH, "expression-length"),
        ("1" + "+1" * (syntax.MAX_TOKENS // 2), "expression-depth"),
        ("(" * 1_500 + "1" + ")" * 1_500, "expression-depth"),
        ("[" * 1_500, "expression-depth"),
        ("not " * 900 + "1", "expression-depth"),
        ("not(" * 61 + "1" + ")" * 61, "expression-depth"),
        ("-" * 900 + "1", "expression-depth"),
        ("- -" * 300 + "1", "expression-depth"),
        ("1 if 1 else " * 300 + "1", "expression-depth"),
        ("1" + " - 1" * 100, "expression-depth"),
        ("as_of" + "[1]" * 100, "expression-depth"),
        ("as_of" + ".a" * 100, "expression-depth"),
        ("max(" * 59 + "1" + ", 1)" * 59, "expression-depth"),
        ("9" * 31, "shape-digits"),
        ("0." + "9" * 31, "shape-digits"),
        ("1e400", "expression-construct"),
        ("1E3", "expression-construct"),
        ("0x1F", "expression-construct"),
        ("1_000", "expression-construct"),
        ("1j", "expression-construct"),
        ("1.2.3", "expression-construct"),
        ("007", "expression-syntax"),
        ("\u0661", "expression-construct"),
        ("\uff11", "expression-construct"),
        ("\uff41s_of", "expression-construct"),
        ("as\u200b_of", "expression-construct"),
        ("\ufb01", "expression-construct"),
        ("x\x00y", "document-unreadable"),
        ("'a' 'b'", "expression-construct"),
        ("b'a'", "expression-construct"),
        ("f'{as_of}'", "expression-construct"),
        ("rb'a'", "expression-construct"),
        ("'''a'''", "expression-construct"),
        ("'\\x41'", "expression-construct"),
        ("__import__('os').system('ls')", "expression-construct"),
        ("().__class__.__bases__", "expression-construct"),
        ("as_of.__class__", "unknown-name"),
        ("__builtins__", "unknown-name"),
        ("eval('1')", "unknown-function"),
        ("open('x')", "unknown-function"),
        ("(lambda: 1)()", "expression-construct"),
        ("[x for x in y]", "expression-construct"),
        ("{x for x in y}", "expression-construct"),
        ("{1: 2}", "expression-construct"),
        ("(yield)", "expression-construct"),
        ("(await x)", "expression-construct"),
        ("x := 1", "expression-construct"),
        ("x = 1", "expression-syntax"),
        ("1; 2", "expression-construct"),
        ("1 # 2", "expression-construct"),
        ("1 \\\n+ 1", "expression-construct"),
        ("@x", "expression-construct"),
        ("x @ y", "expression-construct"),
        ("~1", "expression-construct"),
        ("1 << 64", "expression-construct"),
        ("2 ** 99999999", "expression-construct"),
        ("...", "expression-construct"),
        ("*as_of", "expression-syntax"),
        ("max(*as_of)", "expression-construct"),
        ("max(**as_of)", "expression-construct"),
        ("1)+(1", "expression-syntax"),
        ("1) + (as_of", "expression-syntax"),
        ("", "shape-kind"),
        ("   ", "shape-kind"),
        ("True", "expression-construct"),
        ("None", "expression-construct"),
        ("sum(sum(sum(sum(1 for a in m) for b in m) for c in m) for d in m)", "generator-size"),
    ],
)
def test_an_expression_that_is_none_is_refused(folder, expression, code):
    months = "parameters: {m: {type: months, value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}}\n"
    assert code in derived(folder, expression, months)


def test_a_date_written_out_is_refused_with_where_it_stands(folder):
    path = folder / "dated.yaml"
    path.write_text(f"{HEAD}derived:\n  x: {{is: year(as_of) + 2025-04-01}}\n", encoding="utf-8")
    with pytest.raises(am.PolicyError, match="the date 2025-04-01 stands in `parameters:`"):
        am.load(path)


@pytest.mark.parametrize(
    "expression",
    [
        "1 +\n1",
        "(1\n+\n1)",
        "not (" * 10 + "as_of == as_of" + ")" * 10,
        "1" + " + 1" * 50,
        "1" + " < 1" * 400,
        ".5 + 0.50",
        "9" * 18,
        "0." + "0" * 16 + "1",
    ],
)
def test_what_is_only_odd_is_read(folder, expression):
    assert derived(folder, expression) == []


def test_a_number_is_read_from_the_text_not_from_a_float():
    policy = am.load({**PLAIN, "derived": {"x": "0.1 + 0.2", "y": "0.123456789012345678"}})
    values = am.decide(am.in_force(policy, on="2021-01-01"), {}).values
    assert Fraction(values["x"]) == Fraction(3, 10)
    assert Fraction(values["y"]) == Fraction("0.123456789012345678")


# --- sizes that a lawful form can hide ---


def family(members, lines):
    return HEAD + "types:\n  k: {members: [" + ", ".join(f"m{i}" for i in range(members)) + "]}\n" + lines


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (family(1_001, ""), "shape-together"),
        (
            family(
                1_000,
                "facts: {f: {type: integer, from: 0, to: 1, per: k}, g: {type: k}}\nderived:\n"
                "  a: sum(x for x in f)\n"
                "  b: count(x for x in types.k if f[x] > 0)\n  c: f[g]\n"
                "conditions:\n  d: f[g] + f[g] > sum(x for x in f)\n",
            ),
            None,
        ),
        (
            family(
                1_000,
                "facts: {f: {type: integer, from: 0, to: 1, per: k}}\nderived:\n"
                + "".join(f"  a{i}: {{for: {{x: types.k}}, is: '1 + f[x]'}}\n" for i in range(21)),
            ),
            "law-size",
        ),
        (
            family(
                1_000,
                "facts: {f: {type: integer, from: 0, to: 1, per: k}}\nderived:\n"
                + "".join(f"  a{i}: {{for: {{x: types.k}}, is: 'sum(y for y in f)'}}\n" for i in range(500)),
            ),
            "law-size",
        ),
        (
            HEAD
            + "facts: {f: {type: integer, from: 0, to: 1}}\nderived:\n"
            + "".join(f"  a{i}: a{i + 1} + 1\n" for i in range(3_000))
            + "  a3000: f\n",
            None,
        ),
        (HEAD + "derived:\n" + "".join(f"  a{i}: a{(i + 1) % 3_000} + 1\n" for i in range(3_000)), "dependency-cycle"),
        (
            HEAD
            + "facts: {f: {type: integer, from: 1, to: 2}}\nderived:\n  a0: f\n"
            + "".join(f"  a{i + 1}: a{i} * a{i}\n" for i in range(100)),
            "overflow",
        ),
        (
            HEAD + "conditions:\n" + "".join(f"  c{i}: c{i + 1}\n" for i in range(3_000)) + "  c3000: as_of == as_of\n",
            None,
        ),
        (
            HEAD
            + "parameters:\n  p:\n    type: integer\n    versions:\n      - {value: 1}\n"
            + "".join(
                f"      - {{from: {2020 + i // 300}-{i // 25 % 12 + 1:02}-{i % 25 + 2:02}, "
                f"enacted: {2020 + i // 300}-{i // 25 % 12 + 1:02}-{i % 25 + 1:02}, value: {i}}}\n"
                for i in range(2_000)
            )
            + "derived:\n  x: p\n",
            "law-size",
        ),
        (
            HEAD + "tables:\n  t: {by: {a: {type: integer, from: 0, to: 99999}, b: bool}, gives: bool, rows: {}}\n",
            "table-row",
        ),
        (
            HEAD
            + "tables:\n  t: {by: {a: {type: integer, from: 0, to: 99999999999999999999}}, gives: bool, rows: {}}\n",
            "table-row",
        ),
        (HEAD + "parameters: {p: {type: number, value: " + "9" * 30 + "}}\nderived: {x: p}\n", "overflow"),
        (HEAD + "parameters: {p: {type: number, value: 1/" + "9" * 29 + "}}\nderived: {x: p}\n", "overflow"),
        (HEAD + "parameters: {p: {type: number, value: " + "9" * 31 + "}}\n", "shape-digits"),
        (HEAD + "parameters: {p: {type: number, value: 1e9}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: number, value: 0x10}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: number, value: 1_0}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: number, value: .inf}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: number, value: .nan}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: number, value: \u0661}}\n", "shape-number"),
        (HEAD + "parameters: {p: {type: integer, value: 1:30}}\n", "shape-number"),
        (HEAD + "facts: {f: {type: list, up_to: 999999, of: {a: bool}}}\n", "shape-number"),
        (HEAD + "facts: {f: {type: bool, per: year, back: 61}}\n", "shape-number"),
        (HEAD + "facts: {f: {type: bool, label: on, merit: on}}\n", "shape-choice"),
        (HEAD + "facts: {f: {type: number, from: 0, to: 1, step: 0}}\n", "shape-number"),
        (HEAD + "facts: {f: {type: number, from: 0, to: 1, step: -1}}\n", "shape-number"),
        (
            HEAD + "facts: {f: {type: number, from: 0, to: 1, step: 0.0000000000000000000001}}\nderived: {x: f}\n",
            "overflow",
        ),
        (HEAD + "facts: {" + ", ".join(f"f{i}: {{type: nothing{i}}}" for i in range(5_000)) + "}\n", "unknown-name"),
        (HEAD + "conditions:\n  c: " + "{any_of: {a: " * 14 + "as_of == as_of" + "}}" * 14 + "\n", "expression-depth"),
    ],
)
def test_sizes_have_named_limits(folder, content, code):
    found = codes(folder, content)
    assert (code in found) if code else found == []


def test_many_warnings_do_not_hide_a_fault(folder):
    lines = "".join(f"  a{i}: {i + 1000}\n" for i in range(1_000))
    assert set(codes(folder, f"{HEAD}derived:\n{lines}")) == set()
    assert codes(folder, f"{HEAD}derived:\n{lines}  wrong: b\n") == ["unknown-name"]


def test_many_faults_are_reported_up_to_a_limit(folder):
    lines = "".join(f"  a{i}: b{i}\n" for i in range(3_000))
    assert len(codes(folder, f"{HEAD}derived:\n{lines}")) == 500


# --- mappings ---


class Odd:
    def __repr__(self):
        raise RuntimeError

    __str__ = __repr__


def cyclic():
    value = {**PLAIN}
    value["facts"] = value
    return value


def cyclic_list():
    value = []
    value.append(value)
    return {**PLAIN, "facts": value}


def deep():
    value = "x"
    for _ in range(100_000):
        value = {"a": value}
    return {**PLAIN, "facts": value}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({}, "shape-missing"),
        (cyclic(), "document-depth"),
        (cyclic_list(), "document-depth"),
        (deep(), "document-depth"),
        ({**PLAIN, "note": "x" * 3_000_000}, "document-size"),
        ({**PLAIN, "types": {"a": {"members": list(range(300_000))}}}, "document-nodes"),
        ({**PLAIN, 1: 2}, "shape-unknown-key"),
        ({**PLAIN, None: 2}, "shape-unknown-key"),
        ({**PLAIN, (1, 2): 2}, "shape-kind"),
        ({**PLAIN, b"note": 2}, "shape-kind"),
        ({**PLAIN, Odd(): 2}, "shape-kind"),
        ({**PLAIN, "note": Odd()}, "shape-kind"),
        ({**PLAIN, "note": {1, 2}}, "shape-kind"),
        ({**PLAIN, "note": object}, "shape-kind"),
        ({**PLAIN, "note": b"x"}, "shape-kind"),
        ({**PLAIN, "note": "\ud800"}, "document-unreadable"),
        ({**PLAIN, "\ud800": 1}, "document-unreadable"),
        ({**PLAIN, 1: 2, "1": 2}, "duplicate-key"),
        ({**PLAIN, "asnmerit": True}, "format-version"),
        ({**PLAIN, "asnmerit": float("nan")}, "format-version"),
        ({**PLAIN, "asnmerit": 10**10_000}, "format-version"),
        ({**PLAIN, "asnmerit": Decimal("1e999999")}, "format-version"),
        ({**PLAIN, "asnmerit": Decimal("sNaN")}, "format-version"),
        ({**PLAIN, "asnmerit": Fraction(10**10_000, 3)}, "format-version"),
        ({**PLAIN, "asnmerit": 1e308}, "format-version"),
        ({**PLAIN, "asnmerit": None}, "shape-kind"),
    ],
)
def test_a_mapping_meets_the_same_limits(source, code):
    assert code in codes_of(source)


@pytest.mark.parametrize("source", [None, 1, b"indonesia/asn", ["indonesia/asn"], object(), Odd(), True])
def test_what_is_no_source_is_refused(source):
    with pytest.raises(am.ArgumentError):
        am.load(source)


# --- names and paths ---


@pytest.mark.parametrize(
    "name",
    [
        "../asn",
        "indonesia/../indonesia/asn",
        "/etc/passwd",
        "indonesia//asn",
        "indonesia/asn/",
        "./indonesia/asn",
        "",
        ".",
        "..",
        "~",
        "indonesia\\asn",
        "indonesia/asn\n",
        "indonesia/asn\x00",
        "Indonesia/asn",
        "ïndonesia/asn",
        "a" * 100_000,
        "a/" * 10_000 + "a",
        "\ud800",
        "con",
        "nul",
        "file:///etc/passwd",
        "http://example.org/x",
        "indonesia/asn.yaml.bak",
    ],
)
def test_a_name_does_not_leave_the_folders(name, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "asn.yaml").write_text(HEAD.replace("case/hostile", "asn"), encoding="utf-8")
    assert codes_of(name, search=[tmp_path / "in"]) == ["PolicyNotFoundError"]


@pytest.mark.parametrize(
    "path", ["missing.yaml", "\x00.yaml", "\ud800.yaml", "a" * 5_000 + ".yaml", "/.yaml", "/dev/null.yaml"]
)
def test_a_path_that_leads_nowhere(path):
    assert codes_of(path) == ["PolicyNotFoundError"]


def test_folders_and_special_files_are_no_documents(tmp_path):
    (tmp_path / "folder.yaml").mkdir()
    assert codes_of(tmp_path / "folder.yaml") == ["PolicyNotFoundError"]
    assert codes_of(tmp_path) == ["PolicyNotFoundError"]
    assert codes_of(Path("/dev/zero")) == ["PolicyNotFoundError"]


def test_a_link_in_a_search_folder_does_not_lead_out(tmp_path):
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "secret.yaml").write_text(HEAD.replace("case/hostile", "secret"), encoding="utf-8")
    (inside / "secret.yaml").symlink_to(outside / "secret.yaml")
    (inside / "folder").symlink_to(outside)
    (inside / "loop.yaml").symlink_to(inside / "loop.yaml")
    for name in ("secret", "folder/secret", "loop"):
        assert codes_of(name, search=[inside]) == ["PolicyNotFoundError"]
    assert codes_of("secret", search=[outside]) == []


@pytest.mark.parametrize("key", ["extends", "uses"])
@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "a\nb", "a" * 100_000, "A/b", "a//b"])
def test_a_document_does_not_name_what_lies_outside(tmp_path, key, name):
    (tmp_path / "outside.yaml").write_text(HEAD, encoding="utf-8")
    (tmp_path / "in").mkdir()
    said = json.dumps(name if key == "extends" else [name])
    assert set(codes(tmp_path / "in", f"{HEAD}{key}: {said}\n")) <= {"shape-name", "unknown-policy"}


def test_a_policy_in_a_file_of_another_name_is_not_taken_for_it(tmp_path):
    (tmp_path / "a.yaml").write_text(HEAD.replace("case/hostile", "b"), encoding="utf-8")
    assert codes(tmp_path, f"{HEAD}uses: [a]\n") == ["unknown-policy"]


def test_two_thousand_policies_in_a_circle(tmp_path):
    for i in range(2_000):
        (tmp_path / f"p{i}.yaml").write_text(
            HEAD.replace("case/hostile", f"p{i}") + f"uses: [p{(i + 1) % 2_000}]\n", encoding="utf-8"
        )
    assert set(codes_of("p0", search=[tmp_path])) <= {"policy-cycle", "policy-chain"}


# --- at random ---

LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.sampled_from(
        [
            "bool",
            "integer",
            "rank",
            "list",
            "60%",
            "a",
            "x.y",
            "sum(a for a in b)",
            "2020-01-01",
            "as_of",
            "first",
            "collect",
            "1/3",
            "[]",
            "yes",
        ]
    ),
)
KEYS = st.one_of(
    st.text(max_size=5),
    st.sampled_from(
        sorted(
            {
                word
                for text in TEXTS
                for line in text.splitlines()
                for word in [line.strip().split(":")[0]]
                if word.isidentifier()
            }
        )
    ),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=5)),
    max_leaves=30,
)
SECTIONS = [
    "types",
    "facts",
    "checks",
    "indicators",
    "scores",
    "parameters",
    "tables",
    "derived",
    "conditions",
    "decisions",
    "rules",
    "delegates",
    "guarantees",
    "rankings",
    "sources",
    "uses",
    "extends",
    "effective",
]


@given(st.binary(max_size=400))
@example(b"\x85")
def test_any_bytes(folder, content):
    codes(folder, content)
    codes(folder, content, "case.json")


@given(st.text(max_size=400))
def test_any_text(folder, content):
    codes(folder, content)
    codes(folder, HEAD + content)
    codes(folder, content, "case.json")


@given(st.dictionaries(st.sampled_from(SECTIONS), TREES, max_size=6))
def test_any_sections(sections):
    codes_of({**PLAIN, **sections})


@given(
    st.dictionaries(st.sampled_from(SECTIONS), st.dictionaries(st.sampled_from("abc"), TREES, max_size=3), max_size=8)
)
def test_any_entries(sections):
    codes_of({**PLAIN, **sections})


ALPHABET = st.text("abq0123.()[]<>=!+-*/,'\" \nifelsornt_:", max_size=60)


@given(
    st.one_of(
        ALPHABET,
        st.lists(
            st.sampled_from(
                [
                    "a",
                    "b",
                    "rows",
                    "t",
                    "low",
                    "'low'",
                    "not",
                    "and",
                    "or",
                    "if",
                    "else",
                    "(",
                    ")",
                    "[",
                    "]",
                    "+",
                    "-",
                    "*",
                    "/",
                    "==",
                    "<",
                    "in",
                    ",",
                    ".",
                    "n",
                    "sum",
                    "max",
                    "half_up",
                    "for",
                    "r",
                    "default",
                    "=",
                    "1",
                    "0.5",
                    "as_of",
                    "types",
                    ":",
                    "d",
                    "granted",
                    "next",
                    "months_between",
                    "add_months",
                ]
            ),
            max_size=25,
        ).map(" ".join),
    )
)
def test_any_expression(folder, expression):
    more = """types: {level: {order: [low, high]}}
facts:
  a: {type: integer, from: 0, to: 9}
  b: {type: bool}
  l: {type: level}
  rows: {type: list, up_to: 3, of: {n: {type: integer, from: 0, to: 9}, level: level}}
  years: {type: bool, per: year, back: 3}
tables: {t: {by: level, gives: integer, rows: {low: 1, high: 2}}}
decisions: {d: {outcome: {}}}
"""
    derived(folder, expression, more)


def tokens(text):
    found, token = [], ""
    for char in text:
        if char.isalnum() or char in "_.":
            token += char
        else:
            found += [token, char] if token else [char]
            token = ""
    return [*found, token]


SPLIT = [tokens(text) for text in TEXTS]


@settings(max_examples=min(settings().max_examples, 300))  # each loads a whole policy, and asks it
@given(st.data())
def test_mutated_policies(folder, data):
    """Words of a bundled policy are swapped, dropped, doubled or replaced by words of any of them."""
    parts = list(data.draw(st.sampled_from(SPLIT)))
    others = data.draw(st.sampled_from(SPLIT))
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(parts) - 1))
        match data.draw(st.sampled_from(["swap", "drop", "double", "replace", "cut", "digits"])):
            case "swap":
                to = data.draw(st.integers(0, len(parts) - 1))
                parts[at], parts[to] = parts[to], parts[at]
            case "drop":
                parts[at] = ""
            case "double":
                parts[at] *= 2
            case "replace":
                parts[at] = data.draw(st.sampled_from(others))
            case "cut":
                parts[at : at + data.draw(st.integers(1, 40))] = [""]
            case "digits":
                parts[at] = data.draw(
                    st.sampled_from(["0", "-1", "1/3", "99999999999999999999", "0.000000001", "100%"])
                )
    asked(folder, "".join(parts))


@settings(max_examples=min(settings().max_examples, 300))
@given(st.data())
def test_mutated_lines(folder, data):
    """Lines of a bundled policy are dropped, moved or indented otherwise."""
    lines = data.draw(st.sampled_from(TEXTS)).splitlines(keepends=True)
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match data.draw(st.sampled_from(["drop", "move", "indent", "outdent"])):
            case "drop":
                lines[at] = ""
            case "move":
                lines.insert(to, lines.pop(at))
            case "indent":
                lines[at] = "  " + lines[at]
            case "outdent":
                lines[at] = lines[at].removeprefix("  ")
    asked(folder, "".join(lines))


def test_a_total_of_a_field_that_is_not_there_is_a_fault_and_no_more(tmp_path):
    """Found by dropping a line of an outcome from a bundled policy."""
    text = (Path(am.__file__).parent / "policies" / "indonesia" / "tukin.yaml").read_text(encoding="utf-8")
    lines = text.splitlines(keepends=True)
    file, found = tmp_path / "tukin.yaml", 0
    for i in range(len(lines)):
        file.write_text("".join(lines[:i] + lines[i + 1 :]), encoding="utf-8")
        try:
            am.load(file)
        except am.PolicyError as error:
            found += any(d.fields.get("kind") == "field" for d in error.diagnostics)
    assert found
