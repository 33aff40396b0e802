"""Histories (riwayat) of the SIASN service into facts: one function a fact.

Each takes the histories of one person and gives the value of its fact, or None where it stays unknown; what was
doubted or repaired is told. Two entries that contradict each other leave their thing unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Final

import attrs

from asnmerit.readers.conventions import Reading
from asnmerit.readers.findings import CellRefusedError, Finding, Words, shortened
from asnmerit.readers.layout import scalar_of
from asnmerit.readers.siasn_codes import LEVEL_OF_SANCTION, REACTIVATION, SANCTION_LEVEL, folded
from asnmerit.readers.siasn_entries import Entry, refused
from asnmerit.rules.types import Enum, ListOf, Type, Yearly

QUARTER: Final = "2"
YEAR_DIGITS: Final = 4
MONTHS_A_YEAR: Final = 12


@attrs.define
class Histories:
    """The histories of one person, how their values are to be read, and what was found so far."""

    entries: Mapping[str, list[Entry]]
    reading: Reading
    findings: list[Finding] = attrs.field(factory=list)

    def tell(self, entry: Entry, finding: Finding, thing: str = "") -> None:
        """Note a finding at an entry."""
        self.findings.append(entry.about(finding, thing))

    def value(self, entry: Entry, thing: str, kind: Type, fact: str = "") -> object:
        """Read a thing of an entry under all its keys; None where it is empty, unread or said in two ways."""
        scalar, found = scalar_of(kind), []
        for _, text in entry.texts(thing):
            try:
                value, told = self.reading.scalar(scalar, text, fact) if scalar else (None, None)
            except CellRefusedError as error:
                self.tell(entry, refused(error), thing)
                return None
            if told:
                self.tell(entry, told, thing)
            if value is not None and value not in found:
                found.append(value)
        if len(found) > 1:
            said = " ≠ ".join(shortened(str(value)) for value in found)
            self.tell(entry, Finding("keys-disagree", value=said), thing)
        return found[0] if len(found) == 1 else None

    def whole(self, entry: Entry, thing: str) -> int | None:
        """Read a whole number of an entry."""
        text = entry.text(thing)
        if text and not (text.isascii() and text.isdigit()):
            self.tell(entry, Finding("entry-unread", value=shortened(text)), thing)
            return None
        return int(text) if text else None

    def day(self, entry: Entry, thing: str) -> date | None:
        """Read a day of an entry."""
        text = entry.text(thing)
        try:
            return self.reading.convention.date(text, self.reading.date_order)[0] if text else None
        except CellRefusedError as error:
            self.tell(entry, refused(error), thing)
            return None

    def year(self, entry: Entry) -> int | None:
        """Read the year of an entry."""
        text = entry.text("year")
        if len(text) == YEAR_DIGITS:
            return self.whole(entry, "year")
        self.tell(entry, Finding("entry-unread", value=shortened(text)), "year")
        return None


def yearly(work: Histories, kind: Type, fact: str, thing: str) -> object:
    """Read one value a year from rw-skp22; two entries of a year that differ leave the year unknown."""
    if not isinstance(kind, Yearly):
        return None
    found: dict[int, object] = {}
    firsts: dict[int, Entry] = {}
    clash: set[int] = set()
    for entry in work.entries["rw-skp22"]:
        year, value = work.year(entry), work.value(entry, thing, kind.of, fact)
        if year is None or value is None:
            if year is not None and entry.texts(thing):
                clash.add(year)
            continue
        if year in found and found[year] != value:
            said = Words(f"{year}: {found[year]} ≠ {value}", f"{year}: {found[year]} ≠ {value}")
            hint = Words(f"juga {firsts[year].place}", f"also {firsts[year].place}")
            work.tell(entry, Finding("years-disagree", value=said.en, hint=hint), thing)
            clash.add(year)
        elif year in found:
            work.tell(entry, Finding("entry-twice", value=str(year)))
        found.setdefault(year, value)
        firsts.setdefault(year, entry)
    return {year: value for year, value in found.items() if year not in clash}


def performance(work: Histories, kind: Type) -> object:
    """Predicates by year."""
    return yearly(work, kind, "performance", "predicate")


def results_rating(work: Histories, kind: Type) -> object:
    """Ratings of results: by year, or of the one entry that is there."""
    return _rating(work, kind, "results_rating", "results")


def behaviour_rating(work: Histories, kind: Type) -> object:
    """Ratings of conduct: by year, or of the one entry that is there."""
    return _rating(work, kind, "behaviour_rating", "behaviour")


def _rating(work: Histories, kind: Type, fact: str, thing: str) -> object:
    if isinstance(kind, Yearly):
        return yearly(work, kind, fact, thing)
    only = work.entries["rw-skp22"]
    return work.value(only[0], thing, kind, fact) if len(only) == 1 else None


def quarters(work: Histories, kind: Type) -> object:
    """Quarterly predicates of the years that have no yearly one. The level of the post is not in the record."""
    if not isinstance(kind, ListOf):
        return None
    if "rw-skp22" not in work.entries:
        work.findings.append(Finding("history-missing", "rw-skp22", "quarters"))
        return None
    done = {entry.text("year") for entry in work.entries["rw-skp22"]}
    rows = []
    for entry in work.entries["rw-kinerjaperiodik"]:
        if entry.text("period") != QUARTER or entry.text("year") in done:
            continue
        row = {"year": work.year(entry), "predicate": work.value(entry, "predicate", kind.fields["predicate"])}
        rows.append({name: value for name, value in row.items() if value is not None and name in kind.fields})
    return rows


def sanctions(work: Histories, kind: Type) -> object:
    """Sanctions that were not cancelled: level, start, end."""
    if not isinstance(kind, ListOf):
        return None
    rows = []
    for entry in _distinct(work, work.entries["rw-hukdis"]):
        if _kind_of_sanction(entry) == REACTIVATION:
            work.tell(entry, Finding("sanction-reactivation"))
            continue
        cancelled = [bool(entry.text(f"cancelled_{part}")) for part in ("number", "date")]
        if all(cancelled):
            work.tell(entry, Finding("sanction-cancelled"), "cancelled_number")
            continue
        row = {"level": _level(work, entry, kind), "start": work.day(entry, "start"), "end": work.day(entry, "end")}
        if any(cancelled):
            work.tell(entry, Finding("sanction-half-cancelled"), "cancelled_number")
            row["level"] = None
        _look_at_the_end(work, entry, row["start"], row["end"])
        rows.append({name: value for name, value in row.items() if value is not None and name in kind.fields})
    return rows


def _kind_of_sanction(entry: Entry) -> str:
    return entry.text("kind_of_sanction").lstrip("0")


def _level(work: Histories, entry: Entry, kind: ListOf) -> object:
    """The level by its letter; where it is empty, by the kind of sanction; unknown where both are there and differ."""
    by_kind = LEVEL_OF_SANCTION.get(_kind_of_sanction(entry))
    if not entry.text("level"):
        if by_kind:
            work.tell(entry, Finding("level-from-kind", expected=Words(by_kind, by_kind)), "kind_of_sanction")
        return by_kind
    said = work.value(entry, "level", kind.fields["level"], "sanctions")
    if by_kind and said and said != by_kind and SANCTION_LEVEL.get(folded(entry.text("level"))):
        work.tell(entry, Finding("keys-disagree", value=f"{said} ≠ {by_kind}"), "level")
        return None
    return said


def _look_at_the_end(work: Histories, entry: Entry, start: object, end: object) -> None:
    length = (work.whole(entry, "years") or 0) * MONTHS_A_YEAR + (work.whole(entry, "months") or 0)
    if not isinstance(end, date):
        if length:
            work.tell(entry, Finding("sanction-end-empty"), "end")
        return
    if isinstance(start, date):
        months = (end.year - start.year) * MONTHS_A_YEAR + end.month - start.month
        if end < start or (length and abs(months - length) > 1):
            work.tell(entry, Finding("sanction-end", value=end.isoformat()), "end")


def trainings(work: Histories, kind: Type) -> object:
    """Structural training of rw-diklat and the courses of rw-kursus: kind, hours, day of completion."""
    if not isinstance(kind, ListOf) or not isinstance(kinds := kind.fields.get("kind"), Enum):
        return None
    rows: list[dict[str, object]] = []
    for entry in _distinct(work, [*work.entries["rw-diklat"], *work.entries["rw-kursus"]]):
        of_course = work.value(entry, "kind_of_course", kinds) if entry.place.startswith("rw-kursus") else "struktural"
        row = {"kind": of_course, "hours": work.whole(entry, "hours"), "end": work.day(entry, "completed")}
        rows.append({name: value for name, value in row.items() if value is not None and name in kind.fields})
    if len(rows) > kind.up_to:
        value = f"{len(rows)} > {kind.up_to}"
        work.findings.append(Finding("history-long", "rw-diklat, rw-kursus", value))
        rows.sort(key=lambda row: str(row.get("end", "9999")), reverse=True)
    return rows[: kind.up_to]


def leadership_training(work: Histories, kind: Type) -> object:
    """The highest leadership training. A code that is no level leaves it open, unless the highest is there."""
    best = _highest(work, kind)
    return best[0] if best else None


def leadership_training_date(work: Histories, _kind: Type) -> object:
    """The day on which the highest leadership training was completed."""
    best = _highest(Histories(work.entries, work.reading), LEVELS)
    return best[1] if best else None


LEVELS: Final = Enum(
    "leadership_training", ("tidak_ada", "pim_iv", "pim_iii", "pim_ii", "pim_i"), (0, 1, 2, 3, 4), ordered=True,
    policy="indonesia/asn",
)  # fmt: skip


def _highest(work: Histories, kind: Type) -> tuple[str, date | None] | None:
    if not isinstance(kind, Enum):
        return None
    found: list[tuple[str, date | None]] = []
    open_ = False
    for entry in work.entries["rw-diklat"]:
        level = work.value(entry, "leadership", kind)
        open_ = open_ or level is None
        if isinstance(level, str):
            found.append((level, work.day(entry, "completed")))
    if not found:
        return None if open_ else (kind.members[0], None)
    best = max(found, key=lambda pair: kind.members.index(pair[0]))
    return None if open_ and best[0] != kind.members[-1] else best


def certificates(work: Histories, kind: Type) -> object:
    """Certificates obtained after the first education; whether BKN recorded the title is not in the record."""
    if not isinstance(kind, ListOf) or not _first_education(work):
        return None
    later = [entry for entry in _distinct(work, work.entries["rw-pendidikan"]) if not _is_first(entry)]
    rows = []
    for entry in later:
        level = work.value(entry, "education", kind.fields["level"], "certificates")
        rows.append({"level": level} if level is not None else {})
    return rows


def education_at_entry(work: Histories, kind: Type) -> object:
    """The education that is marked as the first one (isPendidikanPertama)."""
    first = _first_education(work)
    return work.value(first, "education", kind, "education_at_entry") if first else None


def _is_first(entry: Entry) -> bool:
    return entry.text("first_education").lower() in {"1", "ya", "true", "y"}


def _first_education(work: Histories) -> Entry | None:
    first = [entry for entry in work.entries["rw-pendidikan"] if _is_first(entry)]
    return first[0] if len(first) == 1 else None


def previous_credit(work: Histories, kind: Type) -> object:
    """The total of the last credit statement. A conversion holds one year's credit: then the total is not known."""
    dated = [
        (_number(entry, "credit_year"), _number(entry, "credit_month"), entry)
        for entry in work.entries["rw-angkakredit"]
    ]
    if not dated:
        return None
    last = max(dated, key=lambda one: one[:2])
    rivals = [entry for year, month, entry in dated if (year, month) == last[:2]]
    if len({entry.text("credit") for entry in rivals}) > 1 or not last[0]:
        work.tell(last[2], Finding("keys-disagree"), "credit")
        return None
    if last[2].text("conversion").lower() in {"1", "ya", "true", "y"}:
        work.tell(last[2], Finding("credit-one-year"), "credit")
        return None
    return work.value(last[2], "credit", kind)


def _number(entry: Entry, thing: str) -> int:
    text = entry.text(thing)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= YEAR_DIGITS else 0


def medals_received(work: Histories, kind: Type) -> object:
    """The Satyalancana Karya Satya among the awards; other awards are passed over."""
    if not isinstance(kind, ListOf) or not isinstance(medal := kind.fields.get("medal"), Enum):
        return None
    rows = []
    for entry in work.entries["rw-penghargaan"]:
        try:
            found = [work.reading.scalar(medal, text)[0] for _, text in entry.texts("award")[:1]]
        except CellRefusedError:
            continue
        rows += [{"medal": value} for value in found if value is not None]
    return rows


def _distinct(work: Histories, all_of: Iterable[Entry]) -> list[Entry]:
    """Of entries that are alike in everything but their id keep one, and tell."""
    seen: dict[frozenset[tuple[str, str]], Entry] = {}
    for entry in all_of:
        history = entry.place.partition("[")[0]
        content = frozenset({*((k, v) for k, v in entry.values.items() if k != "ID"), ("", history)})
        if content in seen:
            hint = Words(f"juga {seen[content].place}", f"also {seen[content].place}")
            work.tell(entry, Finding("entry-twice", hint=hint))
        seen.setdefault(content, entry)
    return list(seen.values())


Reader = Callable[[Histories, Type], object]

# Fact; the histories without which it stays unknown; how it is read.
FACTS: Final[Mapping[str, tuple[tuple[str, ...], Reader]]] = {
    "performance": (("rw-skp22",), performance),
    "results_rating": (("rw-skp22",), results_rating),
    "behaviour_rating": (("rw-skp22",), behaviour_rating),
    "quarters": (("rw-kinerjaperiodik",), quarters),
    "sanctions": (("rw-hukdis",), sanctions),
    "trainings": (("rw-diklat", "rw-kursus"), trainings),
    "leadership_training": (("rw-diklat",), leadership_training),
    "leadership_training_date": (("rw-diklat",), leadership_training_date),
    "certificates": (("rw-pendidikan",), certificates),
    "education_at_entry": (("rw-pendidikan",), education_at_entry),
    "previous_credit": (("rw-angkakredit",), previous_credit),
    "medals_received": (("rw-penghargaan",), medals_received),
}
