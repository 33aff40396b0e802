"""Random laws with hundreds of rules, as an agency writes them: thresholds, ratings, days, products of amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asnmerit as am
from support.dice import Seeded

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from support.dice import Dice

DERIVED = 12
DECISIONS = ("bonus", "penalty", "rank")


class _Large:
    def __init__(self, dice: Dice) -> None:
        self.dice = dice
        self.names = [f"n{i}" for i in range(8)]
        self.derived: dict[str, Any] = {}

    def facts(self) -> dict[str, Any]:
        """Declare what the rules read."""
        found: dict[str, Any] = {
            name: {"type": "integer", "from": 0, "to": self.dice.pick((10, 100, 1000)), "merit": i < 3}
            for i, name in enumerate(self.names)
        }
        found |= {f"b{i}": {"type": "bool"} for i in range(3)}
        found["grade"] = {"type": "grade", "per": "year", "back": 2, "merit": True}
        found["since"] = {"type": "date", "from": "2000-01-01", "to": "2026-03-31"}
        found["pay"] = {"type": "rupiah", "from": 1_000_000, "to": 9_000_000}
        found["spells"] = {"type": "list", "up_to": 4, "of": {"days": {"type": "integer", "from": 0, "to": 30}}}
        return found

    def number(self) -> str:
        """Write a number."""
        a, b = self.dice.pick(self.names), self.dice.pick(self.names)
        return self.dice.pick(
            (
                a,
                a,
                f"{a} + {b}",
                f"{a} - {b}",
                f"min({a}, {b})",
                f"half_up({a} * {b} / 7)",
                "months_between(since, as_of)",
                "sum(s.days for s in spells)",
            )
        )

    def truth(self) -> str:
        """Write a condition."""
        name = self.dice.pick([*self.derived, *self.names])
        return self.dice.pick(
            (
                f"{name} {self.dice.pick(('>=', '<', '==', '>'))} {self.dice.whole(0, 120)}",
                f"{self.number()} {self.dice.pick(('>=', '<'))} {self.dice.whole(0, 90)}",
                f"b{self.dice.whole(0, 2)}",
                f"not b{self.dice.whole(0, 2)}",
                f"grade[{self.dice.whole(0, 1)}] >= '{self.dice.pick(('fair', 'good', 'best'))}'",
                f"grade[0] {self.dice.pick(('>', '<', '=='))} grade[1]",
                f"{self.dice.pick(self.names)} >= 5 and {self.dice.pick(self.names)} < 60",
                f"any(s.days > {self.dice.whole(1, 29)} for s in spells)",
            )
        )

    def rule(self, at: int) -> dict[str, Any]:
        """Write a rule."""
        decision = DECISIONS[at % len(DECISIONS)]
        amount = self.dice.pick(
            (str(self.dice.whole(1, 9) * 100_000), f"half_up(pay * {self.dice.whole(1, 40)} / 100)")
        )
        found: dict[str, Any] = {
            "decides": decision,
            "source": "uu 1",
            "requires": {f"c{i}": self.truth() for i in range(self.dice.whole(1, 4))},
            "grants": {"amount": amount},
        }
        if self.dice.chance(20):
            found["unless"] = {"u": self.truth()}
        return found


def large(seed: int, rules: int) -> Law:
    """Give a law of that many rules, in three decisions: by the first rule, by agreeing rules, and collected."""
    made = _Large(Seeded(seed))
    facts = made.facts()
    for i in range(DERIVED):
        made.derived[f"x{i}"] = {"is": made.number()}
    written = {f"r{i}": made.rule(i) for i in range(rules)}
    outcome = {"outcome": {"amount": {"type": "rupiah"}}}
    order = [r for i, r in enumerate(written) if i % len(DECISIONS) == 0]
    decisions = {
        "bonus": {**outcome, "hit": "first", "order": order, "kind": "benefit"},
        "penalty": {**outcome, "hit": "any", "kind": "burden"},
        "rank": {**outcome, "hit": "collect", "total": {"amount": "sum"}, "kind": "benefit"},
    }
    document = {
        "asnmerit": 1,
        "policy": "random/large",
        "title": "Large",
        "enacted": "2019-12-01",
        "effective": {"from": "2020-01-01"},
        "sources": {"uu": {"title": "a law", "grade": "A"}},
        "types": {"grade": {"order": ["poor", "fair", "good", "best"]}},
        "facts": facts,
        "derived": made.derived,
        "decisions": decisions,
        "rules": written,
    }
    return am.in_force(am.load(document), on="2026-04-01")
