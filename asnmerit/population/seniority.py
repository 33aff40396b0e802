"""What seniority lists, periodic increments, talent pools and pensions read: years, days and scores."""

from __future__ import annotations

from typing import Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.population.careers import AHLI_MADYA, AHLI_UTAMA, NO_LEVEL, Careers
from asnmerit.population.conduct import MATRIX, Conduct
from asnmerit.population.days import Today, first_days
from asnmerit.population.joint import DOSEN, GURU, LAST_JPT
from asnmerit.population.persons import Persons
from asnmerit.population.streams import Array, Stream

EVERY: Final = 24
"""Months from increment to increment."""
MOST_INCREMENTS: Final = 25
RETIREMENT, LATER_RETIREMENT, LAST_RETIREMENT = 58, 60, 65


@attrs.frozen
class Seniority:
    """Seniority of one block; scores in hundredths."""

    graduation_year: Array
    training_day: Array
    trained: Array
    increment_month: Array
    increments: Array
    potential: Array
    performance: Array
    scored: Array
    retirement_age: Array
    retirement_month: Array


def seniority(seed: int, block: int, on: Today, who: Persons, career: Careers, how: Conduct) -> Seniority:
    """Make the seniority of one block."""
    chance = Stream(seed, block, "seniority")
    entered = who.entry // 12
    in_service = entered + 1 + chance.below(np.maximum(on.year - entered - 1, 1))
    studied = who.education > who.education_at_entry
    graduated = np.where(studied, np.minimum(in_service, on.year - 1), entered - chance.below(3) - 1)
    months_ago = 1 + chance.below(np.minimum(np.maximum(who.tenure - 1, 1), 96))
    # Grade service grows with the months: it says how long ago the last increment was. One due today was not given yet.
    given = np.maximum(career.service - 1, 0)
    increment = np.maximum(on.month - 1 - given % EVERY, who.entry)
    age = retirement_age(career)
    born = who.birth.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) + 1970 * 12
    base = 4 * np.array([50, 30, 45, 60, 80, 92])[MATRIX[how.outcome[:, -1]]]
    return Seniority(
        graduation_year=graduated,
        training_day=first_days(on.month - months_ago) + chance.below(28),
        trained=(career.leadership > 0) & (who.tenure > 1),
        increment_month=increment,
        increments=np.minimum(given // EVERY, MOST_INCREMENTS),
        potential=25 * (180 + chance.below(101) + chance.below(101) + np.array([20, 0, -40])[how.strength]),
        performance=np.clip(base + chance.below(41) - 20, 0, 400) * 25,
        scored=how.appraised[:, -1] & ~chance.chance(300),
        retirement_age=age,
        retirement_month=born + 12 * age + 1,
    )


def retirement_age(career: Careers) -> Array:
    """Give the age at which the post ends: 58; 60 for senior executives, teachers, ahli madya; 65 for the highest."""
    functional = career.level != NO_LEVEL
    later = (career.echelon <= LAST_JPT) | (functional & (career.field == GURU)) | (career.level == AHLI_MADYA)
    last = (functional & (career.field == DOSEN)) | (career.level == AHLI_UTAMA)
    return np.where(last, LAST_RETIREMENT, np.where(later, LATER_RETIREMENT, RETIREMENT))
