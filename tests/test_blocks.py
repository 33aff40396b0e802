"""Blocks of columns answer as the reference does: values, unknowns, every step."""

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asnmerit as am
from asnmerit.frames.kernel import BlockKernel
from support import blocks, compare, people
from support.dice import Drawn, Seeded
from support.policies import day_of, law_of, policies, seeded

DEPTH = settings().max_examples
SEEDS = max(24, DEPTH // 8)
FEWER = settings(max_examples=max(12, DEPTH // 5))


def agree(law, dice, day, many=12):
    persons = [people.person(dice, law, day, unknown) for unknown in ([0] * 4 + [10] * 4 + [40] * 4)[:many]]
    given_ = [compare.lanes_of(law, who, day) for who in persons]
    expected = [compare.expected(law, who, day) for who in persons]
    for all_unsure in (False, True):
        answers = blocks.computed(law, day.toordinal(), given_, all_unsure=all_unsure)
        for found, want in zip(answers, expected, strict=True):
            wrong = compare.same(want, found)
            assert not wrong, wrong[:3]
    sure = [i for i, g in enumerate(given_) if g.sure]
    found = blocks.computed(law, day.toordinal(), [given_[i] for i in sure])
    for one, i in zip(found, sure, strict=True):
        assert not compare.same(expected[i], one)


@pytest.mark.parametrize("seed", range(SEEDS))
def test_blocks_agree_on_seeded_policies(seed):
    _, law, dice = seeded(seed)
    agree(law, dice, day_of(law, dice))


@FEWER
@given(st.data(), policies())
def test_blocks_agree_on_random_policies(data, made):
    dice = Drawn(data.draw)
    law = law_of(made, dice)
    agree(law, dice, day_of(law, dice), many=6)


@pytest.mark.parametrize("name", am.policies())
def test_blocks_agree_on_bundled_policies(name):
    policy = am.load(name)
    if policy.abstract:
        pytest.skip("abstract")
    day = datetime.date(2026, 4, 1)
    try:
        law = am.in_force(policy, on=day)
    except am.NotInForceError:
        pytest.skip("not in force")
    agree(law, Seeded(1), day)


def test_threads_may_share_a_kernel():
    """What a run works in belongs to that run."""
    from concurrent.futures import ThreadPoolExecutor

    law = am.in_force(am.load("indonesia/angka_kredit"), on="2026-04-01")
    assert any(s.binder is not None for s in law.steps)
    day, dice = law.on, Seeded(7)
    kernel = BlockKernel(law, day.toordinal(), [s.key for s in law.steps], block=64)
    groups = [
        [compare.lanes_of(law, people.person(dice, law, day, unknown), day) for _ in range(200)]
        for unknown in (0, 20) * 3
    ]
    alone = [blocks.answers(law, kernel.run(blocks.block_of(law, group)), group) for group in groups]
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            found = pool.map(lambda g: blocks.answers(law, kernel.run(blocks.block_of(law, g)), g), groups)
            assert list(found) == alone
