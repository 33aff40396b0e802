"""Names that the second law has for what the first law calls otherwise, looked at before anything is compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from asnmerit.auditing.difference.meeting import meet
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError

if TYPE_CHECKING:
    from asnmerit.rules.law import Law


def renaming_of(renamed: object, a: Law, b: Law) -> dict[str, str]:
    """Give the names of the second law's facts and decisions, with those that they have in the first.

    Two facts of one law are never taken as one: that would be another law.

    Raises:
        ArgumentError: for a name that a law does not have, for two that would become one, for facts of unlike types.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> renaming_of({"activ": "active"}, law, law)
    Traceback (most recent call last):
    asnmerit.errors.ArgumentError: renamed: got 'activ', expected names of law b; did you mean active?
    """
    if renamed is None:
        return {}
    if not isinstance(renamed, Mapping) or not all(isinstance(x, str) for pair in renamed.items() for x in pair):
        raise ArgumentError("renamed", renamed, "a mapping from names of the second law to names of the first")
    found = dict(renamed)
    for new, old in found.items():
        _known(new, old, a, b)
        if new in b.declared and old in a.declared and meet(a.declared[old].type, b.declared[new].type) is None:
            types = f"{a.declared[old].type} in the first law and {b.declared[new].type} in the second"
            raise ArgumentError("renamed", f"{new}: {old}", f"facts with values in common: it is {types}")
    for names in (b.declared, b.decisions):
        taken: dict[str, str] = {}
        for name in names:
            old = found.get(name, name)
            if old in taken:
                told = f"one name of the second law for one of the first: {taken[old]} and {name} would both be {old}"
                raise ArgumentError("renamed", found, told)
            taken[old] = name
    return found


def _known(new: str, old: str, a: Law, b: Law) -> None:
    """Refuse names that there are not, and a fact that would be a decision."""
    theirs, mine = (*b.declared, *b.decisions), (*a.declared, *a.decisions)
    if new not in theirs:
        turned = new in mine and old in theirs
        raise ArgumentError("renamed", new, f"names of law b{_hint(new, theirs, turned=turned)}")
    if old not in mine:
        raise ArgumentError("renamed", old, f"names of law a{_hint(old, mine)}")
    if not ((new in b.declared and old in a.declared) or (new in b.decisions and old in a.decisions)):
        raise ArgumentError("renamed", f"{new}: {old}", "two facts, or two decisions")


def _hint(name: str, known: tuple[str, ...], *, turned: bool = False) -> str:
    if turned:
        return ", each with that of the first: the mapping is the wrong way round"
    near = near_misses(name, known)
    return f"; did you mean {near[0]}?" if near else ""
