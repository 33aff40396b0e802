"""Random number expressions, and aggregates over whatever is in scope."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from asnmerit.rules.law import exact_text

if TYPE_CHECKING:
    from support.dice import Dice

ROUNDINGS = ("floor", "ceiling", "round_down", "round_up", "half_up", "half_even", "half_down")
STEPS = ("1", "0.01", "0.25", "5", "0.125", "1 / 3", "100")
LITERALS = ("0", "1", "2", "12", "100", "0.5", "2.75")
WIDEST = 10**7


class Num(NamedTuple):
    """A number expression, what it can be at most and least, and whether it is whole."""

    text: str
    low: Fraction
    high: Fraction
    whole: bool = False


@attrs.define
class Scope:
    """Names in scope, by kind: expressions that may be used as they stand."""

    bools: list[str] = attrs.field(factory=list)
    numbers: list[Num] = attrs.field(factory=list)
    moneys: list[Num] = attrs.field(factory=list)
    dates: list[str] = attrs.field(factory=lambda: ["as_of"])
    members: dict[str, list[str]] = attrs.field(factory=dict)
    lists: dict[str, dict[str, dict[str, Any]]] = attrs.field(factory=dict)
    sizes: dict[str, int] = attrs.field(factory=dict)
    rowwise: dict[str, list[tuple[str, dict[str, Any]]]] = attrs.field(factory=dict)
    yearly: dict[str, tuple[dict[str, Any], int]] = attrs.field(factory=dict)
    families: list[tuple[str, str, dict[str, Any]]] = attrs.field(factory=list)
    tables: dict[str, tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]] = attrs.field(factory=dict)
    guarded: list[str] = attrs.field(factory=list)
    months: list[str] = attrs.field(factory=list)
    limits: dict[int, list[str]] = attrs.field(factory=dict)
    depth: int = 0

    def inside(self) -> Scope:
        """A scope for the body of a generator."""
        return attrs.evolve(
            self,
            bools=list(self.bools),
            numbers=list(self.numbers),
            moneys=list(self.moneys),
            dates=list(self.dates),
            members={k: list(v) for k, v in self.members.items()},
            depth=self.depth + 1,
        )


@attrs.define
class Numbers:
    """Writes numbers; `expressions.Expressions` writes the other kinds.

    `types` gives members by type name, `ordered` the types with an order.
    """

    dice: Dice
    types: dict[str, list[str]]
    ordered: list[str]
    count: Any = attrs.field(factory=itertools.count)

    # --- atoms ---

    def enter(self, scope: Scope, spec: dict[str, Any], text: str) -> None:
        """Enter a name of a declared type."""
        match spec["type"]:
            case "bool":
                scope.bools.append(text)
            case "date":
                scope.dates.append(text)
            case "number" | "integer" | "percent" | "rupiah":
                low, high = _bound(spec.get("from", "-1000")), _bound(spec.get("to", "1000"))
                whole = spec["type"] in {"integer", "rupiah"}
                named = Num(text, low, high, whole)
                (scope.moneys if spec["type"] == "rupiah" else scope.numbers).append(named)
            case name:
                scope.members.setdefault(name, []).append(text)

    def of(self, scope: Scope, spec: dict[str, Any], depth: int) -> str:
        """Write an expression of a declared type (numbers without regard to its range)."""
        match spec["type"]:
            case "bool":
                return self.truth(scope, depth)
            case "date":
                return self.date(scope, depth)
            case "rupiah":
                return (
                    f"half_up({self.money(scope, depth).text}, 1)" if scope.moneys else self.dice.pick(("0", "1500000"))
                )
            case "integer":
                return f"{self.dice.pick(ROUNDINGS)}({self.number(scope, depth).text})"
            case "number" | "percent":
                return self.number(scope, depth).text
            case name:
                return self.member(scope, name, depth, told=True)

    def atom(self, spec: dict[str, Any]) -> str:
        """Write the plainest expression of a type, which is proved wherever it stands."""
        match spec["type"]:
            case "bool":
                return "as_of == as_of"
            case "date":
                return "as_of"
            case "number" | "percent" | "integer" | "rupiah":
                return "1"
            case name:
                return f"'{self.types[name][0]}'"

    def _variable(self) -> str:
        return f"v{next(self.count)}"

    # --- numbers ---

    def number(self, scope: Scope, depth: int) -> Num:
        """Write a number."""
        if depth <= 0 or self.dice.chance(15):
            return self._plain_number(scope)
        made = self.dice.pick(
            [
                self._sum,
                self._product,
                self._extreme,
                self._choice,
                self._rounded,
                self._quotient,
                self._from_dates,
                self._aggregate,
                self._cell,
                self._steps,
                self._family,
                self._plain_division,
                self._negated,
            ]
        )(scope, depth - 1)
        return self._kept(made)

    def _kept(self, n: Num) -> Num:
        if max(abs(n.low), abs(n.high)) > WIDEST:
            return Num(f"min(max({n.text}, -1000), 1000)", Fraction(-1000), Fraction(1000), n.whole)
        return n

    def _plain_number(self, scope: Scope) -> Num:
        if scope.numbers and self.dice.chance(85):
            return self.dice.pick(scope.numbers)
        text = self.dice.pick(LITERALS)
        return Num(text, Fraction(text), Fraction(text), "." not in text)

    def _sum(self, scope: Scope, depth: int) -> Num:
        a, b = self.number(scope, depth), self.number(scope, depth)
        if self.dice.chance(50):
            return Num(f"({a.text} + {b.text})", a.low + b.low, a.high + b.high, a.whole and b.whole)
        return Num(f"({a.text} - {b.text})", a.low - b.high, a.high - b.low, a.whole and b.whole)

    def _negated(self, scope: Scope, depth: int) -> Num:
        a = self.number(scope, depth)
        return Num(f"(-{a.text})", -a.high, -a.low, a.whole)

    def _product(self, scope: Scope, depth: int) -> Num:
        a, b = self.number(scope, depth), self._plain_number(scope)
        corners = [x * y for x in a[1:3] for y in b[1:3]]
        return Num(f"({a.text} * {b.text})", min(corners), max(corners), a.whole and b.whole)

    def _plain_division(self, scope: Scope, depth: int) -> Num:
        a, by = self.number(scope, depth), self.dice.pick(("12", "3", "100", "7", "-2"))
        low, high = sorted((a.low / int(by), a.high / int(by)))
        return Num(f"({a.text} / {by})", low, high)

    def _extreme(self, scope: Scope, depth: int) -> Num:
        of, parts = self.dice.pick(("min", "max")), [self.number(scope, depth) for _ in range(self.dice.whole(2, 3))]
        best = min if of == "min" else max
        text = f"{of}({', '.join(p.text for p in parts)})"
        return Num(text, best(p.low for p in parts), best(p.high for p in parts), all(p.whole for p in parts))

    def _choice(self, scope: Scope, depth: int) -> Num:
        c, a, b = self.truth(scope, depth), self.number(scope, depth), self.number(scope, depth)
        return Num(f"({a.text} if {c} else {b.text})", min(a.low, b.low), max(a.high, b.high), a.whole and b.whole)

    def _rounded(self, scope: Scope, depth: int) -> Num:
        a, mode, step = self.number(scope, depth), self.dice.pick(ROUNDINGS), self.dice.pick(STEPS)
        if self.dice.chance(40):
            return Num(f"{mode}({a.text})", a.low - 1, a.high + 1, whole=True)
        return Num(f"{mode}({a.text}, {step})", a.low - 100, a.high + 100, step in {"1", "5", "100"})

    def _quotient(self, scope: Scope, depth: int) -> Num:
        a, b, mode, step = (
            self.number(scope, depth),
            self._divisor(scope, depth),
            self.dice.pick(ROUNDINGS),
            self.dice.pick(STEPS),
        )
        most = max(abs(a.low), abs(a.high)) * 2 + 100
        return Num(f"{mode}({a.text} / {b}, {step})", -most, most, step in {"1", "5", "100"})

    def _divisor(self, scope: Scope, depth: int) -> str:
        return f"max({self.number(scope, depth).text}, {self.dice.pick(('1', '0.5', '2'))})"

    def _from_dates(self, scope: Scope, depth: int) -> Num:
        a = self.date(scope, depth)
        match self.dice.pick(("year", "month", "day", "two", "two", "two")):
            case "year":
                return Num(f"year({a})", Fraction(1), Fraction(9999), whole=True)
            case "month":
                return Num(f"month({a})", Fraction(1), Fraction(12), whole=True)
            case "day":
                return Num(f"day({a})", Fraction(1), Fraction(31), whole=True)
        name = self.dice.pick(("months_between", "years_between", "calendar_months", "days_between"))
        return Num(f"{name}({a}, {self.date(scope, depth)})", Fraction(-400000), Fraction(400000), whole=True)

    def _steps(self, scope: Scope, depth: int) -> Num:
        of = self.dice.pick(self.ordered)
        a = self.member(scope, of, depth)
        if a is None:
            return self._plain_number(scope)
        most = Fraction(len(self.types[of]))
        return Num(f"steps({a}, {self.member(scope, of, depth, told=True)})", -most, most, whole=True)

    def _family(self, scope: Scope, depth: int) -> Num:
        found = [f for f in scope.families if f[2]["type"] in {"number", "integer", "percent"}]
        if not found:
            return self._plain_number(scope)
        name, enum, spec = self.dice.pick(found)
        text = f"{name}[{self.member(scope, enum, depth, told=True)}]"
        return Num(text, _bound(spec.get("from", "-1000")), _bound(spec.get("to", "1000")), spec["type"] == "integer")

    def _cell(self, scope: Scope, depth: int) -> Num:
        found = [
            (t, c)
            for t, (_, columns) in scope.tables.items()
            for c, s in columns.items()
            if s["type"] in {"number", "integer"}
        ]
        if not found:
            return self._plain_number(scope)
        table, column = self.dice.pick(found)
        return Num(self.cell(scope, table, column, depth), Fraction(-100), Fraction(100))

    def cell(self, scope: Scope, table: str, column: str, depth: int) -> str:
        """Write the reading of a cell."""
        text = f"{table}[{', '.join(self.keys(scope, table, depth))}]"
        return f"{text}.{column}" if column else text

    def keys(self, scope: Scope, table: str, depth: int) -> list[str]:
        """Write keys that lie inside a table."""
        return [self._key(scope, spec, depth) for spec in scope.tables[table][0]]

    def _key(self, scope: Scope, spec: dict[str, Any], depth: int) -> str:
        if spec["type"] in {"integer", "number"}:
            n = self.number(scope, depth)
            text = n.text if n.whole or spec["type"] == "number" else f"floor({n.text})"
            return f"min(max({text}, {spec['from']}), {spec['to']})"
        return self.of(scope, spec, depth)

    def _aggregate(self, scope: Scope, depth: int) -> Num:
        if scope.depth >= 2:
            return self._plain_number(scope)
        found = self._source(scope)
        if found is None:
            return self._plain_number(scope)
        source, variable, inner, most, lists = found
        where = f" if {self.truth(inner, depth)}" if self.dice.chance(50) else ""
        match self.dice.pick(("sum", "count", "count_rows", "min", "max")):
            case "sum":
                n = self.number(inner, depth)
                low, high = min(Fraction(0), n.low * most), max(Fraction(0), n.high * most)
                return Num(f"sum({n.text} for {variable} in {source}{where})", low, high, n.whole)
            case "count_rows" if lists:
                text = f"count({variable} for {variable} in {source}{where})"
                return Num(text, Fraction(0), Fraction(most), whole=True)
            case "count" | "count_rows":
                body = self.truth(inner, depth) if self.dice.chance(70) else self.number(inner, depth).text
                return Num(f"count({body} for {variable} in {source}{where})", Fraction(0), Fraction(most), whole=True)
            case name:
                n, d = self.number(inner, depth), self.number(scope, 0)
                text = f"{name}(({n.text} for {variable} in {source}{where}), default={d.text})"
                return Num(text, min(n.low, d.low), max(n.high, d.high), n.whole and d.whole)

    def _source(self, scope: Scope) -> tuple[str, str, Scope, int, bool] | None:
        """Pick what a generator goes over: its text, variable, inner scope, most rows, whether a list."""
        variable, inner = self._variable(), scope.inside()
        options: list[Callable[[], tuple[str, str, Scope, int, bool]]] = []
        for name in scope.lists:
            options += [lambda n=name: self._rows(scope, n, variable, inner)] * 3  # type: ignore[misc]
        options += [lambda n=name: self._years(scope, n, variable, inner) for name in scope.yearly]  # type: ignore[misc]
        for name, enum, spec in scope.families:
            if name.startswith("pm"):
                options.append(lambda n=name, e=enum, s=spec: self._values(n, s, variable, inner, len(self.types[e])))  # type: ignore[misc]
        options += [lambda t=t: self._members(t, variable, inner) for t in self.types]  # type: ignore[misc]
        options += [
            lambda m=m: self._values(m, {"type": "integer", "from": "1", "to": "12"}, variable, inner, 12)  # type: ignore[misc]
            for m in scope.months
        ]
        return self.dice.pick(options)() if options else None

    def _rows(self, scope: Scope, name: str, variable: str, inner: Scope) -> tuple[str, str, Scope, int, bool]:
        for field, spec in scope.lists[name].items():
            self.enter(inner, spec, f"{variable}.{field}")
            self.enter(inner, spec, f"{variable}.{field}")
        for step, spec in scope.rowwise.get(name, ()):
            self.enter(inner, spec, f"{step}[{variable}]")
        return name, variable, inner, scope.sizes[name], True

    def _years(self, scope: Scope, name: str, variable: str, inner: Scope) -> tuple[str, str, Scope, int, bool]:
        spec, back = scope.yearly[name]
        self.enter(inner, spec, variable)
        limits = [p for n, ps in scope.limits.items() if n <= back for p in ps]
        match self.dice.pick(("all", "slice", "limit")):
            case "slice":
                return f"{name}[:{self.dice.whole(1, back)}]", variable, inner, back, False
            case "limit" if limits:
                return f"{name}[:{self.dice.pick(limits)}]", variable, inner, back, False
        return name, variable, inner, back, False

    def _values(
        self, name: str, spec: dict[str, Any], variable: str, inner: Scope, most: int
    ) -> tuple[str, str, Scope, int, bool]:
        self.enter(inner, spec, variable)
        return name, variable, inner, most, False

    def _members(self, of: str, variable: str, inner: Scope) -> tuple[str, str, Scope, int, bool]:
        inner.members.setdefault(of, []).append(variable)
        return f"types.{of}", variable, inner, len(self.types[of]), False


def _bound(text: object) -> Fraction:
    plain = str(text)
    return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)


def shown(value: Fraction | int) -> str:
    """Write an exact number as a document does."""
    return exact_text(Fraction(value))
