"""An audit as SARIF 2.1.0, which code hosts and editors show beside the lines of the policy."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from asnmerit.auditing.report.cards import Card, card
from asnmerit.auditing.report.kinds import KINDS, headline
from asnmerit.auditing.report.sections import sections
from asnmerit.auditing.report.words import in_language, verdict
from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit, Finding

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
FINGERPRINT: Final = "asnmeritFinding/v1"
SHOWN: Final = 8
"""So many facts of a person stand in a message; the scenario has them all."""


def report_sarif(audit: Audit, files: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give an audit as SARIF: flaws as errors and warnings, claims refuted without being flaws or open as notes.

    What is proved or only measured is no result; `properties` of the run count it. `files` says where documents stand
    in the repository, by the name that positions give them.

    >>> from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict
    >>> gap = Finding(Kind.GAP, "promotion", Verdict.COUNTEREXAMPLE, {"en": "Everybody is decided."}, flaw=True)
    >>> report_sarif(Audit({"policy": "a/b"}, {}, (gap,), 0.0))["runs"][0]["results"][0]["level"]
    'error'
    """
    parts = sections(audit)
    told = [*parts.flaws, *parts.refuted, *parts.open]
    seen: Counter[str] = Counter()
    results = [_result(audit, finding, seen, files or {}) for finding in told]
    run = {
        "tool": {"driver": {"name": "asnmerit", "version": __version__, "rules": [_rule(kind) for kind in KINDS]}},
        "automationDetails": {"id": f"asnmerit/{audit.law.get('policy', '')}/"},
        "columnKind": "unicodeCodePoints",
        "results": results,
        "properties": {"law": dict(audit.law), "budget": dict(audit.budget), "counts": audit.to_dict()["counts"]},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(kind: str) -> dict[str, Any]:
    words = KINDS[kind]
    return {
        "id": kind,
        "name": "".join(part.capitalize() for part in kind.split("-")),
        "shortDescription": {"text": words.broken["en"]},
        "fullDescription": {"text": f"{words.broken['en']}. Guaranteed where it is proved: {words.holds['en']}."},
        "help": {"text": words.act["en"]},
        "defaultConfiguration": {"level": words.level},
    }


def _result(audit: Audit, finding: Finding, seen: Counter[str], files: Mapping[str, str]) -> dict[str, Any]:
    kind = finding.kind.value
    card_ = None if finding.witness is None else card(finding.witness, why=())
    said: dict[str, Any] = {
        "ruleId": kind,
        "ruleIndex": list(KINDS).index(kind),
        "level": KINDS[kind].level if finding.flaw else "note",
        "message": {"text": _message(finding, card_)},
        "partialFingerprints": {FINGERPRINT: _fingerprint(audit, finding, seen)},
        "properties": {
            "subject": finding.subject,
            "verdict": finding.verdict.value,
            "articles": list(finding.articles),
            **({} if finding.witness is None else {"scenario": finding.scenario()}),
        },
    }
    if finding.position.file:
        said["locations"] = [_location(finding, files)]
    return said


def _location(finding: Finding, files: Mapping[str, str]) -> dict[str, Any]:
    at = finding.position
    file = files.get(at.file, at.file).replace("\\", "/")
    place: dict[str, Any] = {"artifactLocation": {"uri": quote(file, safe="/")}}
    if at.line > 0:
        place["region"] = {"startLine": at.line, **({"startColumn": at.column} if at.column > 0 else {})}
    found: dict[str, Any] = {"physicalLocation": place}
    if at.path or finding.subject:
        found["logicalLocations"] = [{"fullyQualifiedName": at.path or finding.subject}]
    return found


def _message(finding: Finding, card_: Card | None) -> str:
    parts = [
        f"{headline(finding)['en']}: {finding.subject}." if finding.flaw else f"{finding.subject}.",
        in_language(finding.claim, "en"),
        in_language(finding.told, "en"),
        f"{verdict(finding)['en']}.",
    ]
    if card_ is not None:
        facts = [told for told in card_.facts if told.differs or not card_.pair][:SHOWN]
        for at, person in enumerate(card_.people):
            values = "; ".join(f"{told.column}: {_one_line(told.values[at]['en'])}" for told in facts)
            answers = "; ".join(f"{told.name['en']}: {_one_line(told.values[at]['en'])}" for told in card_.answers)
            parts.append(f"{person['en'][:1].upper()}{person['en'][1:]}: {values} -> {answers}.")
    return " ".join(part for part in parts if part)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _fingerprint(audit: Audit, finding: Finding, seen: Counter[str]) -> str:
    """Name a finding by what it is about: not by its line, nor by the person that chance or the solver found."""
    about = [str(audit.law.get("policy", "")), finding.kind.value, finding.subject, finding.claim.get("en", "")]
    key = "\n".join(about)
    seen[key] += 1
    return hashlib.sha256(f"{key}\n{seen[key]}".encode()).hexdigest()[:32]
