"""What came of comparing two laws: counts, amounts, flows and conditions, as values, tables, text and data."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.comparison.cells import Amounts, Cell, Counts, Heap, Money, counted, money
from asnmerit.comparison.pairing import Note, Pair, label_of
from asnmerit.comparison.population import as_kind
from asnmerit.comparison.tables import groups_table, rows_table
from asnmerit.comparison.words import comparison_html, comparison_text
from asnmerit.errors import ArgumentError, UnknownDecisionError
from asnmerit.lazily import lazily
from asnmerit.record import canonical
from asnmerit.rules.law import Law
from asnmerit.views import plain

TABLES: Final = ("groups", "flow", "outcomes", "conditions", "changed")
Group = Any
"""The value of the column grouped by, or a tuple of the values of several."""


@attrs.frozen
class Flow:
    """How many went from one answer to another, and what they were given before and after."""

    status_before: str
    outcome_before: str
    status_after: str
    outcome_after: str
    people: int
    amounts: Mapping[str, tuple[Money, Money]]


@attrs.frozen
class Turned:
    """A condition that made a difference: for how many, and for how many it alone did.

    `condition` is a name of `reasons_of`; or a rule that one of the laws does not have; or `RULE.grants.FIELD` where
    what a rule grants is another amount.
    """

    condition: str
    label: Mapping[str, str]
    people: int
    winners: int
    losers: int
    alone: int


@attrs.frozen(eq=False, slots=False)
class DecisionCompared:
    """One decision under two laws."""

    pair: Pair = attrs.field(repr=False)
    by: tuple[str, ...]
    cells: tuple[tuple[Cell, str, Heap], ...] = attrs.field(repr=False)
    _changed: Any = attrs.field(repr=False)
    kind_of_frame: str = attrs.field(repr=False)
    kept: bool = attrs.field(repr=False)

    @property
    def name(self) -> str:
        """The name of the decision."""
        return self.pair.name

    @property
    def kind(self) -> str:
        """`benefit`, `burden` (less is winning) or `finding` (nobody wins or loses by it)."""
        return self.pair.kind

    @property
    def label(self) -> Mapping[str, str]:
        """The title of the decision in both languages; empty where it has none."""
        return dict(self.pair.after.plan.node.about.label or {})

    def _counted(self, cells: Iterable[tuple[Cell, str, Heap]]) -> Counts:
        fields = {f.name: (i, f.way, f.dens) for i, f in enumerate(self.pair.fields) if f.amount}
        return counted(cells, fields)

    @lazily
    def all(self) -> Counts:
        """The counts and amounts of everyone."""
        return self._counted(self.cells)

    @lazily
    def groups(self) -> Mapping[Group, Counts]:
        """The counts and amounts by group, in the order of their keys; empty where nothing was grouped by."""
        if not self.by:
            return {}
        found: dict[tuple[Any, ...], list[tuple[Cell, str, Heap]]] = {}
        for entry in self.cells:
            found.setdefault(entry[0].group, []).append(entry)
        keys = sorted(found, key=_in_order)
        return {self._key(key): self._counted(found[key]) for key in keys}

    def _key(self, typed: tuple[Any, ...]) -> Group:
        values = tuple(value for _, value in typed)
        return values[0] if len(values) == 1 else values

    @property
    def nothing_changes(self) -> bool:
        """Whether every answer is what it was."""
        return not any(cell.differs for cell, _, _ in self.cells)

    @lazily
    def outcomes(self) -> tuple[Flow, ...]:
        """The flow between outcomes: status and, where the decision gives members or truth values, which; most first.

        Every person is in it once, also those whose answer did not change.
        """
        return self._flows(outcomes=True)

    @lazily
    def flow(self) -> tuple[Flow, ...]:
        """The flow between statuses, most people first."""
        return self._flows(outcomes=False)

    def _flows(self, *, outcomes: bool) -> tuple[Flow, ...]:
        found: dict[tuple[str, str, str, str], Heap] = {}
        for cell, _, heap in self.cells:
            said = self._outcome(cell, 0) if outcomes else "", self._outcome(cell, 1) if outcomes else ""
            key = (cell.statuses[0], said[0], cell.statuses[1], said[1])
            found.setdefault(key, Heap()).add(heap.people, heap.before, heap.after)
        flows = [Flow(*key, people=heap.people, amounts=self._amounts(heap)) for key, heap in found.items()]
        return tuple(sorted(flows, key=lambda f: (-f.people, attrs.astuple(f)[:4])))

    def _amounts(self, heap: Heap) -> dict[str, tuple[Money, Money]]:
        return {
            f.name: (money(Fraction(a, f.dens[0])), money(Fraction(b, f.dens[1])))
            for f, a, b in zip(self.pair.amounts, heap.before, heap.after, strict=True)
        }

    def _outcome(self, cell: Cell, side: int) -> str:
        if cell.status[side] > 1:
            return ""
        fields = [f for f in self.pair.fields if f.codes is not None]
        said = [
            f"{f.name}={f.codes[codes[side] - 1]}" if len(fields) > 1 else f.codes[codes[side] - 1]
            for f, codes in zip(fields, cell.codes, strict=True)
            if f.codes is not None and codes[side]
        ]
        return ", ".join([*said, *([" + ".join(sorted(cell.things[side]))] if cell.things[side] else [])])

    @lazily
    def conditions(self) -> tuple[Turned, ...]:
        """The conditions that made the difference, those of most people first. One person may have several."""
        found: dict[str, list[int]] = {}
        for cell, change, heap in self.cells:
            for condition in cell.conditions:
                four = found.setdefault(condition, [0] * 4)
                four[0] += heap.people
                four[1] += heap.people * (change == "winner")
                four[2] += heap.people * (change == "loser")
                four[3] += heap.people * (len(cell.conditions) == 1)
        turned = [Turned(name, label_of(self.pair, name), *four) for name, four in found.items()]
        return tuple(sorted(turned, key=lambda t: (-t.people, t.condition)))

    @property
    def changed(self) -> Any:  # noqa: ANN401 - a frame
        """The people whose answer changed, in the kind of frame that was given; row 0 is the first.

        Columns: `row`, those grouped by, `change`, the statuses, each field before and after, and `conditions`: what
        made the difference.
        """
        return self.table("changed")

    def table(self, what: str = "groups") -> Any:  # noqa: ANN401 - a frame
        """Give `groups`, `flow`, `outcomes`, `conditions` or `changed` as a table.

        It is a pandas or Polars frame where such a frame was compared, else a PyArrow table. Exact amounts are int64
        or decimals; one that is neither is text.
        """
        if what == "changed" and not self.kept:
            raise ArgumentError("what", what, "a table that was kept: compare with rows=True")
        makers: Mapping[str, Callable[[], Any]] = {
            "groups": lambda: groups_table(self.by, self.groups, self.all, [f.name for f in self.pair.amounts]),
            "flow": lambda: rows_table(map(_flow_row, self.flow), _FLOW),
            "outcomes": lambda: rows_table(map(_flow_row, self.outcomes), _FLOW),
            "conditions": lambda: rows_table(map(_turned_row, self.conditions), _TURNED),
            "changed": lambda: (
                rows_table((), ("row", "change", "status_before", "status_after", "conditions"))
                if self._changed is None
                else self._changed
            ),
        }
        if what not in makers:
            raise ArgumentError("what", what, f"one of {', '.join(TABLES)}")
        return as_kind(makers[what](), self.kind_of_frame)

    def to_dict(self) -> dict[str, Any]:
        """Give counts, amounts, flows and conditions as plain data."""
        return {
            "decision": self.name,
            "kind": self.kind,
            "nothing_changes": self.nothing_changes,
            "all": self.all.to_dict(),
            "groups": [{"group": plain(key), **counts.to_dict()} for key, counts in self.groups.items()],
            "outcomes": [_flow_row(f) for f in self.outcomes],
            "conditions": [{**_turned_row(t), "label": dict(t.label)} for t in self.conditions],
        }


_FLOW: Final = ("status_before", "outcome_before", "status_after", "outcome_after", "people")
_TURNED: Final = ("condition", "label_id", "label_en", "people", "winners", "losers", "alone")


def _flow_row(flow: Flow) -> dict[str, Any]:
    row = {name: getattr(flow, name) for name in _FLOW}
    for field, (before, after) in flow.amounts.items():
        row |= {f"{field}_before": _exact(before), f"{field}_after": _exact(after)}
    return row


def _turned_row(turned: Turned) -> dict[str, Any]:
    labels = {f"label_{lang}": turned.label.get(lang, "") for lang in ("id", "en")}
    counts = {name: getattr(turned, name) for name in ("people", "winners", "losers", "alone")}
    return {"condition": turned.condition, **labels, **counts}


def _exact(value: Money) -> int | str:
    return value if isinstance(value, int) else str(value)


def _in_order(typed: tuple[Any, ...]) -> tuple[Any, ...]:
    """Order groups by their keys; those without one come last."""
    return tuple(
        (v is None, of.__name__, v if of in {int, float, str, datetime.date, Decimal} else str(v)) for of, v in typed
    )


@attrs.frozen(eq=False, slots=False)
class Compared:
    """Two laws compared over a population: `found["promotion"]` is one decision of both.

    `notes` say what is on one side only and so not compared; `faults` count, for either law, the rows in error by
    fault and column; `unbound` names changes of a reform that go beyond what is delegated.
    """

    laws: tuple[Law, Law]
    days: tuple[datetime.date, datetime.date]
    people: int
    by: tuple[str, ...]
    decisions: Mapping[str, DecisionCompared]
    notes: tuple[Note, ...]
    faults: Sequence[Mapping[tuple[str, str], int]]
    unbound: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> DecisionCompared:
        """Give one decision; `UnknownDecisionError` (a KeyError) where it was not compared."""
        if name not in self.decisions:
            raise UnknownDecisionError(name, tuple(self.decisions))
        return self.decisions[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names of the decisions."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """Count the decisions."""
        return len(self.decisions)

    def __repr__(self) -> str:
        """Name the laws, and how many people's answers changed."""
        said = ", ".join(f"{n} {_changed(d)}" for n, d in self.decisions.items())
        a, b = (f"{law.policy} {day}" for law, day in zip(self.laws, self.days, strict=True))
        beyond = f", BEYOND DELEGATION: {', '.join(self.unbound)}" if self.unbound else ""
        return f"<Compared {a} with {b}{beyond}, {self.people} people: {said}>"

    @property
    def same_meaning(self) -> bool:
        """Whether the two laws mean the same, for the same day."""
        return self.laws[0].meaning == self.laws[1].meaning and self.days[0] == self.days[1]

    @property
    def nothing_changes(self) -> bool:
        """Whether every answer of every decision is what it was."""
        return all(d.nothing_changes for d in self.decisions.values())

    def table(self, what: str = "groups", decision: str | None = None) -> Any:  # noqa: ANN401 - a frame
        """Give a table of one decision, as `DecisionCompared.table`; name it where several were compared."""
        if decision is None and len(self.decisions) > 1:
            raise ArgumentError("decision", decision, f"one of the decisions compared: {', '.join(self.decisions)}")
        return self[next(iter(self.decisions)) if decision is None else decision].table(what)

    def to_text(self, lang: str = "id") -> str:
        """Tell it in Indonesian (`id`) or English (`en`)."""
        return comparison_text(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data that JSON can hold; amounts are whole numbers, or text where they are not whole."""
        return {
            "before": {**self.laws[0].identity(), "as_of": self.days[0].isoformat()},
            "after": {**self.laws[1].identity(), "as_of": self.days[1].isoformat()},
            "people": self.people,
            "by": list(self.by),
            "nothing_changes": self.nothing_changes,
            "unbound": list(self.unbound),
            "notes": [attrs.asdict(n) for n in self.notes],
            "faults": [[{"code": c, "column": n, "rows": k} for (c, n), k in sorted(f.items())] for f in self.faults],
            "decisions": {name: found.to_dict() for name, found in self.decisions.items()},
        }

    def to_json(self) -> str:
        """Give it as canonical JSON: the same bytes for the same people in any order."""
        return canonical(self.to_dict())

    def _repr_html_(self) -> str:
        return comparison_html(self, "en")


def _changed(found: DecisionCompared) -> str:
    if found.nothing_changes:
        return "NOTHING CHANGES"
    return f"{found.all.winners} win, {found.all.losers} lose"


__all__ = ["Amounts", "Compared", "Counts", "DecisionCompared", "Flow", "Turned"]
