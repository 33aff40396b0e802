"""What comes out: the status of each decision, its outcome in the database's own types, and values by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.rules.types import Bool, Date, Enum, Number, Scalar
from asnmerit.sql.dialects import Dialect, as_date
from asnmerit.sql.lanes import MOST_PLACES, places_of
from asnmerit.sql.levels import Levels, Text
from asnmerit.sql.names import quoted

if TYPE_CHECKING:
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.law import Law

Steps = Mapping[str, Any]


def shown(text: Text, of: Scalar, den: int, dialect: Dialect) -> str:
    """Write a value in the database's own type: exact, or as text `p/q` where no decimal is exact."""
    match of:
        case Bool():
            return text.code
        case Enum():
            cases = " ".join(f"WHEN {i} THEN {dialect.text(m)}" for i, m in enumerate(of.members))
            return f"CASE {text.code} {cases} END"
        case Date():
            return as_date(text.code)
        case Number():
            return _number(text.code, den, dialect)


def _number(code: str, den: int, dialect: Dialect) -> str:
    if den == 1:
        return f"CAST({code} AS BIGINT)"
    places = places_of(den)
    if places < MOST_PLACES and 10**places % den == 0:
        digits = str(10**places // den).rjust(places, "0")
        return f"CAST({code} AS {dialect.exact}) * 0.{digits}"
    lowest = f"gcd({code}, {den})"
    top, bottom = dialect.divided(code, lowest), dialect.divided(f"CAST({den} AS BIGINT)", lowest)
    return f"CAST({top} AS VARCHAR) || CASE {bottom} WHEN 1 THEN '' ELSE '/' || CAST({bottom} AS VARCHAR) END"


@attrs.define
class Answers:
    """Writes the last two parts: the statuses, and what is shown."""

    law: Law
    steps: Steps
    levels: Levels
    error: Text
    values: tuple[str, ...]
    fault: str = ""
    status: dict[str, str] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Name the columns between."""
        self.fault = quoted(self.levels.names.fresh("error (row)"))
        for name in self.law.decisions:
            self.status[name] = quoted(self.levels.names.fresh(f"{name} (status)"))

    @property
    def dialect(self) -> Dialect:
        """The dialect of the query."""
        return self.levels.dialect

    def wanted(self) -> list[Text]:
        """Give the columns that the answers are made of."""
        found = [self.error, *(self.steps[k] for k in (*self._checks(), *self.values))]
        for node in self.law.decisions.values():
            found += [self.steps[k] for k in _keys(self.law, node)]
        return found

    def _checks(self) -> list[str]:
        return [s.key for s in self.law.steps if s.role == "check"]

    def columns(self) -> dict[str, str]:
        """Give every column that comes out, and what it shows of the part before."""
        found = {"error": self.fault}
        for name, node in self.law.decisions.items():
            found[f"{name}_status"] = self.status[name]
            if f"{name}.rule" in self.steps:
                found[f"{name}_rule"] = self._rule(node)
            for field in _fields(self.law, node):
                found[f"{name}_{field}"] = self._field(node, field)
        for key in self.values:
            step = self.law.steps[self.law.index[key]]
            value = shown(self.steps[key], step.type, step.code.type.den, self.dialect)
            found[key] = f"CASE WHEN {self.fault} IS NULL THEN {value} END"
        return found

    def statuses(self) -> dict[str, str]:
        """Give the faults and the status of each decision, from the columns of the last level."""
        broken = []
        for key in self._checks():
            said = self.dialect.text(f"{key.removeprefix('checks.')}: check")
            broken.append(f"WHEN NOT {self.steps[key].code} THEN {said}")
        first = f"WHEN {self.error.code} IS NOT NULL THEN {self.error.code}"
        error = "CASE\n    " + "\n    ".join([first, *broken]) + "\n    END"
        found = {self.fault: error}
        bad = [f"{self.error.code} IS NOT NULL", *(f"{self.steps[k].code} IS FALSE" for k in self._checks())]
        for name, node in self.law.decisions.items():
            found[self.status[name]] = self._status_of(node, bad)
        return found

    def _status_of(self, node: DecisionNode, bad: Sequence[str]) -> str:
        cases = [f"WHEN {_either(bad)} THEN 'error'"]
        if f"{node.key}.conflict" in self.steps:
            conflict = self.steps[f"{node.key}.conflict"].code
            cases.append(f"WHEN {conflict} THEN 'conflict' WHEN {conflict} IS NULL THEN 'undetermined'")
        granted = self.steps[f"{node.key}.granted"].code
        cases.append(f"WHEN {granted} IS NULL THEN 'undetermined' WHEN NOT {granted} THEN 'refused'")
        doubts = self._doubts(node)
        if doubts:
            cases.append(f"WHEN {_either(doubts)} THEN 'undetermined'")
        return "CASE\n    " + "\n    ".join(cases) + "\n    ELSE 'granted' END"

    def _doubts(self, node: DecisionNode) -> list[str]:
        """Write what keeps an outcome from being whole: a field that is unknown, a rule that is not settled."""
        if node.hit != "collect":
            texts = [self.steps[f"{node.key}.{field}"] for field in _fields(self.law, node)]
            return [f"{text.code} IS NULL" for text in texts if not text.literal]
        found = []
        for rule in node.rules:
            holds = self.steps[rule.key].code
            found.append(f"{holds} IS NULL")
            grants = [self.steps[key] for key in rule.grants.values()]
            found += [f"({holds} AND {text.code} IS NULL)" for text in grants if not text.literal]
        return found

    def _rule(self, node: DecisionNode) -> str:
        if not node.rules:
            return "CAST(NULL AS VARCHAR)"
        which = self.steps[f"{node.key}.rule"].code
        cases = " ".join(f"WHEN {i} THEN {self.dialect.text(r.name)}" for i, r in enumerate(node.rules))
        return f"CASE WHEN {self.status[node.key]} = 'granted' THEN CASE {which} {cases} END END"

    def _field(self, node: DecisionNode, field: str) -> str:
        step = self.law.steps[self.law.index[f"{node.key}.{field}"]]
        value = shown(self.steps[step.key], step.type, step.code.type.den, self.dialect)
        if node.hit == "collect":
            return f"CASE WHEN {self.status[node.key]} <> 'error' THEN {value} END"
        said = "IN ('granted', 'refused')" if field in node.otherwise else "= 'granted'"
        return f"CASE WHEN {self.status[node.key]} {said} THEN {value} END"


def _either(tests: Sequence[str]) -> str:
    return "\n      OR ".join(tests)


def _fields(law: Law, node: DecisionNode) -> list[str]:
    names = node.totals if node.hit == "collect" else node.fields
    return [f for f in names if f"{node.key}.{f}" in law.index]


def _keys(law: Law, node: DecisionNode) -> list[str]:
    """Give the steps that the status and outcome of a decision are read off."""
    keys = [f"{node.key}.{part}" for part in ("granted", "conflict", "rule", *_fields(law, node))]
    if node.hit == "collect":
        keys += [k for rule in node.rules for k in (rule.key, *rule.grants.values())]
    return [k for k in dict.fromkeys(keys) if k in law.index]


def values_of(law: Law, asked: Sequence[str]) -> tuple[str, ...]:
    """Give the steps that are asked for by name.

    Raises:
        ArgumentError: for a name that the law has not, or that has a value for each row of a list.
    """
    if isinstance(asked, str):
        raise ArgumentError("values", asked, "a list of names")
    for key in asked:
        if key not in law.index or law.steps[law.index[key]].binder is not None:
            raise ArgumentError("values", key, "a named value of the law, one for each person")
    return tuple(asked)
