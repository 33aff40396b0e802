"""Testing a policy of your own: people drawn by Hypothesis, and ready assertions for a pytest suite.

Strategies: `people`, `near_threshold`, `pairs`, `missing`. They draw records that `asnmerit.decide` takes, simple ones
first, and need the extra `testing`. Assertions: `assert_merit_never_hurts`, `assert_blind_to`,
`assert_every_case_decided`, `assert_guarantees`. Each is tried by the prover of the audit (extra `audit`, and NumPy of
the extra `frames`), and without it by examples; `asnmerit.strategies.settling` is where the two meet. A failure is a
`CounterexampleError`, an AssertionError that shows the person or the pair, both answers, why, and scenarios to paste.

>>> import asnmerit as am
>>> from asnmerit.testing import assert_blind_to
>>> law = am.in_force(am.load("indonesia/kinerja"), on="2026-04-01")
>>> print(assert_blind_to(law, "sex"))
PROVED
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asnmerit.strategies.asserting import (
        assert_blind_to,
        assert_every_case_decided,
        assert_guarantees,
        assert_merit_never_hurts,
    )
    from asnmerit.strategies.failing import CounterexampleError
    from asnmerit.strategies.offered import missing, near_threshold, pairs, people
    from asnmerit.strategies.pairing import Pair
    from asnmerit.strategies.settling import Effort, Held

    __all__ = [
        "CounterexampleError",
        "Effort",
        "Held",
        "Pair",
        "assert_blind_to",
        "assert_every_case_decided",
        "assert_guarantees",
        "assert_merit_never_hurts",
        "missing",
        "near_threshold",
        "pairs",
        "people",
    ]

_HOMES = {
    "asnmerit.strategies.asserting": (
        "assert_blind_to",
        "assert_every_case_decided",
        "assert_guarantees",
        "assert_merit_never_hurts",
    ),
    "asnmerit.strategies.failing": ("CounterexampleError",),
    "asnmerit.strategies.offered": ("missing", "near_threshold", "pairs", "people"),
    "asnmerit.strategies.pairing": ("Pair",),
    "asnmerit.strategies.settling": ("Effort", "Held"),
}


def __getattr__(name: str) -> object:
    """Load a name from its home when it is first used: the assertions do without Hypothesis."""
    if name == "__all__":
        return __dir__()
    for home, names in _HOMES.items():
        if name in names:
            found: object = getattr(import_module(home), name)
            globals()[name] = found
            return found
    message = f"module 'asnmerit.testing' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    """List the names that can be used here; see `asnmerit.__dir__`."""
    usable: list[str] = []
    for home, names in _HOMES.items():
        with suppress(ModuleNotFoundError):
            import_module(home)
            usable += names
    return sorted(usable)
