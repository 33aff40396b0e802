"""A policy as a regulation page: everything that its document says, in words, in an order that a reader expects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.regulations import cases, computed, doubts, norms, records, values
from asnmerit.regulations.lexicon import Lexicon, both_days, lexicon_of
from asnmerit.regulations.markdown import WRITTEN, Written, to_markdown
from asnmerit.regulations.model import (
    NOTHING,
    Block,
    Bullets,
    Grid,
    Heading,
    Item,
    Paragraph,
    Words,
    bold,
    code,
    joined,
    labelled,
    plain,
)
from asnmerit.regulations.phrases import graded, said
from asnmerit.rules import surface
from asnmerit.rules.policy import Policy
from asnmerit.timeline import FOREVER

if TYPE_CHECKING:
    from asnmerit.rules.declarations import Module
    from asnmerit.scenarios.book import Book

Chapter = Callable[[Lexicon], Iterator[Block]]


@attrs.frozen(eq=False)
class Regulation:
    """A policy in words: `to_markdown()` gives the page."""

    policy: str
    lang: Written
    blocks: tuple[Block, ...]

    def __str__(self) -> str:
        """Give the page as Markdown."""
        return self.to_markdown()

    def to_markdown(self) -> str:
        """Give the page as Markdown."""
        return to_markdown(self.blocks, self.lang)


def regulation(policy: Policy, lang: str = "both", books: Sequence[Book] = ()) -> Regulation:
    """Say a policy in words, in Indonesian (`id`), English (`en`) or `both`, for whoever checks it against the law.

    `books` are the scenarios that test it, as `asnmerit.scenarios.read_book` reads them; they are run. Nothing is said
    that is not in the documents. Raises `ArgumentError` for another language.

    >>> import asnmerit as am
    >>> page = am.regulation(am.load("indonesia/disiplin"), lang="en")
    >>> "## What is decided" in page.to_markdown()
    True
    """
    if not isinstance(policy, Policy):
        raise ArgumentError("policy", policy, "a Policy, as `load` gives it")
    for known in WRITTEN:
        if lang == known:
            return Regulation(policy.name, known, tuple(_blocks(policy, books)))
    raise ArgumentError("lang", lang, "id, en or both")


CHAPTERS: tuple[tuple[str, str, Chapter], ...] = (
    ("decisions", "", norms.decisions),
    ("conditions", "", norms.shared),
    ("values", "", values.parameters),
    ("tables", "", values.tables),
    ("derived", "", computed.derived),
    ("indicators", "", computed.indicators),
    ("scores", "", computed.scores),
    ("rankings", "", computed.rankings),
    ("facts", "", records.facts),
    ("types", "", records.types),
    ("checks", "checks_intro", lambda lexicon: computed.claims(lexicon, "check")),
    ("guarantees", "guarantees_intro", lambda lexicon: computed.claims(lexicon, "guarantee")),
)


def _blocks(policy: Policy, books: Sequence[Book]) -> Iterator[Block]:
    lexicon = lexicon_of(policy)
    yield Heading(1, labelled(policy.title, policy.name))
    yield from _head(policy)
    yield from _under("sources", "", list(_sources(policy.module)))
    for key, intro, chapter in CHAPTERS:
        yield from _under(key, intro, list(chapter(lexicon)))
    yield from _under("delegates", "delegates_intro", list(_delegates(lexicon)))
    yield from _under("borrowed", "borrowed_intro", list(records.borrowed(lexicon)))
    yield Heading(2, said("doubts"))
    found = [*doubts.disputed(lexicon), *doubts.weak(lexicon)]
    yield from found or [Paragraph(said("doubts_none"))]
    yield Heading(2, said("coverage"))
    yield from cases.covered(lexicon, books)


def _under(key: str, intro: str, blocks: Sequence[Block]) -> Iterator[Block]:
    """Put a heading over blocks, where there are any."""
    if blocks:
        yield Heading(2, said(key))
        if intro:
            yield Paragraph(said(intro))
        yield from blocks


# --- head, sources, delegations ------------------------------------------------------------


def _head(policy: Policy) -> Iterator[Block]:
    """Say what it is: name, days on both axes, parent, what it uses."""
    module, document = policy.module, policy.module.document
    yield Paragraph(said("intro"))
    last = said("open") if module.until >= FOREVER else said("through", both_days(module.until - 1))
    items = [
        Item(joined(": ", [bold(said("name")), code(policy.name)])),
        Item(joined(": ", [bold(said("days")), joined(" ", [said("since", both_days(module.start)), last])])),
        Item(joined(": ", [bold(said("known")), both_days(module.enacted)])),
    ]
    on, learnt = policy.days()
    for key, days in (("changes", on[1:]), ("learnt", learnt[1:])):
        if days:
            items.append(Item(joined(": ", [bold(said(key)), joined("; ", map(both_days, days))])))
    if module.parent is not None:
        items.append(Item(joined(": ", [bold(said("extends")), _other(module.parent)])))
    if module.uses:
        items.append(Item(joined(": ", [bold(said("uses")), joined("; ", map(_other, module.uses))])))
    yield Bullets(tuple(items))
    for meta in (document, document.effective):
        remark = (
            joined(". ", [graded(meta.grade or ""), plain(meta.note)]) if meta is not None and meta.note else NOTHING
        )
        if not remark.empty:
            yield Paragraph(remark, quoted=True)
    if policy.abstract:
        names = [joined(" ", [labelled(policy.declared.valued[k].about.label, k), code(k)]) for k in policy.abstract]
        yield Paragraph(said("abstract", joined("; ", names)))


def _other(module: Module) -> Words:
    return labelled(module.document.label, module.name) + Words(f" `{module.name}`", f" `{module.name}`")


def _sources(module: Module) -> Iterator[Block]:
    """Give the sources that the document lists, and those of other documents that it cites."""
    document = module.document
    cited = [*document.sources, *(s for s in _cited(document) if s not in document.sources)]
    rows = []
    for name in cited:
        source = module.sources[name]
        url = plain("") if not source.url else Words(f"<{source.url}>", f"<{source.url}>")
        note = plain(source.note) if source.note else NOTHING
        rows.append((code(name), labelled(source.label, name), graded(source.grade or ""), url, note))
    if rows:
        heads = ("source", "title", "grade", "read_at", "note")
        yield Grid(tuple(said(h) for h in heads), tuple(rows))


def _cited(entry: object) -> dict[str, None]:
    """Give the ids of all sources that a part of a document cites."""
    found: dict[str, None] = {}
    pending = [entry]
    while pending:
        at = pending.pop(0)
        if isinstance(at, dict):
            pending += at.values()
        elif isinstance(at, list | tuple):
            pending += at
        elif isinstance(at, surface.Ref):
            found[at.source] = None
        elif isinstance(at, surface.Meta):
            pending += vars(at).values()
    return found


def _delegates(lexicon: Lexicon) -> Iterator[Block]:
    rows = []
    for name, entry in lexicon.policy.module.document.delegates.items():
        may = joined(", ", [said(m) for m in entry.may or ()])
        rows.append((_delegated(lexicon, name), may, _within(entry.within), _basis_of(lexicon, entry)))
    if rows:
        yield Grid((said("what"), said("may"), said("within"), said("basis")), tuple(rows))


def _delegated(lexicon: Lexicon, name: str) -> Words:
    declared = lexicon.policy.declared
    decl = declared.valued.get(name) or declared.decisions.get(name)
    return labelled(decl.about.label if decl is not None else None, name).over(code(name))


def _within(within: surface.Within | None) -> Words:
    if within is None:
        return NOTHING
    low, high = (plain(n.text) if n is not None else plain("…") for n in (within.from_, within.to))
    return said("from_through", low, high)


def _basis_of(lexicon: Lexicon, entry: surface.DelegateEntry) -> Words:
    sources = lexicon.policy.module.sources
    cites = [plain(f"{(sources[r.source].label or {}).get('id', r.source)} {r.rest}".strip()) for r in entry.source]
    note = plain(entry.note) if entry.note else NOTHING
    return joined(". ", [joined("; ", cites), graded(entry.grade or ""), note])
