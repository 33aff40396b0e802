"""Why somebody is answered so: facts that suffice for it, none of which can be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from asnmerit.advice.plans import Reason
from asnmerit.auditing.questions import Exists, Extended, negated, read_step, settled
from asnmerit.compiled import compiled
from asnmerit.decision import Decision
from asnmerit.edge import Input, read_record
from asnmerit.outcome import slots_below
from asnmerit.rules.types import PerMember, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.law import Law

Part = tuple[str, Any]
CHANGING: Final = (0, 1, 2, 3, 4)
"""When each sort of fact is given up: not read, protected, immutable, other, changeable."""
STANDING: Final = (0, 1, 4, 3, 2)
"""The same for a reason that stands whatever the person does."""


def reason(decision: Decision, name: str, changeable: frozenset[str], seconds: float = 3.0) -> Reason | None:
    """Find a least reason of an answer; None where the answer is not settled.

    Facts are given up one by one as long as the answer stays settled without them; what is settled stays so whatever
    the facts left out are. First what the person can change is given up, so that a reason is found that stands whatever
    he does, if there is one. If there is none, what must not matter goes first, then what nobody can change, and last
    what the person can change. Then a solver is asked of each fact that is left whether it could go too: the law may
    answer everybody alike whom it cannot see to be alike.
    """
    status = decision[name].status
    if status not in {"granted", "refused"}:
        return None
    law = decision.law
    given = dict(_parts(decision.facts, law))
    read = slots_below(law, *(s.key for s in law.steps if s.key.startswith(f"{name}.")))

    def left(order: tuple[int, ...]) -> dict[Part, Any]:
        kept = given
        for part in sorted(given, key=lambda p: (order[_sort(law, p, read, changeable)], p[0], str(p[1]))):
            rest = {p: v for p, v in kept.items() if p != part}
            if _alone(decision, rest)[name].status == status:
                kept = rest
        return kept

    kept = left(STANDING)
    if any(fact in changeable for fact, _ in kept):
        kept = left(CHANGING)
    kept, least = _fewer(decision, name, kept, seconds)
    alone = _alone(decision, kept)
    presumed = tuple(fact for fact in alone.presumed if fact in read)
    return Reason(dict(_columns(kept)), presumed, alone if alone[name].status == status else decision, least)


def _fewer(decision: Decision, name: str, kept: dict[Part, Any], seconds: float) -> tuple[dict[Part, Any], bool]:
    """Leave out what a solver proves to make no difference; say whether it had an answer about each fact."""
    if find_spec("z3") is None or seconds <= 0:
        return kept, False
    from asnmerit.auditing.proving.driver import Budget, Prover  # noqa: PLC0415 - only where a solver is installed

    law, day = decision.law, decision.as_of
    node = law.decisions[name]
    more = Extended(law)
    granted = read_step(law, f"{node.key}.granted")
    key = more.add("another answer", granted if decision[name].status == "refused" else negated(settled(law, node)))
    extended, least = more.law(), True
    with Prover(extended, Budget(total=seconds, each=seconds, samples=4_096), as_of=day) as prover:
        for part in list(kept):
            rest = {p: v for p, v in kept.items() if p != part}
            verdict = prover.ask(Exists(key, dict(_known(_alone(decision, rest))))).verdict
            if verdict == "none":
                kept = rest
            least &= verdict != "open"
    return kept, least


def _alone(decision: Decision, kept: Mapping[Part, Any]) -> Decision:
    """Decide from some facts alone. What is left out is not known: no presumption stands in for what was said."""
    law = decision.law
    given = read_record(law, _record(kept, law), decision.as_of, ())
    said = {fact for fact in given.presumed if fact not in decision.presumed}
    if said:
        lanes = tuple([None if lane[0] in said else v for lane, v in zip(law.inputs, given.lanes, strict=True)])
        given = Input(lanes, tuple(fact for fact in given.presumed if fact not in said), sure=False)
    return Decision(law, decision.as_of, given, compiled(law).run(given))


def _known(decision: Decision) -> Iterator[tuple[tuple[str, int | str | None], Any]]:
    """Give the lanes that a decision knows wholly, as a question holds them."""
    for lane, value in zip(decision.law.inputs, decision.given.lanes, strict=True):
        if lane[0] == "as_of" or value is None:
            continue
        if not isinstance(value, tuple):
            yield lane, int(value)
        elif None not in value:
            yield lane, [int(v) for v in value]


def _parts(facts: Mapping[str, Any], law: Law) -> Iterator[tuple[Part, Any]]:
    """Give each thing known: a scalar, a list, or one year or member of a family."""
    for name, value in facts.items():
        if isinstance(law.declared[name].type, Yearly | PerMember):
            for slot, inner in value.items():
                yield (name, slot), inner
        else:
            yield (name, None), value


def _sort(law: Law, part: Part, read: Mapping[str, Any], changeable: frozenset[str]) -> int:
    """Give the sort of a fact: not read, protected, immutable, other, changeable."""
    name, _ = part
    marks = law.declared[name].marks
    if name not in read:
        return 0
    if name in changeable:
        return 4
    if "protected" in marks:
        return 1
    return 2 if "immutable" in marks else 3


def _record(kept: Mapping[Part, Any], law: Law) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for (name, slot), value in kept.items():
        if isinstance(law.declared[name].type, Yearly | PerMember):
            found.setdefault(name, {})[slot] = value
        else:
            found[name] = value
    return found


def _columns(kept: Mapping[Part, Any]) -> Iterator[tuple[str, Any]]:
    for (name, slot), value in kept.items():
        yield (name if slot is None else f"{name}_{slot}"), value
