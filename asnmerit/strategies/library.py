"""Hypothesis, where it is installed: the one place that imports it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from asnmerit.errors import AsnmeritError

try:
    from hypothesis import HealthCheck, Phase, find, reject, settings
    from hypothesis import strategies as st
    from hypothesis.errors import NoSuchExample, Unsatisfiable
    from hypothesis.strategies import DrawFn, SearchStrategy
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "asnmerit.testing draws people with Hypothesis: pip install 'asnmerit[testing]'"
    raise ModuleNotFoundError(message, name=error.name) from error

__all__ = ["DrawFn", "NobodyError", "SearchStrategy", "first_that", "reject", "st"]

T = TypeVar("T")


class NobodyError(AsnmeritError):
    """Nobody could be drawn: the checks of the law left no one."""


def first_that(strategy: SearchStrategy[T], holds: Callable[[T], bool], examples: int) -> T | None:
    """Give the simplest thing found that a test holds for, or None after so many examples. The same every time.

    Raises:
        NobodyError: if nothing could be drawn.
    """
    chosen = settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.generate, Phase.shrink),
    )
    try:
        return find(strategy, holds, settings=chosen)
    except NoSuchExample:
        return None
    except Unsatisfiable as error:
        message = "nobody could be drawn: hardly anybody meets the checks of the law and what is asked for"
        raise NobodyError(message) from error
