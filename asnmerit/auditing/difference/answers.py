"""What two laws answer, side by side: the ways in which an answer can change, each as a step of the joint law."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.questions import Extended, alike, both, chosen, differ, either, fields_of, level, negated, whole
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call, Expr
from asnmerit.rules.expr import Literal as Written

if TYPE_CHECKING:
    from asnmerit.auditing.difference.joining import Joint
    from asnmerit.rules.assemble import DecisionNode
    from asnmerit.rules.expr import Step
    from asnmerit.rules.law import Law

    Reading = Callable[[str], Step]

STATUS: Final = "status"
STATUSES: Final = ("refused", "granted", "conflict")
NOBODY: Final = -1
"""Stands for no rule: the decision is not granted, or has no single rule."""


@attrs.frozen(eq=False)
class Change:
    """One way in which an answer changes. `key` is the step that is true of those for whom it does.

    `field` is `status`, or a field of the outcome; `decision` is empty for a score, whose name `field` is then. `kind`
    is `refused -> granted` and the like for a status, else `more`, `less`, `other`, `appears` or `disappears`.
    `which` are the steps that say by which rule each law decides, where rules tell the people apart.
    """

    decision: str
    field: str
    kind: str
    key: str
    which: tuple[str, str] | None = None

    @property
    def name(self) -> str:
        """Name the change: `promotion.amount: more`."""
        return f"{self.decision}.{self.field}: {self.kind}" if self.decision else f"{self.field}: {self.kind}"


@attrs.frozen
class Lacking:
    """A decision, field or score that only one law has, or that is of another type or kind in each."""

    name: str
    what: str
    law: str
    """`a`, `b`, or `both` where the types differ."""


@attrs.frozen(eq=False)
class Answers:
    """All that can change between two laws, what cannot be compared, and the joint law with the steps that say so.

    `compared` are the decisions and scores of both laws that are looked at, `left_out` those that were not wanted.
    """

    extended: Extended
    changes: tuple[Change, ...]
    lacking: tuple[Lacking, ...]
    compared: tuple[str, ...]
    left_out: tuple[str, ...]


def answers(joint: Joint, wanted: Collection[str] | None, renamed: Mapping[str, str]) -> Answers:
    """Write down every way in which answers can change: of all decisions and scores, or of those wanted.

    `renamed` maps names of decisions of the second law to those of the first.
    """
    extended = Extended(joint.law)
    theirs = {renamed.get(name, name): name for name in joint.b.decisions}
    changes: list[Change] = []
    lacking: list[Lacking] = []
    decisions = dict.fromkeys((*joint.a.decisions, *theirs))
    scores = dict.fromkeys((*_scores(joint.a), *_scores(joint.b)))
    asked = [name for name in (*decisions, *scores) if wanted is None or name in wanted]
    for name in (name for name in decisions if name in asked):
        if name not in joint.a.decisions or name not in theirs:
            lacking.append(Lacking(name, "decision", "a" if name in joint.a.decisions else "b"))
            continue
        beside = _Beside(joint, extended, joint.a.decisions[name], joint.b.decisions[theirs[name]])
        changes += beside.changes()
        lacking += beside.lacking()
    for name in (name for name in scores if name in asked):
        found, lacks = _score(joint, extended, name)
        changes += found
        lacking += lacks
    alone = {x.name for x in lacking}
    compared = tuple(name for name in asked if name not in alone)
    left_out = tuple(name for name in (*decisions, *scores) if name not in asked)
    return Answers(extended, tuple(changes), tuple(lacking), compared, left_out)


def settled_in(law: Law, node: DecisionNode, read: Reading) -> Expr:
    """Write that a law grants a decision: entitled, and not in conflict."""
    granted = read(f"{node.key}.granted")
    return both(granted, negated(read(f"{node.key}.conflict"))) if f"{node.key}.conflict" in law.index else granted


@attrs.frozen(eq=False)
class _Beside:
    """One decision of both laws."""

    joint: Joint
    extended: Extended
    a: DecisionNode
    b: DecisionNode

    @property
    def moved(self) -> bool:
        """Whether anything of it may be otherwise in the second law."""
        own = [f"{self.b.key}.{x}" for x in ("granted", "conflict", "rule", *self.b.fields)]
        own += [key for rule in self.b.rules for key in (rule.key, *rule.grants.values())]
        return self.a.key != self.b.key or any(key in self.joint.moved for key in own)

    def lacking(self) -> Iterator[Lacking]:
        if self.a.kind != self.b.kind:
            yield Lacking(self.a.key, "kind", "both")
        mine, theirs = fields_of(self.joint.a, self.a), fields_of(self.joint.b, self.b)
        for field in dict.fromkeys((*mine, *theirs)):
            name = f"{self.a.key}.{field}"
            if field not in mine or field not in theirs:
                yield Lacking(name, "field", "a" if field in mine else "b")
            elif not comparable(*self._values(field)):
                yield Lacking(name, "field", "both")

    def changes(self) -> list[Change]:
        if not self.moved:
            return []
        settled = self._settled()
        which = self._which(settled)
        status = [self._status(i, settled[i]) for i in (0, 1)]
        found = [
            self._change(STATUS, f"{before} -> {after}", both(status[0][before], status[1][after]), which)
            for before in STATUSES
            for after in STATUSES
            if before != after and before in status[0] and after in status[1]
        ]
        mine, theirs = fields_of(self.joint.a, self.a), fields_of(self.joint.b, self.b)
        for field in mine:
            if field in theirs and comparable(*self._values(field)):
                found += self._field(field, settled, which)
        if "collect" in {self.a.hit, self.b.hit} and set(self.a.fields) != set(self.a.totals):
            found += self._rules(found)
        return found

    def _rules(self, told: list[Change]) -> Iterator[Change]:
        """Compare rules of one name where several grant something, for whom nothing else changes."""
        same = negated(either(*(self.extended.read(c.key) for c in told)))
        mine, theirs = {r.name: r for r in self.a.rules}, {r.name: r for r in self.b.rules}
        no = Written(t.BOOL, value=False)
        for name in dict.fromkeys((*mine, *theirs)):
            before = self.joint.here(mine[name].key) if name in mine else no
            after = self.joint.there(theirs[name].key) if name in theirs else no
            yield self._change(name, "refused -> granted", both(same, negated(before), after), None)
            yield self._change(name, "granted -> refused", both(same, before, negated(after)), None)
            if name not in mine or name not in theirs:
                continue
            for field in self.a.fields:
                if field in self.b.fields and field not in self.a.totals:
                    a, b = self.joint.here(mine[name].grants[field]), self.joint.there(theirs[name].grants[field])
                    for kind, test in (unequal(a, b) if comparable(a, b) else {}).items():
                        yield self._change(f"{name}.{field}", kind, both(same, before, after, test), None)

    def _settled(self) -> tuple[Expr, Expr]:
        joint = self.joint
        return settled_in(joint.a, self.a, joint.here), settled_in(joint.b, self.b, joint.there)

    def _which(self, settled: tuple[Expr, Expr]) -> tuple[str, str] | None:
        """Add the steps that say which rule decides on either side."""
        if "collect" in {self.a.hit, self.b.hit}:
            return None
        rules = self.joint.here(f"{self.a.key}.rule"), self.joint.there(f"{self.b.key}.rule")
        first, second = (chosen(s, r, whole(NOBODY)) for s, r in zip(settled, rules, strict=True))
        return self.extended.add(f"rule before: {self.a.key}", first), self.extended.add(
            f"rule after: {self.a.key}", second
        )

    def _status(self, side: int, settled: Expr) -> dict[str, Expr]:
        """Write when each status is answered."""
        law, node = (self.joint.a, self.a) if side == 0 else (self.joint.b, self.b)
        read = self.joint.there if side else self.joint.here
        granted = read(f"{node.key}.granted")
        if f"{node.key}.conflict" not in law.index:
            return {"granted": granted, "refused": negated(granted)}
        conflict = read(f"{node.key}.conflict")
        return {"granted": settled, "refused": both(negated(granted), negated(conflict)), "conflict": conflict}

    def _values(self, field: str) -> tuple[Expr, Expr]:
        return self.joint.here(f"{self.a.key}.{field}"), self.joint.there(f"{self.b.key}.{field}")

    def _field(self, field: str, settled: tuple[Expr, Expr], which: tuple[str, str] | None) -> Iterator[Change]:
        """Compare a field where the status is the same: where that changes, it says enough."""
        granted, refused = both(*settled), both(*(self._status(i, settled[i])["refused"] for i in (0, 1)))
        said = [field in node.otherwise and node.hit != "collect" for node in (self.a, self.b)]
        shown = either(granted, refused) if all(said) else granted
        for kind, test in unequal(*self._values(field)).items():
            yield self._change(field, kind, both(shown, test), which)
        if any(said) and not all(said):
            yield self._change(field, "appears" if said[1] else "disappears", refused, which)

    def _change(self, field: str, kind: str, test: Expr, which: tuple[str, str] | None) -> Change:
        key = self.extended.add(f"change: {self.a.key}.{field}: {kind}", test)
        return Change(self.a.key, field, kind, key, which)


def comparable(a: Expr, b: Expr) -> bool:
    """Whether two values can be told apart: of one kind."""
    return type(a.type) is type(b.type)


def unequal(a: Expr, b: Expr) -> dict[str, Expr]:
    """Write in which ways the second value is not the first: more or less where there is an order, else other."""
    if isinstance(a.type, t.Enum) and isinstance(b.type, t.Enum) and a.type != b.type:
        return {"other": differ(*_members(a, a.type, b, b.type))}
    if isinstance(a.type, t.Enum) and not a.type.ordered:
        return {"other": differ(a, b)}
    one, other = level(a), level(b)
    found: dict[str, Expr] = {"more": Call(t.BOOL, "lt", (one, other)), "less": Call(t.BOOL, "lt", (other, one))}
    if isinstance(a.type, t.Enum):
        found["other"] = both(Call(t.BOOL, "eq", (one, other), None), differ(a, b))
        if len(set(a.type.levels)) == len(a.type.levels):
            del found["other"]
    return found


def _members(a: Expr, of_a: t.Enum, b: Expr, of_b: t.Enum) -> tuple[Expr, Expr]:
    """Write two members of unlike enumerations as numbers that are the same for members of one name."""
    names = list(dict.fromkeys((*of_a.members, *of_b.members)))
    return _numbered(a, of_a, names), _numbered(b, of_b, names)


def _numbered(value: Expr, of: t.Enum, names: list[str]) -> Expr:
    found: Expr = whole(names.index(of.members[-1]))
    for code, member in enumerate(of.members[:-1]):
        found = chosen(alike(value, Written(of, code)), whole(names.index(member)), found)
    return found


# --- scores ---


def _scores(law: Law) -> tuple[str, ...]:
    return tuple(s.key for s in law.steps if s.role == "score" and s.binder is None)


def _score(joint: Joint, extended: Extended, name: str) -> tuple[list[Change], list[Lacking]]:
    mine, theirs = name in joint.a.index, name in joint.b.index
    if not mine or not theirs:
        return [], [Lacking(name, "score", "a" if mine else "b")]
    if name not in joint.moved:
        return [], []
    a, b = joint.here(name), joint.there(name)
    if not comparable(a, b):
        return [], [Lacking(name, "score", "both")]
    return [
        Change("", name, kind, extended.add(f"change: {name}: {kind}", test)) for kind, test in unequal(a, b).items()
    ], []
