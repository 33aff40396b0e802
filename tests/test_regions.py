"""What regions may and may not: they keep to what national law delegates, and background decides nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import asnmerit as am

BAD = Path(__file__).parent / "cases" / "bad"
REGIONS = ("manokwari/career", "manokwari/merit", "pauh/career", "salor/career", "sorong/career")
POLICIES = Path(am.__file__).parent / "policies"
ON = "2026-04-01"


@pytest.fixture(scope="module", params=REGIONS)
def law(request):
    return am.in_force(am.load(request.param), on=ON)


def people_of(name):
    """The base records of a policy's scenarios."""
    text = (POLICIES / f"{name}.scenarios.yaml").read_text(encoding="utf-8")
    return [person["facts"] for person in yaml.safe_load(text)["people"].values()]


def answers(decision):
    return {name: (o.status, tuple(o.rules), dict(o.outcome)) for name, o in decision.outcomes.items()}


def test_every_region_is_a_child_of_the_national_frame():
    for name in REGIONS:
        assert "extends: indonesia/pengembangan\n" in (POLICIES / f"{name}.yaml").read_text(encoding="utf-8")


def test_no_region_decides_rank(law):
    """A region's own promotion is a proposal for a post; rank is the nation's."""
    decided = set(am.decide(law, {}).outcomes)
    assert decided
    assert not decided & {"kenaikan_pangkat", "kenaikan_jenjang"}


@pytest.mark.parametrize("name", REGIONS)
def test_background_decides_nothing(name):
    law = am.in_force(am.load(name), on=ON)
    for facts in people_of(name):
        found = [answers(am.decide(law, {**facts, "sex": sex})) for sex in ("pria", "wanita")]
        assert found[0] == found[1] == answers(am.decide(law, facts))
    assert not {f.name for f in law.facts if f.read} & {"sex", "region_of_origin"}


@pytest.mark.parametrize(
    ("case", "articles"),
    [
        (
            "not-delegated-national-promotion",
            [
                ("PP 99/2000 jo PP 12/2002", "Peraturan daerah (contoh) pasal 4"),
                ("PP 99/2000 jo PP 12/2002", "Peraturan daerah (contoh) pasal 5"),
                ("indonesia/kenaikan_pangkat", "Peraturan daerah (contoh) pasal 6"),
            ],
        ),
        (
            "outside-delegation-region",
            [
                ("UU 20/2023 tentang Aparatur Sipil Negara Pasal 46", "Peraturan daerah (contoh) pasal 3"),
                ("UU 20/2023 tentang Aparatur Sipil Negara Pasal 46", "Peraturan daerah (contoh) pasal 4"),
            ],
        ),
    ],
)
def test_a_region_that_tries_more_is_refused_with_both_articles(case, articles):
    with pytest.raises(am.PolicyError) as caught:
        am.load(BAD / f"{case}.yaml")
    found = caught.value.diagnostics
    assert len(found) == len(articles)
    for diagnostic, both in zip(found, articles, strict=True):
        assert all(article in diagnostic.message for article in both), diagnostic.message
