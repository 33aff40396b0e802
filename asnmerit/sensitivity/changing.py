"""A law with other values, weights or roundings: the steps that read them are lowered and proved anew."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.diagnostics import Faults
from asnmerit.errors import PolicyError
from asnmerit.rules.assemble import RichStep, reads
from asnmerit.rules.build import NotProvedError
from asnmerit.rules.expr import Call, Expr, Step, rebuilt, walk
from asnmerit.rules.fitting import held_to_its_type
from asnmerit.rules.law import Law, LawStep
from asnmerit.rules.lower import lowered
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from asnmerit.rules.kernel import Int
    from asnmerit.rules.lower import LawData

MODES: Final = ("half_up", "half_even", "half_down", "floor", "ceiling", "round_down", "round_up")
"""The roundings of the catalogue."""


def with_values(law: Law, values: Mapping[str, Any]) -> Law:
    """Give the law with other values of parameters: exact values of their types.

    Raises `PolicyError` where a proof fails with them: an overflow, a divisor that may be 0, an amount not whole.
    """
    data = attrs.evolve(law.data, parameters={**law.data.parameters, **values})
    return _made(law, data, {}, frozenset(values))


def with_steps(law: Law, rich: Mapping[str, Expr]) -> Law:
    """Give the law with other expressions for some of its steps. Raises `PolicyError` where a proof fails."""
    return _made(law, law.data, rich, frozenset())


def with_rounding(law: Law, mode: str) -> Law:
    """Give the law with every rounding done in one mode. Raises `PolicyError` where a value leaves its scale by it."""

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Call) and node.op in MODES and node.op != mode:
            # The arguments may round too, so the walk goes on below.
            return rebuilt(attrs.evolve(node, op=mode), change)
        return None

    found = {s.key: rebuilt(s.rich, change) for s in law.steps}
    return with_steps(law, {s.key: found[s.key] for s in law.steps if found[s.key] is not s.rich})


def rounded_steps(law: Law) -> Iterator[tuple[str, str]]:
    """Give the steps that round, each with the modes it rounds in."""
    for step in law.steps:
        for node in walk(step.rich):
            if isinstance(node, Call) and node.op in MODES:
                yield step.key, node.op


def _made(law: Law, data: LawData, rich: Mapping[str, Expr], values: frozenset[str]) -> Law:
    """Lower the steps that are touched, and those that read one whose type became another.

    The others stay the very same objects. How a step is lowered depends on the types of what it reads, never on the
    code of it.
    """
    faults = Faults()
    types: dict[str, Int] = {}
    lists = {n: d.type for n, d in law.declared.items() if isinstance(d.type, ListOf)}
    retyped: set[str] = set()
    steps: list[LawStep] = []
    for step in law.steps:
        said = rich.get(step.key, step.rich)
        named, _ = reads(said)
        below = any(isinstance(n, Step) and n.key in retyped for n in walk(said))
        if step.key in rich or named & values or below:
            made = _lowered(attrs.evolve(step, rich=said), data, types, lists, faults)
            if made is None or made.code.type != step.code.type:
                retyped.add(step.key)
            if made is None:
                continue
        else:
            made = step
        types[step.key] = made.code.type
        steps.append(made)
    if faults.failed:
        raise PolicyError(faults.errors)
    return attrs.evolve(law, steps=tuple(steps), data=data)


def _lowered(
    step: LawStep, data: LawData, types: Mapping[str, Int], lists: Mapping[str, ListOf], faults: Faults
) -> LawStep | None:
    if any(isinstance(n, Step) and n.key not in types for n in walk(step.rich)):
        return None  # what it reads could not be proved; the fault is noted there
    try:
        code = lowered(step.rich, data, types, lists, faults, step.key, step.about.position)
    except NotProvedError:
        return None
    plain = RichStep(step.key, step.role, step.type, step.rich, step.about, step.binder)
    held_to_its_type(plain, code.type, faults)
    return attrs.evolve(step, code=code)


def exact(value: Any) -> Any:  # noqa: ANN401 - a value of a parameter
    """Give a number as a fraction, and any other value as it is."""
    plain = isinstance(value, int) and not isinstance(value, bool)
    return Fraction(value) if plain else value
