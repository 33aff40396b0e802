"""Altair and vl-convert, used here alone: charts are dressed, checked, and turned into SVG, PNG and pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from asnmerit.pictures.wording import Lang, said

try:
    import altair as alt
except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
    message = "pictures need Altair: pip install 'asnmerit[pictures]'"
    raise ModuleNotFoundError(message, name=error.name) from error

__all__ = ["MOST_ROWS", "alt", "dressed", "nothing", "png", "rows", "svg"]

Chart = Any
MOST_ROWS: Final = 5000
"""Altair's own limit of rows in a chart."""
ADDRESSES: Final = 90 << 30
FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
INK: Final = "#222222"
LOCALES: Final[Mapping[str, Any]] = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp", ""]},
}


def rows(found: Sequence[Mapping[str, Any]]) -> Any:  # noqa: ANN401 - data of Altair
    """Give rows to a chart. They are counts of people, never people; more than a chart may hold is a fault of ours."""
    if len(found) > MOST_ROWS:
        raise AssertionError(f"{len(found)} rows for a picture")
    return alt.InlineData(values=[dict(row) for row in found])


def dressed(chart: Chart, lang: Lang, title: str, notes: Sequence[str], description: str) -> Chart:
    """Give a chart its title, its notes below it, its words for those who cannot see it, and one look for all."""
    top = alt.TitleParams(
        text=title.split("\n"),
        subtitle=[line for note in notes for line in note.split("\n")],
        anchor="start", fontSize=16, subtitleFontSize=12, subtitleColor="#555555", offset=14, font=FONT,
        subtitleFont=FONT, color=INK,
    )  # fmt: skip
    return (
        chart.properties(title=top, description=description, background="white", padding=14)
        .configure(font=FONT, locale={"number": LOCALES[lang]})
        .configure_axis(
            labelLimit=0, titleLimit=0, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
            labelColor=INK, titleColor="#555555", gridColor="#e6e6e6", domainColor="#999999", tickColor="#999999",
        )
        .configure_legend(labelLimit=0, titleLimit=0, labelFontSize=12, titleFontSize=12, titleFontWeight="normal")
        .configure_header(labelLimit=0, titleLimit=0, labelFontSize=12, labelColor=INK, titleFontSize=12)
        .configure_view(stroke=None)
    )  # fmt: skip


def nothing(lang: Lang) -> Chart:
    """Draw that there is nothing to draw."""
    return (
        alt.Chart(rows([{"text": said("nothing", lang)}]))
        .mark_text(fontSize=14, color="#555555")
        .encode(text="text:N")
        .properties(width=420, height=80)
    )


def svg(chart: Chart) -> str:
    """Draw a chart as SVG."""
    return str(_converter().vegalite_to_svg(chart.to_dict()))


def png(chart: Chart, scale: float) -> bytes:
    """Draw a chart as PNG."""
    return bytes(_converter().vegalite_to_png(chart.to_dict(), scale=scale))


def _converter() -> Any:  # noqa: ANN401 - a module without types
    _room()
    try:
        import vl_convert  # noqa: PLC0415 - large, and charts in a notebook do without it
    except ModuleNotFoundError as error:  # pragma: no cover - the extra is installed where the tests run
        message = "SVG and PNG need vl-convert: pip install 'asnmerit[pictures]'"
        raise ModuleNotFoundError(message, name=error.name) from error
    return vl_convert


def _room() -> None:
    """Refuse where there is no room: V8, which draws, ends the whole process where it cannot reserve its addresses."""
    try:
        import resource  # noqa: PLC0415 - not on Windows
    except ModuleNotFoundError:  # pragma: no cover - Windows has no such limit
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[0]
    if most not in (resource.RLIM_INFINITY, -1) and most < ADDRESSES:
        message = (
            f"drawing SVG and PNG reserves {ADDRESSES >> 30} GB of addresses (not of memory), and this process may "
            f"have {most >> 30} GB: raise the limit (ulimit -v unlimited), or save as .html or .json"
        )
        raise MemoryError(message)
