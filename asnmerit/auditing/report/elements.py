"""HTML made as a tree, so that every text is escaped; a text in two languages becomes two spans."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, tostring

from asnmerit.auditing.report.spans import clean
from asnmerit.rules.text_words import LANGUAGES

if TYPE_CHECKING:
    from asnmerit.auditing.report.words import Words

__all__ = ["Element", "html", "put", "said", "table", "written"]


def html(root: Element) -> str:
    """Write a tree as HTML.

    >>> html(put(Element("p"), "b", "1 < 2"))
    '<b>1 &lt; 2</b>'
    """
    text: str = tostring(root, encoding="unicode", method="html")
    return text


def put(parent: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Add an element with a text; `cls` is its class, `scope` and others are named as they are."""
    named = {("class" if key == "cls" else key.replace("_", "-")): value for key, value in attributes.items()}
    element = SubElement(parent, tag, {key: value for key, value in named.items() if value})
    if text:
        element.text = clean(text)
    return element


def written(parent: Element, words: Words) -> Element:
    """Add a text to an element in both languages: once where it is the same, else as a span for each."""
    texts = {lang: words.get(lang, "") for lang in LANGUAGES}
    filled = [lang for lang in LANGUAGES if texts[lang]]
    if len(set(texts.values())) == 1 and filled:
        put(parent, "span", texts[filled[0]])
    else:
        for lang in filled:
            put(parent, "span", texts[lang], **({"lang": lang} if len(filled) > 1 else {}))
    return parent


def said(parent: Element, tag: str, words: Words, **attributes: str) -> Element:
    """Add an element with a text in both languages."""
    return written(put(parent, tag, **attributes), words)


def table(parent: Element, caption: Words, heads: Sequence[Words], cls: str) -> Element:
    """Add a table with a caption and heads of columns; give its body."""
    made = put(parent, "table", cls=cls)
    said(made, "caption", caption)
    line = put(put(made, "thead"), "tr")
    for head in heads:
        said(line, "th", head, scope="col")
    return put(made, "tbody")
