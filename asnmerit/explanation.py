"""Why: a decision in words a person can check, in Indonesian or English.

Every line is read off the decision: conditions with their truth, the values on both sides, the article, what was
unknown. Nothing is evaluated a second time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import attrs

from asnmerit.citing import citations_of
from asnmerit.deriving import derived
from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.lines import Explanation, Line
from asnmerit.outcome import slots_below
from asnmerit.phrases import GRADE_NAMES, STATUS_NAMES, phrase
from asnmerit.rules.expr import Call, Expr, Fact, Step, walk
from asnmerit.rules.to_text import Language, Speech, Token, Tokens, fact_name, said_day, said_value, step_name
from asnmerit.rules.types import ListOf, PerMember, Yearly
from asnmerit.views import presumed_value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from asnmerit.decision import Decision, Outcome
    from asnmerit.outcome import ConditionResult
    from asnmerit.rules.assemble import RuleNode
    from asnmerit.rules.declarations import About, Citation, FactDecl

MARKS = {True: "✓", False: "✗", None: "?"}


def explain(decision: Decision, lang: str = "id", only: Collection[str] | str = ()) -> Explanation:
    """Explain a decision, in Indonesian (`id`) or English (`en`).

    `only` names decisions or named values (derived values, indicators, scores) to explain; left out, all decisions
    are. A value is explained by what it is computed from, and that in turn.

    >>> import asnmerit
    >>> law = asnmerit.in_force(asnmerit.load("manokwari/merit"), on="2026-04-01")
    >>> "2026" in str(explain(asnmerit.decide(law, {}), lang="en"))
    True
    >>> decision = asnmerit.decide(law, {"absences": [{"start": "2025-03-03", "days": 4}]})
    >>> print(str(explain(decision, lang="en", only="absent_days_last_year")).splitlines()[-1])
    days of absence last year: 4 = sum of consecutive working days over spells of unexcused absence,
    where the year of start is the year of the decision date - 1 [PP 94/2021 tentang Disiplin PNS]
    """
    if not hasattr(decision, "outcomes"):
        raise ArgumentError("decision", decision, "a Decision, as `decide` gives it")
    names = (only,) if isinstance(only, str) else tuple(only)
    known_names = [*decision.law.decisions, *decision.law.index]
    for name in names:
        if name not in known_names:
            near = near_misses(str(name), known_names)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ArgumentError("only", name, f"names of decisions or named values of the law{hint}")
    for known in get_args(Language):
        if lang == known:
            return Explanation(lang, tuple(_Explainer(decision, known).lines(names)))
    raise ArgumentError("lang", lang, "id or en")


@attrs.define
class _Explainer:
    """Lays a decision out in lines."""

    decision: Decision
    lang: Language
    article: tuple[Citation, ...] = ()

    def p(self, key: str, *args: str) -> str:
        return phrase(key, self.lang).format(*args)

    @property
    def speech(self) -> Speech:
        return Speech(
            self.decision.law, self.lang, self.decision.as_of.year, self._fact, self.decision.values.__getitem__
        )

    def _fact(self, node: Fact) -> Any:  # noqa: ANN401 - a value shown
        if node.name == "as_of":
            return self.decision.as_of
        value = self._given(node.name)
        if isinstance(value, dict):
            year = self.decision.as_of.year
            return value.get(year - 1 - node.slot if isinstance(node.slot, int) else node.slot)
        return len(value) if node.slot == "#" and value is not None else value

    def _given(self, name: str) -> Any:  # noqa: ANN401
        """Give the value of a fact: as recorded, or as presumed."""
        if name in self.decision.presumed:
            return presumed_value(self.decision.law.declared[name])
        return self.decision.facts.get(name)

    # --- the whole ---

    def lines(self, only: tuple[str, ...] = ()) -> Iterator[Line]:
        law, day = self.decision.law, said_day(self.decision.as_of, self.lang)
        yield Line(0, (Token(law.title.get(self.lang, law.policy), "name"),), heading=True)
        known = "" if law.known is None else self.p("known", said_day(law.known, self.lang))
        yield Line(0, (Token(self.p("as_of", day) + known),))
        for name, reading in sorted(law.readings.items()):
            yield Line(0, (Token(self.p("reading", name, reading)),))
        if not only:
            yield from self._scores()
        for name, outcome in self.decision.outcomes.items():
            if not only or name in only:
                yield from self._outcome(outcome)
        values = [name for name in only if name not in self.decision.outcomes]
        yield from derived(self.decision, values, self.lang, self.speech, self._cite)
        if self.decision.presumed:
            yield Line(0, (Token(self.p("presumed")),), heading=True)
            for name in self.decision.presumed:
                yield Line(1, self._presumed(name))

    def _scores(self) -> Iterator[Line]:
        shown = [s for s in self.decision.law.steps if s.role in {"indicator", "score"}]
        if not shown:
            return
        yield Line(0, (Token(self.p("scores")),), heading=True)
        for step in shown:
            applies = f"{step.key}.applies"
            if applies in self.decision.law.index and self.decision.values[applies] is False:
                said = self.p("not_applicable")
            else:
                said = said_value(self.decision.values[step.key], step.type, self.lang)
            name = step_name(self.decision.law, step.key, self.lang)
            yield Line(1, (Token(name, "name"), Token(": "), Token(said, "value"), *self._cite(step.about)))

    def _presumed(self, name: str) -> Tokens:
        decl = self.decision.law.declared[name]
        said = self._said_fact(self._given(name), decl)
        return (
            Token(fact_name(self.decision.law, name, self.lang), "name"),
            Token(": "),
            Token(said, "value"),
            *self._cite(decl.about),
        )

    # --- one decision ---

    def _outcome(self, outcome: Outcome) -> Iterator[Line]:
        title = (outcome.node.about.label or {}).get(self.lang, outcome.name.replace("_", " "))
        status = STATUS_NAMES[self.lang][outcome.kind][outcome.status]
        yield Line(0, (Token(title, "name"), Token(": "), Token(status, "value")), heading=True)
        yield from self._granted(outcome)
        if outcome.status == "undetermined":
            yield from self._open(outcome)
        if outcome.status == "conflict":
            yield Line(1, (Token(self.p("conflict", ", ".join(outcome.rules))),))
        for rule in outcome.node.rules:
            yield from self._rule(rule, outcome.conditions[rule.name])
        if outcome.grade:
            yield Line(1, (Token(self.p("grade", GRADE_NAMES[self.lang][outcome.grade])),))

    def _granted(self, outcome: Outcome) -> Iterator[Line]:
        if outcome.node.hit == "collect":
            for grant in outcome.grants:
                yield Line(
                    1,
                    (
                        Token(self.p("grants", self._rule_name(grant.rule, grant.about))),
                        *self._fields(outcome, dict(grant.outcome)),
                    ),
                )
            for field in outcome.node.totals:
                value = outcome.outcome[field] if outcome.outcome else None
                said = said_value(value, outcome.node.fields[field], self.lang)
                if value is None:
                    low, high = (
                        said_value(b, outcome.node.fields[field], self.lang) for b in outcome.total_bounds[field]
                    )
                    said = self.p("certain", low) if low == high else self.p("between", said, low, high)
                yield Line(1, (Token(self.p("total", self._field(outcome, field))), Token(said, "value")))
        elif outcome.status == "granted" and outcome.outcome:
            yield Line(1, self._fields(outcome, dict(outcome.outcome)))

    def _fields(self, outcome: Outcome, values: dict[str, Any]) -> Tokens:
        tokens: list[Token] = []
        for field, value in values.items():
            tokens += [Token("; ")] if tokens else []
            said = said_value(value, outcome.node.fields[field], self.lang)
            tokens += [Token(self._field(outcome, field), "name"), Token(": "), Token(said, "value")]
        return tuple(tokens)

    def _field(self, outcome: Outcome, field: str) -> str:
        return outcome.node.labels.get(field, {}).get(self.lang, field.replace("_", " "))

    def _open(self, outcome: Outcome) -> Iterator[Line]:
        names = [self._flat_name(n) for n in outcome.missing]
        yield Line(
            1,
            (Token(self.p("missing" if outcome.missing.exact else "missing_enough")), Token("; ".join(names), "name")),
        )
        if outcome.foregone:
            status = STATUS_NAMES[self.lang][outcome.kind][outcome.foregone]
            yield Line(1, (Token(self.p("foregone", status)),))

    def _flat_name(self, flat: str) -> str:
        """Name a missing fact by its label: `performance_2025` is the predicate of 2025."""
        law = self.decision.law
        if flat in law.declared:
            return fact_name(law, flat, self.lang)
        name = max((n for n in law.declared if flat.startswith(n + "_")), key=len, default="")
        rest = flat.removeprefix(name + "_")
        return f"{fact_name(law, name, self.lang)} {rest.replace('_', ' ')}" if name else flat

    def _rule_name(self, name: str, about: About) -> str:
        return (about.label or {}).get(self.lang, name.replace("_", " "))

    def _rule(self, rule: RuleNode, found: tuple[ConditionResult, ...]) -> Iterator[Line]:
        outside = [c for c in found if c.part == "applies" and c.truth is False]
        title = (Token(self.p("rule")), Token(self._rule_name(rule.name, rule.about), "name"), *self._cite(rule.about))
        if outside:
            yield Line(1, (*title, Token(self.p("out_of_scope"))))
            yield from (line for c in outside for line in self._condition(c, 2))
            return
        yield Line(1, title)
        self.article = rule.about.citations
        for condition in found:
            yield from self._condition(condition, 2)
        self.article = ()

    # --- one condition ---

    def _condition(self, found: ConditionResult, depth: int) -> Iterator[Line]:
        label = (found.about.label or {}).get(self.lang)
        mark = MARKS[found.holds]
        if found.exceptions and found.asked is not False:
            yield from self._exempted(found, depth)
            return
        if found.asked is False:
            name = label or found.name.replace("_", " ")
            when = found.node.when_expr
            why = (Token(" ("), *self.speech.say(when), Token(")")) if when is not None else ()
            yield Line(depth, (Token(name, "name"), Token(self.p("not_asked")), *why), mark)
            return
        said = self._said(found.node.expr) if found.node.expr is not None else ()
        kind = {"any_of": "one_of", "all_of": "all_of", "at_least": "at_least"}.get(found.node.form)
        head: list[Token] = [Token(self.p("must_not"))] if found.part == "unless" else []
        if label and not (said and said[0].text == label):
            head += [Token(label, "name")] + ([Token(": ")] if said or kind else [])
        if kind:
            head.append(Token(self.p(kind, str(found.node.at_least))))
        head += said
        yield Line(depth, (*(head or [Token(found.name)]), *self._cite(found.about, found.node.expr)), mark)
        if said:
            yield from self._facts_line(found, depth + 1)
        for child in found.children:
            yield from self._condition(child, depth + 1)

    def _exempted(self, found: ConditionResult, depth: int) -> Iterator[Line]:
        """Say a condition with exceptions: how it stands, what it asks by itself, then each exception."""
        name = (found.about.label or {}).get(self.lang, found.name.replace("_", " "))
        head = (Token(self.p("must_not")),) if found.part == "unless" else ()
        yield Line(depth, (*head, Token(name, "name"), Token(self.p("or_exempt"))), MARKS[found.holds])
        plain = found._replace(exceptions=(), truth=found.own, part="requires")
        yield from self._condition(plain, depth + 1)
        for exception in found.exceptions:
            first, *rest = self._condition(exception, depth + 1)
            yield attrs.evolve(first, tokens=(Token(self.p("exception")), *first.tokens))
            yield from rest

    def _said(self, expr: Expr) -> Tokens:
        """Say what is asked: the person's value, then what is required."""
        if isinstance(expr, Call) and expr.op in {"ge", "gt", "le", "lt", "eq", "ne"}:
            left, right = (self.speech.say(a) for a in expr.args)
            return (*left, Token(self.p(f"must_{expr.op}")), *right)
        if isinstance(expr, Call) and expr.op == "not" and isinstance(expr.args[0], Fact | Step):
            return (*self._said(expr.args[0]), Token(self.p("must_eq")), Token(self.p("no"), "value"))
        if isinstance(expr, Fact | Step):
            name = self.speech
            value = self._fact(expr) if isinstance(expr, Fact) else self.decision.values[expr.key]
            inner = attrs.evolve(name, inside=True).say(expr)
            return (*inner, Token(": "), Token(said_value(value, expr.type, self.lang), "value"))
        return self.speech.say(expr)

    def _facts_line(self, found: ConditionResult, depth: int) -> Iterator[Line]:
        """List the person's facts that the condition rests on, where the line above does not already show them."""
        law = self.decision.law
        shown = {n.name for n in walk(found.node.expr) if isinstance(n, Fact)} if found.node.expr is not None else set()
        slots = slots_below(law, found.node.key)
        names = sorted(slots.keys() - shown)
        if not names:
            return
        tokens: list[Token] = [Token(self.p("facts"))]
        for i, name in enumerate(names):
            value = self._given(name)
            tokens += [Token("; ")] if i else []
            said = self._said_fact(value, law.declared[name], slots[name])
            tokens += [Token(fact_name(law, name, self.lang), "name"), Token(": "), Token(said, "value")]
        yield Line(depth, tuple(tokens))

    def _said_fact(self, value: Any, decl: FactDecl, slots: Collection[int | str] = ()) -> str:  # noqa: ANN401
        """Say a fact; of a family, the years or members that are read, those not known as well."""
        match decl.type:
            case Yearly(inner):
                years = [self.decision.as_of.year - 1 - k for k in sorted(slots) if isinstance(k, int)]
                return ", ".join(f"{y} {said_value((value or {}).get(y), inner, self.lang)}" for y in years)
            case PerMember(inner, enum):
                members = [m for m in enum.members if m in slots]
                said = [
                    f"{said_value(m, enum, self.lang)} {said_value((value or {}).get(m), inner, self.lang)}"
                    for m in members
                ]
                return ", ".join(said)
            case _ if value is None:
                return self.p("unknown")
            case ListOf() as rows:
                return self._said_rows(rows, value, decl)
            case inner:
                return said_value(value, inner, self.lang)  # type: ignore[arg-type]

    def _said_rows(self, of: ListOf, value: list[Any], decl: FactDecl) -> str:
        if not value:
            return self.p("none")
        if of.plain:
            return ", ".join(said_value(v, of.fields["value"], self.lang) for v in value)
        names = {f: decl.field_labels.get(f, {}).get(self.lang, f.replace("_", " ")) for f in of.fields}
        rows = [
            ", ".join(
                f"{names[f]} {said_value(row.get(f), kind, self.lang)}" for f, kind in of.fields.items() if f in row
            )
            for row in value
        ]
        return " | ".join(rows)

    # --- citations ---

    def _cite(self, about: About, expr: Expr | None = None) -> Tokens:
        """Cite the article of a condition and of the values it compares with; where there is none, its rule's."""
        named = list(dict.fromkeys(str(c) for c in citations_of(self.decision, about, expr) or self.article))
        return (Token(f" [{'; '.join(named)}]", "cite"),) if named else ()
