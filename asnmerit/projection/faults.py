"""What can be wrong with a projection as it was asked for, every fault at once."""

from __future__ import annotations

from collections.abc import Sequence

from asnmerit.errors import AsnmeritError, Fault


class ProjectionError(AsnmeritError, ValueError):
    """A projection cannot be made as it was asked for. Every fault is in `faults`, each with its `code`.

    `fact` of a fault is the argument, the assumption, or the missing fact that it is about.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the text lists them all."""
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """All faults, one a line."""
        return "\n".join(str(f) for f in self.faults)
