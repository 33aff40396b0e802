"""A decision as the reference holds it: facts and steps as exact values, and the reference's own word on them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.rules.expr import Fact, Row, walk
from asnmerit.rules.lower import int_type
from asnmerit.rules.reference import Facts, evaluate
from asnmerit.rules.types import Bool, Number

if TYPE_CHECKING:
    from asnmerit.decision import Decision
    from asnmerit.edge import Input
    from asnmerit.rules.law import Law


def exact_given(decision: Decision) -> tuple[Facts, dict[str, Any]]:
    """Give the facts and the steps of a decision as the reference holds them: exact."""
    law, given = decision.law, decision.given
    scalars, lists = exact_facts(law, given)
    steps: dict[str, Any] = {}
    for step, raw in zip(law.steps, decision.raw, strict=True):
        one = _exact(step.type, step.code.type.den)
        if raw is None or step.binder is None:
            steps[step.key] = one(raw)
        else:
            steps[step.key] = [one(r) for r in raw]
    return Facts(scalars, lists), steps


def _exact(of: Any, den: int) -> Any:  # noqa: ANN401 - a function from a kernel integer to an exact value
    def number(raw: int | None) -> Fraction | None:
        return None if raw is None else Fraction(raw, den)

    def truth(raw: int | None) -> bool | None:
        return None if raw is None else bool(raw)

    def plain(raw: int | None) -> int | None:
        return raw

    return number if isinstance(of, Number) else truth if isinstance(of, Bool) else plain


def exact_facts(law: Law, given: Input) -> tuple[dict[tuple[str, Any], Any], dict[str, Any]]:
    """Give the facts that were computed with: scalars by name and slot, rows by list."""
    scalars: dict[tuple[str, Any], Any] = {}
    lanes: dict[str, dict[str, Any]] = {}
    kinds = _kinds(law)
    for (name, slot), raw in zip(law.inputs, given.lanes, strict=True):
        if isinstance(slot, str) and slot[:1] in {"#", "."}:
            lanes.setdefault(name, {})[slot] = raw
        else:
            scalars[(name, slot)] = kinds[(name, slot)](raw)
    lists: dict[str, Any] = {}
    for name, fields in lanes.items():
        count = fields.get("#")
        lists[name] = (
            None
            if count is None
            else [
                {slot[1:]: kinds[(name, slot)](lane[i]) for slot, lane in fields.items() if slot != "#"}
                for i in range(count)
            ]
        )
    return scalars, lists


def _kinds(law: Law) -> dict[tuple[str, Any], Any]:
    """Give for each lane how its kernel integers are made exact, by the nodes that read it."""
    found: dict[tuple[str, Any], Any] = {}
    for step in law.steps:
        for node in walk(step.rich):
            if isinstance(node, Fact):
                found.setdefault((node.name, node.slot), _exact(node.type, int_type(node.type).den))
            elif isinstance(node, Row):
                key = (node.binder.list_fact, f".{node.field}")
                found.setdefault(key, _exact(node.type, int_type(node.type).den))
    return found


class _Known(dict[Any, Any]):
    """What was computed with. A fact that the kernel does not read cannot matter: for the reference it is unknown."""

    def __missing__(self, key: object) -> None:
        return None


def by_reference(law: Law, given: Input) -> dict[str, Any]:
    """Give the value of every step by the reference alone: exact, None where it is not known.

    `law` may have more steps than the law whose edge read `given`, as long as it reads the same facts.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> asked = asnmerit.decide(law, {"results_rating": "sesuai", "behaviour_rating": "sesuai"})
    >>> by_reference(law, asked.given)["predikat_kinerja.granted"]
    True
    """
    scalars, lists = exact_facts(law, given)
    return evaluate(law, Facts(_Known(scalars), _Known(lists)))
