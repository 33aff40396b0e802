"""The difference of two laws as text: the verdict, claims, regions with a person and both derivations, and the rest."""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final

import attrs

from asnmerit.auditing.claims.contrasts import decision_words, field_said, field_words, status_words
from asnmerit.auditing.claims.wording import plain_name
from asnmerit.auditing.report.head import language
from asnmerit.auditing.report.people import facts_told
from asnmerit.phrases import STATUS_NAMES
from asnmerit.rules.text_words import LANGUAGES
from asnmerit.rules.to_text import said_day, said_value, step_name

if TYPE_CHECKING:
    from asnmerit.auditing.difference.found import Claimed, Difference, Region, Taken
    from asnmerit.auditing.findings import Witness
    from asnmerit.decision import Decision
    from asnmerit.rules.text_words import Language

Words = Mapping[str, str]
MOST_DERIVED: Final = 40
"""So many lines of a derivation are written."""

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "law": ("{0}, berlaku {1}", "{0}, in force {1}"),
    "known": ("{0}, sebagaimana diketahui {1}", "{0}, as known {1}"),
    "day": ("Orang yang sama diputuskan menurut keduanya pada {0}.", "The same people are decided by both on {0}."),
    "equivalent": (
        "SETARA (terbukti): setiap orang dijawab sama oleh keduanya.",
        "EQUIVALENT (proved): both answer everybody alike.",
    ),
    "apart people": (
        "BERBEDA: keduanya tidak menerima orang yang sama.",
        "DIFFERENT: they do not take the same people.",
    ),
    "alike taken": (
        "Siapa pun yang diterima keduanya dijawab sama (terbukti).",
        "Everybody whom both take is answered alike (proved).",
    ),
    "alike open": (
        "Belum terbukti bahwa keduanya menerima orang yang sama.",
        "It is not proved that both take the same people.",
    ),
    "not taken": ("Menurut {0} tidak diterima:", "Not taken by {0}:"),
    "claim nobody": (
        "tidak ditemukan seorang pun yang memenuhi syarat itu: tidak ada yang terbukti",
        "nobody was found of whom the condition holds: nothing is shown",
    ),
    "partly": (
        "belum ditanyakan bagi semua: ada yang hanya diterima satu aturan, atau yang datanya diduga lain",
        "not asked of everybody: some are taken by one law only, or have a fact that each presumes otherwise",
    ),
    "presumed": (
        "Diduga lain oleh keduanya bila tidak diketahui (dibandingkan hanya bila diketahui): {0}",
        "Presumed otherwise by each where unknown (compared only where known): {0}",
    ),
    "kinds": (
        "Berbeda sifat (manfaat, beban, atau temuan) pada keduanya: {0}",
        "Of another kind in each (a benefit, a burden, a finding): {0}",
    ),
    "nothing": (
        "TIDAK ADA YANG DIBANDINGKAN: tidak ada putusan atau skor yang dimiliki keduanya.",
        "NOTHING COMPARED: there is no decision and no score that both have.",
    ),
    "left out": ("Tidak dibandingkan: {0}", "Not compared: {0}"),
    "different": ("BERBEDA: {0} daerah perubahan.", "DIFFERENT: {0} regions of change."),
    "one": ("BERBEDA: satu daerah perubahan.", "DIFFERENT: 1 region of change."),
    "apart laws": ("BERBEDA: keduanya tidak memutuskan hal yang sama.", "DIFFERENT: they do not decide the same."),
    "alike": (
        "Apa yang diputuskan keduanya dijawab sama bagi setiap orang (terbukti).",
        "What both decide is answered alike for everybody (proved).",
    ),
    "unproved": (
        "TIDAK DITEMUKAN PERBEDAAN pada {0} sampel; kesetaraan tidak terbukti.",
        "NO DIFFERENCE in {0} samples; that they are equivalent is not proved.",
    ),
    "complete": (
        "Daftar lengkap (terbukti): di luar daerah ini tidak seorang pun dijawab berbeda.",
        "The list is complete (proved): outside these regions nobody is answered differently.",
    ),
    "incomplete": (
        "Belum terbukti bahwa daftar ini lengkap untuk: {0}",
        "It is not proved that the list is complete for: {0}",
    ),
    "claims": ("KLAIM", "CLAIMS"),
    "loses": ("tidak ada yang dirugikan dalam {0}", "nobody loses by {0}"),
    "where": ("{0}, bila {1}", "{0}, where {1}"),
    "proved": ("TERBUKTI", "PROVED"),
    "counterexample": ("TERBANTAH oleh orang ini", "REFUTED by this person"),
    "tried": ("TIDAK ADA CONTOH PENYANGKAL pada {0} sampel", "NO COUNTEREXAMPLE in {0} samples"),
    "unclear": ("tidak dapat dibandingkan: {0}", "cannot be compared: {0}"),
    "turns": ("{0}: dari {1} menjadi {2}", "{0}: from {1} to {2}"),
    "more": ("{0}: lebih banyak", "{0}: more"),
    "less": ("{0}: lebih sedikit", "{0}: less"),
    "other": ("{0}: lain", "{0}: another"),
    "appears": ("{0}: kini dinyatakan", "{0}: now said"),
    "disappears": ("{0}: tidak lagi dinyatakan", "{0}: no longer said"),
    "rules": ("Aturan: {0} -> {1}", "Rules: {0} -> {1}"),
    "no rule": ("tidak ada", "none"),
    "everybody": ("Siapa pun dengan:", "Everybody with:"),
    "all": ("Setiap orang", "Everybody"),
    "box proved": ("(terbukti; data lainnya bebas)", "(proved; all other facts are free)"),
    "box tried": ("({0} orang dicoba, tidak terbukti)", "({0} people tried, not proved)"),
    "seen": ("Pada {0} dari {1} sampel.", "Seen in {0} of {1} samples."),
    "seen with": ("Pada {0} dari {1} sampel, dengan:", "Seen in {0} of {1} samples, with:"),
    "person": ("Orang ini:", "This person:"),
    "others": ("{0} data lain tidak menentukan", "{0} other facts do not matter"),
    "before": ("Menurut A:", "By A:"),
    "after": ("Menurut B:", "By B:"),
    "because": ("Yang berbeda dalam alasannya:", "What differs in the reasons:"),
    "rest": ("SELEBIHNYA", "BESIDES"),
    "only": ("Hanya dibaca oleh {0}: {1}", "Read by {0} only: {1}"),
    "redeclared": (
        "Dinyatakan lain oleh keduanya (dibandingkan pada nilai bersama): {0}",
        "Declared otherwise by each (compared over the values that both take): {0}",
    ),
    "apart": (
        "Tanpa nilai bersama, dianggap data yang berbeda: {0}",
        "Without a common value, taken as two facts: {0}",
    ),
    "lacking": ("Hanya ada pada {0}: {1}", "Only in {0}: {1}"),
    "typed": ("Berbeda jenis, tidak dibandingkan: {0}", "Of another type in each, not compared: {0}"),
    "taken": (
        "Data yang hanya diterima oleh {0} (pemeriksaan atau rentang nilai yang lain menolaknya)",
        "Records that {0} takes and a check or a range of the other refuses",
    ),
    "nobody": ("tidak ada (terbukti)", "none (proved)"),
    "not found": ("tidak ditemukan, tidak terbukti", "none found, not proved"),
    "values": ("Nilai yang berbeda: {0}", "Values that differ: {0}"),
}


def difference_text(found: Difference, lang: str, *, derivations: bool = False) -> str:
    """Give a difference as text, in Indonesian (`id`) or English (`en`); of derivations all, or what differs in them.

    Raises:
        ArgumentError: for another language.
    """
    return "\n".join(_Telling(language(lang), derivations).lines(found)) + "\n"


@attrs.frozen
class _Telling:
    """Writes in one language."""

    lang: Language
    derivations: bool

    def f(self, key: str, *args: str) -> str:
        """Give a fixed text."""
        return _TEXTS[key][LANGUAGES.index(self.lang)].format(*args)

    def lines(self, found: Difference) -> Iterator[str]:
        """Write the whole."""
        for letter, law in (("A", found.a), ("B", found.b)):
            said = self.f("law", f"{letter}: {law['policy']}", self.day(law["on"]))
            yield self.f("known", said, self.day(law["known"])) if law.get("known") else said
        yield self.f("day", self.day(found.day))
        yield ""
        yield from self.verdict(found)
        if found.claims:
            yield from ("", self.f("claims"))
            for claim in found.claims:
                yield from self.claim(claim)
        for number, region in enumerate(found.regions, start=1):
            yield ""
            yield from self.region(number, region, found.samples)
        yield from self.rest(found)

    def day(self, text: object) -> str:
        """Write a day."""
        return said_day(datetime.date.fromisoformat(str(text)), self.lang)

    def count(self, n: int) -> str:
        """Write a count."""
        return f"{n:,}".replace(",", "." if self.lang == "id" else ",")

    def verdict(self, found: Difference) -> Iterator[str]:
        """Say whether they are equivalent, and whether the list of regions is complete."""
        if found.equivalent:
            yield self.f("equivalent")
        elif found.equivalent is None and not found.compared:
            yield self.f("nothing")
        elif found.equivalent is None:
            yield self.f("unproved", self.count(found.samples))
        else:
            count = len(found.regions)
            apart = "apart laws" if found.lacking else "apart people"
            yield self.f(apart if not count else "one" if count == 1 else "different", str(count))
            if found.complete:
                yield self.f("complete" if count else "alike" if found.lacking else "alike taken")
        if any(x.verdict.value == "unproved" for x in found.taken):
            yield self.f("alike open")
        if found.open:
            yield self.f("incomplete", "; ".join(found.open))
        if found.left_out:
            yield self.f("left out", ", ".join(found.left_out))

    # --- claims ---

    def claim(self, claimed: Claimed) -> Iterator[str]:
        """Say a claim, its verdict, and who refutes it."""
        text = self.f("loses", claimed.claim.decision)
        text = self.f("where", text, claimed.claim.where) if claimed.claim.where else text
        verdict = claimed.verdict.value
        said = self.f("tried", self.count(claimed.samples)) if verdict == "unproved" else self.f(verdict)
        yield f"- {text}: {said}"
        if claimed.unclear:
            yield "  " + self.f("unclear", ", ".join(claimed.unclear))
        if claimed.nobody:
            yield "  " + self.f("claim nobody")
        if claimed.partly:
            yield "  " + self.f("partly")
        if claimed.witness is not None:
            yield from self.person(claimed.witness, "  ")
            yield from self.answers(claimed, "  ")

    def answers(self, shown: Claimed | Region, indent: str) -> Iterator[str]:
        """Say what either law answers, in a line each."""
        if shown.witness is None:
            return
        if isinstance(by := getattr(shown, "by", None), str):
            place = "ab".index(by)
            told = self.answer(shown.witness.decisions[0], shown.names[place])
            yield f"{indent}{self.f(('before', 'after')[place])} {told}"
            yield indent + self.f("not taken", "BA"[place])
            yield from (f"{indent}  {fault}" for fault in getattr(shown, "faults", ()))
            return
        for key, decision, name in zip(("before", "after"), shown.witness.decisions, shown.names, strict=True):
            yield f"{indent}{self.f(key)} {self.answer(decision, name)}"

    def answer(self, decision: Decision, name: str) -> str:
        """Say the status of a decision and what it gives."""
        node = decision.law.decisions.get(name)
        if node is None:
            return "—"
        said = [status_words(decision, node)[self.lang]]
        said += [
            f"{field_words(node, field)[self.lang]} {field_said(decision, node, field)[self.lang]}"
            for field in decision[name].outcome or {}
        ]
        return ", ".join(said)

    # --- regions ---

    def region(self, number: int, region: Region, samples: int) -> Iterator[str]:
        """Write a region: what changes, for whom, somebody, and why either law answers so."""
        yield f"{number}. {self.change(region)}"
        if any(region.rules):
            yield "   " + self.f("rules", *(f"`{r}`" if r else self.f("no rule") for r in region.rules))
        mark = self.f("box proved") if region.proved else self.f("box tried", self.count(region.tried))
        if region.box:
            yield f"   {self.f('everybody')} {mark}"
            for side in region.box:
                yield f"     {side.name[self.lang]}: {side.words[self.lang]}"
        else:
            yield f"   {self.f('all')} {mark}"
        counts = self.count(region.seen), self.count(samples)
        yield "   " + self.f("seen with" if region.ranges else "seen", *counts)
        for side in region.ranges:
            yield f"     {side.name[self.lang]}: {side.words[self.lang]}"
        yield from self.person(region.witness, "   ")
        yield from self.answers(region, "   ") if region.decision else self.scores(region)
        reasons = [[x for x in str(d).splitlines() if x.strip()] for d in region.derivations(self.lang)]
        if not self.derivations:
            yield from self.reasons(*reasons)
            return
        for key, lines in zip(("before", "after"), reasons, strict=True):
            yield f"   {self.f(key)}"
            yield from (f"     {line}" for line in lines)

    def reasons(self, before: list[str], after: list[str]) -> Iterator[str]:
        """Write the lines of two derivations that are not in both."""
        lines = [x for x in difflib.ndiff(before, after) if x[0] in "-+"]
        if lines:
            yield "   " + self.f("because")
        for line in lines[:MOST_DERIVED]:
            yield f"     {line[0]} {line[2:].strip()}"

    def scores(self, region: Region) -> Iterator[str]:
        """Say the values of a score."""
        for key, decision in (("before", region.before), ("after", region.after)):
            of = decision.law.steps[decision.law.index[region.field]].type
            yield f"   {self.f(key)} {said_value(decision.values[region.field], of, self.lang)}"

    def change(self, region: Region) -> str:
        """Say what changes."""
        node = region.before.law.decisions.get(region.decision)
        if node is None:
            return self.f(region.kind, step_name(region.before.law, region.field, self.lang))
        what = decision_words(node)[self.lang]
        field = region.field
        if field != "status":
            label = field_words(node, field)[self.lang] if field in node.fields else f"`{plain_name(field)}`"
            what = f"{what}, {label}"
        first, arrow, second = region.kind.partition(" -> ")
        if arrow:
            said = STATUS_NAMES[self.lang][node.kind]
            return self.f("turns", what, said[first].lower(), said[second].lower())
        return self.f(region.kind, what)

    def person(self, witness: Witness, indent: str) -> Iterator[str]:
        """Write the facts of a person that matter."""
        told, others = facts_told(witness)
        yield indent + self.f("person")
        for one in told:
            said = dict.fromkeys(v[self.lang].replace("\n", " | ") for v in one.values)
            given = [s for s in said if s != "—"]
            yield f"{indent}  {one.name[self.lang]}: {' / '.join(given)}"
        if others:
            yield f"{indent}  ({self.f('others', str(others))})"

    # --- the rest ---

    def rest(self, found: Difference) -> Iterator[str]:
        """Say what else differs."""
        lines = [*self.facts(found), *self.structure(found)]
        for taken in found.taken:
            lines += self.taken(taken)
        if found.values:
            lines.append(self.f("values", ", ".join(found.values)))
        if lines:
            yield from ("", self.f("rest"), *lines)

    def facts(self, found: Difference) -> Iterator[str]:
        """Say which facts one law has alone, and which are declared otherwise."""
        for letter, names in zip("AB", found.only, strict=True):
            if names:
                yield self.f("only", letter, ", ".join(names))
        for key, apart in (("redeclared", False), ("apart", True)):
            names = tuple(r.fact for r in found.redeclared if r.apart is apart and r.a != r.b)
            if names:
                yield self.f(key, ", ".join(names))
        names = tuple(r.fact for r in found.redeclared if r.presumed_apart)
        if names:
            yield self.f("presumed", ", ".join(names))

    def structure(self, found: Difference) -> Iterator[str]:
        """Say which decisions and fields one law has alone."""
        for letter in "ab":
            names = [x.name for x in found.lacking if x.law == letter]
            if names:
                yield self.f("lacking", letter.upper(), ", ".join(names))
        for key, kinds in (("typed", False), ("kinds", True)):
            names = [x.name for x in found.lacking if x.law == "both" and (x.what == "kind") is kinds]
            if names:
                yield self.f(key, ", ".join(names))

    def taken(self, taken: Taken) -> list[str]:
        """Say whether one law takes somebody whom a check of the other refuses."""
        key = {"proved": "nobody", "unproved": "not found"}.get(taken.verdict.value)
        text = self.f("taken", taken.by.upper())
        if taken.witness is None:
            return [f"{text}: {self.f(key or 'not found')}"]
        return [f"{text}:", *self.person(taken.witness, "  "), *(f"  {fault}" for fault in taken.faults)]
