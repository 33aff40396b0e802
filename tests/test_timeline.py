"""Two axes of time: acts paint in order of enactment, and what is enacted later never changes what was known before."""

from __future__ import annotations

import datetime
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.diagnostics import Faults, Position
from asnmerit.errors import NotInForceError, PolicyError
from asnmerit.timeline import FOREVER, Act, check, cuts, in_force

DAYS = range(14)
BASE = datetime.date(2024, 1, 1)


@st.composite
def timelines(draw, layers=1):
    """Some acts on a few days; two of one layer never share enactment and start."""
    acts, taken = [], set()
    for n in range(draw(st.integers(0, 6))):
        layer, enacted, start = draw(st.integers(0, layers - 1)), draw(st.integers(0, 9)), draw(st.integers(0, 11))
        if (layer, enacted, start) in taken:
            continue
        taken.add((layer, enacted, start))
        until = draw(st.sampled_from((FOREVER, FOREVER, start + 1, start + 3, start + 6)))
        payload = None if draw(st.integers(0, 5)) == 0 else f"act {n}"
        acts.append(Act(payload, start, until, enacted, Position(""), layer))
    return acts


def painted(acts, known):
    """Paint the days by brute force: layers from the parent down, in each the acts by enactment, then by first day."""
    days = dict.fromkeys(DAYS)
    for layer in sorted({a.layer for a in acts}):
        own = dict.fromkeys(DAYS)
        for act in sorted((a for a in acts if a.layer == layer), key=lambda a: (a.enacted, a.start)):
            if act.enacted <= known:
                for day in DAYS:
                    if act.start <= day < act.until:
                        own[day] = act
        for day, act in own.items():
            if act is not None and act.payload is not None:
                days[day] = act
    return days


def seen(acts, known):
    return [in_force(acts, day, known) for day in DAYS]


@given(timelines(), st.integers(-1, 10))
def test_acts_paint_in_order_of_enactment(acts, known):
    assert seen(acts, known) == list(painted(acts, known).values())


@given(timelines(layers=3), st.integers(-1, 10))
def test_a_child_paints_over_its_parent_and_its_repeal_uncovers_it(acts, known):
    assert seen(acts, known) == list(painted(acts, known).values())


@given(timelines(layers=2), timelines(layers=2), st.integers(-1, 9))
def test_what_is_enacted_later_never_changes_an_earlier_known(acts, more, known):
    later = [a for a in more if a.enacted > known]
    assert seen([*acts, *later], known) == seen(acts, known)


@given(timelines(layers=2), st.integers(-1, 10), st.randoms(use_true_random=False))
def test_the_order_of_writing_does_not_matter(acts, known, chance):
    turned = list(acts)
    chance.shuffle(turned)
    assert seen(turned, known) == seen(acts, known)


@given(timelines(), st.integers(-1, 10))
def test_nothing_changes_between_the_cuts(acts, known):
    on, knowns = cuts(acts)
    for day in DAYS[1:]:
        if day not in on:
            assert in_force(acts, day, known) is in_force(acts, day - 1, known)
    if known not in knowns:
        assert seen(acts, known) == seen(acts, known - 1)


@given(timelines())
def test_silent_wiping_is_a_fault(acts):
    faults = Faults()
    check("x", acts, faults, str)
    kept = [a for a in acts if a.payload is not None]
    wipes = any(a.enacted > b.enacted and a.start < b.start and a.until == FOREVER for a in kept for b in kept)
    assert wipes == any(d.code == "wipes-later-value" for d in faults.errors)
    assert not any(d.code == "overlap" for d in faults.errors)


def test_of_one_enactment_day_the_later_start_ends_the_earlier_one():
    acts = [Act("first", 2, FOREVER, 1, Position("")), Act("second", 5, FOREVER, 1, Position(""))]
    assert [a and a.payload for a in seen(acts, 1)[:7]] == [None, None, "first", "first", "first", "second", "second"]


def test_two_values_for_one_day_of_one_enactment_are_a_fault():
    faults = Faults()
    check("x", [Act("a", 2, FOREVER, 1, Position("")), Act("b", 2, 4, 1, Position(""))], faults, str)
    assert [d.code for d in faults.errors] == ["overlap"]


# --- the same, through documents ---


def day(n):
    return str(BASE + datetime.timedelta(days=n))


def document(acts, entry="value"):
    versions = []
    for n, act in enumerate(acts):
        said = {"from": day(act.start), "enacted": day(act.enacted)}
        if act.until != FOREVER:
            said["until"] = day(act.until)
        versions.append({**said, "repealed": "yes"} if act.payload is None else {**said, entry: n + 1})
    # A value for every day stands below, enacted before all others, so that no day is without one.
    first = {"from": day(0), "enacted": day(-5), entry: 99}
    return {
        "asnmerit": 1,
        "policy": "time/line",
        "title": "t",
        "enacted": day(-5),
        "effective": {"from": day(0)},
        "sources": {"u": {"title": "u", "grade": "A"}},
        "parameters": {"p": {"type": "integer", "versions": [first, *versions]}},
        "derived": {"v": "p"},
    }


@given(timelines())
def test_a_parameter_of_a_law_is_what_the_painting_says(acts):
    acts = [a for a in acts if a.payload is not None]
    try:
        policy = am.load(document(acts))
    except PolicyError as error:
        assert {d.code for d in error.diagnostics} <= {"wipes-later-value", "no-value-in-force"}
        assume(False)
    base = Act("below", 0, FOREVER, -5, Position(""))
    for known in (-5, 0, 4, 9, None):
        days = painted([base, *acts], 10**6 if known is None else known)
        for n in (0, 3, 6, 13):
            law = am.in_force(policy, on=day(n), known=None if known is None else day(known))
            value = am.decide(law, {}).values["v"]
            act = days[n]
            assert value == (99 if act is base else acts.index(act) + 1)


@given(timelines(), st.integers(0, 8))
def test_a_later_document_says_the_same_of_an_earlier_known(acts, known):
    acts = [a for a in acts if a.payload is not None]
    try:
        before = am.load(document([a for a in acts if a.enacted <= known]))
        after = am.load(document(acts))
    except PolicyError:
        assume(False)
    # The values are numbered by place in the document; compare the day each value starts instead.
    starts = [
        {n + 1: (a.start, a.enacted) for n, a in enumerate(some)}
        for some in ([a for a in acts if a.enacted <= known], acts)
    ]
    for n in (0, 5, 12):
        said = [am.decide(am.in_force(p, on=day(n), known=day(known)), {}).values["v"] for p in (before, after)]
        assert starts[0].get(said[0]) == starts[1].get(said[1])


@pytest.mark.parametrize("seed", range(10))
def test_the_days_of_a_law_are_those_on_which_the_same_acts_hold(seed):
    chance = random.Random(seed)
    starts = sorted(chance.sample(range(1, 12), 3))
    acts = [Act(f"{s}", s, FOREVER, s - 1, Position("")) for s in starts]
    policy = am.load(document(acts))
    for n in DAYS:
        law = am.in_force(policy, on=day(n))
        first, last = law.valid
        assert str(first) <= day(n) and (last is None or day(n) < str(last))
        for m in DAYS:
            other = am.in_force(policy, on=day(m)).meaning
            inside = str(first) <= day(m) and (last is None or day(m) < str(last))
            assert (other == law.meaning) == inside


def test_a_repeal_is_seen_only_once_it_is_known():
    acts = [Act("raised", 2, FOREVER, 1, Position("")), Act(None, 6, FOREVER, 4, Position(""))]
    with pytest.raises(PolicyError) as caught:
        am.load(
            {
                **document(acts),
                "parameters": {
                    "p": {
                        "type": "integer",
                        "versions": [
                            {"from": day(0), "enacted": day(-5), "value": 1},
                            {"from": day(6), "enacted": day(4), "repealed": "yes"},
                        ],
                    }
                },
            }
        )
    assert {d.code for d in caught.value.diagnostics} == {"no-value-in-force"}
    dated = {
        **document([]),
        "derived": {
            "v": {
                "versions": [
                    {"from": day(0), "enacted": day(-5), "is": "p"},
                    {"from": day(6), "enacted": day(4), "repealed": "yes"},
                ]
            }
        },
    }
    policy = am.load(dated)
    assert "v" in am.in_force(policy, on=day(7), known=day(3)).index
    assert "v" not in am.in_force(policy, on=day(7), known=day(4)).index
    assert "v" in am.in_force(policy, on=day(5), known=day(4)).index


def test_days_outside_the_policy_have_no_law():
    policy = am.load({**document([]), "effective": {"from": day(0), "until": day(10)}})
    for on in (day(-1), day(10)):
        with pytest.raises(NotInForceError):
            am.in_force(policy, on=on)
    with pytest.raises(NotInForceError):
        am.in_force(policy, on=day(1), known=day(-6))
    law = am.in_force(policy, on=day(9))
    with pytest.raises(am.ArgumentError):
        am.decide(law, {}, as_of=day(10))
