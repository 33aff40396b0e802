"""Many decisions under the second witness in a process of their own: `python -m support.witnessed random 40`.

Run where a crash of the engine, or memory that it does not give back, must not be the tests' own.
"""

from __future__ import annotations

import gc
import os
import resource
import sys
import threading
from collections import Counter
from typing import TYPE_CHECKING

import asnmerit as am
from asnmerit import witness
from support import people
from support.dice import Seeded
from support.policies import day_of, seeded

if TYPE_CHECKING:
    from asnmerit.rules.law import Law


def random_policies(count: int, persons: int = 40) -> Counter[str]:
    """Decide random people under random policies; count the rules by their truth."""
    told: Counter[str] = Counter()
    for seed in range(count):
        _, law, dice = seeded(seed)
        for i in range(persons):
            decided(law, dice, (0, 0, 10, 30)[i % 4], told)
    return told


def decided(law: Law, dice: Seeded, unknown: int, told: Counter[str]) -> None:
    """Decide one random person; count the rules by their truth."""
    day = day_of(law, dice)
    record = people.record(dice, law, people.person(dice, law, day, unknown))
    try:
        found = am.decide(law, record, day, witness="durable")
    except am.RecordError:
        told["refused at the edge"] += 1
        return
    told["decisions"] += 1
    for node in law.decisions.values():
        for rule in node.rules:
            told[str(found.raw[law.index[rule.key]])] += 1


def resident() -> int:
    """Give the most memory that the process has held, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def leaks(count: int) -> Counter[str]:
    """Decide one person again and again, then make and end witnesses; count the KiB by which each grew."""
    law = am.in_force(am.load("manokwari/career"), on="2026-04-01")
    for _ in range(300):
        am.decide(law, {}, witness="durable")
    before = resident()
    for _ in range(count):
        am.decide(law, {}, witness="durable")
    between = resident()
    for _ in range(count // 40):
        am.decide(law, {}, witness="durable")
        witness.close(law)
    return Counter({"decisions": count, "deciding": between - before, "making": resident() - between})


def forked(_: int) -> Counter[str]:
    """Decide in a child that was forked while other threads held the locks."""
    law = am.in_force(am.load("manokwari/merit"), on="2026-04-01")
    am.decide(law, {}, witness="durable")
    for ruleset in witness.witness_of(law).rulesets:
        holder = threading.Thread(target=ruleset._lock.acquire)
        holder.start()
        holder.join()
    witness._making.acquire()
    child = os.fork()
    if not child:
        am.decide(law, {}, witness="durable")
        gc.collect()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    for ruleset in witness.witness_of(law).rulesets:
        ruleset._lock.release()
    witness._making.release()
    return Counter({"status": status, "decisions": 1})


if __name__ == "__main__":
    what = {"random": random_policies, "leaks": leaks, "forked": forked}[sys.argv[1]]
    sys.stdout.write(f"{dict(what(int(sys.argv[2])))}\n")
