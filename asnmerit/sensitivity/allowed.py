"""Values that a parameter may be given: of its type, in its range, and within what the parent delegates."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.diagnostics import Faults, Position, near_misses
from asnmerit.errors import ArgumentError, shown
from asnmerit.rules.assemble import reads
from asnmerit.rules.document import Scalar
from asnmerit.rules.expr import Parameter, walk
from asnmerit.rules.law import exact_text
from asnmerit.rules.types import Date, Enum, Months, Number, Type
from asnmerit.rules.values import read_number, read_value
from asnmerit.timeline import in_force

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

HERE = Position("values")
MOST_VALUES = 2_000


def listed(name: str, values: object) -> tuple[object, ...]:
    """Give the values of a parameter as said. Raises `ArgumentError` where there are none, or one is there twice."""
    if isinstance(values, str | bytes | Mapping | AbstractSet) or not isinstance(values, Iterable):
        raise ArgumentError(name, values, "a list of values to try")
    found = tuple(values)
    if not 1 <= len(found) <= MOST_VALUES:
        raise ArgumentError(name, f"{len(found)} values", f"from 1 to {MOST_VALUES} values")
    return found


def checked(law: Law, policy: Policy | None, name: str, values: Iterable[object], *, unbound: bool) -> list[Any]:
    """Read the values of a parameter exactly, as a document would be read.

    Raises `ArgumentError` for a parameter that the law has not, and with the first value that cannot be. With a policy
    its declared range holds, and, unless `unbound`, what its parent delegates of it.
    """
    if name not in law.data.parameters:
        near = near_misses(str(name)[:80], law.data.parameters)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        there = ", ".join(law.data.parameters) or "none"
        raise ArgumentError("parameters", name, f"a parameter of the law ({there}){hint}")
    of = type_of(law, policy, name)
    if isinstance(of, Months):
        raise ArgumentError("parameters", name, "a parameter with one value; a set of months is not swept")
    found = [_read(name, value, of) for value in values]
    if len(set(found)) < len(found):
        raise ArgumentError(name, [str(v) for v in found], "different values")
    if policy is not None:
        _demanded(policy, name, found)
        if not unbound:
            _delegated(policy, law, name, found)
    return found


def type_of(law: Law, policy: Policy | None, name: str) -> Type:
    """Give the type of a parameter: as declared, or as the expressions of the law have it."""
    if policy is not None:
        return policy.declared.parameters[name].type
    for step in law.steps:
        if name in reads(step.rich)[0]:
            nodes = [n for n in walk(step.rich) if isinstance(n, Parameter) and n.key == name]
            of: Type = nodes[0].type if nodes else Months()
            return of
    return Months() if isinstance(law.data.parameters[name], frozenset) else Number()


def _read(name: str, value: object, of: Type) -> Any:  # noqa: ANN401 - by type
    node = _scalar(value, of)
    faults = Faults()
    found = None if node is None else read_value(node, of, faults, f"`{name}`")
    if found is not None:
        return found
    said = "; ".join(f.message for f in faults.errors)
    raise ArgumentError(name, value, said or _expected(of))


def _expected(of: Type) -> str:
    if isinstance(of, Enum):
        return f"one of {', '.join(of.members)}"
    return f"an exact {of}: an int, a Fraction, a Decimal or text, no float" if isinstance(of, Number) else f"a {of}"


def _scalar(value: object, of: Type) -> Scalar | None:
    """Write a value as it would stand in a document; None where it can be no exact value."""
    match value:
        case bool():
            return Scalar(HERE, "yes" if value else "no") if not isinstance(of, Number) else None
        case str():
            return Scalar(HERE, value)
        case int() | Fraction():
            return Scalar(HERE, exact_text(Fraction(value)), exact=True)
        case Decimal() if value.is_finite():
            return _scalar(Fraction(value), of)
        case datetime.date() if isinstance(of, Date) and not isinstance(value, datetime.datetime):
            return Scalar(HERE, value.isoformat())
        case _:
            return None


def _demanded(policy: Policy, name: str, values: Iterable[Any]) -> None:
    """Hold a parameter that says how many years are read to the years that there are."""
    for demand in policy.demands:
        for value in values:
            if demand.parameter == name and not 1 <= value <= demand.most:
                raise ArgumentError(name, value, f"from 1 to {demand.most}: so many years are recorded")


def _delegated(policy: Policy, law: Law, name: str, values: Iterable[Any]) -> None:
    """Hold values to what the parent of the policy delegates, unless the parameter is the policy's own."""
    parent = policy.module.parent
    if policy.declared.owners.get(name) is policy.module:
        return
    entry = parent.document.delegates.get(name) if parent is not None else None
    if entry is None:
        raise ArgumentError(
            "parameters", name, f"a parameter that {policy.name} may set; unbound=True explores beyond delegation"
        )
    of = policy.declared.parameters[name].type
    percent = isinstance(of, Number) and of.unit == "percent"
    ends = (entry.within.from_, entry.within.to) if entry.within is not None else (None, None)
    low, high = (read_number(end, Faults(), name, percent=percent) for end in ends)
    before = in_force(
        [a for a in policy.declared.parameters[name].acts if a.layer < policy.module.layer],
        law.on.toordinal(),
        10**7 if law.known is None else law.known.toordinal(),
    )
    old = before.payload.value if before is not None and before.payload is not None else None
    may = entry.may or ()
    for value in values:
        outside = (low is not None and value < low) or (high is not None and value > high)
        turned = old is not None and "set" not in may
        wrong = turned and not (("raise" in may and value >= old) or ("lower" in may and value <= old))
        if outside or wrong:
            limits = " ".join(f"{word} {exact_text(n)}" for word, n in (("from", low), ("to", high)) if n is not None)
            allowed = limits if outside else f"only to {' or '.join(may)} from {shown(old)}"
            raise ArgumentError(
                name, value, f"what {parent.name if parent else ''} delegates: {allowed}; unbound=True explores beyond"
            )
