"""Two laws as one, with a step that says whether they answer a person differently: what a prover can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from asnmerit.auditing.dated import days_of, reads_the_day, with_day
from asnmerit.auditing.difference.affected import WHOLE
from asnmerit.auditing.difference.joining import OTHER, joint
from asnmerit.auditing.questions import Exists, Extended, alike, both, chosen, either, negated, read_step, whole
from asnmerit.auditing.questions import differ as unlike
from asnmerit.mutation.observing import NAMED, numbering, observed, shown_when
from asnmerit.rules.build import NotProvedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from typing import Any

    from asnmerit.auditing.proving.driver import Budget
    from asnmerit.rules.expr import Expr
    from asnmerit.rules.law import Law

KEY = "answered differently"


@attrs.frozen(eq=False)
class Joined:
    """The first law with the steps of the second beside its own; `key` is true of whom they answer differently."""

    law: Law
    key: str
    complete: bool


def joined(a: Law, b: Law, steps: Collection[str], *, every_day: bool = False) -> Joined | None:
    """Join two laws that differ in some steps; None where they cannot be joined.

    Checks that differ are steps like others in it: its people are those whom either law may refuse. `complete` is false
    where an answer was left out of the comparison: a value for each row of a list, or one that only one law has.

    With `every_day` the day of decision is a fact of these people, any day on which both laws hold; else it is the day
    of the first.

    >>> import asnmerit
    >>> from asnmerit.auditing.difference.affected import affected
    >>> policy = asnmerit.load("manokwari/merit")
    >>> one, other = (asnmerit.in_force(policy, on=day) for day in ("2025-06-01", "2026-06-01"))
    >>> found = joined(one, other, affected(one, other))
    >>> asnmerit.decide(found.law, {}).values[found.key] is None
    True
    """
    if WHOLE in steps:
        return None
    try:
        made = joint(a, b, a.on)
    except NotProvedError:
        return None
    moved = made.moved
    checks = [[s.key for s in law.steps if s.role == "check" and s.key in steps] for law in (a, b)]
    asked = {*checks[0], *(OTHER + key for key in checks[1])}
    base = attrs.evolve(
        made.law, steps=tuple(attrs.evolve(s, role="part") if s.key in asked else s for s in made.law.steps)
    )
    tests = [*_common(base, a, b, steps, moved), *_single(base, a, b, steps, ""), *_single(base, b, a, steps, OTHER)]
    found = [t for t in tests if t is not None]
    taken = [
        both(*(read_step(base, f"{name}{k}") for k in keys)) for name, keys in zip(("", OTHER), checks, strict=True)
    ]
    extended = Extended(base)
    try:
        key = extended.add(KEY, either(unlike(*taken), both(*taken, either(*found))))
    except NotProvedError:
        return None
    law = extended.law()
    law = with_day(law, *days_of(a, b)) if every_day and reads_the_day(law) else law
    return Joined(law, key, len(found) == len(tests))


def _common(base: Law, a: Law, b: Law, steps: Collection[str], moved: Collection[str]) -> Iterator[Expr | None]:
    """Say for each answer that both laws have when it differs; None where that cannot be written."""
    for key in observed(a, steps):
        step = a.steps[a.index[key]]
        if key not in moved or step.role == "check":
            continue
        if step.binder is not None or step.type != b.steps[b.index[key]].type:
            yield None
            continue
        there = _numbered(read_step(base, OTHER + key), numbering(b, a, key))
        yield both(*_shown(base, a, key), unlike(read_step(base, key), there))


def _single(base: Law, a: Law, b: Law, steps: Collection[str], prefix: str) -> Iterator[Expr | None]:
    """Say for each answer that only one of the laws has when it makes a difference; None where that cannot be written.

    A rule does where it holds, a conflict where there is one; what a rule grants goes with the rule, and a check was
    asked already. A named value that the policy lacks cannot be expected of it.
    """
    conflicts = {f"{name}.conflict" for name in a.decisions}
    granted = {g for d in a.decisions.values() for r in d.rules if r.key not in b.index for g in r.grants.values()}
    for key in observed(a, steps):
        step = a.steps[a.index[key]]
        if key in b.index or step.role == "check" or key in granted or (prefix and step.role in NAMED):
            continue
        yield read_step(base, prefix + key) if step.role == "rule" or key in conflicts else None


def _numbered(which: Expr, numbers: tuple[int, ...] | None) -> Expr:
    """Write the number of a rule as the other law numbers it."""
    if numbers is None:
        return which
    found: Expr = whole(numbers[-1] if numbers else 0)
    for i in reversed(range(len(numbers) - 1)):
        found = chosen(alike(which, whole(i)), whole(numbers[i]), found)
    return found


def _shown(base: Law, a: Law, key: str) -> list[Expr]:
    """Say that a part of a decision of the first law is shown."""
    must, must_not = shown_when(a, key)
    found: list[Expr] = [] if must is None else [read_step(base, must)]
    return found if must_not is None else [*found, negated(read_step(base, must_not))]


def proved(
    a: Law, b: Law, steps: Collection[str], budget: Budget, *, every_day: bool = False
) -> tuple[str, Mapping[Any, Any] | None, Law | None]:
    """Ask a prover for somebody whom two laws answer differently: `none`, `found` with the lanes, or `open`.

    No people are drawn for it: that was done before.
    """
    from asnmerit.auditing.proving.driver import Prover  # noqa: PLC0415 - processes and solvers only where asked

    made = joined(a, b, steps, every_day=every_day)
    if made is None:
        return "open", None, None
    with Prover(made.law, attrs.evolve(budget, total=budget.each, samples=0)) as prover:
        answer = prover.ask(Exists(made.key))
    if answer.verdict == "found":
        return "found", answer.people[0], made.law
    return ("none" if answer.verdict == "none" and made.complete else "open"), None, None
