"""Synthetic populations of any size, as one table or batch by batch."""

from __future__ import annotations

import operator
from collections.abc import Iterator
from typing import Final

from asnmerit.diagnostics import near_misses
from asnmerit.errors import ArgumentError
from asnmerit.frames.arrow import pa
from asnmerit.frames.deciding import pieces
from asnmerit.population.days import Today, today
from asnmerit.population.laying import REMARK, block_of
from asnmerit.population.names import pool
from asnmerit.population.numbers import LARGEST
from asnmerit.population.streams import BLOCK, Array

MAKER: Final = "1"
"""Version of what is made: the same seed gives the same people while it stays."""
STATEMENT: Final = f"{REMARK}. Synthetic data: nobody in it exists."
MOST_SEEDS: Final = 1 << 64


def synthetic(size: int, seed: int = 0, *, on: object = "2026-04-01", names: bool = False, **unknown: object) -> Array:
    """Make a population of civil servants that nobody is, as they stand on one day: a PyArrow table, a row a person.

    The columns are the facts of the bundled policies under the names of flat files, so that `decide_frame` takes the
    table (with `ignore="*"`), and a few beside them (agency, province, unit, rank history, ratings of each year).
    Careers are consistent, shares are the published ones (`population_shares`), and how attributes hang together is
    made up. The same seed gives the same people on every machine, and person k is the same whatever the size.

    Every row says that it is synthetic (`synthetic`, `remark`, the metadata of the schema). Employee numbers are valid
    and of nobody: serials of PNS begin at 800, and each PPPK is on his ninth appointment.

    Raises `ArgumentError`: sizes are 0 to 6,000,000, seeds 0 to 2**64 - 1, days 2024 to 2030. `names=True` needs Faker.

    >>> people = synthetic(1000, seed=7)
    >>> people.num_rows, people.schema.metadata[b"asnmerit.synthetic"]
    (1000, b'true')
    >>> people.slice(0, 3)["employee_id"].to_pylist() == synthetic(3, seed=7)["employee_id"].to_pylist()
    True
    """
    day, size, seed = _checked(size, seed, on, names, unknown)
    batches = list(_batches(size, seed, day, names=names))
    return pa.Table.from_batches(batches or [_marked(block_of(seed, 0, day, names=names), seed, day).slice(0, 0)])


def synthetic_batches(
    size: int, seed: int = 0, *, on: object = "2026-04-01", names: bool = False, batch: int = 65_536, **unknown: object
) -> Iterator[Array]:
    """Make the same population batch by batch, so that millions need little memory: PyArrow record batches.

    Takes what `synthetic` takes, and `batch`, the rows of each batch but the last (1 to 6,000,000).

    >>> [made.num_rows for made in synthetic_batches(1000, batch=400)]
    [400, 400, 200]
    """
    day, size, seed = _checked(size, seed, on, names, unknown)
    return pieces(_batches(size, seed, day, names=names), _whole("batch", batch, 1, LARGEST))


def _batches(size: int, seed: int, on: Today, *, names: bool) -> Iterator[Array]:
    for block in range(-(-size // BLOCK)):
        made = _marked(block_of(seed, block, on, names=names), seed, on)
        yield made.slice(0, min(BLOCK, size - block * BLOCK))


def _marked(batch: Array, seed: int, on: Today) -> Array:
    """Say in the schema that nobody in it exists, and how to make the same again."""
    return batch.replace_schema_metadata(
        {
            "asnmerit.synthetic": "true",
            "asnmerit.synthetic.statement": STATEMENT,
            "asnmerit.synthetic.seed": str(seed),
            "asnmerit.synthetic.on": on.date.isoformat(),
            "asnmerit.synthetic.maker": MAKER,
        }
    )


def _checked(
    size: object, seed: object, on: object, names: object, unknown: dict[str, object]
) -> tuple[Today, int, int]:
    """Check the arguments: the day, the size, the seed. Raises `ArgumentError` for the first that is wrong."""
    known = ("size", "seed", "on", "names", "batch")
    for name, value in unknown.items():
        near = near_misses(name[:80], known)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise ArgumentError(name, value, f"no such argument: there are {', '.join(known)}{hint}")
    people, begin = _whole("size", size, 0, LARGEST), _whole("seed", seed, 0, MOST_SEEDS - 1)
    if not isinstance(names, bool):
        raise ArgumentError("names", names, "True or False")
    if names:
        pool()  # a missing Faker is told before anything is made
    return today(on), people, begin


def _whole(name: str, value: object, least: int, most: int) -> int:
    """Give a whole number, of Python or of NumPy, within its bounds."""
    try:
        whole = None if isinstance(value, bool) else operator.index(value)  # type: ignore[arg-type]  # just tried
    except TypeError:
        whole = None
    if whole is None or not least <= whole <= most:
        raise ArgumentError(name, value, f"a whole number from {least:,} to {most:,}")
    return whole
