"""What a reform does to a synthetic population: each step of an analyst's morning beside deciding the same people once.

    python -m bench.simulation --rows 1000000

Before anything is timed, what `compare` counts is counted again by deciding some of the people one by one under both
laws. Then the steps take turns, and the median over the rounds of each step's time as a multiple of `decide_frame`'s is
printed. The law is `manokwari/merit`, whose numbers are made up, and so are the people.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import asnmerit as am

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ON = "2026-04-01"
CHANGES: Mapping[str, object] = {
    "parameters": {"minimum_merit_score": 85, "special_allowance": 2_000_000},
    "scores": {"merit_score": {"weights": {"innovation": "30%", "discipline": "20%"}}},
}
KEYS = ["highest:merit_score", "lowest:position_date"]
DECIDE = "decide_frame, one law"
CHECKED = 2_000


class Step(NamedTuple):
    """One step, and what it does with the people."""

    name: str
    run: Callable[[Any], object]


def reformed() -> am.Reform:
    """Give the reform that is measured."""
    return am.reform("manokwari/merit", CHANGES, on=ON)


def steps(reform: am.Reform) -> tuple[Step, ...]:
    """Give the steps, the one that all are measured by first."""
    limits: Mapping[str, Any] = {"by": "agency", "keys": KEYS, "ties": "all_wait", "ignore": "*"}
    whom, whose = reform.law, {"ignore": "*", "by": "province"}
    return (
        Step(DECIDE, lambda people: am.decide_frame(whom, people, ignore="*", keep=False)),
        Step("synthetic: making the people", lambda people: am.synthetic(people.num_rows, seed=1)),
        Step("reform: one law anew", lambda _: reformed()),
        Step(
            "compare: both laws, all decisions, by province",
            lambda people: am.compare(reform.before, reform, people, **whose),
        ),
        Step("compare, with its two pictures as SVG", lambda people: drawn(reform, people)),
        Step(
            "attribute: three changes, eight laws",
            lambda people: am.attribute(reform, people, "incentives", ignore="*"),
        ),
        Step(
            "select: places by agency", lambda people: am.select(whom, people, "promotion", places=50, **limits).table
        ),
        Step(
            "select: money in order", lambda people: am.select(whom, people, "incentives", budget=10**8, **limits).table
        ),
        Step(
            "select: money pro rata",
            lambda people: am.select(whom, people, "incentives", budget=10**8, spend="pro_rata", **limits).table,
        ),
    )


def drawn(reform: am.Reform, people: Any) -> str:  # noqa: ANN401 - a table of PyArrow
    """Compare, and draw the flow between answers and the winners and losers by group."""
    from asnmerit.pictures.reforms import reform_flow, winners_and_losers  # noqa: PLC0415 - the extra may be absent

    found = am.compare(reform.before, reform, people, decision="incentives", by="province", ignore="*")
    return reform_flow(found).to_svg() + winners_and_losers(found).to_svg()


def counted_alike(reform: am.Reform, people: Any) -> bool:  # noqa: ANN401 - a table of PyArrow
    """Count winners, losers and money of some people one by one; say whether `compare` counted the same."""
    some = people.slice(0, CHECKED)
    found = am.compare(reform.before, reform, some, decision="incentives", ignore="*")["incentives"].all
    winners = losers = unsettled = before = after = 0
    for row in some.to_pylist():
        answers = [am.decide(law, record_of(reform.law, row))["incentives"] for law in (reform.before, reform.law)]
        if any(a.status not in {"granted", "refused"} for a in answers):
            unsettled += 1
            continue
        paid = [(a.outcome["amount"] or 0) if a.status == "granted" else 0 for a in answers]
        before, after = before + paid[0], after + paid[1]
        granted = [a.status == "granted" for a in answers]
        winners += (granted[1] and not granted[0]) or (all(granted) and paid[1] > paid[0])
        losers += (granted[0] and not granted[1]) or (all(granted) and paid[1] < paid[0])
    amount = found.amounts["amount"]
    mine = (winners, losers, unsettled, before, after)
    theirs = (found.winners, found.losers, found.undetermined + found.conflict, amount.before, amount.after)
    print(f"one by one {mine}, compare {theirs} ({some.num_rows:,} people)")
    return mine == theirs


def record_of(law: am.Law, row: Mapping[str, Any]) -> dict[str, Any]:
    """Give a row as the record that `decide` takes: the facts of the law that are known."""
    record: dict[str, Any] = {name: row[name] for name in law.declared if row.get(name) is not None}
    years = {int(n[-4:]): v for n, v in row.items() if n.startswith("performance_2") and v is not None}
    return record | {"performance": years}


def measure(rows: int, rounds: int, seed: int) -> int:
    """Check, then print the ratios; 1 where something was counted otherwise."""
    reform, people = reformed(), am.synthetic(rows, seed)
    if not counted_alike(reform, people):
        return 1
    todo = steps(reform)
    times: dict[str, list[float]] = {step.name: [] for step in todo}
    for _ in range(rounds):
        for step in todo:
            begun = time.perf_counter()
            answer = step.run(people)
            times[step.name].append(time.perf_counter() - begun)
            del answer
    print(f"\n| time for {rows:,} people, as a multiple of decide_frame's | |\n| --- | ---: |")
    for name, found in times.items():
        print(f"| {name} | {statistics.median(a / b for a, b in zip(found, times[DECIDE], strict=True)):.2f} |")
    return 0


def main() -> int:
    """Run the measurement."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else None)
    parser.add_argument("--rows", type=int, default=1_000_000, help="people to make (default 1000000)")
    parser.add_argument("--rounds", type=int, default=5, help="rounds to time (default 5)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the people (default 1)")
    asked = parser.parse_args()
    return measure(asked.rows, asked.rounds, asked.seed)


if __name__ == "__main__":
    sys.exit(main())
