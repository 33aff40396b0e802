"""A whole population at once: asnmerit's kernel over blocks beside other ways to decide the same policy, in one run.

    python -m bench.population --rows 1000000

All answers are compared first, every row of them; the first difference is printed and ends the run. Then the engines
take turns on the same columns, and the medians of the ratios of each round are printed. Ratios of processor time, so
that threads count; a time by itself says something about a machine.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .columns import OUTPUTS, people, same

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .columns import Columns

C, TABLE, OURS = "hand-written C", "hand-written C, days by table", "asnmerit: kernel"
NUMPY, FISCA = "hand-written NumPy", "OpenFisca-core"
MEASURED_IN_MEMORY = (C, OURS, NUMPY, FISCA)


class Contender(NamedTuple):
    """One way to decide: where its `prepare` is, how its answer is read, and how many people it gets at most."""

    name: str
    module: str
    prepare: str = "prepare"
    read: str = ""
    most: int = sys.maxsize
    answers: bool = True


class Ready(NamedTuple):
    """A contender made ready."""

    contender: Contender
    given: Any
    decide: Callable[[Any], Any]
    read: Callable[[Any], Columns]
    rows: int


class Target(NamedTuple):
    """What the project promises: one time over another, and the limit; from so many rows on."""

    slow: str
    fast: str
    limit: float
    at_most: bool
    rows: int = 0


CONTENDERS = (
    Contender("touching every column once, nothing decided", "blocks", "prepare_nothing", answers=False),
    Contender(C, "c"),
    Contender(TABLE, "c", "prepare_table"),
    Contender(OURS, "blocks"),
    Contender("asnmerit: kernel, any fact may be unknown", "blocks", "prepare_unsure"),
    Contender("Polars expressions, streaming", "polars", read="read"),
    Contender("Polars expressions, in memory", "polars", "prepare_in_memory", read="read"),
    Contender(NUMPY, "numpy"),
    Contender(FISCA, "openfisca"),
    Contender("DuckDB, SQL by hand over Arrow", "duckdb", read="read"),
    Contender("asnmerit: generated Python, row by row", "rows", read="columns_of", most=20_000),
    Contender("asnmerit: decide, person by person", "rows", "prepare_checked", "columns_of_decisions", most=4_000),
)
TARGETS = (
    Target(OURS, C, 1.5, at_most=True),
    Target(OURS, TABLE, 1.5, at_most=True),
    Target(FISCA, OURS, 4, at_most=False),
    Target(FISCA, OURS, 5, at_most=False, rows=5_000_000),
)


def prepare_all(columns: Columns, only: Sequence[str] = ()) -> list[Ready]:
    """Compile what is installed, and say why the rest is left out."""
    rows, ready = len(columns["rank"]), []
    for contender in CONTENDERS:
        if only and contender.name not in only:
            continue
        try:
            module = import_module(f".rivals.population_{contender.module}", __package__)
            take, decide = getattr(module, contender.prepare)()
        except ImportError as fault:
            print(f"left out: {contender.name} ({fault})")
            continue
        most = min(rows, contender.most)
        given = take({name: column[:most] for name, column in columns.items()})
        ready.append(Ready(contender, given, decide, getattr(module, contender.read) if contender.read else same, most))
    return ready


def compare(ready: Sequence[Ready]) -> bool:
    """Return whether all agree on every row; print the first row on which one does not."""
    answering = [one for one in ready if one.contender.answers]
    expected = answering[0].read(answering[0].decide(answering[0].given))
    for one in answering[1:]:
        found = one.read(one.decide(one.given))
        for name in OUTPUTS:
            differing = np.flatnonzero(np.asarray(found[name]) != expected[name][: one.rows])
            if len(differing):
                i = differing[0]
                print(f"{one.contender.name} differs in {name} in {len(differing)} of {one.rows} rows.")
                print(f"row {i}: {expected[name][i]} by {answering[0].contender.name}, {found[name][i]} by this")
                return False
    print("the same answers, compared on every row:")
    for one in answering:
        print(f"  {one.contender.name} ({one.rows:,} rows)")
    return True


def time_rounds(ready: Sequence[Ready], rounds: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Return the time for one row in each round, the contenders taking turns on the same columns."""
    times: dict[str, list[float]] = {one.contender.name: [] for one in ready}
    gc.collect()
    gc.freeze()
    for _ in range(rounds):
        for one in ready:
            begun = clock()
            answer = one.decide(one.given)
            times[one.contender.name].append((clock() - begun) / one.rows)
            del answer
    gc.unfreeze()
    return times


def ratio(times: dict[str, list[float]], slow: str, fast: str) -> float:
    """Return the median over the rounds of one time over the other."""
    return statistics.median(a / b for a, b in zip(times[slow], times[fast], strict=True))


def report(times: dict[str, list[float]], rows: int) -> bool:
    """Print the ratios; return whether every target that could be measured is met."""
    columns = [name for name in (C, TABLE, OURS) if name in times]
    print(f"\n| {'CPU time a row, as a multiple of':<44} | " + " | ".join(f"{name:>29}" for name in columns) + " |")
    print(f"| {'-' * 44} | " + " | ".join("-" * 28 + ":" for _ in columns) + " |")
    for name in times:
        cells = (f"{ratio(times, name, column):>29.2f}" for column in columns)
        print(f"| {name:<44} | " + " | ".join(cells) + " |")
    print()
    met = True
    for target in TARGETS:
        if target.slow not in times or target.fast not in times or rows < target.rows:
            continue
        found = ratio(times, target.slow, target.fast)
        good = found <= target.limit if target.at_most else found >= target.limit
        met = met and good
        bound = f"{'<=' if target.at_most else '>='} {target.limit:g}"
        print(f"{'met   ' if good else 'MISSED'} {target.slow} / {target.fast}: {found:.2f} (target {bound})")
    return met


def memory(ready: Sequence[Ready]) -> None:
    """Print the most memory that one run takes over its input, of those that get it from NumPy."""
    print("\nmost memory over the input, in bytes a row (and MB), of which the answer itself:")
    for one in ready:
        if one.contender.name not in MEASURED_IN_MEMORY:
            continue
        gc.collect()
        tracemalloc.start()
        answer = one.decide(one.given)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        size = sum(np.asarray(column).nbytes for column in answer.values())
        figures = f"{most / one.rows:8.1f} ({most / 1e6:7.1f}) {size / one.rows:8.1f} ({size / 1e6:7.1f})"
        print(f"  {one.contender.name:<20} {figures}")
        del answer


def main() -> int:
    """Run the comparison; 1 if answers differ, 2 with --strict if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000, help="people to compare and to time (default 1000000)")
    parser.add_argument("--rounds", type=int, default=9, help="rounds to time (default 9)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random people (default 1)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="cpu", help="what to measure (default cpu)")
    parser.add_argument(
        "--only", action="append", default=[], metavar="NAME", help="leave out all but this (repeatable)"
    )
    parser.add_argument("--strict", action="store_true", help="exit with 2 if a target is missed")
    asked = parser.parse_args()
    columns = people(asked.rows, asked.seed)
    ready = prepare_all(columns, asked.only)
    if not compare(ready):
        return 1
    clock = time.perf_counter if asked.clock == "wall" else time.process_time
    met = report(time_rounds(ready, asked.rounds, clock), asked.rows)
    memory(ready)
    return 2 if asked.strict and not met else 0


if __name__ == "__main__":
    sys.exit(main())
