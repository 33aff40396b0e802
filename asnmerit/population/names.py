"""Made-up Indonesian names, from Faker. They decide nothing; each says that it is synthetic."""

from __future__ import annotations

from functools import cache
from typing import Final

POOL: Final = 2048
SEED: Final = 20260401
MARK: Final = "(sintetis)"


@cache
def pool() -> tuple[str, ...]:
    """Give a pool of men's names and then one of women's, the same ones every time with the same version of Faker.

    Raises `ModuleNotFoundError` where Faker is not installed.
    """
    try:
        from faker import Faker  # noqa: PLC0415 - the extra may be absent
    except ModuleNotFoundError as error:
        message = "names need Faker: pip install 'asnmerit[simulate]'"
        raise ModuleNotFoundError(message, name=error.name) from error
    fake = Faker("id_ID")
    fake.seed_instance(SEED)
    men = [f"{fake.first_name_male()} {fake.last_name_male()} {MARK}" for _ in range(POOL)]
    women = [f"{fake.first_name_female()} {fake.last_name_female()} {MARK}" for _ in range(POOL)]
    return (*men, *women)
