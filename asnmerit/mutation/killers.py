"""Scenarios that notice a mutant: a person whom it answers otherwise, written with what the policy itself answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.decision import decide
from asnmerit.errors import RecordError
from asnmerit.mutation.observing import compared
from asnmerit.rules.document import write_document
from asnmerit.scenarios.book import Book, book_of
from asnmerit.scenarios.writing import case_name, expected

if TYPE_CHECKING:
    import datetime

    from asnmerit.errors import Fault
    from asnmerit.mutation.moments import Moment
    from asnmerit.mutation.mutants import Mutant

MOST_VALUES: Final = 3
FILE: Final = "mutants.scenarios.yaml"


@attrs.frozen(eq=False)
class Killer:
    """A new scenario: its name, the person, the day, and what must come out, as a file of scenarios says it."""

    name: str
    content: Mapping[str, Any]


def killer(mutant: Mutant, moment: Moment, record: Mapping[str, Any], taken: Iterable[str] = ()) -> Killer:
    """Write the scenario of a person whom a mutant answers otherwise on a day.

    The expectation is what the policy as it is answers, as far as the mutant's answer is another.
    """
    content: dict[str, Any] = {
        "title": {
            "id": f"Membedakan mutan: {mutant.was} menjadi {mutant.became}",
            "en": f"Tells from the mutant: {mutant.was} became {mutant.became}",
        },
        "on": moment.on,
    }
    content |= {"known": moment.known} if moment.known else {}
    content |= {"facts": _written(record), "expect": expectation(moment, record)}
    content["note"] = f"kills {mutant.kind} at line {mutant.line}, {mutant.way}"
    content |= {"source": "; ".join(mutant.articles)} if mutant.articles else {}
    content["tier"] = "own"
    return Killer(_free(case_name(f"mutan {mutant.number} {mutant.kind} {_last(mutant)}"), taken), content)


def _last(mutant: Mutant) -> str:
    """Give the last key of the way to the place, and the name above it where the key says little."""
    names = [str(part) for part in mutant.path if isinstance(part, str)]
    return " ".join(names[-2:] if names[-1] in {"is", "value", "from", "enacted"} else names[-1:])


def expectation(moment: Moment, record: Mapping[str, Any]) -> dict[str, Any]:
    """Give what the policy answers of a person, of all that the other law answers otherwise."""
    law = moment.before
    try:
        decision = decide(law, record, moment.on)
    except RecordError as error:
        return {"faults": [_fault(f) for f in error.faults]}
    names = compared(law, moment.after, record, moment.on)
    decisions = [n.removeprefix("decisions.") for n in names if n.startswith("decisions.")]
    values = [n.removeprefix("values.") for n in names if n.startswith("values.")]
    if not decisions and not values:  # refused by the other law, or there is none
        decisions = list(decision.outcomes)[:1]
        values = [] if decisions else [s.key for s in law.steps if s.role == "derived"][:1]
    found = expected(decision, decisions, values if not decisions else values[:MOST_VALUES])
    if not decisions:
        del found["decisions"]
    for name in decisions:
        outcome, said = decision[name], found["decisions"][name]
        if outcome.rules:
            said["rules"] = list(outcome.rules)
        shown = {k: v for k, v in (outcome.outcome or {}).items() if v is not None}
        if outcome.status == "refused" and shown:
            said["outcome"] = _written(shown)
    return found


def _fault(fault: Fault) -> dict[str, str]:
    return {"code": fault.code, "fact": fault.fact} if fault.fact.isidentifier() else {"code": fault.code}


def write_killers(policy: str, killers: Sequence[Killer], on: datetime.date | None = None) -> str:
    """Write new scenarios as one file, which runs with `asnmerit test`."""
    content: dict[str, Any] = {
        "scenarios": 1,
        "policy": policy,
        "title": {"id": "Skenario yang membedakan mutan", "en": "Scenarios that tell mutants from the policy"},
        "note": "made by `asnmerit mutate`; expected is what the policy answered then: read it before you keep it",
    }
    content |= {"on": on} if on is not None else {}
    return write_document({**content, "cases": {k.name: dict(k.content) for k in killers}})


def book_of_killers(policy: str, killers: Sequence[Killer], file: str = FILE) -> Book:
    """Give new scenarios as they read back from their file."""
    return book_of(write_killers(policy, killers), file)


def _free(name: str, taken: Iterable[str]) -> str:
    found, n, used = name, 1, set(taken)
    while found in used:
        n += 1
        found = f"{name}_{n}"
    return found


def _written(value: Any) -> Any:  # noqa: ANN401 - a value of a record
    """Turn a value of a record into what a document can hold."""
    if isinstance(value, Mapping):
        return {k if isinstance(k, int) else str(k): _written(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_written(v) for v in value]
    return str(value) if isinstance(value, str) else value
