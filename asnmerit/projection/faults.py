"""What can be wrong with a projection as it was asked for, every fault at once."""

from __future__ import annotations

from asnmerit.errors import FaultsError


class ProjectionError(FaultsError, ValueError):
    """A projection cannot be made as it was asked for. Every fault is in `faults`, each with its `code`.

    `fact` of a fault is the argument, the assumption, or the missing fact that it is about.
    """
