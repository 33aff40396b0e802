"""The thirty rules in rule-engine: one compiled expression a rule, over typed symbols.

It has decimals and dates, but no months between dates, no rounding and no tables: the same integers as
for durable_rules are computed before, and hit policies and amounts after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rule_engine import Context, DataType, Rule, type_resolver_from_dict

from .conditions import RULES, answer, facts, holds

if TYPE_CHECKING:
    from datetime import date

    from . import Answer, Decide, Record


def prepare() -> Decide:
    """Compile one expression a rule."""
    types = {name: DataType.FLOAT for tests in RULES.values() for name, _, _ in tests}
    context = Context(type_resolver=type_resolver_from_dict(types))
    rules = [(rule, Rule(holds(tests), context=context)) for rule, tests in RULES.items()]

    def decide(record: Record, as_of: date) -> Answer:
        values = facts(record, as_of)
        fired = {name for name, rule in rules if rule.matches(values)}
        return answer(fired, record, values)

    return decide
