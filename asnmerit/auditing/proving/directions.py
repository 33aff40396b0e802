"""Which way each value goes when some lanes go up: a fold over the kernel with an interval and two flags a value.

`rise`: the second of a pair may have more; `fall`: it may have less. Neither: they are the same. Both: nothing is
known. What is said holds for every pair, whatever the values of the lanes, so a claim that follows from it is proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.proving.ordered import Ordering, same
from asnmerit.auditing.proving.tabled import read_along
from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold, walk
from asnmerit.rules.kernel import bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Lane = tuple[str, int | str | None]


@attrs.frozen
class Flow:
    """From low to high; the second of a pair may have more (`rise`), may have less (`fall`).

    `levels`: the value is a member's code that goes up by level; its code may go either way.
    """

    low: int
    high: int
    rise: bool = False
    fall: bool = False
    levels: tuple[int, ...] | None = None

    @property
    def moves(self) -> bool:
        """Whether the two of a pair may differ at all."""
        return self.rise or self.fall

    @property
    def way(self) -> str:
        """Say the direction in a word."""
        words = {(False, False): "const", (True, False): "up", (False, True): "down", (True, True): "unknown"}
        return words[self.rise, self.fall]


ANYWAY: Final = (True, True)


class Directing:
    """Folds kernel expressions to flows. All rows of a list are one: what is said holds for each of them."""

    def __init__(self, lanes: Mapping[Lane, Flow], codes: Mapping[str, Expr]) -> None:
        """Take the flow of each input lane and the kernel form of each step."""
        self.lanes = lanes
        self.steps: dict[str, Flow] = {}
        self.memo: dict[int, Flow] = {}
        self.ordering = Ordering(codes, self._interval)

    def expression(self, root: Expr) -> Flow:
        """Give the flow of an expression whose steps were met before."""
        return fold(root, self, self.memo)

    def _interval(self, node: Expr) -> tuple[int, int]:
        found = self.memo.get(id(node))
        return (node.type.lo, node.type.hi) if found is None else (found.low, found.high)

    def literal(self, node: Literal) -> Flow:
        """A value written out."""
        return Flow(int(node.value), int(node.value))

    def fact(self, node: Fact) -> Flow:
        """An input."""
        return self.lanes[(node.name, node.slot)]

    def row(self, node: Row) -> Flow:
        """A field of any row."""
        return self.lanes[(node.binder.list_fact, f".{node.field}")]

    def parameter(self, node: Parameter) -> Flow:
        """None is left in the kernel."""
        raise TypeError(node.key)

    def step(self, node: Step) -> Flow:
        """A step met before."""
        return self.steps[node.key]

    def call(self, node: Call, args: tuple[Flow, ...]) -> Flow:
        """An operator: its interval, and its direction."""
        low, high = bounds(node.op, node.const, [(a.low, a.high) for a in args])
        low, high = max(low, node.type.lo), min(high, node.type.hi)
        if low == high or not any(a.moves for a in args):
            return Flow(low, high)
        special = self._special(node)
        rise, fall = special if special is not None else _WAYS[node.op](self, node, args)
        return Flow(low, high, rise, fall)

    def _special(self, node: Call) -> tuple[bool, bool] | None:
        """Months between two days and a day some months later: monotone as a whole, though not in their parts."""
        found = between(node) or shifted(node)
        if found is None:
            return None
        rise = fall = False
        for part, sign in found:
            flow = self.expression(part)
            up, down = signed(flow, sign)
            rise, fall = rise or up, fall or down
        return rise, fall

    def each(self, node: Each) -> Flow:
        """A fold over rows: as its body goes, where the rows that count stay the same."""
        count = self.lanes[(node.binder.list_fact, "#")]
        body = self.expression(node.body)
        where = None if node.where is None else self.expression(node.where)
        default = None if node.default is None else self.expression(node.default)
        low, high = _each_interval(node, count, body, default)
        if low == high:
            return Flow(low, high)
        parts = [body] if node.op in {"sum", "any", "all"} else [body, *([default] if default is not None else [])]
        rise, fall = any(p.rise for p in parts), any(p.fall for p in parts)
        if count.moves:
            rise, fall = ANYWAY
        place = None if count.moves else ranked(node)
        if place is not None and not self.expression(place).moves:
            return Flow(low, high, body.rise, body.fall)
        if where is not None and where.moves:
            more = _more_rows(node.op, body, default)
            rise = rise or (where.rise and more[0]) or (where.fall and more[1])
            fall = fall or (where.rise and more[1]) or (where.fall and more[0])
        return Flow(low, high, rise, fall)


def _more_rows(op: str, body: Flow, default: Flow | None) -> tuple[bool, bool]:
    """Say which way the least or the greatest goes when more rows count."""
    if op == "max" and default is not None and default.high <= body.low:
        return True, False
    if op == "min" and default is not None and default.low >= body.high:
        return False, True
    return ANYWAY


def _each_interval(node: Each, count: Flow, body: Flow, default: Flow | None) -> tuple[int, int]:
    if node.op == "sum":
        low = min(count.low * body.low, count.high * body.low)
        high = max(count.low * body.high, count.high * body.high)
    elif node.op == "any":
        low, high = int(count.low > 0 and body.low == 1), int(count.high > 0 and body.high == 1)
    elif node.op == "all":
        low, high = int(count.high == 0 or body.low == 1), int(count.low == 0 or body.high == 1)
    else:
        ends = [body, *([default] if default is not None else [])]
        low, high = min(e.low for e in ends), max(e.high for e in ends)
    return max(low, node.type.lo), min(high, node.type.hi)


def signed(a: Flow, sign: int) -> tuple[bool, bool]:
    """Give the direction of a part that counts with this sign; 0: nothing is known of the sign."""
    if not a.moves:
        return False, False
    if sign == 0:
        return ANYWAY
    return (a.rise, a.fall) if sign > 0 else (a.fall, a.rise)


def joined(*ways: tuple[bool, bool]) -> tuple[bool, bool]:
    """Give the direction of what goes as each of its parts goes."""
    return any(w[0] for w in ways), any(w[1] for w in ways)


def _sign(a: Flow) -> int:
    return 1 if a.low >= 0 else -1 if a.high <= 0 else 0


def _by(*signs: int) -> Callable[..., tuple[bool, bool]]:
    """Write a direction by the sign of each argument; the last holds for those that follow."""

    def way(_: Directing, __: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
        return joined(*(signed(a, signs[min(i, len(signs) - 1)]) for i, a in enumerate(args)))

    return way


def _mul(_: Directing, __: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
    a, b = args
    return joined(signed(a, _sign(b)), signed(b, _sign(a)))


def _quot(_: Directing, __: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
    n, d = args
    return joined(signed(n, 1), signed(d, -_sign(n)))


def _eq(_: Directing, node: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
    """A value against an end of its own range: true there, false before it. A member: read from its levels."""
    for (value, other), at in ((args, 0), (args[::-1], 1)):
        if other.moves or other.low != other.high:
            continue
        if value.levels is not None:
            cells = [int(code == other.low) for code in range(len(value.levels))]
            return read_along(cells, node.args[at], value, {})
        if other.low == value.high:
            return signed(value, 1)
        if other.low == value.low:
            return signed(value, -1)
    return ANYWAY


def _pick(self: Directing, node: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
    """As the branches go; and where the test turns, from one branch to the other, as these are ordered."""
    test, a, b = args
    ways = [signed(a, 1)] if test.high else []
    ways += [] if test.low else [signed(b, 1)]
    if test.moves:
        more = not self.ordering.at_least(node.args[2], node.args[1])
        less = not self.ordering.at_least(node.args[1], node.args[2])
        ways.append(((test.rise and more) or (test.fall and less), (test.rise and less) or (test.fall and more)))
    return joined(*ways)


def _lookup(self: Directing, node: Call, args: tuple[Flow, ...]) -> tuple[bool, bool]:
    return read_along(node.const, node.args[0], args[0], self.memo)


def _never(_: Directing, __: Call, ___: tuple[Flow, ...]) -> tuple[bool, bool]:
    return ANYWAY


_WAYS: Final[Mapping[str, Callable[..., tuple[bool, bool]]]] = {
    "add": _by(1),
    "sub": _by(1, -1),
    "mul": _mul,
    "quot": _quot,
    "min": _by(1),
    "max": _by(1),
    "lt": _by(-1, 1),
    "le": _by(-1, 1),
    "eq": _eq,
    "and": _by(1),
    "or": _by(1),
    "not": _by(-1),
    "select": _pick,
    "pick": _pick,
    "lookup": _lookup,
    "bucket": _by(1),
    "month_index": _by(1),
    "day": _never,
    "date_at": _by(1),
}


def between(node: Call) -> list[tuple[Expr, int]] | None:
    """Know `completed months from a to b` by its kernel form; it goes up with b and down with a."""
    match node:
        case Call(
            op="sub",
            args=(
                Call(op="sub", args=(last, Call(op="month_index", args=(a,)))),
                Call(op="pick", args=(Call(op="lt", args=(b, Call(op="date_at", args=(month, day)))), yes, no)),
            ),
        ):
            ones = isinstance(yes, Literal) and isinstance(no, Literal) and (yes.value, no.value) == (1, 0)
            if ones and same(last, month) and _part_of("day", a, day) and _part_of("month_index", b, last):
                return [(b, 1), (a, -1)]
        case _:
            pass
    return None


def shifted(node: Call) -> list[tuple[Expr, int]] | None:
    """Know `a day some months later` by its kernel form; it goes up with both."""
    match node:
        case Call(op="date_at", args=(Call(op="add", args=(Call(op="month_index", args=(a,)), months)), day)):
            if _part_of("day", a, day):
                return [(a, 1), (months, 1)]
        case _:
            pass
    return None


def ranked(node: Each) -> Expr | None:
    """Know the k-th smallest value of a list by its kernel form, and give the k; it goes as the values go.

    It is the least value that at least k values do not exceed, with one k for all rows: where each row has a k of its
    own, a row that comes to count as its value goes up may be less than all that counted before.
    """
    match node:
        case Each(
            op="min",
            body=Row() as own,
            where=Call(
                op="le",
                args=(
                    place,
                    Each(
                        op="sum",
                        binder=rows,
                        body=Call(op="pick", args=(Call(op="le", args=(Row() as other, bound)), yes, no)),
                    ),
                ),
            ),
            default=Literal(),
        ):
            ones = isinstance(yes, Literal) and isinstance(no, Literal) and (yes.value, no.value) == (1, 0)
            mine = own.binder is node.binder and same(own, bound)
            theirs = other.binder is rows and (rows.list_fact, other.field) == (own.binder.list_fact, own.field)
            return place if ones and mine and theirs and not _of_row(place, node.binder) else None
        case _:
            return None


def _of_row(root: Expr, binder: Binder) -> bool:
    """Whether an expression may have another value in another row."""
    return any(isinstance(node, Row | Step) and node.binder is binder for node in walk(root))


def _part_of(op: str, day: Expr, part: Expr) -> bool:
    """Whether `part` is `op` of the day; of a written day it is written out too."""
    if isinstance(part, Call):
        return part.op == op and same(part.args[0], day)
    if isinstance(part, Literal) and isinstance(day, Literal):
        low, high = bounds(op, None, [(day.value, day.value)])
        return bool(low == high == part.value)
    return False
