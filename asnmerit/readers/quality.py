"""Data quality in the vocabulary of BKN: the indicators of its four dimensions, person by person.

The codes, dimensions and weights of the dimensions are those of BKN's list as an HR system quotes it (evidence C).
A check that needs what the file does not carry says so; it counts neither as sound nor as a flaw. Nothing here
decides anything: a flaw is a reason to mend the record.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Final

import attrs

from asnmerit.bundle import in_force, load
from asnmerit.nip import DIGITS, PPPK_MARK, SEXES
from asnmerit.readers.findings import Words
from asnmerit.readers.layout import FactLike
from asnmerit.readers.siasn_codes import LEGAL_STATUS, NATION, RANK_NAMES
from asnmerit.rules.types import BOOL, DATE, Enum, Number, Type

DIMENSIONS: Final[Mapping[str, Fraction]] = {
    "completeness": Fraction("0.28"),
    "timeliness": Fraction("0.31"),
    "accuracy": Fraction("0.30"),
    "consistency": Fraction("0.11"),
}
VOCABULARY: Final = f"{NATION}asn"
ACTIVE, UNPAID_LEAVE = "01", "02"
TWO_YEARS, ONE_YEAR = 24, 12
DECEMBER: Final = 12


@attrs.frozen
class Fact:
    """A fact that the checks read: its name and its type."""

    name: str
    type: Type


@attrs.frozen
class Quality:
    """What the checks say of one person: codes that are flaws, codes that are sound, codes that could not be looked at.

    `unchecked` gives for each code the facts that are missing for it.
    """

    flaws: tuple[str, ...]
    sound: tuple[str, ...]
    unchecked: Mapping[str, tuple[str, ...]]


@attrs.frozen
class Person:
    """One record as the checks see it; `nip` is 18 digits or empty."""

    record: Mapping[str, object]
    on: date
    nip: str
    carries: Collection[str]

    def day(self, fact: str) -> date | None:
        """Give a date of the record; None where it is unknown or no date."""
        value = self.record.get(fact)
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            return None

    def said(self, fact: str) -> str:
        """Give a member that the record holds, or nothing."""
        value = self.record.get(fact)
        return value if isinstance(value, str) else ""

    def filled(self, fact: str) -> bool | None:
        """Say whether a fact is there; None where the file has no place for it."""
        if self.record.get(fact) is not None:
            return True
        return False if fact in self.carries else None


# Sound, a flaw, or None: it cannot be looked at, or it does not concern the person.
Verdict = bool | None


def _appraised(p: Person) -> Verdict:
    entered = p.day("cpns_date")
    if entered and entered.year >= p.on.year - 1:
        return None
    years = p.record.get("performance")
    if isinstance(years, Mapping):
        return any(years.get(key) is not None for year in (1, 2) for key in (p.on.year - year, str(p.on.year - year)))
    return p.filled("performance")


def _post_named(p: Person) -> Verdict:
    return p.filled("has_post") if p.said("position_kind") in {"fungsional", "pelaksana"} else None


def _educated(p: Person) -> Verdict:
    return p.filled("education")


def _pns_dated(p: Person) -> Verdict:
    return p.filled("pns_date") if p.said("employment") == "pns" else None


def _titled(p: Person) -> Verdict:
    level = _level("education", p.said("education"))
    diploma = _level("education", "d1")
    return p.filled("has_title") if level is not None and diploma is not None and level >= diploma else None


def _probation_ended(p: Person) -> Verdict:
    entered = p.day("cpns_date")
    if p.said("employment") != "cpns" or entered is None:
        return None
    return months(entered, p.on) <= ONE_YEAR


def _retired_in_time(p: Person) -> Verdict:
    active = p.said("legal_status") == ACTIVE if p.said("legal_status") else p.record.get("active")
    due = p.day("retirement_date") or _of_age(p)
    if active is None or due is None:
        return None
    return not (active and p.on >= due)


def _of_age(p: Person) -> date | None:
    """The first of the month after the retirement age is reached."""
    born, age = p.day("birth_date"), p.record.get("retirement_age")
    if born is None or not isinstance(age, int):
        return None
    year, month = born.year + age, born.month
    return date(year + 1, 1, 1) if month == DECEMBER else date(year, month + 1, 1)


def _leave_ended(p: Person) -> Verdict:
    if not p.said("legal_status"):
        return None
    if p.said("legal_status") != UNPAID_LEAVE:
        return True
    end = p.day("leave_end")
    return None if end is None else end >= p.on


def _entry_before_pns(p: Person) -> Verdict:
    entered, appointed = p.day("cpns_date"), p.day("pns_date")
    return entered <= appointed if entered and appointed else None


def _head_with_service(p: Person) -> Verdict:
    entered = p.day("cpns_date")
    if p.said("position_kind") != "struktural" or entered is None:
        return None
    return months(entered, p.on) >= TWO_YEARS


def _schooled_for(kind: str) -> Callable[[Person], Verdict]:
    def check(p: Person) -> Verdict:
        if p.said("position_kind") != kind:
            return None
        return _reaches("education", p.said("education"), p.said("post_minimum_education"))

    return check


def _ranked_for_post(p: Person) -> Verdict:
    if p.said("position_kind") != "struktural":
        return None
    return _reaches("rank", p.said("rank"), p.said("post_minimum_rank"))


def _reaches(kind: str, has: str, needs: str) -> Verdict:
    level, least = _level(kind, has), _level(kind, needs)
    return None if level is None or least is None else level >= least


def _entry_in_number(p: Person) -> Verdict:
    entered = p.day("cpns_date")
    if not p.nip or p.nip[12] == PPPK_MARK or entered is None:
        return None
    return f"{entered:%Y%m}" == p.nip[8:14]


def _birth_in_number(p: Person) -> Verdict:
    born = p.day("birth_date")
    return f"{born:%Y%m%d}" == p.nip[:8] if p.nip and born else None


def _sex_in_number(p: Person) -> Verdict:
    return p.said("sex") == SEXES.get(p.nip[14]) if p.nip and p.said("sex") else None


def _year_in_number(p: Person) -> Verdict:
    entered = p.day("cpns_date")
    if not p.nip or p.nip[12] != PPPK_MARK or entered is None:
        return None
    return f"{entered:%Y}" == p.nip[8:12]


@attrs.frozen
class Indicator:
    """One indicator: its code, dimension, what a flaw means, the facts it needs, and how it is checked.

    Without a check it is known by name only; `needs` then says what no file of employees carries.
    """

    code: str
    dimension: str
    what: Words
    needs: tuple[str, ...]
    check: Callable[[Person], Verdict] | None = None


def _in(dimension: str, *rows: Indicator) -> dict[str, Indicator]:
    return {row.code: attrs.evolve(row, dimension=dimension) for row in rows}


def _row(code: str, id_: str, en: str, needs: str, check: Callable[[Person], Verdict] | None = None) -> Indicator:
    return Indicator(code, "", Words(id_, en), tuple(needs.split()), check)


INDICATORS: Final[Mapping[str, Indicator]] = {
    **_in(
        "completeness",
        _row("COM_1", "tidak ada SKP dalam dua tahun terakhir", "no appraisal (SKP) in the last two years",
             "performance", _appraised),
        _row("COM_2", "jabatan kosong", "the post is empty", "position_kind has_post", _post_named),
        _row("COM_3", "pendidikan kosong", "the education is empty", "education", _educated),
        _row("COM_4", "TMT PNS kosong", "the day of appointment as PNS is empty", "employment pns_date", _pns_dated),
        _row("COM_5", "gelar kosong", "the title is empty", "education has_title", _titled),
        _row("COM_6", "surel pribadi kosong atau salah format", "the e-mail is empty or malformed", "email"),
        _row("COM_7", "nomor HP kosong", "the telephone number is empty", "phone"),
    ),
    **_in(
        "timeliness",
        _row("TIM_1", "unit organisasi tidak aktif", "the unit is no longer active", "list_of_units"),
        _row("TIM_2", "calon pejabat fungsional belum diangkat", "a functional candidate was not appointed",
             "list_of_formations"),
        _row("TIM_3", "CPNS lebih dari satu tahun", "on probation (CPNS) for more than a year",
             "employment cpns_date", _probation_ended),
        _row("TIM_4", "satu jabatan struktural diduduki dua orang", "two persons hold one structural post", "unit"),
        _row("TIM_5", "telah mencapai BUP tetapi masih aktif", "past the retirement age and still active",
             "legal_status birth_date retirement_age", _retired_in_time),
        _row("TIM_6", "CLTN telah berakhir", "unpaid leave (CLTN) is past its end", "legal_status leave_end",
             _leave_ended),
    ),
    **_in(
        "accuracy",
        _row("ACC_1", "TMT CPNS sesudah TMT PNS", "entry (TMT CPNS) after appointment (TMT PNS)",
             "cpns_date pns_date", _entry_before_pns),
        _row("ACC_2", "jenis pegawai DPK/DPB tidak sesuai", "the kind of secondment does not fit", "agencies"),
        _row("ACC_3", "jabatan struktural dengan masa kerja di bawah dua tahun",
             "a structural post with less than two years of service", "position_kind cpns_date", _head_with_service),
        _row("ACC_4", "kedudukan hukum PPPK salah", "the legal status of a PPPK is wrong", "list_of_pppk_statuses"),
        _row("ACC_5", "NIK belum valid", "the NIK is not valid", "nik"),
        _row("ACC_6", "pendidikan di bawah syarat jabatan struktural", "education below that of the structural post",
             "position_kind education post_minimum_education", _schooled_for("struktural")),
        _row("ACC_7", "tahun pengangkatan PPPK di luar masanya", "the PPPK year is outside the appointment years",
             "list_of_pppk_years"),
        _row("ACC_8", "pendidikan di bawah syarat jabatan fungsional", "education below that of the functional post",
             "position_kind education post_minimum_education", _schooled_for("fungsional")),
        _row("ACC_9", "pelaksana dengan nama jabatan fungsional", "a general post under a functional name",
             "list_of_functional_posts"),
        _row("ACC_10", "pangkat di bawah syarat jabatan", "rank below that of the post",
             "position_kind rank post_minimum_rank", _ranked_for_post),
    ),
    **_in(
        "consistency",
        _row("CON_1", "TMT CPNS tidak sesuai NIP", "entry (TMT CPNS) differs from the NIP", "nip cpns_date",
             _entry_in_number),
        _row("CON_2", "tanggal lahir tidak sesuai NIP", "the birth date differs from the NIP", "nip birth_date",
             _birth_in_number),
        _row("CON_3", "jenis kelamin tidak sesuai NIP", "the sex differs from the NIP", "nip sex", _sex_in_number),
        _row("CON_4", "tahun pengangkatan PPPK tidak sesuai NIP", "the PPPK year differs from the NIP",
             "nip cpns_date", _year_in_number),
    ),
}  # fmt: skip


def data_quality(
    record: Mapping[str, object], *, on: date, employee_number: str = "", carries: Collection[str] = ()
) -> Quality:
    """Look at one person's record.

    >>> on = date(2026, 1, 1)
    >>> record = {"cpns_date": date(2011, 1, 1), "pns_date": date(2010, 3, 1)}
    >>> data_quality(record, on=on, employee_number="198503172010011003").flaws
    ('ACC_1', 'CON_1')

    Args:
        record: facts under the names of `quality_facts`; what is unknown is left out.
        on: the day for which it is judged.
        employee_number: the NIP, 18 digits; without one the consistency checks are not made.
        carries: facts that the file has a place for; only of these can it be said that they are empty.
    """
    digits = employee_number if len(employee_number) == DIGITS and employee_number.isascii() else ""
    person = Person(record, on, digits if digits.isdigit() else "", carries)
    flaws: list[str] = []
    sound: list[str] = []
    unchecked: dict[str, tuple[str, ...]] = {}
    for code, indicator in INDICATORS.items():
        verdict = indicator.check(person) if indicator.check else None
        if verdict is None:
            unchecked[code] = tuple(need for need in indicator.needs if not _is_there(person, need))
        else:
            (sound if verdict else flaws).append(code)
    return Quality(tuple(flaws), tuple(sound), unchecked)


def _is_there(person: Person, need: str) -> bool:
    return bool(person.nip) if need == "nip" else person.record.get(need) is not None


def months(start: date, end: date) -> int:
    """Count the full months from one day to another.

    >>> months(date(2024, 1, 31), date(2025, 1, 30)), months(date(2024, 1, 31), date(2025, 1, 31))
    (11, 12)
    """
    return (end.year - start.year) * ONE_YEAR + end.month - start.month - (end.day < start.day)


@cache
def quality_facts() -> tuple[FactLike, ...]:
    """Give the facts that a reader must look for: those of the national vocabulary, and what the checks add.

    >>> [fact.name for fact in quality_facts()][-3:]
    ['leave_end', 'post_minimum_education', 'post_minimum_rank']
    """
    vocabulary = load(VOCABULARY)
    facts = in_force(vocabulary, on=date.fromordinal(vocabulary.days()[0][-1])).facts
    kinds = {fact.name: fact.type for fact in facts}
    codes = tuple(sorted(set(LEGAL_STATUS.values())))
    status = Enum("legal_status", codes, tuple(range(len(codes))), ordered=False, policy=VOCABULARY)
    age = Number("integer", Fraction(40), Fraction(75), Fraction(1))
    own: list[FactLike] = [
        Fact("legal_status", status), Fact("pns_date", DATE), Fact("has_title", BOOL), Fact("has_post", BOOL),
        Fact("retirement_age", age), Fact("retirement_date", DATE), Fact("leave_end", DATE),
        Fact("post_minimum_education", kinds["education"]), Fact("post_minimum_rank", kinds["rank"]),
    ]  # fmt: skip
    return (*(Fact(name, kind) for name, kind in kinds.items() if name != "active"), *own)


def _level(kind: str, member: str) -> int | None:
    """Give the level of a rank or an education in its order."""
    if kind == "rank":
        return list(RANK_NAMES).index(member) if member in RANK_NAMES else None
    education = next(fact.type for fact in quality_facts() if fact.name == "education")
    if not isinstance(education, Enum) or member not in education.members:
        return None
    return education.levels[education.members.index(member)]
