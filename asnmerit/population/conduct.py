"""How a person was rated and how he behaved: yearly ratings and predicates, absences and sanctions, raters' scores."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.population.careers import AHLI_MADYA, Careers
from asnmerit.population.days import Today, first_days
from asnmerit.population.joint import NO_ECHELON
from asnmerit.population.persons import Persons
from asnmerit.population.streams import BLOCK, Array, Stream, wheel, wheels

PREDICATES: Final = ("tidak_dinilai", "sangat_kurang", "kurang", "butuh_perbaikan", "baik", "sangat_baik")
RATINGS: Final = ("di_bawah", "sesuai", "di_atas")
SANCTIONS: Final = ("tidak_ada", "ringan", "sedang", "berat")
YEARS: Final = 5
NOT_APPRAISED: Final = 9
# By 3 * results + behaviour, from below to above; then those who were not appraised.
MATRIX: Final = np.array([1, 3, 3, 2, 4, 4, 2, 4, 5, 0], np.int8)
# Of 1,000 by the same numbers: strong, ordinary, weak people. Assumptions.
OUTCOMES: Final = (
    (0, 2, 2, 0, 250, 160, 1, 130, 450, 5),
    (2, 15, 4, 5, 590, 130, 4, 140, 105, 5),
    (40, 170, 20, 60, 560, 60, 20, 50, 10, 10),
)
CLASSES: Final = (250, 670, 80)
GAP_EARLIER, GAP_LATE = 600, 100
MOST_ABSENCES: Final = 4
RATERS: Final = (("quality_supervisor", 1), ("quality_peers", 5), ("quality_subordinates", 10), ("innovation_panel", 3))
UNLISTED: Final[Mapping[str, int]] = {
    "quality_supervisor": 150, "quality_peers": 200, "quality_subordinates": 200, "innovation_panel": 800,
}  # fmt: skip
"""Of 10,000 whose scores nobody has handed in."""


@attrs.frozen
class Conduct:
    """Ratings, absences and sanctions of one block. Columns of years run from the earliest to the last completed."""

    outcome: Array
    appraised: Array
    absence_start: Array
    absence_days: Array
    absent: Array
    sanction_level: Array
    sanction_start: Array
    sanction_end: Array
    sanctioned: Array
    examined: Array
    strength: Array


@cache
def _wheels() -> dict[str, Array]:
    return {
        "class": wheel(CLASSES),
        "outcome": wheels(OUTCOMES),
        "absence": wheel((9180, 650, 130, 40)),
        "sanction": wheel((0, 70, 22, 8)),
        "peers": wheel((10, 4, 12, 24, 30, 20)),
        "subordinates": wheels([(90, 3, 3, 2, 1, 1, 0, 0, 0, 0, 0), (3, 2, 4, 14, 18, 18, 14, 10, 8, 5, 4)]),
        "panel": wheel((0, 4, 8, 88)),
    }


def conduct(seed: int, block: int, on: Today, who: Persons) -> Conduct:
    """Make ratings and conduct of one block."""
    chance, turned = Stream(seed, block, "rating"), _wheels()
    strength = chance.pick(turned["class"])
    outcome = np.stack([chance.pick_by(turned["outcome"], strength) for _ in range(YEARS)], 1)
    appraised = np.empty((BLOCK, YEARS), bool)
    for k in range(YEARS):
        middle = (on.year - YEARS + k) * 12 + 6
        gap = GAP_LATE if k >= YEARS - 2 else GAP_EARLIER
        appraised[:, k] = (who.entry <= middle) & ~chance.chance(gap)
    stern = Stream(seed, block, "sanction")
    start, days, absent = _absences(stern, on, who)
    return Conduct(
        outcome=outcome,
        appraised=appraised,
        absence_start=start,
        absence_days=days,
        absent=absent,
        **_sanctions(stern, on, who, (days * (absent & (np.arange(MOST_ABSENCES) < MOST_ABSENCES - 1))).sum(1)),
        strength=strength,
    )


def _absences(stern: Stream, on: Today, who: Persons) -> tuple[Array, Array, Array]:
    """Make spells: up to three of last year, in three parts of it, and one of this year."""
    new_year = first_days(np.array([on.year - 1, on.year]) * 12)
    much = stern.pick(_wheels()["absence"])
    much = np.where(who.entry <= (on.year - 1) * 12, much, 0)
    start, days = np.empty((BLOCK, MOST_ABSENCES), np.int32), np.empty((BLOCK, MOST_ABSENCES), np.int8)
    for k in range(3):
        start[:, k] = new_year[0] + 14 + 115 * k + stern.below(90)
        days[:, k] = np.choose(much, [0, 1, 2, 6]) + stern.below(np.choose(much, [1, 2, 4, 4]))
    start[:, 3] = new_year[1] + stern.below(min(on.day - int(new_year[1]), 350) + 1)
    days[:, 3] = 1 + stern.chance(3000)
    spells = np.choose(much, [0, 1, 2, 2 + stern.chance(5000)])
    absent = np.arange(MOST_ABSENCES) < spells[:, None]
    absent[:, 3] = stern.chance(250) & (who.tenure >= on.date.month)
    return start, days, absent


def absence_level(days: Array) -> Array:
    """Give the level of the sanction that so many days of absence in a year bring: 0 none, 1 light to 3 severe.

    >>> absence_level([2, 3, 21]).tolist()
    [0, 1, 3]
    """
    return np.searchsorted([3, 11, 21], days, side="right")


def _sanctions(stern: Stream, on: Today, who: Persons, absent_days: Array) -> dict[str, Array]:
    """Make sanctions: for days of absence in the last year, as the law has them, from February on; and others."""
    for_absence = absence_level(absent_days)
    absence_months = np.array([0, 6, 9, 12, 12])[np.searchsorted([11, 14, 17, 21], absent_days, side="right")]
    decided = on.year * 12 + 1
    level = stern.pick(_wheels()["sanction"])
    months = np.choose(level, [0, 0, 6 + 3 * stern.below(3), 12])
    month = on.month - stern.below(60)
    start_month = np.stack([np.full(BLOCK, decided), month], 1)
    lasting = np.stack([absence_months, months], 1)
    start = first_days(start_month)
    sanctioned = np.stack([(for_absence > 0) & (decided <= on.month), stern.chance(150) & (month > who.entry)], 1)
    return {
        "sanction_level": np.stack([for_absence, level], 1),
        "sanction_start": start,
        "sanction_end": np.maximum(first_days(start_month + lasting) - 1, start),
        "sanctioned": sanctioned,
        "examined": ((for_absence > 1) & (decided > on.month)) | stern.chance(60),
    }


@attrs.frozen
class Scores:
    """The scores that one kind of raters gave, in hundredths: how many, which are known, whether the list is."""

    values: Array
    count: Array
    known: Array
    listed: Array


def scores(seed: int, block: int, of: Conduct, career: Careers) -> dict[str, Scores]:
    """Make the raters' scores of one block: in quarters of a point, around what the person is like."""
    chance, turned = Stream(seed, block, "score"), _wheels()
    leads = (career.echelon != NO_ECHELON) | ((career.level == AHLI_MADYA) & chance.chance(4000))
    middle = 4 * np.array([88, 81, 70])[of.strength] + chance.below(33) - 16
    counts = {
        "quality_supervisor": np.ones(BLOCK, np.int8),
        "quality_peers": chance.pick(turned["peers"]),
        "quality_subordinates": chance.pick_by(turned["subordinates"], leads),
        "innovation_panel": chance.pick(turned["panel"]),
    }
    found = {}
    for name, width in RATERS:
        shorts = chance.short_rows(width).astype(np.int32)
        spread = ((shorts & 255) + (shorts >> 8) - 255) >> 3
        found[name] = Scores(
            values=np.clip(middle[:, None] + spread, 0, 400) * 25,
            count=counts[name],
            known=chance.short_rows(width) >= 1000,  # noqa: PLR2004 - of 65,536
            listed=~chance.chance(UNLISTED[name]),
        )
    return found
