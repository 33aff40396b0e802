"""Blocks of columns answer as the reference does: values, unknowns, every step."""

import datetime
import pickle

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


def another(law, day):
    """Give another day on which the law holds; the same where it holds on one only."""
    first, last = law.valid
    second = first + datetime.timedelta(days=1)
    return first if day != first else second if last is None or second < last else day


def agree(law, dice, day, many=12):
    persons = [people.person(dice, law, day, unknown) for unknown in ([0] * 4 + [10] * 4 + [40] * 4)[:many]]
    given_ = [compare.lanes_of(law, who, day) for who in persons]
    expected = [compare.expected(law, who, day) for who in persons]
    for first in (day, another(law, day)):
        # A law keeps the program of its first day; after it a program for any day is written.
        law.__dict__.pop("_block_programs", None)
        for all_unsure in (False, True):
            if first != day:
                blocks.computed(law, first.toordinal(), given_, all_unsure=all_unsure)
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


def test_a_law_keeps_its_programs_and_no_more_than_it_may(monkeypatch):
    """Days after the first share one program; what does not read the day has one for all days; old ones go."""
    law = am.in_force(am.load("indonesia/gaji"), on="2026-04-01")
    day = law.on.toordinal()

    def program(day, *keys):
        return BlockKernel(law, day, keys).program(())

    pay = "gaji_pokok.amount"
    assert program(day, pay) is program(day + 1, pay)
    dated = "rules.kgb.requires.due"
    first, second, third = (program(day + i, dated) for i in range(3))
    assert first.dated
    assert first is program(day, dated)
    assert second is third is not first
    monkeypatch.setattr("asnmerit.frames.kernel.MOST_KEPT", 2)
    for step in law.steps:
        program(day, step.key)
    assert len(law.__dict__["_block_programs"]) == 2
    copy = pickle.loads(pickle.dumps(law))  # noqa: S301 - made here
    assert "_block_programs" not in copy.__dict__
