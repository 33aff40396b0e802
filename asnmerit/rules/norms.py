"""From the surface to declarations: conditions, decisions and rules."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Position, near_misses
from asnmerit.rules import surface
from asnmerit.rules import types as t
from asnmerit.rules.declarations import (
    ConditionDecl,
    ConditionForm,
    DecisionDecl,
    Declarations,
    Module,
    RuleDecl,
    RuleForm,
    of_member,
)
from asnmerit.rules.expr import Call, Each, Expr, Fact, Literal, Parameter, Row, Step, rebuilt, walk
from asnmerit.rules.schema import NAME
from asnmerit.rules.scope import DecisionName, Local, StepName, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from asnmerit.diagnostics import Faults
    from asnmerit.rules.declarations import About
    from asnmerit.rules.declare import Declarer
    from asnmerit.rules.derive import Deriver
    from asnmerit.timeline import Act

COMPARISONS = frozenset({"eq", "ne", "lt", "le", "gt", "ge", "listed", "in_months", "in_table"})
MAX_NESTING = 12


@attrs.frozen
class Change:
    """What a document does to something that a parent declared, to be held against what the parent delegates."""

    name: str
    how: str
    module: Module
    position: Position
    own: str


@attrs.define(eq=False)
class Normer:
    """Declares the conditions, decisions and rules of one document."""

    module: Module
    into: Declarations
    faults: Faults
    declarer: Declarer
    deriver: Deriver
    changes: list[Change]

    def enter(self) -> None:
        """Enter the names of shared conditions and decisions."""
        for name, condition in self.module.document.conditions.items():
            entity = StepName(name, t.BOOL, position=condition.position, kind="a condition")
            self.declarer.add(name, entity, condition.position)
        for name, decision in self.module.document.decisions.items():
            if self._inherited(name) is None:
                self._enter_decision(name, decision)

    def define(self) -> None:
        """Type conditions, decisions and rules."""
        document = self.module.document
        for name, condition in document.conditions.items():
            self.into.conditions[name] = self.condition(name, name, condition, {})
        for name, decision in document.decisions.items():
            self._decision(name, decision)
        for name, rule in document.rules.items():
            self._rule(name, rule)
        for name in document.decisions:
            self._ordered(name)

    # --- conditions ---

    def condition(
        self,
        key: str,
        name: str,
        entry: surface.ConditionEntry,
        local: Mapping[str, Local],
        guards: frozenset[str] = frozenset(),
        depth: int = 0,
    ) -> ConditionDecl:
        """Declare a condition and what it is made of."""
        about = self.declarer.about(entry)
        acts = []
        if depth > MAX_NESTING:
            self.faults.add("expression-depth", entry.position, limit=MAX_NESTING)
            return ConditionDecl(key, name, [], about)
        for version in entry.versions or (entry,):
            if version.repealed:
                acts.append(self.declarer.act(None, version, version.position))
                continue
            form = self._form(key, entry, version, local, guards, depth)
            if form is not None:
                acts.append(self.declarer.act(form, version, version.position))
        return ConditionDecl(key, name, acts, about)

    def _form(
        self,
        key: str,
        entry: surface.ConditionEntry,
        version: surface.ConditionPayload,
        local: Mapping[str, Local],
        guards: frozenset[str],
        depth: int,
    ) -> ConditionForm | None:
        asked = [p for p in ("is_", "any_of", "all_of", "of") if getattr(version, p) is not None]
        if len(asked) != 1 or (version.of is None) != (version.at_least is None):
            expected = "say one of `is`, `any_of`, `all_of`, or `at_least` with `of`"
            self.faults.add("shape-together", version.position, what=f"condition `{key}`", expected=expected)
            return None
        if {} in (version.any_of, version.all_of, version.of):
            expected = "name one condition at least"
            self.faults.add("shape-together", version.position, what=f"condition `{key}`", expected=expected)
        when = self.deriver.typed(version.when, t.BOOL, local, guards)
        inner = guards | _guards_of(when)

        def several(said: Mapping[str, surface.ConditionEntry] | None) -> tuple[ConditionDecl, ...] | None:
            if said is None:
                return None
            return tuple(self.condition(f"{key}.{n}", n, c, local, inner, depth + 1) for n, c in said.items())

        is_ = self.deriver.typed(version.is_, t.BOOL, local, inner)
        operands: tuple[tuple[str, Expr], ...] = ()
        if is_ is not None:
            is_, operands = hoisted(key, is_)
        if (version.is_ is not None and is_ is None) or (version.when is not None and when is None):
            return None
        count = len(version.of or ())
        if version.at_least is not None and version.at_least > count:
            self.faults.add(
                "shape-together",
                version.position,
                what=f"condition `{key}`",
                expected=f"`at_least` of {count} conditions is at most {count}",
            )
        return ConditionForm(
            self.declarer.about(version, entry),
            is_,
            operands,
            several(version.any_of),
            several(version.all_of),
            version.at_least or 0,
            several(version.of),
            when,
            several(version.except_) or (),
        )

    def several(
        self, key: str, said: Mapping[str, surface.ConditionEntry] | None, local: Mapping[str, Local]
    ) -> list[ConditionDecl]:
        """Declare the conditions under `requires` or `unless`."""
        return [self.condition(f"{key}.{n}", n, c, local) for n, c in (said or {}).items()]

    # --- decisions ---

    def _inherited(self, name: str) -> DecisionDecl | None:
        entity = self.module.parent.scope.value(name) if self.module.parent else None
        return self.into.decisions.get(name) if isinstance(entity, DecisionName) else None

    def _enter_decision(self, name: str, entry: surface.DecisionEntry) -> None:
        self.declarer.parts(entry.outcome or {})
        fields = {
            f: self.declarer.scalar_type(spec, f"outcome `{f}` of `{name}`", bounded=False)
            for f, spec in (entry.outcome or {}).items()
        }
        known = {f: of for f, of in fields.items() if of is not None}
        hit = entry.hit or "unique"
        readable = frozenset(entry.total or ()) if hit == "collect" else frozenset(entry.otherwise or ())
        plain = {f: t.Number(of.unit) if isinstance(of, t.Number) else of for f, of in known.items()}
        self.declarer.add(name, DecisionName(name, plain, readable & frozenset(known), entry.position), entry.position)
        better = {f: spec.better for f, spec in (entry.outcome or {}).items() if spec.better}
        about = self.declarer.about(entry)
        self.into.decisions.setdefault(
            name,
            DecisionDecl(
                name,
                entry.kind or "benefit",
                hit,
                known,
                better,
                tuple(entry.total or ()),
                about,
                self.module.layer,
                self.module.name,
                labels={f: spec.label for f, spec in (entry.outcome or {}).items() if spec.label},
            ),
        )

    def _decision(self, name: str, entry: surface.DecisionEntry) -> None:
        inherited = self._inherited(name)
        decl = self.into.decisions.get(name)
        if decl is None:
            return
        if inherited is not None:
            self._tightened(name, entry)
        else:
            self._consistent(name, entry, decl)
        for field, text in (entry.otherwise or {}).items():
            of = decl.fields.get(field)
            typed = self.deriver.typed(text, _unbounded(of)) if of is not None else None
            if of is None:
                near = near_misses(field, decl.fields)
                self.faults.add("unknown-name", text.position, near, kind="field", name=f"{name}.{field}")
            elif typed is not None:
                decl.otherwise = {**decl.otherwise, field: typed}
        if entry.applies is not None:
            decl.applies = self.condition(f"{name}.applies", "applies", entry.applies, {})
        taken = {c.key for c in (*decl.requires, *decl.unless)}
        for part, said in (("requires", entry.requires), ("unless", entry.unless)):
            for condition in self.several(f"{name}.{part}", said, {}):
                if condition.key in taken:
                    self.faults.add(
                        "name-taken", condition.about.position, name=condition.name, kind="a condition here"
                    )
                getattr(decl, part).append(condition)

    def _tightened(self, name: str, entry: surface.DecisionEntry) -> None:
        """A child may add conditions to a parent's decision, nothing else."""
        own = ", ".join(map(str, self.declarer.citations(entry.source))) or self.module.name
        others = [
            k
            for k in ("kind", "outcome", "otherwise", "hit", "order", "total", "applies", "label")
            if getattr(entry, k) is not None
        ]
        how = "changed" if others else "add_requires"
        self.changes.append(Change(name, how, self.module, entry.position, own))

    def _consistent(self, name: str, entry: surface.DecisionEntry, decl: DecisionDecl) -> None:
        what = f"decision `{name}`"
        if (entry.order is not None) != (decl.hit == "first"):
            self.faults.add(
                "shape-together", entry.position, what=what, expected="`hit: first` comes with `order`, and only it"
            )
        if entry.total is not None and decl.hit != "collect":
            self.faults.add("shape-together", entry.position, what=what, expected="`total` belongs to `hit: collect`")
        if entry.otherwise is not None and decl.hit == "collect":
            self.faults.add(
                "shape-together", entry.position, what=what, expected="`otherwise` does not go with `hit: collect`"
            )
        for field in entry.total or ():
            of = decl.fields.get(field)
            if of is None:
                near = near_misses(field, decl.fields)
                self.faults.add("unknown-name", entry.position, near, kind="field", name=f"{name}.{field}")
            elif not isinstance(of, t.Number):
                expected = f"only numbers are added up; `{field}` is {of}"
                self.faults.add("shape-together", entry.position, what=what, expected=expected)

    def _ordered(self, name: str) -> None:
        decl = self.into.decisions.get(name)
        entry = self.module.document.decisions[name]
        if decl is None or entry.order is None or self._inherited(name) is not None:
            return
        own = [r for r in decl.rules if r.layer == self.module.layer]
        named = [n.text for n in entry.order]
        names = list(dict.fromkeys(r.name.partition("[")[0] for r in own))
        for node in entry.order:
            if node.text in names and named.count(node.text) > 1:
                self.faults.add("duplicate-key", node.position, key=node.text)
            elif node.text not in names:
                near = near_misses(node.text, names)
                self.faults.add("unknown-name", node.position, near, kind=f"rule of `{name}`", name=node.text)
        missing = [n for n in names if n not in named]
        if missing:
            self.faults.add(
                "shape-together",
                entry.position,
                what=f"`order` of `{name}`",
                expected=f"every rule; missing: {', '.join(missing)}",
            )
        place = {n: i for i, n in enumerate(named)}
        decl.rules.sort(key=lambda r: (r.layer, place.get(r.name.partition("[")[0], 0)))

    # --- rules ---

    def _rule(self, name: str, entry: surface.RuleEntry) -> None:
        if entry.decides is None:
            self.faults.add("shape-missing", entry.position, what=f"rule `{name}`", key="decides")
            return
        decision = self.module.scope.value(entry.decides.text)
        decl = self.into.decisions.get(entry.decides.text) if isinstance(decision, DecisionName) else None
        if decl is None:
            near = near_misses(entry.decides.text, self.into.decisions)
            self.faults.add("unknown-name", entry.decides.position, near, kind="decision", name=entry.decides.text)
            return
        if decl.policy != self.module.name:
            own = ", ".join(map(str, self.declarer.citations(entry.source))) or self.module.name
            self.changes.append(Change(decl.key, "add_rules", self.module, entry.position, own))
        for suffix, local, told in self._family(name, entry):
            key = f"rules.{name}{suffix}"
            if key in self.into.rule_keys:
                self.faults.add("name-taken", entry.position, name=name, kind="a rule")
                continue
            self.into.rule_keys.add(key)
            acts: list[Act[RuleForm]] = []
            for version in entry.versions or (entry,):
                form = None if version.repealed else self._rule_form(key, entry, version, decl, local)
                form = None if form is None else attrs.evolve(form, about=told(form.about))
                if form is not None or version.repealed:
                    acts.append(self.declarer.act(form, version, version.position))
            about = told(self.declarer.about(entry))
            if not about.citations:
                self.faults.add("no-source", entry.position, what=f"rule `{name}`")
            decl.rules.append(RuleDecl(key, f"{name}{suffix}", decl.key, acts, about, self.module.layer))

    def _family(
        self, name: str, entry: surface.RuleEntry
    ) -> list[tuple[str, dict[str, Local], Callable[[About], About]]]:
        """Give the rules that an entry stands for: suffix of the name, the local variable, what it says of itself."""
        if not entry.for_:
            return [("", {}, lambda about: about)]
        (variable, text), *more = entry.for_.items()
        enum = self.module.scope.type(text.text.removeprefix("types.")) if text.text.startswith("types.") else None
        if enum is None or more or not NAME.match(variable):
            self.faults.add("generator-source", text.position, got=f"`{text.text[:40]}` in `for:` of `{name}`")
            return []
        return [
            (
                f"[{m}]",
                {variable: Value(Literal(enum, code, text.position))},
                partial(of_member, name=name, enum=enum, code=code),
            )
            for code, m in enumerate(enum.members)
        ]

    def _rule_form(
        self,
        key: str,
        entry: surface.RuleEntry,
        version: surface.RulePayload,
        decl: DecisionDecl,
        local: Mapping[str, Local],
    ) -> RuleForm | None:
        applies = version.applies
        scope = None if applies is None else self.condition(f"{key}.applies", "applies", applies, local)
        grants: dict[str, Expr] = {}
        said = version.grants or {}
        for field, of in decl.fields.items():
            if field not in said:
                self.faults.add("shape-missing", version.position, what=f"`grants` of `{entry_name(key)}`", key=field)
                continue
            typed = self.deriver.typed(said[field], _unbounded(of), local)
            if typed is not None:
                grants[field] = typed
        for field in said:
            if field not in decl.fields:
                near = near_misses(field, decl.fields)
                self.faults.add("unknown-name", said[field].position, near, kind=f"field of `{decl.key}`", name=field)
        if len(grants) != len(decl.fields):
            return None
        about = self.declarer.about(version, entry)
        return RuleForm(
            about,
            scope,
            tuple(self.several(f"{key}.requires", version.requires, local)),
            tuple(self.several(f"{key}.unless", version.unless, local)),
            grants,
        )


def entry_name(key: str) -> str:
    """Give the name that a rule's key was made from."""
    return key.removeprefix("rules.")


def _unbounded(of: t.Scalar) -> t.Scalar:
    return t.Number(of.unit) if isinstance(of, t.Number) else of


def _guards_of(test: Expr | None) -> frozenset[str]:
    """Give the indicators that a `when:` has asked to apply."""
    if test is None:
        return frozenset()
    parts = test.args if isinstance(test, Call) and test.op == "and" else (test,)
    return frozenset(
        p.key.removesuffix(".applies") for p in parts if isinstance(p, Step) and p.key.endswith(".applies")
    )


def hoisted(key: str, expr: Expr) -> tuple[Expr, tuple[tuple[str, Expr], ...]]:
    """Name the operands of comparisons that are not names already, so that explaining is reading values."""
    operands: list[tuple[str, Expr]] = []

    def named(arg: Expr) -> Expr:
        if isinstance(arg, Literal | Parameter | Fact | Row | Step) or _bound(arg) or _divides(arg):
            return arg
        name = f"{key}~{len(operands) + 1}"
        operands.append((name, arg))
        return Step(arg.type, name, None, arg.position)

    def change(node: Expr) -> Expr | None:
        if isinstance(node, Each):
            return node
        if isinstance(node, Call) and node.op in COMPARISONS and not any(isinstance(a.type, t.Bool) for a in node.args):
            return attrs.evolve(node, args=tuple(named(a) for a in node.args))
        return None

    return rebuilt(expr, change), tuple(operands)


def _bound(expr: Expr) -> bool:
    """Whether an expression speaks of a row of a fold outside it."""
    inner = {n.binder for n in walk(expr) if isinstance(n, Each)}
    return any(n.binder not in inner for n in walk(expr) if isinstance(n, Row | Step) and n.binder is not None)


def _divides(expr: Expr) -> bool:
    return isinstance(expr, Call) and expr.op == "div"
