"""What can be wrong with a selection as it was asked for, every fault at once; and ties that nothing breaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from asnmerit.errors import Fault, FaultsError


class SelectionError(FaultsError, ValueError):
    """A selection cannot be made as it was asked for. Every fault is in `faults`, each with its `code`.

    `fact` of a fault is the argument, or the key or the group, that it is about.
    """


@attrs.frozen
class Tie:
    """People alike in every key, for whom there is room for some and not for all: their group, and their rows."""

    group: Any
    rows: tuple[int, ...]


class TiedError(SelectionError):
    """People are alike in every key across the cut-off, and `ties` does not say what becomes of them.

    `ties` holds them by group. Declare one more key, or `ties="all_wait"`, or `ties="all_in"`.
    """

    def __init__(self, faults: Sequence[Fault], ties: Sequence[Tie]) -> None:
        """Keep the faults and the ties."""
        super().__init__(faults)
        self.ties = tuple(ties)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle with both."""
        return type(self), (self.faults, self.ties)
