"""The population policy in asnmerit: its kernel over blocks of columns."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import asnmerit as am
from asnmerit.frames.kernel import Block, BlockKernel
from bench.columns import AS_OF, OUTPUTS, empty_answer, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

POLICY = Path(__file__).parents[1] / "policies" / "population.yaml"


def law() -> am.Law:
    """Load the policy as it stands on the day."""
    return am.in_force(am.load(POLICY), on=AS_OF)


def prepare() -> tuple[Callable[[Columns], Columns], Callable[[Columns], Columns]]:
    """Give how the columns are taken in, and the function that is timed: contiguous arrays in and out."""
    kernel = BlockKernel(law(), AS_OF.toordinal(), OUTPUTS)
    kernel.program(())

    def decide(columns: Columns) -> Columns:
        block = Block(len(columns["rank"]), {(name, None): column for name, column in columns.items()})
        return dict(kernel.run(block).values)

    return same, decide


def prepare_unsure() -> tuple[Callable[[Columns], Any], Callable[[Any], Columns]]:
    """Give the same, with a mark beside every value of every fact: whether it is known. Here all are."""
    kernel = BlockKernel(law(), AS_OF.toordinal(), OUTPUTS)

    def take(columns: Columns) -> Any:  # noqa: ANN401 - values and marks
        known = {(name, None): np.ones(len(column), np.bool_) for name, column in columns.items()}
        kernel.program(known)
        return Block(len(columns["rank"]), {(name, None): column for name, column in columns.items()}, known)

    def decide(block: Block) -> Columns:
        return dict(kernel.run(block).values)

    return take, decide


def prepare_nothing() -> tuple[Callable[[Columns], Columns], Callable[[Columns], None]]:
    """Give a function that reads every column once and writes every answer once, and decides nothing."""

    def touch(columns: Columns) -> None:
        for column in columns.values():
            column.max()
        for column in empty_answer(len(columns["rank"])).values():
            column.fill(0)

    return same, touch
