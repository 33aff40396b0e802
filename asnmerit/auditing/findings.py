"""What an audit found: each claim with its verdict and the people who show it, as data; writing it is another's job."""

from __future__ import annotations

import enum
import json
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.auditing.report.page import report_fragment, report_page
from asnmerit.auditing.report.sarif import report_sarif
from asnmerit.auditing.report.terminal import report_text
from asnmerit.diagnostics import Position
from asnmerit.rules.declarations import About
from asnmerit.scenarios.writing import Case, case_name, expected, write_scenarios
from asnmerit.version import __version__
from asnmerit.views import plain

if TYPE_CHECKING:
    from asnmerit.decision import Decision

Words = Mapping[str, str]
"""A text in both languages, by `id` and `en`."""
FORMAT: Final = 1


class Verdict(enum.StrEnum):
    """What is known of a claim.

    PROVED holds for everybody. COUNTEREXAMPLE is refuted: by a person, a pair, or a proof that says so. UNPROVED means
    that the claim could not be proved in time and no counterexample was found among so many samples: never a proof.
    OBSERVED is no claim: something found out about the law, such as the largest amount.
    """

    PROVED = "proved"
    COUNTEREXAMPLE = "counterexample"
    UNPROVED = "unproved"
    OBSERVED = "observed"


class Kind(enum.StrEnum):
    """The kinds of claims and observations, which are also their codes in SARIF."""

    DEAD_RULE = "dead-rule"
    """A rule that can hold for nobody."""
    SHADOWED_RULE = "shadowed-rule"
    """A rule that can hold, and yet never decides: others go first."""
    REDUNDANT_RULE = "redundant-rule"
    """A rule without which every answer is the same."""
    CONSTANT_CONDITION = "constant-condition"
    """A condition that is true for everybody, or for nobody."""
    REDUNDANT_CONDITION = "redundant-condition"
    """A condition without which its rule is the same."""
    CONFLICT = "conflict"
    """Two rules hold and grant different things."""
    GAP = "gap"
    """A person whom no rule decides, where all should be decided."""
    MERIT = "merit-hurts"
    """More merit, and less of what is good."""
    PROTECTED = "protected-matters"
    """People who differ in a protected fact alone, and are answered differently."""
    GUARANTEE = "guarantee"
    """A claim that the policy makes of itself."""
    BOUND = "bound"
    """The least and the most of a score or amount, with who attains it."""
    EXPOSURE = "exposure"
    """The most that one person, or one person of a rank, can cost."""
    CLIFF = "cliff"
    """The largest drop for one step of one fact."""
    UNKNOWN = "unknown"
    """How often one missing fact leaves a decision open."""
    DATE = "date"
    """A day without a value or rule, or a change that takes effect before it was enacted."""


@attrs.frozen
class Witness:
    """A person, or a pair, decided: evidence that runs. `facts` are those in which a pair differs, by column."""

    decisions: tuple[Decision, ...]
    facts: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    values: tuple[str, ...] = ()

    @property
    def records(self) -> tuple[Mapping[str, Any], ...]:
        """The records, as `decide` takes them."""
        return tuple(d.facts for d in self.decisions)

    def scenario(self, name: str, title: Words | None = None) -> str:
        """Give the witness as a file of scenarios that runs with `asnmerit test`; two files where the laws differ."""
        letters = "ab"
        cases = [
            Case(
                case_name(name) + (f"_{letters[i]}" if len(self.decisions) > 1 else ""),
                decision,
                title or {},
                only=self.only,
                values=self.values,
            )
            for i, decision in enumerate(self.decisions)
        ]
        laws = dict.fromkeys(json.dumps(c.decision.law.identity(), sort_keys=True) for c in cases)
        groups = [[c for c in cases if json.dumps(c.decision.law.identity(), sort_keys=True) == law] for law in laws]
        return "---\n".join(write_scenarios(group) for group in groups)

    def to_dict(self) -> dict[str, Any]:
        """Give the people, and what the law answers them, as plain data."""
        return {
            "differs": list(self.facts),
            "people": [
                {
                    "policy": d.law.policy,
                    "as_of": d.as_of.isoformat(),
                    "facts": plain(dict(d.facts)),
                    **plain(expected(d, self.only, self.values)),
                }
                for d in self.decisions
            ],
        }


@attrs.frozen
class Finding:
    """One claim or observation.

    `subject` is the path of what it is about (`promotion.reguler`, a fact, a score). `claim` says what is claimed,
    `told` what was found. `value` is exact. `flaw` says whether somebody should look at it, `about` where the law says
    so. `method` is `structure`, `samples`, `solver` or `search`.
    """

    kind: Kind
    subject: str
    verdict: Verdict
    claim: Words
    told: Words = attrs.field(factory=dict)
    witness: Witness | None = None
    value: Any = None
    flaw: bool = False
    about: About = attrs.field(factory=About)
    method: str = ""
    samples: int = 0
    seconds: float = 0.0

    @property
    def position(self) -> Position:
        """Where the policy says what this is about."""
        return self.about.position

    @property
    def articles(self) -> tuple[str, ...]:
        """The sources of what this is about."""
        return tuple(str(c) for c in self.about.citations)

    @property
    def said(self) -> str:
        """The verdict in capitals, and for one that is not proved how much was tried."""
        if self.verdict is Verdict.UNPROVED:
            return f"NO COUNTEREXAMPLE in {self.samples:,} samples"
        return self.verdict.name

    def scenario(self) -> str:
        """Give the witness as a file of scenarios; empty where there is none."""
        return "" if self.witness is None else self.witness.scenario(f"{self.kind} {self.subject}", self.claim)

    def to_dict(self) -> dict[str, Any]:
        """Give the finding as plain data; seconds are left out, so that the same audit gives the same data."""
        at = self.position
        return {
            "kind": self.kind.value,
            "subject": self.subject,
            "verdict": self.verdict.value,
            "flaw": self.flaw,
            "claim": dict(self.claim),
            "told": dict(self.told),
            "value": str(self.value) if isinstance(self.value, Fraction) else plain(self.value),
            "articles": list(self.articles),
            "file": at.file,
            "line": at.line,
            "column": at.column,
            "method": self.method,
            "samples": self.samples,
            "witness": None if self.witness is None else self.witness.to_dict(),
        }


@attrs.frozen
class Audit:
    """Everything found out about one law. Iterates over its findings."""

    law: Mapping[str, Any]
    title: Words
    findings: tuple[Finding, ...]
    seconds: float
    budget: Mapping[str, Any] = attrs.field(factory=dict)
    notes: tuple[Words, ...] = ()

    def __iter__(self) -> Any:  # noqa: ANN401 - an iterator of findings
        """Iterate over the findings."""
        return iter(self.findings)

    def __len__(self) -> int:
        """Count the findings."""
        return len(self.findings)

    @property
    def flaws(self) -> tuple[Finding, ...]:
        """What somebody should look at."""
        return tuple(f for f in self.findings if f.flaw)

    @property
    def open(self) -> tuple[Finding, ...]:
        """Claims neither proved nor refuted."""
        return tuple(f for f in self.findings if f.verdict is Verdict.UNPROVED)

    def of(self, kind: Kind | str, subject: str | None = None) -> tuple[Finding, ...]:
        """Give the findings of a kind, of one subject if it is named.

        Raises:
            ValueError: if there is no such kind.
        """
        wanted = Kind(kind)
        return tuple(f for f in self.findings if f.kind is wanted and subject in {None, f.subject})

    def to_dict(self) -> dict[str, Any]:
        """Give the audit as plain data that JSON can hold."""
        counts = {v.value: sum(f.verdict is v for f in self.findings) for v in Verdict}
        return {
            "asnmerit": FORMAT,
            "library": __version__,
            "law": dict(self.law),
            "budget": dict(self.budget),
            "counts": {**counts, "flaws": len(self.flaws)},
            "notes": [dict(n) for n in self.notes],
            "findings": [f.to_dict() for f in self.findings],
        }

    def to_json(self) -> str:
        """Give the audit as JSON."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """Give the audit as English text; `to_text` gives either language."""
        return self.to_text("en")

    def to_text(self, lang: str = "en") -> str:
        """Give the audit as text of 100 columns, in Indonesian (`id`) or English (`en`)."""
        return report_text(self, lang)

    def to_html(self, lang: str = "id") -> str:
        """Give the audit as a page that needs nothing else, opened in Indonesian (`id`), English (`en`) or `both`."""
        return report_page(self, lang)

    def to_sarif(self, files: Mapping[str, str] | None = None) -> str:
        """Give the audit as SARIF 2.1.0. `files` says where documents stand in the repository, by their names."""
        return json.dumps(report_sarif(self, files), ensure_ascii=False, indent=2)

    def _repr_html_(self) -> str:
        return report_fragment(self)
