"""What a policy says once of all members of a type, or of several years, is said once: written-out parts are folded.

Elaboration writes `any(... for k in types.area)` out, one part a member. Here such parts are put together again, but
only where all of them are alike but for the member.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold, rebuilt, walk
from asnmerit.rules.types import Bool, Enum, Number, PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import FactDecl
    from asnmerit.rules.text_words import Language

ANY = "*"
MEMBER_OPS = {"and": "all_in", "or": "any_in", "add": "sum_in"}
YEAR_OPS = {"and": "all_years", "or": "any_years", "add": "sum_years"}
COUNTS = {"sum_in": "count_in", "sum_years": "count_years"}
Told = Callable[[str], str]


@attrs.frozen
class Grouping:
    """Puts written-out parts together, for texts in one language. `told` says a value of the law."""

    declared: Mapping[str, FactDecl]
    enums: Sequence[Enum]
    lang: Language
    told: Told

    def grouped(self, expr: Expr) -> Expr:
        """Give the expression with its written-out parts put together."""
        return rebuilt(expr, self._change)

    def _change(self, node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.op in {"min", "max"} and (parts := _flat(node)) != list(node.args):
            return Call(node.type, node.op, tuple(map(self.grouped, parts)), None, node.position)
        if isinstance(node, Call) and node.op in {"if", "pick"}:
            return self._looked_up(node)
        if not isinstance(node, Call) or node.op not in MEMBER_OPS:
            return None
        terms = _terms(node)
        if len(terms) < 2:  # noqa: PLR2004 - a single part is no group
            return None
        years = self._of_years(node, terms)
        return years if years is not None else self._of_members(node, terms)

    # --- members of a type ---

    def _of_members(self, node: Call, terms: Sequence[Expr]) -> Expr | None:
        for enum in self.enums:
            if len(enum.members) != len(terms):
                continue
            shapes = {fold(term, _Shape(enum=enum, at=i)) for i, term in enumerate(terms)}
            if len(shapes) == 1 and ANY in next(iter(shapes)):
                return self._each(node, MEMBER_OPS[node.op], self._template(terms[0], enum), self._name(enum))
        return None

    def _looked_up(self, node: Call) -> Expr | None:
        """Put together the choice of one value a member by a value of that type: `needed[interest]`."""
        key, values = _choices(node)
        if key is None or not isinstance(key.type, Enum) or len(values) != len(key.type.members):
            return None
        shapes = {fold(value, _Shape(enum=key.type, at=i)) for i, value in enumerate(values)}
        if len(shapes) != 1 or ANY not in next(iter(shapes)):
            return None
        template = self.grouped(self._template(values[0], key.type))
        return Call(node.type, "that_of", (template, self.grouped(key)), None, node.position)

    def _name(self, enum: Enum) -> str:
        return (enum.label or {}).get(self.lang, enum.name.replace("_", " "))

    def _template(self, term: Expr, enum: Enum) -> Expr:
        """Write the part of the first member as one of whichever member."""
        name, first = self._name(enum), enum.members[0]
        whichever = Enum(enum.name, (name,), (0,), ordered=False, labels={name: {self.lang: name}})

        def change(node: Expr) -> Expr | None:
            match node:
                case Literal(type=Enum() as of, value=0) if of == enum:
                    return Literal(whichever, 0, node.position)
                case Fact(slot=str() as slot) if slot == first and self._per(node.name, enum):
                    return attrs.evolve(node, slot=name)
                case Step() if node.key.endswith(f"[{first}]"):
                    return attrs.evolve(node, key=node.key.removesuffix(f"[{first}]") + f"[{ANY}]")
                case _:
                    return None

        return rebuilt(term, change)

    def _per(self, fact: str, enum: Enum) -> bool:
        of = self.declared[fact].type
        return isinstance(of, PerMember) and of.enum == enum

    # --- years ---

    def _of_years(self, node: Call, terms: Sequence[Expr]) -> Expr | None:
        taken = [_limited(node.op, term) for term in terms]
        limits = {limit.key if limit is not None else "" for limit, _ in taken}
        bodies = [body for _, body in taken]
        if len(limits) != 1 or not self._reads_years(bodies[0]):
            return None
        if len({fold(body, _Shape(year=k)) for k, body in enumerate(bodies)}) != 1:
            return None
        if any(not _reads_slot(body, k) for k, body in enumerate(bodies)):
            return None
        (limit,) = limits
        return self._each(
            node, YEAR_OPS[node.op], rebuilt(bodies[0], _no_slot), self.told(limit) if limit else str(len(terms))
        )

    def _reads_years(self, body: Expr) -> bool:
        return any(
            isinstance(n, Fact) and n.name in self.declared and _yearly(self.declared[n.name]) for n in walk(body)
        )

    def _each(self, node: Call, op: str, body: Expr, over: str) -> Expr:
        counted = _counted(body) if op in COUNTS else None
        if counted is not None:
            op, body = COUNTS[op], counted
        return Call(node.type, op, (self.grouped(body),), over, node.position)


def _yearly(decl: FactDecl) -> bool:
    return isinstance(decl.type, Yearly)


def _choices(node: Expr) -> tuple[Expr | None, list[Expr]]:
    """Take a choice apart that asks of one value, member by member: that value, and what each member gives."""
    key: Expr | None = None
    values: list[Expr] = []
    while isinstance(node, Call) and node.op in {"if", "pick"}:
        test, value, rest = node.args
        if not isinstance(test, Call) or test.op != "eq" or not isinstance(test.args[1], Literal):
            break
        same = key is None or fold(key, _Shape()) == fold(test.args[0], _Shape())
        if not same or test.args[1].value != len(values):
            break
        key = test.args[0]
        values.append(value)
        node = rest
    return key, [*values, node]


def _flat(node: Call) -> list[Expr]:
    """Give the arguments of a largest or smallest, those of one inside it as well."""
    parts: list[Expr] = []
    for arg in node.args:
        parts += _flat(arg) if isinstance(arg, Call) and arg.op == node.op else [arg]
    return parts


def _terms(node: Call) -> list[Expr]:
    """Give the parts of a chain that one generator wrote; those of a sum are nested to the left."""
    if node.op != "add":
        return list(node.args)
    terms: list[Expr] = []
    at: Expr = node
    while isinstance(at, Call) and at.op == "add" and at.position == node.position:
        terms.append(at.args[1])
        at = at.args[0]
    return [at, *reversed(terms)]


def _counted(body: Expr) -> Expr | None:
    """Give the test of a part that counts: 1 where it holds, else 0."""
    if isinstance(body, Call) and body.op == "pick":
        test, yes, no = body.args
        if _is(yes, 1) and _is(no, 0):
            return test
    return None


def _is(node: Expr, value: int) -> bool:
    return isinstance(node, Literal) and isinstance(node.type, Number) and node.value == value


def _limited(op: str, term: Expr) -> tuple[Parameter | None, Expr]:
    """Take off the test that a year counts at all, where the law sets how many do."""
    if isinstance(term, Call):
        if op == "and" and term.op == "or" and isinstance(term.args[0], Call) and term.args[0].op == "not":
            return _limit(term.args[0].args[0], term.args[1:], term)
        if op == "or" and term.op == "and":
            return _limit(term.args[0], term.args[1:], term)
        if op == "add" and term.op == "pick" and _is(term.args[2], 0):
            return _limit(term.args[0], term.args[1:2], term)
    return None, term


def _limit(test: Expr, rest: tuple[Expr, ...], term: Expr) -> tuple[Parameter | None, Expr]:
    if isinstance(test, Call) and test.op == "lt" and isinstance(test.args[1], Parameter) and len(rest) == 1:
        return test.args[1], rest[0]
    return None, term


def _reads_slot(body: Expr, year: int) -> bool:
    return any(isinstance(n, Fact) and n.slot == year for n in walk(body))


def _no_slot(node: Expr) -> Expr | None:
    return attrs.evolve(node, slot=None) if isinstance(node, Fact) and node.slot == 0 else None


@attrs.frozen
class _Shape:
    """Folds an expression to a text in which the member, or the year, that it is about does not show."""

    enum: Enum | None = None
    at: int = 0
    year: int | None = None

    def _member(self) -> str:
        return self.enum.members[self.at] if self.enum is not None else ""

    def literal(self, node: Literal) -> str:
        if self.enum is not None and node.type == self.enum and node.value == self.at:
            return ANY
        value = node.value if isinstance(node.type, Bool | Enum) else Fraction(node.value)
        return f"{node.type}:{value}"

    def fact(self, node: Fact) -> str:
        if self.year is not None and node.slot == self.year:
            return f"{node.name}[{ANY}]"
        if self.enum is not None and node.slot == self._member():
            return f"{node.name}[{ANY}]"
        return f"{node.name}[{node.slot}]"

    def row(self, node: Row) -> str:
        return f"{node.binder.name}.{node.field}"

    def parameter(self, node: Parameter) -> str:
        return f"parameter {node.key}"

    def step(self, node: Step) -> str:
        mine = f"[{self._member()}]"
        key = (
            node.key.removesuffix(mine) + f"[{ANY}]" if self.enum is not None and node.key.endswith(mine) else node.key
        )
        return f"step {key} {node.binder.name if node.binder else ''}"

    def call(self, node: Call, args: tuple[str, ...]) -> str:
        return f"{node.op}<{_fixed(node.const)}>({','.join(args)})"

    def each(self, node: Each) -> str:
        parts = [fold(n, self) for n in _parts(node)]
        return f"{node.op} {node.binder.list_fact}({';'.join(parts)})"


def _fixed(const: Any) -> str:  # noqa: ANN401 - a constant of a call
    return ",".join(map(str, sorted(const))) if isinstance(const, frozenset) else str(const)


def _parts(node: Each) -> Iterator[Expr]:
    yield node.body
    for part in (node.where, node.default):
        yield part if part is not None else Literal(Bool(), value=False)
