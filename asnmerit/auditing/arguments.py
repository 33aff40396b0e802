"""What an audit is called with, looked at before anything is asked: the law, the day, the kinds, the budget."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from asnmerit.auditing.findings import Kind
from asnmerit.auditing.proving.driver import Budget
from asnmerit.bundle import in_force
from asnmerit.errors import ArgumentError
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.policy import Policy

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 2**63


def law_of(law: object, on: Any, known: Any, readings: Any) -> tuple[Law, Policy | None]:  # noqa: ANN401 - as given
    """Give the law to audit, and the policy it is of where that was given.

    Raises:
        ArgumentError: for a law or policy that is none, a day that is missing or does not belong.
        NotInForceError: where the policy has no law on the day.
    """
    if isinstance(law, Law):
        for name, value in (("on", on), ("known", known), ("readings", readings)):
            if value is not None:
                raise ArgumentError(name, str(value), "left out: a law has its own; give the policy to choose them")
        return law, None
    if not isinstance(law, Policy):
        raise ArgumentError("law", law, f"{A_LAW}, or a Policy, as `load` gives it")
    if on is None:
        raise ArgumentError("on", None, "a day: the library has no clock")
    return in_force(law, on, known, readings), law


def kinds_of(only: object) -> frozenset[Kind]:
    """Give the kinds that are wanted: all of them for None.

    Raises:
        ArgumentError: for a kind that there is not, and for none at all.

    >>> sorted(kinds_of(["gap", "conflict"]))
    [<Kind.CONFLICT: 'conflict'>, <Kind.GAP: 'gap'>]
    """
    if only is None:
        return frozenset(Kind)
    wanted = f"kinds of findings: {', '.join(Kind)}"
    if not isinstance(only, str | list | tuple | set | frozenset):
        raise ArgumentError("only", only, wanted)
    names = [only] if isinstance(only, str) else list(only)
    if not names:
        raise ArgumentError("only", only, wanted)
    for name in names:
        if not isinstance(name, str) or name not in list(Kind):
            raise ArgumentError("only", name, wanted)
    return frozenset(Kind(name) for name in names)


def budget_of(budget: object, samples: object, jobs: object, seed: object) -> Budget:
    """Give what an audit may use. No seconds at all are allowed: then only what the form of the law proves is proved.

    Raises:
        ArgumentError: for what is no number of seconds, samples or solvers, or no seed.

    >>> budget_of(10, 1000, 2, 0).total
    10.0
    """
    if isinstance(budget, bool) or not isinstance(budget, int | float) or not (math.isfinite(budget) and budget >= 0):
        raise ArgumentError("budget", budget, "a number of seconds")
    counts = (("samples", samples, 0, "a whole number of people to try"), ("jobs", jobs, 1, "a whole number from 1"))
    for name, value, least, wanted in (*counts, ("seed", seed, 0, "a whole number from 0")):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < LARGEST:
            raise ArgumentError(name, value, wanted)
    return Budget(total=float(budget), samples=samples, jobs=jobs, seed=seed)  # type: ignore[arg-type]


def heard(progress: object) -> Callable[..., object] | None:
    """Give who is told of the progress.

    Raises:
        ArgumentError: for what cannot be called.
    """
    if progress is not None and not callable(progress):
        raise ArgumentError("progress", progress, "something to call with (settled, of how many, what is done)")
    return progress
