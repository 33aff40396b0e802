"""What a condition says, as alternatives of chains: each chain joins comparisons of values with constants.

This is the form in which an engine without expressions can check a condition. It keeps Kleene's logic: a condition is
true for certain exactly when every comparison of one of its chains succeeds, where none succeeds on an unknown value.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold
from asnmerit.rules.kernel import BOOL, int_of

if TYPE_CHECKING:
    from asnmerit.rules.law import LawStep

MOST: Final = 2 ** (8 * struct.calcsize("l") - 2)
"""Every number is smaller in size: 2**62, where a C `long` has 64 bits (durable_rules keeps constants in one)."""
MOST_WAYS: Final = 12
"""Alternatives of one `at_least` or one list of members; beyond, our engine's answer is handed over as 0 or 1."""
MOST_JOINED: Final = 24
"""Alternatives of one conjunction; beyond, a part of it is asked about by itself and handed over as 0 or 1."""

NEGATED: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
SWAPPED: Final = {"==": "==", "<": ">", "<=": ">="}
COMPARED: Final = {"eq": "==", "lt": "<", "le": "<="}


@attrs.frozen
class Comparison:
    """A value compared with a constant, which stands on the right."""

    value: Expr
    op: str
    constant: int

    def negated(self) -> Comparison:
        """Give the test that succeeds exactly when this one fails on a known value."""
        return Comparison(self.value, NEGATED[self.op], self.constant)


Chain = frozenset[Comparison]
Chains = tuple[Chain, ...]
ALWAYS: Final[Chain] = frozenset()


@attrs.frozen
class Said:
    """When a truth value is true for certain, and when false for certain: alternatives, each a chain of tests."""

    true: Chains
    false: Chains

    def of(self, wanted: bool) -> Chains:  # noqa: FBT001 - truth is a value here
        """Give the alternatives for one of the two."""
        return self.true if wanted else self.false


Part = tuple[Expr, Said, bool]
"""A part of a conjunction: the expression, what it says, and whether it is to be true or to be false."""


class Teller:
    """Folds kernel conditions to what they say in chains; numbers are left to our own engine."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.said: dict[str, Said] = {}
        self.parts: dict[Expr, tuple[str, Said]] = {}
        self.known: dict[Hashable, Expr] = {}
        self.order: dict[Expr, int] = {}
        self.at = ""

    def tell(self, step: LawStep) -> None:
        """Say a step; the steps that it reads have been said before."""
        self.at = step.key
        many = isinstance(step.rich, Call) and step.rich.op == "at_least" and _ways(step.rich) > MOST_WAYS
        self.said[step.key] = self._given(Step(BOOL, step.key)) if many else self._whole(fold(step.code, self))

    def _whole(self, said: Said | None) -> Said:
        if said is None:
            message = f"{self.at} is not a truth value"
            raise TypeError(message)
        return said

    # --- leaves ---

    def literal(self, node: Literal) -> Said | None:
        """Say a constant."""
        if node.type.kind != "bool":
            return None
        return Said((ALWAYS,), ()) if node.value else Said((), (ALWAYS,))

    def fact(self, node: Fact) -> Said | None:
        """Say a fact that is a truth value."""
        return self._truth(node)

    def row(self, node: Row) -> Said | None:
        """Say a field of a row: it is never reached, since folds over rows are handed over."""
        return self._truth(node)

    def parameter(self, node: Parameter) -> Said | None:
        """Refuse: parameters are constants by now."""
        message = f"the parameter {node.key} was not lowered"
        raise TypeError(message)

    def step(self, node: Step) -> Said | None:
        """Say what a condition says; the truth of another step is handed over."""
        return self.said.get(node.key) or self._truth(node)

    def each(self, node: Each) -> Said | None:
        """Hand over the truth of a fold over rows."""
        return self._truth(node)

    def _truth(self, node: Expr) -> Said | None:
        return self._given(node) if node.type.kind == "bool" else None

    def _given(self, node: Expr) -> Said:
        same = self._same(node)
        return Said((frozenset({Comparison(same, "==", 1)}),), (frozenset({Comparison(same, "==", 0)}),))

    def _same(self, node: Expr) -> Expr:
        """Give the first expression of that shape: it is handed over once."""
        same = self.known.setdefault(_shape(node, 4), node)
        self.order.setdefault(same, len(self.order))
        return same

    # --- operators ---

    def call(self, node: Call, args: tuple[Said | None, ...]) -> Said | None:
        """Say an operator that gives a truth value."""
        match node.op:
            case "eq" | "lt" | "le":
                return self._compared(node)
            case "lookup" if node.type.kind == "bool":
                return self._listed(node)
        whole = [(a, s) for a, s in zip(node.args, args, strict=True) if s is not None]
        if len(whole) != len(args):
            return self._truth(node)
        match node.op:
            case "not":
                return Said(whole[0][1].false, whole[0][1].true)
            case "and" | "or":
                wanted = node.op == "and"
                joined = self._all([(a, s, wanted) for a, s in whole])
                either = _one_of(s.of(not wanted) for _, s in whole)
                return Said(joined, either) if wanted else Said(either, joined)
            case "select" | "pick":
                return Said(*(self._chosen(whole, wanted, node.op) for wanted in (True, False)))
            case _:
                return self._truth(node)

    def _chosen(self, whole: list[tuple[Expr, Said]], wanted: bool, op: str) -> Chains:  # noqa: FBT001
        (c, test), (a, yes), (b, no) = whole
        ways = [[(c, test, True), (a, yes, wanted)], [(c, test, False), (b, no, wanted)]]
        if op == "select":
            ways.append([(a, yes, wanted), (b, no, wanted)])
        return _one_of(self._all(way) for way in ways)

    def _compared(self, node: Call) -> Said:
        """Compare with a constant; of two values the difference with 0."""
        a, b = node.args
        op = COMPARED[node.op]
        if isinstance(a, Literal):
            a, b, op = b, a, SWAPPED[op]
        if isinstance(b, Literal):
            return self._tested(node, a, op, int(b.value))
        low, high = a.type.lo - b.type.hi, a.type.hi - b.type.lo
        return self._tested(node, Call(int_of("number", low, high), "sub", (a, b)), op, 0)

    def _tested(self, node: Call, value: Expr, op: str, constant: int) -> Said:
        if max(abs(value.type.lo), abs(value.type.hi), abs(constant)) >= MOST:
            return self._given(node)
        test = Comparison(self._same(value), op, constant)
        return Said((frozenset({test}),), (frozenset({test.negated()}),))

    def _listed(self, node: Call) -> Said:
        """Say that a member is one of a list: equal to one, or different from each of the others."""
        (place,) = node.args
        cells = range(place.type.lo, place.type.hi + 1)
        short = min((True, False), key=lambda truth: sum(bool(node.const[i]) is truth for i in cells))
        listed = [i for i in cells if bool(node.const[i]) is short]
        if len(listed) > MOST_WAYS:
            return self._given(node)
        value = self._same(place)
        one = tuple(frozenset({Comparison(value, "==", i)}) for i in listed)
        none: Chains = (frozenset(Comparison(value, "!=", i) for i in listed),) if listed else self._known(place)
        return Said(one, none) if short else Said(none, one)

    def _known(self, value: Expr) -> Chains:
        """Say that a value is known, whatever it is."""
        return (frozenset({Comparison(self._same(value), ">=", value.type.lo)}),)

    # --- joining ---

    def _all(self, parts: list[Part]) -> Chains:
        """Join: every way to choose one chain of each part. What would be too many ways is cut into parts."""
        while math.prod(len(said.of(wanted)) for _, said, wanted in parts) > MOST_JOINED:
            at = max(range(len(parts)), key=lambda i: len(parts[i][1].of(parts[i][2])))
            node, said, wanted = parts[at]
            parts[at] = (node, self._cut(node, said), wanted)
        ways: Iterable[Chain] = (ALWAYS,)
        for _, said, wanted in parts:
            ways = [a | b for a in ways for b in said.of(wanted)]
        return tuple(dict.fromkeys(w for w in ways if not any(t.negated() in w for t in w)))

    def _cut(self, node: Expr, said: Said) -> Said:
        """Hand over a part as 0 or 1; the engine is asked about it by itself."""
        given = self._given(node)
        (chain,) = given.true
        (test,) = chain
        self.parts.setdefault(test.value, (self.at, said))
        return given


def _one_of(several: Iterable[Chains]) -> Chains:
    return tuple(dict.fromkeys(chain for chains in several for chain in chains))


def _ways(at_least: Call) -> int:
    return math.comb(len(at_least.args), at_least.const)


def _shape(node: Expr, depth: int) -> Hashable:
    """Give a key that equal small expressions share; a large one is itself."""
    match node:
        case Step(_, key, None):
            return "step", key
        case Fact(_, name, slot):
            return "fact", name, slot
        case Literal(_, value):
            return "literal", int(value)
        case Call(_, op, args, const) if depth:
            return op, const, tuple([_shape(a, depth - 1) for a in args])
        case _:
            return id(node)
