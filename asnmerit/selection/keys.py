"""The keys that people are ranked by: names of the law with a direction, or an order that the law itself lays down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.diagnostics import near_misses
from asnmerit.errors import Fault, shown
from asnmerit.outcome import facts_below
from asnmerit.ranked import RankingKey
from asnmerit.rules.expr import Fact, Step
from asnmerit.rules.kernel import Int, int_of
from asnmerit.rules.law import LawStep
from asnmerit.rules.lower import int_type
from asnmerit.rules.to_text import LANGUAGES, Speech, fact_name, text
from asnmerit.rules.types import Date, Enum, Number, PerMember, Scalar, Yearly

if TYPE_CHECKING:
    from asnmerit.rules.declarations import RankingDecl
    from asnmerit.rules.law import Law

DIRECTIONS: Final = ("highest", "lowest")
RANKING: Final = "ranking"
HANDED: Final = "selection~{0}"
"""The name of the step that hands out what is asked of a law: no policy can declare such a name."""
MEASURED: Final = frozenset({"score", "indicator", "decision"})
"""Steps that the law itself declares as measures: if an unchangeable fact is below them, the law says so."""


@attrs.frozen(eq=False)
class SelectionKey:
    """One key: what it is called and favours, its denominator, and whether the law's own order says it."""

    about: RankingKey
    den: int
    source: Fact | None
    from_ranking: str = ""

    @property
    def name(self) -> str:
        """The name of the key."""
        return self.about.name

    @property
    def unit(self) -> str:
        """The unit of distances: `rupiah`, `percent`, `days`, `levels`, or nothing for plain numbers."""
        match self.about.type:
            case Number(unit=unit):
                return unit if unit in {"rupiah", "percent"} else ""
            case Date():
                return "days"
            case Enum():
                return "levels"
            case _:
                return ""


def keys_of(law: Law, given: object, year: int, faults: list[Fault]) -> tuple[SelectionKey, ...]:
    """Read what the caller gives as keys; what is wrong is added to the faults. Years are counted from that given."""
    if given is None:
        given = [f"{RANKING}:{name}" for name in law.rankings] if len(law.rankings) == 1 else []
        if not given:
            there = ", ".join(law.rankings) or "no ranking of its own"
            faults.append(Fault("no-keys", "keys", "", f"the keys that rank people; the law has {there}"))
    entries = [given] if isinstance(given, str | Mapping) else given
    if not isinstance(entries, Sequence):
        faults.append(Fault("key-form", "keys", shown(given), EXPECTED))
        return ()
    found: list[SelectionKey] = []
    for entry in entries:
        found += _entry(law, entry, year, faults)
    names: set[str] = set()
    for key in found:
        if key.name in names:
            faults.append(Fault("key-twice", key.name, "", "each key once; the first decides already"))
        names.add(key.name)
    for key in found:
        faults += _barred(law, key)
    return tuple(found)


EXPECTED: Final = '"highest:NAME", "lowest:NAME" or "ranking:NAME"'


def _entry(law: Law, entry: object, year: int, faults: list[Fault]) -> list[SelectionKey]:
    if isinstance(entry, Mapping) and len(entry) == 1:
        how, name = next(iter(entry.items()))
    elif isinstance(entry, str):
        how, mark, name = entry.partition(":")
        if not mark:
            hint = f'"highest:{entry}" or "lowest:{entry}"'
            faults.append(Fault("key-direction", entry, "", "a direction before the name", hint))
            return []
    else:
        faults.append(Fault("key-form", "keys", shown(entry), EXPECTED))
        return []
    how, name = (part.strip() if isinstance(part, str) else part for part in (how, name))
    if not isinstance(name, str) or how not in (*DIRECTIONS, RANKING):
        faults.append(Fault("key-form", "keys", shown(entry), EXPECTED))
        return []
    if how == RANKING:
        return _ranking(law, name, faults)
    key = _named(law, name, year, highest=how == "highest")
    if key is None:
        faults.append(_unknown(law, name))
        return []
    return [key]


def _unknown(law: Law, name: str) -> Fault:
    known = [*(s.key for s in law.steps if s.role in {"derived", "score", "indicator"}), *law.declared]
    near = near_misses(name[:80], known)
    hint = f"did you mean {' or '.join(near)}?" if near else ""
    return Fault("unknown-key", name[:80], "", "a score, a derived value or a fact of the law, of one value", hint)


def _named(law: Law, name: str, year: int, *, highest: bool) -> SelectionKey | None:
    """Find a value of the law by name: a step, a fact, or one year or member of a fact."""
    at = law.index.get(name)
    if at is not None:
        step = law.steps[at]
        if step.binder is not None:
            return None
        label = step.about.label or dict.fromkeys(LANGUAGES, name.replace("_", " "))
        return SelectionKey(RankingKey(name, label, highest, step.type, step.about, name), step.code.type.den, None)
    fact = _fact(law, name, year)
    if fact is None:
        return None
    of, found = fact
    decl = law.declared[found.name]
    label = {lang: fact_name(law, found.name, lang, found.slot, year) for lang in LANGUAGES}
    den = int_type(of).den
    return SelectionKey(RankingKey(name, label, highest, of, decl.about, ""), den, found)


def _fact(law: Law, name: str, year: int) -> tuple[Scalar, Fact] | None:
    for fact, decl in law.declared.items():
        of = decl.type
        rest = name.removeprefix(f"{fact}_")
        if isinstance(of, Yearly):
            if rest != name and rest.isdigit() and 0 <= (slot := year - 1 - int(rest)) < of.back:
                return of.of, Fact(int_type(of.of), fact, slot)
        elif isinstance(of, PerMember):
            if rest in of.enum.members:
                return of.of, Fact(int_type(of.of), fact, rest)
        elif name == fact and isinstance(of, Scalar):
            return of, Fact(int_type(of), fact)
    return None


def _ranking(law: Law, name: str, faults: list[Fault]) -> list[SelectionKey]:
    decl = law.rankings.get(name)
    if decl is None:
        near = near_misses(name[:80], law.rankings)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        there = ", ".join(law.rankings) or "none, for the law has no `rankings`"
        faults.append(Fault("unknown-ranking", name[:80], "", f"one of: {there}", hint))
        return []
    return list(_of_ranking(law, decl))


def _of_ranking(law: Law, decl: RankingDecl) -> Iterator[SelectionKey]:
    for number, (at, highest) in enumerate(decl.keys, start=1):
        step = law.steps[law.index[at]]
        rich = step.rich
        name = rich.name if isinstance(rich, Fact) and rich.slot is None else rich.key if isinstance(rich, Step) else ""
        label = step.about.label
        if not label or label == decl.about.label:
            label = {lang: text(Speech(law, lang, law.on.year).say(rich)) for lang in LANGUAGES}
        key = RankingKey(name or f"{decl.name}_{number}", label, highest, step.type, step.about, at)
        yield SelectionKey(key, step.code.type.den, None, decl.name)


def _barred(law: Law, key: SelectionKey) -> Iterator[Fault]:
    """Refuse what must not rank people: protected facts, and unless the law's own order says so, unchangeable ones."""
    below = {key.source.name} if key.source is not None else facts_below(law, key.about.step)
    marked = {mark: sorted(f for f in below if mark in law.declared[f].marks) for mark in ("protected", "immutable")}
    if marked["protected"]:
        said = f"it rests on {', '.join(marked['protected'])}" if marked["protected"] != [key.name] else ""
        yield Fault("protected-key", key.name, "", "no protected fact among the keys", said)
        return
    own = key.about.step in law.index and law.steps[law.index[key.about.step]].role in MEASURED
    if marked["immutable"] and not key.from_ranking and not own:
        rests = f"it rests on {', '.join(marked['immutable'])}; " if marked["immutable"] != [key.name] else ""
        hint = f"{rests}a ranking of the law may say so: ranking:NAME"
        expected = "no fact that a person cannot change, unless by the law's order"
        yield Fault("immutable-key", key.name, "", expected, hint)
    if isinstance(key.about.type, Enum) and not key.about.type.ordered:
        yield Fault("key-order", key.name, "", f"a key whose values have an order; {key.about.type.name} has none")


def handing_out(law: Law, keys: Sequence[SelectionKey], amount: str) -> Law:
    """Give the law with one more step a key, and one for the amount: their numerators, as whole numbers."""
    steps = [*law.steps]
    steps += [
        _of_step(law, HANDED.format(i), key.about.step)
        if key.source is None
        else _of_fact(law, HANDED.format(i), key.source)
        for i, key in enumerate(keys)
    ]
    if amount:
        steps.append(_of_step(law, HANDED.format("amount"), amount))
    return attrs.evolve(law, steps=tuple(steps))


def _of_step(law: Law, name: str, key: str) -> LawStep:
    step = law.steps[law.index[key]]
    code = Step(_numerator(step.code.type), key)
    return LawStep(name, "ranking", Number("integer"), Step(step.type, key), code, step.about)


def _of_fact(law: Law, name: str, fact: Fact) -> LawStep:
    code = Fact(_numerator(fact.type), fact.name, fact.slot)
    return LawStep(name, "ranking", Number("integer"), fact, code, law.declared[fact.name].about)


def _numerator(of: Int) -> Int:
    """Give the type of a value's numerator: what the kernel holds, without what it stands for."""
    return int_of("bool" if of.kind == "bool" else "number", of.lo, of.hi)
