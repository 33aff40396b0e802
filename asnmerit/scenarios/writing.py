"""Scenario files from people: what a law answers for them, written down so that it can be run again."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.rules.document import write_document

if TYPE_CHECKING:
    import datetime

    from asnmerit.decision import Decision
    from asnmerit.outcome import Grant

    Title = Mapping[str, str]

LONGEST_NAME: Final = 80
_NOT_OF_A_NAME: Final = re.compile(r"[^a-z0-9]+")


@attrs.frozen
class Case:
    """One case to be written: a decision, under a name, with what it shows.

    `only` names the decisions that are expected; all of them if it is empty. `values` are named values of the law that
    are expected too.
    """

    name: str
    decision: Decision
    title: Title = attrs.field(factory=dict)
    note: str = ""
    only: Collection[str] = ()
    values: Collection[str] = ()


def case_name(text: str) -> str:
    """Make a text fit to name a case.

    >>> case_name("promotion.reguler: months >= 48")
    'promotion_reguler_months_48'
    """
    plain = _NOT_OF_A_NAME.sub("_", text.lower()).strip("_")[:LONGEST_NAME].strip("_")
    return plain if plain[:1].isalpha() else f"case_{plain}".rstrip("_")


def expected(decision: Decision, only: Collection[str] = (), values: Collection[str] = ()) -> dict[str, Any]:
    """Give what a scenario expects where the law answers as this decision does.

    Where the law decides nothing, all its values are expected.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> asked = asnmerit.decide(law, {"results_rating": "sesuai", "behaviour_rating": "sesuai"})
    >>> expected(asked, only=["predikat_kinerja"])["decisions"]["predikat_kinerja"]["outcome"]
    {'predicate': 'baik'}
    """
    found: dict[str, Any] = {}
    wanted = values if decision.outcomes or values else decision.values
    shown = {name: decision.values[name] for name in wanted}
    if shown:
        found["values"] = {name: "unknown" if value is None else _plain(value) for name, value in shown.items()}
    answers = {name: _answer(outcome) for name, outcome in decision.outcomes.items() if not only or name in only}
    return {**found, "decisions": answers} if answers else found


def _answer(outcome: Any) -> dict[str, Any]:  # noqa: ANN401 - an Outcome, of a module above
    said: dict[str, Any] = {"status": outcome.status}
    if outcome.status == "undetermined":
        said["missing"] = list(outcome.missing.facts)
        return said
    if outcome.node.hit == "collect":
        if outcome.rules:
            said["rules"] = list(outcome.rules)
        if grants := _grants(outcome.grants):
            said["grants"] = grants
        if outcome.node.totals and outcome.total is not None:
            said["total"] = _plain(dict(_named_totals(outcome)))
        return said
    if outcome.status == "granted":
        if outcome.rule is not None:
            said["rule"] = outcome.rule
        if outcome.outcome:
            said["outcome"] = _plain(dict(outcome.outcome))
    return said


def _named_totals(outcome: Any) -> Iterable[tuple[str, Any]]:  # noqa: ANN401
    if isinstance(outcome.total, Mapping):
        return outcome.total.items()
    return [(outcome.node.totals[0], outcome.total)]


def _grants(grants: Iterable[Grant]) -> dict[str, Any]:
    return {g.rule: _plain(dict(g.outcome)) for g in grants if g.outcome and None not in g.outcome.values()}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any value shown
    """Turn what the library shows into what a document can hold."""
    if isinstance(value, Mapping):
        return {k if isinstance(k, int) else str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return str(value) if isinstance(value, str) else value


def write_scenarios(cases: Iterable[Case], title: Title | None = None, note: str = "") -> str:
    """Write a file of scenarios of one policy on one day; it runs with `asnmerit test`.

    Args:
        cases: decisions of one law; a name that comes twice gets a number.
        title: what the file shows, by language.
        note: a remark for the reader.

    Raises:
        ArgumentError: if there are no cases, or they are of several laws.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> asked = asnmerit.decide(law, {"results_rating": "di_atas", "behaviour_rating": "sesuai"})
    >>> print(write_scenarios([Case("baik", asked, only=["predikat_kinerja"])]), end="")
    scenarios: 1
    policy: indonesia/kinerja
    'on': 2026-04-01
    cases:
      baik:
        facts: {behaviour_rating: sesuai, results_rating: di_atas}
        expect:
          decisions:
            predikat_kinerja:
              status: granted
              rule: matriks
              outcome: {predicate: baik}
    """
    found = list(cases)
    if not found:
        raise ArgumentError("cases", found, "at least one case")
    law = found[0].decision.law
    if any(case.decision.law.identity() != law.identity() for case in found):
        raise ArgumentError("cases", law.policy, "cases of one law; write a file for each law")
    content: dict[str, Any] = {"scenarios": 1, "policy": law.policy}
    content |= {"title": dict(title)} if title else {}
    content |= {"note": note} if note else {}
    content |= {"on": law.on}
    content |= {"known": law.known} if law.known else {}
    content |= {"readings": dict(law.readings)} if law.readings else {}
    written: dict[str, Any] = {}
    for case in found:
        written[_free(case.name, written)] = _case(case, law.on)
    return write_document({**content, "cases": written})


def _free(name: str, taken: Collection[str]) -> str:
    found, n = name, 1
    while found in taken:
        n += 1
        found = f"{name}_{n}"
    return found


def _case(case: Case, on: datetime.date) -> dict[str, Any]:
    decision = case.decision
    said: dict[str, Any] = {"title": dict(case.title)} if case.title else {}
    said |= {"as_of": decision.as_of} if decision.as_of != on else {}
    said["facts"] = _plain(decision.facts)
    said["expect"] = expected(decision, case.only, case.values)
    said |= {"note": case.note} if case.note else {}
    return said
