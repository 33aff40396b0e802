"""The scenario format, as written: one class for each kind of entry, one field for each key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from asnmerit.diagnostics import Position
from asnmerit.rules import shapes as s
from asnmerit.rules.shapes import said

if TYPE_CHECKING:
    from collections.abc import Mapping

    from asnmerit.rules.document import Node, Scalar

NOWHERE = Position("")
STATUSES = ("granted", "refused", "undetermined", "conflict")
TIERS = ("official-text", "official-slides", "secondary", "third-party-code", "derived", "own")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ExpectedFault:
    """A fault for which the edge must refuse the record."""

    position: Position = NOWHERE
    code: str = said(s.Plain(), "code of the fault, such as `out-of-range` or `check`", required=True, default="")
    fact: str | None = said(s.Plain(), "the fact it is found on")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Answer:
    """What one decision must answer."""

    position: Position = NOWHERE
    status: str = said(s.Choice(STATUSES), "the status", required=True, default="")
    rule: Scalar | None = said(s.Literal(), "the rule that grants")
    rules: tuple[Scalar, ...] | None = said(s.Many(s.Literal(), single=True), "all rules that hold for certain")
    outcome: Mapping[str, Scalar] | None = said(s.Named(s.Literal()), "fields of the outcome")
    grants: Mapping[str, Mapping[str, Scalar]] | None = said(
        s.Named(s.Named(s.Literal()), keys="any"),
        "what single rules grant, of a decision that collects: field by field",
    )
    total: Mapping[str, Scalar] | None = said(s.Named(s.Literal()), "totals of a decision that collects")
    missing: tuple[Scalar, ...] | None = said(
        s.Many(s.Literal(), single=True), "exactly the facts that would settle it"
    )
    because: tuple[Scalar, ...] | None = said(
        s.Many(s.Literal(), single=True), "conditions that must be among those that speak against it"
    )


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Expected:
    """What must come out. At least one of the keys, and nothing empty."""

    position: Position = NOWHERE
    values: Mapping[str, Node] | None = said(
        s.Named(s.Anything(), keys="any"), "named values of the law, exact; `unknown` where not known"
    )
    decisions: Mapping[str, Answer] | None = said(s.Named(s.Entry(Answer, short="status")), "what decisions answer")
    faults: tuple[ExpectedFault, ...] | None = said(
        s.Many(s.Entry(ExpectedFault, short="code"), single=True), "the record is refused for exactly these faults"
    )


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Person:
    """A base record under a name."""

    position: Position = NOWHERE
    facts: Mapping[str, Node] | None = said(s.Named(s.Anything(), keys="name"), "facts of the person", required=True)
    note: str | None = said(s.Plain(), "who it is")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Days:
    """Which law is asked."""

    position: Position = NOWHERE
    on: int | None = said(s.Day(), "the day of the law, and of the decision unless `as_of` says otherwise")
    known: int | None = said(s.Day(), "the law as it stood known on this day")
    readings: Mapping[str, Scalar] | None = said(s.Named(s.Literal()), "disputed readings, by parameter or table")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class Case(Days):
    """One person on one day, and what must come out."""

    title: Mapping[str, str] | None = said(s.Words(), "what the case shows")
    as_of: int | None = said(s.Day(), "the day decided for, within the life of the law of `on`")
    person: Scalar | None = said(s.Name("the name of a person of this file"), "a base record")
    facts: Mapping[str, Node] | None = said(s.Named(s.Anything(), keys="name"), "facts, over those of the person")
    expect: Expected | None = said(s.Entry(Expected), "what must come out", required=True)
    example: tuple[Scalar, ...] = said(
        s.Many(s.Literal(), single=True), "ids of the worked examples it encodes", default=()
    )
    source: str | None = said(s.Plain(), "where the expectation comes from")
    tier: str | None = said(s.Choice(TIERS), "how strong the source is; `own`: written for this project")
    note: str | None = said(s.Plain(), "a remark for the reader")
    partly: str | None = said(s.Plain(), "what of the example is not tested, and why")


@attrs.frozen(kw_only=True, slots=False, eq=False, repr=False)
class ScenarioFile(Days):
    """A file of scenarios of one policy. `on`, `known` and `readings` hold for every case that says nothing else."""

    scenarios: Scalar | None = said(s.Literal(), "version of the format: 1", required=True)
    policy: Scalar | None = said(s.PolicyName(), "the policy that is tested", required=True)
    title: Mapping[str, str] | None = said(s.Words(), "what the file shows")
    note: str | None = said(s.Plain(), "a remark for the reader")
    people: Mapping[str, Person] = said(s.Named(s.Entry(Person)), "base records by name", default={})
    cases: Mapping[str, Case] | None = said(s.Named(s.Entry(Case)), "cases by name", required=True)
    not_encoded: Mapping[str, str] = said(
        s.Named(s.Plain(), keys="any"), "worked examples that cannot be encoded, with the reason", default={}
    )
