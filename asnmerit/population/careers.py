"""What became of a person: ranks with their dates and grade service, the post, its level or echelon."""

from __future__ import annotations

from functools import cache
from typing import Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.population import joint
from asnmerit.population.days import Today, first_days
from asnmerit.population.joint import D4, DOSEN, FUNCTIONAL, GURU, LAST_JPT, NO_ECHELON, PROFESI, SMA, STRUCTURAL
from asnmerit.population.persons import Persons
from asnmerit.population.streams import BLOCK, Array, Stream, wheels

RANKS: Final = (
    "I/a", "I/b", "I/c", "I/d", "II/a", "II/b", "II/c", "II/d", "III/a", "III/b", "III/c", "III/d",
    "IV/a", "IV/b", "IV/c", "IV/d", "IV/e",
)  # fmt: skip
PPPK_GRADES: Final = ("I", "IV", "V", "VI", "VII", "IX", "X", "XI")
LEVELS: Final = (
    "pemula", "terampil", "mahir", "penyelia", "ahli_pertama", "ahli_muda", "ahli_madya", "ahli_utama", "bukan",
)  # fmt: skip
NO_LEVEL: Final = 8
PEMULA, TERAMPIL, AHLI_PERTAMA, AHLI_MADYA, AHLI_UTAMA = 0, 1, 4, 6, 7
# One entry an education: the rank on appointment, the highest rank of regular promotion, the grade of a PPPK.
ENTRY_RANK: Final = np.array([0, 2, 4, 4, 5, 6, 8, 8, 9, 9, 9, 10])
CEILING_RANK: Final = np.array([4, 6, 9, 9, 9, 10, 11, 11, 12, 12, 12, 13])
PPPK_GRADE: Final = np.array([0, 1, 2, 2, 3, 4, 5, 5, 6, 6, 6, 7], np.int8)
# One entry a level: lowest and highest rank.
LEVEL_LOWEST: Final = np.array([4, 5, 8, 10, 8, 10, 12, 15, 0])
LEVEL_HIGHEST: Final = np.array([4, 7, 9, 11, 9, 11, 14, 16, 0])
# One entry an echelon: lowest and highest rank, job class.
ECHELON_LOWEST: Final = np.array([15, 14, 14, 13, 12, 11, 10, 9, 8, 0])
ECHELON_HIGHEST: Final = np.array([16, 16, 15, 14, 13, 12, 11, 10, 9, 0])
ECHELON_CLASS: Final = np.array([17, 16, 15, 14, 12, 11, 9, 8, 7, 0], np.int8)
LEVEL_CLASS: Final = np.array([5, 6, 7, 8, 8, 9, 11, 13, 0], np.int8)
GENERAL_CLASS: Final = np.array([1, 3, 5, 5, 6, 6, 7, 7, 7, 7, 7, 7], np.int8)
# Years of grade service that a rank begins with on appointment, and that are cut on the way from I to II and to III.
HEAD_START: Final = np.array([0, 3, 3, 3, 0, 3, 3, 3, *[0] * 9])
CUT: Final = np.array([0] * 4 + [6] * 4 + [11] * 9)
STEPS: Final = 10
GENERAL_AGE: Final = 58
TWICE_A_YEAR_UNTIL: Final = 2024 * 12
EVERY_OTHER_MONTH_UNTIL: Final = 2025 * 12 + 9


@attrs.frozen
class Careers:
    """Ranks and posts of one block. Months are counted from year 0; the rank of a PPPK says nothing."""

    entry_rank: Array
    rank: Array
    steps: Array
    """How often promoted."""
    promoted: Array
    """The month of each promotion, a row a person; only the first `steps` of them count."""
    rank_month: Array
    service: Array
    """Grade service in months."""
    echelon: Array
    level: Array
    level_month: Array
    level_entry_rank: Array
    post_day: Array
    level_day: Array
    job_class: Array
    leadership: Array
    field: Array


@cache
def _wheels() -> dict[str, Array]:
    return {
        "echelon": wheels(joint.ECHELON_BY_TENURE),
        "field": wheels(joint.FIELD_BY_EDUCATION),
        "leadership": wheels([(1, 1, 5, 15, 78), (8, 2, 12, 78, 0), (15, 20, 65, 0, 0), (25, 75, 0, 0, 0)]),
    }


def careers(seed: int, block: int, on: Today, who: Persons) -> Careers:
    """Make the careers of one block."""
    chance, post = Stream(seed, block, "career"), Stream(seed, block, "post")
    echelon = np.where(who.kind == STRUCTURAL, post.pick_by(_wheels()["echelon"], who.tenure_band), NO_ECHELON)
    echelon = np.where((echelon <= LAST_JPT) & (who.education < D4), joint.ECHELONS.index("IV.b"), echelon)
    first = ENTRY_RANK[who.education_at_entry]
    pace, most = _pace(chance, who, echelon, first)
    promoted = who.entry[:, None] + pace[:, None] * np.arange(1, STEPS + 1)
    promoted = _promotion_dates(promoted)
    steps = ((promoted < on.month) & (np.arange(1, STEPS + 1) <= most[:, None])).sum(1)
    rank = first + steps
    level = _levels(chance, who, rank)
    # The level began with the appointment, or with the promotion to its lowest rank.
    since = LEVEL_LOWEST[level] - first
    reached = np.take_along_axis(promoted, np.clip(since - 1, 0, STEPS - 1)[:, None], 1)[:, 0]
    level_month = np.where((since > 0) & ~who.pppk, reached, who.entry)
    return Careers(
        entry_rank=first,
        rank=rank,
        steps=steps,
        promoted=promoted,
        rank_month=_last(promoted, steps, who.entry),
        service=_service(first, rank, who, who.tenure),
        echelon=echelon,
        level=level,
        level_month=level_month,
        level_entry_rank=np.where(since > 0, LEVEL_LOWEST[level], first),
        **_posted(post, on, who, level_month),
        job_class=np.where(
            who.kind == STRUCTURAL,
            ECHELON_CLASS[echelon],
            np.where(who.kind == FUNCTIONAL, LEVEL_CLASS[level], GENERAL_CLASS[who.education]),
        ),
        leadership=_leadership(post, echelon),
        field=_fields(post, who, level),
    )


def _fields(post: Stream, who: Persons, level: Array) -> Array:
    """Choose the field of functional posts. Who is 58 and still there is a teacher, or ahli madya or utama."""
    found = post.pick_by(_wheels()["field"], (who.education >= D4) + (who.education > PROFESI).astype(np.int32))
    return np.where((who.age >= GENERAL_AGE) & (level < AHLI_MADYA) & (found != DOSEN), GURU, found)


def _pace(chance: Stream, who: Persons, echelon: Array, first: Array) -> tuple[Array, Array]:
    """Choose the months from promotion to promotion, and how many there may be."""
    general = 48 + 6 * chance.below(2)
    functional = 30 + 6 * chance.below(4)
    # In structural posts the rank is one of the echelon's band, or the one below, as far as two years a rank allow it.
    aim = ECHELON_LOWEST[echelon] - chance.chance(1500)
    aim += chance.below(ECHELON_HIGHEST[echelon] - aim + 1)
    wanted = np.clip(aim - first, 0, np.minimum(who.tenure // 24, STEPS))
    waiting = chance.below(np.minimum(60, who.tenure // (wanted + 1)) + 1)
    structural = (who.tenure - waiting) // np.maximum(wanted, 1)
    expert = who.education >= D4
    functional += np.where(expert, 6, 0)
    top = np.where(expert, np.where(chance.chance(300), 16, 14), 11)
    most = np.choose(who.kind, [wanted, top - first, CEILING_RANK[who.education] - first])
    pace = np.choose(who.kind, [structural, functional, general])
    return np.maximum(pace, 12), np.clip(most, 0, STEPS)


def _promotion_dates(months: Array) -> Array:
    """Put off each month to the next in which promotions were given: April and October, later others."""
    half_year = months + (3 - months) % 6
    even = months + (months + 1) % 2
    found = np.where(months < EVERY_OTHER_MONTH_UNTIL, even, months)
    return np.where(months < TWICE_A_YEAR_UNTIL, half_year, found)


def _last(promoted: Array, steps: Array, entry: Array) -> Array:
    found = np.take_along_axis(promoted, np.maximum(steps - 1, 0)[:, None], 1)[:, 0]
    return np.where(steps > 0, found, entry)


def _service(first: Array, rank: Array, who: Persons, months: Array) -> Array:
    """Count grade service: from the appointment, with what the entry rank begins with, less what the way up cuts."""
    found = months + 12 * (HEAD_START[first] - CUT[rank] + CUT[first])
    return np.maximum(np.where(who.pppk, months, found), 0)


def service_then(of: Careers, who: Persons, step: int) -> Array:
    """Give the grade service, in months, on the day of a promotion (0: of the appointment)."""
    months = of.promoted[:, step - 1] - who.entry if step else np.zeros(BLOCK, np.int64)
    return _service(of.entry_rank, np.minimum(of.entry_rank + step, len(RANKS) - 1), who, months)


def _levels(chance: Stream, who: Persons, rank: Array) -> Array:
    """Choose the level by rank; some of those who have just outgrown theirs are still in it."""
    expert = (who.education >= D4) & (rank >= LEVEL_LOWEST[AHLI_PERTAMA])
    found = np.where(expert, AHLI_PERTAMA, 0) + np.where(
        expert,
        np.searchsorted(LEVEL_LOWEST[AHLI_PERTAMA + 1 : NO_LEVEL], rank, side="right"),
        np.searchsorted(LEVEL_LOWEST[1:AHLI_PERTAMA], rank, side="right"),
    )
    outgrown = (rank == LEVEL_LOWEST[found]) & (found != AHLI_PERTAMA) & (found != PEMULA) & chance.chance(2500)
    found = np.where(outgrown & ~who.pppk, found - 1, found)
    contract = np.where(
        who.education >= D4, AHLI_PERTAMA + chance.chance(1000), np.where(who.education > SMA, TERAMPIL, PEMULA)
    )
    return np.where(who.kind == FUNCTIONAL, np.where(who.pppk, contract, found), NO_LEVEL)


def _posted(post: Stream, on: Today, who: Persons, level_month: Array) -> dict[str, Array]:
    """Choose since when the post is held; a functional post as long as its level."""
    span = np.where(who.kind == STRUCTURAL, 72, 120)
    back = post.below(np.minimum(who.tenure + 1, span))
    month = np.where(who.kind == FUNCTIONAL, level_month, on.month - back)
    day = first_days(month)
    installed = np.where((who.kind == STRUCTURAL) & (back > 0), post.below(28), 0)
    level = np.where(who.kind == FUNCTIONAL, day, 0)
    return {"post_day": day + installed, "level_day": level}


def _leadership(post: Stream, echelon: Array) -> Array:
    """Choose the highest leadership training: 0 none, 1 to 4 from level IV to level I."""
    group = np.array([0, 0, 1, 1, 2, 2, 3, 3, 3, 3], np.int8)[echelon]
    found = post.pick_by(_wheels()["leadership"], group)
    return np.where(echelon == NO_ECHELON, post.chance(400), found)
