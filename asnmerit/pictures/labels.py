"""Labels that a picture can bear: of one line or several, none alike, whatever text the people's columns hold."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Hashable, Iterable
from fractions import Fraction
from typing import Any, Final

from asnmerit.pictures.wording import Lang, said

WIDTH: Final = 34
LONGEST: Final = 160
SPLIT: Final = "split(datum.label, '\\n')"
"""What an axis does with a label: a new line where one is wanted."""
LIFTED: Final = {
    "condition": [{"test": f"length(split(datum.label, '\\n')) == {n}", "value": -7 * (n - 1)} for n in (2, 3, 4, 5)],
    "value": 0,
}
"""How far labels of a vertical axis are moved up, so that several lines stand about the middle of their bar."""


def clean(text: object) -> str:
    r"""Take out what cannot be seen or drawn: controls, marks of direction, halves of characters, empty lines.

    >>> clean("Dinas\n\x00 Kesehatan\u202e ")
    'Dinas Kesehatan'
    """
    said_ = "".join(c if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"} else " " for c in str(text))
    short = " ".join(said_.split())
    return short if len(short) <= LONGEST else short[: LONGEST - 1] + "…"


def wrapped(text: object, width: int = WIDTH) -> str:
    r"""Write a text in lines of about so many letters.

    >>> wrapped("Dinas Pemberdayaan Masyarakat dan Kampung Kabupaten", 20).split("\n")
    ['Dinas Pemberdayaan', 'Masyarakat dan', 'Kampung Kabupaten']
    """
    return "\n".join(textwrap.wrap(clean(text), width)) or "—"


def labelled(keys: Iterable[Hashable], lang: Lang, width: int = WIDTH) -> dict[Hashable, str]:
    """Give each key its label, no two alike. None is said to be not recorded.

    >>> list(labelled(["a", "a ", None, ""], "en").values())
    ['a', 'a (2)', '(not recorded)', '—']
    """
    found: dict[Hashable, str] = {}
    taken: set[str] = set()
    for key in keys:
        label = said("unrecorded", lang) if key is None else wrapped(key, width)
        again, number = label, 1
        while again in taken:
            number += 1
            again = f"{label} ({number})"
        taken.add(again)
        found[key] = again
    return found


def number(value: Any, lang: Lang, unit: str = "") -> str:  # noqa: ANN401 - a number
    """Write a number in full, as people of the language do.

    >>> number(1234567, "id"), number(0.5, "id", "%"), number(Fraction(3, 2), "en"), number(5000, "id", "rupiah")
    ('1.234.567', '50,0%', '1.5', 'Rp5.000')
    """
    if value is None:
        return "—"
    if unit == "%":
        text = f"{float(value) * 100:,.1f}%"
    elif isinstance(value, int) or value == int(value):
        text = f"{int(value):,}"
    else:
        text = f"{float(value):,.2f}".rstrip("0").rstrip(".") if isinstance(value, float | Fraction) else f"{value:,}"
    text = text.translate(str.maketrans(",.", ".,")) if lang == "id" else text
    return f"Rp{text}".replace("Rp-", "-Rp") if unit == "rupiah" else text
