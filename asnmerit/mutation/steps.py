"""The values next to a value: a number one step up and down, the neighbouring members, the days beside a day."""

from __future__ import annotations

import datetime
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from asnmerit.rules.law import exact_text
from asnmerit.rules.schema import FALSE, TRUE
from asnmerit.rules.types import Bool, Date, Enum, Number

if TYPE_CHECKING:
    from asnmerit.rules.types import Type

_NUMBER: Final = re.compile(r"([+-]?)(\d+)(?:\.(\d+))?(%?)\Z")
_RATIO: Final = re.compile(r"[+-]?\d+/\d+\Z")


def beside_number(text: str, step: Fraction | None = None) -> tuple[str, ...]:
    """Give a written number one step up and one down: of its last digit, unless a coarser step is given.

    >>> beside_number("24"), beside_number("0.50"), beside_number("60%"), beside_number("5", Fraction(5))
    (('25', '23'), ('0.51', '0.49'), ('61%', '59%'), ('10', '0'))
    """
    if _RATIO.match(text):
        value = Fraction(text)
        return tuple(str(value + sign * Fraction(1, value.denominator)) for sign in (1, -1))
    found = _NUMBER.match(text)
    if found is None:
        return ()
    percent = found[4] == "%"
    value = Fraction(text.rstrip("%"))
    last = Fraction(1, 10 ** len(found[3] or ""))
    size = last if step is None else max(last, step * 100 if percent else step)
    digits = len(found[3] or "")
    return tuple(_decimal(value + sign * size, digits) + found[4] for sign in (1, -1))


def _decimal(value: Fraction, digits: int) -> str:
    """Write a number with as many digits after the point as it had, or more where it needs them."""
    plain = exact_text(value)
    if "/" in plain or not digits:
        return plain
    whole, _, rest = plain.partition(".")
    return f"{whole}.{rest.ljust(digits, '0')}"


def beside_member(member: str, of: Enum) -> tuple[str, ...]:
    """Give the members beside one: above and below where they have an order, else the next of the list.

    >>> rank = Enum("rank", ("low", "mid", "high"), (0, 1, 2), ordered=True)
    >>> beside_member("mid", rank), beside_member("high", rank)
    (('high', 'low'), ('mid',))
    """
    at, last = of.members.index(member), len(of.members) - 1
    if not last:
        return ()
    if not of.ordered:
        return (of.members[(at + 1) % (last + 1)],)
    return tuple(of.members[i] for i in (at + 1, at - 1) if 0 <= i <= last)


def beside_day(text: str) -> tuple[str, ...]:
    """Give the day after and the day before.

    >>> beside_day("2024-02-29")
    ('2024-03-01', '2024-02-28')
    """
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return ()
    return tuple(str(day + datetime.timedelta(days=n)) for n in (1, -1))


def beside(text: str, of: Type) -> tuple[str, ...]:
    """Give the values beside a written value of a type.

    >>> from asnmerit.rules.types import BOOL
    >>> beside("yes", BOOL)
    ('no',)
    """
    match of:
        case Bool():
            return ("no",) if text in TRUE else ("yes",) if text in FALSE else ()
        case Number(step=step):
            return beside_number(text, step)
        case Date():
            return beside_day(text)
        case Enum() if text in of.members:
            return beside_member(text, of)
        case _:
            return ()
