"""The values of the law on a regulation page: parameters over time, and tables whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from asnmerit.regulations.lexicon import Lexicon, basis, both_days, iso, lasting
from asnmerit.regulations.model import (
    NOTHING,
    Block,
    Bullets,
    Grid,
    Heading,
    Item,
    Paragraph,
    Words,
    code,
    joined,
    labelled,
    pair,
    plain,
)
from asnmerit.regulations.phrases import said
from asnmerit.rules.types import Date, Enum, Number

if TYPE_CHECKING:
    from asnmerit.rules.declarations import ParameterDecl, ParameterValue, TableDecl, TableValue
    from asnmerit.rules.policy import Policy
    from asnmerit.rules.table import Axis, TableData
    from asnmerit.timeline import Act

MOST_COLUMNS = 8
TWO = 2


def name_and_code(words: Words, key: str) -> Words:
    """Say a name with the name that the document has for it, for reference."""
    return words.over(code(key))


# --- parameters ------------------------------------------------------------


def parameters(lexicon: Lexicon) -> Iterator[Block]:
    """Give the table of the parameters that the policy declares or changes."""
    policy = lexicon.policy
    rows = [
        row for decl in policy.declared.parameters.values() if concerns(policy, decl) for row in _rows(lexicon, decl)
    ]
    if rows:
        heads = ("title", "from", "until", "known", "value", "basis", "note")
        yield Grid(tuple(said(h) for h in heads), tuple(rows))


def concerns(policy: Policy, decl: ParameterDecl | TableDecl) -> bool:
    """Whether a value is the policy's own, or one that it changes."""
    return decl.about.policy == policy.name or any(said_by(a) == policy.name for a in decl.acts)


def said_by(act: Act[Any]) -> str:
    """Name the policy that says an entry."""
    return "" if act.payload is None else str(act.payload.about.policy)


def _rows(lexicon: Lexicon, decl: ParameterDecl) -> Iterator[tuple[Words, ...]]:
    name = name_and_code(labelled(decl.about.label, decl.key), decl.key)
    if not decl.acts:
        bounds = _range(lexicon, decl)
        value = joined(", ", [said("delegated"), bounds])
        yield name, NOTHING, NOTHING, NOTHING, value, basis(decl.about), _note(decl.about.note)
    for act in sorted(decl.acts, key=lambda a: (a.start, a.enacted, a.layer)):
        days = (
            iso(act.start),
            iso(act.until - 1) if iso(act.until) != said("open") else said("open"),
            iso(act.enacted),
        )
        if act.payload is None:
            yield name, *days, said("repealed"), NOTHING, NOTHING
        else:
            yield from _value_rows(lexicon, decl, name, days, act.payload)


def _value_rows(
    lexicon: Lexicon, decl: ParameterDecl, name: Words, days: tuple[Words, ...], payload: ParameterValue
) -> Iterator[tuple[Words, ...]]:
    value, about = lexicon.both_values(payload.value, decl.type), payload.about
    by = NOTHING if about.policy == decl.about.policy else said("set_by", code(about.policy))
    yield name, *days, joined(", ", [value, by]), basis(about), _note(about.note)
    for reading, other in payload.readings.items():
        value = lexicon.both_values(other.value, decl.type)
        said_so = joined(": ", [said("reading", Words(reading, reading)), value])
        yield name, *days, said_so, basis(other.about), _note(other.about.note)


def _range(lexicon: Lexicon, decl: ParameterDecl) -> Words:
    of = decl.type
    if not isinstance(of, Number) or of.lo is None or of.hi is None:
        return NOTHING
    return said("from_through", lexicon.both_values(of.lo, of), lexicon.both_values(of.hi, of))


def _note(note: str) -> Words:
    return plain(note) if note else NOTHING


# --- tables ------------------------------------------------------------


def tables(lexicon: Lexicon) -> Iterator[Block]:
    """Give the tables that the policy declares or fills, whole, version by version."""
    for decl in lexicon.policy.declared.tables.values():
        if not concerns(lexicon.policy, decl):
            continue
        yield Heading(3, labelled(decl.about.label, decl.key))
        yield Paragraph(NOTHING.over(code(decl.key), basis(decl.about)))
        if decl.about.note:
            yield Paragraph(plain(decl.about.note), quoted=True)
        if not decl.acts:
            yield Paragraph(said("delegated"))
        acts = sorted(decl.acts, key=lambda a: (a.start, a.enacted, a.layer))
        for number, act in enumerate(acts, start=1):
            yield from _version(lexicon, decl, act, number if len(acts) > 1 else 0)


def _version(lexicon: Lexicon, decl: TableDecl, act: Act[TableValue], number: int) -> Iterator[Block]:
    days = lasting(act, lexicon.policy)
    head = said("version", plain(str(number))) if number else NOTHING
    if act.payload is None:
        yield Paragraph(joined(": ", [head, joined(", ", [said("repealed"), days])]))
        return
    about = act.payload.about
    by = NOTHING if about.policy == decl.about.policy else said("set_by", code(about.policy))
    if number or not days.empty or not by.empty:
        own = basis(about) if about.citations != decl.about.citations or about.grade != decl.about.grade else NOTHING
        line = joined(" — ", [head, by, days]).over(own)
        if not line.empty:
            yield Paragraph(line)
    if about.note and about.note != decl.about.note:
        yield Paragraph(plain(about.note), quoted=True)
    yield from _grids(lexicon, act.payload.data)
    yield from _holes(lexicon, act.payload.data)
    yield from _row_articles(lexicon, act.payload)
    items = [
        item for name, other in act.payload.readings.items() for item in reading(lexicon, act.payload, name, other)
    ]
    if items:
        yield Bullets(tuple(items))


def _grids(lexicon: Lexicon, data: TableData) -> Iterator[Block]:
    """Lay a table out: two keys and one column as a grid, else a row for each row."""
    if len(data.axes) == TWO and list(data.columns) == [""]:
        yield from _crossed(lexicon, data)
        return
    heads = [axis_name(lexicon, data, axis) for axis in data.axes]
    heads += [said("value") if c == "" else column_name(lexicon, data.key, c) for c in data.columns]
    rows = []
    for keys in itertools.product(*(range(a.size) for a in data.axes)):
        at = _at(data, keys)
        if data.present[at]:
            cells = [lexicon.both_values(data.columns[c][at], data.types[c]) for c in data.columns]
            rows.append((*(place_name(lexicon, a, k) for a, k in zip(data.axes, keys, strict=True)), *cells))
    if rows:
        yield Grid(tuple(heads), tuple(rows))


def _crossed(lexicon: Lexicon, data: TableData) -> Iterator[Block]:
    down, across = data.axes
    flipped = across.size > down.size
    if flipped:
        down, across = across, down

    def cell(i: int, j: int) -> Words:
        at = _at(data, (j, i) if flipped else (i, j))
        return lexicon.both_values(data.columns[""][at], data.types[""]) if data.present[at] else plain("—")

    corner = joined(" / ", [axis_name(lexicon, data, down), axis_name(lexicon, data, across)])
    for chosen in _chunks(across):
        heads = (corner, *(place_name(lexicon, across, j) for j in chosen))
        cells = [tuple(cell(i, j) for j in chosen) for i in range(down.size)]
        runs = [(first, last) for first, last in _runs(down, cells) if any(c != plain("—") for c in cells[first])]
        if runs:
            yield Grid(heads, tuple((place_name(lexicon, down, a, b), *cells[a]) for a, b in runs))


def _runs(axis: Axis, cells: Sequence[tuple[Words, ...]]) -> list[tuple[int, int]]:
    """Give the rows, first to last place: bands that follow one another and have the same cells are one row."""
    runs: list[tuple[int, int]] = []
    for place, row in enumerate(cells):
        if axis.match == "from" and runs and cells[runs[-1][0]] == row:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _chunks(axis: Axis) -> list[list[int]]:
    """Cut a long axis into pieces: by what stands before a stroke (golongan I, II ...), or by number."""
    places = list(range(axis.size))
    if axis.size <= MOST_COLUMNS:
        return [places]
    if isinstance(axis.type, Enum) and all("/" in m for m in axis.type.members):
        members = axis.type.members
        return [list(g) for _, g in itertools.groupby(places, key=lambda i: members[i].partition("/")[0])]
    return [places[i : i + MOST_COLUMNS] for i in range(0, axis.size, MOST_COLUMNS)]


def _at(data: TableData, places: Sequence[int]) -> int:
    index = 0
    for axis, place in zip(data.axes, places, strict=True):
        index = index * axis.size + place
    return index


def axis_name(lexicon: Lexicon, data: TableData, axis: Axis) -> Words:
    """Name a key of a table: by its label, that of its type, or its own name."""
    for module in lexicon.policy.modules:
        entry = module.document.tables.get(data.key)
        spec = entry.by.get(axis.name) if entry is not None and entry.by else None
        if spec is not None and spec.label:
            return labelled(spec.label, axis.name)
    label = axis.type.label if isinstance(axis.type, Enum) else None
    name = axis.type.name if isinstance(axis.type, Enum) and axis.name in {"", "key"} else axis.name
    return labelled(label, name)


def column_name(lexicon: Lexicon, table: str, column: str) -> Words:
    """Name a column of a table."""
    return labelled(lexicon.columns.get((table, column)), column)


def place_name(lexicon: Lexicon, axis: Axis, place: int, last: int | None = None) -> Words:
    """Say a key of a row: a value, or a band from its lower end to below the next; `last` where a row has several."""
    if axis.match == "exact":
        return lexicon.both_values(_key(axis, axis.first + place), axis.type)
    low, after = axis.ends[place], (place if last is None else last) + 1
    high = axis.ends[after] if after < len(axis.ends) else axis.last
    whole = (isinstance(axis.type, Number) and axis.type.unit == "integer") or isinstance(axis.type, Enum)
    if after < len(axis.ends) and not whole:
        return said("from_below", _end(lexicon, axis, low), _end(lexicon, axis, high))
    high = high - 1 if after < len(axis.ends) else high
    if low == high:
        return _end(lexicon, axis, low)
    return said("from_through", _end(lexicon, axis, low), _end(lexicon, axis, high))


def _end(lexicon: Lexicon, axis: Axis, value: Fraction) -> Words:
    if isinstance(axis.type, Date):
        return both_days(int(value))
    return lexicon.both_values(_key(axis, value), axis.type)


def _key(axis: Axis, value: Fraction) -> Any:  # noqa: ANN401 - an exact value of the key's type
    return value if isinstance(axis.type, Number) else int(value)


def _holes(lexicon: Lexicon, data: TableData) -> Iterator[Block]:
    """Say what holds where there is no row."""
    at = next((i for i, there in enumerate(data.present) if not there), None)
    if at is None:
        return
    cells = [
        joined(
            ": ", [NOTHING if c == "" else column_name(lexicon, data.key, c), lexicon.both_values(v[at], data.types[c])]
        )
        for c, v in data.columns.items()
    ]
    yield Paragraph(said("outside", joined("; ", cells)))


def _row_articles(lexicon: Lexicon, value: TableValue) -> Iterator[Block]:
    axis = value.data.axes[0]
    items = []
    for key, citations in value.row_citations.items():
        name = pair(key, key)
        if isinstance(axis.type, Enum) and key in axis.type.members:
            name = lexicon.both_values(axis.type.members.index(key), axis.type)
        cites = joined("; ", [plain(str(c)) for c in citations])
        items.append(Item(joined(": ", [said("row_basis", name), cites])))
    if items:
        yield Bullets(tuple(items))


def reading(lexicon: Lexicon, value: TableValue, name: str, other: TableValue) -> Iterator[Item]:
    """Say each row that another reading of a table has otherwise."""
    data = value.data
    for keys in itertools.product(*(range(a.size) for a in data.axes)):
        at = _at(data, keys)
        same = all(data.columns[c][at] == other.data.columns[c][at] for c in data.columns)
        if same and data.present[at] == other.data.present[at]:
            continue
        row = joined(", ", [place_name(lexicon, a, k) for a, k in zip(data.axes, keys, strict=True)])
        cells = [lexicon.both_values(other.data.columns[c][at], other.data.types[c]) for c in data.columns]
        head = joined(", ", [said("reading", Words(name, name)), row])
        words = joined(": ", [head, joined("; ", cells)])
        yield Item(words.over(basis(other.about), _note(other.about.note)))
