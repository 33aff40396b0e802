"""Small policies with a flaw each, some only through arithmetic, and the same policies mended.

Each is a document with holes in braces, what stands in them in the flawed policy, and in the clean one.
"""

from __future__ import annotations

import yaml

import asnmerit as am

DAY = "2026-04-01"
HEAD = {"asnmerit": 1, "title": "Uji", "effective": {"from": "2020-01-01"}, "enacted": "2019-12-01"}


def policy(name="uji/contoh", **sections):
    """A policy as a mapping, of some sections."""
    return {**HEAD, "policy": name, **sections}


def law(name="uji/contoh", **sections):
    """The law of a policy of some sections."""
    return am.in_force(am.load(policy(name, **sections)), on=DAY)


def sections(document, values):
    """The sections of a document with its holes filled."""
    text = yaml.safe_dump(document)
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return yaml.safe_load(text)


def filled(document, values):
    """The law of a document with its holes filled."""
    return law(**sections(document, values))


SCORE = {"type": "number", "from": 0, "to": 100, "step": "0.5", "merit": True}
TYPES = {"types": {"predikat": {"order": ["kurang", "baik", "sangat_baik"]}}}
GRADE = {"type": "predikat", "merit": True}


def one_rule(requires=None, grants=None, kind="benefit", outcome=None, **more):
    decision = {"kind": kind, **({"outcome": outcome} if outcome else {})}
    rule = {"decides": "naik", **({"requires": {"syarat": requires}} if requires else {})}
    rule |= {"grants": grants} if grants else {}
    return {"decisions": {"naik": decision}, "rules": {"satu": rule}, **more}


MERIT = {
    "a ceiling on merit": (
        one_rule("60 <= nilai and nilai < {top}", facts={"nilai": SCORE}),
        {"top": "90"},
        {"top": "101"},
    ),
    "a better grade, a lower amount": (
        one_rule(
            grants={"besar": "300000 if predikat == kurang else ({good} if predikat == baik else 500000)"},
            outcome={"besar": "rupiah"},
            facts={"predikat": GRADE},
            **TYPES,
        ),
        {"good": "299999"},
        {"good": "300000"},
    ),
    "weights, through arithmetic only": (
        one_rule(
            "poin >= 60",
            facts={"predikat": GRADE, "nilai": SCORE},
            derived={"poin": "nilai * {share} + 8 if predikat >= baik else nilai"},
            **TYPES,
        ),
        {"share": "0.85"},  # below at 60 only: 60 * 0.85 + 8 = 59
        {"share": "0.95"},
    ),
    "a burden laid on for more": (
        one_rule("{test}", kind="burden", facts={"nilai": SCORE}),
        {"test": "nilai >= 50"},
        {"test": "nilai < 50"},
    ),
    "a heavier burden by rounding": (
        one_rule(
            grants={"potongan": "half_up((100 - nilai) * {x} / 7, 1) * 7 + nilai"},
            kind="burden",
            outcome={"potongan": "number"},
            facts={"nilai": SCORE},
        ),
        {"x": "1"},
        {"x": "14"},
    ),
    "a finding that says which way is better": (
        one_rule(
            grants={"kelas": "floor(nilai / 10, 1) - ({cut} if nilai >= 50 else 0)"},
            kind="finding",
            outcome={"kelas": {"type": "integer", "better": "higher"}},
            facts={"nilai": SCORE},
        ),
        {"cut": "2"},
        {"cut": "1"},
    ),
}

BLIND = {
    "directly": (one_rule("{test}", facts={"asal": {"type": "bool"}, "nilai": SCORE}),
                 {"test": "nilai >= (60 if asal else 59.5)"}, {"test": "nilai >= (60 if asal else 60)"}),
    "through a zone table": (
        one_rule(
            "nilai + tambahan >= 80",
            facts={"asal": {"type": "integer", "from": 0, "to": 3}, "nilai": SCORE},
            tables={"zona": {"by": {"asal": {"type": "integer", "from": 0, "to": 3}}, "gives": "integer",
                             "rows": {0: 0, 1: 0, 2: "{third}", 3: 0}}},
            derived={"tambahan": "zona[asal]"},
        ),
        {"third": "1"},
        {"third": "0"},
    ),
    "one rupiah, through arithmetic only": (
        one_rule(
            grants={"besar": "min(nilai * 10000 + asal, {cap})"},
            outcome={"besar": "number"},
            facts={"asal": {"type": "integer", "from": 0, "to": 1}, "nilai": {**SCORE, "from": 50}},
        ),
        {"cap": "500001"},
        {"cap": "500000"},
    ),
    "which of the rules that are collected pays": (
        {
            "facts": {"asal": {"type": "bool"}},
            "decisions": {"tunjangan": {"hit": "collect", "outcome": {"besar": "rupiah"}}},
            "rules": {
                "satu": {"decides": "tunjangan", "requires": {"x": "{test}"}, "grants": {"besar": "5"}},
                "dua": {"decides": "tunjangan", "unless": {"x": "{test}"}, "grants": {"besar": "5"}},
            },
        },
        {"test": "asal"},
        {"test": "asal == asal"},
    ),
}  # fmt: skip


def banded(low, high, **more):
    return {
        "decisions": {"kelas": {"kind": "finding", "outcome": {"k": "integer"}}},
        "rules": {
            "bawah": {"decides": "kelas", "requires": {"x": low}, "grants": {"k": "1"}},
            "atas": {"decides": "kelas", "requires": {"x": high}, "grants": {"k": "2"}},
        },
        "facts": {"nilai": SCORE},
        **more,
    }


DECIDED = {
    "a hole between bands": (banded("nilai < 60", "nilai > {from}"), {"from": "60"}, {"from": "59.5"}),
    "two rules on one value": (banded("nilai <= {to}", "nilai >= 60"), {"to": "60"}, {"to": "59.5"}),
    "a hole through arithmetic only": (
        banded("poin < {edge}", "poin >= 60.34", derived={"poin": "nilai * 0.7 + 1.2"}),
        {"edge": "60"},  # 84.0 alone gives 60.0
        {"edge": "60.34"},
    ),
    "two rules at one rounding": (
        banded("half_up(nilai / 3, 1) <= 20", "half_up(nilai / 3, {step}) > 20"),
        {"step": "0.1"},
        {"step": "1"},
    ),
}

GUARANTEED = {
    "a bound": (
        {"facts": {"nilai": SCORE}, "derived": {"poin": "nilai * 2"}, "guarantees": {"g": "poin <= {most}"}},
        {"most": "199"},
        {"most": "200"},
    ),
    "a cap that is one rupiah off": (
        {
            "facts": {"nilai": {**SCORE, "from": 90}},
            "derived": {"besar": "min(nilai * 10000 + 1, {cap})"},
            "guarantees": {"g": "besar <= 1000000"},
        },
        {"cap": "1000001"},
        {"cap": "1000000"},
    ),
    "parts that make no whole, by rounding": (
        {
            "facts": {"uang": {"type": "integer", "from": 0, "to": 100}},
            "derived": {"a": "half_up(uang / 2, 1)", "b": "{rest}"},
            "guarantees": {"g": "a + b == uang"},
        },
        {"rest": "half_up(uang / 2, 1)"},
        {"rest": "uang - a"},
    ),
    "somebody with many rows": (
        {
            "facts": {"proyek": {"type": "list", "up_to": 5, "of": {"poin": {"type": "integer", "from": 0, "to": 10}}}},
            "derived": {"poin": "sum(p.poin for p in proyek)"},
            "guarantees": {"g": "poin <= {most}"},
        },
        {"most": "30"},
        {"most": "50"},
    ),
}
