"""People as a block of columns, and answers of a block as the reference gives them."""

from __future__ import annotations

from fractions import Fraction
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np

from asnmerit.frames.kernel import Answer, Block, BlockKernel, dtype_of, lane_types
from asnmerit.rules.lower import int_type
from asnmerit.rules.types import ListOf

if TYPE_CHECKING:
    from asnmerit.edge import Input
    from asnmerit.rules.law import Law


def block_of(law: Law, people: list[Input], *, all_unsure: bool = False) -> Block:
    """Lay records out in columns; an unknown place holds the lowest lawful value."""
    types = lane_types(law)
    values: dict[Any, Any] = {}
    known: dict[Any, Any] = {}
    for at, lane in enumerate(law.inputs):
        if lane[0] == "as_of":
            continue
        raw = [p.lanes[at] for p in people]
        if isinstance(lane[1], str) and lane[1].startswith(".") and isinstance(law.declared[lane[0]].type, ListOf):
            of = types[lane]
            width = law.declared[lane[0]].type.up_to
            table = np.full((width, len(people)), of.lo, dtype_of(of))
            mask = np.ones((width, len(people)), np.bool_)
            for i, column in enumerate(raw):
                for j, one in enumerate(column or ()):
                    if one is None:
                        mask[j, i] = False
                    else:
                        table[j, i] = one
            values[lane] = table
        else:
            of = types.get(lane)
            low = 0 if of is None else of.lo
            dtype = np.int32 if of is None else dtype_of(of)
            values[lane] = np.array([low if v is None else v for v in raw], dtype)
            mask = np.array([v is not None for v in raw], np.bool_)
        if all_unsure or not mask.all():
            known[lane] = mask
    return Block(len(people), values, known)


def answers(law: Law, answer: Answer, people: list[Input]) -> list[dict[str, Any]]:
    """Give each person's steps, exact, None where unknown."""
    out: list[dict[str, Any]] = []
    counts = {lane[0]: at for at, lane in enumerate(law.inputs) if lane[1] == "#"}
    for i, person in enumerate(people):
        one: dict[str, Any] = {}
        for step in law.steps:
            value, known = answer.values[step.key], answer.known[step.key]
            of = step.code.type
            if step.binder is None:
                one[step.key] = _exact(value[i], known is None or known[i], of)
            else:
                n = person.lanes[counts[step.binder.list_fact]]
                one[step.key] = (
                    None if n is None else [_exact(value[j, i], known is None or known[j, i], of) for j in range(n)]
                )
        out.append(one)
    return out


def _exact(raw: Any, known: Any, of: Any) -> Any:
    if not known:
        return None
    if of.kind == "bool":
        return bool(raw)
    return Fraction(int(raw), of.den) if of.kind == "number" else int(raw)


def computed(
    law: Law, as_of: int, people: list[Input], *, block: int = 7, all_unsure: bool = False
) -> list[dict[str, Any]]:
    kernel = BlockKernel(law, as_of, [s.key for s in law.steps], block)
    return answers(law, kernel.run(block_of(law, people, all_unsure=all_unsure)), people)


__all__ = ["answers", "block_of", "computed"]


def kernel_values(codes: list[Any], inputs: list[Any], rows: list[tuple[Any, ...]]) -> list[list[Any]]:
    """Run kernel expressions of the facts x0, x1, ... of some types on rows of raw values; raw values of each row."""
    steps = tuple(SimpleNamespace(key=f"s{i}", code=c, rich=c, binder=None) for i, c in enumerate(codes))
    law = SimpleNamespace(
        steps=steps,
        index={s.key: i for i, s in enumerate(steps)},
        inputs=tuple((f"x{i}", None) for i in range(len(inputs))),
        declared={f"x{i}": SimpleNamespace(type=of) for i, of in enumerate(inputs)},
    )
    lanes: dict[Any, Any] = {}
    known: dict[Any, Any] = {}
    for i, of in enumerate(inputs):
        kind = int_type(of)
        raw = [row[i] for row in rows]
        lanes[(f"x{i}", None)] = np.array([kind.lo if v is None else v for v in raw], dtype_of(kind))
        known[(f"x{i}", None)] = np.array([v is not None for v in raw], np.bool_)
    found = BlockKernel(law, 0, [s.key for s in steps], 16).run(Block(len(rows), lanes, known))  # type: ignore[arg-type]
    out = []
    for j in range(len(rows)):
        cells = []
        for step in steps:
            mask = found.known[step.key]
            value = found.values[step.key][j]
            is_bool = step.code.type.kind == "bool"
            cells.append(None if mask is not None and not mask[j] else bool(value) if is_bool else int(value))
        out.append(cells)
    return out
