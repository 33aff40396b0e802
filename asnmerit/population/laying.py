"""The columns of one block of people, named as flat files name them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from asnmerit.frames.arrow import np, pa
from asnmerit.population import careers as c
from asnmerit.population import joint
from asnmerit.population.careers import Careers, careers, service_then
from asnmerit.population.columns import days, fixed, lists, rows, short, small, truths, whole, words
from asnmerit.population.conduct import (
    MATRIX,
    NOT_APPRAISED,
    PREDICATES,
    RATERS,
    RATINGS,
    SANCTIONS,
    YEARS,
    Conduct,
    conduct,
    scores,
)
from asnmerit.population.credit import CONVERTED_YEARS, credit, exams
from asnmerit.population.days import Today, first_days
from asnmerit.population.joint import DOSEN, FUNCTIONAL, STRUCTURAL
from asnmerit.population.names import POOL, pool
from asnmerit.population.persons import Persons, persons
from asnmerit.population.seniority import seniority
from asnmerit.population.streams import BLOCK, Array, Stream, wheel

Columns = Iterator[tuple[str, Array]]

REMARK: Final = "DATA SINTETIS - bukan orang sebenarnya"
CENTRAL: Final = 40
LOCAL: Final = 13
UNITS: Final = (
    "Dinas Pendidikan", "Dinas Kesehatan", "Perguruan Tinggi", "Sekretariat", "Badan Kepegawaian",
    "Dinas Pekerjaan Umum", "Dinas Kependudukan dan Pencatatan Sipil", "Badan Keuangan", "Inspektorat", "Kecamatan",
)  # fmt: skip
KINDS_OF_PROJECT: Final = ("infrastruktur", "pelayanan_publik", "administrasi", "lainnya")
TRAININGS: Final = (
    "struktural",
    "fungsional",
    "teknis",
    "manajerial",
    "sosiokultural",
    "seminar",
    "workshop",
    "bimtek",
)
LEADERSHIP: Final = ("tidak_ada", "pim_iv", "pim_iii", "pim_ii", "pim_i")
POTENTIALS: Final = ("rendah", "menengah", "tinggi")
AGENCY_KINDS: Final = ("pusat", "provinsi", "kabupaten_kota")
_AGENCIES: Final = words(
    [
        *(f"Instansi Pusat Sintetis {n:02d}" for n in range(1, CENTRAL + 1)),
        *(
            f"Pemerintah Provinsi {p} (sintetis)" if n == 0 else f"Kabupaten atau Kota Sintetis {n:02d}, {p}"
            for p in joint.PROVINCES
            for n in range(LOCAL)
        ),
    ],
    pa.int16(),
)
_RANK, _EDUCATION, _LEVEL, _PREDICATE = words(c.RANKS), words(joint.EDUCATIONS), words(c.LEVELS), words(PREDICATES)
_RATING, _CREDIT, _SCORE = words(RATINGS), fixed(7, 3), fixed(5, 2)
_MUCH_TRAINING: Final = wheel((35, 35, 20, 10))


def block_of(seed: int, block: int, on: Today, *, names: bool) -> Array:
    """Make one block of people as a record batch."""
    who = persons(seed, block, on)
    career = careers(seed, block, on, who)
    how = conduct(seed, block, on, who)
    found = [
        *_person(seed, block, who, names=names),
        *_agency(seed, block, who, career),
        *_career(who, career),
        *_conduct(on, how),
        *_promotion(seed, block, on, who, career, how),
        *_scores(seed, block, how, career),
        *_seniority(seed, block, on, who, career, how),
        *_extras(seed, block, on, who),
    ]
    return pa.RecordBatch.from_arrays([column for _, column in found], [name for name, _ in found])


def _person(seed: int, block: int, who: Persons, *, names: bool) -> Columns:
    yield "employee_id", who.number
    if names:
        nth = Stream(seed, block, "name").below(POOL) + POOL * who.woman
        yield "name", words(pool(), pa.int16())(nth, None)
    yield "synthetic", truths(np.ones(BLOCK, bool), None)
    yield "remark", words([REMARK])(np.zeros(BLOCK, np.int8), None)
    yield "employment", words(joint.EMPLOYMENTS)(who.employment, None)
    yield "birth_date", days(who.birth, None)
    yield "sex", words(joint.SEXES)(who.woman, None)
    yield "appointment_date", days(first_days(who.entry), None)
    yield "cpns_date", days(first_days(who.entry), ~who.pppk)
    yield "education", _EDUCATION(who.education, None)
    yield "education_at_entry", _EDUCATION(who.education_at_entry, None)


def _agency(seed: int, block: int, who: Persons, career: Careers) -> Columns:
    chance = Stream(seed, block, "agency")
    provincial = chance.chance(2400)
    local = CENTRAL + LOCAL * who.province.astype(np.int32) + np.where(provincial, 0, 1 + chance.below(LOCAL - 1))
    yield "agency", _AGENCIES(np.where(who.centre, chance.below(CENTRAL), local), None)
    yield "agency_kind", words(AGENCY_KINDS)(np.where(who.centre, 0, 2 - provincial), None)
    yield "province", words(list(joint.PROVINCES))(who.province, None)
    unit = 3 + chance.below(len(UNITS) - 3)
    teaching = (who.kind == FUNCTIONAL) & (career.field <= DOSEN)
    yield "unit", words(UNITS)(np.where(teaching, career.field, unit), None)
    yield "region_of_origin", words(joint.ORIGINS)(who.origin, None)


def _career(who: Persons, of: Careers) -> Columns:
    pns, functional = ~who.pppk, who.kind == FUNCTIONAL
    yield "rank", _RANK(of.rank, pns)
    yield "rank_date", days(first_days(of.rank_month), pns)
    yield "grade_service_years", small(of.service // 12, None)
    yield "grade_service_months", small(of.service % 12, None)
    yield "pppk_grade", words(c.PPPK_GRADES)(c.PPPK_GRADE[who.education], who.pppk)
    yield "rank_history", _history(who, of)
    yield "position_kind", words(joint.KINDS)(who.kind, None)
    yield "position_date", days(of.post_day, None)
    yield "echelon", words(joint.ECHELONS)(of.echelon, None)
    yield "functional_level", _LEVEL(of.level, None)
    yield "functional_level_date", days(of.level_day, functional)
    yield "level_entry_rank", _RANK(of.level_entry_rank, functional & pns)
    yield "functional_field", words(joint.FIELDS)(of.field, functional)
    yield "job_class", small(of.job_class, None)
    yield "leadership_training", words(LEADERSHIP)(of.leadership, None)


def _history(who: Persons, of: Careers) -> Array:
    """Give every rank that a PNS has held, with its date and the grade service on that day."""
    steps = np.arange(c.STEPS + 1)
    months = np.concatenate([who.entry[:, None], of.promoted], 1)
    service = np.stack([service_then(of, who, step) for step in range(c.STEPS + 1)], 1)
    there = (steps <= of.steps[:, None]) & ~who.pppk[:, None]
    fields = {
        "rank": (_RANK, of.entry_rank[:, None] + steps),
        "date": (days, first_days(np.minimum(months, who.entry[:, None] + who.tenure[:, None]))),
        "grade_service_years": (small, service // 12),
        "grade_service_months": (small, service % 12),
    }
    return rows(there, fields)


def _conduct(on: Today, of: Conduct) -> Columns:
    rated = of.appraised & (of.outcome != NOT_APPRAISED)
    for k in range(YEARS):
        year, known = on.year - YEARS + k, rated[:, k]
        yield f"performance_{year}", _PREDICATE(MATRIX[of.outcome[:, k]], of.appraised[:, k])
        yield f"results_{year}", _RATING(of.outcome[:, k] // 3, known)
        yield f"behaviour_{year}", _RATING(of.outcome[:, k] % 3, known)
    yield "results_rating", _RATING(of.outcome[:, -1] // 3, rated[:, -1])
    yield "behaviour_rating", _RATING(of.outcome[:, -1] % 3, rated[:, -1])
    level, start, end = of.sanction_level, of.sanction_start, of.sanction_end
    fields = {"level": (words(SANCTIONS), level), "start": (days, start), "end": (days, end)}
    yield "sanctions", rows(of.sanctioned, fields)
    some = of.sanctioned.any(1)
    last = np.where(of.sanctioned[:, 0], start[:, 0], start[:, 1])
    yield "sanction_effective_date", days(last, some)
    yield "absences", rows(of.absent, {"start": (days, of.absence_start), "days": (short, of.absence_days)})


def _promotion(seed: int, block: int, on: Today, who: Persons, career: Careers, how: Conduct) -> Columns:
    found, passed = credit(seed, block, on, who, career, how), exams(seed, block, who, career)
    yield "active", truths(passed.active, passed.active_known)
    yield "under_examination", truths(how.examined, passed.examined_known)
    yield "objection_pending", truths(passed.objection & how.sanctioned.any(1), None)
    for name, values in (
        ("previous", found.previous),
        ("adjustment", found.adjustment),
        ("recorded_basic", found.basic),
    ):
        yield f"{name}_credit", _CREDIT(values, None)
    level = np.broadcast_to(career.level[:, None], (BLOCK, CONVERTED_YEARS))
    kept = {"start": (days, found.start), "end": (days, found.end)}
    yield (
        "conversions",
        rows(found.converted, {**kept, "predicate": (_PREDICATE, found.predicate), "level": (_LEVEL, level)}),
    )
    quarter = {
        "year": (short, np.full((1, 1), on.year)),
        "predicate": (_PREDICATE, found.predicate[:, -1:]),
        "level": (_LEVEL, level[:, :1]),
    }
    yield "quarters", rows(found.quarter[:, None], quarter)
    certificate = {
        "level": (_EDUCATION, who.education[:, None]),
        "recorded": (truths, found.recorded[:, None]),
        "credited": (truths, found.credited[:, None]),
    }
    yield "certificates", rows(found.certificate[:, None], certificate)
    yield "service_exam_1", truths(passed.service_1, passed.exam_known)
    yield "service_exam_2", truths(passed.service_2, passed.exam_known)
    yield "certificate_exam", truths(passed.certificate, passed.exam_known)
    yield "competency_test", truths(passed.competency, passed.exam_known)
    yield "higher_post_available", truths(passed.post_available, passed.post_known)
    yield "superior_rank", _RANK(passed.superior_rank, passed.superior_known)
    yield "outstanding_achievement", truths(passed.outstanding, None)
    yield "recognised_discovery", truths(passed.discovery, None)
    yield "on_study_or_secondment", truths(passed.studying, None)


def _scores(seed: int, block: int, how: Conduct, career: Careers) -> Columns:
    given = scores(seed, block, how, career)
    for name, width in RATERS:
        one = given[name]
        there = (np.arange(width) < one.count[:, None]) & one.listed[:, None]
        yield name, lists(there, _SCORE(one.values[there], one.known[there]), one.listed)


def _seniority(seed: int, block: int, on: Today, who: Persons, career: Careers, how: Conduct) -> Columns:
    found, pns = seniority(seed, block, on, who, career, how), ~who.pppk
    yield "entry_rank", _RANK(career.entry_rank, pns)
    yield "service_years", small(who.tenure // 12, None)
    yield "service_months", small(who.tenure % 12, None)
    yield "graduation_year", short(found.graduation_year, None)
    yield "leadership_training_date", days(found.training_day, found.trained)
    yield "last_increment_date", days(first_days(found.increment_month), pns)
    yield "increments_received", small(found.increments, pns)
    none = np.zeros((BLOCK, 1), bool)
    yield "increment_postponements", rows(none, {"months": (small, none)})
    yield "potential_score", _SCORE(found.potential, found.scored)
    yield "talent_performance_score", _SCORE(found.performance, found.scored)
    # Bands as one application has them: up to 60, 61 to 80, 81 and more.
    for name, texts, of in (
        ("potential", POTENTIALS, found.potential),
        ("performance_standing", RATINGS, found.performance),
    ):
        yield name, words(texts)(np.searchsorted([6100, 8100], of, side="right"), found.scored)
    yield "retirement_age", small(found.retirement_age, None)
    yield "retirement_date", days(first_days(found.retirement_month), None)


def _extras(seed: int, block: int, on: Today, who: Persons) -> Columns:
    """Make training and projects."""
    chance = Stream(seed, block, "training")
    much = np.minimum(chance.pick(_MUCH_TRAINING), np.minimum(who.tenure // 6, 3))
    kind, hours, ago = (chance.short_rows(4)[:, :3].astype(np.int32) for _ in range(3))
    ended = on.day - 1 - (ago * np.minimum(who.tenure * 28, 720)[:, None] >> 16)
    fields = {
        "kind": (words(TRAININGS), kind * len(TRAININGS) >> 16),
        "hours": (short, 4 * (1 + (hours * 15 >> 16))),
        "end": (days, ended),
    }
    yield "trainings", rows(np.arange(3) < much[:, None], fields)
    led = (who.kind == STRUCTURAL) & chance.chance(2500) | chance.chance(80)
    due = first_days(np.array([(on.year - 1) * 12]))[0] + 60 + chance.below(290)
    done = due + 15 - chance.below(60)
    project = {
        "kind": (words(KINDS_OF_PROJECT), chance.below(len(KINDS_OF_PROJECT))[:, None]),
        "budget": (whole, ((1 + chance.below(60)).astype(np.int64) * 500_000_000)[:, None]),
        "due": (days, due[:, None]),
        "completed": (days, np.minimum(done, on.day)[:, None]),
        "successful": (truths, chance.chance(8800)[:, None]),
    }
    yield "projects_led", rows(led[:, None] & (who.tenure > 24)[:, None], project)  # noqa: PLR2004 - two years
