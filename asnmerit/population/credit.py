"""Credit points of functional posts, certificates, exams and what else a promotion asks."""

from __future__ import annotations

from typing import Final

import attrs

from asnmerit.frames.arrow import np
from asnmerit.population.careers import LEVEL_LOWEST, RANKS, Careers
from asnmerit.population.conduct import MATRIX, YEARS, Conduct
from asnmerit.population.days import Today, first_days
from asnmerit.population.joint import FUNCTIONAL
from asnmerit.population.persons import Persons
from asnmerit.population.streams import BLOCK, Array, Stream

COEFFICIENT: Final = np.array([3750, 5000, 12500, 25000, 12500, 25000, 37500, 50000, 0])
"""Thousandths of a credit point for a year rated good, one entry a level."""
NEED: Final = 1000 * np.array([15, 20, 50, 100, 50, 100, 150, 200, 0])
"""Thousandths of a credit point for the next rank, one entry a level."""
CONVERTED_YEARS: Final = 3
QUARTER: Final = 3
STATEMENT_STEP: Final = 125
MOST_CREDIT: Final = 2_000_000
LAST_RANK: Final = len(RANKS) - 1


@attrs.frozen
class Credit:
    """Credit of one block, in thousandths; one column of conversions for each of the last three years."""

    previous: Array
    adjustment: Array
    basic: Array
    converted: Array
    start: Array
    end: Array
    predicate: Array
    quarter: Array
    certificate: Array
    recorded: Array
    credited: Array


def credit(seed: int, block: int, on: Today, who: Persons, career: Careers, of: Conduct) -> Credit:
    """Make the credit of one block."""
    chance = Stream(seed, block, "credit")
    functional = who.kind == FUNCTIONAL
    since: Array = np.where(who.pppk, who.entry, np.maximum(career.rank_month, career.level_month))
    years = np.arange(on.year - CONVERTED_YEARS, on.year)
    begins = np.maximum(since[:, None], 12 * years)
    appraised = of.appraised[:, YEARS - CONVERTED_YEARS :]
    coefficient = COEFFICIENT[career.level]
    before = np.clip(12 * years[0] - since, 0, 120)
    earned = coefficient * before // 12 * (90 + chance.below(45)) // 100
    carried = np.where(career.steps > 0, chance.below(coefficient // 2 + 1), 0)
    previous = (earned + carried) // STATEMENT_STEP * STATEMENT_STEP
    # One rank above the lowest of the level on entering it: the basic credit of a rank, as far as it goes.
    above = np.clip(career.level_entry_rank - LEVEL_LOWEST[career.level], 0, 2)
    return Credit(
        previous=np.minimum(previous, MOST_CREDIT),
        adjustment=np.where(functional & chance.chance(400), 500 * chance.below(200), 0),
        basic=np.where(who.pppk, 0, above * NEED[career.level]),
        converted=functional[:, None] & appraised & (begins < 12 * years + 12),
        start=first_days(np.minimum(begins, 12 * years + 11)),
        end=np.broadcast_to(first_days(12 * years + 12) - 1, (BLOCK, CONVERTED_YEARS)),
        predicate=MATRIX[of.outcome[:, YEARS - CONVERTED_YEARS :]],
        quarter=functional & of.appraised[:, -1] & chance.chance(5000) & (on.month % 12 >= QUARTER),
        certificate=who.education > who.education_at_entry,
        recorded=chance.chance(8000),
        credited=chance.chance(5000),
    )


@attrs.frozen
class Exams:
    """Exams passed, posts there are, and decisions of the appointing authority."""

    service_1: Array
    service_2: Array
    certificate: Array
    competency: Array
    exam_known: Array
    post_available: Array
    post_known: Array
    superior_rank: Array
    superior_known: Array
    outstanding: Array
    discovery: Array
    studying: Array
    active: Array
    active_known: Array
    objection: Array
    examined_known: Array


def exams(seed: int, block: int, who: Persons, career: Careers) -> Exams:
    """Make what else a promotion asks. Who has passed the rank of an exam has passed the exam."""
    chance = Stream(seed, block, "exam")
    rank = career.rank
    return Exams(
        service_1=~who.pppk & ((rank >= RANKS.index("III/a")) | chance.chance(3500)),
        service_2=~who.pppk & ((rank >= RANKS.index("IV/a")) | ((rank >= RANKS.index("III/c")) & chance.chance(2500))),
        certificate=(who.education > who.education_at_entry) & chance.chance(3000),
        competency=(who.kind == FUNCTIONAL) & chance.chance(4000),
        exam_known=~chance.chance(100),
        post_available=(who.kind == FUNCTIONAL) & chance.chance(3500),
        post_known=~chance.chance(200),
        superior_rank=np.minimum(rank + 1 + chance.below(3), LAST_RANK),
        superior_known=~who.pppk & ~chance.chance(200),
        outstanding=chance.chance(20),
        discovery=chance.chance(2),
        studying=~who.pppk & chance.chance(80),
        active=~chance.chance(200),
        active_known=~chance.chance(30),
        objection=chance.chance(500),
        examined_known=~chance.chance(50),
    )
