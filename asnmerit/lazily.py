"""A property that is computed once and kept, without the lock that `functools.cached_property` takes on 3.11."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class lazily(Generic[T]):  # noqa: N801 - used as a decorator, as `property` is
    """Compute a value on first use and keep it in the instance. Two threads may both compute it; it is the same.

    >>> class Answer:
    ...     @lazily
    ...     def value(self) -> int:
    ...         return 42
    >>> Answer().value
    42
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        """Keep the function that computes the value."""
        self.compute, self.name, self.__doc__ = compute, compute.__name__, compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> lazily[T]: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> lazily[T] | T:
        """Give the value, from now on without this call."""
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.compute(instance)
        return value
