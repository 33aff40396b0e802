"""The age at which a post ends, as the facts of this library give it, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from asnmerit.frames.arrow import np


@attrs.frozen
class RetirementAge:
    """One age: the columns that say whose it is (all of them, one of the values each), source and grade."""

    age: int
    where: Mapping[str, tuple[str, ...]]
    source: str
    grade: str


UU: Final = "UU 20/2023 Pasal 55"
RETIREMENT: Final = (
    RetirementAge(58, {}, UU, "B"),
    RetirementAge(
        60,
        {"position_kind": ("struktural",), "echelon": ("I.a", "I.b", "II.a", "II.b")},
        f"{UU} (jabatan pimpinan tinggi)",
        "B",
    ),
    RetirementAge(60, {"functional_field": ("guru",)}, "memory, unverified (guru)", "M"),
    RetirementAge(60, {"functional_level": ("ahli_madya",)}, "memory, unverified (ahli madya)", "M"),
    RetirementAge(65, {"functional_field": ("dosen",)}, "memory, unverified (dosen)", "M"),
    RetirementAge(65, {"functional_level": ("ahli_utama",)}, "memory, unverified (ahli utama)", "M"),
)
"""Of those that fit, the highest age holds. For functional posts the law refers to rules of each post."""


def retirement_ages(columns: Mapping[str, Any], rows: int, ages: tuple[RetirementAge, ...] = RETIREMENT) -> Any:  # noqa: ANN401 - an array of NumPy
    """Give the age at which each person's post ends; columns that are not there fit no age that asks for them.

    >>> retirement_ages({"functional_level": ["ahli_utama", None]}, 2).tolist()
    [65, 58]
    """
    found = np.zeros(rows, np.int64)
    for one in ages:
        if all(name in columns for name in one.where):
            fits = np.ones(rows, bool)
            for name, values in one.where.items():
                fits &= np.isin(np.asarray(columns[name], object).astype(str), values)
            found = np.where(fits, np.maximum(found, one.age), found)
    return found
