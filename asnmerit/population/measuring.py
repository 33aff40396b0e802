"""The shares that a population has, counted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from asnmerit.frames.arrow import np, pc
from asnmerit.population.days import today
from asnmerit.population.streams import Array

Key = tuple[str, str, str]
"""What is shared, the value, among whom."""


def made_shares(people: Array) -> Mapping[Key, Decimal | None]:
    """Count every share that can be counted; one among nobody is None.

    >>> from asnmerit.population.making import synthetic
    >>> made_shares(synthetic(100))["employment", "pns", "asn"] > 0
    True
    """
    on = today(people.schema.metadata[b"asnmerit.synthetic.on"].decode())
    labels = _labels(people, on.day)
    groups = {
        "asn": np.ones(people.num_rows, bool),
        "pns": labels["employment"] == "pns",
        "pppk": labels["employment"] == "pppk",
        "struktural": labels["position_kind"] == "struktural",
        "fungsional": labels["position_kind"] == "fungsional",
        "sd_sma": labels["education"] == "sd_sma",
    }
    found: dict[Key, Decimal | None] = {}
    for of, column in labels.items():
        for among, who in groups.items():
            values, counts = np.unique(column[who], return_counts=True)
            for value, count in zip(values.tolist(), counts.tolist(), strict=True):
                found[of.split(":")[0], value, among] = _share(count, int(who.sum()))
    return found


def _share(count: int, total: int) -> Decimal:
    return (Decimal(count) / total).quantize(Decimal("0.0001"))


def _texts(people: Array, name: str) -> Array:
    column = people[name].combine_chunks()
    words = np.array([*column.dictionary.to_pylist(), ""])
    return words[pc.fill_null(column.indices, len(words) - 1).to_numpy(zero_copy_only=False)]


def _labels(people: Array, on: int) -> dict[str, Array]:
    """Give the label of each person for everything that is shared; what follows a colon tells two ways apart."""
    employment, education = _texts(people, "employment"), _texts(people, "education")
    groups = {
        "sd": "sd_sma", "smp": "sd_sma", "sma": "sd_sma", "d1": "d1_d3", "d2": "d1_d3", "d3": "d1_d3",
        "d4": "d4_s1", "s1": "d4_s1", "profesi": "d4_s1", "s2": "s2", "spesialis": "s2", "s3": "s3",
    }  # fmt: skip
    kinds = education.astype("U6")
    for level, group in groups.items():
        kinds[education == level] = group
    age, tenure = (_completed(people, name, on) for name in ("birth_date", "appointment_date"))
    rank, echelon, agency = (_texts(people, name) for name in ("rank", "echelon", "agency_kind"))
    return {
        "employment": np.where(employment == "pppk", "pppk", "pns"),
        "sex": _texts(people, "sex"),
        "education": kinds,
        "school": education,
        "position_kind": _texts(people, "position_kind"),
        "echelon": np.where(np.isin(echelon, ["I.a", "I.b", "II.a", "II.b"]), "jpt", "other"),
        "functional_field": _texts(people, "functional_field"),
        "agency_kind": np.where(agency == "pusat", "pusat", "daerah"),
        "tenure:five": np.where(tenure <= 5, "0-5", "later"),  # noqa: PLR2004 - years
        "tenure:years": tenure.astype("U3"),
        "tenure:bands": _band(tenure, (11, 21, 31), ("0-10", "11-20", "21-30", "over_30")),
        "age": _band(age, (31, 41, 51), ("up_to_30", "31-40", "41-50", "51-60")),
        "golongan": np.char.partition(rank, "/")[:, 0] if people.num_rows else rank,
    }


def _band(values: Array, starts: tuple[int, ...], names: tuple[str, ...]) -> Array:
    return np.array(names)[np.searchsorted(starts, values, side="right")]


def _completed(people: Array, name: str, on: int) -> Array:
    """Count the completed years from a day to the day of the population."""
    first = people[name].combine_chunks().to_numpy(zero_copy_only=False).astype("datetime64[D]")
    last = np.datetime64(on, "D")
    years = last.astype("datetime64[Y]").astype(int) - first.astype("datetime64[Y]").astype(int)
    return years - (_in_year(first) > _in_year(last))


def _in_year(days: Array) -> Array:
    """Number the day within its year, 100 for each month, so that years compare."""
    months = days.astype("datetime64[M]")
    month = months.astype(int) % 12
    return month * 100 + (days - months.astype("datetime64[D]")).astype(int)
