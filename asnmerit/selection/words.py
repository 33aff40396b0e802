"""A selection in words: each group, its cut-off, who came in and who waits, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, get_args

from asnmerit.comparison.words import beyond
from asnmerit.errors import ArgumentError
from asnmerit.rules.text_words import word as word_of
from asnmerit.rules.to_text import Language, said_day, said_value
from asnmerit.rules.types import Enum, Number
from asnmerit.selection.keys import SelectionKey

if TYPE_CHECKING:
    from asnmerit.selection.selected import Group, Selected, Selection

RUPIAH: Final = Number("rupiah")
LISTED: Final = ("chosen", "waiting", "open", "undetermined", "conflict", "error")

_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Seleksi: {0} ({1}), {2}", "Selection: {0} ({1}), {2}"),
    "keys": ("Urutan: {0}", "Order: {0}"),
    "no_keys": ("Urutan: tidak ada", "Order: none"),
    "highest": ("{0} (tertinggi dahulu)", "{0} (highest first)"),
    "lowest": ("{0} (terendah dahulu)", "{0} (lowest first)"),
    "group": ("{0}: ", "{0}: "),
    "protected": (
        "Pembagian kelompok mengikuti fakta terlindung: {0}.",
        "The groups follow a protected fact: {0}.",
    ),
    "places": (
        "{0} tempat, {1} memenuhi syarat, {2} terpilih, {3} menunggu",
        "{0} places, {1} eligible, {2} chosen, {3} waiting",
    ),
    "money": (
        "anggaran {0}, {1} memenuhi syarat ({4}), {2} dibayar, {3} menunggu; terpakai {5}, sisa {6}",
        "budget {0}, {1} eligible ({4}), {2} paid, {3} waiting; spent {5}, left {6}",
    ),
    "shared": (
        "anggaran {0}, {1} memenuhi syarat ({4}), dibagi sebanding; terpakai {5}, sisa {6}",
        "budget {0}, {1} eligible ({4}), shared in proportion; spent {5}, left {6}",
    ),
    "cut_off": ("   batas: {0}", "   cut-off: {0}"),
    "tied": (
        "   {0} orang sama dalam semua kunci di batas: {1}",
        "   {0} people are alike in every key across the cut-off: {1}",
    ),
    "all_wait": ("semuanya menunggu", "all of them wait"),
    "all_in": ("semuanya masuk", "all of them are in"),
    "open": (
        "   {0} orang: urutannya belum pasti karena ada kunci yang belum diketahui",
        "   {0} people: their order is open, for a key is not known",
    ),
    "unsettled": (
        "   belum diputus: {0} belum pasti, {1} konflik, {2} bermasalah; {3} di antaranya masih dapat mengubah hasil",
        "   not settled: {0} undetermined, {1} in conflict, {2} in error; {3} of them could still change the result",
    ),
    "secure": ("   pasti dalam keadaan apa pun: {0} dari {1}", "   secure whatever comes: {0} of {1}"),
    "list_chosen": ("   Terpilih:", "   Chosen:"),
    "list_waiting": ("   Daftar tunggu:", "   Waiting list:"),
    "list_open": ("   Belum pasti:", "   Open:"),
    "list_undetermined": ("   Keputusannya belum pasti:", "   Decision undetermined:"),
    "list_conflict": ("   Keputusannya konflik:", "   Decision in conflict:"),
    "list_error": ("   Baris bermasalah:", "   Rows in error:"),
    "more": ("      dan {0} orang lain", "      and {0} more"),
    "row": ("baris {0}", "row {0}"),
    "above": (
        "{0} lebih baik daripada yang pertama menunggu menurut {1}",
        "{0} better than the first who waits by {1}",
    ),
    "below": ("{0} kurang dari batas menurut {1}", "{0} short of the cut-off by {1}"),
    "same": ("sama dalam semua kunci", "alike in every key"),
    "paid": ("dibayar {0} dari {1}", "paid {0} of {1}"),
    "lacking": ("kurang {0}", "{0} lacking"),
    "could": ("masih dapat mengubah hasil", "could still change the result"),
    "could_not": ("tidak dapat mengubah hasil", "could not change the result"),
    "days": ("{0} hari", "{0} days"),
    "levels": ("{0} tingkat", "{0} levels"),
}  # fmt: skip


def _word(key: str, lang: Language, *args: object) -> str:
    return _WORDS[key][0 if lang == "id" else 1].format(*args)


def selection_text(selection: Selection, lang: str, most: object, first_row: int = 0) -> str:
    """Write the whole selection; rows count from `first_row`.

    Raises:
        ArgumentError: for a language other than `id` and `en`.
    """
    if not isinstance(most, int) or isinstance(most, bool) or most < 0:
        raise ArgumentError("most", most, "a whole number, 0 or more")
    for known in get_args(Language):
        if lang == known:
            return "\n".join(_lines(selection, known, most, first_row))
    raise ArgumentError("lang", lang, "id or en")


def _lines(selection: Selection, lang: Language, most: int, first_row: int) -> Iterator[str]:
    law = selection.law
    about = law.decisions[selection.decision].about
    title = (about.label or {}).get(lang, selection.decision)
    yield _word("title", lang, title, law.policy, said_day(law.on, lang))
    if selection.unbound:
        yield beyond(selection.unbound, lang)
    keys = [_word("highest" if k.about.highest else "lowest", lang, _label(k, lang)) for k in selection.keys]
    yield _word("keys", lang, "; ".join(keys)) if keys else _word("no_keys", lang)
    marked = [name for name in selection.by if (f := law.declared.get(name)) is not None and "protected" in f.marks]
    if marked:
        yield _word("protected", lang, ", ".join(marked))
    for group in selection.groups:
        yield from _group(selection, group, lang)
        for status in LISTED:
            yield from _list(selection, group, status, lang, most, first_row)


def _label(key: SelectionKey, lang: Language) -> str:
    return key.about.label.get(lang, key.name)


def _count(n: int, lang: Language) -> str:
    return said_value(n, Number("integer"), lang)


def _money(n: int | None, lang: Language) -> str:
    return said_value(n or 0, RUPIAH, lang)


def _group(selection: Selection, group: Group, lang: Language) -> Iterator[str]:
    head = "" if not selection.by else _word("group", lang, _name(group.name))
    counts = [_count(n, lang) for n in (group.eligible, group.chosen, group.waiting)]
    if selection.limit.money:
        money = [_money(n, lang) for n in (group.asked, group.spent, group.left)]
        kind = "shared" if selection.limit.kind == "pro_rata" else "money"
        yield head + _word(kind, lang, _money(group.available, lang), *counts, *money)
    else:
        yield head + _word("places", lang, _count(group.available, lang), *counts)
    if group.cut_off is not None:
        said = [f"{_label(k, lang)} {_value(k, group.cut_off[k.name], lang)}" for k in selection.keys]
        yield _word("cut_off", lang, "; ".join(said))
    if group.tied:
        yield _word("tied", lang, _count(group.tied, lang), _word(selection.limit.ties, lang))
    if group.open:
        yield _word("open", lang, _count(group.open, lang))
    if group.undetermined + group.conflict + group.error:
        some = (group.undetermined, group.conflict, group.error, group.could_change)
        yield _word("unsettled", lang, *(_count(n, lang) for n in some))
        yield _word("secure", lang, _count(group.secure, lang), _count(group.chosen, lang))


def _name(name: object) -> str:
    return " / ".join(map(str, name)) if isinstance(name, tuple) else str(name)


def _value(key: SelectionKey, value: Any, lang: Language) -> str:  # noqa: ANN401 - a value of the key's type
    if value is None:
        return word_of("unknown", lang)
    return str(value) if type(value) is int and key.unit != "rupiah" else said_value(value, key.about.type, lang)


def _list(selection: Selection, group: Group, status: str, lang: Language, most: int, first_row: int) -> Iterator[str]:
    rows = selection.rows(status, group.name)
    if not rows:
        return
    yield _word(f"list_{status}", lang)
    for row in rows[:most]:
        yield f"      {_person(selection, selection.person(row), lang, first_row)}"
    if len(rows) > most:
        yield _word("more", lang, _count(len(rows) - most, lang))


def _person(selection: Selection, found: Selected, lang: Language, first_row: int) -> str:
    row = _word("row", lang, found.row + first_row)
    who = row if found.identity is None else f"{found.identity} ({row})"
    if found.last is None:
        wrong = f" [{found.error}]" if found.error else ""
        return f"{who}{wrong}: {_word('could' if found.could_change else 'could_not', lang)}"
    said = []
    if found.tied:
        said.append(_word("same", lang))
    elif found.decided_by is not None and found.distance is not None:
        key = next(k for k in selection.keys if k.name == found.decided_by)
        apart = _apart(key, abs(found.distance), lang)
        said.append(_word("above" if found.distance > 0 else "below", lang, apart, _label(key, lang)))
    if found.amount is not None:
        said.append(_word("paid", lang, _money(found.paid, lang), _money(found.amount, lang)))
        if found.status == "waiting" and found.lacking:
            said.append(_word("lacking", lang, _money(found.lacking, lang)))
    rank = f"{found.first}" if found.first == found.last else f"{found.first}-{found.last}"
    return f"{rank}. {who}" + (f": {'; '.join(said)}" if said else "")


def _apart(key: SelectionKey, distance: Any, lang: Language) -> str:  # noqa: ANN401 - an exact number
    if key.unit in {"days", "levels"}:
        return _word(key.unit, lang, _count(distance, lang))
    of = key.about.type
    return said_value(distance, of if isinstance(of, Number) and not isinstance(of, Enum) else Number(), lang)
