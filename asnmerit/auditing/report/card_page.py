"""One finding as a card of the page: what is claimed and found, the people side by side, why, and the scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.report.cards import Card, Reason, card, narrowed
from asnmerit.auditing.report.elements import Element, put, said, table
from asnmerit.auditing.report.kinds import headline, to_do
from asnmerit.auditing.report.sections import how, sources
from asnmerit.auditing.report.spans import clean
from asnmerit.auditing.report.words import Words, alike, frame, in_language, standing, verdict
from asnmerit.rules.text_words import LANGUAGES

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Finding
    from asnmerit.auditing.report.people import Told

DEEPEST: Final = 6
MOST_REASONS: Final = 80
"""Of a derivation of more lines only those are shown in which a pair differs, and no more than these."""
MOST_LINES: Final = 4_000
"""So many lines of derivations a page holds, in both languages together; a page of many megabytes is not read."""
TONES: Final = {
    "proved": "good",
    "counterexample": "bad",
    "refuted": "bad",
    "noted": "seen",
    "unproved": "open",
    "observed": "seen",
}
MARKS: Final = {"✓": "met", "✗": "unmet", "?": "unknown"}


@attrs.define
class Room:
    """What a page still has room for."""

    lines: int = MOST_LINES


def badge(parent: Element, finding: Finding) -> None:
    """Add the verdict."""
    said(parent, "span", verdict(finding), cls=f"badge {TONES[standing(finding)]}")


def put_card(parent: Element, finding: Finding, number: int, room: Room) -> None:
    """Add the card of a flaw."""
    box = put(parent, "article", cls=f"card {TONES[standing(finding)]}", id=f"flaw-{number}")
    top = put(box, "div", cls="top")
    title = put(top, "h3", f"{number}. ")
    said(title, "span", headline(finding))
    put(top, "code", finding.subject)
    badge(top, finding)
    put_details(box, finding)
    if finding.witness is not None:
        put_witness(box, finding, f"flaw-{number}", room)


def put_details(box: Element, finding: Finding) -> None:
    """Add claim, finding, law, place, method and advice, those that there are."""
    rows: list[tuple[str, Words]] = [
        ("claim", finding.claim),
        ("found", finding.told),
        ("source", alike("; ".join(sources(finding)))),
        ("place", alike(str(finding.position) if finding.position.file else "")),
        ("by", how(finding)),
        ("act", to_do(finding)),
    ]
    listed = put(box, "dl", cls="told")
    for key, words in rows:
        if in_language(words, "en"):
            said(listed, "dt", frame(key))
            said(listed, "dd", words)


def put_witness(box: Element, finding: Finding, anchor: str, room: Room | None = None) -> None:
    """Add the people, their answers, the scenario, and where they are wanted and there is room the derivations."""
    if finding.witness is None:
        return
    why = room is not None and room.lines > 0
    found = card(finding.witness, why=LANGUAGES if why else (), dated=finding.kind == "date")
    heads = list(found.people)
    apart, shared = found.split()
    _people(box, frame("facts"), "fact", heads, apart)
    if shared:
        folded = put(box, "details")
        title = frame("shared", str(len(shared)))
        said(folded, "summary", title)
        _people(folded, title, "fact", heads, shared)
    if found.unread:
        said(box, "p", frame("unread", str(found.unread)), cls="faint")
    _people(box, frame("answers"), "answer", heads, found.answers)
    if room is not None and why:
        _why(box, found, room)
    elif room is not None:
        said(box, "p", frame("no_why"), cls="faint")
    _scenario(box, finding, anchor)


def _people(box: Element, caption: Words, first: str, heads: Sequence[Words], told: Sequence[Told]) -> None:
    if not told:
        return
    body = table(box, caption, [frame(first), *heads], "people")
    for one in told:
        row = put(body, "tr", cls="differs" if one.differs else "")
        name = said(row, "th", one.name, scope="row")
        if one.differs:
            said(put(name, "span", " ", cls="unseen"), "span", {k: f"({v})" for k, v in frame("differs").items()})
        for value in one.values:
            said(row, "td", value)


def _why(box: Element, found: Card, room: Room) -> None:
    folded = put(box, "details", cls="derivation")
    said(folded, "summary", frame("why"))
    beside = put(folded, "div", cls="why")
    for person, reasons in zip(found.people, found.reasons, strict=True):
        part = put(beside, "div")
        if found.pair:
            said(part, "h4", person)
        for lang in LANGUAGES:
            lines = put(part, "ul", cls="lines", lang=lang)
            shown = reasons[lang] if len(reasons[lang]) <= MOST_REASONS else narrowed(reasons[lang])
            for reason in shown[:MOST_REASONS]:
                _line(lines, reason, lang)
            if left := len(reasons[lang]) - min(len(shown), MOST_REASONS):
                put(lines, "li", frame("more", str(left))[lang], cls="faint")
            room.lines -= min(len(shown), MOST_REASONS)


def _line(lines: Element, reason: Reason, lang: str) -> None:
    line = reason.line
    mark = MARKS.get(line.mark, "")
    classes = [
        f"d{min(line.depth, DEEPEST)}", {"unknown": "not-known"}.get(mark, mark),
        "head" if line.heading else "", "differs" if reason.differs else "",
    ]  # fmt: skip
    item = put(lines, "li", cls=" ".join(c for c in classes if c))
    if mark:
        put(item, "b", f"{line.mark} ", aria_hidden="true")
        put(item, "span", f"{frame(mark)[lang]}: ", cls="unseen")
    for token in line.tokens:
        put(item, "span", token.text, cls="" if token.kind == "text" else token.kind)


def _scenario(box: Element, finding: Finding, anchor: str) -> None:
    folded = put(box, "details", cls="scenario")
    said(folded, "summary", frame("scenario"))
    put(folded, "pre", id=f"{anchor}-scenario", tabindex="0").text = clean(finding.scenario())
    said(folded, "button", frame("copy"), type="button", data_copy=f"{anchor}-scenario", hidden="hidden")
    told = put(folded, "span", role="status", hidden="hidden")
    said(put(told, "span", " "), "span", frame("copied"))
