"""Random well-typed expressions, written as a policy writes them, over the names that are in scope."""

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
class Expressions:
    """Writes expressions; `types` gives members by type name, `ordered` the types with an order."""

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

    # --- money ---

    def money(self, scope: Scope, depth: int) -> Num:
        """Write an amount of rupiah, not always whole."""
        if not scope.moneys or depth <= 0:
            text = self.dice.pick(("0", "1", "1500000"))
            return (
                self.dice.pick(scope.moneys) if scope.moneys else Num(text, Fraction(text), Fraction(text), whole=True)
            )
        a, b, n = self.dice.pick(scope.moneys), self.dice.pick(scope.moneys), self.number(scope, depth - 1)
        text = self.dice.pick(
            (
                f"({a.text} + {b.text})",
                f"({a.text} - {b.text})",
                f"({a.text} * {self._plain_number(scope).text})",
                f"({a.text} / 12)",
                f"max({a.text}, {b.text})",
                f"min({a.text}, {b.text}, 0)",
                f"({a.text} if {self.truth(scope, depth - 1)} else {b.text})",
                f"half_even({a.text} / max({n.text}, 1), 100)",
            )
        )
        return Num(text, a.low - b.high, a.high * 3 + b.high)

    # --- dates ---

    def date(self, scope: Scope, depth: int) -> str:
        """Write a day."""
        if depth <= 0 or self.dice.chance(30):
            return self.dice.pick(scope.dates)
        a = self.date(scope, depth - 1)
        whole = self._small(scope, depth - 1)
        found = [(t, c) for t, (_, columns) in scope.tables.items() for c, s in columns.items() if s["type"] == "date"]
        options = [
            f"add_months({a}, {whole})",
            f"add_days({a}, {whole})",
            f"end_of_month({a})",
            f"month_start({a}, {whole})",
            f"retirement_date({a}, {self.dice.pick(('56', '58', whole))})",
            f"{self.dice.pick(('min', 'max'))}({a}, {self.date(scope, depth - 1)})",
            f"({a} if {self.truth(scope, depth - 1)} else {self.date(scope, depth - 1)})",
            *(f"next_month_in({a}, {m})" for m in scope.months[:1]),
            *(self.cell(scope, t, c, depth - 1) for t, c in found[:1]),
        ]
        option = self.dice.pick(range(len(options) + 1))
        if option < len(options):
            return options[option]
        return self._best(scope, depth - 1, self.date, a) or a

    def _small(self, scope: Scope, depth: int) -> str:
        n = self.number(scope, depth)
        return f"min(max({n.text if n.whole else f'floor({n.text})'}, -{self.dice.pick(('2', '12', '100'))}), 100)"

    def _best(self, scope: Scope, depth: int, write: Callable[[Scope, int], str | None], default: str) -> str | None:
        found = self._source(scope) if scope.depth < 2 else None
        if found is None:
            return None
        source, variable, inner, _, _ = found
        where = f" if {self.truth(inner, depth)}" if self.dice.chance(60) else ""
        body = write(inner, depth)
        name = self.dice.pick(("min", "max"))
        return None if body is None else f"{name}(({body} for {variable} in {source}{where}), default={default})"

    # --- members ---

    def member(self, scope: Scope, of: str, depth: int, *, told: bool = False) -> str | None:
        """Write a member of a type; None when none is in scope and its place does not tell the type."""
        known = scope.members.get(of, [])
        if not known or (told and self.dice.chance(25)):
            return f"'{self.dice.pick(self.types[of])}'" if told else None
        a = self.dice.pick(known)
        if depth <= 0 or self.dice.chance(40):
            return a
        b = self.member(scope, of, depth - 1, told=told) or a
        found = [(t, c) for t, (_, columns) in scope.tables.items() for c, s in columns.items() if s["type"] == of]
        options = [
            f"({a} if {self.truth(scope, depth - 1)} else {b})",
            *(self.cell(scope, t, c, depth - 1) for t, c in found),
        ]
        if of in self.ordered:
            options += [f"next({a})", f"prev({a})", f"{self.dice.pick(('min', 'max'))}({a}, {self.dice.pick(known)})"]
            best = self._best(scope, depth - 1, lambda s, d: self.member(s, of, d), a)
            options += [best] if best else []
        return self.dice.pick(options)

    # --- truth ---

    def truth(self, scope: Scope, depth: int) -> str:
        """Write a truth value."""
        if depth <= 0 or self.dice.chance(10):
            return self.dice.pick(scope.bools) if scope.bools and self.dice.chance(60) else self._compared(scope, 0)
        made: str = self.dice.pick(
            [
                self._joined,
                self._joined,
                self._not,
                self._compared,
                self._compared,
                self._compared,
                self._ratio,
                self._chain,
                self._members_compared,
                self._listed,
                self._in_months,
                self._in_table,
                self._quantified,
                self._chosen,
                self._dates_compared,
                self._moneys_compared,
                self._equivalence,
                self._family_truth,
            ]
        )(scope, depth - 1)
        return made

    def _joined(self, scope: Scope, depth: int) -> str:
        parts = [self.truth(scope, depth) for _ in range(self.dice.whole(2, 3))]
        return f"({self.dice.pick((' and ', ' or ')).join(parts)})"

    def _not(self, scope: Scope, depth: int) -> str:
        return f"(not {self.truth(scope, depth)})"

    def _sign(self) -> str:
        return self.dice.pick(("<", "<=", ">", ">=", "==", "!="))

    def _compared(self, scope: Scope, depth: int) -> str:
        return f"({self.number(scope, depth).text} {self._sign()} {self.number(scope, depth).text})"

    def _ratio(self, scope: Scope, depth: int) -> str:
        ratio = f"{self.number(scope, depth).text} / {self._divisor(scope, 0)}"
        other = (
            self.number(scope, depth).text
            if self.dice.chance(70)
            else f"{self.number(scope, 0).text} / {self._divisor(scope, 0)}"
        )
        left, right = (ratio, other) if self.dice.chance(50) else (other, ratio)
        return f"({left} {self._sign()} {right})"

    def _chain(self, scope: Scope, depth: int) -> str:
        a, b, c = (self.number(scope, depth).text for _ in range(3))
        return f"({a} {self.dice.pick(('<', '<='))} {b} {self._sign()} {c})"

    def _dates_compared(self, scope: Scope, depth: int) -> str:
        return f"({self.date(scope, depth)} {self._sign()} {self.date(scope, depth)})"

    def _moneys_compared(self, scope: Scope, depth: int) -> str:
        if not scope.moneys:
            return self._compared(scope, depth)
        a, b = self.dice.pick(scope.moneys), self.money(scope, depth)
        if self.dice.chance(30):
            return f"({a.text} / max({b.text}, 1) {self._sign()} {self.number(scope, 0).text})"
        return f"({a.text} {self._sign()} {b.text})"

    def _members_compared(self, scope: Scope, depth: int) -> str:
        of = self.dice.pick(list(self.types))
        a = self.member(scope, of, depth)
        if a is None:
            return self._compared(scope, depth)
        sign = self._sign() if of in self.ordered else self.dice.pick(("==", "!="))
        b = self.member(scope, of, depth, told=True)
        return f"({a} {sign} {b})" if self.dice.chance(60) else f"({b} {sign} {a})"

    def _listed(self, scope: Scope, depth: int) -> str:
        of = self.dice.pick(list(self.types))
        a = self.member(scope, of, depth)
        if a is None:
            return self._compared(scope, depth)
        some = [m for m in self.types[of] if self.dice.chance(50)] or self.types[of][:1]
        return f"({a} {self.dice.pick(('in', 'not in'))} [{', '.join(repr(m) for m in some)}])"

    def _in_months(self, scope: Scope, depth: int) -> str:
        if not scope.months:
            return self._compared(scope, depth)
        n = self.number(scope, depth)
        month = self.dice.pick((f"month({self.date(scope, depth)})", n.text if n.whole else f"floor({n.text})"))
        return f"({month} {self.dice.pick(('in', 'not in'))} {self.dice.pick(scope.months)})"

    def _in_table(self, scope: Scope, depth: int) -> str:
        if not scope.tables:
            return self._compared(scope, depth)
        table = self.dice.pick(list(scope.tables))
        keys = self.keys(scope, table, depth)
        key = keys[0] if len(keys) == 1 else f"({', '.join(keys)})"
        return f"({key} in {table})"

    def _quantified(self, scope: Scope, depth: int) -> str:
        found = self._source(scope) if scope.depth < 2 else None
        if found is None:
            return self._compared(scope, depth)
        source, variable, inner, _, _ = found
        where = f" if {self.truth(inner, depth)}" if self.dice.chance(50) else ""
        return f"{self.dice.pick(('any', 'all'))}({self.truth(inner, depth)} for {variable} in {source}{where})"

    def _chosen(self, scope: Scope, depth: int) -> str:
        return f"({self.truth(scope, depth)} if {self.truth(scope, depth)} else {self.truth(scope, depth)})"

    def _equivalence(self, scope: Scope, depth: int) -> str:
        if not scope.bools:
            return self._compared(scope, depth)
        return f"({self.dice.pick(scope.bools)} {self.dice.pick(('==', '!='))} {self.truth(scope, depth)})"

    def _family_truth(self, scope: Scope, depth: int) -> str:
        found = [f for f in scope.families if f[2]["type"] == "bool"]
        if not found:
            return self._compared(scope, depth)
        name, enum, _ = self.dice.pick(found)
        return f"{name}[{self.member(scope, enum, depth, told=True)}]"


def _bound(text: object) -> Fraction:
    plain = str(text)
    return Fraction(plain[:-1]) / 100 if plain.endswith("%") else Fraction(plain)


def shown(value: Fraction | int) -> str:
    """Write an exact number as a document does."""
    return exact_text(Fraction(value))
