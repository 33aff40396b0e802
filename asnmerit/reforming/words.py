"""A reform in words, in Indonesian and English: what changes, where the old value was said, what is beyond the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Final

from asnmerit.rules.to_text import Language, said_day, said_value
from asnmerit.rules.types import Number

if TYPE_CHECKING:
    from asnmerit.reforming.differing import Changed
    from asnmerit.reforming.effects import Effect
    from asnmerit.reforming.reforming import Reform

MOST: Final = 20
"""Lines of one change that a text shows."""

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Usulan perubahan, bukan hukum: {0}", "A reform, not law: {0}"),
    "day": ("Dibandingkan dengan hukum pada {0}{1}", "Against the law on {0}{1}"),
    "known": (", sebagaimana diketahui pada {0}", ", as known on {0}"),
    "unbound": ("DI LUAR YANG DIDELEGASIKAN: {0}", "BEYOND WHAT IS DELEGATED: {0}"),
    "within": ("Tidak ada perubahan yang melampaui delegasi.", "No change goes beyond what is delegated."),
    "none": ("TIDAK ADA PERUBAHAN YANG DIMINTA.", "NO CHANGE IS ASKED FOR."),
    "same": (
        "TIDAK ADA YANG BERUBAH PADA HARI ITU: hukum dan usulan sama artinya.",
        "NOTHING CHANGES ON THAT DAY: the law and the reform mean the same.",
    ),
    "idle": ("TIDAK BERUBAH PADA HARI ITU", "NO CHANGE ON THAT DAY"),
    "becomes": ("{0} menjadi {1}", "{0} becomes {1}"),
    "added": ("ditambahkan: {0}", "added: {0}"),
    "removed": ("dihapus: {0}", "removed: {0}"),
    "since": ("berlaku mulai {0}", "holds from {0}"),
    "source": ("semula menurut {0}", "was by {0}"),
    "beyond": ("DI LUAR DELEGASI", "BEYOND DELEGATION"),
    "more": ("dan {0} lagi", "and {0} more"),
    "no_effect": (
        "TIDAK SATU PUN KEPUTUSAN BERUBAH bagi {0} pegawai ini.",
        "NOT ONE DECISION CHANGES for these {0} people.",
    ),
    "no_people": ("TIDAK ADA PEGAWAI: tidak ada yang diuji.", "NO PEOPLE: nothing was tried."),
    "effect": ("{0}: berubah bagi {1} dari {2} pegawai", "{0}: changes for {1} of {2} people"),
    "errors": ("; {0} baris bermasalah", "; {0} rows in error"),
    "undetermined": ("; {0} belum dapat diputuskan", "; {0} undetermined"),
    "conflict": ("; {0} konflik", "; {0} in conflict"),
}


def said(key: str, lang: Language, *given: object) -> str:
    """Give a phrase in a language.

    >>> said("idle", "en")
    'NO CHANGE ON THAT DAY'
    """
    return _WORDS[key][0 if lang == "id" else 1].format(*given)


def reform_lines(reform: Reform, lang: Language) -> Iterator[tuple[str, str]]:
    """Give the lines of a text, each with its kind: head, loud, plain or change."""
    own = f" — {reform.title[lang]}" if lang in reform.title else ""
    yield "head", said("title", lang, reform.original.title.get(lang, reform.original.name)) + own
    known = said("known", lang, said_day(reform.before.known, lang)) if reform.before.known else ""
    yield "plain", said("day", lang, said_day(reform.before.on, lang), known) + f" ({reform.law.policy})"
    if reform.unbound:
        yield "loud", said("unbound", lang, ", ".join(reform.unbound))
    elif reform.keys:
        yield "plain", said("within", lang)
    if not reform.keys:
        yield "loud", said("none", lang)
    elif reform.changes_nothing:
        yield "loud", said("same", lang)
    for key in reform.keys:
        mine = [c for c in reform.changes if c.key == key]
        for change in mine[:MOST]:
            yield "change", _change(change, lang)
        if len(mine) > MOST:
            yield "change", said("more", lang, len(mine) - MOST)


def _change(change: Changed, lang: Language) -> str:
    label = change.label.get(lang) or change.name.replace("_", " ")
    name = f"{label} [{change.key}]" + (f", {change.part}" if change.part else "")
    before, after = change.said(lang)
    if change.idle:
        what = " ".join(t for t in (before, said("idle", lang)) if t)
    elif change.before is None:
        what = said("added", lang, after)
    elif change.after is None:
        what = said("removed", lang, before)
    else:
        what = said("becomes", lang, before, after)
    more = [said("beyond", lang)] if change.unbound else []
    more += [said("since", lang, said_day(change.start, lang))] if change.start else []
    more += [said("source", lang, change.source)] if change.source else []
    return f"{name}: {'; '.join([what, *more])}"


def reform_html(reform: Reform, lang: Language) -> str:
    """Write a reform as a self-contained fragment of HTML; every text is escaped."""
    tags = {"head": "h3", "loud": "p", "plain": "p", "change": "li"}
    lines = list(reform_lines(reform, lang))
    out = [f'<div class="asnmerit reform" lang="{lang}">']
    for kind, line in lines:
        text = f"<strong>{escape(line)}</strong>" if kind == "loud" else escape(line)
        out.append(f"<{tags[kind]}>{text}</{tags[kind]}>")
    return "\n".join(out).replace("<li>", "<ul><li>", 1) + ("</ul></div>" if reform.keys else "</div>")


def _count(people: int, lang: Language) -> str:
    return said_value(people, Number("integer"), lang)


def effect_lines(effect: Effect, lang: Language) -> Iterator[str]:
    """Give the lines of what a reform does to people."""
    if not effect.people:
        yield said("no_people", lang)
        return
    if effect.changes_nothing:
        yield said("no_effect", lang, _count(effect.people, lang))
    for name, one in effect.decisions.items():
        line = said("effect", lang, name, _count(one.changed, lang), _count(one.people, lang))
        others = {"undetermined": one.undetermined, "conflict": one.conflict, "errors": one.errors}
        yield line + "".join(said(key, lang, _count(people, lang)) for key, people in others.items() if people)
    if effect.unbound:
        yield said("unbound", lang, ", ".join(effect.unbound))
