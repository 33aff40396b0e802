"""An audit as text for a terminal: guarantees, flaws with the people who show them, what is open, what was measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from asnmerit.auditing.report.cards import Card, Reason, card, narrowed
from asnmerit.auditing.report.head import head, language
from asnmerit.auditing.report.kinds import KINDS, headline, to_do
from asnmerit.auditing.report.sections import Guarantee, Sections, how, sections, sources
from asnmerit.auditing.report.spans import WIDTH, Row, Span, Tone, columns, folded, plain, widths_of
from asnmerit.auditing.report.words import (
    Words,
    counted,
    frame,
    in_language,
    standing,
    verdict,
)
from asnmerit.rules.text_words import Language

if TYPE_CHECKING:
    from asnmerit.auditing.findings import Audit, Finding
    from asnmerit.auditing.report.people import Told

MOST_DERIVED: Final = 50
"""So many flaws are shown with their derivations, which take most of the time."""
MOST_REASONS: Final = 40
"""So many lines of a derivation are printed."""
MOST_PROOFS: Final = 40
MOST_MEASURED: Final = 15
"""So many measurements of a kind are printed."""
LABEL: Final = 10
MARGIN: Final = "   "
TONES: Final[dict[str, Tone]] = {
    "proved": "good",
    "counterexample": "bad",
    "refuted": "bad",
    "noted": "plain",
    "unproved": "open",
    "observed": "plain",
}


def report_text(audit: Audit, lang: str = "en") -> str:
    """Give an audit as text of 100 columns, in Indonesian (`id`) or English (`en`).

    Raises `ArgumentError` for another language.

    >>> from asnmerit.auditing.findings import Audit, Finding, Kind, Verdict
    >>> proved = Finding(Kind.GAP, "promotion", Verdict.PROVED, {"en": "Everybody is decided.", "id": ""})
    >>> "No flaws were found." in report_text(Audit({"policy": "a/b"}, {}, (proved,), 1.0))
    True
    """
    return plain(report_rows(audit, lang)) + "\n"


def report_rows(audit: Audit, lang: str = "en") -> Iterator[Row]:
    """Give the lines of the text in pieces with a tone each, for whoever has colours."""
    return _Writer(language(lang)).rows(audit)


class _Writer:
    """Writes in one language."""

    def __init__(self, lang: Language) -> None:
        """Take the language."""
        self.lang: Language = lang

    def said(self, words: Words) -> str:
        """Give a text in the language."""
        return in_language(words, self.lang)

    def f(self, key: str, *args: str) -> str:
        """Give a fixed text in the language."""
        return self.said(frame(key, *args))

    def rows(self, audit: Audit) -> Iterator[Row]:
        """Write the whole."""
        parts = sections(audit)
        yield from folded(self.said(audit.title) or str(audit.law.get("policy", "")), tone="heading")
        for name, value in head(audit):
            yield from folded(self.said(value), f"{self.said(name)}: ", tone="faint")
        yield from self._guarantees(parts)
        yield from self._flaws(parts)
        for key, found in (("known_flaws", parts.refuted), ("open_claims", parts.open)):
            yield from self._claims(key, found)
        yield from self._measured(parts)
        if audit.notes:
            yield from self._heading("notes")
            for note in audit.notes:
                yield from folded(self.said(note), "- ")

    def _heading(self, key: str, count: int | None = None) -> Iterator[Row]:
        yield ()
        told = self.f(key).upper() + ("" if count is None else f" ({counted(count, self.lang)})")
        yield (Span(told, "heading"),)

    # --- guarantees ---

    def _guarantees(self, parts: Sections) -> Iterator[Row]:
        yield from self._heading("guarantees")
        if not parts.guarantees:
            yield (Span(self.f("no_claims")),)
            return
        keys = list(parts.counts())
        heads = [self.f(key) for key in ("guarantee", *keys)]
        rows = [[self.said(KINDS[one.kind].holds), *self._counts(one, keys)] for one in parts.guarantees]
        widths = [WIDTH - 2 - sum(len(h) + 2 for h in heads[1:]), *(len(h) for h in heads[1:])]
        yield from columns([heads[0], *heads[1:]], widths, "faint", "  ")
        for one, cells in zip(parts.guarantees, rows, strict=True):
            aligned = [cells[0], *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
            yield from _ragged(aligned, widths, _tone_of(one))
        yield from self._proofs(parts)

    def _proofs(self, parts: Sections) -> Iterator[Row]:
        """List what is proved of the answers; that each rule and condition has its use is only counted."""
        proved = [f for one in parts.guarantees if KINDS[one.kind].of_answers for f in one.of("proved")]
        if proved:
            yield from self._heading("proofs", len(proved))
        for finding in proved[:MOST_PROOFS]:
            yield from folded(self.said(finding.claim) or finding.subject, "✓ ", "  ")
        if len(proved) > MOST_PROOFS:
            yield (Span(self.f("more_claims", counted(len(proved) - MOST_PROOFS, self.lang)), "faint"),)

    def _counts(self, one: Guarantee, keys: Sequence[str]) -> list[str]:
        counts = one.counts()
        return [counted(counts[key], self.lang) if counts[key] else "·" for key in keys]

    # --- flaws ---

    def _flaws(self, parts: Sections) -> Iterator[Row]:
        yield from self._heading("flaws", len(parts.flaws))
        if not parts.flaws:
            yield (Span(self.f("no_flaws"), "good"),)
        for number, finding in enumerate(parts.flaws, start=1):
            yield ()
            yield from folded(
                f"{self.said(headline(finding))}: {finding.subject}",
                f"{number}. ".ljust(3),
                tone="strong",
            )
            yield (Span(MARGIN), Span(self.said(verdict(finding)), TONES[standing(finding)]))
            yield from self._details(finding)
            if finding.witness is not None:
                why = (self.lang,) if number <= MOST_DERIVED else ()
                yield from self._witness(card(finding.witness, why=why, dated=finding.kind == "date"))
                if not why:
                    yield from folded(self.f("no_why"), f"{MARGIN}  ", tone="faint")

    def _details(self, finding: Finding) -> Iterator[Row]:
        yield from self._labelled("claim", self.said(finding.claim))
        yield from self._labelled("found", self.said(finding.told))
        yield from self._labelled("source", "; ".join(sources(finding)))
        yield from self._labelled("place", str(finding.position) if finding.position.file else "")
        yield from self._labelled("by", self.said(how(finding)))
        yield from self._labelled("act", self.said(to_do(finding)))

    def _labelled(self, key: str, text: str) -> Iterator[Row]:
        if text:
            yield from folded(text, MARGIN + self.f(key).ljust(LABEL) + " ")

    def _witness(self, found: Card) -> Iterator[Row]:
        yield ()
        heads = [self.said(person) for person in found.people]
        apart, shared = found.split()
        yield from self._table(self.f("facts"), heads, apart, pair=found.pair)
        if shared:
            told = "; ".join(f"{self.said(t.name)}: {' '.join(self.said(t.values[0]).split())}" for t in shared)
            yield from folded(f"{self.f('shared', str(len(shared)))}: {told}", f"{MARGIN}  ")
        if found.unread:
            yield from folded(self.f("unread", str(found.unread)), f"{MARGIN}  ", tone="faint")
        yield ()
        yield from self._table(self.f("answers"), heads, found.answers, pair=found.pair)
        narrow = found.pair and any(r.differs for by in found.reasons for r in by[self.lang])
        for head_, reasons in zip(heads, found.reasons, strict=True):
            if not reasons[self.lang]:
                continue
            yield ()
            named = f" ({head_})" if found.pair else ""
            yield Span(MARGIN), Span(self.f("why_differs" if narrow else "why") + named, "faint")
            yield from self._reasons(narrowed(reasons[self.lang]) if narrow else reasons[self.lang])

    def _table(self, title: str, heads: Sequence[str], told: Sequence[Told], *, pair: bool) -> Iterator[Row]:
        if not told:
            return
        rows = [[title, *heads], *([self.said(one.name), *map(self.said, one.values)] for one in told)]
        widths = widths_of(rows, WIDTH - len(MARGIN) - 2)
        yield from columns(rows[0], widths, "faint", f"{MARGIN}  ")
        for one, cells in zip(told, rows[1:], strict=True):
            marked = pair and one.differs
            yield from columns(cells, widths, "strong" if marked else "plain", f"{MARGIN}{'* ' if marked else '  '}")

    def _reasons(self, reasons: Sequence[Reason]) -> Iterator[Row]:
        for reason in reasons[:MOST_REASONS]:
            mark = f"{reason.line.mark} " if reason.line.mark else ""
            before = f"{MARGIN}  {'  ' * reason.line.depth}{mark}"
            tone: Tone = "strong" if reason.line.heading else "plain"
            yield from folded(reason.text, before, " " * len(before), tone)
        if len(reasons) > MOST_REASONS:
            yield Span(f"{MARGIN}  "), Span(self.f("more", str(len(reasons) - MOST_REASONS)), "faint")

    # --- the rest ---

    def _claims(self, key: str, found: Sequence[Finding]) -> Iterator[Row]:
        if not found:
            return
        yield from self._heading(key, len(found))
        for finding in found:
            tone = TONES[standing(finding)]
            yield from folded(self.said(finding.claim) or finding.subject, "- ")
            yield from folded(self.said(verdict(finding)), "  ", tone=tone)
            if told := self.said(finding.told):
                yield from folded(told, "  ")

    def _measured(self, parts: Sections) -> Iterator[Row]:
        for one in parts.measured:
            yield ()
            yield (Span(self.said(KINDS[one.kind].measured).upper(), "heading"),)
            for finding in one.findings[:MOST_MEASURED]:
                number = parts.number(finding)
                also = f" [{self.f('see')} {number}]" if number else ""
                value = "" if finding.value is None else str(finding.value)
                about = self.said(finding.claim) or finding.subject
                yield from folded(f"{about}: {self.said(finding.told) or value}{also}", "- ")
            if len(one.findings) > MOST_MEASURED:
                more = self.f("more_measured", counted(len(one.findings) - MOST_MEASURED, self.lang))
                yield (Span(more, "faint"),)


def _tone_of(one: Guarantee) -> Tone:
    if one.of("counterexample"):
        return "bad" if any(f.flaw for f in one.findings) else "plain"
    return "open" if one.of("unproved") else "good"


def _ragged(cells: Sequence[str], widths: Sequence[int], tone: Tone) -> Iterator[Row]:
    """Lay out a row whose last cells stand to the right."""
    first, *numbers = cells
    lines = list(columns([first], widths[:1]))
    tail = "  ".join(numbers)
    for at, line in enumerate(lines):
        text = "".join(span.text for span in line)
        yield Span("  "), Span(f"{text.ljust(widths[0])}  {tail}" if at == 0 else text, tone)
