"""People who fare alike, found in blocks: each row gets a signature, and rows of one signature are counted at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.comparison.cells import LESS, MORE, OTHER, SAME, Cell
from asnmerit.comparison.reading import Answers, codes, over_one, sums, whole_numbers
from asnmerit.comparison.turning import turning
from asnmerit.frames.answers import REFUSED
from asnmerit.frames.arrow import np, pa, raw

if TYPE_CHECKING:
    from asnmerit.comparison.pairing import FieldPair, Pair

Array = Any
ROOM = 2**62
"""What one word of a signature holds."""


class Packer:
    """Packs small numbers of each row into as few words as hold them."""

    def __init__(self, rows: int) -> None:
        """Begin with nothing; `rows` long."""
        self.rows = rows
        self.words: list[Array] = [np.zeros(rows, np.int64)]
        self.parts: list[tuple[int, int, int]] = []
        self.times = 1

    def add(self, values: Array, radix: int, where: Array | None = None) -> None:
        """Add a column of numbers below `radix`; elsewhere than at the places `where`, it is 0."""
        if self.times * radix > ROOM:
            self.words.append(np.zeros(self.rows, np.int64))
            self.times = 1
        self.parts.append((len(self.words) - 1, self.times, radix))
        word = self.words[-1]
        if where is None:
            word += values.astype(np.int64) * self.times
        else:
            word[where] += values.astype(np.int64) * self.times
        self.times *= radix

    def alike(self) -> tuple[Array, list[tuple[int, ...]]]:
        """Give each row's place among the different rows, and these, unpacked."""
        if len(self.words) == 1:
            coded = pa.array(self.words[0]).dictionary_encode()
            unique = raw(coded.dictionary, np.int64).reshape(-1, 1)
        else:
            matrix = np.ascontiguousarray(np.stack(self.words, axis=1))
            kind = pa.binary(8 * len(self.words))
            whole = pa.Array.from_buffers(kind, self.rows, [None, pa.py_buffer(matrix)])
            coded = whole.dictionary_encode()
            unique = raw(coded.dictionary, np.dtype((np.int64, len(self.words))))
        places = raw(coded.indices, np.int32)
        columns = [(unique[:, at] // times % radix).tolist() for at, times, radix in self.parts]
        return places, list(zip(*columns, strict=True)) if columns else [()] * len(unique)


@attrs.frozen(eq=False)
class Signed:
    """A block of people: the cell of each, how many stand in each cell, and the sums of its amounts."""

    places: Array
    cells: Sequence[Cell]
    people: Sequence[int]
    before: Sequence[Sequence[int]]
    after: Sequence[Sequence[int]]
    changed: Array


def signed(
    pair: Pair, batches: tuple[Any, Any], groups: Sequence[tuple[Array, Sequence[Any]]], *, why: bool = True
) -> Signed:
    """Put the people of a block into cells. `groups` gives the code of each row and the values of the codes."""
    sides = Answers(pair, 0, batches[0]), Answers(pair, 1, batches[1])
    rows = batches[0].num_rows
    packer = Packer(rows)
    for places, values in groups:
        packer.add(places, max(len(values), 1))
    status = sides[0].status(), sides[1].status()
    for one in status:
        packer.add(one, 5)
    settled = (status[0] <= REFUSED) & (status[1] <= REFUSED)
    changed = status[0] != status[1]
    amounts: list[tuple[Array, Array]] = []
    how: dict[str, Array] = {}
    for field in pair.fields:
        moved, shown = _field(field, sides, status)
        how[field.name] = moved = np.where(settled, moved, SAME)
        changed |= moved != SAME
        packer.add(moved, 4)
        if field.amount:
            amounts.append(shown)
        elif field.codes is not None:
            for one in shown:
                packer.add(one, len(field.codes) + 1)
    rules = _rules(pair, sides)
    names = _things(pair, rules, status, packer)
    if names:
        changed |= _other_things(pair, rules, names, rows) & settled
    found = turning(pair, sides, rules, how, changed, settled) if why and changed.any() else {}
    at = np.flatnonzero(changed)
    for mask in found.values():
        packer.add(mask, 2, at)
    places, unique = packer.alike()
    count = len(unique)
    cells = [_cell(pair, values, [v for _, v in groups], names, tuple(found)) for values in unique]
    people = np.bincount(places, minlength=count).tolist()
    before, after = (_added([both[side] for both in amounts], places, count) for side in (0, 1))
    return Signed(places, cells, people, before, after, changed)


def _added(columns: Sequence[Array], places: Array, count: int) -> list[list[int]]:
    """Give the sums of each amount, cell by cell."""
    added = [sums(column, places, count) for column in columns]
    return [[one[i] for one in added] for i in range(count)]


def _field(field: FieldPair, sides: tuple[Answers, Answers], status: tuple[Array, Array]) -> Any:  # noqa: ANN401 - arrays
    """Give how a field moved, and what it is under either law."""
    columns = [side.column(field.name) for side in sides]
    if field.codes is not None:
        a, b = (np.where(s <= REFUSED, codes(c, field.codes), 0) for c, s in zip(columns, status, strict=True))
        if field.levels is None:
            return np.where(a == b, SAME, OTHER), (a, b)
        levels = np.array([0, *field.levels], np.int64)
        moved = np.where(levels[b] > levels[a], MORE, np.where(levels[b] < levels[a], LESS, OTHER))
        moved = np.where((a == 0) | (b == 0), OTHER, moved)
        return np.where(a == b, SAME, moved), (a, b)
    (a, known), (b, sure) = (whole_numbers(c, den) for c, den in zip(columns, field.dens, strict=True))
    if field.amount:
        # Nothing is paid to who is refused, unless `otherwise` says so; of who is not settled nothing is known.
        a, b = (np.where(s <= REFUSED, v, 0) for v, s in zip((a, b), status, strict=True))
    x, y = over_one((a, b), field.dens)
    moved = np.where((y > x).astype(bool), MORE, np.where((y < x).astype(bool), LESS, SAME))
    if not field.amount and not (known is None and sure is None):
        here, there = (np.ones(len(a), bool) if k is None else k for k in (known, sure))
        moved = np.where(here & there, moved, np.where(here == there, SAME, OTHER))
    return moved, (a, b)


def _rules(pair: Pair, sides: tuple[Answers, Answers]) -> Mapping[str, tuple[Array, Array]]:
    """Give where each rule of either law grants."""
    found = sides[0].rules(), sides[1].rules()
    none = np.zeros(sides[0].batch.num_rows, bool)
    return {name: (found[0].get(name, none), found[1].get(name, none)) for name in pair.rules}


def _things(
    pair: Pair, rules: Mapping[str, tuple[Array, Array]], status: tuple[Array, Array], packer: Packer
) -> tuple[str, ...]:
    """Note what is granted beside totals, thing by thing, under either law."""
    if pair.things is None:
        return ()
    names = tuple(dict.fromkeys([*pair.things[0].values(), *pair.things[1].values()]))
    for name in names:
        for side in (0, 1):
            packer.add(_granted(pair, rules, name, side, packer.rows) & (status[side] <= REFUSED), 2)
    return names


def _granted(pair: Pair, rules: Mapping[str, tuple[Array, Array]], thing: str, side: int, rows: int) -> Array:
    found = np.zeros(rows, bool)
    for rule, said in (pair.things or ({}, {}))[side].items():
        if said == thing:
            found |= rules[rule][side]
    return found


def _other_things(pair: Pair, rules: Mapping[str, tuple[Array, Array]], names: tuple[str, ...], rows: int) -> Array:
    found = np.zeros(rows, bool)
    for name in names:
        found |= _granted(pair, rules, name, 0, rows) != _granted(pair, rules, name, 1, rows)
    return found


def _cell(
    pair: Pair, values: tuple[int, ...], groups: list[Sequence[Any]], names: Sequence[str], conditions: Sequence[str]
) -> Cell:
    """Read a signature back, in the order in which it was written."""
    rest = iter(values)
    # With its type: True is another group than 1.
    group = tuple((type(value), value) for value in (known[next(rest)] for known in groups))
    status = next(rest), next(rest)
    moved, coded = [], []
    for field in pair.fields:
        moved.append(next(rest))
        if not field.amount and field.codes is not None:
            coded.append((next(rest), next(rest)))
    both: tuple[list[str], list[str]] = ([], [])
    for name in names:
        for side in both:
            if next(rest):
                side.append(name)
    turned = tuple(name for name in conditions if next(rest))
    return Cell(group, status, tuple(moved), tuple(coded), (tuple(both[0]), tuple(both[1])), turned)
