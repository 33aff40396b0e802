"""A report in its order: guarantees by verdict, flaws, what is refuted and fine, what is open, what was measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.report.kinds import KINDS
from asnmerit.auditing.report.words import METHODS, Words, alike, frame

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit, Finding

ORDER: Final = {kind: place for place, kind in enumerate(KINDS)}
COUNTED: Final = ("proved", "refuted", "noted", "open")


@attrs.frozen
class Guarantee:
    """All claims of one kind."""

    kind: str
    findings: tuple[Finding, ...]

    def of(self, verdict: str) -> tuple[Finding, ...]:
        """Give the claims with a verdict."""
        return tuple(f for f in self.findings if f.verdict == verdict)

    def counts(self) -> dict[str, int]:
        """Count the claims by what a report calls them; of those refuted the flaws are listed so, others are noted."""
        refuted = self.of("counterexample")
        flaws = sum(f.flaw for f in refuted)
        return {
            "proved": len(self.of("proved")),
            "refuted": flaws,
            "noted": len(refuted) - flaws,
            "open": len(self.of("unproved")),
        }


@attrs.frozen
class Sections:
    """The parts of a report. `numbers` are those of the flaws, from 1, by identity."""

    guarantees: tuple[Guarantee, ...]
    flaws: tuple[Finding, ...]
    refuted: tuple[Finding, ...]
    open: tuple[Finding, ...]
    measured: tuple[Guarantee, ...]

    def counts(self) -> dict[str, int]:
        """Count all claims; what is noted is left out where there is none."""
        each = [one.counts() for one in self.guarantees]
        sums = {key: sum(one[key] for one in each) for key in COUNTED}
        return {key: n for key, n in sums.items() if n or key != "noted"}

    def number(self, finding: Finding) -> int | None:
        """Give the number of a flaw; None for what is none."""
        return next((n for n, flaw in enumerate(self.flaws, start=1) if flaw is finding), None)


def sections(audit: Audit) -> Sections:
    """Sort the findings of an audit; within a kind they stay in the audit's own order.

    >>> from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict
    >>> gap = Finding(Kind.GAP, "promotion", Verdict.UNPROVED, {"en": "Everybody is decided."})
    >>> [f.subject for f in sections(Audit({}, {}, (gap,), 0.0)).open]
    ['promotion']
    """
    found = sorted(audit.findings, key=lambda f: ORDER[f.kind.value])
    claims = [f for f in found if f.verdict != "observed"]
    return Sections(
        _by_kind(claims),
        tuple(f for f in found if f.flaw),
        tuple(f for f in claims if f.verdict == "counterexample" and not f.flaw),
        tuple(f for f in claims if f.verdict == "unproved" and not f.flaw),
        _by_kind([f for f in found if f.verdict == "observed"]),
    )


def _by_kind(found: Iterable[Finding]) -> tuple[Guarantee, ...]:
    kinds: dict[str, list[Finding]] = {}
    for finding in found:
        kinds.setdefault(finding.kind.value, []).append(finding)
    return tuple(Guarantee(kind, tuple(findings)) for kind, findings in kinds.items())


def sources(finding: Finding) -> Sequence[str]:
    """Give the articles of what a finding is about, each once."""
    return tuple(dict.fromkeys(finding.articles))


def how(finding: Finding) -> Words:
    """Say how a verdict came about, and that its witness was replayed."""
    parts = [METHODS.get(finding.method, alike(finding.method))]
    if finding.witness is not None and finding.verdict == "counterexample":
        parts.append(frame("replayed"))
    return {lang: ", ".join(part[lang] for part in parts if part[lang]) for lang in ("id", "en")}
