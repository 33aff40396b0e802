"""Everything that the library raises on purpose. Exceptions carry fields; their text is built from them."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from asnmerit.diagnostics import Diagnostic

SHOWN_VALUE_LENGTH = 60


class AsnmeritError(Exception):
    """Base of every error of this library: catch this one to catch them all."""


class PolicyError(AsnmeritError):
    """A policy cannot be loaded. Every fault is in `diagnostics`, in document order.

    >>> import asnmerit
    >>> try:
    ...     asnmerit.load({"asnmerit": 1})
    ... except asnmerit.PolicyError as error:
    ...     print(error.diagnostics[0].code)
    shape-missing
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Keep the diagnostics; the text lists them all."""
        self.diagnostics = tuple(diagnostics)
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        """All faults, one a line."""
        return "\n".join(str(d) for d in self.diagnostics)


class PolicyNotFoundError(AsnmeritError):
    """No policy of that name is bundled or found in the folders searched."""

    def __init__(self, name: str, near: Sequence[str] = ()) -> None:
        """Keep the name asked for and the near misses."""
        self.name, self.near = name, tuple(near)
        super().__init__(name, self.near)

    def __str__(self) -> str:
        """Name the policy and the near misses."""
        hint = f"; did you mean {', '.join(self.near)}?" if self.near else ""
        return f"no policy named {shown(self.name)}{hint}"


class NotInForceError(AsnmeritError):
    """The policy has no law for the days asked for; the nearest one is named."""

    def __init__(self, policy: str, reason: str, hint: str = "") -> None:
        """Keep the policy's name, the reason and where to look instead."""
        self.policy, self.reason, self.hint = policy, reason, hint
        super().__init__(policy, reason, hint)

    def __str__(self) -> str:
        """Name the policy, the reason and the nearest law."""
        return f"{self.policy}: {self.reason}" + (f" ({self.hint})" if self.hint else "")


class ArgumentError(AsnmeritError, ValueError):
    """An argument of a call is not what the call takes: a date that does not exist, an unknown reading."""

    def __init__(self, argument: str, value: object, expected: str) -> None:
        """Keep the argument's name, its value and what was expected."""
        self.argument, self.value, self.expected = argument, value, expected
        super().__init__(argument, value, expected)

    def __str__(self) -> str:
        """Name the argument, the value and what was expected."""
        return f"{self.argument}: got {shown(self.value)}, expected {self.expected}"


@attrs.frozen
class Fault:
    """One thing that is wrong with one fact of a record."""

    code: str
    fact: str
    value: str
    expected: str
    hint: str = ""

    def __str__(self) -> str:
        """Fact, value, what was expected and a hint, on one line."""
        got = f" got {self.value}," if self.value else ""
        hint = f" ({self.hint})" if self.hint else ""
        return f"{self.fact}:{got} expected {self.expected}{hint} [{self.code}]"


class FaultsError(AsnmeritError):
    """Something is refused. Every fault is in `faults`: what it is about, its value, what was expected, a hint."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the text lists them all."""
        self.faults = tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        """All faults, one a line."""
        return "\n".join(str(f) for f in self.faults)


class RecordError(FaultsError):
    """A record does not pass the edge. Every fault is in `faults`: fact, value, what was expected, a hint."""


class FrameError(FaultsError):
    """A dataframe cannot be decided at all: columns that nothing claims, or whose type can never be that of their fact.

    Every fault is in `faults`: `fact` is the column's name (or the fact's, where its column is not there).
    """


class UnknownDecisionError(AsnmeritError, KeyError):
    """The law makes no decision of that name; `names` lists those it makes."""

    def __init__(self, name: object, names: Sequence[str]) -> None:
        """Keep the name asked for and the names there are."""
        self.name, self.names = name, tuple(names)
        super().__init__(name, self.names)

    def __str__(self) -> str:
        """Name the decision and those that there are."""
        return f"no decision {shown(self.name)}; the law decides {', '.join(self.names) or 'nothing'}"


class DecisionRecordError(AsnmeritError):
    """A stored decision record cannot be read: it is not one, or a part is missing."""


class WitnessError(AsnmeritError):
    """The second witness does not confirm a decision, so the decision is not given.

    `disagreements` names each rule that one engine finds true and the other does not; empty where the witness failed.
    """

    def __init__(self, policy: str, reason: str, disagreements: Sequence[str] = ()) -> None:
        """Keep the policy's name, what happened, and what the two differ on."""
        self.policy, self.reason, self.disagreements = policy, reason, tuple(disagreements)
        super().__init__(policy, reason, self.disagreements)

    def __str__(self) -> str:
        """Name the policy, what happened, and what the two differ on."""
        return f"{self.policy}: {self.reason}" + "".join(f"; {d}" for d in self.disagreements)


class WitnessUnavailableError(AsnmeritError):
    """The second witness cannot be asked: it is not installed here, or a policy exceeds its limits."""

    def __init__(self, reason: str, hint: str = "") -> None:
        """Keep the reason, and what can be done."""
        self.reason, self.hint = reason, hint
        super().__init__(reason, hint)

    def __str__(self) -> str:
        """Give the reason, and what can be done."""
        return f"durable_rules cannot witness: {self.reason}" + (f" ({self.hint})" if self.hint else "")


def shown(value: object) -> str:
    """Show a value in an error text: short, printable, and never more of it than needed.

    >>> shown("quality")
    "'quality'"
    >>> shown(Fraction(7, 2))
    '7/2'
    """
    try:
        plain = str(value) if isinstance(value, Decimal | Fraction) else repr(value)
        text = ascii(value) if _has_surrogates(value) else plain
    except Exception:  # noqa: BLE001 - a foreign object's repr may fail in any way; the error text must not
        text = f"<{type(value).__name__}>"
    return text if len(text) <= SHOWN_VALUE_LENGTH else text[: SHOWN_VALUE_LENGTH - 1] + "…"


def _has_surrogates(value: object) -> bool:
    return isinstance(value, str) and any("\ud800" <= c <= "\udfff" for c in value)
