"""Lines of a terminal: pieces of text with a tone each, folded to a width; whoever prints them gives tones a colour."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import attrs

WIDTH: Final = 100
Tone = Literal["plain", "heading", "good", "bad", "open", "strong", "faint"]
_UNSEEN: Final = re.compile(r"[^\S\n ]")


@attrs.frozen
class Span:
    """A piece of a line."""

    text: str
    tone: Tone = "plain"


Row = tuple[Span, ...]


def clean(text: str) -> str:
    """Keep a text of a policy from steering a terminal or a page: what cannot be seen is shown as a sign.

    >>> clean("a" + chr(27) + "[2J")
    'a\ufffd[2J'
    """
    if text.isascii() and text.isprintable():
        return text
    spaced = _UNSEEN.sub(" ", text)
    return "".join(c if c == "\n" or unicodedata.category(c) not in {"Cc", "Cf", "Cs"} else "\ufffd" for c in spaced)


def plain(rows: Iterable[Row]) -> str:
    r"""Join rows to a text without tones.

    >>> plain([(Span("a"), Span("b  ", "bad")), ()])
    'ab\n'
    """
    return "\n".join("".join(span.text for span in row).rstrip() for row in rows)


def folded(text: str, first: str = "", rest: str | None = None, tone: Tone = "plain") -> Iterator[Row]:
    """Fold a text to the width; `first` stands before its first line, `rest` before the others."""
    later = " " * len(first) if rest is None else rest
    for at, line in enumerate(_lines(text, WIDTH - max(len(first), len(later)))):
        yield Span(later if at else first), Span(line, tone)


def columns(cells: Sequence[str], widths: Sequence[int], tone: Tone = "plain", indent: str = "") -> Iterator[Row]:
    """Lay cells out beside each other, each folded to its width."""
    laid = [_lines(cell, width) for cell, width in zip(cells, widths, strict=True)]
    for at in range(max(len(lines) for lines in laid)):
        parts = [(lines[at] if at < len(lines) else "").ljust(width) for lines, width in zip(laid, widths, strict=True)]
        yield Span(indent), Span("  ".join(parts).rstrip(), tone)


def widths_of(rows: Sequence[Sequence[str]], room: int) -> list[int]:
    """Share the room out: each column as wide as it needs, the widest cut first."""
    found = [max([1, *(len(line) for row in rows for line in row[at].splitlines())]) for at in range(len(rows[0]))]
    gaps = 2 * (len(found) - 1)
    while sum(found) + gaps > room:
        widest = found.index(max(found))
        found[widest] -= 1
    return found


def _lines(text: str, width: int) -> list[str]:
    """Fold a text, its own line ends kept; words longer than the width are cut."""
    return [
        piece
        for line in clean(text).split("\n")
        for piece in textwrap.wrap(line, max(8, width), break_on_hyphens=False) or [""]
    ]
