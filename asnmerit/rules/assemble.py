"""One slice of a policy: what is in force on a day as known on another, expanded into steps.

Rules, hit policies, exceptions and totals become expressions here. After this no engine knows what a rule is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import attrs

from asnmerit.diagnostics import Faults, Position, joined_path
from asnmerit.rules import types as t
from asnmerit.rules.declarations import About, ConditionDecl, ConditionForm, DecisionDecl, Declarations, Role, RuleDecl
from asnmerit.rules.disjoint import alike, exclusive
from asnmerit.rules.expr import Binder, Call, Expr, Literal, Parameter, Step, walk
from asnmerit.rules.lower import LawData
from asnmerit.rules.table import CellRef, MonthsRef
from asnmerit.timeline import Act

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Choose = Callable[["Sequence[Act[Any]]"], "Act[Any] | None"]


@attrs.frozen(eq=False)
class RichStep:
    """A named value of the slice, as the policy says it."""

    key: str
    role: Role
    type: t.Scalar
    expr: Expr
    about: About
    binder: Binder | None = None


@attrs.frozen(eq=False)
class ConditionNode:
    """A condition of the slice, for explanations: how it is made and which steps hold its parts."""

    key: str
    name: str
    form: str
    about: About
    expr: Expr | None = None
    shared: str = ""
    children: tuple[ConditionNode, ...] = ()
    at_least: int = 0
    when: str = ""
    when_expr: Expr | None = None
    exceptions: tuple[ConditionNode, ...] = ()
    asked: str = ""


@attrs.frozen(eq=False)
class RuleNode:
    """A rule of the slice: its own truth is the step `key`; its grants are steps too."""

    key: str
    name: str
    about: About
    applies: tuple[ConditionNode, ...]
    requires: tuple[ConditionNode, ...]
    unless: tuple[ConditionNode, ...]
    grants: Mapping[str, str]


@attrs.frozen(eq=False)
class DecisionNode:
    """A decision of the slice."""

    key: str
    kind: str
    hit: str
    about: About
    fields: Mapping[str, t.Scalar]
    better: Mapping[str, str]
    totals: tuple[str, ...]
    rules: tuple[RuleNode, ...]
    otherwise: frozenset[str]
    may_conflict: bool
    labels: Mapping[str, Mapping[str, str]] = attrs.field(factory=dict)


@attrs.define(eq=False)
class Slice:
    """What was assembled: steps in an order in which each comes after what it reads."""

    steps: dict[str, RichStep]
    data: LawData
    decisions: dict[str, DecisionNode]
    shared: dict[str, ConditionNode]


class Assembler:
    """Assembles one slice; faults are noted, and what cannot be built is left out."""

    def __init__(self, declared: Declarations, choose: Choose, data: LawData, faults: Faults, when: str) -> None:
        """`choose` gives the act in force; `data` the values in force; `when` names the slice in faults."""
        self.declared, self.choose, self.data, self.faults, self.when = declared, choose, data, faults, when
        self.steps: dict[str, RichStep] = {}
        self.shared: dict[str, ConditionNode] = {}
        self.decisions: dict[str, DecisionNode] = {}
        self.missing: dict[str, Position] = {}

    def assemble(self, roots: Callable[[RichStep], bool]) -> Slice:
        """Build all steps, then keep those that the roots rest on, in order."""
        for decl in self.declared.steps.values():
            act = self.choose(decl.acts)
            if act is None or act.payload is None:
                self.missing[decl.key] = decl.about.position
            else:
                form = act.payload
                about = attrs.evolve(form.about, label=form.about.label or decl.about.label)
                self._add(decl.key, decl.role, form.expr, about, decl.type, decl.binder)
        for key, condition in self.declared.conditions.items():
            node = self._condition(condition)
            if node is None:
                self.missing[key] = condition.about.position
            else:
                self.shared[key] = node
        for decision in self.declared.decisions.values():
            self._decision(decision)
        return Slice(self._ordered(roots), self.data, self.decisions, self.shared)

    def _add(
        self, key: str, role: Role, expr: Expr, about: About, of: t.Scalar | None = None, binder: Binder | None = None
    ) -> Step:
        kind = of if of is not None else expr.type
        self.steps[key] = RichStep(key, role, kind, expr, about, binder)
        return Step(kind, key, None, about.position)

    # --- conditions ---

    def _condition(self, decl: ConditionDecl) -> ConditionNode | None:
        """Expand `not when or asked or any exception`; None where the condition is not in force."""
        act = self.choose(decl.acts)
        if act is None or act.payload is None:
            return None
        form: ConditionForm = act.payload
        for name, operand in form.operands:
            self._add(name, "operand", operand, form.about)
        children: tuple[ConditionNode, ...] = ()
        asked: Expr
        kind = "is"
        if form.is_ is not None:
            asked = form.is_
        else:
            kind, parts = next(
                (k, p)
                for k, p in (("any_of", form.any_of), ("all_of", form.all_of), ("at_least", form.of))
                if p is not None
            )
            children = tuple(n for n in map(self._condition, parts) if n is not None)
            tests = [_step(c.key) for c in children]
            asked = (
                _at_least(form.at_least, tests)
                if kind == "at_least"
                else _joined("or" if kind == "any_of" else "and", tests)
            )
        exceptions = tuple(n for n in map(self._condition, form.exceptions) if n is not None)
        asked_key = ""
        if exceptions or form.when is not None:
            asked_key = f"{decl.key}~asked"
            asked = self._add(asked_key, "part", asked, form.about, t.BOOL)
        alternatives = [asked, *(_step(e.key) for e in exceptions)]
        when_key = ""
        if form.when is not None:
            when_key = f"{decl.key}~when"
            when = self._add(when_key, "part", form.when, form.about)
            alternatives.insert(0, _call("not", when))
        self._add(
            decl.key, "condition", _joined("or", alternatives) if len(alternatives) > 1 else asked, form.about, t.BOOL
        )
        shared = form.is_.key if isinstance(form.is_, Step) and form.is_.key in self.declared.conditions else ""
        return ConditionNode(
            decl.key,
            decl.name,
            kind,
            form.about,
            form.is_,
            shared,
            children,
            form.at_least,
            when_key,
            form.when,
            exceptions,
            asked_key,
        )

    def _several(self, declared: Sequence[ConditionDecl]) -> tuple[ConditionNode, ...]:
        return tuple(n for n in map(self._condition, declared) if n is not None)

    # --- rules and decisions ---

    def _rule(self, rule: RuleDecl, common: Mapping[str, tuple[ConditionNode, ...]]) -> RuleNode | None:
        act = self.choose(rule.acts)
        if act is None or act.payload is None:
            return None
        form = act.payload
        applies = common["applies"] + (self._several((form.applies,)) if form.applies is not None else ())
        requires = common["requires"] + self._several(form.requires)
        unless = common["unless"] + self._several(form.unless)
        tests = [_step(n.key) for n in (*applies, *requires)] + [_call("not", _step(n.key)) for n in unless]
        self._add(rule.key, "rule", _joined("and", tests), form.about, t.BOOL)
        grants = {}
        fields = self.declared.decisions[rule.decision].fields
        for field, expr in form.grants.items():
            grants[field] = f"{rule.key}.grants.{field}"
            self._add(grants[field], "grant", expr, form.about, fields[field])
        return RuleNode(rule.key, rule.name, form.about, applies, requires, unless, grants)

    def _decision(self, decl: DecisionDecl) -> None:
        common = {
            "applies": self._several((decl.applies,)) if decl.applies is not None else (),
            "requires": self._several(decl.requires),
            "unless": self._several(decl.unless),
        }
        rules = tuple(r for r in (self._rule(rule, common) for rule in decl.rules) if r is not None)
        tests = [_step(r.key) for r in rules]
        self._add(f"{decl.key}.granted", "decision", _joined("or", tests), decl.about, t.BOOL)
        may_conflict = False
        if decl.hit in {"unique", "any"} and len(rules) > 1:
            may_conflict = self._conflict(decl, rules, tests)
        if decl.hit == "collect":
            self._totals(decl, rules)
        else:
            self._outcome(decl, rules, tests)
        self.decisions[decl.key] = DecisionNode(
            decl.key,
            decl.kind,
            decl.hit,
            decl.about,
            decl.fields,
            decl.better,
            decl.totals,
            rules,
            frozenset(decl.otherwise),
            may_conflict,
            decl.labels,
        )

    def _conflict(self, decl: DecisionDecl, rules: tuple[RuleNode, ...], tests: Sequence[Expr]) -> bool:
        pairs = [(i, j) for i in range(len(rules)) for j in range(i)]
        open_pairs = [(i, j) for i, j in pairs if not exclusive(self.steps, rules[i], rules[j], self.data)]
        if decl.hit == "any":
            open_pairs = [(i, j) for i, j in open_pairs if not alike(self.steps, rules[i], rules[j])]
        if decl.hit == "unique":
            clash = _at_least(2, tests)
        else:
            clash = _joined(
                "or",
                [
                    _joined(
                        "and",
                        [
                            tests[i],
                            tests[j],
                            _joined(
                                "or",
                                [
                                    Call(t.BOOL, "ne", (Step(of, rules[i].grants[f]), Step(of, rules[j].grants[f])))
                                    for f, of in decl.fields.items()
                                ],
                            ),
                        ],
                    )
                    for i, j in pairs
                ],
            )
        self._add(f"{decl.key}.conflict", "decision", clash, decl.about, t.BOOL)
        if open_pairs:
            names = "; ".join(f"{rules[j].name} / {rules[i].name}" for i, j in open_pairs[:3])
            self.faults.add("conflict-possible", decl.about.position, decision=decl.key, rules=names)
        return bool(open_pairs)

    def _outcome(self, decl: DecisionDecl, rules: tuple[RuleNode, ...], tests: Sequence[Expr]) -> None:
        for field, of in decl.fields.items():
            values: list[Expr] = [Step(of, r.grants[field]) for r in rules]
            if field in decl.otherwise:
                last: Expr = self._add(f"{decl.key}.otherwise.{field}", "part", decl.otherwise[field], decl.about, of)
            elif values:
                last = values[-1]
            else:
                continue
            for test, value in zip(reversed(tests), reversed(values), strict=True):
                last = value if value is last else Call(of, "if", (test, value, last), None, decl.about.position)
            self._add(f"{decl.key}.{field}", "decision", last, decl.about, of)
        number = t.number_of("integer")
        which: Expr = Literal(number, max(len(rules) - 1, 0))
        for i in reversed(range(len(rules) - 1)):
            which = Call(number, "if", (tests[i], Literal(number, i), which))
        self._add(f"{decl.key}.rule", "decision", which, decl.about, number)

    def _totals(self, decl: DecisionDecl, rules: tuple[RuleNode, ...]) -> None:
        for field in decl.totals:
            of = decl.fields.get(field)
            if of is None:
                continue  # a fault that is noted where the decision is read
            kind = t.number_of(of.unit) if isinstance(of, t.Number) else of
            zero = Literal(t.Number("integer"), 0)
            total: Expr = zero
            for rule in rules:
                part = Call(kind, "if", (_step(rule.key), Step(of, rule.grants[field]), zero))
                total = part if total is zero else Call(kind, "add", (total, part))
            self._add(f"{decl.key}.{field}", "decision", total, decl.about, kind)

    # --- order ---

    def _ordered(self, roots: Callable[[RichStep], bool]) -> dict[str, RichStep]:
        """Give the steps that the roots rest on, each after what it reads; name what is missing or circular."""
        done: dict[str, RichStep] = {}
        state: dict[str, int] = {}
        for root in [s for s in self.steps.values() if roots(s)]:
            stack: list[tuple[str, Iterator[Step]]] = []
            if self._enter(root.key, root.about.position, state, stack):
                self._walk(stack, state, done)
        return done

    def _enter(
        self, key: str, position: Position, state: dict[str, int], stack: list[tuple[str, Iterator[Step]]]
    ) -> bool:
        if key in state:
            if state[key] == 1:
                path = [k for k, _ in stack]
                circle = joined_path([*path[path.index(key) :], key])
                self.faults.add("dependency-cycle", self.steps[key].about.position, name=key, path=circle)
            return False
        state[key] = 1
        step = self.steps.get(key)
        if step is None:
            related = [self.missing[key]] if key in self.missing else []
            self.faults.add("no-value-in-force", position, related=related, name=key, when=self.when)
            state[key] = 2
            return False
        stack.append((key, iter([n for n in walk(step.expr) if isinstance(n, Step)])))
        return True

    def _walk(self, stack: list[tuple[str, Iterator[Step]]], state: dict[str, int], done: dict[str, RichStep]) -> None:
        while stack:
            key, reads = stack[-1]
            read = next(reads, None)
            if read is None:
                stack.pop()
                state[key] = 2
                done[key] = self.steps[key]
            else:
                position = read.position if read.position.file else self.steps[key].about.position
                self._enter(read.key, position, state, stack)
                self._no_conflict(read, key)

    def _no_conflict(self, read: Step, reader: str) -> None:
        decision, _, field = read.key.partition(".")
        node = self.decisions.get(decision)
        if node is None or not node.may_conflict or reader.startswith(f"{decision}."):
            return
        if field == "granted" or field in node.fields:
            self.faults.add("not-readable", read.position, name=read.key, reason="its rules may conflict")


def reads(expr: Expr) -> tuple[set[str], set[str]]:
    """Give the parameters and tables that an expression reads."""
    parameters: set[str] = set()
    tables: set[str] = set()
    for node in walk(expr):
        if isinstance(node, Parameter):
            parameters.add(node.key)
        elif isinstance(node, Call) and isinstance(node.const, MonthsRef):
            parameters.add(node.const.key)
        elif isinstance(node, Call) and isinstance(node.const, CellRef):
            tables.add(node.const.table)
    return parameters, tables


def _step(key: str) -> Step:
    return Step(t.BOOL, key)


def _call(op: str, *args: Expr) -> Call:
    return Call(t.BOOL, op, args)


def _joined(op: str, args: Sequence[Expr]) -> Expr:
    if not args:
        return Literal(t.BOOL, value=op == "and")
    return args[0] if len(args) == 1 else Call(t.BOOL, op, tuple(args))


def _at_least(n: int, args: Sequence[Expr]) -> Expr:
    return Call(t.BOOL, "at_least", tuple(args), n)
