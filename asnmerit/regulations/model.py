"""A regulation page as data: headings, paragraphs, lists and tables, each text in two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import attrs

if TYPE_CHECKING:
    from collections.abc import Mapping

MARKED = re.compile(r"([\\`*_{}\[\]<>|~#$^&])")
STARTS = re.compile(r"^([-+=:](?=\s|$)|%|\d+[.)](?=\s|$))")


@attrs.frozen
class Words:
    """A text in Indonesian and in English, as Markdown inline text.

    On a page in both languages `both`, where it is given, stands for the two; `feet` are said once, after them.
    """

    id: str
    en: str
    both: str = ""
    feet: tuple[Words, ...] = ()

    def __add__(self, other: Words) -> Words:
        """Join two texts in each language."""
        return Words(self.id + other.id, self.en + other.en, feet=self.feet + other.feet)

    @property
    def empty(self) -> bool:
        """Whether it says nothing."""
        return not self.id and not self.en and not self.feet

    def over(self, *feet: Words) -> Words:
        """Give the text with others after it; what is empty falls out."""
        return attrs.evolve(self, feet=(*self.feet, *(f for f in feet if not f.empty)))


NOTHING = Words("", "")


@attrs.frozen
class Heading:
    """A heading of a level, 1 to 4."""

    level: int
    words: Words


@attrs.frozen
class Paragraph:
    """A paragraph; `quoted` where the words are those of the document."""

    words: Words
    quoted: bool = False


@attrs.frozen
class Item:
    """An entry of a list, with what stands below it."""

    words: Words
    below: tuple[Item, ...] = ()


@attrs.frozen
class Bullets:
    """A list."""

    items: tuple[Item, ...]


@attrs.frozen
class Grid:
    """A table: its heads and rows."""

    heads: tuple[Words, ...]
    rows: tuple[tuple[Words, ...], ...]


Block = Heading | Paragraph | Bullets | Grid


def escaped(text: str) -> str:
    r"""Write a plain text as Markdown, so that nothing in it is taken for markup.

    >>> escaped("a_b <c> | 50%")
    'a\\_b \\<c\\> \\| 50%'
    """
    inline = MARKED.sub(r"\\\1", " ".join(text.split()))
    return STARTS.sub(lambda m: f"{m[1][:-1]}\\{m[1][-1]}", inline)


def plain(text: str) -> Words:
    """Say a text that is the same in both languages.

    >>> plain("III/a")
    Words(id='III/a', en='III/a', both='', feet=())
    """
    return Words(escaped(text), escaped(text))


def pair(indonesian: str, english: str) -> Words:
    """Say plain texts."""
    return Words(escaped(indonesian), escaped(english))


def labelled(label: Mapping[str, str] | None, name: str) -> Words:
    """Say a label, or the name where there is none.

    >>> labelled({"id": "masa kerja"}, "service").en
    'masa kerja'
    """
    spoken = name.replace("_", " ")
    said = label or {}
    return pair(said.get("id", said.get("en", spoken)), said.get("en", said.get("id", spoken)))


def code(name: str) -> Words:
    """Say a name of the document, in code letters."""
    return Words(f"`{name}`", f"`{name}`")


def bold(words: Words) -> Words:
    """Say it with weight."""
    return attrs.evolve(words, id=f"**{words.id}**", en=f"**{words.en}**") if words.id else words


def joined(separator: str, parts: Iterable[Words]) -> Words:
    """Join texts; what is empty falls out.

    >>> joined(", ", [plain("a"), NOTHING, plain("b")]).id
    'a, b'
    """
    kept = [p for p in parts if not p.empty]
    if len(kept) == 1:
        return kept[0]
    said = [p for p in kept if p.id or p.en]
    feet = tuple(f for p in kept for f in p.feet)
    return Words(separator.join(p.id for p in said), separator.join(p.en for p in said), feet=feet)


COLON = Words(": ", ": ")
