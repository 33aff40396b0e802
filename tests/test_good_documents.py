"""Every construct of the language: a small policy, and beside it what it answers (`NAME.expect.yaml`).

A list of cases: the `day` (and `known`, `as_of`, `readings`), the facts, and what must come out: `values` by name,
`decisions` by name (a status, or a mapping with the attributes of an outcome), `presumed`, or `refused`, the codes
and facts of a record that does not pass. Numbers are exact and written as text.
"""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import asnmerit as am

CASES = Path(__file__).parent / "cases"
DOCUMENTS = sorted(p for p in (CASES / "good").glob("*.yaml") if not p.name.endswith(".expect.yaml"))
KEYS = {"name", "day", "known", "as_of", "readings", "facts", "values", "decisions", "presumed", "refused"}


def every_case():
    for path in DOCUMENTS:
        expected = yaml.safe_load(path.with_suffix(".expect.yaml").read_text(encoding="utf-8"))
        for number, case in enumerate(expected, start=1):
            yield pytest.param(path, case, id=f"{path.stem}/{number}")


CASES_OF_ALL = list(every_case())


def loaded(path):
    return am.load(path, search=[CASES / "policies"])


def exact(value):
    """Numbers as Fraction, wherever they stand; days as text; the rest as it is."""
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [exact(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    try:
        return Fraction(str(value))
    except ValueError:
        return str(value)


def shown(outcome, key):
    """An attribute of an outcome as plain data."""
    found = getattr(outcome, key)
    if key == "missing":
        return sorted(found)
    if key == "grants":
        return {grant.rule: dict(grant.outcome) for grant in found}
    return dict(found) if hasattr(found, "items") else found


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: p.stem)
def test_it_loads_without_a_warning(path):
    assert not loaded(path).warnings


@pytest.mark.parametrize(("path", "case"), CASES_OF_ALL)
def test_it_answers(path, case):
    assert set(case) <= KEYS
    assert {"values", "decisions", "presumed", "refused"} & set(case), "the case expects nothing"
    law = am.in_force(
        loaded(path), on=str(case["day"]), known=case.get("known") and str(case["known"]), readings=case.get("readings")
    )
    day = str(case["as_of"]) if "as_of" in case else None
    if "refused" in case:
        with pytest.raises(am.RecordError) as caught:
            am.decide(law, case["facts"], as_of=day)
        assert sorted([f.code, f.fact] for f in caught.value.faults) == sorted(map(list, case["refused"]))
        return
    decision = am.decide(law, case["facts"], as_of=day)
    got = {name: decision.values[name] for name in case.get("values", {})}
    assert exact(got) == exact(case.get("values", {}))
    for name, expected in case.get("decisions", {}).items():
        wanted = {"status": expected} if isinstance(expected, str) else expected
        assert exact({key: shown(decision[name], key) for key in wanted}) == exact(wanted), name
    assert sorted(decision.presumed) == case.get("presumed", sorted(decision.presumed))


@pytest.mark.parametrize(("path", "case"), CASES_OF_ALL)
def test_its_decision_replays(path, case):
    if "refused" in case:
        return
    law = am.in_force(
        loaded(path), on=str(case["day"]), known=case.get("known") and str(case["known"]), readings=case.get("readings")
    )
    decision = am.decide(law, case["facts"], as_of=str(case["as_of"]) if "as_of" in case else None)
    assert am.replay(decision.to_dict(), law).status == "same"
    for lang in ("id", "en"):
        assert str(am.explain(decision, lang=lang))
