"""One person at a time: asnmerit beside other ways to decide the same thirty rules, in one run.

    python -m bench.single

All answers are compared first, on random records many of which lie on a threshold; the first difference is
printed and ends the run. Then the engines take turns on the same records, and the medians of the ratios
of each round are printed. A time by itself says something about a machine, a ratio about two programs.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from .records import AS_OF, random_records

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from .rivals import Record

HAND, OURS = "hand-written Python", "asnmerit: decide, answer read"
DECIDE, EXPLAINED = "asnmerit: decide", "asnmerit: decide and to_dict()"
ZEN, DURABLE = "zen-engine: engine.evaluate", "durable_rules: host.assert_fact"


class Contender(NamedTuple):
    """One way to decide: where its `prepare` is, and whether it gives the common answer."""

    name: str
    module: str
    prepare: str = "prepare"
    answers: bool = True


class Target(NamedTuple):
    """What the project promises: one time over another, and the limit."""

    slow: str
    fast: str
    limit: float
    at_most: bool


CONTENDERS = (
    Contender(HAND, "hand"),
    Contender(DECIDE, "asnmerit_law", "prepare_decision", answers=False),
    Contender(OURS, "asnmerit_law"),
    Contender(EXPLAINED, "asnmerit_law", "prepare_record", answers=False),
    Contender(ZEN, "zen"),
    Contender("zen-engine: decision.evaluate", "zen", "prepare_decision"),
    Contender("zen-engine: one bare expression, the rest in Python", "zen_conditions"),
    Contender(DURABLE, "durable"),
    Contender("rule-engine", "rule_engine_rules"),
    Contender("business-rules", "business_rules_rules"),
)
TARGETS = (
    Target(DECIDE, HAND, 10, at_most=True),
    Target(OURS, HAND, 10, at_most=True),
    Target(EXPLAINED, HAND, 40, at_most=True),
    Target(ZEN, OURS, 15, at_most=False),
    Target(DURABLE, OURS, 5, at_most=False),
)


def prepare_all() -> dict[Contender, Callable[..., Any]]:
    """Compile what is installed, and say why the rest is left out."""
    ready = {}
    for contender in CONTENDERS:
        try:
            ready[contender] = getattr(import_module(f".rivals.{contender.module}", __package__), contender.prepare)()
        except ImportError as fault:
            print(f"left out: {contender.name} ({fault})")
    return ready


def compare(ready: dict[Contender, Callable[..., Any]], records: Sequence[Record]) -> bool:
    """Return whether all agree; print the first record on which one does not."""
    answering = {contender: decide for contender, decide in ready.items() if contender.answers}
    for record in records:
        answers = {contender.name: decide(record, AS_OF) for contender, decide in answering.items()}
        expected = answers[HAND]
        for name, answer in answers.items():
            if answer != expected:
                print(f"{name} differs.\nrecord: {dict(record)}\n{HAND}: {expected}\n{name}: {answer}")
                return False
    print(f"the same {len(records)} answers from: {', '.join(contender.name for contender in answering)}")
    return True


def time_rounds(
    ready: dict[Contender, Callable[..., Any]], records: Sequence[Record], rounds: int, clock: Callable[[], float]
) -> dict[str, list[float]]:
    """Return the time of each round, the contenders taking turns on the same records."""
    times: dict[str, list[float]] = {contender.name: [] for contender in ready}
    gc.collect()
    gc.freeze()
    share = max(len(records) // rounds, 20)
    for turn in range(rounds):
        start = turn * share % len(records)
        part = records[start : start + share]
        for contender, decide in ready.items():
            begun = clock()
            for record in part:
                decide(record, AS_OF)
            times[contender.name].append(clock() - begun)
    return times


def ratio(times: dict[str, list[float]], slow: str, fast: str) -> float:
    """Return the median over the rounds of one time over the other."""
    return statistics.median(a / b for a, b in zip(times[slow], times[fast], strict=True))


def report(times: dict[str, list[float]]) -> bool:
    """Print the ratios; return whether every target that could be measured is met."""
    columns = [name for name in (HAND, DECIDE, OURS) if name in times]
    print(f"\n| {'time, as a multiple of':<51} | " + " | ".join(f"{name:>29}" for name in columns) + " |")
    print(f"| {'-' * 51} | " + " | ".join("-" * 28 + ":" for _ in columns) + " |")
    for name in times:
        cells = (f"{ratio(times, name, column):>29.2f}" for column in columns)
        print(f"| {name:<51} | " + " | ".join(cells) + " |")
    print()
    met = True
    for target in TARGETS:
        if target.slow not in times or target.fast not in times:
            continue
        found = ratio(times, target.slow, target.fast)
        good = found <= target.limit if target.at_most else found >= target.limit
        met = met and good
        bound = f"{'<=' if target.at_most else '>='} {target.limit:g}"
        print(f"{'met   ' if good else 'MISSED'} {target.slow} / {target.fast}: {found:.2f} (target {bound})")
    return met


def main() -> int:
    """Run the comparison; 1 if answers differ, 2 with --strict if a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--records", type=int, default=2000, help="employees to compare and to time (default 2000)")
    parser.add_argument("--rounds", type=int, default=40, help="rounds to time (default 40)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the random employees (default 1)")
    parser.add_argument("--clock", choices=("wall", "cpu"), default="wall", help="what to measure (default wall)")
    parser.add_argument("--strict", action="store_true", help="exit with 2 if a target is missed")
    asked = parser.parse_args()
    records = list(random_records(asked.seed, asked.records))
    ready = prepare_all()
    if not compare(ready, records):
        return 1
    clock = time.perf_counter if asked.clock == "wall" else time.process_time
    met = report(time_rounds(ready, records, asked.rounds, clock))
    return 2 if asked.strict and not met else 0


if __name__ == "__main__":
    sys.exit(main())
