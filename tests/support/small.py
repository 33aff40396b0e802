"""Policies so small that all their people can be listed: what an audit says of them is held against everybody."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import asnmerit as am
from asnmerit.auditing.crowd.drawing import taken
from asnmerit.auditing.crowd.people import People
from asnmerit.errors import PolicyError
from support.dice import Dice, Seeded
from support.given import Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from asnmerit.auditing.crowd.domains import Domain
    from asnmerit.frames.kernel import Block
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy

ON = "2026-04-01"
MOST = 4_000
"""People of one policy."""
HEAD: Document = {
    "asnmerit": 1,
    "policy": "cases/small",
    "title": "Small",
    "effective": {"from": "2020-01-01"},
    "enacted": "2019-12-01",
}
TYPES: Document = {
    "grade": {"order": ["poor", ["fair", "mixed"], "good"]},
    "rank": {"order": ["i", "ii", "iii"]},
    "kind": {"members": ["x", "y", "z"]},
}
PARAMETERS: Document = {
    "start": {"type": "date", "value": "2024-02-27", "source": "s 1"},
    "leap": {"type": "date", "value": "2024-02-29", "source": "s 1"},
    "later": {"type": "date", "value": "2024-03-29", "source": "s 1"},
    "rupiah": {"type": "rupiah", "value": 1000, "source": "s 1"},
}
FACTS: dict[str, tuple[int, Any]] = {
    "yes": (2, "bool"),
    "sure": (2, "bool"),
    "n": (7, {"type": "integer", "from": -2, "to": 4}),
    "m": (6, {"type": "integer", "from": 0, "to": 5}),
    "half": (5, {"type": "number", "from": 0, "to": 2, "step": 0.5}),
    "grade": (4, "grade"),
    "rank": (3, "rank"),
    "kind": (3, "kind"),
    "day": (5, {"type": "date", "from": "2024-02-27", "to": "2024-03-02"}),
    "points": (9, {"type": "integer", "from": 0, "to": 2, "per": "year", "back": 2}),
    "of_kind": (8, {"type": "bool", "per": "kind"}),
    "rows": (13, {"type": "list", "up_to": 2, "of": {"v": {"type": "integer", "from": 0, "to": 2}}}),
}
NUMBERS: dict[str, tuple[str, ...]] = {
    "yes": ("(3 if yes else 1)",),
    "sure": ("(0 if sure else 2)",),
    "n": ("n", "n * n"),
    "m": ("m", "floor(m / 2)"),
    "half": ("half * 2", "half_up(half)"),
    "grade": ("pay[grade]",),
    "rank": ("2 * steps(i, rank)", "-steps(i, rank)"),
    "kind": ("(4 if kind == y else 1)",),
    "day": ("days_between(start, day)", "day(day)", "months_between(day, later)"),
    "points": ("points[0]", "points[1] - points[0]", "max((p for p in points), default=0)"),
    "of_kind": ("(2 if of_kind[x] else 0)",),
    "rows": ("sum(r.v for r in rows)", "max((r.v for r in rows), default=0)"),
}
TESTS: dict[str, tuple[str, ...]] = {
    "yes": ("yes", "not yes"),
    "sure": ("sure",),
    "n": ("n >= 2", "n == 0"),
    "m": ("m < 4", "m != 3"),
    "half": ("half >= 1.5",),
    "grade": ("grade >= fair", "grade == mixed"),
    "rank": ("rank < iii", "rank == ii"),
    "kind": ("kind != z",),
    "day": ("day >= leap", "month(day) == 2"),
    "points": ("points[0] > points[1]", "all(p >= 1 for p in points)"),
    "of_kind": ("of_kind[y]", "of_kind[x] or of_kind[z]"),
    "rows": ("any(r.v == 2 for r in rows)", "count(r.v for r in rows) < 2"),
}


def document(dice: Dice) -> Document:
    """Write a policy with a few facts, and a decision or two that grant amounts."""
    names: list[str] = []
    size = 1
    for name in sorted(FACTS, key=lambda _: dice.whole(0, 10**6)):
        if size * FACTS[name][0] <= MOST and len(names) < 5:
            names.append(name)
            size *= FACTS[name][0]
    found: Document = {**HEAD, "types": TYPES, "sources": {"s": {"title": "S"}}}
    found["facts"] = {n: FACTS[n][1] for n in sorted(names)}
    found["tables"] = {"pay": {"by": "grade", "gives": {"type": "integer"}, "rows": _pay(dice)}}
    found["parameters"] = PARAMETERS
    if dice.chance(30):
        found["checks"] = {"lawful": f"{_test(dice, names)} or {_test(dice, names)}"}
    found["derived"] = {"base": _number(dice, names)}
    found["decisions"], found["rules"] = {}, {}
    for name in ("first", "second")[: dice.whole(1, 2)]:
        _decision(dice, found, name, names)
    return found


def _pay(dice: Dice) -> dict[str, int]:
    return {m: dice.whole(-3, 9) for m in ("poor", "fair", "mixed", "good")}


def _decision(dice: Dice, found: Document, name: str, names: list[str]) -> None:
    hit = dice.pick(("first", "unique", "any", "collect"))
    rules = [f"{name}_{i}" for i in range(dice.whole(1, 3))]
    amount = dice.pick(("integer", "rupiah", "number"))
    node: Document = {"kind": dice.pick(("benefit", "burden")), "hit": hit, "outcome": {"amount": {"type": amount}}}
    if hit == "first":
        node["order"] = rules
    if hit == "collect":
        node["total"] = {"amount": "sum"}
    found["decisions"][name] = node
    for rule in rules:
        value = str(dice.whole(-4, 6)) if dice.chance(20) else _number(dice, names)
        if amount == "rupiah":
            value = f"({value}) * rupiah"
        asked = {f"c{i}": _test(dice, names) for i in range(dice.whole(0, 2))}
        found["rules"][rule] = {"decides": name, "requires": asked, "grants": {"amount": value}}


def _number(dice: Dice, names: list[str]) -> str:
    one, other = (dice.pick(NUMBERS[dice.pick(names)]) for _ in range(2))
    return dice.pick(
        (f"{one} + {other}", f"{one} - {other}", f"({one}) * ({other})", f"max({one}, {other})", f"min({one}, 2)", one)
    )


def _test(dice: Dice, names: list[str]) -> str:
    if dice.chance(25):
        return f"{_number(dice, names)} >= {dice.whole(-1, 4)}"
    return dice.pick(TESTS[dice.pick(names)])


def small(seed: int) -> Policy:
    """Give the policy of a seed."""
    dice = Seeded(seed)
    for _ in range(50):
        try:
            return am.load(document(dice))
        except PolicyError as error:
            if not {d.code for d in error.diagnostics} <= {"outside-range", "not-whole", "overflow"}:
                raise
    raise AssertionError(seed)


def small_law(seed: int) -> Law:
    """Give the law of a seed."""
    return am.in_force(small(seed), on=ON)


# --- everybody ---


def everyone(law: Law) -> Block:
    """Give everybody whom the law is for."""
    people = People(law)
    block = people.block_of(_all(people.lanes))
    return taken(block, people.holding(block)) if people.checks else block


def variants(people: People, lanes: Mapping[Any, Any], fact: str) -> list[dict[Any, Any]]:
    """Give the lawful people who are alike in all but one fact, for each thing that it can be."""
    own = {lane: domain for lane, domain in people.lanes.items() if lane[0] == fact}
    block = people.block_of({**lanes, **other} for other in _all(own))
    if people.checks:
        block = taken(block, people.holding(block))
    return [people.lanes_at(block, i) for i in range(block.rows)]


def _all(domains: Mapping[Any, Domain]) -> Iterator[dict[Any, Any]]:
    lanes = list(domains)
    single = [x for x in lanes if not domains[x].field and domains[x].kind != "count"]
    counts = [x for x in lanes if domains[x].kind == "count"]
    columns = [[{x: v} for v in _values(domains[x])] for x in single]
    for count in counts:
        fields = [x for x in lanes if x[0] == count[0] and x != count]
        some = []
        for n in _values(domains[count]):
            each = [list(product(_values(domains[f]), repeat=n)) for f in fields]
            some += [{count: n, **{f: list(v) for f, v in zip(fields, row, strict=True)}} for row in product(*each)]
        columns.append(some)
    for parts in product(*columns):
        yield {lane: value for part in parts for lane, value in part.items()}


def _values(domain: Domain) -> range:
    return range(domain.low, domain.high + 1, domain.step)
