"""The groups of a frame: columns of any kind as codes with labels, and bands of a score that do not split equals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.comparison.population import one_kind_each
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError, Fault, FrameError, shown
from asnmerit.frames.arrow import np, pa, plain_column
from asnmerit.frames.kinds import Source
from asnmerit.rules.law import exact_text

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Array = Any
MOST_GROUPS: Final = 200
MOST_BANDS: Final = 100
FAR: Final = 2**63 - 1
"""Beyond every score."""


@attrs.frozen(eq=False)
class Axis:
    """People by one property: its name, the labels in order (None: not recorded), and each person's label by place."""

    name: str
    labels: tuple[str | None, ...]
    codes: Array


def columns_of(law: Law, source: Source, by: object, renamed: Mapping[str, str]) -> dict[str, str]:
    """Find the columns to group by: name asked for, to the column of the frame.

    Left out, they are the facts that the law protects and the frame has. Raises `FrameError` with every column that is
    not there.
    """
    there = [n for n in source.names if isinstance(n, str)]
    found: dict[str, str] = {}
    for column, called in renamed.items():
        if column in there:
            found.setdefault(called, column)
    found |= {name: name for name in there}
    if by is None:
        facts = [f.name for f in law.facts if "protected" in f.marks]
        chosen = [name for name in facts if name in found]
        if not chosen:
            said = f"the law protects {', '.join(facts)}" if facts else "the law marks no fact as protected"
            raise ArgumentError("by", None, f"columns to group by: {said}, and the frame has no such column")
        return {name: found[name] for name in chosen}
    names = [by] if isinstance(by, str) else list(by) if isinstance(by, Collection) else []
    # A set has no order of its own, and that of texts is another in each process.
    names = sorted(names, key=str) if isinstance(by, AbstractSet) else names
    if not names or not all(isinstance(n, str) for n in names) or len(set(names)) < len(names):
        raise ArgumentError("by", by, "names of columns, each once")
    faults = []
    for name in names:
        if name not in found:
            near = near_misses(name[:80], there)
            hint = f"did you mean {' or '.join(near)}?" if near else ""
            faults.append(Fault("not-there", name, "", "a column of the frame to group by", hint))
    if faults:
        raise FrameError(faults)
    return {name: found[name] for name in names}


def axes_of(source: Source, columns: Mapping[str, str]) -> list[Axis]:
    """Read the groups of each column."""
    table, objects = source.table(list(dict.fromkeys(columns.values())))
    # By their labels "yes" and True would be one group, and 1 and 1.0 two.
    one_kind_each({name: objects[column] for name, column in columns.items() if column in objects})
    made = []
    for name, column in columns.items():
        values = objects[column] if column in objects else _values(table.column(column), name)
        made.append(_axis(name, values))
    return made


def _values(column: Any, name: str) -> tuple[Array, Sequence[object]] | Sequence[object]:  # noqa: ANN401 - of PyArrow
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    column = plain_column(column)
    if pa.types.is_nested(column.type):
        raise ArgumentError("by", name, "a column with one value a person, not lists")
    coded = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    codes = coded.indices.cast(pa.int64()).fill_null(-1).to_numpy(zero_copy_only=False)
    return codes, coded.dictionary.to_pylist()


def _axis(name: str, values: Any) -> Axis:  # noqa: ANN401 - codes with their values, or values
    if isinstance(values, tuple):
        codes, words = values
        texts = [_label(w) for w in words]
    else:
        texts = [_label(v) for v in values]
        codes = np.arange(len(texts))
    at = {label: i for i, label in enumerate(sorted({t for t in texts if t is not None}, key=_in_order))}
    if len(at) > MOST_GROUPS:
        raise ArgumentError("by", name, f"a column of at most {MOST_GROUPS} groups; it has {len(at)}: make bands of it")
    # The last place, -1, is that of what is not recorded.
    places = np.array([*(len(at) if t is None else at[t] for t in texts), len(at)], np.int64)
    found = places[codes]
    there: tuple[str | None, ...] = tuple(at)
    if len(found) and int(found.max()) == len(at):
        there = (*there, None)
    used = np.unique(found)
    again = np.zeros(len(at) + 1, np.int64)
    again[used] = np.arange(len(used))
    return Axis(name, tuple(there[i] for i in used.tolist()), again[found])


def _label(value: object) -> str | None:
    """Give the name of a group; None where it is not recorded."""
    if value is None or value != value:  # noqa: PLR0124 - only NaN differs from itself
        return None
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def _in_order(label: str) -> tuple[int, Fraction, str]:
    """Order numbers by size, and before texts."""
    try:
        return 0, Fraction(label), label
    except (ValueError, ZeroDivisionError):
        return 1, Fraction(0), label


# --- bands ---


def banded(name: str, values: Array, known: Array, den: int, bands: object) -> Axis:
    """Cut a score into bands: so many of about equal size, or at the cuts that are given. Equals share a band.

    Whose score is not known, or whose row is faulty, is of the band None.
    """
    there = np.sort(values[known])
    if isinstance(bands, int) and not isinstance(bands, bool):
        if not 2 <= bands <= MOST_BANDS:  # noqa: PLR2004 - one band is none
            raise ArgumentError("bands", bands, f"from 2 to {MOST_BANDS} bands, or the cuts between them")
        places = [-(-i * len(there) // bands) for i in range(1, bands)] if len(there) else []
        cuts = [Fraction(int(there[p]), den) for p in places if p < len(there)]
        cuts = [c for c in cuts if c > Fraction(int(there[0]), den)]
    else:
        cuts = _cuts(bands)
    cuts = sorted(set(cuts))
    # A value reaches a cut when its numerator reaches the cut's, rounded up.
    whole = np.array([min(max(-(-c.numerator * den // c.denominator), -FAR), FAR) for c in cuts], np.int64)
    codes = np.where(known, np.searchsorted(whole, values, side="right"), len(cuts) + 1)
    labels = [*_labels(cuts), None]
    used = np.unique(codes)
    again = np.zeros(len(labels), np.int64)
    again[used] = np.arange(len(used))
    return Axis(name, tuple(labels[i] for i in used.tolist()), again[codes])


def _cuts(said: object) -> list[Fraction]:
    expected = "a number of bands, or the cuts between them in rising order, exact"
    if isinstance(said, str) or not isinstance(said, Iterable):
        raise ArgumentError("bands", said, expected)
    values = list(said)
    if not values or not all(isinstance(v, int | Fraction | Decimal | str) and not isinstance(v, bool) for v in values):
        raise ArgumentError("bands", values, expected)
    try:
        cuts = [Fraction(v) for v in values]
    except (ValueError, ZeroDivisionError, OverflowError):
        raise ArgumentError("bands", shown(values), expected) from None
    if len(cuts) >= MOST_BANDS or any(a >= b for a, b in pairwise(cuts)):
        raise ArgumentError("bands", [str(c) for c in cuts], expected)
    return cuts


def _labels(cuts: Sequence[Fraction]) -> list[str | None]:
    texts = [exact_text(c) for c in cuts]
    if not texts:
        return [""]
    return [f"< {texts[0]}", *(f"{a} - < {b}" for a, b in pairwise(texts)), f">= {texts[-1]}"]
