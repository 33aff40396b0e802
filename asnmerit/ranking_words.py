"""A ranking in words: each place, and what tells the person from the one above, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, get_args

from asnmerit.errors import ArgumentError
from asnmerit.rules.to_text import Language, fact_name, said_day, said_value

if TYPE_CHECKING:
    from asnmerit.ranked import Comparison, LeftOut, RankedRow, Ranking, RankingKey

MOST_ROWS: Final = 5

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "row": ("baris {0}", "row {0}"),
    "law": ("Dasar: {0}", "By: {0}"),
    "grade": (" (bukti {0})", " (evidence {0})"),
    "decided": (
        "baris {0} di atasnya: {1} ({2} terhadap {3})",
        "row {0} is above: {1} ({2} against {3})",
    ),
    "shared": (
        "sama dengan baris {0} dalam semua hal yang dibandingkan: tempat yang sama",
        "like row {0} in all that is compared: the same place",
    ),
    "tied": (
        "sama dengan baris {0} dalam semua hal yang dibandingkan: hukum tidak menentukan urutannya",
        "like row {0} in all that is compared: the law does not order them",
    ),
    "open": (
        "urutan terhadap baris {0} belum pasti ({1}); belum diketahui: {2}",
        "the order against row {0} is open ({1}); not known: {2}",
    ),
    "of": ("{0} pada baris {1}", "{0} of row {1}"),
    "waits": ("tempat bergantung pada data {0}", "the place waits for facts of {0}"),
    "missing": ("belum diketahui: {0}", "not known: {0}"),
    "more": (" dan {0} baris lain", " and {0} more rows"),
    "outside": ("Tidak termasuk daftar ini: {0}", "Not of this list: {0}"),
    "unsettled": (
        "Belum pasti termasuk daftar ini, tidak diberi tempat: {0}",
        "Not certain to belong to this list, not placed: {0}",
    ),
    "errors": ("Tidak dapat dibaca, tidak diberi tempat:", "Could not be read, not placed:"),
    "among": (
        "Daftar belum lengkap: tempat dihitung di antara yang tercantum saja.",
        "The list is not complete: places are counted among those listed alone.",
    ),
}


def said_key(key: RankingKey, value: Any, lang: Language) -> str:  # noqa: ANN401 - a value of the key's type
    """Write the value of a key; whole numbers, which may be years, as they are."""
    return str(value) if type(value) is int else said_value(value, key.type, lang)


def reason(ranking: Ranking, row: RankedRow, above: RankedRow | None, lang: Language) -> str:
    """Say why a row stands below the one above it, and what its place waits for."""
    said = [] if above is None or row.below is None else [_below(ranking, row.below, above, row, lang)]
    if row.status == "open":
        if row.missing:
            said.append(_word("missing", lang, _facts(ranking, row.missing, lang)))
        others, count = row.some_waited_for(MOST_ROWS)
        if others and not row.missing:
            said.append(_word("waits", lang, _rows(others, count, lang)))
    return "; ".join(said)


def _below(ranking: Ranking, found: Comparison, above: RankedRow, row: RankedRow, lang: Language) -> str:
    if found.key is None:
        return _word(found.how, lang, above.row)
    label = found.key.label.get(lang, found.key.name)
    if found.how == "decided":
        at = ranking.keys.index(found.key)
        high, low = (said_key(found.key, r.values[at], lang) for r in (above, row))
        return _word("decided", lang, above.row, label, high, low)
    missing = [_word("of", lang, _facts(ranking, facts, lang), number) for number, facts in found.missing.items()]
    return _word("open", lang, above.row, label, ", ".join(missing))


def _facts(ranking: Ranking, names: tuple[str, ...], lang: Language) -> str:
    law = ranking.law
    return ", ".join(fact_name(law, n, lang) if n in law.declared else n for n in names)


def _rows(rows: tuple[int, ...], count: int, lang: Language) -> str:
    said = ", ".join(_word("row", lang, r) for r in rows)
    return said + (_word("more", lang, count - len(rows)) if count > len(rows) else "")


def _word(key: str, lang: Language, *args: object) -> str:
    return _WORDS[key][0 if lang == "id" else 1].format(*args)


def place_text(row: RankedRow) -> str:
    """Write a place, or its range.

    >>> from types import SimpleNamespace
    >>> place_text(SimpleNamespace(first=2, last=2)), place_text(SimpleNamespace(first=2, last=4))
    ('2', '2-4')
    """
    return str(row.first) if row.first == row.last else f"{row.first}-{row.last}"


def ranking_text(ranking: Ranking, lang: str) -> str:
    """Write the whole ranking. Raises `ArgumentError` for a language other than `id` and `en`."""
    for known in get_args(Language):
        if lang == known:
            return "\n".join(_lines(ranking, known))
    raise ArgumentError("lang", lang, "id or en")


def _lines(ranking: Ranking, lang: Language) -> Iterator[str]:
    title = (ranking.about.label or {}).get(lang, ranking.name)
    yield f"{title}, {said_day(ranking.as_of, lang)} ({ranking.law.policy})"
    if ranking.about.citations:
        grade = _word("grade", lang, ranking.about.grade) if ranking.about.grade else ""
        yield _word("law", lang, "; ".join(map(str, ranking.about.citations))) + grade
    if not ranking.complete:
        yield _word("among", lang)
    above: RankedRow | None = None
    for row in ranking.rows:
        yield f"{place_text(row)}. {_who(row, lang)}"
        if said := reason(ranking, row, above, lang):
            yield f"   {said}"
        above = row
    if ranking.outside:
        yield _word("outside", lang, ", ".join(_who(p, lang) for p in ranking.outside))
    if ranking.unsettled:
        people = ", ".join(f"{_who(p, lang)} [{_facts(ranking, p.missing, lang)}]" for p in ranking.unsettled)
        yield _word("unsettled", lang, people)
    if ranking.errors:
        yield _word("errors", lang)
        yield from (f"   {_word('row', lang, e.row)}: {'; '.join(map(str, e.faults))}" for e in ranking.errors)


def _who(person: RankedRow | LeftOut, lang: Language) -> str:
    row = _word("row", lang, person.row)
    return f"{person.identity} ({row})" if person.identity else row
