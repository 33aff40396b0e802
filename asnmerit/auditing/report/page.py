"""An audit as one HTML page that needs nothing else: guarantees at the top, the people who refute them below.

Both languages are in it; which is shown is chosen on the page, without a script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.report.card_page import TONES, Room, badge, put_card, put_details, put_witness
from asnmerit.auditing.report.elements import Element, html, put, said, table, written
from asnmerit.auditing.report.head import head
from asnmerit.auditing.report.kinds import KINDS
from asnmerit.auditing.report.sections import Sections, sections
from asnmerit.auditing.report.style import COMPACT, SCRIPT, STYLE
from asnmerit.auditing.report.words import (
    MEANINGS,
    VERDICTS,
    Words,
    alike,
    counted,
    frame,
    in_language,
    standing,
)
from asnmerit.errors import ArgumentError
from asnmerit.rules.text_words import LANGUAGES, Language

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit, Finding

SHOWN: Final = ("id", "en", "both")
TONGUES: Final = {"id": ("Bahasa Indonesia", "id"), "en": ("English", "en"), "both": ("Keduanya · Both", "")}
MOST_OPEN: Final = 10
"""So many measurements of a kind are shown at once; more are folded away."""
COUNTS: Final = {"proved": "good", "refuted": "bad", "noted": "seen", "open": "open"}
"""What claims are counted as, with its tone."""


def report_page(audit: Audit, lang: str = "id") -> str:
    """Give an audit as a page; `lang` is the language that it opens in: `id`, `en` or `both`.

    Raises `ArgumentError` for another language.

    >>> from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict
    >>> proved = Finding(Kind.GAP, "<b>", Verdict.PROVED, {"id": "Semua diputuskan.", "en": "All are decided."})
    >>> page = report_page(Audit({"policy": "a/b"}, {}, (proved,), 1.0))
    >>> "All are decided." in page, "<code><b>" in page
    (True, False)
    """
    if lang not in SHOWN:
        raise ArgumentError("lang", lang, "id, en or both")
    parts = sections(audit)
    root = Element("html", lang="en" if lang == "en" else "id")
    _head(root, audit, lang)
    body = put(root, "body")
    _top(put(body, "header"), audit, parts, lang)
    main = put(body, "main")
    room = Room()
    _guarantees(main, parts)
    _flaws(main, parts, room)
    _claims(main, "known_flaws", parts.refuted, "noted", room)
    _claims(main, "open_claims", parts.open, "open", room)
    _measured(main, parts)
    _legend(main)
    footer = put(body, "footer")
    for note in audit.notes:
        said(footer, "p", note)
    if any(f.witness is not None for f in audit.findings):
        put(body, "script").text = SCRIPT
    return "<!doctype html>\n" + html(root) + "\n"


def _head(root: Element, audit: Audit, lang: str) -> None:
    made = put(root, "head")
    put(made, "meta", charset="utf-8")
    allowed = f"default-src 'none'; style-src {_digest(STYLE)}; script-src {_digest(SCRIPT)}"
    put(made, "meta", http_equiv="Content-Security-Policy", content=allowed)
    put(made, "meta", name="viewport", content="width=device-width, initial-scale=1")
    tongue: Language = "en" if lang == "en" else "id"
    put(made, "title", f"{frame('audit')[tongue]}: {in_language(audit.title, tongue) or audit.law.get('policy', '')}")
    put(made, "style").text = STYLE


def _digest(text: str) -> str:
    """Name the one style and the one script that a browser may use, so that nothing else in the page is one."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _top(top: Element, audit: Audit, parts: Sections, lang: str) -> None:
    tongues = put(top, "fieldset", cls="tongues")
    put(tongues, "legend", " · ".join(frame("language").values()))
    for key, (name, tongue) in TONGUES.items():
        label = put(tongues, "label")
        put(label, "input", type="radio", name="tongue", id=f"show-{key}", checked="checked" if key == lang else "")
        # No `lang` of its own here: a name in a language that is not shown must stay to be chosen.
        put(label, "span", name, translate="no", data_tongue=tongue)
    said(top, "p", frame("audit"), cls="kicker")
    said(top, "h1", audit.title or alike(str(audit.law.get("policy", ""))))
    run = put(top, "dl", cls="run")
    for term, value in head(audit):
        said(run, "dt", term)
        said(run, "dd", value)
    sums = put(top, "ul", cls="sums")
    _sum(sums, len(parts.flaws), frame("flaws"), "bad" if parts.flaws else "good")
    for key, count in parts.counts().items():
        _sum(sums, count, frame(key), COUNTS[key] if count else "seen")


def _sum(sums: Element, count: int, name: Words, tone: str) -> None:
    line = put(sums, "li", cls=tone)
    written(put(line, "b"), {lang: counted(count, lang) for lang in LANGUAGES})
    said(line, "span", name)


# --- guarantees ---


def _guarantees(main: Element, parts: Sections) -> None:
    section = put(main, "section")
    said(section, "h2", frame("guarantees"))
    if not parts.guarantees:
        said(section, "p", frame("no_claims"))
        return
    body = table(section, frame("guarantees_by"), [frame("guarantee"), frame("verdict")], "sheet sums-up")
    for one in parts.guarantees:
        row = put(body, "tr")
        said(row, "th", KINDS[one.kind].holds, scope="row")
        cell = put(row, "td")
        for key, count in one.counts().items():
            if count:
                words: Words = {lang: f"{counted(count, lang)} {frame(key)[lang]}" for lang in LANGUAGES}
                said(cell, "span", words, cls=f"badge {COUNTS[key]}")
    _all_claims(section, parts)


def _all_claims(section: Element, parts: Sections) -> None:
    folded = put(section, "details")
    written(put(folded, "summary"), _numbered(frame("claims"), sum(len(one.findings) for one in parts.guarantees)))
    for one in parts.guarantees:
        said(folded, "h3", KINDS[one.kind].holds, cls="kind")
        listed = put(folded, "ul", cls="list")
        for finding in one.findings:
            line = put(listed, "li")
            badge(line, finding)
            put(line, "span", " ")
            said(line, "span", finding.claim or alike(finding.subject))
            put(line, "span", " ")
            put(line, "code", finding.subject)
            _see(line, parts.number(finding))


def _numbered(words: Words, count: int) -> Words:
    return {lang: f"{words[lang]} ({counted(count, lang)})" for lang in LANGUAGES}


def _see(line: Element, number: int | None) -> None:
    if number is not None:
        put(line, "span", " ")
        link = put(line, "a", href=f"#flaw-{number}")
        written(link, {lang: f"{frame('see')[lang]} {number}" for lang in LANGUAGES})


# --- findings ---


def _flaws(main: Element, parts: Sections, room: Room) -> None:
    section = put(main, "section")
    said(section, "h2", _numbered(frame("flaws"), len(parts.flaws)))
    if not parts.flaws:
        said(section, "p", frame("no_flaws"))
    for number, finding in enumerate(parts.flaws, start=1):
        put_card(section, finding, number, room)


def _claims(main: Element, key: str, found: Sequence[Finding], anchor: str, room: Room) -> None:
    """List claims that need no card: those refuted and fine, those open."""
    if not found:
        return
    section = put(main, "section")
    said(section, "h2", _numbered(frame(key), len(found)))
    for number, finding in enumerate(found, start=1):
        box = put(section, "article", cls=f"card {TONES[standing(finding)]}")
        top = put(box, "div", cls="top")
        holds, name = KINDS[finding.kind.value].holds, frame(anchor)
        said(top, "h3", {lang: f"{name[lang].capitalize()}: {holds[lang]}" for lang in LANGUAGES})
        put(top, "code", finding.subject)
        badge(top, finding)
        put_details(box, finding)
        put_witness(box, finding, f"{anchor}-{number}", room)


def _measured(main: Element, parts: Sections) -> None:
    if not parts.measured:
        return
    section = put(main, "section")
    said(section, "h2", frame("measured"))
    for place, one in enumerate(parts.measured, start=1):
        title = _numbered(KINDS[one.kind].measured, len(one.findings))
        box = put(section, "details", open="open" if len(one.findings) <= MOST_OPEN else "")
        said(box, "summary", title)
        body = table(box, title, [frame("subject"), frame("found")], "sheet sums-up")
        for number, finding in enumerate(one.findings, start=1):
            row = put(body, "tr")
            about = said(row, "th", finding.claim or alike(finding.subject), scope="row")
            if finding.claim:
                put(about, "code", finding.subject)
            cell = put(row, "td")
            value = alike("" if finding.value is None else str(finding.value))
            said(cell, "span", finding.told or value)
            if flaw := parts.number(finding):
                _see(cell, flaw)
            elif finding.witness is not None:
                folded = put(cell, "details")
                said(folded, "summary", frame("who"))
                put_witness(folded, finding, f"measured-{place}-{number}")


def _legend(main: Element) -> None:
    section = put(main, "section")
    said(section, "h2", frame("legend"))
    listed = put(section, "dl", cls="told")
    for key, meaning in MEANINGS.items():
        words = {lang: said_.format("N") for lang, said_ in VERDICTS[key].items()}
        said(put(listed, "dt"), "span", words, cls=f"badge {TONES[key]}")
        said(listed, "dd", meaning)


# --- notebooks ---


def report_fragment(audit: Audit, lang: str = "en") -> str:
    """Give an audit in short for a notebook: the guarantees with their verdicts, and the flaws."""
    tongue: Language = "id" if lang == "id" else "en"
    parts = sections(audit)
    root = Element("div", {"class": "asnmerit-audit", "lang": tongue})
    put(root, "style").text = COMPACT
    title = put(root, "p")
    put(title, "b", in_language(audit.title, tongue) or str(audit.law.get("policy", "")))
    put(title, "span", f": {frame('audit')[tongue]}, {len(parts.flaws)} × {frame('flaws')[tongue].lower()}")
    made = put(root, "table")
    for one in parts.guarantees:
        row = put(made, "tr")
        put(row, "th", in_language(KINDS[one.kind].holds, tongue), scope="row")
        put(row, "td", ", ".join(f"{n} {frame(key)[tongue]}" for key, n in one.counts().items() if n))
    listed = put(root, "ol")
    for finding in parts.flaws:
        line = put(listed, "li")
        put(line, "b", in_language(KINDS[finding.kind.value].broken, tongue))
        put(
            line,
            "span",
            f": {finding.subject}. {in_language(finding.told, tongue) or in_language(finding.claim, tongue)}",
        )
    return html(root)
