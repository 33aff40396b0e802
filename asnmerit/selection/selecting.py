"""Selecting for limited places or limited money: eligible first, then by declared keys, never by the order of rows."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final, TypedDict, Unpack, cast

import attrs

from asnmerit.comparison.comparing import Reformed
from asnmerit.compiled import compiled
from asnmerit.decision import day_within
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, shown
from asnmerit.frames.arrow import np
from asnmerit.frames.deciding import FrameOptions
from asnmerit.rules.law import Law
from asnmerit.rules.types import Number
from asnmerit.selection.cutoff import NONE, CutOff, cut_off
from asnmerit.selection.faults import SelectionError, Tie, TiedError
from asnmerit.selection.filling import Field, Filled, field_of, places_filled
from asnmerit.selection.keys import keys_of
from asnmerit.selection.limits import Limit, group_faults, limit_of
from asnmerit.selection.people import NOBODY, Asked, People, read_people
from asnmerit.selection.selected import Selection, tied_rows
from asnmerit.selection.spending import money_spent


class SelectOptions(TypedDict, total=False):
    """What is limited, who comes first, and how the frame is read.

    `places`, or else `budget` in rupiah: one number for each group, or a mapping from groups to numbers. `by` names
    the columns of the frame that make the groups; without it all rows are one group.

    `keys` rank the eligible, the first that differs decides: `"highest:merit_score"`, `"lowest:rank_date"` (scores,
    derived values and facts of the law, or `{"highest": "merit_score"}`), and `"ranking:duk"` for all keys of an order
    that the law lays down. Left out: the law's only ranking. `ties` says what becomes of those who are alike in every
    key where there is room for some of them: `"error"` (the default), `"all_wait"`, or `"all_in"` (places only).

    Of a budget: `amount` names the field of the outcome (default: its only one in rupiah). `spend="in_order"` pays in
    full until the money is gone; at the first whom the rest does not suffice for, `short` says `"stop"` or `"skip"`.
    `spend="pro_rata"` pays everybody a share, exact to the rupiah, by largest remainder.

    `identity` names a column that says who it is. `prefix` is put before the names of the answers. The others are
    those of `FrameOptions`.
    """

    places: int | Mapping[Any, int] | None
    by: str | Sequence[str] | None
    keys: str | Mapping[str, str] | Sequence[str | Mapping[str, str]] | None
    budget: int | Mapping[Any, int] | None
    amount: str | None
    spend: str
    short: str
    ties: str
    identity: str
    prefix: str
    columns: Mapping[str, str] | None
    ignore: Collection[str] | str
    convention: str | None
    absent: str
    batch_rows: int
    threads: int
    progress: bool | Callable[[int, int | None], object]


_OWN: Final[SelectOptions] = {
    "places": None,
    "by": None,
    "keys": None,
    "budget": None,
    "amount": None,
    "spend": "in_order",
    "short": "stop",
    "ties": "error",
    "identity": "",
    "prefix": "selection.",
}
_READING: Final = ("columns", "ignore", "convention", "absent", "batch_rows", "threads", "progress")


def select(
    law: Law | Reformed,
    frame: Any,  # noqa: ANN401 - any kind of frame
    decision: str,
    as_of: datetime.date | str | None = None,
    **options: Unpack[SelectOptions],
) -> Selection:
    """Select people for limited places, or spend a limited budget on them: eligible first, then by declared keys.

    Eligible are those whom the law grants the decision. Whom the decision is not settled for, or whose row is in
    error, is listed apart, and it is said whether they could still change the result. The order of rows never decides.
    The law may be a reform. Options as `SelectOptions`; frames as `decide_frame` takes them, of which the rows are
    there.

    Raises `SelectionError` with every fault of what was asked, `TiedError` for ties that `ties` does not break,
    `FrameError` for the columns of the frame.

    >>> import asnmerit, pyarrow
    >>> from asnmerit.selection.selecting import select
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/duk"), on="2025-12-31")
    >>> staff = pyarrow.table({"employment": ["pns"] * 3, "rank": ["III/a", "III/c", "III/b"]})
    >>> found = select(law, staff, "duk", places=2, keys="highest:rank")
    >>> found.chosen, found.waiting, found.person(0).decided_by, found.person(0).distance
    ((1, 2), (0,), 'rank', -1)
    """
    law, unbound = (law.law, law.unbound) if isinstance(law, Reformed) and not isinstance(law, Law) else (law, ())
    compiled(law)
    for name, value in options.items():
        if name not in _OWN and name not in _READING:
            near = near_misses(name, (*_OWN, *_READING))
            hint = f"; did you mean {' or '.join(near)}?" if near else ""
            expected = f"an option: {', '.join((*_OWN, *_READING))}{hint}"
            raise ArgumentError(name, value, expected)
    o: SelectOptions = {**_OWN, **options}
    faults: list[Fault] = []
    day = law.on if as_of is None else day_within(law, as_of)
    limit = limit_of(o["places"], o["budget"], o["spend"], o["short"], o["ties"], faults)
    _decision(law, decision, faults)
    # A rupiah that is left can be shared without keys; who comes first cannot be said without them.
    keys = (
        ()
        if o["keys"] is None and o["spend"] == "pro_rata" and not law.rankings
        else keys_of(law, o["keys"], day.year, faults)
    )
    amount = _amount(law, decision, o["amount"], faults) if limit is not None and limit.money else ""
    by = _by(o, faults)
    if faults or limit is None:
        raise SelectionError(faults)
    reading = cast("FrameOptions", {name: value for name, value in options.items() if name in _READING})
    asked = Asked(decision, amount, keys, by, o["identity"])
    found = _selected(law, limit, asked, o["prefix"], read_people(law, frame, asked, as_of, reading))
    return attrs.evolve(found, unbound=unbound) if unbound else found


def _decision(law: Law, decision: object, faults: list[Fault]) -> None:
    if not isinstance(decision, str) or decision not in law.decisions:
        near = near_misses(str(decision)[:80], law.decisions)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        expected = f"one of: {', '.join(law.decisions) or 'none, for the law decides nothing'}"
        faults.append(Fault("unknown-decision", "decision", shown(decision), expected, hint))


def _by(o: SelectOptions, faults: list[Fault]) -> tuple[str, ...]:
    given: object = o["by"]
    by = () if given is None else (given,) if isinstance(given, str) else given
    if not isinstance(by, Sequence) or not all(isinstance(name, str) and name for name in by):
        faults.append(Fault("by-form", "by", shown(given), "the name of a column, or a list of such names"))
        by = ()
    if len(set(by)) < len(by):
        faults.append(Fault("by-form", "by", shown(given), "each column once"))
    texts: dict[str, object] = {"identity": o["identity"], "prefix": o["prefix"]}
    faults += [Fault("option", name, shown(text), "text") for name, text in texts.items() if not isinstance(text, str)]
    return tuple(by)


def _amount(law: Law, decision: object, field: object, faults: list[Fault]) -> str:
    """Give the step of the amount: the field that is named, or the only one in rupiah."""
    node = law.decisions.get(decision) if isinstance(decision, str) else None
    if node is None:
        return ""
    money = [name for name, of in node.fields.items() if isinstance(of, Number) and of.unit == "rupiah"]
    name = money[0] if field is None and len(money) == 1 else field
    if not isinstance(name, str) or name not in node.fields:
        near = near_misses(str(field)[:80], node.fields) if field is not None else ()
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        there = ", ".join(money) or "none in rupiah, so that no budget can be spent on it"
        value = "" if field is None else shown(field)
        faults.append(Fault("amount", "amount", value, f"a field of the decision's outcome: {there}", hint))
        return ""
    key = f"{node.key}.{name}"
    of = law.steps[law.index[key]].code.type
    if of.kind != "number" or of.den != 1:
        faults.append(Fault("amount", name, "", "a field of whole numbers, such as rupiah"))
    return key


def _selected(law: Law, limit: Limit, asked: Asked, prefix: str, people: People) -> Selection:
    names = people.names if people.rows or not isinstance(limit.given, Mapping) else tuple(limit.given)
    faults = group_faults(limit, asked.by, people.names, people.rows)
    field = field_of(people)
    nowhere = field.rows[field.group == NOBODY]
    if len(nowhere):
        few = f"{len(nowhere)} rows have none, the first (counted from 0) is {nowhere[0]}"
        expected = f"a group for everybody who may come in; {few}"
        faults.append(Fault("person-without-group", ", ".join(asked.by), "", expected))
    faults += _negative(people, field)
    if faults:
        raise SelectionError(faults)
    people = people if names is people.names else _with_names(people, names)
    there = limit.of(people.names)
    done = (money_spent if limit.money else places_filled)(people, field, limit, there)
    ties = tied_rows(people, done)
    if ties and limit.ties == "error":
        raise TiedError([_tie(tie, asked) for tie in ties], ties)
    cut = _cut(people, field, done, limit)
    return Selection(law, asked.decision, limit, asked.by, asked.keys, prefix, people, done, cut, ties)


def _with_names(people: People, names: tuple[Any, ...]) -> People:
    """Give the groups of a mapping to a frame without rows: they stand there with nobody in them."""
    return attrs.evolve(people, names=names)


def _negative(people: People, field: Field) -> list[Fault]:
    if people.amount is None:
        return []
    amounts = people.amount.values[field.rows[field.eligible]]
    if not len(amounts) or int(amounts.min()) >= 0:
        return []
    row = int(field.rows[field.eligible][int(amounts.argmin())])
    return [Fault("negative-amount", f"row {row}", str(int(amounts.min())), "amounts of 0 or more")]


def _tie(tie: Tie, asked: Asked) -> Fault:
    where = f"{', '.join(asked.by)} {shown(tie.group)}" if asked.by else "the cut-off"
    rows = ", ".join(map(str, tie.rows[:6])) + (" …" if len(tie.rows) > 6 else "")  # noqa: PLR2004 - some of them
    alike = ", ".join(k.name for k in asked.keys) or "no key"
    hint = 'one more key, or ties="all_wait", or for places ties="all_in"'
    value = f"{len(tie.rows)} people alike in {alike} (rows, counted from 0: {rows})"
    return Fault("tied", where, value, "room for all of them, or for none", hint)


def _cut(people: People, field: Field, done: Filled, limit: Limit) -> CutOff:
    """Find the cut-off, where there is one: not where people are passed over, nor where everybody has a share."""
    groups = len(people.names)
    if limit.kind == "places":
        return cut_off(people, field, done, groups, None)
    if limit.kind == "in_order" and limit.short == "stop" and people.amount is not None:
        return cut_off(people, field, done, groups, people.amount.values > 0)
    none, zero = np.full(people.rows, NONE, np.int64), np.zeros(people.rows, np.int64)
    nobody = np.full(groups, NONE, np.int64)
    return CutOff(nobody, nobody, none, zero)
