"""From the kernel's integers to values people read: int, Decimal or Fraction, dates, member names."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.rules.law import exact_text
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import Bool, Date, Enum, ListOf, Number, Scalar

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.law import Law

MOST_PLACES = 9
EXACT = Context(prec=40)
"""Our own context: a kernel integer of 19 digits and 9 places fits; the caller's precision must not matter."""

Value = bool | int | Decimal | Fraction | datetime.date | str | None


def number(n: int, den: int) -> int | Decimal | Fraction:
    """Show a number: an int where it is whole, a Decimal where it ends, else a Fraction.

    >>> number(25, 8), number(1, 3), number(6, 3)
    (Decimal('3.125'), Fraction(1, 3), 2)
    """
    exact = Fraction(n, den)
    if exact.denominator == 1:
        return exact.numerator
    text = exact_text(exact)
    return exact if "/" in text else Decimal(text)


def shown_value(raw: Any, of: Scalar, den: int) -> Value:  # noqa: ANN401 - an integer of the kernel
    """Turn a kernel value into a value of its type; None stays None."""
    if raw is None:
        return None
    match of:
        case Bool():
            return bool(raw)
        case Number():
            return number(raw, den)
        case Date():
            return datetime.date.fromordinal(raw)
        case Enum():
            return str(of.members[raw])


def presumed_value(decl: FactDecl) -> Any:  # noqa: ANN401 - a value of the type of the fact
    """Give what a fact is presumed to be where nothing is recorded."""
    if isinstance(decl.type, ListOf):
        return []
    den = int_type(decl.type).den  # type: ignore[arg-type]
    return shown_value(int(decl.assume * den), decl.type, den)  # type: ignore[arg-type]


def viewer(of: Scalar, den: int) -> Callable[[Any], Any]:
    """Give the function that shows kernel values of one type: `shown_value` with everything fixed looked up once."""
    match of:
        case Bool():
            return lambda raw: None if raw is None else bool(raw)
        case Number():
            return _numbers(den)
        case Date():
            return lambda raw: None if raw is None else datetime.date.fromordinal(raw)
        case Enum():
            members = of.members
            return lambda raw: None if raw is None else members[raw]


def _numbers(den: int) -> Callable[[Any], Any]:
    """Show numbers of one denominator; where it goes into a power of ten, by shifting the point."""
    if den == 1:
        return lambda raw: raw
    places = next((k for k in range(1, MOST_PLACES) if 10**k % den == 0), 0)
    times = 10**places // den

    def shifted(raw: int | None) -> int | Decimal | None:
        if raw is None:
            return None
        whole, rest = divmod(raw, den)
        return EXACT.normalize(EXACT.scaleb(Decimal(raw * times), -places)) if rest else whole

    return shifted if places else (lambda raw: None if raw is None else number(raw, den))


class Values(Mapping[str, Any]):
    """Every named step of a decision by name, made exact when looked at. Rowwise steps are tuples."""

    def __init__(self, law: Law, raw: tuple[Any, ...], viewers: tuple[Callable[[Any], Any], ...]) -> None:
        """Show the raw values of a law's steps, each by its viewer."""
        self._law, self._raw, self._viewers = law, raw, viewers

    def __getitem__(self, key: str) -> Any:  # noqa: ANN401 - a value of the step's type
        """Give the value of a step; KeyError for a name the law does not have."""
        i = self._law.index[key]
        step, raw, show = self._law.steps[i], self._raw[i], self._viewers[i]
        if step.binder is not None:
            return None if raw is None else tuple(map(show, raw))
        return show(raw)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of steps, in the law's order."""
        return iter(self._law.index)

    def __len__(self) -> int:
        """Count the steps."""
        return len(self._law.steps)

    def __repr__(self) -> str:
        """Show the named values, without the inner parts of conditions."""
        named = {k: v for k, v in self.items() if "." not in k and "~" not in k}
        return f"Values({named!r})"


def plain(value: Any) -> Any:  # noqa: ANN401 - any value shown
    """Give a shown value as JSON holds it: exact numbers as text, whole ones as numbers, days as text."""
    if isinstance(value, Decimal | Fraction):
        return exact_text(Fraction(value))
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return value
