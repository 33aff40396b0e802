"""Why a row was not decided, in two languages: what a reader refused, and what the edge of the law refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

import asnmerit as am
from asnmerit.cli.opening import Source
from asnmerit.errors import Fault
from asnmerit.readers.expected import expected
from asnmerit.readers.findings import CATALOGUE, NOTHING, Finding, Language, Words, shortened
from asnmerit.rules.types import ListOf, PerMember, Type, Yearly

_DECIMAL: Final = re.compile(r"Decimal\('([^']*)'\)")
_RATIO: Final = re.compile(r"Fraction\((-?\d+), (\d+)\)")
_DATE: Final = re.compile(r"datetime\.date\((\d+), (\d+), (\d+)\)")
_STEP: Final = re.compile(r"\[([^\]]*)\]|\.([A-Za-z_0-9]+)")

# The faults of the edge; `readers.findings.CATALOGUE` has those of the readers.
EDGE: Final[Mapping[str, Words]] = {
    "wrong-type": Words("jenis isian salah", "a value of the wrong kind"),
    "not-finite": Words("bukan angka terhingga", "not a finite number"),
    "inexact": Words("angka tidak tepat", "an inexact number"),
    "out-of-range": Words("di luar rentang", "out of range"),
    "off-step": Words("tidak pada kelipatannya", "off the step"),
    "not-a-date": Words("bukan tanggal yang ada", "not a day that exists"),
    "not-a-year": Words("bukan tahun", "not a year"),
    "unknown-member": Words("bukan nilai yang dikenal", "not a known value"),
    "unknown-fact": Words("fakta tidak dikenal", "an unknown fact"),
    "unknown-field": Words("isian baris tidak dikenal", "an unknown field of a row"),
    "not-a-fact": Words("dihitung oleh kebijakan, bukan fakta", "computed by the policy, not a fact"),
    "too-many": Words("terlalu banyak baris", "too many rows"),
    "too-few": Words("terlalu sedikit baris", "too few rows"),
    "twice": Words("disebut dua kali", "said twice"),
    "check": Words("fakta-fakta ini saling bertentangan", "these facts contradict each other"),
}

# What the edge expects and hints, in Indonesian: the English text, with places for names and numbers, and its words.
_SAID: Final[tuple[tuple[re.Pattern[str], str], ...]] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"did you mean (.+) or (.+) or (.+)\?", r"maksud Anda \1, \2 atau \3?"),
        (r"did you mean (.+) or (.+)\?", r"maksud Anda \1 atau \2?"),
        (r"did you mean (.+)\?", r"maksud Anda \1?"),
        (r"a fact of the law", "fakta kebijakan ini"),
        (r"facts only", "hanya fakta"),
        (r"names of facts are text", "nama fakta berupa teks"),
        (r"(`\w+`) is computed by the law", r"\1 dihitung oleh kebijakan"),
        (r"`law.facts` lists them; .*", "lihat `asnmerit template`; yang lain disebut dengan --ignore"),
        (r"numbers are not text here; .*", "angka, bukan teks"),
        (r"0, 1 and words are not truth values", "0, 1, dan kata bukan nilai benar atau salah"),
        (r"a 32-bit float cannot hold it: .*", "pecahan 32-bit tidak tepat; pakai Decimal"),
        (r"this float is not the nearest to a point of the step; .*", "pecahan ini tidak tepat; pakai Decimal"),
        (r"a share is written as a fraction of one: .*", 'tulis bagian dari satu: 0.875, atau "87.5%"'),
        (r"a moment is not a day", "bukan tanggal, melainkan saat"),
        (r"a list would shift silently: .*", "sebutkan tahun setiap nilai"),
        (r"([0-9]+) to ([0-9]+) rows", r"\1 sampai \2 baris"),
        (r"one value", "satu nilai"),
        (r"a calendar year of four digits", "tahun empat angka"),
        (r"one of (.+)", r"salah satu dari \1"),
        (r"a member of (\w+)(.*)", r"nilai dari \1\2"),
        (r"a list \(\[\] when there are none\)", "daftar ([] bila tidak ada)"),
        (r"a mapping (?:of|such as|from) (.+)", r"pasangan nama dan isi: \1"),
    )
)  # fmt: skip


def both(text: str) -> Words:
    """Give a text of the edge in both languages; one that is not known stays as it is.

    >>> both("did you mean rank?").id, both("0 to 8 rows").id
    ('maksud Anda rank?', '0 sampai 8 baris')
    """
    for pattern, words in _SAID:
        if found := pattern.fullmatch(text):
            return Words(found.expand(words), text)
    return Words(text, text)


@attrs.frozen
class Problem:
    """One reason: code, column, what was wrong, what was expected."""

    code: str
    column: str
    wrong: Words
    expected: Words = NOTHING
    hint: Words = NOTHING

    def wanted(self, lang: Language) -> str:
        """Say what was expected, and what to do about it."""
        expected_, hint = self.expected.text(lang), self.hint.text(lang)
        return f"{expected_} ({hint})" if expected_ and hint else expected_ or hint

    def line(self, lang: Language) -> str:
        """Say it on one line."""
        place = f"{self.column}: " if self.column else ""
        wanted = {"id": "seharusnya", "en": "expected"}[lang]
        expected_ = f"; {wanted} {self.expected.text(lang)}" if self.expected.text(lang) else ""
        hint = f" ({self.hint.text(lang)})" if self.hint.text(lang) else ""
        return f"{place}{self.wrong.text(lang)}{expected_}{hint}"


def from_finding(finding: Finding) -> Problem:
    """Take over what a reader found."""
    what = CATALOGUE[finding.code].what
    return Problem(finding.code, finding.column, _with(what, finding.value), finding.expected, finding.hint)


def from_fault(fault: Fault, law: am.Law, source: Source) -> Problem:
    """Say what the edge refused: under the name of the column that carried it, in both languages."""
    what = EDGE.get(fault.code, Words(fault.code, fault.code))
    hint = both(fault.hint)
    if fault.code == "check":
        columns = ", ".join(source.column_of(name) for name in fault.fact.split(", ") if name)
        return Problem(fault.code, columns, what, _check(law, fault), NOTHING)
    name = _STEP.split(fault.fact)[0]
    parts = [a or b for a, b in _STEP.findall(fault.fact)]
    kind = next((f.type for f in law.facts if f.name == name), None)
    wanted = both(fault.expected)
    if kind is not None and fault.code not in {"too-many", "too-few", "twice", "not-a-year", "unknown-field"}:
        wanted = expected(_at(kind, parts))
    column = "_".join([name, *parts]) if parts else source.column_of(name)
    return Problem(fault.code, column, _with(what, as_written(fault.value)), wanted, hint)


def unconfirmed(error: am.WitnessError) -> Problem:
    """Say that the second witness did not confirm the answer, and on which rules it differs."""
    told = f" ({'; '.join(error.disagreements) or error.reason})"
    what = Words("tidak dibenarkan oleh saksi kedua", "not confirmed by the second witness")
    return Problem("witness", "", Words(what.id + told, what.en + told))


def as_written(value: str) -> str:
    """Show a value as a file would write it, not as Python does.

    >>> as_written("Decimal('187.50')"), as_written("Fraction(25, 8)"), as_written("datetime.date(2026, 8, 1)")
    ('187.50', '25/8', '2026-08-01')
    """
    if found := _DATE.fullmatch(value):
        return f"{int(found[1]):04d}-{int(found[2]):02d}-{int(found[3]):02d}"
    return _RATIO.sub(r"\1/\2", _DECIMAL.sub(r"\1", value)).strip("'")


def _at(kind: Type, parts: list[str]) -> Type:
    """Give the type at a place within a fact."""
    if parts and isinstance(kind, Yearly | PerMember):
        return kind.of
    if parts and isinstance(kind, ListOf):
        if kind.plain:
            return kind.fields["value"]
        return kind.fields.get(parts[-1], kind)
    return kind


def _check(law: am.Law, fault: Fault) -> Words:
    """Find the check by the label that the fault names, and say it in both languages."""
    found = re.search(r"\(check `([^`]+)`\)", fault.expected)
    step = next((s for s in law.steps if found and s.key == f"checks.{found[1]}"), None)
    label = (step.about.label if step else None) or {}
    return Words(label.get("id", fault.expected), label.get("en", fault.expected))


def _with(what: Words, value: str) -> Words:
    told = f": `{shortened(value)}`" if value else ""
    return Words(what.id + told, what.en + told)
