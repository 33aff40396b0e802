"""Random well-typed expressions, written as a policy writes them, over the names that are in scope."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import attrs

from support.numbers import Num, Numbers, Scope


@attrs.define
class Expressions(Numbers):
    """Writes amounts of money, dates, members and truth values."""

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
