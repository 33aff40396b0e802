"""What stands above every report: which law of which day, by which version, in how much time, with what budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asnmerit.auditing.report.words import Words, alike, budget, frame, took
from asnmerit.errors import ArgumentError
from asnmerit.rules.text_words import LANGUAGES, Language
from asnmerit.version import __version__

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit

MEANING_SHOWN = 16
"""So many characters of the fingerprint are shown; JSON has it whole."""


def head(audit: Audit) -> list[tuple[Words, Words]]:
    """Give the lines that name the law and the run: names and values."""
    law = audit.law
    found: list[tuple[Words, Words]] = [(frame("law"), _law(audit))]
    for name, reading in sorted(dict(law.get("readings") or {}).items()):
        found.append((frame("reading"), alike(f"{name} = {reading}")))
    if law.get("meaning"):
        found.append((frame("meaning"), alike(str(law["meaning"])[:MEANING_SHOWN])))
    found += [(frame("library"), alike(__version__)), (frame("took"), took(audit.seconds))]
    if audit.budget:
        found.append((frame("budget"), budget(audit.budget)))
    return found


def _law(audit: Audit) -> Words:
    law = audit.law
    said: dict[str, str] = {}
    for lang in LANGUAGES:
        on = f" {frame('on')[lang]} {law['on']}" if law.get("on") else ""
        known = f", {frame('known')[lang]} {law['known']}" if law.get("known") else ""
        said[lang] = f"{law.get('policy', '')}{on}{known}"
    return said


def language(lang: str) -> Language:
    """Take a language. Raises `ArgumentError` for one that there is not."""
    for known in LANGUAGES:
        if lang == known:
            return known
    raise ArgumentError("lang", lang, "id or en")
