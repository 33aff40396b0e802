"""The thirty rules in business-rules: conditions as data, variables and actions as methods.

It has numbers and texts, but no dates, no tables and no rounding: the same integers as for durable_rules
are computed before, and hit policies and amounts after.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from business_rules import run_all
from business_rules.actions import BaseActions, rule_action
from business_rules.fields import FIELD_TEXT
from business_rules.variables import BaseVariables, numeric_rule_variable

from .conditions import RULES, answer, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from . import Answer, Decide, Record

OPERATORS = {
    "==": "equal_to",
    "<": "less_than",
    "<=": "less_than_or_equal_to",
    ">": "greater_than",
    ">=": "greater_than_or_equal_to",
}


class Noted(BaseActions):  # type: ignore[misc]
    """The one action: note the rule."""

    def __init__(self) -> None:
        self.fired: set[str] = set()

    @rule_action(params={"rule": FIELD_TEXT})
    def note(self, rule: str) -> None:
        """Note that the rule fired."""
        self.fired.add(rule)


def variables_class(names: set[str]) -> type[BaseVariables]:
    """Return a class with one numeric variable for each name."""

    def variable(name: str) -> Callable[[Any], int]:
        def read(self: Any) -> int:  # noqa: ANN401 (an object of the class being made)
            return self.values[name]

        read.__name__ = name
        return numeric_rule_variable(read)

    def start(self: Any, values: dict[str, int]) -> None:  # noqa: ANN401
        self.values = values

    return type("Person", (BaseVariables,), {"__init__": start, **{name: variable(name) for name in names}})


def prepare() -> Decide:
    """Write the rules in the engine's own data."""
    person = variables_class({name for tests in RULES.values() for name, _, _ in tests})
    rules = [
        {
            "conditions": {
                "all": [
                    {"name": name, "operator": OPERATORS[operator], "value": constant}
                    for name, operator, constant in tests
                ]
            },
            "actions": [{"name": "note", "params": {"rule": rule}}],
        }
        for rule, tests in RULES.items()
    ]

    def decide(record: Record, as_of: date) -> Answer:
        values = facts(record, as_of)
        noted = Noted()
        run_all(rules, person(values), noted)
        return answer(noted.fired, record, values)

    return decide
