"""One or two parameters through many values: every point is the law with that value, all of them in one pass."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import TYPE_CHECKING, Any, Final, Unpack

import attrs

from asnmerit.bundle import in_force
from asnmerit.errors import ArgumentError
from asnmerit.frames.answers import STATUSES
from asnmerit.outcome import cone
from asnmerit.rules.assemble import reads
from asnmerit.rules.law import A_LAW, Law, shown_exact
from asnmerit.rules.policy import Policy
from asnmerit.rules.types import Number, Type
from asnmerit.sensitivity.allowed import checked, listed, type_of
from asnmerit.sensitivity.changing import with_values
from asnmerit.sensitivity.merging import merged
from asnmerit.sensitivity.naming import Labels, labels_of
from asnmerit.sensitivity.tabling import html, language, plain, table
from asnmerit.sensitivity.trying import (
    Trial,
    TryOptions,
    amounts_of,
    counted,
    given_sum,
    needed_keys,
    people,
    plan_of,
)
from asnmerit.sensitivity.weighting import shares, weighed, with_weights

if TYPE_CHECKING:
    from asnmerit.plan import DecisionPlan

MOST_PARAMETERS: Final = 2
MOST_POINTS: Final = 10_000
TITLE: Final = {"id": "Sapuan", "en": "Sweep"}
NOTES: Final = {
    "idle": {
        "id": "Perhatian: keputusan ini tidak memakai {0}; semua titik sama.",
        "en": "Note: this decision does not rest on {0}; all points are the same.",
    },
    "unbound": {
        "id": "Melampaui delegasi (unbound): sebagian nilai mungkin tidak boleh ditetapkan oleh {0}.",
        "en": "Beyond delegation (unbound): {0} may not be allowed to set some of these values.",
    },
    "counts": {
        "id": "Yang belum pasti (undetermined) dan yang datanya salah (error) dihitung tersendiri.",
        "en": "The undetermined and the faulty (error) are counted on their own, never as a no.",
    },
}


@attrs.frozen
class Point:
    """One point: the values, the people by status, the sums given; `current` where it is the law as it stands."""

    values: tuple[Any, ...]
    counts: Mapping[str, int]
    amounts: Mapping[str, Fraction]
    current: bool


@attrs.frozen(repr=False)
class Sweep:
    """What a decision gives at every point, the last parameter the quickest to change.

    `idle` names parameters that the decision does not rest on. `unbound` says that delegation was left aside. `labels`
    are the law's own words for parameters, decision and fields.
    """

    policy: str
    decision: str
    parameters: tuple[str, ...]
    points: tuple[Point, ...]
    people: int
    idle: tuple[str, ...] = ()
    unbound: bool = False
    labels: Labels = attrs.field(factory=dict)

    def __repr__(self) -> str:
        """Name the decision, the parameters and how many points there are."""
        return (
            f"<Sweep of {self.policy} {self.decision} over {' and '.join(self.parameters)}: {len(self.points)} points>"
        )

    @property
    def columns(self) -> dict[str, list[Any]]:
        """The points by column: parameters, statuses, amounts, and whether it is the law as it stands."""
        found: dict[str, list[Any]] = {name: [] for name in self.parameters}
        for point in self.points:
            for name, value in zip(self.parameters, point.values, strict=True):
                found[name].append(value)
        for status in STATUSES:
            found[status] = [point.counts[status] for point in self.points]
        for field in self.points[0].amounts:
            found[f"{self.decision}.{field}"] = [point.amounts[field] for point in self.points]
        found["current"] = [point.current for point in self.points]
        return found

    @property
    def table(self) -> Any:  # noqa: ANN401 - a table of PyArrow
        """The points as an Arrow table; numbers stay exact."""
        return table(self.columns)

    def to_dict(self) -> dict[str, Any]:
        """Give all of it as plain data; exact numbers that are not whole are text."""
        return {
            "policy": self.policy,
            "decision": self.decision,
            "parameters": list(self.parameters),
            "people": self.people,
            "idle": list(self.idle),
            "unbound": self.unbound,
            "points": [{k: _plain(v) for k, v in row.items()} for row in self.table.to_pylist()],
        }

    def text(self, lang: str = "id") -> str:
        """Write it in Indonesian or English."""
        language_ = language(lang)
        title = f"{TITLE[language_]}: {self.policy} {self.decision}"
        return "\n".join([title, *plain(self.columns, language_), *self._notes(lang)])

    def _notes(self, lang: str) -> list[str]:
        notes = [NOTES["idle"][lang].format(", ".join(self.idle))] if self.idle else []
        notes += [NOTES["unbound"][lang].format(self.policy)] if self.unbound else []
        return [*notes, NOTES["counts"][lang]]

    def __str__(self) -> str:
        """Write it in Indonesian."""
        return self.text()

    def to_html(self, lang: str = "id") -> str:
        """Write it as a fragment of HTML."""
        return html(
            f"{TITLE[language(lang)]}: {self.policy} {self.decision}", self.columns, self._notes(lang), language(lang)
        )

    def _repr_html_(self) -> str:
        return self.to_html()


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell
    return value if value is None or isinstance(value, int | str | bool) else str(value)


def sweep(
    law: Law | Policy,
    frame: Any,  # noqa: ANN401 - a frame of any kind
    parameters: Mapping[str, Sequence[object]],
    decision: str | None = None,
    *,
    on: datetime.date | str | None = None,
    as_of: datetime.date | str | None = None,
    unbound: bool = False,
    **options: Unpack[TryOptions],
) -> Sweep:
    """Decide everybody at every value of one or two parameters of a law.

    `parameters` maps names to values: exact ones, as a document would say them; or the name of a score to weights,
    each a mapping that sums to 100%. Of two, every pair is tried. Every point is what the law in force would say with
    these values. With a policy (and `on`) the declared range of a parameter holds, and what a parent delegates, unless
    `unbound=True`; a law says nothing of ranges, so that with one only the proofs hold.

    Raises `ArgumentError` for parameters and values that cannot be, `PolicyError` where a proof fails with a value,
    `FrameError` for columns, with all facts named that the frame lacks.

    >>> import asnmerit, pyarrow
    >>> policy = asnmerit.load("manokwari/merit")
    >>> frame = pyarrow.table({"active": [True, False]})
    >>> found = sweep(policy, frame, {"minimum_merit_score": [75, 80, 85]}, "promotion", on="2026-04-01",
    ...               absent="unknown")
    >>> [(point.values, point.counts["refused"], point.current) for point in found.points]
    [((75,), 1, False), ((80,), 1, True), ((85,), 1, False)]
    """
    policy, law = _in_force(law, on)
    plan = plan_of(law, decision)
    axes = _axes(law, policy, parameters, unbound=unbound)
    points = list(product(*axes.values()))
    laws = [_with(law, dict(zip(axes, point, strict=True))) for point in points]
    amounts = amounts_of(plan)
    keys = needed_keys(law, plan)
    both = merged([law, *laws])
    given = people(both.law, frame, [names[k] for names in both.names for k in keys], as_of, options)
    counts = [[0] * len(STATUSES) for _ in laws]
    sums = [dict.fromkeys(amounts, Fraction(0)) for _ in laws]
    trial = Trial(laws, keys, given.day)
    for block, wrong in given.blocks:
        for i, view in enumerate(trial.views(block, wrong)):
            status = view.status(plan)
            counts[i] = [a + b for a, b in zip(counts[i], counted(status), strict=True)]
            for field in amounts:
                sums[i][field] += given_sum(view, plan, field, status)
    made = tuple(
        Point(
            tuple(value.shown for value in point),
            dict(zip(STATUSES, counts[i], strict=True)),
            sums[i],
            all(value.current for value in point),
        )
        for i, point in enumerate(points)
    )
    idle = _idle(law, plan, tuple(axes))
    parts = (
        part
        for name in axes
        if name in law.index and name not in law.data.parameters
        for part in weighed(law, name).weights
    )
    labels = labels_of(law, plan.node.key, [*axes, *parts])
    return Sweep(law.policy, plan.node.key, tuple(axes), made, given.rows, idle, unbound, labels)


@attrs.frozen(eq=False)
class _Value:
    """A value of an axis: exact, as it is shown, and whether it is that of the law as it stands."""

    exact: Any
    shown: Any
    current: bool


def _in_force(law: object, on: datetime.date | str | None) -> tuple[Policy | None, Law]:
    if isinstance(law, Policy):
        if on is None:
            raise ArgumentError("on", on, "the day whose law is swept: a policy has many")
        return law, in_force(law, on=on)
    if not isinstance(law, Law):
        raise ArgumentError("law", law, f"{A_LAW}, or a Policy with on=")
    if on is not None:
        raise ArgumentError("on", on, "no day: the law is that of one already; as_of= says when is decided")
    return None, law


def _axes(law: Law, policy: Policy | None, parameters: object, *, unbound: bool) -> dict[str, list[_Value]]:
    if not isinstance(parameters, Mapping) or not 1 <= len(parameters) <= MOST_PARAMETERS:
        raise ArgumentError("parameters", parameters, "a mapping from one or two names of parameters to their values")
    axes: dict[str, list[_Value]] = {}
    for name, said in parameters.items():
        values = listed(name, said)
        if isinstance(name, str) and name in law.index and name not in law.data.parameters:
            axes[name] = [_weights(law, name, value) for value in values]
            if len({frozenset(value.exact.items()) for value in axes[name]}) < len(values):
                raise ArgumentError(name, [value.shown for value in axes[name]], "different weights")
            continue
        exact = checked(law, policy, name, values, unbound=unbound)
        now, of = law.data.parameters.get(name), type_of(law, policy, name)
        axes[name] = [_Value(v, _shown(v, of), v == now) for v in exact]
    count = 1
    for values_ in axes.values():
        count *= len(values_)
    if count > MOST_POINTS:
        raise ArgumentError("parameters", f"{count} points", f"at most {MOST_POINTS} points")
    return axes


def _shown(value: Any, of: Type) -> Any:  # noqa: ANN401 - a value of a parameter
    """Give a value as a reader knows it: numbers as they are, members and days as text."""
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else value
    return value if isinstance(value, bool) else shown_exact(value, of)


def _weights(law: Law, score: str, value: object) -> _Value:
    found = weighed(law, score)
    chosen = shares(found, value)
    text = ", ".join(f"{name} {shown_exact(share * 100, Number())}%" for name, share in chosen.items())
    current = {k: v for k, v in chosen.items() if v} == dict(found.weights)
    return _Value(chosen, text, current)


def _with(law: Law, point: Mapping[str, _Value]) -> Law:
    """Give the law of a point."""
    values = {name: value.exact for name, value in point.items() if name in law.data.parameters}
    made = with_values(law, values) if values else law
    for name, value in point.items():
        if name not in law.data.parameters:
            made = with_weights(made, name, value.exact)
    return made


def _idle(law: Law, plan: DecisionPlan, names: Sequence[str]) -> tuple[str, ...]:
    """Give the names that a decision does not rest on."""
    below = set(cone(law, *needed_keys(law, plan)))
    read = {name for key in below for name in reads(law.steps[law.index[key]].rich)[0]}
    return tuple(name for name in names if name not in read | below)
