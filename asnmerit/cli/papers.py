"""Explanations on paper: the answers for everybody in a file, as text, Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import IO, Final, Protocol

import attrs

from asnmerit.readers.findings import Language

FORMS: Final[Mapping[str, str]] = {".txt": "text", ".md": "markdown", ".html": "html", ".htm": "html"}
LANGUAGES: Final[tuple[Language, ...]] = ("id", "en")
NAMES: Final[Mapping[Language, str]] = {"id": "Bahasa Indonesia", "en": "English"}

_STYLE: Final = (
    "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;line-height:1.45}"
    "details{border-top:1px solid #bbb;padding:.3rem 0}summary{cursor:pointer}"
    ".met b{color:#176f2c}.unmet b{color:#b3261e}.cite{color:#555;font-size:.9em}"
)


class Explained(Protocol):
    """An explanation, which can be shown in three forms."""

    def to_markdown(self) -> str:
        """Give Markdown."""
        ...

    def to_html(self) -> str:
        """Give HTML."""
        ...


@attrs.frozen
class Form:
    """How a paper is written: what stands before and after all, a heading, an explanation, a list."""

    begin: Callable[[str], str]
    heading: Callable[[str], str]
    tongue: Callable[[Language, str], str]
    explanation: Callable[[Explained], str]
    items: Callable[[Sequence[str]], str]
    after: str = ""
    end: str = ""


TEXT: Final = Form(
    begin=lambda title: f"{title}\n",
    heading=lambda text: f"\n{'=' * 78}\n{text}\n{'=' * 78}\n",
    tongue=lambda lang, body: f"\n[{NAMES[lang]}]\n{body.rstrip()}\n",
    explanation=str,
    items=lambda lines: "".join(f"- {line}\n" for line in lines),
)
MARKDOWN: Final = Form(
    begin=lambda title: f"# {_unmarked(title)}\n",
    heading=lambda text: f"\n# {_unmarked(text)}\n",
    tongue=lambda lang, body: f"\n_{NAMES[lang]}_\n\n{body.rstrip()}\n",
    explanation=lambda found: found.to_markdown(),
    items=lambda lines: "".join(f"- {_unmarked(line)}\n" for line in lines),
)
HTML: Final = Form(
    begin=lambda title: (
        f'<!doctype html>\n<html lang="id"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head><body>\n<h1>{escape(title)}</h1>\n"
    ),
    heading=lambda text: f"<details><summary>{escape(text)}</summary>\n",
    tongue=lambda lang, body: f'<div lang="{lang}">{body}</div>\n',
    explanation=lambda found: found.to_html(),
    items=lambda lines: f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>",
    after="</details>\n",
    end="</body></html>\n",
)
BY_NAME: Final[Mapping[str, Form]] = {"text": TEXT, "markdown": MARKDOWN, "html": HTML}


def _unmarked(text: str) -> str:
    """Keep a text that came from a file from being taken for marks of Markdown or HTML."""
    return "".join(f"\\{c}" if c in "\\`*_[]<>#|" else c for c in text)


def form_of(path: str) -> str:
    """Give the form that a file's suffix asks for; "" for a suffix without one.

    >>> form_of("penjelasan.html"), form_of("x.pdf")
    ('html', '')
    """
    return FORMS.get(Path(path).suffix.lower(), "")


class Paper:
    """Writes the answers for one person after the other; nothing is kept in memory."""

    def __init__(self, stream: IO[str], form: str, title: str) -> None:
        """Begin the paper."""
        self._stream, self._form = stream, BY_NAME[form]
        self._stream.write(self._form.begin(title))

    def heading(self, text: str) -> None:
        """Begin the part of one person."""
        self._stream.write(self._form.heading(text))

    def explanation(self, lang: Language, found: Explained) -> None:
        """Write one explanation."""
        self._stream.write(self._form.tongue(lang, self._form.explanation(found)))

    def items(self, lang: Language, lines: Sequence[str]) -> None:
        """Write a list of short texts."""
        self._stream.write(self._form.tongue(lang, self._form.items(lines)))

    def next(self) -> None:
        """End the part of one person."""
        self._stream.write(self._form.after)

    def close(self) -> None:
        """End the paper."""
        self._stream.write(self._form.end)
