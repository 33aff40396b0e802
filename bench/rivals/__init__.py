"""The policy of `bench/policies/thirty.yaml`, once for each engine that it is measured against.

Every module here has `prepare()`, which compiles once and gives back a function of a record and a day. All
these functions give the same answer, here for one person:

    {"promotion": {"status": "granted", "track": "reguler", "new_rank": "III/c"},
     "incentives": {"status": "granted", "amounts": {"kehadiran": 500000}, "total": 500000},
     "recognition": {"status": "refused"}}
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

Record = Mapping[str, Any]
Answer = dict[str, dict[str, Any]]
Decide = Callable[[Record, date], Answer]
