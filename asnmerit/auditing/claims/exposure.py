"""Cost exposure: the most that one person can be granted over all benefits together, and one person of each rank."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.claims.bounds import Measured, amounts_of, best_known
from asnmerit.auditing.claims.claim import Claim, Shown
from asnmerit.auditing.claims.wording import listed, member, named, one_after_another, pair
from asnmerit.auditing.findings import Finding, Kind
from asnmerit.auditing.questions import Extreme, fact_of, whole
from asnmerit.errors import ArgumentError
from asnmerit.outcome import cone, facts_below
from asnmerit.rules import types as t
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.declarations import About
from asnmerit.rules.expr import Call, Expr
from asnmerit.rules.expr import Literal as Written

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from asnmerit.auditing.questions import Extended
    from asnmerit.rules.law import Law

RUPIAH: Final = t.number_of("rupiah")
RANKS: Final = ("rank", "golongan")
"""Facts that stand for a rank, where the caller names none."""

_SAID: Final[dict[str, tuple[str, str]]] = {
    "claim": ("Paling banyak yang diberikan kepada satu orang", "The most that one person is granted"),
    "at": (
        "Paling banyak yang diberikan kepada satu orang dengan {0} {1}",
        "The most that one person with {0} {1} is granted",
    ),
    "sum": ("Dijumlahkan: {0}.", "Added up: {0}."),
    "twice": (
        "{0} dipakai untuk menghitung {1}; bila itu satu pembayaran, jumlah ini menghitungnya dua kali.",
        "{0} is used in computing {1}; if that is one payment, this sum counts it twice.",
    ),
}


def claims(law: Law, extended: Extended, by: str | None = None) -> list[Claim]:
    """Ask for the most that a person can be granted in rupiah, and for each member of `by`, an ordered fact.

    `by` is the fact called `rank` or `golongan` unless said. Nothing is asked where no benefit is in rupiah.

    Raises:
        ArgumentError: if `by` is not an ordered enumeration that a record holds once.

    >>> import asnmerit
    >>> from asnmerit.auditing.questions import Extended
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/gaji"), on="2026-04-01")
    >>> [c.subject for c in claims(law, Extended(law))][:2]
    ['indonesia/gaji', 'rank.I/a']
    """
    fact = _fact(law, by)
    parts = [m for m in amounts_of(law, extended) if m.of.unit == "rupiah" and _benefit(law, m)]
    key = _added(extended, parts)
    if key is None:
        return []
    notes = [pair(_SAID["sum"], listed(m.name for m in parts)), *_twice(law, parts)] if len(parts) > 1 else []
    found = [_claim(law.policy, pair(_SAID["claim"]), key, None, notes)]
    if fact is None or fact not in facts_below(extended.law(), key):
        return found
    of = law.declared[fact].type
    assert isinstance(of, t.Enum)  # noqa: S101 - `_fact` gives no other
    label = named(law.declared[fact].about, fact)
    for code, name in enumerate(of.members):
        test = Call(t.BOOL, "eq", (fact_of(law, fact), Written(of, code)), None)
        where = extended.add(f"{fact} is {name}", test)
        words = pair(_SAID["at"], label, member(of, code))
        found.append(_claim(f"{fact}.{name}", words, key, where, notes if len(parts) > 1 else []))
    return found


def _benefit(law: Law, one: Measured) -> bool:
    return law.decisions[one.decision].kind == "benefit"


def _fact(law: Law, by: str | None) -> str | None:
    """Give the fact that people are told apart by."""
    good = [
        name
        for name, decl in law.declared.items()
        if isinstance(decl.type, t.Enum) and decl.type.ordered and (name, None) in law.inputs
    ]
    if by is not None:
        if by not in good:
            raise ArgumentError("by", by, f"an ordered fact that the law reads: {', '.join(good) or 'there is none'}")
        return by
    return next((name for rank in RANKS for name in good if name == rank), None)


def _added(extended: Extended, parts: Sequence[Measured]) -> str | None:
    """Add the step that adds up what is granted; none where there is nothing, or the sum leaves 64 bits."""
    total: Expr | None = None
    for part in parts:
        read = extended.read(part.key)
        one = read if part.where is None else Call(RUPIAH, "if", (extended.read(part.where), read, whole(0)))
        total = one if total is None else Call(RUPIAH, "add", (total, one))
    if total is None:
        return None
    try:
        return extended.add("granted to one person", total)
    except NotProvedError:
        return None


def _twice(law: Law, parts: Sequence[Measured]) -> Iterator[dict[str, str]]:
    """Tell where one amount is computed from another."""
    for a, b in permutations(parts, 2):
        if a.decision != b.decision and a.key in set(cone(law, b.key)):
            yield pair(_SAID["twice"], a.name, b.name)


def _claim(subject: str, words: dict[str, str], key: str, where: str | None, notes: list[dict[str, str]]) -> Claim:
    one = Measured(key, where, RUPIAH, 1, words, About())

    def read(shown: tuple[Shown, ...]) -> Sequence[Finding]:
        return [_with_notes(best_known(claim, one, shown[0], "max"), notes)]

    claim = Claim(Kind.EXPOSURE, subject, words, (Extreme(key, "max", where),), read)
    return claim


def _with_notes(found: Finding, notes: list[dict[str, str]]) -> Finding:
    witness = None if found.witness is None else attrs.evolve(found.witness, values=())
    return attrs.evolve(found, told=one_after_another([found.told, *notes]), witness=witness)
