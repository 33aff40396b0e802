"""Several laws as one: a step that they have in common is there once, so that one pass of the kernel computes all.

Each law keeps its names: `names[i]` says how a step of the i-th law is called in the law of all.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, fold, rebuilt
from asnmerit.rules.law import Law, LawStep

if TYPE_CHECKING:
    from asnmerit.rules.expr import Binder


@attrs.frozen(eq=False)
class Merged:
    """The law of all, and for each law the names of its steps in it."""

    law: Law
    names: tuple[Mapping[str, str], ...]


def merged(laws: Sequence[Law]) -> Merged:
    """Merge laws that read the same facts. The first keeps its names; a step that differs gets a number.

    >>> import asnmerit
    >>> from asnmerit.sensitivity.changing import with_values
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> both = merged([law, with_values(law, {"minimum_merit_score": 70})])
    >>> both.names[1]["merit_score"], both.names[1]["reaches_target"]
    ('merit_score', 'reaches_target@2')
    """
    alike = _Alike()
    found: dict[tuple[str, int], str] = {}
    there: dict[tuple[str, int], str] = {}
    versions: dict[str, int] = {}
    steps: list[LawStep] = []
    names: list[Mapping[str, str]] = []
    for law in laws:
        mine: dict[str, str] = {}
        for step in law.steps:
            renamed = _renamed(step.code, mine)
            # Most steps are the very objects of the first law, and read what is not renamed: no need to look into them.
            same = there.get((step.key, id(step))) if renamed is step.code else None
            key = same or found.get((step.key, alike.number(renamed)))
            if key is None:
                versions[step.key] = versions.get(step.key, 0) + 1
                key = step.key if versions[step.key] == 1 else f"{step.key}@{versions[step.key]}"
                found[(step.key, alike.number(renamed))] = key
                # What is computed is what decides: nobody asks this law for words.
                steps.append(attrs.evolve(step, key=key, rich=renamed, code=renamed))
                if renamed is step.code:
                    there[(step.key, id(step))] = key
            mine[step.key] = key
        names.append(mine)
    return Merged(attrs.evolve(laws[0], steps=tuple(steps)), tuple(names))


def _renamed(code: Expr, names: Mapping[str, str]) -> Expr:
    def change(node: Expr) -> Expr | None:
        if isinstance(node, Step) and names[node.key] != node.key:
            return attrs.evolve(node, key=names[node.key])
        return None

    return rebuilt(code, change)


class _Alike:
    """Numbers expressions of the kernel: those that are written alike have one number."""

    def __init__(self) -> None:
        self.numbers: dict[Hashable, int] = {}
        self.memo: dict[int, int] = {}
        self.kept: list[Expr] = []

    def number(self, root: Expr) -> int:
        """Give the number of an expression; it is kept, for the memo goes by the place of nodes in memory."""
        self.kept.append(root)
        return fold(root, self, self.memo)

    def _of(self, *parts: Hashable) -> int:
        return self.numbers.setdefault(parts, len(self.numbers))

    def literal(self, node: Literal) -> int:
        """A constant of the kernel."""
        return self._of("literal", node.type, int(node.value))

    def fact(self, node: Fact) -> int:
        """An input."""
        return self._of("fact", node.name, str(node.slot), node.type)

    def row(self, node: Row) -> int:
        """A field of a row."""
        return self._of("row", *_bound(node.binder), node.field, node.type)

    def parameter(self, node: Parameter) -> int:
        """A value of the law: there is none in the kernel."""
        raise TypeError(node.key)

    def step(self, node: Step) -> int:
        """A step, by the name it has in the law of all."""
        return self._of("step", node.key, *_bound(node.binder))

    def call(self, node: Call, args: tuple[int, ...]) -> int:
        """An operator."""
        return self._of("call", node.op, _hashable(node.const), node.type, *args)

    def each(self, node: Each) -> int:
        """A fold over rows."""
        parts = [None if n is None else fold(n, self, self.memo) for n in (node.body, node.where, node.default)]
        return self._of("each", node.op, *_bound(node.binder), node.type, *parts)


def _bound(binder: Binder | None) -> tuple[str, str]:
    return ("", "") if binder is None else (binder.name, binder.list_fact)


def _hashable(const: Any) -> Hashable:  # noqa: ANN401 - what is fixed in a call
    return tuple(const) if isinstance(const, list) else const
