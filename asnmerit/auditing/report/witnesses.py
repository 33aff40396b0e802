"""The witnesses of findings as files of scenarios that run with `asnmerit test`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from asnmerit.auditing.report.words import verdict
from asnmerit.scenarios.writing import Case, case_name, write_scenarios

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Finding


def scenario_files(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Write the witnesses as scenarios: one file for each law that answers them, in the order of the findings.

    >>> import asnmerit
    >>> from asnmerit.auditing.findings import Finding, Kind, Verdict, Witness
    >>> law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
    >>> asked = asnmerit.decide(law, {"results_rating": "sesuai", "behaviour_rating": "sesuai"})
    >>> gap = Finding(Kind.GAP, "predikat_kinerja", Verdict.COUNTEREXAMPLE, {}, witness=Witness((asked,)))
    >>> print(scenario_files([gap])[0].splitlines()[4])
      gap_predikat_kinerja:
    """
    files: dict[str, list[Case]] = {}
    for finding in findings:
        for case in _cases(finding):
            law = json.dumps(case.decision.law.identity(), sort_keys=True)
            files.setdefault(law, []).append(case)
    return tuple(write_scenarios(cases) for cases in files.values())


def _cases(finding: Finding) -> Iterator[Case]:
    if finding.witness is None:
        return
    people = finding.witness.decisions
    name = case_name(f"{finding.kind} {finding.subject}")
    for letter, decision in zip("abcdefgh", people, strict=False):
        yield Case(
            f"{name}_{letter}" if len(people) > 1 else name,
            decision,
            {lang: said for lang, said in finding.claim.items() if said},
            f"{verdict(finding)['en']}. {finding.told.get('en', '')}".strip(),
            finding.witness.only,
            finding.witness.values,
        )
