"""A road map in words, Indonesian and English: each step with its condition and its article."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal, get_args

from asnmerit.errors import ArgumentError
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.to_text import fact_name, said_day, said_value
from asnmerit.rules.types import ListOf, Months, PerMember, Yearly
from asnmerit.views import presumed_value

if TYPE_CHECKING:
    from asnmerit.advice.plans import Change, Plan, RoadMap
    from asnmerit.outcome import ConditionResult

Language = Literal["id", "en"]
_WORDS: Final[dict[str, tuple[str, str]]] = {
    "title": ("Peta jalan: {0}", "Road map: {0}"),
    "today": ("Pada {0}: {1}", "On {0}: {1}"),
    "nothing": ("Tidak ada yang perlu dilakukan.", "Nothing has to be done."),
    "reason": (
        "Alasan yang cukup, apa pun data lainnya:",
        "Reason enough, whatever the other facts are:",
    ),
    "nobody": (
        "Cukup dari hukum itu sendiri, tanpa data apa pun.",
        "By the law itself, without any fact.",
    ),
    "presumed": ("menurut anggapan hukum: {0}", "by a presumption of law: {0}"),
    "now": ("Perubahan termurah hari ini (biaya {0}):", "Cheapest changes today (cost {0}):"),
    "none_now": (
        "Hari ini tidak ada perubahan yang cukup dari data yang dapat diubah: {0}.",
        "Today no change of the facts that can be changed suffices: {0}.",
    ),
    "no_levers": (
        "Tidak ada data yang dapat diubah oleh pegawai.",
        "There is no fact that the person can change.",
    ),
    "waiting": (
        "Tanpa perubahan: paling cepat {0}, sampai {1}.",
        "Without any change: on {0} at the earliest, up to {1}.",
    ),
    "none_waiting": (
        "Tanpa perubahan: tidak sampai {0}.",
        "Without any change: not up to {0}.",
    ),
    "both": ("Mulai {0}, dengan perubahan (biaya {1}):", "From {0}, with changes (cost {1}):"),
    "change": ("{0}: dari {1} menjadi {2}", "{0}: from {1} to {2}"),
    "cost": ("biaya {0}", "cost {0}"),
    "meets": ("memenuhi {0}", "meets {0}"),
    "proved": (
        "Terbukti: tidak ada cara yang lebih murah.",
        "Proved: no way is cheaper.",
    ),
    "not_proved": (
        "Belum terbukti paling murah: terlalu banyak kemungkinan untuk dicoba semua.",
        "Not proved to be the cheapest: there are too many possibilities to try them all.",
    ),
    "facts": ("tidak ada", "none"),
    "rule": ("aturan {0}:", "rule {0}:"),
    "outside": ("aturan {0}: tidak berlaku bagi pegawai ini", "rule {0}: does not concern this person"),
    "missing": ("Belum diketahui, dan menentukan: {0}", "Not known, and it decides: {0}"),
}


def told(road: RoadMap, lang: str) -> str:
    """Write a road map in words.

    Raises:
        ArgumentError: for a language other than `id` and `en`.
    """
    for known in get_args(Language):
        if lang == known:
            return "\n".join(_Telling(road, known).lines())
    raise ArgumentError("lang", lang, "id or en")


class _Telling:
    """Writes the lines."""

    def __init__(self, road: RoadMap, lang: Language) -> None:
        """Keep what is told."""
        self.road, self.lang = road, lang
        self.law = road.decision.law

    def w(self, key: str, *args: str) -> str:
        return _WORDS[key][get_args(Language).index(self.lang)].format(*args)

    def day(self, plan_day: object) -> str:
        return said_day(plan_day, self.lang)  # type: ignore[arg-type]

    def lines(self) -> Iterator[str]:
        """Give all lines."""
        road = self.road
        outcome = road.decision[road.name]
        label = (outcome.node.about.label or {}).get(self.lang, road.name.replace("_", " "))
        yield self.w("title", label)
        status = STATUS_NAMES[self.lang][outcome.kind][outcome.status]
        yield self.w("today", self.day(road.decision.as_of), status)
        if not road.needed:
            yield self.w("nothing")
            return
        if outcome.status == "undetermined":
            yield self.w("missing", ", ".join(map(self._named, outcome.missing.facts)))
        yield from self._reason()
        yield ""
        yield from self._ways()
        for note in road.notes:
            yield note[self.lang]

    def _reason(self) -> Iterator[str]:
        why = self.road.reason
        if why is None:
            return
        yield ""
        yield self.w("reason")
        for column, value in why.facts.items():
            yield f"  - {self._fact(column, value)}"
        for name in why.presumed:
            yield f"  - {self.w('presumed', self._fact(name, presumed_value(self.law.declared[name])))}"
        if not why.facts and not why.presumed:
            yield f"  - {self.w('nobody')}"
        for rule, conditions in why.decision[self.road.name].conditions.items():
            against = [c for c in conditions if c.holds is False]
            if any(c.part == "applies" for c in against):
                yield f"  {self.w('outside', self._label(rule))}"
            elif against:
                yield f"  {self.w('rule', self._label(rule))}"
                for found in against:
                    yield f"    ✗ {self._condition(found)}"

    def _parted(self, column: str) -> tuple[str, str]:
        """Part a column into its fact and the year or member of it."""
        name, slot = column, ""
        while name not in self.law.declared:
            name, _, more = name.rpartition("_")
            slot = f"{more}_{slot}" if slot else more
        return name, slot

    def _named(self, column: str) -> str:
        name, slot = self._parted(column)
        return f"{fact_name(self.law, name, self.lang)}{f' {slot}' if slot else ''}"

    def _label(self, rule: str) -> str:
        node = next(r for r in self.road.decision[self.road.name].node.rules if r.name == rule)
        return (node.about.label or {}).get(self.lang, rule.replace("_", " "))

    def _condition(self, found: ConditionResult) -> str:
        label = (found.about.label or {}).get(self.lang, found.name.replace("_", " "))
        cited = "; ".join(str(c) for c in found.about.citations)
        return f"{label} [{cited}]" if cited else label

    def _fact(self, column: str, value: object) -> str:
        decl = self.law.declared[self._parted(column)[0]]
        label = self._named(column)
        if isinstance(decl.type, ListOf | Months):
            rows = value if isinstance(value, list) else []
            return f"{label}: {'; '.join(map(_row, rows)) or self.w('facts')}"
        inner = decl.type.of if isinstance(decl.type, Yearly | PerMember) else decl.type
        return f"{label}: {said_value(value, inner, self.lang)}"

    def _ways(self) -> Iterator[str]:
        road = self.road
        if road.now is not None:
            yield self.w("now", str(road.now.cost))
            yield from self._changes(road.now)
            yield f"  {self.w('proved' if road.now.proved else 'not_proved')}"
        elif road.levers:
            names = ", ".join(fact_name(self.law, name, self.lang) for name in road.levers)
            yield self.w("none_now", names)
            if not road.proved:
                yield f"  {self.w('not_proved')}"
        else:
            yield self.w("no_levers")
        for plan in road.both:
            yield self.w("both", self.day(plan.day), str(plan.cost))
            yield from self._changes(plan)
        if road.waiting is None:
            yield self.w("none_waiting", self.day(road.until))
        else:
            yield self.w("waiting", self.day(road.waiting.day), self.day(road.waiting.until))

    def _changes(self, plan: Plan) -> Iterator[str]:
        for change in plan.changes:
            yield f"  - {self._change(change)} ({self.w('cost', str(change.cost))})"
            for found in change.met:
                yield f"      {self.w('meets', self._condition(found))}"

    def _change(self, change: Change) -> str:
        name = fact_name(self.law, change.fact, self.lang, change.lane[1])
        before, after = (said_value(v, change.type, self.lang) for v in (change.before, change.after))
        return self.w("change", name, before, after)


def _row(row: object) -> str:
    if isinstance(row, dict):
        return ", ".join(f"{k} {v}" for k, v in row.items())
    return str(row)
