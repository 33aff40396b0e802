"""A regulation page as Markdown, in one language or in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from asnmerit.regulations.model import Block, Bullets, Grid, Heading, Item, Paragraph, Words

Written = Literal["id", "en", "both"]
WRITTEN: tuple[Written, ...] = ("id", "en", "both")


def to_markdown(blocks: Sequence[Block], lang: Written) -> str:
    r"""Write blocks as Markdown.

    >>> to_markdown([Heading(1, Words("Gaji", "Pay")), Paragraph(Words("Pokok.", "Base."))], "both")
    '# Gaji / Pay\n\nPokok.\\\n*Base.*\n'
    """
    return "\n\n".join("\n".join(_lines(block, lang)) for block in blocks) + "\n"


def _lines(block: Block, lang: Written) -> Iterator[str]:
    match block:
        case Heading(level, words):
            yield f"{'#' * level} {' / '.join(_two(words) if lang == 'both' else [getattr(words, lang)])}"
        case Paragraph(words, quoted):
            yield from _broken(words, lang, "> " if quoted else "", "> " if quoted else "")
        case Bullets(items):
            for item in items:
                yield from _item(item, lang, 0)
        case Grid(heads, rows):
            yield _row(heads, lang)
            yield "|" + "---|" * len(heads)
            yield from (_row(row, lang) for row in rows)


def _two(words: Words) -> list[str]:
    """Give the text in both languages, once where they are the same."""
    return list(dict.fromkeys(t for t in (words.id, words.en) if t))


def _said(words: Words, lang: Written) -> list[str]:
    """Give the lines of a text: in both languages the second is slanted, and what is said once comes last."""
    if lang != "both":
        texts = [words.id if lang == "id" else words.en, *(_said(foot, lang)[0] for foot in words.feet)]
        return [" — ".join(t for t in texts if t)]
    first, *more = [words.both] if words.both else _two(words) or [""]
    foot = " — ".join(f.both or " / ".join(_two(f)) for f in words.feet)
    return [t for t in (first, *(f"*{t.strip()}*" for t in more), foot) if t] or [""]


def _broken(words: Words, lang: Written, first: str, after: str) -> Iterator[str]:
    texts = _said(words, lang)
    for i, text in enumerate(texts):
        yield (after if i else first) + text + ("\\" if i + 1 < len(texts) else "")


def _item(item: Item, lang: Written, depth: int) -> Iterator[str]:
    margin = "  " * depth
    yield from _broken(item.words, lang, f"{margin}- ", f"{margin}  ")
    for below in item.below:
        yield from _item(below, lang, depth + 1)


def _row(cells: Sequence[Words], lang: Written) -> str:
    return "| " + " | ".join(_cell(cell, lang) for cell in cells) + " |"


def _cell(words: Words, lang: Written) -> str:
    return "<br>".join(_said(words, lang))
