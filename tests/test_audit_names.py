"""What an audit calls things: conditions by what they stand in, and open pairs of rules by their names."""

import pytest

from asnmerit.auditing.claims import rules
from asnmerit.auditing.claims.claim import Shown
from asnmerit.auditing.findings import Verdict
from asnmerit.auditing.proving.cases import Answer
from asnmerit.auditing.questions import Extended
from test_audit_bounds import law_of

NUMBER = {"type": "integer", "from": 0, "to": 9}


@pytest.fixture(scope="module")
def law():
    return law_of(
        facts={"x": NUMBER, "y": NUMBER},
        decisions={
            "d": {"applies": "x > 1", "requires": {"own": "y > 1"}, "outcome": {"n": "integer"}, "hit": "unique"}
        },
        rules={
            "a": {"decides": "d", "applies": "y > 2", "requires": {"c": "x > 3"}, "grants": {"n": "1"}},
            "b": {"decides": "d", "requires": {"c": "x * y > 3"}, "grants": {"n": "2"}},
            "c": {"decides": "d", "requires": {"c": "x * x > y"}, "grants": {"n": "3"}},
        },
    )


def test_a_condition_of_a_decision_is_named_by_the_decision_also_where_it_has_one_rule():
    one = law_of(
        facts={"x": NUMBER, "y": NUMBER},
        decisions={"d": {"applies": "x > 1", "requires": {"own": "y > 1"}}},
        rules={"a": {"decides": "d", "applies": "y > 2", "requires": {"c": "x > 3"}}},
    )
    found = [c.subject for c in rules.claims(one, Extended(one)) if c.kind == "constant-condition"]
    assert sorted(found) == ["d.a.applies", "d.a.c", "d.applies", "d.own"]


@pytest.mark.parametrize(("verdicts", "expected"), [
    (["open", "open", "none", "open"], {("d: a / b", Verdict.UNPROVED), ("d: b / c", Verdict.UNPROVED)}),
    (["open", "none", "none", "none"], {("d", Verdict.PROVED)}),
    (["none", "open", "open", "open"], {("d", Verdict.PROVED)}),
])  # fmt: skip
def test_each_pair_that_is_not_settled_is_told_once(law, verdicts, expected):
    claims = [c for c in rules.claims(law, Extended(law)) if c.kind == "conflict"]
    told = []
    for claim in claims:
        if any(verdicts[0] == "none" for _ in claim.given):
            continue  # nobody is in conflict at all: the pairs are not asked
        shown = tuple(Shown(q, Answer(v), None) for q, v in zip(claim.questions, verdicts, strict=False))
        told += [(f.subject, f.verdict) for f in claim.read(shown)]
    assert set(told) == expected
    assert len(told) == len(expected)
