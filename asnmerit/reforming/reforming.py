"""Reforming a law: changes written into its documents, loaded and proved as every policy is, and told in words."""

from __future__ import annotations

import itertools
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.bundle import in_force
from asnmerit.comparison.words import language
from asnmerit.diagnostics import Faults, near_misses
from asnmerit.errors import ArgumentError, PolicyError
from asnmerit.reforming.differing import Changed, Comparing
from asnmerit.reforming.documents import AS_ONE, Documents, documents_of
from asnmerit.reforming.effects import Effect, effect_of
from asnmerit.reforming.overlay import Asked, Changes, Source, read_changes
from asnmerit.reforming.words import reform_html, reform_lines
from asnmerit.reforming.writing import Writer
from asnmerit.rules.days import day_argument
from asnmerit.rules.law import Law
from asnmerit.rules.policy import ALWAYS, Policy

if TYPE_CHECKING:
    import datetime

    from asnmerit.diagnostics import Diagnostic
    from asnmerit.rules.document import Table

MOST_CHANGES: Final = 10
"""So many changes can be taken apart: each subset of them is a law of its own."""
DELEGATION: Final = frozenset({"not-delegated", "outside-delegation"})


def reform(
    source: str | os.PathLike[str] | Mapping[str, object] | Policy | Law,
    changes: Source,
    *,
    on: datetime.date | str | None = None,
    known: datetime.date | str | None = None,
    readings: Mapping[str, str] | None = None,
    unbound: bool = False,
    search: Sequence[str | os.PathLike[str]] | str | os.PathLike[str] = (),
) -> Reform:
    """Change a law: its parameters, tables, weights, rules or the conditions of its decisions.

    `source` is a policy as `load` takes it (or a policy or law at hand, found again by its name); `on` and `known` are
    the days of its law, `readings` its disputed readings: a law has its own. `changes` is a mapping, or a YAML overlay
    as text or path, with the sections `parameters`, `tables`, `scores`, `indicators`, `rules`, `decisions`, in the
    names, texts and units of the policy format; in a mapping a Fraction or a Decimal is the value itself, so that
    `Fraction(1, 8)` of a percentage is 12.5%, while a bare `1` is refused there. What the policy itself says is
    changed in it; of what a parent says, only what is delegated. With `unbound=True` what is not delegated is changed
    too, in the parent's document, and is marked wherever it is shown.

    Raises `PolicyError` with every fault of the changes and of the policy that they make, `ArgumentError`,
    `PolicyNotFoundError`, `NotInForceError`.

    >>> found = reform("manokwari/merit", {"parameters": {"minimum_merit_score": 85}}, on="2026-04-01")
    >>> [(c.name, c.before, c.after, c.unit) for c in found.changes]
    [('minimum_merit_score', '80', '85', 'number')]
    """
    if not isinstance(unbound, bool):
        raise ArgumentError("unbound", unbound, "True or False")
    if isinstance(source, Reform):
        raise ArgumentError("source", source, AS_ONE)
    days = _days(source, on, known, readings)
    documents = documents_of(source, search)
    faults = Faults()
    read = read_changes(changes, faults)
    chosen = source.readings if isinstance(source, Law) else readings or {}
    maker = Maker(documents, read, days[0], days[1], chosen, unbound=unbound)
    return maker.made(tuple(c.key for c in read.asked), faults)


def _days(
    source: object,
    on: Any,  # noqa: ANN401 - as given
    known: Any,  # noqa: ANN401 - as given
    readings: object,
) -> tuple[datetime.date, datetime.date | None]:
    if isinstance(source, Law):
        for name, value in (("on", on), ("known", known), ("readings", readings)):
            if value is not None:
                raise ArgumentError(name, value, "left out: a law has its own; give the policy to choose them")
        return source.on, source.known
    if on is None:
        raise ArgumentError("on", None, "a day: the library has no clock")
    return day_argument("on", on), None if known is None else day_argument("known", known)


@attrs.frozen(eq=False)
class Maker:
    """Makes the reforms of some changes and of each part of them, each once."""

    documents: Documents
    changes: Changes
    on: datetime.date
    known: datetime.date | None
    readings: Mapping[str, str]
    unbound: bool = attrs.field(kw_only=True)
    _made: dict[frozenset[str], Reform] = attrs.field(factory=dict)
    _before: list[Law] = attrs.field(factory=list)

    @property
    def when(self) -> tuple[int, int]:
        """The days as numbers."""
        return self.on.toordinal(), ALWAYS if self.known is None else self.known.toordinal()

    def before(self) -> Law:
        """Give the law as it is."""
        if not self._before:
            self._before.append(in_force(self.documents.policy, self.on, self.known, self.readings))
        return self._before[0]

    def made(self, keys: tuple[str, ...], read: Faults | None = None) -> Reform:
        """Give the reform of some of the changes. `read`: what was wrong with their text."""
        found = self._made.get(frozenset(keys))
        if found is None:
            asked = tuple(c for c in self.changes.asked if c.key in keys)
            found = self._made[frozenset(keys)] = self._new(asked, read or Faults())
        return found

    def _new(self, asked: tuple[Asked, ...], read: Faults) -> Reform:
        before = self.before()
        writer, policy = self._loaded(asked, read)
        changed = {c.name for c in asked}
        readings = {k: v for k, v in self.readings.items() if k not in changed}
        law = before if policy is self.documents.policy else in_force(policy, self.on, self.known, readings)
        unbound = tuple(c.key for c in asked if c.key in writer.unbound)
        side = Comparing(self.documents, writer.roots, before, law, self.when, frozenset(unbound))
        return Reform(law, before, policy, self.documents.policy, tuple(side.changed(asked)), unbound,
                      tuple(c.key for c in asked), dict(self.changes.title), writer.roots, self)  # fmt: skip

    def _loaded(self, asked: tuple[Asked, ...], read: Faults) -> tuple[Writer, Policy]:
        """Write and load; what is not delegated is tried again beyond delegation, if that is asked for."""
        beyond: frozenset[str] = frozenset()
        while True:
            faults = Faults()
            for fault in read.errors:
                faults.add(fault.code, fault.position, fault.near, fault.related, fault.fields)
            writer = Writer(self.documents, self.changes, self.when, beyond, faults)
            writer.write(asked)
            if not asked and not faults.failed:
                return writer, self.documents.policy
            writer.entitle()
            policy = self.documents.loaded(writer.roots, faults, beyond=bool(writer.unbound))
            if policy is not None and not faults.failed:
                return writer, policy
            found = {f.fields["name"] for f in faults.errors if f.code in DELEGATION} if self.unbound else set()
            if found <= beyond:
                raise PolicyError(self._all(asked, faults))
            beyond |= found

    def _all(self, asked: tuple[Asked, ...], faults: Faults) -> tuple[Diagnostic, ...]:
        """Give all faults: a range that is passed shows only in a policy that is else sound, so each is tried alone."""
        for one in asked if len(asked) > 1 and not self.unbound else ():
            found = Faults()
            writer = Writer(self.documents, self.changes, self.when, frozenset(), found)
            writer.write((one,))
            writer.entitle()
            self.documents.loaded(writer.roots, found)
            for fault in found.errors:
                if fault.code in DELEGATION:
                    faults.add(fault.code, fault.position, fault.near, fault.related, fault.fields)
        return faults.errors


@attrs.frozen(eq=False, repr=False)
class Reform:
    """A law with changes in it: a real policy, loaded and proved as any other.

    `law` is the law of the day with the changes, `before` without; `policy` and `original` the policies they are cut
    from. `changes` says what is otherwise, value by value; `keys` names the changes asked for; `unbound` those that go
    beyond what is delegated. `law.policy` and its title say that it is a reform, so each decision record does.
    """

    law: Law
    before: Law
    policy: Policy
    original: Policy
    changes: tuple[Changed, ...]
    unbound: tuple[str, ...]
    keys: tuple[str, ...]
    title: Mapping[str, str]
    _roots: Mapping[str, Table]
    _maker: Maker

    def __repr__(self) -> str:
        """Name the policy, the day and the changes."""
        beyond = ", BEYOND DELEGATION" if self.unbound else ""
        return f"<Reform {self.original.name} on {self.before.on}: {', '.join(self.keys) or 'nothing'}{beyond}>"

    @property
    def changes_nothing(self) -> bool:
        """Whether the law means the same with the changes, on its day."""
        return self.law.meaning == self.before.meaning

    def part(self, keys: Collection[str]) -> Reform:
        """Give the reform with some of the changes only, by `keys`; with none it is the law itself.

        Raises `ArgumentError` for a change that there is not, `PolicyError` where they make no law without the others.

        >>> whole = reform("manokwari/merit", {"parameters": {"minimum_merit_score": 85, "special_allowance": 2000000}},
        ...                on="2026-04-01")
        >>> whole.part(["parameters.special_allowance"]).keys
        ('parameters.special_allowance',)
        """
        names = (keys,) if isinstance(keys, str) else tuple(keys)
        for name in names:
            if name not in self.keys:
                near = near_misses(str(name)[:80], self.keys)
                hint = f"; did you mean {near[0]}?" if near else ""
                raise ArgumentError("keys", name, f"changes of the reform: {', '.join(self.keys) or 'none'}{hint}")
        return self._maker.made(tuple(k for k in self.keys if k in names))

    def parts(self) -> Mapping[frozenset[str], Reform]:
        """Give the reforms with each subset of the changes, each made when it is looked at, the smallest first.

        Raises `ArgumentError` for more changes than 10.

        >>> whole = reform("manokwari/merit", {"parameters": {"minimum_merit_score": 85, "special_allowance": 2000000}},
        ...                on="2026-04-01")
        >>> [len(keys) for keys in whole.parts()]
        [0, 1, 1, 2]
        """
        if len(self.keys) > MOST_CHANGES:
            raise ArgumentError("changes", len(self.keys), f"at most {MOST_CHANGES} changes to be taken apart")
        return Parts(self)

    def effect(self, frame: Any, decision: str | Sequence[str] | None = None, **options: Any) -> Effect:  # noqa: ANN401
        """Decide people by the law and by the reform, and count for whom a decision is another one.

        `frame`, `decision` and options as for `compare`, whose result is in `Effect.compared`.
        Needs the extra `frames`.

        >>> import pyarrow
        >>> found = reform("manokwari/merit", {"parameters": {"special_allowance": 2000000}}, on="2026-04-01")
        >>> print(found.effect(pyarrow.table({"active": [False]})).to_text("en").splitlines()[0])
        NOT ONE DECISION CHANGES for these 1 people.
        """
        from asnmerit.comparison.comparing import compare  # noqa: PLC0415 - only people in columns need NumPy

        compared = compare(self.before, self.law, frame, decision=decision, rows=False, **options)
        return effect_of(compared, self.unbound)

    def to_text(self, lang: str = "id") -> str:
        """Say what changes, from when, where the old value was said; in capitals what is beyond delegation."""
        return "\n".join(f"- {line}" if kind == "change" else line for kind, line in reform_lines(self, language(lang)))

    def __str__(self) -> str:
        """Say it in Indonesian."""
        return self.to_text()

    def to_html(self, lang: str = "id") -> str:
        """Give it as a self-contained fragment of HTML."""
        return reform_html(self, language(lang))

    def _repr_html_(self) -> str:
        return self.to_html()

    def to_dict(self) -> dict[str, Any]:
        """Give the reform as plain data: both identities, the changes, what is beyond delegation."""
        return {
            "before": self.before.identity(),
            "law": self.law.identity(),
            "changes_nothing": self.changes_nothing,
            "unbound": list(self.unbound),
            "changes": [c.to_dict() for c in self.changes],
        }


class Parts(Mapping[frozenset[str], Reform]):
    """The reforms with each subset of the changes; made when looked at."""

    def __init__(self, whole: Reform) -> None:
        """Keep the whole."""
        self._whole = whole

    def __getitem__(self, keys: frozenset[str]) -> Reform:
        """Give the reform of some changes; KeyError for what is no subset of them."""
        if not set(keys) <= set(self._whole.keys):
            raise KeyError(keys)
        return self._whole.part(keys)

    def __iter__(self) -> Iterator[frozenset[str]]:
        """Iterate over the subsets, the smallest first."""
        names = self._whole.keys
        for size in range(len(names) + 1):
            yield from map(frozenset, itertools.combinations(names, size))

    def __len__(self) -> int:
        """Count the subsets."""
        return int(2 ** len(self._whole.keys))
