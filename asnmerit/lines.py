"""Lines of tokens: what an explanation is made of, as plain text, Markdown or HTML."""

from __future__ import annotations

from html import escape

import attrs

from asnmerit.rules.to_text import Token, Tokens, text

MARKDOWN = {**{c: f"\\{c}" for c in "\\`*_[]|#"}, "<": "&lt;", ">": "&gt;"}


@attrs.frozen
class Line:
    """One line: how deep it stands, its mark (met, not met, unknown, or none), its tokens."""

    depth: int
    tokens: Tokens
    mark: str = ""
    heading: bool = False


@attrs.frozen
class Explanation:
    """An explanation as lines of tokens. `str()` gives plain text; `to_markdown()` and `to_html()` the others."""

    lang: str
    lines: tuple[Line, ...]

    def __str__(self) -> str:
        """Plain text, one line a line."""
        out: list[str] = []
        for line in self.lines:
            mark = f"{line.mark} " if line.mark else ""
            if line.heading and out:
                out.append("")
            out.append("  " * line.depth + mark + text(line.tokens))
        return "\n".join(out)

    def to_markdown(self) -> str:
        """Markdown: headings and nested lists, values in bold."""
        out: list[str] = []
        for line in self.lines:
            said = "".join(_markdown(t) for t in line.tokens)
            mark = f"{line.mark} " if line.mark else ""
            out.append(
                f"\n{'###' if line.depth else '##'} {said}\n" if line.heading else f"{'  ' * line.depth}- {mark}{said}"
            )
        return "\n".join(out).strip() + "\n"

    def to_html(self) -> str:
        """A self-contained HTML fragment; every text is escaped."""
        names = {"✓": "met", "✗": "unmet", "?": "unknown", "": "plain"}
        out = [f'<div class="asnmerit" lang="{self.lang}">']
        for line in self.lines:
            said = "".join(f'<span class="{t.kind}">{escape(t.text)}</span>' for t in line.tokens)
            if line.heading:
                out.append(f"<h{3 + bool(line.depth)}>{said}</h{3 + bool(line.depth)}>")
            else:
                mark = f"<b>{line.mark}</b> " if line.mark else ""
                out.append(f'<p class="{names[line.mark]}" style="margin:0 0 0 {line.depth * 1.5}em">{mark}{said}</p>')
        return "\n".join([*out, "</div>"])

    def _repr_html_(self) -> str:
        return self.to_html()


def _markdown(token: Token) -> str:
    plain = "".join(MARKDOWN.get(c, c) for c in token.text)
    return f"**{plain}**" if token.kind == "value" else plain
