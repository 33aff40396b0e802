"""The data quality of a whole file: how many checks were sound, by indicator and by dimension."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import attrs

from asnmerit.readers.quality import DIMENSIONS, INDICATORS, Quality


@attrs.define
class QualitySum:
    """Adds up the persons of a file.

    >>> total = QualitySum()
    >>> total.add(Quality(("COM_3",), ("COM_4", "ACC_1"), {"TIM_3": ("cpns_date",)}))
    >>> total.share("completeness"), total.share("timeliness"), total.flaws["COM_3"]
    (Fraction(1, 2), None, 1)
    """

    people: int = 0
    flaws: Counter[str] = attrs.field(factory=Counter)
    sound: Counter[str] = attrs.field(factory=Counter)
    unchecked: Counter[str] = attrs.field(factory=Counter)

    def add(self, one: Quality) -> None:
        """Count one person."""
        self.people += 1
        self.flaws.update(one.flaws)
        self.sound.update(one.sound)
        self.unchecked.update(one.unchecked.keys())

    def checks(self, dimension: str) -> tuple[int, int]:
        """Give how many checks of a dimension were sound, and how many were made."""
        codes = [code for code, row in INDICATORS.items() if row.dimension == dimension]
        sound = sum(self.sound[code] for code in codes)
        return sound, sound + sum(self.flaws[code] for code in codes)

    def share(self, dimension: str) -> Fraction | None:
        """Give the share of sound checks in a dimension; None where none was made.

        Every check counts alike: how BKN weighs the checks within a dimension is not used here.
        """
        sound, made = self.checks(dimension)
        return Fraction(sound, made) if made else None

    def index(self) -> Fraction | None:
        """Give the shares of the four dimensions by their weights; None while one of them could not be looked at."""
        shares = [(weight, self.share(dimension)) for dimension, weight in DIMENSIONS.items()]
        known = [weight * share for weight, share in shares if share is not None]
        return sum(known, Fraction(0)) if len(known) == len(DIMENSIONS) else None
