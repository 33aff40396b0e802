"""The thirty rules in durable_rules, asserting one fact per person through its `Host`.

It compares small integers rightly and little else, so dates, exact numbers, tables and `or` are computed
before (`conditions.facts`), and hit policies and amounts after (`conditions.answer`). What its use needs
besides: a session id of its own for every person; a rule that always fires, which proves that the engine
ran and makes it safe to delete the state; deleting the state at once, since the 1,025th live one ends the
process; and a host without its timer threads, which race with the caller.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

from durable.engine import Host

from .conditions import RULES, answer, facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from . import Answer, Decide, Record

OPERATORS = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}


class QuietHost(Host):  # type: ignore[misc]
    """A host that starts no background thread."""

    def _run(self) -> None:
        pass


def test_of(name: str, operator: str, constant: int) -> dict[str, Any]:
    """Return one condition in the engine's JSON."""
    return {name: constant} if operator == "==" else {OPERATORS[operator]: {name: constant}}


def definition(fired: list[str]) -> dict[str, Any]:
    """Return the rule set: each rule that fires adds its name to `fired`."""

    def note(rule: str) -> Callable[[Any], None]:
        def run(_: Any) -> None:  # noqa: ANN401 (the engine's own closure)
            fired.append(rule)

        return run

    rules = {
        rule: {"all": [{"m": {"$and": [{"k": 1}, *(test_of(*test) for test in tests)]}}], "run": note(rule)}
        for rule, tests in RULES.items()
    }
    return rules | {"sentinel": {"all": [{"m": {"k": 1}}], "run": note("sentinel")}}


def prepare() -> Decide:
    """Compile the rule set, and return a function that asserts a person's fact and reads what fired."""
    fired: list[str] = []
    sessions = count(1)
    host = QuietHost({"thirty": definition(fired)})

    def decide(record: Record, as_of: date) -> Answer:
        values = facts(record, as_of)
        session = f"s{next(sessions)}"
        fired.clear()
        host.assert_fact("thirty", {"sid": session, "k": 1, **values})
        if "sentinel" not in fired:
            raise RuntimeError("durable_rules did not run")
        host.delete_state("thirty", session)
        return answer(fired, record, values)

    return decide
