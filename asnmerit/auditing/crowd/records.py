"""Lanes of a person into a record as `decide` takes it, and a record back into lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.auditing.crowd.domains import scalar_domain
from asnmerit.edge import read_record
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf, PerMember, Scalar, Yearly
from asnmerit.views import shown_value

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping

    from asnmerit.rules.law import Law

Lane = tuple[str, int | str | None]
Lanes = dict[Lane, Any]
"""One person: an integer a lane, a list of them for a field of a list, None where unknown."""


def record_of(law: Law, lanes: Mapping[Lane, Any], as_of: datetime.date | None = None) -> dict[str, Any]:
    """Give the record of a person for a decision on a day: exact values, only what the law reads and is known.

    A number is an int, a Decimal where it has one, else a Fraction; years are calendar years, members their text.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> record_of(law, {("active", None): 1, ("performance", 0): 0, ("quality_peers", "#"): 2,
    ...                 ("quality_peers", ".value"): [8750, 9000]})
    {'active': True, 'performance': {2025: 'tidak_dinilai'}, 'quality_peers': [Decimal('87.5'), 90]}
    """
    year = (as_of or law.on).year
    by_fact: dict[str, dict[int | str | None, Any]] = {}
    for (name, slot), value in lanes.items():
        if name in law.declared:
            by_fact.setdefault(name, {})[slot] = value
    found: dict[str, Any] = {}
    for name in law.declared:
        said = _fact(law, name, by_fact[name], year) if name in by_fact else None
        if said is not None:
            found[name] = said
    return found


def _fact(law: Law, name: str, slots: Mapping[Any, Any], year: int) -> object:
    match law.declared[name].type:
        case Yearly(of, _):
            known = {k: v for k, v in sorted(slots.items()) if v is not None}
            return {year - 1 - k: _shown(v, of) for k, v in known.items()} or None
        case PerMember(of, enum):
            return {m: _shown(slots[m], of) for m in enum.members if slots.get(m) is not None} or None
        case ListOf() as of:
            return _rows(slots, of)
        case of:
            return _shown(slots[None], of)  # type: ignore[arg-type]


def _rows(slots: Mapping[Any, Any], of: ListOf) -> list[Any] | None:
    """Give the rows; a plain value that the law does not read is the lowest, for there must be one."""
    count = slots.get("#")
    if count is None:
        return None
    if of.plain:
        kind = of.fields["value"]
        column = slots.get(".value")
        if column is None:
            column = [scalar_domain(kind).low] * count
        return [_shown(v, kind) for v in column[:count]]
    fields = [(f, kind, slots[f".{f}"]) for f, kind in of.fields.items() if slots.get(f".{f}") is not None]
    return [{f: _shown(column[i], kind) for f, kind, column in fields if column[i] is not None} for i in range(count)]


def _shown(value: Any, of: Scalar) -> Any:  # noqa: ANN401 - an integer of the kernel, and what a record says
    return None if value is None else shown_value(int(value), of, int_type(of).den)


def lanes_of_record(law: Law, record: Mapping[str, object], as_of: datetime.date | None = None) -> Lanes:
    """Give the lanes of a record, read by the edge. Raises `RecordError` with every fault.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> lanes_of_record(law, {"quality_peers": [90]})[("quality_peers", ".value")]
    [9000]
    """
    given = read_record(law, record, as_of or law.on, ())
    found: Lanes = {}
    for lane, value in zip(law.inputs, given.lanes, strict=True):
        if lane[0] == "as_of":
            continue
        if isinstance(value, tuple):
            found[lane] = [None if v is None else int(v) for v in value]
        else:
            found[lane] = None if value is None else int(value)
    return found
