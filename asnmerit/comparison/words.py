"""A comparison in words: who wins and loses, what it costs, what made the difference; Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import TYPE_CHECKING, Any, Final, get_args

from asnmerit.errors import ArgumentError
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.to_text import Language, said_day, said_value
from asnmerit.rules.types import Number

if TYPE_CHECKING:
    from asnmerit.comparison.cells import Amounts, Counts
    from asnmerit.comparison.compared import Compared, DecisionCompared, Flow, Turned
    from asnmerit.comparison.pairing import Note

MOST: Final = 10
"""Lines of groups, flows and conditions that a text shows."""
RUPIAH: Final = Number("rupiah")
PLAIN: Final = Number("number")

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("Perbandingan dua hukum", "Two laws compared"),
    "before": ("Sebelum: {0}, {1}", "Before: {0}, {1}"),
    "after": ("Sesudah: {0}, {1}", "After: {0}, {1}"),
    "people": ("Pegawai: {0}", "People: {0}"),
    "empty": ("Tidak ada pegawai: tidak ada yang dibandingkan.", "No people: nothing was compared."),
    "nothing": (
        "TIDAK ADA YANG BERUBAH: setiap jawaban sama di bawah kedua hukum.",
        "NOTHING CHANGES: every answer is the same under both laws.",
    ),
    "nothing_settled": (
        "TIDAK ADA YANG BERUBAH, tetapi tidak satu pun keputusan pasti di bawah kedua hukum.",
        "NOTHING CHANGES, but not one decision is settled under both laws.",
    ),
    "beyond": ("DI LUAR YANG DIDELEGASIKAN: {0}", "BEYOND WHAT IS DELEGATED: {0}"),
    "same": ("Kedua hukum itu sama artinya.", "The two laws mean the same."),
    "days": (
        "Data dinilai untuk dua hari yang berbeda: perbedaan dapat berasal dari hukum atau dari harinya.",
        "The facts are judged for two different days: a difference may come from the law or from the day.",
    ),
    "winners": ("beruntung", "win"),
    "losers": ("dirugikan", "lose"),
    "otherwise": ("berubah tanpa arah", "differ, neither better nor worse"),
    "unchanged": ("tetap", "unchanged"),
    "undetermined": ("belum dapat diputuskan", "undetermined"),
    "conflict": ("aturan bertentangan", "in conflict"),
    "error": ("baris bermasalah", "in error"),
    "burden": (" (beban: berkurang berarti beruntung)", " (a burden: less of it is winning)"),
    "finding": (" (temuan: tidak ada yang beruntung atau dirugikan)", " (a finding: nobody wins or loses by it)"),
    "amount": (
        "{0}: {1} menjadi {2}, selisih {3}; bertambah {4}, berkurang {5}",
        "{0}: {1} before, {2} after, difference {3}; gained {4}, lost {5}",
    ),
    "only": (
        "  di luar itu, bagi yang hanya pasti di satu sisi: {0} sebelum, {1} sesudah",
        "  beside that, for those settled on one side only: {0} before, {1} after",
    ),
    "groups": ("Per kelompok ({0}):", "By group ({0}):"),
    "none": ("(tidak diisi)", "(not filled)"),
    "conditions": ("Yang menentukan perubahan:", "What made the difference:"),
    "condition": ("{0}: {1}, karena itu saja {2}", "{0}: {1}, by it alone {2}"),
    "flow": ("Perpindahan jawaban:", "From answer to answer:"),
    "more": ("... dan {0} lagi", "... and {0} more"),
    "faults": ("Tidak dapat diputuskan ({0}): {1} di {2}: {3}", "Cannot be decided ({0}): {1} in {2}: {3}"),
    "side_before": ("sebelum", "before"),
    "side_after": ("sesudah", "after"),
    "error_status": ("BERMASALAH", "IN ERROR"),
    "only-before": (
        "Keputusan {0} hanya ada sebelum perubahan; tidak dibandingkan.",
        "The decision {0} exists only before; it is not compared.",
    ),
    "only-after": (
        "Keputusan {0} hanya ada sesudah perubahan; tidak dibandingkan.",
        "The decision {0} exists only after; it is not compared.",
    ),
    "kinds": (
        "{0} adalah {1} sebelum dan {2} sesudah; tidak dikatakan siapa yang beruntung.",
        "{0} is a {1} before and a {2} after; who wins is not said.",
    ),
    "hits": (
        "{0} memilih aturan dengan cara {1} sebelum dan {2} sesudah.",
        "{0} chooses rules by {1} before and by {2} after.",
    ),
    "field-before": (
        "{0}: isian {1} hanya ada sebelum; tidak dibandingkan.",
        "{0}: the field {1} exists only before; it is not compared.",
    ),
    "field-after": (
        "{0}: isian {1} hanya ada sesudah; tidak dibandingkan.",
        "{0}: the field {1} exists only after; it is not compared.",
    ),
    "field-types": (
        "{0}: isian {1} berjenis {2} sebelum dan {3} sesudah; tidak dibandingkan.",
        "{0}: the field {1} is of type {2} before and {3} after; it is not compared.",
    ),
}
COUNTS: Final = ("winners", "losers", "otherwise", "unchanged", "undetermined", "conflict", "error")


def language(lang: object) -> Language:
    """Check a language."""
    if lang not in get_args(Language):
        raise ArgumentError("lang", lang, "id or en")
    return lang  # type: ignore[return-value]


def said(key: str, lang: Language, *parts: object) -> str:
    """Say a phrase of a comparison."""
    return _WORDS[key][0 if lang == "id" else 1].format(*parts)


def number(value: int | Fraction, lang: Language) -> str:
    """Write a number with its thousands apart."""
    return said_value(value, PLAIN, lang)


def rupiah(value: int | Fraction, lang: Language) -> str:
    """Write money."""
    return said_value(value, RUPIAH, lang)


def beyond(keys: Sequence[str], lang: Language) -> str:
    """Say in capitals which changes of a reform go beyond what is delegated."""
    return said("beyond", lang, ", ".join(keys))


def note_text(note: Note, lang: Language) -> str:
    """Say what is not compared."""
    return said(note.code, lang, note.decision, *note.said)


def comparison_text(found: Compared, lang: str) -> str:
    """Tell a comparison."""
    return "\n".join(_lines(found, language(lang)))


def _lines(found: Compared, lang: Language) -> Iterator[str]:
    yield said("title", lang)
    for key, law, day in zip(("before", "after"), found.laws, found.days, strict=True):
        yield said(key, lang, law.policy, said_day(day, lang))
    yield said("people", lang, number(found.people, lang))
    yield from _warnings(found, lang)
    for decided in found.decisions.values():
        yield ""
        yield from _decision(decided, lang)


def _warnings(found: Compared, lang: Language) -> Iterator[str]:
    if found.unbound:
        yield beyond(found.unbound, lang)
    if not found.people:
        yield said("empty", lang)
    if found.same_meaning:
        yield said("same", lang)
    if found.nothing_changes and found.people:
        yield _nothing(found.decisions.values(), lang)
    if found.days[0] != found.days[1]:
        yield said("days", lang)
    for note in found.notes:
        yield note_text(note, lang)
    for side, faults in zip(("side_before", "side_after"), found.faults, strict=True):
        order = sorted(faults.items(), key=lambda f: (-f[1], f[0]))
        lines = [said("faults", lang, said(side, lang), *key, number(count, lang)) for key, count in order]
        yield from _some(lines, lang)


def _nothing(decided: Any, lang: Language) -> str:  # noqa: ANN401 - decisions
    settled = any(d.all.unchanged for d in decided)
    return said("nothing" if settled else "nothing_settled", lang)


def _decision(found: DecisionCompared, lang: Language) -> Iterator[str]:
    yield heading(found, lang)
    yield f"  {_counts(found.all, lang)}"
    if found.nothing_changes:
        if found.all.people:
            yield f"  {_nothing([found], lang)}"
        yield from (f"  {line}" for line in _amounts(found, found.all, lang))
        return
    yield from (f"  {line}" for line in _amounts(found, found.all, lang))
    if found.conditions:
        yield f"  {said('conditions', lang)}"
        yield from (f"    {line}" for line in _some([_condition(t, lang) for t in found.conditions], lang))
    yield f"  {said('flow', lang)}"
    moved = [f for f in found.outcomes if _moves(f)]
    yield from (f"    {line}" for line in _some([_flow(f, found.kind, lang) for f in moved], lang))
    if found.by:
        yield f"  {said('groups', lang, ', '.join(found.by))}"
        lines = [f"{group_text(key, lang)}: {_group(found, counts, lang)}" for key, counts in found.groups.items()]
        yield from (f"    {line}" for line in _some(lines, lang))


def heading(found: DecisionCompared, lang: Language) -> str:
    """Name a decision, and say what winning by it is where that is not plain."""
    kind = said(found.kind, lang) if found.kind in {"burden", "finding"} else ""
    return f"{found.label.get(lang) or found.name}{kind}"


def _moves(flow: Flow) -> bool:
    same = (flow.status_before, flow.outcome_before) == (flow.status_after, flow.outcome_after)
    return not same or any(a != b for a, b in flow.amounts.values())


def _some(lines: Sequence[str], lang: Language) -> Iterator[str]:
    yield from lines[:MOST]
    if len(lines) > MOST:
        yield said("more", lang, number(len(lines) - MOST, lang))


def _counts(counts: Counts, lang: Language) -> str:
    """Say how many fared how; of winners, losers and unchanged also that there are none."""
    parts = []
    for name in COUNTS:
        count = getattr(counts, name)
        if count or name in {"winners", "losers", "unchanged"}:
            parts.append(f"{number(count, lang)} {said(name, lang)}")
    return ", ".join(parts)


def field_label(found: DecisionCompared, field: str, lang: Language) -> str:
    """Name a field of the outcome."""
    labels = found.pair.after.plan.node.labels.get(field) or {}
    return labels.get(lang) or field


def _amounts(found: DecisionCompared, counts: Counts, lang: Language) -> Iterator[str]:
    for field, amounts in counts.amounts.items():
        yield said("amount", lang, field_label(found, field, lang), *paid(amounts, lang))
        if amounts.only_before or amounts.only_after:
            yield said("only", lang, rupiah(amounts.only_before, lang), rupiah(amounts.only_after, lang))


def paid(amounts: Amounts, lang: Language) -> list[str]:
    """Write what is paid before and after, the difference, what is gained and what is lost."""
    values = (amounts.before, amounts.after, amounts.change, amounts.gained, amounts.lost)
    return [rupiah(value, lang) for value in values]


def _group(found: DecisionCompared, counts: Counts, lang: Language) -> str:
    return "; ".join([_counts(counts, lang), *(line.strip() for line in _amounts(found, counts, lang))])


def group_text(key: object, lang: Language) -> str:
    """Write the key of a group."""
    values = key if isinstance(key, tuple) else (key,)
    return ", ".join(said("none", lang) if v is None else str(v) for v in values)


def _condition(turned: Turned, lang: Language) -> str:
    label = turned.label.get(lang)
    name = f"{label} [{turned.condition}]" if label else turned.condition
    return said("condition", lang, name, number(turned.people, lang), number(turned.alone, lang))


def _flow(flow: Flow, kind: str, lang: Language) -> str:
    a = _answer(flow.status_before, flow.outcome_before, kind, lang)
    b = _answer(flow.status_after, flow.outcome_after, kind, lang)
    return f"{a} → {b}: {number(flow.people, lang)}"


def _answer(status: str, outcome: str, kind: str, lang: Language) -> str:
    name = STATUS_NAMES[lang][kind].get(status) or said("error_status", lang)
    return f"{name} ({outcome})" if outcome else name


def comparison_html(found: Compared, lang: Language) -> str:
    """Show a comparison in a notebook: what must be said, and a table a decision."""
    lines = [f"<p><b>{escape(said('title', lang))}</b><br>"]
    for key, law, day in zip(("before", "after"), found.laws, found.days, strict=True):
        lines.append(f"{escape(said(key, lang, law.policy, said_day(day, lang)))}<br>")
    lines.append(f"{escape(said('people', lang, number(found.people, lang)))}</p>")
    lines += [f"<p><b>{escape(text)}</b></p>" for text in _warnings(found, lang)]
    lines += [part for decided in found.decisions.values() for part in _html(decided, lang)]
    return "".join(lines)


def _html(found: DecisionCompared, lang: Language) -> Iterator[str]:
    counts = {"": found.all, **{group_text(k, lang): c for k, c in list(found.groups.items())[:MOST]}}
    names = [said(name, lang) for name in COUNTS]
    paid_names = [f"{field_label(found, f, lang)}: {said(s, lang)}" for f in found.all.amounts for s in _SIDES]
    head = "".join(f"<th>{escape(name)}</th>" for name in ["", *names, *paid_names])
    rows = []
    for key, one in counts.items():
        cells = [number(getattr(one, name), lang) for name in COUNTS]
        cells += [rupiah(v, lang) for a in one.amounts.values() for v in (a.before, a.after)]
        rows.append(f"<tr><th>{escape(key)}</th>{''.join(f'<td>{escape(c)}</td>' for c in cells)}</tr>")
    yield f"<p>{escape(heading(found, lang))}</p><table><tr>{head}</tr>{''.join(rows)}</table>"
    turned = [_condition(t, lang) for t in found.conditions]
    if turned:
        items = "".join(f"<li>{escape(line)}</li>" for line in _some(turned, lang))
        yield f"<p>{escape(said('conditions', lang))}</p><ul>{items}</ul>"


_SIDES: Final = ("side_before", "side_after")
