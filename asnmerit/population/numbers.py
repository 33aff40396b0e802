"""Employee numbers that are valid, of nobody, and never given twice, though no person knows of another.

Valid: birth, appointment and sex are the person's, and `parse_nip` reads them. Of nobody: the serial of a PNS is 800 or
more, which takes 800 people of one sex born on one day and appointed in one month; the frequency of a PPPK is 9, the
ninth appointment since 2019. Never twice: the number of a person among the PNS, or among the PPPK, names serial and day
of birth, and for PNS the month of appointment too; age in years and tenure in years stay free.
"""

from __future__ import annotations

from typing import Final

import attrs

from asnmerit.frames.arrow import np, pa
from asnmerit.population.joint import PNS_IN_A_BLOCK, PPPK_IN_A_BLOCK
from asnmerit.population.streams import BLOCK, Array, mixed, permuted

DIGITS: Final = 18
MONTHS: Final = 12
PPPK_FREQUENCY: Final = 9
FIRST_PNS_SERIAL: Final = 800
PNS_SERIALS: Final = 200
PNS_DAYS: Final = 5 * 365
PNS_PLACES: Final = PNS_SERIALS * PNS_DAYS
PPPK_SERIALS: Final = 999
PPPK_DAYS: Final = 6 * 365 + 2
PPPK_PLACES: Final = PPPK_SERIALS * PPPK_DAYS
LARGEST: Final = 6_000_000
"""People for whom there are numbers."""


@attrs.frozen
class Places:
    """What the number of a person fixes: serial, day of birth within a round of days, month of the year."""

    serial: Array
    day: Array
    days: Array
    month: Array


def places(seed: int, block: int, pppk: Array) -> Places:
    """Give each person of a block the place that is his alone."""
    nth = np.where(pppk, np.cumsum(pppk) + block * PPPK_IN_A_BLOCK, np.cumsum(~pppk) + block * PNS_IN_A_BLOCK) - 1
    size = np.where(pppk, PPPK_PLACES, PNS_PLACES)
    turn, place = nth // size, np.empty(BLOCK, np.int64)
    for who, of in ((pppk, PPPK_PLACES), (~pppk, PNS_PLACES)):
        place[who] = permuted(nth[who] % of, of, seed)
    serials = np.where(pppk, PPPK_SERIALS, PNS_SERIALS)
    return Places(
        serial=place % serials + np.where(pppk, 1, FIRST_PNS_SERIAL),
        day=place // serials,
        days=np.where(pppk, PPPK_DAYS, PNS_DAYS),
        month=(mixed(place, seed ^ 0x5EED) + turn) % MONTHS,
    )


def _digits(values: Array, width: int) -> Array:
    powers = 10 ** np.arange(width - 1, -1, -1)
    return (values[:, None] // powers % 10 + ord("0")).astype(np.uint8)


_FIRST_BIRTH: Final = int(np.datetime64("1900-01-01").astype(int))
_BIRTHS: list[Array] = []


def _births() -> Array:
    """Give the eight digits of every day from 1900 on; written once."""
    if not _BIRTHS:
        days = np.arange("1900-01-01", "2040-01-01", dtype="datetime64[D]")
        texts = np.char.replace(days.astype("U10"), "-", "").astype("S8")
        _BIRTHS.append(texts.view(np.uint8).reshape(-1, 8))
    return _BIRTHS[0]


def written(birth: Array, month: Array, woman: Array, pppk: Array, serial: Array) -> Array:
    """Write the numbers, as an Arrow column of text. Births are days since 1970, months are counted from year 0."""
    text = np.empty((BLOCK, DIGITS), np.uint8)
    text[:, :8] = _births()[birth - _FIRST_BIRTH]
    text[:, 8:12] = _digits(month // MONTHS, 4)
    text[:, 12:14] = _digits(np.where(pppk, 20 + PPPK_FREQUENCY, month % MONTHS + 1), 2)
    text[:, 14] = woman + ord("1")
    text[:, 15:] = _digits(serial, 3)
    ends = np.arange(0, (BLOCK + 1) * DIGITS, DIGITS, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), BLOCK, [None, pa.py_buffer(ends), pa.py_buffer(text)])
