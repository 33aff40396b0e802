"""The rules of a law as rulesets of durable_rules: alternatives of chains of tests on small integers.

That engine compares integers with constants rightly, and joins such tests by `and`; it is given nothing else. A rule
becomes the chains under which it is true for certain: it fires exactly when its condition is true, and an unknown
value is an absent fact, on which no test succeeds. Names are generated; no text of a policy reaches the engine.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.errors import WitnessUnavailableError
from asnmerit.rules.chains import Chain, Chains, Teller
from asnmerit.rules.law import LawStep
from asnmerit.rules.to_python import to_python
from asnmerit.rules.types import BOOL

if TYPE_CHECKING:
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law
    from asnmerit.rules.to_python import Run

MOST_CHAINS: Final = 48
"""In one ruleset: the engine fails when more than 64 conditions hold at once."""
MOST_VALUES: Final = 200
"""In one ruleset, and in one chain: the engine takes 255 properties of a fact, its own included."""
MOST_IN_ALL: Final = 4_096
"""Chains of one law."""

SIGNS: Final = {"!=": "$neq", "<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte"}
INLINED: Final = frozenset({"condition", "part", "rule"})
"""Roles of steps that are told to the engine in full; the value of any other step is handed over."""
SENTINEL: Final = "z"


@attrs.frozen
class Verdict:
    """What the engine is asked: whether a step is true; or whether a part, handed over as 0 or 1, is right so."""

    name: str
    step: int | None
    value: int = -1
    wanted: bool = True

    def ours(self, raw: Sequence[Any], values: Sequence[Any]) -> bool:
        """Give the answer of our own engine: that the step is true, or that the part is as wanted."""
        if self.step is not None:
            return raw[self.step] is not None and bool(raw[self.step])
        return values[self.value] is not None and bool(values[self.value]) == self.wanted


@attrs.frozen
class RulesetText:
    """One ruleset: its JSON, the values that it reads (f0, f1, …), and the verdict of each of its rules (r0, r1, …)."""

    text: str
    reads: tuple[int, ...]
    verdicts: tuple[int, ...]


@attrs.frozen
class Translation:
    """The rules of a law for durable_rules."""

    values: tuple[Expr, ...]
    verdicts: tuple[Verdict, ...]
    rulesets: tuple[RulesetText, ...]

    def measured(self, law: Law) -> Run:
        """Compile the function that gives, after the steps of the law, the values handed over."""
        extra = [LawStep(f"~{i}", "part", BOOL, e, e, law.steps[0].about) for i, e in enumerate(self.values)]
        return to_python(attrs.evolve(law, steps=(*law.steps, *extra)))


# --- the whole law ---


def to_durable(law: Law) -> Translation:
    """Translate the rules of every decision of a law. Raises `WitnessUnavailableError` that names the limit broken."""
    teller = Teller()
    for step in law.steps:
        if step.role in INLINED and step.binder is None and step.code.type.kind == "bool":
            teller.tell(step)
    values: dict[Expr, int] = {}
    asked: list[tuple[Verdict, Chains]] = []
    rules = [rule.key for node in law.decisions.values() for rule in node.rules]
    for key in rules:
        chains = teller.said[key].true
        _number(chains, values, teller)
        asked.append((Verdict(key, law.index[key]), chains))
    asked += _parts(teller, values)
    _fits(law, asked)
    rulesets = tuple(_written(group, values) for group in _grouped([c for _, c in asked]))
    return Translation(tuple(values), tuple(v for v, _ in asked), rulesets)


def _number(chains: Chains, values: dict[Expr, int], teller: Teller) -> None:
    """Number the values that chains read, in the order in which they were first met."""
    for value in sorted({test.value for chain in chains for test in chain}, key=teller.order.__getitem__):
        values.setdefault(value, len(values))


def _parts(teller: Teller, values: dict[Expr, int]) -> Iterator[tuple[Verdict, Chains]]:
    """Give the verdicts on parts that chains read, and on the parts which these read in turn."""
    done: set[Expr] = set()
    while waiting := [v for v in values if v in teller.parts and v not in done]:
        for value in waiting:
            done.add(value)
            name, said = teller.parts[value]
            for wanted in (True, False):
                _number(said.of(wanted), values, teller)
                yield Verdict(f"a part of {name}", None, values[value], wanted), said.of(wanted)


def _fits(law: Law, asked: list[tuple[Verdict, Chains]]) -> None:
    total = sum(len(chains) for _, chains in asked)
    if total > MOST_IN_ALL:
        raise WitnessUnavailableError(f"{law.policy} has {total:,} chains of tests, more than {MOST_IN_ALL:,}")
    for verdict, chains in asked:
        longest = max((len({t.value for t in c}) for c in chains), default=0)
        if longest > MOST_VALUES:
            reason = f"{law.policy}: {verdict.name} joins {longest} tests, more than {MOST_VALUES}"
            raise WitnessUnavailableError(reason)


Group = list[tuple[int, Chain]]


def _grouped(asked: list[Chains]) -> Iterator[Group]:
    """Share the chains out over rulesets, so that each keeps the engine's limits."""
    group: Group = []
    read: set[Expr] = set()
    for verdict, chains in enumerate(asked):
        for chain in chains:
            more = read | {t.value for t in chain}
            if group and (len(group) == MOST_CHAINS or len(more) > MOST_VALUES):
                yield group
                group, more = [], {t.value for t in chain}
            group.append((verdict, chain))
            read = more
    if group:
        yield group


def _written(group: Group, values: dict[Expr, int]) -> RulesetText:
    reads = tuple(sorted({values[t.value] for _, chain in group for t in chain}))
    names = {at: f"f{i}" for i, at in enumerate(reads)}
    rules: dict[str, Any] = {}
    for i, (_, chain) in enumerate(group):
        tests = sorted((values[t.value], t.op, t.constant) for t in chain)
        rules[f"r{i}"] = _rule([_test(names[at], op, constant) for at, op, constant in tests])
    rules[SENTINEL] = _rule([])
    return RulesetText(json.dumps(rules), reads, tuple(verdict for verdict, _ in group))


def _test(name: str, op: str, constant: int) -> dict[str, Any]:
    return {name: constant} if op == "==" else {SIGNS[op]: {name: constant}}


def _rule(tests: list[dict[str, Any]]) -> dict[str, Any]:
    """Write a rule; the marker comes first, so that no rule can match what the engine keeps for itself."""
    marked: dict[str, Any] = {"$and": [{"k": 1}, *tests]} if tests else {"k": 1}
    return {"all": [{"m": marked}]}
