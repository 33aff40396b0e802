"""The one rounding primitive: an exact integer quotient in each of decimal's modes."""

from __future__ import annotations

from typing import Final

MODES: Final = ("floor", "ceiling", "down", "up", "half_up", "half_even", "half_down")


def divided(mode: str, n: int, d: int) -> int:
    """Divide n by d >= 1 and round the quotient in the mode. No temporary exceeds n and d.

    The modes are those of Python's decimal module: half_up rounds ties away from zero.

    >>> [divided(m, -5, 2) for m in ("floor", "half_up", "half_even", "down")]
    [-3, -3, -2, -2]
    """
    q, r = divmod(n, d)
    e = d - r
    match mode:
        case "floor":
            more = False
        case "ceiling":
            more = r > 0
        case "down":
            more = r > 0 and n < 0
        case "up":
            more = r > 0 and n > 0
        case "half_even":
            more = r > e or (r == e and q % 2 == 1)
        case "half_up":
            more = r > e or (r == e and n > 0)
        case "half_down":
            more = r > e or (r == e and n < 0)
        case _:
            message = f"no rounding mode {mode}"
            raise ValueError(message)
    return q + more
