"""From kernel expressions to terms: the interpretation of the kernel that solvers read."""

from __future__ import annotations

from bisect import bisect_right
from copy import copy
from typing import TYPE_CHECKING, Any, Self

from asnmerit.rules.expr import Binder, Call, Each, Expr, Fact, Literal, Parameter, Row, Step, children, fold
from asnmerit.smt import days, tables, truth, whole
from asnmerit.smt.days import Day
from asnmerit.smt.lanes import Known
from asnmerit.smt.quotient import quotient
from asnmerit.smt.trees import split
from asnmerit.smt.truth import conjunction, disjunction, negation
from asnmerit.smt.whole import Whole, number, of_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from asnmerit.smt.lanes import Lane, Value
    from asnmerit.smt.truth import Truth


# --- values of any kind ---


def as_whole(context: Any, value: Value) -> Whole:  # noqa: ANN401 - a z3 context
    """Give a value as a number: a truth as 1 or 0, a day as its ordinal."""
    if isinstance(value, Whole):
        return value
    return value.ordinal if isinstance(value, Day) else of_tree(context, split(value, 1, 0))


def as_day(value: Value) -> Day:
    """Give a value as a day."""
    return value if isinstance(value, Day) else days.of_ordinal(value)


def chosen(context: Any, test: Truth, a: Value, b: Value) -> Value:  # noqa: ANN401
    """Give `a if test else b` of any two values of one kind."""
    if isinstance(a, Whole) and isinstance(b, Whole):
        return whole.chosen(test, a, b)
    if isinstance(a, Day) and isinstance(b, Day):
        return days.chosen(test, a, b)
    if isinstance(a, Whole | Day) or isinstance(b, Whole | Day):
        return whole.chosen(test, as_whole(context, a), as_whole(context, b))
    return truth.chosen(test, a, b)


def equal(context: Any, a: Value, b: Value) -> Truth:  # noqa: ANN401
    """Whether two values of one kind are equal."""
    if isinstance(a, Day) and isinstance(b, Day):
        return days.equal(a, b)
    if isinstance(a, Whole | Day) or isinstance(b, Whole | Day):
        return whole.equal(as_whole(context, a), as_whole(context, b))
    return truth.alike(a, b)


def less(context: Any, a: Value, b: Value) -> Truth:  # noqa: ANN401
    """Whether one value is less than another."""
    if isinstance(a, Day) and isinstance(b, Day):
        return days.less(a, b)
    return whole.less(as_whole(context, a), as_whole(context, b))


def at_most(context: Any, a: Value, b: Value) -> Truth:  # noqa: ANN401
    """Whether one value is at most another."""
    if isinstance(a, Day) and isinstance(b, Day):
        return days.at_most(a, b)
    return whole.at_most(as_whole(context, a), as_whole(context, b))


# --- the operators ---


def _extreme(context: Any, node: Call, a: Value, b: Value) -> Value:  # noqa: ANN401
    if isinstance(a, Day) and isinstance(b, Day):
        first = days.at_most(a, b)
        return days.chosen(first, a, b) if node.op == "min" else days.chosen(first, b, a)
    make = whole.smaller if node.op == "min" else whole.larger
    return make(as_whole(context, a), as_whole(context, b))


def _added(context: Any, node: Call, a: Value, b: Value) -> Value:  # noqa: ANN401
    found = whole.added(as_whole(context, a), as_whole(context, b))
    return days.of_ordinal(found) if node.type.kind == "date" else found


def _lookup(context: Any, node: Call, place: Value) -> Value:  # noqa: ANN401
    found = tables.looked_up(node.const, as_whole(context, place))
    if node.type.kind == "bool":
        return whole.truth_on_leaves(found, bool)
    return days.of_ordinal(found) if node.type.kind == "date" else found


def _bucket(context: Any, node: Call, value: Value) -> Value:  # noqa: ANN401
    if isinstance(value, Day) and not value.ordinal_is_tree:

        def before(t: int) -> Truth:
            return days.less(value, days.of_ordinal(number(context, t)))

        return tables.bucket(node.const, before, value.low, value.high, context)
    x = as_whole(context, value)
    if x.tree is not None:
        return whole.on_leaves(x, lambda n: bisect_right(node.const, n))
    return tables.bucket(node.const, lambda t: whole.less(x, number(context, t)), x.low, x.high, context)


_STRICT: Mapping[str, Callable[..., Value]] = {
    "add": _added,
    "sub": lambda c, _, a, b: whole.subtracted(as_whole(c, a), as_whole(c, b)),
    "mul": lambda c, _, a, b: whole.multiplied(as_whole(c, a), as_whole(c, b)),
    "quot": lambda c, node, a, b: quotient(node.const, as_whole(c, a), as_whole(c, b)),
    "min": _extreme,
    "max": _extreme,
    "eq": lambda c, _, a, b: equal(c, a, b),
    "lt": lambda c, _, a, b: less(c, a, b),
    "le": lambda c, _, a, b: at_most(c, a, b),
    "lookup": _lookup,
    "bucket": _bucket,
    "month_index": lambda _, __, a: as_day(a).parts[0],
    "day": lambda _, __, a: as_day(a).parts[1],
    "date_at": lambda c, _, a, b: days.date_at(as_whole(c, a), as_whole(c, b)),
}
"""Each strict operator of the kernel; it is known when all its arguments are."""


def _joined(_: Any, node: Call, args: tuple[Known, ...]) -> Known:  # noqa: ANN401
    """Kleene and, or: known when an argument settles it, or when all are known."""
    end = node.op == "and"
    joined, other = (conjunction, disjunction) if end else (disjunction, conjunction)
    if all(a.known is True for a in args):
        return Known(joined(a.value for a in args))
    # An unknown argument is left out of the value by what does not settle it.
    value = joined(other((negation(a.known) if end else a.known, a.value)) for a in args)
    settled = [conjunction((a.known, negation(a.value) if end else a.value)) for a in args]
    return Known(value, disjunction((*settled, conjunction(a.known for a in args))))


def _select(c: Any, _: Call, args: tuple[Known, ...]) -> Known:  # noqa: ANN401
    """Known by the branch taken; where the test is unknown, when both branches are known and equal."""
    test, a, b = args
    value = chosen(c, test.value, a.value, b.value)
    taken = truth.chosen(test.value, a.known, b.known)
    if test.known is True:
        return Known(value, taken)
    agreed = conjunction((a.known, b.known, equal(c, a.value, b.value)))
    return Known(value, truth.chosen(test.known, taken, agreed))


def _pick(c: Any, _: Call, args: tuple[Known, ...]) -> Known:  # noqa: ANN401
    test, a, b = args
    value = chosen(c, test.value, a.value, b.value)
    return Known(value, conjunction((test.known, truth.chosen(test.value, a.known, b.known))))


def _not(_: Any, __: Call, args: tuple[Known, ...]) -> Known:  # noqa: ANN401
    return Known(negation(args[0].value), args[0].known)


_KLEENE: Mapping[str, Callable[[Any, Call, tuple[Known, ...]], Known]] = {
    "and": _joined,
    "or": _joined,
    "not": _not,
    "select": _select,
    "pick": _pick,
}
OPERATORS = frozenset(_STRICT) | frozenset(_KLEENE)
"""The operators of the kernel that have terms."""


class Folding:
    """Folds kernel expressions to terms, for one person and the rows bound so far."""

    def __init__(
        self,
        context: Any,  # noqa: ANN401 - a z3 context
        lanes: Mapping[Lane, Any],
        steps: Mapping[str, Any],
        bound: Bound,
    ) -> None:
        """Take the lanes of a person, the steps made before, and what tells the rows that a node stands in."""
        self.context, self.lanes, self.steps, self.bound = context, lanes, steps, bound
        self.rows: Mapping[Binder, int] = {}

    def literal(self, node: Literal) -> Known:
        """A constant."""
        if node.type.kind == "bool":
            return Known(bool(node.value))
        n = number(self.context, int(node.value))
        return Known(days.of_ordinal(n) if node.type.kind == "date" else n)

    def fact(self, node: Fact) -> Known:
        """A lane."""
        return self.lanes[(node.name, node.slot)]  # type: ignore[no-any-return]

    def row(self, node: Row) -> Known:
        """A field of the row at hand."""
        return self.lanes[(node.binder.list_fact, f".{node.field}")][self.rows[node.binder]]  # type: ignore[no-any-return]

    def parameter(self, node: Parameter) -> Known:
        """Parameters are constants by now."""
        message = f"the parameter {node.key} was not lowered"
        raise TypeError(message)

    def step(self, node: Step) -> Known:
        """A step made before."""
        found = self.steps[node.key]
        return found if node.binder is None else found[self.rows[node.binder]]  # type: ignore[no-any-return]

    def call(self, node: Call, args: tuple[Known, ...]) -> Known:
        """An operator."""
        if node.op in _KLEENE:
            return _KLEENE[node.op](self.context, node, args)
        value = _STRICT[node.op](self.context, node, *(a.value for a in args))
        return Known(value, conjunction(a.known for a in args))

    def at(self, binder: Binder, row: int) -> Self:
        """Give the same, standing in a row of a list."""
        inner = copy(self)
        inner.rows = {**self.rows, binder: row}
        return inner

    # --- folds over rows ---

    def each(self, node: Each) -> Known:
        """Every row that a list may have, each under the condition that it is there."""
        count: Known = self.lanes[(node.binder.list_fact, "#")]
        parts = []
        outer = self._outer(node)
        for i in range(count.value.high):
            inner = self.at(node.binder, i)
            memo = dict(outer)
            there = whole.less(number(self.context, i), count.value)
            body = fold(node.body, inner, memo)
            where = Known(there) if node.where is None else _within(there, fold(node.where, inner, memo))
            parts.append((there, where, body))
        if node.op in {"all", "any"}:
            found = _quantified(node.op, parts)
        elif node.op == "sum":
            found = self._sum(parts)
        else:
            found = self._best(node, parts)
        return Known(found.value, conjunction((count.known, found.known)))

    def _outer(self, node: Each) -> dict[int, Known]:
        """Fold what does not hang on the row once, not once a row."""
        done: dict[int, Known] = {}
        stack: list[Expr] = [n for n in (node.body, node.where) if n is not None]
        seen: set[int] = set()
        while stack:
            at = stack.pop()
            if id(at) in seen:
                continue
            seen.add(id(at))
            if self.bound.of(at) <= self.rows.keys():
                done[id(at)] = fold(at, self, done)
            else:
                stack.extend(children(at))
        return done

    def _sum(self, parts: list[tuple[Truth, Known, Known]]) -> Known:
        zero = number(self.context, 0)
        values = [whole.chosen(there, as_whole(self.context, body.value), zero) for there, _, body in parts]
        known = conjunction(disjunction((negation(there), body.known)) for there, _, body in parts)
        return Known(whole.total(self.context, values), known)

    def _best(self, node: Each, parts: list[tuple[Truth, Known, Known]]) -> Known:
        """The least or greatest of the rows that count, else the default; `none` says that none counted so far."""
        if node.default is None:
            raise TypeError(node.op)
        default = fold(node.default, self)
        better: Callable[[Value, Value], Truth] = (
            (lambda a, b: less(self.context, a, b)) if node.op == "min" else (lambda a, b: less(self.context, b, a))
        )
        best, none = default.value, True
        sure: list[Truth] = []
        for there, where, body in parts:
            counts = conjunction((there, where.value))
            first = False if _beaten(node.op, default.value, body.value) else none
            takes = conjunction((counts, disjunction((first, better(body.value, best)))))
            best = chosen(self.context, takes, body.value, best)
            none = conjunction((none, negation(counts)))
            row = conjunction((where.known, disjunction((negation(where.value), body.known))))
            sure.append(disjunction((negation(there), row)))
        return Known(best, conjunction((*sure, disjunction((negation(none), default.known)))))


def _beaten(op: str, default: Value, body: Value) -> bool:
    """Whether every value of a row is at least as good as the default, so that the default never stands in the way."""
    if isinstance(default, Whole) and isinstance(body, Whole):
        return default.high <= body.low if op == "max" else default.low >= body.high
    return False


def _within(there: Truth, where: Known) -> Known:
    """A row that is not there is left out for certain."""
    return Known(conjunction((there, where.value)), disjunction((negation(there), where.known)))


def _quantified(op: str, parts: list[tuple[Truth, Known, Known]]) -> Known:
    node = Call(None, "and" if op == "all" else "or", ())
    if op == "all":
        tests = [
            Known(disjunction((negation(there), body.value)), disjunction((negation(there), body.known)))
            for there, _, body in parts
        ]
    else:
        tests = [
            Known(conjunction((there, body.value)), disjunction((negation(there), body.known)))
            for there, _, body in parts
        ]
    return _joined(None, node, tuple(tests))


class Bound:
    """Tells the binders that an expression hangs on; each node is looked at once."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._done: dict[int, frozenset[Binder]] = {}

    def of(self, root: Expr) -> frozenset[Binder]:
        """Give the binders of the rows that an expression reads."""
        return fold(root, self, self._done)

    def literal(self, _: Literal) -> frozenset[Binder]:
        """None."""
        return frozenset()

    def fact(self, _: Fact) -> frozenset[Binder]:
        """None."""
        return frozenset()

    def parameter(self, _: Parameter) -> frozenset[Binder]:
        """None."""
        return frozenset()

    def row(self, node: Row) -> frozenset[Binder]:
        """Its row's."""
        return frozenset({node.binder})

    def step(self, node: Step) -> frozenset[Binder]:
        """Its row's, where it has one value a row."""
        return frozenset() if node.binder is None else frozenset({node.binder})

    def call(self, _: Call, args: tuple[frozenset[Binder], ...]) -> frozenset[Binder]:
        """Those of its arguments."""
        return frozenset().union(*args)

    def each(self, node: Each) -> frozenset[Binder]:
        """Those of its parts, but for its own."""
        return frozenset().union(*(fold(n, self, self._done) for n in children(node))) - {node.binder}
