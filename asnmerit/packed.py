"""Values that travel light: a frozen class that pickles as a call of itself, not as a dictionary of its parts."""

from __future__ import annotations

from typing import Any


class Packed:
    """Base of frozen attrs classes of which a law holds thousands; their arguments are given by place."""

    __slots__ = ()
    __match_args__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the class and its arguments."""
        return type(self), tuple([getattr(self, name) for name in self.__match_args__])
