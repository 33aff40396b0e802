"""How much of a policy its scenarios reach: rules granted, sides of conditions, rows of tables, article by article.

A case counts where it passed, and only for what its expectations rest on: a rule that was computed but that no
expectation depends on is not reached. Reached is not proved: it says that somebody looked.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asnmerit.rules.types import Date, Enum
from asnmerit.scenarios.tracing import reached, roots_of

if TYPE_CHECKING:
    from asnmerit.rules.declarations import About, Citation
    from asnmerit.rules.law import Law
    from asnmerit.rules.policy import Policy
    from asnmerit.rules.table import Axis, TableData
    from asnmerit.scenarios.running import Result

Kind = Literal["rule", "side", "row"]
KINDS: tuple[Kind, ...] = ("rule", "side", "row")


@attrs.frozen
class Unit:
    """One thing to be reached: a version of a rule granted, of a condition on one side, or a row of a table.

    `name` is the key of the step or table, `detail` the side (`met`, `not met`) or the keys of the row, `line` where
    the version is written.
    """

    kind: Kind
    policy: str
    name: str
    detail: str
    line: int
    articles: tuple[str, ...] = attrs.field(default=(), eq=False)
    label: Mapping[str, str] | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        """Name it for a list of what is left."""
        return f"{self.name.removeprefix('rules.')}{f' ({self.detail})' if self.detail else ''}, line {self.line}"


@attrs.frozen(eq=False)
class Coverage:
    """What of one policy was reached: each unit with the names of the cases that reach it."""

    policy: str
    title: Mapping[str, str]
    reached: Mapping[Unit, tuple[str, ...]]

    def of(self, kind: Kind) -> Mapping[Unit, tuple[str, ...]]:
        """Give the units of one kind."""
        return {u: cases for u, cases in self.reached.items() if u.kind == kind}

    def counts(self, kind: Kind) -> tuple[int, int]:
        """Give how many units of a kind were reached, and how many there are."""
        units = self.of(kind)
        return sum(bool(cases) for cases in units.values()), len(units)

    def share(self, kind: Kind) -> float:
        """Give the percentage reached; 100 where there is nothing to reach."""
        done, all_ = self.counts(kind)
        return 100 * done / all_ if all_ else 100.0

    def shown_share(self, kind: Kind) -> str:
        """Write the percentage, never rounded up; nothing where there is nothing to reach."""
        return f"{math.floor(self.share(kind))} %" if self.counts(kind)[1] else ""

    @property
    def left(self) -> tuple[Unit, ...]:
        """What no case reaches."""
        return tuple(u for u, cases in self.reached.items() if not cases)

    def by_article(self) -> Mapping[str, Mapping[Unit, tuple[str, ...]]]:
        """Give the units under each article that they cite; those that cite none under an empty name."""
        found: dict[str, dict[Unit, tuple[str, ...]]] = {}
        for unit, cases in self.reached.items():
            for article in unit.articles or ("",):
                found.setdefault(article, {})[unit] = cases
        return dict(sorted(found.items()))


def coverage(results: Iterable[Result], policies: Iterable[Policy]) -> tuple[Coverage, ...]:
    """Give what the cases of some results reach of some policies.

    >>> import asnmerit as am
    >>> from asnmerit.scenarios import files, run_scenarios
    >>> found, = coverage(run_scenarios(files(["indonesia/disiplin"])), [am.load("indonesia/disiplin")])
    >>> found.share("rule")
    100.0
    """
    hits: dict[Unit, dict[str, None]] = {}
    for result in results:
        if result.passed and result.decision is not None:
            for unit in _reached_by(result):
                hits.setdefault(unit, {})[result.name] = None
    return tuple(
        Coverage(
            p.name,
            p.title,
            {unit: tuple(hits.get(unit, ())) for unit in sorted(dict.fromkeys(units(p)), key=_in_order)},
        )
        for p in policies
    )


def _in_order(unit: Unit) -> tuple[Any, ...]:
    return KINDS.index(unit.kind), unit.line, unit.name


def units(policy: Policy) -> Iterator[Unit]:
    """Give everything that there is to reach in a policy's own document, over all its versions."""
    for found in policy.slices():
        above = {r.key: r.about for d in found.decisions.values() for r in d.rules} | {
            d.key: d.about for d in found.decisions.values()
        }
        for step in found.steps.values():
            yield from _units_of_step(step.key, step.role, _cited(step.key, step.about, above), policy.name)
    for key, table in policy.declared.tables.items():
        if table.about.policy != policy.name:
            continue
        for act in table.acts:
            if act.payload is not None:
                for place, there in enumerate(act.payload.data.present):
                    if there:
                        yield _row(key, act.payload.data, place, act.payload.about, act.payload.row_citations)


def _cited(key: str, about: About, above: Mapping[str, About]) -> About:
    """Give a condition that cites nothing the article of its rule or decision, as explanations do."""
    while not about.citations and "." in key:
        key = key.rpartition(".")[0]
        if key in above:
            return attrs.evolve(about, citations=above[key].citations)
    return about


def _units_of_step(key: str, role: str, about: About, policy: str) -> Iterator[Unit]:
    if about.policy != policy or not about.position.line:
        return
    if role == "rule":
        yield Unit("rule", policy, key, "", about.position.line, _articles(about.citations), about.label)
    elif role == "condition" or key.endswith("~when"):
        for side in ("met", "not met"):
            yield _side(key, side, about)


def _side(key: str, side: str, about: About) -> Unit:
    return Unit("side", about.policy, key, side, about.position.line, _articles(about.citations), about.label)


def _articles(citations: Iterable[Citation]) -> tuple[str, ...]:
    return tuple(str(c) for c in citations)


def _row(key: str, data: TableData, place: int, about: About, of_rows: Mapping[str, tuple[Citation, ...]]) -> Unit:
    keys = _keys(data.axes, place)
    citations = of_rows.get(keys[0], about.citations) if keys else about.citations
    return Unit("row", about.policy, key, ", ".join(keys), about.position.line, _articles(citations), about.label)


def _keys(axes: tuple[Axis, ...], place: int) -> list[str]:
    """Write the keys of a place as a document writes them."""
    keys: list[str] = []
    for axis in reversed(axes):
        place, at = divmod(place, axis.size)
        value = axis.ends[at] if axis.match == "from" else axis.first + at
        if isinstance(axis.type, Enum):
            keys.append(axis.type.members[int(value)])
        elif isinstance(axis.type, Date):
            keys.append(datetime.date.fromordinal(int(value)).isoformat())
        else:
            keys.append(f"from {value}" if axis.match == "from" else str(value))
    return keys[::-1]


def _reached_by(result: Result) -> Iterator[Unit]:
    decision, scenario = result.decision, result.scenario
    if decision is None or scenario is None:
        return
    law = decision.law
    expect = scenario.expect
    trace = reached(decision, roots_of(decision, expect.values or (), expect.decisions or ()))
    for key in trace.steps:
        at = law.index[key]
        step, raw = law.steps[at], decision.raw[at]
        if step.role == "rule" and raw:
            yield Unit("rule", step.about.policy, key, "", step.about.position.line)
        elif (step.role == "condition" or key.endswith("~when")) and raw is not None:
            yield _side(key, "met" if raw else "not met", step.about)
    for table, place in trace.cells:
        yield from _row_reached(law, table, place)


def _row_reached(law: Law, table: str, place: int) -> Iterator[Unit]:
    """Give the row of the version in force; a row of a disputed reading is none of the policy's own."""
    about = law.sources.get(table)
    data = law.data.tables[table]
    if about is not None and data.present[place]:
        yield Unit("row", about.policy, table, ", ".join(_keys(data.axes, place)), about.position.line)
