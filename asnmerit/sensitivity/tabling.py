"""Results as plain tables: exact numbers as Arrow columns, as text with aligned columns, as HTML for a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from html import escape
from typing import Any, Final

from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa
from asnmerit.rules.law import exact_text
from asnmerit.rules.to_text import LANGUAGES, Language

MOST: Final = 2**63
MOST_SHOWN: Final = 60
Columns = Mapping[str, Sequence[Any]]


def language(lang: object) -> Language:
    """Check the language of a text."""
    if lang not in LANGUAGES:
        raise ArgumentError("lang", lang, " or ".join(LANGUAGES))
    return lang


def table(columns: Columns) -> Any:  # noqa: ANN401 - a table of PyArrow
    """Make an Arrow table. Exact numbers stay exact: integers, decimals, or text where neither can hold one.

    >>> from fractions import Fraction
    >>> table({"a": [1, None], "b": [Fraction(1, 2), 3], "c": [Fraction(1, 3), 1]}).to_pydict()
    {'a': [1, None], 'b': [Decimal('0.5'), Decimal('3.0')], 'c': ['1/3', '1']}
    """
    return pa.table({name: _column(values) for name, values in columns.items()})


def _column(values: Sequence[Any]) -> Any:  # noqa: ANN401 - an array of PyArrow
    there = [v for v in values if v is not None]
    if any(isinstance(v, Fraction) for v in there) and all(isinstance(v, int | Fraction) for v in there):
        texts = [None if v is None else exact_text(v) for v in values]
        if any("/" in t for t in texts if t is not None):
            return pa.array(texts, pa.string())
        if all(v.denominator == 1 for v in there):
            return _column([None if v is None else int(v) for v in values])
        places = max(len(t.partition(".")[2]) for t in texts if t is not None)
        return pa.array([None if t is None else Decimal(t).quantize(Decimal(1).scaleb(-places)) for t in texts])
    if there and all(type(v) is int for v in there) and max(map(abs, there)) >= MOST:
        return pa.array([None if v is None else Decimal(v) for v in values])
    if len({type(v) for v in there}) > 1:
        return pa.array([None if v is None else said(v, "en") for v in values], pa.string())
    return pa.array(values, pa.string() if not there else None)


def said(value: Any, lang: Language) -> str:  # noqa: ANN401 - a cell
    """Write a cell: exact numbers in full, a float as a rate or a mean with four places.

    >>> said(1234567, "id"), said(1234567, "en"), said(0.5, "id"), said(None, "en")
    ('1.234.567', '1,234,567', '0,5000', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return {"id": ("tidak", "ya"), "en": ("no", "yes")}[lang][value]
    if isinstance(value, Decimal) and value.is_finite():
        value = Fraction(value)
    if isinstance(value, Fraction) and value.denominator == 1:
        value = int(value)
    if isinstance(value, int):
        text = f"{value:,}"
    elif isinstance(value, float):
        text = f"{value:,.4f}"
    elif isinstance(value, Fraction):
        text = exact_text(value)
    else:
        return str(value)
    return text.translate(str.maketrans(",.", ".,")) if lang == "id" else text


def plain(columns: Columns, lang: Language) -> list[str]:
    """Write a table as lines of text, numbers to the right; of a long one the head, and how much is left out."""
    cells = [[name, *(said(v, lang) for v in values[:MOST_SHOWN])] for name, values in columns.items()]
    right = [any(isinstance(v, int | float | Fraction) for v in values) for values in columns.values()]
    widths = [max(map(len, column), default=0) for column in cells]
    lines = []
    for row in zip(*cells, strict=True):
        parts = [c.rjust(w) if r else c.ljust(w) for c, w, r in zip(row, widths, right, strict=True)]
        lines.append("  ".join(parts).rstrip())
    left = len(next(iter(columns.values()), ())) - MOST_SHOWN
    if left > 0:
        lines.append({"id": f"… dan {left} baris lain", "en": f"… and {left} more rows"}[lang])
    return lines


def html(title: str, columns: Columns, notes: Sequence[str], lang: Language) -> str:
    """Write a table as a fragment of HTML; every text is escaped."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    rows = zip(*(values[:MOST_SHOWN] for values in columns.values()), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{escape(said(v, lang))}</td>" for v in row) + "</tr>" for row in rows)
    left = len(next(iter(columns.values()), ())) - MOST_SHOWN
    more = {"id": f"… dan {left} baris lain", "en": f"… and {left} more rows"}[lang]
    under = "".join(f"<p>{escape(note)}</p>" for note in ([more] if left > 0 else []) + list(notes))
    return (
        f'<div class="asnmerit" lang="{lang}"><h3>{escape(title)}</h3><table><tr>{head}</tr>{body}</table>{under}</div>'
    )
