"""What a projection assumes where no law says it: each stated, with its grade, and each replaceable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, Final

import attrs

from asnmerit.errors import Fault, shown
from asnmerit.frames.arrow import np
from asnmerit.projection.ages import RETIREMENT, RetirementAge
from asnmerit.projection.draws import PER, Array, Draws

Columns = Mapping[str, Any]
"""Columns of the people there, by name: lists of Python values, made when they are asked for."""
Chooser = Callable[[Columns, Draws], Any]
"""Gives a value for each person, of the people's columns and their chance; nothing else may come in."""

MOST_RECRUITED: Final = 1_000_000
MONTHS: Final = 12
OLDEST: Final = 100
APPRAISAL: Final = {"sangat_baik": 150, "baik": 780, "butuh_perbaikan": 50, "kurang": 15, "sangat_kurang": 5}
"""Illustrative: chosen by the makers of this library, read in no publication."""


@attrs.frozen
class Appraisal:
    """Yearly predicates: who was rated keeps his last predicate so often of 10,000; else the weights choose.

    >>> Appraisal({"baik": 1}).keeps
    0
    """

    weights: Mapping[str, int] = attrs.field(factory=lambda: dict(APPRAISAL))
    keeps: int = 0

    def chosen(self, last: Any, draw: Draws) -> Any:  # noqa: ANN401 - arrays of NumPy
        """Choose the predicate of each person; `last` has those of the year before, None where there was none."""
        ends = np.cumsum(list(self.weights.values()))
        picked = np.array(list(self.weights), object)[np.searchsorted(ends, draw.below(int(ends[-1])), side="right")]
        there = np.array([value is not None for value in last], bool)
        kept = draw.again(1).chance(self.keeps) & there
        return np.where(kept, last, picked)


@attrs.frozen
class Recruitment:
    """Newcomers of a year: so many, and besides a share of those who left since; appointed on the first of `month`.

    Whom they are like is said by `like`, a frame with the same columns as the people: each newcomer is drawn from it,
    as old as its person is at the start, and without service. Left out: the youngest twentieth of the people.
    """

    number: int = 0
    share: Fraction | str | int = Fraction(0)
    month: int = 1
    like: Any = None


@attrs.frozen
class Assumptions:
    """What is assumed of the years ahead. Every default is illustrative, but for the ages (each with its source).

    - `appraisal`: predicates of each year that has ended, on 1 January; or a function of columns and draws.
    - `leaving`: of 10,000, how many leave in a year for other reasons than age; or such a function of truth values.
    - `recruitment`: who comes; nobody, unless told.
    - `retirement`: ages by post; or a function that gives the age of each person. The day is the first of the month
      after the birthday.
    - `credit`: predicates of functional posts become conversions, and the law's own sum is carried on promotion.
    - `renewed`: other columns, each with a function that gives its values anew on each 1 January.
    - `promotion_months`: months on whose first day the law is asked; all, unless told.
    - `level`: the decision that promotes to the next functional level, where the law has it; "" for none.
    - `rank`, `rank_date`, `new_rank`, `appraised`: the facts and the field of the outcome that are meant.

    Everything else of a person stays as it is: post, education, sanctions, exams, superior.

    >>> Assumptions(leaving=100).leaving
    100
    """

    appraisal: Appraisal | Chooser | None = attrs.field(factory=Appraisal)
    leaving: int | Chooser = 0
    recruitment: Recruitment = attrs.field(factory=Recruitment)
    retirement: tuple[RetirementAge, ...] | Chooser = RETIREMENT
    credit: bool = True
    renewed: Mapping[str, Chooser] = attrs.field(factory=dict)
    promotion_months: tuple[int, ...] = tuple(range(1, MONTHS + 1))
    level: str = "kenaikan_jenjang"
    rank: str = "rank"
    rank_date: str = "rank_date"
    new_rank: str = "new_rank"
    appraised: str = "performance"

    @property
    def reads_all(self) -> bool:
        """Whether some assumption is a function, which may read any column."""
        return bool(self.renewed) or any(map(callable, (self.appraisal, self.leaving, self.retirement)))

    def columns(self) -> set[str]:
        """Give the columns that the ages of retirement read."""
        ages = () if callable(self.retirement) else self.retirement
        return {name for age in ages for name in age.where}


def share_of(given: object) -> Fraction | None:
    """Read a share exactly: a fraction, a whole number, or text such as "1/2" or "0.8"; None for what is none."""
    if isinstance(given, bool) or not isinstance(given, (int, str, Fraction)):
        return None
    try:
        found = Fraction(given)
    except (ValueError, ZeroDivisionError):
        return None
    return found if 0 <= found <= 10 else None  # noqa: PLR2004 - ten for one is beyond every plan


def _whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def assumption_faults(given: object) -> list[Fault]:
    """Find everything that is wrong with some assumptions."""
    if not isinstance(given, Assumptions):
        return [Fault("assumptions", "assumptions", shown(given), "Assumptions(...)")]
    found = [*_appraisal_faults(given), *_recruitment_faults(given), *_age_faults(given)]
    if not callable(given.leaving) and not _whole(given.leaving, 0, PER):
        found.append(Fault("leaving", "leaving", shown(given.leaving), "0 to 10,000 of 10,000, or a function"))
    months: object = given.promotion_months
    if not isinstance(months, tuple) or not months or not all(_whole(m, 1, MONTHS) for m in months):
        found.append(Fault("promotion-months", "promotion_months", shown(months), "a tuple of months, 1 to 12"))
    for name in ("rank", "rank_date", "new_rank", "appraised"):
        value: object = getattr(given, name)
        if not isinstance(value, str) or not value:
            found.append(Fault("name", name, shown(value), "the name of a fact, as text"))
    level: object = given.level
    if not isinstance(level, str):
        found.append(Fault("level", "level", shown(level), 'the name of a decision, or ""'))
    credit: object = given.credit
    if not isinstance(credit, bool):
        found.append(Fault("credit", "credit", shown(credit), "True or False"))
    renewed: object = given.renewed
    if not isinstance(renewed, Mapping) or not all(map(callable, renewed.values())):
        found.append(Fault("renewed", "renewed", shown(renewed), "a mapping from columns to functions"))
    return found


def _appraisal_faults(given: Assumptions) -> list[Fault]:
    one: object = given.appraisal
    if one is None or callable(one):
        return []
    if not isinstance(one, Appraisal):
        return [Fault("appraisal", "appraisal", shown(one), "Appraisal(...), a function, or None")]
    found = []
    weights: object = one.weights
    good = isinstance(weights, Mapping) and all(_whole(w, 0, 10**6) for w in weights.values())
    if not good or not sum(one.weights.values()):
        found.append(Fault("appraisal-weights", "weights", shown(weights), "whole numbers of 0 or more, not all 0"))
    if not _whole(one.keeps, 0, PER):
        found.append(Fault("appraisal-keeps", "keeps", shown(one.keeps), "0 to 10,000 of 10,000"))
    return found


def _recruitment_faults(given: Assumptions) -> list[Fault]:
    one: object = given.recruitment
    if not isinstance(one, Recruitment):
        return [Fault("recruitment", "recruitment", shown(one), "Recruitment(...)")]
    found = []
    if not _whole(one.number, 0, MOST_RECRUITED):
        found.append(Fault("recruitment-number", "number", shown(one.number), "a whole number, 0 to 1,000,000"))
    if share_of(one.share) is None:
        found.append(
            Fault("recruitment-share", "share", shown(one.share), 'a share from 0 to 10, exact, such as "4/5"')
        )
    if not _whole(one.month, 1, MONTHS):
        found.append(Fault("recruitment-month", "month", shown(one.month), "a month, 1 to 12"))
    return found


def _age_faults(given: Assumptions) -> list[Fault]:
    ages: object = given.retirement
    if callable(ages):
        return []
    if not isinstance(ages, tuple) or not ages or not all(isinstance(a, RetirementAge) for a in ages):
        return [Fault("retirement", "retirement", shown(ages), "a tuple of RetirementAge, or a function")]
    wrong = [a for a in ages if not _whole(a.age, 1, OLDEST)]
    found = [Fault("retirement-age", "age", shown(a.age), f"a whole number, 1 to {OLDEST}") for a in wrong]
    if not any(not a.where for a in ages):
        found.append(Fault("retirement", "retirement", "", "one age without conditions, for all other posts"))
    return found


def chosen(of: Chooser, name: str, columns: Columns, draw: Draws) -> Array:
    """Ask a function for the values of all people. Raises `ProjectionError` where it gives another number of them."""
    from asnmerit.projection.faults import ProjectionError  # noqa: PLC0415 - only where a function answers wrongly

    found = list(of(columns, draw))
    if len(found) != len(draw.numbers):
        raise ProjectionError(
            [Fault("assumption-rows", name, str(len(found)), f"a value for each of {len(draw.numbers)} people")]
        )
    return np.array([*found, None], object)[:-1]
