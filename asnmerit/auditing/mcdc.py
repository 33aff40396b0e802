"""For each condition of a law, and each test in it, two people between whom it alone decides: cases that test it.

This is the coverage known as MC/DC (modified condition/decision coverage): in each of the two people the condition,
were it otherwise, would turn the rule; in one it holds, in the other not. The two differ in one fact where they can,
by one step where that fact has steps: then the case lies exactly on the threshold.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, Literal

import attrs

from asnmerit.auditing.arguments import budget_of, heard
from asnmerit.auditing.deciders import Decider, Unit, deciders
from asnmerit.auditing.questions import Exists, Extended, Pairs, alike, whole
from asnmerit.auditing.replaying import replay
from asnmerit.decision import day_within
from asnmerit.errors import ArgumentError
from asnmerit.rules.expr import Literal as Written
from asnmerit.rules.law import A_LAW, Law
from asnmerit.scenarios.writing import Case, case_name, write_scenarios
from asnmerit.version import __version__

try:
    from asnmerit.auditing.crossing import (
        MET,
        UNMET,
        Crossing,
        Measuring,
        crossings,
        grafted,
        lines_of,
        pair_of,
        put_together,
        some,
    )
    from asnmerit.auditing.crowd.drawing import taken
    from asnmerit.auditing.crowd.people import People
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "cases are looked for among thousands of people, which needs NumPy: pip install 'asnmerit[audit]'"
    raise ModuleNotFoundError(message, name=error.name) from error

if TYPE_CHECKING:
    import datetime

    from asnmerit.auditing.crowd.records import Lanes
    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.auditing.questions import Lane
    from asnmerit.decision import Decision
    from asnmerit.frames.kernel import Block

Nearness = Literal["boundary", "one fact", "several facts"]
FIXED: Final = "no fact of a person decides it: the law, or the day, does alone"
PAIR: Final = 2
BASES: Final = 3
GRAFTS: Final = 6
ORDER: Final[tuple[Nearness, ...]] = ("boundary", "one fact", "several facts")
FEW: Final = 900
EACH: Final = 3.0
"""Seconds at least for a question, where the budget has them."""
Told = Callable[[int, int, str], object]


@attrs.frozen(eq=False)
class Pair:
    """Two people between whom one condition decides its rule: in `met` the rule holds, in `unmet` not.

    `near` says how far apart they are: by one step of one fact, in one fact, or in several. `facts` are those.
    """

    unit: Unit
    near: Nearness
    facts: tuple[str, ...]
    met: Decision
    unmet: Decision


@attrs.frozen(eq=False)
class Without:
    """A condition without such a pair: `proved` that there can be none, and why; else it was not found."""

    unit: Unit
    proved: bool
    reason: str


@attrs.frozen(eq=False)
class McdcCases:
    """All pairs of a law, and the conditions that have none."""

    law: Law
    pairs: Sequence[Pair]
    without: Sequence[Without]
    samples: int
    seconds: float

    @property
    def cases(self) -> tuple[Case, ...]:
        """The cases of all pairs: of each first where the rule holds, then where it does not."""
        return tuple(_case(pair, met=met) for pair in self.pairs for met in (True, False))

    def counts(self) -> Mapping[str, int]:
        """Count pairs by nearness, and the conditions without one."""
        found = Counter(str(p.near) for p in self.pairs)
        none = {True: "none: proved", False: "none found"}
        found.update(none[x.proved] for x in self.without)
        return {name: found.get(name, 0) for name in (*ORDER, *none.values())}

    def to_dict(self) -> dict[str, Any]:
        """Give the pairs as plain data, in an order that does not change."""
        return {
            "asnmerit": __version__,
            "law": self.law.identity(),
            "conditions": len(self.pairs) + len(self.without),
            "counts": dict(self.counts()),
            "pairs": [
                {
                    **_said(p.unit),
                    "near": p.near,
                    "facts": list(p.facts),
                    "cases": [case_title(p, met=m) for m in (True, False)],
                }
                for p in self.pairs
            ],
            "without": [{**_said(x.unit), "proved": x.proved, "reason": x.reason} for x in self.without],
            "samples": self.samples,
        }

    def text(self) -> str:
        """Give them as a file of scenarios: two cases a pair. Empty where there is none."""
        return write_cases(self)


def _said(unit: Unit) -> dict[str, Any]:
    at = unit.about.position
    return {
        "decision": unit.decision.key, "rule": unit.rule.name, "condition": unit.condition, "test": unit.place,
        "name": unit.name, "articles": [str(c) for c in unit.about.citations], "file": at.file, "line": at.line,
    }  # fmt: skip


def mcdc_cases(
    law: Law,
    *,
    budget: float = 60.0,
    seed: int = 0,
    samples: int = 20_000,
    as_of: datetime.date | str | None = None,
    progress: Told | None = None,
) -> McdcCases:
    """Find for each condition of each rule two people between whom it alone decides.

    Args:
        law: the law of a day.
        budget: seconds that it may take, more or less.
        seed: the same seed draws the same people.
        samples: people who are drawn.
        as_of: the day for which facts are judged; the law's own if left out.
        progress: told (conditions settled, conditions in all, what is done now).

    Raises:
        ArgumentError: for what is no law, no budget or seed, or a day on which the law does not hold.
        ModuleNotFoundError: where NumPy is not installed.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> found = mcdc_cases(law, samples=2_000, budget=5)
    >>> len(found.pairs) > 0, found.counts()["none found"]
    (True, 0)
    """
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    spent = attrs.evolve(budget_of(budget, samples, 2, seed), each=max(EACH, budget / 20))
    told = heard(progress) or (lambda *_: None)
    return _Search(law, spent, law.on if as_of is None else day_within(law, as_of), told).cases()


class _Search:
    """One search: by people drawn, by one fact moved, by parts of two people put together, at last by the solver."""

    def __init__(self, law: Law, budget: Budget, as_of: datetime.date, progress: Told) -> None:
        self.law, self.budget, self.as_of, self.progress = law, budget, as_of, progress
        self.start = time.monotonic()
        self.extended, self.every = deciders(law)
        self.people = People(law, seed=budget.seed, as_of=as_of)
        known = self.people.lanes.keys()
        self.asked = [d for d in self.every if d.lanes and known >= set(d.lanes)]
        self.pairs: dict[int, Pair] = {}
        self.reasons: dict[int, Without] = {}
        self.samples = 0

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.start

    def cases(self) -> McdcCases:
        for i, d in enumerate(self.every):
            if d not in self.asked:
                never = isinstance(self.extended.steps[self.extended.index[d.decides]].code, Written)
                why = FIXED if never or not d.lanes else "it rests on facts that the law does not read"
                self.reasons[i] = Without(d.unit, proved=never or not d.lanes, reason=why)
        self.number = {d.measure: i for i, d in enumerate(self.every)}
        if self.asked:
            self._sampled()
            self._solved()
        without = [
            self.reasons.get(i) or Without(d.unit, proved=False, reason=f"not found among {self.samples} people")
            for i, d in enumerate(self.every)
            if i not in self.pairs
        ]
        pairs = [self.pairs[i] for i in sorted(self.pairs)]
        return McdcCases(self.law, pairs, without, self.samples, self.seconds)

    # --- by people ---

    def _sampled(self) -> None:
        self.progress(len(self.reasons), len(self.every), "samples")
        measuring = Measuring(self.people, self.extended, self.asked)
        block = self.people.draw(self.budget.samples)
        self.samples = block.rows
        if not block.rows:
            return
        table = measuring.measures(block)
        lines = []
        for turn, d in enumerate(self.asked):
            persons = [
                *some((table[turn] == MET).nonzero()[0], BASES),
                *some((table[turn] == UNMET).nonzero()[0], BASES),
            ]
            lines += list(lines_of(self.people, block, turn, persons, d.lanes))
        for crossing in crossings(measuring, block, lines):
            self._crossed(block, crossing)
        for turn, d in enumerate(self.asked):
            if self.number[d.measure] not in self.pairs:
                self._grafted(measuring, block, table, turn)

    def _crossed(self, block: Block, crossing: Crossing) -> None:
        d = self.asked[crossing.line.turn]
        near: Nearness = "boundary" if crossing.exact else "one fact"
        if self._better(d, near):
            self._keep(d, near, pair_of(self.people, block, crossing))

    def _better(self, d: Decider, near: Nearness) -> bool:
        have = self.pairs.get(self.number[d.measure])
        return have is None or ORDER.index(near) < ORDER.index(have.near)

    def _grafted(self, measuring: Measuring, block: Block, table: Any, turn: int) -> None:  # noqa: ANN401 - an array
        """Give people for whom it decides one way the facts of those for whom it decides the other."""
        d = self.asked[turn]
        here, there = some((table[turn] == MET).nonzero()[0], GRAFTS), some((table[turn] == UNMET).nonzero()[0], GRAFTS)
        if not len(here) or not len(there):
            return
        for one, other, wanted in ((here, there, UNMET), (there, here, MET)):
            made = grafted(taken(block, one), taken(block, other), d.lanes)
            rows = (measuring.measures(made)[turn] == wanted).nonzero()[0]
            if len(rows):
                new = self.people.lanes_at(made, int(rows[0]))
                old = self.people.lanes_at(block, int(one[int(rows[0]) // len(other)]))
                self._keep(d, "several facts", (old, new) if wanted == UNMET else (new, old))
                return
        met, unmet = (self.people.lanes_at(block, int(rows[0])) for rows in (here, there))
        self._keep(d, "several facts", (met, unmet))

    # --- by the solver ---

    def _solved(self) -> None:
        """Ask for those that lack a pair, whether there is anybody on each side, and a pair."""
        from asnmerit.auditing.proving.driver import Prover  # noqa: PLC0415 - processes only where they are needed

        left = [d for d in self.asked if self.number[d.measure] not in self.pairs]
        if not left:
            return
        more = Extended(self.extended)
        sides = [
            [more.add(f"{d.measure} is {n}", alike(more.read(d.measure), whole(n))) for n in (MET, UNMET)] for d in left
        ]
        questions = [
            q
            for d, (met, unmet) in zip(left, sides, strict=True)
            for q in (Exists(met), Exists(unmet), Pairs(d.measure, "gt", dict.fromkeys(d.lanes, "any"), by=2))
        ]
        budget = attrs.evolve(self.budget, total=max(1.0, self.budget.total - self.seconds), samples=FEW)
        with Prover(more.law(), budget, self.progress, self.as_of) as prover:
            answers = prover.ask_all(questions)
        found: list[tuple[Decider, tuple[Lanes, Lanes]]] = []
        for i, d in enumerate(left):
            met, unmet, both = answers[3 * i : 3 * i + 3]
            two = both.people if both.verdict == "found" else (*met.people, *unmet.people)
            if len(two) == PAIR:
                found.append((d, (dict(two[0]), dict(two[1]))))
            elif (why := _why(met.verdict, unmet.verdict)) is not None:
                self.reasons[self.number[d.measure]] = Without(d.unit, proved=True, reason=why)
        self._from_solver(found)

    def _from_solver(self, found: Sequence[tuple[Decider, tuple[Lanes, Lanes]]]) -> None:
        """Keep the pairs of the solver, moved to the threshold where one fact alone leads there."""
        known = self.people.lanes
        usable = [(d, tuple({k: v for k, v in p.items() if k in known} for p in pair)) for d, pair in found]
        for d, (met, unmet) in usable:
            self._keep(d, "several facts", (met, unmet))
        if not usable:
            return
        measuring = Measuring(self.people, self.extended, [d for d, _ in usable])
        block = put_together(self.people, self.people.draw(1), [p for _, pair in usable for p in pair])
        first = block.rows - 2 * len(usable)
        lines = [
            line
            for turn, (d, _) in enumerate(usable)
            for line in lines_of(self.people, block, turn, (first + 2 * turn, first + 2 * turn + 1), d.lanes)
        ]
        for crossing in crossings(measuring, block, lines):
            d = usable[crossing.line.turn][0]
            near: Nearness = "boundary" if crossing.exact else "one fact"
            if self._better(d, near):
                self._keep(d, near, pair_of(self.people, block, crossing))

    # --- keeping ---

    def _keep(self, d: Decider, near: Nearness, pair: tuple[Lanes, Lanes]) -> None:
        """Keep a pair that the reference confirms: the rule holds for one, and not for the other."""
        decisions = tuple(replay(self.law, self.people.record(p), self.as_of) for p in pair)
        met, unmet = decisions
        key = d.unit.rule.key
        if not met.values[key] or unmet.values[key] is not False:
            return
        facts = tuple(dict.fromkeys(lane[0] for lane in pair[0] if pair[0][lane] != pair[1][lane]))
        if near == "one fact" and self._next(pair):
            near = "boundary"
        self.pairs[self.number[d.measure]] = Pair(d.unit, near, facts, met, unmet)

    def _next(self, pair: tuple[Lanes, Lanes]) -> bool:
        """Whether two people differ in one lane, by one step of it."""
        lanes: list[Lane] = [lane for lane in pair[0] if pair[0][lane] != pair[1][lane]]
        if len(lanes) != 1:
            return False
        domain, one, other = self.people.lanes[lanes[0]], pair[0][lanes[0]], pair[1][lanes[0]]
        if domain.field or domain.kind == "bool" or (domain.kind == "code" and not domain.ordered):
            return False
        return bool(abs(one - other) == domain.step)


def _why(met: str, unmet: str) -> str | None:
    """Say why there can be no pair, where that is proved."""
    if met == "none" and unmet == "none":
        return "it never decides its rule alone"
    if met == "none":
        return "where it alone decides, its rule never holds"
    return "where it alone decides, its rule always holds" if unmet == "none" else None


# --- writing ---


def case_title(pair: Pair, *, met: bool) -> str:
    """Give the name of one of the two cases of a pair."""
    return case_name(f"{pair.unit.name} {'met' if met else 'unmet'}")


def write_cases(cases: McdcCases) -> str:
    """Write pairs as a file of scenarios, which runs with `asnmerit test`; empty where there are none."""
    found = cases.cases
    if not found:
        return ""
    title = {"id": "Kasus yang ditentukan oleh satu syarat", "en": "Cases that one condition decides"}
    return write_scenarios(
        found, title, "made by `asnmerit mutate --cases`: the expectations are the policy's own answers"
    )


def _case(pair: Pair, *, met: bool) -> Case:
    unit, decision = pair.unit, pair.met if met else pair.unmet
    law = decision.law
    label = unit.about.label or {}
    title = {
        "id": f"{label.get('id', unit.name)}: {'terpenuhi' if met else 'tidak terpenuhi'}",
        "en": f"{label.get('en', unit.name)}: {'met' if met else 'not met'}",
    }
    values = tuple(k for k in dict.fromkeys((unit.condition, unit.rule.key)) if k in law.index)
    note = f"{pair.near}: the other case differs in {', '.join(pair.facts)}"
    return Case(case_title(pair, met=met), decision, title, note, (unit.decision.key,), values)


def told_cases(cases: McdcCases) -> Iterator[str]:
    """Tell what was found: the counts, and the conditions without a pair."""
    counts = ", ".join(f"{n} {name}" for name, n in cases.counts().items() if n)
    every = len(cases.pairs) + len(cases.without)
    yield f"{cases.law.policy} on {cases.law.on}: {every} conditions and tests, {cases.seconds:.1f} s: {counts}"
    for one in cases.without:
        yield f"  {'none can be' if one.proved else 'none found'}: {one.unit.name}: {one.reason}"
