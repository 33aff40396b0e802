"""Leaving something out of a record: a fact, a year or a member of one, a value of a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.compiled import compiled
from asnmerit.rules.types import ListOf, PerMember, Yearly
from asnmerit.strategies.library import DrawFn, reject, st

if TYPE_CHECKING:
    from asnmerit.rules.law import Law
    from asnmerit.strategies.drawing import Drawing, Record

ANOTHER = 7
"""Of eight, the draw by which one more thing is left out: the last, so that examples shrink to one thing."""


def some_left_out(draw: DrawFn, of: Drawing, full: Record) -> Record:
    """Give a record with one thing left out, or a few; an empty record as it is."""
    places = [place for name, value in full.items() for place in _places(of.law, name, value)]
    if not places:
        return dict(full)
    first = draw(st.integers(0, len(places) - 1))
    others = [place for i, place in enumerate(places) if i != first]
    gone = {places[first], *(place for place in others if draw(st.integers(0, ANOTHER)) == ANOTHER)}
    found = {n: _gapped(n, v, gone) for n, v in full.items() if (n, None, None) not in gone}
    engine = compiled(of.law)
    raw = engine.run(engine.read(found, of.as_of, ()))
    if any(raw[i] is not None and not raw[i] for i in engine.checks):
        reject()  # a presumption that fills the gap contradicts the rest
    return found


def _places(law: Law, name: str, value: Any) -> list[tuple[str, Any, Any]]:  # noqa: ANN401 - as a record has it
    """Give what can be left out of a fact: the whole, a year, a member, a value of a row."""
    of = law.declared[name].type
    whole: list[tuple[str, Any, Any]] = [(name, None, None)]
    if law.declared[name].assume is not None or value is None:
        return whole
    match of:
        case Yearly() | PerMember():
            return [*whole, *((name, key, None) for key in value)]
        case ListOf(plain=True):
            return [*whole, *((name, i, "value") for i in range(len(value)))]
        case ListOf():
            return [*whole, *((name, i, field) for i, row in enumerate(value) for field in row)]
        case _:
            return whole


def _gapped(name: str, value: Any, gone: set[tuple[str, Any, Any]]) -> Any:  # noqa: ANN401 - as a record has it
    if isinstance(value, dict):
        return {k: v for k, v in value.items() if (name, k, None) not in gone}
    if not isinstance(value, list):
        return value
    return [
        {f: v for f, v in row.items() if (name, i, f) not in gone}
        if isinstance(row, dict)
        else (None if (name, i, "value") in gone else row)
        for i, row in enumerate(value)
    ]
