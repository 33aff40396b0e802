"""Places and budgets as the caller gives them, held against the groups of the frame: every fault at once."""

from __future__ import annotations

import operator
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import Fault, shown

SPENDING: Final = ("in_order", "pro_rata")
SHORT: Final = ("stop", "skip")
TIES: Final = ("error", "all_wait", "all_in")

Kind = Literal["places", "in_order", "pro_rata"]


@attrs.frozen
class Limit:
    """What is limited: `places`, or money spent `in_order` or `pro_rata`; how much of it there is in each group."""

    kind: Kind
    given: int | Mapping[Any, int]
    short: str
    ties: str

    @property
    def money(self) -> bool:
        """Whether it is money."""
        return self.kind != "places"

    def of(self, groups: Sequence[Any]) -> list[int]:
        """Give how much there is for each group; 0 where nothing was said."""
        if isinstance(self.given, int):
            return [self.given] * len(groups)
        return [self.given.get(group, 0) for group in groups]


def limit_of(
    places: object, budget: object, spend: object, short: object, ties: object, faults: list[Fault]
) -> Limit | None:
    """Read what is limited; what is wrong is added to the faults."""
    for name, value, known in (("spend", spend, SPENDING), ("short", short, SHORT), ("ties", ties, TIES)):
        if not isinstance(value, str) or value not in known:
            faults.append(Fault("option", name, shown(value), f"one of {', '.join(known)}"))
            return None
    if (places is None) == (budget is None):
        hint = "select the people first, then spend on those who were chosen" if places is not None else ""
        faults.append(Fault("limit", "places, budget", "", "one of the two: how many places, or how much money", hint))
        return None
    if budget is not None and ties == "all_in":
        expected = '"error" or "all_wait": a budget holds no more than there is'
        faults.append(Fault("ties-over-budget", "ties", shown(ties), expected))
    name, given = ("places", places) if budget is None else ("budget", budget)
    amounts = _amounts(name, given, faults)
    if amounts is None:
        return None
    return Limit("places" if budget is None else str(spend), amounts, str(short), str(ties))  # type: ignore[arg-type]


_WHAT: Final = {"places": "places", "budget": "rupiah"}


def _amounts(name: str, given: object, faults: list[Fault]) -> int | dict[Any, int] | None:
    zero = "zero-places" if name == "places" else "empty-budget"
    if not isinstance(given, Mapping):
        whole = _whole(given)
        if whole is None or whole < 1:
            code = "not-whole" if whole is None else zero if whole == 0 else f"negative-{name}"
            expected = f"a whole number of {_WHAT[name]}, at least 1, or a mapping from groups to such numbers"
            faults.append(Fault(code, name, shown(given), expected))
            return None
        return whole
    found: dict[Any, int] = {}
    for group, value in given.items():
        whole = _whole(value)
        if whole is None or whole < 0:
            code = "not-whole" if whole is None else f"negative-{name}"
            expected = f"a whole number of {_WHAT[name]}; 0 where there are none"
            faults.append(Fault(code, f"{name}[{shown(group)}]", shown(value), expected))
            continue
        found[group] = whole
    if not any(found.values()) and len(found) == len(given):
        faults.append(Fault(zero, name, shown(dict(given)), "at least one group that has some"))
    return found


def _whole(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


def group_faults(limit: Limit, by: Sequence[str], groups: Sequence[Any], rows: int) -> list[Fault]:
    """Say which groups of a mapping are not in the frame, and which groups of the frame are not in the mapping."""
    if isinstance(limit.given, int):
        return []
    name = "budget" if limit.money else "places"
    if not by:
        return [Fault("groups-without-by", name, "", "by=, the column whose values are the groups of the mapping")]
    if not rows:
        return []
    there = set(groups)
    shown_names = [shown(group) for group in groups]
    faults = []
    for group in limit.given:
        if group not in there:
            near = near_misses(shown(group), shown_names)
            hint = f"did you mean {' or '.join(near)}?" if near else ""
            faults.append(Fault("unknown-group", f"{name}[{shown(group)}]", "", f"a value of {', '.join(by)}", hint))
    faults += [
        Fault(f"group-without-{name}", f"{name}[{shown(group)}]", "", "each group of the frame; 0 where there are none")
        for group in groups
        if group not in limit.given
    ]
    return faults
