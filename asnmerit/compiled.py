"""A law made ready to decide: its edge and its two generated functions, compiled on first use and kept with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from asnmerit.edge import Input, read_record
from asnmerit.edge_source import fast_edge
from asnmerit.errors import ArgumentError
from asnmerit.lazily import lazily
from asnmerit.plan import DecisionPlan, planned
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.to_python import to_python
from asnmerit.views import viewer

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Collection, Mapping

    from asnmerit.rules.to_python import Run


class Compiled:
    """The functions of one law. Threads may share it: what is compiled twice by chance is the same."""

    def __init__(self, law: Law) -> None:
        """Compile the edge; the law's own functions wait until they are needed."""
        self.law = law
        self.checks = tuple(i for i, s in enumerate(law.steps) if s.role == "check")
        self._fast = fast_edge(law)

    @lazily
    def _sure(self) -> Run:
        return to_python(self.law, sure=True)

    @lazily
    def _unsure(self) -> Run:
        return to_python(self.law, sure=False)

    @lazily
    def viewers(self) -> tuple[Callable[[Any], Any], ...]:
        """How the value of each step is shown."""
        return tuple(viewer(s.type, s.code.type.den) for s in self.law.steps)

    @lazily
    def named(self) -> tuple[str, ...]:
        """The steps that a policy names for people: derived values, indicators and scores."""
        return tuple(s.key for s in self.law.steps if s.role in {"derived", "indicator", "score"})

    @lazily
    def lanes(self) -> dict[str, tuple[tuple[int | str | None, int], ...]]:
        """The lanes of each fact that the law reads: (slot or field, place)."""
        found: dict[str, list[tuple[int | str | None, int]]] = {}
        for at, (name, slot) in enumerate(self.law.inputs):
            found.setdefault(name, []).append((slot, at))
        return {name: tuple(places) for name, places in sorted(found.items()) if name != "as_of"}

    @lazily
    def plans(self) -> dict[str, DecisionPlan]:
        """Where the parts of each decision stand."""
        return planned(self.law)

    def read(self, record: Mapping[str, object], as_of: datetime.date, ignore: Collection[str] | str) -> Input:
        """Read a record: by the generated edge where it can, with care where it steps aside."""
        given = self._fast(record, as_of) if type(record) is dict else None
        return read_record(self.law, record, as_of, ignore) if given is None else given

    def run(self, given: Input) -> tuple[Any, ...]:
        """Compute every step."""
        return self._sure(given.lanes) if given.sure else self._unsure(given.lanes)


def compiled(law: Law) -> Compiled:
    """Give the compiled form of a law, made on first use. Raises `ArgumentError` for what is not a law."""
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    found = law.__dict__.get("_compiled")
    if found is None:
        found = Compiled(law)
        law.__dict__["_compiled"] = found
    return found
