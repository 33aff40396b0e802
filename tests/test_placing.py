"""Placing by keys that may be unknown: the places agree with comparing every pair, whatever the order of the input."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from asnmerit.placing import EQUAL, compared, placed

KEY = st.tuples(*[st.one_of(st.none(), st.integers(0, 2))] * 3)
PEOPLE = st.lists(KEY, max_size=9)


def ranges(keys):
    return {p.who: (p.first, p.last) for p in placed(keys, str)}


@given(PEOPLE)
def test_places_agree_with_comparing_every_pair(keys):
    """First: one more than those certainly before. Last: one more than those who may be before."""
    found = placed(keys, str)
    assert sorted(p.who for p in found) == list(range(len(keys)))
    for p in found:
        others = [compared(keys[o], keys[p.who]) for o in range(len(keys)) if o != p.who]
        certain = sum(before is True for _, before in others)
        may = sum(before is not False for _, before in others)
        assert (p.first, p.last) == (certain + 1, may + 1)
        alike = sum(at == EQUAL for at, _ in others)
        assert p.alike == (1 if p.open_at is not None else alike + 1)
        stuck = {o for o in range(len(keys)) if o != p.who and compared(keys[o], keys[p.who])[1] is None
                 and compared(keys[o], keys[p.who])[0] != EQUAL}  # fmt: skip
        assert (p.first != p.last) == bool(stuck)


@given(PEOPLE, st.randoms())
def test_the_order_of_the_input_does_not_matter(keys, rng):
    there = list(range(len(keys)))
    rng.shuffle(there)
    shuffled = [keys[i] for i in there]
    one = [(keys[p.who], p.first, p.last) for p in placed(keys, lambda i: str(keys[i]))]
    other = [(shuffled[p.who], p.first, p.last) for p in placed(shuffled, lambda i: str(shuffled[i]))]
    assert one == other


@given(KEY, KEY, KEY)
def test_what_is_settled_is_transitive(a, b, c):
    if compared(a, b)[1] and compared(b, c)[1]:
        assert compared(a, c)[1]


@given(KEY, KEY)
def test_comparing_is_the_same_from_both_sides(a, b):
    (at, before), (same, after) = compared(a, b), compared(b, a)
    assert at == same
    assert (before is None) == (after is None)
    if at != EQUAL and before is not None:
        assert before is not after


@given(PEOPLE)
def test_every_completion_lies_within_the_ranges(keys):
    bounds = ranges(keys)
    gaps = [(i, k) for i, key in enumerate(keys) for k, value in enumerate(key) if value is None]
    for values in itertools.islice(itertools.product((0, 1, 2), repeat=len(gaps)), 30):
        full = [list(key) for key in keys]
        for (i, k), value in zip(gaps, values, strict=True):
            full[i][k] = value
        for who, (first, last) in ranges([tuple(key) for key in full]).items():
            assert first == last
            assert bounds[who][0] <= first <= bounds[who][1]
