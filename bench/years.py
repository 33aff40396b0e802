"""Sweeps, fragility, fairness and years ahead, each beside deciding the same people once.

    python -m bench.years --rows 200000

Before anything is timed, a sweep is held against deciding under each changed law, and a projection with the programs
that a law keeps against one for which every program is written anew. Then the median over the rounds of each step's
time as a multiple of `decide_frame`'s is printed. The laws are `manokwari/merit`, whose numbers are made up, and
`indonesia/kenaikan_pangkat`; the people are made up.
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any
from unittest import mock

import asnmerit as am
from asnmerit.frames.kernel import BlockKernel, _written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ON = "2026-04-01"
STAFF = 500
YEARS = 5
VALUES = list(range(70, 90))


@contextlib.contextmanager
def written_anew() -> Iterator[None]:
    """Let no program be kept: each day writes its own."""

    def written(kernel: BlockKernel, lanes: frozenset[Any]) -> object:
        return _written(kernel, lanes, kernel.as_of)

    with mock.patch.object(BlockKernel, "_kept", written):
        yield


def ahead(rows: int = STAFF, years: int = YEARS) -> am.Projection:
    """Project a staff of a middling agency."""
    people = am.synthetic(rows, seed=7, on=ON)
    return am.project(am.load("indonesia/kenaikan_pangkat"), people, years, on=ON, runs=2)


def alike(rows: int = STAFF, years: int = YEARS) -> bool:
    """Hold what is timed against what it must be."""
    policy = am.load("manokwari/merit")
    law, people = am.in_force(policy, on=ON), am.synthetic(rows, seed=1, on=ON)
    for point in am.sweep(law, people, {"minimum_merit_score": VALUES[::5]}, "promotion").points:
        other = am.reform(policy, {"parameters": {"minimum_merit_score": point.values[0]}}, on=ON, unbound=True).law
        found = am.decide_frame(other, people, ignore="*")["promotion.status"].to_pylist()
        if found.count("granted") != point.counts["granted"]:
            print(f"the sweep differs from deciding at {point.values[0]}")
            return False
    kept = ahead(rows, years).to_dict()
    with written_anew():
        if ahead(rows, years).to_dict() != kept:
            print("a projection with programs that are kept differs")
            return False
    return True


def steps(people: Any) -> dict[str, Callable[[], object]]:  # noqa: ANN401 - a table of PyArrow
    """Name the steps over a whole population."""
    law = am.in_force(am.load("manokwari/merit"), on=ON)
    return {
        "`decide_frame`": lambda: am.decide_frame(law, people, ignore="*", decisions=["promotion"]),
        f"`sweep` of {len(VALUES)} values": lambda: am.sweep(law, people, {"minimum_merit_score": VALUES}, "promotion"),
        "`fragility`: every rating, rounding and day": lambda: am.fragility(law, people, "promotion"),
        "`weight_margins`": lambda: am.weight_margins(law, people, "merit_score"),
        "`fairness` by two columns, in bands": lambda: am.fairness(law, people, "promotion", within="merit_score"),
        "`promotion_pipeline` of twelve months": lambda: am.promotion_pipeline(law, people, "promotion"),
    }


def timed(run: Callable[[], object]) -> float:
    """Give the seconds of processor time that a step takes."""
    start = time.process_time()
    run()
    return time.process_time() - start


def main() -> int:
    """Check, time, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    if not alike():
        return 1
    every = steps(am.synthetic(given.rows, seed=1, on=ON))
    found: dict[str, list[float]] = {name: [] for name in every}
    kept, anew = [], []
    for _ in range(given.rounds):
        for name, run in every.items():
            found[name].append(timed(run))
        kept.append(timed(ahead))
        with written_anew():
            anew.append(timed(ahead))
    base = statistics.median(next(iter(found.values())))
    for name, seconds in found.items():
        print(f"{name:50} {statistics.median(seconds) / base:6.2f}")
    print(f"project, programs written anew / kept: {statistics.median(anew) / statistics.median(kept):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
