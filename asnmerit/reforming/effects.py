"""What a reform does to people: for how many it changes a decision, and loudly when for nobody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.comparison.words import language
from asnmerit.reforming.words import effect_lines

if TYPE_CHECKING:
    from asnmerit.comparison.compared import Compared


@attrs.frozen
class DecisionEffect:
    """One decision: how many people there are, for how many the answer differs, how many have none.

    An answer differs where its status, its outcome or what is granted does, settled or not.
    """

    people: int
    changed: int
    undetermined: int
    errors: int
    conflict: int


@attrs.frozen(eq=False)
class Effect:
    """The effect of a reform on a population, decision by decision. `compared` has the whole comparison."""

    people: int
    decisions: Mapping[str, DecisionEffect]
    unbound: tuple[str, ...]
    compared: Compared = attrs.field(repr=False)

    @property
    def changes_nothing(self) -> bool:
        """Whether no decision of anybody is another one."""
        return not any(d.changed for d in self.decisions.values())

    def to_text(self, lang: str = "id") -> str:
        """Say it; a reform that changes no decision says so first, in capitals."""
        return "\n".join(effect_lines(self, language(lang)))

    def __str__(self) -> str:
        """Say it in Indonesian."""
        return self.to_text()

    def to_dict(self) -> dict[str, Any]:
        """Give the effect as plain data."""
        return {
            "people": self.people,
            "changes_nothing": self.changes_nothing,
            "unbound": list(self.unbound),
            "decisions": {name: attrs.asdict(d) for name, d in self.decisions.items()},
        }


def effect_of(compared: Compared, unbound: tuple[str, ...]) -> Effect:
    """Read the effect off a comparison of the law and the reform."""
    decisions = {}
    for name, one in compared.decisions.items():
        differing = sum(heap.people for cell, _, heap in one.cells if cell.differs)
        decisions[name] = DecisionEffect(
            one.all.people, differing, one.all.undetermined, one.all.error, one.all.conflict
        )
    return Effect(compared.people, decisions, unbound, compared)
