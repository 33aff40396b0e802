"""From the surface to declarations: derived values, claims and rankings, each typed."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Faults, joined_path, near_misses
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import (
    About,
    Declarations,
    Module,
    RankingDecl,
    Role,
    StepDecl,
    StepForm,
    of_member,
)
from asnmerit.rules.document import Scalar
from asnmerit.rules.expr import Binder, Expr, Literal, Step
from asnmerit.rules.infer import MAX_PARTS, Typer
from asnmerit.rules.scope import Demand, FactName, Local, RowVariable, StepName, Value
from asnmerit.rules.syntax import Source, parse
from asnmerit.rules.values import read_number
from asnmerit.scoring import weighing as w

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from asnmerit.rules.declare import Declarer
    from asnmerit.timeline import Act

SHOWN_ONE = Fraction(1)
DEEPEST = 40
"""What is mentioned is typed first, so only a circle goes deep."""
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@attrs.define(eq=False)
class Deriver:
    """Types the named values of one document. Names are entered first, so that order does not matter."""

    module: Module
    into: Declarations
    faults: Faults
    declarer: Declarer
    demands: list[Demand]
    typing: list[str] = attrs.field(factory=list)
    typed_before: set[str] = attrs.field(factory=set)
    parsed: dict[int, tuple[Scalar, Source | None]] = attrs.field(factory=dict)

    # --- expressions ---

    def typed(
        self,
        text: Scalar | None,
        expected: t.Scalar | None = None,
        local: Mapping[str, Local] | None = None,
        guards: frozenset[str] = frozenset(),
    ) -> Expr | None:
        """Read and type an expression of this document."""
        scope = self.module.scope
        if text is None:
            return None
        if scope.parts > MAX_PARTS:
            self.faults.add("law-size", text.position, limit=MAX_PARTS, what="parts of expressions")
            return None
        if id(text) not in self.parsed:
            self.parsed[id(text)] = (text, parse(text, self.faults))
        source = self.parsed[id(text)][1]
        if source is None:
            return None
        typer = Typer(self.module.scope, self.faults, source, dict(local or {}), guards, self.demands)
        return typer.typed(expected)

    def step(
        self,
        key: str,
        role: Role,
        of: t.Scalar,
        acts: Sequence[Act[StepForm]],
        about: About,
        binder: Binder | None = None,
    ) -> None:
        """Declare a step."""
        self.into.steps[key] = StepDecl(key, role, of, list(acts), about, binder)

    def once(self, key: str, role: Role, expr: Expr | None, about: About) -> None:
        """Declare a step with one version, for all days of the document."""
        if expr is not None:
            act = self.declarer.act(StepForm(expr, about), None, about.position)
            self.step(key, role, expr.type, [act], about)

    # --- names first ---

    def enter(self) -> None:
        """Enter the names of derived values."""
        document = self.module.document
        for name, entry in document.derived.items():
            self._enter_derived(name, entry)

    def define(self) -> None:
        """Type what was entered, and the claims and rankings."""
        document = self.module.document
        for name in self._mentioned_first(document.derived):
            entity = self.module.scope.value(name)
            if isinstance(entity, StepName):
                entity.settled()
        claims: tuple[tuple[Role, Mapping[str, surface.Claim]], ...] = (
            ("check", document.checks),
            ("guarantee", document.guarantees),
        )
        for role, entries in claims:
            for name, claim in entries.items():
                key = f"{role}s.{name}"
                if key in self.into.steps:
                    self.faults.add("name-taken", claim.position, name=name, kind=f"a {role} of another policy")
                self.once(key, role, self.typed(claim.is_, t.BOOL), self.declarer.about(claim))
        for name, ranking in document.rankings.items():
            self._ranking(name, ranking)

    # --- derived values ---

    @staticmethod
    def _mentioned_first(derived: Mapping[str, surface.DerivedEntry]) -> list[str]:
        """Give the names so that what an expression mentions comes before it: typing then never goes deep."""
        texts = {n: [v.is_.text for v in (d, *(d.versions or ())) if v.is_ is not None] for n, d in derived.items()}
        ordered: dict[str, None] = {}
        waiting, seen = list(reversed(list(derived))), set[str]()
        while waiting:
            name = waiting[-1]
            more = [] if name in seen else [m for t in texts[name] for m in WORD.findall(t) if m in derived]
            seen.add(name)
            waiting += (fresh := [m for m in more if m not in seen])
            if not fresh:
                ordered.setdefault(waiting.pop())
        return list(ordered)

    def _enter_derived(self, name: str, entry: surface.DerivedEntry) -> None:
        step = StepName(name, position=entry.position)
        over = self._over(name, entry.for_)
        if isinstance(over, FactName) and isinstance(over.type, t.ListOf):
            step.rows = over.name
        elif isinstance(over, t.Enum):
            step.members = over

        def find_type() -> None:
            if name in self.typed_before:
                return
            if name in self.typing or len(self.typing) > DEEPEST:
                start = self.typing.index(name) if name in self.typing else 0
                path = joined_path([*self.typing[start:], name])
                self.faults.add("dependency-cycle", entry.position, name=name, path=path)
                return
            self.typing.append(name)
            self._derived(name, entry, step)
            self.typing.pop()
            self.typed_before.add(name)

        step.find_type = find_type
        self.declarer.add(name, step, entry.position)

    def _over(self, name: str, said: Mapping[str, Scalar] | None) -> FactName | t.Enum | None:
        """Give what `for:` goes over: a list fact or a type."""
        if not said:
            return None
        (_, text), *more = said.items()
        found = self.module.scope.value(text.text)
        enum = self.module.scope.type(text.text.removeprefix("types.")) if text.text.startswith("types.") else None
        if more or not (enum or (isinstance(found, FactName) and isinstance(found.type, t.ListOf))):
            self.faults.add("generator-source", text.position, got=f"`{text.text[:40]}` in `for:` of `{name}`")
            return None
        return enum or found  # type: ignore[return-value]

    def _derived(self, name: str, entry: surface.DerivedEntry, step: StepName) -> None:
        expected = self._declared(entry)
        about = self.declarer.about(entry)
        variable = next(iter(entry.for_), "") if entry.for_ else ""
        versions = self._versions(name, entry)
        if entry.range is not None and entry.for_:
            expected_form = "`range` does not go with `for`; keep the value inside by min and max"
            self.faults.add("shape-together", entry.position, what=f"`{name}`", expected=expected_form)
        if step.members is not None:
            for code, member in enumerate(step.members.members):
                if self.module.scope.parts > MAX_PARTS and code:
                    break
                local = Value(Literal(step.members, code, entry.position))
                told = of_member(about, name, step.members, code)
                self._one(f"{name}[{member}]", step, versions, expected, told, {variable: local}, None)
            return
        fact = self.module.scope.value(step.rows) if step.rows else None
        if isinstance(fact, FactName) and isinstance(fact.type, t.ListOf):
            binder = Binder(variable, fact.name, fact.type.up_to)
            self._one(name, step, versions, expected, about, {variable: RowVariable(binder, fact.type)}, binder)
            return
        self._one(name, step, versions, expected, about, {}, None)
        if entry.range is not None:
            self._ranged(name, entry, about)

    def _declared(self, entry: surface.DerivedEntry) -> t.Scalar | None:
        if entry.type is None:
            return None
        found = t.PLAIN_TYPES.get(entry.type.text) or self.module.scope.type(entry.type.text)
        if isinstance(found, t.Bool | t.Number | t.Date | t.Enum):
            return found
        near = near_misses(entry.type.text, self.module.scope.type_names())
        self.faults.add("unknown-name", entry.type.position, near, kind="type", name=entry.type.text)
        return None

    def _versions(self, name: str, entry: surface.DerivedEntry) -> list[surface.DerivedPayload]:
        if (entry.is_ is None) == (entry.versions is None):
            self.faults.add("shape-together", entry.position, what=f"`{name}`", expected="say `is` or `versions`")
        return [entry] if entry.versions is None else list(entry.versions)

    def _one(
        self,
        key: str,
        step: StepName,
        versions: list[surface.DerivedPayload],
        expected: t.Scalar | None,
        about: About,
        local: Mapping[str, Local],
        binder: Binder | None,
    ) -> None:
        acts = []
        for version in versions:
            if version.repealed:
                acts.append(self.declarer.act(None, version, version.position))
                continue
            expr = self.typed(version.is_, expected, local)
            if expr is None:
                continue
            if step.type is None:
                step.type = _unclaimed(expr.type) if expected is None else expected
            elif not t.same_kind(step.type, expr.type) and not (
                expected is not None and t.same_kind(step.type, expected)
            ):
                self.faults.add("type-versions", version.position, name=key, first=step.type, second=expr.type)
                continue
            said = self.declarer.about(version, *([] if version is versions[0] else [versions[0]]))
            form = StepForm(expr, said if step.members is None else attrs.evolve(said, label=about.label))
            acts.append(self.declarer.act(form, version, version.position))
        if step.type is not None and acts:
            self.step(key, "derived", step.type, acts, about, binder)

    def _ranged(self, name: str, entry: surface.DerivedEntry, about: About) -> None:
        """Keep a value within its declared range: a check at the edge, and a clamp that is then the identity."""
        decl = self.into.steps.get(name)
        bounds = [read_number(n, self.faults, f"`range` of `{name}`") for n in entry.range or ()]
        if len(bounds) != 2 or None in bounds or decl is None or not isinstance(decl.type, t.Number):  # noqa: PLR2004 - a small number said in place
            self.faults.add("shape-together", entry.position, what=f"`{name}`", expected="`range` is [lowest, highest]")
            return
        low, high = bounds[0] or Fraction(0), bounds[1] or Fraction(0)
        raw = Step(decl.type, f"{name}~raw", None, entry.position)
        self.into.steps[f"{name}~raw"] = attrs.evolve(decl, key=f"{name}~raw", role="part")
        clamped = w.call(decl.type, "clamp", raw, const=(low, high), position=entry.position)
        inside = w.conjunction([w.call(t.BOOL, "ge", raw, w.number(low)), w.call(t.BOOL, "le", raw, w.number(high))])
        self.step(name, "derived", decl.type, self._while(decl, clamped), about)
        self.step(f"checks.{name}~range", "check", t.BOOL, self._while(decl, inside), about)

    def _while(self, decl: StepDecl, expr: Expr) -> list[Act[StepForm]]:
        """Give acts that say one thing for as long as a step has a value."""
        return [
            act if act.payload is None else attrs.evolve(act, payload=StepForm(expr, act.payload.about))
            for act in decl.acts
        ]

    # --- rankings ---

    def _ranking(self, name: str, entry: surface.RankingEntry) -> None:
        keys = []
        if not entry.by:
            self.faults.add("shape-missing", entry.position, what=f"ranking `{name}`", key="by")
        for i, key in enumerate(entry.by or ()):
            if (key.highest is None) == (key.lowest is None):
                self.faults.add(
                    "shape-together", key.position, what=f"ranking `{name}`", expected="say `highest` or `lowest`"
                )
                continue
            expr = self.typed(key.highest or key.lowest)
            if expr is not None and isinstance(expr.type, t.Enum) and not expr.type.ordered:
                self.faults.add("type-order", key.position, type=expr.type.name)
            self.once(f"rankings.{name}.{i + 1}", "ranking", expr, self.declarer.about(key, entry))
            keys.append((f"rankings.{name}.{i + 1}", key.highest is not None))
        self.into.rankings[name] = RankingDecl(name, tuple(keys), entry.ties or "shared", self.declarer.about(entry))


def _unclaimed(of: t.Scalar) -> t.Scalar:
    """Give the type of a value whose author names none: it is not claimed to be whole."""
    return t.NUMBER if isinstance(of, t.Number) and of.unit == "integer" else of
