"""The thirty rules' conditions alone in zen-engine, over integers prepared by hand.

All that makes the policy a policy (dates, the score, tables, hit policies, amounts) is Python around it.
It is here to show the engine at its fastest: one compiled expression, no decision, table or hit policy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from zen import compile_expression

from .conditions import RULES, answer, facts, holds

if TYPE_CHECKING:
    from datetime import date

    from . import Answer, Decide, Record


def prepare() -> Decide:
    """Compile one expression: a list with one truth value a rule."""
    expression = compile_expression("[" + ", ".join(f"({holds(tests)})" for tests in RULES.values()) + "]")
    names = tuple(RULES)

    def decide(record: Record, as_of: date) -> Answer:
        values = facts(record, as_of)
        truths = expression.evaluate(values)
        return answer({name for name, true in zip(names, truths, strict=True) if true}, record, values)

    return decide
