"""A picture: a chart in either language, the plain table that it shows, and the same in words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import attrs

from asnmerit.errors import ArgumentError
from asnmerit.lazily import lazily
from asnmerit.pictures.drawing import dressed, nothing, png, svg
from asnmerit.pictures.labels import wrapped
from asnmerit.pictures.wording import Lang, head, language
from asnmerit.sensitivity.tabling import plain

Chart = Any
Table = Any
Draw = Callable[[Lang], Chart]
Say = Callable[[Lang], str]
SUFFIXES: Final = (".svg", ".png", ".html", ".json")
LINE: Final = 96
LARGEST: Final = 10
"""Pixels to a point."""


@attrs.frozen(eq=False, slots=False, repr=False)
class Picture:
    """A chart of Altair in a language (`chart`), the Arrow table that it shows (`table`), and both in words (`text`).

    A notebook shows it, and `to_svg`, `to_png` and `save` draw it. Numbers of the table are those of the source.
    """

    lang: Lang
    table: Table
    name: Say
    notes: Callable[[Lang], Sequence[str]]
    draw: Draw = attrs.field()

    def title(self, lang: str | None = None) -> str:
        """Give the title."""
        return self.name(self._in(lang))

    def _in(self, lang: str | None) -> Lang:
        return self.lang if lang is None else language(lang)

    def _made(self, lang: Lang) -> Chart:
        chart = self.draw(lang) if self.table.num_rows else nothing(lang)
        notes = [wrapped_line for note in self.notes(lang) for wrapped_line in wrapped(note, LINE).split("\n")]
        return dressed(chart, lang, wrapped(self.name(lang), LINE - 16), notes, self._described(lang))

    def _described(self, lang: Lang) -> str:
        return ". ".join([self.name(lang), *self.notes(lang)])

    @lazily
    def chart(self) -> Chart:
        """The chart, of Altair."""
        return self._made(self.lang)

    def to(self, lang: str) -> Picture:
        """Give the same picture in another language."""
        return attrs.evolve(self, lang=language(lang))

    def text(self, lang: str | None = None) -> str:
        """Say what the picture shows: title, notes and the numbers."""
        of = self._in(lang)
        return "\n".join([self.name(of), *self.notes(of), *plain(self._columns(of), of)])

    def _columns(self, lang: Lang) -> dict[str, list[Any]]:
        """Give the columns with their heads in a language; labels in the other one are left out."""
        other = "label_en" if lang == "id" else "label_id"
        found = {n: self.table.column(n).to_pylist() for n in self.table.column_names if n != other}
        heads = {n: head(n, lang) for n in found}
        return {heads[n] if list(heads.values()).count(heads[n]) == 1 else n: v for n, v in found.items()}

    def to_svg(self) -> str:
        """Draw it as SVG."""
        return svg(self.chart)

    def to_png(self, scale: float = 2) -> bytes:
        """Draw it as PNG, so many pixels to a point."""
        given: object = scale
        if isinstance(given, bool) or not isinstance(given, int | float) or not 0 < given <= LARGEST:
            raise ArgumentError("scale", scale, f"a number above 0, at most {LARGEST}")
        return png(self.chart, scale)

    def save(self, path: str | Path, *, scale: float = 2) -> Path:
        """Write it to a file whose name ends in .svg, .png, .html or .json, and give its path."""
        target = Path(path)
        kind = target.suffix.lower()
        if kind == ".svg":
            target.write_text(self.to_svg(), encoding="utf-8")
        elif kind == ".png":
            target.write_bytes(self.to_png(scale))
        elif kind == ".html":
            target.write_text(self.chart.to_html(), encoding="utf-8")
        elif kind == ".json":
            target.write_text(self.chart.to_json(), encoding="utf-8")
        else:
            raise ArgumentError("path", str(path), f"a name that ends in {', '.join(SUFFIXES)}")
        return target

    def __repr__(self) -> str:
        """Name it and the size of its table."""
        return f"<Picture {self.title()!r}: {self.table.num_rows} rows>"

    def _repr_mimebundle_(self, **_: Any) -> Any:  # noqa: ANN401 - what a notebook asks
        found = self.chart._repr_mimebundle_()
        bundle, about = found if isinstance(found, tuple) else (found, {})
        return {**bundle, "text/plain": self.text()}, about
