"""The strategies as Hypothesis shows them: by these names, with the law they draw for."""

from __future__ import annotations

from asnmerit.auditing.crowd.domains import Lane
from asnmerit.strategies.drawing import Drawing, Record
from asnmerit.strategies.library import DrawFn, SearchStrategy, st
from asnmerit.strategies.omitting import some_left_out
from asnmerit.strategies.pairing import Pair, Pairing
from asnmerit.strategies.turning import Turning


@st.composite
def people(draw: DrawFn, of: Drawing) -> Record:
    """Draw a person."""
    return of.record(of.person(draw))


@st.composite
def near_threshold(draw: DrawFn, of: Drawing, turning: Turning, lanes: tuple[Lane, ...]) -> Record:
    """Draw a person next to a turn."""
    return of.record(of.near(draw, of.person(draw), turning, lanes))


@st.composite
def pairs(draw: DrawFn, of: Pairing) -> Pair:
    """Draw a pair."""
    return of.pair(draw)


@st.composite
def missing(draw: DrawFn, of: Drawing, record: SearchStrategy[Record]) -> Record:
    """Draw a record and leave something out."""
    return some_left_out(draw, of, draw(record))
