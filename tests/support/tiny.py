"""Random laws with so few people that all of them can be looked at, and all of their pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import numpy as np

import asnmerit as am
from asnmerit.auditing.crowd.domains import domains
from asnmerit.errors import PolicyError
from asnmerit.frames.kernel import Block, BlockKernel
from support.dice import Seeded
from support.policies import Made, Writer, _repaired, law_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.auditing.crowd.domains import Domain, Lane
    from asnmerit.rules.law import Law

MOST = 40_000
"""People of a law at most."""

SPECS = (
    {"type": "bool"},
    {"type": "bool"},
    {"type": "integer", "from": "0", "to": "4"},
    {"type": "integer", "from": "-3", "to": "5", "step": "2"},
    {"type": "number", "from": "-0.5", "to": "0.5", "step": "0.25"},
    {"type": "rupiah", "from": "0", "to": "3"},
    {"type": "date", "from": "2024-02-27", "to": "2024-03-02"},
    {"type": "golongan"},
    {"type": "jenis"},
    {"type": "predikat"},
)


class TinyWriter(Writer):
    """Writes documents as random as any, whose facts have few values."""

    def _spec(self) -> dict[str, Any]:
        return dict(self.dice.pick(SPECS))

    def _facts(self) -> None:
        for i in range(self.dice.whole(2, 4)):
            spec = self._spec()
            self.e.enter(self.scope, spec, f"f{i}")
            self.document["facts"][f"f{i}"] = spec
        if self.dice.chance(30):
            spec = self._spec()
            self.document["facts"]["yr"] = {**spec, "per": "year", "back": 2}
            self.scope.yearly["yr"] = (spec, 2)
            for k in range(2):
                self.e.enter(self.scope, spec, f"yr[{k}]")
        if self.dice.chance(50):
            fields = {"c0": self._spec()}
            self.document["facts"]["rows"] = {"type": "list", "up_to": 2, "of": fields}
            self.scope.lists["rows"], self.scope.sizes["rows"] = fields, 2

    def _indicators(self) -> None:
        """None: ratings have too many values."""


def tiny(seed: int, *, depth: int = 2) -> tuple[Made, Law, Seeded] | None:
    """Give the tiny law of a seed; None where it has too many people after all, or reads nothing."""
    dice = Seeded(seed)
    writer = TinyWriter(dice, depth=depth)
    document = writer.write()
    for _ in range(12):
        try:
            made = Made(document, am.load(document))
            break
        except PolicyError as error:
            _repaired(document, writer.plain, error)
    law = law_of(made, dice)
    size = 1
    for domain in domains(law).values():
        size *= domain.size ** max(1, domain.rows)
    return (made, law, dice) if domains(law) and 1 < size <= MOST else None


@attrs.frozen
class Cell:
    """One value of a person: a lane, or a row of one."""

    lane: Lane
    row: int
    domain: Domain


class Everybody:
    """Everybody in the domain of a law, each once: values by cell, laid out as a grid."""

    def __init__(self, law: Law) -> None:
        self.law, self.known = law, domains(law)
        self.cells = [Cell(lane, i, d) for lane, d in self.known.items() for i in range(max(1, d.rows))]
        self.shape = tuple(c.domain.size for c in self.cells)
        places = np.indices(self.shape).reshape(len(self.cells), -1)
        self.raw = [c.domain.low + places[i] * c.domain.step for i, c in enumerate(self.cells)]
        self.block = Block(places.shape[1], self._columns())
        self.lawful = self._lawful()

    def _columns(self) -> dict[Lane, Any]:
        found: dict[Lane, Any] = {}
        for lane, domain in self.known.items():
            kind = np.bool_ if domain.kind == "bool" else np.int32
            rows = [r.astype(kind) for c, r in zip(self.cells, self.raw, strict=True) if c.lane == lane]
            found[lane] = np.array(rows) if domain.field else rows[0]
        return found

    def _lawful(self) -> Any:
        """Whose checks hold; of those who differ only in rows that are not there, one."""
        checks = [s.key for s in self.law.steps if s.role == "check"]
        found = np.ones(self.block.rows, np.bool_)
        values = BlockKernel(self.law, self.law.on.toordinal(), checks).run(self.block).values if checks else {}
        for key in checks:
            column = values[key]
            found &= column if column.ndim == 1 else column.all(axis=0)
        for cell, raw in zip(self.cells, self.raw, strict=True):
            if cell.domain.field:
                found &= (self.block.values[cell.lane[0], "#"] > cell.row) | (raw == cell.domain.low)
        return found

    def values(self, key: str) -> Any:
        """Give the value of a step for each of the grid, lawful or not."""
        return BlockKernel(self.law, self.law.on.toordinal(), [key]).run(self.block).values[key].astype(np.int64)

    def who(self, within: Mapping[Lane, Any]) -> Any:
        """Say who is lawful and has these lanes."""
        found = self.lawful.copy()
        for cell, raw in zip(self.cells, self.raw, strict=True):
            if cell.lane in within:
                fixed = within[cell.lane]
                rows = fixed if isinstance(fixed, list) else [fixed]
                if cell.row < len(rows):
                    found &= raw == rows[cell.row]
        return found

    def exists(self, key: str, within: Mapping[Lane, Any]) -> bool:
        """Whether somebody has it."""
        return bool((self.values(key)[self.who(within)] != 0).any())

    def extreme(self, key: str, sense: str, where: str | None, within: Mapping[Lane, Any]) -> int | None:
        """Give the largest or smallest value; None where nobody is asked about."""
        who = self.who(within) if where is None else self.who(within) & (self.values(where) != 0)
        values = self.values(key)[who]
        return None if not len(values) else int(values.max() if sense == "max" else values.min())

    def pair(self, key: str, op: str, varying: Mapping[Lane, str], by: int = 1) -> bool:
        """Whether some lawful pair that is related as said has the values asked for."""
        moved = [i for i, c in enumerate(self.cells) if c.lane in varying]
        still = [i for i in range(len(self.cells)) if i not in moved]

        def laid(column: Any) -> Any:
            size = int(np.prod([self.shape[i] for i in moved], dtype=int))
            return column.reshape(self.shape).transpose([*still, *moved]).reshape(-1, size)

        values, lawful = laid(self.values(key)), laid(self.lawful)
        raws = {i: laid(self.raw[i]) for i in moved}
        for i in range(values.shape[1]):
            for j in range(values.shape[1]):
                gap = values[:, i] - values[:, j]
                hit = (gap != 0 if op == "ne" else gap >= by) & lawful[:, i] & lawful[:, j]
                if hit.any() and self._related({k: (int(r[0, i]), int(r[0, j])) for k, r in raws.items()}, varying):
                    return True
        return False

    def _related(self, raws: Mapping[int, tuple[int, int]], varying: Mapping[Lane, str]) -> bool:
        steps = []
        for i, (one, two) in raws.items():
            cell = self.cells[i]
            a, b = cell.domain.level(one), cell.domain.level(two)
            if varying[cell.lane] == "up" and one != two and b <= a:
                return False
            if varying[cell.lane] == "next":
                nearest = min((v for v in self._levels(cell.domain) if v > a), default=None)
                steps.append(0 if one == two else 1 if b == nearest else 2)
        return not steps or sorted(steps) == [0] * (len(steps) - 1) + [1]

    def _levels(self, domain: Domain) -> list[int]:
        return [domain.level(domain.low + k * domain.step) for k in range(domain.size)]
