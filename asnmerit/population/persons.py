"""Who a person is: employment, sex, birth, appointment, number, kind of post, education, place of service."""

from __future__ import annotations

from functools import cache

import attrs

from asnmerit.frames.arrow import np
from asnmerit.population import joint
from asnmerit.population.days import Today
from asnmerit.population.joint import D3, FUNCTIONAL, PROFESI, S1, S2, S3, SMA, SPESIALIS
from asnmerit.population.numbers import places, written
from asnmerit.population.streams import BLOCK, Array, Stream, wheel, wheels

AT_ENTRY = 20
"""Nobody is appointed younger. Lower ages occur, and are left out."""


@attrs.frozen
class Persons:
    """The people of one block, an array for each attribute."""

    number: Array
    pppk: Array
    employment: Array
    woman: Array
    birth: Array
    age: Array
    entry: Array
    tenure: Array
    """Completed months since appointment."""
    tenure_band: Array
    kind: Array
    education: Array
    education_at_entry: Array
    centre: Array
    province: Array
    origin: Array


@cache
def _wheels() -> dict[str, Array]:
    cells = joint.pns_cells()
    return {
        "pns": wheel([weight for *_, weight in cells]),
        "pns_age": np.array([age for age, *_ in cells], np.int8),
        "pns_tenure": np.array([tenure for _, tenure, *_ in cells], np.int8),
        "pns_kind": np.array([kind for _, _, kind, _ in cells], np.int8),
        "pppk_kind": wheel(joint.PPPK_KINDS),
        "pppk_tenure": wheel(joint.PPPK_TENURE),
        "pppk_age": wheel(joint.PPPK_AGES),
        "education": wheels(joint.EDUCATION_BY_KIND),
        "province": wheel(list(joint.PROVINCES.values())),
        "origin": wheels(joint.ORIGIN_BY_PLACE),
    }


def persons(seed: int, block: int, on: Today) -> Persons:
    """Make the people of one block."""
    pppk = np.zeros(BLOCK, bool)
    order = np.argsort(Stream(seed, block, "quota").longs(), kind="stable")
    pppk[order[: joint.PPPK_IN_A_BLOCK]] = True
    chance, place, turned = Stream(seed, block, "person"), places(seed, block, pppk), _wheels()
    woman = np.where(pppk, chance.chance(joint.WOMEN["pppk"]), chance.chance(joint.WOMEN["pns"]))
    cell = chance.pick(turned["pns"])
    kind = np.where(pppk, chance.pick(turned["pppk_kind"]), turned["pns_kind"][cell])
    early = (turned["pns_age"][cell] == len(joint.AGES) - 1) & (kind != FUNCTIONAL)
    ages = np.where(pppk, -1, turned["pns_age"][cell] + early)
    birth = _births(chance, on, ages, place.day, place.days)
    age = _years(birth, on)
    band = np.where(pppk, 0, turned["pns_tenure"][cell])
    years = _tenures(chance, pppk, band, age)
    # Of the months that make so many completed years, exactly one is the month of the year that the place names.
    latest = on.month - 12 * years
    entry = latest - (latest - place.month) % 12
    education = _education(seed, block, kind, pppk, age)
    spot = Stream(seed, block, "place")
    centre = np.where(pppk, spot.chance(joint.CENTRE["pppk"]), spot.chance(joint.CENTRE["pns"]))
    province = spot.pick(turned["province"])
    return Persons(
        number=written(birth, entry, woman, pppk, place.serial),
        pppk=pppk,
        employment=np.where(pppk, 2, years > 0),
        woman=woman,
        birth=birth,
        age=age,
        entry=entry,
        tenure=on.month - entry,
        tenure_band=band,
        kind=kind,
        education=education,
        education_at_entry=_at_entry(seed, block, education, age, years),
        centre=centre,
        province=province,
        origin=spot.pick_by(turned["origin"], _papua()[province]),
    )


def _births(chance: Stream, on: Today, band: Array, day: Array, days: Array) -> Array:
    """Choose days of birth: a round of days in the ages of the band, and in it the day that the place names."""
    turned = _wheels()
    group = chance.pick(turned["pppk_age"])
    spans = [(on.years_before(to) + 1, on.years_before(first)) for first, to in (*joint.AGES, joint.LAST_AGE_ELSEWHERE)]
    spans += [(on.years_before(a + 6) + 1, on.years_before(a)) for a in joint.PPPK_YOUNGEST]
    which = np.where(band < 0, len(joint.AGES) + 1 + group, band)
    first, last = np.array(spans, np.int64).T[:, which]
    # The first round of days of the band or its last: together they fill the ten years of a band evenly.
    start = np.where(chance.chance(5000), first, np.maximum(last + 1 - days, first))
    return start + (day - start) % days


def _years(birth: Array, on: Today) -> Array:
    """Count completed years."""
    starts = np.array([on.years_before(years) for years in range(100, 0, -1)])
    return 100 - np.searchsorted(starts, birth, side="left")


def _tenures(chance: Stream, pppk: Array, band: Array, age: Array) -> Array:
    """Choose completed years of service."""
    first, to = np.array(joint.TENURES).T[:, band]
    years = first + chance.below(to - first)
    years = np.where(pppk, chance.pick(_wheels()["pppk_tenure"]), years)
    return np.minimum(years, age - AT_ENTRY)


@cache
def _papua() -> Array:
    """Say of each province: Papua Barat, elsewhere in Papua, outside."""
    return np.array([0 if p == "Papua Barat" else 1 if p.startswith("Papua") else 2 for p in joint.PROVINCES], np.int8)


YOUNGEST = ((22, D3), (24, S1), (26, PROFESI), (29, S2), (31, SPESIALIS))
"""Who is younger than this has at most that certificate."""


def _possible(education: Array, age: Array) -> Array:
    """Lower certificates that nobody of that age has."""
    found = education
    for before, most in reversed(YOUNGEST):
        found = np.where((age < before) & (found > most), min(most, S1), found)
    return found


def _education(seed: int, block: int, kind: Array, pppk: Array, age: Array) -> Array:
    found = _possible(Stream(seed, block, "school").pick_by(_wheels()["education"], kind + 3 * pppk), age)
    return np.where((kind == FUNCTIONAL) & (found < SMA), SMA, found)


STUDY = 4
"""Years of service before anybody gets a higher certificate, but for the very young."""
# What one who got his certificate in service had before.
_BEFORE = {D3: SMA, 6: D3, S1: D3, PROFESI: S1, S2: S1, SPESIALIS: PROFESI, S3: S2}
_STUDIED = np.array([0, 0, 0, 0, 0, 11000, 11000, 6000, 7000, 20000, 30000, 40000])
"""Of 65,536 with each certificate: those who got it in service."""


def _at_entry(seed: int, block: int, education: Array, age: Array, years: Array) -> Array:
    """Choose the certificate on appointment: that of today, or one before it."""
    chance = Stream(seed, block, "study")
    before = np.array([_BEFORE.get(level, level) for level in range(len(joint.EDUCATIONS))], np.uint8)
    had = np.where((chance.shorts() < _STUDIED[education]) & (years >= STUDY), before[education], education)
    return _possible(had, age - years)
