"""The policy format, as written: one class for each kind of entry, one field for each key.

These declarations are the format. The reader (`schema.read`), the JSON Schema and the reference page are made
from them; nothing else lists the keys.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Position
from asnmerit.rules import shapes as s
from asnmerit.rules.shapes import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.document import Node, Scalar

Text = dict[str, str]
NOWHERE = Position("")


@attrs.frozen
class Ref:
    """A citation: the id of a source and the place in it."""

    source: str
    rest: str
    position: Position

    def __str__(self) -> str:
        """Show `source place`."""
        return f"{self.source} {self.rest}".strip()


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Meta:
    """What anything named may carry."""

    position: Position = NOWHERE
    label: Text | None = said(s.Words(), "short name in explanations", alias="title")
    source: tuple[Ref, ...] = said(s.References(), "where the law says so", default=())
    grade: str | None = said(
        s.Choice(("A", "B", "C", "M", "illustrative")),
        "evidence: A official text read, B official "
        "summary or press, C third-party code, M from memory, illustrative: no source",
    )
    note: str | None = said(s.Plain(), "a remark for the reader")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Dates(Meta):
    """When an entry is in force (`from` included, `until` not) and the day it became known."""

    from_: int | None = said(s.Day(), "first day in force; the policy's when left out", key="from")
    until: int | None = said(s.Day(), "first day no longer in force; open when left out")
    enacted: int | None = said(s.Day(), "day it was enacted; the document's when left out")
    repealed: bool = said(s.Flag(), "this act ends what was in force before, from its day on", default=False)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Period(Meta):
    """The days on which the policy may be asked."""

    from_: int | None = said(s.Day(), "first day", key="from", required=True)
    until: int | None = said(s.Day(), "first day no longer; open when left out")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Source(Meta):
    """One regulation or other source."""

    url: str | None = said(s.Plain(), "where it was read")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class TypeSpec(Meta):
    """A type, with its range where it is a number."""

    type: Scalar | None = said(
        s.Name("a type"), "bool, integer, number, percent, rupiah, date, months or a declared type"
    )
    from_: Scalar | None = said(s.Literal(), "smallest value", key="from")
    to: Scalar | None = said(s.Literal(), "largest value")
    step: Scalar | None = said(s.Literal(), "values are whole numbers of steps from the smallest")


TYPE = s.Entry(TypeSpec, short="type")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class TypeEntry(Meta):
    """An enumeration: members, or members in order (an inner list is one level)."""

    order: tuple[Node, ...] | None = said(
        s.Many(s.Anything("a member, or a list of members of one level")),
        "members from lowest to highest; an inner list is one level",
    )
    members: tuple[Scalar, ...] | None = said(s.Many(s.Literal()), "members without order")
    labels: Mapping[str, Text] | None = said(s.Named(s.Words(), keys="any"), "names of the members", key="label")
    label: Text | None = said(s.Words(), "name of the type", key="title")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class FactEntry(TypeSpec):
    """One thing that a person's record may say. Every fact may be unknown."""

    per: Scalar | None = said(s.Name("`year` or a type"), "a family: one value a calendar year, or one a member")
    back: int | None = said(s.Whole(1, 60), "with `per: year`: how many completed years are read")
    up_to: int | None = said(s.Whole(1, 366), "with `type: list`: the most rows")
    of: Mapping[str, TypeSpec] | None = said(s.Named(TYPE), "with `type: list`: the fields of a row")
    assume: Node | None = said(
        s.Anything("a value"),
        "a presumption of law: stands in for an unknown fact, is shown, and must cite its `source`",
        alias="presume",
    )
    merit: bool = said(s.Flag(), "more of it must never hurt", default=False)
    protected: bool = said(s.Flag(), "it must not matter", default=False)
    immutable: bool = said(s.Flag(), "the person cannot change it", default=False)
    actionable: bool = said(s.Flag(), "the person can change it", default=False)
    cost: int | None = said(s.Whole(0, 10**9), "what changing it by one step costs, for the roadmap")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Claim(Meta):
    """A boolean expression that must hold."""

    is_: Scalar | None = said(s.Expression(), "the expression", key="is", required=True)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Rounding(Meta):
    """How a value is rounded."""

    to: Scalar | None = said(s.Literal(), "the step", required=True)
    mode: str | None = said(
        s.Choice(("half_up", "half_even", "half_down", "down", "up", "floor", "ceiling")),
        "the mode, as in Python's decimal",
        required=True,
    )


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Scale(Meta):
    """The range and step of an indicator."""

    from_: Scalar | None = said(s.Literal(), "lowest value", key="from", required=True)
    to: Scalar | None = said(s.Literal(), "highest value", required=True)
    step: Scalar | None = said(s.Literal(), "the step", required=True)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Rater(Meta):
    """One kind of rater; the fact is a list of their scores, `[]` when there are none."""

    up_to: int | None = said(s.Whole(1, 60), "the most raters of this kind", required=True)
    at_least: int | None = said(s.Whole(1, 60), "the fewest for a scheme to use them (1)")
    combine: str | None = said(s.Choice(("mean", "median")), "how their scores become one (mean)")
    required: bool = said(s.Flag(), "fewer than `at_least` is refused at the edge", default=False)


SCHEMES = s.Many(s.Named(s.Literal()))


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class IndicatorEntry(Meta):
    """Something a person is scored on: computed, or given by raters and combined by the first scheme that applies."""

    scale: Scale | None = said(s.Entry(Scale), "range and step", required=True)
    is_: Scalar | None = said(s.Expression(), "a computed indicator", key="is")
    raters: Mapping[str, Rater] | None = said(s.Named(s.Entry(Rater)), "kinds of raters")
    schemes: tuple[Mapping[str, Scalar], ...] | None = said(
        SCHEMES, "weights by kind of rater; the first whose kinds are all present is used"
    )
    otherwise: Scalar | None = said(s.Expression(), "the score when no scheme is usable")
    applies: Scalar | None = said(s.Expression(), "whom it is assessed for (everyone)")
    round_: Rounding | None = said(s.Entry(Rounding), "rounding", key="round")
    merit: bool = said(s.Flag(), "more of it must never hurt", default=False)
    protected: bool = said(s.Flag(), "it must not matter", default=False)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ScorePayload(Dates):
    """How a score is made of indicators."""

    schemes: tuple[Mapping[str, Scalar], ...] | None = said(
        SCHEMES, "weights by indicator; the first whose indicators all apply is used"
    )
    otherwise: Scalar | None = said(s.Expression(), "the score when no scheme is usable")
    round_: Rounding | None = said(s.Entry(Rounding), "rounding", key="round")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ScoreEntry(ScorePayload):
    """A weighted score of indicators."""

    versions: tuple[ScorePayload, ...] | None = said(s.Many(s.Entry(ScorePayload)), "dated versions")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Disputed(Meta):
    """Another reading of a value or row; inert unless the caller asks for it by name."""

    reading: Scalar | None = said(s.Plain(), "name of the reading; the first source's id when left out")
    value: Node | None = said(s.Anything("a value"), "what this reading says instead")
    row: tuple[Scalar, ...] | None = said(s.Many(s.Literal()), "in a table: the keys of the row it says otherwise of")


DISPUTED = s.Many(s.Entry(Disputed))


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ParameterPayload(Dates):
    """A value and when it holds."""

    value: Node | None = said(s.Anything("a value"), "the value")
    disputed: tuple[Disputed, ...] = said(DISPUTED, "other readings", default=())


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ParameterEntry(TypeSpec):
    """A value of the law. `from` and `to` are its range here; days stand in its versions."""

    value: Node | None = said(s.Anything("a value"), "the value, for all days of the policy")
    disputed: tuple[Disputed, ...] = said(DISPUTED, "other readings", default=())

    delegated: bool = said(s.Flag(), "left to a policy that extends this one", default=False)
    versions: tuple[ParameterPayload, ...] | None = said(s.Many(s.Entry(ParameterPayload)), "dated versions")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class KeySpec(TypeSpec):
    """A key of a table."""

    match: str | None = said(s.Choice(("exact", "from")), "`from`: rows are named by their lower ends")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class TablePayload(Dates):
    """Rows and when they hold."""

    rows: Node | None = said(s.Anything("rows by key; with several keys, nested"), "the rows")
    series: Node | None = said(s.Anything("{first key: {start, step, values}}"), "rows written as series")
    row_source: Mapping[str, tuple[Ref, ...]] | None = said(
        s.Named(s.References(), keys="any"), "the article of single rows, by first key"
    )
    disputed: tuple[Disputed, ...] = said(DISPUTED, "other readings", default=())


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class TableEntry(TablePayload):
    """A table of the law."""

    by: Mapping[str, KeySpec] | None = said(
        s.Named(s.Entry(KeySpec, short="type"), lone="key"), "the keys by name, or the type of the only one"
    )
    gives: Mapping[str, TypeSpec] | TypeSpec | None = said(s.TypeOrColumns(), "the type of a cell, or the columns")
    otherwise: Node | None = said(s.Anything("a value, or one a column"), "what holds where there is no row")
    delegated: bool = said(s.Flag(), "left to a policy that extends this one", default=False)
    versions: tuple[TablePayload, ...] | None = said(s.Many(s.Entry(TablePayload)), "dated versions")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class DerivedPayload(Dates):
    """An expression and when it holds."""

    is_: Scalar | None = said(s.Expression(), "the expression", key="is")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class DerivedEntry(DerivedPayload):
    """A named value computed from facts and other values."""

    for_: Mapping[str, Scalar] | None = said(
        s.Named(s.Expression()), "one value a row of a list, or a member of a type", key="for"
    )
    type: Scalar | None = said(s.Name("a type"), "its type, where the expression is a bare member")
    range: tuple[Scalar, ...] | None = said(
        s.Many(s.Literal()), "[lowest, highest]: a record outside is refused at the edge"
    )
    versions: tuple[DerivedPayload, ...] | None = said(s.Many(s.Entry(DerivedPayload)), "dated versions")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ConditionPayload(Dates):
    """What is asked: an expression, alternatives, a conjunction, or at least n of several."""

    is_: Scalar | None = said(s.Expression(), "an expression, or the name of a shared condition", key="is")
    any_of: Mapping[str, ConditionEntry] | None = said(s.Conditions(), "one of these suffices")
    all_of: Mapping[str, ConditionEntry] | None = said(s.Conditions(), "all of these are needed")
    at_least: int | None = said(s.Whole(1, 60), "how many of `of` are needed")
    of: Mapping[str, ConditionEntry] | None = said(s.Conditions(), "with `at_least`")
    when: Scalar | None = said(s.Expression(), "asked only when this holds")
    except_: Mapping[str, ConditionEntry] | None = said(s.Conditions(), "one of these exempts", key="except")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ConditionEntry(ConditionPayload):
    """A condition: `not when, or what is asked, or an exception`."""

    versions: tuple[ConditionPayload, ...] | None = said(s.Many(s.Entry(ConditionPayload)), "dated versions")


CONDITION = s.Entry(ConditionEntry, short="is")
CONDITIONS = s.Named(CONDITION)


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class OutcomeSpec(TypeSpec):
    """One field of what a decision grants."""

    better: str | None = said(s.Choice(("higher", "lower")), "which way is better for the person")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class DecisionEntry(Meta):
    """A question that rules decide."""

    kind: str | None = said(
        s.Choice(("benefit", "burden", "finding")), "what being granted means to the person (benefit)"
    )
    outcome: Mapping[str, OutcomeSpec] | None = said(s.Named(s.Entry(OutcomeSpec, short="type")), "what a rule grants")
    otherwise: Mapping[str, Scalar] | None = said(
        s.Named(s.Expression()), "what the fields are when nothing is granted"
    )
    hit: str | None = said(s.Choice(("unique", "first", "any", "collect")), "which rules count (unique)")
    order: tuple[Scalar, ...] | None = said(s.Many(s.Name("a rule")), "with `hit: first`: every rule, first to last")
    total: Mapping[str, str] | None = said(s.Named(s.Choice(("sum",))), "with `hit: collect`: fields that are added up")
    applies: ConditionEntry | None = said(CONDITION, "whom the decision concerns")
    requires: Mapping[str, ConditionEntry] | None = said(CONDITIONS, "added to each of its rules")
    unless: Mapping[str, ConditionEntry] | None = said(CONDITIONS, "added to each of its rules")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RulePayload(Dates):
    """What a rule asks and grants."""

    applies: ConditionEntry | None = said(CONDITION, "whom the rule concerns; others are not refused by it")
    requires: Mapping[str, ConditionEntry] | None = said(CONDITIONS, "what must hold")
    unless: Mapping[str, ConditionEntry] | None = said(CONDITIONS, "what must not hold")
    grants: Mapping[str, Scalar] | None = said(s.Named(s.Expression()), "the outcome, field by field")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RuleEntry(RulePayload):
    """A rule: who is granted what, by which article."""

    decides: Scalar | None = said(s.Name("a decision"), "the decision it belongs to")
    for_: Mapping[str, Scalar] | None = said(s.Named(s.Expression()), "one rule a member of a type", key="for")
    versions: tuple[RulePayload, ...] | None = said(s.Many(s.Entry(RulePayload)), "dated versions")


MAY = ("set", "raise", "lower", "add_rules", "add_requires")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Within(Meta):
    """The range within which a value may be set."""

    from_: Scalar | None = said(s.Literal(), "lowest", key="from")
    to: Scalar | None = said(s.Literal(), "highest")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class DelegateEntry(Meta):
    """What a policy that extends this one may change."""

    may: tuple[str, ...] | None = said(s.Many(s.Choice(MAY), single=True), "in which way", required=True)
    within: Within | None = said(s.Entry(Within), "in which range")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RankKey(Meta):
    """One key of an order."""

    highest: Scalar | None = said(s.Expression(), "the highest comes first")
    lowest: Scalar | None = said(s.Expression(), "the lowest comes first")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class RankingEntry(Meta):
    """An order of people laid down by law."""

    by: tuple[RankKey, ...] | None = said(s.Many(s.Entry(RankKey)), "the keys, first to last", required=True)
    ties: str | None = said(s.Choice(("shared", "strict")), "what equal people get (shared)")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Document(Meta):
    """A policy document."""

    asnmerit: Scalar | None = said(s.Literal(), "version of the format: 1", required=True)
    policy: Scalar | None = said(s.PolicyName(), "name of the policy", required=True)
    label: Text | None = said(s.Words(), "title of the policy", key="title", required=True)
    effective: Period | None = said(s.Entry(Period), "the days on which it may be asked", required=True)
    enacted: int | None = said(s.Day(), "the day it became known", required=True)
    extends: Scalar | None = said(s.PolicyName(), "its one legal parent")
    uses: tuple[Scalar, ...] = said(s.Many(s.PolicyName()), "policies whose names it reads", default=())
    sources: Mapping[str, Source] = said(s.Named(s.Entry(Source), keys="any"), "the catalogue of sources", default={})
    types: Mapping[str, TypeEntry] = said(s.Named(s.Entry(TypeEntry)), "enumerations", default={})
    facts: Mapping[str, FactEntry] = said(
        s.Named(s.Entry(FactEntry, short="type")), "what a record may say", default={}
    )
    checks: Mapping[str, Claim] = said(
        s.Named(s.Entry(Claim, short="is")), "records that break one are refused", default={}
    )
    indicators: Mapping[str, IndicatorEntry] = said(
        s.Named(s.Entry(IndicatorEntry)), "what people are scored on", default={}
    )
    scores: Mapping[str, ScoreEntry] = said(s.Named(s.Entry(ScoreEntry)), "weighted scores", default={})
    parameters: Mapping[str, ParameterEntry] = said(
        s.Named(s.Entry(ParameterEntry, short="value")), "values of the law", default={}
    )
    tables: Mapping[str, TableEntry] = said(s.Named(s.Entry(TableEntry)), "tables of the law", default={})
    derived: Mapping[str, DerivedEntry] = said(s.Named(s.Entry(DerivedEntry, short="is")), "named values", default={})
    conditions: Mapping[str, ConditionEntry] = said(CONDITIONS, "conditions that several rules share", default={})
    decisions: Mapping[str, DecisionEntry] = said(s.Named(s.Entry(DecisionEntry)), "what is decided", default={})
    rules: Mapping[str, RuleEntry] = said(s.Named(s.Entry(RuleEntry)), "who is granted what", default={})
    delegates: Mapping[str, DelegateEntry] = said(
        s.Named(s.Entry(DelegateEntry)), "what a child may change", default={}
    )
    guarantees: Mapping[str, Claim] = said(
        s.Named(s.Entry(Claim, short="is")), "claims for the audit to prove", default={}
    )
    rankings: Mapping[str, RankingEntry] = said(s.Named(s.Entry(RankingEntry)), "orders laid down by law", default={})
